"""Inputs of a batch: whose they are, and making their documents. Runs in any process, anywhere."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from generator import pack as packs
from generator import pipeline, publishing
from generator.batch import former, store
from generator.batch.figures import figures_of
from generator.batch.outcome import DONE, FAULTY, UNREADABLE, UNWRITTEN, WARNED, Outcome
from generator.disclosure import read_year
from generator.folder import FORMER
from generator.pdf import Office
from generator.problem import Problem, Severity, UserError
from generator.publishing import Finished, Published
from generator.report import json as json_report
from generator.sources.given import Input, gather
from generator.sources.units import UNITS

BASICS: Final = "基本信息"
FINDINGS_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose input a file is. ``units``: where its units' files lie; ``digest``: of all of them."""

    file: str
    code: str
    name: str
    year: int
    kind: str
    units: tuple[str, ...]
    digest: str

    @property
    def key(self) -> tuple[str, int]:
        """Two inputs with the same key claim the same document."""
        return self.code, self.year


@dataclass(frozen=True, slots=True)
class Task:
    """``folder``: where the document goes. ``program``: a digest of all that the document depends
    on beside its input. ``before``: what came of the input the last time.
    """

    identity: Identity
    folder: str
    options: pipeline.Options
    program: str
    verify: bool = False
    data: bool = False  # the JSON report beside the document
    pdf: bool = False
    before: Outcome | None = None


def identify(file: str) -> Identity | Outcome:
    """Whose input this is; an :class:`Outcome` when that cannot be told."""
    try:
        given = _read(file, frozenset({BASICS, UNITS}))
    except UserError as error:
        return Outcome(file, UNREADABLE, findings=(str(error),))
    basics = given.raw.tree.get(BASICS)
    said: Mapping[str, Any] = basics if isinstance(basics, dict) else {}
    return Identity(
        *(file, str(said.get("编码", "")).strip(), str(said.get("名称", "")).strip()),
        *(read_year(said.get("年度")) or 0, str(said.get("类型", "")).strip()),
        *(tuple(_address(file, given, unit) for unit in given.units), _digest(file, given)),
    )


def basis_of(program: str, digest: str) -> str:
    """A digest of all that a document depends on: the program, and the input with its units."""
    return hashlib.sha256(f"{program}{digest}".encode()).hexdigest()


def _address(file: str, given: Input, unit: Path) -> str:
    """Where a unit's file lies, as it would be found among the inputs."""
    if not store.is_remote(file):
        return os.path.normpath(unit)
    return store.join(store.folder_of(file), unit.relative_to(given.file.parent).as_posix())


def _digest(file: str, given: Input) -> str:
    """Of the input and of the packs that lie beside it."""
    beside = "" if store.is_remote(file) else packs.digest_beside(given.file.parent)
    return hashlib.sha256(f"{given.digest}{beside}".encode()).hexdigest()


def _read(file: str, only: frozenset[str] | None = None) -> Input:
    """An input and its units' files, wherever they lie; each is read once."""
    folder = store.folder_of(file)

    def unit(name: str) -> bytes:
        if store.is_remote(file) and ".." in PurePosixPath(name).parts:
            raise UserError(f"“{name}”不在部门的文件夹下面。", "请放到部门的文件旁边。")
        return store.read(store.join(folder, name))

    return gather(Path(file), store.read(file), unit, only)


# --- the work -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Job:
    """A task under way. ``result`` is None where nothing was made."""

    task: Task
    outcome: Outcome
    result: pipeline.Result | None = None

    def fail(self, error: Exception) -> None:
        """This input alone has failed; what is written of it stands."""
        finding = f"程序出错（{type(error).__name__}），请把这个文件发给维护者。"
        if isinstance(error, UserError):
            finding = str(error)
        state = UNWRITTEN if self.outcome.state == UNWRITTEN else UNREADABLE
        self.outcome = replace(self.outcome, state=state, findings=(finding,))
        self.result = None

    def note(self, sentence: str) -> None:
        """Something that the user should know beside the findings."""
        self.outcome = replace(self.outcome, notes=(*self.outcome.notes, sentence))


def work(tasks: Sequence[Task]) -> tuple[Outcome, ...]:
    """Make the documents of some inputs; nothing that they hold can raise from here.

    Their PDFs are made last, by one LibreOffice for all of them.
    """
    jobs = [_made(task) for task in tasks]
    _print([job for job in jobs if job.task.pdf and job.result is not None])
    for job in jobs:
        if job.task.data and job.result is not None:
            _guarded(job, _write_report)
    return tuple(former.inherit(job.outcome, job.task.before) for job in jobs)


def _guarded(job: _Job, step: Callable[[_Job], None]) -> None:
    """A step that fails is its own input's failure and no other's."""
    try:
        step(job)
    except Exception as error:  # UserError: the input's; any other: a fault of ours
        job.fail(error)


def _made(task: Task) -> _Job:
    identity = task.identity
    start = time.perf_counter()
    job = _Job(
        task,
        Outcome(
            *(identity.file, UNREADABLE, basis_of(task.program, identity.digest)),
            *(identity.code, identity.name, identity.year),
            kind=identity.kind,
        ),
    )
    _guarded(job, _make)
    job.outcome = replace(job.outcome, seconds=round(time.perf_counter() - start, 4))
    return job


def _make(job: _Job) -> None:
    task, file = job.task, job.task.identity.file
    given = _read(file)
    # It may have changed since it was looked at: what counts is what is worked on now.
    job.outcome = replace(job.outcome, basis=basis_of(task.program, _digest(file, given)))
    document = pipeline.check(given, task.options)
    job.outcome = _described(job.outcome, document)
    result = pipeline.make(given, document, verify=task.verify)
    if result.data is None:
        job.outcome = _described(job.outcome, result.document)
        return
    name = document.name()
    _put(job, name, result.data)
    job.outcome = replace(job.outcome, output=name, digest=former.digest(result.data))
    job.result = replace(result, output=Path(name))


def _put(job: _Job, name: str, data: bytes) -> None:
    """Write a file of this task; what somebody else has made of it there is kept."""
    before = job.task.before
    known = (before.digest, before.pdf_digest) if before else ()
    try:
        foreign = former.put(job.task.folder, name, data, (*known, job.outcome.digest))
    except UserError:
        job.outcome = replace(job.outcome, state=UNWRITTEN)
        raise
    if foreign:
        job.note(f"输出文件夹里的“{name}”不是上次生成的（可能有人改过），已移到“{FORMER}”。")


def _print(jobs: Sequence[_Job]) -> None:
    """The PDFs of documents that are made, in one go."""
    finished = {
        job.task.identity.file: Finished(job.result.document, job.result.data)
        for job in jobs
        if job.result is not None and job.result.data is not None
    }
    if not finished:
        return
    published: Mapping[str, Published] = {}
    try:
        with Office() as office:
            published = publishing.publish(finished, office)
        fault = publishing.NOT_CONVERTED
    except UserError as error:
        fault = str(error)
    except Exception as error:  # the documents stand; a fault of ours has cost their PDFs
        fault = f"程序出错（{type(error).__name__}），没有 PDF，请告诉维护者。"
    for job in jobs:
        if (one := published.get(job.task.identity.file)) is None:
            job.note(fault)
        else:
            _guarded(job, partial(_take_in, made=one))


def _take_in(job: _Job, made: Published) -> None:
    """The PDF of a document, which it may have mended."""
    assert job.result is not None and job.result.output is not None
    name = job.result.output.name
    if made.docx != job.result.data:
        _put(job, name, made.docx)
        job.outcome = replace(job.outcome, digest=former.digest(made.docx))
    if made.pdf is None:
        job.note(publishing.NOT_CONVERTED)
        return
    pdf = f"{Path(name).stem}.pdf"
    _put(job, pdf, made.pdf)
    job.result = publishing.with_pages(job.result, made)
    described = _described(job.outcome, job.result.document)
    job.outcome = replace(described, pdf=pdf, pdf_digest=former.digest(made.pdf), pages=made.pages)
    for note in made.notes:
        job.note(note)


def _write_report(job: _Job) -> None:
    assert job.result is not None and job.result.output is not None
    name = f"{job.result.output.stem}.json"
    data = json_report.report([job.result]).encode("utf-8")
    try:
        store.write(store.join(job.task.folder, name), data)
    except UserError:
        job.outcome = replace(job.outcome, state=UNWRITTEN)
        raise
    job.outcome = replace(job.outcome, data=name)


def _described(outcome: Outcome, document: pipeline.Document) -> Outcome:
    errors, warnings = document.count(Severity.ERROR), document.count(Severity.WARNING)
    outcome = replace(
        outcome,
        state=FAULTY if errors or not document.contents else WARNED if warnings else DONE,
        counts={severity.value: document.count(severity) for severity in Severity},
        rules=dict(Counter(problem.rule for problem in document.problems)),
        findings=_first(document.problems),
    )
    if document.disclosure is None:
        return outcome
    basics = document.disclosure.basics
    if (basics.code, basics.year) != (outcome.code, outcome.year):
        raise UserError("文件在读取的时候被改动了。", "请保存并关闭它，再运行一次。")
    return replace(
        outcome,
        name=basics.name,
        figures=figures_of(document.disclosure),
        projects=len(document.disclosure.projects),
    )


def _first(problems: Sequence[Problem]) -> tuple[str, ...]:
    shown = [p for p in problems if p.severity is not Severity.INFO][:FINDINGS_KEPT]
    return tuple(f"{p.severity.label} {p.rule} {p.place or ''}：{p.message}" for p in shown)
