"""The benchmark measures what it says: every construct prints the same as docxtpl's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import inputs, measure, rendering
from support import ROOT

from generator import sources

CONSTRUCTS = {construct.name: construct for construct in rendering.constructs()}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_says_the_same_as_docxtpl(name: str) -> None:
    construct = CONSTRUCTS[name]
    template = rendering.template_of(construct)
    context = {**construct.context, "文档": {"摘要": ""}}
    ours = rendering.texts(rendering.ours(template, context)())
    assert len(ours) > 1000
    assert ours == rendering.texts(rendering.plain(template, context)())


def test_the_frozen_form_says_the_same_as_docxtpl() -> None:
    """But for the numbers in the contents, which docxtpl cannot know."""
    template, context = rendering.frozen()
    lines = [{**line, "页码": ""} for line in context["目录"]["行"]]
    context = {**context, "目录": {**context["目录"], "行": lines}}
    ours = rendering.texts(rendering.ours(template, context)())
    assert ours == rendering.texts(rendering.plain(template, context)())


def test_the_limit_writes_the_very_document() -> None:
    template, context = rendering.frozen()
    made = rendering.ours(template, context, pages=True)()
    assert rendering.limit(made, template)() == made


def test_generated_departments_differ_in_code_name_and_projects(tmp_path: Path) -> None:
    trees = [sources.read(file).tree for file in inputs.departments(tmp_path, 6)]
    basics = [tree["基本信息"] for tree in trees]
    assert len({b["编码"] for b in basics}) == len({b["名称"] for b in basics}) == 6
    assert len({p["项目名称"] for t in trees for p in t["项目"]}) == sum(
        len(t["项目"]) for t in trees
    )
    assert all(p["绩效指标"] for p in trees[3]["项目"])


def test_a_missed_target_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    report = measure.Report()
    report.at_least("a", [1.0, 2.0, 9.0], 2)
    report.at_most("b", [1.0, 3.0, 3.0], 2)
    assert report.missed == ["b: 3.00, at most 2"]
    assert capsys.readouterr().out.count("MISSED") == 1


# --- the command line starts with little ----------------------------------------------------


def loaded_by(*arguments: str) -> set[str]:
    """The modules that are loaded when a command has run."""
    code = (
        "import sys, generator.cli as c; c.run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    return set(done.stderr.split())


def test_the_version_loads_nothing_of_others() -> None:
    assert loaded_by("--version").isdisjoint({"typer", "pydantic", "yaml", "generator.cli.app"})


@pytest.mark.parametrize("command", ["build", "check", "batch", "new", "packs", "template"])
def test_help_loads_only_its_own_command(command: str) -> None:
    loaded = loaded_by(command, "--help")
    assert "generator.cli.app" in loaded
    assert loaded.isdisjoint(
        {"generator.pipeline", "generator.pack", "docxtpl", "jinja2", "openpyxl", "yaml", "lxml"}
    )
    commands = {f"generator.cli.{name}" for name in ("build", "check", "batch", "packs")}
    assert len(loaded & commands) <= 2  # its own, and what it shares with another


def test_garbage_is_collected_in_a_long_run() -> None:
    """Switched off in the command, it would be off in the processes of a batch, which then grow."""
    code = (
        "import gc, sys, generator.cli as c; sys.argv[1:] = ['--version']\n"
        "try: c.main()\nexcept SystemExit: print(gc.isenabled(), gc.get_threshold()[0])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    enabled, threshold = done.stdout.split()[-2:]
    assert enabled == "True" and int(threshold) > 10_000
