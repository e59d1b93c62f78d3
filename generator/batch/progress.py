"""How far a batch is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol, TextIO

from generator.batch.outcome import FAULTY, UNREADABLE, UNWRITTEN, Outcome

LINE_EVERY: Final = 2.0  # seconds between two plain lines
AT_LEAST: Final = 5  # inputs until there is a rate to speak of: the first has everything loaded


class Progress(Protocol):
    """Who is told how far a batch is."""

    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        """After each input: how many are done, of how many, and what came of this one."""

    def stopping(self, number: int) -> None:
        """After Ctrl-C: how many inputs are under way and still waited for."""


class _Silent:
    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        pass

    def stopping(self, number: int) -> None:
        pass


SILENT: Final[Progress] = _Silent()


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

    def rate(self, done: int) -> float | None:
        """Inputs per second, once they can tell."""
        return done / max(time.monotonic() - self._start, 0.001) if done >= AT_LEAST else None


class _Terminal:
    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("生成", total=None, rate="")
        self._pace = _Pace()

    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        rate = self._pace.rate(done)
        words = f"{rate:.1f} 份/秒" if rate else ""
        self._bar.update(self._task, completed=done, total=of, rate=words)
        if outcome.state in (FAULTY, UNREADABLE, UNWRITTEN):
            # markup off: a name in brackets is not a colour
            self._bar.console.print(_named(outcome), markup=False, highlight=False)

    def stopping(self, number: int) -> None:
        self._bar.console.print(_stopping(number), markup=False, highlight=False)


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = _Pace()
        self._last = time.monotonic()

    def __call__(self, done: int, of: int, outcome: Outcome) -> None:
        if outcome.state in (FAULTY, UNREADABLE, UNWRITTEN):
            self._say(_named(outcome))
        now = time.monotonic()
        if now - self._last >= LINE_EVERY or done == of:
            self._last = now
            rate = self._pace.rate(done)
            pace = f"，每秒 {rate:.1f} 份" if rate else ""
            left = f"，约剩 {(of - done) / rate:.0f} 秒" if rate and done < of else ""
            self._say(f"{done}/{of}{pace}{left}")

    def stopping(self, number: int) -> None:
        self._say(_stopping(number))

    def _say(self, line: str) -> None:
        """That nobody reads it any more (``2>&1 | head``) does not stop the work."""
        with suppress(OSError):
            print(line, file=self._stream, flush=True)


def _stopping(number: int) -> str:
    under_way = f"手头的 {number} 份做完就停" if number else "这就停"
    return f"正在停止：{under_way}；再按一次 Ctrl-C 立即停止。"


def _named(outcome: Outcome) -> str:
    return f"{outcome.state}：{outcome.file}"
