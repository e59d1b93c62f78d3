"""What a PDF says of its pages: how many there are, and on which the headings stand."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.problem import UserError

if TYPE_CHECKING:
    from pikepdf import OutlineItem


@dataclass(frozen=True, slots=True)
class Pages:
    """``number``: how many pages. ``headings``: each bookmark, in order, with the page that it
    leads to, the first page being 1.
    """

    number: int
    headings: tuple[tuple[str, int], ...]


def pages_of(data: bytes) -> Pages:
    """The pages of a PDF, as LibreOffice writes it.

    Raises :class:`UserError` when the file is no PDF that can be read.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
            numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
            return Pages(len(numbers), tuple(_walk(outline.root, numbers)))
    except (pikepdf.PdfError, pikepdf.OutlineStructureError, ValueError, KeyError) as error:
        raise UserError("生成的 PDF 读不回来，没有核对页码。", "请再运行一次。") from error


def _walk(entries: Iterable[OutlineItem], numbers: Mapping[Any, int]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        place: Any = entry.destination
        if place is not None:
            yield entry.title, numbers[place[0].objgen]
        yield from _walk(entry.children, numbers)
