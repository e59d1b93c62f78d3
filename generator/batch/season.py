"""A batch for the leadership: one workbook, and one page that opens in any browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from generator import __version__
from generator.batch.outcome import DONE, FAULTY, MISSING, UNREADABLE, UNWRITTEN, WARNED, Outcome
from generator.batch.summary import FUNDS, Line, Summary, TableRow
from generator.folder import FORMER
from generator.money import fixed
from generator.sources.blank.look import Book, finish, letter, width

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
FUND_HEADS: Final = ("合计", "一般公共预算", "政府性基金预算", "国有资本经营预算")
assert len(FUND_HEADS) == len(FUNDS)

_COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    *(("状态", 9), ("编码", 10), ("名称", 34), ("收入总计", 15), ("基本支出", 15)),
    *(("项目支出", 15), ("“三公”经费", 13), ("比上年", 13), ("政府采购", 14), ("项目数", 9)),
    *(("页数", 8), ("错误", 8), ("警告", 8), ("文件", 40), ("第一条问题", 80), ("旧文档", 50)),
)


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
    book.put(page, 1, 1, f"{summary.year or ''}年部门预算公开情况", "title")
    book.put(page, 2, 1, f"共 {len(summary.lines)} 个：{states}。金额单位：万元。", "hint")
    _head(book, page, 3, _COLUMNS)
    for row, line in enumerate(summary.lines, 4):
        for column, value in enumerate(_cells(line), 1):
            book.put(page, row, column, value, _look(value))
    last = 3 + len(summary.lines)
    page.auto_filter.ref = f"A3:{letter(len(_COLUMNS))}{max(last, 4)}"
    finish(page, "D4", "3:3", (30, 20, 26))
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
        *(outcome.state, outcome.code, outcome.name, *amounts, outcome.projects or None),
        *(pages_of(outcome), counts.get("error") or None, counts.get("warning") or None),
        *(outcome.file, "".join(outcome.findings[:1]), former_of(outcome)),
    ]
    return [_text(value) if isinstance(value, str) else value for value in values]


def _text(text: str) -> str:
    """A text as a cell takes it: a file may have any bytes for its name."""
    text = _NO_CHARACTER.sub("?", text.encode("utf-8", "replace").decode("utf-8"))
    return text[:MOST_CHARACTERS]


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
    told = f"{summary.counted} 个部门汇总；所属单位的数在部门里。金额单位：万元。"
    page = book.page("收支总表汇总")
    book.put(page, 1, 1, "部门预算收支总表（汇总）", "title")
    book.put(page, 2, 1, told, "hint")
    _head(book, page, 3, (("收入项目", 40), ("预算数", 18), ("支出项目", 40), ("预算数", 18)))
    for offset, rows in ((1, summary.income), (3, summary.expenditure)):
        _put_rows(book, page, rows, offset)
    finish(page, "A4", "3:3", (30, 20, 26))
    page.protection.sheet = False
    page = book.page("三公经费汇总")
    book.put(page, 1, 1, "财政拨款“三公”经费支出表（汇总）", "title")
    book.put(page, 2, 1, told, "hint")
    _head(book, page, 3, (("项目", 44), *((head, 20) for head in FUND_HEADS)))
    _put_rows(book, page, summary.sangong, 1)
    finish(page, "A4", "3:3", (30, 20, 26))
    page.protection.sheet = False


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
    return "boxed number" if isinstance(value, int) else "list"


# --- the page -----------------------------------------------------------------------------------


def html(summary: Summary) -> str:
    """The summary as one self-contained page: nothing is fetched, everything is escaped."""
    return str(
        _template().render(
            summary=summary,
            version=__version__,
            colours=COLOURS,
            states=[(state, n) for state, n in summary.states.items() if n],
            heads=FUND_HEADS,
            widest=max((rule.departments for rule in summary.failing), default=1),
            failing=summary.failing[:30],
            largest=_largest(summary),
            money=_money,
            pages_of=pages_of,
            former_of=former_of,
            former=FORMER,
        )
    )


def _largest(summary: Summary) -> list[tuple[str, Decimal]]:
    """The ten departments that spend most on 三公."""
    spending = sorted(summary.lines, key=lambda line: -line.sangong)[:10]
    return [(line.outcome.name, line.sangong) for line in spending if line.sangong]


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{Decimal(fixed(amount)):,}"


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = (Path(__file__).parent / TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(source)
