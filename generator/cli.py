"""The command ``gen-disclosure``: parse, call, print, exit. No rules, no rendering.

Exit codes, everywhere: 0 written or clean, 1 errors in the data, 2 cannot go on or misuse.
"""

from __future__ import annotations

import difflib
import gc
import os
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator import __version__
from generator.problem import Severity, UserError

if TYPE_CHECKING:
    from generator.pack import Pack

OK, DATA_ERRORS, CANNOT_GO_ON = 0, 1, 2
BUILD = "build"
COMMANDS = (BUILD, "new", "convert", "schema")
FLAGS = ("--draft", "--strict")
INTERRUPTED = 130  # what newer versions of typer make of Ctrl-C; older ones raise Abort

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


class Kind(StrEnum):
    """Who discloses."""

    department = "部门"
    unit = "单位"


HELP = """把填好的预算（.xlsx 工作簿或 .yaml 文件）变成完整的预算信息公开文档。

  gen-disclosure budget.xlsx              生成文档，放在工作簿旁边

  gen-disclosure budget.xlsx -o 公开/     放到文件夹“公开”

  gen-disclosure new budget.xlsx --code 113 --name 某某局 --year 2025   新建空白工作簿

  gen-disclosure convert budget.xlsx budget.yaml                        换一种写法，内容不变

退出码：0 已生成；1 数据有错误；2 无法继续（文件读不了、写不进、命令有误）。"""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(BUILD, help=HELP)
def build(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="填好的 .xlsx 或 .yaml", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件或文件夹", help="文档放在哪里", show_default=False
        ),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(metavar="格式包", help="如 hebei/2025；不写则按年度选", show_default=False),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="有错误也生成，每页带“草稿”水印")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有警告也不生成")] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="结果的写法：text 或 json")
    ] = Format.text,
) -> None:
    """Make one document."""
    # Imported here so that --help and a mistyped command answer at once.
    from generator import pipeline, report

    try:
        result = pipeline.build(file, output, pipeline.Options(pack), draft=draft, strict=strict)
    except UserError as error:
        if format_ is Format.json:
            print(report.as_json([report.failure_json(str(file), error)]))
        else:
            print(report.failure(error), file=sys.stderr)
        raise typer.Exit(CANNOT_GO_ON) from error
    if format_ is Format.json:
        print(report.as_json([report.file_json(result)]))
    else:
        print(report.text(result))
    failed = result.document.count(Severity.ERROR) or (
        strict and result.document.count(Severity.WARNING)
    )
    raise typer.Exit(DATA_ERRORS if failed else OK)


@app.command("new", help="新建一份空白的工作簿（.xlsx）或 YAML 文件。")
def new(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="要新建的 .xlsx 或 .yaml", show_default=False)
    ],
    code: Annotated[str, typer.Option(metavar="编码", help="预算编码，如 113", show_default=False)],
    name: Annotated[str, typer.Option(metavar="名称", help="部门或单位的全称", show_default=False)],
    year: Annotated[
        int,
        typer.Option(
            metavar="年度", help="预算年度，如 2025", min=2000, max=2099, show_default=False
        ),
    ],
    pack: Annotated[
        str | None,
        typer.Option(metavar="格式包", help="如 hebei/2025；不写则按年度选", show_default=False),
    ] = None,
    kind: Annotated[Kind, typer.Option(help="部门，或单独公开的单位")] = Kind.department,
) -> None:
    """Write a blank input."""
    from generator import files
    from generator import pack as packs
    from generator.sources.blank.start import start, yaml_text

    try:
        if os.path.lexists(file):
            raise UserError(f"“{file}”已经存在，没有改动它。", "请换一个文件名。")
        if _CONTROL.search(code + name):
            raise UserError("编码或名称里有不可见的字符。", "请重新输入。")
        form = packs.load(pack or packs.newest_for(year))
        tree = start(form, code, name, year, kind.value)
        files.write_whole(file, _input_file(file, tree, form, yaml_text))
    except UserError as error:
        print(f"无法继续：{error}", file=sys.stderr)
        raise typer.Exit(CANNOT_GO_ON) from error
    print(f"已新建：{file}（格式 {form.id}）")
    print(f"填好以后运行：gen-disclosure {file}")


def _input_file(
    file: Path, tree: dict[str, Any], form: Pack, as_yaml: Callable[[dict[str, Any], Pack], str]
) -> bytes:
    """A tree as the file that its name asks for: the form workbook, or YAML."""
    from generator import sources

    if not file.parent.is_dir():
        raise UserError(f"没有文件夹“{file.parent}”。", "请先建好文件夹，或换一个位置。")
    if file.suffix.lower() in sources.YAML_SUFFIXES:
        return as_yaml(tree, form).encode("utf-8")
    if file.suffix.lower() == ".xlsx":
        from generator.sources.blank import workbook

        return workbook(tree, form)
    raise UserError(f"“{file.name}”的类型不对。", "请以 .xlsx 或 .yaml 结尾。")


@app.command("convert", help="把工作簿变成 YAML，或把 YAML 变成工作簿，内容不变。")
def convert(
    source: Annotated[Path, typer.Argument(metavar="原文件", show_default=False)],
    target: Annotated[
        Path, typer.Argument(metavar="新文件", help="以 .xlsx 或 .yaml 结尾", show_default=False)
    ],
    pack: Annotated[
        str | None,
        typer.Option(metavar="格式包", help="如 hebei/2025；不写则按年度选", show_default=False),
    ] = None,
) -> None:
    """Write an input in its other form."""
    from generator import files, pipeline, report, sources, yamltext
    from generator.convert import whole_tree

    try:
        if os.path.lexists(target):
            raise UserError(f"“{target}”已经存在，没有改动它。", "请换一个文件名。")
        raw = sources.read(source)
        form, _ = pipeline.choose_pack(raw.tree, pack)
        tree, lost = whole_tree(raw, form)
        if not lost:
            data = _input_file(target, tree, form, lambda tree, _: yamltext.dump(tree))
            files.write_whole(target, data)
    except UserError as error:
        print(report.failure(error), file=sys.stderr)
        raise typer.Exit(CANNOT_GO_ON) from error
    if lost:
        print(report.findings(lost, source.name))
        print("这些内容换一种写法会丢失，没有转换。请改正后再运行。")
        raise typer.Exit(DATA_ERRORS)
    print(f"已转换：{target}")


@app.command("schema", help="YAML 文件的 JSON Schema：编辑器用它边写边提示、检查。")
def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件", help="写到文件，不写则打印", show_default=False
        ),
    ] = None,
) -> None:
    """Print the input's JSON Schema."""
    import json

    from generator import files, report
    from generator.schema import json_schema

    # Printed as ASCII: a console of code page 936 would make other bytes of it.
    text = json.dumps(json_schema(), ensure_ascii=output is None, indent=1) + "\n"
    if output is None:
        print(text, end="")
        return
    try:
        files.write_whole(output, text.encode("utf-8"))
    except UserError as error:
        print(report.failure(error), file=sys.stderr)
        raise typer.Exit(CANNOT_GO_ON) from error
    print(f"已写好：{output}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    # One short run makes little garbage, and looking for it costs a tenth of the time.
    gc.disable()
    _print_anything()
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run with these arguments; the exit code comes back."""
    if arguments[:1] == ["--version"]:
        print(f"gen-disclosure {__version__}")
        return OK
    arguments = arguments or ["--help"]
    if arguments[0] not in COMMANDS:
        if _looks_like_a_command(arguments[0]):
            return _misuse(_no_such_command(arguments[0]))
        arguments = [BUILD, *arguments]
    try:
        code = app(args=arguments, prog_name="gen-disclosure", standalone_mode=False)
    except Exception as error:
        if type(error).__name__ == "Abort":
            return _interrupted()
        if not hasattr(error, "format_message"):
            raise
        return _misuse(_in_chinese(error))
    if code == INTERRUPTED:
        return _interrupted()
    return code if isinstance(code, int) else OK


def _looks_like_a_command(word: str) -> bool:
    """A bare word that is neither a file nor could name one: ``chek``, not ``budget.xlsx``."""
    return not any(c in word for c in "-/\\.") and not os.path.lexists(word)


def _no_such_command(word: str) -> str:
    near = difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.65)
    guess = f"是不是“{near[0]}”？" if near else ""
    return f"没有“{word}”这个命令，也没有这个文件。{guess}"


def _interrupted() -> int:
    print("已中断，没有写出文件。", file=sys.stderr)
    return CANNOT_GO_ON


def _misuse(message: str) -> int:
    print(f"{message}\n用法见：gen-disclosure --help", file=sys.stderr)
    return CANNOT_GO_ON


def _in_chinese(error: Exception) -> str:
    """typer's usage errors; told apart by class, since the texts are not stable."""
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            command = getattr(getattr(error, "ctx", None), "command", None)
            known = [name for p in getattr(command, "params", ()) for name in p.opts]
            near = difflib.get_close_matches(option, known, n=1)
            return f"没有“{option}”这个选项。" + (f"是不是“{near[0]}”？" if near else "")
        case "BadOptionUsage" if option in FLAGS:
            return f"选项“{option}”后面不能写内容。"
        case "BadOptionUsage":
            return f"选项“{option}”后面缺少内容。"
        case "MissingParameter":
            return f"缺少{_label(error)}。"
        case "BadParameter":
            label = _label(error)
            return f"{label}的内容不对{_CONTENTS.get(label, '')}。"
        case "UsageError":
            return "命令后面有多余的内容，一次只能给一个文件。"
    return "命令的写法有误。"


_CONTENTS = {
    "“--format”": "，可以是 text 或 json",
    "“--kind”": "，可以是 部门 或 单位",
    "“--year”": "，应是四位数字，如 2025",
}


def _label(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"“{getattr(parameter, 'metavar', '')}”"
    return f"“{next(iter(getattr(parameter, 'opts', ())), '')}”"


def _print_anything() -> None:
    """A console of code page 936 cannot print every character; none may break a message."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


if __name__ == "__main__":
    main()
