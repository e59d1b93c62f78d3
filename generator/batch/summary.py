"""A batch in figures: who is where, what fails where, and the whole area's T1 and T9.

Amounts in 万元.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Final

from generator.batch import figures
from generator.batch.area import Area, above_of, areas, departments_of, parted
from generator.batch.notices import alarms, notices
from generator.batch.outcome import (
    DONE,
    EXCEPTIONS,
    NOT_GIVEN,
    PENDING,
    STATES,
    WARNED,
    Outcome,
)
from generator.batch.roll import headline, sentences
from generator.batch.run import Batch
from generator.checks import CHECKS
from generator.folder import FORMER
from generator.money import ZERO
from generator.problem import Severity

UNTOUCHED: Final = (PENDING, NOT_GIVEN)
"""Of these nothing was found out in this run; their documents may stand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One department. ``last_sangong`` is None where one of last year's items was not filled in.

    ``counts``: whether its figures are without errors, and so may be compared and added up;
    ``remark``: why they are not, where that does not show.
    """

    outcome: Outcome
    income: Decimal
    basic: Decimal
    project: Decimal
    sangong: Decimal
    last_sangong: Decimal | None
    procurement: Decimal
    counts: bool
    remark: str = ""

    @property
    def name(self) -> str:
        """The department's name; the file, where that cannot be told."""
        return self.outcome.name or PurePath(self.outcome.file).name

    @property
    def pages(self) -> int | str | None:
        """Of the PDF; a dash where the document has none, nothing without a document."""
        return self.outcome.pages or ("—" if self.outcome.output else None)

    @property
    def rest(self) -> str:
        """How many findings there are beside the first, and how many of them are listed."""
        listed = len(self.outcome.findings) - 1
        if not self.outcome.unlisted:
            return f"其余 {listed} 条" if listed > 0 else ""
        return f"其余 {listed + self.outcome.unlisted} 条，这里列 {listed} 条"

    @property
    def command(self) -> str:
        """What lists all the findings; ``""`` where all are listed here."""
        file = self.outcome.file
        file = f'"{file}"' if any(character in file for character in " ()&;'") else file
        return f"gen-disclosure check {file}" if self.outcome.unlisted else ""

    @property
    def exceptions(self) -> int:
        """How many findings stay with a reason."""
        return self.outcome.counts.get(EXCEPTIONS, 0)

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
    ``left_out``: how many have no document and so are in none of them, by state; ``below``: how
    many have one, and are units of those. ``alarms``: why the documents are not to be published as
    they lie there; ``notices``: what else there is to say. ``made``: when, in words. ``roll``: how
    many rows of the roster are in which state, in words.
    """

    years: tuple[int, ...]
    lines: tuple[Line, ...]
    states: Mapping[str, int]
    failing: tuple[Failing, ...]
    areas: tuple[Area, ...]
    left_out: Mapping[str, int]
    below: int
    parts: tuple[str, ...]
    unexpected: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    made: str = ""
    roll: str = ""

    @property
    def when(self) -> str:
        """``2022、2023年``."""
        return f"{'、'.join(map(str, self.years))}年" if self.years else ""

    @property
    def told(self) -> str:
        """Who is done and who is not, in one sentence."""
        if self.roll:
            return self.roll
        if not self.left_out:
            return f"共 {len(self.lines)} 个部门和单位，都已生成文档。"
        lacking = {s: n for s, n in self.left_out.items() if s not in UNTOUCHED}
        untouched = {s: n for s, n in self.left_out.items() if s in UNTOUCHED}
        parts = [f"{len(self.lines) - sum(self.left_out.values())} 个已生成文档"]
        if lacking:
            parts.append(f"{sum(lacking.values())} 个没有（{_listed(lacking)}）")
        if untouched:
            parts.append(f"{sum(untouched.values())} 个这次没有做（{_listed(untouched)}）")
        return f"共 {len(self.lines)} 个部门和单位：{'，'.join(parts)}。"

    @property
    def hidden(self) -> frozenset[str]:
        """The columns in which no department has anything; pages are known of PDFs alone."""
        shown = {
            "页数": any(line.outcome.pages for line in self.lines),
            "例外": any(line.exceptions for line in self.lines),
        }
        return frozenset(title for title, is_shown in shown.items() if not is_shown)

    @property
    def lacking(self) -> str:
        """That some are in no area's tables, a sentence; ``""`` when none is."""
        lacking = {**self.left_out, "部门没有计入的单位": self.below}
        if not (undone := sum(lacking.values())):
            return ""
        return f"另有 {undone} 个没有计入汇总（{_listed(lacking)}）。"


def summarise(batch: Batch, made: datetime | None = None) -> Summary:
    """The figures of a batch. ``made``: when; now, where it is not given."""
    departments = departments_of(batch.outcomes)
    counted, below = parted(batch.outcomes)
    counting = set(map(id, counted))
    left_out = {
        state: number
        for state in STATES
        if state not in (DONE, WARNED) and (number := batch.count(state))
    }
    worst_first = sorted(batch.outcomes, key=lambda outcome: STATES.index(outcome.state))
    return Summary(
        _years(batch.outcomes),
        tuple(_line(one, id(one) in counting, departments) for one in worst_first),
        {state: batch.count(state) for state in STATES},
        tuple(_failing(batch.outcomes)),
        tuple(areas(counted)),
        *(left_out, len(below), batch.parts, batch.unexpected, batch.set_aside),
        *(
            tuple(alarms(batch)),
            (*sentences(batch), *notices(batch)),
            f"{made or datetime.now():%Y-%m-%d %H:%M}",
        ),
        roll=headline(batch) if batch.rows else "",
    )


def _years(outcomes: Sequence[Outcome]) -> tuple[int, ...]:
    """The years of the documents; before there is one, those of the inputs."""
    made = {outcome.year for outcome in outcomes if outcome.output}
    return tuple(sorted((made or {outcome.year for outcome in outcomes}) - {0}))


def _listed(states: Mapping[str, int]) -> str:
    """``缺报 1，有错误 2``."""
    return "，".join(f"{state} {number}" for state, number in states.items() if number)


def _line(outcome: Outcome, counts: bool, departments: Mapping[tuple[str, int], Outcome]) -> Line:
    known = all(key in outcome.figures for key in figures.LAST_SANGONG)
    return Line(
        outcome,
        outcome.amount(figures.INCOME),
        outcome.amount(figures.BASIC),
        outcome.amount(figures.PROJECT),
        outcome.amount(figures.SANGONG),
        sum(map(outcome.amount, figures.LAST_SANGONG), ZERO) if known else None,
        outcome.amount(figures.PROCUREMENT),
        counts,
        "" if counts else _remark(outcome, departments),
    )


def _remark(outcome: Outcome, departments: Mapping[tuple[str, int], Outcome]) -> str:
    """Why a unit that has its own document is not added up: its department should have named it."""
    if outcome.state not in (DONE, WARNED) or outcome.kind == "部门":
        return ""
    above = above_of(outcome, departments)
    return "" if above is None else f"没有计入汇总：{above.label}没有把它列为所属单位"


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
