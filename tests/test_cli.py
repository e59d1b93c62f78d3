"""The command line: misuse in Chinese, exit codes, the JSON report, and where files are written."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from bad_files import GOOD_YAML, Desk, good_workbook, with_cells, yaml_with
from support import ROOT

from generator import __version__, pipeline
from generator import pack as packs
from generator.files import _umask as file_mask

NAME = "345某市数据局2025年部门预算公开.docx"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


# --- the words of the command -------------------------------------------------------------------

HELP = "用法见：gen-disclosure --help\n"
HELP_OF_NEW = "用法见：gen-disclosure new --help\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "没有“chek”这个命令，也没有这个文件。是不是“check”？"),
        (["buld", "a.xlsx"], "没有“buld”这个命令，也没有这个文件。是不是“build”？"),
        (["nwe", "a.xlsx"], "没有“nwe”这个命令，也没有这个文件。是不是“new”？"),
        (["预算"], "没有“预算”这个命令，也没有这个文件。"),
        (["a.xlsx", "--nope"], "没有“--nope”这个选项。"),
        (["a.xlsx", "--forma", "json"], "没有“--forma”这个选项。是不是“--format”？"),
        (["--strikt", "a.xlsx"], "没有“--strikt”这个选项。是不是“--strict”？"),
        (["a.xlsx", "-z"], "没有“-z”这个选项。"),
        (["--draft"], "缺少“文件”。"),
        (["build"], "缺少“文件”。"),
        (["new"], "缺少“文件”。"),
        (["new", "a.xlsx"], "缺少“--code”。"),
        (["a.xlsx", "-o"], "选项“-o”后面缺少内容。"),
        (["a.xlsx", "--pack"], "选项“--pack”后面缺少内容。"),
        (["a.xlsx", "--draft=是"], "选项“--draft”后面不能写内容。"),
        (["a.xlsx", "--format", "xml"], "“--format”的内容不对，可以是 text 或 json。"),
        (["a.xlsx", "b.xlsx"], "命令后面有多余的内容，一次只能给一个文件。"),
        (
            ["new", "a.xlsx", "--code", "1", "--name", "甲", "--year", "今年"],
            "“--year”的内容不对，应是 2000 到 2099 的整数。",
        ),
        (
            ["new", "a.xlsx", "--code", "1", "--name", "甲", "--year", "99999"],
            "“--year”的内容不对，应是 2000 到 2099 的整数。",
        ),
        (
            ["new", "a.xlsx", "--code", "1", "--name", "甲", "--year", "2025", "--kind", "局"],
            "“--kind”的内容不对，可以是 部门 或 单位。",
        ),
    ],
)
def test_misuse(desk: Desk, arguments: list[str], message: str) -> None:
    run = desk.run(*arguments)
    assert (run.code, run.out, run.err) == (
        *(2, ""),
        f"{message}\n{HELP_OF_NEW if arguments[0] == 'new' else HELP}",
    )


@pytest.mark.parametrize(
    ("arguments", "message", "command"),
    [
        (
            ["template", "preview", "x", "--watch=1"],
            "选项“--watch”后面不能写内容。",
            "template preview",
        ),
        (["packs", "--measures=1"], "选项“--measures”后面不能写内容。", "packs"),
        (["packs", "--format", "x"], "“--format”的内容不对，可以是 text 或 json。", "packs"),
        (
            ["template", "fields", "--format", "x"],
            "“--format”的内容不对，可以是 text、markdown 或 json。",
            "template fields",
        ),
        (["template", "nope"], "template 后面没有这个命令。", "template"),
        (["batch", "x", "--strict"], "batch 没有 --strict；build、check 有。", "batch"),
        (["check", "x", "--watch"], "check 没有 --watch；template preview 有。", "check"),
        (["new", "x", "--jobs", "2"], "new 没有 --jobs；batch 有。", "new"),
        (
            ["batch", "x", "--jobs", "x"],
            "“--jobs”的内容不对，应是不小于 0 的整数。",
            "batch",
        ),
    ],
)
def test_misuse_of_a_command(desk: Desk, arguments: list[str], message: str, command: str) -> None:
    run = desk.run(*arguments)
    assert (run.code, run.err) == (2, f"{message}\n用法见：gen-disclosure {command} --help\n")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["build", "--help"]])
def test_help_is_that_of_build(desk: Desk, arguments: list[str]) -> None:
    run = desk.run(*arguments)
    assert (run.code, run.err) == (0, "")
    for option in ("--output", "--pack", "--draft", "--strict", "--format", "gen-disclosure new"):
        assert option in run.out


def test_help_of_new_and_version(desk: Desk) -> None:
    assert "--code" in desk.run("new", "--help").out
    assert desk.run("--version").out == f"gen-disclosure {__version__}\n"


def test_options_may_come_first(desk: Desk) -> None:
    file, folder = desk.put(good_workbook()), desk.folder / "公开"
    folder.mkdir()
    assert desk.run("-o", folder, file).code == 0
    assert [path.name for path in folder.iterdir()] == [NAME]
    os.chdir(desk.folder)
    assert desk.run("-o", "公开", "--strict", file).code == 0


def test_ctrl_c(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "build", interrupt)
    run = desk.run(desk.put(good_workbook()))
    assert (run.code, run.out, run.err.strip()) == (2, "", "已中断，没有写出文件。")


def test_ctrl_c_in_older_versions_of_typer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Abort(RuntimeError):
        """As click raises it."""

    def abort(*_: object, **__: object) -> None:
        raise Abort

    monkeypatch.setattr("generator.cli.app.app", abort)
    assert desk.run("a.xlsx").err == "已中断，没有写出文件。\n"


def test_a_mistake_of_the_program_is_not_hidden(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "build", fail)
    with pytest.raises(ZeroDivisionError):
        desk.run("a.xlsx")


def in_a_process(*arguments: object, encoding: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def test_a_console_of_code_page_936(tmp_path: Path) -> None:
    file = tmp_path / "𠮷.yaml"
    file.write_bytes(yaml_with("某市数据局", "某市𠮷局"))
    done = in_a_process(file, encoding="gbk")
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"已生成：{tmp_path}/345某市?局2025年部门预算公开.docx" in done.stdout.decode("gbk")
    assert (tmp_path / "345某市𠮷局2025年部门预算公开.docx").is_file()
    done = in_a_process(file, "--format", "json", encoding="gbk")
    assert json.loads(done.stdout)["files"][0]["file"] == str(file)
    done = in_a_process(tmp_path / "𠮷.txt", encoding="gbk")
    assert done.returncode == 2
    assert done.stderr.decode("gbk").startswith(f"无法继续：找不到文件“{tmp_path}/?.txt”。")


# --- the JSON report ----------------------------------------------------------------------------

PROBLEM_KEYS = [
    *("rule", "name", "severity", "message", "place", "expected", "actual", "difference"),
    *("tolerance", "related", "hint", "fingerprint"),
]
FILE_KEYS = ["file", "pack", "output", "problems", "not_checked", "counts"]
PLACE_KEYS = ["file", "sheet", "cell", "line", "path", "quote"]


def test_json_of_a_good_file(desk: Desk) -> None:
    file = desk.put(good_workbook())
    run = desk.run(file, "--format", "json")
    assert run.out.isascii(), "a redirected output is not UTF-8 on every system"
    assert json.loads(run.out)["version"] == 1
    assert {key: run.report[key] for key in FILE_KEYS} == {
        "file": str(file),
        "pack": "hebei/2025",
        "output": str(desk.folder / NAME),
        "problems": [],
        "not_checked": [],
        "counts": {"error": 0, "warning": 0, "info": 0},
    }


def test_json_of_errors(desk: Desk) -> None:
    run = desk.check(with_cells("收入", {"C2": "x", "S2": 7}))
    report = run.report
    assert list(report)[: len(FILE_KEYS)] == FILE_KEYS, "later versions only add keys"
    assert report["counts"] == {"error": 1, "warning": 0, "info": 0}
    assert report["output"] is None
    (problem,) = report["problems"]
    assert list(problem)[: len(PROBLEM_KEYS)] == PROBLEM_KEYS
    assert list(problem["place"]) == PLACE_KEYS
    assert len(problem["fingerprint"]) == 16
    assert {key: problem[key] for key in PROBLEM_KEYS if key != "fingerprint"} == {
        "rule": "FMT109",
        "name": "金额无法识别",
        "severity": "error",
        "message": "“一般公共预算”：“x”不是数",
        "place": {
            "file": "预算.xlsx",
            "sheet": "收入",
            "cell": "C2",
            "line": None,
            "path": None,
            "quote": None,
        },
        "expected": None,
        "actual": None,
        "difference": None,
        "tolerance": None,
        "related": [],
        "hint": "请填阿拉伯数字，如 1234.56。",
    }


def test_json_when_nothing_can_be_read(desk: Desk) -> None:
    run = desk.check(yaml_with("级别: 市", "级别: 市\n  编码: 1"), "预算.yaml")
    assert (run.code, run.err) == (2, "")
    assert list(run.report)[: len(FILE_KEYS)] == FILE_KEYS
    assert run.report["counts"] == {"error": 1, "warning": 0, "info": 0}
    (problem,) = run.report["problems"]
    assert list(problem)[: len(PROBLEM_KEYS)] == PROBLEM_KEYS
    assert problem["rule"] == "INP100"
    assert problem["message"] == "“预算.yaml”第 6 行：“编码”出现了两次。"
    assert problem["place"] == dict.fromkeys(PLACE_KEYS) | {"file": "预算.yaml", "line": 6}


# --- text, exit codes ---------------------------------------------------------------------------


def test_text_of_errors(desk: Desk) -> None:
    run = desk.run(desk.put(with_cells("收入", {"C2": "x"})))
    assert (run.code, run.err) == (1, "")
    assert run.out.startswith(
        "错误 FMT109  收入!C2  金额无法识别\n"
        "    “一般公共预算”：“x”不是数\n"
        "    下一步：请填阿拉伯数字，如 1234.56。\n"
        "没有核对的：\n"
        "  各表之间的平衡关系：有些数读不出来，改正以后再核对。\n"
    )
    assert run.out.endswith(
        "\n"
        f"格式：hebei/2025（{packs.load('hebei/2025').name}）\n"
        "有 1 处错误、0 处警告，没有生成文档。请改正后再运行。\n"
        "需要先看样子时，加 --draft 可生成带“草稿”水印的文档。\n"
    )


def test_draft_writes_in_spite_of_errors(desk: Desk) -> None:
    run = desk.run(desk.put(with_cells("收入", {"C2": "x"})), "--draft")
    assert run.code == 1
    assert NAME.replace(".docx", "（草稿）.docx") in desk.files()
    assert NAME not in desk.files()
    run = desk.run(desk.put(with_cells("基本信息", {"B6": None})), "--draft")
    assert run.code == 1, "without a year there is no form, so no draft"


def test_warnings_and_strict(desk: Desk) -> None:
    """INP116: a year that the form's pack does not speak of only warns."""
    newest = packs.load(packs.newest_for(None))
    file = desk.put(with_cells("基本信息", {"B6": "2099"}))
    run = desk.run(file, "--strict", "--format", "json")
    assert run.code == 1
    years = "、".join(map(str, newest.years))
    assert run.found == [
        (
            "INP116",
            "基本信息!B6",
            f"格式包 {newest.id} 适用于 {years} 年度，没有写明适用于 2099 年度",
        )
    ]
    run = desk.run(file, "--strict")
    assert run.code == 1
    assert run.out.endswith("\n有 1 处警告，按 --strict 的要求没有生成文档。\n")
    assert desk.run(file).code == 0
    assert NAME.replace("2025", "2099") in desk.files()


# --- where it is written ------------------------------------------------------------------------


def test_the_output_is_left_as_it_was_when_there_are_errors(desk: Desk) -> None:
    """Desk.run compares every file before and after."""
    desk.put("以前的文档".encode(), NAME)
    assert desk.run(desk.put(with_cells("收入", {"C2": "x"}))).code == 1
    assert desk.run(desk.put(b"PK", "坏.xlsx"), "-o", desk.folder / NAME).code == 2


def test_an_output_that_is_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    file, _ = desk.put(good_workbook()), desk.put(b"old", NAME)
    monkeypatch.setattr(Path, "replace", refuse)
    run = desk.run(file)
    assert (run.code, run.err) == (
        2,
        f"无法继续：“{NAME}”写不进去：它正在 WPS 或 Word 中打开，或这个文件夹不能写入。"
        "请关闭它，或用 -o 换一个位置，再运行一次。\n",
    )


def test_a_full_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file, _ = desk.put(good_workbook()), desk.put(b"old", NAME)
    monkeypatch.setattr(os, "fsync", fail)
    run = desk.run(file)
    assert (run.code, run.err) == (
        2,
        f"无法继续：“{NAME}”写不进去：磁盘已满。"
        "原有的文件没有改动；请检查后再运行一次，或用 -o 换一个位置。\n",
    )


def test_an_interrupt_while_writing_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert desk.run(desk.put(good_workbook())).code == 2


def test_a_read_only_output(desk: Desk) -> None:
    file, output = desk.put(good_workbook()), desk.put(b"old", NAME)
    output.chmod(0o444)
    run = desk.run(file)
    assert (run.code, run.err) == (
        2,
        f"无法继续：“{NAME}”是只读文件，没有改动它。请去掉只读属性，或换一个文件名。\n",
    )


def test_a_folder_that_cannot_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert "这个文件夹不能写入" in desk.run(desk.put(good_workbook())).err


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("夹.docx", "“{0}/夹.docx/" + NAME + "”是一个文件夹，不能写成文件。请换一个文件名。"),
        ("没有/文档.docx", "没有文件夹“{0}/没有”。请先建好文件夹，或换一个位置。"),
        (
            "文档.doc",
            "输出“{0}/文档.doc”既不是已有的文件夹，也不是 .docx 文件名。"
            "请给出以 .docx 结尾的文件名，或以 / 结尾的文件夹。",
        ),
        (
            "没有",
            "输出“{0}/没有”既不是已有的文件夹，也不是 .docx 文件名。"
            "请给出以 .docx 结尾的文件名，或以 / 结尾的文件夹。",
        ),
        ("预算.xlsx", "输出“{0}/预算.xlsx”就是输入文件，没有改动它。请换一个 .docx 文件名。"),
        ("链接.docx", "输出“{0}/链接.docx”就是输入文件，没有改动它。请换一个 .docx 文件名。"),
        (
            "长" * 300 + ".docx",
            "“" + "长" * 300 + ".docx”写不进去：文件名过长。"
            "原有的文件没有改动；请检查后再运行一次，或用 -o 换一个位置。",
        ),
    ],
)
def test_outputs_that_cannot_be(desk: Desk, output: str, message: str) -> None:
    file = desk.put(good_workbook())
    (desk.folder / "夹.docx" / NAME).mkdir(parents=True)
    (desk.folder / "链接.docx").symlink_to(file)
    run = desk.run(file, "-o", desk.folder / output)
    assert (run.code, run.err) == (2, f"无法继续：{message.format(desk.folder)}\n")


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ('a\\b/c:d*e?f"g<h>i|j', "345a_b_c_d_e_f_g_h_i_j2025年部门预算公开.docx"),
        ("甲\tb:gnp", "345甲_b_gnp2025年部门预算公开.docx"),
        ("../../甲", "345.._.._甲2025年部门预算公开.docx"),
        ("长" * 200, "345" + "长" * 65 + ".docx"),
    ],
)
def test_names_that_no_file_may_have(desk: Desk, name: str, file_name: str) -> None:
    """The document still carries the name as it was given."""
    run = desk.check(with_cells("基本信息", {"B4": name}))
    assert run.code == 0
    assert run.report["output"] == str(desk.folder / file_name)
    assert file_name in desk.files()


def test_the_same_input_gives_the_same_bytes(desk: Desk) -> None:
    file = desk.put(GOOD_YAML.encode(), "预算.yaml")
    for output in ("一.docx", "二.docx"):
        assert desk.run(file, "-o", desk.folder / output).code == 0
    files = desk.files()
    assert files["一.docx"] == files["二.docx"]
    assert (desk.folder / "一.docx").stat().st_mode & 0o777 == 0o666 & ~file_mask()


# --- new ----------------------------------------------------------------------------------------

WHO = ("--code", "113", "--name", "某某局", "--year", "2025")


@pytest.mark.parametrize("name", ["新.xlsx", "新.yaml"])
def test_new_files_lack_only_what_must_be_filled_in(desk: Desk, name: str) -> None:
    file = desk.folder / name
    assert desk.run("new", file, *WHO).code == 0
    run = desk.run(file, "--format", "json")
    assert run.code == 1
    messages = [message for _, _, message in run.found]
    assert "没有填“级别”" in messages
    assert "没有写“职责”" in messages


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("预算.xlsx", "“{0}/预算.xlsx”已经存在，没有改动它。请换一个文件名。"),
        ("新.doc", "“新.doc”的类型不对。请以 .xlsx 或 .yaml 结尾。"),
        ("没有/新.xlsx", "没有文件夹“{0}/没有”。请先建好文件夹，或换一个位置。"),
        (
            "长" * 300 + ".xlsx",
            "“" + "长" * 300 + ".xlsx”写不进去：文件名过长。"
            "原有的文件没有改动；请检查后再运行一次，或用 -o 换一个位置。",
        ),
    ],
)
def test_new_files_that_cannot_be(desk: Desk, name: str, message: str) -> None:
    desk.put(b"old")
    run = desk.run("new", desk.folder / name, *WHO)
    assert (run.code, run.err) == (2, f"无法继续：{message.format(desk.folder)}\n")


def test_new_with_control_characters(desk: Desk) -> None:
    run = desk.run("new", desk.folder / "新.xlsx", *WHO[:3], "某\x07局", *WHO[4:])
    assert (run.code, run.err) == (2, "无法继续：编码或名称里有不可见的字符。请重新输入。\n")
