"""What the form is: a format pack, read from ``templates/<place>/<year>/`` and checked on load.

A pack holds everything that an office prescribes and may change: titles, headers, row labels,
notes, sentences, glossary, switches with their defaults, code lists, and the Word template. The
keys of its YAML files are Chinese; each is documented at its field below. A mistake in a pack is
a :class:`UserError` that names file and key.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from generator import yamltext
from generator.balance import MEASURES
from generator.problem import UserError

DEFAULT_PLACE: Final = "hebei"
TABLE_IDS: Final = tuple(f"T{n}" for n in range(1, 10))

# Switches that the program itself reads; every other switch of a pack is read by its own texts.
REQUIRED_SWITCHES: Final = ("封面", "分部分", "文字末尾零", "绩效分部", "收入来源")

MAX_FILE: Final = 4_000_000  # bytes of one YAML or CSV file
MAX_TEMPLATE: Final = 20_000_000


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


def _measure(value: Any) -> Any:
    if isinstance(value, str) and value not in MEASURES:
        raise ValueError(f"没有“{value}”这个度量")
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

    ``内容`` is 序号, 编码, 名称 (label), 左项目, 左数, 右项目, 数量, a column of the records of
    政府采购 / 机构设置, or a measure of :data:`generator.balance.MEASURES`.
    """

    name: str = Field(alias="名")
    content: str = Field(alias="内容")


Source = Literal["功能科目", "经济科目", "固定行", "左右对照", "采购", "机构", "绩效"]


class Table(PackModel):
    """One table of the form."""

    id: str = Field(alias="表", description="T1 … T9，或 采购、资产、机构、绩效")
    name: str = Field(alias="名称", description="模板里的名字：部门.<名称>")
    title: Wording = Field((), alias="标题")
    header: tuple[tuple[str, ...], ...] = Field(
        alias="表头", description="各表头行的文字；< 与左格合并，^ 与上格合并"
    )
    source: Source = Field(alias="行来源")
    columns: tuple[Column, ...] = Field(alias="列")
    total_label: str = Field("合计", alias="合计行")
    subtotal_label: str = Field("{单位}小计", alias="小计行")
    lines: tuple[Line, ...] = Field((), alias="行")
    left: tuple[Line, ...] = Field((), alias="左")
    right: tuple[Line, ...] = Field((), alias="右")
    closing: tuple[LinePair, ...] = Field((), alias="尾")
    notes: tuple[str, ...] = Field((), alias="注")
    empty_note: str = Field("", alias="空表注")
    zero: Wording = Field((), alias="零", description="零怎样印：空白（不写）、0 或 0.00")

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures of the amount columns, from left to right."""
        return tuple(c.content for c in self.columns if c.content in MEASURES)

    @model_validator(mode="after")
    def _columns_are_known(self) -> Table:
        known = {*MEASURES, "序号", "编码", "名称", "左项目", "左数", "右项目", "数量"}
        if self.source not in ("采购", "机构", "绩效"):
            for column in self.columns:
                if column.content not in known:
                    raise ValueError(f"列“{column.name}”的内容“{column.content}”不是已知的内容")
        widths = {len(row) for row in self.header}
        if len(widths) > 1:
            raise ValueError("各表头行的格数不同")
        return self


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
    """An entry of a code list. ``status``: verified may judge, unverified may only suggest."""

    code: str
    name: str
    status: str


class Pack(PackModel):
    """A format pack, whole."""

    name: str = Field(alias="名称")
    years: tuple[int, ...] = Field(alias="适用年度")
    basis: tuple[str, ...] = Field(alias="依据")
    remarks: str = Field("", alias="说明")
    switches: dict[str, Switch] = Field(alias="格式选项")
    tables: dict[str, Table]
    sections: Sections
    glossary: tuple[GlossaryTerm, ...]
    functional: dict[str, Subject]
    economic: dict[str, Subject]
    _id: str = PrivateAttr("")
    _folder: Path = PrivateAttr(Path())

    @property
    def id(self) -> str:
        """``hebei/2023``."""
        return self._id

    @property
    def template(self) -> Path:
        """The Word template."""
        return self._folder / "disclosure.docx"

    @property
    def switch_defaults(self) -> dict[str, str]:
        return {name: switch.default for name, switch in self.switches.items()}

    @model_validator(mode="after")
    def _is_whole(self) -> Pack:
        for name in REQUIRED_SWITCHES:
            if name not in self.switches:
                raise ValueError(f"格式选项缺少“{name}”")
        for table in (*TABLE_IDS, "采购", "资产", "机构", "绩效"):
            if table not in self.tables:
                raise ValueError(f"tables 文件夹里没有表 {table}")
        for choice in self.switches["收入来源"].values:
            if choice not in self.sections.income_sources:
                raise ValueError(f"sections.yaml 的收入来源里没有“{choice}”")
        return self


def packs_root() -> Path:
    """Where the built-in packs lie: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "templates"


def available() -> list[str]:
    """Ids of the built-in packs, ascending: ``["hebei/2022", …]``."""
    return sorted(f"{p.parent.parent.name}/{p.parent.name}" for p in _pack_files(packs_root()))


def _pack_files(root: Path) -> Iterable[Path]:
    return root.glob("*/*/pack.yaml")


def newest_for(year: int, place: str = DEFAULT_PLACE) -> str:
    """Id of the newest pack of a place that is not later than the year."""
    years = [int(i.partition("/")[2]) for i in available() if i.startswith(f"{place}/")]
    fitting = [y for y in years if y <= year]
    if not fitting:
        raise UserError(
            f"没有适用于 {year} 年的格式包。", f"可以用 --pack 指定一个：{'、'.join(available())}。"
        )
    return f"{place}/{max(fitting)}"


@lru_cache(maxsize=8)
def load(pack_id: str) -> Pack:
    """Load a built-in pack by id, once. Raises :class:`UserError` for an unknown or faulty one."""
    # The id comes from the command line or the input: only a name that was found is opened.
    if pack_id not in available():
        raise UserError(
            f"没有格式包“{pack_id}”。", f"可用的格式包：{'、'.join(available()) or '（无）'}。"
        )
    place, _, year = pack_id.partition("/")
    return load_folder(packs_root() / place / year, pack_id)


def load_folder(folder: Path, pack_id: str) -> Pack:
    """Load the pack in a folder. Raises :class:`UserError` that names file and key."""
    files = {
        "pack": folder / "pack.yaml",
        "sections": folder / "sections.yaml",
        "glossary": folder / "glossary.yaml",
    }
    documents = {name: _yaml(file) for name, file in files.items()}
    data: dict[str, Any] = dict(_mapping(documents["pack"], files["pack"]))
    data["sections"] = documents["sections"].tree
    data["glossary"] = documents["glossary"].tree
    tables: dict[str, Any] = {}
    for file in sorted((folder / "tables").glob("*.yaml")):
        table = _mapping(_yaml(file), file)
        files[f"tables.{table.get('表')}"] = file
        tables[str(table.get("表"))] = table
    data["tables"] = tables
    data["functional"] = _code_list(folder / "codes" / "functional.csv")
    data["economic"] = _code_list(folder / "codes" / "economic.csv")
    try:
        pack = Pack.model_validate(data)
    except ValidationError as error:
        raise UserError(_explain(error, folder, files)) from error
    pack._id = pack_id
    pack._folder = folder
    _check_conditions(pack, folder)
    return pack


def _yaml(file: Path) -> yamltext.YamlDocument:
    try:
        if file.stat().st_size > MAX_FILE:
            raise UserError(f"格式包文件 {file} 过大。")
        return yamltext.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"格式包文件 {file} 无法读取。") from error
    except yamltext.YamlProblem as error:
        raise UserError(f"格式包文件 {file} 第 {error.line} 行：{error.message}。") from error


def _mapping(document: yamltext.YamlDocument, file: Path) -> dict[str, Any]:
    if not isinstance(document.tree, dict):
        raise UserError(f"格式包文件 {file} 应由“键: 值”组成。")
    return document.tree


def _code_list(file: Path) -> dict[str, Any]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {row["code"]: row for row in csv.DictReader(stream)}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise UserError(
            f"格式包文件 {file} 无法读取。", "它应是 UTF-8 的 CSV，列为 code、name、status。"
        ) from error


def _explain(error: ValidationError, folder: Path, files: Mapping[str, Path]) -> str:
    first = error.errors(include_url=False)[0]
    loc = [str(step) for step in first["loc"]]
    file = folder / "pack.yaml"
    if loc and loc[0] in ("sections", "glossary"):
        file = files[loc.pop(0)]
    elif len(loc) > 1 and loc[0] == "tables":
        file = files.get(f"tables.{loc[1]}", folder / "tables")
        loc = loc[2:]
    elif loc and loc[0] in ("functional", "economic"):
        file = folder / "codes" / f"{loc.pop(0)}.csv"
    reasons = {
        "missing": "缺少这个键",
        "extra_forbidden": "没有这个键",
        "literal_error": f"取值应为 {first.get('ctx', {}).get('expected', '')}",
    }
    reason = reasons.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
    return f"格式包文件 {file} 的“{'.'.join(loc) or '（整个文件）'}”：{reason}。"


FACTS: Final = (
    *("类型", "公用经费", "专项资金", "预算项目", "所属单位", "只有一般公共预算"),
    *("项目支出", "采购", "资产", "上年结转", "基本支出资金", "多个机构"),
)
"""What a ``当`` may ask beside the switches: 类型 is 部门 or 单位, 基本支出资金 is 一般公共预算 or
多种, 只有一般公共预算 and 多个机构 are 是 or 否, the others are 有 or 无."""


def _check_conditions(pack: Pack, folder: Path) -> None:
    known = {*pack.switches, *FACTS}
    for where, condition in _conditions(pack):
        for name, value in condition.items():
            if name not in known:
                raise UserError(
                    f"格式包 {folder} 的“{where}”：当 里的“{name}”不是开关，也不是事实。"
                )
            if name in pack.switches:
                for one in value.split("|"):
                    if one not in pack.switches[name].values:
                        raise UserError(
                            f"格式包 {folder} 的“{where}”：开关“{name}”没有“{one}”这个值。"
                        )


def _conditions(pack: Pack) -> Iterable[tuple[str, Condition]]:
    def walk(where: str, value: object) -> Iterable[tuple[str, Condition]]:
        if isinstance(value, Alternative | Line):
            yield where, value.when
        if isinstance(value, PackModel):
            for name, field in type(value).model_fields.items():
                yield from walk(f"{where}.{field.alias or name}", getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                yield from walk(where, item)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from walk(f"{where}.{key}", item)

    yield from walk("sections", pack.sections)
    for id_, table in pack.tables.items():
        yield from walk(f"表 {id_}", table)


REFERENCE: Final = re.compile(r"(?<!\{)\{([\w（）“”]{1,20})\}(?!\})")
"""``{支出总计}`` in a text. ``{{ }}``, ``{% %}``, ``{_{`` and ``{ }`` are ordinary characters."""
