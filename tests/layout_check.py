"""What a printer would look at: a document's PDF against its .docx, page by page.

    python tests/layout_check.py [--generated N] [--seed N] [--keep FOLDER]

The .docx says what must stand in the PDF and in which order, LibreOffice's PDF where each
character really stands. Told are: text that is lost or in another order, a page of a table that
does not begin with its header rows, text outside the margins or its cell or struck by a line, an
amount or code on two lines, a heading alone at the foot of a page, a line that begins with a
closing mark, a page that is almost empty. Lengths are in points. Ends with exit code 1 when
anything is found, in the three cases and so many invented departments.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import pdfplumber
from budgets import department
from lxml import etree
from pages_measure import AT_ONCE, FONTS, document, pdfs
from support import CASES, Docx, Made, Tree, W, make, paragraph_text

NARROW = 0.6  # what rounding moves a character
EMPTIEST = 0.1
_ONE_LINE = re.compile(r"-?\d+\.\d\d|\d+|[A-Z]\d{6,8}")
"""Amounts, numbers and codes."""


class Fault(NamedTuple):
    """What is wrong, on which page of the file, and where."""

    kind: str
    page: int
    words: str


# --- the PDF --------------------------------------------------------------------------------------


class Glyph(NamedTuple):
    """A character as it stands; ``top`` is counted from the upper edge of the page."""

    text: str
    page: int
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass
class Sheet:
    """A page of the PDF."""

    glyphs: list[Glyph] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)
    """Horizontal lines: y, and from which x to which."""
    lowest: float = 0


def read_pdf(file: Path) -> list[Sheet]:
    """All pages. Blanks are left out, characters of compatibility are told as the common ones."""
    sheets = []
    with pdfplumber.open(file) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            sheet = Sheet()
            for char in page.chars:
                box = (number, *(char[side] for side in ("x0", "x1", "top", "bottom")))
                sheet.glyphs += [Glyph(letter, *box) for letter in plain(char["text"])]
            sheet.across = [
                (line["top"], line["x0"], line["x1"])
                for line in page.lines
                if abs(line["bottom"] - line["top"]) < NARROW
            ]
            sheets.append(sheet)
            page.close()
    return sheets


def plain(text: str) -> str:
    """Text by which the two files can be compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


HANGING = plain("。，、；：！？．")
NOT_FIRST = plain("。，、；：！？．）》〉」』】〕”’")


# --- the .docx ------------------------------------------------------------------------------------


@dataclass
class Piece:
    """A paragraph outside of tables, or a row: its text, and the cells with their places."""

    text: str
    style: str = ""
    cells: list[tuple[str, float, float]] = field(default_factory=list)
    """(text, left edge, right edge) of each cell of a row."""
    table: int = -1
    header: bool = False
    breaks: bool = False
    """A row that may go on on the next page."""
    glyphs: list[Glyph] = field(default_factory=list)


class Page(NamedTuple):
    """Where text may stand."""

    left: float
    right: float
    top: float
    bottom: float


def read_page(docx: Docx) -> Page:
    """The margins; all sections have the same."""
    section = docx.body.findall(f".//{W}sectPr")[-1]

    def measure(tag: str, name: str) -> float:
        return int(str(section.find(W + tag).get(W + name))) / 20  # type: ignore[union-attr]

    return Page(
        measure("pgMar", "left"),
        measure("pgSz", "w") - measure("pgMar", "right"),
        measure("pgMar", "top"),
        measure("pgSz", "h") - measure("pgMar", "bottom"),
    )


def read_pieces(docx: Docx, page: Page) -> list[Piece]:
    """Paragraphs and rows, in order."""
    pieces: list[Piece] = []
    for number, element in enumerate(docx.body):
        if element.tag == f"{W}p":
            style = element.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else str(style.get(f"{W}val"))
            pieces.append(Piece(_with_tabs(paragraph_text(element)), name))
        elif element.tag == f"{W}tbl":
            widths = [int(str(c.get(f"{W}w"))) / 20 for c in element.iterfind(f"{W}tblGrid/*")]
            left = (page.left + page.right - sum(widths)) / 2
            edges = list(accumulate(widths, initial=left))
            pieces += [_row(row, edges, number) for row in element.iterfind(f"{W}tr")]
    return pieces


def _with_tabs(text: str) -> str:
    return "\t".join(plain(part) for part in text.split("\t"))


def _row(row: etree._Element, edges: Sequence[float], table: int) -> Piece:
    cells, column = [], 0
    for cell in row.iterfind(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        last = column + (1 if span is None else int(str(span.get(f"{W}val"))))
        text = plain("".join(paragraph_text(p) for p in cell.iterfind(f"{W}p")))
        cells.append((text, edges[column], edges[last]))
        column = last
    return Piece(
        "".join(text for text, _, _ in cells),
        cells=cells,
        table=table,
        header=row.find(f"{W}trPr/{W}tblHeader") is not None,
        breaks=row.find(f"{W}trPr/{W}cantSplit") is None,
    )


# --- the one against the other --------------------------------------------------------------------


class Comparison:
    """Walks through both and gives each paragraph and row its characters."""

    def __init__(self, pieces: Sequence[Piece], glyphs: Sequence[Glyph]) -> None:
        self.pieces = pieces
        self.faults: list[Fault] = []
        self._glyphs = glyphs
        self._all = "".join(glyph.text for glyph in glyphs)
        self._at = 0

    def run(self) -> None:
        """Match everything; what does not is told, and passed over."""
        headers: list[Piece] = []
        for number, piece in enumerate(self.pieces):
            before = self.pieces[number - 1] if number else piece
            if piece.table != before.table or piece.table < 0:
                headers = []
            if piece.header:
                headers.append(piece)
            elif headers and piece.text and self._new_page():
                self._repeated(headers)
            if piece.text and not self._match(piece):
                self._lost(piece)
        if self._at < len(self._glyphs):
            self._tell("text that is not in the document", self._all[self._at :])

    def _new_page(self) -> bool:
        """Whether what comes next stands on another page than what came last."""
        here = self._at
        return 0 < here < len(self._glyphs) and (
            self._glyphs[here].page != self._glyphs[here - 1].page
        )

    def _repeated(self, headers: Sequence[Piece]) -> None:
        for header in headers:
            if self._all.startswith(header.text, self._at):
                self._at += len(header.text)
            else:
                self._tell("a page of a table without its header rows", header.text)

    def _match(self, piece: Piece) -> bool:
        end = self._end(piece)
        if end is None:
            return False
        piece.glyphs = list(self._glyphs[self._at : end])
        self._at = end
        return True

    def _end(self, piece: Piece) -> int | None:
        """Where a piece ends that begins here; the dots that lead to a page number are a tab."""
        if piece.breaks:  # its cells lie side by side on the one page and on the next
            end = self._at + len(piece.text)
            return end if Counter(self._all[self._at : end]) == Counter(piece.text) else None
        at = self._at
        for part in piece.text.split("\t"):
            while at > self._at and self._all.startswith(".", at):
                at += 1
            if not self._all.startswith(part, at):
                return None
            at += len(part)
        return at

    def _lost(self, piece: Piece) -> None:
        self._tell("a row or paragraph is lost, or not in its order", piece.text)
        found = self._all.find(piece.text.split("\t")[0], self._at)
        if 0 <= found < self._at + 2000:  # go on behind it
            self._at = found
            self._match(piece)

    def _tell(self, kind: str, words: str) -> None:
        last = min(self._at, len(self._glyphs) - 1)
        self.faults.append(Fault(kind, self._glyphs[last].page if self._glyphs else 0, words[:40]))


# --- the checks -----------------------------------------------------------------------------------


def check(docx: bytes, pdf: Path) -> list[Fault]:
    """Everything that is wrong with the pages of a document."""
    document, sheets = Docx(docx), read_pdf(pdf)
    page = read_page(document)
    pieces = read_pieces(document, page)
    faults = list(_margins(sheets, page))
    comparison = Comparison(pieces, [glyph for sheet in sheets for glyph in sheet.glyphs])
    comparison.run()
    faults += comparison.faults
    for piece in pieces:
        faults += _cells(piece) if piece.table >= 0 else _lines(piece)
    faults += _struck(sheets)
    faults += _headings(pieces, outlines(document))
    faults += _fill(pieces, sheets, page, new_pages(document))
    return sorted(faults, key=lambda fault: fault.page)


def _margins(sheets: Sequence[Sheet], page: Page) -> Iterator[Fault]:
    """Text beyond the margins, but for the foot, which is taken away, and marks that hang."""
    for number, sheet in enumerate(sheets, 1):
        foot = [g for g in sheet.glyphs if (g.top + g.bottom) / 2 > page.bottom]
        sheet.glyphs = [g for g in sheet.glyphs if (g.top + g.bottom) / 2 <= page.bottom]
        words = "".join(glyph.text for glyph in foot)
        if not re.fullmatch(r"(-\d+-)?", words):
            yield Fault("text below the lower margin", number, words[:40])
        outside = [g for g in sheet.glyphs if not _inside(g, page)]
        if outside:
            words = "".join(glyph.text for glyph in outside)
            yield Fault("text outside the margins", number, words[:40])
        lines = [y for y, _, _ in sheet.across if y <= page.bottom + NARROW]
        sheet.lowest = max([*(g.bottom for g in sheet.glyphs), *lines], default=0)


def _inside(glyph: Glyph, page: Page) -> bool:
    right = page.right + (glyph.x1 - glyph.x0 if glyph.text in HANGING else 0)
    middle = (glyph.top + glyph.bottom) / 2
    wide = glyph.x0 >= page.left - NARROW and glyph.x1 <= right + NARROW
    return wide and page.top <= middle <= page.bottom


def _cells(piece: Piece) -> Iterator[Fault]:
    """Each cell's text stands between its edges, amounts and codes on one line."""
    if piece.breaks or not piece.glyphs:
        return
    at = 0
    for text, left, right in piece.cells:
        glyphs, at = piece.glyphs[at : at + len(text)], at + len(text)
        if any(g.x0 < left - NARROW or g.x1 > right + NARROW for g in glyphs):
            yield Fault("text outside its cell", glyphs[0].page, text[:40])
        if _ONE_LINE.fullmatch(text) and len(_tops(glyphs)) > 1:
            yield Fault("an amount or a code on two lines", glyphs[0].page, text)


def _tops(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The lines of a text."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        new = not lines or glyph.page != lines[-1][-1].page or glyph.x0 < lines[-1][-1].x0
        lines.append([glyph]) if new else lines[-1].append(glyph)
    return lines


def _lines(piece: Piece) -> Iterator[Fault]:
    """No line of running text begins with a mark that belongs to the one before."""
    for line in _tops(piece.glyphs)[1:]:
        if line[0].text in NOT_FIRST:
            words = "".join(glyph.text for glyph in line)
            yield Fault("a line begins with a closing mark", line[0].page, words[:40])


def _struck(sheets: Sequence[Sheet]) -> Iterator[Fault]:
    """No line of a table goes through text: a cell that is too low for it."""
    for sheet in sheets:
        for glyph in sheet.glyphs:
            middle, quarter = (glyph.x0 + glyph.x1) / 2, (glyph.bottom - glyph.top) / 4
            for y, start, end in sheet.across:
                if glyph.top + quarter < y < glyph.bottom - quarter and start < middle < end:
                    yield Fault("a line through text", glyph.page, glyph.text)


def _headings(pieces: Sequence[Piece], levels: dict[str, int]) -> Iterator[Fault]:
    """A heading stands on the page of what follows it."""
    filled = [piece for piece in pieces if piece.glyphs]
    for piece, following in pairwise(filled):
        if levels.get(piece.style, 9) == 9 and piece.style != "SmallTableTitle":
            continue
        if following.glyphs[0].page != piece.glyphs[-1].page:
            yield Fault("a heading last on its page", piece.glyphs[-1].page, piece.text[:40])


def _fill(
    pieces: Sequence[Piece], sheets: Sequence[Sheet], page: Page, new: frozenset[str]
) -> Iterator[Fault]:
    """No page is almost empty, unless what follows it must begin a page, or nothing follows."""
    first: dict[int, Piece] = {}
    for piece in pieces:
        for glyph in piece.glyphs[:1]:
            first.setdefault(glyph.page, piece)
    for number, sheet in enumerate(sheets[:-1], 1):
        following = first.get(number + 1)
        filled = (sheet.lowest - page.top) / (page.bottom - page.top)
        if filled < EMPTIEST and (following is None or following.style not in new):
            yield Fault("a page almost empty", number, f"{filled:.0%}")


def outlines(docx: Docx) -> dict[str, int]:
    """Style → its outline level, inherited ones included."""
    styles = {
        str(style.get(f"{W}styleId")): style
        for style in docx.xml("word/styles.xml").iterfind(f"{W}style")
    }

    def level(id_: str) -> int:
        own = styles[id_].find(f"{W}pPr/{W}outlineLvl")
        based = styles[id_].find(f"{W}basedOn")
        if own is not None:
            return int(str(own.get(f"{W}val")))
        return 9 if based is None else level(str(based.get(f"{W}val")))

    return {id_: level(id_) for id_ in styles}


def new_pages(docx: Docx) -> frozenset[str]:
    """The styles that begin a page: by themselves, or as the titles of level 1, which always do."""
    found = {
        str(style.get(f"{W}styleId"))
        for style in docx.xml("word/styles.xml").iterfind(f"{W}style")
        if style.find(f"{W}pPr/{W}pageBreakBefore") is not None
    }
    return frozenset(found | {id_ for id_, level in outlines(docx).items() if level == 0})


# --- the command ----------------------------------------------------------------------------------

_MOST = "1034567.89"
"""As many digits as a column is made for; the sums of a row have no more."""
_FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算")


def widest() -> Tree:
    """A department with names and amounts as long as there are, in every column."""
    tree = department()
    income = (*_FUNDS, "财政专户管理资金", "事业收入", "事业单位经营收入")
    income = (*income, "上级补助收入", "附属单位上缴收入", "结转（其他资金）")
    spending = ("基本支出", "项目支出", "经营支出", "上解上级支出", "对附属单位补助支出")
    sources = ("一般公共预算拨款", "基金预算拨款", "国有资本经营预算拨款", "财政专户核拨")
    sources = (*sources, "单位资金", "财政拨款结转", "非财政拨款结转结余")
    tree["收入"] = [{"科目编码": "2010399", **dict.fromkeys(income, _MOST)}]
    tree["支出"] = [{"科目编码": "2010399", "资金性质": fund} for fund in _FUNDS]
    for row in tree["支出"]:
        row |= dict.fromkeys(spending if row["资金性质"] == _FUNDS[0] else spending[:2], _MOST)
    tree["基本支出"] = [{"科目编码": "30113", "人员经费": _MOST}]
    tree["基本支出"].append({"科目编码": "30231", "公用经费": _MOST})
    tree["三公经费"] = [{"项目": "公务接待费", **dict.fromkeys(_FUNDS, _MOST)}]
    tree["政府采购"][0] |= {
        **dict.fromkeys(("预算资金", "单价", "预留中小微企业份额", *sources), _MOST),
        **{"项目名称": "数据共享交换平台运行维护及网络安全等级保护测评经费", "数量": "12345"},
        "采购物品名称": "嵌入式软件开发服务及运行维护服务",
    }
    tree["国有资产"][0] |= {"数量": _MOST, "价值": _MOST}
    tree["机构设置"][0]["单位名称"] = "数据共享交换与网络安全和信息化保障服务中心" * 3
    return tree


def document_of(name: str) -> tuple[str, Made]:
    """A case's, an invented department's, or the widest document."""
    return (name, make(widest())) if name == "widest" else document(name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generated", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="leave the documents and PDFs here")
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.generated)
    names = ["widest", *CASES, *(f"g{seed:04d}" for seed in seeds)]
    scratch = Path(tempfile.mkdtemp())
    found: Counter[str] = Counter()
    for first in range(0, len(names), AT_ONCE):
        made = [document_of(name) for name in names[first : first + AT_ONCE]]
        files = pdfs(made, FONTS["known"], arguments.keep or scratch / "out", scratch / "profile")
        for name, docx in made:
            for fault in check(docx.data, files[name]):
                found[fault.kind] += 1
                print(f"{name} page {fault.page}: {fault.kind}: {fault.words}", flush=True)
    print(f"{len(names)} documents, {found.total()} faults", *found.items())
    shutil.rmtree(scratch)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
