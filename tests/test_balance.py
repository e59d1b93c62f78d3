"""The figures and their relations: every sum holds, every single change is caught."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from budgets import balanced, department, unit
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from generator.balance import MEASURES, RELATIONS, Cross, Sum
from generator.disclosure import Disclosure
from generator.money import CENT, ZERO


def problems(tree: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    disclosure = Disclosure.model_validate(tree, context={"draft": True})
    return [(p.rule, p.path) for p in disclosure.imbalances]


@given(balanced())
@settings(max_examples=60, deadline=None)
def test_a_balanced_budget_has_no_problem_and_every_sum_holds(tree: dict[str, Any]) -> None:
    disclosure = Disclosure.model_validate(tree)  # not a draft: it must be constructible
    figures = disclosure.figures
    checked = 0
    for relation in RELATIONS:
        if isinstance(relation, Sum) and relation.parts:
            for row in ("", *figures.rows([relation.total])):
                total = figures.get(relation.total, row)
                assert total == sum((figures.get(p, row) for p in relation.parts), ZERO)
                checked += 1
        elif isinstance(relation, Cross) and relation.operator == "=":
            left, right = relation.left, relation.right
            assert figures.get(left.measure, left.row) == figures.get(right.measure, right.row)
            checked += 1
    for measure in MEASURES:
        if measure.partition(".")[0] in ("income", "expenditure", "general", "economic"):
            rows = figures.rows([measure])
            for row in rows:
                below = [r for r in rows if r.startswith(row) and len(r) == len(row) + 2]
                if below:
                    total = sum((figures.get(measure, r) for r in below), ZERO)
                    assert figures.get(measure, row) == total
                    checked += 1
    assert checked > 20


@given(balanced(), st.data())
@settings(max_examples=60, deadline=None)
def test_any_changed_leaf_of_income_or_expenditure_is_caught(
    tree: dict[str, Any], data: st.DataObject
) -> None:
    sheet = data.draw(st.sampled_from([s for s in ("收入", "支出", "基本支出") if tree[s]]))
    row = data.draw(st.sampled_from(tree[sheet]))
    column = data.draw(st.sampled_from([k for k in row if k not in _WORDS]))
    row[column] = str(Decimal(row[column]) + data.draw(st.sampled_from([CENT, Decimal(1)])))
    assert problems(tree)


_WORDS = {"科目编码", "科目名称", "资金性质"}


@pytest.mark.parametrize(
    ("sheet", "row", "rule", "column"),
    [
        ("收入", {"科目名称": "合计", "合计": "1"}, "TBL201", "合计"),
        ("收入", {"科目编码": "201", "财政拨款收入": "1"}, "TBL201", "财政拨款收入"),
        ("支出", {"科目名称": "合 计", "基本支出": "1"}, "TBL301", "基本支出"),
        ("支出", {"科目编码": "20103", "资金性质": "一般公共预算", "合计": "1"}, "TBL501", "合计"),
        (
            "支出",
            {"科目编码": "20103", "资金性质": "政府性基金预算", "合计": "1"},
            "TBL701",
            "合计",
        ),
        (
            "支出",
            {"科目编码": "223", "资金性质": "国有资本经营预算", "合计": "1"},
            "TBL801",
            "合计",
        ),
        ("基本支出", {"科目编码": "301", "人员经费": "1"}, "TBL601", "人员经费"),
        ("三公经费", {"项目": "“三公”经费小计", "一般公共预算": "1"}, "TBL901", "一般公共预算"),
        ("三公经费", {"项目": "公务用车购置及运维费", "合计": "1"}, "TBL902", "合计"),
        ("三公经费", {"项目": "因公出国（境）费", "合计": "1"}, "TBL903", "合计"),
        ("三公经费", {"项目": "合计", "合计": "1"}, "TBL904", "合计"),
        ("政府采购", {"项目名称": "合  计", "合计": "1"}, "GPR101", "合计"),
        ("政府采购", {"项目名称": "甲单位小计", "合计": "1"}, "GPR101", "合计"),
        ("国有资产", {"项目": "资产总额", "价值": "1"}, "AST101", "价值"),
    ],
)
def test_a_wrong_declared_total_is_told_by_its_rule(
    sheet: str, row: dict[str, str], rule: str, column: str
) -> None:
    tree = department()
    tree[sheet].append(row)
    assert problems(tree) == [(rule, (sheet, len(tree[sheet]) - 1, column))]


@pytest.mark.parametrize(
    ("sheet", "column", "rule"),
    [
        ("收入", "合计", "TBL203"),
        ("收入", "小计", "TBL202"),
        ("收入", "财政拨款收入", "XTB102"),
        ("支出", "合计", "TBL502"),
        ("基本支出", "合计", "TBL602"),
        ("三公经费", "合计", "TBL905"),
        ("政府采购", "合计", "GPR102"),
    ],
)
def test_a_wrong_total_column_is_told_by_its_rule(sheet: str, column: str, rule: str) -> None:
    tree = department()
    tree[sheet][0][column] = "0.01"
    assert problems(tree) == [(rule, (sheet, 0, column))]


def test_right_declared_totals_pass() -> None:
    tree = department()
    tree["收入"] += [
        {"科目名称": "合计", "合计": "1000.00", "小计": "1000"},
        {"科目编码": "201", "合计": "900"},
    ]
    tree["支出"].append({"科目名称": "合计", "合计": "1000", "基本支出": "600"})
    tree["国有资产"].append({"项目": "资产总额", "价值": "150"})
    assert problems(tree) == []


def test_the_message_has_both_figures_and_the_difference() -> None:
    tree = department()
    tree["基本支出"][0]["人员经费"] = "500.10"
    disclosure = Disclosure.model_validate(tree, context={"draft": True})
    (problem,) = disclosure.imbalances
    assert problem.rule == "XTB111"
    assert problem.message == (
        "表5 一般公共预算基本支出 600.00 不等于 表6 一般公共预算基本支出 600.10，相差 0.10 万元"
    )
    assert (problem.expected, problem.actual) == (Decimal("600.10"), Decimal("600.00"))
    assert problem.difference == Decimal("-0.10")


def test_income_and_expenditure_must_agree_in_total_and_by_fund() -> None:
    tree = department()
    tree["收入"][0]["一般公共预算"] = "900.01"
    (found,) = Disclosure.model_validate(tree, context={"draft": True}).imbalances
    # One cause, one finding, at the cell: 行政运行 spends 900.00.
    assert (found.rule, found.path) == ("TBL105", ("收入", 0, "一般公共预算"))
    assert set(found.affects) == {"TBL406", "XTB106"}
    # The same total out of another fund: the whole agrees, the funds do not.
    tree = department()
    tree["收入"][0].update({"一般公共预算": "899.00", "其他收入": "1.00"})
    assert [rule for rule, _ in problems(tree)] == ["TBL406"]


def test_carry_over_and_year_end_are_part_of_the_balance() -> None:
    tree = department()
    tree["收入"][0].update({"一般公共预算": "885.46", "结转（一般公共预算）": "14.54"})
    assert problems(tree) == []
    tree["年终结转"] = {"一般公共预算": "14.54"}
    tree["收入"][0]["一般公共预算"] = "900.00"
    assert problems(tree) == []


def test_sangong_is_not_less_than_the_same_item_of_basic_expenditure() -> None:
    tree = department()
    tree["三公经费"][0]["一般公共预算"] = "2.99"
    assert [rule for rule, _ in problems(tree)] == ["XTB113"]


@pytest.mark.parametrize(
    ("sheet", "row", "rule"),
    [
        ("收入", {"科目编码": "2010301", "科目名称": "行政运行"}, "COD107"),
        ("收入", {"科目编码": "2010302", "科目名称": "甲"}, None),
        ("基本支出", {"科目编码": "30101"}, "COD107"),
        ("国有资产", {"项目": "房屋"}, "COD107"),
        ("项目", {"项目名称": "综合业务经费"}, "COD107"),
    ],
)
def test_two_rows_with_one_key(sheet: str, row: dict[str, str], rule: str | None) -> None:
    tree = department()
    tree[sheet].append(row)
    assert [r for r, _ in problems(tree)] == ([rule] if rule else [])


def test_one_code_one_name() -> None:
    tree = department()
    tree["支出"][0]["科目名称"] = "行政运转"
    assert problems(tree) == [("COD106", ("支出", 0, "科目名称"))]


def test_asset_details_and_reserved_shares_stay_within_their_whole() -> None:
    tree = department()
    tree["国有资产"][1]["数量"] = "1001"
    assert problems(tree) == [("AST102", ("国有资产", 1, "数量"))]
    tree = department()
    tree["政府采购"][0]["预留中小微企业份额"] = "5.01"
    assert problems(tree) == [("GPR105", ("政府采购", 0, "预留中小微企业份额"))]


def test_an_unbalanced_disclosure_cannot_be_constructed_but_as_a_draft() -> None:
    tree = department()
    tree["收入"][0]["一般公共预算"] = "900.01"
    with pytest.raises(ValidationError) as caught:
        Disclosure.model_validate(tree)
    (error,) = caught.value.errors()
    assert error["type"] == "unbalanced"
    assert [p.rule for p in error["ctx"]["problems"]] == ["TBL105"]
    assert Disclosure.model_validate(tree, context={"draft": True}).imbalances


@pytest.mark.parametrize("column", ["经营支出", "上解上级支出", "对附属单位补助支出"])
def test_fiscal_money_cannot_pay_for_what_only_own_funds_may(column: str) -> None:
    tree = department()
    tree["支出"][0][column] = "1.00"
    with pytest.raises(ValidationError) as caught:
        Disclosure.model_validate(tree, context={"draft": True})
    assert [e["type"] for e in caught.value.errors()] == ["INP105"]


def test_a_unit_may_be_called_as_it_likes() -> None:
    """“其中” marks a part only among the assets."""
    tree = department()
    tree["政府采购"].append({"单位": "其中：乙", "采购物品名称": "纸", "一般公共预算拨款": "7.00"})
    figures = Disclosure.model_validate(tree).figures
    assert figures.get("procurement.total") == Decimal("12.00")


def test_a_sum_row_of_other_funds_is_compared_too() -> None:
    tree = department()
    tree["支出"] += [
        {"科目编码": "2050803", "资金性质": "其他资金", "经营支出": "4.00", "合计": "5.00"},
        {"科目编码": "205", "资金性质": "其他资金", "基本支出": "1.00", "合计": "4.00"},
    ]
    tree["收入"].append({"科目编码": "2050803", "事业收入": "4.00"})
    assert problems(tree) == [("TBL302", ("支出", 2, "合计")), ("TBL301", ("支出", 3, "基本支出"))]


@pytest.mark.parametrize(
    ("item", "amount", "rule"),
    [("支出总计", "949.99", "YOY107"), ("基本支出", "599.99", "YOY107")],
)
def test_last_years_parts_are_not_more_than_their_whole(item: str, amount: str, rule: str) -> None:
    tree = department()
    (at,) = [i for i, row in enumerate(tree["上年数"]) if row["项目"] == item]
    tree["上年数"][at]["上年数"] = amount
    assert problems(tree) == [(rule, ("上年数", at, "上年数"))]


def test_special_public_expenditure_is_part_of_project_expenditure() -> None:
    tree = department()
    tree["基本信息"]["专项公用经费"] = "400.01"
    assert problems(tree) == [("INP114", ("基本信息", "专项公用经费"))]


@pytest.mark.parametrize("section", ["机构设置", "收入", "支出"])
def test_a_form_that_was_not_filled_in(section: str) -> None:
    tree = department()
    tree[section] = []
    assert ("INP104", (section,)) in problems(tree)


def test_two_units_with_one_code() -> None:
    tree = department()
    tree["所属单位"] = [unit("201001", "甲馆"), unit("201001", "乙馆")]
    assert problems(tree) == [("COD107", ("所属单位", 1, "基本信息"))]


def test_blanks_and_long_texts_take_no_time() -> None:
    tree = department()
    tree["文字"]["其他"] = " \n" + " " * 150_000 + "\n甲" + " " * 150_000
    tree["机构设置"][0]["单位规格"] = "科" + " " * 190_000
    start = time.process_time()
    with pytest.raises(ValidationError) as caught:
        Disclosure.model_validate(tree)
    assert [e["type"] for e in caught.value.errors()] == ["INP111"]
    assert time.process_time() - start < 2


def test_figures_in_the_wrong_unit_are_told() -> None:
    tree = department()
    for sheet, column in (("收入", "一般公共预算"), ("支出", "基本支出"), ("支出", "项目支出")):
        for row in tree[sheet]:
            if column in row:
                row[column] = str(Decimal(row[column]) * 10_000)
    for row in tree["基本支出"]:
        for column in ("人员经费", "公用经费"):
            if column in row:
                row[column] = str(Decimal(row[column]) * 10_000)
    tree["三公经费"][0]["一般公共预算"] = "30000.00"
    disclosure = Disclosure.model_validate(tree)  # it balances: this is only a warning
    (found,) = disclosure.imbalances
    assert (found.rule, found.path, found.severity.value) == ("FMT104", ("收入",), "warning")
    assert found.message == "收入总计 10000000.00 万元，超过 100 亿元"


def test_one_cell_in_the_wrong_unit_is_told() -> None:
    tree = department()
    tree["项目"] = [{"项目名称": f"项目{i}", "金额": str(20 + i)} for i in range(4)]
    assert problems(tree) == []
    tree["项目"][2]["金额"] = "0.01"
    assert problems(tree) == [("FMT104", ("项目", 2, "金额"))]
    tree["项目"][2]["金额"] = "120000"
    assert problems(tree) == [("FMT104", ("项目", 2, "金额"))]
