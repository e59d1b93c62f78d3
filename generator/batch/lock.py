"""One batch at a time in an output folder: two would set aside each other's documents."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from generator import locking
from generator.batch import store
from generator.problem import UserError

NAME: Final = ".gen-disclosure.lock"
PATIENCE: Final = 2.0  # seconds: the workers of a run that was killed hold it until they end


@contextmanager
def held(folder: str) -> Iterator[None]:
    """No other batch works in this folder while the ``with`` lasts.

    Raises :class:`UserError` when one does. An object store, and a disk that knows no locks, is
    worked in without.
    """
    file = Path(folder) / NAME
    handle = None if store.is_remote(folder) else _taken(file)
    if handle is None:
        yield
        return
    try:
        yield
        with suppress(OSError):  # Windows keeps a file that is open
            file.unlink()
    finally:
        os.close(handle)


def _taken(file: Path) -> int | None:
    """A handle that holds the lock; None on a disk that knows none, or is full or read-only.

    Raises :class:`UserError` when another batch holds it.
    """
    latest = time.monotonic() + PATIENCE
    while True:
        try:
            handle = locking.opened(file)
        except OSError:  # the documents will tell
            return None
        taken, is_late = locking.take(handle), time.monotonic() > latest
        if taken and (is_late or _is_there(file, handle)):
            return handle
        os.close(handle)
        if taken is None:
            return None
        if is_late:
            raise UserError(
                f"另一个 batch 正在往“{file.parent}”里生成文档。", "请等它做完，再运行一次。"
            )
        time.sleep(0.05)


def _is_there(file: Path, handle: int) -> bool:
    """Whether the file is still the one that was opened: who had it before removes it."""
    with suppress(OSError):
        return os.path.samestat(file.lstat(), os.fstat(handle))
    return False
