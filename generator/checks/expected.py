"""What the document of a disclosure must say, item by item, worked out from the data alone.

The renderer's own context is not used: this is the second opinion that the file just written is
compared with (:mod:`generator.checks.readback`). Each item names the rule that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from generator.content import Content
from generator.disclosure import Project
from generator.form import Form, fill
from generator.pack import TABLE_IDS, Table
from generator.wording import chinese_number

EMPTY_NOTE_RULES: Final = {"T7": "EMP101", "T8": "EMP102", "T9": "EMP105"}
TABLE_KEY: Final = "\0table"  # all tables are alike until they are told apart by their place
_AFTER_CHAPTER: Final = {"职责机构": "机构", "采购": "采购", "资产": "资产"}
"""The tables that close a chapter of the explanatory text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. ``page``: the pattern of its page number, if it is a line of the contents.

    ``values``: what of the text is data, where the words between are the template's.
    """

    rule: str
    name: str
    text: str
    page: str = ""
    values: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"\0line {self.text}" if self.page else self.text


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``above``: the words of the row above its header, ``None`` where it has no such row.

    ``head``: how many of ``rows`` are its header. ``labels``: columns that the form itself words.
    """

    table: str
    name: str
    above: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]
    head: int
    labels: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        return TABLE_KEY


Expected = Line | Grid


def document(contents: list[Content], draft_note: str) -> list[Expected]:
    """Everything from the cover on. ``draft_note``: a draft's own line, ``""`` for the finished."""
    main, *units = contents
    form, parts = main.form, main.form.pack.sections.parts
    split = form.facts["分部分"] == "分" and main.disclosure.basics.kind == "部门"
    first = form.say(parts.first) if split else ""
    second = form.say(parts.second) if split or units else ""
    headings = [
        form.say(parts.unit, 序号=chinese_number(n), 单位名称=unit.disclosure.basics.name)
        for n, unit in enumerate(units, 1)
    ]
    items: list[Expected] = [*_cover(main, draft_note), *_contents(main, first, second, headings)]
    if first:
        items.append(Line("STR011", "部分标题", first))
    items += _body(main)
    if second:
        items.append(Line("STR011", "部分标题", second))
    if second and not units:
        items.append(Line("STR011", "无所属单位的说明", form.say(parts.none)))
    for heading, unit in zip(headings, units, strict=True):
        items += [Line("STR011", "单位标题", heading), *_body(unit)]
    return items


def _cover(main: Content, draft_note: str) -> Iterator[Line]:
    form, basics = main.form, main.disclosure.basics
    if form.facts["封面"] == "无" and not draft_note:
        return
    yield Line("STR017", "封面的名称", basics.name)
    title = form.say(form.pack.sections.cover_title)
    yield Line(
        *("STR017", "封面的年度和标题", f"{basics.year}年{title}"), values=(str(basics.year), title)
    )
    if form.facts["封面"] == "编制审核":
        yield Line("STR017", "封面的编制", f"编制：{basics.prepared_by or basics.name}")
        if basics.reviewed_by:
            yield Line("STR017", "封面的审核", f"审核：{basics.reviewed_by}")
    if draft_note:
        yield Line("REN001", "草稿说明", draft_note)


def _contents(main: Content, first: str, second: str, headings: list[str]) -> Iterator[Line]:
    form, contents = main.form, main.form.pack.sections.contents
    page = form.say(contents.page_number, 页码="{}")

    def group(text: str) -> Line:
        return Line("STR005", "目录的分组", text)

    def line(text: str) -> Line:
        return Line("STR005", "目录的一行", text, page)

    yield Line("STR005", "目录的标题", form.say(contents.title))
    if first:
        yield group(first)
    yield group(form.say(contents.tables))
    yield from (line(main.tables[id_].title) for id_ in TABLE_IDS)
    yield group(form.say(contents.explanation))
    yield from map(line, main.explanation.chapter_titles.values())
    if second:
        yield group(second)
    yield from map(line, headings)


def _body(content: Content) -> Iterator[Expected]:
    form, explanation = content.form, content.explanation
    for id_ in TABLE_IDS:
        yield Line("STR001", "表的标题", content.tables[id_].title)
        yield from _table(content, id_)
    yield Line("REN001", "情况说明的标题", explanation.title)
    yield from _lines("引言", explanation.introduction)
    for chapter in form.pack.sections.chapters:
        yield Line("STR003", "章的标题", explanation.chapter_titles[chapter.key])
        for slot in chapter.slots:
            yield from _lines(f"“{slot.key}”的一段", explanation.texts[slot.key])
            if slot.key == "专项资金":
                yield from _projects(content, "专项资金")
        if chapter.key == "绩效":
            yield from _projects(content, "预算项目")
        if chapter.key in _AFTER_CHAPTER:
            yield from _table(content, _AFTER_CHAPTER[chapter.key])
        if chapter.key == "名词":
            yield from _lines("名词解释的一条", explanation.glossary, "STR009")


def _lines(name: str, texts: list[str], rule: str = "REN001") -> Iterator[Line]:
    return (Line(rule, name, text) for text in texts)


def _table(content: Content, id_: str) -> Iterator[Expected]:
    """A table of the form and its notes."""
    filled, table = content.tables[id_], content.form.pack.tables[id_]
    names = [column.name for column in table.columns]
    header = _header(table, content.form.words)
    yield Grid(
        id_,
        table.name,
        _above(content, id_),
        (*header, *(tuple([row[name] for name in names]) for row in filled.rows)),
        len(header),
        frozenset(i for i, c in enumerate(table.columns) if c.content in ("左项目", "右项目")),
    )
    for note in filled.notes:
        empty = filled.empty and note == table.empty_note
        rule = EMPTY_NOTE_RULES.get(id_, "REN001") if empty else "REN001"
        yield Line(rule, f"“{table.name}”的注", note)


def _header(table: Table, words: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """The header as its grid reads: a merged cell's word stands in its first cell."""
    return tuple(
        tuple("" if cell in ("<", "^") else fill(cell, words.get, _unknown) for cell in row)
        for row in table.header
    )


def _unknown(name: str) -> None:
    """A header may hold braces that are no reference: they stay as they are."""


def _above(content: Content, id_: str) -> tuple[str, ...] | None:
    basics = content.disclosure.basics
    named = f"{basics.code}{basics.name}"
    match id_:
        case "机构":
            return None
        case "采购":
            return (named, "单位：万元")
        case "资产":
            return (named, f"截止时间：{basics.year - 1}-12-31")
    return (named, f"预算年度：{basics.year}", "单位：万元")


def _projects(content: Content, category: str) -> Iterator[Expected]:
    """The performance tables of one part; a form that has one part for all has them in the first.

    They are numbered anew in each part.
    """
    form = content.form
    combined = form.facts["绩效分部"] == "合并"
    projects = [
        project
        for project in content.disclosure.projects
        if ("专项资金" if combined else project.category) == category
    ]
    table = form.pack.tables["绩效"]
    header = _header(table, form.words)
    for number, project in enumerate(projects, 1):
        title = form.say(form.pack.sections.project_title, 序号=str(number), 项目名称=project.name)
        yield Line("REN001", "项目的标题", title)
        yield _project(project, form, header)


def _project(project: Project, form: Form, header: tuple[tuple[str, ...], ...]) -> Grid:
    """Goals, header, indicators; a level is printed once for the rows that it is the same in."""
    width = len(header[0])
    goals = ("绩效目标", "\n".join(project.goals), *[""] * (width - 2))
    fields = {
        "二级指标": "level2",
        "三级指标": "level3",
        "绩效指标描述": "description",
        "指标值": "value",
        "指标值确定依据": "basis",
    }
    columns = [c.content for c in form.pack.tables["绩效"].columns]
    rows = []
    for level, indicators in groupby(project.indicators, key=lambda row: row.level1):
        shown = level
        for indicator in indicators:
            cells = {content: getattr(indicator, field) for content, field in fields.items()}
            cells["一级指标"] = shown
            rows.append(tuple([cells.get(content, "") for content in columns]))
            shown = ""
    return Grid("绩效", project.name, None, (goals, *header, *rows), 1 + len(header))
