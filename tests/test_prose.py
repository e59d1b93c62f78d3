"""Reading budget prose: amounts, what they speak of, and everything that is no amount."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from prose_mutation import tally
from rulebook.base import Tree, department
from support import findings_of

from generator import checks
from generator.checks import prose
from generator.checks.prose import Kind


def values(text: str) -> list[tuple[str, str]]:
    return [(f"{a.value.normalize():f}", a.unit) for a in prose.amounts(text)]


def firm(text: str) -> list[str]:
    return [a.words for a in prose.amounts(text) if not a.loose]


def said(text: str) -> list[tuple[str, str, str | None, int | None]]:
    """Kind, subject, amount and direction of each statement."""
    return [
        (s.kind.value, s.subject, s.amount.words if s.amount else None, s.direction)
        for s in prose.read(text, ("河清县档案馆",))
    ]


# --- amounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("1000万元", "1000", 0),
        ("1,216.27万元", "1216.27", 2),
        ("1，216.27 万元", "1216.27", 2),
        ("１２３４．５０万元", "1234.5", 2),
        ("0.1亿元", "1000", 1),
        ("1.61元", "0.000161", 2),
        ("12161800元", "1216.18", 0),
        ("三百二十万元", "320", 0),
        ("一千零五十万元", "1050", 0),
        ("两亿元", "20000", 0),
        ("一千二百一十六点二七万元", "1216.27", 2),
        ("十点零五亿元", "100500", 2),
        ("-3万元", "-3", 0),
        ("0万元", "0", 0),
    ],
)
def test_an_amount_of_money(text: str, value: str, decimals: int) -> None:
    found = list(prose.amounts(f"安排{text}。"))
    assert [(a.value, a.decimals, a.words) for a in found] == [(Decimal(value), decimals, text)]
    assert found[0].start == 2
    assert found[0].end == 2 + len(text)


@pytest.mark.parametrize(
    "text",
    [
        "预算支出1217.27万，",
        "项目经费：1,217.27 万。",
        "比上年增加1217.27万",
        "（公用经费１２１７．２７万）",
    ],
)
def test_an_amount_of_budget_prose_may_lack_its_last_character(text: str) -> None:
    assert values(text) == [("1217.27", "万")]


@pytest.mark.parametrize(
    "text",
    [
        *("惠及群众1.25万人", "印刷宣传册1.25万，", "接待游客1.25万。", "参会费1.25万人次"),
        *(
            "预算支出1217万，",
            "项目经费12.5万吨",
            "增加1.5万，",
            "总额12.5万亿",
            "资金1.25万至2.5万，",
        ),
    ],
)
def test_ten_thousands_of_other_things_are_no_amount(text: str) -> None:
    assert values(text) == []


def test_ten_thousands_that_nothing_names_are_not_listed_as_money() -> None:
    tree = department()
    tree["文字"]["其他"] = ["全年查档人数比上年增加1.25万。"]
    assert [p for p in findings_of(tree) if p.rule == "NAR901"] == []


def test_other_units_are_converted() -> None:
    assert values("5千元、5百万元、3千万元") == [
        ("0.5", "千元"),
        ("500", "百万元"),
        ("3000", "千万元"),
    ]


def test_percentages() -> None:
    assert values("增长5.26%，下降百分之五点三，完成１２０％") == [
        ("5.26", "%"),
        ("5.3", "%"),
        ("120", "%"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2023年1月5日至2023年12月31日",
        "二〇二三年三月",
        "冀政办字〔2021〕102号、财预[2016]143号、国家档案局令第13号",
        "受理12345热线转办，电话0315-2801234",
        "1、管理档案。2.提供利用。（3）其他。（十二）完成交办任务",
        "购置3套、参公4户、500人次、365天、印刷2500至3000本",
        "安排10至20万元，或10万元至20万元，或10-20万元，约合5～6万元",
        "多元化投入，一元化领导，二元结构，单元、公元2023年",
        "几十万元、数百万元、上百万元、十几万元、若干万元、百万元以下",
        "1亿2000万元",
        "3万5千元",
        "第1.2.3万元",
        "100万日元、5万美元、20万人、38万字",
        "2023元旦春节",
        "1" * 40 + "万元",
        "金额单位：万元",
        "没有一个数。",
        "",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "单价20万元以上的设备",
        "不超过5万元",
        "≤0.5万元",
        "150元/本",
        "每人次补助20元",
        "约100万元",
        "拟办意见90%以上",
        "不低于33%",
        "达标率大于等于95%",
    ],
)
def test_bounds_and_rates_are_no_figures(text: str) -> None:
    assert firm(text) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("三百二十", 320),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("二〇二三", 2023),
        ("两千", 2000),
        ("百", None),
        ("三二十", None),
        ("一十百", None),
    ],
)
def test_chinese_numerals(words: str, value: int | None) -> None:
    assert prose.chinese_value(words) == (None if value is None else Decimal(value))


# --- statements ---------------------------------------------------------------------------------


def test_levels_by_the_name_before_them() -> None:
    text = "2023年部门预算支出1000万元，其中：基本支出600万元（人员经费500万元、日常公用经费100万元）。"
    assert said(text) == [
        ("本年数", "预算支出", "1000万元", None),
        ("本年数", "基本支出", "600万元", None),
        ("本年数", "人员经费", "500万元", None),
        ("本年数", "公用经费", "100万元", None),
    ]


def test_a_change_is_of_what_was_spoken_of_last() -> None:
    text = "公务接待费3万元，比2022年度预算减少1万元，下降25%，主要是压减批次。"
    assert said(text) == [
        ("本年数", "公务接待费", "3万元", None),
        ("增减", "公务接待费", "1万元", -1),
        ("百分比", "公务接待费", "25%", -1),
    ]


def test_the_same_in_other_words() -> None:
    for words in (
        "与上年持平",
        "与2022年预算相比无变化",
        "与上年相比，无增减变化",
        "与上年比保持不变",
    ):
        assert said(f"公务用车购置费0万元，{words}。")[-1] == ("增减", "公务用车购置费", None, 0)


def test_a_change_without_an_amount() -> None:
    text = "公务用车运行维护费24万元，与2022年公务用车运行维护费相比有所增加，公务招待费0万元。"
    assert said(text)[1] == ("增减", "公务用车运行维护费", None, 1)


def test_a_level_behind_a_change_word() -> None:
    text = "项目支出由上年的350万元增加到400万元。"
    assert said(text) == [
        ("上年数", "项目支出", "350万元", None),
        ("本年数", "项目支出", "400万元", None),
    ]


def test_a_part_is_not_its_whole() -> None:
    for part in (
        "一般公共预算以外资金安排的基本支出",
        "下属单位项目支出",
        "其中政府性基金安排项目支出",
        "北山县档案馆人员经费",
    ):
        assert said(f"{part}30万元。")[0][1] == ""


def test_amounts_of_a_reason_are_no_parts() -> None:
    text = "基本支出减少70万元，主要为人员经费减少61万元；项目支出增加66万元，主要是增加平台建设32万元。"
    found = [(s.subject, s.reason) for s in prose.read(text)]
    assert found == [("基本支出", False), ("人员经费", True), ("项目支出", False), ("", True)]


def test_lists_of_projects_keep_their_names() -> None:
    text = (
        "项目支出400万元，主要为12345热线（含2022年续建，二期）运行费100万元，A4纸购置项目50万元，"
        "市长、县长信箱20.5万元；值班经费10万元和“5G+档案”建设219.5万元；经营支出3万元。"
    )
    found = [(s.name, s.subject) for s in prose.read(text)][1:]
    assert found == [
        ("12345热线（含2022年续建，二期）运行费", ""),
        ("A4纸购置项目", ""),
        ("市长、县长信箱", ""),
        ("值班经费", ""),
        ("“5G+档案”建设", ""),
        ("经营支出", "经营支出"),
    ]


def test_the_name_stands_where_its_span_begins() -> None:
    text = "2023年，人员经费500万元，比上年增加5万元。"
    spans = [text[s.start : s.end] for s in prose.read(text)]
    assert spans == ["人员经费500万元", "增加5万元"]


def test_an_amount_left_blank() -> None:
    found = [s for s in prose.read("人员经费万元，公用经费100万元。") if s.kind is Kind.BLANK]
    assert [s.subject for s in found] == ["人员经费"]
    for text in ("单位：万元", "以万元为单位", "几十万元以上", "三百万元。", "金额（万元）"):
        assert not [s for s in prose.read(text) if s.kind is Kind.BLANK], text


def test_years_that_are_compared_with() -> None:
    text = "与2022年预算相比增加5万元；较2021年减少；比2020年底提高；2019年以来"
    assert [c.year for c in prose.comparisons(text)] == [2022, 2021]


# --- no false finding, and no time lost ---------------------------------------------------------

TRAPS = {
    "日期和文号": "根据冀政办字〔2021〕102号和国家档案局令第13号，2023年6月30日前完成，12345热线24小时值守。",
    "超过百分之百": "任务完成率达到120%，较上年提高35个百分点，网络可用率99.99%以上。",
    "范围": "全年印发简报2500至3000本，接待500-800人次，单价20万元以上的设备3台，每本150元。",
    "没有数": "认真落实过紧日子要求，严格控制一般性支出，提高资金使用效益。",
    "粘连": "A4纸5箱B5纸3箱第3届2场8K2路4G卡7张，见表1表2，附件3，编号201-003。",
    "别人的数": "全县企业全年收入5000万元，比上年增加300万元，增长6.38%，其中规上企业4500万元。",
    "人员": "编制30人，在职28人，比上年增加2人；公务用车1辆，与上年持平。",
}


@pytest.mark.parametrize("name", TRAPS)
@pytest.mark.parametrize("slot", ["总体目标", "其他", "支出说明", "三公总额", "增减说明"])
def test_traps_give_no_finding(name: str, slot: str) -> None:
    tree = department()
    own = [p.rule for p in findings_of(tree)]
    before = tree["文字"].get(slot, [])
    tree["文字"][slot] = [*before, TRAPS[name]]
    found = [
        (p.rule, p.message)
        for p in findings_of(tree)
        if p.rule.startswith(("NAR", "YOY")) and p.severity.value != "info"
    ]
    assert own == []
    assert found == []


def test_project_names_with_digits_and_amounts() -> None:
    tree = department()
    names = ("12345热线（2022年续建）", "500万元贷款贴息")
    for i, name in enumerate(names):
        tree["项目"][i]["项目名称"] = name
    tree["政府采购"][0]["项目名称"] = names[1]
    text = tree["文字"]["支出说明"][0]
    text = text.replace("档案库房改造", names[0]).replace("综合业务经费", names[1])
    tree["文字"]["支出说明"] = [text]
    found = [(p.rule, p.message) for p in findings_of(tree) if p.rule.startswith(("NAR", "YOY"))]
    assert found == []


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,111",
        "1，",
        "（",
        "（1，",
        "一百",
        "百分之一",
        "增加",
        "与2022年",
        "2023年",
        "公务用车购置",
        "人员经费1万元，",
        "主要为",
        "万元",
        "预算",
        "人员经费增加1万元，主要是",
        "项目支出5万元，主要为甲1万元、",
        "服务对象满意度、",
        "财政拨款",
        "“",
        " ",
        "持平",
    ],
)
def test_a_paragraph_of_30000_characters(piece: str) -> None:
    text = (piece * 30_000)[:30_000]
    start = time.process_time()
    prose.read(text, ("河清县档案馆",))
    list(prose.comparisons(text))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("slot", ["支出说明", "增减说明", "分项目标", "机关运行经费", "三公总额"])
@pytest.mark.parametrize(
    "piece", ["人员经费增加1万元，主要是", "甲1万元、", "查档3次，", "河清县", "x"]
)
def test_checks_of_30000_characters(slot: str, piece: str) -> None:
    tree: Tree = department()
    tree["文字"][slot] = [("项目支出400万元，主要为" + piece * 30_000)[:30_000]]
    start = time.process_time()
    findings_of(tree)
    assert time.process_time() - start < 1


# --- slips in the prose -------------------------------------------------------------------------


def test_slips_in_the_base_are_all_reported() -> None:
    found = tally(department())
    assert found.total >= 100
    assert found.lost == []


# What other departments write about figures like those of the base; all of it is right.
RIGHT = {
    "收入说明": [
        "2023年预算收入1000万元，其中：一般公共预算收入1000万元，占100%，无上年结转。",
        "本部门2023年收入预算为1000.00万元，全部为财政拨款收入。",
        "2023年预算收入1000万元，比2022年决算数增加180万元，增长22%。",
    ],
    "支出说明": [
        "2023年预算支出1000万元，其中基本支出600万元，占总支出的60%；项目支出400万元，占40%。",
        "基本支出600万元，包括人员经费500万元（工资福利支出500万元、对个人和家庭的补助0万元），公用经费100万元。",
        "公用经费100万元，其中：日常公用经费92万元、其他交通费用8万元。",
        "项目支出400万元，其中：本级项目支出300万元，所属单位项目支出100万元。",
        "项目支出400万元，主要包括业务类项目400万元（档案库房改造300万元，综合业务经费100万元）。",
        "项目支出400万元，主要用于档案库房改造300万元、办公设备购置60万元、印刷费40万元。",
        "按功能分类：一般公共服务支出850万元，社会保障和就业支出50万元，卫生健康支出20万元，住房保障支出80万元。",
        "一般公共预算支出1000万元，政府性基金预算支出0万元，国有资本经营预算支出0万元。",
        "人员经费和公用经费分别为500万元、100万元；基本支出、项目支出合计1000万元。",
        "人员经费500万元，其中在职人员经费400万元，劳务派遣人员经费30万元。",
    ],
    "增减说明": [
        "2023年预算收支总额1000万元，较2022年950万元增加50万元，增长5.26%。",
        "2023年预算支出1000万元，比上年增加50万元，主要原因：一是人员增加10万元；二是项目支出增加40万元。",
        "与2022年相比，项目支出增加50万元，基本支出与上年持平，人数与上年持平。",
        "项目支出较2022年执行数减少30万元；基本支出较上年决算增加12万元。",
    ],
    "机关运行经费": [
        "机关运行经费安排100万元，其中：办公费92万元（其中印刷费3万元）、公务接待费3万元等。",
        "按照要求机关运行经费安排100万元，主要用于办公费、邮电费，较上年持平。",
    ],
    "三公总额": [
        "“三公”经费预算8万元，2022年“三公”经费预算9万元，减少1万元，下降11.11%，主要是压减公务接待。",
        "公务用车购置及运行费5万元（其中：公务用车购置费0万元；公务用车运行费5万元），公务用车保有量1辆，与上年持平。",
        "因厉行节约、压减接待批次，公务接待费3万元，比上年减少1万元。",
        "公务接待费3万元，比上年减少1万元，下降25%。主要原因是严格控制接待标准。",
        "因公出国（境）费、公务用车购置费均为0万元，公务接待费与因公出国费共计3万元。",
    ],
    "资产说明": [
        "截至2022年底，固定资产总额168万元，其中：房屋120万元，车辆18万元，其他30万元。",
    ],
    "采购说明": [
        "政府采购预算1.50万元，其中：政府采购货物预算1.50万元，政府采购服务预算0万元。",
    ],
}


COMPUTED: dict[str, list[str]] = {
    "支出说明": [
        "2023年部门预算支出1000万元，比上年增长5.26%。",
        "2023年部门预算支出1000万元，完成年初预算的95%。",
        "预算支出1000万元，其中财政拨款占100%。",
        "基本支出600万元，占60%；项目支出400万元，占40%。",
        "基本支出600万元，占本年支出的60%；项目支出400万元，占本年支出的40%。",
        "人员经费500万元，占50%；公用经费100万元，占10%。",
        "基本支出600万元，其中人员经费占83.3%，公用经费占16.7%。",
        "基本支出占60%，项目支出占40%。",
        "人员经费占部门预算总支出的50%，占基本支出的比例为83.33%。",
        "项目支出400万元，其中档案库房改造300万元，占项目支出的75%。",
        "项目支出400万元，占比由上年的36.84%提高到40%。",
        "基本支出600万元，占比较上年下降3.16%。",
        "基本支出600万元，其中：工资福利支出500万元、商品和服务支出100万元。",
        "一般公共服务支出850万元，占85%；社会保障和就业支出50万元，占5%。",
        "一般公共服务支出（类）850万元，社会保障和就业支出（类）50万元。",
        "行政运行450万元，一般行政管理事务400万元。",
        "一般公共服务支出850万元，主要用于机关运转；住房保障支出80万元，主要用于住房公积金80万元。",
        "一般公共服务支出850万元，比上年增加20万元；卫生健康支出20万元，与上年持平。",
        "项目支出400万元，主要用于办公费10万元、印刷费5万元等。",
        "基本支出600万元，其中：在职人员基本工资300万元，离休人员50万元。",
        "2022年一般公共服务支出800万元，2023年一般公共服务支出850万元。",
        "安排3个项目共120万元。",
        "共安排项目支出400万元。",
        "其中：特定目标类项目1个，运转类项目1个。",
        "共安排重点项目1个，其他项目1个。",
        "预算支出1000.00万。",
        "基本支出600万元（含住房公积金、医疗保险）。",
        "财政拨款安排的住房公积金30万元，其他资金安排的住房公积金50万元。",
        "人员经费500万元，其中社会保障缴费70万元。",
    ],
    "增减说明": [
        "与2022年预算相比，收支总额增长5.3%，其中基本支出持平，项目支出增长14.3%，主要是档案库房改造。",
        "项目支出较2022年增长约14%，主要是档案库房改造。",
        "收支总额比上年决算增长2%，比上年执行数下降1%。",
        "项目支出比上年增长14%，其中信息化项目增长30%，工程类项目下降5%。",
        "人员经费按政策比上年增长0%。",
        "因工资标准比上年增长5%，基本支出相应保持600万元。",
        "比上年增长5.26%，主要是项目支出比上年增长14.29%。",
        "项目支出占比比上年提高3.16%。",
        "项目支出占预算支出的比重比上年增长3.2%。",
        "较2022年项目支出350万元增长14.29%。",
        "收支总额比2021年增长12%，与2022年相比增长5.3%。",
        "与2022年相比，收支总额增长5.3%，两年平均增长4%。",
        "与上年相比，财政拨款项目支出增长9%。",
    ],
    "三公接待": [
        "公务接待费3万元，比上年减少1万元，主要是压减接待批次，批次下降20%。",
        "公务接待费3万元，比上年下降25%，主要是落实过紧日子要求，接待人次下降30%。",
        "公务接待费3万元，比上年减少1万元，主要是国内接待下降25%、外事接待下降10%。",
        "公务接待费3万元，占“三公”经费的37.5%。",
        "公务接待费占三公经费预算的37.5%，比上年减少1万元，主要是压减接待批次和人数。",
    ],
    "资产说明": [
        "固定资产总额168万元，其中车辆1辆，为一般公务用车。",
        "年末车辆1辆、办公用房800平方米。",
        "共有车辆1辆，其中：一般公务用车1辆，执法执勤车辆0辆。",
        "截至2022年12月31日，固定资产金额168万元，其中：房屋120万元，占71.4%，车辆18万元。",
        "单价50万元以上车辆0辆。",
        "车辆编制3辆，实有车辆1辆。",
    ],
    "收入说明": [
        "2023年部门预算收入1000万元，其中一般公共预算收入1000万元，占100%。",
        "预算收入1000万元，其中财政拨款收入占收入总额的100%。",
        "一般公共预算收入1000万元，占本年收入的100%，比上年增长5.26%。",
    ],
}
"""Shares, rates, subjects and counts that are right, or of something that no table has."""


@pytest.mark.parametrize(
    ("slot", "text"), [(k, t) for d in (RIGHT, COMPUTED) for k, texts in d.items() for t in texts]
)
def test_right_sentences_in_other_words_give_no_finding(slot: str, text: str) -> None:
    tree = department()
    tree["文字"][slot] = [text]
    found = [
        (p.rule, p.message)
        for p in findings_of(tree)
        if p.rule.startswith(("NAR", "YOY")) and p.severity.value != "info"
    ]
    assert found == []


def test_a_unit_in_brackets_is_a_unit() -> None:
    (found,) = prose.amounts("预算收入1217.27（万元）。")
    assert (str(found.value), found.unit) == ("1217.27", "万元")


# --- characters that are not what they look like ------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("预算支出\u202e1000\u202c万元。", "第 5 个字是不可见的非法字符（U+202E）"),
        ("预算支出\u20661000\u2069万元。", "第 5 个字是不可见的非法字符（U+2066）"),
        ("预算支出1000\u0336万元。", "第 9 个字是附加在别的字上的符号（U+0336）"),
        ("预算支出1000\ufe0f\u20e3万元。", "第 9 个字是附加在别的字上的符号（U+20E3）"),
    ],
)
def test_characters_that_show_another_number_are_refused(text: str, says: str) -> None:
    tree = department()
    tree["文字"]["支出说明"] = [text]
    found = [p.message for p in findings_of(tree) if p.rule == "INP108"]
    assert found == [f"“支出说明”的第 1 条：{says}"]


@pytest.mark.parametrize("path", [("基本信息", "名称"), ("项目", 0, "项目名称")])
def test_names_are_refused_as_well(path: tuple[str | int, ...]) -> None:
    for mark in ("\u202e", "\u2067", "\u0336"):
        tree: Any = department()
        spot = tree
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] += f"1{mark}gpj.exe"
        assert "INP108" in [p.rule for p in findings_of(tree)]


@pytest.mark.parametrize(
    "number",
    [
        "𝟏𝟎𝟎𝟏.𝟎𝟎",
        "١٠٠١.٠٠",
        "10\u206301\u034f.0\ufe0f0",
        "10\u200b01.00",
        "壹仟零壹",
        "１００１．００",
    ],
)
def test_digits_of_any_script_are_compared(number: str) -> None:
    tree = department()
    tree["文字"]["支出说明"] = [f"2023年部门预算支出{number}万元。"]
    assert "NAR103" in [p.rule for p in findings_of(tree)]


def test_letters_may_have_their_accents() -> None:
    tree = department()
    tree["文字"]["其他"] = ["与Lu\u0308beck市和Café项目开展档案交流。"]
    assert findings_of(tree) == []


# --- long strings of one thing ------------------------------------------------------------------

PIECES = (
    *("1234567890", "1.", "1,", "１，", "1 ", "三十五", "一二三四五六七八九十", "（", "“", "(1)"),
    *(
        " ",
        "\u3000",
        "，",
        "、",
        "。",
        "…",
        "-",
        "无",
        "其中：",
        "截至",
        "1户",
        "增加1万元、",
        "占",
    ),
)
LONG = 30_000


def seconds(run: Callable[[], object], times: int = 1) -> float:
    """The shortest of several: another program may take its turn."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return min(taken)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the checks keeps."""
    for info in pkgutil.walk_packages(checks.__path__, "generator.checks."):
        for name, value in vars(importlib.import_module(info.name)).items():
            many = value.values() if isinstance(value, dict) else [value]
            for one in many:
                for pattern in one if isinstance(one, tuple) else (one,):
                    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                        yield f"{info.name}.{name}", pattern


def test_no_pattern_takes_more_than_linear_time() -> None:
    slow = []
    for pattern, name in {pattern: name for name, pattern in patterns()}.items():
        for piece in PIECES:
            text = (piece * 2_000)[:2_000]
            once = seconds(lambda p=pattern, t=text: list(p.finditer(t)), 3)  # type: ignore[misc]
            if once < 0.004:
                continue
            twice = seconds(lambda p=pattern, t=text: list(p.finditer(t * 2)), 3)  # type: ignore[misc]
            if twice > 3 * once:
                slow.append((name, piece))
    assert slow == []


@pytest.mark.parametrize(
    "slot",
    ["支出说明", "增减说明", "机关运行经费", "三公总额", "采购说明", "资产说明", "职责", "其他"],
)
def test_any_slot_takes_any_long_string(slot: str) -> None:
    tree = department()
    for piece in PIECES:
        tree["文字"][slot] = [(piece * LONG)[:LONG]]
        taken = seconds(lambda: findings_of(tree))
        assert taken < 2, piece
