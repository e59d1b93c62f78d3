"""The figures of a budget and the relations between them: one table for everything.

Leaves go in (:class:`Figures`), every total comes out, once. ``RELATIONS`` is the table from
which the checks, the workbook's balance cells and the rule pages come. A figure is addressed by
measure and row: a measure is one of :data:`MEASURES`, a row is a subject code (``"2010301"``,
``"30217"``), a fixed row of T9 (``"reception"``), a unit's name, or ``""`` for the total row.

All amounts are 万元, exact to the cent; tolerance is 0 (rules/catalogue: 2,166 comparisons over
real documents held to the cent).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final, NamedTuple

from generator.money import ZERO
from generator.problem import Path

TOTAL: Final = ""
FUNDS: Final = ("general", "gov_fund", "state_capital")
"""一般公共预算, 政府性基金预算, 国有资本经营预算: the three funds of 财政拨款."""

# --- measures -----------------------------------------------------------------------------

LEAF_MEASURES: Final[dict[str, str]] = {
    # T2, by functional 项
    "income.general": "一般公共预算拨款收入",
    "income.gov_fund": "政府性基金预算拨款收入",
    "income.state_capital": "国有资本经营预算拨款收入",
    "income.special_account": "财政专户管理资金收入",
    "income.business": "事业收入",
    "income.operating": "事业单位经营收入",
    "income.superior": "上级补助收入",
    "income.subordinate": "附属单位上缴收入",
    "income.other": "其他收入",
    "carry_over.general": "上年结转（一般公共预算）",
    "carry_over.gov_fund": "上年结转（政府性基金预算）",
    "carry_over.state_capital": "上年结转（国有资本经营预算）",
    "carry_over.other": "上年结转（其他资金）",
    # T3, T5, T7, T8, by functional 项
    **{
        f"{fund}.{kind}": f"{fund_name}{kind_name}"
        for fund, fund_name in (
            ("general", "一般公共预算"),
            ("gov_fund", "政府性基金预算"),
            ("state_capital", "国有资本经营预算"),
            ("other", "其他资金"),
        )
        for kind, kind_name in (("basic", "基本支出"), ("project", "项目支出"))
    },
    "expenditure.operating": "经营支出",
    "expenditure.to_superior": "上解上级支出",
    "expenditure.to_subordinate": "对附属单位补助支出",
    # 年终结转 by fund; only in the total row
    "year_end.general": "年终结转（一般公共预算）",
    "year_end.gov_fund": "年终结转（政府性基金预算）",
    "year_end.state_capital": "年终结转（国有资本经营预算）",
    "year_end.other": "年终结转（其他资金）",
    # T6, by economic 款
    "economic.personnel": "人员经费",
    "economic.public": "公用经费",
    # T9, by its fixed rows
    "sangong.general": "“三公”经费（一般公共预算）",
    "sangong.gov_fund": "“三公”经费（政府性基金预算）",
    "sangong.state_capital": "“三公”经费（国有资本经营预算）",
    # 政府采购, by unit
    "procurement.general": "政府采购（一般公共预算拨款）",
    "procurement.gov_fund": "政府采购（基金预算拨款）",
    "procurement.state_capital": "政府采购（国有资本经营预算拨款）",
    "procurement.special_account": "政府采购（财政专户核拨）",
    "procurement.unit_funds": "政府采购（单位资金）",
    "procurement.fiscal_carry_over": "政府采购（财政拨款结转）",
    "procurement.other_carry_over": "政府采购（非财政拨款结转结余）",
    "procurement.reserved": "预留中小微企业份额",
    # 固定资产, by its rows
    "asset.value": "固定资产价值",
}

# Derived measures, each a sum of earlier ones in the same row. The order is the order of sums.
DERIVED_MEASURES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "income.fiscal": ("财政拨款收入", tuple(f"income.{f}" for f in FUNDS)),
    "income.unit_funds": (
        "单位资金",
        tuple(f"income.{s}" for s in ("business", "operating", "superior", "subordinate", "other")),
    ),
    "income.subtotal": (
        "本年收入小计",
        ("income.fiscal", "income.special_account", "income.unit_funds"),
    ),
    "carry_over.fiscal": ("财政拨款上年结转", tuple(f"carry_over.{f}" for f in FUNDS)),
    "carry_over.total": ("上年结转", ("carry_over.fiscal", "carry_over.other")),
    "income.total": ("收入总计", ("income.subtotal", "carry_over.total")),
    **{
        f"{fund}.total": (name, (f"{fund}.basic", f"{fund}.project"))
        for fund, name in (
            ("general", "一般公共预算支出"),
            ("gov_fund", "政府性基金预算支出"),
            ("state_capital", "国有资本经营预算支出"),
            ("other", "其他资金的基本支出和项目支出"),
        )
    },
    "other.spent": (
        "其他资金支出合计",
        (
            *("other.total", "expenditure.operating", "expenditure.to_superior"),
            "expenditure.to_subordinate",
        ),
    ),
    "fiscal.total": ("财政拨款支出", tuple(f"{f}.total" for f in FUNDS)),
    "expenditure.basic": ("基本支出", tuple(f"{f}.basic" for f in (*FUNDS, "other"))),
    "expenditure.project": ("项目支出", tuple(f"{f}.project" for f in (*FUNDS, "other"))),
    "expenditure.total": (
        "支出合计",
        tuple(
            f"expenditure.{k}"
            for k in ("basic", "project", "operating", "to_superior", "to_subordinate")
        ),
    ),
    "year_end.fiscal": ("年末财政拨款结转和结余", tuple(f"year_end.{f}" for f in FUNDS)),
    "year_end.total": ("年终结转结余", ("year_end.fiscal", "year_end.other")),
    "expenditure.grand": ("支出总计", ("expenditure.total", "year_end.total")),
    **{
        f"fiscal_in.{fund}": (
            f"{name}收入和年初结转",
            (f"income.{fund}", f"carry_over.{fund}"),
        )
        for fund, name in zip(
            (*FUNDS, "fiscal"),
            ("一般公共预算", "政府性基金预算", "国有资本经营预算", "财政拨款"),
            strict=True,
        )
    },
    **{
        f"fiscal_out.{fund}": (f"{name}支出和年末结转", (f"{fund}.total", f"year_end.{fund}"))
        for fund, name in zip(
            (*FUNDS, "fiscal"),
            ("一般公共预算", "政府性基金预算", "国有资本经营预算", "财政拨款"),
            strict=True,
        )
    },
    "economic.total": ("一般公共预算基本支出", ("economic.personnel", "economic.public")),
    "sangong.total": ("“三公”经费", tuple(f"sangong.{f}" for f in FUNDS)),
    "procurement.total": (
        "政府采购金额",
        tuple(
            f"procurement.{s}"
            for s in (
                *FUNDS,
                "special_account",
                "unit_funds",
                "fiscal_carry_over",
                "other_carry_over",
            )
        ),
    ),
}

MEASURES: Final[dict[str, str]] = LEAF_MEASURES | {
    measure: name for measure, (name, _) in DERIVED_MEASURES.items()
}
"""Every measure that a table column may name, with its name in the form's words."""

# --- rows above rows ----------------------------------------------------------------------

SANGONG_PARENT: Final[dict[str, str]] = {
    "abroad_teaching": "abroad",
    "abroad_other": "abroad",
    "vehicle_purchase": "vehicle",
    "vehicle_operation": "vehicle",
    "abroad": "sangong",
    "vehicle": "sangong",
    "reception": "sangong",
    "sangong": TOTAL,
    "meeting": TOTAL,
    "training": TOTAL,
}
"""T9: which row adds up into which."""

SANGONG_OPTIONAL: Final = frozenset({"meeting", "training"})
"""Rows that only some forms of T9 have."""

ASSET_DETAIL_PREFIX: Final = "其中"
"""An asset row that begins so is part of the row before it and does not add to 资产总额."""


def rows_above(measure: str, row: str) -> Iterator[str]:
    """The rows that contain ``row``, the total row last: 2010301 → 20103, 201, ''."""
    family = measure.partition(".")[0]
    if family == "sangong":
        while row:
            row = SANGONG_PARENT[row]
            yield row
    elif family == "procurement" or (family == "asset" and not row.startswith(ASSET_DETAIL_PREFIX)):
        yield TOTAL
    elif family == "asset":
        return
    elif row:
        for length in (5, 3):
            if len(row) > length:
                yield row[:length]
        yield TOTAL


class Figures:
    """Every figure of one budget, leaves and totals, by measure and row. Absent is zero."""

    __slots__ = ("_cube",)

    def __init__(self, leaves: Iterable[tuple[str, str, Decimal]]) -> None:
        """``leaves``: (measure, row, amount) as entered; amounts of one cell are added."""
        cube: dict[str, dict[str, Decimal]] = {measure: {} for measure in MEASURES}
        for measure, row, amount in leaves:
            if not amount:
                continue
            column = cube[measure]
            column[row] = column.get(row, ZERO) + amount
            for above in rows_above(measure, row):
                column[above] = column.get(above, ZERO) + amount
        for measure, (_, parts) in DERIVED_MEASURES.items():
            column = cube[measure]
            for part in parts:
                for row, amount in cube[part].items():
                    column[row] = column.get(row, ZERO) + amount
        self._cube = cube

    def get(self, measure: str, row: str = TOTAL) -> Decimal:
        """The figure (万元); a measure that does not exist is a KeyError, a row is zero."""
        return self._cube[measure].get(row, ZERO)

    def rows(self, measures: Iterable[str]) -> list[str]:
        """Rows in which at least one of the measures is not zero, ascending, without the total."""
        return sorted({row for m in measures for row in self._cube[m] if row})


# --- relations ----------------------------------------------------------------------------


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
