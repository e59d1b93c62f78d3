"""The tags of a part: what Jinja will run must be what stands there to be read.

docxtpl joins a tag over whatever XML lies in it, and takes the row or paragraph of a {%tr %} or
{%p %} away. So the other rules hold only where each tag is whole in its paragraph, is written in
the one way that is read here, and is alone where it takes something away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from generator.render.genuine.flaw import Flaw, flaw

DRAFT: Final = "草稿"
"""What only a draft has; no loop may give its name to something else."""
_TAG = re.compile(
    r"\{\{\s*[\w.]+\s*\}\}"
    r"|\{%(?:(?P<take>tr|p)\s)?\s*"
    rf"(?:(?P<loop>for)\s+(?!{DRAFT}\s)\w+\s+in\s+[\w.]+"
    r"|(?P<test>if|elif)\b(?P<condition>[^{}%]*[^{}%+\-\s])"
    r"|(?P<other>else|endif|endfor|[vh]m))\s*%\}"
)
_STRANGE = re.compile(r"\{[{%][^{}]*[%}]\}|\{[{%]|[%}]\}")
_BRACES = re.compile(r"\{+[{%#]?|[%}#]?\}+")
_IN_ATTRIBUTE = re.compile(r"\{[{%#][^<>]*(>?)")
_DISGUISED = re.compile(r"&#(?:0*(?:3[57]|12[35])|x0*(?:2[35]|7[BD]));", re.IGNORECASE)
"""One of ``# % { }`` as Jinja does not see it."""
_STEPS: Final = {"for": 1, "if": 1, "endfor": -1, "endif": -1}
_APART: Final = "\0"  # stands in no XML
SHOWN: Final = 40


class Tag(NamedTuple):
    """``take``: what goes away with it, ``tr`` or ``p``, or ``""``. ``word``: ``for``, ``endif`` …,
    ``""`` for what is printed. ``condition``: of an ``if``."""

    take: str
    word: str
    condition: str


def tags_of(text: str) -> list[Tag]:
    """The tags of a text that are written as they must be."""
    return [
        Tag(tag["take"] or "", tag["loop"] or tag["test"] or tag["other"] or "", tag["condition"])
        for tag in _TAG.finditer(text)
    ]


def flaws(source: str, all_words: str, paragraphs: Collection[str], place: str) -> Iterator[Flaw]:
    """Tags that Jinja would run otherwise than they are read.

    ``source``: the part; ``all_words``: all its text; ``paragraphs``: the words of each.
    """
    if "{#" in all_words:
        yield flaw("comment", place, "{#")
    if "&#" in source and (disguised := _DISGUISED.search(source)):
        yield flaw("comment", place, disguised[0])
    if any(match[1] for match in _IN_ATTRIBUTE.finditer(source)):
        yield flaw("in attribute", place)
    if _BRACES.findall(all_words) != _BRACES.findall(_APART.join(paragraphs)):
        yield flaw("torn", place)
    for text in dict.fromkeys(paragraphs):
        if "{" in text or "}" in text:
            yield from _in_paragraph(text, place)


def _in_paragraph(text: str, place: str) -> Iterator[Flaw]:
    if strange := _STRANGE.search(_TAG.sub("", text)):
        yield flaw("written", place, strange[0][:SHOWN])
        return
    tags = tags_of(text)
    if len(tags) > 1 and any(tag.take for tag in tags):
        yield flaw("not alone", place, text.strip()[:SHOWN])
    depth = 0
    for word in (tag.word for tag in tags if not tag.take):
        depth += _STEPS.get(word, 0)
        if depth < 0 or (word in ("elif", "else") and not depth):
            depth = -1
            break
    if depth:
        yield flaw("open", place, text.strip()[:SHOWN])
