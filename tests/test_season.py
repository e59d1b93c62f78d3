"""What a folder of a whole county may hold, and what may happen to it while a batch runs.

Each bad input is told against its file, nothing else is harmed, and no document is lost.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import budgets
import pytest
from bad_files import OLE
from openpyxl import Workbook, load_workbook
from test_batch import GOOD, documents, go, inline, write

from generator import cli, pipeline, publishing, yamltext
from generator.batch import Batch, Plan, identity, job, run, store
from generator.batch.book import workbook
from generator.batch.outcome import FAULTY, UNREADABLE, UNWRITTEN, Outcome
from generator.batch.summary import summarise
from generator.folder import FORMER, MANIFEST, inputs_in
from generator.pdf import find, office
from generator.problem import Problem, Severity, UserError
from generator.publishing import Published


def states(batch: Batch) -> dict[str, str]:
    return {Path(outcome.file).name: outcome.state for outcome in batch.outcomes}


def of(batch: Batch, name: str) -> Outcome:
    (outcome,) = (o for o in batch.outcomes if Path(o.file).name == name)
    return outcome


def spoil(file: Path) -> None:
    """An amount that breaks the balance."""
    text = file.read_text(encoding="utf-8")
    assert "'900.00'" in text or "900.00" in text
    file.write_text(text.replace("900.00", "900.01", 1), encoding="utf-8")


# --- what lies in the folder --------------------------------------------------------------------


def ole(stream: str) -> bytes:
    """The head of a compound file, as Office makes of a workbook with a password, or of an .xls."""
    return OLE + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def other_workbook() -> bytes:
    """A workbook, but no budget."""
    book = Workbook()
    book.active.title = "通讯录"
    book.active.append(["姓名", "电话"])
    return saved(book)


def bomb() -> bytes:
    """A few kilobytes that unpack to 300 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", bytes(300_000_000))
    return buffer.getvalue()


def sparse(file: Path) -> None:
    """Larger than any budget, on the disk next to nothing."""
    with file.open("wb") as stream:
        stream.truncate(101_000_000)


BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "坏的.xlsx": (lambda: b"PK\x03\x04 nothing", UNREADABLE, "已损坏"),
    "加密.xlsx": (lambda: ole("EncryptedPackage"), UNREADABLE, "有打开密码"),
    "旧的.xls": (lambda: ole("Workbook"), UNREADABLE, "是旧的 .xls"),
    "零字节.xlsx": (lambda: b"", UNREADABLE, "是空文件"),
    "空白.xlsx": (lambda: saved(Workbook()), UNREADABLE, "不是预算工作簿"),
    "炸弹.xlsx": (bomb, UNREADABLE, "过大"),
    "通讯录.xlsx": (other_workbook, UNREADABLE, "不是预算工作簿"),
    "断.yaml": (lambda: b"\xe5\x9f", UNREADABLE, "UTF-8"),
}


def test_bad_files_among_good_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "收"
    good = write(folder, "301")
    for name, (make, _, _) in BAD.items():
        (folder / name).write_bytes(make())
    sparse(folder / "巨大.xlsx")
    (folder / "~$301.xlsx").write_bytes(b"lock")
    if Path("/dev/zero").exists():
        (folder / "设备.xlsx").symlink_to("/dev/zero")
    before = {
        file.name: file.read_bytes()
        for file in folder.iterdir()
        if file.stat().st_size < 10**7 and file.is_file()
    }
    out = tmp_path / "出"
    assert cli.run(["batch", str(folder), "-o", str(out), "--jobs", "1"]) == 1
    assert "Traceback" not in capsys.readouterr().err
    batch = go(tmp_path)
    for name, (_, state, finding) in BAD.items():
        outcome = of(batch, name)
        assert outcome.state == state, (name, outcome.findings)
        assert finding in outcome.findings[0] and outcome.findings[0]
    assert "过大" in of(batch, "巨大.xlsx").findings[0]
    assert of(batch, good.name).state in GOOD
    if Path("/dev/zero").exists():
        assert "不是普通文件" in of(batch, "设备.xlsx").findings[0]
    assert set(states(batch)) - {"设备.xlsx"} == {*BAD, good.name, "巨大.xlsx"}
    assert len(documents(tmp_path)) == 1
    assert before == {name: (folder / name).read_bytes() for name in before}, "inputs are only read"
    page = (out / "汇总.html").read_text(encoding="utf-8")
    assert all(name in page for name in BAD)


def test_names_with_blanks_and_rare_characters(tmp_path: Path) -> None:
    folder = tmp_path / "收" / " 乡镇（2023） "
    names = [
        "  两 头 空  .yaml",
        "表😀情.yaml",
        "𠮷野家.yaml",
        "a'b\"c$`;&.yaml",
        "换\n行.yaml",
        "铃\x07.yaml",
        "%2e%2e.yaml",
        "-o.yaml",
        "[x]*?.yaml",
    ]
    for i, name in enumerate(names):
        write(folder, f"3{i:02}").rename(folder / name)
    if os.name == "posix":
        raw = os.fsencode(folder) + b"/\xff\xfe.yaml"  # no text in any encoding
        Path(os.fsdecode(raw)).write_bytes((folder / names[0]).read_bytes().replace(b"300", b"399"))
        names.append(os.fsdecode(b"\xff\xfe.yaml"))
    out = tmp_path / "公开"
    assert cli.run(["batch", str(tmp_path / "收"), "-o", str(out), "--jobs", "1"]) == 0
    assert len(list(out.glob("*.docx"))) == len(names)
    again = run(Plan((str(tmp_path / "收"),), str(out)), inline, 1)
    assert again.kept == len(names), "the manifest knows every name again"
    # A file with the marks of a pattern in its name is that file.
    one = run(Plan((str(folder / "[x]*?.yaml"),), str(tmp_path)), inline, 1)
    assert len(one.outcomes) == 1


def test_links(tmp_path: Path) -> None:
    folder = tmp_path / "收"
    file = write(folder, "301")
    elsewhere = write(tmp_path / "别处", "302")
    (folder / "0先.yaml").symlink_to(file)
    (folder / "别处的.yaml").symlink_to(elsewhere)
    (folder / "断了.yaml").symlink_to(folder / "没有.yaml")
    (folder / "自己.yaml").symlink_to(folder / "自己.yaml")
    (folder / "下级").mkdir()
    (folder / "下级" / "回去").symlink_to(folder)
    (folder / "整个文件夹").symlink_to(tmp_path / "别处")
    batch = go(tmp_path)
    assert states(batch) == {
        "301.yaml": of(batch, "301.yaml").state,
        "别处的.yaml": of(batch, "301.yaml").state,
        "断了.yaml": UNREADABLE,
        "自己.yaml": UNREADABLE,
    }
    assert "找不到文件" in of(batch, "断了.yaml").findings[0]
    assert len(documents(tmp_path)) == 2


def test_which_files_of_a_folder_are_inputs(tmp_path: Path) -> None:
    wanted = [
        "a.xlsx",
        "b.YAML",
        "c.yml",
        "d.xlsm",
        "旧.xls",
        "下/e.yaml",
        "下/更 下/f.xlsx",
        "汇总.xlsx",
    ]
    others = [
        "~$a.xlsx",
        ".g.yaml",
        "h.txt",
        "a（核对结果）.xlsx",
        "a（已修正）.yaml",
        "i.docx",
        ".git/j.yaml",
        "格式包/k.yaml",
        "旧文档/l.yaml",
        "出/汇总.xlsx",
        f"出/{MANIFEST}",
    ]
    for name in [*wanted, *others]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "夹.xlsx").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管道.xlsx")
    found = [file.relative_to(tmp_path).as_posix() for file in inputs_in(tmp_path)]
    assert sorted(found) == sorted(wanted)
    assert [store.find([str(tmp_path)])] == [[str(tmp_path / name) for name in found]]


def test_a_folder_in_an_object_store_has_the_same_inputs(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    for name in (
        "a.xlsx",
        "下/b.yaml",
        "~$a.xlsx",
        "旧文档/c.yaml",
        "出/汇总.xlsx",
        f"出/{MANIFEST}",
        "x.txt",
    ):
        system.pipe_file(f"/季/{name}", b"x")
    assert store.find(["memory://季"]) == ["memory://季/a.xlsx", "memory://季/下/b.yaml"]


def test_the_batch_of_a_folder_into_itself(tmp_path: Path) -> None:
    """What the program writes is no input of the next run, nor are the roster and the settings."""
    write(tmp_path, "301")
    (tmp_path / "名单.yaml").write_text("- {编码: '301', 名称: 甲}", encoding="utf-8")
    command = ["batch", str(tmp_path), "-o", str(tmp_path), "--jobs", "1", "--json"]
    command += ["--roster", str(tmp_path / "名单.yaml")]
    assert [cli.run(command) for _ in range(3)] == [0, 0, 0]
    # Another folder's documents, with their summary, lie below.
    assert (
        cli.run(["batch", str(tmp_path / "301.yaml"), "-o", str(tmp_path / "下"), "--jobs", "1"])
        == 0
    )
    assert [file.name for file in inputs_in(tmp_path)] == ["301.yaml", "名单.yaml"]


def test_a_unit_in_the_folder_is_checked_with_its_department(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = budgets.unit("305001", "河清县档案服务中心")
    unit["格式选项"] = {"分部分": "不分"}
    department = write(tmp_path, "305", change={"所属单位": ["单位/中心.yaml"]})
    file = tmp_path / "单位" / "中心.yaml"
    file.parent.mkdir()
    file.write_text(yamltext.dump(unit), encoding="utf-8")

    def checked(*inputs: Path) -> list[str]:
        cli.run(["check", *map(str, inputs), "--format", "json"])
        return [Path(one["file"]).name for one in json.loads(capsys.readouterr().out)["files"]]

    assert checked(tmp_path) == ["305.yaml"]
    assert checked(tmp_path, file) == ["305.yaml", "中心.yaml"], "asked for by name"
    assert checked(file.parent) == ["中心.yaml"]
    file.write_text("{", encoding="utf-8")
    assert checked(tmp_path) == ["305.yaml"], "told where the department names it"
    assert department.is_file()


# --- documents of former data -------------------------------------------------------------------


def former(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "出" / FORMER).glob("*"))


def test_a_document_whose_input_becomes_faulty_does_not_look_current(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    old = of(go(tmp_path, data=True), "301.yaml")
    data = (tmp_path / "出" / old.output).read_bytes()
    good = file.read_bytes()
    spoil(file)
    for _ in range(2):  # told in every run until it is mended
        batch = go(tmp_path, data=True)
        assert of(batch, "301.yaml").state == FAULTY
        assert [name[:3] for name in documents(tmp_path)] == ["302"]
        assert former(tmp_path) == sorted(old.files)
        assert (tmp_path / "出" / FORMER / old.output).read_bytes() == data, "nothing is lost"
        rows = load_workbook(io.BytesIO(workbook(summarise(batch))))["部门"].iter_rows(
            min_row=4, values_only=True
        )
        told = {row[1]: str(row[-1] or "") for row in rows}
        assert old.output in told["301"] and "不要公开" in told["301"] and not told["302"]
    file.write_bytes(good)
    batch = go(tmp_path, data=True)
    assert of(batch, "301.yaml").former == ()
    assert (tmp_path / "出" / old.output).read_bytes() == data


@pytest.mark.parametrize("what", ["renamed", "unreadable", "claimed twice", "gone", "a unit now"])
def test_documents_that_nothing_stands_for_any_more(tmp_path: Path, what: str) -> None:
    file = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    old = of(go(tmp_path), "301.yaml").output
    match what:
        case "renamed":
            write(tmp_path / "收", "301", "河清县新名局")
        case "unreadable":
            file.write_bytes(b"{")
        case "claimed twice":
            write(tmp_path / "收" / "又", "301", "河清县又名局")
        case "gone":
            file.unlink()
        case "a unit now":
            file.write_text(yamltext.dump(budgets.unit("302001", "河清县中心")), encoding="utf-8")
            write(tmp_path / "收", "303", change={"所属单位": [file.name]})
    batch = go(tmp_path)
    assert former(tmp_path) == [old]
    assert old not in documents(tmp_path)
    assert batch.withdrawn == ((old,) if what in ("gone", "a unit now") else ())
    assert [name[:3] for name in documents(tmp_path)] == (
        ["301", "302"] if what == "renamed" else ["302"]
    )
    assert go(tmp_path).withdrawn == ()


def test_former_documents_in_an_object_store(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    file = write(tmp_path, "301")
    plan = Plan(("memory://去年收",), "memory://去年出")
    system.pipe_file("/去年收/301.yaml", file.read_bytes())
    old = run(plan, inline, 1).outcomes[0].output
    spoil(file)
    system.pipe_file("/去年收/301.yaml", file.read_bytes())
    batch = run(plan, inline, 1)
    assert batch.outcomes[0].former == (old,)
    assert not system.exists(f"/去年出/{old}")
    assert system.cat_file(f"/去年出/{FORMER}/{old}")[:2] == b"PK"


def test_two_inputs_that_change_places_keep_their_documents(tmp_path: Path) -> None:
    one, two = (write(tmp_path / "收", code, "同名局") for code in ("301", "302"))
    go(tmp_path)
    names = documents(tmp_path)
    text = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(text)
    batch = go(tmp_path)
    assert documents(tmp_path) == names
    assert {o.state for o in batch.outcomes} <= GOOD
    assert [of(batch, "301.yaml").code, of(batch, "302.yaml").code] == ["302", "301"]


def test_a_part_of_the_inputs_leaves_the_other_documents_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    go(tmp_path)
    run(Plan((str(file),), str(tmp_path / "出")), inline, 1)
    assert len(documents(tmp_path)) == 2 and not former(tmp_path)
    assert go(tmp_path).kept == 2, "and is forgotten nothing of"


def test_a_share_that_is_away_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read at all may be as it was; its document stays, and this is said."""
    write(tmp_path / "收", "301")
    old = of(go(tmp_path), "301.yaml")

    def away(address: object) -> bytes:
        raise UserError("“301.yaml”读不出来。")

    with monkeypatch.context() as patch:
        patch.setattr(store, "read_bytes", away)
        patch.setattr(store, "is_readable", lambda address: False)
        batch = go(tmp_path)
    (outcome,) = batch.outcomes
    assert (outcome.state, outcome.output) == (UNREADABLE, old.output)
    assert "还在原处" in outcome.notes[0]
    assert documents(tmp_path) == [old.output]
    assert go(tmp_path).kept == 0 and documents(tmp_path) == [old.output]


def test_a_document_changed_by_hand_is_kept_beside(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    name = of(go(tmp_path), "301.yaml").output
    file = tmp_path / "出" / name
    good = file.read_bytes()
    for number, mark in enumerate(("（1）", "（2）"), 1):
        file.write_bytes(good + mark.encode())
        batch = go(tmp_path)
        assert f"“{name}”不是上次生成的" in batch.outcomes[0].notes[0]
        assert file.read_bytes() == good
        assert len(former(tmp_path)) == number
    assert {(tmp_path / "出" / FORMER / n).read_bytes() for n in former(tmp_path)} == {
        good + "（1）".encode(),
        good + "（2）".encode(),
    }


def test_a_new_form_is_no_change_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that the program made are replaced without leaving a trace, by --force too."""
    file = write(tmp_path / "收", "301")
    go(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("防火防潮", "防火"), encoding="utf-8")
    assert go(tmp_path).outcomes[0].notes == ()
    assert go(tmp_path, again=True).outcomes[0].notes == ()
    assert not former(tmp_path)


def test_two_documents_of_one_name(tmp_path: Path) -> None:
    """1 + 23局 and 12 + 3局 of the same year: the file name is the same."""
    write(tmp_path / "收", "1", "23局")
    write(tmp_path / "收", "12", "3局")
    batch = go(tmp_path)
    assert {o.state for o in batch.outcomes} == {FAULTY}
    assert all("2 份输入的文档都叫" in o.findings[0] for o in batch.outcomes)
    assert documents(tmp_path) == []


# --- while it runs ------------------------------------------------------------------------------


def test_an_input_changed_between_two_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest has the hash of what was used: the next run has nothing to do."""
    file = write(tmp_path / "收", "301")
    true = identity.identify

    def identify(address: str) -> object:
        found = true(address)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("防火防潮", "防火"), encoding="utf-8")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(identity, "identify", identify)
        go(tmp_path)
    (name,) = documents(tmp_path)
    assert (tmp_path / "出" / name).read_bytes() == pipeline.build(file, tmp_path).data
    assert go(tmp_path).kept == 1


def test_an_input_that_becomes_another_departments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "收", "301")
    true = identity.identify

    def identify(address: str) -> object:
        found = true(address)
        write(tmp_path / "别", "302").replace(file)
        return found

    monkeypatch.setattr(identity, "identify", identify)
    (outcome,) = go(tmp_path).outcomes
    assert outcome.state == UNREADABLE and "在读取的时候被改动了" in outcome.findings[0]
    assert documents(tmp_path) == []


def test_an_input_is_read_once_for_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is another one each time it is read cannot get a document of two halves."""
    file = write(tmp_path / "收", "301")
    reads: list[Path] = []
    true = store.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return true(path)

    monkeypatch.setattr(store, "read_bytes", counted)
    monkeypatch.setattr("generator.sources.read_bytes", counted)
    go(tmp_path)
    assert reads == [file, file], "to see whose it is, and to work on it"


def test_the_clock_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of files and of the machine, long past or far ahead, change no byte and no decision."""
    file = write(tmp_path / "收", "301")
    go(tmp_path)
    before = {f.name: f.read_bytes() for f in (tmp_path / "出").glob("*.docx")}
    for year in (1971, 2099):
        moment = datetime(year, 1, 1).timestamp()
        for path in (file, *(tmp_path / "出").iterdir()):
            os.utime(path, (moment, moment))
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        assert go(tmp_path).kept == 1
        assert go(tmp_path, again=True).kept == 0
        assert before == {f.name: f.read_bytes() for f in (tmp_path / "出").glob("*.docx")}


# --- where it is written ------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 KB."""
    folder = tmp_path / "出"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    mounted = mounted and _mount("-t", "tmpfs", "-o", "size=400k", "none", str(folder))
    if not mounted:
        pytest.skip("a small disk can only be mounted by root on Linux")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def _mount(*arguments: str) -> bool:
    try:
        return not subprocess.run(["mount", *arguments], capture_output=True).returncode
    except OSError:
        return False


def test_a_full_disk(tmp_path: Path, small_disk: Path) -> None:
    """Documents that fit are there whole, the run says so and ends; with room it goes on."""
    for code in range(300, 330):
        write(tmp_path / "收", str(code))
    command = ["batch", str(tmp_path / "收"), "-o", str(small_disk), "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "generator", *command],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr
    assert "磁盘已满" in done.stdout + done.stderr or "空间" in done.stderr
    made = list(small_disk.glob("*.docx"))
    assert 0 < len(made) < 30
    assert not list(small_disk.glob("~*")), "no half file"
    for file in made:
        assert zipfile.ZipFile(file).testzip() is None
    before = {file.name: file.read_bytes() for file in made}
    # The disk is still full: what is there stays.
    assert cli.run(command) in (1, 2)
    assert before.items() <= {f.name: f.read_bytes() for f in small_disk.glob("*.docx")}.items()
    assert _mount("-o", "remount,size=20m", str(small_disk))
    assert cli.run(command) == 0
    assert len(list(small_disk.glob("*.docx"))) == 30


def test_a_read_only_disk(
    tmp_path: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "收", "301")
    assert _mount("-o", "remount,ro", str(small_disk))
    assert cli.run(["batch", str(tmp_path / "收"), "-o", str(small_disk)]) == 2
    assert "这个磁盘是只读的" in capsys.readouterr().err
    assert cli.run(["batch", str(tmp_path / "收"), "-o", f"{small_disk}/下/"]) == 2
    assert "建不了：这个磁盘是只读的" in capsys.readouterr().err


def test_a_document_that_is_open_in_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows lets nobody write it: this file has failed, the others are made, the next run tries."""
    for code in ("301", "302"):
        write(tmp_path / "收", code)
    true = store.write

    def locked(address: str, data: bytes) -> None:
        if "301" in Path(address).name:
            raise UserError("“301”写不进去：它正在 WPS 或 Word 中打开。")
        true(address, data)

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", locked)
        batch = go(tmp_path)
    assert of(batch, "301.yaml").state == UNWRITTEN
    assert of(batch, "302.yaml").state in GOOD
    batch = go(tmp_path)
    assert batch.kept == 1 and of(batch, "301.yaml").state in GOOD


def test_a_former_document_that_cannot_be_moved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "收", "301")
    go(tmp_path)
    spoil(file)

    true = Path.replace

    def locked(self: Path, target: Path | str) -> Path:
        if FORMER in str(target):
            raise PermissionError(errno.EACCES, "locked")
        return true(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", locked)
        batch = go(tmp_path)
    assert "移不走" in batch.stuck[0]
    assert go(tmp_path).stuck == () and documents(tmp_path) == []


@pytest.mark.parametrize("output", ["新/", "新/下/"])
def test_a_folder_that_is_named_as_one_is_made(
    tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, "301")
    assert cli.run([str(file), "-o", output]) == 0
    assert len(list((tmp_path / output).glob("*.docx"))) == 1
    assert cli.run(["check", str(file), "--format", "html", "-o", f"报告/{output}"]) == 0
    assert len(list((tmp_path / "报告" / output).glob("*.html"))) == 1
    spoil(file)
    assert cli.run([str(file), "-o", "没有错误才建/"]) == 1
    assert not (tmp_path / "没有错误才建").exists()
    (tmp_path / "占用").write_bytes(b"")
    assert cli.run(["check", str(file), "--format", "html", "-o", "占用/"]) == 2


# --- PDF ----------------------------------------------------------------------------------------


class StandIn:
    """Converts what it is given, but for what it is told to leave out."""

    calls: list[int]
    broken: set[str]

    def __init__(self) -> None:
        self.calls, self.broken = [], set()

    def __call__(self) -> StandIn:
        return self

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def convert(self, documents: dict[str, bytes]) -> dict[str, bytes]:
        self.calls.append(len(documents))
        return {
            key: b"%PDF " + key.encode() for key in documents if Path(key).stem not in self.broken
        }


@pytest.fixture
def converter(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    from generator.pdf import Pages

    stand_in = StandIn()
    monkeypatch.setattr(job, "Office", stand_in)
    monkeypatch.setattr("generator.publishing.pages_of", lambda pdf: Pages(17, ()))
    return stand_in


def pdfs(folder: Path) -> list[str]:
    return sorted(file.name[:3] for file in (folder / "出").glob("*.pdf"))


def test_one_office_for_many_documents(tmp_path: Path, converter: StandIn) -> None:
    for code in range(301, 321):
        write(tmp_path / "收", str(code))
    batch = go(tmp_path, pdf=True)
    assert converter.calls == [8, 8, 4]
    assert len(pdfs(tmp_path)) == 20
    assert {o.pages for o in batch.outcomes} == {17}
    assert all(o.pdf == f"{Path(o.output).stem}.pdf" for o in batch.outcomes)
    assert go(tmp_path, pdf=True).kept == 20 and len(converter.calls) == 3
    rows = load_workbook(io.BytesIO(workbook(summarise(batch))))["部门"].iter_rows(
        min_row=3, values_only=True
    )
    head = next(rows)
    assert [row[head.index("页数")] for row in rows] == [17] * 20


def test_a_pdf_that_is_missing_is_made_in_the_next_run(tmp_path: Path, converter: StandIn) -> None:
    for code in ("301", "302", "303"):
        write(tmp_path / "收", code)
    batch = go(tmp_path)
    assert {o.pages for o in batch.outcomes} == {0} and pdfs(tmp_path) == []
    converter.broken.add("302")
    batch = go(tmp_path, pdf=True)
    assert pdfs(tmp_path) == ["301", "303"]
    assert of(batch, "302.yaml").notes == ("LibreOffice 没有转换出 PDF，只有 Word 文档。",)
    assert of(batch, "302.yaml").state in GOOD, "its document stands"
    converter.broken.clear()
    next((tmp_path / "出").glob("301*.pdf")).unlink()
    batch = go(tmp_path, pdf=True)
    assert batch.kept == 1 and pdfs(tmp_path) == ["301", "302", "303"]
    # A run that asks for no PDF keeps those that still hold.
    assert go(tmp_path).kept == 3 and pdfs(tmp_path) == ["301", "302", "303"]


def test_a_pdf_of_former_data_does_not_lie_beside_the_new_document(
    tmp_path: Path, converter: StandIn
) -> None:
    file = write(tmp_path / "收", "301")
    go(tmp_path, pdf=True)
    file.write_text(file.read_text(encoding="utf-8").replace("防火防潮", "防火"), encoding="utf-8")
    (outcome,) = go(tmp_path).outcomes
    assert (outcome.pdf, outcome.pages) == ("", 0)
    assert pdfs(tmp_path) == [] and [name[-4:] for name in former(tmp_path)] == [".pdf"]


def test_without_libreoffice_the_documents_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in ("301", "302"):
        write(tmp_path / "收", code)
    monkeypatch.setattr(office, "find", lambda: None)
    monkeypatch.setattr("generator.pdf.find", lambda: None)
    command = ["batch", str(tmp_path / "收"), "-o", str(tmp_path / "出"), "--jobs", "1", "--pdf"]
    assert cli.run(command) == 1
    said = capsys.readouterr()
    assert said.err.count("没有找到 LibreOffice") == 1
    assert "PDF 0 份，2 份文档没有 PDF。" in said.out
    assert len(documents(tmp_path)) == 2
    assert cli.run(command) == 1
    assert "没有变化 2 份" in capsys.readouterr().out
    # A worker of a cluster may be without it where this machine has it.
    batch = go(tmp_path, pdf=True)
    assert all("没有找到 LibreOffice" in o.notes[0] for o in batch.outcomes)


def test_what_a_correction_found_is_told_when_its_pdf_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, converter: StandIn
) -> None:
    """The numbers of the contents were wrong and are mended; the second conversion fails."""
    write(tmp_path / "收", "301")
    problem = Problem("REN004", "目录页码", Severity.WARNING, "目录的页码已改正")

    def publish(documents: dict[str, Any], office: object) -> dict[str, Published]:
        return {
            key: Published(one.docx + b" ", None, 17, True, ("已按 PDF 改正。",), (problem,))
            for key, one in documents.items()
        }

    monkeypatch.setattr(publishing, "publish", publish)
    (outcome,) = go(tmp_path, pdf=True).outcomes
    assert outcome.notes == ("已按 PDF 改正。",)
    assert outcome.rules["REN004"] == 1 and outcome.pdf == ""
    made = (tmp_path / "出" / outcome.output).read_bytes()
    assert outcome.digest == hashlib.sha256(made).hexdigest()


@pytest.mark.office
@pytest.mark.skipif(find() is None, reason="LibreOffice is not installed")
def test_pdfs_of_a_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pypdf import PdfReader

    for code in ("301", "302", "303"):
        write(tmp_path / "收", code)
    command = ["batch", str(tmp_path / "收"), "-o", str(tmp_path / "出"), "--jobs", "2", "--pdf"]
    assert cli.run(command) == 0
    assert "PDF 3 份。" in capsys.readouterr().out
    assert pdfs(tmp_path) == ["301", "302", "303"]
    book = load_workbook(tmp_path / "出" / "汇总.xlsx")
    head, *rows = list(book["部门"].iter_rows(min_row=3, values_only=True))
    for row in rows:
        file = next((tmp_path / "出").glob(f"{row[1]}*.pdf"))
        assert row[head.index("页数")] == len(PdfReader(file).pages) > 5
