"""How far a batch is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

from generator.batch.crew import Progress
from generator.batch.outcome import FAULTY, UNREADABLE, UNWRITTEN, Outcome

LINE_EVERY: Final = 2.0  # seconds between two plain lines


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Progress]:
    """Shows progress while the ``with`` lasts; errors are named as they come."""
    stream = stream or sys.stderr
    if stream.isatty():
        try:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar
        except ImportError:  # typer brings it, but can do without
            yield _Lines(stream)
            return
        columns: tuple[Any, ...] = (
            *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
            *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
        )
        with Bar(*columns, console=Console(file=stream), transient=True) as bar:
            yield _Terminal(bar)
    else:
        yield _Lines(stream)


class _Pace:
    def __init__(self) -> None:
        self._start = time.monotonic()

    def rate(self, done: int) -> float:
        """Inputs per second."""
        return done / max(time.monotonic() - self._start, 0.001)


class _Terminal:
    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("生成", total=None, rate="")
        self._pace = _Pace()

    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        rate = f"{self._pace.rate(done):.1f} 份/秒"
        self._bar.update(self._task, completed=done, total=of, rate=rate)
        if outcome.state in (FAULTY, UNREADABLE, UNWRITTEN):
            # markup off: a name in brackets is not a colour
            self._bar.console.print(_named(outcome), markup=False, highlight=False)


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = _Pace()
        self._last = time.monotonic()

    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        if outcome.state in (FAULTY, UNREADABLE, UNWRITTEN):
            print(_named(outcome), file=self._stream)
        now = time.monotonic()
        if now - self._last >= LINE_EVERY or done == of:
            self._last = now
            rate = self._pace.rate(done)
            left = f"，约剩 {(of - done) / rate:.0f} 秒" if done < of else ""
            print(f"{done}/{of}，每秒 {rate:.1f} 份{left}", file=self._stream, flush=True)


def _named(outcome: Outcome) -> str:
    return f"{outcome.state}：{outcome.file}"
