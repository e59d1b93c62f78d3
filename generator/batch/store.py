"""Where inputs lie and documents go: a folder, a share, or with ``://`` an object store.

Plain paths are the file system's own; an address with a protocol goes through fsspec, so that the
workers of a cluster need not see the same disks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from generator import files
from generator.document import Failure
from generator.files import make_folder, write_whole
from generator.folder import MANIFEST, NoInputs, is_entered, is_input, not_found
from generator.folder import find as find_here
from generator.folder import strays as strays_here
from generator.problem import UserError
from generator.sources import MAX_BYTES, read_bytes


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
    """The bytes of an input at an address, within limits. Raises :class:`UserError`."""
    if not is_remote(address):
        return read_bytes(Path(address))
    system, path = _fsspec(address)
    name = name_of(address)
    try:
        if (size := system.size(path) or 0) > MAX_BYTES:
            raise UserError(
                f"“{name}”有 {size // 1_000_000} MB，过大。", "请检查是不是拿错了文件。"
            )
        data: bytes = system.cat_file(path)
    except OSError as error:
        raise UserError(f"“{name}”读不出来。", "请检查文件和权限。") from error
    if not data:
        raise UserError(f"“{name}”是空文件。", "请检查是不是没有保存完整。")
    return data


def content(address: str) -> bytes | None:
    """The bytes at an address, of whatever size; None where nothing can be read."""
    try:
        if is_remote(address):
            system, path = _fsspec(address)
            data: bytes = system.cat_file(path)
            return data
        file = Path(address)
        return file.read_bytes() if file.is_file() else None  # a pipe may have no end
    except OSError:
        return None


def is_link(address: str) -> bool:
    """Whether a name stands for a file that lies elsewhere, be it there or not."""
    return not is_remote(address) and Path(address).is_symlink()


def is_readable(address: str) -> bool:
    """Whether there is a file that lets itself be read, whatever it holds."""
    try:
        if is_remote(address):
            system, path = _fsspec(address)
            return bool(system.exists(path))
        with Path(address).open("rb") as stream:
            stream.read(1)
    except OSError:
        return False
    return True


def is_gone(address: str) -> bool:
    """Whether a file is not there any more; not so where its whole folder is away or empty."""
    try:
        if is_remote(address):
            system, path = _fsspec(address)
            return bool(system.isdir(system._parent(path)) and not system.exists(path))
        return any(Path(address).parent.iterdir()) and not os.path.lexists(address)
    except OSError:
        return False


def prepare(folder: str) -> None:
    """Make the folder that documents go to. Raises :class:`UserError`."""
    if not is_remote(folder):
        make_folder(Path(folder))


def sweep(folder: str) -> None:
    """Remove what runs that were killed left half written; an object store keeps no such thing."""
    if not is_remote(folder):
        files.sweep(Path(folder))


def names_in(folder: str) -> list[str]:
    """The names of the files of a folder, sorted; none where it is not there."""
    try:
        if is_remote(folder):
            system, path = _fsspec(folder)
            return sorted(PurePosixPath(name).name for name in system.ls(path, detail=False))
        return sorted(file.name for file in Path(folder).iterdir() if file.is_file())
    except OSError:
        return []


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


def move(address: str, target: str) -> None:
    """Give a file another place in the same store. Raises :class:`UserError`."""
    try:
        if is_remote(address):
            system, path = _fsspec(address)
            new = _fsspec(target)[1]
            system.makedirs(system._parent(new), exist_ok=True)
            system.mv(path, new)
        else:
            _move(Path(address), Path(target))
    except OSError as error:
        raise UserError(
            f"“{name_of(address)}”移不走：它正在打开，或这个文件夹不能写入。",
            "请关闭它，再运行一次。",
        ) from error


def _move(file: Path, target: Path) -> None:
    if target.parent.is_symlink():
        raise UserError(
            f"“{target.parent.name}”是通到别处的链接，没有把“{file.name}”移到那里。",
            "请把这个链接改名或移走，再运行一次。",
        )
    make_folder(target.parent)
    file.replace(target)


def join(folder: str, name: str) -> str:
    """The address of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}" if is_remote(folder) else str(Path(folder) / name)


def name_of(address: str) -> str:
    """The last part of an address."""
    return PurePosixPath(address).name if is_remote(address) else Path(address).name


def folder_of(address: str) -> str:
    """The folder that a file lies in."""
    return address.rpartition("/")[0] if is_remote(address) else str(Path(address).parent)


def find(addresses: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """Every input at these addresses once: files, and those of folders and patterns.

    ``others``: files of this machine that may lie among the inputs and are none. Raises
    :class:`UserError` for an address where nothing is; a folder may have no inputs.
    """
    addresses = list(addresses)
    here = [Path(address) for address in addresses if not is_remote(address)]
    found = find_here(here, map(Path, others))
    for one in found:
        if isinstance(one, Failure) and not isinstance(one.error, NoInputs):
            raise one.error
    remote = (file for one in addresses if is_remote(one) for file in _remote_files(one))
    return [*(str(one) for one in found if isinstance(one, Path)), *dict.fromkeys(remote)]


def strays(addresses: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """The files in these folders that are no inputs and that somebody may have sent for one."""
    here = [Path(address) for address in addresses if not is_remote(address)]
    return tuple(map(str, strays_here(here, map(Path, others))))


def _remote_files(address: str) -> list[str]:
    system, path = _fsspec(address)
    protocol = address.partition("://")[0]
    if any(mark in path for mark in "*?["):
        names = system.glob(path)
    elif system.isdir(path):
        names = system.find(path)
    elif system.exists(path):
        return [address]
    else:
        raise not_found(address)
    root = PurePosixPath(path).parts
    all_names = set(names)
    wanted = []
    for name in names:
        file = PurePosixPath(name)
        beside = (MANIFEST,) if str(file.with_name(MANIFEST)) in all_names else ()
        below = file.parts[len(root) : -1] if file.parts[: len(root)] == root else ()
        if is_input(file.name, beside) and all(map(is_entered, below)):
            wanted.append(f"{protocol}://{name.lstrip('/') if protocol != 'file' else name}")
    return sorted(wanted)
