"""Two processes on two cores against one: the same documents, in warm processes."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.inputs import departments
from benchmarks.job import work
from benchmarks.measure import Report, ratios, side_by_side, span
from generator.batch import workers

DOCUMENTS, TARGET = 120, 1.8


def _make(folder: Path, file: Path) -> int:
    return len(work(file, folder))


def _count(_: int) -> int:
    return sum(range(20_000_000))


def run(report: Report, rounds: int = 15) -> None:
    report.title(f"Two processes against one: {DOCUMENTS} documents ({workers.count()} cores)")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = list(departments(folder, DOCUMENTS))
        with workers.local(1)() as one, workers.local(2)() as two:

            def through(pool: ProcessPoolExecutor) -> int:
                return sum(pool.map(partial(_make, folder), files, chunksize=4))

            ways = {
                **{"one process": lambda: through(one), "two processes": lambda: through(two)},
                "one, mere counting": lambda: list(one.map(_count, range(4))),
                "two, mere counting": lambda: list(two.map(_count, range(4))),
            }
            times = side_by_side(ways, max(rounds // 4, 3), clock=time.perf_counter)
    report.times(times)
    both = ratios(times, "one, mere counting", "two, mere counting")
    report.line("what the machine has to give", f"{span(both, decimals=2)}: mere counting")
    report.at_least("one / two", ratios(times, "one process", "two processes"), TARGET)
