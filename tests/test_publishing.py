"""The PDF beside a document: its pages judge ours only where it has the document's fonts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import INPUTS, Docx, sample, work_out

from generator import cli, pipeline, publishing
from generator.document import Document
from generator.pdf import Pages, find, office
from generator.publishing import Finished, Published
from generator.report import json as json_report
from generator.written import WrittenParagraph, read

TITLES = ("部门预算收支总表", "部门预算收入总表")


class Converter:
    """Stands in for LibreOffice."""

    def __init__(self, made: bytes | None = b"%PDF") -> None:
        self.made = made
        self.seen: list[list[str]] = []

    def convert(self, documents: dict[str, bytes]) -> dict[str, bytes]:
        self.seen.append(list(documents))
        return {key: self.made for key in documents if self.made is not None}


def numbers(docx: bytes) -> dict[str, str]:
    return {
        item.text.partition("\t")[0]: item.text.partition("\t")[2]
        for item in read(docx).items
        if isinstance(item, WrittenParagraph) and item.link
    }


def publish(document: Document, docx: bytes, converter: Converter) -> Published:
    return publishing.publish({"": Finished(document, docx)}, converter)[""]  # type: ignore[arg-type]


def published(monkeypatch: pytest.MonkeyPatch, later: int, missing: dict[str, str]) -> Any:
    """A document whose PDF has each heading after the first so many pages later."""
    document = work_out(sample())
    docx = document.render()
    said = [(title, int(number)) for title, number in numbers(docx).items()]
    pages = [(t, n + 3 + (later if i else 0)) for i, (t, n) in enumerate(said)]
    pages.insert(1, ("（一）收入说明", 99))  # a heading that the contents do not list
    monkeypatch.setattr(publishing, "pages_of", lambda pdf: Pages(40, tuple(pages)))
    monkeypatch.setattr(publishing, "missing_fonts", lambda named: missing)
    return docx, publish(document, docx, Converter())


def test_right_numbers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    docx, made = published(monkeypatch, 0, {})
    assert (made.docx, made.problems) == (docx, ())
    assert made.notes == ("目录的页码与 PDF 一致。",)
    assert (made.pages, made.compared) == (40, True)


def test_wrong_numbers_are_mended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    docx, made = published(monkeypatch, 2, {})
    before, after = numbers(docx), numbers(made.docx)
    assert after[TITLES[0]] == before[TITLES[0]]
    assert int(after[TITLES[1]]) == int(before[TITLES[1]]) + 2
    assert len(made.problems) == len(before) - 1
    assert made.problems[0].message == (
        f"目录“{TITLES[1]}”的页码算作 {before[TITLES[1]]}，PDF 里是 {after[TITLES[1]]}，已改正"
    )
    assert Docx(made.docx).paragraphs[5:] != []


def test_other_fonts_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    docx, made = published(monkeypatch, 2, {"仿宋": "AR PL UMing CN", "黑体": ""})
    assert (made.docx, made.problems) == (docx, ())
    assert "仿宋→AR PL UMing CN，黑体" in made.notes[0]
    assert "页码未与 PDF 比较" in made.notes[0]
    assert "公开前在装有这些字体的电脑上转换" in made.notes[0]
    assert (made.pages, made.compared) == (40, False)


def test_without_a_pdf_the_document_stands() -> None:
    document = work_out(sample())
    made = publish(document, b"docx", Converter(None))
    assert (made.docx, made.pdf) == (b"docx", None)
    assert made.notes


@pytest.mark.parametrize("mended", [False, True])
def test_a_pdf_that_cannot_be_read_back_is_not_published(
    monkeypatch: pytest.MonkeyPatch, mended: bool
) -> None:
    """Neither the first one nor that of the corrected document."""
    if mended:
        said = iter([lambda pdf: Pages(40, _later(docx)), publishing.pages_of])
        monkeypatch.setattr(publishing, "pages_of", lambda pdf: next(said)(pdf))
        monkeypatch.setattr(publishing, "missing_fonts", lambda named: {})
    document = work_out(sample())
    docx = document.render()
    made = publish(document, docx, Converter())
    assert made.pdf is None and (made.docx != docx) is mended
    assert "读不回来，没有放进文件夹" in made.notes[-1]
    assert len(made.notes) == 1 + mended


def _later(docx: bytes) -> tuple[tuple[str, int], ...]:
    """Every heading but the first two pages later than its number says."""
    said = numbers(docx).items()
    return tuple((title, int(n) + (2 if i else 0)) for i, (title, n) in enumerate(said))


@pytest.mark.parametrize("more", [[], ["--format", "json"]])
def test_without_libreoffice_the_document_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
) -> None:
    monkeypatch.setattr(office, "find", lambda: None)
    assert cli.run([str(INPUTS / "julu-2023.yaml"), "-o", str(tmp_path), "--pdf", *more]) == 1
    said = capsys.readouterr()
    assert "没有找到 LibreOffice，这次只生成 Word 文档" in said.err
    assert said.out
    assert [file.suffix for file in tmp_path.iterdir()] == [".docx"]


@pytest.mark.parametrize("draft", [False, True])
def test_a_document_of_former_data_beside_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], draft: bool
) -> None:
    file = tmp_path / "预算.yaml"
    good = (INPUTS / "julu-2023.yaml").read_text(encoding="utf-8")
    wrong = good.replace("一般公共预算: 799.51", "一般公共预算: 799.52", 1)
    assert wrong != good
    command = [str(file), *(["--draft"] if draft else [])]
    file.write_text(wrong, encoding="utf-8")
    assert cli.run(command) == 1
    assert "以前的数据" not in capsys.readouterr().out
    file.write_text(good, encoding="utf-8")
    assert cli.run([str(file)]) == 0
    assert "以前的数据" not in capsys.readouterr().out
    (docx,) = (f for f in tmp_path.glob("*.docx") if "草稿" not in f.name)
    docx.with_suffix(".pdf").write_bytes(b"%PDF")
    file.write_text(wrong, encoding="utf-8")
    assert cli.run(command) == 1
    told = f"旁边的“{docx.name}”、“{docx.stem}.pdf”是以前的数据，不要公开。"
    assert told in capsys.readouterr().out


@pytest.mark.office
@pytest.mark.skipif(find() is None, reason="LibreOffice is not installed")
def test_the_pdf_lies_beside_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([str(INPUTS / "julu-2023.yaml"), "-o", str(tmp_path), "--pdf"]) == 0
    said = capsys.readouterr().out
    (pdf,) = tmp_path.glob("*.pdf")
    assert f"已生成：{pdf}" in said
    (docx,) = tmp_path.glob("*.docx")
    assert docx.stem == pdf.stem
    assert read(docx.read_bytes()).fault == ""


@pytest.mark.parametrize(("later", "told"), [(0, 0), (2, 1)])
def test_the_report_says_what_the_pdf_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, later: int, told: int
) -> None:
    """REN004: not checked without a PDF; with one it is, and what was mended is in the report."""
    file = tmp_path / "预算.yaml"
    file.write_bytes((INPUTS / "julu-2023.yaml").read_bytes())
    result = pipeline.build(file)
    assert result.data is not None and publishing.RULE in result.document.unmet
    said = [(title, int(n)) for title, n in numbers(result.data).items()]
    pages = [(t, n + 3 + (later if i == len(said) - 1 else 0)) for i, (t, n) in enumerate(said)]
    monkeypatch.setattr(publishing, "pages_of", lambda pdf: Pages(40, tuple(pages)))
    monkeypatch.setattr(publishing, "missing_fonts", lambda named: {})
    converter = Converter()
    result, made = publishing.add_pdf(result, converter)  # type: ignore[arg-type]
    assert publishing.RULE not in result.document.unmet
    found = [problem for problem in result.document.problems if problem.rule == publishing.RULE]
    assert len(found) == told
    report = json.loads(json_report.report([result]))["files"][0]
    assert sum(problem["rule"] == "REN004" for problem in report["problems"]) == told
    assert "REN004" in report["rules"]
    assert result.output is not None and result.output.read_bytes() == result.data
    assert len(converter.seen) == 1 + told, "a mended document is converted anew"
    assert result.output.with_suffix(".pdf").read_bytes() == made.pdf


def test_an_old_pdf_beside_a_new_document_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [str(INPUTS / "julu-2023.yaml"), "-o", str(tmp_path)]
    assert cli.run(command) == 0
    assert ".pdf" not in capsys.readouterr().out
    (docx,) = tmp_path.glob("*.docx")
    docx.with_suffix(".pdf").write_bytes(b"%PDF")
    assert cli.run(command) == 0
    told = f"旁边的“{docx.stem}.pdf”是以前的"
    assert told in capsys.readouterr().out
    # LibreOffice is there and makes none: the document stands, but not all that was asked for is.
    monkeypatch.setattr("generator.pdf.Office.convert", lambda self, documents: {})
    monkeypatch.setattr(office, "find", lambda: Path("soffice"))
    assert cli.run([*command, "--pdf"]) == 1
    said = capsys.readouterr().out
    assert "没有转换出 PDF" in said and told in said
