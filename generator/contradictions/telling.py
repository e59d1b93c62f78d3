"""What broke the equations, in words: one finding for each cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from generator.balance import MEASURES, Declared, Term
from generator.contradictions.causes import Broken, Cause
from generator.ledger import Equation, Ledger, entered_rule
from generator.money import ZERO, fixed
from generator.problem import Path, Problem, Severity, Side

_MOST_ADDENDS: Final = 6
"""A sum of more is not written out."""
_MOST_EVIDENCE: Final = 3
_FEW: Final = 3
"""Of so many cells that may be wrong, the first is named."""
_SHEETS: Final = {
    **dict.fromkeys(("T3", "T5", "T7", "T8"), "支出"),
    **{"T2": "收入", "T6": "基本支出", "T9": "三公经费"},
}
"""The sheet that a table is made of."""


class Teller:
    """Puts causes into words."""

    def __init__(self, ledger: Ledger, places: Mapping[str, Path], unit: str) -> None:
        self._ledger = ledger
        self._places = places
        self._unit = unit

    def problem(self, cause: Cause) -> Problem:
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

    def _closeness(self, one: Broken, cell: Path | None) -> tuple[object, ...]:
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

    def _path(self, equation: Equation, cause: Cause) -> Path:
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

    def _candidates(self, cause: Cause, sides: Sequence[Side]) -> Iterator[Side]:
        """The cells any of which may be wrong, where they are few and not the two sides."""
        told = {side.path for side in sides}
        few = 1 < len(cause.cells) <= _FEW and not self._is_forgotten(cause)
        if few and not told.issuperset(cause.cells):
            for cell in cause.cells:
                yield Side("可能填错的数", self._ledger.amount(cell), cell)

    def _is_forgotten(self, cause: Cause) -> bool:
        return bool(cause.cells) and self._ledger.unfilled.issuperset(cause.cells)

    def _forgotten(self, cause: Cause) -> str:
        """Of rows with a code and no amount: how much they lack."""
        sheet = str(next(iter(cause.cells))[0])
        rows = {path[:2] for path in cause.cells}
        which = "这一行" if len(rows) == 1 else f"“{sheet}”里有 {len(rows)} 行"
        lacking = fixed(abs(next(iter(cause.cells.values()))))
        then = f"后有关的 {len(cause.broken)} 处都" if len(cause.broken) > 1 else "就"
        return f"{which}填了科目编码，明细金额都空着，最可能是漏填了：补上 {lacking} {then}相等。"

    def _hint(self, equation: Equation, cause: Cause) -> str:
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

    def _evidence(self, first: Broken, cause: Cause) -> Iterator[str]:
        """Other sums of the cell, as they are and as they would be."""
        others = [one for one in cause.broken if one is not first and one.equation.operator == "="]
        for one in others[:_MOST_EVIDENCE] if cause.cell is not None else ():
            corrected, holds = self._arithmetic(one.equation, cause)
            entered, _ = self._arithmetic(one.equation, None)
            if holds:
                yield f"{one.equation.left.label}：{corrected} ✓    {entered} ✗"

    def _arithmetic(self, equation: Equation, corrected: Cause | None) -> tuple[str, bool]:
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
