"""What a template does to the data, as findings; and figures that it says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from generator.maintain.check.document import Paragraph, Part
from generator.maintain.check.finding import Finding
from generator.render import genuine
from generator.render.genuine.words import AMOUNT, PRINTED

KIND: Final = "改变数据"
_AROUND_TAGS: Final = (
    *("data cell", "whole", "touching", "object", "wrapped", "field"),
    *("torn", "written", "not alone", "open", "row tag"),
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def in_template(
    texts: Mapping[str, str], body: Part, found: Sequence[Finding], *, broken_tags: bool
) -> Iterator[Finding]:
    """``found``: what has been told already. What stands around a broken tag, and open changes, are
    not told twice."""
    told = {"change"} if any(finding.kind == "修订" for finding in found) else set[str]()
    told |= set(_AROUND_TAGS) if broken_tags else set()
    for flaw in genuine.flaws(texts):
        if flaw.rule not in told:
            yield Finding(KIND, flaw.place, flaw.message, flaw.hint)
    for paragraph in body.paragraphs:
        yield from _fixed(paragraph)


def _fixed(paragraph: Paragraph) -> Iterator[Finding]:
    """An amount in the template's own words is the same in every document made from it."""
    words = PRINTED.sub(" ", paragraph.text)
    amount = AMOUNT.search(words)
    year = _YEAR.search(words) if "年度" in "".join(PRINTED.findall(paragraph.text)) else None
    if said := amount or year:
        what = "金额或百分比" if amount else "年份"
        yield Finding(
            "固定的数",
            paragraph.place,
            f"写了固定的{what}“{said[0]}”，每份文档都会印出来，程序核对不到",
            "请删去，或改为占位符。",
        )
