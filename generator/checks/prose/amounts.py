"""Amounts of money and percentages in Chinese prose, each with its span.

Dates, years, document numbers, telephone numbers, list numbers and counts carry no unit of money
and are no amounts; neither are ranges. Everything here is linear in the length of the text: the
numbers are taken off one after the other, and only a fixed stretch around each is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.money import MAX_INTEGER_DIGITS

PERCENT: Final = "%"
_UNITS: Final[dict[str, Decimal]] = {
    "亿元": Decimal(10_000),
    "千万元": Decimal(1_000),
    "百万元": Decimal(100),
    "万元": Decimal(1),
    "千元": Decimal("0.1"),
    "百元": Decimal("0.01"),
    "元": Decimal("0.0001"),
    "万": Decimal(1),
}
_DIGITS: Final = "零一二三四五六七八九"
_POWERS: Final = {"十": 10, "百": 100, "千": 1000}

# Full width, and the numerals of cheques: each is one character for one.
_NARROW: Final = str.maketrans(
    "０１２３４５６７８９．％－壹贰叁肆伍陆柒捌玖拾佰仟", "0123456789.%-一二三四五六七八九十百千"
)
_NUMBER: Final = re.compile(
    r"(?P<arabic>(?:[1-9][0-9]{0,2}(?:[,，][0-9]{3}){1,5}+(?![0-9])|[0-9]++)(?:\.[0-9]++)?+)"
    r"|百分之(?P<percent>[零〇一二两三四五六七八九十百点]{1,12})"
    r"|(?P<chinese>[零〇一二两三四五六七八九十百千]++(?:点[零〇一二三四五六七八九]{1,4}+)?+)"
)
_UNIT: Final = re.compile(
    r"\s{0,2}[（(]?(亿元|千万元|百万元|万元|千元|百元|元(?![旦宵月件素年代朝])|%)"
)
# “预算支出1217.27万，”: the words before say that it is money, the stop that nothing is counted.
_SHORT_UNIT: Final = re.compile(r"\s?(万)(?=\s?(?:[，。；;）)]|$))")
_MONEY_BEFORE: Final = re.compile(
    r"(?:收入|支出|经费|费用?|资金|预算|总额|金额|结转|结余|拨款)(?:安排|[总共合]计|数|[共为是计达：:\s])*$"
)
_CHANGE_BEFORE: Final = re.compile(r"(?:增加|减少|增长|下降|压减)了?\s?$")
_RANGE_AFTER: Final = re.compile(r"\s?(?:[-~～—–至]|到)\s?[0-9一二三四五六七八九十]")
_RANGE_BEFORE: Final = re.compile(r"[0-9元%]\s?(?:[-~～—–至]|到)\s?$")
_BOUND_AFTER: Final = re.compile(
    r"（?(?:及?以[上下内]|之内|左右|上下|的?标准|起)|[（(](?:不?含|起)"
)
_BOUND_BEFORE: Final = re.compile(
    r"(?:不(?:低于|高于|超过|少于|多于|足|大于|小于)|超过|[低高少多大小]于|[大小]于等于|至少|最[多高低少]"
    r"|大?约为?|将近|近|突破|力争|[≥≤<>＞＜＝=])\s?$"
)
_EACH_AFTER: Final = re.compile(r"\s?(?:[/／]|每)")
_EACH_BEFORE: Final = re.compile(r"(?:每[^，。；、]{0,4}|人均|户均|单价为?|均价为?|标准为?)\s?$")
_VAGUE: Final = frozenset("几数上多余第")
_COMPOUND: Final = frozenset("亿万千百.．点")


@dataclass(frozen=True, slots=True)
class Amount:
    """``value``: 万元, or per cent. ``loose``: a bound or a rate (≤5万元, 150元/本), no figure."""

    value: Decimal
    decimals: int  # as printed, in the printed unit
    unit: str
    start: int
    end: int
    words: str
    loose: bool = False

    @property
    def is_money(self) -> bool:
        return self.unit != PERCENT

    @property
    def slack(self) -> Decimal:
        """Half a unit of the last digit, for a number that is cut; 0万元 is none, 0% may be."""
        if not self.value and self.is_money:
            return Decimal(0)
        unit = _UNITS.get(self.unit, Decimal(1))
        half = Decimal(5).scaleb(-self.decimals - 1) * unit
        return half if not self.is_money or half > Decimal("0.005") else Decimal(0)


def amounts(text: str) -> Iterator[Amount]:
    """Every amount of a text, in order."""
    narrow = text.translate(_NARROW)
    for found in _NUMBER.finditer(narrow):
        if found["percent"] is not None:
            value, end, unit = _chinese_decimal(found["percent"]), found.end(), PERCENT
            decimals = 0
        else:
            unit_found = _UNIT.match(narrow, found.end()) or _short_unit(narrow, found)
            if unit_found is None:
                continue
            unit, end = unit_found[1], unit_found.end()
            value, decimals = _number(found, unit)
        if value is not None:
            amount = _placed(narrow, text, value, decimals, unit, found.start(), end)
            if amount is not None:
                yield amount


def _short_unit(narrow: str, found: re.Match[str]) -> re.Match[str] | None:
    """万 for 万元, after words that say that it is money; a change has its two decimals."""
    if not narrow.startswith(("万", " 万"), found.end()):
        return None
    places = len((found["arabic"] or "").partition(".")[2])
    before = narrow[max(0, found.start() - 12) : found.start()]
    is_money = _MONEY_BEFORE.search(before) or (places == 2 and _CHANGE_BEFORE.search(before))
    return _SHORT_UNIT.match(narrow, found.end()) if places and is_money else None


def _number(found: re.Match[str], unit: str) -> tuple[Decimal | None, int]:
    if (arabic := found["arabic"]) is not None:
        plain = re.sub(r"[,，]", "", arabic)
        if len(plain.partition(".")[0]) > MAX_INTEGER_DIGITS:
            return None, 0
        value = Decimal(plain) * _UNITS.get(unit, Decimal(1))
        return value, len(plain.partition(".")[2])
    number = _chinese_decimal(found["chinese"])
    # “一元化”, “多元”: a lone digit before 元 is a word more often than an amount.
    if number is None or unit == PERCENT or (unit == "元" and len(found["chinese"]) < 2):
        return None, 0
    return number * _UNITS[unit], len(found["chinese"].partition("点")[2])


def _placed(
    narrow: str, text: str, value: Decimal, decimals: int, unit: str, start: int, end: int
) -> Amount | None:
    """The amount in its place; None where the words around it make it something else."""
    before, after = narrow[max(0, start - 12) : start], narrow[end : end + 8]
    if before and (before[-1] in _COMPOUND or (before[-1] in _VAGUE and text[start] in "十百千")):
        return None
    if _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        return None
    if before[-1:] == "-":
        start, value = start - 1, -value
        before = before[:-1]
    loose = any(
        (
            _BOUND_AFTER.match(after),
            _EACH_AFTER.match(after),
            _BOUND_BEFORE.search(before),
            _EACH_BEFORE.search(before),
        )
    )
    return Amount(value, decimals, unit, start, end, text[start:end], loose)


def chinese_value(words: str) -> Decimal | None:
    """三百二十 → 320, 二〇二三 → 2023; None for what is no number."""
    words = words.replace("〇", "零").replace("两", "二")
    if len(words) > 1 and all(c in _DIGITS for c in words):
        return Decimal(int("".join(str(_DIGITS.index(c)) for c in words)))
    total, digit, last = 0, None, 10_000
    for i, c in enumerate(words):
        if c in _POWERS:
            power = _POWERS[c]
            if power >= last or (digit is None and not (c == "十" and i == 0)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * power, None, power
        elif c == "零":
            if digit is not None:
                return None
        elif digit is not None:
            return None
        else:
            digit = _DIGITS.index(c)
    return Decimal(total + (digit or 0)) if words else None


def _chinese_decimal(words: str) -> Decimal | None:
    whole, point, rest = words.partition("点")
    value = chinese_value(whole)
    if value is None or not point:
        return value
    digits = [c for c in rest.replace("〇", "零") if c in _DIGITS]
    if len(digits) != len(rest) or not digits:
        return None
    return value + Decimal("0." + "".join(str(_DIGITS.index(c)) for c in digits))
