"""The files of a pack's folder: which names there may be, how large, and none from outside.

A pack may come from a stranger: a file that the program would not read is refused, not passed over,
and so is a link that leads out of the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.pack.fault import Mistake, guess
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


def judge(folder: Path, files: Mapping[str, PackFile]) -> tuple[dict[str, PackFile], list[Mistake]]:
    """The files that may be read, and what is wrong with the others: too large, a way out."""
    found: list[Mistake] = []
    if len(files) >= MAX_FILES:
        found.append(Mistake(folder, f"文件太多（{MAX_FILES} 个以上）"))
    elif sum(file.size for file in files.values() if file.plain) > MAX_ALL:
        found.append(Mistake(folder, "文件合起来过大"))
    if found:
        return {}, found
    sound = dict(files)
    for name, file in files.items():
        if file.link and not file.path.resolve().is_relative_to(folder.resolve()):
            found.append(Mistake(file.path, "是通到文件夹外面的链接", _ITSELF))
        elif not file.plain:
            found.append(Mistake(file.path, "不是普通的文件", _ITSELF))
        elif file.size > (MAX_TEMPLATE if name == TEMPLATE else MAX_TEXT):
            found.append(Mistake(file.path, "过大"))
        else:
            continue
        del sound[name]
    return sound, found


_ITSELF: Final = "请换成文件本身。"


def misnamed(folder: Path, names: Iterable[str], base: Iterable[str] = ()) -> Iterator[Mistake]:
    """Names that a pack may not have, and those that it lacks.

    ``base``: the names of the pack that this one is based on; there are then no others.
    """
    given = list(names)
    known = tuple(base) or (*REQUIRED, *OPTIONAL)
    for name in given:
        free = not base and name.startswith(TABLES) and name.endswith(".yaml")
        if name not in known and not free:
            hint = "变体里只能有它所基于的格式包里有的文件。" if base else _ELSEWHERE
            yield Mistake(folder / name, "格式包里没有这样的文件", guess(name, known) + hint)
    for name in REQUIRED:
        if not base and name not in given:
            yield Mistake(folder / name, "没有这个文件", "请从别的年度的格式包里抄一份。")


_ELSEWHERE: Final = "请改正文件名，或移到别处。"
