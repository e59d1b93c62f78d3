"""``gen-disclosure FILE``: one input to its document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import (
    BUILD,
    CANNOT_GO_ON,
    DATA_ERRORS,
    OK,
    Command,
    Format,
    LastYearOption,
    PackOption,
    SettingsOption,
    app,
    refuse,
    show,
)
from generator.problem import Severity, UserError

if TYPE_CHECKING:
    from generator.document import Options, Result
    from generator.publishing import Published

HELP = """把填好的预算（.xlsx 工作簿或 .yaml 文件）变成完整的预算信息公开文档。

  gen-disclosure budget.xlsx              生成文档，放在工作簿旁边

  gen-disclosure budget.xlsx -o 公开/     放到文件夹“公开”

  gen-disclosure check budget.xlsx        只核对，不生成；几个文件、整个文件夹都行

  gen-disclosure rules                    有哪些规则；rules NAR105 看一条规则的说明

  gen-disclosure new budget.xlsx --code 113 --name 某某局 --year 2025   新建空白工作簿

  gen-disclosure batch 收到的/ -o 公开/   许多部门一起做，并汇总

  gen-disclosure convert 原文件 新文件    工作簿变成 YAML，或反过来

  gen-disclosure packs                    有哪些格式包；packs hebei/2025 看一个的开关和默认值

  gen-disclosure template                 做和检查格式包：新建、比较、检查、试填

  gen-disclosure schema                   编辑 YAML 时的提示和检查

  gen-disclosure --version                程序的版本

每个命令后面加 --help 看它的用法，如 gen-disclosure check --help。

退出码：0 已生成；1 数据有错误；2 无法继续（文件读不了、写不进、命令有误）。"""


@app.command(BUILD, cls=Command, help=HELP)
def build(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="填好的 .xlsx 或 .yaml", show_default=False)
    ],
    output: Annotated[
        str | None,
        typer.Option(
            *("-o", "--output"),
            metavar="文件或文件夹",
            help="文档放在哪里；以 / 结尾的文件夹没有就新建",
            show_default=False,
        ),
    ] = None,
    pack: PackOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="有错误也生成，每页带“草稿”水印")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有警告也不生成")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="再转换成 PDF（要有 LibreOffice）")] = False,
    settings: SettingsOption = None,
    last_year: LastYearOption = None,
    format_: Annotated[
        Format, typer.Option("--format", help="结果的写法：text 或 json")
    ] = Format.text,
) -> None:
    """Make one document."""
    # Imported here so that --help and a mistyped command answer at once.
    from generator import pipeline
    from generator.cli.stopping import orderly
    from generator.document import Failure
    from generator.report import json, text

    as_json = format_ is Format.json
    try:
        options = options_of(pack, settings, last_year)
        printing = pdf and can_print()
        made: Published | None = None
        with orderly():
            result = pipeline.build(file, output, options, draft=draft, strict=strict)
            if printing and result.output is not None:
                result, made = _with_pdf(result, draft)
    except UserError as error:
        if not as_json:
            refuse(error)
        print(json.report([Failure(file, error)]))
        raise typer.Exit(CANNOT_GO_ON) from error
    notes = _notes(result, made, output)
    show(json.report([result]) if as_json else "\n".join([text.built(result), *notes]))
    failed = result.document.count(Severity.ERROR) or (
        strict and result.document.count(Severity.WARNING)
    )
    lacking = pdf and result.output is not None and (made is None or made.pdf is None)
    raise typer.Exit(DATA_ERRORS if failed or lacking else OK)


def can_print() -> bool:
    """Whether PDFs can be made; it is said where not, and the documents are made all the same."""
    from generator.pdf import office

    if office.find() is None:
        print("没有找到 LibreOffice，这次只生成 Word 文档；", file=sys.stderr, end="")
        print("装好以后加 --pdf 再运行一次，会补上 PDF。", file=sys.stderr)
        return False
    return True


def _with_pdf(result: Result, draft: bool) -> tuple[Result, Published]:
    """The PDF beside the document, and the result with what was found."""
    from generator.pdf import Office
    from generator.publishing import add_pdf
    from generator.render.context import Draft

    mark = Draft(result.document.count(Severity.ERROR)) if draft else None
    with Office() as converter:
        return add_pdf(result, converter, mark)


def _former(result: Result, output: str | None) -> list[str]:
    """What lies there of an earlier run where this one has made nothing, or only a draft."""
    from generator.files import target_of

    if not result.document.contents:
        return []
    try:
        docx = target_of(
            result.file, None if output is None else Path(output), result.document.name()
        )
    except UserError:  # a folder that is not there yet
        return []
    if docx == result.output:
        return []
    there = [file.name for file in (docx, docx.with_suffix(".pdf")) if file.exists()]
    names = "、".join(f"“{name}”" for name in there)
    return [f"旁边的{names}是以前的数据，不要公开。"] if there else []


def _notes(result: Result, made: Published | None, output: str | None) -> list[str]:
    """What is to be said of the PDF, and of what lies there from an earlier run."""
    former = _former(result, output)
    if result.output is None:
        return former
    from generator.report import text

    target = result.output.with_suffix(".pdf")
    old = [f"旁边的“{target.name}”是以前的，可能不是这次的内容；加 --pdf 再转换一份。"]
    if made is None:
        return [*former, *(old if target.exists() else ())]
    told = [line for note in made.notes for line in text.wrapped(note, "", "  ")]
    if made.pdf is None:
        return [*former, *told, *(old if target.exists() else ())]
    return [*former, f"已生成：{target}", *told]


def options_of(
    pack: str | None,
    settings: Path | None,
    last_year: Path | None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Options:
    """What a run is asked for, the settings read. Raises :class:`UserError`."""
    from generator import pack as packs
    from generator.checks import CHECKS
    from generator.checks import settings as check_settings
    from generator.document import Options

    only = check_settings.selected(select, ignore, CHECKS)
    read = check_settings.read(settings, CHECKS) if settings else check_settings.Settings()
    return Options(packs.named(pack), replace(read, only=only), last_year)
