"""How many lines a text takes: the width of its characters and where a line may end."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from generator.render.paginate.rulers import NARROW, Fonts, Ruler

ASIAN: Final = "\u2e80"  # from here on a character is drawn in the Chinese font
_MATRIX_FILE: Final = Path(__file__).with_name("line_breaks.json")
WIDEST: Final = 1400
"""What no character exceeds on average by any ruler, with its gaps."""


# --- where a line may end ------------------------------------------------------------------


def _read_matrix() -> tuple[dict[str, str], dict[str, str], frozenset[str], str]:
    """Class before, class after, the pairs that stay together, the marks that may hang."""
    data: dict[str, Any] = json.loads(_MATRIX_FILE.read_text(encoding="utf-8"))
    before = {row: row for row in data["rows"]}
    after = {column: column for column in data["columns"]}
    for classes, members in ((before, "row_members"), (after, "column_members")):
        for name, characters in data[members].items():
            classes.update(dict.fromkeys(characters, name))
    together = frozenset(
        row + column
        for row, line in data["rows"].items()
        for column, sign in zip(data["columns"], line, strict=True)
        if sign == "x"
    )
    return before, after, together, data["hanging"]


_BEFORE, _AFTER, _TOGETHER, _HANGING = _read_matrix()
_CIRCLED: Final = range(0x2460, 0x2500)


def _kind(character: str) -> str:
    """The class of a character that is in no list: a letter, a circled number, or Chinese."""
    if character < ASIAN and character.isalpha():
        return "a"
    return "①" if ord(character) in _CIRCLED else "国"


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    row = _BEFORE.get(before) or _kind(before)
    column = _AFTER.get(after) or _kind(after)
    return row + column not in _TOGETHER


# --- filling lines --------------------------------------------------------------------------------


_CHINESE: Final = "\u3400-\u9fff\uf900-\ufaff"
_LATIN: Final = "0-9A-Za-z\u00c0-\u024f"
_BEFORE_GAP = re.compile(f"[{_CHINESE}](?=[{_LATIN}])|[{_LATIN}](?=[{_CHINESE}])")
"""After it stands a gap: between a Chinese character and a Latin letter or a digit."""


@lru_cache(maxsize=1)
def _gaps(text: str) -> tuple[int, ...]:
    """Before which characters gaps stand; remembered for the rulers that follow on a text."""
    if text.isascii():
        return ()
    return tuple(before.end() for before in _BEFORE_GAP.finditer(text))


class Measure:
    """Counts lines with one ruler."""

    def __init__(self, ruler: Ruler) -> None:
        self._ruler = ruler

    def lines(self, text: str, size: int, width: int, first: int = 0, *, cell: bool = False) -> int:
        """Lines of a paragraph in a column; ``first``: the first line's indent."""
        if len(text) * size * WIDEST <= (width - first) * 1000 and "\n" not in text:
            return 1
        if "\n" not in text:
            return self._count(text, size, width, first, cell)
        first_part, *parts = text.split("\n")
        lines = self._count(first_part, size, width, first, cell)
        return lines + sum(self._count(part, size, width, 0, cell) for part in parts)

    def _count(self, text: str, size: int, width: int, first: int, cell: bool) -> int:
        return len(self.breaks(text, size, width, first, cell=cell))

    def breaks(
        self, text: str, size: int, width: int, first: int = 0, *, cell: bool = False
    ) -> list[int]:
        """Where each line ends."""
        ruler = self._ruler
        advances = list(map(ruler.widths.__getitem__, text))
        gaps = _gaps(text)
        room, line = width * 1000 // size, (width - first) * 1000 // size
        if sum(advances) + len(gaps) * ruler.gap <= line:
            return [len(text)]
        for i in gaps:
            advances[i] += ruler.gap
        ends = list(accumulate(advances, initial=0))
        start, length = 0, len(text)
        result: list[int] = []
        while start < length:
            offset = ends[start] + (ruler.gap if start in gaps else 0)
            end = bisect_right(ends, offset + line) - 1
            if end >= length:
                result.append(length)
                break
            start = self._end(text, start, max(end, start), cell)
            result.append(start)
            line = room
        return result

    def _end(self, text: str, start: int, full: int, cell: bool) -> int:
        """Where the line ends whose first character that does not fit is at ``full``."""
        length = len(text)
        if text[full] == " ":  # blanks at the end of a line take no room
            while full < length and text[full] == " ":
                full += 1
            return full
        if self._ruler.hangs and not cell and full > start:
            after = full + 1
            if (
                text[full] in _HANGING
                and _in_chinese(text, full)
                and (after == length or may_break(text[full], text[after]))
            ):
                return after
        end = full
        while end > start and not _breakable(text, end, cell):
            end -= 1
        if end > start:
            return end
        for end in range(full, start, -1):  # nothing is allowed: at the last change of script
            if (text[end] >= ASIAN) != (text[end - 1] >= ASIAN):
                return end
        return max(full, start + 1)


class Limits:
    """Between how many lines a text takes, in whatever likely font it is drawn."""

    def __init__(self, fonts: Fonts) -> None:
        self._least, self._most = Measure(NARROW), Measure(fonts.widest)
        self._fonts = [Measure(ruler) for ruler in fonts.each]

    def lines(
        self, text: str, size: int, width: int, first: int = 0, *, cell: bool = False
    ) -> tuple[int, int]:
        """The fewest and the most lines; arguments as in :meth:`Measure.lines`."""
        most = self._most.lines(text, size, width, first, cell=cell)
        if most == 1:
            return 1, 1
        least = self._least.lines(text, size, width, first, cell=cell)
        if least < most:
            most = max(font.lines(text, size, width, first, cell=cell) for font in self._fonts)
        return min(least, most), most


def _in_chinese(text: str, at: int) -> bool:
    """Whether the last letter, digit or Chinese character before a mark is Chinese."""
    while at and not (text[at - 1].isalpha() or text[at - 1].isdecimal()):
        at -= 1
    return at > 0 and text[at - 1] >= ASIAN


def _breakable(text: str, at: int, cell: bool) -> bool:
    before, after = text[at - 1], text[at]
    if cell and before in _HANGING and "0" <= after <= "9":
        return False
    return may_break(before, after)
