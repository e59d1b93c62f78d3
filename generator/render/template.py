"""A pack's ``disclosure.docx``: docxtpl's template language, compiled once, rendered many times.

docxtpl turns the Word file's XML into Jinja source (``{%tr %}``, ``{%p %}``, ``{% vm %}``, tags
split over runs). On that source we *lower* three things that a person cannot write in Word:
bookmarks around the headings, the links of the contents lines, and their page-number fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator.problem import UserError
from generator.render import resaved
from generator.render.compiler import (
    CUT,
    MARK_CLOSE,
    MARK_OPEN,
    Escapes,
    Output,
    PartFunction,
    compile_part,
)
from generator.render.container import Container, texts_of, unpack
from generator.render.paginate import Paginator

_PRIVATE = re.compile("[\ue000-\ue003]")  # what the compiler marks constants with
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>(?:(?!<w:p[ >]).)*?</w:p>", re.DOTALL)
_STYLE_ID = re.compile(r'<w:pStyle w:val="([^"]*)"')
_PAGE_RUN = re.compile(
    r"<w:r(?: [^>]*)?>(<w:rPr>(?:(?!</w:r>).)*?</w:rPr>)?<w:t(?: [^>]*)?>"
    r"\s*(\{\{[^{}]*\.页码\s*\}\})\s*</w:t></w:r>",
    re.DOTALL,
)
_TAGS = re.compile(r"<[^>]+>")
_RENDERED = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml"
)
MAX_FILE: Final = 20_000_000
CONTENTS_LEVEL: Final = "1"  # w:outlineLvl of the headings that are numbered lines of the contents


@lru_cache(maxsize=8)
def load(file: Path) -> DocumentTemplate:
    """Read and compile a template; kept for the life of the process.

    Raises :class:`UserError` when the file is missing, damaged, or uses what is not allowed.
    """
    try:
        if file.stat().st_size > MAX_FILE:
            raise UserError(f"模板“{file}”过大，没有读取。")
        data = file.read_bytes()
    except OSError as error:
        raise UserError(f"模板“{file}”无法读取。", "格式包里应有 disclosure.docx。") from error
    return DocumentTemplate(data, file.name)


class DocumentTemplate:
    """A compiled template. ``render`` may be called any number of times."""

    def __init__(self, data: bytes, name: str = "disclosure.docx") -> None:
        # docxtpl takes a tenth of a second to import, and only a fresh template needs it.
        from docxtpl import DocxTemplate

        parts = unpack(data, name)
        texts = texts_of(parts, name)
        patcher = DocxTemplate("")
        headings = _heading_styles(texts.get(_STYLES, ""))
        self._functions: dict[str, PartFunction] = {}
        for part, source in sorted(texts.items()):
            if part == _CORE:
                source = _with_identifier(source)
            if not _has_tags(source):
                continue
            if not _RENDERED.fullmatch(part):
                raise UserError(
                    f"模板“{name}”的部件 {part} 里有占位符，这里不会填写。",
                    "占位符只能写在正文、页眉、页脚、脚注、尾注和文档属性里。",
                )
            if _PRIVATE.search(source):
                raise UserError(f"模板“{name}”含有私用区字符，请删去。")
            if part == _BODY:
                texts[part] = source = resaved.apart(source)
            source = _mend_merges(resaved.with_plain_quotes(patcher.patch_xml(source)))
            if part == _BODY:
                source = _cut(_lower(source, headings))
            self._functions[part] = compile_part(source, _PART_NAMES.get(part, part))
        self._paginator = Paginator(texts[_BODY], texts.get(_STYLES, ""))
        self._container = Container({n: d for n, d in parts.items() if n not in self._functions})

    @property
    def rendered_parts(self) -> frozenset[str]:
        """Names of the parts that a document fills in; the others never change."""
        return frozenset(self._functions)

    def render(self, context: Mapping[str, Any], pages: Mapping[str, int] | None = None) -> bytes:
        """The finished .docx. ``pages``: bookmark → page, where the paginator is overruled."""
        escapes = Escapes()
        rendered: dict[str, bytes] = {}
        for part, function in self._functions.items():
            output = Output()
            function(dict(context), output, escapes)
            headings = [at for mark, at, _ in output.marks if mark == "heading"]
            found = self._paginator.settle(output.pieces, headings) if part == _BODY else {}
            _fill_marks(output, found, pages or {})
            rendered[part] = "".join(output.pieces).encode("utf-8")
        return self._container.pack(rendered)


_BODY: Final = "word/document.xml"
_STYLES: Final = "word/styles.xml"
_CORE: Final = "docProps/core.xml"
_PART_NAMES: Final = {_BODY: "正文", _CORE: "文档属性"}
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


# --- lowering -------------------------------------------------------------------------------


def _mark(text: str) -> str:
    return f"{MARK_OPEN}{text}{MARK_CLOSE}"


def _heading_styles(styles: str) -> frozenset[str]:
    """Ids of the paragraph styles that stand at the contents' level, inherited level included."""
    own: dict[str, str | None] = {}
    base: dict[str, str] = {}
    for block in re.findall(r"<w:style [^>]*>.*?</w:style>", styles, re.DOTALL):
        if not (found := re.search(r'w:styleId="([^"]+)"', block)):
            continue
        level = re.search(r'<w:outlineLvl w:val="(\d)"', block)
        own[found[1]] = level[1] if level else None
        if based := re.search(r'<w:basedOn w:val="([^"]+)"', block):
            base[found[1]] = based[1]

    def level_of(style: str | None, seen: int = 0) -> str | None:
        if style is None or seen > 20:
            return None
        return own.get(style) or level_of(base.get(style), seen + 1)

    return frozenset(style for style in own if level_of(style) == CONTENTS_LEVEL)


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


_TABLE_OR_PROPERTIES = re.compile(
    r"<(/?)w:tbl>|<w:tcPr>(?:(?!</w:tcPr>).)*?</w:tcPr>|(<w:trPr>.*?</w:trPr>)|(<w:pPr>.*?</w:pPr>)",
    re.DOTALL,
)
_MERGE_CHOICE = re.compile(r"\{% if loop\.first %\}restart\{% else %\}continue\{% endif %\}")


def _cut(source: str) -> str:
    """Make pieces of their own of what the paginator may change, and no piece end within a tag.

    It changes the properties of rows, of paragraphs outside of tables, and of those in tables that
    are kept with the next row.
    """
    inside = 0

    def cut(match: re.Match[str]) -> str:
        nonlocal inside
        text = match[0]
        if match[1] is not None:
            inside += -1 if match[1] else 1
        elif match[2] or (match[3] and (not inside or "<w:keepNext" in text)):
            return _mark(CUT) + text + _mark(CUT)
        elif _MERGE_CHOICE.search(text):
            first, others = (_MERGE_CHOICE.sub(way, text) for way in ("restart", "continue"))
            return f"{{% if loop.first %}}{first}{{% else %}}{others}{{% endif %}}"
        return text

    return _TABLE_OR_PROPERTIES.sub(cut, source)


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


# --- after rendering ------------------------------------------------------------------------


def _fill_marks(output: Output, found: Mapping[int, int], given: Mapping[str, int]) -> None:
    """Give every heading its bookmark, and every contents line its link and page field.

    ``found``: where a heading begins → its page. ``given``: bookmark → page, which goes before.

    Both come in the document's order, so a line belongs to the next heading with its words; a
    line without one is a mistake in the template.
    """
    pieces = output.pieces
    headings: list[tuple[str, str]] = []  # (words, bookmark)
    pages: dict[str, int] = {}
    opened = 0
    for mark, at, _ in output.marks:
        if mark == "heading":
            opened = at
        elif mark == "end":
            number = len(headings) + 1
            bookmark = f"_Toc{number:08d}"
            headings.append((_words(pieces, opened, at), bookmark))
            if (page := given.get(bookmark, found.get(opened))) is not None:
                pages[bookmark] = page
            pieces[opened] = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark}"/>'
            pieces[at] = f'<w:bookmarkEnd w:id="{number}"/>'
    following = iter(headings)
    bookmark = ""
    for mark, at, value in output.marks:
        if mark == "line":
            opened = at
        elif mark.startswith("page"):
            words = _words(pieces, opened, at)
            bookmark = next((name for text, name in following if text == words), "")
            if not bookmark:
                raise UserError(
                    f"目录里的“{words}”在正文里没有同样的标题。",
                    "请检查模板：目录的每一行都要有文字相同、大纲级别为 2 的标题。",
                )
            pieces[at] = _page_field(bookmark, mark.removeprefix("page"), value, pages)
        elif mark == "line end":
            pieces[opened] = f'<w:hyperlink w:anchor="{bookmark}" w:history="1">'
            pieces[at] = "</w:hyperlink>"


def _words(pieces: list[str], start: int, end: int) -> str:
    return _TAGS.sub("", "".join(pieces[start:end])).strip()


def _page_field(bookmark: str, properties: str, style: str, pages: Mapping[str, int]) -> str:
    """The page number as a field, so that Word's own update keeps working; ``style`` is ``-{}-``.

    The number stored in it is what WPS shows; LibreOffice works it out itself.
    """
    before, _, after = style.partition("{}")
    number = str(pages[bookmark]) if bookmark in pages else ""

    def run(content: str) -> str:
        return f"<w:r>{properties}{content}</w:r>"

    def text(words: str) -> str:
        return run(f'<w:t xml:space="preserve">{words}</w:t>') if words else ""

    return (
        text(before)
        + run('<w:fldChar w:fldCharType="begin"/>')
        + run(f'<w:instrText xml:space="preserve"> PAGEREF {bookmark} \\h </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + text(number)
        + run('<w:fldChar w:fldCharType="end"/>')
        + text(after)
    )
