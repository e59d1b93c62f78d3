"""A workbook input (.xlsx): sheets and cells into the input's words.

python-calamine reads the values (several times faster than openpyxl); what it does not tell is
read from the sheet's XML: formulas that were never calculated, and percent formats.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree

import python_calamine as calamine

from generator.problem import Path, Place, Problem, UserError, input_problem
from generator.sources.layout import (
    GUIDE,
    INDICATORS,
    PROJECT_NAME,
    PROJECTS,
    SHEETS,
    Sheet,
)
from generator.sources.raw import RawInput, Tree

MAX_UNPACKED: Final = 150_000_000  # bytes of all parts together
MAX_CELLS: Final = 5_000_000
MAX_COLUMNS: Final = 1_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})([0-9]{1,9})"')
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4}[0-9]{1,9})"[^>]*>'
    rb"(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STYLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4}[0-9]{1,9})"[^>]*?\bs="([0-9]+)"')
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def old_format(name: str) -> UserError:
    """What to say of .xls and .et files."""
    return UserError(
        f"“{name}”是旧的 .xls（或 .et）格式。",
        "请在 Excel 或 WPS 中打开，另存为 .xlsx 工作簿后再试。",
    )


def read(name: str, data: bytes) -> RawInput:
    """Read a workbook. Raises :class:`UserError` when it cannot be opened at all."""
    book = _Workbook(name, data)
    return RawInput(name, book.tree(), book.locate, tuple(book.problems))


@dataclass(slots=True)
class _SheetMap:
    """Where the rows and columns of a sheet came from."""

    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[Path, int] = field(default_factory=dict)


class _Workbook:
    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._parts = _unpack(name, data)
        self._book = _open(name, data)
        self._maps: dict[str, _SheetMap] = {}
        self._percent_styles = _percent_styles(self._parts.get("xl/styles.xml"))
        self._xml = _sheet_parts(name, self._parts)

    # --- sheets -----------------------------------------------------------------------------

    def tree(self) -> Tree:
        tree: Tree = {}
        # WPS and people leave blanks around sheet names.
        names = {sheet.strip(): sheet for sheet in self._book.sheet_names}
        for shown, real in names.items():
            if (
                shown not in SHEETS
                and shown != GUIDE
                and any(any(cell != "" for cell in row) for row in self._rows(real))
            ):
                self.problems.append(
                    input_problem(
                        "INP102",
                        f"不认识工作表“{shown}”，里面的内容不会用到",
                        place=Place(file=self.name, sheet=real),
                        hint=f"工作表的名称应是：{'、'.join(SHEETS)}。多余的请删去。",
                    )
                )
        for sheet in SHEETS.values():
            if sheet.name not in names:
                if sheet.required:
                    self.problems.append(
                        input_problem(
                            "INP101",
                            f"缺少工作表“{sheet.name}”",
                            place=Place(file=self.name, sheet=sheet.name),
                            hint="没有内容也要保留这张表，只留表头。",
                        )
                    )
                continue
            rows = self._rows(names[sheet.name])
            match sheet.kind:
                case "table":
                    tree[sheet.name] = self._table(sheet, names[sheet.name], rows)
                case "record":
                    tree[sheet.name] = self._record(sheet, names[sheet.name], rows)
                case "texts":
                    tree[sheet.name] = self._texts(sheet, names[sheet.name], rows)
        self._join_indicators(tree)
        return tree

    def _rows(self, real_name: str) -> list[list[Any]]:
        self._check_size(real_name)
        try:
            rows: list[list[Any]] = self._book.get_sheet_by_name(real_name).to_python(
                skip_empty_area=False
            )
        except Exception as error:
            raise _damaged(self.name) from error
        return rows

    def _check_size(self, real_name: str) -> None:
        """One cell at the far corner would make the reader fill a grid of gigabytes."""
        columns = rows = 0
        for match in _CELL.finditer(self._xml.get(real_name, b"")):
            columns = max(columns, _column_number(match[1].decode()))
            rows = max(rows, int(match[2]))
        if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            raise UserError(
                f"“{self.name}”的工作表“{real_name}”延伸到第 {rows} 行、第 {columns} 列，过大。",
                "请删去有用内容以外的行和列再保存。",
            )

    def _header(self, sheet: Sheet, real: str, rows: list[list[Any]]) -> dict[int, str]:
        """Column index → column name; unknown and repeated headers are told."""
        known = {_folded(column): column for column in sheet.columns}
        found: dict[int, str] = {}
        for index, cell in enumerate(rows[0] if rows else []):
            title = str(cell).strip()
            if not title:
                continue
            column = known.get(_folded(title))
            place = Place(file=self.name, sheet=real, cell=f"{_letters(index)}1")
            if column is None:
                self.problems.append(
                    input_problem(
                        "INP103",
                        f"不认识“{title}”这一列，里面的内容不会用到",
                        place=place,
                        hint=f"这张表的列是：{'、'.join(sheet.columns)}。",
                    )
                )
            elif column in found.values():
                self.problems.append(
                    input_problem("INP110", f"“{column}”这一列出现了两次", place=place)
                )
            else:
                found[index] = column
        self._maps[sheet.name] = _SheetMap({name: i for i, name in found.items()})
        self._tell_cells_without_header(sheet, real, rows)
        return found

    def _tell_cells_without_header(self, sheet: Sheet, real: str, rows: list[list[Any]]) -> None:
        titles = [str(cell).strip() for cell in rows[0]] if rows else []
        for number, row in enumerate(rows[1:], 2):
            for index, cell in enumerate(row):
                if cell != "" and (index >= len(titles) or not titles[index]):
                    self.problems.append(
                        input_problem(
                            "INP103",
                            f"这一列没有列名，“{str(cell)[:20]}”不会用到",
                            place=Place(self.name, real, f"{_letters(index)}{number}"),
                            hint="请写上列名，或删去这个单元格。",
                        )
                    )

    def _body(
        self, sheet: Sheet, real: str, rows: list[list[Any]]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and non-blank cells of each row below the header."""
        header = self._header(sheet, real, rows)
        missing = self._uncalculated(real)
        percent = self._percent_cells(real)
        for number, row in enumerate(rows[1:], 2):
            values: dict[str, str] = {}
            for index, column in header.items():
                cell = f"{_letters(index)}{number}" if missing or percent else ""
                if cell in missing:
                    self._tell_uncalculated(real, cell)
                    continue
                value = row[index]
                if value == "":
                    continue
                text = self._text(value, real, index, number, cell in percent)
                if text is not None and text.strip():
                    values[column] = text
            if values:
                yield number, values

    def _text(self, value: Any, real: str, index: int, number: int, percent: bool) -> str | None:
        if isinstance(value, str):
            if value in _ERRORS:
                self.problems.append(
                    input_problem(
                        "INP107",
                        f"公式的结果是错误值 {value}",
                        place=Place(self.name, real, f"{_letters(index)}{number}"),
                        hint="请改正公式，或直接填数。",
                    )
                )
                return None
            return value
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, int | float):
            # 15 significant digits, as spreadsheets show them: 433.21999999999997 is 433.22.
            exact = Decimal(format(value, ".15g"))
            if percent:
                return f"{(exact * 100).normalize():f}%"
            return f"{exact:f}"
        assert isinstance(value, date | datetime | time | timedelta)
        self.problems.append(
            input_problem(
                "INP109",
                "这是日期格式的单元格，程序无法知道您看到的写法",
                place=Place(self.name, real, f"{_letters(index)}{number}"),
                hint="请把单元格格式改为“文本”，再按公开时的写法填写，如 2025年12月31日。",
            )
        )
        return None

    def _uncalculated(self, real: str) -> frozenset[str]:
        xml = self._xml.get(real, b"")
        if b"f>" not in xml and b"<f" not in xml:
            return frozenset()
        return frozenset(match[1].decode() for match in _UNCALCULATED.finditer(xml))

    def _tell_uncalculated(self, real: str, cell: str) -> None:
        self.problems.append(
            input_problem(
                "INP107",
                "公式还没有计算，读不到它的数",
                place=Place(file=self.name, sheet=real, cell=cell),
                hint="请在 Excel 或 WPS 中打开，重新计算并保存。",
            )
        )

    def _percent_cells(self, real: str) -> frozenset[str]:
        if not self._percent_styles:
            return frozenset()
        return frozenset(
            match[1].decode()
            for match in _STYLED.finditer(self._xml.get(real, b""))
            if int(match[2]) in self._percent_styles
        )

    # --- kinds of sheets --------------------------------------------------------------------

    def _table(self, sheet: Sheet, real: str, rows: list[list[Any]]) -> list[dict[str, str]]:
        records: list[dict[str, str]] = []
        for number, values in self._body(sheet, real, rows):
            self._maps[sheet.name].rows[(sheet.name, len(records))] = number
            records.append(values)
        return records

    def _record(self, sheet: Sheet, real: str, rows: list[list[Any]]) -> dict[str, str]:
        record: dict[str, str] = {}
        key_column, value_column = sheet.columns
        for number, values in self._body(sheet, real, rows):
            key = values.get(key_column, "").strip()
            if not key or key in record:
                self._tell_bad_key(real, number, key, values)
                continue
            self._maps[sheet.name].rows[(sheet.name, key)] = number
            if value_column in values:
                record[key] = values[value_column]
        return record

    def _tell_bad_key(self, real: str, number: int, key: str, values: dict[str, str]) -> None:
        place = Place(self.name, real, f"A{number}")
        if key:
            self.problems.append(input_problem("COD107", f"“{key}”出现了两次", place=place))
        else:
            shown = next(iter(values.values()))[:20]
            self.problems.append(input_problem("INP104", f"“{shown}”这一行没有写项目", place=place))

    def _texts(self, sheet: Sheet, real: str, rows: list[list[Any]]) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = {}
        slot_column, text_column = sheet.columns
        slot = ""
        for number, values in self._body(sheet, real, rows):
            # A slot's name may stand once, above all of its paragraphs.
            slot = values.get(slot_column, slot).strip()
            if not slot:
                self._tell_bad_key(real, number, "", values)
                continue
            if text_column in values:
                # A paragraph is a row; a cell with line breaks is several paragraphs.
                for line in values[text_column].splitlines():
                    if line.strip():
                        paragraphs = texts.setdefault(slot, [])
                        self._maps[sheet.name].rows[(sheet.name, slot, len(paragraphs))] = number
                        paragraphs.append(line)
            self._maps[sheet.name].rows.setdefault((sheet.name, slot), number)
        return texts

    def _join_indicators(self, tree: Tree) -> None:
        """Move the rows of the sheet 绩效指标 under their projects."""
        indicators = tree.pop(INDICATORS, [])
        projects = tree.get(PROJECTS, [])
        index = {p[PROJECT_NAME].strip(): i for i, p in enumerate(projects) if PROJECT_NAME in p}
        lines = self._maps.get(INDICATORS, _SheetMap()).rows
        real = next((s for s in self._book.sheet_names if s.strip() == INDICATORS), INDICATORS)
        name = ""
        for position, record in enumerate(indicators):
            # A project's name may stand once, above all of its indicators.
            name = record.pop(PROJECT_NAME, name).strip()
            number = lines.pop((INDICATORS, position))
            if name not in index:
                self.problems.append(
                    input_problem(
                        "INP112",
                        f"项目“{name}”不在工作表“{PROJECTS}”里，它的指标没有去处"
                        if name
                        else "这一行指标没有写项目名称",
                        place=Place(self.name, real, f"A{number}"),
                        hint=f"请把项目名称写成与“{PROJECTS}”里完全一样。",
                    )
                )
                continue
            own = projects[index[name]].setdefault(INDICATORS, [])
            lines[(PROJECTS, index[name], INDICATORS, len(own))] = number
            own.append(record)

    # --- places -----------------------------------------------------------------------------

    def locate(self, path: Path) -> Place:
        """Sheet and cell of a path; of the row or the sheet where the path goes no further."""
        if not path:
            return Place(file=self.name)
        name = INDICATORS if len(path) >= 3 and path[2] == INDICATORS else str(path[0])
        sheet_map = self._maps.get(name)
        sheet = next((s for s in self._book.sheet_names if s.strip() == name), name)
        if sheet_map is None:
            return Place(file=self.name, sheet=sheet)
        for length in range(len(path), 0, -1):
            if (number := sheet_map.rows.get(path[:length])) is not None:
                last = path[-1] if length < len(path) else None
                default = 1 if SHEETS[name].kind != "table" else 0
                index = sheet_map.columns.get(str(last), default)
                return Place(file=self.name, sheet=sheet, cell=f"{_letters(index)}{number}")
        return Place(file=self.name, sheet=sheet)


# --- the file itself ------------------------------------------------------------------------


def _damaged(name: str) -> UserError:
    return UserError(
        f"“{name}”已损坏，或没有下载完整。", "请在 Excel 或 WPS 中打开检查，重新保存后再试。"
    )


def _unpack(name: str, data: bytes) -> dict[str, bytes]:
    """The XML parts of the workbook, read within limits."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UserError(f"“{name}”有打开密码。", "请在 Excel 或 WPS 中取消密码，保存后再试。")
        raise old_format(name)
    if not data.startswith(b"PK"):
        raise UserError(f"“{name}”不是 Excel 工作簿。", "请在 Excel 或 WPS 中另存为 .xlsx 后再试。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > MAX_UNPACKED or len(members) > 5_000:
                raise UserError(
                    f"“{name}”展开后有 {size // 1_000_000} MB，过大，没有读取。",
                    "一份预算不会这么大，请检查文件的来源。",
                )
            if any(member.flag_bits & 1 for member in members):
                raise UserError(f"“{name}”有密码。", "请取消密码，保存后再试。")
            # A member that is longer than it claims fails its checksum here.
            parts = {
                member.filename: archive.read(member)
                for member in members
                if member.filename.endswith((".xml", ".rels"))
            }
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise _damaged(name) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise _damaged(name) from error
    if "xl/workbook.xml" not in parts:
        raise UserError(f"“{name}”不是 Excel 工作簿。", "请在 Excel 或 WPS 中另存为 .xlsx 后再试。")
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise UserError(f"“{name}”含有不允许的 XML 实体定义，没有读取。", "请检查文件的来源。")
    return parts


def _open(name: str, data: bytes) -> Any:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as error:
        raise _damaged(name) from error


def _sheet_parts(name: str, parts: dict[str, bytes]) -> dict[str, bytes]:
    """The XML of each worksheet by its name."""
    try:
        relations = {
            str(node.get("Id")): str(node.get("Target"))
            for node in ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
        }
        sheets = ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet")
        return {
            str(node.get("name")): parts.get(_target(relations.get(str(node.get(f"{_REL}id")), "")))
            or b""
            for node in sheets
        }
    except ElementTree.ParseError as error:
        raise _damaged(name) from error


def _target(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _percent_styles(styles: bytes | None) -> frozenset[int]:
    """Indexes of the cell styles that show a number as a percentage."""
    if styles is None or (b"%" not in styles and not re.search(rb'numFmtId="(?:9|10)"', styles)):
        return frozenset()
    try:
        root = ElementTree.fromstring(styles)
    except ElementTree.ParseError:
        return frozenset()
    formats = {"9", "10"} | {
        str(node.get("numFmtId"))
        for node in root.iter(f"{_MAIN}numFmt")
        if "%" in str(node.get("formatCode"))
    }
    cell_styles = root.find(f"{_MAIN}cellXfs")
    return frozenset(
        i
        for i, node in enumerate(cell_styles if cell_styles is not None else ())
        if node.get("numFmtId") in formats
    )


def _letters(index: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


_FOLD = str.maketrans("()", "（）", " \u3000\n\r\t")


def _folded(title: str) -> str:
    return title.translate(_FOLD)
