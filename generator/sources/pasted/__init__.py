"""The nine published tables as pasted from a budget system: pages in, leaves and declared out.

People who have the tables need not type the leaves again. A page is found by its name or title,
its columns by their headers, its rows by subject code or label, all of them folded, because every
export differs in blanks, widths, brackets and numbering. What the words are comes from the pack.

Every amount of a page becomes a *declared* figure (申报数) that is compared with the figure derived
from the leaves; so a total is never taken over unchecked. Where the input has no leaves of its own
they are the lowest rows of the tables. What the tables do not print about them:

- T2 prints 财政拨款收入 and 上年结转 of a subject without their funds. The fund follows from the
  expenditure in T5, T7 and T8; T1 and T4, where they are pasted, have the last word on the sums by
  fund. Nothing that is published depends on how a subject's amount is split beyond these sums.
- 其他资金 has no expenditure table: it is what T3 has more than T5, T7 and T8.

Pages are read in :mod:`pages` (which table), :mod:`header` (which column) and :mod:`body` (which
row) with the pack's tables as :mod:`forms` compiles them; :mod:`found` is what they hold. From it
:mod:`declared` and :mod:`leaves`, with :mod:`funds`, make what is added to the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.pack import Pack
from generator.problem import Path, Place, Problem, input_problem
from generator.sources.layout import OPTIONAL, SHEETS
from generator.sources.pasted.declared import DECLARED, declare
from generator.sources.pasted.forms import forms
from generator.sources.pasted.found import Places
from generator.sources.pasted.leaves import Leaves
from generator.sources.pasted.pages import read_pages
from generator.sources.raw import Page, RawInput, Tree
from generator.sources.workbook import no_budget

__all__ = ["DECLARED", "Merged", "attach", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The input with what the pasted tables add.

    ``places`` tells of every added value, row and sheet. ``unit`` is 元 or 万元 as the tables say,
    None when they do not; amounts stand in ``tree`` as they were pasted. ``unknown``: the pages
    that are no tables.
    """

    tree: Tree
    problems: list[Problem]
    places: Mapping[Path, Place]
    unit: str | None
    unknown: frozenset[str]


def attach(raw: RawInput, pack: Pack) -> RawInput:
    """The input with what its pasted tables say put into its tree.

    Raises :class:`UserError` for a workbook that has neither these nor a sheet of the form.
    """
    if not raw.pages:
        return raw
    merged = merge(raw.tree, raw.pages, pack, raw.file, _missing(raw))
    if not merged.tree:
        raise no_budget(raw.file)
    basics = merged.tree.get("基本信息")
    stated = basics.get("金额单位") if isinstance(basics, dict) else None
    conflict: list[Problem] = []
    if merged.unit is not None and isinstance(basics, dict) and stated is None:
        merged.tree["基本信息"] = {**basics, "金额单位": merged.unit}
    elif merged.unit is not None and stated is not None and stated.strip() != merged.unit:
        conflict.append(
            input_problem(
                "INP105",
                f"金额单位填的是“{stated}”，粘贴的表里写的是“{merged.unit}”",
                place=raw.locate(("基本信息", "金额单位")),
                hint="请改成一致；一份文件里的金额只能用一种单位。",
            )
        )

    def locate(path: Path) -> Place:
        for length in range(len(path), 0, -1):
            if (place := merged.places.get(path[:length])) is not None:
                return place
        return raw.locate(path)

    # A leaf sheet that the tables stand in for is not missing.
    problems = [
        problem
        for problem in raw.problems
        if problem.place is None
        or not (
            (problem.rule == "INP101" and problem.place.sheet in merged.tree)
            # Of a sheet that is not used it does not matter what cannot be read.
            or (problem.rule == "INP107" and problem.place.sheet in merged.unknown)
        )
    ]
    return replace(
        raw,
        tree=merged.tree,
        locate=locate,
        problems=(*problems, *merged.problems, *conflict),
        pages=(),
    )


def _missing(raw: RawInput) -> list[str]:
    """The form's sheets that are not there: a sheet with another name may be one of them."""
    told = {p.place.sheet for p in raw.problems if p.rule == "INP101" and p.place is not None}
    optional = OPTIONAL - raw.tree.keys()
    return [name for name in SHEETS if name in told or name in optional]


def merge(
    tree: Tree, pages: Sequence[Page], pack: Pack, file: str, missing: Sequence[str] = ()
) -> Merged:
    """Add to an input's tree what its pasted tables say.

    Leaves are added only for sheets that the tree has no content for; declared figures (申报数)
    always. A sheet whose tables are not pasted stays as it was. ``missing``: names of the form's
    sheets that a page which is no table may have been meant to have.
    """
    found = read_pages(pages, forms(pack), file, missing)
    merged, places = dict(tree), Places(found)
    if found.tables:
        declare(found, merged, places)
        Leaves(found, pack, merged, places).add()
    return Merged(merged, found.problems, places, found.unit, frozenset(found.unknown))
