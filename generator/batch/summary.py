"""A batch in figures: who is where, what fails where, and the whole area's T1 and T9.

Amounts in 万元.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.batch import figures
from generator.batch.area import Area, areas, countable
from generator.batch.outcome import DONE, MISSING, STATES, WARNED, Outcome
from generator.batch.run import Batch
from generator.checks import CHECKS
from generator.money import ZERO

SANGONG_ITEMS: Final[dict[str, str]] = {
    "abroad": "因公出国（境）费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One department. ``last_sangong`` is None where last year's figures were not filled in.

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
    ``left_out``: how many are in none of them, by state.
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
    def lacking(self) -> str:
        """Why some are in no area's tables, a sentence; ``""`` when none is."""
        if not self.left_out:
            return ""
        states = "，".join(f"{state} {number}" for state, number in self.left_out.items())
        return f"另有 {sum(self.left_out.values())} 个的数不可靠，没有计入汇总（{states}）。"


def summarise(batch: Batch) -> Summary:
    """The figures of a batch."""
    counted = {id(outcome) for outcome in countable(batch.outcomes)}
    left_out = {
        state: number
        for state in STATES
        if state not in (DONE, WARNED, MISSING) and (number := batch.count(state))
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


def _line(outcome: Outcome, counts: bool) -> Line:
    last = list(map(figures.last_key, SANGONG_ITEMS.values()))
    # A zero is not kept, so one of the items that is there says that the sheet was filled in.
    filled = (*last, figures.last_key("支出总计"))
    known = any(key in outcome.figures for key in filled)
    return Line(
        outcome,
        outcome.amount(figures.INCOME),
        outcome.amount(figures.BASIC),
        outcome.amount(figures.PROJECT),
        outcome.amount(figures.SANGONG),
        sum(map(outcome.amount, last), ZERO) if known else None,
        outcome.amount(figures.PROCUREMENT),
        counts,
    )


def _failing(outcomes: Iterable[Outcome]) -> Iterable[Failing]:
    """The rules that fail, the most widespread first."""
    known = {rule.id: rule for rule in CHECKS}
    departments: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for outcome in outcomes:
        departments.update(outcome.rules.keys())
        findings.update(outcome.rules)
    for id_, number in sorted(departments.items(), key=lambda item: (-item[1], item[0])):
        rule = known.get(id_)
        name, severity = (rule.name, rule.severity.label) if rule else ("", "")
        yield Failing(id_, name, severity, number, findings[id_])
