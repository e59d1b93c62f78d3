"""INP, WRD: what is told while the input is read and put into words; ids of our own."""

from __future__ import annotations

from generator.checks.rule import Rule, told_elsewhere
from generator.problem import INPUT_RULES

RULES: tuple[Rule, ...] = tuple(
    told_elsewhere(*(id_ for id_ in INPUT_RULES if id_.startswith(("INP", "WRD"))))
)
