"""What the check of a template finds: where, what, and how to mend it in Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


LONGEST: Final = 12  # characters of a paragraph that its place quotes


def quoted(text: str, longest: int = LONGEST) -> str:
    """The first words of a text, to find it by."""
    words = " ".join(text.split())
    return f"“{words if len(words) <= longest else words[:longest] + '…'}”"
