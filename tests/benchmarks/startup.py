"""Commands in new processes, as multiples of the interpreter's bare start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.inputs import ONE, ROOT
from benchmarks.measure import Report, ratios, side_by_side, span
from benchmarks.rendering import FROZEN
from generator.cache import OFF, VARIABLE

_DOCXTPL = """
import gzip, json, sys
from docxtpl import DocxTemplate
context = json.loads(gzip.decompress(open(sys.argv[1], "rb").read()))
document = DocxTemplate(sys.argv[2])
document.render(context, autoescape=True)
document.save(sys.argv[3])
"""


def run(report: Report, rounds: int = 15) -> None:
    report.title("Commands in new processes")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        kept = {VARIABLE: str(folder / "cache")}
        ours = ("-m", "generator")
        one = (*ours, str(ONE), "-o", str(folder))
        data = str(FROZEN.with_suffix(".json.gz"))
        ways = {
            "bare": _command("-c", "pass"),
            "--version": _command(*ours, "--version"),
            "--help": _command(*ours, "--help"),
            "check --help": _command(*ours, "check", "--help"),
            "one file": _command(*one, environment=kept),
            "one file, nothing kept": _command(*one, environment={VARIABLE: OFF}),
            "docxtpl, one document": _command(
                *("-c", _DOCXTPL, data, str(FROZEN), str(folder / "plain.docx"))
            ),
        }
        times = side_by_side(ways, max(rounds // 2, 3), clock=time.perf_counter)
    report.times(times)
    for name in list(ways)[1:]:
        report.line(f"{name} / bare", f"× {span(ratios(times, name, 'bare'))}")


def _command(*arguments: str, environment: Mapping[str, str] | None = None) -> Callable[[], object]:
    def run_it() -> object:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            check=True,
            capture_output=True,
        )

    return run_it
