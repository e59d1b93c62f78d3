"""A template's parts as a reader sees them: paragraphs and tables, each with its place in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from generator.maintain.check.finding import LONGEST, quoted
from generator.render.paginate.geometry import Element, W, number
from generator.tags import loop_in

BODY: Final = "word/document.xml"
_TEXT: Final = f"{W}t"
_TRANSPARENT: Final = (f"{W}sdt", f"{W}sdtContent", f"{W}smartTag", f"{W}customXml")


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of a paragraph, and the run that it stands in."""

    text: str
    run: int


@dataclass(slots=True)
class Paragraph:
    """``container``: what its loops must begin and end in: the body, a cell, a header.

    ``table``: number of the table it stands in, from 0; -1 outside of tables.
    ``barriers``: (how many characters stand before it, the element) of what parts the text.
    """

    place: str
    element: Element
    container: int
    table: int = -1
    row: int = -1
    letters: list[Letter] = field(default_factory=list)
    barriers: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)

    @property
    def style(self) -> str:
        """The id of its style, ``""`` for the default one."""
        found = self.element.find(f"{W}pPr/{W}pStyle")
        return "" if found is None else found.get(f"{W}val", "")


@dataclass(slots=True)
class Cell:
    """``column``: its first column, from 0. ``merge``: ``restart``, ``continue`` or ``""``."""

    column: int
    span: int
    merge: str
    paragraphs: list[Paragraph]

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paragraphs)


@dataclass(slots=True)
class Row:
    number: int
    header: bool
    cells: list[Cell]

    @property
    def text(self) -> str:
        return "".join(cell.text for cell in self.cells)

    @property
    def width(self) -> int:
        last = self.cells[-1] if self.cells else None
        return last.column + last.span if last else 0


@dataclass(slots=True)
class Table:
    """``columns``: how many its grid has."""

    name: str
    element: Element
    columns: int
    rows: list[Row]

    def place(self, row: Row | None = None, column: int | None = None) -> str:
        """表“收支总表”第 2 行第 3 列."""
        where = f"表{self.name}"
        where += f"第 {row.number} 行" if row is not None else ""
        return where + (f"第 {column + 1} 列" if column is not None else "")


@dataclass(slots=True)
class Part:
    """A part that holds text. ``paragraphs``: all of them, those of tables too, in order."""

    name: str
    root: Element
    paragraphs: list[Paragraph]
    tables: list[Table]


_NAMES: Final = (
    ("word/header", "页眉"),
    ("word/footer", "页脚"),
    ("word/footnotes", "脚注"),
    ("word/endnotes", "尾注"),
)


def parts_of(texts: Mapping[str, str]) -> list[Part]:
    """The parts that hold paragraphs, the body first."""
    found = [(BODY, "")] if BODY in texts else []
    for name in sorted(texts):
        found += [(name, word) for start, word in _NAMES if name.startswith(start)]
    return [_Walk(name, prefix, texts[name]).part() for name, prefix in found]


class _Walk:
    def __init__(self, name: str, prefix: str, text: str) -> None:
        self._name, self._prefix = name, prefix
        self._root = ElementTree.fromstring(text.removeprefix("\ufeff"))
        self._paragraphs: list[Paragraph] = []
        self._tables: list[Table] = []
        self._count = 0

    def part(self) -> Part:
        top = self._root.find(f"{W}body") if self._name == BODY else self._root
        self._blocks(self._root if top is None else top)
        self._name_paragraphs()
        return Part(self._name, self._root, self._paragraphs, self._tables)

    def _blocks(self, parent: Element) -> None:
        for block in _children(parent):
            if block.tag == f"{W}p":
                self._count += not _ends_section(block)
                where = f"{self._prefix}第 {self._count} 段"
                self._paragraphs.append(_Letters(block).paragraph(where, id(parent)))
            elif block.tag == f"{W}tbl":
                self._table(block)
            elif block.tag in (f"{W}footnote", f"{W}endnote"):
                self._blocks(block)

    def _name_paragraphs(self) -> None:
        """Quote each paragraph, for Word to find; where the words stand twice, from which on."""
        free = [paragraph for paragraph in self._paragraphs if paragraph.table < 0]
        texts = [" ".join(paragraph.text.split()) for paragraph in free]
        often = Counter(texts)
        anchor = -1
        for at, (paragraph, text) in enumerate(zip(free, texts, strict=True)):
            paragraph.place += quoted(text, LONGEST) if text else "（空）"
            if text and often[text] == 1:
                anchor = at
            elif anchor >= 0:
                paragraph.place += f"（{quoted(texts[anchor], LONGEST)}后面第 {at - anchor} 段）"

    def _table(self, table: Element) -> None:
        number_ = len(self._tables)
        text = "".join(node.text or "" for node in table.iter(_TEXT))
        name = self._prefix + _table_name(table, text, number_)
        made = Table(name, table, len(table.findall(f"{W}tblGrid/{W}gridCol")), [])
        self._tables.append(made)
        rows = [row for row in _children(table) if row.tag == f"{W}tr"]
        for at, row in enumerate(rows, 1):
            header = row.find(f"{W}trPr/{W}tblHeader") is not None
            made.rows.append(line := Row(at, header, []))
            column = number(row, "trPr/gridBefore")
            for cell in (c for c in _children(row) if c.tag == f"{W}tc"):
                span = number(cell, "tcPr/gridSpan", default=1)
                paragraphs = list(self._cell(cell, made, line, column, number_))
                line.cells.append(Cell(column, span, _merge(cell), paragraphs))
                column += span

    def _cell(
        self, cell: Element, table: Table, row: Row, column: int, number_: int
    ) -> Iterator[Paragraph]:
        for block in _children(cell):
            if block.tag == f"{W}p":
                found = _Letters(block).paragraph(table.place(row, column), id(cell))
                found.table, found.row = number_, row.number
                self._paragraphs.append(found)
                yield found
            elif block.tag == f"{W}tbl":
                self._table(block)


def _children(parent: Element) -> Iterator[Element]:
    """The blocks of a body, cell, table or row, content controls looked through."""
    for child in parent:
        if child.tag in _TRANSPARENT:
            yield from _children(child)
        else:
            yield child


def _ends_section(paragraph: Element) -> bool:
    """An empty paragraph in which a section ends: Word shows none, and a diff counts none."""
    ends = paragraph.find(f"{W}pPr/{W}sectPr") is not None
    return ends and not any(node.text for node in paragraph.iter(_TEXT))


def _merge(cell: Element) -> str:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return "" if merge is None else merge.get(f"{W}val", "continue")


def _table_name(table: Element, text: str, number_: int) -> str:
    caption = table.find(f"{W}tblPr/{W}tblCaption")
    if caption is not None and caption.get(f"{W}val"):
        return f"“{caption.get(f'{W}val')}”"
    if loop := loop_in(text):
        return f"“{loop.table}”"
    return f"（第 {number_ + 1} 张）"


_CHARACTERS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}
# What Word leaves behind in running text, and docxtpl takes away without harm.
_HARMLESS: Final = {
    *(f"{W}{name}" for name in ("r", "rPr", "pPr", "proofErr", "lastRenderedPageBreak", "t")),
    *(f"{W}{name}" for name in ("instrText", "softHyphen", "noBreakHyphen")),
}


class _Letters:
    """The text of a paragraph, letter by letter, and what stands between the letters."""

    def __init__(self, paragraph: Element) -> None:
        self._element = paragraph
        self._letters: list[Letter] = []
        self._barriers: list[tuple[int, str]] = []
        self._run = 0
        self._walk(paragraph)
        self.text = "".join(letter.text for letter in self._letters)

    def paragraph(self, place: str, container: int) -> Paragraph:
        return Paragraph(
            place, self._element, container, letters=self._letters, barriers=self._barriers
        )

    def _walk(self, parent: Element) -> None:
        for child in parent:
            if child.tag in (f"{W}pPr", f"{W}rPr"):
                continue
            if child.tag == f"{W}r":
                self._run += 1
            if child.tag == _TEXT:
                self._letters += [Letter(c, self._run) for c in child.text or ""]
                continue
            if child.tag not in _HARMLESS:
                self._barriers.append((len(self._letters), child.tag.rpartition("}")[2]))
            if child.tag in _CHARACTERS:
                self._letters.append(Letter(_CHARACTERS[child.tag], self._run))
            self._walk(child)
            if child.tag not in _HARMLESS:
                self._barriers.append((len(self._letters), child.tag.rpartition("}")[2]))
