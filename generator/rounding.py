"""From 元 to 万元: the whole budget is rounded once, so that every relation still holds.

A budget in 元 balances exactly; 万元 have two decimals. Cells that are rounded each on its own no
longer add up: 基本支出 of T5 and T6 would differ in most budgets. So the functional expenditure
cells lead, half up, since most of the published tables are made of them; the other tables follow
by largest remainder within their equal totals; no cell moves to anything but its two neighbours,
and every cell that is not its own half-up rounding is listed (:class:`Moved`).

Every relation says that money which comes in goes out again. That makes the budget a flow in a
network: a cell is an arc, a relation is a node. Income runs into its subject and fund, from there
as expenditure into 基本支出 and 项目支出, and on into the subjects of T6, the items of T9, the
projects and their purchases. The budget in 元 is such a flow; so, because flows with whole-number
bounds have whole-number solutions, there is one in which each cell is its exact figure rounded up
or down. Of these the cheapest is taken: the one with the smallest sum of distances to the exact
figures, where the cells that lead count before all the others together.

A total is a sum of published cells, never rounded itself; totals that the input carries are stated
anew, and are not listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, TypeVar

from generator.balance import FUNDS, TOTAL
from generator.disclosure import (
    FUND_MEASURES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    Basics,
    Disclosure,
    IncomeRow,
    Model,
    ProcurementRow,
)
from generator.money import ZERO
from generator.problem import Path

# --- relations beyond the sums ------------------------------------------------------------------

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

# --- the network --------------------------------------------------------------------------------

Node = tuple[Hashable, ...]

_ROOT: Final[Node] = ()  # where all money comes from and goes to
_BASIC: Final[Node] = ("基本支出",)
_PUBLIC: Final[Node] = ("公用经费",)
_PROJECT: Final[Node] = ("项目支出",)
_LISTED: Final[Node] = ("项目",)

_STEP: Final = 10_000  # 分 in 0.01 万元, the step of a published figure
_LEAD: Final = 10**12  # more than all cells that follow can cost together
_NO_LIMIT: Final = 10**20


@dataclass(slots=True)
class _Arc:
    """An amount on its way: exact in 分, published in steps of 0.01 万元."""

    tail: Node
    head: Node
    exact: int
    published: int
    low: int
    high: int
    cost: int  # of one step more

    def other_end(self, node: Node) -> Node:
        return self.head if node == self.tail else self.tail


def _nearest(exact: int) -> int:
    """Half up, in steps."""
    return (2 * exact + _STEP) // (2 * _STEP)


class _Network:
    """The cells of a budget as arcs, first each half up, then settled."""

    def __init__(self) -> None:
        self.cells: dict[Path, _Arc] = {}
        self._arcs: dict[Node, list[_Arc]] = defaultdict(list)
        self._left: dict[Node, int] = defaultdict(int)  # what came in less what went out, in 分
        self._excess: dict[Node, int] = defaultdict(int)  # the same as published, in steps
        self._potential: dict[Node, int] = defaultdict(int)

    def cell(
        self, tail: Node, head: Node, at: Path, row: Model, field: str, lead: bool = False
    ) -> _Arc | None:
        """An amount, if it was filled in; it is published as one of its two neighbours."""
        amount: Decimal | None = getattr(row, field)
        if amount is None:
            return None
        exact = int(amount.scaleb(2))
        down, remainder = divmod(exact, _STEP)
        up = down + 1 if remainder else down
        # How much farther up is than down; a half goes up.
        cost = (_STEP - 2 * remainder or -1) * (_LEAD if lead else 1)
        arc = _Arc(tail, head, exact, _nearest(exact), down, up, cost)
        self.cells[(*at, _column(row, field))] = arc
        self._add(arc)
        return arc

    def rest(self, tail: Node, head: Node) -> None:
        """What the cells leave at ``tail`` goes on to ``head``.

        It is not published, so it may be anything, but for its sign: what is equal in 元 stays
        equal, and what is not more does not become more. In a draft it is the imbalance.
        """
        exact = self._left[tail]
        if exact:
            low, high = (0, _NO_LIMIT) if exact > 0 else (-_NO_LIMIT, 0)
            self._add(_Arc(tail, head, exact, _nearest(exact), low, high, 0))

    def _add(self, arc: _Arc) -> None:
        for balance, amount in ((self._left, arc.exact), (self._excess, arc.published)):
            balance[arc.tail] -= amount
            balance[arc.head] += amount
        if arc.low < arc.high:
            self._arcs[arc.tail].append(arc)
            self._arcs[arc.head].append(arc)

    def settle(self) -> None:
        """Make every node's sum hold, at the least cost.

        Half up is the cheapest of all and leaves some nodes with a step too many or too few. Each
        is sent along the cheapest path to a node that lacks it, or to the root: then no cheaper
        solution exists (successive shortest paths).
        """
        nodes = [node for node in self._left if node != _ROOT]
        for node in nodes:
            self.rest(node, _ROOT)
        for node in nodes:
            while excess := self._excess[node]:
                self._send(node, 1 if excess > 0 else -1)

    def _send(self, start: Node, step: int) -> None:
        """One step out of ``start`` (or, if it is -1, into it), by Dijkstra's algorithm.

        Potentials keep every price from being negative; only nodes that were passed need new ones.
        """
        distance = {start: 0}
        via: dict[Node, _Arc] = {}
        passed: dict[Node, int] = {}
        turn = count()  # equal prices come out in the order in which they went in
        queue: list[tuple[int, int, Node]] = [(0, next(turn), start)]
        while True:
            # The queue does not run dry: the exact budget, a flow within all bounds, shows a way.
            length, _, node = heappop(queue)
            if node in passed:
                continue
            if node == _ROOT or self._excess[node] * step < 0:
                break
            passed[node] = length
            for arc in self._arcs[node]:
                change = step if arc.tail == node else -step
                if not arc.low <= arc.published + change <= arc.high:
                    continue
                other = arc.other_end(node)
                slope = self._potential[node] - self._potential[other]
                price = length + change * arc.cost + step * slope
                if other not in distance or price < distance[other]:
                    distance[other], via[other] = price, arc
                    heappush(queue, (price, next(turn), other))
        for before, shorter in passed.items():
            self._potential[before] += step * (shorter - length)
        self._excess[start] -= step
        self._excess[node] += step
        while node != start:
            arc = via[node]
            arc.published += step if arc.head == node else -step
            node = arc.other_end(node)


# --- a budget as a network ----------------------------------------------------------------------


def _flow(disclosure: Disclosure) -> _Network:
    net = _Network()
    _functional(net, disclosure)
    _economic(net, disclosure)
    _purchases(net, disclosure, _projects(net, disclosure))
    _last_year(net, disclosure)
    net.settle()
    return net


def _functional(net: _Network, disclosure: Disclosure) -> None:
    """T2, T3 (and so T1, T4, T5, T7, T8): in and out per fund, by 项, by 款, by 类, in all."""
    subjects: dict[tuple[str, str], None] = {}
    for i, earned in enumerate(disclosure.income):
        if earned.is_leaf:
            for field in IncomeRow.MEASURES:
                source = field.removeprefix("carry_")
                fund = source if source in FUNDS else "other"
                subjects[earned.code, fund] = None
                net.cell(_ROOT, (earned.code, fund), ("收入", i), earned, field)
    for i, spent in enumerate(disclosure.expenditure):
        if spent.is_leaf:
            fund = FUND_MEASURES[spent.fund or ""]
            subjects[spent.code, fund] = None
            basic = (*_BASIC, _same_money(spent.code)) if fund == "general" else _ROOT
            heads = {"basic": basic, "project": _PROJECT}
            for field in _SPENT:
                head = heads.get(field, _ROOT)
                net.cell((spent.code, fund), head, ("支出", i), spent, field, lead=True)
    for length, above in ((7, 5), (5, 3), (3, 0)):
        for code, fund in subjects:
            net.rest((code[:length], fund), (code[:above], fund))
    for fund in (*FUNDS, "other"):
        net.cell((TOTAL, fund), _ROOT, ("年终结转",), disclosure.year_end, fund)


def _same_money(code: str) -> str:
    return next((name for start, name in _SAME_MONEY.items() if code.startswith(start)), "")


def _economic(net: _Network, disclosure: Disclosure) -> None:
    """T6 out of the basic expenditure of T5, and T9, which is not less than its subject of T6."""
    sangong = set(_SANGONG_SUBJECT.values())
    for i, row in enumerate(disclosure.basic):
        if row.is_leaf:
            tail = (*_BASIC, _same_money(row.code))
            head = ("三公经费", row.code) if row.code in sangong else _PUBLIC
            net.cell(tail, _ROOT, ("基本支出", i), row, "personnel")
            net.cell(tail, head, ("基本支出", i), row, "public")
    for name in dict.fromkeys(_SAME_MONEY.values()):
        net.rest((*_BASIC, name), (*_BASIC, ""))
    for i, line in enumerate(disclosure.sangong):
        if (key := SANGONG_ROWS[line.item]) not in SANGONG_SUM_ROWS:
            for fund in FUNDS:
                tail = ("三公经费", _SANGONG_SUBJECT[key])
                net.cell(tail, _PUBLIC, ("三公经费", i), line, fund)
    for subject in _SANGONG_SUBJECT.values():
        net.rest(("三公经费", subject), _PUBLIC)


def _projects(net: _Network, disclosure: Disclosure) -> dict[Node, _Arc | None]:
    """专项公用经费 and the projects (PRF114): two divisions of 项目支出, one after the other."""
    net.cell(_PROJECT, _LISTED, ("基本信息",), disclosure.basics, "special_public")
    net.rest(_PROJECT, _LISTED)
    purses: dict[Node, _Arc | None] = {}
    for i, project in enumerate(disclosure.projects):
        purse = ("预算资金", project.name, project.amount)
        purses[purse] = net.cell(_LISTED, purse, ("项目", i), project, "amount")
    return purses


def _purchases(net: _Network, disclosure: Disclosure, purses: dict[Node, _Arc | None]) -> None:
    """政府采购 (GPR104, GPR105): out of its project, or 公用经费 (GPR107), or what it states."""
    public = disclosure.figures.get("economic.public")
    for i, row in enumerate(disclosure.procurement):
        if row.sum_row is None:
            at: Path = ("政府采购", i)
            budget, project, source = row.project_budget, row.project, _ROOT
            if budget == public and project.startswith(_PUBLIC_MONEY):
                project, source = "", _PUBLIC
            purse = ("预算资金", project, budget)
            if purse not in purses:
                purses[purse] = net.cell(source, purse, at, row, "project_budget")
            elif arc := purses[purse]:  # the same amount, said again
                net.cells[*at, _column(row, "project_budget")] = arc
            for fund in row.FUNDS:
                net.cell(purse, at, at, row, fund)
            net.cell(at, _ROOT, at, row, "reserved")


def _last_year(net: _Network, disclosure: Disclosure) -> None:
    for i, row in enumerate(disclosure.last_year):
        whole = _LAST_YEAR_WHOLE.get(row.item)
        tail = ("上年数", whole) if whole else _ROOT
        net.cell(tail, ("上年数", row.item), ("上年数", i), row, "amount")


# --- the published budget -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell that is not published as its own half-up rounding (万元)."""

    path: Path
    exact: Decimal
    half_up: Decimal
    published: Decimal


def to_wan(disclosure: Disclosure) -> tuple[Disclosure, list[Moved]]:
    """A disclosure in 元 as one in 万元, and the cells that had to give way, in their order.

    It balances as it did in 元; a draft stays a draft. Every unit is rounded on its own.
    """
    cells = _flow(disclosure).cells
    moved = [
        Moved(path, Decimal(arc.exact).scaleb(-6), half_up, published)
        for path, arc in cells.items()
        if (published := _wan(arc.published)) != (half_up := _wan(_nearest(arc.exact)))
    ]
    units: list[Disclosure] = []
    for i, unit in enumerate(disclosure.subordinates):
        if unit.basics.unit != disclosure.basics.unit:
            units.append(unit)  # it was filled in in 万元
            continue
        converted, below = to_wan(unit)
        units.append(converted)
        moved += [replace(cell, path=("所属单位", i, *cell.path)) for cell in below]
    amounts = {path: _wan(arc.published) for path, arc in cells.items()}
    leaves = _published(disclosure, tuple(units), amounts, draft=True)
    amounts |= _totals(disclosure, leaves)
    return _published(disclosure, tuple(units), amounts, _unbalanced(disclosure)), moved


def _wan(steps: int) -> Decimal:
    return Decimal(steps).scaleb(-2)


def _unbalanced(disclosure: Disclosure) -> bool:
    return bool(disclosure.imbalances) or any(map(_unbalanced, disclosure.subordinates))


def _totals(exact: Disclosure, leaves: Disclosure) -> dict[Path, Decimal]:
    """Totals that the input carries, as sums of the published cells. A wrong one stays wrong."""
    return {
        total.path: leaves.figures.get(total.measure, total.row)
        for total in exact.declared()
        if total.amount == exact.figures.get(total.measure, total.row)
    }


def _published(
    disclosure: Disclosure,
    units: tuple[Disclosure, ...],
    amounts: Mapping[Path, Decimal],
    draft: bool,
) -> Disclosure:
    """The disclosure with these amounts; an amount that is not among them is half up."""
    fields: dict[str, object] = {"subordinates": units}
    for name, info in Disclosure.model_fields.items():
        value, sheet = getattr(disclosure, name), info.alias or name
        if isinstance(value, tuple):
            rows = (_row(row, (sheet, i), amounts) for i, row in enumerate(value))
            fields.setdefault(name, tuple(rows))
        else:
            fields[name] = _row(value, (sheet,), amounts) if isinstance(value, Model) else value
    return Disclosure.model_validate(fields, context={"draft": draft})


RowT = TypeVar("RowT", bound=Model)


def _row(row: RowT, at: Path, amounts: Mapping[Path, Decimal]) -> RowT:
    changed: dict[str, Any] = {}
    for field in type(row).model_fields:
        value = getattr(row, field)
        if field == "unit_price" and value is not None:
            changed[field] = value.scaleb(-4).quantize(Decimal("1e-6"), ROUND_HALF_UP)
        elif isinstance(value, Decimal) and field != "quantity":
            half_up = _wan(_nearest(int(value.scaleb(2))))
            # A pasted figure goes by its row alone.
            changed[field] = amounts.get((*at, _column(row, field)), amounts.get(at, half_up))
    if isinstance(row, ProcurementRow) and row.total == row.amount:
        # 合计 of a purchase is compared within its row only.
        changed["total"] = sum((changed.get(fund, ZERO) for fund in row.FUNDS), ZERO)
    if isinstance(row, Basics):
        changed["unit"] = "万元"
    return row.model_copy(update=changed) if changed else row


def _column(row: Model, field: str) -> str:
    return type(row).model_fields[field].alias or field
