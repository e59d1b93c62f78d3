"""Changes against last year: what the text states, and what the data give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.checks import special
from generator.checks.account import BUDGET_SLOTS, Account, Said
from generator.checks.prose import SANGONG, Kind
from generator.checks.subject import Subject
from generator.disclosure import Disclosure
from generator.money import ZERO, fixed
from generator.problem import Path
from generator.references import AMOUNTS

# Subject of the prose → the items of 上年数 that it is the sum of.
ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "收支总额": ("支出总计",),
    "预算支出": ("支出总计",),
    "基本支出": ("基本支出",),
    "项目支出": ("项目支出",),
    "人员经费": ("人员经费",),
    "公用经费": ("公用经费",),
    "专项公用经费": ("专项公用经费",),
    "因公出国费": ("因公出国（境）费",),
    "公务用车购置费": ("公务用车购置费",),
    "公务用车运行维护费": ("公务用车运行维护费",),
    "公务接待费": ("公务接待费",),
    "公务用车费": ("公务用车购置费", "公务用车运行维护费"),
    "三公经费": ("因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费"),
}
_MEASURES: Final[dict[str, tuple[str, str]]] = {
    **{
        name: AMOUNTS[name]
        for name in ("支出总计", "基本支出", "项目支出", "人员经费", "公用经费", "公务接待费")
    },
    "因公出国（境）费": AMOUNTS["因公出国费"],
    "公务用车购置费": AMOUNTS["公务用车购置费"],
    "公务用车运行维护费": AMOUNTS["公务用车运行维护费"],
}
"""Item of 上年数 → the figure of the tables that it is compared with."""


def figure_of(disclosure: Disclosure, item: str) -> Decimal | None:
    """The figure of an item of 上年数 in a budget; None where that budget does not say."""
    if item == "专项公用经费":
        return disclosure.basics.special_public
    return disclosure.figures.get(*_MEASURES[item])


@dataclass(frozen=True, slots=True)
class Change:
    """What a subject changes by the data: this year's figure, last year's, and where that is.

    ``note``: what of the subject it is.
    """

    now: Decimal
    before: Decimal
    paths: tuple[Path, ...]
    note: str = ""

    @property
    def difference(self) -> Decimal:
        return self.now - self.before

    @property
    def path(self) -> Path:
        """Where last year's figure was entered, if it was."""
        return self.paths[0] if self.paths else ()


def change_of(subject: Subject, said: Said) -> Change | None:
    """The change that the data give; None where last year's figure is not known.

    Where 项目支出 may be with or without 专项公用经费, it is what comes nearest to the words.
    """
    name = said.statement.subject
    whole = change_by_items(subject, ITEMS.get(name, ()))
    if name != special.PROJECTS or said.split is False:
        return whole
    part = change_by_items(subject, (special.SPECIAL,))
    if whole is None or part is None:
        return whole if whole is not None and not _distance(said, whole) else None
    rest = Change(
        *(whole.now - part.now, whole.before - part.before, whole.paths + part.paths),
        special.WITHOUT,
    )
    return rest if said.split else min(rest, whole, key=lambda change: _distance(said, change))


def _distance(said: Said, change: Change) -> Decimal:
    """How far the words are from a change."""
    statement = said.statement
    if statement.kind is Kind.PERCENT:
        if change.before <= 0:
            return Decimal(1000)
        return abs(change.difference / change.before * 100 - said.value)
    if statement.kind is not Kind.CHANGE:
        return abs(said.value - change.before)
    if statement.amount is None:
        sign = (change.difference > 0) - (change.difference < 0)
        return Decimal(sign != statement.direction)
    return abs(said.value - change.difference)


def change_by_items(subject: Subject, items: tuple[str, ...]) -> Change | None:
    rows: dict[str, tuple[int, Decimal | None]]
    rows = {row.item: (i, row.amount) for i, row in enumerate(subject.disclosure.last_year)}
    now = before = ZERO
    paths: list[Path] = []
    for item in items:
        at, last = rows.get(item, (0, None))
        if last is not None:
            paths.append(("上年数", at, "上年数"))
        elif subject.last_year is not None:
            last = figure_of(subject.last_year, item)
        this = figure_of(subject.disclosure, item)
        if last is None or this is None:
            return None
        now, before = now + this, before + last
    return Change(now, before, tuple(paths)) if items else None


def changes(told: Account) -> Iterator[Said]:
    """Every change of the budget's own paragraphs."""
    for paragraph in told.paragraphs:
        if paragraph[0].passage.kind != "文字" or paragraph[0].passage.key not in BUDGET_SLOTS:
            continue
        for said in paragraph:
            statement = said.statement
            if statement.kind is not Kind.CHANGE or statement.reason or not statement.subject:
                continue
            if said.passage.key == "机关运行经费" and statement.subject in SANGONG:
                continue
            yield said


def in_words(change: Decimal) -> str:
    if not change:
        return "持平"
    return f"{'增加' if change > 0 else '减少'} {fixed(abs(change))} 万元"


def quoted(said: Said) -> str:
    """The words of a change, from the last comma on."""
    text = said.passage.text
    start = max(text.rfind(stop, 0, said.statement.end) for stop in "，。；：\n")
    return text[max(start + 1, said.statement.end - 40) : said.statement.end].strip()
