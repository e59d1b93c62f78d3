"""A .docx read back: its paragraphs and tables in the order of the body.

Nothing here knows what the document should say; the checks compare it with the data.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc"))
_SECTION_END: Final = f"{_W}pPr/{_W}sectPr"
_TEXT, _SPAN, _HEADER = f"{_W}t", f"{_W}gridSpan", f"{_W}tblHeader"
_STYLE, _BOOKMARK, _LINK = f"{_W}pStyle", f"{_W}bookmarkStart", f"{_W}hyperlink"
_CHARACTERS: Final = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OBJECTS: Final = frozenset(
    {
        *(f"{_W}{name}" for name in ("sym", "pgNum", "ruby", "fldSimple", "softHyphen")),
        *(f"{_W}{name}" for name in ("drawing", "pict", "object", "bdo", "dir")),
        *(f"{_W}{name}" for name in ("vanish", "webHidden", "specVanish")),
        f"{_M}oMath",
    }
)
"""What prints no words that can be compared, or hides some."""
_OBJECT: Final = "\ufffc"
"""Stands for one of them in a text: it is then no longer what the data say."""
_OFF: Final = ("0", "false", "off")
_WIDEST: Final = 63
"""Columns that a cell may take, by Word's own bound."""
_MAX_UNPACKED: Final = 500_000_000


@dataclass(frozen=True, slots=True)
class WrittenParagraph:
    """A paragraph of the body as it reads; ``style`` is its style's id.

    ``link``: the bookmark that the paragraph leads to, as a line of the contents does.
    """

    text: str
    style: str
    bookmarks: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table: one text per cell of its grid; a merged cell's text stands in its first cell.

    ``headers``: how many rows from the first on are repeated on each page.
    """

    rows: tuple[tuple[str, ...], ...]
    headers: int


Item = WrittenParagraph | WrittenTable


@dataclass(frozen=True, eq=False)
class Written:
    """The items of the body in order, and the parts of the package.

    ``fault``: why the file cannot be read as a .docx; it then has neither items nor parts.
    """

    items: tuple[Item, ...] = ()
    parts: dict[str, bytes] = field(default_factory=dict)
    fault: str = ""


def read(data: bytes) -> Written:
    """Read a .docx; a file that is none has a ``fault``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MAX_UNPACKED:
                return Written(fault="展开后过大")
            parts = {name: archive.read(name) for name in archive.namelist()}
        body = etree.fromstring(parts["word/document.xml"], _parser()).find(f"{_W}body")
        items = () if body is None else tuple(_items(body))
    except KeyError:
        return Written(fault="没有正文")
    except etree.XMLSyntaxError:
        return Written(fault="正文的 XML 有误")
    except (IndexError, ValueError):
        return Written(fault="正文的结构有误")
    except Exception:  # zipfile has a dozen kinds of errors for damaged archives
        return Written(fault="压缩包已损坏")
    return Written(items, parts) if items else Written(fault="没有正文")


def _parser(*, recover: bool = False) -> etree.XMLParser:
    """Nothing from outside the file, and no limit of depth or length but that of the file."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=recover)


def _items(body: etree._Element) -> Iterator[Item]:
    """Paragraphs and tables; an empty paragraph in which a section ends is neither."""
    for element in body:
        if element.tag == _PARAGRAPH:
            paragraph = _paragraph(element)
            if paragraph.text or element.find(_SECTION_END) is None:
                yield paragraph
        elif element.tag == _TABLE:
            yield _table(element)


def _paragraph(paragraph: etree._Element) -> WrittenParagraph:
    """The visible text; instructions of fields are none, and tab stops are not characters."""
    words, style, bookmarks, link = [], "", [], ""
    for node in paragraph.iter(_TEXT, *_CHARACTERS, *_OBJECTS, _STYLE, _BOOKMARK, _LINK):
        tag = node.tag
        if tag == _TEXT:
            words.append(node.text or "")
        elif tag == _STYLE:
            style = str(node.get(f"{_W}val"))
        elif tag == _BOOKMARK:
            bookmarks.append(str(node.get(f"{_W}name")))
        elif tag == _LINK:
            link = str(node.get(f"{_W}anchor", ""))
        else:
            words.append(_character(node))
    return WrittenParagraph("".join(words), style, tuple(bookmarks), link)


def _character(node: etree._Element) -> str:
    """What an element prints that is no text; a tab stop and a page break print nothing."""
    if node.tag in _OBJECTS:
        return "" if node.get(f"{_W}val") in _OFF else _OBJECT
    return "" if node.attrib else _CHARACTERS[str(node.tag)]


_OF_TABLES: Final = (
    *(_ROW, _CELL, _PARAGRAPH, _TEXT, _SPAN, _HEADER),
    *(*_CHARACTERS, *_OBJECTS),
)


def _table(table: etree._Element) -> WrittenTable:
    """All in one pass: a table that stands in a cell is read as more of its rows."""
    rows: list[list[str]] = []
    headers = paragraphs = at = 0
    for node in table.iter(*_OF_TABLES):
        tag = node.tag
        if tag == _TEXT:
            if node.text:
                rows[-1][at] += node.text
        elif tag == _PARAGRAPH:
            if paragraphs:
                rows[-1][at] += "\n"
            paragraphs += 1
        elif tag == _CELL:
            rows[-1].append("")
            at = len(rows[-1]) - 1
            paragraphs = 0
        elif tag == _ROW:
            rows.append([])
        elif tag == _SPAN:
            rows[-1] += [""] * (_span(node) - 1)
        elif tag == _HEADER:
            headers += 1
        else:
            rows[-1][at] += _character(node)
    return WrittenTable(tuple(map(tuple, rows)), headers)


def _span(node: etree._Element) -> int:
    """How many columns a cell takes. Raises :class:`ValueError` beyond what Word allows."""
    span = int(str(node.get(f"{_W}val")))
    if not 1 <= span <= _WIDEST:
        raise ValueError(span)
    return span


def malformed(parts: dict[str, bytes]) -> list[str]:
    """The parts whose XML cannot be read."""
    broken = []
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                etree.fromstring(data, _parser())
            except etree.XMLSyntaxError:
                broken.append(name)
    return broken


def relations(part: bytes) -> dict[str, str]:
    """Id → target of a part of relations, ``""`` for one outside the file; as far as it reads."""
    root = etree.fromstring(part, _parser(recover=True)) if part else None
    return {
        element.get("Id", ""): ""
        if element.get("TargetMode") == "External"
        else element.get("Target", "")
        for element in (() if root is None else root)
    }
