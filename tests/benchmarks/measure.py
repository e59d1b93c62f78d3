"""Taking times side by side, and saying them: every round runs each way once, so that a machine
that slows down slows all of them; ratios are of rounds, and minimum, median and maximum are shown.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

Way = Callable[[], Any]


def seconds(way: Way, clock: Callable[[], float] = time.process_time) -> float:
    """Of this process's own work: what else the machine does meanwhile does not count."""
    start = clock()
    way()
    return clock() - start


def side_by_side(
    ways: Mapping[str, Way],
    rounds: int,
    warm_up: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, list[float]]:
    """Seconds of each round of each way; the first rounds are not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + warm_up):
        for name, way in ways.items():
            taken = seconds(way, clock)
            if turn >= warm_up:
                times[name].append(taken)
    return times


def ratios(times: Mapping[str, list[float]], above: str, below: str) -> list[float]:
    """One way's time over another's, round by round."""
    return [one / other for one, other in zip(times[above], times[below], strict=True)]


def span(values: list[float], scale: float = 1.0, decimals: int = 1) -> str:
    """Minimum, median and maximum in one short text."""
    three = (min(values), statistics.median(values), max(values))
    return " … ".join(f"{value * scale:.{decimals}f}" for value in three)


@dataclass
class Report:
    """What a benchmark prints, and which of its targets it misses."""

    missed: list[str] = field(default_factory=list)

    def title(self, text: str) -> None:
        print(f"\n## {text}\n", flush=True)

    def line(self, name: str, text: str) -> None:
        print(f"{name:34} {text}", flush=True)

    def times(self, times: Mapping[str, list[float]]) -> None:
        """Milliseconds."""
        for name, values in times.items():
            self.line(name, f"{span(values, 1000)} ms")

    def at_least(self, name: str, values: list[float], target: float) -> None:
        self._target(name, values, f"at least {target:g}", statistics.median(values) >= target)

    def at_most(self, name: str, values: list[float], target: float) -> None:
        self._target(name, values, f"at most {target:g}", statistics.median(values) <= target)

    def _target(self, name: str, values: list[float], target: str, met: bool) -> None:
        self.line(name, f"{span(values, decimals=2)}   ({target}{'' if met else ': MISSED'})")
        if not met:
            self.missed.append(f"{name}: {statistics.median(values):.2f}, {target}")


class Stages:
    """Time spent in functions, each of which is watched where it is looked up."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}
        self._watched: list[tuple[str, object, str]] = []

    def watch(self, stage: str, owner: object, name: str) -> None:
        self._watched.append((stage, owner, name))
        self.taken.setdefault(stage, [])

    @contextmanager
    def round(self) -> Iterator[None]:
        """Within it the functions are watched; what they take is one round."""
        now = dict.fromkeys(self.taken, 0.0)

        def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                start = time.process_time()
                try:
                    return function(*arguments, **named)
                finally:
                    now[stage] += time.process_time() - start

            return call

        patches = [
            mock.patch.object(owner, name, timed(stage, getattr(owner, name)))
            for stage, owner, name in self._watched
        ]
        for patch in patches:
            patch.start()
        try:
            yield
        finally:
            for patch in patches:
                patch.stop()
            for stage, taken in now.items():
                self.taken[stage].append(taken)
