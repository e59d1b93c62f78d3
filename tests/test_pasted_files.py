"""Workbooks whose leaf sheets are empty and whose nine tables are pasted, as real files."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import plain
import pytest
from openpyxl import Workbook, load_workbook
from support import INPUTS, case

from generator import pipeline
from generator.problem import Severity
from generator.sources import yamlfile

CASES = ("tangshan-2023", "beidaihe-2022", "julu-2023")
LEAVES = ("收入", "支出", "基本支出", "三公经费")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def as_numbers(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def as_text(cell: str) -> Any:
    return cell or None


def full_width(cell: str) -> Any:
    return cell.translate(FULL_WIDTH) if cell[:1].isdigit() else cell or None


def workbook(name: str, disguise: str) -> bytes:
    """The case's input with its leaves taken out and its nine published tables put in."""
    tree = yamlfile.read(name, (INPUTS / f"{name}.yaml").read_bytes()).tree
    for sheet in LEAVES:
        tree[sheet] = []
    book: Workbook = load_workbook(io.BytesIO(plain.workbook(tree)))
    data = case(name)
    tables = list(enumerate(data["tables"], 1))
    if disguise == "shuffled":
        random.Random(7).shuffle(tables)
    shape = {"text": as_text, "full width": full_width}.get(disguise, as_numbers)
    for number, table in tables:
        title = table["title"]
        page = book.create_sheet(title[:31] if disguise == "shuffled" else f"表{number}")
        across, down = (2, 3) if disguise == "shifted" else (0, 0)
        rows: list[list[str]] = [[title], [data["header_label"], "预算年度", "单位：万元"]]
        rows += [*table["header"], *table["rows"]]
        if table["note"]:
            rows.append([table["note"]])
        for i, row in enumerate(rows, 1 + down):
            for j, cell in enumerate(row, 1 + across):
                page.cell(i, j, shape(str(cell)))
        if disguise == "merged":
            page.merge_cells(start_row=2, start_column=3, end_row=2, end_column=4)
            page.row_dimensions[len(rows)].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("disguise", ["text", "full width", "shifted", "merged", "shuffled"])
@pytest.mark.parametrize("name", CASES)
def test_pasted_tables_give_the_document_of_the_leaves(
    tmp_path: Path, name: str, disguise: str
) -> None:
    file = tmp_path / "pasted.xlsx"
    file.write_bytes(workbook(name, disguise))
    document = pipeline.check(file)
    errors = [p for p in document.problems if p.severity is Severity.ERROR]
    figures = [p for p in errors if p.tolerance is not None or p.rule.startswith(("INP", "COD"))]
    # 巨鹿 published T9 with its totals blank: 合计, 小计 and 公车, each in 合计 and 一般公共预算.
    blank_totals = {"TBL906"} if name == "julu-2023" else set()
    assert {p.rule for p in figures} == blank_totals, [p.message for p in figures]
    leaves = pipeline.check(INPUTS / f"{name}.yaml")
    assert document.render() == leaves.render()


def test_a_changed_total_is_found_at_its_cell(tmp_path: Path) -> None:
    book: Workbook = load_workbook(io.BytesIO(workbook("tangshan-2023", "plain")))
    page = book["表3"]
    (cell,) = [c for row in page.iter_rows() for c in row if c.value == 4701.28 and c.row < 7]
    cell.value = 4701.29
    file = tmp_path / "wrong.xlsx"
    book.save(file)
    (problem,) = [p for p in pipeline.check(file).problems if p.tolerance is not None]
    assert (problem.rule, str(problem.place)) == ("TBL301", f"表3!{cell.coordinate}")
    assert problem.message == "项目支出填的是 4701.29，按明细应为 4701.28，相差 0.01 万元"


def test_leaves_and_pasted_tables_are_compared(tmp_path: Path) -> None:
    book: Workbook = load_workbook(io.BytesIO(workbook("tangshan-2023", "plain")))
    own = yamlfile.read("x", (INPUTS / "tangshan-2023.yaml").read_bytes()).tree
    full: Workbook = load_workbook(io.BytesIO(plain.workbook(own)))
    for sheet in LEAVES:
        for row in full[sheet].iter_rows(min_row=2):
            for c in row:
                book[sheet][c.coordinate] = c.value
    book["基本支出"]["C2"] = 938.32  # 基本工资: 938.31 in the pasted T6
    file = tmp_path / "both.xlsx"
    book.save(file)
    found = next(p for p in pipeline.check(file).problems if p.rule == "XTB111")
    assert (found.rule, str(found.place)) == ("XTB111", "基本支出!C2")
    assert found.message == "表6 30101 人员经费 938.31 不等于填写的明细 938.32，相差 0.01 万元"


def test_a_unit_that_contradicts_the_tables_is_told(tmp_path: Path) -> None:
    book: Workbook = load_workbook(io.BytesIO(workbook("tangshan-2023", "plain")))
    basics = book["基本信息"]
    basics.append(["金额单位", "元"])
    file = tmp_path / "unit.xlsx"
    book.save(file)
    found = [p for p in pipeline.check(file).problems if p.rule == "INP105"]
    assert [(str(p.place), p.message) for p in found] == [
        (f"基本信息!B{basics.max_row}", "金额单位填的是“元”，粘贴的表里写的是“万元”")
    ]
