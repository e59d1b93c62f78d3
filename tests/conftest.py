"""Options of the test run."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

_OWN_CACHE = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests see to tests/golden/ instead of comparing; review the diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A shell without job control has what it starts in the background ignore Ctrl-C.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if (hangup := getattr(signal, "SIGHUP", None)) is not None:
        signal.signal(hangup, signal.SIG_DFL)  # nohup
    # Packs in the folder of whoever runs the tests are none of theirs.
    os.environ["GEN_DISCLOSURE_TEMPLATES"] = str(Path(__file__).with_name("no packs"))
    # On a build server a golden file that is written would always agree with itself.
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is refused when CI is set")
    # What the tests compile is kept for the run alone; its workers share it.
    if not hasattr(config, "workerinput"):
        config.stash[_OWN_CACHE] = folder = tempfile.mkdtemp(prefix="gen-disclosure-")
        os.environ["GEN_DISCLOSURE_CACHE"] = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_OWN_CACHE, ""):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
