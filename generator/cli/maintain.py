"""``gen-disclosure template fields``, ``check`` and ``preview``: a template and its pack."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import CANNOT_GO_ON, DATA_ERRORS, OK, Command, Format, refuse, show
from generator.cli.template import template
from generator.problem import UserError

if TYPE_CHECKING:
    from generator.maintain.preview import Shown
    from generator.pack import Pack

FIELDS_HELP = """模板里可以用的每个占位符：意思、类型、例子、来自工作簿的哪里。

  gen-disclosure template fields                       最新的格式包

  gen-disclosure template fields hebei/2025 --format markdown > 占位符.md"""

CHECK_HELP = """检查格式包和它的 Word 模板，一次列出全部要改的地方：在哪里，在 Word 里怎样改。

  gen-disclosure template check hebei/2027

  gen-disclosure template check 我的/hebei/2027        文件夹也行

  gen-disclosure template check 改过的.docx --pack hebei/2025   只检查一个 Word 文件

退出码：0 没有问题；1 有要改的；2 无法检查。"""

PREVIEW_HELP = """试填模板：用样例数据（空表、一行、两页，每个格式选项的每个值），或用一份预算。

  gen-disclosure template preview hebei/2027

  gen-disclosure template preview hebei/2027 -i 预算.xlsx -o 看看/

  gen-disclosure template preview hebei/2027 --watch    每次保存以后再试填一次，按 Ctrl-C 结束"""

PackArgument = Annotated[
    str, typer.Argument(metavar="格式包", help="编号，或格式包的文件夹", show_default=False)
]


class ListFormat(StrEnum):
    """How the list of placeholders is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


@template.command("fields", cls=Command, help=FIELDS_HELP)
def fields(
    pack: Annotated[
        str | None,
        typer.Argument(metavar="格式包", help="不写则是最新的", show_default=False),
    ] = None,
    format_: Annotated[
        ListFormat, typer.Option("--format", help="text、markdown 或 json")
    ] = ListFormat.text,
) -> None:
    """List every placeholder."""
    from generator.maintain import fieldlist, shown
    from generator.maintain.sample import samples

    try:
        used = _load(pack)
        contexts = tuple(sample.context for sample in samples(used))
    except UserError as error:
        refuse(error)
    sections = fieldlist.sections(used, contexts)
    writers = {
        ListFormat.text: shown.fields_text,
        ListFormat.markdown: shown.fields_markdown,
        ListFormat.json: shown.fields_json,
    }
    show(writers[format_](sections))


@template.command("check", cls=Command, help=CHECK_HELP)
def check(
    what: Annotated[
        str,
        typer.Argument(
            metavar="格式包", help="编号、文件夹，或一个 .docx 文件", show_default=False
        ),
    ],
    pack: Annotated[
        str | None,
        typer.Option(
            "--pack",
            metavar="格式包",
            help=".docx 是哪个格式包的；不写则是最新的",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text 或 json")] = Format.text,
) -> None:
    """Check a pack and its template."""
    from generator.maintain import check as checker
    from generator.maintain import shown

    try:
        checked = checker.of(what, pack, Path())
    except UserError as error:
        if format_ is Format.text:
            refuse(error)
        print(shown.failure_json(what, error))
        raise typer.Exit(CANNOT_GO_ON) from error
    write = shown.findings_json if format_ is Format.json else shown.findings_text
    show(write(checked.name, checked.findings))
    raise typer.Exit(DATA_ERRORS if checked.findings else OK)


@template.command("preview", cls=Command, help=PREVIEW_HELP)
def preview(
    pack: PackArgument,
    input_: Annotated[
        Path | None,
        typer.Option("-i", "--input", metavar="文件", help="试填这一份预算", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="文件夹", help="放在哪里", show_default=False),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="每次保存以后再试填一次")] = False,
) -> None:
    """Fill the template in, to be looked at."""

    try:
        used = _load(pack)
        folder = output or Path(f"预览-{used.id.replace('/', '-')}")
        _show(_filled(used, input_), folder)
    except UserError as error:
        if not watch:
            refuse(error)
        show(f"无法试填：{error}")
        used = _load(pack)
    if not watch:
        return
    show("等待保存……（按 Ctrl-C 结束）")
    try:
        _watch(used, input_, folder)
    except KeyboardInterrupt:
        show("已结束。")


def _watch(pack: Pack, input_: Path | None, folder: Path) -> None:
    """Fill in again on each save of the pack's files, its base's, and the input; never ends."""
    from generator.maintain import preview as viewer

    homes = {file.parent for file in pack.files.values()} | {pack.folder}
    for _ in viewer.saves([*sorted(homes), *([input_] if input_ else [])]):
        try:
            _show(_filled(viewer.again(pack), input_), folder)
        except UserError as error:
            show(f"无法试填：{error}")


def _filled(pack: Pack, file: Path | None) -> Sequence[Shown]:
    from generator.maintain import preview as viewer

    return viewer.of_samples(pack) if file is None else viewer.of_input(pack, file)


def _show(documents: Sequence[Shown], folder: Path) -> None:
    from generator.maintain import preview as viewer

    for line in viewer.write(documents, folder):
        show(line)


def _load(pack: str | None) -> Pack:
    from generator import pack as packs

    return packs.load(packs.newest_for(None) if pack is None else pack, Path())
