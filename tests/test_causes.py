"""One cause is one finding: a wrong figure is told once, at its cell, with the rules it breaks."""

from __future__ import annotations

import copy
import time
from decimal import Decimal
from typing import Any

import mutation
import pytest
import second_figures
from rulebook.base import Edit, both, department, put
from rulebook.narrative import SANGONG
from rulebook.within import added, pasted
from support import CASES, findings_of, sample
from test_pasted import leaves_of, published, without_leaves

from generator.checks import causes
from generator.disclosure import Disclosure
from generator.problem import Problem, Severity
from generator.sources.raw import Page

Tree = dict[str, Any]


def imbalances(*edits: Edit) -> list[Problem]:
    tree = department()
    both(*edits)(tree)
    return list(Disclosure.model_validate(tree, context={"draft": True}).imbalances)


def of_tables(name: str, changes: dict[tuple[int, str], str]) -> list[Problem]:
    """Findings on the figures of a case's pasted tables; (table, cell) → what is put there."""
    pages = published(name)
    for (table, cell), text in changes.items():
        letter, row = cell[0], cell[1:]
        pages[table - 1].rows[int(row) - 1][ord(letter) - ord("A")] = text
    found = mutation.findings(mutation.pasted_input(without_leaves(leaves_of(name)), pages))
    return [p for p in found if p.rule.startswith(("TBL", "XTB"))]


def places(found: list[Problem]) -> list[tuple[str, str]]:
    return [(p.rule, str(p.place)) for p in found]


# --- the sample of the mutation test ------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_changed_cell_of_the_nine_tables_is_found_and_named(name: str) -> None:
    whole = mutation.whole(mutation.of_tables(name, published(name), every=43).values())
    assert whole.done > 20
    assert (whole.found, whole.named) == (whole.done, whole.done), whole.missed


def test_a_changed_leaf_is_found_where_a_second_figure_exists() -> None:
    whole = mutation.whole(mutation.of_leaves("河清县档案馆", department(), every=5).values())
    assert whole.done > 20
    assert whole.open > 5
    assert (whole.found, whole.named) == (whole.done, whole.done), whole.missed


def test_what_a_cell_may_be_is_read_from_the_other_figures() -> None:
    second = second_figures.SecondFigures(department())

    def contradicted(*path: str | int) -> list[str]:
        allowed = second.of(path)
        return [new for new in ("", "0.10", "2.90", "3.00", "3.10") if allowed.contradicts(new)]

    # The balance leaves no choice, T6 is a part of T9, an asset without a total may be anything.
    assert contradicted("收入", 0, "一般公共预算") == ["", "0.10", "2.90", "3.00", "3.10"]
    assert contradicted("三公经费", 1, "一般公共预算") == ["", "0.10", "2.90"]
    assert contradicted("国有资产", 3, "价值") == [""]
    assert contradicted("政府采购", 0, "预留中小微企业份额") == ["2.90", "3.00", "3.10"]
    # 10 × 0.15 = 1.50: the printed price of each of ten pieces may be 0.005 off.
    assert not second.of(("政府采购", 0, "一般公共预算拨款")).contradicts("1.55")
    assert second.of(("政府采购", 0, "一般公共预算拨款")).contradicts("1.56")
    assert second.of(("政府采购", 0, "数量")).contradicts("10.1")


def test_what_the_text_says_is_a_second_figure_as_far_as_it_is_written_out() -> None:
    tree = department()
    tree["文字"]["三公总额"] = ["2023年“三公”经费8.00万元，其中：公务接待费3.00万元。"]
    allowed = second_figures.SecondFigures(tree).of(("三公经费", 1, "一般公共预算"))
    assert allowed.contradicts("3.01")
    tree["文字"]["三公总额"] = ["2023年“三公”经费8万元，其中：公务接待费3万元。"]
    allowed = second_figures.SecondFigures(tree).of(("三公经费", 1, "一般公共预算"))
    assert not allowed.contradicts("3.01")  # 3 is 3.01, cut
    assert allowed.contradicts("4.00")


def test_every_kind_of_cell_that_may_be_undecidable_says_what_it_lacks() -> None:
    tallies = mutation.of_leaves("河清县档案馆", department(), every=3)
    assert all(second_figures.need(kind) for kind, tally in tallies.items() if tally.open)


def test_a_number_is_changed_in_seven_ways() -> None:
    assert [mutation.changed("120.05", kind) for kind in mutation.KINDS] == [
        *("120.06", "120.04", "121.05", "119.05", "1200.50", "210.05", "")
    ]
    assert [mutation.changed("0.00", kind) for kind in ("-1", "×10", "空白")] == [None] * 3


# --- one wrong cell -----------------------------------------------------------------------------


def test_a_wrong_leaf_is_told_at_its_cell_with_the_sums_that_it_breaks() -> None:
    (found,) = of_tables("tangshan-2023", {(5, "F12"): "41.52"})
    assert (found.rule, str(found.place)) == ("TBL501", "表5!F12")
    assert (found.actual, found.expected) == (Decimal("41.52"), Decimal("41.51"))
    assert set(found.affects) >= {"TBL502", "XTB112"}
    assert found.hint == "最可能是这一格填错了：填的是 41.52，改为 41.51 后有关的 3 处都相等。"
    assert found.evidence[0] == ("表3 2010350 项目支出：41.51 = 41.51 ✓    41.52 ≠ 41.51 ✗")
    assert [side.amount for side in found.addends if "2010350" in side.label] == [Decimal("41.52")]


def test_a_wrong_total_is_told_at_its_cell() -> None:
    (found,) = of_tables("tangshan-2023", {(3, "D6"): "9065.19"})
    assert (found.rule, str(found.place)) == ("TBL301", "表3!D6")
    assert set(found.affects) == {"TBL302", "XTB104", "XTB112"}


def test_a_blank_leaf_is_told_at_its_cell() -> None:
    (found,) = of_tables("tangshan-2023", {(2, "F11"): ""})
    assert (found.rule, str(found.place)) == ("TBL201", "表2!F11")
    assert found.hint is not None and "没有填，改为 3100.20" in found.hint


def test_income_and_expenditure_that_differ_are_one_finding() -> None:
    (found,) = imbalances(put("收入", 0, "一般公共预算", value="451.00"))
    assert (found.rule, found.path) == ("TBL105", ("收入", 0, "一般公共预算"))
    assert set(found.affects) == {"TBL406", "XTB106"}


def test_what_the_projects_and_the_text_say_tells_which_side_is_wrong() -> None:
    tree = department()
    put("支出", 1, "项目支出", value="401.00")(tree)
    (first, *_) = [p for p in findings_of(tree) if p.rule.startswith("TBL")]
    assert (first.rule, first.path) == ("TBL105", ("支出", 1, "项目支出"))
    assert {"TBL406", "XTB106", "PRF114"} <= set(first.affects)
    assert not [p for p in findings_of(tree) if p.rule == "PRF114"]


# --- several ------------------------------------------------------------------------------------


def test_two_wrong_cells_are_two_findings() -> None:
    found = of_tables("tangshan-2023", {(5, "F12"): "41.52", (6, "E13"): "130.09"})
    assert places(found) == [("TBL501", "表5!F12"), ("TBL601", "表6!E13")]


def test_two_errors_that_cancel_out_in_the_total_are_two_findings() -> None:
    found = imbalances(
        pasted(
            ("T5", "201", "general.basic", "451.00"),
            ("T5", "208", "general.basic", "49.00"),
            ("T5", "", "general.basic", "600.00"),
        )
    )
    assert [p.path for p in found] == [("申报数", 0), ("申报数", 1)]


def test_two_equal_errors_in_one_total_are_two_findings() -> None:
    found = imbalances(
        pasted(
            ("T6", "301", "economic.personnel", "501.00"),
            ("T6", "302", "economic.public", "101.00"),
            ("T6", "", "economic.personnel", "500.00"),
            ("T6", "", "economic.public", "100.00"),
        )
    )
    assert [p.path for p in found] == [("申报数", 0), ("申报数", 1)]


def test_a_half_filled_sheet_beside_complete_tables_is_one_finding() -> None:
    tree = leaves_of("tangshan-2023")
    tree["收入"] = tree["收入"][:2]
    found = mutation.findings(mutation.pasted_input(tree, published("tangshan-2023")))
    (one,) = [p for p in found if p.rule.startswith(("TBL", "XTB"))]
    assert one.rule == "XTB102"
    assert one.message == (
        "表2有 8 处这样的不一致，第一处：财政拨款收入填的是 3100.20，"
        "按明细应为 0.00，相差 3100.20 万元"
    )


def test_the_same_total_filled_in_and_pasted() -> None:
    found = imbalances(
        added("收入", 科目名称="合计", 合计="1000.00"),
        pasted(("T2", "", "income.total", "1001.00")),
    )
    assert [p.message for p in found] == [
        "表2 收入总计 这里是 1001.00，另一处填的是 1000.00，相差 1.00 万元"
    ]


def test_a_unit_s_cells_are_seen_from_the_whole_input() -> None:
    tree = department()
    unit = copy.deepcopy(tree)
    unit["基本信息"].update({"类型": "单位", "编码": "201001", "名称": "甲馆"})
    put("收入", 0, "一般公共预算", value="449.00")(unit)
    tree["所属单位"] = [unit]
    found = [p for p in findings_of(tree) if p.rule == "TBL105"]
    assert [p.path for p in found] == [("所属单位", 0, "收入", 0, "一般公共预算")]
    assert all(path[:2] == ("所属单位", 0) for p in found for path in p.involved)


# --- bringing findings of other groups in -------------------------------------------------------


def _problem(rule: str, by: str, *cells: tuple[str | int, ...]) -> Problem:
    return Problem(
        *(rule, rule, Severity.ERROR, f"{rule} {by}", cells[0]),
        expected=Decimal("10.00"),
        actual=Decimal("10.00") + Decimal(by),
        involved=cells,
    )


A, B, SPOT = ("收入", 0, "事业收入"), ("支出", 0, "基本支出"), ("文字", "收入说明", 0, "@3")


def test_a_text_that_differs_by_the_same_amount_is_explained() -> None:
    found = causes.merge([_problem("NAR101", "-1.00", SPOT, A), _problem("TBL105", "1.00", A)])
    assert [(p.rule, p.affects) for p in found] == [("TBL105", ("NAR101",))]
    assert found[0].evidence == ("NAR101 NAR101 -1.00 ✗",)


@pytest.mark.parametrize(
    "other", [_problem("NAR101", "2.00", SPOT, A), _problem("NAR101", "1.00", SPOT, B)]
)
def test_another_amount_or_another_cell_is_another_cause(other: Problem) -> None:
    found = causes.merge([other, _problem("TBL105", "1.00", A)])
    assert [p.rule for p in found] == ["NAR101", "TBL105"]


def test_texts_alone_stay_apart() -> None:
    twice = [_problem("NAR101", "1.00", SPOT, A), _problem("NAR103", "1.00", SPOT, A)]
    assert causes.merge(twice) == twice


# --- time ---------------------------------------------------------------------------------------


def test_a_thousand_wrong_figures_take_no_time() -> None:
    """Each 款 of 1,000 rows is declared wrong, by an amount of its own."""
    tree = department()
    tree["支出"] = [
        {"科目编码": f"2{i:04d}01", "资金性质": "一般公共预算", "项目支出": "1.00"}
        for i in range(1000, 2000)
    ]
    tree["申报数"] = [
        {"表": "T5", "行": f"2{i:04d}", "度量": "general.project", "金额": f"{i}.00"}
        for i in range(1000, 2000)
    ]
    disclosure = Disclosure.model_validate(tree, context={"draft": True})
    start = time.process_time()
    assert disclosure.imbalances
    assert time.process_time() - start < 2


_T1 = [
    ["序号", "收入", "", "支出", ""],
    ["", "项  目", "预算数", "项  目", "预算数"],
    ["1", "一、一般公共预算拨款收入", "1000.00", "一、一般公共服务支出", "850.00"],
]


def test_rows_of_a_page_that_are_not_there_are_not_zero() -> None:
    """Only what was pasted is compared."""
    tree = department() | {"粘贴的表": {"表1": Page("表1", _T1).rows}}
    assert [p for p in findings_of(tree) if p.rule.startswith(("TBL", "XTB"))] == []


# --- what follows from one wrong figure, and what is told many times ----------------------------


def test_a_rise_that_a_wrong_cell_makes_is_told_with_that_cell() -> None:
    tree = department()
    tree["文字"]["三公总额"] = [SANGONG]
    put("三公经费", 1, "一般公共预算", value="13.00")(tree)
    found = findings_of(tree)
    assert not [p for p in found if p.rule == "YOY109"]
    assert any("YOY109" in p.affects for p in found if p.rule in ("NAR112", "NAR113"))


def test_a_rise_that_stays_when_the_text_is_put_right_is_told_by_itself() -> None:
    tree = department()
    put("三公经费", 1, "一般公共预算", value="6.00")(tree)
    put("基本支出", 5, "公用经费", value="3.00")(tree)
    tree["文字"]["三公总额"] = [
        SANGONG.replace("接待费3万元", "接待费60万元").replace("安排8", "安排11")
    ]
    assert [p.path for p in findings_of(tree) if p.rule == "YOY109"]


def test_a_hint_that_is_true_of_many_places_is_told_once_with_all_of_them() -> None:
    tree = department()
    tree["文字"]["分项目标"] = [f"{i}、做好（第{i})批档案的整理。" for i in range(1, 41)]
    (found,) = [p for p in findings_of(tree) if p.rule == "TXT106"]
    places = tuple(str(("文字", "分项目标", i)) for i in range(40))
    assert found.message == (
        "“分项目标”第1段里“（第1)”的括号一个全角、一个半角，这样的共有 40 处，如 "
        + "、".join(places[:5])
    )
    assert found.related == places


def test_a_few_equal_hints_and_many_warnings_are_told_one_by_one() -> None:
    tree = department()
    tree["文字"]["分项目标"] = [f"{i}、做好（第{i})批档案的整理。" for i in range(1, 21)]
    tree["项目"] += [
        {**copy.deepcopy(tree["项目"][1]), "项目名称": f"张三慰问{i}"} for i in range(30)
    ]
    told = [p.rule for p in findings_of(tree)]
    assert told.count("TXT106") == 20
    assert told.count("TXT103") == 30


def test_the_places_of_a_slip_that_was_copied_are_all_told() -> None:
    tree = department()
    tree["文字"]["分项目标"] = [f"{i}、做好档案的整理，，利用。" for i in range(1, 4)]
    (found,) = [p for p in findings_of(tree) if p.rule == "TXT106"]
    assert found.related == tuple(str(("文字", "分项目标", i)) for i in range(3))


def test_thousands_of_subjects_that_no_list_has_take_a_moment() -> None:
    tree = department()
    for i in range(4000):
        code = f"2{i % 30 + 1:02d}{i // 30 % 60 + 1:02d}{i // 1800 + 1:02d}"
        subject = {"科目编码": code, "科目名称": f"某项支出{code}"}
        tree["收入"].append({**subject, "一般公共预算": "1.00"})
        tree["支出"].append({**subject, "资金性质": "一般公共预算", "项目支出": "1.00"})
    start = time.process_time()
    findings_of(tree)
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize(
    ("sheet", "row", "cell", "lacking"),
    [
        ("支出", 2, "基本支出", "补上 20.00 后有关的 4 处都相等"),
        ("支出", 3, "科目编码", "补上 30.00 后有关的 3 处都相等"),
        ("收入", 2, "科目编码", "补上 20.00 后有关的 3 处都相等"),
        ("基本支出", 0, "科目编码", "补上 90.00 就相等"),
    ],
)
def test_a_row_with_a_code_and_no_amount_is_the_suspect(
    sheet: str, row: int, cell: str, lacking: str
) -> None:
    tree = sample()
    kept = ("科目编码", "科目名称", "资金性质")
    tree[sheet][row] = {k: v for k, v in tree[sheet][row].items() if k in kept}
    found = [p for p in findings_of(tree) if p.rule in ("TBL105", "XTB111")]
    assert [(p.path, p.hint) for p in found] == [
        (
            (sheet, row, cell),
            f"这一行填了科目编码，明细金额都空着，最可能是漏填了：{lacking}。",
        )
    ]


def test_a_forgotten_amount_explains_the_sums_above_it_too() -> None:
    tree = sample()
    tree["收入"].append({"科目编码": "20805", "科目名称": "养老", "一般公共预算": "20.00"})
    tree["收入"][2].pop("一般公共预算")
    (found,) = [p for p in findings_of(tree) if p.rule.startswith(("TBL", "XTB"))]
    assert found.path == ("收入", 2, "一般公共预算")
    assert {found.rule, *found.affects} == {"TBL201", "TBL105", "TBL406", "XTB106"}


def test_several_rows_without_an_amount_are_told_together() -> None:
    tree = sample()
    tree["基本支出"][0].pop("人员经费")
    tree["基本支出"][1].pop("公用经费")
    (found,) = [p for p in findings_of(tree) if p.rule == "XTB111"]
    assert found.path == ("基本支出", 0, "科目编码")
    assert found.hint == (
        "“基本支出”里有 2 行填了科目编码，明细金额都空着，最可能是漏填了：补上 96.40 就相等。"
    )


def test_a_sheet_that_lists_codes_without_amounts_has_no_suspects() -> None:
    tree = sample()
    tree["基本支出"] += [{"科目编码": f"3020{i}", "科目名称": f"科目{i}"} for i in range(2, 6)]
    tree["基本支出"][0]["人员经费"] = "89.00"
    (found,) = [p for p in findings_of(tree) if p.rule == "XTB111"]
    assert "漏填" not in (found.hint or "")


def test_a_zero_is_an_amount() -> None:
    tree = sample()
    tree["基本支出"][0]["人员经费"] = "0"
    (found,) = [p for p in findings_of(tree) if p.rule == "XTB111"]
    assert "漏填" not in (found.hint or "")
