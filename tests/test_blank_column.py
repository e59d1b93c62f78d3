"""``内容: 空白``: a column of any table that is printed with its header and stays empty, as 备注."""

from __future__ import annotations

import re
import shutil
from copy import deepcopy
from pathlib import Path

import budgets
import pytest
from broken_templates import DOCUMENT, packed, parts_of
from lxml import etree
from support import W, work_out

from generator import pack as packs
from generator import written
from generator.maintain import check, fieldlist
from generator.maintain.diff import Difference, differences
from generator.pack import TABLE_IDS, Column, Pack, Table
from generator.pack.model import CONTENTS
from generator.problem import UserError
from generator.sources.pasted import DECLARED, Merged, merge
from generator.sources.raw import Page
from generator.tags import loop_in

BASE = "hebei/2025"
REMARKS = "备注"
WIDTH = 400  # twips, of the new column
EMPTY = {"政府采购": [], "国有资产": [], "机构设置": []}
NESTED = {"绩效": "指标"}
"""The tables whose rows are nested in blocks, and the loop over these."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack whose every table has 备注 as its last column, in its .yaml and in Word."""
    made = tmp_path_factory.mktemp("packs") / "某省" / "2025"
    shutil.copytree(packs.packs_root() / BASE, made)
    for file in (made / "tables").iterdir():
        file.write_text(with_column(file.read_text("utf-8")), encoding="utf-8")
    template = made / "disclosure.docx"
    parts = parts_of(template.read_bytes())
    body = etree.fromstring(parts[DOCUMENT])
    tables = packs.load(BASE).tables.values()
    for grid in body.iter(f"{W}tbl"):
        loops = map(loop_in, re.findall("{%tr.*?%}", "".join(map(str, grid.itertext()))))
        name = next(loop.table for loop in loops if loop is not None)
        add_column(grid, next(t for t in tables if name in (t.name, NESTED.get(t.source))))
    parts[DOCUMENT] = etree.tostring(body, xml_declaration=True, encoding="UTF-8")
    template.write_bytes(packed(parts))
    return made


def with_column(text: str) -> str:
    """A table's .yaml with a cell more in each row of its header, and a column more."""
    head, rest = re.split(r"(?<=\n)(?=行来源:)", text)
    *rows, end = head.split("]\n")
    words = header_words("栏次" in head, len(rows))
    head = "".join(f'{row}, "{word}"]\n' for row, word in zip(rows, words, strict=True)) + end
    column = f"  - {{名: {REMARKS}, 内容: 空白}}\n"
    return head + re.sub(r"(?:  - \{名: .*\}\n)+", lambda m: m[0] + column, rest, count=1)


def header_words(merged: bool, rows: int) -> list[str]:
    """Of the new column: merged from top to bottom, or in the lowest row of the header."""
    return [REMARKS, *["^"] * (rows - 1)] if merged else [*[""] * (rows - 1), REMARKS]


def add_column(grid: etree._Element, table: Table) -> None:
    """What Word makes of “insert a column to the right” of the last one, with 备注 typed in."""
    last = grid.findall(f"{W}tblGrid/{W}gridCol")[-1]
    last.set(f"{W}w", str(int(str(last.get(f"{W}w"))) - WIDTH))
    etree.SubElement(last.getparent(), f"{W}gridCol").set(f"{W}w", str(WIDTH))
    rows = grid.findall(f"{W}tr")
    heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
    words = header_words(table.id in TABLE_IDS, len(table.header))
    header = dict(zip(heads[len(heads) - len(table.header) :], words, strict=True))
    for row in rows:
        cell = row.findall(f"{W}tc")[-1]
        if row in header:
            put_cell(cell, header[row], merged=table.id in TABLE_IDS)
        elif row in heads or "{%tr" in "".join(map(str, row.itertext())):
            widen(cell)
        else:
            put_cell(cell, f"{{{{ 行.{REMARKS} }}}}")
        fit(row, [int(str(column.get(f"{W}w"))) for column in grid.iter(f"{W}gridCol")])


def put_cell(last: etree._Element, text: str, *, merged: bool = False) -> None:
    """A cell behind the last one of its row, the same but for its text.

    ``merged``: with the cells of its column; ``^`` goes on with the one above.
    """
    cell = deepcopy(last)
    for name in ("gridSpan", "vMerge"):
        for found in cell[0].findall(f"{W}{name}"):
            cell[0].remove(found)
    if merged:
        going = "continue" if text == "^" else "restart"
        cell[0].insert(1, etree.Element(f"{W}vMerge", {f"{W}val": going}))
    for run in cell.findall(f"{W}p/{W}r"):
        run.getparent().remove(run)
    run = etree.SubElement(cell.find(f"{W}p"), f"{W}r")
    etree.SubElement(run, f"{W}t").text = text.strip("^")
    last.addnext(cell)


def fit(row: etree._Element, widths: list[int]) -> None:
    """Each cell as wide as its columns."""
    for cell in row.findall(f"{W}tc"):
        span = cell[0].find(f"{W}gridSpan")
        count = 1 if span is None else int(str(span.get(f"{W}val")))
        cell[0][0].set(f"{W}w", str(sum(widths[:count])))
        del widths[:count]


def widen(last: etree._Element) -> None:
    """The last cell of a row takes the new column in."""
    span = last[0].find(f"{W}gridSpan")
    if span is None:
        span = etree.Element(f"{W}gridSpan", {f"{W}val": "1"})
        last[0].insert(1, span)
    span.set(f"{W}val", str(int(str(span.get(f"{W}val"))) + 1))


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return packs.load_folder(folder, "某省/2025")


# --- the pack -----------------------------------------------------------------------------------


def test_every_table_of_the_pack_has_one(pack: Pack) -> None:
    tables = [table for table in pack.tables.values()]
    assert {table.source for table in tables} == set(CONTENTS)
    for table in tables:
        assert table.columns == (*table.filled, Column(名=REMARKS, 内容="空白"))
        assert table.measures == packs.load(BASE).tables[table.id].measures


def test_the_template_check_finds_nothing(pack: Pack) -> None:
    assert [str(finding) for finding in check.template(pack)] == []


def test_the_header_must_have_a_cell_for_it(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "某省" / "2025"))
    file = copy / "tables" / "t3.yaml"
    file.write_text(file.read_text("utf-8").replace(f', "{REMARKS}"]', "]"), encoding="utf-8")
    with pytest.raises(UserError, match="各表头行都应有 10 格，与列数相同。"):
        packs.load_folder(copy, "某省/2025")


def test_a_slip_of_the_pen_is_told(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "某省" / "2025"))
    file = copy / "tables" / "t3.yaml"
    file.write_text(file.read_text("utf-8").replace("内容: 空白", "内容: 空"), encoding="utf-8")
    with pytest.raises(UserError, match=r"列“备注”不能填“空”.*是不是“空白”？"):
        packs.load_folder(copy, "某省/2025")


def test_the_fields_of_a_pack_name_it(pack: Pack) -> None:
    """It is typed into Word like any other, and stands with its table."""
    told = fieldlist.as_text(fieldlist.sections(pack))
    count = len(pack.tables) + 1  # that of a project once for each of the two parts
    assert len(re.findall(r"\{\{ 行\.备注 \}\} +留空的列，只印表头　来自 自动填", told)) == count


def test_the_difference_to_the_base_is_told_in_words(pack: Pack) -> None:
    found = [one for one in differences(packs.load(BASE), pack) if one.what == "列"]
    assert len(found) == len(pack.tables)
    assert Difference("表 T1 收支总表", "列", None, "备注：空白") in found


# --- the document -------------------------------------------------------------------------------


TREES = {"filled": budgets.department(), "empty": {**budgets.department(), **EMPTY}}


@pytest.mark.parametrize("name", TREES)
def test_it_is_printed_and_nothing_stands_in_it(name: str, pack: Pack, folder: Path) -> None:
    """The very file is read again, and the program's own comparison finds nothing."""
    document = work_out(TREES[name], str(folder))
    data = document.render()
    assert document.verify(data) == []
    grids = [item for item in written.read(data).items if isinstance(item, written.WrittenTable)]
    printed = [grid for grid in grids if any(REMARKS in row for row in grid.rows)]
    assert len(printed) == len(pack.tables)
    for grid in printed:
        column = [row[-1] for row in grid.rows]
        assert len(grid.rows) > grid.headers and column.count(REMARKS) == 1
        assert set(column[column.index(REMARKS) + 1 :]) == {""}


def test_a_word_in_it_is_seen_when_the_file_is_read_again(folder: Path) -> None:
    document = work_out(budgets.department(), str(folder))
    parts = parts_of(document.render())
    body = etree.fromstring(parts[DOCUMENT])
    [grid] = body.findall(f".//{W}tblCaption[@{W}val='支出总表']/../..")
    cell = grid.findall(f"{W}tr")[-1].findall(f"{W}tc")[-1]
    etree.SubElement(etree.SubElement(cell.find(f"{W}p"), f"{W}r"), f"{W}t").text = "甲"
    parts[DOCUMENT] = etree.tostring(body, xml_declaration=True, encoding="UTF-8")
    told = [p.message for p in document.verify(packed(parts)) if p.rule == "REN001"]
    assert len(told) == 1 and re.search("“支出总表”表第 .* 行第 10 格应为“”，文档里是“甲”", told[0])


# --- pasted tables ------------------------------------------------------------------------------

LEAVES = ("收入", "支出", "基本支出", "三公经费", "年终结转")
TREE = {key: value for key, value in budgets.department().items() if key not in LEAVES}


@pytest.fixture
def pages(pack: Pack, folder: Path) -> list[Page]:
    """The nine tables as the form prints them."""
    [content] = work_out(budgets.department(), str(folder)).contents
    return [
        Page(
            f"表{number}",
            [
                *(
                    ["" if word in "<^" else word for word in row]
                    for row in pack.tables[id_].header
                ),
                *(list(row.values()) for row in content.tables[id_].rows),
            ],
        )
        for number, id_ in enumerate(TABLE_IDS, 1)
    ]


def merged(pages: list[Page], pack: Pack) -> Merged:
    return merge(TREE, pages, pack, "预算.xlsx")


def test_pasted_tables_may_have_it_or_not(pack: Pack, pages: list[Page]) -> None:
    bare = [Page(page.name, [row[:-1] for row in page.rows]) for page in pages]
    with_it, without = merged(pages, pack), merged(bare, pack)
    assert with_it.problems == without.problems == []
    assert with_it.tree == without.tree
    assert len(with_it.tree[DECLARED]) > 100
    assert REMARKS in pages[2].rows[0] and REMARKS not in bare[2].rows[0]


def test_words_in_it_are_told_and_nothing_else_changes(pack: Pack, pages: list[Page]) -> None:
    """Not silently lost; the header that a second page repeats is no such word."""
    plain = merged(pages, pack).tree
    rows = pages[2].rows
    rows[4][-1], rows[5][-1] = "注意：含上年结转", "—"
    rows[6:6] = [list(rows[0])]
    rows[7][-1] = "一次性"
    found = merged(pages, pack)
    assert [(p.rule, p.place and p.place.cell, p.message) for p in found.problems] == [
        ("INP112", "J5", "“备注”这一列按格式不填，这里写了 2 格，不会用到")
    ]
    assert found.tree == plain
