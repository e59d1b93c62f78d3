"""XTB: relations between tables.

What must be equal in two tables is in the shared table of relations. Here are the relations that
are only usual, or that ask for more than two figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from generator.balance import SUBJECT_BALANCE, TOTAL, Term
from generator.checks.rule import E, Finding, I, Need, Rule, W, relation
from generator.checks.subject import Subject
from generator.money import ZERO, fixed
from generator.problem import Path, Side

_CENT: Final = Decimal("0.01")

# --- helpers ------------------------------------------------------------------------------------


def _known(subject: Subject, table: str, measure: str, row: str = TOTAL) -> Decimal:
    """A figure as its table has it."""
    return subject.disclosure.ledger.known(Term(table, measure, row))


def _paths(subject: Subject, *terms: Term) -> tuple[Path, ...]:
    ledger = subject.disclosure.ledger
    cells = [path for term in terms for path in ledger.paths(term)]
    return tuple(ledger.sources(cells))


def _side(subject: Subject, label: str, amount: Decimal, *terms: Term) -> Side:
    paths = [path for term in terms for path in subject.disclosure.ledger.paths(term)]
    return Side(label, amount, paths[0] if len(paths) == 1 else ())


def _at(subject: Subject, *terms: Term) -> Path:
    """The first cell of these figures."""
    ledger = subject.disclosure.ledger
    return next((path for term in terms for path in ledger.paths(term)), ())


# --- 基本支出 by subject and by kind -------------------------------------------------------------


def _same_money(
    label: str, economic: tuple[str, ...], functional: tuple[str, ...], *, at_most: bool = False
) -> Callable[[Subject, Rule], Iterator[Finding]]:
    """A check that both sides of the same money agree where the department books it in both."""
    left = tuple(Term("T6", "economic.total", code) for code in economic)
    right = tuple(Term("T5", "general.basic", code) for code in functional)

    def check(subject: Subject, rule: Rule) -> Iterator[Finding]:
        known = subject.disclosure.ledger.known
        one, other = sum(map(known, left), ZERO), sum(map(known, right), ZERO)
        if not one or not other or abs(one - other) <= _CENT or (at_most and one < other):
            return
        left_label = f"表6 {'＋'.join(economic)}"
        right_label = f"表5 {'＋'.join(functional)} 基本支出"
        yield Finding(
            f"{label}：{left_label} {fixed(one)}，{right_label} {fixed(other)}，"
            f"相差 {fixed(abs(one - other))} 万元",
            _at(subject, *left),
            expected=other,
            actual=one,
            tolerance=_CENT,
            hint="一般是同一笔钱；按本地做法另有列支的，记一条核对例外。",
            sides=(
                _side(subject, left_label, one, *left),
                _side(subject, right_label, other, *right),
            ),
            involved=_paths(subject, *left, *right),
        )

    return check


_PENSION: Final = _same_money("养老保险缴费", ("30108",), ("2080505",))
_ANNUITY: Final = _same_money("职业年金缴费", ("30109",), ("2080506",))


def pensions(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB114: both kinds of pension contributions."""
    yield from _PENSION(subject, rule)
    yield from _ANNUITY(subject, rule)


_RUNNING: Final = frozenset({"行政运行", "事业运行"})
_AFFAIRS: Final = "一般行政管理事务"


def running(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB119: by name, as the last digits differ from class to class."""
    listed = subject.pack.functional
    for i, row in enumerate(subject.disclosure.expenditure):
        if not row.is_leaf:
            continue
        name = row.name or (listed[row.code].name if row.code in listed else "")
        column, amount = "", ZERO
        if name in _RUNNING:
            column, amount = "项目支出", row.project or ZERO
        elif name == _AFFAIRS:
            column, amount = "基本支出", row.basic or ZERO
        if amount:
            path = ("支出", i, column)
            yield Finding(
                f"{row.code}{name} 列了{column} {fixed(amount)} 万元，通常不列",
                path,
                hint="请核对科目；确实这样安排的，不用改。",
                sides=(Side(f"表3 {row.code} {column}", amount, path),),
                involved=(path,),
            )


# --- funds --------------------------------------------------------------------------------------

_FUNDS: Final = (
    ("gov_fund", "T7", "政府性基金预算"),
    ("state_capital", "T8", "国有资本经营预算"),
)


def funds(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB120: what a fund spends comes in as that fund, now or carried over."""
    for fund, table, name in _FUNDS:
        spent = Term(table, f"{fund}.total")
        earned, carried = Term("T4", f"income.{fund}"), Term("T4", f"carry_over.{fund}")
        out = subject.disclosure.ledger.known(spent)
        left_over = _known(subject, "T4", f"year_end.{fund}")
        came = subject.disclosure.ledger.known(earned) + subject.disclosure.ledger.known(carried)
        if bool(came) == bool(out) or (came and left_over):
            continue
        number = table.removeprefix("T")
        yield Finding(
            f"表{number}有{name}支出 {fixed(out)} 万元，表1、表4没有{name}收入和结转"
            if out
            else f"表1、表4有{name}收入和结转 {fixed(came)} 万元，表{number}没有支出",
            _at(subject, spent, earned, carried),
            expected=came,
            actual=out,
            tolerance=ZERO,
            hint="请核对资金性质：钱从哪项资金来，就从哪项资金支出。",
            sides=(
                _side(subject, f"表{number} 合计", out, spent),
                _side(subject, "表4 收入和年初结转", came, earned, carried),
            ),
            involved=_paths(subject, spent, earned, carried),
        )


def classes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB123: 财政拨款 is part of all expenditure."""
    ledger = subject.disclosure.ledger
    for code in subject.figures.rows(["fiscal.total", "expenditure.total"]):
        if len(code) != 3:
            continue
        part, whole = Term("T4", "fiscal.total", code), Term("T1", "expenditure.total", code)
        if (spent := ledger.known(part)) > (all_spent := ledger.known(whole)):
            yield _too_much(
                subject, f"表4 {code} 合计", spent, f"表1 {code}", all_spent, part, whole
            )


def sangong(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB124: vehicles are bought out of projects or 31013; all of T9 is 财政拨款."""
    known = subject.disclosure.ledger.known
    bought = Term("T9", "sangong.total", "vehicle_purchase")
    sources = (Term("T3", "expenditure.project"), Term("T6", "economic.total", "31013"))
    limit = sum(map(known, sources), ZERO)
    if known(bought) > limit:
        label = "表3 项目支出＋表6 31013"
        yield _too_much(
            subject, "表9 公务用车购置费", known(bought), label, limit, bought, *sources
        )
    whole, fiscal = Term("T9", "sangong.total"), Term("T4", "fiscal_out.fiscal")
    if known(whole) > known(fiscal):
        label = "表4 支出总计"
        yield _too_much(subject, "表9 合计", known(whole), label, known(fiscal), whole, fiscal)


def _too_much(
    subject: Subject,
    part_label: str,
    part: Decimal,
    whole_label: str,
    whole: Decimal,
    *terms: Term,
) -> Finding:
    return Finding(
        f"{part_label} {fixed(part)} 大于{whole_label} {fixed(whole)}，"
        f"多出 {fixed(part - whole)} 万元",
        _at(subject, terms[0]),
        expected=whole,
        actual=part,
        tolerance=ZERO,
        hint="前者包含在后者里；请核对两处的数和单位。",
        sides=(
            _side(subject, part_label, part, terms[0]),
            _side(subject, whole_label, whole, *terms[1:]),
        ),
        involved=_paths(subject, *terms),
    )


_CARRIED = re.compile(r"上年度?结转|结转资金")


def carried_over(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """XTB122: a project of carried-over money needs carried-over money."""
    if _known(subject, "T1", "carry_over.total"):
        return
    for i, project in enumerate(subject.disclosure.projects):
        if found := _CARRIED.search(project.name):
            path = ("项目", i, "项目名称")
            yield Finding(
                f"项目“{project.name}”用的是{found[0]}，收支总表的上年结转结余是 0.00",
                path,
                hint="请在“收入”的结转各列填上结转的数，或改正项目名称。",
                involved=(path,),
                quote=found[0],
            )


_DECLARED: Final = (Need.DECLARED,)

RULES: tuple[Rule, ...] = (
    *(relation(f"XTB{n}", _DECLARED) for n in range(101, 106)),
    Rule(*SUBJECT_BALANCE[:2], W, None, "0"),
    *(relation(f"XTB{n}", _DECLARED) for n in range(107, 111)),
    relation("XTB111"),
    relation("XTB112", _DECLARED),
    relation("XTB113"),
    Rule(
        "XTB114",
        "养老保险和职业年金在两表一致",
        W,
        pensions,
        "0.01",
    ),
    Rule(
        "XTB115",
        "住房公积金在两表一致",
        W,
        _same_money("住房公积金", ("30113",), ("2210201",)),
        "0.01",
    ),
    Rule(
        "XTB116",
        "医疗保险在两表一致",
        W,
        _same_money("医疗保险缴费", ("30110", "30111"), ("21011",)),
        "0.01",
    ),
    Rule(
        "XTB117",
        "离退休费不大于离退休科目的支出",
        I,
        _same_money("离退休费", ("30301", "30302"), ("2080501", "2080502"), at_most=True),
        "0.01",
    ),
    Rule("XTB118", "培训费在两表一致", I, _same_money("培训费", ("30216",), ("20508",)), "0.01"),
    Rule("XTB119", "运行科目不列项目支出", I, running),
    Rule("XTB120", "政府性基金和国有资本经营预算有收有支", E, funds, "0"),
    relation("XTB121", _DECLARED),
    Rule("XTB122", "结转项目有上年结转", W, carried_over, "0"),
    Rule("XTB123", "财政拨款支出不大于全部支出", W, classes, "0", _DECLARED),
    Rule("XTB124", "“三公”经费不大于它的来源", W, sangong, "0"),
)
