"""The department's leaves beside its units': cell by cell, and where each was filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from generator import money
from generator.balance import LEAF_MEASURES, MEASURES, ROW_NAMES, TOTAL, Figures
from generator.checks.subject import Subject
from generator.disclosure import Disclosure
from generator.disclosure.rows import (
    FUND_MEASURES,
    SANGONG_ROWS,
    BasicRow,
    ExpenditureRow,
    IncomeRow,
    SangongRow,
    YearEnd,
)
from generator.disclosure.values import Model
from generator.money import ZERO
from generator.problem import Path

# --- which leaves -------------------------------------------------------------------------------

TRANSFERS: Final = {
    "expenditure.to_subordinate": "income.superior",
    "expenditure.to_superior": "income.subordinate",
}
"""What one unit pays and another receives: both leave the department's figures."""

_EXEMPT: Final = frozenset({*TRANSFERS, *TRANSFERS.values()})

_SUMMED: Final = tuple(
    measure
    for measure in LEAF_MEASURES
    if measure.partition(".")[0] not in ("procurement", "asset") and measure not in _EXEMPT
)
"""Every leaf of T1 to T9; all other cells are sums of these, in the department as in its units."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One leaf of the department and what its units have there."""

    measure: str
    row: str
    own: Decimal
    parts: tuple[Decimal, ...]

    @property
    def sum(self) -> Decimal:
        return sum(self.parts, ZERO)

    @property
    def label(self) -> str:
        row = ROW_NAMES.get(self.row, self.row)
        return f"{row} {MEASURES[self.measure]}" if row else MEASURES[self.measure]


def leaf_cells(subject: Subject) -> Iterator[Cell]:
    """Every leaf that the department or one of its units has."""
    own, below = subject.figures, [unit.figures for unit in subject.units]
    for measure in _SUMMED:
        rows = {row for f in (own, *below) for row in _leaves(f, measure)}
        for row in sorted(rows):
            parts = tuple(figures.get(measure, row) for figures in below)
            yield Cell(measure, row, own.get(measure, row), parts)


def _leaves(figures: Figures, measure: str) -> Iterator[str]:
    family = measure.partition(".")[0]
    if family == "year_end":
        yield TOTAL
        return
    for row in figures.rows([measure]):
        if family == "sangong":
            if row in _SANGONG_LEAVES:
                yield row
        elif len(row) == (5 if family == "economic" else 7):
            yield row


_SANGONG_LEAVES: Final = frozenset(SANGONG_ROWS.values()) - {"abroad", "vehicle", "sangong", ""}


def slack(subject: Subject, numbers: int) -> Decimal:
    """What so many figures can differ by when they were filled in in 元: nothing else differs.

    Every budget is rounded on its own, each cell to one of its two neighbours.
    """
    return money.CENT * numbers if subject.rounded else ZERO


# --- where a leaf stands ------------------------------------------------------------------------

RowT = TypeVar("RowT", bound=Model)


def path_of(disclosure: Disclosure, measure: str, row: str) -> Path:
    """The path of a leaf's cell; of its sheet, where it was not filled in."""
    family, _, part = measure.partition(".")
    match family:
        case "income":
            return _cell_of("收入", disclosure.income, IncomeRow, part, lambda r: r.code == row)
        case "carry_over":
            field = f"carry_{part}"
            return _cell_of("收入", disclosure.income, IncomeRow, field, lambda r: r.code == row)
        case "year_end":
            return ("年终结转", YearEnd.model_fields[part].alias or part)
        case "economic":
            return _cell_of("基本支出", disclosure.basic, BasicRow, part, lambda r: r.code == row)
        case "sangong":
            lines = disclosure.sangong
            return _cell_of(
                "三公经费", lines, SangongRow, part, lambda r: SANGONG_ROWS[r.item] == row
            )
    fund = "other" if family == "expenditure" else family
    return _cell_of(
        *("支出", disclosure.expenditure, ExpenditureRow, part),
        lambda r: r.code == row and r.fund is not None and FUND_MEASURES[r.fund] == fund,
    )


def _cell_of(
    sheet: str,
    rows: tuple[RowT, ...],
    model: type[RowT],
    field: str,
    fits: Callable[[RowT], bool],
) -> Path:
    column = model.model_fields[field].alias or field
    return next(((sheet, i, column) for i, row in enumerate(rows) if fits(row)), (sheet,))
