"""Notes at cells: the comments part of a worksheet and the drawing of their boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Final

from lxml import etree

from generator.ooxml import (
    RELATION,
    SHEET_ORDER,
    XML_SPACE,
    Element,
    Package,
    carried,
    insert,
    main,
    new,
)
from generator.ooxml.cells import coordinates
from generator.problem import UserError

Note = tuple[tuple[str, str], ...]
"""The findings of one cell: head and words of each."""

AUTHOR: Final = "核对"
MAX_NOTE: Final = 1_500  # characters; a longer one is not read in a small box
_MORE: Final = "……其余见工作表“核对结果”。"

_VML: Final = "urn:schemas-microsoft-com:vml"
_OFFICE: Final = "urn:schemas-microsoft-com:office:office"
_EXCEL: Final = "urn:schemas-microsoft-com:office:excel"
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_WIDTH: Final = 340  # pixels
_LINE: Final = 17
_HALF_WIDTHS: Final = 48  # of a line: 24 Chinese characters
_MOST_LINES: Final = 24

_SHAPE_TYPE: Final = f"""<v:shapetype xmlns:v="{_VML}" xmlns:o="{_OFFICE}" id="_x0000_t202"
 coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke
 joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""

_SHAPE: Final = f"""<v:shape xmlns:v="{_VML}" xmlns:o="{_OFFICE}" xmlns:x="{_EXCEL}"
 id="_x0000_s%d" type="#_x0000_t202"
 style="position:absolute;margin-left:60pt;margin-top:2pt;width:%dpx;height:%dpx;visibility:hidden"
 fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black"
 obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div
 style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>
<x:SizeWithCells/><x:Anchor>%s</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row>
<x:Column>%d</x:Column></x:ClientData></v:shape>"""

_SHAPE_ID = re.compile(r"_x0000_s(\d+)")
_SIZE = re.compile(r"(?<![-\w])(width|height):[^;]*")


def add(package: Package, part: str, notes: Mapping[str, Note]) -> None:
    """Write notes at cells of the worksheet ``part``; those that are there stay, below ours.

    A sheet whose drawing is no XML (some buttons of old forms) is left without notes.
    """
    sheet = package.edit(part)
    try:
        drawing = _drawing(package, part, sheet)
    except UserError:
        return
    comments = _comments(package, part)
    boxes = _Boxes(sheet, drawing)
    author = _author(comments)
    authors = [node.text or "" for node in comments.iterfind(f"{main('authors')}/{main('author')}")]
    there = {node.get("ref"): node for node in comments.iter(main("comment"))}
    entries = comments.find(main("commentList"))
    assert entries is not None
    for cell, note in notes.items():
        runs = list(_runs(note))
        old = there.get(cell)
        if old is None:
            entry = etree.SubElement(entries, main("comment"), ref=cell, authorId=str(author))
            etree.SubElement(entry, main("text")).extend(runs)
        elif _is_threaded(old, authors):
            continue  # what the program shows there is the conversation, kept in another part
        else:
            _put_before(old, runs)
        boxes.put(cell, note)


def _author(comments: Element) -> int:
    """The number of our author, who is added if need be."""
    authors = comments.find(main("authors"))
    if authors is None:
        authors = new("authors")
        comments.insert(0, authors)
    names = [node.text for node in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, main("author")).text = AUTHOR
        names.append(AUTHOR)
    return names.index(AUTHOR)


def _is_threaded(comment: Element, authors: list[str]) -> bool:
    author = int(comment.get("authorId", "-1"))
    return 0 <= author < len(authors) and authors[author].startswith("tc=")


# --- the words ----------------------------------------------------------------------------------


def _runs(note: Note) -> Iterator[Element]:
    """Head and words of each finding, down to the longest note that is read."""
    left = MAX_NOTE
    for i, (head, words) in enumerate(note):
        if left <= 0:
            yield _run(f"\n{_MORE}", bold=False)
            return
        yield _run(("\n" if i else "") + head + "\n", bold=True)
        shown = words if len(words) <= left else words[:left] + "……"
        yield _run(shown + "\n", bold=False)
        left -= len(head) + len(words)


def _run(text: str, *, bold: bool) -> Element:
    run = new("r")
    look = etree.SubElement(run, main("rPr"))
    if bold:
        look.append(new("b"))
    look.append(new("sz", val="9"))
    look.append(new("color", rgb="FF000000"))
    look.append(new("rFont", val="宋体"))
    look.append(new("charset", val="134"))
    words = etree.SubElement(run, main("t"))
    words.text = carried(text)
    words.set(XML_SPACE, "preserve")
    return run


def _put_before(comment: Element, runs: list[Element]) -> None:
    """Our words above those that are there, which stay as they are."""
    text = comment.find(main("text"))
    if text is None:
        text = etree.SubElement(comment, main("text"))
    plain = text.find(main("t"))
    if plain is not None:
        text.remove(plain)
        run = new("r")
        run.append(plain)
        text.insert(0, run)
    for i, run in enumerate([*runs, _run("\n", bold=False)] if len(text) else runs):
        text.insert(i, run)


# --- the parts ----------------------------------------------------------------------------------


def _comments(package: Package, part: str) -> Element:
    """The comments of the sheet, to be changed."""
    for comments in package.related(part, "comments").values():
        root = package.edit(comments)
        if root.find(main("commentList")) is None:
            root.append(new("commentList"))
        return root
    name = package.free_name("xl/comments{}.xml")
    root = new("comments")
    root.extend([new("authors"), new("commentList")])
    package.add(name, root, _COMMENTS)
    package.relate(part, "comments", name)
    return root


def _drawing(package: Package, part: str, sheet: Element) -> Element:
    """The drawing of the sheet's notes and buttons, to be changed."""
    legacy = sheet.find(main("legacyDrawing"))
    if legacy is not None:
        drawings = package.related(part, "vmlDrawing")
        name = drawings.get(legacy.get(f"{{{RELATION}}}id", ""), "")
        package.tree(name)  # not to be written again if it is no XML
        return package.edit(name)
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.declare("vml", _DRAWING)
    package.add(name, etree.Element("xml"))
    legacy = new("legacyDrawing")
    legacy.set(f"{{{RELATION}}}id", package.relate(part, "vmlDrawing", name))
    insert(sheet, legacy, SHEET_ORDER)
    return package.edit(name)


class _Boxes:
    """The boxes of the notes of one sheet."""

    def __init__(self, sheet: Element, drawing: Element) -> None:
        self._sheet = sheet
        self._drawing = drawing
        if all(node.get("id") != "_x0000_t202" for node in drawing):
            drawing.append(etree.fromstring(_SHAPE_TYPE))
        shapes = [node for node in drawing if node.tag == f"{{{_VML}}}shape"]
        ids = [_SHAPE_ID.fullmatch(node.get("id", "")) for node in shapes]
        self._next = max((int(found[1]) for found in ids if found), default=1024) + 1
        self._shapes = {at: shape for shape in shapes if (at := _cell_of(shape)) is not None}
        self._widths = _sizes(sheet.iterfind(f"{main('cols')}/{main('col')}"))
        self._heights = {
            int(row.get("r", "0")): float(row.get("ht", "15")) * 4 / 3
            for row in sheet.iter(main("row"))
            if row.get("ht")
        }

    def put(self, cell: str, note: Note) -> None:
        """A box large enough for the note, right of the cell."""
        at = coordinates(cell)
        assert at is not None
        height = _height(note)
        anchor = self._anchor(*at, height)
        shape = self._shapes.get(at)
        if shape is None:
            values = (self._next, _WIDTH, height, anchor, at[0] - 1, at[1] - 1)
            self._drawing.append(etree.fromstring(_SHAPE % values))
            self._next += 1
        else:
            _resize(shape, height, anchor)

    def _anchor(self, row: int, column: int, height: int) -> str:
        """From the next column on, so many columns and rows as the box is large."""
        right, x = _reach(self._widths, 72.0, column + 1, _WIDTH + 12)
        bottom, y = _reach(self._heights, 20.0, row, height + 4)
        return f"{column}, 12, {row - 1}, 4, {right - 1}, {x}, {bottom - 1}, {y}"


def _cell_of(shape: Element) -> tuple[int, int] | None:
    row = shape.findtext(f"{{{_EXCEL}}}ClientData/{{{_EXCEL}}}Row")
    column = shape.findtext(f"{{{_EXCEL}}}ClientData/{{{_EXCEL}}}Column")
    if row is None or column is None:
        return None
    return int(row) + 1, int(column) + 1


def _resize(shape: Element, height: int, anchor: str) -> None:
    size = {"width": f"width:{_WIDTH}px", "height": f"height:{height}px"}
    shape.set("style", _SIZE.sub(lambda found: size[found[1]], shape.get("style", "")))
    old = shape.find(f"{{{_EXCEL}}}ClientData/{{{_EXCEL}}}Anchor")
    if old is not None:
        old.text = anchor


def _height(note: Note) -> int:
    lines = [line for head, words in note for line in (*head.split("\n"), *words.split("\n"), "")]
    count = sum(max(1, ceil(half_widths(line) / _HALF_WIDTHS)) for line in lines)
    return min(count, _MOST_LINES) * _LINE + 12


def half_widths(text: str) -> int:
    """How wide a text is: a Chinese character counts as two."""
    return sum(1 if character.isascii() else 2 for character in text)


def _sizes(columns: Iterable[Element]) -> dict[int, float]:
    """The widths of columns in pixels; no box reaches beyond the hundredth."""
    return {
        number: float(column.get("width", "9")) * 7 + 5
        for column in columns
        for number in range(int(column.get("min", "1")), min(int(column.get("max", "1")), 100) + 1)
    }


def _reach(sizes: Mapping[int, float], usual: float, start: int, wanted: float) -> tuple[int, int]:
    """Where so many pixels from a column (or row) on end: its number, and the rest in it."""
    number = start
    while wanted > (size := sizes.get(number, usual)):
        wanted -= size
        number += 1
    return number, int(wanted)
