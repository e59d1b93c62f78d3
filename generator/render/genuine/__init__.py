"""What a template may not do to the data: print another figure than they hold, or hide one.

The read-back compares the words of a document with the data; it cannot see what a reader sees.
So a template may do nothing around a placeholder that adds to its value, covers it or makes it too
small or too pale to read. Whoever loads a template asks ``require``, once: what was compiled and
kept has passed. ``template check`` tells all ``flaws`` at once.

This is the table of the rules; words.py, look.py, layout.py and walk.py find the breaches of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from generator.problem import UserError
from generator.render.genuine.flaw import Flaw
from generator.render.genuine.walk import flaws

__all__ = ["Flaw", "flaws", "require"]


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
