"""Where inputs lie and documents go: a folder, a share, or with ``://`` an object store.

Plain paths are the file system's own; an address with a protocol goes through fsspec, so that the
workers of a cluster need not see the same disks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from generator.files import write_whole
from generator.problem import UserError


def is_remote(address: str) -> bool:
    """Whether an address is not a path of this machine."""
    return "://" in address


def _fsspec(address: str) -> tuple[Any, str]:
    """The file system of an address and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UserError(
            f"“{address}”不是本机的路径。", "请先安装：pip install gen-disclosure[cluster]"
        ) from error
    try:
        system, path = url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise UserError(f"“{address}”打不开。", "请检查协议和地址。") from error
    return system, path


def read(address: str) -> bytes:
    """The bytes at an address. Raises :class:`UserError`."""
    try:
        if is_remote(address):
            system, path = _fsspec(address)
            data: bytes = system.cat_file(path)
            return data
        return Path(address).read_bytes()
    except OSError as error:
        raise UserError(f"“{name_of(address)}”读不出来。", "请检查文件和权限。") from error


def write(address: str, data: bytes) -> None:
    """Write whole or not at all. Raises :class:`UserError`."""
    if not is_remote(address):
        write_whole(Path(address), data)
        return
    system, path = _fsspec(address)
    try:
        system.makedirs(system._parent(path), exist_ok=True)
        system.pipe_file(path, data)
    except OSError as error:
        raise UserError(f"“{address}”写不进去。", "请检查地址和权限。") from error


def remove(address: str) -> None:
    """Take a file away; one that is not there is as good."""
    if is_remote(address):
        system, path = _fsspec(address)
        if system.exists(path):
            system.rm_file(path)
    else:
        Path(address).unlink(missing_ok=True)


def join(folder: str, name: str) -> str:
    """The address of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}" if is_remote(folder) else str(Path(folder) / name)


def name_of(address: str) -> str:
    """The last part of an address."""
    return PurePosixPath(address).name if is_remote(address) else Path(address).name


def folder_of(address: str) -> str:
    """The folder that a file lies in."""
    return address.rpartition("/")[0] if is_remote(address) else str(Path(address).parent)


def files_in(address: str, suffixes: frozenset[str]) -> list[str]:
    """The files of these types at an address: itself, below a folder, or of a pattern; sorted.

    Folders are walked whole; links to folders are not followed, and the files that programs keep
    while a workbook is open (``~$…``) and hidden ones are left out.
    """
    if is_remote(address):
        return _remote_files(address, suffixes)
    if Path(address).is_dir():
        return sorted(_below(address, suffixes))
    if any(mark in address for mark in "*?[") and not Path(address).exists():
        return sorted(_matching(address, suffixes))
    return [address]


def _matching(pattern: str, suffixes: frozenset[str]) -> Iterator[str]:
    """The files of a pattern, for shells that do not expand it themselves."""
    parts = Path(pattern).parts
    first = next(i for i, part in enumerate(parts) if any(mark in part for mark in "*?["))
    for file in Path(*parts[:first]).glob(str(Path(*parts[first:]))):
        if file.is_file() and _is_wanted(file.name, suffixes):
            yield str(file)


def _below(folder: str, suffixes: frozenset[str]) -> list[str]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [str(Path(place) / name) for name in names if _is_wanted(name, suffixes)]
    return found


def _is_wanted(name: str, suffixes: frozenset[str]) -> bool:
    return not name.startswith(("~$", ".")) and Path(name).suffix.lower() in suffixes


def _remote_files(address: str, suffixes: frozenset[str]) -> list[str]:
    system, path = _fsspec(address)
    protocol = address.partition("://")[0]
    if any(mark in path for mark in "*?["):
        names = system.glob(path)
    elif system.isdir(path):
        names = system.find(path)
    else:
        return [address]
    wanted = (name for name in names if _is_wanted(PurePosixPath(name).name, suffixes))
    return sorted(
        f"{protocol}://{name.lstrip('/') if protocol != 'file' else name}" for name in wanted
    )
