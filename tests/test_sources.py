"""Reading workbooks and YAML: values with their places; any bytes at all are read or refused."""

from __future__ import annotations

import random
import time
from pathlib import Path

import plain
import pytest
from bad_files import (
    GOOD_YAML,
    edited,
    good_workbook,
    printed_sample,
    sheet_part,
    with_cells,
    with_part,
)
from budgets import department
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from support import CASES, INPUTS, sample

from generator import pipeline, sources, yamltext
from generator.balance import MEASURES
from generator.choice import choose_pack
from generator.disclosure import Disclosure, values
from generator.intake import take_in
from generator.problem import Place, UserError
from generator.sources import workbook, xlsx, yamlfile
from generator.sources.blank import workbook as form_workbook
from generator.sources.layout import SHEETS
from generator.sources.raw import RawInput


def test_a_workbook_holds_the_whole_tree() -> None:
    intake = take_in(workbook.read("a.xlsx", good_workbook()))
    assert intake.problems == []
    assert intake.disclosure == Disclosure.model_validate(printed_sample())


ROWS = ("", "201", "20103", "2010301", "30101", "302", "reception")


def test_the_samples_workbook_and_yaml_agree() -> None:
    name = CASES[0]
    both = [take_in(sources.read(INPUTS / f"{name}.{suffix}")) for suffix in ("xlsx", "yaml")]
    one, other = (intake.disclosure for intake in both)
    assert one is not None
    assert other is not None
    # The form looks names up from the codes; only names that differ are typed in.
    no_names = {"收入": (), "支出": (), "基本支出": ()}
    assert one.subject_names.items() <= other.subject_names.items()
    assert [row.code for row in one.income] == [row.code for row in other.income]
    assert all(one.figures.get(m, r) == other.figures.get(m, r) for m in MEASURES for r in ROWS)
    kept = one.model_dump(by_alias=True), other.model_dump(by_alias=True)
    assert {**kept[0], **no_names} == {**kept[1], **no_names}


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        (("基本信息", "编码"), "基本信息!B3"),
        (("基本信息",), "基本信息!None"),
        (("收入", 1, "其他收入"), "收入!K3"),
        (("收入", 1), "收入!A3"),
        (("收入", 99), "收入!None"),
        (("项目", 1, "绩效目标", 1), "项目!D3"),
        (("项目", 1, "绩效指标", 2, "指标值"), "绩效指标!F10"),
        (("文字", "职责"), "文字!A2"),
        (("文字", "职责", 1), "文字!B3"),
        (("文字", "没有"), "文字!None"),
        (("没有",), "没有!None"),
        ((), "None!None"),
    ],
)
def test_places_in_a_workbook(path: tuple[str | int, ...], cell: str) -> None:
    place = workbook.read("a.xlsx", good_workbook()).locate(path)
    assert place.file == "a.xlsx"
    assert f"{place.sheet}!{place.cell}" == cell


@pytest.mark.parametrize(
    ("path", "line", "shown"),
    [
        (("基本信息", "编码"), 3, "基本信息.编码"),
        (("收入", 1, "科目编码"), 11, "收入[2].科目编码"),
        (("收入", 9, "科目编码"), 9, "收入[10].科目编码"),
        (("文字", "职责", 0), 27, "文字.职责[1]"),
        (("文字", "总体目标", 1), 31, "文字.总体目标[2]"),
        (("没有",), 1, "没有"),
        ((), 1, None),
    ],
)
def test_places_in_yaml(path: tuple[str | int, ...], line: int, shown: str | None) -> None:
    raw = yamlfile.read("a.yaml", GOOD_YAML.encode())
    assert raw.locate(path) == Place(file="a.yaml", line=line, path=shown)


def test_names_may_stand_once_above_their_rows() -> None:
    def change(book: Workbook) -> None:
        for row in (3, 4):
            book["绩效指标"][f"A{row}"] = None
        book["文字"]["A3"] = None

    intake = take_in(workbook.read("a.xlsx", edited(change)))
    assert intake.problems == []
    assert intake.disclosure is not None
    assert [len(p.indicators) for p in intake.disclosure.projects] == [6, 6]
    assert len(intake.disclosure.texts["职责"]) == 2


def test_every_needed_column_is_a_column() -> None:
    assert SHEETS["收入"].needed == ("科目编码",)
    assert SHEETS["文字"].needed == ("段落", "文字")
    assert SHEETS["绩效指标"].needed == ("项目名称", "一级指标")
    assert all(set(sheet.needed) <= set(sheet.columns) for sheet in SHEETS.values())


def test_yaml_scalars_are_text() -> None:
    read = yamltext.parse("a: 0101\nb: on\nc: 12:30\nd: ~\ne:\nf: [1, no]\n").tree
    assert read == {"a": "0101", "b": "on", "c": "12:30", "d": "~", "e": "", "f": ["1", "no"]}


def test_a_workbook_is_read_fast() -> None:
    """4,000 cells; 10 ms on a quiet machine, and far from the 50 ms of openpyxl on any."""
    file = INPUTS / "tangshan-2023.xlsx"
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        sources.read(file)
        best = min(best, time.perf_counter() - start)
    assert best < 0.04


# --- any bytes ----------------------------------------------------------------------------------


def read_or_refuse(name: str, data: bytes) -> None:
    """Read and take in; only :class:`UserError` may come out."""
    read = yamlfile.read if name.endswith(".yaml") else workbook.read
    try:
        raw = read(name, data)
    except UserError as error:
        assert error.message
        return
    intake = take_in(raw)
    assert intake.problems or intake.disclosure is not None
    assert all(problem.place is not None for problem in intake.problems)


@given(st.binary(max_size=300))
def test_any_bytes_as_a_workbook(data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        read_or_refuse("a.xlsx", head + data)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8"))))
def test_any_bytes_as_yaml(data: bytes) -> None:
    read_or_refuse("a.yaml", data)


SNIPPETS = (
    "\t",
    "\n",
    "  ",
    "- ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "&a ",
    "*a",
    "!!x ",
    "|",
    "---\n",
    "#",
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD_YAML)), st.integers(0, 12), st.sampled_from(SNIPPETS))
def test_mutated_yaml(at: int, cut: int, snippet: str) -> None:
    read_or_refuse("a.yaml", (GOOD_YAML[:at] + snippet + GOOD_YAML[at + cut :]).encode())


VALUES = st.recursive(
    st.sampled_from(("", "x", "1", "-1", "1.234", "2010301", "\x07", "{支出总计}")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from((*SHEETS, "编码", "科目编码", "项目名称", "x")), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(tuple(sample())), VALUES, st.booleans())
def test_any_shape_in_any_section(section: str, value: object, inside: bool) -> None:
    """A wrong shape is a problem with a place, whether it stands for a section or in it."""
    tree = sample()
    if inside and isinstance(tree[section], list):
        tree[section] = [value, *tree[section]]
    elif inside:
        tree[section] = {**tree[section], next(iter(tree[section] or {"x": 1})): value}
    else:
        tree[section] = value
    intake = take_in(RawInput("a.yaml", tree, lambda path: Place(path=str(path))))
    assert intake.problems or intake.disclosure is not None


def damaged(rng: random.Random, data: bytes) -> bytes:
    """A file with a few bytes changed, taken out, doubled, or its end cut off."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed))
        match rng.randrange(4):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                del changed[at : at + rng.randint(1, 40)]
            case 2:
                changed[at:at] = changed[at : at + rng.randint(1, 40)]
            case _:
                changed[at : at + 4] = rng.randbytes(4)
    return bytes(changed[: rng.randrange(len(changed))] if rng.random() < 0.1 else changed)


def test_mutated_workbooks() -> None:
    rng = random.Random(1)
    data = (INPUTS / "tangshan-2023.xlsx").read_bytes()
    for _ in range(300):
        read_or_refuse("a.xlsx", damaged(rng, data))


@pytest.mark.parametrize(
    "part",
    [
        sheet_part("收入"),
        sheet_part("绩效指标"),
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    ],
)
def test_mutated_parts(part: str) -> None:
    """Behind right checksums, so that the damage reaches the readers of XML."""
    rng = random.Random(part)
    for _ in range(60):
        data = with_part(good_workbook(), part, lambda xml: damaged(rng, xml) + b" ")
        read_or_refuse("a.xlsx", data)


def test_a_panic_of_the_library_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As pyo3 raises it."""

    class Calamine:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException("index out of bounds")

    monkeypatch.setattr(xlsx.calamine, "CalamineWorkbook", Calamine)
    with pytest.raises(UserError, match="已损坏"):
        workbook.read("a.xlsx", good_workbook())
    with pytest.raises(KeyboardInterrupt):
        monkeypatch.setattr(Calamine, "from_filelike", staticmethod(_interrupt))
        workbook.read("a.xlsx", good_workbook())


def _interrupt(_: object) -> None:
    raise KeyboardInterrupt


def test_suffixes(tmp_path: Path) -> None:
    for suffix in (".XLSX", ".xlsm"):
        file = tmp_path / f"a{suffix}"
        file.write_bytes(good_workbook())
        assert sources.read(file).problems == ()
    for suffix in (".yml", ".YAML"):
        file = tmp_path / f"a{suffix}"
        file.write_text(GOOD_YAML, encoding="utf-8-sig")
        assert sources.read(file).tree["基本信息"]["编码"] == "345"


def test_what_is_missing_in_a_prepared_row_has_its_cell(tmp_path: Path) -> None:
    tree = department()
    tree["上年数"] = [row for row in tree["上年数"] if row["项目"] != "公务接待费"]
    pack, _ = choose_pack(tree, None)
    file = tmp_path / "form.xlsx"
    file.write_bytes(form_workbook(tree, pack))
    (problem,) = [p for p in pipeline.check(file).problems if p.rule == "WRD101"]
    assert problem.place is not None
    page = load_workbook(file)["上年数"]
    (row,) = [cell.row for cell in page["A"] if cell.value == "公务接待费"]
    assert str(problem.place) == f"上年数!B{row}"


@pytest.mark.parametrize(
    ("cell", "far"),
    [("Z99999", False), ("Z192300", False), ("Z192308", True), ("AA9", False), ("AAA7113", True)],
)
def test_how_far_out_a_cell_may_lie(cell: str, far: bool) -> None:
    data = with_cells("收入", {cell: "x"})
    if far:
        with pytest.raises(UserError, match="过大"):
            xlsx.Book("a.xlsx", data)
    else:
        assert "收入" in xlsx.Book("a.xlsx", data).sheets


def test_a_sheet_that_is_not_read_may_hold_anything() -> None:
    data = with_part(good_workbook(), sheet_part("收入"), lambda _: b"<!DOCTYPE a>")
    with pytest.raises(UserError, match="实体"):
        xlsx.Book("a.xlsx", data)
    assert "收入" not in xlsx.Book("a.xlsx", data, lambda sheet: sheet == "收入").sheets


def test_from_ordinary_characters_nothing_is_taken() -> None:
    ordinary = [c for c in map(chr, range(0x110000)) if values._ORDINARY.fullmatch(c)]
    assert len(ordinary) > 20_000
    assert [c for c in ordinary if values._readable(f"字{c}字") != f"字{c}字"] == []
    assert not values._BREAKS.search("".join(ordinary))


@pytest.mark.parametrize("cells", [[], [("姓名", "工资"), ("张三", 5000)]])
def test_a_workbook_of_something_else_is_told_once(
    tmp_path: Path, cells: list[tuple[str, object]]
) -> None:
    book = Workbook()
    for row in cells:
        book.worksheets[0].append(row)
    book.save(tmp_path / "工资表.xlsx")
    with pytest.raises(UserError, match="不是预算工作簿（应有的表一张也没有）"):
        pipeline.check(tmp_path / "工资表.xlsx")


@pytest.mark.parametrize(
    ("name", "cell", "told"),
    [
        ("车队.xlsx", "A2", "“车队.xlsx”是文件名，填在了“单位名称”里，“文件”空着"),
        ("县车队", "B2", "所属单位“县车队”没有填“文件”"),
    ],
)
def test_a_unit_without_its_file(tmp_path: Path, name: str, cell: str, told: str) -> None:
    file = tmp_path / "a.xlsx"
    tree = {**department(), "所属单位": [{"单位名称": name}]}
    file.write_bytes(plain.workbook(tree))
    found = pipeline.check(file).problems
    places = [(str(p.place), p.message) for p in found if "所属单位" in str(p.place)]
    assert places == [(f"所属单位!{cell}", told)]
