"""PDF by LibreOffice: substitutes for fonts, the pages of the headings, and what goes wrong."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import sample_docx

from generator.pdf import Office, find, fonts, heading_pages, missing_fonts, office
from generator.problem import UserError

needs_office = pytest.mark.skipif(find() is None, reason="LibreOffice is not installed")


@pytest.mark.office
@needs_office
def test_two_documents_in_one_process_and_a_broken_one() -> None:
    made = sample_docx("beidaihe-2022").data
    with Office() as converter:
        pdfs = converter.convert({"一": made, "坏": b"PK\x03\x04 nothing", "二": made})
    assert set(pdfs) >= {"一", "二"}
    headings = heading_pages(pdfs["一"])
    assert [title for title, _ in headings][:2] == ["部门预算收支总表", "部门预算收入总表"]
    pages = [page for _, page in headings]
    assert pages == sorted(pages) and pages[0] >= 2
    assert b"/StructTreeRoot" in pdfs["一"] or b"/MarkInfo" in pdfs["一"], "tagged"
    assert heading_pages(pdfs["二"]) == headings


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(office.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(office, "find", lambda: Path("soffice"))
    with Office() as converter:
        assert list(tmp_path.iterdir())
        assert converter is not None
    assert not list(tmp_path.iterdir())


def test_without_libreoffice_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(office, "_PLACES", ())
    with pytest.raises(UserError, match="没有找到 LibreOffice"), Office():
        pass


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for LibreOffice")
def test_a_converter_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nsleep 60 & sleep 60\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office, "find", lambda: script)
    monkeypatch.setattr(office, "START_SECONDS", 0)
    monkeypatch.setattr(office, "FILE_SECONDS", 0.2)
    with Office() as converter:
        assert converter.convert({"一": b""}) == {}


def test_missing_fonts_have_their_substitutes() -> None:
    known = frozenset({"宋体", "AR PL UKai CN", "Noto Sans CJK SC"})
    missing = missing_fonts(("宋体", "楷体", "黑体", "仿宋"), known)
    assert missing == {"楷体": "AR PL UKai CN", "黑体": "Noto Sans CJK SC", "仿宋": ""}


def test_the_configuration_is_xml_and_names_every_font(tmp_path: Path) -> None:
    tree = ElementTree.parse(fonts.write_configuration(tmp_path))
    assert [a.findtext("family") for a in tree.iter("alias")] == list(fonts.SUBSTITUTES)


def test_what_is_no_pdf_is_told() -> None:
    with pytest.raises(UserError, match="读不回来"):
        heading_pages(b"no pdf")
