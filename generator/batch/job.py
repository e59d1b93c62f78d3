"""Making the documents of a batch: one input or a few. Runs in any process, anywhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from generator import pack as packs
from generator import pipeline, publishing
from generator.batch import former, identity
from generator.batch.crew import Trade
from generator.batch.figures import figures_of
from generator.batch.identity import Identity
from generator.batch.outcome import (
    DONE,
    EXCEPTIONS,
    FAULTY,
    PENDING,
    UNREADABLE,
    UNWRITTEN,
    WARNED,
    Outcome,
)
from generator.document import Document, Options, Result
from generator.folder import FORMER
from generator.pack import Pack
from generator.pdf import Office
from generator.problem import Problem, Severity, UserError
from generator.publishing import Finished, Published
from generator.report import facts
from generator.report import json as json_report

FINDINGS_KEPT: Final = 20  # where there are no more rules than that


@dataclass(frozen=True, slots=True)
class Task:
    """``folder``: where the document goes. ``program``: a digest of all that the document depends
    on beside its input. ``before``: what came of the input the last time.
    """

    identity: Identity
    folder: str
    options: Options
    program: str
    verify: bool = False
    data: bool = False  # the JSON report beside the document
    pdf: bool = False
    before: Outcome | None = None


# --- the work -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Job:
    """A task under way. ``result`` is None where nothing was made."""

    task: Task
    outcome: Outcome
    result: Result | None = None

    def fail(self, error: Exception) -> None:
        """This input alone has failed; what is written of it stands."""
        state = UNWRITTEN if self.outcome.state == UNWRITTEN else UNREADABLE
        self.outcome = replace(self.outcome, state=state, findings=(identity.told(error),))
        self.result = None

    def note(self, sentence: str) -> None:
        """Something that the user should know beside the findings."""
        self.outcome = replace(self.outcome, notes=(*self.outcome.notes, sentence))

    def lack(self, sentence: str) -> None:
        """Why there is no PDF: noted, and what the summary says first of the department."""
        self.note(sentence)
        self.outcome = replace(self.outcome, findings=(sentence, *self.outcome.findings))


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


def _lost(task: Task, finding: str) -> Outcome:
    return former.inherit(task.identity.outcome(UNREADABLE, findings=(finding,)), task.before)


def left(task: Task) -> Outcome:
    """An input that an interrupted run did not come to: what is known of it from before."""
    before, now = task.before, task.identity.outcome(PENDING)
    if before is None:
        return now
    if before.basis == identity.basis_of(task.program, task.identity.digest):
        return replace(before, state=PENDING, notes=())
    told = (f"“{before.output}”是用以前的数据生成的。",) if before.output else ()
    return replace(
        now,
        output=before.output,
        pdf=before.pdf,
        data=before.data,
        pages=before.pages,
        former=before.former,
        findings=told,
    )


PRODUCTION: Final[Trade[Task, Outcome]] = Trade(work, _lost)
"""Making the documents."""


def _guarded(job: _Job, step: Callable[[_Job], None]) -> None:
    """A step that fails is its own input's failure and no other's."""
    try:
        step(job)
    except Exception as error:  # UserError: the input's; any other: a fault of ours
        job.fail(error)


def _made(task: Task) -> _Job:
    start = time.perf_counter()
    begun = task.identity.outcome(UNREADABLE)
    job = _Job(task, replace(begun, basis=identity.basis_of(task.program, task.identity.digest)))
    _guarded(job, _make)
    job.outcome = replace(job.outcome, seconds=round(time.perf_counter() - start, 4))
    return job


def _make(job: _Job) -> None:
    task, file = job.task, job.task.identity.file
    given = identity.read(file)
    # It may have changed since it was looked at: what counts is what is worked on now.
    now = identity.of(file, given)
    if now.key != task.identity.key:
        raise UserError("文件在读取的时候被改动了。", "请保存并关闭它，再运行一次。")
    job.outcome = replace(job.outcome, basis=identity.basis_of(task.program, now.digest))
    document = pipeline.check(given, task.options)
    job.outcome = _described(job.outcome, document)
    result = pipeline.make(document, verify=task.verify)
    if result.data is None:
        job.outcome = _described(job.outcome, result.document)
        return
    name = document.name()
    _put(job, name, result.data)
    digest = former.digest(result.data)
    job.outcome = replace(job.outcome, output=name, digest=digest, verified=task.verify)
    job.result = replace(result, output=Path(name))


def _put(job: _Job, name: str, data: bytes) -> None:
    """Write a file of this task; what somebody else has made of it there is kept."""
    before = job.task.before
    known = (before.digest, before.pdf_digest, before.data_digest) if before else ()
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
            job.lack(fault)
        else:
            _guarded(job, partial(_take_in, made=one))


def _take_in(job: _Job, made: Published) -> None:
    """The PDF of a document, which it may have mended."""
    assert job.result is not None and job.result.output is not None
    name = job.result.output.name
    if made.docx != job.result.data:
        _put(job, name, made.docx)
        job.outcome = replace(job.outcome, digest=former.digest(made.docx))
    job.result = publishing.with_pages(job.result, made)
    job.outcome = _described(job.outcome, job.result.document)
    *others, last = made.notes
    for note in others:
        job.note(note)
    if made.pdf is None:
        job.lack(last)
    else:
        job.note(last)
        pdf = f"{Path(name).stem}.pdf"
        _put(job, pdf, made.pdf)
        digest = former.digest(made.pdf)
        job.outcome = replace(job.outcome, pdf=pdf, pdf_digest=digest, pages=made.pages)


def _write_report(job: _Job) -> None:
    assert job.result is not None and job.result.output is not None
    name = f"{job.result.output.stem}.json"
    data = json_report.report([job.result]).encode("utf-8")
    _put(job, name, data)
    job.outcome = replace(job.outcome, data=name, data_digest=former.digest(data))


def _described(outcome: Outcome, document: Document) -> Outcome:
    errors, warnings = document.count(Severity.ERROR), document.count(Severity.WARNING)
    counts = {severity.value: document.count(severity) for severity in Severity}
    findings = _first(document.problems)
    outcome = replace(
        outcome,
        state=FAULTY if errors or not document.contents else WARNED if warnings else DONE,
        counts={**counts, EXCEPTIONS: document.exceptions},
        rules=dict(Counter(p.rule for p in document.problems if p.waived is None)),
        findings=findings,
        unlisted=errors + warnings - len(findings),
        exceptions=tuple(_exceptions(document.problems))[:FINDINGS_KEPT],
    )
    if document.disclosure is None or document.pack is None:
        return outcome
    return replace(
        outcome,
        name=document.disclosure.basics.name,
        figures=figures_of(document.disclosure, document.pack),
        pack=_name_of(document.pack),
        projects=len(document.disclosure.projects),
    )


def _name_of(pack: Pack) -> str:
    """What the pack can be loaded by: its id, or where it lies beside an input or elsewhere."""
    return pack.id if pack.id in packs.available() else str(pack.folder)


def _first(problems: Sequence[Problem]) -> tuple[str, ...]:
    """The errors, then the warnings, each in the order of the input.

    Of each rule the first, and others while there is room: by no rule a fault goes untold.
    """
    shown = [
        problem
        for severity in (Severity.ERROR, Severity.WARNING)
        for problem in problems
        if problem.severity is severity and problem.waived is None
    ]
    firsts = {problem.rule: at for at, problem in reversed(list(enumerate(shown)))}
    kept = sorted(firsts.values())
    others = [at for at in range(len(shown)) if at not in set(kept)]
    kept = sorted(kept + others[: max(FINDINGS_KEPT - len(kept), 0)])
    return tuple(f"{p.severity.label} {_line(p)}" for p in (shown[at] for at in kept))


def _exceptions(problems: Sequence[Problem]) -> Iterator[str]:
    """What stays as it is, each with the reason."""
    for problem in problems:
        if problem.waived is not None:
            yield f"例外 {_line(problem)}——照样公开：{facts.reason(problem.waived)}"


def _line(problem: Problem) -> str:
    return f"{problem.rule} {problem.place or ''}：{problem.message}"
