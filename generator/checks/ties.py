"""The names of the prose and the figures of the tables that they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.balance import MEASURES, ROW_NAMES, TOTAL, Term
from generator.checks.prose.subjects import subject_at_end
from generator.checks.subject import Subject
from generator.money import ZERO
from generator.problem import Path, Side


@dataclass(frozen=True, slots=True)
class Tie:
    """The figure that a name stands for, and the rule that compares it."""

    rule: str
    label: str
    sheet: str
    measures: tuple[str, ...]
    row: str = TOTAL


def _tie(rule: str, label: str, sheet: str, measure: str, row: str = TOTAL) -> Tie:
    return Tie(rule, label, sheet, (measure,), row)


_TIES: Final[dict[str, Tie]] = {
    "预算收入": _tie("NAR101", "表1 收入总计", "收入", "income.total"),
    "收支总额": _tie("NAR103", "表1 支出总计", "支出", "expenditure.grand"),
    "预算支出": _tie("NAR103", "表1 支出总计", "支出", "expenditure.grand"),
    "经营支出": _tie("NAR103", "表3 经营支出", "支出", "expenditure.operating"),
    "上解上级支出": _tie("NAR103", "表3 上解上级支出", "支出", "expenditure.to_superior"),
    "对附属单位补助支出": _tie(
        "NAR103", "表3 对附属单位补助支出", "支出", "expenditure.to_subordinate"
    ),
    "年终结转": _tie("NAR103", "表1 年终结转结余", "年终结转", "year_end.total"),
    "基本支出": _tie("NAR104", "表3 合计 基本支出", "支出", "expenditure.basic"),
    "人员经费": _tie("NAR105", "表6 合计 人员经费", "基本支出", "economic.personnel"),
    "公用经费": _tie("NAR106", "表6 合计 公用经费", "基本支出", "economic.public"),
    "项目支出": _tie("NAR107", "表3 合计 项目支出", "支出", "expenditure.project"),
    "机关运行经费": _tie("NAR110", "表6 合计 公用经费", "基本支出", "economic.public"),
    "三公经费": _tie("NAR112", "表9 “三公”经费小计", "三公经费", "sangong.total", "sangong"),
    **{
        name: _tie("NAR113", f"表9 {ROW_NAMES[row]}", "三公经费", "sangong.total", row)
        for name, row in (
            ("因公出国费", "abroad"),
            ("公务用车费", "vehicle"),
            ("公务用车购置费", "vehicle_purchase"),
            ("公务用车运行维护费", "vehicle_operation"),
            ("公务接待费", "reception"),
        )
    },
    "政府采购预算": _tie("NAR115", "采购表合计", "政府采购", "procurement.total"),
    "固定资产": _tie("NAR116", "资产表 资产总额", "国有资产", "asset.value"),
}
SOURCES: Final[dict[str, str]] = {
    "一般公共预算收入": "income.general",
    "基金预算收入": "income.gov_fund",
    "国有资本经营预算收入": "income.state_capital",
    "财政拨款收入": "income.fiscal",
    "财政专户收入": "income.special_account",
    "单位资金收入": "income.unit_funds",
    "事业收入": "income.business",
    "事业单位经营收入": "income.operating",
    "上级补助收入": "income.superior",
    "附属单位上缴收入": "income.subordinate",
    "其他收入": "income.other",
    "上年结转": "carry_over.total",
}


def ties(subject: Subject) -> dict[str, Tie]:
    """What each name stands for; the pack says what its own names of income sources take in."""
    found = dict(_TIES)
    for name, measure in SOURCES.items():
        found[name] = _tie("NAR102", f"表1 {MEASURES[measure]}", "收入", measure)
    for sources in subject.pack.sections.income_sources.values():
        for source in sources:
            name, _ = subject_at_end(source.name)
            if name:
                found[name] = Tie("NAR102", f"表1 {source.name}", "收入", tuple(source.take))
    return found


def figure_of(subject: Subject, name: str) -> Decimal | None:
    """The figure of the tables that a name of the prose stands for, where it has one."""
    tie = ties(subject).get(name)
    return None if tie is None else amount_of(subject, tie)


def amount_of(subject: Subject, tie: Tie) -> Decimal:
    """The figure of a tie, in 万元."""
    figure = sum((subject.figures.get(m, tie.row) for m in tie.measures), ZERO)
    if tie.rule == "NAR116" and not figure:
        totals = [row.value for row in subject.disclosure.assets if row.item == "资产总额"]
        return totals[0] if totals and totals[0] is not None else figure
    return figure


def cells(subject: Subject, tie: Tie) -> tuple[Path, ...]:
    """The input cells behind a figure: its leaves, and the pasted cells that they came from."""
    ledger = subject.disclosure.ledger
    leaves = [p for m in tie.measures for p in ledger.leaf_paths(Term("", m, tie.row))]
    return tuple(dict.fromkeys(ledger.sources(leaves)))


def figure_side(subject: Subject, tie: Tie, figure: Decimal) -> Side:
    """The figure of the tables, with its cell where it is a single one, else its sheet."""
    entered = cells(subject, tie)
    return Side(tie.label, figure, entered[0] if len(entered) == 1 else (tie.sheet,))
