"""One cause is one finding: the others that it explains become “also affects”.

Sums and comparisons of figures have been brought together already, see
:mod:`generator.contradictions`: such a finding names the cell that is wrong, or the few that may
be. A wrong cell also contradicts what was entered elsewhere (text, projects, units) by the
same amount; these findings say nothing new. An amount of a text that is not its figure breaks the
sums that the text makes with it, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from generator.balance import RELATIONS
from generator.problem import Path, Place, Problem, Severity

MOST_EXPLAINED: Final = 5
"""So many of the findings that a cause explains are shown with their words."""


def merge(
    problems: Sequence[Problem], locate: Callable[[Path], Place] | None = None
) -> list[Problem]:
    """The findings, less those that another one explains; nothing else is dropped.

    ``locate``: of a cell that is told from other candidates by what it explains.
    """
    cause_of = dict(_explained(problems))
    explained: dict[int, list[Problem]] = {}
    for i in cause_of:
        root = cause_of[i]
        while root in cause_of:
            root = cause_of[root]
        explained.setdefault(root, []).append(problems[i])
    kept = [i for i in range(len(problems)) if i not in cause_of]
    return [_with(problems[i], explained.get(i, ()), locate) for i in kept]


_SUMS: Final = frozenset(relation.rule for relation in RELATIONS)
_SAID: Final = frozenset(
    {
        *("NAR101", "NAR102", "NAR103", "NAR104", "NAR105", "NAR106", "NAR107", "NAR110"),
        *("NAR112", "NAR113", "NAR115", "NAR116", "YOY901"),
    }
)
"""An amount of a text against the figure that it speaks of."""

_Cell = tuple[Decimal, Path]
"""By how much a cell may be wrong, whatever the sign."""


def _explained(problems: Sequence[Problem]) -> Iterator[tuple[int, int]]:
    """Each finding that another one explains, and that other one."""
    sums: dict[_Cell, int] = {}
    said: dict[_Cell, int] = {}
    for i, problem in enumerate(problems):
        if _is_sum(problem):
            for cell in _off(problem):
                sums.setdefault(cell, i)
        elif problem.rule in _SAID:
            for cell in _off(problem):
                if str(cell[1][-1]).startswith("@"):  # the amount itself, not its figure's cells
                    said.setdefault(cell, i)
    either = {**said, **sums}
    for i, problem in enumerate(problems):
        if _is_sum(problem):
            continue
        known = sums if problem.rule in _SAID else either
        cause = next((known[cell] for cell in _off(problem) if cell in known), None)
        if cause is not None:
            yield i, cause


def _is_sum(problem: Problem) -> bool:
    return problem.rule in _SUMS and problem.severity is Severity.ERROR


def _off(problem: Problem) -> Iterator[_Cell]:
    if difference := problem.difference:
        for cell in problem.involved:
            yield abs(difference), cell


def _with(
    problem: Problem,
    explained: Sequence[Problem],
    locate: Callable[[Path], Place] | None,
) -> Problem:
    if not explained:
        return problem
    rules = dict.fromkeys((*problem.affects, *_rules(explained)))
    said = tuple(f"{other.rule} {other.message} ✗" for other in explained[:MOST_EXPLAINED])
    whole = replace(
        problem,
        affects=tuple(rule for rule in rules if rule != problem.rule),
        evidence=(*problem.evidence, *said),
    )
    cell = _only_cell(problem, explained)
    if cell is None or cell == problem.path or locate is None:
        return whole
    return replace(
        whole,
        path=cell,
        place=locate(cell),
        hint="与它有关的各处都差同样的数，最可能是这一格填错了；请先核对这一格。",
        involved=(cell,),
    )


def _only_cell(problem: Problem, explained: Sequence[Problem]) -> Path | None:
    """Of the cells that may be wrong the one that explains most of the others, if only one does."""
    votes = Counter(cell for other in explained for cell in set(other.involved))
    best = Counter({cell: votes[cell] for cell in problem.involved if votes[cell]}).most_common(2)
    if len(problem.involved) == 1 or not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def _rules(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield problem.rule
        yield from problem.affects
