"""The report on a console: findings one below the other, then what came of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from generator.checks.rule import Rule
from generator.document import Document, Failure, Outcome, Result
from generator.money import fixed
from generator.problem import Problem, Side, UserError
from generator.report import facts

WIDTH = 80
MAX_ADDENDS = 8
_SHORTEST_LABEL = 30  # columns that the labels of figures have at least


def built(result: Result) -> str:
    """The whole report of a build, findings first, then what came of it."""
    lines = [*_told(result.document, result.file.name, facts.not_checked_in_short(result.document))]
    if lines:
        lines.append("")
    return "\n".join([*lines, *_built(result)])


def checked(outcomes: Sequence[Outcome], *, strict: bool = False) -> str:
    """The report of a check of one file or of several."""
    lines: list[str] = []
    for outcome in outcomes:
        if len(outcomes) > 1:
            lines.append(f"━━ {outcome.file} ━━")
        if isinstance(outcome, Failure):
            lines += [failure(outcome.error), ""]
            continue
        document = outcome.document
        lines += _told(document, outcome.file.name, facts.not_checked(document))
        lines += [*([""] if lines else []), *_checked(outcome, strict)]
        lines += [""] if len(outcomes) > 1 else []
    if len(outcomes) > 1:
        lines += _summed(outcomes)
    return "\n".join(lines)


def short(outcomes: Sequence[Outcome]) -> str:
    """What came of a check whose report is in a file."""
    if len(outcomes) > 1:
        return "\n".join(_summed(outcomes))
    (outcome,) = outcomes
    if isinstance(outcome, Failure):
        return failure(outcome.error)
    return f"核对完毕：{facts.count(outcome).words()}。"


def failure(error: UserError) -> str:
    """One sentence, and the next step."""
    return f"读不了：{error}"


def _summed(outcomes: Sequence[Outcome]) -> list[str]:
    """What came of several files: how many, and which are to be looked at."""
    told = (facts.totals(outcomes), *facts.named(outcomes))
    return [line for sentence in told for line in wrapped(sentence, "", "  ")]


def _told(document: Document, file: str, not_checked: list[str]) -> list[str]:
    lines = [findings(document.problems, file, document.rules)] if document.problems else []
    for title, items in (
        ("没有核对的：", not_checked),
        ("改过的设置：", [change.words() for change in facts.changed(document)]),
    ):
        if items:
            lines.append(title)
            lines += [line for item in items for line in wrapped(item, "  ", "    ")]
    return lines


# --- findings -----------------------------------------------------------------------------------


def findings(problems: Iterable[Problem], file: str, rules: Mapping[str, Rule]) -> str:
    """Problems one below the other; a place in another file than ``file`` says so."""
    lines = [
        line for problem in problems for line in _finding(problem, file, rules.get(problem.rule))
    ]
    return "\n".join(lines)


def _finding(problem: Problem, file: str, rule: Rule | None) -> Iterator[str]:
    place = facts.place(problem, file)
    yield "  ".join(filter(None, (f"{facts.label(problem)} {problem.rule}", place, problem.name)))
    if len(problem.sides) > 1:
        yield from _arithmetic(problem, file, place, rule)
    else:
        yield from wrapped(problem.message, "    ", "    ")
        yield from _figures(problem.sides, file, place)
    if problem.addends:
        yield "    其中："
        yield from _figures(problem.addends[:MAX_ADDENDS], file, place, "      ")
        if (more := len(problem.addends) - MAX_ADDENDS) > 0:
            yield f"      …… 另有 {more} 项，--format html 全部列出"
    for evidence in problem.evidence:
        yield from wrapped(evidence, "    旁证：", "          ")
    if problem.affects:
        yield from wrapped("、".join(problem.affects), "    另外影响：", "              ")
    if problem.waived is not None:
        yield from wrapped(facts.reason(problem.waived), "    照样公开：", "              ")
    elif problem.hint:
        yield from wrapped(problem.hint, "    下一步：", "            ")


def _arithmetic(problem: Problem, file: str, place: str, rule: Rule | None) -> Iterator[str]:
    """The figures that disagree, one below the other, and by how much."""
    if problem.quote and not any(problem.quote in side.label for side in problem.sides):
        yield from wrapped(f"“{problem.quote}”", "    原文：", "          ")
    yield from _figures(problem.sides, file, place)
    if problem.difference is not None:
        why = facts.tolerance(problem, rule).partition("；")[0]
        note = f"（容差 {why}）" if why else ""
        yield f"    相差 {fixed(abs(problem.difference))} {problem.unit}{note}"


def _figures(sides: Sequence[Side], file: str, here: str, indent: str = "    ") -> Iterator[str]:
    """Labels, amounts and places in columns; a label that is too long has a line of its own.

    ``here``: where the finding stands, which is not said again.
    """
    amounts = ["空白" if side.amount is None else fixed(side.amount) for side in sides]
    places = ["" if (at := facts.at(side.place, file)) == here else at for side in sides]
    amount_width = max(map(width, amounts), default=0)
    beside = len(indent) + 2 + amount_width + max((width(at) + 2 for at in places if at), default=0)
    most = max(_SHORTEST_LABEL, WIDTH - beside)
    label_width = max((w for s in sides if (w := width(s.label)) <= most), default=most)
    for side, amount, place in zip(sides, amounts, places, strict=True):
        label = side.label
        if width(label) > label_width:
            yield from wrapped(label, indent, f"{indent}  ")
            label = ""
        figure = " " * (amount_width - width(amount)) + amount
        yield f"{indent}{padded(label, label_width)}  {figure}  {place}".rstrip()


# --- what came of it ----------------------------------------------------------------------------


def _built(result: Result) -> list[str]:
    document = result.document
    counts = facts.count(result)
    lines = _form(document)
    if result.output is not None:
        return [*lines, f"已生成：{result.output}", f"{_contents(document)}，{counts.words()}。"]
    if any(problem.rule.startswith("REN") for problem in document.problems):
        lines.append("生成的文档与数据不符，没有写出。这是程序的错误，请把输入文件交给开发者。")
    elif counts.error:
        lines.append(
            f"有 {counts.error} 处错误、{counts.warning} 处警告，没有生成文档。请改正后再运行。"
        )
        if document.contents:
            lines.append("需要先看样子时，加 --draft 可生成带“草稿”水印的文档。")
    else:
        lines.append(f"有 {counts.warning} 处警告，按 --strict 的要求没有生成文档。")
    return lines


def _contents(document: Document) -> str:
    main = document.contents[0]
    units = len(document.contents) - 1
    parts = [
        f"{len(main.tables) + len(main.disclosure.projects)} 张表",
        f"{len(main.disclosure.projects)} 个项目",
        *([f"{units} 个所属单位"] if units else []),
    ]
    return "，".join(parts)


def _checked(result: Result, strict: bool) -> list[str]:
    document, counts = result.document, facts.count(result)
    lines = [*_form(document), f"核对完毕：{counts.words()}。"]
    if counts.error:
        lines.append("有错误，不能公开。请改正后再核对。")
    elif counts.warning and strict:
        lines.append("有警告，按 --strict 的要求不算通过。")
    elif document.settings.only is not None:
        lines.append("只核对了选定的规则，没有核对的不等于通过。生成文档时全部核对。")
    elif counts.warning:
        lines.append("可以生成文档。警告请逐条看过：该改的改，照样公开的记在“核对例外”里。")
    elif document.disclosure is not None:
        lines.append("可以生成文档。")
    return lines


def _form(document: Document) -> list[str]:
    if document.pack is None:
        return []
    return [f"格式：{document.pack.id}（{document.pack.name}）"]


# --- widths -------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Columns on a console: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1
        for c in text
    )


def padded(text: str, columns: int) -> str:
    """The text with blanks behind it, as wide as ``columns``."""
    return text + " " * (columns - width(text))


_NO_BREAK: Final = "\u00a0"
_NOT_AT_THE_START = frozenset("，。、；：！？）》”’,.;:!?)]%✓✗" + _NO_BREAK)


def wrapped(text: str, first: str, rest: str) -> Iterator[str]:
    """Lines of at most :data:`WIDTH` columns; numbers and ids are not torn apart."""
    for mark in "✓✗":  # it stays on the line of what it judges
        text = text.replace(f" {mark}", _NO_BREAK + mark)
    line, used = first, width(first)
    for word in _words(text):
        if used + width(word) > WIDTH and line.strip() and line not in (first, rest):
            yield line.replace(_NO_BREAK, " ").rstrip()
            line, used, word = rest, width(rest), word.lstrip()
        line += word
        used += width(word)
    yield line.replace(_NO_BREAK, " ").rstrip()


def _words(text: str) -> Iterator[str]:
    """What must stay on one line: a run of ASCII, or a character with the mark behind it."""
    word = ""
    for character in text:
        sticks = character in _NOT_AT_THE_START or (
            character.isascii() and not character.isspace() and word[-1:].isascii()
        )
        if word and not sticks:
            yield word
            word = ""
        word += character
    yield word
