"""The commands ``check`` and ``rules``; settings and exceptions from end to end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bad_files import GOOD_YAML, Desk, Run, good_workbook, with_cells, yaml_with
from openpyxl import load_workbook
from support import INPUTS, ROOT, sample, work_out

from generator import checks
from generator.checks import settings as check_settings
from generator.checks import waivers
from generator.checks.rule import E, I, Rule, W
from generator.checks.settings import Change, Settings
from generator.cli.app import show
from generator.problem import Place, Problem, Severity, UserError

# A year that the pack does not speak of: one warning (INP116) at 基本信息.年度, and nothing else
# in these rules.
WARNING = "INP116"
LATE = yaml_with("年度: 2025", "年度: 2099").decode()
BAD = yaml_with("一般公共预算: 100}", "一般公共预算: x}").decode()
ONLY = ("--select", "INP")  # whatever other rules may say of the good files


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder, capsys)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for reports."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def reported(run: Run) -> dict[str, list[str]]:
    """File name → rules found in it."""
    files = json.loads(run.out)["files"]
    return {Path(f["file"]).name: [p["rule"] for p in f["problems"]] for f in files}


# --- which files, and the exit code -------------------------------------------------------------


def test_nothing_is_written(desk: Desk) -> None:
    file = desk.put(good_workbook())
    before = desk.files()
    run = desk.run("check", file, *ONLY)
    assert (run.code, run.err) == (0, "")
    assert "核对完毕：没有错误，没有警告。\n只核对了选定的规则，" in run.out
    assert desk.files() == before


@pytest.mark.parametrize(
    ("texts", "arguments", "code"),
    [
        ([GOOD_YAML], (), 0),
        ([LATE], (), 0),
        ([LATE], ("--strict",), 1),
        ([BAD], (), 1),
        ([GOOD_YAML, BAD], (), 1),
        (["年度: ["], (), 2),
        ([GOOD_YAML, "年度: ["], (), 1),
        (["年度: [", "年度: ["], (), 2),
    ],
)
def test_exit_codes(desk: Desk, texts: list[str], arguments: tuple[str, ...], code: int) -> None:
    files = [desk.put(text.encode(), f"{i}.yaml") for i, text in enumerate(texts)]
    run = desk.run("check", *files, *ONLY, *arguments)
    assert (run.code, run.err) == (code, "")


def test_one_unreadable_file_does_not_stop_the_others(desk: Desk) -> None:
    desk.put(GOOD_YAML.encode(), "甲.yaml")
    desk.put(b"PK", "坏.xlsx")
    run = desk.run("check", desk.folder, desk.folder / "没有.xlsx", *ONLY, "--format", "json")
    assert run.code == 1
    assert reported(run) == {"坏.xlsx": ["INP100"], "甲.yaml": [], "没有.xlsx": ["INP100"]}


def test_a_folder_is_its_inputs(desk: Desk) -> None:
    good = GOOD_YAML.encode()
    (desk.folder / "下级").mkdir()
    for name in ("b.yaml", "a.YML", "~$c.xlsx", ".d.yaml", "e.txt", "f（核对结果）.xlsx"):
        desk.put(good, name)
    desk.put(good, "下级/z.yaml")
    run = desk.run("check", desk.folder, *ONLY, "--format", "json")
    assert list(reported(run)) == ["a.YML", "b.yaml", "z.yaml"]
    run = desk.run("check", desk.folder, desk.folder / "b.yaml", *ONLY, "--format", "json")
    assert list(reported(run)) == ["a.YML", "b.yaml", "z.yaml"], "each file once"


def test_a_folder_of_folders(desk: Desk) -> None:
    (desk.folder / "甲" / "乙").mkdir(parents=True)
    desk.put(GOOD_YAML.encode(), "甲/乙/z.yaml")
    assert list(reported(desk.run("check", desk.folder, *ONLY, "--format", "json"))) == ["z.yaml"]


def test_an_empty_folder(desk: Desk) -> None:
    run = desk.run("check", desk.folder)
    assert run.code == 2
    assert f"文件夹“{desk.folder}”里没有 .xlsx 或 .yaml 文件。" in run.out


def test_last_year_is_of_one_department(desk: Desk) -> None:
    files = [desk.put(GOOD_YAML.encode(), f"{i}.yaml") for i in range(3)]
    run = desk.run("check", *files[:2], "--last-year", files[2])
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("无法继续：--last-year 是一个部门的上年数，这里有 2 个文件。")
    run = desk.run("check", desk.folder, "--last-year", files[2])
    assert "这里有 2 个文件" in run.err, "last year's file is no input"


# --- which rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--select", WARNING), [WARNING]),
        (("--select", "wrd,inp116"), [WARNING]),
        (("--select", "WRD", "--select", "INP"), [WARNING]),
        (("--select", "WRD"), []),
        (("--select", "INP", "--ignore", WARNING), []),
        (("--select", "INP，WRD", "--ignore", "INP"), []),
    ],
)
def test_select_and_ignore(desk: Desk, arguments: tuple[str, ...], found: list[str]) -> None:
    run = desk.run("check", desk.put(LATE.encode(), "a.yaml"), *arguments, "--format", "json")
    assert reported(run) == {"a.yaml": found}
    assert run.code == 0


def test_what_cannot_be_read_is_always_told(desk: Desk) -> None:
    run = desk.run("check", desk.put(BAD.encode(), "a.yaml"), "--select", "WRD", "--format", "json")
    assert (run.code, reported(run)) == (1, {"a.yaml": ["FMT109"]})


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("INP17", "没有“INP17”这条规则，也没有这一组。是不是“INP117”？"),
        ("INQ", "没有“INQ”这条规则，也没有这一组。是不是“INP”？"),
        ("公式", "没有“公式”这条规则，也没有这一组。全部规则见：gen-disclosure rules"),
    ],
)
def test_unknown_rules(desk: Desk, word: str, message: str) -> None:
    file = desk.put(GOOD_YAML.encode(), "a.yaml")
    for arguments in (("check", file, "--select", word), ("check", file, "--ignore", word)):
        run = desk.run(*arguments)
        assert (run.code, run.out, run.err) == (2, "", f"无法继续：{message}\n")
    run = desk.run("rules", word)
    assert (run.code, run.out, run.err) == (2, "", f"无法继续：{message}\n")


def test_rules(desk: Desk) -> None:
    run = desk.run("rules")
    assert run.code == 0
    for rule in checks.CHECKS:
        assert f"  {rule.id} {rule.severity.label}  " in run.out
    assert desk.run("rules", "inp117").out.startswith("INP117 警告  核对例外没有用到\n")
    assert "WRD101" not in desk.run("rules", "INP").out
    listed = json.loads(desk.run("rules", "--format", "json").out)["rules"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in checks.CHECKS]


# --- formats and files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "suffix", "start"),
    [("text", ".txt", "警告 INP116"), ("json", ".json", "{"), ("sarif", ".sarif", "{")],
)
def test_reports_are_printed_or_written(
    desk: Desk, out: Path, format_: str, suffix: str, start: str
) -> None:
    arguments = ("check", desk.put(LATE.encode(), "a.yaml"), *ONLY, "--format", format_)
    printed = desk.run(*arguments)
    assert printed.out.startswith(start)
    run = desk.run(*arguments, "-o", out)
    written = out / f"a（核对结果）{suffix}"
    assert run.out == f"核对完毕：没有错误，1 处警告。\n已写好：{written}\n"
    assert written.read_text(encoding="utf-8") == printed.out.removesuffix("\n")
    assert desk.run(*arguments, "-o", out / f"b{suffix}").code == 0
    assert (out / f"b{suffix}").read_bytes() == written.read_bytes()


def test_the_page_lies_beside_the_input(desk: Desk) -> None:
    file = desk.put(GOOD_YAML.encode(), "a.yaml")
    run = desk.run("check", file, *ONLY, "--format", "html")
    assert run.out.endswith(f"已写好：{desk.folder / 'a（核对结果）.html'}\n")
    desk.put(LATE.encode(), "b.yaml")
    run = desk.run("check", desk.folder, *ONLY, "--format", "html")
    assert run.out == (
        "共 2 个文件：2 个没有错误。合计：没有错误，1 处警告。\n"
        f"已写好：{desk.folder / '核对结果.html'}\n"
    )
    assert b'<section class="file" id="f2">' in (desk.folder / "核对结果.html").read_bytes()


def test_the_annotated_workbook(desk: Desk, out: Path) -> None:
    original = with_cells("收入", {"C2": "x"})
    file = desk.put(original)
    run = desk.run("check", file, *ONLY, "--format", "xlsx", "-o", out)
    assert (run.code, run.err) == (1, "")
    book = load_workbook(out / "预算（核对结果）.xlsx")
    assert book.sheetnames[0] == "核对结果"
    assert book["收入"]["C2"].comment is not None
    assert file.read_bytes() == original
    assert load_workbook(io.BytesIO(original)).sheetnames == book.sheetnames[1:]


def test_annotated_workbooks_of_the_same_name(desk: Desk, out: Path) -> None:
    for folder in ("甲/县", "乙/县", "丙/县"):
        (desk.folder / folder).mkdir(parents=True)
        desk.put(good_workbook(), f"{folder}/预算.xlsx")
    folders = [desk.folder / folder for folder in ("甲/县", "乙/县", "丙/县")]
    assert desk.run("check", *folders, *ONLY, "--format", "xlsx", "-o", out).code == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        "县-预算（核对结果）.xlsx",
        "县2-预算（核对结果）.xlsx",
        "预算（核对结果）.xlsx",
    ]


def test_the_workbook_of_last_year_is_not_written_over(desk: Desk) -> None:
    file, last = desk.put(good_workbook()), desk.put(good_workbook(), "去年.xlsx")
    run = desk.run("check", file, "--last-year", last, "--format", "xlsx", "-o", last)
    assert (run.code, run.out) == (2, "")
    assert "就是输入文件，没有改动它。" in run.err


def test_an_input_with_the_name_of_a_report_is_not_written_over(desk: Desk) -> None:
    files = [desk.put(good_workbook(), name) for name in ("预算.xlsx", "预算（核对结果）.xlsx")]
    run = desk.run("check", *files, "--format", "xlsx")
    assert (run.code, run.out) == (2, "")
    assert "是输入文件，没有改动它。" in run.err


FIXABLE = yaml_with("- 建设平台。", "- 建设平台,推进共享。")


def test_corrected_copies_of_the_same_name(desk: Desk, out: Path) -> None:
    for folder in ("甲", "乙"):
        (desk.folder / folder).mkdir()
        desk.put(FIXABLE, f"{folder}/a.yaml")
    run = desk.run("check", desk.folder, *ONLY, "--fix", "-o", out)
    assert run.out.count("已写好：") == 2
    names = sorted(path.name for path in out.iterdir())
    assert names == ["a（已修正）.yaml", "甲-a（已修正）.yaml"]


@pytest.mark.parametrize("inputs", [("a.yaml",), ("a.yaml", "b.yaml")])
def test_a_correction_is_not_written_over_an_input(desk: Desk, inputs: tuple[str, ...]) -> None:
    files = [desk.put(FIXABLE, name) for name in inputs]
    run = desk.run("check", *files, *ONLY, "--fix", "-o", files[-1])
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("无法继续：")


@pytest.mark.parametrize(
    ("format_", "output", "message"),
    [
        (
            "json",
            "预算.xlsx",
            "输出“{0}/预算.xlsx”就是输入文件，没有改动它。请换一个 .json 文件名。",
        ),
        (
            "xlsx",
            "预算.xlsx",
            "输出“{0}/预算.xlsx”就是输入文件，没有改动它。请换一个 .xlsx 文件名。",
        ),
        (
            "html",
            "a.txt",
            "输出“{0}/a.txt”既不是已有的文件夹，也不是 .html 文件名。"
            "请给出以 .html 结尾的文件名，或以 / 结尾的文件夹。",
        ),
        ("html", "没有/a.html", "没有文件夹“{0}/没有”。请先建好文件夹，或换一个位置。"),
    ],
)
def test_outputs_that_cannot_be(desk: Desk, format_: str, output: str, message: str) -> None:
    file = desk.put(good_workbook())
    target = desk.folder / output
    run = desk.run("check", file, "--format", format_, "-o", target)
    assert (run.code, run.out, run.err) == (2, "", f"无法继续：{message.format(desk.folder)}\n")


def test_several_workbooks_need_a_folder(desk: Desk) -> None:
    files = [desk.put(good_workbook(), f"{i}.xlsx") for i in range(2)]
    run = desk.run("check", *files, "--format", "xlsx", "-o", desk.folder / "a.xlsx")
    assert run.code == 2
    assert "有几个文件时，请用 -o 给出一个已有的文件夹。" in run.err


def test_only_workbooks_can_be_annotated(desk: Desk) -> None:
    run = desk.run("check", desk.put(GOOD_YAML.encode(), "a.yaml"), *ONLY, "--format", "xlsx")
    assert (run.code, run.out) == (2, "")
    assert run.err == ("无法继续：没有可以标注的 .xlsx 工作簿。YAML 文件请用 --format html。\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "缺少“输入”。"),
        (
            ["check", "a.xlsx", "--format", "pdf"],
            "“--format”的内容不对，可以是 text、json、sarif、html 或 xlsx。",
        ),
        (["check", "a.xlsx", "--selec", "NAR"], "没有“--selec”这个选项。是不是“--select”？"),
        (["chek", "a.xlsx"], "没有“chek”这个命令，也没有这个文件。是不是“check”？"),
        (["rule", "NAR105"], "没有“rule”这个命令，也没有这个文件。是不是“rules”？"),
        (["rules", "NAR", "TBL"], "命令后面有多余的内容。"),
    ],
)
def test_misuse(desk: Desk, arguments: list[str], message: str) -> None:
    run = desk.run(*arguments)
    assert (run.code, run.out) == (2, "")
    command = f" {arguments[0]}" if arguments[0] in ("check", "rules") else ""
    assert run.err == f"{message}\n用法见：gen-disclosure{command} --help\n"


def test_marks_that_a_console_of_code_page_936_has(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="gbk", errors="replace")
    monkeypatch.setattr("sys.stdout", stream)
    show("━━ 1 + 1 = 2 ✓  1 + 1 = 3 ✗ ≥ → ½ ━━")
    stream.flush()
    assert buffer.getvalue().decode("gbk") == "━━ 1 + 1 = 2 √  1 + 1 = 3 × ≥ → ? ━━\n"


@pytest.mark.parametrize("command", ["build", "check", "rules", "new", "convert", "schema"])
def test_help_is_chinese(desk: Desk, command: str) -> None:
    run = desk.run(command, "--help")
    assert run.code == 0
    for english in ("Usage", "Options", "Arguments", "required", "default", "Show this"):
        assert english not in run.out


def test_the_schema_of_the_report(desk: Desk) -> None:
    schema = json.loads(desk.run("schema", "--report").out)
    assert schema["title"] == "gen-disclosure --format json 的结果"


# --- settings -----------------------------------------------------------------------------------


def with_settings(desk: Desk, text: str, *arguments: object, source: str = LATE) -> Run:
    file = desk.put(source.encode(), "a.yaml")
    settings = desk.put(text.encode(), "设置.yaml")
    return desk.run("check", file, *ONLY, "--settings", settings, *arguments)


@pytest.mark.parametrize(
    ("level", "label", "code"), [("错误", "错误", 1), ("提示", "提示", 0), ("警告", "警告", 0)]
)
def test_a_severity_is_changed(desk: Desk, level: str, label: str, code: int) -> None:
    run = with_settings(desk, f"核对: {{INP116: {{级别: {level}}}}}")
    assert run.code == code
    assert run.out.startswith(f"{label} INP116  ")
    assert (
        f"改过的设置：\n  INP116 格式包没有写明适用于这个年度：级别 警告 → {label}"
        "（设置文件 设置.yaml）\n"
    ) in run.out


def test_a_rule_is_switched_off(desk: Desk) -> None:
    run = with_settings(desk, "核对: {INP116: {级别: 不查}}", "--strict")
    assert run.code == 0
    assert "级别 警告 → 不查（设置文件 设置.yaml）" in run.out


def test_settings_of_a_build(desk: Desk) -> None:
    file = desk.put(LATE.encode(), "a.yaml")
    settings = desk.put("核对: {INP116: {级别: 错误}}".encode(), "设置.yaml")
    run = desk.run(file, "--settings", settings)
    assert run.code == 1
    assert "错误 INP116" in run.out


def test_a_settings_file_in_the_folder_is_no_input(desk: Desk) -> None:
    desk.put(GOOD_YAML.encode(), "a.yaml")
    settings = desk.put("核对: {}".encode(), "设置.yaml")
    run = desk.run("check", desk.folder, *ONLY, "--settings", settings, "--format", "json")
    assert list(reported(run)) == ["a.yaml"]


ARITHMETIC = Rule("TBL998", "合计等于各项之和", E, None, "0")
LIMITED = Rule("PRF998", "变化不大", W, None, "cfg", limit=Decimal("0.30"))
PLAIN = Rule("TXT998", "没有错字", I)


@pytest.fixture
def more_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, ARITHMETIC, LIMITED, PLAIN))
    yield


@pytest.mark.usefixtures("more_rules")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "核对: {TBL998: {级别: 提示}}",
            "第 1 行：TBL998（合计等于各项之和）是必须改正的错误，不能降低级别，也不能不查。请删去这一条。",
        ),
        (
            "核对:\n  TBL998: {级别: 不查}",
            "第 2 行：TBL998（合计等于各项之和）是必须改正的错误，不能降低级别，也不能不查。请删去这一条。",
        ),
        (
            "核对: {INP109: {级别: 不查}}",
            "第 1 行：INP109（内容类型不对）是必须改正的错误，不能降低级别，也不能不查。请删去这一条。",
        ),
        ("核对: {INP17: {级别: 提示}}", "第 1 行：没有“INP17”这条规则。是不是“INP117”？"),
        (
            "核对: {TXT998: {级别: 小错}}",
            "第 1 行：TXT998 的级别不能是“小错”。可以是：提示、警告、错误、不查。",
        ),
        ("核对: {TXT998: {限值: 1}}", "第 1 行：TXT998（没有错字）没有限值可改。请删去“限值”。"),
        (
            "核对: {PRF998: {限值: 三成}}",
            "第 1 行：PRF998 的限值“三成”不是数。如 0.30（现在的限值）。",
        ),
        ("核对: {PRF998: {限值: -1}}", "第 1 行：PRF998 的限值“-1”不是数。如 0.30（现在的限值）。"),
        ("核对: {PRF998: {限直: 1}}", "第 1 行：不认识“限直”。是不是“限值”？"),
        ("核对: {PRF998: 提示}", "第 1 行：这里应由“键: 值”组成。请写成“PRF998: {级别: 提示}”。"),
        ("核对: [1]", "第 1 行：这里应由“键: 值”组成。每条写成“PRF113: {级别: 提示}”。"),
        ("核队: {}", "第 1 行：不认识“核队”。是不是“核对”？"),
        ("- 1", "第 1 行：这里应由“键: 值”组成。可以写：核对、代码表。"),
        ("代码表: {功能: a.csv}", "第 1 行：不认识“功能”。是不是“功能分类”？"),
        (
            "代码表:\n  功能分类: 没有.csv",
            "第 2 行：找不到代码表“没有.csv”。路径从设置文件所在的文件夹算起，请检查文件名。",
        ),
        (
            "核对: {",
            "第 2 行：YAML 格式有误：括号没有成对，或缺少逗号。请从这一行起检查括号和逗号，都要用半角的。",
        ),
    ],
)
def test_settings_that_cannot_be(desk: Desk, text: str, message: str) -> None:
    run = with_settings(desk, text)
    assert (run.code, run.out, run.err) == (2, "", f"无法继续：设置文件“设置.yaml”{message}\n")


def test_a_settings_file_that_is_not_there(desk: Desk) -> None:
    file = desk.put(GOOD_YAML.encode(), "a.yaml")
    run = desk.run("check", file, "--settings", desk.folder / "没有.yaml")
    assert run.code == 2
    assert "读不出来。请检查文件名，它应是 UTF-8 的 YAML 文件。" in run.err


@pytest.mark.usefixtures("more_rules")
def test_limits_and_lists(desk: Desk) -> None:
    desk.put("code,name,status\n2010301,行政运行,verified\n".encode(), "科目.csv")
    file = desk.put(
        "核对: {PRF998: {限值: 0.50}}\n代码表: {功能分类: 科目.csv}".encode(), "设置.yaml"
    )
    read = check_settings.read(file, checks.CHECKS)
    assert read.rules(checks.CHECKS)["PRF998"].limit == Decimal("0.50")
    assert read.code_lists == {"功能分类": {"2010301": "行政运行"}}
    assert read.lists_from == {"功能分类": "科目.csv"}


def test_a_pack_changes_rules_below_the_user() -> None:
    changes = check_settings.of_pack("hebei/2025", {"INP116": {"级别": "提示"}}, checks.CHECKS)
    assert changes["INP116"] == Change(Severity.INFO, origin="格式包 hebei/2025")
    assert Settings().above(changes).rules(checks.CHECKS)["INP116"].severity is Severity.INFO
    own = Settings({"INP116": Change(Severity.ERROR)})
    assert own.above(changes).rules(checks.CHECKS)["INP116"].severity is Severity.ERROR
    with pytest.raises(UserError, match=r"格式包 hebei/2025 的“核对\.INP17”：没有“INP17”这条规则"):
        check_settings.of_pack("hebei/2025", {"INP17": {"级别": "提示"}}, checks.CHECKS)


# --- exceptions ---------------------------------------------------------------------------------

REASON = "{规则: INP116, 原因: 新年度格式未变, 责任人: 张三, 日期: 2027-01-09}"


def excepted(desk: Desk, entry: str, *arguments: object, source: str = LATE) -> Run:
    text = f"{source}核对例外:\n  - {entry}\n"
    return desk.run("check", desk.put(text.encode(), "a.yaml"), *ONLY, *arguments)


def test_an_exception_stays_visible_and_no_longer_blocks(desk: Desk) -> None:
    run = excepted(desk, REASON, "--strict")
    assert run.code == 0
    assert run.out.startswith("例外 INP116  ")
    assert "    照样公开：新年度格式未变（张三，2027-01-09）\n" in run.out
    assert "核对完毕：没有错误，没有警告，1 处例外。\n" in run.out
    (file,) = json.loads(excepted(desk, REASON, "--format", "json").out)["files"]
    assert file["counts"]["warning"] == 0 and file["exceptions"] == 1
    assert file["problems"][0]["waived"]["person"] == "张三"


@pytest.mark.parametrize(
    "at", ["基本信息.年度", "第6行 基本信息.年度", " 基本信息 ．年度 ", "第６行 基本信息.年度"]
)
def test_places_of_exceptions(desk: Desk, at: str) -> None:
    entry = REASON.replace("原因", f"位置: '{at}', 原因")
    assert excepted(desk, entry, "--strict").code == 0


def test_places_in_a_workbook(desk: Desk) -> None:
    def book(at: str) -> bytes:
        data = load_workbook(io.BytesIO(with_cells("基本信息", {"B6": "2099"})))
        data["核对例外"].append(["INP116", at, "新年度格式未变", "张三", "2027-01-09"])
        buffer = io.BytesIO()
        data.save(buffer)
        return buffer.getvalue()

    for at in ("基本信息!B6", "基本信息！$B$6", ""):
        assert desk.run("check", desk.put(book(at)), *ONLY, "--strict").code == 0, at
    run = desk.run("check", desk.put(book("基本信息!B7")), *ONLY, "--format", "json")
    assert sorted(reported(run)["预算.xlsx"]) == ["INP116", "INP117"]


@pytest.mark.parametrize(
    ("entry", "rule", "message", "hint"),
    [
        (
            "{规则: INP115, 原因: 甲, 责任人: 乙}",
            "INP117",
            "INP115（填了但没有用到）没有发现问题，这条例外没有用到",
            "请核对位置写得对不对；问题已经改正的，请删去这一条。",
        ),
        (
            "{规则: INP116, 位置: 收入!B2, 原因: 甲, 责任人: 乙}",
            "INP117",
            "INP116（格式包没有写明适用于这个年度）在 收入!B2 处没有发现问题，这条例外没有用到",
            "请核对位置写得对不对；问题已经改正的，请删去这一条。",
        ),
        (
            "{规则: INP17, 原因: 甲, 责任人: 乙}",
            "INP103",
            "没有“INP17”这条规则",
            "是不是“INP117”？",
        ),
        (
            "{规则: INP109, 原因: 甲, 责任人: 乙}",
            "INP118",
            "INP109（内容类型不对）是必须改正的错误，不能作为例外",
            "请改正数据，再删去这一条例外。",
        ),
    ],
)
def test_exceptions_that_are_wrong(
    desk: Desk, entry: str, rule: str, message: str, hint: str
) -> None:
    run = excepted(desk, entry, "--format", "json")
    found = [p for p in run.report["problems"] if p["rule"] == rule]
    assert [(p["message"], p["hint"]) for p in found] == [(message, hint)]
    assert found[0]["place"]["path"] == "核对例外[1].规则"


RULES: dict[str, Rule] = {rule.id: rule for rule in (ARITHMETIC, LIMITED, PLAIN)}


def problem(rule: Rule, *affects: str, path: tuple[str | int, ...] = ("项目", 0)) -> Problem:
    return Problem(
        rule.id, rule.name, rule.severity, "…", path, Place(path="项目"), affects=affects
    )


def waived(*problems: Problem, entry: dict[str, str], **more: Any) -> list[tuple[str, bool]]:
    """Rule of each finding afterwards, and whether an exception covers it."""
    disclosure = work_out(sample(核对例外=[{"原因": "甲", "责任人": "乙", **entry}])).disclosure
    assert disclosure is not None
    told = waivers.waive(problems, disclosure, RULES, lambda path: Place(path=str(path)), **more)
    return [(p.rule, p.waived is not None) for p in told]


def test_arithmetic_errors_have_no_exception() -> None:
    assert waived(problem(ARITHMETIC), entry={"规则": "TBL998"}) == [
        ("TBL998", False),
        ("INP118", False),
    ]


def test_a_cause_that_breaks_a_sum_has_no_exception() -> None:
    found = problem(LIMITED, "TBL998")
    assert waived(found, entry={"规则": "PRF998"}) == [("PRF998", False), ("INP118", False)]
    assert waived(problem(LIMITED, "TXT998"), entry={"规则": "PRF998"}) == [("PRF998", True)]


def test_what_could_not_be_checked_makes_no_exception_unused() -> None:
    entry = {"规则": "PRF998"}
    assert waived(entry=entry) == [("INP117", False)]
    assert waived(entry=entry, undecided={"PRF998"}) == []
    assert waived(entry=entry, undecided=None) == []


def test_exceptions_of_a_unit_are_its_own() -> None:
    unit = sample(kind="单位", name="某市数据中心", code="345001")
    unit["核对例外"] = [{"规则": "PRF998", "原因": "甲", "责任人": "乙"}]
    disclosure = work_out(sample(units=[unit])).disclosure
    assert disclosure is not None
    own = problem(LIMITED, path=("所属单位", 0, "项目", 0))
    told = waivers.waive(
        [problem(LIMITED), own], disclosure, RULES, lambda path: Place(path=str(path))
    )
    assert [p.waived is not None for p in told] == [False, True]


# --- the whole ----------------------------------------------------------------------------------


def test_the_examples_are_checked(desk: Desk) -> None:
    run = desk.run("check", INPUTS, "--format", "json")
    files = json.loads(run.out)["files"]
    assert [Path(f["file"]).name for f in files] == sorted(p.name for p in INPUTS.iterdir())
    assert all(f["pack"] for f in files)


def test_the_command_line_starts_without_the_program() -> None:
    """Help and a mistyped command answer at once."""
    code = "import sys, generator.cli; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    loaded = set(done.stdout.split())
    assert "generator.cli" in loaded
    assert loaded.isdisjoint({"generator.pipeline", "generator.checks", "jinja2", "yaml", "docx"})
