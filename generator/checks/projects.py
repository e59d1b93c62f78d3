"""Projects and their indicators, read once, and how findings tell them.

The same fault in several rows of a project is one finding; in more than :data:`MANY` projects it
is one finding for all of them, at the first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar

from generator.checks.rule import Finding
from generator.checks.subject import CELLS, Subject
from generator.checks.values import Value, fold, parse
from generator.disclosure.rows import Indicator
from generator.problem import Path

_Verdict = TypeVar("_Verdict")

MANY: Final = 5
_SHOWN: Final = 12  # different rows that one message lists

LIST_NUMBER: Final = re.compile(
    r"^\(?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:[)、:]+|\.(?![0-9]))+"
)
"""What stands before a goal in a list, folded: 1. or 二、."""

# --- rows and where they stand ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wording:
    """An indicator, and its cells as the rules compare them.

    ``name``: what it measures, without the unit in brackets at the end: 出勤率（%） → 出勤率.
    """

    indicator: Indicator
    kind: str
    name: str
    description: str
    value: Value | None


class Row(NamedTuple):
    """Where an indicator stands."""

    project: int
    number: int
    indicator: Indicator

    def path(self, column: str = "指标值") -> Path:
        return ("项目", self.project, "绩效指标", self.number, column)

    def spot(self, column: str = "指标值") -> Spot:
        shown = self.indicator.level3 or self.indicator.description
        text = f"“{cut(shown)}”{self.indicator.value}" if column == "指标值" else f"“{cut(shown)}”"
        return Spot(self.project, text, self.path(column))


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return re.sub(r"\([^()]*\)$", "", fold(text))


def cut(text: str, length: int = 30) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def judged(
    subject: Subject, judge: Callable[[Wording], _Verdict | None]
) -> list[tuple[_Verdict, Row]]:
    """The indicators of which ``judge`` says something, with that, in their order.

    Projects copy from each other: what is worded alike is judged once.
    """
    found = [
        (verdict, row)
        for wording, rows in subject.once(wordings)
        if (verdict := judge(wording))
        for row in rows
    ]
    return sorted(found, key=itemgetter(1))


def rows_where(subject: Subject, fits: Callable[[Wording], object]) -> list[Row]:
    """The indicators that are so, in their order."""
    return [row for _, row in judged(subject, fits)]


def wordings(subject: Subject) -> list[tuple[Wording, list[Row]]]:
    """Each wording of an indicator, and the rows in which it stands; ask for it by ``once``."""
    found: dict[tuple[str, ...], tuple[Wording, list[Row]]] = {}
    for i, project in enumerate(subject.disclosure.projects):
        for j, indicator in enumerate(project.indicators):
            cells = CELLS(indicator)
            if cells not in found:
                found[cells] = (_read(indicator), [])
            found[cells][1].append(Row(i, j, indicator))
    return list(found.values())


def _read(row: Indicator) -> Wording:
    name, about = _bare(row.level3 or row.description), _bare(row.description)
    return Wording(row, fold(row.level2), name, about, parse(row.value))


def word_list(subject: Subject, name: str) -> tuple[str, ...]:
    """Words of the pack that a rule looks for."""
    return subject.pack.lists.get(name, ())


def has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


# --- telling it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with a fault, and how the message calls it."""

    project: int
    text: str
    path: Path


def tell(
    subject: Subject, spots: Iterable[Spot], what: str, hint: str, *, gather: bool = True
) -> Iterator[Finding]:
    """One finding for each project, or one for all where there are many."""
    by_project: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        by_project[spot.project].append(spot)
    if gather and len(by_project) > MANY:
        every = [spot for found in by_project.values() for spot in found]
        message = f"{len(by_project)} 个项目{what}：{listed(every)}"
        yield finding(message, every, hint)
        return
    for i, found in by_project.items():
        texts = list(dict.fromkeys(spot.text for spot in found))
        more = f"等 {len(texts)} 处" if len(texts) > _SHOWN else ""
        yield finding(f"{called(subject, i)}{what}：{'、'.join(texts[:_SHOWN])}{more}", found, hint)


def finding(message: str, spots: list[Spot], hint: str) -> Finding:
    """One finding for all of these places, at the first."""
    involved = tuple(spot.path for spot in spots)
    return Finding(message, spots[0].path, hint=hint, involved=involved)


def listed(spots: list[Spot]) -> str:
    """The same words of several projects once: 项目1–6、9“人员管理成本”≥95%；项目7…."""
    projects: dict[str, list[int]] = defaultdict(list)
    for spot in spots:
        projects[spot.text].append(spot.project)
    parts = [f"项目{ordinals(where)}{text}" for text, where in projects.items()]
    more = f"等 {len(parts)} 种" if len(parts) > _SHOWN else ""
    return "；".join(parts[:_SHOWN]) + more


def ordinals(positions: Iterable[int]) -> str:
    """0, 1, 2, 5 → 1–3、6."""
    runs: list[list[int]] = []
    for position in sorted(set(positions)):
        if runs and position == runs[-1][1] + 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return "、".join(f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in runs)


def called(subject: Subject, project: int) -> str:
    """How a message calls a project."""
    return f"项目{project + 1}“{cut(subject.disclosure.projects[project].name)}”"
