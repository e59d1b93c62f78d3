"""Fields, as they open and close over a part: which of them a placeholder stands in or beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.render.paginate.geometry import Element, W

_MARK, _SIMPLE, _INSTRUCTION = f"{W}fldChar", f"{W}fldSimple", f"{W}instrText"
_NO_NAME: Final = "没有名称"


class Fields:
    """The fields that are open while the paragraphs of a part go by."""

    def __init__(self, part: Element) -> None:
        self.any = any(True for tag in (_MARK, _SIMPLE) for _ in part.iter(tag))
        """Whether the part has any."""
        self._open: list[str] = []

    def through(self, paragraph: Element) -> Iterator[str]:
        """The name of every field that a paragraph holds, or that is open where it begins."""
        if not self.any:
            return
        yield from map(_name, self._open)
        for node in paragraph.iter():
            if node.tag == _SIMPLE:
                yield _name(node.get(f"{W}instr", ""))
            elif node.tag == _INSTRUCTION and self._open:
                self._open[-1] += node.text or ""
            elif node.tag == _MARK and node.get(f"{W}fldCharType") == "begin":
                self._open.append("")
            elif node.tag == _MARK and node.get(f"{W}fldCharType") == "end" and self._open:
                yield _name(self._open.pop())
        yield from map(_name, self._open)


def _name(instruction: str) -> str:
    return next(iter(instruction.split()), _NO_NAME).upper()
