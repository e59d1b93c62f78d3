"""What turns red or yellow in the tables of the form workbook: conditional formats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from generator.sources.blank.asked import Asked
from generator.sources.blank.columns import (
    CATALOGUE,
    CHANGE,
    NAME,
    THIS_YEAR,
    Column,
    required_columns,
)
from generator.sources.blank.formulas import FIRST_ROW, Area, quoted
from generator.sources.blank.look import flag
from generator.sources.blank.plan import Plan
from generator.sources.layout import (
    CODE,
    KEY_COLUMN,
    PREFILLED,
    PROJECT_NAME,
    PROJECTS,
    Sheet,
)

_ENTERED: Final = frozenset({"text", "choice", "code", "amount", "quantity"})
_DAILY: Final = "公用"  # a purchase of no project: 日常公用
_ONLY_OTHER_FUNDS: Final = ("经营支出", "上解上级支出", "对附属单位补助支出")


def entered(sheet: str, columns: Iterable[Column]) -> list[str]:
    """The columns that people fill in, where a row's key is not there already."""
    return [
        column.title
        for column in columns
        if column.look in _ENTERED and not (sheet in PREFILLED and column.title == KEY_COLUMN)
    ]


class Flags:
    """The conditional formats of one table; red is wrong, yellow is missing or doubtful."""

    def __init__(self, page: Any, plan: Plan, sheet: Sheet) -> None:
        self._page, self._plan, self._sheet = page, plan, sheet
        self._area: Area = plan.areas[sheet.name]
        self._columns: tuple[Column, ...] = plan.columns[sheet.name]

    def _flag(self, titles: Iterable[str], condition: str, colour: str) -> None:
        letters = [self._area.letters[title] for title in titles]
        cells = f"{letters[0]}{FIRST_ROW}:{letters[-1]}{self._area.last}"
        flag(self._page, cells, condition, colour)

    def write(self) -> None:
        for column in self._columns:
            cell = f"{self._area.letters[column.title]}{FIRST_ROW}"
            if column.look == "amount":
                wrong = f"OR({cell}<0,ABS({cell}-ROUND({cell},2))>0.0000001)"
                self._flag([column.title], f"IF(ISTEXT({cell}),LEN(TRIM({cell}))>0,{wrong})", "red")
            elif column.look == "quantity":
                self._flag([column.title], f"OR(ISTEXT({cell}),{cell}<0)", "red")
        if CODE in self._area.letters:
            self._flag_codes()
        {
            "支出": self._flag_expenditure,
            "三公经费": self._flag_sangong,
            "上年数": self._flag_last_year,
            "政府采购": self._flag_procurement,
        }.get(self._sheet.name, lambda: None)()
        if self._sheet.name in (PROJECTS, "名词解释"):
            self._flag_repeated(self._columns[0].title)
        if self._sheet.name == "绩效指标":
            name = self._area.cell(PROJECT_NAME, FIRST_ROW)
            known = self._plan.areas[PROJECTS].all(PROJECT_NAME)
            self._flag([PROJECT_NAME], f'AND({name}<>"",ISNA(MATCH({name},{known},0)))', "red")
        self._flag_missing()

    def _flag_repeated(self, *titles: str) -> None:
        pairs = ",".join(f"{self._range(t)},{self._area.cell(t, FIRST_ROW)}" for t in titles)
        filled = ",".join(f"LEN({self._area.cell(t, FIRST_ROW)})>0" for t in titles)
        self._flag(titles, f"AND({filled},COUNTIFS({pairs})>1)", "red")

    def _flag_codes(self) -> None:
        codes = self._plan.code_list(self._sheet.name)
        code, name = self._area.cell(CODE, FIRST_ROW), self._area.cell(NAME, FIRST_ROW)
        if self._sheet.name != "支出":
            self._flag_repeated(CODE)
        lengths = (3, 5, 7) if codes is self._plan.functional else (3, 5)
        known = ",".join(f'LEN({code}&"")={length}' for length in lengths)
        self._flag([CODE], f"AND(LEN({code})>0,NOT(OR({known})))", "red")
        unknown = f'ISNA(MATCH({code}&"",{codes.codes},0))'
        self._flag([CODE], f"AND(LEN({code})>0,{unknown})", "amber")
        self._flag([NAME], f'AND(LEN({code})>0,{name}="")', "amber")

    def _flag_expenditure(self) -> None:
        code, fund = self._area.cell(CODE, FIRST_ROW), self._area.cell("资金性质", FIRST_ROW)
        self._flag_repeated(CODE, "资金性质")
        self._flag(["资金性质"], f'AND(LEN({code}&"")=7,{fund}="")', "red")
        first = f"{self._area.letters[_ONLY_OTHER_FUNDS[0]]}{FIRST_ROW}"
        wrong = f'AND({fund}<>"",{fund}<>"其他资金",N({first})<>0)'
        self._flag(_ONLY_OTHER_FUNDS, wrong, "red")

    def _flag_sangong(self) -> None:
        item = self._area.cell(KEY_COLUMN, FIRST_ROW)
        titles = [column.title for column in self._columns]
        for name, when in self._plan.unused_sangong():
            off = ",".join(
                f"{self._plan.switch(switch)}<>{quoted(value)}" for switch, value in when.items()
            )
            self._flag(titles, f"AND({item}={quoted(name)},OR({off}))", "grey")

    def _flag_last_year(self) -> None:
        item, change = self._area.cell(KEY_COLUMN, FIRST_ROW), self._area.cell(CHANGE, FIRST_ROW)
        asked = Asked(self._plan)
        reason, last = (self._area.cell(t, FIRST_ROW) for t in ("增减原因", "上年数"))
        needed, used = asked.reason(item), asked.figure(item)
        lacking = f'AND({needed},N({change})<>0,{reason}="")'
        self._flag(["增减原因"], lacking, "amber")
        begun = f"COUNT({self._range('上年数')})+COUNT({self._range(THIS_YEAR)})>0"
        self._flag(["上年数"], f"AND({used},LEN({last})=0,{begun})", "amber")
        self._flag(["增减原因"], f'AND(NOT({needed}),{reason}="")', "grey")
        unused = f'AND({last}="",NOT({used}),NOT({needed}))'
        self._flag([KEY_COLUMN], unused, "grey")

    def _flag_procurement(self) -> None:
        reserved = self._area.cell("预留中小微企业份额", FIRST_ROW)
        total, code = self._area.cell("合计", FIRST_ROW), self._area.cell(CATALOGUE, FIRST_ROW)
        too_much = f"AND(ISNUMBER({reserved}),ROUND({reserved}-N({total}),2)>0)"
        self._flag(["预留中小微企业份额"], too_much, "red")
        unit, project = (self._area.cell(t, FIRST_ROW) for t in ("单位", PROJECT_NAME))
        units = self._plan.areas["机构设置"].all("单位名称")
        projects = self._plan.areas[PROJECTS].all(PROJECT_NAME)
        for title, cell, known, others in (
            ("单位", unit, units, ""),
            (PROJECT_NAME, project, projects, f",ISERROR(SEARCH({quoted(_DAILY)},{project}))"),
        ):
            absent = f'LEN({cell})>0,RIGHT({cell},1)<>"计",ISNA(MATCH({cell},{known},0)){others}'
            self._flag([title], f"AND({absent})", "amber")
        codes = self._plan.catalogue.codes
        unknown = f'AND(LEN({code})>0,ISNA(MATCH({code}&"",{codes},0)))'
        self._flag([CATALOGUE], unknown, "amber")

    def _flag_missing(self) -> None:
        """A required cell that is blank in a row where something stands."""
        filled = "+".join(
            f"LEN({self._area.cell(t, FIRST_ROW)})"
            for t in entered(self._sheet.name, self._columns)
        )
        for title in required_columns(self._sheet):
            cell = self._area.cell(title, FIRST_ROW)
            if title != "资金性质":  # not in rows of a higher level: see there
                self._flag([title], f"AND(LEN({cell})=0,{filled}>0)", "amber")

    def _range(self, title: str) -> str:
        column = self._area.letters[title]
        return f"${column}${FIRST_ROW}:${column}${self._area.last}"
