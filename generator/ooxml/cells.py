"""Cells of a worksheet: finding, making and filling them."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from generator.ooxml.package import WORKBOOK, Element, Package, inline, main, new, not_understood
from generator.sources.raw import column_letters

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def coordinates(cell: str) -> tuple[int, int] | None:
    """``B5`` → row 5, column 2; None for anything else, and for what no sheet has."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


Box = tuple[int, int, int, int]


def boxes(ranges: str) -> list[Box]:
    """A list of ranges, ``A1:B5 D7``, as first row and column, last row and column."""
    found = []
    for part in ranges.replace("$", "").split():
        first, _, last = part.partition(":")
        one, other = coordinates(first), coordinates(last or first)
        if one and other:
            found.append((*one, *other))
    return found


def covers(box: Box, at: tuple[int, int]) -> bool:
    """Whether the cell is one of the box."""
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


class Cells:
    """The cells of a worksheet, by their names."""

    def __init__(self, sheet: Element) -> None:
        self._sheet = sheet
        data = sheet.find(main("sheetData"))
        if sheet.tag != main("worksheet") or data is None:
            raise not_understood()
        self._data: Element = data
        self._rows = dict(_numbered(data))
        self._numbers = sorted(self._rows)

    def get(self, name: str) -> Element | None:
        """The cell, if it is there."""
        at = coordinates(name)
        row = self._rows.get(at[0]) if at else None
        if row is None:
            return None
        return next((cell for cell in row if cell.get("r") == name), None)

    def make(self, name: str) -> Element:
        """The cell; made in its row, at its place, with the style of the row or the column."""
        if (found := self.get(name)) is not None:
            return found
        at = coordinates(name)
        assert at is not None, name
        row = self._row(at[0])
        cell = new("c", r=name)
        if style := self._inherited(row, at[1]):
            cell.set("s", style)
        index = 0
        for i, sibling in enumerate(row):
            other = coordinates(sibling.get("r", ""))
            if sibling.tag == main("c") and other is not None and other[1] < at[1]:
                index = i + 1
        row.insert(index, cell)
        row.attrib.pop("spans", "")  # a hint that no longer holds
        return cell

    def _row(self, number: int) -> Element:
        row = self._rows.get(number)
        if row is None:
            row = new("row", r=str(number))
            index = bisect(self._numbers, number)
            if index:
                self._rows[self._numbers[index - 1]].addnext(row)
            else:
                self._data.insert(0, row)
            self._numbers.insert(index, number)
            self._rows[number] = row
        return row

    def _inherited(self, row: Element, column: int) -> str | None:
        if row.get("customFormat") in ("1", "true"):
            return row.get("s")
        for columns in self._sheet.iterfind(f"{main('cols')}/{main('col')}"):
            if int(columns.get("min", "0")) <= column <= int(columns.get("max", "0")):
                return columns.get("style")
        return None

    @cached_property
    def _merged(self) -> list[Box]:
        merged = self._sheet.iterfind(f"{main('mergeCells')}/{main('mergeCell')}")
        return [box for node in merged for box in boxes(node.get("ref", ""))]

    def anchor(self, name: str) -> str:
        """The cell that shows for this one: the first of those that are merged with it."""
        at = coordinates(name)
        for box in self._merged:
            if at is not None and covers(box, at):
                return cell_name(*box[:2])
        return name


def _numbered(data: Element) -> Iterator[tuple[int, Element]]:
    """Rows by their numbers; one that does not say its number follows the one above it."""
    number = 0
    for row in data.iterchildren(main("row")):
        number = int(row.get("r", number + 1))
        yield number, row


def cell_name(row: int, column: int) -> str:
    """Row 5, column 2 → ``B5``."""
    return f"{column_letters(column - 1)}{row}"


class Texts:
    """What is typed into cells as text, and changing it."""

    def __init__(self, package: Package) -> None:
        parts = package.related(WORKBOOK, "sharedStrings").values()
        self._shared = [
            entry for part in parts for entry in package.tree(part).iterchildren(main("si"))
        ]

    def get(self, cell: Element) -> str | None:
        """The text; None where there is no text, a formula, or parts in different fonts."""
        if cell.find(main("f")) is not None:
            return None
        content: Element | None = None
        if cell.get("t") == "s":
            index = int(cell.findtext(main("v")) or -1)
            content = self._shared[index] if 0 <= index < len(self._shared) else None
        elif cell.get("t") == "inlineStr":
            content = cell.find(main("is"))
        if content is None or content.find(main("r")) is not None:
            return None
        text = content.findtext(main("t")) or ""
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)

    @staticmethod
    def put(cell: Element, text: str) -> None:
        """Write a text into a cell, whose format stays."""
        for content in list(cell):
            cell.remove(content)
        cell.set("t", "inlineStr")
        cell.append(inline(text))
