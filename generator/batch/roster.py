"""The list of departments that a finance bureau expects: code and name, from xlsx, csv or YAML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator import yamltext
from generator.problem import UserError
from generator.sources import read_bytes, xlsx

CODE: Final = "编码"
NAME: Final = "名称"


@dataclass(frozen=True, slots=True)
class Expected:
    """One department (or unit) that should send its workbook."""

    code: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()


def read(file: Path) -> list[Expected]:
    """The departments of a roster. Raises :class:`UserError`.

    The columns are called 编码 and 名称 (or end so: 部门编码, 单位名称); one of them will do.
    """
    data = read_bytes(file)
    suffix = file.suffix.lower()
    if suffix in (".yaml", ".yml"):
        rows = _yaml_rows(file, data)
    elif suffix == ".csv":
        rows = _csv_rows(file, data)
    elif suffix in (".xlsx", ".xlsm"):
        book = xlsx.Book(file.name, data)
        rows = [[_cell(v) for v in row] for row in book.grid(book.sheets[0]).rows]
    else:
        raise UserError(f"名单“{file.name}”的类型不对。", "请给出 .xlsx、.csv 或 .yaml 文件。")
    found = list(_departments(rows))
    if not found:
        raise UserError(
            f"名单“{file.name}”里没有读到部门。", "第一行应有“编码”或“名称”两列的列名。"
        )
    return found


def _text(file: Path, data: bytes) -> str:
    """Excel on a Chinese Windows writes .csv in its own code page."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(f"名单“{file.name}”的文字编码不认识。", "请另存为 UTF-8 的 CSV 或 .xlsx。")


def _csv_rows(file: Path, data: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(_text(file, data))))
    except csv.Error as error:  # a cell of more than 128 KB, or a quotation mark too many
        raise UserError(
            f"名单“{file.name}”不是能读的 CSV：有一格太长，或引号没有成对。",
            "请在 WPS 或 Excel 里打开，另存为 .xlsx。",
        ) from error


def _yaml_rows(file: Path, data: bytes) -> list[list[str]]:
    try:
        tree: Any = yamltext.parse(_text(file, data)).tree
    except yamltext.YamlProblem as error:
        raise UserError(f"名单“{file.name}”第 {error.line} 行：{error.message}。") from error
    entries: Sequence[Any] = tree if isinstance(tree, list) else []
    mappings: list[Mapping[str, Any]] = [e for e in entries if isinstance(e, dict)]
    rows = [[str(m.get(CODE, "")), str(m.get(NAME, ""))] for m in mappings]
    rows += [["", str(e)] for e in entries if isinstance(e, str)]
    return [[CODE, NAME], *rows]


def _cell(value: object) -> str:
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text


def _departments(rows: Sequence[Sequence[str]]) -> Iterable[Expected]:
    columns: dict[str, int] = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not columns:
            for index, cell in enumerate(cells):
                for wanted in (CODE, NAME):
                    if cell.endswith(wanted):
                        columns.setdefault(wanted, index)
            continue
        code, name = (
            cells[columns[c]] if c in columns and columns[c] < len(cells) else ""
            for c in (CODE, NAME)
        )
        if code or name:
            yield Expected(code, name)
