"""The budget as it is published: every amount in 万元."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from generator.disclosure import Basics, Disclosure, Model, ProcurementRow
from generator.money import ZERO, fixed
from generator.problem import Path, Problem, input_problem
from generator.rounding.budget import column, flow
from generator.rounding.network import nearest


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell that is not published as its own half-up rounding (万元)."""

    path: Path
    exact: Decimal
    half_up: Decimal
    published: Decimal


def in_wan(disclosure: Disclosure) -> tuple[Disclosure, list[Problem]]:
    """The disclosure in 万元, as published, and each cell that is not its own half-up rounding.

    A unit may be filled in in 元 where its department is in 万元, and the other way round.
    """
    if disclosure.basics.unit == "元":
        published, moved = to_wan(disclosure)
        return published, [
            input_problem(
                "FMT102",
                f"{fixed(cell.exact * 10_000)} 元四舍五入是 {fixed(cell.half_up)} 万元，"
                f"为使各表相等印作 {fixed(cell.published)}",
                cell.path,
            )
            for cell in moved
        ]
    if all(unit.basics.unit == "万元" for unit in disclosure.subordinates):
        return disclosure, []
    adjusted: list[Problem] = []
    subordinates: list[Disclosure] = []
    for i, unit in enumerate(disclosure.subordinates):
        converted, found = in_wan(unit)
        subordinates.append(converted)
        adjusted += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return disclosure.model_copy(update={"subordinates": tuple(subordinates)}), adjusted


def to_wan(disclosure: Disclosure) -> tuple[Disclosure, list[Moved]]:
    """A disclosure in 元 as one in 万元, and the cells that had to give way, in their order.

    It balances as it did in 元; a draft stays a draft. Every unit is rounded on its own.
    """
    cells = flow(disclosure).cells
    moved = [
        Moved(path, Decimal(arc.exact).scaleb(-6), half_up, published)
        for path, arc in cells.items()
        if (published := _wan(arc.published)) != (half_up := _wan(nearest(arc.exact)))
    ]
    units: list[Disclosure] = []
    for i, unit in enumerate(disclosure.subordinates):
        if unit.basics.unit != disclosure.basics.unit:
            units.append(unit)  # it was filled in in 万元
            continue
        converted, below = to_wan(unit)
        units.append(converted)
        moved += [replace(cell, path=("所属单位", i, *cell.path)) for cell in below]
    amounts = {path: _wan(arc.published) for path, arc in cells.items()}
    leaves = _published(disclosure, tuple(units), amounts, draft=True)
    amounts |= _totals(disclosure, leaves)
    return _published(disclosure, tuple(units), amounts, _unbalanced(disclosure)), moved


def _wan(steps: int) -> Decimal:
    return Decimal(steps).scaleb(-2)


def _unbalanced(disclosure: Disclosure) -> bool:
    return bool(disclosure.imbalances) or any(map(_unbalanced, disclosure.subordinates))


def _totals(exact: Disclosure, leaves: Disclosure) -> dict[Path, Decimal]:
    """Totals that the input carries, as sums of the published cells. A wrong one stays wrong."""
    return {
        total.path: leaves.figures.get(total.measure, total.row)
        for total in exact.declared()
        if total.amount == exact.figures.get(total.measure, total.row)
    }


def _published(
    disclosure: Disclosure,
    units: tuple[Disclosure, ...],
    amounts: Mapping[Path, Decimal],
    draft: bool,
) -> Disclosure:
    """The disclosure with these amounts; an amount that is not among them is half up."""
    fields: dict[str, object] = {"subordinates": units}
    for name, info in Disclosure.model_fields.items():
        value, sheet = getattr(disclosure, name), info.alias or name
        if isinstance(value, tuple):
            rows = (_row(row, (sheet, i), amounts) for i, row in enumerate(value))
            fields.setdefault(name, tuple(rows))
        else:
            fields[name] = _row(value, (sheet,), amounts) if isinstance(value, Model) else value
    return Disclosure.model_validate(fields, context={"draft": draft})


RowT = TypeVar("RowT", bound=Model)


def _row(row: RowT, at: Path, amounts: Mapping[Path, Decimal]) -> RowT:
    changed: dict[str, Any] = {}
    for field in type(row).model_fields:
        value = getattr(row, field)
        if field == "unit_price" and value is not None:
            changed[field] = value.scaleb(-4).quantize(Decimal("1e-6"), ROUND_HALF_UP)
        elif isinstance(value, Decimal) and field != "quantity":
            half_up = _wan(nearest(int(value.scaleb(2))))
            # A pasted figure goes by its row alone.
            changed[field] = amounts.get((*at, column(row, field)), amounts.get(at, half_up))
    if isinstance(row, ProcurementRow) and row.total == row.amount:
        # 合计 of a purchase is compared within its row only.
        changed["total"] = sum((changed.get(fund, ZERO) for fund in row.FUNDS), ZERO)
    if isinstance(row, Basics):
        changed["unit"] = "万元"
    return row.model_copy(update=changed) if changed else row
