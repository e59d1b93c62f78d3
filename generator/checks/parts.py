"""Amounts of a part: the basic spending of one subject (科目), unit, project or fund.

:mod:`generator.checks.prose.scopes` tells what a subject may be a part of; here that is looked up,
so that it is compared with its own figure in the tables, or with none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.checks.codes import fold
from generator.checks.prose import SANGONG, Kind, Scope, Statement
from generator.checks.subject import Subject
from generator.money import ZERO

_MARKS: Final = re.compile(r"[（(](?:[类款项]|[0-9]{3,7})[)）]|[“”\s]")
_LONGEST: Final = 40
_TOTALS: Final = frozenset({"收支总额", "预算收入", "预算支出"})
_SPENT: Final = frozenset(
    {"基本支出", "项目支出", "人员经费", "公用经费", "专项公用经费", "机关运行经费", *SANGONG}
)
_KINDS: Final = {"基本支出": "basic", "项目支出": "project"}
_FUNDS: Final = {
    "一般公共预算": ("general",),
    "政府性基金": ("gov_fund",),
    "国有资本经营": ("state_capital",),
    "财政拨款": ("general", "gov_fund", "state_capital"),
}
_WHOLES: Final = {
    "人员经费": ("expenditure.basic",),
    "公用经费": ("expenditure.basic",),
    "专项公用经费": ("expenditure.project",),
}
"""What a subject is a part of; every other is a part of the whole budget."""
_BUDGET: Final = ("expenditure.grand", "income.total")


@dataclass(frozen=True, slots=True)
class Part:
    """A figure that a part is compared with; none of the two where the tables do not print it."""

    name: str = ""
    measures: tuple[str, ...] = ()
    row: str = ""
    figure: Decimal | None = None


def part_of(subject: Subject, said: Statement, whole: Decimal | None) -> Part | None:
    """The part that a statement speaks of; None: the department's ``whole`` figure is meant."""
    scope = said.scope
    if scope is None or not said.subject or (said.subject in _TOTALS and not _is_firm(scope)):
        return None
    value = said.amount.value if said.amount is not None else None
    level = said.kind is Kind.LEVEL and value is not None
    if _is_all(subject, said.subject, scope) or (scope.source and said.subject not in _SPENT):
        return None
    found = _figures(subject, said.subject, scope)
    equal = [part for part in found if part.figure == value]
    if level and value == whole and not (equal and _is_firm(scope)):
        return None
    if level and found and (equal or (scope.led and scope.alone and len(found) == 1)):
        return (equal or found)[0]
    return Part() if _is_firm(scope) or found or _rows(subject, scope) else None


def _is_firm(scope: Scope) -> bool:
    return scope.led or scope.opened or scope.unit or bool(scope.subject)


def _is_all(subject: Subject, name: str, scope: Scope) -> bool:
    """What was named has the amount of the whole budget: its parts are the department's."""
    if scope.amount is None:
        return False
    measures = _WHOLES.get(name, ()) + _BUDGET
    if scope.subject in _KINDS:
        measures = (f"expenditure.{_KINDS[scope.subject]}",)
    elif scope.subject in ("人员经费", "公用经费"):
        measures = ("economic.personnel" if scope.subject == "人员经费" else "economic.public",)
    return scope.amount.value in {subject.figures.get(measure) for measure in measures}


def _figures(subject: Subject, name: str, scope: Scope) -> list[Part]:
    """基本支出 and 项目支出 of a row of table 3, or of a fund."""
    kind = _KINDS.get(name)
    if kind is None:
        return []
    figures = subject.figures
    found = [
        Part(label, (f"expenditure.{kind}",), code, figures.get(f"expenditure.{kind}", code))
        for code, label in _rows(subject, scope)
    ]
    funds = next((funds for words, funds in _FUNDS.items() if words in scope.name), ())
    if not found and funds:
        measures = tuple(f"{fund}.{kind}" for fund in funds)
        total = sum((figures.get(f"{fund}.{k}") for fund in funds for k in _KINDS.values()), ZERO)
        if scope.amount is not None and scope.amount.value == total:
            made = sum((figures.get(measure) for measure in measures), ZERO)
            found.append(Part(scope.name, measures, "", made))
    return found


def _rows(subject: Subject, scope: Scope) -> list[tuple[str, str]]:
    """The rows of table 3 that a name stands for: code and name; by its amount, if any."""
    words = fold(_MARKS.sub("", scope.name))[-_LONGEST:]
    names = subject.once(_names)
    codes = next((names[words[at:]] for at in range(len(words)) if words[at:] in names), ())
    amount = scope.amount
    figures = subject.figures
    return [
        (code, words)
        for code in codes
        if amount is None or figures.get("expenditure.total", code) == amount.value
    ]


def _names(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Folded name → the codes of table 3 that bear it."""
    found: dict[str, tuple[str, ...]] = {}
    own, listed = subject.disclosure.subject_names, subject.pack.functional
    for code in subject.figures.rows(["expenditure.total"]):
        name = own.get(code) or (listed[code].name if code in listed else "")
        if name:
            found[fold(name)] = (*found.get(fold(name), ()), code)
    return found
