"""Those whose workbooks a run was not given: what is known of them from the runs before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from generator.batch import store
from generator.batch.outcome import MISSING, NOT_GIVEN, Outcome
from generator.batch.roster import Index
from generator.folder import FORMER


@dataclass(frozen=True, slots=True)
class Absent:
    """``leavers``: what came of inputs that are there no more, or are parts of another now.
    ``others``: of inputs that this run was not given, and that are there for all that is known.
    """

    leavers: tuple[Outcome, ...]
    others: tuple[Outcome, ...]

    def rows(self, missing: Iterable[Outcome], index: Index) -> Iterator[Outcome]:
        """Those whom a roster expects, each with what became of what was sent before."""
        for row in missing:
            known, left = _find(row, self.others, index), _find(row, self.leavers, index)
            if known is not None:
                told = (*row.findings, _SENT)
                yield _not_given(known) if known.output else replace(row, findings=told)
            elif left is not None:
                yield replace(row, findings=(*row.findings, _withdrawn(left)))
            else:
                yield row


def find(
    known: Iterable[Outcome], given: Collection[str], parts: Collection[str], there: Collection[str]
) -> Absent:
    """Sort out what is known.

    ``given``: the inputs of this run; ``parts``: units of them; ``there``: the names of what lies
    in the folder of documents.
    """
    leavers, others = [], []
    for one in known:
        if one.file in given:
            continue
        if one.file in parts or store.is_gone(one.file):
            leavers.append(one)
        else:
            others.append(one if one.output in there else replace(one, output="", pdf="", data=""))
    return Absent(tuple(leavers), tuple(others))


def remembered(leavers: Iterable[Outcome], codes: Collection[str]) -> Iterator[Outcome]:
    """What the manifest keeps of those who have left: of a department that nobody stands for now.

    ``codes``: those of the inputs of this run.
    """
    for one in leavers:
        if one.code and one.code not in codes:
            who = (one.file, MISSING, "", one.code, one.name, one.year, one.kind)
            yield Outcome(*who, former=tuple(dict.fromkeys((*one.former, *one.files))))


_SENT: Final = "这次没有给出它的工作簿；以前交过，没有生成文档。"


def _find(row: Outcome, among: Iterable[Outcome], index: Index) -> Outcome | None:
    """Who stands in a row, by the rule of the roster: a code may lack its leading zeros."""
    for one in among:
        rows = index.coded(one.code) if row.code else index.called(one.name)
        if (row.code, row.name) in [(each.code, each.name) for each in rows]:
            return one
    return None


def _not_given(known: Outcome) -> Outcome:
    told = f"这次没有给出它的工作簿；以前生成的“{known.output}”还在文件夹里。"
    return replace(known, state=NOT_GIVEN, notes=(), findings=(told, *known.findings))


def _withdrawn(left: Outcome) -> str:
    moved = f"，文档已移到“{FORMER}”" if left.former or left.files else ""
    return f"撤回：以前交过{moved}。"
