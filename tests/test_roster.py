"""Who is who: inputs against the roster, the year asked for, and each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import budgets
import pytest
from support import Tree
from test_batch import documents, go, write

from generator import cli, yamltext
from generator.batch import Batch, Outcome, roster
from generator.batch.outcome import DONE, FAULTY, MISSING, UNREADABLE, WARNED
from generator.batch.roll import headline, sentences, worked
from generator.batch.roster import Expected, Index
from generator.problem import UserError

NAMES = {"301": "河清县财政局", "302": "河清县教育局", "321": "河清县妇联"}
ROSTER = tuple(Expected(code, name) for code, name in NAMES.items())


def received(
    folder: Path, file: str, code: str, name: str, year: str = "2023", **more: str
) -> Path:
    """An input of a name of its own."""
    tree: Tree = budgets.department()
    tree["基本信息"].update({"编码": code, "名称": name, "年度": year, **more})
    tree["格式选项"] = {"分部分": "不分"}
    path = folder / "收" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yamltext.dump(tree), encoding="utf-8")
    return path


def named(batch: Batch, file: str) -> Outcome:
    return next(one for one in batch.outcomes if Path(one.file).name == file)


def missing(batch: Batch) -> list[str]:
    return [one.code for one in batch.outcomes if one.state == MISSING]


@pytest.fixture
def season(tmp_path: Path) -> Path:
    for code, name in NAMES.items():
        received(tmp_path, f"{code}.yaml", code, name)
    return tmp_path


def test_a_season_in_which_all_is_right(season: Path) -> None:
    batch = go(season, roster=ROSTER, year=2023)
    assert headline(batch) == "名单 3 个：已生成 3。"
    assert (len(documents(season)), list(sentences(batch)), worked(batch)) == (3, [], "")


# --- the pack -------------------------------------------------------------------------------------


def test_a_pack_that_is_not_there_touches_nothing(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["batch", str(season / "收"), "-o", str(season / "出"), "--jobs", "1"]
    assert cli.run(command) == 0
    before = {f: f.read_bytes() for f in (season / "出").rglob("*") if f.is_file()}
    capsys.readouterr()
    assert cli.run([*command, "--pack", "河北"]) == 2
    told = capsys.readouterr()
    assert "没有格式包“河北”" in told.err and told.out == ""
    assert {f: f.read_bytes() for f in (season / "出").rglob("*") if f.is_file()} == before
    new = [*command[:3], str(season / "新"), "--pack", "河北"]
    assert (cli.run(new), (season / "新").exists()) == (2, False)


def test_a_pack_that_an_input_names_is_its_own_problem(season: Path) -> None:
    received(season, "302.yaml", "302", NAMES["302"], 格式="河北")
    batch = go(season)
    assert [one.state in (DONE, WARNED) for one in batch.outcomes] == [True, False, True]
    assert any("没有格式包“河北”" in one for one in named(batch, "302.yaml").findings)


# --- the year -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["--year", "the roster"])
def test_another_year_is_an_error_at_its_cell(season: Path, said: str) -> None:
    received(season, "302.yaml", "302", NAMES["302"], "2022")
    rows = [Expected(row.code, row.name, 2023) for row in ROSTER]
    batch = go(season, **({"year": 2023} if said == "--year" else {"roster": tuple(rows)}))
    wrong = named(batch, "302.yaml")
    assert (wrong.state, wrong.output, wrong.counts) == (FAULTY, "", {"error": 1})
    assert "年度填的是 2022，应为 2023" in wrong.findings[0]
    assert wrong.findings[0].startswith("错误 第") and "年度：" in wrong.findings[0]
    assert (len(documents(season)), batch.years, missing(batch)) == (2, {}, [])


def test_years_that_nobody_has_asked_for_are_told(season: Path) -> None:
    received(season, "302.yaml", "302", NAMES["302"], "2022", 专项公用经费="0.00")
    received(season, "301旧.yaml", "301", NAMES["301"], "2022", 专项公用经费="0.00")
    received(season, "303.yaml", "303", "河清县审计局")
    batch = go(season)
    assert batch.years[2022] == ("301 河清县财政局", "302 河清县教育局")
    told = list(sentences(batch))
    assert told == [
        "2 份是 2022 年的，其余 3 份是 2023 年的：301 河清县财政局、302 河清县教育局。"
        "如果年度应该都一样，请加 --year 2023。",
        "同一部门交了几个年度的：301 河清县财政局（2022、2023）。",
    ]
    command = ["batch", str(season / "收"), "-o", str(season / "出"), "--jobs", "1"]
    cli.run(command)
    page = (season / "出" / "汇总.html").read_text(encoding="utf-8")
    assert all(sentence in page for sentence in told)


# --- codes and names ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["999", "302"])
def test_a_wrong_code_makes_no_document(season: Path, code: str) -> None:
    (season / "收" / "321.yaml").unlink()
    received(season, "妇联.yaml", code, NAMES["321"])
    batch = go(season, roster=ROSTER)
    wrong = named(batch, "妇联.yaml")
    assert (wrong.state, wrong.code, wrong.output) == (FAULTY, "321", "")
    assert f"名单里“河清县妇联”的编码是 321，这份填的是 {code}" in wrong.findings[0]
    assert ("那是“河清县教育局”的" in wrong.findings[0]) == (code == "302")
    assert missing(batch) == []
    assert [name[:3] for name in documents(season)] == ["301", "302"]
    assert headline(batch) == "名单 3 个：已生成 2，有错误 1。"
    # And once it is right, nothing of it stays behind.
    received(season, "妇联.yaml", "321", NAMES["321"])
    assert headline(go(season, roster=ROSTER)) == "名单 3 个：已生成 3。"


def test_a_name_of_another_row_that_is_answered(season: Path) -> None:
    """Then the name is wrong, not the code."""
    received(season, "321.yaml", "321", NAMES["302"])
    batch = go(season, roster=ROSTER)
    wrong = named(batch, "321.yaml")
    assert (wrong.state, wrong.code, wrong.name) == (FAULTY, "321", NAMES["321"])
    (finding,) = wrong.findings
    assert "名单里 321 是“河清县妇联”，这份的名称填的是“河清县教育局”" in finding
    assert headline(batch) == "名单 3 个：已生成 2，有错误 1。"


@pytest.mark.parametrize(
    ("listed", "is_same"), [(("0301",), True), (("301", "0301"), True), (("0301", "00301"), False)]
)
def test_leading_zeros_where_one_row_can_be_meant(
    tmp_path: Path, listed: tuple[str, ...], is_same: bool
) -> None:
    received(tmp_path, "甲.yaml", "301", "河清县财政局（本级）")
    rows = tuple(Expected(code, f"河清县{code}局") for code in listed)
    batch = go(tmp_path, roster=rows)
    assert (len(batch.unexpected), len(missing(batch))) == (int(not is_same), len(rows) - is_same)


def test_a_name_that_is_not_the_rosters_is_remarked(season: Path) -> None:
    received(season, "301.yaml", "301", "河清县  财政局")
    received(season, "302.yaml", "302", "河清县教育和体育局")
    rows = (*ROSTER[:2], Expected("321", "河清县(妇联)"))
    received(season, "321.yaml", "321", "河清县（妇联）")
    for _ in range(2):  # what the manifest keeps does not hold it
        batch = go(season, roster=rows)
        told = {one.code: [f for f in one.findings if "名单" in f] for one in batch.outcomes}
        assert told == {
            "301": ["提示：名称与名单不同：名单是“河清县财政局”。"],
            "302": ["提示：名称与名单不同：名单是“河清县教育局”。"],
            "321": [],
        }
    assert len(documents(season)) == 3
    assert list(sentences(batch)) == [
        "2 份填的名称与名单不同：301 河清县  财政局、302 河清县教育和体育局。"
    ]
    assert worked(batch) == "这次处理 0 份，没有变化 3 份。"


@pytest.mark.parametrize("knows", ["the roster", "the file name", "nobody"])
def test_one_code_and_two_names(tmp_path: Path, knows: str) -> None:
    received(tmp_path, "甲.yaml" if knows == "nobody" else "319档案馆.yaml", "320", "河清县档案馆")
    right = received(tmp_path, "320党校.yaml", "320", "河清县党校")
    rows = (Expected("320", "河清县党校"),) if knows == "the roster" else ()
    batch = go(tmp_path, roster=rows)
    assert [one.state for one in batch.outcomes] == [FAULTY, FAULTY]
    (finding,) = named(batch, right.name).findings
    assert "名称却不同，都没有生成" in finding
    if knows == "nobody":
        assert "多半有一份填错了编码" in finding
    else:
        assert finding.endswith("档案馆.yaml”。") and "填错编码的多半是“" in finding


def test_copies_count_once(season: Path) -> None:
    go(season)
    copy = season / "收" / "（副本）" / "301.yaml"  # before the other in the order of paths
    copy.parent.mkdir()
    shutil.copy(season / "收" / "301.yaml", copy)
    batch = go(season, roster=ROSTER)
    assert (batch.kept, len(documents(season))) == (3, 3)
    assert headline(batch) == "名单 3 个：已生成 3。"
    remark = named(batch, "301.yaml").findings[-1]
    assert remark == f"提示：“{copy}”与这份完全相同，只按一份处理。"
    (season / "收" / "301.yaml").unlink()
    again = go(season, roster=ROSTER)
    assert headline(again) == "名单 3 个：已生成 3。" and len(documents(season)) == 3


def test_what_has_become_a_copy_leaves_no_document_behind(season: Path) -> None:
    go(season)
    shutil.copy(season / "收" / "301.yaml", season / "收" / "302.yaml")
    batch = go(season, roster=ROSTER)
    assert [name[:3] for name in documents(season)] == ["301", "321"]
    assert headline(batch) == "名单 3 个：已生成 2，缺报 1。"


def test_of_a_rows_inputs_the_worst_counts(season: Path) -> None:
    received(season, "又一份.yaml", "999", NAMES["301"])
    batch = go(season, roster=ROSTER)
    assert (headline(batch), len(documents(season))) == ("名单 3 个：已生成 2，有错误 1。", 3)


def test_the_same_blank_form_of_two_departments(season: Path) -> None:
    for name in ("302.yaml", "321.yaml"):
        received(season, name, "", "", "")
    batch = go(season, roster=ROSTER)
    assert headline(batch) == "名单 3 个：已生成 1，有错误 2。"


# --- the roll -------------------------------------------------------------------------------------


def test_the_headline_counts_the_rows_of_the_roster(season: Path) -> None:
    received(season, "302另.yaml", "302", NAMES["302"], 级别="市")
    received(season, "多.yaml", "777", "河清县多出来的局")
    (season / "收" / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (season / "收" / "303坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    rows = (*ROSTER, Expected("303", "河清县审计局"), *2 * (Expected("304", "河清县水利局"),))
    batch = go(season, roster=rows)
    assert batch.rows == {WARNED: 2, FAULTY: 1, UNREADABLE: 1, MISSING: 1}
    assert {Path(file).name for file in batch.unexpected} == {"多.yaml", "坏.xlsx"}
    assert headline(batch) == ("名单 5 个：已生成 2，有错误 1，读不了 1，缺报 1；名单外 2 个文件。")
    (season / "收" / "多.yaml").unlink()
    assert worked(go(season, roster=rows)) == "这次处理 4 份，没有变化 2 份，缺报 1 个。"


def test_a_unit_of_the_roster_is_there_with_its_department(season: Path) -> None:
    unit = budgets.unit("305001", "河清县档案服务中心")
    unit["格式选项"] = {"分部分": "不分"}
    (season / "收" / "中心.yaml").write_text(yamltext.dump(unit), encoding="utf-8")
    write(season / "收", "305", change={"所属单位": ["中心.yaml"]})
    rows = (*ROSTER, Expected("305", "河清县第305局"), Expected("305001", "河清县档案服务中心"))
    batch = go(season, roster=rows)
    assert missing(batch) == [] and sum(batch.rows.values()) == 5


def test_files_that_are_no_workbooks_are_told(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go(season)
    inputs = season / "收"
    sent = ["304水利局.pdf", "河清县审计局预算.docx", "乱.csv", "包.zip", "没有后缀"]
    silent = ["Thumbs.db", "desktop.ini", "~$a.docx", ".x.pdf", "说明.txt", "301（核对结果）.html"]
    silent += ["核对结果.html", "301河清县财政局2023年部门预算公开.docx"]
    for name in (*sent, *silent):
        (inputs / name).write_bytes(b"x")
    shutil.copytree(season / "出", inputs / "出")
    rows = (*ROSTER, Expected("304", "河清县水利局"), Expected("303", "河清县审计局"))
    batch = go(season, roster=rows)
    assert {Path(file).name for file in batch.ignored} == set(sent)
    told = {one.code: one.findings for one in batch.outcomes if one.state == MISSING}
    assert told == {
        "304": ("收到的是“304水利局.pdf”，请让部门交 .xlsx 工作簿。",),
        "303": ("收到的是“河清县审计局预算.docx”，请让部门交 .xlsx 工作簿。",),
    }
    (sentence,) = sentences(batch)
    assert sentence.startswith("有 5 个文件不是工作簿，没有处理：") and "304水利局.pdf" in sentence
    capsys.readouterr()
    cli.run(["check", str(inputs)])
    assert capsys.readouterr().out.rstrip().splitlines()[-1] == sentence
    cli.run(["check", str(inputs), "--format", "json"])
    assert sentence not in capsys.readouterr().out


# --- the list itself ------------------------------------------------------------------------------


def test_a_column_of_years(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(
        "2025年度,,\n部门编码,单位名称,年度\n301,甲,2025年\n302,乙,\n", encoding="utf-8"
    )
    assert roster.read(file) == [Expected("301", "甲", 2025), Expected("302", "乙")]
    file.write_text("编码,名称,年度\n301,甲,今年\n", encoding="utf-8")
    with pytest.raises(UserError, match="“301 甲”的年度“今年”不是年度"):
        roster.read(file)


@pytest.mark.parametrize(
    ("file", "row"),
    [
        ("3011 某局.pdf", None),
        ("预算 301.pdf", "301"),
        ("３０１.pdf", "301"),
        ("302（河清县财政局）.pdf", "301"),
    ],
)
def test_the_row_that_the_name_of_a_file_says(file: str, row: str | None) -> None:
    found = Index(ROSTER).in_name(file)
    assert (found.code if found else None) == row
