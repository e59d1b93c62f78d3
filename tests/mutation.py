"""How many wrong figures are found: one number at a time is changed, in every numeric cell.

    python tests/mutation.py [--case NAME …] [--tables | --leaves] [--every N]

``--tables``: the nine tables of each published case, pasted in full. ``--leaves``: inputs that
have each amount once. A change counts as found when there is a new error or warning, and as named
when the first of these names the cell or one of its equation: of its row or column, or a figure
of the comparison. ``--every N`` takes each Nth cell only.
"""

from __future__ import annotations

import argparse
import copy
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rulebook.base import department
from support import CASES, INPUTS, case_tree
from test_pasted import published, without_leaves

from generator import pipeline
from generator.disclosure import Disclosure
from generator.problem import Path as InputPath
from generator.problem import Place, Problem, Severity
from generator.sources import yamlfile
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


# --- what was said ------------------------------------------------------------------------------


def findings(raw: RawInput) -> list[Problem]:
    """Errors and warnings, in the order of the report."""
    problems = pipeline.work_out(raw, INPUTS, pipeline.Options()).problems
    return [p for p in problems if p.severity is not Severity.INFO]


def _key(problem: Problem) -> tuple[str, str]:
    return problem.rule, str(problem.place)


def _names(problem: Problem, spot: Place) -> bool:
    """Whether the finding names the spot, or a figure of a sum or comparison that it is in."""
    places = [problem.place, *(side.place for side in (*problem.sides, *problem.addends))]
    for place in places:
        if place is None or place.sheet != spot.sheet:
            continue
        if place.cell is None or spot.cell is None:
            return True
        if _split(place.cell)[0] == _split(spot.cell)[0]:
            return True
        if _split(place.cell)[1] == _split(spot.cell)[1]:
            return True
    return False


def _split(cell: str) -> tuple[str, str]:
    letters = cell.rstrip("0123456789")
    return letters, cell[len(letters) :]


@dataclass
class Tally:
    """What became of the changes of one kind of cell."""

    done: int = 0
    found: int = 0
    named: int = 0
    more: int = 0
    """Changes that gave more than one new finding."""
    missed: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.done += other.done
        self.found += other.found
        self.named += other.named
        self.more += other.more
        self.missed += other.missed


Tallies = dict[tuple[str, str], Tally]
"""By kind of cell and kind of change."""


def _note(tallies: Tallies, cell: str, kind: str, new: Sequence[Problem], spot: Place) -> None:
    tally = tallies[cell, kind]
    tally.done += 1
    tally.found += bool(new)
    tally.named += bool(new) and _names(new[0], spot)
    tally.more += len(new) > 1
    if not new:
        tally.missed.append(str(spot))


# --- the nine tables ----------------------------------------------------------------------------

_TABLES = (
    "收支",
    "收入",
    "支出",
    "财政拨款收支",
    "一般公共预算",
    "基本",
    "政府基金",
    "国资",
    "三公",
)


def of_tables(name: str, every: int = 1) -> Tallies:
    """Every amount of the nine tables of a published case."""
    tree = without_leaves(_input(INPUTS / f"{name}.yaml"))
    pages = published(name)
    tallies: Tallies = defaultdict(Tally)
    before = {_key(p) for p in findings(_pasted(tree, pages))}
    for number, spot in enumerate(_amounts(pages)):
        if number % every:
            continue
        page, row, column = spot
        text = pages[page].rows[row][column]
        place = Place("x", pages[page].name, f"{column_letters(column)}{row + 1}")
        for kind in KINDS:
            if (new := changed(text, kind)) is None:
                continue
            pages[page].rows[row][column] = new
            said = [p for p in findings(_pasted(tree, pages)) if _key(p) not in before]
            pages[page].rows[row][column] = text
            _note(tallies, f"表{page + 1} {_TABLES[page]}", kind, said, place)
    return tallies


def _amounts(pages: Sequence[Page]) -> Iterator[tuple[int, int, int]]:
    for number, page in enumerate(pages):
        for r, row in enumerate(page.rows):
            for c, text in enumerate(row):
                if text[-3:-2] == "." and text.replace(".", "").isdigit():
                    yield number, r, c


def _pasted(tree: Tree, pages: Sequence[Page]) -> RawInput:
    return RawInput("x", dict(tree), _locate, (), tuple(pages))


def _input(file: Path) -> Tree:
    return yamlfile.read(file.name, file.read_bytes()).tree


def _locate(path: InputPath) -> Place:
    """A leaf as if it stood in a workbook: row and column of its sheet."""
    if not path:
        return Place("x")
    steps = [str(step) for step in path]
    return Place("x", steps[0], "".join(steps[-1:]) + steps[1] if len(steps) > 1 else None)


# --- the leaves ---------------------------------------------------------------------------------

_WORDS = frozenset({"科目编码", "编码", "年度", "政府采购目录序号", "指标值"})

UNDECIDABLE: Mapping[str, str] = {
    "三公经费": "粘贴的表9，或文字里写明的“三公”各项金额（基本支出只给出下限）",
    "上年数": "上年的工作簿（--last-year），或文字里写明的增减额",
    "国有资产": "资产总额一行，或资产说明里写明的数",
    "基本信息 专项公用经费": "支出说明里写明的专项公用经费",
    "项目 金额": "每个项目都填金额，或支出说明列出各项目的金额",
    "政府采购 预算资金": "与项目同名，或同一项目的另一行",
    "政府采购 预留中小微企业份额": "合计行，或文字里写明的预留总额",
    "政府采购 数量": "单价的更多小数（印出的单价是四舍五入的）",
    "政府采购 一般公共预算拨款": "合计列或合计行，或单价的更多小数",
}
"""Kinds of cells that need not stand anywhere else, and the input that would decide them."""


def undecided(cell: str) -> str:
    """What is missing to check a kind of cell; empty where nothing is."""
    return next((need for kind, need in UNDECIDABLE.items() if cell.startswith(kind)), "")


def leaf_cases() -> dict[str, Tree]:
    files = sorted(INPUTS.glob("*.yaml"))
    prose = {f"{name}（连同文字）": case_tree(name) for name in CASES}
    return {"base": department()} | prose | {file.stem: _input(file) for file in files}


def of_leaves(tree: Tree, every: int = 1) -> Tallies:
    """Every number of an input that has each amount once."""
    tallies: Tallies = defaultdict(Tally)
    before = {_key(p) for p in findings(_leaves(tree))}
    # A total may be left out: that changes nothing.
    read = Disclosure.model_validate(tree, context={"draft": True})
    totals = {cell.path for cell in read.declared()}
    totals |= {("政府采购", i, "合计") for i in range(len(read.procurement))}
    for number, path in enumerate(_numbers(tree, ())):
        if number % every:
            continue
        for kind in KINDS:
            mutant = copy.deepcopy(tree)
            row: Any = mutant
            for step in path[:-1]:
                row = row[step]
            new = changed(row[path[-1]], kind)
            if new is None or (not new and path in totals):
                continue
            if new:
                row[path[-1]] = new
            else:
                del row[path[-1]]
            said = [p for p in findings(_leaves(mutant)) if _key(p) not in before]
            column = " ".join(str(step) for step in path if isinstance(step, str))
            _note(tallies, column, kind, said, Place("x", str(path[0]), path=str(path)))
    return tallies


def _leaves(tree: Tree) -> RawInput:
    def locate(path: InputPath) -> Place:
        return Place("x", str(path[0]) if path else None, path=str(path))

    return RawInput("x", tree, locate)


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


# --- the report ---------------------------------------------------------------------------------


def whole(tallies: Tallies) -> Tally:
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    return total


def decidable(tallies: Tallies) -> tuple[int, int]:
    """Changes found, and changes that any rule can decide."""
    found = whole(tallies).found
    missed = sum(len(t.missed) for (cell, _), t in tallies.items() if not undecided(cell))
    return found, found + missed


def show(title: str, tallies: Tallies) -> None:
    print(f"\n{title}")
    print(f"{'':<28}{'改动':>7}{'发现':>7}{'%':>8}{'指明':>7}{'多于一条':>8}")
    cells = list(dict.fromkeys(cell for cell, _ in tallies))
    for cell in cells:
        one = whole({key: tally for key, tally in tallies.items() if key[0] == cell})
        _line(cell, one)
        if one.found < one.done:
            kinds = Counter({k: len(t.missed) for (c, k), t in tallies.items() if c == cell})
            need = undecided(cell)
            print("      未发现：" + "，".join(f"{k} {n}" for k, n in kinds.items() if n), end="")
            print(f"；判断需要：{need}" if need else "")
    for kind in KINDS:
        _line(f"  {kind}", whole({key: t for key, t in tallies.items() if key[1] == kind}))
    _line("合计", whole(tallies))
    found, can = decidable(tallies)
    print(f"有第二个数可以对照的 {can} 处，发现 {found} 处，{100 * found / max(can, 1):.2f}%")


def _line(label: str, tally: Tally) -> None:
    share = 100 * tally.found / tally.done if tally.done else 100
    print(f"{label:<28}{tally.done:>7}{tally.found:>7}{share:>8.2f}{tally.named:>7}{tally.more:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--case", nargs="+", default=[])
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--leaves", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args()
    both = chosen.tables == chosen.leaves
    if both or chosen.tables:
        for name in CASES:
            if not chosen.case or name in chosen.case:
                show(f"{name}：粘贴的九张表", of_tables(name, chosen.every))
    if both or chosen.leaves:
        for name, tree in leaf_cases().items():
            if not chosen.case or name.partition("（")[0] in chosen.case:
                show(f"{name}：只有明细", of_leaves(tree, chosen.every))


if __name__ == "__main__":
    main()
