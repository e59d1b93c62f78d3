"""The pages of documents as LibreOffice draws them, their structure, and other programs' copies."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from budgets import department
from docx import Document
from layout_check import check, document_of, plain
from pages_measure import FONTS, convert, document, pdfs
from pypdf import PdfReader
from support import CASES, Docx, W, make, paragraph_text, sample_docx
from test_pages import office_test

from generator.pdf import Office
from generator.render.container import Container

BODY, STYLES = "word/document.xml", "word/styles.xml"
INVENTED = ("g0001", "g0010", "widest")


def changed(docx: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The document with replacements in one part; each pattern is found, and replaced once."""
    parts = dict(Docx(docx).parts)
    text = parts[part].decode("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        assert count == 1, pattern
    parts[part] = text.encode("utf-8")
    return Container(parts).pack({})


# --- damaged documents ----------------------------------------------------------------------------


def small() -> bytes:
    """A document of which each damage makes one fault; one table goes over two pages."""
    tree = department()
    tree["收入"][0]["科目名称"] = "行政运行"
    return make(tree).data


def row_of(text: str) -> str:
    """A pattern for the row that holds a text."""
    return rf"<w:tr>(?:(?!<w:tr>).)*?<w:t[^>]*>{text}</w:t>.*?</w:tr>"


def paragraph_of(text: str) -> str:
    """A pattern for a paragraph of the body: its properties' beginning, what follows to its text."""
    style = r'<w:pStyle w:val="(?!TOC)[^>]*/>'
    return rf"(<w:p><w:pPr>{style})((?:(?!<w:p>).)*?<w:t[^>]*>{text})"


HEADING = "三、机关运行经费安排情况"
GOALS = "保证档案完整安全，方便群众利用。"
DUTY = "1、收集、整理和保管全县档案。"
INDENTED = r'\1<w:ind w:left="-2000"/>\2'
DAMAGES: dict[str, tuple[str, tuple[tuple[str, str], ...], str, bool]] = {
    # name: part, changes, the fault, whether the sound document is what the PDF is held against
    "a narrow column": (
        BODY,
        (
            (r'<w:gridCol w:w="2240"/>', '<w:gridCol w:w="560"/>'),
            *(((r'<w:tcW w:w="2240" w:type="dxa"/>', '<w:tcW w:w="560" w:type="dxa"/>'),) * 60),
        ),
        "an amount or a code on two lines",
        False,
    ),
    "no repeated header": (
        BODY,
        ((r"<w:tblHeader/>", ""),) * 4,
        "a page of a table without its header rows",
        True,
    ),
    "a row less": (
        BODY,
        ((row_of("十二、城乡社区支出"), ""),),
        "a row or paragraph is lost, or not in its order",
        True,
    ),
    "a heading alone": (
        BODY,
        (
            (
                paragraph_of(HEADING + "</w:t>.*?</w:p>") + r"<w:p><w:pPr>(<w:pStyle [^>]*/>)",
                r"\1\2<w:p><w:pPr>\3<w:pageBreakBefore/>",
            ),
        ),
        "a heading last on its page",
        False,
    ),
    "text in the margin": (
        BODY,
        ((paragraph_of(GOALS), INDENTED),),
        "text outside the margins",
        False,
    ),
    "text in another cell": (
        BODY,
        ((paragraph_of("七、文化旅游体育与传媒支出"), INDENTED),),
        "text outside its cell",
        False,
    ),
    "text across a border": (
        BODY,
        (
            (
                r"<w:rPr>((?:(?!<w:rPr>).)*?<w:t[^>]*>七、文化旅游体育与传媒支出)",
                r'<w:rPr><w:position w:val="16"/>\1',
            ),
        ),
        "a line through text",
        False,
    ),
    "a page for one line": (
        BODY,
        (
            (paragraph_of(DUTY), r"\1<w:pageBreakBefore/>\2"),
            (paragraph_of("2、提供档案查阅服务。"), r"\1<w:pageBreakBefore/>\2"),
        ),
        "a page almost empty",
        False,
    ),
    "a footer in words": (
        "word/footer1.xml",
        ((r"> -<", ">页<"),),
        "text below the lower margin",
        False,
    ),
}


def damaged(name: str) -> bytes:
    part, changes, _, _ = DAMAGES[name]
    return changed(small(), part, *changes)


# --- the pages ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[bytes, Path]]]:
    """Documents and their PDFs, by one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("layout")
    made: dict[str, Docx] = {name: sample_docx(name) for name in CASES}
    made |= dict(map(document_of, INVENTED))
    made |= {"small": Docx(small())} | {name: Docx(damaged(name)) for name in DAMAGES}
    files = pdfs(list(made.items()), FONTS["known"], folder / "out", folder / "profile")
    yield {name: (docx.data, files[name]) for name, docx in made.items()}
    shutil.rmtree(folder)


@office_test
@pytest.mark.parametrize("name", [*CASES, *INVENTED, "small"])
def test_the_pages_are_as_a_printer_would_set_them(name: str, drawn: Any) -> None:
    assert check(*drawn[name]) == []


@office_test
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_seen(name: str, drawn: Any) -> None:
    _, _, kind, against_the_sound = DAMAGES[name]
    docx, pdf = drawn[name]
    found = check(drawn["small"][0] if against_the_sound else docx, pdf)
    assert kind in {fault.kind for fault in found}, found


@office_test
def test_the_published_documents_are_too(tmp_path: Path) -> None:
    made = [document(name) for name in CASES]
    files = pdfs(made, FONTS["known"], tmp_path / "out", tmp_path / "profile")
    assert [fault for name, docx in made for fault in check(docx.data, files[name])] == []


# --- for those who do not see the page ------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_tables_and_headings_say_what_they_are(name: str) -> None:
    docx = sample_docx(name)
    tables = docx.body.findall(f".//{W}tbl")
    assert len(tables) > 12
    for table in tables:
        words = [table.find(f"{W}tblPr/{W}{tag}") for tag in ("tblCaption", "tblDescription")]
        assert all(word is not None and len(str(word.get(f"{W}val"))) >= 4 for word in words)
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
    languages = [node.get(f"{W}val") for node in docx.xml(STYLES).iter(f"{W}lang")]
    assert languages == ["zh-CN", "en-US"]  # the document's; its Latin text's, in the first style
    core = docx.xml("docProps/core.xml")
    titles = [str(node.text) for node in core if str(node.tag).endswith("}title")]
    assert len(titles) == 1 and titles[0].endswith("年部门预算信息公开情况说明")


@pytest.fixture(scope="module")
def tagged() -> PdfReader:
    """唐山's PDF as ``--pdf`` makes it."""
    with Office() as office:
        made = office.convert({"唐山": sample_docx("tangshan-2023").data})
    return PdfReader(io.BytesIO(made["唐山"]))


def structure(node: Any) -> Iterator[Any]:
    """All elements of the structure tree, and the numbers of their pieces of content, in order."""
    node = node.get_object()
    if isinstance(node, int):
        yield node
        return
    yield node
    below = node.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    for child in below if isinstance(below, list) else [below]:
        yield from structure(child)


@office_test
def test_the_pdf_is_tagged(tagged: PdfReader) -> None:
    root: Any = tagged.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "zh-CN"
    assert tagged.metadata is not None
    assert tagged.metadata.title == "唐山市人民政府办公室2023年部门预算信息公开情况说明"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    elements = [node for node in structure(root["/StructTreeRoot"]) if not isinstance(node, int)]
    kinds = Counter(str(node.get("/S")) for node in elements)
    tables = sample_docx("tangshan-2023").body.findall(f".//{W}tbl")
    assert kinds["/Table"] == len(tables)
    assert kinds["/TH"] > 6 * len(tables) and kinds["/TD"] > kinds["/TH"]
    assert kinds["/H2"] == 18 and kinds["/H1"] == 1 and kinds["/Link"] >= 18


@office_test
def test_it_is_read_in_the_order_of_its_text(tagged: PdfReader) -> None:
    """The structure names the pieces of each page in the order in which they are drawn."""
    root: Any = tagged.trailer["/Root"]
    pages: dict[int, list[int]] = {}
    page = 0
    for node in structure(root["/StructTreeRoot"]):
        if not isinstance(node, int):
            page = node.raw_get("/Pg").idnum if "/Pg" in node else page
        else:
            pages.setdefault(page, []).append(node)
    assert len(pages) > 30
    assert [at for at, numbers in pages.items() if numbers != sorted(numbers)] == []


# --- other programs' copies -----------------------------------------------------------------------


def texts(docx: bytes) -> list[str]:
    """The paragraphs that hold text, those in tables too, in order."""
    words = (plain(paragraph_text(p)) for p in Docx(docx).body.iter(f"{W}p"))
    return [text for text in words if text]


@pytest.mark.parametrize("name", CASES)
def test_python_docx_saves_it_without_loss(name: str) -> None:
    copy = io.BytesIO()
    document = Document(io.BytesIO(sample_docx(name).data))
    document.save(copy)
    assert texts(copy.getvalue()) == texts(sample_docx(name).data)
    assert len(document.tables) == len(sample_docx(name).body.findall(f"{W}tbl"))


@office_test
def test_libreoffice_saves_it_without_loss(tmp_path: Path) -> None:
    for name in CASES:
        (tmp_path / f"{name}.docx").write_bytes(sample_docx(name).data)
    files = [tmp_path / f"{name}.docx" for name in CASES]
    convert(files, tmp_path / "saved", tmp_path / "profile", "docx")
    for file in files:
        assert texts((tmp_path / "saved" / file.name).read_bytes()) == texts(file.read_bytes())
