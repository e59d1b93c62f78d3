"""What goes where in the form workbook, before anything is written: rows, areas, code lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from generator.disclosure import (
    ASSET_TOTAL,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    BasicRow,
    ExpenditureRow,
    IncomeRow,
    LastYearRow,
)
from generator.pack import Alternative, Line, Pack
from generator.references import AMOUNTS, CHANGES, FIXED_AMOUNTS, WORDS
from generator.sources.blank.columns import Column, choices_of, columns_of
from generator.sources.blank.formulas import FIRST_ROW, Area, Sums, quoted
from generator.sources.blank.look import letter
from generator.sources.layout import (
    INDICATORS,
    KEY_COLUMN,
    PREFILLED,
    PROJECT_NAME,
    PROJECTS,
    SHEETS,
    UNITS,
    Sheet,
    aliases,
)
from generator.sources.raw import Tree

FORM_SHEETS: Final[dict[str, Sheet]] = {
    name: sheet for name, sheet in SHEETS.items() if name != "申报数"
}
"""The sheets that people fill in; 申报数 is what the program reads from the pasted tables."""

SUM_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "三公经费": tuple(name for name, key in SANGONG_ROWS.items() if key in SANGONG_SUM_ROWS),
    "国有资产": (ASSET_TOTAL,),
}
"""Prepared rows that the workbook adds up itself: formulas in every amount column."""

REFERENCES: Final = (*WORDS, *AMOUNTS, *FIXED_AMOUNTS)
CHANGED: Final = tuple(CHANGES)
"""The references that a text may use: plain ones, and those that 变化 and 原因 go with."""

_ROWS: Final[dict[str, int]] = {
    "机构设置": 40,
    "收入": 80,
    "支出": 120,
    "基本支出": 80,
    "三公经费": 0,
    "上年数": 0,
    "国有资产": 12,
    PROJECTS: 120,
    INDICATORS: 900,
    "政府采购": 300,
    "名词解释": 40,
    "核对例外": 40,
    "所属单位": 60,
}
_SPARE: Final = 20


@dataclass(frozen=True)
class CodeList:
    """A sheet of codes: its heads and its rows, code first."""

    sheet: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def last(self) -> int:
        return FIRST_ROW + max(len(self.rows), 1) - 1

    @cached_property
    def name_of(self) -> dict[str, str]:
        return {code: name for code, name, *_ in self.rows}

    @property
    def codes(self) -> str:
        return f"'{self.sheet}'!$A${FIRST_ROW}:$A${self.last}"

    @property
    def names(self) -> str:
        return f"'{self.sheet}'!$A${FIRST_ROW}:$B${self.last}"


_AS_MADE: Final[Mapping[str, str]] = {}


class Plan:
    """The layout of one form workbook."""

    def __init__(self, tree: Tree, pack: Pack) -> None:
        self.tree = tree
        self.pack = pack
        chosen = {name: value for name, value in tree.get("格式选项", {}).items() if value}
        self.switches = {**pack.switch_defaults, **chosen}
        self.lists = pack.lists
        tables = [sheet for sheet in FORM_SHEETS.values() if sheet.kind == "table"]
        self.columns: dict[str, tuple[Column, ...]] = {s.name: columns_of(s) for s in tables}
        self.records = {sheet.name: list(self._records(sheet)) for sheet in tables}
        self.areas = {sheet.name: self._area(sheet) for sheet in tables}
        self.sums = Sums(
            self.areas, {key: self.value_cell("年终结转", key) for key in self.keys("年终结转")}
        )

    # --- tables -----------------------------------------------------------------------------

    def _area(self, sheet: Sheet) -> Area:
        letters = {c.title: letter(i) for i, c in enumerate(self.columns[sheet.name], 1)}
        held = len(self.records[sheet.name])
        spare = 0 if sheet.name in ("三公经费", "上年数") else _SPARE
        # A filled sheet needs room for a few more rows, not for all that a blank one offers.
        rows = held + spare if held else _ROWS.get(sheet.name, _SPARE)
        return Area(sheet.name, letters, FIRST_ROW + rows - 1)

    def _records(self, sheet: Sheet) -> Iterator[dict[str, str]]:
        if sheet.name == INDICATORS:
            for project in self.tree.get(PROJECTS, []):
                for indicator in project.get(INDICATORS, []):
                    yield {PROJECT_NAME: project.get(PROJECT_NAME, ""), **indicator}
        elif sheet.name == UNITS:
            yield from map(_unit, self.tree.get(UNITS, []))
        elif sheet.name in PREFILLED:
            yield from self._prefilled(sheet.name)
        else:
            yield from map(_flat, self.tree.get(sheet.name, []))

    def _prefilled(self, name: str) -> Iterator[dict[str, str]]:
        """A row for every item of the form, in its order; what else was given after them."""
        given = [_flat(record) for record in self.tree.get(name, [])]
        items = {"三公经费": self.sangong, "上年数": _LAST_YEAR, "国有资产": self.assets}[name]
        for item in items:
            found = next((r for r in given if r.get(KEY_COLUMN) == item), None)
            if found is not None:
                given.remove(found)
            yield found or {KEY_COLUMN: item}
        yield from given

    @cached_property
    def sangong(self) -> tuple[str, ...]:
        """The items of 三公经费 in the order of the form."""
        names = {key: name for name, key in SANGONG_ROWS.items()}
        return tuple(names[line.row or ""] for line in self.pack.tables["T9"].lines)

    @cached_property
    def assets(self) -> tuple[str, ...]:
        """The items of 国有资产 that the switches call for."""
        return tuple(_asset(li) for li in self.pack.tables["资产"].lines if self.holds(li.when))

    @cached_property
    def every_asset(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(_asset, self.pack.tables["资产"].lines)))

    def unused_sangong(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Items of 三公经费 that stand in the form under a condition."""
        for item, line in zip(self.sangong, self.pack.tables["T9"].lines, strict=True):
            if line.when and item not in SUM_KEYS["三公经费"]:
                yield item, line.when

    # --- records ----------------------------------------------------------------------------

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of a record sheet; what else was given comes last."""
        model = FORM_SHEETS[name].model
        own = aliases(model) if model is not None else tuple(self.pack.switches)
        return (*own, *(key for key in self.tree.get(name, {}) if key not in own))

    def value_cell(self, name: str, key: str) -> str:
        return f"'{name}'!$B${FIRST_ROW + self.keys(name).index(key)}"

    def money_unit(self) -> str:
        """The formula of the unit of the amounts."""
        cell = self.value_cell("基本信息", "金额单位")
        return f'IF({cell}="","万元",{cell})'

    # --- switches and texts -----------------------------------------------------------------

    def switch(self, name: str) -> str:
        """The formula of a switch as it stands in the workbook."""
        cell = self.value_cell("格式选项", name)
        return f'IF({cell}="",{quoted(self.pack.switch_defaults[name])},{cell})'

    def holds(self, condition: Mapping[str, str], choice: Mapping[str, str] = _AS_MADE) -> bool:
        """Whether the switches of a condition stand so; facts are not known yet.

        ``choice``: switches that stand otherwise than the workbook was made with.
        """
        kind = self.tree.get("基本信息", {}).get("类型", "")
        known = {**self.switches, **choice, "类型": kind}
        return all(not (v := known.get(n)) or v in w.split("|") for n, w in condition.items())

    def sentences(
        self, wording: Iterable[Alternative], choice: Mapping[str, str] = _AS_MADE
    ) -> list[str]:
        """The sentences that the program may write under the switches."""
        found: list[str] = []
        for alternative in wording:
            if self.holds(alternative.when, choice):
                found.append(alternative.text)
                if set(alternative.when) <= set(self.pack.switches):
                    break
        return [sentence for sentence in dict.fromkeys(found) if sentence]

    # --- codes ------------------------------------------------------------------------------

    @cached_property
    def functional(self) -> CodeList:
        names = {code: subject.name for code, subject in self.pack.functional.items()}
        rows = tuple(
            (code, name, names.get(code[:5], ""), names.get(code[:3], ""))
            for code, name in names.items()
            if len(code) == IncomeRow.LEAF_LENGTH == ExpenditureRow.LEAF_LENGTH
        )
        return CodeList("功能科目", ("科目编码（项）", "科目名称", "款", "类"), rows)

    @cached_property
    def economic(self) -> CodeList:
        names = {code: subject.name for code, subject in self.pack.economic.items()}
        rows = tuple(
            (code, name, names.get(code[:3], ""))
            for code, name in names.items()
            if len(code) == BasicRow.LEAF_LENGTH
        )
        return CodeList("经济科目", ("科目编码（款）", "科目名称", "类"), rows)

    @cached_property
    def catalogue(self) -> CodeList:
        rows = tuple(sorted(self.pack.procurement.items()))
        return CodeList("采购目录", ("目录编码", "品目名称"), rows)

    def code_list(self, sheet: str) -> CodeList:
        """The codes that a sheet's 科目编码 is chosen from."""
        return self.economic if sheet == "基本支出" else self.functional


_LAST_YEAR: Final = choices_of(LastYearRow, KEY_COLUMN)


def _asset(line: Line) -> str:
    return line.row or ASSET_TOTAL


def _unit(entry: Any) -> dict[str, str]:
    """A subordinate unit: its file, or the unit itself, of which only the name goes here."""
    if isinstance(entry, str):
        return {"文件": entry}
    name = entry.get("基本信息", {}).get("名称", "")
    return {"单位名称": name, **{key: entry[key] for key in SHEETS[UNITS].columns if key in entry}}


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """A record without what stands on a sheet of its own; paragraphs are lines of one cell."""
    return {
        key: "\n".join(value) if isinstance(value, list) else value
        for key, value in record.items()
        if key != INDICATORS
    }
