"""What a batch tells the leadership: only figures that hold, year by year, and who is lacking."""

from __future__ import annotations

import io
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import budgets
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from openpyxl import load_workbook
from support import ROOT, Tree, work_out
from test_batch import go, inline, write
from test_season import spoil

from generator import cli
from generator.batch import Batch, Plan, job, lock, roster, run, store
from generator.batch.area import parted
from generator.batch.book import workbook
from generator.batch.figures import figures_of
from generator.batch.outcome import (
    DONE,
    FAULTY,
    MISSING,
    STATES,
    UNREADABLE,
    UNWRITTEN,
    WARNED,
    Outcome,
)
from generator.batch.page import MOST_BARS, html, signed
from generator.batch.roster import Expected
from generator.batch.summary import summarise
from generator.checks import CHECKS
from generator.document import Document, Options
from generator.folder import FORMER, MANIFEST
from generator.problem import Place, Problem, Severity, UserError
from generator.sources.blank.look import letter


def of_year(folder: Path, code: str, year: str) -> Path:
    basics = {**budgets.department()["基本信息"], "编码": code, "名称": f"河清县第{code}局"}
    basics |= {"年度": year, "专项公用经费": "0.00"}
    return write(folder, code, change={"基本信息": basics})


# --- what is added up ---------------------------------------------------------------------------


def test_only_what_is_without_errors_is_added_up(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    spoil(write(tmp_path / "收", "302"))
    (tmp_path / "收" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    batch = go(tmp_path)
    summary = summarise(batch)
    (area,) = summary.areas
    assert area.counted == 1
    assert area.income[-1].amounts == (Decimal("1000.00"),)
    assert summary.lacking == "另有 2 个没有计入汇总（读不了 1，有错误 1）。"
    assert summary.told == ("共 3 个部门和单位：1 个已生成文档，2 个没有（读不了 1，有错误 1）。")
    assert summary.lacking in html(summary)
    book = load_workbook(io.BytesIO(workbook(summary)))
    assert summary.lacking in book["收支总表汇总"]["A2"].value


def test_years_are_added_up_apart(tmp_path: Path) -> None:
    for code in ("301", "302"):
        write(tmp_path / "收", code)
    of_year(tmp_path / "收", "303", "2022")
    summary = summarise(go(tmp_path))
    assert [(a.year, a.counted, a.pack) for a in summary.areas] == [
        *((2023, 2, "hebei/2023"), (2022, 1, "hebei/2022")),
    ]
    assert [a.income[-1].amounts[0] for a in summary.areas] == [Decimal(2000), Decimal(1000)]
    page = html(summary)
    assert "2022、2023年部门预算公开汇总" in page
    assert "2022 年，1 个部门和单位汇总，格式 hebei/2022" in page
    book = load_workbook(io.BytesIO(workbook(summary)))
    assert book.sheetnames[2:] == [
        *("收支总表汇总（1）", "三公经费汇总（1）", "收支总表汇总（2）", "三公经费汇总（2）"),
    ]


@pytest.mark.parametrize(("year", "pack"), [("2021", "hebei/2022"), ("2025", "tangshan/2025")])
def test_the_pack_that_was_used_gives_the_tables(tmp_path: Path, year: str, pack: str) -> None:
    of_year(tmp_path / "收", "301", year)
    (area,) = summarise(go(tmp_path, options=Options(pack))).areas
    assert area.pack == pack
    for side in (area.income, area.expenditure):
        amounts = {row.label: row.amounts[0] for row in side}
        total = next(amount for label, amount in amounts.items() if "总计" in label)
        shown = sum(amount for label, amount in amounts.items() if "计" not in label)
        assert shown == total, "each amount in a line of its own, and no total in a blank line"
    assert area.balance == "部门预算收支总表"
    assert area.heads[0] == "合计" and len(area.heads) == len(area.rows[0].amounts) == 4


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(budgets.realistic(), st.sampled_from(STATES)), min_size=1, max_size=4))
def test_each_row_of_an_area_is_the_sum_of_what_its_documents_print(
    departments: list[tuple[Tree, str]],
) -> None:
    outcomes = []
    printed: Counter[tuple[int, str, str, int]] = Counter()
    for number, (tree, state) in enumerate(departments):
        document = work_out(tree)
        assert document.disclosure is not None and document.pack is not None
        year = document.disclosure.basics.year
        outcomes.append(
            Outcome(
                *(f"{number}.yaml", state, "", f"{number}", "甲", year, "部门"),
                pack=document.pack.id,
                figures=figures_of(document.disclosure, document.pack),
            )
        )
        if state in (DONE, WARNED):
            for key, amount in _printed(document):
                printed[year, *key] += amount  # type: ignore[assignment]
    summed: dict[tuple[int, str, str, int], Decimal] = {}
    for area in summarise(Batch(tuple(outcomes))).areas:
        for side, rows in (
            *(("收入", area.income), ("支出", area.expenditure)),
            ("三公", area.rows),
        ):
            for row in rows:
                for column, amount in enumerate(row.amounts):
                    assert isinstance(amount, Decimal)
                    summed[area.year, side, row.label, column] = amount
    assert {key: amount for key, amount in summed.items() if amount} == {
        key: amount for key, amount in printed.items() if amount
    }


def _printed(document: Document) -> Iterator[tuple[tuple[str, str, int], Decimal]]:
    """Side, label and column → the amounts of tables 1 and 9, as they stand in the document."""
    tables = document.contents[0].tables
    for row in tables["T1"].rows:
        for side in ("收入", "支出"):
            yield (side, row[f"{side}项目"], 0), Decimal(row[f"{side}数"] or 0)
    for row in tables["T9"].rows:
        for at, column in enumerate(("合计", "一般", "基金", "国资")):
            yield ("三公", row["项目"].strip(), at), Decimal(row[column] or 0)


@pytest.mark.parametrize(
    ("filled", "change"),
    [
        ({}, "-1.00"),
        ({"公务接待费": "3.00"}, "0.00"),
        ({"公务接待费": "0.00"}, "+3.00"),
        ({"公务用车购置费": None}, ""),
    ],
    ids=["less", "equal", "from nothing", "not filled in"],
)
def test_a_change_needs_all_of_last_year(
    tmp_path: Path, filled: Mapping[str, str | None], change: str
) -> None:
    rows = budgets.department()["上年数"]
    rows = [{**row, "上年数": filled.get(row["项目"], row["上年数"])} for row in rows]
    write(tmp_path / "收", "301", change={"上年数": [row for row in rows if row["上年数"]]})
    (line,) = summarise(go(tmp_path)).lines
    assert signed(line.sangong_change) == change


def named(code: str, kind: str, state: str = DONE, year: int = 2023) -> Outcome:
    figures = {"income.total|": "1.00"}
    about = (f"{code}.yaml", state, "", code, code, year, kind)
    return Outcome(*about, pack="hebei/2023", figures=figures)


def test_a_unit_is_counted_once() -> None:
    outcomes = [
        *(named("301", "部门"), named("301001", "单位"), named("301001002", "单位")),
        *(named("302001", "单位"), named("301001", "单位", year=2022), named("301", "单位")),
    ]
    counted, left_out = parted(outcomes)
    assert [(one.code, one.year) for one in counted] == [
        *(("301", 2023), ("302001", 2023), ("301001", 2022), ("301", 2023)),
    ]
    assert not left_out


@pytest.mark.parametrize(
    ("department", "unit", "is_below"),
    [
        ("30", "301001", False),
        ("301", "3011", False),
        ("301", "301001", True),
        ("30", "30001", True),
    ],
)
def test_a_units_code_is_longer_by_three_digits(department: str, unit: str, is_below: bool) -> None:
    counted, _ = parted([named(department, "部门"), named(unit, "单位")])
    assert [one.code for one in counted] == [department, *([] if is_below else [unit])]


@pytest.mark.parametrize("state", [FAULTY, UNREADABLE])
def test_a_unit_is_left_out_with_its_department_and_this_is_told(state: str) -> None:
    department = replace(
        named("301", "部门", state), figures={} if state == UNREADABLE else {"a": "1"}
    )
    outcomes = (department, named("301001", "单位"), named("302", "部门"), named("302001", "单位"))
    summary = summarise(Batch(outcomes))
    assert [area.counted for area in summary.areas] == [1]
    assert summary.lacking == f"另有 2 个没有计入汇总（{state} 1，部门没有计入的单位 1）。"
    assert summary.told == f"共 4 个部门和单位：3 个已生成文档，1 个没有（{state} 1）。"


def test_a_unit_goes_with_the_nearest_of_two_departments() -> None:
    """The office of 301 is a department of its own, and faulty: its unit is in neither."""
    outcomes = [
        *(named("301", "部门"), named("301001", "部门", FAULTY), named("301001001", "单位")),
    ]
    counted, left_out = parted(outcomes)
    assert ([one.code for one in counted], left_out) == (["301"], [outcomes[2]])


def test_a_pack_that_has_left_costs_the_tables_only(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    batch = go(tmp_path)
    object.__setattr__(batch.outcomes[0], "pack", "别处/2023")
    assert summarise(batch).areas == () and len(summarise(batch).lines) == 1


# --- who is shown how ---------------------------------------------------------------------------


def test_errors_stand_before_warnings() -> None:
    def problem(rule: str, severity: Severity) -> Problem:
        return Problem(rule, "", severity, "", place=Place())

    found = [
        *(problem("A1", Severity.WARNING), problem("A2", Severity.ERROR)),
        *(problem("A3", Severity.INFO), problem("A4", Severity.ERROR)),
    ]
    assert [finding.split()[1] for finding in job._first(found)] == ["A2", "A4", "A1"]


def test_the_worst_stands_first_and_every_row_says_whose_it_is(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    spoil(write(tmp_path / "收", "302"))
    write(tmp_path / "收", "303", "同名局")
    write(tmp_path / "收" / "又", "303", "同名的局")
    (tmp_path / "收" / "坏 件.xlsx").write_bytes(b"PK\x03\x04")
    summary = summarise(go(tmp_path))
    states = [line.outcome.state for line in summary.lines]
    assert states[:4] == [UNREADABLE, FAULTY, FAULTY, FAULTY]
    assert all(line.outcome.counts.get("error") for line in summary.lines[1:4])
    page = html(summary)
    assert '<td class="name"><bdi>坏 件.xlsx' in page
    assert f'<a href="{quote(summary.lines[4].outcome.output)}">' in page
    assert str(tmp_path / "收" / "303.yaml") in page
    sheet = load_workbook(io.BytesIO(workbook(summary)))["部门"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[1][rows[0].index("名称")] == "坏 件.xlsx"
    last = rows[0].index("第一条问题") + 1
    assert sheet.print_area == f"'部门'!$A$1:${letter(last)}$8"
    assert sheet.cell(5, last).alignment.wrap_text
    widths = [sheet.column_dimensions[letter(i)].width for i in range(1, last + 1)]
    assert sum(widths) < 210, "on A4 the letters are still 7 points high"


SETTLED = [MISSING, UNREADABLE, UNWRITTEN, FAULTY, WARNED, DONE]


def many(number: int, **more: Any) -> Batch:
    """A batch of so many, in every state, with figures that are each other's multiples."""
    return Batch(
        tuple(
            Outcome(
                *(f"/收/第{i % 3}批/{i}.xlsx", SETTLED[i % 6], "", f"{i}", f"某{i}局"),
                *(2023, "部门"),
                pack="hebei/2023",
                output=f"{i}.docx" if SETTLED[i % 6] in (DONE, WARNED) else "",
                rules={"NAR105": 1, "TBL105": 2} if SETTLED[i % 6] == FAULTY else {},
                figures={
                    "income.total|": f"{12_345_678_901 * i}.10",
                    "sangong.total|sangong": f"{i}.00",
                },
            )
            for i in range(number)
        ),
        **more,
    )


def test_the_page_says_who_is_lacking_and_finds_by_rule() -> None:
    page = html(summarise(many(60, unexpected=("多.xlsx",), set_aside=("旧.docx",))))
    assert page.startswith("<!DOCTYPE html>")
    assert (
        "共 60 个部门和单位：20 个已生成文档，40 个没有"
        "（缺报 10，读不了 10，没写出 10，有错误 10）。" in page
    )
    assert "有 1 个文件不在名单里。" in page and "<bdi>多.xlsx</bdi>" in page
    assert '<a href="#departments" data-find="NAR105">NAR105' in page
    assert page.count('data-rules="NAR105 TBL105"') == 10
    assert "<small><bdi>第1批/1.xlsx</bdi></small>" in page, "the folder of all is not repeated"
    assert page.count("金额单位：万元") == 3, "over the list, and over each of the area's tables"


def test_one_department_needs_no_chart() -> None:
    page = html(summarise(Batch((replace(many(6).outcomes[5], rules={}),))))
    assert "共 1 个部门和单位，都已生成文档。" in page
    assert "问题出在哪里" not in page and "最多的部门" not in page


def test_errors_are_listed_before_what_is_more_common() -> None:
    common, rare = Outcome("甲.yaml", FAULTY, rules={"TXT102": 1}), {"NAR105": 1, "TXT102": 3}
    summary = summarise(Batch((common, Outcome("乙.yaml", FAULTY, rules=rare))))
    assert [(f.rule, f.severity, f.departments, f.findings) for f in summary.failing] == [
        *(("NAR105", "错误", 1, 1), ("TXT102", "警告", 2, 4)),
    ]


def test_every_rule_that_fails_is_listed() -> None:
    rules = {rule.id: 1 for rule in CHECKS}
    summary = summarise(Batch((replace(many(4).outcomes[3], rules=rules),)))
    page = html(summary)
    assert f"其余 {len(rules) - MOST_BARS} 条" in page
    assert all(f'data-find="{id_}"' in page for id_ in rules)


def test_strange_names_are_text_and_keep_to_themselves() -> None:
    name = "<script>alert(1)</script>&\"'\u202e倒"
    page = html(summarise(Batch((replace(many(6).outcomes[5], name=name),))))
    assert page.count("<script>") == 1
    assert f"<bdi>{escape(name)}</bdi></a>" in page


def test_the_largest_amounts_have_room() -> None:
    book = load_workbook(io.BytesIO(workbook(summarise(many(60)))))
    sheet = book["部门"]
    heads = [cell.value for cell in sheet[3]]
    at = heads.index("收入总计") + 1
    amounts = [sheet.cell(row, at).value for row in range(4, 64)]
    longest = max(len(f"{amount:,.2f}") for amount in amounts)
    assert longest == 18 and sheet.column_dimensions[letter(at)].width > longest
    assert {sheet.cell(row, at).alignment.horizontal for row in range(4, 64)} == {"right"}
    assert sheet.cell(4, heads.index("年度") + 1).alignment.horizontal == "right"


def test_a_file_that_cannot_be_read_is_not_lacking_too(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    (tmp_path / "收" / "112某局.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    (tmp_path / "收" / "水务局预算.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "收" / "1130.xlsx").write_bytes(b"PK\x03\x04")
    expected = (Expected("112", "档案局"), Expected("999", "水务局"), Expected("113", "文化局"))
    batch = go(tmp_path, roster=expected)
    assert {(o.code, o.name) for o in batch.outcomes if o.state == UNREADABLE} == {
        *(("112", "档案局"), ("999", "水务局"), ("", "")),
    }
    assert [o.code for o in batch.outcomes if o.state == MISSING] == ["113"]


def test_the_console_names_who_is_not_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "收", "301")
    spoil(write(tmp_path / "收", "302", "错局"))
    write(tmp_path / "收", "303", "同局")
    write(tmp_path / "收" / "又", "303", "同名局")
    (tmp_path / "收" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    out = tmp_path / "出"
    for _ in range(2):
        assert cli.run(["batch", str(tmp_path / "收"), "-o", str(out), "--jobs", "1"]) == 1
        said = capsys.readouterr().out
        assert "有错误：302 错局：错误 TBL105 " in said
        assert "有错误：303 同局：" in said and "有错误：303 同名局：" in said
        assert "读不了：坏.xlsx：“坏.xlsx”已损坏" in said
        assert "打开" in said and "汇总.html 看" in said
    assert "这次处理 3 份，没有变化 2 份。" in said


def test_what_was_told_of_a_document_is_not_told_again(tmp_path: Path) -> None:
    write(tmp_path / "收", "301")
    name = go(tmp_path).outcomes[0].output
    (tmp_path / "出" / name).write_bytes(b"by hand")
    assert go(tmp_path).outcomes[0].notes
    assert go(tmp_path).outcomes[0].notes == ()


def test_every_former_file_is_counted_in_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path / "收", code) for code in ("301", "302", "303")]
    out = tmp_path / "出"
    command = ["batch", str(tmp_path / "收"), "-o", str(out), "--jobs", "1", "--json"]
    cli.run(command)
    files[0].unlink()
    spoil(files[1])
    for _ in range(2):
        capsys.readouterr()
        cli.run(command)
        assert f"“{FORMER}”文件夹里有 4 个以前的文件，不要公开。" in capsys.readouterr().out
        assert len(list((out / FORMER).iterdir())) == 4
        page = (out / "汇总.html").read_text(encoding="utf-8")
        assert all(file.name in page for file in (out / FORMER).iterdir())


# --- what is asked for --------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["不存在/", "没有.xlsx"])
def test_an_input_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    good = write(tmp_path / "收", "301")
    out = tmp_path / "出"
    for inputs in ([missing], [str(good), missing]):
        assert cli.run(["batch", *inputs, "-o", str(out)]) == 2
        assert f"找不到“{missing.rstrip('/')}”" in capsys.readouterr().err
        assert not out.exists()
    assert cli.run(["check", missing]) == 2
    assert "找不到" in capsys.readouterr().out


def test_the_summary_is_no_input_by_whatever_way(tmp_path: Path) -> None:
    write(tmp_path, "301").rename(tmp_path / "甲.yaml")
    for name in ("汇总.xlsx", MANIFEST):
        (tmp_path / name).write_bytes(b"x")
    assert store.find([str(tmp_path / "*.xlsx")]) == []
    assert store.find([str(tmp_path / "汇总.xlsx")]) == []
    assert [Path(f).name for f in store.find([str(tmp_path / "*.yaml")])] == ["甲.yaml"]
    (tmp_path / MANIFEST).unlink()
    assert len(store.find([str(tmp_path / "*.xlsx")])) == 1


def test_a_pattern_that_means_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        run(Plan((str(tmp_path / "a**b" / "*.xlsx"),), str(tmp_path / "出")), inline, 1)


def test_check_takes_patterns_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for code in ("301", "302"):
        write(tmp_path, code)
    assert cli.run(["check", str(tmp_path / "*.yaml")]) == 0
    assert "共 2 个文件" in capsys.readouterr().out


def test_a_roster_with_a_cell_that_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text('编码,名称\n301,"' + "长" * 140_000, encoding="utf-8")
    with pytest.raises(UserError, match="不是能读的 CSV"):
        roster.read(file)


def test_two_batches_into_one_folder(tmp_path: Path) -> None:
    """Asked of a process of its own: the lock is the system's, and ends with its holder."""
    write(tmp_path / "收", "301")
    out = tmp_path / "出"
    out.mkdir()
    command = [sys.executable, "-m", "generator", "batch", str(tmp_path / "收"), "-o", str(out)]

    def second() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, "--jobs", "1"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
        )

    with lock.held(str(out)):
        refused = second()
        assert refused.returncode == 2 and "另一个 batch 正在" in refused.stderr
        assert not list(out.glob("*.docx")) and not (out / MANIFEST).exists()
    assert second().returncode == 0


def test_the_summary_is_written_before_another_batch_may_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "收", "301")
    out = tmp_path / "出"
    command = ["batch", str(tmp_path / "收"), "-o", str(out), "--jobs", "1"]
    written: list[str] = []
    true = store.write

    def watched(address: str, data: bytes) -> None:
        if store.name_of(address).startswith("汇总"):
            written.append(store.name_of(address))
            with pytest.raises(UserError, match="另一个 batch"), lock.held(str(out)):
                pass
        true(address, data)

    monkeypatch.setattr(lock, "PATIENCE", 0)
    monkeypatch.setattr(store, "write", watched)
    assert cli.run(command) == 0 and written == ["汇总.html", "汇总.xlsx"]


@pytest.mark.parametrize("readable", [True, False])
def test_an_input_is_not_read_whole_to_see_that_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    file = write(tmp_path, "301")
    if not readable:
        file.unlink()
    forbidden: Callable[..., bytes] = lambda *_: pytest.fail("read")  # noqa: E731
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert store.is_readable(str(file)) is readable


def test_the_title_has_the_years_of_the_documents() -> None:
    made = Outcome("甲.yaml", DONE, year=2025, output="甲.docx")
    refused = Outcome("乙.yaml", FAULTY, year=2024)
    assert summarise(Batch((made, refused))).when == "2025年"
    assert summarise(Batch((refused,))).when == "2024年"
