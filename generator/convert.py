"""Workbook into YAML and back, losing nothing: the same disclosure in the other form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from generator.disclosure import Disclosure, Model
from generator.intake import take_in
from generator.pack import Pack
from generator.problem import Problem, Severity
from generator.sources import pasted
from generator.sources.raw import RawInput, Tree
from generator.sources.units import UNITS

# Findings after which every value has been read all the same: sums and contradictions.
_ALL_READ: Final = ("TBL", "XTB", "GPR", "AST", "YOY", "COD106", "COD107", "INP114")


def whole_tree(raw: RawInput, pack: Pack) -> tuple[Tree, list[Problem]]:
    """The input's content in its plainest form, or the findings that would lose some of it.

    Units that are files of their own stay named as they are.
    """
    named = raw.tree.get(UNITS)
    entries = named if isinstance(named, list) else []
    files = [entry for entry in entries if isinstance(entry, str) or "文件" in entry]
    written_out = [entry for entry in entries if entry not in files]
    bare = {key: value for key, value in raw.tree.items() if key != UNITS}
    if written_out:
        bare[UNITS] = written_out
    intake = take_in(
        pasted.attach(RawInput(raw.file, bare, raw.locate, raw.problems, raw.pages), pack)
    )
    lost = [
        problem
        for problem in intake.problems
        if problem.severity is Severity.ERROR and not problem.rule.startswith(_ALL_READ)
    ]
    if intake.disclosure is None or lost:
        return {}, lost or intake.problems
    tree = tree_of(intake.disclosure)
    if files:
        tree[UNITS] = [*tree.get(UNITS, []), *files]
    return tree, []


def tree_of(disclosure: Disclosure) -> Tree:
    """A disclosure as an input's tree: what is blank or as it would be anyway is left out."""
    tree: Tree = _plain(disclosure)
    return tree


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        plain: dict[str, Any] = {}
        for name, field in type(value).model_fields.items():
            below = _plain(getattr(value, name))
            if below not in ("", None, [], {}) and (
                field.is_required() or getattr(value, name) != field.default
            ):
                plain[field.alias or name] = below
        return plain
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if value is None else str(value)
