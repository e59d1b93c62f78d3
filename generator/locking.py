"""Locks that the system holds for a process: one that is killed leaves none behind."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

# Neither a link is followed nor a pipe waited for.
_HOW: Final = os.O_RDWR | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK"))
_OWNED: Final = b"\n"


def opened(file: Path) -> int:
    """A handle of a file to be locked, which is made where it is not there. Raises OSError."""
    return os.open(file, _HOW | os.O_CREAT, 0o666)


def take(handle: int, *, wait: bool = False) -> bool | None:
    """Whether the lock of an open file is ours now; None on a disk that knows no locks.

    Processes that are forked while it is held hold it too. ``wait``: until whoever has it is done.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def own(file: Path) -> int:
    """Make a file that says, as long as the handle is open, that its owner lives.

    Raises OSError.
    """
    handle = opened(file)
    if take(handle, wait=True):
        os.write(handle, _OWNED)  # not before: a file that is still empty has no owner yet
    return handle


def is_forsaken(file: Path) -> bool:
    """Whether a file was made by :func:`own`, in a process that has ended since."""
    try:
        handle = os.open(file, _HOW)
    except OSError:
        return False
    try:
        found = os.fstat(handle)
        return stat.S_ISREG(found.st_mode) and found.st_size > 0 and take(handle) is True
    finally:
        os.close(handle)
