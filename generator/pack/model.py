"""The shape of a format pack: every key of its YAML files, documented at its field.

The keys are Chinese. What can be seen in one file is checked here, the rest in ``check.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)

from generator.balance import MEASURES, SANGONG_PARENT, TOTAL
from generator.pack.fault import Wrong, guess
from generator.pack.folder import LISTS, PROCUREMENT, TEMPLATE, WORDS, PackFile
from generator.pack.lists import Words, catalogue, suggestions, words

MAX_LINES: Final = 500  # fixed rows of one table; they are compared with one another
MAX_COLUMNS: Final = 60

TABLE_IDS: Final = tuple(f"T{n}" for n in range(1, 10))

# Switches that the program itself reads, with the values it knows (none: the pack's own); every
# other switch of a pack is read by its own texts.
REQUIRED_SWITCHES: Final[dict[str, tuple[str, ...]]] = {
    "封面": ("无", "简式", "编制审核"),
    "分部分": ("分", "不分"),
    "文字末尾零": ("去掉", "保留"),
    "绩效分部": ("分列", "合并"),
    "收入来源": (),
}

_HAS: Final = ("有", "无")
FACTS: Final[dict[str, tuple[str, ...]]] = {
    "类型": ("部门", "单位"),
    "公用经费": _HAS,
    "项目支出": _HAS,
    "上年结转": _HAS,
    "专项资金": _HAS,
    "预算项目": _HAS,
    "所属单位": _HAS,
    "采购": _HAS,
    "资产": _HAS,
    "多个机构": ("是", "否"),
    "只有一般公共预算": ("是", "否"),
    "基本支出资金": ("一般公共预算", "多种"),
}
"""What a ``当`` may ask beside the switches, and the possible answers."""


class PackModel(BaseModel):
    """Frozen; an unknown key is a mistake."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=True
    )


Condition = Mapping[str, str]
"""``{开关: 值, 事实: 值}``: all must hold."""


class Alternative(PackModel):
    """One of several wordings; the first whose ``当`` holds is taken."""

    when: Condition = Field(default_factory=dict, alias="当")
    text: str = Field(alias="文")


def _wording(value: Any) -> Any:
    return [{"文": value}] if isinstance(value, str) else value


Wording = Annotated[tuple[Alternative, ...], BeforeValidator(_wording)]
"""A text, or a list of alternatives ``[{当: …, 文: …}, …]``; ``{名称}`` marks a reference."""


REFERENCE: Final = re.compile(r"(?<!\{)\{([\w（）“”]{1,20})\}(?!\})")
"""``{支出总计}`` in a text. ``{{ }}``, ``{% %}``, ``{_{`` and ``{ }`` are ordinary characters."""


def holds(condition: Condition, facts: Mapping[str, str]) -> bool:
    """Whether every entry of a ``当`` agrees with the switches and facts.

    A value may name several, parted by ``|``. An unknown name is a KeyError: packs are checked
    for that on load.
    """
    return all(facts[name] in value.split("|") for name, value in condition.items())


def choose(wording: Iterable[Alternative], facts: Mapping[str, str]) -> str:
    """The text of the first alternative that holds, ``""`` if none does."""
    return next((a.text for a in wording if holds(a.when, facts)), "")


class Switch(PackModel):
    """格式选项: one switch of the form."""

    default: str = Field(alias="默认")
    values: tuple[str, ...] = Field(alias="可选")
    description: str = Field("", alias="说明")

    @model_validator(mode="after")
    def _default_is_a_value(self) -> Switch:
        if self.default not in self.values:
            raise ValueError(f"默认值“{self.default}”不在可选值 {'、'.join(self.values)} 之中")
        return self


_MEASURES_LISTED: Final = "全部度量：gen-disclosure packs --measures。"


def _measure(value: Any) -> Any:
    if isinstance(value, str) and value not in MEASURES:
        raise Wrong(
            f"没有“{value}”这个度量", value, guess(value, list(MEASURES)) or _MEASURES_LISTED
        )
    return value


Measure = Annotated[str, BeforeValidator(_measure)]


class Line(PackModel):
    """A fixed line of a table: its label, and which figures stand in it."""

    label: str = Field("", alias="标签")
    row: str | None = Field(None, alias="行", description="科目编码或行名；空为合计行；不写则无数")
    take: tuple[Measure, ...] = Field(
        (), alias="取", description="各数列的度量，依列的次序；不写则用列自己的度量"
    )
    when: Condition = Field(default_factory=dict, alias="当")


class LinePair(PackModel):
    """A closing line of a two-sided table (合计, 结转, 总计): left and right side by side."""

    left: Line = Field(default_factory=lambda: Line.model_construct(), alias="左")
    right: Line = Field(default_factory=lambda: Line.model_construct(), alias="右")


class Column(PackModel):
    """A column: its name in the template, and what fills it.

    ``内容`` is one of :data:`CONTENTS`, a measure of :data:`generator.balance.MEASURES`, or
    :data:`BLANK`.
    """

    name: str = Field(alias="名")
    content: str = Field(alias="内容")

    @property
    def blank(self) -> bool:
        """Whether it is printed with its header and stays empty, like 备注."""
        return self.content == BLANK


BLANK: Final = "空白"
"""What a column of any table may hold, and several of one table."""


Source = Literal["功能科目", "经济科目", "固定行", "左右对照", "采购", "机构", "绩效"]

CONTENTS: Final[dict[str, tuple[str, ...]]] = {
    "功能科目": ("序号", "编码", "名称"),
    "经济科目": ("序号", "编码", "名称"),
    "固定行": ("序号", "名称", "数量"),
    "左右对照": ("序号", "左项目", "左数", "右项目"),
    "采购": (
        *("单位", "项目名称", "预算资金", "采购物品名称"),
        *("政府采购目录序号", "计量单位", "数量", "单价"),
    ),
    "机构": ("单位名称", "单位性质", "单位规格", "经费保障形式"),
    "绩效": ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"),
}
"""What a column may hold beside measures and BLANK, by the table's 行来源; of records, their
columns."""

_FAMILIES: Final[dict[str, frozenset[str]]] = {
    "功能科目": frozenset(
        {
            *("income", "carry_over", "general", "gov_fund", "state_capital", "other"),
            *("fiscal", "expenditure", "fiscal_in"),
        }
    ),
    "经济科目": frozenset({"economic"}),
    "采购": frozenset({"procurement"}),
    "机构": frozenset(),
    "绩效": frozenset(),
}
"""Families of measures (the word before the dot) that have figures in such rows; else all."""


def _family(measure: str) -> str:
    return measure.partition(".")[0]


def _row_fits(source: Source, measure: str, row: str) -> bool:
    """Whether a measure has figures in a fixed row; in another it would silently print zero."""
    match _family(measure):
        case "sangong":
            return row == TOTAL or row in SANGONG_PARENT
        case "procurement" | "year_end":
            return row == TOTAL
        case "asset":
            return True
    longest = 3 if source == "左右对照" else 5 if _family(measure) == "economic" else 7
    return row == TOTAL or (
        re.fullmatch(r"\d{3}(\d\d){0,2}", row, re.ASCII) is not None and len(row) <= longest
    )


def _may_both_hold(one: Condition, other: Condition) -> bool:
    return all(
        set(one[name].split("|")) & set(other[name].split("|")) for name in set(one) & set(other)
    )


class Table(PackModel):
    """One table of the form."""

    id: str = Field(alias="表", description="T1 … T9，或 采购、资产、机构、绩效")
    name: str = Field(alias="名称", description="模板里的名字：部门.<名称>")
    title: Wording = Field((), alias="标题")
    header: tuple[tuple[str, ...], ...] = Field(
        alias="表头", description="各表头行的文字；< 与左格合并，^ 与上格合并"
    )
    source: Source = Field(alias="行来源")
    columns: tuple[Column, ...] = Field(alias="列", max_length=MAX_COLUMNS)
    total_label: str = Field("合计", alias="合计行")
    subtotal_label: str = Field("{单位}小计", alias="小计行")
    lines: tuple[Line, ...] = Field((), alias="行", max_length=MAX_LINES)
    left: tuple[Line, ...] = Field((), alias="左", max_length=MAX_LINES)
    right: tuple[Line, ...] = Field((), alias="右", max_length=MAX_LINES)
    closing: tuple[LinePair, ...] = Field((), alias="尾")
    notes: tuple[str, ...] = Field((), alias="注")
    empty_note: str = Field("", alias="空表注")
    zero: Wording = Field((), alias="零", description="零怎样印：空白（不写）、0 或 0.00")

    @cached_property
    def filled(self) -> tuple[Column, ...]:
        """The columns that something is filled into, from left to right."""
        return tuple(column for column in self.columns if not column.blank)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures of the amount columns, from left to right."""
        return tuple(c.content for c in self.columns if c.content in MEASURES)

    @model_validator(mode="after")
    def _columns_are_known(self) -> Table:
        families = _FAMILIES.get(self.source)
        for column in self.filled:
            content = column.content
            if content in MEASURES:
                known = families is None or _family(content) in families
            else:
                known = content in CONTENTS[self.source]
            if not known:
                raise Wrong(
                    f"列“{column.name}”不能填“{content}”，行来源是“{self.source}”的表没有它",
                    content,
                    guess(content, self._known_contents(families)) or _MEASURES_LISTED,
                )
        for name, number in Counter(column.name for column in self.columns).items():
            if number > 1:
                raise ValueError(f"有 {number} 列都叫“{name}”")
        if self.source == "绩效":
            given = {column.content for column in self.columns}
            if lacking := [c for c in CONTENTS["绩效"] if c not in given]:
                raise ValueError(f"缺少内容为“{lacking[0]}”的列")
        if any(len(row) != len(self.columns) for row in self.header):
            raise Wrong(f"各表头行都应有 {len(self.columns)} 格，与列数相同", "表头")
        return self

    def _known_contents(self, families: frozenset[str] | None) -> list[str]:
        fitting = (m for m in MEASURES if families is None or _family(m) in families)
        return [*CONTENTS[self.source], BLANK, *fitting]

    @model_validator(mode="after")
    def _lines_have_figures(self) -> Table:
        for line in chain(self.lines, self.right, (pair.right for pair in self.closing)):
            if reason := self._mistake_in(line):
                raise Wrong(f"行“{line.label}”{reason}", line.label.strip())
        for line in chain(self.left, (pair.left for pair in self.closing)):
            if line.row is not None or len(line.take) > 1:
                raise Wrong(f"左边的行“{line.label}”不写 行，取 只写一个度量", line.label.strip())
        for lines in (self.lines, self.right):
            for one, other in combinations(lines, 2):
                same = one.row is not None and (one.row, one.take) == (other.row, other.take)
                if same and _may_both_hold(one.when, other.when):
                    raise Wrong(
                        f"行“{one.label}”和行“{other.label}”是同一行“{one.row}”",
                        other.label.strip(),
                    )
        return self

    def _mistake_in(self, line: Line) -> str:
        if line.row is None:
            return "写了 取，没有写 行" if line.take else ""
        if line.take and len(line.take) != len(self.measures):
            return f"的 取 有 {len(line.take)} 个度量，数列有 {len(self.measures)} 个"
        for measure in line.take or self.measures:
            if not _row_fits(self.source, measure, line.row):
                return f"的 行“{line.row}”不是“{MEASURES[measure]}”的行"
        return ""


class Slot(PackModel):
    """A paragraph (or several) of a chapter: written by the form, or required of the user."""

    key: str = Field(alias="键")
    text: Wording = Field((), alias="文")
    required: str = Field("", alias="必填", description="不填写时给填表人的话")


class Chapter(PackModel):
    """一 to 九."""

    key: str = Field(alias="键")
    title: Wording = Field(alias="标题")
    slots: tuple[Slot, ...] = Field((), alias="段")


class IncomeSource(PackModel):
    """An item of the list of income sources in the text."""

    name: str = Field(alias="名")
    take: tuple[Measure, ...] = Field(alias="取")


class Listing(PackModel):
    """列举: how a list of names and amounts is written out."""

    head: str = Field("", alias="首")
    item: str = Field(alias="项", description="{名} 和 {数}")
    joint: str = Field("", alias="连")


class ChangeWords(PackModel):
    """变化: how a change against last year is written."""

    rise: str = Field(alias="增")
    fall: str = Field(alias="减")
    same: str = Field(alias="平")
    reason: str = Field(alias="原因")


class Contents(PackModel):
    """目录: its title and the lines above the tables and the chapters."""

    title: Wording = Field(alias="标题")
    tables: Wording = Field(alias="公开表")
    explanation: Wording = Field(alias="情况说明")
    page_number: Wording = Field(alias="页码", description="页码的样式，如 {页码} 或 -{页码}-")


class Parts(PackModel):
    """部分: the headings of the two parts, and the unit lines of the second."""

    first: Wording = Field(alias="第一")
    second: Wording = Field(alias="第二")
    unit: Wording = Field(alias="单位")
    none: Wording = Field(alias="无所属单位")


class Sections(PackModel):
    """sections.yaml: the explanatory text."""

    contents: Contents = Field(alias="目录")
    parts: Parts = Field(alias="部分")
    document_name: Wording = Field(alias="文件名")
    cover_title: Wording = Field(alias="封面题")
    explanation_title: Wording = Field(alias="情况说明标题")
    introduction: Wording = Field(alias="引言")
    phrases: dict[str, Wording] = Field(alias="用语")
    income_sources: dict[str, tuple[IncomeSource, ...]] = Field(alias="收入来源")
    listings: dict[str, Listing] = Field(alias="列举")
    change: ChangeWords = Field(alias="变化")
    asset_catalogue: tuple[str, ...] = Field(alias="固定资产采购目录")
    project_title: Wording = Field(alias="项目绩效表标题")
    glossary_line: Wording = Field(alias="名词行")
    chapters: tuple[Chapter, ...] = Field(alias="章")

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """Every text that an input may give, by key."""
        return {slot.key: slot for chapter in self.chapters for slot in chapter.slots}


class GlossaryTerm(PackModel):
    """名词解释: a term of the form; the definition may use {级别}."""

    term: str = Field(alias="名词")
    definition: str = Field(alias="解释")


class Subject(PackModel):
    """An entry of a code list. ``status``: verified may judge, unverified may only suggest.

    ``fund``: the only funds that are spent under it and under the codes below it, parted by
    blanks; empty where the list does not say.
    """

    code: str
    name: str
    status: str
    fund: str = ""


def _year(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"(?:19|20)[0-9]{2}", value):
        raise Wrong(f"“{value[:20]}”不是年度", value, "请写四位半角数字，如 2027。")
    return value


Year = Annotated[int, BeforeValidator(_year)]


class Pack(PackModel):
    """A format pack, whole."""

    name: str = Field(alias="名称")
    years: tuple[Year, ...] = Field(alias="适用年度")
    basis: tuple[str, ...] = Field(alias="依据")
    remarks: str = Field("", alias="说明")
    based_on: str = Field(
        "", alias="基于", description="别的格式包：没有写的键、没有的文件用它的；只有一层"
    )
    switches: dict[str, Switch] = Field(alias="格式选项")
    checks: dict[str, dict[str, str]] = Field(
        default_factory=dict, alias="核对", description="{规则: {级别: …, 限值: …}}"
    )
    tables: dict[str, Table]
    sections: Sections
    glossary: tuple[GlossaryTerm, ...]
    functional: dict[str, Subject]
    economic: dict[str, Subject]
    _id: str = PrivateAttr("")
    _folder: Path = PrivateAttr(Path())
    _files: Mapping[str, PackFile] = PrivateAttr(default_factory=dict)

    @property
    def id(self) -> str:
        """``hebei/2023``."""
        return self._id

    @property
    def folder(self) -> Path:
        """Its own folder; in a variant the base's files lie elsewhere."""
        return self._folder

    @property
    def files(self) -> Mapping[str, Path]:
        """Every file by its name in a pack (``tables/t1.yaml``), wherever it lies."""
        return {name: file.path for name, file in self._files.items()}

    @property
    def template(self) -> Path:
        """The Word template."""
        return self._files[TEMPLATE].path

    @property
    def procurement(self) -> Mapping[str, str]:
        """政府采购品目分类目录 of the pack's years: code → name; read when it is asked for."""
        return catalogue(*self._state(PROCUREMENT))

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """What is usually filled in in a column (lists.yaml), by the column's name."""
        return suggestions(*self._state(LISTS))

    @property
    def words(self) -> Words:
        """Words that are known to be wrong (words.yaml); a pack need not have any."""
        return words(*self._state(WORDS)) if WORDS in self._files else Words()

    def _state(self, name: str) -> tuple[Path, int]:
        file = self._files[name]
        return file.path, file.changed

    def found_in(self, folder: Path, pack_id: str, files: Mapping[str, PackFile]) -> None:
        """Where it was loaded from, told once by the loader."""
        self._folder, self._id, self._files = folder, pack_id, files

    @property
    def switch_defaults(self) -> dict[str, str]:
        return {name: switch.default for name, switch in self.switches.items()}

    @model_validator(mode="after")
    def _is_whole(self) -> Pack:
        for name, known in REQUIRED_SWITCHES.items():
            if name not in self.switches:
                raise ValueError(f"格式选项缺少“{name}”")
            for value in self.switches[name].values:
                if known and value not in known:
                    raise ValueError(f"格式选项“{name}”只能有 {'、'.join(known)}，没有“{value}”")
        for table in (*TABLE_IDS, "采购", "资产", "机构", "绩效"):
            if table not in self.tables:
                raise ValueError(f"tables 文件夹里没有表 {table}")
        for choice in self.switches["收入来源"].values:
            if choice not in self.sections.income_sources:
                raise ValueError(f"sections.yaml 的收入来源里没有“{choice}”")
        return self


def keys() -> list[str]:
    """Every key that the files of a pack may have."""
    fields = (field for model in PackModel.__subclasses__() for field in model.model_fields.items())
    return list(dict.fromkeys(field.alias or name for name, field in fields))
