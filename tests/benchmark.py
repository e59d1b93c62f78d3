"""How fast it is, all in one run: ``python tests/benchmark.py [PART …] [--rounds N]``.

    render      rendering and writing against plain docxtpl, docxtemplater, and the limit
    job         the whole job of one workbook, stage by stage
    processes   two processes against one
    growth      documents ten times as large
    season      2,000 departments through ``gen-disclosure batch``: rate, memory, profile
    startup     commands in new processes, against the interpreter's bare start

Every figure is minimum … median … maximum over rounds in which the ways alternate; the medians
are held against the targets. Ends with exit code 1 if one is missed.
"""

from __future__ import annotations

import argparse
import gc
import sys
from importlib import import_module

from benchmarks.measure import Report

from generator.batch.workers import GARBAGE_AFTER

PARTS = {
    **{"render": "rendering", "job": "job", "processes": "processes"},
    **{"growth": "growth", "season": "season", "startup": "startup"},
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    gc.set_threshold(GARBAGE_AFTER)  # as in every process of a batch
    report = Report()
    for part in arguments.parts or PARTS:
        import_module(f"benchmarks.{PARTS[part]}").run(report, arguments.rounds)
    print("\nTargets missed:" if report.missed else "\nAll targets met.")
    for line in report.missed:
        print(f"  {line}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
