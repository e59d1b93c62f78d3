"""Which files of a folder are inputs: one rule, whichever command is given the folder.

Its workbooks and YAML files, and those of the folders below it, wherever they lie. Left out are
what programs keep while a file is open (``~$…``), hidden files and folders, packs, and what this
program itself has written there. A link to a file is that file; links to folders are not followed,
so that no folder leads back into itself. Old formats are inputs too: that they cannot be read is
told.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from generator import fix
from generator.pack import BESIDE
from generator.problem import UserError
from generator.sources import OLD_SUFFIXES, SUFFIXES

MARK: Final = "（核对结果）"
"""What the name of a report beside its input ends in; such a file is no input itself."""
MANIFEST: Final = "gen-disclosure.jsonl"
"""Lies in a folder of documents that a batch has made."""
SUMMARY: Final = "汇总"
"""The name of a batch's summary, beside the manifest."""
FORMER: Final = "旧文档"
"""The folder for documents that are not those of the present data any more."""


def inputs_in(folder: Path) -> list[Path]:
    """Every input of a folder, in the order of their paths; a file and links to it count once."""
    found: dict[str, Path] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_entered(name))
        for name in sorted(names):
            file = Path(place, name)
            if is_input(name, names) and (file.is_file() or file.is_symlink()):
                real = os.path.realpath(file)  # unlike resolve(), at ease with loops
                if real not in found or found[real].is_symlink():
                    found[real] = file
    return sorted(found.values())


def files_at(path: Path) -> list[Path]:
    """The inputs that a path means: itself, those of a folder, or those of a pattern; sorted.

    A batch's own summary is none, as when the shell writes out ``*.xlsx``. Raises
    :class:`UserError` when there is nothing.
    """
    if path.is_dir():
        return inputs_in(path)
    if os.path.lexists(path):
        return [] if _is_summary(path.name, _names_beside(path)) else [path]
    if not any(map(_is_pattern, path.parts)):
        raise not_found(path)
    try:
        return sorted(_matching(path))
    except (ValueError, OSError) as error:
        raise UserError(
            f"“{path}”不是能用的通配写法。",
            "如 '收/*.xlsx'；“**”要单独作为一层，如 '收/**/*.xlsx'。",
        ) from error


def not_found(path: Path | str) -> UserError:
    """What to say of an input that is not there."""
    return UserError(f"找不到“{path}”。", "请检查文件名和所在的文件夹。")


def _is_pattern(part: str) -> bool:
    return any(mark in part for mark in "*?[")


def _matching(pattern: Path) -> Iterator[Path]:
    """The inputs of a pattern, for shells that do not expand it themselves."""
    parts = pattern.parts
    first = next(i for i, part in enumerate(parts) if _is_pattern(part))
    for file in Path(*parts[:first]).glob(str(Path(*parts[first:]))):
        below = file.parts[first:-1]
        if (
            file.is_file()
            and is_input(file.name, _names_beside(file))
            and all(map(is_entered, below))
        ):
            yield file


def _names_beside(file: Path) -> Collection[str]:
    """Of the file's folder, what tells a summary from an input."""
    return (MANIFEST,) if (file.parent / MANIFEST).is_file() else ()


def _is_summary(name: str, beside: Collection[str]) -> bool:
    return name == f"{SUMMARY}.xlsx" and MANIFEST in beside


def is_entered(name: str) -> bool:
    """Whether inputs may lie in a folder of this name."""
    return not name.startswith(".") and name not in (BESIDE, FORMER)


def is_input(name: str, beside: Collection[str] = ()) -> bool:
    """Whether a file of this name is an input; ``beside``: the names of its whole folder."""
    file = PurePosixPath(name)
    return (
        file.suffix.lower() in SUFFIXES | OLD_SUFFIXES
        and not name.startswith(("~$", "."))
        and not file.stem.endswith((MARK, fix.MARK))
        and not _is_summary(name, beside)
    )
