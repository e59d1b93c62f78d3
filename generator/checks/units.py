"""DEP: the department against its units."""

from __future__ import annotations

from generator.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
