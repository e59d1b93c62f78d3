"""Packs on disk: which there are, and reading one; a mistake is told by file and key."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from generator import yamltext
from generator.pack.check import mistakes
from generator.pack.model import Pack
from generator.problem import UserError

DEFAULT_PLACE: Final = "hebei"
MAX_FILE: Final = 4_000_000  # bytes of one YAML or CSV file


def packs_root() -> Path:
    """Where the built-in packs lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def available() -> list[str]:
    """Ids of the built-in packs, ascending: ``["hebei/2022", …]``."""
    return sorted(f"{p.parent.parent.name}/{p.parent.name}" for p in _pack_files(packs_root()))


def _pack_files(root: Path) -> Iterable[Path]:
    return root.glob("*/*/pack.yaml")


def newest_for(year: int, place: str = DEFAULT_PLACE) -> str:
    """Id of the newest pack of a place that is not later than the year."""
    years = [int(i.partition("/")[2]) for i in available() if i.startswith(f"{place}/")]
    fitting = [y for y in years if y <= year]
    if not fitting:
        raise UserError(
            f"没有适用于 {year} 年的格式包。", f"可以用 --pack 指定一个：{'、'.join(available())}。"
        )
    return f"{place}/{max(fitting)}"


@lru_cache(maxsize=8)
def load(pack_id: str) -> Pack:
    """Load a built-in pack by id, once. Raises :class:`UserError` for an unknown or faulty one."""
    # The id comes from the command line or the input: only a name that was found is opened.
    if pack_id not in available():
        raise UserError(
            f"没有格式包“{pack_id}”。", f"可用的格式包：{'、'.join(available()) or '（无）'}。"
        )
    place, _, year = pack_id.partition("/")
    return load_folder(packs_root() / place / year, pack_id)


@lru_cache(maxsize=1)
def digest() -> str:
    """A digest of every file of the built-in packs: whether a document may have become another."""
    root = packs_root()
    whole = hashlib.sha256()
    for file in sorted(f for f in root.rglob("*") if f.is_file()):
        whole.update(file.relative_to(root).as_posix().encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def load_folder(folder: Path, pack_id: str) -> Pack:
    """Load the pack in a folder. Raises :class:`UserError` that names file and key."""
    files = {
        "pack": folder / "pack.yaml",
        "sections": folder / "sections.yaml",
        "glossary": folder / "glossary.yaml",
    }
    documents = {name: _yaml(file) for name, file in files.items()}
    data: dict[str, Any] = dict(_mapping(documents["pack"], files["pack"]))
    data["sections"] = documents["sections"].tree
    data["glossary"] = documents["glossary"].tree
    tables: dict[str, Any] = {}
    for file in sorted((folder / "tables").glob("*.yaml")):
        table = _mapping(_yaml(file), file)
        id_ = str(table.get("表"))
        if id_ in tables:
            raise UserError(f"格式包文件 {file} 和 {files[f'tables.{id_}']} 都是表 {id_}。")
        files[f"tables.{id_}"] = file
        tables[id_] = table
    data["tables"] = tables
    data["functional"] = _code_list(folder / "codes" / "functional.csv")
    data["economic"] = _code_list(folder / "codes" / "economic.csv")
    try:
        pack = Pack.model_validate(data)
    except ValidationError as error:
        raise UserError(_explain(error, folder, files)) from error
    pack.found_in(folder, pack_id)
    for where, mistake in mistakes(pack):
        raise UserError(f"格式包 {folder} 的“{where}”：{mistake}。")
    return pack


def _yaml(file: Path) -> yamltext.YamlDocument:
    try:
        if file.stat().st_size > MAX_FILE:
            raise UserError(f"格式包文件 {file} 过大。")
        return yamltext.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"格式包文件 {file} 无法读取。") from error
    except yamltext.YamlProblem as error:
        raise UserError(f"格式包文件 {file} 第 {error.line} 行：{error.message}。") from error


def _mapping(document: yamltext.YamlDocument, file: Path) -> dict[str, Any]:
    if not isinstance(document.tree, dict):
        raise UserError(f"格式包文件 {file} 应由“键: 值”组成。")
    return document.tree


def _code_list(file: Path) -> dict[str, Any]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {row["code"]: row for row in csv.DictReader(stream)}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise UserError(
            f"格式包文件 {file} 无法读取。",
            "它应是 UTF-8 的 CSV，列为 code、name、status，功能分类可以再有 fund。",
        ) from error


def _explain(error: ValidationError, folder: Path, files: Mapping[str, Path]) -> str:
    first = error.errors(include_url=False)[0]
    loc = [str(step) for step in first["loc"]]
    file = folder / "pack.yaml"
    if loc and loc[0] in ("sections", "glossary"):
        file = files[loc.pop(0)]
    elif len(loc) > 1 and loc[0] == "tables":
        file = files.get(f"tables.{loc[1]}", folder / "tables")
        loc = loc[2:]
    elif loc and loc[0] in ("functional", "economic"):
        file = folder / "codes" / f"{loc.pop(0)}.csv"
    reasons = {
        "missing": "缺少这个键",
        "extra_forbidden": "没有这个键",
        "literal_error": f"取值应为 {first.get('ctx', {}).get('expected', '')}",
        "string_type": "应是文字",
        "int_parsing": "应是整数",
        "tuple_type": "应是列表",
        **dict.fromkeys(("dict_type", "mapping_type", "model_type"), "应由“键: 值”组成"),
    }
    reason = reasons.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
    return f"格式包文件 {file} 的“{'.'.join(loc) or '（整个文件）'}”：{reason}。"
