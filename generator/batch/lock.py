"""One batch at a time in an output folder: two would set aside each other's documents.

The system holds the lock, so that one whose process was killed is gone with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from generator.batch import store
from generator.problem import UserError

NAME: Final = ".gen-disclosure.lock"


@contextmanager
def held(folder: str) -> Iterator[None]:
    """No other batch works in this folder while the ``with`` lasts.

    Raises :class:`UserError` when one does. An object store, and a disk that knows no locks, is
    worked in without.
    """
    try:
        handle = None
        if not store.is_remote(folder):
            handle = os.open(Path(folder) / NAME, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:  # a full or read-only disk: the documents will tell
        handle = None
    if handle is None:
        yield
        return
    try:
        if not _take(handle):
            raise UserError(
                f"另一个 batch 正在往“{folder}”里生成文档。", "请等它做完，再运行一次。"
            )
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Whether the lock is ours, or there are no locks on this disk."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            # Unlike flock(), not inherited by the workers, who may outlive a killed run.
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
