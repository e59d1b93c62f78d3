"""Blocks onto pages: paragraphs break between lines, tables between rows.

What a machine's fonts make of a text is known only within limits (lines.py), so two documents are
laid out side by side: one whose lines are as few as can be, and one whose lines are as many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.render.paginate.geometry import Page

_ROUNDING: Final = 3
"""What office programs may gain or lose on a page by rounding."""


@dataclass(slots=True)
class Text:
    """A paragraph outside of tables. ``at``: the piece it begins with; ``few`` ≤ ``many`` lines."""

    at: int
    anchor: int
    """The piece with its properties, or -1: a page cannot be made to begin here."""
    pitch: int
    before: int
    after: int
    few: int
    many: int
    keep_next: bool
    new_page: bool
    heading: bool = False
    """A numbered line of the contents."""


@dataclass(slots=True)
class Row:
    """A table's row."""

    height: int
    header: bool = False
    keep_next: bool = False
    keeps: bool = False
    """Its paragraphs say so themselves, where their style need not."""
    described: bool = False
    """It has properties, so that its height can be written."""
    begin: int = 0
    """The piece with which it begins."""
    end: int = 0
    """The piece after it."""
    whole: bool = True
    """It does not break over pages."""


@dataclass(slots=True)
class Table:
    """A table; the heights of its rows stand in the file and are the same on every machine."""

    at: int
    rows: list[Row] = field(default_factory=list)
    border: int = 0
    """The line below the last row on a page."""
    merged: bool = False
    """Cells below the header go over rows: LibreOffice then does not keep a row with the next."""


@dataclass(slots=True)
class SectionEnd:
    """The next block begins a page, of the next section's size."""


Block = Text | Table | SectionEnd


@dataclass(slots=True)
class Chain:
    """Paragraphs that stay with the next one, and the block that follows them."""

    kept: Sequence[Text]
    last: Text | Table

    @property
    def anchor(self) -> int:
        """The piece by which it can be made to begin a page, or -1."""
        first = self.kept[0] if self.kept else self.last
        return first.anchor if isinstance(first, Text) and not first.new_page else -1


@dataclass(slots=True)
class Place:
    """How far a document is filled: pages begun, and the height used of the last."""

    page: int = 0
    used: int = 0

    def next_page(self) -> None:
        self.page, self.used = self.page + 1, 0

    def copy(self) -> Place:
        return Place(self.page, self.used)


@dataclass(frozen=True, slots=True)
class State:
    """Where both documents stood before a chain."""

    few: Place
    many: Place
    starts: int
    sections: int


class Layout:
    """Places blocks for both documents.

    A heading of the contents must stand on the same page in both. Where it would not, a page is
    made to begin before it, at the last chain that still stands on one page in both: from there on
    they are equal again, and a document that lies between them cannot do otherwise. After a
    paragraph or a table that fills pages there may be no such chain: then the page is the one with
    few lines, which most fonts come to.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._few, self._many = Place(), Place()
        self.first_pages = [0]
        """The page with which each section begins."""
        self.starts: list[tuple[int, int]] = []
        """The piece with which each block begins, and its page."""
        self.breaks: dict[int, int] = {}
        """Chain → the anchor of its first paragraph, which must begin a page."""

    def run(self, blocks: Sequence[Block]) -> None:
        """Place all blocks."""
        chains = list(_chains(blocks))
        states: list[State] = []
        at = 0
        while at < len(chains):
            del states[at:]
            states.append(self._state())
            chain = chains[at]
            if isinstance(chain, Chain) and at not in self.breaks and self._on_the_edge(chain):
                self.breaks[at] = chain.anchor
            agreed = self._place(chain, at)
            earlier = None if agreed else self._last_agreed(chains, states)
            if earlier is not None:
                at, self.breaks[earlier[0]] = earlier
                self._restore(states[at])
                continue
            if not agreed:  # nothing can be done about it, but the next headings may agree
                self._many = self._few.copy()
            at += 1

    def _state(self) -> State:
        places = self._few.copy(), self._many.copy()
        return State(*places, len(self.starts), len(self.first_pages))

    def _restore(self, state: State) -> None:
        self._few, self._many = state.few.copy(), state.many.copy()
        del self.starts[state.starts :], self.first_pages[state.sections :]

    def _last_agreed(
        self, chains: Sequence[Chain | SectionEnd], states: Sequence[State]
    ) -> tuple[int, int] | None:
        """The last chain that may begin a page and stands on one page in both, and its anchor."""
        for at in range(len(states) - 1, -1, -1):
            few, many, chain = states[at].few, states[at].many, chains[at]
            if at in self.breaks:
                break
            filled = min(few.used, many.used) > self._height // 10
            if few.page == many.page and filled and isinstance(chain, Chain) and chain.anchor >= 0:
                return at, chain.anchor
        return None

    @property
    def _height(self) -> int:
        return self._pages[min(len(self.first_pages), len(self._pages)) - 1].height

    def _place(self, chain: Chain | SectionEnd, at: int) -> bool:
        """Place a chain; tells whether each heading in it stands on the same page in both."""
        if isinstance(chain, SectionEnd) or at in self.breaks:
            self._few.next_page()
            self._many.next_page()
        if isinstance(chain, SectionEnd):
            self.first_pages.append(self._few.page)
            return True
        starts = self._set(chain, self._few, few=True)
        others = self._set(chain, self._many, few=False)
        agreed = True
        for block, page, other in zip((*chain.kept, chain.last), starts, others, strict=True):
            self.starts.append((block.at, page))
            if page != other and isinstance(block, Text) and block.heading:
                agreed = False
        return agreed

    def _on_the_edge(self, chain: Chain) -> bool:
        """Whether it is left to the line below a table if the table's first rows still fit.

        LibreOffice then judges that they do when it looks at what is kept together, and that they
        do not when it parts the table, and drops the rows that follow.
        """
        table = chain.last
        if isinstance(table, Text) or chain.anchor < 0 or not self._few.used:
            return False
        least = self._few.used + _needed(chain, few=True) - table.border
        most = self._many.used + _needed(chain, few=False)
        if self._few.page != self._many.page:
            edges = [(least, least + table.border), (most - table.border, most)]
        else:
            edges = [(least, most)]
        return any(low - _ROUNDING <= self._height < high + _ROUNDING for low, high in edges)

    def _set(self, chain: Chain, place: Place, *, few: bool) -> list[int]:
        """Set a chain at a place; the page on which each of its blocks begins."""
        last = chain.last
        first = chain.kept[0] if chain.kept else last
        if isinstance(first, Text) and first.new_page and place.used:
            place.next_page()
        if place.used and place.used + _needed(chain, few=few) > self._height:
            place.next_page()
        starts = [self._text(text, place, few=few) for text in chain.kept]
        if isinstance(last, Text):
            return [*starts, self._text(last, place, few=few)]
        return [*starts, self._table(last, place)]

    def _text(self, text: Text, place: Place, *, few: bool) -> int:
        """Set a paragraph's lines; the page of its first one."""
        lines = text.few if few else text.many
        used = place.used + (text.before if place.used else 0)
        fit = (self._height - used) // text.pitch
        if fit <= 0 and place.used:
            place.next_page()
            used, fit = 0, self._height // text.pitch
        start = place.page
        while lines > max(fit, 1):
            lines -= max(fit, 1)
            place.next_page()
            used, fit = 0, self._height // text.pitch
        place.used = used + lines * text.pitch + text.after
        return start

    def _table(self, table: Table, place: Place) -> int:
        """Set a table's rows; the page of its first one."""
        room = self._height - table.border
        first = beginning(table) - table.border
        if place.used and first <= room < place.used + first:
            place.next_page()
        page, used = place.page, place.used
        start = page
        # Rows that cannot all stay together break wherever the page ends.
        together = used + first <= room
        header = sum(row.height for row in table.rows if row.header)
        used += header
        group = 0  # height of the rows that must stay with the next one
        for row in table.rows:
            if row.header:
                continue
            group += row.height
            if row.keep_next and together:
                continue
            if used + group > room and used > header:
                page, used = page + 1, header
            used += group
            while used > room:  # a row taller than a page
                page, used = page + 1, used - room
            group = 0
        place.page, place.used = page, used + group + table.border
        return start


def _chains(blocks: Sequence[Block]) -> Iterator[Chain | SectionEnd]:
    """The blocks in runs of which each stays with the next one."""
    kept: list[Text] = []
    for at, block in enumerate(blocks):
        if isinstance(block, SectionEnd):
            yield block
            continue
        last = at + 1 == len(blocks) or isinstance(blocks[at + 1], SectionEnd)
        if isinstance(block, Text) and block.keep_next and not last:
            kept.append(block)
        else:
            yield Chain(kept, block)
            kept = []


def _needed(chain: Chain, *, few: bool) -> int:
    """The height that must be free: for all blocks but the last, and for its beginning."""
    needed = 0
    for text in chain.kept:
        needed += text.before + (text.few if few else text.many) * text.pitch + text.after
    last = chain.last
    return needed + (last.before + last.pitch if isinstance(last, Text) else beginning(last))


def beginning(table: Table) -> int:
    """The height of a table's header rows and of the first rows that stay together."""
    height = table.border
    for row in table.rows:
        height += row.height
        if not (row.header or row.keep_next):
            break
    return height
