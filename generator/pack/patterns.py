"""Regular expressions of a pack, which may come from a stranger: none may take long.

An expression is refused when it can match in very many ways at one place of a text, since trying
them all is what takes long: ``(a*)*b`` would never end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

MAX_LENGTH: Final = 200
MAX_WAYS: Final = 1000
_HOW: Final = "请写明最多几个字，如 {0,10}，不用 * 和 +，也不要一层套一层地重复"

_ONE_WAY: Final = {
    *("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "RANGE", "CATEGORY", "GROUPREF"),
}


class UnsafePattern(ValueError):
    """Why an expression is not taken, in Chinese."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The expression, compiled. Raises :class:`UnsafePattern`, or ``re.error`` for a wrong one."""
    if len(pattern) > MAX_LENGTH:
        raise UnsafePattern(f"正则表达式“{pattern[:20]}…”过长（最多 {MAX_LENGTH} 个字）")
    try:
        ways = _ways(_parser.parse(pattern))
    except (RecursionError, OverflowError) as error:
        raise UnsafePattern(f"正则表达式“{pattern[:40]}”太复杂") from error
    if ways > MAX_WAYS:
        raise UnsafePattern(f"正则表达式“{pattern[:40]}”可能要算很久；{_HOW}")
    return re.compile(pattern)


def _ways(parsed: Iterable[tuple[Any, Any]]) -> int:
    """In how many ways an expression can match at one place; more than is allowed is cut off."""
    ways = 1
    for code, argument in parsed:
        ways = min(ways * _ways_of(str(code), argument), MAX_WAYS + 1)
    return ways


def _ways_of(code: str, argument: Any) -> int:
    if code in _ONE_WAY:
        return 1
    if code == "BRANCH":
        return sum(_ways(branch) for branch in argument[1])
    if code == "SUBPATTERN":
        return _ways(argument[3])
    if code in ("ASSERT", "ASSERT_NOT"):
        return _ways(argument[1])
    if code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, body = argument
        if int(most) > MAX_WAYS:
            return MAX_WAYS + 1
        each = _ways(body)
        return sum(min(each**n, MAX_WAYS + 1) for n in range(int(least), int(most) + 1))
    return MAX_WAYS + 1  # what this does not know may take long
