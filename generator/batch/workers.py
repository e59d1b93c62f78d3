"""Executors for a batch: processes of this machine, or an existing Dask cluster."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from typing import Any, Final

from generator.problem import UserError

RETRIES: Final = 3  # a task whose worker died is given to another so often
GARBAGE_AFTER: Final = 50_000  # objects; a document makes a tenth of that and frees them itself


def count() -> int:
    """How many processes this machine runs at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1


def local(jobs: int) -> Callable[[], Executor]:
    """Processes of this machine."""
    return partial(ProcessPoolExecutor, jobs, initializer=_begin)


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that gives it work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(GARBAGE_AFTER)


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
