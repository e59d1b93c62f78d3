"""What a cell of an input may be by all that the input says elsewhere.

A slip can be found only where a second figure contradicts it. Which one that is is decided here from
the input alone: no rule is asked, so that a slip that no rule finds shows up as a miss. A second
figure may equal the cell, bound it from one side, or leave it a margin (a price printed with two
decimals). Amounts are in 万元.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from generator.checks.changes import figure_of
from generator.checks.values import fold
from generator.disclosure import Disclosure, ProcurementRow
from generator.disclosure.rows import SANGONG_ROWS, SANGONG_SUM_ROWS
from generator.money import CENT, ZERO, decimals
from generator.problem import Path

Tree = dict[str, Any]
Test = Callable[[Decimal], bool]

NEEDS: Final[Mapping[str, str]] = {
    "基本信息 专项公用经费": "支出说明里写明的专项公用经费，或全部项目的金额",
    "三公经费": "小计行、合计行或粘贴的表9，或文字里写明的金额（表6只给出下限）",
    "上年数": "上年的工作簿（--last-year），或文字里写明的增减额（上年数之间只有“部分不大于整体”）",
    "项目 金额": "每个项目都填金额，或支出说明列出各项目的金额（采购的预算资金只给出下限）",
    "政府采购 预算资金": "单位自己的预算（多个单位时只知道上限），或项目的金额、同一项目的另一行",
    "政府采购 数量": "单价的更多小数（印出的单价是四舍五入的）",
    "政府采购 单价": "单价的更多小数（印出的单价是四舍五入的）",
    "政府采购 一般公共预算拨款": "合计列、小计行或合计行（印出的单价是四舍五入的）",
    "政府采购 预留中小微企业份额": "小计行或合计行（采购金额只给出上限；少留只是提示 GPR108）",
    "国有资产 数量": "上年末的资产清查数（总额一行没有数量）；“其中”只给出上限或下限",
    "国有资产 价值": "资产总额一行，或资产说明里写明的金额",
}
"""By kind of cell (the beginning of its name): the further input that would decide it."""


def need(kind: str) -> str:
    return next(text for start, text in NEEDS.items() if kind.startswith(start))


@dataclass(frozen=True)
class Allowed:
    """``tests``: what other figures ask of the cell. ``required``: it must not be left blank."""

    tests: tuple[Test, ...]
    required: bool = False

    def contradicts(self, new: str) -> bool:
        """Whether another figure shows that the cell cannot be this; blank is 0."""
        if not new and self.required:
            return True
        return not all(test(Decimal(new or 0)) for test in self.tests)


def exactly(value: Decimal) -> Test:
    return lambda new: new == value


def near(value: Decimal, slack: Decimal) -> Test:
    return lambda new: abs(new - value) <= slack


def at_least(value: Decimal) -> Test:
    return lambda new: new >= value


def at_most(value: Decimal) -> Test:
    return lambda new: new <= value


def whole(new: Decimal) -> bool:
    return new == new.to_integral_value()


def positive(new: Decimal) -> bool:
    return new > 0


# Things that come in whole pieces; a lump (项, 批) may be divided.
_PIECES: Final = frozenset("台套辆个张件把箱")
_FLOORS: Final = {
    "公务接待费": "30217",
    "公务用车运行维护费": "30231",
    "其他因公出国（境）费": "30212",
    "会议费": "30215",
    "培训费": "30216",
}
"""Items of T9 and the economic subject of T6 that is a part of them."""
_CHANGES_SAID: Final = {
    "因公出国（境）费": "三公出国",
    "公务用车购置费": "三公购置",
    "公务用车运行维护费": "三公运维",
    "公务接待费": "三公接待",
}
"""Items of 上年数 and the paragraph that says how each has changed."""
_DEAR: Final = "单价20万元以上的设备"
_PUBLIC: Final = ("日常公用", "运转类公用")


class SecondFigures:
    """What each cell of an input may be."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read = Disclosure.model_validate(tree, context={"draft": True})
        self._texts: dict[str, list[str]] = tree.get("文字", {})
        self._purchases = [
            (i, row) for i, row in enumerate(self._read.procurement) if row.sum_row is None
        ]
        self._one_unit = len(self._read.institutions) == 1

    def of(self, path: Path) -> Allowed:
        """Of a cell of the tree."""
        sheet, column = path[0], path[-1]
        tests: Iterator[Test]
        required = False
        match sheet:
            case "基本信息":
                tests = self._special()
                required = True
            case "三公经费":
                tests = self._sangong(path)
            case "上年数":
                tests = self._last_year(path)
                required = True
            case "项目":
                tests = self._project(path)
            case "政府采购":
                tests = self._purchase(path)
                required = column in ("数量", "单价")
            case "国有资产":
                tests = self._asset(path)
                required = True
            case _:  # 收入, 支出, 年终结转 and 基本支出 are tied by the balance of each fund
                tests = iter((exactly(self._value(path)),))
        return Allowed(tuple(tests), required)

    def _value(self, path: Path) -> Decimal:
        value: Any = self._tree
        for step in path:
            value = value[step]
        return Decimal(value)

    def _figure(self, measure: str, row: str = "") -> Decimal:
        return self._read.figures.get(measure, row)

    def _prose(self) -> Iterator[str]:
        """What is said of the whole budget; 机关运行经费 speaks of the items of T6."""
        for slot, texts in self._texts.items():
            if slot != "机关运行经费":
                yield from texts

    def _said(self, words: str, value: Decimal, amount: Decimal | None = None) -> Iterator[Test]:
        """A text says the cell's value, in 万元, after these words (a pattern).

        ``amount``: what is said instead, a sum or a difference that the value is in. A number cut
        to fewer decimals stands for all that are rounded to it (tolerance 0*).
        """
        stated = re.compile(rf"(?:{words})[^0-9。；]{{0,12}}([0-9]+(?:\.[0-9]+)?)万元")
        for text in self._prose():
            for found in stated.finditer(text):
                if Decimal(found[1]) == (value if amount is None else amount):
                    cut = len(found[1].partition(".")[2])
                    slack = Decimal(1).scaleb(-cut) / 2 if cut < 2 else ZERO
                    yield near(value, slack)

    # --- figures of the tables ------------------------------------------------------------------

    def _special(self) -> Iterator[Test]:
        """It is a part of 项目支出; all projects together may leave it out."""
        value = self._read.basics.special_public or ZERO
        yield at_most(self._figure("expenditure.project"))
        yield from self._said("专项公用经费", value)
        if self._listed() == self._projects() - value:
            yield exactly(value)

    def _projects(self) -> Decimal:
        return self._figure("expenditure.project")

    def _listed(self) -> Decimal | None:
        """All projects together, where each has its amount."""
        amounts = [project.amount for project in self._read.projects]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, ZERO) if known and len(known) == len(amounts) else None

    def _sangong(self, path: Path) -> Iterator[Test]:
        row = self._read.sangong[int(path[1])]
        value = self._value(path)
        summed = any(SANGONG_ROWS[one.item] in SANGONG_SUM_ROWS for one in self._read.sangong)
        if summed or path[-1] == "合计" or row.total is not None or self._unchanged(row.item):
            yield exactly(value)
        yield from self._said(row.item, value)
        if row.item not in ("会议费", "培训费"):
            together = self._figure("sangong.total", "sangong")
            yield from self._said("三公”?经费", value, together)
        rest = self._figure("sangong.total", SANGONG_ROWS[row.item]) - value
        if row.item in _FLOORS:
            yield at_least(self._figure("economic.public", _FLOORS[row.item]) - rest)
        yield at_most(self._figure("fiscal_out.fiscal") - self._figure("sangong.total") + value)
        if row.item == "公务用车运行维护费" and any(a.item == "车辆" for a in self._read.assets):
            yield positive

    def _last_year(self, path: Path) -> Iterator[Test]:
        rows = {row.item: row for row in self._read.last_year}
        last: dict[str, Decimal] = {item: row.amount or ZERO for item, row in rows.items()}
        item = self._read.last_year[int(path[1])].item
        now = figure_of(self._read, item) or ZERO
        yield from self._said_change(item, now - last[item], last[item])
        if self._unchanged(item):
            yield exactly(last[item])
        parts = ("基本支出", "项目支出"), ("人员经费", "公用经费"), ("专项公用经费",)
        for sum_, below in zip(("支出总计", "基本支出", "项目支出"), parts, strict=True):
            together = sum((last.get(part, ZERO) for part in below), ZERO)
            if item == sum_:
                yield at_least(together)
            elif item in below and sum_ in last:
                yield at_most(last[sum_] - together + last[item])

    def _said_change(self, item: str, change: Decimal, last: Decimal) -> Iterator[Test]:
        name = "收支总额|支出总计" if item == "支出总计" else re.escape(item)
        if change:
            word = "增加" if change > 0 else "减少"
            yield from self._said(rf"(?:{name})[^。；]{{0,24}}{word}", last, abs(change))
        elif any(re.search(rf"(?:{name})[^。；]{{0,16}}持平", text) for text in self._prose()):
            yield exactly(last)

    def _unchanged(self, item: str) -> bool:
        """The document will give a reason for every change of the item, and the input has none."""
        row = next((row for row in self._read.last_year if row.item == item), None)
        if row is None or row.reason or row.amount != figure_of(self._read, item):
            return False
        if item in _CHANGES_SAID:
            return not self._texts.get(_CHANGES_SAID[item])
        by_kind = self._tree["格式选项"].get("支出说明") == "四项"
        items = ("人员经费", "公用经费", "专项公用经费") if by_kind else ("基本支出", "项目支出")
        return item in items and not self._texts.get("增减说明")

    # --- projects and purchases -----------------------------------------------------------------

    def _project(self, path: Path) -> Iterator[Test]:
        project = self._read.projects[int(path[1])]
        value = self._value(path)
        special = self._read.basics.special_public or ZERO
        if self._listed() in (self._projects(), self._projects() - special):
            yield exactly(value)
        yield from self._said(re.escape(project.name), value)
        for _, row in self._purchases:
            if fold(row.project) == fold(project.name) and row.project_budget is not None:
                yield (exactly if self._one_unit else at_least)(row.project_budget)
        others = sum((p.amount or ZERO for p in self._read.projects), ZERO) - value
        yield at_most(self._projects() - others)

    def _purchase(self, path: Path) -> Iterator[Test]:
        i, column = int(path[1]), path[-1]
        row = self._read.procurement[i]
        summed = len(self._purchases) < len(self._read.procurement)
        quantity, price = row.quantity or ZERO, row.unit_price or ZERO
        if row.sum_row is not None or column == "合计":
            yield exactly(self._value(path))
        elif column == "预算资金":
            yield from self._budget(i, row)
        elif column == "预留中小微企业份额":
            yield exactly(row.reserved or ZERO) if summed else at_most(row.amount)
        elif column == "数量":
            yield lambda new: _fits(new, price, row.amount)
            if row.measure_unit in _PIECES:
                yield whole
        elif column == "单价":
            yield lambda new: _fits(quantity, new, row.amount)
        else:
            value = self._value(path)
            rest = row.amount - value
            if summed or row.total is not None:
                yield exactly(value)
            if quantity and price:
                yield lambda new: _fits(quantity, price, rest + new)
            yield at_least((row.reserved or ZERO) - rest)
            if row.project_budget is not None:
                yield at_most(row.project_budget - self._bought(row) + value)

    def _bought(self, row: ProcurementRow) -> Decimal:
        """All purchases of a unit's project."""
        return sum((other.amount for _, other in self._purchases if _same(row, other)), ZERO)

    def _budget(self, i: int, row: ProcurementRow) -> Iterator[Test]:
        value = row.project_budget or ZERO
        for j, other in self._purchases:
            if j != i and _same(row, other) and other.project_budget is not None:
                yield exactly(other.project_budget)
        yield at_least(self._bought(row))
        equal = exactly if self._one_unit else at_most  # of several units each has its share
        if row.project.startswith(_PUBLIC):
            yield equal(self._figure("economic.public"))
            return
        for project in self._read.projects:
            if fold(project.name) == fold(row.project) and project.amount is not None:
                yield equal(project.amount)
        others: dict[str, Decimal] = {}
        for _, other in self._purchases:
            name, stated = fold(other.project), other.project_budget or ZERO
            if name != fold(row.project) and not other.project.startswith(_PUBLIC):
                others[name] = max(others.get(name, ZERO), stated)
        yield at_most(max(value, self._projects() - sum(others.values(), ZERO)))

    # --- assets ---------------------------------------------------------------------------------

    def _asset(self, path: Path) -> Iterator[Test]:
        at, column = int(path[1]), path[-1]
        rows = self._read.assets
        row, value = rows[at], self._value(path)
        is_part = row.item.startswith("其中")
        total = next((r.value for r in rows if r.item == "资产总额"), None)
        if column == "价值":
            if not is_part and total is not None:
                yield exactly(value)
            if not is_part:
                yield from self._said("固定资产", value, self._figure("asset.value"))
            if row.item == _DEAR and row.quantity:
                yield at_least(20 * row.quantity)
        else:
            yield positive
            if row.item in ("车辆", _DEAR):
                yield whole
            if row.item == _DEAR and row.value is not None:
                yield at_most(row.value / 20)
        field = "value" if column == "价值" else "quantity"
        if is_part:
            yield at_most(getattr(rows[at - 1], field))
        elif at + 1 < len(rows) and rows[at + 1].item.startswith("其中"):
            yield at_least(getattr(rows[at + 1], field))


def _same(one: ProcurementRow, other: ProcurementRow) -> bool:
    """Two purchases of one project of one unit."""
    return (fold(one.unit), fold(one.project)) == (fold(other.unit), fold(other.project))


def _fits(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """数量 × 单价 is the amount, as far as a printed price tells.

    Tolerance “qty”: quantity × half a unit of the price's last digit + half a cent. Of one piece
    price and amount are the same number.
    """
    if quantity == 1 and decimals(price) <= 2:
        return price == amount
    half = Decimal(1).scaleb(-max(2, decimals(price))) / 2
    return abs(quantity * price - amount) <= quantity * half + CENT / 2
