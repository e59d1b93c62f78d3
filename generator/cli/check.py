"""``gen-disclosure check`` and ``rules``: what is wrong, and what the rules are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import (
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
from generator.cli.build import options_of
from generator.problem import UserError

if TYPE_CHECKING:
    from generator.document import Options, Outcome


class ReportFormat(StrEnum):
    """How the result of a check is given."""

    text = "text"
    json = "json"
    sarif = "sarif"
    html = "html"
    xlsx = "xlsx"


CHECK_HELP = """核对填好的预算，不生成文档：问题在哪一格、两个数各是多少、相差多少、下一步怎么办。

  gen-disclosure check budget.xlsx                        结果打印出来

  gen-disclosure check 各部门/                            文件夹里的每个 .xlsx 和 .yaml

  gen-disclosure check budget.xlsx --format html          一页可以看、可以打印的报告

  gen-disclosure check budget.xlsx --format xlsx          在工作簿的副本上标出有问题的格

  gen-disclosure check budget.xlsx --select NAR,TBL105    只核对这一组和这一条规则

退出码：0 没有错误；1 有错误（--strict：或警告），或有文件读不了；2 什么也没能核对，或命令有误。"""

RULES_HELP = """列出核对的规则，或说明一条规则。

  gen-disclosure rules                全部规则

  gen-disclosure rules NAR            一组规则

  gen-disclosure rules NAR105         一条规则：说明、依据、错例、对例、改法"""


@app.command("check", cls=Command, help=CHECK_HELP)
def check(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="输入", help="填好的文件、文件夹，或 '*.xlsx'", show_default=False),
    ],
    format_: Annotated[
        ReportFormat,
        typer.Option(
            "--format", metavar="写法", help="text、json、sarif、html 或 xlsx（标注的工作簿）"
        ),
    ] = ReportFormat.text,
    output: Annotated[
        str | None,
        typer.Option(
            *("-o", "--output"),
            metavar="文件或文件夹",
            help="结果放在哪里，以 / 结尾的文件夹没有就新建；html 和 xlsx 不写则放在输入旁边",
            show_default=False,
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="规则", help="只核对这些规则或组，如 PRF,NAR101", show_default=False),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="规则", help="不核对这些规则或组", show_default=False),
    ] = None,
    pack: PackOption = None,
    settings: SettingsOption = None,
    last_year: LastYearOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="有警告也不算通过")] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="另存一份改正了标点、全角数字等的副本，不动金额，再核对这份副本"
        ),
    ] = False,
) -> None:
    """Check inputs without making a document."""
    from generator import checking
    from generator.files import as_output
    from generator.folder import passed_over, strays
    from generator.report import text

    try:
        options = options_of(pack, settings, last_year, select or (), ignore or ())
        others = [file for file in (settings, last_year) if file is not None]
        place = None if output is None else as_output(output)
        given = inputs
        if fix:
            inputs, place = _corrected(inputs, place, options, format_, others), None
        outcomes = checking.check(inputs, options, others)
        if format_ is ReportFormat.xlsx:
            written = _write_annotated(outcomes, place, others)
        else:
            written = _give(outcomes, inputs, place, format_, strict, others)
    except UserError as error:
        refuse(error)
    if written or format_ is ReportFormat.xlsx:
        told = [text.short(outcomes), *(f"已写好：{file}" for file in written)]
        if place is None and len(written) > 1:
            told.append(_beside(written))
        show("\n".join(told))
    if (written or format_ is ReportFormat.text) and (passed := strays(given, others)):
        show(passed_over(passed))
    raise typer.Exit(_code(outcomes, strict))


def _beside(written: Sequence[Path]) -> str:
    """Where the reports lie that were written among the inputs, and how to have them elsewhere."""
    folders = "、".join(dict.fromkeys(f"“{file.parent}”" for file in written))
    return f"这 {len(written)} 个文件在{folders}，与原件放在一起；加 -o 核对结果/ 就放到别处。"


def _corrected(
    inputs: Sequence[Path],
    output: Path | None,
    options: Options,
    format_: ReportFormat,
    others: Sequence[Path],
) -> list[Path]:
    """Write the corrected copies and say what was changed; what is to be checked comes back."""
    from generator import checking
    from generator.document import Failure
    from generator.fix import report

    if format_ is not ReportFormat.text:
        raise UserError("--fix 只能与 --format text 一起用。", "请先改正，再核对副本。")
    checked = []
    for done in checking.correct(inputs, output, options, others):
        if isinstance(done, Failure):
            checked.append(done.file)
            continue
        file, copy, told = done
        checked.append(copy)
        if told:
            show(report(told))
        show(f"已写好：{copy}" if copy != file else f"“{file.name}”没有可以自动改正的地方。")
        show("")
    return checked


def _give(
    outcomes: Sequence[Outcome],
    inputs: Sequence[Path],
    output: Path | None,
    format_: ReportFormat,
    strict: bool,
    others: Sequence[Path],
) -> list[Path]:
    """Print one report of everything, or write it; the files written come back."""
    from generator import checking, files
    from generator.report import json, sarif, text

    match format_:
        case ReportFormat.json:
            report, suffix = json.report(outcomes), ".json"
        case ReportFormat.sarif:
            report, suffix = sarif.report(outcomes), ".sarif"
        case ReportFormat.html:
            from generator.report import html  # loads jinja2

            report, suffix = html.report(outcomes), ".html"
        case _:
            report, suffix = text.checked(outcomes, strict=strict), ".txt"
    if output is None and format_ is not ReportFormat.html:
        show(report)
        return []
    target = checking.target(outcomes, inputs, output, suffix, others)
    files.write_whole(target, report.encode("utf-8", "replace"))
    return [target]


def _write_annotated(
    outcomes: Sequence[Outcome], output: Path | None, others: Sequence[Path]
) -> list[Path]:
    """The workbooks with their faulty cells marked; the files written come back."""
    from generator import checking, files
    from generator.document import Result
    from generator.report import facts
    from generator.report.annotate import annotate

    targets = checking.targets(outcomes, output, ".xlsx", others)
    if not targets and any(isinstance(outcome, Result) for outcome in outcomes):
        raise UserError("没有可以标注的 .xlsx 工作簿。", "YAML 文件请用 --format html。")
    for result, target in targets:
        document, original = result.document, result.file.read_bytes()
        data = annotate(
            *(original, document.problems, facts.title(document), result.file.name),
            facts.remarks(document),
        )
        files.write_whole(target, data)
    return [target for _, target in targets]


def _code(outcomes: Sequence[Outcome], strict: bool) -> int:
    """2 when nothing could be checked; 1 for errors and for files that could not be read."""
    from generator.document import Result
    from generator.report import facts

    if not any(isinstance(outcome, Result) for outcome in outcomes):
        return CANNOT_GO_ON
    counts = facts.count_all(outcomes)
    return DATA_ERRORS if counts.error or (strict and counts.warning) else OK


@app.command("rules", cls=Command, help=RULES_HELP)
def rules(
    word: Annotated[
        str | None,
        typer.Argument(metavar="规则或组", help="如 NAR105 或 NAR", show_default=False),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text 或 json")] = Format.text,
) -> None:
    """List the rules, or show the manual page of one."""
    from generator.checks import CHECKS
    from generator.report import rules as manual

    try:
        chosen = manual.chosen(word, CHECKS)
    except UserError as error:
        refuse(error)
    if format_ is Format.json:
        print(manual.as_json(chosen))
    else:
        show(manual.page(chosen[0]) if _is_rule(word) else manual.listing(chosen))


def _is_rule(word: str | None) -> bool:
    """An id, not a group."""
    return word is not None and word[-1:].isdigit()
