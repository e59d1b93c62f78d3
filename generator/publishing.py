"""Finished documents as PDF, and what the PDF says of their page numbers.

LibreOffice is the judge of our numbers only where it has the fonts that the document names: with
others in their place its pages are not those of the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from generator import written
from generator.checks.rule import Need
from generator.document import Document, Result
from generator.files import write_whole
from generator.pdf import Office, Pages, missing_fonts, named_in, pages_of
from generator.problem import Problem, Severity, UserError
from generator.render.context import Draft

_DIGITS = re.compile(r"[0-9]+")
RULE: Final = "REN004"
NOT_CONVERTED: Final = "LibreOffice 没有转换出 PDF，只有 Word 文档。"


@dataclass(frozen=True, slots=True)
class Finished:
    """A document and its .docx."""

    document: Document
    docx: bytes
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """``pdf`` is None where it could not be made. ``docx`` has its page numbers mended.

    ``pages``: of the PDF, 0 where they are not known. ``compared``: the PDF proves the numbers.
    ``notes``: sentences for the user. ``problems``: numbers that were wrong, each a fault of ours.
    """

    docx: bytes
    pdf: bytes | None
    pages: int = 0
    compared: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the contents: its words, where it leads, and its number."""

    words: str
    bookmark: str
    number: int


def add_pdf(result: Result, office: Office, draft: Draft | None = None) -> tuple[Result, Published]:
    """Put the PDF beside a document that was written, and mend the document where it must be.

    The result comes back with what was found. Raises :class:`UserError` when it cannot be written.
    """
    output, data = result.output, result.data
    assert output is not None and data is not None
    made = publish({"": Finished(result.document, data, draft)}, office)[""]
    if made.docx != data:
        write_whole(output, made.docx)
    if made.pdf is not None:
        write_whole(output.with_suffix(".pdf"), made.pdf)
    return with_pages(result, made), made


def with_pages(result: Result, made: Published) -> Result:
    """A result with what the PDF said of its document."""
    document = result.document
    if made.compared:
        unmet = {id_: needs for id_, needs in document.unmet.items() if Need.PAGES not in needs}
        problems = [*document.problems, *made.problems]
        document = replace(document, problems=problems, unmet=unmet)
    return replace(result, document=document, data=made.docx)


def publish(documents: Mapping[str, Finished], office: Office) -> dict[str, Published]:
    """Convert, compare the contents with the PDF, correct what differs; by the same keys."""
    pdfs = office.convert({key: one.docx for key, one in documents.items()})
    made = {key: _compared(one, pdfs.get(key)) for key, one in documents.items()}
    mended = {key: one.docx for key, one in made.items() if one.docx != documents[key].docx}
    pdfs = office.convert(mended) if mended else {}
    for key in mended:
        try:
            pages = _read_back(pdfs.get(key))
        except UserError as error:
            made[key] = replace(made[key], notes=(*made[key].notes, str(error)))
        else:
            made[key] = replace(made[key], pdf=pdfs[key], pages=pages.number)
    return made


def _read_back(pdf: bytes | None) -> Pages:
    """The pages of a PDF that may be published. Raises :class:`UserError` where there is none."""
    if pdf is None:
        raise UserError(NOT_CONVERTED)
    return pages_of(pdf)


def _compared(one: Finished, pdf: bytes | None) -> Published:
    """What the PDF says; a document that it corrects is yet to be converted anew."""
    try:
        pages = _read_back(pdf)
    except UserError as error:
        return Published(one.docx, None, notes=(str(error),))
    file = written.read(one.docx)
    if missing := missing_fonts(named_in(file.parts)):
        return Published(one.docx, pdf, pages.number, notes=(_substituted(missing),))
    lines = list(_contents(file))
    true = dict(_true_pages(lines, pages.headings))
    wrong = [line for line in lines if true.get(line.bookmark, line.number) != line.number]
    if not wrong:
        return Published(one.docx, pdf, pages.number, True, ("目录的页码与 PDF 一致。",))
    rule = one.document.rules[RULE]
    problems = tuple(
        Problem(
            *(RULE, rule.name, Severity.WARNING),
            f"目录“{line.words}”的页码算作 {line.number}，PDF 里是 {true[line.bookmark]}，已改正",
            hint="这是程序的问题，请把这个文件发给维护者。",
        )
        for line in wrong
    )
    docx = one.document.render(one.draft, true)
    note = f"目录有 {len(wrong)} 处页码与 PDF 不同，已按 PDF 改正。"
    return Published(docx, None, pages.number, True, (note,), problems)


def _contents(file: written.Written) -> Iterator[_Line]:
    for item in file.items:
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
    return (
        f"这台机器没有文档用的字体，PDF 里用别的字体代替（{fonts}）；页码未与 PDF 比较。"
        "公开前在装有这些字体的电脑上转换。"
    )
