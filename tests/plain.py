"""A tree as a plain workbook: one sheet per kind of leaf, the header in row 1 and nothing else.

People build such workbooks by hand or from another system; the program reads them like its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from generator.sources.layout import INDICATORS, PROJECT_NAME, PROJECTS, SHEETS, Sheet
from generator.sources.raw import Tree

_TEXT_COLUMNS = frozenset(
    {"科目编码", "编码", "政府采购目录序号", "指标值", "绩效目标", "文字", "内容"}
)


def workbook(tree: Tree) -> bytes:
    """A tree as a workbook: one sheet per kind of leaf, header first."""
    book = Workbook()
    book.remove(book.active)
    for sheet in SHEETS.values():
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.columns))
        for row in _rows(sheet, tree):
            page.append([_cell(column, row.get(column, "")) for column in sheet.columns])
        _no_formulas(page)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rows(sheet: Sheet, tree: Tree) -> Iterable[dict[str, str]]:
    if sheet.name == INDICATORS:
        for project in tree.get(PROJECTS, []):
            for indicator in project.get(INDICATORS, []):
                yield {PROJECT_NAME: project[PROJECT_NAME], **indicator}
        return
    content = tree.get(sheet.name)
    if not content:
        return
    first, second = sheet.columns[:2]
    if sheet.kind == "record":
        yield from ({first: key, second: value} for key, value in content.items())
    elif sheet.kind == "texts":
        for key, value in content.items():
            paragraphs = value if isinstance(value, list) else value.splitlines()
            yield from ({first: key, second: paragraph} for paragraph in paragraphs)
    else:
        for record in content:
            yield {
                key: "\n".join(value) if isinstance(value, list) else value
                for key, value in record.items()
                if key != INDICATORS
            }


def _cell(column: str, value: str) -> Any:
    """Amounts as numbers, so that the sheet can add them; codes and words as text."""
    if column in _TEXT_COLUMNS or not value:
        return value or None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return number if number.is_finite() else value


def _no_formulas(page: Worksheet) -> None:
    """A value that begins with “=” is text."""
    for row in page.iter_rows(min_row=2):
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
