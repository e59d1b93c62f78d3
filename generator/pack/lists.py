"""The lists of a pack that only some runs need: read when they are asked for, once."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator import yamltext
from generator.pack.fault import Mistake, PackFault
from generator.pack.patterns import UnsafePattern, compiled
from generator.problem import UserError

MAX_SLIPS: Final = 1000


@lru_cache(maxsize=8)
def catalogue(file: Path, changed: int) -> Mapping[str, str]:
    """codes/procurement.csv: 政府采购目录 of the pack's years, code → name.

    ``changed``: the state of the file, here and below; another state is read anew.
    """
    return read_codes(file)


def read_codes(file: Path) -> dict[str, str]:
    """A list of codes, code → name; raises :class:`UserError` when it cannot be read."""
    try:
        return {code: row["name"] for code, row in read_rows(file).items()}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise UserError(
            f"代码表 {file} 无法读取。", "它应是 UTF-8 的 CSV，列为 code、name。"
        ) from error


def read_rows(file: Path) -> dict[str, dict[str, str]]:
    """The rows of a list of codes by their code; raises whatever reading a CSV file may."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def read_yaml(file: Path) -> yamltext.YamlDocument:
    """A YAML file of a pack. Raises :class:`PackFault` with the line of the first slip in it."""
    try:
        return yamltext.parse(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        hint = "请在记事本里“另存为”，编码选 UTF-8。"
        raise PackFault([Mistake(file, "不是 UTF-8 编码的文字", hint)]) from error
    except OSError as error:
        raise PackFault([Mistake(file, "无法读取")]) from error
    except yamltext.YamlProblem as error:
        raise PackFault([Mistake(file, error.message, error.hint, error.line)]) from error


@lru_cache(maxsize=8)
def suggestions(file: Path, changed: int) -> Mapping[str, tuple[str, ...]]:
    """lists.yaml: what is usually filled in in a column, by the column's name."""
    tree: Any = read_yaml(file).tree
    if not isinstance(tree, dict) or not all(isinstance(v, list) for v in tree.values()):
        raise PackFault([Mistake(file, "写法不对", "每条写成 列名: [选项, 选项]。")])
    return {str(name): tuple(map(str, values)) for name, values in tree.items()}


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong word: ``word`` stands in it, ``pattern`` is it, ``right`` is what it should be."""

    word: str
    pattern: re.Pattern[str]
    right: str


@dataclass(frozen=True, slots=True)
class Words:
    """words.yaml: known slips, and terms that the form calls otherwise (wrong → right)."""

    slips: tuple[Slip, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=8)
def words(file: Path, changed: int = 0) -> Words:
    """The words that a pack knows to be wrong."""
    tree: Any = read_yaml(file).tree
    try:
        rows = tuple(tree.get("错字", ()))
        if len(rows) > MAX_SLIPS:
            raise PackFault([Mistake(file, f"错字太多（最多 {MAX_SLIPS} 条）")])
        slips = tuple(
            Slip(row["词"], compiled(row.get("式") or re.escape(row["词"])), row["改"])
            for row in rows
        )
        return Words(slips, {str(k): str(v) for k, v in tree.get("用语", {}).items()})
    except UnsafePattern as error:
        raise PackFault([Mistake(file, str(error))]) from error
    except (AttributeError, KeyError, TypeError, re.error) as error:
        hint = "错字每条写 词、改，可以再写 式；用语写 错: 对。"
        raise PackFault([Mistake(file, "写法不对", hint)]) from error
