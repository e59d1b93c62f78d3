"""A .docx read back: its paragraphs and tables in the order of the body.

Nothing here knows what the document should say; the checks compare it with the data.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHARACTERS: Final = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}


class NotReadable(Exception):
    """The file is no .docx, or a damaged one."""


@dataclass(frozen=True, slots=True)
class WrittenParagraph:
    """A paragraph of the body as it reads; ``style`` is its style's id."""

    text: str
    style: str
    bookmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table: one text per cell of its grid; a merged cell's text stands in its first cell.

    ``headers``: how many rows from the first on are repeated on each page.
    """

    rows: tuple[tuple[str, ...], ...]
    headers: int


@dataclass(frozen=True)
class Written:
    """The items of the body in order, and the parts of the package."""

    items: tuple[WrittenParagraph | WrittenTable, ...]
    parts: dict[str, bytes]

    @cached_property
    def paragraphs(self) -> tuple[WrittenParagraph, ...]:
        """The paragraphs outside tables."""
        return tuple(item for item in self.items if isinstance(item, WrittenParagraph))


def read(data: bytes) -> Written:
    """Read a .docx. Raises :class:`NotReadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        body = etree.fromstring(parts["word/document.xml"], parser).find(f"{_W}body")
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, OSError) as error:
        raise NotReadable(str(error)) from error
    if body is None:
        raise NotReadable("no body")
    return Written(tuple(_items(body)), parts)


def _items(body: etree._Element) -> Iterator[WrittenParagraph | WrittenTable]:
    for element in body:
        if element.tag == f"{_W}p":
            marks = tuple(str(b.get(f"{_W}name")) for b in element.iter(f"{_W}bookmarkStart"))
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = "" if style is None else str(style.get(f"{_W}val"))
            yield WrittenParagraph(_text(element), name, marks)
        elif element.tag == f"{_W}tbl":
            yield _table(element)


def _text(paragraph: etree._Element) -> str:
    """The visible text; instructions of fields are none, and tab stops are not characters."""
    words = []
    for run in paragraph.iter(f"{_W}r"):
        for node in run:
            if node.tag == f"{_W}t":
                words.append(node.text or "")
            elif node.tag in _CHARACTERS:
                words.append(_CHARACTERS[str(node.tag)])
    return "".join(words)


def _table(table: etree._Element) -> WrittenTable:
    rows = []
    headers = 0
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_W}tc"):
            cells.append("\n".join(_text(p) for p in cell.iterchildren(f"{_W}p")))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            cells += [""] * (0 if span is None else int(str(span.get(f"{_W}val"))) - 1)
        rows.append(tuple(cells))
        if row.find(f"{_W}trPr/{_W}tblHeader") is not None:
            headers += 1
    return WrittenTable(tuple(rows), headers)
