"""The form workbook: a tree, blank or filled, as an .xlsx that people like to fill in.

Generated from the models, the pack and the relations, so that headers, drop-downs and balance
cells cannot drift from the program. Every sheet has its title and progress in row 1, live totals
or a hint in row 2, the header in row 3 and its entries from row 4. Formulas are locked, without a
password; entries, names and the sheets for pasted tables are not.
"""

from __future__ import annotations

from generator.pack import Pack
from generator.sources.blank.balance import BALANCE, write_balance
from generator.sources.blank.look import Book
from generator.sources.blank.pages import (
    PASTED,
    fill_guide,
    write_codes,
    write_record,
    write_texts,
)
from generator.sources.blank.plan import FORM_SHEETS, Plan
from generator.sources.blank.tables import GREY, TablePage
from generator.sources.layout import GUIDE
from generator.sources.raw import Tree


def workbook(tree: Tree, pack: Pack) -> bytes:
    """A tree, which may hold little or nothing, as a form workbook; the same bytes each time.

    Raises :class:`UserError` for a text that a cell cannot hold.
    """
    plan, book = Plan(tree, pack), Book()
    book.page(GUIDE, "70AD47")
    progress: dict[str, str] = {}
    for name, sheet in FORM_SHEETS.items():
        if sheet.kind == "record":
            progress[name] = write_record(book, plan, name)
        elif sheet.kind == "texts":
            progress[name] = write_texts(book, plan)
        else:
            progress[name] = TablePage(book, plan, sheet).write()
    progress[BALANCE] = write_balance(book, plan)
    for name in PASTED:
        book.page(name, GREY).sheet_view.showGridLines = True
    for codes in (plan.functional, plan.economic, plan.catalogue):
        write_codes(book, codes)
    fill_guide(book, plan, progress)
    return book.bytes()
