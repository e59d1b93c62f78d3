"""The figures of one disclosure that the summary of a batch adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Final

from generator.balance import TOTAL
from generator.disclosure import Disclosure
from generator.pack import Pack
from generator.pack.model import Line
from generator.references import CHANGES

INCOME: Final = "income.total|"
BASIC: Final = "expenditure.basic|"
PROJECT: Final = "expenditure.project|"
SANGONG: Final = "sangong.total|sangong"
PROCUREMENT: Final = "procurement.total|"
OF_DEPARTMENT: Final = (INCOME, BASIC, PROJECT, SANGONG, PROCUREMENT)
"""What the list of departments shows of each."""
_LAST: Final = {item: f"last|{item}" for item in CHANGES["三公经费"][0]}
LAST_SANGONG: Final = tuple(_LAST.values())
"""Last year's figures that make up its 三公."""


def keys_of(line: Line, measures: Sequence[str]) -> tuple[str, ...]:
    """The figures of a line of a table, by column; none of a line that is always blank."""
    if line.row is None and not line.take:
        return ()
    return tuple(f"{measure}|{line.row or TOTAL}" for measure in line.take or measures)


def figures_of(disclosure: Disclosure, pack: Pack) -> dict[str, str]:
    """万元 as text, by ``measure|row``: what the list shows, and what the pack's T1 and T9 take.

    Zeros are left out; not those of last year's 三公: an item that was not filled in is no zero.
    """
    amounts: dict[str, Decimal] = {}
    for key in {*OF_DEPARTMENT, *_of_tables(pack)}:
        measure, _, row = key.partition("|")
        if amount := disclosure.figures.get(measure, row):
            amounts[key] = amount
    for last in disclosure.last_year:
        if last.item in _LAST and last.amount is not None:
            amounts[_LAST[last.item]] = last.amount
    return {key: str(amount) for key, amount in sorted(amounts.items())}


def _of_tables(pack: Pack) -> Iterator[str]:
    both, sangong = pack.tables["T1"], pack.tables["T9"]
    pairs = chain.from_iterable((pair.left, pair.right) for pair in both.closing)
    for line in (*both.left, *both.right, *pairs):
        yield from keys_of(line, both.measures)
    for line in sangong.lines:
        yield from keys_of(line, sangong.measures)
