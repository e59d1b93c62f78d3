"""Amounts: what people type, and what is printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import money

AMOUNTS = st.decimals(
    min_value=0, max_value=10**14, places=2, allow_nan=False, allow_infinity=False
)


@given(AMOUNTS)
def test_what_is_printed_reads_back(amount: Decimal) -> None:
    assert money.parse(money.fixed(amount)) == amount
    assert money.parse(money.short(amount)) == amount
    assert money.parse(money.plain(amount)) == amount


@given(AMOUNTS)
def test_thousands_separators_and_full_width_digits_are_accepted(amount: Decimal) -> None:
    assert money.parse(f"{amount:,}") == amount
    assert money.parse(f" {amount:,} ".replace(",", "\u00a0")) == amount
    wide = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
    assert money.parse(f"\u3000{amount:,}".translate(wide)) == amount


@given(st.text())
def test_any_text_is_an_amount_or_not(text: str) -> None:
    try:
        number = money.parse(text)
    except money.NotAnAmount:
        return
    assert number.is_finite()
    assert len(str(abs(int(number)))) <= money.MAX_INTEGER_DIGITS


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", ".", "1.", ".5", "1..2", "1.2.3", "1e5", "NaN", "Infinity", "0x10"),
        *("12,34", "1,23", ",123", "1,234,", "1234,567", "12 34", "1.234,5", "1,2345"),
        *("3万", "约3", "3元", "三", "½", "²", "٣", "(5)", "5%", "--5", "9" * 16),
    ],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(money.NotAnAmount):
        money.parse(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-1.5", "-1.5"),
        ("－１", "-1"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("007.10", "7.10"),
        ("1, 234", "1234"),
        ("9" * 15, "9" * 15),
    ],
)
def test_what_is_a_number(text: str, number: str) -> None:
    assert str(money.parse(text)) == number


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("3", 0), ("3.00", 0), ("1.50", 1), ("1.05", 2), ("1." + "0" * 40 + "1", 41), ("1000", 0)],
)
def test_decimals(text: str, decimals: int) -> None:
    assert money.decimals(Decimal(text)) == decimals


@pytest.mark.parametrize(
    ("text", "fixed", "short", "plain"),
    [
        ("1018.40", "1018.40", "1018.4", "1018.4"),
        ("2901.00", "2901.00", "2901", "2901"),
        ("0", "0.00", "0", "0"),
        ("0.05", "0.05", "0.05", "0.05"),
        ("1E+3", "1000.00", "1000", "1000"),
    ],
)
def test_printing(text: str, fixed: str, short: str, plain: str) -> None:
    number = Decimal(text)
    assert (money.fixed(number), money.short(number), money.plain(number)) == (fixed, short, plain)
