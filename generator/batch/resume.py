"""What an earlier run has made, and need not be made again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from generator import cache
from generator import pack as packs
from generator.batch import former, store
from generator.batch.identity import basis_of
from generator.batch.job import Task
from generator.batch.outcome import UNREADABLE, UNWRITTEN, Outcome
from generator.document import Options

_PACKAGE: Final = Path(__file__).parent.parent
_NO_PART: Final = ("__pycache__", "templates")  # the packs have a digest of their own


def program(options: Options) -> str:
    """A digest of what every document of a run depends on, beside its input."""
    settings = options.settings
    said = repr(
        (
            *(packs.digest(options.pack_id), options.pack_id),
            sorted((id_, str(change)) for id_, change in settings.changes.items()),
            sorted((name, sorted(codes.items())) for name, codes in settings.code_lists.items()),
        )
    ).encode()
    # Where the sources do not lie as files, their version stands for them.
    return cache.key(said, _sources()) or cache.key(said, ())


@lru_cache(maxsize=1)
def _sources() -> tuple[Path, ...]:
    """The files that the program consists of."""
    return tuple(sorted(file for file in _below(_PACKAGE) if file.is_file()))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name not in _NO_PART:
            yield from _below(path) if path.is_dir() else (path,)


def stands(task: Task, before: Outcome) -> bool:
    """Whether what came of an input is all that is asked for, and still there."""
    if before.basis != basis_of(task.program, task.identity.digest):
        return False
    if before.state in (UNREADABLE, UNWRITTEN):
        return False
    if not before.output:
        return True
    if task.verify and not before.verified:
        return False
    wanted = [(before.output, before.digest)]
    wanted += [(before.pdf, before.pdf_digest)] if task.pdf else []
    wanted += [(before.data, before.data_digest)] if task.data else []
    return all(name and _is_there(store.join(task.folder, name), kept) for name, kept in wanted)


def _is_there(address: str, digest: str) -> bool:
    data = store.content(address)
    return data is not None and former.digest(data) == digest and not store.is_link(address)
