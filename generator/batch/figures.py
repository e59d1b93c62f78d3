"""The figures of one disclosure that the summary of a batch adds up."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from generator.balance import TOTAL
from generator.disclosure import Disclosure

_TOTALS: Final = (
    *("income.total", "expenditure.grand", "expenditure.basic", "expenditure.project"),
    *("income.general", "income.gov_fund", "income.state_capital", "income.special_account"),
    *("income.business", "income.operating", "income.superior", "income.subordinate"),
    *("income.other", "income.unit_funds", "income.subtotal"),
    *("carry_over.total", "year_end.total"),
    *("expenditure.total", "procurement.total", "asset.value"),
)
_SANGONG: Final = (
    *("sangong", "abroad", "abroad_teaching", "abroad_other", "vehicle", "vehicle_purchase"),
    *("vehicle_operation", "reception", "meeting", "training", TOTAL),
)
_FUNDS: Final = ("total", "general", "gov_fund", "state_capital")


def figures_of(disclosure: Disclosure) -> dict[str, str]:
    """万元 as text, by ``measure|row``; zeros are left out."""
    figures = disclosure.figures
    amounts: dict[str, Decimal] = {f"{m}|": figures.get(m) for m in _TOTALS}
    for row in figures.rows(["expenditure.total"]):
        if len(row) == 3:
            amounts[f"expenditure.total|{row}"] = figures.get("expenditure.total", row)
    for row in _SANGONG:
        for fund in _FUNDS:
            amounts[f"sangong.{fund}|{row}"] = figures.get(f"sangong.{fund}", row)
    for last in disclosure.last_year:
        if last.amount is not None:
            amounts[f"last|{last.item}"] = last.amount
    return {key: str(amount) for key, amount in amounts.items() if amount}
