"""The corrected copy: what a machine may put right, and no amount ever."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import plain
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from support import INPUTS, case_tree, sample

from generator import fix, inplace, money, pipeline, sources, yamltext
from generator.fix import Fix, fix_file
from generator.ooxml import Package
from generator.problem import Place, UserError

Tree = dict[str, Any]
PathOf = tuple[str | int, ...]


def changed(tree: Tree, path: PathOf, value: Any) -> Tree:
    """The tree with another value at a path."""
    tree = deepcopy(tree)
    at: Any = tree
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return tree


def at(tree: Any, path: PathOf) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def as_yaml(tree: Tree, folder: Path) -> Path:
    file = folder / "budget.yaml"
    file.write_text(yamltext.dump(tree), encoding="utf-8")
    return file


def as_workbook(tree: Tree, folder: Path) -> Path:
    file = folder / "budget.xlsx"
    file.write_bytes(plain.workbook(tree))
    return file


WRITERS = {"yaml": as_yaml, "xlsx": as_workbook}


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Tree], Path]:
    """Puts a tree into a file of one kind or the other."""
    return lambda tree: WRITERS[request.param](tree, tmp_path)


def made(told: list[Fix]) -> list[Fix]:
    return [one for one in told if not one.left]


def fixed_tree(file: Path, data: bytes) -> Tree:
    copy = file.with_name(fix.name_of(file))
    copy.write_bytes(data)
    return sources.read(copy).tree


# --- what is put right --------------------------------------------------------------------------

DUTY = ("文字", "职责", 0)
RATE = ("项目", 0, "绩效指标", 0, "指标值")
TERM = ("名词解释", 0, "解释")
GOAL = ("项目", 1, "绩效目标", 0)


def county(definition: str) -> Tree:
    tree = sample(名词解释=[{"名词": "一般公共预算拨款收入", "解释": definition}])
    return changed(tree, ("基本信息", "级别"), "县")


# name → tree, path, as it should be, what was done
KINDS: dict[str, tuple[Tree, PathOf, str, str]] = {
    "digits": (
        changed(sample(), DUTY, "（一）２０２５年办理１２．５万件，满意率９５％。"),
        *(DUTY, "（一）2025年办理12.5万件，满意率95%。", fix.DIGITS),
    ),
    "percent sign": (changed(sample(), RATE, "≥95％"), RATE, "≥95%", fix.DIGITS),
    "marks": (
        changed(sample(), DUTY, "（一）建设数据平台,推进共享;服务群众(企业)。"),
        *(DUTY, "（一）建设数据平台，推进共享；服务群众（企业）。", fix.MARKS),
    ),
    "blanks": (
        changed(sample(), DUTY, "（一）建设数据平台 ，推进共享　。"),
        *(DUTY, "（一）建设数据平台，推进共享。", fix.BLANKS),
    ),
    "percent in words": (changed(sample(), RATE, "≥95百分比"), RATE, "≥95%", fix.PERCENT),
    "percent in Chinese": (
        changed(sample(), RATE, "不低于百分之九十五"),
        *(RATE, "不低于95%", fix.PERCENT),
    ),
    "percent with a point": (changed(sample(), RATE, "百分之九十九点五"), RATE, "99.5%", fix.PERCENT),
    "a hundred percent": (changed(sample(), RATE, "百分之百"), RATE, "100%", fix.PERCENT),
    "percent in half": (changed(sample(), RATE, "≥百分之95"), RATE, "≥95%", fix.PERCENT),
    "stop": (
        changed(sample(), DUTY, "（一）建设数据平台，推进数据共享"),
        *(DUTY, "（一）建设数据平台，推进数据共享。", fix.STOP),
    ),
    "two at once": (
        changed(sample(), DUTY, "（一）建设数据平台,于２０２５年推进数据共享，服务群众"),
        *(DUTY, "（一）建设数据平台，于2025年推进数据共享，服务群众。", f"{fix.DIGITS}，{fix.MARKS}，{fix.STOP}"),
    ),
    "level": (county("指省级财政当年拨付的资金。"), TERM, "指县级财政当年拨付的资金。", fix.LEVELS),
    "name": (
        changed(sample(), ("基本支出", 2, "科目名称"), "公务用车 运行维护费"),
        *(("基本支出", 2, "科目名称"), "公务用车运行维护费", fix.NAMES),
    ),
    "reason": (
        changed(sample(), ("上年数", 0, "增减原因"), "增加２个岗位"),
        *(("上年数", 0, "增减原因"), "增加2个岗位", fix.DIGITS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind: str, write: Callable[[Tree], Path]) -> None:
    tree, path, after, what = KINDS[kind]
    file = write(tree)
    data, told = fix_file(file)
    assert [(one.path, one.before, one.after, one.what) for one in made(told) if one.before] == [
        (path, at(tree, path), after, what)
    ]
    assert at(fixed_tree(file, data), path) == after


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_has_nothing_to_do(kind: str, write: Callable[[Tree], Path]) -> None:
    file = write(KINDS[kind][0])
    data, _ = fix_file(file)
    file.write_bytes(data)
    assert fix_file(file) == (data, [])


FINDINGS = {
    "digits": "FMT107",
    "marks": "FMT107",
    "percent in words": "PRF109",
    "stop": "TXT109",
    "level": "TXT102",
}


@pytest.mark.parametrize("kind", FINDINGS)
def test_the_copy_has_the_finding_no_more(kind: str, write: Callable[[Tree], Path]) -> None:
    file = write(KINDS[kind][0])

    def rules() -> set[str]:
        return {problem.rule for problem in pipeline.check(file).problems}

    assert FINDINGS[kind] in rules()
    file.write_bytes(fix_file(file)[0])
    assert FINDINGS[kind] not in rules()


def test_a_goal_of_several_lines_in_one_cell(tmp_path: Path) -> None:
    tree = changed(sample(), ("项目", 1, "绩效目标"), ["1.按计划完成,不拖延。", "2.群众满意,好。"])
    file = as_workbook(tree, tmp_path)
    data, told = fix_file(file)
    assert [one.after for one in made(told) if one.before] == [
        "1.按计划完成，不拖延。\n2.群众满意，好。"
    ]
    page = openpyxl.load_workbook(io.BytesIO(data))["项目"]
    assert "1.按计划完成，不拖延。\n2.群众满意，好。" in [c.value for row in page for c in row]


def test_two_paragraphs_in_one_cell(tmp_path: Path) -> None:
    file = as_workbook(sample(), tmp_path)
    book = openpyxl.load_workbook(file)
    page = book["文字"]
    [cell] = [c for row in page for c in row if c.value == "（一）建设数据平台。"]
    cell.value = "（一）建设平台,共享。\n（二）建设平台,共享。\n（一）建设平台,共享。"
    book.save(file)
    data, told = fix_file(file)
    assert len([one for one in made(told) if one.before]) == 3
    after = openpyxl.load_workbook(io.BytesIO(data))["文字"][cell.coordinate].value
    assert after == "（一）建设平台，共享。\n（二）建设平台，共享。\n（一）建设平台，共享。"


# --- amounts ------------------------------------------------------------------------------------


def numbers(tree: Any) -> Iterator[tuple[PathOf, Any]]:
    """Everything in a tree that reads as a number."""
    for path, text in fix._leaves(tree):
        try:
            yield path, money.parse(text)
        except money.NotAnAmount:
            continue


@pytest.mark.parametrize("name", ["tangshan-2023", "beidaihe-2022", "julu-2023"])
def test_no_amount_of_a_case_changes(name: str, write: Callable[[Tree], Path]) -> None:
    file = write(case_tree(name))
    before = dict(numbers(sources.read(file).tree))
    data, told = fix_file(file)
    assert made(told)
    after = dict(numbers(fixed_tree(file, data)))
    assert after == before
    file.write_bytes(data)
    assert made(fix_file(file)[1]) == []


def typed_as_text(tmp_path: Path, text: str) -> tuple[Path, str]:
    """A workbook in which one amount is text."""
    file = as_workbook(sample(), tmp_path)
    book = openpyxl.load_workbook(file)
    page = book["收入"]
    cell = page.cell(2, [c.value for c in page[1]].index("一般公共预算") + 1)
    cell.value, cell.data_type, cell.number_format = text, "s", "@"
    cell.font = Font(bold=True)
    book.save(file)
    return file, cell.coordinate


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("100.5", "100.50"),
        ("１００．５", "100.50"),
        ("１００．５０", "100.50"),
        ("1，234.5", "1,234.50"),
        ("１００", "100"),
    ],
)
def test_an_amount_typed_as_text(before: str, after: str, tmp_path: Path) -> None:
    file, cell = typed_as_text(tmp_path, before)
    data, told = fix_file(file)
    assert [(one.before, one.after) for one in made(told) if one.before] == [(before, after)]
    now = openpyxl.load_workbook(io.BytesIO(data))["收入"][cell]
    assert (now.value, now.data_type, now.font.b, now.number_format) == (after, "s", True, "@")
    assert money.parse(before) == money.parse(after)


@pytest.mark.parametrize("text", ["100", "100.50", "100.505", "一百", "约100.5", "12,34"])
def test_an_amount_that_is_left_as_it_is(text: str, tmp_path: Path) -> None:
    file, _ = typed_as_text(tmp_path, text)
    assert [one for one in fix_file(file)[1] if one.path[0] == "收入" and one.before] == []


def test_a_number_in_a_cell_is_no_text(tmp_path: Path) -> None:
    file = as_workbook(changed(sample(), ("收入", 0, "一般公共预算"), "100.5"), tmp_path)
    assert [one for one in fix_file(file)[1] if one.before] == []


def test_decimals_in_yaml(tmp_path: Path) -> None:
    file = as_yaml(changed(sample(), ("收入", 0, "一般公共预算"), "100.5"), tmp_path)
    text = file.read_text(encoding="utf-8")
    data, told = fix_file(file)
    assert [one.what for one in told] == [fix.DECIMALS]
    assert data.decode() == text.replace("'100.5'", "'100.50'")


@pytest.mark.parametrize(
    "text",
    [
        "（一）支出1 ，000万元。",  # a blank that keeps two numbers apart
        "（一）支出1,000万元，共2:1。",
        "（一）百分之九十五以上，增长5个百分点。",  # words of a sentence, no indicator
        "（一）访问www.a.cn;b。",
        "（一）按{年度}年要求办理。",
    ],
)
def test_what_is_left_alone(text: str, write: Callable[[Tree], Path]) -> None:
    told = fix_file(write(changed(sample(), DUTY, text)))[1]
    assert [one for one in told if one.path == DUTY] == []


@pytest.mark.parametrize(
    "value", ["百分之几", "百分之", "95个百分点", "十百分之", "百分之1000", "2025年"]
)
def test_a_value_that_is_no_percentage(value: str, write: Callable[[Tree], Path]) -> None:
    told = fix_file(write(changed(sample(), RATE, value)))[1]
    assert [one for one in told if one.path == RATE] == []


def test_names_with_wide_digits_stay_where_they_are_spoken_of(
    write: Callable[[Tree], Path],
) -> None:
    tree = changed(sample(), ("项目", 0, "项目名称"), "２号平台")
    tree = changed(tree, DUTY, "（一）２０２５年建设２号平台。")
    file = write(tree)
    data, _ = fix_file(file)
    after = fixed_tree(file, data)
    assert at(after, DUTY) == "（一）2025年建设２号平台。"
    assert at(after, ("项目", 0, "项目名称")) == "２号平台"


def test_labels_and_headings_get_no_stop(write: Callable[[Tree], Path]) -> None:
    tree = changed(sample(), ("文字", "职责标签"), ["部门的主要职责，共两条"])
    told = fix_file(write(tree))[1]
    assert [one for one in made(told) if one.path[0] == "文字"] == []


def test_a_definition_of_ones_own_keeps_its_level(write: Callable[[Tree], Path]) -> None:
    tree = county("指省级单位与县级单位共同承担的支出。")
    assert [one for one in fix_file(write(tree))[1] if one.path == TERM] == []


# --- workbooks ----------------------------------------------------------------------------------


def test_a_missing_name_is_written_into_its_cell(tmp_path: Path) -> None:
    tree = sample()
    del tree["基本支出"][0]["科目名称"]
    file = as_workbook(tree, tmp_path)
    data, told = fix_file(file)
    written = [
        (one.place.sheet, one.before, one.after) for one in told if one.path[0] == "基本支出"
    ]
    assert written == [("基本支出", "", "基本工资")]
    assert fixed_tree(file, data)["基本支出"][0]["科目名称"] == "基本工资"


def test_formulas_and_looks_stay(tmp_path: Path) -> None:
    source = next(INPUTS.glob("tangshan-2023.xlsx"))
    file = tmp_path / "budget.xlsx"
    book = openpyxl.load_workbook(source)
    cell = book["文字"]["B5"]
    cell.value = "1、统筹机关运转,保证畅通。"
    cell.fill = PatternFill("solid", fgColor="FF00FF00")
    book.save(file)
    data, told = fix_file(file)
    assert made(told)
    before, after = openpyxl.load_workbook(file), openpyxl.load_workbook(io.BytesIO(data))
    cells = {(one.place.sheet, one.place.cell) for one in made(told)}
    assert ("文字", "B5") in cells
    for page in before:
        then = after[page.title]
        for row in page:
            for old in row:
                new = then[old.coordinate]
                assert new.style_id == old.style_id
                assert (new.value == old.value) or (page.title, old.coordinate) in cells
    parts, now = Package(file.read_bytes()), Package(data)
    edited = {parts.sheets[sheet] for sheet, _ in cells}
    assert all(now.data(p) == parts.data(p) for p in parts.sheets.values() if p not in edited)
    assert now.data("xl/styles.xml") == parts.data("xl/styles.xml")


def put_into_duty(tmp_path: Path, value: Any) -> Path:
    file = as_workbook(changed(sample(), DUTY, "（一）建设平台,共享。"), tmp_path)
    book = openpyxl.load_workbook(file)
    [cell] = [c for row in book["文字"] for c in row if c.value == "（一）建设平台,共享。"]
    cell.value = value
    book.save(file)
    return file


def test_a_formula_is_left_and_told(tmp_path: Path) -> None:
    file = put_into_duty(tmp_path, '="（一）建设平台"&",共享。"')
    package = Package(file.read_bytes())
    part = package.sheets["文字"]
    for node in package.edit(part).iter("{*}f"):
        cell = node.getparent()
        assert cell is not None
        cell.set("t", "str")
        value = cell.find("{*}v")
        assert value is not None
        value.text = "（一）建设平台,共享。"
    file.write_bytes(package.save())
    [left] = [one for one in fix_file(file)[1] if one.path == DUTY]
    assert left.left == inplace.FORMULA
    assert (
        left.words()
        == "文字!B2  半角标点改全角：“（一）建设平台,共享。” → “（一）建设平台，共享。”（没有改：单元格里是公式，请自己改）"
    )


def test_a_text_in_several_fonts_is_left_and_told(tmp_path: Path) -> None:
    bold = TextBlock(InlineFont(b=True), "（一）")
    file = put_into_duty(tmp_path, CellRichText(bold, "建设平台,共享。"))
    [left] = [one for one in fix_file(file)[1] if one.path == DUTY]
    assert left.left == inplace.FONTS


# --- YAML ---------------------------------------------------------------------------------------

YAML = """# 某局
文字:
  # 职责
  职责:
    - （一）建设平台,共享。   # 第一条
    - '（二）建设平台,共享。'
    - "（三）建设平台,共享。"
  总体目标: |
    建设平台,共享。

    数据平台稳定运行,好。
  保障措施: >
    一,
    二,三。
"""


def test_comments_and_layout_of_yaml_stay(tmp_path: Path) -> None:
    tree = sample()
    del tree["文字"]
    rest = yamltext.dump(tree).replace("\n", "\r\n")
    text = "\ufeff" + YAML.replace("\n", "\r\n") + rest
    file = tmp_path / "budget.yaml"
    file.write_bytes(text.encode())
    data, told = fix_file(file)
    expected = text
    for before, after in (("平台,共享", "平台，共享"), ("运行,好", "运行，好")):
        expected = expected.replace(before, after)
    assert data.decode() == expected
    assert [one.left for one in told if one.left] == [inplace.SHAPE]
    assert "一,\r\n" in expected


def test_what_yaml_would_read_otherwise_is_left() -> None:
    editor = inplace.YamlFile("甲: 一 ，二\n乙: 三\n".encode())
    assert editor.put(("甲",), "一 ，二", "一: 二") == inplace.SHAPE
    assert editor.put(("乙",), "三", "四") is None
    assert editor.put(("丙",), "五", "六") == ""
    assert editor.save().decode() == "甲: 一 ，二\n乙: 四\n"


# --- the whole ----------------------------------------------------------------------------------


def test_units_in_the_same_file(tmp_path: Path) -> None:
    unit = changed(sample(kind="单位", code="345001", name="某中心"), DUTY, "（一）建设平台,共享")
    file = as_yaml(sample(units=[unit]), tmp_path)
    data, told = fix_file(file)
    path = ("所属单位", 0, *DUTY)
    assert [(one.path, one.after) for one in told] == [(path, "（一）建设平台，共享")]
    assert at(fixed_tree(file, data), path) == "（一）建设平台，共享"


def test_nothing_to_do(write: Callable[[Tree], Path]) -> None:
    file = write(sample())
    before = file.read_bytes()
    data, told = fix_file(file)
    assert [one for one in told if one.before] == []
    if not told:
        assert data == before
        assert fix.report(told) == "没有可以自动改正的。"


def test_the_report_says_every_change(tmp_path: Path) -> None:
    file = as_yaml(KINDS["stop"][0], tmp_path)
    text = file.read_text(encoding="utf-8")
    line = text[: text.index("（一）")].count("\n") + 1
    assert fix.report(fix_file(file)[1]) == (
        "改了 1 处，没有改动任何金额：\n"
        f"  第{line}行 文字.职责[1]  段末补句号：“（一）建设数据平台，推进数据共享” → “（一）建设数据平台，推进数据共享。”"
    )


def test_a_long_text_is_cut_around_the_change() -> None:
    before = "甲" * 30 + "," + "乙" * 30
    one = Fix(_place(), (), before, before.replace(",", "，"), "w")
    assert one.words() == f"x  w：“…{'甲' * 12},{'乙' * 12}…” → “…{'甲' * 12}，{'乙' * 12}…”"
    gone = Fix(_place(), (), f"{'甲' * 30} {'乙' * 30}", "甲" * 30 + "乙" * 30, "w")
    assert gone.words() == f"x  w：“…{'甲' * 12} {'乙' * 12}…” → “…{'甲' * 12}{'乙' * 12}…”"
    end = Fix(_place(), (), "甲" * 30, "甲" * 30 + "。", "w")
    assert end.words() == f"x  w：“…{'甲' * 12}” → “…{'甲' * 12}。”"


def _place() -> Place:
    return Place(path="x")


def test_an_input_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    file = as_yaml({"基本信息": {"名称": "某局"}}, tmp_path)
    with pytest.raises(UserError) as told:
        fix_file(file)
    assert told.value.message == "这份输入缺少必需的内容，没有可以自动改正的。"


def test_a_change_that_went_wrong_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inplace, "_rewritten", lambda words, style, before, after: "错")
    monkeypatch.setattr(inplace.YamlFile, "_holds", lambda *_: True)
    with pytest.raises(UserError) as told:
        fix_file(as_yaml(KINDS["stop"][0], tmp_path))
    assert told.value.message == "修正以后的内容与要改的不一致，没有写出修正稿。"


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_figure_is_noticed(kind: str) -> None:
    tree, path, after, what = KINDS[kind]
    if what in (fix.PERCENT, fix.NAMES):
        return
    good = Fix(_place(), path, str(at(tree, path)), after, what)
    assert fix._same_figures(good)
    bad = Fix(_place(), path, good.before, after + "1.5万元", what)
    assert not fix._same_figures(bad)


def test_the_name_of_the_copy() -> None:
    assert fix.name_of(Path("a/预算.xlsx")) == "预算（已修正）.xlsx"
