"""What a template's XML may not hold: whatever runs, embeds, fetches, or takes too long to read.

A template may come from a stranger, and all of it goes into every document that is made from it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

MAX_DEPTH: Final = 100
"""Elements in each other; a table in a cell of a table takes ten."""
MAX_TEXT: Final = 8_000_000
"""Characters of a part; a template has some hundred thousand."""

_FIELDS: Final = (
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "STYLEREF"),
    *("TOC", "SEQ", "TITLE", "SUBJECT"),
)
"""Fields that only say what stands in the document itself."""
_FIELD_TOKEN = re.compile(
    r"<(?:[\w.-]+:)?(?:(?P<instruction>instrText|delInstrText)\b[^>]*?(?:/>|>(?P<text>[^<]*)<)"
    r"|fldChar\b[^>]*?fldCharType\s*=\s*[\"'](?P<kind>\w+)[\"']"
    r"|fldSimple\b[^>]*?\binstr\s*=\s*(?:\"(?P<one>[^\"]*)\"|'(?P<other>[^']*)'))"
)
_QUOTE: Final = '(?:&quot;|")'
_LOCAL_LINK = re.compile(
    rf"HYPERLINK\s+\\l\s+(?:{_QUOTE}[^\"\\&]*{_QUOTE}|[^\s\"\\&]+)(?:\s+\\[ho])*"
)

_ELEMENTS: Final = {
    "altChunk": "插入的文件（altChunk）",
    "OLEObject": "嵌入的对象（OLE）",
    "object": "嵌入的对象（OLE）",
    "control": "控件（ActiveX）",
    "subDoc": "子文档",
    "mailMerge": "邮件合并的数据源",
    "attachedTemplate": "附加的模板",
    "frameset": "框架网页",
}
_ELEMENT = re.compile(rf"<(?:[\w.-]+:)?({'|'.join(_ELEMENTS)})[\s/>]")
_ADDRESSES: Final = ("src", "href", "sourceFileName")
_WITH_ADDRESS = re.compile(rf"\b(?:{'|'.join(_ADDRESSES)})\s*=")
_ELSEWHERE = re.compile(r"\s*(?:[A-Za-z][\w.+-]*:|\\\\|//)")
_MAGIC: Final = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    **dict.fromkeys((".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".bmp": (b"BM",),
    **dict.fromkeys((".tif", ".tiff"), (b"II*\0", b"MM\0*")),
    ".emf": (b"\x01\0\0\0",),
    ".wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0"),
}
"""How the pictures begin that a template may hold."""
_RELATIONS: Final = {
    *("aFChunk", "oleObject", "package", "control", "activeXControlBinary", "attachedTemplate"),
    *("vbaProject", "wordVbaData", "subDocument", "frame", "extensibility", "attachedToolbars"),
    *("keyMapCustomizations", "mailMergeSource", "mailMergeHeaderSource", "recipientData", "font"),
}
"""Kinds of relations by which something is embedded or run."""
LINK: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
"""What a reader may click on."""


def dangers(part: str, text: str) -> Iterator[str]:
    """What is wrong with a part; each completes the sentence “the part …”."""
    addresses: list[str] = []
    if part == "[Content_Types].xml" and "macroenabled" in unescape(text).lower():
        yield "说明它是带宏的文档"
    if part.endswith(".rels"):
        yield from _in_relations(text)
    elif fault := _form(text, plain=part.startswith("word/"), addresses=addresses):
        yield fault
    elif part.startswith("word/"):
        yield from (f"含有{_ELEMENTS[name]}" for name in dict.fromkeys(_ELEMENT.findall(text)))
        yield from (f"引用了外部的内容“{address[:60]}”" for address in addresses)
        yield from _in_fields(text)


def parses(data: bytes) -> bool:
    """Whether a part may be read as XML: UTF-8, whole, without entities, not too large or deep."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "<!DOCTYPE" not in text and not _form(text, plain=False)


def no_picture(part: str, data: bytes) -> str:
    """Why a part that is no XML may not be in a template, or ``""``."""
    begins = _MAGIC.get(posixpath.splitext(part.lower())[1])
    if begins is None:
        return "是宏、嵌入的对象或字体"
    if not data.startswith(begins) or (part.lower().endswith(".emf") and data[40:44] != b" EMF"):
        return "不是图片，只是名字像图片"
    return ""


def _in_relations(text: str) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(text.removeprefix("\ufeff"))
    except (ElementTree.ParseError, ValueError):
        yield "引用了外部的内容“（XML 有误）”"
        return
    for element in root.iter():
        kind = element.get("Type", "").rpartition("/")[2]
        target = element.get("Target", "")
        external = element.get("TargetMode", "Internal") != "Internal"
        harmless = kind == "hyperlink" and LINK.match(target) is not None
        if kind in _RELATIONS or (external and not harmless):
            yield f"引用了外部的内容“{target[:60]}”"
        elif not external and ".." in target.split("/")[1:]:
            yield f"引用了文件外面的“{target[:60]}”"


def _in_fields(text: str) -> Iterator[str]:
    for instruction in dict.fromkeys(_instructions(text)):
        name = instruction.split(maxsplit=1)[0].upper() if instruction else ""
        if "{{" in instruction or "{%" in instruction:
            yield f"在域代码“{instruction[:40]}”里写了占位符"
        elif name not in _FIELDS and not _LOCAL_LINK.fullmatch(instruction):
            yield f"含有域“{instruction[:40]}”"


def _instructions(text: str) -> Iterator[str]:
    """The instruction of every field, also where Word has cut it into runs or nested it."""
    open_: list[str | None] = []  # None: the instruction has been read, its result follows
    for token in _FIELD_TOKEN.finditer(text):
        simple = token["one"] if token["one"] is not None else token["other"]
        if simple is not None:
            yield simple.strip()
        elif token["instruction"]:
            if open_ and open_[-1] is not None:
                open_[-1] += token["text"] or ""
            elif token["text"] and token["text"].strip():
                yield token["text"].strip()
        elif token["kind"] == "begin":
            open_.append("")
        elif open_:
            if (said := open_[-1]) is not None:
                yield said.strip()
            open_[-1] = None
            if token["kind"] == "end":
                open_.pop()
    yield from (said.strip() for said in open_ if said is not None)


def _form(text: str, *, plain: bool, addresses: list[str] | None = None) -> str:
    """What is wrong with the XML as such. ``plain``: markup hidden in comments would deceive the
    patterns by which a template is read. ``addresses``: where to put what lies elsewhere.
    """
    if len(text) > MAX_TEXT:
        return "过大"
    depth = deepest = 0
    hidden: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def start_with_address(name: str, attributes: dict[str, str]) -> None:
        start(name, attributes)
        assert addresses is not None
        for key, value in attributes.items():
            if key.rpartition(":")[2] in _ADDRESSES and _ELSEWHERE.match(value):
                addresses.append(value)

    parser = expat.ParserCreate()
    looked_at = addresses is not None and _WITH_ADDRESS.search(text)
    parser.StartElementHandler = start_with_address if looked_at else start
    parser.EndElementHandler = end
    parser.CommentHandler = lambda data: hidden.append("注释")
    parser.StartCdataSectionHandler = lambda: hidden.append("CDATA")
    try:
        parser.Parse(text.removeprefix("\ufeff").encode(), True)
    except expat.ExpatError as error:
        return f"第 {error.lineno} 行的 XML 有误"
    if deepest > MAX_DEPTH:
        return f"的元素套了 {deepest} 层"
    return f"的 XML 里有{hidden[0]}" if hidden and plain else ""
