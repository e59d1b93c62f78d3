"""``gen-disclosure packs``: which packs there are, and what one says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.app import Command, Format, app, refuse, show
from generator.problem import UserError

HELP = """列出格式包，或说明一个格式包：适用年度、依据、开关和默认值、文件在哪里。

  gen-disclosure packs                   全部格式包：内置的、自己的

  gen-disclosure packs hebei/2025        一个格式包

  gen-disclosure packs 我的/hebei/2028   一个文件夹里的格式包

  gen-disclosure packs -i 收到的/        连同这个文件夹里“格式包”下面的

  gen-disclosure packs --measures        表的列可以填的度量，如 income.fiscal"""


@app.command("packs", cls=Command, help=HELP)
def packs(
    name: Annotated[
        str | None,
        typer.Argument(metavar="格式包", help="如 hebei/2025，或它的文件夹", show_default=False),
    ] = None,
    beside: Annotated[
        Path,
        typer.Option(
            "-i", "--inputs", metavar="文件夹", help="工作簿所在的文件夹，不写则是当前文件夹"
        ),
    ] = Path(),
    measures: Annotated[bool, typer.Option("--measures", help="列出度量")] = False,
    format_: Annotated[Format, typer.Option("--format", help="text 或 json")] = Format.text,
) -> None:
    """List the packs, or show one."""
    from generator.maintain import listing

    if measures:
        show(listing.measures())
        return
    try:
        if name is None:
            listed = listing.entries(beside)
            text = listing.listing(listed, beside)
        else:
            listed = [listing.entry(name, beside)]
            text = listing.page(listed[0])
    except UserError as error:
        refuse(error, as_json=format_ is Format.json, pack=name or "")
    if format_ is Format.json:
        print(listing.as_json(listed))
    else:
        show(text)
