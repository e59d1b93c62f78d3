"""Problems in the order of the input, as someone goes through it to mend them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.problem import Problem
from generator.sources.layout import SHEETS

_SHEET_ORDER = {name: i for i, name in enumerate(SHEETS)}
_CELL = re.compile(r"([A-Z]+)(\d+)")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By place: sheet, row and column, or line."""

    def key(problem: Problem) -> tuple[int, int, int, str]:
        place = problem.place
        if place is None:
            return (0, 0, 0, "")
        cell = _CELL.fullmatch(place.cell or "")
        return (
            _SHEET_ORDER.get((place.sheet or "").strip(), -1),
            int(cell[2]) if cell else place.line or 0,
            len(cell[1]) if cell else 0,
            cell[1] if cell else "",
        )

    return sorted(problems, key=key)
