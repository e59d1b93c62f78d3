"""How many wrong figures are found: one number at a time is changed, in every place.

    python tests/mutation.py [--case NAME …] [--only tables|leaves|prose] [--every N]

Three measurements. *Tables*: every amount of the nine tables, pasted in full. *Leaves*: every number
of an input that has each amount once; whether a change can be found at all is decided beforehand
by :mod:`second_figures`, what cannot is listed apart. *Prose*: every amount of the texts. A change is
found when there is an error or a warning that was not there before; it is named when the first of
these stands at the cell, or at a figure that it must agree with. ``--every N`` takes each Nth only.
Without ``../shared`` there are only the project's own inputs.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # as a command, the project is not on the path
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import prose_mutation
from rulebook.base import department
from second_figures import SecondFigures, need
from support import CASES, INPUTS, ROOT, case_tree
from test_pasted import leaves_of, pack_of, printed, published, without_leaves

from generator import pipeline
from generator.balance import crosses
from generator.choice import choose_pack
from generator.disclosure import Disclosure
from generator.document import Document, Options
from generator.problem import Path as InputPath
from generator.problem import Place, Problem, Severity
from generator.render import context
from generator.sources import pasted
from generator.sources.raw import Page, RawInput, column_letters

Tree = dict[str, Any]

# --- changes ------------------------------------------------------------------------------------

KINDS = ("+0.01", "-0.01", "+1", "-1", "×10", "换位", "空白")


def changed(text: str, kind: str) -> str | None:
    """The number as it would be mistyped; None where that is not possible or no change."""
    amount = Decimal(text)
    match kind:
        case "空白":
            new = ""
        case "×10":
            new = f"{amount * 10:f}"
        case "换位":
            new = _swapped(text)
        case _:
            moved = amount + Decimal(kind)
            new = f"{moved:f}" if moved >= 0 else text
    same = (Decimal(new) if new else Decimal(0)) == amount
    return None if same else new


def _swapped(text: str) -> str:
    """The first two neighbouring digits that differ change places."""
    for i in range(len(text) - 1):
        one, two = text[i], text[i + 1]
        if one.isdigit() and two.isdigit() and one != two and (i or two != "0"):
            return text[:i] + two + one + text[i + 2 :]
    return text


# --- what became of them ------------------------------------------------------------------------


@dataclass
class Tally:
    """Of the changes of one kind of cell."""

    done: int = 0
    """Changes that another figure of the input contradicts."""
    found: int = 0
    named: int = 0
    missed: list[str] = field(default_factory=list)
    open: int = 0
    """Changes that nothing in the input contradicts."""
    lucky: int = 0
    """Of these, the ones that were found all the same: by their size, by a reason that lacks …"""
    harmless: int = 0
    """Cells that may be left blank: the document stays as it was."""

    def add(self, other: Tally) -> None:
        self.done += other.done
        self.found += other.found
        self.named += other.named
        self.missed += other.missed
        self.open += other.open
        self.lucky += other.lucky
        self.harmless += other.harmless


Tallies = dict[str, Tally]
"""By kind of cell."""


def whole(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def findings(raw: RawInput) -> list[Problem]:
    """Errors and warnings, in the order of the report."""
    return _serious(pipeline.work_out(raw, INPUTS, Options()))


def _serious(document: Document) -> list[Problem]:
    return [p for p in document.problems if p.severity is not Severity.INFO]


# --- the nine tables ----------------------------------------------------------------------------

_TABLES = (
    *("表1 收支", "表2 收入", "表3 支出", "表4 财政拨款收支", "表5 一般公共预算", "表6 基本"),
    *("表7 政府基金", "表8 国资", "表9 三公"),
)


def table_cases(names: Iterable[str]) -> dict[str, list[Page]]:
    """The tables as published; without the published ones, as our form prints the inputs."""
    if has_cases():
        return {name: published(name) for name in names}
    return {name: printed(leaves_of(name), pack_of(name)) for name in names}


def of_tables(name: str, pages: Sequence[Page], every: int = 1) -> Tallies:
    """Every amount of the nine tables of a case; each is in some equation, so all are decidable."""
    tree = without_leaves(leaves_of(name))
    tallies: Tallies = defaultdict(Tally)
    before = {(p.rule, p.place) for p in findings(pasted_input(tree, pages))}
    agreeing = _agreeing(pasted_input(tree, pages))
    for number, (page, row, column) in enumerate(_amounts(pages)):
        if number % every:
            continue
        text = pages[page].rows[row][column]
        spot = f"{pages[page].name}!{column_letters(column)}{row + 1}"
        for kind in KINDS:
            if (new := changed(text, kind)) is None:
                continue
            pages[page].rows[row][column] = new
            said = findings(pasted_input(tree, pages))
            said = [p for p in said if (p.rule, p.place) not in before]
            pages[page].rows[row][column] = text
            tally = tallies[_TABLES[page]]
            tally.done += 1
            tally.found += bool(said)
            tally.named += bool(said) and str(said[0].place) in agreeing[spot]
            if not said:
                tally.missed.append(f"{name} {spot} {kind} {text}→{new or '空白'}")
    return tallies


def _agreeing(raw: RawInput) -> Mapping[str, set[str]]:
    """Place → the places of all equations that it stands in, itself too."""
    pack, _ = choose_pack(raw.tree, None)
    attached = pasted.attach(raw, pack)
    found: dict[str, set[str]] = defaultdict(set)
    for cells in _equations(Disclosure.model_validate(attached.tree, context={"draft": True})):
        places = {str(attached.locate(path)) for path in cells}
        for place in places:
            found[place] |= places
    return found


def _equations(disclosure: Disclosure) -> Iterator[set[InputPath]]:
    """The cells of each."""
    ledger, relations = disclosure.ledger, crosses({"", *disclosure.sangong_rows})
    for equation in (*ledger.equations(), *ledger.crossed(relations)):
        yield {p for term in (equation.left, *equation.right) for p in ledger.paths(term)}


def _amounts(pages: Sequence[Page]) -> Iterator[tuple[int, int, int]]:
    for number, page in enumerate(pages):
        for r, row in enumerate(page.rows):
            for c, text in enumerate(row):
                if text[-3:-2] == "." and text.replace(".", "").isdigit():
                    yield number, r, c


def pasted_input(tree: Tree, pages: Sequence[Page]) -> RawInput:
    return RawInput("x", dict(tree), _locate, (), tuple(pages))


def _locate(path: InputPath) -> Place:
    """A cell of the sheet; the order of findings is by sheets."""
    return Place("x", str(path[0]) if path else None, path=str(path))


# --- the leaves ---------------------------------------------------------------------------------

_WORDS = frozenset({"科目编码", "编码", "年度", "政府采购目录序号", "指标值"})


def has_cases() -> bool:
    return (ROOT.parent / "shared").is_dir()


def leaf_cases(names: Iterable[str]) -> dict[str, Tree]:
    """Without a name the base department; the published cases come with all of their prose."""
    names = list(names)
    prose = {f"{name}（连同原文）": case_tree(name) for name in names if has_cases()}
    return {"河清县档案馆": department()} | {name: leaves_of(name) for name in names} | prose


def of_leaves(name: str, tree: Tree, every: int = 1) -> Tallies:
    """Every number of an input that has each amount once."""
    tallies: Tallies = defaultdict(Tally)
    original = pipeline.work_out(_leaves(tree), INPUTS, Options())
    before = {(p.rule, p.path) for p in _serious(original)}
    agreeing: dict[InputPath, set[InputPath]] = defaultdict(set)
    for cells in _equations(Disclosure.model_validate(tree, context={"draft": True})):
        for cell in cells:
            agreeing[cell] |= cells
    second = SecondFigures(tree)
    for number, path in enumerate(_numbers(tree, ())):
        if number % every:
            continue
        allowed, text = second.of(path), _at(tree, path)
        tally = tallies[" ".join(str(step) for step in path if isinstance(step, str))]
        for kind in KINDS:
            if (new := changed(text, kind)) is None:
                continue
            document = pipeline.work_out(_leaves(_with(tree, path, new)), INPUTS, Options())
            if not new and _printed(document) == _printed(original):
                tally.harmless += 1
                continue
            said = [p for p in _serious(document) if (p.rule, p.path) not in before]
            if not allowed.contradicts(new):
                tally.open += 1
                tally.lucky += bool(said)
                continue
            tally.done += 1
            tally.found += bool(said)
            tally.named += bool(said) and _names(said[0], path, agreeing[path])
            if not said:
                steps = ".".join(map(str, path))
                tally.missed.append(f"{name} {steps} {kind} {text}→{new or '空白'}")
    return tallies


def _leaves(tree: Tree) -> RawInput:
    return RawInput("x", tree, _locate)


def _at(tree: Tree, path: InputPath) -> str:
    value: Any = tree
    for step in path:
        value = value[step]
    return str(value)


def _with(tree: Tree, path: InputPath, new: str) -> Tree:
    """The tree with another value; a blank cell is not there."""
    mutant = copy.deepcopy(tree)
    row: Any = mutant
    for step in path[:-1]:
        row = row[step]
    if new:
        row[path[-1]] = new
    else:
        del row[path[-1]]
    return mutant


_SUMS_OF = {"上年数": 1, "政府采购": 2, "国有资产": 2}
"""How much of a path the cells have in common that must agree outside the tables: sheet or row."""


def _names(problem: Problem, path: InputPath, agreeing: set[InputPath]) -> bool:
    """Whether the finding names the cell, or one that it must agree with (a blank one is gone)."""
    sides = (*problem.sides, *problem.addends)
    cells = {problem.path, *problem.involved, *(side.path for side in sides)}
    common = _SUMS_OF.get(str(path[0]), len(path))
    return bool(cells & agreeing) or any(cell[:common] == path[:common] for cell in cells)


def _printed(document: Document) -> Any:
    """All that the document will say; its hash is of the input too."""
    main, *units = document.contents
    return {**context.build(main, units), "文档": None}


def _numbers(value: Any, at: InputPath) -> Iterator[InputPath]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in _WORDS and at[:1] != ("文字",):
                yield from _numbers(below, (*at, key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from _numbers(below, (*at, i))
    elif isinstance(value, str) and value.replace(".", "", 1).isdigit() and at[:1] != ("文字",):
        yield at


# --- the prose ----------------------------------------------------------------------------------


def of_prose(tree: Tree, every: int = 1) -> Tally:
    counted = prose_mutation.tally(tree, every)
    reported = sum(counted.reported.values())
    return Tally(counted.total, reported, counted.named, counted.lost)


# --- the report ---------------------------------------------------------------------------------

_WIDTH = 32


def show(title: str, rows: Mapping[str, Tally]) -> Tally:
    """A table with a line for each kind, and the sum below."""
    print(f"\n{title}")
    print(_padded("") + "".join(f"{_right(word, 9)}" for word in ("改动", "发现", "%", "指明")))
    total = whole(rows.values())
    for label, tally in (*rows.items(), ("合计", total)):
        print(
            f"{_padded(label)}{tally.done:>9}{tally.found:>9}{share(tally):>9.2f}{tally.named:>9}"
        )
    for line in total.missed:
        print(f"    没有发现：{line}")
    return total


def _padded(text: str) -> str:
    return text + " " * (_WIDTH - _columns(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _columns(text)) + text


def _columns(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 or c in "“”" else 1 for c in text)


def share(tally: Tally) -> float:
    return 100 * tally.found / tally.done if tally.done else 100.0


def _show_open(kinds: Mapping[str, Tally]) -> None:
    """What nothing in the input contradicts, by kind, with what would decide it."""
    print("\n输入里没有第二个数可以对照的改动（不算在上面）：")
    for kind, tally in kinds.items():
        if tally.open:
            print(
                f"  {kind} {tally.open} 处（其中 {tally.lucky} 处也发现了）；要判断需要：{need(kind)}"
            )
    harmless = sum(tally.harmless for tally in kinds.values())
    print(f"可以不填、留空后公开的文档一字不变的：{harmless} 处，不算错。")


def _measure_tables(names: list[str], every: int) -> Tally:
    kinds: Tallies = defaultdict(Tally)
    for name, pages in table_cases(names).items():
        for kind, tally in of_tables(name, pages, every).items():
            kinds[kind].add(tally)
    return show("一、粘贴的九张表：每个金额", {key: kinds[key] for key in _TABLES if key in kinds})


def _measure_leaves(names: list[str], every: int) -> Tally:
    kinds: Tallies = defaultdict(Tally)
    for name, tree in leaf_cases(names).items():
        for kind, tally in of_leaves(name, tree, every).items():
            kinds[kind].add(tally)
    total = show("二、只有明细的输入：有第二个数可以对照的改动", kinds)
    _show_open(kinds)
    return total


def _measure_prose(names: list[str], every: int) -> Tally:
    trees = {name: tree for name, tree in leaf_cases(names).items() if tree["文字"]}
    rows = {name: of_prose(tree, every) for name, tree in trees.items()}
    return show("三、文字里的每个金额", {name: tally for name, tally in rows.items() if tally.done})


MEASUREMENTS: Mapping[str, tuple[str, Callable[[list[str], int], Tally]]] = {
    "tables": ("九张表", _measure_tables),
    "leaves": ("明细", _measure_leaves),
    "prose": ("文字", _measure_prose),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--case", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--only", choices=MEASUREMENTS)
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args()
    if not has_cases():
        print(f"{ROOT.parent / 'shared'} 不在，只用项目自己的输入（表由程序按格式印出）。")
    start, results = time.monotonic(), []
    for key, (label, measure) in MEASUREMENTS.items():
        if chosen.only in (None, key):
            total = measure(chosen.case, chosen.every)
            results.append(f"{label} {total.found}/{total.done} = {share(total):.2f}%")
    print(f"\n用时 {time.monotonic() - start:.0f} 秒。发现：{'；'.join(results)}")


if __name__ == "__main__":
    main()
