"""What figures a budget has, which are filled in and which are their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from generator.money import ZERO

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
