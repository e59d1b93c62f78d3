"""The other direction: an input's tree into a workbook or a YAML file, blank or filled."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from generator.disclosure import Disclosure
from generator.pack import Pack
from generator.sources.layout import (
    GUIDE,
    INDICATORS,
    PROJECT_NAME,
    PROJECTS,
    SHEETS,
    Sheet,
    aliases,
)
from generator.sources.raw import Tree

_GUIDE_TEXT: Final = (
    "预算信息公开填报工作簿",
    "1. 金额单位一律为万元，最多两位小数；没有的留空，不必填 0。",
    "2. 先填“基本信息”和“机构设置”，再依次填“收入”“支出”“基本支出”“三公经费”。",
    "3. 只填明细：收入、支出填到“项”（7 位），基本支出填到“款”（5 位）；合计由程序计算。",
    "4. “上年数”用来写与上年相比的增减；有增减的要写原因。",
    "5. “项目”每个项目一行；“绩效指标”里的项目名称要与“项目”一致。",
    "6. “文字”里必写的段：职责、总体目标、分项目标、保障措施；其他段不写则由程序写。",
    "7. 填好保存，运行：gen-disclosure 这个文件.xlsx",
)
_TEXT_COLUMNS: Final = frozenset(
    {"科目编码", "编码", "政府采购目录序号", "指标值", "绩效目标", TEXT := "文字", "内容"}
)
_WIDE: Final = {
    "单位名称": 34,
    "科目名称": 34,
    PROJECT_NAME: 36,
    "绩效目标": 60,
    "绩效指标描述": 34,
    "三级指标": 30,
    "指标值确定依据": 30,
    "采购物品名称": 24,
    "增减原因": 50,
    "解释": 80,
    TEXT: 100,
    "内容": 40,
    "项目": 30,
}


def blank_tree(pack: Pack, code: str, name: str, year: int, kind: str) -> Tree:
    """What a blank input already holds: who it is, and the pack's switches."""
    return {
        "基本信息": {
            **dict.fromkeys(aliases(Disclosure.model_fields["basics"].annotation), ""),  # type: ignore[arg-type]
            "类型": kind,
            "编码": code,
            "名称": name,
            "年度": str(year),
            "格式": pack.id,
        },
        "格式选项": dict(pack.switch_defaults),
        "年终结转": dict.fromkeys(
            aliases(Disclosure.model_fields["year_end"].annotation),  # type: ignore[arg-type]
            "",
        ),
        "文字": {slot.key: [""] for slot in pack.sections.slots.values() if slot.required},
    }


def workbook(tree: Tree) -> bytes:
    """A tree as a workbook: one sheet per kind of leaf, header first."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    guide.title = GUIDE
    guide.column_dimensions["A"].width = 100
    for line in _GUIDE_TEXT:
        guide.append([line])
    guide["A1"].font = Font(bold=True, size=14)
    for sheet in SHEETS.values():
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.columns))
        for row in _rows(sheet, tree):
            page.append([_cell(column, row.get(column, "")) for column in sheet.columns])
        _dress(page, sheet)
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


def _dress(page: Worksheet, sheet: Sheet) -> None:
    page.freeze_panes = "A2"
    for index, column in enumerate(sheet.columns, 1):
        cell = page.cell(1, index)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        letter = get_column_letter(index)
        page.column_dimensions[letter].width = _WIDE.get(column, max(12, 2 * len(column) + 2))
        if column in _TEXT_COLUMNS:
            page.column_dimensions[letter].number_format = "@"
    # A value that begins with “=” is text, never a formula.
    for row in page.iter_rows(min_row=2):
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)


def yaml_text(tree: Tree, pack: Pack) -> str:
    """A blank YAML input: what is known filled in, every table with its columns as a comment."""
    lines = [
        "# 预算信息公开填报文件。金额单位为万元，最多两位小数；只填明细，合计由程序计算。",
        f"# 格式：{pack.id}。列表里每行写成 - {{列: 值, …}}；编码加引号。",
    ]
    for sheet in SHEETS.values():
        if sheet.name == INDICATORS:
            continue
        content = tree.get(sheet.name)
        lines.append("")
        if sheet.kind == "table":
            lines.append(f"# {'、'.join(sheet.columns)}")
            if sheet.name == PROJECTS:
                lines.append(f"# {INDICATORS}：{'、'.join(SHEETS[INDICATORS].columns[1:])}")
            lines.append(f"{sheet.name}: []")
        elif content:
            lines.append(f"{sheet.name}:")
            for key, value in content.items():
                lines.append(
                    f"  {key}: {_quoted(value) if isinstance(value, str) else ''}".rstrip()
                )
        else:
            lines.append(f"{sheet.name}: {{}}")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if value else ""
