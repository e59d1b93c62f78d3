"""Many inputs to their documents: what changed is made, the rest is kept, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from generator import pack as packs
from generator.batch import absent, former, job, lock, resume, roster, store, whose
from generator.batch.absent import Absent
from generator.batch.crew import Crew, Hire, Work
from generator.batch.identity import IDENTIFICATION, Identity
from generator.batch.job import Task
from generator.batch.manifest import Manifest
from generator.batch.outcome import FAULTY, Outcome
from generator.batch.progress import SILENT, Progress
from generator.batch.roster import Expected
from generator.document import Options
from generator.folder import FORMER, MANIFEST, SUMMARY
from generator.problem import Severity, UserError

AT_ONCE: Final = 16  # inputs that a worker looks at in one go: less would cost more than reading
TO_PRINT: Final = 8  # documents that one LibreOffice makes PDFs of; Ctrl-C waits for so many


ONE_ERROR: Final = {Severity.ERROR.value: 1}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked for. ``again``: make every document anew. ``data``, ``pdf``: the JSON
    report and the PDF beside each document. ``others``: files that may lie among the inputs and
    are none. ``year``: the only one that is right; 0 for any.
    """

    inputs: tuple[str, ...]
    folder: str
    options: Options = field(default_factory=Options)
    again: bool = False
    verify: bool = False
    data: bool = False
    pdf: bool = False
    roster: tuple[Expected, ...] = ()
    others: tuple[str, ...] = ()
    year: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """``kept``: how many were as they should be already. ``parts``: files that are units of
    another input. ``unexpected``: inputs that the roster does not name. ``withdrawn``: files made
    of inputs that are there no more. ``set_aside``: all that lies among the former documents.
    ``stuck``: what could not be moved there. ``others``: documents of inputs that this run was not
    given. ``rows``: how many rows of the roster are in each state. ``years``: whose the inputs of
    each year are, the fewest first, where there are several and nobody has said which it should be.
    ``ignored``: files among the inputs that are no workbooks. ``renamed``: whose name is not the
    roster's.
    """

    outcomes: tuple[Outcome, ...]
    kept: int = 0
    parts: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    interrupted: bool = False
    others: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def run(
    plan: Plan,
    hire: Hire,
    workers: int,
    progress: Progress = SILENT,
    conclude: Callable[[Batch], None] = lambda _: None,
) -> Batch:
    """Make the documents of a batch. Raises :class:`UserError` when there is nothing to do.

    ``hire``: gives an executor, a new one each time it is called; ``workers``: how many it has.
    ``conclude``: what is done with the batch before another may begin in the folder. Ctrl-C ends
    the batch in order; the second, or one before anything is made, is a KeyboardInterrupt.
    """
    files = store.find(plan.inputs, plan.others)
    if not files:
        raise UserError("没有找到可以处理的文件。", "请给出 .xlsx 或 .yaml 文件，或它们的文件夹。")
    _refuse_unknown_pack(plan.options.pack_id, files)
    store.prepare(plan.folder)
    with lock.held(plan.folder):
        _spare(plan.folder)
        store.sweep(plan.folder)
        with Crew(hire, workers) as crew:
            done = _run(plan, files, crew, progress)
        conclude(done)
    return done


def _refuse_unknown_pack(pack_id: str | None, files: Sequence[str]) -> None:
    """A pack that no input could be made with would let every document of the folder go.

    It may lie beside inputs. Raises :class:`UserError`.
    """
    if pack_id is None:
        return
    folders = dict.fromkeys(Path(file).parent for file in files if not store.is_remote(file))
    fault: UserError | None = None
    for beside in (None, *folders):
        try:
            packs.load(pack_id, beside)
        except UserError as error:
            fault = fault or error
        else:
            return
    assert fault is not None
    raise fault


def _spare(folder: str) -> None:
    """Refuse to write the summary over a file that no batch has made: it would be lost."""
    if store.content(store.join(folder, MANIFEST)) is not None:
        return
    for name in (f"{SUMMARY}.html", f"{SUMMARY}.xlsx"):
        if store.content(store.join(folder, name)) is not None:
            raise UserError(
                f"输出文件夹里已有“{name}”，不是 batch 生成的，没有覆盖它。",
                "请把它改名或移走，或换一个输出文件夹。",
            )


def _run(plan: Plan, files: list[str], crew: Crew, progress: Progress) -> Batch:
    manifest = Manifest(plan.folder)
    identities, unread = _identified(files, crew)
    index = roster.Index(plan.roster)
    inputs = whose.sort(identities, unread, index, plan.year, manifest.has_made)
    outcomes = [former.inherit(one, manifest.get(one.file)) for one in inputs.settled]
    tasks: list[Task] = []
    program = resume.program(plan.options)
    asked = (plan.folder, plan.options, program, plan.verify, plan.data, plan.pdf)
    for identity in inputs.fit:
        task = Task(identity, *asked, manifest.get(identity.file))
        if task.before is not None and not plan.again and resume.stands(task, task.before):
            outcomes.append(replace(task.before, notes=()))  # told in the run that they are of
        else:
            tasks.append(task)
    kept = len(inputs.fit) - len(tasks)

    def keep(done: int, total: int, outcome: Outcome) -> None:
        manifest.add(outcome)
        progress(done, total, outcome)

    under_way = Work(crew, job.PRODUCTION, keep, progress.stopping)
    under_way.do(tasks, TO_PRINT if plan.pdf else 1)
    outcomes = list(_told_apart([*outcomes, *under_way.made]))
    for outcome in outcomes:
        manifest.put(outcome)
    made = {outcome.file for outcome in outcomes}
    outcomes += [job.left(task) for task in tasks if task.identity.file not in made]
    there = store.names_in(plan.folder)
    merged = inputs.parts | inputs.copies
    away = absent.find(manifest.all(), set(files) - merged, merged, there)
    withdrawn, stuck = _tidy(plan.folder, manifest, away, {one.code for one in outcomes})
    set_aside = tuple(store.names_in(store.join(plan.folder, FORMER)))
    ignored = store.strays(plan.inputs, plan.others)
    missing = list(away.rows(whose.missing(index, inputs, ignored), index))
    outcomes = list(map(inputs.remarked, outcomes))
    ordered = sorted((*outcomes, *missing), key=lambda o: (o.code, o.name, o.file))
    year_is_said = plan.year or any(row.year for row in index.rows)
    return Batch(
        tuple(ordered),
        kept,
        parts=tuple(sorted(inputs.parts)),
        unexpected=inputs.unexpected if index.rows else (),
        withdrawn=withdrawn,
        set_aside=set_aside,
        stuck=stuck,
        interrupted=under_way.interrupted,
        others=tuple(sorted(one.output for one in away.others if one.output)),
        rows=whose.states(inputs, outcomes, missing) if index.rows else {},
        years={} if year_is_said else whose.by_year(outcomes),
        ignored=ignored,
        renamed=inputs.renamed,
    )


def _told_apart(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Two inputs whose documents have the same name, by whatever pack: neither stands."""
    names = Counter(outcome.output for outcome in outcomes if outcome.output)
    for outcome in outcomes:
        if names[outcome.output] > 1:
            finding = f"有 {names[outcome.output]} 份输入的文档都叫“{outcome.output}”，都没有生成。"
            left = tuple(dict.fromkeys((*outcome.former, *outcome.files)))
            made = dict.fromkeys(
                ("output", "digest", "pdf", "pdf_digest", "data", "data_digest"), ""
            )
            outcome = replace(outcome, state=FAULTY, basis="", findings=(finding,), former=left)
            outcome = replace(outcome, counts=ONE_ERROR, unlisted=0)
            outcome = replace(outcome, **made)  # type: ignore[arg-type]
        yield outcome


def _tidy(
    folder: str, manifest: Manifest, away: Absent, codes: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Move away the documents that are not those of the present data, and forget their inputs.

    Files withdrawn, and sentences on what could not be moved. ``codes``: of the inputs of this run.
    """
    left = {outcome.file for outcome in away.leavers}
    known = [outcome for outcome in manifest.all() if outcome.file not in left]
    stuck = former.sweep(folder, known, away.leavers)
    current = {name for outcome in known for name in outcome.files}
    if not stuck:
        manifest.forget(left)
        for outcome in absent.remembered(away.leavers, codes):
            manifest.put(outcome)
    manifest.rewrite()
    withdrawn = {name for outcome in away.leavers for name in outcome.files} - current
    return tuple(sorted(withdrawn)), tuple(stuck)


def _identified(files: Sequence[str], crew: Crew) -> tuple[list[Identity], list[Outcome]]:
    """Whose the inputs are, and those of which this cannot be told."""
    look = Work(crew, IDENTIFICATION, lambda *_: None)
    look.do(files, AT_ONCE)
    if look.interrupted:
        raise KeyboardInterrupt
    identities = [found for found in look.made if isinstance(found, Identity)]
    order = {file: number for number, file in enumerate(files)}
    return sorted(identities, key=lambda identity: order[identity.file]), [
        found for found in look.made if isinstance(found, Outcome)
    ]
