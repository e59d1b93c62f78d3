"""A season: many departments through ``gen-disclosure batch``, as a user runs it.

How many documents a second, what memory the processes take from the first to the last, and, of
some of the documents in one process, where the time goes.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.inputs import ROOT, departments
from benchmarks.job import watched, work
from benchmarks.measure import Report, span

DEPARTMENTS, PROFILED = 2_000, 90
MEMORY, GROWTH = 150.0, 1.1  # MB of one process; the last tenth over the second


def run(report: Report, rounds: int = 15) -> None:
    report.title(f"A season: {DEPARTMENTS} departments, gen-disclosure batch --jobs 2")
    with tempfile.TemporaryDirectory() as place:
        inputs, output = Path(place) / "in", Path(place) / "out"
        inputs.mkdir()
        start = time.perf_counter()
        files = list(departments(inputs, DEPARTMENTS))
        report.line("workbooks generated in", f"{time.perf_counter() - start:.1f} s")
        before = _processor()
        samples, taken = _batch(inputs, output)
        made = len(list(output.glob("*.docx")))
        report.line("documents", f"{made} in {taken:.1f} s: {made / taken:.1f} a second")
        if used := _processor() - before:
            report.line(
                "processor time, of all processes", f"{used / made * 1000:.1f} ms a document"
            )
        if made != DEPARTMENTS:
            report.missed.append(f"season: {made} documents of {DEPARTMENTS}")
        for name in ("汇总.html", "汇总.xlsx"):
            report.line(name, f"{(output / name).stat().st_size / 1e6:.2f} MB")
        _memory(report, samples)
        report.title(f"Where the time goes: {PROFILED} of them in one process")
        _profile(report, files[:PROFILED], output)


def _batch(inputs: Path, output: Path) -> tuple[list[dict[int, float]], float]:
    """Run it; the memory of its processes from time to time (process → MB), and the seconds."""
    command = [sys.executable, "-m", "generator", "batch", str(inputs), "-o", str(output)]
    start = time.perf_counter()
    with subprocess.Popen(
        [*command, "--jobs", "2"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as batch:
        samples = []
        while batch.poll() is None:
            samples.append(dict(_resident(batch.pid)))
            time.sleep(0.25)
    return samples, time.perf_counter() - start


def _processor() -> float:
    """Seconds that the processes this one has started worked, those that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _resident(pid: int) -> Iterator[tuple[int, float]]:
    """A process and those it started, with what each holds in memory (Linux alone tells)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    except OSError:
        return
    if found := re.search(r"VmRSS:\s+(\d+) kB", status):
        yield pid, int(found[1]) / 1000
    for child in children.split():
        yield from _resident(int(child))


def _memory(report: Report, samples: list[dict[int, float]]) -> None:
    """Of the workers, and of the one that gives them work, which keeps what came of each input."""
    over_time: dict[int, list[float]] = {}
    for sample in samples:
        for pid, megabytes in sample.items():
            over_time.setdefault(pid, []).append(megabytes)
    lasting = [values for values in over_time.values() if len(values) > len(samples) / 2]
    if not lasting:
        report.line("memory", "left out: this system does not tell")
        return
    first, *workers = lasting
    report.at_most("memory of a worker, MB", [max(values) for values in workers], MEMORY)
    growth = []
    for values in workers:
        tenth = max(len(values) // 10, 1)
        _in_tenths(report, values, tenth)
        early, late = values[tenth : 2 * tenth], values[-tenth:]
        growth.append((sum(late) / len(late)) / (sum(early) / len(early)))
    report.at_most("memory, last tenth / second", growth, GROWTH)
    report.at_most("memory of the first process, MB", [max(first)], MEMORY)
    tenth = max(len(first) // 10, 1)
    _in_tenths(report, first, tenth)
    kept = (first[-tenth] - first[tenth]) / 0.8 / DEPARTMENTS
    report.line("  it keeps", f"{kept * 1000:.1f} KB a document")


def _in_tenths(report: Report, values: list[float], tenth: int) -> None:
    report.line("  from the second tenth on", " ".join(f"{v:.0f}" for v in values[tenth::tenth]))


def _profile(report: Report, files: list[Path], output: Path) -> None:
    for file in files[:3]:
        work(file, output)
    stages = watched()
    for file in files:
        with stages.round():
            work(file, output)
    for name, values in stages.taken.items():
        report.line(name, f"{span(values, 1000)} ms")
    profile = cProfile.Profile()
    profile.enable()
    for file in files:
        work(file, output)
    profile.disable()
    by_module: Counter[str] = Counter()
    for (file_name, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():
        by_module[_module(file_name, function)] += own
    whole = sum(by_module.values())
    for module, own in by_module.most_common(14):
        report.line(f"  {module}", f"{own / whole:6.1%} of the profiled time")


def _module(file: str, function: str) -> str:
    """The module of ours, the library, or the built-in function."""
    if file == "~":
        return function.strip("<>").replace("built-in method ", "")
    path = Path(file)
    if ROOT in path.parents:
        return ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return path.parent.name if path.parent.name not in ("lib", "") else path.stem
