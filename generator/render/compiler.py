"""A template part (XML with Jinja tags) compiled into one Python function.

The function appends constant pieces of XML and escaped values to a list: no parse, no regular
expression, no second pass over the output. The walk over Jinja's syntax tree that produces it is
also the gate: only names, fields, ``for``, ``if`` and comparisons pass; calls, filters, tests,
imports and everything else is refused, so a template can reach nothing but its data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from generator.problem import UserError

# Marks that the lowering (template.py) leaves in the constant text; private-use characters, which
# no template carries: a part that does is refused.
MARK_OPEN: Final = "\ue000"
MARK_CLOSE: Final = "\ue001"
_MARK = re.compile(f"{MARK_OPEN}([^{MARK_CLOSE}]*){MARK_CLOSE}")

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_COMPARISONS: Final = {"eq": "==", "ne": "!=", "in": "in", "notin": "not in"}
_LOOP_FIELDS: Final = ("first", "last", "index", "length")
_ENVIRONMENT = Environment(autoescape=True)


class Escapes(dict[str, str]):
    """Text → XML text, remembered: the cells of a budget repeat (blanks, names, bases)."""

    def __missing__(self, text: str) -> str:
        if not isinstance(text, str):
            raise TypeError(f"a template value must be text, not {type(text).__name__}")
        if _FORBIDDEN.search(text):
            raise ValueError(f"not allowed in XML: {text[:40]!r}")
        escaped = (
            text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&quot;")
        )
        self[text] = escaped
        return escaped


@dataclass(slots=True)
class Output:
    """What a run of the compiled function leaves: the pieces, and where its marks stand."""

    pieces: list[str] = field(default_factory=list)
    marks: list[tuple[str, int, str]] = field(default_factory=list)
    """(mark, index of an empty piece that may be filled in, value of the mark's expression)."""


PartFunction = Callable[[dict[str, Any], Output, Escapes], None]


def compile_part(source: str, where: str) -> PartFunction:
    """Compile one part. ``where`` names it in messages.

    Raises :class:`UserError` for a tag that is not closed or not allowed.
    """
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise UserError(
            f"模板的{where}里有写错的标记：{_near(source, error.lineno)}。",
            "请检查这一处的 {{ }}、{% for %}、{% if %} 是否成对。",
        ) from error
    code = _Code(source, where)
    code.body(tree.body, 1, {})
    text = "\n".join(
        [
            "def part(c, output, e):",
            " o = output.pieces; w = o.append; x = o.extend; m = output.marks.append",
            *code.lines,
        ]
    )
    namespace: dict[str, Any] = {"__builtins__": {"len": len, "enumerate": enumerate, "str": str}}
    exec(compile(text, f"<{where}>", "exec"), namespace)
    function: PartFunction = namespace["part"]
    return function


def _near(source: str, line: int) -> str:
    text = re.sub(r"<[^>]+>", "", source.split("\n")[line - 1])
    tags = re.findall(r"\{[{%].*?[}%]\}", text)
    return f"“{tags[-1]}”附近" if tags else "（找不到位置）"


class _Code:
    """Python source, line by line. ``scope`` maps a loop variable to its Python name."""

    def __init__(self, source: str, where: str) -> None:
        self.lines: list[str] = []
        self._where = where
        self._count = 0

    def body(self, statements: list[nodes.Node], depth: int, scope: dict[str, str]) -> None:
        before = len(self.lines)
        for statement in statements:
            match statement:
                case nodes.Output():
                    self._output(statement, depth, scope)
                case nodes.For():
                    self._for(statement, depth, scope)
                case nodes.If():
                    self._if(statement, depth, scope)
                case _:
                    self._refuse(statement)
        if len(self.lines) == before:
            self._emit(depth, "pass")

    def _emit(self, depth: int, line: str) -> None:
        self.lines.append(" " * depth + line)

    def _refuse(self, node: nodes.Node) -> None:
        raise UserError(
            f"模板的{self._where}里用了不允许的写法（{type(node).__name__}）。",
            "模板里只能用 {{ 名称.字段 }}、{% for %}、{% if %} 和 ==、!=、in、not、and、or。",
        )

    # --- output -----------------------------------------------------------------------------

    def _output(self, node: nodes.Output, depth: int, scope: dict[str, str]) -> None:
        run: list[str] = []

        def flush() -> None:
            if len(run) == 1:
                self._emit(depth, f"w({run[0]})")
            elif run:
                self._emit(depth, f"x(({', '.join(run)}))")
            run.clear()

        pending = ""  # a mark whose expression follows
        for piece in node.nodes:
            if isinstance(piece, nodes.TemplateData):
                for mark, text in _split_marks(piece.data):
                    if mark.startswith("="):
                        pending = mark
                    elif mark:
                        flush()
                        self._emit(depth, f"m(({mark!r}, len(o), '')); w('')")
                    elif text:
                        run.append(repr(text))
            elif pending:
                flush()
                value = self._value(piece, scope)
                self._emit(depth, f"m(({pending[1:]!r}, len(o), {value})); w('')")
                pending = ""
            else:
                value = self._value(piece, scope)
                number = isinstance(piece, nodes.Getattr) and self._is_loop(piece, scope)
                run.append(value if number else f"e[{value}]")
        flush()

    def _value(self, node: nodes.Node, scope: dict[str, str]) -> str:
        value = self._expression(node, scope)
        if isinstance(node, nodes.Getattr) and self._is_loop(node, scope):
            return f"str({value})"
        return value

    # --- statements -------------------------------------------------------------------------

    def _for(self, node: nodes.For, depth: int, scope: dict[str, str]) -> None:
        if not isinstance(node.target, nodes.Name) or node.test or node.recursive or node.else_:
            self._refuse(node)
        assert isinstance(node.target, nodes.Name)
        self._count += 1
        n = self._count
        self._emit(depth, f"s{n} = {self._expression(node.iter, scope)}")
        self._emit(depth, f"for i{n}, v{n} in enumerate(s{n}):")
        self.body(node.body, depth + 1, {**scope, node.target.name: f"v{n}", "loop": str(n)})

    def _if(self, node: nodes.If, depth: int, scope: dict[str, str]) -> None:
        self._emit(depth, f"if {self._expression(node.test, scope)}:")
        self.body(node.body, depth + 1, scope)
        for other in node.elif_:
            self._emit(depth, f"elif {self._expression(other.test, scope)}:")
            self.body(other.body, depth + 1, scope)
        if node.else_:
            self._emit(depth, "else:")
            self.body(node.else_, depth + 1, scope)

    # --- expressions ------------------------------------------------------------------------

    def _is_loop(self, node: nodes.Getattr, scope: dict[str, str]) -> bool:
        return isinstance(node.node, nodes.Name) and node.node.name == "loop" and "loop" in scope

    def _expression(self, node: nodes.Node, scope: dict[str, str]) -> str:
        match node:
            case nodes.Name(name=name) if name != "loop":
                return scope.get(name) or f"c[{name!r}]"
            case nodes.Getattr(attr=attr) if self._is_loop(node, scope):
                return self._loop_field(node, attr, scope["loop"])
            case nodes.Getattr(node=owner, attr=attr):
                return f"{self._expression(owner, scope)}[{attr!r}]"
            case nodes.Const(value=value) if isinstance(value, str | int | bool):
                return repr(value)
            case nodes.Not(node=inner):
                return f"(not {self._expression(inner, scope)})"
            case nodes.And(left=left, right=right):
                return f"({self._expression(left, scope)} and {self._expression(right, scope)})"
            case nodes.Or(left=left, right=right):
                return f"({self._expression(left, scope)} or {self._expression(right, scope)})"
            case nodes.Compare(expr=expr, ops=[operand]) if operand.op in _COMPARISONS:
                left_side = self._expression(expr, scope)
                right_side = self._expression(operand.expr, scope)
                return f"({left_side} {_COMPARISONS[operand.op]} {right_side})"
        self._refuse(node)
        raise AssertionError

    def _loop_field(self, node: nodes.Node, name: str, n: str) -> str:
        if name not in _LOOP_FIELDS:
            self._refuse(node)
        return {
            "first": f"(i{n} == 0)",
            "last": f"(i{n} == len(s{n}) - 1)",
            "index": f"(i{n} + 1)",
            "length": f"len(s{n})",
        }[name]


def _split_marks(text: str) -> Iterator[tuple[str, str]]:
    """(mark, "") and ("", text) in turn."""
    position = 0
    for match in _MARK.finditer(text):
        yield "", text[position : match.start()]
        yield match[1], ""
        position = match.end()
    yield "", text[position:]
