"""Reading what the user typed: all of it searched at once, each hit with its passage."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from generator.checks.rule import Finding
from generator.checks.subject import Passage, Passages, Subject
from generator.problem import Path

CJK: Final = "\u4e00-\u9fff"
"""The range of Chinese characters, for a class of a pattern."""
_AROUND: Final = 6  # characters that a quote shows before and after the words themselves
_LONGEST_TITLE: Final = 60
_TITLE = re.compile(r"《[^《》]*$")


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a passage that a rule is about."""

    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def quote(self) -> str:
        """The words with a little of what stands around them."""
        text = self.passage.text
        return text[max(0, self.start - _AROUND) : self.end + _AROUND]

    @property
    def in_title(self) -> bool:
        """Within 《…》: the name of a document is as it is."""
        before = self.passage.text[max(0, self.start - _LONGEST_TITLE) : self.start]
        return "《" in before and _TITLE.search(before) is not None


class Prose:
    """Passages joined into one text: a pattern runs over it once, whatever their number.

    Cells of indicators are much copied: words that stand in many places are looked at once.
    """

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._texts = list(dict.fromkeys(passages.texts))
        self.text = "\n".join(self._texts)
        if self.text.count("\n") >= len(self._texts):
            self.text = "\n".join([text.replace("\n", " ") for text in self._texts])

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate([len(text) + 1 for text in self._texts])]

    def only(self, others: re.Pattern[str]) -> dict[str, str]:
        """What is left of each text without these characters; line ends are not among them."""
        return dict(zip(self._texts, others.sub("", self.text).split("\n"), strict=False))

    def having(self, texts: Container[str]) -> Iterator[Passage]:
        """The passages that have one of these texts."""
        for position, text in enumerate(self._passages.texts):
            if text in texts:
                yield self._passages.at(position)

    def find(self, pattern: re.Pattern[str], trigger: str = "") -> Iterator[Hit]:
        """``trigger``: characters without which the pattern cannot match."""
        if trigger and trigger not in self.text:
            return
        found: dict[str, list[tuple[int, int]]] = {}
        for match in pattern.finditer(self.text):
            at = bisect_right(self._starts, match.start()) - 1
            start, text = self._starts[at], self._texts[at]
            if match.end() - start <= len(text):
                found.setdefault(text, []).append((match.start() - start, match.end() - start))
        for passage in self.having(found) if found else ():
            yield from (Hit(passage, start, end) for start, end in found[passage.text])


def prose_of(passages: Iterable[Passage]) -> Prose:
    """These passages as one text."""
    return Prose(Passages(tuple(passages)))


def everything(subject: Subject) -> Prose:
    """All that the user typed; a dozen rules ask for it."""
    return subject.once(_everything)


def _everything(subject: Subject) -> Prose:
    return Prose(Passages(subject.passages, subject.disclosure.projects))


def of_kinds(subject: Subject, *kinds: str) -> Prose:
    """The passages of these kinds; not for those of indicators (指标), see :func:`everything`."""
    return prose_of(p for p in (*subject.passages, *subject.heads) if p.kind in kinds)


def gather(hits: Iterable[tuple[str, Hit]], hint: str) -> Iterator[Finding]:
    """One finding for each message, at its first place: a slip that was copied is one cause."""
    by_message: dict[str, list[Hit]] = {}
    for message, hit in hits:
        by_message.setdefault(message, []).append(hit)
    for message, found in by_message.items():
        first = found[0]
        paths: tuple[Path, ...] = tuple(dict.fromkeys(hit.passage.path for hit in found))
        yield Finding(
            f"{first.passage.label}{message}",
            first.passage.path,
            hint=hint,
            involved=paths,
            quote=first.quote,
            many=(len(found), "处"),
        )


_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]+部分|[（(]?[一二三四五六七八九十百]{1,4}[）)、.．]"
    r"|[（(]?\d{1,2}[）)、.．](?!\d))\s*"
)


def bare(text: str) -> str:
    """Without its number and closing punctuation: for comparing headings."""
    return _NUMBER.sub("", text).strip(" \u3000。：:")
