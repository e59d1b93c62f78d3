"""The lists of a pack that only some runs need: read when they are asked for, once."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator import yamltext
from generator.problem import UserError


@lru_cache(maxsize=8)
def catalogue(folder: Path) -> Mapping[str, str]:
    """codes/procurement.csv: 政府采购目录 of the pack's years, code → name."""
    return read_codes(folder / "codes" / "procurement.csv")


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
def suggestions(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """lists.yaml: what is usually filled in in a column, by the column's name."""
    file = folder / "lists.yaml"
    try:
        tree: Any = yamltext.parse(file.read_text(encoding="utf-8-sig")).tree
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"格式包文件 {file} 无法读取。") from error
    except yamltext.YamlProblem as error:
        raise UserError(f"格式包文件 {file} 第 {error.line} 行：{error.message}。") from error
    return {str(name): tuple(map(str, values)) for name, values in dict(tree).items()}


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
def words(folder: Path) -> Words:
    """The words that a pack knows to be wrong; a pack need not have any."""
    file = folder / "words.yaml"
    if not file.exists():
        return Words()
    try:
        tree: Any = yamltext.parse(file.read_text(encoding="utf-8-sig")).tree
        slips = tuple(
            Slip(row["词"], re.compile(row.get("式") or re.escape(row["词"])), row["改"])
            for row in tree.get("错字", ())
        )
        return Words(slips, {str(k): str(v) for k, v in tree.get("用语", {}).items()})
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"格式包文件 {file} 无法读取。") from error
    except yamltext.YamlProblem as error:
        raise UserError(f"格式包文件 {file} 第 {error.line} 行：{error.message}。") from error
    except (AttributeError, KeyError, TypeError, re.error) as error:
        raise UserError(
            f"格式包文件 {file} 的写法不对。", "错字每条写 词、改，可以再写 式；用语写 错: 对。"
        ) from error
