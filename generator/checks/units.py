"""DEP: the department against its units.

A department's figures are those of its units added up, less what they pay one another. That can
only be required when every institution has handed in its budget; until then the department must
not have less than the units that are there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.checks.codes import fold
from generator.checks.rule import E, Finding, Need, Rule, W
from generator.checks.subject import Subject
from generator.checks.unit_cells import TRANSFERS, Cell, leaf_cells, path_of, slack
from generator.disclosure import Disclosure
from generator.money import ZERO, fixed
from generator.problem import Path, Severity, Side

UNITS: Final = "所属单位"

# --- which units there are ----------------------------------------------------------------------

_OWN: Final = re.compile(r"[(（]?(?:本级|机关)[)）]?$")
_GROUP: Final = re.compile(r"(?<!\d)(\d{1,4})\s{0,9}[户家个所]")


def _institution(name: str) -> str:
    """A name without 本级 or 机关, by which the department's own offices are told from it."""
    return fold(_OWN.sub("", name.strip())) or fold(name)


@dataclass(frozen=True, slots=True)
class _Register:
    """机构设置 against the budgets that were handed in; numbers are indexes of rows and units.

    ``groups``: rows that stand for several units (参公4户), with how many.
    """

    matched: dict[int, int]
    groups: dict[int, int]
    rows_left: tuple[int, ...]
    units_left: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Every institution's budget is here, and none besides."""
        return not self.rows_left and len(self.units_left) == sum(self.groups.values())

    @property
    def lists_units(self) -> bool:
        """The rows name units, not the department as a whole."""
        return bool(self.matched or self.groups)


def _register(subject: Subject) -> _Register:
    waiting: dict[str, list[int]] = {}
    for i, unit in enumerate(subject.units):
        waiting.setdefault(_institution(unit.disclosure.basics.name), []).append(i)
    matched: dict[int, int] = {}
    groups: dict[int, int] = {}
    left: list[int] = []
    for row, institution in enumerate(subject.disclosure.institutions):
        if units := waiting.get(_institution(institution.name)):
            matched[row] = units.pop(0)
        elif group := _GROUP.search(institution.name):
            groups[row] = int(group[1])
        else:
            left.append(row)
    others = tuple(sorted(i for units in waiting.values() for i in units))
    return _Register(matched, groups, tuple(left), others)


# --- cell by cell -------------------------------------------------------------------------------

_MANY: Final = 20


def sums(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP101: department = Σ units − transfers, cell by cell; never less than the units given."""
    if larger := list(_larger_units(subject)):
        yield from larger
        return
    complete = _register(subject).complete
    most = slack(subject, len(subject.units))
    wrong = [
        cell
        for cell in leaf_cells(subject)
        if abs(cell.own - cell.sum) > most and (complete or cell.own < cell.sum)
    ]
    if len(wrong) > _MANY:
        yield _summary(subject, wrong)
        return
    for cell in wrong:
        yield _unequal(subject, cell)


def _larger_units(subject: Subject) -> Iterator[Finding]:
    total = subject.figures.get("income.total")
    for i, unit in enumerate(subject.units):
        own = unit.figures.get("income.total")
        if own - total > slack(subject, len(subject.disclosure.income)):
            yield Finding(
                f"所属单位“{unit.disclosure.basics.name}”的收入总计 {fixed(own)} 大于部门的 "
                f"{fixed(total)}，多出 {fixed(own - total)} 万元",
                (UNITS, i, "收入"),
                hint="部门的数包含所属单位的数；请核对两份文件和它们的金额单位。",
            )


def _unequal(subject: Subject, cell: Cell) -> Finding:
    relation = "小于" if cell.own < cell.sum else "大于"
    path = path_of(subject.disclosure, cell.measure, cell.row)
    addends = tuple(
        Side(unit.disclosure.basics.name, part, _below(i, unit, cell))
        for i, (unit, part) in enumerate(zip(subject.units, cell.parts, strict=True))
        if part
    )
    return Finding(
        f"部门的{cell.label} {fixed(cell.own)} {relation}所属单位之和 {fixed(cell.sum)}，"
        f"相差 {fixed(abs(cell.own - cell.sum))} 万元",
        path,
        expected=cell.sum,
        actual=cell.own,
        tolerance=ZERO,
        hint="部门的数是所属单位的数之和（单位之间的补助和上缴除外）；请核对部门和各单位的这一格。",
        sides=(
            Side("部门", cell.own, path),
            Side("所属单位之和", cell.sum),
        ),
        addends=addends,
        involved=(path, *(side.path for side in addends)),
    )


def _below(i: int, unit: Subject, cell: Cell) -> Path:
    return (UNITS, i, *path_of(unit.disclosure, cell.measure, cell.row))


def _summary(subject: Subject, wrong: list[Cell]) -> Finding:
    """So many cells have one cause: a whole budget is missing, or is another year's."""
    own = subject.figures.get("expenditure.total")
    units = sum((unit.figures.get("expenditure.total") for unit in subject.units), ZERO)
    first = "、".join(cell.label for cell in wrong[:3])
    return Finding(
        f"部门有 {len(wrong)} 个数与所属单位之和不等（{first}等），"
        f"支出合计部门为 {fixed(own)}，所属单位之和为 {fixed(units)}，"
        f"相差 {fixed(abs(own - units))} 万元",
        (UNITS,),
        expected=units,
        actual=own,
        hint="请核对各单位的文件是不是同一年度、同一版本，有没有遗漏或重复的单位。",
    )


# --- transfers ----------------------------------------------------------------------------------

_TRANSFER_NAMES: Final = {
    "expenditure.to_subordinate": ("对附属单位补助支出", "上级补助收入"),
    "expenditure.to_superior": ("上解上级支出", "附属单位上缴收入"),
}


def transfers(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP102: what units pay one another is received by units: both leave the department."""
    if not _register(subject).complete:
        return
    all_ = (subject, *subject.units)
    for paid, received in TRANSFERS.items():
        out, into = (
            sum((unit.figures.get(measure) for unit in subject.units), ZERO)
            - subject.figures.get(measure)
            for measure in (paid, received)
        )
        if abs(out - into) > slack(subject, sum(len(unit.disclosure.income) for unit in all_)):
            payer, payee = _TRANSFER_NAMES[paid]
            yield Finding(
                f"所属单位的{payer}中有 {fixed(out)} 不在部门的数里，"
                f"{payee}中不在部门的数里的是 {fixed(into)}，相差 {fixed(abs(out - into))} 万元",
                (UNITS,),
                expected=out,
                actual=into,
                tolerance=ZERO,
                hint="单位之间的补助和上缴，付的一方和收的一方要同时从部门的数里扣除；"
                "请核对各单位的这两栏。",
                sides=(Side(payer, out), Side(payee, into)),
            )


# --- names, counts, codes -----------------------------------------------------------------------


def listed(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP103: every unit whose budget is here is an institution of the department."""
    register = _register(subject)
    rows = subject.disclosure.institutions
    only_the_department = len(rows) == 1 and _institution(rows[0].name) == _institution(
        subject.disclosure.basics.name
    )
    if register.groups or (only_the_department and not register.matched):
        return  # DEP104 counts groups; a single row for the whole department lists no units
    for i in register.units_left:
        name = subject.units[i].disclosure.basics.name
        yield Finding(
            f"所属单位“{name}”不在机构设置里",
            (UNITS, i, "基本信息", "名称"),
            hint="请在“机构设置”里加上它，或把两处的名称改成一致"
            f"{_left_names(subject, register)}。",
            quote=name,
        )


def _left_names(subject: Subject, register: _Register) -> str:
    names = [subject.disclosure.institutions[row].name for row in register.rows_left]
    shown = "、".join(f"“{name}”" for name in names[:5])
    return f"（机构设置里没有对应预算的是{shown}）" if shown else ""


def counted(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP104: each institution, and each unit of a group (参公4户), has its budget."""
    register = _register(subject)
    if not register.lists_units:
        return
    institutions = subject.disclosure.institutions
    if register.groups:
        expected, given = sum(register.groups.values()), len(register.units_left)
        if expected != given:
            shown = "、".join(institutions[row].name for row in register.groups)
            yield Finding(
                f"机构设置里“{shown}”共 {expected} 户，所属单位里没有单独列名的预算有 {given} 份，"
                f"相差 {abs(given - expected)} 份",
                ("机构设置", min(register.groups), "单位名称"),
                hint="请补齐或核对所属单位的预算，或改正户数。",
            )
    elif not register.units_left:  # else the names are not the same, which DEP103 says
        for row in register.rows_left:
            yield Finding(
                f"机构设置里的“{institutions[row].name}”没有所属单位的预算",
                ("机构设置", row, "单位名称"),
                hint="请补上它的预算；按规定不单独公开的，请写明原因。",
                quote=institutions[row].name,
            )


def unit_codes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP105: a unit's code begins with its department's."""
    above = subject.disclosure.basics.code
    for i, unit in enumerate(subject.units):
        basics = unit.disclosure.basics
        if above.isdigit() and basics.code.isdigit() and not basics.code.startswith(above):
            yield Finding(
                f"所属单位“{basics.name}”的编码 {basics.code} 不以部门编码 {above} 开头",
                (UNITS, i, "基本信息", "编码"),
                hint=f"单位的预算编码一般是部门编码加三位，如 {above}001；请核对。",
            )


# --- each unit by itself ------------------------------------------------------------------------


def own_balance(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP106: a unit's tables hold by themselves; the errors stand at the unit's own cells."""
    for i, unit in enumerate(subject.units):
        errors = [
            problem
            for problem in unit.disclosure.imbalances
            if problem.severity is Severity.ERROR and problem.rule.startswith(("TBL", "XTB"))
        ]
        if errors:
            rules = "、".join(dict.fromkeys(problem.rule for problem in errors))
            yield Finding(
                f"所属单位“{unit.disclosure.basics.name}”自己的表有 {len(errors)} 处不平衡"
                f"（{rules}）",
                (UNITS, i, *errors[0].path),
                hint="请先改正这个单位的文件，再核对部门的数。",
                involved=tuple((UNITS, i, *problem.path) for problem in errors),
            )


# --- procurement and assets ---------------------------------------------------------------------


def purchases_and_assets(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP107: the department's purchases and assets are its units' purchases and assets."""
    yield from _purchases_by_unit(subject)
    complete = _register(subject).complete
    for measure, what, sheet in (
        ("procurement.total", "政府采购金额", "政府采购"),
        ("asset.value", "固定资产总额", "国有资产"),
    ):
        path: Path = (sheet,)
        own = subject.figures.get(measure)
        parts = tuple(unit.figures.get(measure) for unit in subject.units)
        below = sum(parts, ZERO)
        most = slack(subject, len(subject.disclosure.procurement) + len(subject.disclosure.assets))
        if abs(own - below) <= 2 * most or (own > below and not complete):
            continue
        relation = "小于" if own < below else "大于"
        yield Finding(
            f"部门的{what} {fixed(own)} {relation}所属单位之和 {fixed(below)}，"
            f"相差 {fixed(abs(own - below))} 万元",
            path,
            expected=below,
            actual=own,
            tolerance=ZERO,
            hint="部门的表包含各所属单位；请核对部门和各单位的这张表。",
            sides=(Side("部门", own, path), Side("所属单位之和", below)),
            addends=tuple(
                Side(unit.disclosure.basics.name, part, (UNITS, i, *path))
                for i, (unit, part) in enumerate(zip(subject.units, parts, strict=True))
            ),
        )


def _purchases_by_unit(subject: Subject) -> Iterator[Finding]:
    """A unit that has a 小计 in the department's table: the 小计 is the unit's own total."""
    rows: dict[str, int] = {}
    for i, row in enumerate(subject.disclosure.procurement):
        if row.sum_row is None:
            rows.setdefault(row.unit, i)
    names: dict[str, list[str]] = {}
    for name in rows:
        names.setdefault(fold(name), []).append(name)
    department = fold(subject.disclosure.basics.name)
    for i, unit in enumerate(subject.units):
        basics = unit.disclosure.basics
        called = names.get(fold(basics.name), [])
        if not called or fold(basics.name) == department:
            continue
        own = sum((subject.figures.get("procurement.total", name) for name in called), ZERO)
        total = unit.figures.get("procurement.total")
        if abs(own - total) > slack(subject, 2 * len(unit.disclosure.procurement)):
            path: Path = ("政府采购", rows[called[0]])
            yield Finding(
                f"部门的政府采购表里“{basics.name}”小计 {fixed(own)}，"
                f"单位自己的政府采购合计 {fixed(total)}，相差 {fixed(abs(own - total))} 万元",
                path,
                expected=total,
                actual=own,
                tolerance=ZERO,
                hint="请核对部门和单位的政府采购表里这个单位的各笔采购。",
                sides=(
                    Side("部门表的小计", own, path),
                    Side("单位的合计", total, (UNITS, i, "政府采购")),
                ),
            )


# --- codes on one side only ---------------------------------------------------------------------


def codes_on_both_sides(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """DEP108: a code of a unit is a code of the department, and the other way round."""
    complete = _register(subject).complete
    for sheet, measures, length, what in (
        ("支出", ("expenditure.total",), 7, "功能分类科目"),
        ("基本支出", ("economic.total",), 5, "经济分类科目"),
    ):
        own = {row for row in subject.figures.rows(measures) if len(row) == length}
        below = Counter(
            row
            for unit in subject.units
            for row in unit.figures.rows(measures)
            if len(row) == length
        )
        for i, unit in enumerate(subject.units):
            for code in unit.figures.rows(measures):
                if len(code) == length and code not in own:
                    yield Finding(
                        f"所属单位“{unit.disclosure.basics.name}”有{what} {code}，部门的表里没有",
                        (UNITS, i, sheet, _row_of(unit.disclosure, sheet, code), "科目编码"),
                        hint="请核对单位的编码，或在部门的表里补上这个科目。",
                    )
        for code in sorted(own - set(below)) if complete else ():
            yield Finding(
                f"部门有{what} {code}，各所属单位的表里都没有",
                (sheet, _row_of(subject.disclosure, sheet, code), "科目编码"),
                hint="请核对部门的编码，或在所属单位的表里补上这个科目。",
            )


def _row_of(disclosure: Disclosure, sheet: str, code: str) -> int:
    rows = disclosure.expenditure if sheet == "支出" else disclosure.basic
    return next((i for i, row in enumerate(rows) if row.code == code), 0)


_NEEDS: Final = (Need.UNITS,)

RULES: tuple[Rule, ...] = (
    Rule("DEP101", "部门的数等于所属单位之和", E, sums, "0", _NEEDS),
    Rule("DEP102", "所属单位之间的补助和上缴两头相等", E, transfers, "0", _NEEDS),
    Rule("DEP103", "所属单位都在机构设置里", E, listed, "", _NEEDS),
    Rule("DEP104", "机构设置的户数与所属单位相同", W, counted, "", _NEEDS),
    Rule("DEP105", "所属单位的编码以部门编码开头", W, unit_codes, "", _NEEDS),
    Rule("DEP106", "所属单位自己的表平衡", E, own_balance, "0", _NEEDS),
    Rule("DEP107", "部门的采购和资产等于所属单位之和", E, purchases_and_assets, "0", _NEEDS),
    Rule("DEP108", "部门与所属单位的科目相同", W, codes_on_both_sides, "", _NEEDS),
)
