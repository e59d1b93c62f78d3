"""A pack's ``disclosure.docx``: compiled once, rendered many times.

Compiling takes a tenth of a second, docxtpl and Jinja as long again to load. So what a template
compiles to is kept as data in the user's cache folder, and most runs need neither.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from generator import cache
from generator.problem import UserError
from generator.render.container import BODY, STYLES, Container, name_of, unpack
from generator.render.paginate import Paginator
from generator.render.program import (
    MAX_LENGTH,
    Body,
    Escapes,
    NoProgram,
    Output,
    constants_of,
    kept_bodies,
    part_function,
    too_much,
)

_TAGS = re.compile(r"<[^>]+>")
MAX_FILE: Final = 20_000_000


def load(file: Path) -> DocumentTemplate:
    """Read a template, compiled earlier or now; kept in memory as long as the file stays the same.

    Raises :class:`UserError` when the file is missing, damaged, or uses what is not allowed.
    """
    try:
        told = file.stat()
        if told.st_size > MAX_FILE:
            raise UserError(f"模板“{file}”过大，没有读取。")
        return _loaded(file, told.st_size, told.st_mtime_ns)
    except OSError as error:
        raise UserError(f"模板“{file}”无法读取。", "格式包里应有 disclosure.docx。") from error


@lru_cache(maxsize=8)
def _loaded(file: Path, size: int, changed: int) -> DocumentTemplate:
    data = file.read_bytes()
    key = cache.key(data, _makers())
    kept = cache.find(_KIND, key)
    if kept is not None:
        with contextlib.suppress(NoProgram, UserError):
            return DocumentTemplate(data, file.name, kept_bodies(kept))
    template = DocumentTemplate(data, file.name)
    cache.keep(_KIND, key, template.compiled)
    return template


_KIND: Final = "template"


@lru_cache(maxsize=1)
def _makers() -> tuple[Path, ...]:
    """The source files by which a template compiles to one thing and not to another."""
    libraries = (find_spec(name) for name in ("docxtpl", "jinja2"))
    files = [Path(spec.origin) for spec in libraries if spec is not None and spec.origin]
    own = Path(__file__).parent
    files += (own.with_name(f"{name}.py") for name in ("cache", "problem", "tags"))
    return (*sorted(own.rglob("*.py")), *files)


def _compile(parts: Mapping[str, bytes], name: str) -> dict[str, Body]:
    from generator.render.lowering import compile_template  # loads docxtpl and Jinja

    return compile_template(parts, name)


class _Encoded(dict[str, bytes]):
    """Text → UTF-8, remembered: of a document's 13,000 pieces 800 are different ones."""

    def __missing__(self, text: str) -> bytes:
        self[text] = data = text.encode("utf-8")
        return data


class DocumentTemplate:
    """A compiled template. ``render`` may be called any number of times."""

    def __init__(
        self, data: bytes, name: str = "disclosure.docx", kept: dict[str, Body] | None = None
    ) -> None:
        """``kept``: what this very file was compiled to, if that is known.

        Raises :class:`UserError` for a file that is no template, :class:`NoProgram` for data that
        no template was compiled to.
        """
        parts = unpack(data, name)
        self._origin = (data, name) if kept is not None else None
        self.compiled = _compile(parts, name) if kept is None else kept
        if not self.compiled.keys() <= parts.keys():
            raise NoProgram("parts of another template")
        self._functions = {
            part: part_function(body, name_of(part)) for part, body in self.compiled.items()
        }
        constants = (c for body in self.compiled.values() for c in constants_of(body))
        self._longest = max(map(len, constants), default=0)
        document, styles = (parts.get(part, b"").decode("utf-8") for part in (BODY, STYLES))
        self._paginator = Paginator(document, styles, constants_of(self.compiled.get(BODY, [])))
        self._container = Container({n: d for n, d in parts.items() if n not in self._functions})

    def render(self, context: Mapping[str, Any], pages: Mapping[str, int] | None = None) -> bytes:
        """The finished .docx. ``pages``: bookmark → page, where the paginator is overruled."""
        try:
            return self._render(context, pages or {})
        except Exception:  # whatever comes of it: what was kept may say anything
            if self._origin is None:
                raise
            vars(self).update(vars(DocumentTemplate(*self._origin)))
        return self._render(context, pages or {})

    def _render(self, context: Mapping[str, Any], pages: Mapping[str, int]) -> bytes:
        escapes, encoded = Escapes(), _Encoded()
        rendered: dict[str, bytes] = {}
        for part, function in self._functions.items():
            output = Output()
            function(dict(context), output, escapes)
            longest = max(self._longest, max(map(len, escapes.values()), default=0))
            if _is_too_long(output.pieces, longest):
                raise too_much()
            headings = [at for mark, at, _ in output.marks if mark == "heading"]
            found = self._paginator.settle(output.pieces, headings) if part == BODY else {}
            _fill_marks(output, found, pages)
            rendered[part] = b"".join(map(encoded.__getitem__, output.pieces))
        return self._container.pack(rendered)


def _is_too_long(pieces: list[str], longest: int) -> bool:
    """Whether they are more than a part may hold. Few have so many that they must be counted."""
    return len(pieces) * longest > MAX_LENGTH and sum(map(len, pieces)) > MAX_LENGTH


# --- after rendering ------------------------------------------------------------------------


def _fill_marks(output: Output, found: Mapping[int, int], given: Mapping[str, int]) -> None:
    """Give every heading its bookmark, and every contents line its link and page field.

    ``found``: where a heading begins → its page. ``given``: bookmark → page, which goes before.

    Both come in the document's order, so a line belongs to the next heading with its words; a
    line without one is a mistake in the template.
    """
    pieces, plain = output.pieces, _Plain()
    headings: list[tuple[str, _Bookmark]] = []  # with its words
    pages: dict[str, int] = {}
    opened = 0
    for mark, at, _ in output.marks:
        if mark == "heading":
            opened = at
        elif mark == "end":
            bookmark = _bookmark(len(headings) + 1)
            headings.append((plain.words(pieces[opened:at]), bookmark))
            if (page := given.get(bookmark.name, found.get(opened))) is not None:
                pages[bookmark.name] = page
            pieces[opened], pieces[at] = bookmark.start, bookmark.end
    following = iter(headings)
    link = ""
    for mark, at, value in output.marks:
        if mark == "line":
            opened, link = at, ""
        elif mark.startswith("page"):
            bookmark = _next(following, plain.words(pieces[opened:at]))
            pieces[at] = _page_field(bookmark.name, mark.removeprefix("page"), value, pages)
            link = bookmark.link
        elif mark == "line end" and link:
            pieces[opened], pieces[at] = link, "</w:hyperlink>"


class _Bookmark(NamedTuple):
    """What leads to a heading. ``link``: the beginning of one to it."""

    name: str
    start: str
    end: str
    link: str


@lru_cache(maxsize=1024)
def _bookmark(number: int) -> _Bookmark:
    name = f"_Toc{number:08d}"
    return _Bookmark(
        name,
        f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>',
        f'<w:bookmarkEnd w:id="{number}"/>',
        f'<w:hyperlink w:anchor="{name}" w:history="1">',
    )


def _next(headings: Iterator[tuple[str, _Bookmark]], words: str) -> _Bookmark:
    for heading, bookmark in headings:
        if heading == words:
            return bookmark
    raise UserError(
        f"目录里的“{words}”在正文里没有同样的标题。",
        "请检查模板：目录的每一行都要有文字相同、大纲级别为 2 的标题。",
    )


class _Plain(dict[str, str]):
    """Piece → its text without tags, remembered: the pieces around headings repeat."""

    def __missing__(self, piece: str) -> str:
        self[piece] = text = _TAGS.sub("", piece) if "<" in piece else piece
        return text

    def words(self, pieces: list[str]) -> str:
        text = "".join(map(self.__getitem__, pieces))
        if "<" in text:  # a tag in pieces, with a value in it
            text = _TAGS.sub("", "".join(pieces))
        return text.strip()


def _page_field(bookmark: str, properties: str, style: str, pages: Mapping[str, int]) -> str:
    """The page number as a field, so that Word's own update keeps working; ``style`` is ``-{}-``.

    The number stored in it is what WPS shows; LibreOffice works it out itself.
    """
    start, end, text, last = _around(properties, style)
    number = f"{text}{pages[bookmark]}</w:t></w:r>" if bookmark in pages else ""
    return f"{start}{bookmark}{end}{number}{last}"


@lru_cache(maxsize=64)
def _around(properties: str, style: str) -> tuple[str, str, str, str]:
    """What stands around a field's bookmark and around its number, which begins a run of text."""
    before, _, after = style.partition("{}")
    text = f'<w:r>{properties}<w:t xml:space="preserve">'

    def words(some: str) -> str:
        return f"{text}{some}</w:t></w:r>" if some else ""

    def mark(kind: str) -> str:
        return f'<w:r>{properties}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f'<w:r>{properties}<w:instrText xml:space="preserve"> PAGEREF '
    return (
        words(before) + mark("begin") + instruction,
        " \\h </w:instrText></w:r>" + mark("separate"),
        text,
        mark("end") + words(after),
    )
