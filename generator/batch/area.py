"""The whole area's T1 and T9: the departments of one year and one pack, added up.

Amounts in 万元. Only what is without errors counts; a unit whose department is among the inputs is
in that department's figures already and is not added again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.balance import MEASURES
from generator.batch.figures import keys_of
from generator.batch.outcome import DONE, WARNED, Outcome
from generator.money import ZERO
from generator.pack import Pack
from generator.pack import load as load_pack
from generator.pack.model import REFERENCE, Line, Table, choose
from generator.problem import UserError


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of one of the area's tables: label and amounts."""

    label: str
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """``pack``: its id; ``counted``: how many departments are added up. ``balance``, ``sangong``:
    the titles of the two tables; ``amount``, ``heads``: of the columns of amounts in them.
    """

    year: int
    pack: str
    counted: int
    balance: str
    amount: str
    income: tuple[TableRow, ...]
    expenditure: tuple[TableRow, ...]
    sangong: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def told(self) -> str:
        """What is added up: ``2023 年，10 个部门和单位汇总，格式 hebei/2023``."""
        return f"{self.year} 年，{self.counted} 个部门和单位汇总，格式 {self.pack}"


def areas(outcomes: Sequence[Outcome]) -> Iterator[Area]:
    """One for each year and pack, the largest first; a pack that is away now has none."""
    same: Mapping[tuple[int, str], list[Outcome]] = defaultdict(list)
    for outcome in countable(outcomes):
        same[outcome.year, outcome.pack].append(outcome)
    for (year, name), counted in sorted(same.items(), key=lambda item: (-len(item[1]), item[0])):
        try:
            yield _area(year, load_pack(name), counted)
        except UserError:
            continue


def countable(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Whole inputs without errors, and no unit beside its department."""
    whole = [outcome for outcome in outcomes if outcome.figures]
    departments = {(o.code, o.year) for o in whole if o.kind == "部门"}
    for outcome in whole:
        above = ((outcome.code[:n], outcome.year) for n in range(1, len(outcome.code)))
        if outcome.state in (DONE, WARNED) and (
            outcome.kind == "部门" or departments.isdisjoint(above)
        ):
            yield outcome


def _area(year: int, pack: Pack, counted: list[Outcome]) -> Area:
    both, sangong = pack.tables["T1"], pack.tables["T9"]
    return Area(
        *(year, pack.id, len(counted)),
        *(_title(pack, both), next(_heads(both), ""), tuple(_side(pack, counted, "left"))),
        *(tuple(_side(pack, counted, "right")), _title(pack, sangong)),
        *(tuple(_heads(sangong)), tuple(_sangong(sangong, counted))),
    )


def _title(pack: Pack, table: Table) -> str:
    """``部门预算收支总表``: the form's title, for no department of its own."""
    return REFERENCE.sub("部门", choose(table.title, pack.switch_defaults))


def _heads(table: Table) -> Iterator[str]:
    """The lowest words above each column of amounts; the row of their numbers is not meant."""
    for index, column in enumerate(table.columns):
        if column.content in MEASURES:
            texts = [row[index] for row in table.header if row[index] not in ("<", "^")]
            words = ["".join(text.split()) for text in texts if not text.isdigit()]
            yield words[-1] if words else column.name


def _sums(line: Line, measures: Sequence[str], counted: list[Outcome]) -> tuple[Decimal, ...]:
    return tuple(
        sum((outcome.amount(key) for outcome in counted), ZERO) for key in keys_of(line, measures)
    )


def _side(pack: Pack, counted: list[Outcome], side: str) -> Iterator[TableRow]:
    """One side of T1; lines without any amount are left out."""
    table, facts = pack.tables["T1"], pack.switch_defaults
    for line in table.left if side == "left" else table.right:
        if any(facts.get(name, value) not in value.split("|") for name, value in line.when.items()):
            continue
        amounts = _sums(line, table.measures, counted)[:1]
        if any(amounts):
            yield TableRow(line.label, amounts)
    for pair in table.closing:
        line = pair.left if side == "left" else pair.right
        if amounts := _sums(line, table.measures, counted)[:1]:
            yield TableRow(line.label, amounts)


def _sangong(table: Table, counted: list[Outcome]) -> Iterator[TableRow]:
    for line in table.lines:
        amounts = _sums(line, table.measures, counted)
        if amounts and (not line.when or any(amounts)):
            yield TableRow(line.label.strip(), amounts)
