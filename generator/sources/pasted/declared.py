"""Declared figures: what the pages say, to be compared with what the leaves add up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from generator import money
from generator.balance import DERIVED_MEASURES, MEASURES, TOTAL, rows_above
from generator.sources.pasted.found import Found, PastedTable, Places, Spot
from generator.sources.raw import Tree

DECLARED: Final = "申报数"


def declare(found: Found, tree: Tree, places: Places) -> None:
    """Put every amount of the pages into the tree, and the blanks where a figure is missed."""
    declared: list[dict[str, str]] = []
    spots = places.spots
    covered = _covered(found.tables.values())
    for table, pasted in found.tables.items():
        for (measure, row), cell in pasted.cells.items():
            spots[DECLARED, len(declared)] = Spot(pasted, cell.row, cell.column)
            declared.append(
                {"表": table, "行": row, "度量": measure, "金额": money.fixed(cell.amount)}
            )
        rows, measures = _live(pasted)
        for (measure, row), number, index in pasted.blanks:
            # A blank above amounts, or among them, may be a figure that was forgotten.
            if row in covered.get(measure, ()) or (row in rows and measure in measures):
                spots[DECLARED, len(declared)] = Spot(pasted, number, index)
                declared.append({"表": table, "行": row, "度量": measure, "金额": ""})
    tree[DECLARED] = declared


def _containing() -> dict[str, frozenset[str]]:
    """Each measure with the derived measures that it is a part of, near and far."""
    parts: dict[str, set[str]] = {}
    for measure, (_, direct) in DERIVED_MEASURES.items():
        parts[measure] = set(direct).union(*(parts.get(part, ()) for part in direct))
    return {m: frozenset(d for d, below in parts.items() if m in below) for m in MEASURES}


_CONTAINING: Final = _containing()


def _live(pasted: PastedTable) -> tuple[set[str], set[str]]:
    """The rows and the columns of subjects in which a table has any amount."""
    filled = [figure for figure, cell in pasted.cells.items() if cell.amount]
    return {row for _, row in filled} - {TOTAL}, {measure for measure, _ in filled}


def _covered(tables: Iterable[PastedTable]) -> dict[str, set[str]]:
    """Measure → the rows in which it cannot be zero, as some amount of some table is part of it."""
    rows: dict[str, set[str]] = {}
    for pasted in tables:
        for (measure, row), cell in pasted.cells.items():
            if cell.amount:
                rows.setdefault(measure, set()).add(row)
    covered: dict[str, set[str]] = {}
    for measure, own in rows.items():
        reach = own.union(*(rows_above(measure, row) for row in own))
        for above in (measure, *_CONTAINING[measure]):
            covered.setdefault(above, set()).update(reach)
    return covered
