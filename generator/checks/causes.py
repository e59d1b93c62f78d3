"""One cause is one finding: the others that it explains become “also affects”.

Sums and comparisons of figures have been brought together already, see
:mod:`generator.contradictions`: such a finding names the cell that is wrong, or the few that may
be. A wrong cell also contradicts what was entered elsewhere (text, projects, units) by the
same amount; these findings say nothing new. Findings of texts alone stay apart, as each stands at a
spot of its own that must be corrected.
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
    causes = _causes(problems)
    explained: dict[int, list[Problem]] = {}
    kept: list[int] = []
    for i, problem in enumerate(problems):
        cause = _cause_of(problem, causes)
        if cause is None:
            kept.append(i)
        else:
            explained.setdefault(cause, []).append(problem)
    return [_with(problems[i], explained.get(i, ()), locate) for i in kept]


_SUMS: Final = frozenset(relation.rule for relation in RELATIONS)


def _is_sum(problem: Problem) -> bool:
    return problem.rule in _SUMS and problem.severity is Severity.ERROR


def _causes(problems: Sequence[Problem]) -> dict[tuple[Decimal, Path], int]:
    """By how much a cell may be wrong, whatever the sign, and the finding that says so."""
    causes: dict[tuple[Decimal, Path], int] = {}
    for i, problem in enumerate(problems):
        if _is_sum(problem) and problem.difference:
            for cell in problem.involved:
                causes.setdefault((abs(problem.difference), cell), i)
    return causes


def _cause_of(problem: Problem, causes: dict[tuple[Decimal, Path], int]) -> int | None:
    if _is_sum(problem) or not problem.difference:
        return None
    found = (causes.get((abs(problem.difference), cell)) for cell in problem.involved)
    return next((i for i in found if i is not None), None)


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
