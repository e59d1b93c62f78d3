"""The files of a pack's folder: which names there may be, how large, and none from outside.

A pack may come from a stranger: a file that the program would not read is refused, not passed over,
and so is a link that leads out of the folder.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.problem import UserError

PACK, SECTIONS, GLOSSARY, LISTS, WORDS, TEMPLATE = (
    *("pack.yaml", "sections.yaml", "glossary.yaml", "lists.yaml", "words.yaml"),
    "disclosure.docx",
)
FUNCTIONAL, ECONOMIC, PROCUREMENT = (
    f"codes/{name}.csv" for name in ("functional", "economic", "procurement")
)
REQUIRED: Final = (
    *(PACK, SECTIONS, GLOSSARY, LISTS, TEMPLATE),
    *(FUNCTIONAL, ECONOMIC, PROCUREMENT),
)
OPTIONAL: Final = (WORDS,)
TABLES: Final = "tables/"
FOLDERS: Final = ("tables", "codes")

MAX_FILES: Final = 200
MAX_TEXT: Final = 4_000_000  # bytes of one YAML or CSV file
MAX_TEMPLATE: Final = 20_000_000
MAX_ALL: Final = 30_000_000

# What editors and file managers leave behind: locks, copies under way, thumbnails.
_LITTER: Final = ("~", ".", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class PackFile:
    """``size`` in bytes; ``changed``: when, in nanoseconds. A folder's name ends with ``/``.

    ``plain``: a file proper; a device or a pipe may have no end.
    """

    path: Path
    size: int
    changed: int
    link: bool = False
    plain: bool = True


def files_of(folder: Path) -> dict[str, PackFile]:
    """Every file of a pack by its name in it (``tables/t1.yaml``), ascending; nothing is judged.

    Litter is left out, and folders that no pack has stand for what is in them.
    """
    return dict(sorted(_walk(folder, "")))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, PackFile]]:
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(MAX_FILES), entries, strict=False):
                if entry.name.startswith(_LITTER):
                    continue
                name, path = prefix + entry.name, Path(entry.path)
                if not entry.is_dir():
                    told = entry.stat()
                    plain = stat.S_ISREG(told.st_mode)
                    facts = told.st_size, told.st_mtime_ns, entry.is_symlink(), plain
                    yield name, PackFile(path, *facts)
                elif not prefix and name in FOLDERS and not entry.is_symlink():
                    yield from _walk(path, f"{name}/")
                else:
                    yield f"{name}/", PackFile(path, 0, 0, entry.is_symlink())
    except OSError as error:
        raise UserError(f"格式包的文件夹 {folder} 无法读取。") from error


def judge(folder: Path, files: Mapping[str, PackFile], base: Iterable[str] = ()) -> None:
    """Raise :class:`UserError` for a name, size or link that a pack may not have.

    ``base``: the names of the pack that this one is based on; there are then no others.
    """
    known = tuple(base) or (*REQUIRED, *OPTIONAL)
    if len(files) >= MAX_FILES:
        raise UserError(f"格式包 {folder} 的文件太多（{MAX_FILES} 个以上）。")
    for name, file in files.items():
        free = not base and name.startswith(TABLES) and name.endswith(".yaml")
        if name not in known and not free:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
            guess = f"是不是“{near[0]}”？" if near else ""
            raise UserError(
                f"格式包 {folder} 里有不认得的“{name}”。{guess}",
                "变体里只能有它所基于的格式包里有的文件。"
                if base
                else "请改正文件名，或移到别处。",
            )
        if file.link and not file.path.resolve().is_relative_to(folder.resolve()):
            raise UserError(f"格式包文件 {file.path} 是通到文件夹外面的链接。", "请换成文件本身。")
        if not file.plain:
            raise UserError(f"格式包文件 {file.path} 不是普通的文件。", "请换成文件本身。")
        if file.size > (MAX_TEMPLATE if name == TEMPLATE else MAX_TEXT):
            raise UserError(f"格式包文件 {file.path} 过大。")
    if sum(file.size for file in files.values()) > MAX_ALL:
        raise UserError(f"格式包 {folder} 的文件合起来过大。")
    if not base and (lacking := [name for name in REQUIRED if name not in files]):
        raise UserError(f"格式包 {folder} 里没有 {lacking[0]}。", "请从别的年度的格式包里抄一份。")
