"""Rows of tables. Their constant pieces repeat: what these say is worked out once for all of them.

A row is then no more than its values, and most of those fit on a line whatever they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Final

from generator.render.paginate.geometry import Geometry, element, number, switch
from generator.render.paginate.lines import WIDEST, Limits
from generator.render.paginate.rulers import BOLD, REGULAR
from generator.render.paginate.tokens import VALUE, Constant

LIMITS: Final = {False: Limits(REGULAR), True: Limits(BOLD)}
"""By whether the text is bold."""
_WIDTH = re.compile(r'<w:tcW\b[^>]*?\bw:w="(\d+)')


def plain(text: str) -> str:
    """XML text as it is read."""
    return unescape(text) if "&" in text else text


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What tells the lines of a text in a cell; each is made once, and known by its identity."""

    size: int
    width: int
    first_line: int
    bold: bool


column = lru_cache(maxsize=4096)(Column)


class Lines(dict[tuple[str, Column], int]):
    """Text and column → the most lines; remembered for a document: texts of a budget repeat."""

    def __missing__(self, key: tuple[str, Column]) -> int:
        text, column = key
        limits = LIMITS[column.bold]
        _, most = limits.lines(plain(text), column.size, column.width, column.first_line, cell=True)
        self[key] = most
        return most


@dataclass(slots=True)
class Run:
    """What the runs of a paragraph say of their own: the largest size, and if one is bold."""

    size: int = 0
    bold: bool = False

    def add(self, properties: str) -> None:
        """Take a w:rPr in, as text."""
        run = element(properties)
        self.size = max(self.size, number(run, "sz") * 10)
        self.bold = self.bold or bool(switch(run, "b"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in a cell."""

    column: Column
    pitch: int
    least: int
    """Its height with one line."""
    words: tuple[str | int, ...]
    """Constant ones, and where among the row's pieces a value stands."""

    @property
    def safe(self) -> int:
        """So many characters fit on one line whatever they are."""
        column = self.column
        return max(column.width - column.first_line, 0) * 1000 // (column.size * WIDEST)

    def height(self, row: Sequence[str], lines: Lines) -> int:
        """What it needs; ``row``: the pieces of the row."""
        text = "".join(row[word] if isinstance(word, int) else word for word in self.words)
        return self.least + (lines[text, self.column] - 1) * self.pitch


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row."""

    paragraphs: tuple[Paragraph, ...]
    merged: bool
    """Rows below are part of it."""

    def height(self, row: Sequence[str], lines: Lines) -> int:
        """What its text needs; ``row``: the pieces of the row."""
        return sum(paragraph.height(row, lines) for paragraph in self.paragraphs)


@dataclass(slots=True)
class Shape:
    """What rows of the same constant pieces have in common."""

    height: int = 0
    header: bool = False
    fixed: bool = False
    """Its height is as it is said."""
    described: bool = False
    keep_next: bool = False
    keeps: bool = False
    merged: bool = False
    """It has cells, not of the header, of which rows below are part."""
    least: int = 0
    """What its text needs if every value fits on a line."""
    values: list[tuple[int, int, Paragraph]] = field(default_factory=list)
    """Cells with a value alone: its place, how long it may be to fit for sure, its paragraph."""
    others: list[Cell] = field(default_factory=list)
    """Cells with values and words."""
    spanning: list[Cell] = field(default_factory=list)
    """Cells of the header of which rows below are part."""

    def needed(self, row: Sequence[str], lines: Lines) -> int:
        """The height that the text of a row needs."""
        needed = self.least
        for place, safe, paragraph in self.values:
            text = row[place]
            if len(text) > safe and (count := lines[text, paragraph.column]) > 1:
                needed = max(needed, paragraph.least + (count - 1) * paragraph.pitch)
        for cell in self.others:
            needed = max(needed, cell.height(row, lines))
        return needed

    def add(self, cell: Cell) -> None:
        """Take in the next cell."""
        if cell.merged and self.header:
            self.spanning.append(cell)
            return
        self.merged = self.merged or cell.merged
        match cell.paragraphs:
            case [Paragraph(words=[int(place)]) as paragraph]:
                self.least = max(self.least, paragraph.least)
                self.values.append((place, paragraph.safe, paragraph))
            case paragraphs if any(isinstance(w, int) for p in paragraphs for w in p.words):
                self.others.append(cell)
            case _:
                self.least = max(self.least, cell.height((), Lines()))


class ShapeReader:
    """Reads a shape off the constant pieces of a row. ``margin``: of its cells, both sides."""

    def __init__(self, geometry: Geometry, margin: int) -> None:
        self._geometry, self._margin = geometry, margin
        self.shape = Shape()
        self._first = True
        self._begin_cell()
        self._begin_paragraph()

    def read(self, row: Sequence[Constant]) -> Shape:
        """The shape of a row; in the place of each value stands ``VALUE``."""
        for place, constant in enumerate(row):
            if constant is VALUE:
                self._words.append(place)
            for name, text in constant.tokens:
                self._take(name, text)
        return self.shape

    def _take(self, name: str, text: str) -> None:
        match name:
            case "text":
                self._words.append(text)
            case "trPr":
                self._describe(text)
            case "w:tc":
                self._begin_cell()
            case "tcPr":
                width = _WIDTH.search(text)
                self._width = (int(width[1]) if width else 0) - self._margin
                self._merged = '<w:vMerge w:val="restart"' in text
            case "w:p":
                self._begin_paragraph()
            case "pPr":
                self._format = self._geometry.format(text)
                self.shape.keeps = self.shape.keeps or "<w:keepNext" in text
            case "rPr":
                self._run.add(text)
            case "/w:p":
                self._end_paragraph()
            case "/w:tc":
                self.shape.add(Cell(tuple(self._paragraphs), self._merged))

    def _describe(self, properties: str) -> None:
        row, shape = element(properties), self.shape
        shape.height, shape.header = number(row, "trHeight"), bool(switch(row, "tblHeader"))
        shape.fixed, shape.described = 'w:hRule="exact"' in properties, True

    def _begin_cell(self) -> None:
        self._width, self._merged = -self._margin, False
        self._paragraphs: list[Paragraph] = []

    def _begin_paragraph(self) -> None:
        self._format = self._geometry.format("")
        self._run = Run()
        self._words: list[str | int] = []

    def _end_paragraph(self) -> None:
        form, run = self._format, self._run
        if self._first:
            self._first, self.shape.keep_next = False, form.keep_next
        size, width = run.size or form.size, self._width - form.left - form.right
        lines = column(size, width, form.first_line, form.bold or run.bold)
        least = form.before + form.pitch + form.after
        self._paragraphs.append(Paragraph(lines, form.pitch, least, tuple(self._words)))
