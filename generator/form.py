"""The form for one disclosure: the pack with its switches set and its cases decided."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.disclosure import Disclosure
from generator.pack import REFERENCE, Alternative, Pack, choose
from generator.problem import Problem, UserError, input_problem


@dataclass(frozen=True, slots=True)
class Form:
    """``facts``: every switch and fact with its value; ``words``: the plain references."""

    pack: Pack
    facts: Mapping[str, str]
    words: Mapping[str, str]

    def choose(self, wording: Iterable[Alternative]) -> str:
        """The text that applies, references still in it."""
        return choose(wording, self.facts)

    def say(self, wording: Iterable[Alternative], **more: str) -> str:
        """The text that applies, with the plain references and ``more`` filled in."""
        return self.complete(wording, {**self.words, **more}.get)

    def complete(
        self, wording: Iterable[Alternative], value_of: Callable[[str], str | None]
    ) -> str:
        """The text that applies, its references filled in.

        An unknown reference is a mistake in the pack (:class:`UserError`).
        """
        text = self.choose(wording)
        unknown: list[str] = []
        said = fill(text, value_of, unknown.append)
        if unknown:
            raise UserError(
                f"格式包 {self.pack.id} 的文字“{text[:30]}”引用了“{{{unknown[0]}}}”，"
                "这里没有这个名称。"
            )
        return said


def fill(text: str, value_of: Callable[[str], str | None], unknown: Callable[[str], None]) -> str:
    """Replace each ``{名称}`` by its value; names without a value are told to ``unknown``."""

    def one(match: object) -> str:
        name = match[1]  # type: ignore[index]
        value = value_of(name)
        if value is None:
            unknown(name)
            return f"{{{name}}}"
        return value

    return REFERENCE.sub(one, text) if "{" in text else text


def settle(
    disclosure: Disclosure, pack: Pack, inherited: Mapping[str, str] | None = None
) -> tuple[Form, list[Problem]]:
    """Set the switches and decide the facts.

    ``inherited``: the department's switches, which its units follow unless they say otherwise.
    Problems: options that the pack does not have, or values that a switch cannot take.
    """
    switches = {**pack.switch_defaults, **(inherited or {})}
    problems = list(_set_switches(switches, disclosure, pack))
    basics = disclosure.basics
    words = {
        "编码": basics.code,
        "名称": basics.name,
        "简称": disclosure.short_name,
        "年度": str(basics.year),
        "上年": str(basics.year - 1),
        "部门": basics.kind,
        "级别": basics.level,
    }
    return Form(pack, {**switches, **_facts(disclosure)}, words), problems


def _set_switches(
    switches: dict[str, str], disclosure: Disclosure, pack: Pack
) -> Iterator[Problem]:
    for name, value in disclosure.options.items():
        path = ("格式选项", name)
        if name not in pack.switches:
            yield input_problem(
                "INP103",
                f"格式 {pack.id} 没有“{name}”这个选项",
                path,
                hint=nearest(name, pack.switches) or f"可用的选项：{'、'.join(pack.switches)}。",
            )
        elif value not in pack.switches[name].values:
            yield input_problem(
                "INP105",
                f"选项“{name}”不能是“{value}”",
                path,
                hint=f"可以是：{'、'.join(pack.switches[name].values)}。",
            )
        else:
            switches[name] = value


def _facts(disclosure: Disclosure) -> dict[str, str]:
    figures = disclosure.figures
    has = {True: "有", False: "无"}
    categories = {project.category for project in disclosure.projects}
    other_than_general = figures.get("income.total") - figures.get("income.general")
    return {
        "类型": disclosure.basics.kind,
        "公用经费": has[bool(figures.get("economic.public"))],
        "项目支出": has[bool(figures.get("expenditure.project"))],
        "上年结转": has[bool(figures.get("carry_over.total"))],
        "专项资金": has["专项资金" in categories],
        "预算项目": has["预算项目" in categories],
        "所属单位": has[bool(disclosure.subordinates)],
        "多个机构": "是" if len(disclosure.institutions) > 1 else "否",
        "采购": has[any(row.sum_row is None for row in disclosure.procurement)],
        "资产": has[bool(disclosure.assets)],
        "只有一般公共预算": "否" if other_than_general else "是",
        "基本支出资金": "一般公共预算"
        if figures.get("expenditure.basic") == figures.get("general.basic")
        else "多种",
    }


def nearest(name: str, known: Iterable[str]) -> str:
    """``是不是“…”？`` with the nearest known name, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"是不是“{found[0]}”？" if found else ""
