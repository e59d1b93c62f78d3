"""A batch for the leadership: one workbook, and one page that opens in any browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from generator import __version__
from generator.batch.area import Area, TableRow
from generator.batch.outcome import DONE, FAULTY, MISSING, UNREADABLE, UNWRITTEN, WARNED, Outcome
from generator.batch.summary import Line, Summary
from generator.folder import FORMER
from generator.money import fixed
from generator.sources.blank.look import Book, finish, fit, letter, width

TEMPLATE: Final = "season.html"
COLOURS: Final = {
    DONE: "done",
    WARNED: "warned",
    FAULTY: "faulty",
    UNREADABLE: "unreadable",
    UNWRITTEN: "unwritten",
    MISSING: "missing",
}
MOST_CHARACTERS: Final = 1000  # of a cell; nobody reads more there
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
FUND_WIDTH: Final = 20

_COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    *(("状态", 8), ("编码", 8), ("名称", 24), ("年度", 7), ("收入总计", 13), ("基本支出", 13)),
    *(("项目支出", 13), ("“三公”经费", 10), ("比上年", 10), ("政府采购", 12), ("项目数", 5)),
    *(("页数", 5), ("错误", 5), ("警告", 5), ("第一条问题", 52), ("文件", 40), ("旧文档", 50)),
)
ON_PAPER: Final = 15  # columns; the names of the files are for the screen


# --- the workbook -------------------------------------------------------------------------------


def workbook(summary: Summary) -> bytes:
    """The summary as .xlsx: departments, rules, the area's T1 and T9."""
    book = Book()
    _departments(book, summary)
    _rules(book, summary)
    _tables(book, summary)
    return book.bytes()


def _departments(book: Book, summary: Summary) -> None:
    page = book.page("部门")
    states = "，".join(f"{state} {n}" for state, n in summary.states.items() if n)
    book.put(page, 1, 1, f"{summary.when}部门预算公开情况", "title")
    book.put(page, 2, 1, f"共 {len(summary.lines)} 个：{states}。金额单位：万元。", "hint")
    _head(book, page, 3, _COLUMNS)
    for row, line in enumerate(summary.lines, 4):
        for column, value in enumerate(_cells(line), 1):
            book.put(page, row, column, value, _look(value))
    last = max(3 + len(summary.lines), 4)
    page.auto_filter.ref = f"A3:{letter(len(_COLUMNS))}{last}"
    finish(page, "D4", "3:3", (30, 20, 32))
    fit(page, 4)
    page.print_area = f"A1:{letter(ON_PAPER)}{last}"
    page.protection.sheet = False  # sorting and notes are what it is for


def _cells(line: Line) -> list[Any]:
    outcome = line.outcome
    counts = outcome.counts
    if not outcome.figures:
        amounts: list[Decimal | None] = [None] * 6
    else:
        amounts = [line.income, line.basic, line.project]
        amounts += [line.sangong, line.sangong_change, line.procurement]
    values = [
        *(outcome.state, outcome.code, name_of(outcome), outcome.year or None),
        *(*amounts, outcome.projects or None),
        *(pages_of(outcome), counts.get("error") or None, counts.get("warning") or None),
        *("".join(outcome.findings[:1]), outcome.file, former_of(outcome)),
    ]
    return [_text(value) if isinstance(value, str) else value for value in values]


def _text(text: str) -> str:
    """A text as a cell takes it: a file may have any bytes for its name."""
    text = _NO_CHARACTER.sub("?", text.encode("utf-8", "replace").decode("utf-8"))
    return text[:MOST_CHARACTERS]


def name_of(outcome: Outcome) -> str:
    """A department's name; the file, where that cannot be told."""
    return outcome.name or PurePath(outcome.file).name


def pages_of(outcome: Outcome) -> int | str | None:
    """How many pages the PDF has; a dash where a document has none, nothing without a document."""
    return outcome.pages or ("—" if outcome.output else None)


def former_of(outcome: Outcome) -> str:
    """That documents of former data were moved away, lest somebody publishes them."""
    if not outcome.former:
        return ""
    return (
        f"以前生成的{'、'.join(f'“{name}”' for name in outcome.former)}已移到“{FORMER}”，不要公开"
    )


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
        _head(book, page, 3, (("收入项目", 40), ("预算数", 18), ("支出项目", 40), ("预算数", 18)))
        _put_rows(book, page, area.income, 1)
        _put_rows(book, page, area.expenditure, 3)
        page = _table(book, summary, area, f"三公经费汇总{several}", area.sangong)
        _head(book, page, 3, (("项目", 44), *((head, FUND_WIDTH) for head in area.heads)))
        _put_rows(book, page, area.rows, 1)


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
    return "boxed number" if isinstance(value, int) else "boxed"


# --- the page -----------------------------------------------------------------------------------


def html(summary: Summary) -> str:
    """The summary as one self-contained page: nothing is fetched, everything is escaped."""
    return str(
        _template().render(
            summary=summary,
            version=__version__,
            colours=COLOURS,
            states=[(state, n) for state, n in summary.states.items() if n],
            widest=max((rule.departments for rule in summary.failing), default=1),
            failing=summary.failing[:30],
            largest=_largest(summary),
            money=_money,
            pages_of=pages_of,
            former_of=former_of,
            name_of=name_of,
            link=quote,
            former=FORMER,
        )
    )


def _largest(summary: Summary) -> list[tuple[str, Decimal]]:
    """The ten departments that spend most on 三公, of those whose figures are without errors."""
    counted = [line for line in summary.lines if line.counts and line.sangong]
    spending = sorted(counted, key=lambda line: -line.sangong)[:10]
    return [(line.outcome.name, line.sangong) for line in spending]


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{Decimal(fixed(amount)):,}"


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = (Path(__file__).parent / TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(source)
