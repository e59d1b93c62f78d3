"""How the form workbook looks: colours, widths, protection, print set-up; and its file's bytes."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from generator.problem import UserError

MAX_CELL: Final = 32_767  # characters; Excel cuts a longer text off, openpyxl does so silently
_WRITTEN: Final = datetime(2025, 1, 1)  # fixed, so that the same input gives the same bytes
_FONT: Final = "微软雅黑"

_INK, _BLUE, _GREY, _LINK = "1F2937", "1F4E79", "6B7280", "0563C1"
_LINE: Final = Side("thin", color="D5DBE3")
_AMOUNT: Final = "#,##0.00"
_TOTAL: Final = '#,##0.00;-#,##0.00;"—"'
_CHANGE: Final = "+#,##0.00;-#,##0.00;0.00"
_LINE_HEIGHT: Final = 15.5  # points
_ROW_HEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Look:
    """One kind of cell."""

    fill: str = ""
    ink: str = _INK
    size: float = 10
    bold: bool = False
    across: str = "left"
    wrap: bool = False
    locked: bool = True
    number: str = "General"
    box: bool = True
    underline: str | None = None
    indent: int = 0


_ENTRY: Final = Look(fill="FFFBE6", locked=False)
_HEADER: Final = Look(fill="D9E7F5", ink=_BLUE, bold=True, across="center", wrap=True)
_AUTOMATIC: Final = Look(fill="F3F4F6", ink="4B5563")
_SUM: Final = Look(fill="E6F0DF", bold=True)
LOOKS: Final[dict[str, Look]] = {
    "title": Look(size=16, ink=_BLUE, bold=True, box=False),
    "progress": Look(ink=_BLUE, bold=True, box=False),
    "plain": Look(box=False, indent=1),
    "command": Look(ink=_BLUE, bold=True, box=False, indent=1),
    "step": Look(ink=_BLUE, bold=True, across="center", box=False),
    "wrapped": Look(box=False, wrap=True),
    "hint": Look(ink=_GREY, box=False),
    "alarm": Look(ink="9C0006", bold=True, box=False),
    "link": Look(ink=_LINK, underline="single", box=False),
    "boxed": Look(wrap=True),
    "boxed number": Look(across="center"),
    "count": Look(across="right"),
    "boxed link": Look(ink=_LINK, underline="single", bold=True),
    "sum label": _SUM,
    "sum": replace(_SUM, across="right", number=_TOTAL),
    "header": _HEADER,
    "required header": replace(_HEADER, fill="FBD9BF", ink="9A3B00"),
    "automatic header": replace(_HEADER, fill="E3E6EA", ink=_GREY),
    "text": replace(_ENTRY, wrap=True, number="@"),
    "required text": replace(_ENTRY, wrap=True, number="@", fill="FDEBDD"),
    "code": replace(_ENTRY, number="@", across="center"),
    "choice": replace(_ENTRY, number="@", across="center", wrap=True),
    "amount": replace(_ENTRY, across="right", number=_AMOUNT),
    "quantity": replace(_ENTRY, across="right"),
    "name": Look(locked=False, wrap=True, ink="4B5563"),
    "total": replace(_AUTOMATIC, across="right", number=_TOTAL),
    "change": replace(_AUTOMATIC, across="right", number=_CHANGE),
    "given total": replace(_AUTOMATIC, across="right", number=_AMOUNT, locked=False),
    "key": Look(fill="EEF4FA", ink=_BLUE, bold=True, wrap=True),
    "required key": Look(fill="FBE4D3", ink="9A3B00", bold=True, wrap=True),
    "part key": Look(fill="EEF4FA", ink=_BLUE, wrap=True, indent=2),
    "automatic": replace(_AUTOMATIC, wrap=True),
    "help": Look(ink=_GREY, size=9, wrap=True),
    "list": Look(number="@"),
    "hidden": Look(box=False, ink="FFFFFF"),
}

_FLAGS: Final = {
    "red": ("FFC7CE", "9C0006"),
    "amber": ("FFE699", "7F4F00"),
    "green": ("C6EFCE", "006100"),
    "grey": ("EEEEEE", "A0A0A0"),
}


class Book:
    """A workbook under construction. ``put`` writes a cell in one of :data:`LOOKS`."""

    def __init__(self) -> None:
        self._book = Workbook()
        # A cell's style is an array of indexes; worked out once per look, not once per cell.
        scratch = self._book.active
        self._styles = {name: _style(scratch["A1"], look) for name, look in LOOKS.items()}
        self._book.remove(scratch)
        self._book.calculation.fullCalcOnLoad = True

    def page(self, name: str, tab: str = "") -> Worksheet:
        """A new sheet."""
        page = self._book.create_sheet(name)
        page.sheet_view.showGridLines = False
        page.sheet_properties.tabColor = tab or None
        return page

    def sheet(self, name: str) -> Worksheet:
        return self._book[name]

    def put(self, page: Worksheet, row: int, column: int, value: Any, look: str) -> None:
        """A text stays a text, whatever it begins with; a formula goes through ``formula``."""
        cell = page.cell(row, column)
        cell._style = self._styles[look]
        if value is None or value == "":
            return
        if isinstance(value, str):
            cell.value = _writable(value)
            cell.data_type = "s"  # “=…” and “#N/A” are words here
        else:
            cell.value = value

    def formula(self, page: Worksheet, row: int, column: int, formula: str, look: str) -> None:
        cell = page.cell(row, column)
        cell._style = self._styles[look]
        cell.value = f"={formula}"

    def bytes(self) -> bytes:
        """The .xlsx; the same for the same content."""
        self._book.properties.creator = "gen-disclosure"
        self._book.properties.created = self._book.properties.modified = _WRITTEN
        buffer = io.BytesIO()
        ExcelWriter(self._book, _FixedZip(buffer, "w", zipfile.ZIP_DEFLATED)).save()
        return buffer.getvalue()


# openpyxl writes “收” as “&#25910;”; as UTF-8 the sheets are half as long, and read faster.
_REFERENCE = re.compile(rb"&#([0-9]+);")


def _as_utf8(match: re.Match[bytes]) -> bytes:
    number = int(match[1])
    return chr(number).encode("utf-8") if number > 127 else match[0]


class _FixedZip(zipfile.ZipFile):
    """A zip whose members all carry one date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        if isinstance(data, bytes):
            data = _REFERENCE.sub(_as_utf8, data)
        info = zipfile.ZipInfo(str(zinfo_or_arcname), _WRITTEN.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(info, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(arcname, Path(filename).read_bytes())


def _style(cell: Any, look: Look) -> Any:
    cell.font = Font(
        name=_FONT, size=look.size, bold=look.bold, color=look.ink, underline=look.underline
    )
    cell.fill = PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill()
    cell.border = Border(_LINE, _LINE, _LINE, _LINE) if look.box else Border()
    # A text should not touch the line to its left.
    indent = look.indent + (1 if look.box and look.across == "left" else 0)
    cell.alignment = Alignment(
        horizontal=look.across, vertical="center", wrap_text=look.wrap, indent=indent
    )
    cell.protection = Protection(locked=look.locked)
    cell.number_format = look.number
    return copy(cell._style)


def _writable(text: str) -> str:
    if len(text) > MAX_CELL:
        raise UserError(
            f"“{text[:20]}…”有 {len(text)} 个字，工作簿的一个单元格最多 {MAX_CELL} 个字。",
            "请把它分成几段。",
        )
    if found := ILLEGAL_CHARACTERS_RE.search(text):
        raise UserError(
            f"“{text[:20]}…”含有不可见的非法字符（U+{ord(found[0]):04X}）。", "请删去后再试。"
        )
    return text


# --- parts of a page ------------------------------------------------------------------------


def width(page: Worksheet, column: int, characters: float) -> None:
    page.column_dimensions[letter(column)].width = characters


def letter(column: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def link(page: Worksheet, cell: str, sheet: str) -> None:
    """A click on the cell goes to another sheet."""
    page[cell].hyperlink = Hyperlink(ref=cell, location=f"'{sheet}'!A1")


def note(page: Worksheet, cell: str, text: str) -> None:
    """A comment on a header, large enough for its text."""
    comment = Comment(text, "gen-disclosure")
    lines = sum(1 + len(line) // 20 for line in text.split("\n"))
    comment.width, comment.height = 300, 20 * lines + 16
    page[cell].comment = comment


def flag(page: Worksheet, cells: str, condition: str, colour: str) -> None:
    """A conditional format: ``condition`` is written for the first cell of ``cells``."""
    fill, ink = _FLAGS[colour]
    page.conditional_formatting.add(
        cells,
        FormulaRule(
            formula=[condition],
            fill=PatternFill(bgColor=fill),
            font=Font(color=ink),
            stopIfTrue=True,
        ),
    )


def choices(page: Worksheet, cells: str, source: str | Sequence[str], strict: str = "") -> None:
    """A drop-down. ``strict``: ``stop`` refuses other values, ``warning`` asks, ``""`` neither."""
    formula = source if isinstance(source, str) else '"' + ",".join(source) + '"'
    rule = DataValidation("list", formula1=formula, allow_blank=True)
    rule.showErrorMessage = bool(strict)
    if strict:
        rule.errorStyle = strict
        rule.errorTitle = "请核对"
        rule.error = (
            "这里只能从下拉列表里选。"
            if strict == "stop"
            else "列表里没有这个写法。确实要用，请选“是”；编码还要在旁边写上名称。"
        )
    rule.add(cells)
    page.add_data_validation(rule)


def numbers(page: Worksheet, cells: str, error: str = "") -> None:
    """Only numbers from zero up. ``error``: what is told of anything else."""
    rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    rule.errorTitle = "请填数"
    rule.error = error or (
        "这里填不小于 0 的数，最多两位小数，单位与“基本信息”里的金额单位一致；没有的留空。"
    )
    rule.showErrorMessage = True
    rule.add(cells)
    page.add_data_validation(rule)


class _Row(RowDimension):  # type: ignore[misc]
    """A row whose height fits its text now, and that a program may fit again when it changes."""

    @property
    def customHeight(self) -> bool:
        return False


def fit(page: Worksheet, first: int) -> None:
    """Rows high enough for their texts: LibreOffice does not do it on loading."""
    widths = [page.column_dimensions[letter(i + 1)].width for i in range(page.max_column)]
    for number, row in enumerate(page.iter_rows(min_row=first, values_only=True), first):
        lines = 1
        for value, room in zip(row, widths, strict=True):
            if isinstance(value, str) and not value.startswith("="):
                lines = max(lines, sum(_lines(line, room) for line in value.split("\n")))
        height = max(_ROW_HEIGHT, lines * _LINE_HEIGHT + 4)
        page.row_dimensions[number] = _Row(page, index=number, ht=min(height, 400))


def _lines(text: str, room: float) -> int:
    if 2 * len(text) < room - 1:
        return 1
    taken = sum(1.95 if character > "\u2000" else 1.1 for character in text)
    return max(1, math.ceil(taken / max(room - 1, 1)))


def finish(page: Worksheet, freeze: str, header_rows: str, heights: Iterable[float]) -> None:
    """Protection without a password, frozen header, landscape A4 one page wide."""
    page.freeze_panes = freeze
    for row, height in enumerate(heights, 1):
        page.row_dimensions[row].height = height
    guard = page.protection
    guard.sheet = True
    # False: allowed in spite of the protection.
    guard.formatCells = guard.formatColumns = guard.formatRows = False
    guard.sort = guard.autoFilter = False
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = header_rows
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.5
    page.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
