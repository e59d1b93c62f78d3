"""The tags of a template together: allowed, in pairs, and about what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generator.form import nearest
from generator.maintain.check.document import Paragraph, Part
from generator.maintain.check.finding import Finding, quoted
from generator.maintain.check.tags import Tag, of_tag, tags_of, unfinished
from generator.maintain.fields import GROUP, ROWS, TEXT, Node
from generator.problem import UserError
from generator.render.compiler import compile_part

_FOR = re.compile(r"\s*(\S+)\s+in\s+(\S+)\s*", re.DOTALL)
_NAME = re.compile(r"'[^']*'|\"[^\"]*\"|[^\W\d]\w*(?:\.\w+)*")
_WORDS: Final = frozenset({"in", "not", "and", "or", "true", "false", "True", "False"})
_MERGES: Final = ("vm", "hm")


@dataclass(slots=True)
class _Open:
    """A loop or an ``if`` that is not closed yet. ``scope``: the names that it stands in.

    ``variable``: the name that a loop gives to each of its rows.
    """

    tag: Tag
    word: str
    scope: dict[str, Node | None]
    variable: str = ""
    has_else: bool = False


def in_part(part: Part, root: Node | None) -> Iterator[Finding]:
    """Everything that is wrong with the tags of a part.

    ``root``: the fields of the pack; None where they are not known, and names are not looked at.
    """
    for paragraph in part.paragraphs:
        yield from unfinished(paragraph)
        for tag in tags_of(paragraph):
            yield from of_tag(tag, part)
    yield from _Walk(root).findings(part)


class _Walk:
    """All tags of a part in order: what is open, and which names there are."""

    def __init__(self, root: Node | None) -> None:
        self._known = root is not None
        self._root = root or Node(GROUP, "")
        self._open: list[_Open] = []

    def findings(self, part: Part) -> Iterator[Finding]:
        for paragraph in part.paragraphs:
            yield from self._left_behind(paragraph)
            tags = tags_of(paragraph)
            for tag in tags:
                yield from self._tag(tag)
            yield from self._left_in(tags)
        for left in self._open:
            yield self._not_closed(left)

    def _left_in(self, tags: list[Tag]) -> Iterator[Finding]:
        """What was opened within a paragraph must be closed there."""
        for left in [o for o in self._open if o.tag in tags and not o.tag.take]:
            self._open.remove(left)
            yield self._not_closed(left)

    def _left_behind(self, paragraph: Paragraph) -> Iterator[Finding]:
        """What was opened in a table must be closed there."""
        for left in list(self._open):
            if left.tag.paragraph.table >= 0 and paragraph.table < 0:
                self._open.remove(left)
                yield self._not_closed(left)

    def _not_closed(self, left: _Open) -> Finding:
        end = left.tag.text[: 2 + len(left.tag.take)] + f" end{left.word} %}}"
        where = {"p": "在同一处另起一段", "tr": "在同一张表里另起一行"}.get(
            left.tag.take, "在同一段里"
        )
        return Finding(
            "没有结束",
            left.tag.place,
            f"{quoted(left.tag.text, 40)}没有结束",
            f"请{where}写 {end}。",
        )

    def _tag(self, tag: Tag) -> Iterator[Finding]:
        match tag.word:
            case "for" | "if":
                yield from self._opening(tag)
            case "elif" | "else":
                yield from self._middle(tag)
            case "endfor" | "endif":
                yield from self._closing(tag)
            case "":
                yield from self._expression(tag, "{{ %s }}", tag.rest, TEXT)
            case word if word not in (*_MERGES, "#"):
                yield _not_allowed(tag)

    @property
    def _scope(self) -> dict[str, Node | None]:
        return self._open[-1].scope if self._open else {}

    def _opening(self, tag: Tag) -> Iterator[Finding]:
        scope = dict(self._scope)
        variable = ""
        if tag.word == "if":
            yield from self._expression(tag, "{%% if %s %%}{%% endif %%}", tag.rest, "")
        elif found := _FOR.fullmatch(tag.rest):
            variable, rows = found[1], found[2]
            yield from self._begun_again(variable)
            scope = dict(self._scope)
            form = f"{{%% for {variable} in %s %%}}{{%% endfor %%}}"
            yield from self._expression(tag, form, rows, ROWS)
            node = self._node(rows)
            scope[variable] = node.item if node is not None else None
        else:
            yield _not_allowed(tag)
        self._open.append(_Open(tag, tag.word, scope, variable))

    def _begun_again(self, variable: str) -> Iterator[Finding]:
        """A loop in a loop of the same name: the end of the outer one has been forgotten."""
        if self._open and self._open[-1].variable == variable:
            yield self._not_closed(self._open.pop())

    def _middle(self, tag: Tag) -> Iterator[Finding]:
        own = self._open[-1] if self._open else None
        if own is None or own.word != "if" or own.has_else:
            yield Finding(
                "循环交叉",
                tag.place,
                f"{quoted(tag.text, 40)}前面没有它的 if",
                "请把它移到 {% if %} 和 {% endif %} 之间，或删去。",
            )
            return
        own.has_else = tag.word == "else"
        yield from _apart(own.tag, tag)
        if tag.word == "elif":
            yield from self._expression(tag, "{%% if %s %%}{%% endif %%}", tag.rest, "")

    def _closing(self, tag: Tag) -> Iterator[Finding]:
        word = tag.word.removeprefix("end")
        if self._open and self._open[-1].word == word:
            yield from _apart(self._open.pop().tag, tag)
            return
        deeper = next((o for o in reversed(self._open) if o.word == word), None)
        if deeper is None:
            yield Finding(
                "循环交叉",
                tag.place,
                f"{quoted(tag.text, 40)}前面没有它的 {word}",
                f"请补上 {word} 的一行，或把它删去。",
            )
            return
        last = self._open[-1]
        self._open.remove(deeper)
        yield Finding(
            "循环交叉",
            tag.place,
            f"{quoted(tag.text, 40)}和{last.tag.place}的{quoted(last.tag.text, 40)}交叉了",
            "里面的要先结束；请调换结束标记的次序。",
        )

    # --- expressions

    def _expression(self, tag: Tag, form: str, written: str, kind: str) -> Iterator[Finding]:
        """``form``: a source of which only the expression can be wrong."""
        source = form % written
        if self._in_loop:
            source = f"{{% for 项 in 项 %}}{source}{{% endfor %}}"
        if not _passes(source):
            yield self._not_allowed(tag, written)
            return
        for name in _NAME.findall(written):
            if name[0] not in "'\"" and name not in _WORDS:
                yield from self._name(tag, name, kind)

    def _not_allowed(self, tag: Tag, written: str) -> Finding:
        """With what was meant, where only a blank is too much."""
        meant = "".join(written.split())
        if meant != written.strip() and self._node(meant) is not None:
            return Finding(
                "不允许的写法",
                tag.place,
                f"{quoted(tag.text, 60)}里多了空格",
                f"是不是“{meant}”？",
            )
        return _not_allowed(tag)

    @property
    def _in_loop(self) -> bool:
        return any(o.word == "for" for o in self._open)

    def _name(self, tag: Tag, name: str, kind: str) -> Iterator[Finding]:
        if not self._known:
            return
        if name.partition(".")[0] == "loop" and self._in_loop:
            return  # the gate knows its fields
        if name.partition(".")[0] in self._scope and self._first(name) is None:
            return  # of a loop over what does not exist, which has been told
        node = self._node(name)
        if node is None:
            yield Finding("未知的占位符", tag.place, f"没有“{name}”这个占位符", self._guess(name))
        elif kind == ROWS and node.kind != ROWS:
            yield Finding(
                "用错了地方",
                tag.place,
                f"“{name}”是{node.kind}，不能用 for",
                "for 只用于成行的内容；请看 template fields 列出的写法。",
            )
        elif kind == TEXT and node.kind != TEXT:
            yield Finding(
                "用错了地方",
                tag.place,
                f"“{name}”是{node.kind}，不能直接印出来",
                "请看 template fields 列出的写法。",
            )
        elif kind == "" and node.kind == GROUP:
            yield Finding(
                "用错了地方",
                tag.place,
                f"“{name}”是一组，不能用 if",
                "请写到其中的一项，如 封面.显示。",
            )

    def _first(self, name: str) -> Node | None:
        return self._scope.get(name.partition(".")[0])

    def _node(self, name: str) -> Node | None:
        first, *rest = name.split(".")
        node = self._scope[first] if first in self._scope else self._root.children.get(first)
        for step in rest:
            node = node.children.get(step) if node is not None else None
        return node

    def _guess(self, name: str) -> str:
        first = name.partition(".")[0]
        loop = _loop_of(self._root, "", first)
        if first not in self._scope and first not in self._root.children and loop:
            return f"“{first}”只在循环里面能用，如 {loop}；请移到循环里面。"
        known = [
            *(path for top, node in self._scope.items() if node for path in _reach(node, top)),
            *(path for top, node in self._root.children.items() for path in _reach(node, top)),
        ]
        return nearest(name, known) or "请用 template fields 查出它的写法。"


def _reach(node: Node, name: str) -> Iterator[str]:
    """The names that lead from a name to what it holds, loops not entered."""
    yield name
    for child, below in node.children.items():
        yield from _reach(below, f"{name}.{child}")


def _loop_of(node: Node, prefix: str, variable: str) -> str:
    """The loop that gives a variable its name by custom, as it is written; ``""`` for none."""
    for name, child in node.children.items():
        written = f"{prefix}{name}"
        if child.item is not None:
            if child.variable == variable:
                return f"{{%{child.tag} for {variable} in {written} %}}"
            found = _loop_of(child.item, f"{child.variable}.", variable)
        else:
            found = _loop_of(child, f"{written}.", variable)
        if found:
            return found
    return ""


def _apart(start: Tag, end: Tag) -> Iterator[Finding]:
    """Both ends of a loop must stand in the same place, or half a table would come again."""
    if start.take != end.take:
        yield Finding(
            "循环交叉",
            end.place,
            f"{quoted(start.text, 40)}和{quoted(end.text, 40)}的写法不同",
            f"请都写成 {{%{start.take} … %}}。",
        )
    elif start.take == "tr" and start.paragraph.table != end.paragraph.table:
        yield Finding(
            "循环交叉",
            end.place,
            f"{quoted(end.text, 40)}和{start.place}的{quoted(start.text, 40)}不在同一张表里",
            "请让它们在同一张表里成对。",
        )
    elif start.take == "p" and start.paragraph.container != end.paragraph.container:
        yield Finding(
            "循环交叉",
            end.place,
            f"{quoted(end.text, 40)}和{start.place}的{quoted(start.text, 40)}不在同一处",
            "请都放在正文里，或都放在同一个单元格里。",
        )


@lru_cache(maxsize=1000)
def _passes(source: str) -> bool:
    """Whether the gate of the templates lets a tag pass."""
    try:
        compile_part(source, "标记")
    except UserError:
        return False
    return True


def _not_allowed(tag: Tag) -> Finding:
    return Finding(
        "不允许的写法",
        tag.place,
        f"不能写{quoted(tag.text, 60)}",
        "只能用 {{ 名称.字段 }}、{% for … in … %}、{% if … %} 和 ==、!=、in、not、and、or。",
    )
