"""The whole job of one workbook: read, check, derive, render, paginate, write.

As in a batch; the document that a single command makes is read back and compared besides.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.inputs import ONE
from benchmarks.measure import Report, Stages, ratios, seconds, side_by_side, span
from benchmarks.rendering import frozen, plain
from generator import checks, pipeline, render
from generator.files import write_whole
from generator.render import context as template_context
from generator.render.container import Container
from generator.render.paginate import Paginator
from generator.sources import workbook

FASTER = 5


def work(file: Path, folder: Path) -> bytes:
    """One workbook to its document; what was written comes back."""
    document = pipeline.check(file)
    data = document.render()
    write_whole(folder / document.name(), data)
    return data


def watched() -> Stages:
    """Every stage of :func:`work`, by the function that does it."""
    stages = Stages()
    for stage, owner, name in (
        ("read", workbook, "read"),
        ("model", pipeline, "take_in"),
        ("derive: tables and sentences", pipeline, "derive"),
        ("check", checks, "examine"),
        ("context", template_context, "build"),
        ("render, with all below", render.DocumentTemplate, "render"),
        ("  paginate", Paginator, "settle"),
        ("  deflate and pack", Container, "pack"),
    ):
        stages.watch(stage, owner, name)
    return stages


def run(report: Report, rounds: int = 15) -> None:
    report.title("The whole job of one workbook: 唐山 2023, warm, one core")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ways = {"docxtpl, rendering alone": plain(*frozen()), "ours": lambda: work(ONE, folder)}
        times = side_by_side(ways, rounds, warm_up=3)
        report.times(times)
        ratio = ratios(times, "docxtpl, rendering alone", "ours")
        report.at_least("docxtpl's rendering / ours", ratio, FASTER)
        stages = watched()
        for _ in range(rounds):
            with stages.round():
                work(ONE, folder)
        report.times(stages.taken)
        data = work(ONE, folder)
        target = folder / "written.docx"
        written = [seconds(lambda: write_whole(target, data), time.perf_counter) for _ in range(9)]
        report.line("  write, waiting for the disk", f"{span(written, 1000)} ms")
        document = pipeline.check(ONE)
        back = [seconds(lambda: document.verify(data)) for _ in range(9)]
        report.line("read back and compare, if asked", f"{span(back, 1000)} ms")
