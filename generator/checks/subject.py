"""What the checks look at: one disclosure with everything that came of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from generator.balance import Figures
from generator.checks.rule import Need
from generator.content import Content
from generator.disclosure import Disclosure, Indicator, Project
from generator.form import Form
from generator.pack import Pack
from generator.problem import Path
from generator.wording import LEFT_OUT
from generator.written import Written

CELLS: Final = attrgetter(*Indicator.model_fields)
"""The cells of an indicator, in the order of its columns."""
_COLUMNS: Final = tuple(field.alias or "" for field in Indicator.model_fields.values())
_Made = TypeVar("_Made")


class Passage(NamedTuple):
    """A text that the user typed, as it will be printed: references filled in.

    ``kind``: 文字 (a paragraph of the explanatory text), 原因 (a reason of 上年数), 名词 (a term's
    definition), 目标 (a project's goal), 指标 (a cell of an indicator), 名称 (a project's name).
    ``key``: the paragraph's slot, the reason's item, the term, or the project's name.
    ``label``: how a report calls it: ``“收入说明”第1段``.
    """

    kind: str
    key: str
    label: str
    text: str
    path: Path


class Passages:
    """The texts of passages; the passage itself is made for the few in which something is found.

    ``own``: those before the texts of the projects.
    """

    def __init__(self, own: Sequence[Passage], projects: Sequence[Project] = ()) -> None:
        self._own = own
        self._projects = projects
        self.texts = [passage.text for passage in own]
        self._blocks: list[tuple[int, int, int]] = []  # first text, project, row (-1: its head)
        for i, project in enumerate(projects):
            self._blocks.append((len(self.texts), i, -1))
            self.texts += (project.name, *project.goals)
            for j, indicator in enumerate(project.indicators):
                self._blocks.append((len(self.texts), i, j))
                self.texts += filter(None, CELLS(indicator))

    def at(self, position: int) -> Passage:
        """The passage of a text, by its position among the texts."""
        if position < len(self._own):
            return self._own[position]
        block = bisect_right(self._blocks, position, key=itemgetter(0)) - 1
        first, i, j = self._blocks[block]
        project = self._projects[i]
        if j < 0:
            return _of_head(project, i, position - first)
        cells = zip(_COLUMNS, CELLS(project.indicators[j]), strict=True)
        column, text = [(column, cell) for column, cell in cells if cell][position - first]
        label = f"项目{i + 1}“{project.name}”第{j + 1}条指标的{column}"
        return Passage("指标", project.name, label, text, ("项目", i, "绩效指标", j, column))


def _of_head(project: Project, i: int, number: int) -> Passage:
    """The name of a project, or its goal of this number, from 1 on."""
    name, at = project.name, f"项目{i + 1}“{project.name}”"
    if not number:
        return Passage("名称", name, f"{at}的名称", name, ("项目", i, "项目名称"))
    path: Path = ("项目", i, "绩效目标", number - 1)
    return Passage("目标", name, f"{at}的绩效目标", project.goals[number - 1], path)


@dataclass(frozen=True)
class Subject:
    """One disclosure as the checks see it.

    ``units``: the subordinate units of a department, in order. ``last_year``: last year's input.
    ``document``: the file just written, read back; None while only the input is checked.
    ``rounded``: some of it was filled in in 元, so that a cell may be 0.01 off its own sum.
    """

    content: Content
    units: tuple[Subject, ...] = ()
    last_year: Disclosure | None = None
    document: Written | None = None
    rounded: bool = False
    code_lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def disclosure(self) -> Disclosure:
        return self.content.disclosure

    @property
    def form(self) -> Form:
        return self.content.form

    @property
    def pack(self) -> Pack:
        return self.content.form.pack

    @property
    def figures(self) -> Figures:
        return self.content.disclosure.figures

    @property
    def year(self) -> int:
        return self.content.disclosure.basics.year

    @cached_property
    def _once(self) -> dict[object, Any]:
        return {}

    def once(self, make: Callable[[Subject], _Made]) -> _Made:
        """What ``make`` makes of this subject: worked out when the first rule asks for it."""
        kept = self._once
        if make not in kept:
            kept[make] = make(self)
        made: _Made = kept[make]
        return made

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text of the explanation that the user typed, in the order of the document."""
        return tuple(self._passages())

    @cached_property
    def heads(self) -> tuple[Passage, ...]:
        """The names and the goals of the projects."""
        return tuple(
            _of_head(project, i, number)
            for i, project in enumerate(self.disclosure.projects)
            for number in range(1 + len(project.goals))
        )

    def _passages(self) -> Iterator[Passage]:
        disclosure = self.disclosure
        for key, own in disclosure.texts.items():
            if own == LEFT_OUT:
                continue
            printed = self.content.explanation.texts.get(key, [])
            for i, text in enumerate(own):
                said = printed[i] if len(printed) == len(own) else text
                yield Passage("文字", key, f"“{key}”第{i + 1}段", said, ("文字", key, i))
        for i, row in enumerate(disclosure.last_year):
            if row.reason:
                path: Path = ("上年数", i, "增减原因")
                yield Passage("原因", row.item, f"“{row.item}”的增减原因", row.reason, path)
        for i, term in enumerate(disclosure.glossary):
            label = f"名词“{term.term}”的解释"
            yield Passage("名词", term.term, label, term.definition, ("名词解释", i, "解释"))

    def has(self, need: Need) -> bool:
        """Whether the input has what a rule needs."""
        disclosure = self.disclosure
        match need:
            case Need.DECLARED:
                return any(True for _ in disclosure.declared())
            case Need.TEXT:
                return bool(disclosure.texts)
            case Need.LAST_YEAR:
                return any(row.amount is not None for row in disclosure.last_year)
            case Need.LAST_FILE:
                return self.last_year is not None
            case Need.PROJECTS:
                return bool(disclosure.projects)
            case Need.PROCUREMENT:
                return any(row.sum_row is None for row in disclosure.procurement)
            case Need.ASSETS:
                return bool(disclosure.assets)
            case Need.UNITS:
                return bool(self.units)
            case Need.DATES:
                return bool(disclosure.basics.approved_on and disclosure.basics.published_on)
            case Need.WRITTEN:
                return self.document is not None
            case Need.PAGES:
                return False
