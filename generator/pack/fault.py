"""What is wrong with a pack's files: every mistake with its file, line and key."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.problem import UserError


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a file of a pack. ``message``: a clause without a full stop.

    ``line``: 1-based, 0 where none can be told. ``key``: the place in the file's own words.
    """

    file: Path
    message: str
    hint: str = ""
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        where = f" 的“{self.key}”" if self.key else f" 第 {self.line} 行" if self.line else ""
        return f"格式包文件 {self.file}{where}：{self.message}。"


class PackFault(UserError):
    """A pack that cannot be used: all that is wrong; the first is its message.

    ``pack``: the :class:`Pack` when only the whole of it shows the mistakes, else None.
    """

    def __init__(self, mistakes: Sequence[Mistake], pack: Any = None) -> None:
        self.mistakes = tuple(dict.fromkeys(mistakes))
        self.pack = pack
        more = len(self.mistakes) - 1
        told = f"还有 {more} 处，用 gen-disclosure template check 全部列出。" if more else ""
        super().__init__(str(self.mistakes[0]), self.mistakes[0].hint + told)

    def __reduce__(self) -> tuple[type[PackFault], tuple[Sequence[Mistake]]]:
        return PackFault, (self.mistakes,)


class Wrong(ValueError):
    """What a value of a pack may not be. ``word``: what to look for in the file; ``hint``."""

    def __init__(self, message: str, word: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.word = word
        self.hint = hint


def guess(word: str, known: Sequence[str]) -> str:
    """“是不是…？” for what is written nearly so, ``""`` for nothing like it."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"是不是“{near[0]}”？" if near else ""
