"""What a folder of documents was made of: one line per input, so that the next run knows.

The file is only ever added to while a run goes on, a line at a time; a line that a killed process
left half is ignored. The next run writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from generator.batch import store
from generator.batch.outcome import Outcome
from generator.problem import UserError

NAME: Final = "gen-disclosure.jsonl"
REMOTE_EVERY: Final = 50  # an object store cannot be added to: the whole is written so often


class Manifest:
    """The outcomes of a folder, by input. ``fresh``: forget what was there."""

    def __init__(self, folder: str, *, fresh: bool = False) -> None:
        self._address = store.join(folder, NAME)
        self._outcomes: dict[str, Outcome] = {} if fresh else dict(_load(self._address))
        self._unwritten = 0
        self.rewrite()

    def get(self, file: str) -> Outcome | None:
        """What came of an input the last time."""
        return self._outcomes.get(file)

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; after this call it outlives the process."""
        self._outcomes[outcome.file] = outcome
        if store.is_remote(self._address):
            self._unwritten += 1
            if self._unwritten >= REMOTE_EVERY:
                self.rewrite()
            return
        try:
            with Path(self._address).open("a", encoding="utf-8") as stream:
                stream.write(_line(outcome))
        except OSError as error:
            raise UserError(f"“{NAME}”写不进去。", "请检查输出文件夹的权限和空间。") from error

    def keep(self, files: Iterable[str]) -> None:
        """Forget the inputs that are not among these."""
        wanted = set(files)
        self._outcomes = {file: o for file, o in self._outcomes.items() if file in wanted}
        self.rewrite()

    def rewrite(self) -> None:
        """Write the whole, one line per input."""
        self._unwritten = 0
        lines = "".join(map(_line, self._outcomes.values()))
        store.write(self._address, lines.encode("utf-8"))


def _line(outcome: Outcome) -> str:
    return json.dumps(outcome.as_json(), ensure_ascii=False) + "\n"


def _load(address: str) -> Iterable[tuple[str, Outcome]]:
    try:
        text = store.read(address).decode("utf-8", "replace")
    except UserError:
        return
    for line in text.splitlines():
        try:
            entry: Any = json.loads(line)
            outcome = Outcome.from_json(entry)
        except (ValueError, TypeError, KeyError):
            continue  # the last line of a process that was killed, or another version's
        yield outcome.file, outcome
