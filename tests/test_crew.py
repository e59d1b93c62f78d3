"""Workers that die, are called back or find what nobody foresaw: no input's fault is another's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from test_batch import GOOD, write

from generator.batch import Batch, Plan, identity, run
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
