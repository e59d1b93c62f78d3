"""The summary of a batch as a workbook: departments, rules, the area's T1 and T9."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from generator.batch.area import Area, TableRow
from generator.batch.summary import Line, Summary
from generator.sources.blank.look import Book, finish, fit, letter, width

MOST_CHARACTERS: Final = 1000  # of a cell; nobody reads more there
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
FUND_WIDTH: Final = 20

_COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    *(("状态", 8), ("编码", 8), ("名称", 24), ("年度", 7), ("收入总计", 13), ("基本支出", 13)),
    *(("项目支出", 13), ("“三公”经费", 10), ("三公比上年", 10), ("政府采购", 12), ("项目数", 5)),
    *(("页数", 5), ("错误", 5), ("警告", 5), ("例外", 5), ("第一条问题", 52), ("文件", 90)),
    ("旧文档", 90),
)
_CHANGE: Final = [title for title, _ in _COLUMNS].index("三公比上年")
ON_PAPER: Final = 16  # columns; the names of the files are for the screen


def workbook(summary: Summary) -> bytes:
    """The summary as .xlsx: departments, rules, the area's T1 and T9."""
    book = Book()
    _departments(book, summary)
    _rules(book, summary)
    _tables(book, summary)
    return book.bytes()


def _departments(book: Book, summary: Summary) -> None:
    page = book.page("部门")
    book.put(page, 1, 1, f"{summary.when}部门预算公开情况", "title")
    head = _told(book, page, summary)
    rows = list(map(_cells, summary.lines))
    _head(book, page, head, [(title, _room(at, rows)) for at, (title, _) in enumerate(_COLUMNS)])
    for row, cells in enumerate(rows, head + 1):
        for column, value in enumerate(cells):
            signed = column == _CHANGE and value is not None
            book.put(page, row, column + 1, value, "change" if signed else _look(value))
    last = head + max(len(summary.lines), 1)
    page.auto_filter.ref = f"A{head}:{letter(len(_COLUMNS))}{last}"
    finish(page, f"D{head + 1}", f"{head}:{head}", (30, *[20] * (head - 2), 32))
    fit(page, head + 1)
    for at, (title, _) in enumerate(_COLUMNS, 1):
        page.column_dimensions[letter(at)].hidden = title in summary.hidden
    page.print_area = f"A1:{letter(ON_PAPER)}{last}"
    page.protection.sheet = False  # sorting and notes are what it is for


def _told(book: Book, page: Any, summary: Summary) -> int:
    """What is told above the departments, a row each; the row that comes next."""
    book.put(page, 2, 1, f"{summary.told}金额单位：万元。{summary.made} 运行的结果。", "hint")
    told = [("alarm", one) for one in summary.alarms] + [("hint", one) for one in summary.notices]
    for row, (look, sentence) in enumerate(told, 3):
        book.put(page, row, 1, _text(sentence), look)
    return 3 + len(told)


def _room(column: int, rows: Iterable[Sequence[object]]) -> float:
    """The width of a column: as it is, or of its longest amount."""
    amounts = (row[column] for row in rows if isinstance(row[column], Decimal))
    return max(_COLUMNS[column][1], *(len(f"{amount:,.2f}") + 2 for amount in amounts), 0)


def _cells(line: Line) -> list[Any]:
    outcome = line.outcome
    counts = outcome.counts
    if not outcome.figures:
        amounts: list[Decimal | None] = [None] * 6
    else:
        amounts = [line.income, line.basic, line.project]
        amounts += [line.sangong, line.sangong_change, line.procurement]
    values = [
        *(outcome.state, outcome.code, line.name, outcome.year or None),
        *(*amounts, outcome.projects or None),
        *(line.pages, counts.get("error") or None, counts.get("warning") or None),
        *(line.exceptions or None, "\n".join(filter(None, (*outcome.findings[:1], line.remark)))),
        *(outcome.file, line.former),
    ]
    return [_text(value) if isinstance(value, str) else value for value in values]


def _text(text: str) -> str:
    """A text as a cell takes it: a file may have any bytes for its name."""
    text = _NO_CHARACTER.sub("?", text.encode("utf-8", "replace").decode("utf-8"))
    return text[:MOST_CHARACTERS]


def _rules(book: Book, summary: Summary) -> None:
    page = book.page("规则")
    book.put(page, 1, 1, "哪些规则在多少部门没有通过", "title")
    columns = (("规则", 12), ("级别", 9), ("名称", 60), ("部门数", 10), ("处数", 10))
    _head(book, page, 3, columns)
    for row, rule in enumerate(summary.failing, 4):
        values = (rule.rule, rule.severity, rule.name, rule.departments, rule.findings)
        for column, value in enumerate(values, 1):
            book.put(page, row, column, value, _look(value))
    finish(page, "A4", "3:3", (30, 8, 26))
    page.protection.sheet = False


def _tables(book: Book, summary: Summary) -> None:
    for number, area in enumerate(summary.areas, 1):
        several = f"（{number}）" if len(summary.areas) > 1 else ""
        page = _table(book, summary, area, f"收支总表汇总{several}", area.balance)
        _head(book, page, 3, [*_sides(area, "收入"), *_sides(area, "支出")])
        _put_rows(book, page, area.income, 1)
        _put_rows(book, page, area.expenditure, 3)
        page = _table(book, summary, area, f"三公经费汇总{several}", area.sangong)
        _head(book, page, 3, (("项目", 44), *((head, FUND_WIDTH) for head in area.heads)))
        _put_rows(book, page, area.rows, 1)


def _sides(area: Area, side: str) -> tuple[tuple[str, float], ...]:
    return (f"{side}项目", 40), (area.amount, FUND_WIDTH)


def _table(book: Book, summary: Summary, area: Area, name: str, title: str) -> Any:
    """A page for one of an area's tables, with what is added up in it."""
    told = f"{area.told}；所属单位的数在部门里。金额单位：万元。{summary.lacking}"
    page = book.page(name)
    book.put(page, 1, 1, f"{title}（汇总）", "title")
    book.put(page, 2, 1, told, "hint")
    finish(page, "A4", "3:3", (30, 20, 26))
    page.protection.sheet = False
    return page


def _put_rows(book: Book, page: Any, rows: Iterable[TableRow], column: int) -> None:
    for number, row in enumerate(rows, 4):
        book.put(page, number, column, row.label, "list")
        for offset, amount in enumerate(row.amounts, 1):
            book.put(page, number, column + offset, amount, "total")


def _head(book: Book, page: Any, row: int, columns: Sequence[tuple[str, float]]) -> None:
    for index, (title, characters) in enumerate(columns, 1):
        book.put(page, row, index, title, "header")
        width(page, index, characters)


def _look(value: object) -> str:
    if isinstance(value, Decimal):
        return "total"
    return "count" if isinstance(value, int) else "boxed"
