"""A pack's template filled in, to be looked at: .docx, and PDF and pictures of the pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator import pack as packs
from generator import pipeline
from generator.document import Options
from generator.files import make_folder, safe_name, write_whole
from generator.maintain.sample import samples
from generator.pack import Pack
from generator.pack.folder import files_of
from generator.pdf import Office, find
from generator.problem import Severity, UserError
from generator.publishing import Finished, publish
from generator.render.context import Draft
from generator.report.text import wrapped

_PICTURE_DPI: Final = "60"
_PICTURE_SECONDS: Final = 120
_PICTURE = r"-\d+\.png"
_POLL_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Shown:
    """A document to be looked at. ``shows``: what it is there to show, ``()`` for an own input."""

    name: str
    finished: Finished
    shows: tuple[str, ...] = ()


def of_samples(pack: Pack) -> list[Shown]:
    """The samples of a pack, filled in."""
    made = []
    for number, sample in enumerate(samples(pack), 1):
        document = sample.document
        docx = document.render(sample.draft)
        made.append(
            Shown(
                f"样例{number}",
                Finished(document, docx, sample.draft),
                (sample.name, *sample.shows),
            )
        )
    return made


def of_input(pack: Pack, file: Path) -> list[Shown]:
    """An own input, filled in; as a draft where it has errors.

    Raises :class:`UserError` when it cannot be read.
    """
    document = pipeline.check(file, Options(str(pack.folder)))
    if not document.contents:
        raise UserError(f"“{file.name}”读不出预算数，不能试填。", "请先用 check 检查这个文件。")
    errors = document.count(Severity.ERROR)
    draft = Draft(errors) if errors else None
    return [Shown(safe_name(file.stem), Finished(document, document.render(draft), draft))]


def write(documents: Sequence[Shown], folder: Path) -> Iterator[str]:
    """Write the documents into a folder, with PDF and pictures where there are the programs.

    Yields a line for each file, and for what could not be made. Raises :class:`UserError`.
    """
    make_folder(folder)
    for one in documents:
        write_whole(folder / f"{one.name}.docx", one.finished.docx)
        yield f"已生成：{folder / f'{one.name}.docx'}"
        if one.shows:
            first, *rest = one.shows
            yield from wrapped(f"{first}：{'、'.join(rest)}", "    ", "    ")
    if find() is None:
        yield "没有找到 LibreOffice，只有 Word 文档，没有 PDF 和页面图片。"
        return
    with Office() as office:
        made = publish({one.name: one.finished for one in documents}, office)
    for name, published in made.items():
        write_whole(folder / f"{name}.docx", published.docx)
        if published.pdf is not None:
            write_whole(folder / f"{name}.pdf", published.pdf)
            yield f"已生成：{folder / f'{name}.pdf'}{_pictures(folder, name)}"
    yield from dict.fromkeys(note for one in made.values() for note in one.notes)


def _pictures(folder: Path, name: str) -> str:
    """Pictures of the pages, where pdftoppm is; how many, in words."""
    for old in folder.iterdir():
        if re.fullmatch(re.escape(name) + _PICTURE, old.name):
            old.unlink()
    command = shutil.which("pdftoppm")
    if command is None:
        return "（没有 pdftoppm，没有页面图片）"
    try:
        subprocess.run(
            [
                *(command, "-r", _PICTURE_DPI, "-png"),
                *(str(folder / f"{name}.pdf"), str(folder / name)),
            ],
            check=True,
            capture_output=True,
            timeout=_PICTURE_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return "（页面图片没有转换出来）"
    count = sum(bool(re.fullmatch(re.escape(name) + _PICTURE, p.name)) for p in folder.iterdir())
    return f"，页面图片 {count} 张"


# --- again on each save -------------------------------------------------------------------------


def homes(found: packs.Found) -> list[Path]:
    """The folders that a pack's files lie in, its base's too; its own while it cannot be read."""
    try:
        pack = packs.load_folder(found.folder, found.id)
    except UserError:
        return [found.folder]
    return sorted({file.parent for file in pack.files.values()} | {pack.folder})


def saves(
    watched: Sequence[Path], wait: Callable[[float], None] = time.sleep
) -> Iterator[Mapping[Path, object]]:
    """Each time that a file has been saved and rests; never ends. ``watched``: files, folders.

    Lock files of Word and WPS are no change, and a file that is still being written is waited for.
    """
    seen = _state(watched)
    while True:
        wait(_POLL_SECONDS)
        now = _state(watched)
        if now == seen:
            continue
        while True:
            wait(_POLL_SECONDS)
            later = _state(watched)
            if later == now:
                break
            now = later
        seen = now
        yield now


def _state(watched: Sequence[Path]) -> Mapping[Path, object]:
    found: dict[Path, object] = {}
    for path in watched:
        try:
            if path.is_dir():
                files = files_of(path).values()
                found |= {file.path: (file.size, file.changed) for file in files}
            else:
                told = path.stat()
                found[path] = (told.st_size, told.st_mtime_ns)
        except (OSError, UserError):
            found[path] = None  # just being replaced
    return found
