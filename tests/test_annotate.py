"""The annotated workbook: findings in it, and everything else as it was."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import openpyxl
import plain
import pytest
import python_calamine as calamine
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from support import INPUTS, sample

from generator.ooxml import Package
from generator.problem import Place, Problem, Severity, UserError, Waived
from generator.report import results
from generator.report.annotate import annotate
from generator.report.notes import AUTHOR, MAX_NOTE
from generator.report.results import COLOURS, COLUMNS, NAME, WAIVED

FILE = "budget.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST = 4  # the row of the first finding: title, counts, header


def finding(
    sheet: str | None,
    cell: str | None,
    severity: Severity = Severity.ERROR,
    message: str = "两个数不一致",
    hint: str | None = "请核对这个单元格。",
    file: str | None = FILE,
    **more: Any,
) -> Problem:
    place = Place(file=file, sheet=sheet, cell=cell)
    return Problem("TBL101", "合计", severity, message, place=place, hint=hint, **more)


def marked(data: bytes, *problems: Problem, remarks: Sequence[str] = ()) -> bytes:
    return annotate(data, problems, "某局 2025 年部门预算核对结果", FILE, remarks)


def opened(data: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), keep_vba=False, **how)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {name: archive.read(name) for name in archive.namelist()}


def packed(all_parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in all_parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def lines(data: bytes) -> list[list[str]]:
    """The findings on the first sheet."""
    page = opened(data)[NAME]
    rows = [[str(v or "") for v in row] for row in page.iter_rows(min_row=FIRST, values_only=True)]
    return [row[: len(COLUMNS)] for row in rows if row[0].isdigit()]


# --- workbooks ----------------------------------------------------------------------------------


@lru_cache
def form() -> bytes:
    return next(INPUTS.glob("tangshan-2023.xlsx")).read_bytes()


@lru_cache
def plain_book() -> bytes:
    return plain.workbook(sample())


@lru_cache
def rich() -> bytes:
    """A workbook with all that must survive, formulas with stored values among it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "收入 '合计"
    for i in range(1, 8):
        page.append([f"项{i}", i, f"=B{i}*2", None])
    page["B2"].font = Font(bold=True, color="FF0000FF")
    page["B2"].number_format = "#,##0.000"
    page["B3"].comment = Comment("单位自己的批注", "张会计")
    page["A9"].value = "合并的"
    page.merge_cells("A9:C10")
    page.column_dimensions["D"].width = 33
    page.row_dimensions[4].height = 44
    page.conditional_formatting.add(
        "B1:B7", FormulaRule(["B1>2"], fill=PatternFill("solid", bgColor="FF00FF00"))
    )
    check = DataValidation("list", formula1='"甲,乙"')
    page.add_data_validation(check)
    check.add("D1:D7")
    page.print_title_rows = "1:1"
    other = book.create_sheet("第二张")
    other.append(["名", "数"])
    other.append(["甲", 1])
    other.add_table(Table(displayName="表格一", ref="A1:B2"))
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    other.add_chart(chart, "D4")
    other.print_area = "A1:B2"
    book.defined_names["全局"] = openpyxl.workbook.defined_name.DefinedName(
        "全局", attr_text="第二张!$A$1"
    )
    book.active = 1
    all_parts = parts(saved(book))
    sheet = all_parts["xl/worksheets/sheet1.xml"].decode()
    values = iter(range(2, 99, 2))
    stored = re.sub(r"<v\s*/>|<v></v>", lambda _: f"<v>{next(values)}</v>", sheet)
    assert stored.count("<v>2</v>") and "<f>B7*2</f><v>14</v>" in stored
    all_parts["xl/worksheets/sheet1.xml"] = stored.encode()
    return packed(all_parts)


def macros() -> bytes:
    """Like an .xlsm: another content type, a part that is no XML, properties of Excel."""
    all_parts = parts(rich())
    types = all_parts["[Content_Types].xml"].decode()
    types = types.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ).replace(
        "</Types>",
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    relations = all_parts["xl/_rels/workbook.xml.rels"].decode()
    relations = relations.replace(
        "</Relationships>",
        '<Relationship Id="vba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        "<Application>Microsoft Excel</Application>"
        '<HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant><vt:lpstr>工作表</vt:lpstr></vt:variant><vt:variant><vt:i4>2</vt:i4></vt:variant></vt:vector></HeadingPairs>'
        '<TitlesOfParts><vt:vector size="2" baseType="lpstr"><vt:lpstr>收入 \'合计</vt:lpstr><vt:lpstr>第二张</vt:lpstr></vt:vector></TitlesOfParts></Properties>'
    )
    return packed(
        all_parts
        | {
            "[Content_Types].xml": types.encode(),
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "xl/vbaProject.bin": bytes(range(256)),
            "docProps/app.xml": properties.encode(),
        }
    )


def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not here")
    return found


def through_office(data: bytes, folder: Path, suffix: str = "xlsx") -> bytes:
    """The workbook opened in LibreOffice and saved again."""
    folder.mkdir(exist_ok=True)
    file = folder / "in.xlsx"
    file.write_bytes(data)
    out = folder / "out"
    subprocess.run(
        [
            *(office(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", suffix, "--outdir", out, file),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return (out / f"in.{suffix}").read_bytes()


BOOKS: dict[str, tuple[Callable[[], bytes], tuple[Problem, ...]]] = {
    "form": (
        form,
        (
            finding("收入", "C4"),
            finding("收入", "D5", Severity.WARNING),
            finding("收入", "A3", Severity.INFO),  # has a comment of the form
            finding("文字", "B5", Severity.INFO),
            finding("绩效指标", "J900"),  # beyond all rows and columns
            finding("机构设置", None),
        ),
    ),
    "plain": (plain_book, (finding("收入", "D2"), finding("支出", "F9", Severity.WARNING))),
    "rich": (
        rich,
        (
            finding("收入 '合计", "B2", Severity.WARNING),
            finding("收入 '合计", "B3"),
            finding("收入 '合计", "C4", Severity.INFO),
            finding("第二张", "A2"),
        ),
    ),
    "macros": (macros, (finding("收入 '合计", "B2"), finding("第二张", "B2"))),
}


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest) -> tuple[bytes, bytes, tuple[Problem, ...]]:
    """A workbook before and after, and what was found in it."""
    make, problems = BOOKS[request.param]
    return make(), marked(make(), *problems), problems


Book = tuple[bytes, bytes, tuple[Problem, ...]]


# --- everything else as it was ------------------------------------------------------------------


def test_parts_that_hold_no_finding_are_the_same_bytes(book: Book) -> None:
    before, after = parts(book[0]), parts(book[1])
    assert before.keys() <= after.keys()
    changed = {name for name in before if before[name] != after[name]}
    sheets = Package(book[0]).sheets
    selected = {p for p in sheets.values() if b"tabSelected" in before[p]}
    found = {sheets[p.place.sheet] for p in book[2] if p.place and p.place.cell and p.place.sheet}
    allowed = {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
        *("xl/styles.xml", "docProps/app.xml", *selected, *found),
    }
    assert all(
        "comments" in name.lower() or name.startswith("xl/worksheets/_rels/")
        for name in changed - allowed
    ), changed - allowed
    assert found <= changed


def test_values_and_formulas_stay(book: Book) -> None:
    for data_only in (False, True):
        before = opened(book[0], data_only=data_only)
        after = opened(book[1], data_only=data_only)
        assert after.sheetnames == [NAME, *before.sheetnames]
        for page in before:
            then = after[page.title]
            old = {c.coordinate: c.value for row in page for c in row if c.value is not None}
            new = {c.coordinate: c.value for row in then for c in row if c.value is not None}
            assert new == old, page.title


def test_calamine_reads_the_same(book: Book) -> None:
    before, after = (calamine.CalamineWorkbook.from_filelike(io.BytesIO(b)) for b in book[:2])
    for name in before.sheet_names:
        assert (
            after.get_sheet_by_name(name).to_python() == before.get_sheet_by_name(name).to_python()
        )


def test_stored_values_of_formulas_stay() -> None:
    page = opened(marked(rich(), finding("收入 '合计", "C3")), data_only=True)["收入 '合计"]
    assert [page[f"C{i}"].value for i in range(1, 8)] == [2, 4, 6, 8, 10, 12, 14]


def looks(cell: Any) -> list[str]:
    """Everything of a cell's style but its fill."""
    known = _LOOKS.setdefault(cell.parent.parent, {})
    if cell.style_id not in known:
        aspects = ("font", "border", "alignment", "number_format", "protection", "quotePrefix")
        known[cell.style_id] = [repr(getattr(cell, aspect)) for aspect in aspects]
    return known[cell.style_id]


_LOOKS: WeakKeyDictionary[Any, dict[int, list[str]]] = WeakKeyDictionary()


def test_looks_stay_but_for_the_fill_of_faulty_cells(book: Book) -> None:
    before, after = opened(book[0]), opened(book[1])
    worst = {(p.place.sheet, p.place.cell): p.severity for p in book[2] if p.place}
    for page in before:
        then = after[page.title]
        for row in page:
            for cell in row:
                now = then[cell.coordinate]
                assert looks(now) == looks(cell), (page.title, cell)
                severity = worst.get((page.title, cell.coordinate))
                if severity is None:
                    assert repr(now.fill) == repr(cell.fill)
                else:
                    assert now.fill.fgColor.rgb == COLOURS[severity.value]


def test_the_layout_of_the_sheets_stays(book: Book) -> None:
    before, after = opened(book[0]), opened(book[1])
    for page in before:
        then = after[page.title]
        widths, now = (
            {k: (d.width, d.hidden) for k, d in p.column_dimensions.items()} for p in (page, then)
        )
        assert now == widths
        heights, now = (
            {k: (d.height, d.hidden) for k, d in p.row_dimensions.items() if d.height}
            for p in (page, then)
        )
        assert now == heights
        assert then.merged_cells.ranges == page.merged_cells.ranges
        assert then.freeze_panes == page.freeze_panes
        assert then.sheet_state == page.sheet_state
        assert vars(then.protection) == vars(page.protection)
        assert then.print_title_rows == page.print_title_rows
        assert str(then.print_area) == str(page.print_area)
        assert then.auto_filter.ref == page.auto_filter.ref
        assert list(then.tables) == list(page.tables)
        assert len(then._charts) == len(page._charts)
        assert [str(v.sqref) for v in then.data_validations.dataValidation] == [
            str(v.sqref) for v in page.data_validations.dataValidation
        ]
    assert list(after.defined_names) == list(before.defined_names)


def test_rules_that_colour_keep_their_order_and_ours_stands_above() -> None:
    def rules(data: bytes) -> list[tuple[str, str]]:
        page = opened(data)["收入"]
        found = [
            (r.priority, str(c.sqref), r.formula)
            for c in page.conditional_formatting
            for r in c.rules
        ]
        return [(sqref, formula[0]) for _, sqref, formula in sorted(found)]

    after = rules(marked(form(), finding("收入", "C4"), finding("收入", "D5", Severity.WARNING)))
    assert after[:2] == [("C4", "TRUE"), ("D5", "TRUE")]
    assert after[2:] == rules(form())


def test_no_rule_is_added_where_none_colours() -> None:
    page = opened(marked(rich(), finding("收入 '合计", "C2")))["收入 '合计"]
    assert [str(c.sqref) for c in page.conditional_formatting] == ["B1:B7"]


def test_names_of_sheets_are_counted_on() -> None:
    before, after = (Package(b).tree("xl/workbook.xml") for b in (rich(), marked(rich())))
    old, new = (
        {
            (node.get("name"), node.get("localSheetId")): node.text
            for node in root.iter(f"{MAIN}definedName")
        }
        for root in (before, after)
    )
    assert new.pop(("_xlnm.Print_Titles", "0")) == f"'{NAME}'!$3:$3"
    assert new == {
        (name, None if local is None else str(int(local) + 1)): text
        for (name, local), text in old.items()
    }
    assert after.find(f".//{MAIN}workbookView").get("activeTab") == "0"


def test_only_the_new_sheet_is_selected(book: Book) -> None:
    package = Package(book[1])
    selected = {
        name
        for name, part in package.sheets.items()
        for view in package.tree(part).iter(f"{MAIN}sheetView")
        if view.get("tabSelected") == "1"
    }
    assert selected == {NAME}


def test_macros_and_the_properties() -> None:
    after = parts(marked(macros(), finding("第二张", "B2")))
    assert after["xl/vbaProject.bin"] == bytes(range(256))
    assert b"macroEnabled" in after["[Content_Types].xml"]
    properties = etree.fromstring(after["docProps/app.xml"])
    titles = [node.text for node in properties.iterfind("{*}TitlesOfParts//{*}lpstr")]
    assert titles == [NAME, "收入 '合计", "第二张"]
    assert properties.findtext("{*}HeadingPairs//{*}i4") == "3"


def test_the_same_findings_give_the_same_bytes() -> None:
    assert marked(rich(), finding("第二张", "A2")) == marked(rich(), finding("第二张", "A2"))


# --- notes --------------------------------------------------------------------------------------


def test_a_note_says_rule_message_and_next_step() -> None:
    page = opened(marked(rich(), finding("第二张", "A2")))["第二张"]
    note = page["A2"].comment
    assert note.author == AUTHOR
    assert note.text == "【错误】TBL101 合计\n两个数不一致\n下一步：请核对这个单元格。\n"


def test_several_findings_of_a_cell_are_one_note_in_the_worst_colour() -> None:
    found = (
        finding("第二张", "A2", Severity.INFO, "甲"),
        finding("第二张", "A2", Severity.ERROR, "乙", None),
    )
    cell = opened(marked(rich(), *found))["第二张"]["A2"]
    assert [line for line in cell.comment.text.split("\n") if line] == [
        *("【提示】TBL101 合计", "甲", "下一步：请核对这个单元格。"),
        *("【错误】TBL101 合计", "乙"),
    ]
    assert cell.fill.fgColor.rgb == COLOURS[Severity.ERROR.value]


def test_a_note_that_is_there_stays_below_ours() -> None:
    page = opened(marked(rich(), finding("收入 '合计", "B3"), finding("收入 '合计", "B4")))
    page = page["收入 '合计"]
    assert page["B3"].comment.text.startswith("【错误】")
    assert page["B3"].comment.text.rstrip().endswith("单位自己的批注")
    assert page["B3"].comment.author == "张会计"
    assert page["B4"].comment.author == AUTHOR


def test_every_note_has_one_box(book: Book) -> None:
    package = Package(book[1])
    for part in package.sheets.values():
        comments = [
            n
            for c in package.related(part, "comments").values()
            for n in package.tree(c).iter(f"{MAIN}comment")
        ]
        boxes = [
            (int(node.findtext("{*}Row")), int(node.findtext("{*}Column")))
            for drawing in package.related(part, "vmlDrawing").values()
            for node in package.tree(drawing).iter(
                "{urn:schemas-microsoft-com:office:excel}ClientData"
            )
        ]
        cells = [openpyxl.utils.cell.coordinate_to_tuple(n.get("ref")) for n in comments]
        assert sorted(boxes) == sorted((row - 1, column - 1) for row, column in cells)
        assert len(set(cells)) == len(cells)
        ids = [
            node.get("id")
            for drawing in package.related(part, "vmlDrawing").values()
            for node in package.tree(drawing).iter("{urn:schemas-microsoft-com:vml}shape")
        ]
        assert len(set(ids)) == len(ids)


def test_a_note_of_endless_findings_is_short() -> None:
    found = [finding("第二张", "A2", message="很长" * 200) for _ in range(50)]
    page = opened(marked(rich(), *found))["第二张"]
    assert len(page["A2"].comment.text) < MAX_NOTE * 2
    assert "其余见工作表“核对结果”" in page["A2"].comment.text


def threaded() -> bytes:
    """A conversation in a cell, of which the note is only a stand-in."""
    all_parts = parts(rich())
    comments = next(name for name in all_parts if "comments/comment" in name)
    all_parts[comments] = all_parts[comments].replace(
        "张会计".encode(), b"tc={00000000-0000-0000-0000-000000000001}"
    )
    return packed(all_parts)


def test_a_conversation_is_left_alone() -> None:
    page = opened(marked(threaded(), finding("收入 '合计", "B3")))["收入 '合计"]
    assert page["B3"].comment.text == "单位自己的批注"
    assert page["B3"].fill.fgColor.rgb == COLOURS[Severity.ERROR.value]


def test_a_drawing_that_is_no_xml_is_left_alone() -> None:
    all_parts = parts(rich())
    drawing = next(name for name in all_parts if name.endswith(".vml"))
    all_parts[drawing] = b"<xml><div>a<br>b</div></xml>"
    data = packed(all_parts)
    after = marked(data, finding("收入 '合计", "B4"))
    assert parts(after)[drawing] == all_parts[drawing]
    assert opened(after)["收入 '合计"]["B4"].fill.fgColor.rgb == COLOURS["error"]


# --- cells --------------------------------------------------------------------------------------


def test_a_cell_that_is_not_there_is_made_in_its_place() -> None:
    data = marked(rich(), *(finding("第二张", cell) for cell in ("Z9", "B5", "D5", "A5", "C1")))
    root = Package(data).tree(Package(data).sheets["第二张"])
    rows = [int(row.get("r")) for row in root.iter(f"{MAIN}row")]
    assert rows == sorted(rows) and {5, 9} <= set(rows)
    for row in root.iter(f"{MAIN}row"):
        columns = [openpyxl.utils.cell.coordinate_to_tuple(c.get("r"))[1] for c in row]
        assert columns == sorted(set(columns))


def test_a_merged_cell_is_marked_where_it_shows() -> None:
    page = opened(marked(rich(), finding("收入 '合计", "B10")))["收入 '合计"]
    assert page["A9"].fill.fgColor.rgb == COLOURS["error"]
    assert page["A9"].comment is not None


@pytest.mark.parametrize("cell", ["A1048577", "XFE1", "A0", "5", "收入", "B5:C6"])
def test_what_is_no_cell_is_only_listed(cell: str) -> None:
    data = marked(rich(), finding("第二张", cell))
    assert len(lines(data)) == 1
    assert opened(data)[NAME].cell(FIRST, 4).hyperlink.location == "'第二张'!A1"


def test_a_cell_without_a_style_takes_the_columns() -> None:
    book = openpyxl.Workbook()
    book.active.append([1])
    book.active.column_dimensions["C"].font = Font(bold=True, italic=True)
    page = opened(marked(saved(book), finding("Sheet", "C3")))["Sheet"]
    assert page["C3"].font.b and page["C3"].font.i


# --- the first sheet ----------------------------------------------------------------------------


def test_a_line_for_every_finding_with_its_link() -> None:
    found = (
        finding(
            "收入 '合计",
            "B2",
            expected=Decimal("433.22"),
            actual=Decimal("433.32"),
            evidence=("1 + 1 = 2 ✓",),
            affects=("XTB101",),
        ),
        finding("第二张", None, Severity.WARNING, hint=None),
        finding("没有的表", None),
        finding("第二张", "A2", file="某站.xlsx"),
        Problem("STR001", "整份", Severity.INFO, "没有位置"),
    )
    data = marked(rich(), *found)
    assert lines(data) == [
        [
            "1",
            "错误",
            "TBL101\n合计\n同时影响：XTB101",
            "收入 '合计!B2",
            "两个数不一致\n旁证：1 + 1 = 2 ✓",
            "0.10 万元",
            "请核对这个单元格。",
            "",
        ],
        ["2", "警告", "TBL101\n合计", "工作表“第二张”", "两个数不一致", "", "", ""],
        [
            "3",
            "错误",
            "TBL101\n合计",
            "工作表“没有的表”",
            "两个数不一致",
            "",
            "请核对这个单元格。",
            "",
        ],
        [
            "4",
            "错误",
            "TBL101\n合计",
            "（某站.xlsx）第二张!A2",
            "两个数不一致",
            "",
            "请核对这个单元格。",
            "",
        ],
        ["5", "提示", "STR001\n整份", "", "没有位置", "", "", ""],
    ]
    page = opened(data)[NAME]
    links = [page.cell(FIRST + i, 4).hyperlink for i in range(5)]
    assert [link and link.location for link in links] == [
        *("'收入 ''合计'!B2", "'第二张'!A1", None, None, None)
    ]
    assert opened(data)["第二张"]["A2"].comment is None
    assert page["A2"].value.startswith("错误 3 处，警告 1 处，提示 1 处")


def test_room_for_signatures_and_remarks() -> None:
    page = opened(marked(rich(), finding("第二张", "A2"), remarks=["没有核对的：上年数。"]))[NAME]
    told = [c.value for row in page.iter_rows(min_row=FIRST + 1) for c in row if c.value]
    assert told == [
        "没有核对的：上年数。",
        *("编制人（签字）：", "日期：　　　　年　　月　　日"),
        *("审核人（签字）：", "日期：　　　　年　　月　　日"),
    ]
    assert [page.cell(3, i).value for i in range(1, 9)] == [name for name, _ in COLUMNS]
    assert page.freeze_panes == f"A{FIRST}"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", "9") or (
        page.page_setup.orientation,
        page.page_setup.paperSize,
    ) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_no_finding_is_told_too() -> None:
    page = opened(marked(rich()))[NAME]
    assert page["A2"].value == "没有发现问题。"


def test_an_exception_is_grey_and_says_who_answers_for_it() -> None:
    waived = Waived("批复如此", "李科长", date(2025, 1, 20))
    data = marked(rich(), finding("第二张", "A2", Severity.WARNING, waived=waived))
    assert lines(data)[0][1] == "例外"
    assert lines(data)[0][6:] == ["", "照样公开：批复如此（李科长，2025-01-20）"]
    cell = opened(data)["第二张"]["A2"]
    assert cell.fill.fgColor.rgb == COLOURS[WAIVED]
    assert "照样公开：批复如此" in cell.comment.text


def test_nothing_on_the_first_sheet_is_a_formula() -> None:
    text = '=HYPERLINK("http://x","点")'
    data = marked(rich(), finding("第二张", "A2", message=text, hint="+1", file=FILE))
    root = Package(data).tree(Package(data).sheets[NAME])
    assert root.find(f".//{MAIN}f") is None
    assert {c.get("t") for c in root.iter(f"{MAIN}c") if len(c)} == {"inlineStr"}
    assert lines(data)[0][4] == text


def test_characters_that_xml_or_excel_would_take_otherwise() -> None:
    data = marked(rich(), finding("第二张", "A2", message="a\x00b\ud800c _x0041_ <&>"))
    root = Package(data).tree(Package(data).sheets[NAME])
    assert "abc _x005F_x0041_ <&>" in {node.text for node in root.iter(f"{MAIN}t")}


def test_more_findings_than_anyone_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MAX_LINES", 20)
    data = marked(rich(), *[finding("第二张", "A2")] * 25)
    assert len(lines(data)) == 20
    assert opened(data)[NAME].cell(FIRST + 20, 3).value == "另有 5 条没有列出。"


def test_a_workbook_that_was_checked_before() -> None:
    again = marked(marked(rich(), finding("第二张", "A2")), finding("第二张", "B2"))
    assert opened(again).sheetnames[:2] == [f"{NAME}（2）", NAME]


def test_a_workbook_without_styles() -> None:
    book = openpyxl.Workbook()
    book.active.append([1])
    all_parts = parts(saved(book))
    del all_parts["xl/styles.xml"]
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        all_parts[name] = re.sub(
            rb"<(?:Override|Relationship) [^>]*styles.xml[^>]*/>", b"", all_parts[name]
        )
    after = marked(packed(all_parts), finding("Sheet", "A1"))
    assert opened(after)["Sheet"]["A1"].fill.fgColor.rgb == COLOURS["error"]


# --- what is refused ----------------------------------------------------------------------------

REFUSED = "这个工作簿的内部写法程序不能改写，没有改动它。"


_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_USUAL = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "xl/worksheets/sheet1.xml"

DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "strict": ("xl/workbook.xml", lambda xml: xml.replace(_USUAL, _STRICT)),
    "entity": ("xl/styles.xml", lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml),
    "external": (_SHEET, lambda xml: b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + xml),
    "torn": (_SHEET, lambda xml: xml[:-20]),
    "another": (_SHEET, lambda _: b"<worksheet/>"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_understood_is_left_alone(damage: str) -> None:
    all_parts = parts(rich())
    name, change = DAMAGES[damage]
    all_parts[name] = change(all_parts[name])
    with pytest.raises(UserError) as told:
        marked(packed(all_parts), finding("收入 '合计", "B2"))
    assert told.value.message == REFUSED


@pytest.mark.parametrize("data", [b"PK no zip", b""])
def test_what_is_no_workbook_is_left_alone(data: bytes) -> None:
    with pytest.raises(UserError) as told:
        marked(data)
    assert told.value.message == REFUSED


# --- other people's programs --------------------------------------------------------------------


def remarks_of(data: bytes, file: Path) -> Counter[tuple[str, str]]:
    validator = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("neither OOXML_VALIDATOR nor ooxml-validator on the path")
    file.write_bytes(data)
    ran = subprocess.run([validator, file], capture_output=True, text=True, encoding="utf-8")
    told = json.loads(ran.stdout)
    return Counter((error["description"], error["xPath"]) for error in told["errors"])


@pytest.mark.ooxml
def test_microsofts_validator_finds_nothing_new(book: Book, tmp_path: Path) -> None:
    before = remarks_of(book[0], tmp_path / "before.xlsx")
    after = remarks_of(book[1], tmp_path / "after.xlsx")
    assert not after - before


def cached(data: bytes) -> dict[str, list[list[Any]]]:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.office
@pytest.mark.parametrize("name", ["form", "rich"])
def test_libreoffice_opens_it_and_sees_the_same(name: str, tmp_path: Path) -> None:
    make, problems = BOOKS[name]
    before = through_office(make(), tmp_path / "before")
    after = through_office(marked(make(), *problems), tmp_path / "after")
    values = cached(after)
    values.pop(NAME)
    old = cached(before)
    assert values.keys() == old.keys()
    for sheet, rows in old.items():
        assert values[sheet][: len(rows)] == rows
        assert not any(map(any, values[sheet][len(rows) :]))
    then = opened(after)
    for problem in problems:
        assert problem.place is not None
        if problem.place.cell is not None:
            cell = then[problem.place.sheet][problem.place.cell]
            assert cell.fill.fgColor.rgb == COLOURS[problem.severity.value]
            assert cell.comment.text.startswith(f"【{problem.severity.label}】")
    assert then[NAME].cell(FIRST, 4).hyperlink is not None


@pytest.mark.office
def test_a_workbook_made_by_libreoffice(tmp_path: Path) -> None:
    made = through_office(rich(), tmp_path / "made")
    after = marked(made, finding("收入 '合计", "B3"), finding("第二张", "D9", Severity.INFO))
    old, values = cached(made), cached(after)
    assert {name: values[name] for name in old} == old
    page = opened(after)["收入 '合计"]
    assert page["B3"].comment.text.rstrip().endswith("单位自己的批注")
    again = opened(through_office(after, tmp_path / "again"))["收入 '合计"]
    assert again["B3"].fill.fgColor.rgb == COLOURS["error"]
    assert "两个数不一致" in again["B3"].comment.text
