"""核对例外: findings that stay with a recorded reason, and what is wrong with the exceptions.

An exception names a rule and, if it likes, a place as a report prints it. What it covers is still
told in every report, marked and counted apart, and no longer stands in the way. Arithmetic errors
and what could not be read are never covered.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from generator.checks.rule import Rule
from generator.checks.settings import is_fixed
from generator.disclosure import Disclosure, Waiver
from generator.problem import Path, Place, Problem, Waived, input_problem

SHEET: Final = "核对例外"
UNITS: Final = "所属单位"
RULE: Final = "规则"


@dataclass(slots=True)
class _Exception:
    """A line of 核对例外; ``refused``: rules that it hit and must not cover; ``used``: it hit."""

    waiver: Waiver
    path: Path
    scope: Path  # of a unit's own exceptions: the unit
    file: str | None
    used: bool = False
    refused: list[str] = field(default_factory=list)


def waive(
    problems: Sequence[Problem],
    disclosure: Disclosure,
    rules: Mapping[str, Rule],
    locate: Callable[[Path], Place],
    undecided: Collection[str] | None = (),
) -> list[Problem]:
    """The problems, those with an exception marked, and what is wrong with the exceptions.

    ``rules``: as they apply. ``undecided``: rules that could not be checked, whose exceptions
    cannot be called unused; None: hardly anything could be checked.
    """
    exceptions = list(_exceptions(disclosure, (), locate))
    if not exceptions:
        return list(problems)
    told = [_marked(problem, exceptions, rules) for problem in problems]
    for exception in exceptions:
        mistakes = _mistakes(exception, rules, undecided)
        told += [m.located(locate) for m in mistakes]
    return told


def _exceptions(
    disclosure: Disclosure, scope: Path, locate: Callable[[Path], Place]
) -> Iterator[_Exception]:
    for i, waiver in enumerate(disclosure.waivers):
        path = (*scope, SHEET, i)
        yield _Exception(waiver, path, scope, locate(path).file)
    for i, unit in enumerate(disclosure.subordinates):
        yield from _exceptions(unit, (*scope, UNITS, i), locate)


def _marked(
    problem: Problem, exceptions: Sequence[_Exception], rules: Mapping[str, Rule]
) -> Problem:
    """The problem, marked by the first exception that covers it; each that hits it is used."""
    for exception in exceptions:
        if not _hits(exception, problem):
            continue
        exception.used = True
        refused = [
            id_
            for id_ in (problem.rule, *problem.affects)
            if id_ not in rules or is_fixed(rules[id_])
        ]
        if refused:
            exception.refused += refused
        elif problem.waived is None:
            by = exception.waiver
            problem = replace(problem, waived=Waived(by.reason, by.person, by.day))
    return problem


def _hits(exception: _Exception, problem: Problem) -> bool:
    if _folded(exception.waiver.rule) != _folded(problem.rule):
        return False
    if problem.path[: len(exception.scope)] != exception.scope:
        return False
    wanted = _folded(exception.waiver.at)
    return not wanted or wanted in _names(problem.place, exception.file)


def _names(place: Place | None, file: str | None) -> set[str]:
    """How a place may be written: ``项目!B12``, ``收入[4].事业收入``; with its file, if another."""
    if place is None:
        return set()
    names = {str(place), place.path or ""}
    if place.file not in (None, file):
        names = {f"{mark}{name}" for name in names for mark in (f"({place.file})", place.file)}
    return {_folded(name) for name in names if name}


def _folded(text: str) -> str:
    """Width, case, blanks and $ make no other place."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("$", "").casefold()


def _mistakes(
    exception: _Exception, rules: Mapping[str, Rule], undecided: Collection[str] | None
) -> Iterator[Problem]:
    waiver = exception.waiver
    path = (*exception.path, RULE)
    rule = next((r for id_, r in rules.items() if _folded(id_) == _folded(waiver.rule)), None)
    if rule is None:
        near = difflib.get_close_matches(waiver.rule.upper(), rules, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else "规则编号见：gen-disclosure rules"
        yield input_problem("INP103", f"没有“{waiver.rule}”这条规则", path, hint=hint)
    elif is_fixed(rule):
        yield input_problem(
            "INP118",
            f"{rule.id}（{rule.name}）是必须改正的错误，不能作为例外",
            path,
            hint="请改正数据，再删去这一条例外。",
        )
    elif exception.refused:
        also = "、".join(dict.fromkeys(exception.refused))
        yield input_problem(
            "INP118",
            f"这条例外所指的地方还违反了 {also}，是必须改正的错误，不能作为例外",
            path,
            hint="请改正数据，再删去这一条例外。",
        )
    elif not exception.used and undecided is not None and rule.id not in undecided:
        at = f"在 {waiver.at} 处" if waiver.at else ""
        yield input_problem(
            "INP117",
            f"{rule.id}（{rule.name}）{at}没有发现问题，这条例外没有用到",
            path,
            hint="请核对位置写得对不对；问题已经改正的，请删去这一条。",
        )
