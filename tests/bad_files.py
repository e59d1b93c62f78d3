"""Bad input files, made in memory: workbooks, archives, YAML texts; and a run of the program."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import plain
import pytest
from openpyxl import Workbook, load_workbook
from support import sample

from generator import cli

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@lru_cache(maxsize=1)
def good_workbook() -> bytes:
    """The small balanced budget as a workbook."""
    return plain.workbook(printed_sample())


def printed_sample() -> dict[str, Any]:
    """The sample less what its sentences do not print: nothing is told of it."""
    tree = sample()
    del tree["基本信息"]["专项公用经费"]
    for row in tree["上年数"]:
        if row["项目"] in ("支出总计", "人员经费", "公用经费", "专项公用经费"):
            row.pop("增减原因", None)
    return tree


def edited(change: Callable[[Workbook], object]) -> bytes:
    """The good workbook after a change with openpyxl."""
    book = load_workbook(io.BytesIO(good_workbook()))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cells(sheet: str, cells: Mapping[str, Any], number_format: str = "") -> bytes:
    """The good workbook with other values in some cells."""

    def change(book: Workbook) -> None:
        for cell, value in cells.items():
            book[sheet][cell].value = value
            if number_format:
                book[sheet][cell].number_format = number_format

    return edited(change)


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part of its archive changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        assert name in old.namelist()
        for member in old.namelist():
            part = old.read(member)
            changed = change(part) if member == name else part
            assert member != name or changed != part, "the change found nothing"
            new.writestr(member, changed)
    return buffer.getvalue()


def sheet_part(sheet: str) -> str:
    """The part of a sheet of the good workbook."""
    book = load_workbook(io.BytesIO(good_workbook()))
    return f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"


def with_xml(sheet: str, old: str, new: str) -> bytes:
    """The good workbook with a change in the XML of a sheet; ``old`` is a regular expression."""
    return with_part(
        good_workbook(),
        sheet_part(sheet),
        lambda xml: re.sub(old.encode(), new.encode(), xml, count=1),
    )


GOOD_YAML = """\
基本信息:
  类型: 部门
  编码: "345"
  名称: 某市数据局
  级别: 市
  年度: 2025
机构设置:
  - {单位名称: 某市数据局}
收入:
  - {科目编码: "2010301", 科目名称: 行政运行, 一般公共预算: 100}
  - {科目编码: "2010303", 科目名称: 机关服务, 一般公共预算: 50}
支出:
  - {科目编码: "2010301", 资金性质: 一般公共预算, 基本支出: 100}
  - {科目编码: "2010303", 资金性质: 一般公共预算, 基本支出: 50}
基本支出:
  - {科目编码: "30101", 科目名称: 基本工资, 人员经费: 150}
上年数:
  - {项目: 支出总计, 上年数: 150}
  - {项目: 基本支出, 上年数: 150}
  - {项目: 项目支出, 上年数: 0}
  - {项目: 因公出国（境）费, 上年数: 0}
  - {项目: 公务用车购置费, 上年数: 0}
  - {项目: 公务用车运行维护费, 上年数: 0}
  - {项目: 公务接待费, 上年数: 0}
文字:
  职责:
    - 建设平台。
  总体目标: |
    稳定运行。

    群众满意。
  分项目标: 运行率不低于99%。
  保障措施: 按月核对。
"""


def yaml_with(old: str, new: str) -> bytes:
    """The good YAML text with one change."""
    assert GOOD_YAML.count(old) >= 1, "the change found nothing"
    return GOOD_YAML.replace(old, new, 1).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Run:
    """What a run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one file of the JSON report."""
        (file,) = json.loads(self.out)["files"]
        return dict(file)

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """Rule, place and message of every problem, in order."""
        return [(p["rule"], place(p["place"]), p["message"]) for p in self.report["problems"]]


def place(fields: Mapping[str, Any]) -> str:
    """``收入!C2``, ``收入``, ``第6行 基本信息.编码``."""
    if fields["sheet"]:
        return "!".join(filter(None, (fields["sheet"], fields["cell"])))
    return " ".join(filter(None, (fields["line"] and f"第{fields['line']}行", fields["path"])))


class Desk:
    """A folder to work in. Every run that fails is checked to leave the folder as it was."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def put(self, data: bytes, name: str = "预算.xlsx") -> Path:
        """Lay a file on the desk."""
        file = self.folder / name
        file.write_bytes(data)
        return file

    def run(self, *arguments: object) -> Run:
        """Run the command line."""
        before = self.files()
        self._capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        if code and "--draft" not in arguments:
            assert self.files() == before, "a run that failed has changed files"
        return Run(code, captured.out, captured.err)

    def check(self, data: bytes, name: str = "预算.xlsx") -> Run:
        """Run a file and have the result as JSON."""
        return self.run(self.put(data, name), "--format", "json")

    def files(self) -> dict[str, bytes]:
        """Everything that lies on the desk."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
