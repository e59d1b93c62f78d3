"""``gen-disclosure template``: what the maintainer of a pack needs, without Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.app import Command, Format, Group, app, refuse, show
from generator.problem import UserError

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
        typer.Option("--year", metavar="年度", help="适用的年度，可以写几次", show_default=False),
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
        refuse(error)
    if format_ is Format.json:
        print(comparer.as_json(before, after, found))
    else:
        show(comparer.as_text(before, after, found))
