"""A template's parts compiled: docxtpl's language, and what a person cannot write in Word.

docxtpl turns the Word file's XML into Jinja source (``{%tr %}``, ``{%p %}``, ``{% vm %}``, tags
split over runs). On that source we *lower* three things that Word has no way to write: bookmarks
around the headings, the links of the contents lines, and their page-number fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from docxtpl import DocxTemplate

from generator.problem import UserError
from generator.render import genuine, resaved
from generator.render.compiler import CUT, MARK_CLOSE, MARK_OPEN, compile_part
from generator.render.container import BODY, CORE, RENDERED, STYLES, name_of, texts_of
from generator.render.paginate.geometry import Geometry
from generator.render.program import Body

_PRIVATE = re.compile("[\ue000-\ue003]")  # what the compiler marks constants with
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>(?:(?!<w:p[ >]).)*?</w:p>", re.DOTALL)
_STYLE_ID = re.compile(r'<w:pStyle w:val="([^"]*)"')
_PAGE_RUN = re.compile(
    r"<w:r(?: [^>]*)?>(<w:rPr>(?:(?!</w:r>).)*?</w:rPr>)?<w:t(?: [^>]*)?>"
    r"\s*(\{\{[^{}]*\.页码\s*\}\})\s*</w:t></w:r>",
    re.DOTALL,
)
_TAGS = re.compile(r"<[^>]+>")
CONTENTS_LEVEL: Final = 1  # w:outlineLvl of the headings that are numbered lines of the contents


def compile_template(parts: Mapping[str, bytes], name: str) -> dict[str, Body]:
    """The parts that hold tags, compiled. ``name``: the template's, for messages.

    Raises :class:`UserError` for what a template may not hold or use.
    """
    texts = texts_of(parts, name)
    patcher = DocxTemplate("")
    headings = Geometry("", texts.get(STYLES, "")).headings(CONTENTS_LEVEL)
    bodies: dict[str, Body] = {}
    for part, source in sorted(texts.items()):
        if part == CORE:
            source = _with_identifier(source)
        if not _has_tags(source):
            continue
        if not RENDERED.fullmatch(part):
            raise UserError(
                f"模板“{name}”的部件 {part} 里有占位符，这里不会填写。",
                "占位符只能写在正文、页眉、页脚、脚注、尾注和文档属性里。",
            )
        if _PRIVATE.search(source):
            raise UserError(f"模板“{name}”含有私用区字符，请删去。")
        if part == BODY:
            texts[part] = source = resaved.titled(resaved.apart(source))
        source = _mend_merges(resaved.with_plain_quotes(patcher.patch_xml(source)))
        if part == BODY:
            source = _cut(_lower(source, headings))
        bodies[part] = compile_part(source, name_of(part))
    genuine.require(texts, name)
    return bodies


_IDENTIFIER = re.compile(r"<dc:identifier\b[^>]*(?:/>|>.*?</dc:identifier>)", re.DOTALL)


def _with_identifier(core: str) -> str:
    """The properties with a field for the hash of the data, in place of an identifier of Word's."""
    return _IDENTIFIER.sub("", core).replace(
        "</cp:coreProperties>",
        '<dc:identifier xmlns:dc="http://purl.org/dc/elements/1.1/">{{ 文档.摘要 }}'
        "</dc:identifier></cp:coreProperties>",
    )


def _has_tags(source: str) -> bool:
    """Whether a part holds tags, be it in an attribute or cut into runs by Word."""
    return any(
        tag in text for text in (source, _TAGS.sub("", source)) for tag in ("{{", "{%", "{#")
    )


def _mark(text: str) -> str:
    return f"{MARK_OPEN}{text}{MARK_CLOSE}"


def _lower(source: str, headings: frozenset[str]) -> str:
    """Mark headings and contents lines; what the marks become is known after rendering."""

    def paragraph(match: re.Match[str]) -> str:
        text = match[0]
        style = _STYLE_ID.search(text)
        start = text.find("</w:pPr>") + len("</w:pPr>")
        if style is None or start < len("</w:pPr>"):
            return text
        end = -len("</w:p>")
        if style[1] in headings:
            return text[:start] + _mark("heading") + text[start:end] + _mark("end") + text[end:]
        if _PAGE_RUN.search(text):
            inner = _PAGE_RUN.sub(lambda m: _mark(f"=page{m[1] or ''}") + m[2], text[start:end])
            return text[:start] + _mark("line") + inner + _mark("line end") + text[end:]
        return text

    return _PARAGRAPH.sub(paragraph, source)


_BOUNDARY = re.compile(
    r"<(?P<table>/?)w:tbl>|(?P<row><w:tr[ >])|(?P<end></w:tr>)"
    r"|(?P<paragraph><w:p(?: [^>]*)?>\s*<w:pPr>)|<w:tcPr>(?:(?!</w:tcPr>).)*?</w:tcPr>",
    re.DOTALL,
)
_MERGE_CHOICE = re.compile(r"\{% if loop\.first %\}restart\{% else %\}continue\{% endif %\}")


def _cut(source: str) -> str:
    """Let pieces begin with what the paginator may change, and none end within a tag.

    It changes the properties of rows and what stands in them, and the properties of paragraphs
    outside of tables.
    """
    inside = 0

    def cut(match: re.Match[str]) -> str:
        nonlocal inside
        text = match[0]
        if match["table"] is not None:
            inside += -1 if match["table"] else 1
        elif match["row"] or (match["paragraph"] and not inside):
            return _mark(CUT) + text
        elif match["end"]:
            return text + _mark(CUT)
        elif _MERGE_CHOICE.search(text):
            first, others = (_MERGE_CHOICE.sub(way, text) for way in ("restart", "continue"))
            return f"{{% if loop.first %}}{first}{{% else %}}{others}{{% endif %}}"
        return text

    return _BOUNDARY.sub(cut, source)


# In w:tcPr the schema wants w:vMerge right after these; docxtpl's {% vm %} appends it last.
_BEFORE_MERGE = re.compile(r"(?:<w:(?:cnfStyle|tcW|gridSpan|hMerge)\b[^>]*/>)*")
_MERGE = re.compile(
    r"<w:tcPr>((?:(?!</w:tcPr>).)*?)(<w:vMerge w:val=\"\{% if loop\.first %\}[^>]*/>)</w:tcPr>",
    re.DOTALL,
)


def _mend_merges(source: str) -> str:
    def reorder(match: re.Match[str]) -> str:
        properties, merge = match[1], match[2]
        head = _BEFORE_MERGE.match(properties)
        cut = head.end() if head else 0
        return f"<w:tcPr>{properties[:cut]}{merge}{properties[cut:]}</w:tcPr>"

    return _MERGE.sub(reorder, source)
