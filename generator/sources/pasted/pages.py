"""The pages: which table each one is, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from generator.form import nearest
from generator.pack import TABLE_IDS
from generator.problem import Place
from generator.sources.pasted.body import Body
from generator.sources.pasted.forms import Form
from generator.sources.pasted.found import Found, PastedTable
from generator.sources.pasted.header import (
    MAX_HEADER_ROW,
    header_rows,
    match_columns,
    read_unit,
)
from generator.sources.pasted.words import fold_title
from generator.sources.raw import Page

_EXCEL_NAME: Final = 31  # Excel cuts the names of sheets there
_NUMBERED = re.compile(r"^(?:附件|附表|附|公开)?(?:表|T)?0?([1-9一二三四五六七八九])(?![0-9])表?")
_CHINESE_DIGITS: Final = "一二三四五六七八九"


def read_pages(
    pages: Iterable[Page], forms: Sequence[Form], file: str, missing: Sequence[str] = ()
) -> Found:
    """Every table once, in the form's order; what is no table is told."""
    found = Found(file)
    for page in pages:
        if not any(cell.strip() for row in page.rows for cell in row if cell):
            continue
        form = _recognise(page, forms)
        whole = Place(file, page.name)
        if form is None:
            found.unknown.add(page.name)
            near = nearest(page.name, missing)
            found.tell(
                "INP102",
                f"不认识工作表“{page.name}”，里面的内容不会用到",
                whole,
                f"{near}是的话，请改成这个名字。"
                if near
                else "粘贴的预算表，工作表可以叫“表1”到“表9”，或用表的标题；别的请删去。",
            )
        elif (before := found.tables.get(form.table.id)) is not None:
            found.tell(
                "INP102",
                f"工作表“{page.name}”和“{before.page.name}”都是{form.table.name}，只用了后者",
                whole,
                "请删去多余的一张。",
            )
        else:
            found.tables[form.table.id] = pasted = PastedTable(form, page)
            _read_page(pasted, found)
    found.tables = {i: found.tables[i] for i in TABLE_IDS if i in found.tables}
    return found


def _read_page(pasted: PastedTable, found: Found) -> None:
    form, page = pasted.form, pasted.page
    header = header_rows(form, page)
    read_unit(page, header[-1] + 1 if header else MAX_HEADER_ROW, found)
    if not header:
        found.tell(
            "INP103",
            f"找不到{form.table.name}的表头",
            Place(found.file, page.name),
            f"表头应有：{'、'.join(form.shown)}。请连同表头一起粘贴。",
        )
        return
    pasted.columns = match_columns(form, page, header, found)
    reader = Body(pasted, found)
    if form.blocks:
        reader.labelled(header[-1] + 1)
    else:
        reader.subjects(header[-1] + 1)
    reader.serials(header[-1] + 1)
    reader.unprinted(header[-1] + 1)


def _recognise(page: Page, forms: Sequence[Form]) -> Form | None:
    """By a title in the name, else by a title line in the page, else by a number in the name.

    The number comes last: other offices number their tables in another order.
    """
    name = fold_title(page.name)
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


def _titled_inside(page: Page, forms: Sequence[Form]) -> Form | None:
    """By a title line above the table's header; a list of contents has titles without headers."""
    header = frozenset[str]().union(*(form.words for form in forms))
    for row in page.rows[:MAX_HEADER_ROW]:
        words = [fold_title(cell) for cell in row if cell]
        if sum(word in header for word in words) >= 2:
            return None
        for word in words:
            if (form := _titled(word, forms)) and header_rows(form, page):
                return form
    return None


def _titled(text: str, forms: Iterable[Form]) -> Form | None:
    titles = [(len(title), form) for form in forms for title in form.titles if title in text]
    return max(titles, key=lambda found: found[0])[1] if titles else None


def _cut(name: str, folded: str, forms: Iterable[Form]) -> Form | None:
    """A title that Excel cut off: the table whose title's beginning ends the name, if only one."""
    if len(name) != _EXCEL_NAME:
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
