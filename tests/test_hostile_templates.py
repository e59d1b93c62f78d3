"""Templates that mean harm: each is refused with a message, in bounded time and memory.

What a tag may say at all is in ``test_render.py``; here whole files come from a stranger.
"""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import broken_templates as broken
import pytest
from support import with_two_units, work_out

from generator import pack as packs
from generator.maintain import check
from generator.problem import UserError
from generator.render import DocumentTemplate
from generator.render import context as template_context
from generator.render.program import MAX_LENGTH, MAX_PIECES

PACK_ID = "hebei/2025"
SECONDS = 5.0
"""For whatever a template does; a good one takes a tenth of a second."""
FIRST = "{{ 封面.名称 }}"
PART = "模板“disclosure.docx”的部件 "
ONLY = "，不能使用。模板里只能有文字、格式和图片；请在 Word 里去掉它，另存为 .docx。"
ALLOWED = "模板里只能用 {{ 名称.字段 }}、{% for %}、{% if %} 和 ==、!=、in、not、and、or。"


@pytest.fixture(scope="module")
def template() -> bytes:
    return packs.load(PACK_ID).template.read_bytes()


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    main, *units = work_out(with_two_units(), PACK_ID).contents
    return template_context.build(main, units)


def edited(template: bytes, edit: Callable[[broken.Parts], None]) -> bytes:
    parts = broken.parts_of(template)
    edit(parts)
    return broken.packed(parts)


def refused(docx: bytes, context: dict[str, Any] | None = None) -> str:
    """What is said of a template, at once; rendered where that is what must fail."""
    started = time.perf_counter()
    with pytest.raises(UserError) as told:
        made = DocumentTemplate(docx)
        assert context is not None
        made.render(context)
    assert time.perf_counter() - started < SECONDS
    return str(told.value)


# --- escapes ------------------------------------------------------------------------------------

FORBIDDEN = {
    "lipsum": ("{{ lipsum(1000000) }}", "Call"),
    "lipsum globals": ("{{ lipsum.__globals__['os'].popen('id').read() }}", "Call"),
    "cycler": ("{{ cycler.__init__.__globals__.os }}", None),
    "namespace": ("{{ namespace(a=1).a }}", "Call"),
    "range": ("{% for x in range(10**9) %}x{% endfor %}", "Call"),
    "multiplied": ("{{ 'x' * 10**9 }}", "Mul"),
    "power": ("{% if 9**9**9**9 == 1 %}{% endif %}", "Pow"),
    "added": ("{{ 封面.名称 + 封面.名称 }}", "Add"),
    "joined": ("{{ 封面.名称 ~ 封面.名称 }}", "Concat"),
    "attr": ("{{ ''|attr('__class__') }}", "Filter"),
    "map": ("{{ 封面|map('x')|list }}", "Filter"),
    "format": ("{{ '{0.__class__}'.format(封面) }}", "Call"),
    "subscript": ("{{ 封面['__class__'] }}", "Getitem"),
    "slice": ("{{ 封面.名称[::-1] }}", "Getitem"),
    "test": ("{% if 封面 is callable %}{% endif %}", "Test"),
    "conditional": ("{{ 封面.名称 if 草稿 else 封面.题 }}", "CondExpr"),
    "import": ("{% import 'os' as os %}", "Import"),
    "from": ("{% from 'os' import popen %}", "FromImport"),
    "include": ("{% include '/etc/passwd' %}", "Include"),
    "extends": ("{% extends 'x' %}", "Extends"),
    "macro": ("{% macro f() %}{{ f() }}{% endmacro %}", "Macro"),
    "call": ("{% call f() %}{% endcall %}", "CallBlock"),
    "set": ("{% set x = 封面 %}", "Assign"),
    "set block": ("{% set x %}y{% endset %}", "AssignBlock"),
    "filter block": ("{% filter upper %}{% endfilter %}", "FilterBlock"),
    "recursive loop": ("{% for x in 各部门 recursive %}{{ loop(各部门) }}{% endfor %}", "For"),
    "filtered loop": ("{% for x in 各部门 if x %}{% endfor %}", "For"),
    "unpacked": ("{% for a, b in 各部门 %}{% endfor %}", "For"),
    "loop attribute": ("{% for x in 各部门 %}{{ loop.__class__ }}{% endfor %}", "Getattr"),
    "a list": ("{% for x in [1, 2] %}{% endfor %}", "List"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_an_escape_is_refused(name: str, template: bytes, context: dict[str, Any]) -> None:
    tag, node = FORBIDDEN[name]
    docx = edited(template, broken.typed(FIRST, tag))
    if node is None:
        assert (
            refused(docx, context) == "模板的正文引用了没有的字段“cycler”。请检查模板里的占位符。"
        )
    else:
        assert refused(docx) == f"模板的正文里用了不允许的写法（{node}）。{ALLOWED}"


@pytest.mark.parametrize("name", ["__class__", "__globals__", "__init__", "__subclasses__"])
def test_a_dunder_is_a_field_that_is_not_there(
    name: str, template: bytes, context: dict[str, Any]
) -> None:
    docx = edited(template, broken.typed(FIRST, f"{{{{ 封面.{name} }}}}"))
    assert refused(docx, context) == (f"模板的正文引用了没有的字段“{name}”。请检查模板里的占位符。")


def test_the_check_tells_the_place_of_an_escape(template: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    file.write_bytes(edited(template, broken.typed(FIRST, "{{ lipsum.__globals__.os }}")))
    [finding] = check.template(packs.load(PACK_ID), file)
    assert (finding.kind, finding.message) == (
        "未知的占位符",
        "没有“lipsum.__globals__.os”这个占位符",
    )


# --- size and time ------------------------------------------------------------------------------

TOO_MUCH = (
    "按这个模板写出的文档过大，没有写完。"
    "请检查模板里套在一起的 {% for %}：里面的循环应当是外面一行的内容。"
)


def nested(depth: int, body: str) -> str:
    loops = "".join(f"{{% for x{n} in 目录.行 %}}" for n in range(depth))
    return loops + body + "{% endfor %}" * depth


def test_loops_over_the_same_rows_do_not_multiply(template: bytes, context: dict[str, Any]) -> None:
    """27 lines of the contents, six loops deep: 387 million."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    docx = edited(template, broken.typed(FIRST, nested(6, "{{ 封面.名称 }}")))
    assert refused(docx, context) == TOO_MUCH
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 500_000  # kilobytes


def test_empty_loops_are_counted_too(template: bytes, context: dict[str, Any]) -> None:
    docx = edited(template, broken.typed(FIRST, nested(8, "")))
    assert refused(docx, context) == TOO_MUCH


def test_constant_text_is_not_printed_without_end(template: bytes, context: dict[str, Any]) -> None:
    words = "字" * 100_000
    docx = edited(template, broken.typed(FIRST, nested(3, words)))
    assert refused(docx, context) == TOO_MUCH


def test_the_limits_are_far_from_what_a_department_needs(context: dict[str, Any]) -> None:
    assert (MAX_PIECES, MAX_LENGTH) == (5_000_000, 100_000_000)


@pytest.mark.parametrize(
    "tag",
    [
        "{% for x in 各部门 %}" * 25 + "{% endfor %}" * 25,
        "{% if 草稿 %}" * 200 + "{% endif %}" * 200,
        "{% if " + "(" * 500 + "草稿" + ")" * 500 + " %}{% endif %}",
        "{% if " + "not " * 5000 + "草稿 %}{% endif %}",
    ],
    ids=["for", "if", "parentheses", "not"],
)
def test_huge_nesting(tag: str, template: bytes) -> None:
    docx = edited(template, broken.typed(FIRST, tag))
    assert refused(docx) == f"模板的正文里的标记嵌套过深，或数字过长。{ALLOWED}"


def xml_of(body: str) -> bytes:
    return f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'.encode()


NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = "word/document.xml"
SLOW: dict[str, tuple[bytes, str]] = {
    "elements in each other": (
        xml_of("<w:tcPr>" * 200_000 + "</w:tcPr>" * 200_000),
        "的元素套了 200002 层",
    ),
    "elements without end": (b"<w:document>" + b"<w:tcPr>" * 500_000, "第 1 行的 XML 有误"),
    "markup in a comment": (xml_of("<!--" + "<w:tcPr>" * 200_000 + "-->"), "的 XML 里有注释"),
    "markup in cdata": (xml_of("<![CDATA[" + "<w:p>" * 200_000 + "]]>"), "的 XML 里有CDATA"),
    "a very long part": (xml_of("<w:p/>" * 2_000_000), "过大"),
    "billion laughs": (
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        "含有 DOCTYPE",
    ),
    "an entity of a file": (
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
        "含有 DOCTYPE",
    ),
    "utf-16": ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), "不是 UTF-8 文字"),
}


@pytest.mark.parametrize("name", SLOW)
def test_xml_that_would_take_long(name: str, template: bytes) -> None:
    data, message = SLOW[name]
    docx = edited(template, broken.add(DOCUMENT, data))
    assert refused(docx) == f"{PART}{DOCUMENT} {message}{ONLY}"


def zipped(members: dict[str, bytes], template: bytes) -> bytes:
    buffer = io.BytesIO(template)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_zip_bomb(template: bytes) -> None:
    docx = zipped({"word/media/a.png": b"\0" * 60_000_000}, template)
    assert len(docx) < 200_000
    assert refused(docx) == "模板“disclosure.docx”展开后过大，没有读取。"


def test_a_zip_that_lies_about_its_size(template: bytes) -> None:
    docx = bytearray(zipped({"word/media/a.png": b"\0" * 60_000_000}, template))
    size = (60_000_000).to_bytes(4, "little")
    while size in docx:
        at = docx.index(size)
        docx[at : at + 4] = (1000).to_bytes(4, "little")
    assert refused(bytes(docx)) == "模板“disclosure.docx”已损坏。请换回原来的模板文件。"


SAVE = "，没有读取。请在 Word 里另存为 .docx。"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["../../evil.xml"], "里有不该有的文件名“../../evil.xml”"),
        (["word/../../evil.png"], "里有不该有的文件名“word/../../evil.png”"),
        (["/etc/cron.xml"], "里有不该有的文件名“/etc/cron.xml”"),
        (["C:\\evil.xml"], "里有不该有的文件名“C:"),
        (["word/document.xml"], "里有同名的部件"),
        (["word/DOCUMENT.xml"], "里有同名的部件"),
        ([f"word/media/{n}.png" for n in range(600)], "里的部件太多（610 个）"),
    ],
)
def test_names_in_the_zip(names: list[str], message: str, template: bytes) -> None:
    docx = zipped(dict.fromkeys(names, b"x"), template)
    assert refused(docx).startswith(f"模板“disclosure.docx”{message}")
    assert refused(docx).endswith(SAVE)


# --- what is fetched, embedded or run -----------------------------------------------------------


def field(instruction: str) -> str:
    """A field as Word writes it."""
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


CUT = "DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\\\cmd.exe"
NESTED = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText>'
    '</w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT "a"'
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
FIELDS = {
    "dde": (field("DDEAUTO c:\\\\cmd.exe /k calc"), "含有域“DDEAUTO c:\\\\cmd.exe /k calc”"),
    "dde in small letters": (field("ddeauto x"), "含有域“ddeauto x”"),
    "dde cut into runs": (field(CUT), "含有域“DDEAUTO c:\\\\cmd.exe”"),
    "included text": (field('INCLUDETEXT "/etc/passwd"'), '含有域“INCLUDETEXT "/etc/passwd"”'),
    "included picture": (field('INCLUDEPICTURE "http://x/y"'), "含有域“INCLUDEPICTURE"),
    "link": (field("LINK Excel.Sheet.8 a.xls"), "含有域“LINK Excel.Sheet.8 a.xls”"),
    "database": (field("DATABASE \\d x"), "含有域“DATABASE \\d x”"),
    "macro button": (field("MACROBUTTON a b"), "含有域“MACROBUTTON a b”"),
    "external link": (field('HYPERLINK "file:///x"'), "含有域“HYPERLINK"),
    "nested": (NESTED, '含有域“INCLUDETEXT "a"”'),
    "empty": (field(""), "含有域“”"),
    "simple": ('<w:p><w:fldSimple w:instr="DDE a b"/></w:p>', "含有域“DDE a b”"),
    "simple, other quotes": ("<w:p><w:fldSimple w:instr='DDE a b'/></w:p>", "含有域“DDE a b”"),
    "deleted": (
        field("PAGE").replace("instrText", "delInstrText").replace("PAGE", "DDE x"),
        "含有域“DDE x”",
    ),
    "of the data": (field("{{ 封面.名称 }}"), "在域代码“{{ 封面.名称 }}”里写了占位符"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_that_fetch_or_run(name: str, template: bytes) -> None:
    xml, message = FIELDS[name]
    said = refused(edited(template, broken.before("{{ 目录.标题 }}", xml)))
    assert said.startswith(f"{PART}{DOCUMENT} {message}") and said.endswith(ONLY)


@pytest.mark.parametrize(
    "instruction",
    ["PAGE", "NUMPAGES \\* Arabic", "PAGEREF _a \\h", 'HYPERLINK \\l "_a"', 'TOC \\o "1-3" \\h'],
)
def test_fields_about_the_document_itself_pass(instruction: str, template: bytes) -> None:
    DocumentTemplate(edited(template, broken.before("{{ 目录.标题 }}", field(instruction))))


ELEMENTS = {
    '<w:altChunk r:id="x"/>': "插入的文件（altChunk）",
    "<w:p><w:r><w:object/></w:r></w:p>": "嵌入的对象（OLE）",
    '<w:p><w:r><w:control r:id="x"/></w:r></w:p>': "控件（ActiveX）",
    '<w:subDoc r:id="x"/>': "子文档",
}


@pytest.mark.parametrize("xml", ELEMENTS)
def test_elements_that_embed(xml: str, template: bytes) -> None:
    docx = edited(template, broken.before("{{ 目录.标题 }}", xml))
    assert refused(docx) == f"{PART}{DOCUMENT} 含有{ELEMENTS[xml]}{ONLY}"


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:mailMerge><w:query w:val='x'/></w:mailMerge>", "邮件合并的数据源"),
        ('<w:attachedTemplate r:id="x"/>', "附加的模板"),
    ],
)
def test_settings_that_fetch(xml: str, what: str, template: bytes) -> None:
    docx = edited(template, broken.sub("<w:zoom", f"{xml}<w:zoom", broken.SETTINGS))
    assert refused(docx) == f"{PART}{broken.SETTINGS} 含有{what}{ONLY}"


ADDRESS = '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:v" src="{}"/></w:pict></w:r></w:p>'


@pytest.mark.parametrize("address", ["http://x/y.png", "file:///etc/passwd", "\\\\host\\share\\a"])
def test_pictures_by_address(address: str, template: bytes) -> None:
    docx = edited(template, broken.before("{{ 目录.标题 }}", ADDRESS.format(address)))
    assert refused(docx) == f"{PART}{DOCUMENT} 引用了外部的内容“{address}”{ONLY}"


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://x/evil.dotm"),
        ("oleObject", "file:///c:/a.xls"),
        ("image", "http://x/a.png"),
        ("frame", "http://x/a.htm"),
        ("subDocument", "b.docx"),
        ("mailMergeSource", "file:///a.csv"),
        ("hyperlink", "file:///c:/windows/system32/calc.exe"),
        ("hyperlink", "\\\\host\\share"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "ms-msdt:/id"),
    ],
)
def test_relations_to_the_outside(kind: str, target: str, template: bytes) -> None:
    docx = edited(template, broken.link(kind, target))
    assert refused(docx) == f"{PART}{broken.RELATIONS} 引用了外部的内容“{target}”{ONLY}"


@pytest.mark.parametrize(
    "name",
    [
        *("word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.bin"),
        *("word/afchunk.htm", "word/embeddings/a.xlsx", "word/fonts/font1.odttf", "a.exe"),
    ],
)
def test_parts_that_run_or_are_embedded(name: str, template: bytes) -> None:
    docx = edited(template, broken.add(name, b"x"))
    assert refused(docx) == f"{PART}{name} 是宏、嵌入的对象或字体{ONLY}"


def test_a_macro_document_under_another_name(template: bytes) -> None:
    docx = edited(
        template,
        broken.sub("wordprocessingml.document.main", "ms-word.document.macroEnabled.main", TYPES),
    )
    assert refused(docx) == f"{PART}{TYPES} 说明它是带宏的文档{ONLY}"


TYPES = "[Content_Types].xml"
