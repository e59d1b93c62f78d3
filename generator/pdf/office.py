"""LibreOffice as a converter: a private profile, a time limit, one process for many files.

It does not outlive us (``guard.py``), and what a run that was killed left is removed by the next.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from generator import locking
from generator.pdf import guard
from generator.pdf.compact import compact
from generator.pdf.fonts import write_configuration
from generator.problem import UserError

IN_VAIN: Final = 2  # starts in a row without any PDF, after which no other is tried
START_SECONDS: Final = 90  # a first start makes its profile
FILE_SECONDS: Final = 60  # one document of 300 projects takes about ten
LOOK_EVERY: Final = 0.05  # seconds between two looks at what has been converted

_PREFIX: Final = "gen-disclosure-"
_OWNED: Final = "owned"  # the file in our folder whose lock says that we live

_PLACES: Final = (
    *(r"C:\Program Files\LibreOffice\program\soffice.com",),
    *(r"C:\Program Files (x86)\LibreOffice\program\soffice.com",),
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# Tagged for screen readers, with bookmarks and the title in the window (PDF/UA).
_OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "PDFUACompliance": ("boolean", "true"),
    "UseTaggedPDF": ("boolean", "true"),
    "ExportBookmarks": ("boolean", "true"),
    "DisplayPDFDocumentTitle": ("boolean", "true"),
}


def find() -> Path | None:
    """LibreOffice's command on this machine, or None.

    What lies in the current folder is not meant, though Windows looks there first: it may be among
    the files of strangers.
    """
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found is not None and not Path(found).parent.samefile(Path()):
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def not_installed() -> UserError:
    """What to say where LibreOffice is not found."""
    return UserError(
        "没有找到 LibreOffice，不能生成 PDF。",
        "请安装 LibreOffice 7.4 以上的版本，或在 WPS、Word 里把文档另存为 PDF。",
    )


class Office:
    """LibreOffice with a profile of its own, which is gone when the ``with`` ends.

    Raises :class:`UserError` on entry when LibreOffice is not installed, and whenever the disk
    with the temporary files does not let itself be written.
    """

    def __init__(self) -> None:
        self._folder = Path("gen-disclosure-none")  # until there is one
        self._ours = contextlib.ExitStack()

    def __enter__(self) -> Office:
        command = find()
        if command is None:
            raise not_installed()
        self._command = command
        self._environment = dict(os.environ)
        _sweep(Path(tempfile.gettempdir()))
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._ours.callback(os.close, locking.own(self._folder / _OWNED))
            if sys.platform not in ("win32", "darwin"):
                self._environment["FONTCONFIG_FILE"] = str(write_configuration(self._folder))
        except OSError as error:
            self._leave()
            raise _no_room() from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        self._ours.close()  # before: Windows removes no file that is open
        shutil.rmtree(self._folder, ignore_errors=True)

    def convert(self, documents: Mapping[str, bytes]) -> dict[str, bytes]:
        """Each .docx as PDF, by the same key; one that cannot be converted is left out.

        One process converts them all, one after the other. Where it dies, or is stopped because a
        file takes too long, a new one goes on behind the last PDF; a file that stood first and has
        none is the one at fault and is given up. One that does not start at all is not tried for
        ever: after two starts in vain the others have no PDF either.
        """
        made: dict[str, bytes] = {}
        waiting = list(documents)
        in_vain = 0
        while waiting and in_vain < IN_VAIN:
            try:
                new = self._convert({key: documents[key] for key in waiting})
            except OSError as error:
                raise _no_room() from error
            made |= new
            in_vain = 0 if new else in_vain + 1
            done = max((i for i, key in enumerate(waiting, 1) if key in made), default=1)
            waiting = waiting[done:]
        return made

    def _convert(self, documents: Mapping[str, bytes]) -> dict[str, bytes]:
        # On Windows a process that was killed may hold its files a moment longer.
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            files = [folder / f"{number}.docx" for number in range(len(documents))]
            for file, data in zip(files, documents.values(), strict=True):
                file.write_bytes(data)
            self._run(folder, files)
            pdfs = [_whole(file.with_suffix(".pdf")) for file in files]
            made = zip(documents, pdfs, strict=True)
            return {key: compact(pdf) for key, pdf in made if pdf is not None}

    def _run(self, folder: Path, files: Sequence[Path]) -> None:
        options: dict[str, Any] = {
            name: {"type": kind, "value": value} for name, (kind, value) in _OPTIONS.items()
        }
        command = [
            *(sys.executable, "-I", "-S", guard.__file__, str(self._folder)),
            str(self._command),
            f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options)}"),
            *("--outdir", str(folder)),
            *map(str, files),
        ]
        with subprocess.Popen(
            command,
            bufsize=0,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for us alone.
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        ) as process:
            try:
                _watch(process, folder)
            finally:
                _stop(process)
        if process.returncode == guard.NOT_STARTED:
            raise OSError("not a program")


def _sweep(folder: Path) -> None:
    """Remove what was ours and is nobody's any more; no link, and nothing of another user."""
    user = os.getuid() if os.name == "posix" else 0  # on Windows each has a folder of his own
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(_PREFIX) or not entry.is_dir(follow_symlinks=False):
                continue
            owner = entry.stat(follow_symlinks=False).st_uid
            if owner == user and locking.is_forsaken(Path(entry.path, _OWNED)):
                shutil.rmtree(entry.path, ignore_errors=True)


def _no_room() -> UserError:
    return UserError(
        "LibreOffice 不能运行：临时文件写不进去，或程序打不开；没有 PDF。",
        "请检查磁盘空间和权限，再运行一次。",
    )


def _watch(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the end; a file that takes too long ends the wait."""
    latest = time.monotonic() + START_SECONDS + FILE_SECONDS
    made = 0
    while time.monotonic() < latest:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_EVERY)
            return
        if (now := sum(1 for _ in folder.glob("*.pdf"))) > made:
            made, latest = now, time.monotonic() + FILE_SECONDS


def _whole(file: Path) -> bytes | None:
    """A PDF to its last line; None where there is none, or a process died while it wrote it."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    return data if b"%%EOF" in data[-32:] else None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Tell the guard to end it, and wait until it has."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):  # it has ended by itself
        process.stdin.write(b".")
    process.wait()
