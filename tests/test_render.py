"""The compiled template: what it prints, what it refuses, and that values stay values."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import budgets
import pytest
from lxml import etree
from support import Made, W, make

from generator import pack as packs
from generator import render
from generator.problem import UserError
from generator.render.compiler import compile_part
from generator.render.container import Container, unpack
from generator.render.lowering import _mend_merges
from generator.render.program import Escapes, Output, PartFunction, part_function
from generator.render.template import DocumentTemplate

PACKS = packs.available()


def compiled(source: str) -> PartFunction:
    return part_function(compile_part(source, "正文"), "正文")


def printed(source: str, context: dict[str, Any]) -> str:
    output = Output()
    compiled(source)(context, output, Escapes())
    return "".join(output.pieces)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a>{{ 部门.名称 }}</a>", "<a>甲&amp;乙</a>"),
        ("{% for 行 in 表.行 %}<r>{{ 行.数 }}</r>{% endfor %}", "<r>1</r><r></r>"),
        ("{% for 行 in 表.行 %}{% if loop.first %}F{% else %}-{% endif %}{% endfor %}", "F-"),
        ("{% for 行 in 表.行 %}{% if loop.last %}L{% endif %}{{ loop.index }}{% endfor %}", "1L2"),
        ("{% for 行 in 表.行 %}{{ loop.length }}{% endfor %}", "22"),
        ("{% if 类 == '项' %}a{% elif 类 == '组' %}b{% else %}c{% endif %}", "b"),
        ("{% if not 是 or (是 and 类 != '组') %}a{% else %}b{% endif %}", "b"),
        ("{% if 类 in '组项' %}a{% endif %}{% if 空 %}x{% endif %}", "a"),
        (
            "{% for 行 in 表.行 %}{% for 行 in 表.行 %}{{ 行.数 }}{% endfor %}{{ 行.数 }}|{% endfor %}",
            "11|1|",
        ),
    ],
)
def test_what_a_template_may_use(source: str, expected: str) -> None:
    context = {
        **{"部门": {"名称": "甲&乙"}, "表": {"行": [{"数": "1"}, {"数": ""}]}},
        **{"类": "组", "是": True, "空": []},
    }
    assert printed(source, context) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ 部门.名称() }}",
        "{{ ''.__class__ }}{{ 部门|attr('x') }}",
        "{{ 部门.名称|upper }}",
        "{{ cycler() }}",
        "{{ range(10) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1 + 1 }}",
        "{{ 部门[名] }}",
        "{% for x in range(1000000000) %}{% endfor %}",
        "{% for x in 表 if x %}{% endfor %}",
        "{% for x in 表 recursive %}{% endfor %}",
        "{% for a, b in 表 %}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro f() %}{% endmacro %}",
        "{% import 'os' as os %}",
        "{% include 'x' %}",
        "{% block b %}{% endblock %}",
        "{% with %}{% endwith %}",
        "{{ 部门 is defined }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{{ loop.cycle }}",
        "{% for x in 表 %}{{ loop.first }}{% endfor %}",
        "{% for loop in 表 %}{% endfor %}",
        "{{ 5 }}",
        "{{ '\\x01' }}",
        "{{ not 草稿 }}",
        "{{ 甲 or 乙 }}",
        "{% for x in 表 %}{{ loop.previtem }}{% endfor %}",
        "{{ self }}{{ self._TemplateReference__context() }}",
    ],
)
def test_everything_else_is_refused(source: str) -> None:
    with pytest.raises(UserError, match="不允许的写法"):
        compile_part(source, "正文")


def test_a_dunder_is_only_a_field_that_does_not_exist() -> None:
    """Fields are dictionary look-ups, so there is no attribute to reach."""
    with pytest.raises(UserError, match=r"^模板的正文引用了没有的字段“__class__”。"):
        printed("{{ 部门.__class__ }}", {"部门": {}})


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in a %}" * 25 + "{% endfor %}" * 25,
        "{% if a %}" * 120 + "{% endif %}" * 120,
        "{% if " + "(" * 300 + "a" + ")" * 300 + " %}{% endif %}",
        "{% if " + "not " * 900 + "a %}{% endif %}",
        "{% if " + " and ".join("a" * 900) + " %}{% endif %}",
        "{% if a == " + "9" * 5000 + " %}{% endif %}",
    ],
    ids=["for", "if", "parentheses", "not", "and", "digits"],
)
def test_tags_that_are_nested_too_deep(source: str) -> None:
    with pytest.raises(UserError, match=r"^模板的正文里的标记嵌套过深，或数字过长。"):
        compiled(source)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("{{ 表.行 }}", "表.行"),
        ("a{{ 名 }}b{{ 名 }}c{{ 草稿 }}d", "草稿"),
        ("{% for 行 in 表.行 %}{{ 行.序号 }}{{ 行.序号.x }}{% endfor %}", "行.序号.x"),
        ("{% for 行 in 草稿 %}{% endfor %}", "草稿"),
        ("{% for 行 in 表 %}{% endfor %}", "表"),
        ("{% for 字 in 名 %}{{ 字 }}{% endfor %}", "名"),
        ("{% if 名 == '' or 名 in 草稿 %}{% endif %}", "名、名、草稿"),
        ("{{ 名 }}\ue000=page\ue001{{ 表 }}", "表"),
    ],
)
def test_a_field_that_is_not_what_the_template_takes_it_for(source: str, place: str) -> None:
    context = {"表": {"行": [{"序号": "1"}]}, "草稿": True, "名": "甲"}
    with pytest.raises(UserError) as told:
        printed(source, context)
    assert str(told.value) == (
        f"模板的正文里“{place}”用错了地方。"
        "{{ }} 里只能是文字，{% for %} 里只能是成行的内容；请检查模板里的占位符。"
    )


@pytest.mark.parametrize("source", ["{% for x in 表 %}", "{% endif %}", "{{ 部门. }}", "{% if %}"])
def test_tags_that_do_not_close(source: str) -> None:
    with pytest.raises(UserError, match="模板的正文里有写错的标记"):
        compile_part(source, "正文")


@pytest.mark.parametrize(
    "value", ["{{ x }}", "{% for %}", "{_{", "a<b & 'c' \"d\"", "\ue000x\ue001"]
)
def test_a_value_is_never_a_template(value: str) -> None:
    text = printed("<t>{{ 值 }}</t>", {"值": value})
    unescaped = (
        text.removeprefix("<t>")
        .removesuffix("</t>")
        .replace("&quot;", '"')
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )
    assert unescaped == value


@pytest.mark.parametrize("value", [None, 3, 3.5, ["x"]])
def test_only_text_is_printed(value: object) -> None:
    with pytest.raises(UserError, match=r"^模板的正文里“值”用错了地方。"):
        printed("{{ 值 }}", {"值": value})


def test_the_page_number_style_is_text_too() -> None:
    """It is set in by hand, around the field: nothing in it may become a part of the XML."""
    output = Output()
    source = "\ue000=page\ue001{{ 页码 }}"
    compiled(source)({"页码": "<w:br/>&{}"}, output, Escapes())
    assert output.marks == [("page", 0, "&lt;w:br/&gt;&amp;{}")]


@pytest.mark.parametrize("value", ["a\x00", "a\x0bb", "\ud800", "a\uffff"])
def test_what_xml_cannot_carry_is_not_written(value: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        printed("{{ 值 }}", {"值": value})


def replaced(docx: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """A template with a text of one part exchanged."""
    parts = unpack(docx, "x")
    text = parts[part].decode("utf-8")
    assert old in text
    parts[part] = text.replace(old, new).encode("utf-8")
    return Container(parts).pack({})


@pytest.fixture(scope="module")
def template() -> bytes:
    return (packs.packs_root() / PACKS[0] / "disclosure.docx").read_bytes()


def test_a_template_tag_split_over_runs_is_still_one(template: bytes) -> None:
    split = "{{ 封</w:t></w:r><w:r><w:t>面.名称 }}"
    DocumentTemplate(replaced(template, "{{ 封面.名称 }}", split))


def test_an_unknown_field_is_told_by_name(template: bytes) -> None:
    broken = DocumentTemplate(replaced(template, "{{ 封面.名称 }}", "{{ 封皮.名称 }}"))
    with pytest.raises(UserError, match=r"^模板的正文引用了没有的字段“封皮”。"):
        broken.render(
            {"草稿": False, "文档": {"标题": "", "主题": "", "摘要": ""}, "封面": {"显示": True}}
        )


def test_a_template_that_is_no_word_document() -> None:
    with pytest.raises(UserError, match="已损坏"):
        DocumentTemplate(b"PK nonsense")
    with pytest.raises(UserError, match="不是 Word 文档"):
        DocumentTemplate(Container({"a.txt": b"x"}).pack({}))
    with pytest.raises(UserError, match="无法读取"):
        render.load(Path("nowhere.docx"))


def test_a_template_whose_data_is_damaged(template: bytes) -> None:
    parts = unpack(template, "x")
    data = bytearray(Container(parts).pack({}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo("word/document.xml")
    start = member.header_offset + 30 + len(member.filename)
    data[start : start + 40] = b"\xff" * 40
    with pytest.raises(UserError, match=r"^模板“disclosure\.docx”已损坏。"):
        DocumentTemplate(bytes(data))


def test_a_template_of_an_unknown_zip_version(template: bytes) -> None:
    data = bytearray(template)
    data[data.rindex(b"PK\x01\x02") + 6] = 209
    with pytest.raises(UserError, match=r"^模板“disclosure\.docx”已损坏。"):
        DocumentTemplate(bytes(data))


def test_an_encrypted_template(template: bytes) -> None:
    data = bytearray(template)
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UserError, match=r"^模板“disclosure\.docx”加了密，或不是通常的压缩方式。"):
        DocumentTemplate(bytes(data))


def test_a_template_that_is_far_too_large(tmp_path: Path) -> None:
    file = tmp_path / "disclosure.docx"
    with file.open("wb") as stream:
        stream.truncate(20_000_001)
    with pytest.raises(UserError, match="过大，没有读取。"):
        render.load(file)


TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
LINK = b'<Relationship Id="x" Type="http://x/%s" Target="http://x/y" TargetMode="External"/>'


def with_part(docx: bytes, part: str, data: bytes) -> bytes:
    return Container({**unpack(docx, "x"), part: data}).pack({})


@pytest.mark.parametrize(
    ("part", "data", "message"),
    [
        (
            "word/vbaProject.bin",
            b"",
            "的部件 word/vbaProject.bin 是宏、嵌入的对象或字体，不能使用。",
        ),
        ("word/embeddings/a.xlsx", b"", "embeddings/a.xlsx 是宏、嵌入的对象或字体，不能使用。"),
        ("word/fonts/font1.odttf", b"", "fonts/font1.odttf 是宏、嵌入的对象或字体，不能使用。"),
        ("word/activeX/a.BIN", b"", "activeX/a.BIN 是宏、嵌入的对象或字体，不能使用。"),
        (
            "word/comments.xml",
            "<a>{{ 名 }}</a>".encode(),
            "comments.xml 里有占位符，这里不会填写。",
        ),
        (
            "word/comments.xml",
            b"<c><a>{</a><a>% if x %}</a></c>",
            "comments.xml 里有占位符，这里不会填写。",
        ),
        ("customXml/item1.xml", b'<a b="{{ x }}"/>', "item1.xml 里有占位符，这里不会填写。"),
        (
            "word/document.xml",
            "<a>名</a>".encode("utf-16"),
            "document.xml 不是 UTF-8 文字，不能使用。",
        ),
        ("word/document.xml", b"<a>\0</a>", "document.xml 不是 UTF-8 文字，不能使用。"),
        (
            "word/a.xml",
            b'<?xml version="1.0" encoding="gbk"?><a/>',
            "a.xml 不是 UTF-8 文字，不能使用。",
        ),
        ("word/a.xml", b"<!DOCTYPE a><a/>", "部件 word/a.xml 含有 DOCTYPE，不能使用。"),
        (TYPES, b"<a b='application/x.macroEnabled.main+xml'/>", "说明它是带宏的文档，不能使用。"),
        (
            RELATIONS,
            b"<a>" + LINK % b"oleObject" + b"</a>",
            "引用了外部的内容“http://x/y”，不能使用。",
        ),
        (RELATIONS, b"<a>" + LINK % b"image" + b"</a>", "引用了外部的内容“http://x/y”，不能使用。"),
        (
            RELATIONS,
            b'<a><b Type="http://x/aFChunk" Target="c"/></a>',
            "引用了外部的内容“c”，不能使用。",
        ),
        (RELATIONS, b"<a>", "引用了外部的内容“（XML 有误）”，不能使用。"),
    ],
)
def test_what_a_template_may_not_hold(
    template: bytes, part: str, data: bytes, message: str
) -> None:
    with pytest.raises(UserError) as told:
        DocumentTemplate(with_part(template, part, data))
    assert message in str(told.value)
    assert str(told.value).startswith("模板“disclosure.docx”的部件 ")


def test_what_a_template_may_hold_beside_text(template: bytes) -> None:
    """Pictures, links, and tags in foot- and endnotes, which are filled in."""
    link = b"<a>" + LINK % b"hyperlink" + b"</a>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "<w:p><w:r><w:t>{{ 注 }}</w:t></w:r></w:p>"
    note = f'<w:footnotes xmlns:w="{space}">{text}</w:footnotes>'.encode()
    data = with_part(
        with_part(template, RELATIONS, link), "word/media/image1.PNG", b"\x89PNG\r\n\x1a\n"
    )
    made = DocumentTemplate(with_part(data, "word/footnotes.xml", note))
    assert "word/footnotes.xml" in made.compiled


# --- the packs' own templates ---------------------------------------------------------------


@pytest.fixture(scope="module", params=PACKS)
def made(request: pytest.FixtureRequest) -> Made:
    tree = budgets.department()
    tree["机构设置"] *= 2
    return make(tree, request.param)


def rows_of(made: Made, caption: str) -> list[etree._Element]:
    """The rows of the one table with this caption."""
    [table] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='{caption}']/../..")
    return table.findall(f"{W}tr")


def kept(row: etree._Element) -> bool:
    """Whether a row stays with the next one: its paragraphs or their styles say so."""
    paragraphs = [
        p.find(f"{W}pPr/{W}keepNext") is not None
        or str(p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")).startswith(("TableHead", "TableLine"))
        for p in row.iter(f"{W}p")
    ]
    assert all(paragraphs) or not any(paragraphs)
    return paragraphs[0]


def test_the_procurement_header_is_not_merged(made: Made) -> None:
    """LibreOffice loses rows of a table that begins low on a page and repeats merged cells."""
    _, upper, lower, first, *_ = rows_of(made, "政府采购预算")
    assert all(row.find(f"{W}trPr/{W}tblHeader") is not None for row in (upper, lower))
    assert first.find(f"{W}trPr/{W}tblHeader") is None
    for row, side in ((upper, "bottom"), (lower, "top")):
        assert row.find(f".//{W}vMerge") is None
        assert len(row.findall(f"{W}tc/{W}tcPr/{W}tcBorders/{W}{side}[@{W}val='nil']")) == 6


@pytest.mark.parametrize(("caption", "rows"), [("固定资产占用情况表", 8), ("机构设置情况", 3)])
def test_short_tables_stay_on_one_page(made: Made, caption: str, rows: int) -> None:
    assert [kept(row) for row in rows_of(made, caption)] == [True] * (rows - 1) + [False]


def test_a_performance_table_stays_on_one_page(made: Made) -> None:
    """Goals, header and all rows; the title above stays by its style."""
    assert [kept(r) for r in rows_of(made, "项目绩效目标表")] == [True] * 4 + [False]


def test_no_page_has_only_one_row_of_a_table(made: Made) -> None:
    rows = [kept(row) for row in rows_of(made, "支出总表")]
    assert rows[-4:] == [False, True, True, False]


def test_words_in_merged_cells_of_a_header_have_the_height_of_both_rows(made: Made) -> None:
    """对附属单位补助支出 stands in two lines, which both rows of the header hold."""
    _, upper, lower, *_ = rows_of(made, "支出总表")
    assert upper.find(f".//{W}vMerge[@{W}val='restart']") is not None
    heights = [int(str(r.find(f"{W}trPr/{W}trHeight").get(f"{W}val"))) for r in (upper, lower)]
    assert max(heights) < 1.5 * min(heights), heights


def test_a_performance_table_of_one_row_does_not_stick_to_what_follows() -> None:
    tree = budgets.department()
    del tree["项目"][0]["绩效指标"][1:]
    assert [kept(row) for row in rows_of(make(tree), "项目绩效目标表")] == [True, True, False]


def test_a_date_fits_into_the_column_of_indicator_values(made: Made) -> None:
    """2023年12月31日 at 10.5 pt where digits are drawn 0.64 em wide, with gaps and margins."""
    [grid] = made.body.findall(f"{W}tbl/{W}tblPr/{W}tblCaption[@{W}val='项目绩效目标表']/../..")
    widths = [int(str(c.get(f"{W}w"))) for c in grid.findall(f"{W}tblGrid/{W}gridCol")]
    needed = (8 * 0.64 + 3 + 5 * 0.25) * 10.5 * 20 + 2 * 57
    assert sum(widths) == 14080 and widths[4] > needed


def test_no_chapter_begins_a_page_of_its_own(made: Made) -> None:
    titles = made.body.findall(f"{W}p/{W}pPr/{W}pStyle[@{W}val='ChapterTitle']/..")
    assert len(titles) == 9
    assert not [p for p in titles if p.find(f"{W}pageBreakBefore") is not None]


@pytest.mark.parametrize("pack_id", PACKS)
def test_blank_rows_of_empty_tables_come_from_the_tables_alone(pack_id: str) -> None:
    xml = unpack(packs.load(pack_id).template.read_bytes(), "x")["word/document.xml"].decode()
    assert "{%tr for 行 in 部门.政府采购.行 %}" in xml
    assert "if not 部门." not in xml
    assert "if 部门.机构设置.行" not in xml
    tree = budgets.department()
    tree.update({"政府采购": [], "国有资产": [], "机构设置": []})
    empty = make(tree, pack_id)
    for caption, rows in (
        *(("政府采购预算", 4), ("机构设置情况", 2)),
        *(("政府基金支出表", 5), ("国有资本支出表", 5)),
    ):
        *_, last = found = rows_of(empty, caption)
        assert len(found) == rows
        assert "".join(map(str, last.itertext())) == ""


def test_the_container_is_reproducible_and_starts_with_the_content_types() -> None:
    parts = {"word/a.xml": b"a", "[Content_Types].xml": b"t"}
    one, two = (Container(parts).pack({"word/document.xml": b"d"}) for _ in range(2))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "word/a.xml", "word/document.xml"]
        assert archive.testzip() is None
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_vertical_merges_stand_where_the_schema_wants_them() -> None:
    """docxtpl's {% vm %} writes vMerge last; the schema wants it before borders and vAlign."""
    merge = '<w:vMerge w:val="{% if loop.first %}restart{% else %}continue{% endif %}"/>'
    mended = _mend_merges(
        f'<w:tcPr><w:tcW w:w="1"/><w:gridSpan w:val="2"/><w:vAlign w:val="top"/>{merge}</w:tcPr>'
    )
    assert mended == (
        f'<w:tcPr><w:tcW w:w="1"/><w:gridSpan w:val="2"/>{merge}<w:vAlign w:val="top"/></w:tcPr>'
    )
