"""Settings of the checks: severities and thresholds that a pack or a user changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from generator.checks.rule import Rule, with_settings
from generator.problem import Severity


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed of one rule."""

    severity: Severity | None = None
    limit: Decimal | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """``changes``: by rule id. ``code_lists``: lists that add to the pack's, code → name."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    code_lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def rules(self, rules: Iterable[Rule]) -> dict[str, Rule]:
        """The rules as they apply, by id."""
        applied = {}
        for rule in rules:
            if (change := self.changes.get(rule.id)) is not None:
                rule = with_settings(rule, change.severity, change.limit, change.off)
            applied[rule.id] = rule
        return applied
