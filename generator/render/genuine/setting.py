"""How a paragraph is set, with all that may say so: its styles, its numbering, its runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from generator.render.genuine.look import shades
from generator.render.paginate.geometry import Element, Format, Geometry, W, measure

_RUN, _LOOK, _NAMED = f"{W}r", f"{W}rPr", f"{W}rStyle"
_PROPERTY, _STYLE, _SHADE, _NUMBERED = f"{W}pPr", f"{W}pStyle", f"{W}shd", f"{W}numPr/{W}numId"
_SIZES: Final = (f"{W}sz", f"{W}szCs")


class Setting:
    """What the styles of a template say of the paragraphs in it."""

    def __init__(
        self, geometry: Geometry, numbering: Element | None, parts: Iterable[Element]
    ) -> None:
        """``parts``: all in which the paragraphs stand."""
        self._geometry = geometry
        self._number = 0 if numbering is None else _largest(numbering)
        beside = [s for s in geometry.styles.by_id.values() if s.get(f"{W}type") != "paragraph"]
        self._highest = max(self._number, *map(_largest, (*beside, *parts)))
        """The largest that a paragraph may hold, but for what its own style says."""
        self._sizes = {"": 0}
        self._styles: dict[str, tuple[str, tuple[str, ...]]] = {}

    def format(self, properties: Element | None) -> Format:
        """A paragraph's format; most have only a style."""
        if properties is not None and len(properties) == 1 and properties[0].tag == _STYLE:
            return self._geometry.style(properties[0].get(f"{W}val", ""))
        return self._geometry.read_format(properties)

    def style(self, properties: Element | None) -> str:
        """The id of a paragraph's style."""
        named = None if properties is None else properties.find(_STYLE)
        return self._geometry.default_style if named is None else named.get(f"{W}val", "")

    def numbered(self, properties: Element | None) -> bool:
        """Whether a number or a sign is printed before a paragraph."""
        own = None if properties is None else properties.find(_NUMBERED)
        number = self._of_style(properties)[0] if own is None else own.get(f"{W}val", "")
        return number not in ("", "0")

    def behind(self, properties: Element | None) -> tuple[str, ...]:
        """The colours with which a paragraph or its style shades; none where neither does."""
        shade = None if properties is None else properties.find(_SHADE)
        return (() if shade is None else shades(shade)) or self._of_style(properties)[1]

    def too_low(self, block: Element, form: Format, table: str) -> bool:
        """Whether a paragraph's lines do not grow and are less than half as high as its letters.

        ``table``: the style of its table.
        """
        if not form.exact or form.pitch * 2 >= max(form.size, self._highest):
            return False
        return any(form.pitch * 2 < size for size in self._ems(block, form, table))

    def _ems(self, block: Element, form: Format, table: str) -> Iterator[int]:
        """Of each run and of a number, in twips: the largest that it or a style of it says."""
        properties = block.find(_PROPERTY)
        least = max(form.size, self._size(table))
        if self.numbered(properties):
            mark = None if properties is None else properties.find(_LOOK)
            yield max(least, self._number, 0 if mark is None else _largest(mark))
        for run in block.iter(_RUN):
            look = run.find(_LOOK)
            if look is None and len(run):
                yield least
            elif look is not None and len(run) > 1:  # else nothing is printed
                named = look.find(_NAMED)
                style = "" if named is None else named.get(f"{W}val", "")
                yield max(least, self._size(style), _largest(look))

    def _size(self, style: str) -> int:
        if style not in self._sizes:
            chain = self._geometry.styles.chain(style)
            self._sizes[style] = max(map(_largest, chain), default=0)
        return self._sizes[style]

    def _of_style(self, properties: Element | None) -> tuple[str, tuple[str, ...]]:
        """The numbering of a paragraph's style, and the colours with which that shades."""
        style = self.style(properties)
        if style not in self._styles:
            numbered, behind = "", tuple[str, ...]()
            for element in self._geometry.styles.chain(style):
                found = element.find(f"{W}pPr/{_NUMBERED}")
                shade = element.find(f"{W}pPr/{_SHADE}")
                numbered = numbered or ("" if found is None else found.get(f"{W}val", ""))
                behind = behind or (() if shade is None else shades(shade))
            self._styles[style] = numbered, behind
        return self._styles[style]


def _largest(element: Element) -> int:
    """The largest size that is said in an element; given in half points."""
    sizes = (node.get(f"{W}val") for tag in _SIZES for node in element.iter(tag))
    return max(map(measure, sizes), default=0) * 10
