"""Figures into sentences: what is written, and what is told when something is missing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from budgets import department

from generator import pack as packs
from generator.disclosure import Disclosure
from generator.form import settle
from generator.wording import MISSING, chinese_number, explain


def written(tree: dict[str, Any], pack_id: str = "hebei/2023") -> tuple[dict[str, str], list[str]]:
    """The text of every slot, and the problems as ``rule place: message``."""
    disclosure = Disclosure.model_validate(tree, context={"draft": True})
    form, _ = settle(disclosure, packs.load(pack_id))
    explanation, problems = explain(disclosure, form)
    return (
        {key: "\n".join(lines) for key, lines in explanation.texts.items()},
        [f"{p.rule} {'.'.join(map(str, p.path))}: {p.message}" for p in problems],
    )


def test_the_sentences_of_a_complete_budget() -> None:
    texts, problems = written(department())
    assert problems == []
    assert texts["收入说明"] == (
        "2023年部门预算收入1000万元，其中：一般公共预算收入1000万元，基金预算收入0万元，"
        "国有资本经营预算收入0万元，财政专户核拨收入0万元，单位资金收入0万元，上年结转结余0万元。"
    )
    assert texts["支出说明"] == (
        "2023年部门预算支出1000万元，其中：基本支出600万元，包括人员经费500万元和日常公用经费100万元；"
        "项目支出400万元。"
    )
    assert texts["增减说明"] == (
        "2023年部门预算收支总额1000万元，与2022年预算相比增加50万元，其中：基本支出持平；"
        "项目支出增加50万元，主要是新增库房改造任务。"
    )
    assert texts["机关运行经费"] == (
        "2023年，河清县档案馆机关运行经费共计安排100万元，"
        "主要用于办公费、公务接待费等保障机关正常运转的支出。"
    )
    assert texts["三公增减"] == "与2022年预算相比，“三公”经费预算减少1万元。其中："
    assert texts["三公接待"] == (
        "（四）公务接待费3万元，与2022年预算相比减少1万元，主要是压减公务接待。"
    )
    assert texts["三公购置"] == "（二）公务用车购置费0万元，与2022年预算相比持平。"
    assert texts["采购说明"] == "2023年，河清县档案馆安排政府采购预算5.00万元。具体内容见下表。"
    assert texts["资产说明"] == (
        "河清县档案馆上年末固定资产金额为150.00万元（详见下表）。"
        "本年度拟购置固定资产总额为5.00万元，已按要求列入政府采购预算，详见政府采购预算表。"
    )
    assert texts["专项资金"] == "无"
    assert texts["其他"] == "我部门无其他需要说明的事项。"


def test_every_part_of_the_total_is_named() -> None:
    tree = department()
    tree["支出"].append(
        {"科目编码": "2299999", "资金性质": "其他资金", "经营支出": "3.00", "上解上级支出": "1.00"}
    )
    tree["收入"].append({"科目编码": "2299999", "事业收入": "4.00"})
    tree["年终结转"] = {"一般公共预算": "2.00"}
    tree["收入"][0]["一般公共预算"] = "902.00"
    texts, _ = written(tree)
    assert texts["支出说明"].startswith("2023年部门预算支出1006万元，其中：基本支出600万元，")
    assert texts["支出说明"].endswith(
        "项目支出400万元；经营支出3万元；上解上级支出1万元；年终结转2万元。"
    )
    assert "单位资金收入4万元" in texts["收入说明"]


def test_basic_expenditure_of_several_funds_is_not_split_as_if_it_were_one() -> None:
    tree = department()
    tree["支出"].append({"科目编码": "2050803", "资金性质": "其他资金", "基本支出": "10.00"})
    tree["收入"].append({"科目编码": "2050803", "事业收入": "10.00"})
    texts, _ = written(tree)
    assert (
        "基本支出610万元（一般公共预算安排人员经费500万元、日常公用经费100万元）"
        in texts["支出说明"]
    )


def test_a_missing_last_year_figure_is_told_once_and_never_invented() -> None:
    tree = department()
    tree["上年数"] = [row for row in tree["上年数"] if row["项目"] != "公务接待费"]
    texts, problems = written(tree)
    assert problems == [
        "WRD101 上年数.公务接待费.上年数: 缺少“公务接待费”的上年数，写不出与上年相比的增减",
    ]
    assert MISSING in texts["三公接待"]
    assert MISSING in texts["三公增减"]


def test_a_missing_reason_is_told_with_its_place() -> None:
    tree = department()
    tree["上年数"][2].pop("增减原因")
    _, problems = written(tree)
    assert problems == ["WRD102 上年数.2.增减原因: “项目支出”比上年增加 50.00 万元，没有写原因"]


def test_ones_own_paragraphs_need_no_last_year() -> None:
    tree = department()
    tree["上年数"] = []
    own = ("增减说明", "三公增减", "三公出国", "三公购置", "三公运维", "三公接待")
    tree["文字"] |= {key: ["支出{支出总计}万元。"] for key in own}
    texts, problems = written(tree)
    assert problems == []
    assert texts["三公接待"] == "支出1000万元。"


def test_references_are_filled_in_and_a_wrong_one_is_told() -> None:
    tree = department()
    tree["文字"]["其他"] = [
        "{名称}{年度}年收入{收入总计}万元，较{上年}年{支出总计变化}。",
        "{支出合记}、{{收入总计}}、{ 收入总计 }、{% if %}、{_{、{}",
    ]
    texts, problems = written(tree)
    assert texts["其他"].split("\n") == [
        "河清县档案馆2023年收入1000万元，较2022年增加50万元。",
        "{支出合记}、{{收入总计}}、{ 收入总计 }、{% if %}、{_{、{}",
    ]
    assert problems == ["WRD103 文字.其他.1: “其他”的第 2 段引用了“{支出合记}”，没有这个名称"]


def test_required_texts_and_unknown_slots() -> None:
    tree = department()
    tree["文字"] = {"职责": ["1、管档案。"], "总体目标": [], "其它": ["x"]}
    _, problems = written(tree)
    assert problems == [
        "INP103 文字.其它: 情况说明里没有“其它”这一段",
        "WRD104 文字.总体目标: 没有写“总体目标”",
        "WRD104 文字.分项目标: 没有写“分项目标”",
        "WRD104 文字.保障措施: 没有写“保障措施”",
    ]


def test_a_project_without_amount_cannot_be_listed() -> None:
    tree = department()
    tree["格式选项"] = {"项目明细": "列出"}
    texts, problems = written(tree)
    assert problems == []
    assert "项目支出400万元，主要为综合业务经费400万元。" in texts["支出说明"]
    del tree["项目"][0]["金额"]
    _, problems = written(tree)
    assert problems == ["WRD105 项目.0.金额: 项目“综合业务经费”没有填金额，支出说明里列不出来"]


def test_unknown_options_and_values() -> None:
    tree = department()
    tree["格式选项"] = {"封面": "豪华", "封皮": "无"}
    disclosure = Disclosure.model_validate(tree)
    _, problems = settle(disclosure, packs.load("hebei/2023"))
    assert [(p.rule, p.path, p.message, p.hint) for p in problems] == [
        ("INP105", ("格式选项", "封面"), "选项“封面”不能是“豪华”", "可以是：无、简式、编制审核。"),
        ("INP103", ("格式选项", "封皮"), "格式 hebei/2023 没有“封皮”这个选项", "是不是“封面”？"),
    ]


def test_no_public_expenditure() -> None:
    tree = department()
    tree["基本支出"] = [{"科目编码": "30101", "科目名称": "基本工资", "人员经费": "600.00"}]
    tree["三公经费"] = []
    texts, _ = written(tree)
    assert texts["机关运行经费"] == "2023年，河清县档案馆无机关运行经费，安排0万元。"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (112, "一百一十二"),
        (1010, "一千零一十"),
    ],
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_a_paragraph_can_be_left_out_from_a_workbook_too() -> None:
    tree = department()
    tree["文字"]["职责标签"] = "（不写）"
    tree["文字"]["职责"] = "（不写）"
    texts, problems = written(tree)
    assert texts["职责标签"] == ""
    assert problems == ["WRD104 文字.职责: 没有写“职责”"]


def test_a_project_without_goals_or_indicators_is_told() -> None:
    tree = department()
    tree["项目"].append({"项目名称": "空项目"})
    _, problems = written(tree)
    assert problems == [
        "WRD106 项目.1.绩效目标: 项目“空项目”没有绩效目标",
        "WRD106 项目.1.项目名称: 项目“空项目”没有绩效指标",
    ]


def test_the_parts_of_the_change_add_up_to_the_change_of_the_total() -> None:
    tree = department()
    tree["上年数"][0]["上年数"] = "960.00"
    texts, problems = written(tree)
    assert problems == []
    assert texts["增减说明"].endswith(
        "项目支出增加50万元，主要是新增库房改造任务；其他支出减少10万元。"
    )


@pytest.mark.parametrize(
    "reason", ["主要是增加任务。", "主要原因是增加任务，", "是由于增加任务", "增加任务"]
)
def test_a_reason_is_not_introduced_twice(reason: str) -> None:
    tree = department()
    tree["上年数"][2]["增减原因"] = reason
    texts, _ = written(tree)
    assert texts["增减说明"].endswith("项目支出增加50万元，主要是增加任务。")


def test_references_in_reasons_and_definitions() -> None:
    tree = department()
    tree["上年数"][2]["增减原因"] = "安排{项目支出}万元"
    tree["名词解释"] = [
        {"名词": "基本支出", "解释": "共{基本支出}万元。"},
        {"名词": "新词", "解释": "见{支出总和}。"},
    ]
    disclosure = Disclosure.model_validate(tree)
    form, _ = settle(disclosure, packs.load("hebei/2023"))
    explanation, problems = explain(disclosure, form)
    assert explanation.texts["增减说明"][0].endswith("，主要是安排400万元。")
    assert explanation.glossary[3] == "4、基本支出：共600万元。"
    assert explanation.glossary[10] == "11、新词：见{支出总和}。"
    assert [(p.rule, p.path, p.hint) for p in problems] == [
        ("WRD103", ("名词解释", 1, "解释"), "是不是“支出总计”？")
    ]


def test_a_department_of_several_without_units_cannot_say_it_has_none() -> None:
    tree = department()
    tree["机构设置"].append({"单位名称": "乙单位"})
    _, problems = written(tree)
    assert problems == [
        "WRD107 机构设置: 机构设置有 2 个机构，却没有所属单位的预算，第二部分会写成没有所属单位"
    ]
    tree["格式选项"] = {"分部分": "不分"}
    texts, problems = written(tree)
    assert problems == []
    assert "（含所属单位）" in texts["资产说明"]


def test_what_is_filled_in_and_not_printed_is_told() -> None:
    tree = department()
    tree["基本信息"].update({"编制": "财务科", "专项公用经费": "1.00"})
    tree["上年数"][0]["增减原因"] = "任务增加"
    _, problems = written(tree)
    assert problems == [
        "INP115 上年数.0.增减原因: “支出总计”的增减原因没有用到，这种写法的正文不说它的原因",
        "INP115 基本信息.专项公用经费: “专项公用经费”没有用到，按现在的格式选项“支出说明”不印它",
        "INP115 基本信息.编制: “编制”没有用到，按现在的格式选项“封面”不印它",
    ]


def test_a_catalogue_code_is_read_however_it_was_typed() -> None:
    tree = department()
    tree["政府采购"][0]["政府采购目录序号"] = "ａ 05020000"
    texts, _ = written(tree)
    assert "拟购置固定资产总额为5.00万元" in texts["资产说明"]


def test_thousands_of_problems_and_references_take_no_time() -> None:
    tree = department()
    tree["项目"] = [{"项目名称": f"项目{i}"} for i in range(3000)]
    tree["文字"]["其他"] = ["{不存在}" * 20_000 + " " * 50_000 + "。"]
    start = time.process_time()
    _, problems = written(tree)
    assert len(problems) == 6001
    assert time.process_time() - start < 3


def test_a_reason_that_refers_to_itself() -> None:
    tree = department()
    tree["上年数"][2]["增减原因"] = "因为{项目支出原因}"
    _, problems = written(tree)
    assert problems == [
        "WRD103 上年数.2.增减原因: “项目支出”的增减原因引用了“{项目支出原因}”，没有这个名称"
    ]
