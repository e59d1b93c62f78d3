"""A bureau's season: many inputs, only what changed, nothing lost when something dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import budgets
import pikepdf
import plain
import pytest
from openpyxl import load_workbook
from support import ROOT, Tree

from generator import cli, yamltext
from generator.batch import Batch, Plan, job, roster, run, store, workers
from generator.batch.outcome import DONE, FAULTY, MISSING, UNREADABLE, WARNED, Outcome
from generator.batch.roster import Expected
from generator.folder import MANIFEST
from generator.pdf import office
from generator.problem import UserError

GOOD = {DONE, WARNED}


def inline() -> Executor:
    """One thread: what goes wrong shows at once."""
    return ThreadPoolExecutor(1)


def write(folder: Path, code: str, name: str = "", change: Tree | None = None) -> Path:
    tree = budgets.department()
    tree["基本信息"].update({"编码": code, "名称": name or f"河清县第{code}局"})
    tree["格式选项"] = {"分部分": "不分"}
    tree |= change or {}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{code}.yaml"
    file.write_text(yamltext.dump(tree), encoding="utf-8")
    return file


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """Three good inputs in two folders, and what lies about in such folders."""
    for code in ("301", "302"):
        write(tmp_path / "收", code)
    write(tmp_path / "收" / "乡 镇", "303")
    (tmp_path / "收" / "~$301.xlsx").write_bytes(b"lock")
    (tmp_path / "收" / ".hidden.yaml").write_bytes(b"x: 1")
    (tmp_path / "收" / "说明.txt").write_text("不是预算", encoding="utf-8")
    return tmp_path


def go(folder: Path, **more: object) -> Batch:
    out = folder / "出"
    out.mkdir(exist_ok=True)
    plan = Plan((str(folder / "收"),), str(out), **more)  # type: ignore[arg-type]
    return run(plan, inline, 1)


def documents(folder: Path) -> list[str]:
    return sorted(f.name for f in (folder / "出").glob("*.docx"))


def test_every_input_has_its_document(season: Path) -> None:
    batch = go(season)
    assert {o.state for o in batch.outcomes} <= GOOD
    assert [o.code for o in batch.outcomes] == ["301", "302", "303"]
    assert documents(season) == sorted(o.output for o in batch.outcomes)
    assert batch.outcomes[0].figures["income.total|"] == "1000.00"


def test_the_next_run_does_only_what_changed(season: Path) -> None:
    go(season)
    again = go(season)
    assert again.kept == 3
    file = season / "收" / "302.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("防火防潮", "防火"), encoding="utf-8")
    (season / "出" / next(n for n in documents(season) if n.startswith("303"))).unlink()
    once_more = go(season)
    assert once_more.kept == 1
    assert len(documents(season)) == 3
    assert go(season, again=True).kept == 0


def test_one_bad_file_does_not_stop_the_others(season: Path) -> None:
    folder = season / "收"
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "别的.yaml").write_text("菜单: 红烧肉", encoding="utf-8")
    wrong = budgets.department()["收入"]
    wrong[0]["一般公共预算"] = "900.01"
    write(folder, "304", change={"收入": wrong})
    batch = go(season)
    states = {Path(o.file).name: o.state for o in batch.outcomes}
    assert states["坏.xlsx"] == states["空.xlsx"] == UNREADABLE
    assert states["304.yaml"] == FAULTY
    assert states["别的.yaml"] in (FAULTY, UNREADABLE)
    assert len(documents(season)) == 3
    assert all(o.findings for o in batch.outcomes if o.state in (FAULTY, UNREADABLE))


def test_two_inputs_for_one_department_are_an_error_for_both(season: Path) -> None:
    write(season / "收" / "又一份", "301", "改了名的局")
    batch = go(season)
    both = [o for o in batch.outcomes if o.code == "301"]
    assert [o.state for o in both] == [FAULTY, FAULTY]
    assert "编码 301 与“" in both[0].findings[0] and "名称却不同" in both[0].findings[0]
    assert [name[:3] for name in documents(season)] == ["302", "303"]


def test_a_units_file_is_not_an_input_of_its_own(season: Path) -> None:
    unit = budgets.unit("305001", "河清县档案服务中心")
    unit["格式选项"] = {"分部分": "不分"}
    place = season / "收" / "三零五"
    place.mkdir()
    (place / "中心.yaml").write_text(yamltext.dump(unit), encoding="utf-8")
    write(place, "305", change={"所属单位": ["中心.yaml"]})
    batch = go(season)
    assert [Path(p).name for p in batch.parts] == ["中心.yaml"]
    assert "305001" not in {o.code for o in batch.outcomes}


def test_who_has_not_sent_is_told(season: Path) -> None:
    expected = (Expected("301", ""), Expected("399", "河清县水务局"), Expected("", "第三零零局"))
    batch = go(season, roster=expected)
    missing = [(o.code, o.name) for o in batch.outcomes if o.state == MISSING]
    assert missing == [("", "第三零零局"), ("399", "河清县水务局")]
    assert len(batch.unexpected) == 2


@pytest.mark.parametrize("suffix", ["csv", "yaml"])
def test_rosters(tmp_path: Path, suffix: str) -> None:
    texts = {
        "csv": "序号,部门编码,部门名称\n1,301,财政局\n2,,水务局\n,,\n",
        "yaml": "- {编码: '301', 名称: 财政局}\n- 水务局\n",
    }
    file = tmp_path / f"名单.{suffix}"
    file.write_bytes(texts[suffix].encode("gb18030" if suffix == "csv" else "utf-8"))
    assert roster.read(file) == [Expected("301", "财政局"), Expected("", "水务局")]
    file.write_text("一二三", encoding="utf-8")
    with pytest.raises(UserError, match="没有读到部门"):
        roster.read(file)


def test_a_folder_that_may_not_be_written_to(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a disk that is read-only (test_season), which only root can mount."""
    go(season)
    before = {file: file.read_bytes() for file in (season / "出").iterdir()}
    (season / "出").chmod(0o555)
    if os.access(season / "出", os.W_OK):
        pytest.skip("root writes anywhere; test_season mounts a read-only disk")
    command = ["batch", str(season / "收"), "-o", str(season / "出"), "--jobs", "1", "--force"]
    assert cli.run(command) in (1, 2)
    said = capsys.readouterr()
    assert "不能写入" in said.out + said.err and "Traceback" not in said.err
    assert before == {file: file.read_bytes() for file in (season / "出").iterdir()}


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有找到可以处理的文件"):
        run(Plan((str(tmp_path),), str(tmp_path)), inline, 1)


def test_patterns_and_links(season: Path) -> None:
    (season / "收" / "loop").symlink_to(season / "收")
    assert len(store.find([str(season / "收")])) == 3
    assert len(store.find([str(season / "收" / "*.yaml")])) == 2
    assert len(store.find([str(season / "**" / "*.yaml")])) >= 3


MISSING_BASICS: dict[str, dict[str, object]] = {
    "编码": {"编码": ""},
    "年度": {"年度": ""},
    "名称": {"名称": ""},
    "编码、名称、年度": {"编码": "", "名称": "", "年度": ""},
}


@pytest.mark.parametrize("lacking", MISSING_BASICS)
def test_what_says_whose_it_is_is_missing(tmp_path: Path, lacking: str) -> None:
    """It is named at its cell, whatever else is told of the input."""
    tree = budgets.department()
    tree["基本信息"].update(MISSING_BASICS[lacking])
    (tmp_path / "收").mkdir()
    (tmp_path / "收" / "甲.xlsx").write_bytes(plain.workbook(tree))
    (outcome,) = go(tmp_path).outcomes
    cells = {"编码": "B3", "名称": "B4", "年度": "B6"}
    told = [f"错误 INP104 基本信息!{cells[key]}：没有填“{key}”" for key in lacking.split("、")]
    assert outcome.state == FAULTY
    assert [finding for finding in outcome.findings if "INP104" in finding] == told


def test_a_code_in_other_digits_is_no_change_of_the_file(tmp_path: Path) -> None:
    write(tmp_path / "收", "３０９")
    (outcome,) = go(tmp_path).outcomes
    assert outcome.state == WARNED and outcome.output.startswith("309河清县")


@pytest.mark.parametrize("what", ["a module", "a table of a module"])
def test_another_program_makes_all_anew(season: Path, what: str) -> None:
    """Of the same version number: as of an editable installation, or one from a branch."""
    for name in ("generator", "templates"):
        shutil.copytree(ROOT / name, season / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "generator", "batch", "收", "-o", "出", "--jobs", "1"]

    def kept() -> bool:
        said = subprocess.run(
            command,
            cwd=season,
            env={**os.environ, "PYTHONPATH": str(season)},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return "没有变化 3 份" in said.stdout

    assert [kept(), kept()] == [False, True]
    changed = "wording.py" if what == "a module" else "pdf/fonts.yaml"
    with (season / "generator" / changed).open("a", encoding="utf-8") as stream:
        stream.write("# another\n")
    assert [kept(), kept()] == [False, True]


@pytest.mark.parametrize("places", [["收"], ["收/*.yaml"], ["收/**/*.yaml", "收", "收/301.yaml"]])
def test_check_finds_what_a_batch_finds(
    season: Path, capsys: pytest.CaptureFixture[str], places: list[str]
) -> None:
    """Each once, and none that has another use, though the shell names it too."""
    settings = season / "收" / "设置.yaml"
    settings.write_text("核对: {}", encoding="utf-8")
    (season / "收" / "又.yaml").symlink_to(season / "收" / "302.yaml")
    given = [str(season / place) for place in [*places, "收/设置.yaml"]]
    found = store.find(given, [str(settings)])
    cli.run(["check", *given, "--settings", str(settings), "--format", "json"])
    checked = [one["file"] for one in json.loads(capsys.readouterr().out)["files"]]
    assert checked == found and settings.name not in {Path(file).name for file in found}
    assert len({os.path.realpath(file) for file in found}) == len(found) >= 2


def test_half_a_line_of_the_manifest_is_ignored(season: Path) -> None:
    go(season)
    file = season / "出" / MANIFEST
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:2]) + lines[2][:40], encoding="utf-8")
    assert go(season).kept == 2


def test_a_fault_of_ours_is_that_files_alone(season: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = job._make

    def fail(one: job._Job) -> None:
        if one.task.identity.code == "302":
            raise ZeroDivisionError
        true(one)

    monkeypatch.setattr(job, "_make", fail)
    batch = go(season)
    assert [(o.code, o.state in GOOD) for o in batch.outcomes] == [
        *(("301", True), ("302", False), ("303", True)),
    ]


def test_what_is_published_with_a_reason_does_not_count_as_failing(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    (failing,) = go(tmp_path).outcomes
    assert "PRF103" in failing.rules
    reason = {"规则": "PRF103", "原因": "项目很小", "责任人": "张三"}
    write(tmp_path / "收", "301", change={"核对例外": [reason]})
    (waived,) = go(tmp_path).outcomes
    assert waived.rules == {rule: n for rule, n in failing.rules.items() if rule != "PRF103"}


# --- real processes -----------------------------------------------------------------------------

RUN = """
import sys
from generator.batch import Plan, run, workers
class Tell:
    def __call__(self, done, of, outcome):
        print(done, outcome.code, flush=True)
    def stopping(self, number):
        pass
def main():
    plan = Plan((sys.argv[1],), sys.argv[2])
    batch = run(plan, workers.local(2), 2, Tell())
    print("kept", batch.kept, "made", len(batch.outcomes), flush=True)
if __name__ == "__main__":
    main()
"""


def many(folder: Path, number: int) -> None:
    for code in range(400, 400 + number):
        write(folder / "收", str(code))


def start(folder: Path) -> subprocess.Popen[str]:
    script = folder / "run.py"
    script.write_text(RUN, encoding="utf-8")
    (folder / "出").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, str(script), str(folder / "收"), str(folder / "出")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_run_is_completed_by_the_next(tmp_path: Path) -> None:
    many(tmp_path, 60)
    first = start(tmp_path)
    assert first.stdout is not None
    for _ in range(10):
        first.stdout.readline()
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    whole = [f for f in (tmp_path / "出").glob("*.docx") if not f.name.startswith("~")]
    assert 5 <= len(whole) < 60
    for file in whole:
        assert store.read(str(file))[:2] == b"PK"
    second = start(tmp_path)
    said = second.communicate(timeout=120)[0]
    kept = int(said.rpartition("kept ")[2].split()[0])
    assert kept >= 9
    assert len(list((tmp_path / "出").glob("[0-9]*.docx"))) == 60


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    many(tmp_path, 60)
    process = start(tmp_path)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    os.kill(int(children[0]), signal.SIGKILL)
    said = process.communicate(timeout=120)[0]
    assert "made 60" in said
    assert len(list((tmp_path / "出").glob("[0-9]*.docx"))) == 60


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    many(tmp_path, 60)
    process = start(tmp_path)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    assert "made" in said, "it ended in order"
    done = len(list((tmp_path / "出").glob("[0-9]*.docx")))
    said = start(tmp_path).communicate(timeout=120)[0]
    kept = int(said.rpartition("kept ")[2].split()[0])
    assert kept == done and said.strip().endswith("made 60")


# --- a cluster ----------------------------------------------------------------------------------


def test_a_cluster_that_loses_a_worker_gives_every_document(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    many(tmp_path, 40)
    (tmp_path / "出").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    started = [
        subprocess.Popen(
            [*command, "--port", "0", "--no-dashboard", "--scheduler-file", str(said)],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
    ]
    try:
        for _ in range(100):
            if said.exists():
                break
            time.sleep(0.1)
        address = json.loads(said.read_text(encoding="utf-8"))["address"]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
        started += [
            subprocess.Popen(
                [*worker, "--no-nanny", "--no-dashboard"],
                env=environment,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        _wait_for_workers(address, 2)
        hire, number = workers.cluster(address)
        assert number == 2
        killed: list[int] = []

        class KillOne:
            def __call__(self, done: int, of: int, outcome: Outcome) -> None:
                if done == 5 and not killed:
                    started[1].kill()
                    killed.append(done)

            def stopping(self, number: int) -> None:
                pytest.fail("nobody has interrupted it")

        plan = Plan((str(tmp_path / "收"),), str(tmp_path / "出"))
        batch = run(plan, hire, number, KillOne())
        assert killed
        assert {o.state for o in batch.outcomes} <= GOOD, [o.findings for o in batch.outcomes]
        assert len(list((tmp_path / "出").glob("*.docx"))) == 40
    finally:
        for process in started:
            process.kill()
            process.wait()


def _wait_for_workers(address: str, number: int) -> None:
    from distributed import Client

    with Client(address, timeout=20) as client:
        client.wait_for_workers(number, timeout=60)


def test_inputs_and_documents_on_an_object_store(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    write(tmp_path, "301")
    system.pipe_file("/收/301.yaml", (tmp_path / "301.yaml").read_bytes())
    plan = Plan(("memory://收",), "memory://出")
    batch = run(plan, inline, 1)
    assert [o.state in GOOD for o in batch.outcomes] == [True]
    assert system.cat_file(f"/出/{batch.outcomes[0].output}")[:2] == b"PK"
    assert run(plan, inline, 1).kept == 1


@pytest.mark.skipif(os.name != "posix", reason="a script stands in for LibreOffice")
def test_a_pdf_that_cannot_be_read_back_is_told_and_made_again(
    season: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document stands; the summary says first why it has no PDF."""
    script, pdf = season / "soffice", season / "blank.pdf"
    converts = 'while [ "$1" != --outdir ]; do shift; done; shift 2\nfor file; do\n'
    script.write_text(f'#!/bin/sh\n{converts}cp {pdf} "${{file%.docx}}.pdf"\ndone\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(office, "find", lambda: script)
    pdf.write_bytes(b"%PDF-1.7\n%%EOF\n")
    for outcome in go(season, pdf=True).outcomes:
        assert outcome.state in GOOD and not outcome.pdf
        assert outcome.findings[0] == outcome.notes[0]
        assert "读不回来，没有放进文件夹" in outcome.notes[0]
    assert not list((season / "出").glob("*.pdf")) and len(documents(season)) == 3
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(pdf)
    assert all(outcome.pdf and outcome.pages == 1 for outcome in go(season, pdf=True).outcomes)
    assert len(list((season / "出").glob("*.pdf"))) == 3


# --- the summary --------------------------------------------------------------------------------


def test_the_command_writes_a_summary(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "<b>=1+1</b>局"
    write(season / "收", "304", name)
    out = season / "公开"
    assert cli.run(["batch", str(season / "收"), "-o", str(out), "--jobs", "1"]) == 0
    assert "4 个部门和单位：" in capsys.readouterr().out
    page = (out / "汇总.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;=1+1&lt;/b&gt;局" in page and name not in page
    book = load_workbook(out / "汇总.xlsx")
    assert book.sheetnames == ["部门", "规则", "收支总表汇总", "三公经费汇总"]
    rows = list(book["部门"].iter_rows(min_row=4))
    assert [row[1].value for row in rows] == ["301", "302", "303", "304"]
    assert (rows[3][2].value, rows[3][2].data_type) == (name, "s")
    # Four departments of 1000.00 and 3.00 三公 each.
    totals = {r[0]: r[1] for r in book["收支总表汇总"].iter_rows(min_row=4, values_only=True)}
    assert totals["收入总计"] == pytest.approx(4000)
    sangong = {r[0]: r[1] for r in book["三公经费汇总"].iter_rows(min_row=4, values_only=True)}
    assert sangong["“三公”经费小计"] == pytest.approx(12)


def test_who_is_missing_makes_the_command_fail(season: Path) -> None:
    names = season / "名单.csv"
    names.write_text("编码,名称\n399,河清县水务局\n", encoding="utf-8")
    arguments = ["batch", str(season / "收"), "-o", str(season / "公开"), "--jobs", "1"]
    assert cli.run([*arguments, "--roster", str(names)]) == 1
    assert "河清县水务局" in (season / "公开" / "汇总.html").read_text(encoding="utf-8")
