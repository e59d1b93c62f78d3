"""A compiled template part as plain data, and the function that such data becomes.

The data is what the compiler leaves of a part's XML and tags: lists, texts and numbers, which can
be kept on disk and read back. Whatever it says, the function made of it can do nothing but print
constants and fields of its context: there is no other form, and data of another form is refused.

    statement    "text"                             constant XML
                 ["value", expression]              a field's text, escaped
                 ["number", expression]             the number of a loop's round
                 ["mark", name]                     an empty piece that is filled in later
                 ["mark", name, expression]         the same, with the text of a field
                 ["for", name, expression, body]
                 ["if", [[test, body], …], body]    the tests in turn, and what else
    expression   ["name", name]  ["field", expression, name]  ["loop", name]  ["constant", value]
                 ["not", expression]  ["==", expression, expression]  and so on
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from traceback import extract_tb
from typing import Any, Final, NoReturn

from generator.problem import UserError
from generator.render.container import BODY, RENDERED

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MAX_PIECES: Final = 5_000_000
"""Pieces of a part that loops may add; 300 projects take a hundred thousand."""
MAX_LENGTH: Final = 100_000_000
"""Characters of a part."""
OPERATORS: Final = ("and", "or", "==", "!=", "in", "not in")
LOOP_NUMBERS: Final = ("index", "length")
_LOOP_FIELDS: Final = {
    "first": "(i{0} == 0)",
    "last": "(i{0} == len(s{0}) - 1)",
    "index": "(i{0} + 1)",
    "length": "len(s{0})",
}
LOOP_FIELDS: Final = tuple(_LOOP_FIELDS)

Expression = list[Any]
Statement = str | list[Any]
Body = list[Statement]
"""A list of statements; see above."""


ALLOWED: Final = "模板里只能用 {{ 名称.字段 }}、{% for %}、{% if %} 和 ==、!=、in、not、and、or。"


def too_deep(where: str) -> UserError:
    """What to say of tags beyond Jinja's and Python's limits of depth and length."""
    return UserError(f"模板的{where}里的标记嵌套过深，或数字过长。", ALLOWED)


def too_much() -> UserError:
    """What to say of a document that has grown beyond what any department could fill."""
    return UserError(
        "按这个模板写出的文档过大，没有写完。",
        "请检查模板里套在一起的 {% for %}：里面的循环应当是外面一行的内容。",
    )


class NoProgram(ValueError):
    """Data that is no compiled part."""


def kept_bodies(data: object) -> dict[str, Body]:
    """The compiled parts that were kept of a template.

    Raises :class:`NoProgram` for anything else; what the bodies say is not looked at yet.
    """
    if not isinstance(data, dict) or BODY not in data:
        raise NoProgram("no compiled template")
    for part, body in data.items():
        if not isinstance(body, list) or not RENDERED.fullmatch(part):
            raise NoProgram(f"no compiled part: {part}")
    return data


class Escapes(dict[str, str]):
    """Text → XML text, remembered: the cells of a budget repeat (blanks, names, bases)."""

    def __missing__(self, text: str) -> str:
        if not isinstance(text, str):
            raise TypeError(f"a template value must be text, not {type(text).__name__}")
        if not text.isprintable() and _FORBIDDEN.search(text):
            raise ValueError(f"not allowed in XML: {text[:40]!r}")
        escaped = text
        if "&" in text or "<" in text or ">" in text or '"' in text:
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            escaped = escaped.replace('"', "&quot;")
        self[text] = escaped
        return escaped


@dataclass(slots=True)
class Output:
    """What a run of a part's function leaves: the pieces, and where its marks stand."""

    pieces: list[str] = field(default_factory=list)
    marks: list[tuple[str, int, str]] = field(default_factory=list)
    """(mark, index of an empty piece that may be filled in, value of the mark's expression)."""
    room: int = MAX_PIECES
    """How many pieces the loops may still add."""


PartFunction = Callable[[dict[str, Any], Output, Escapes], None]


def part_function(body: Body, where: str) -> PartFunction:
    """The function of a part: context, output, escapes → nothing. ``where`` names it in messages.

    Raises :class:`NoProgram` for data of another form, :class:`UserError` for tags nested too deep.
    The function raises :class:`UserError` for a field that does not exist or is not what the
    template takes it for.
    """
    file = f"<{where}>"
    namespace: dict[str, Any] = {"__builtins__": _BUILTINS}
    try:
        code = _Code(body)
        exec(compile("\n".join(code.lines), file, "exec"), namespace)
    except (SyntaxError, RecursionError, MemoryError) as error:  # Python's limits of depth
        raise too_deep(where) from error
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
            origin = code.origins.get(line or 0)
            raise UserError(
                f"模板的{where}里“{_shown(origin) if origin else ''}”用错了地方。",
                "{{ }} 里只能是文字，{% for %} 里只能是成行的内容；请检查模板里的占位符。",
            ) from error

    return part


def _rows(value: object, output: Output, pieces: int) -> list[Any]:
    """What a loop goes over. Text is a sequence too, but its characters are no rows.

    ``pieces``: how many each round adds. Loops in loops over the same rows would have no end.
    """
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    output.room -= len(value) * pieces
    if output.room < 0:
        raise too_much()
    return value


_BUILTINS: Final = {"len": len, "enumerate": enumerate, "str": str, "rows": _rows}


def _shown(expression: Expression) -> str:
    """An expression as it stands in the template, for messages; of a longer one its names."""
    match expression:
        case ["name", str(name)]:
            return name
        case ["field", list(owner), str(name)]:
            return f"{_shown(owner)}.{name}"
        case ["loop", str(name)]:
            return f"loop.{name}"
    return "、".join(filter(None, (_shown(part) for part in expression if isinstance(part, list))))


def constants_of(body: Body) -> Iterator[str]:
    """The constant texts of a body, wherever they stand in it."""
    for statement in body:
        match statement:
            case str():
                yield statement
            case ["for", _, _, list(inner)]:
                yield from constants_of(inner)
            case ["if", list(ways), list(other)]:
                for inner in (*(way[1] for way in ways), other):
                    yield from constants_of(inner)


class _Code:
    """Python source, line by line, of a body. A scope maps a loop's name to its Python name."""

    def __init__(self, body: Body) -> None:
        self.lines = [
            "def part(c, output, e):",
            " o = output.pieces; w = o.append; x = o.extend; m = output.marks.append",
        ]
        self.origins: dict[int, Expression] = {}
        """Line number → the template's expression on it, for messages."""
        self._count = 0
        self._body(body, 1, {})

    def _emit(self, depth: int, line: str, origin: Expression | None = None) -> None:
        self.lines.append(" " * depth + line)
        if origin is not None:
            self.origins[len(self.lines)] = origin

    def _body(self, body: Body, depth: int, scope: dict[str, str]) -> None:
        before = len(self.lines)
        run: list[tuple[str, Expression | None]] = []

        def flush() -> None:
            if len(run) == 1:
                self._emit(depth, f"w({run[0][0]})", run[0][1])
            elif run:
                self._emit(depth, "x((")
                for value, origin in run:  # a line each, so that an error tells its expression
                    self._emit(depth, f"{value},", origin)
                self._emit(depth, "))")
            run.clear()

        for statement in body:
            match statement:
                case str():
                    run.append((repr(statement), None))
                case ["value", list(expression)]:
                    run.append((self._text(expression, scope), expression))
                case ["number", ["loop", str(name)] as expression] if name in LOOP_NUMBERS:
                    run.append((f"str({self._expression(expression, scope)})", expression))
                case _:
                    flush()
                    self._statement(statement, depth, scope)
        flush()
        if len(self.lines) == before:
            self._emit(depth, "pass")

    def _statement(self, statement: Statement, depth: int, scope: dict[str, str]) -> None:
        match statement:
            case ["mark", str(name)]:
                self._emit(depth, f"m(({name!r}, len(o), '')); w('')")
            case ["mark", str(name), list(expression)]:
                value = self._text(expression, scope)
                self._emit(depth, f"m(({name!r}, len(o), {value})); w('')", expression)
            case ["for", str(name), list(rows), list(body)]:
                self._count += 1
                n = self._count
                over = self._expression(rows, scope)
                self._emit(depth, f"s{n} = rows({over}, output, {len(body) + 1})", rows)
                self._emit(depth, f"for i{n}, v{n} in enumerate(s{n}):")
                self._body(body, depth + 1, {**scope, name: f"v{n}", "loop": str(n)})
            case ["if", list(ways), list(other)] if ways:
                self._if(ways, other, depth, scope)
            case _:
                _refuse(statement)

    def _if(self, ways: list[Any], other: Body, depth: int, scope: dict[str, str]) -> None:
        word = "if"
        for way in ways:
            match way:
                case [list(test), list(body)]:
                    self._emit(depth, f"{word} {self._expression(test, scope)}:", test)
                    self._body(body, depth + 1, scope)
                case _:
                    _refuse(way)
            word = "elif"
        if other:
            self._emit(depth, "else:")
            self._body(other, depth + 1, scope)

    def _text(self, expression: Expression, scope: dict[str, str]) -> str:
        """A field as XML text. Nothing else is text: not a truth value, not a number."""
        if expression[:1] not in (["name"], ["field"]):
            _refuse(expression)
        return f"e[{self._expression(expression, scope)}]"

    def _expression(self, expression: Expression, scope: dict[str, str]) -> str:
        match expression:
            case ["name", str(name)] if name != "loop":
                return scope.get(name) or f"c[{name!r}]"
            case ["loop", str(name)] if name in _LOOP_FIELDS and "loop" in scope:
                return _LOOP_FIELDS[name].format(scope["loop"])
            case ["field", list(owner), str(name)]:
                return f"{self._expression(owner, scope)}[{name!r}]"
            case ["constant", bool(value) | int(value) | str(value)]:
                return repr(value)
            case ["not", list(inner)]:
                return f"(not {self._expression(inner, scope)})"
            case [str(operator), list(left), list(right)] if operator in OPERATORS:
                left_side = self._expression(left, scope)
                return f"({left_side} {operator} {self._expression(right, scope)})"
        _refuse(expression)


def _refuse(data: object) -> NoReturn:
    raise NoProgram(str(data)[:80])
