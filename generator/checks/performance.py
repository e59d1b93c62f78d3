"""PRF: performance targets."""

from __future__ import annotations

from generator.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
