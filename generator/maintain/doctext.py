"""A Word template as text, so that a change of it can be read: its words, and its look.

The words are a line per paragraph or row of a table. The look is what a person sets in Word, each
with a name and a value in words: ``样式“TableTitle” 字号`` → ``22 磅``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from generator import written
from generator.maintain.styles import shown_style
from generator.problem import UserError
from generator.render.paginate.geometry import Format, Geometry
from generator.tags import loop_in
from generator.written import Written, WrittenParagraph, WrittenTable

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OTHER_PARTS = re.compile(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml")

_STYLES: Final = "word/styles.xml"
_RUNNING_TEXT: Final = 9
"""The outline level of what is no heading."""
_TWIPS_PER_CM: Final = 566.93
_ALIGNMENTS: Final = {
    **{"left": "左对齐", "start": "左对齐", "center": "居中"},
    **{"right": "右对齐", "end": "右对齐", "both": "两端对齐", "distribute": "分散对齐"},
}


def read(data: bytes, name: str) -> Written:
    """A template read back. Raises :class:`UserError` for a file that is no .docx."""
    document = written.read(data)
    if document.fault:
        raise UserError(f"模板“{name}”读不出来：{document.fault}。", "请换回原来的模板文件。")
    return document


def lines(document: Written) -> Iterator[tuple[str, str]]:
    """(where, text) of every paragraph and row; where is ``段 5``, ``收支总表 行 2``."""
    styles = _style_names(document)
    for (name, item), number in _numbered(document):
        if isinstance(item, WrittenParagraph):
            style = styles.get(item.style, item.style)
            yield f"第 {number} 段", f"[{style}] {item.text}".rstrip()
        else:
            yield f"表“{name}”", f"表头 {item.headers} 行"
            for row, cells in enumerate(item.rows, 1):
                yield f"表“{name}”第 {row} 行", _row(cells)
    yield from dict.fromkeys(_beside(document))  # an office program may write a header twice


def _beside(document: Written) -> Iterator[tuple[str, str]]:
    """The paragraphs of headers, footers and notes."""
    for part in sorted(document.parts):
        if _OTHER_PARTS.fullmatch(part):
            for paragraph in _xml(document, part).iter(f"{_W}p"):
                if words := "".join(_typed(paragraph)).strip():
                    yield _part_name(part), words


def _typed(paragraph: etree._Element) -> Iterator[str]:
    """The words of a paragraph; of a field, what it prints and not what it printed last."""
    printed: list[bool] = []  # of each open field: whether what it printed last has begun
    for node in paragraph.iter(f"{_W}t", f"{_W}instrText", f"{_W}fldChar"):
        kind = node.get(f"{_W}fldCharType")
        if kind == "begin":
            printed.append(False)
        elif kind is not None and printed:
            printed.pop()
            if kind == "separate":
                printed.append(True)
        elif not any(printed):
            text = node.text or ""
            yield text if node.tag == f"{_W}t" else f"〔{text.strip()}〕"


def _row(cells: Iterable[str]) -> str:
    return "｜".join(cell.replace("\n", "↵") for cell in cells)


def _numbered(
    document: Written,
) -> Iterator[tuple[tuple[str, WrittenParagraph | WrittenTable], int]]:
    """Every item with the name of its table, and the number of paragraphs up to it."""
    paragraphs = tables = 0
    for item in document.items:
        if isinstance(item, WrittenParagraph):
            paragraphs += 1
            yield ("", item), paragraphs
        else:
            tables += 1
            loop = loop_in(" ".join(cell for row in item.rows for cell in row))
            own = loop is not None and loop.rows.startswith("部门.")
            yield (loop.table if loop and own else f"第 {tables} 张", item), paragraphs


def _part_name(part: str) -> str:
    names = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
    return names[re.sub(r"word/|\d*\.xml", "", part)]


def _xml(document: Written, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(document.parts[part], parser)
    except (KeyError, etree.XMLSyntaxError) as error:
        raise UserError(f"模板的部件 {part} 读不出来。", "请换回原来的模板文件。") from error


def _style_names(document: Written) -> dict[str, str]:
    """Id of a style → its name, as Word shows it."""
    styles = _xml(document, _STYLES).iter(f"{_W}style")
    named = ((_id(style), _value(style, "name")) for style in styles)
    return {id_: shown_style(name or id_) for id_, name in named if id_}


def _id(style: etree._Element) -> str:
    return str(style.get(f"{_W}styleId") or "")


# --- the look -----------------------------------------------------------------------------------


def layout(document: Written) -> dict[str, str]:
    """What a person sets in Word, name → value, in the order of styles, pages and tables."""
    found: dict[str, str] = {}
    styles = _style_names(document)
    geometry = Geometry("", etree.tostring(_xml(document, _STYLES), encoding="unicode"))
    for style in _xml(document, _STYLES).iter(f"{_W}style"):
        name = f"样式“{styles.get(_id(style), '')}”"
        found |= {f"{name} {what}": value for what, value in _looks(style)}
        if style.get(f"{_W}type") == "paragraph":
            of_whole = _inherited(geometry.style(_id(style)))
            found |= {f"{name} {what}": value for what, value in of_whole}
    body = _xml(document, "word/document.xml")
    for number, section in enumerate(body.iter(f"{_W}sectPr"), 1):
        found |= {f"第 {number} 节 {what}": value for what, value in _page(section)}
    tables = (name for (name, item), _ in _numbered(document) if isinstance(item, WrittenTable))
    whole = body.find(f"{_W}body")
    for name, table in zip(tables, () if whole is None else whole.iter(f"{_W}tbl"), strict=False):
        found |= {f"表“{name}” {what}": value for what, value in _of_table(table)}
    return found


def _inherited(form: Format) -> Iterator[tuple[str, str]]:
    """What programs write in different ways: with all that the style is based on."""
    if form.level < _RUNNING_TEXT:
        yield "大纲级别", f"{form.level + 1} 级"
    if form.first_line:
        yield "首行缩进", _centimetres(str(form.first_line))


def _looks(style: etree._Element) -> Iterator[tuple[str, str]]:
    yield from _fonts(style)
    if value := _value(style, "pPr/jc"):
        yield "对齐", _ALIGNMENTS.get(value, value)
    for what, attribute in (("段前", "before"), ("段后", "after")):
        if value := _value(style, "pPr/spacing", attribute):
            yield what, _points(value, 20)
    if value := _value(style, "pPr/spacing", "line"):
        exact = _value(style, "pPr/spacing", "lineRule") in ("exact", "atLeast")
        yield "行距", _points(value, 20) if exact else f"{_number(value) / 240:g} 倍"
    if value := _value(style, "pPr/ind", "left"):
        yield "左缩进", _centimetres(value)
    for what, tag in (("与下段同页", "keepNext"), ("段前分页", "pageBreakBefore")):
        if style.find(f"{_W}pPr/{_W}{tag}") is not None:
            yield what, "是"


def _fonts(element: etree._Element) -> Iterator[tuple[str, str]]:
    for what, attribute in (("中文字体", "eastAsia"), ("西文字体", "ascii")):
        if value := _value(element, "rPr/rFonts", attribute):
            yield what, value
    if value := _value(element, "rPr/sz"):
        yield "字号", _points(value, 2)
    if (bold := element.find(f"{_W}rPr/{_W}b")) is not None:
        yield "加粗", "否" if bold.get(f"{_W}val") in ("0", "false") else "是"
    if (value := _value(element, "rPr/color")) and value != "auto":
        yield "颜色", value


def _page(section: etree._Element) -> Iterator[tuple[str, str]]:
    wide, high = _value(section, "pgSz", "w"), _value(section, "pgSz", "h")
    if wide and high:
        yield "纸张", f"{_centimetres(wide)} × {_centimetres(high)}"
    for what, attribute in (("上边距", "top"), ("下边距", "bottom"), ("左边距", "left")):
        if value := _value(section, "pgMar", attribute):
            yield what, _centimetres(value)
    if value := _value(section, "pgMar", "right"):
        yield "右边距", _centimetres(value)


def _of_table(table: etree._Element) -> Iterator[tuple[str, str]]:
    columns = [str(c.get(f"{_W}w", "0")) for c in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    for number, column in enumerate(columns, 1):
        yield f"第 {number} 列宽", _centimetres(column)
    for number, row in enumerate(table.iterfind(f"{_W}tr"), 1):
        if height := _value(row, "trPr/trHeight"):
            yield f"第 {number} 行高", _centimetres(height)
        yield f"第 {number} 行合并", _merges(row)
        looks = dict.fromkeys(
            (what, value) for run in row.iter(f"{_W}r") for what, value in _fonts(run)
        )
        for what in dict.fromkeys(what for what, _ in looks):
            yield f"第 {number} 行{what}", "、".join(v for one, v in looks if one == what)


def _merges(row: etree._Element) -> str:
    """How many columns each cell covers, ``^`` for one that goes on from above: ``1 1 2 ^``."""
    return " ".join(
        f"{'^' if _goes_on(cell) else ''}{_value(cell, 'tcPr/gridSpan') or '1'}"
        for cell in row.iterfind(f"{_W}tc")
    )


def _goes_on(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _value(element: etree._Element, path: str, attribute: str = "val") -> str:
    found = element.find("/".join(_W + step for step in path.split("/")))
    return "" if found is None else str(found.get(f"{_W}{attribute}") or "")


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _points(value: str, per_point: int) -> str:
    return f"{_number(value) / per_point:g} 磅"


def _centimetres(value: str) -> str:
    return f"{_number(value) / _TWIPS_PER_CM:.1f} 厘米"
