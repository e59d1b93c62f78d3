"""What the summary and the console tell of a run: all that was found, and what was not come to."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import budgets
import plain
import pytest
from openpyxl import load_workbook
from support import ROOT
from test_batch import go, inline, write
from test_season import spoil
from test_summary import many

from generator import cli, locking
from generator.batch import Batch, Plan, job, lock, run
from generator.batch.book import workbook
from generator.batch.manifest import Manifest
from generator.batch.outcome import DONE, FAULTY, MISSING, NOT_GIVEN, PENDING, WARNED, Outcome
from generator.batch.page import html
from generator.batch.roster import Expected
from generator.batch.summary import summarise
from generator.folder import FORMER
from generator.problem import Place, Problem, Severity, UserError
from generator.sources.blank.look import letter

REASON = {"规则": "PRF103", "原因": "项目很小", "责任人": "张三"}


def test_of_every_rule_a_finding_is_kept() -> None:
    def problem(rule: str, severity: Severity) -> Problem:
        return Problem(rule, "", severity, "", place=Place())

    errors = [problem("A1", Severity.ERROR)] * 40 + [problem("A2", Severity.ERROR)]
    found = [problem("A3", Severity.WARNING), *errors]
    kept = [finding.split()[1] for finding in job._first(found)]
    assert kept == ["A1"] * 18 + ["A2", "A3"]
    every = [problem(f"A{number}", Severity.ERROR) for number in range(30)]
    assert len(job._first(every * 2)) == 30


def test_what_is_not_listed_is_counted(tmp_path: Path) -> None:
    """And where all of it is to be seen."""
    budget = budgets.department()
    rows = [{**row, "名称": "错的"} for row in budget["收入"]] * 30
    file = write(tmp_path / "收 到", "301", change={"收入": rows})
    (tmp_path / "收 到").rename(tmp_path / "收")
    file = tmp_path / "收" / file.name
    (outcome,) = go(tmp_path).outcomes
    found = outcome.counts["error"] + outcome.counts["warning"]
    assert found > 30 and len(outcome.findings) + outcome.unlisted == found
    listed = len(outcome.findings) - 1
    page = html(summarise(Batch((outcome,))))
    assert f"<summary>其余 {found - 1} 条，这里列 {listed} 条</summary>" in page
    assert f"全部看：<code>gen-disclosure check {file}</code>" in page
    outcome = replace(outcome, file="收 到/301.yaml")
    assert 'check "收 到/301.yaml"' in summarise(Batch((outcome,))).lines[0].command


def test_what_is_published_with_a_reason_is_told(tmp_path: Path) -> None:
    write(tmp_path / "收", "301", change={"核对例外": [REASON]})
    write(tmp_path / "收", "302")
    summary = summarise(go(tmp_path))
    (line,) = (line for line in summary.lines if line.outcome.code == "301")
    assert line.exceptions == 1
    page = html(summary)
    assert '<th scope="col" class="n" data-numeric>例外</th>' in page
    assert "<summary>例外 1 条</summary><p>例外 PRF103 " in page
    assert "照样公开：项目很小（张三）</p>" in page
    sheet = load_workbook(io.BytesIO(workbook(summary)))["部门"]
    heads = [cell.value for cell in sheet[3]]
    column = heads.index("例外")
    assert sorted(row[column].value or 0 for row in sheet.iter_rows(min_row=4)) == [0, 1]
    assert not sheet.column_dimensions[letter(column + 1)].hidden
    assert sheet.column_dimensions[letter(heads.index("页数") + 1)].hidden


@pytest.mark.parametrize("pages", [0, 12])
def test_pages_are_shown_where_any_are_known(pages: int) -> None:
    page = html(summarise(Batch((replace(many(6).outcomes[5], pages=pages),))))
    assert (">页数</th>" in page) is bool(pages)
    assert ">例外</th>" not in page


# --- what this run did not come to, or was not given --------------------------------------------


class Interrupted(Executor):
    """Takes so many tasks one by one; then somebody presses Ctrl-C."""

    def __init__(self, number: int) -> None:
        self.number = number

    def submit(self, do: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        if do is job.PRODUCTION.do:
            if not self.number:
                raise KeyboardInterrupt
            self.number -= 1
        future: Future[Any] = Future()
        future.set_result(do(*given, **more))
        return future


def interrupted(folder: Path, number: int, **more: Any) -> Batch:
    plan = Plan((str(folder / "收"),), str(folder / "出"), **more)
    return run(plan, lambda: Interrupted(number), 1)


def test_what_an_interrupted_run_did_not_come_to_is_told(tmp_path: Path) -> None:
    for code in range(301, 306):
        write(tmp_path / "收", str(code))
    summary = summarise(interrupted(tmp_path, 2), datetime(2026, 3, 5, 9, 7))
    assert [line.outcome.state for line in summary.lines] == [PENDING] * 3 + [WARNED] * 2
    assert summary.told == "共 5 个部门和单位：2 个已生成文档，3 个这次没有做（未处理 3）。"
    told = "这次运行中断了：还有 3 份没有处理，请再运行一次。"
    page = html(summary)
    assert f'<p class="former alarm">{told}</p>' in page and "2026-03-05 09:07" in page
    sheet = load_workbook(io.BytesIO(workbook(summary)))["部门"]
    assert sheet["A3"].value == told and sheet["A3"].font.color.rgb[-6:] == "9C0006"
    assert "2026-03-05 09:07" in sheet["A2"].value
    assert [sheet.cell(row, 1).value for row in range(4, 10)] == [
        "状态",
        *[PENDING] * 3,
        *[WARNED] * 2,
    ]
    assert sheet.auto_filter.ref.startswith("A4:") and sheet.freeze_panes == "D5"
    assert summarise(go(tmp_path)).alarms == ()


def test_of_what_was_not_come_to_it_is_told_what_was_known(tmp_path: Path) -> None:
    """Its figures where they are of the present data; its document in any case."""
    files = [write(tmp_path / "收", code) for code in ("301", "302", "303")]
    made = go(tmp_path).outcomes
    files[1].write_text(files[1].read_text("utf-8").replace("防火防潮", "防火"), "utf-8")
    spoil(files[2])
    left = interrupted(tmp_path, 0, again=True).outcomes
    assert [o.state for o in left] == [PENDING] * 3
    assert [o.output for o in left] == [o.output for o in made]
    assert left[0].figures == made[0].figures and not left[1].figures and not left[2].figures
    assert left[1].findings == (f"“{made[1].output}”是用以前的数据生成的。",)
    summary = summarise(Batch(left))
    assert summary.areas == () and "没有计入汇总（未处理 3）" in summary.lacking
    assert {o.state for o in go(tmp_path).outcomes} == {WARNED, FAULTY}


def test_documents_of_inputs_that_were_not_given(tmp_path: Path) -> None:
    files = [write(tmp_path / "收", code) for code in ("301", "302", "303")]
    spoil(files[2])
    go(tmp_path)
    names = {code: f"{code}河清县第{code}局" for code in ("301", "302")}
    expected = tuple(Expected(code, "") for code in ("301", "302", "303", "304"))
    plan = Plan((str(files[0]),), str(tmp_path / "出"), roster=expected)
    batch = run(plan, inline, 1)
    assert [(o.code, o.state) for o in batch.outcomes] == [
        *(("301", WARNED), ("302", NOT_GIVEN), ("303", MISSING), ("304", MISSING)),
    ]
    outcomes = {o.code: o for o in batch.outcomes}
    assert outcomes["302"].output.startswith(names["302"])
    assert "还在文件夹里" in outcomes["302"].findings[0]
    assert outcomes["303"].findings == ("这次没有给出它的工作簿；以前交过，没有生成文档。",)
    assert outcomes["304"].findings == ()
    page = html(summarise(batch))
    assert "文件夹里另有 1 份以前生成的文档，这次没有给出它们的工作簿。" in page
    assert summarise(batch).areas[0].counted == 1


def test_who_was_not_given_is_known_without_leading_zeros(tmp_path: Path) -> None:
    """As whoever sends a workbook is: a spreadsheet drops them from the roster's codes."""
    first, _ = (write(tmp_path / "收", code) for code in ("00301", "00302"))
    go(tmp_path)
    plan = Plan(
        (str(first),), str(tmp_path / "出"), roster=(Expected("301", ""), Expected("302", ""))
    )
    states = [outcome.state for outcome in run(plan, inline, 1).outcomes]
    assert sorted(states) == sorted([WARNED, NOT_GIVEN])


def test_who_has_withdrawn_is_told_in_every_run(tmp_path: Path) -> None:
    files = [write(tmp_path / "收", code) for code in ("301", "302", "303")]
    expected = tuple(Expected(code, "") for code in ("301", "302", "303"))
    go(tmp_path)
    files[1].unlink()
    files[2].rename(tmp_path / "收" / "303最新.yaml")
    for _ in range(2):
        batch = go(tmp_path, roster=expected)
        assert [(o.code, o.state) for o in batch.outcomes if o.state == MISSING] == [
            ("302", MISSING)
        ]
        (missing,) = (o for o in batch.outcomes if o.state == MISSING)
        assert missing.findings == (f"撤回：以前交过，文档已移到“{FORMER}”。",)
    write(tmp_path / "收", "302")
    assert MISSING not in {o.state for o in go(tmp_path, roster=expected).outcomes}


def test_a_unit_that_its_department_does_not_name_says_so(tmp_path: Path) -> None:
    write(tmp_path / "收", "332", "某县融媒体中心")
    basics = {
        **budgets.department()["基本信息"],
        "编码": "332001",
        "名称": "电视台",
        "类型": "单位",
    }
    write(tmp_path / "收", "332001", change={"基本信息": basics})
    summary = summarise(go(tmp_path))
    remarks = {line.outcome.code: line.remark for line in summary.lines}
    assert remarks == {"332": "", "332001": "没有计入汇总：332 某县融媒体中心没有把它列为所属单位"}
    assert remarks["332001"] in html(summary)
    book = load_workbook(io.BytesIO(workbook(summary)))
    assert any(remarks["332001"] in str(cell.value) for row in book["部门"] for cell in row)


# --- what is made again -------------------------------------------------------------------------


def test_reading_back_is_made_up_for_and_never_undone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in ("301", "302"):
        write(tmp_path / "收", code)
    command = ["batch", str(tmp_path / "收"), "-o", str(tmp_path / "出"), "--jobs", "1"]

    def said(*more: str) -> str:
        cli.run([*command, *more])
        return capsys.readouterr().out

    assert "读回" not in said("--json")
    assert "读回核对 2 份，都一致。" in (told := said("--verify")) and "没有变化 2 份" not in told
    assert "没有变化 2 份" in said("--verify")
    assert "没有变化 2 份" in (told := said()) and "读回" not in told
    assert len(list((tmp_path / "出").glob("*.json"))) == 2, "they still hold"
    assert not (tmp_path / "出" / FORMER).exists()


def test_what_a_document_has_lost_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "收", "301")
    command = ["batch", str(tmp_path / "收"), "-o", str(tmp_path / "出"), "--jobs", "1"]
    cli.run([*command, "--json"])
    file.write_text(file.read_text("utf-8").replace("防火防潮", "防火"), "utf-8")
    told = "1 份文档没有核对结果（.json）"
    for _ in range(2):
        capsys.readouterr()
        cli.run(command)
        assert told in capsys.readouterr().out.replace("\n  ", "")
        assert told in (tmp_path / "出" / "汇总.html").read_text("utf-8")
    cli.run([*command, "--json"])
    assert told not in capsys.readouterr().out


@pytest.mark.parametrize(("pdf", "told"), [("", True), ("新.pdf", False)])
def test_a_document_whose_pdf_is_of_former_data(pdf: str, told: bool) -> None:
    one = replace(many(6).outcomes[5], pdf=pdf, former=("旧.pdf",))
    sentence = f"1 份文档没有 PDF（原有的已过时，移到“{FORMER}”），加 --pdf 补上。"
    assert summarise(Batch((one,))).notices == ((sentence,) if told else ())
    failed = replace(one, findings=("没有 LibreOffice。",), notes=("没有 LibreOffice。",))
    assert summarise(Batch((failed,))).notices == ()


def test_a_reader_of_the_progress_that_goes_away_stops_nothing(tmp_path: Path) -> None:
    for code in ("301", "302"):
        spoil(write(tmp_path / "收", code))
    command = [sys.executable, "-m", "generator", "batch", str(tmp_path / "收")]
    process = subprocess.Popen(
        [*command, "-o", str(tmp_path / "出"), "--jobs", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 1
    assert (tmp_path / "出" / "汇总.html").exists()


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "收", "301")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    kept = Manifest(str(tmp_path))
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(UserError, match="写不进去：磁盘已满。做完的文档都在"):
        kept.add(Outcome("甲.yaml", DONE))


# --- checking many ------------------------------------------------------------------------------


def test_check_names_the_files_that_are_not_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "301")
    for code in range(302, 314):
        spoil(write(tmp_path, str(code)))
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    assert cli.run(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().out.replace("\n  ", "")
    assert "共 14 个文件：1 个没有错误，12 个有错误，1 个读不了。" in said
    names = "、".join(f"{code}.yaml" for code in range(302, 312))
    assert said.endswith(f"有错误：{names} 等 12 个。\n读不了：坏.xlsx。\n")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_check_says_that_copies_lie_among_the_originals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], elsewhere: bool
) -> None:
    for name in ("甲.xlsx", "乙.xlsx"):
        (tmp_path / name).write_bytes(plain.workbook(budgets.department()))
    more = ["-o", str(tmp_path / "出") + "/"] if elsewhere else []
    cli.run(["check", str(tmp_path), "--format", "xlsx", *more])
    told = f"这 2 个文件在“{tmp_path}”，与原件放在一起；加 -o 核对结果/ 就放到别处。\n"
    assert capsys.readouterr().out.endswith(told) is not elsewhere


def test_no_lock_is_left_and_one_that_was_removed_is_not_held(tmp_path: Path) -> None:
    """Who waited for it has a file in the hand that nobody else will find."""
    write(tmp_path / "收", "301")
    go(tmp_path)
    file = tmp_path / "出" / lock.NAME
    assert not file.exists()
    opened: list[int] = []
    true = locking.opened

    def removed_meanwhile(path: Path) -> int:
        opened.append(handle := true(path))
        if len(opened) == 1:
            path.unlink()
        return handle

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locking, "opened", removed_meanwhile)
        with lock.held(str(tmp_path / "出")):
            assert len(opened) == 2 and file.exists()
    assert not file.exists()
