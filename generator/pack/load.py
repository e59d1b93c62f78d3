"""Reading one pack from its folder and its base's; a mistake is told by file and key.

A variant (``基于: hebei/2025``) holds only what differs: the keys of its pack.yaml and its files
take the place of the base's, each whole.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator import yamltext
from generator.pack import folder as folders
from generator.pack.check import Slip, mistakes
from generator.pack.fault import Mistake, PackFault, Wrong, guess
from generator.pack.lists import read_rows, read_yaml
from generator.pack.model import Pack, keys
from generator.pack.source import FindBase, Source, source_of


def read(folder: Path, pack_id: str, find_base: FindBase) -> Pack:
    """Read and check a pack. Raises :class:`PackFault` with every mistake of all its files."""
    try:
        source = source_of(folder, find_base)
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
    """What else is wrong: files that may not be read, or cannot be parsed."""
    sound, found = folders.judge(folder, folders.files_of(folder))
    yield from found
    for name, file in sound.items():
        if name.endswith(".yaml") and name != folders.PACK:
            try:
                read_yaml(file.path)
            except PackFault as fault:
                yield from fault.mistakes


_TOPICS: Final = ("sections", "glossary", "tables", "functional", "economic")
"""What a pack is made of beside its pack.yaml."""


class _Reading:
    """Everything of a pack read, whatever is wrong with it. ``found``: the mistakes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._documents: dict[Path, yamltext.YamlDocument] = {}
        self._tables: dict[str, Path] = {}
        self.found = [replace(m, hint=source.advice(m.file, m.hint)) for m in source.mistakes]
        files = (m.file for m in source.mistakes)
        topics = ("tables" if file.parent.name == "tables" else file.stem for file in files)
        self._unread = {topic for topic in topics if topic in _TOPICS}

    def pack(self) -> Pack | None:
        """The pack; None where no whole one can be made of what was read."""
        data: dict[str, Any] = dict(self._source.about)
        self._document(self._source.path(folders.PACK), folders.PACK)
        for name in self._given(folders.SECTIONS, folders.GLOSSARY):
            if (document := self._document(self._source.path(name), name)) is not None:
                data[name.removesuffix(".yaml")] = document.tree
        data["tables"] = self._read_tables()
        for name in self._given(folders.FUNCTIONAL, folders.ECONOMIC):
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

    def _given(self, *names: str) -> Iterator[str]:
        """Those that are there; that the others are not has been told."""
        return (name for name in names if name in self._source.files)

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
