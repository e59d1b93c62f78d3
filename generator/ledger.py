"""The figures as they were entered, and what they must satisfy.

A figure of the form may be entered several times: as a leaf, as a total that was filled in, in one
or more pasted tables. :class:`Ledger` knows the figure of each table as it stands there; what was
not entered follows from the leaves. The relations of :mod:`generator.balance` over these figures
are *equations* between cells; :mod:`generator.contradictions` finds the cells that break them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from generator.balance import (
    COPIES,
    DERIVED_MEASURES,
    ENTERED,
    FUNDS,
    MEASURES,
    RELATIONS,
    SUBJECT_BALANCE,
    TOTAL,
    Copy,
    Cross,
    Declared,
    Figures,
    Rows,
    Sum,
    Term,
    rows_above,
)
from generator.money import ZERO
from generator.problem import Path, Severity


class Leaf(NamedTuple):
    """An amount that is no total; zero in a row with a code that was left without any amount."""

    measure: str
    row: str
    amount: Decimal
    path: Path


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` = Σ ``right`` (or ≥). ``order``: of the relations that define a figure, the first.

    ``same``: the sides are one figure that stands in two places, not a total and its parts.
    """

    rule: str
    name: str
    severity: Severity
    left: Term
    right: tuple[Term, ...]
    order: int
    operator: str = "="
    same: bool = False


# --- the figures as entered ---------------------------------------------------------------------


def _index(relations: Iterable[Sum]) -> dict[tuple[str, str], list[Sum]]:
    found: dict[tuple[str, str], list[Sum]] = defaultdict(list)
    for relation in relations:
        found[relation.table, relation.total].append(relation)
    return dict(found)


_SUMS: Final = tuple(r for r in RELATIONS if isinstance(r, Sum))
_ACROSS: Final = _index(r for r in _SUMS if r.parts)
_DOWN: Final = _index(r for r in _SUMS if not r.parts)
_BY_ROW: Final[dict[tuple[str, str], list[Copy]]] = {}
for _copy in COPIES:
    if _copy.rows is not Rows.TOTAL:
        _BY_ROW.setdefault((_copy.left.table, _copy.left.measure), []).append(_copy)
_BALANCES: Final = ("T1", "T4")
"""Their rows below the total have no rows below them."""

_SPENT_IN_ALL: Final = frozenset(
    {"expenditure.total", "fiscal.total", *(f"{fund}.total" for fund in FUNDS)}
)
"""Columns of T1 and T4 that go down the classes."""

_SPENT: Final = {"general": "T5", "gov_fund": "T7", "state_capital": "T8"}


def _printed(measure: str) -> tuple[str, str]:
    """The table and the column in which a leaf is published."""
    family, _, part = measure.partition(".")
    match family:
        case "year_end":
            return "T4", measure
        case "income":
            return "T2", "income.fiscal" if part in FUNDS else measure
        case "carry_over":
            return "T2", "carry_over.total"
        case "economic":
            return "T6", measure
        case "sangong":
            return "T9", measure
        case "other":
            return "T3", f"expenditure.{part}"
        case "expenditure":
            return "T3", measure
    return _SPENT.get(family, ""), measure


def _leaf_measures(measure: str) -> Iterator[str]:
    if measure not in DERIVED_MEASURES:
        yield measure
        return
    for part in DERIVED_MEASURES[measure][1]:
        yield from _leaf_measures(part)


_LEAVES_OF: Final = {measure: tuple(_leaf_measures(measure)) for measure in MEASURES}


_MOST_FORGOTTEN: Final = 3
"""Where more rows of a sheet are without an amount, the codes are a list that was filled in."""


def _forgotten(leaves: Iterable[Leaf]) -> list[Leaf]:
    """The cells of rows that have a code and no amount, where these are few."""
    rows: dict[object, set[Path]] = defaultdict(set)
    blank = [leaf for leaf in leaves if not leaf.amount]
    for leaf in blank:
        rows[leaf.path[0]].add(leaf.path[:2])
    return [leaf for leaf in blank if len(rows[leaf.path[0]]) <= _MOST_FORGOTTEN]


class Ledger:
    """Every figure, as it stands in each table."""

    def __init__(
        self, figures: Figures, leaves: Sequence[Leaf], declared: Iterable[Declared]
    ) -> None:
        self.figures = figures
        self._forgotten = _forgotten(leaves)
        self.unfilled = frozenset(leaf.path for leaf in self._forgotten)
        self._leaves = [*(leaf for leaf in leaves if leaf.amount), *self._forgotten]
        self._cells: dict[Term, Declared] = {}
        self.twice: list[tuple[Declared, Declared]] = []
        self.blanks: list[Declared] = []
        for cell in declared:
            term = cell.term
            if cell.blank and self._is_total(cell) and figures.get(cell.measure, cell.row):
                self.blanks.append(cell)
            elif term in self._cells:
                self.twice.append((cell, self._cells[term]))
            else:
                self._cells[term] = cell
        self._tables = {term.table for term in self._cells}
        self._paths: dict[tuple[str, str], list[Path]] | None = None
        self._rows: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._amounts: dict[Path, Decimal] = {}
        self._read_from: dict[Path, list[Path]] = defaultdict(list)

    @staticmethod
    def _is_total(cell: Declared) -> bool:
        """A line of T1 and T4, or a column of a lowest row, may be the total of nothing."""
        lowest = cell.leaf or (cell.table in _BALANCES and cell.row == TOTAL)
        return not lowest or cell.measure in DERIVED_MEASURES

    @property
    def declared(self) -> Mapping[Term, Declared]:
        return self._cells

    def known(self, term: Term) -> Decimal:
        """The figure as this table has it; what it does not have follows from the leaves."""
        cell = self._cells.get(term)
        if cell is not None:
            return cell.amount
        if term.table in self._tables and self.has(term):
            return sum((self.known(part) for part in self._parts(term)), ZERO)
        return self.figures.get(term.measure, term.row)

    def has(self, term: Term) -> bool:
        """Whether this table has the figure, or a part of it in the same row."""
        if term.table not in self._tables:
            return False
        return term in self._cells or any(self.has(part) for part in self._parts(term))

    def spread(self, term: Term) -> tuple[Term, ...]:
        """The figures of the table that make the term up, where it does not stand there itself."""
        if term in self._cells or not self.has(term):
            return (term,)
        return tuple(one for part in self._parts(term) for one in self.spread(part))

    @staticmethod
    def _parts(term: Term) -> Iterator[Term]:
        for part in DERIVED_MEASURES.get(term.measure, ("", ()))[1]:
            yield Term(term.table, part, term.row)

    def below(self, term: Term) -> list[str]:
        """The rows that add up into this row, entered or not."""
        key = (term.table, term.measure)
        if key not in self._rows:
            rows = {cell.row for cell in self._cells if (cell.table, cell.measure) == key}
            children: dict[str, list[str]] = defaultdict(list)
            own = _LEAVES_OF[term.measure]
            rows |= {leaf.row for leaf in self._forgotten if leaf.measure in own}
            for row in sorted(rows.union(self.figures.rows([term.measure])) - {TOTAL}):
                if (above := next(rows_above(term.measure, row), None)) is not None:
                    children[above].append(row)
            self._rows[key] = children
        return self._rows[key].get(term.row, [])

    # --- cells ----------------------------------------------------------------------------------

    def paths(self, term: Term) -> list[Path]:
        """The cells that the figure was entered in: its own, else those of its leaves."""
        if term in self._cells:
            return [self._cells[term].path]
        if self.has(term):
            return [path for part in self._parts(term) for path in self.paths(part)]
        return self.leaf_paths(term)

    def _leaf_paths(self) -> dict[tuple[str, str], list[Path]]:
        """Cells by measure and row, higher rows too. A leaf that its own table repeats is its cell
        there: pasted tables are where such leaves come from."""
        if self._paths is None:
            self._paths = defaultdict(list)
            for leaf in self._leaves:
                table, column = _printed(leaf.measure)
                cell = self._cells.get(Term(table, column, leaf.row))
                path = leaf.path
                if cell is not None and cell.amount == self.figures.get(column, leaf.row):
                    path = cell.path
                    self._read_from[path].append(leaf.path)
                for row in (leaf.row, *rows_above(leaf.measure, leaf.row)):
                    self._paths[leaf.measure, row].append(path)
        return self._paths

    def leaf_paths(self, term: Term) -> list[Path]:
        """The cells of the leaves of a figure, whether it was entered itself or not."""
        known = self._leaf_paths()
        return [p for m in _LEAVES_OF[term.measure] for p in known.get((m, term.row), ())]

    def sources(self, cells: Sequence[Path]) -> Iterator[Path]:
        """The cells, and the leaves that were read from them: other checks speak of leaves."""
        self._leaf_paths()
        for cell in cells:
            yield cell
            yield from self._read_from.get(cell, ())

    def amount(self, path: Path) -> Decimal:
        """What was entered in a cell."""
        if not self._amounts:
            self._amounts = {leaf.path: leaf.amount for leaf in self._leaves}
            self._amounts |= {cell.path: cell.amount for cell in self._cells.values()}
        return self._amounts[path]

    # --- equations ------------------------------------------------------------------------------

    def equations(self) -> Iterator[Equation]:
        """What figures must satisfy that were entered although they follow from others; XTB106."""
        for cell in self._cells.values():
            yield from self._of_cell(cell)
        for copy in COPIES:
            if copy.rows is Rows.TOTAL and self.has(copy.left):
                yield self._copied(copy, copy.left, copy.right)
        yield from self._subjects()

    def crossed(self, crosses: Iterable[Cross]) -> Iterator[Equation]:
        """Relations between figures that are entered apart from each other."""
        for relation in crosses:
            left, right = relation.left, self.spread(relation.right)
            yield Equation(
                *(relation.rule, relation.name, Severity.ERROR, left, right, 4),
                operator=relation.operator,
                same=True,
            )

    def _of_cell(self, cell: Declared) -> Iterator[Equation]:
        table, measure, row = term = cell.term
        if not cell.leaf and (
            table not in _BALANCES or (row == TOTAL and measure in _SPENT_IN_ALL)
        ):
            for relation in (*_DOWN.get((table, ""), ()), *_DOWN.get((table, measure), ())):
                if relation.row in (None, row):
                    parts = tuple(Term(table, measure, below) for below in self.below(term))
                    yield self._sum(relation, term, parts or (Term("", measure, row),), 0)
        for relation in _ACROSS.get((table, measure), ()):
            if relation.rule == "XTB102" and not cell.leaf:
                continue  # T2 does not tell the funds: only the leaves do
            spread = (self.spread(Term(table, part, row)) for part in relation.parts)
            yield self._sum(relation, term, tuple(one for some in spread for one in some), 1)
        for copy in _BY_ROW.get((table, measure), ()):
            if copy.rows is Rows.EVERY or len(row) == 3:
                yield from self._in_row(copy, row)
        if self._is_entered(cell):
            yield Equation(
                *(*entered_rule(cell), Severity.ERROR, term, (Term("", measure, row),), 3),
                same=True,
            )

    def _is_entered(self, cell: Declared) -> bool:
        """Whether the figure is, in its table, the total of nothing: it is the one filled in."""
        if cell.table in _BALANCES:
            family = cell.measure.partition(".")[0]
            by_fund = cell.measure not in DERIVED_MEASURES
            # T2 does not tell the funds of its amounts.
            return by_fund and (family == "year_end" or "T2" not in self._tables)
        if not cell.leaf or (cell.table, cell.measure) in _ACROSS:
            return False
        by_fund = cell.table == "T3" and cell.measure in DERIVED_MEASURES
        return not (by_fund and "T5" in self._tables and self._money()[0])

    def _money(self) -> tuple[bool, bool]:
        """Whether all money is 财政拨款 of this year, and whether it is all 一般公共预算."""
        get = self.figures.get
        fiscal = not get("carry_over.total") and get("income.total") == get("income.fiscal")
        return fiscal, fiscal and get("income.total") == get("income.general")

    @staticmethod
    def _sum(relation: Sum, total: Term, parts: tuple[Term, ...], order: int) -> Equation:
        return Equation(relation.rule, relation.name, Severity.ERROR, total, parts, order)

    def _in_row(self, copy: Copy, row: str) -> Iterator[Equation]:
        """A copy in this row; what T3 has more than the funds' tables is other money."""
        left = copy.left._replace(row=row)
        right = tuple(term._replace(row=row) for term in copy.right)
        if copy.left.table != "T3":
            yield self._copied(copy, left, right)
            return
        fiscal_only, general_only = self._money()
        if general_only != (copy.rule == "XTB112"):
            return
        operator = "=" if fiscal_only else "≥"
        yield replace(self._copied(copy, left, right), operator=operator)

    def _copied(self, copy: Copy, left: Term, right: tuple[Term, ...]) -> Equation:
        spread = tuple(one for term in right for one in self.spread(term))
        return Equation(copy.rule, copy.name, Severity.ERROR, left, spread, 2, same=True)

    def _subjects(self) -> Iterator[Equation]:
        """XTB106: without 年终结转 each 项 spends what it gets."""
        if self.figures.get("year_end.total") or self.known(Term("T1", "year_end.total")):
            return
        rule, name, left, right = SUBJECT_BALANCE
        rows = {t.row for t in self._cells if t.table in ("T2", "T3") and len(t.row) == 7}
        rows.update(r for r in self.figures.rows([left.measure, right.measure]) if len(r) == 7)
        for row in sorted(rows):
            yield Equation(
                *(rule, name, Severity.WARNING, left._replace(row=row)),
                *((right._replace(row=row),), 5),
                same=True,
            )


def entered_rule(cell: Declared) -> tuple[str, str]:
    """The rule of a figure that is the total of nothing in its table."""
    family = cell.measure.partition(".")[0]
    return ENTERED.get(f"{cell.table}.{family}") or ENTERED[cell.table]
