"""The library: what a programmer imports, as its documentation shows it."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest
from bad_files import GOOD_YAML, good_workbook, yaml_with

import generator
from generator import Severity, UserError, build, check, make, read
from generator.cli import run


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_documented_example_runs(desk: Path) -> None:
    (desk / "budget.xlsx").write_bytes(good_workbook())
    failed, tried = doctest.testmod(generator, report=True)
    assert tried >= 8, "the example was not found"
    assert failed == 0


def test_it_is_what_the_command_does(desk: Path) -> None:
    (desk / "预算.yaml").write_text(GOOD_YAML, encoding="utf-8")
    result = build("预算.yaml", "甲/")
    assert run(["预算.yaml", "-o", "乙/"]) == 0
    assert result.output is not None
    assert (desk / "乙" / result.output.name).read_bytes() == result.data
    given = read("预算.yaml")
    assert make(check(given)).data == result.data


def test_a_file_need_not_be_read_before(desk: Path) -> None:
    (desk / "预算.yaml").write_text(GOOD_YAML, encoding="utf-8")
    known = check(read("预算.yaml"))
    assert check("预算.yaml") == check(Path("预算.yaml")) == known
    with pytest.raises(UserError, match="找不到文件"):
        check("没有.yaml")


def test_errors_stand_in_the_way_and_are_told(desk: Path) -> None:
    (desk / "预算.yaml").write_bytes(yaml_with("一般公共预算: 100", "一般公共预算: 101"))
    result = build(read("预算.yaml"), desk)
    assert (result.output, result.data) == (None, None)
    assert result.document.count(Severity.ERROR)
    assert [file.name for file in desk.iterdir()] == ["预算.yaml"]
    draft = make(result.document, draft=True)
    assert draft.data is not None


def test_what_was_read_is_what_is_worked_on(desk: Path) -> None:
    """A file that changes after it was read changes nothing, nor does one of its units."""
    unit = GOOD_YAML.replace("类型: 部门", "类型: 单位").replace('"345"', '"345001"')
    (desk / "中心.yaml").write_text(unit, encoding="utf-8")
    (desk / "预算.yaml").write_text(GOOD_YAML + "所属单位: [中心.yaml]\n", encoding="utf-8")
    given = read("预算.yaml")
    before = check(given)
    for name in ("预算.yaml", "中心.yaml"):
        (desk / name).write_text("x: 1", encoding="utf-8")
    assert check(given) == before
    assert before.disclosure is not None and len(before.disclosure.subordinates) == 1
    assert read("预算.yaml").digest != given.digest


def test_the_digest_is_of_the_units_too(desk: Path) -> None:
    (desk / "预算.yaml").write_text(GOOD_YAML + "所属单位: [中心.yaml]\n", encoding="utf-8")
    without = read("预算.yaml")
    (desk / "中心.yaml").write_text("x: 1", encoding="utf-8")
    assert read("预算.yaml").digest != without.digest


@pytest.mark.parametrize("name", ["/dev/zero", "C:\\windows\\x.yaml", "../../../../dev/zero"])
def test_a_units_file_without_an_end_is_not_read(desk: Path, name: str) -> None:
    (desk / "预算.yaml").write_text(GOOD_YAML + f"所属单位: ['{name}']\n", encoding="utf-8")
    found = [problem.rule for problem in check(read("预算.yaml")).problems]
    assert "INP113" in found


def test_every_name_of_the_library_is_there() -> None:
    for name in generator.__all__:
        assert getattr(generator, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        generator.nothing  # noqa: B018
    with pytest.raises(UserError):
        read(Path("没有.xlsx"))


def test_importing_the_library_loads_nothing() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, generator; print([m for m in sys.modules if m.startswith('generator.')])",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert said.stdout.strip() == "[]"
