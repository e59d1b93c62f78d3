"""What the commands have in common: the typer app, shared options, exit codes, printing.

Exit codes, everywhere: 0 written or clean, 1 errors in the data, 2 cannot go on or misuse.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from generator.problem import UserError

OK, DATA_ERRORS, CANNOT_GO_ON = 0, 1, 2
BUILD: Final = "build"


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


PackOption = Annotated[
    str | None,
    typer.Option(
        "--pack",
        metavar="格式包",
        help="如 hebei/2025，或格式包的文件夹；不写则按年度选",
        show_default=False,
    ),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="文件",
        help="核对设置（YAML）：级别、限值、代码表",
        show_default=False,
    ),
]
LastYearOption = Annotated[
    Path | None,
    typer.Option(
        "--last-year", metavar="文件", help="上年的工作簿，用来核对与上年的增减", show_default=False
    ),
]

_HELP_WORDS = (
    *(
        ("Usage:", "用法："),
        ("Arguments:", "参数："),
        ("Options:", "选项："),
        ("[OPTIONS]", "[选项]"),
        ("COMMAND [ARGS]...", "命令 …"),
    ),
    *(("required]", "必填]"), ("[default: ", "[默认："), ("Commands:", "命令：")),
    ("Show this message and exit.", "显示这份说明。"),
    *((f" <{kind}>", "") for kind in ("path", "str", "list[Path]", "list[str]")),
)


class Command(TyperCommand):
    """A command whose help is in Chinese throughout."""

    def get_help(self, ctx: Any) -> str:
        """The help text; what typer itself writes is English."""
        return _in_chinese(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is in Chinese throughout."""

    def get_help(self, ctx: Any) -> str:
        """The help text; what typer itself writes is English."""
        return _in_chinese(super().get_help(ctx))


def _in_chinese(text: str) -> str:
    for english, chinese in _HELP_WORDS:
        text = text.replace(english, chinese)
    return text


app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _commands() -> None:
    """With it a command is called by its name, even if no other has been loaded."""


def program() -> Any:
    """All the commands that have been loaded, with their parameters."""
    return typer.main.get_command(app)


def show(text: str) -> None:
    """Print; the marks of a sum that holds or not in the signs that a console of 936 has."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = text.replace("✓", "√").replace("✗", "×")
    print(text)


def refuse(error: UserError, *, as_json: bool = False, **about: str) -> NoReturn:
    """Say why it cannot go on, and end. ``about``: what else the JSON object says."""
    if as_json:
        from generator.report.json import failure

        print(failure(error, **about))
    else:
        print(f"无法继续：{error}", file=sys.stderr)
    raise typer.Exit(CANNOT_GO_ON) from error
