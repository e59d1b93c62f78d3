"""Equations that do not hold, brought back to the cells that are wrong, and put into words.

One wrong cell breaks all its equations by the same amount and no other cell does, so that it can be
named: a cause is one finding, not one per equation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from heapq import heappop, heappush
from typing import Final

from generator.balance import MEASURES, Declared, Term
from generator.ledger import Equation, Ledger, entered_rule
from generator.money import ZERO, fixed
from generator.problem import Path, Problem, Severity, Side

MOST_ALIKE: Final = 5
"""So many findings of one rule in one table are told one by one; more are told together."""
_MOST_ADDENDS: Final = 6
"""A sum of more is not written out."""
_MOST_EVIDENCE: Final = 3
_FEW: Final = 3
"""Of so many cells that may be wrong, the first is named."""
_LARGE: Final = 100
"""An equation of more cells hardly tells one from the other."""
_SHEETS: Final = {
    **dict.fromkeys(("T3", "T5", "T7", "T8"), "支出"),
    **{"T2": "收入", "T6": "基本支出", "T9": "三公经费"},
}
"""The sheet that a table is made of."""


# --- causes -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Broken:
    """An equation with what its left side has more than its right; ``signs``: of its cells."""

    number: int
    equation: Equation
    residual: Decimal
    signs: dict[Path, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Cause:
    """``cells``: by how much each of the cells would be wrong; only one of them is."""

    cells: dict[Path, Decimal]
    broken: list[_Broken]

    @property
    def cell(self) -> Path | None:
        """The wrong cell, if it can be told."""
        return next(iter(self.cells)) if len(self.cells) == 1 else None


def _signs(ledger: Ledger, equation: Equation, *, holds: bool) -> dict[Path, int]:
    left = dict.fromkeys(ledger.paths(equation.left), 1)
    right = dict.fromkeys((p for term in equation.right for p in ledger.paths(term)), -1)
    shared = left.keys() & right.keys()
    # What was read from the very cell that it is compared with, or is not there, proves nothing.
    if (shared and len(left) == 1) or (holds and not right):
        return {}
    return {path: sign for path, sign in (left | right).items() if path not in shared}


class _Search:
    """Cells that explain what is broken, the one that explains most first.

    A cell is worth the equations that one correction of it restores, less those that hold and
    would be broken by it.
    """

    def __init__(self, ledger: Ledger, checked: Sequence[_Broken]) -> None:
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

    def causes(self) -> Iterator[_Cause]:
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
                yield _Cause({path: rest * sign for path, sign in one.signs.items()}, [one])

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

    def _cause(self, cells: dict[Path, Decimal], explained: Iterable[int]) -> _Cause:
        # What only the correction of another cell would break is no finding.
        numbers = sorted(i for i in explained if self._checked[i].residual)
        if len(cells) == 1:
            (cell,) = cells
            numbers = [i for i in self._of_cell[cell] if self._checked[i].residual]
        return _Cause(cells, [self._checked[i] for i in numbers])

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


# --- findings -----------------------------------------------------------------------------------


def blank_or_twice(ledger: Ledger, places: Mapping[str, Path], unit: str) -> Iterator[Problem]:
    """Figures that were left blank where they are a total, or filled in twice."""
    teller = _Teller(ledger, places, unit)
    yield from map(teller.blank, ledger.blanks)
    for cell, first in ledger.twice:
        if cell.amount != first.amount:
            yield teller.twice(cell, first)


def problems(
    ledger: Ledger,
    equations: Iterable[Equation],
    places: Mapping[str, Path],
    unit: str = "万元",
    confirmed: Iterable[Term] = (),
) -> Iterator[Problem]:
    """The equations that do not hold, one finding for each cause.

    ``confirmed``: figures that agree with what was entered outside the tables.

    ``places``: where the figures of a table were entered, by table, for want of a cell.
    """
    checked: list[_Broken] = []
    unequal: list[_Broken] = []
    for number, equation in enumerate(equations):
        right = sum(map(ledger.known, equation.right), ZERO)
        residual = ledger.known(equation.left) - right
        if equation.operator == "=":
            checked.append(_Broken(number, equation, residual))
        elif residual < 0:
            unequal.append(_Broken(number, equation, residual))
    if not unequal and not any(one.residual for one in checked):
        return
    for one in (*checked, *unequal):
        one.signs = _signs(ledger, one.equation, holds=not one.residual)
    # A figure that stands elsewhere too, and agrees, is hardly wrong.
    for term in confirmed:
        signs = dict.fromkeys(ledger.paths(term), 1)
        checked.append(_Broken(0, Equation("", "", Severity.INFO, term, (), 6), ZERO, signs))
    causes = list(_Search(ledger, checked).causes())
    _explain(unequal, causes)
    causes.sort(key=lambda cause: cause.broken[0].number)
    teller = _Teller(ledger, places, unit)
    yield from _alike([teller.problem(cause) for cause in causes])


def _explain(unequal: Iterable[_Broken], causes: list[_Cause]) -> None:
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
        causes.append(_Cause(own, [one]))


def _alike(found: Sequence[Problem]) -> Iterator[Problem]:
    """Many findings of one rule about one table are one: a page is half filled in, or wrong."""
    alike: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in found:
        alike[problem.rule, problem.related[0].partition(" ")[0]].append(problem)
    for (_, table), group in alike.items():
        if len(group) <= MOST_ALIKE:
            yield from group
            continue
        first = group[0]
        yield replace(
            first,
            message=f"{table}有 {len(group)} 处这样的不一致，第一处：{first.message}",
            hint="请先看是不是有一处只填了一部分，或用了另一个版本的表；改正后再核对。",
            involved=tuple(dict.fromkeys(p for problem in group for p in problem.involved)),
            affects=tuple(dict.fromkeys(r for problem in group for r in problem.affects)),
            evidence=(),
        )


class _Teller:
    """Puts causes into words."""

    def __init__(self, ledger: Ledger, places: Mapping[str, Path], unit: str) -> None:
        self._ledger = ledger
        self._places = places
        self._unit = unit

    def problem(self, cause: _Cause) -> Problem:
        ledger, cell = self._ledger, cause.cell
        first = min(cause.broken, key=lambda one: self._closeness(one, cell))
        equation = first.equation
        left = ledger.known(equation.left)
        right = left - first.residual
        actual, expected = left, right
        if cell is not None:
            actual = ledger.amount(cell)
            expected = actual - cause.cells[cell]
        rules = dict.fromkeys(one.equation.rule for one in cause.broken)
        sides = (
            self._side(equation.left),
            self._side(equation.right[0])
            if len(equation.right) == 1
            else Side(f"{len(equation.right)} 项之和", right),
        )
        return Problem(
            equation.rule,
            equation.name,
            equation.severity,
            self._message(equation, left, right, self._is_left(equation, cell)),
            self._path(equation, cause),
            expected=expected,
            actual=actual,
            tolerance=ZERO,
            related=(equation.left.label, *(term.label for term in equation.right[:1])),
            hint=self._hint(equation, cause),
            sides=(*sides, *self._candidates(cause, sides)),
            addends=tuple(map(self._side, equation.right)) if len(equation.right) > 1 else (),
            evidence=tuple(self._evidence(first, cause)),
            affects=tuple(rule for rule in rules if rule != equation.rule),
            involved=tuple(ledger.sources(tuple(cause.cells))),
        )

    def _origins(self, equation: Equation) -> str:
        """Which sheets the tables of the sides come from, where these were not entered."""
        terms = (equation.left, *equation.right)
        sheets = {
            term.table: _SHEETS[term.table]
            for term in terms
            if term.table in _SHEETS and term not in self._ledger.declared
        }
        if len(set(sheets.values())) < 2:
            return ""
        told = (f"{table.replace('T', '表')} 由“{sheet}”得出" for table, sheet in sheets.items())
        return "，".join(told) + "；"

    def _closeness(self, one: _Broken, cell: Path | None) -> tuple[object, ...]:
        equation = one.equation
        return (
            equation.severity is not Severity.ERROR,
            cell is not None and not self._is_left(equation, cell),
            equation.order,
        )

    def _is_left(self, equation: Equation, cell: Path | None) -> bool:
        declared = self._ledger.declared.get(equation.left)
        return declared is not None and (cell is None or declared.path == cell)

    def _message(self, equation: Equation, left: Decimal, right: Decimal, is_left: bool) -> str:
        difference = f"相差 {fixed(abs(left - right))} {self._unit}"
        if equation.same and equation.right[0].table:
            verb = "小于" if equation.operator == "≥" else "不等于"
            other = "＋".join(term.label for term in equation.right)
            return (
                f"{equation.left.label} {fixed(left)} {verb} {other} {fixed(right)}，{difference}"
            )
        if equation.same:
            return (
                f"{equation.left.label} {fixed(left)} 不等于填写的明细 {fixed(right)}，{difference}"
            )
        if is_left:
            blank = self._ledger.declared[equation.left].blank
            entered = "没有填" if blank else f"填的是 {fixed(left)}"
            measure = MEASURES[equation.left.measure]
            return f"{measure}{entered}，按明细应为 {fixed(right)}，{difference}"
        return f"{equation.left.label} {fixed(left)}，明细相加是 {fixed(right)}，{difference}"

    def _path(self, equation: Equation, cause: _Cause) -> Path:
        """The cell, else that of the left side, else what the candidates have in common."""
        if cause.cell is not None:
            return cause.cell
        if self._is_forgotten(cause):
            return (*next(iter(cause.cells))[:2], "科目编码")
        left = self._ledger.paths(equation.left)
        if len(left) == 1:
            return left[0]
        if len(cause.cells) <= _FEW:
            return next(iter(cause.cells), self._places.get(equation.left.table, ()))
        common = next(iter(cause.cells), ())
        for path in cause.cells:
            while path[: len(common)] != common:
                common = common[:-1]
        return common or self._places.get(equation.left.table, ())

    def _candidates(self, cause: _Cause, sides: Sequence[Side]) -> Iterator[Side]:
        """The cells any of which may be wrong, where they are few and not the two sides."""
        told = {side.path for side in sides}
        few = 1 < len(cause.cells) <= _FEW and not self._is_forgotten(cause)
        if few and not told.issuperset(cause.cells):
            for cell in cause.cells:
                yield Side("可能填错的数", self._ledger.amount(cell), cell)

    def _is_forgotten(self, cause: _Cause) -> bool:
        return bool(cause.cells) and self._ledger.unfilled.issuperset(cause.cells)

    def _forgotten(self, cause: _Cause) -> str:
        """Of rows with a code and no amount: how much they lack."""
        sheet = str(next(iter(cause.cells))[0])
        rows = {path[:2] for path in cause.cells}
        which = "这一行" if len(rows) == 1 else f"“{sheet}”里有 {len(rows)} 行"
        lacking = fixed(abs(next(iter(cause.cells.values()))))
        then = f"后有关的 {len(cause.broken)} 处都" if len(cause.broken) > 1 else "就"
        return f"{which}填了科目编码，明细金额都空着，最可能是漏填了：补上 {lacking} {then}相等。"

    def _hint(self, equation: Equation, cause: _Cause) -> str:
        if self._is_forgotten(cause):
            return self._forgotten(cause)
        if (cell := cause.cell) is not None and len(cause.broken) > 1:
            amount = self._ledger.amount(cell)
            entered = f"填的是 {fixed(amount)}" if amount else "没有填"
            return (
                f"最可能是这一格填错了：{entered}，改为 "
                f"{fixed(amount - cause.cells[cell])} 后有关的 {len(cause.broken)} 处都相等。"
            )
        if cause.cell is None and 1 < len(cause.cells) <= _FEW and len(cause.broken) > 1:
            cell, wrong_by = next(iter(cause.cells.items()))
            amount = self._ledger.amount(cell)
            return (
                f"可能是这一格填错了（填的是 {fixed(amount)}，改为 {fixed(amount - wrong_by)} "
                "就都相等），也可能是与它相对的那个数；请核对两处。"
            )
        if equation.operator == "≥":
            return "前者包含后者，不会更小；请核对两处的明细。"
        if equation.same:
            return f"两个数分别填写，必须一致；{self._origins(equation)}请核对两处的明细。"
        return "请核对这个合计数和它下面的明细，改正填错的一方。"

    def _evidence(self, first: _Broken, cause: _Cause) -> Iterator[str]:
        """Other sums of the cell, as they are and as they would be."""
        others = [one for one in cause.broken if one is not first and one.equation.operator == "="]
        for one in others[:_MOST_EVIDENCE] if cause.cell is not None else ():
            corrected, holds = self._arithmetic(one.equation, cause)
            entered, _ = self._arithmetic(one.equation, None)
            if holds:
                yield f"{one.equation.left.label}：{corrected} ✓    {entered} ✗"

    def _arithmetic(self, equation: Equation, corrected: _Cause | None) -> tuple[str, bool]:
        """The sum in figures, and whether it holds."""

        def value(term: Term) -> Decimal:
            known = self._ledger.known(term)
            if corrected is not None and corrected.cell in self._ledger.paths(term):
                known -= sum(corrected.cells.values())
            return known

        parts = [value(term) for term in equation.right]
        whole, left = sum(parts, ZERO), value(equation.left)
        shown = " + ".join(map(fixed, parts))
        if len(parts) > _MOST_ADDENDS:
            shown = f"{len(parts)} 项之和 {fixed(whole)}"
        return f"{shown} {'=' if whole == left else '≠'} {fixed(left)}", whole == left

    def _side(self, term: Term) -> Side:
        paths = self._ledger.paths(term)
        return Side(term.label, self._ledger.known(term), paths[0] if len(paths) == 1 else ())

    def twice(self, cell: Declared, first: Declared) -> Problem:
        """The same figure was filled in in a row of sums and pasted in a table."""
        rule, name = entered_rule(cell)
        return Problem(
            rule,
            name,
            Severity.ERROR,
            f"{cell.term.label} 这里是 {fixed(cell.amount)}，另一处填的是 {fixed(first.amount)}，"
            f"相差 {fixed(abs(cell.amount - first.amount))} {self._unit}",
            cell.path,
            expected=first.amount,
            actual=cell.amount,
            tolerance=ZERO,
            related=(cell.term.label,),
            hint="同一个数填了两处，请改成一致。",
            sides=(self._side(first.term), Side(cell.term.label, cell.amount, cell.path)),
            involved=(cell.path, first.path),
        )

    def blank(self, cell: Declared) -> Problem:
        """TBL906: nothing is not zero where the figure is a total of something."""
        derived = self._ledger.figures.get(cell.measure, cell.row)
        paths = self._ledger.leaf_paths(cell.term)
        return Problem(
            "TBL906",
            "合计不能空着",
            Severity.ERROR,
            f"{cell.term.label}没有填，按明细应为 {fixed(derived)} {self._unit}",
            cell.path,
            expected=derived,
            actual=ZERO,
            tolerance=ZERO,
            related=(cell.term.label,),
            hint=f"请填上 {fixed(derived)}；它下面有数，合计不能空着。",
            sides=(Side(cell.term.label, None, cell.path), Side("明细相加", derived)),
            involved=(cell.path, *paths),
        )
