"""Whether 项目支出 of a sentence takes in 专项公用经费, as in table 3, or stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from generator.checks.prose import Kind, Statement

SPECIAL: Final = "专项公用经费"
PROJECTS: Final = "项目支出"
WITHOUT: Final = "（不含专项公用经费）"

_LISTED: Final = re.compile(r"[，、；和及与以\s]*")
_WITHIN: Final = re.compile(r"其中|包括|包含|含|分为|用于|由")


def splits(text: str, statements: Sequence[Statement]) -> list[bool | None]:
    """For each statement: whether its 项目支出 is what 专项公用经费 leaves; None where it may be.

    “人员经费、公用经费、专项公用经费、项目支出” in one list are parts of one whole;
    “项目支出…，其中专项公用经费…” is the whole itself. Both are published.
    """
    if not any(s.subject == SPECIAL for s in statements):
        return [False] * len(statements)
    return [
        _split(text, statements, at) if s.subject == PROJECTS else False
        for at, s in enumerate(statements)
    ]


def _split(text: str, statements: Sequence[Statement], at: int) -> bool | None:
    this = statements[at]
    if this.kind is not Kind.LEVEL:
        return None
    if at > 1 and statements[at - 1].subject == SPECIAL:
        special, before = statements[at - 1], statements[at - 2]
        if before.subject in ("公用经费", "人员经费") and all(
            one.kind is Kind.LEVEL and _LISTED.fullmatch(text[one.end : other.start])
            for one, other in ((before, special), (special, this))
        ):
            return True
    for after in statements[at + 1 :]:
        if after.subject == SPECIAL:
            between = text[this.end : after.start]
            return False if "。" not in between and _WITHIN.search(between) else None
        if after.subject:
            return None
    return None


def level(whole: Decimal, special: Decimal | None, value: Decimal, split: bool | None) -> bool:
    """Which of the two a stated level means: the nearer one, where the sentence leaves it open."""
    if split is not None:
        return split
    return value != whole if special is None else abs(value - whole + special) < abs(value - whole)
