"""What is wrong with a command line, in Chinese: typer says it in English."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence

from generator.cli.app import BUILD

FLAGS = ("--draft", "--strict", "--report", "--fix", "--force", "--verify", "--json", "--pdf")


def looks_like_a_command(word: str) -> bool:
    """A bare word that is neither a file nor could name one: ``chek``, not ``budget.xlsx``."""
    return not any(c in word for c in "-/\\.") and not os.path.lexists(word)


def no_such_command(word: str, commands: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, commands, n=1, cutoff=0.65)
    guess = f"是不是“{near[0]}”？" if near else ""
    return f"没有“{word}”这个命令，也没有这个文件。{guess}"


def command_of(error: Exception) -> str:
    """The command whose help says how it is written: ``check``; none for that of a document."""
    path = getattr(getattr(error, "ctx", None), "command_path", None) or ""
    command = path.partition(" ")[2]
    return "" if command == BUILD else command


def in_chinese(error: Exception) -> str:
    """typer's usage errors; told apart by class, since the texts are not stable."""
    option = getattr(error, "option_name", "")
    context = getattr(error, "ctx", None)
    command = getattr(context, "info_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            parameters = getattr(getattr(context, "command", None), "params", ())
            known = [name for p in parameters for name in p.opts]
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
            return f"{label}的内容不对{_CONTENTS.get((command, label), '')}。"
        case "NoSuchCommand" | "UsageError" if hasattr(
            getattr(context, "command", None), "commands"
        ):
            return f"{command} 后面没有这个命令。"
        case "UsageError":
            return "命令后面有多余的内容" + ("，一次只能给一个文件。" if command == BUILD else "。")
    return "命令的写法有误。"


_CONTENTS = {
    (BUILD, "“--format”"): "，可以是 text 或 json",
    ("rules", "“--format”"): "，可以是 text 或 json",
    ("check", "“--format”"): "，可以是 text、json、sarif、html 或 xlsx",
    ("new", "“--kind”"): "，可以是 部门 或 单位",
    ("new", "“--year”"): "，应是四位数字，如 2025",
}


def _is_group(context: object) -> bool:
    return hasattr(getattr(context, "command", None), "commands")


def _label(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"“{getattr(parameter, 'metavar', '')}”"
    return f"“{next(iter(getattr(parameter, 'opts', ())), '')}”"
