"""The words around placeholders: which may stand there, and which would change a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from generator.render.genuine.flaw import Flaw, flaw

PRINTED: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MERGE = re.compile(r"\{%\s*[vh]m\s*%\}")
_STATEMENT = re.compile(r"\{%.*?%\}")
_NAMED: Final = ("名称",)
"""Fields that are names and no figures: digits may stand beside them (附件1：某某局)."""
_SKIPPED: Final = " \t\n\u3000\xa0.,，．、·'’"
"""What separates the digits of a number, and so does not part a value from a digit."""
_UNITS: Final = "%％‰￥$万亿千百十拾佰仟元角〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
_SIGNS: Final = "+-±*/×÷=^~<>≈≠"
_UNSEEN: Final = ("Cf", "Cc", "Co", "Cn", "Mn", "Mc", "Me")
AMOUNT: Final = re.compile(
    r"[0-9０-９][0-9０-９.,，．]*\s*(?:[万亿千百]*元|[%％‰])|百分之[一二三四五六七八九十百]"
)
"""An amount or a percentage in constant words."""


def around(text: str, place: str, *, data_cell: bool) -> Iterator[Flaw]:
    """What is wrong with the words of a paragraph that holds placeholders.

    ``data_cell``: it stands in a row that is printed for each row of data.
    """
    plain = _MERGE.sub("", text)
    for character in plain:
        unseen = unicodedata.category(character) in _UNSEEN and character not in "\t\n"
        if unseen:
            yield flaw("invisible", place, f"U+{ord(character):04X}")
            return
    pieces = PRINTED.split(plain)
    words, names = pieces[::2], pieces[1::2]
    alone = len(names) == 1 and not "".join(words).strip()
    if data_cell:
        if not alone:
            yield flaw("data cell", place)
    elif any("." not in name for name in names):
        if not alone:
            yield flaw("whole", place)
    else:
        yield from _touching(words, names, place)


def _touching(words: list[str], names: list[str], place: str) -> Iterator[Flaw]:
    for number, name in enumerate(names):
        if name.rpartition(".")[2] in _NAMED:
            continue
        before = _STATEMENT.sub("", words[number]).rstrip(_SKIPPED)[-1:]
        after = _STATEMENT.sub("", words[number + 1]).lstrip(_SKIPPED)[:1]
        for character in filter(_is_figure, (before, after)):
            yield flaw("touching", place, character)


def _is_figure(character: str) -> bool:
    """Whether a character would be read as one with a figure beside it."""
    if not character:
        return False
    return (
        character in _UNITS
        or character in _SIGNS
        or unicodedata.category(character)[0] == "N"
        or unicodedata.category(character) in ("Pd", "Sm", "Sc")
    )
