"""Where a placeholder stands: measures within bounds, rows and cells that show what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import Final

from generator.render.genuine.flaw import Flaw, flaw
from generator.render.paginate.geometry import (
    LEAST_PITCH,
    LEAST_ROOM,
    LONGEST,
    Element,
    Format,
    W,
    measure,
    number,
    switch,
)

_NARROWEST: Final = 230
"""Twips of a column: 0.4 cm."""
_OUTSIDE: Final = -720
"""How far a paragraph may begin left of its place: a hanging indent, or a heading moved out."""
_LENGTH: Final = (-LONGEST, LONGEST)
_SIZE: Final = (0, LONGEST)
_RAISED: Final = (-24, 24)
"""Half points by which letters may stand off their line; more would lie over other lines."""
LIMITS: Final = {
    "pgSz": {"w": (LEAST_ROOM, LONGEST), "h": (LEAST_ROOM, LONGEST)},
    "pgMar": {
        # Word itself allows negative ones at top and bottom: headers then lie over the text.
        **dict.fromkeys(("left", "right", "gutter", "header", "footer", "top", "bottom"), _SIZE),
    },
    "gridSpan": {"val": (1, 63)},
    "gridBefore": {"val": (0, 63)},
    "gridAfter": {"val": (0, 63)},
    "gridCol": {"w": _SIZE},
    "tcW": {"w": _SIZE},
    "trHeight": {"val": _SIZE},
    "spacing": {"line": (LEAST_PITCH, LONGEST), "before": _SIZE, "after": _SIZE},
    "ind": {
        **dict.fromkeys(("left", "right", "start", "end", "firstLine", "hanging"), _LENGTH),
        **dict.fromkeys(("leftChars", "rightChars", "startChars", "endChars"), (-1000, 1000)),
        **dict.fromkeys(("firstLineChars", "hangingChars"), (-1000, 1000)),
    },
    "sz": {"val": (1, 3276)},
    "position": {"val": _RAISED},
    "pgNumType": {"start": (0, 32767)},
    "outlineLvl": {"val": (0, 9)},
    "cols": {"num": (1, 45)},
    "tblInd": {"w": _LENGTH},
    "tab": {"pos": _LENGTH},
}
"""Element → attribute → the least and the greatest value; most are those that Word allows."""
_BOUNDS: Final = {
    W + element: {W + name: bounds for name, bounds in attributes.items()}
    for element, attributes in LIMITS.items()
}
_ANY: Final = (-inf, inf)


def limits(root: Element, place: str) -> Iterator[Flaw]:
    """The measures of a part that are no numbers, or beyond what a page can be made of."""
    for node in (node for node in root.iter() if node.tag in _BOUNDS):
        bounds = _BOUNDS[node.tag]
        for name, text in node.items():
            least, most = bounds.get(name, _ANY)
            if not least <= _exact(text) <= most:
                said = f"{node.tag.rpartition('}')[2]} {name.rpartition('}')[2]}"
                yield flaw("measure", place, said, text[:20], least, most)


def _exact(text: str) -> int:
    """A measure; what is none, or beyond Word's longest, is beyond every bound."""
    found = measure(text, LONGEST + 1)
    return LONGEST + 1 if len(text) > 8 else found


def page(section: Element, place: str) -> Iterator[Flaw]:
    """A section whose text has no room."""

    def taken(side: str, furniture: str = "") -> int:
        margin = abs(number(section, "pgMar", side))
        return max(margin, number(section, "pgMar", furniture) if furniture else 0)

    across = taken("left") + taken("right") + taken("gutter")
    down = taken("top", "header") + taken("bottom", "footer")
    size = section.find(f"{W}pgSz")
    if (
        size is not None
        and min(number(section, "pgSz", "w") - across, number(section, "pgSz", "h") - down)
        < LEAST_ROOM
    ):
        yield flaw("page", place)


def paragraph(properties: Element | None, form: Format, width: int, place: str) -> Iterator[Flaw]:
    """What moves a paragraph. ``width``: of its cell, or of the page's text; ``form``:
    its format, styles included."""
    if properties is not None and switch(properties, "bidi"):
        yield flaw("direction", place)
    first = min(form.left, form.left + form.first_line)
    deepest = max(form.left, form.left + form.first_line)
    if first < _OUTSIDE or form.right < _OUTSIDE or deepest + form.right > width - _NARROWEST:
        yield flaw("off page", place)


def row(properties: Element | None, pitch: Callable[[], int], place: str) -> Iterator[Flaw]:
    """A row that does not show what it holds. ``pitch``: the height of its text's line."""
    if properties is None:
        return
    if switch(properties, "hidden"):
        yield flaw("hidden row", place)
    if any(properties.find(W + name) is not None for name in ("ins", "del")):
        yield flaw("change", place)
    height = properties.find(f"{W}trHeight")
    exact = height is not None and height.get(f"{W}hRule") == "exact"
    if exact and number(properties, "trHeight") < pitch():
        yield flaw("low row", place)


def cell(properties: Element | None, width: int, place: str) -> Iterator[Flaw]:
    """A cell that does not show what it holds. ``width``: of its columns."""
    own = None if properties is None else properties.find(f"{W}tcW")
    if own is not None and own.get(f"{W}type", "dxa") == "dxa":
        width = min(width, measure(own.get(f"{W}w"), width))
    if width < _NARROWEST:
        yield flaw("narrow", place)
    if properties is None:
        return
    for name in ("vMerge", "hMerge"):
        merge = properties.find(W + name)
        if merge is not None and merge.get(f"{W}val", "continue") != "restart":
            yield flaw("covered", place)
    if switch(properties, "tcFitText"):
        yield flaw("squeezed", place)
    if any(properties.find(W + name) is not None for name in ("cellIns", "cellDel", "cellMerge")):
        yield flaw("change", place)


def table(properties: Element | None, columns: list[int], room: int, place: str) -> Iterator[Flaw]:
    """A table that lies beyond its page. ``room``: the width of the page's text."""
    indent = number(properties, "tblInd", "w")
    # The margins of a page are room too, but not beyond it.
    if sum(columns) + max(indent, 0) > room + 2 * -_OUTSIDE or indent < 2 * _OUTSIDE:
        yield flaw("wide table", place)
