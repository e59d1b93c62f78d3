"""Amounts: text to Decimal and back. Nothing here ever touches a binary float.

All amounts are 万元 with at most two decimals; a sum of such amounts is exact and never rounded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

ZERO: Final = Decimal("0.00")
CENT: Final = Decimal("0.01")

# 15 integer digits are more than the budget of the country in 万元; a longer number is a slip.
MAX_INTEGER_DIGITS: Final = 15

_FULL_WIDTH = str.maketrans(
    {**{chr(0xFF10 + i): str(i) for i in range(10)}, "，": ",", "．": ".", "－": "-", "＋": "+"}
)
_SEPARATORS = str.maketrans("", "", ", \t\r\n\u00a0\u3000\u2009\u202f")


class NotAnAmount(ValueError):
    """The text is no number; the caller knows the place and tells the user."""


def parse(text: str) -> Decimal:
    """Read an amount or a quantity as people type it: ``1,234.50``, ``１２３．４``, ``１，０００``.

    Thousands separators, blanks and full-width digits are accepted; anything else that is not
    a plain decimal number (``1e5``, ``NaN``, ``约3``) raises :class:`NotAnAmount`.
    """
    plain = text.translate(_FULL_WIDTH)
    bare = plain.translate(_SEPARATORS)
    digits = bare[1:] if bare[:1] in "+-" else bare
    whole, dot, decimals = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (
        dot and not (decimals.isascii() and decimals.isdigit())
    ):
        raise NotAnAmount(text)
    if "," in plain and not _commas_group_thousands(plain.strip().lstrip("+-")):
        raise NotAnAmount(text)
    if len(whole.lstrip("0")) > MAX_INTEGER_DIGITS:
        raise NotAnAmount(text)
    return Decimal(bare)


def _commas_group_thousands(number: str) -> bool:
    """``1,234,567.8`` is a number; ``12,34`` may be a decimal comma or a slip, so it is neither."""
    whole, _, decimals = number.partition(".")
    first, *groups = whole.split(",")
    return "," not in decimals and 1 <= len(first) <= 3 and all(len(g) == 3 for g in groups)


def decimals(amount: Decimal) -> int:
    """Number of significant decimals: 1.50 has one, 3 has none."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


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
