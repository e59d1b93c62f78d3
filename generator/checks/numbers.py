"""FMT: numbers, units and format."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Final

from generator.balance import DERIVED_MEASURES, Declared, Figures, rows_above
from generator.checks.rule import E, Finding, I, Rule, W, told_elsewhere
from generator.checks.search import Hit, everything
from generator.checks.subject import Passage, Subject
from generator.checks.unit_cells import leaf_cells, slack
from generator.money import fixed, plain
from generator.problem import Path

PROSE: Final = ("文字", "原因")
"""Texts that speak of the budget; goals and indicators have units of their own."""

# --- decimals -----------------------------------------------------------------------------------

_DIGIT: Final = "[0-9０-９]"
_AMOUNT: Final = re.compile(
    rf"{_DIGIT}[0-9０-９,]{{0,20}}[.．]({_DIGIT}{{1,12}})\s?万元(?!\s?[/／每])"
)


def _prose(subject: Subject) -> Iterator[tuple[Passage, re.Match[str]]]:
    """Amounts with decimals in the texts that speak of the budget; a price per piece is none."""
    for passage in subject.passages:
        if passage.kind in PROSE:
            for found in _AMOUNT.finditer(passage.text):
                yield passage, found


def decimals(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT101: an amount of the text has at most the two decimals of the tables."""
    for passage, found in _prose(subject):
        if len(found[1]) > 2:
            yield Finding(
                f"{passage.label}里的“{found[0]}”有 {len(found[1])} 位小数，表里的金额是两位",
                passage.path,
                hint="万元最多写两位小数，请与表里的数写得一样。",
                quote=found[0],
            )


def same_decimals(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT108: a document either keeps trailing zeros (929.90万元) or drops them (1018.4万元)."""
    kept: str | None = None
    dropped: str | None = None
    for passage, found in _prose(subject):
        if len(found[1]) == 1:
            dropped = dropped or found[0]
        elif len(found[1]) == 2 and found[1][-1] in "0０":
            kept = kept or found[0]
        if kept and dropped:
            yield Finding(
                f"文字里的金额有的补零（“{kept}”），有的不补零（“{dropped}”）",
                passage.path,
                hint="一份文件里请用同一种写法。",
                quote=found[0],
            )
            return


# --- rounding -----------------------------------------------------------------------------------

_HALF: Final = Decimal("0.005")


def rounding(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT105: a difference so small that rounding each part on its own explains it.

    A total that is not the sum of its published parts stays an error; this says where it may come
    from. Units that were filled in in 元 are each rounded on their own: that is no error.
    """
    figures = subject.figures
    below = cache(partial(_below, figures))
    for declared in subject.disclosure.declared():
        difference = declared.amount - figures.get(declared.measure, declared.row)
        if difference and abs(difference) <= _HALF * 50:  # few totals differ at all
            parts = _parts(figures, declared, below)
            if parts > 1 and abs(difference) <= _HALF * (parts + 1):
                yield Finding(
                    f"合计 {fixed(declared.amount)} 与明细之和相差 {fixed(abs(difference))} 万元，"
                    f"没有超过 {parts} 个数各自四舍五入所能差的 {plain(_HALF * (parts + 1))} 万元",
                    declared.path,
                    tolerance=_HALF * (parts + 1),
                    hint="像是各数分别四舍五入造成的；公开的合计必须等于公开的明细之和，"
                    "请按明细改合计。",
                )
    most = slack(subject, len(subject.units))
    cells = leaf_cells(subject) if most else ()
    if apart := [cell for cell in cells if 0 < abs(cell.own - cell.sum) <= most]:
        yield Finding(
            f"部门有 {len(apart)} 个数与所属单位之和相差不超过 {fixed(most)} 万元，"
            f"如{apart[0].label}：部门 {fixed(apart[0].own)}，所属单位之和 {fixed(apart[0].sum)}",
            ("所属单位",),
            hint="部门和各单位分别由元换算成万元，会有这样的差，不是错误。",
        )


def _parts(figures: Figures, declared: Declared, below: Callable[[str], Mapping[str, int]]) -> int:
    """How many figures the total is the sum of: across its row, or down its column."""
    measure, row = declared.measure, declared.row
    across = DERIVED_MEASURES.get(measure, ("", ()))[1]
    return max(
        sum(1 for part in across if figures.get(part, row)),
        0 if declared.leaf else below(measure).get(row, 0),
    )


def _below(figures: Figures, measure: str) -> Mapping[str, int]:
    """Row → how many rows of a column add up into it."""
    above = (next(rows_above(measure, row), None) for row in figures.rows([measure]))
    return Counter(row for row in above if row is not None)


# --- shares -------------------------------------------------------------------------------------

_SHARE: Final = re.compile(
    r"(?:占比|比重|比例|份额)(?:约|为|是|达|达到|约为|占)?\s?"
    r"(?P<number>[0-9０-９]{1,6}(?:[.．][0-9０-９]{1,4})?)\s?(?P<sign>[%％‰]|[，。；、,;]|$)"
)
_GROWS: Final = re.compile("增|升|提高|超|降|减|上年|同期|比20")


def shares(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT106: a share has its percent sign and is not more than the whole.

    Only where the sentence says itself that it is a share; a growth or a comparison is none.
    """
    for passage in subject.passages:
        if passage.kind not in PROSE:
            continue
        for found in _SHARE.finditer(passage.text):
            clause = re.split(
                "[，。；,;]", passage.text[max(0, found.start() - 40) : found.start()]
            )
            number = Decimal(unicodedata.normalize("NFKC", found["number"]))
            if number <= 1 or _GROWS.search(clause[-1]):
                continue
            if found["sign"] in ("%", "％") and number > 100:
                said = f"“{found[0]}”超过 100%"
                hint = "部分占整体的比重不会超过 100%，请核对这个数。"
            elif found["sign"] not in ("%", "％", "‰"):
                said = f"“{found[0].rstrip('，。；、,;')}”没有百分号"
                hint = "请补上百分号。"
            else:
                continue
            yield Finding(f"{passage.label}里的{said}", passage.path, hint=hint, quote=found[0])


# --- width --------------------------------------------------------------------------------------

_HALF_WIDTH: Final = re.compile("[,;:?!()](?<=[一-鿿].)(?=[一-鿿])")
_WIDE_DIGITS: Final = re.compile("[０-９]+")


_PARTS: Final = {"目标": "绩效目标", "指标": "绩效指标"}
"""Kinds of texts that are told apart from the explanatory text: they are cleaned up elsewhere."""


def widths(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT107: punctuation between Chinese characters is full width, digits are half width.

    Said once for a part of the document, which is cleaned up in one go.
    """
    for pattern, what, hint in (
        (_HALF_WIDTH, "半角标点夹在汉字之间", "中文里请用全角的“，；：（）”。"),
        (_WIDE_DIGITS, "用了全角数字", "数字请用半角。"),
    ):
        parts: dict[str, dict[Path, Hit]] = {}
        for hit in everything(subject).find(pattern):
            if hit.passage.kind != "名称":
                part = _PARTS.get(hit.passage.kind, "情况说明")
                parts.setdefault(part, {}).setdefault(hit.passage.path, hit)
        for part, places in parts.items():
            first = next(iter(places.values()))
            passage = first.passage
            quote = passage.text[max(0, first.start - 4) : first.end + 4]
            yield Finding(
                f"{part}有 {len(places)} 处{what}，第一处是{passage.label}的“{quote}”",
                passage.path,
                hint=hint,
                quote=quote,
            )


# --- counts -------------------------------------------------------------------------------------

_COUNTED: Final = frozenset("台套辆个张件把部本支只户架块盏条幅枚间座副份册面箱包桶")
"""Units in which things are counted one by one; 项, 批 and 年 may well be halves."""


def counts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """FMT110: things that are counted come in whole numbers."""
    for i, row in enumerate(subject.disclosure.procurement):
        if row.quantity is not None and row.measure_unit in _COUNTED and not _whole(row.quantity):
            yield Finding(
                f"“{row.goods}”的数量是 {plain(row.quantity)} {row.measure_unit}，不是整数",
                ("政府采购", i, "数量"),
                actual=row.quantity,
                hint=f"按“{row.measure_unit}”计的物品应是整数，请核对数量和计量单位。",
            )
    lines = subject.pack.tables["资产"].lines
    labels = {line.row: line.label for line in lines if line.row}
    for i, asset in enumerate(subject.disclosure.assets):
        label = labels.get(asset.item, "")
        counted = "辆" in label or "个" in label or "设备" in asset.item
        if asset.quantity is not None and counted and not _whole(asset.quantity):
            yield Finding(
                f"“{asset.item}”的数量是 {plain(asset.quantity)}，不是整数",
                ("国有资产", i, "数量"),
                actual=asset.quantity,
                hint="按台、辆、个计的资产应是整数，请核对数量。",
            )


def _whole(quantity: Decimal) -> bool:
    return quantity == quantity.to_integral_value()


RULES: tuple[Rule, ...] = (
    Rule("FMT101", "文字里的金额最多两位小数", W, decimals),
    *told_elsewhere("FMT102", "FMT103", "FMT104"),
    Rule("FMT105", "四舍五入造成的差", I, rounding, "env"),
    Rule("FMT106", "比重有百分号，不超过 100%", E, shares),
    Rule("FMT107", "标点和数字的全角半角一致", I, widths),
    Rule("FMT108", "文字里的金额小数写法一致", I, same_decimals),
    *told_elsewhere("FMT109"),
    Rule("FMT110", "按件计的数量是整数", E, counts),
)
