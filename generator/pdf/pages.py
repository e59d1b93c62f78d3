"""The pages on which the headings of a PDF stand: its bookmarks, in order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from generator.problem import UserError

MAX_DEPTH: Final = 20


def heading_pages(data: bytes) -> list[tuple[str, int]]:
    """Each bookmark of the PDF with the page that it leads to, the first page being 1.

    Raises :class:`UserError` when the file is no PDF that can be read.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        return list(_walk(reader, reader.outline, 0))
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise UserError("生成的 PDF 读不回来，没有核对页码。", "请再运行一次。") from error


def _walk(reader: Any, entries: Any, depth: int) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if isinstance(entry, list):
            if depth < MAX_DEPTH:
                yield from _walk(reader, entry, depth + 1)
        elif (page := reader.get_destination_page_number(entry)) is not None:
            yield str(entry.title), page + 1
