"""The placeholders that a pack's template may use: what each means and where it comes from.

The tree of a pack's fields has the shape of the context that fills its template in
(``render/context.py``); a test holds both to be the same. What a pack declares (tables with their
columns, chapters, paragraphs) comes from the pack, the meaning of a figure from the measures, and
its place in the workbook from the models of the input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from generator.balance import DERIVED_MEASURES, MEASURES
from generator.disclosure import rows
from generator.disclosure.values import Model
from generator.pack import Column, Pack, Table

Kind = Literal["文字", "是否", "成行", "一组"]
TEXT: Final = "文字"
FLAG: Final = "是否"
ROWS: Final = "成行"
GROUP: Final = "一组"


@dataclass(frozen=True, slots=True)
class Node:
    """A field: a text, a truth value for ``{% if %}``, rows for ``{% for %}``, or a group.

    ``item``: what each of the rows is; ``variable``: the name that a loop gives it by custom;
    ``tag``: what a loop or an ``if`` of it takes away with it, a paragraph (``p``) or a row of a
    table (``tr``).
    """

    kind: Kind
    meaning: str
    source: str = ""
    children: Mapping[str, Node] = field(default_factory=dict)
    item: Node | None = None
    variable: str = ""
    tag: str = "p"


# --- the tree -----------------------------------------------------------------------------------


def _text(meaning: str, source: str = "") -> Node:
    return Node(TEXT, meaning, source)


def _flag(meaning: str, source: str, tag: str = "p") -> Node:
    return Node(FLAG, meaning, source, tag=tag)


def _group(meaning: str, **children: Node) -> Node:
    return Node(GROUP, meaning, children=children)


def _rows(meaning: str, item: Node, variable: str, source: str = "", tag: str = "p") -> Node:
    return Node(ROWS, meaning, source, item=item, variable=variable, tag=tag)


def _texts(meaning: str, source: str = "", variable: str = "段") -> Node:
    """Paragraphs: none, one or several."""
    return _rows(meaning, _text(meaning, source), variable, source)


_BASICS: Final = "基本信息"
_NAME: Final = f"{_BASICS}：名称"
_YEAR: Final = f"{_BASICS}：年度"
_CODE_AND_NAME: Final = f"{_BASICS}：编码、名称"
_SECTIONS: Final = "格式包：sections.yaml"


def tree(pack: Pack) -> Node:
    """Everything that the template of a pack may use."""
    return _group(
        "整份文档",
        草稿=_flag("是不是草稿", "运行时写了 --draft"),
        文档=_group(
            "文档属性",
            标题=_text("文档属性里的标题", f"{_SECTIONS} 情况说明标题"),
            主题=_text("文档属性里的主题", f"{_SECTIONS} 封面题"),
            摘要=_text("数据的摘要，用来核对文档和数据是否相符", "程序计算"),
        ),
        封面=_group(
            "封面",
            显示=_flag("要不要封面", "格式选项：封面"),
            名称=_text("部门（单位）名称", _NAME),
            年度=_text("预算年度", _YEAR),
            题=_text("年度后面的标题", f"{_SECTIONS} 封面题"),
            落款=_texts("编制、审核两行", f"{_BASICS}：编制、审核", "行"),
            草稿说明=_texts("草稿说明，不是草稿就没有", "运行时写了 --draft"),
        ),
        目录=_group(
            "目录",
            标题=_text("目录的标题", f"{_SECTIONS} 目录.标题"),
            行=_rows(
                "目录的各行",
                _group(
                    "目录的一行",
                    类=_text("这一行是“部分”“组”还是“项”；只有“项”有页码", "自动填"),
                    文字=_text("这一行的文字，与正文里的标题相同", _SECTIONS),
                    页码=_text("页码的样式，程序换成真正的页码", f"{_SECTIONS} 目录.页码"),
                ),
                "行",
            ),
        ),
        各部门=_rows("部门自己，然后是每个所属单位", _body(pack), "部门"),
        尾=_group(
            "没有所属单位时的第二部分",
            部分标题=_texts("第二部分的标题", f"{_SECTIONS} 部分.第二"),
            说明=_texts("没有所属单位的说明", f"{_SECTIONS} 部分.无所属单位"),
        ),
    )


def _body(pack: Pack) -> Node:
    sections = pack.sections
    fixed = {
        "部分标题": _texts("第一部分、第二部分的标题", f"{_SECTIONS} 部分"),
        "单位标题": _texts("所属单位的标题", f"{_SECTIONS} 部分.单位"),
        "名称": _text("部门（单位）名称", _NAME),
        "编码名称": _text("编码和名称连写", _CODE_AND_NAME),
        "年度": _text("预算年度", _YEAR),
        "情况说明标题": _text("情况说明的标题", f"{_SECTIONS} 情况说明标题"),
        "引言": _texts("情况说明开头的一段", f"{_SECTIONS} 引言"),
        "章": _group(
            "各章的标题",
            **{
                c.key: _text(f"“{c.key}”一章的标题", f"{_SECTIONS} 章.标题")
                for c in sections.chapters
            },
        ),
        "文字": _group(
            "各段文字",
            **{
                slot.key: _texts(f"“{slot.key}”的文字", f"文字：{slot.key}{_or_form(slot.text)}")
                for slot in sections.slots.values()
            },
        ),
        "名词解释": _texts("名词解释的各条", "名词解释；格式包：glossary.yaml"),
        "专项资金项目": _projects(pack, "专项资金的项目（合并时是全部项目）"),
        "预算项目": _projects(pack, "预算项目（合并时没有）"),
    }
    tables = {t.name: _table(t) for t in pack.tables.values() if t.source != "绩效"}
    return _group("一个部门或单位", **fixed, **tables)


def _or_form(wording: object) -> str:
    return "；不填则用格式包的句子" if wording else ""


def _table(table: Table) -> Node:
    columns = {c.name: _column(table, c) for c in table.columns}
    return _group(
        f"表“{table.name}”",
        标题=_text("表的标题", f"格式包：表 {table.id} 的标题"),
        行=_rows("表的各行", _group(f"表“{table.name}”的一行", **columns), "行", tag="tr"),
        注=_texts("表下面的注", f"格式包：表 {table.id} 的注、空表注"),
        编码名称=_text("编码和名称连写", _CODE_AND_NAME),
        年度=_text("预算年度", _YEAR),
        截止时间=_text("上年的最后一天", _YEAR),
    )


def _projects(pack: Pack, meaning: str) -> Node:
    table = pack.tables["绩效"]
    row = {c.name: _column(table, c) for c in table.columns}
    level = next(c for c in table.columns if c.content == "一级指标")
    block = _group(
        "一级指标相同的各行",
        **{level.name: row.pop(level.name)},
        行=_rows("这一级指标的各行", _group("一条指标", **row), "行", tag="tr"),
    )
    return _rows(
        meaning,
        _group(
            "一个项目",
            标题=_text("项目绩效目标表的标题", f"{_SECTIONS} 项目绩效表标题；项目：项目名称"),
            目标=_texts("绩效目标，一行一条", "项目：绩效目标"),
            指标=_rows("绩效指标，按一级指标分块", block, "块", tag="tr"),
        ),
        "项目",
        "项目：类别",
    )


# --- columns of tables: what they mean and where they are filled in ------------------------------

_RECORDS: Final[Mapping[str, tuple[str, type[Model]]]] = {
    "采购": ("政府采购", rows.ProcurementRow),
    "机构": ("机构设置", rows.Institution),
    "绩效": ("绩效指标", rows.Indicator),
}
_OF_FORM: Final[Mapping[str, tuple[str, str]]] = {
    "序号": ("行的序号", "自动填"),
    "编码": ("科目编码", "科目编码"),
    "名称": ("科目或行的名称", "科目名称；格式包：科目表、表的行"),
    "数量": ("数量", "国有资产：数量"),
    "左项目": ("左边（收入）的项目", "格式包：表的左、尾"),
    "左数": ("左边（收入）的数", "收入（程序合计）"),
    "右项目": ("右边（支出）的项目", "格式包：表的右、尾"),
}


def _column(table: Table, column: Column) -> Node:
    content = column.content
    if column.blank:
        return _text("留空的列，只印表头", "自动填")
    if content in MEASURES:
        return _text(f"{MEASURES[content]}，万元", _source(content))
    if table.source in _RECORDS:
        return _fields_of(*_RECORDS[table.source])[content]
    return _text(*_OF_FORM[content])


def _fields_of(sheet: str, of: type[Model]) -> dict[str, Node]:
    """The columns of a sheet, from its model."""
    return {
        (info.alias or name): _text(
            (info.alias or name) + (f"：{info.description}" if info.description else ""),
            f"{sheet}：{info.alias or name}",
        )
        for name, info in of.model_fields.items()
    }


_SHEETS: Final[Mapping[str, tuple[str, type[Model]]]] = {
    "income": ("收入", rows.IncomeRow),
    "carry_over": ("收入", rows.IncomeRow),
    "expenditure": ("支出", rows.ExpenditureRow),
    "year_end": ("年终结转", rows.YearEnd),
    "economic": ("基本支出", rows.BasicRow),
    "sangong": ("三公经费", rows.SangongRow),
    "procurement": ("政府采购", rows.ProcurementRow),
    "asset": ("国有资产", rows.AssetRow),
}
_FUNDS: Final = {measure: name for name, measure in rows.FUND_MEASURES.items()}


def _source(measure: str) -> str:
    """Where a figure is filled in: the column, or the sheets that its sum comes from."""
    leaves = list(_leaves(measure))
    if len(leaves) > 1:
        return f"{'、'.join(dict.fromkeys(_sheet(leaf) for leaf in leaves))}（程序合计）"
    family, _, name = measure.partition(".")
    if family in _FUNDS:
        alias = rows.ExpenditureRow.model_fields[name].alias
        return f"支出：{alias}（资金性质为{_FUNDS[family]}的行）"
    sheet, of = _SHEETS[family]
    info = of.model_fields[f"carry_{name}" if family == "carry_over" else name]
    return f"{sheet}：{info.alias}"


def _sheet(measure: str) -> str:
    family = measure.partition(".")[0]
    return "支出" if family in _FUNDS else _SHEETS[family][0]


def _leaves(measure: str) -> Iterator[str]:
    if measure not in DERIVED_MEASURES:
        yield measure
        return
    for part in DERIVED_MEASURES[measure][1]:
        yield from _leaves(part)
