"""Whose input a file is: looked at before anything is made of it. Runs in any process, anywhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from generator import pack as packs
from generator.batch import store
from generator.batch.crew import Trade
from generator.batch.outcome import UNREADABLE, Outcome
from generator.disclosure import read_year
from generator.problem import UserError
from generator.sources.given import Input, gather
from generator.sources.units import UNITS

BASICS: Final = "基本信息"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose input a file is. ``units``: where its units' files lie; ``digest``: of all of them.

    ``code_at``, ``name_at``, ``year_at``: where in the file these stand, as it is told.
    """

    file: str
    code: str
    name: str
    year: int
    kind: str
    units: tuple[str, ...]
    digest: str
    code_at: str = ""
    name_at: str = ""
    year_at: str = ""

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def key(self) -> tuple[str, int]:
        """Two inputs with the same key claim the same document."""
        return self.code, self.year

    def outcome(self, state: str, **more: Any) -> Outcome:
        """What came of this input."""
        return Outcome(*(self.file, state, "", self.code, self.name, self.year, self.kind), **more)


def identify(file: str) -> Identity | Outcome:
    """Whose input this is; an :class:`Outcome` when that cannot be told. Nothing can raise here."""
    try:
        return of(file, read(file, frozenset({BASICS, UNITS})))
    except Exception as error:  # UserError: the input's; any other: a fault of ours
        return _unreadable(file, told(error))


def of(file: str, given: Input) -> Identity:
    """Whose input it is, as far as it says."""
    basics = given.raw.tree.get(BASICS)
    said: Mapping[str, Any] = basics if isinstance(basics, dict) else {}
    return Identity(
        *(file, str(said.get("编码", "")).strip(), str(said.get("名称", "")).strip()),
        *(read_year(said.get("年度")) or 0, str(said.get("类型", "")).strip()),
        *(tuple(_address(file, given, unit) for unit in given.units), digest_of(file, given)),
        *(str(given.raw.locate((BASICS, key))) for key in ("编码", "名称", "年度")),
    )


def _identify(files: Sequence[str]) -> list[Identity | Outcome]:
    return [identify(file) for file in files]


def _unreadable(file: str, finding: str) -> Outcome:
    return Outcome(file, UNREADABLE, findings=(finding,))


IDENTIFICATION: Final[Trade[str, Identity | Outcome]] = Trade(_identify, _unreadable)
"""Telling whose the inputs are."""


def basis_of(program: str, digest: str) -> str:
    """A digest of all that a document depends on: the program, and the input with its units."""
    return hashlib.sha256(f"{program}{digest}".encode()).hexdigest()


def _address(file: str, given: Input, unit: Path) -> str:
    """Where a unit's file lies, as it would be found among the inputs."""
    if not store.is_remote(file):
        return os.path.normpath(unit)
    return store.join(store.folder_of(file), unit.relative_to(given.file.parent).as_posix())


def digest_of(file: str, given: Input) -> str:
    """Of the input and of the packs that lie beside it."""
    beside = "" if store.is_remote(file) else packs.digest_beside(given.file.parent)
    return hashlib.sha256(f"{given.digest}{beside}".encode()).hexdigest()


def read(file: str, only: frozenset[str] | None = None) -> Input:
    """An input and its units' files, wherever they lie; each is read once."""
    folder = store.folder_of(file)

    def unit(name: str) -> bytes:
        if store.is_remote(file) and ".." in PurePosixPath(name).parts:
            raise UserError(f"“{name}”不在部门的文件夹下面。", "请放到部门的文件旁边。")
        return store.read(store.join(folder, name))

    return gather(Path(file), store.read(file), unit, only)


def told(error: Exception) -> str:
    """What the user is told of an input that failed."""
    if isinstance(error, UserError):
        return str(error)
    return f"程序出错（{type(error).__name__}），请把这个文件发给维护者。"
