"""YOY: the text and the figures against last year."""

from __future__ import annotations

from generator.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
