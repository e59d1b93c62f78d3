"""A department that breaks no rule at all, and what an example of a rule is.

An example changes the department so that one rule is broken; ``good`` changes it so that the rule
is put to the test and holds.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Tree = dict[str, Any]
Edit = Callable[[Tree], object]


@dataclass(frozen=True)
class Example:
    """``says``: the exact message. ``at``: the path of its place. ``damage``: of the .docx made.

    ``last``: makes last year's input of the department (itself unchanged, where it is None and
    ``with_last`` is set).
    """

    bad: Edit
    says: str
    at: tuple[str | int, ...] | None = None
    good: Edit | None = None
    damage: Callable[[bytes], bytes] | None = None
    last: Edit | None = None
    with_last: bool = False


def department() -> Tree:
    """河清县档案馆, 2023: 1000.00 in and out, two projects, one purchase; no finding of any kind."""
    return copy.deepcopy(_DEPARTMENT)


def put(*path: str | int, value: Any) -> Edit:
    """An edit that sets one value: ``put("支出", 0, "基本支出", value="1.00")``."""

    def edit(tree: Tree) -> None:
        spot: Any = tree
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] = value

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(tree: Tree) -> None:
        for one in edits:
            one(tree)

    return edit


def _subject(code: str, name: str, **more: str) -> Tree:
    return {"科目编码": code, "科目名称": name, **more}


def _indicator(first: str, second: str, third: str, value: str, about: str) -> Tree:
    return {
        "一级指标": first,
        "二级指标": second,
        "三级指标": third,
        "绩效指标描述": about,
        "指标值": value,
        "指标值确定依据": "年度工作计划",
    }


def _project(name: str, amount: str, goal: str, rows: list[tuple[str, str, str]]) -> Tree:
    """``rows``: third level, value, description of 数量, 质量, 时效 and 效益."""
    kinds = (
        *(("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标")),
        ("效益指标", "社会效益指标"),
    )
    indicators = [
        _indicator(*kind, third, value, about)
        for kind, (third, value, about) in zip(kinds, rows, strict=True)
    ]
    cost = _indicator("产出指标", "成本指标", "项目总成本", f"≤{amount}万元", "全年支出的总额")
    satisfied = _indicator(
        "满意度指标", "服务对象满意度指标", "查档群众满意度", "≥95%", "问卷调查中满意的比率"
    )
    return {
        "项目名称": name,
        "金额": amount,
        "绩效目标": [goal],
        "绩效指标": [*indicators[:3], cost, indicators[3], satisfied],
    }


_DEPARTMENT: Tree = {
    "基本信息": {
        **{"类型": "部门", "编码": "201", "名称": "河清县档案馆", "级别": "县", "年度": "2023"},
    },
    "格式选项": {"分部分": "不分"},
    "机构设置": [
        {
            **{"单位名称": "河清县档案馆", "单位性质": "行政"},
            **{"单位规格": "正科级", "经费保障形式": "财政拨款"},
        }
    ],
    "收入": [
        _subject("2010301", "行政运行", 一般公共预算="450.00"),
        _subject("2010302", "一般行政管理事务", 一般公共预算="400.00"),
        _subject("2080505", "机关事业单位基本养老保险缴费支出", 一般公共预算="50.00"),
        _subject("2101101", "行政单位医疗", 一般公共预算="20.00"),
        _subject("2210201", "住房公积金", 一般公共预算="80.00"),
    ],
    "支出": [
        _subject("2010301", "行政运行", 资金性质="一般公共预算", 基本支出="450.00"),
        _subject("2010302", "一般行政管理事务", 资金性质="一般公共预算", 项目支出="400.00"),
        _subject(
            "2080505", "机关事业单位基本养老保险缴费支出", 资金性质="一般公共预算", 基本支出="50.00"
        ),
        _subject("2101101", "行政单位医疗", 资金性质="一般公共预算", 基本支出="20.00"),
        _subject("2210201", "住房公积金", 资金性质="一般公共预算", 基本支出="80.00"),
    ],
    "基本支出": [
        _subject("30101", "基本工资", 人员经费="350.00"),
        _subject("30108", "机关事业单位基本养老保险缴费", 人员经费="50.00"),
        _subject("30110", "职工基本医疗保险缴费", 人员经费="20.00"),
        _subject("30113", "住房公积金", 人员经费="80.00"),
        _subject("30201", "办公费", 公用经费="92.00"),
        _subject("30217", "公务接待费", 公用经费="3.00"),
        _subject("30231", "公务用车运行维护费", 公用经费="5.00"),
    ],
    "三公经费": [
        {"项目": "公务用车运行维护费", "一般公共预算": "5.00"},
        {"项目": "公务接待费", "一般公共预算": "3.00"},
    ],
    "上年数": [
        {"项目": "支出总计", "上年数": "950.00"},
        {"项目": "基本支出", "上年数": "600.00"},
        {"项目": "项目支出", "上年数": "350.00"},
        {"项目": "人员经费", "上年数": "500.00"},
        {"项目": "公用经费", "上年数": "100.00"},
        {"项目": "专项公用经费", "上年数": "0.00"},
        {"项目": "因公出国（境）费", "上年数": "0.00"},
        {"项目": "公务用车购置费", "上年数": "0.00"},
        {"项目": "公务用车运行维护费", "上年数": "5.00"},
        {"项目": "公务接待费", "上年数": "4.00", "增减原因": "压减公务接待批次和人数"},
    ],
    "项目": [
        _project(
            "档案库房改造",
            "300.00",
            "1.完成两层库房的恒温恒湿改造，保证档案安全。",
            [
                ("改造库房数量", "2间", "全年完成改造的库房间数"),
                ("工程验收合格率", "100%", "验收合格的工程占全部工程的比例"),
                ("工程完成时限", "2023年11月底前", "改造工程完工的时间"),
                ("档案保存条件改善情况", "明显改善", "库房温湿度达到规范要求的程度"),
            ],
        ),
        _project(
            "综合业务经费",
            "100.00",
            "1.完成全年档案整理和利用工作。",
            [
                ("整理档案数量", "≥3000卷", "全年整理入库的档案卷数"),
                ("整理合格率", "≥98%", "抽查合格的卷数占抽查卷数的比例"),
                ("整理及时率", "≥95%", "按计划时间完成整理的比例"),
                ("提供查档服务", "≥800人次", "全年接待查档的人次"),
            ],
        ),
    ],
    "政府采购": [
        {
            **{"单位": "河清县档案馆", "项目名称": "综合业务经费", "预算资金": "100.00"},
            **{"采购物品名称": "办公桌", "政府采购目录序号": "A05010201", "计量单位": "张"},
            **{"数量": "10", "单价": "0.15", "一般公共预算拨款": "1.50"},
            "预留中小微企业份额": "1.50",
        }
    ],
    "国有资产": [
        {"项目": "房屋", "数量": "1000", "价值": "120.00"},
        {"项目": "其中：办公用房", "数量": "800", "价值": "100.00"},
        {"项目": "车辆", "数量": "1", "价值": "18.00"},
        {"项目": "其他固定资产", "数量": "60", "价值": "30.00"},
    ],
    "文字": {
        "职责": [
            "1、收集、整理和保管全县档案，执行《机关档案管理规定》（国家档案局令第13号）。",
            "2、提供档案查阅服务，受理来馆、来电（12345热线转办）查档。",
        ],
        "收入说明": [
            "2023年部门预算收入1000万元，其中：一般公共预算收入1000万元，上年结转结余0万元。"
        ],
        "支出说明": [
            "2023年部门预算支出1000万元，其中：基本支出600万元，包括人员经费500万元和日常公用"
            "经费100万元；项目支出400万元，主要为档案库房改造300万元，综合业务经费100万元。"
        ],
        "增减说明": [
            "2023年部门预算收支总额1000万元，与2022年预算相比增加50万元，其中：基本支出持平；"
            "项目支出增加50万元，主要是新增档案库房改造任务。"
        ],
        "机关运行经费": [
            "2023年，河清县档案馆机关运行经费共计安排100万元，主要用于保障机关正常运转的日常支出。"
            "其中：办公费92万元、公务接待费3万元、公务用车运行维护费5万元。"
        ],
        "总体目标": ["保证档案完整安全，方便群众利用。"],
        "分项目标": ["1、档案安全。做好库房防火防潮，全年无安全事故。"],
        "保障措施": ["1、健全制度，按月核对进度。", "2、加强培训，提高业务能力。"],
    },
}
