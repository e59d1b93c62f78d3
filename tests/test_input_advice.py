"""What a slip of filling in is answered with: the right cell, and advice that does no harm."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_files import Desk, edited, good_workbook, sheet_part, with_cells, with_part, yaml_with
from openpyxl import Workbook


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def merged(sheet: str, *ranges: str) -> bytes:
    """The good workbook with cells merged as WPS does it: only the first keeps its value."""

    def change(book: Workbook) -> None:
        for cells in ranges:
            book[sheet].merge_cells(cells)

    return edited(change)


UNMERGE = "请取消合并，再逐行逐格填写。"


@pytest.mark.parametrize(
    ("sheet", "ranges", "place", "said"),
    [
        ("收入", ["C2:C3"], "收入!C2", "C2:C3 是合并的单元格，除了 C2，其余的格子都读作空白"),
        (
            "支出",
            ["A2:B3", "D2:D3"],
            "支出!A2",
            "A2:B3 是合并的单元格，除了 A2，其余的格子都读作空白（这张表共 2 处）",
        ),
        (
            "基本信息",
            ["A3:B3"],
            "基本信息!A3",
            "A3:B3 是合并的单元格，除了 A3，其余的格子都读作空白",
        ),
        (
            "绩效指标",
            ["C2:C3"],
            "绩效指标!C2",
            "C2:C3 是合并的单元格，除了 C2，其余的格子都读作空白",
        ),
    ],
)
def test_merged_cells_are_told_instead_of_what_they_swallow(
    desk: Desk, sheet: str, ranges: list[str], place: str, said: str
) -> None:
    run = desk.check(merged(sheet, *ranges))
    assert (run.code, run.found) == (1, [("INP119", place, said)])
    assert run.report["problems"][0]["hint"] == UNMERGE


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("绩效指标", "A2:A3"),  # a project's name above its indicators
        ("收入", "A40:D41"),  # nothing stands there
        ("收入", "T2:V5"),  # beside the columns
        ("文字", "A2:A3"),  # a slot's name above its paragraphs
    ],
)
def test_merged_cells_that_do_no_harm(desk: Desk, sheet: str, cells: str) -> None:
    assert desk.check(merged(sheet, cells)).found == []


def test_merged_cells_under_prefixed_names(desk: Desk) -> None:
    data = with_part(
        merged("收入", "C2:C3"),
        sheet_part("收入"),
        lambda xml: xml.replace(b"<mergeCell", b"<x:mergeCell").replace(
            b"</mergeCells", b"</x:mergeCells"
        ),
    )
    assert [found[0] for found in desk.check(data).found] == ["INP119"]


@pytest.mark.parametrize(
    ("sheet", "cell", "hint"),
    [
        ("收入", "C2", "请把单元格格式改为“常规”，再填数，如 1234.56。"),
        ("政府采购", "I2", "请把单元格格式改为“常规”，再填数，如 1234.56。"),
        (
            "绩效指标",
            "F2",
            "请把单元格格式改为“文本”，再按公开时的写法填写，如 2025年12月31日。",
        ),
    ],
)
def test_a_date_where_a_number_is_due(desk: Desk, sheet: str, cell: str, hint: str) -> None:
    run = desk.check(with_cells(sheet, {cell: datetime.date(2025, 1, 20)}))
    (problem,) = run.report["problems"]
    assert (problem["rule"], problem["hint"]) == ("INP109", hint)


def renamed(sheet: str, name: str, **cells: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet].title = name
        for cell, value in cells.items():
            book[name][cell] = value

    return change


def test_a_sheet_with_a_slip_in_its_name(desk: Desk) -> None:
    run = desk.check(edited(renamed("三公经费", "三公经废", E4="=1+1")))
    assert sorted(run.found) == [
        ("INP101", "三公经费", "缺少工作表“三公经费”"),
        ("INP102", "三公经废", "不认识工作表“三公经废”，里面的内容不会用到"),
    ]
    (hint,) = [p["hint"] for p in run.report["problems"] if p["rule"] == "INP102"]
    assert hint == "是不是“三公经费”？是的话，请改成这个名字。"


def test_a_sheet_that_is_there_is_not_what_another_was_meant_to_be(desk: Desk) -> None:
    run = desk.check(edited(lambda book: book.create_sheet("收入表（旧）").append(["x"])))
    assert "是不是" not in run.report["problems"][0]["hint"]


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (lambda: with_cells("收入", {"C1": "一般公共预箅"}), "是不是“一般公共预算”？"),
        (
            lambda: with_cells("支出", {"C2": "一般公供预算"}),
            "是不是“一般公共预算”？可以是：一般公共预算、政府性基金预算、国有资本经营预算、其他资金。",
        ),
    ],
)
def test_a_slip_in_a_column_or_a_choice(desk: Desk, data: Callable[[], bytes], hint: str) -> None:
    assert hint in [problem["hint"] for problem in desk.check(data()).report["problems"]]


def test_a_slip_in_the_name_of_a_project(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        book["绩效指标"]["A2"] = f"{book['项目']['A2'].value}弗"

    (problem,) = desk.check(edited(change)).report["problems"]
    assert problem["rule"] == "INP112"
    assert problem["hint"].startswith("是不是“")


@pytest.mark.parametrize("code", ["一一三", "—"])
def test_a_code_that_is_none(desk: Desk, code: str) -> None:
    (problem,) = desk.check(with_cells("基本信息", {"B3": code})).report["problems"]
    assert problem["rule"] == "INP105"
    assert problem["message"] == f"“编码”：“{code}”不是预算编码"
    assert problem["hint"] == "请填阿拉伯数字，如 113。"


@pytest.mark.parametrize("code", ["１１３", "113-01", "冀113"])
def test_codes_that_may_be_one(desk: Desk, code: str) -> None:
    data = yaml_with('编码: "345"', f'编码: "{code}"')
    assert desk.check(data, "预算.yaml").found == []


def test_the_cell_to_write_a_missing_text_in(desk: Desk) -> None:
    run = desk.check(with_cells("文字", {"B6": None}))
    assert run.found == [("WRD104", "文字!B6", "没有写“保障措施”")]
    found = desk.check(with_cells("文字", {"A6": "保障"})).found
    assert ("INP103", "文字!A6") in [one[:2] for one in found]


def test_the_sheets_that_two_tables_are_made_of(desk: Desk) -> None:
    run = desk.check(with_cells("基本支出", {"C2": 100.11}))
    (problem,) = [p for p in run.report["problems"] if p["rule"] == "XTB111"]
    assert "表5 由“支出”得出，表6 由“基本支出”得出；请核对两处的明细。" in problem["hint"]


def test_a_build_says_in_one_line_what_was_not_checked(desk: Desk) -> None:
    lines = desk.run(desk.put(good_workbook())).out.splitlines()
    at = lines.index("没有核对的：")
    assert lines[at + 1].endswith(" 条规则缺少所需的内容，用 gen-disclosure check 可以看到。")
    assert lines[at + 2] == ""
    told = desk.run("check", desk.folder / "预算.xlsx").out
    assert "没有所属单位的预算：" in told
