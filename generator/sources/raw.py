"""What a source hands on: the input's own words as nested dicts and lists of text, with places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.problem import Path, Place, Problem

Tree = dict[str, Any]
"""Nested dicts and lists whose leaves are texts; keys are the aliases of the models."""


@dataclass(frozen=True, slots=True)
class RawInput:
    """``locate`` gives the place of a path of ``tree``, or of its nearest ancestor."""

    file: str
    tree: Tree
    locate: Callable[[Path], Place]
    problems: tuple[Problem, ...] = ()
