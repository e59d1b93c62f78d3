"""One key of a YAML file set to another value, and every other line left as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY_LINE = re.compile(r"[^\s#\-\]]")
_COMMENT = re.compile(r"\s+#\s.*$")


def scalar(value: str) -> str:
    """A value as YAML; lists are written already."""
    if value.startswith("["):
        return value
    if not _QUOTE.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_QUOTE = re.compile(r"""^[\s\-?:,\[\]{}#&*!|>'"%@`]|: |:$| #|\s$|^$""")


def with_key(text: str, key: str, value: str, after: str = "") -> str:
    """A mapping's text with one top-level key set; a new one follows the key ``after``.

    The key's own lines are replaced, the comment behind it stays, and so does all else.
    """
    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if line.startswith(f"{key}:")]
    if not starts:
        at = _end(lines, next(i for i, li in enumerate(lines) if li.startswith(f"{after}:")))
        return "".join([*lines[:at], f"{key}: {value}\n", *lines[at:]])
    at = starts[0]
    comment = _COMMENT.search(lines[at].rstrip("\n"))
    line = f"{key}: {value}{comment[0] if comment else ''}\n"
    return "".join([*lines[:at], line, *lines[_end(lines, at) :]])


def _end(lines: Sequence[str], start: int) -> int:
    """The line after a top-level key's value; blank lines and comments below it are not its."""
    end = start + 1
    for i in range(start + 1, len(lines)):
        if _KEY_LINE.match(lines[i]) or lines[i].startswith("#"):
            break
        if lines[i].strip():
            end = i + 1
    return end
