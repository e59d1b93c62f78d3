"""Amounts: text to Decimal and back. Nothing here ever touches a binary float.

All amounts are 万元 with at most two decimals; a sum of such amounts is exact and never rounded.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal("0.00")
CENT: Final = Decimal("0.01")

# 15 integer digits are more than the budget of the country in 万元; a longer number is a slip.
MAX_INTEGER_DIGITS: Final = 15

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９，．－＋", "0123456789,.-+")
# Commas or blanks may part groups of three; “12,34” may be a slip, so it is no number.
_NUMBER = re.compile(r"([+-]?)\s*([0-9]{1,3}(?:(?:,\s?|\s)[0-9]{3})+|[0-9]+)(\.[0-9]+)?")


class NotAnAmount(ValueError):
    """The text is no number; the caller knows the place and tells the user."""


def parse(text: str) -> Decimal:
    """Read an amount or a quantity as people type it: ``1,234.50``, ``１２３．４``, ``１，０００``.

    Thousands separators, blanks and full-width digits are accepted; anything else that is not
    a plain decimal number (``1e5``, ``NaN``, ``约3``) raises :class:`NotAnAmount`.
    """
    found = _NUMBER.fullmatch(text.translate(_FULL_WIDTH).strip())
    if found is None:
        raise NotAnAmount(text)
    whole = re.sub(r"[,\s]", "", found[2]).lstrip("0")
    if len(whole) > MAX_INTEGER_DIGITS:
        raise NotAnAmount(text)
    number = Decimal(f"{found[1]}{whole or 0}{found[3] or ''}")
    return number or number.copy_abs()  # there is no “-0.00” in a budget


def decimals(amount: Decimal) -> int:
    """Number of significant decimals: 1.50 has one, 3 has none."""
    return len(f"{amount:f}".partition(".")[2].rstrip("0"))


def fixed(amount: Decimal) -> str:
    """Two decimals, no thousands separator: the number format of every table (万元)."""
    return f"{amount:.2f}"


def short(amount: Decimal) -> str:
    """Trailing zeros dropped, as in running text: 1018.40 is ``1018.4``, 2901.00 is ``2901``."""
    text = f"{amount:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def plain(number: Decimal) -> str:
    """A quantity as entered, without exponent or padding: 450, 5210.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
