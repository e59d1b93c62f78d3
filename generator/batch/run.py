"""Many inputs to their documents: what changed is made, the rest is kept, nothing is lost."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Final

from generator import __version__
from generator import pack as packs
from generator.batch import former, job, store
from generator.batch.crew import Crew, Hire, Progress, Work
from generator.batch.job import Identity, Task
from generator.batch.manifest import Manifest
from generator.batch.outcome import FAULTY, MISSING, UNREADABLE, UNWRITTEN, Outcome
from generator.batch.roster import Expected
from generator.pipeline import Options
from generator.problem import UserError

TO_PRINT: Final = 8  # documents that one LibreOffice makes PDFs of; Ctrl-C waits for so many


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
    another input. ``unexpected``: inputs that the roster does not name. ``withdrawn``: documents
    whose input is there no more. ``stuck``: what could not be moved to the former ones.
    """

    outcomes: tuple[Outcome, ...]
    kept: int = 0
    parts: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    interrupted: bool = False

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def run(plan: Plan, hire: Hire, workers: int, tell: Progress = lambda *_: None) -> Batch:
    """Make the documents of a batch. Raises :class:`UserError` when there is nothing to do.

    ``hire``: gives an executor, a new one each time it is called; ``workers``: how many it has.
    """
    files = _files(plan.inputs, plan.others)
    manifest = Manifest(plan.folder)
    crew = Crew(hire)
    try:
        return _run(plan, files, manifest, crew, workers, tell)
    finally:
        crew.dismiss()


def _run(
    plan: Plan, files: list[str], manifest: Manifest, crew: Crew, workers: int, tell: Progress
) -> Batch:
    identities, outcomes = _identified(files, crew.executor)
    parts = {unit for identity in identities for unit in identity.units} & set(files)
    identities = [i for i in identities if i.file not in parts]
    outcomes = [o for o in outcomes if o.file not in parts]
    claimed = _claimed_twice(identities)
    outcomes = [former.inherit(o, manifest.get(o.file)) for o in (*outcomes, *claimed)]
    twice = {outcome.file for outcome in claimed}
    tasks: list[Task] = []
    program = _program(plan)
    for identity in (i for i in identities if i.file not in twice):
        before = manifest.get(identity.file)
        if before is not None and not plan.again and _stands(plan, program, identity, before):
            outcomes.append(before)
        else:
            asked = (plan.verify, plan.data, plan.pdf)
            tasks.append(Task(identity, plan.folder, plan.options, program, *asked, before))
    kept = len(identities) - len(twice) - len(tasks)
    under_way = Work(crew, workers, manifest, tell)
    under_way.do(tasks, TO_PRINT if plan.pdf else 1)
    outcomes = list(_told_apart([*outcomes, *under_way.made]))
    for outcome in outcomes:
        manifest.put(outcome)
    withdrawn, stuck = _tidy(plan.folder, manifest, set(files) - parts, parts)
    missing, unexpected = _against(plan.roster, identities)
    ordered = sorted((*outcomes, *missing), key=lambda o: (o.code, o.name, o.file))
    return Batch(
        *(tuple(ordered), kept, tuple(sorted(parts)), unexpected),
        *(withdrawn, stuck, under_way.interrupted),
    )


def _told_apart(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Two inputs whose documents have the same name, by whatever pack: neither stands."""
    names = Counter(outcome.output for outcome in outcomes if outcome.output)
    for outcome in outcomes:
        if names[outcome.output] > 1:
            finding = f"有 {names[outcome.output]} 份输入的文档都叫“{outcome.output}”，都没有生成。"
            left = tuple(dict.fromkeys((*outcome.former, *outcome.files)))
            made = {"output": "", "digest": "", "pdf": "", "pdf_digest": "", "data": ""}
            outcome = replace(outcome, state=FAULTY, basis="", findings=(finding,), former=left)
            outcome = replace(outcome, **made)  # type: ignore[arg-type]
        yield outcome


def _tidy(
    folder: str, manifest: Manifest, files: set[str], parts: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Move away the documents that are not those of the present data, and forget their inputs.

    Documents withdrawn, and sentences on what could not be moved. ``files``: the inputs of this
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
    withdrawn = (o.output for o in leavers if o.output and o.output not in current)
    return tuple(sorted(withdrawn)), tuple(stuck)


def _files(inputs: Iterable[str], others: Iterable[str]) -> list[str]:
    none = set(map(os.path.realpath, others))
    found = (file for address in inputs for file in store.files_in(address))
    files = {
        file if store.is_remote(file) else os.path.realpath(file): file
        for file in found
        if store.is_remote(file) or os.path.realpath(file) not in none
    }
    if not files:
        raise UserError("没有找到可以处理的文件。", "请给出 .xlsx 或 .yaml 文件，或它们的文件夹。")
    return list(files.values())


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
            *(__version__, packs.digest(plan.options.pack_id), plan.options.pack_id, plan.verify),
            sorted((id_, str(change)) for id_, change in settings.changes.items()),
            sorted((name, sorted(codes.items())) for name, codes in settings.code_lists.items()),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _stands(plan: Plan, program: str, identity: Identity, before: Outcome) -> bool:
    """Whether what an earlier run made of an input is all that is asked for, and still there."""
    if before.basis != job.basis_of(program, identity.digest):
        return False
    if before.state in (UNREADABLE, UNWRITTEN):
        return False
    if not before.output:
        return True
    if (plan.pdf and not before.pdf) or (plan.data and not before.data):
        return False
    wanted = {before.output: before.digest}
    if plan.pdf:
        wanted[before.pdf] = before.pdf_digest
    return all(
        (data := store.content(store.join(plan.folder, name))) is not None
        and former.digest(data) == digest
        for name, digest in wanted.items()
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
