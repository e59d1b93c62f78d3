"""TXT105, TXT106, TXT109: how the text is set: headings, marks, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from generator.checks.rule import Finding, Rule
from generator.checks.search import CJK, Hit, Prose, bare, everything, gather, of_kinds, prose_of
from generator.checks.subject import Passage, Subject
from generator.wording import MISSING

# --- TXT105 -------------------------------------------------------------------------------------

_TWICE = re.compile(r"(?:^|(?<=[。；\n]))([" + CJK + r"]{2,10}[:：])\s*\1")


def doubled_headings(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT105: a heading or prompt that the form prints just above, typed once more."""
    told = set()
    for hit in of_kinds(subject, "文字").find(_TWICE):
        told.add(hit.passage.path)
        yield _doubled(hit.passage, hit.words[: len(hit.words) // 2], hit.words)
    titles = subject.content.explanation.chapter_titles
    for chapter in subject.form.pack.sections.chapters:
        above = [titles[chapter.key]]
        for slot in chapter.slots:
            own = subject.disclosure.texts.get(slot.key)
            for i, text in enumerate(subject.content.explanation.texts[slot.key]):
                if own and ("文字", slot.key, i) not in told:
                    passage = Passage(
                        "文字", slot.key, f"“{slot.key}”第{i + 1}段", text, ("文字", slot.key, i)
                    )
                    yield from _repeats(passage, above)
                above = [titles[chapter.key], text]


def _repeats(passage: Passage, above: list[str]) -> Iterator[Finding]:
    for heading in above:
        label = bare(heading)
        if len(label) < 3:
            continue
        same = bare(passage.text) == label
        prompt = len(label) <= 12 and bare(passage.text).startswith((f"{label}：", f"{label}:"))
        if same or prompt:
            yield _doubled(passage, label, passage.text[: len(label) + 6])
            return


def _doubled(passage: Passage, words_: str, quote: str) -> Finding:
    return Finding(
        f"{passage.label}重复了“{words_.rstrip('：:')}”，上面已经印了",
        passage.path,
        hint="标题和提示语由格式印出，请从文字里删去。",
        quote=quote,
    )


# --- TXT106 -------------------------------------------------------------------------------------

_PAIRS: Final = {"(": ")", "（": "）", "《": "》", "“": "”", "【": "】", "〔": "〕"}
_CLOSING: Final = {closing: opening for opening, closing in _PAIRS.items()}
_WIDE: Final = {"(": "（", ")": "）"}
_ITEM = re.compile(
    r"(?:^|(?<=[\s。；，、：]))(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）]"
)
_BRACKET = re.compile(r"[()（）《》“”【】〔〕]")
_NO_BRACKETS = re.compile(r"[^()（）《》“”【】〔〕\n]+")
_BLANK = re.compile(rf"(?<=[{CJK}）”》])[ \u3000]+(?=[，。；：、])")
_BLANKS: Final = tuple(blank + mark for blank in " \u3000" for mark in "，。；：、")
_TWO_MARKS: Final = (
    *("，，", "；；", "：：", "、、", "，。", "、。", "；。", "。，", "。、", "。；"),
    *("，、", "、，"),
)


def punctuation(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT106: brackets and quotes in pairs of one width; marks once, without blanks before them.

    Half-width marks between Chinese words are FMT107's.
    """
    prose = everything(subject)
    texts = [p for p in subject.passages if p.kind == "文字"]
    hits = [*_pairs(texts, prose), *_pairs([], prose_of(_cells(subject)))]
    yield from gather(hits, "请改成成对的、同样宽的标点。")
    if any(blank in prose.text for blank in _BLANKS):
        blanks = (("的标点前面有空格", hit) for hit in prose.find(_BLANK))
        yield from gather(blanks, "请删去空格。")
    repeated = (
        ("的标点重复", hit)
        for marks in _TWO_MARKS
        if marks in prose.text
        for hit in prose.find(re.compile(marks))
    )
    yield from gather(repeated, "请只留一个。")


def _cells(subject: Subject) -> Iterator[Passage]:
    """Names that are no passages but are printed: institutions, purchases."""
    disclosure = subject.disclosure
    for i, row in enumerate(disclosure.institutions):
        yield Passage("单元格", "", "机构设置", row.name, ("机构设置", i, "单位名称"))
    for i, bought in enumerate(disclosure.procurement):
        for column, text in (
            ("单位", bought.unit),
            ("项目名称", bought.project),
            ("采购物品名称", bought.goods),
        ):
            if text:
                yield Passage("单元格", "", "政府采购", text, ("政府采购", i, column))


def _pairs(paragraphs: Iterable[Passage], prose: Prose) -> Iterator[tuple[str, Hit]]:
    """A pair may be parted over the ``paragraphs`` of one text: that is looked at as a whole."""
    marks = prose.only(_NO_BRACKETS)
    by_slot: dict[str, list[Passage]] = {}
    for passage in paragraphs:
        by_slot.setdefault(passage.key, []).append(passage)
    for group in by_slot.values():
        if not _well_paired("".join([marks[passage.text] for passage in group])):
            yield from _unpaired(group)
    unpaired = {text for text, own in marks.items() if own and not _well_paired(own)}
    for passage in prose.having(unpaired) if unpaired else ():
        if passage.kind != "文字":
            yield from _unpaired([passage])


@lru_cache(maxsize=1000)
def _well_paired(marks: str) -> bool:
    open_: list[str] = []
    for mark in marks:
        if mark in _PAIRS:
            open_.append(mark)
        elif not open_ or open_.pop() != _CLOSING[mark]:
            return False
    return not open_


def _unpaired(group: list[Passage]) -> Iterator[tuple[str, Hit]]:
    open_: list[tuple[str, Hit]] = []
    for passage in group:
        numbers = {m.end() - 1 for m in _ITEM.finditer(passage.text)}
        for found in _BRACKET.finditer(passage.text):
            at, mark = found.start(), found[0]
            hit = Hit(passage, at, at + 1)
            if mark in _PAIRS:
                open_.append((mark, hit))
            elif mark in _CLOSING:
                wanted = _CLOSING[mark]
                last = open_[-1][0] if open_ else ""
                if last and _wide(last) == _wide(wanted):
                    opened = open_.pop()[1]
                    if last != wanted and opened.passage is passage:
                        pair = Hit(passage, opened.start, at + 1)
                        yield f"里“{_short(pair.words)}”的括号一个全角、一个半角", pair
                elif at not in numbers:
                    yield f"里多了一个“{mark}”，或少了前面的“{wanted}”", hit
                    return
    for mark, hit in open_[:1]:
        yield f"里的“{mark}”没有“{_PAIRS[mark]}”", hit


def _wide(mark: str) -> str:
    return _WIDE.get(mark, mark)


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:9]}…{text[-9:]}"


# --- TXT109 -------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"[，。；]")
_ENDINGS: Final = "。！？；：…）)”》.;:!?"
_NEXT = re.compile(r"[。；]\s*(?=(\d{1,2})(、|[.．](?!\d)))")
_FIRST = re.compile(r"\s{0,9}(\d{1,2})(?:、|[.．](?!\d))")


def paragraphs(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TXT109: a paragraph of sentences ends with a stop, and holds one numbered item."""
    by_slot: dict[str, list[Passage]] = {}
    for passage in subject.passages:
        if passage.kind == "文字":
            by_slot.setdefault(passage.key, []).append(passage)
    for key, passages in by_slot.items():
        slot = subject.form.pack.sections.slots.get(key)
        form = subject.form.choose(slot.text) if slot is not None else ""
        if slot is None or (slot.text and not form.endswith("。") and len(passages) == 1):
            continue  # a heading, a label
        open_ = [p for p in passages if _lacks_stop(p.text, form, len(passages) == 1)]
        if open_:
            yield Finding(
                f"{open_[0].label}末尾没有句号",
                open_[0].path,
                hint="请在末尾加上“。”。",
                involved=tuple(p.path for p in open_),
                quote=open_[0].text[-12:],
                many=(len(open_), "段"),
            )
        yield from _run_on(passages)


def _lacks_stop(text: str, form: str, alone: bool) -> bool:
    said = text.strip()
    if said[-1:] in _ENDINGS or len(said) < 8 or MISSING in said:
        return False
    return bool(_SENTENCE.search(bare(said))) or (alone and form.endswith("。"))


def _run_on(passages: list[Passage]) -> Iterator[Finding]:
    """10、…。11、… in one paragraph, where the next begins with 12、."""
    firsts = [_FIRST.match(p.text) for p in passages]
    numbers = {int(match[1]) for match in firsts if match}
    for passage, first in zip(passages, firsts, strict=True):
        if first is None or len(passages) == 1:
            continue
        for match in _NEXT.finditer(passage.text):
            number = int(match[1])
            if number == int(first[1]) + 1 and number not in numbers:
                yield Finding(
                    f"{passage.label}里第 {number} 项接在第 {number - 1} 项后面，没有另起一段",
                    passage.path,
                    hint=f"请从“{number}{match[2]}”起另起一段。",
                    quote=passage.text[max(0, match.start() - 8) : match.end() + 8],
                )
                break
