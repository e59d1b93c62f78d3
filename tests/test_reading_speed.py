"""How long reading takes, as processor time in a warm process; the limits are generous.

The best of several rounds is taken, so that a busy machine does not fail it. Measured when this
was written: see the comments beside the limits.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plain
from support import INPUTS, load_pack
from test_pasted_files import workbook

from generator import sources
from generator.sources import pasted, yamlfile


def best(action: Callable[[], object], rounds: int = 10) -> float:
    """Milliseconds of processor time; the first round only warms up."""
    action()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times) * 1000


def with_projects(count: int) -> bytes:
    """The case's input with that many projects, each with eight indicators."""
    tree: dict[str, Any] = yamlfile.read("x", (INPUTS / "tangshan-2023.yaml").read_bytes()).tree
    model = tree["项目"][0]
    indicators = (model["绩效指标"] * 8)[:8]
    tree["项目"] = [
        {**model, "项目名称": f"项目{i}", "绩效指标": copy.deepcopy(indicators)}
        for i in range(count)
    ]
    return plain.workbook(tree)


def test_the_form_is_read_fast() -> None:
    file = INPUTS / "tangshan-2023.xlsx"
    assert sources.read(file).problems == ()
    assert best(lambda: sources.read(file)) < 40  # 10


def test_pasted_tables_are_read_fast(tmp_path: Path) -> None:
    file, pack = tmp_path / "pasted.xlsx", load_pack("hebei/2023")
    file.write_bytes(workbook("tangshan-2023", "plain"))
    assert len(sources.read(file).pages) == 9
    assert best(lambda: pasted.attach(sources.read(file), pack)) < 40  # 11


def test_many_projects_take_time_in_proportion(tmp_path: Path) -> None:
    times: list[float] = []
    for count in (150, 450):
        file = tmp_path / f"{count}.xlsx"
        file.write_bytes(with_projects(count))
        tree = sources.read(file).tree
        assert sum(len(project["绩效指标"]) for project in tree["项目"]) == 8 * count
        times.append(best(lambda file=file: sources.read(file), 5))  # type: ignore[misc]
    small, large = times
    assert large < 300  # 60
    assert large < 6 * small  # 3 when it is linear, 9 when it is quadratic
