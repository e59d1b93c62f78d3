"""One disclosure worked out: what the renderer sets and the checks read."""

from __future__ import annotations

from dataclasses import dataclass

from generator.disclosure import Disclosure
from generator.form import Form
from generator.tables import FilledTable
from generator.wording import Explanation


@dataclass(frozen=True, slots=True)
class Content:
    """One disclosure, derived and put into words: ready to be set into the template."""

    disclosure: Disclosure
    form: Form
    tables: dict[str, FilledTable]
    explanation: Explanation
