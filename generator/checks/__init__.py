"""The rules of the form, all in one tuple, and running them over a disclosure.

A rule is one record (:class:`generator.checks.rule.Rule`) in the module of its group, with one
page in ``manual/``. The runner knows nothing of any single rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from generator.checks import (
    assets,
    between,
    codes,
    empty,
    language,
    narrative,
    numbers,
    performance,
    procurement,
    reading,
    rendered,
    structure,
    units,
    within,
    yearly,
)
from generator.checks.rule import Need, Rule
from generator.checks.settings import Settings
from generator.checks.subject import Subject
from generator.problem import Problem

CHECKS: Final[tuple[Rule, ...]] = (
    *structure.RULES,
    *empty.RULES,
    *within.RULES,
    *between.RULES,
    *narrative.RULES,
    *yearly.RULES,
    *performance.RULES,
    *procurement.RULES,
    *assets.RULES,
    *units.RULES,
    *codes.RULES,
    *numbers.RULES,
    *language.RULES,
    *rendered.RULES,
    *reading.RULES,
)
"""Every rule, in the order of the catalogue."""

UNITS: Final = "所属单位"


@dataclass(frozen=True, slots=True)
class Examination:
    """``problems``: what the checks found. ``unmet``: rule → what it lacked to be checked."""

    problems: list[Problem] = field(default_factory=list)
    unmet: dict[str, tuple[Need, ...]] = field(default_factory=dict)


def examine(subject: Subject, rules: Mapping[str, Rule]) -> Examination:
    """Check a disclosure and its units; paths are those of the department's input."""
    found = Examination()
    input_rules = [r for r in rules.values() if Need.WRITTEN not in r.needs]
    found.problems.extend(_run(subject, input_rules, found.unmet))
    for i, unit in enumerate(subject.units):
        below = _run(unit, input_rules, {})
        found.problems.extend(problem.below((UNITS, i)) for problem in below)
    for rule in rules.values():
        if Need.WRITTEN in rule.needs and rule.check is not None:
            found.unmet[rule.id] = (Need.WRITTEN,)
    return found


def verify(subject: Subject, rules: Mapping[str, Rule]) -> list[Problem]:
    """Check the document that was just written against its data."""
    assert subject.document is not None
    return list(_run(subject, [r for r in rules.values() if Need.WRITTEN in r.needs], {}))


def _run(
    subject: Subject, rules: Iterable[Rule], unmet: dict[str, tuple[Need, ...]]
) -> Iterator[Problem]:
    has = cache(subject.has)  # dozens of rules need the same
    for rule in rules:
        if rule.off:
            continue
        lacking = tuple(need for need in rule.needs if not has(need))
        if lacking:
            unmet[rule.id] = lacking
        elif rule.check is not None:
            yield from map(rule.problem, rule.check(subject, rule))


__all__ = ["CHECKS", "Examination", "Settings", "Subject", "examine", "verify"]
