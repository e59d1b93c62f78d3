"""Tasks handed out to workers, and what comes back: a worker that dies takes nothing with it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, Final

from generator.batch import former, job
from generator.batch.job import Task
from generator.batch.manifest import Manifest
from generator.batch.outcome import UNREADABLE, Outcome

AHEAD: Final = 4  # tasks handed out per worker beyond the one it works on

Hire = Callable[[], Executor]
"""Gives the workers: any executor of ``concurrent.futures``."""
Progress = Callable[[int, int, Outcome], None]
"""Told after each input: how many are done, of how many, and what came of this one."""


class Crew:
    """Workers that are replaced when one of them dies and takes the others with it."""

    def __init__(self, hire: Hire) -> None:
        self._hire = hire
        self.executor = hire()

    def replace(self) -> None:
        self.dismiss()
        self.executor = self._hire()

    def dismiss(self) -> None:
        self.executor.shutdown(wait=False)

    def alone(self, task: Task) -> Outcome:
        """One task and no other: if the worker dies now, it is of this one."""
        try:
            return self.executor.submit(job.work, (task,)).result()[0]
        except BrokenExecutor:
            self.replace()
            return _lost(task, "处理这个文件的进程被系统中止，多半是内存不足；请检查这个文件。")


Group = tuple[Task, ...]
"""Tasks that one worker does in one go."""


class Work:
    """Tasks handed out a few at a time, outcomes kept as they come."""

    def __init__(self, crew: Crew, workers: int, manifest: Manifest, tell: Progress) -> None:
        self._crew = crew
        self._workers = workers
        self._manifest = manifest
        self._tell = tell
        self._total = 0
        self._running: dict[Future[tuple[Outcome, ...]], Group] = {}
        self.made: list[Outcome] = []
        self.interrupted = False

    def do(self, tasks: Sequence[Task], together: int) -> None:
        """Do all the tasks, at most so many ``together`` in one go."""
        self._total = len(tasks)
        size = min(together, -(-len(tasks) // self._workers)) or 1
        most = self._workers * (AHEAD + 1 if size == 1 else 1)
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
        """Keep what is under way and cannot be called back; a second Ctrl-C does not wait."""
        under_way = [future for future in self._running if not future.cancel()]
        with contextlib.suppress(KeyboardInterrupt):
            concurrent.futures.wait(under_way)
        for future in under_way:
            if future.done():
                self._keep(_results(future, self._running[future]))

    def _hand_out(self, waiting: Iterator[Group], most: int) -> None:
        for group in itertools.islice(waiting, most - len(self._running)):
            self._running[self._crew.executor.submit(job.work, group)] = group

    def _take_in(self, waited: Any) -> None:
        orphans: list[Task] = []
        for future in waited.done:
            group = self._running.pop(future)
            if isinstance(future.exception(), BrokenExecutor):
                orphans += group
            else:
                self._keep(_results(future, group))
        if orphans:
            # Which of those under way was at fault only shows when each is alone.
            orphans += [task for group in self._running.values() for task in group]
            self._running.clear()
            self._crew.replace()
            for task in orphans:
                self._keep((self._crew.alone(task),))

    def _keep(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._manifest.add(outcome)
            self.made.append(outcome)
            self._tell(len(self.made), self._total, outcome)


def _results(future: Future[tuple[Outcome, ...]], group: Group) -> tuple[Outcome, ...]:
    try:
        return future.result()
    except Exception as error:  # what the worker sent could not be read, or a cluster gave up
        fault = f"处理这个文件的进程中断了（{type(error).__name__}），请再运行一次。"
        return tuple(_lost(task, fault) for task in group)


def _lost(task: Task, finding: str) -> Outcome:
    identity = task.identity
    lost = Outcome(
        *(identity.file, UNREADABLE, "", identity.code, identity.name, identity.year),
        findings=(finding,),
    )
    return former.inherit(lost, task.before)
