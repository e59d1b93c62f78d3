"""What a template's .docx says about its layout: pages, paragraph formats, tables' cell margins.

Lengths are in twips (1/20 point). Nothing here repeats a measure of a template: a style that is
changed in Word changes the prediction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from xml.etree import ElementTree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMESPACE: Final = f'xmlns:w="{W[1:-1]}"'
_PREFIXED = re.compile(r"""\s(?!w:|xmlns)[A-Za-z0-9]+:[A-Za-z0-9]+=(?:"[^"]*"|'[^']*')""")
_FOREIGN = re.compile(r"<(?!/?w:)[^<>]*>")
SECTION = re.compile(r"<w:sectPr\b.*?</w:sectPr>", re.DOTALL)
_A4: Final = (8306, 13958)  # upright, with Word's margins: for a template that does not say
_OFF: Final = ("0", "false", "off")
_MEASURE = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
LONGEST: Final = 31_680
"""The longest measure that Word knows: 22 inches."""
LEAST_ROOM: Final = 1_701
"""What a page must leave to its text in each direction: 3 cm."""
LEAST_PITCH: Final = 20
"""The lowest line: 1 point."""
_LEAST_SIZE: Final = 10

Element = ElementTree.Element


def element(xml: str) -> Element:
    """One element of WordprocessingML that was cut out of its part."""
    known = _PREFIXED.sub("", _FOREIGN.sub("", xml))
    root = ElementTree.fromstring(f"<x {_NAMESPACE}>{known}</x>")
    return root[0]


@lru_cache(maxsize=4096)
def measure(text: str | None, default: int = 0) -> int:
    """A measure as it is written; the default for what is none. No measure is beyond Word's."""
    if text is None or _MEASURE.fullmatch(text) is None:
        return default
    return max(-LONGEST, min(LONGEST, round(float(text))))


def number(parent: Element | None, path: str, attribute: str = "val", default: int = 0) -> int:
    """A measure somewhere below an element; the default where there is none."""
    found = (
        parent.find("/".join(W + step for step in path.split("/"))) if parent is not None else None
    )
    return measure(found.get(W + attribute) if found is not None else None, default)


def switch(parent: Element, name: str) -> bool | None:
    """A property that is on, off, or not given."""
    found = parent.find(W + name)
    return None if found is None else found.get(f"{W}val", "1") not in _OFF


_DEEPEST: Final = 20
"""Styles that are based on each other."""
_THICKEST: Final = 96
"""Word's thickest line, in eighths of a point."""

EAST_ASIAN: Final = ("zh", "ja", "ko")


def latin_language(run: Element) -> str:
    """The language of Latin letters and digits that a w:rPr gives, or ``""``."""
    language = run.find(f"{W}lang")
    return "" if language is None else language.get(f"{W}val", "")


@dataclass(frozen=True, slots=True)
class Page:
    """A section's page: the height that text may fill, and the number it begins with, if any."""

    width: int
    height: int
    start: int | None

    @classmethod
    def read(cls, section: Element) -> Page:
        def side(name: str) -> int:
            return abs(number(section, "pgMar", name))

        start = number(section, "pgNumType", "start", -1)
        width = number(section, "pgSz", "w") - side("left") - side("right") - side("gutter")
        height = number(section, "pgSz", "h") - side("top") - side("bottom")
        # On a page without room nothing could ever be set.
        return cls(max(width, LEAST_ROOM), max(height, LEAST_ROOM), None if start < 0 else start)


@dataclass(frozen=True, slots=True)
class Format:
    """How a paragraph is set. ``pitch``: the height of a line; ``size``: one em."""

    size: int = 200
    pitch: int = 240
    exact: bool = False
    before: int = 0
    after: int = 0
    left: int = 0
    right: int = 0
    first: int = 0
    first_chars: int = 0
    bold: bool = False
    keep_next: bool = False
    new_page: bool = False
    widow_control: bool = True
    automatic: bool = False
    """Space before or after is left to the program."""
    level: int = 9
    """Outline level; 9 is running text."""
    parts_numbers: bool = False
    """Latin text is said to be Chinese: LibreOffice then ends a line within a number."""

    @property
    def first_line(self) -> int:
        """The first line's indent; in characters if it is given so."""
        return self.first_chars * self.size // 100 if self.first_chars else self.first


class TableFormat(NamedTuple):
    """What a table's margins and lines take of a cell's width and add to its height."""

    width: int
    height: int
    border: int
    """The line below the last row on a page, which needs room too."""


_SWITCHES: Final = {
    "keepNext": "keep_next",
    "pageBreakBefore": "new_page",
    "widowControl": "widow_control",
}


def _changed(base: Format, properties: Element | None, run: Element | None) -> Format:
    """A format with the properties that an element sets."""
    new: dict[str, int | bool] = {}
    if run is not None and run.find(f"{W}sz") is not None:
        new["size"] = max(number(run, "sz") * 10, _LEAST_SIZE)
    if run is not None and (bold := switch(run, "b")) is not None:
        new["bold"] = bold
    if run is not None and (language := latin_language(run)):
        new["parts_numbers"] = language.startswith(EAST_ASIAN)
    if properties is not None:
        for name, field in _SWITCHES.items():
            if (on := switch(properties, name)) is not None:
                new[field] = on
        new |= _measures(properties)
    return Format(**{**{f: getattr(base, f) for f in Format.__slots__}, **new})


def _measures(properties: Element) -> dict[str, int | bool]:
    new: dict[str, int | bool] = {}
    spacing, indent = properties.find(f"{W}spacing"), properties.find(f"{W}ind")
    if spacing is not None:
        for name, field in (("before", "before"), ("after", "after"), ("line", "pitch")):
            if (text := spacing.get(W + name)) is not None:
                new[field] = max(measure(text), LEAST_PITCH if name == "line" else 0)
        automatic = [spacing.get(f"{W}{side}Autospacing") for side in ("before", "after")]
        if any(automatic):
            new["automatic"] = any(on is not None and on not in _OFF for on in automatic)
        if spacing.get(f"{W}line") is not None:
            new["exact"] = spacing.get(f"{W}lineRule") == "exact"
    if indent is not None:
        for names, field in ((("left", "start"), "left"), (("right", "end"), "right")):
            for name in names:
                if (text := indent.get(W + name)) is not None:
                    new[field] = measure(text)
        if (text := indent.get(f"{W}firstLine")) is not None:
            new |= {"first": measure(text), "first_chars": 0}
        if (text := indent.get(f"{W}hanging")) is not None:
            new |= {"first": -measure(text), "first_chars": 0}
        if (text := indent.get(f"{W}firstLineChars")) is not None:
            new["first_chars"] = measure(text)
    if properties.find(f"{W}outlineLvl") is not None:
        new["level"] = number(properties, "outlineLvl")
    return new


class Styles:
    """The styles of one template, by their ids."""

    def __init__(self, styles: str) -> None:
        self.root = ElementTree.fromstring(styles or f"<w:styles {_NAMESPACE}/>")
        self.by_id = {s.get(f"{W}styleId", ""): s for s in self.root.iter(f"{W}style")}
        self.defaults = {
            s.get(f"{W}type", ""): id_
            for id_, s in reversed(self.by_id.items())
            if s.get(f"{W}default", "0") not in _OFF
        }
        """Kind of style → the id of the one that holds where none is named."""

    def chain(self, id_: str) -> list[Element]:
        """A style and what it is based on, the style itself first."""
        found: list[Element] = []
        while id_ in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[id_])
            based = found[-1].find(f"{W}basedOn")
            id_ = "" if based is None else based.get(f"{W}val", "")
        return found


class Geometry:
    """The measures of one template."""

    def __init__(self, document: str, styles: str) -> None:
        found = [Page.read(element(match[0])) for match in SECTION.finditer(document)]
        self.pages = found or [Page(*_A4, None)]
        self.styles = Styles(styles)
        self.default_style = self.styles.defaults.get("paragraph", "")
        defaults = self.styles.root.find(f"{W}docDefaults")
        self._base = Format()
        if defaults is not None:
            self._base = _changed(
                self._base,
                defaults.find(f"{W}pPrDefault/{W}pPr"),
                defaults.find(f"{W}rPrDefault/{W}rPr"),
            )
        self._styles: dict[str, Format] = {}
        self._formats: dict[str, Format] = {}

    def style(self, id_: str) -> Format:
        """A paragraph style with all that it inherits."""
        if id_ not in self._styles:
            form = self._base
            for style in reversed(self.styles.chain(id_)):
                form = _changed(form, style.find(f"{W}pPr"), style.find(f"{W}rPr"))
            self._styles[id_] = form
        return self._styles[id_]

    def headings(self, level: int) -> frozenset[str]:
        """Ids of the styles that stand at an outline level; 0 is the highest."""
        return frozenset(id_ for id_ in self.styles.by_id if self.style(id_).level == level)

    def format(self, properties: str) -> Format:
        """A paragraph's format: its w:pPr as text, its style included."""
        found = self._formats.get(properties)
        if found is None:
            found = self.read_format(element(properties) if properties else None)
            self._formats[properties] = found
        return found

    def read_format(self, properties: Element | None) -> Format:
        """The same, of a w:pPr that has been parsed."""
        style = None if properties is None else properties.find(f"{W}pStyle")
        name = self.default_style if style is None else style.get(f"{W}val", "")
        return _changed(self.style(name), properties, None)

    def table(self, properties: str) -> TableFormat:
        """What a table's margins and lines take: its w:tblPr as text."""
        chain = [element(properties)]
        style = chain[0].find(f"{W}tblStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        parts = (s.find(f"{W}tblPr") for s in self.styles.chain(name))
        chain += [part for part in parts if part is not None]
        sides = {"left": 108, "right": 108, "top": 0, "bottom": 0}
        lines = {"top": 0, "bottom": 0, "insideH": 0}
        for table in reversed(chain):
            for side, tag in (*((s, s) for s in sides), ("left", "start"), ("right", "end")):
                sides[side] = number(table, f"tblCellMar/{tag}", "w", sides[side])
            for line in lines:
                lines[line] = number(table, f"tblBorders/{line}", "sz", lines[line])
        border = min(max(lines.values()), _THICKEST) * 5 // 2  # given in eighths of a point
        return TableFormat(
            sides["left"] + sides["right"], sides["top"] + sides["bottom"] + border, border
        )


@lru_cache(maxsize=4096)
def with_row(row: str, height: int, header: bool, whole: bool) -> str:
    """A row with the height its text needs; one taller than a page has none, and breaks.

    ``row``: the piece with which it begins.
    """
    dropped = ["trHeight", *([] if header else ["tblHeader"]), *([] if whole else ["cantSplit"])]
    kept = re.sub(rf"<w:(?:{'|'.join(dropped)})\b[^>]*/>", "", row)
    measure = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if whole else ""
    return kept.replace("</w:trPr>", f"{measure}</w:trPr>")


_BEFORE_BREAK = re.compile(
    r"<w:pPr>(?:<w:pStyle\b[^>]*/>)?(?:<w:keepNext\b[^>]*/>)?(?:<w:keepLines\b[^>]*/>)?"
)


@lru_cache(maxsize=4096)
def with_new_page(paragraph: str) -> str:
    """A paragraph's beginning that begins a page; the schema fixes the place of the property."""
    plain = re.sub(r"<w:pageBreakBefore\b[^>]*/>", "", paragraph)
    return _BEFORE_BREAK.sub(lambda m: f"{m[0]}<w:pageBreakBefore/>", plain, count=1)


_BEGINS_PARAGRAPH = re.compile(
    r"(<w:p(?: [^>/]*)?>)"
    r"(?:(<w:pPr>(?:<w:pStyle\b[^>]*/>)?+)(?!<w:keepNext)|(?!<w:pPr))"
)


@lru_cache(maxsize=4096)
def with_keep(cells: str) -> str:
    """A piece of a row whose paragraphs are kept with the next row."""
    return _BEGINS_PARAGRAPH.sub(
        lambda m: f"{m[0]}<w:keepNext/>" if m[2] else f"{m[1]}<w:pPr><w:keepNext/></w:pPr>", cells
    )


@lru_cache(maxsize=4096)
def without_keep(cells: str) -> str:
    """A piece of a row none of whose paragraphs says that it is kept with the next row."""
    return re.sub(r"<w:keepNext\b[^>]*/>", "", cells)
