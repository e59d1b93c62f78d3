"""YAML read strictly: every scalar is text, a key may occur once, no anchors, no tags.

Plain YAML reads ``0101`` as 65, ``on`` as True and silently keeps the last of two equal keys;
in a budget each of these is a wrong document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.problem import Path

try:  # the C parser is ten times faster and in every wheel of PyYAML
    from yaml import CBaseLoader as _Loader
except ImportError:  # pragma: no cover
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

MAX_DEPTH = 40

Tree = dict[str, "Tree"] | list["Tree"] | str


class YamlProblem(Exception):
    """What is wrong, and in which line (1-based)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(slots=True)
class YamlDocument:
    """The text's content and the line of every value."""

    tree: Tree
    _root: yaml.Node = field(repr=False)

    def line(self, path: Path) -> int:
        """Line (1-based) of the value at ``path``, or of its nearest ancestor that exists."""
        node = self._root
        line = node.start_mark.line
        for step in path:
            below = _child(node, step)
            if below is None:
                break
            line, node = below
        return int(line) + 1


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line, value
    return None


def parse(text: str) -> YamlDocument:
    """Parse one YAML document. Raises :class:`YamlProblem` with the line of the first mistake."""
    try:
        if "&" in text or "*" in text:
            _refuse_aliases(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise YamlProblem(f"YAML 格式有误（{_reason(error)}）", line) from error
    except yaml.YAMLError as error:  # characters that YAML forbids
        position = getattr(error, "position", 0)
        raise YamlProblem(
            "含有 YAML 不允许的控制字符", text.count("\n", 0, position) + 1
        ) from error
    except RecursionError as error:
        raise YamlProblem("嵌套层次过深", 1) from error
    if root is None:
        raise YamlProblem("文件是空的", 1)
    return YamlDocument(_build(root, 0), root)


def _refuse_aliases(text: str) -> None:
    """A hundred bytes of aliases can stand for gigabytes, and no budget needs one."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlProblem("不支持 YAML 的锚点和别名（& 和 *）", event.start_mark.line + 1)


def _reason(error: yaml.MarkedYAMLError) -> str:
    text = error.problem or ""
    if "mapping values are not allowed" in text:
        return "冒号的位置不对，含冒号的文字请加引号"
    if "expected <block end>" in text or "expected ','" in text or "did not find expected" in text:
        return "缩进或括号不对"
    if "cannot start any token" in text:
        return "行首有制表符或特殊字符，请用空格缩进"
    if "scanning" in (error.context or "") and "quoted" in (error.context or ""):
        return "引号没有成对"
    return "缩进、冒号或引号不对"


def _build(node: yaml.Node, depth: int) -> Tree:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise YamlProblem("嵌套层次过深", line)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, depth + 1) for item in node.value]
    assert isinstance(node, yaml.MappingNode)
    tree: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise YamlProblem("项目名必须是文字", key.start_mark.line + 1)
        if key.value in tree:
            raise YamlProblem(f"“{key.value}”出现了两次", key.start_mark.line + 1)
        tree[key.value] = _build(value, depth + 1)
    return tree
