"""Which files of a folder are inputs: one rule, whichever command is given the folder.

Its workbooks and YAML files, and those of the folders below it, wherever they lie. Left out are
what programs keep while a file is open (``~$…``), hidden files and folders, packs, and what this
program itself has written there. A link to a file is that file; links to folders are not followed,
so that no folder leads back into itself. Old formats are inputs too: that they cannot be read is
told.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

from generator.document import Failure
from generator.pack import BESIDE
from generator.problem import UserError
from generator.sources import OLD_SUFFIXES, SUFFIXES

MARK: Final = "（核对结果）"
"""What the name of a report beside its input ends in; such a file is no input itself."""
CORRECTED: Final = "（已修正）"
"""What the name of a corrected copy beside its input ends in; nor is this one."""
MANIFEST: Final = "gen-disclosure.jsonl"
"""Lies in a folder of documents that a batch has made."""
SUMMARY: Final = "汇总"
"""The name of a batch's summary, beside the manifest."""
FORMER: Final = "旧文档"
"""The folder for documents that are not those of the present data any more."""

MOST_NAMED: Final = 10  # files in one sentence


class NoInputs(UserError):
    """A folder or a pattern that is right, and has no inputs."""


def find(places: Iterable[Path], others: Iterable[Path] = ()) -> list[Path | Failure]:
    """Every input of these files, folders and patterns once, in their order; of a place that has
    none, why.

    ``others``: files that may lie among the inputs and are none.
    """
    found: dict[str, Path | Failure] = {}
    for place in places:
        try:
            for file in _files_at(place):
                found.setdefault(os.path.realpath(file), file)
        except UserError as error:
            found.setdefault(os.path.realpath(place), Failure(place, error))
    for other in others:
        found.pop(os.path.realpath(other), None)
    return list(found.values())


def strays(places: Iterable[Path], others: Iterable[Path] = ()) -> list[Path]:
    """The files in these folders that are no inputs, and that somebody may have sent for one.

    Not those that programs keep beside their files, notes, and what this program has written.
    ``others``: files that may lie there and are none.
    """
    known = {os.path.realpath(other) for other in others}
    return [
        Path(folder, name)
        for place in places
        for folder, _, names in _walk(place)
        for name in names
        if _is_stray(name, names) and os.path.realpath(Path(folder, name)) not in known
    ]


def passed_over(files: Sequence[Path | str]) -> str:
    """That files are no workbooks, a sentence."""
    names = [PurePath(file).name for file in files]
    return f"有 {len(files)} 个文件不是工作簿，没有处理：{listed(names)}。"


def listed(names: Sequence[str]) -> str:
    """The first few of many names."""
    more = f" 等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}"


def inputs_in(folder: Path) -> list[Path]:
    """Every input of a folder, in the order of their paths; a file and links to it count once."""
    found: dict[str, Path] = {}
    for place, _, names in _walk(folder):
        for name in names:
            file = Path(place, name)
            if is_input(name, names) and (file.is_file() or file.is_symlink()):
                real = os.path.realpath(file)  # unlike resolve(), at ease with loops
                if real not in found or found[real].is_symlink():
                    found[real] = file
    return sorted(found.values())


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """``os.walk`` in the order of the names, less the folders where no inputs lie."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_entered(name))
        yield place, folders, sorted(names)


def _files_at(path: Path) -> list[Path]:
    """The inputs that a path means: itself, those of a folder, or those of a pattern; sorted.

    A batch's own summary is none, as when the shell writes out ``*.xlsx``. Raises
    :class:`UserError` when there is nothing.
    """
    if path.is_dir():
        files, kind = inputs_in(path), "文件夹"
    elif os.path.lexists(path):
        files, kind = [] if _is_summary(path.name, _names_beside(path)) else [path], ""
    elif any(map(_is_pattern, path.parts)):
        files, kind = _matching(path), ""
    else:
        raise not_found(path)
    if not files:
        raise NoInputs(
            f"{kind}“{path}”里没有 .xlsx 或 .yaml 文件。", f"请检查是不是给错了{kind or '文件'}。"
        )
    return files


def not_found(path: Path | str) -> UserError:
    """What to say of an input that is not there."""
    return UserError(f"找不到“{path}”。", "请检查文件名和所在的文件夹。")


def _is_pattern(part: str) -> bool:
    return any(mark in part for mark in "*?[")


def _matching(pattern: Path) -> list[Path]:
    """The inputs of a pattern, for shells that do not expand it themselves."""
    parts = pattern.parts
    first = next(i for i, part in enumerate(parts) if _is_pattern(part))
    try:
        return sorted(
            file
            for file in Path(*parts[:first]).glob(str(Path(*parts[first:])))
            if all(map(is_entered, file.parts[first:-1]))
            and is_input(file.name, _names_beside(file))
            and file.is_file()
        )
    except (ValueError, OSError) as error:
        raise UserError(
            f"“{pattern}”不是能用的通配写法。",
            "如 '收/*.xlsx'；“**”要单独作为一层，如 '收/**/*.xlsx'。",
        ) from error


def _names_beside(file: Path) -> Collection[str]:
    """Of the file's folder, what tells a summary from an input."""
    return (MANIFEST,) if (file.parent / MANIFEST).is_file() else ()


def _is_summary(name: str, beside: Collection[str]) -> bool:
    return name == f"{SUMMARY}.xlsx" and MANIFEST in beside


def is_entered(name: str) -> bool:
    """Whether inputs may lie in a folder of this name."""
    return not name.startswith(".") and name not in (BESIDE, FORMER)


def _is_stray(name: str, beside: Collection[str]) -> bool:
    """Whether a file may have been sent for an input; ``beside``: the names of its whole folder."""
    file = PurePosixPath(name)
    suffix = file.suffix.lower()
    if suffix in SUFFIXES | OLD_SUFFIXES or suffix in _NOTES or name in _LITTER:
        return False
    made = suffix in _MADE and (MANIFEST in beside or file.stem.endswith(_DOCUMENT))
    return not (
        made
        or name == MANIFEST
        or name.startswith(("~$", ".~", "."))
        or file.stem.endswith((MARK, CORRECTED, MARK[1:-1]))
        or (file.stem == SUMMARY and MANIFEST in beside)
    )


_NOTES: Final = (
    ".txt",
    ".md",
    ".log",
    ".ini",
    ".lnk",
    ".url",
    ".bat",
    ".cmd",
    ".sh",
    ".ps1",
    ".py",
)
_LITTER: Final = ("Thumbs.db",)
_MADE: Final = (".docx", ".pdf", ".json")
_DOCUMENT: Final = ("预算公开", "预算公开（草稿）")
"""What the names of this program's documents mostly end in."""


def is_input(name: str, beside: Collection[str] = ()) -> bool:
    """Whether a file of this name is an input; ``beside``: the names of its whole folder."""
    file = PurePosixPath(name)
    return (
        file.suffix.lower() in SUFFIXES | OLD_SUFFIXES
        and not name.startswith(("~$", "."))
        and not file.stem.endswith((MARK, CORRECTED))
        and not _is_summary(name, beside)
    )
