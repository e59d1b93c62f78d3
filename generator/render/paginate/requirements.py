"""What a template must have so that the pages can be known from the file, told in Chinese.

Each property here was seen to move LibreOffice's pages, or to differ between office programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from xml.etree import ElementTree

from generator.render.paginate.geometry import (
    EAST_ASIAN,
    Element,
    Format,
    Geometry,
    W,
    latin_language,
    measure,
    number,
    switch,
)
from generator.render.resaved import apart

_WORKS = "目录的页码是按版式算出来的"
BODY_TEXT: Final = "正文"


class Flaw(NamedTuple):
    """``message``: one clause; ``hint``: how to mend it in Word; ``where``: the style or table."""

    message: str
    hint: str
    where: str = BODY_TEXT

    def __str__(self) -> str:
        return f"{self.where}：{self.message}。{self.hint}"


def flaws(parts: Mapping[str, str]) -> list[Flaw]:
    """What in a template upsets the page numbers; ``parts`` are its XML parts as text."""
    document = apart(parts["word/document.xml"])
    geometry = Geometry(document, parts.get("word/styles.xml", ""))
    body = ElementTree.fromstring(document).find(f"{W}body")
    if body is None:
        return [Flaw("模板的正文是空的", "请换回原来的模板文件。")]
    names = style_names(parts.get("word/styles.xml", ""))
    found = [
        *_sections(body),
        *_paragraphs(body, geometry, names),
        *_tables(body),
        *_merged_headers(body, geometry),
        *_objects(body),
        *_settings(parts.get("word/settings.xml", "")),
        *_margins(parts, body, geometry),
    ]
    return list(dict.fromkeys(found))  # one message for what occurs many times


def style_names(styles: str) -> dict[str, str]:
    """Id of a style → its name in the file."""
    names: dict[str, str] = {}
    for style in ElementTree.fromstring(styles).iter(f"{W}style") if styles else ():
        name = style.find(f"{W}name")
        names[style.get(f"{W}styleId", "")] = "" if name is None else name.get(f"{W}val", "")
    return names


def _sections(body: Element) -> Iterator[Flaw]:
    for section in body.iter(f"{W}sectPr"):
        grid = section.find(f"{W}docGrid")
        if grid is not None and grid.get(f"{W}type", "default") != "default":
            yield Flaw(f"{_WORKS}，不能有文档网格", "请在“页面设置—文档网格”里选“无网格”。")
        if number(section, "cols", "num", 1) > 1:
            yield Flaw(f"{_WORKS}，正文不能分栏", "请改为一栏。")
        kind = section.find(f"{W}type")
        if kind is not None and kind.get(f"{W}val") != "nextPage":
            yield Flaw(f"{_WORKS}，分节符只能是“下一页”", "请改用“下一页”分节符。")


def _is_tag(element: Element) -> bool:
    """Whether a paragraph or row holds only a tag, and is gone once the template is filled in."""
    text = "".join(node.text or "" for node in element.iter(f"{W}t"))
    return text.strip().startswith(("{%p", "{%tr"))


# --- paragraphs


def _paragraphs(body: Element, geometry: Geometry, names: Mapping[str, str]) -> Iterator[Flaw]:
    first_section = True
    in_cells = {id(p) for cell in body.iter(f"{W}tc") for p in cell.iter(f"{W}p")}
    for paragraph in body.iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        ends = properties is not None and properties.find(f"{W}sectPr") is not None
        if not _is_tag(paragraph):
            form = geometry.read_format(properties)
            style = None if properties is None else properties.find(f"{W}pStyle")
            name = names.get(style.get(f"{W}val", ""), "") if style is not None else ""
            yield from of_paragraph(form, name, first_section, id(paragraph) in in_cells)
            if any(latin_language(r).startswith(EAST_ASIAN) for r in paragraph.iter(f"{W}rPr")):
                yield _of_style(name, *_PARTED)
        first_section = first_section and not ends


_PARTED: Final = (
    "数字和字母的语言是中文，LibreOffice 会把一个数拆在两行",
    "请把西文的语言改为“英语（美国）”。",
)


def _of_style(name: str, message: str, hint: str) -> Flaw:
    return Flaw(message, hint, f"样式“{name or '正文'}”")


def of_paragraph(form: Format, style: str, cover: bool, cell: bool) -> Iterator[Flaw]:
    """What is wrong with a paragraph's format; ``style``: the name of its style."""
    found: list[tuple[str, str]] = []
    if not form.exact:
        found.append(("段落行距不是固定值，页码会随字体变", "请在“段落”里把行距改为“固定值”。"))
    elif form.pitch < form.size:
        found.append(("段落行距小于字号，字会被截去", "请加大行距。"))
    if form.widow_control:
        found.append(("段落开了“孤行控制”，页码会算不准", "请在“段落—换行和分页”里关掉。"))
    if form.automatic:
        found.append(("段前或段后间距是“自动”，各种软件不一样", "请改为 0。"))
    if (form.before or form.after) and not cover:
        found.append(("有段前或段后间距，页码会算不准", "请改为 0，需要空白就加大行距。"))
    if form.parts_numbers:
        found.append(_PARTED)
    if form.new_page and cell:
        found.append(("在表格里却有“段前分页”，不起作用", "请去掉。"))
    return (_of_style(style, *one) for one in found)


# --- tables


def _tables(body: Element) -> Iterator[Flaw]:
    for table in body.iter(f"{W}tbl"):
        properties = table.find(f"{W}tblPr")
        where = f"表“{_caption(table)}”"
        layout = None if properties is None else properties.find(f"{W}tblLayout")
        if layout is None or layout.get(f"{W}type") != "fixed":
            hint = "请在“表格属性—选项”里去掉“自动重调尺寸以适应内容”。"
            yield Flaw("列宽会随内容变", hint, where)
        if properties is not None and properties.find(f"{W}tblpPr") is not None:
            yield Flaw("有文字环绕", "请在“表格属性”里改为“无环绕”。", where)
        if table.find(f"{W}tr/{W}tc/{W}tbl") is not None:
            yield Flaw("单元格里还有表格，高度算不出来", "请拆开。", where)
        yield from _rows(table, where)


def _caption(table: Element) -> str:
    caption = table.find(f"{W}tblPr/{W}tblCaption")
    return "" if caption is None else caption.get(f"{W}val", "")


def _rows(table: Element, where: str) -> Iterator[Flaw]:
    columns = [measure(c.get(f"{W}w")) for c in table.findall(f"{W}tblGrid/{W}gridCol")]
    uneven: set[int] = set()
    short: list[int] = []
    for number_, row in enumerate(table.findall(f"{W}tr"), 1):
        if _is_tag(row):
            continue
        properties = row.find(f"{W}trPr")
        if properties is None or not switch(properties, "cantSplit"):
            yield Flaw("行可以跨页断开", "请在“表格属性—行”里去掉“允许跨页断行”。", where)
        height = None if properties is None else properties.find(f"{W}trHeight")
        if height is not None and height.get(f"{W}hRule") == "exact":
            yield Flaw("行高是固定值，文字多时会被截去", "请改为“最小值”。", where)
        column = number(properties, "gridBefore")
        wrong: list[int] = []
        for cell in row.findall(f"{W}tc"):
            covered = range(column, column + number(cell, "tcPr/gridSpan", default=1))
            if number(cell, "tcPr/tcW", "w") != sum(columns[covered.start : covered.stop]):
                wrong += covered
            column = covered.stop
        if column == len(columns):
            uneven.update(wrong)
        else:
            short.append(number_)
    if uneven:
        message = "单元格宽度和列宽不一致，各种软件会排得不同"
        hint = "请重新拖动这一列的边线。"
        yield Flaw(message, hint, f"{where}第 {_listed(column + 1 for column in uneven)} 列")
    if short:
        message = f"各格合起来不是表的 {len(columns)} 列"
        yield Flaw(message, "请补齐、拆分或合并单元格。", f"{where}第 {_listed(short)} 行")


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(map(str, sorted(numbers)))


def _merged_headers(body: Element, geometry: Geometry) -> Iterator[Flaw]:
    """LibreOffice drops rows of a table that begins low on a page and repeats merged cells."""
    at_top = True
    for block in body:
        if block.tag == f"{W}p" and not _is_tag(block):
            form = geometry.read_format(block.find(f"{W}pPr"))
            at_top = form.new_page or (at_top and form.keep_next)
        elif block.tag == f"{W}tbl":
            merged = any(
                row.find(f"{W}trPr/{W}tblHeader") is not None
                and row.find(f"{W}tc/{W}tcPr/{W}vMerge") is not None
                for row in block.findall(f"{W}tr")
            )
            if merged and not at_top:
                yield Flaw(
                    "重复表头里有上下合并的单元格，又不从新的一页开始，LibreOffice 会丢掉行",
                    "请拆开合并，去掉中间的框线。",
                    f"表“{_caption(block)}”",
                )
            at_top = False


# --- the rest

_OBJECTS = {
    "drawing": "图片或图形",
    "pict": "图片或图形",
    "object": "嵌入的对象",
    "footnoteReference": "脚注",
    "txbxContent": "文本框",
    "framePr": "图文框",
}


def _objects(body: Element) -> Iterator[Flaw]:
    for tag, name in _OBJECTS.items():
        if body.find(f".//{W}{tag}") is not None:
            yield Flaw(f"{_WORKS}，正文里不能有{name}", "请移到页眉，或删去。")
    if any(br.get(f"{W}type") in ("page", "column") for br in body.iter(f"{W}br")):
        yield Flaw(f"{_WORKS}，不能用手工分页符", "请改用下一段的“段前分页”。")
    for properties in ("pPr", "trPr", "tcPr", "tblPr", "sectPr"):
        for element in body.iter(W + properties):
            values = "".join(value for node in element.iter() for value in node.attrib.values())
            if "{{" in values or "{%" in values:
                yield Flaw("占位符不能写在段落、行或单元格的属性里", "请写在文字里。")


def _settings(settings: str) -> Iterator[Flaw]:
    root = ElementTree.fromstring(settings) if settings else None
    if root is None:
        return
    control = root.find(f"{W}characterSpacingControl")
    if control is not None and control.get(f"{W}val") != "doNotCompress":
        yield Flaw("设了压缩标点，行里的字数会随软件变", "请在“选项—版式”里改为“不压缩”。", "模板")
    if switch(root, "mirrorMargins") or switch(root, "evenAndOddHeaders"):
        yield Flaw("区分单双页，页边距或页眉会不同", "请在“页面设置”里去掉。", "模板")


def _margins(parts: Mapping[str, str], body: Element, geometry: Geometry) -> Iterator[Flaw]:
    """Headers and footers must fit into the margins, or the text moves."""
    for kind, tag, side in (("header", "hdr", "top"), ("footer", "ftr", "bottom")):
        heights = [
            sum(
                geometry.read_format(p.find(f"{W}pPr")).pitch
                for p in root.findall(f"{W}p")
                if not _is_tag(p)
            )
            for name, text in parts.items()
            if name.startswith(f"word/{kind}")
            and (root := ElementTree.fromstring(text)).tag == f"{W}{tag}"
        ]
        for section in body.iter(f"{W}sectPr"):
            room = number(section, "pgMar", side) - number(section, "pgMar", kind)
            if max(heights, default=0) > room:
                name = "页眉" if kind == "header" else "页脚"
                hint = f"请加大页边距，或减少{name}的内容。"
                yield Flaw("比页边距还高，会把正文推开", hint, name)
