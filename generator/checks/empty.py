"""Empty tables and their notes (EMP)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.checks.readback import differences
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.search import prose_of
from generator.checks.subject import Subject

WRITTEN: Final = (Need.WRITTEN,)


def note(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """The note of an empty table stands in the document if and only if the table is empty."""
    return (finding for of, finding in differences(subject) if of == rule.id)


_NO_PURCHASE = re.compile(r"(?:无|没有|未安排|不安排|未编制)政府采购(?:预算|事项|项目|安排|支出)?")
_NO_ASSETS = re.compile(r"(?:无|没有)固定资产(?:占用)?|固定资产(?:占用)?情况?为空")
_UNLESS = re.compile(r"[^，。；]{0,6}(?:以外|之外|除外|增加|变化|变动|处置|报废|采购目录)")


def no_purchases(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """EMP103: the user's own sentence says that there are none, the table has some."""
    rows = [row for row in subject.disclosure.procurement if row.sum_row is None and row.amount]
    yield from _denied(subject, "采购说明", _NO_PURCHASE, "政府采购", len(rows), "笔")


def no_assets(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """EMP104: the same of the assets."""
    rows = [row for row in subject.disclosure.assets if row.value or row.quantity]
    yield from _denied(subject, "资产说明", _NO_ASSETS, "国有资产", len(rows), "行")


def _denied(
    subject: Subject, key: str, none: re.Pattern[str], sheet: str, rows: int, unit: str
) -> Iterator[Finding]:
    for i, text in enumerate(subject.content.explanation.texts.get(key, [])):
        found = none.search(text)
        if rows and found and not _UNLESS.match(text, found.end()):
            yield Finding(
                f"正文说“{found[0]}”，表里有 {rows} {unit}",
                ("文字", key, i),
                hint=f"请核对“{sheet}”，或改正这一段；不填则由程序写。",
                involved=((sheet,),),
                quote=found[0],
            )


def no_special_funds(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """EMP107: a part of the performance chapter without projects says so."""
    facts, texts = subject.form.facts, subject.content.explanation.texts
    for key, fact, name in (
        ("专项资金", "专项资金", "专项资金"),
        ("预算项目说明", "预算项目", "预算项目"),
    ):
        slot = subject.form.pack.sections.slots.get(key)
        if (
            slot is not None
            and facts[fact] == "无"
            and subject.form.choose(slot.text)
            and not texts[key]
        ):
            yield Finding(
                f"没有{name}，绩效信息里也没有说明",
                ("文字", key),
                hint="请写“无”或一句话；不填则由程序写“无”。",
            )


_BARE_ZERO = re.compile(r"(?<![\d.,])0\s*万元")
_LONG_ZERO = re.compile(r"(?<![\d.,])0\.0+\s*万元")


def one_zero(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """EMP108: zero is written in one way in all that the user typed.

    Not of 采购 and 资产: their amounts have two decimals in the form itself.
    """
    prose = prose_of(
        p
        for p in subject.passages
        if p.kind in ("文字", "原因") and p.key not in ("采购说明", "资产说明")
    )
    bare, long = list(prose.find(_BARE_ZERO)), list(prose.find(_LONG_ZERO))
    if bare and long:
        rare, other = (bare, long) if len(bare) <= len(long) else (long, bare)
        yield Finding(
            f"零有两种写法：“{rare[0].words}”{len(rare)} 处，“{other[0].words}”{len(other)} 处",
            rare[0].passage.path,
            hint="全文请用同一种写法，通常写 0 万元。",
            involved=tuple(hit.passage.path for hit in (*rare, *other)),
            quote=rare[0].quote,
        )


RULES: tuple[Rule, ...] = (
    Rule("EMP101", "政府基金表为空才有空表注", E, note, "", WRITTEN),
    Rule("EMP102", "国有资本经营表为空才有空表注", E, note, "", WRITTEN),
    Rule("EMP103", "政府采购的文字与表同为空", E, no_purchases, "", (Need.PROCUREMENT,)),
    Rule("EMP104", "固定资产的文字与表同为空", E, no_assets, "", (Need.ASSETS,)),
    Rule("EMP105", "“三公”经费表为空才有空表注", W, note, "", WRITTEN),
    Rule("EMP106", "空表注说的是自己的表", E, note, "", WRITTEN),
    Rule("EMP107", "没有专项资金要写明", W, no_special_funds),
    Rule("EMP108", "零在全文只有一种写法", I, one_zero, "", (Need.TEXT,)),
)
