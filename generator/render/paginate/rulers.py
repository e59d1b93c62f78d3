"""How wide characters are, in each font that a machine is likely to draw a document with.

No font file is read, since the machine that shows the document decides on the fonts. Chinese
characters are one em wide in all of them; digits, Latin letters and signs are not (widths.json).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = Path(__file__).with_name("widths.json")
_LATIN: Final = range(0x20, 0x250)
_LISTED: Final = range(0x20, 0x7F)
_HALF: Final = 500
"""Of all Latin characters in 宋体, 仿宋, 楷体 and 黑体."""
_OTHER: Final = 700
"""Of a Latin character that is not listed."""


class _Widths(dict[str, int]):
    """Width by character; what is not Latin is as wide as a Chinese character."""

    def __missing__(self, character: str) -> int:
        self[character] = 1000
        return 1000


@dataclass(frozen=True, slots=True)
class Ruler:
    """Widths in thousandths of an em. ``gap``: between Chinese and Latin; ``hangs``: see below."""

    widths: dict[str, int]
    gap: int = 250
    hangs: bool = False
    """Whether a closing mark may stand beyond the right edge of running text."""


def _widths(listed: Iterable[int], other: int = _OTHER) -> _Widths:
    widths = _Widths(dict.fromkeys(map(chr, _LATIN), other))
    widths.update(zip(map(chr, _LISTED), listed, strict=True))
    return widths


def _read() -> Mapping[str, tuple[_Widths, ...]]:
    """``regular`` and ``bold`` → the widths in each font."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    half = [_HALF] * len(_LISTED)
    return {
        weight: tuple(_widths(listed) for listed in (half, *data[weight].values()))
        for weight in ("regular", "bold")
    }


def _extreme(fonts: Sequence[_Widths], choose: Callable[[Iterable[int]], int]) -> Iterable[int]:
    return (choose(font[chr(code)] for font in fonts) for code in _LISTED)


class Fonts(NamedTuple):
    """The likely fonts of a text."""

    each: tuple[Ruler, ...]
    widest: Ruler
    """The most that each character takes in any of them."""


def _fonts(widths: Sequence[_Widths]) -> Fonts:
    return Fonts(tuple(map(Ruler, widths)), Ruler(_widths(_extreme(widths, max))))


_READ: Final = _read()
REGULAR: Final = _fonts(_READ["regular"])
BOLD: Final = _fonts(_READ["bold"])
NARROW: Final = Ruler(_widths(_extreme(_READ["regular"], min), _HALF), gap=200, hangs=True)
"""The least that each character takes in any font."""
