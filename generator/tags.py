"""The loops of a template, as they are typed into Word: ``{%tr for 行 in 部门.收入总表.行 %}``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_LOOP: Final = re.compile(r"\{%(tr|p)\s+for\s+(\S+)\s+in\s+([^\s<]+?)\s*%\}")


class Loop(NamedTuple):
    """``take``: what is repeated, ``tr`` or ``p``. ``rows``: what the loop goes over."""

    take: str
    variable: str
    rows: str

    @property
    def table(self) -> str:
        """The name of the table whose rows they are: ``收入总表``."""
        return self.rows.removesuffix(".行").rpartition(".")[2]


def loop_in(text: str, take: str = "tr") -> Loop | None:
    """The first loop of a text that repeats rows (``tr``) or paragraphs (``p``)."""
    found = (Loop(*match.groups()) for match in _LOOP.finditer(text))
    return next((loop for loop in found if loop.take == take), None)
