"""GPR104, GPR107, GPR109: what pays for the purchases: a project, 公用经费, a fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from generator.balance import Term
from generator.checks.purchases import (
    amount_paths,
    called,
    cell,
    column_of,
    largest_cell,
    purchases,
    tell_each,
)
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.checks.values import fold
from generator.disclosure import ProcurementRow
from generator.form import nearest
from generator.money import ZERO, fixed
from generator.problem import Path, Side

# --- GPR104: the budget of a project ------------------------------------------------------------


def within_budget(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR104: the purchases of one project, unit by unit."""
    groups: dict[tuple[str, str], list[tuple[int, ProcurementRow]]] = defaultdict(list)
    for i, row in purchases(subject):
        if row.project:
            groups[fold(row.unit), fold(row.project)].append((i, row))
    for rows in groups.values():
        stated = [(i, row.project_budget) for i, row in rows if row.project_budget is not None]
        if not stated:
            continue
        first, budget = stated[0]
        project = rows[0][1].project
        differing = [(i, other) for i, other in stated if other != budget]
        if differing:
            at, other = differing[0]
            yield Finding(
                f"“{project}”的预算资金有的行填 {fixed(budget)}，有的行填 {fixed(other)}，"
                f"相差 {fixed(abs(other - budget))} 万元",
                cell(at, "预算资金"),
                expected=budget,
                actual=other,
                tolerance=ZERO,
                hint="同一个项目的预算资金各行应相同，请改成一致。",
                sides=tuple(
                    Side("预算资金", amount, cell(i, "预算资金"))
                    for i, amount in ((first, budget), (at, other))
                ),
                involved=tuple(cell(i, "预算资金") for i, _ in stated),
            )
            continue
        total = sum((row.amount for _, row in rows), ZERO)
        if total > budget:
            yield _over_budget(project, rows, total, budget, first)


def _over_budget(
    project: str,
    rows: list[tuple[int, ProcurementRow]],
    total: Decimal,
    budget: Decimal,
    first: int,
) -> Finding:
    return Finding(
        f"“{project}”的采购合计 {fixed(total)} 大于它的预算资金 {fixed(budget)}，"
        f"多出 {fixed(total - budget)} 万元",
        cell(first, "预算资金"),
        expected=budget,
        actual=total,
        tolerance=ZERO,
        hint="采购是项目支出的一部分，请核对采购金额和预算资金。",
        sides=(
            Side("采购合计", total, largest_cell(*rows[0])),
            Side("预算资金", budget, cell(first, "预算资金")),
        ),
        addends=tuple(Side(called(row), row.amount, largest_cell(i, row)) for i, row in rows),
        involved=tuple(
            path for i, row in rows for path in (*amount_paths(i, row), cell(i, "预算资金"))
        ),
    )


# --- GPR107: sources ----------------------------------------------------------------------------


def sources(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR107: each purchase comes out of a project of the department or out of 公用经费."""
    projects = _projects(subject)
    public = subject.pack.lists.get("公用采购来源", ())
    unknown: list[tuple[Path, str]] = []
    told: set[str] = set()
    hint = ""
    for i, row in purchases(subject):
        name = fold(row.project)
        if not name or name in told:
            continue
        told.add(name)
        if name.startswith(public):
            yield from _public_money(subject, i, row)
        elif name in projects:
            yield from _project_money(subject, i, row, projects[name])
        elif projects:
            unknown.append((cell(i, "项目名称"), f"{called(row)}的项目名称“{row.project}”"))
            hint = hint or nearest(row.project, projects) + "请填“项目”里的名称，或日常公用。"
    yield from tell_each(unknown, "不在“项目”里", hint)
    yield from _more_than_all(subject, public)


def _more_than_all(subject: Subject, public: tuple[str, ...]) -> Iterator[Finding]:
    """预算资金 of all projects together ≤ 项目支出; a project of several units counts once."""
    budgets: dict[str, tuple[Decimal, int]] = {}
    for i, row in purchases(subject):
        name = fold(row.project)
        if name and not name.startswith(public) and row.project_budget is not None:
            budgets[name] = max(budgets.get(name, (ZERO, i)), (row.project_budget, i))
    total = sum((budget for budget, _ in budgets.values()), ZERO)
    spent = subject.figures.get("expenditure.project")
    if not spent or total <= spent:
        return
    addends = tuple(
        Side(subject.disclosure.procurement[i].project, budget, cell(i, "预算资金"))
        for budget, i in budgets.values()
    )
    largest = max(addends, key=lambda side: side.amount or ZERO)
    yield Finding(
        f"采购所属项目的预算资金合计 {fixed(total)} 大于支出总表项目支出 {fixed(spent)}，"
        f"多出 {fixed(total - spent)} 万元",
        largest.path,
        expected=spent,
        actual=total,
        tolerance=ZERO,
        hint="预算资金填这个项目的预算，请核对；不是项目的，项目名称填日常公用。",
        sides=(Side("预算资金合计", total, largest.path), Side("表3 合计 项目支出", spent)),
        addends=addends,
        involved=tuple(side.path for side in addends),
    )


def _projects(subject: Subject) -> Mapping[str, Decimal | None]:
    """The projects of the department and of its units, with the department's amounts."""
    units = (unit.disclosure.projects for unit in subject.units)
    below: dict[str, Decimal | None] = {fold(p.name): None for own in units for p in own}
    return below | {fold(project.name): project.amount for project in subject.disclosure.projects}


def _public_money(subject: Subject, i: int, row: ProcurementRow) -> Iterator[Finding]:
    """预算资金 of 日常公用 = 公用经费 of T6 where the unit's is known, else not more than all."""
    public, stated = _public_of(subject, row.unit), row.project_budget
    if stated is None or stated == public:
        return
    if public is None:  # a unit's share of the department's
        public = _all_public(subject)
        if public is None or stated <= public:
            return
    yield Finding(
        f"{called(row)}的预算资金 {fixed(stated)} 与基本支出表公用经费 {fixed(public)} 不一致，"
        f"相差 {fixed(abs(stated - public))} 万元",
        cell(i, "预算资金"),
        expected=public,
        actual=stated,
        tolerance=ZERO,
        hint="日常公用的预算资金是这个单位的公用经费，请核对。",
        sides=(
            Side("预算资金", stated, cell(i, "预算资金")),
            Side("表6 合计 公用经费", public),
        ),
        involved=(cell(i, "预算资金"), *_public_cells(subject)),
    )


def _public_cells(subject: Subject) -> Iterator[Path]:
    """Where 公用经费 was entered; a unit's was not entered here."""
    if not subject.units:
        ledger = subject.disclosure.ledger
        yield from ledger.sources(ledger.leaf_paths(Term("T6", "economic.public")))


def _public_of(subject: Subject, unit: str) -> Decimal | None:
    """公用经费 of a unit; None where nothing says it, or other money pays for it as well."""
    for below in subject.units:
        if fold(below.disclosure.basics.name) == fold(unit):
            return _all_public(below)
    return _all_public(subject) if len(subject.disclosure.institutions) == 1 else None


def _all_public(subject: Subject) -> Decimal | None:
    general = subject.figures.get("general.basic") == subject.figures.get("expenditure.basic")
    return subject.figures.get("economic.public") if general else None


def _project_money(
    subject: Subject, i: int, row: ProcurementRow, amount: Decimal | None
) -> Iterator[Finding]:
    """预算资金 of a project = its amount; of several units each may have its share."""
    stated = row.project_budget
    if amount is None or stated is None or stated == amount:
        return
    if stated < amount and len(subject.disclosure.institutions) != 1:
        return
    yield Finding(
        f"{called(row)}的预算资金 {fixed(stated)} 与项目“{row.project}”的金额 {fixed(amount)} "
        f"不一致，相差 {fixed(abs(stated - amount))} 万元",
        cell(i, "预算资金"),
        expected=amount,
        actual=stated,
        tolerance=ZERO,
        hint="请核对项目的金额和采购的预算资金。",
        sides=(
            Side("预算资金", stated, cell(i, "预算资金")),
            Side("项目金额", amount, _project_path(subject, row.project)),
        ),
        involved=(cell(i, "预算资金"), _project_path(subject, row.project)),
    )


def _project_path(subject: Subject, name: str) -> Path:
    at = next(i for i, p in enumerate(subject.disclosure.projects) if fold(p.name) == fold(name))
    return ("项目", at, "金额")


# --- GPR109: funds ------------------------------------------------------------------------------

_PAID_FROM: Final[dict[str, tuple[str, ...]]] = {
    "general": ("income.general", "carry_over.general"),
    "gov_fund": ("income.gov_fund", "carry_over.gov_fund"),
    "state_capital": ("income.state_capital", "carry_over.state_capital"),
    "special_account": ("income.special_account", "carry_over.other"),
    "unit_funds": ("income.unit_funds", "carry_over.other"),
    "fiscal_carry_over": ("carry_over.fiscal",),
    "other_carry_over": ("carry_over.other",),
}


def within_income(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR109: no fund buys for more than it has; 财政专户 and 单位资金 may have carry-over."""
    for fund, sources_ in _PAID_FROM.items():
        spent = subject.figures.get(f"procurement.{fund}")
        income = sum((subject.figures.get(source) for source in sources_), ZERO)
        if spent <= income:
            continue
        column = column_of(fund)
        rows = [(i, row) for i, row in purchases(subject) if getattr(row, fund)]
        at = max(rows, key=lambda item: getattr(item[1], fund))[0]
        yield Finding(
            f"政府采购中“{column}”合计 {fixed(spent)}，大于这项资金的收入（含上年结转）"
            f"{fixed(income)}，多出 {fixed(spent - income)} 万元",
            cell(at, column),
            expected=income,
            actual=spent,
            tolerance=ZERO,
            hint="请核对资金来源是否填错了列，或收入是否漏填。",
            sides=(
                Side(f"政府采购 {column}", spent, cell(at, column)),
                Side("收入（含上年结转）", income),
            ),
            addends=tuple(
                Side(called(row), getattr(row, fund), cell(i, column)) for i, row in rows
            ),
            involved=tuple(cell(i, column) for i, _ in rows),
        )
