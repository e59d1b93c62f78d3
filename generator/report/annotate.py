"""The accountant's own workbook with the findings in it: faulty cells coloured and with notes.

Everything else is as it was when opened, stored values of formulas included; a first sheet lists
the findings, with a link to each cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from generator.ooxml import SHEET_ORDER, Cells, Element, Package, Styles, insert, main, new
from generator.ooxml.cells import boxes, coordinates, covers
from generator.problem import Problem, Severity
from generator.report import facts, results
from generator.report import notes as cell_notes
from generator.report.notes import Note
from generator.report.results import COLOURS, WAIVED, kind

_WORST_FIRST: Final = (*(severity.value for severity in Severity), WAIVED)


def annotate(
    original: bytes,
    problems: Sequence[Problem],
    title: str,
    file: str,
    remarks: Sequence[str] = (),
) -> bytes:
    """The workbook with the findings marked.

    ``file``: the workbook's own name; findings at places in other files are listed, not marked.
    ``remarks``: lines below the findings, such as what was not checked.
    Raises :class:`UserError` when the workbook is written in a way that is not understood.
    """
    package = Package(original)
    styles = Styles(package)
    for sheet, marked in _by_sheet(package, problems, file).items():
        _mark(package, package.sheets[sheet], styles, marked)
    lines = [
        results.Line(problem, facts.place(problem, file), _target(package, problem, file))
        for problem in problems
    ]
    results.put_first(package, styles, title, lines, remarks)
    return package.save()


def _is_here(problem: Problem, file: str) -> bool:
    """Whether the place is in this workbook, not in a unit's."""
    place = problem.place
    return place is not None and place.file in (None, file)


def _target(package: Package, problem: Problem, file: str) -> str | None:
    """Where the line of a finding leads to: ``'收入'!B5``."""
    place = problem.place
    if place is None or place.sheet not in package.sheets or not _is_here(problem, file):
        return None
    name = place.sheet.replace("'", "''")
    return f"'{name}'!{place.cell if _is_cell(place.cell) else 'A1'}"


def _is_cell(cell: str | None) -> bool:
    return coordinates(cell or "") is not None


def _by_sheet(
    package: Package, problems: Sequence[Problem], file: str
) -> dict[str, dict[str, list[Problem]]]:
    """The findings of each cell of each sheet of this workbook."""
    found: dict[str, dict[str, list[Problem]]] = {}
    for problem in problems:
        place = problem.place
        if place is None or place.cell is None or not _is_cell(place.cell):
            continue
        if place.sheet in package.sheets and _is_here(problem, file):
            found.setdefault(place.sheet, {}).setdefault(place.cell, []).append(problem)
    return found


# --- one sheet ----------------------------------------------------------------------------------


def _mark(package: Package, part: str, styles: Styles, marked: Mapping[str, list[Problem]]) -> None:
    """Colour the cells of a sheet and write the notes."""
    sheet = package.edit(part)
    cells = Cells(sheet)
    shown: dict[str, list[Problem]] = {}
    for name, problems in marked.items():
        shown.setdefault(cells.anchor(name), []).extend(problems)
    worst = {name: _worst(problems) for name, problems in shown.items()}
    for name, worst_kind in worst.items():
        cell = cells.make(name)
        cell.set("s", styles.filled(cell.get("s", "0"), COLOURS[worst_kind]))
    _show_through(sheet, styles, worst)
    cell_notes.add(package, part, {name: _note(problems) for name, problems in shown.items()})


def _worst(problems: Sequence[Problem]) -> str:
    return min(map(kind, problems), key=_WORST_FIRST.index)


def _note(problems: Sequence[Problem]) -> Note:
    return tuple(
        (
            f"【{results.label(problem)}】{problem.rule} {problem.name}",
            "\n".join(filter(None, (problem.message, results.next_step(problem)))),
        )
        for problem in problems
    )


def _show_through(sheet: Element, styles: Styles, worst: Mapping[str, str]) -> None:
    """Where a rule of the sheet may colour a cell itself, a rule of ours above it.

    The other rules stay, one step further down; what they do beside the colour is still seen.
    """
    own = [
        box
        for rules in sheet.iter(main("conditionalFormatting"))
        for box in boxes(rules.get("sqref", ""))
    ]
    own += [box for node in sheet.iterfind(".//{*}sqref") for box in boxes(node.text or "")]
    hidden: dict[str, list[str]] = {}
    for name, worst_kind in worst.items():
        at = coordinates(name)
        if at is not None and any(covers(box, at) for box in own):
            hidden.setdefault(worst_kind, []).append(name)
    for rule in sheet.iterfind(".//{*}cfRule"):
        if (below := rule.get("priority")) is not None:
            rule.set("priority", str(int(below) + len(hidden)))
    for priority, (worst_kind, names) in enumerate(hidden.items(), 1):
        rules = new("conditionalFormatting", sqref=" ".join(names))
        rule = new(
            "cfRule",
            type="expression",
            dxfId=str(styles.rule_colour(COLOURS[worst_kind])),
            priority=str(priority),
        )
        rule.append(new("formula", "TRUE"))
        rules.append(rule)
        insert(sheet, rules, SHEET_ORDER)
