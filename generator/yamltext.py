"""YAML read strictly: every scalar is text, a key may occur once, no anchors, no tags.

Plain YAML reads ``0101`` as 65, ``on`` as True and silently keeps the last of two equal keys;
in a budget each of these is a wrong document. The tree is built from the parser's events, so that
depth, aliases and tags are refused before anything is built of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from generator.problem import Path

try:  # the C parser is ten times faster and in every wheel of PyYAML
    from yaml import CBaseLoader as _Loader
except ImportError:  # pragma: no cover
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

MAX_DEPTH: Final = 40

Tree = dict[str, "Tree"] | list["Tree"] | str

# What YAML forbids. Looked for beforehand: the parser tells the place in bytes or not at all.
_FORBIDDEN = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)


class YamlProblem(Exception):
    """What is wrong, in which line (1-based), and the next step."""

    def __init__(self, message: str, line: int, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The text's content and the line of every value."""

    tree: Tree
    _lines: dict[Path, int] = field(repr=False)

    def line(self, path: Path) -> int:
        """Line (1-based) of the value at ``path``, or of its nearest ancestor that exists."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def parse(text: str) -> YamlDocument:
    """Parse one YAML document. Raises :class:`YamlProblem` with the line of the first mistake."""
    text = text.removeprefix("\ufeff")
    if found := _FORBIDDEN.search(text):
        raise YamlProblem(
            f"含有不可见的非法字符（U+{ord(found[0]):04X}）",
            text.count("\n", 0, found.start()) + 1,
            "请删去这个字符。",
        )
    try:
        return _Builder(yaml.parse(text, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text) from error


# --- what is wrong with the text ------------------------------------------------------------------

_LOOK_HERE: Final = "请检查这一行和它的上一行。"
MAX_TRIES: Final = 12

_TAB = re.compile(r"^ *\t[ \t]*")
_WIDE_COLON = re.compile(r"^( *(?:- +)*[{\[]?)([^\s:：\"'#{\[,，]+)：\s*")
_QUOTE = re.compile(
    r"""(?:^|[:,\[{-])\s*(?:"(?P<two>(?:[^"\\]|\\.)*"?)|'(?P<one>(?:[^']|'')*'?))"""
)


def _explained(error: yaml.MarkedYAMLError, text: str) -> YamlProblem:
    """The mistake at the line that has to be changed, which is seldom where the parser stops."""
    mark = error.problem_mark or error.context_mark
    stopped = mark.line if mark is not None else 0
    context = error.context or ""
    begun = error.context_mark.line if error.context_mark is not None else stopped
    lines = text.split("\n")
    if "quoted" in context and "end of stream" in (error.problem or ""):
        return _problem("引号没有成对", begun, _CLOSE)
    if found := _slip(lines, stopped):
        return found
    if "flow" in context:
        return _problem(
            "括号没有成对，或缺少逗号", begun, "请从这一行起检查括号和逗号，都要用半角的。"
        )
    return _problem(_reason(error, lines), begun if "simple key" in context else stopped)


def _problem(reason: str, line: int, hint: str = _LOOK_HERE) -> YamlProblem:
    return YamlProblem(f"YAML 格式有误：{reason}", line + 1, hint)


_CLOSE: Final = "请在这一行补上另一半引号，用半角的。"


def _slip(lines: list[str], stopped: int) -> YamlProblem | None:
    """The nearest slip of the pen without which the parser would get further; none: None."""
    tries = 0
    for at in range(min(stopped, len(lines) - 1), -1, -1):
        for mended, reason, hint in _slips(lines[at]):
            tries += 1
            if tries > MAX_TRIES:
                return None
            if _stops([*lines[:at], mended, *lines[at + 1 :]]) > stopped:
                return _problem(reason, at, hint)
    return None


def _slips(line: str) -> Iterator[tuple[str, str, str]]:
    """What may have gone wrong in a line: (the line mended, what it was, what to do)."""
    if found := _TAB.match(line):
        blanks = found[0].replace("\t", "  ")
        for mended in dict.fromkeys((blanks, "  ", "")):
            yield (
                mended + line[found.end() :],
                "行首用了制表符（Tab）",
                "请换成空格，与同一层的各行对齐。",
            )
    if found := _WIDE_COLON.match(line):
        yield (
            f"{found[1]}{found[2]}: {line[found.end() :]}",
            f"“{found[2]}”后面的冒号是全角的",
            f"请改为半角的冒号，后面空一格，如“{found[2]}: …”。",
        )
    for quote in _QUOTE.finditer(line):
        words = quote["two"] if quote["two"] is not None else quote["one"]
        mark = '"' if quote["two"] is not None else "'"
        if not words.endswith(mark):
            opened = line.index(mark, quote.start())
            yield line[:opened] + line[opened + 1 :], "引号没有成对", _CLOSE
            yield f"{line.rstrip()}{mark}", "引号没有成对", _CLOSE


def _stops(lines: list[str]) -> int:
    """The line (from 0) at which the parser stops; behind the last one for a text without fault."""
    try:
        for _ in yaml.parse("\n".join(lines), Loader=_Loader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return int(mark.line) if mark is not None else 0
    return len(lines) + 1


def _reason(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    text, context = error.problem or "", error.context or ""
    if "mapping values are not allowed" in text:
        mark = error.problem_mark
        words = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
        if len(re.findall(r":(?:\s|$)", words)) == 1:
            return "这一行的缩进比上一行多，上一行的冒号后面却已经有内容"
        return "冒号的位置不对，含冒号的文字要加引号"
    if "escape" in text or "hexdecimal" in text:
        return "双引号里的反斜杠写法不对，请改用单引号"
    if "anchor" in context or "alias" in context:
        return "以 & 或 * 开头的文字要加引号"
    if "quoted" in context:
        return "引号没有成对"
    if "cannot start any token" in text:
        return "内容以 @、%、` 等特殊字符开头，要加引号"
    if "could not find expected ':'" in text:
        return "缺少冒号，或冒号后面没有空格"
    return "缩进不对，或“-”和“键: 值”混在一起"


class _Builder:
    """Reads the parser's events into a tree; ``lines`` holds the line of every path."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._lines: dict[Path, int] = {}

    def document(self) -> YamlDocument:
        next(self._events)  # the stream's start
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            raise YamlProblem("文件是空的", 1, "请对照样例填写。")
        tree = self._value(next(self._events), ())
        next(self._events)  # the document's end
        after = next(self._events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise YamlProblem("一个文件里有两份内容", _line(after), "请删去“---”和多余的内容。")
        return YamlDocument(tree, self._lines)

    def _value(self, event: Any, path: Path) -> Tree:
        line = _line(event)
        self._lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise YamlProblem("嵌套层次过深", line, "请对照样例检查缩进和括号。")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise YamlProblem(
                "不支持 YAML 的锚点和别名（& 和 *）", line, "以 & 或 * 开头的文字要加引号。"
            )
        if event.tag is not None:
            raise YamlProblem("不支持 YAML 的标签（!）", line, "以 ! 开头的文字要加引号。")
        if isinstance(event, yaml.ScalarEvent):
            value = str(event.value)
            if event.style == "|":
                self._tell_lines_of_block(value, line, path)
            return value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Tree] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, len(items))))
            return items
        return self._mapping(path)

    def _mapping(self, path: Path) -> Tree:
        tree: dict[str, Tree] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
                raise YamlProblem("项目名必须是文字", line, "请写成“键: 值”。")
            key = str(event.value)
            if key in tree:
                raise YamlProblem(f"“{key}”出现了两次", line, "请合并成一处，或改正其中一个。")
            # The key's line, not the value's: that is where a person looks.
            self._lines[(*path, key)] = line
            tree[key] = self._value(next(self._events), (*path, key))
        return tree

    def _tell_lines_of_block(self, text: str, line: int, path: Path) -> None:
        """The lines of a block text are its paragraphs; blank ones do not count."""
        paragraph = 0
        for offset, words in enumerate(text.split("\n"), 1):
            if words.strip():
                self._lines[(*path, paragraph)] = line + offset
                paragraph += 1


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Dumper(yaml.SafeDumper):
    """Without anchors: equal rows are written out each time."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dump(tree: Tree) -> str:
    """A tree as YAML: nested sections as blocks, a row of a table on one line."""
    text: str = yaml.dump(
        tree,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
        default_flow_style=None,
    )
    return text
