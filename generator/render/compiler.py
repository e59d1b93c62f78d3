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
from traceback import extract_tb
from typing import Any, Final, NoReturn

from jinja2 import Environment, TemplateSyntaxError, nodes

from generator.problem import UserError

# Marks that the lowering (template.py) leaves in the constant text; private-use characters, which
# no template carries: a part that does is refused.
MARK_OPEN: Final = "\ue000"
MARK_CLOSE: Final = "\ue001"
CUT: Final = "cut"  # a mark that only ends a piece: what follows is a piece of its own
_MARK = re.compile(f"{MARK_OPEN}([^{MARK_CLOSE}]*){MARK_CLOSE}")

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ALLOWED: Final = "模板里只能用 {{ 名称.字段 }}、{% for %}、{% if %} 和 ==、!=、in、not、and、or。"
_COMPARISONS: Final = {"eq": "==", "ne": "!=", "in": "in", "notin": "not in"}
_LOOP_FIELDS: Final = ("first", "last", "index", "length")
_LOOP_NUMBERS: Final = ("index", "length")
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

    Raises :class:`UserError` for a tag that is not closed or not allowed, now; and in the function
    for a field that does not exist or is not what the template takes it for.
    """
    file = f"<{where}>"
    short, constants = _shortened(source)
    code = _Code(where, constants)
    try:
        code.body(_ENVIRONMENT.parse(short).body, 1, {})
        compiled = compile("\n".join(code.lines), file, "exec")
    except TemplateSyntaxError as error:
        raise UserError(
            f"模板的{where}里有写错的标记：{_near(source, error.lineno)}。",
            "请检查这一处的 {{ }}、{% for %}、{% if %} 是否成对。",
        ) from error
    # Jinja's and Python's own limits of depth and length; what we emit cannot be wrong otherwise.
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise UserError(f"模板的{where}里的标记嵌套过深，或数字过长。", _ALLOWED) from error
    namespace: dict[str, Any] = {"__builtins__": _BUILTINS}
    exec(compiled, namespace)
    function: PartFunction = namespace["part"]

    def part(context: dict[str, Any], output: Output, escapes: Escapes) -> None:
        try:
            function(context, output, escapes)
        except KeyError as error:
            raise UserError(
                f"模板的{where}引用了没有的字段“{error.args[0]}”。", "请检查模板里的占位符。"
            ) from error
        except TypeError as error:
            trace = extract_tb(error.__traceback__)
            line = next(frame.lineno for frame in reversed(trace) if frame.filename == file)
            raise UserError(
                f"模板的{where}里“{code.origins.get(line or 0, '')}”用错了地方。",
                "{{ }} 里只能是文字，{% for %} 里只能是成行的内容；请检查模板里的占位符。",
            ) from error

    return part


def _rows(value: object) -> list[Any]:
    """What a loop goes over. Text is a sequence too, but its characters are no rows."""
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return value


_BUILTINS: Final = {"len": len, "enumerate": enumerate, "str": str, "rows": _rows}


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


class _Code:
    """Python source, line by line. ``scope`` maps a loop variable to its Python name."""

    def __init__(self, where: str, constants: list[str]) -> None:
        self._constants = constants
        self.lines = [
            "def part(c, output, e):",
            " o = output.pieces; w = o.append; x = o.extend; m = output.marks.append",
        ]
        self.origins: dict[int, str] = {}
        """Line number → the template's expression on it, for messages."""
        self._where = where
        self._count = 0

    def _whole(self, data: str) -> str:
        return _CONSTANT.sub(lambda m: self._constants[int(m[1])], data)

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

    def _emit(self, depth: int, line: str, origin: nodes.Node | None = None) -> None:
        self.lines.append(" " * depth + line)
        if origin is not None:
            self.origins[len(self.lines)] = _shown(origin)

    def _refuse(self, node: nodes.Node) -> NoReturn:
        raise UserError(
            f"模板的{self._where}里用了不允许的写法（{type(node).__name__}）。", _ALLOWED
        )

    # --- output -----------------------------------------------------------------------------

    def _output(self, node: nodes.Output, depth: int, scope: dict[str, str]) -> None:
        run: list[tuple[str, nodes.Node | None]] = []

        def flush() -> None:
            if len(run) == 1:
                self._emit(depth, f"w({run[0][0]})", run[0][1])
            elif run:
                self._emit(depth, "x((")
                for value, origin in run:  # a line each, so that an error tells its expression
                    self._emit(depth, f"{value},", origin)
                self._emit(depth, "))")
            run.clear()

        pending = ""  # a mark whose expression follows
        for piece in node.nodes:
            if isinstance(piece, nodes.TemplateData):
                for mark, text in _split_marks(self._whole(piece.data)):
                    if mark.startswith("="):
                        pending = mark
                    elif mark == CUT:
                        continue
                    elif mark:
                        flush()
                        self._emit(depth, f"m(({mark!r}, len(o), '')); w('')")
                    elif text:
                        run.append((repr(text), None))
            elif pending:
                flush()
                value = self._printed(piece, scope)
                self._emit(depth, f"m(({pending[1:]!r}, len(o), {value})); w('')", piece)
                pending = ""
            else:
                run.append((self._printed(piece, scope), piece))
        flush()

    def _printed(self, node: nodes.Node, scope: dict[str, str]) -> str:
        """A value as XML text. Only names and fields: a truth value is no text."""
        if not isinstance(node, nodes.Name | nodes.Getattr):
            self._refuse(node)
        if isinstance(node, nodes.Getattr) and self._is_loop(node, scope):
            if node.attr not in _LOOP_NUMBERS:
                self._refuse(node)
            return f"str({self._expression(node, scope)})"
        return f"e[{self._expression(node, scope)}]"

    # --- statements -------------------------------------------------------------------------

    def _for(self, node: nodes.For, depth: int, scope: dict[str, str]) -> None:
        target = node.target
        plain = not (node.test or node.recursive or node.else_)
        if not isinstance(target, nodes.Name) or target.name == "loop" or not plain:
            self._refuse(node)
        self._count += 1
        n = self._count
        self._emit(depth, f"s{n} = rows({self._expression(node.iter, scope)})", node.iter)
        self._emit(depth, f"for i{n}, v{n} in enumerate(s{n}):")
        self.body(node.body, depth + 1, {**scope, target.name: f"v{n}", "loop": str(n)})

    def _if(self, node: nodes.If, depth: int, scope: dict[str, str]) -> None:
        self._emit(depth, f"if {self._expression(node.test, scope)}:", node.test)
        self.body(node.body, depth + 1, scope)
        for other in node.elif_:
            self._emit(depth, f"elif {self._expression(other.test, scope)}:", other.test)
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

    def _loop_field(self, node: nodes.Node, name: str, n: str) -> str:
        if name not in _LOOP_FIELDS:
            self._refuse(node)
        return {
            "first": f"(i{n} == 0)",
            "last": f"(i{n} == len(s{n}) - 1)",
            "index": f"(i{n} + 1)",
            "length": f"len(s{n})",
        }[name]


def _shown(node: nodes.Node) -> str:
    """An expression as it stands in the template, for messages; of a longer one its names."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=owner, attr=attr):
            return f"{_shown(owner)}.{attr}"
    return "、".join(filter(None, map(_shown, node.iter_child_nodes())))


def _split_marks(text: str) -> Iterator[tuple[str, str]]:
    """(mark, "") and ("", text) in turn."""
    position = 0
    for match in _MARK.finditer(text):
        yield "", text[position : match.start()]
        yield match[1], ""
        position = match.end()
    yield "", text[position:]
