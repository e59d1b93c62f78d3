"""Many inputs to their documents: what changed is made, the rest is kept, nothing is lost."""

from __future__ import annotations

import concurrent.futures
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from typing import Any, Final

from generator import __version__
from generator import pack as packs
from generator.batch import job, store
from generator.batch.job import Identity, Task
from generator.batch.manifest import Manifest
from generator.batch.outcome import FAULTY, MISSING, UNREADABLE, Outcome
from generator.batch.roster import Expected
from generator.pipeline import Options
from generator.problem import UserError
from generator.sources import SUFFIXES

AHEAD: Final = 4  # tasks handed out per worker beyond the one it works on


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked for. ``again``: make every document anew."""

    inputs: tuple[str, ...]
    folder: str
    options: Options = field(default_factory=Options)
    again: bool = False
    verify: bool = False
    data: bool = False
    roster: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """``kept``: how many were as they should be already. ``parts``: files that are units of
    another input. ``unexpected``: inputs that the roster does not name.
    """

    outcomes: tuple[Outcome, ...]
    kept: int = 0
    parts: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    interrupted: bool = False

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


Hire = Callable[[], Executor]
"""Gives the workers: any executor of ``concurrent.futures``."""
Progress = Callable[[int, int, Outcome], None]
"""Told after each input: how many are done, of how many, and what came of this one."""


def run(plan: Plan, hire: Hire, workers: int, tell: Progress = lambda *_: None) -> Batch:
    """Make the documents of a batch. Raises :class:`UserError` when there is nothing to do.

    ``hire``: gives an executor, a new one each time it is called; ``workers``: how many it has.
    """
    files = _files(plan.inputs)
    manifest = Manifest(plan.folder, fresh=plan.again)
    crew = _Crew(hire)
    try:
        return _run(plan, files, manifest, crew, workers, tell)
    finally:
        crew.dismiss()


def _run(
    plan: Plan, files: list[str], manifest: Manifest, crew: _Crew, workers: int, tell: Progress
) -> Batch:
    identities, outcomes = _identified(files, crew.executor)
    parts = {unit for identity in identities for unit in identity.units} & set(files)
    identities = [i for i in identities if i.file not in parts]
    outcomes = [o for o in outcomes if o.file not in parts]
    claimed = _claimed_twice(identities)
    outcomes += claimed
    twice = {outcome.file for outcome in claimed}
    tasks: list[Task] = []
    program = _program(plan)
    for identity in (i for i in identities if i.file not in twice):
        basis = hashlib.sha256(f"{program}{identity.digest}".encode()).hexdigest()
        before = manifest.get(identity.file)
        if before is not None and before.basis == basis and _stands(plan.folder, before):
            outcomes.append(before)
        else:
            tasks.append(Task(identity, plan.folder, plan.options, basis, plan.verify, plan.data))
    kept = len(identities) - len(twice) - len(tasks)
    under_way = _Run(crew, workers, manifest, tell)
    under_way.work(tasks)
    outcomes += under_way.made
    if not under_way.interrupted:
        manifest.keep(outcome.file for outcome in outcomes)
    missing, unexpected = _against(plan.roster, identities)
    ordered = sorted((*outcomes, *missing), key=lambda o: (o.code, o.name, o.file))
    return Batch(tuple(ordered), kept, tuple(sorted(parts)), unexpected, under_way.interrupted)


def _files(inputs: Iterable[str]) -> list[str]:
    files = dict.fromkeys(f for address in inputs for f in store.files_in(address, SUFFIXES))
    if not files:
        raise UserError("没有找到可以处理的文件。", "请给出 .xlsx 或 .yaml 文件，或它们的文件夹。")
    return list(files)


def _identified(files: Sequence[str], executor: Executor) -> tuple[list[Identity], list[Outcome]]:
    identities: list[Identity] = []
    unreadable: list[Outcome] = []
    # One file at a time over the wire would cost more than reading it.
    for found in executor.map(job.identify, files, chunksize=16):
        if isinstance(found, Identity):
            identities.append(found)
        else:
            unreadable.append(found)
    return identities, unreadable


def _claimed_twice(identities: Sequence[Identity]) -> list[Outcome]:
    """Two inputs for one department and year: neither is made, since one would be lost."""
    claims: dict[tuple[str, int], list[Identity]] = {}
    for identity in identities:
        if identity.code and identity.year:
            claims.setdefault(identity.key, []).append(identity)
    outcomes = []
    for same in claims.values():
        for identity in same if len(same) > 1 else ():
            others = "、".join(f"“{i.file}”" for i in same if i is not identity)
            finding = (
                f"与{others}是同一部门同一年度（编码 {identity.code}，{identity.year} 年），"
                "都没有生成；请只留一份。"
            )
            outcomes.append(
                Outcome(
                    *(identity.file, FAULTY, "", identity.code, identity.name, identity.year),
                    findings=(finding,),
                )
            )
    return outcomes


def _program(plan: Plan) -> str:
    """A digest of what every document of the run depends on, beside its input."""
    settings = plan.options.settings
    said = repr(
        (
            *(__version__, packs.digest(), plan.options.pack_id, plan.verify, plan.data),
            sorted((id_, str(change)) for id_, change in settings.changes.items()),
            sorted((name, sorted(codes.items())) for name, codes in settings.code_lists.items()),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _stands(folder: str, outcome: Outcome) -> bool:
    """Whether what an earlier run wrote is still there as it was."""
    if outcome.state == UNREADABLE:
        return False
    if not outcome.output:
        return True
    try:
        data = store.read(store.join(folder, outcome.output))
    except UserError:
        return False
    return hashlib.sha256(data).hexdigest() == outcome.digest


class _Crew:
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
            return self.executor.submit(job.work, task).result()
        except BrokenExecutor:
            self.replace()
            return _lost(task, "处理这个文件的进程被系统中止，多半是内存不足；请检查这个文件。")


class _Run:
    """Tasks handed out a few at a time, outcomes kept as they come."""

    def __init__(self, crew: _Crew, workers: int, manifest: Manifest, tell: Progress) -> None:
        self._crew = crew
        self._most = workers * (AHEAD + 1)
        self._manifest = manifest
        self._tell = tell
        self._total = 0
        self._running: dict[Future[Outcome], Task] = {}
        self.made: list[Outcome] = []
        self.interrupted = False

    def work(self, tasks: Sequence[Task]) -> None:
        self._total = len(tasks)
        waiting = iter(tasks)
        try:
            self._hand_out(waiting)
            while self._running:
                self._take_in(concurrent.futures.wait(self._running, return_when="FIRST_COMPLETED"))
                self._hand_out(waiting)
        except KeyboardInterrupt:
            self.interrupted = True
            for future, task in self._running.items():
                if not future.cancel() and future.done():
                    self._keep(_result(future, task))

    def _hand_out(self, waiting: Iterator[Task]) -> None:
        for task in itertools.islice(waiting, self._most - len(self._running)):
            self._running[self._crew.executor.submit(job.work, task)] = task

    def _take_in(self, waited: Any) -> None:
        orphans: list[Task] = []
        for future in waited.done:
            task = self._running.pop(future)
            if isinstance(future.exception(), BrokenExecutor):
                orphans.append(task)
            else:
                self._keep(_result(future, task))
        if orphans:
            # Which of those under way was at fault only shows when each is alone.
            orphans += self._running.values()
            self._running.clear()
            self._crew.replace()
            for task in orphans:
                self._keep(self._crew.alone(task))

    def _keep(self, outcome: Outcome) -> None:
        self._manifest.add(outcome)
        self.made.append(outcome)
        self._tell(len(self.made), self._total, outcome)


def _result(future: Future[Outcome], task: Task) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # what the worker sent could not be read, or a cluster gave up
        return _lost(task, f"处理这个文件的进程中断了（{type(error).__name__}），请再运行一次。")


def _lost(task: Task, finding: str) -> Outcome:
    identity = task.identity
    return Outcome(
        *(identity.file, UNREADABLE, "", identity.code, identity.name, identity.year),
        findings=(finding,),
    )


def _against(
    roster: Sequence[Expected], identities: Sequence[Identity]
) -> tuple[list[Outcome], tuple[str, ...]]:
    """Who is expected and has not sent anything; and the inputs that nobody expects."""
    if not roster:
        return [], ()
    codes = {identity.code for identity in identities}
    names = {identity.name for identity in identities}
    missing = [
        Outcome("", MISSING, "", one.code, one.name)
        for one in roster
        if (one.code not in codes if one.code else one.name not in names)
    ]
    known_codes = {one.code for one in roster if one.code}
    known_names = {one.name for one in roster}
    unexpected = tuple(
        i.file for i in identities if i.code not in known_codes and i.name not in known_names
    )
    return missing, unexpected
