"""NAR905: shares of a whole, as the text prints them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.checks.account import BUDGET_SLOTS, Account, Said, account, own_names
from generator.checks.prose import Kind
from generator.checks.prose.subjects import is_neutral, subject_at_end
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Passage, Subject
from generator.checks.ties import figure_of
from generator.money import ZERO, short
from generator.problem import Side

_GROWS: Final = re.compile("增|升|提高|超|降|减|上年|同期|比20")
_STOP: Final = re.compile("[，。；,;]")
_RATIO: Final = re.compile(
    r"占(?P<whole>[^占，。；,;、％%0-9０-９]{0,24}?)(?:的?(?:比重|比例)|的|比)?(?:为|是|达到?)?\s?"
    r"(?P<number>[0-9０-９]{1,3}(?:[.．](?P<decimals>[0-9０-９]{1,4}))?)\s?[%％](?![0-9以左上])"
)
_GAP: Final = 2  # marks between an amount and 占
_BETWEEN: Final = "，,（( "
_REACH: Final = 60
# Whole → the parts that are left out of it where the writer means what this year brings.
_GRAND: Final[dict[str, tuple[str, ...]]] = {
    "预算收入": ("carry_over.total",),
    "预算支出": ("year_end.total",),
    "收支总额": ("carry_over.total", "year_end.total"),
}
_WHOLE_OF: Final = {"基本支出": "预算支出", "项目支出": "预算支出", "一般公共预算收入": "预算收入"}
"""What “占比60%” after an amount means without being told; of others it may be several things."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A subject with its figure; ``start``: where the words about it begin."""

    name: str
    figure: Decimal
    start: int


def shares(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR905: a share of the budget's paragraphs whose part and whole the tables have."""
    told = account(subject)
    for passage in subject.passages:
        if passage.kind == "文字" and passage.key in BUDGET_SLOTS and "占" in passage.text:
            said = {one.statement.end: one for one in told.at(passage)}
            for found in _RATIO.finditer(passage.text):
                if (finding := _wrong_share(told, passage, said, found)) is not None:
                    yield finding


def _number(words: str) -> Decimal:
    return Decimal(unicodedata.normalize("NFKC", words))


def _wrong_share(
    told: Account, passage: Passage, said: Mapping[int, Said], found: re.Match[str]
) -> Finding | None:
    part = _part(told, passage, said, found.start())
    if part is None or _GROWS.search(found["whole"]) or _is_over(found):
        return None
    wholes = [w for w in _wholes(told.subject, part.name, found["whole"]) if w and w >= part.figure]
    if not wholes:
        return None
    printed, places = _number(found["number"]), len(found["decimals"] or "")
    half = Decimal(5).scaleb(-places - 1)
    exact = [part.figure / whole * 100 for whole in wholes]
    # A figure of the tables is itself rounded to 0.01.
    if any(abs(e - printed) <= half + 1 / w for e, w in zip(exact, wholes, strict=True)):
        return None
    quote = passage.text[part.start : found.end()].strip("，。；（( ")
    shown = round(exact[0], places)
    return Finding(
        f"{passage.label}写“{quote}”，{short(part.figure)} ÷ {short(wholes[0])} = {shown}%",
        passage.path,
        expected=shown,
        actual=printed,
        tolerance=half,
        hint=f"请把比重改为 {shown}%，或核对它的分子和分母。",
        sides=(
            Side(f"正文 {passage.label}", printed, passage.path),
            Side(f"{part.name}所占的比重", shown),
        ),
        involved=((*passage.path, f"@{found.start()}"), passage.path),
        quote=quote,
    )


def _is_over(found: re.Match[str]) -> bool:
    """More than the whole: FMT106 tells that of what is called a share."""
    return _number(found["number"]) > 100 and re.search("比[重例]?", found[0]) is not None


def _part(told: Account, passage: Passage, said: Mapping[int, Said], at: int) -> _Part | None:
    """What has the share: the amount just before 占, or the name that stands there."""
    for end in range(at, max(0, at - _GAP) - 1, -1):
        if end in said:
            return _stated(said[end])
        if passage.text[end - 1 : end] not in _BETWEEN:
            break
    text = passage.text[max(0, at - _REACH) : at]
    clause = _STOP.split(text)[-1]
    name, rest = subject_at_end(clause)
    if not name or _GROWS.search(clause) or not is_neutral(rest, name, own_names(told.subject)):
        return None
    figure = figure_of(told.subject, name)
    split = name == "项目支出" and any(
        one.statement.subject == "专项公用经费" for one in said.values()
    )
    if figure is None or split or name == "机关运行经费":
        return None
    return _Part(name, figure, at - len(clause))


def _stated(said: Said) -> _Part | None:
    """The amount's own figure; a wrong amount has been told."""
    statement = said.statement
    right = said.figure is not None and not said.is_wrong
    if not right or statement.kind is not Kind.LEVEL or said.tie_rule == "NAR110":
        return None
    return _Part(statement.subject, said.figure or ZERO, statement.start)


def _wholes(subject: Subject, part: str, words: str) -> list[Decimal]:
    """What the share may be of, by the words between 占 and the number."""
    name, rest = subject_at_end(words)
    if not words:
        name = _WHOLE_OF.get(part, "")
    elif not is_neutral(rest, name, own_names(subject)):
        return []
    figure = figure_of(subject, name)
    if figure is None or name == part:
        return []
    less = [subject.figures.get(measure) for measure in _GRAND.get(name, ())]
    return list(dict.fromkeys((figure, *(figure - one for one in less))))
