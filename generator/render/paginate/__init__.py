"""The page of every heading, worked out from the file itself, before any office program sees it.

A document's numbers must hold in Word, WPS and LibreOffice, with whatever fonts a machine has. So
the layout is made to be the same everywhere: the rows of tables are given the height that their
text needs at the most, and a page is made to begin where fonts might decide (flow.py). Both are
written into the pieces of the rendered part; only then are the pages final.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from generator.render.paginate.flow import Layout
from generator.render.paginate.geometry import (
    Geometry,
    with_keep,
    with_new_page,
    with_row,
    without_keep,
)
from generator.render.paginate.stream import Measures, Reader

__all__ = ["Paginator"]


class Paginator:
    """The pages of documents made from one template: its body and its styles, as text."""

    def __init__(self, document: str, styles: str, constants: Iterable[str]) -> None:
        """``constants``: the pieces of the body that are constant; the others are values."""
        self._geometry = Geometry(document, styles)
        self._measures = Measures(self._geometry, constants)

    def settle(self, pieces: list[str], headings: Iterable[int]) -> dict[int, int]:
        """Fix the layout of a rendered body, and tell the page printed below each heading.

        ``headings``: the pieces with which they begin.
        """
        reader = Reader(self._measures)
        reader.read(pieces)
        layout = Layout(self._geometry.pages)
        layout.run(reader.blocks)
        for row in reader.rows:
            if row.described:
                at = row.begin
                pieces[at] = with_row(pieces[at], row.height, row.header, row.whole)
        for rows, change in ((reader.tightened, with_keep), (reader.loosened, without_keep)):
            for row in rows:
                row_pieces = pieces[row.begin : row.end]
                # Values are no XML, and would only fill the memory of what has been changed.
                pieces[row.begin : row.end] = [change(p) if "<" in p else p for p in row_pieces]
        for at in layout.breaks.values():
            pieces[at] = with_new_page(pieces[at])
        places = [at for at, _ in layout.starts]
        printed = {}
        for heading in headings:
            page = layout.starts[bisect_right(places, heading) - 1][1]
            section = bisect_right(layout.first_pages, page) - 1
            printed[heading] = self._number(layout.first_pages, section, page)
        return printed

    def _number(self, first_pages: list[int], section: int, page: int) -> int:
        """A page's number: counted from the last section that begins anew."""
        while section and self._geometry.pages[section].start is None:
            section -= 1
        start = self._geometry.pages[section].start
        return page - first_pages[section] + (1 if start is None else start)
