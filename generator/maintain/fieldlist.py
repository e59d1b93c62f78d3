"""The placeholders of a pack as a list, each as it is typed into Word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from generator.maintain.fields import FLAG, GROUP, ROWS, TEXT, Kind, Node, tree
from generator.pack import Pack
from generator.report.json import written
from generator.report.text import padded, width, wrapped


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


# --- telling it ---------------------------------------------------------------------------------

_WIDEST: Final = 30  # columns of a placeholder before its meaning goes to the next line


def as_text(sections: Sequence[Section]) -> str:
    """Each placeholder as it is typed into Word, its meaning beside it."""
    lines: list[str] = []
    for section in sections:
        lines += wrapped(f"{section.title}{_inside(section)}", "", "  ")
        lines += map("  {}".format, _opening(section))
        for one in section.fields:
            lines += _field(one)
        lines += [*(f"  {end}" for end in section.ends[: len(_opening(section))]), ""]
    return "\n".join(lines).rstrip()


def _inside(section: Section) -> str:
    """The loops that stand further out than the section's own."""
    outer = section.loops[:-1]
    return f"（在 {' 的 '.join(outer)} 里面）" if outer else ""


def _opening(section: Section) -> tuple[str, ...]:
    return section.loops[-1:]


def _field(one: Field) -> Iterator[str]:
    """The placeholder, beside or below it what it is; no line wider than the console."""
    first, *rest = one.lines
    margin = " " * (4 + _WIDEST + 2)
    said = "　".join(_about(one))
    if width(first) > _WIDEST:
        yield f"    {first}"
        yield from wrapped(said, margin, margin)
    else:
        yield from wrapped(said, f"    {padded(first, _WIDEST)}  ", margin)
    yield from (f"    {line}" for line in rest)


def _about(one: Field) -> Iterator[str]:
    yield one.meaning
    if one.kind != TEXT:
        yield f"（{one.kind}）"
    if one.example:
        yield f"例：{_short(one.example)}"
    if one.source:
        yield f"来自 {one.source}"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def as_markdown(sections: Sequence[Section]) -> str:
    """A table of each group."""
    lines: list[str] = []
    for section in sections:
        lines += [f"## {section.title}", ""]
        if section.loops:
            lines += ["写在这些标记里面（每个标记单独占一段，`{%tr %}` 单独占一行）：", "", "```"]
            lines += [*section.loops, "…", *section.ends, "```", ""]
        lines += ["| 占位符 | 意思 | 类型 | 例 | 来自 |", "|---|---|---|---|---|"]
        for one in section.fields:
            written = "<br>".join(f"`{line}`" for line in one.lines)
            cells = (written, one.meaning, one.kind, _short(one.example), one.source)
            lines.append(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def as_json(sections: Sequence[Section]) -> str:
    """For programs: ``path`` leads through the context, loops passed through."""
    return written(
        {
            "groups": [
                {
                    "title": section.title,
                    "loops": section.loops,
                    "ends": section.ends,
                    "fields": [
                        {
                            "path": ".".join(one.path),
                            "lines": one.lines,
                            "kind": one.kind,
                            "rows": one.kind == ROWS,
                            "meaning": one.meaning,
                            "example": one.example,
                            "source": one.source,
                        }
                        for one in section.fields
                    ],
                }
                for section in sections
            ]
        }
    )
