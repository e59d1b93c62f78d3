"""A template's constant pieces as tokens.

They come again in every row and every paragraph, so each is parsed once in a template's life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"<w:(?P<whole>tblPr|trPr|tcPr|pPr|rPr)\b[^>]*?(?:/>|>.*?</w:(?P=whole)>)"
    r"|<w:(?:instrText|tblGrid|sectPr)\b[^>]*?(?:/>|>.*?</w:(?:instrText|tblGrid|sectPr)>)"
    r"|<(?P<tag>/?w:(?:tbl|tr|tc|p|br|cr|tab))(?:\s[^>]*?)?(?P<empty>/)?>"
    r"|(?:^(?=[^<]+</w:t>)|<w:t(?:\s[^>]*)?>)(?P<text>[^<]+)"  # elsewhere: blanks between tags
    r"|<[^>]*>",
    re.DOTALL,
)
_MEASURED = re.compile("<w:(?:sz|b)[ /]")
"""What a run says of its own that is measured: its size, and bold."""
_WORDS = {"w:br": "\n", "w:cr": "\n", "w:tab": "　"}


class Token(NamedTuple):
    """``name``: ``text``, a tag (``w:p``, ``/w:p``), or properties as a whole (``pPr``)."""

    name: str
    text: str
    """The words, or the properties as XML."""


class Constant:
    """A constant piece; each is made once, and is known by its identity."""

    __slots__ = ("begins_row", "ends_row", "tokens")

    def __init__(self, piece: str) -> None:
        self.tokens = tuple(_tokens(piece))
        self.begins_row = piece.startswith(("<w:tr>", "<w:tr "))
        self.ends_row = piece.endswith("</w:tr>")


def _tokens(piece: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(piece):
        name = found["whole"] or found["tag"]
        if found["text"]:
            yield Token("text", found["text"])
        elif name in _WORDS:
            yield Token("text", _WORDS[name])
        elif name and not (name == "rPr" and not _MEASURED.search(found[0])):
            yield Token(name, found[0])
            if found["empty"] and name == "w:p":
                yield Token("/w:p", "")


VALUE = Constant("")
"""In the place of a piece that is not constant: it is a text as it stands."""
END = Constant("</w:tr>")
"""After the last piece."""
