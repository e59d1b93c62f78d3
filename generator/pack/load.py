"""Reading one pack from its folder and its base's; a mistake is told by file and key.

A variant (``基于: hebei/2025``) holds only what differs: the keys of its pack.yaml and its files
take the place of the base's, each whole.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator import yamltext
from generator.pack import folder as folders
from generator.pack.check import Slip, mistakes
from generator.pack.fault import Mistake, PackFault, Wrong, guess
from generator.pack.folder import PackFile
from generator.pack.lists import read_rows, read_yaml
from generator.pack.model import Pack, keys
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

    def advice(self, file: Path, hint: str) -> str:
        """``hint``; for a file of the base, which is not to be changed, what to do instead."""
        if not self.base or file.is_relative_to(self.folder):
            return hint
        name = next((name for name, one in self.files.items() if one.path == file), file.name)
        return (
            f"这是所基于的格式包 {self.base} 的文件，不要改它："
            f"请检查 {self.folder / folders.PACK}，或把它抄成 {self.folder / name} 再改。"
        )


def base_of(file: Path) -> str:
    """The id of the pack that this ``pack.yaml`` is based on, ``""`` for none.

    A file that cannot be read names none; loading the pack tells what is wrong with it.
    """
    try:
        told = file.stat()
        return str(_about(file, told.st_size, told.st_mtime_ns).get(BASE, ""))
    except (OSError, UserError):
        return ""


@lru_cache(maxsize=32)
def _about(file: Path, size: int, changed: int) -> Mapping[str, Any]:
    """A pack.yaml; ``changed``: the state of the file, another state is read anew."""
    if size > folders.MAX_TEXT:
        raise PackFault([Mistake(file, "过大")])
    return _mapping(read_yaml(file), file)


def read(folder: Path, pack_id: str, find_base: FindBase) -> Pack:
    """Read and check a pack. Raises :class:`PackFault` with every mistake of all its files."""
    try:
        source = _source(folder, find_base)
    except PackFault as fault:  # of pack.yaml: what it is based on is not known
        raise PackFault([*fault.mistakes, *_slips_beside(folder)]) from fault
    reading = _Reading(source)
    pack = reading.pack()
    if pack is not None:
        pack.found_in(folder, pack_id, source.files)
    if reading.found or pack is None:
        raise PackFault(reading.found, pack)
    return pack


def _slips_beside(folder: Path) -> Iterator[Mistake]:
    """What cannot be parsed in the other files."""
    for name, file in folders.files_of(folder).items():
        if (
            name.endswith(".yaml")
            and name != folders.PACK
            and file.plain
            and file.size <= folders.MAX_TEXT
        ):
            try:
                read_yaml(file.path)
            except PackFault as fault:
                yield from fault.mistakes


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
        message = f"{base_id} 自己也基于别的格式包，只能有一层"
        raise PackFault([Mistake(file.path, message, f"请改为基于 {about[BASE]}。", key=BASE)])
    folders.judge(base, below)
    folders.judge(folder, files, below)
    if "名称" not in own:
        raise PackFault([Mistake(file.path, "缺少这个键", key="名称")])
    said_in = {**dict.fromkeys(about, beneath.path), **dict.fromkeys(own, file.path)}
    return _Source(folder, {**below, **files}, {**about, **own}, said_in, base_id)


class _Reading:
    """Everything of a pack read, whatever is wrong with it. ``found``: the mistakes."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._documents: dict[Path, yamltext.YamlDocument] = {}
        self._tables: dict[str, Path] = {}
        self._unread: set[str] = set()
        self.found: list[Mistake] = []

    def pack(self) -> Pack | None:
        """The pack; None where no whole one can be made of what was read."""
        data: dict[str, Any] = dict(self._source.about)
        self._document(self._source.path(folders.PACK), folders.PACK)
        for name in (folders.SECTIONS, folders.GLOSSARY):
            if (document := self._document(self._source.path(name), name)) is not None:
                data[name.removesuffix(".yaml")] = document.tree
        data["tables"] = self._read_tables()
        for name in (folders.FUNCTIONAL, folders.ECONOMIC):
            if (rows := self._codes(self._source.path(name), name)) is not None:
                data[Path(name).stem] = rows
        try:
            pack = Pack.model_validate(data)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                self._explain(one)
            return None
        for slip in mistakes(pack):
            self._tell_slip(slip)
        return pack

    def _document(self, file: Path, name: str) -> yamltext.YamlDocument | None:
        try:
            self._documents[file] = read_yaml(file)
        except PackFault as fault:
            self._unread.add(name.partition("/")[0].removesuffix(".yaml"))
            for mistake in fault.mistakes:
                hint = self._source.advice(file, mistake.hint)
                self.found.append(replace(mistake, hint=hint))
        return self._documents.get(file)

    def _read_tables(self) -> dict[str, Any]:
        tables: dict[str, Any] = {}
        for name, file in self._source.files.items():
            if not name.startswith(folders.TABLES):
                continue
            if (document := self._document(file.path, name)) is None:
                continue
            if not isinstance(document.tree, dict):
                self._tell(file.path, "应由“键: 值”组成")
                self._unread.add("tables")
                continue
            id_ = str(document.tree.get("表", name))
            if id_ in tables:
                self._tell(file.path, f"和 {self._tables[id_].name} 都是表 {id_}", key=("表",))
                self._unread.add("tables")
                continue
            tables[id_], self._tables[id_] = document.tree, file.path
        return tables

    def _codes(self, file: Path, name: str) -> dict[str, dict[str, str]] | None:
        try:
            return read_rows(file)
        except (OSError, UnicodeDecodeError, KeyError, csv.Error):
            hint = "它应是 UTF-8 的 CSV，列为 code、name、status，功能分类可以再有 fund。"
            self._unread.add(Path(name).stem)
            self._tell(file, "无法读取", hint)
            return None

    # --- telling

    def _tell(
        self,
        file: Path,
        message: str,
        hint: str = "",
        *,
        key: Sequence[str | int] = (),
        name: str = "",
        word: str = "",
    ) -> None:
        """``key``: the place in the file; ``name``: its place as it is told, by default the key;
        ``word``: what stands in the line.
        """
        line = self._line(file, tuple(key), word)
        told = name or ".".join(map(str, key))
        self.found.append(Mistake(file, message, self._source.advice(file, hint), line, told))

    def _line(self, file: Path, key: tuple[str | int, ...], word: str) -> int:
        """Of the key, or of the nearest key above it; from there of the word, where there is one.

        0 for what is no YAML, and for the whole of a file.
        """
        document = self._documents.get(file)
        if document is None:
            return 0
        start = document.line(key)
        if word:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
            for number, line in enumerate(lines[start - 1 :], start):
                if word in line:
                    return number
        return start if start > 1 or key else 0

    def _tell_slip(self, slip: Slip) -> None:
        first, *rest = slip.where.split(".")
        if first in ("sections", "glossary"):
            file = self._source.path(f"{first}.yaml")
        else:
            file = self._tables.get(first.removeprefix("表 "), self._source.folder)
        self._tell(file, slip.message, slip.hint, key=rest, name=slip.where, word=slip.word)

    def _explain(self, error: ErrorDetails) -> None:
        """A mistake that pydantic has found."""
        loc = list(error["loc"])
        if self._unread and (not loc or loc[0] in self._unread) and len(loc) < 2:
            return  # of a file that could not be read, which has been told
        file = self._source.said_in.get(str(next(iter(loc), "")), self._source.path(folders.PACK))
        if loc and loc[0] in ("sections", "glossary"):
            file = self._source.path(f"{loc.pop(0)}.yaml")
        elif len(loc) > 1 and loc[0] == "tables":
            file = self._tables.get(str(loc[1]), self._source.folder / "tables")
            loc = loc[2:]
        elif loc and loc[0] in ("functional", "economic"):
            file = self._source.path(f"codes/{loc.pop(0)}.csv")
        message, hint, word = _reason(error)
        self._tell(file, message, hint, key=loc, word=word)


def _reason(error: ErrorDetails) -> tuple[str, str, str]:
    """What is wrong, what to do, and the word that is wrong."""
    context, given = error.get("ctx", {}), error.get("input")
    if isinstance(wrong := context.get("error"), Wrong):
        return str(wrong), wrong.hint, wrong.word
    if error["type"] == "extra_forbidden":
        return "没有这个键", guess(str(error["loc"][-1]), keys()), ""
    if error["type"] == "tuple_type":
        shown = given if isinstance(given, str) else "甲, 乙"
        return "要写成一串", f"请加上方括号，如 [{shown}]，或每条前面写“- ”。", ""
    reasons = {
        "missing": "缺少这个键",
        "literal_error": f"取值应为 {_choices(context)}",
        "string_type": "应是文字",
        "int_parsing": "应是整数",
        "too_long": f"太多了，最多 {context.get('max_length', '')} 个",
        **dict.fromkeys(("dict_type", "mapping_type", "model_type"), "应由“键: 值”组成"),
    }
    said = str(error["msg"]).removeprefix("Value error, ")
    return reasons.get(error["type"], said), "", ""


def _choices(context: Mapping[str, Any]) -> str:
    return (
        str(context.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace("'", "")
    )


def _mapping(document: yamltext.YamlDocument, file: Path) -> dict[str, Any]:
    if not isinstance(document.tree, dict):
        raise PackFault([Mistake(file, "应由“键: 值”组成")])
    return document.tree
