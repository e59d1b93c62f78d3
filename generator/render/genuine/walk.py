"""Every placeholder of a template, where it stands and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree

from generator.render.container import BODY, STYLES
from generator.render.genuine import cover, layout
from generator.render.genuine.blocks import (
    CHANGES,
    TRANSPARENT,
    children,
    is_filled,
    nodes,
    text_of,
    widths_of,
    words_of,
)
from generator.render.genuine.fields import Fields
from generator.render.genuine.flaw import Flaw, flaw
from generator.render.genuine.look import WHITE, Looks, shades
from generator.render.genuine.words import AMOUNT, PRINTED, around
from generator.render.paginate.geometry import Element, Format, Geometry, W, measure, number
from generator.tags import loop_in

_FILLED = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_PARAGRAPH, _TABLE, _ROW, _CELL = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc"))
_RUN, _RUN_LOOK = f"{W}r", f"{W}rPr"
_PROPERTY, _STYLE, _SHADE, _NUMBERED = f"{W}pPr", f"{W}pStyle", f"{W}shd", f"{W}numPr/{W}numId"
_PLAIN: Final = {
    *(f"{W}{name}" for name in ("p", "r", "t", "tab", "ptab", "br", "cr", "proofErr", "pPr")),
    *(f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "rPr")),
    *(f"{W}{name}" for name in ("fldChar", "instrText", "fldSimple", "permStart", "permEnd")),
    *(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference")),
    *(f"{W}{name}" for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr")),
    *TRANSPARENT,
}
"""What may stand in a paragraph with a placeholder."""
_NOWHERE: Final = ("sym", "ruby", "pgNum", "oMath", "oMathPara", "bdo", "dir", "background")
"""Elements that print what is no text, or in another order or colour: no form needs them."""
_NAMES: Final = {
    **{"sym": "插入的符号", "ruby": "拼音指南", "pgNum": "页号", "oMath": "公式"},
    **{"oMathPara": "公式", "bdo": "改变方向的文字", "dir": "改变方向的文字"},
    **{"noBreakHyphen": "连字符", "softHyphen": "连字符", "AlternateContent": "替代内容"},
    **{"background": "页面背景", "drawing": "图形", "pict": "图形", "txbxContent": "文本框"},
    **{"footnoteReference": "脚注", "endnoteReference": "尾注"},
}
_NO_WIDTHS: Final[Mapping[int, int]] = {}
_END = re.compile(r"\{%tr\s+endfor")


def flaws(texts: Mapping[str, str]) -> Iterator[Flaw]:
    """Whatever may change or hide the data, in order. ``texts``: the XML parts of a template."""
    styles = texts.get(STYLES, "")
    geometry = Geometry(texts[BODY], styles)
    yield from layout.limits(geometry.styles.root, "样式")
    looks = Looks(geometry.styles)
    for part in sorted(texts, key=lambda name: (name != BODY, name)):
        if _FILLED.fullmatch(part):
            yield from _Walk(part, texts[part], geometry, looks).flaws()


@dataclass(frozen=True, slots=True)
class _Around:
    """What a paragraph stands in. ``width``: room for its lines; ``behind``: colours behind it."""

    width: int
    behind: tuple[str, ...] = (WHITE,)
    table: str = ""
    """The name of its table, for messages."""
    style: str = ""
    """The style of its table."""
    data: bool = False
    """It is printed for each row of data."""


class _Walk:
    """One part."""

    def __init__(self, part: str, text: str, geometry: Geometry, looks: Looks) -> None:
        self._root = ElementTree.fromstring(text.removeprefix("\ufeff"))
        self._geometry, self._looks = geometry, looks
        self._where = "正文" if part == BODY else _called(part)
        self._body = part == BODY
        tags = {node.tag for node in self._root.iter()}
        self._names = {tag.rpartition("}")[2] for tag in tags}
        self._fields = Fields(self._root)
        self._shapes = cover.Shapes(self._root, tags)
        self._styles: dict[str, tuple[str, tuple[str, ...]]] = {}

    def flaws(self) -> Iterator[Flaw]:
        yield from layout.limits(self._root, self._where)
        for section in self._root.iter(f"{W}sectPr"):
            yield from layout.page(section, self._where)
        for name in _NOWHERE:
            if name in self._names:
                yield flaw("anywhere", self._where, _NAMES[name])
        for table in self._root.iter(_TABLE) if "tblpPr" in self._names else ():
            if table.find(f"{W}tblPr/{W}tblpPr") is not None and not is_filled(table):
                yield flaw("loose table", self._where)
        widest = _Around(max(page.width for page in self._geometry.pages))
        if not self._body:
            yield from self._blocks(self._root, widest)
        for body in self._root.iterfind(f"{W}body") if self._body else ():
            yield from self._blocks(body, widest, widths_of(body))
        if self._shapes.loose:
            yield flaw("floating", self._where)

    def _blocks(
        self, parent: Element, outer: _Around, widths: Mapping[int, int] = _NO_WIDTHS
    ) -> Iterator[Flaw]:
        for block in parent:
            around_ = _Around(widths[id(block)]) if widths else outer
            if block.tag == _PARAGRAPH:
                yield from self._paragraph(block, around_)
            elif block.tag == _TABLE:
                yield from self._table(block, around_)
            elif block.tag in TRANSPARENT:
                yield from self._bound(block)
                yield from self._blocks(block, around_)
            elif is_filled(block):
                place = _place(words_of(block), around_.table)
                yield _no_text(block, place, "wrapped")

    def _bound(self, block: Element) -> Iterator[Flaw]:
        """A control whose text an office program takes from elsewhere when it opens the file."""
        if block.find("{*}sdtPr/{*}dataBinding") is not None and is_filled(block):
            yield flaw("bound", _place(words_of(block), ""))

    # --- tables

    def _table(self, table: Element, outer: _Around) -> Iterator[Flaw]:
        properties = table.find(f"{W}tblPr")
        style = None if properties is None else properties.find(f"{W}tblStyle")
        columns = [measure(c.get(f"{W}w")) for c in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        name = _table_name(properties, table)
        behind = outer.behind
        shade = None if properties is None else properties.find(f"{W}shd")
        behind = behind if shade is None else shades(shade) or behind
        around_ = _Around(0, behind, name, "" if style is None else style.get(f"{W}val", ""))
        words = words_of(table)
        if "{{" in words:
            yield from layout.table(properties, columns, outer.width, f"表“{name}”")
        depth = 0
        for row in children(table, _ROW):
            text = words_of(row)
            if loop_in(text):
                depth += 1
            elif _END.search(text):
                depth -= 1
            elif "{{" in text:
                yield from self._row(row, columns, replace(around_, data=depth > 0), text)
            elif "{%tr" not in text:
                for paragraph in row.iter(_PARAGRAPH):
                    yield from self._paragraph(paragraph, around_)

    def _row(self, row: Element, columns: list[int], around_: _Around, text: str) -> Iterator[Flaw]:
        def pitch() -> int:
            formats = (self._format(p.find(_PROPERTY)) for p in row.iter(_PARAGRAPH))
            return max((form.pitch for form in formats), default=0)

        yield from layout.row(row.find(f"{W}trPr"), pitch, _place(text, around_.table))
        yield from self._cells(row, columns, around_)

    def _cells(self, row: Element, columns: list[int], around_: _Around) -> Iterator[Flaw]:
        at = number(row.find(f"{W}trPr"), "gridBefore")
        for cell in children(row, _CELL):
            properties = cell.find(f"{W}tcPr")
            span = min(max(number(properties, "gridSpan", default=1), 1), len(columns) or 1)
            width = sum(columns[at : at + span])
            if at + span > len(columns):  # the grid lacks a column: what the cell says
                width = number(properties, "tcW", "w")
            at += span
            if "{{" in (words := words_of(cell)):
                yield from layout.cell(properties, width, _place(words, around_.table))
            shade = None if properties is None else properties.find(_SHADE)
            behind = around_.behind if shade is None else shades(shade) or around_.behind
            inner = _Around(width, behind, around_.table, around_.style, around_.data)
            yield from self._blocks(cell, inner)

    # --- paragraphs

    def _paragraph(self, paragraph: Element, around_: _Around) -> Iterator[Flaw]:
        text = words_of(paragraph)
        filled = "{{" in text
        place = _place(text, around_.table) if filled else self._where
        for name in self._fields.through(paragraph):
            if filled and not self._may_hold(name, text, around_):
                yield flaw("field", place, name)
        if not filled:
            yield from self._constant(paragraph, text)
            return
        yield from self._contents(paragraph, place)
        yield from around(text_of(paragraph), place, data_cell=around_.data)
        properties = paragraph.find(_PROPERTY)
        form = self._format(properties)
        yield from layout.paragraph(properties, form, around_.width, place)
        yield from self._look(paragraph, properties, around_, place)

    def _constant(self, paragraph: Element, text: str) -> Iterator[Flaw]:
        """A paragraph that is the same in every document, or goes with its tag."""
        if not self._body and "{%" not in text and (amount := AMOUNT.search(text)):
            yield flaw("amount", self._where, amount[0])
        if not self._shapes.passes(paragraph, text):
            form = self._format(paragraph.find(_PROPERTY))
            yield from cover.paragraph(paragraph, form, self._where)

    def _format(self, properties: Element | None) -> Format:
        """A paragraph's format; most have only a style."""
        if properties is not None and len(properties) == 1 and properties[0].tag == _STYLE:
            return self._geometry.style(properties[0].get(f"{W}val", ""))
        return self._geometry.read_format(properties)

    def _may_hold(self, field: str, text: str, around_: _Around) -> bool:
        """Whether a field may stand beside placeholders: page numbers in headers and footers, and
        what a line of the contents is made of."""
        if not self._body:
            return field in ("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES")
        lines = field == "TOC" or field == "PAGEREF" or field.startswith("HYPERLINK")
        return lines and not around_.table and _is_of_contents(text)

    def _contents(self, paragraph: Element, place: str) -> Iterator[Flaw]:
        """What stands in a paragraph with a placeholder and is no plain text."""
        for node in nodes(paragraph):
            name = node.tag.rpartition("}")[2]
            if name in CHANGES:
                yield flaw("change", place)
            elif node.tag == f"{W}sdt":
                yield from self._bound(node)
            elif node.tag not in _PLAIN and name not in _NOWHERE:
                yield _no_text(node, place, "wrapped" if is_filled(node) else "object")
                return

    def _look(
        self, paragraph: Element, properties: Element | None, around_: _Around, place: str
    ) -> Iterator[Flaw]:
        style = self._geometry.default_style
        numbered, shade = None, None
        if properties is not None:
            named = properties.find(_STYLE)
            style = style if named is None else named.get(f"{W}val", "")
            numbered, shade = properties.find(_NUMBERED), properties.find(_SHADE)
        of_style = self._of_style(style)
        number_ = of_style[0] if numbered is None else numbered.get(f"{W}val", "")
        if number_ not in ("", "0"):
            yield flaw("numbered", place)
        behind = (() if shade is None else shades(shade)) or of_style[1] or around_.behind
        runs = [run.find(_RUN_LOOK) for run in paragraph.iter(_RUN)]
        mark = None if properties is None else properties.find(_RUN_LOOK)
        looks = [run for run in (*runs, mark) if run is not None]
        yield from self._looks.flaws(style, around_.style, looks, None in runs, behind, place)

    def _of_style(self, style: str) -> tuple[str, tuple[str, ...]]:
        """The numbering of a paragraph style, and the colours with which it shades."""
        if style not in self._styles:
            numbered, behind = "", tuple[str, ...]()
            for element in self._geometry.styles.chain(style):
                found = element.find(f"{W}pPr/{_NUMBERED}")
                shade = element.find(f"{W}pPr/{_SHADE}")
                numbered = numbered or ("" if found is None else found.get(f"{W}val", ""))
                behind = behind or (() if shade is None else shades(shade))
            self._styles[style] = numbered, behind
        return self._styles[style]


def _is_of_contents(text: str) -> bool:
    """Whether a paragraph prints only what the contents are made of."""
    return all(
        name == "目录.标题" or name.rpartition(".")[2] in ("文字", "页码")
        for name in PRINTED.findall(text)
    )


def _no_text(node: Element, place: str, rule: str) -> Flaw:
    name = node.tag.rpartition("}")[2]
    return flaw(rule, place, _NAMES.get(name, name))


def _called(part: str) -> str:
    names = (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"))
    return next((said for start, said in names if part.startswith(f"word/{start}")), "尾注")


def _place(text: str, table: str) -> str:
    """A paragraph, cell or row by its words."""
    words = " ".join(text.split())
    quoted = f"“{words if len(words) <= 30 else words[:30] + '…'}”"
    return f"表“{table}”里的{quoted}" if table else quoted


def _table_name(properties: Element | None, table: Element) -> str:
    caption = None if properties is None else properties.find(f"{W}tblCaption")
    if caption is not None and caption.get(f"{W}val"):
        return caption.get(f"{W}val", "")
    loop = loop_in(words_of(table))
    return loop.table if loop else ""
