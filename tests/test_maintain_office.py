"""A template edited and saved in LibreOffice Writer: it passes, prints the same, pages and all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import office_macro
import pages_measure
import pytest
from pages_measure import FONTS, measure
from support import Docx, Made, Table, Tree, work_out
from test_pages import office_test

from generator import pack as packs
from generator.maintain import check
from generator.render import DocumentTemplate
from generator.render import context as template_context

PACK_ID = "hebei/2025"

RETYPE = """
  Dim at As Object
  at = Found(doc, "{{ 部门.收入总表.标题 }}")
  at.setString("{{ 部门.收入")
  at.getText().insertString(at.getEnd(), "总表.标题 }}", False)
  at = Found(doc, "单位：万元")
  at.setString("金额单位：万元")
"""
SMALLER = """
  Dim style As Object
  style = doc.StyleFamilies.getByName("ParagraphStyles").getByName("Text body")
  style.CharHeight = 15 : style.CharHeightAsian = 15
"""
SWAP = """
  Dim t As Object, i As Integer, left As Object, right As Object, words As String
  t = TableWith(doc, "{{ 行.单位规格 }}")
  For i = 1 To t.getRows().getCount()
    left = t.getCellByName("C" & i) : right = t.getCellByName("D" & i)
    If Not (IsNull(left) Or IsNull(right)) Then
      words = left.getString() : left.setString(right.getString()) : right.setString(words)
    End If
  Next i
"""
UNKNOWN = """
  Found(doc, "{{ 部门.情况说明标题 }}").setString("{{ 部门.情况说明标提 }}")
"""
BOOKMARK = """
  Dim at As Object, mark As Object
  at = Found(doc, "封面.名称")
  at.collapseToEnd()
  mark = doc.createInstance("com.sun.star.text.Bookmark")
  mark.setName("某处")
  at.getText().insertTextContent(at, mark, False)
"""
COMMENT = """
  Dim note As Object
  note = doc.createInstance("com.sun.star.text.textfield.Annotation")
  note.Content = "这里要改吗" : note.Author = "甲"
  Dim at As Object
  at = Found(doc, "{{ 目录.标题 }}")
  at.getText().insertTextContent(at.getEnd(), note, False)
"""
TRACKED = """
  doc.RecordChanges = True
  Found(doc, "{{ 目录.标题 }}").setString("{{ 目录.标题 }}")
"""
FOOTER = """
  Dim styles As Object, i As Integer
  styles = doc.StyleFamilies.getByName("PageStyles")
  For i = 0 To styles.getCount() - 1
    styles.getByIndex(i).FooterIsOn = False
  Next i
"""
LINE = """
  Dim style As Object, space As New com.sun.star.style.LineSpacing
  space.Mode = com.sun.star.style.LineSpacingMode.PROP : space.Height = 150
  doc.StyleFamilies.getByName("ParagraphStyles").getByName("Text body").ParaLineSpacing = space
"""
EDITS = {"retype": RETYPE, "smaller": SMALLER, "swap": SWAP}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """A template of the pack after an edit in Writer; each is made once."""
    template = packs.load(PACK_ID).template.read_bytes()
    made: dict[str, bytes] = {}

    def edit(macro: str) -> bytes:
        if macro not in made:
            made[macro] = office_macro.edited(template, macro, tmp_path_factory.mktemp("office"))
        return made[macro]

    return edit


def pack_with(docx: bytes, folder: Path, *, swapped: bool = False) -> Path:
    """A pack with this template; ``swapped``: its tables as the macro has left them."""
    target = folder / "某地" / "2025"
    shutil.copytree(packs.load(PACK_ID).folder, target)
    (target / "disclosure.docx").write_bytes(docx)
    if swapped:
        file = target / "tables" / "institutions.yaml"
        text = file.read_text(encoding="utf-8")
        text = text.replace("单位规格, 经费保障形式", "经费保障形式, 单位规格")
        lines = text.splitlines()
        at = next(i for i, line in enumerate(lines) if "名: 单位规格" in line)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def render(docx: bytes, tree: Tree, pack: str) -> Made:
    main, *units = work_out(tree, pack).contents
    return Made(DocumentTemplate(docx).render(template_context.build(main, units)))


def figures(docx: Docx) -> list[list[str]]:
    """The cells of every table below its header, in any order."""
    return [
        sorted(cell for row in item.rows[item.headers :] for cell in row)
        for item in docx.items
        if isinstance(item, Table)
    ]


@office_test
@pytest.mark.parametrize("name", EDITS)
def test_an_edited_template_passes_and_prints_the_same(
    name: str, saved: Callable[[str], bytes], tmp_path: Path
) -> None:
    docx = saved(EDITS[name])
    folder = pack_with(docx, tmp_path, swapped=name == "swap")
    assert check.of(str(folder), None, tmp_path).findings == ()
    tree = pages_measure.department(3)
    good = packs.load(PACK_ID).template.read_bytes()
    own = render(docx, tree, str(folder))
    assert figures(own) == figures(render(good, tree, PACK_ID))
    assert work_out(tree, str(folder)).verify(own.data) == []


@office_test
def test_the_numbers_of_the_contents_are_those_of_libreoffice(
    saved: Callable[[str], bytes], tmp_path: Path
) -> None:
    tree = pages_measure.department(3)
    made = []
    for name, macro in EDITS.items():
        folder = pack_with(saved(macro), tmp_path / name, swapped=name == "swap")
        made.append((name, render(saved(macro), tree, str(folder))))
    tally = measure(made, FONTS["known"], tmp_path / "out", tmp_path / "profile")
    assert tally.lines > 50 and not tally.misses and not tally.lost


BROKEN = {
    "unknown": (UNKNOWN, ["没有“部门.情况说明标提”这个占位符"]),
    "bookmark": (BOOKMARK, ["标记“{{ 封面.名称 }}”中间夹着书签"]),
    "comment": (COMMENT, ["有批注"]),
    "tracked": (TRACKED, ["有没有接受的修订"]),
    "footer": (FOOTER, ["没有页脚，页上没有页码，可能是 LibreOffice 保存时丢的"]),
    "line": (LINE, ["段落行距不是固定值，页码会随字体变"]),
    "swap": (SWAP, ["表头是“经费保障形式”，格式包里是“单位规格”"]),
}


@office_test
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_in_writer_is_told(
    name: str, saved: Callable[[str], bytes], tmp_path: Path
) -> None:
    macro, messages = BROKEN[name]
    folder = pack_with(saved(macro), tmp_path)
    found = check.of(str(folder), None, tmp_path).findings
    assert [m for m in messages if m not in [f.message for f in found]] == []
    assert all(re.search(r"第 \d+ 段|表“|样式“|页脚|正文", f.place) for f in found)
