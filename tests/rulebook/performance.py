"""PRF: examples."""

from __future__ import annotations

import copy
from typing import Any

from rulebook.base import Edit, Example, Tree, both, put

P1 = "项目1“档案库房改造”"
P2 = "项目2“综合业务经费”"


def _row(number: int, *, project: int = 0, **cells: str) -> Edit:
    """Change cells of an indicator: 0 数量, 1 质量, 2 时效, 3 成本, 4 效益, 5 满意度."""

    def edit(tree: Tree) -> None:
        tree["项目"][project]["绩效指标"][number].update(cells)

    return edit


def _value(number: int, value: str, *, project: int = 0) -> Edit:
    return _row(number, project=project, 指标值=value)


def _added(project: int = 0, **cells: str) -> Edit:
    """One more indicator, like the first."""

    def edit(tree: Tree) -> None:
        rows = tree["项目"][project]["绩效指标"]
        rows.append({**rows[0], **cells})

    return edit


def _without(*numbers: int, project: int = 0) -> Edit:
    def edit(tree: Tree) -> None:
        rows = tree["项目"][project]["绩效指标"]
        tree["项目"][project]["绩效指标"] = [r for i, r in enumerate(rows) if i not in numbers]

    return edit


def _goal(text: str) -> Edit:
    return put("项目", 0, "绩效目标", value=[text])


def _copies(count: int, change: Edit | None = None) -> Edit:
    """So many projects with the indicators of the first; only the first has an amount."""

    def edit(tree: Tree) -> None:
        if change is not None:
            change(tree)
        first = tree["项目"][0]
        for number in range(count - 1):
            project: dict[str, Any] = copy.deepcopy(first)
            project["项目名称"] = f"库房维护{number + 1}"
            del project["金额"]
            tree["项目"].append(project)

    return edit


def _at(number: int, column: str = "指标值", project: int = 0) -> tuple[str | int, ...]:
    return ("项目", project, "绩效指标", number, column)


_TOTAL_OF_PROJECTS = "各项目金额合计 {}，支出总表项目支出 400.00，相差 {} 万元"

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "PRF101": (
        Example(
            bad=both(
                put("项目", 0, "项目名称", value="业务经费（档案）"),
                put("项目", 1, "项目名称", value="业务经费(档案)"),
            ),
            says="项目2“业务经费(档案)”与项目1只差括号、引号或空格，是同一个名称",
            at=("项目", 1, "项目名称"),
            good=both(
                put("项目", 0, "项目名称", value="业务经费（一）"),
                put("项目", 1, "项目名称", value="业务经费（二）"),
            ),
        ),
        Example(
            bad=put("项目", 0, "项目名称", value="1、档案库房改造"),
            says="项目1“1、档案库房改造”的名称自带编号“1、”，公开时会编两次号",
            at=("项目", 0, "项目名称"),
            good=put("项目", 0, "项目名称", value="12345热线运行3.0版"),
        ),
        Example(
            bad=put("项目", 0, "项目名称", value="档案库房改造绩效目标表"),
            says="项目1“档案库房改造绩效目标表”的名称带有“绩效目标”，标题里会写两遍",
            good=put("项目", 0, "项目名称", value="绩效目标管理经费"),
        ),
    ),
    "PRF102": (
        Example(
            bad=_without(4),
            says=f"{P1}缺少必设的一级指标：效益指标",
            at=("项目", 0, "项目名称"),
            good=_row(4, 三级指标="无", 绩效指标描述="本项目不涉及", 指标值="无"),
        ),
        Example(
            bad=_without(4, 5),
            says=f"{P1}缺少必设的一级指标：效益指标、满意度指标",
            good=_row(5, 一级指标="效益指标"),
        ),
        Example(
            bad=both(_without(5), _copies(6)),
            says="6 个项目缺少必设的一级指标：项目1、3–7满意度指标",
            good=_copies(6),
        ),
    ),
    "PRF103": Example(
        bad=_without(2, 3),
        says=f"{P1}的产出缺少二级指标：时效指标、成本指标",
        at=("项目", 0, "项目名称"),
        # 2025: costs are a 一级指标; a blank 二级指标 may be any of the four.
        good=both(
            _row(3, 一级指标="成本指标", 二级指标="经济成本指标"),
            _row(2, project=1, 二级指标=""),
        ),
    ),
    "PRF104": (
        Example(
            bad=both(_row(1, 指标值确定依据=""), _row(2, 指标值确定依据="")),
            says=f"{P1}的绩效指标没有填完：第2–3条的指标值确定依据",
            at=_at(1, "指标值确定依据"),
            good=_row(1, 指标值确定依据="合同"),
        ),
        Example(
            bad=_copies(6, _row(4, 绩效指标描述="")),
            says="6 个项目的绩效指标没有填完：项目1、3–7第5条的绩效指标描述",
            good=_row(4, 指标值="有所提升"),
        ),
    ),
    "PRF105": (
        Example(
            bad=_goal("1.目标内容1"),
            says=f"{P1}的绩效目标里留有格式文字“目标内容1”：1.目标内容1",
            at=("项目", 0, "绩效目标", 0),
            good=_goal("1.目标内容明确、责任到人，年内完成改造"),
        ),
        Example(
            bad=_goal("1.目标内容1改造库房，保证安全"),
            says=f"{P1}的绩效目标里留有格式文字“目标内容1”：1.目标内容1改造库房，保证安全",
            good=_goal("目标1：完成改造；目标2：通过验收"),
        ),
        Example(
            bad=_goal("1.做好采购各种等工作，保障业务开展"),
            says=f"{P1}的绩效目标里留有格式文字“各种等工作”：1.做好采购各种等工作，保障业务开展",
            good=_goal("1.做好各种等级档案的分类、各类档案等工作"),
        ),
        Example(
            bad=_goal("完成XX库房改造"),
            says=f"{P1}的绩效目标里留有格式文字“XX”：完成XX库房改造",
            good=_goal("采购XXL码工作服，面积2×3米"),
        ),
        Example(
            bad=_goal("1."),
            says=f"{P1}的绩效目标是空的，只有编号：1.",
            good=_goal("2.5公里线路改造"),
        ),
        Example(
            bad=_row(0, 三级指标="指标1："),
            says=f"{P1}的绩效指标里留有格式文字：第1条的三级指标“指标1:”",
            at=_at(0, "三级指标"),
            good=_row(0, 三级指标="指标体系建设数量"),
        ),
    ),
    "PRF106": (
        Example(
            bad=_value(0, "≥95%"),
            says=f"{P1}的数量指标说的是数量或金额，指标值却是百分比：“改造库房数量”≥95%",
            at=_at(0),
            # A plain rate, a count by its own description, and a quality are let pass.
            good=both(
                _row(0, 三级指标="改造完成率", 指标值="100%"),
                _row(
                    0,
                    project=1,
                    三级指标="整理档案数量",
                    绩效指标描述="整理数量占计划的比例",
                    指标值="100%",
                ),
                _row(1, 三级指标="合格工程数量", 指标值="100%"),
            ),
        ),
        Example(
            bad=_copies(6, _value(0, "≥95%")),
            says="6 个项目的数量指标说的是数量或金额，指标值却是百分比："
            "项目1、3–7“改造库房数量”≥95%",
            at=_at(0),
            good=_value(0, "2间（含地下1间）"),
        ),
    ),
    "PRF107": (
        Example(
            bad=_row(1, 三级指标="印刷差错率", 指标值="≥95%"),
            says=f"{P1}的指标越低越好，指标值却是下限：“印刷差错率”≥95%",
            at=_at(1),
            good=both(
                _row(1, 三级指标="印刷无差错率", 指标值="≥99%"),
                _row(1, project=1, 三级指标="设备故障降低率", 指标值="≥95%"),
            ),
        ),
        Example(
            bad=_row(2, 三级指标="编撰任务完成时效", 指标值="≥1年"),
            says=f"{P1}的完成时限是下限，等于越晚越好：“编撰任务完成时效”≥1年",
            at=_at(2),
            good=both(
                _row(2, 三级指标="公示时限", 指标值="≥7天"),
                _row(2, project=1, 三级指标="值班完成时效", 指标值="≥95%"),
                _row(4, 三级指标="持续使用时间", 指标值="≥1年"),
            ),
        ),
        Example(
            bad=_row(3, 三级指标="改造成本", 指标值="≥100万元"),
            says=f"{P1}的成本是下限，等于越贵越好：“改造成本”≥100万元",
            at=_at(3),
            good=_row(3, 三级指标="成本节约额", 指标值="≥1万元"),
        ),
        Example(
            bad=_value(5, "≤95%"),
            says=f"{P1}的指标越高越好，指标值却是上限：“查档群众满意度”≤95%",
            at=_at(5),
            good=_row(5, 三级指标="满意度调查中的投诉率", 指标值="≤5%"),
        ),
    ),
    "PRF108": (
        Example(
            bad=_row(5, 三级指标="人员管理成本", 绩效指标描述="人员管理成本"),
            says=f"{P1}的满意度指标说的不是满意度：“人员管理成本”",
            at=_at(5, "三级指标"),
            good=_row(5, 三级指标="投诉处理情况", 绩效指标描述="全年投诉的次数"),
        ),
        Example(
            bad=_row(4, 二级指标="经济效益指标", 三级指标="对社会效益的贡献率"),
            says=f"{P1}的效益指标放错了行：经济效益指标“对社会效益的贡献率”（说的是社会效益）",
            at=_at(4, "三级指标"),
            good=_row(4, 二级指标="经济效益指标", 三级指标="经济效益和社会效益的提升"),
        ),
        Example(
            bad=_row(4, 三级指标="可持续性", 绩效指标描述="可持续性"),
            says=f"{P1}的效益指标放错了行：社会效益指标“可持续性”（说的是可持续影响）",
            good=_row(4, 三级指标="促进经济社会可持续发展"),
        ),
        Example(
            bad=_row(2, 绩效指标描述="工资发放的实效情况"),
            says=f"{P1}的时效指标把“时效”写成了“实效”：“工程完成时限”",
            at=_at(2, "绩效指标描述"),
            good=_row(4, 绩效指标描述="改造取得的实效"),
        ),
    ),
    "PRF109": (
        Example(
            bad=_row(4, 三级指标="空气质量达标率", 指标值="≥31微克"),
            says=f"{P1}的指标值单位与指标不符：“空气质量达标率”≥31微克",
            at=_at(4),
            good=both(
                _row(4, 三级指标="巡查频率", 指标值="≥3次"),
                _row(0, 三级指标="覆盖率", 指标值="3个村全覆盖"),
                _row(1, 三级指标="验收合格率", 指标值="2023年11月底前"),
            ),
        ),
        Example(
            bad=_row(0, 三级指标="监测天数", 指标值="365次"),
            says=f"{P1}的指标值单位与指标不符：“监测天数”365次",
            good=_row(0, 三级指标="监测天数", 指标值="365天"),
        ),
        Example(
            bad=_value(1, "100百分比"),
            says=f"{P1}的指标值把 % 写成了“百分比”：“工程验收合格率”100百分比",
            good=_value(1, "百分之百"),
        ),
        Example(
            bad=_value(1, "≥98"),
            says=f"{P1}的比率没有写 %：“工程验收合格率”≥98",
            good=_value(1, "0.98"),
        ),
    ),
    "PRF110": Example(
        bad=_value(1, "1000%"),
        says=f"{P1}的百分比大于 100%：“工程验收合格率”1000%",
        at=_at(1),
        good=both(
            _row(1, 三级指标="产值增长率", 指标值="120%"),
            _row(1, project=1, 三级指标="拨备覆盖率", 指标值="≥150%"),
        ),
    ),
    "PRF111": (
        Example(
            bad=_row(3, 三级指标="预算执行率", 指标值="≥90%"),
            says=f"{P1}的成本指标是百分比，不是金额：“预算执行率”≥90%",
            at=_at(3),
            good=both(
                _row(3, 三级指标="成本节约率", 指标值="≥5%"),
                _row(3, project=1, 二级指标="社会成本指标", 指标值="≤5%"),
            ),
        ),
        Example(
            bad=_copies(6, _row(3, 三级指标="改造成本", 指标值="≥95%")),
            says="6 个项目的成本指标是百分比，不是金额：项目1、3–7“改造成本”≥95%",
            good=_row(3, 三级指标="改造成本", 指标值="按规定执行"),
        ),
    ),
    "PRF112": Example(
        bad=_copies(4),
        says="超过 3 个项目的绩效指标完全相同：项目1、3–5（4 个）",
        at=("项目", 0, "项目名称"),
        good=_copies(3),
    ),
    "PRF113": (
        Example(
            bad=_row(3, 三级指标="每间库房改造成本", 指标值="≤100万元"),
            says=f"{P1}的金额 300.00 大于数量乘单位成本 2间 × ≤100万元 = 200.00，相差 100.00 万元",
            at=("项目", 0, "金额"),
            good=_row(3, 三级指标="每间库房改造成本", 指标值="≤150万元"),
        ),
        Example(
            bad=both(
                _row(0, project=1, 指标值="≥3000卷"),
                _row(3, project=1, 三级指标="整理成本", 指标值="500元/卷"),
            ),
            says=f"{P2}的金额 100.00 小于数量乘单位成本 ≥3000卷 × 500元/卷 = 150.00，"
            "相差 50.00 万元",
            at=("项目", 1, "金额"),
            # Of other things, of at most so much, or beside other costs nothing is certain.
            good=both(
                _row(3, project=1, 三级指标="接待成本", 指标值="500元/人次"),
                _row(3, 三级指标="每间库房改造成本", 指标值="≤10万元"),
                _added(0, 三级指标="购置设备数量", 指标值="10台"),
            ),
        ),
    ),
    "PRF114": (
        Example(
            bad=put("项目", 1, "金额", value="110.00"),
            says=f"{P2}的金额 110.00 与“项目总成本”≤100.00万元 100.00 不一致，相差 10.00 万元",
            at=("项目", 1, "金额"),
            good=_row(3, project=1, 指标值="≤100.5万元"),
        ),
        Example(
            bad=both(_without(3), put("项目", 0, "金额", value="300.01")),
            says=_TOTAL_OF_PROJECTS.format("400.01", "0.01"),
            at=("项目",),
            good=both(
                put("项目", 0, "金额", value="250.00"),
                _value(3, "≤250万元"),
                put("基本信息", "专项公用经费", value="50.00"),
            ),
        ),
        Example(
            bad=both(
                _without(3),
                put("项目", 0, "金额", value="400.01"),
                put("项目", 1, "金额", value=""),
            ),
            says="填了金额的 1 个项目合计 400.01，支出总表项目支出 400.00，相差 0.01 万元",
            at=("项目",),
            good=both(_without(3), put("项目", 1, "金额", value="")),
        ),
        Example(
            bad=_row(3, 三级指标="工程费", 指标值="310万元"),
            says=f"{P1}的金额 300.00 与成本指标 310.00 不一致，相差 10.00 万元",
            good=both(
                _row(3, 三级指标="工程费", 指标值="280万元"),
                _row(3, project=1, 三级指标="人均整理成本", 指标值="500万元"),
            ),
        ),
    ),
    "PRF115": (
        Example(
            bad=_value(2, "2022年11月底前"),
            says=f"{P1}的完成日期不在 2023 年度：“工程完成时限”2022年11月底前",
            at=_at(2),
            good=both(
                _value(2, "2022年10月至2023年11月"),
                _row(4, 三级指标="使用年限", 指标值="2033年底"),
            ),
        ),
        Example(
            bad=_value(2, "2023年11月31日"),
            says=f"{P1}有不存在的日期：“工程完成时限”2023年11月31日",
            good=_value(2, "每月25日前"),
        ),
    ),
    "PRF116": (
        Example(
            bad=_goal("1.档案库房改造。"),
            says="1 个绩效目标只是重复项目名称：项目1“1.档案库房改造。”",
            at=("项目", 0, "绩效目标", 0),
            good=_goal("1.完成档案库房改造。"),
        ),
        Example(
            bad=_row(1, 绩效指标描述="工程验收合格率"),
            says="1 条指标的绩效指标描述与三级指标一字不差（项目1）",
            at=_at(1, "绩效指标描述"),
        ),
        Example(
            bad=_row(1, 三级指标="福利发放标准", 绩效指标描述="工资发放标准"),
            says=f"{P1}的三级指标“福利发放标准”说“福利”，绩效指标描述说“工资”",
            good=_row(1, 三级指标="工资发放比率", 绩效指标描述="工资发放比例"),
        ),
        Example(
            bad=_row(1, 三级指标="会议出勤率", 绩效指标描述="实到学员占全部人员的比例"),
            says="会议的指标里写了“学员”，像是从培训项目照抄来的：项目1“会议出勤率”",
            at=_at(1, "绩效指标描述"),
            good=_row(1, 三级指标="会议培训出勤率", 绩效指标描述="实到学员的比例"),
        ),
    ),
    "PRF117": (
        Example(
            bad=both(put("项目", value=[]), put("政府采购", 0, "项目名称", value="日常公用")),
            says="支出总表有项目支出 400.00 万元，没有填一个项目的绩效目标",
            at=("项目",),
        ),
        Example(
            bad=both(
                put("支出", 1, "项目支出", value="0.00"),
                put("支出", 1, "基本支出", value="400.00"),
            ),
            says="填了 2 个项目，支出总表没有项目支出",
            at=("项目",),
        ),
    ),
    "PRF118": Example(
        bad=_value(5, "≥60%"),
        says=f"{P1}的满意度目标低于 80%：“查档群众满意度”≥60%",
        at=_at(5),
        good=_value(5, "≥80%"),
    ),
}
