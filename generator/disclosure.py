"""What was filled in: one department's (or unit's) disclosure as frozen models.

The Chinese aliases are the words of the workbook and of the YAML file: sheet, column, key. People
enter leaves; rows of a higher level (类, 款, 合计) and total columns may be entered too and are
then kept as *declared* and compared with the sums (see :mod:`generator.balance`).

Amounts are 万元 with at most two decimals, never negative.

An unbalanced :class:`Disclosure` cannot be constructed, except explicitly as a draft:
``Disclosure.model_validate(data, context={"draft": True})``; ``disclosure.imbalances`` then says
what is wrong. A pydantic error's ``type`` is the id of the rule that the value breaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from generator import money
from generator.balance import (
    ASSET_DETAIL_PREFIX,
    MEASURES,
    TOTAL,
    Declared,
    Figures,
    compare_declared,
    cross_checks,
    crosses,
)
from generator.money import ZERO
from generator.problem import Path, Problem, Severity, input_problem

MAX_ROWS: Final = 20_000
MAX_TEXT: Final = 200_000  # characters in one text; a whole chapter is a tenth of it

# --- scalar types -------------------------------------------------------------------------

# What XML 1.0 cannot carry: control characters, lone surrogates, two non-characters.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Zero-width blanks, soft hyphens and direction marks come along with pasted text; two words that
# look the same must be the same.
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
_BREAKS = re.compile(r"[\r\n\u2028\u2029\x85]+")


def _readable(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("INP109", "这里应填一段文字，不能是列表或下级项目，请对照样例")
    if len(value) > MAX_TEXT:
        raise PydanticCustomError(
            "INP111",
            "文字有 {length} 个字，超过 {limit} 个字的上限，请缩短",
            {"length": len(value), "limit": MAX_TEXT},
        )
    if found := _FORBIDDEN.search(value):
        raise PydanticCustomError(
            "INP108",
            "第 {position} 个字是不可见的非法字符（U+{code}），请删去后重新输入",
            {"position": found.start() + 1, "code": f"{ord(found[0]):04X}"},
        )
    return value.translate(_INVISIBLE) if not value.isascii() else value


def _text(value: Any) -> str:
    """One line: a hard line break pasted into a name or a cell is taken out."""
    return "".join(map(str.strip, _BREAKS.split(_readable(value))))


def _paragraphs(value: Any) -> tuple[Any, ...]:
    """Paragraphs: a list of texts, or one text whose line breaks part the paragraphs.

    Blank lines and the blanks around a paragraph go: the template indents, not the space bar.
    What is no text stays, so that it is told with its number.
    """
    parts = value if isinstance(value, list | tuple) else [value]
    lines: list[Any] = []
    for part in parts:
        splittable = isinstance(part, str) and len(part) <= MAX_TEXT
        lines += map(str.strip, _BREAKS.split(part)) if splittable else [part]
    return tuple(line for line in lines if line != "")


def _number(value: Any, most_decimals: int) -> Decimal | None:
    if isinstance(value, Decimal):
        number = value
    else:
        text = _text(value)
        if not text:
            return None
        try:
            number = money.parse(text)
        except money.NotAnAmount:
            shown = text if len(text) <= 30 else text[:30] + "…"
            raise PydanticCustomError(
                "FMT109", "“{text}”不是数，请填阿拉伯数字，如 1234.56", {"text": shown}
            ) from None
    if number < 0:
        raise PydanticCustomError(
            "FMT103", "{number} 是负数，预算里的数不能为负，请核对", {"number": money.plain(number)}
        )
    if money.decimals(number) > most_decimals:
        raise PydanticCustomError(
            "INP106",
            "{number} 的小数超过{most}位，请四舍五入后再填",
            {"number": money.plain(number), "most": "两" if most_decimals == 2 else "六"},
        )
    return number


def _amount(value: Any) -> Decimal | None:
    number = _number(value, 2)
    return None if number is None else number.quantize(money.CENT)


def _quantity(value: Any) -> Decimal | None:
    number = _number(value, 6)
    return None if number is None else Decimal(money.plain(number))


def _code(value: Any) -> str:
    """A subject code; spreadsheets hand whole numbers on as ``2010301.0``."""
    text = _text(value).translate({0xFF10 + i: str(i) for i in range(10)})
    return text[:-2] if text.endswith(".0") else text


def _catalogue_code(value: Any) -> str:
    """A procurement code: full width, small letters and blanks are slips of the keyboard."""
    return unicodedata.normalize("NFKC", _text(value)).replace(" ", "").upper()


def _functional_code(value: Any) -> str:
    code = _code(value)
    if code and not (code.isascii() and code.isdigit() and len(code) in (3, 5, 7)):
        raise PydanticCustomError(
            "COD104",
            "“{code}”不是功能分类科目编码，请填 7 位数字（项）；类 3 位、款 5 位只用于合计行",
            {"code": code[:30]},
        )
    return code


def _economic_code(value: Any) -> str:
    code = _code(value)
    if code and not (code.isascii() and code.isdigit() and len(code) in (3, 5)):
        raise PydanticCustomError(
            "COD105",
            "“{code}”不是经济分类科目编码，请填 5 位数字（款）；类 3 位只用于合计行",
            {"code": code[:30]},
        )
    return code


def _year(value: Any) -> int:
    text = _code(value) if not isinstance(value, int) else str(value)
    text = text.removesuffix("年")
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:9]) <= 2099):
        raise PydanticCustomError(
            "INP105", "“{text}”不是年度，请填四位数字，如 2025", {"text": text[:30]}
        )
    return int(text)


def read_year(value: Any) -> int | None:
    """A year as entered, or None when it is none; the model says what is wrong with it."""
    try:
        return _year(value)
    except PydanticCustomError:
        return None


# What an editor of YAML should accept: there a code or an amount may look like a number.
_SCALAR: Final = WithJsonSchema({"type": ["string", "number"]})
_PARAGRAPHS: Final = WithJsonSchema(
    {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
)

Text = Annotated[str, BeforeValidator(_text), _SCALAR]
Paragraph = Annotated[str, BeforeValidator(_readable)]
Paragraphs = Annotated[tuple[Paragraph, ...], BeforeValidator(_paragraphs), _PARAGRAPHS]
Amount = Annotated[Decimal | None, BeforeValidator(_amount), _SCALAR]
Quantity = Annotated[Decimal | None, BeforeValidator(_quantity), _SCALAR]
PlainCode = Annotated[str, BeforeValidator(_code), Field(min_length=1), _SCALAR]
CatalogueCode = Annotated[str, BeforeValidator(_catalogue_code), _SCALAR]
FunctionalCode = Annotated[str, BeforeValidator(_functional_code), _SCALAR]
EconomicCode = Annotated[str, BeforeValidator(_economic_code), _SCALAR]
Year = Annotated[int, BeforeValidator(_year), _SCALAR]
RequiredText = Annotated[str, BeforeValidator(_text), Field(min_length=1), _SCALAR]

Kind = Literal["部门", "单位"]
MoneyUnit = Literal["万元", "元"]
Level = Literal["省", "市", "县", "区"]
FundName = Literal["一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金"]
ProjectCategory = Literal["预算项目", "专项资金"]
SangongItem = Literal[
    "教学科研人员因公出国（境）费",
    "其他因公出国（境）费",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
    "会议费",
    "培训费",
    "因公出国（境）费",
    "公务用车购置及运维费",
    "“三公”经费小计",
    "合计",
]
LastYearItem = Literal[
    "支出总计",
    "基本支出",
    "项目支出",
    "人员经费",
    "公用经费",
    "专项公用经费",
    "因公出国（境）费",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
]

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


class Model(BaseModel):
    """Frozen, nothing unknown, Chinese aliases; the Python names may be used as well."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=True
    )


# --- rows ---------------------------------------------------------------------------------


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


class Institution(Model):
    """机构设置: one unit or group of units."""

    name: RequiredText = Field(
        alias="单位名称", description="机构或一组机构的名称，与政府采购的单位一致"
    )
    nature: Text = Field("", alias="单位性质", description="如 行政、事业")
    rank: Text = Field("", alias="单位规格", description="如 正科级")
    funding: Text = Field("", alias="经费保障形式", description="如 财政拨款、财政性资金基本保证")


class _SubjectRow(Model):
    """A row with a subject code; the total row has no code and is called 合计."""

    LEAF_LENGTH: ClassVar[int]
    code: Text = Field("", alias="科目编码")
    name: Text = Field("", alias="科目名称", description="不填则从科目表里查")

    @property
    def is_leaf(self) -> bool:
        return len(self.code) == self.LEAF_LENGTH

    @model_validator(mode="after")
    def _has_code(self) -> _SubjectRow:
        if not self.code and self.name.replace(" ", "").replace("\u3000", "") != TOTAL_NAME:
            raise PydanticCustomError("INP104", "没有填{field}", {"field": "科目编码"})
        return self


class IncomeRow(_SubjectRow):
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


class ExpenditureRow(_SubjectRow):
    """支出: one functional 项 out of one fund. A higher row without fund speaks of all funds."""

    LEAF_LENGTH = 7
    code: FunctionalCode = Field("", alias="科目编码")
    fund: FundName | None = Field(None, alias="资金性质", description="这一行的钱来自哪种资金")
    basic: Amount = Field(
        None, alias="基本支出", description="一般公共预算基本支出，按部门经济分类“款”"
    )
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


class BasicRow(_SubjectRow):
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


class Term(Model):
    """名词解释: replaces the form's definition of a term, or adds one."""

    term: RequiredText = Field(alias="名词", description="与固定词条同名则代替，否则加在后面")
    definition: RequiredText = Field(alias="解释", description="名词的解释")


ASSET_TOTAL: Final = "资产总额"

# Where the figures of a table are entered, for findings that concern two tables.
TERM_PATHS: Final[dict[str, Path]] = {
    "T1": ("支出",),
    "T4": ("支出",),
    "T5": ("基本支出",),
    "T9": ("三公经费",),
}


class Disclosure(Model):
    """One complete disclosure: figures, projects, procurement, assets, texts, units."""

    basics: Basics = Field(alias="基本信息", description="谁、哪一年")
    options: dict[str, Text] = Field(
        default_factory=dict, alias="格式选项", description="各地写法不同之处，不填用格式包的默认值"
    )
    institutions: tuple[Institution, ...] = Field(
        alias="机构设置", max_length=MAX_ROWS, description="部门所属的机构"
    )
    income: tuple[IncomeRow, ...] = Field(
        alias="收入", max_length=MAX_ROWS, description="按功能分类“项”和来源"
    )
    expenditure: tuple[ExpenditureRow, ...] = Field(
        alias="支出", max_length=MAX_ROWS, description="按功能分类“项”和资金性质"
    )
    year_end: YearEnd = Field(
        default_factory=lambda: YearEnd.model_construct(),
        alias="年终结转",
        description="年末结转到下年的资金",
    )
    basic: tuple[BasicRow, ...] = Field(
        (),
        alias="基本支出",
        max_length=MAX_ROWS,
        description="一般公共预算基本支出，按部门经济分类“款”",
    )
    sangong: tuple[SangongRow, ...] = Field(
        (), alias="三公经费", max_length=MAX_ROWS, description="财政拨款“三公”经费，按项目和资金"
    )
    last_year: tuple[LastYearRow, ...] = Field(
        (), alias="上年数", max_length=MAX_ROWS, description="上年预算数，没有就填 0"
    )
    projects: tuple[Project, ...] = Field((), alias="项目", max_length=MAX_ROWS)
    procurement: tuple[ProcurementRow, ...] = Field(
        (), alias="政府采购", max_length=MAX_ROWS, description="一笔采购一行"
    )
    assets: tuple[AssetRow, ...] = Field(
        (), alias="国有资产", max_length=MAX_ROWS, description="上年末固定资产"
    )
    texts: dict[str, Paragraphs] = Field(
        default_factory=dict, alias="文字", description="情况说明里自己写的段落，按段的名称"
    )
    glossary: tuple[Term, ...] = Field(
        (), alias="名词解释", max_length=MAX_ROWS, description="只在改动固定词条时填"
    )
    pasted: tuple[DeclaredCell, ...] = Field(
        (), alias="申报数", description="粘贴的九张表里的数，由程序读出", max_length=100_000
    )
    subordinates: tuple[Disclosure, ...] = Field(
        (), alias="所属单位", max_length=2_000, description="每个单位一份完整的预算，或它的文件"
    )

    @cached_property
    def figures(self) -> Figures:
        """Every figure, leaves and totals (万元)."""
        return Figures(self._leaves())

    @property
    def sangong_rows(self) -> frozenset[str]:
        """The rows of T9 that were entered."""
        return frozenset(SANGONG_ROWS[line.item] for line in self.sangong)

    @property
    def short_name(self) -> str:
        return self.basics.short_name or self.basics.name

    def _leaves(self) -> Iterator[tuple[str, str, Decimal]]:
        for row in self.income:
            if row.is_leaf:
                for field, measure in IncomeRow.MEASURES.items():
                    yield measure, row.code, getattr(row, field) or ZERO
        for spent in self.expenditure:
            if spent.is_leaf:
                assert spent.fund is not None
                fund = FUND_MEASURES[spent.fund]
                yield f"{fund}.basic", spent.code, spent.basic or ZERO
                yield f"{fund}.project", spent.code, spent.project or ZERO
                for field in ("operating", "to_superior", "to_subordinate"):
                    yield f"expenditure.{field}", spent.code, getattr(spent, field) or ZERO
        for fund in ("general", "gov_fund", "state_capital", "other"):
            yield f"year_end.{fund}", TOTAL, getattr(self.year_end, fund) or ZERO
        for item in self.basic:
            if item.is_leaf:
                yield "economic.personnel", item.code, item.personnel or ZERO
                yield "economic.public", item.code, item.public or ZERO
        for line in self.sangong:
            if (key := SANGONG_ROWS[line.item]) not in SANGONG_SUM_ROWS:
                for fund in ("general", "gov_fund", "state_capital"):
                    yield f"sangong.{fund}", key, getattr(line, fund) or ZERO
        for bought in self.procurement:
            if bought.sum_row is None:
                for fund in (*ProcurementRow.FUNDS, "reserved"):
                    yield f"procurement.{fund}", bought.unit, getattr(bought, fund) or ZERO
        for asset in self.assets:
            if asset.item != ASSET_TOTAL:
                yield "asset.value", asset.item, asset.value or ZERO

    def declared(self) -> Iterator[Declared]:
        for i, row in enumerate(self.income):
            measures = IncomeRow.TOTALS if row.is_leaf else IncomeRow.MEASURES | IncomeRow.TOTALS
            for field, measure in measures.items():
                yield from self._total(
                    "T2", measure, row.code, row, field, ("收入", i), row.is_leaf
                )
        for i, spent in enumerate(self.expenditure):
            yield from self._expenditure_totals(spent, ("支出", i))
        for i, item in enumerate(self.basic):
            for field in ("total",) if item.is_leaf else ("total", "personnel", "public"):
                yield from self._total(
                    *("T6", f"economic.{field}", item.code, item, field, ("基本支出", i)),
                    item.is_leaf,
                )
        for i, line in enumerate(self.sangong):
            key = SANGONG_ROWS[line.item]
            leaf = key not in SANGONG_SUM_ROWS
            for field in ("total",) if leaf else ("total", "general", "gov_fund", "state_capital"):
                yield from self._total(
                    "T9", f"sangong.{field}", key, line, field, ("三公经费", i), leaf
                )
        for i, bought in enumerate(self.procurement):
            if (unit := bought.sum_row) is not None:
                for field in ("total", *ProcurementRow.FUNDS, "reserved"):
                    yield from self._total(
                        "采购", f"procurement.{field}", unit, bought, field, ("政府采购", i)
                    )
        for i, cell in enumerate(self.pasted):
            yield Declared(
                *(cell.table, cell.measure, cell.row, cell.amount or ZERO, ("申报数", i)),
                cell.is_leaf,
            )
        for i, asset in enumerate(self.assets):
            if asset.item == ASSET_TOTAL:
                yield from self._total(
                    "资产", "asset.value", TOTAL, asset, "value", ("国有资产", i)
                )

    def _expenditure_totals(self, row: ExpenditureRow, path: Path) -> Iterator[Declared]:
        kinds = ("basic", "project", "operating", "to_superior", "to_subordinate")
        if row.fund is None:
            table, measures = "T3", {kind: f"expenditure.{kind}" for kind in (*kinds, "total")}
        elif row.fund == "其他资金":
            table = "其他资金"
            measures = {kind: f"expenditure.{kind}" for kind in kinds[2:]}
            measures |= {"basic": "other.basic", "project": "other.project", "total": "other.spent"}
        else:
            fund = FUND_MEASURES[row.fund]
            table = FUND_TABLES[fund]
            measures = {kind: f"{fund}.{kind}" for kind in ("basic", "project", "total")}
        for field in ("total",) if row.is_leaf else measures:
            yield from self._total(
                *(table, measures[field], row.code, row, field, path), leaf=row.is_leaf
            )

    @staticmethod
    def _total(
        table: str,
        measure: str,
        row: str,
        entered: Model,
        field: str,
        path: Path,
        leaf: bool = False,
    ) -> Iterator[Declared]:
        amount: Decimal | None = getattr(entered, field)
        if amount is not None:
            alias = type(entered).model_fields[field].alias or field
            yield Declared(table, measure, row, amount, (*path, alias), leaf)

    @cached_property
    def imbalances(self) -> tuple[Problem, ...]:
        """Everything that does not add up or contradicts itself in this disclosure alone."""
        return tuple(self._imbalances())

    def _imbalances(self) -> Iterator[Problem]:
        unit = self.basics.unit
        yield from compare_declared(self.figures, self.declared(), unit)
        relations = crosses({"", *self.sangong_rows})
        yield from cross_checks(self.figures, TERM_PATHS, relations, unit)
        yield from self._empty_sections()
        yield from self._implied_by_special_public()
        yield from self._last_year_parts()
        yield from self._procurement_rows()
        yield from self._asset_rows()
        yield from self._repeated_codes()
        yield from self._contradicting_names()

    def _empty_sections(self) -> Iterator[Problem]:
        """A disclosure of nothing is a form that was not filled in."""
        for section, rows in (
            ("机构设置", self.institutions),
            ("收入", self.income),
            ("支出", self.expenditure),
        ):
            if not rows:
                yield input_problem(
                    "INP104",
                    f"“{section}”一条也没有填",
                    (section,),
                    hint="请至少填一条。",
                )

    def _implied_by_special_public(self) -> Iterator[Problem]:
        """专项公用经费 is a part of 项目支出, this year and last: the text takes it off."""
        last = {row.item: (i, row.amount) for i, row in enumerate(self.last_year)}
        at, before = last.get("专项公用经费", (0, None))
        _, projects_before = last.get("项目支出", (0, None))
        for path, part, whole in (
            (
                ("基本信息", "专项公用经费"),
                self.basics.special_public,
                self.figures.get("expenditure.project"),
            ),
            (("上年数", at, "上年数"), before, projects_before),
        ):
            if part is not None and whole is not None and part > whole:
                yield _exceeds("专项公用经费", part, "项目支出", whole, path, self.basics.unit)

    def _last_year_parts(self) -> Iterator[Problem]:
        """YOY107: what last year's figures imply must not be negative."""
        last = {
            row.item: (i, row.amount)
            for i, row in enumerate(self.last_year)
            if row.amount is not None
        }
        for whole, parts in (
            ("支出总计", ("基本支出", "项目支出")),
            ("基本支出", ("人员经费", "公用经费")),
        ):
            amounts = [last[item][1] for item in parts if item in last]
            total = sum((amount for amount in amounts if amount is not None), ZERO)
            if whole in last and (limit := last[whole][1]) is not None and total > limit:
                yield _exceeds(
                    f"上年{'加'.join(parts)}",
                    total,
                    f"上年{whole}",
                    limit,
                    ("上年数", last[whole][0], "上年数"),
                    self.basics.unit,
                )

    def _procurement_rows(self) -> Iterator[Problem]:
        for i, row in enumerate(self.procurement):
            if row.sum_row is not None:
                continue
            path: Path = ("政府采购", i)
            if row.total is not None and row.total != row.amount:
                yield _differs(
                    *("GPR102", "采购金额等于各项资金之和", (*path, "合计"), row.total, row.amount),
                    self.basics.unit,
                )
            if row.reserved is not None and row.reserved > row.amount:
                yield Problem(
                    "GPR105",
                    "预留份额不超过采购金额",
                    Severity.ERROR,
                    f"预留中小微企业份额 {money.fixed(row.reserved)} 大于采购金额 "
                    f"{money.fixed(row.amount)}，"
                    f"相差 {money.fixed(row.reserved - row.amount)} {self.basics.unit}",
                    (*path, "预留中小微企业份额"),
                    expected=row.amount,
                    actual=row.reserved,
                    tolerance=ZERO,
                    hint="预留份额是采购金额的一部分，请核对这一行。",
                )

    def _asset_rows(self) -> Iterator[Problem]:
        whole: AssetRow | None = None
        for i, row in enumerate(self.assets):
            if not row.item.startswith(ASSET_DETAIL_PREFIX):
                whole = row
            elif whole is None:
                yield input_problem(
                    "INP112", f"“{row.item}”前面没有它所属的资产", ("国有资产", i, "项目")
                )
            else:
                for column, part, limit in (
                    ("数量", row.quantity, whole.quantity),
                    ("价值", row.value, whole.value),
                ):
                    if part is not None and part > (limit or ZERO):
                        yield Problem(
                            "AST102",
                            "其中项不大于所属资产",
                            Severity.ERROR,
                            f"“{row.item}”的{column} {money.plain(part)} 大于“{whole.item}”的 "
                            f"{money.plain(limit or ZERO)}，多出 "
                            f"{money.plain(part - (limit or ZERO))}",
                            ("国有资产", i, column),
                            expected=limit or ZERO,
                            actual=part,
                            tolerance=ZERO,
                            hint="“其中”是上一行的一部分，请核对两行。",
                        )

    def _repeated_codes(self) -> Iterator[Problem]:
        keyed: list[tuple[str, str, list[tuple[str, ...]]]] = [
            ("收入", "科目编码", [(row.code or TOTAL_NAME,) for row in self.income]),
            (
                "支出",
                "科目编码",
                [(row.code or TOTAL_NAME, row.fund or "各类资金") for row in self.expenditure],
            ),
            ("基本支出", "科目编码", [(row.code or TOTAL_NAME,) for row in self.basic]),
            ("三公经费", "项目", [(row.item,) for row in self.sangong]),
            ("上年数", "项目", [(row.item,) for row in self.last_year]),
            ("国有资产", "项目", [(row.item,) for row in self.assets]),
            ("项目", "项目名称", [(row.name,) for row in self.projects]),
            ("名词解释", "名词", [(row.term,) for row in self.glossary]),
            ("所属单位", "基本信息", [(unit.basics.code,) for unit in self.subordinates]),
            ("所属单位", "基本信息", [(unit.basics.name,) for unit in self.subordinates]),
        ]
        for sheet, column, keys in keyed:
            seen: set[tuple[str, ...]] = set()
            for i, key in enumerate(keys):
                if key in seen:
                    shown = "（".join(key) + "）" * (len(key) - 1)
                    yield input_problem(
                        "COD107",
                        f"“{shown}”在这张表里已经有一条了",
                        (sheet, i, column),
                        hint="请合并这两条，或改正编码。",
                    )
                seen.add(key)

    def _contradicting_names(self) -> Iterator[Problem]:
        """COD106: one code has one name, over 收入 and 支出 together and in 基本支出."""
        for sheets in (
            (("收入", self.income), ("支出", self.expenditure)),
            (("基本支出", self.basic),),
        ):
            names: dict[str, tuple[str, str]] = {}
            for sheet, rows in sheets:
                for i, row in enumerate(rows):
                    if not row.code or not row.name:
                        continue
                    name, where = names.setdefault(row.code, (row.name, sheet))
                    if name != row.name:
                        yield input_problem(
                            "COD106",
                            f"科目 {row.code} 这里叫“{row.name}”，“{where}”里叫“{name}”",
                            (sheet, i, "科目名称"),
                            hint="同一编码在各表中名称应相同，请改成一致。",
                        )

    @cached_property
    def subject_names(self) -> dict[str, str]:
        """Functional codes and the names that the input gives them."""
        rows: tuple[_SubjectRow, ...] = (*self.income, *self.expenditure)
        return {row.code: row.name for row in rows if row.code and row.name}

    @cached_property
    def economic_names(self) -> dict[str, str]:
        """Economic codes and the names that the input gives them."""
        return {row.code: row.name for row in self.basic if row.code and row.name}

    @model_validator(mode="after")
    def _must_balance(self, info: ValidationInfo) -> Disclosure:
        draft = isinstance(info.context, dict) and info.context.get("draft", False)
        if not draft and self.imbalances:
            raise PydanticCustomError(
                "unbalanced",
                "预算有 {count} 处不平衡：{first}",
                {
                    "count": len(self.imbalances),
                    "first": self.imbalances[0].message,
                    "problems": self.imbalances,
                },
            )
        return self


def _differs(
    rule: str, name: str, path: Path, actual: Decimal, derived: Decimal, unit: str
) -> Problem:
    return Problem(
        rule,
        name,
        Severity.ERROR,
        f"合计填的是 {money.fixed(actual)}，按各项应为 {money.fixed(derived)}，"
        f"相差 {money.fixed(actual - derived)} {unit}",
        path,
        expected=derived,
        actual=actual,
        tolerance=ZERO,
        hint="请核对这一行的合计和各项。",
    )


def _exceeds(
    part_name: str, part: Decimal, name: str, whole: Decimal, path: Path, unit: str
) -> Problem:
    return Problem(
        "YOY107" if name.startswith("上年") or path[0] == "上年数" else "INP114",
        "部分不大于整体",
        Severity.ERROR,
        f"{part_name} {money.fixed(part)} 大于{name} {money.fixed(whole)}，"
        f"多出 {money.fixed(part - whole)} {unit}",
        path,
        expected=whole,
        actual=part,
        tolerance=ZERO,
        hint=f"前者包含在{name.removeprefix('上年')}里，请核对这几个数。",
    )
