"""What is wrong with a command line, in Chinese: typer says it in English."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from enum import Enum
from importlib import import_module
from typing import Any

from generator.cli.app import BUILD, program


def looks_like_a_command(word: str) -> bool:
    """A bare word that is neither a file nor could name one: ``chek``, not ``budget.xlsx``."""
    return not any(c in word for c in "-/\\.") and not os.path.lexists(word)


def no_such_command(word: str, commands: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, commands, n=1, cutoff=0.65)
    guess = f"是不是“{near[0]}”？" if near else ""
    return f"没有“{word}”这个命令，也没有这个文件。{guess}"


def told(error: Exception, command: Any, words: Sequence[str]) -> tuple[str, str]:
    """What to say of one of typer's usage errors, and the command whose help says how it is
    written (``check``; none for that of a document).

    They are told apart by class, since the texts are not stable. ``command``: the whole program;
    ``words``: the command line, since not every error knows its command.
    """
    path: list[str] = []
    for word in words:
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]
        path.append(word)
    name = " ".join(path)
    return _in_chinese(error, command, name), "" if name == BUILD else name


def _in_chinese(error: Exception, command: Any, name: str) -> str:
    option = getattr(error, "option_name", "")
    parameters = {spelling: p for p in command.params for spelling in p.opts}
    is_group = hasattr(command, "commands")
    match type(error).__name__:
        case "NoSuchOption":
            if others := "、".join(_commands_with(option)):
                return f"{name} 没有 {option}；{others} 有。"
            near = difflib.get_close_matches(option, parameters, n=1)
            return f"没有“{option}”这个选项。" + (f"是不是“{near[0]}”？" if near else "")
        case "BadOptionUsage" if getattr(parameters.get(option), "is_flag", False):
            return f"选项“{option}”后面不能写内容。"
        case "BadOptionUsage":
            return f"选项“{option}”后面缺少内容。"
        case "MissingParameter":
            return f"缺少{_label(error)}。"
        case "BadParameter":
            return f"{_label(error)}的内容不对{_contents(getattr(error, 'param', None))}。"
        case "NoSuchCommand" | "UsageError" if is_group:
            return f"{name} 后面没有这个命令。"
        case "UsageError":
            return "命令后面有多余的内容" + ("，一次只能给一个文件。" if name == BUILD else "。")
    return "命令的写法有误。"


def _commands_with(option: str) -> Iterator[str]:
    """The commands that have an option, of all that there are."""
    from generator.cli import COMMANDS

    for module in dict.fromkeys(module for modules in COMMANDS.values() for module in modules):
        import_module(f"generator.cli.{module}")
    groups = [("", program())]
    while groups:
        above, group = groups.pop(0)
        for name in sorted(group.commands):
            command = group.commands[name]
            if hasattr(command, "commands"):
                groups.append((f"{above}{name} ", command))
            elif any(option in parameter.opts for parameter in command.params):
                yield f"{above}{name}"


def _contents(parameter: object) -> str:
    """What a parameter can be, as far as it says so itself."""
    default = getattr(parameter, "default", None)
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if isinstance(default, Enum):
        *others, last = (choice.value for choice in type(default))
        return f"，可以是 {'、'.join(others)} 或 {last}"
    if least is not None and most is not None:
        return f"，应是 {least} 到 {most} 的整数"
    return f"，应是不小于 {least} 的整数" if least is not None else ""


def _label(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"“{getattr(parameter, 'metavar', '')}”"
    return f"“{next(iter(getattr(parameter, 'opts', ())), '')}”"
