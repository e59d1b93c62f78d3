"""DEP: an input that breaks each rule, and one that does not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rulebook.base import Edit, Example, Tree, both, put

_FIRST, _SECOND = "河清县档案馆本级", "河清县档案信息中心"
_AMOUNTS = frozenset(
    {
        *("一般公共预算", "基本支出", "项目支出", "人员经费", "公用经费", "金额", "上年数"),
        *("预算资金", "价值", "一般公共预算拨款", "预留中小微企业份额", "合计", "上级补助收入"),
    }
)


def _amounts(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every amount of a tree with the record that it stands in."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key in _AMOUNTS and isinstance(below, str):
                yield value, key
            yield from _amounts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _amounts(below)


def _unit(tree: Tree, name: str, code: str, tenths: int) -> Tree:
    """A unit with so many tenths of the department's figures; the form writes its sentences."""
    unit = copy.deepcopy(tree)
    unit["基本信息"] |= {"类型": "单位", "编码": code, "名称": name}
    unit["机构设置"] = [{**unit["机构设置"][0], "单位名称": name}]
    for record, key in _amounts(unit):
        record[key] = f"{Decimal(record[key]) * tenths / 10:.2f}"
    for key in ("收入说明", "支出说明", "增减说明", "机关运行经费"):
        del unit["文字"][key]
    unit["上年数"][2]["增减原因"] = "新增档案库房改造任务"
    for project in unit["项目"]:
        project["绩效指标"][3]["指标值"] = f"≤{project['金额']}万元"
    for purchase in unit["政府采购"]:
        purchase |= {"单位": name, "数量": str(tenths)}
    for asset in unit["国有资产"]:
        asset["数量"] = str(int(asset["数量"]) * tenths // 10)
    return unit


def two_units(tree: Tree) -> None:
    """The department is the sum of its own offices (four tenths) and of one more unit."""
    parts = [_unit(tree, _FIRST, "201001", 4), _unit(tree, _SECOND, "201002", 6)]
    tree["机构设置"] = [dict(unit["机构设置"][0]) for unit in parts]
    tree["政府采购"] = [dict(purchase) for unit in parts for purchase in unit["政府采购"]]
    tree["所属单位"] = parts


def units(*edits: Edit) -> Edit:
    return both(two_units, *edits)


def _second(*path: str | int, value: Any) -> Edit:
    return put("所属单位", 1, *path, value=value)


def _more_money(amount: str) -> Edit:
    """The second unit has more project money than the department has for it."""
    return both(
        _second("收入", 1, "一般公共预算", value=amount),
        _second("支出", 1, "项目支出", value=amount),
    )


def _subsidy(received: str, source: str = "上级补助收入") -> Edit:
    """The first unit pays 20.00 of its own income to the second, which spends what it gets."""

    def edit(tree: Tree) -> None:
        first, second = tree["所属单位"]
        for one in (tree, first):
            one["收入"][1]["其他收入"] = "20.00"
        _spend(first, "对附属单位补助支出", "20.00")
        _spend(tree, "项目支出", "20.00")
        second["收入"][1][source] = received
        _spend(second, "项目支出", received)

    return edit


def _spend(tree: Tree, column: str, amount: str) -> None:
    tree["支出"].append({"科目编码": "2010302", "资金性质": "其他资金", column: amount})


def _institutions(*names: str) -> Edit:
    def edit(tree: Tree) -> None:
        first = tree["机构设置"][0]
        tree["机构设置"] = [{**first, "单位名称": name} for name in names]

    return edit


EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "DEP101": (
        Example(
            bad=units(_more_money("250.00")),
            says="部门的2010302 一般公共预算拨款收入 400.00 小于所属单位之和 410.00，"
            "相差 10.00 万元",
            at=("收入", 1, "一般公共预算"),
            good=units(),
        ),
        Example(
            bad=units(_second("收入", 0, "一般公共预算", value="4500.00")),
            says=f"所属单位“{_SECOND}”的收入总计 4830.00 大于部门的 1000.00，多出 3830.00 万元",
            at=("所属单位", 1, "收入"),
            # One of the institutions has not handed in its budget: the department may have more.
            good=units(
                lambda tree: tree["所属单位"].pop(),
                lambda tree: tree["政府采购"].pop(),
            ),
        ),
        Example(
            bad=units(
                put("三公经费", 1, "一般公共预算", value="5.00"),
            ),
            says="部门的公务接待费 “三公”经费（一般公共预算） 5.00 大于所属单位之和 3.00，"
            "相差 2.00 万元",
            at=("三公经费", 1, "一般公共预算"),
            # Money that one unit gives another leaves both sides.
            good=units(_subsidy("20.00")),
        ),
    ),
    "DEP102": Example(
        bad=units(_subsidy("15.00")),
        says="所属单位的对附属单位补助支出中有 20.00 不在部门的数里，"
        "上级补助收入中不在部门的数里的是 15.00，相差 5.00 万元",
        at=("所属单位",),
        good=units(_subsidy("20.00")),
    ),
    "DEP103": (
        Example(
            bad=units(_institutions(_FIRST, "河清县档案数据中心")),
            says=f"所属单位“{_SECOND}”不在机构设置里",
            at=("所属单位", 1, "基本信息", "名称"),
            # 本级 with or without brackets is the same office.
            good=units(_institutions("河清县档案馆（本级）", _SECOND)),
        ),
        Example(
            bad=units(_institutions(_FIRST)),
            says=f"所属单位“{_SECOND}”不在机构设置里",
            # A group of units is counted, not named.
            good=units(_institutions(_FIRST, "全额事业1户")),
        ),
    ),
    "DEP104": (
        Example(
            bad=units(_institutions(_FIRST, _SECOND, "河清县方志办公室")),
            says="机构设置里的“河清县方志办公室”没有所属单位的预算",
            at=("机构设置", 2, "单位名称"),
            good=units(),
        ),
        Example(
            bad=units(_institutions(_FIRST, "参公4户")),
            says="机构设置里“参公4户”共 4 户，所属单位里没有单独列名的预算有 1 份，相差 3 份",
            at=("机构设置", 1, "单位名称"),
            good=units(_institutions(_FIRST, "参公1户")),
        ),
    ),
    "DEP105": Example(
        bad=units(_second("基本信息", "编码", value="301002")),
        says=f"所属单位“{_SECOND}”的编码 301002 不以部门编码 201 开头",
        at=("所属单位", 1, "基本信息", "编码"),
        good=units(),
    ),
    "DEP106": Example(
        bad=units(_second("基本支出", 4, "公用经费", value="60.00")),
        says=f"所属单位“{_SECOND}”自己的表有 1 处不平衡（XTB111）",
        good=units(),
    ),
    "DEP107": (
        Example(
            bad=units(put("政府采购", 1, "一般公共预算拨款", value="1.20")),
            says=f"部门的政府采购表里“{_SECOND}”小计 1.20，单位自己的政府采购合计 0.90，"
            "相差 0.30 万元",
            at=("政府采购", 1),
            good=units(),
        ),
        Example(
            bad=units(put("国有资产", 3, "价值", value="10.00")),
            says="部门的固定资产总额 148.00 小于所属单位之和 168.00，相差 20.00 万元",
            at=("国有资产",),
            good=units(),
        ),
    ),
    "DEP108": Example(
        bad=units(
            lambda tree: tree["所属单位"][1]["基本支出"].append(
                {"科目编码": "30202", "科目名称": "印刷费", "公用经费": "1.00"}
            ),
        ),
        says=f"所属单位“{_SECOND}”有经济分类科目 30202，部门的表里没有",
        at=("所属单位", 1, "基本支出", 7, "科目编码"),
        good=units(),
    ),
}
