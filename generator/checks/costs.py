"""PRF113, PRF114: the amount of a project against its quantities and costs, and the sum of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from generator.checks.projects import Wording, called, cut, has, judged, word_list
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.checks.values import Value, fold, parse
from generator.disclosure import Project
from generator.disclosure.rows import Indicator
from generator.money import CENT, ZERO, fixed
from generator.problem import Path, Side

# --- PRF113: quantity × cost --------------------------------------------------------------------

_SLACK: Final = Decimal("1.01")  # 1 %: values of indicators are rounded


def quantity_times_cost(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF113: only one quantity and one price of the same thing leave no doubt."""
    known = frozenset(word_list(subject, "指标值单位"))
    per_piece = word_list(subject, "单位成本用语")
    for i, project in enumerate(subject.disclosure.projects):
        if not project.amount:
            continue
        quantity = _only(project, "数量")
        price = _only(project, "成本")
        if quantity is None or price is None:
            continue
        (at, _, count), (at_price, name, cost) = quantity, price
        in_wan = cost.in_wan
        if in_wan is None or count.unit not in known or not _same_thing(name, count, cost):
            continue
        if not cost.counted and not has(name, per_piece):
            continue
        low = _product(count.low, cost.low, in_wan)
        high = _product(count.high, cost.high, in_wan)
        path: Path = ("项目", i, "金额")
        too_little = low is not None and project.amount * _SLACK < low
        too_much = high is not None and project.amount > high * _SLACK
        bound = low if too_little else high if too_much else None
        if bound is None:
            continue
        shown = f"{project.indicators[at].value} × {project.indicators[at_price].value}"
        word = "小于" if too_little else "大于"
        paths: tuple[Path, ...] = tuple(
            ("项目", i, "绩效指标", j, "指标值") for j in (at, at_price)
        )
        yield Finding(
            f"{called(subject, i)}的金额 {fixed(project.amount)} {word}数量乘单位成本 {shown} = "
            f"{fixed(bound)}，相差 {fixed(abs(project.amount - bound))} 万元",
            path,
            expected=bound.quantize(CENT),
            actual=project.amount,
            tolerance=(bound * (_SLACK - 1)).quantize(CENT),
            hint="请核对数量、单位成本和项目金额；成本不止这一项的，补上其他成本指标。",
            sides=(
                Side("项目金额", project.amount, path),
                Side(f"数量 × 单位成本（{shown}）", bound.quantize(CENT), paths[1]),
            ),
            involved=(path, *paths),
        )


def _only(project: Project, kind: str) -> tuple[int, str, Value] | None:
    """The one row of a kind with its value; None where there are several or it is not certain."""
    rows = [(j, r) for j, r in enumerate(project.indicators) if kind in fold(r.level2)]
    if len(rows) != 1:
        return None
    at, row = rows[0]
    value = parse(row.value)
    return None if value is None else (at, fold(row.level3 + row.description), value)


def _same_thing(name: str, count: Value, cost: Value) -> bool:
    """元/本 of 本, 每套 of 套; without either it is not certain that the price is of one piece."""
    if cost.counted:
        return cost.counted == count.unit
    return f"每{count.unit}" in name or f"单{count.unit}" in name


def _product(count: Decimal | None, cost: Decimal | None, in_wan: Decimal) -> Decimal | None:
    return None if count is None or cost is None else count * cost * in_wan


# --- PRF114: cost indicators, projects, 项目支出 ------------------------------------------------


def amounts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF114."""
    costs = _costs(subject)
    for i, parts in costs.items():
        if amount := subject.disclosure.projects[i].amount:
            yield from _total_cost(subject, i, amount, parts)
    yield from _sum_of_projects(subject, costs)


_Costs = Mapping[int, list[tuple[int, Indicator, Value]]]


def _costs(subject: Subject) -> _Costs:
    """Project → the cost indicators that are an amount for all of something, not for a piece."""
    kinds = word_list(subject, "成本类指标")
    per_piece = word_list(subject, "单位成本用语")

    def amount(said: Wording) -> Value | None:
        value = said.value if said.kind in kinds else None
        if value is None or value.in_wan is None or value.counted:
            return None
        return None if has(said.indicator.level3 + said.indicator.description, per_piece) else value

    found: dict[int, list[tuple[int, Indicator, Value]]] = {}
    for value, row in judged(subject, amount):
        found.setdefault(row.project, []).append((row.number, row.indicator, value))
    return found


def _total_cost(
    subject: Subject, i: int, amount: Decimal, parts: Sequence[tuple[int, Indicator, Value]]
) -> Iterator[Finding]:
    totals = word_list(subject, "总成本用语")
    for j, row, value in parts:
        if not has(row.level3, totals) or value.only_from_below:
            continue  # a lower bound is PRF107
        cost = value.number * (value.in_wan or ZERO)
        agrees = abs(cost - amount) <= CENT
        rounded_up = value.only_from_above and amount <= cost <= amount * _SLACK
        if not agrees and not rounded_up:
            yield _cost_differs(subject, i, amount, cost, [j], f"“{cut(row.level3)}”{row.value}")
    exact = [(j, value.number * (value.in_wan or ZERO)) for j, _, value in parts if value.exact]
    total = sum((cost for _, cost in exact), ZERO)
    if (
        len(exact) == len(parts)
        and total > amount + CENT
        and not any(has(row.level3, totals) for _, row, _ in parts)
    ):
        shown = "成本指标之和" if len(exact) > 1 else "成本指标"
        yield _cost_differs(subject, i, amount, total, [j for j, _ in exact], shown)


def _cost_differs(
    subject: Subject, i: int, amount: Decimal, cost: Decimal, rows: list[int], shown: str
) -> Finding:
    path: Path = ("项目", i, "金额")
    paths: list[Path] = [("项目", i, "绩效指标", j, "指标值") for j in rows]
    return Finding(
        f"{called(subject, i)}的金额 {fixed(amount)} 与{shown} {fixed(cost)} 不一致，"
        f"相差 {fixed(abs(amount - cost))} 万元",
        path,
        expected=cost.quantize(CENT),
        actual=amount,
        tolerance=CENT,
        hint="请核对项目金额和成本指标，改正填错的一方。",
        sides=(Side("项目金额", amount, path), Side(shown, cost.quantize(CENT), paths[0])),
        involved=(path, *paths),
    )


def _sum_of_projects(subject: Subject, costs: _Costs) -> Iterator[Finding]:
    """Σ projects = 项目支出 of T3, to the cent: published amounts of projects add up.

    Some of the projects are not more than all.
    """
    disclosure = subject.disclosure
    spent = subject.figures.get("expenditure.project")
    addends = tuple(
        Side(called(subject, i), project.amount, ("项目", i, "金额"))
        for i, project in enumerate(disclosure.projects)
        if project.amount is not None
    )
    total = sum((side.amount or ZERO for side in addends), ZERO)
    missing = len(disclosure.projects) - len(addends)
    if not addends or not spent or (missing and total <= spent):
        return
    # Where the text tells 专项公用经费 apart, the projects may or may not include it.
    if total in (spent, spent - (disclosure.basics.special_public or ZERO)):
        return
    rows = tuple(
        ("支出", i, "项目支出")
        for i, row in enumerate(disclosure.expenditure)
        if row.is_leaf and row.project
    )
    which = f"填了金额的 {len(addends)} 个项目" if missing else "各项目金额"
    yield Finding(
        f"{which}合计 {fixed(total)}，支出总表项目支出 {fixed(spent)}，"
        f"相差 {fixed(abs(total - spent))} 万元",
        ("项目",),
        expected=spent,
        actual=total,
        tolerance=ZERO,
        hint="请核对各项目的金额；有没有列出的项目，请补上。",
        sides=(Side("各项目金额合计", total), Side("表3 合计 项目支出", spent)),
        addends=addends,
        evidence=tuple(_candidates(subject, costs, spent - total)),
        involved=(*(side.path for side in addends), *rows),
    )


def _candidates(subject: Subject, costs: _Costs, lacking: Decimal) -> Iterator[str]:
    """A project whose cost indicator says the amount that would make the sum right."""
    spent = subject.figures.get("expenditure.project")
    for i, parts in costs.items():
        right = (subject.disclosure.projects[i].amount or ZERO) + lacking
        for _, row, value in parts:
            if value.exact or value.only_from_above:
                cost = value.number * (value.in_wan or ZERO)
                if cost == right:
                    yield (
                        f"{called(subject, i)}的“{cut(row.level3)}”是 {fixed(cost)}："
                        f"金额换成它，合计 = {fixed(spent)} ✓"
                    )
