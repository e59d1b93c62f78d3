"""How many slips in the prose are found: each amount changed, one at a time.

An amount counts as reported when an error or a warning stands at its paragraph that did not stand
there before, as listed when only the list of unverified amounts has it. :mod:`mutation` prints it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from rulebook.base import Tree
from support import findings_of

from generator.checks.prose import Amount, amounts
from generator.problem import Problem, Severity

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
    named: int = 0
    """Reported, and the first finding stands at the paragraph itself."""
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


def spots(tree: Tree) -> Iterator[tuple[tuple[str, str, int], Amount]]:
    """Every amount of money of the paragraphs."""
    for slot, paragraphs in tree["文字"].items():
        for i, text in enumerate(paragraphs):
            for amount in amounts(text):
                if amount.is_money and any(c.isdecimal() for c in amount.words):
                    yield ("文字", slot, i), amount


def mutations(tree: Tree, every: int = 1) -> Iterator[Mutation]:
    """Every change of every amount, or of each Nth."""
    for path, amount in islice(spots(tree), None, None, every):
        _, slot, i = path
        text = tree["文字"][slot][i]
        start, end = digits_of(amount)
        for kind, other in variants(amount.words[start:end].replace(",", "")):
            words = other + amount.words[end:]
            yield Mutation(kind, path, amount, text[: amount.start] + words + text[amount.end :])


def key(problem: Problem) -> tuple[Any, ...]:
    return (problem.rule, problem.path, problem.message)


def at_paragraph(problem: Problem, path: tuple[Any, ...]) -> bool:
    """It stands there, or the paragraph is one of its figures."""
    places = (problem.path, *problem.involved, *(side.path for side in problem.sides))
    return any(place[: len(path)] == path for place in places)


def tally(tree: Tree, every: int = 1) -> Tally:
    """Every mutation of a tree's prose, counted by what the checks say of it."""
    found = Tally()
    before = {key(p) for p in findings_of(tree)}
    for mutation in mutations(tree, every):
        changed = copy.deepcopy(tree)
        _, slot, i = mutation.path
        changed["文字"][slot][i] = mutation.text
        new = [
            p
            for p in findings_of(changed)
            if key(p) not in before and at_paragraph(p, mutation.path)
        ]
        serious = [p for p in new if p.severity is not Severity.INFO]
        if serious:
            found.reported[mutation.kind] += 1
            found.named += serious[0].path[:3] == mutation.path
        else:
            where = found.listed if any(p.rule == UNVERIFIED for p in new) else found.missed
            where[mutation.kind] += 1
            a = mutation.amount
            words = mutation.text[max(0, a.start - 20) : a.end + 4]
            listed = "只列出" if where is found.listed else "没有发现"
            found.lost.append(f"{listed} {mutation.kind:4} {slot}{i + 1}：…{words}…")
    return found
