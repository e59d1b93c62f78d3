"""An input with its units' files, each read once: what is hashed is what is worked on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath

from generator.problem import UserError
from generator.sources import parse, read_bytes
from generator.sources.raw import RawInput
from generator.sources.units import UNITS, file_of

Fetch = Callable[[str], bytes]
"""The bytes of a unit's file, by its path from the department's. Raises UserError."""


@dataclass(frozen=True)
class Input:
    """One input as it was at the moment of reading.

    ``file``: where it lies, or would lie. ``raw``: its values, each with its place. ``data``: its
    bytes. ``units``: the files that it names as its units, by their places; the error of one that
    cannot be read, which is told where it is named.
    """

    file: Path
    raw: RawInput
    data: bytes
    units: Mapping[Path, bytes | UserError]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that was read."""
        digest = hashlib.sha256(self.data)
        for content in self.units.values():
            read = content if isinstance(content, bytes) else b"missing"
            digest.update(hashlib.sha256(read).digest())  # where one file ends counts too
        return digest.hexdigest()

    def unit(self, file: Path) -> RawInput:
        """The values of a unit's file. Raises :class:`UserError`."""
        content = self.units[file]
        if isinstance(content, UserError):
            raise content
        return parse(file.name, content)


def read(file: Path) -> Input:
    """Read an input and its units' files from this machine.

    Raises :class:`UserError` when the input itself cannot be read at all.
    """
    return gather(file, read_bytes(file), lambda unit: read_bytes(file.parent / unit))


def gather(file: Path, data: bytes, fetch: Fetch, only: frozenset[str] | None = None) -> Input:
    """An input of which the bytes are there; of a workbook ``only`` these sheets, where given.

    Raises :class:`UserError` when the bytes are no input.
    """
    raw = parse(file.name, data, only)
    entries = raw.tree.get(UNITS)
    units: dict[Path, bytes | UserError] = {}
    for entry in entries if isinstance(entries, list) else ():
        if (named := file_of(entry)) is not None and not PureWindowsPath(named).anchor:
            unit = named.replace("\\", "/")
            try:
                units[file.parent / unit] = fetch(unit)
            except UserError as error:
                units[file.parent / unit] = error
    return Input(file, raw, data, units)
