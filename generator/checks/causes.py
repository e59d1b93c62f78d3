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
    told = [_with(problems[i], explained.get(i, ()), locate) for i in kept]
    return told if locate is None else list(_together(told, locate))


_SUMS: Final = frozenset(relation.rule for relation in RELATIONS)
_SAID: Final = frozenset(
    {
        *("NAR101", "NAR102", "NAR103", "NAR104", "NAR105", "NAR106", "NAR107", "NAR110"),
        *("NAR112", "NAR113", "NAR115", "NAR116", "YOY901"),
    }
)
"""An amount of a text against the figure that it speaks of."""

_RISE: Final = "YOY109"

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
        if cause is None and problem.rule == _RISE:
            causes = sorted(set(either.values()))
            cause = next((at for at in causes if _undoes(problems[at], problem)), None)
        if cause is not None:
            yield i, cause


def _undoes(wrong: Problem, rise: Problem) -> bool:
    """Whether “三公”经费 would not rise if a wrong figure of it were put right."""
    off, risen = wrong.difference, rise.difference
    if off is None or risen is None or not set(wrong.involved) & set(rise.involved):
        return False
    # A text that says more than the tables would make it rise further.
    return abs(off) >= risen and (off < 0 or wrong.rule not in _SAID)


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
    proofs = (other for other in explained if other.rule != _RISE)
    votes = Counter(cell for other in proofs for cell in set(other.involved))
    best = Counter({cell: votes[cell] for cell in problem.involved if votes[cell]}).most_common(2)
    if len(problem.involved) == 1 or not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def _rules(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield problem.rule
        yield from problem.affects


# --- many places --------------------------------------------------------------------------------

MOST_EQUAL: Final = 20
"""So many hints of one rule with the same advice are told one by one; more are one finding."""
_SHOWN: Final = 5
_SAME: Final = frozenset({"TXT105", "TXT106", "TXT109", "TXT112", "FMT107"})
"""Rules whose findings differ by their places only, not by what is to be written there."""


def _together(problems: Sequence[Problem], locate: Callable[[Path], Place]) -> Iterator[Problem]:
    """Faults of text that stand in many places are one finding, which names all of them.

    Hints only: a warning can be excepted by its place, and an error is mended there.
    """
    equal: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        equal.setdefault(_fault(problem), []).append(problem)
    for problem in problems:
        group = equal[_fault(problem)]
        if len(group) <= MOST_EQUAL or not _is_hint(problem):
            places = _places(problem, locate) if problem.rule.startswith("TXT") else ()
            yield replace(problem, related=places) if places else problem
        elif problem is group[0]:
            yield _one(group, locate)


def _is_hint(problem: Problem) -> bool:
    return problem.rule in _SAME and problem.severity is Severity.INFO


def _fault(problem: Problem) -> tuple[object, ...]:
    """The rule, its advice and what is said after the words in question; units are kept apart."""
    unit = problem.path[:2] if problem.path[:1] == ("所属单位",) else ()
    said = problem.alone.rpartition("”")[2]
    return (problem.rule, problem.severity, problem.hint, said, unit)


def _one(group: Sequence[Problem], locate: Callable[[Path], Place]) -> Problem:
    own = ((_places(one, locate) or (str(one.place),)) for one in group)
    places = dict.fromkeys(place for some in own for place in some)
    first, shown = group[0], "、".join(list(places)[:_SHOWN])
    return replace(
        first,
        message=f"{first.alone}，这样的共有 {len(places)} 处，如 {shown}",
        related=tuple(places),
        involved=tuple(dict.fromkeys(path for one in group for path in one.involved)),
    )


def _places(problem: Problem, locate: Callable[[Path], Place]) -> tuple[str, ...]:
    """All the places of a finding that was found in several."""
    several = dict.fromkeys(problem.involved)
    return tuple(str(locate(path)) for path in several) if len(several) > 1 else ()
