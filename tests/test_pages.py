"""The paginator: lines, heights of rows, pages, and what a template must have for them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import budgets
import pages_measure
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pages_measure import FONTS, measure, stored_pages
from support import CASES, Docx, Made, Tree, W, case_tree, make, with_two_units, work_out

from generator import pack as packs
from generator.render import context as template_context
from generator.render.container import Container, unpack
from generator.render.paginate.flow import Chain, Layout, Row, SectionEnd, Table, Text
from generator.render.paginate.geometry import Geometry, Page
from generator.render.paginate.lines import NARROW, WIDE, Measure, may_break
from generator.render.paginate.requirements import flaws
from generator.render.resaved import apart, with_plain_quotes
from generator.render.template import DocumentTemplate

PACKS = packs.available()
EM = 100  # the size of the text in these tests


# --- lines ----------------------------------------------------------------------------------------


def lines(text: str, columns: float, *, cell: bool = False, first: int = 0) -> list[str]:
    """A text in a column of so many characters' width, with the least widths."""
    ends = Measure(NARROW).breaks(text, EM, int(columns * EM), first, cell=cell)
    return [text[i:j] for i, j in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("一二三四五六", 4, ["一二三四", "五六"]),
        ("一二三四", 4, ["一二三四"]),
        ("一二三（四五）", 4, ["一二三", "（四五）"]),  # no opening mark at the end of a line
        ("一二三四》五", 4, ["一二三", "四》五"]),  # no closing mark at the beginning
        ("一二三“四五”", 4, ["一二三", "“四五”"]),
        ("一二三四。五", 4, ["一二三四。", "五"]),  # a full stop hangs over the edge
        ("一二三四，", 4, ["一二三四，"]),
        ("一二三四五12.50元", 6, ["一二三四五", "12.50元"]),  # a number is not parted
        ("一二三2023-12-31四", 6, ["一二三2023-", "12-31四"]),  # but after a hyphen it is
        ("一二三OA系统", 5, ["一二三OA", "系统"]),
        ("一二三四 五六", 4, ["一二三四 ", "五六"]),  # a blank at the end takes no room
        ("1234567890", 2, ["1234", "5678", "90"]),  # nothing is allowed: anywhere
        ("（2023）一", 2, ["（", "2023", "）一"]),  # … but rather where the script changes
        ("", 4, [""]),
    ],
)
def test_where_lines_of_running_text_end(text: str, columns: float, expected: list[str]) -> None:
    assert lines(text, columns) == expected


def test_nothing_hangs_over_the_edge_of_a_cell() -> None:
    assert lines("一二三四。五", 4, cell=True) == ["一二三", "四。五"]
    assert lines("一二，12", 3, cell=True) == ["一", "二，12"]


def test_the_first_line_is_indented() -> None:
    assert lines("一二三四五六", 4, first=2 * EM) == ["一二", "三四五六"]


def test_a_gap_stands_between_chinese_and_latin() -> None:
    """0.2 em on each side of the number: 2 + 0.4 + 2 × 0.5 em."""
    assert lines("一12二", 3.4) == ["一12二"]
    assert lines("一12二", 3.3) == ["一12", "二"]
    assert lines("一（12）二", 5) == ["一（12）二"]  # none next to punctuation


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        *(("国", "家", True), ("国", "，", False), ("《", "国", False), ("国", "1", True)),
        *(("1", "国", True), ("1", "%", False), ("%", "国", True), ("a", "b", False)),
        *(("甲", "①", True), ("é", "国", True), ("）", "1", False)),
    ],
)
def test_where_a_line_may_end(before: str, after: str, allowed: bool) -> None:
    assert may_break(before, after) is allowed


def test_line_breaks_within_a_paragraph_count() -> None:
    assert Measure(WIDE).lines("一\n二\n三", EM, 40 * EM) == 3


TEXTS = st.text(alphabet="国家预算，。、（）《》“”12.5%-aMW OA—…①㎡", max_size=120)


@given(TEXTS, st.integers(3, 44), st.booleans())
def test_narrow_letters_never_need_more_lines(text: str, columns: int, cell: bool) -> None:
    """The two documents of the layout keep their order; words too long for a line aside."""
    few = Measure(NARROW).lines(text, EM, columns * EM, cell=cell)
    many = Measure(WIDE).lines(text, EM, columns * EM, cell=cell)
    assert few >= 1
    assert few <= many + 1


@given(TEXTS, st.integers(3, 44))
def test_every_character_stands_on_a_line(text: str, columns: int) -> None:
    assert "".join(lines(text, columns)) == text


# --- pages ----------------------------------------------------------------------------------------

SMALL = Page(width=1000, height=1000, start=None)


def text(at: int, few: int, many: int | None = None, **more: Any) -> Text:
    """A paragraph with lines of 100."""
    many = few if many is None else many
    fields = {"keep_next": False, "new_page": False, **more}
    return Text(at, at, 100, 0, 0, few, many, **fields)


def pages_of(*blocks: Text | Table | SectionEnd) -> tuple[list[int], Layout]:
    """The page of each block."""
    layout = Layout([SMALL])
    layout.run(blocks)
    return [page for _, page in layout.starts], layout


def test_paragraphs_break_between_lines() -> None:
    assert pages_of(text(0, 8), text(1, 4), text(2, 8), text(3, 1))[0] == [0, 0, 1, 2]


def test_a_paragraph_may_be_longer_than_a_page() -> None:
    assert pages_of(text(0, 5), text(1, 27), text(2, 1))[0] == [0, 0, 3]


def test_a_heading_moves_with_what_follows() -> None:
    assert pages_of(text(0, 9), text(1, 1, keep_next=True), text(2, 3))[0] == [0, 1, 1]
    assert pages_of(text(0, 8), text(1, 1, keep_next=True), text(2, 3))[0] == [0, 0, 0]


def test_a_section_and_a_page_break_begin_a_page() -> None:
    assert pages_of(text(0, 1), SectionEnd(), text(1, 1, new_page=True))[0] == [0, 1]
    assert pages_of(text(0, 1), text(1, 1, new_page=True), text(2, 1))[0] == [0, 1, 1]


def table(at: int, *heights: int, headers: int = 1, keep: int = 0) -> Table:
    """A table; ``keep`` rows after the header stay with the next."""
    return Table(
        at,
        [Row(h, i < headers, headers <= i < headers + keep) for i, h in enumerate(heights)],
        border=10,
    )


def test_the_header_of_a_table_comes_again() -> None:
    """Eight rows of 110 below a header of 100: a page holds eight, not nine."""
    assert pages_of(table(0, 100, *[110] * 8), text(1, 1))[0] == [0, 1]
    assert pages_of(table(0, 100, *[110] * 16), text(1, 1))[0] == [0, 2]
    assert pages_of(table(0, 100, *[110] * 15), text(1, 1))[0] == [0, 1]


def test_the_line_below_the_last_row_needs_room() -> None:
    assert pages_of(text(0, 5), table(1, 100, 390), text(2, 1))[0] == [0, 0, 1]
    assert pages_of(text(0, 5), table(1, 100, 400), text(2, 1))[0] == [0, 1, 1]


def test_a_table_moves_when_its_first_rows_do_not_fit() -> None:
    assert pages_of(text(0, 6), table(1, 100, 200, 200, keep=1))[0] == [0, 1]
    assert pages_of(text(0, 6), table(1, 100, 200, 200))[0] == [0, 0]


@pytest.mark.parametrize(
    ("height", "edge"), [(387, False), (388, True), (395, True), (403, True), (404, False)]
)
def test_a_page_begins_before_a_table_on_the_edge(height: int, edge: bool) -> None:
    """Its first rows fit if the line below them (10) does not count, and do not if it does."""
    blocks = [text(0, 4), text(1, 1, keep_next=True), table(2, 100, height, 50)]
    pages, layout = pages_of(*blocks)
    assert list(layout.breaks.values()) == ([1] if edge else [])
    assert pages == [0, 0, 0] if height < 388 else [0, 1, 1]


def test_a_page_begins_before_a_table_whose_place_is_not_known() -> None:
    blocks = [text(0, 3, 4), text(1, 1, keep_next=True), table(2, 100, 450, 50)]
    assert list(pages_of(*blocks)[1].breaks.values()) == [1]


def test_pages_are_made_equal_before_a_heading() -> None:
    """Nine lines or ten: the heading would stand on the first page or on the second."""
    blocks = [text(0, 4), text(1, 4, 5), text(2, 1, keep_next=True, heading=True), text(3, 1)]
    pages, layout = pages_of(*blocks)
    assert pages == [0, 0, 1, 1]
    assert list(layout.breaks.values()) == [2] and not layout.doubtful


def test_the_page_begins_as_late_as_it_can() -> None:
    blocks = [text(0, 4), text(1, 3), text(2, 2, 4), text(3, 1, heading=True), text(4, 1)]
    pages, layout = pages_of(*blocks)
    assert list(layout.breaks.values()) == [2]
    assert pages == [0, 0, 1, 1, 1]


def test_pages_that_agree_are_left_alone() -> None:
    """The lines differ, but no heading's page does."""
    blocks = [text(0, 7, 8), text(1, 6), text(2, 4), text(3, 1, heading=True)]
    pages, layout = pages_of(*blocks)
    assert pages[-1] == 1 and not layout.breaks and not layout.doubtful


def test_a_page_is_known_to_be_doubtful() -> None:
    """A paragraph of more than a page from the top: no page can begin within it."""
    _, layout = pages_of(text(0, 9, 11), text(1, 1, heading=True), text(2, 1))
    assert layout.doubtful == [1]


def test_what_may_not_begin_a_page_is_passed_over() -> None:
    without = text(1, 4, 5)
    without.anchor = -1
    assert Chain([], without).anchor == -1
    _, layout = pages_of(text(0, 4), text(2, 1), without, text(3, 1, heading=True), text(4, 1))
    assert list(layout.breaks.values()) == [3]


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
    tree = budgets.department()
    indicators = tree["项目"][0]["绩效指标"]
    indicators[1]["三级指标"] = "合" * 30  # 12 to a line in this column
    indicators[2]["指标值确定依据"] = "问卷调查2023OA"
    heights = row_heights(make(tree), "项目绩效目标表")
    assert heights == [360, 360, 320, 910, 320]


def project_with(goals: list[str]) -> Tree:
    tree = budgets.department()
    tree["项目"][0]["绩效目标"] = goals
    return tree


def performance_rows(made: Docx) -> list[etree._Element]:
    [found] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='项目绩效目标表']/../..")
    return found.findall(f"{W}tr/{W}trPr")


def marks(rows: list[etree._Element], name: str) -> list[bool]:
    return [row.find(f"{W}{name}") is not None for row in rows]


def test_a_row_taller_than_a_page_may_break() -> None:
    rows = performance_rows(make(project_with(["做好档案工作。" * 20] * 15)))
    assert marks(rows, "cantSplit") == [False, True, True, True, True]
    assert marks(rows, "trHeight") == [False, True, True, True, True]
    assert not any(marks(rows, "tblHeader"))


def test_a_header_that_leaves_no_room_does_not_come_again() -> None:
    rows = performance_rows(
        make(project_with(["做好档案工作。" * 20] * 9 + ["做好档案工作。"] * 3))
    )
    assert all(marks(rows, "cantSplit"))
    assert not any(marks(rows, "tblHeader"))
    rows = performance_rows(make(project_with(["做好档案工作。" * 20] * 3)))
    assert marks(rows, "tblHeader") == [True, True, False, False, False]


@pytest.mark.parametrize(("units", "kept"), [(6, True), (40, False)])
def test_rows_that_do_not_fit_on_a_page_are_not_kept_together(units: int, kept: bool) -> None:
    tree = budgets.department()
    tree["机构设置"] = tree["机构设置"] * units
    body = make(tree).body
    [found] = body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='机构设置情况']/../..")
    body_rows = found.findall(f"{W}tr")[1:]
    assert len(body_rows) == units
    assert (body_rows[0].find(f".//{W}keepNext") is not None) is kept


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
    assert many[: len(few)] == few


# --- the template decides -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template() -> bytes:
    return packs.load(PACKS[0]).template.read_bytes()


def edited(docx: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """A template after changes in a part's XML: regular expression and what takes its place."""
    parts = unpack(docx, "x")
    text = parts[part].decode("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, flags=re.DOTALL)
        assert count, pattern
    return Container({**parts, part: text.encode("utf-8")}).pack({})


STYLES, DOCUMENT = "word/styles.xml", "word/document.xml"


def of_style(style: str, old: str) -> str:
    return rf'(w:styleId="{style}">(?:(?!</w:style>).)*?){old}'


LOOSER = (of_style("BodyText", 'w:line="560"'), r'\1w:line="700"')
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
            (r'w:w="2700"(?=[^/]*/><w:gridCol w:w="3400"/>)', 'w:w="1700"'),
            ('<w:gridCol w:w="3400"/>', '<w:gridCol w:w="4400"/>'),
            ('<w:tcW w:w="2700" w:type="dxa"/>', '<w:tcW w:w="1700" w:type="dxa"/>'),
            ('<w:tcW w:w="3400" w:type="dxa"/>', '<w:tcW w:w="4400" w:type="dxa"/>'),
        ),
    ),
    "page": (DOCUMENT, (('w:bottom="1134"', 'w:bottom="1934"'),)),
}


def rendered(docx: bytes, tree: Tree, pack_id: str = PACKS[0]) -> bytes:
    main, *units = work_out(tree, pack_id).contents
    return DocumentTemplate(docx).render(template_context.build(main, units))


@pytest.mark.parametrize("edit", EDITS)
def test_the_numbers_follow_the_template(edit: str, template: bytes) -> None:
    """Nothing about the layout is written down a second time in the program."""
    tree = pages_measure.department(3)
    part, changes = EDITS[edit]
    before = numbers(rendered(template, tree))
    assert numbers(rendered(edited(template, part, *changes), tree)) != before


def test_without_a_restart_the_front_counts(template: bytes) -> None:
    plain = edited(template, DOCUMENT, ('<w:pgNumType w:start="1"/>', ""))
    tree = budgets.department()
    before = [int(n) for n in numbers(rendered(template, tree))]
    assert [int(n) for n in numbers(rendered(plain, tree))] == [n + 2 for n in before]


def test_geometry_reads_inherited_and_direct_properties(template: bytes) -> None:
    parts = {n: d.decode() for n, d in unpack(template, "x").items()}
    geometry = Geometry(parts[DOCUMENT], parts[STYLES])
    assert geometry.pages == [Page(14080, 9525, None), Page(14080, 9525, 1)]
    title = geometry.format(
        '<w:pPr><w:pStyle w:val="TableTitle"/><w:pageBreakBefore w:val="0"/></w:pPr>'
    )
    assert (title.pitch, title.size, title.keep_next, title.new_page) == (720, 440, True, False)
    body = geometry.format('<w:pPr><w:pStyle w:val="BodyText"/></w:pPr>')
    assert (body.first_line, body.pitch, body.exact, body.widow_control) == (640, 560, True, False)
    assert geometry.table('<w:tblPr><w:tblStyle w:val="PublicTable"/></w:tblPr>') == (114, 10, 10)


# --- what a template must have --------------------------------------------------------------------


def flaws_of(docx: bytes) -> list[str]:
    return flaws({n: d.decode() for n, d in unpack(docx, "x").items() if n.endswith(".xml")})


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_packs_have_what_the_numbers_need(pack_id: str) -> None:
    assert flaws_of(packs.load(pack_id).template.read_bytes()) == []


LINE = r'w:line="560" w:lineRule="exact"'
TRAP = "LibreOffice 会丢掉行；请拆开合并，去掉中间的框线。"
FLAWS: dict[str, tuple[str, tuple[str, str], str]] = {
    "pitch": (
        STYLES,
        (of_style("BodyText", LINE), r'\1w:line="360" w:lineRule="auto"'),
        "样式“Body Text”的段落行距不是固定值，页码会随字体变；请在“段落”里把行距改为“固定值”。",
    ),
    "cut": (
        STYLES,
        (of_style("TableText", 'w:line="300"'), r'\1w:line="200"'),
        "样式“表内文字”的段落行距小于字号，字会被截去；请加大行距。",
    ),
    "widows": (
        STYLES,
        (of_style("BodyText", "<w:spacing"), r"\1<w:widowControl/><w:spacing"),
        "样式“Body Text”的段落开了“孤行控制”，页码会算不准；请在“段落—换行和分页”里关掉。",
    ),
    "space": (
        STYLES,
        (of_style("ChapterTitle", 'w:before="0"'), r'\1w:before="120"'),
        "样式“章标题”的段落有段前或段后间距，页码会算不准；请改为 0，需要空白就加大行距。",
    ),
    "automatic space": (
        STYLES,
        (of_style("ChapterTitle", 'w:afterAutospacing="0"'), r'\1w:afterAutospacing="1"'),
        "样式“章标题”的段落段前或段后间距是“自动”，各种软件不一样；请改为 0。",
    ),
    "grid": (
        DOCUMENT,
        (
            "</w:sectPr></w:body>",
            '<w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr></w:body>',
        ),
        "目录的页码是按版式算出来的，不能有文档网格；请在“页面设置—文档网格”里选“无网格”。",
    ),
    "columns": (
        DOCUMENT,
        ("</w:sectPr></w:body>", '<w:cols w:num="2"/></w:sectPr></w:body>'),
        "目录的页码是按版式算出来的，正文不能分栏；请改为一栏。",
    ),
    "section": (
        DOCUMENT,
        ('<w:type w:val="nextPage"/>', '<w:type w:val="oddPage"/>'),
        "目录的页码是按版式算出来的，分节符只能是“下一页”；请改用“下一页”分节符。",
    ),
    "break": (
        DOCUMENT,
        ("</w:pPr>(?=<w:r>(?:(?!</w:r>).)*收支总表)", '</w:pPr><w:r><w:br w:type="page"/></w:r>'),
        "目录的页码是按版式算出来的，不能用手工分页符；请改用下一段的“段前分页”。",
    ),
    "autofit": (
        DOCUMENT,
        (r'<w:tblLayout w:type="fixed"/>(?=(?:(?!</w:tblPr>).)*"机构设置情况")', ""),
        "表“机构设置情况”的列宽会随内容变；请在“表格属性—选项”里去掉“自动重调尺寸以适应内容”。",
    ),
    "splitting rows": (
        DOCUMENT,
        ("<w:cantSplit/>(?=(?:(?!</w:trPr>|cantSplit).)*</w:trPr>(?:(?!</w:tr>).)*行.物品)", ""),
        "表“政府采购预算”的行可以跨页断开；请在“表格属性—行”里去掉“允许跨页断行”。",
    ),
    "fixed height": (
        DOCUMENT,
        (r'(w:val="280" w:hRule=)"atLeast"(?=(?:(?!</w:tr>).)*行.物品)', r'\1"exact"'),
        "表“政府采购预算”的行高是固定值，文字多时会被截去；请改为“最小值”。",
    ),
    "width": (
        DOCUMENT,
        (
            '<w:tcW w:w="1370" w:type="dxa"/>(?=(?:(?!</w:tc>).)*行.物品)',
            '<w:tcW w:w="1380" w:type="dxa"/>',
        ),
        "表“政府采购预算”的单元格宽度和列宽不一致，各种软件会排得不同；请重新拖动这一列的边线。",
    ),
    "merged header": (
        DOCUMENT,
        (
            '(w:val="机构设置情况"/></w:tblPr>.*?<w:tcW w:w="5680" w:type="dxa"/>)',
            r'\1<w:vMerge w:val="restart"/>',
        ),
        f"表“机构设置情况”的重复表头里有上下合并的单元格，又不从新的一页开始，{TRAP}",
    ),
    "picture": (
        DOCUMENT,
        ("</w:sectPr></w:pPr></w:p>", "</w:sectPr></w:pPr><w:r><w:drawing/></w:r></w:p>"),
        "目录的页码是按版式算出来的，正文里不能有图片或图形；请移到页眉，或删去。",
    ),
    "tag in properties": (
        DOCUMENT,
        ('<w:trHeight w:val="280"', '<w:trHeight w:val="{{ 部门.高 }}"'),
        "占位符不能写在段落、行或单元格的属性里；请写在文字里。",
    ),
    "compression": (
        "word/settings.xml",
        ("doNotCompress", "compressPunctuation"),
        "模板设了压缩标点，行里的字数会随软件变；请在“选项—版式”里改为“不压缩”。",
    ),
    "mirror": (
        "word/settings.xml",
        ("<w:zoom", "<w:evenAndOddHeaders/><w:zoom"),
        "模板区分单双页，页边距或页眉会不同；请在“页面设置”里去掉。",
    ),
    "footer": (
        STYLES,
        (of_style("Footer", 'w:line="360"'), r'\1w:line="900"'),
        "页脚比页边距还高，会把正文推开；请加大页边距，或减少页脚的内容。",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_of_a_template_is_told(flaw: str, template: bytes) -> None:
    part, change, message = FLAWS[flaw]
    assert message in flaws_of(edited(template, part, change))


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
    tally = measure(made, FONTS[fonts], tmp_path / "out", tmp_path / "profile")
    assert tally.lines > 70 and not tally.misses and not tally.lost


@office_test
def test_the_numbers_of_an_edited_template_are_those_of_libreoffice(
    tmp_path: Path, template: bytes
) -> None:
    tree = pages_measure.department(3)
    made = [
        (edit, Made(rendered(edited(template, part, *changes), tree)))
        for edit, (part, changes) in EDITS.items()
    ]
    tally = measure(made, FONTS["known"], tmp_path / "out", tmp_path / "profile")
    assert not tally.misses and not tally.lost


@office_test
def test_a_template_saved_by_libreoffice_gives_the_same_numbers(
    tmp_path: Path, template: bytes
) -> None:
    file = tmp_path / "template.docx"
    file.write_bytes(template)
    pages_measure.convert([file], tmp_path / "saved", tmp_path / "profile", "docx")
    saved = (tmp_path / "saved" / "template.docx").read_bytes()
    tree = pages_measure.department(3)
    assert flaws_of(saved) == []
    assert numbers(rendered(saved, tree)) == numbers(rendered(template, tree))
    made = [("saved", Made(rendered(saved, tree)))]
    assert not measure(made, FONTS["known"], tmp_path / "out", tmp_path / "profile").misses
