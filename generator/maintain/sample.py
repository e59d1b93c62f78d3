"""Sample documents of a pack: few, and together they show everything that the pack can print.

Every switch in each of its values, every wording and row that a 当 chooses, every table empty,
with one row and over two pages, with units and without, as a draft and finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from generator import checks
from generator.content import Content, derive
from generator.disclosure import Disclosure
from generator.document import Document
from generator.form import settle
from generator.intake import take_in
from generator.maintain.sample_tree import EMPTY, LONG, ONE, Shape, tree
from generator.pack import Alternative, Line, Pack, holds
from generator.pack.model import FACTS, PackModel
from generator.problem import Place
from generator.render import context as template_context
from generator.render.context import Context, Draft
from generator.sources.raw import RawInput

Goal = tuple[str, ...]
"""Something that a sample shows: ``("开关", "封面", "无")``, ``("文", "sections.引言", "0")`` …"""

_UNITS: Final = (Shape("单位", ONE), Shape("单位", EMPTY, projects=()))
_BOTH: Final = ("预算项目", "专项资金", "预算项目", "专项资金")
SHAPES: Final = (
    Shape("部门", ONE, projects=("专项资金",)),
    Shape("部门", EMPTY, projects=()),
    Shape("单位", ONE),
    Shape("部门", LONG, plain=False, projects=_BOTH),
    Shape("部门", LONG, plain=False, projects=_BOTH, units=_UNITS, draft=True),
)
"""What samples are chosen from, each with any choice of the switches; the shorter goes before."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample: its content, ready to be rendered, and what it shows that no earlier one does."""

    name: str
    contents: tuple[Content, ...]
    draft: Draft | None
    shows: tuple[str, ...]

    @property
    def context(self) -> Context:
        """What the template is filled in with."""
        return template_context.build(self.contents[0], self.contents[1:], self.draft)

    @property
    def document(self) -> Document:
        """The same as the pipeline works on it, to be compared with the rendered file."""
        main = self.contents[0]
        rules = checks.Settings().rules(checks.CHECKS)
        contents = list(self.contents)
        return Document(Path(), main.disclosure, main.form.pack, contents, rules=rules)


def samples(pack: Pack) -> list[Sample]:
    """The samples of a pack, the one that shows most first."""
    choosable = _choosable(pack)
    candidates = [_Candidate(pack, shape, choosable) for shape in SHAPES]
    chosen: list[tuple[_Candidate, dict[str, str], set[Goal]]] = []
    seen: set[Goal] = set()
    while True:
        options = [(c, *c.best(seen)) for c in candidates]
        candidate, switches, goals = max(options, key=lambda found: len(found[2] - seen))
        if not goals - seen:
            break
        chosen.append((candidate, switches, goals))
        seen |= goals
    chosen = list(_needed(chosen))
    made, seen = [], set()
    for number, (candidate, switches, goals) in enumerate(chosen, 1):
        made.append(candidate.sample(number, switches, goals - seen))
        seen |= goals
    return made


def _needed(
    chosen: list[tuple[_Candidate, dict[str, str], set[Goal]]],
) -> Iterator[tuple[_Candidate, dict[str, str], set[Goal]]]:
    """Without those of which the others show everything."""
    left = list(chosen)
    for one in chosen:
        others: set[Goal] = set().union(*(goals for _, _, goals in left if goals is not one[2]))
        if one[2] <= others:
            left.remove(one)
    yield from left


# --- what a pack can print ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Choosable:
    """The texts and rows of a pack that depend on something."""

    wordings: tuple[tuple[str, tuple[Alternative, ...]], ...]
    lines: tuple[tuple[str, Line], ...]


def _choosable(pack: Pack) -> _Choosable:
    wordings: list[tuple[str, tuple[Alternative, ...]]] = []
    lines: list[tuple[str, Line]] = []

    def walk(where: str, value: object) -> None:
        if isinstance(value, Line):
            if value.when:
                lines.append((f"{where} {value.label}", value))
        elif isinstance(value, PackModel):
            for name, info in type(value).model_fields.items():
                walk(f"{where}.{info.alias or name}".lstrip("."), getattr(value, name))
        elif isinstance(value, tuple) and value and isinstance(value[0], Alternative):
            if any(a.when for a in value):
                wordings.append((where, value))
        elif isinstance(value, tuple):
            for item in value:
                key = getattr(item, "key", "")
                walk(f"{where}.{key}" if key else where, item)
        elif isinstance(value, dict):
            for key, item in value.items():
                walk(f"{where}.{key}", item)

    walk("", pack.sections)
    for table in pack.tables.values():
        walk(f"表“{table.name}”", table)
    return _Choosable(tuple(wordings), tuple(lines))


def _shown(choosable: _Choosable, facts: Mapping[str, str]) -> Iterator[Goal]:
    for where, wording in choosable.wordings:
        for number, alternative in enumerate(wording):
            if holds(alternative.when, facts):
                yield "文", where, str(number)
                break
        else:
            yield "文", where, "不写"
    yield from (("行", where) for where, line in choosable.lines if holds(line.when, facts))


# --- one sample ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A shape of which the switches are still to be chosen."""

    pack: Pack
    shape: Shape
    choosable: _Choosable
    _facts: list[dict[str, str]] = field(init=False)
    """The facts of the department and of each of its units."""

    def __post_init__(self) -> None:
        disclosure = self._disclosure(self.pack.switch_defaults)
        self._facts = [
            {name: form.facts[name] for name in FACTS}
            for form in (settle(d, self.pack)[0] for d in (disclosure, *disclosure.subordinates))
        ]

    def _disclosure(self, switches: Mapping[str, str]) -> Disclosure:
        own = {k: v for k, v in switches.items() if v != self.pack.switches[k].default}
        made = tree(self.pack, replace(self.shape, options=own), {**FACTS_OF_ROWS, **switches})
        raw = RawInput("样例", made, lambda path: Place(path=str(path)))
        found = take_in(raw).disclosure
        assert found is not None
        return found

    def goals(self, switches: Mapping[str, str]) -> set[Goal]:
        """Everything that the sample shows with these switches."""
        shown: set[Goal] = {("开关", *item) for item in switches.items()}
        shown |= {("大小", s.size) for s in (self.shape, *self.shape.units)}
        shown.add(("稿", "草稿" if self.shape.draft else "定稿"))
        shown.add(("单位", "有所属单位" if self.shape.units else "没有所属单位"))
        for facts in self._facts:
            shown |= {("事实", *item) for item in facts.items()}
            shown |= set(_shown(self.choosable, {**switches, **facts}))
        return shown

    def best(self, seen: set[Goal]) -> tuple[dict[str, str], set[Goal]]:
        """The switches that show most of what has not been seen, found one move at a time."""
        switches = dict(self.pack.switch_defaults)
        best = self.goals(switches)
        for _ in range(3):
            before = len(best - seen)
            for move in self._moves():
                goals = self.goals({**switches, **move})
                if len(goals - seen) > len(best - seen):
                    switches, best = {**switches, **move}, goals
            if len(best - seen) == before:
                break
        return switches, best

    def _moves(self) -> Iterator[dict[str, str]]:
        """One switch set; or all those that a wording needs, which do nothing one by one."""
        for name, switch in self.pack.switches.items():
            yield from ({name: value} for value in switch.values)
        for _, wording in self.choosable.wordings:
            for number, alternative in enumerate(wording):
                move = self._needed_for(alternative.when)
                for before in wording[:number]:
                    move = {**self._against(before.when), **move}
                if len(move) > 1:
                    yield move

    def _needed_for(self, when: Mapping[str, str]) -> dict[str, str]:
        return {k: v.partition("|")[0] for k, v in when.items() if k in self.pack.switches}

    def _against(self, when: Mapping[str, str]) -> dict[str, str]:
        """A switch set so that a 当 does not hold."""
        for name in (name for name in when if name in self.pack.switches):
            for value in self.pack.switches[name].values:
                if value not in when[name].split("|"):
                    return {name: value}
        return {}

    def sample(self, number: int, switches: Mapping[str, str], shows: Iterable[Goal]) -> Sample:
        """The sample itself, its tables filled."""
        contents, _ = derive(self._disclosure(switches), self.pack)
        draft = Draft(0) if self.shape.draft else None
        units = "".join(f"，所属单位（{unit.size}）" for unit in self.shape.units)
        name = f"样例{number} {self.shape.kind}（{self.shape.size}）{units}"
        return Sample(
            name + ("，草稿" if draft else ""), tuple(contents), draft, tuple(_said(shows))
        )


FACTS_OF_ROWS: Final = {name: values[0] for name, values in FACTS.items()}
"""The facts that rows of tables may ask for, where a sample is only just being made."""


def _said(goals: Iterable[Goal]) -> Iterator[str]:
    """What a sample shows, in words; the texts and rows follow from the switches and facts."""
    for kind, *rest in sorted(goals):
        if kind == "开关":
            yield f"{rest[0]}={rest[1]}"
        elif kind == "大小":
            yield f"表是{rest[0]}"
        elif kind in ("稿", "单位"):
            yield rest[0]
        elif kind == "事实":
            yield f"{rest[0]}：{rest[1]}"
