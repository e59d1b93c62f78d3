"""The relations of a budget, as a network: where money comes in, and where it goes."""

from __future__ import annotations

from typing import Final

from generator.balance import FUNDS, TOTAL
from generator.disclosure import (
    FUND_MEASURES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    Disclosure,
    IncomeRow,
    Model,
)
from generator.problem import Path
from generator.rounding.network import ROOT, Arc, Network, Node

# Functional 项 whose 基本支出 is, in T6, an economic 款 of its own (XTB114 to XTB118).
_SAME_MONEY: Final[dict[str, str]] = {
    **{"2080505": "养老保险", "30108": "养老保险"},
    **{"2080506": "职业年金", "30109": "职业年金"},
    **{"2210201": "住房公积金", "30113": "住房公积金"},
    **{"21011": "医疗", "30110": "医疗", "30111": "医疗"},
    **{"2080501": "离退休", "2080502": "离退休", "30301": "离退休", "30302": "离退休"},
    **{"20508": "培训", "30216": "培训"},
}

# What an item of T9 is called in T6 (XTB113, XTB124).
_SANGONG_SUBJECT: Final[dict[str, str]] = {
    **{"abroad_teaching": "30212", "abroad_other": "30212", "reception": "30217"},
    **{"vehicle_purchase": "31013", "vehicle_operation": "30231"},
    **{"meeting": "30215", "training": "30216"},
}

_LAST_YEAR_WHOLE: Final[dict[str, str]] = {
    **{"基本支出": "支出总计", "项目支出": "支出总计"},
    **{"人员经费": "基本支出", "公用经费": "基本支出", "专项公用经费": "项目支出"},
}

_SPENT: Final = ("basic", "project", "operating", "to_superior", "to_subordinate")

_PUBLIC_MONEY: Final = ("日常公用", "运转类公用")  # GPR107: a purchase out of 公用经费

_BASIC: Final[Node] = ("基本支出",)
_PUBLIC: Final[Node] = ("公用经费",)
_PROJECT: Final[Node] = ("项目支出",)
_LISTED: Final[Node] = ("项目",)


def flow(disclosure: Disclosure) -> Network:
    """The cells of a disclosure in 元, settled: each published in steps of 0.01 万元."""
    net = Network()
    _functional(net, disclosure)
    _economic(net, disclosure)
    _purchases(net, disclosure, _projects(net, disclosure))
    _last_year(net, disclosure)
    net.settle()
    return net


def _functional(net: Network, disclosure: Disclosure) -> None:
    """T2, T3 (and so T1, T4, T5, T7, T8): in and out per fund, by 项, by 款, by 类, in all."""
    subjects: dict[tuple[str, str], None] = {}
    for i, earned in enumerate(disclosure.income):
        if earned.is_leaf:
            for field in IncomeRow.MEASURES:
                source = field.removeprefix("carry_")
                fund = source if source in FUNDS else "other"
                subjects[earned.code, fund] = None
                _cell(net, ROOT, (earned.code, fund), ("收入", i), earned, field)
    for i, spent in enumerate(disclosure.expenditure):
        if spent.is_leaf:
            fund = FUND_MEASURES[spent.fund or ""]
            subjects[spent.code, fund] = None
            basic = (*_BASIC, _same_money(spent.code)) if fund == "general" else ROOT
            heads = {"basic": basic, "project": _PROJECT}
            for field in _SPENT:
                head = heads.get(field, ROOT)
                _cell(net, (spent.code, fund), head, ("支出", i), spent, field, lead=True)
    for length, above in ((7, 5), (5, 3), (3, 0)):
        for code, fund in subjects:
            net.rest((code[:length], fund), (code[:above], fund))
    for fund in (*FUNDS, "other"):
        _cell(net, (TOTAL, fund), ROOT, ("年终结转",), disclosure.year_end, fund)


def _same_money(code: str) -> str:
    return next((name for start, name in _SAME_MONEY.items() if code.startswith(start)), "")


def _economic(net: Network, disclosure: Disclosure) -> None:
    """T6 out of the basic expenditure of T5, and T9, which is not less than its subject of T6."""
    sangong = set(_SANGONG_SUBJECT.values())
    for i, row in enumerate(disclosure.basic):
        if row.is_leaf:
            tail = (*_BASIC, _same_money(row.code))
            head = ("三公经费", row.code) if row.code in sangong else _PUBLIC
            _cell(net, tail, ROOT, ("基本支出", i), row, "personnel")
            _cell(net, tail, head, ("基本支出", i), row, "public")
    for name in dict.fromkeys(_SAME_MONEY.values()):
        net.rest((*_BASIC, name), (*_BASIC, ""))
    for i, line in enumerate(disclosure.sangong):
        if (key := SANGONG_ROWS[line.item]) not in SANGONG_SUM_ROWS:
            for fund in FUNDS:
                tail = ("三公经费", _SANGONG_SUBJECT[key])
                _cell(net, tail, _PUBLIC, ("三公经费", i), line, fund)
    for subject in _SANGONG_SUBJECT.values():
        net.rest(("三公经费", subject), _PUBLIC)


def _projects(net: Network, disclosure: Disclosure) -> dict[Node, Arc | None]:
    """专项公用经费 and the projects (PRF114): two divisions of 项目支出, one after the other."""
    _cell(net, _PROJECT, _LISTED, ("基本信息",), disclosure.basics, "special_public")
    net.rest(_PROJECT, _LISTED)
    purses: dict[Node, Arc | None] = {}
    for i, project in enumerate(disclosure.projects):
        purse = ("预算资金", project.name, project.amount)
        purses[purse] = _cell(net, _LISTED, purse, ("项目", i), project, "amount")
    return purses


def _purchases(net: Network, disclosure: Disclosure, purses: dict[Node, Arc | None]) -> None:
    """政府采购 (GPR104, GPR105): out of its project, or 公用经费 (GPR107), or what it states."""
    public = disclosure.figures.get("economic.public")
    for i, row in enumerate(disclosure.procurement):
        if row.sum_row is None:
            at: Path = ("政府采购", i)
            budget, project, source = row.project_budget, row.project, ROOT
            if budget == public and project.startswith(_PUBLIC_MONEY):
                project, source = "", _PUBLIC
            purse = ("预算资金", project, budget)
            if purse not in purses:
                purses[purse] = _cell(net, source, purse, at, row, "project_budget")
            elif arc := purses[purse]:  # the same amount, said again
                net.cells[*at, column(row, "project_budget")] = arc
            for fund in row.FUNDS:
                _cell(net, purse, at, at, row, fund)
            _cell(net, at, ROOT, at, row, "reserved")


def _last_year(net: Network, disclosure: Disclosure) -> None:
    for i, row in enumerate(disclosure.last_year):
        whole = _LAST_YEAR_WHOLE.get(row.item)
        tail = ("上年数", whole) if whole else ROOT
        _cell(net, tail, ("上年数", row.item), ("上年数", i), row, "amount")


def _cell(
    net: Network, tail: Node, head: Node, at: Path, row: Model, field: str, lead: bool = False
) -> Arc | None:
    """A cell of a row that lies ``at``; it has the path of the input."""
    return net.cell(tail, head, (*at, column(row, field)), getattr(row, field), lead)


def column(row: Model, field: str) -> str:
    """What the input calls a field."""
    return type(row).model_fields[field].alias or field
