"""Workbook into YAML and back: nothing is lost, and what would be lost is told instead."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from budgets import balanced, department
from hypothesis import HealthCheck, given, seed, settings
from support import CASES, INPUTS, UNIT_NAMES, with_two_units

from generator import cli, pipeline, sources, yamltext
from generator.choice import choose_pack
from generator.convert import tree_of, whole_tree
from generator.disclosure import Disclosure, ExpenditureRow, IncomeRow, ProcurementRow
from generator.document import Document
from generator.problem import Problem, Severity
from generator.schema import json_schema
from generator.sources import workbook, yamlfile
from generator.sources.blank import workbook as form_workbook
from generator.sources.raw import RawInput


def plainest(raw: RawInput) -> dict[str, Any]:
    pack, _ = choose_pack(raw.tree, None)
    tree, lost = whole_tree(raw, pack)
    assert lost == []
    return tree


def there_and_back(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """workbook → YAML → workbook → YAML: the tree as read at each step."""
    pack, _ = choose_pack(tree, None)
    steps = []
    for _ in range(2):
        tree = plainest(workbook.read("a.xlsx", form_workbook(tree, pack)))
        steps.append(tree)
        tree = plainest(yamlfile.read("a.yaml", yamltext.dump(tree).encode("utf-8")))
        steps.append(tree)
    return steps


def without_names(tree: dict[str, Any]) -> dict[str, Any]:
    """The form looks the names of listed codes up, so they need not be typed in."""
    sheets = ("收入", "支出", "基本支出")
    return tree | {
        sheet: [{k: v for k, v in row.items() if k != "科目名称"} for row in tree.get(sheet, [])]
        for sheet in sheets
        if sheet in tree
    }


@pytest.mark.parametrize("name", CASES)
def test_the_cases_there_and_back(name: str) -> None:
    start = plainest(sources.read(INPUTS / f"{name}.yaml"))
    steps = there_and_back(start)
    assert all(step == steps[0] for step in steps)
    assert without_names(steps[0]) == without_names(start)


@pytest.mark.parametrize("part", range(4))  # in parts, so that they run side by side
def test_generated_departments_there_and_back(part: int) -> None:
    seen: list[dict[str, Any]] = []

    @seed(part)
    @given(balanced())
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def there_and_back_again(tree: dict[str, Any]) -> None:
        start = tree_of(Disclosure.model_validate(tree))
        steps = there_and_back(start)
        assert all(step == steps[0] for step in steps)
        assert without_names(steps[0]) == without_names(start)
        seen.append(start)

    there_and_back_again()
    assert len(seen) >= 50


def test_texts_that_look_like_something_else_survive() -> None:
    tree = department()
    tree["机构设置"][0]["单位规格"] = "=1+1"
    tree["项目"][0]["绩效指标"][0]["指标值"] = "0101"
    tree["项目"][0]["绩效指标"][1]["指标值"] = "on"
    tree["文字"]["其他"] = ["- 甲: 乙 # 丙", "{收入总计}、{{ x }}、“引号”'\"", "12:30"]
    tree["文字"]["职责标签"] = []
    for step in there_and_back(tree_of(Disclosure.model_validate(tree))):
        read = Disclosure.model_validate(step)
        assert read.institutions[0].rank == "=1+1"
        assert [i.value for i in read.projects[0].indicators[:2]] == ["0101", "on"]
        assert read.texts["其他"] == tuple(tree["文字"]["其他"])


def test_declared_totals_survive() -> None:
    tree = department()
    tree["收入"].append({"科目名称": "合计", "合计": "1000.01"})
    tree["国有资产"].append({"项目": "资产总额", "价值": "150.00"})
    for step in there_and_back(tree_of(Disclosure.model_validate(tree, context={"draft": True}))):
        read = Disclosure.model_validate(step, context={"draft": True})
        assert [p.rule for p in read.imbalances] == ["TBL201"]
        assert "资产总额" in {asset.item for asset in read.assets}


def test_convert_from_the_command_line(tmp_path: Path) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "b.yaml"
    source = str(INPUTS / "tangshan-2023.yaml")
    assert cli.run(["convert", source, str(book)]) == 0
    assert cli.run(["convert", str(book), str(text)]) == 0
    documents = [pipeline.check(file).render() for file in (Path(source), book, text)]
    assert documents[0] == documents[1] == documents[2]


def test_what_would_be_lost_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.yaml", tmp_path / "b.xlsx"
    tree = department()
    tree["收入"][0]["一般公共预算"] = "约900"
    tree["备注"] = "x"
    source.write_text(yamltext.dump(tree), encoding="utf-8")
    assert cli.run(["convert", str(source), str(target)]) == 1
    out = capsys.readouterr().out
    assert "“约900”不是数" in out
    assert "不认识“备注”" in out
    assert out.endswith("这些内容换一种写法会丢失，没有转换。请改正后再运行。\n")
    assert not target.exists()


def test_convert_never_writes_over_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "b.xlsx"
    target.write_bytes(b"mine")
    assert cli.run(["convert", str(INPUTS / "julu-2023.yaml"), str(target)]) == 2
    assert (
        capsys.readouterr().err == f"无法继续：“{target}”已经存在，没有改动它。请换一个文件名。\n"
    )
    assert target.read_bytes() == b"mine"


# --- units as files -----------------------------------------------------------------------------


def write_units(folder: Path) -> dict[str, Any]:
    """Two units' own files below ``folder``, and the department that names them."""
    (folder / "单位").mkdir()
    tree = with_two_units()
    pack, _ = choose_pack(tree, None)
    first, second = tree["所属单位"]
    (folder / "单位" / "一库.yaml").write_text(yamltext.dump(first), encoding="utf-8")
    (folder / "单位" / "二库.xlsx").write_bytes(form_workbook(second, pack))
    tree["所属单位"] = [
        {"单位名称": UNIT_NAMES[0], "文件": "单位/一库.yaml"},
        {"单位名称": UNIT_NAMES[1], "文件": "单位\\二库.xlsx"},
    ]
    return tree


def told(document: Document) -> list[Problem]:
    """What is more than a hint."""
    return [p for p in document.problems if p.severity is not Severity.INFO]


@pytest.mark.parametrize("suffix", ["yaml", "xlsx"])
def test_units_from_their_own_files(tmp_path: Path, suffix: str) -> None:
    tree = write_units(tmp_path)
    pack, _ = choose_pack(tree, None)
    file = tmp_path / f"部门.{suffix}"
    file.write_bytes(
        form_workbook(tree, pack) if suffix == "xlsx" else yamltext.dump(tree).encode("utf-8")
    )
    document = pipeline.check(file)
    assert [p.message for p in told(document)] == []
    inline = with_two_units()
    (tmp_path / "inline.yaml").write_text(yamltext.dump(inline), encoding="utf-8")
    assert document.render() == pipeline.check(tmp_path / "inline.yaml").render()


def test_a_problem_in_a_units_file_has_its_place_there(tmp_path: Path) -> None:
    tree = write_units(tmp_path)
    bad = with_two_units()["所属单位"][0]
    bad["收入"][0]["一般公共预算"] = "x"
    (tmp_path / "单位" / "一库.yaml").write_text(yamltext.dump(bad), encoding="utf-8")
    file = tmp_path / "部门.yaml"
    file.write_text(yamltext.dump(tree), encoding="utf-8")
    found = [(p.rule, p.place.file if p.place else "") for p in told(pipeline.check(file))]
    assert found == [("FMT109", "一库.yaml")]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("没有.yaml", "所属单位的文件读不了：找不到文件"),
        ("C:\\单位.yaml", "要写成相对于本文件的路径"),
        ("/etc/passwd", "要写成相对于本文件的路径"),
        ("单位/图.png", "所属单位的文件读不了："),
    ],
)
def test_a_units_file_that_cannot_be_read(tmp_path: Path, named: str, message: str) -> None:
    tree = write_units(tmp_path)
    (tmp_path / "单位" / "图.png").write_bytes(b"x")
    tree["所属单位"][0]["文件"] = named
    file = tmp_path / "部门.yaml"
    file.write_text(yamltext.dump(tree), encoding="utf-8")
    document = pipeline.check(file)
    (problem,) = [p for p in document.problems if p.rule == "INP113"]
    assert message in problem.message
    assert str(problem.place).startswith("第")
    assert [c.disclosure.basics.name for c in document.contents[1:]] == [UNIT_NAMES[1]]


def test_a_unit_in_yuan_below_a_department_in_wan(tmp_path: Path) -> None:
    tree = with_two_units()
    same, other = tree["所属单位"]
    in_yuan = copy.deepcopy(same)
    in_yuan["基本信息"]["金额单位"] = "元"
    rows = (IncomeRow, ExpenditureRow, ProcurementRow)
    amounts = {field.alias for row in rows for field in row.model_fields.values()} | {
        *("一般公共预算", "人员经费", "公用经费", "上年数", "金额", "价值")
    }
    for sheet in ("收入", "支出", "基本支出", "三公经费", "上年数", "项目", "政府采购", "国有资产"):
        for row in in_yuan[sheet]:
            for key in (amounts & row.keys()) - {"科目编码", "数量"}:
                if row[key].replace(".", "").isdigit():
                    row[key] = str(Decimal(row[key]) * 10_000)
    documents = []
    for below in (in_yuan, same):
        tree["所属单位"] = [below, other]
        file = tmp_path / "部门.yaml"
        file.write_text(yamltext.dump(tree), encoding="utf-8")
        document = pipeline.check(file)
        assert [p.message for p in told(document)] == []
        documents.append(document.render())
    assert documents[0] == documents[1]


# --- the schema ---------------------------------------------------------------------------------


def test_the_schema_accepts_the_samples_and_refuses_a_slip(
    capsys: pytest.CaptureFixture[str],
) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    assert cli.run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    for name in CASES:
        tree = sources.read(INPUTS / f"{name}.yaml").tree
        assert list(validator.iter_errors(tree)) == []
    tree = department()
    tree["基本信息"]["级别"] = "乡"
    tree["收入"][0]["一般公共预算收入"] = "1"
    assert len(list(validator.iter_errors(tree))) == 2


def test_every_key_of_the_schema_is_the_inputs_own_word() -> None:
    def keys(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = set(node.get("properties", {}))
            return own.union(*(keys(below) for below in node.values()))
        return set().union(*map(keys, node)) if isinstance(node, list) else set()

    found = keys(json_schema())
    assert len(found) > 60
    assert all(not key.isascii() for key in found)


def test_the_blank_yaml_points_to_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "blank.yaml"
    arguments = ["new", str(file), "--code", "113", "--name", "某局", "--year", "2025"]
    assert cli.run(arguments) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=gen-disclosure.schema.json\n")
    assert cli.run(["schema", "-o", str(tmp_path / "gen-disclosure.schema.json")]) == 0
    assert yamltext.parse(text).tree["基本信息"]["名称"] == "某局"  # type: ignore[index,call-overload]
