"""Many inputs to their documents: what changed is made, the rest is kept, nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from generator.batch import former, job, lock, resume, store
from generator.batch.crew import Crew, Hire, Progress, Stopping, Work
from generator.batch.identity import IDENTIFICATION, Identity
from generator.batch.job import Task
from generator.batch.manifest import Manifest
from generator.batch.outcome import FAULTY, MISSING, Outcome
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
    are none.
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


@dataclass(frozen=True, slots=True)
class Batch:
    """``kept``: how many were as they should be already. ``parts``: files that are units of
    another input. ``unexpected``: inputs that the roster does not name. ``withdrawn``: files made
    of inputs that are there no more. ``set_aside``: all that lies among the former documents.
    ``stuck``: what could not be moved there.
    """

    outcomes: tuple[Outcome, ...]
    kept: int = 0
    parts: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    interrupted: bool = False

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def run(
    plan: Plan,
    hire: Hire,
    workers: int,
    tell: Progress = lambda *_: None,
    stopping: Stopping = lambda _: None,
) -> Batch:
    """Make the documents of a batch. Raises :class:`UserError` when there is nothing to do.

    ``hire``: gives an executor, a new one each time it is called; ``workers``: how many it has.
    """
    files = store.find(plan.inputs, plan.others)
    if not files:
        raise UserError("没有找到可以处理的文件。", "请给出 .xlsx 或 .yaml 文件，或它们的文件夹。")
    store.prepare(plan.folder)
    with lock.held(plan.folder):
        _spare(plan.folder)
        store.sweep(plan.folder)
        manifest = Manifest(plan.folder)
        crew = Crew(hire, workers)
        try:
            return _run(plan, files, manifest, crew, tell, stopping)
        except KeyboardInterrupt:  # the second one, or before anything was made
            crew.end()
            raise
        finally:
            crew.dismiss()


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


def _run(
    plan: Plan,
    files: list[str],
    manifest: Manifest,
    crew: Crew,
    tell: Progress,
    stopping: Stopping,
) -> Batch:
    identities, unknown = _identified(files, crew)
    outcomes = [_recognised(outcome, plan.roster) for outcome in unknown]
    parts = _parts(identities)
    identities = [i for i in identities if i.file not in parts]
    claimed = _claimed_twice(identities)
    outcomes = [former.inherit(o, manifest.get(o.file)) for o in (*outcomes, *claimed)]
    twice = {outcome.file for outcome in claimed}
    tasks: list[Task] = []
    program = resume.program(plan.options, verify=plan.verify)
    asked = (plan.folder, plan.options, program, plan.verify, plan.data, plan.pdf)
    for identity in (i for i in identities if i.file not in twice):
        task = Task(identity, *asked, manifest.get(identity.file))
        if task.before is not None and not plan.again and resume.stands(task, task.before):
            outcomes.append(replace(task.before, notes=()))  # told in the run that they are of
        else:
            tasks.append(task)
    kept = len(identities) - len(twice) - len(tasks)

    def keep(done: int, total: int, outcome: Outcome) -> None:
        manifest.add(outcome)
        tell(done, total, outcome)

    under_way = Work(crew, job.PRODUCTION, keep, stopping)
    under_way.do(tasks, TO_PRINT if plan.pdf else 1)
    outcomes = list(_told_apart([*outcomes, *under_way.made]))
    for outcome in outcomes:
        manifest.put(outcome)
    withdrawn, stuck = _tidy(plan.folder, manifest, set(files) - parts, parts)
    set_aside = tuple(store.names_in(store.join(plan.folder, FORMER)))
    missing, unexpected = _against(plan.roster, identities, outcomes)
    ordered = sorted((*outcomes, *missing), key=lambda o: (o.code, o.name, o.file))
    return Batch(
        *(tuple(ordered), kept, tuple(sorted(parts)), unexpected),
        *(withdrawn, set_aside, stuck, under_way.interrupted),
    )


def _parts(identities: Sequence[Identity]) -> set[str]:
    """The files of units that a department publishes with its own.

    What a file says of another is not enough: a department's input stays its own, whoever names it
    as a unit, and an input that names itself is made and told of.
    """
    units = {one.file for one in identities if one.kind == "单位"}
    return units & {unit for one in identities if one.kind == "部门" for unit in one.units}


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
            outcome = replace(outcome, counts=ONE_ERROR)
            outcome = replace(outcome, **made)  # type: ignore[arg-type]
        yield outcome


def _tidy(
    folder: str, manifest: Manifest, files: set[str], parts: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Move away the documents that are not those of the present data, and forget their inputs.

    Files withdrawn, and sentences on what could not be moved. ``files``: the inputs of this
    run; others that are not there any more, or are parts of an input now, have left.
    """
    known = {outcome.file: outcome for outcome in manifest.all()}
    others = [outcome for outcome in known.values() if outcome.file not in files]
    leavers = [one for one in others if one.file in parts or store.is_gone(one.file)]
    for outcome in leavers:
        del known[outcome.file]
    stuck = former.sweep(folder, known.values(), leavers)
    current = {name for outcome in known.values() for name in outcome.files}
    if not stuck:
        manifest.forget(outcome.file for outcome in leavers)
    manifest.rewrite()
    withdrawn = {name for outcome in leavers for name in outcome.files} - current
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


def _recognised(outcome: Outcome, roster: Iterable[Expected]) -> Outcome:
    """An input that cannot be read, with whose it is where the name of its file says so."""
    name = store.name_of(outcome.file)
    for one in roster:
        code = one.code and re.search(rf"(?<![0-9]){re.escape(one.code)}(?![0-9])", name)
        if code or (one.name and one.name in name):
            return replace(outcome, code=one.code, name=one.name)
    return outcome


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
            outcomes.append(identity.outcome(FAULTY, findings=(finding,), counts=ONE_ERROR))
    return outcomes


def _against(
    roster: Sequence[Expected], identities: Sequence[Identity], outcomes: Sequence[Outcome]
) -> tuple[list[Outcome], tuple[str, ...]]:
    """Who is expected and has not sent anything; and the inputs that nobody expects."""
    if not roster:
        return [], ()
    codes = {one.code for one in identities} | {one.code for one in outcomes}
    names = {one.name for one in identities} | {one.name for one in outcomes}
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
