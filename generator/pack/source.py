"""What a pack is read from: its files and its base's, those that may be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator import yamltext
from generator.pack import folder as folders
from generator.pack.fault import Mistake, PackFault
from generator.pack.folder import PackFile
from generator.pack.lists import read_yaml
from generator.problem import UserError

BASE: Final = "基于"

FindBase = Callable[[str], Path]
"""The folder of the pack that a variant is based on, by id; raises :class:`UserError`."""


@dataclass(frozen=True)
class Source:
    """What a pack is read from. ``about``: its pack.yaml, with what its base says beyond it;
    ``said_in``: which file says each key of that.
    """

    folder: Path
    files: Mapping[str, PackFile]
    about: Mapping[str, Any]
    said_in: Mapping[str, Path]
    mistakes: Sequence[Mistake]
    """In the files as such; those that may not be read are not among ``files``."""
    base: str = ""

    def path(self, name: str) -> Path:
        return self.files[name].path if name in self.files else self.folder / name

    def advice(self, file: Path, hint: str) -> str:
        """``hint``; for a file of the base, which is not to be changed, what to do instead."""
        if not self.base or file.is_relative_to(self.folder):
            return hint
        name = next((name for name, one in self.files.items() if one.path == file), file.name)
        return (
            f"这是所基于的格式包 {self.base} 的文件，不要改它："
            f"请检查 {self.folder / folders.PACK}，或把它抄成 {self.folder / name} 再改。"
        )


def source_of(folder: Path, find_base: FindBase) -> Source:
    """The files of a pack and of its base. Raises :class:`PackFault` where its pack.yaml cannot be
    read, :class:`UserError` where there is none, or no such base.
    """
    lying = folders.files_of(folder)
    if folders.PACK not in lying:
        raise UserError(f"{folder} 不是格式包：里面没有 {folders.PACK}。")
    files, found = folders.judge(folder, lying)
    if folders.PACK not in files:
        raise PackFault(found)
    file = files[folders.PACK]
    own = _about(file.path, file.size, file.changed)
    base_id = str(own.get(BASE, ""))
    if not base_id:
        files = _named(files, found, folders.misnamed(folder, lying))
        return Source(folder, files, own, dict.fromkeys(own, file.path), found)
    base = find_base(base_id)
    lying_below = folders.files_of(base)
    below, found_below = folders.judge(base, lying_below)
    if folders.PACK not in below:
        raise PackFault(found_below)
    beneath = below[folders.PACK]
    about = _about(beneath.path, beneath.size, beneath.changed)
    if about.get(BASE):
        message = f"{base_id} 自己也基于别的格式包，只能有一层"
        raise PackFault([Mistake(file.path, message, f"请改为基于 {about[BASE]}。", key=BASE)])
    files = _named(files, found, folders.misnamed(folder, lying, lying_below))
    found += found_below
    below = _named(below, found, folders.misnamed(base, lying_below))
    if "名称" not in own:
        found.append(Mistake(file.path, "缺少这个键", key="名称"))
    said_in = {**dict.fromkeys(about, beneath.path), **dict.fromkeys(own, file.path)}
    return Source(folder, {**below, **files}, {**about, **own}, said_in, found, base_id)


def _named(
    files: Mapping[str, PackFile], found: list[Mistake], misnamed: Iterable[Mistake]
) -> dict[str, PackFile]:
    """The files without those whose names are wrong, which are added to what was found."""
    wrong = {mistake.file: mistake for mistake in misnamed}
    told = {mistake.file for mistake in found}
    found += (mistake for file, mistake in wrong.items() if file not in told)
    return {name: file for name, file in files.items() if file.path not in wrong}


def base_of(file: Path) -> str:
    """The id of the pack that this ``pack.yaml`` is based on, ``""`` for none.

    A file that cannot be read names none; loading the pack tells what is wrong with it.
    """
    try:
        told = file.stat()
        return str(_about(file, told.st_size, told.st_mtime_ns).get(BASE, ""))
    except (OSError, UserError):
        return ""


@lru_cache(maxsize=32)
def _about(file: Path, size: int, changed: int) -> Mapping[str, Any]:
    """A pack.yaml; ``changed``: the state of the file, another state is read anew."""
    if size > folders.MAX_TEXT:
        raise PackFault([Mistake(file, "过大")])
    return _mapping(read_yaml(file), file)


def _mapping(document: yamltext.YamlDocument, file: Path) -> dict[str, Any]:
    if not isinstance(document.tree, dict):
        raise PackFault([Mistake(file, "应由“键: 值”组成")])
    return document.tree
