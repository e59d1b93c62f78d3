"""The inputs of the benchmarks: one workbook, workbooks of many departments, and large ones."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from generator import pack as packs
from generator import sources
from generator.render.container import Container
from generator.sources.blank import workbook

ROOT = Path(__file__).parent.parent.parent
ONE = ROOT / "inputs" / "tangshan-2023.xlsx"
_OTHERS = tuple(ROOT / "inputs" / name for name in ("julu-2023.yaml", "beidaihe-2022.yaml"))


def _tree(file: Path) -> dict[str, Any]:
    return copy.deepcopy(sources.read(file).tree)


@cache
def _bases() -> tuple[tuple[bytes, dict[str, Any]], ...]:
    """The three cases as workbooks, and what stands in them."""
    trees = [(None, _tree(ONE)), *((file, _tree(file)) for file in _OTHERS)]
    return tuple(
        (
            ONE.read_bytes()
            if file is None
            else workbook(tree, packs.load(packs.newest_for(int(tree["基本信息"]["年度"])))),
            tree,
        )
        for file, tree in trees
    )


def departments(folder: Path, number: int) -> Iterator[Path]:
    """So many workbooks in a folder, each with a code, a name and names of projects of its own."""
    made = [_Department(*base) for base in _bases()]
    for i in range(number):
        file = folder / f"{100_000 + i}.xlsx"
        file.write_bytes(made[i % len(made)].workbook(i))
        yield file


class _Department:
    """A workbook whose parts that never change are deflated once."""

    def __init__(self, data: bytes, tree: dict[str, Any]) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        basics = tree["基本信息"]
        self._code = f">{basics['编码']}<".encode()
        self._name = f">{basics['名称']}<".encode()
        names = sorted((p["项目名称"] for p in tree["项目"]), key=len, reverse=True)
        self._projects = re.compile(b"|".join(re.escape(f">{n}<".encode()) for n in names))
        self._own = {
            name: part
            for name, part in parts.items()
            if self._name in part or self._projects.search(part)
        }
        self._rest = Container({n: p for n, p in parts.items() if n not in self._own})

    def workbook(self, number: int) -> bytes:
        mark = f"（{number}）<".encode()
        own = {}
        for name, part in self._own.items():
            if self._code in part:
                part = part.replace(self._code, f">{100_000 + number}<".encode(), 1)
            part = part.replace(self._name, self._name[:-1] + mark)
            own[name] = self._projects.sub(lambda found: found[0][:-1] + mark, part)
        return self._rest.pack(own)


def large(folder: Path, times: int) -> Path:
    """One workbook with each of the projects so many times, under names of their own."""
    tree = _tree(ONE)
    own = tree["项目"]
    tree["项目"] = own + [
        {**project, "项目名称": f"{project['项目名称']}（{i}）"}
        for i in range(1, times)
        for project in own
    ]
    file = folder / f"{times}.xlsx"
    pack = packs.load(packs.newest_for(int(tree["基本信息"]["年度"])))
    file.write_bytes(workbook(tree, pack))
    return file
