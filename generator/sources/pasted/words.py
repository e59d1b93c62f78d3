"""Folding of words: every export differs in blanks, widths, brackets and numbering."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_MARKS = dict.fromkeys(map(ord, " \t\r\n\u200b\ufeff\"'“”‘’「」《》〈〉()[]【】:,.;、。·-—–_/"))
_NUMBERING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]+|[（(]?[0-9０-９]{1,2}[)）、.．]+)\s*"
)
_OF_WHICH = re.compile(r"^其中[：:]?")
_DASHES: Final = "-－—–―─−﹣"
_CODE_NOISE: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000'’‘`")),
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    ord("．"): ".",
}


@lru_cache(maxsize=4096)  # the nine tables have their headers and most of their labels in common
def fold(text: str) -> str:
    """Without blanks, punctuation, and the difference between full and half width."""
    return unicodedata.normalize("NFKC", text).translate(_MARKS)


@lru_cache(maxsize=1024)
def fold_label(text: str) -> str:
    """A row's label without its number: offices number the same lines differently."""
    bare = _NUMBERING.sub("", text.strip())
    return fold(_OF_WHICH.sub("", bare))


def fold_title(text: str) -> str:
    """A title is the same for a department and for a unit."""
    return fold(text).replace("部门", "").replace("单位", "")


def subject_code(text: str) -> str:
    """A subject code; spreadsheets hand whole numbers on as ``2010301.0``."""
    whole, _, decimals = text.translate(_CODE_NOISE).partition(".")
    return f"{whole}.{decimals}" if decimals.strip("0") else whole


def at(row: Sequence[str], column: int | None) -> str:
    """A cell of a row; rows end where nothing more is written."""
    return row[column] if column is not None and column < len(row) else ""


def is_blank(text: str) -> bool:
    """Exports write a dash for nothing."""
    return not text or not text.strip().strip(_DASHES)
