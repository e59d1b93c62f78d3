"""Invented budgets: a small fixed department, and random balanced ones."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

_DEPARTMENT: dict[str, Any] = {
    "基本信息": {
        **{"类型": "部门", "编码": "201", "名称": "河清县档案馆", "级别": "县", "年度": "2023"},
    },
    "机构设置": [
        {
            **{"单位名称": "甲单位", "单位性质": "行政"},
            **{"单位规格": "正科级", "经费保障形式": "财政拨款"},
        }
    ],
    "收入": [
        {"科目编码": "2010301", "科目名称": "行政运行", "一般公共预算": "900.00"},
        {"科目编码": "2210201", "科目名称": "住房公积金", "一般公共预算": "100.00"},
    ],
    "支出": [
        {
            **{"科目编码": "2010301", "科目名称": "行政运行", "资金性质": "一般公共预算"},
            **{"基本支出": "500.00", "项目支出": "400.00"},
        },
        {
            **{"科目编码": "2210201", "科目名称": "住房公积金", "资金性质": "一般公共预算"},
            "基本支出": "100.00",
        },
    ],
    "基本支出": [
        {"科目编码": "30101", "科目名称": "基本工资", "人员经费": "500.00"},
        {"科目编码": "30201", "科目名称": "办公费", "公用经费": "97.00"},
        {"科目编码": "30217", "科目名称": "公务接待费", "公用经费": "3.00"},
    ],
    "三公经费": [{"项目": "公务接待费", "一般公共预算": "3.00"}],
    "上年数": [
        {"项目": "支出总计", "上年数": "950.00"},
        {"项目": "基本支出", "上年数": "600.00"},
        {"项目": "项目支出", "上年数": "350.00", "增减原因": "新增库房改造任务"},
        {"项目": "人员经费", "上年数": "500.00"},
        {"项目": "公用经费", "上年数": "100.00"},
        {"项目": "专项公用经费", "上年数": "0.00"},
        {"项目": "因公出国（境）费", "上年数": "0.00"},
        {"项目": "公务用车购置费", "上年数": "0.00"},
        {"项目": "公务用车运行维护费", "上年数": "0.00"},
        {"项目": "公务接待费", "上年数": "4.00", "增减原因": "压减公务接待"},
    ],
    "项目": [
        {
            **{"项目名称": "综合业务经费", "金额": "400.00", "绩效目标": "1.保证档案安全"},
            "绩效指标": [
                {
                    **{"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "整理卷数"},
                    **{"绩效指标描述": "全年整理的档案卷数", "指标值": "≥3000卷"},
                    "指标值确定依据": "年度工作计划",
                },
                {
                    **{"一级指标": "产出指标", "二级指标": "质量指标", "三级指标": "合格率"},
                    **{"绩效指标描述": "整理合格的比率", "指标值": "≥98%"},
                    "指标值确定依据": "年度工作计划",
                },
                {
                    **{"一级指标": "满意度指标", "二级指标": "服务对象满意度指标"},
                    **{"三级指标": "查档群众满意度", "绩效指标描述": "满意的比率"},
                    **{"指标值": "≥95%", "指标值确定依据": "问卷调查"},
                },
            ],
        }
    ],
    "政府采购": [
        {
            **{"单位": "甲单位", "项目名称": "综合业务经费", "预算资金": "400.00"},
            **{"采购物品名称": "密集架", "政府采购目录序号": "A05020000", "计量单位": "组"},
            **{"数量": "10", "单价": "0.5", "一般公共预算拨款": "5.00"},
            "预留中小微企业份额": "5.00",
        }
    ],
    "国有资产": [
        {"项目": "房屋", "数量": "1000", "价值": "120.00"},
        {"项目": "其中：办公用房", "数量": "800", "价值": "100.00"},
        {"项目": "其他固定资产", "数量": "60", "价值": "30.00"},
    ],
    "文字": {
        "职责": ["1、收集、整理和保管全县档案。", "2、提供档案查阅服务。"],
        "总体目标": ["保证档案完整安全，方便群众利用。"],
        "分项目标": ["1、档案安全。做好库房防火防潮。"],
        "保障措施": ["1、健全制度。", "2、加强培训。"],
    },
}


def department() -> dict[str, Any]:
    """A small department that balances: 1000.00 in and out, one project, one purchase."""
    return copy.deepcopy(_DEPARTMENT)


def unit(code: str, name: str) -> dict[str, Any]:
    """The same figures as a unit's own disclosure."""
    tree = department()
    tree["基本信息"].update({"类型": "单位", "编码": code, "名称": name})
    return tree


_CODES = ("2010301", "2010302", "2010399", "2050803", "2080505", "2101101", "2210201", "2299999")
_PERSONNEL = ("30101", "30102", "30103", "30108", "30302")
_PUBLIC = ("30201", "30202", "30207", "30211", "30299", "31002")
_FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金")
_CARRY = {fund: f"结转（{fund}）" for fund in _FUNDS}
_OWN_INCOME = ("财政专户管理资金", "事业收入", "事业单位经营收入", "上级补助收入", "其他收入")

_cents = st.integers(min_value=100, max_value=99_999).map(lambda n: Decimal(n) / 100)


@st.composite
def balanced(draw: st.DrawFn) -> dict[str, Any]:
    """A random budget that balances: several funds, carry-over, year-end, own income."""
    tree = department()
    codes = draw(st.lists(st.sampled_from(_CODES), min_size=1, max_size=6, unique=True))
    income: dict[str, dict[str, Any]] = {}
    tree["支出"] = []
    basic = Decimal(0)
    for code in codes:
        for fund in draw(st.lists(st.sampled_from(_FUNDS), min_size=1, max_size=3, unique=True)):
            row, total = _spend(draw, fund)
            tree["支出"].append({"科目编码": code, "资金性质": fund, **row})
            if fund == "一般公共预算":
                basic += Decimal(row.get("基本支出", "0"))
            earned = income.setdefault(code, {"科目编码": code})
            _earn(draw, earned, fund, total)
    tree["收入"] = list(income.values())
    tree["基本支出"] = _split(draw, basic)
    tree["三公经费"] = []
    if draw(st.booleans()):
        _leave_over(draw, tree)
    return tree


def _spend(draw: st.DrawFn, fund: str) -> tuple[dict[str, str], Decimal]:
    columns = ["基本支出", "项目支出"]
    if fund == "其他资金":
        columns += ["经营支出", "上解上级支出", "对附属单位补助支出"]
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True))
    amounts = {column: draw(_cents) for column in chosen}
    return {c: str(a) for c, a in amounts.items()}, sum(amounts.values(), Decimal(0))


def _earn(draw: st.DrawFn, row: dict[str, Any], fund: str, total: Decimal) -> None:
    """Income of the year for the most part, the rest carried over."""
    carried = min(total, draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("14.54")])))
    source = draw(st.sampled_from(_OWN_INCOME)) if fund == "其他资金" else fund
    if total > carried:
        row[source] = str(Decimal(row.get(source, "0")) + total - carried)
    if carried:
        row[_CARRY[fund]] = str(Decimal(row.get(_CARRY[fund], "0")) + carried)


def _split(draw: st.DrawFn, basic: Decimal) -> list[dict[str, str]]:
    rows = []
    codes = draw(st.lists(st.sampled_from(_PERSONNEL + _PUBLIC), max_size=6, unique=True))
    rest = basic
    for code in codes:
        part = min(rest, draw(_cents))
        if part:
            column = "人员经费" if code in _PERSONNEL else "公用经费"
            rows.append({"科目编码": code, column: str(part)})
            rest -= part
    if rest:
        rows.append({"科目编码": "30399", "人员经费": str(rest)})
    return rows


def _leave_over(draw: st.DrawFn, tree: dict[str, Any]) -> None:
    """Some income is not spent: 年终结转 of its fund."""
    amount = draw(_cents)
    row = tree["收入"][0]
    row["一般公共预算"] = str(Decimal(row.get("一般公共预算", "0")) + amount)
    tree["年终结转"] = {"一般公共预算": str(amount)}
