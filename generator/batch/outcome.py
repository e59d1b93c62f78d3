"""What came of one input: small, plain, fit to be sent between processes and kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

DONE, WARNED, FAULTY, UNREADABLE = "完成", "有警告", "有错误", "读不了"
UNWRITTEN: Final = "没写出"
MISSING: Final = "缺报"
STATES: Final = (MISSING, UNREADABLE, UNWRITTEN, FAULTY, WARNED, DONE)
"""The states of a department, the worst first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``basis``: a digest of all that the result depends on. ``figures``: 万元 as text, by
    ``measure|row``. ``pack``: what the form can be loaded by. ``findings``: the first few, one line
    each. ``notes``: what the user should know beside them. ``output``, ``pdf``, ``data``: the names
    of the files made.

    ``pages``: of the PDF, 0 where they are not known. ``former``: files that an earlier run made of
    this input, and that are not those of its present data.
    """

    file: str
    state: str
    basis: str = ""
    code: str = ""
    name: str = ""
    year: int = 0
    kind: str = ""
    pack: str = ""
    output: str = ""
    digest: str = ""
    pdf: str = ""
    pdf_digest: str = ""
    pages: int = 0
    data: str = ""
    former: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    projects: int = 0
    seconds: float = 0.0

    @property
    def files(self) -> tuple[str, ...]:
        """The names of what was made of the input."""
        return tuple(filter(None, (self.output, self.pdf, self.data)))

    @property
    def label(self) -> str:
        """Whose it is; the file, where that cannot be told."""
        return f"{self.code} {self.name}".strip() or PurePath(self.file).name

    def amount(self, key: str) -> Decimal:
        """One of the figures; those that are not kept are zero."""
        return Decimal(self.figures.get(key, "0.00"))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Outcome:
        """Raises TypeError or KeyError when the entry is not one of ours."""
        known = {f.name for f in fields(cls)}
        if set(entry) != known:
            raise KeyError("another version's entry")
        lists = {name: tuple(entry[name]) for name in ("former", "findings", "notes")}
        return cls(**{**entry, **lists})
