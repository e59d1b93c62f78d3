"""The list of departments that a finance bureau expects: code and name, from xlsx, csv or YAML."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator import yamltext
from generator.disclosure import read_year
from generator.problem import UserError
from generator.sources import read_bytes, xlsx

CODE: Final = "编码"
NAME: Final = "名称"
YEAR: Final = "年度"


@dataclass(frozen=True, slots=True)
class Expected:
    """One department (or unit) that should send its workbook; ``year``: 0 for any."""

    code: str
    name: str
    year: int = 0

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()


class Index:
    """A roster to look up in. ``rows``: each once, in their order.

    Codes that differ only in leading zeros are the same where only one row can be meant: a
    spreadsheet drops them. Names are the same whatever their blanks and widths.
    """

    def __init__(self, rows: Iterable[Expected]) -> None:
        self.rows = tuple(
            {(fold(row.code), fold(row.name), row.year): row for row in rows}.values()
        )
        self._codes: dict[str, list[Expected]] = {}
        self._bare: dict[str, set[str]] = {}
        self._names: dict[str, list[Expected]] = {}
        for row in self.rows:
            if code := fold(row.code):
                self._codes.setdefault(code, []).append(row)
                self._bare.setdefault(code.lstrip("0"), set()).add(code)
            if name := fold(row.name):
                self._names.setdefault(name, []).append(row)

    def coded(self, code: str) -> list[Expected]:
        """The rows of a code."""
        folded = fold(code)
        if folded not in self._codes:
            bare = self._bare.get(folded.lstrip("0"), set()) if folded else set()
            folded = next(iter(bare)) if len(bare) == 1 else ""
        return self._codes.get(folded, [])

    def called(self, name: str) -> list[Expected]:
        """The rows of a name."""
        return self._names.get(fold(name), [])

    def in_name(self, file: str) -> Expected | None:
        """The row whose name, or else code, the name of a file says."""
        folded, plain = fold(file), unicodedata.normalize("NFKC", file)
        said = [row for name, rows in self._names.items() if name in folded for row in rows[:1]]
        if said:
            return max(said, key=lambda row: len(row.name))
        for code, rows in self._codes.items():
            if re.search(rf"(?<![0-9]){re.escape(code)}(?![0-9])", plain):
                return rows[0]
        return None


def fold(text: str) -> str:
    """A code or a name without blanks and the difference between full and half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read(file: Path) -> list[Expected]:
    """The departments of a roster. Raises :class:`UserError`.

    The columns are called 编码 and 名称 (or end so: 部门编码, 单位名称); one of them will do. There
    may be a column 年度.
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
    rows = [[str(m.get(column, "")) for column in (CODE, NAME, YEAR)] for m in mappings]
    rows += [["", str(e)] for e in entries if isinstance(e, str)]
    return [[CODE, NAME, YEAR], *rows]


def _cell(value: object) -> str:
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text


def _departments(rows: Sequence[Sequence[str]]) -> Iterable[Expected]:
    columns: dict[str, int] = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not columns:
            for index, cell in enumerate(cells):
                for wanted in (CODE, NAME, YEAR):
                    if cell.endswith(wanted):
                        columns.setdefault(wanted, index)
            if columns.keys() == {YEAR}:  # of a title above the columns
                columns = {}
            continue
        code, name, year = (
            cells[columns[c]] if c in columns and columns[c] < len(cells) else ""
            for c in (CODE, NAME, YEAR)
        )
        if code or name:
            yield Expected(code, name, _year(year, f"{code} {name}".strip()))


def _year(said: str, label: str) -> int:
    """0 where nothing is said. Raises :class:`UserError`: a wrong one would let every year pass."""
    if said and read_year(said) is None:
        raise UserError(f"名单里“{label}”的年度“{said}”不是年度。", "请写成 2025 这样，或空着。")
    return read_year(said) or 0
