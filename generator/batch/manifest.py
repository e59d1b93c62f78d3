"""What a folder of documents was made of: one line per input, so that the next run knows.

The file is only ever added to while a run goes on, a line at a time; a line that a killed process
left half is ignored. The next run writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from generator import files
from generator.batch import store
from generator.batch.outcome import Outcome
from generator.folder import MANIFEST
from generator.problem import UserError

MAX_LINE: Final = 1_000_000
REMOTE_EVERY: Final = 50  # an object store cannot be added to: the whole is written so often


class Manifest:
    """The outcomes of a folder, by input."""

    def __init__(self, folder: str) -> None:
        self._address = store.join(folder, MANIFEST)
        self._outcomes: dict[str, Outcome] = dict(_load(self._address))
        self._unwritten = 0
        self.rewrite()

    def get(self, file: str) -> Outcome | None:
        """What came of an input the last time."""
        return self._outcomes.get(file)

    def has_made(self, file: str) -> bool:
        """Whether a document was made of an input the last time."""
        before = self.get(file)
        return before is not None and bool(before.output)

    def put(self, outcome: Outcome) -> None:
        """Keep an outcome; the next ``rewrite`` lets it outlive the process."""
        self._outcomes[outcome.file] = outcome

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; after this call it outlives the process."""
        self.put(outcome)
        if store.is_remote(self._address):
            self._unwritten += 1
            if self._unwritten >= REMOTE_EVERY:
                self.rewrite()
            return
        try:
            with Path(self._address).open("a", encoding="utf-8") as stream:
                stream.write(_line(outcome))
        except OSError as error:
            raise UserError(
                f"“{MANIFEST}”写不进去{files.reason(error)}。",
                "做完的文档都在；请腾出空间，或检查输出文件夹的权限，再运行一次，会接着做。",
            ) from error

    def all(self) -> list[Outcome]:
        """What came of every input, also of those that this run was not given."""
        return list(self._outcomes.values())

    def forget(self, inputs: Iterable[str]) -> None:
        """Forget these inputs."""
        for file in inputs:
            self._outcomes.pop(file, None)

    def rewrite(self) -> None:
        """Write the whole, one line per input."""
        self._unwritten = 0
        lines = "".join(map(_line, self._outcomes.values()))
        store.write(self._address, lines.encode("utf-8"))


def _line(outcome: Outcome) -> str:
    # As ASCII: the name of a file may hold what is no character at all.
    return json.dumps(outcome.as_json()) + "\n"


def _load(address: str) -> Iterable[tuple[str, Outcome]]:
    text = (store.content(address) or b"").decode("utf-8", "replace")
    for line in text.splitlines():
        try:
            entry: Any = json.loads(line) if len(line) < MAX_LINE else None
            outcome = Outcome.from_json(entry)
        except (ValueError, RecursionError):
            continue  # the last line of a process that was killed, another version's, or forged
        yield outcome.file, outcome
