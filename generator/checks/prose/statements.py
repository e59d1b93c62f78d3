"""Which amount of a paragraph speaks of what: levels, changes and percentages.

A paragraph is cut into clauses (，。；). The words between the amount before and this one are its
label; the subject is the name that the label ends with, or, in “比上年增加50万元”, the one that
was spoken of last. What is not understood has no subject, and nothing is said of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from generator.checks.prose.amounts import Amount, amounts
from generator.checks.prose.scopes import Scope, Scopes, is_whole
from generator.checks.prose.subjects import (
    LIST_ENDS,
    REACH,
    SOURCES,
    is_neutral,
    subject_at_end,
    subject_within,
)


class Kind(StrEnum):
    """What an amount is: a figure of this year, of last year, a change, or a percentage."""

    LEVEL = "本年数"
    LAST = "上年数"
    CHANGE = "增减"
    PERCENT = "百分比"
    BLANK = "没有写数"


@dataclass(frozen=True, slots=True)
class Statement:
    """An amount with what it says, or a change that is told without one (持平, 有所增加).

    ``name``: the words in front of the amount, for items of lists. ``head``: the subject in whose
    list the amount stands. ``year``: the year that a level is of. ``reason``: it stands in the
    reason of a change. ``why``: the words of the reason that follows a change. ``scope``: what the
    subject is, or may be, a part of.
    """

    kind: Kind
    subject: str
    name: str
    amount: Amount | None
    start: int
    end: int
    direction: int | None = None
    year: int | None = None
    head: str = ""
    reason: bool = False
    why: str = ""
    scope: Scope | None = None


_RISE: Final = "增加|增长|上升|提高|增"
_FALL: Final = "减少|下降|降低|压减|压缩|节约|下浮|减"
_CHANGE_END: Final = re.compile(
    rf"(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))(?:金额|额|幅度|幅|数)?了?(?:共计|计|共)?"
    r"(?:为|约|：|:|\s)*(?P<upto>到|至)?$"
)
_DIRECTION_FIRST: Final = re.compile(rf"(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))了?$")
_VAGUE: Final = re.compile(
    rf"(?:有所|略有|略|稍有|明显|大幅|相比|对比|比较)\s?(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))$"
)
_SAME: Final = re.compile(r"(?:保持)?(?:持平|无增减变化|无变化|没有变化|无增减|不变)")
_COMPARED: Final = re.compile(
    r"(?:与|比|较|同)\s?(?:20[0-9]{2}\s?年度?|上一?年度?|去年|往年)[^，。；]{0,40}$"
)
_OTHER_BASE: Final = re.compile(r"决算|执行|调整|完成数|实际")
_COMPARED_YEAR: Final = re.compile(
    r"(?:与|比|较|同)\s?(?P<year>20[0-9]{2})\s?年(?![初中末底])[^，。；0-9]{0,30}?"
    r"(?:相比|对比|比较|增|减|持平|变化|下降|上升|预算)"
)
_ADVERB: Final = re.compile(r"(?:共计|总体|同比|净|相应|预计|将|均|共|则|也|有所|略有|[\s、：:])+$")
_YEARS: Final = re.compile(r"(20[0-9]{2})\s?年")
_LAST_YEAR: Final = re.compile(r"上年(?![末底结])|去年|上一年")
_OF_LAST_YEAR: Final = re.compile(r"[由从]?(?:上年|去年|上一年)度?(?:预算|数|的)*$")
_REASON: Final = re.compile(r"主要|原因|由于|因为|所致")
_WHY: Final = re.compile(
    r"[，,：:（(]?\s{0,9}(?:其?主要原因|其?原因|主要|是?由于|是?因为)(?:是|为|系)?(?:由于|因为|在于)?[：:]?"
    r"(?P<why>[^。；\n]{0,200})"
)
_LIST_LEAD: Final = re.compile(r"[（(]?\s{0,9}(?:主要|其中|包括|包含|分别|用于|有：|具体|：|:)")
_NAME_HEAD: Final = re.compile(
    r"(?:[、：:\s；]|[（(]?其中|包括|包含|具体|主要(?:用于|包括|是|为|有)?|分别(?:是|为)?|用于|以及"
    r"|和|及)+"
)
_NAME_TAIL: Final = re.compile(r"(?:共计|安排|为|是|[：:\s])+$")
_BLANK: Final = re.compile(
    r"(?<=[\u4e00-\u9fff）)”：:])(?<![一二三四五六七八九十百千几数多上亿万])(?<![0-9十百千]余)\s?万元"
    r"(?=[，。；、）)（(和及以]|$)"
)
_STOP: Final = re.compile(r"[，。；\n,;！？]")
_PAIR: Final = re.compile(r"[（(《“〔][^（(《“〔）)》”〕]{0,60}[）)》”〕]")
_GOES_ON: Final = re.compile(r"\s{0,9}(?:其中|主要|包括|[0-9]{1,2}[.．、]|[①-⑳])")
_LISTED: Final = frozenset({"项目支出", "机关运行经费"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """“与2022年预算相比”: the year, and where it stands."""

    year: int
    start: int
    end: int


def comparisons(text: str) -> Iterator[Comparison]:
    """Every year that a paragraph compares with."""
    for found in _COMPARED_YEAR.finditer(text):
        yield Comparison(int(found["year"]), found.start(), found.end())


def read(
    text: str, own: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> tuple[Statement, ...]:
    """The statements of a paragraph.

    ``own``: the names of the department itself. ``names``: names that contain an amount, which is
    then no figure (“20万元以上设备购置”).
    """
    return tuple(_Reader(text, own, names).statements())


@dataclass(frozen=True, slots=True)
class _Figure:
    """An amount, or the place of one that was left blank."""

    start: int
    end: int
    amount: Amount | None


def _figures(text: str, names: tuple[str, ...]) -> list[_Figure]:
    """The figures of a text; bounds and rates are none, nor are those inside a name."""
    inside = {
        at
        for name in names
        for found in re.finditer(re.escape(name), text)
        for at in range(*found.span())
    }
    found = [
        _Figure(a.start, a.end, a) for a in amounts(text) if not a.loose and a.start not in inside
    ]
    ends = {figure.end for figure in found}
    blanks = (_Figure(m.start(), m.end(), None) for m in _BLANK.finditer(text))
    return sorted([*found, *(b for b in blanks if b.end not in ends)], key=lambda f: f.start)


def _clauses(text: str, figures: list[_Figure]) -> Iterator[tuple[int, int, list[_Figure]]]:
    """Start, end and amounts of each clause.

    The comma of 1，000 parts nothing, nor does one inside brackets that hold no amount.
    """
    starts = [figure.start for figure in figures]
    whole = [(figure.start, figure.end) for figure in figures]
    for pair in _PAIR.finditer(text):
        if bisect_left(starts, pair.start()) == bisect_left(starts, pair.end()):
            whole.append(pair.span())
    kept = {m.start() for span in whole for m in _STOP.finditer(text, *span)}
    start = at = 0
    for stop in [*(m.start() for m in _STOP.finditer(text)), len(text)]:
        if stop not in kept:
            following = bisect_left(starts, stop)
            yield start, stop, figures[at:following]
            start, at = stop + 1, following


class _Reader:
    """Goes through a paragraph and remembers what is spoken of."""

    def __init__(self, text: str, own: tuple[str, ...], names: tuple[str, ...]) -> None:
        self.text = text
        self.own = own
        self.names = names
        self.current = ""  # the subject spoken of last
        self.changed = False  # a change was told of it: a reason may follow
        self.reason = False  # this is the reason of a change
        self.list_of = ""  # the subject whose list may begin
        self.head = ""  # the subject whose list this is
        self.year: int | None = None
        self.scopes = Scopes()
        self.told = 0  # where the last amount ends
        self.scope: Scope | None = None  # that of the subject spoken of last

    def statements(self) -> Iterator[Statement]:
        """Clause by clause; what a full stop ends is forgotten."""
        figures = _figures(self.text, self.names)
        for start, end, mine in _clauses(self.text, figures):
            position = start
            self._lone_year(start, end)
            for figure in mine:
                yield from self._told(figure, max(position, figure.start - 3 * REACH))
                position = figure.end
            rest = list(self._rest(max(position, end - 3 * REACH), end))
            yield from rest
            if not mine and not rest:
                self._pass_over(self.text[start:end])
            self._close(end)

    def _pass_over(self, clause: str) -> None:
        """A clause of other things: “公务用车1辆，与上年持平” is not of the amount before."""
        self.scopes.clause(clause)
        keeps = _LIST_LEAD.match(clause) or _COMPARED.search(clause) or _REASON.search(clause)
        if not keeps and not is_neutral(clause, "", self.own):
            self.current = ""

    def _lone_year(self, start: int, end: int) -> None:
        """“2023年，”: the year of what follows."""
        if (
            end - start < 12
            and (found := _YEARS.match(self.text, start))
            and found.end() >= end - 1
        ):
            self.year = int(found[1])

    def _close(self, end: int) -> None:
        stop = self.text[end : end + 1]
        if stop in ("；", ";"):
            self.reason = self.changed = False
            self.scopes.part(goes_on=_GOES_ON.match(self.text, end + 1) is not None)
        elif stop in ("。", "\n", "！", "？"):
            self.reason, self.changed, self.year = False, False, None
            self.scopes.stop(goes_on=_GOES_ON.match(self.text, end + 1) is not None)
            if not self.text.startswith(("与", "比", "较", "其中", "主要"), end + 1):
                self.current = self.list_of = self.head = ""

    def _told(self, figure: _Figure, start: int) -> Iterator[Statement]:
        """What one amount says; ``start``: where its label begins."""
        label = self.text[start : figure.start]
        self.scopes.between(self.text[self.told : figure.start])
        self.told = figure.end
        if self.changed and _REASON.search(label):
            self.reason = True
        change = _CHANGE_END.search(label)
        amount = figure.amount
        if change and not change["upto"]:
            yield from self._change(label, change, figure)
        elif amount is None or amount.is_money:
            yield from self._level(label, change, figure)

    # --- levels -------------------------------------------------------------------------------

    def _level(
        self, label: str, upto: re.Match[str] | None, figure: _Figure
    ) -> Iterator[Statement]:
        if upto:
            label = _ADVERB.sub("", label[: upto.start()])
        subject, before = subject_at_end(label)
        last = _LAST_YEAR.search(before) if subject else _OF_LAST_YEAR.search(label)
        if last and not subject:
            subject, before = subject_at_end(label[: last.start()])
        first = _DIRECTION_FIRST.search(before) if subject else None
        if first:
            before = _COMPARED.sub("", before[: first.start()])
        year = self._year(before)
        plain = is_neutral(_LAST_YEAR.sub("", before), subject, self.own)
        name = _NAME_TAIL.sub("", _lead(label))
        scope, apart = self.scopes.around(label), ""
        if upto and not subject and not label.strip("，、 "):
            subject, scope = self.current, self.scope
        elif not plain:
            apart, subject = subject, ""
        is_part = subject != "" and scope is not None and scope.led
        subject = subject if is_part else self._in_list(label, subject, plain)
        if figure.amount is None:
            if subject or self.head or self.reason:
                yield self._made(Kind.BLANK, subject, name, figure, label)
        elif first and subject:
            yield self._made(Kind.CHANGE, subject, name, figure, label, _sign(first), scope=scope)
            self.changed = True
        else:
            kind = Kind.LAST if last else Kind.LEVEL
            yield self._made(kind, subject, name, figure, label, year=year, scope=scope)
            if not (subject or last or _COMPARED.search(label)):
                self._named(name, figure.amount, apart)
        if subject in SOURCES and not last and not first:
            self.scopes.name(Scope(subject, figure.amount, source=True))
        if is_part:
            self.current, self.scope = subject, scope
        else:
            self._spoken(subject, scope, level=not first and not last)

    def _named(self, name: str, amount: Amount | None, subject: str) -> None:
        """Something that is no subject, or a part of one, has an amount: its parts may follow."""
        if is_neutral(name, "", self.own) or is_whole(name):
            return
        if not subject or subject != self.current:  # 在职人员经费 is a part of 人员经费
            self.scopes.name(Scope(name, amount, subject))
        if not self.reason:
            self.current = ""

    def _year(self, before: str) -> int | None:
        if (years := _YEARS.findall(before)) and not _COMPARED.search(before):
            self.year = int(years[-1])
        return self.year

    def _in_list(self, label: str, subject: str, plain: bool) -> str:
        """The subject, where it is no item of a list; opens and closes the list."""
        if self.list_of and not self.head and not self.reason and _LIST_LEAD.match(label):
            self.head = self.list_of
        if not self.head:
            return subject
        if subject in LIST_ENDS and plain and subject != self.head:
            self.head = self.list_of = ""
            return subject
        return ""

    def _spoken(self, subject: str, scope: Scope | None, level: bool) -> None:
        if not subject or self.reason:
            return
        self.current, self.scope = subject, scope
        if level:
            self.changed = False
            self.head, self.list_of = "", subject if subject in _LISTED else ""

    # --- changes ------------------------------------------------------------------------------

    def _change(self, label: str, change: re.Match[str], figure: _Figure) -> Iterator[Statement]:
        before = label[: change.start()]
        subject, name = self._changed(before)
        own, scope = self._scoped(before)
        amount = figure.amount
        kind = Kind.PERCENT if amount is not None and not amount.is_money else Kind.CHANGE
        if amount is None:
            kind = Kind.BLANK
        # A new clause that begins with its own subject is no reason any more.
        if self.reason and subject and not _REASON.search(label):
            self.reason = False
        yield self._made(
            kind, subject, name or change[0], figure, label, _sign(change), scope=scope
        )
        if subject and not self.reason:
            self.current, self.changed, self.scope = subject, True, scope
            self.head = self.list_of = ""
        elif name and not (subject or self.reason):
            self._named(name, amount, own)

    def _changed(self, before: str) -> tuple[str, str]:
        """The subject of a change, and the words that name it, from the words before 增加."""
        before = _ADVERB.sub("", before)
        inside = ""
        if compared := _COMPARED.search(before):
            if _OTHER_BASE.search(compared[0]):
                return "", ""  # not with last year's budget
            inside = subject_within(compared[0])
            before = _ADVERB.sub("", before[: compared.start()])
        subject, rest = subject_at_end(before)
        if subject:
            return (subject if is_neutral(rest, subject, self.own) else ""), _lead(before)
        if is_neutral(_REASON.sub("", before), "", self.own):
            return inside or self.current, _lead(before)
        return "", _lead(before)

    def _rest(self, start: int, end: int) -> Iterator[Statement]:
        """What a clause says after its last amount: 持平, 有所增加, or the begin of a reason."""
        words = self.text[start:end]
        if same := _SAME.search(words):
            subject, name = self._changed(words[: same.start()])
            if subject and not self.reason:
                at = _Figure(start + same.start(), start + same.end(), None)
                _, scope = self._scoped(words[: same.start()])
                yield self._made(
                    Kind.CHANGE, subject, name, at, words[: same.start()], 0, scope=scope
                )
                self.current, self.changed, self.scope = subject, False, scope
        elif not self.reason and (vague := _VAGUE.search(words)):
            subject, name = self._changed(words[: vague.start()])
            if subject and (self.current or name):
                at = _Figure(start + vague.start(), start + vague.end(), None)
                label = words[: vague.start()]
                _, scope = self._scoped(label)
                yield self._made(Kind.CHANGE, subject, name, at, label, _sign(vague), scope=scope)
                self.current, self.changed, self.scope = subject, True, scope
        elif self.changed and _REASON.search(words):
            self.reason = True

    def _scoped(self, before: str) -> tuple[str, Scope | None]:
        """The subject that the words before a change end with, and whose part it may be."""
        own = subject_at_end(_ADVERB.sub("", before))[0]
        return own, self.scopes.around(before) if own else self.scope

    def _made(
        self,
        kind: Kind,
        subject: str,
        name: str,
        figure: _Figure,
        label: str,
        direction: int | None = None,
        *,
        year: int | None = None,
        scope: Scope | None = None,
    ) -> Statement:
        why = ""
        if kind is Kind.CHANGE and not self.reason and (found := _WHY.match(self.text, figure.end)):
            why = found["why"]
        at = label.rfind(name) if name else -1
        start = figure.start - len(label) + at if at >= 0 else figure.start
        return Statement(
            *(kind, subject, name, figure.amount, start, figure.end, direction, year),
            *(self.head, self.reason, why, scope),
        )


def _lead(words: str) -> str:
    """The words without what leads in an item of a list."""
    words = words.strip("、 ，")
    lead = _NAME_HEAD.match(words)
    return words[lead.end() :] if lead else words


def _sign(change: re.Match[str]) -> int:
    return 1 if change["rise"] else -1
