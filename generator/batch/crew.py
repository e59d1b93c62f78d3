"""Tasks handed out to workers, and what comes back: a worker that dies takes nothing with it."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from generator.batch.outcome import Outcome
from generator.batch.workers import Processes

AHEAD: Final = 4  # tasks handed out per worker beyond the one it works on
DIED: Final = "处理这个文件的进程被系统中止，多半是内存不足；请检查这个文件。"

T = TypeVar("T")
R = TypeVar("R")

Hire = Callable[[], Executor]
"""Gives the workers: any executor of ``concurrent.futures``."""
Progress = Callable[[int, int, Outcome], None]
"""Told after each input: how many are done, of how many, and what came of this one."""
Stopping = Callable[[int], None]
"""Told after Ctrl-C: how many inputs are under way and still waited for."""


@dataclass(frozen=True, slots=True)
class Trade(Generic[T, R]):
    """What workers do. ``do``: some tasks, each with its result, in order; ``lost``: the result of
    a task whose worker gave none, with the reason for the user.
    """

    do: Callable[[Sequence[T]], Sequence[R]]
    lost: Callable[[T, str], R]


class Crew:
    """Workers that are replaced when one of them dies and takes the others with it."""

    def __init__(self, hire: Hire, number: int) -> None:
        self._hire = hire
        self._executor = hire()
        self.number = number

    def replace(self) -> None:
        self.dismiss()
        self._executor = self._hire()

    def dismiss(self) -> None:
        """Nothing more is begun; what is under way ends by itself."""
        try:
            self._executor.shutdown(wait=False, cancel_futures=True)
        except TypeError:  # Dask's takes no such word: it always cancels
            self._executor.shutdown(wait=False)

    def end(self) -> None:
        """Nothing goes on, where the workers are ours to end."""
        if isinstance(self._executor, Processes):
            self._executor.end()

    def begin(self, trade: Trade[T, R], group: Sequence[T]) -> Future[Sequence[R]]:
        """Hand out some tasks; where that fails, the future says so."""
        try:
            return self._executor.submit(trade.do, group)
        except Exception as error:  # the worker died after its last result was taken in
            failed: Future[Sequence[R]] = Future()
            failed.set_exception(error)
            return failed

    def alone(self, trade: Trade[T, R], task: T) -> R:
        """One task and no other: if the worker dies now, it is of this one."""
        results = _results(trade, (task,), self.begin(trade, (task,)))
        if results is not None:
            return results[0]
        self.replace()
        return trade.lost(task, DIED)


class Work(Generic[T, R]):
    """Tasks handed out a few at a time, results kept as they come.

    ``keep``: told each result, with how many there are, and of how many. ``stopping``: told after
    Ctrl-C how many tasks are still waited for.
    """

    def __init__(
        self,
        crew: Crew,
        trade: Trade[T, R],
        keep: Callable[[int, int, R], None],
        stopping: Stopping = lambda _: None,
    ) -> None:
        self._crew = crew
        self._trade = trade
        self._told = keep
        self._stopping = stopping
        self._total = 0
        self._running: dict[Future[Sequence[R]], tuple[T, ...]] = {}
        self._made: dict[tuple[object, int], R] = {}
        self.interrupted = False

    @property
    def made(self) -> list[R]:
        """The results so far, in the order in which they came."""
        return list(self._made.values())

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
            self._keep(future, _results(self._trade, self._running[future], future) or ())

    def _hand_out(self, waiting: Iterator[tuple[T, ...]], most: int) -> None:
        while len(self._running) < most and (group := next(waiting, ())):
            self._running[self._crew.begin(self._trade, group)] = group

    def _take_in(self, waited: Any) -> None:
        orphans: list[T] = []
        for future in waited.done:
            group = self._running[future]
            results = _results(self._trade, group, future)
            if results is None:
                orphans += group
            else:
                self._keep(future, results)
            del self._running[future]
        if orphans:
            # Which of those under way was at fault only shows when each is alone.
            orphans += [task for group in self._running.values() for task in group]
            self._running.clear()
            self._crew.replace()
            for task in orphans:
                self._keep(object(), (self._crew.alone(self._trade, task),))

    def _keep(self, of: object, results: Iterable[R]) -> None:
        """Each once: Ctrl-C may have come in the middle of this."""
        for number, result in enumerate(results):
            if (of, number) not in self._made:
                self._made[of, number] = result
                self._told(len(self._made), self._total, result)


def _results(
    trade: Trade[T, R], group: Sequence[T], future: Future[Sequence[R]]
) -> Sequence[R] | None:
    """What came of some tasks; None when their worker died, whichever of them was at fault."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except Exception as error:  # unreadable as it was sent, or a cluster gave up or called it back
        fault = f"处理这个文件的进程中断了（{type(error).__name__}），请再运行一次。"
        return [trade.lost(task, fault) for task in group]
