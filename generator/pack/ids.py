"""Which ids a pack may have: ``place/year``, the same on every system and to every eye.

An id names two folders and stands in workbooks. So it has only letters that a person can type and
tell apart: no letters of other scripts that look Latin, no capitals, which Windows takes for small
ones, and no name that Windows keeps for itself.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

FORM: Final = (
    "请写成“地方/年度”，如 hebei/2027：地方以汉字或小写字母开头，可以再有数字、-、_ 和（）；"
    "年度是四位数字，后面可以再有字，如 2027试行。"
)
LONGEST: Final = 40
"""Characters of a place or a year."""
_ASCII = re.compile(r"[a-z0-9_-]")
_BRACKETS: Final = "（）"
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")
_OF_WINDOWS = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_ALIKE: Final = {"rn": "m", "vv": "w", "i": "l", "1": "l", "0": "o", "_": "-", "一": "-"}


def fault(pack_id: str) -> str:
    """Why an id cannot be used, as a clause; ``""`` for one that can. :data:`FORM` is what to do.

    >>> fault("hebei/2025")
    ''
    """
    said = f"编号“{_printable(pack_id[:LONGEST])}”"
    place, slash, year = pack_id.partition("/")
    for character in pack_id:
        if character != "/" and not _allowed(character):
            return f"{said}里的“{_printable(character)}”（U+{ord(character):04X}）不能用"
    if not slash or "/" in year or not place or not year:
        return f"{said}不是“地方/年度”两段"
    if max(len(place), len(year)) > LONGEST:
        return f"{said}太长（每段最多 {LONGEST} 个字）"
    if place[0] in "0123456789-_（）":
        return f"{said}的地方不能以“{place[0]}”开头"
    if _OF_WINDOWS.fullmatch(place):
        return f"{said}里的“{place}”是 Windows 保留的名字，不能用"
    return "" if _YEAR.match(year) else f"{said}的年度“{year}”不是四位数字的年份"


def _printable(text: str) -> str:
    """Without what would turn or hide the words of a message."""
    return "".join(character if character.isprintable() else "□" for character in text)


def _allowed(character: str) -> bool:
    if character.isascii():
        return _ASCII.fullmatch(character) is not None
    named = unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")
    return named or character in _BRACKETS


def shape(pack_id: str) -> str:
    """What an id looks like at a glance: those of two packs must differ."""
    for written, seen in _ALIKE.items():
        pack_id = pack_id.replace(written, seen)
    return pack_id
