"""The funds of 财政拨款收入 and 上年结转, which T2 does not print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from generator.balance import FUNDS
from generator.disclosure import FUND_TABLES, ExpenditureRow, IncomeRow
from generator.money import ZERO
from generator.sources.pasted.found import PastedTable

Split = dict[str, dict[str, Decimal]]
"""Amounts by fund and subject."""


class IncomeByFund(NamedTuple):
    """财政拨款收入 by fund, 上年结转 by fund and other money."""

    income: Split
    carry: Split
    undecided: list[str]  # subjects whose 财政拨款收入 may as well be of other funds


def split_income(tables: Mapping[str, PastedTable]) -> IncomeByFund:
    """By the expenditure of each subject in T5, T7 and T8, and by the sums of T4 or T1."""
    table = tables["T2"]
    spent = {fund: tables.get(id_) for fund, id_ in FUND_TABLES.items()}
    used = _used_funds(tables, spent)
    leaves = [code for code in sorted(table.codes) if len(code) == IncomeRow.LEAF_LENGTH]
    income: Split = {fund: {} for fund in FUNDS}
    carry: Split = {fund: {} for fund in (*FUNDS, "other")}
    undecided: list[str] = []
    loose: list[str] = []
    for code in leaves:
        out = {f: _sum(t, f, code) if t else ZERO for f, t in spent.items()}
        earned = table.get("income.fiscal", code)
        parts, certain = _by_fund(earned, out, used)
        if not certain:
            undecided.append(code)
        if earned != sum(out.values(), ZERO):
            loose.append(code)
        rest = table.get("carry_over.total", code)
        for fund in FUNDS:
            income[fund][code] = parts[fund]
            carry[fund][code] = min(rest, max(ZERO, out[fund] - parts[fund]))
            rest -= carry[fund][code]
        carry["other"][code] = rest
    if _fit_to_sums(tables, income, carry, loose):
        undecided = []
    return IncomeByFund(income, carry, undecided)


def _used_funds(
    tables: Mapping[str, PastedTable], spent: Mapping[str, PastedTable | None]
) -> list[str]:
    """The funds that any of the tables has money of."""
    whole = [tables[table] for table in ("T1", "T4") if table in tables]
    return [
        fund
        for fund, own in spent.items()
        if (own and any(cell.amount for cell in own.cells.values()))
        or any(table.get(f"income.{fund}") for table in whole)
    ]


def _fit_to_sums(
    tables: Mapping[str, PastedTable], income: Split, carry: Split, loose: Sequence[str]
) -> bool:
    """Let the sums by fund be those of T4, or of T1, if these do not contradict the others."""
    source = tables.get("T4") or tables.get("T1")
    if source is None:
        return False
    earned = {fund: source.get(f"income.{fund}") for fund in FUNDS}
    if sum(earned.values(), ZERO) != _whole(income):
        return False
    if source.form.table.id == "T4":
        carried = {fund: source.get(f"carry_over.{fund}") for fund in FUNDS}
        carried["other"] = _whole(carry) - sum(carried.values(), ZERO)
        if carried["other"] < 0 or not all(
            earned[fund] + carried[fund] == _spent(tables, fund) + source.get(f"year_end.{fund}")
            for fund in FUNDS
        ):
            return False
        _fit(carry, carried, loose)
    _fit(income, earned, loose)
    return True


def _spent(tables: Mapping[str, PastedTable], fund: str) -> Decimal:
    table = tables.get(FUND_TABLES[fund])
    if table is None:
        return ZERO
    leaves = (code for code in table.codes if len(code) == ExpenditureRow.LEAF_LENGTH)
    return sum((_sum(table, fund, code) for code in leaves), ZERO)


def _sum(table: PastedTable, fund: str, code: str) -> Decimal:
    return table.get(f"{fund}.basic", code) + table.get(f"{fund}.project", code)


def _whole(split: Split) -> Decimal:
    return sum((amount for part in split.values() for amount in part.values()), ZERO)


def _by_fund(
    earned: Decimal, out: Mapping[str, Decimal], used: Sequence[str]
) -> tuple[dict[str, Decimal], bool]:
    """A subject's 财政拨款收入 by the funds that it is spent from, and whether that is certain."""
    parts = dict.fromkeys(out, ZERO)
    funds = [fund for fund, amount in out.items() if amount] or list(used)
    if earned == sum(out.values(), ZERO):
        return dict(out), True
    rest = earned
    for fund in funds:
        parts[fund] = min(rest, out[fund])
        rest -= parts[fund]
    parts[funds[0] if funds else FUNDS[0]] += rest
    return parts, len(funds) == 1 or not earned


def _fit(split: Split, sums: Mapping[str, Decimal], loose: Sequence[str]) -> None:
    """Move amounts between funds within their subjects until the funds have the given sums.

    ``loose``: subjects whose funds do not follow from their expenditure; these are moved first.
    """
    excess = {f: sum(part.values(), ZERO) - sums[f] for f, part in split.items()}
    for over, part in split.items():
        if excess[over] <= 0:
            continue
        codes = (*loose, *(code for code in part if code not in loose))
        for under in split:
            for code in codes:
                moved = min(part[code], excess[over], -excess[under])
                if moved > 0:
                    part[code] -= moved
                    split[under][code] += moved
                    excess[over] -= moved
                    excess[under] += moved
