"""Purchases: the rows of 政府采购, where their cells stand, and how findings tell them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.checks.rule import Finding
from generator.checks.subject import Subject
from generator.disclosure import ProcurementRow
from generator.money import ZERO
from generator.problem import Path

MANY: Final = 5
"""So many rows with the same fault are told one by one; more are one finding."""


def purchases(subject: Subject) -> Iterator[tuple[int, ProcurementRow]]:
    """The rows that are purchases, not sums."""
    for i, row in enumerate(subject.disclosure.procurement):
        if row.sum_row is None:
            yield i, row


def cell(i: int, column: str) -> Path:
    return ("政府采购", i, column)


def called(row: ProcurementRow) -> str:
    """How a message calls a purchase; its place says where it stands."""
    return f"“{row.goods}”（{row.project}）" if row.project else f"“{row.goods}”"


def column_of(field: str) -> str:
    """The column of 政府采购 that a field of its rows is filled in in."""
    return ProcurementRow.model_fields[field].alias or field


def amount_paths(i: int, row: ProcurementRow) -> tuple[Path, ...]:
    """The cells that make up the amount of a purchase."""
    return tuple(cell(i, column_of(f)) for f in ProcurementRow.FUNDS if getattr(row, f))


def largest_cell(i: int, row: ProcurementRow) -> Path:
    """The cell where most of the amount stands."""
    fund = max(ProcurementRow.FUNDS, key=lambda f: getattr(row, f) or ZERO)
    return cell(i, column_of(fund))


def tell_each(
    spots: list[tuple[Path, str]], what: str, hint: str, about: str = "行采购"
) -> Iterator[Finding]:
    """One finding for each row, or one for all where there are many."""
    if len(spots) > MANY:
        shown = "、".join(text for _, text in spots[:MANY])
        yield Finding(
            f"{len(spots)} {about}{what}：{shown}等",
            spots[0][0],
            hint=hint,
            involved=tuple(path for path, _ in spots),
        )
        return
    for path, text in spots:
        yield Finding(f"{text}{what}", path, hint=hint, involved=(path,))
