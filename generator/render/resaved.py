"""A template that was saved by LibreOffice, with its tags where they can be used again.

LibreOffice drops the titles of tables, which screen readers say. It moves what stands between two
paragraphs into the one before, and that may hold only a tag and be gone once the template is filled
in; and it joins runs and writes quotation marks as entities.
"""

from __future__ import annotations

import re

from generator.render.paginate.geometry import SECTION, with_new_page
from generator.tags import loop_in

_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>(?:(?!<w:p[ >]).)*?</w:p>", re.DOTALL)
_PROPERTIES = re.compile(r"<w:pPr>.*?</w:pPr>", re.DOTALL)
_PAGE_BREAK = re.compile(r'<w:br w:type="page"/>')
_TAGS = re.compile(r"<[^>]+>")
_TAG = re.compile(r"\{[{%].*?[%}]\}")
_JOINED_TAB = re.compile(
    r"(<w:r(?: [^>]*)?>(<w:rPr>(?:(?!</w:r>).)*?</w:rPr>)?(?:(?!</w:r>).)*?<w:tab/>)(?=<w:t[ >])",
    re.DOTALL,
)


def apart(source: str) -> str:
    """Sections' ends and page breaks in paragraphs of their own, text after a tab in its own run.

    To be done before docxtpl takes the tags' paragraphs away.
    """
    page_begins = False

    def paragraph(match: re.Match[str]) -> str:
        nonlocal page_begins
        text = match[0]
        if page_begins and not _is_tag(text):
            text = _PROPERTIES.sub(lambda m: with_new_page(m[0]), text, count=1)
            page_begins = False
        if _is_tag(text):
            section = SECTION.search(text)
            page_begins = page_begins or _PAGE_BREAK.search(text) is not None
            text = _PAGE_BREAK.sub("", text)
            if section:
                end = f"<w:p><w:pPr>{section[0]}</w:pPr></w:p>"
                return SECTION.sub("", text) + end
        return text

    separated = _PARAGRAPH.sub(paragraph, source)
    return _JOINED_TAB.sub(lambda m: f"{m[1]}</w:r><w:r>{m[2] or ''}", separated)


_TABLE = re.compile(r"<w:tblPr>((?:(?!</w:tblPr>).)*)</w:tblPr>((?:(?!</w:tbl>).)*)", re.DOTALL)


def titled(source: str) -> str:
    """With a title for each table that has none and is filled in row by row: its name."""
    if source.count("<w:tblCaption ") == source.count("<w:tblPr>"):
        return source

    def table(match: re.Match[str]) -> str:
        loop = None if "<w:tblCaption " in match[1] else loop_in(_TAGS.sub("", match[2]))
        if loop is None:
            return match[0]
        return f'<w:tblPr>{match[1]}<w:tblCaption w:val="{loop.table}"/></w:tblPr>{match[2]}'

    return _TABLE.sub(table, source)


def _is_tag(paragraph: str) -> bool:
    """Whether docxtpl takes a paragraph away."""
    return _TAGS.sub("", paragraph).strip().startswith("{%p")


def with_plain_quotes(source: str) -> str:
    """Quotation marks within tags as they were typed, once the tags are whole."""
    return _TAG.sub(lambda m: m[0].replace("&apos;", "'").replace("&quot;", '"'), source)
