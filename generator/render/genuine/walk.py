"""Every placeholder of a template, where it stands and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from generator.render.container import BODY
from generator.render.genuine import cover, layout, tagged
from generator.render.genuine.blocks import (
    CHANGES,
    TRANSPARENT,
    children,
    is_filled,
    nodes,
    tags_in,
    text_of,
    widths_of,
    words_of,
)
from generator.render.genuine.fields import Fields
from generator.render.genuine.flaw import Flaw, flaw
from generator.render.genuine.look import WHITE, Looks, shades
from generator.render.genuine.setting import Setting
from generator.render.genuine.words import AMOUNT, PRINTED, around
from generator.render.paginate.geometry import Element, Geometry, W, measure, number
from generator.tags import loop_in

_PARAGRAPH, _TABLE, _ROW, _CELL = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc"))
_RUN, _RUN_LOOK = f"{W}r", f"{W}rPr"
_PROPERTY, _SHADE = f"{W}pPr", f"{W}shd"
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
_STEPS: Final = {"for": 1, "endfor": -1}


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


class Walk:
    """One part."""

    def __init__(
        self,
        part: str,
        text: str,
        root: Element,
        geometry: Geometry,
        looks: Looks,
        setting: Setting,
    ) -> None:
        self._text, self._root = text, root
        self._pages, self._looks, self._setting = geometry.pages, looks, setting
        self._table_style = geometry.styles.defaults.get("table", "")
        self._where = "正文" if part == BODY else _called(part)
        self._body = part == BODY
        tags = tags_in(self._root)
        self._names = {tag.rpartition("}")[2] for tag in tags}
        self._words = {p: words_of(p) for p in self._root.iter(_PARAGRAPH)}
        self._unseen = {p: None for p, said in self._words.items() if "{{" in said or "{%" in said}
        self._fields = Fields(self._root)
        self._shapes = cover.Shapes(self._root, tags)

    def flaws(self) -> Iterator[Flaw]:
        yield from layout.limits(self._root, self._where)
        for section in self._root.iter(f"{W}sectPr"):
            yield from layout.page(section, self._where)
        for name in _NOWHERE:
            if name in self._names:
                yield flaw("anywhere", self._where, _NAMES[name])
        words = "".join(self._root.itertext())
        yield from tagged.flaws(self._text, words, self._words.values(), self._where)
        widest = _Around(max(page.width for page in self._pages))
        if not self._body:
            yield from self._blocks(self._root, widest)
        for body in self._root.iterfind(f"{W}body") if self._body else ():
            yield from self._blocks(body, widest, widths_of(body))
        for paragraph in self._unseen:
            yield flaw("wrapped", _place(self._words[paragraph], ""), "不能识别的内容")
        yield from self._shapes.left(self._where)

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
        named = self._table_style if style is None else style.get(f"{W}val", "")
        around_ = _Around(0, behind, name, named)
        words = words_of(table)
        if "{{" in words:
            yield from layout.table(properties, columns, outer.width, f"表“{name}”")
        depth = 0
        for row in children(table, _ROW):
            text = words_of(row)
            tags = tagged.tags_of(text) if "{%" in text else ()
            before, depth = depth, depth + sum(_STEPS.get(tag.word, 0) for tag in tags)
            if "{%tr" in text and row.find(f".//{_TABLE}") is None:
                self._shapes.passes(row, text)
                for paragraph in row.iter(_PARAGRAPH):
                    self._unseen.pop(paragraph, None)
                if len(tags) > 1:
                    yield flaw("not alone", f"表“{name}”", text.strip()[: tagged.SHOWN])
            elif "{{" in text or "{%tr" in text:
                data = outer.data or max(before, depth) > 0
                yield from self._row(row, columns, replace(around_, data=data), text)
            else:
                for paragraph in row.iter(_PARAGRAPH):
                    yield from self._paragraph(paragraph, around_)

    def _row(self, row: Element, columns: list[int], around_: _Around, text: str) -> Iterator[Flaw]:
        def pitch() -> int:
            formats = (self._setting.format(p.find(_PROPERTY)) for p in row.iter(_PARAGRAPH))
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
        text = self._words[paragraph]
        filled = "{{" in text
        self._unseen.pop(paragraph, None)
        if "{%tr" in text:
            yield flaw("row tag", self._where, text.strip()[: tagged.SHOWN])
        place = _place(text, around_.table) if filled else self._where
        for name in self._fields.through(paragraph):
            if filled and not self._may_hold(name, text, around_):
                yield flaw("field", place, name)
        if not filled:
            yield from self._constant(paragraph, text, around_)
            return
        yield from self._contents(paragraph, place)
        yield from around(text_of(paragraph), place, data_cell=around_.data)
        properties = paragraph.find(_PROPERTY)
        form = self._setting.format(properties)
        yield from layout.paragraph(properties, form, around_.width, place)
        if self._setting.too_low(paragraph, form, around_.style):
            yield flaw("low line", place)
        yield from self._look(paragraph, properties, around_, place)

    def _constant(self, paragraph: Element, text: str, around_: _Around) -> Iterator[Flaw]:
        """A paragraph that is the same in every document, or goes with its tag."""
        if not self._body and "{%" not in text and (amount := AMOUNT.search(text)):
            yield flaw("amount", self._where, amount[0])
        if self._shapes.passes(paragraph, text):
            return
        form = self._setting.format(paragraph.find(_PROPERTY))
        yield from cover.picture(paragraph, form, self._where)
        if self._setting.too_low(paragraph, form, around_.style):
            yield flaw("low words", self._where)

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
        if self._setting.numbered(properties):
            yield flaw("numbered", place)
        style = self._setting.style(properties)
        behind = self._setting.behind(properties) or around_.behind
        runs = [run.find(_RUN_LOOK) for run in paragraph.iter(_RUN)]
        mark = None if properties is None else properties.find(_RUN_LOOK)
        looks = [run for run in (*runs, mark) if run is not None]
        yield from self._looks.flaws(style, around_.style, looks, None in runs, behind, place)


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
