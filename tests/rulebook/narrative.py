"""Examples of NAR101 to NAR122, NAR901 and NAR902."""

from __future__ import annotations

from typing import Any

from rulebook.base import Edit, Example, Tree, both, put

INCOME, SPENT, CHANGED = (("文字", key, 0) for key in ("收入说明", "支出说明", "增减说明"))
RUNNING = ("文字", "机关运行经费", 0)
TOTAL, RECEPTION = ("文字", "三公总额", 0), ("文字", "三公接待", 0)
BOUGHT, OWNED = ("文字", "采购说明", 0), ("文字", "资产说明", 0)
TARGETS, OTHER = ("文字", "分项目标", 0), ("文字", "其他", 0)


def swap(path: tuple[str, str, int], *pairs: tuple[str, str]) -> Edit:
    """Other words in a paragraph of the base."""

    def edit(tree: Tree) -> None:
        text: Any = tree
        for step in path:
            text = text[step]
        for old, new in pairs:
            assert old in text, f"{old} 不在原文里"
            text = text.replace(old, new)
        tree[path[0]][path[1]][path[2]] = text

    return edit


def write(path: tuple[str, str, int], *texts: str) -> Edit:
    """The paragraphs of a slot."""
    return put(*path[:2], value=list(texts))


def without(*path: str | int) -> Edit:
    """An edit that takes a value away."""

    def edit(tree: Tree) -> None:
        spot: Any = tree
        for step in path[:-1]:
            spot = spot[step]
        del spot[path[-1]]

    return edit


SANGONG = (
    "2023年，河清县档案馆财政拨款“三公”经费预算安排8万元，其中：因公出国（境）费0万元，公务用车购置及"
    "运行维护费5万元（公务用车购置费0万元，公务用车运行维护费5万元），公务接待费3万元。"
)
SPLIT = "2023年部门预算支出1000万元，包括人员经费500万元、正常公用经费100万元、专项公用经费{}万元、项目支出{}万元。"
PARTIAL = (("档案库房改造300万元，综合业务经费100万元", "档案库房改造300万元等"),)
UNNAMED = both(without("项目", 0, "金额"), without("项目", 1, "金额"))
GROUPS = [
    {"单位名称": "河清县档案馆本级", "单位性质": "行政", "单位规格": "正科级"},
    {"单位名称": "河清县档案馆（参公4户）", "单位性质": "事业", "单位规格": "股级"},
]

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "NAR101": tuple(
        Example(
            swap(INCOME, ("预算收入1000万元", "预算收入1001万元")),
            "“收入说明”第1段写“2023年部门预算收入1001万元”，表1 收入总计 1000.00 万元，相差 1.00 万元",
            INCOME,
            swap(INCOME, ("预算收入1000万元", f"预算收入{good}")),
        )
        for good in ("1,000.00万元", "１０００万元", "一千万元", "0.1亿元", "：10000000元")
    ),
    "NAR102": (
        Example(
            swap(INCOME, ("一般公共预算收入1000万元", "一般公共预算收入990万元")),
            "“收入说明”第1段写“一般公共预算收入990万元”，表1 一般公共预算收入 1000.00 万元，相差 -10.00 万元",
            INCOME,
            swap(
                INCOME,
                (
                    "其中：一般公共预算收入1000万元",
                    "其中：财政拨款收入1000万元（一般公共预算拨款收入1000万元）",
                ),
            ),
        ),
    ),
    "NAR103": (
        Example(
            swap(SPENT, ("预算支出1000万元", "预算支出1100万元")),
            "“支出说明”第1段写“2023年部门预算支出1100万元”，表1 支出总计 1000.00 万元，相差 100.00 万元",
            SPENT,
            swap(SPENT, ("预算支出1000万元", "预算支出为1000.0万元")),
        ),
        Example(
            swap(CHANGED, ("收支总额1000万元", "收支总额100万元")),
            "“增减说明”第1段写“2023年部门预算收支总额100万元”，表1 支出总计 1000.00 万元，相差 -900.00 万元",
            CHANGED,
            # last year's level is not this year's
            swap(CHANGED, ("收支总额1000万元，与2022年预算相比", "收支总额由上年的950万元")),
        ),
    ),
    "NAR104": Example(
        swap(SPENT, ("基本支出600万元", "基本支出601万元")),
        "“支出说明”第1段写“基本支出601万元”，表3 合计 基本支出 600.00 万元，相差 1.00 万元",
        SPENT,
        # a part of 基本支出 is none of its figure
        swap(
            SPENT,
            ("；项目支出", "（其中一般公共预算以外资金安排的基本支出0.5万元）；项目支出"),
        ),
    ),
    "NAR105": (
        Example(
            swap(SPENT, ("人员经费500万元", "人员经费500.10万元")),
            "“支出说明”第1段写“人员经费500.10万元”，表6 合计 人员经费 500.00 万元，相差 0.10 万元",
            SPENT,
            swap(SPENT, ("人员经费500万元", "人员经费五百万元")),
        ),
        Example(
            swap(SPENT, ("人员经费500万元", "人员经费5000万元")),
            "“支出说明”第1段写“人员经费5000万元”，表6 合计 人员经费 500.00 万元，相差 4500.00 万元",
            SPENT,
            swap(SPENT, ("基本支出600万元，包括人员", "基本支出600万元，主要为：人员")),
        ),
    ),
    "NAR106": Example(
        swap(SPENT, ("日常公用经费100万元", "日常公用经费101万元")),
        "“支出说明”第1段写“日常公用经费101万元”，表6 合计 公用经费 100.00 万元，相差 1.00 万元",
        SPENT,
        swap(SPENT, ("日常公用经费100万元", "公用经费100.00万元")),
    ),
    "NAR107": (
        Example(
            swap(SPENT, ("项目支出400万元", "项目支出410万元")),
            "“支出说明”第1段写“项目支出410万元”，表3 合计 项目支出 400.00 万元，相差 10.00 万元",
            SPENT,
            swap(SPENT, ("项目支出400万元", "项目支出共计安排400万元")),
        ),
        Example(
            write(SPENT, SPLIT.format(150, 255)),
            "“支出说明”第1段的专项公用经费加项目支出为 405.00 万元，表3 合计 项目支出 400.00 万元，相差 5.00 万元",
            SPENT,
            write(SPENT, SPLIT.format(150, 250)),
        ),
        Example(
            both(
                put("基本信息", "专项公用经费", value="150"), write(SPENT, SPLIT.format(140, 250))
            ),
            "“支出说明”第1段写“专项公用经费140万元”，基本信息填的专项公用经费是 150.00 万元，相差 -10.00 万元",
            SPENT,
            both(
                put("基本信息", "专项公用经费", value="150"), write(SPENT, SPLIT.format(150, 250))
            ),
        ),
    ),
    "NAR108": Example(
        # The amount that breaks the sum is the finding (NAR105), the sum a consequence of it.
        swap(SPENT, ("人员经费500万元", "人员经费510万元")),
        "“支出说明”第1段写“人员经费510万元”，表6 合计 人员经费 500.00 万元，相差 10.00 万元",
        SPENT,
        swap(SPENT, ("人员经费500万元", "人员经费500.00万元")),
    ),
    "NAR109": (
        Example(
            swap(SPENT, ("档案库房改造300万元", "档案库房改造310万元")),
            "“支出说明”第1段写“档案库房改造310万元”，项目“档案库房改造”的金额是 300.00 万元，相差 10.00 万元",
            SPENT,
            swap(SPENT, *PARTIAL),
        ),
        Example(
            both(UNNAMED, swap(SPENT, ("综合业务经费100万元", "综合业务经费92.5万元"))),
            "“支出说明”第1段列出的 2 个项目合计 392.50 万元，表3 合计 项目支出 400.00 万元，相差 -7.50 万元",
            SPENT,
            both(UNNAMED, swap(SPENT, *PARTIAL)),
        ),
        Example(
            both(UNNAMED, swap(SPENT, ("档案库房改造300万元", "档案库房改造2300万元"))),
            "“支出说明”第1段写“档案库房改造2300万元”，比全部项目支出 400.00 万元还多，应为 300.00 万元，相差 2000.00 万元",
            SPENT,
            both(UNNAMED, swap(SPENT, ("改造300万元，综合", "改造300万元、综合"))),
        ),
    ),
    "NAR110": Example(
        swap(RUNNING, ("安排100万元", "安排101万元")),
        "“机关运行经费”第1段写“河清县档案馆机关运行经费共计安排101万元”，表6 合计 公用经费 100.00 万元，相差 1.00 万元",
        RUNNING,
        # beside 事业 units it may be less than 公用经费
        both(
            put("机构设置", 0, "单位性质", value="行政、事业"),
            swap(RUNNING, ("安排100万元", "安排57.36万元"), ("其中：办公费92万元、", "其中：")),
        ),
    ),
    "NAR111": (
        Example(
            swap(RUNNING, ("办公费92万元", "办公费93万元")),
            "“机关运行经费”第1段写“办公费93万元”，表6 办公费 公用经费 92.00 万元，相差 1.00 万元",
            RUNNING,
            swap(RUNNING, ("、公务用车运行维护费5万元", "等")),
        ),
        Example(
            swap(RUNNING, ("公务接待费3万元", "接待及其他3.5万元")),
            "“机关运行经费”第1段列出的 3 项合计 100.50 万元，机关运行经费 100.00 万元，相差 0.50 万元",
            RUNNING,
            swap(RUNNING, ("公务接待费3万元", "接待及其他3万元")),
        ),
    ),
    "NAR112": Example(
        write(TOTAL, SANGONG.replace("安排8万元", "安排9万元")),
        "“三公总额”第1段写“河清县档案馆财政拨款“三公”经费预算安排9万元”，表9 “三公”经费小计 8.00 万元，相差 1.00 万元",
        TOTAL,
        write(TOTAL, SANGONG),
    ),
    "NAR113": (
        Example(
            write(TOTAL, SANGONG.replace("接待费3万元", "接待费2万元")),
            "“三公总额”第1段写“公务接待费2万元”，表9 公务接待费 3.00 万元，相差 -1.00 万元",
            TOTAL,
            write(TOTAL, SANGONG.replace("因公出国（境）费0万元", "因公出国费用0.00万元")),
        ),
        Example(
            write(
                RECEPTION, "（四）公务招待费30万元，比2022年度预算减少1万元，主要是压减接待批次。"
            ),
            "“三公接待”第1段写“（四）公务招待费30万元”，表9 公务接待费 3.00 万元，相差 27.00 万元",
            RECEPTION,
            write(
                RECEPTION, "（四）公务接待费3万元，比2022年度预算减少1万元，主要是压减接待批次。"
            ),
        ),
    ),
    "NAR114": Example(
        write(TOTAL, SANGONG.replace("安排8万元", "安排8.5万元")),
        "“三公总额”第1段写“河清县档案馆财政拨款“三公”经费预算安排8.5万元”，表9 “三公”经费小计 8.00 万元，相差 0.50 万元",
        TOTAL,
        write(TOTAL, SANGONG),
    ),
    "NAR115": Example(
        write(BOUGHT, "2023年，河清县档案馆安排政府采购预算15.00万元。具体内容见下表。"),
        "“采购说明”第1段写“河清县档案馆安排政府采购预算15.00万元”，采购表合计 1.50 万元，相差 13.50 万元",
        BOUGHT,
        write(BOUGHT, "2023年，河清县档案馆安排政府采购预算1.50万元。具体内容见下表。"),
    ),
    "NAR116": Example(
        write(OWNED, "河清县档案馆上年末固定资产金额为186万元（详见下表）。"),
        "“资产说明”第1段写“河清县档案馆上年末固定资产金额为186万元”，资产表 资产总额 168.00 万元，相差 18.00 万元",
        OWNED,
        write(OWNED, "截至2022年12月31日，河清县档案馆固定资产总额168.00万元。"),
    ),
    "NAR117": (
        Example(
            swap(CHANGED, ("与2022年预算", "与2021年预算")),
            "“增减说明”第1段写“与2021年预算”，2023 年预算应与 2022 年相比",
            CHANGED,
            swap(CHANGED, ("与2022年预算相比", "与2022年预算相比（与2020年底相比略有变化）")),
        ),
        Example(
            write(INCOME, "2022年部门预算收入1000万元。"),
            "“收入说明”第1段写“2022年部门预算收入1000万元”，这是 2023 年的数",
            INCOME,
            write(INCOME, "2022年部门预算收入950万元，2023年部门预算收入1000万元。"),
        ),
    ),
    "NAR118": (
        Example(
            swap(RUNNING, ("河清县档案馆", "河清县文化馆")),
            "“机关运行经费”第1段写的是“河清县文化馆”，部门名称是“河清县档案馆”",
            RUNNING,
            swap(RUNNING, ("河清县档案馆", "我馆")),
        ),
        Example(
            swap(RUNNING, ("河清县档案馆", "北山县档案馆")),
            "“机关运行经费”第1段写的是“北山县档案馆”，部门名称是“河清县档案馆”",
            RUNNING,
            swap(RUNNING, ("河清县档案馆", "县档案馆")),
        ),
    ),
    "NAR119": Example(
        swap(SPENT, ("综合业务经费100万元", "综合业务经费100元")),
        "“支出说明”第1段写“综合业务经费100元”，同一段其他金额的单位是万元，应为 100万元",
        SPENT,
        swap(SPENT, ("综合业务经费100万元", "综合业务经费100万元（查档每人次补助20元）")),
    ),
    "NAR120": (
        Example(
            swap(SPENT, ("综合业务经费100万元", "综合业务工作经费100万元")),
            "“支出说明”第1段的项目“综合业务工作经费”，项目里没有这个名称，最接近的是“综合业务经费”",
            SPENT,
            swap(SPENT, ("档案库房改造300", "档案库房改造项目300")),
        ),
    ),
    "NAR121": (
        Example(
            write(TARGETS, "1、档案整理：整理档案数量达到2000卷以上，整理合格率98%以上。"),
            "“分项目标”第1段写“整理档案数量达到2000卷以上”，项目绩效指标“整理档案数量”的指标值是“≥3000卷”",
            TARGETS,
            write(TARGETS, "1、档案整理：整理档案数量达到3000卷以上，整理合格率98%以上。"),
        ),
    ),
    "NAR122": (
        Example(
            both(
                put("机构设置", value=GROUPS), write(OTHER, "我部门所属参公单位3户，均纳入预算。")
            ),
            "“其他”第1段写“参公单位3户”，机构设置里是参公 4 户",
            OTHER,
            both(
                put("机构设置", value=GROUPS),
                write(OTHER, "我部门所属参公单位4户，全年为30户企业提供查档服务。"),
            ),
        ),
        Example(
            both(put("机构设置", value=GROUPS), write(OTHER, "我部门下设6个预算单位。")),
            "“其他”第1段写“下设6个预算单位”，机构设置里是5 个机构（含本级）",
            OTHER,
            both(put("机构设置", value=GROUPS), write(OTHER, "我部门下设四个预算单位。")),
        ),
    ),
    "NAR901": Example(
        write(OTHER, "另由上级部门代管专款37.46万元，不列入本预算。"),
        "“其他”第1段有 1 个金额在预算数据里找不到来源：“另由上级部门代管专款37.46万元”",
        OTHER,
        write(
            OTHER,
            "采购办公桌1.50万元。单价20万元以上的设备按规定报批；每卷补助15元，全年支出2至3万元。",
        ),
    ),
    "NAR902": (
        Example(
            swap(SPENT, ("人员经费500万元", "人员经费万元")),
            "“支出说明”第1段的“人员经费”后面没有写金额",
            SPENT,
            swap(SPENT, ("人员经费500万元", "人员经费五百万元")),
        ),
        Example(
            swap(CHANGED, ("项目支出增加50万元", "项目支出增加万元")),
            "“增减说明”第1段的“项目支出”后面没有写金额",
            CHANGED,
            write(OTHER, "本文金额以万元为单位，几十万元、上百万元以上的采购另行说明。"),
        ),
    ),
}
