"""The lines of the contents, and the titles in the text that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

from generator.maintain.check.document import Paragraph, Part
from generator.maintain.check.finding import Finding
from generator.maintain.check.tags import tags_of
from generator.pack import TABLE_IDS, Pack
from generator.render.paginate.geometry import W

_LEVEL: Final = 1  # 大纲级别 2 级, counted from 0
_PAGE = re.compile(r"\{\{[^{}]*\.页码\s*\}\}")
_LOOP = re.compile(r"\{%p\s+for\s+(\S+)\s+in\s+部门\.单位标题\s*%\}")
_HOW: Final = "请给它用“大纲级别”为 2 级的样式（如“标题 2”）。"


def in_body(part: Part, styles: str, pack: Pack) -> Iterator[Finding]:
    """Titles that are missing or no headings, and page numbers that would not be filled in."""
    levels = _levels(styles)
    printed = {
        name: paragraph
        for paragraph in part.paragraphs
        if paragraph.table < 0
        for name in re.findall(r"\{\{\s*(\S+?)\s*\}\}", paragraph.text)
    }
    wanted = [
        *(f"部门.{pack.tables[id_].name}.标题" for id_ in TABLE_IDS),
        *(f"部门.章.{chapter.key}" for chapter in pack.sections.chapters),
    ]
    for name in wanted:
        yield from _title(name, printed.get(name), levels)
    yield from _unit_titles(part, levels)
    yield from _page_numbers(part)


def _title(name: str, paragraph: Paragraph | None, levels: Mapping[str, int]) -> Iterator[Finding]:
    if paragraph is None:
        yield Finding(
            "缺少标题",
            "正文",
            f"目录里有的标题 {{{{ {name} }}}} 在正文里没有",
            "请在它的位置另起一段补上，样式的大纲级别为 2 级。",
        )
    elif _level(paragraph, levels) != _LEVEL:
        yield _no_heading(paragraph)
    elif paragraph.text.strip() != f"{{{{ {name} }}}}" and len(tags_of(paragraph)) == 1:
        yield Finding(
            "标题不符",
            paragraph.place,
            "标题前后另有文字，和目录里的不一样",
            "标题的文字写在格式包里；请只留下占位符。",
        )


def _unit_titles(part: Part, levels: Mapping[str, int]) -> Iterator[Finding]:
    variable = ""
    found = False
    for paragraph in part.paragraphs:
        if match := _LOOP.search(paragraph.text):
            variable, found = match[1], True
        elif variable and f"{{{{ {variable} }}}}" in paragraph.text:
            if _level(paragraph, levels) != _LEVEL:
                yield _no_heading(paragraph)
            variable = ""
    if not found:
        yield Finding(
            "缺少标题",
            "正文",
            "目录里有的所属单位标题（部门.单位标题）在正文里没有",
            "请在各部门循环的开头补上，样式的大纲级别为 2 级。",
        )


def _no_heading(paragraph: Paragraph) -> Finding:
    return Finding(
        "标题样式", paragraph.place, "这个标题在目录里有一行，它的样式却不是 2 级标题", _HOW
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


def _level(paragraph: Paragraph, levels: Mapping[str, int]) -> int:
    """Only a style makes a heading: the level of a single paragraph is not looked at."""
    return levels.get(paragraph.style, 9)


def _levels(styles: str) -> dict[str, int]:
    """Style → outline level, what it inherits included; running text is 9."""
    found: dict[str, tuple[int | None, str]] = {}
    for style in ElementTree.fromstring(styles).iter(f"{W}style") if styles else ():
        based = style.find(f"{W}basedOn")
        level = style.find(f"{W}pPr/{W}outlineLvl")
        found[style.get(f"{W}styleId", "")] = (
            None if level is None else int(level.get(f"{W}val", "9")),
            "" if based is None else based.get(f"{W}val", ""),
        )

    def level_of(style: str, depth: int = 0) -> int:
        own, based = found.get(style, (9, ""))
        if own is not None or depth > 20:
            return 9 if own is None else own
        return level_of(based, depth + 1)

    return {style: level_of(style) for style in found}
