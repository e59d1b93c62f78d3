"""The list of placeholders and the findings of a check, as text, markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from generator.maintain.check.finding import Finding
from generator.maintain.fieldlist import Field, Section
from generator.maintain.fields import ROWS, TEXT
from generator.problem import UserError
from generator.report.text import padded, width

_WIDEST = 44  # columns of a placeholder before its meaning goes to the next line


def fields_text(sections: Sequence[Section]) -> str:
    """Each placeholder as it is typed into Word, its meaning beside it."""
    lines: list[str] = []
    for section in sections:
        lines += [f"{section.title}{_inside(section)}", *map("  {}".format, _opening(section))]
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
    first, *rest = one.lines
    said = "　".join(_about(one))
    if width(first) > _WIDEST:
        yield f"    {first}"
        yield f"    {' ' * _WIDEST}  {said}"
    else:
        yield f"    {padded(first, _WIDEST)}  {said}"
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


def fields_markdown(sections: Sequence[Section]) -> str:
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


def fields_json(sections: Sequence[Section]) -> str:
    """For programs: ``path`` leads through the context, loops passed through."""
    return _json(
        [
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
    )


def findings_text(name: str, findings: Sequence[Finding]) -> str:
    """One finding after the other: where and what, and below it how to mend it."""
    if not findings:
        return f"{name}：没有发现问题。"
    lines = [f"{name}：{len(findings)} 处要改"]
    for found in findings:
        lines += [f"  {found.place}：{found.message}", f"      {found.hint}"]
    return "\n".join(lines)


def findings_json(name: str, findings: Sequence[Finding]) -> str:
    """The same for programs."""
    return _json(
        {
            "template": name,
            "problems": [
                {"kind": f.kind, "place": f.place, "message": f.message, "hint": f.hint}
                for f in findings
            ],
        }
    )


def failure_json(name: str, error: UserError) -> str:
    """What could not be read at all."""
    return _json({"template": name, "error": error.message, "hint": error.hint})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
