"""What a template may not do to the data: print another figure than they hold, or hide one.

The read-back compares the words of a document with the data; it cannot see what a reader sees.
So a template may do nothing around a placeholder that adds to its value, covers it or makes it too
small or too pale to read. Whoever loads a template asks ``require``, once: what was compiled and
kept has passed. ``template check`` tells all ``flaws`` at once.

The table of the rules is flaw.py. walk.py goes over a template and finds the breaches of them with
tagged.py (tags that Jinja reads otherwise), words.py (words around a value), look.py (its letters),
setting.py and layout.py (where it stands, and in what lines), cover.py (what may lie over it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

from generator.problem import UserError
from generator.render.container import BODY, STYLES
from generator.render.genuine import cover, layout
from generator.render.genuine.blocks import tags_in
from generator.render.genuine.flaw import Flaw
from generator.render.genuine.look import Looks
from generator.render.genuine.setting import Setting
from generator.render.genuine.walk import Walk
from generator.render.paginate.geometry import Element, Geometry

__all__ = ["Flaw", "flaws", "require"]

_FILLED = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_NUMBERING: Final = "word/numbering.xml"


def flaws(texts: Mapping[str, str]) -> Iterator[Flaw]:
    """Whatever may change or hide the data, in order. ``texts``: the XML parts of a template."""
    geometry = Geometry(texts[BODY], texts.get(STYLES, ""))
    yield from layout.limits(geometry.styles.root, "样式")
    numbering = _parsed(texts[_NUMBERING]) if _NUMBERING in texts else None
    for root, place in ((geometry.styles.root, "样式"), (numbering, "编号")):
        if root is not None:
            yield from cover.Shapes(root, tags_in(root)).left(place)
    names = sorted(filter(_FILLED.fullmatch, texts), key=lambda name: (name != BODY, name))
    parts = {name: _parsed(texts[name]) for name in names}
    looks, setting = Looks(geometry.styles), Setting(geometry, numbering, parts.values())
    for name, root in parts.items():
        yield from Walk(name, texts[name], root, geometry, looks, setting).flaws()


def _parsed(text: str) -> Element:
    return ElementTree.fromstring(text.removeprefix("\ufeff"))


def require(texts: Mapping[str, str], name: str) -> None:
    """Raise :class:`UserError` for the first flaw.

    ``texts``: the XML parts of a template; ``name``: what messages call it.
    """
    try:
        found = next(flaws(texts), None)
    except ElementTree.ParseError as error:
        raise UserError(f"模板“{name}”的 XML 有误。", "请换回原来的模板文件。") from error
    if found is not None:
        raise UserError(f"模板“{name}”里{found.place}：{found.message}，不能使用。", found.hint)
