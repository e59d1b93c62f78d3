"""The tags of a template one by one: whole, in one piece, and alone where they must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.maintain.check.document import Paragraph, Part, Row
from generator.maintain.check.finding import Finding, quoted

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BRACES = re.compile(r"[{｛]\s*[{｛%％#]|[}｝%％#]\s*[}｝]|[{｛]%|%[}｝]")
_STATEMENT = re.compile(
    r"\{%(?P<take>tr|tc|p|r)?\s*-?\s*(?P<word>\w*)(?P<rest>.*?)-?%\}", re.DOTALL
)

_BETWEEN: Final = {
    "bookmarkStart": "书签",
    "bookmarkEnd": "书签",
    "hyperlink": "超链接",
    "fldChar": "域",
    "fldSimple": "域",
    "ins": "修订",
    "del": "修订",
    "moveFrom": "修订",
    "moveTo": "修订",
    "tab": "制表符",
    "br": "换行",
    "cr": "换行",
    "sdt": "内容控件",
    "smartTag": "智能标记",
    "commentRangeStart": "批注",
    "commentRangeEnd": "批注",
    "commentReference": "批注",
    "drawing": "图片",
    "pict": "图片",
    "object": "嵌入的对象",
}
_RETYPE: Final = "请把整个标记删去，一次重新打好。"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. ``take``: what it takes away with it (``p``, ``tr``), ``""`` for none.

    ``word``: ``for``, ``endfor``, ``if`` …; ``""`` for what is printed. ``rest``: its expression.
    """

    paragraph: Paragraph
    text: str
    start: int
    take: str
    word: str
    rest: str

    @property
    def place(self) -> str:
        return self.paragraph.place


def tags_of(paragraph: Paragraph) -> list[Tag]:
    """The whole tags of a paragraph, in order."""
    found = []
    for match in _TAG.finditer(paragraph.text):
        text, statement = match[0], _STATEMENT.fullmatch(match[0])
        if statement:
            parts = statement["take"] or "", statement["word"], statement["rest"]
        else:
            parts = "", "" if text.startswith("{{") else "#", text[2:-2]
        found.append(Tag(paragraph, text, match.start(), *parts))
    return found


def unfinished(paragraph: Paragraph) -> Iterator[Finding]:
    rest = _TAG.sub(lambda m: " " * len(m[0]), paragraph.text)
    found = _BRACES.search(rest)
    if found is None:
        return
    said = quoted(rest[found.start() :] if found[0][0] in "{｛" else rest[: found.end()])
    yield Finding(
        "标记不完整",
        paragraph.place,
        f"{said}不是完整的标记",
        "标记要写在一段里，用半角花括号成对地写，如 {{ 部门.名称 }}；请重新打好。",
    )


def of_tag(tag: Tag, part: Part) -> Iterator[Finding]:
    """What is wrong with a tag where it stands."""
    yield from _split(tag)
    yield from _alone(tag, part)


def _split(tag: Tag) -> Iterator[Finding]:
    end = tag.start + len(tag.text)
    names = [name for at, name in tag.paragraph.barriers if tag.start < at < end]
    if names:
        what = _BETWEEN.get(names[0], "别的东西")
        yield Finding("标记被拆开", tag.place, f"标记{quoted(tag.text, 30)}中间夹着{what}", _RETYPE)


def _alone(tag: Tag, part: Part) -> Iterator[Finding]:
    """A tag that takes its paragraph or row away must stand there alone, or words would be lost."""
    if tag.take in ("tc", "r") or re.match(r"\{\{(?:tr|tc|p|r)\s", tag.text):
        what = tag.take or tag.text[2:4].strip()
        yield Finding(
            "不能用的标记",
            tag.place,
            f"标记{quoted(tag.text, 30)}的“{what}”不能用",
            "整行用 {%tr %}，整段用 {%p %}，其他用 {% %}；请改写。",
        )
    elif tag.take == "tr" and tag.paragraph.table < 0:
        yield Finding(
            "tr 不在表格里",
            tag.place,
            f"{quoted(tag.text, 40)}不在表格的行里",
            "{%tr %} 要单独占表格的一行；在表格外面请用 {%p %}。",
        )
    elif tag.take == "p" and tag.paragraph.text.strip() != tag.text:
        yield Finding(
            "标记旁边有字",
            tag.place,
            f"{quoted(tag.text, 40)}所在的段落还有别的内容，填写时会一起删去",
            "请让这个标记单独占一段。",
        )
    elif tag.take == "tr" and _row_of(tag.paragraph, part).text.strip() != tag.text:
        yield Finding(
            "标记旁边有字",
            tag.place,
            f"{quoted(tag.text, 40)}所在的行还有别的内容，填写时会一起删去",
            "请让这个标记单独占一行，其他格空着。",
        )


def _row_of(paragraph: Paragraph, part: Part) -> Row:
    return part.tables[paragraph.table].rows[paragraph.row - 1]
