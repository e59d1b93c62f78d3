"""A corrected copy of an input: what a machine may put right, and no amount ever.

Digits and punctuation of the wrong width, decimals that are missing behind an amount typed as
text, percentages in words, the stop at the end of a paragraph, names of codes, and the level in
the form's own sentences. Every change is told; the figures are compared before and after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path as File
from typing import Any, Final, get_args

from generator import inplace, money, pipeline, sources
from generator.checks.codes import ECONOMIC, FUNCTIONAL, fold
from generator.checks.prose.amounts import amounts
from generator.disclosure import Disclosure
from generator.disclosure.values import Amount, Quantity
from generator.document import Document, Options
from generator.folder import CORRECTED
from generator.intake import UNITS
from generator.problem import Path, Place, UserError
from generator.sources import workbook, yamlfile
from generator.sources.layout import CODE, INDICATORS, SHEETS
from generator.sources.raw import RawInput, Tree

NAME: Final = "科目名称"
VALUE: Final = "指标值"
TEXTS: Final = "文字"
TERMS: Final = "名词解释"

# Texts that are read as sentences. Names are left alone: other sheets refer to them.
_PROSE: Final = frozenset(
    {
        *((TEXTS, ""), ("上年数", "增减原因"), (TERMS, "解释"), ("项目", "绩效目标")),
        *((INDICATORS, "三级指标"), (INDICATORS, "绩效指标描述")),
        *((INDICATORS, VALUE), (INDICATORS, "指标值确定依据")),
    }
)

DIGITS, MARKS, BLANKS = "全角数字改半角", "半角标点改全角", "删去标点前的空格"
DECIMALS, PERCENT, STOP = "补齐两位小数", "百分比写成 %", "段末补句号"
NAMES, LEVELS = "科目名称按科目表", "级别改为本级"


@dataclass(frozen=True, slots=True)
class Fix:
    """One change; ``left``: why it was not made, for the user to make it."""

    place: Place
    path: Path
    before: str
    after: str
    what: str
    left: str = ""

    def words(self) -> str:
        """``文字!B17  段末补句号：“……完成” → “……完成。”``."""
        before, after = _around(self.before, self.after)
        told = f"{self.place}  {self.what}：“{before}” → “{after}”"
        return f"{told}（没有改：{self.left}，请自己改）" if self.left else told


def fix_file(file: File, options: Options | None = None) -> tuple[bytes, list[Fix]]:
    """The corrected content of an input, and what was changed (or left) in it.

    Raises :class:`UserError` when the input cannot be read.
    """
    raw = sources.read(file)
    document = pipeline.work_out(raw, file.parent, options or Options())
    return apply(file, raw, fixes(document, raw))


def apply(file: File, raw: RawInput, wanted: Iterable[Fix]) -> tuple[bytes, list[Fix]]:
    """Make the changes; what is no text (a number in a cell) needs none and is left out."""
    data = file.read_bytes()
    is_yaml = file.suffix.lower() in sources.YAML_SUFFIXES
    editor: inplace.Editor = (
        inplace.YamlFile(data) if is_yaml else inplace.Workbook(data, raw.locate)
    )
    told: list[Fix] = []
    for fix in wanted:
        left = editor.put(fix.path, fix.before, fix.after)
        if left != "":
            told.append(replace(fix, left=left or ""))
    if all(fix.left for fix in told):
        return data, told
    fixed = editor.save()
    read = yamlfile.read if is_yaml else workbook.read
    _prove(raw.tree, read(file.name, fixed).tree, told)
    return fixed, told


def name_of(file: File) -> str:
    """The name of the corrected copy."""
    return f"{file.stem}{CORRECTED}{file.suffix}"


# --- what there is to change --------------------------------------------------------------------


def fixes(document: Document, raw: RawInput) -> list[Fix]:
    """What a machine may put right in an input; units that are files of their own are not in it."""
    if document.disclosure is None or document.pack is None:
        raise UserError("这份输入缺少必需的内容，没有可以自动改正的。", "请先用 check 核对并补齐。")
    told: list[Fix] = []
    for prefix, disclosure, tree in _parts(document.disclosure, raw.tree):
        case = _Case(document, disclosure, prefix)
        for path, before in _leaves(tree):
            after, what = case.changed(path, before)
            if after != before:
                full = (*prefix, *path)
                told.append(Fix(raw.locate(full), full, before, after, "，".join(what)))
        for path, before, after in case.names(tree):
            full = (*prefix, *path)
            told.append(Fix(raw.locate(full), full, before, after, NAMES))
    return told


def _parts(disclosure: Disclosure, tree: Tree) -> Iterator[tuple[Path, Disclosure, Tree]]:
    """The department, and the units that are written out in its own file."""
    yield (), disclosure, {key: value for key, value in tree.items() if key != UNITS}
    units = tree.get(UNITS)
    if isinstance(units, list) and len(units) == len(disclosure.subordinates):
        for i, (unit, below) in enumerate(zip(disclosure.subordinates, units, strict=True)):
            if isinstance(below, dict) and "基本信息" in below:
                yield (UNITS, i), unit, below


def _leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a tree with its path."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, dict):
        for key, below in tree.items():
            yield from _leaves(below, (*path, key))
    elif isinstance(tree, list):
        for i, below in enumerate(tree):
            yield from _leaves(below, (*path, i))


@cache
def _numbers() -> Mapping[str, Mapping[str, bool]]:
    """The columns of each sheet that hold numbers; whether these are amounts, with decimals."""
    amount, quantity = get_args(Amount)[1], get_args(Quantity)[1]
    return {
        sheet.name: {
            info.alias or name: amount in info.metadata
            for name, info in (sheet.model.model_fields.items() if sheet.model else ())
            if amount in info.metadata or quantity in info.metadata
        }
        for sheet in SHEETS.values()
    }


@dataclass(slots=True)
class _Case:
    """One disclosure, and what the checks say of it that a change waits for."""

    document: Document
    disclosure: Disclosure
    prefix: Path
    stops: set[tuple[str, str]] = field(init=False)
    levels: set[Path] = field(init=False)
    protected: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.stops = set(self._without_stop())
        self.levels = {p.path for p in self.document.problems if p.rule == "TXT102"}
        # References, and names that are typed with wide digits where they are defined.
        names = {project.name for project in self.disclosure.projects if _WIDE.search(project.name)}
        self.protected = re.compile("|".join((r"\{[^{}]*\}", *map(re.escape, sorted(names)))))

    def _without_stop(self) -> Iterator[tuple[str, str]]:
        """Slot and words of the paragraphs that TXT109 reports."""
        length = len(self.prefix)
        for problem in self.document.problems:
            for path in problem.involved if problem.rule == "TXT109" else ():
                below = path[length:]
                if path[:length] == self.prefix and len(below) == 3 and below[0] == TEXTS:
                    slot, number = str(below[1]), int(below[2])
                    yield slot, self.disclosure.texts[slot][number]

    def changed(self, path: Path, text: str) -> tuple[str, list[str]]:
        """The text as it should be, and what was done to it."""
        section, column = _column(path)
        if (is_amount := _numbers().get(section, {}).get(column)) is not None:
            return _number(text, is_amount)
        if (section, column) not in _PROSE:
            return text, []
        what: list[str] = []

        def step(kind: str, change: Callable[[str], str], now: str) -> str:
            after = self._outside_names(change, now)
            if after == now or (kind != PERCENT and _figures(after) != _figures(now)):
                return now
            what.append(kind)
            return after

        after = step(DIGITS, _narrow, text)
        after = step(MARKS, _wide_marks, after)
        after = step(BLANKS, lambda part: _STRAY.sub("", part), after)
        if column == VALUE:
            after = step(PERCENT, _percent, after)
        if section == TERMS and (*self.prefix, *path) in self.levels:
            after = step(LEVELS, self._own_level, after)
        if section == TEXTS:
            lines = zip(text.split("\n"), after.split("\n"), strict=True)
            stopped = "\n".join(self._stopped(str(path[1]), *line) for line in lines)
            what += [STOP] if stopped != after else []
            after = stopped
        return after, what

    def _outside_names(self, change: Callable[[str], str], text: str) -> str:
        """Change what is neither a reference nor such a name."""
        parts: list[str] = []
        end = 0
        for found in self.protected.finditer(text):
            parts += [change(text[end : found.start()]), found[0]]
            end = found.end()
        return "".join([*parts, change(text[end:])])

    def _stopped(self, slot: str, original: str, line: str) -> str:
        if (slot, original.strip()) not in self.stops:
            return line
        words = line.rstrip()
        return f"{words}。{line[len(words) :]}" if _MAY_END.search(words) else line

    def _own_level(self, text: str) -> str:
        """The form's own definitions with the level of this disclosure."""
        assert self.document.pack is not None
        for term in self.document.pack.glossary:
            for before, after in _around_level(term.definition):
                phrase = re.compile(f"({re.escape(before)})[省市县区]({re.escape(after)})")
                text = phrase.sub(rf"\g<1>{self.disclosure.basics.level}\g<2>", text)
        return text

    def names(self, tree: Tree) -> Iterator[tuple[Path, str, str]]:
        """Names of codes that are missing, or differ from the list in width or brackets only."""
        assert self.document.pack is not None
        pack, own = self.document.pack, self.document.settings.code_lists
        for sheet, entries, listed in (
            ("收入", pack.functional, own.get(FUNCTIONAL, {})),
            ("支出", pack.functional, own.get(FUNCTIONAL, {})),
            ("基本支出", pack.economic, own.get(ECONOMIC, {})),
        ):
            rows = tree.get(sheet)
            for i, row in enumerate(rows if isinstance(rows, list) else ()):
                if not isinstance(row, dict):
                    continue
                code = unicodedata.normalize("NFKC", str(row.get(CODE, ""))).strip()
                code = code.removesuffix(".0")
                entry = entries.get(code)
                verified = entry.name if entry and entry.status == "verified" else ""
                name, before = listed.get(code, verified), str(row.get(NAME, ""))
                if name and before != name and (not before or fold(before) == fold(name)):
                    yield (sheet, i, NAME), before, name


def _column(path: Path) -> tuple[str, str]:
    """Sheet and column of a path: ``("项目", 2, "绩效指标", 4, "指标值")`` is of 绩效指标."""
    words = [step for step in path if isinstance(step, str)]
    if words[0] == TEXTS:
        return TEXTS, ""
    section = INDICATORS if INDICATORS in words[1:] else words[0]
    return section, words[-1] if len(words) > 1 else ""


# --- the changes --------------------------------------------------------------------------------

_CJK: Final = "[一-鿿]"
_WIDE: Final = re.compile("[０-９]")
_WIDE_NUMBER: Final = re.compile(r"[０-９]+(?:．[０-９]+)*％?|(?<=[0-9])％")
_NARROW: Final = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_MARKS: Final = str.maketrans(",;:?!", "，；：？！")
_HALF_MARK: Final = re.compile(f"(?<={_CJK})[,;:?!](?={_CJK})")
_HALF_BRACKETS: Final = re.compile(rf"\(((?:{_CJK}|[、，])+)\)")
_STRAY: Final = re.compile(r"(?<=[^\s])[ \t\u3000\u00a0]+(?=[，。；：、！？）])")
_IN_WORDS: Final = re.compile(
    r"百分之(?:[零〇一二两三四五六七八九十百点]{1,12}|[0-9]{1,3}(?:\.[0-9]{1,2})?(?![0-9.]))"
)
_WORD_BEHIND: Final = re.compile(r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9]{1,2})?)[ \t]?百分比")
_MAY_END: Final = re.compile(rf"(?:{_CJK}|[0-9A-Za-z%％”）》])$")
_SURE: Final = 4  # characters behind the level by which a sentence of the form is known
_CLAUSE: Final = re.compile("[，。；：、“”（）{}]")


def _narrow(text: str) -> str:
    return _WIDE_NUMBER.sub(lambda found: found[0].translate(_NARROW), text)


def _wide_marks(text: str) -> str:
    text = _HALF_MARK.sub(lambda found: found[0].translate(_MARKS), text)
    return _HALF_BRACKETS.sub(r"（\1）", text)


def _percent(text: str) -> str:
    """``百分之九十五`` and ``95百分比`` are 95%."""
    return _WORD_BEHIND.sub(r"\1%", _IN_WORDS.sub(_in_digits, text))


def _in_digits(found: re.Match[str]) -> str:
    number = found[0].removeprefix("百分之")
    if number == "百":
        return "100%"
    if number[0].isascii():
        return f"{number}%"
    read = list(amounts(found[0]))
    if len(read) != 1 or read[0].words != found[0]:
        return found[0]
    return f"{money.plain(read[0].value)}%"


def _number(text: str, is_amount: bool) -> tuple[str, list[str]]:
    """A number typed as text; its value stays."""
    after, what = text.translate(_WIDE_DIGITS), []
    if after != text:
        what.append(DIGITS)
    try:
        value = money.parse(text)
    except money.NotAnAmount:
        return text, []
    if is_amount and re.search(r"\.[0-9]$", after):
        after += "0"
        what.append(DECIMALS)
    return (after, what) if money.parse(after) == value else (text, [])


_WIDE_DIGITS: Final = str.maketrans("０１２３４５６７８９，．－＋", "0123456789,.-+")


def _around_level(definition: str) -> Iterator[tuple[str, str]]:
    """The words before and after {级别} in a definition of the form, within their clauses."""
    parts = definition.split("{级别}")
    for before, after in pairwise(parts):
        behind = _CLAUSE.split(after)[0]
        if len(behind) >= _SURE:
            yield _CLAUSE.split(before)[-1], behind


# --- the proof ----------------------------------------------------------------------------------

_FIGURE: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def _prove(before: Tree, after: Tree, told: Sequence[Fix]) -> None:
    """Nothing has changed but what is told, and no figure at all."""
    made = {fix.path: fix for fix in told if not fix.left}
    old, new = dict(_leaves(before)), dict(_leaves(after))
    wanted = old | {path: fix.after for path, fix in made.items()}
    if new != wanted or not all(_same_figures(fix) for fix in made.values()):
        raise UserError(
            "修正以后的内容与要改的不一致，没有写出修正稿。",
            "这是程序的错误，请把输入文件交给开发者；要改的地方请按核对结果自己改。",
        )


def _same_figures(fix: Fix) -> bool:
    section, column = _column(fix.path[2:] if fix.path[0] == UNITS else fix.path)
    if column in _numbers().get(section, {}):
        return money.parse(fix.before) == money.parse(fix.after)
    if column == VALUE and PERCENT in fix.what:
        return True  # a percentage put into digits: the only thing that was a word before
    if column == NAME:
        return True
    return _figures(fix.before) == _figures(fix.after)


def _figures(text: str) -> tuple[list[str], list[Any]]:
    """Every number of a text, and every amount in it."""
    plain = unicodedata.normalize("NFKC", text)
    return _FIGURE.findall(plain), [(found.value, found.unit) for found in amounts(text)]


# --- in words -----------------------------------------------------------------------------------

_SHOWN: Final = 12


def _around(before: str, after: str) -> tuple[str, str]:
    """Both texts, cut to what differs and a little around it."""
    if len(before) <= 2 * _SHOWN and len(after) <= 2 * _SHOWN:
        return before, after
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), -1)
    start = min(len(before), len(after)) if start < 0 else start
    ends = zip(reversed(before[start:]), reversed(after[start:]), strict=False)
    rest = min(len(before), len(after)) - start
    same = next((i for i, (a, b) in enumerate(ends) if a != b), rest)

    def cut(text: str) -> str:
        first, last = max(0, start - _SHOWN), min(len(text), len(text) - same + _SHOWN)
        return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")

    return cut(before), cut(after)


def report(told: Sequence[Fix]) -> str:
    """What was changed, a line each."""
    made = sum(not fix.left for fix in told)
    head = f"改了 {made} 处，没有改动任何金额：" if made else "没有可以自动改正的。"
    return "\n".join([head, *(f"  {fix.words()}" for fix in told)])
