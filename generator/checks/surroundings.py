"""The words that a template itself puts around what is filled in: ``部门：{{ 部门.名称 }}``.

They are the maintainer's, and no difference between the document and the data. Only they are taken
away: what stands in the place of a placeholder must still be what the data say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from generator import written
from generator.checks.expected import Grid, Line
from generator.content import Content
from generator.pack import Pack
from generator.tags import loop_in
from generator.written import WrittenParagraph, WrittenTable

TAG: Final = re.compile(r"\{\{|\{%|\{#|\{_\{|[\ue000-\ue003]")
"""What a template's tags and the renderer's own marks look like."""
_PRINTED = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MERGE = re.compile(r"\{%\s*[vh]m\s*%\}")
PERFORMANCE: Final = "绩效"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of the template: ``words`` around and between, ``names`` of what is printed."""

    words: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern | None:
        """The pattern of a text that holds placeholders and words, and no other tags."""
        pieces = _PRINTED.split(_MERGE.sub("", text))
        words, names = tuple(pieces[::2]), tuple(pieces[1::2])
        if not names or not "".join(words).strip() or any(TAG.search(word) for word in words):
            return None
        return cls(words, names)

    def match(self, text: str, said: Mapping[str, frozenset[str]]) -> tuple[str, ...] | None:
        """The values in a text, those left out that ``said`` knows; None if it does not fit."""
        form = re.escape(self.words[0])
        for name, word in zip(self.names, self.words[1:], strict=True):
            known = said.get(name.rpartition(".")[2])
            value = "|".join(map(re.escape, sorted(known))) if known else ".*"
            form += (f"(?:{value})" if known else f"({value})") + re.escape(word)
        found = re.fullmatch(form, text, re.DOTALL)
        return None if found is None else found.groups()


@dataclass(frozen=True, slots=True)
class Words:
    """What a template says by itself. ``fixed``: (style, text) of paragraphs without a tag."""

    fixed: frozenset[tuple[str, str]] = frozenset()
    patterns: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    """By style."""
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The cells of a table's first row that hold something, by the name of the pack's table; 绩效
    for the performance tables."""


def words_of(template: Path) -> Words:
    """The words of a template, read once as long as the file stays the same."""
    state = template.stat()
    return _words(template, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _words(template: Path, changed: int, size: int) -> Words:
    fixed: set[tuple[str, str]] = set()
    patterns: dict[str, tuple[Pattern, ...]] = {}
    above: dict[str, tuple[str, ...]] = {}
    for item in written.read(template.read_bytes()).items:
        if isinstance(item, WrittenTable):
            above.setdefault(_name_of(item), tuple(filter(None, item.rows[0])))
        elif not TAG.search(item.text):
            fixed.add((item.style, item.text))
        elif (pattern := Pattern.of(item.text)) and all("." in name for name in pattern.names):
            patterns[item.style] = (*patterns.get(item.style, ()), pattern)
    return Words(frozenset(fixed), patterns, above)


def _name_of(table: WrittenTable) -> str:
    """The name of the pack's table over whose rows a table of the template goes."""
    for row in table.rows:
        if loop := loop_in("".join(row)):
            return PERFORMANCE if loop.table == "指标" else loop.table
    return ""


def said_by(contents: Iterable[Content]) -> dict[str, frozenset[str]]:
    """What the plain placeholders may print, by the last word of their names."""
    said: dict[str, set[str]] = {}
    for content in contents:
        basics, form = content.disclosure.basics, content.form
        for name, value in (
            ("名称", basics.name),
            ("编码名称", f"{basics.code}{basics.name}"),
            ("年度", str(basics.year)),
            ("截止时间", f"{basics.year - 1}-12-31"),
            ("情况说明标题", content.explanation.title),
            ("题", form.say(form.pack.sections.cover_title)),
        ):
            said.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in said.items()}


class Surroundings:
    """The words of one template, and what its plain placeholders print in one document."""

    def __init__(self, pack: Pack, contents: Sequence[Content]) -> None:
        self._words = words_of(pack.template)
        self._contents = contents
        self._names = {id_: table.name for id_, table in pack.tables.items()}
        self._said: dict[str, frozenset[str]] = {}

    @property
    def _values(self) -> dict[str, frozenset[str]]:
        if not self._said:
            self._said = said_by(self._contents)
        return self._said

    def bare(
        self, items: Iterable[WrittenParagraph | WrittenTable], wanted: Iterable[object]
    ) -> Iterator[WrittenParagraph | WrittenTable]:
        """The document without the template's own words and paragraphs."""
        lines = [line for line in wanted if isinstance(line, Line)]
        texts = {line.text for line in lines}
        values = {line.values or (line.text,): line.text for line in lines}
        for item in items:
            if isinstance(item, WrittenTable) or item.link:
                yield item
            elif (item.style, item.text) in self._words.fixed:
                continue
            elif item.text in texts:
                yield item
            elif (text := self._bare(item, values)) is not None:
                yield replace(item, text=text)

    def _bare(self, item: WrittenParagraph, values: Mapping[tuple[str, ...], str]) -> str | None:
        """The paragraph's text without the words around it; None where no data is left."""
        for pattern in self._words.patterns.get(item.style, ()):
            for said in ({}, self._values):
                found = pattern.match(item.text, said)
                if found is not None and found in values:
                    return values[found]
                if found == ():
                    return None
        return item.text

    def cell_fits(self, grid: Grid, row: int, column: int, read: str) -> bool:
        """Whether a cell that differs says what it must in the template's words.

        Only 绩效目标 may: around data of a table no template has words (render/genuine).
        """
        words = self._words.above.get(PERFORMANCE, ())
        return grid.table == PERFORMANCE and (row, column) == (0, 0) and words[:1] == (read,)

    def above_fits(self, grid: Grid, words: tuple[str, ...]) -> bool:
        """Whether the row above a header says what it must, in the template's words."""
        above = self._words.above.get(self._names.get(grid.table, ""))
        if above is None or grid.above is None or len(above) != len(words):
            return False
        needed = [word.rpartition("：")[2] for word in grid.above]
        return all(word in "　".join(words) for word in needed) and all(
            self._same(text, read) for text, read in zip(above, words, strict=True)
        )

    def _same(self, text: str, read: str) -> bool:
        if not TAG.search(text):
            return text == read
        pattern = Pattern.of(text) or Pattern(("", ""), tuple(_PRINTED.findall(text)))
        return pattern.match(read, self._values) == ()
