"""Where packs live, and which one is meant by a name.

Built in, in the user's folder, and in the folder ``格式包`` beside an input; or anywhere, by path.
An id means one pack: two folders with the same id are refused, so that a published year cannot be
replaced unnoticed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from generator.pack import folder as folders
from generator.pack import ids
from generator.pack.load import read
from generator.pack.model import Pack
from generator.pack.source import base_of
from generator.problem import UserError

DEFAULT_PLACE: Final = "hebei"
VARIABLE: Final = "GEN_DISCLOSURE_TEMPLATES"
BESIDE: Final = "格式包"
"""The folder beside an input in which packs may lie; they are used only when they are named."""

BUILT_IN, USERS, NEXT_TO_INPUT, GIVEN = "内置", "用户文件夹", "旁边的文件夹", "指定的路径"
_AUTOMATIC: Final = re.compile(rf"(?a:{DEFAULT_PLACE}/(\d{{4}}))")


@dataclass(frozen=True, slots=True)
class Found:
    """A pack that was found; nothing of it has been read. ``origin``: where, in Chinese."""

    id: str
    folder: Path
    origin: str


def packs_root() -> Path:
    """Where the built-in packs lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def user_root() -> Path:
    """Where the user's own packs lie; it need not exist."""
    if given := os.environ.get(VARIABLE):
        return Path(given).absolute()
    from platformdirs import user_data_dir

    return Path(user_data_dir("gen-disclosure", appauthor=False)) / "templates"


def _homes(beside: Path | None) -> Iterator[tuple[str, Path]]:
    roots = [(BUILT_IN, packs_root()), (USERS, user_root())]
    if beside is not None:
        roots.append((NEXT_TO_INPUT, beside.absolute() / BESIDE))
    known: list[Path] = []
    for origin, root in roots:
        if root.is_dir() and not any(root.samefile(other) for other in known):
            known.append(root)
            yield origin, root


def found(beside: Path | None = None) -> list[Found]:
    """Every pack, ascending by id. ``beside``: the folder of the input."""
    packs = [pack for origin, root in _homes(beside) for pack in _in_root(origin, root)]
    return sorted(packs, key=lambda pack: pack.id)


def _in_root(origin: str, root: Path) -> Iterator[Found]:
    for file in root.glob(f"*/*/{folders.PACK}"):
        id_ = _id_of(file.parent)
        if not ids.fault(id_) and file.is_file():
            yield Found(id_, file.parent, origin)


def _id_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def available(beside: Path | None = None) -> list[str]:
    """Ids of all packs, ascending: ``["hebei/2022", …]``."""
    return list(dict.fromkeys(pack.id for pack in found(beside)))


def newest_for(year: int | None) -> str:
    """Id of the newest pack that is not later than the year; of the newest for no year.

    Only packs that stand for a year of the default place are chosen unasked, built in or in the
    user's folder: a variant, another place and a pack beside the input must be named.
    """
    years = {int(m[1]): pack for pack in found() if (m := _AUTOMATIC.fullmatch(pack.id))}
    for own in sorted(years, reverse=True):
        if (year is None or own <= year) and not base_of(years[own].folder / folders.PACK):
            return years[own].id
    raise UserError(
        f"没有适用于 {year} 年的格式包。", f"可以用 --pack 指定一个：{'、'.join(available())}。"
    )


def find(name: str, beside: Path | None = None) -> Found:
    """The pack of an id, or in a folder. Raises :class:`UserError` when there is none or two.

    ``name`` comes from the command line; from an input, only an id that was found is asked for.
    """
    known = found(beside)
    same = [pack for pack in known if pack.id == name]
    if not same and (folder := _folder_of(name)) is not None:
        given = Found(_id_of(folder), folder, GIVEN)
        if fault := ids.fault(given.id):
            raise UserError(f"格式包的文件夹“{folder}”的{fault}。", f"请改文件夹的名字，{ids.FORM}")
        others = [pack for pack in known if pack.id == given.id]
        same = [pack for pack in others if pack.folder.samefile(folder)] or [*others, given]
    if len(same) > 1:
        places = "，".join(f"{pack.folder}（{pack.origin}）" for pack in same)
        raise UserError(
            f"格式包 {same[0].id} 在两个地方都有：{places}。",
            "一个编号只能是一个格式包，请把自己做的那个文件夹改名或移走。",
        )
    if not same:
        raise _unknown(name, known)
    if same[0].origin != BUILT_IN and (told := looks_taken(same[0].id, known)):
        raise UserError(told, "请把自己做的那个文件夹改成看得出不同的名字。")
    return same[0]


def looks_taken(pack_id: str, known: Iterable[Found]) -> str:
    """Which other pack an id would be taken for, as a sentence; ``""`` for none."""
    seen = ids.shape(pack_id)
    alike = (pack for pack in known if pack.id != pack_id and ids.shape(pack.id) == seen)
    return "".join(
        f"编号“{pack_id}”和{pack.origin}的 {pack.id} 看起来一样。" for pack in [*alike][:1]
    )


def _unknown(name: str, known: Iterable[Found]) -> UserError:
    """That there is no such pack, and what may have been meant."""
    if hint := _meant(name):
        return UserError(f"没有格式包“{name}”。", hint)
    if name.count("/") == 1 and (fault := ids.fault(name)):
        return UserError(f"没有格式包“{name}”：{fault}。", ids.FORM)
    listed = "、".join(dict.fromkeys(pack.id for pack in known))
    return UserError(f"没有格式包“{name}”。", f"可用的格式包：{listed or '（无）'}。")


def _meant(name: str) -> str:
    """What to do when a name leads to a folder of packs, or to a packed one; ``""`` for neither."""
    try:
        path = Path(name)
        if name and path.is_dir():
            below = sorted([*path.glob(f"*/{folders.PACK}"), *path.glob(f"*/*/{folders.PACK}")])
            packs = [str(file.parent) for file in below[:5]]
            return f"是不是 {' 或 '.join(packs)}？" if packs else ""
        packed = path.suffix.lower() == ".zip" and path.is_file()
        return "请先解压，再写解压出来的“地方/年度”文件夹。" if packed else ""
    except (OSError, ValueError):
        return ""


def overlooked(beside: Path | None = None) -> list[str]:
    """Why packs were not found, a sentence each: their folder's name, or a folder too many."""
    told = []
    for _, root in _homes(beside):
        for file in root.glob(f"*/*/{folders.PACK}"):
            if fault := ids.fault(_id_of(file.parent)):
                told.append(f"“{file.parent}”里的格式包没有读到：{fault}。{ids.FORM}")
        for pattern in ("", "*/", "*/*/*/"):
            told += (_MISPLACED.format(file.parent) for file in root.glob(pattern + folders.PACK))
    return told


_MISPLACED: Final = (
    "“{0}”里有一个格式包，但放错了一层，没有读到：请放成“地方/年度”两层文件夹，如 hebei/2028。"
)


def _folder_of(name: str) -> Path | None:
    try:
        folder = Path(name).resolve()
        return folder if name and (folder / folders.PACK).is_file() else None
    except (OSError, ValueError):
        return None


def named(name: str | None) -> str | None:
    """What ``--pack`` says, for whoever makes the document, maybe in another folder or process."""
    if name is None or name in available():
        return name
    folder = _folder_of(name)
    return name if folder is None else str(folder)


def load(name: str, beside: Path | None = None) -> Pack:
    """Load a pack by id or path, once as long as its files stay the same.

    ``beside``: the folder of the input. Raises :class:`UserError` for an unknown or faulty one.
    """
    pack = find(name, beside)
    return load_folder(pack.folder, pack.id)


def load_folder(folder: Path, pack_id: str) -> Pack:
    """Load the pack in a folder. Raises :class:`UserError` that names file and key."""
    base_id = base_of(folder / folders.PACK)
    base = _base(folder, base_id) if base_id else None
    return _loaded(folder, pack_id, base, tuple(_states(filter(None, (folder, base)))))


def _base(variant: Path, base_id: str) -> Path:
    """The folder of a variant's base, which may lie beside the variant."""
    near = _in_root(GIVEN, variant.parent.parent)
    known = {pack.folder.resolve(): pack for pack in (*near, *found()) if pack.id == base_id}
    if len(known) != 1:
        reason = "在两个地方都有" if known else "没有这个格式包"
        places = "，".join(map(str, known))
        raise UserError(
            f"格式包文件 {variant / folders.PACK} 的“基于”：{base_id} {reason}"
            f"{'：' if places else ''}{places}。"
        )
    return next(iter(known.values())).folder


@lru_cache(maxsize=8)
def _loaded(folder: Path, pack_id: str, base: Path | None, states: tuple[str, ...]) -> Pack:
    def find_base(base_id: str) -> Path:
        return base if base is not None else _base(folder, base_id)

    return read(folder, pack_id, find_base)


def _states(parts: Iterable[Path]) -> Iterator[str]:
    for part in parts:
        for name, file in folders.files_of(part).items():
            yield f"{name} {file.size} {file.changed}"


# --- whether a document may have become another --------------------------------------------------


def digest(name: str | None = None) -> str:
    """A digest of every pack that a document may be made with: built in, the user's, and ``name``.

    A pack that is given by path is meant with the packs of the folder that it may be based on.
    """
    parts = [pack.folder for pack in found()]
    if name is not None and (folder := _folder_of(name)) is not None:
        parts += [pack.folder for pack in _in_root(GIVEN, folder.parent.parent)]
    return _digest(parts)


def digest_beside(beside: Path) -> str:
    """A digest of the packs beside an input, ``""`` when there are none."""
    parts = [pack.folder for pack in _in_root(NEXT_TO_INPUT, beside.absolute() / BESIDE)]
    return _digest(parts) if parts else ""


def _digest(parts: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for part in sorted(set(parts)):
        whole.update(_digest_of(part, tuple(_states([part]))).encode())
    return whole.hexdigest()


@lru_cache(maxsize=32)
def _digest_of(part: Path, states: tuple[str, ...]) -> str:
    """Of one folder: its id and the content of its files; too large a one cannot be loaded."""
    whole = hashlib.sha256(_id_of(part).encode())
    for name, file in folders.files_of(part).items():
        whole.update(name.encode())
        if not name.endswith("/") and file.plain and file.size <= folders.MAX_TEMPLATE:
            whole.update(hashlib.sha256(file.path.read_bytes()).digest())
    return whole.hexdigest()
