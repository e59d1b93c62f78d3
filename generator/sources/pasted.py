"""The nine published tables as pasted from a budget system: pages in, leaves and declared out.

People who have the tables need not type the leaves again. A page is found by its name or title,
its columns by their headers, its rows by subject code or label, all of them folded, because every
export differs in blanks, widths, brackets and numbering. What the words are comes from the pack.

Every amount of a page becomes a *declared* figure (申报数) that is compared with the figure derived
from the leaves; so a total is never taken over unchecked. Where the input has no leaves of its own
they are the lowest rows of the tables. What the tables do not print about them:

- T2 prints 财政拨款收入 and 上年结转 of a subject without their funds. The fund follows from the
  expenditure in T5, T7 and T8; T1 and T4, where they are pasted, have the last word on the sums by
  fund. Nothing that is published depends on how a subject's amount is split beyond these sums.
- 其他资金 has no expenditure table: it is what T3 has more than T5, T7 and T8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple

from generator import money
from generator.balance import DERIVED_MEASURES, FUNDS, MEASURES, TOTAL, rows_above
from generator.disclosure import (
    FUND_MEASURES,
    FUND_TABLES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    TOTAL_NAME,
    BasicRow,
    ExpenditureRow,
    IncomeRow,
    Model,
    SangongRow,
    YearEnd,
)
from generator.money import ZERO
from generator.pack import TABLE_IDS, Line, Pack, Subject, Table
from generator.problem import Path, Place, Problem, Severity, input_problem
from generator.sources.layout import aliases
from generator.sources.raw import Page, RawInput, Tree, column_letters

DECLARED: Final = "申报数"

MAX_HEADER_ROW: Final = 60  # nobody leaves more rows above a table
EXCEL_NAME: Final = 31  # Excel cuts the names of sheets there


@dataclass(frozen=True, slots=True)
class Merged:
    """The input with what the pasted tables add.

    ``places`` tells of every added value, row and sheet. ``unit`` is 元 or 万元 as the tables say,
    None when they do not; amounts stand in ``tree`` as they were pasted.
    """

    tree: Tree
    problems: list[Problem]
    places: Mapping[Path, Place]
    unit: str | None


def attach(raw: RawInput, pack: Pack) -> RawInput:
    """The input with what its pasted tables say put into its tree."""
    if not raw.pages:
        return raw
    merged = merge(raw.tree, raw.pages, pack, raw.file)
    basics = merged.tree.get("基本信息")
    stated = basics.get("金额单位") if isinstance(basics, dict) else None
    conflict: list[Problem] = []
    if merged.unit is not None and isinstance(basics, dict) and stated is None:
        merged.tree["基本信息"] = {**basics, "金额单位": merged.unit}
    elif merged.unit is not None and stated is not None and stated.strip() != merged.unit:
        conflict.append(
            input_problem(
                "INP105",
                f"金额单位填的是“{stated}”，粘贴的表里写的是“{merged.unit}”",
                place=raw.locate(("基本信息", "金额单位")),
                hint="请改成一致；一份文件里的金额只能用一种单位。",
            )
        )

    def locate(path: Path) -> Place:
        for length in range(len(path), 0, -1):
            if (place := merged.places.get(path[:length])) is not None:
                return place
        return raw.locate(path)

    # A leaf sheet that the tables stand in for is not missing.
    problems = [
        problem
        for problem in raw.problems
        if problem.rule != "INP101"
        or problem.place is None
        or problem.place.sheet not in merged.tree
    ]
    return RawInput(raw.file, merged.tree, locate, (*problems, *merged.problems, *conflict))


def merge(tree: Tree, pages: Sequence[Page], pack: Pack, file: str) -> Merged:
    """Add to an input's tree what its pasted tables say.

    Leaves are added only for sheets that the tree has no content for; declared figures (申报数)
    always. A sheet whose tables are not pasted stays as it was.
    """
    found = _read_pages(pages, _forms(_Identity(pack)), file)
    merger = _Merger(found, pack, dict(tree))
    if found.tables:
        merger.run()
    return Merged(merger.tree, found.problems, merger.places, found.unit)


# --- folding words ------------------------------------------------------------------------------

_MARKS = dict.fromkeys(map(ord, " \t\r\n\u200b\ufeff\"'“”‘’「」《》〈〉()[]【】:,.;、。·-—–_/"))
_NUMBERING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]+|[（(]?[0-9０-９]{1,2}[)）、.．]+)\s*"
)
_OF_WHICH = re.compile(r"^其中[：:]?")
_DASHES: Final = "-－—–―─−﹣"
_UNIT = re.compile(r"单\s*位\s*[：:]?\s*(?:人民币)?\s*([十百千万亿\s]*元)")
_RUNNING_LINE = re.compile(r"预算年度|(?:单位|部门)(?:名称|编码)?\s*[：:]|第\s*\d+\s*页")
_CODE_NOISE: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000'’‘`")),
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    ord("．"): ".",
}


@lru_cache(maxsize=4096)  # the nine tables have their headers and most of their labels in common
def _fold(text: str) -> str:
    """Without blanks, punctuation, and the difference between full and half width."""
    return unicodedata.normalize("NFKC", text).translate(_MARKS)


@lru_cache(maxsize=1024)
def _fold_label(text: str) -> str:
    """A row's label without its number: offices number the same lines differently."""
    bare = _NUMBERING.sub("", text.strip())
    return _fold(_OF_WHICH.sub("", bare))


def _fold_title(text: str) -> str:
    """A title is the same for a department and for a unit."""
    return _fold(text).replace("部门", "").replace("单位", "")


def _code(text: str) -> str:
    """A subject code; spreadsheets hand whole numbers on as ``2010301.0``."""
    whole, _, decimals = text.translate(_CODE_NOISE).partition(".")
    return f"{whole}.{decimals}" if decimals.strip("0") else whole


# --- the pack's tables, compiled ----------------------------------------------------------------

_Figure = tuple[str, str]  # measure, row


@dataclass(frozen=True, slots=True)
class _Block:
    """A column of labels and the amount columns that belong to it; T1 and T4 have two.

    ``lines``: what a line's amounts are, by its folded label and how often that occurred before:
    T4 has 一般公共预算拨款 twice.
    """

    label: int
    amounts: tuple[int, ...]
    lines: Mapping[tuple[str, int], tuple[_Figure | None, ...]]


@dataclass(frozen=True, slots=True)
class _Form:
    """A table of the pack as it is looked for in a page; columns are indexes into its columns."""

    table: Table
    words: frozenset[str]  # all words of the header, groups too
    columns: Mapping[str, tuple[int, ...]]  # by the word that stands lowest
    groups: tuple[str, ...]  # the word above each column's own
    shown: tuple[str, ...]  # each column in words for the user
    titles: tuple[str, ...]
    short: str
    blocks: tuple[_Block, ...]
    lengths: tuple[int, ...]  # of the codes, ascending; () in tables without codes

    def column(self, content: str) -> int:
        return next(i for i, c in enumerate(self.table.columns) if c.content == content)


@dataclass(frozen=True, slots=True, eq=False)
class _Identity:
    """A pack as the key of a cache: packs are frozen but hold dicts, which have no hash."""

    pack: Pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.pack is other.pack


@lru_cache(maxsize=8)
def _forms(key: _Identity) -> tuple[_Form, ...]:
    return tuple(_compile(key.pack.tables[table]) for table in TABLE_IDS)


def _compile(table: Table) -> _Form:
    header = [row for row in table.header if _fold(row[0]) != "栏次"]
    own: list[str] = []
    groups: list[str] = []
    for index in range(len(table.columns)):
        level = len(header) - 1
        while level and header[level][index] == "^":
            level -= 1
        own.append(_header_word(header, level, index))
        groups.append(_header_word(header, level - 1, index) if level else "")
    return _Form(
        table,
        frozenset(_fold(word) for row in header for word in row if word not in "<^"),
        {word: tuple(i for i, w in enumerate(own) if w == word) for word in own},
        tuple(groups),
        tuple(
            f"{group}的{word}" if own.count(word) > 1 else word
            for group, word in zip(groups, own, strict=True)
        ),
        tuple(_fold_title(a.text.replace("{部门}", "")) for a in table.title),
        _fold_title(table.name),
        tuple(_blocks(table)),
        {"功能科目": (3, 5, 7), "经济科目": (3, 5)}.get(table.source, ()),
    )


def _header_word(header: Sequence[Sequence[str]], level: int, index: int) -> str:
    """The word of a cell of the header, merged cells followed to where it is written."""
    while (word := header[level][index]) in ("<", "^"):
        level, index = (level, index - 1) if word == "<" else (level - 1, index)
    return _fold(word)


def _blocks(table: Table) -> Iterator[_Block]:
    at = {column.content: i for i, column in enumerate(table.columns)}
    amounts = tuple(at[measure] for measure in table.measures)
    if table.source == "固定行":
        yield _Block(at["名称"], amounts, _lines(table.lines, table.measures))
    elif table.source == "左右对照":
        left = (*table.left, *(pair.left for pair in table.closing))
        right = (*table.right, *(pair.right for pair in table.closing))
        yield _Block(at["左项目"], (at["左数"],), _lines(left, ()))
        yield _Block(at["右项目"], amounts, _lines(right, table.measures))


def _lines(
    lines: Iterable[Line], measures: tuple[str, ...]
) -> dict[tuple[str, int], tuple[_Figure | None, ...]]:
    """Every line whatever its ``当``: a table may have been made with other switches.

    A left line has no row: its figures are those of the total row.
    """
    known: dict[tuple[str, int], tuple[_Figure | None, ...]] = {}
    for line in lines:
        if not line.label:
            continue
        row = TOTAL if line.row is None and line.take else line.row
        figures: tuple[_Figure | None, ...] = (
            (None,) * len(measures)
            if row is None
            else tuple((measure, row) for measure in line.take or measures)
        )
        label = _fold_label(line.label)
        known[label, sum(1 for seen, _ in known if seen == label)] = figures
    return known


# --- pages: which table, which columns, which rows ----------------------------------------------


class _Cell(NamedTuple):
    """An amount and where it stands (row and column of the page, from 0)."""

    amount: Decimal
    row: int
    column: int


@dataclass(slots=True)
class _Pasted:
    """A page that was read."""

    form: _Form
    page: Page
    cells: dict[_Figure, _Cell] = field(default_factory=dict)
    blanks: list[tuple[_Figure, int, int]] = field(default_factory=list)
    codes: dict[str, tuple[int, str]] = field(default_factory=dict)  # page row and name
    columns: dict[int, int] = field(default_factory=dict)  # column of the table → of the page

    def get(self, measure: str, row: str = TOTAL) -> Decimal:
        cell = self.cells.get((measure, row))
        return cell.amount if cell else ZERO


@dataclass(slots=True)
class _Found:
    """All that the pages hold."""

    file: str
    tables: dict[str, _Pasted] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unit: str | None = None
    unit_sheet: str = ""

    def place(self, page: Page, row: int, column: int) -> Place:
        return Place(self.file, page.name, f"{column_letters(column)}{row + 1}")

    def tell(self, rule: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(input_problem(rule, message, place=place, hint=hint))


def _read_pages(pages: Iterable[Page], forms: Sequence[_Form], file: str) -> _Found:
    found = _Found(file)
    for page in pages:
        if not any(cell.strip() for row in page.rows for cell in row if cell):
            continue
        form = _recognise(page, forms)
        whole = Place(file, page.name)
        if form is None:
            found.tell(
                "INP102",
                f"不认识工作表“{page.name}”，里面的内容不会用到",
                whole,
                "粘贴的预算表，工作表可以叫“表1”到“表9”，或用表的标题；别的请删去。",
            )
        elif (before := found.tables.get(form.table.id)) is not None:
            found.tell(
                "INP102",
                f"工作表“{page.name}”和“{before.page.name}”都是{form.table.name}，只用了后者",
                whole,
                "请删去多余的一张。",
            )
        else:
            found.tables[form.table.id] = pasted = _Pasted(form, page)
            _read_page(pasted, found)
    found.tables = {i: found.tables[i] for i in TABLE_IDS if i in found.tables}
    return found


_NUMBERED = re.compile(r"^(?:附件|附表|附|公开)?(?:表|T)?0?([1-9一二三四五六七八九])(?![0-9])表?")
_CHINESE_DIGITS: Final = "一二三四五六七八九"


def _recognise(page: Page, forms: Sequence[_Form]) -> _Form | None:
    """By a title in the name, else by a title line in the page, else by a number in the name.

    The number comes last: other offices number their tables in another order.
    """
    name = _fold_title(page.name)
    number = _NUMBERED.match(name.upper())
    rest = name[number.end() :] if number else name
    named = next((form for form in forms if form.short in (name, rest)), None)
    if form := (
        named or _titled(name, forms) or _cut(page.name, name, forms) or _titled_inside(page, forms)
    ):
        return form
    if number is None or rest:
        return None
    digit = number[1]
    position = _CHINESE_DIGITS.find(digit) if digit in _CHINESE_DIGITS else int(digit) - 1
    return forms[position]


def _titled_inside(page: Page, forms: Sequence[_Form]) -> _Form | None:
    """By a title line above the table's header; a list of contents has titles without headers."""
    header = frozenset[str]().union(*(form.words for form in forms))
    for row in page.rows[:MAX_HEADER_ROW]:
        words = [_fold_title(cell) for cell in row if cell]
        if sum(word in header for word in words) >= 2:
            return None
        for word in words:
            if (form := _titled(word, forms)) and _header_rows(form, page):
                return form
    return None


def _titled(text: str, forms: Iterable[_Form]) -> _Form | None:
    titles = [(len(title), form) for form in forms for title in form.titles if title in text]
    return max(titles, key=lambda found: found[0])[1] if titles else None


def _cut(name: str, folded: str, forms: Iterable[_Form]) -> _Form | None:
    """A title that Excel cut off: the table whose title's beginning ends the name, if only one."""
    if len(name) != EXCEL_NAME:
        return None
    reach = {
        id(form): (
            max(
                (n for t in form.titles for n in range(4, len(t)) if folded.endswith(t[:n])),
                default=0,
            )
        )
        for form in forms
    }
    longest = max(reach.values())
    fitting = [form for form in forms if reach[id(form)] == longest]
    return fitting[0] if longest and len(fitting) == 1 else None


def _read_page(pasted: _Pasted, found: _Found) -> None:
    form, page = pasted.form, pasted.page
    header = _header_rows(form, page)
    _read_unit(page, header[-1] + 1 if header else MAX_HEADER_ROW, found)
    if not header:
        found.tell(
            "INP103",
            f"找不到{form.table.name}的表头",
            Place(found.file, page.name),
            f"表头应有：{'、'.join(form.shown)}。请连同表头一起粘贴。",
        )
        return
    pasted.columns = _match_columns(form, page, header, found)
    reader = _Body(pasted, found)
    if form.blocks:
        reader.labelled(header[-1] + 1)
    else:
        reader.subjects(header[-1] + 1)
    reader.serials(header[-1] + 1)


def _header_rows(form: _Form, page: Page) -> list[int]:
    """The rows of the header: the first with two of its words, and what belongs to it below."""
    rows: list[int] = []
    for number, row in enumerate(page.rows[: MAX_HEADER_ROW + 4]):
        words = [_fold(cell) for cell in row if cell and not cell.isspace()]
        if not words:
            continue
        if not rows:
            if _looks_like_header(form, words) and number < MAX_HEADER_ROW:
                rows.append(number)
        elif any(word.replace(".", "").isdigit() for word in words) or not any(
            # 合计 is a word of the header and the label of the first row below it.
            word in form.words and word != TOTAL_NAME
            for word in words
        ):
            break
        else:
            rows.append(number)
    return rows


def _looks_like_header(form: _Form, words: Iterable[str]) -> bool:
    return sum(word in form.words for word in words) >= 2


def _read_unit(page: Page, end: int, found: _Found) -> None:
    for number, row in enumerate(page.rows[:end]):
        for index, cell in enumerate(row):
            match = _UNIT.search(cell) if "元" in cell else None
            if match is None:
                continue
            unit, place = _fold(match[1]), found.place(page, number, index)
            if unit not in ("元", "万元"):
                found.tell(
                    *("INP105", f"金额单位是“{unit}”，只能是元或万元", place),
                    "请按万元或元重新导出这张表。",
                )
            elif found.unit is None:
                found.unit, found.unit_sheet = unit, page.name
            elif found.unit != unit:
                found.tell(
                    "INP105",
                    f"这张表的金额单位是{unit}，工作表“{found.unit_sheet}”的是{found.unit}",
                    place,
                    "各张表的金额单位要一致，请改成一样再粘贴。",
                )


def _match_columns(form: _Form, page: Page, header: Sequence[int], found: _Found) -> dict[int, int]:
    """Columns of the table → columns of the page; the extra and the missing ones are told."""
    matched: dict[int, int] = {}
    grid = [page.rows[number] for number in header]
    for index in range(max(map(len, grid))):
        level = _lowest(grid, index)
        if level is None:
            continue
        word = _fold(grid[level][index])
        place = found.place(page, header[level], index)
        candidates = form.columns.get(word)
        if candidates is None:
            found.tell(
                "INP103",
                f"不认识“{grid[level][index].strip()}”这一列，里面的内容不会用到",
                place,
                f"{form.table.name}的列是：{'、'.join(form.shown)}。",
            )
            continue
        group = _group(grid, level, index)
        column = next((c for c in candidates if form.groups[c] == group), None)
        if column is None:
            column = next((c for c in candidates if c not in matched), candidates[-1])
        if column in matched:
            found.tell("INP110", f"“{form.shown[column]}”这一列出现了两次，只用了前一列", place)
        else:
            matched[column] = index
    first = next(i for i, cell in enumerate(grid[0]) if cell.strip())
    for column, shown in enumerate(form.shown):
        if column not in matched and form.table.columns[column].content != "序号":
            found.tell(
                "INP104",
                f"{form.table.name}里没有“{shown}”这一列",
                found.place(page, header[0], first),
                "请补上这一列再粘贴；没有数的列也要保留，列名要与公开表相同。",
            )
    return matched


def _lowest(grid: Sequence[Sequence[str]], index: int) -> int | None:
    """The lowest row of the header that has a word in this column."""
    filled = [i for i, row in enumerate(grid) if index < len(row) and row[index].strip()]
    return filled[-1] if filled else None


def _group(grid: Sequence[Sequence[str]], level: int, index: int) -> str:
    """The word above: a merged cell has its text only in its first column."""
    above = grid[level - 1][: index + 1] if level else []
    return next((_fold(cell) for cell in reversed(above) if cell.strip()), "")


class _Body:
    """The rows below the header of one page."""

    def __init__(self, pasted: _Pasted, found: _Found) -> None:
        self._pasted = pasted
        self._found = found
        self._form = pasted.form
        self._page = pasted.page

    def subjects(self, start: int) -> None:
        """Rows with a subject code, and the total row."""
        form, columns = self._form, self._pasted.columns
        code_column, name_column = columns.get(form.column("编码")), form.column("名称")
        if code_column is None:
            return
        amounts = [
            (i, columns[i], column.content)
            for i, column in enumerate(form.table.columns)
            if column.content in MEASURES and i in columns
        ]
        for number, row in self._rows(start):
            code = _code(_at(row, code_column))
            if not (code.isascii() and code.isdigit() and len(code) in form.lengths):
                if not self._is_total(row):
                    self._tell_row_without_code(number, row, code, code_column, amounts)
                    continue
                code = TOTAL
            if code in self._pasted.codes:
                self._found.tell(
                    "COD107",
                    f"“{code or TOTAL_NAME}”在这张表里出现了两次，只用了前一行",
                    self._place(number, code_column),
                    "请合并这两行，或改正编码。",
                )
                continue
            name = _at(row, columns.get(name_column)).strip()
            self._pasted.codes[code] = (number, name)
            for column, index, measure in amounts:
                self._amount((measure, code), _at(row, index), number, index, column)
        self._tell_rows_without_leaves(code_column)

    def labelled(self, start: int) -> None:
        """Fixed lines, each side of the page on its own."""
        columns = self._pasted.columns
        for block in self._form.blocks:
            label_column = columns.get(block.label)
            amounts = [(i, columns.get(i)) for i in block.amounts]
            if label_column is None:
                continue
            seen: dict[str, int] = {}
            for number, row in self._rows(start):
                label = _fold_label(_at(row, label_column))
                figures = block.lines.get((label, seen.get(label, 0)))
                seen[label] = seen.get(label, 0) + 1
                if figures is None:
                    self._tell_unknown_line(number, row, label_column, amounts)
                    continue
                for (column, index), figure in zip(amounts, figures, strict=True):
                    if index is None:
                        continue
                    if figure is not None:
                        self._amount(figure, _at(row, index), number, index, column)
                    elif not _is_blank(_at(row, index)):
                        self._found.tell(
                            "INP112",
                            f"“{_at(row, label_column).strip()}”没有对应的科目，这里的数不会用到",
                            self._place(number, index),
                            "请把它归入所属的类。",
                        )

    def serials(self, start: int) -> None:
        """TBL010: 序号 go on by one; told once in a table."""
        column = self._pasted.columns.get(self._form.column("序号"))
        if column is None:
            return
        before: int | None = None
        for number, row in self._rows(start):
            text = _code(_at(row, column))
            if not text.isdecimal() or len(text) > 5 or self._is_running_line(row):
                continue
            serial = int(text)
            if before is not None and serial not in (before + 1, 1):
                self._found.problems.append(
                    Problem(
                        *("TBL010", "序号连续", Severity.INFO),
                        f"序号 {serial} 的上一行是 {before}",
                        place=self._place(number, column),
                        hint="请看是不是漏了行；生成的文档里序号由程序重新编。",
                    )
                )
                return
            before = serial

    def _rows(self, start: int) -> Iterator[tuple[int, list[str]]]:
        """The rows down to the note."""
        for number, row in enumerate(self._page.rows[start:], start):
            first = next((cell for cell in row if cell and not cell.isspace()), None)
            if first is None:
                continue
            if first.lstrip().startswith(("注", "备注")):
                return
            yield number, row

    def _is_running_line(self, row: Sequence[str]) -> bool:
        """What an export of several pages repeats: title, department, header, 栏次."""
        text = "".join(row)
        if _RUNNING_LINE.search(text):
            return True
        words = [_fold(cell) for cell in row if cell and not cell.isspace()]
        if words[0] == "栏次" or [_code(word) for word in words] == [
            str(i) for i in range(1, max(len(words), 2) + 1)
        ]:
            return True
        return _looks_like_header(self._form, words) or any(
            title in _fold_title(text) for title in self._form.titles
        )

    def _is_total(self, row: Sequence[str]) -> bool:
        """合计 stands in the column of the names, or in the first of cells merged with it."""
        totals = (_fold(self._form.table.total_label), TOTAL_NAME, "总计")
        columns = (self._form.column(content) for content in ("序号", "编码", "名称"))
        return any(_fold(_at(row, self._pasted.columns.get(c))) in totals for c in columns)

    def _amount(self, figure: _Figure, text: str, row: int, index: int, column: int) -> None:
        if _is_blank(text):
            self._pasted.blanks.append((figure, row, index))
            return
        problem = ""
        try:
            amount = money.parse(text)
        except money.NotAnAmount:
            shown = text.strip()[:30] + ("…" if len(text.strip()) > 30 else "")
            rule, problem = "FMT109", f"“{shown}”不是数，请填阿拉伯数字，如 1234.56"
        else:
            if amount < 0:
                rule = "FMT103"
                problem = f"{money.plain(amount)} 是负数，预算金额不能为负"
            elif money.decimals(amount) > 2:
                rule = "INP106"
                problem = f"{money.plain(amount)} 的小数超过两位，请四舍五入后再填"
        if problem:
            place = self._place(row, index)
            self._found.tell(rule, f"“{self._form.shown[column]}”：{problem}", place)
        else:
            self._pasted.cells[figure] = _Cell(amount, row, index)

    def _tell_row_without_code(
        self,
        number: int,
        row: Sequence[str],
        code: str,
        code_column: int,
        amounts: Iterable[tuple[int, int, str]],
    ) -> None:
        """A row of words without amounts is a heading or a page's foot and says nothing."""
        blank = all(_is_blank(_at(row, index)) for _, index, _ in amounts)
        if blank or self._is_running_line(row):
            return
        place = self._place(number, code_column)
        if not code:
            self._found.tell(
                "INP104", "这一行没有科目编码，里面的数不会用到", place, "请填上科目编码。"
            )
        elif self._form.table.source == "经济科目":
            self._found.tell(
                "COD105",
                f"经济分类科目编码“{code[:30]}”应为 5 位数字（款）或 3 位数字（类）",
                place,
                "请改正编码。",
            )
        else:
            self._found.tell(
                "COD104",
                f"功能分类科目编码“{code[:30]}”应为 7 位数字（项），或 5 位（款）、3 位（类）",
                place,
                "请改正编码。",
            )

    def _tell_rows_without_leaves(self, code_column: int) -> None:
        """The tables go down to 项 (T6: 款); a higher row that stands alone has lost its parts."""
        codes, longest = self._pasted.codes, self._form.lengths[-1]
        parents = {code[:length] for code in codes for length in (3, 5) if len(code) > length}
        amounts = {row for _, row in self._pasted.cells}
        rule, level = ("COD104", "项") if longest == 7 else ("COD105", "款")
        for code, (number, _) in codes.items():
            if 0 < len(code) < longest and code not in parents and code in amounts:
                self._found.tell(
                    rule,
                    f"科目 {code} 下面没有“{level}”级的行",
                    self._place(number, code_column),
                    f"公开表要列到“{level}”，请补上 {code} 下面的各行。",
                )

    def _tell_unknown_line(
        self,
        number: int,
        row: Sequence[str],
        label_column: int,
        amounts: Iterable[tuple[int, int | None]],
    ) -> None:
        filled = [i for _, i in amounts if i is not None and not _is_blank(_at(row, i))]
        label = _at(row, label_column).strip()
        if not filled or self._is_running_line(row):
            return
        if label:
            self._found.tell(
                "INP103",
                f"{self._form.table.name}没有“{label}”这一行，里面的数不会用到",
                self._place(number, label_column),
                "请改成公开表的项目名称，或删去这一行。",
            )
        else:
            self._found.tell(
                "INP104", "这个数所在的行没有写项目，不会用到", self._place(number, filled[0])
            )

    def _place(self, row: int, column: int) -> Place:
        return self._found.place(self._page, row, column)


def _at(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _is_blank(text: str) -> bool:
    """Exports write a dash for nothing."""
    return not text or not text.strip().strip(_DASHES)


def _containing() -> dict[str, frozenset[str]]:
    """Each measure with the derived measures that it is a part of, near and far."""
    parts: dict[str, set[str]] = {}
    for measure, (_, direct) in DERIVED_MEASURES.items():
        parts[measure] = set(direct).union(*(parts.get(part, ()) for part in direct))
    return {m: frozenset(d for d, below in parts.items() if m in below) for m in MEASURES}


_CONTAINING: Final = _containing()


def _live(pasted: _Pasted) -> tuple[set[str], set[str]]:
    """The rows and the columns of subjects in which a table has any amount."""
    filled = [figure for figure, cell in pasted.cells.items() if cell.amount]
    return {row for _, row in filled} - {TOTAL}, {measure for measure, _ in filled}


def _covered(tables: Iterable[_Pasted]) -> dict[str, set[str]]:
    """Measure → the rows in which it cannot be zero, as some amount of some table is part of it."""
    rows: dict[str, set[str]] = {}
    for pasted in tables:
        for (measure, row), cell in pasted.cells.items():
            if cell.amount:
                rows.setdefault(measure, set()).add(row)
    covered: dict[str, set[str]] = {}
    for measure, own in rows.items():
        reach = own.union(*(rows_above(measure, row) for row in own))
        for above in (measure, *_CONTAINING[measure]):
            covered.setdefault(above, set()).update(reach)
    return covered


# --- leaves and declared figures ----------------------------------------------------------------

_FUND_NAMES: Final = {measure: name for name, measure in FUND_MEASURES.items()}
_NEEDED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "收入": ("T2", ("T2", *FUND_TABLES.values())),
    "支出": ("T3", ("T3", *FUND_TABLES.values())),
    "基本支出": ("T6", ("T6",)),
    "三公经费": ("T9", ("T9",)),
}
"""For the leaves of a sheet: the table that stands for it, and all that are read."""

_Split = dict[str, dict[str, Decimal]]
"""Amounts by fund and subject."""


class _Spot(NamedTuple):
    pasted: _Pasted
    row: int
    column: int


class _Places(Mapping[Path, Place]):
    """Places made when asked for: hundreds are known, few are needed."""

    def __init__(self, found: _Found) -> None:
        self._found = found
        self.spots: dict[Path, _Spot | _Pasted] = {}

    def __getitem__(self, path: Path) -> Place:
        spot = self.spots[path]
        if isinstance(spot, _Pasted):
            return Place(self._found.file, spot.page.name)
        return self._found.place(spot.pasted.page, spot.row, spot.column)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)


class _Merger:
    def __init__(self, found: _Found, pack: Pack, tree: Tree) -> None:
        self._found = found
        self._tables = found.tables
        self._pack = pack
        self._named: set[tuple[str, bool]] = set()
        # What does not add up for want of a value that could not be read is no finding of its own.
        self._complete = all(problem.rule in ("INP102", "TBL010") for problem in found.problems)
        self.tree = tree
        self.places = _Places(found)

    def run(self) -> None:
        self._declare()
        missing: dict[str, list[str]] = {}
        made: set[str] = set()
        for sheet, make in (
            ("收入", self._income),
            ("支出", self._expenditure),
            ("基本支出", self._basic),
            ("三公经费", self._sangong),
        ):
            main, needed = _NEEDED[sheet]
            pasted = [table for table in needed if table in self._tables]
            # T5, T7 and T8 alone say enough of 支出 to ask for the rest, not of 收入.
            if self.tree.get(sheet) or not (main in pasted or (pasted and sheet == "支出")):
                continue
            for table in needed:
                if table not in self._tables:
                    missing.setdefault(table, []).append(sheet)
            made.add(sheet)
            self.tree[sheet] = []
            self.places.spots[sheet,] = self._tables[main if main in pasted else pasted[0]]
            make()
        # Who fills 收入 and 支出 in and leaves 年终结转 blank has none.
        if made & {"收入", "支出"}:
            self._year_end()
        for table, sheets in sorted(missing.items()):
            self._tell_missing_table(table, sheets)

    # --- declared figures -----------------------------------------------------------------------

    def _declare(self) -> None:
        declared: list[dict[str, str]] = []
        spots = self.places.spots
        covered = _covered(self._tables.values())
        for table, pasted in self._tables.items():
            for (measure, row), cell in pasted.cells.items():
                spots[DECLARED, len(declared)] = _Spot(pasted, cell.row, cell.column)
                declared.append(
                    {"表": table, "行": row, "度量": measure, "金额": _text(cell.amount)}
                )
            rows, measures = _live(pasted)
            for (measure, row), number, index in pasted.blanks:
                # A blank above amounts, or among them, may be a figure that was forgotten.
                if row in covered.get(measure, ()) or (row in rows and measure in measures):
                    spots[DECLARED, len(declared)] = _Spot(pasted, number, index)
                    declared.append({"表": table, "行": row, "度量": measure, "金额": ""})
        self.tree[DECLARED] = declared

    # --- leaves ---------------------------------------------------------------------------------

    def _income(self) -> None:
        table = self._tables["T2"]
        income, carry = self._split_income(table)
        for code in sorted(filter(None, table.codes)):
            if len(code) < IncomeRow.LEAF_LENGTH:
                self._name_only("收入", table, code, self._pack.functional)
                continue
            amounts: dict[str, tuple[Decimal, str]] = {}
            for name, measure in IncomeRow.MEASURES.items():
                family, _, part = measure.partition(".")
                if family == "carry_over":
                    amount, column = carry[part].get(code, ZERO), "carry_over.total"
                elif part in FUNDS:
                    amount, column = income[part].get(code, ZERO), "income.fiscal"
                else:
                    amount, column = table.get(measure, code), measure
                amounts[_columns_of(IncomeRow)[name]] = (amount, column)
            self._leaf("收入", table, code, amounts)

    def _expenditure(self) -> None:
        funds = [(f, self._tables[t]) for f, t in FUND_TABLES.items() if t in self._tables]
        whole = self._tables.get("T3")
        tables = [table for _, table in funds] + ([whole] if whole else [])
        for code in sorted({code for table in tables for code in table.codes if code}):
            if len(code) < ExpenditureRow.LEAF_LENGTH:
                table = next(t for t in tables if code in t.codes)
                self._name_only("支出", table, code, self._pack.functional)
                continue
            for fund, table in funds:
                if code in table.codes:
                    amounts = {
                        _columns_of(ExpenditureRow)[kind]: (
                            table.get(f"{fund}.{kind}", code),
                            f"{fund}.{kind}",
                        )
                        for kind in ("basic", "project")
                    }
                    self._leaf("支出", table, code, amounts, {"资金性质": _FUND_NAMES[fund]})
            if whole is not None:
                self._other_funds(whole, funds, code)

    def _other_funds(self, whole: _Pasted, funds: Sequence[tuple[str, _Pasted]], code: str) -> None:
        """What T3 has more than the tables of the funds; less is found where they are compared."""
        amounts: dict[str, tuple[Decimal, str]] = {}
        for kind in ("basic", "project", "operating", "to_superior", "to_subordinate"):
            measure = f"expenditure.{kind}"
            fiscal = sum((table.get(f"{fund}.{kind}", code) for fund, table in funds), ZERO)
            rest = whole.get(measure, code) - fiscal
            amounts[_columns_of(ExpenditureRow)[kind]] = (max(rest, ZERO), measure)
        if code in whole.codes:
            self._leaf("支出", whole, code, amounts, {"资金性质": _FUND_NAMES["other"]})

    def _basic(self) -> None:
        table = self._tables["T6"]
        for code in sorted(filter(None, table.codes)):
            if len(code) < BasicRow.LEAF_LENGTH:
                self._name_only("基本支出", table, code, self._pack.economic)
                continue
            amounts = {
                _columns_of(BasicRow)[kind]: (
                    table.get(f"economic.{kind}", code),
                    f"economic.{kind}",
                )
                for kind in ("personnel", "public")
            }
            self._leaf("基本支出", table, code, amounts)

    def _sangong(self) -> None:
        table = self._tables["T9"]
        for item, key in SANGONG_ROWS.items():
            amounts = {
                _columns_of(SangongRow)[fund]: (
                    table.get(f"sangong.{fund}", key),
                    f"sangong.{fund}",
                )
                for fund in FUNDS
            }
            if key not in SANGONG_SUM_ROWS:
                self._record("三公经费", table, key, amounts, {"项目": item})

    def _leaf(
        self,
        sheet: str,
        table: _Pasted,
        code: str,
        amounts: Mapping[str, tuple[Decimal, str]],
        more: Mapping[str, str] | None = None,
    ) -> None:
        number, name = table.codes[code]
        words = {"科目编码": code, **({"科目名称": name} if name else {}), **(more or {})}
        at = len(self.tree[sheet])
        if self._record(sheet, table, code, amounts, words):
            form, columns, spots = table.form, table.columns, self.places.spots
            for word, content in (("科目编码", "编码"), ("科目名称", "名称")):
                index = columns.get(form.column(content), 0)
                spots[sheet, at, word] = _Spot(table, number, index)
            spots[sheet, at] = spots[sheet, at, "科目编码"]

    def _record(
        self,
        sheet: str,
        table: _Pasted,
        row: str,
        amounts: Mapping[str, tuple[Decimal, str]],
        words: Mapping[str, str],
    ) -> bool:
        """Add a row of the input unless all its amounts are zero; amounts come from measures."""
        records, spots = self.tree[sheet], self.places.spots
        path = (sheet, len(records))
        filled = {column: _text(amount) for column, (amount, _) in amounts.items() if amount}
        for column in filled:
            if cell := table.cells.get((amounts[column][1], row)):
                spots[*path, column] = spots[path] = _Spot(table, cell.row, cell.column)
        if filled:
            records.append({**words, **filled})
        return bool(filled)

    def _name_only(
        self, sheet: str, table: _Pasted, code: str, listed: Mapping[str, Subject]
    ) -> None:
        """A 类 or 款 that the pack's list does not vouch for is called as in the table."""
        number, name = table.codes[code]
        subject = listed.get(code)
        vouched = subject is not None and subject.name == name and subject.status == "verified"
        key = (code, sheet == "基本支出")
        if not name or vouched or key in self._named:
            return
        self._named.add(key)
        path = (sheet, len(self.tree[sheet]))
        index = table.columns.get(table.form.column("名称"), 0)
        self.places.spots[path] = _Spot(table, number, index)
        self.tree[sheet].append({"科目编码": code, "科目名称": name})

    # --- funds ----------------------------------------------------------------------------------

    def _split_income(self, table: _Pasted) -> tuple[_Split, _Split]:
        """财政拨款收入 by fund, 上年结转 by fund and other money."""
        spent = {fund: self._tables.get(id_) for fund, id_ in FUND_TABLES.items()}
        used = self._used_funds(spent)
        leaves = [code for code in sorted(table.codes) if len(code) == IncomeRow.LEAF_LENGTH]
        income: _Split = {fund: {} for fund in FUNDS}
        carry: _Split = {fund: {} for fund in (*FUNDS, "other")}
        undecided: list[str] = []
        loose: list[str] = []
        for code in leaves:
            out = {f: _sum(t, f, code) if t else ZERO for f, t in spent.items()}
            earned = table.get("income.fiscal", code)
            parts, certain = _by_fund(earned, out, used)
            if not certain:
                undecided.append(code)
            if earned != sum(out.values(), ZERO):
                loose.append(code)
            rest = table.get("carry_over.total", code)
            for fund in FUNDS:
                income[fund][code] = parts[fund]
                carry[fund][code] = min(rest, max(ZERO, out[fund] - parts[fund]))
                rest -= carry[fund][code]
            carry["other"][code] = rest
        if not self._fit_to_sums(income, carry, loose) and self._complete:
            self._tell_undecided(table, undecided)
        return income, carry

    def _used_funds(self, spent: Mapping[str, _Pasted | None]) -> list[str]:
        """The funds that any of the tables has money of."""
        whole = [self._tables[table] for table in ("T1", "T4") if table in self._tables]
        return [
            fund
            for fund, own in spent.items()
            if (own and any(cell.amount for cell in own.cells.values()))
            or any(table.get(f"income.{fund}") for table in whole)
        ]

    def _fit_to_sums(self, income: _Split, carry: _Split, loose: Sequence[str]) -> bool:
        """Let the sums by fund be those of T4, or of T1, if these do not contradict the others."""
        source = self._tables.get("T4") or self._tables.get("T1")
        if source is None:
            return False
        earned = {fund: source.get(f"income.{fund}") for fund in FUNDS}
        if sum(earned.values(), ZERO) != _whole(income):
            return False
        if source.form.table.id == "T4":
            carried = {fund: source.get(f"carry_over.{fund}") for fund in FUNDS}
            carried["other"] = _whole(carry) - sum(carried.values(), ZERO)
            if carried["other"] < 0 or not all(
                earned[fund] + carried[fund] == self._spent(fund) + source.get(f"year_end.{fund}")
                for fund in FUNDS
            ):
                return False
            _fit(carry, carried, loose)
        _fit(income, earned, loose)
        return True

    def _spent(self, fund: str) -> Decimal:
        table = self._tables.get(FUND_TABLES[fund])
        if table is None:
            return ZERO
        leaves = (code for code in table.codes if len(code) == ExpenditureRow.LEAF_LENGTH)
        return sum((_sum(table, fund, code) for code in leaves), ZERO)

    def _year_end(self) -> None:
        """年终结转: by fund from T4, and what T1 has more is other money."""
        sheet = "年终结转"
        if any(self.tree.get(sheet, {}).values()):
            return
        fiscal, whole = self._tables.get("T4"), self._tables.get("T1")
        left: dict[str, tuple[_Pasted, str, Decimal]] = {}
        if fiscal is not None:
            for fund in FUNDS:
                left[fund] = (fiscal, f"year_end.{fund}", fiscal.get(f"year_end.{fund}"))
        if whole is not None:
            total = whole.get("year_end.total")
            if total and fiscal is None:
                self._tell_year_end_without_funds(whole)
                return
            rest = total - sum((amount for _, _, amount in left.values()), ZERO)
            left["other"] = (whole, "year_end.total", max(rest, ZERO))
        record: dict[str, str] = {}
        for fund, (table, measure, amount) in left.items():
            if amount:
                column, cell = _columns_of(YearEnd)[fund], table.cells[measure, TOTAL]
                record[column] = _text(amount)
                spot = _Spot(table, cell.row, cell.column)
                self.places.spots[sheet, column] = spot
                self.places.spots.setdefault((sheet,), spot)
        if record:
            self.tree[sheet] = record

    # --- what the tables do not tell ------------------------------------------------------------

    def _tell_missing_table(self, table: str, sheets: Sequence[str]) -> None:
        name = self._pack.tables[table].name
        self._found.tell(
            "INP101",
            f"没有粘贴{name}（表{table[1:]}），{'、'.join(f'“{s}”' for s in sheets)}取不全数",
            Place(self._found.file),
            "没有数的表也请粘贴空表；或者填写上面说的工作表。",
        )

    def _tell_undecided(self, table: _Pasted, codes: Iterable[str]) -> None:
        for code in codes:
            amount = money.fixed(table.get("income.fiscal", code))
            self._found.tell(
                "INP104",
                f"科目 {code} 的财政拨款收入 {amount} 分不清各属哪项资金",
                self._cell_place(table, "income.fiscal", code),
                "请粘贴财政拨款收支总表（表4）并核对它的数，或在“收入”里按资金填写。",
            )

    def _tell_year_end_without_funds(self, whole: _Pasted) -> None:
        amount = money.fixed(whole.get("year_end.total"))
        self._found.tell(
            "INP104",
            f"年终结转结余 {amount} 分不清各属哪项资金",
            self._cell_place(whole, "year_end.total", TOTAL),
            "请粘贴财政拨款收支总表（表4），或填写“年终结转”。",
        )

    def _code_place(self, table: _Pasted, code: str) -> Place:
        index = table.columns[table.form.column("编码")]
        return self._found.place(table.page, table.codes[code][0], index)

    def _cell_place(self, table: _Pasted, measure: str, row: str) -> Place:
        if cell := table.cells.get((measure, row)):
            return self._found.place(table.page, cell.row, cell.column)
        return Place(self._found.file, table.page.name)


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


@cache
def _columns_of(model: type[Model]) -> dict[str, str]:
    """The columns of a sheet by the names of the model's fields."""
    return dict(zip(model.model_fields, aliases(model), strict=True))


def _sum(table: _Pasted, fund: str, code: str) -> Decimal:
    return table.get(f"{fund}.basic", code) + table.get(f"{fund}.project", code)


def _whole(split: _Split) -> Decimal:
    return sum((amount for part in split.values() for amount in part.values()), ZERO)


def _by_fund(
    earned: Decimal, out: Mapping[str, Decimal], used: Sequence[str]
) -> tuple[dict[str, Decimal], bool]:
    """A subject's 财政拨款收入 by the funds that it is spent from, and whether that is certain."""
    parts = dict.fromkeys(out, ZERO)
    funds = [fund for fund, amount in out.items() if amount] or list(used)
    if earned == sum(out.values(), ZERO):
        return dict(out), True
    rest = earned
    for fund in funds:
        parts[fund] = min(rest, out[fund])
        rest -= parts[fund]
    parts[funds[0] if funds else FUNDS[0]] += rest
    return parts, len(funds) == 1 or not earned


def _fit(split: _Split, sums: Mapping[str, Decimal], loose: Sequence[str]) -> None:
    """Move amounts between funds within their subjects until the funds have the given sums.

    ``loose``: subjects whose funds do not follow from their expenditure; these are moved first.
    """
    excess = {f: sum(part.values(), ZERO) - sums[f] for f, part in split.items()}
    for over, part in split.items():
        if excess[over] <= 0:
            continue
        codes = (*loose, *(code for code in part if code not in loose))
        for under in split:
            for code in codes:
                moved = min(part[code], excess[over], -excess[under])
                if moved > 0:
                    part[code] -= moved
                    split[under][code] += moved
                    excess[over] -= moved
                    excess[under] += moved
