"""Tasks handed out to workers, and what comes back: a worker that dies takes nothing with it."""

from __future__ import annotations

import concurrent.futures
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

from generator.batch.workers import WORDS, Processes

AHEAD: Final = 4  # tasks handed out per worker beyond the one it works on
DIED: Final = "处理这个文件的进程被系统中止，多半是内存不足；请检查这个文件。"

T = TypeVar("T")
R = TypeVar("R")

Hire = Callable[[], Executor]
"""Gives the workers: any executor of ``concurrent.futures``."""


@dataclass(frozen=True, slots=True)
class Trade(Generic[T, R]):
    """What workers do. ``do``: some tasks, each with its result, in order; ``lost``: the result of
    a task whose worker gave none, with the reason for the user.
    """

    do: Callable[[Sequence[T]], Sequence[R]]
    lost: Callable[[T, str], R]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C, and what is as Ctrl-C, come when the ``with`` ends."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only there Python takes signals
        return
    came: list[int] = []
    present = {one: signal.getsignal(one) for one in WORDS}
    handlers = {one: handler for one, handler in present.items() if callable(handler)}
    for one in handlers:
        signal.signal(one, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        for number in came:
            signal.raise_signal(number)


class Crew:
    """Workers that are replaced when one of them dies and takes the others with it.

    They are dismissed when the ``with`` ends; Ctrl-C ends it at once, whatever they are at.
    """

    def __init__(self, hire: Hire, number: int) -> None:
        self._hire = hire
        self._executor = hire()
        self.number = number

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is KeyboardInterrupt and isinstance(self._executor, Processes):
            self._executor.end()  # a cluster is not ours to end
        self._dismiss()

    def replace(self) -> None:
        self._dismiss()
        self._executor = self._hire()

    def _dismiss(self) -> None:
        """Nothing more is begun; what is under way ends by itself."""
        try:
            self._executor.shutdown(wait=False, cancel_futures=True)
        except TypeError:  # Dask's takes no such word: it always cancels
            self._executor.shutdown(wait=False)

    def begin(self, trade: Trade[T, R], group: Sequence[T]) -> Future[Sequence[R]]:
        """Hand out some tasks; where that fails, the future says so."""
        try:
            return self._executor.submit(trade.do, group)
        except Exception as error:  # the worker died after its last result was taken in
            failed: Future[Sequence[R]] = Future()
            failed.set_exception(error)
            return failed


class Work(Generic[T, R]):
    """Tasks handed out a few at a time, results kept as they come.

    ``keep``: told each result, with how many there are, and of how many. ``stopping``: told after
    Ctrl-C how many tasks are still waited for. ``made``: the results, in the order in which they
    came.
    """

    def __init__(
        self,
        crew: Crew,
        trade: Trade[T, R],
        keep: Callable[[int, int, R], None],
        stopping: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._crew = crew
        self._trade = trade
        self._told = keep
        self._stopping = stopping
        self._total = 0
        self._running: dict[Future[Sequence[R]], tuple[T, ...]] = {}
        self._taken: tuple[Future[Sequence[R]] | None, int] = None, 0
        self.made: list[R] = []
        self.interrupted = False

    def do(self, tasks: Sequence[T], together: int) -> None:
        """Do all the tasks, at most so many ``together`` in one go."""
        self._total = len(tasks)
        workers = self._crew.number
        size = min(together, -(-len(tasks) // workers)) or 1
        most = workers * (AHEAD + 1 if size == 1 else 1)
        waiting = (tuple(tasks[i : i + size]) for i in range(0, len(tasks), size))
        try:
            self._hand_out(waiting, most)
            while self._running:
                self._take_in(concurrent.futures.wait(self._running, return_when="FIRST_COMPLETED"))
                self._hand_out(waiting, most)
        except KeyboardInterrupt:
            self.interrupted = True
            self._finish()

    def _finish(self) -> None:
        """Keep what is under way and cannot be called back; a second Ctrl-C goes further up."""
        under_way = [future for future in self._running if not future.cancel()]
        self._stopping(sum(len(self._running[future]) for future in under_way))
        for future in concurrent.futures.as_completed(under_way):
            self._keep(future, self._results(future) or ())

    def _hand_out(self, waiting: Iterator[tuple[T, ...]], most: int) -> None:
        while len(self._running) < most and (group := next(waiting, ())):
            self._begin(group)

    def _begin(self, group: tuple[T, ...]) -> Future[Sequence[R]]:
        with undisturbed():  # or it would be worked on, and nobody wait for it
            future = self._crew.begin(self._trade, group)
            self._running[future] = group
        return future

    def _take_in(self, waited: Any) -> None:
        orphans: list[T] = []
        for future in waited.done:
            results = self._results(future)
            if results is None:
                orphans += self._running[future]
            else:
                self._keep(future, results)
            del self._running[future]
        if orphans:
            # Which of those under way was at fault only shows when each is alone.
            orphans += [task for group in self._running.values() for task in group]
            self._running.clear()
            self._crew.replace()
            for task in orphans:
                self._do_alone(task)

    def _do_alone(self, task: T) -> None:
        """One task and no other: if the worker dies now, it is of this one."""
        future = self._begin((task,))
        results = self._results(future)
        if results is None:
            self._crew.replace()
            results = (self._trade.lost(task, DIED),)
        self._keep(future, results)
        del self._running[future]

    def _results(self, future: Future[Sequence[R]]) -> Sequence[R] | None:
        """What came of some tasks; None when their worker died, whichever of them was at fault."""
        try:
            return future.result()
        except BrokenExecutor:
            return None
        except Exception as error:  # unreadable as it was sent, or a cluster gave up or called back
            fault = f"处理这个文件的进程中断了（{type(error).__name__}），请再运行一次。"
            return [self._trade.lost(task, fault) for task in self._running[future]]

    def _keep(self, future: Future[Sequence[R]], results: Sequence[R]) -> None:
        """Each once: Ctrl-C may have come in the middle of this."""
        if self._taken[0] is not future:
            self._taken = future, len(self.made)
        for result in results[len(self.made) - self._taken[1] :]:
            self.made.append(result)
            self._told(len(self.made), self._total, result)
