"""The manual: one page for each rule, in the YAML file of its group's module, read when asked for.

A page is ``编号: {说明, 为什么, 依据, 错例, 对例, 改法}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from generator import yamltext

KEYS: Final = ("说明", "为什么", "依据", "错例", "对例", "改法")


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule says, why, on what basis, a wrong and a right example, how to put it right."""

    what: str
    why: str
    basis: str
    wrong: str
    right: str
    fix: str

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of each part."""
        texts = (self.what, self.why, self.basis, self.wrong, self.right, self.fix)
        return tuple(zip(KEYS, texts, strict=True))


@lru_cache(maxsize=1)
def pages() -> Mapping[str, Page]:
    """Every page, by rule id."""
    found: dict[str, Page] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            tree: Any = yamltext.parse(file.read_text(encoding="utf-8")).tree
            for id_, texts in tree.items():
                found[id_] = Page(*(texts.get(key, "").strip() for key in KEYS))
    return found
