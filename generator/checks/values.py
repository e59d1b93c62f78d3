"""What an indicator's value says: ``≥95%``, ``不超过5天``, ``2500至3000本`` → bounds and unit.

What is not certainly a number with a unit (a date, 全体人员, two values in one cell) is no value:
the rules then say nothing about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from generator import money

_COMPARATORS: Final[dict[str, str]] = {
    **dict.fromkeys(("≥", ">=", "≧", "⩾", "=>", "不低于", "不少于", "不小于", "至少"), "≥"),
    **dict.fromkeys(("大于等于", "大于或等于", "达到", "达"), "≥"),
    **dict.fromkeys(("≤", "<=", "≦", "⩽", "=<", "不超过", "不高于", "不大于", "不多于"), "≤"),
    **dict.fromkeys(("小于等于", "小于或等于", "控制在", "最多"), "≤"),
    **dict.fromkeys((">", "大于", "高于", "多于", "超过"), ">"),
    **dict.fromkeys(("<", "小于", "低于", "少于", "不足"), "<"),
    **dict.fromkeys(("=", "等于", "共", "共计"), "="),
}
_AFTER: Final[dict[str, str]] = {
    **dict.fromkeys(("(含)以上", "及以上", "含以上", "以上"), "≥"),
    **dict.fromkeys(("(含)以内", "及以内", "及以下", "以内", "之内", "以下", "内"), "≤"),
}
_NUMBER = r"[0-9]{1,15}(?:,[0-9]{3})*(?:\.[0-9]{1,6})?"
_UNIT = r"[^0-9<>=≥≤≧≦⩾⩽~、，,;。:+\-—]{0,12}?"
_LONGEST_FIRST = sorted(_COMPARATORS, key=len, reverse=True)
_VALUE = re.compile(
    rf"(?P<sign>{'|'.join(map(re.escape, _LONGEST_FIRST))})?"
    rf"(?P<low>{_NUMBER})(?P<unit>{_UNIT})"
    rf"(?:(?:-|~|—|至|到)(?P<high>{_NUMBER})(?P<unit_high>{_UNIT}))?"
    rf"(?P<after>{'|'.join(map(re.escape, _AFTER))})?。?"
)
# 20日前, 12月底, 2023年起: points in time, no lengths of time; 10左右 has no bound.
_NO_MEASURE = ("前", "后", "底", "末", "初", "起", "月份", "左右", "上下", "上旬", "中旬", "下旬")
_POINT_IN_TIME = frozenset({"月", "日", "号"})
_YEARS = range(1900, 2101)
_LONGEST = 40  # characters; a longer cell is a sentence

_DATE = re.compile(
    r"(?<![0-9])(?P<year>[0-9]{4})"
    r"(?:年(?:(?P<month>[0-9]{1,2})月(?:份|底|末)?(?:(?P<day>[0-9]{1,2})[日号])?|[底末初])"
    r"|[-./](?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})(?![0-9]))"
)

_IN_WAN: Final[dict[str, Decimal]] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "亿元": Decimal(10_000),
}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Half width and without blanks, so that the same words are the same text."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Value:
    """A number with a unit. ``low`` or ``high`` is None where that side is open."""

    low: Decimal | None
    high: Decimal | None
    unit: str

    @property
    def number(self) -> Decimal:
        """The number as printed; of a range the upper one."""
        number = self.high if self.high is not None else self.low
        assert number is not None
        return number

    @property
    def only_from_below(self) -> bool:
        """≥ or >: any larger value would do."""
        return self.high is None

    @property
    def only_from_above(self) -> bool:
        return self.low is None

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def is_percent(self) -> bool:
        return self.unit in ("%", "百分比")

    @property
    def counted(self) -> str:
        """The thing counted, where the unit is a price: 元/本 → 本."""
        return self.unit.partition("/")[2]

    @property
    def in_wan(self) -> Decimal | None:
        """How many 万元 one of the unit is; None for what is no money."""
        return _IN_WAN.get(self.unit.partition("/")[0])


@lru_cache(maxsize=4096)
def parse(text: str) -> Value | None:
    """The value of a cell, or None where it is not certainly one number (or range) with a unit."""
    folded = fold(text)
    found = _VALUE.fullmatch(folded) if len(folded) <= _LONGEST else None
    if found is None:
        return None
    sign = _COMPARATORS.get(found["sign"] or "", "")
    after = _AFTER.get(found["after"] or "", "")
    low = money.parse(found["low"])
    unit = found["unit_high"] or found["unit"]
    if unit.endswith(_NO_MEASURE) or (not sign and not after and unit in _POINT_IN_TIME):
        return None
    if unit == "年" and low in _YEARS:
        return None
    if found["high"] is not None:
        if sign or after or found["unit"] not in ("", unit):
            return None
        return Value(low, money.parse(found["high"]), unit)
    return _bounded(sign, after, low, unit)


def _bounded(sign: str, after: str, number: Decimal, unit: str) -> Value | None:
    if sign and after and sign != after:
        return None  # ≥5天以内
    match sign or after:
        case "≥" | ">":
            return Value(number, None, unit)
        case "≤" | "<":
            return Value(None, number, unit)
    return Value(number, number, unit)


@dataclass(frozen=True, slots=True)
class Named:
    """A date that a text names; ``month`` and ``day`` are 0 where it does not say them."""

    year: int
    month: int
    day: int
    words: str

    @property
    def exists(self) -> bool:
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return True


def dates(text: str) -> Iterator[Named]:
    """Every date with a year in a text: 2023年12月31日, 2023-12-31, 2023年底."""
    for found in _DATE.finditer(fold(text)):
        month, day = found["month"] or found["m"] or 0, found["day"] or found["d"] or 0
        yield Named(int(found["year"]), int(month), int(day), found[0])
