"""What was worked out once and is the same the next time, kept in the user's cache folder.

Plain data (JSON) under a key of all that it was made of: never code, nothing that is run. A file
that is damaged, that others may write to, or that is not ours counts as missing; a folder that
cannot be used, as an empty one. ``GEN_DISCLOSURE_CACHE`` moves the folder, or says ``off``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator import __version__

VARIABLE: Final = "GEN_DISCLOSURE_CACHE"
OFF: Final = "off"
MAX_FILE: Final = 4_000_000  # bytes of an entry as it is kept
MAX_DATA: Final = 50_000_000  # and unpacked
MOST: Final = 32  # entries; the oldest go

_MAGIC: Final = b"gen-disclosure\n"
_SUFFIX: Final = ".kept"
_DIGEST: Final = hashlib.sha256().digest_size
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
# No link is followed, no pipe waited for, and Windows changes no line ends.
_HOW: Final = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def key(content: bytes, makers: Iterable[Path]) -> str:
    """The name of what these source files make of a content; ``""`` if they cannot be read."""
    program = _program(tuple(makers))
    return hashlib.sha256(program + content).hexdigest() if program else ""


@lru_cache(maxsize=8)
def _program(makers: tuple[Path, ...]) -> bytes:
    whole = hashlib.sha256(__version__.encode())
    try:
        for file in makers:
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    except OSError:
        return b""
    return whole.digest()


def find(kind: str, key: str) -> Any:
    """The data kept under a key; None if there is none that can be trusted."""
    folder = _folder()
    if not key or folder is None:
        return None
    try:
        packed = _read(folder / f"{kind}-{key}{_SUFFIX}")
        body = len(_MAGIC) + _DIGEST
        if not packed.startswith(_MAGIC) or len(packed) < body:
            return None
        digest, rest = packed[len(_MAGIC) : body], packed[body:]
        if hashlib.sha256(key.encode() + rest).digest() != digest:
            return None
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(rest, MAX_DATA)
        return json.loads(data) if unpacking.eof else None
    except (OSError, ValueError, zlib.error, RecursionError):
        return None


def keep(kind: str, key: str, value: Any) -> None:
    """Keep data under a key, whole or not at all; what stands in the way is no error."""
    folder = _folder()
    if not key or folder is None:
        return
    rest = zlib.compress(json.dumps(value, separators=(",", ":")).encode())
    digest = hashlib.sha256(key.encode() + rest).digest()
    packed = _MAGIC + digest + rest
    if len(packed) > MAX_FILE:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_ours(folder.stat()):
            _write(folder / f"{kind}-{key}{_SUFFIX}", packed)
            _prune(folder)


def _folder() -> Path | None:
    """Where it is kept, be it there or not; None when nothing is to be kept."""
    said = os.environ.get(VARIABLE, "")
    if said.lower() == OFF:
        return None
    if said:
        return Path(said).absolute()
    from platformdirs import user_cache_path

    folder = user_cache_path("gen-disclosure", appauthor=False)
    return folder if folder.is_absolute() else None  # a user without a home


def _is_ours(found: os.stat_result) -> bool:
    """Whether nobody but this user can have written it; Windows keeps its own account of that."""
    if os.name == "nt":
        return True
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS_WRITE


def _read(file: Path) -> bytes:
    """A plain file of ours, in a folder of ours; else an :class:`OSError`."""
    if not _is_ours(file.parent.stat()):
        raise PermissionError(file.parent)
    handle = os.open(file, os.O_RDONLY | _HOW)
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or not _is_ours(found) or found.st_size > MAX_FILE:
            raise PermissionError(file)
        return stream.read(MAX_FILE)


def _write(file: Path, data: bytes) -> None:
    """Beside it first, readable by this user alone, then moved into its place."""
    handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).replace(file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Take the oldest entries away; and what a run that was killed left half written."""
    found = [f for f in folder.iterdir() if f.suffix in (_SUFFIX, ".tmp")]
    by_age = sorted(found, key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for file in by_age[MOST:]:
        file.unlink(missing_ok=True)
