"""Every bad input: one clear sentence, its place, the next step, the exit code, nothing written."""

from __future__ import annotations

import datetime
import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_files import (
    GOOD_YAML,
    OLE,
    Desk,
    edited,
    good_workbook,
    sheet_part,
    with_cells,
    with_part,
    with_xml,
    yaml_with,
)
from openpyxl import Workbook
from openpyxl.styles import Border, Side
from support import INPUTS, Docx, Table

from generator import pack as packs


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_the_good_inputs_are_good(desk: Desk) -> None:
    """Otherwise the tests below prove nothing."""
    assert desk.check(good_workbook()).found == []
    run = desk.check(GOOD_YAML.encode(), "预算.yaml")
    assert (run.code, run.found) == (0, [])


# --- files that cannot be read at all -----------------------------------------------------------


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def lying_about_size() -> bytes:
    """A sheet that claims to be ten bytes long, in both headers."""
    data = bytearray(good_workbook())
    name = sheet_part("收入").encode()
    local = data.index(name) - 30
    central = data.rindex(name) - 46
    data[local + 22 : local + 26] = struct.pack("<I", 10)
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    return bytes(data)


def with_password_flag() -> bytes:
    data = bytearray(good_workbook())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


REOPEN = "请在 Excel 或 WPS 中打开检查，重新保存后再试。"
DAMAGED = ("“预算.xlsx”已损坏，或没有下载完整。", REOPEN)
NO_WORKBOOK = ("“预算.xlsx”不是 Excel 工作簿。", "请在 Excel 或 WPS 中另存为 .xlsx 后再试。")
ENTITIES = (
    "“预算.xlsx”含有不允许的 XML 实体定义，没有读取。",
    "请检查文件的来源，或在 Excel、WPS 中重新保存。",
)
SAVE_AS = "请在 Excel 或 WPS 中打开，另存为 .xlsx 工作簿后再试。"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet'


@pytest.mark.parametrize(
    ("name", "make", "message", "hint"),
    [
        *(
            (
                name,
                lambda: b"%PDF-1.7",
                f"“{name}”不是能读的文件类型。",
                "请给出 .xlsx 工作簿或 .yaml 文件。",
            )
            for name in ("预算.pdf", "预算.txt", "预算.docx", "预算")
        ),
        ("预算.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), *NO_WORKBOOK),
        ("预算.xlsx", lambda: zipped({"word/document.xml": b"<x/>"}), *NO_WORKBOOK),
        (
            "预算.xlsx",
            lambda: OLE + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(2000),
            "“预算.xlsx”有打开密码。",
            "请在 Excel 或 WPS 中取消密码，保存后再试。",
        ),
        ("预算.xlsx", lambda: OLE + bytes(4000), "“预算.xlsx”是旧的 .xls（或 .et）格式。", SAVE_AS),
        ("预算.xls", lambda: OLE + bytes(4000), "“预算.xls”是旧的 .xls（或 .et）格式。", SAVE_AS),
        ("预算.et", lambda: OLE + bytes(4000), "“预算.et”是旧的 .xls（或 .et）格式。", SAVE_AS),
        ("预算.xlsx", lambda: b"", "“预算.xlsx”是空文件。", "请检查是不是没有保存完整。"),
        ("预算.yaml", lambda: b"", "“预算.yaml”是空文件。", "请检查是不是没有保存完整。"),
        ("预算.xlsx", lambda: b"PK\x03\x04" + bytes(500), *DAMAGED),
        ("预算.xlsx", lambda: good_workbook()[:-200], *DAMAGED),
        ("预算.xlsx", lambda: good_workbook()[: len(good_workbook()) // 2], *DAMAGED),
        ("预算.xlsx", lying_about_size, *DAMAGED),
        ("预算.xlsx", with_password_flag, *DAMAGED),
        (
            "预算.xlsx",
            lambda: zipped({"xl/workbook.xml": bytes(200_000_000)}),
            "“预算.xlsx”展开后有 200 MB、1 个部件，过大，没有读取。",
            "一份预算不会这么大，请检查文件的来源。",
        ),
        (
            "预算.xlsx",
            lambda: with_part(
                good_workbook(), sheet_part("收入"), lambda x: x.replace(b"<worksheet", DOCTYPE)
            ),
            *ENTITIES,
        ),
        (
            "预算.xlsx",
            lambda: with_part(
                good_workbook(), "xl/workbook.xml", lambda x: x.replace(b"<workbook", DOCTYPE)
            ),
            *ENTITIES,
        ),
        (
            "预算.xlsx",  # UTF-16 would hide an entity, and the cells
            lambda: with_part(
                good_workbook(), sheet_part("收入"), lambda x: x.decode().encode("utf-16")
            ),
            *DAMAGED,
        ),
        ("预算.xlsx", lambda: with_xml("收入", 'r="A1"', "r='A1'"), *DAMAGED),
        ("预算.xlsx", lambda: with_xml("收入", ' r="A1"', ""), *DAMAGED),
        (
            "预算.xlsx",
            lambda: with_part(good_workbook(), "xl/workbook.xml", lambda x: x[:-20]),
            *DAMAGED,
        ),
        (
            "预算.xlsx",
            lambda: with_part(
                good_workbook(), "xl/_rels/workbook.xml.rels", lambda x: x.replace(b"sheet4", b"x")
            ),
            *DAMAGED,
        ),
    ],
)
def test_unreadable_files(
    desk: Desk, name: str, make: Callable[[], bytes], message: str, hint: str
) -> None:
    file = desk.put(make(), name)
    run = desk.run(file)
    assert (run.code, run.out, run.err) == (2, "", f"无法继续：{message}{hint}\n")


def test_zeros_do_not_eat_memory(desk: Desk) -> None:
    """200 MB of zeros, once declared and once behind a header that claims a hundred bytes."""
    file = desk.put(zipped({"xl/workbook.xml": bytes(200_000_000)}))
    assert file.stat().st_size < 300_000
    lying = bytearray(file.read_bytes())
    size = struct.pack("<I", 200_000_000)
    while (at := lying.find(size)) >= 0:
        lying[at : at + 4] = struct.pack("<I", 100)
    tracemalloc.start()
    assert desk.run(file).code == 2
    run = desk.run(desk.put(bytes(lying), "谎.xlsx"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert run.err == f"无法继续：“谎.xlsx”已损坏，或没有下载完整。{REOPEN}\n"
    assert peak < 5_000_000


def test_a_cell_at_the_far_corner(desk: Desk) -> None:
    run = desk.check(with_cells("收入", {"XFD1048576": "x"}))
    assert run.code == 2
    assert run.found == [
        (
            "INP100",
            "收入",
            "“预算.xlsx”的工作表“收入”延伸到第 1048576 行、第 16384 列，过大。",
        )
    ]
    assert run.report["problems"][0]["hint"] == "请删去有用内容以外的行和列再保存。"


def test_a_formatted_cell_at_the_far_corner_is_nothing(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        book["收入"]["XFD1048576"].border = Border(left=Side("thin"))

    assert desk.check(edited(change)).code == 0


def test_many_formatted_rows_stay_fast(desk: Desk) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(9, 100_009)
    )
    file = desk.put(with_xml("收入", "</sheetData>", f"{rows}</sheetData>"))
    start = time.perf_counter()
    assert desk.run(file).code == 0
    assert time.perf_counter() - start < 3


def test_a_file_that_is_not_there(desk: Desk) -> None:
    run = desk.run(desk.folder / "没有.xlsx")
    assert (run.code, run.err) == (
        2,
        f"无法继续：找不到文件“{desk.folder / '没有.xlsx'}”。请检查文件名和所在的文件夹。\n",
    )
    run = desk.run(desk.folder)
    assert run.err == f"无法继续：“{desk.folder}”是文件夹。请给出一个 .xlsx 或 .yaml 文件。\n"
    run = desk.run(f"{'长' * 300}.xlsx")
    assert run.err == f"无法继续：“{'长' * 300}.xlsx”读不出来。请检查磁盘和文件名。\n"


# --- sheets and columns -------------------------------------------------------------------------


def new_sheet(title: str, **cells: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        sheet = book.create_sheet(title)
        for cell, value in cells.items():
            sheet[cell] = value

    return change


UNBALANCED = "各表之间的平衡关系：有些数读不出来，改正以后再核对。"
UNSAID = "平衡关系和文字：缺少必需的内容，补齐以后再核对。"
RECALCULATE = "请在 Excel 或 WPS 中打开，重新计算并保存。"
INCOME = (
    "科目编码、科目名称、一般公共预算、政府性基金预算、国有资本经营预算、财政专户管理资金、"
    "事业收入、事业单位经营收入、上级补助收入、附属单位上缴收入、其他收入、结转（一般公共预算）、"
    "结转（政府性基金预算）、结转（国有资本经营预算）、结转（其他资金）、财政拨款收入、小计、"
    "上年结转、合计"
)


@pytest.mark.parametrize(
    ("data", "problem", "hint", "not_checked"),
    [
        (
            lambda: edited(lambda book: book.remove(book["三公经费"])),
            ("INP101", "三公经费", "缺少工作表“三公经费”"),
            "没有内容也要保留这张表，只留表头。",
            UNBALANCED,
        ),
        (
            lambda: edited(lambda book: book.remove(book["收入"])),
            ("INP101", "收入", "缺少工作表“收入”"),
            "没有内容也要保留这张表，只留表头。",
            UNBALANCED,
        ),
        (
            lambda: edited(lambda book: book.remove(book["基本信息"])),
            ("INP101", "基本信息", "缺少工作表“基本信息”"),
            "没有内容也要保留这张表，只留表头。",
            UNSAID,
        ),
        (
            lambda: edited(new_sheet("附表", B2="x")),
            ("INP102", "附表", "不认识工作表“附表”，里面的内容不会用到"),
            "粘贴的预算表，工作表可以叫“表1”到“表9”，或用表的标题；别的请删去。",
            None,
        ),
        (
            lambda: edited(new_sheet("收入 ", A1="x")),
            ("INP102", "收入 ", "工作表“收入”有两张，这一张不会用到"),
            "请把要用的一张留下，多余的删去。",
            None,
        ),
        (
            lambda: with_cells("收入", {"T1": "备注"}),
            ("INP103", "收入!T1", "不认识“备注”这一列，里面的内容不会用到"),
            f"这张表的列是：{INCOME}。",
            UNBALANCED,
        ),
        (
            lambda: with_cells("收入", {"T1": "科目名称"}),
            ("INP110", "收入!T1", "“科目名称”这一列出现了两次，这一列不会用到"),
            "请合并成一列，删去另一列。",
            UNBALANCED,
        ),
        (
            lambda: with_cells("收入", {"V3": "x"}),
            ("INP103", "收入!V3", "这一列没有列名，“x”不会用到"),
            "请写上列名，或清除这一列的内容。",
            UNBALANCED,
        ),
        (
            lambda: with_cells("收入", {"V3": "x", "V5": 7}),
            ("INP103", "收入!V3", "这一列没有列名，“x”等 2 个单元格不会用到"),
            "请写上列名，或清除这一列的内容。",
            UNBALANCED,
        ),
        (
            lambda: with_cells("三公经费", {"A1": None, "A2": None, "A3": None}),
            ("INP104", "三公经费!A1", "没有“项目”列，整张表都没有读"),
            "请在第一行写上列名：项目、一般公共预算、政府性基金预算、国有资本经营预算、合计。",
            UNBALANCED,
        ),
    ],
)
def test_sheets_and_columns(
    desk: Desk,
    data: Callable[[], bytes],
    problem: tuple[str, str, str],
    hint: str,
    not_checked: str | None,
) -> None:
    run = desk.check(data())
    assert (run.code, run.found) == (1, [problem])
    assert run.report["problems"][0]["hint"] == hint
    assert run.report["not_checked"][:1] == ([not_checked] if not_checked else [])


def test_an_empty_unknown_sheet_is_nothing(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Sheet1")
        book.create_chartsheet("图")

    assert desk.check(edited(change)).code == 0


# --- values of cells ----------------------------------------------------------------------------

NUMBERS = "请填阿拉伯数字，如 1234.56。"


@pytest.mark.parametrize(
    ("data", "problems", "hint"),
    [
        (
            lambda: with_cells("收入", {"C2": "约3万"}),
            [("FMT109", "收入!C2", "“一般公共预算”：“约3万”不是数")],
            NUMBERS,
        ),
        (
            lambda: with_cells("收入", {"C2": "12,34"}),
            [("FMT109", "收入!C2", "“一般公共预算”：“12,34”不是数")],
            NUMBERS,
        ),
        (
            lambda: with_cells("收入", {"C2": 0.95}, "0%"),
            [("FMT109", "收入!C2", "“一般公共预算”：“95%”不是数")],
            NUMBERS,
        ),
        (
            lambda: with_cells("收入", {"C2": 100.505}),
            [("INP106", "收入!C2", "“一般公共预算”：100.505 的小数超过两位")],
            "请四舍五入后再填。",
        ),
        (
            lambda: with_cells("收入", {"C2": -1}),
            [("FMT103", "收入!C2", "“一般公共预算”：-1 是负数，预算里的数不能为负")],
            "请核对。",
        ),
        (
            lambda: with_cells("收入", {"A3": "20103011"}),
            [("COD104", "收入!A3", "“科目编码”：“20103011”不是功能分类科目编码")],
            "请填 7 位数字（项）；类 3 位、款 5 位只用于合计行。",
        ),
        (
            lambda: with_cells("基本支出", {"A2": "301011"}),
            [("COD105", "基本支出!A2", "“科目编码”：“301011”不是经济分类科目编码")],
            "请填 5 位数字（款）；类 3 位只用于合计行。",
        ),
        (
            lambda: with_cells("收入", {"B3": "专项业务及机关事务管理", "A3": "2010305"}),
            [("COD107", "收入!A3", "“2010305”在这张表里已经有一条了")],
            "请合并这两条，或改正编码。",
        ),
        (
            lambda: with_cells("收入", {"A3": None}),
            [("INP104", "收入!A3", "没有填科目编码")],
            "请看这一行的“科目编码”。",
        ),
        (
            lambda: with_cells("支出", {"C2": None}),
            [("INP104", "支出!C2", "没有填资金性质")],
            "请看这一行的“资金性质”。",
        ),
        (
            lambda: with_cells("支出", {"C2": "一般预算"}),
            [("INP105", "支出!C2", "“资金性质”不能是“一般预算”")],
            "是不是“一般公共预算”？可以是：一般公共预算、政府性基金预算、国有资本经营预算、其他资金。",
        ),
        (
            lambda: with_cells("政府采购", {"A2": None}),
            [("INP104", "政府采购!A2", "没有填单位")],
            "请看这一行的“单位”。",
        ),
        (
            lambda: with_cells("收入", {"C2": "=1+1"}),
            [("INP107", "收入!C2", "公式还没有计算，读不到它的数")],
            RECALCULATE,
        ),
        (
            lambda: with_cells("收入", {f"C{n}": "=1+1" for n in range(2, 6)}),
            [("INP107", "收入!C2", "公式还没有计算，读不到它的数（这一列共 4 处）")],
            RECALCULATE,
        ),
        (  # below everything that has a value
            lambda: with_cells("机构设置", {"A9": "=1+1"}),
            [("INP107", "机构设置!A9", "公式还没有计算，读不到它的数")],
            RECALCULATE,
        ),
        *(
            (
                lambda value=value: with_xml(
                    "收入",
                    r'<c r="C2"([^>]*) t="n"><v>[^<]*</v>',
                    rf'<c r="C2"\1 t="e"><f>A9</f><v>{value}</v>',
                ),
                [("INP107", "收入!C2", f"公式的结果是错误值 {value}")],
                "请改正公式，或直接填数。",
            )
            for value in ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#SPILL!")
        ),
        (
            lambda: with_cells("绩效指标", {"F2": datetime.date(2025, 12, 31)}),
            [("INP109", "绩效指标!F2", "这是日期格式的单元格，程序无法知道您看到的写法")],
            "请把单元格格式改为“文本”，再按公开时的写法填写，如 2025年12月31日。",
        ),
        (
            lambda: with_cells("绩效指标", {"E2": "响_x0007_铃"}),
            [("INP108", "绩效指标!E2", "“绩效指标描述”：第 2 个字是不可见的非法字符（U+0007）")],
            "请删去后重新输入。",
        ),
        (
            lambda: with_xml(
                "文字",
                r"<t>[^<]*</t></is></c></row></sheetData>",
                "<t>a\x07</t></is></c></row></sheetData>",
            ),
            [("INP108", "文字!B6", "“保障措施”的第 1 条：第 2 个字是不可见的非法字符（U+0007）")],
            "请删去后重新输入。",
        ),
        (
            lambda: with_cells("文字", {"B3": "共{支出总和}万元"}),
            [("WRD103", "文字!B3", "“职责”的第 2 段引用了“{支出总和}”，没有这个名称")],
            "是不是“支出总计”？",
        ),
        (
            lambda: with_cells("项目", {"D2": "一\n二\x01三".replace("\x01", "_x0001_")}),
            [("INP108", "项目!D2", "“绩效目标”的第 2 条：第 2 个字是不可见的非法字符（U+0001）")],
            "请删去后重新输入。",
        ),
        (
            lambda: with_cells("绩效指标", {"A2": "某项目"}),
            [("INP112", "绩效指标!A2", "项目“某项目”不在工作表“项目”里，它的指标没有去处")],
            "请把项目名称写成与“项目”里完全一样。",
        ),
        # What is missing for want of a value that could not be read is not told again.
        (
            lambda: with_cells("上年数", {"B2": "x"}),
            [("FMT109", "上年数!B2", "“上年数”：“x”不是数")],
            NUMBERS,
        ),
        # 基本信息
        (
            lambda: with_cells("基本信息", {"B3": None}),
            [("INP104", "基本信息!B3", "没有填“编码”")],
            "请填写“编码”。",
        ),
        (
            lambda: with_cells("基本信息", {"A5": "编码"}),
            [
                ("INP104", "基本信息", "没有填“级别”"),
                ("INP110", "基本信息!A5", "“编码”出现了两次，这一行不会用到"),
            ],
            "请只留一行。",
        ),
        (
            lambda: with_cells("基本信息", {"A5": "级另"}),
            [
                ("INP104", "基本信息", "没有填“级别”"),
                ("INP103", "基本信息!B5", "不认识“级另”"),
            ],
            "是不是“级别”？",
        ),
        (
            lambda: with_cells("基本信息", {"A5": None}),
            [
                ("INP104", "基本信息", "没有填“级别”"),
                ("INP104", "基本信息!A5", "“市”这一行没有写项目"),
            ],
            "请写上项目，或清除这一行。",
        ),
        (
            lambda: with_cells("基本信息", {"B5": "乡"}),
            [("INP105", "基本信息!B5", "“级别”不能是“乡”")],
            "可以是：省、市、县、区。",
        ),
        (
            lambda: with_cells("基本信息", {"B6": "25"}),
            [("INP105", "基本信息!B6", "“年度”：“25”不是年度")],
            "请填四位数字，如 2025。",
        ),
        (
            lambda: with_cells("文字", {"A2": None, "A3": None}),
            [
                ("WRD104", "文字", "没有写“职责”"),
                ("INP104", "文字!A2", "“（一）建设数据平台。”这一行没有写段落"),
                ("INP104", "文字!A3", "“（二）推进数据共享。”这一行没有写段落"),
            ],
            "请写上段落，或清除这一行。",
        ),
    ],
)
def test_values_of_cells(
    desk: Desk,
    data: Callable[[], bytes],
    problems: list[tuple[str, str, str]],
    hint: str,
) -> None:
    run = desk.check(data())
    assert (run.code, run.found) == (1, problems)
    assert run.report["problems"][-1]["hint"] == hint


def test_all_problems_in_one_pass(desk: Desk) -> None:
    """Also those that only show when others are out of the way; in the order of the sheets."""

    def change(book: Workbook) -> None:
        book["基本信息"]["B3"] = None
        book["收入"]["C3"] = "x"
        book["收入"]["A2"] = "9"
        book["收入"]["C2"] = "y"
        book["支出"]["C2"] = "z"
        book["机构设置"]["A2"] = None
        book["上年数"]["A2"] = "支出总和"
        book["项目"]["B2"] = "-3"
        book["绩效指标"]["B3"] = None
        book["文字"]["B4"] = "{支出总和}"
        book["国有资产"]["C2"] = "1.005"

    assert desk.check(edited(change)).found == [
        ("INP104", "基本信息!B3", "没有填“编码”"),
        ("INP104", "机构设置!A2", "没有填“单位名称”"),
        ("COD104", "收入!A2", "“科目编码”：“9”不是功能分类科目编码"),
        ("FMT109", "收入!C2", "“一般公共预算”：“y”不是数"),
        ("FMT109", "收入!C3", "“一般公共预算”：“x”不是数"),
        ("INP105", "支出!C2", "“资金性质”不能是“z”"),
        ("WRD101", "上年数", "缺少“支出总计”的上年数，写不出与上年相比的增减"),
        ("INP105", "上年数!A2", "“项目”不能是“支出总和”"),
        ("FMT103", "项目!B2", "“金额”：-3 是负数，预算里的数不能为负"),
        ("INP104", "绩效指标!B3", "没有填“一级指标”"),
        ("INP106", "国有资产!C2", "“价值”：1.005 的小数超过两位"),
        ("WRD103", "文字!B4", "“总体目标”的第 1 段引用了“{支出总和}”，没有这个名称"),
    ]


def test_unbalanced_figures(desk: Desk) -> None:
    run = desk.check(with_cells("收入", {"C2": 99, "S2": 120}))
    assert run.code == 1
    assert run.found == [
        (
            "TBL105",
            "收入!C2",
            "表1 收入总计 168.50 不等于 表1 支出总计 170.00，相差 1.50 万元",
        ),
        (
            "TBL203",
            "收入!S2",
            "收入总计填的是 120.00，按明细应为 109.00，相差 11.00 万元",
        ),
    ]
    figures = ("expected", "actual", "difference", "tolerance")
    first, second = run.report["problems"]
    assert [first[key] for key in figures] == ["170.00", "168.50", "-1.50", "0.00"]
    assert first["related"] == ["表1 收入总计", "表1 支出总计"]
    # With the income that the expenditure asks for the total would be 110.50.
    assert [second[key] for key in figures] == ["110.50", "120.00", "9.50", "0.00"]


# --- YAML ---------------------------------------------------------------------------------------

LOOK_HERE = "请检查这一行和它的上一行。"
QUOTE_ALIAS = "以 & 或 * 开头的文字要加引号。"


@pytest.mark.parametrize(
    ("data", "line", "message", "hint"),
    [
        (
            yaml_with("级别: 市", "级别: 市\n  编码: 1"),
            6,
            "“编码”出现了两次",
            "请合并成一处，或改正其中一个。",
        ),
        (
            yaml_with("某市数据局", "某市: 数据局"),
            4,
            "YAML 格式有误：冒号的位置不对，含冒号的文字要加引号",
            LOOK_HERE,
        ),
        (
            yaml_with("某市数据局", "'某市"),
            4,
            "YAML 格式有误：引号没有成对",
            "请在这一行补上另一半引号，用半角的。",
        ),
        (
            yaml_with("{单位名称: 某市数据局}", "{单位名称: 某市数据局"),
            8,
            "YAML 格式有误：括号没有成对，或缺少逗号",
            "请从这一行起检查括号和逗号，都要用半角的。",
        ),
        (
            yaml_with("  级别: 市", " 级别: 市"),
            5,
            "YAML 格式有误：缩进不对，或“-”和“键: 值”混在一起",
            LOOK_HERE,
        ),
        (
            yaml_with("级别: 市", "级别: `市"),
            5,
            "YAML 格式有误：内容以 @、%、` 等特殊字符开头，要加引号",
            LOOK_HERE,
        ),
        (
            yaml_with("级别: 市", "级别 市"),
            5,
            "YAML 格式有误：缺少冒号，或冒号后面没有空格",
            LOOK_HERE,
        ),
        (
            yaml_with("某市数据局", "&a 某市数据局"),
            4,
            "不支持 YAML 的锚点和别名（& 和 *）",
            QUOTE_ALIAS,
        ),
        (yaml_with("某市数据局", "*a"), 4, "不支持 YAML 的锚点和别名（& 和 *）", QUOTE_ALIAS),
        (
            yaml_with("某市数据局", "*重点*"),
            4,
            "YAML 格式有误：以 & 或 * 开头的文字要加引号",
            LOOK_HERE,
        ),
        (
            yaml_with("某市数据局", '!!python/object/apply:os.system ["id"]'),
            4,
            "不支持 YAML 的标签（!）",
            "以 ! 开头的文字要加引号。",
        ),
        (
            yaml_with("某市数据局", '"某市\\ud800局"'),
            4,
            "YAML 格式有误：双引号里的反斜杠写法不对，请改用单引号",
            LOOK_HERE,
        ),
        (yaml_with("某市", "某\x07市"), 4, "含有不可见的非法字符（U+0007）", "请删去这个字符。"),
        (yaml_with("某市", "某\0市"), 4, "含有不可见的非法字符（U+0000）", "请删去这个字符。"),
        (b"a: " + b"[" * 100_000, 1, "嵌套层次过深", "请对照样例检查缩进和括号。"),
        (
            "\n".join(" " * n + "a:" for n in range(1_000)).encode(),
            42,
            "嵌套层次过深",
            "请对照样例检查缩进和括号。",
        ),
        (
            yaml_with("机构设置", "---\n机构设置"),
            7,
            "一个文件里有两份内容",
            "请删去“---”和多余的内容。",
        ),
        (
            yaml_with("基本信息:", "[甲, 乙]: 1\n基本信息:"),
            1,
            "项目名必须是文字",
            "请写成“键: 值”。",
        ),
        ("# 只有说明".encode(), 1, "文件是空的", "请对照样例填写。"),
    ],
)
def test_yaml_that_cannot_be_read(
    desk: Desk, data: bytes, line: int, message: str, hint: str
) -> None:
    file = desk.put(data, "预算.yaml")
    run = desk.run(file)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"无法继续：“预算.yaml”第 {line} 行：{message}。{hint}\n"
    (problem,) = desk.run(file, "--format", "json").report["problems"]
    assert problem["place"]["line"] == line


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (GOOD_YAML.encode("gbk"), "“预算.yaml”不是 UTF-8 编码。请在编辑器里另存为 UTF-8。"),
        (GOOD_YAML.encode("utf-16"), "“预算.yaml”不是 UTF-8 编码。请在编辑器里另存为 UTF-8。"),
        (yaml_with("某市", "\ud800"), "“预算.yaml”不是 UTF-8 编码。请在编辑器里另存为 UTF-8。"),
        ("一段话".encode(), "“预算.yaml”的内容不是“键: 值”。请对照样例检查开头几行。"),
        (b"- a\n- b", "“预算.yaml”的内容不是“键: 值”。请对照样例检查开头几行。"),
    ],
)
def test_texts_that_are_no_input(desk: Desk, data: bytes, error: str) -> None:
    run = desk.run(desk.put(data, "预算.yaml"))
    assert (run.code, run.out, run.err) == (2, "", f"无法继续：{error}\n")


INCOME_LIST = GOOD_YAML[GOOD_YAML.index("收入:") : GOOD_YAML.index("支出:")]
MAPPING = "这里应由“键: 值”组成，请对照样例。"
LIST = "这里应是列表，每条以“- ”开头，请对照样例。"
NO_TEXT = "这里应填一段文字，不能是列表或下级项目"


@pytest.mark.parametrize(
    ("data", "problems", "hint"),
    [
        (
            yaml_with("级别: 市", "级别: 市\n  单位: 万元"),
            [("INP103", "第6行 基本信息.单位", "不认识“单位”")],
            "是不是“金额单位”？",
        ),
        (
            yaml_with("年度: 2025", "年度: 2025\n三公: []"),
            [("INP103", "第7行 三公", "不认识“三公”")],
            "是不是“三公经费”？",
        ),
        (
            yaml_with(INCOME_LIST, '收入: {科目编码: "2010301"}\n'),
            [("INP109", "第9行 收入", "“收入”的内容类型不对")],
            LIST,
        ),
        (
            yaml_with("机构设置:\n", "机构设置:\n  - 3\n  - [1]\n"),
            [
                ("INP109", "第8行 机构设置[1]", "“机构设置”的第 1 条的内容类型不对"),
                ("INP109", "第9行 机构设置[2]", "“机构设置”的第 2 条的内容类型不对"),
            ],
            MAPPING,
        ),
        (
            yaml_with("一般公共预算: 100", "一般公共预算: [1, 2]"),
            [("INP109", "第10行 收入[1].一般公共预算", f"“一般公共预算”：{NO_TEXT}")],
            "请对照样例。",
        ),
        (
            yaml_with("    - 建设平台。", "    - 建设平台。\n    - {甲: 乙}"),
            [("INP109", "第28行 文字.职责[2]", f"“职责”的第 2 条：{NO_TEXT}")],
            "请对照样例。",
        ),
        (
            yaml_with("群众满意", "群众{满一}"),
            [
                (
                    "WRD103",
                    "第31行 文字.总体目标[2]",
                    "“总体目标”的第 2 段引用了“{满一}”，没有这个名称",
                )
            ],
            "可用的名称见 README 的“文字里的引用”。",
        ),
        (
            yaml_with('  编码: "345"\n', ""),
            [("INP104", "第1行 基本信息.编码", "没有填“编码”")],
            "请填写“编码”。",
        ),
        (
            yaml_with('编码: "345"', "编码:"),
            [("INP104", "第3行 基本信息.编码", "没有填“编码”")],
            "请填写“编码”。",
        ),
        (  # what is left out must not shift the places of what comes after it
            yaml_with(
                "机构设置:\n",
                "机构设置:\n  - {单位性质: 行政}\n  - {单位名称: 甲, 单位性质: [乙]}\n",
            ),
            [
                (
                    "WRD107",
                    "第7行 机构设置",
                    "机构设置有 2 个机构，却没有所属单位的预算，第二部分会写成没有所属单位",
                ),
                ("INP104", "第8行 机构设置[1].单位名称", "没有填“单位名称”"),
                ("INP109", "第9行 机构设置[2].单位性质", f"“单位性质”：{NO_TEXT}"),
            ],
            "请对照样例。",
        ),
        (
            yaml_with("收入:\n", '收入:\n  - 3\n  - {科目编码: "2010301"}\n'),
            [
                ("INP109", "第10行 收入[1]", "“收入”的第 1 条的内容类型不对"),
                ("COD107", "第12行 收入[3].科目编码", "“2010301”在这张表里已经有一条了"),
            ],
            "请合并这两条，或改正编码。",
        ),
        (
            yaml_with("某市数据局", '"某市\\a局"'),
            [("INP108", "第4行 基本信息.名称", "“名称”：第 3 个字是不可见的非法字符（U+0007）")],
            "请删去后重新输入。",
        ),
    ],
)
def test_values_in_yaml(
    desk: Desk, data: bytes, problems: list[tuple[str, str, str]], hint: str
) -> None:
    run = desk.check(data, "预算.yaml")
    assert (run.code, run.found) == (1, problems)
    assert run.report["problems"][-1]["hint"] == hint


# --- packs --------------------------------------------------------------------------------------

AVAILABLE = "、".join(packs.available())


@pytest.mark.parametrize("pack", ["hebei/1999", "../../x", "hebei/../hebei/2025", "hebei"])
def test_unknown_packs(desk: Desk, pack: str) -> None:
    unknown = f"无法继续：没有格式包“{pack}”。可用的格式包：{AVAILABLE}。\n"
    run = desk.run(desk.put(good_workbook()), "--pack", pack)
    assert (run.code, run.err) == (2, unknown)
    inside = yaml_with("年度: 2025", f"年度: 2025\n  格式: {pack}")
    run = desk.check(inside, "预算.yaml")
    assert (run.code, run.found) == (
        1,
        [("INP105", "第7行 基本信息.格式", f"没有格式包“{pack}”")],
    )
    assert (
        run.report["problems"][0]["hint"] == f"可以是：{AVAILABLE}；不填则按年度选用 hebei/2025。"
    )


def test_a_year_without_a_pack(desk: Desk) -> None:
    run = desk.run(desk.put(yaml_with("年度: 2025", "年度: 2019"), "预算.yaml"))
    assert (run.code, run.err) == (
        2,
        f"无法继续：没有适用于 2019 年的格式包。可以用 --pack 指定一个：{AVAILABLE}。\n",
    )


# --- what must be accepted, and come out right --------------------------------------------------


def document(desk: Desk, data: bytes, *options: str) -> Docx:
    run = desk.run(desk.put(data), "-o", desk.folder / "文档.docx", *options)
    assert run.code == 0 or "--draft" in options, run.out + run.err
    return Docx((desk.folder / "文档.docx").read_bytes())


def texts(docx: Docx) -> list[str]:
    """The paragraphs and the cells of the body."""
    found: list[str] = []
    for item in docx.items:
        if isinstance(item, Table):
            found += [cell for row in item.rows for cell in row]
        else:
            found.append(item.text)
    return found


@pytest.mark.parametrize(
    "amount", ["1,100.50", "１１００．５", "1 100.5 ", "\u30001,100.50\t", "+1100.5"]
)
def test_amounts_as_people_type_them(desk: Desk, amount: str) -> None:
    def change(book: Workbook) -> None:
        book["收入"]["C2"] = amount
        book["支出"]["D2"] = 1080
        book["基本支出"]["C2"] = 1090

    assert "1100.50" in texts(document(desk, edited(change)))


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.95, "0%", "95%"),
        (0.955, "0%", "96%"),
        (0.95, "0.00%", "95.00%"),
        (0.95, "General", "0.95"),
        (0.1 + 0.2, "General", "0.3"),
        (100, "General", "100"),
        (1e-7, "General", "0.0000001"),
        (True, "General", "TRUE"),
    ],
)
def test_numbers_among_words_come_out_as_seen(
    desk: Desk, value: object, number_format: str, shown: str
) -> None:
    docx = document(desk, with_cells("绩效指标", {"F2": value}, number_format))
    assert shown in texts(docx)


def test_codes_as_floats(desk: Desk) -> None:
    data = with_xml(
        "收入",
        r'<c r="A2"([^>]*) t="inlineStr"><is><t>[^<]*</t></is>',
        r'<c r="A2"\1><v>2010305.0</v>',
    )
    assert "2010305" in texts(document(desk, data))


def test_a_formula_that_came_to_an_empty_text_is_a_blank(desk: Desk) -> None:
    data = with_xml(
        "收入", r'(<c r="C2"[^>]*>.*?</c>)', r'\1<c r="D2" t="str"><f>IF(1,"")</f><v></v></c>'
    )
    assert desk.check(data).found == []


def test_blank_rows_above_and_hidden_characters_in_headers(desk: Desk) -> None:
    def change(book: Workbook) -> None:
        book["收入"].insert_rows(1, 3)
        book["支出"]["A1"] = "\u200b科目 编码\u3000\n"
        book["收入"]["L4"] = "结转(一般公共预算)"
        book["支出"]["A2"] = "2010305\u200b"
        book["支出"].title = " 支出\u00a0"

    assert desk.check(edited(change)).found == []


MARKS = (
    *("<w:t>", "&amp;", "a<b&c>d", "{{ 部门 }}", "{_{", "}_}", "{% for %}", "}}", "#}"),
    *("{#", "{ }", '’"“”'),
)


@pytest.mark.parametrize("mark", MARKS)
def test_marks_of_xml_and_templates_are_text(desk: Desk, mark: str) -> None:
    def change(book: Workbook) -> None:
        book["基本信息"]["B4"] = f"名{mark}"
        book["机构设置"]["A2"] = f"构{mark}"
        book["政府采购"]["A2"] = f"构{mark}"
        book["项目"]["A2"] = f"项{mark}"
        book["项目"]["D2"] = f"标{mark}"
        for row in range(2, 8):
            book["绩效指标"][f"A{row}"] = f"项{mark}"
        book["绩效指标"]["F2"] = f"值{mark}"
        book["文字"]["B2"] = f"责{mark}"

    # Some look like a form that was not filled in, which a finished document may not hold.
    whole = "\n".join(texts(document(desk, edited(change), "--draft")))
    for prefix in "名构项标值责":
        assert f"{prefix}{mark}" in whole


def test_a_reference_in_a_text(desk: Desk) -> None:
    docx = document(desk, with_cells("文字", {"B2": "全年共{支出总计}万元。"}))
    assert "全年共170万元。" in docx.paragraphs


def test_a_long_paragraph_and_many_projects_come_out_whole(desk: Desk) -> None:
    paragraph = "".join(chr(0x4E00 + n % 5_000) for n in range(30_000))

    def change(book: Workbook) -> None:
        book["文字"]["B2"] = paragraph
        for n in range(300):
            book["项目"].append([f"第{n}号项目", 1, "预算项目", f"第{n}号目标"])
            book["绩效指标"].append([f"第{n}号项目", "产出指标", "", "", "", f"第{n}号值"])

    docx = document(desk, edited(change))
    assert paragraph in docx.paragraphs
    whole = "\n".join(texts(docx))
    for n in range(300):
        assert f"第{n}号目标" in whole
        assert f"第{n}号值" in whole


def test_the_sample_inputs_have_no_errors(desk: Desk) -> None:
    files = sorted(INPUTS.glob("*.*"))
    assert len(files) >= 4
    for file in files:
        assert desk.run(file, "-o", desk.folder).code == 0, file.name
