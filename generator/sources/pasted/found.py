"""What the pages hold: the tables that were read, their amounts, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from generator.balance import TOTAL
from generator.money import ZERO
from generator.problem import Path, Place, Problem, input_problem
from generator.sources.pasted.forms import Figure, Form
from generator.sources.raw import Page, column_letters


class Cell(NamedTuple):
    """An amount and where it stands (row and column of the page, from 0)."""

    amount: Decimal
    row: int
    column: int


@dataclass(slots=True)
class PastedTable:
    """A page that was read."""

    form: Form
    page: Page
    cells: dict[Figure, Cell] = field(default_factory=dict)
    blanks: list[tuple[Figure, int, int]] = field(default_factory=list)
    codes: dict[str, tuple[int, str]] = field(default_factory=dict)  # page row and name
    columns: dict[int, int] = field(default_factory=dict)  # column of the table → of the page

    def get(self, measure: str, row: str = TOTAL) -> Decimal:
        cell = self.cells.get((measure, row))
        return cell.amount if cell else ZERO


@dataclass(slots=True)
class Found:
    """All that the pages hold."""

    file: str
    tables: dict[str, PastedTable] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unit: str | None = None
    unit_sheet: str = ""
    unknown: set[str] = field(default_factory=set)  # pages that are no tables

    def place(self, page: Page, row: int, column: int) -> Place:
        return Place(self.file, page.name, f"{column_letters(column)}{row + 1}")

    def place_of(self, table: PastedTable, measure: str, row: str) -> Place:
        """Where an amount stands, or the page that has no such cell."""
        if cell := table.cells.get((measure, row)):
            return self.place(table.page, cell.row, cell.column)
        return Place(self.file, table.page.name)

    def tell(self, rule: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(input_problem(rule, message, place=place, hint=hint))


class Spot(NamedTuple):
    """A cell of a pasted table."""

    pasted: PastedTable
    row: int
    column: int


class Places(Mapping[Path, Place]):
    """Places made when asked for: hundreds are known, few are needed."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self.spots: dict[Path, Spot | PastedTable] = {}

    def __getitem__(self, path: Path) -> Place:
        spot = self.spots[path]
        if isinstance(spot, PastedTable):
            return Place(self._found.file, spot.page.name)
        return self._found.place(spot.pasted.page, spot.row, spot.column)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)
