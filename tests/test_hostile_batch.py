"""What a stranger's file may not do to the others of a batch, or to the folder of documents."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import budgets
import pytest
from test_batch import go, write
from test_season import of, states

from generator import files
from generator.batch import lock
from generator.batch.outcome import DONE, FAULTY, UNWRITTEN, WARNED
from generator.folder import FORMER, MANIFEST
from generator.pdf import guard, office
from generator.problem import UserError

GOOD = (DONE, WARNED)


def naming(folder: Path, code: str, *units: str) -> Path:
    """A department that names these files as its units."""
    return write(folder, code, change={"所属单位": list(units)})


def test_nobody_else_makes_a_departments_document_vanish(tmp_path: Path) -> None:
    victim = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    document = of(go(tmp_path), victim.name).output
    naming(tmp_path / "收", "302", victim.name)
    batch = go(tmp_path)
    assert of(batch, victim.name).state in GOOD
    assert (tmp_path / "出" / document).exists()
    assert of(batch, "302.yaml").state == FAULTY
    assert not batch.parts


@pytest.mark.parametrize("others", [["301"], ["302"]], ids=["itself", "each the other"])
def test_who_names_itself_is_told(tmp_path: Path, others: list[str]) -> None:
    names = {"301": others[0], "302": "301"} if others == ["302"] else {"301": "301"}
    for code, named in names.items():
        naming(tmp_path / "收", code, f"{code if len(names) == 1 else named}.yaml")
    assert set(states(go(tmp_path)).values()) == {FAULTY}
    assert len(states(go(tmp_path))) == len(names)


def forge(folder: Path, change: Callable[[dict[str, Any]], object] | str) -> None:
    """Change the one line of a folder's manifest."""
    file = folder / MANIFEST
    entry = json.loads(file.read_text("utf-8").splitlines()[0])
    if not isinstance(change, str):
        change(entry)
    text = change if isinstance(change, str) else json.dumps(entry)
    file.write_text(text + "\n", encoding="utf-8")


def test_a_forged_manifest_moves_nothing_from_outside(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    go(tmp_path)
    (tmp_path / "别人.docx").write_bytes(b"mine")
    forge(
        tmp_path / "出",
        lambda e: e.update(former=["../别人.docx", f"../收/{file.name}", MANIFEST, "汇总.xlsx"]),
    )
    assert of(go(tmp_path), file.name).state in GOOD
    assert (tmp_path / "别人.docx").read_bytes() == b"mine"
    assert file.exists()
    assert not {MANIFEST, "汇总.xlsx"} & {f.name for f in (tmp_path / "出" / FORMER).glob("*")}


@pytest.mark.parametrize(
    "change",
    [
        *({"file": ["a"]}, {"file": 5}, {"former": [5]}, {"former": "abc"}, {"former": ["a\0b"]}),
        *({"former": ["x" * 5000]}, {"former": ["."]}, {"former": [FORMER]}, {"output": "/a.docx"}),
        *({"output": "..\\a.docx"}, {"pdf": "../a.pdf"}, {"data": "a/b.json"}, {"figures": [1]}),
        *({"figures": {"income.total|": "abc"}}, {"figures": {"income.total|": "1e999999999"}}),
        *({"state": "???"}, {"year": "x"}, {"code": None}, {"counts": 5}, {"rules": {"X": "y"}}),
        *({"notes": [7]}, {"findings": [{}]}, {"projects": "a"}, {"pages": "a"}, {"more": 1}),
        *("[" * 200_000, "5", "[]", '"a"', '{"seconds": ' + "9" * 5000 + "}"),
    ],
)
def test_a_damaged_manifest_is_as_good_as_none(tmp_path: Path, change: Any) -> None:
    file = write(tmp_path / "收", "301")
    before = of(go(tmp_path), file.name)
    forge(tmp_path / "出", change if isinstance(change, str) else lambda e: e.update(change))
    again = go(tmp_path)
    assert again.kept == 0
    assert of(again, file.name).output == before.output
    assert (tmp_path / "出" / before.output).exists()


def other_files(folder: Path) -> dict[str, bytes]:
    """What a folder holds beside the manifest."""
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file() and f.name[-1] != "l"}


@pytest.mark.parametrize("suffix", [".docx", ".json"])
@pytest.mark.parametrize("linked", [False, True])
def test_somebodys_file_of_the_same_name_is_kept(tmp_path: Path, suffix: str, linked: bool) -> None:
    """Neither written over nor, where it is a link, written to."""
    file = write(tmp_path / "收", "301")
    made = of(go(tmp_path, data=True), file.name)
    before = other_files(tmp_path / "出")
    name = f"{Path(made.output).stem}{suffix}"
    elsewhere = tmp_path / f"elsewhere{suffix}"
    for theirs in (b"theirs", before[name]):
        elsewhere.write_bytes(theirs)
        (tmp_path / "出" / name).unlink()
        (tmp_path / "出" / MANIFEST).unlink()
        if linked:
            (tmp_path / "出" / name).symlink_to(elsewhere)
        else:
            (tmp_path / "出" / name).write_bytes(theirs)
        again = of(go(tmp_path, data=True), file.name)
        assert again.state in GOOD and other_files(tmp_path / "出") == before
        assert not (tmp_path / "出" / name).is_symlink()
        assert elsewhere.read_bytes() == theirs
    kept = [
        f.readlink() if linked else f.read_bytes() for f in (tmp_path / "出" / FORMER).iterdir()
    ]
    assert kept == ([elsewhere, elsewhere] if linked else [b"theirs"])


def test_a_dangling_link_is_kept_too(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    name = of(go(tmp_path), file.name).output
    (tmp_path / "出" / name).unlink()
    (tmp_path / "出" / name).symlink_to(tmp_path / "nowhere")
    assert of(go(tmp_path), file.name).state in GOOD
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "出" / FORMER / name).is_symlink()


def test_former_documents_do_not_follow_a_link(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    name = of(go(tmp_path), file.name).output
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "出" / FORMER).symlink_to(elsewhere)
    file.unlink()
    batch = go(tmp_path)
    assert not list(elsewhere.iterdir()) and (tmp_path / "出" / name).exists()
    assert f"“{FORMER}”是通到别处的链接" in batch.stuck[0]
    (tmp_path / "出" / of(batch, "302.yaml").output).write_bytes(b"changed by hand")
    (outcome,) = go(tmp_path).outcomes
    assert outcome.state == UNWRITTEN and "通到别处的链接" in outcome.findings[0]
    assert not list(elsewhere.iterdir())
    (tmp_path / "出" / FORMER).unlink()
    assert go(tmp_path).stuck == () and (tmp_path / "出" / FORMER / name).exists()


def test_what_a_killed_run_left_half_written_goes(tmp_path: Path) -> None:
    """Not what somebody writes or begins to write now, nor what is somebody else's."""
    write(tmp_path / "收", "301")
    out = tmp_path / "出"
    out.mkdir()
    names = ["~gen-disclosure-left.tmp", "~gen-disclosure-begun.tmp", "~other.tmp", "~$301.docx"]
    for name in names:
        (out / name).write_bytes(b"" if "begun" in name else b"half")
    go(tmp_path)
    assert [name for name in names if not (out / name).exists()] == names[:1]


def test_a_file_that_is_long_in_being_written_is_its_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a slow disk; asked for by another process, which has the time of its life."""
    sync = os.fsync

    def slowly(handle: int) -> None:
        (temporary,) = tmp_path.glob("~*")
        os.utime(temporary, (0, 0))
        files.sweep(tmp_path)
        sync(handle)

    monkeypatch.setattr(os, "fsync", slowly)
    files.write_whole(tmp_path / "甲.txt", b"whole")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [
        ("甲.txt", b"whole"),
    ]


# --- programs that lie about --------------------------------------------------------------------


@pytest.mark.parametrize("path", [".", "{folder}"])
def test_a_converter_among_the_files_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Windows looks into the current folder first, as here the path says."""
    for name in ("soffice", "libreoffice"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", path.format(folder=tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    assert (office.find() is None) == (path == "."), "from elsewhere it is found"
    monkeypatch.chdir(tmp_path)
    assert office.find() is None


def test_windows_own_program_ends_the_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[list[str]] = []
    system = SimpleNamespace(name="nt", environ={"SYSTEMROOT": "/Windows"})
    process = SimpleNamespace(pid=7, poll=lambda: None, kill=lambda: None)
    monkeypatch.setattr(guard, "os", system)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: run.append(command))
    guard._end(process)  # type: ignore[arg-type]
    assert run == [[str(Path("/Windows/System32/taskkill.exe")), "/F", "/T", "/PID", "7"]]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes")
def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    name = of(go(tmp_path), file.name).output
    (tmp_path / "出" / name).unlink()
    os.mkfifo(tmp_path / "出" / name)
    assert of(go(tmp_path), file.name).state in GOOD


def test_a_lock_does_not_follow_a_link(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    (tmp_path / "出").mkdir()
    (tmp_path / "出" / lock.NAME).symlink_to(tmp_path / "elsewhere")
    assert len(go(tmp_path).outcomes) == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["汇总.xlsx", "汇总.html"])
def test_a_summary_of_somebody_else_is_not_written_over(tmp_path: Path, name: str) -> None:
    write(tmp_path / "收", "301")
    (tmp_path / "出").mkdir()
    (tmp_path / "出" / name).write_bytes(b"mine")
    with pytest.raises(UserError, match=f"已有“{name}”"):
        go(tmp_path)
    assert (tmp_path / "出" / name).read_bytes() == b"mine"
    assert [file.name for file in (tmp_path / "出").glob("*.docx")] == []


def test_a_unit_of_its_own_department_is_a_part(tmp_path: Path) -> None:
    basics = {**budgets.department()["基本信息"], "类型": "单位", "编码": "301001"}
    unit = write(tmp_path / "收", "301001", change={"基本信息": basics})
    naming(tmp_path / "收", "301", unit.name)
    assert [Path(part).name for part in go(tmp_path).parts] == [unit.name]
