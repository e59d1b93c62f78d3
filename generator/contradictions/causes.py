"""The cells that are wrong, found by the equations that do not hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappop, heappush
from typing import Final

from generator.ledger import Equation, Ledger
from generator.money import ZERO
from generator.problem import Path

_LARGE: Final = 100
"""An equation of more cells hardly tells one from the other."""


@dataclass(slots=True)
class Broken:
    """An equation with what its left side has more than its right; ``signs``: of its cells."""

    number: int
    equation: Equation
    residual: Decimal
    signs: dict[Path, int] = field(default_factory=dict)


@dataclass(slots=True)
class Cause:
    """``cells``: by how much each of the cells would be wrong; only one of them is."""

    cells: dict[Path, Decimal]
    broken: list[Broken]

    @property
    def cell(self) -> Path | None:
        """The wrong cell, if it can be told."""
        return next(iter(self.cells)) if len(self.cells) == 1 else None


def signs_of(ledger: Ledger, equation: Equation, *, holds: bool) -> dict[Path, int]:
    """Of the cells of an equation: 1 on its left side, -1 on its right."""
    left = dict.fromkeys(ledger.paths(equation.left), 1)
    right = dict.fromkeys((p for term in equation.right for p in ledger.paths(term)), -1)
    shared = left.keys() & right.keys()
    # What was read from the very cell that it is compared with, or is not there, proves nothing.
    if (shared and len(left) == 1) or (holds and not right):
        return {}
    return {path: sign for path, sign in (left | right).items() if path not in shared}


class Search:
    """Cells that explain what is broken, the one that explains most first.

    A cell is worth the equations that one correction of it restores, less those that hold and
    would be broken by it.
    """

    def __init__(self, ledger: Ledger, checked: Sequence[Broken]) -> None:
        self._ledger = ledger
        self._checked = checked
        self._of_cell: dict[Path, list[int]] = defaultdict(list)
        for i, one in enumerate(checked):
            for path in one.signs:
                self._of_cell[path].append(i)
        self._residuals = [one.residual for one in checked]
        self._order = {path: n for n, path in enumerate(self._of_cell)}
        self._heap: list[tuple[int, int, Path]] = []
        self._large: set[int] = set()  # of the equations whose residual has changed

    def causes(self) -> Iterator[Cause]:
        self._look_at(self._of_cell)
        while self._heap:
            before, n, path = heappop(self._heap)
            worth, _, explained = self._worth(path)
            if worth != -before:
                if worth > 0:
                    heappush(self._heap, (-worth, n, path))
            else:
                alike = self._alike(worth, explained)
                if (cause := self._cause(alike, explained)).broken:
                    yield cause
                self._look_at(self._take_out(alike))
            if not self._heap:
                self._look_at({path for i in self._large for path in self._checked[i].signs})
                self._large.clear()
        for i, one in enumerate(self._checked):
            if one.residual and (rest := self._residuals[i]):
                yield Cause({path: rest * sign for path, sign in one.signs.items()}, [one])

    def _look_at(self, cells: Iterable[Path]) -> None:
        for path in cells:
            if (worth := self._worth(path)[0]) > 0:
                heappush(self._heap, (-worth, self._order[path], path))

    def _worth(self, path: Path) -> tuple[int, Decimal, frozenset[int]]:
        """What the cell is worth, by how much it would be wrong, and what that would explain."""
        by_amount: dict[Decimal, list[int]] = {}
        holding = 0
        for i in self._of_cell[path]:
            if residual := self._residuals[i]:
                wrong_by = residual * self._checked[i].signs[path]
                by_amount.setdefault(wrong_by, []).append(i)
            else:
                holding += 1
        entered = self._ledger.amount(path)
        best = max((len(some), amount) for amount, some in (by_amount or {ZERO: []}).items())[1]
        if not by_amount or entered < best:  # corrected it would be negative
            return 0, ZERO, frozenset()
        return len(by_amount[best]) - holding, best, frozenset(by_amount[best])

    def _alike(self, worth: int, explained: frozenset[int]) -> dict[Path, Decimal]:
        """The cells that explain these equations, and are worth it, each by its amount."""
        shared = [self._checked[i].signs for i in explained]
        found = {}
        for path in min(shared, key=len):
            if all(path in signs for signs in shared):
                own, amount, same = self._worth(path)
                if own == worth and same == explained:
                    found[path] = amount
        # What was forgotten is likelier than what was filled in wrong.
        unfilled = found.keys() & self._ledger.unfilled
        return {path: found[path] for path in found if path in unfilled} or found

    def _cause(self, cells: dict[Path, Decimal], explained: Iterable[int]) -> Cause:
        # What only the correction of another cell would break is no finding.
        numbers = sorted(i for i in explained if self._checked[i].residual)
        if len(cells) == 1:
            (cell,) = cells
            numbers = [i for i in self._of_cell[cell] if self._checked[i].residual]
        return Cause(cells, [self._checked[i] for i in numbers])

    def _take_out(self, cells: Mapping[Path, Decimal]) -> set[Path]:
        """Correct the cell; the cells whose worth that may change.

        Where any of several may be wrong, what all of them would change alike is corrected. The
        cells of a large equation are looked at again when no others are left: all of them, after
        each of them, would take time that grows with the square of the table.
        """
        touched = set.intersection(*(set(self._of_cell[cell]) for cell in cells))
        for i in touched:
            effects = {amount * self._checked[i].signs[cell] for cell, amount in cells.items()}
            if len(effects) == 1:
                self._residuals[i] -= effects.pop()
        large = {i for i in touched if len(self._checked[i].signs) > _LARGE}
        self._large |= large
        return {path for i in touched - large for path in self._checked[i].signs}


def explain(unequal: Iterable[Broken], causes: list[Cause]) -> None:
    """Give what is too small to the first cause that made it so, else it is one of its own."""
    of_cell: dict[Path, list[int]] = defaultdict(list)
    for n, cause in enumerate(causes):
        for cell in cause.cells:
            of_cell[cell].append(n)
    for one in unequal:
        made_so = (
            n
            for cell, sign in one.signs.items()
            for n in of_cell.get(cell, ())
            if one.residual - sign * causes[n].cells[cell] >= 0
        )
        if (first := min(made_so, default=None)) is not None:
            causes[first].broken.append(one)
            continue
        for cell in one.signs:
            of_cell[cell].append(len(causes))
        own = {path: one.residual * sign for path, sign in one.signs.items()}
        causes.append(Cause(own, [one]))
