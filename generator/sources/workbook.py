"""A workbook input (.xlsx): sheets and cells into the input's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from generator.form import nearest
from generator.problem import Path, Place, Problem, UserError, input_problem
from generator.sources.layout import (
    AIDS,
    CARRIED,
    HELP_COLUMNS,
    INDICATORS,
    KEY_COLUMN,
    OWN_FORMULAS,
    PREFILLED,
    PROJECT_NAME,
    PROJECTS,
    SHEETS,
    SUM_ITEMS,
    TEXT_COLUMN,
    Sheet,
    is_numeric,
)
from generator.sources.raw import Page, RawInput, Tree, column_letters
from generator.sources.xlsx import UNCALCULATED, Book, Grid

_ERROR_VALUE = re.compile(r"#[A-Z]+(?:/0)?[!?]|#N/A|#GETTING_DATA")


def read(name: str, data: bytes, only: frozenset[str] | None = None) -> RawInput:
    """Read a workbook. Raises :class:`UserError` when it cannot be opened at all.

    ``only``: the sheets that are wanted; the others are as if they were not there.
    """

    def unread(sheet: str) -> bool:
        folded = _folded(sheet)
        return folded in AIDS or (only is not None and folded not in only)

    reader = _Reader(name, Book(name, data, unread))
    tree = reader.tree()
    if only is None and not tree and not reader.pages:
        raise no_budget(name)
    return RawInput(
        *(name, tree, reader.locate, tuple(reader.problems), tuple(reader.pages)),
        swallowed=frozenset(reader.swallowed),
    )


def no_budget(name: str) -> UserError:
    """What to say of a workbook that has none of the form's sheets, and no pasted table."""
    return UserError(
        f"“{name}”不是预算工作簿（应有的表一张也没有）。",
        "请检查是不是拿错了文件。",
        Place(file=name),
    )


@dataclass(slots=True)
class _SheetMap:
    """A sheet as it stands in the file: its own name, and where the rows and columns came from."""

    real: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[Path, int] = field(default_factory=dict)


class _Reader:
    def __init__(self, name: str, book: Book) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.pages: list[Page] = []
        self.swallowed: set[Place] = set()
        self._book = book
        self._maps: dict[str, _SheetMap] = {}

    def tree(self) -> Tree:
        tree: Tree = {}
        grids = self._grids()
        for sheet in SHEETS.values():
            grid = grids.get(sheet.name)
            if grid is None:
                self._tell_missing(sheet)
            elif sheet.kind == "table":
                tree[sheet.name] = self._table(sheet, grid)
            elif sheet.kind == "record":
                tree[sheet.name] = self._record(sheet, grid)
            else:
                tree[sheet.name] = self._texts(sheet, grid)
        self._join_indicators(tree)
        return tree

    def _tell(
        self, rule: str, message: str, sheet: str, cell: str | None = None, hint: str = ""
    ) -> None:
        place = Place(file=self.name, sheet=sheet, cell=cell)
        self.problems.append(input_problem(rule, message, place=place, hint=hint or None))

    # --- sheets -----------------------------------------------------------------------------

    def _grids(self) -> dict[str, Grid]:
        """The sheets that we know, by our name for them; the others may be pasted tables."""
        known = {_folded(name): name for name in SHEETS}
        grids: dict[str, Grid] = {}
        for real in self._book.sheets:
            grid = self._book.grid(real)
            name = known.get(_folded(real))
            if name is not None and name not in grids:
                grids[name] = grid
                self._maps[name] = _SheetMap(real)
            elif not any(map(_is_filled, grid.rows)):
                continue
            elif name is None:
                self.pages.append(Page(real, self._texts_of(real, grid)))
            else:
                self._tell(
                    "INP102",
                    f"工作表“{name}”有两张，这一张不会用到",
                    real,
                    hint="请把要用的一张留下，多余的删去。",
                )
        return grids

    def _texts_of(self, real: str, grid: Grid) -> list[list[str]]:
        """A sheet that is not ours, as text: what it means is for others to say."""
        for number, row in enumerate(grid.rows, 1):
            if UNCALCULATED not in row:
                continue
            for index in [i for i, value in enumerate(row) if value == UNCALCULATED]:
                row[index] = ""
                self._tell(
                    "INP107",
                    "公式还没有计算，读不到它的数",
                    real,
                    f"{column_letters(index)}{number}",
                    "请在 Excel 或 WPS 中打开，重新计算并保存。",
                )
        return [[_shown(value) for value in row] for row in grid.rows]

    def _tell_missing(self, sheet: Sheet) -> None:
        if sheet.required:
            self._tell(
                "INP101",
                f"缺少工作表“{sheet.name}”",
                sheet.name,
                hint="没有内容也要保留这张表，只留表头。",
            )

    # --- rows -------------------------------------------------------------------------------

    def _body(self, sheet: Sheet, grid: Grid) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number (from 1) and non-blank cells of each row below the header."""
        top = _header_row(sheet, grid)
        if top is None:
            return
        header = self._header(sheet, grid, top)
        if not self._has_needed_columns(sheet, header, grid, top):
            return
        uncalculated: dict[int, list[int]] = {}
        self._tell_merged(sheet, grid, top)
        _clear_own_formulas(sheet, header, grid, top)
        prefilled = sheet.name in PREFILLED
        blank = [""] * len(grid.rows[top])
        columns = tuple(header.items())
        for number, row in enumerate(grid.rows[top + 1 :], top + 2):
            if row == blank:
                continue
            values: dict[str, str] = {}
            for index, column in columns:
                value = row[index]
                if value == "":
                    continue
                if value == UNCALCULATED:
                    uncalculated.setdefault(index, []).append(number)
                    continue
                if type(value) is not str or value[0] == "#":
                    value = self._text(value, sheet, grid, index, number)
                if value and not value.isspace():
                    values[column] = value
            if prefilled and values.keys() == {KEY_COLUMN}:
                # Not filled in; but what is missing there has its place.
                item = values[KEY_COLUMN].strip()
                self._maps[sheet.name].rows[(sheet.name, item)] = number
            elif values:
                yield number, values
        for index, numbers in uncalculated.items():
            more = f"（这一列共 {len(numbers)} 处）" if len(numbers) > 1 else ""
            self._tell(
                "INP107",
                f"公式还没有计算，读不到它的数{more}",
                self._maps[sheet.name].real,
                f"{column_letters(index)}{numbers[0]}",
                "请在 Excel 或 WPS 中打开，重新计算并保存。",
            )

    def _header(self, sheet: Sheet, grid: Grid, top: int) -> dict[int, str]:
        """Column index → column name; what stands in any other column is told."""
        known = {_folded(column): column for column in sheet.columns}
        found: dict[int, str] = {}
        real = self._maps[sheet.name].real
        titles = {_folded(str(title)) for title in grid.rows[top]}
        for index, title in enumerate(grid.rows[top]):
            cell = f"{column_letters(index)}{top + 1}"
            shown = str(title).strip()
            column = known.get(_folded(shown))
            if not _folded(shown):
                self._tell_column_without_title(real, grid, top, index)
            elif shown in HELP_COLUMNS:
                continue
            elif column is None:
                self._tell(
                    "INP103",
                    f"不认识“{shown[:30]}”这一列，里面的内容不会用到",
                    real,
                    cell,
                    nearest(shown, [c for c in sheet.columns if _folded(c) not in titles])
                    or f"这张表的列是：{'、'.join(sheet.columns)}。",
                )
            elif column in found.values():
                self._tell(
                    "INP110",
                    f"“{column}”这一列出现了两次，这一列不会用到",
                    real,
                    cell,
                    "请合并成一列，删去另一列。",
                )
            else:
                found[index] = column
        self._maps[sheet.name].columns = {name: i for i, name in found.items()}
        return found

    def _tell_column_without_title(self, real: str, grid: Grid, top: int, index: int) -> None:
        rows = enumerate(grid.rows[top + 1 :], top + 2)
        filled = [(number, row[index]) for number, row in rows if row[index] != ""]
        if filled:
            number, value = filled[0]
            more = f"等 {len(filled)} 个单元格" if len(filled) > 1 else ""
            self._tell(
                "INP103",
                f"这一列没有列名，“{str(value)[:20]}”{more}不会用到",
                real,
                f"{column_letters(index)}{number}",
                "请写上列名，或清除这一列的内容。",
            )

    def _has_needed_columns(
        self, sheet: Sheet, header: dict[int, str], grid: Grid, top: int
    ) -> bool:
        """Whether rows can be told apart at all; else one problem instead of one in each row."""
        missing = [column for column in sheet.needed if column not in header.values()]
        if missing and any(map(_is_filled, grid.rows[top + 1 :])):
            self._tell(
                "INP104",
                f"没有“{'”“'.join(missing)}”列，整张表都没有读",
                self._maps[sheet.name].real,
                f"A{top + 1}",
                f"请在第一行写上列名：{'、'.join(sheet.columns)}。",
            )
        return not missing

    def _tell_merged(self, sheet: Sheet, grid: Grid, top: int) -> None:
        """What is told of merged cells: they leave blanks where a value was meant to stand.

        Not where a name may stand once above its rows, nor in notes beside the columns.
        """
        file, columns = self._maps[sheet.name].real, self._maps[sheet.name].columns
        repeated = columns.get(CARRIED.get(sheet.name, ""))
        harmful: list[str] = []
        for merge in sorted(grid.merges, key=lambda merge: (merge.top, merge.left)):
            across = [i for i in columns.values() if merge.left <= i <= merge.right]
            down = range(max(merge.top, top + 2), min(merge.bottom, len(grid.rows)) + 1)
            first = f"{column_letters(merge.left)}{merge.top}"
            cells = {f"{column_letters(i)}{n}" for i in across for n in down} - {first}
            beside = merge.left == merge.right == repeated or sheet.kind == "texts"
            inside = merge.top <= len(grid.rows) and merge.left < len(grid.rows[0])
            blank = not inside or grid.rows[merge.top - 1][merge.left] == ""
            if not cells or blank or merge.top < top + 2 or (beside and len(across) == 1):
                continue
            self.swallowed |= {Place(self.name, file, cell) for cell in cells}
            harmful.append(f"{first}:{column_letters(merge.right)}{merge.bottom}")
        if harmful:
            first = harmful[0].partition(":")[0]
            more = f"（这张表共 {len(harmful)} 处）" if len(harmful) > 1 else ""
            self._tell(
                "INP119",
                f"{harmful[0]} 是合并的单元格，除了 {first}，其余的格子都读作空白{more}",
                file,
                first,
                "请取消合并，再逐行逐格填写。",
            )

    def _text(self, value: Any, sheet: Sheet, grid: Grid, index: int, number: int) -> str:
        """The cell as a person sees it; ``""`` where that cannot be told, and a problem."""
        cell = f"{column_letters(index)}{number}"
        if isinstance(value, str):
            if not _ERROR_VALUE.fullmatch(value):
                return value
            self._tell(
                "INP107",
                f"公式的结果是错误值 {value}",
                self._maps[sheet.name].real,
                cell,
                "请改正公式，或直接填数。",
            )
            return ""
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            if cell in grid.percent:
                with localcontext(rounding=ROUND_HALF_UP):
                    return format(Decimal(_number(value)), f".{grid.percent[cell]}%")
            return _number(value)
        real, columns = self._maps[sheet.name].real, self._maps[sheet.name].columns
        name = next((column for column, i in columns.items() if i == index), "")
        if sheet.kind == "record":
            name = str(grid.rows[number - 1][columns[KEY_COLUMN]]).strip()
        if is_numeric(sheet, name):
            message = "这是日期格式的单元格，读不到数"
            hint = "请把单元格格式改为“常规”，再填数，如 1234.56。"
        else:
            message = "这是日期格式的单元格，程序无法知道您看到的写法"
            hint = "请把单元格格式改为“文本”，再按公开时的写法填写，如 2025年12月31日。"
        self._tell("INP109", message, real, cell, hint)
        return ""

    # --- kinds of sheets --------------------------------------------------------------------

    def _table(self, sheet: Sheet, grid: Grid) -> list[dict[str, str]]:
        records: list[dict[str, str]] = []
        for number, values in self._body(sheet, grid):
            self._maps[sheet.name].rows[(sheet.name, len(records))] = number
            records.append(values)
        return records

    def _record(self, sheet: Sheet, grid: Grid) -> dict[str, str]:
        record: dict[str, str] = {}
        rows = self._maps[sheet.name].rows
        key_column, value_column = sheet.columns
        for number, values in self._body(sheet, grid):
            key = values.get(key_column, "").strip()
            if not key:
                self._tell_row_without_key(sheet, number, values)
            elif (sheet.name, key) in rows:
                self._tell(
                    "INP110",
                    f"“{key}”出现了两次，这一行不会用到",
                    self._maps[sheet.name].real,
                    self._cell(sheet, key_column, number),
                    "请只留一行。",
                )
            else:
                rows[(sheet.name, key)] = number
                if value_column in values:
                    record[key] = values[value_column]
        return record

    def _texts(self, sheet: Sheet, grid: Grid) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = {}
        rows = self._maps[sheet.name].rows
        slot_column, text_column = sheet.columns
        slot = ""
        for number, values in self._body(sheet, grid):
            # A slot's name may stand once, above all of its paragraphs.
            slot = values.get(slot_column, slot).strip()
            if not slot:
                self._tell_row_without_key(sheet, number, values)
                continue
            rows.setdefault((sheet.name, slot), number)
            # A paragraph is a row; a cell with line breaks is several paragraphs.
            for line in re.split(r"[\r\n]+", values.get(text_column, "")):
                if line.strip():
                    paragraphs = texts.setdefault(slot, [])
                    rows[(sheet.name, slot, len(paragraphs))] = number
                    paragraphs.append(line)
        return texts

    def _tell_row_without_key(self, sheet: Sheet, number: int, values: dict[str, str]) -> None:
        key_column = sheet.columns[0]
        cell = self._cell(sheet, key_column, number)
        if Place(self.name, self._maps[sheet.name].real, cell) in self.swallowed:
            return
        self._tell(
            "INP104",
            f"“{next(iter(values.values()))[:20]}”这一行没有写{key_column}",
            self._maps[sheet.name].real,
            cell,
            f"请写上{key_column}，或清除这一行。",
        )

    def _join_indicators(self, tree: Tree) -> None:
        """Move the rows of the sheet 绩效指标 under their projects."""
        indicators = tree.pop(INDICATORS, [])
        projects = tree.get(PROJECTS, [])
        index = {_folded(p[PROJECT_NAME]): i for i, p in enumerate(projects) if PROJECT_NAME in p}
        told: set[str] = set()
        name = ""
        for position, record in enumerate(indicators):
            # A project's name may stand once, above all of its indicators.
            name = record.pop(PROJECT_NAME, name).strip()
            rows = self._maps[INDICATORS].rows
            number = rows.pop((INDICATORS, position))
            at = index.get(_folded(name))
            if at is not None:
                own = projects[at].setdefault(INDICATORS, [])
                rows[(PROJECTS, at, INDICATORS, len(own))] = number
                own.append(record)
            elif name not in told:
                told.add(name)
                self._tell(
                    "INP112",
                    f"项目“{name}”不在工作表“{PROJECTS}”里，它的指标没有去处"
                    if name
                    else "这一行指标没有写项目名称",
                    self._maps[INDICATORS].real,
                    self._cell(SHEETS[INDICATORS], PROJECT_NAME, number),
                    nearest(name, [projects[i][PROJECT_NAME] for i in index.values()])
                    + f"请把项目名称写成与“{PROJECTS}”里完全一样。",
                )

    # --- places -----------------------------------------------------------------------------

    def locate(self, path: Path) -> Place:
        """Sheet and cell of a path; of the row or the sheet where the path goes no further."""
        if not path:
            return Place(file=self.name)
        name = INDICATORS if len(path) >= 3 and path[2] == INDICATORS else str(path[0])
        sheet_map = self._maps.get(name)
        if sheet_map is None:
            return Place(file=self.name, sheet=name)
        place = Place(file=self.name, sheet=sheet_map.real)
        for length in range(len(path), 1, -1):
            if (number := sheet_map.rows.get(path[:length])) is not None:
                column = _column_of(SHEETS[name], path, length)
                if SHEETS[name].kind == "texts" and (*path[:2], 0) not in sheet_map.rows:
                    column = TEXT_COLUMN  # nothing was written: that is where it would stand
                return replace(place, cell=self._cell(SHEETS[name], column, number))
        return place

    def _cell(self, sheet: Sheet, column: str, number: int) -> str:
        return f"{column_letters(self._maps[sheet.name].columns.get(column, 0))}{number}"


HEADER_SEARCH: Final = 12  # rows; the form has its header in row 3


def _header_row(sheet: Sheet, grid: Grid) -> int | None:
    """Index of the row with the column names: what stands above it is the form's own."""
    known = set(map(_folded, sheet.columns))
    filled = list(islice((i for i, row in enumerate(grid.rows) if _is_filled(row)), HEADER_SEARCH))
    for i in filled:
        titles = {_folded(str(cell)) for cell in grid.rows[i] if isinstance(cell, str)} - {""}
        if len(titles & known) > len(titles) / 2:
            return i
    return filled[0] if filled else None


def _clear_own_formulas(sheet: Sheet, header: dict[int, str], grid: Grid, top: int) -> None:
    """Blank the cells of a table in which a formula of the form stands, calculated or not."""
    if not grid.formulas or sheet.kind != "table":
        return
    own = tuple(index for index, column in header.items() if column in OWN_FORMULAS)
    keys = [index for index, column in header.items() if column == KEY_COLUMN]
    key = keys[0] if keys and sheet.name in PREFILLED else None
    for number, row in enumerate(grid.rows[top + 1 :], top + 2):
        sums = key is not None and row[key] in SUM_ITEMS
        for index in header if sums else own:
            if row[index] != "" and f"{column_letters(index)}{number}" in grid.formulas:
                row[index] = ""


def _column_of(sheet: Sheet, path: Path, length: int) -> str:
    """The column that a path speaks of, when its first ``length`` steps are a row."""
    if sheet.kind == "table":
        return str(path[length]) if length < len(path) else ""
    # A paragraph or a value stands in the second column; a slot as a whole is its name.
    return sheet.columns[0 if sheet.kind == "texts" and len(path) == 2 else 1]


def _shown(value: Any) -> str:
    if type(value) is str:
        return value
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """15 significant digits, as spreadsheets show them: 433.21999999999997 is 433.22."""
    text = format(value, ".15g")
    return text if text.strip("-.0123456789") == "" else f"{Decimal(text):f}"


def _is_filled(row: list[Any]) -> bool:
    return row.count("") < len(row)


_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@lru_cache(maxsize=1024)
def _folded(title: str) -> str:
    """Without blanks and invisible characters, brackets and digits in one width."""
    plain = unicodedata.normalize("NFKC", title)
    return "".join(c for c in plain if unicodedata.category(c) not in _INVISIBLE)
