"""``gen-disclosure new``, ``convert`` and ``schema``: the input itself."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.cli.app import (
    DATA_ERRORS,
    Command,
    PackOption,
    app,
    refuse,
    show,
)
from generator.problem import UserError

if TYPE_CHECKING:
    from generator.pack import Pack

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """Who discloses."""

    department = "部门"
    unit = "单位"


@app.command("new", cls=Command, help="新建一份空白的工作簿（.xlsx）或 YAML 文件。")
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
    pack: PackOption = None,
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
        form = packs.load(pack or packs.newest_for(year), file.parent)
        tree = start(form, code, name, year, kind.value)
        files.write_whole(file, _input_file(file, tree, form, yaml_text))
    except UserError as error:
        refuse(error)
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


@app.command("convert", cls=Command, help="把工作簿变成 YAML，或把 YAML 变成工作簿，内容不变。")
def convert(
    source: Annotated[Path, typer.Argument(metavar="原文件", show_default=False)],
    target: Annotated[
        Path, typer.Argument(metavar="新文件", help="以 .xlsx 或 .yaml 结尾", show_default=False)
    ],
    pack: PackOption = None,
) -> None:
    """Write an input in its other form."""
    from generator import files, sources, yamltext
    from generator.choice import choose_pack
    from generator.convert import whole_tree
    from generator.report import text

    try:
        if os.path.lexists(target):
            raise UserError(f"“{target}”已经存在，没有改动它。", "请换一个文件名。")
        raw = sources.read(source)
        form, _ = choose_pack(raw.tree, pack, source.parent)
        tree, lost = whole_tree(raw, form)
        if not lost:
            data = _input_file(target, tree, form, lambda tree, _: yamltext.dump(tree))
            files.write_whole(target, data)
    except UserError as error:
        refuse(error)
    if lost:
        show(text.findings(lost, source.name, {}))
        print("这些内容换一种写法会丢失，没有转换。请改正后再运行。")
        raise typer.Exit(DATA_ERRORS)
    print(f"已转换：{target}")


@app.command("schema", cls=Command, help="YAML 文件的 JSON Schema：编辑器用它边写边提示、检查。")
def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件", help="写到文件，不写则打印", show_default=False
        ),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="改为 --format json 的结果的 JSON Schema")
    ] = False,
) -> None:
    """Print the JSON Schema of the input, or of the report."""
    from json import dumps

    from generator import files
    from generator.report import json
    from generator.schema import json_schema

    # Printed as ASCII: a console of code page 936 would make other bytes of it.
    whole = json.schema() if report else json_schema()
    data = dumps(whole, ensure_ascii=output is None, indent=1) + "\n"
    if output is None:
        print(data, end="")
        return
    try:
        files.write_whole(output, data.encode("utf-8"))
    except UserError as error:
        refuse(error)
    print(f"已写好：{output}")
