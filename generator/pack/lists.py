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
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {row["code"]: row["name"] for row in csv.DictReader(stream)}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise UserError(
            f"代码表 {file} 无法读取。", "它应是 UTF-8 的 CSV，列为 code、name。"
        ) from error


@lru_cache(maxsize=8)
def suggestions(file: Path, changed: int) -> Mapping[str, tuple[str, ...]]:
    """lists.yaml: what is usually filled in in a column, by the column's name."""
    tree = _tree(file)
    if not isinstance(tree, dict) or not all(isinstance(v, list) for v in tree.values()):
        raise UserError(f"格式包文件 {file} 的写法不对。", "每条写成 列名: [选项, 选项]。")
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
    tree = _tree(file)
    try:
        rows = tuple(tree.get("错字", ()))
        if len(rows) > MAX_SLIPS:
            raise UserError(f"格式包文件 {file} 的错字太多（最多 {MAX_SLIPS} 条）。")
        slips = tuple(
            Slip(row["词"], compiled(row.get("式") or re.escape(row["词"])), row["改"])
            for row in rows
        )
        return Words(slips, {str(k): str(v) for k, v in tree.get("用语", {}).items()})
    except UnsafePattern as error:
        raise UserError(f"格式包文件 {file}：{error}。") from error
    except (AttributeError, KeyError, TypeError, re.error) as error:
        raise UserError(
            f"格式包文件 {file} 的写法不对。", "错字每条写 词、改，可以再写 式；用语写 错: 对。"
        ) from error


def _tree(file: Path) -> Any:
    try:
        return yamltext.parse(file.read_text(encoding="utf-8-sig")).tree
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"格式包文件 {file} 无法读取。") from error
    except yamltext.YamlProblem as error:
        raise UserError(f"格式包文件 {file} 第 {error.line} 行：{error.message}。") from error
