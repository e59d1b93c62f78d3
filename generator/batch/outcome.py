"""What came of one input: small, plain, fit to be sent between processes and kept in a file."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from pathlib import PurePath, PureWindowsPath
from typing import Any, Final

from pydantic import TypeAdapter

DONE, WARNED, FAULTY, UNREADABLE = "完成", "有警告", "有错误", "读不了"
UNWRITTEN: Final = "没写出"
MISSING: Final = "缺报"
PENDING: Final = "未处理"
NOT_GIVEN: Final = "未给出"
STATES: Final = (MISSING, UNREADABLE, UNWRITTEN, FAULTY, PENDING, NOT_GIVEN, WARNED, DONE)
"""The states of a department, the worst first."""
EXCEPTIONS: Final = "exception"
"""Among the counts: what stays with a reason."""
_MADE: Final = {"output": ".docx", "pdf": ".pdf", "data": ".json"}
_SURROGATE: Final = re.compile(r"\\ud[89a-f][0-9a-f]{2}")
_FIGURE: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``basis``: a digest of all that the result depends on. ``figures``: 万元 as text, by
    ``measure|row``. ``pack``: what the form can be loaded by. ``findings``: of each rule one at
    least, one line each; ``unlisted``: how many there are beside them. ``exceptions``: the first of
    those that stay with a reason, all of which are in ``counts``. ``notes``: what the user should
    know beside them. ``output``, ``pdf``, ``data``: the names of the files made; ``verified``:
    whether the document was read back.

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
    verified: bool = False
    pdf: str = ""
    pdf_digest: str = ""
    pages: int = 0
    data: str = ""
    data_digest: str = ""
    former: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    unlisted: int = 0
    exceptions: tuple[str, ...] = ()
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
        """Raises ValueError when the entry is not one of ours.

        The file it stands in lies among documents that anybody may have sent: by its names files
        are moved, so they are names of documents in that folder and nothing else.
        """
        if not isinstance(entry, dict) or set(entry) != {f.name for f in fields(cls)}:
            raise ValueError("another version's entry")
        # The name of a file may hold what is no character at all, which JSON proper knows not.
        _ADAPTER.validate_json(_SURROGATE.sub("?", json.dumps(entry)), strict=True)
        lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
        outcome = cls(**{**entry, **lists})
        names = [(getattr(outcome, name), {suffix}) for name, suffix in _MADE.items()]
        names += [(name, set(_MADE.values())) for name in outcome.former]
        if outcome.state not in STATES or not all(_is_ours(*name) for name in names if name[0]):
            raise ValueError("not a state, or not the name of a document")
        if not all(map(_FIGURE.fullmatch, outcome.figures.values())):
            raise ValueError("not a figure")
        return outcome


_ADAPTER: Final = TypeAdapter(Outcome)


def _is_ours(name: str, suffixes: Collection[str]) -> bool:
    """Whether a name is that of a document in the folder itself."""
    path = PureWindowsPath(name)  # it knows both kinds of slashes
    plain = path.name == name and not name.startswith(".") and name.isprintable()
    return plain and path.suffix in suffixes
