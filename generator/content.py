"""One disclosure worked out: what the renderer sets and the checks read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.disclosure import Disclosure
from generator.form import Form, settle
from generator.pack import Pack
from generator.problem import Path, Problem, input_problem
from generator.tables import FilledTable, fill_tables
from generator.wording import Explanation, explain


@dataclass(frozen=True, slots=True)
class Content:
    """One disclosure, derived and put into words: ready to be set into the template."""

    disclosure: Disclosure
    form: Form
    tables: dict[str, FilledTable]
    explanation: Explanation


def derive(
    disclosure: Disclosure, pack: Pack, switches: Mapping[str, str] | None = None
) -> tuple[list[Content], list[Problem]]:
    """Tables and sentences of a disclosure and of its units; paths are those of the input."""
    form, problems = settle(disclosure, pack, switches)
    tables, unplaced = fill_tables(disclosure, form)
    explanation, unsaid = explain(disclosure, form)
    contents = [Content(disclosure, form, tables, explanation)]
    problems += unplaced + unsaid
    inherited = {name: form.facts[name] for name in pack.switches}
    for i, unit in enumerate(disclosure.subordinates):
        below, found = derive(unit, pack, inherited)
        contents += below
        found += _disagreements(disclosure, unit)
        problems += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return contents, problems


def _disagreements(department: Disclosure, unit: Disclosure) -> Iterator[Problem]:
    """What a unit's disclosure must have in common with its department's."""
    path: Path
    for key, own, above in (
        ("年度", unit.basics.year, department.basics.year),
        ("级别", unit.basics.level, department.basics.level),
    ):
        if own != above:
            path = ("基本信息", key)
            yield input_problem(
                "INP105",
                f"所属单位“{unit.basics.name}”的{key}是 {own}，部门的是 {above}",
                path,
                hint="所属单位与部门必须相同。",
            )
    if unit.basics.kind != "单位":
        yield input_problem(
            "INP105",
            f"所属单位“{unit.basics.name}”的类型应为单位",
            ("基本信息", "类型"),
            hint="请把类型改为“单位”。",
        )
    if unit.subordinates:
        yield input_problem(
            "INP112",
            f"所属单位“{unit.basics.name}”下面不能再有所属单位",
            ("所属单位",),
            hint="请把它们列为部门的所属单位。",
        )
