"""PDF by LibreOffice: substitutes for fonts, the pages of the headings, and what goes wrong."""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader
from support import ROOT, Docx, sample_docx

from generator import pack as packs
from generator.pdf import (
    Office,
    Pages,
    find,
    fonts,
    missing_fonts,
    named_in,
    office,
    pages,
    pages_of,
)
from generator.pdf.compact import compact
from generator.problem import UserError

needs_office = pytest.mark.skipif(find() is None, reason="LibreOffice is not installed")


@pytest.mark.office
@needs_office
def test_two_documents_in_one_process_and_a_broken_one() -> None:
    made = sample_docx("beidaihe-2022").data
    with Office() as converter:
        pdfs = converter.convert({"一": made, "坏": b"PK\x03\x04 nothing", "二": made})
    assert set(pdfs) >= {"一", "二"}
    headings = pages_of(pdfs["一"]).headings
    assert [title for title, _ in headings][:2] == ["部门预算收支总表", "部门预算收入总表"]
    pages = [page for _, page in headings]
    assert pages == sorted(pages) and pages[0] >= 2
    assert pages_of(pdfs["一"]).number >= pages[-1]
    assert pages_of(pdfs["二"]).headings == headings
    properties(pdfs["一"])
    small(pdfs["一"])


def properties(pdf: bytes) -> None:
    """Title, language, tags and the mark of PDF/UA, which screen readers go by."""
    catalogue: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert catalogue["/Lang"] == "zh-CN"
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of pypdf
    assert catalogue["/StructTreeRoot"]["/K"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    described = catalogue["/Metadata"].get_object().get_data().decode("utf-8")
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    title = PdfReader(io.BytesIO(pdf)).metadata.title  # type: ignore[union-attr]
    assert title and "2022年部门预算" in title


@pytest.mark.office
@needs_office
def test_a_document_is_the_same_pdf_each_time() -> None:
    made = sample_docx("beidaihe-2022").data
    pdfs = []
    for _ in range(2):
        with Office() as converter:
            pdfs.append(converter.convert({"": made})[""])
    assert pdfs[0] == pdfs[1]


def small(pdf: bytes) -> None:
    """The marks for screen readers are compressed: they would be most of the file."""
    reader = PdfReader(io.BytesIO(pdf))
    assert b"/ObjStm" in pdf
    assert len(pdf) < 1_500_000
    assert "".join(page.extract_text() for page in reader.pages).count("北戴河") > 1


def test_what_cannot_be_compacted_stays_as_it_is() -> None:
    assert compact(b"no pdf") == b"no pdf"


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(office.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(office, "find", lambda: Path("soffice"))
    with Office() as converter:
        assert list(tmp_path.iterdir())
        assert converter is not None
    assert not list(tmp_path.iterdir())


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for temporary files, and a converter that is there."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(office.tempfile, "tempdir", str(folder))
    monkeypatch.setattr(office, "find", lambda: Path("soffice"))
    return folder


LEAVE = """
import os
from generator.pdf import office
office.find = lambda: "soffice"
office.Office().__enter__()
os._exit(1)
"""


def leave(folder: Path) -> Path:
    """What a run leaves that is killed."""
    before = set(folder.iterdir())
    own = {"TMPDIR": str(folder), "TEMP": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", LEAVE], env={**os.environ, **own}, check=False)
    (left,) = set(folder.iterdir()) - before
    return left


def test_what_a_killed_run_left_goes_with_the_next(temporary: Path) -> None:
    left = leave(temporary)
    assert list(left.iterdir())
    with Office() as converter:
        assert not left.exists()
        (own,) = temporary.iterdir()
        with Office():
            assert own.exists(), "that of a run that is alive stays, of this process too"
        assert converter is not None and list(own.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="links and users")
def test_nothing_else_in_the_folder_for_temporary_files_goes(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = leave(temporary).rename(temporary.parent / "elsewhere")
    (temporary / "gen-disclosure-link").symlink_to(elsewhere)
    (temporary / "gen-disclosure-file").write_bytes(b"x")
    inside = temporary / "gen-disclosure-inside"
    inside.mkdir()
    (inside / office._OWNED).symlink_to(elsewhere / office._OWNED)
    pipe = temporary / "gen-disclosure-pipe"
    pipe.mkdir()
    os.mkfifo(pipe / office._OWNED)
    begun = temporary / "gen-disclosure-begun"
    begun.mkdir()
    (begun / office._OWNED).write_bytes(b"")
    (temporary / "gen-disclosure-other").mkdir()
    (temporary / "somebody's").mkdir()
    before = sorted(temporary.rglob("*"))
    with Office():
        pass
    assert sorted(temporary.rglob("*")) == before and (elsewhere / office._OWNED).exists()
    others = leave(temporary)
    user = os.getuid()
    monkeypatch.setattr(office.os, "getuid", lambda: user + 1)
    with Office():
        pass
    assert others.exists(), "another user's"


def test_without_libreoffice_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(office, "_PLACES", ())
    with pytest.raises(UserError, match="没有找到 LibreOffice"), Office():
        pass


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(office, "find", lambda: tmp_path / "soffice")
    with monkeypatch.context() as patch:
        patch.setattr(office.tempfile, "mkdtemp", full)
        with pytest.raises(UserError, match="临时文件写不进去"), Office():
            pass
    with Office() as converter:
        # The command is no program at all.
        with pytest.raises(UserError, match="程序打不开"):
            converter.convert({"一": b""})
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(UserError, match="临时文件写不进去"):
            converter.convert({"一": b""})


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


# What stands in for LibreOffice: a PDF for each file, in order, but for those that say otherwise.
STAND_IN = """#!{python}
import os, sys, time
from pathlib import Path
at = sys.argv.index("--outdir")
folder = Path(sys.argv[at + 1])
with open({log!r}, "a") as log:
    log.write("started\\n")
for name in sys.argv[at + 2 :]:
    said = Path(name).read_bytes()
    if said == b"hang":
        time.sleep(60)
    if said == b"crash":
        (folder / (Path(name).stem + ".pdf")).write_bytes(b"%PDF half")
        os.kill(os.getpid(), 9)
    if said != b"bad":
        (folder / (Path(name).stem + ".pdf")).write_bytes(b"%PDF " + said + b" %%EOF\\n")
"""


@pytest.mark.skipif(os.name != "posix", reason="a script stands in for LibreOffice")
@pytest.mark.parametrize(
    ("files", "starts"),
    [
        (["a", "b", "c"], 1),
        (["a", "hang", "b", "c"], 3),  # stopped; first of the second process, given up
        (["hang", "a", "b"], 2),
        (["a", "crash", "b"], 3),
        (["bad", "a", "bad", "b"], 1),
        (["a", "bad"], 2),
        (["crash", "hang"], 2),
        (["crash", "crash", "crash", "crash"], 2),  # it does not start at all
        (["crash", "a", "crash", "b"], 4),
    ],
)
def test_the_next_file_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: list[str], starts: int
) -> None:
    script, log = tmp_path / "soffice", tmp_path / "log"
    script.write_text(STAND_IN.format(python=sys.executable, log=str(log)), encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office, "find", lambda: script)
    monkeypatch.setattr(office, "START_SECONDS", 0)
    monkeypatch.setattr(office, "FILE_SECONDS", 1.0)
    with Office() as converter:
        made = converter.convert({f"{i}{name}": name.encode() for i, name in enumerate(files)})
    good = [f"{i}{name}" for i, name in enumerate(files) if len(name) == 1]
    assert sorted(made) == good
    assert log.read_text("utf-8").count("started") == starts


@pytest.mark.office
@needs_office
@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the process by /proc")
def test_libreoffice_killed_in_the_middle_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sample_docx("beidaihe-2022").data
    true, killed = office._watch, []

    def watch(process: subprocess.Popen[bytes], folder: Path) -> None:
        """Kills it, once, when the first PDF is there."""
        if killed:
            return true(process, folder)
        while process.poll() is None and not list(folder.glob("*.pdf")):
            time.sleep(0.05)
        assert process.poll() is None, "it was over before it could be killed"
        (converter,) = (
            Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
        )
        os.killpg(int(converter), signal.SIGKILL)
        killed.append(process.pid)

    monkeypatch.setattr(office, "_watch", watch)
    with Office() as converter:
        pdfs = converter.convert(dict.fromkeys("一二三四", made))
    assert killed
    assert sorted(pdfs) == sorted("一二三四")
    assert len({pages_of(pdf).number for pdf in pdfs.values()}) == 1


def test_missing_fonts_have_their_substitutes() -> None:
    known = frozenset({"SimSun", "AR PL UKai CN", "Noto Sans CJK SC"})
    missing = missing_fonts(("宋体", "楷体", "黑体", "仿宋", "某某体"), known)
    expected = {"楷体": "AR PL UKai CN", "黑体": "Noto Sans CJK SC", "仿宋": "", "某某体": ""}
    assert missing == expected, "宋体 is there under its other name"


@pytest.mark.parametrize("pack", packs.available())
def test_every_font_of_a_template_has_substitutes(pack: str) -> None:
    named = named_in(Docx(packs.load(pack).template.read_bytes()).parts)
    assert named and named <= set(fonts.table())


def test_the_configuration_is_xml_and_names_every_font(tmp_path: Path) -> None:
    tree = ElementTree.parse(fonts.write_configuration(tmp_path))
    assert [a.findtext("family") for a in tree.iter("alias")] == list(fonts.table())


def outlined(change: Callable[[pikepdf.Pdf, Any, Any], object] = lambda *_: None) -> bytes:
    """Three pages and one bookmark, to the second, after a change; the root and it are given."""
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        root: Any = pdf.make_indirect(Dictionary(Type=Name.Outlines))
        place = Array([pdf.pages[1].obj, Name.Fit])
        item: Any = pdf.make_indirect(Dictionary(Title=String("甲"), Parent=root, Dest=place))
        root.First = root.Last = item
        root.Count = 1
        pdf.Root.Outlines = root
        change(pdf, root, item)
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def with_children(depth: int) -> Callable[[pikepdf.Pdf, Any, Any], None]:
    def change(pdf: pikepdf.Pdf, root: Any, item: Any) -> None:
        for _ in range(depth):
            item.First = item.Last = pdf.make_indirect(Dictionary(Title=String("乙"), Parent=item))
            item.Count = 1
            item = item.First

    return change


def with_siblings(number: int) -> Callable[[pikepdf.Pdf, Any, Any], None]:
    def change(pdf: pikepdf.Pdf, root: Any, item: Any) -> None:
        for _ in range(number):
            entry = Dictionary(Title=String("乙"), Parent=root, Prev=item, Dest=item.Dest)
            item.Next = pdf.make_indirect(entry)
            item = item.Next
        root.Last = item

    return change


def setting(name: str, value: object) -> Callable[[pikepdf.Pdf, Any, Any], None]:
    """Gives the bookmark another entry."""
    return lambda pdf, root, item: item.__setattr__(name, value)


ODD: dict[str, Callable[[pikepdf.Pdf, Any, Any], object]] = {
    "next to itself": lambda pdf, root, item: item.__setattr__("Next", item),
    "below itself": lambda pdf, root, item: item.__setattr__("First", item),
    "too many": with_siblings(300),
    "a name": setting("Dest", Name.Nowhere),
    "a text": setting("Dest", String("nowhere")),
    "nothing": setting("Dest", Array([])),
    "a number": setting("Dest", Array([5])),
    "a dictionary": setting("Dest", Dictionary(D=Array([1]))),
    "first is a number": lambda pdf, root, item: root.__setattr__("First", 5),
    "all is a number": lambda pdf, root, item: pdf.Root.__setattr__("Outlines", 5),
    "all is a list": lambda pdf, root, item: pdf.Root.__setattr__("Outlines", Array([1])),
    "no pages": lambda pdf, root, item: pdf.Root.__setattr__("Pages", 5),
    "not one page": lambda pdf, root, item: pdf.pages.__delitem__(slice(3)),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_pdf_that_cannot_be_read_back(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_HEADINGS", 200)
    data = outlined(ODD[odd])
    compact(data)  # whatever it makes of it
    with pytest.raises(UserError, match=r"读不回来，没有放进文件夹。请再运行一次"):
        pages_of(data)


@pytest.mark.parametrize("data", [b"", b"no pdf", outlined()[:90], b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    assert compact(data) == data
    with pytest.raises(UserError, match="读不回来"):
        pages_of(data)


def test_a_pdf_with_pages_below_pages() -> None:
    assert pages_of(outlined()) == Pages(3, (("甲", 2),))
    assert pages_of(compact(outlined(with_children(8)))).number == 3
    assert len(pages_of(outlined(with_siblings(100))).headings) == 101
