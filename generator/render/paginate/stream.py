"""The pieces of a rendered part read as blocks: paragraphs, tables, ends of sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Final

from generator.render.paginate.flow import Block, Row, SectionEnd, Table, Text, beginning
from generator.render.paginate.geometry import SECTION, Geometry, TableFormat
from generator.render.paginate.rows import LIMITS, Lines, Run, Shape, ShapeReader, plain
from generator.render.paginate.tokens import END, VALUE, Constant

HEADING_LEVEL: Final = 1
"""Outline level (from 0) of the numbered lines of the contents."""
_TOGETHER: Final = 0.75
"""How much of a page rows may take up that stay together: office programs part taller ones, each
in its own way."""
_LAST: Final = 3
"""So many rows end a table together, if half a page holds them: no page has only one of them."""
_WITH_HEADINGS: Final = 0.9
"""The same with the headings above: a line or two of text before them would stand alone."""
_MOST_SHAPES: Final = 4096
"""Remembered of a table; conditions within cells make many."""


class Shapes(dict[tuple[Constant, ...], Shape]):
    """The constant pieces of a row → its shape, in tables with the same w:tblPr."""

    def __init__(self, geometry: Geometry, properties: str) -> None:
        super().__init__()
        self.format = geometry.table(properties) if properties else TableFormat(0, 0, 0)
        self._geometry = geometry

    def __missing__(self, row: tuple[Constant, ...]) -> Shape:
        if len(self) >= _MOST_SHAPES:
            self.clear()
        self[row] = shape = ShapeReader(self._geometry, self.format.width).read(row)
        return shape


class Measures:
    """What is read from one template once and serves all its documents.

    ``constants``: its constant pieces; all others are values.
    """

    def __init__(self, geometry: Geometry, constants: Iterable[str]) -> None:
        self.geometry = geometry
        self.constants = {piece: Constant(piece) for piece in constants if "<" in piece}
        self._tables: dict[str, Shapes] = {}

    def table(self, properties: str) -> Shapes:
        """The shapes of a table's rows: its w:tblPr as text."""
        found = self._tables.get(properties)
        if found is None:
            found = self._tables[properties] = Shapes(self.geometry, properties)
        return found


def _height(rows: Sequence[Row]) -> int:
    return sum(row.height for row in rows)


class Reader:
    """Walks over the pieces of one document."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self.blocks: list[Block] = []
        self.rows: list[Row] = []
        """Those whose properties must be written anew."""
        self.loosened: list[Row] = []
        """Those whose paragraphs cannot be kept with the next row."""
        self.tightened: list[Row] = []
        """Rows that the template does not keep with the next one, and that are."""
        self._at = 0
        # the paragraph
        self._words: list[str] = []
        self._start, self._anchor = 0, -1
        self._format, self._section_ends = measures.geometry.format(""), False
        self._run = Run()
        # the section, the table
        self._section = 0
        self._table: Table | None = None
        self._shapes = measures.table("")
        self._grown: list[Row] = []
        self._spanning = 0
        self._lines = Lines()

    def read(self, pieces: Sequence[str]) -> None:
        """Read a whole document; what is found stands in the lists."""
        kinds = list(map(self._measures.constants.get, pieces, repeat(VALUE)))
        kinds.append(END)
        at = 0
        while at < len(pieces):
            constant = kinds[at]
            if constant is VALUE:
                self._words.append(pieces[at])
            elif constant.begins_row:
                begin = at
                while not kinds[at].ends_row:
                    at += 1
                shape = self._shapes[tuple(kinds[begin : at + 1])]
                self._row(shape, begin, pieces[begin : at + 1])
            else:
                self._at = at
                for name, text in constant.tokens:
                    if name in _STEPS:
                        _STEPS[name](self, text)
            at += 1

    # --- paragraphs

    def _say(self, text: str) -> None:
        self._words.append(text)

    def _begin_paragraph(self, _: str) -> None:
        self._start, self._anchor = self._at, -1
        self._words.clear()
        self._run = Run()
        self._format, self._section_ends = self._measures.geometry.format(""), False

    def _paragraph_properties(self, xml: str) -> None:
        self._start = self._anchor = self._at
        self._section_ends = "<w:sectPr" in xml
        own = SECTION.sub("", xml) if self._section_ends else xml
        self._format = self._measures.geometry.format(own)

    def _run_properties(self, xml: str) -> None:
        self._run.add(xml)

    def _end_paragraph(self, _: str) -> None:
        form, pages = self._format, self._measures.geometry.pages
        width = pages[min(self._section, len(pages) - 1)].width - form.left - form.right
        limits = LIMITS[form.bold or self._run.bold]
        size = self._run.size or form.size
        few, many = limits.lines(plain("".join(self._words)), size, width, form.first_line)
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

    def _begin_table(self, _: str) -> None:
        self._table = Table(self._at)
        self._grown = []
        self._spanning = 0

    def _table_properties(self, xml: str) -> None:
        self._shapes = self._measures.table(xml)
        if self._table is not None:
            self._table.border = self._shapes.format.border

    def _row(self, shape: Shape, begin: int, pieces: Sequence[str]) -> None:
        table = self._table
        if table is None:
            return
        needed = shape.needed(pieces, self._lines)
        if self._spanning:  # what a merged cell of the header needs, the row above has in part
            needed = max(needed, self._spanning - table.rows[-1].height)
        needed += self._shapes.format.height
        grown = needed > shape.height and not shape.fixed
        row = Row(
            *(needed if grown else shape.height, shape.header, shape.keep_next, shape.keeps),
            *(shape.described, begin, begin + len(pieces)),
        )
        if grown:
            self._grown.append(row)
        table.rows.append(row)
        table.merged = table.merged or shape.merged
        cells = shape.spanning
        self._spanning = max((cell.height(pieces, self._lines) for cell in cells), default=0)

    def _end_table(self, _: str) -> None:
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
            if row.keeps:
                row.keep_next = False
                self.loosened.append(row)

    def _tighten(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.described and not (row.header or row.keep_next):
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


_STEPS: Final[dict[str, Callable[[Reader, str], None]]] = {
    "text": Reader._say,
    "w:p": Reader._begin_paragraph,
    "pPr": Reader._paragraph_properties,
    "rPr": Reader._run_properties,
    "/w:p": Reader._end_paragraph,
    "w:tbl": Reader._begin_table,
    "tblPr": Reader._table_properties,
    "/w:tbl": Reader._end_table,
}
