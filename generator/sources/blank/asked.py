"""Which items of 上年数 the sentences of the form use: formulas that follow the switches as they
stand in the workbook. They hold no arrays, which a conditional format may not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import Final, NamedTuple

from generator.pack import REFERENCE
from generator.references import CHANGES
from generator.sources.blank.formulas import quoted
from generator.sources.blank.plan import Plan

_MAX_CASES: Final = 256
"""Choices of switches; where a pack has more, those that the workbook was made with count."""


class _Case(NamedTuple):
    """``switches``: as chosen. ``figures``, ``reasons``: the items that are then used."""

    switches: Mapping[str, str]
    figures: frozenset[str]
    reasons: frozenset[str]


class Asked:
    """What is asked for of the items of last year. ``items``: the cell of one, or a range."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def figure(self, items: str) -> str:
        """Whether the figure of last year is used."""
        return self._formula(items, [case.figures for case in self._cases])

    def reason(self, items: str) -> str:
        """Whether the reason of the change is used."""
        return self._formula(items, [case.reasons for case in self._cases])

    def _formula(self, items: str, asked: Sequence[frozenset[str]]) -> str:
        together: dict[tuple[int, ...], list[str]] = {}  # cases → the items of just these
        for item in sorted(frozenset[str]().union(*asked)):
            when = tuple(number for number, found in enumerate(asked) if item in found)
            together.setdefault(when, []).append(f"({items}={quoted(item)})")
        terms = []
        for when, found in together.items():
            cases = "+".join(self._stands(self._cases[number]) for number in when)
            either = "+".join(found)
            terms.append(either if len(when) == len(asked) else f"({either})*({cases})")
        return f"({'+'.join(terms) or '0'})>0"

    def _stands(self, case: _Case) -> str:
        """Whether the switches stand as in a case, as a number."""
        chosen = case.switches.items()
        return "*".join(f"({self._plan.switch(name)}={quoted(value)})" for name, value in chosen)

    @cached_property
    def _cases(self) -> list[_Case]:
        """Every choice of the switches on which it depends what is used."""
        slots = self._plan.pack.sections.slots.values()
        known = {name for slot in slots for a in slot.text for name in a.when}
        switches = self._plan.pack.switches
        names = [name for name in switches if name in known]
        if prod(len(switches[name].values) for name in names) > _MAX_CASES:
            return [self._case({})]
        cases = [self._case(choice) for choice in self._choices(names)]
        deciding = [name for name in names if _decides(name, cases)]
        return [self._case(choice) for choice in self._choices(deciding)]

    def _choices(self, names: Sequence[str]) -> Iterator[dict[str, str]]:
        values = (self._plan.pack.switches[name].values for name in names)
        return (dict(zip(names, choice, strict=True)) for choice in product(*values))

    def _case(self, choice: Mapping[str, str]) -> _Case:
        used = {
            name
            for slot in self._plan.pack.sections.slots.values()
            for sentence in self._plan.sentences(slot.text, choice)
            for name in REFERENCE.findall(sentence)
        }
        changes = [(items, of) for ref, (items, of) in CHANGES.items() if f"{ref}变化" in used]
        reasons = {of for ref, (_, of) in CHANGES.items() if f"{ref}原因" in used}
        figures = frozenset(item for items, _ in changes for item in items)
        return _Case(choice, figures, frozenset(reasons - {""}))


def _decides(name: str, cases: Sequence[_Case]) -> bool:
    """Whether two choices that differ in one switch ask for different items."""
    seen: dict[tuple[tuple[str, str], ...], tuple[frozenset[str], frozenset[str]]] = {}
    for case in cases:
        others = tuple(item for item in case.switches.items() if item[0] != name)
        if seen.setdefault(others, case[1:]) != case[1:]:
            return True
    return False
