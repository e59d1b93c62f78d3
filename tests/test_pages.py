"""Page numbers of whole documents, and what a template must have for them."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from unittest import mock

import budgets
import pages_measure
import pytest
from lxml import etree
from pages_measure import FONTS, measure, stored_pages
from support import CASES, Docx, Made, Tree, W, case_tree, make, with_two_units, work_out

from generator import pack as packs
from generator.render import context as template_context
from generator.render.container import Container, unpack
from generator.render.paginate import Paginator, stream
from generator.render.paginate.flow import Table, Text
from generator.render.paginate.geometry import Geometry, Page, with_keep, without_keep
from generator.render.paginate.requirements import flaws
from generator.render.paginate.stream import Measures, Reader
from generator.render.paginate.tokens import Constant
from generator.render.resaved import apart, with_plain_quotes
from generator.render.template import DocumentTemplate

PACKS = packs.available()
TEMPLATE = packs.load(PACKS[0]).template.read_bytes()
"""Its measures are read here, not repeated: who edits a template need not edit these tests."""
STYLES, DOCUMENT = "word/styles.xml", "word/document.xml"
PARTS = {n: d.decode() for n, d in unpack(TEMPLATE, "x").items() if n in (STYLES, DOCUMENT)}
GEOMETRY = Geometry(PARTS[DOCUMENT], PARTS[STYLES])


def columns_of(caption: str) -> list[int]:
    """The widths of the columns of the template's table with this title."""
    after = PARTS[DOCUMENT].split(f'<w:tblCaption w:val="{caption}"/>')[1]
    grid = after[: after.index("</w:tblGrid>")]
    return [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"', grid)]


# --- what is read of a paragraph


def most_lines(run_properties: str) -> int:
    """Of a paragraph of digits that just fit on a line by the widest ruler."""
    properties = '<w:pPr><w:pStyle w:val="BodyText"/></w:pPr>'
    before, after = f"<w:p>{properties}<w:r>{run_properties}<w:t>", "</w:t></w:r></w:p>"
    reader = Reader(Measures(GEOMETRY, [before, after]))
    reader.read([before, "1" * 65, after])
    [found] = reader.blocks
    assert isinstance(found, Text)
    return found.many


def test_a_run_of_its_own_size_or_in_bold_is_wider() -> None:
    assert most_lines("") == 1
    assert most_lines('<w:rPr><w:sz w:val="36"/></w:rPr>') == 2
    assert most_lines("<w:rPr><w:b/><w:bCs/></w:rPr>") == 2
    assert most_lines('<w:rPr><w:b w:val="0"/></w:rPr>') == 1


# --- what is written ------------------------------------------------------------------------------


def numbers(docx: bytes) -> list[str]:
    return [number for _, _, number in stored_pages(docx)]


def row_heights(made: Docx, caption: str) -> list[int]:
    [found] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='{caption}']/../..")
    return [int(str(h.get(f"{W}val"))) for h in found.findall(f"{W}tr/{W}trPr/{W}trHeight")]


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_line_of_the_contents_has_a_number(pack_id: str) -> None:
    for tree in (budgets.department(), with_two_units()):
        found = [int(number) for number in numbers(make(tree, pack_id).data)]
        assert found[0] == 1 and found == sorted(found)


def test_numbers_given_go_before() -> None:
    assert numbers(make(budgets.department(), pages={"_Toc00000002": 77}).data)[1] == "77"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert make(with_two_units()).data == make(with_two_units()).data


def test_a_row_is_as_high_as_its_text_may_need() -> None:
    cell = re.search(r'<w:pStyle w:val="(\w+)"/>(?:(?!</w:p>).)*行.三级', PARTS[DOCUMENT])
    assert cell
    style = GEOMETRY.style(cell[1])
    table = GEOMETRY.table('<w:tblPr><w:tblStyle w:val="PublicTable"/></w:tblPr>')
    to_a_line = (columns_of("项目绩效目标表")[2] - table.width) // style.size
    tree = budgets.department()
    indicators = tree["项目"][0]["绩效指标"]
    indicators[1]["三级指标"] = "合" * (2 * to_a_line + 1)
    indicators[2]["三级指标"] = "合" * to_a_line
    heights = row_heights(make(tree), "项目绩效目标表")
    assert heights[3] == 3 * style.pitch + table.height
    assert heights[2] == heights[4] >= style.pitch + table.height


def project_with(goals: list[str]) -> Tree:
    tree = budgets.department()
    tree["项目"][0]["绩效目标"] = goals
    return tree


def performance_rows(made: Docx) -> list[etree._Element]:
    [found] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='项目绩效目标表']/../..")
    return found.findall(f"{W}tr/{W}trPr")


def marks(rows: list[etree._Element], name: str) -> list[bool]:
    return [row.find(f"{W}{name}") is not None for row in rows]


def test_tall_rows_may_break_and_tall_headers_do_not_come_again() -> None:
    """A goal that grows: its row is part of the header, then it is not, then it fills a page."""
    ways: list[tuple[bool, bool]] = []
    for length in range(1, 60):
        rows = performance_rows(make(project_with(["做好档案工作。" * 20] * length)))
        repeats, whole, heights = (
            marks(rows, name) for name in ("tblHeader", "cantSplit", "trHeight")
        )
        assert repeats == [repeats[0], repeats[0], False, False, False]
        assert whole == heights == [whole[0], True, True, True, True]
        ways.append((repeats[0], whole[0]))
    assert list(dict.fromkeys(ways)) == [(True, True), (False, True), (False, False)]


@pytest.mark.parametrize(("units", "kept"), [(6, True), (40, False)])
def test_rows_that_do_not_fit_on_a_page_are_not_kept_together(units: int, kept: bool) -> None:
    tree = budgets.department()
    tree["机构设置"] = tree["机构设置"] * units
    body = make(tree).body
    [found] = body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='机构设置情况']/../..")
    body_rows = found.findall(f"{W}tr")[1:]
    assert len(body_rows) == units
    assert (body_rows[0].find(f".//{W}keepNext") is not None) is kept


def kept_rows(made: Docx, caption: str) -> list[bool]:
    """Whether the first paragraph of each row says that it stays with the next row."""
    [table] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='{caption}']/../..")
    return [
        next(row.iter(f"{W}p")).find(f"{W}pPr/{W}keepNext") is not None
        for row in table.findall(f"{W}tr")
    ]


def test_the_last_rows_of_a_table_that_breaks_stay_together() -> None:
    """They are taken to; so the file must say so, though the other rows are let go."""
    tree = budgets.department()
    tree["机构设置"] = tree["机构设置"] * 40
    assert kept_rows(make(tree), "机构设置情况")[1:] == [False] * 37 + [True, True, False]


def table_of(*rows: list[str]) -> Table:
    """What is read of a table; of a row every other piece is a value."""
    pieces = ["<w:tbl><w:tblPr/>", *chain.from_iterable(rows), "</w:tbl>"]
    values = {piece for row in rows for piece in row[1::2]}
    reader = Reader(Measures(GEOMETRY, set(pieces) - values))
    reader.read(pieces)
    [table] = reader.blocks
    assert isinstance(table, Table)
    return table


def row_of(*words: str, properties: str = "<w:trPr/>") -> list[str]:
    """A row of one cell; every other one of its words is a value."""
    first, *others = words
    width = '<w:tcW w:w="3000"/>'
    first = f"<w:tr>{properties}<w:tc><w:tcPr>{width}</w:tcPr><w:p><w:r><w:t>{first}"
    *between, last = [first, *others] if len(words) % 2 else [first, *others, ""]
    return [*between, f"{last}</w:t></w:r></w:p></w:tc></w:tr>"]


LONG = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("", LONG), 2),
        ((LONG,), 2),
        (("一二三四五", "六七八九十"), 2),
        (("", "一二三四五", "六七八九十"), 2),
        (("", "一二三四五", "", "六七八九十"), 2),
        (("", "一", "<w:br/>", "二"), 2),
        (("一<w:br/>二",), 2),
        (("", "&lt;一&gt;"), 1),
        (("", ""), 1),
        (("",), 1),
    ],
)
def test_a_row_is_measured_whatever_of_it_is_constant(words: tuple[str, ...], lines: int) -> None:
    [low], [row] = (table_of(row_of(*ws)).rows for ws in (("", "一二三"), words))
    assert row.height == low.height + (lines - 1) * GEOMETRY.format("").pitch


def test_shapes_of_rows_are_not_remembered_for_ever() -> None:
    """Conditions in cells make many; forgotten ones are read again."""
    shapes = stream.Shapes(GEOMETRY, "")
    rows = [(Constant("".join(row_of("一" * i))),) for i in range(12)]
    with mock.patch.object(stream, "_MOST_SHAPES", 3):
        first, again = ([shapes[row].least for row in rows] for _ in range(2))
    assert len(shapes) <= 3
    assert first == again and first[0] < first[-1]


def test_rows_of_one_shape_are_as_high_as_each_needs() -> None:
    rows = table_of(*(row_of("", text) for text in ("一", LONG, "", LONG, "一" * 30))).rows
    low, *others = [row.height for row in rows]
    assert others == [others[0], low, others[0], others[3]] and low < others[0] < others[3]


@pytest.mark.parametrize("properties", ["", "<w:trPr/>"])
def test_a_row_without_properties_of_its_own(properties: str) -> None:
    """It is measured like others; its height can only be written where there are some."""
    table = table_of(row_of("", LONG), row_of("", LONG, properties=properties), row_of("", "一"))
    first, row, _ = table.rows
    assert row.height == first.height
    assert row.described == bool(properties)


def test_a_break_is_written_where_the_pages_would_come_apart() -> None:
    """Some number of lines above puts a heading on the edge: none of them is left to the fonts."""
    found = set()
    for count in range(1, 18):
        tree = budgets.department()
        tree["文字"]["职责"] = ["做好工作。"] * count + ["指标2023年为98.50%，" * 9]
        made = make(tree)
        breaks = [
            p
            for p in made.body.findall(f"{W}p/{W}pPr")
            if p.find(f"{W}pageBreakBefore") is not None
        ]
        found.add(len(breaks))
        for properties in breaks:
            order = [str(child.tag).removeprefix(W) for child in properties]
            assert order[: order.index("pageBreakBefore")] in (["pStyle"], ["pStyle", "keepNext"])
    assert len(found) > 1


def many_units(count: int) -> Tree:
    tree = with_two_units()
    [first, *_] = tree["所属单位"]
    tree["所属单位"] = [
        {
            **first,
            "基本信息": {**first["基本信息"], "名称": f"某市第{i}数据中心", "编码": f"3450{i:02}"},
        }
        for i in range(1, count + 1)
    ]
    return tree


def test_a_contents_of_several_pages_changes_nothing() -> None:
    few, many = (numbers(make(many_units(n)).data) for n in (2, 40))
    to_a_page = GEOMETRY.pages[0].height // GEOMETRY.style("TOC3").pitch
    assert len(few) < to_a_page < len(many) / 2
    assert many[: len(few)] == few


def test_finding_pages_takes_time_in_proportion() -> None:
    times = []
    for projects in (50, 200):
        with mock.patch.object(Paginator, "settle", autospec=True, return_value=NoPages()) as spy:
            make(pages_measure.department(3, projects=projects))
        paginator, pieces, headings = spy.call_args.args
        rounds = []
        for _ in range(4):
            start = time.process_time()
            paginator.settle(list(pieces), headings)
            rounds.append(time.process_time() - start)
        times.append(min(rounds))
    assert times[1] < 7 * times[0]  # 4 when it is linear, 16 when it is quadratic


class NoPages(dict[int, int]):
    def __missing__(self, _: int) -> int:
        return 0


# --- the template decides -------------------------------------------------------------------------


def edited(docx: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """A template after changes in a part's XML: regular expression and what takes its place."""
    parts = unpack(docx, "x")
    text = parts[part].decode("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, flags=re.DOTALL)
        assert count, pattern
    return Container({**parts, part: text.encode("utf-8")}).pack({})


def of_style(style: str, old: str) -> str:
    return rf'(w:styleId="{style}">(?:(?!</w:style>).)*?){old}'


LOOSER = (of_style("BodyText", 'w:line="560"'), r'\1w:line="700"')
NAME, WORDS = columns_of("项目绩效目标表")[2:4]
EDITS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "pitch": (STYLES, (LOOSER,)),
    "size": (
        STYLES,
        (
            (of_style("BodyText", '<w:sz w:val="32"/>'), r'\1<w:sz w:val="36"/>'),
            (of_style("BodyText", 'w:firstLine="640"'), r'\1w:firstLine="720"'),
        ),
    ),
    "columns": (
        DOCUMENT,
        (
            (rf'w:w="{NAME}"/>(?=<w:gridCol w:w="{WORDS}"/>)', f'w:w="{NAME - 2000}"/>'),
            (f'<w:gridCol w:w="{WORDS}"/>', f'<w:gridCol w:w="{WORDS + 2000}"/>'),
            (f'<w:tcW w:w="{NAME}" w:type="dxa"/>', f'<w:tcW w:w="{NAME - 2000}" w:type="dxa"/>'),
            (f'<w:tcW w:w="{WORDS}" w:type="dxa"/>', f'<w:tcW w:w="{WORDS + 2000}" w:type="dxa"/>'),
        ),
    ),
    "page": (DOCUMENT, (('w:bottom="1134"', 'w:bottom="1934"'),)),
}


def rendered(docx: bytes, tree: Tree, pack_id: str = PACKS[0]) -> bytes:
    main, *units = work_out(tree, pack_id).contents
    return DocumentTemplate(docx).render(template_context.build(main, units))


@pytest.mark.parametrize("edit", EDITS)
def test_the_numbers_follow_the_template(edit: str) -> None:
    """Nothing about the layout is written down a second time in the program."""
    tree = pages_measure.department(3)
    part, changes = EDITS[edit]
    before = numbers(rendered(TEMPLATE, tree))
    assert numbers(rendered(edited(TEMPLATE, part, *changes), tree)) != before


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"<w:(p|tr)>", r'<w:\1 w:rsidR="00A77B3E">'),
        (r"(</?w:(?:p|pPr|tbl|tr|trPr|tc)>)", "\\1\n  "),
    ],
)
def test_how_the_xml_is_written_changes_no_page(pattern: str, new: str) -> None:
    """Word numbers its paragraphs, other programs indent them."""
    tree = pages_measure.department(3)
    before = rendered(TEMPLATE, tree)
    after = rendered(edited(TEMPLATE, DOCUMENT, (pattern, new)), tree)
    assert numbers(after) == numbers(before)
    found = [
        re.findall(
            r'w:trHeight w:val="(\d+)"|(pageBreakBefore)', unpack(docx, "x")[DOCUMENT].decode()
        )
        for docx in (before, after)
    ]
    assert found[0] == found[1]


def test_rows_without_properties_are_left_as_they_are() -> None:
    """Theirs have no place for a height; the others get theirs, and the pages are known."""
    tree = pages_measure.department(3)
    caption = "项目绩效目标表"
    bare = edited(
        TEMPLATE,
        DOCUMENT,
        (f"({caption}(?:(?!</w:tbl>).)*?<w:tr>)<w:trPr>.*?</w:trPr>", r"\1"),
        (r"<w:keepNext/>", ""),
    )
    body = etree.fromstring(unpack(rendered(bare, tree), "x")[DOCUMENT])
    found = body.findall(f".//{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='{caption}']/../..")
    for table in found:
        described = [row.find(f"{W}trPr/{W}trHeight") is not None for row in table.iter(f"{W}tr")]
        assert described == [False, *(len(described) - 1) * [True]]
    assert found and all(numbers(rendered(bare, tree)))


def test_a_line_of_the_contents_without_its_number_is_no_link() -> None:
    run = r"(<w:r>(?:(?!</w:r>).)*?\.页码(?:(?!</w:r>).)*?</w:r>)"
    choice = r"<w:r><w:t>{% if 草稿 %}</w:t></w:r>\1<w:r><w:t>{% endif %}</w:t></w:r>"
    docx = rendered(edited(TEMPLATE, DOCUMENT, (run, choice)), budgets.department())
    assert numbers(docx) == [] and b"<w:hyperlink" not in unpack(docx, "x")[DOCUMENT]


def test_paragraphs_in_rows_say_once_that_they_are_kept() -> None:
    keeps, style = "<w:keepNext/>", '<w:pStyle w:val="A"/>'
    kept, let_go = (
        "".join(f"<w:p{a}>{p}<w:r/></w:p>" for a in ("", ' w:rsidR="1"') for p in some)
        for some in (
            (
                f"<w:pPr>{style}{keeps}</w:pPr>",
                f"<w:pPr>{keeps}<w:jc/></w:pPr>",
                f"<w:pPr>{keeps}</w:pPr>",
            ),
            (f"<w:pPr>{style}</w:pPr>", "<w:pPr><w:jc/></w:pPr>", ""),
        )
    )
    assert with_keep(let_go) == with_keep(kept) == kept
    assert without_keep(kept).replace("<w:pPr></w:pPr>", "") == let_go


def test_without_a_restart_the_front_counts() -> None:
    plain = edited(TEMPLATE, DOCUMENT, ('<w:pgNumType w:start="1"/>', ""))
    tree = budgets.department()
    before = [int(n) for n in numbers(rendered(TEMPLATE, tree))]
    assert [int(n) for n in numbers(rendered(plain, tree))] == [n + 2 for n in before]


SECTION = (
    '<w:sectPr><w:pgSz w:w="10000" w:h="9000"/>'
    '<w:pgMar w:top="1000" w:bottom="800" w:left="500" w:right="700"/>{}</w:sectPr>'
)
SOME_STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:type="paragraph" w:styleId="Upper"><w:pPr><w:keepNext/><w:pageBreakBefore/>
<w:spacing w:line="700" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="9"/></w:pPr>
<w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Lower"><w:basedOn w:val="Upper"/>
<w:pPr><w:widowControl w:val="0"/></w:pPr><w:rPr><w:sz w:val="32"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Upper table"><w:tblPr><w:tblCellMar><w:left w:w="57"/>
<w:top w:w="20"/></w:tblCellMar><w:tblBorders><w:top w:sz="4"/></w:tblBorders></w:tblPr></w:style>
<w:style w:type="table" w:styleId="Table"><w:basedOn w:val="Upper table"/></w:style>
</w:styles>"""


def test_geometry_reads_inherited_and_direct_properties() -> None:
    sections = SECTION.format("") + SECTION.format('<w:pgNumType w:start="3"/>')
    geometry = Geometry(sections, SOME_STYLES)
    assert geometry.pages == [Page(8800, 7200, None), Page(8800, 7200, 3)]
    found = geometry.format(
        '<w:pPr><w:pStyle w:val="Lower"/><w:pageBreakBefore w:val="0"/></w:pPr>'
    )
    assert (found.pitch, found.exact, found.size, found.first_line) == (700, True, 320, 640)
    assert (found.bold, found.keep_next, found.new_page) == (True, True, False)
    assert not found.widow_control
    table = geometry.table('<w:tblPr><w:tblStyle w:val="Table"/></w:tblPr>')
    assert table == (57 + 108, 20 + 10, 10)


# --- what a template must have --------------------------------------------------------------------


def flaws_of(docx: bytes) -> list[str]:
    parts = {n: d.decode() for n, d in unpack(docx, "x").items() if n.endswith(".xml")}
    return [str(flaw) for flaw in flaws(parts)]


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_packs_have_what_the_numbers_need(pack_id: str) -> None:
    assert flaws_of(packs.load(pack_id).template.read_bytes()) == []


LINE = r'w:line="560" w:lineRule="exact"'
TRAP = "LibreOffice 会丢掉行。请拆开合并，去掉中间的框线。"
FLAWS: dict[str, tuple[str, tuple[str, str], str]] = {
    "pitch": (
        STYLES,
        (of_style("BodyText", LINE), r'\1w:line="360" w:lineRule="auto"'),
        "样式“Body Text”：段落行距不是固定值，页码会随字体变。请在“段落”里把行距改为“固定值”。",
    ),
    "cut": (
        STYLES,
        (of_style("TableText", 'w:line="300"'), r'\1w:line="200"'),
        "样式“表内文字”：段落行距小于字号，字会被截去。请加大行距。",
    ),
    "widows": (
        STYLES,
        (of_style("BodyText", "<w:spacing"), r"\1<w:widowControl/><w:spacing"),
        "样式“Body Text”：段落开了“孤行控制”，页码会算不准。请在“段落—换行和分页”里关掉。",
    ),
    "space": (
        STYLES,
        (of_style("ChapterTitle", 'w:before="0"'), r'\1w:before="120"'),
        "样式“章标题”：有段前或段后间距，页码会算不准。请改为 0，需要空白就加大行距。",
    ),
    "automatic space": (
        STYLES,
        (of_style("ChapterTitle", 'w:afterAutospacing="0"'), r'\1w:afterAutospacing="1"'),
        "样式“章标题”：段前或段后间距是“自动”，各种软件不一样。请改为 0。",
    ),
    "grid": (
        DOCUMENT,
        (
            "</w:sectPr></w:body>",
            '<w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr></w:body>',
        ),
        "正文：目录的页码是按版式算出来的，不能有文档网格。请在“页面设置—文档网格”里选“无网格”。",
    ),
    "columns": (
        DOCUMENT,
        ("</w:sectPr></w:body>", '<w:cols w:num="2"/></w:sectPr></w:body>'),
        "正文：目录的页码是按版式算出来的，正文不能分栏。请改为一栏。",
    ),
    "section": (
        DOCUMENT,
        ('<w:type w:val="nextPage"/>', '<w:type w:val="oddPage"/>'),
        "正文：目录的页码是按版式算出来的，分节符只能是“下一页”。请改用“下一页”分节符。",
    ),
    "break": (
        DOCUMENT,
        ("</w:pPr>(?=<w:r>(?:(?!</w:r>).)*收支总表)", '</w:pPr><w:r><w:br w:type="page"/></w:r>'),
        "正文：目录的页码是按版式算出来的，不能用手工分页符。请改用下一段的“段前分页”。",
    ),
    "autofit": (
        DOCUMENT,
        (r'<w:tblLayout w:type="fixed"/>(?=(?:(?!</w:tblPr>).)*"机构设置情况")', ""),
        "表“机构设置情况”：列宽会随内容变。请在“表格属性—选项”里去掉“自动重调尺寸以适应内容”。",
    ),
    "splitting rows": (
        DOCUMENT,
        ("<w:cantSplit/>(?=(?:(?!</w:trPr>|cantSplit).)*</w:trPr>(?:(?!</w:tr>).)*行.物品)", ""),
        "表“政府采购预算”：行可以跨页断开。请在“表格属性—行”里去掉“允许跨页断行”。",
    ),
    "fixed height": (
        DOCUMENT,
        (r'(w:val="\d+" w:hRule=)"atLeast"(?=(?:(?!</w:tr>).)*行.物品)', r'\1"exact"'),
        "表“政府采购预算”：行高是固定值，文字多时会被截去。请改为“最小值”。",
    ),
    "width": (
        DOCUMENT,
        (
            r'<w:tcW w:w="\d+" w:type="dxa"/>(?=(?:(?!</w:tc>).)*行.物品)',
            '<w:tcW w:w="999" w:type="dxa"/>',
        ),
        "表“政府采购预算”第 3 列：单元格宽度和列宽不一致，各种软件会排得不同。请重新拖动这一列的边线。",
    ),
    "merged header": (
        DOCUMENT,
        (
            r'(w:val="机构设置情况"/>.*?<w:tcW w:w="\d+" w:type="dxa"/>)',
            r'\1<w:vMerge w:val="restart"/>',
        ),
        f"表“机构设置情况”：重复表头里有上下合并的单元格，又不从新的一页开始，{TRAP}",
    ),
    "picture": (
        DOCUMENT,
        ("</w:sectPr></w:pPr></w:p>", "</w:sectPr></w:pPr><w:r><w:drawing/></w:r></w:p>"),
        "正文：目录的页码是按版式算出来的，正文里不能有图片或图形。请移到页眉，或删去。",
    ),
    "tag in properties": (
        DOCUMENT,
        ('<w:trHeight w:val="280"', '<w:trHeight w:val="{{ 部门.高 }}"'),
        "正文：占位符不能写在段落、行或单元格的属性里。请写在文字里。",
    ),
    "language": (
        STYLES,
        (r'<w:lang w:val="[^"]*"', '<w:lang w:val="zh-CN"'),
        "样式“Body Text”：数字和字母的语言是中文，LibreOffice 会把一个数拆在两行。"
        "请把西文的语言改为“英语（美国）”。",
    ),
    "language of a run": (
        DOCUMENT,
        (
            "</w:pPr><w:r>(?=(?:(?!</w:r>).)*{{)",
            '</w:pPr><w:r><w:rPr><w:lang w:val="zh-CN"/></w:rPr>',
        ),
        "样式“Body Text”：数字和字母的语言是中文，LibreOffice 会把一个数拆在两行。"
        "请把西文的语言改为“英语（美国）”。",
    ),
    "compression": (
        "word/settings.xml",
        ("doNotCompress", "compressPunctuation"),
        "模板：设了压缩标点，行里的字数会随软件变。请在“选项—版式”里改为“不压缩”。",
    ),
    "mirror": (
        "word/settings.xml",
        ("<w:zoom", "<w:evenAndOddHeaders/><w:zoom"),
        "模板：区分单双页，页边距或页眉会不同。请在“页面设置”里去掉。",
    ),
    "footer": (
        STYLES,
        (of_style("Footer", 'w:line="360"'), r'\1w:line="900"'),
        "页脚：比页边距还高，会把正文推开。请加大页边距，或减少页脚的内容。",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_of_a_template_is_told(flaw: str) -> None:
    part, change, message = FLAWS[flaw]
    assert message in flaws_of(edited(TEMPLATE, part, change))


# --- a template that LibreOffice has saved --------------------------------------------------------


def in_paragraph(text: str, properties: str = "", more: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r>{more}</w:p>"


BREAK = '<w:r><w:br w:type="page"/></w:r>'


def test_a_page_break_beside_a_tag_is_kept() -> None:
    tag, title = in_paragraph("{%p endfor %}", more=BREAK), in_paragraph("{{ 题 }}")
    other = in_paragraph("{%p if 题 %}")
    assert apart(tag + other + title + title) == (
        in_paragraph("{%p endfor %}", more="<w:r></w:r>")
        + other
        + in_paragraph("{{ 题 }}", "<w:pageBreakBefore/>")
        + title
    )
    assert apart(in_paragraph("文", more=BREAK) + title) == in_paragraph("文", more=BREAK) + title


def test_the_end_of_a_section_beside_a_tag_is_kept() -> None:
    section = "<w:sectPr><w:pgSz/></w:sectPr>"
    assert apart(in_paragraph("{%p endfor %}", section)) == (
        in_paragraph("{%p endfor %}") + f"<w:p><w:pPr>{section}</w:pPr></w:p>"
    )
    assert apart(in_paragraph("", section)) == in_paragraph("", section)


def test_a_text_after_a_tab_has_a_run_of_its_own() -> None:
    assert apart("<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>") == (
        "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t><w:tab/></w:r>"
        "<w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r>"
    )


def test_quotation_marks_in_tags_are_plain() -> None:
    assert with_plain_quotes("{% if a == &apos;b&apos; %}&apos;") == "{% if a == 'b' %}&apos;"


# --- against LibreOffice --------------------------------------------------------------------------


def missing_tool() -> str:
    """What these tests need and this machine has not, or ``""``."""
    for tool in ("soffice", "pdftotext", "pdfinfo", "fc-list"):
        if not shutil.which(tool):
            return tool
    installed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
    font = next(iter(FONTS["known"].values()))
    return "" if font in installed else font


office = [pytest.mark.office, pytest.mark.skipif(bool(missing_tool()), reason=missing_tool())]


def office_test(function: Callable[..., None]) -> Callable[..., None]:
    for mark in office:
        function = mark(function)
    return function


@office_test
@pytest.mark.parametrize("fonts", ["known", "missing"])
def test_the_stored_numbers_are_those_of_libreoffice(fonts: str, tmp_path: Path) -> None:
    made = [(name, make(case_tree(name))) for name in CASES]
    made += [pages_measure.generated(number) for number in (1, 10)]
    made.append(("units", make(many_units(12))))  # a contents of two pages
    tally = measure(made, FONTS[fonts], tmp_path / "out", tmp_path / "profile")
    assert tally.lines > 70 and not tally.misses and not tally.lost


@office_test
def test_the_numbers_of_an_edited_template_are_those_of_libreoffice(
    tmp_path: Path,
) -> None:
    tree = pages_measure.department(3)
    made = [
        (edit, Made(rendered(edited(TEMPLATE, part, *changes), tree)))
        for edit, (part, changes) in EDITS.items()
    ]
    tally = measure(made, FONTS["known"], tmp_path / "out", tmp_path / "profile")
    assert not tally.misses and not tally.lost


@office_test
def test_a_template_saved_by_libreoffice_gives_the_same_numbers(
    tmp_path: Path,
) -> None:
    file = tmp_path / "template.docx"
    file.write_bytes(TEMPLATE)
    pages_measure.convert([file], tmp_path / "saved", tmp_path / "profile", "docx")
    saved = (tmp_path / "saved" / "template.docx").read_bytes()
    tree = pages_measure.department(3)
    assert flaws_of(saved) == []
    assert numbers(rendered(saved, tree)) == numbers(rendered(TEMPLATE, tree))
    made = [("saved", Made(rendered(saved, tree)))]
    assert not measure(made, FONTS["known"], tmp_path / "out", tmp_path / "profile").misses
