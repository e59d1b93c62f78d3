"""Reading one pack from its folder and its base's; a mistake is told by file and key.

A variant (``基于: hebei/2025``) holds only what differs: the keys of its pack.yaml and its files
take the place of the base's, each whole.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from generator import yamltext
from generator.pack import folder as folders
from generator.pack.check import mistakes
from generator.pack.folder import PackFile
from generator.pack.model import Pack
from generator.problem import UserError

BASE: Final = "基于"

FindBase = Callable[[str], Path]
"""The folder of the pack that a variant is based on, by id; raises :class:`UserError`."""


@dataclass(frozen=True)
class _Source:
    """What a pack is read from. ``about``: its pack.yaml, with what its base says beyond it;
    ``said_in``: which file says each key of that.
    """

    folder: Path
    files: Mapping[str, PackFile]
    about: Mapping[str, Any]
    said_in: Mapping[str, Path]
    base: str = ""

    def path(self, name: str) -> Path:
        return self.files[name].path if name in self.files else self.folder / name

    def advice(self, file: Path) -> str:
        """What to do about a mistake in a file of the base, which is not to be changed."""
        if not self.base or file.is_relative_to(self.folder):
            return ""
        name = next((name for name, one in self.files.items() if one.path == file), file.name)
        return (
            f"这是所基于的格式包 {self.base} 的文件，不要改它："
            f"请检查 {self.folder / folders.PACK}，或把它抄成 {self.folder / name} 再改。"
        )


def base_of(file: Path) -> str:
    """The id of the pack that this ``pack.yaml`` is based on, ``""`` for none."""
    try:
        told = file.stat()
    except OSError:
        return ""
    return str(_about(file, told.st_size, told.st_mtime_ns).get(BASE, ""))


@lru_cache(maxsize=32)
def _about(file: Path, size: int, changed: int) -> Mapping[str, Any]:
    """A pack.yaml; ``changed``: the state of the file, another state is read anew."""
    if size > folders.MAX_TEXT:
        raise UserError(f"格式包文件 {file} 过大。")
    return _mapping(_yaml(file), file)


def read(folder: Path, pack_id: str, find_base: FindBase) -> Pack:
    """Read and check a pack. Raises :class:`UserError` that names file and key."""
    source = _source(folder, find_base)
    pack, tables = _built(source)
    pack.found_in(folder, pack_id, source.files)
    for where, mistake in mistakes(pack):
        file = _file_of(where, source, tables)
        raise UserError(f"格式包文件 {file} 的“{where}”：{mistake}。", source.advice(file))
    return pack


def _source(folder: Path, find_base: FindBase) -> _Source:
    files = folders.files_of(folder)
    if folders.PACK not in files:
        raise UserError(f"{folder} 不是格式包：里面没有 {folders.PACK}。")
    file = files[folders.PACK]
    own = _about(file.path, file.size, file.changed)
    base_id = str(own.get(BASE, ""))
    if not base_id:
        folders.judge(folder, files)
        return _Source(folder, files, own, dict.fromkeys(own, file.path))
    base = find_base(base_id)
    below = folders.files_of(base)
    beneath = below[folders.PACK]
    about = _about(beneath.path, beneath.size, beneath.changed)
    if about.get(BASE):
        raise UserError(
            f"格式包文件 {file.path} 的“{BASE}”：{base_id} 自己也基于别的格式包，只能有一层。",
            f"请改为基于 {about[BASE]}。",
        )
    folders.judge(base, below)
    folders.judge(folder, files, below)
    if "名称" not in own:
        raise UserError(f"格式包文件 {file.path} 的“名称”：缺少这个键。")
    said_in = {**dict.fromkeys(about, beneath.path), **dict.fromkeys(own, file.path)}
    return _Source(folder, {**below, **files}, {**about, **own}, said_in, base_id)


def _built(source: _Source) -> tuple[Pack, dict[str, Path]]:
    """The pack, and the file of every table."""
    data: dict[str, Any] = dict(source.about)
    for name in (folders.SECTIONS, folders.GLOSSARY):
        data[name.removesuffix(".yaml")] = _yaml(source.path(name)).tree
    tables: dict[str, Any] = {}
    table_files: dict[str, Path] = {}
    for name, file in source.files.items():
        if not name.startswith(folders.TABLES):
            continue
        table = _mapping(_yaml(file.path), file.path)
        id_ = str(table.get("表"))
        if id_ in tables:
            raise UserError(f"格式包文件 {file.path} 和 {table_files[id_]} 都是表 {id_}。")
        tables[id_], table_files[id_] = table, file.path
    data["tables"] = tables
    data["functional"] = _code_list(source.path(folders.FUNCTIONAL))
    data["economic"] = _code_list(source.path(folders.ECONOMIC))
    try:
        return Pack.model_validate(data), table_files
    except ValidationError as error:
        raise _explained(error, source, table_files) from error


def _yaml(file: Path) -> yamltext.YamlDocument:
    try:
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


def _file_of(where: str, source: _Source, tables: Mapping[str, Path]) -> Path:
    """The file that a place of :func:`mistakes` lies in."""
    first = where.partition(".")[0]
    if first in ("sections", "glossary"):
        return source.path(f"{first}.yaml")
    return tables.get(first.removeprefix("表 "), source.folder)


def _explained(error: ValidationError, source: _Source, tables: Mapping[str, Path]) -> UserError:
    first = error.errors(include_url=False)[0]
    loc = [str(step) for step in first["loc"]]
    file = source.said_in.get(next(iter(loc), ""), source.path(folders.PACK))
    if loc and loc[0] in ("sections", "glossary"):
        file = source.path(f"{loc.pop(0)}.yaml")
    elif len(loc) > 1 and loc[0] == "tables":
        file = tables.get(loc[1], source.folder / "tables")
        loc = loc[2:]
    elif loc and loc[0] in ("functional", "economic"):
        file = source.path(f"codes/{loc.pop(0)}.csv")
    reasons = {
        "missing": "缺少这个键",
        "extra_forbidden": "没有这个键",
        "literal_error": f"取值应为 {first.get('ctx', {}).get('expected', '')}",
        "string_type": "应是文字",
        "int_parsing": "应是整数",
        "tuple_type": "应是列表",
        "too_long": f"太多了，最多 {first.get('ctx', {}).get('max_length', '')} 个",
        **dict.fromkeys(("dict_type", "mapping_type", "model_type"), "应由“键: 值”组成"),
    }
    reason = reasons.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
    return UserError(
        f"格式包文件 {file} 的“{'.'.join(loc) or '（整个文件）'}”：{reason}。", source.advice(file)
    )
