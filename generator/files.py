"""Writing a file: a safe name, a place that may be written to, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from generator import locking
from generator.problem import UserError

_PREFIX: Final = "~gen-disclosure-"
_SUFFIX: Final = ".tmp"
MAX_NAME_BYTES: Final = 200  # file systems allow 255; the suffix and a temporary name need room

# What Windows forbids in a name, control characters, and marks that turn the reading direction.
_UNSAFE = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)


def safe_name(name: str) -> str:
    """A name that Windows and Linux take; too long a one is shortened."""
    safe = _UNSAFE.sub("_", name).encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore")
    return safe.strip(" .")


def as_output(output: Path | str) -> Path:
    """Where the user wants the result: a folder that ends in a slash is made when it is not there.

    Raises :class:`UserError` when it cannot be made.
    """
    if isinstance(output, str) and output.endswith(("/", os.sep)):
        make_folder(Path(output))
    return Path(output)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises :class:`UserError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UserError(f"文件夹“{folder}”建不了{reason(error)}。", "请换一个位置。") from error


def target_of(file: Path, output: Path | None, name: str) -> Path:
    """Where to write: beside the input, into the folder ``output``, or to the file ``output``.

    ``name``: the name by default, whose suffix a file must have.
    """
    suffix = Path(name).suffix
    if output is None:
        target = file.parent / name
    elif _is_folder(output):
        target = output / name
    elif is_same(output, file):
        raise UserError(f"输出“{output}”就是输入文件，没有改动它。", f"请换一个 {suffix} 文件名。")
    elif output.suffix.lower() != suffix:
        raise UserError(
            f"输出“{output}”既不是已有的文件夹，也不是 {suffix} 文件名。",
            f"请给出以 {suffix} 结尾的文件名，或以 / 结尾的文件夹。",
        )
    else:
        target = output
    if not _is_folder(target.parent):
        raise UserError(f"没有文件夹“{target.parent}”。", "请先建好文件夹，或换一个位置。")
    if _is_folder(target):
        raise UserError(f"“{target}”是一个文件夹，不能写成文件。", "请换一个文件名。")
    return target


def _is_folder(path: Path) -> bool:
    with contextlib.suppress(OSError):  # too long a name
        return path.is_dir()
    return False


def is_same(output: Path, file: Path) -> bool:
    """Whether both are the same file, by whatever name."""
    with contextlib.suppress(OSError):
        return output.samefile(file)
    return False


def write_whole(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then moved into its place.

    Raises :class:`UserError` when it cannot be written; an existing file is then as it was.
    """
    try:
        if target.exists() and not target.stat().st_mode & stat.S_IWRITE:
            raise UserError(
                f"“{target.name}”是只读文件，没有改动它。", "请去掉只读属性，或换一个文件名。"
            )
        with _beside(target) as (handle, temporary), os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(handle)
            # mkstemp makes a private file; the document is as readable as any other new file.
            with contextlib.suppress(OSError):
                temporary.chmod(0o666 & ~_umask())
            if os.name == "nt":
                stream.close()  # Windows moves no file that is open
            temporary.replace(target)
    except PermissionError as error:
        raise UserError(
            f"“{target.name}”写不进去：它正在 WPS 或 Word 中打开，或这个文件夹不能写入。",
            "请关闭它，或用 -o 换一个位置，再运行一次。",
        ) from error
    except OSError as error:
        raise UserError(
            f"“{target.name}”写不进去{reason(error) or '：磁盘或网络出错'}。",
            "原有的文件没有改动；请检查后再运行一次，或用 -o 换一个位置。",
        ) from error


_under_way: Final[set[Path]] = set()
written: Final[deque[Path]] = deque(maxlen=10)
"""The latest files that this process has written, for a user who interrupts it."""


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """A new file beside one that is to be written, open and locked; moved there, it is written."""
    handle, name = tempfile.mkstemp(_SUFFIX, _PREFIX, target.parent)
    temporary = Path(name)
    _under_way.add(temporary)
    try:
        locking.take(handle)
        yield handle, temporary
    finally:
        _under_way.discard(temporary)
        try:
            temporary.unlink()
        except FileNotFoundError:  # it has its place, or the whole folder is away
            if target.exists():
                written.append(target)
        except OSError:
            pass  # the next batch sweeps


def forsake() -> None:
    """Leave nothing half written: for a process that ends in the middle of its work."""
    for temporary in tuple(_under_way):
        with contextlib.suppress(OSError):
            temporary.unlink()


def sweep(folder: Path) -> None:
    """Remove what processes left half written that had no time for that, as they were killed.

    An empty one stays: it may be of a process that has just begun.
    """
    with contextlib.suppress(OSError):
        for file in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            if locking.is_forsaken(file):
                file.unlink()


def reason(error: Exception) -> str:
    """Why the system refused, after a colon: ``：磁盘已满``; ``""`` where that has no name here."""
    known = _REASONS.get(getattr(error, "errno", 0) or 0)
    return f"：{known}" if known else ""


_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "这个磁盘是只读的",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENOENT: "文件夹不存在",
}


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
