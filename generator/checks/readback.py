"""The document just written, compared with what it must say.

Every difference belongs to one rule; the rules of the written file pick theirs. A difference is
a failure of the program or of the template, never of the input: nothing is published then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final
from weakref import WeakKeyDictionary

from generator.checks.expected import EMPTY_NOTE_RULES, TABLE_KEY, Expected, Grid, Line, document
from generator.checks.rule import Finding
from generator.checks.subject import Subject
from generator.checks.surroundings import TAG, Surroundings
from generator.pack import TABLE_IDS
from generator.written import Written, WrittenParagraph, WrittenTable

_DRAFT = re.compile(r"草稿(?:：尚有 \d+ 处错误没有改正)?，不得公开")
_HINT: Final = "文档没有写出；请检查格式包里的模板 disclosure.docx，仍不行请报告程序的错误。"
_LONGEST: Final = 40  # characters of a text that a message quotes
_COVER: Final = 12  # paragraphs among which a draft's line stands

Difference = tuple[str, Finding]
"""(rule, finding)."""

_COMPARED: WeakKeyDictionary[Written, list[Difference]] = WeakKeyDictionary()


def differences(subject: Subject) -> list[Difference]:
    """Everything in which the document differs from the data; worked out once per document."""
    assert subject.document is not None
    found = _COMPARED.get(subject.document)
    if found is None:
        found = _COMPARED[subject.document] = list(_differences(subject, subject.document))
    return found


def fault(message: str, about: str = "") -> Finding:
    """A finding about the file itself: it has no place in the input."""
    return Finding(message, hint=_HINT, about=about)


def quoted(text: str) -> str:
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return f"“{shown}”"


def _differences(subject: Subject, file: Written) -> Iterator[Difference]:
    if file.fault:
        return  # REN003 tells
    paragraphs = [i for i in file.items[:_COVER] if isinstance(i, WrittenParagraph)]
    note = next((p.text for p in paragraphs if _DRAFT.fullmatch(p.text)), "")
    contents = [subject.content, *(unit.content for unit in subject.units)]
    wanted = document(contents, note)
    words = Surroundings(subject.pack, contents)
    items = list(words.bare(file.items, wanted))
    kinds = _Kinds(subject)
    keys, found = [item.key for item in wanted], [_key(item) for item in items]
    if keys == found:
        for line, item in zip(wanted, items, strict=True):
            yield from _compare(line, item, kinds, words, "")
        return
    last = ""  # the table that the walk has come past
    matcher = SequenceMatcher(None, keys, found, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        for n in range(max(i_end - i, j_end - j)):
            one = wanted[i + n] if i + n < i_end else None
            got = items[j + n] if j + n < j_end else None
            if isinstance(one, Grid):
                last = one.table
            yield from _compare(one, got, kinds, words, last)


def _key(item: WrittenParagraph | WrittenTable) -> str:
    if isinstance(item, WrittenTable):
        return TABLE_KEY
    if item.link:
        return f"\0line {item.text.partition(chr(9))[0]}"
    return item.text


class _Kinds:
    """Whose text a paragraph is that stands where it should not: text → rule and table."""

    def __init__(self, subject: Subject) -> None:
        content = subject.content
        self.rules = {content.tables[id_].title: "STR001" for id_ in TABLE_IDS}
        self.rules |= dict.fromkeys(content.explanation.chapter_titles.values(), "STR003")
        self.notes = {
            table.empty_note: id_
            for id_, table in content.form.pack.tables.items()
            if table.empty_note
        }

    def rule_of(self, text: str, last: str) -> str:
        if TAG.search(text):
            return "REN002"
        if (own := self.notes.get(text)) is not None:
            return "EMP106" if last and own != last else EMPTY_NOTE_RULES.get(own, "REN001")
        return self.rules.get(text, "REN001")


def _compare(
    wanted: Expected | None,
    got: WrittenParagraph | WrittenTable | None,
    kinds: _Kinds,
    words: Surroundings,
    last: str,
) -> Iterator[Difference]:
    match wanted, got:
        case Line(), WrittenParagraph():
            yield from _compare_line(wanted, got, kinds, last)
        case Grid(), WrittenTable():
            yield from _compare_grid(wanted, got, words)
        case Line(), _:
            yield wanted.rule, fault(f"文档里缺少{wanted.name}{quoted(wanted.text)}", wanted.name)
            yield from _compare(None, got, kinds, words, last)
        case Grid(), _:
            rule = "STR001" if wanted.table in TABLE_IDS else "REN001"
            yield rule, fault(f"文档里缺少{_named(wanted)}", wanted.name)
            yield from _compare(None, got, kinds, words, last)
        case None, WrittenTable():
            yield "STR001", fault("文档里多出一张表")
        case None, WrittenParagraph(text=""):
            yield "REN002", fault("文档里多出一个空段落")
        case None, WrittenParagraph(text=text):
            yield kinds.rule_of(text, last), fault(f"文档里多出一段{quoted(text)}")


def _compare_line(
    wanted: Line, got: WrittenParagraph, kinds: _Kinds, last: str
) -> Iterator[Difference]:
    words, _, number = got.text.partition("\t") if wanted.page else (got.text, "", "")
    if words != wanted.text or (wanted.page and not got.link):
        other = kinds.rule_of(words, last)
        rule = other if other in ("REN002", "EMP106") else wanted.rule
        yield (
            rule,
            fault(f"{wanted.name}应为{quoted(wanted.text)}，文档里是{quoted(words)}", wanted.name),
        )
    elif wanted.page and not re.fullmatch(re.escape(wanted.page).replace(r"\{\}", r"\d+"), number):
        yield "STR005", fault(f"目录{quoted(words)}的页码印成了{quoted(number)}")


def _named(grid: Grid) -> str:
    what = "绩效目标表" if grid.table == "绩效" else "表"
    return f"“{grid.name}”{what}"


def _compare_grid(
    wanted: Grid, got: WrittenTable, surroundings: Surroundings
) -> Iterator[Difference]:
    rows = got.rows
    if wanted.above is not None:
        words = tuple(cell for cell in rows[0] if cell) if rows else ()
        if words != wanted.above and not surroundings.above_fits(wanted, words):
            yield (
                "STR002" if wanted.table in TABLE_IDS else "REN001",
                fault(
                    f"{_named(wanted)}第一行应为{quoted('　'.join(wanted.above))}，"
                    f"文档里是{quoted('　'.join(words))}",
                    wanted.name,
                ),
            )
        rows = rows[1:]
    if rows == wanted.rows:
        return
    cells: dict[str, list[str]] = {}
    for rule, message in _cells(wanted, rows, surroundings):
        cells.setdefault(rule, []).append(message)
    for rule, messages in cells.items():
        more = f"（这张表共有 {len(messages)} 处不同）" if len(messages) > 1 else ""
        yield rule, fault(f"{_named(wanted)}{messages[0]}{more}", wanted.name)


def _cells(
    wanted: Grid, rows: Sequence[tuple[str, ...]], surroundings: Surroundings
) -> Iterator[tuple[str, str]]:
    """(rule, what differs) of every cell."""
    if len(rows) != len(wanted.rows):
        yield "REN001", f"应有 {len(wanted.rows)} 行，文档里有 {len(rows)} 行"
    for number, (one, other) in enumerate(zip(wanted.rows, rows, strict=False)):
        if one == other:
            continue
        where = f"第 {number + 1 - wanted.head} 行" if number >= wanted.head else "表头"
        if len(one) != len(other):
            yield "REN001", f"{where}应有 {len(one)} 格，文档里有 {len(other)} 格"
            continue
        for column, (cell, read) in enumerate(zip(one, other, strict=True)):
            if cell != read and not surroundings.cell_fits(wanted, number, column, read):
                rule = "STR004" if column in wanted.labels else "REN001"
                yield (
                    rule,
                    f"{where}第 {column + 1} 格应为{quoted(cell)}，文档里是{quoted(read)}",
                )
