"""What the check of a template finds: where, what, and how to mend it in Word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generator.report.json import written
from generator.report.text import wrapped


@dataclass(frozen=True, slots=True)
class Finding:
    """``message``: one clause without a full stop; ``hint``: a sentence, what to do in Word.

    ``table``: the pack's table that it is about, by name.
    """

    kind: str
    place: str
    message: str
    hint: str
    table: str = ""

    def __str__(self) -> str:
        return f"{self.place}：{self.message}。{self.hint}"


LONGEST: Final = 60  # characters of a paragraph that its place quotes


def quoted(text: str, longest: int = 12) -> str:
    """The first words of a text, to find it by."""
    words = " ".join(text.split())
    return f"“{words}”" if len(words) <= longest else f"“{words[:longest]}”……"


def as_text(name: str, findings: Sequence[Finding]) -> str:
    """One finding after the other: where and what, and below it how to mend it."""
    if not findings:
        return f"{name}：没有发现问题。"
    lines = [f"{name}：{len(findings)} 处要改"]
    for found in findings:
        lines += wrapped(f"{found.place}：{found.message}", "  ", "    ")
        lines += wrapped(found.hint, "      ", "      ") if found.hint else ()
    return "\n".join(lines)


def as_json(name: str, findings: Sequence[Finding]) -> str:
    """The same for programs."""
    problems = [
        {"kind": f.kind, "place": f.place, "message": f.message, "hint": f.hint} for f in findings
    ]
    return written({"template": name, "problems": problems})
