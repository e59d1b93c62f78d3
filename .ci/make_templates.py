"""Write the Word templates of the Hebei form: templates/hebei/<year>/disclosure.docx.

The .docx files are docxtpl templates that a person edits in Word; this script only made their
first version and goes once the look is settled. It needs nothing but the standard library,
because it writes every part of the file itself: so the package holds no left-overs of another
program's default template and no theme, and the same script gives the same bytes on each run.

The template language is kept to ``{{ a.b }}``, ``for``, ``if``/``elif``/``else``, ``==``, ``not``
and docxtpl's ``{%p %}``, ``{%tr %}`` and ``{% vm %}``. Every placeholder stands in one run.

The layout must follow from the file alone, not from the fonts that a machine happens to have, so
that page numbers can be predicted: exact line pitch everywhere, no space before or after (but on
the cover), no document grid, fixed table layout with equal widths in the grid and in the cells,
rows that do not break. Lengths are in twips (1/20 point), font sizes in points.

Usage: python .ci/make_templates.py [folder of the templates, templates/ by default]
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

# ---------------------------------------------------------------- the page (A4 landscape)
PAGE_WIDTH, PAGE_HEIGHT = 16838, 11906
MARGIN_SIDE = 1379
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN_SIDE  # 14080 = 44 characters of 16 pt
MARGIN_TOP, MARGIN_BOTTOM = 1247, 1134  # leaves 9525 = 17 lines of 28 pt
HEADER_DISTANCE, FOOTER_DISTANCE = 680, 624

# ---------------------------------------------------------------- the fonts, named, never embedded
LATIN = "Times New Roman"
TITLE_FONT = "方正小标宋简体"
BODY_FONT, HEI, KAI, SONG = "仿宋", "黑体", "楷体", "宋体"

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "w10": "urn:schemas-microsoft-com:office:word",
}
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


# ================================================================ XML


def w(name: str, /, *children: str, **attributes: str | int) -> str:
    """One WordprocessingML element as text; its name and its attributes get the prefix ``w:``."""
    head = f"w:{name}" + "".join(
        f" w:{key}={quoteattr(str(value))}" for key, value in attributes.items()
    )
    body = "".join(children)
    return f"<{head}>{body}</w:{name}>" if body else f"<{head}/>"


def root(name: str, *children: str, prefixes: str = "w") -> str:
    """A whole part: XML declaration and root element with the namespaces it needs."""
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes.split())
    return f"{XML_HEAD}<w:{name}{declared}>{''.join(children)}</w:{name}>"


# ================================================================ paragraphs


def text(content: str, properties: str = "") -> str:
    """One run. The hint gives the quotation marks “” and dashes the Chinese font (full width)."""
    run_properties = w("rPr", w("rFonts", hint="eastAsia"), properties)
    return w("r", run_properties, f'<w:t xml:space="preserve">{escape(content)}</w:t>')


def paragraph(content: str, style: str, properties: str = "") -> str:
    """A paragraph of one run; ``properties`` are elements that follow pStyle in w:pPr."""
    runs = text(content) if content else ""
    return w("p", w("pPr", w("pStyle", val=style), properties), runs)


def control(tag: str) -> str:
    """A paragraph that holds only a template tag; it is gone after rendering."""
    return paragraph(f"{{%p {tag} %}}", "TemplateTag")


def each(name: str, style: str, properties: str = "", variable: str = "段") -> str:
    """One paragraph for each text of a list."""
    return (
        control(f"for {variable} in {name}")
        + paragraph(f"{{{{ {variable} }}}}", style, properties)
        + control("endfor")
    )


def when(condition: str, content: str) -> str:
    """Content that stands in the document only under a condition."""
    return control(f"if {condition}") + content + control("endif")


# ================================================================ styles


def fonts(east_asia: str, latin: str = LATIN) -> str:
    """All four font slots by name: theme fonts give 缺失字体 in WPS."""
    return w("rFonts", ascii=latin, hAnsi=latin, eastAsia=east_asia, cs=latin, hint="eastAsia")


def pitch(line: int, before: int = 0) -> str:
    """Exact line pitch. Space before is for the cover only: elsewhere it upsets page numbers."""
    return w(
        "spacing",
        before=before,
        beforeAutospacing=0,
        after=0,
        afterAutospacing=0,
        line=line,
        lineRule="exact",
    )


def indent(characters: int, size: float) -> str:
    """First-line indent by whole characters, with its length for programs that ignore those."""
    return w("ind", firstLineChars=characters * 100, firstLine=round(characters * size * 20))


@dataclass(frozen=True)
class Style:
    """A paragraph style; what is left out comes from the style it is based on."""

    id: str
    name: str
    based_on: str = "Normal"
    following: str = ""
    font: str = ""
    latin: str = LATIN
    size: float = 0
    bold: bool | None = None
    colour: str = ""
    line: int = 0
    before: int = 0
    first_line: int = 0  # characters
    indents: str = ""  # a w:ind element instead of first_line
    align: str = ""
    outline: int | None = None
    keep_next: bool = False
    new_page: bool = False
    tabs: str = ""
    built_in: bool = False

    def xml(self) -> str:
        """The w:style element, its children in the order the schema asks for."""
        paragraph_properties = "".join(
            (
                w("keepNext") if self.keep_next else "",
                w("pageBreakBefore") if self.new_page else "",
                self.tabs,
                pitch(self.line, self.before) if self.line else "",
                self.indents or (indent(self.first_line, self.size) if self.first_line else ""),
                w("jc", val=self.align) if self.align else "",
                w("outlineLvl", val=self.outline) if self.outline is not None else "",
            )
        )
        half_points = round(self.size * 2)
        on = {} if self.bold else {"val": 0}
        run_properties = "".join(
            (
                fonts(self.font, self.latin) if self.font else "",
                w("b", **on) + w("bCs", **on) if self.bold is not None else "",
                w("color", val=self.colour) if self.colour else "",
                w("sz", val=half_points) + w("szCs", val=half_points) if self.size else "",
            )
        )
        kind = {} if self.built_in else {"customStyle": 1}
        return w(
            "style",
            w("name", val=self.name),
            w("basedOn", val=self.based_on),
            w("next", val=self.following) if self.following else "",
            w("qFormat"),
            w("pPr", paragraph_properties) if paragraph_properties else "",
            w("rPr", run_properties) if run_properties else "",
            type="paragraph",
            **kind,
            styleId=self.id,
        )


def contents_tabs() -> str:
    """The dotted leader that ends at the right margin."""
    return w("tabs", w("tab", val="right", leader="dot", pos=TEXT_WIDTH))


def contents_indent(left: int) -> str:
    """Left indent of a level of the contents."""
    return w("ind", left=left, firstLine=0)


# The three sizes of table text. The suffix is part of the style ids: TableText, TableTextS, …
NORMAL, SMALL, TINY = "", "S", "XS"
TABLE_SIZES = {
    # suffix: (name in Word, font size, line pitch)
    NORMAL: ("", 10.5, 300),
    SMALL: ("（小）", 9, 250),
    TINY: ("（最小）", 8, 220),
}


def table_styles() -> Iterable[Style]:
    """Text, number, code and header of tables, in three sizes."""
    for suffix, (word, size, line) in TABLE_SIZES.items():
        base = f"TableText{suffix}"
        yield Style(base, f"表内文字{word}", font=SONG, size=size, line=line, align="left")
        yield Style(f"TableNumber{suffix}", f"表内数字{word}", base, align="right")
        yield Style(f"TableCode{suffix}", f"表内编码{word}", base, align="center")
        yield Style(
            f"TableHead{suffix}", f"表头{word}", base, bold=True, align="center", keep_next=True
        )
        yield Style(f"TableLine{suffix}", f"表首行{word}", base, keep_next=True)


STYLES: tuple[Style, ...] = (
    # Headings. Level 2 holds exactly the numbered lines of the contents.
    Style(
        "Heading1",
        "heading 1",
        following="BodyText",
        font=TITLE_FONT,
        size=24,
        bold=False,
        line=880,
        align="center",
        outline=0,
        keep_next=True,
        built_in=True,
    ),
    Style(
        "Heading2",
        "heading 2",
        following="BodyText",
        font=HEI,
        size=18,
        bold=False,
        line=640,
        align="center",
        outline=1,
        keep_next=True,
        built_in=True,
    ),
    Style(
        "TableTitle",
        "公开表标题",
        "Heading2",
        "BodyText",
        font=TITLE_FONT,
        size=22,
        line=720,
        new_page=True,
        outline=1,
    ),
    Style(
        "ChapterTitle",
        "章标题",
        "Heading2",
        "BodyText",
        font=HEI,
        size=16,
        line=640,
        first_line=2,
        align="left",
        outline=1,
    ),
    Style(
        "Heading3",
        "heading 3",
        following="BodyText",
        font=KAI,
        size=16,
        bold=False,
        line=560,
        first_line=2,
        align="left",
        outline=2,
        keep_next=True,
        built_in=True,
    ),
    Style("PerformancePart", "绩效部分标题", "Heading3", "BodyText", font=HEI, size=16),
    Style(
        "Heading4",
        "heading 4",
        following="BodyText",
        font=BODY_FONT,
        size=16,
        bold=True,
        line=600,
        first_line=2,
        align="left",
        outline=3,
        keep_next=True,
        built_in=True,
    ),
    Style("ProjectTitle", "项目表标题", "Heading4", "BodyText", outline=3),
    # Running text.
    Style(
        "BodyText",
        "Body Text",
        font=BODY_FONT,
        size=16,
        line=560,
        first_line=2,
        align="both",
        built_in=True,
    ),
    Style("BodyLabel", "正文小标", "BodyText", "BodyText", bold=True, keep_next=True),
    # Tables.
    Style(
        "SmallTableTitle",
        "文中表标题",
        following="BodyText",
        font=TITLE_FONT,
        size=16,
        line=640,
        align="center",
        keep_next=True,
    ),
    *table_styles(),
    Style("TableNote", "表注", font=SONG, size=10.5, line=360, align="both"),
    # Contents.
    Style(
        "TOCHeading",
        "TOC Heading",
        following="BodyText",
        font=TITLE_FONT,
        size=22,
        line=780,
        align="center",
        new_page=True,
        built_in=True,
    ),
    Style(
        "TOC1",
        "toc 1",
        font=HEI,
        size=14,
        line=360,
        tabs=contents_tabs(),
        indents=contents_indent(0),
        keep_next=True,
        built_in=True,
    ),
    Style(
        "TOC2",
        "toc 2",
        font=HEI,
        size=14,
        line=360,
        tabs=contents_tabs(),
        indents=contents_indent(280),
        keep_next=True,
        built_in=True,
    ),
    Style(
        "TOC3",
        "toc 3",
        font=SONG,
        size=14,
        line=360,
        tabs=contents_tabs(),
        indents=contents_indent(840),
        built_in=True,
    ),
    # Cover.
    Style("CoverTitle", "封面名称", font=TITLE_FONT, size=34, line=1000, align="center"),
    Style("CoverSpace", "封面空白", font=SONG, size=16, line=1160, align="center"),
    Style(
        "CoverSubtitle", "封面题名", font=TITLE_FONT, size=30, line=900, before=360, align="center"
    ),
    Style("CoverLine", "封面落款", font=KAI, size=18, line=640, align="center"),
    Style("DraftNote", "草稿说明", font=HEI, size=14, colour="C00000", line=480, align="center"),
    # Header, footer, page furniture.
    Style("Header", "header", font=SONG, size=9, line=240, align="center", built_in=True),
    Style(
        "Footer", "footer", font=SONG, latin=SONG, size=14, line=360, align="center", built_in=True
    ),
    Style("PageStart", "换页", font=SONG, size=1, line=20, new_page=True),
    Style("SectionEnd", "分节", font=SONG, size=1, line=20),
    Style("TemplateTag", "模板标记", font=SONG, size=9, colour="808080", line=240),
)

BORDER: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
CELL_MARGIN = {NORMAL: 80, SMALL: 50, TINY: 25}


def table_borders() -> str:
    """Thin black lines on all sides of all cells."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return w("tblBorders", *(w(side, **BORDER) for side in sides))


def no_border(*sides: str) -> str:
    """Sides of one cell without the table's line."""
    return w("tcBorders", *(w(side, val="nil") for side in sides))


def cell_margins(side: int) -> str:
    """Margins inside every cell of a table."""
    return w(
        "tblCellMar",
        w("top", w=0, type="dxa"),
        w("left", w=side, type="dxa"),
        w("bottom", w=0, type="dxa"),
        w("right", w=side, type="dxa"),
    )


def language(latin: str) -> str:
    """The language of Chinese text, and that of Latin text and digits.

    The document's own, which a PDF takes over, is Chinese. In Chinese LibreOffice parts a number at
    the end of a line, so all text has its digits in English.
    """
    return w("lang", val=latin, eastAsia="zh-CN", bidi="ar-SA")


def styles_part() -> str:
    """word/styles.xml."""
    defaults = w(
        "docDefaults",
        w(
            "rPrDefault",
            w(
                "rPr",
                fonts(BODY_FONT),
                w("sz", val=32) + w("szCs", val=32),
                language("zh-CN"),
            ),
        ),
        w("pPrDefault", w("pPr", w("widowControl", val=0), w("snapToGrid", val=0), pitch(560))),
    )
    base = (
        w(
            "style",
            w("name", val="Normal"),
            w("qFormat"),
            w("pPr", w("widowControl", val=0), w("snapToGrid", val=0), pitch(560)),
            w("rPr", fonts(BODY_FONT), w("sz", val=32), w("szCs", val=32), language("en-US")),
            type="paragraph",
            default=1,
            styleId="Normal",
        ),
        w(
            "style",
            w("name", val="Default Paragraph Font"),
            w("uiPriority", val=1),
            w("semiHidden"),
            type="character",
            default=1,
            styleId="DefaultParagraphFont",
        ),
        w(
            "style",
            w("name", val="Normal Table"),
            w("uiPriority", val=99),
            w("semiHidden"),
            w("tblPr", w("tblInd", w=0, type="dxa"), cell_margins(CELL_MARGIN[NORMAL])),
            type="table",
            default=1,
            styleId="TableNormal",
        ),
        w(
            "style",
            w("name", val="No List"),
            w("uiPriority", val=99),
            w("semiHidden"),
            type="numbering",
            default=1,
            styleId="NoList",
        ),
        # The cells that {% vm %} merges may carry no vAlign of their own: docxtpl puts its vMerge
        # at the end of w:tcPr, which is the right place only behind w:tcW. So it stands here.
        w(
            "style",
            w("name", val="公开表"),
            w("basedOn", val="TableNormal"),
            w("qFormat"),
            w("tblPr", table_borders(), cell_margins(CELL_MARGIN[NORMAL])),
            w("tcPr", w("vAlign", val="center")),
            type="table",
            customStyle=1,
            styleId="PublicTable",
        ),
    )
    return root("styles", defaults, *base, *(style.xml() for style in STYLES))


# ================================================================ tables


@dataclass(frozen=True)
class Column:
    """A column: its width, the field of a row printed in it, and its style (TableText, …)."""

    width: int
    field: str
    style: str


def label(width: int, field: str) -> Column:
    """A column of words."""
    return Column(width, field, "TableText")


def code(width: int, field: str) -> Column:
    """A column of codes or counting numbers, centred."""
    return Column(width, field, "TableCode")


def amount(width: int, field: str) -> Column:
    """A column of amounts, on the right."""
    return Column(width, field, "TableNumber")


# Columns are so wide that 1234567.89 stands on one line, digits being half an em, and that a code
# and 12345.67 do even where they are drawn 0.64 em wide: the paginator makes a row higher if not.

# Words of headers that would break within a term: so many characters to a line.
PER_LINE = {
    "附属单位上缴收入": 4,
    "一般公共预算拨款": 4,
    "基金预算拨款": 4,
    "国有资本经营预算拨款": 4,
    "财政专户核拨": 4,
    "财政拨款结转": 4,
    "{{ 部门.政府采购.年度 }}年预留中小微企业份额": 4,
}

# A header word, or a group: its word and the words below it.
Heading = str | tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grid:
    """The columns of a table and the size of its text; makes rows that agree with the grid."""

    caption: str
    description: str  # read out by screen readers, with the caption
    columns: tuple[Column, ...]
    size: str = NORMAL

    def __post_init__(self) -> None:
        """Refuse a table that does not fill the width of the page."""
        total = sum(column.width for column in self.columns)
        if total != TEXT_WIDTH:
            raise ValueError(f"{self.caption}: columns are {total} wide, not {TEXT_WIDTH}")

    def cell(
        self,
        first: int,
        span: int,
        content: str,
        *,
        merge: str = "",
        borders: str = "",
        align: bool = True,
    ) -> str:
        """A cell over ``span`` columns from ``first`` on; ``content`` is its paragraphs."""
        width = sum(column.width for column in self.columns[first : first + span])
        return w(
            "tc",
            w(
                "tcPr",
                w("tcW", w=width, type="dxa"),
                w("gridSpan", val=span) if span > 1 else "",
                w("vMerge", val=merge) if merge else "",
                borders,
                w("vAlign", val="center") if align else "",
            ),
            content,
        )

    def paragraph(self, content: str, style: str, *, keep: bool = False) -> str:
        """A paragraph in this table's size of a table style; ``keep``: with the next row."""
        return paragraph(content, style + self.size, w("keepNext") if keep else "")

    def head(self, word: str, column: int) -> str:
        """A word of the header, with indents where it is to break early."""
        room = self.columns[column].width - 2 * CELL_MARGIN[self.size]
        _, size, _ = TABLE_SIZES[self.size]
        side = round((room - (PER_LINE[word] + 0.5) * size * 20) / 2) if word in PER_LINE else 0
        indents = w("ind", left=side, right=side) if side else ""
        return paragraph(word, f"TableHead{self.size}", indents)

    def row(self, *cells: str, height: int, header: bool = False) -> str:
        """A row of at least this height; a header row comes again on every page."""
        properties = w(
            "trPr",
            w("cantSplit"),
            w("trHeight", val=height, hRule="atLeast"),
            w("tblHeader") if header else "",
        )
        return w("tr", properties, *cells)

    def tag(self, tag: str) -> str:
        """A row that holds only a template tag; it is gone after rendering."""
        content = paragraph(f"{{%tr {tag} %}}", "TemplateTag")
        return self.row(self.cell(0, len(self.columns), content), height=BODY_HEIGHT[self.size])

    def first_line(self, *parts: tuple[int, str, str]) -> str:
        """The line above the header, in the table's first row: (columns, words, side) each."""
        cells, column = [], 0
        borders = no_border("top", "left", "right")
        for span, words, side in parts:
            content = paragraph(words, f"TableLine{self.size}", w("jc", val=side))
            cells.append(self.cell(column, span, content, borders=borders))
            column += span
        return self.row(*cells, height=HEADER_HEIGHT[self.size], header=True)

    def header(self, headings: Sequence[Heading], *, merged: bool = True) -> str:
        """One header row, or two if there are groups; single words then span both rows.

        LibreOffice may lose rows of a table that begins low on a page if its repeated header has
        vertically merged cells. Such a table is drawn, not ``merged``: two cells without a line
        between them, the word in the lower one, which is the higher of the two.
        """
        style = "TableHead"
        grouped = any(not isinstance(heading, str) for heading in headings)
        upper, lower, column = [], [], 0
        for heading in headings:
            if isinstance(heading, str):
                word, blank = self.head(heading, column), self.paragraph("", style)
                if not grouped:
                    upper.append(self.cell(column, 1, word))
                elif merged:
                    upper.append(self.cell(column, 1, word, merge="restart"))
                    lower.append(self.cell(column, 1, blank, merge="continue"))
                else:
                    upper.append(self.cell(column, 1, blank, borders=no_border("bottom")))
                    lower.append(self.cell(column, 1, word, borders=no_border("top")))
                column += 1
                continue
            word, parts = heading
            upper.append(self.cell(column, len(parts), self.paragraph(word, style)))
            for part in parts:
                lower.append(self.cell(column, 1, self.head(part, column)))
                column += 1
        height = HEADER_HEIGHT[self.size]
        rows = self.row(*upper, height=height, header=True)
        return rows + (self.row(*lower, height=height, header=True) if grouped else "")

    def column_numbers(self) -> str:
        """The row 栏次 1 2 3 …"""
        words = ("栏次", *(str(number) for number in range(1, len(self.columns))))
        cells = (
            self.cell(index, 1, self.paragraph(word, "TableHead"))
            for index, word in enumerate(words)
        )
        return self.row(*cells, height=BODY_HEIGHT[self.size], header=True)

    def body_row(self, *, keep: bool = False) -> str:
        """The row of a loop; ``keep``: on one page with the next row."""
        cells = (
            self.cell(
                index,
                1,
                self.paragraph(f"{{{{ 行.{column.field} }}}}", column.style, keep=keep),
            )
            for index, column in enumerate(self.columns)
        )
        return self.row(*cells, height=BODY_HEIGHT[self.size])

    def body(self, rows: str, *, together: bool = False) -> str:
        """The loop over the rows; ``together``: on one page, if they fit on one."""
        return self.tag(f"for 行 in {rows}") + self.body_row(keep=together) + self.tag("endfor")

    def table(self, *rows: str) -> str:
        """The table itself."""
        return w(
            "tbl",
            w(
                "tblPr",
                w("tblStyle", val="PublicTable"),
                w("tblW", w=TEXT_WIDTH, type="dxa"),
                w("jc", val="center"),
                table_borders(),
                w("tblLayout", type="fixed"),
                cell_margins(CELL_MARGIN[self.size]),
                w(
                    "tblLook",
                    val="0000",
                    firstRow=0,
                    lastRow=0,
                    firstColumn=0,
                    lastColumn=0,
                    noHBand=1,
                    noVBand=1,
                ),
                w("tblCaption", val=self.caption),
                w("tblDescription", val=self.description),
            ),
            w("tblGrid", *(w("gridCol", w=column.width) for column in self.columns)),
            *rows,
        )


HEADER_HEIGHT = {NORMAL: 340, SMALL: 320, TINY: 300}
BODY_HEIGHT = {NORMAL: 312, SMALL: 280, TINY: 260}


@dataclass(frozen=True)
class PublicTable:
    """One of the nine tables."""

    name: str  # in the context: 部门.<name>.标题, 部门.<name>.行
    description: str
    headings: tuple[Heading, ...]
    columns: tuple[Column, ...]
    line: tuple[int, int, int]  # columns below name, year and unit of the first row
    size: str = NORMAL

    def xml(self, *, first: bool) -> str:
        """Title, table and note. The first table stays on the page its department begins."""
        grid = Grid(self.name, f"{self.description}，单位为万元。", self.columns, self.size)
        left, middle, right = self.line
        table = grid.table(
            grid.first_line(
                (left, "{{ 部门.编码名称 }}", "left"),
                (middle, "预算年度：{{ 部门.年度 }}", "center"),
                (right, "单位：万元", "right"),
            ),
            grid.header(self.headings),
            grid.column_numbers(),
            grid.body(f"部门.{self.name}.行"),
        )
        here = w("pageBreakBefore", val=0) if first else ""
        title = paragraph(f"{{{{ 部门.{self.name}.标题 }}}}", "TableTitle", here)
        return title + table + each(f"部门.{self.name}.注", "TableNote")


FUNCTION: Heading = ("功能分类科目", ("科目编码", "科目名称"))
ECONOMIC: Heading = ("支出部门经济分类科目", ("科目编码", "科目名称"))

# T5, T7 and T8 have the same columns.
SPENDING_HEADINGS: tuple[Heading, ...] = ("序号", FUNCTION, "合计", "基本支出", "项目支出")
SPENDING_COLUMNS = (
    code(800, "序号"),
    code(1300, "编码"),
    label(4460, "名称"),
    amount(2506, "合计"),
    amount(2507, "基本"),
    amount(2507, "项目"),
)

PUBLIC_TABLES = (
    PublicTable(
        "收支总表",
        "左边是各项收入的预算数，右边是各类支出的预算数",
        ("序号", ("收入", ("项  目", "预算数")), ("支出", ("项  目", "预算数"))),
        (
            code(800, "序号"),
            label(4400, "收入项目"),
            amount(2240, "收入数"),
            label(4400, "支出项目"),
            amount(2240, "支出数"),
        ),
        line=(2, 1, 2),
    ),
    PublicTable(
        "收入总表",
        "按功能分类科目列出的收入预算数，分合计、本年各项收入和上年结转",
        (
            "序号",
            FUNCTION,
            "合计",
            (
                "本年收入",
                (
                    "小计",
                    "财政拨款收入",
                    "财政专户收入",
                    "事业收入",
                    "经营收入",
                    "上级补助收入",
                    "附属单位上缴收入",
                    "其他收入",
                ),
            ),
            "上年结转",
        ),
        (
            code(480, "序号"),
            code(910, "编码"),
            label(1908, "名称"),
            amount(1113, "合计"),
            amount(1113, "小计"),
            amount(1182, "财政拨款"),
            amount(1182, "财政专户"),
            amount(1002, "事业"),
            amount(1002, "经营"),
            amount(1182, "上级补助"),
            amount(1002, "附属上缴"),
            amount(1002, "其他"),
            amount(1002, "结转"),
        ),
        line=(5, 3, 5),
        size=SMALL,
    ),
    PublicTable(
        "支出总表",
        "按功能分类科目列出的支出预算数，分基本支出、项目支出和其他支出",
        (
            "序号",
            FUNCTION,
            "合计",
            "基本支出",
            "项目支出",
            "经营支出",
            "上解上级支出",
            "对附属单位补助支出",
        ),
        (
            code(640, "序号"),
            code(1105, "编码"),
            label(4155, "名称"),
            amount(1351, "合计"),
            amount(1351, "基本"),
            amount(1351, "项目"),
            amount(1351, "经营"),
            amount(1425, "上解"),
            amount(1351, "补助"),
        ),
        line=(3, 2, 4),
    ),
    PublicTable(
        "财政拨款收支总表",
        "左边是财政拨款收入，右边是财政拨款支出，分三种预算",
        (
            "序号",
            ("收入", ("项  目", "金额")),
            (
                "支出",
                (
                    "项  目",
                    "合计",
                    "一般公共预算财政拨款",
                    "政府性基金预算财政拨款",
                    "国有资本经营预算财政拨款",
                ),
            ),
        ),
        (
            code(640, "序号"),
            label(2950, "收入项目"),
            amount(1345, "收入数"),
            label(3315, "支出项目"),
            amount(1345, "合计"),
            amount(1425, "一般"),
            amount(1635, "基金"),
            amount(1425, "国资"),
        ),
        line=(3, 1, 4),
    ),
    PublicTable(
        "一般公共预算支出表",
        "按功能分类科目列出的一般公共预算财政拨款支出，分基本支出和项目支出",
        SPENDING_HEADINGS,
        SPENDING_COLUMNS,
        line=(3, 1, 2),
    ),
    PublicTable(
        "基本支出表",
        "按部门经济分类科目列出的一般公共预算基本支出，分人员经费和公用经费",
        ("序号", ECONOMIC, ("一般公共预算基本支出", ("合计", "人员经费", "公用经费"))),
        (
            code(800, "序号"),
            code(1300, "编码"),
            label(4460, "名称"),
            amount(2506, "合计"),
            amount(2507, "人员"),
            amount(2507, "公用"),
        ),
        line=(3, 1, 2),
    ),
    PublicTable(
        "政府基金支出表",
        "按功能分类科目列出的政府性基金预算财政拨款支出，分基本支出和项目支出",
        SPENDING_HEADINGS,
        SPENDING_COLUMNS,
        line=(3, 1, 2),
    ),
    PublicTable(
        "国有资本支出表",
        "按功能分类科目列出的国有资本经营预算财政拨款支出，分基本支出和项目支出",
        SPENDING_HEADINGS,
        SPENDING_COLUMNS,
        line=(3, 1, 2),
    ),
    PublicTable(
        "三公经费表",
        "因公出国（境）、公务用车、公务接待等经费的财政拨款支出，分三种预算",
        (
            "序号",
            "项  目",
            (
                "资 金 性 质",
                ("合计", "一般公共预算财政拨款", "政府性基金预算拨款", "国有资本经营预算财政拨款"),
            ),
        ),
        (
            code(800, "序号"),
            label(4240, "项目"),
            amount(1600, "合计"),
            amount(2400, "一般"),
            amount(2200, "基金"),
            amount(2840, "国资"),
        ),
        line=(2, 2, 2),
    ),
)


def institutions_table() -> str:
    """部门机构设置情况, in section 一."""
    grid = Grid(
        "机构设置情况",
        "各单位的名称、性质、规格和经费保障形式。",
        (
            label(5680, "单位名称"),
            code(2200, "单位性质"),
            code(2600, "单位规格"),
            code(3600, "经费保障形式"),
        ),
    )
    return grid.table(
        grid.header(("单位名称", "单位性质", "单位规格", "经费保障形式")),
        grid.body("部门.机构设置.行", together=True),
    )


def performance_tables(projects: str) -> str:
    """For each project its heading and one table: goals, header, indicators.

    Word repeats only rows without a gap from the first one on, so the goals come again with the
    header. The heading and all rows are kept together: a cell merged over a block of rows would be
    blank on the next page, in every office program. What does not fit on a page is made to break
    when a document is filled in (generator/render/paginate).
    """
    grid = Grid(
        "项目绩效目标表",
        "一个项目的绩效目标和各项绩效指标；第一列是一级指标，按组合并。",
        (
            label(1040, "一级"),
            label(1760, "二级"),
            label(2760, "三级"),
            label(3760, "描述"),
            label(2100, "值"),
            label(2660, "依据"),
        ),
        SMALL,
    )
    goals = each("项目.目标", f"TableText{grid.size}", w("keepNext")) + when(
        "not 项目.目标", grid.paragraph("", "TableText", keep=True)
    )
    goal_row = grid.row(
        grid.cell(0, 1, grid.paragraph("绩效目标", "TableHead")),
        grid.cell(1, len(grid.columns) - 1, goals),
        height=HEADER_HEIGHT[grid.size],
        header=True,
    )

    # The first column is one cell for the whole block; nothing but w:tcW in it (PublicTable).
    first = grid.paragraph("{{ 块.一级 }}{% vm %}", "TableCode", keep=True)
    others = (
        grid.cell(index, 1, grid.paragraph(f"{{{{ 行.{column.field} }}}}", column.style, keep=True))
        for index, column in enumerate(grid.columns)
        if index > 0
    )
    indicator_row = grid.row(
        grid.cell(0, 1, first, align=False), *others, height=BODY_HEIGHT[grid.size]
    )

    table = grid.table(
        goal_row,
        grid.header(
            ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
        ),
        grid.tag("for 块 in 项目.指标"),
        grid.tag("for 行 in 块.行"),
        indicator_row,
        grid.tag("endfor"),
        grid.tag("endfor"),
    )
    return (
        control(f"for 项目 in {projects}")
        + paragraph("{{ 项目.标题 }}", "ProjectTitle")
        + table
        + control("endfor")
    )


def procurement_table() -> str:
    """部门政府采购预算, in section 六: sixteen columns, so the smallest text."""
    money = 852  # 1234567.89 in 8 pt
    fields = ("合计", "一般", "基金", "国资", "专户", "单位资金", "财政结转")
    grid = Grid(
        "政府采购预算",
        "各单位的政府采购项目、数量、单价和按资金来源分列的金额，单位为万元。",
        (
            label(1493, "项目名称"),
            amount(money, "预算资金"),
            label(1208, "物品"),
            code(1012, "目录"),
            code(430, "计量单位"),
            amount(565, "数量"),
            amount(money, "单价"),
            *(amount(money, field) for field in fields),
            amount(money, "非财政结转"),
            amount(money, "预留"),
        ),
        TINY,
    )
    return grid.table(
        grid.first_line((8, "{{ 部门.政府采购.编码名称 }}", "left"), (8, "单位：万元", "right")),
        grid.header(
            (
                ("政府采购项目来源", ("项目名称", "预算资金")),
                "采购物品名称",
                "政府采购目录序号",
                "计量单位",
                "数量",
                "单价",
                (
                    "政府采购金额（当年部门预算安排资金）",
                    (
                        "合计",
                        "一般公共预算拨款",
                        "基金预算拨款",
                        "国有资本经营预算拨款",
                        "财政专户核拨",
                        "单位资金",
                        "财政拨款结转",
                        "非财政拨款结转结余",
                    ),
                ),
                "{{ 部门.政府采购.年度 }}年预留中小微企业份额",
            ),
            merged=False,
        ),
        grid.body("部门.政府采购.行"),
    )


def assets_table() -> str:
    """部门固定资产占用情况表, in section 七."""
    grid = Grid(
        "固定资产占用情况表",
        "上年末各类固定资产的数量和价值，单位为万元。",
        (label(7080, "项目"), amount(3000, "数量"), amount(4000, "价值")),
    )
    return grid.table(
        grid.first_line(
            (1, "{{ 部门.固定资产.编码名称 }}", "left"),
            (2, "截止时间：{{ 部门.固定资产.截止时间 }}", "right"),
        ),
        grid.header(("项   目", "数量", "价值（金额单位：万元）")),
        grid.body("部门.固定资产.行", together=True),
    )


# ================================================================ the document


def cover() -> str:
    """The cover, if there is one; it holds a name of three lines, two further lines and a note."""
    return when(
        "封面.显示",
        paragraph("", "CoverSpace") * 2
        + paragraph("{{ 封面.名称 }}", "CoverTitle")
        + paragraph("{{ 封面.年度 }}年{{ 封面.题 }}", "CoverSubtitle")
        + paragraph("", "CoverSpace")
        + each("封面.落款", "CoverLine", variable="行")
        + each("封面.草稿说明", "DraftNote"),
    )


def contents() -> str:
    """The contents. Page numbers are plain text: WPS does not update fields on its own."""
    item = w(
        "p",
        w("pPr", w("pStyle", val="TOC3")),
        text("{{ 行.文字 }}"),
        w("r", w("tab")),
        text("{{ 行.页码 }}"),
    )
    lines = (
        control("for 行 in 目录.行")
        + control("if 行.类 == '部分'")
        + paragraph("{{ 行.文字 }}", "TOC1")
        + control("elif 行.类 == '组'")
        + paragraph("{{ 行.文字 }}", "TOC2")
        + control("else")
        + item
        + control("endif")
        + control("endfor")
    )
    without_cover = when("not 封面.显示", each("封面.草稿说明", "DraftNote"))
    return paragraph("{{ 目录.标题 }}", "TOCHeading") + without_cover + lines


def spoken(name: str, style: str = "BodyText") -> str:
    """The paragraphs of one entry of 部门.文字."""
    return each(f"部门.文字.{name}", style)


def chapter(name: str, *content: str) -> str:
    """A section of the explanatory text with its heading."""
    return paragraph(f"{{{{ 部门.章.{name} }}}}", "ChapterTitle") + "".join(content)


def explanation() -> str:
    """部门预算信息公开情况说明: title, introduction and the nine sections."""
    return (
        paragraph("{{ 部门.情况说明标题 }}", "Heading1", w("pageBreakBefore"))
        + each("部门.引言", "BodyText")
        + chapter(
            "职责机构",
            spoken("职责标签", "BodyLabel"),
            spoken("职责"),
            spoken("机构标签", "BodyLabel"),
            spoken("机构表题", "SmallTableTitle"),
            institutions_table(),
        )
        + chapter(
            "总体情况",
            spoken("综合预算"),
            spoken("收入说明标题", "Heading3"),
            spoken("收入说明"),
            spoken("支出说明标题", "Heading3"),
            spoken("支出说明"),
            spoken("增减说明标题", "Heading3"),
            spoken("增减说明"),
        )
        + chapter("机关运行", spoken("机关运行经费"))
        + chapter(
            "三公",
            *(
                spoken(name)
                for name in ("三公总额", "三公增减", "三公出国", "三公购置", "三公运维", "三公接待")
            ),
        )
        + chapter(
            "绩效",
            spoken("第一部分标题", "PerformancePart"),
            spoken("总体目标标题", "Heading3"),
            spoken("总体目标"),
            spoken("分项目标标题", "Heading3"),
            spoken("分项目标"),
            spoken("保障措施标题", "Heading3"),
            spoken("保障措施"),
            spoken("第二部分标题", "PerformancePart"),
            spoken("专项资金"),
            performance_tables("部门.专项资金项目"),
            spoken("第三部分标题", "PerformancePart"),
            spoken("预算项目说明"),
            performance_tables("部门.预算项目"),
        )
        + chapter(
            "采购",
            spoken("采购说明"),
            spoken("采购表题", "SmallTableTitle"),
            procurement_table(),
            each("部门.政府采购.注", "TableNote"),
        )
        + chapter(
            "资产",
            spoken("资产说明"),
            spoken("资产表题", "SmallTableTitle"),
            assets_table(),
            each("部门.固定资产.注", "TableNote"),
        )
        + chapter("名词", each("部门.名词解释", "BodyText"))
        + chapter("其他", spoken("其他"))
    )


def departments() -> str:
    """The department, then each subordinate unit with the same tables and text.

    The tiny paragraph begins the page, so that a part's or unit's heading can stand there together
    with the first table's title, or the title alone.
    """
    return (
        control("for 部门 in 各部门")
        + paragraph("", "PageStart")
        + each("部门.部分标题", "Heading1")
        + each("部门.单位标题", "Heading2")
        + "".join(table.xml(first=number == 0) for number, table in enumerate(PUBLIC_TABLES))
        + explanation()
        + control("endfor")
    )


def section(*, header: str = "", footer: str = "", restart: bool = False) -> str:
    """Page size and margins; without a header of its own a section has the one before."""
    references = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{id}"/>'
        for kind, id in (("header", header), ("footer", footer))
        if id
    )
    return w(
        "sectPr",
        references,
        w("type", val="nextPage"),
        w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT, orient="landscape"),
        w(
            "pgMar",
            top=MARGIN_TOP,
            right=MARGIN_SIDE,
            bottom=MARGIN_BOTTOM,
            left=MARGIN_SIDE,
            header=HEADER_DISTANCE,
            footer=FOOTER_DISTANCE,
            gutter=0,
        ),
        w("pgNumType", start=1) if restart else "",
    )


def document_part() -> str:
    """word/document.xml: cover and contents (first section), then the body (second)."""
    end_of_front = paragraph("", "SectionEnd", section(header="rIdHeader"))
    tail = each("尾.部分标题", "Heading1", w("pageBreakBefore")) + each("尾.说明", "BodyText")
    body = w(
        "body",
        cover(),
        contents(),
        end_of_front,
        departments(),
        tail,
        section(footer="rIdFooter", restart=True),
    )
    return root("document", body, prefixes="w r")


# ================================================================ the other parts


def watermark() -> str:
    """The text 草稿 across the page, as Word's own 水印 command makes it."""
    formulas = "".join(
        f'<v:f eqn="{equation}"/>'
        for equation in (
            "sum #0 0 10800",
            "prod #0 2 1",
            "sum 21600 0 @1",
            "sum 0 0 @2",
            "sum 21600 0 @3",
            "if @0 @3 0",
            "if @0 21600 @1",
            "if @0 0 @2",
            "if @0 @4 21600",
            "mid @5 @6",
            "mid @8 @5",
            "mid @7 @8",
            "mid @6 @7",
            "sum @6 0 @5",
        )
    )
    shape_type = (
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e">'
        f"<v:formulas>{formulas}</v:formulas>"
        '<v:path textpathok="t" o:connecttype="custom"'
        ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/>'
        '<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
        '<o:lock v:ext="edit" text="t" shapetype="t"/>'
        "</v:shapetype>"
    )
    shape_style = (
        "position:absolute;margin-left:0;margin-top:0;width:380pt;height:190pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        "mso-position-vertical-relative:margin"
    )
    shape = (
        '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136"'
        f' alt="草稿水印" style="{shape_style}" o:allowincell="f" fillcolor="silver" stroked="f">'
        '<v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;{SONG}&quot;;font-size:1pt" string="草稿"/>'
        '<w10:wrap anchorx="margin" anchory="margin"/>'
        "</v:shape>"
    )
    run = w("r", w("rPr", w("noProof")), w("pict", shape_type, shape))
    return w("p", w("pPr", w("pStyle", val="Header")), run)


def header_part() -> str:
    """word/header1.xml, of both sections: the draft's watermark, and a paragraph that stays."""
    stays = paragraph("", "Header")
    return root("hdr", when("草稿", watermark()), stays, prefixes="w r v o w10")


def footer_part() -> str:
    """word/footer1.xml, of the body: - 5 -."""
    field = (
        w("r", w("fldChar", fldCharType="begin"))
        + w("r", '<w:instrText xml:space="preserve"> PAGE </w:instrText>')
        + w("r", w("fldChar", fldCharType="separate"))
        + text("1")
        + w("r", w("fldChar", fldCharType="end"))
    )
    number = w("p", w("pPr", w("pStyle", val="Footer")), text("- "), field, text(" -"))
    return root("ftr", number)


def settings_part() -> str:
    """word/settings.xml. No updateFields: Word would ask a question, WPS ignores it."""
    compatibility = (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
        ("differentiateMultirowTableHeaders", 1),
    )
    uri = "http://schemas.microsoft.com/office/word"
    return root(
        "settings",
        w("zoom", percent=100),
        w("defaultTabStop", val=420),
        w("characterSpacingControl", val="doNotCompress"),
        w("compat", *(w("compatSetting", name=n, uri=uri, val=v) for n, v in compatibility)),
        w("themeFontLang", val="en-US", eastAsia="zh-CN"),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def font_table_part() -> str:
    """word/fontTable.xml: what kind of font to take where a named one is missing."""
    kinds = (
        # name, character set (86: GB 2312), family, pitch
        (LATIN, "00", "roman", "variable"),
        (SONG, "86", "auto", "variable"),
        (HEI, "86", "modern", "fixed"),
        (KAI, "86", "modern", "fixed"),
        (BODY_FONT, "86", "modern", "fixed"),
        (TITLE_FONT, "86", "script", "fixed"),
    )
    return root(
        "fonts",
        *(
            w(
                "font",
                w("charset", val=charset),
                w("family", val=family),
                w("pitch", val=spacing),
                name=name,
            )
            for name, charset, family, spacing in kinds
        ),
    )


CORE_PROPERTIES = f"""{XML_HEAD}<cp:coreProperties \
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>{{{{ 文档.标题 }}}}</dc:title>\
<dc:subject>{{{{ 文档.主题 }}}}</dc:subject>\
<dc:creator></dc:creator>\
<dc:language>zh-CN</dc:language>\
</cp:coreProperties>"""

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT_TYPES = {
    "/word/document.xml": f"{WORD_TYPE}.document.main+xml",
    "/word/styles.xml": f"{WORD_TYPE}.styles+xml",
    "/word/settings.xml": f"{WORD_TYPE}.settings+xml",
    "/word/fontTable.xml": f"{WORD_TYPE}.fontTable+xml",
    "/word/header1.xml": f"{WORD_TYPE}.header+xml",
    "/word/footer1.xml": f"{WORD_TYPE}.footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
OFFICE_RELATION = NAMESPACES["r"]
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"


def content_types() -> str:
    """[Content_Types].xml."""
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>'
        for part, kind in CONTENT_TYPES.items()
    )
    return (
        f'{XML_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relationships(*relations: tuple[str, str, str]) -> str:
    """A .rels part of (id, type, target)."""
    entries = "".join(
        f'<Relationship Id="{id}" Type="{kind}" Target="{target}"/>'
        for id, kind, target in relations
    )
    return f'{XML_HEAD}<Relationships xmlns="{PACKAGE_RELATION}">{entries}</Relationships>'


def template() -> bytes:
    """The whole file. Fixed dates and order, so the same script gives the same bytes."""
    parts = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(
            ("rId1", f"{OFFICE_RELATION}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE_RELATION}/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/document.xml": document_part(),
        "word/_rels/document.xml.rels": relationships(
            ("rIdStyles", f"{OFFICE_RELATION}/styles", "styles.xml"),
            ("rIdSettings", f"{OFFICE_RELATION}/settings", "settings.xml"),
            ("rIdFonts", f"{OFFICE_RELATION}/fontTable", "fontTable.xml"),
            ("rIdHeader", f"{OFFICE_RELATION}/header", "header1.xml"),
            ("rIdFooter", f"{OFFICE_RELATION}/footer", "footer1.xml"),
        ),
        "word/styles.xml": styles_part(),
        "word/settings.xml": settings_part(),
        "word/fontTable.xml": font_table_part(),
        "word/header1.xml": header_part(),
        "word/footer1.xml": footer_part(),
        "docProps/core.xml": CORE_PROPERTIES,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode("utf-8"))
    return buffer.getvalue()


def main(arguments: Sequence[str]) -> None:
    """Write the file of each pack of the form."""
    if arguments:
        templates = Path(arguments[0])
    else:
        templates = Path(__file__).resolve().parent.parent / "templates"
    for pack in sorted(templates.glob("hebei/*/pack.yaml")):
        target = pack.with_name("disclosure.docx")
        target.write_bytes(template())
        print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
