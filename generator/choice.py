"""Which pack an input is worked out with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator import pack as packs
from generator.disclosure import read_year
from generator.pack import Pack
from generator.problem import Problem, input_problem


def choose_pack(
    tree: Mapping[str, Any], pack_id: str | None, beside: Path | None = None
) -> tuple[Pack, list[Problem]]:
    """The pack asked for, else the input's own, else the newest that is not later than the year.

    ``pack_id``: an id, or a pack's folder. ``beside``: the input's folder, where packs may lie too.

    A pack that the input names and that does not exist is a problem; one that was asked for on
    the command line, and a year without any, is a :class:`UserError`. An input without a year is
    told elsewhere and cannot choose.
    """
    basics = tree.get("基本信息")
    named = basics if isinstance(basics, dict) else {}
    own = str(named.get("格式", "")).strip()
    year = read_year(named.get("年度"))
    available = packs.available(beside)
    if pack_id or own in available:
        pack = packs.load(pack_id or own, beside)
        return pack, list(_beyond(pack, year))
    newest = packs.newest_for(year)
    if not own:
        pack = packs.load(newest)
        return pack, list(_beyond(pack, year))
    unknown = input_problem(
        "INP105",
        f"没有格式包“{own}”",
        ("基本信息", "格式"),
        hint=f"可以是：{'、'.join(available)}；不填则按年度选用 {newest}。",
    )
    return packs.load(newest), [unknown]


def _beyond(pack: Pack, year: int | None) -> Iterator[Problem]:
    if year and year not in pack.years:
        yield input_problem(
            "INP116",
            f"格式包 {pack.id} 适用于 {'、'.join(map(str, pack.years))} 年度，"
            f"没有写明适用于 {year} 年度",
            ("基本信息", "年度"),
            hint="请核对当年的格式有没有变化。",
        )
