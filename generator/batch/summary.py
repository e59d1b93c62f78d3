"""A batch in figures: who is where, what fails where, and the whole area's T1 and T9.

Amounts in 万元.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Final

from generator.batch import figures
from generator.batch.area import Area, areas, countable
from generator.batch.outcome import DONE, STATES, WARNED, Outcome
from generator.batch.run import Batch
from generator.checks import CHECKS
from generator.folder import FORMER
from generator.money import ZERO
from generator.problem import Severity
from generator.references import CHANGES

LAST_SANGONG: Final = tuple(map(figures.last_key, CHANGES["三公经费"][0]))
"""Last year's figures that make up its 三公."""


@dataclass(frozen=True, slots=True)
class Line:
    """One department. ``last_sangong`` is None where one of last year's items was not filled in.

    ``counts``: whether its figures are without errors, and so may be compared and added up.
    """

    outcome: Outcome
    income: Decimal
    basic: Decimal
    project: Decimal
    sangong: Decimal
    last_sangong: Decimal | None
    procurement: Decimal
    counts: bool

    @property
    def name(self) -> str:
        """The department's name; the file, where that cannot be told."""
        return self.outcome.name or PurePath(self.outcome.file).name

    @property
    def pages(self) -> int | str | None:
        """Of the PDF; a dash where the document has none, nothing without a document."""
        return self.outcome.pages or ("—" if self.outcome.output else None)

    @property
    def former(self) -> str:
        """That documents of former data were moved away, lest somebody publishes them."""
        if not self.outcome.former:
            return ""
        names = "、".join(f"“{name}”" for name in self.outcome.former)
        return f"以前生成的{names}已移到“{FORMER}”，不要公开"

    @property
    def sangong_change(self) -> Decimal | None:
        return None if self.last_sangong is None else self.sangong - self.last_sangong


@dataclass(frozen=True, slots=True)
class Failing:
    """A rule, in how many departments it fails, and how often."""

    rule: str
    name: str
    severity: str
    departments: int
    findings: int


@dataclass(frozen=True, slots=True)
class Summary:
    """``lines``: the worst state first. ``areas``: by year and pack, the largest first.
    ``left_out``: how many have no document and so are in none of them, by state.
    """

    years: tuple[int, ...]
    lines: tuple[Line, ...]
    states: Mapping[str, int]
    failing: tuple[Failing, ...]
    areas: tuple[Area, ...]
    left_out: Mapping[str, int]
    parts: tuple[str, ...]
    unexpected: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """``2022、2023年``."""
        return f"{'、'.join(map(str, self.years))}年" if self.years else ""

    @property
    def told(self) -> str:
        """Who is done and who is not, in one sentence."""
        undone = sum(self.left_out.values())
        if not undone:
            return f"共 {len(self.lines)} 个部门和单位，都已生成文档。"
        made = len(self.lines) - undone
        return (
            f"共 {len(self.lines)} 个部门和单位：{made} 个已生成文档，"
            f"{undone} 个没有（{_listed(self.left_out)}）。"
        )

    @property
    def lacking(self) -> str:
        """That some are in no area's tables, a sentence; ``""`` when none is."""
        if not self.left_out:
            return ""
        undone = sum(self.left_out.values())
        return f"另有 {undone} 个没有计入汇总（{_listed(self.left_out)}）。"


def summarise(batch: Batch) -> Summary:
    """The figures of a batch."""
    counted = {id(outcome) for outcome in countable(batch.outcomes)}
    left_out = {
        state: number
        for state in STATES
        if state not in (DONE, WARNED) and (number := batch.count(state))
    }
    worst_first = sorted(batch.outcomes, key=lambda outcome: STATES.index(outcome.state))
    return Summary(
        tuple(sorted({outcome.year for outcome in batch.outcomes if outcome.year})),
        tuple(_line(outcome, id(outcome) in counted) for outcome in worst_first),
        {state: batch.count(state) for state in STATES},
        tuple(_failing(batch.outcomes)),
        tuple(areas(batch.outcomes)),
        *(left_out, batch.parts, batch.unexpected, batch.set_aside, batch.stuck),
    )


def _listed(states: Mapping[str, int]) -> str:
    """``缺报 1，有错误 2``."""
    return "，".join(f"{state} {number}" for state, number in states.items() if number)


def _line(outcome: Outcome, counts: bool) -> Line:
    known = all(key in outcome.figures for key in LAST_SANGONG)
    return Line(
        outcome,
        outcome.amount(figures.INCOME),
        outcome.amount(figures.BASIC),
        outcome.amount(figures.PROJECT),
        outcome.amount(figures.SANGONG),
        sum(map(outcome.amount, LAST_SANGONG), ZERO) if known else None,
        outcome.amount(figures.PROCUREMENT),
        counts,
    )


def _failing(outcomes: Iterable[Outcome]) -> Iterator[Failing]:
    """The rules that fail: errors first, the most widespread of them before the others."""
    known = {rule.id: rule for rule in CHECKS}
    departments: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for outcome in outcomes:
        departments.update(outcome.rules.keys())
        findings.update(outcome.rules)
    grave = list(Severity)

    def order(item: tuple[str, int]) -> tuple[int, int, str]:
        rule = known.get(item[0])
        return grave.index(rule.severity) if rule else len(grave), -item[1], item[0]

    for id_, number in sorted(departments.items(), key=order):
        rule = known.get(id_)
        name, severity = (rule.name, rule.severity.label) if rule else ("", "")
        yield Failing(id_, name, severity, number, findings[id_])
