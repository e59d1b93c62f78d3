"""A template part (XML with Jinja tags) compiled to the plain data of program.py.

The walk over Jinja's syntax tree is also the gate: only names, fields, ``for``, ``if`` and
comparisons pass; calls, filters, tests, imports and everything else is refused, so a template can
reach nothing but its data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NoReturn

from jinja2 import Environment, TemplateSyntaxError, nodes

from generator.problem import UserError
from generator.render.program import (
    ALLOWED,
    LOOP_FIELDS,
    LOOP_NUMBERS,
    Body,
    Expression,
    too_deep,
)

# Marks that the lowering leaves in the constant text; private-use characters, which no template
# carries: a part that does is refused.
MARK_OPEN: Final = "\ue000"
MARK_CLOSE: Final = "\ue001"
CUT: Final = "cut"  # a mark that only ends a piece: what follows is a piece of its own
_MARK = re.compile(f"{MARK_OPEN}([^{MARK_CLOSE}]*){MARK_CLOSE}")

_COMPARISONS: Final = {"eq": "==", "ne": "!=", "in": "in", "notin": "not in"}
_ENVIRONMENT = Environment(autoescape=True)


def compile_part(source: str, where: str) -> Body:
    """Compile one part. ``where`` names it in messages.

    Raises :class:`UserError` for a tag that is not closed or not allowed.
    """
    short, constants = _shortened(source)
    try:
        return _Gate(where, constants).body(_ENVIRONMENT.parse(short).body)
    except TemplateSyntaxError as error:
        raise UserError(
            f"模板的{where}里有写错的标记：{_near(source, error.lineno)}。",
            "请检查这一处的 {{ }}、{% for %}、{% if %} 是否成对。",
        ) from error
    except (RecursionError, ValueError) as error:  # Jinja's own limits of depth and length
        raise too_deep(where) from error


_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_CONSTANT = re.compile("\ue002([0-9]+)\ue003")


def _shortened(source: str) -> tuple[str, list[str]]:
    """The source with its long constant pieces numbered: Jinja's lexer walks each character."""
    constants: list[str] = []
    pieces = _TAG.split(source)
    for i in range(0, len(pieces), 2):
        if "{" not in pieces[i] and "\n" not in pieces[i] and pieces[i]:
            constants.append(pieces[i])
            pieces[i] = f"\ue002{len(constants) - 1}\ue003"
    return "".join(pieces), constants


def _near(source: str, line: int) -> str:
    text = re.sub(r"<[^>]+>", "", source.split("\n")[line - 1])
    tags = re.findall(r"\{[{%].*?[}%]\}", text)
    return f"“{tags[-1]}”附近" if tags else "（找不到位置）"


class _Gate:
    """Jinja's syntax tree to plain data, as far as a template may go.

    ``looped``: whether a node stands in a loop, so that ``loop`` tells of it.
    """

    def __init__(self, where: str, constants: list[str]) -> None:
        self._where = where
        self._constants = constants

    def _refuse(self, node: nodes.Node) -> NoReturn:
        raise UserError(
            f"模板的{self._where}里用了不允许的写法（{type(node).__name__}）。", ALLOWED
        )

    # --- statements -------------------------------------------------------------------------

    def body(self, statements: list[nodes.Node], looped: bool = False) -> Body:
        made: Body = []
        for statement in statements:
            match statement:
                case nodes.Output():
                    made += self._output(statement, looped)
                case nodes.For():
                    made.append(self._for(statement, looped))
                case nodes.If():
                    ways = [
                        [self._expression(way.test, looped), self.body(way.body, looped)]
                        for way in (statement, *statement.elif_)
                    ]
                    made.append(["if", ways, self.body(statement.else_, looped)])
                case _:
                    self._refuse(statement)
        return made

    def _output(self, node: nodes.Output, looped: bool) -> Body:
        made: Body = []
        pending = ""  # a mark whose expression follows
        for piece in node.nodes:
            if isinstance(piece, nodes.TemplateData):
                whole = _CONSTANT.sub(lambda m: self._constants[int(m[1])], piece.data)
                for mark, text in _split_marks(whole):
                    if mark.startswith("="):
                        pending = mark
                    elif mark and mark != CUT:
                        made.append(["mark", mark])
                    elif text:
                        made.append(text)
            elif pending:
                made.append(["mark", pending[1:], self._field(piece, looped)])
                pending = ""
            elif isinstance(piece, nodes.Getattr) and self._is_loop(piece, looped):
                if piece.attr not in LOOP_NUMBERS:
                    self._refuse(piece)
                made.append(["number", ["loop", piece.attr]])
            else:
                made.append(["value", self._field(piece, looped)])
        return made

    def _for(self, node: nodes.For, looped: bool) -> Expression:
        target = node.target
        plain = not (node.test or node.recursive or node.else_)
        if not isinstance(target, nodes.Name) or target.name == "loop" or not plain:
            self._refuse(node)
        rows = self._expression(node.iter, looped)
        return ["for", target.name, rows, self.body(node.body, looped=True)]

    # --- expressions ------------------------------------------------------------------------

    def _field(self, node: nodes.Node, looped: bool) -> Expression:
        """What may be printed: only names and fields, since a truth value is no text."""
        if not isinstance(node, nodes.Name | nodes.Getattr):
            self._refuse(node)
        return self._expression(node, looped)

    def _is_loop(self, node: nodes.Getattr, looped: bool) -> bool:
        return isinstance(node.node, nodes.Name) and node.node.name == "loop" and looped

    def _expression(self, node: nodes.Node, looped: bool) -> Expression:
        match node:
            case nodes.Name(name=name) if name != "loop":
                return ["name", name]
            case nodes.Getattr(attr=attr) if self._is_loop(node, looped):
                if attr in LOOP_FIELDS:
                    return ["loop", attr]
            case nodes.Getattr(node=owner, attr=attr):
                return ["field", self._expression(owner, looped), attr]
            case nodes.Const(value=value) if isinstance(value, str | int | bool):
                return ["constant", value]
            case nodes.Not(node=inner):
                return ["not", self._expression(inner, looped)]
            case nodes.And(left=left, right=right):
                return ["and", self._expression(left, looped), self._expression(right, looped)]
            case nodes.Or(left=left, right=right):
                return ["or", self._expression(left, looped), self._expression(right, looped)]
            case nodes.Compare(expr=left, ops=[operand]) if operand.op in _COMPARISONS:
                sides = self._expression(left, looped), self._expression(operand.expr, looped)
                return [_COMPARISONS[operand.op], *sides]
        self._refuse(node)


def _split_marks(text: str) -> Iterator[tuple[str, str]]:
    """(mark, "") and ("", text) in turn."""
    position = 0
    for match in _MARK.finditer(text):
        yield "", text[position : match.start()]
        yield match[1], ""
        position = match.end()
    yield "", text[position:]
