"""The words and blocks of a part, as its elements hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.render.paginate.geometry import Element, Page, W

_TEXT, _RUN_LOOK = f"{W}t", f"{W}rPr"
TRANSPARENT: Final = {
    *(f"{W}{name}" for name in ("body", "hdr", "ftr", "footnote", "endnote", "sdt", "sdtContent")),
    *(f"{W}{name}" for name in ("smartTag", "customXml", "hyperlink")),
}
"""What blocks and runs may stand in and are printed all the same."""
_PROPERTIES: Final = {f"{W}{name}" for name in ("pPr", "sdtPr", "sdtEndPr", "customXmlPr")}
_CHARACTERS: Final = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}
CHANGES: Final = ("ins", "del", "moveFrom", "moveTo")


def tags_in(root: Element) -> set[str]:
    return {node.tag for node in root.iter()}


def nodes(parent: Element) -> Iterator[Element]:
    """The elements of a paragraph but those of its properties."""
    for child in parent:
        yield child
        if child.tag not in _PROPERTIES and child.tag != _RUN_LOOK:
            yield from nodes(child)


def children(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in a control."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in TRANSPARENT or child.tag.rpartition("}")[2] in CHANGES:
            yield from children(child, tag)


def widths_of(body: Element) -> dict[int, int]:
    """Block of the body → the width that its section's pages leave to text."""
    found, width = dict[int, int](), 0
    for block in reversed(body):
        section = block if block.tag == f"{W}sectPr" else block.find(f"{W}pPr/{W}sectPr")
        width = width if section is None else Page.read(section).width
        found[id(block)] = width
    return found


def words_of(element: Element) -> str:
    """All words of an element, as fast as can be."""
    return "".join([node.text or "" for node in element.iter(_TEXT)])


def text_of(element: Element) -> str:
    """The words of an element with its tabs and line breaks."""
    return "".join(
        (node.text or "") if node.tag == _TEXT else _CHARACTERS.get(node.tag, "")
        for node in element.iter()
    )


def is_filled(element: Element) -> bool:
    return "{{" in words_of(element)
