"""The lists of a pack that only some runs need: read when they are asked for, once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
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
