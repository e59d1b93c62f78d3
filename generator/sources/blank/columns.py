"""The columns of the form workbook's tables, from the models: order, width, look, rule notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from generator.balance import RELATIONS, Sum
from generator.disclosure import (
    Amount,
    EconomicCode,
    FunctionalCode,
    IncomeRow,
    Indicator,
    Model,
    Paragraphs,
    Quantity,
    Year,
)
from generator.sources.blank.formulas import row_totals
from generator.sources.layout import CODE, HELP_COLUMNS, KEY_COLUMN, PROJECT_NAME, PROJECTS, Sheet

NAME: Final = "科目名称"
HELP_COLUMN: Final = "说明"
SENTENCE_COLUMN: Final = "程序写的句子"
CATALOGUE: Final = "政府采购目录序号"
CATALOGUE_NAME: Final = "目录名称（自动）"
THIS_YEAR: Final = "本年数（自动）"
CHANGE: Final = "增减（自动）"

# What a row cannot do without, beside the fields that the model itself requires.
_REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "收入": (CODE,),
    "支出": (CODE, "资金性质"),
    "基本支出": (CODE,),
    "政府采购": ("单位", "采购物品名称"),
}
_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    "政府采购": (CATALOGUE_NAME,),
    "上年数": (THIS_YEAR, CHANGE),
}
_WIDTHS: Final[dict[str, float]] = {
    CODE: 13,
    NAME: 30,
    KEY_COLUMN: 36,
    PROJECT_NAME: 34,
    "单位名称": 36,
    "单位": 26,
    "经费保障形式": 30,
    "金额": 15,
    "资金性质": 19,
    "绩效目标": 80,
    "二级指标": 21,
    "三级指标": 30,
    "绩效指标描述": 40,
    "指标值": 18,
    "指标值确定依据": 36,
    "采购物品名称": 24,
    CATALOGUE: 16,
    CATALOGUE_NAME: 26,
    "增减原因": 60,
    "名词": 26,
    "解释": 100,
    "文件": 60,
    "规则": 12,
    "位置": 24,
    "原因": 60,
    "责任人": 14,
}
# Eighteen columns have to share a page.
_NARROW: Final[dict[str, float]] = {
    "单位": 20,
    PROJECT_NAME: 24,
    "采购物品名称": 18,
    "计量单位": 9,
    "数量": 9,
    "单价": 10,
    CATALOGUE_NAME: 20,
}
_NOTES: Final[dict[tuple[str, str], str]] = {
    (
        "支出",
        "资金性质",
    ): "经营支出、上解上级支出、对附属单位补助支出只能是“其他资金”（INP105）。",
    ("支出", CODE): "同一编码、同一资金性质只填一行（COD107）。",
    ("收入", CODE): "同一编码只填一行（COD107）。",
    (
        "基本支出",
        CODE,
    ): "同一编码只填一行（COD107）。合计等于一般公共预算的基本支出（XTB111）。",
    ("三公经费", KEY_COLUMN): "灰色的行自动合计。各项不能小于基本支出里同名的支出（XTB113）。",
    ("上年数", "上年数"): "上一年预算公开的数，用来写“比上年增减”（WRD101）。",
    ("上年数", "增减原因"): "有增减就要写原因，接在“主要是”后面（WRD102）。",
    (PROJECTS, PROJECT_NAME): "一个项目一行，名称不能重复（COD107）。",
    (PROJECTS, "绩效目标"): "多条目标在一个单元格里换行（Alt+Enter）。",
    (
        "绩效指标",
        PROJECT_NAME,
    ): "与“项目”里的名称完全一样（INP112）；同一项目可以只写第一行。",
    ("政府采购", CATALOGUE): "先输入开头几位（如 A0201），再打开下拉列表，只列出相符的编码；"
    "按名称找，请到“采购目录”里输入关键字。",
    ("政府采购", "预留中小微企业份额"): "不大于这一行的采购金额（GPR105）。",
    ("政府采购", PROJECT_NAME): "采购属于哪个项目；日常公用的写“日常公用”。",
    ("国有资产", KEY_COLUMN): "“其中：”是上一行的一部分，不计入总额，也不大于它（AST102）。",
}


@dataclass(frozen=True, slots=True)
class Column:
    """``look`` and ``header``: of its cells and of its head, as in :mod:`…blank_look`."""

    title: str
    width: float
    look: str
    header: str
    note: str


def columns_of(sheet: Sheet) -> tuple[Column, ...]:
    """The columns of a table, code before name, those that only help last."""
    titles = list(sheet.columns)
    if CODE in titles:
        titles.remove(CODE)
        titles.insert(0, CODE)
    totals = row_totals(sheet.model) if sheet.model else {}
    required = required_columns(sheet)
    return tuple(
        _column(sheet, title, totals, title in required)
        for title in (*titles, *_EXTRA.get(sheet.name, ()))
    )


def required_columns(sheet: Sheet) -> tuple[str, ...]:
    """The columns that every filled row needs."""
    if sheet.model is None:
        return sheet.columns
    fields = sheet.model.model_fields.items()
    required = {field.alias or name for name, field in fields if field.is_required()}
    required |= set(_REQUIRED.get(sheet.name, ()))
    return tuple(title for title in sheet.columns if title in required)


def _column(sheet: Sheet, title: str, totals: dict[str, tuple[str, ...]], required: bool) -> Column:
    look = "automatic" if title in HELP_COLUMNS else look_of(sheet.model, title)
    if title in (THIS_YEAR, CHANGE) or title in totals:
        look = "total"
    header = "required header" if required else "header"
    if look in ("automatic", "total"):
        header = "automatic header"
    if title == KEY_COLUMN:  # the rows are there already
        header = "header"
    width = _WIDTHS.get(title, 13.5)
    if sheet.name == "政府采购":
        width = _NARROW.get(title, 12.5)
    return Column(title, width, look, header, _note(sheet, title, look, required))


def look_of(model: type[Model] | None, title: str) -> str:
    """The look of a field's cells by its type."""
    field = _field(model, title)
    if title == NAME:
        return "name"
    for look, annotated in (
        ("amount", Amount),
        ("quantity", Quantity),
        ("code", FunctionalCode),
        ("code", EconomicCode),
        ("code", Year),
    ):
        if field is not None and get_args(annotated)[1] in field.metadata:
            return look
    if title == CATALOGUE:
        return "code"
    return "choice" if literals(field.annotation if field else None) else "text"


def literals(annotation: Any) -> tuple[str, ...]:
    """The words that a Literal type allows."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := literals(part))), ())


def choices_of(model: type[Model] | None, title: str) -> tuple[str, ...]:
    """The words that a field allows, when they are few."""
    field = _field(model, title)
    return literals(field.annotation) if field is not None else ()


def _field(model: type[Model] | None, title: str) -> Any:
    fields = model.model_fields.items() if model is not None else ()
    return next((field for name, field in fields if title in (name, field.alias)), None)


# --- the rule behind a column -----------------------------------------------------------------

_BY_LOOK: Final = {
    "amount": "最多两位小数，不能为负（INP106、FMT103）；没有的留空，不必填 0。",
    "quantity": "只填数，最多六位小数（INP106）。",
    "name": "选了编码自动显示。表里没有的编码，请直接在这里写名称（COD102），"
    "同一编码名称要一致（COD106）。",
    "automatic": "自动显示，不用填。",
}
_TABLES: Final = {
    "收入": "T2",
    "支出": "T3",
    "基本支出": "T6",
    "三公经费": "T9",
    "政府采购": "采购",
}


def _note(sheet: Sheet, title: str, look: str, required: bool) -> str:
    lines = ["必填（INP104）。"] if required else []
    field = _field(sheet.model, title)
    if field is not None and field.description and look != "total":
        lines.append(f"{field.description}。")
    if look == "total":
        lines += ["自动合计，不用填。", *_sums(sheet, title)]
    elif get_args(FunctionalCode)[1] in getattr(field, "metadata", ()):
        lines.append("功能分类“项”级编码，7 位数字（COD104）。")
    elif get_args(EconomicCode)[1] in getattr(field, "metadata", ()):
        lines.append("部门支出经济分类“款”级编码，5 位数字（COD105）。")
    elif allowed := literals(field.annotation if field else None):
        lines.append(
            f"从下拉列表里选（INP105）：{'、'.join(allowed)}。" if len(allowed) < 6 else ""
        )
    lines.append(_BY_LOOK.get(look, ""))
    lines.append(_NOTES.get((sheet.name, title), ""))
    if get_args(Paragraphs)[1] in getattr(field, "metadata", ()) or sheet.model is Indicator:
        lines.append("照公开时的写法填。")
    return "\n".join(line for line in lines if line)


def _sums(sheet: Sheet, title: str) -> Iterable[str]:
    """The relations of the program that define a total column."""
    measures = {"合计": f"{_FAMILY.get(sheet.name, '')}.total"}
    if sheet.model is IncomeRow:
        aliases = {f: IncomeRow.model_fields[f].alias for f in IncomeRow.TOTALS}
        measures = {str(aliases[f]): measure for f, measure in IncomeRow.TOTALS.items()}
    for relation in RELATIONS:
        if (
            isinstance(relation, Sum)
            and relation.table == _TABLES.get(sheet.name)
            and relation.parts
            and relation.total == measures.get(title)
        ):
            yield f"{relation.rule} {relation.name}。"


_FAMILY: Final = {
    "支出": "expenditure",
    "基本支出": "economic",
    "三公经费": "sangong",
    "政府采购": "procurement",
}
