"""What a PDF says of its pages: how many there are, and on which the headings stand."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from generator.problem import UserError

if TYPE_CHECKING:
    from pikepdf import OutlineItem

MAX_HEADINGS: Final = 20_000  # a document of 300 projects has some 700


@dataclass(frozen=True, slots=True)
class Pages:
    """``number``: how many pages. ``headings``: each bookmark, in order, with the page that it
    leads to, the first page being 1.
    """

    number: int
    headings: tuple[tuple[str, int], ...]


def pages_of(data: bytes) -> Pages:
    """The pages of a PDF, as LibreOffice writes it.

    Raises :class:`UserError` when the file does not let itself be read, or its bookmarks lead
    nowhere or round in circles.
    """
    import pikepdf

    try:
        with (
            pikepdf.open(io.BytesIO(data)) as pdf,
            pdf.open_outline(max_depth=9, strict=True) as outline,
        ):
            numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
            headings = tuple(islice(_walk(outline.root, numbers), MAX_HEADINGS + 1))
    except Exception as error:  # an object of any type may stand in any place
        raise _unreadable() from error
    if not numbers or len(headings) > MAX_HEADINGS:
        raise _unreadable()
    return Pages(len(numbers), headings)


def _unreadable() -> UserError:
    return UserError(
        "生成的 PDF 读不回来，没有放进文件夹。", "请再运行一次，或在 WPS、Word 里把文档另存为 PDF。"
    )


def _walk(entries: Iterable[OutlineItem], numbers: Mapping[Any, int]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        place: Any = entry.destination
        if place is not None:
            yield entry.title, numbers[place[0].objgen]
        yield from _walk(entry.children, numbers)
