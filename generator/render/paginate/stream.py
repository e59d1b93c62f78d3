"""The pieces of a rendered part read as blocks: paragraphs, tables, ends of sections.

The template's constant pieces come again in every row, so each is parsed once in the life of the
template, into a list of steps; the values between them are the texts to measure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from generator.render.paginate.flow import Block, Row, SectionEnd, Table, Text, beginning
from generator.render.paginate.geometry import (
    Format,
    Geometry,
    TableFormat,
    element,
    number,
    switch,
)
from generator.render.paginate.lines import WIDEST, Limits
from generator.render.paginate.rulers import BOLD, REGULAR

_TOKEN = re.compile(
    r"<w:(?P<whole>tblPr|trPr|tcPr|pPr|rPr)\b[^>]*?(?:/>|>.*?</w:(?P=whole)>)"
    r"|<w:(?:instrText|tblGrid|sectPr)\b[^>]*?(?:/>|>.*?</w:(?:instrText|tblGrid|sectPr)>)"
    r"|<(?P<tag>/?w:(?:tbl|tr|tc|p|br|cr|tab))(?:\s[^>]*?)?(?P<empty>/)?>"
    r"|<[^>]*>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
_SECTION = re.compile(r"<w:sectPr\b.*?</w:sectPr>", re.DOTALL)
_MEASURED = re.compile("<w:(?:sz|b)[ /]")
"""What a run says of its own that is measured: its size, and bold."""
_WIDTH = re.compile(r'<w:tcW\b[^>]*?\bw:w="(\d+)')
HEADING_LEVEL: Final = 1
"""Outline level (from 0) of the numbered lines of the contents."""
_TOGETHER: Final = 0.75
"""How much of a page rows may take up that stay together: office programs part taller ones, each
in its own way."""
_LAST: Final = 3
"""So many rows end a table together, if half a page holds them: no page has only one of them."""
_WITH_HEADINGS: Final = 0.9
"""The same with the headings above: a line or two of text before them would stand alone."""

Step = tuple[Callable[["Reader", str], None], str]


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A paragraph in a cell; each is made once, and is known by its identity."""

    format: Format
    width: int
    safe: int
    """So many characters fit on one line whatever they are."""
    height: int
    """With one line."""
    keeps: bool
    """It says itself that it stays with the next one; its style need not."""


class Measures:
    """What is read from one template once and serves all its documents."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.steps: dict[str, tuple[Step, ...]] = {"": ()}
        self.rows: dict[str, tuple[int, bool, bool]] = {}
        self._formats: dict[str, tuple[Format, bool]] = {}
        self._tables: dict[str, tuple[TableFormat, Cells]] = {}

    def parse(self, piece: str) -> tuple[Step, ...]:
        """A constant piece as steps, kept."""
        steps: list[Step] = []
        for token in _TOKEN.finditer(piece):
            name = token["whole"] or token["tag"]
            if token["text"]:
                steps.append((Reader.say, token["text"]))
            elif name in _STEPS and not (name == "rPr" and not _MEASURED.search(token[0])):
                steps.append((_STEPS[name], token[0]))
                if token["empty"] and name == "w:p":
                    steps.append((Reader.end_paragraph, ""))
        found = self.steps[piece] = _joined(steps)
        return found

    def format(self, properties: str) -> tuple[Format, bool]:
        """A paragraph's format, and whether a section ends with it: its w:pPr as text."""
        found = self._formats.get(properties)
        if found is None:
            plain = _SECTION.sub("", properties)
            found = self.geometry.format(plain), plain != properties
            self._formats[properties] = found
        return found

    def table(self, properties: str) -> tuple[TableFormat, Cells]:
        """A table's format, and its cells: its w:tblPr as text."""
        found = self._tables.get(properties)
        if found is None:
            form = self.geometry.table(properties) if properties else TableFormat(0, 0, 0)
            found = self._tables[properties] = form, Cells(self, form.width)
        return found

    def row(self, properties: str) -> tuple[int, bool, bool]:
        """Height, whether it comes again on each page, whether its height is fixed: its w:trPr."""
        found = self.rows.get(properties)
        if found is None:
            row = element(properties)
            fixed = 'w:hRule="exact"' in properties
            found = number(row, "trHeight"), bool(switch(row, "tblHeader")), fixed
            self.rows[properties] = found
        return found


class Cell(dict[str, Box]):
    """A cell's paragraphs by their w:pPr as text. ``properties``: its w:tcPr as text."""

    def __init__(self, measures: Measures, properties: str, margin: int) -> None:
        super().__init__()
        self._measures = measures
        width = _WIDTH.search(properties)
        self._width = (int(width[1]) if width else 0) - margin
        self.merged = '<w:vMerge w:val="restart"' in properties
        """Rows below are part of it."""

    def __missing__(self, properties: str) -> Box:
        form, _ = self._measures.format(properties)
        width = self._width - form.left - form.right
        safe = max(width - form.first_line, 0) * 1000 // (form.size * WIDEST)
        height = form.before + form.pitch + form.after
        self[properties] = box = Box(form, width, safe, height, "<w:keepNext" in properties)
        return box


class Cells(dict[str, Cell]):
    """The cells of tables with the same margins, by their w:tcPr as text."""

    def __init__(self, measures: Measures, margin: int) -> None:
        super().__init__()
        self._measures, self._margin = measures, margin

    def __missing__(self, properties: str) -> Cell:
        self[properties] = cell = Cell(self._measures, properties, self._margin)
        return cell


def _plain(text: str) -> str:
    """XML text as it is read."""
    return unescape(text) if "&" in text else text


def _joined(steps: list[Step]) -> tuple[Step, ...]:
    """Cells are by far the most frequent: the steps of their beginnings and ends are made one."""
    joined: list[Step] = []
    for step in steps:
        joined.append(step)
        names = [name for name, _ in joined[-5:]]
        if names == _NEXT:
            joined[-5:] = [(Reader.next_cell, joined[-2][1])]
    return tuple(joined)


def _height(rows: Sequence[Row]) -> int:
    return sum(row.height for row in rows)


class Reader:
    """Walks over the pieces of one document."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._limits = {False: Limits(REGULAR), True: Limits(BOLD)}
        self.blocks: list[Block] = []
        self.rows: list[Row] = []
        """Those whose properties must be written anew."""
        self.loosened: list[int] = []
        """Properties of paragraphs in tables that cannot be kept with the next row."""
        self.tightened: list[Row] = []
        """Rows that the template does not keep with the next one, and that are."""
        self._at = 0
        self._words: list[str] = []
        # the paragraph
        self._start, self._anchor = 0, -1
        self._format, self._section_ends = measures.format("")
        self._run_size, self._run_bold = 0, False
        # the section, the table, the row, the cell
        self._section = 0
        self._table: Table | None = None
        self._table_format, self._cells = measures.table("")
        self._grown: list[Row] = []
        self._row, self._fixed, self._row_begins = Row(0), False, False
        self._needed = self._spanning = 0
        self._cell = self._cells[""]
        self._box = self._cell[""]
        self._height = 0
        self._lines: dict[tuple[Box, str, int, bool], int] = {}
        """Of paragraphs in cells: those of a budget repeat."""

    def read(self, pieces: Sequence[str]) -> None:
        measures, known = self._measures, self._measures.steps.get
        say = self._words.append
        for at, (piece, steps) in enumerate(zip(pieces, map(known, pieces), strict=True)):
            if steps is None:
                if "<" not in piece:  # a value: in it the sign is written &lt;
                    say(piece)
                    continue
                steps = measures.parse(piece)
            self._at = at
            for step, argument in steps:
                step(self, argument)

    # --- paragraphs

    def say(self, text: str) -> None:
        self._words.append(text)

    def line_break(self, _: str) -> None:
        self._words.append("\n")

    def tab(self, _: str) -> None:
        self._words.append("　")

    def begin_paragraph(self, _: str) -> None:
        self._start, self._anchor = self._at, -1
        self._words.clear()
        self._run_size, self._run_bold = 0, False
        self._format, self._section_ends = self._measures.format("")
        self._box = self._cell[""]

    def paragraph_properties(self, xml: str) -> None:
        if self._table is None:
            self._start = self._anchor = self._at
            self._format, self._section_ends = self._measures.format(xml)
            return
        self._box = self._cell[xml]
        if self._box.keeps:
            self._row.keeping.append(self._at)

    def run_properties(self, xml: str) -> None:
        run = element(xml)
        self._run_size = max(self._run_size, number(run, "sz") * 10)
        self._run_bold = self._run_bold or bool(switch(run, "b"))

    def end_paragraph(self, _: str) -> None:
        if self._table is None:
            self._body_paragraph()
            return
        if self._row_begins:
            self._row_begins, self._row.keep_next = False, self._box.format.keep_next
        self._height += self._paragraph_height()

    def _paragraph_height(self) -> int:
        """What the paragraph needs in its cell."""
        box, words = self._box, self._words
        text = "".join(words)
        if len(text) <= box.safe and len(words) < 2 and not self._run_size:
            return box.height
        key = box, text, self._run_size, self._run_bold
        lines = self._lines.get(key)
        if lines is None:
            form, size = box.format, self._run_size or box.format.size
            limits = self._limits[form.bold or self._run_bold]
            _, lines = limits.lines(_plain(text), size, box.width, form.first_line, cell=True)
            self._lines[key] = lines
        return box.height + (lines - 1) * box.format.pitch

    def _body_paragraph(self) -> None:
        form, pages = self._format, self._measures.geometry.pages
        width = pages[min(self._section, len(pages) - 1)].width - form.left - form.right
        limits = self._limits[form.bold or self._run_bold]
        size = self._run_size or form.size
        few, many = limits.lines(_plain("".join(self._words)), size, width, form.first_line)
        self.blocks.append(
            Text(
                *(self._start, self._anchor, form.pitch, form.before, form.after, few, many),
                keep_next=form.keep_next,
                new_page=form.new_page,
                heading=form.level == HEADING_LEVEL,
            )
        )
        if self._section_ends:
            self._section += 1
            self.blocks.append(SectionEnd())

    # --- tables

    def begin_table(self, _: str) -> None:
        self._table = Table(self._at)
        self._grown = []
        self._spanning = 0

    def table_properties(self, xml: str) -> None:
        self._table_format, self._cells = self._measures.table(xml)
        if self._table is not None:
            self._table.border = self._table_format.border

    def end_table(self, _: str) -> None:
        table, self._table = self._table, None
        if table is None or not table.rows:
            return
        headings = self._headings()
        self.blocks.append(table)
        pages = self._measures.geometry.pages
        room = pages[min(self._section, len(pages) - 1)].height - table.border
        if self._grown:
            self._fit(table, room)
        together = beginning(table)
        last = 1 if table.merged or _height(table.rows[-_LAST:]) > room // 2 else _LAST
        if together > room * _TOGETHER or headings + together > room * _WITH_HEADINGS:
            self._loosen(table.rows[:-last])
        self._loosen(table.rows[-1:])  # what follows is no part of the table
        self._tighten(table.rows[-last:-1])

    def _loosen(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.keeping:
                self.loosened += row.keeping
                row.keep_next = False

    def _tighten(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.at >= 0 and not (row.header or row.keep_next):
                row.keep_next = True
                self.tightened.append(row)

    def _headings(self) -> int:
        """The height of the last paragraphs, as far as they stay with what follows."""
        height = 0
        for block in reversed(self.blocks):
            if not (isinstance(block, Text) and block.keep_next):
                break
            height += block.before + block.many * block.pitch + block.after
        return height

    def _fit(self, table: Table, room: int) -> None:
        """Have the heights that rows need written into their properties.

        A row that is taller than a page must break, and a header so tall that a row has no room
        below it cannot come again.
        """
        header = _height([row for row in table.rows if row.header])
        tallest = max((row.height for row in table.rows if not row.header), default=0)
        changed = self._grown
        if header + tallest > room:
            changed = table.rows
            for row in changed:
                row.header, row.whole = False, row.height <= room
        self.rows += changed

    def begin_row(self, _: str) -> None:
        self._row = Row(0)
        self._fixed, self._row_begins = False, True
        # What a merged cell of the header needs, the row above has in part.
        above = self._table.rows[-1].height if self._spanning and self._table else 0
        self._needed, self._spanning = max(self._spanning - above, 0), 0

    def row_properties(self, xml: str) -> None:
        row = self._row
        row.at = self._at
        row.height, row.header, self._fixed = self._measures.row(xml)

    def end_row(self, _: str) -> None:
        if self._table is None:
            return
        row, needed = self._row, self._needed + self._table_format.height
        row.end = self._at
        if needed > row.height and not self._fixed:
            row.height = needed
            self._grown.append(row)
        self._table.rows.append(row)

    def begin_cell(self, _: str) -> None:
        self._cell, self._height = self._cells[""], 0

    def cell_properties(self, xml: str) -> None:
        self._cell = self._cells[xml]

    def end_cell(self, _: str) -> None:
        if self._cell.merged:
            if self._row.header:
                self._spanning = max(self._spanning, self._height)
                return
            if self._table is not None:
                self._table.merged = True
        if self._height > self._needed:
            self._needed = self._height

    def next_cell(self, properties: str) -> None:
        """The end of a cell with its last paragraph, and the beginning of the next one."""
        self.end_paragraph("")
        self.end_cell("")
        self._cell = cell = self._cells[properties]
        self._box, self._height = cell[""], 0
        self._words.clear()
        self._run_size, self._run_bold = 0, False


_STEPS: Final[dict[str, Callable[[Reader, str], None]]] = {
    "w:p": Reader.begin_paragraph,
    "pPr": Reader.paragraph_properties,
    "rPr": Reader.run_properties,
    "/w:p": Reader.end_paragraph,
    "w:br": Reader.line_break,
    "w:cr": Reader.line_break,
    "w:tab": Reader.tab,
    "w:tbl": Reader.begin_table,
    "tblPr": Reader.table_properties,
    "/w:tbl": Reader.end_table,
    "w:tr": Reader.begin_row,
    "trPr": Reader.row_properties,
    "/w:tr": Reader.end_row,
    "w:tc": Reader.begin_cell,
    "tcPr": Reader.cell_properties,
    "/w:tc": Reader.end_cell,
}
_NEXT: Final = [
    *(Reader.end_paragraph, Reader.end_cell),
    *(Reader.begin_cell, Reader.cell_properties, Reader.begin_paragraph),
]
