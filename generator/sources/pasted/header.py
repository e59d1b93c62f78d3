"""The header of a page: its rows, the unit of money above them, and which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from generator.disclosure import TOTAL_NAME
from generator.form import nearest
from generator.sources.pasted.forms import Form
from generator.sources.pasted.found import Found
from generator.sources.pasted.words import fold
from generator.sources.raw import Page

MAX_HEADER_ROW: Final = 60  # nobody leaves more rows above a table

_UNIT = re.compile(r"单\s*位\s*[：:]?\s*(?:人民币)?\s*([十百千万亿\s]*元)")


def header_rows(form: Form, page: Page) -> list[int]:
    """The rows of the header: the first with two of its words, and what belongs to it below."""
    rows: list[int] = []
    for number, row in enumerate(page.rows[: MAX_HEADER_ROW + 4]):
        words = [fold(cell) for cell in row if cell and not cell.isspace()]
        if not words:
            continue
        if not rows:
            if looks_like_header(form, words) and number < MAX_HEADER_ROW:
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


def looks_like_header(form: Form, words: Iterable[str]) -> bool:
    return sum(word in form.words for word in words) >= 2


def read_unit(page: Page, end: int, found: Found) -> None:
    for number, row in enumerate(page.rows[:end]):
        for index, cell in enumerate(row):
            match = _UNIT.search(cell) if "元" in cell else None
            if match is None:
                continue
            unit, place = fold(match[1]), found.place(page, number, index)
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


def match_columns(form: Form, page: Page, header: Sequence[int], found: Found) -> dict[int, int]:
    """Columns of the table → columns of the page; the extra and the missing ones are told."""
    matched: dict[int, int] = {}
    grid = [page.rows[number] for number in header]
    for index in range(max(map(len, grid))):
        level = _lowest(grid, index)
        if level is None:
            continue
        word = fold(grid[level][index])
        place = found.place(page, header[level], index)
        candidates = form.columns.get(word)
        if candidates is None:
            found.tell(
                "INP103",
                f"不认识“{grid[level][index].strip()}”这一列，里面的内容不会用到",
                place,
                nearest(word, [shown for i, shown in enumerate(form.shown) if i not in matched])
                or f"{form.table.name}的列是：{'、'.join(form.shown)}。",
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
        own = form.table.columns[column]
        if column not in matched and own.content != "序号" and not own.blank:
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
    return next((fold(cell) for cell in reversed(above) if cell.strip()), "")
