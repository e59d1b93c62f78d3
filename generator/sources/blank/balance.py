"""核对: the balance cells of the form workbook, from the program's own table of relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from generator.balance import LEAF_MEASURES, RELATIONS, TOTAL, Cross, Term
from generator.sources.blank.formulas import FIRST_ROW, HEADER_ROW, SOURCES, TOTAL_ROW
from generator.sources.blank.look import Book, finish, fit, flag, letter, width
from generator.sources.blank.plan import Plan
from generator.sources.blank.tables import GREEN, head

BALANCE: Final = "核对"
_APART: Final = ("政府采购", "国有资产")  # no relation of 核对 speaks of them


def write_balance(book: Book, plan: Plan) -> str:
    """核对: what the program checks between figures that are entered apart from one another."""
    page = book.page(BALANCE, GREEN)
    relations = [relation for relation in RELATIONS if isinstance(relation, Cross)]
    classes = [line for line in plan.pack.tables["T1"].right if line.row]
    last = FIRST_ROW + len(relations) - 1
    class_row = last + 3
    leaf_row = class_row + len(classes) + 4
    cells = {measure: f"$D${leaf_row + i}" for i, measure in enumerate(LEAF_MEASURES)}
    verdicts = f"$I${FIRST_ROW}:$I${last}"
    rest = class_row + len(classes)
    bad = f'(COUNTIF({verdicts},"不平")+($D${rest}<>0)+($G${rest}<>0))'
    empty = "+".join(c for m, c in cells.items() if SOURCES[m][0] not in _APART) + "=0"
    widths = (11, 42, 44, 15, 5, 42, 15, 13, 11)
    balanced = _balanced(plan, plan.sums.whole("income.total", cells))
    words = f'IF({empty},"还没有填",IF({bad}>0,"有 "&{bad}&" 处不平",{balanced}))'
    cell = head(book, page, words, widths, plan.money_unit())
    flag(page, cell, f'ISNUMBER(SEARCH("不平",{cell}))', "red")
    flag(page, cell, f'ISNUMBER(SEARCH("请核对",{cell}))', "amber")
    hint = (
        "不用填。程序生成文档时核对的就是这些；全部变绿再生成，红色的回到明细里查。"
        "表1 至表9 是要公开的九张表：表2 收入，表3 支出，表6 基本支出，表9“三公”经费。"
    )
    book.put(page, TOTAL_ROW, 1, hint, "hint")
    heads = ("规则", "核对什么", "一方", "金额", "", "另一方", "金额", "相差", "结论")
    for index, (title, one) in enumerate(zip(heads, widths, strict=True), 1):
        book.put(page, HEADER_ROW, index, title, "header")
        width(page, index, one)
    for row, relation in enumerate(relations, FIRST_ROW):
        _relation(book, plan, page, relation, row, cells)
    for word, colour in (("平", "green"), ("不平", "red"), ("不适用", "grey")):
        flag(page, f"I{FIRST_ROW}:I{last}", f'$I{FIRST_ROW}="{word}"', colour)
    flag(page, f"H{FIRST_ROW}:H{last}", f'$I{FIRST_ROW}="不平"', "red")
    _classes(book, plan, page, class_row, cells)
    _all_leaves(book, plan, page, leaf_row)
    fit(page, FIRST_ROW)
    finish(page, "A4", f"1:{HEADER_ROW}", (32, 22, 28))
    return f"'{BALANCE}'!{cell}"


_LARGE: Final = 1_000_000  # 万元: no department of a county has so much, but many in 元 would


def _balanced(plan: Plan, total: str) -> str:
    """全部平衡 and the total with its unit: 元 taken for 万元 is balanced, too."""
    unit = plan.money_unit()
    told = f'"收入总计 "&TEXT({total},"#,##0.00")&" "&{unit}'
    odd = f'OR(AND({unit}="万元",{total}>{_LARGE}),AND({unit}="元",{total}<10000))'
    return f'IF({odd},{told}&"，请核对金额单位","全部平衡，"&{told})'


def _relation(
    book: Book, plan: Plan, page: Any, relation: Cross, row: int, cells: Mapping[str, str]
) -> None:
    book.put(page, row, 1, relation.rule, "boxed number")
    book.put(page, row, 2, relation.name, "boxed")
    book.put(page, row, 3, relation.left.label, "boxed")
    book.formula(page, row, 4, plan.sums.side(relation.left, cells), "total")
    book.put(page, row, 5, relation.operator, "boxed number")
    book.put(page, row, 6, relation.right.label, "boxed")
    book.formula(page, row, 7, plan.sums.side(relation.right, cells), "total")
    book.formula(page, row, 8, f"ROUND($D{row}-$G{row},2)", "total")
    verdict = f'IF($H{row}{"=" if relation.operator == "=" else ">="}0,"平","不平")'
    if applies := plan.sums.applies(relation):
        verdict = f'IF({applies},{verdict},"不适用")'
    book.formula(page, row, 9, verdict, "boxed number")


def _classes(book: Book, plan: Plan, page: Any, first: int, cells: Mapping[str, str]) -> None:
    """Income and expenditure by class, as T1 prints them; what T1 has no line for turns red."""
    sides = ((4, Term("T2", "income.total")), (7, Term("T3", "expenditure.total")))
    for index, title in enumerate(("编码", "各类收支", "一方", "金额", "", "另一方", "金额"), 1):
        book.put(page, first - 1, index, title, "header")
    lines = [line for line in plan.pack.tables["T1"].right if line.row]
    rest = first + len(lines)
    for row in range(first, rest + 1):
        line = lines[row - first] if row < rest else None
        book.put(page, row, 1, line.row if line else "", "boxed number")
        label = line.label if line else "收支总表里没有的类（应为 0）"
        book.put(page, row, 2, label, "boxed")
        book.put(page, row, 5, "", "boxed")
        for column, term in sides:
            book.put(page, row, column - 1, term.label, "boxed")
            if line:
                formula = plan.sums.figure(term.measure, line.row or "")
                book.formula(page, row, column, formula, "total")
    for column, term in sides:
        above = f"SUM({letter(column)}{first}:{letter(column)}{rest - 1})"
        whole = plan.sums.whole(term.measure, cells)
        book.formula(page, rest, column, f"ROUND({whole}-{above},2)", "total")
        flag(page, f"{letter(column)}{rest}", f"{letter(column)}{rest}<>0", "red")


def _all_leaves(book: Book, plan: Plan, page: Any, first: int) -> None:
    """各项合计: every entered measure, to which the relations above refer."""
    for index, title in enumerate(("", "各项合计", "取自", "金额"), 1):
        book.put(page, first - 1, index, title, "header")
    for row, (measure, name) in enumerate(LEAF_MEASURES.items(), first):
        sheet, column, fund = SOURCES[measure]
        book.put(page, row, 1, row - first + 1, "boxed number")
        book.put(page, row, 2, name, "boxed")
        source = f"{sheet}：{column}" + (f"（{fund}）" if fund else "")
        book.put(page, row, 3, source, "boxed")
        book.formula(page, row, 4, plan.sums.leaf(measure, TOTAL), "total")
