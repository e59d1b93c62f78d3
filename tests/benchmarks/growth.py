"""A document ten times as large: the whole job of a workbook of so many more projects."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.inputs import large
from benchmarks.job import work
from benchmarks.measure import Report, ratios, side_by_side
from generator.render.container import BODY, unpack

PROJECTS = 19  # times as many make a document ten times as large: the nine tables do not grow
AT_MOST = 11


def run(report: Report, rounds: int = 15) -> None:
    report.title(f"A document ten times as large: {PROJECTS} × 45 projects")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        small, big = large(folder, 1), large(folder, PROJECTS)
        sizes = [len(unpack(work(file, folder), "made")[BODY]) for file in (small, big)]
        ways = {"one": lambda: work(small, folder), "ten": lambda: work(big, folder)}
        times = side_by_side(ways, max(rounds // 3, 3))
        report.times(times)
        report.line("size of the document's body", f"× {sizes[1] / sizes[0]:.1f}")
        report.at_most("ten / one", ratios(times, "ten", "one"), AT_MOST)
