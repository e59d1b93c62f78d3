"""The tables of a template against the tables of its pack: header words, columns, merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from generator.maintain.check.document import Part, Row, Table
from generator.maintain.check.finding import Finding, quoted
from generator.pack import Pack
from generator.pack import Table as PackTable
from generator.tags import loop_in

_PRINTED = re.compile(r"\{\{.*?\}\}")
_FIELD = re.compile(r"\{\{\s*(\S+?)\s*\}\}")
_REFERENCE = re.compile(r"\{[^{}]*\}")
_ANY: Final = "…"  # stands for a placeholder in a header's words


def in_body(part: Part, pack: Pack) -> Iterator[Finding]:
    """What is wrong with each table; tables of the pack that the template lacks."""
    shown: set[str] = set()
    for table in part.tables:
        found = _of_pack(table, pack)
        if found is None:
            continue
        shown.add(found.id)
        for finding in (*_columns(table, found), *_header(table, found), *_repeats(table, found)):
            yield replace(finding, table=found.name)
    for id_, own in pack.tables.items():
        if id_ not in shown:
            yield Finding(
                "缺少表",
                "正文",
                f"没有表“{own.name}”",
                f"请加上这张表，各行写在 {{%tr for 行 in {_rows_of(own)} %}} 和 {{%tr endfor %}} "
                "之间。",
                own.name,
            )


def _rows_of(table: PackTable) -> str:
    return "项目.指标" if table.source == "绩效" else f"部门.{table.name}.行"


def _of_pack(table: Table, pack: Pack) -> PackTable | None:
    """Which table of the pack this is: the one over whose rows it goes."""
    for row in table.rows:
        if loop := loop_in(row.text):
            by_name = {t.name: t for t in pack.tables.values() if t.source != "绩效"}
            return pack.tables["绩效"] if loop.table == "指标" else by_name.get(loop.table)
    return None


def _body_rows(table: Table) -> list[Row]:
    """The rows that are printed for each row of data."""
    start = next((i for i, row in enumerate(table.rows) if loop_in(row.text)), 0)
    return [row for row in table.rows[start:] if not row.text.strip().startswith("{%tr")]


def _columns(table: Table, own: PackTable) -> Iterator[Finding]:
    """Each row of data has the pack's columns, in the pack's order."""
    names = [column.name for column in own.columns]
    if table.columns != len(names):
        yield Finding(
            "列数不对",
            table.place(),
            f"有 {table.columns} 列，格式包里是 {len(names)} 列（{'、'.join(names)}）",
            "请在 Word 里增减列，或改 tables 文件夹里这张表的列。",
        )
        return
    for row in _body_rows(table):
        if any(cell.span > 1 for cell in row.cells):
            yield Finding(
                "合并不符",
                table.place(row),
                "数据行里有左右合并的单元格",
                "请拆分单元格，每列一格。",
            )
            continue
        for cell in row.cells:
            if cell.column < len(names) and (found := _FIELD.search(cell.text)):
                printed, wanted = found[1].rpartition(".")[2], names[cell.column]
                if printed != wanted and printed in names:
                    yield Finding(
                        "列放错了",
                        table.place(row, cell.column),
                        f"填的是“{printed}”，格式包里这一列是“{wanted}”",
                        "请把占位符移到它的列；要换列的次序，tables 文件夹里也要换。",
                    )


def _header(table: Table, own: PackTable) -> Iterator[Finding]:
    """The header's words and its merged cells are the pack's."""
    rows = _header_rows(table, own)
    if len(rows) < len(own.header):
        yield Finding(
            "表头不符",
            table.place(),
            f"只有 {len(rows)} 行表头，格式包里是 {len(own.header)} 行",
            "请在 Word 里补上，或改 tables 文件夹里这张表的表头。",
        )
        return
    if lacking := _lacking(rows, own):
        yield Finding(
            "表头不符",
            table.place(),
            f"缺少表头的一行“{lacking}”",
            "请在 Word 里补上，或改 tables 文件夹里这张表的表头。",
        )
        return
    for row, words in zip(rows, own.header, strict=True):
        if row.width != len(words):
            yield Finding(
                "列数不对",
                table.place(row),
                f"表头占 {row.width} 列，格式包里是 {len(words)} 列",
                "请补齐或合并这一行的单元格。",
            )
        else:
            yield from _header_row(table, row, words)


def _lacking(rows: list[Row], own: PackTable) -> str:
    """The words of the header row that is not there: the others stand one row too low."""
    written = [_words(cell.text for cell in row.cells) for row in rows]
    wanted = [_words(word for word in words if word not in ("<", "^")) for words in own.header]
    if set(written[0]) & set(wanted[0]):
        return ""
    rests = (wanted[:at] + wanted[at + 1 :] for at in range(len(wanted)))
    lacking = (words for words, rest in zip(wanted, rests, strict=True) if rest == written[1:])
    return " ".join(next(lacking, ()))


def _words(cells: Iterable[str]) -> list[str]:
    """The words of a row, placeholders left out."""
    plain = (_REFERENCE.sub("", _PRINTED.sub("", cell)).strip() for cell in cells)
    return [word for word in plain if word]


def _header_row(table: Table, row: Row, words: tuple[str, ...]) -> Iterator[Finding]:
    for cell in row.cells:
        wanted = words[cell.column]
        covered = words[cell.column + 1 : cell.column + cell.span]
        place = table.place(row, cell.column)
        merged = "^" if cell.merge == "continue" else ""
        if wanted == "<":
            yield Finding(
                "合并不符",
                place,
                "格式包里这一格与左边的合并，这里没有合并",
                "请与左边的单元格合并。",
            )
        elif any(word != "<" for word in covered):
            apart = next(word for word in covered if word != "<")
            yield Finding(
                "合并不符",
                place,
                f"左右合并了 {cell.span} 列，格式包里“{apart}”是另一格",
                "请在 Word 里拆分单元格，或改 tables 文件夹里这张表的表头。",
            )
        elif (wanted == "^") != bool(merged):
            said = "与上面的合并，这里没有合并" if wanted == "^" else "没有与上面的合并，这里合并了"
            yield Finding(
                "合并不符",
                place,
                f"格式包里这一格{said}",
                "请在 Word 里合并或拆分，或改 tables 文件夹里这张表的表头。",
            )
        elif wanted != "^" and not _same(cell.text, wanted):
            yield Finding(
                "表头不符",
                place,
                f"表头是{quoted(cell.text, 30)}，格式包里是“{wanted}”",
                "请在 Word 里改，或改 tables 文件夹里这张表的表头。",
            )


def _same(written: str, wanted: str) -> bool:
    """A word that comes by a placeholder may be any."""
    return _PRINTED.sub(_ANY, written).strip() == _REFERENCE.sub(_ANY, wanted).strip() or (
        _PRINTED.sub("", written).strip() == "" and "{{" in written
    )


def _header_rows(table: Table, own: PackTable) -> list[Row]:
    """The rows with the header's words: the last ones above the rows of data."""
    before: list[Row] = []
    for row in table.rows:
        if row.text.strip().startswith("{%tr"):
            break
        before.append(row)
    return before[-len(own.header) :]


def _repeats(table: Table, own: PackTable) -> Iterator[Finding]:
    rows = _header_rows(table, own)
    last = rows[-1].number if rows else 0
    lacking = [row for row in table.rows[:last] if not row.header]
    if lacking and len(rows) == len(own.header):
        yield Finding(
            "表头不重复",
            table.place(lacking[0]),
            "换页以后不会重复",
            "请选中表头各行，在“表格属性—行”里选“在各页顶端以标题行形式重复出现”。",
        )
