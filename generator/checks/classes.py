"""NAR903: amounts of the text that bear the name of a subject (科目)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from generator.balance import MEASURES
from generator.checks.account import Account, Said, account, own_names
from generator.checks.codes import fold
from generator.checks.prose import Kind
from generator.checks.prose.subjects import is_neutral
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.money import fixed
from generator.problem import Side

_SLOT: Final = "支出说明"
_NO_SUBJECTS: Final = ("sangong", "procurement", "asset", "year_end")
_OF_BASIC: Final = frozenset({"基本支出", "人员经费", "公用经费"})
_OF_ALL: Final = frozenset({"", "预算支出", "收支总额", "基本支出", "项目支出"})
_MOST: Final = 6  # figures of a name that are shown
_LONGEST: Final = 40


@dataclass(slots=True)
class _Entry:
    """A name, and every figure that a table has under it, zero apart."""

    name: str
    figures: set[Decimal] = field(default_factory=set)
    economic: bool = False
    functional: bool = False

    def fits(self, scope: str) -> bool:
        """Whether the name may be meant where this is spoken of: table 6 is of 基本支出 only."""
        return (self.economic and scope in _OF_BASIC) or (self.functional and scope in _OF_ALL)


def amounts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR903: an amount after the name of a subject is a figure that a table has under it."""
    for said, entry in named(account(subject)):
        if not any(abs(figure - said.meant) <= said.slack for figure in entry.figures):
            yield _differs(said, entry)


def named(told: Account) -> Iterator[tuple[Said, _Entry]]:
    """The statements of 支出说明 that name a subject, each with what the tables have of it."""
    known: dict[str, _Entry] = {}
    for paragraph in told.paragraphs:
        if paragraph[0].passage.key != _SLOT or paragraph[0].passage.kind != "文字":
            continue
        scope = ""
        for said in paragraph:
            if said.statement.kind is Kind.LEVEL and said.statement.subject:
                scope = said.statement.subject
            elif _may_name(told.subject, said):
                known = known or _entries(told.subject)
                entry = _entry(told.subject, said.statement.name, known)
                if entry is not None and entry.fits(scope):
                    yield said, entry


def _may_name(subject: Subject, said: Said) -> bool:
    """A firm amount of this year with a name before it, which is no item of a list."""
    statement = said.statement
    return (
        statement.kind is Kind.LEVEL
        and statement.amount is not None
        and statement.amount.is_money
        and bool(statement.name)
        and not (statement.head or statement.reason or said.in_yuan)
        and statement.year in (None, subject.year)
    )


def _entries(subject: Subject) -> dict[str, _Entry]:
    """Folded name → what the tables have under it; a project of that name makes it ambiguous."""
    found: dict[str, _Entry] = {}
    disclosure, figures = subject.disclosure, subject.figures
    for measure in MEASURES:
        family = measure.partition(".")[0]
        if family in _NO_SUBJECTS:
            continue
        economic = family == "economic"
        listed = subject.pack.economic if economic else subject.pack.functional
        own = disclosure.economic_names if economic else disclosure.subject_names
        for code in figures.rows([measure]):
            name = own.get(code) or (listed[code].name if code in listed else "")
            if name:
                entry = found.setdefault(fold(name), _Entry(name))
                entry.figures.add(figures.get(measure, code))
                entry.economic |= economic
                entry.functional |= not economic
    for project in disclosure.projects:
        found.pop(fold(project.name), None)
    return found


def _entry(subject: Subject, words: str, known: Mapping[str, _Entry]) -> _Entry | None:
    """The subject that the words end with, where what stands before leaves it what it is."""
    for at in range(max(0, len(words) - _LONGEST), len(words) - 1):
        entry = known.get(fold(words[at:]))
        if entry is not None:
            return entry if is_neutral(words[:at], "", own_names(subject)) else None
    return None


def _differs(said: Said, entry: _Entry) -> Finding:
    figures = sorted(entry.figures)
    shown = "、".join(fixed(figure) for figure in figures[:_MOST])
    only = figures[0] if len(figures) == 1 else None
    there = f"是 {shown} 万元" if only is not None else f"有 {shown} 万元"
    apart = f"，相差 {fixed(abs(said.meant - only))} 万元" if only is not None else ""
    return Finding(
        f"{said.passage.label}写“{said.quote}”，表里“{entry.name}”没有这个数，{there}{apart}",
        said.passage.path,
        expected=only,
        actual=said.meant if only is not None else None,
        tolerance=said.slack,
        hint="请核对这个数；说的是其中一部分的，请把是哪一部分写明。",
        sides=(said.side, *(Side(f"表里的{entry.name}", f) for f in figures[:_MOST])),
        involved=(said.spot, said.passage.path),
        quote=said.quote,
    )
