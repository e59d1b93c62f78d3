"""A batch in figures: who is where, what fails where, and the whole area's T1 and T9.

Amounts in 万元. The area's tables add up the departments; a unit whose department is among the
inputs is in that department's figures already and is not added again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.batch.outcome import STATES, Outcome
from generator.batch.run import Batch
from generator.checks import CHECKS
from generator.money import ZERO
from generator.pack import Pack, newest_for
from generator.pack import load as load_pack

SANGONG_ITEMS: Final[dict[str, str]] = {
    "abroad": "因公出国（境）费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}
FUNDS: Final = ("total", "general", "gov_fund", "state_capital")


@dataclass(frozen=True, slots=True)
class Line:
    """One department. ``last_sangong`` is None where last year's figures were not filled in."""

    outcome: Outcome
    income: Decimal
    basic: Decimal
    project: Decimal
    sangong: Decimal
    last_sangong: Decimal | None
    procurement: Decimal

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
class TableRow:
    """A row of one of the area's tables: label and amounts."""

    label: str
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """``counted``: how many departments are in the area's tables (those without errors)."""

    year: int
    lines: tuple[Line, ...]
    states: Mapping[str, int]
    failing: tuple[Failing, ...]
    income: tuple[TableRow, ...]
    expenditure: tuple[TableRow, ...]
    sangong: tuple[TableRow, ...]
    counted: int
    parts: tuple[str, ...]
    unexpected: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()


def summarise(batch: Batch) -> Summary:
    """The figures of a batch."""
    outcomes = batch.outcomes
    years = Counter(outcome.year for outcome in outcomes if outcome.year)
    year = years.most_common(1)[0][0] if years else 0
    counted = list(_countable(outcomes))
    pack = load_pack(newest_for(year)) if year else None
    return Summary(
        year,
        tuple(map(_line, outcomes)),
        {state: batch.count(state) for state in STATES},
        tuple(_failing(outcomes)),
        tuple(_table_lines(pack, counted, "left")) if pack else (),
        tuple(_table_lines(pack, counted, "right")) if pack else (),
        tuple(_sangong(pack, counted)) if pack else (),
        len(counted),
        batch.parts,
        batch.unexpected,
        batch.withdrawn,
        batch.stuck,
    )


def _amount(outcome: Outcome, key: str) -> Decimal:
    return Decimal(outcome.figures.get(key, "0.00"))


def _line(outcome: Outcome) -> Line:
    last = [f"last|{item}" for item in SANGONG_ITEMS.values()]
    # A zero is not kept, so one of the items that is there says that the sheet was filled in.
    known = any(key in outcome.figures for key in last) or "last|支出总计" in outcome.figures
    return Line(
        outcome,
        _amount(outcome, "income.total|"),
        _amount(outcome, "expenditure.basic|"),
        _amount(outcome, "expenditure.project|"),
        _amount(outcome, "sangong.total|sangong"),
        sum((_amount(outcome, key) for key in last), ZERO) if known else None,
        _amount(outcome, "procurement.total|"),
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


def _countable(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    """What the area's tables add up: whole inputs, and no unit beside its department."""
    whole = [o for o in outcomes if o.figures]
    departments = {o.code for o in whole if o.kind == "部门"}
    for outcome in whole:
        above = any(outcome.code.startswith(c) and outcome.code != c for c in departments if c)
        if outcome.kind == "部门" or not above:
            yield outcome


def _sum(outcomes: Iterable[Outcome], key: str) -> Decimal:
    return sum((_amount(outcome, key) for outcome in outcomes), ZERO)


def _table_lines(pack: Pack, outcomes: list[Outcome], side: str) -> Iterable[TableRow]:
    """One side of T1 over the whole area; lines without any amount are left out."""
    table = pack.tables["T1"]
    facts = pack.switch_defaults
    for line in table.left if side == "left" else table.right:
        if any(facts.get(name, value) not in value.split("|") for name, value in line.when.items()):
            continue
        measure = (line.take or table.measures)[0]
        amount = _sum(outcomes, f"{measure}|{line.row or ''}")
        if amount:
            yield TableRow(line.label, (amount,))
    for pair in table.closing:
        line = pair.left if side == "left" else pair.right
        if line.take or line.row is not None:
            measure = (line.take or table.measures)[0]
            yield TableRow(line.label, (_sum(outcomes, f"{measure}|{line.row or ''}"),))


def _sangong(pack: Pack, outcomes: list[Outcome]) -> Iterable[TableRow]:
    """T9 over the whole area."""
    for line in pack.tables["T9"].lines:
        row = line.row or ""
        amounts = tuple(_sum(outcomes, f"sangong.{fund}|{row}") for fund in FUNDS)
        if not line.when or any(amounts):
            yield TableRow(line.label.strip(), amounts)
