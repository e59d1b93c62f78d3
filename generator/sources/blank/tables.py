"""The table sheets of the form workbook: cells, live totals, drop-downs, red cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from generator import money
from generator.balance import SANGONG_PARENT, TOTAL
from generator.disclosure import SANGONG_ROWS, ExpenditureRow
from generator.references import AMOUNTS, CHANGES
from generator.sources.blank.asked import Asked
from generator.sources.blank.columns import (
    CATALOGUE,
    CATALOGUE_NAME,
    CHANGE,
    THIS_YEAR,
    Column,
    choices_of,
    required_columns,
)
from generator.sources.blank.flags import Flags, entered
from generator.sources.blank.formulas import (
    FIRST_ROW,
    HEADER_ROW,
    SOURCES,
    TOTAL_ROW,
    Area,
    looked_up,
    missing_cells,
    one_of,
    progress,
    quoted,
    row_total,
    row_totals,
)
from generator.sources.blank.look import (
    Book,
    choices,
    finish,
    fit,
    flag,
    letter,
    link,
    note,
    numbers,
    width,
)
from generator.sources.blank.plan import SUM_KEYS, Plan
from generator.sources.layout import (
    CODE,
    GUIDE,
    KEY_COLUMN,
    PREFILLED,
    PROJECT_NAME,
    PROJECTS,
    Sheet,
)

ORANGE, BLUE, GREEN, GREY = "F4B183", "9DC3E6", "A9D18E", "BFBFBF"

_HINTS: Final[dict[str, str]] = {
    "机构设置": "部门本级和每个所属单位各一行；同类的单位可以并成一行。",
    "上年数": "填上一年预算公开的数，上年没有的填 0；有增减的写原因，接在“主要是”后面。"
    "灰字的项用不到。",
    "绩效指标": "每条指标一行，项目名称从下拉列表里选。",
    "名词解释": "只在要改动或增加名词时填；固定的名词由程序写。",
    "核对例外": "核对报告里的警告，确实无误要照样公开的，在这里写明规则编号、位置、原因和责任人；"
    "算不平的错误不能例外。",
    "所属单位": "每个单位一份自己的工作簿（新建时加 --kind 单位），放在同一个文件夹里，"
    "这里写文件名，如 某某站.xlsx；没有就空着。",
}
_TABS: Final = {
    "名词解释": BLUE,
    "核对例外": BLUE,
    "所属单位": BLUE,
    "国有资产": BLUE,
    "政府采购": BLUE,
}
_NONE: Final = "没有就空着"
_MAY_BE_EMPTY: Final = ("政府采购", "名词解释", "核对例外", "所属单位")
_LOOSE: Final = ("单位性质", "单位规格", "经费保障形式", "一级指标", "二级指标")


def head(
    book: Book,
    page: Any,
    progress_of: str,
    widths: Iterable[float],
    unit: str = "",
) -> str:
    """Row 1: title, unit of money, progress, the way back. Returns the cell of the progress."""
    if unit:
        book.formula(page, 1, 1, f'{quoted(page.title + "（")}&{unit}&"）"', "title")
    else:
        book.put(page, 1, 1, page.title, "title")
    room = 3.4 * (len(page.title) + (4 if unit else 0)) + 3
    at, across = 1, 0.0
    for at, one in enumerate(widths, 1):
        if across >= room and at > 1:
            break
        across += one
    else:
        at += 1
    book.formula(page, 1, at, progress_of, "progress")
    book.put(page, 1, at + 1, "返回填写说明", "link")
    link(page, f"{letter(at + 1)}1", GUIDE)
    cell = f"${letter(at)}$1"
    flag(page, cell, f'ISNUMBER(SEARCH("缺",{cell}))', "amber")
    return cell


class TablePage:
    """One table sheet, written at once."""

    def __init__(self, book: Book, plan: Plan, sheet: Sheet) -> None:
        self._book, self._plan, self._sheet = book, plan, sheet
        self._area: Area = plan.areas[sheet.name]
        self._columns: tuple[Column, ...] = plan.columns[sheet.name]
        self._totals = row_totals(sheet.model) if sheet.model else {}
        self._sum_keys = SUM_KEYS.get(sheet.name, ())
        required = bool(sheet.required and required_columns(sheet))
        self._page = book.page(sheet.name, _TABS.get(sheet.name, ORANGE if required else BLUE))

    def write(self) -> str:
        """Writes the sheet; returns the cell of its progress."""
        unit = self._plan.money_unit() if self._amounts() else ""
        widths = (column.width for column in self._columns)
        cell = head(self._book, self._page, self._progress(), widths, unit)
        self._header()
        self._sums()
        records = self._plan.records[self._sheet.name]
        for row in range(FIRST_ROW, self._area.last + 1):
            at = row - FIRST_ROW
            record = records[at] if at < len(records) else {}
            for index, column in enumerate(self._columns, 1):
                self._cell(row, index, column, record)
        self._choices()
        Flags(self._page, self._plan, self._sheet).write()
        frozen = "C4" if CODE in self._area.letters else "B4"
        fit(self._page, FIRST_ROW)
        finish(self._page, frozen, f"1:{HEADER_ROW}", (32, 22, 38))
        return f"'{self._sheet.name}'!{cell}"

    # --- rows 1 to 3 ------------------------------------------------------------------------

    def _amounts(self) -> list[Column]:
        return [c for c in self._columns if c.look == "amount"]

    def _progress(self) -> str:
        area = self._area
        if self._sheet.name == "上年数":
            of_year = Asked(self._plan)
            lacking = of_year.reason(area.all(KEY_COLUMN))
            change, reason = area.all(CHANGE), area.all("增减原因")
            missing = [[lacking, f"ISNUMBER({change})", f"{change}<>0", f"LEN({reason})=0"]]
            absent = [[of_year.figure(area.all(KEY_COLUMN)), f"LEN({area.all('上年数')})=0"]]
            typed = entered(self._sheet.name, self._columns)
            return progress(area, typed, missing, absent=absent)
        if self._sum_keys:
            figures = [c.title for c in self._columns if c.look in ("amount", "quantity")]
            own = f"ISNA(MATCH({area.all(KEY_COLUMN)},{one_of(self._sum_keys)},0))"
            blank = f"LEN({area.all(KEY_COLUMN)})=0"
            return progress(area, figures, [[blank]], (own,), _NONE)
        missing = missing_cells(area, required_columns(self._sheet))
        none = _NONE if self._sheet.name in _MAY_BE_EMPTY else "还没有填"
        return progress(area, entered(self._sheet.name, self._columns), missing, (), none)

    def _header(self) -> None:
        for index, column in enumerate(self._columns, 1):
            self._book.put(self._page, HEADER_ROW, index, column.title, column.header)
            width(self._page, index, column.width)
            if column.note:
                note(self._page, f"{letter(index)}{HEADER_ROW}", column.note)

    def _sums(self) -> None:
        summed = {column for sheet, column, _ in SOURCES.values() if sheet == self._sheet.name}
        if self._sheet.name == PROJECTS:
            hint = projects_hint(self._plan)
            self._book.formula(self._page, TOTAL_ROW, 1, hint, "hint")
            return
        if not summed:
            hint = _HINTS[self._sheet.name]
            self._book.put(self._page, TOTAL_ROW, 1, hint, "hint")
            return
        for index, column in enumerate(self._columns, 1):
            if column.title in summed:
                formula = self._plan.sums.column(self._sheet.name, column.title)
                self._book.formula(self._page, TOTAL_ROW, index, formula, "sum")
            elif column.title in self._totals:
                cells = ",".join(
                    f"{self._area.letters[part]}{TOTAL_ROW}" for part in self._totals[column.title]
                )
                self._book.formula(self._page, TOTAL_ROW, index, f"SUM({cells})", "sum")
            else:
                label = "合计（自动）" if index == 1 else None
                self._book.put(self._page, TOTAL_ROW, index, label, "sum label")

    # --- entries ----------------------------------------------------------------------------

    def _cell(self, row: int, index: int, column: Column, record: Mapping[str, str]) -> None:
        given = record.get(column.title, "")
        key = record.get(KEY_COLUMN, "") if self._sum_keys else ""
        if key in self._sum_keys and column.title != KEY_COLUMN:
            self._sum_cell(row, index, column, key, given)
        elif column.look == "name":
            self._name_cell(row, index, record, given)
        elif column.look in ("amount", "quantity"):
            self._book.put(self._page, row, index, number(given), column.look)
        elif given and column.look == "total":
            # A total that the input carries is kept, for the program to compare.
            self._book.put(self._page, row, index, number(given), "given total")
        elif formula := self._formula(row, column.title):
            self._book.formula(self._page, row, index, formula, column.look)
        else:
            self._book.put(self._page, row, index, given, self._look(column, key))

    def _look(self, column: Column, key: str) -> str:
        if column.title == KEY_COLUMN and self._sheet.name in PREFILLED:
            if key in self._sum_keys:
                return "automatic"
            if self._sheet.name == "国有资产":
                return "text"
            parent = SANGONG_PARENT.get(SANGONG_ROWS.get(key, ""))
            return "part key" if parent in ("abroad", "vehicle") else "key"
        return column.look

    def _sum_cell(self, row: int, index: int, column: Column, key: str, given: str) -> None:
        if given:
            self._book.put(self._page, row, index, number(given), "given total")
            return
        if column.look == "quantity":
            self._book.put(self._page, row, index, None, "automatic")
            return
        parts = self._totals.get(column.title, (column.title,))
        under = SANGONG_ROWS.get(key, TOTAL)
        # Only rows below: a sum whose range holds its own cell goes round in circles.
        formula = "+".join(
            self._plan.sums.column(self._sheet.name, part, under, row) for part in parts
        )
        self._book.formula(self._page, row, index, formula, "total")

    def _name_cell(self, row: int, index: int, record: Mapping[str, str], given: str) -> None:
        codes = self._plan.code_list(self._sheet.name)
        if given and given != codes.name_of.get(record.get(CODE, "")):
            self._book.put(self._page, row, index, given, "name")
        else:
            formula = looked_up(self._area.cell(CODE, row), codes.names)
            self._book.formula(self._page, row, index, formula, "name")

    def _formula(self, row: int, title: str) -> str:
        area = self._area
        if title in self._totals:
            return row_total(area, self._totals[title], row)
        if title == CATALOGUE_NAME:
            return looked_up(area.cell(CATALOGUE, row), self._plan.catalogue.names)
        records = self._plan.records[self._sheet.name]
        item = records[row - FIRST_ROW].get(KEY_COLUMN, "") if title in _LAST_YEAR_HELP else ""
        if title == THIS_YEAR:
            return this_year(self._plan, item)
        if title == CHANGE:
            last, now = area.cell("上年数", row), area.cell(THIS_YEAR, row)
            return f'IF(OR({last}="",{now}=""),"",ROUND(N({now})-{last},2))'
        return ""

    # --- drop-downs -------------------------------------------------------------------------

    def _range(self, title: str) -> str:
        column = self._area.letters[title]
        return f"{column}{FIRST_ROW}:{column}{self._area.last}"

    def _choices(self) -> None:
        name = self._sheet.name
        for column in self._columns:
            cells = self._range(column.title)
            if column.look == "amount":
                numbers(self._page, cells)
            elif column.look == "quantity":
                numbers(self._page, cells, "这里只填不小于 0 的数，不带单位；没有的留空。")
            elif column.title == CODE:
                choices(self._page, cells, self._plan.code_list(name).codes, "warning")
            elif column.title in _LOOSE:
                choices(self._page, cells, self._plan.lists.get(column.title, ()))
            elif name == "国有资产" and column.title == KEY_COLUMN:
                choices(self._page, cells, self._plan.every_asset)
            elif name != PROJECTS and column.title == PROJECT_NAME:
                choices(self._page, cells, self._plan.areas[PROJECTS].all(PROJECT_NAME))
            elif name == "政府采购" and column.title == "单位":
                choices(self._page, cells, self._plan.areas["机构设置"].all("单位名称"))
            elif column.title == CATALOGUE:
                choices(self._page, cells, self._beginning_alike())
            elif column.look == "choice" and name not in PREFILLED:
                choices(self._page, cells, choices_of(self._sheet.model, column.title), "stop")

    def _beginning_alike(self) -> str:
        """The codes that begin with what stands in the cell: they stand together in the list."""
        codes = self._plan.catalogue.codes
        first = codes.partition(":")[0]
        typed = f'{self._area.letters[CATALOGUE]}{FIRST_ROW}&"*"'
        return f"OFFSET({first},MATCH({typed},{codes},0)-1,0,COUNTIF({codes},{typed}),1)"


_LAST_YEAR_HELP: Final = (THIS_YEAR, CHANGE)


def this_year(plan: Plan, item: str) -> str:
    """This year's figure of an item of 上年数; nothing while nothing is entered in 支出."""
    figure = ""
    if item == "专项公用经费":
        figure = f"SUM({plan.value_cell('基本信息', item)})"
    for reference, (items, _) in CHANGES.items():
        if items == (item,) and reference in AMOUNTS:
            figure = plan.sums.figure(*AMOUNTS[reference])
    return f'IF({_nothing_spent(plan)},"",{figure})' if figure else ""


def _nothing_spent(plan: Plan) -> str:
    """Whether 支出 is still empty: its figures may be pasted, and the sums here say nothing."""
    area = plan.areas["支出"]
    return f"COUNT({','.join(map(area.all, row_totals(ExpenditureRow)['合计']))})=0"


def projects_hint(plan: Plan) -> str:
    """The sum of the projects beside the 项目支出 that it should be."""
    own = plan.areas[PROJECTS].all("金额")
    spent = plan.sums.figure(*AMOUNTS["项目支出"])
    both = (
        f'"每个项目一行。金额合计 "&TEXT(SUM({own}),"#,##0.00")'
        f'&"，“支出”里的项目支出 "&TEXT({spent},"#,##0.00")'
        f'&IF(ROUND(SUM({own})-({spent}),2)=0,"，一致。","，两数不同，请核对。")'
    )
    alone = quoted("每个项目一行；金额可以不填。")
    return f"IF(OR(COUNT({own})=0,{_nothing_spent(plan)}),{alone},{both})"


def number(text: str) -> Decimal | str:
    """An amount as a number, so that the sheet can add it; what is none stays as it is."""
    try:
        return money.parse(text)
    except money.NotAnAmount:
        return text
