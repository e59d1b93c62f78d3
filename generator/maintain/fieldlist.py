"""The placeholders of a pack as a list, each as it is typed into Word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.maintain.fields import FLAG, GROUP, ROWS, Kind, Node, tree
from generator.pack import Pack


@dataclass(frozen=True, slots=True)
class Field:
    """A placeholder. ``path``: its place in the context, through every loop.

    ``lines``: as it is typed into Word, each line a paragraph of its own.
    """

    path: tuple[str, ...]
    lines: tuple[str, ...]
    kind: Kind
    meaning: str
    source: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Placeholders that stand together, and the loops that they stand in, from the outside."""

    title: str
    loops: tuple[str, ...]
    ends: tuple[str, ...]
    fields: tuple[Field, ...]


def sections(pack: Pack, contexts: tuple[Mapping[str, Any], ...] = ()) -> list[Section]:
    """Every placeholder of a pack, grouped. ``contexts``: filled in ones, to take examples from."""
    return list(_sections(tree(pack), "", (), (), (), contexts))


def paths(pack: Pack) -> frozenset[tuple[str, ...]]:
    """The path of every field that is no group, loops passed through."""
    return frozenset(_paths(tree(pack), ()))


def _paths(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if node.kind != GROUP:
        yield path
    if node.item is not None and node.item.kind == GROUP:
        yield from _paths(node.item, path)
    for name, child in node.children.items():
        yield from _paths(child, (*path, name))


def _sections(
    node: Node,
    prefix: str,
    path: tuple[str, ...],
    loops: tuple[str, ...],
    ends: tuple[str, ...],
    contexts: tuple[Mapping[str, Any], ...],
) -> Iterator[Section]:
    """``prefix``: how the template names the group, with its dot."""
    own: list[Field] = []
    below: list[Iterator[Section]] = []
    for name, child in node.children.items():
        at, written = (*path, name), f"{prefix}{name}"
        if child.kind == GROUP:
            below.append(_sections(child, f"{written}.", at, loops, ends, contexts))
        elif child.item is not None and child.item.kind == GROUP:
            start, end = _loop(child, written)
            into = (*loops, start), (end, *ends)
            below.append(_sections(child.item, f"{child.variable}.", at, *into, contexts))
            own.append(Field(at, (start, end), ROWS, child.meaning, child.source))
        else:
            example = next(filter(None, (_example(c, at) for c in contexts)), "")
            lines = _lines(child, written)
            own.append(Field(at, lines, child.kind, child.meaning, child.source, example))
    if own:
        yield Section(node.meaning, loops, ends, tuple(own))
    for found in below:
        yield from found


def _loop(node: Node, written: str) -> tuple[str, str]:
    return f"{{%{node.tag} for {node.variable} in {written} %}}", f"{{%{node.tag} endfor %}}"


def _lines(node: Node, written: str) -> tuple[str, ...]:
    if node.kind == FLAG:
        return (f"{{%{node.tag} if {written} %}}", f"{{%{node.tag} endif %}}")
    if node.kind == ROWS:
        start, end = _loop(node, written)
        return (start, f"{{{{ {node.variable} }}}}", end)
    return (f"{{{{ {written} }}}}",)


def _example(value: Any, path: tuple[str, ...]) -> str:
    """The first text that stands there, ``""`` where there is none; a truth value as 是 or 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return "" if path else value
    if isinstance(value, list):
        return next(filter(None, (_example(item, path) for item in value)), "")
    return _example(value[path[0]], path[1:]) if path and path[0] in value else ""
