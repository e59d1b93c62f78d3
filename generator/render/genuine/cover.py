"""What may be printed over the data: shapes, frames, letters in lines that are too low."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from generator.render.genuine.flaw import Flaw, flaw
from generator.render.paginate.geometry import Element, Format, W, number

_GRAPHICS: Final = ("drawing", "pict", "AlternateContent")
_PLACED = re.compile(r"position\s*:\s*(?!static)", re.IGNORECASE)
_CONDITION = re.compile(r"\{%p\s+(if|elif|else|endif)\b\s*(.*?)\s*%\}")
_DRAFT: Final = "草稿"
_VML: Final = "{urn:schemas-microsoft-com:vml}"


class Shapes:
    """The shapes of a part that stand where they like; drafts may have them, as a watermark."""

    def __init__(self, part: Element, tags: Iterable[str]) -> None:
        """``tags``: of all elements of the part."""
        some = any(tag.startswith(_VML) or tag.endswith("}anchor") for tag in tags)
        self.loose = _floating(part) if some else 0
        """How many are printed in finished documents too, once the part has gone by."""
        self._open: list[bool] = []

    def passes(self, paragraph: Element, text: str) -> bool:
        """Whether a paragraph without placeholders goes with its tag, or is in drafts only."""
        for word, condition in _CONDITION.findall(text):
            if word == "if":
                self._open.append(condition == _DRAFT)
            elif self._open:
                self._open.pop()
                if word != "endif":
                    self._open.append(False)
        if "{%p" not in text and not any(self._open):
            return False
        self.loose -= _floating(paragraph) if self.loose else 0
        return True


def _floating(element: Element) -> int:
    return sum(
        node.tag.endswith("}anchor")
        or (node.tag.startswith(_VML) and _PLACED.search(node.get("style", "")) is not None)
        for node in element.iter()
    )


def paragraph(block: Element, form: Format, place: str) -> Iterator[Flaw]:
    """What a paragraph without placeholders may cover. ``form``: its format, styles included."""
    if block.find(f"{W}pPr/{W}framePr") is not None:
        yield flaw("loose frame", place)
    if not form.exact:
        return
    if any(node.tag.rpartition("}")[2] in _GRAPHICS for node in block.iter()):
        if not _floating(block):
            yield flaw("picture line", place)
    elif any(form.pitch * 2 < size for size in _sizes(block, form)):
        yield flaw("low words", place)


def _sizes(block: Element, form: Format) -> Iterator[int]:
    """The ems of the runs with words."""
    for run in block.iter(f"{W}r"):
        if run.find(f"{W}t") is not None:
            yield number(run, "rPr/sz", default=form.size // 10) * 10
