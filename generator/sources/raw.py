"""What a source hands on: the input's own words as nested dicts and lists of text, with places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.problem import Path, Place, Problem

Tree = dict[str, Any]
"""Nested dicts and lists whose leaves are texts; keys are the aliases of the models."""


@cache
def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet that is not one of the form's own; ``rows[0]`` is row 1, ``""`` is blank."""

    name: str
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class RawInput:
    """``locate`` gives the place of a path of ``tree``, or of its nearest ancestor.

    ``pages`` may be pasted tables: what they say is known only with the form's own words.
    ``swallowed``: cells that are blank only because they are merged with another one, which is
    among the problems.
    """

    file: str
    tree: Tree
    locate: Callable[[Path], Place]
    problems: tuple[Problem, ...] = ()
    pages: tuple[Page, ...] = ()
    swallowed: frozenset[Place] = frozenset()
