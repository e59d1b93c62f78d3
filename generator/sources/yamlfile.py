"""A YAML input: the same words and structure as the workbook."""

from __future__ import annotations

from typing import Any

from generator import yamltext
from generator.problem import Path, Place, UserError
from generator.sources.raw import RawInput


def read(name: str, data: bytes) -> RawInput:
    """Parse a YAML input strictly. Raises :class:`UserError` with the line of a syntax mistake."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"“{name}”不是 UTF-8 编码。", "请在编辑器里另存为 UTF-8。") from None
    try:
        document = yamltext.parse(text)
    except yamltext.YamlProblem as problem:
        raise UserError(
            f"“{name}”第 {problem.line} 行：{problem.message}。",
            problem.hint,
            Place(file=name, line=problem.line),
        ) from None
    if not isinstance(document.tree, dict):
        raise UserError(
            f"“{name}”的内容不是“键: 值”。", "请对照样例检查开头几行。", Place(file=name, line=1)
        )

    def locate(path: Path) -> Place:
        return Place(file=name, line=document.line(path), path=_shown(path) or None)

    return RawInput(name, _without_blanks(document.tree), locate)


def _shown(path: Path) -> str:
    """``("收入", 3, "事业收入")`` as ``收入[4].事业收入``: people count from one."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _without_blanks(tree: Any) -> Any:
    """A key without a value is as absent as a blank cell."""
    if isinstance(tree, dict):
        return {key: _without_blanks(value) for key, value in tree.items() if value != ""}
    if isinstance(tree, list):
        return [_without_blanks(item) for item in tree]
    return tree
