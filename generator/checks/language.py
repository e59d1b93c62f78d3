"""TXT: what the user typed; how it is set is looked at in :mod:`typography`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.search import CJK, Hit, bare, everything, gather, of_kinds
from generator.checks.subject import Subject
from generator.checks.typography import doubled_headings, paragraphs, punctuation
from generator.problem import Path
from generator.wording import MISSING

# --- TXT101 -------------------------------------------------------------------------------------

# (characters without which there is none, pattern): none of these can be meant.
_MARKS: Final = tuple(
    (trigger, re.compile(pattern))
    for trigger, pattern in (
        ("X", r"(?<![A-Za-z0-9./])X{2,}(?![A-Za-z0-9])|20XX|X(?=年X*月)"),
        ("x", r"(?<![A-Za-z0-9./])x{2,}(?![A-Za-z0-9])|20xx"),
        ("×", r"×{2,}|(?<![0-9])×(?=年|月|日|万元)"),
        ("_", r"_{3,}"),
        ("＿", r"＿{2,}"),
        ("○", r"(?<![二一])○{2,}(?![一二三四五六七八九])"),
        ("{{", r"\{\{[^{}\n]{0,30}\}?\}?"),
        ("{%", r"\{%[^{}\n]{0,30}%?\}?"),
        ("未定义书签", r"错误[!！]\s*未定义书签"),
        ("引用源", r"错误[!！]\s*未找到引用源"),
        ("Bookmark", r"Error!\s*Bookmark[^。\n]{0,20}"),
        ("_Toc", r"(?:PAGEREF\s+)?_Toc\d+"),
        ("#", r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?)"),
    )
)
_WORDS: Final = tuple(
    (trigger, re.compile(pattern))
    for trigger, pattern in (
        ("某某", r"某某"),
        ("待补", r"待补充?(?=[\n。，；）】]|$)"),
        ("填写", r"请在?此?处?填写|[（【(]此?处?填写[^）】)]{0,10}[）】)]"),
        ("此处", r"此处(?:填|写|插入|输入|省略)[^，。；]{0,6}"),
        ("单击", r"单击(?:此处|或点击)[^，。；]{0,12}"),
        ("等", r"各[种类]等(?=(?:工作|事项|任务|设备|用品|费用|经费|支出|[，。、]))"),
        ("目标内容", r"目标内容\s*\d"),
    )
)


def placeholders(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT101: what waits to be replaced. Words of the blank form in goals and rows are PRF105's."""
    prose = everything(subject)
    hits = [hit for trigger, pattern in _MARKS for hit in prose.find(pattern, trigger)]
    said = of_kinds(subject, "文字", "原因", "名词", "名称")
    hits += [hit for trigger, pattern in _WORDS for hit in said.find(pattern, trigger)]
    found = (
        (f"里的“{hit.words}”像是还没有填写的内容", hit)
        for hit in hits
        if not hit.in_title and MISSING not in hit.passage.text
    )
    yield from gather(found, "请写上真实的内容，或删去。")


# --- TXT102 -------------------------------------------------------------------------------------

_RANK: Final = {"省": 3, "市": 2, "县": 1, "区": 1}
_LEVELS = re.compile(
    r"目前我([省市县区])(?:部门|单位)?预算的?编制"
    r"|指([省市县区])级财政(?:当年)?拨付"
    r"|纳入([省市县区])级财政预算管理"
    r"|是指([省市县区])级部门用财政拨款"
)


def level_words(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT102: a sentence of the form of a higher level. A lower one may be a city below a city."""
    own = subject.disclosure.basics.level
    told: set[Path] = set()
    for hit in of_kinds(subject, "文字", "名词").find(_LEVELS):
        match = _LEVELS.match(hit.words)
        level = next(filter(None, match.groups())) if match else own
        if _RANK[level] <= _RANK[own] or hit.passage.path in told:
            continue
        told.add(hit.passage.path)
        yield Finding(
            f"{hit.passage.label}里的“{hit.words}”说的是{level}级，这份文件是{own}级",
            hit.passage.path,
            hint=f"请把“{level}”改为“{own}”；这是格式里的固定文字，不填就由程序按级别写。",
            quote=hit.words,
        )


# --- TXT103 -------------------------------------------------------------------------------------

_PERSONAL: Final = (
    ("身份证号", re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])")),
    ("手机号", re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])")),
    ("电话号码", re.compile(r"(?<!\d)0\d{2,3}[-－—]\d{7,8}(?!\d)")),
    ("姓名", re.compile(r"姓名[:：]?[" + CJK + r"]{2,4}|张三|李四|王五(?!金)")),
)


def personal(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT103: what must not be read in a published title."""
    prose = of_kinds(subject, "名称")
    for what, pattern in _PERSONAL:
        for hit in prose.find(pattern):
            yield Finding(
                f"项目名称里有{what}“{hit.words}”",
                hit.passage.path,
                hint="项目名称会公开，请删去个人信息。",
                quote=hit.words,
            )


# --- TXT104 -------------------------------------------------------------------------------------

_BOOK = re.compile(r"《([" + CJK + r"]{4,14})》")
_OFFICE = re.compile(r"([省市县区])政府办公([厅室])(?!主任|副)")


def slips(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT104: known slips, one office under two names, a book with two characters exchanged."""
    prose = everything(subject)
    hits = [
        (f"里的“{hit.words}”疑为“{slip.right}”", hit)
        for slip in subject.pack.words.slips
        for hit in prose.find(slip.pattern, slip.word)
        if not hit.in_title
    ]
    yield from gather(hits, "请核对这几个字。")
    yield from _offices(subject)
    yield from _exchanged(subject)


def _offices(subject: Subject) -> Iterator[Finding]:
    """省 has a 办公厅, 县 a 办公室, 市 the one or the other: never both of one government."""
    seen: dict[str, dict[str, Hit]] = {}
    for hit in of_kinds(subject, "文字").find(_OFFICE):
        seen.setdefault(hit.words[0], {}).setdefault(hit.words[-1], hit)
    for level, names in seen.items():
        if len(names) > 1:
            rare = names["室" if level == "省" else "厅"]
            yield Finding(
                f"同一个机构有两种叫法：“{level}政府办公厅”和“{level}政府办公室”",
                rare.passage.path,
                hint="请核对机构的规范名称，全文用同一个。",
                involved=tuple(hit.passage.path for hit in names.values()),
                quote=rare.quote,
            )


def _exchanged(subject: Subject) -> Iterator[Finding]:
    prose = of_kinds(subject, "文字", "名称", "目标")
    told: set[str] = set()
    for hit in of_kinds(subject, "文字").find(_BOOK, "《"):
        title = hit.words[1:-1]
        if title in told:
            continue
        told.add(title)
        for i, (one, other) in enumerate(pairwise(title)):
            variant = title[:i] + other + one + title[i + 2 :]
            if one != other and variant in prose.text:
                yield Finding(
                    f"{hit.passage.label}里的“{title}”在别处写作“{variant}”",
                    hit.passage.path,
                    hint="两个字的次序不同，请改成一致。",
                    quote=hit.words,
                )
                break


# --- TXT107 -------------------------------------------------------------------------------------


def terms(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT107: items of the tables by their own names."""
    prose = of_kinds(subject, "文字", "原因")
    for wrong, right in subject.pack.words.terms.items():
        pattern = re.compile(re.escape(wrong) + "(?!用)")
        hits = ((f"里的“{wrong}”应为“{right}”", hit) for hit in prose.find(pattern, wrong))
        yield from gather(hits, "请用表里的名称。")


# --- TXT108 -------------------------------------------------------------------------------------

_YEAR = re.compile(
    r"(?<![\d—–－~～至到-])(20\d{2})\s*年(?![底末初]?(?:以[前来后]|前|起|[—–－~～至到-]))"
)
_NOT_BUDGET = re.compile(
    r"《[^》]{0,60}》|〔[^〕]{0,20}〕|“[^”]{0,60}”|[（(][^（）()]{0,60}号[）)]"
)
_OTHER_YEARS = re.compile(r"结转|跨年|规划|签订|合同|启动|开工|印发|成立|计划|至20\d\d|到20\d\d")
_COMPARED = re.compile(r"[与较比同和]\s*$")


def years(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT108: sentences of the budget that the form writes with this year, or with the last.

    A comparison with a year (与…年相比) is NAR117's.
    """
    known = {subject.year, subject.year - 1}
    slots = {
        key
        for key, slot in subject.form.pack.sections.slots.items()
        if any("{年度}" in alternative.text for alternative in slot.text)
    }
    for passage in subject.passages:
        if passage.kind == "文字" and passage.key in slots:
            for year, quote in _years_of(passage.text).items():
                if year not in known:
                    yield Finding(
                        f"{passage.label}写的是 {year} 年，这份文件是 {subject.year} 年的",
                        passage.path,
                        hint="请核对是不是沿用了往年的文字。",
                        quote=quote,
                    )


def _years_of(text: str) -> dict[int, str]:
    """Year → the words around it; of sentences that do not speak of other years."""
    found: dict[int, str] = {}
    for sentence in re.split(r"[。；]", text):
        said = _NOT_BUDGET.sub("", sentence)
        if _OTHER_YEARS.search(said):
            continue
        for match in _YEAR.finditer(said):
            if not _COMPARED.search(said[max(0, match.start() - 3) : match.start()]):
                quote = said[max(0, match.start() - 6) : match.end() + 8]
                found.setdefault(int(match[1]), quote)
    return found


# --- TXT110 to TXT112 ---------------------------------------------------------------------------


def secrets(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT110: a text that says no more than that it is secret."""
    for hit in of_kinds(subject, "文字", "目标").find(re.compile("涉密")):
        text = hit.passage.text
        if len(text) <= 20 and len(bare(text.rpartition("：")[2])) <= 12:
            yield Finding(
                f"{hit.passage.label}以涉密为由没有公开",
                hit.passage.path,
                hint="请确认已按保密规定审查，并留存依据。",
                quote=text,
            )


_WORD = re.compile(r"[A-Za-z]+")
_FOREIGN: Final = frozenset(
    ("and", "or", "of", "the", "in", "for", "with", "to", "by", "on", "at", "is", "are")
)
_CHINESE = re.compile(rf"[{CJK}，、]")


def foreign(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT111: a small foreign word between Chinese ones: what a translation has left."""
    hits = []
    for hit in everything(subject).find(_WORD):
        if hit.words.lower() in _FOREIGN:
            text = hit.passage.text
            before, after = text[: hit.start].rstrip(" ")[-1:], text[hit.end :].lstrip(" ")[:1]
            if _CHINESE.match(before) and _CHINESE.match(after):
                hits.append((f"里有外文“{hit.words}”", hit))
    yield from gather(hits, "请改成中文，或删去。")


_KINDS: Final = {
    "部门": re.compile(
        r"收支包含在单位预算中|我单位无其他需要说明|目前我.?单位预算的?编制"
        r"|20\d\d年单位预算(?:收入|支出|收支)"
    ),
    "单位": re.compile(
        r"我部门无其他需要说明|目前我.?部门预算的?编制|20\d\d年部门预算(?:收入|支出|收支)"
    ),
}


def kind_words(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT112: a department's sentence in a unit's document, or the reverse."""
    kind = subject.disclosure.basics.kind
    other = "单位" if kind == "部门" else "部门"
    for hit in of_kinds(subject, "文字").find(_KINDS[kind]):
        yield Finding(
            f"{hit.passage.label}里的“{hit.words}”说的是{other}，这份文件是{kind}的",
            hit.passage.path,
            hint=f"请把“{other}”改为“{kind}”。",
            quote=hit.words,
        )


RULES: tuple[Rule, ...] = (
    Rule("TXT101", "没有留着没填的内容", E, placeholders),
    Rule("TXT102", "级别用词与本级一致", W, level_words),
    Rule("TXT103", "项目名称里没有个人信息", W, personal, "", (Need.PROJECTS,)),
    Rule("TXT104", "没有错字和重复的词", I, slips),
    Rule("TXT105", "标题和提示语不重复", I, doubled_headings, "", (Need.TEXT,)),
    Rule("TXT106", "标点成对、不重复", I, punctuation),
    Rule("TXT107", "用表里的规范名称", W, terms),
    Rule("TXT108", "文字里的年份是本年或上年", W, years, "", (Need.TEXT,)),
    Rule("TXT109", "每段以句号结尾，一段一项", I, paragraphs, "", (Need.TEXT,)),
    Rule("TXT110", "涉密不公开的内容列出备查", I, secrets),
    Rule("TXT111", "没有夹带外文", I, foreign),
    Rule("TXT112", "部门、单位的称呼与文件类型一致", I, kind_words, "", (Need.TEXT,)),
)
