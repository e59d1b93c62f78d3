"""Runs that are stopped or killed, with real processes: nothing half, nothing that lives on."""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest
from support import ROOT
from test_batch import write

from generator import cli
from generator.cli import stopping
from generator.folder import FORMER

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks at processes by /proc"
)

# What stands in for LibreOffice: a script that starts the program proper, as the true one does.
STAND_IN = """#!/bin/sh
"{python}" -c '
import shutil, sys, time
from pathlib import Path
files = sys.argv[sys.argv.index("--outdir") + 2:]
Path("{log}").open("a").write("started\\n")
for name in files:
    time.sleep({seconds})
    shutil.copy("{pdf}", Path(name).with_suffix(".pdf"))
' "$@"
"""
# What makes each input but the first take longer than a test waits, in whatever process.
SLOW = """
import time
from generator import pipeline
check = pipeline.check
def slow(given, *options):
    time.sleep(0 if "301" in given.file.name else 60)
    return check(given, *options)
pipeline.check = slow
"""
MARK = "GEN_DISCLOSURE_TEST"


@dataclass
class Desk:
    """A folder with inputs, a converter of its own, and the processes that were started in it."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def out(self) -> Path:
        return self.folder / "出"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    def inputs(self, codes: range) -> None:
        for code in codes:
            write(self.folder / "收", str(code))

    def office(self, seconds: float) -> None:
        """A converter that takes so long for each document."""
        (self.folder / "bin").mkdir(exist_ok=True)
        self.temporary.mkdir(exist_ok=True)
        pdf = self.folder / "bin" / "blank.pdf"
        with pikepdf.new() as made:
            made.add_blank_page()
            made.save(pdf)
        script = self.folder / "bin" / "soffice"
        said = {"python": sys.executable, "log": str(self.folder / "log"), "pdf": str(pdf)}
        script.write_text(STAND_IN.format(**said, seconds=seconds), encoding="utf-8")
        script.chmod(0o755)

    def slow_down(self) -> None:
        """Python runs this module whenever it starts."""
        (self.folder / "bin" / "sitecustomize.py").write_text(SLOW, encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        modules = f"{self.folder / 'bin'}{os.pathsep}{ROOT}"
        own = {"PATH": path, "TMPDIR": str(self.temporary), "PYTHONPATH": modules}
        return subprocess.Popen(
            [sys.executable, "-m", "generator", *arguments],
            cwd=self.folder,
            env={**os.environ, **own, MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def batch(self, *more: str) -> subprocess.Popen[str]:
        return self.start("batch", "收", "-o", "出", "--jobs", "2", *more)

    def converting(self) -> None:
        """Wait until the converter is at work."""
        until((self.folder / "log").exists)

    def alive(self) -> list[str]:
        """What was started here and runs."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found

    def left(self) -> list[Path]:
        """The converters' folders."""
        return list(self.temporary.glob("gen-disclosure-*"))

    def all_gone(self) -> None:
        """Soon nothing of it runs any more, and no temporary folder is left."""
        until(lambda: not self.alive() and not self.left())


def until(true: Callable[[], object], seconds: float = 20) -> None:
    latest = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.02)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.office(60)
    yield desk
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if desk.mark.encode() in (process / "environ").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue


def whole(folder: Path) -> list[str]:
    """The documents of a folder, each of which opens."""
    for file in folder.glob("*.docx"):
        assert zipfile.ZipFile(file).testzip() is None
    for file in folder.glob("*.pdf"):
        pikepdf.open(io.BytesIO(file.read_bytes())).close()
    return sorted(file.name for file in folder.glob("*.docx"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("single", [True, False], ids=["one", "batch"])
def test_nothing_lives_on(desk: Desk, single: bool, how: signal.Signals) -> None:
    """Workers, converters and their folders end with the process that was started by the user."""
    desk.inputs(range(301, 305))
    process = desk.start("收/301.yaml", "--pdf") if single else desk.batch("--pdf")
    desk.converting()
    until(lambda: single or len(list(desk.out.glob("*.docx"))) == 4)
    assert len(desk.alive()) >= (4 if single else 6), "itself, its workers, guard, and converter"
    if how is signal.SIGKILL or single:
        process.send_signal(how)
    else:
        stop_at_once(process, how)
    out, err = process.communicate(timeout=20)
    desk.all_gone()
    assert process.returncode == (-how if how is signal.SIGKILL else 2)
    assert "Traceback" not in out + err
    assert how is signal.SIGKILL or "已中断" in out + err
    assert len(whole(desk.folder / "收" if single else desk.out)) == (1 if single else 4)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_all_of_a_batch_are_told_at_once(desk: Desk, how: signal.Signals) -> None:
    """As when a service is stopped, or a terminal closed: what is under way is finished."""
    desk.inputs(range(301, 321))
    desk.office(0.05)
    process = desk.batch("--pdf")
    desk.converting()
    os.killpg(process.pid, how)
    out, err = process.communicate(timeout=20)
    desk.all_gone()
    assert process.returncode == 2 and "已中断，做完的都在" in out
    assert "Traceback" not in out + err
    assert len(whole(desk.out)) == len(list(desk.out.glob("*.pdf"))) > 0
    assert "这次运行中断了" in (desk.out / "汇总.html").read_text("utf-8")


def stop_at_once(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """The first waits for what is under way, the second for nothing."""
    assert process.stderr is not None
    process.send_signal(how)
    assert any("正在停止" in line for line in process.stderr)
    assert process.poll() is None
    process.send_signal(how)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_finished(desk: Desk, how: signal.Signals) -> None:
    desk.inputs(range(301, 321))
    desk.office(0.05)
    process = desk.batch("--pdf")
    desk.converting()
    process.send_signal(how)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2 and "已中断，做完的都在" in out and "Traceback" not in err
    assert "正在停止：手头的 " in err
    desk.all_gone()
    done = whole(desk.out)
    assert 0 < len(done) < 20
    assert [f"{Path(name).stem}.pdf" for name in done] == sorted(
        f.name for f in desk.out.glob("*.pdf")
    )
    assert (desk.out / "汇总.html").exists()
    again = desk.batch("--pdf")
    said = again.communicate(timeout=60)[0]
    assert again.returncode == 0 and f"没有变化 {len(done)} 份" in said


def test_a_second_word_ends_documents_too(desk: Desk) -> None:
    """Not only their converter."""
    desk.inputs(range(301, 306))
    desk.slow_down()
    process = desk.batch()
    until(lambda: list(desk.out.glob("*.docx")))
    stop_at_once(process, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, "已中断" in out, "Traceback" in err) == (2, True, False), out + err
    desk.all_gone()
    assert len(whole(desk.out)) == 1
    assert not list(desk.out.glob("~*"))


@pytest.mark.parametrize("when", ["before it is moved", "as it is moved", "afterwards"])
def test_what_is_said_of_a_file_is_true(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    when: str,
) -> None:
    file = write(tmp_path, "301")
    move = Path.replace

    def interrupted(self: Path, target: Path) -> None:
        if when == "as it is moved":
            move(self, target)
        raise KeyboardInterrupt

    def interrupt(result: object) -> None:
        raise KeyboardInterrupt

    if when == "afterwards":
        monkeypatch.setattr("generator.report.text.built", interrupt)
    else:
        monkeypatch.setattr(Path, "replace", interrupted)
    assert cli.run([str(file)]) == 2
    made = [f"，已写出：“{document}”" for document in tmp_path.glob("*.docx")]
    assert len(made) == (when != "before it is moved") and not list(tmp_path.glob("~*"))
    assert capsys.readouterr().err == f"已中断{''.join(made) or '，没有写出文件'}。\n"
    monkeypatch.undo()
    monkeypatch.setattr("generator.pipeline.build", lambda *_, **__: interrupt(None))
    assert cli.run([str(file)]) == 2
    assert "没有写出文件" in capsys.readouterr().err, "in another run"


@pytest.mark.parametrize("before", [None, signal.SIG_IGN])
def test_who_was_told_to_stop_before_is_told_again(
    monkeypatch: pytest.MonkeyPatch, before: object
) -> None:
    """None: by what is not Python, as in a program that has Python in it."""
    handlers: list[object] = []

    def handle(number: int, handler: object) -> object:
        handlers.append(handler)
        return before

    monkeypatch.setattr(signal, "signal", handle)
    with stopping.orderly():
        pass
    assert handlers == [signal.default_int_handler] * 2 + [before or signal.SIG_DFL] * 2


# --- killed at any moment -------------------------------------------------------------------------

ROUNDS, DEPARTMENTS = 3, 20


def a_month_later(desk: Desk) -> None:
    """Departments have their documents; since then some inputs have become something else."""
    desk.inputs(range(301, 301 + DEPARTMENTS))
    desk.office(0)
    assert desk.batch("--pdf", "--json").communicate(timeout=120)[1].count("Traceback") == 0
    assert len(whole(desk.out)) == DEPARTMENTS
    for number, file in enumerate(sorted((desk.folder / "收").iterdir())):
        text = file.read_text(encoding="utf-8")
        match number % 5:
            case 0:
                text = text.replace("防火防潮", "防火")
            case 1:
                text = text.replace("900.00", "900.01", 1)  # not balanced any more
            case 2:
                text = text.replace("第3", "第三", 1)  # another name
        file.write_text(text, encoding="utf-8")
        if number % 5 == 3:
            file.unlink()
    # And somebody has written into a document and a PDF of those that are made again.
    for file in sorted(desk.out.glob("301*.[dp][od][cf]*")):
        file.write_bytes(file.read_bytes() + b" by hand")


def lasting(file: Path) -> bytes:
    """What a file says, but for the time of the run that the summary names."""
    data = file.read_bytes()
    if file.name == "汇总.xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b"".join(map(parts.read, parts.namelist()))
    return re.sub(r"[-0-9]{10} [0-9]{2}:[0-9]{2} 运行的结果".encode(), b"", data)


def result(desk: Desk) -> dict[str, bytes]:
    """All that lies in the folder of documents, but for what is the run's own."""
    return {
        file.relative_to(desk.out).as_posix(): lasting(file)
        for file in desk.out.rglob("*")
        if file.is_file() and file.suffix not in (".jsonl", ".lock")
    }


def kill_and_look(desk: Desk, chance: random.Random, longest: float) -> None:
    """Kill a run after a time, and look at what there is when its workers have ended."""
    process = desk.batch("--pdf", "--json")
    time.sleep(chance.uniform(0.2, longest))
    process.kill()
    process.communicate(timeout=20)
    until(lambda: not desk.alive())
    whole(desk.out)
    for file in desk.out.glob("*.json"):
        json.loads(file.read_bytes())
    # The process that was killed cannot have removed its own; that of its workers is gone.
    left = list(desk.out.rglob("~*"))
    assert len(left) <= 1 and all(file.parent == desk.out for file in left)


def test_a_run_killed_at_any_moment(desk: Desk) -> None:
    """Each time nothing half, and the run that is let do it comes to the same as one alone."""
    a_month_later(desk)
    saved = desk.folder / "saved"
    shutil.copytree(desk.out, saved, symlinks=True)
    started = time.monotonic()
    assert desk.batch("--pdf", "--json").wait(60) == 1
    longest = time.monotonic() - started
    alone = result(desk)
    assert len([name for name in alone if name.startswith(f"{FORMER}/")]) > DEPARTMENTS
    for seed in range(ROUNDS):
        print("seed", seed)
        shutil.rmtree(desk.out)
        shutil.copytree(saved, desk.out, symlinks=True)
        chance = random.Random(seed)
        kill_and_look(desk, chance, longest)
        kill_and_look(desk, chance, longest)  # what was to complete it
        process = desk.batch("--pdf", "--json")
        err = process.communicate(timeout=60)[1]
        assert process.returncode == 1 and "Traceback" not in err
        assert not desk.left(), "not of those either that were killed as no converter ran"
        after = result(desk)
        assert [name for name in after if after[name] != alone.get(name)] == []
        assert set(after) == set(alone)
