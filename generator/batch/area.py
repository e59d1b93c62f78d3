"""The whole area's T1 and T9: the departments of one year and one pack, added up.

Amounts in 万元. Only what is without errors counts; a unit whose department is among the inputs is
in that department's figures already: it is not added again, nor where the department is faulty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.balance import MEASURES
from generator.batch.figures import keys_of
from generator.batch.outcome import DONE, WARNED, Outcome
from generator.money import ZERO
from generator.pack import Pack
from generator.pack import load as load_pack
from generator.pack.model import REFERENCE, Line, Table, choose
from generator.problem import UserError

DIGITS: Final = 3  # by which the code of a unit is longer than its department's


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


def areas(counted: Iterable[Outcome]) -> Iterator[Area]:
    """One for each year and pack, the largest first; a pack that is away now has none.

    ``counted``: what is added up, see :func:`parted`.
    """
    same: Mapping[tuple[int, str], list[Outcome]] = defaultdict(list)
    for outcome in counted:
        same[outcome.year, outcome.pack].append(outcome)
    for (year, name), some in sorted(same.items(), key=lambda item: (-len(item[1]), item[0])):
        try:
            yield _area(year, load_pack(name), some)
        except UserError:
            continue


def parted(outcomes: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Of what is without errors: what is added up, and units left out with their department."""
    outcomes = list(outcomes)
    departments = departments_of(outcomes)
    counted, left_out = [], []
    for outcome in filter(_is_whole, outcomes):
        above = None if outcome.kind == "部门" else above_of(outcome, departments)
        if above is None:
            counted.append(outcome)
        elif not _is_whole(above):
            left_out.append(outcome)
    return counted, left_out


def _is_whole(outcome: Outcome) -> bool:
    return outcome.state in (DONE, WARNED) and bool(outcome.figures)


def departments_of(outcomes: Iterable[Outcome]) -> dict[tuple[str, int], Outcome]:
    """The departments, by code and year."""
    return {(one.code, one.year): one for one in outcomes if one.kind == "部门"}


def above_of(unit: Outcome, departments: Mapping[tuple[str, int], Outcome]) -> Outcome | None:
    """The department whose code that of a unit extends, by three digits a level: 113 → 113001."""
    code = unit.code
    keys = ((code[:end], unit.year) for end in range(len(code) - DIGITS, 0, -DIGITS))
    return next((departments[key] for key in keys if key in departments), None)


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
