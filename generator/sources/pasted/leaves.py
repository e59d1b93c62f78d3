"""The leaves that stand in the tables, as rows of the input's own sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from generator import money
from generator.balance import FUNDS, TOTAL
from generator.disclosure import (
    FUND_MEASURES,
    FUND_TABLES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    BasicRow,
    ExpenditureRow,
    IncomeRow,
    Model,
    SangongRow,
    YearEnd,
)
from generator.money import ZERO
from generator.pack import Pack, Subject
from generator.problem import Place
from generator.sources.layout import aliases
from generator.sources.pasted.found import Found, PastedTable, Places, Spot
from generator.sources.pasted.funds import split_income
from generator.sources.raw import Tree

_FUND_NAMES: Final = {measure: name for name, measure in FUND_MEASURES.items()}
_NEEDED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "收入": ("T2", ("T2", *FUND_TABLES.values())),
    "支出": ("T3", ("T3", *FUND_TABLES.values())),
    "基本支出": ("T6", ("T6",)),
    "三公经费": ("T9", ("T9",)),
}
"""For the leaves of a sheet: the table that stands for it, and all that are read."""


class Leaves:
    """Adds rows to the sheets of a tree that have none, and to ``places`` where they stand."""

    def __init__(self, found: Found, pack: Pack, tree: Tree, places: Places) -> None:
        self._found = found
        self._tables = found.tables
        self._pack = pack
        self._named: set[tuple[str, bool]] = set()
        # What does not add up for want of a value that could not be read is no finding of its own.
        self._complete = all(problem.rule in ("INP102", "TBL010") for problem in found.problems)
        self._tree = tree
        self._spots = places.spots

    def add(self) -> None:
        missing: dict[str, list[str]] = {}
        made: set[str] = set()
        for sheet, make in (
            ("收入", self._income),
            ("支出", self._expenditure),
            ("基本支出", self._basic),
            ("三公经费", self._sangong),
        ):
            main, needed = _NEEDED[sheet]
            pasted = [table for table in needed if table in self._tables]
            # T5, T7 and T8 alone say enough of 支出 to ask for the rest, not of 收入.
            if self._tree.get(sheet) or not (main in pasted or (pasted and sheet == "支出")):
                continue
            for table in needed:
                if table not in self._tables:
                    missing.setdefault(table, []).append(sheet)
            made.add(sheet)
            self._tree[sheet] = []
            self._spots[sheet,] = self._tables[main if main in pasted else pasted[0]]
            make()
        # Who fills 收入 and 支出 in and leaves 年终结转 blank has none.
        if made & {"收入", "支出"}:
            self._year_end()
        for table, sheets in sorted(missing.items()):
            self._tell_missing_table(table, sheets)

    def _income(self) -> None:
        table = self._tables["T2"]
        income, carry, undecided = split_income(self._tables)
        if self._complete:
            self._tell_undecided(table, undecided)
        for code in sorted(filter(None, table.codes)):
            if len(code) < IncomeRow.LEAF_LENGTH:
                self._name_only("收入", table, code, self._pack.functional)
                continue
            amounts: dict[str, tuple[Decimal, str]] = {}
            for name, measure in IncomeRow.MEASURES.items():
                family, _, part = measure.partition(".")
                if family == "carry_over":
                    amount, column = carry[part].get(code, ZERO), "carry_over.total"
                elif part in FUNDS:
                    amount, column = income[part].get(code, ZERO), "income.fiscal"
                else:
                    amount, column = table.get(measure, code), measure
                amounts[_columns_of(IncomeRow)[name]] = (amount, column)
            self._leaf("收入", table, code, amounts)

    def _expenditure(self) -> None:
        funds = [(f, self._tables[t]) for f, t in FUND_TABLES.items() if t in self._tables]
        whole = self._tables.get("T3")
        tables = [table for _, table in funds] + ([whole] if whole else [])
        for code in sorted({code for table in tables for code in table.codes if code}):
            if len(code) < ExpenditureRow.LEAF_LENGTH:
                table = next(t for t in tables if code in t.codes)
                self._name_only("支出", table, code, self._pack.functional)
                continue
            for fund, table in funds:
                if code in table.codes:
                    amounts = {
                        _columns_of(ExpenditureRow)[kind]: (
                            table.get(f"{fund}.{kind}", code),
                            f"{fund}.{kind}",
                        )
                        for kind in ("basic", "project")
                    }
                    self._leaf("支出", table, code, amounts, {"资金性质": _FUND_NAMES[fund]})
            if whole is not None:
                self._other_funds(whole, funds, code)

    def _other_funds(
        self, whole: PastedTable, funds: Sequence[tuple[str, PastedTable]], code: str
    ) -> None:
        """What T3 has more than the tables of the funds; less is found where they are compared."""
        amounts: dict[str, tuple[Decimal, str]] = {}
        for kind in ("basic", "project", "operating", "to_superior", "to_subordinate"):
            measure = f"expenditure.{kind}"
            fiscal = sum((table.get(f"{fund}.{kind}", code) for fund, table in funds), ZERO)
            rest = whole.get(measure, code) - fiscal
            amounts[_columns_of(ExpenditureRow)[kind]] = (max(rest, ZERO), measure)
        if code in whole.codes:
            self._leaf("支出", whole, code, amounts, {"资金性质": _FUND_NAMES["other"]})

    def _basic(self) -> None:
        table = self._tables["T6"]
        for code in sorted(filter(None, table.codes)):
            if len(code) < BasicRow.LEAF_LENGTH:
                self._name_only("基本支出", table, code, self._pack.economic)
                continue
            amounts = {
                _columns_of(BasicRow)[kind]: (
                    table.get(f"economic.{kind}", code),
                    f"economic.{kind}",
                )
                for kind in ("personnel", "public")
            }
            self._leaf("基本支出", table, code, amounts)

    def _sangong(self) -> None:
        table = self._tables["T9"]
        for item, key in SANGONG_ROWS.items():
            amounts = {
                _columns_of(SangongRow)[fund]: (
                    table.get(f"sangong.{fund}", key),
                    f"sangong.{fund}",
                )
                for fund in FUNDS
            }
            if key not in SANGONG_SUM_ROWS:
                self._record("三公经费", table, key, amounts, {"项目": item})

    def _leaf(
        self,
        sheet: str,
        table: PastedTable,
        code: str,
        amounts: Mapping[str, tuple[Decimal, str]],
        more: Mapping[str, str] | None = None,
    ) -> None:
        number, name = table.codes[code]
        words = {"科目编码": code, **({"科目名称": name} if name else {}), **(more or {})}
        at = len(self._tree[sheet])
        if self._record(sheet, table, code, amounts, words):
            form, columns, spots = table.form, table.columns, self._spots
            for word, content in (("科目编码", "编码"), ("科目名称", "名称")):
                index = columns.get(form.column(content), 0)
                spots[sheet, at, word] = Spot(table, number, index)
            spots[sheet, at] = spots[sheet, at, "科目编码"]

    def _record(
        self,
        sheet: str,
        table: PastedTable,
        row: str,
        amounts: Mapping[str, tuple[Decimal, str]],
        words: Mapping[str, str],
    ) -> bool:
        """Add a row of the input unless all its amounts are zero; amounts come from measures."""
        records, spots = self._tree[sheet], self._spots
        path = (sheet, len(records))
        filled = {column: money.fixed(amount) for column, (amount, _) in amounts.items() if amount}
        for column in filled:
            if cell := table.cells.get((amounts[column][1], row)):
                spots[*path, column] = spots[path] = Spot(table, cell.row, cell.column)
        if filled:
            records.append({**words, **filled})
        return bool(filled)

    def _name_only(
        self, sheet: str, table: PastedTable, code: str, listed: Mapping[str, Subject]
    ) -> None:
        """A 类 or 款 that the pack's list does not vouch for is called as in the table."""
        number, name = table.codes[code]
        subject = listed.get(code)
        vouched = subject is not None and subject.name == name and subject.status == "verified"
        key = (code, sheet == "基本支出")
        if not name or vouched or key in self._named:
            return
        self._named.add(key)
        path = (sheet, len(self._tree[sheet]))
        index = table.columns.get(table.form.column("名称"), 0)
        self._spots[path] = Spot(table, number, index)
        self._tree[sheet].append({"科目编码": code, "科目名称": name})

    def _year_end(self) -> None:
        """年终结转: by fund from T4, and what T1 has more is other money."""
        sheet = "年终结转"
        if any(self._tree.get(sheet, {}).values()):
            return
        fiscal, whole = self._tables.get("T4"), self._tables.get("T1")
        left: dict[str, tuple[PastedTable, str, Decimal]] = {}
        if fiscal is not None:
            for fund in FUNDS:
                left[fund] = (fiscal, f"year_end.{fund}", fiscal.get(f"year_end.{fund}"))
        if whole is not None:
            total = whole.get("year_end.total")
            if total and fiscal is None:
                self._tell_year_end_without_funds(whole)
                return
            rest = total - sum((amount for _, _, amount in left.values()), ZERO)
            left["other"] = (whole, "year_end.total", max(rest, ZERO))
        record: dict[str, str] = {}
        for fund, (table, measure, amount) in left.items():
            if amount:
                column, cell = _columns_of(YearEnd)[fund], table.cells[measure, TOTAL]
                record[column] = money.fixed(amount)
                spot = Spot(table, cell.row, cell.column)
                self._spots[sheet, column] = spot
                self._spots.setdefault((sheet,), spot)
        if record:
            self._tree[sheet] = record

    # --- what the tables do not tell ------------------------------------------------------------

    def _tell_missing_table(self, table: str, sheets: Sequence[str]) -> None:
        name = self._pack.tables[table].name
        self._found.tell(
            "INP101",
            f"没有粘贴{name}（表{table[1:]}），{'、'.join(f'“{s}”' for s in sheets)}取不全数",
            Place(self._found.file),
            "没有数的表也请粘贴空表；或者填写上面说的工作表。",
        )

    def _tell_undecided(self, table: PastedTable, codes: Iterable[str]) -> None:
        for code in codes:
            amount = money.fixed(table.get("income.fiscal", code))
            self._found.tell(
                "INP104",
                f"科目 {code} 的财政拨款收入 {amount} 分不清各属哪项资金",
                self._found.place_of(table, "income.fiscal", code),
                "请粘贴财政拨款收支总表（表4）并核对它的数，或在“收入”里按资金填写。",
            )

    def _tell_year_end_without_funds(self, whole: PastedTable) -> None:
        amount = money.fixed(whole.get("year_end.total"))
        self._found.tell(
            "INP104",
            f"年终结转结余 {amount} 分不清各属哪项资金",
            self._found.place_of(whole, "year_end.total", TOTAL),
            "请粘贴财政拨款收支总表（表4），或填写“年终结转”。",
        )


@cache
def _columns_of(model: type[Model]) -> dict[str, str]:
    """The columns of a sheet by the names of the model's fields."""
    return dict(zip(model.model_fields, aliases(model), strict=True))
