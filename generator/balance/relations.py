"""What must be equal to what: ``RELATIONS``, one record each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final, NamedTuple

from generator.balance.figures import (
    DERIVED_MEASURES,
    FUNDS,
    MEASURES,
    SANGONG_OPTIONAL,
    TOTAL,
)
from generator.problem import Path


class Term(NamedTuple):
    """One figure of a relation as it stands in the form: table, measure, row."""

    table: str
    measure: str
    row: str = TOTAL

    @property
    def label(self) -> str:
        row = ROW_NAMES.get(self.row, self.row)
        table = self.table.replace("T", "表")
        return f"{table} {row + ' ' if row else ''}{MEASURES[self.measure]}"


ROW_NAMES: Final[dict[str, str]] = {
    "abroad": "因公出国（境）费",
    "abroad_teaching": "教学科研人员因公出国（境）费",
    "abroad_other": "其他因公出国（境）费",
    "vehicle": "公务用车购置及运维费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
    "sangong": "“三公”经费小计",
    "meeting": "会议费",
    "training": "培训费",
    "30212": "因公出国（境）费用（30212）",
    "30215": "会议费（30215）",
    "30216": "培训费（30216）",
    "30217": "公务接待费（30217）",
    "30231": "公务用车运行维护费（30231）",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A total inside one table and what it is the sum of: broken by a declared figure only.

    ``parts`` are measures of the same row; without parts the relation runs down the rows
    (合计 = Σ类, 类 = Σ款, 款 = Σ项), for every measure of the table.
    """

    rule: str
    name: str
    table: str
    total: str = ""
    parts: tuple[str, ...] = ()
    row: str | None = None  # only this row; None: every row


@dataclass(frozen=True, slots=True)
class Cross:
    """Two figures that are entered independently and must agree (``=``) or be ordered (``≥``)."""

    rule: str
    name: str
    left: Term
    operator: str
    right: Term
    needs_row: str = ""  # holds only where T9 has this row: it may be left out of the form


class Rows(Enum):
    """In which rows a figure stands in two tables."""

    TOTAL = auto()
    CLASSES = auto()
    EVERY = auto()


@dataclass(frozen=True, slots=True)
class Copy:
    """A figure that stands in two tables: broken only where the tables are entered themselves.

    Several terms on the right are added: T3 has what T5, T7 and T8 have together.
    """

    rule: str
    name: str
    left: Term
    right: tuple[Term, ...]
    rows: Rows = Rows.TOTAL


def _row_sum(rule: str, name: str, table: str, total: str, parts: Iterable[str] = ()) -> Sum:
    return Sum(rule, name, table, total, tuple(parts) or DERIVED_MEASURES[total][1])


_NINE = (
    *(f"income.{f}" for f in FUNDS),
    "income.special_account",
    *DERIVED_MEASURES["income.unit_funds"][1],
)

_FUND_TABLES: Final = {"general": "T5", "gov_fund": "T7", "state_capital": "T8"}
_UNIT_FUNDS: Final = DERIVED_MEASURES["income.unit_funds"][1]


def _copies() -> Iterator[Copy]:
    def copy(
        rule: str, name: str, left: str, right: Iterable[str], measure: str, rows: Rows = Rows.TOTAL
    ) -> Copy:
        return Copy(rule, name, Term(left, measure), tuple(Term(t, measure) for t in right), rows)

    yield Copy(
        "TBL405",
        "财政拨款收入总计等于支出总计",
        Term("T4", "fiscal_in.fiscal"),
        (Term("T4", "fiscal_out.fiscal"),),
    )
    yield copy("XTB101", "收支总表的收入总计与收入总表一致", "T1", ("T2",), "income.total")
    for measure in ("income.fiscal", "income.special_account", "income.unit_funds", *_UNIT_FUNDS):
        yield copy("XTB102", "收支总表的各项收入与收入总表一致", "T1", ("T2",), measure)
    yield copy("XTB103", "收支总表的上年结转结余与收入总表一致", "T1", ("T2",), "carry_over.total")
    name = "收支总表的本年支出合计与支出总表一致"
    yield copy("XTB104", name, "T1", ("T3",), "expenditure.total")
    name = "收支总表的各类支出与支出总表一致"
    yield copy("XTB105", name, "T1", ("T3",), "expenditure.total", Rows.CLASSES)
    for fund in FUNDS:
        name = "收支总表的拨款收入与财政拨款收支总表一致"
        yield copy("XTB107", name, "T1", ("T4",), f"income.{fund}")
    name = "财政拨款收支总表的本年收入与收入总表一致"
    yield copy("XTB108", name, "T4", ("T2",), "income.fiscal")
    for fund, table in _FUND_TABLES.items():
        rule, name = (
            ("XTB109", "财政拨款收支总表的各类支出与一般公共预算支出表一致")
            if fund == "general"
            else ("XTB110", "财政拨款收支总表的各类支出与各项资金支出表一致")
        )
        yield copy(rule, name, "T4", (table,), f"{fund}.total", Rows.CLASSES)
        name = "财政拨款收支总表的本年支出与各项资金支出表一致"
        yield copy("XTB110", name, "T4", (table,), f"{fund}.total")
    for kind in ("total", "basic", "project"):
        terms = tuple(Term(table, f"{fund}.{kind}") for fund, table in _FUND_TABLES.items())
        left = Term("T3", f"expenditure.{kind}")
        yield Copy("XTB112", "支出总表与一般公共预算支出表一致", left, terms[:1], Rows.EVERY)
        yield Copy("XTB121", "支出总表包含财政拨款的各项支出", left, terms, Rows.EVERY)


COPIES: Final = tuple(_copies())

SUBJECT_BALANCE: Final = (
    "XTB106",
    "没有年终结转时各科目收支相等",
    Term("T2", "income.total"),
    Term("T3", "expenditure.total"),
)
"""XTB106, for each 项 where nothing is left over at the end of the year; a warning."""

RELATIONS: Final[tuple[Sum | Cross | Copy, ...]] = (
    # T1
    _row_sum("TBL101", "本年收入合计等于各项收入之和", "T1", "income.subtotal", _NINE),
    Sum("TBL102", "本年支出合计等于各类支出之和", "T1", "expenditure.total"),
    _row_sum("TBL103", "收入总计等于本年收入加上年结转", "T1", "income.total"),
    _row_sum("TBL104", "支出总计等于本年支出加年终结转", "T1", "expenditure.grand"),
    Cross(
        "TBL105",
        "收入总计等于支出总计",
        Term("T1", "income.total"),
        "=",
        Term("T1", "expenditure.grand"),
    ),
    # T2
    Sum("TBL201", "收入总表上级科目等于下级科目之和", "T2"),
    _row_sum(
        "TBL202",
        "小计等于各项收入之和",
        "T2",
        "income.subtotal",
        ("income.fiscal", *_NINE[3:]),
    ),
    _row_sum("TBL203", "合计等于小计加上年结转", "T2", "income.total"),
    _row_sum("XTB102", "财政拨款收入等于三项拨款之和", "T2", "income.fiscal"),
    # T3
    Sum("TBL301", "支出总表上级科目等于下级科目之和", "T3"),
    _row_sum("TBL302", "合计等于各项支出之和", "T3", "expenditure.total"),
    # 其他资金 has no table of its own; its rows are addends of T3.
    Sum("TBL301", "其他资金支出上级科目等于下级科目之和", "其他资金"),
    _row_sum("TBL302", "其他资金支出合计等于各项支出之和", "其他资金", "other.spent"),
    # T4
    _row_sum("TBL401", "财政拨款本年收入等于三项拨款之和", "T4", "income.fiscal"),
    _row_sum("TBL402", "财政拨款收入总计等于本年收入加年初结转", "T4", "fiscal_in.fiscal"),
    _row_sum("TBL403", "财政拨款支出合计等于三类资金之和", "T4", "fiscal.total"),
    Sum("TBL404", "财政拨款本年支出合计等于各类之和", "T4"),
    *(
        Cross(
            "TBL406",
            f"{name}收支平衡",
            Term("T4", f"fiscal_in.{fund}"),
            "=",
            Term("T4", f"fiscal_out.{fund}"),
        )
        for fund, name in zip(
            FUNDS, ("一般公共预算", "政府性基金预算", "国有资本经营预算"), strict=True
        )
    ),
    *(
        _row_sum("TBL407", "支出总计等于本年支出加年末结转", "T4", f"fiscal_out.{fund}")
        for fund in (*FUNDS, "fiscal")
    ),
    _row_sum("TBL408", "年初财政拨款结转等于三项之和", "T4", "carry_over.fiscal"),
    # T5, T7, T8
    Sum("TBL501", "一般公共预算支出表上级科目等于下级科目之和", "T5"),
    _row_sum("TBL502", "合计等于基本支出加项目支出", "T5", "general.total"),
    Sum("TBL701", "政府基金支出表上级科目等于下级科目之和", "T7"),
    _row_sum("TBL702", "合计等于基本支出加项目支出", "T7", "gov_fund.total"),
    Sum("TBL801", "国有资本经营支出表上级科目等于下级科目之和", "T8"),
    _row_sum("TBL802", "合计等于基本支出加项目支出", "T8", "state_capital.total"),
    # T6
    Sum("TBL601", "基本支出表上级科目等于下级科目之和", "T6"),
    _row_sum("TBL602", "合计等于人员经费加公用经费", "T6", "economic.total"),
    Cross(
        "XTB111",
        "一般公共预算基本支出与基本支出表一致",
        Term("T5", "general.basic"),
        "=",
        Term("T6", "economic.total"),
    ),
    # T9
    Sum("TBL901", "“三公”经费小计等于三项之和", "T9", row="sangong"),
    Sum("TBL902", "公务用车购置及运维费等于购置费加运维费", "T9", row="vehicle"),
    Sum("TBL903", "因公出国（境）费等于两项之和", "T9", row="abroad"),
    Sum("TBL904", "合计等于“三公”小计加会议费加培训费", "T9", row=TOTAL),
    _row_sum("TBL905", "合计等于三类资金之和", "T9", "sangong.total"),
    *(
        Cross(
            "XTB113",
            "“三公”经费不小于基本支出中的同名支出",
            Term("T9", "sangong.total", row),
            "≥",
            Term("T6", "economic.public", code),
            row if row in SANGONG_OPTIONAL else "",
        )
        for row, code in (
            ("reception", "30217"),
            ("vehicle_operation", "30231"),
            ("abroad", "30212"),
            ("meeting", "30215"),
            ("training", "30216"),
        )
    ),
    # 政府采购, 固定资产
    Sum("GPR101", "采购合计等于各单位小计之和", "采购"),
    _row_sum("GPR102", "采购金额等于各项资金之和", "采购", "procurement.total"),
    Sum("AST101", "资产总额等于各项资产之和", "资产"),
    *COPIES,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A total that the input itself carries: kept, and compared with the derived one."""

    table: str
    measure: str
    row: str
    amount: Decimal
    path: Path
    leaf: bool = False  # it stands in a leaf row, so it is a sum across, not down
    blank: bool = False  # a pasted table has the cell and nothing in it

    @property
    def term(self) -> Term:
        return Term(self.table, self.measure, self.row)


ENTERED: Final[dict[str, tuple[str, str]]] = {
    "T1": ("XTB105", "收支总表与支出总表一致"),
    "T1.income": ("XTB102", "收支总表与填写的收入一致"),
    "T1.carry_over": ("XTB103", "收支总表与填写的上年结转一致"),
    "T1.year_end": ("TBL104", "收支总表与填写的年终结转一致"),
    "T2": ("XTB102", "收入总表与填写的收入一致"),
    "T3": ("XTB112", "支出总表与各类资金支出表一致"),
    "T4": ("XTB109", "财政拨款收支总表与各类资金支出表一致"),
    "T4.income": ("XTB107", "财政拨款收支总表与填写的收入一致"),
    "T4.carry_over": ("TBL408", "财政拨款收支总表与填写的上年结转一致"),
    "T4.year_end": ("TBL407", "财政拨款收支总表与填写的年终结转一致"),
    "T5": ("XTB112", "一般公共预算支出表与填写的支出一致"),
    "T6": ("XTB111", "基本支出表与填写的基本支出一致"),
    "T7": ("XTB110", "政府基金支出表与填写的支出一致"),
    "T8": ("XTB110", "国有资本经营支出表与填写的支出一致"),
    "T9": ("TBL905", "“三公”经费表与填写的三公经费一致"),
}
"""A figure of a table that is the total of nothing there is the figure that was filled in.

By table, or by table and family of measures.
"""


def crosses(sangong_rows: Iterable[str] = ("",)) -> list[Cross]:
    """The relations that hold everywhere (``""``) and those that need one of these rows of T9."""
    rows = frozenset(sangong_rows)
    return [r for r in RELATIONS if isinstance(r, Cross) and r.needs_row in rows]
