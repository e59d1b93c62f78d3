"""Executors for a batch: processes of this machine, or an existing Dask cluster."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from copy import copy
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from generator import files
from generator.problem import UserError

RETRIES: Final = 3  # a task whose worker died is given to another so often
WORDS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What a terminal that is closed, or a service that is stopped, says to all that runs in it."""
_END: Final[int | None] = getattr(signal, "SIGUSR1", None)  # Windows ends processes without
GARBAGE_AFTER: Final = 50_000  # objects; a document makes a tenth of that and frees them itself


def count() -> int:
    """How many processes this machine runs at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1


class _Worker(multiprocessing.Process):
    """A process that is ended by another word than SIGTERM, which may be for all of a session."""

    def terminate(self) -> None:
        if _END is None:
            super().terminate()
        elif self.pid is not None and self.is_alive():
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(self.pid, _END)


class Processes(ProcessPoolExecutor):
    """Processes of this machine. None outlives the process that gives it work."""

    def __init__(self, number: int) -> None:
        word, self._say = multiprocessing.Pipe(duplex=False)
        context = copy(multiprocessing.get_context())
        context.Process = _Worker  # type: ignore[misc]
        super().__init__(number, context, initializer=_begin, initargs=(word,))

    def end(self) -> None:
        """End them now, whatever they are at; nothing stays half written."""
        self._say.send_bytes(b".")  # nobody takes it out of the pipe, so that all see it


def local(jobs: int) -> Callable[[], Executor]:
    """Processes of this machine."""
    return partial(Processes, jobs)


def _begin(word: Connection) -> None:
    """A worker leaves Ctrl-C and its like to the process that gives it work, and ends with it."""
    for word_of_all in WORDS:
        signal.signal(word_of_all, signal.SIG_IGN)
    if _END is not None:
        signal.signal(_END, _end)
    gc.set_threshold(GARBAGE_AFTER)
    threading.Thread(target=_watch, args=(word,), daemon=True).start()


def _watch(word: Connection) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel, word])
    _end()


def _end(*_: object) -> None:
    """At once. What this process has started ends with it (:mod:`generator.pdf.guard`)."""
    files.forsake()
    os._exit(1)


def cluster(address: str) -> tuple[Callable[[], Executor], int]:
    """The workers of a Dask scheduler, and how many there are. Raises :class:`UserError`."""
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError(
            "没有安装集群支持。", "请先运行：pip install gen-disclosure[cluster]"
        ) from error
    try:
        client: Any = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UserError(
            f"连不上调度器“{address}”。", "请检查地址，以及调度器是否在运行。"
        ) from error
    workers = sum(client.nthreads().values())
    if not workers:
        client.close()
        raise UserError(f"调度器“{address}”没有工作进程。", "请先启动工作进程。")
    return partial(client.get_executor, pure=False, retries=RETRIES), workers
