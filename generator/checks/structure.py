"""Structure and required content (STR).

What the program sets itself can only be wrong in the file: those rules have their part in the
comparison of the document just written (:mod:`generator.checks.readback`). The others are about
what the user wrote in place of the form's own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from generator.checks.readback import differences, fault, quoted
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.search import bare
from generator.checks.subject import Subject
from generator.problem import Path
from generator.wording import MISSING
from generator.written import WrittenParagraph

WRITTEN: Final = (Need.WRITTEN,)
# From its last digit on: a pattern that began with the first would run over long numbers again.
_AMOUNT: Final = r"[0-9０-９][,，.．]{0,3}\s{0,9}[万亿]?元|[零一二三四五六七八九十百千两][万亿]?元"
_NONE: Final = r"无|没有|未安排|不安排|未发生|为零|不涉及|不属于|不在|不纳入|不列"


def same(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """The rule's part in the comparison of the document with its data."""
    return (finding for of, finding in differences(subject) if of == rule.id)


# --- STR005 ---------------------------------------------------------------------------------


def contents(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR005: each line leads to a heading with the same words, and no number goes back.

    That the number is the page on which the heading stands only a PDF shows (REN004).
    """
    yield from same(subject, rule)
    assert subject.document is not None
    items = [i for i in subject.document.items if isinstance(i, WrittenParagraph)]
    headings = {mark: item.text for item in items for mark in item.bookmarks}
    before = 0
    for item in (item for item in items if item.link):
        words, _, number = item.text.partition("\t")
        if headings.get(item.link) != words:
            yield fault(f"目录{quoted(words)}没有指向文字相同的标题")
        page = int("".join(re.findall(r"[0-9]+", number)) or 0)
        if page < before:
            yield fault(f"目录{quoted(words)}的页码 {page} 小于前一行的 {before}")
        before = page


# --- STR006 ---------------------------------------------------------------------------------

_NOTHING = re.compile(r"(?:无|没有|略|暂无|见附件|详见.{0,12}|同上|待定|[-—/、.。…]*)")


def duties(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR006: duties, or 涉密. Nothing at all is WRD104's."""
    texts = subject.disclosure.texts.get("职责", ())
    said = [bare(text) for text in texts]
    if texts and all(_NOTHING.fullmatch(text.removeprefix("部门职责：")) for text in said):
        yield Finding(
            f"部门职责只写了“{texts[0]}”",
            ("文字", "职责", 0),
            hint="请按三定方案逐条填写；依法不公开的写“涉密”。",
            quote=texts[0],
        )


# --- STR007 ---------------------------------------------------------------------------------

_COLUMNS: Final = {"单位性质": "nature", "单位规格": "rank", "经费保障形式": "funding"}


def institutions(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR007: a value in the column of another, and a blank where the others are filled in.

    The pack's lists are suggestions, so a value that no list has is no finding.
    """
    lists = subject.pack.lists
    rows = subject.disclosure.institutions
    owner = {value: name for name in _COLUMNS for value in lists.get(name, ())}
    for name, field in _COLUMNS.items():
        values = [getattr(row, field) for row in rows]
        for i, value in enumerate(values):
            path: Path = ("机构设置", i, name)
            # A unit may have no rank.
            if not value and any(values) and name != "单位规格":
                yield Finding(
                    f"“{rows[i].name}”没有填{name}", path, hint=f"其他机构都填了，请补上{name}。"
                )
            elif owner.get(value, name) != name:
                yield Finding(
                    f"“{rows[i].name}”的{name}填的是“{value}”，这是{owner[value]}",
                    path,
                    hint=f"{name}一般填：{'、'.join(lists[name])}。",
                )


# --- STR008 ---------------------------------------------------------------------------------

_PART = re.compile(r"第([一二三四五六七八九])部分")
_ANY_PART = re.compile(r"第\s*(\S{1,3}?)\s*部分")


def parts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR008: the form's heading of a part begins with 第一部分; so must the user's own."""
    for key, slot in subject.form.pack.sections.slots.items():
        wanted = _PART.match(subject.form.choose(slot.text))
        own = subject.content.explanation.texts[key]
        if wanted is None or key not in subject.disclosure.texts:
            continue
        path: Path = ("文字", key, 0)
        if not own:
            yield Finding(
                f"没有“{wanted[0]}”的标题", ("文字", key), hint="不填则由程序按格式写这个标题。"
            )
        elif not own[0].strip().startswith(wanted[0]):
            found = _ANY_PART.match(own[0].strip())
            shown = found[0] if found else own[0][:12]
            yield Finding(
                f"标题“{shown}”应为“{wanted[0]}”",
                path,
                hint="部分的编号用汉字，按第一、第二、第三的次序。",
                quote=own[0],
            )


# --- STR010, 012–015 ------------------------------------------------------------------------


def other_matters(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR010: the last chapter says at least that there is nothing more to say."""
    if not _said(subject, "其他"):
        yield Finding(
            "“其他需要说明的事项”什么也没有写",
            ("文字", "其他"),
            hint="没有需要说明的，也要写一句；不填则由程序写。",
        )


_SANGONG: Final = {
    "“三公”经费总额": r"三公",
    "因公出国（境）费": r"出国|出境",
    "公务用车购置费": r"购置(?![及和与、])",
    "公务用车运行维护费": r"(?<!购置及)(?<!购置和)(?<!购置与)(?<!购置、)(?:运行|运维)",
    "公务接待费": r"接待|招待",
}
_SANGONG_SLOTS: Final = ("三公总额", "三公增减", "三公出国", "三公购置", "三公运维", "三公接待")
_SANGONG_ITEMS: Final = {
    name: (re.compile(item), re.compile(rf"(?:{item})[^。；]{{0,40}}?(?:{_AMOUNT}|{_NONE})"))
    for name, item in _SANGONG.items()
}
_NO_SANGONG = re.compile(r"(?:无|没有|未安排|不安排)(?:财政拨款)?[“\"]?三公[”\"]?经费")


def sangong(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR012: the total and each of the four items with its amount; combined is not enough."""
    own = [key for key in _SANGONG_SLOTS if key in subject.disclosure.texts]
    # The form's own sentence on the change of the total does not state the total.
    keys = [key for key in _SANGONG_SLOTS if key in own or key != "三公增减"]
    text = "\n".join("".join(_said(subject, key)) for key in keys)
    if not own or _NO_SANGONG.search(text) or MISSING in text:
        return
    for name, (item, stated) in _SANGONG_ITEMS.items():
        if stated.search(text):
            continue
        lack = "没有写金额" if item.search(text) else "没有写"
        yield Finding(
            f"“三公”经费的说明里{name}{lack}",
            ("文字", own[0], 0),
            hint=f"请写明{name}的金额，没有也要写 0 万元。",
        )


_RUNNING = re.compile(rf"{_AMOUNT}|{_NONE}")
_NO_PURCHASE = re.compile(rf"{_AMOUNT}|无|没有|未安排|不安排|空表")


def running(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR013: the running costs of the offices have an amount."""
    yield from _amount_in(subject, "机关运行经费", "机关运行经费", _RUNNING)


def procurement(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR014: the total in the sentence; the table is the program's."""
    yield from _amount_in(subject, "采购说明", "政府采购预算", _NO_PURCHASE)


def assets(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR015: the total in the sentence; table and date are the program's."""
    yield from _amount_in(subject, "资产说明", "固定资产", _NO_PURCHASE)


def _amount_in(subject: Subject, key: str, name: str, stated: re.Pattern[str]) -> Iterator[Finding]:
    if key not in subject.disclosure.texts:
        return
    text = "\n".join(_said(subject, key))
    if not stated.search(text) and MISSING not in text:
        yield Finding(
            f"自己写的“{key}”没有写{name}的金额",
            ("文字", key, 0) if text else ("文字", key),
            hint=f"请写明{name}是多少万元，没有就写明没有；不填则由程序写。",
            quote=text[:20] or None,
        )


def _said(subject: Subject, key: str) -> list[str]:
    return subject.content.explanation.texts.get(key, [])


# --- STR016 ---------------------------------------------------------------------------------


def in_time(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """STR016: published within so many days of the approval."""
    basics = subject.disclosure.basics
    approved, published = basics.approved_on, basics.published_on
    assert approved is not None and published is not None and rule.limit is not None
    path: Path = ("基本信息", "公开日期")
    days = (published - approved).days
    if days < 0:
        yield Finding(
            f"公开日期 {published} 早于批复日期 {approved}", path, hint="请核对两个日期。"
        )
    elif days > rule.limit:
        last = approved + timedelta(days=int(rule.limit))
        yield Finding(
            f"批复后第 {days} 天才公开，超过 {rule.limit} 天",
            path,
            hint=f"最迟应在 {last} 公开。",
            involved=(("基本信息", "批复日期"),),
        )


RULES: tuple[Rule, ...] = (
    Rule("STR001", "九张表齐全，次序和标题正确", E, same, "", WRITTEN),
    Rule("STR002", "每张表写明编码名称、年度和单位", E, same, "", WRITTEN),
    Rule("STR003", "情况说明一至九章齐全", E, same, "", WRITTEN),
    Rule("STR004", "收支总表的项目与格式一致", W, same, "", WRITTEN),
    Rule("STR005", "目录与标题一致", E, contents, "", WRITTEN),
    Rule("STR006", "写明部门职责", E, duties, "", (Need.TEXT,)),
    Rule("STR007", "机构设置填写完整，各列不错位", E, institutions),
    Rule("STR008", "绩效信息的三个部分编号正确", W, parts, "", (Need.TEXT,)),
    Rule("STR009", "名词解释的条目齐全", W, same, "", WRITTEN),
    Rule("STR010", "写明其他需要说明的事项", E, other_matters),
    Rule("STR011", "第二部分与所属单位一致", I, same, "", WRITTEN),
    Rule("STR012", "“三公”经费逐项写明金额", E, sangong, "", (Need.TEXT,)),
    Rule("STR013", "机关运行经费写明金额", E, running, "", (Need.TEXT,)),
    Rule("STR014", "政府采购写明金额", E, procurement, "", (Need.TEXT,)),
    Rule("STR015", "国有资产写明金额", E, assets, "", (Need.TEXT,)),
    Rule("STR016", "在批复后规定的天数内公开", I, in_time, "", (Need.DATES,), Decimal(20)),
    Rule("STR017", "封面写明名称、年度和标题", W, same, "", WRITTEN),
)
