"""The properties of the layout that the page numbers need, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.maintain.check.document import BODY, Part
from generator.maintain.check.finding import Finding
from generator.render.container import STYLES
from generator.render.paginate.geometry import Geometry, W
from generator.render.paginate.requirements import flaws, of_paragraph

_OF = re.compile(r"(表“[^”]*”|样式“([^”]*)”|页眉|页脚)的?")


def in_body(texts: Mapping[str, str], body: Part) -> Iterator[Finding]:
    """What upsets the page numbers: at the style, or at the paragraph that differs from it."""
    geometry = Geometry(texts[BODY], texts.get(STYLES, ""))
    for flaw in flaws(texts):
        message, _, hint = flaw.partition("；")
        found = _OF.match(message)
        said = message[found.end() :] if found else message
        places = [found[1] if found else "正文"]
        if found and found[2]:
            places = _paragraphs(flaw, found[2], geometry, body) or places
        for place in places:
            yield Finding("版式", place, said, hint)


def _paragraphs(flaw: str, style: str, geometry: Geometry, body: Part) -> list[str]:
    """The places of the paragraphs that have a flaw which their style has not."""
    where = f"样式“{style}”的段落"
    places = []
    for paragraph in body.paragraphs:
        cell = paragraph.table >= 0
        properties = paragraph.element.find(f"{W}pPr")
        own = geometry.read_format(properties)
        name = paragraph.style or geometry.default_style
        if flaw in of_paragraph(own, where, False, cell):
            if flaw in of_paragraph(geometry.style(name), where, False, cell):
                return []
            places.append(paragraph.place)
    return places
