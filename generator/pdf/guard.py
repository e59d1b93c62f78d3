"""Runs a command that does not outlive its owner, even if the owner is killed.

A program of its own, of which nothing else of ours is loaded: ``guard.py FOLDER COMMAND…``. Its
standard input is the tie to the owner. A byte says that the command is to end; the end of the
stream, that the owner is gone: then the folder, which was the owner's, goes too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

NOT_STARTED: Final = 3
"""The exit code where the command is no program."""
_TRIES: Final = 50


def main(folder: str, command: list[str]) -> int:
    """Run the command to its end, or to its owner's. Gives the exit code."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A group of its own: the command is a script that starts the program proper.
            start_new_session=os.name == "posix",
        )
    except OSError:
        return NOT_STARTED
    gone = threading.Event()
    threading.Thread(target=_wait_for_owner, args=(process, gone), daemon=True).start()
    process.wait()
    _end(process)
    if gone.is_set():
        _remove(Path(folder))
    return 0


def _wait_for_owner(process: subprocess.Popen[bytes], gone: threading.Event) -> None:
    if not os.read(0, 1):
        gone.set()
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The command and all that it has started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            # By its place: Windows would look for it in the current folder first.
            taskkill = str(Path(os.environ["SYSTEMROOT"], "System32", "taskkill.exe"))
            end = [taskkill, "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(end, capture_output=True, check=False)
            process.kill()


def _remove(folder: Path) -> None:
    """What was killed may hold its files a moment longer."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    # Not by way of the thread that waits on the standard input.
    os._exit(main(sys.argv[1], sys.argv[2:]))
