"""What there is to say of a batch as a whole, beside the states: a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from generator.batch.outcome import PENDING, Outcome
from generator.batch.run import Batch
from generator.folder import FORMER


def alarms(batch: Batch) -> Iterator[str]:
    """Why the documents in the folder are not to be published as they lie there."""
    if pending := batch.count(PENDING):
        yield f"这次运行中断了：还有 {pending} 份没有处理，请再运行一次。"
    yield from batch.stuck


def notices(batch: Batch) -> Iterator[str]:
    """What else is worth knowing of the files in the folder."""
    if batch.others:
        yield f"文件夹里另有 {len(batch.others)} 份以前生成的文档，这次没有给出它们的工作簿。"
    for suffix, what, option in (
        (".pdf", " PDF", "--pdf"),
        (".json", "核对结果（.json）", "--json"),
    ):
        if lost := sum(_has_lost(outcome, suffix) for outcome in batch.outcomes):
            told = f"（原有的已过时，移到“{FORMER}”）"
            yield f"{lost} 份文档没有{what}{told}，加 {option} 补上。"


def _has_lost(outcome: Outcome, suffix: str) -> bool:
    """Whether a document had such a file beside it before it was made anew, and has none now.

    Not one that was asked for and failed, which is told as a note and a finding of its own.
    """
    failed = outcome.findings[:1] and outcome.findings[0] in outcome.notes
    there = any(name.endswith(suffix) for name in outcome.files)
    before = any(name.endswith(suffix) for name in outcome.former)
    return bool(outcome.output) and before and not there and not failed
