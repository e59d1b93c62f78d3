"""COD: classification codes, their names, and the funds that they belong to.

A list's verified entries, and those that the user gives, may judge; an unverified entry may only
suggest; a code that is in no list is unknown and is noted once for the whole list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final

from generator.balance import rows_above
from generator.checks.rule import E, Finding, I, Need, Rule, told_elsewhere
from generator.checks.subject import Subject
from generator.disclosure.rows import FUND_MEASURES, SubjectRow
from generator.money import ZERO, fixed, short
from generator.pack.model import Subject as Entry
from generator.problem import INPUT_RULES, Path
from generator.written import WrittenTable

FUNCTIONAL, ECONOMIC = "功能分类", "经济分类"

# Names are the same whatever blanks, brackets, quotes and stops they are typed with.
_FOLDED: Final = str.maketrans("", "", " \t“”\"‘’'、，,。.·-—－")
_BRACKETS: Final = str.maketrans("〔〕【】[]", "()()()")


def fold(name: str) -> str:
    """A name without what may differ from typist to typist."""
    return unicodedata.normalize("NFKC", name).translate(_BRACKETS).translate(_FOLDED)


@dataclass(frozen=True)
class _List:
    """A code list as it applies: the pack's entries, and the user's in their place or beside."""

    name: str
    entries: Mapping[str, Entry]
    own: Mapping[str, str]

    def named(self, code: str) -> tuple[str, bool] | None:
        """The name of a code and whether it may judge; None: the code is in no list."""
        if name := self.own.get(code):
            return name, True
        entry = self.entries.get(code)
        return None if entry is None else (entry.name, entry.status == "verified")

    def codes_called(self, name: str, length: int) -> list[str]:
        """Codes of a level whose name this is: at most one tells which code was meant."""
        return self._by_name.get((fold(name), length), [])

    @cached_property
    def _by_name(self) -> dict[tuple[str, int], list[str]]:
        listed = {code: entry.name for code, entry in self.entries.items()} | dict(self.own)
        found: dict[tuple[str, int], list[str]] = {}
        for code, name in listed.items():
            found.setdefault((fold(name), len(code)), []).append(code)
        return found


@dataclass(frozen=True, slots=True)
class _Named:
    """A code with the name that the input gives it, and the path of its row."""

    code: str
    name: str
    path: Path


def _lists(subject: Subject) -> Iterator[tuple[_List, dict[str, _Named]]]:
    """Both lists with the codes of the input: each code where it first has a name."""
    disclosure, own = subject.disclosure, subject.code_lists
    functional: list[tuple[str, Iterable[SubjectRow]]] = [
        ("收入", disclosure.income),
        ("支出", disclosure.expenditure),
    ]
    for name, entries, sheets in (
        (FUNCTIONAL, subject.pack.functional, functional),
        (ECONOMIC, subject.pack.economic, [("基本支出", disclosure.basic)]),
    ):
        codes: dict[str, _Named] = {}
        for sheet, rows in sheets:
            for i, row in enumerate(rows):
                known = codes.get(row.code)
                if row.code and (known is None or (row.name and not known.name)):
                    codes[row.code] = _Named(row.code, row.name, (sheet, i))
        yield _List(name, entries, own.get(name, {})), codes


def _wrong_names(subject: Subject, name: str) -> Iterator[Finding]:
    for listing, codes in _lists(subject):
        for item in codes.values() if listing.name == name else ():
            listed = listing.named(item.code)
            if not item.name or listed is None or not listed[1]:
                continue
            if fold(item.name) != fold(listed[0]):
                yield Finding(
                    f"科目 {item.code} 填的名称是“{item.name}”，"
                    f"{listing.name}科目表里是“{listed[0]}”",
                    (*item.path, "科目名称"),
                    hint="请核对编码和名称哪一个填错了；两处都不填名称时，程序按科目表填写。",
                    quote=item.name,
                )


def functional_names(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD102: a functional code is called as in the list."""
    yield from _wrong_names(subject, FUNCTIONAL)


def economic_names(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD108: an economic code is called as in the list."""
    yield from _wrong_names(subject, ECONOMIC)


def uncertain(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD110: codes that are in no list, and names that an unverified entry spells otherwise."""
    for listing, codes in _lists(subject):
        unknown: list[_Named] = []
        others: list[_Named] = []
        for item in codes.values():
            listed = listing.named(item.code)
            if listed is None:
                unknown.append(item)
            elif item.name and not listed[1] and fold(listed[0]) != fold(item.name):
                others.append(item)
        # A code without any name is an error of its own (COD102).
        if unknown := [item for item in unknown if item.name]:
            shown = "、".join(_with_suggestion(item, listing) for item in unknown)
            yield Finding(
                f"下列编码不在程序的{listing.name}科目表里，无法核对：{shown}",
                (*unknown[0].path, "科目编码"),
                hint="请对照当年的政府收支分类科目；可以在核对设置里换上财政部门的完整科目表。",
            )
        if others:
            shown = "、".join(
                f"{item.code} 填“{item.name}”，表里是“{listing.entries[item.code].name}”"
                for item in others
            )
            yield Finding(
                f"下列科目的名称与未经核实的{listing.name}科目表不同：{shown}",
                (*others[0].path, "科目名称"),
                hint="程序的科目表这几条未经核实，请对照当年的政府收支分类科目。",
            )


def _with_suggestion(item: _Named, listing: _List) -> str:
    """A retired or mistyped code: the only code that has its name is most likely meant."""
    same = listing.codes_called(item.name, len(item.code))
    meant = f"（这个名称在表里的编码是 {same[0]}）" if len(same) == 1 else ""
    return f"{item.code} {item.name}{meant}"


# --- rows above rows ----------------------------------------------------------------------------

_TABLES: Final[dict[str, str]] = {
    **{"T2": "收入总表", "T3": "支出总表", "T5": "一般公共预算财政拨款支出表"},
    **{"T6": "基本支出表", "T7": "政府基金预算支出表", "T8": "国有资本经营预算支出表"},
}


def parents(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD103: a pasted table that prints higher rows prints all of them, in ascending order.

    Our own tables always do; a table of leaves only is no published one and says nothing.
    """
    printed: dict[str, set[str]] = {table: set() for table in _TABLES}
    filled: dict[str, dict[str, int]] = {table: {} for table in _TABLES}
    for i, cell in enumerate(subject.disclosure.pasted):
        if cell.table in _TABLES and cell.row:
            printed[cell.table].add(cell.row)
            if cell.amount:
                filled[cell.table].setdefault(cell.row, i)
    for table, name in _TABLES.items():
        family, leaf = ("economic", 5) if table == "T6" else ("general", 7)
        if any(len(code) < leaf for code in printed[table]):
            yield from _without_parent(name, family, printed[table], filled[table])
            yield from _out_of_order(name, filled[table])


def _without_parent(
    table: str, family: str, printed: Set[str], filled: Mapping[str, int]
) -> Iterator[Finding]:
    missing: dict[str, str] = {}  # the row that is not there → the first that needs it
    for code in filled:
        for above in rows_above(family, code):
            if above and above not in printed:
                missing.setdefault(above, code)
    for above, code in missing.items():
        level = "类" if len(above) == 3 else "款"
        yield Finding(
            f"粘贴的{table}里有科目 {code}，却没有它上面的“{level}”{above}",
            ("申报数", filled[code]),
            hint=f"请检查 {code} 的编码，或补上 {above} 一行。",
        )


def _out_of_order(table: str, filled: Mapping[str, int]) -> Iterator[Finding]:
    for before, code in pairwise(filled):
        if code < before:
            yield Finding(
                f"粘贴的{table}里科目 {code} 排在 {before} 后面，没有按编码从小到大",
                ("申报数", filled[code]),
                hint="请检查这两行的编码；次序不对的，公开的表会按编码重新排列。",
            )
            return


# --- funds --------------------------------------------------------------------------------------


def funds(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD111: 国有资本经营 money is spent under 223, 政府性基金 money under its own subjects."""
    entries = subject.pack.functional
    for i, row in enumerate(subject.disclosure.expenditure):
        if not row.is_leaf or row.fund not in FUND_MEASURES or row.fund == "其他资金":
            continue
        spent = (row.basic or ZERO) + (row.project or ZERO)
        marks = (
            (code, entries[code].fund)
            for code in (row.code, row.code[:5], row.code[:3])
            if code in entries and entries[code].fund
        )
        marked, allowed = next(marks, ("", ""))
        if spent and allowed and row.fund not in allowed.split():
            yield Finding(
                f"科目 {row.code} 的资金性质填的是{row.fund}，"
                f"{marked} 只用于{allowed.replace(' ', '、')}",
                ("支出", i, "资金性质"),
                hint="请核对这一行的科目编码和资金性质。",
                involved=(("支出", i, "科目编码"),),
            )


# --- 其他…支出 ----------------------------------------------------------------------------------

_OTHERS: Final = "99"
_SMALLEST: Final = Decimal(100)
"""万元: below it a share says nothing."""


def others(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD112: much of a 款 is booked as 其他…支出 although the 款 has 项 with a purpose."""
    figures, entries = subject.figures, subject.pack.functional
    limit = rule.limit or ZERO
    for i, row in enumerate(subject.disclosure.expenditure):
        above = row.code[:5]
        # A 款 that is itself 其他…支出 has no other 项 to choose from.
        if not row.is_leaf or not row.code.endswith(_OTHERS) or above.endswith(_OTHERS):
            continue
        if row.fund is None or (measure := FUND_MEASURES[row.fund]) == "other":
            continue
        siblings = [c for c in entries if len(c) == 7 and c[:5] == above and c != row.code]
        part = figures.get(f"{measure}.project", row.code)
        whole = figures.get(f"{measure}.project", above)
        if not siblings or part < _SMALLEST or part * 100 <= whole * limit:
            continue
        share = (part * 100 / whole).quantize(Decimal("0.1"))
        yield Finding(
            f"“其他”科目 {row.code} 的项目支出 {fixed(part)} 万元，"
            f"占本款 {above} 项目支出 {fixed(whole)} 万元的 {share}%，超过 {short(limit)}%",
            ("支出", i, "项目支出"),
            hint="请看这些项目能不能归入本款里用途明确的科目。",
            involved=(("支出", i, "科目编码"),),
        )


# --- the department's code ----------------------------------------------------------------------


def printed_codes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """COD109: in the written file every table stands under the same code and name."""
    assert subject.document is not None
    own = [one.disclosure.basics for one in (subject, *subject.units)]
    allowed = {fold(f"{basics.code}{basics.name}") for basics in own}
    for item in subject.document.items:
        if not isinstance(item, WrittenTable) or not item.rows or not _has_heading(item.rows[0]):
            continue
        printed = item.rows[0][0]
        if fold(printed) not in allowed:
            yield Finding(
                f"表头印的是“{printed}”，应为“{own[0].code}{own[0].name}”",
                ("基本信息", "编码"),
                hint="这是生成的文件与数据不一致，请不要公开，并告诉程序的维护人。",
                quote=printed,
            )


def _has_heading(row: Sequence[str]) -> bool:
    """The first row of a table of figures: code and name, then 预算年度, 单位 or 截止时间."""
    return any(cell.startswith(("预算年度", "单位：", "截止时间")) for cell in row[1:])


RULES: tuple[Rule, ...] = (
    *told_elsewhere("COD101"),
    Rule("COD102", "功能分类科目的名称与科目表一致", E, functional_names),
    Rule("COD103", "粘贴的表里每个科目都有上级科目", E, parents, "", (Need.DECLARED,)),
    *told_elsewhere("COD104", "COD105", "COD106", "COD107"),
    Rule("COD108", "经济分类科目的名称与科目表一致", E, economic_names),
    Rule("COD109", "各表的部门编码和名称相同", E, printed_codes, "", (Need.WRITTEN,)),
    Rule("COD110", INPUT_RULES["COD110"][0], I, uncertain),
    Rule("COD111", "科目与资金性质相符", E, funds),
    Rule("COD112", "“其他”科目占比过大", I, others, "cfg", (), Decimal(30)),
)
