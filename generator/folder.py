"""Which files of a folder are inputs: one rule, whichever command is given the folder.

Its workbooks and YAML files, and those of the folders below it, wherever they lie. Left out are
what programs keep while a file is open (``~$…``), hidden files and folders, packs, and what this
program itself has written there. A link to a file is that file; links to folders are not followed,
so that no folder leads back into itself. Old formats are inputs too: that they cannot be read is
told.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Final

from generator import fix
from generator.pack import BESIDE
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
        and not (name == f"{SUMMARY}.xlsx" and MANIFEST in beside)
    )
