"""A worker of a batch makes thousands of documents: none of them may stay in its memory."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, with_two_units
from test_batch import write
from test_season import spoil

from generator import yamltext
from generator.batch import identity, job
from generator.document import Options


@pytest.mark.parametrize("kind", ["workbook", "with units", "faulty"])
def test_a_document_leaves_nothing_to_the_garbage_collector(tmp_path: Path, kind: str) -> None:
    """What refers to itself would lie about in a worker until the next collection: a document's
    whole data, a few MB each.
    """
    file = tmp_path / "301.yaml"
    match kind:
        case "workbook":
            file = ROOT / "inputs" / "tangshan-2023.xlsx"
        case "with units":
            file.write_text(yamltext.dump(with_two_units()), encoding="utf-8")
        case "faulty":
            spoil(write(tmp_path, "301"))

    def make() -> None:
        found = identity.identify(str(file))
        assert isinstance(found, identity.Identity)
        task = job.Task(found, str(tmp_path), Options(), "", verify=True)
        assert bool(job.work([task])[0].output) == (kind != "faulty")

    make()  # what is kept for the documents that follow
    gc.collect()
    gc.disable()
    try:
        make()
        assert gc.collect() == 0
    finally:
        gc.enable()


_WHEN_WORK_BEGINS = """
import sys
from generator import batch, cli
from generator.problem import UserError

def run(*_):
    raise UserError(",".join(sorted({"openpyxl", "jinja2"} & set(sys.modules))) or "neither")

batch.run = run
cli.run(["batch", sys.argv[1], "-o", sys.argv[2], "--jobs", "1"])
"""


def test_workers_do_not_begin_with_what_only_the_summary_needs(tmp_path: Path) -> None:
    """They begin as copies of the process that gives them work: openpyxl alone is 20 MB."""
    command = [sys.executable, "-c", _WHEN_WORK_BEGINS, write(tmp_path, "301"), tmp_path / "出"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert "neither" in ran.stderr, ran.stderr
