"""The pack's tables, compiled: what is looked for in a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.balance import TOTAL
from generator.pack import TABLE_IDS, Line, Pack, Table
from generator.sources.pasted.words import fold, fold_label, fold_title

Figure = tuple[str, str]  # measure, row


@dataclass(frozen=True, slots=True)
class Block:
    """A column of labels and the amount columns that belong to it; T1 and T4 have two.

    ``lines``: what a line's amounts are, by its folded label and how often that occurred before:
    T4 has 一般公共预算拨款 twice.
    """

    label: int
    amounts: tuple[int, ...]
    lines: Mapping[tuple[str, int], tuple[Figure | None, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """A table of the pack as it is looked for in a page; columns are indexes into its columns."""

    table: Table
    words: frozenset[str]  # all words of the header, groups too
    columns: Mapping[str, tuple[int, ...]]  # by the word that stands lowest
    groups: tuple[str, ...]  # the word above each column's own
    shown: tuple[str, ...]  # each column in words for the user
    titles: tuple[str, ...]
    short: str
    blocks: tuple[Block, ...]
    lengths: tuple[int, ...]  # of the codes, ascending; () in tables without codes

    def column(self, content: str) -> int:
        return next(i for i, c in enumerate(self.table.columns) if c.content == content)


def forms(pack: Pack) -> tuple[Form, ...]:
    """The nine tables in the form's order; compiled once for a pack."""
    return _forms(_Identity(pack))


@dataclass(frozen=True, slots=True, eq=False)
class _Identity:
    """A pack as the key of a cache: packs are frozen but hold dicts, which have no hash."""

    pack: Pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.pack is other.pack


@lru_cache(maxsize=8)
def _forms(key: _Identity) -> tuple[Form, ...]:
    return tuple(_compile(key.pack.tables[table]) for table in TABLE_IDS)


def _compile(table: Table) -> Form:
    header = [row for row in table.header if fold(row[0]) != "栏次"]
    own: list[str] = []
    groups: list[str] = []
    for index in range(len(table.columns)):
        level = len(header) - 1
        while level and header[level][index] == "^":
            level -= 1
        own.append(_header_word(header, level, index))
        groups.append(_header_word(header, level - 1, index) if level else "")
    return Form(
        table,
        frozenset(fold(word) for row in header for word in row if word not in "<^"),
        {word: tuple(i for i, w in enumerate(own) if w == word) for word in own},
        tuple(groups),
        tuple(
            f"{group}的{word}" if own.count(word) > 1 else word
            for group, word in zip(groups, own, strict=True)
        ),
        tuple(fold_title(a.text.replace("{部门}", "")) for a in table.title),
        fold_title(table.name),
        tuple(_blocks(table)),
        {"功能科目": (3, 5, 7), "经济科目": (3, 5)}.get(table.source, ()),
    )


def _header_word(header: Sequence[Sequence[str]], level: int, index: int) -> str:
    """The word of a cell of the header, merged cells followed to where it is written."""
    while (word := header[level][index]) in ("<", "^"):
        level, index = (level, index - 1) if word == "<" else (level - 1, index)
    return fold(word)


def _blocks(table: Table) -> Iterator[Block]:
    at = {column.content: i for i, column in enumerate(table.columns)}
    amounts = tuple(at[measure] for measure in table.measures)
    if table.source == "固定行":
        yield Block(at["名称"], amounts, _lines(table.lines, table.measures))
    elif table.source == "左右对照":
        left = (*table.left, *(pair.left for pair in table.closing))
        right = (*table.right, *(pair.right for pair in table.closing))
        yield Block(at["左项目"], (at["左数"],), _lines(left, ()))
        yield Block(at["右项目"], amounts, _lines(right, table.measures))


def _lines(
    lines: Iterable[Line], measures: tuple[str, ...]
) -> dict[tuple[str, int], tuple[Figure | None, ...]]:
    """Every line whatever its ``当``: a table may have been made with other switches.

    A left line has no row: its figures are those of the total row.
    """
    known: dict[tuple[str, int], tuple[Figure | None, ...]] = {}
    for line in lines:
        if not line.label:
            continue
        row = TOTAL if line.row is None and line.take else line.row
        figures: tuple[Figure | None, ...] = (
            (None,) * len(measures)
            if row is None
            else tuple((measure, row) for measure in line.take or measures)
        )
        label = fold_label(line.label)
        known[label, sum(1 for seen, _ in known if seen == label)] = figures
    return known
