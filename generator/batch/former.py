"""Documents that are not those of the present data: none is lost, none looks like a current one.

An input that becomes faulty, or changes its name, leaves its old document behind; somebody may have
changed a document by hand. Such files are moved into the folder 旧文档 of the output, not removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath

from generator.batch import store
from generator.batch.outcome import UNREADABLE, Outcome
from generator.folder import FORMER
from generator.problem import UserError


def digest(data: bytes) -> str:
    """What the files made are known by."""
    return hashlib.sha256(data).hexdigest()


def inherit(now: Outcome, before: Outcome | None) -> Outcome:
    """An outcome with what an earlier run left behind: what still holds, or former files."""
    if before is None:
        return now
    if now.state == UNREADABLE and before.output and not store.is_readable(now.file):
        # A share that is away says nothing of what the file holds: the document may still be right.
        note = f"读不了输入，上次生成的“{before.output}”还在原处，可能不是最新的。"
        return replace(
            before, state=UNREADABLE, findings=now.findings, unlisted=0, notes=(note,), figures={}
        )
    if now.digest and (now.output, now.digest) == (before.output, before.digest):
        if not now.pdf:
            now = replace(now, pdf=before.pdf, pdf_digest=before.pdf_digest, pages=before.pages)
        if not now.data and now.basis == before.basis:
            now = replace(now, data=before.data, data_digest=before.data_digest)
    former = dict.fromkeys((*before.former, *before.files))
    return replace(now, former=tuple(name for name in former if name not in now.files))


def sweep(folder: str, outcomes: Iterable[Outcome], leavers: Iterable[Outcome]) -> list[str]:
    """Move away what no outcome stands for; what could not be moved is told, a sentence each.

    ``leavers``: what came of inputs that are there no more.
    """
    outcomes, leavers = list(outcomes), list(leavers)
    current = {name for outcome in outcomes for name in outcome.files}
    former = [name for outcome in (*outcomes, *leavers) for name in outcome.former]
    former += [name for outcome in leavers for name in outcome.files]
    stuck = []
    for name in dict.fromkeys(former):
        if name not in current:
            try:
                set_aside(folder, name)
            except UserError as error:
                stuck.append(f"有不是现在的数据的旧文档：{error}")
    return stuck


def put(folder: str, name: str, data: bytes, known: Iterable[str]) -> bool:
    """Write a file; one that is there and not among the ``known`` digests is set aside before.

    Whether it was. Raises :class:`UserError` when it cannot be written.
    """
    address = store.join(folder, name)
    there = store.content(address)
    linked = store.is_link(address)
    if there == data and not linked:
        return False
    foreign = linked or (there is not None and digest(there) not in known)
    if foreign:
        set_aside(folder, name)
    store.write(address, data)
    return foreign


def set_aside(folder: str, name: str) -> None:
    """Move a file into 旧文档, where it takes nothing's place; one that is not there is as good.

    Raises :class:`UserError` when it cannot be moved.
    """
    address = store.join(folder, name)
    data = store.content(address)
    if data is None and not store.is_link(address):
        return
    path = PurePosixPath(name)
    for number in count(1):
        numbered = name if number == 1 else f"{path.stem}（{number}）{path.suffix}"
        target = store.join(store.join(folder, FORMER), numbered)
        if not store.is_link(target) and store.content(target) in (None, data):
            store.move(address, target)
            return
