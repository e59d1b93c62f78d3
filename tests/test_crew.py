"""Workers that die, are called back or find what nobody foresaw: no input's fault is another's."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_batch import GOOD, write

from generator.batch import Batch, Plan, identity, run, workers
from generator.batch.crew import Crew, Trade, Work
from generator.batch.outcome import UNREADABLE

Calls = list[Callable[..., Any]]


class Unreliable(ThreadPoolExecutor):
    """One thread; what the ``number``-th call comes to, of all that ever were, is ``fate``."""

    def __init__(self, calls: Calls, number: int, fate: Callable[[], Any]) -> None:
        super().__init__(1)
        self.calls, self.number, self.fate = calls, number, fate

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls.append(fn)
        if len(self.calls) == self.number:
            fate: Future[Any] = self.fate()
            return fate
        return super().submit(fn, *args, **kwargs)


def die() -> Future[Any]:
    raise BrokenProcessPool


def call_back() -> Future[Any]:
    future: Future[Any] = Future()
    future.cancel()
    future.set_running_or_notify_cancel()
    return future


def go(folder: Path, number: int = 0, fate: Callable[[], Any] = die) -> Batch:
    calls: Calls = []
    for code in ("301", "302", "303"):
        write(folder / "收", code)
    (folder / "出").mkdir()
    plan = Plan((str(folder / "收"),), str(folder / "出"))
    return run(plan, lambda: Unreliable(calls, number, fate), 1)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_worker_that_died_before_it_was_given_work(tmp_path: Path, number: int) -> None:
    """The first call looks at the inputs, the others make the documents."""
    batch = go(tmp_path, number)
    assert [o.state in GOOD for o in batch.outcomes] == [True] * 3
    assert len(list((tmp_path / "出").glob("*.docx"))) == 3


@pytest.mark.parametrize(("number", "lost"), [(1, 3), (3, 1)])
def test_work_that_a_cluster_calls_back(tmp_path: Path, number: int, lost: int) -> None:
    batch = go(tmp_path, number, call_back)
    told = [o.findings[0] for o in batch.outcomes if o.state == UNREADABLE]
    assert len(told) == lost and all("请再运行一次" in sentence for sentence in told)


@pytest.mark.parametrize("error", [PermissionError("格式包"), ZeroDivisionError()])
def test_looking_at_an_input_fails_for_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    true = identity.digest_of

    def digest(file: str, given: Any) -> str:
        if "302" in file:
            raise error
        return true(file, given)

    monkeypatch.setattr(identity, "digest_of", digest)
    batch = go(tmp_path)
    states = {Path(o.file).stem: o.state in GOOD for o in batch.outcomes}
    assert states == {"301": True, "302": False, "303": True}
    assert "程序出错" in next(o.findings[0] for o in batch.outcomes if "302" in o.file)


def test_what_has_not_begun_is_not_worked_off_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, bool]] = []
    true = ThreadPoolExecutor.shutdown

    def shutdown(self: ThreadPoolExecutor, **how: bool) -> None:
        told.append(how)
        true(self, **how)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", shutdown)
    go(tmp_path)
    assert told == [{"wait": False, "cancel_futures": True}]


def test_ctrl_c_while_results_are_kept_loses_none() -> None:
    """They came together, and the word in the middle of them; each is told once."""
    told: list[tuple[int, int]] = []

    def keep(done: int, of: int, result: int) -> None:
        told.append((done, result))
        if done == 2:
            raise KeyboardInterrupt

    trade: Trade[int, int] = Trade(lambda group: [-task for task in group], lambda task, why: 0)
    work = Work(Crew(lambda: ThreadPoolExecutor(1), 1), trade, keep)
    work.do(range(8), 4)
    assert work.interrupted
    assert work.made == [0, -1, -2, -3] and told == list(enumerate(work.made, 1))


def negated(done: list[int]) -> Trade[int, int]:
    """What is done is noted, wherever it is waited for."""

    def do(group: Sequence[int]) -> list[int]:
        time.sleep(0.1)
        done.extend(group)
        return [-task for task in group]

    return Trade(do, lambda task, why: 0)


class Interrupting(ThreadPoolExecutor):
    """The word comes at the very moment when something is handed out for the second time."""

    handed_out = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self.handed_out += 1
        if self.handed_out == 2:
            signal.raise_signal(signal.SIGINT)
        return future


def test_ctrl_c_while_something_is_handed_out() -> None:
    done: list[int] = []
    workers = Interrupting(3)
    work = Work(Crew(lambda: workers, 3), negated(done), lambda *_: None)
    work.do(range(1, 10), 1)
    workers.shutdown()
    assert work.interrupted
    assert sorted(done) == [1, 2] == sorted(-result for result in work.made)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_one_is_alone() -> None:
    """After a worker has died: what the new one is at is waited for too."""
    done: list[int] = []
    trade = negated(done)

    def interrupted(group: Sequence[int]) -> Sequence[int]:
        os.kill(os.getpid(), signal.SIGINT)
        return trade.do(group)

    executors = [Unreliable([], 1, die), ThreadPoolExecutor(1)]
    crew = Crew(lambda: executors.pop(0), 1)
    work = Work(crew, replace(trade, do=interrupted), lambda *_: None)
    work.do([1], 1)
    assert work.interrupted and done == [1] and work.made == [-1]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows ends processes otherwise")
def test_a_worker_that_ends_while_it_is_told_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the thread that replaces a broken crew stops, and the batch waits for ever."""
    worker = workers._Worker()
    worker._popen = SimpleNamespace(pid=1, poll=lambda: None)  # type: ignore[attr-defined]

    def gone(*_: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(workers.os, "kill", gone)
    worker.terminate()
