"""The rows of an input, sheet by sheet: frozen, nothing unknown, Chinese aliases.

Amounts are 万元 (or the unit that the input states) with at most two decimals, never negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from generator.balance import MEASURES, TOTAL
from generator.disclosure.values import (
    MAX_ROWS,
    Amount,
    CatalogueCode,
    Day,
    EconomicCode,
    FunctionalCode,
    FundName,
    Kind,
    LastYearItem,
    Level,
    Model,
    MoneyUnit,
    Paragraphs,
    PlainCode,
    ProjectCategory,
    Quantity,
    RequiredText,
    SangongItem,
    Text,
    Year,
)
from generator.money import ZERO

FUND_MEASURES: Final[dict[str, str]] = {
    "一般公共预算": "general",
    "政府性基金预算": "gov_fund",
    "国有资本经营预算": "state_capital",
    "其他资金": "other",
}
FUND_TABLES: Final[dict[str, str]] = {"general": "T5", "gov_fund": "T7", "state_capital": "T8"}

SANGONG_ROWS: Final[dict[str, str]] = {
    "教学科研人员因公出国（境）费": "abroad_teaching",
    "其他因公出国（境）费": "abroad_other",
    "公务用车购置费": "vehicle_purchase",
    "公务用车运行维护费": "vehicle_operation",
    "公务接待费": "reception",
    "会议费": "meeting",
    "培训费": "training",
    "因公出国（境）费": "abroad",
    "公务用车购置及运维费": "vehicle",
    "“三公”经费小计": "sangong",
    "合计": TOTAL,
}
SANGONG_SUM_ROWS: Final = frozenset({"abroad", "vehicle", "sangong", TOTAL})
TOTAL_NAME: Final = "合计"


class Basics(Model):
    """基本信息."""

    kind: Kind = Field(alias="类型", description="部门，或单独公开的单位")
    code: PlainCode = Field(alias="编码", description="预算编码，如 113")
    name: RequiredText = Field(alias="名称", description="表头和标题里的全称")
    short_name: Text = Field("", alias="简称", description="正文里的称呼；不填则用全称")
    level: Level = Field(alias="级别", description="本级：省、市、县、区")
    year: Year = Field(alias="年度", description="预算年度，如 2025")
    unit: MoneyUnit = Field("万元", alias="金额单位", description="这份文件里金额的单位")
    pack: Text = Field("", alias="格式", description="格式包，如 hebei/2025；不填则按年度选用")
    prepared_by: Text = Field("", alias="编制", description="封面上的编制一行")
    reviewed_by: Text = Field("", alias="审核", description="封面上的审核一行")
    special_public: Amount = Field(
        None, alias="专项公用经费", description="项目支出中的专项公用经费，只用于支出分四项说明时"
    )
    approved_on: Day = Field(None, alias="批复日期", description="预算批复的日期，如 2025-01-20")
    published_on: Day = Field(None, alias="公开日期", description="公开的日期，用来核对是否逾期")


class Institution(Model):
    """机构设置: one unit or group of units."""

    name: RequiredText = Field(
        alias="单位名称", description="机构或一组机构的名称，与政府采购的单位一致"
    )
    nature: Text = Field("", alias="单位性质", description="如 行政、事业")
    rank: Text = Field("", alias="单位规格", description="如 正科级")
    funding: Text = Field("", alias="经费保障形式", description="如 财政拨款、财政性资金基本保证")


class SubjectRow(Model):
    """A row with a subject code; the total row has no code and is called 合计."""

    LEAF_LENGTH: ClassVar[int]
    code: Text = Field("", alias="科目编码")
    name: Text = Field("", alias="科目名称", description="不填则从科目表里查")

    @property
    def is_leaf(self) -> bool:
        return len(self.code) == self.LEAF_LENGTH

    @model_validator(mode="after")
    def _has_code(self) -> SubjectRow:
        if not self.code and self.name.replace(" ", "").replace("\u3000", "") != TOTAL_NAME:
            raise PydanticCustomError("INP104", "没有填{field}", {"field": "科目编码"})
        return self


class IncomeRow(SubjectRow):
    """收入: one functional 项 by source."""

    LEAF_LENGTH = 7
    code: FunctionalCode = Field("", alias="科目编码")
    general: Amount = Field(None, alias="一般公共预算")
    gov_fund: Amount = Field(None, alias="政府性基金预算")
    state_capital: Amount = Field(None, alias="国有资本经营预算")
    special_account: Amount = Field(
        None, alias="财政专户管理资金", description="财政专户核拨的收入"
    )
    business: Amount = Field(None, alias="事业收入")
    operating: Amount = Field(None, alias="事业单位经营收入")
    superior: Amount = Field(None, alias="上级补助收入")
    subordinate: Amount = Field(None, alias="附属单位上缴收入")
    other: Amount = Field(None, alias="其他收入")
    carry_general: Amount = Field(None, alias="结转（一般公共预算）")
    carry_gov_fund: Amount = Field(None, alias="结转（政府性基金预算）")
    carry_state_capital: Amount = Field(None, alias="结转（国有资本经营预算）")
    carry_other: Amount = Field(None, alias="结转（其他资金）")
    fiscal: Amount = Field(None, alias="财政拨款收入", description="合计列，可不填")
    subtotal: Amount = Field(None, alias="小计", description="合计列，可不填")
    carry_over: Amount = Field(None, alias="上年结转", description="合计列，可不填")
    total: Amount = Field(None, alias="合计", description="合计列，可不填")

    MEASURES: ClassVar[dict[str, str]] = {
        **{
            f: f"income.{f}"
            for f in (
                *("general", "gov_fund", "state_capital", "special_account", "business"),
                *("operating", "superior", "subordinate", "other"),
            )
        },
        **{
            f"carry_{f}": f"carry_over.{f}"
            for f in ("general", "gov_fund", "state_capital", "other")
        },
    }
    TOTALS: ClassVar[dict[str, str]] = {
        "fiscal": "income.fiscal",
        "subtotal": "income.subtotal",
        "carry_over": "carry_over.total",
        "total": "income.total",
    }


class ExpenditureRow(SubjectRow):
    """支出: one functional 项 out of one fund. A higher row without fund speaks of all funds."""

    LEAF_LENGTH = 7
    code: FunctionalCode = Field("", alias="科目编码")
    fund: FundName | None = Field(None, alias="资金性质", description="这一行的钱来自哪种资金")
    basic: Amount = Field(None, alias="基本支出")
    project: Amount = Field(None, alias="项目支出")
    operating: Amount = Field(None, alias="经营支出")
    to_superior: Amount = Field(None, alias="上解上级支出")
    to_subordinate: Amount = Field(None, alias="对附属单位补助支出")
    total: Amount = Field(None, alias="合计", description="合计列，可不填")

    @model_validator(mode="after")
    def _fund_fits(self) -> ExpenditureRow:
        if self.is_leaf and self.fund is None:
            raise PydanticCustomError("INP104", "没有填{field}", {"field": "资金性质"})
        if self.fund not in (None, "其他资金") and any(
            (self.operating, self.to_superior, self.to_subordinate)
        ):
            raise PydanticCustomError(
                "INP105",
                "经营支出、上解上级支出、对附属单位补助支出不能由{fund}安排，资金性质应为其他资金",
                {"fund": self.fund, "field": "资金性质"},
            )
        return self


class BasicRow(SubjectRow):
    """基本支出: one economic 款 of the 一般公共预算 basic expenditure."""

    LEAF_LENGTH = 5
    code: EconomicCode = Field("", alias="科目编码")
    personnel: Amount = Field(None, alias="人员经费", description="301、303 类")
    public: Amount = Field(None, alias="公用经费", description="302、31 类")
    total: Amount = Field(None, alias="合计", description="合计列，可不填")


class YearEnd(Model):
    """年终结转 by fund."""

    general: Amount = Field(None, alias="一般公共预算")
    gov_fund: Amount = Field(None, alias="政府性基金预算")
    state_capital: Amount = Field(None, alias="国有资本经营预算")
    other: Amount = Field(None, alias="其他资金")


class SangongRow(Model):
    """三公经费: one item by fund. Sum items (小计, 合计 …) may be given and are compared."""

    item: SangongItem = Field(alias="项目")
    general: Amount = Field(None, alias="一般公共预算")
    gov_fund: Amount = Field(None, alias="政府性基金预算")
    state_capital: Amount = Field(None, alias="国有资本经营预算")
    total: Amount = Field(None, alias="合计", description="合计列，可不填")


class LastYearRow(Model):
    """上年数: last year's figure of an item, and why this year's differs."""

    item: LastYearItem = Field(alias="项目")
    amount: Amount = Field(None, alias="上年数", description="上年预算数，没有就填 0")
    reason: Text = Field("", alias="增减原因", description="有增减就要写，接在“主要是”后面")


class Indicator(Model):
    """绩效指标: one row of a performance table."""

    level1: RequiredText = Field(alias="一级指标", description="产出指标、效益指标、满意度指标")
    level2: Text = Field("", alias="二级指标", description="如 数量指标、质量指标")
    level3: Text = Field("", alias="三级指标")
    description: Text = Field("", alias="绩效指标描述")
    value: Text = Field("", alias="指标值", description="如 ≥90%、3套、2025年12月31日")
    basis: Text = Field("", alias="指标值确定依据")


class Project(Model):
    """项目 with its goals and indicators."""

    name: RequiredText = Field(alias="项目名称")
    amount: Amount = Field(None, alias="金额", description="可不填；支出说明列出项目时必填")
    category: ProjectCategory = Field("预算项目", alias="类别", description="预算项目，或专项资金")
    goals: Paragraphs = Field((), alias="绩效目标", description="一行一条")
    indicators: tuple[Indicator, ...] = Field(
        (), alias="绩效指标", max_length=MAX_ROWS, description="一行一条指标"
    )


class ProcurementRow(Model):
    """政府采购: one purchase. Rows 小计 and 合计 may be given and are compared."""

    unit: Text = Field("", alias="单位")
    project: Text = Field("", alias="项目名称")
    project_budget: Amount = Field(
        None, alias="预算资金", description="这个项目（或日常公用）的预算总额"
    )
    goods: Text = Field("", alias="采购物品名称")
    catalogue_code: CatalogueCode = Field(
        "", alias="政府采购目录序号", description="当年采购目录的编码"
    )
    measure_unit: Text = Field("", alias="计量单位")
    quantity: Quantity = Field(None, alias="数量")
    unit_price: Quantity = Field(
        None, alias="单价", description="真实单价，可多于两位小数；公开时印两位"
    )
    total: Amount = Field(None, alias="合计", description="合计列，可不填")
    general: Amount = Field(None, alias="一般公共预算拨款")
    gov_fund: Amount = Field(None, alias="基金预算拨款")
    state_capital: Amount = Field(None, alias="国有资本经营预算拨款")
    special_account: Amount = Field(None, alias="财政专户核拨")
    unit_funds: Amount = Field(None, alias="单位资金")
    fiscal_carry_over: Amount = Field(None, alias="财政拨款结转")
    other_carry_over: Amount = Field(None, alias="非财政拨款结转结余")
    reserved: Amount = Field(
        None, alias="预留中小微企业份额", description="采购金额中预留给中小微企业的部分"
    )

    FUNDS: ClassVar[tuple[str, ...]] = (
        *("general", "gov_fund", "state_capital", "special_account"),
        *("unit_funds", "fiscal_carry_over", "other_carry_over"),
    )

    @property
    def sum_row(self) -> str | None:
        """The unit of a 小计 row, ``""`` for the 合计 row, None for a purchase."""
        label = self.project or self.unit
        folded = label.replace(" ", "").replace("\u3000", "")
        if self.goods:
            return None
        if folded == TOTAL_NAME:
            return TOTAL
        return label.removesuffix("小计") if folded.endswith("小计") else None

    @property
    def amount(self) -> Decimal:
        """The purchase's amount: the sum of its funds."""
        return sum((getattr(self, fund) or ZERO for fund in self.FUNDS), ZERO)

    @model_validator(mode="after")
    def _complete(self) -> ProcurementRow:
        if self.sum_row is None:
            for field, value in (("单位", self.unit), ("采购物品名称", self.goods)):
                if not value:
                    raise PydanticCustomError("INP104", "没有填{field}", {"field": field})
        return self


class AssetRow(Model):
    """国有资产: a row of the asset table; a row 资产总额 may be given and is compared."""

    item: RequiredText = Field(alias="项目")
    quantity: Quantity = Field(None, alias="数量")
    value: Amount = Field(None, alias="价值", description="上年末账面价值")


class DeclaredCell(Model):
    """申报数: one amount of a pasted table, to be compared with the leaves."""

    table: Literal["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9"] = Field(alias="表")
    row: Text = Field("", alias="行", description="科目编码或行名；合计行不写")
    measure: Text = Field(alias="度量")
    amount: Amount = Field(alias="金额")

    @property
    def is_leaf(self) -> bool:
        """It stands in one of the table's lowest rows."""
        if self.table == "T9":
            return self.row not in SANGONG_SUM_ROWS
        return len(self.row) == (5 if self.table == "T6" else 7)

    @model_validator(mode="after")
    def _known(self) -> DeclaredCell:
        if self.measure not in MEASURES:
            raise PydanticCustomError(
                "INP105", "没有“{measure}”这个度量", {"measure": self.measure[:30]}
            )
        return self


class Waiver(Model):
    """核对例外: a finding that stays, with the reason and who answers for it."""

    rule: RequiredText = Field(alias="规则", description="规则编号，如 XTB115")
    at: Text = Field(
        "", alias="位置", description="报告里的位置，如 项目!B12；不填则这条规则的每一处都算"
    )
    reason: RequiredText = Field(alias="原因", description="为什么照样公开")
    person: RequiredText = Field(alias="责任人", description="谁作的决定")
    day: Day = Field(None, alias="日期", description="哪一天作的决定")


class Term(Model):
    """名词解释: replaces the form's definition of a term, or adds one."""

    term: RequiredText = Field(alias="名词", description="与固定词条同名则代替，否则加在后面")
    definition: RequiredText = Field(alias="解释", description="名词的解释")


ASSET_TOTAL: Final = "资产总额"
