"""What an indicator's value says, and what is no value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.checks.values import Value, dates, parse


def _value(low: str | None, high: str | None, unit: str) -> Value:
    return Value(
        None if low is None else Decimal(low), None if high is None else Decimal(high), unit
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("≥95%", _value("95", None, "%")),
        ("≥ 95 ％", _value("95", None, "%")),
        (">=95%", _value("95", None, "%")),
        ("不低于95%", _value("95", None, "%")),
        ("达到95%及以上", _value("95", None, "%")),
        ("95%以上", _value("95", None, "%")),
        ("100%", _value("100", "100", "%")),
        ("＜3.5万元", _value(None, "3.5", "万元")),
        ("5天内", _value(None, "5", "天")),
        ("控制在5个工作日以内", _value(None, "5", "个工作日")),
        ("≤200元/本", _value(None, "200", "元/本")),
        ("≥50万字", _value("50", None, "万字")),
        ("1,200.50元", _value("1200.5", "1200.5", "元")),
        ("2500至3000本", _value("2500", "3000", "本")),
        ("80%-90%", _value("80", "90", "%")),
        ("3套。", _value("3", "3", "套")),
        ("1年", _value("1", "1", "年")),
        ("≤31日", _value(None, "31", "日")),
        ("95", _value("95", "95", "")),
    ],
)
def test_a_value_is_understood(text: str, value: Value) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "全体人员", "按规定时间发放", "有所提升", "2023年12月31日", "2023年12月", "2023年"),
        *("每月25日前", "25日前", "12月底前", "12月", "31日", "2023-12-31", "约10次", "10次左右"),
        *("≥95%；≤5%", "≥5天以内", "≥5%以内", "冀政办字〔2021〕102号", "1,23个"),
        *("3次，5次", "5-", "3-5-7", "≥", "%", "9" * 30, "字" * 10_000, "1" * 10_000, "3本至5%"),
    ],
)
def test_what_is_no_value_is_none(text: str) -> None:
    assert parse(text) is None


def test_sides_that_are_open() -> None:
    lower, upper, both = parse("≥95%"), parse("≤5天"), parse("3套")
    assert lower is not None and lower.only_from_below and not lower.only_from_above
    assert upper is not None and upper.only_from_above and not upper.only_from_below
    assert both is not None and both.exact


def test_money_and_what_it_counts() -> None:
    price = parse("≤200元/本")
    assert price is not None
    assert (price.in_wan, price.counted) == (Decimal("0.0001"), "本")
    share = parse("95%")
    assert share is not None and share.in_wan is None and share.is_percent


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2023年12月31日", [(2023, 12, 31)]),
        ("2023年12月底前", [(2023, 12, 0)]),
        ("2023年3月至2024年6月", [(2023, 3, 0), (2024, 6, 0)]),
        ("2023-12-31", [(2023, 12, 31)]),
        ("2023年底", [(2023, 0, 0)]),
        ("12月31日", []),
        ("冀财〔2022〕5号", []),
        ("2022年度工作计划", []),
        ("电话0315-2023-1234", []),
    ],
)
def test_dates_in_a_text(text: str, named: list[tuple[int, int, int]]) -> None:
    assert [(d.year, d.month, d.day) for d in dates(text)] == named


def test_a_day_that_does_not_exist() -> None:
    assert [d.exists for d in dates("2023年2月30日，2023年2月28日，2023年13月")] == [
        *(False, True, False),
    ]
