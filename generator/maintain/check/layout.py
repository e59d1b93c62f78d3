"""The properties of the layout that the page numbers need, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.maintain.check.document import BODY, Part
from generator.maintain.check.finding import Finding
from generator.render.container import STYLES
from generator.render.paginate.geometry import Geometry, W
from generator.render.paginate.requirements import Flaw, flaws, of_paragraph, style_names


def in_body(texts: Mapping[str, str], body: Part) -> Iterator[Finding]:
    """What upsets the page numbers: at the style, or at the paragraph that differs from it."""
    styles = texts.get(STYLES, "")
    geometry, names = Geometry(texts[BODY], styles), style_names(styles)
    for flaw in flaws(texts):
        for place in _paragraphs(flaw, names, geometry, body) or [flaw.where]:
            yield Finding("版式", place, flaw.message, flaw.hint)


def _paragraphs(flaw: Flaw, names: Mapping[str, str], geometry: Geometry, body: Part) -> list[str]:
    """The places of the paragraphs that have a flaw which their style has not."""
    places = []
    for paragraph in body.paragraphs:
        cell, style = paragraph.table >= 0, names.get(paragraph.style, "")
        own = geometry.read_format(paragraph.element.find(f"{W}pPr"))
        if flaw in of_paragraph(own, style, False, cell):
            of_style = geometry.style(paragraph.style or geometry.default_style)
            if flaw in of_paragraph(of_style, style, False, cell):
                return []
            places.append(paragraph.place)
    return places
