"""Changing single texts of an input file and nothing else of it: a cell, a value in a YAML file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

import yaml

from generator import yamltext
from generator.ooxml import Cells, Element, Package, Texts
from generator.problem import Path, Place

FORMULA: Final = "单元格里是公式"
FONTS: Final = "单元格里的文字有几种字体"
SHAPE: Final = "这种 YAML 写法不能只改几个字"

_BREAKS = re.compile(r"([\r\n]+)")


class Editor(Protocol):
    """An input file that is being changed."""

    def put(self, path: Path, before: str, after: str) -> str | None:
        """Change the text at a path. None: done; ``""``: no text stands there; else why not."""

    def save(self) -> bytes:
        """The file with its changes."""


class Workbook:
    """An .xlsx or .xlsm: the text of a cell changes, its format stays."""

    def __init__(self, data: bytes, locate: Callable[[Path], Place]) -> None:
        self._package = Package(data)
        self._texts = Texts(self._package)
        self._locate = locate
        self._sheets: dict[str, Cells] = {}

    def put(self, path: Path, before: str, after: str) -> str | None:
        place = self._locate(path)
        if place.sheet not in self._package.sheets or place.cell is None:
            return ""
        cells = self._cells(place.sheet)
        cell = cells.get(place.cell)
        if not before:
            return self._fill(cells, place.cell, cell, after)
        if cell is None:
            return ""
        current = self._texts.get(cell)
        if current is None:
            return _why_not(cell)
        changed = _replaced(current, before, after)
        if changed is None:
            return ""
        self._package.edit(self._package.sheets[place.sheet])
        self._texts.put(cell, changed)
        return None

    def _fill(self, cells: Cells, name: str, cell: Element | None, after: str) -> str | None:
        """Write into a blank cell; one with a formula or a value is none."""
        if cell is not None and len(cell):
            return ""
        self._package.edit(self._package.sheets[self._sheet_of(cells)])
        self._texts.put(cells.make(name), after)
        return None

    def _cells(self, sheet: str) -> Cells:
        if sheet not in self._sheets:
            self._sheets[sheet] = Cells(self._package.tree(self._package.sheets[sheet]))
        return self._sheets[sheet]

    def _sheet_of(self, cells: Cells) -> str:
        return next(name for name, known in self._sheets.items() if known is cells)

    def save(self) -> bytes:
        return self._package.save()


def _why_not(cell: Element) -> str:
    """Numbers are no texts; of the others the user is told."""
    if cell.find("{*}f") is not None:
        return FORMULA
    return FONTS if cell.get("t") in ("s", "inlineStr") else ""


def _replaced(current: str, before: str, after: str) -> str | None:
    """The text of a cell with one of its lines, or the whole of it, changed."""
    if current == before:
        return after
    lines = _BREAKS.split(current)
    if before not in lines:
        return None
    lines[lines.index(before)] = after
    return "".join(lines)


class YamlFile:
    """A YAML file: the words of a value change, comments and layout stay."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8-sig")
        self._mark = data[: len(data) - len(text.encode())]
        self._text = text
        self._spans = _spans(text)
        self._tree: Any = yamltext.parse(text).tree
        self._edits: dict[tuple[int, int], str] = {}

    def put(self, path: Path, before: str, after: str) -> str | None:
        span = self._spans.get(path)
        if span is None or not before:
            return ""
        start, end, style = span
        words = _rewritten(self._text[start:end], style, before, after)
        if words is None or not self._holds({(start, end): words}, path, after):
            return SHAPE
        self._edits[start, end] = words
        return None

    def _holds(self, edits: dict[tuple[int, int], str], path: Path, after: str) -> bool:
        """Whether the file then says the same as before, but for the one value."""
        try:
            tree: Any = yamltext.parse(self._with(edits)).tree
        except yamltext.YamlProblem:
            return False
        return bool(tree == _with_value(self._tree, path, after))

    def _with(self, edits: dict[tuple[int, int], str]) -> str:
        text = self._text
        for (start, end), words in sorted(edits.items(), reverse=True):
            text = text[:start] + words + text[end:]
        return text

    def save(self) -> bytes:
        return self._mark + self._with(self._edits).encode()


def _with_value(tree: Any, path: Path, value: str) -> Any:
    if not path:
        return value
    if isinstance(tree, dict):
        return {k: _with_value(v, path[1:], value) if k == path[0] else v for k, v in tree.items()}
    return [_with_value(v, path[1:], value) if i == path[0] else v for i, v in enumerate(tree)]


def _rewritten(words: str, style: str | None, before: str, after: str) -> str | None:
    """A scalar as it is written, with the changed words in it; None where that is not safe."""
    if style == "|":
        return _rewritten_block(words, before, after)
    if "\n" in words or "\r" in words:
        return None
    if style == "'":
        return "'" + after.replace("'", "''") + "'"
    if style == '"':
        return None if "\\" in words + after or '"' in after else f'"{after}"'
    return after if style is None and words == before else None


def _rewritten_block(words: str, before: str, after: str) -> str | None:
    """A block text, line by line; its indentation is not part of the text."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) != len(new):
        return None
    for one, other in zip(old, new, strict=True):
        if one != other:
            line = re.compile(rf"(?m)^([ ]*){re.escape(one)}(?=\r?$)")
            words, count = line.subn(partial(_instead, other), words, count=1)
            if not count:
                return None
    return words


def _instead(words: str, found: re.Match[str]) -> str:
    return found[1] + words


def _spans(text: str) -> dict[Path, tuple[int, int, str | None]]:
    """Where each scalar stands and how it is quoted.

    From the slow parser: the fast one does not tell places in characters.
    """
    spans: dict[Path, tuple[int, int, str | None]] = {}
    events = iter(yaml.parse(text, Loader=yaml.BaseLoader))

    def value(event: Any, path: Path) -> None:
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or None
            assert event.start_mark is not None and event.end_mark is not None
            spans[path] = (event.start_mark.index, event.end_mark.index, style)
        elif isinstance(event, yaml.SequenceStartEvent):
            index = 0
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                value(event, (*path, index))
                index += 1
        elif isinstance(event, yaml.MappingStartEvent):
            while not isinstance(event := next(events), yaml.MappingEndEvent):
                assert isinstance(event, yaml.ScalarEvent)  # no key of ours is a list
                value(next(events), (*path, str(event.value)))

    for event in events:
        value(event, ())
    return spans
