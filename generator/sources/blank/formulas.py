"""The formulas of the form workbook, as text: sums of leaves, row totals, relations, progress.

Every sum comes from the measures and relations of :mod:`generator.balance`, so that the workbook
and the program cannot disagree. Only functions that Excel, WPS and LibreOffice share: SUMPRODUCT
over ``--(condition)`` ignores text among the amounts in all three; no array formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from generator.balance import (
    ASSET_DETAIL_PREFIX,
    DERIVED_MEASURES,
    TOTAL,
    Cross,
    Term,
    rows_above,
)
from generator.disclosure import (
    ASSET_TOTAL,
    FUND_MEASURES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    AssetRow,
    BasicRow,
    ExpenditureRow,
    IncomeRow,
    Model,
    ProcurementRow,
    SangongRow,
    YearEnd,
)
from generator.sources.layout import CODE, KEY_COLUMN

TOTAL_ROW: Final = 2
HEADER_ROW: Final = 3
FIRST_ROW: Final = 4

_FUND: Final = "资金性质"
_GOODS: Final = "采购物品名称"
_CODE_LENGTHS: Final = {"收入": 7, "支出": 7, "基本支出": 5}
_CENTS: Final = "ROUND({},2)"


@dataclass(frozen=True, slots=True)
class Area:
    """The entry rows of a sheet: the letters of its columns, and its last row."""

    sheet: str
    letters: Mapping[str, str]
    last: int
    first: int = FIRST_ROW

    def all(self, column: str) -> str:
        """A whole column: ``'收入'!$A$4:$A$83``."""
        letter = self.letters[column]
        return f"'{self.sheet}'!${letter}${self.first}:${letter}${self.last}"

    def cell(self, column: str, row: int, *, outside: bool = False) -> str:
        """One cell: ``$A4``, or ``'收入'!$A$4`` as other sheets write it."""
        letter = self.letters[column]
        return f"'{self.sheet}'!${letter}${row}" if outside else f"${letter}{row}"


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def one_of(texts: Iterable[str]) -> str:
    """An array of texts inside a formula: ``{"甲","乙"}``."""
    return "{" + ",".join(map(quoted, texts)) + "}"


def _where(conditions: Iterable[str], amounts: str = "") -> str:
    terms = [f"--({condition})" for condition in conditions]
    return f"SUMPRODUCT({','.join([*terms, amounts] if amounts else terms)})"


# --- which rows count -----------------------------------------------------------------------


def _leaves_of(row: str) -> list[str]:
    """The entered items of 三公经费 that a row of T9 contains, itself among them."""
    return [
        name
        for name, key in SANGONG_ROWS.items()
        if key not in SANGONG_SUM_ROWS and row in (key, *rows_above("sangong.total", key))
    ]


def _conditions(area: Area, row: str) -> list[str]:
    """What picks the leaves of a row: of the total row, a class, a code, a row of T9."""
    if area.sheet == "三公经费":
        return [f"ISNUMBER(MATCH({area.all(KEY_COLUMN)},{one_of(_leaves_of(row))},0))"]
    if area.sheet == "政府采购":
        return [f"LEN({area.all(_GOODS)})>0"]
    if area.sheet == "国有资产":
        items = area.all(KEY_COLUMN)
        width = len(ASSET_DETAIL_PREFIX)
        return [
            f"LEFT({items},{width})<>{quoted(ASSET_DETAIL_PREFIX)}",
            f"{items}<>{quoted(ASSET_TOTAL)}",
        ]
    codes, length = area.all(CODE), _CODE_LENGTHS[area.sheet]
    if len(row) == length:
        return [f'{codes}&""={quoted(row)}']
    leaves = [f'LEN({codes}&"")={length}']
    return [*leaves, f'LEFT({codes}&"",{len(row)})={quoted(row)}'] if row else leaves


# --- measures -------------------------------------------------------------------------------


def _alias(model: type[Model], field: str) -> str:
    return model.model_fields[field].alias or field


def _sources() -> dict[str, tuple[str, str, str]]:
    """Leaf measure → sheet, column, and the fund that its rows must name (支出 only)."""
    found = {m: ("收入", _alias(IncomeRow, f), "") for f, m in IncomeRow.MEASURES.items()}
    for name, fund in FUND_MEASURES.items():
        for kind in ("basic", "project"):
            found[f"{fund}.{kind}"] = ("支出", _alias(ExpenditureRow, kind), name)
        found[f"year_end.{fund}"] = ("年终结转", _alias(YearEnd, fund), "")
    rows: tuple[tuple[str, str, type[Model], tuple[str, ...]], ...] = (
        ("支出", "expenditure", ExpenditureRow, ("operating", "to_superior", "to_subordinate")),
        ("基本支出", "economic", BasicRow, ("personnel", "public")),
        ("三公经费", "sangong", SangongRow, ("general", "gov_fund", "state_capital")),
        ("政府采购", "procurement", ProcurementRow, (*ProcurementRow.FUNDS, "reserved")),
        ("国有资产", "asset", AssetRow, ("value",)),
    )
    for sheet, family, model, fields in rows:
        for field in fields:
            found[f"{family}.{field}"] = (sheet, _alias(model, field), "")
    return found


SOURCES: Final = _sources()


def leaves(measure: str) -> tuple[str, ...]:
    """The entered measures that a measure is the sum of."""
    if measure in SOURCES:
        return (measure,)
    return tuple(leaf for part in DERIVED_MEASURES[measure][1] for leaf in leaves(part))


class Sums:
    """Formulas of figures over the sheets of one workbook; none of them begins with ``=``."""

    def __init__(self, areas: Mapping[str, Area], year_end: Mapping[str, str]) -> None:
        """``year_end``: the cell of each fund's 年终结转."""
        self._areas = areas
        self._year_end = year_end

    def column(self, sheet: str, column: str, row: str = TOTAL, below: int = 0) -> str:
        """The leaves of a column that belong to a row; ``below``: only those under a line."""
        area = self._areas[sheet]
        if below:
            area = replace(area, first=below + 1)
        return _CENTS.format(_where(_conditions(area, row), area.all(column)))

    def leaf(self, measure: str, row: str = TOTAL) -> str:
        """An entered measure in a row."""
        sheet, column, fund = SOURCES[measure]
        if sheet == "年终结转":
            return f"SUM({self._year_end[column]})"
        if not fund:
            return self.column(sheet, column, row)
        area = self._areas[sheet]
        conditions = [*_conditions(area, row), f"{area.all(_FUND)}={quoted(fund)}"]
        return _CENTS.format(_where(conditions, area.all(column)))

    def figure(self, measure: str, row: str = TOTAL) -> str:
        """A measure in a row, worked out from the sheets."""
        return "+".join(self.leaf(leaf, row) for leaf in leaves(measure))

    def whole(self, measure: str, cells: Mapping[str, str]) -> str:
        """A measure in the total row; ``cells`` holds the entered measures."""
        return _CENTS.format("+".join(cells[leaf] for leaf in leaves(measure)))

    def side(self, term: Term, cells: Mapping[str, str]) -> str:
        """One side of a relation; ``cells`` holds the entered measures of the total row."""
        if term.row != TOTAL:
            return _CENTS.format(self.figure(term.measure, term.row))
        return self.whole(term.measure, cells)

    def applies(self, relation: Cross) -> str:
        """Whether T9 has the row that the relation needs: something is entered in it."""
        if not relation.needs_row:
            return ""
        area = self._areas["三公经费"]
        entered = "+".join(f"LEN({area.all(column)})" for column in row_totals(SangongRow)["合计"])
        return _where([*_conditions(area, relation.needs_row), f"{entered}>0"]) + ">0"


def row_totals(model: type[Model]) -> dict[str, tuple[str, ...]]:
    """The total columns of a sheet and the columns that each is the sum of."""
    if model is IncomeRow:
        column = {measure: _alias(model, f) for f, measure in IncomeRow.MEASURES.items()}
        return {
            _alias(model, field): tuple(column[leaf] for leaf in leaves(measure))
            for field, measure in IncomeRow.TOTALS.items()
        }
    measures: dict[type[Model], str] = {
        ExpenditureRow: "expenditure.total",
        BasicRow: "economic.total",
        SangongRow: "sangong.total",
        ProcurementRow: "procurement.total",
    }
    if model not in measures:
        return {}
    fields = [part.rpartition(".")[2] for part in DERIVED_MEASURES[measures[model]][1]]
    return {_alias(model, "total"): tuple(_alias(model, field) for field in fields)}


def row_total(area: Area, columns: Iterable[str], row: int) -> str:
    """The sum of some cells of a row; nothing where nothing is entered."""
    cells = ",".join(_runs([area.letters[column] for column in columns], row))
    return f'IF(COUNT({cells})=0,"",{_CENTS.format(f"SUM({cells})")})'


def _runs(letters: list[str], row: int) -> list[str]:
    """Neighbouring cells as ranges, as an accountant would write the sum: C4:K4."""
    runs: list[list[str]] = []
    for letter in letters:
        if runs and len(letter) == 1 and ord(letter) == ord(runs[-1][-1]) + 1:
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return [f"{r[0]}{row}:{r[-1]}{row}" if len(r) > 1 else f"{r[0]}{row}" for r in runs]


# --- names, progress ------------------------------------------------------------------------


def looked_up(code: str, table: str) -> str:
    """The name of a code, nothing for an unknown one."""
    return f'IF({code}="","",IFERROR(VLOOKUP({code}&"",{table},2,FALSE),""))'


def filled_rows(area: Area, columns: Iterable[str]) -> str:
    """The condition that something is entered in a row."""
    return "+".join(f"LEN({area.all(column)})" for column in columns) + ">0"


def progress(
    area: Area,
    entered: Iterable[str],
    missing: Iterable[Iterable[str]],
    only: Iterable[str] = (),
    none: str = "还没有填",
    absent: Iterable[Iterable[str]] = (),
) -> str:
    """已填 12 行，缺 2 处. ``missing``: conditions under which a filled row lacks something.

    ``absent``: the same for a row whether it is filled or not.
    """
    filled = [filled_rows(area, entered), *only]
    count = _where(filled)
    counts = [_where([*filled, *conditions]) for conditions in missing]
    lacking = "+".join([*counts, *map(_where, absent)]) or "0"
    return (
        f'IF({count}=0,{quoted(none)},"已填 "&{count}&" 行"&'
        f'IF({lacking}=0,"","，缺 "&({lacking})&" 处"))'
    )


def missing_cells(area: Area, required: Iterable[str]) -> list[list[str]]:
    """Under which conditions a filled row lacks something: rows 合计, 小计 lack other things."""
    found: list[list[str]] = []
    for column in required:
        blank = f"LEN({area.all(column)})=0"
        if column == CODE:
            found.append([blank, f'{area.all("科目名称")}<>"合计"'])
        elif column == _FUND:
            found.append([blank, f'LEN({area.all(CODE)}&"")={_CODE_LENGTHS[area.sheet]}'])
        elif column in (_GOODS, "单位"):
            found.append([blank, f'RIGHT({area.all("项目名称")},1)<>"计"'])
        else:
            found.append([blank])
    return found
