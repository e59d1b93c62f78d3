"""Subordinate units that are files of their own, named by the department's input.

``所属单位`` lists them: each entry is a unit written out in place (YAML), or the path of its own
workbook or YAML file, relative to the department's. A unit's file is read as if it stood there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any, Final

from generator.problem import Path as InputPath
from generator.problem import Place, Problem, UserError, input_problem
from generator.sources import OLD_SUFFIXES, SUFFIXES
from generator.sources.raw import RawInput, Tree

UNITS: Final = "所属单位"
FILE: Final = "文件"
NAME: Final = "单位名称"


def attach(raw: RawInput, folder: Path, read: Callable[[Path], RawInput]) -> RawInput:
    """Put the units' files into the tree. ``folder`` is where the department's input lies.

    A file that is missing or cannot be read is a problem at the place where it is named.
    """
    entries = raw.tree.get(UNITS)
    if not isinstance(entries, list):
        return raw
    attached = _Attached(raw)
    units: list[Any] = []
    path: InputPath
    for index, entry in enumerate(entries):
        named = file_of(entry)
        if isinstance(entry, dict) and NAME in entry and named is None:
            attached.tell_without_file(index, str(entry[NAME]).strip())
            continue
        if named is None:
            attached.entries.append(index)
            units.append(entry)
            continue
        path = (UNITS, index) if isinstance(entry, str) else (UNITS, index, FILE)
        unit = attached.read(path, named, folder, read)
        if unit is not None:
            attached.files[len(units)] = unit
            attached.entries.append(index)
            units.append(unit.tree)
    return RawInput(
        raw.file,
        {**raw.tree, UNITS: units},
        attached.locate,
        (*raw.problems, *attached.problems),
        swallowed=attached.swallowed,
    )


def file_of(entry: Any) -> str | None:
    """The file that an entry of 所属单位 names; None when it is the unit itself."""
    if isinstance(entry, dict):
        return str(entry[FILE]) if FILE in entry else None
    return entry if isinstance(entry, str) else None


class _Attached:
    def __init__(self, raw: RawInput) -> None:
        self._raw = raw
        self.files: dict[int, RawInput] = {}
        self.entries: list[int] = []  # unit → its entry: one that could not be read is left out
        self.problems: list[Problem] = []
        self.swallowed = raw.swallowed

    def read(
        self, path: InputPath, named: str, folder: Path, read: Callable[[Path], RawInput]
    ) -> RawInput | None:
        if Path(named).is_absolute() or PureWindowsPath(named).anchor:
            self._tell(
                path,
                f"所属单位的文件“{named}”要写成相对于本文件的路径",
                "如 单位/某某站.xlsx。",
            )
            return None
        try:
            unit = read(folder / named.replace("\\", "/"))
        except UserError as error:
            self._tell(path, f"所属单位的文件读不了：{error.message}", error.hint)
            return None
        if unit.tree.get(UNITS):
            self._tell(path, f"“{named}”自己又列了所属单位", "所属单位请都列在部门的文件里。")
        tree: Tree = {key: value for key, value in unit.tree.items() if key != UNITS}
        self.problems += unit.problems
        self.swallowed |= unit.swallowed
        return replace(unit, tree=tree)

    def tell_without_file(self, index: int, name: str) -> None:
        """A row with a name alone; the file's name may have been written there."""
        if Path(name).suffix.lower() in SUFFIXES | OLD_SUFFIXES:
            self._tell(
                (UNITS, index, NAME),
                f"“{name}”是文件名，填在了“{NAME}”里，“{FILE}”空着",
                f"请把它填到“{FILE}”一列，“{NAME}”填单位的全称。",
            )
        else:
            self._tell(
                (UNITS, index, FILE),
                f"所属单位“{name}”没有填“{FILE}”",
                "请填它的工作簿的文件名，如 单位/某某站.xlsx；没有这个单位就删去这一行。",
            )

    def _tell(self, path: InputPath, message: str, hint: str) -> None:
        place = self._raw.locate(path)
        self.problems.append(input_problem("INP113", message, place=place, hint=hint or None))

    def locate(self, path: InputPath) -> Place:
        """A place in the unit's own file where the path leads into one."""
        if len(path) > 1 and path[0] == UNITS and isinstance(path[1], int):
            if (unit := self.files.get(path[1])) is not None:
                return unit.locate(path[2:])
            if path[1] < len(self.entries):
                path = (UNITS, self.entries[path[1]], *path[2:])
        return self._raw.locate(path)
