"""One batch at a time in an output folder: two would set aside each other's documents."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    handle = None
    try:
        if not store.is_remote(folder):
            handle = locking.opened(Path(folder) / NAME)
    except OSError:  # a full or read-only disk: the documents will tell
        pass
    if handle is None:
        yield
        return
    try:
        latest = time.monotonic() + PATIENCE
        while locking.take(handle) is False:
            if time.monotonic() > latest:
                raise UserError(
                    f"另一个 batch 正在往“{folder}”里生成文档。", "请等它做完，再运行一次。"
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)
