"""Equations that do not hold, brought back to the cells that are wrong, and put into words.

One wrong cell breaks all its equations by the same amount and no other cell does, so that it can be
named: a cause is one finding, not one per equation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from generator.balance import MEASURES as MEASURES
from generator.balance import Declared as Declared
from generator.balance import Term
from generator.contradictions.causes import Broken, Search, explain, signs_of
from generator.contradictions.telling import Teller
from generator.ledger import Equation, Ledger
from generator.ledger import entered_rule as entered_rule
from generator.money import ZERO
from generator.money import fixed as fixed
from generator.problem import Path, Problem, Severity
from generator.problem import Side as Side

MOST_ALIKE: Final = 5
"""So many findings of one rule in one table are told one by one; more are told together."""


def blank_or_twice(ledger: Ledger, places: Mapping[str, Path], unit: str) -> Iterator[Problem]:
    """Figures that were left blank where they are a total, or filled in twice."""
    teller = Teller(ledger, places, unit)
    yield from map(teller.blank, ledger.blanks)
    for cell, first in ledger.twice:
        if cell.amount != first.amount:
            yield teller.twice(cell, first)


def problems(
    ledger: Ledger,
    equations: Iterable[Equation],
    places: Mapping[str, Path],
    unit: str = "万元",
    confirmed: Iterable[Term] = (),
) -> Iterator[Problem]:
    """The equations that do not hold, one finding for each cause.

    ``confirmed``: figures that agree with what was entered outside the tables.

    ``places``: where the figures of a table were entered, by table, for want of a cell.
    """
    checked: list[Broken] = []
    unequal: list[Broken] = []
    for number, equation in enumerate(equations):
        right = sum(map(ledger.known, equation.right), ZERO)
        residual = ledger.known(equation.left) - right
        if equation.operator == "=":
            checked.append(Broken(number, equation, residual))
        elif residual < 0:
            unequal.append(Broken(number, equation, residual))
    if not unequal and not any(one.residual for one in checked):
        return
    for one in (*checked, *unequal):
        one.signs = signs_of(ledger, one.equation, holds=not one.residual)
    # A figure that stands elsewhere too, and agrees, is hardly wrong.
    for term in confirmed:
        signs = dict.fromkeys(ledger.paths(term), 1)
        checked.append(Broken(0, Equation("", "", Severity.INFO, term, (), 6), ZERO, signs))
    causes = list(Search(ledger, checked).causes())
    explain(unequal, causes)
    causes.sort(key=lambda cause: cause.broken[0].number)
    teller = Teller(ledger, places, unit)
    yield from _alike([teller.problem(cause) for cause in causes])


def _alike(found: Sequence[Problem]) -> Iterator[Problem]:
    """Many findings of one rule about one table are one: a page is half filled in, or wrong."""
    alike: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in found:
        alike[problem.rule, problem.related[0].partition(" ")[0]].append(problem)
    for (_, table), group in alike.items():
        if len(group) <= MOST_ALIKE:
            yield from group
            continue
        first = group[0]
        yield replace(
            first,
            message=f"{table}有 {len(group)} 处这样的不一致，第一处：{first.message}",
            hint="请先看是不是有一处只填了一部分，或用了另一个版本的表；改正后再核对。",
            involved=tuple(dict.fromkeys(p for problem in group for p in problem.involved)),
            affects=tuple(dict.fromkeys(r for problem in group for r in problem.affects)),
            evidence=(),
        )
