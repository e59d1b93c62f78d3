"""What may be printed over the data: shapes, frames, tables that stand where they like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from generator.render.genuine.flaw import Flaw, flaw
from generator.render.genuine.look import OFF
from generator.render.genuine.tagged import DRAFT, tags_of
from generator.render.paginate.geometry import Element, Format, W

_GRAPHICS: Final = ("drawing", "pict", "AlternateContent")
_PLACED = re.compile(r"position\s*:\s*(?!static)", re.IGNORECASE)
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_TURNED: Final = f"{W}bidiVisual"
_MOVED: Final = {
    f"{W}framePr": "loose frame",
    f"{W}tblpPr": "loose table",
    _TURNED: "turned table",
}


def loose(element: Element) -> dict[int, str]:
    """What lies in an element and stands where it likes: the node → the rule it breaks."""
    return {id(node): rule for node in element.iter() if (rule := _breaks(node))}


def _breaks(node: Element) -> str:
    if node.tag in _MOVED:
        off = node.tag == _TURNED and node.get(f"{W}val", "1") in OFF
        return "" if off else _MOVED[node.tag]
    placed = node.tag.startswith(_VML) and _PLACED.search(node.get("style", ""))
    return "floating" if placed or node.tag.endswith("}anchor") else ""


class Shapes:
    """What of a part stands where it likes; drafts may have it, as a watermark."""

    def __init__(self, part: Element, tags: Iterable[str]) -> None:
        """``tags``: of all elements of the part."""
        some = any(t in _MOVED or t.startswith(_VML) or t.endswith("}anchor") for t in tags)
        self._loose = loose(part) if some else {}
        self._open: list[bool] = []

    def passes(self, element: Element, text: str) -> bool:
        """Whether a row or paragraph goes with its tag, or is in drafts only."""
        taking = [tag for tag in tags_of(text) if tag.take] if "{%" in text else []
        for tag in taking:
            if tag.word == "if":
                self._open.append(tag.condition.strip() == DRAFT)
            elif self._open and tag.word in ("elif", "else"):
                self._open[-1] = False
            elif self._open and tag.word == "endif":
                self._open.pop()
        passes = bool(taking) or any(self._open)
        if passes and self._loose:
            for node in loose(element):
                self._loose.pop(node, None)
        return passes

    def left(self, place: str) -> Iterator[Flaw]:
        """Once the part has gone by: what is printed in finished documents too."""
        for rule in dict.fromkeys(self._loose.values()):
            yield flaw(rule, place)


def picture(block: Element, form: Format, place: str) -> Iterator[Flaw]:
    """A picture in a line that does not grow. ``form``: of its paragraph, styles included."""
    graphic = form.exact and any(n.tag.rpartition("}")[2] in _GRAPHICS for n in block.iter())
    if graphic and not loose(block):
        yield flaw("picture line", place)
