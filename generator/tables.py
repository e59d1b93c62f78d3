"""Disclosure and form in, filled tables out: the figures set into the pack's rows and columns.

No figure is computed here; every total comes from :class:`generator.balance.Figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator import contradictions
from generator.balance import FUNDS, MEASURES, TOTAL, crosses
from generator.disclosure import (
    ASSET_TOTAL,
    SANGONG_ROWS,
    TERM_PATHS,
    Disclosure,
    Institution,
    ProcurementRow,
)
from generator.form import Form
from generator.money import fixed, plain
from generator.pack import Line, Subject, Table, holds
from generator.problem import Problem, input_problem

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table as printed: every cell is text, keyed by the column's name in the template."""

    id: str
    name: str
    title: str
    rows: list[Row]
    notes: list[str]
    empty: bool


def fill_tables(disclosure: Disclosure, form: Form) -> tuple[dict[str, FilledTable], list[Problem]]:
    """Fill every table of the pack but the performance tables; amounts in 万元, two decimals.

    Problems: figures or rows that the form has no place for, subjects without a name.
    """
    problems = [
        *_unplaced_classes(disclosure, form),
        *_unplaced_rows(disclosure, form),
    ]
    names = _SubjectNames(disclosure, form)
    tables = {
        table.id: _fill(table, disclosure, form, names)
        for table in form.pack.tables.values()
        if table.source != "绩效"
    }
    return tables, problems + names.problems()


def _fill(table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames) -> FilledTable:
    zero = form.choose(table.zero)
    blank: Row = dict.fromkeys((column.name for column in table.columns), "")
    rows = [blank | row for row in _ROWS[table.source](table, disclosure, form, names, zero)]
    empty = _is_empty(table, disclosure)
    if empty and not rows:
        rows = [blank]
    notes = list(table.notes)
    if empty and table.empty_note:
        notes.append(table.empty_note)
    return FilledTable(table.id, table.name, form.say(table.title), rows, notes, empty)


def _is_empty(table: Table, disclosure: Disclosure) -> bool:
    if table.source == "采购":
        return all(row.sum_row is not None for row in disclosure.procurement)
    if table.id == "资产":
        return not any(row.value or row.quantity for row in disclosure.assets)
    figures = disclosure.figures
    return not any(figures.get(measure) for measure in table.measures)


def _number(amount: Decimal, zero: str) -> str:
    return fixed(amount) if amount else zero


def _tree_rows(
    table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames, zero: str
) -> Iterator[Row]:
    """合计, then 类, 款 and 项 (or 类 and 款) ascending, of the codes that occur."""
    figures = disclosure.figures
    codes = figures.rows(table.measures)
    if not codes:
        return
    name_of = names.economic if table.source == "经济科目" else names.functional
    for number, code in enumerate([TOTAL, *codes], 1):
        row: Row = {}
        for column in table.filled:
            match column.content:
                case "序号":
                    row[column.name] = str(number)
                case "编码":
                    row[column.name] = code
                case "名称":
                    row[column.name] = name_of(code) if code else table.total_label
                case measure:
                    row[column.name] = _number(figures.get(measure, code), zero)
        yield row


def _fixed_rows(
    table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames, zero: str
) -> Iterator[Row]:
    quantities = {row.item: row.quantity for row in disclosure.assets}
    for number, line in enumerate(_applicable(table.lines, form), 1):
        figures = iter(_amounts(line, table.measures, disclosure, zero))
        row: Row = {}
        for column in table.filled:
            match column.content:
                case "序号":
                    row[column.name] = str(number)
                case "名称":
                    row[column.name] = line.label
                case "数量":
                    quantity = quantities.get(line.row or "")
                    row[column.name] = plain(quantity) if quantity else zero if line.row else ""
                case _:
                    row[column.name] = next(figures)
        yield row


def _paired_rows(
    table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames, zero: str
) -> Iterator[Row]:
    """Income on the left, expenditure on the right, then the closing lines side by side."""
    left = list(_applicable(table.left, form))
    right = list(_applicable(table.right, form))
    none = Line.model_validate({})
    pairs = [
        (left[i] if i < len(left) else none, right[i] if i < len(right) else none)
        for i in range(max(len(left), len(right)))
    ]
    pairs += [(pair.left, pair.right) for pair in table.closing]
    figures = disclosure.figures
    for number, (one, other) in enumerate(pairs, 1):
        amounts = iter(_amounts(other, table.measures, disclosure, zero))
        row: Row = {}
        for column in table.filled:
            match column.content:
                case "序号":
                    row[column.name] = str(number)
                case "左项目":
                    row[column.name] = one.label
                case "左数":
                    row[column.name] = _number(figures.get(one.take[0]), zero) if one.take else ""
                case "右项目":
                    row[column.name] = other.label
                case _:
                    row[column.name] = next(amounts)
        yield row


def _applicable(lines: Iterable[Line], form: Form) -> Iterator[Line]:
    return (line for line in lines if holds(line.when, form.facts))


def _amounts(line: Line, measures: tuple[str, ...], disclosure: Disclosure, zero: str) -> list[str]:
    if line.row is None:
        return [""] * len(measures)
    figures = disclosure.figures
    return [_number(figures.get(measure, line.row), zero) for measure in line.take or measures]


def _procurement_rows(
    table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames, zero: str
) -> Iterator[Row]:
    """合计, then per unit its 小计 and its purchases, units in the order of entry."""
    by_unit: dict[str, list[ProcurementRow]] = {}
    for purchase in disclosure.procurement:
        if purchase.sum_row is None:
            by_unit.setdefault(purchase.unit, []).append(purchase)
    if not by_unit:
        return
    fields = {field.alias: name for name, field in ProcurementRow.model_fields.items()}
    figures = disclosure.figures

    def sums(label: str, unit: str) -> Row:
        row = {}
        for i, column in enumerate(table.filled):
            if column.content in MEASURES:
                row[column.name] = _number(figures.get(column.content, unit), zero)
            else:
                row[column.name] = label if i == 0 else ""
        return row

    yield sums(table.total_label, TOTAL)
    for unit, purchases in by_unit.items():
        yield sums(table.subtotal_label.replace("{单位}", unit), unit)
        for purchase in purchases:
            row = {}
            for column in table.filled:
                if column.content == "procurement.total":
                    row[column.name] = _number(purchase.amount, zero)
                    continue
                field = fields.get(column.content) or column.content.partition(".")[2]
                row[column.name] = _record_cell(getattr(purchase, field), field, zero)
            yield row


def _record_cell(value: object, field: str, zero: str) -> str:
    if isinstance(value, Decimal):
        if field == "quantity":
            return plain(value)
        # The true unit price may have more decimals than are printed: 450 × 0.0222 = 9.99.
        return _number(value, zero)
    return zero if value is None and field in ProcurementRow.FUNDS else str(value or "")


def _institution_rows(
    table: Table, disclosure: Disclosure, form: Form, names: _SubjectNames, zero: str
) -> Iterator[Row]:
    fields = {field.alias: name for name, field in Institution.model_fields.items()}
    for institution in disclosure.institutions:
        yield {
            column.name: str(getattr(institution, fields[column.content]))
            for column in table.filled
        }


_RowSource = Callable[[Table, Disclosure, Form, "_SubjectNames", str], Iterator[Row]]
_ROWS: Final[Mapping[str, _RowSource]] = {
    "功能科目": _tree_rows,
    "经济科目": _tree_rows,
    "固定行": _fixed_rows,
    "左右对照": _paired_rows,
    "采购": _procurement_rows,
    "机构": _institution_rows,
}


# --- names of subjects ----------------------------------------------------------------------


class _SubjectNames:
    """A subject's name: as entered, else from the pack's code list; each lack is told once."""

    def __init__(self, disclosure: Disclosure, form: Form) -> None:
        self._functional = disclosure.subject_names
        self._economic = disclosure.economic_names
        self._lists = form.pack
        self._missing: dict[str, Problem] = {}
        self._unverified: dict[str, dict[str, str]] = {}  # by sheet

    def functional(self, code: str) -> str:
        return self._name(code, self._functional, self._lists.functional, "收入")

    def economic(self, code: str) -> str:
        return self._name(code, self._economic, self._lists.economic, "基本支出")

    def _name(
        self, code: str, entered: Mapping[str, str], listed: Mapping[str, Subject], sheet: str
    ) -> str:
        if name := entered.get(code):
            return name
        subject = listed.get(code)
        if subject is None:
            self._missing[code] = input_problem(
                "COD102",
                f"科目 {code} 没有名称，科目表里也查不到",
                (sheet,),
                hint=f"请在“{sheet}”里加一行，只填科目编码 {code} 和科目名称。",
            )
            return ""
        if subject.status != "verified":
            self._unverified.setdefault(sheet, {})[code] = subject.name
        return subject.name

    def problems(self) -> list[Problem]:
        found = list(self._missing.values())
        for sheet, names in self._unverified.items():
            shown = "、".join(f"{code} {name}" for code, name in sorted(names.items()))
            found.append(
                input_problem(
                    "COD110",
                    f"下列科目的名称取自未经核实的科目表：{shown}",
                    (sheet,),
                    hint="请对照当年的政府收支分类科目；不对的，加一行填编码和正确名称。",
                )
            )
        return found


# --- what the form has no place for ---------------------------------------------------------


def _unplaced_classes(disclosure: Disclosure, form: Form) -> Iterator[Problem]:
    """XTB105: a class that T1 has no line for would vanish from T1 and T4."""
    lines = {line.row for line in _applicable(form.pack.tables["T1"].right, form)}
    spent = disclosure.figures.rows(["expenditure.total"])
    for code in (c for c in spent if len(c) == 3 and c not in lines):
        at = next(i for i, row in enumerate(disclosure.expenditure) if row.code[:3] == code)
        yield input_problem(
            "COD101",
            f"功能分类“类”{code} 在收支总表的支出方没有对应的行",
            ("支出", at, "科目编码"),
            hint="请核对科目编码。",
        )


def _unplaced_rows(disclosure: Disclosure, form: Form) -> Iterator[Problem]:
    """Rows that were filled in but do not occur in the table as this form prints it."""
    sangong = {line.row or TOTAL for line in _applicable(form.pack.tables["T9"].lines, form)}
    # Rows that the form prints and the input leaves blank: XTB113 holds for them as well.
    left_blank = disclosure.ledger.crossed(crosses(sangong - disclosure.sangong_rows - {TOTAL}))
    yield from contradictions.problems(disclosure.ledger, left_blank, TERM_PATHS)
    for i, item in enumerate(disclosure.sangong):
        row = SANGONG_ROWS[item.item]
        if row not in sangong and row != TOTAL and any(getattr(item, fund) for fund in FUNDS):
            yield input_problem(
                "INP112",
                f"“{item.item}”有数，但按现在的格式“三公”经费表不列这一行",
                ("三公经费", i, "项目"),
                hint=f"{_how_to_show(form.pack.tables['T9'].lines, row)}或删去这一行。",
            )
    lines = form.pack.tables["资产"].lines
    shown = [line.row for line in _applicable(lines, form) if line.row]
    for i, asset in enumerate(disclosure.assets):
        if asset.item not in (*shown, ASSET_TOTAL):
            yield input_problem(
                "INP112",
                f"固定资产占用情况表没有“{asset.item}”这一行",
                ("国有资产", i, "项目"),
                hint=f"{_how_to_show(lines, asset.item)}或只填：{'、'.join(shown)}。",
            )


def _how_to_show(lines: Iterable[Line], row: str) -> str:
    """What to set so that the form prints a row: the conditions of the row's own line."""
    when = next((line.when for line in lines if line.row == row and line.when), {})
    settings = "、".join(f"“{switch}”改为“{value}”" for switch, value in when.items())
    return f"请把格式选项{settings}，" if settings else "请核对名称，"
