"""How many slips in the prose are found: each amount changed, one at a time.

``python tests/prose_mutation.py`` prints the table. An amount counts as reported when an error or
a warning stands at its paragraph that did not stand there before, as listed when only the list of
unverified amounts has it.
"""

from __future__ import annotations

import copy
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # as a command, the tests' own modules and the project are not on it
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from rulebook.base import Tree, department
from support import case_tree, findings_of

from generator.checks.prose import Amount, amounts
from generator.problem import Problem, Severity

CASES = ("tangshan-2023", "beidaihe-2022", "julu-2023")
UNVERIFIED = "NAR901"


@dataclass(frozen=True)
class Mutation:
    """One amount of one paragraph with another number."""

    kind: str
    path: tuple[str, str, int]
    amount: Amount
    text: str  # the whole paragraph, changed


@dataclass
class Tally:
    reported: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(sum(c.values()) for c in (self.reported, self.listed, self.missed))

    @property
    def share(self) -> Decimal:
        return Decimal(sum(self.reported.values())) * 100 / max(self.total, 1)


def digits_of(amount: Amount) -> tuple[int, int]:
    """Where the number stands within the words of an amount."""
    end = max((i for i, c in enumerate(amount.words) if c.isdecimal()), default=-1) + 1
    return 0, end


def variants(number: str) -> Iterator[tuple[str, str]]:
    """Kind → another number. One that would be the same, or negative, is none."""
    value = Decimal(number)
    places = len(number.partition(".")[2])
    shown = f"{{:.{max(places, 2)}f}}"
    for kind, step in (("+0.01", "0.01"), ("-0.01", "-0.01"), ("+1", "1"), ("-1", "-1")):
        other = value + Decimal(step)
        if other >= 0:
            exact = shown if "0.01" in kind else f"{{:.{places}f}}"
            yield kind, exact.format(other)
    if value:
        yield "×10", f"{value * 10:.{places}f}"
        for i in range(len(number) - 1):
            pair = number[i : i + 2]
            if pair.isdecimal() and pair[0] != pair[1] and not (i == 0 and pair[1] == "0"):
                yield "两位对调", f"{number[:i]}{pair[::-1]}{number[i + 2 :]}"
                break
    yield "空白", ""


def mutations(tree: Tree) -> Iterator[Mutation]:
    for slot, paragraphs in tree["文字"].items():
        for i, text in enumerate(paragraphs):
            for amount in amounts(text):
                start, end = digits_of(amount)
                number = amount.words[start:end].replace(",", "")
                if not amount.is_money or not number:
                    continue
                for kind, other in variants(number):
                    words = other + amount.words[end:]
                    changed = text[: amount.start] + words + text[amount.end :]
                    yield Mutation(kind, ("文字", slot, i), amount, changed)


def key(problem: Problem) -> tuple[Any, ...]:
    return (problem.rule, problem.path, problem.message)


def at_paragraph(problem: Problem, path: tuple[Any, ...]) -> bool:
    """It stands there, or the paragraph is one of its figures."""
    places = (problem.path, *problem.involved, *(side.path for side in problem.sides))
    return any(place[: len(path)] == path for place in places)


def tally(tree: Tree, found: Tally | None = None) -> Tally:
    """Every mutation of a tree's prose, counted by what the checks say of it."""
    found = found or Tally()
    before = {key(p) for p in findings_of(tree)}
    for mutation in mutations(tree):
        changed = copy.deepcopy(tree)
        _, slot, i = mutation.path
        changed["文字"][slot][i] = mutation.text
        new = [
            p
            for p in findings_of(changed)
            if key(p) not in before and at_paragraph(p, mutation.path)
        ]
        if any(p.severity is not Severity.INFO for p in new):
            found.reported[mutation.kind] += 1
        else:
            where = found.listed if any(p.rule == UNVERIFIED for p in new) else found.missed
            where[mutation.kind] += 1
            a = mutation.amount
            words = mutation.text[max(0, a.start - 20) : a.end + 4]
            listed = "只列出" if where is found.listed else "没有发现"
            found.lost.append(f"{listed} {mutation.kind:4} {slot}{i + 1}：…{words}…")
    return found


def trees() -> dict[str, Tree]:
    """The base department and the cases that are there."""
    found = {"河清县档案馆": department()}
    for name in CASES:
        try:
            found[name] = case_tree(name)
        except FileNotFoundError:
            print(f"没有 {name}，跳过")
    return found


def main() -> None:
    whole = Tally()
    for name, tree in trees().items():
        one = tally(tree)
        print(
            f"{name}：改动 {one.total} 处，发现 {sum(one.reported.values())}，"
            f"只列出 {sum(one.listed.values())}，没有发现 {sum(one.missed.values())}，"
            f"{one.share:.1f}%"
        )
        for line in one.lost:
            print(f"    {line}")
        for mine, other in (
            (whole.reported, one.reported),
            (whole.listed, one.listed),
            (whole.missed, one.missed),
        ):
            mine.update(other)
    print("\n改法        改动  发现  只列出  没有发现")
    for kind in sorted({*whole.reported, *whole.listed, *whole.missed}):
        row = whole.reported[kind], whole.listed[kind], whole.missed[kind]
        print(f"{kind:10}{sum(row):6}{row[0]:6}{row[1]:8}{row[2]:8}")
    print(f"合计 {whole.total} 处，发现 {whole.share:.1f}%")


if __name__ == "__main__":
    main()
