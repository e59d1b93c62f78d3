"""``gen-disclosure template``: what the maintainer of a pack needs, without Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import (
    DATA_ERRORS,
    OK,
    Command,
    Format,
    Group,
    app,
    refuse,
    show,
)
from generator.problem import UserError

if TYPE_CHECKING:
    from generator.maintain.preview import Shown
    from generator.pack import Found, Pack

HELP = """做和检查格式包：改格式的人懂 Word 和财政部门的通知，不用懂编程。

  gen-disclosure template new hebei/2028 --from hebei/2027   照一个格式包新建

  gen-disclosure template diff hebei/2025 hebei/2027         两个格式包有什么不同

  gen-disclosure template fields hebei/2027                  模板里可以用的占位符

  gen-disclosure template check hebei/2027                   检查，逐处说明怎样改

  gen-disclosure template preview hebei/2027                 用样例数据试填"""

NEW_HELP = """照一个格式包新建一个，写好名称和年度，列出每年常有变化的地方。不覆盖任何文件。

  gen-disclosure template new hebei/2028 --from hebei/2027          放在自己的文件夹里

  gen-disclosure template new hebei/2028 --from hebei/2027 -o 我的/   在这个文件夹里

变体只写与另一个格式包不同的地方。--file 是要换掉的文件：

  gen-disclosure template new baoding/2025 --from hebei/2025 --based --file tables/t9.yaml"""

DIFF_HELP = """两个格式包有什么不同：表的行、表头、文字、开关、名词、科目、Word 模板的字和版面。

  gen-disclosure template diff hebei/2023 hebei/2025

  gen-disclosure template diff hebei/2025 我的/hebei/2028   文件夹也行"""

FIELDS_HELP = """模板里可以用的每个占位符：意思、类型、例子、来自工作簿的哪里。

  gen-disclosure template fields                       最新的格式包

  gen-disclosure template fields hebei/2025 --format markdown > 占位符.md"""

CHECK_HELP = """检查格式包和它的 Word 模板，一次列出全部要改的地方：在哪里，在 Word 里怎样改。

  gen-disclosure template check hebei/2027

  gen-disclosure template check 我的/hebei/2027        文件夹也行

  gen-disclosure template check 改过的.docx --pack hebei/2025   只检查一个 Word 文件

退出码：0 没有问题；1 有要改的；2 无法检查。"""

PREVIEW_HELP = """试填模板：用样例数据（空表、一行、多行，每个格式选项的每个值），或用一份预算。

  gen-disclosure template preview hebei/2027

  gen-disclosure template preview hebei/2027 -i 预算.xlsx -o 看看/

  gen-disclosure template preview hebei/2027 --watch    每次保存以后再试填一次，按 Ctrl-C 结束"""

template = typer.Typer(cls=Group, help=HELP, rich_markup_mode=None, invoke_without_command=True)
app.add_typer(template, name="template")


@template.callback()
def overview(context: typer.Context) -> None:
    """Without a command: which there are."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@template.command("new", cls=Command, help=NEW_HELP)
def new(
    new_id: Annotated[
        str, typer.Argument(metavar="编号", help="地方/年度，如 hebei/2028", show_default=False)
    ],
    source: Annotated[
        str,
        typer.Option("--from", metavar="格式包", help="照哪一个，编号或文件夹", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件夹", help="建在哪个文件夹里", show_default=False
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(metavar="名称", help="格式包的名称", show_default=False)
    ] = "",
    years: Annotated[
        list[int] | None,
        typer.Option(
            "--year",
            min=1900,
            max=2099,
            metavar="年度",
            help="适用的年度，可以写几次",
            show_default=False,
        ),
    ] = None,
    based: Annotated[bool, typer.Option("--based", help="变体：只写不同的地方")] = False,
    files: Annotated[
        list[str] | None,
        typer.Option(
            "--file", metavar="文件", help="变体里要换掉的文件，可以写几次", show_default=False
        ),
    ] = None,
) -> None:
    """Make a pack from another one."""
    from generator.maintain import new as maker

    try:
        made = maker.new(
            *(new_id, source, output),
            name=name,
            years=years or (),
            based=based,
            files=files or (),
        )
    except UserError as error:
        refuse(error)
    show(maker.told(made))


@template.command("diff", cls=Command, help=DIFF_HELP)
def diff(
    old: Annotated[str, typer.Argument(metavar="原来的", help="编号或文件夹", show_default=False)],
    other: Annotated[
        str, typer.Argument(metavar="现在的", help="编号或文件夹", show_default=False)
    ],
    format_: Annotated[Format, typer.Option("--format", help="text 或 json")] = Format.text,
) -> None:
    """Show what differs between two packs."""
    from generator import pack as packs
    from generator.maintain import diff as comparer

    try:
        before, after = packs.load(old, Path()), packs.load(other, Path())
        found = comparer.differences(before, after)
    except UserError as error:
        refuse(error, as_json=format_ is Format.json, old=old, new=other)
    if format_ is Format.json:
        print(comparer.as_json(before, after, found))
    else:
        show(comparer.as_text(before, after, found))


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
    from generator.maintain import fieldlist
    from generator.maintain.sample import samples

    try:
        used = _load(pack)
        contexts = tuple(sample.context for sample in samples(used))
    except UserError as error:
        refuse(error, as_json=format_ is ListFormat.json, pack=pack or "")
    sections = fieldlist.sections(used, contexts)
    writers = {
        ListFormat.text: fieldlist.as_text,
        ListFormat.markdown: fieldlist.as_markdown,
        ListFormat.json: fieldlist.as_json,
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
    from generator.maintain.check import finding

    try:
        checked = checker.of(what, pack, Path())
    except UserError as error:
        refuse(error, as_json=format_ is Format.json, template=what)
    write = finding.as_json if format_ is Format.json else finding.as_text
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
    from generator import pack as packs

    try:
        found = packs.find(pack, Path())
    except UserError as error:
        refuse(error)
    folder = output or Path(f"预览-{found.id.replace('/', '-')}")
    try:
        for _ in chain([None], _saves(found, input_) if watch else ()):
            try:
                _show(_filled(packs.load_folder(found.folder, found.id), input_), folder)
            except UserError as error:
                of_pack = input_ is None or isinstance(error, packs.PackFault)
                hint = f"全部要改的地方：gen-disclosure template check {pack}" if of_pack else ""
                if not watch:
                    refuse(UserError(error.message, f"{error.hint}\n{hint}".strip()))
                show(f"无法试填：{error}\n{hint}".rstrip())
    except KeyboardInterrupt:
        show("已结束。")


def _saves(found: Found, input_: Path | None) -> Iterator[object]:
    """Each save of the pack's files, its base's, and the input; never ends."""
    from generator.maintain import preview as viewer

    show("等待保存……（按 Ctrl-C 结束）")
    homes = viewer.homes(found)
    yield from viewer.saves([*homes, *([input_] if input_ else [])])


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
