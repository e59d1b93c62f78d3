"""The compiled template: what it prints, what it refuses, and that values stay values."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from generator import pack as packs
from generator import render
from generator.problem import UserError
from generator.render.compiler import Escapes, Output, compile_part
from generator.render.container import Container, unpack
from generator.render.template import DocumentTemplate, _mend_merges

PACKS = packs.available()


def printed(source: str, context: dict[str, Any]) -> str:
    output = Output()
    compile_part(source, "正文")(context, output, Escapes())
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
        "{% for x in 表 %}{{ loop.previtem }}{% endfor %}",
        "{{ self }}{{ self._TemplateReference__context() }}",
    ],
)
def test_everything_else_is_refused(source: str) -> None:
    with pytest.raises(UserError, match="不允许的写法"):
        compile_part(source, "正文")


def test_a_dunder_is_only_a_field_that_does_not_exist() -> None:
    """Fields are dictionary look-ups, so there is no attribute to reach."""
    with pytest.raises(KeyError, match="__class__"):
        printed("{{ 部门.__class__ }}", {"部门": {}})


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
    with pytest.raises(TypeError):
        printed("{{ 值 }}", {"值": value})


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
    with pytest.raises(UserError, match="模板引用了没有的字段“封皮”"):
        broken.render({"草稿": False, "文档": {"标题": "", "主题": ""}, "封面": {"显示": True}})


def test_a_template_that_is_no_word_document() -> None:
    with pytest.raises(UserError, match="已损坏"):
        DocumentTemplate(b"PK nonsense")
    with pytest.raises(UserError, match="不是 Word 文档"):
        DocumentTemplate(Container({"a.txt": b"x"}).pack({}))
    with pytest.raises(UserError, match="无法读取"):
        render.load(Path("nowhere.docx"))


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
