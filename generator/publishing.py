"""A finished document as PDF, and what the PDF says of its page numbers.

LibreOffice is the judge of our numbers only where it has the fonts that the document names: with
others in their place its pages are not those of the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator import written
from generator.files import write_whole
from generator.pdf import Office, heading_pages, missing_fonts
from generator.pipeline import Document, Result
from generator.problem import Problem, Severity
from generator.render.context import Draft

_DIGITS = re.compile(r"[0-9]+")
RULE: Final = "REN004"


@dataclass(frozen=True, slots=True)
class Published:
    """``pdf`` is None where it could not be made. ``docx`` has its page numbers mended.

    ``notes``: sentences for the user. ``problems``: numbers that were wrong, each a fault of ours.
    """

    docx: bytes
    pdf: bytes | None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the contents: its words, where it leads, and its number."""

    words: str
    bookmark: str
    number: int


def add_pdf(result: Result, office: Office, draft: Draft | None = None) -> tuple[str, ...]:
    """Put the PDF beside a document that was written, and mend the document where it must be.

    What the user should know of it comes back. Raises :class:`UserError` when it cannot be written.
    """
    assert result.output is not None
    before = result.output.read_bytes()
    made = publish(result.document, before, office, draft)
    if made.docx != before:
        write_whole(result.output, made.docx)
    if made.pdf is None:
        return made.notes
    target = result.output.with_suffix(".pdf")
    write_whole(target, made.pdf)
    return (f"已生成：{target}", *(problem.message for problem in made.problems), *made.notes)


def publish(document: Document, docx: bytes, office: Office, draft: Draft | None) -> Published:
    """Convert, compare the contents with the PDF, and correct what differs."""
    pdf = office.convert({"": docx}).get("")
    if pdf is None:
        return Published(docx, None, ("LibreOffice 没有转换出 PDF，只有 Word 文档。",))
    missing = missing_fonts()
    if missing:
        return Published(docx, pdf, (_substituted(missing),))
    lines = list(_contents(docx))
    pages = dict(_true_pages(lines, heading_pages(pdf)))
    wrong = [line for line in lines if pages.get(line.bookmark, line.number) != line.number]
    if not wrong:
        return Published(docx, pdf, ("目录的页码与 PDF 一致。",))
    rule = document.rules[RULE]
    problems = tuple(
        Problem(
            *(RULE, rule.name, Severity.WARNING),
            f"目录“{line.words}”的页码算作 {line.number}，PDF 里是 {pages[line.bookmark]}，已改正",
            hint="这是程序的问题，请把这个文件发给维护者。",
        )
        for line in wrong
    )
    mended = document.render(draft, pages)
    return Published(mended, office.convert({"": mended}).get(""), (), problems)


def _contents(docx: bytes) -> Iterator[_Line]:
    for item in written.read(docx).items:
        if isinstance(item, written.WrittenParagraph) and item.link:
            words, _, number = item.text.partition("\t")
            if found := _DIGITS.search(number):
                yield _Line(words, item.link, int(found[0]))


def _true_pages(
    lines: Sequence[_Line], headings: Sequence[tuple[str, int]]
) -> Iterator[tuple[str, int]]:
    """Bookmark → page as it is printed: counted from the first heading, as the body begins there.

    Both go through the document in order; a heading that the contents do not list is passed over.
    """
    rest = iter(headings)
    offset: int | None = None
    for line in lines:
        page = next((page for title, page in rest if _bare(title) == _bare(line.words)), None)
        if page is None:
            return
        if offset is None:
            offset = page - line.number
        yield line.bookmark, page - offset


def _bare(title: str) -> str:
    return "".join(title.split())


def _substituted(missing: Mapping[str, str]) -> str:
    fonts = "，".join(
        f"{name}→{substitute}" if substitute else name for name, substitute in missing.items()
    )
    return f"这台机器没有文档用的字体，PDF 里用别的字体代替（{fonts}）；页码未与 PDF 比较。"
