"""The lines of the contents, and the titles in the text that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.maintain.check.document import BODY, Paragraph, Part
from generator.maintain.check.finding import Finding
from generator.maintain.check.tags import tags_of
from generator.pack import TABLE_IDS, Pack
from generator.render.container import STYLES
from generator.render.paginate.geometry import Geometry
from generator.tags import loop_in

_PAGE = re.compile(r"\{\{[^{}]*\.页码\s*\}\}")
_LOOPS: Final = {"部门.部分标题": ("部分", 1), "部门.单位标题": ("所属单位", 2)}
"""Loops that print headings: what they are headings of, and their 大纲级别 as Word counts it."""
_EXPLANATION: Final = "部门.情况说明标题"


def in_body(part: Part, texts: Mapping[str, str], pack: Pack) -> Iterator[Finding]:
    """Titles that are missing or no headings, and page numbers that would not be filled in."""
    geometry = Geometry(texts[BODY], texts.get(STYLES, ""))
    printed = {
        name: paragraph
        for paragraph in part.paragraphs
        if paragraph.table < 0
        for name in re.findall(r"\{\{\s*(\S+?)\s*\}\}", paragraph.text)
    }
    wanted = {
        **{f"部门.{pack.tables[id_].name}.标题": 2 for id_ in TABLE_IDS},
        **{f"部门.章.{chapter.key}": 2 for chapter in pack.sections.chapters},
        _EXPLANATION: 1,
    }
    for name, level in wanted.items():
        yield from _title(name, printed.get(name), geometry, level)
    yield from _titles_of_loops(part, geometry)
    yield from _page_numbers(part)


def _title(
    name: str, paragraph: Paragraph | None, geometry: Geometry, level: int
) -> Iterator[Finding]:
    if paragraph is None:
        yield Finding(
            "缺少标题",
            "正文",
            f"目录里有的标题 {{{{ {name} }}}} 在正文里没有",
            f"请在它的位置另起一段补上，样式的大纲级别为 {level} 级。",
        )
    elif _level(paragraph, geometry) != level:
        yield _no_heading(paragraph, level)
    elif paragraph.text.strip() != f"{{{{ {name} }}}}" and len(tags_of(paragraph)) == 1:
        yield Finding(
            "标题不符",
            paragraph.place,
            "标题前后另有文字，和目录里的不一样",
            "标题的文字写在格式包里；请只留下占位符。",
        )


def _titles_of_loops(part: Part, geometry: Geometry) -> Iterator[Finding]:
    variable, level = "", 0
    lacking = dict(_LOOPS)
    for paragraph in part.paragraphs:
        loop = loop_in(paragraph.text, "p")
        if loop and loop.rows in _LOOPS:
            variable, level = loop.variable, _LOOPS[loop.rows][1]
            lacking.pop(loop.rows, None)
        elif variable and f"{{{{ {variable} }}}}" in paragraph.text:
            if _level(paragraph, geometry) != level:
                yield _no_heading(paragraph, level)
            variable = ""
    for name, (of, level) in lacking.items():
        yield Finding(
            "缺少标题",
            "正文",
            f"目录里有的{of}标题（{name}）在正文里没有",
            f"请在各部门循环的开头补上，样式的大纲级别为 {level} 级。",
        )


def _no_heading(paragraph: Paragraph, level: int) -> Finding:
    return Finding(
        "标题样式",
        paragraph.place,
        f"这个标题在目录里有一行，它的样式却不是 {level} 级标题",
        f"请给它用“大纲级别”为 {level} 级的样式（如“标题 {level}”）。",
    )


def _page_numbers(part: Part) -> Iterator[Finding]:
    """A page number becomes a field with a link only where its placeholder is a run of its own."""
    found = False
    for paragraph in part.paragraphs:
        for match in _PAGE.finditer(paragraph.text):
            found = True
            beside = _beside(paragraph, match.start(), match.end())
            if beside or paragraph.table >= 0:
                yield Finding(
                    "目录没有书签",
                    paragraph.place,
                    "页码的占位符和别的文字连在一起，目录这一行得不到书签和页码",
                    "请在它前面打一个制表符（Tab），再重新打一次 {{ 行.页码 }}。",
                )
    if not found:
        yield Finding(
            "目录没有书签",
            "正文",
            "目录的行里没有页码的占位符，得不到书签和页码",
            "请在目录的行里写 {{ 行.文字 }}、制表符和 {{ 行.页码 }}。",
        )


def _beside(paragraph: Paragraph, start: int, end: int) -> bool:
    """Whether a tag's runs hold other words; what stands before a tab is parted from it."""
    letters = paragraph.letters
    runs = {letter.run for letter in letters[start:end]}
    before = [letter.text for letter in letters[:start] if letter.run in runs]
    after = [letter.text for letter in letters[end:] if letter.run in runs]
    return bool("".join(before).rpartition("\t")[2].strip() or "".join(after).strip())


def _level(paragraph: Paragraph, geometry: Geometry) -> int:
    """大纲级别 as Word counts it. Only a style makes a heading: the level of a single paragraph is
    not looked at.
    """
    return geometry.style(paragraph.style or geometry.default_style).level + 1
