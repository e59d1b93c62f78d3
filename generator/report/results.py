"""The first sheet of a checked workbook, 核对结果: the findings, and room for who looks at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from lxml import etree

from generator.ooxml import (
    RELATION,
    WORKBOOK,
    WORKBOOK_ORDER,
    Element,
    Package,
    Styles,
    child,
    inline,
    main,
    new,
    solid,
)
from generator.ooxml.cells import cell_name
from generator.problem import Problem, Severity
from generator.report.notes import half_widths

NAME: Final = "核对结果"
COLUMNS: Final[Sequence[tuple[str, int]]] = (
    *(("序号", 6), ("级别", 7), ("规则", 22), ("位置", 20), ("问题", 56), ("相差", 14)),
    *(("怎么改", 38), ("核对意见", 24)),
)
"""The columns and how wide they are."""

WAIVED: Final = "waived"
COLOURS: Final[Mapping[str, str]] = {
    Severity.ERROR.value: "FFFF9C9C",
    Severity.WARNING.value: "FFFFC55A",
    Severity.INFO.value: "FF9FD0FF",
    WAIVED: "FFD9D9D9",
}
"""The colour of each kind of finding."""
MAX_LINES: Final = 5_000
MAX_CELL: Final = 4_000  # characters
_HEADER_ROW: Final = 3

_WORKSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, its place in words, and the cell of this workbook that its line leads to."""

    problem: Problem
    place: str
    target: str | None


_LABELS: Final = {**{severity.value: severity.label for severity in Severity}, WAIVED: "例外"}


def kind(problem: Problem) -> str:
    """How a finding is shown: by its severity, or as one with an exception."""
    return WAIVED if problem.waived else problem.severity.value


def label(problem: Problem) -> str:
    """The kind in a word."""
    return _LABELS[kind(problem)]


def next_step(problem: Problem) -> str:
    """What to do, or why nothing is done."""
    if problem.waived is None:
        return f"下一步：{problem.hint}" if problem.hint else ""
    by = problem.waived
    day = f"，{by.day:%Y-%m-%d}" if by.day else ""
    return f"照样公开：{by.reason}（{by.person}{day}）"


def put_first(
    package: Package, styles: Styles, title: str, lines: Sequence[Line], remarks: Sequence[str]
) -> None:
    """Add the sheet in front of all others, and open the workbook with it."""
    name = _free_name(package)
    part = package.free_name("xl/worksheets/sheet{}.xml")
    sheet = _Sheet(_looks(styles))
    sheet.write(title, lines, remarks)
    for other in _all_sheets(package):
        _deselect(package, other)
    package.add(part, sheet.xml(), _WORKSHEET)
    _enter(package, name, package.relate(WORKBOOK, "worksheet", part))
    _enter_in_properties(package, name)


# --- the workbook -------------------------------------------------------------------------------


def _free_name(package: Package) -> str:
    entries = package.tree(WORKBOOK).iterfind(f"{main('sheets')}/{main('sheet')}")
    taken = {node.get("name", "").casefold() for node in entries}
    names = [NAME, *(f"{NAME}（{i}）" for i in range(2, len(taken) + 3))]
    return next(name for name in names if name.casefold() not in taken)


def _all_sheets(package: Package) -> Iterator[str]:
    for kind in ("worksheet", "chartsheet", "dialogsheet"):
        yield from package.related(WORKBOOK, kind).values()


def _deselect(package: Package, part: str) -> None:
    """Two selected sheets are a group: what is typed into one goes into both."""
    if part in package and b"tabSelected" in package.data(part):
        for view in package.edit(part).iterfind("{*}sheetViews/{*}sheetView"):
            view.attrib.pop("tabSelected", "")


def _enter(package: Package, name: str, relation: str) -> None:
    """The sheet as the workbook's first; what counts sheets counts one more."""
    root = package.edit(WORKBOOK)
    sheets = child(root, "sheets", WORKBOOK_ORDER)
    ids = [int(node.get("sheetId", "0")) for node in sheets]
    entry = new("sheet", name=name, sheetId=str(max(ids, default=0) + 1))
    entry.set(f"{{{RELATION}}}id", relation)
    sheets.insert(0, entry)
    for defined in root.iterfind(f"{main('definedNames')}/{main('definedName')}"):
        if (local := defined.get("localSheetId")) is not None:
            defined.set("localSheetId", str(int(local) + 1))
    rows = f"'{name}'!${_HEADER_ROW}:${_HEADER_ROW}"
    titles = new("definedName", rows, name="_xlnm.Print_Titles", localSheetId="0")
    child(root, "definedNames", WORKBOOK_ORDER).insert(0, titles)
    views = child(root, "bookViews", WORKBOOK_ORDER)
    for view in views if len(views) else [etree.SubElement(views, main("workbookView"))]:
        view.set("activeTab", "0")
        view.set("firstSheet", "0")


_VECTOR: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"


def _enter_in_properties(package: Package, name: str) -> None:
    """The list of sheets in the file's properties, where there is one."""
    for part in package.related("", "extended-properties").values():
        if part not in package:
            continue
        root = package.tree(part)
        titles = root.find(f"{{*}}TitlesOfParts/{_VECTOR}vector")
        count = root.find(f"{{*}}HeadingPairs/{_VECTOR}vector/{_VECTOR}variant/{_VECTOR}i4")
        if titles is None or count is None:
            continue
        package.edit(part)
        entry = etree.Element(f"{_VECTOR}lpstr")
        entry.text = name
        titles.insert(0, entry)
        titles.set("size", str(len(titles)))
        count.text = str(int(count.text or 0) + 1)


# --- the sheet ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """The sheet under construction: rows from above, and the links in them."""

    looks: dict[str, str]
    data: Element = field(default_factory=lambda: new("sheetData"))
    links: list[Element] = field(default_factory=list)

    def write(self, title: str, lines: Sequence[Line], remarks: Sequence[str]) -> None:
        self._row(30, [(1, title, "title")])
        self._row(22, [(1, _counts(lines), "plain")])
        names = [name for name, _ in COLUMNS]
        self._row(26, [(i, name, "header") for i, name in enumerate(names, 1)])
        for number, line in enumerate(lines[:MAX_LINES], 1):
            self._finding(number, line)
        if len(lines) > MAX_LINES:
            self._row(20, [(3, f"另有 {len(lines) - MAX_LINES} 条没有列出。", "plain")])
        for remark in remarks:
            self._row(20, [(1, remark, "plain")])
        self._signatures()

    def _finding(self, number: int, line: Line) -> None:
        problem = line.problem
        values = (
            str(number),
            label(problem),
            _rule(problem),
            line.place,
            "\n".join((problem.message, *(f"旁证：{told}" for told in problem.evidence))),
            _difference(problem),
            "" if problem.waived else problem.hint or "",
            next_step(problem) if problem.waived else "",
        )
        looks = ("number", kind(problem), "text", "text", "text", "number", "text", "text")
        cells = [(i, *cell) for i, cell in enumerate(zip(values, looks, strict=True), 1)]
        if line.target is not None:
            cells[3] = (4, values[3], "link")
        self._row(_height(values), cells)
        if line.target is not None:
            name = cell_name(len(self.data), 4)
            self.links.append(new("hyperlink", ref=name, location=line.target, display=values[3]))

    def _signatures(self) -> None:
        self._row(16, [])
        for who in ("编制人（签字）：", "审核人（签字）："):
            self._row(
                34, [(3, who, "who"), (4, "", "line"), (5, "日期：　　　　年　　月　　日", "day")]
            )

    def _row(self, height: int, cells: Sequence[tuple[int, str, str]]) -> None:
        number = len(self.data) + 1
        row = new("row", r=str(number), ht=str(height))
        for column, text, look in cells:
            cell = etree.SubElement(row, main("c"), r=cell_name(number, column), s=self.looks[look])
            if text:
                cell.set("t", "inlineStr")
                cell.append(inline(text[:MAX_CELL]))
        self.data.append(row)

    def xml(self) -> Element:
        """The worksheet: A4 across, as wide as the page, the header kept in sight."""
        sheet = new("worksheet")
        properties = etree.SubElement(sheet, main("sheetPr"))
        properties.extend([new("tabColor", rgb="FFC00000"), new("pageSetUpPr", fitToPage="1")])
        below = cell_name(_HEADER_ROW + 1, 1)
        view = new("sheetView", showGridLines="0", tabSelected="1", workbookViewId="0")
        view.append(
            new(
                "pane",
                ySplit=str(_HEADER_ROW),
                topLeftCell=below,
                activePane="bottomLeft",
                state="frozen",
            )
        )
        view.append(new("selection", pane="bottomLeft", activeCell=below, sqref=below))
        etree.SubElement(sheet, main("sheetViews")).append(view)
        sheet.append(new("sheetFormatPr", defaultRowHeight="20"))
        columns = etree.SubElement(sheet, main("cols"))
        for i, (_, width) in enumerate(COLUMNS, 1):
            columns.append(new("col", min=str(i), max=str(i), width=str(width), customWidth="1"))
        sheet.append(self.data)
        if self.links:
            etree.SubElement(sheet, main("hyperlinks")).extend(self.links)
        sheet.append(new("printOptions", horizontalCentered="1"))
        margins = dict.fromkeys(("left", "right"), "0.4") | dict.fromkeys(("top", "bottom"), "0.6")
        sheet.append(new("pageMargins", **margins, header="0.3", footer="0.3"))
        sheet.append(new("pageSetup", paperSize="9", orientation="landscape", fitToHeight="0"))
        footer = etree.SubElement(sheet, main("headerFooter"))
        footer.append(new("oddFooter", "&C第 &P 页，共 &N 页"))
        return sheet


def _counts(lines: Sequence[Line]) -> str:
    if not lines:
        return "没有发现问题。"
    counts = Counter(label(line.problem) for line in lines)
    told = "，".join(f"{name} {counts[name]} 处" for name in _LABELS.values() if counts[name])
    return f"{told}。点“位置”可到那个单元格；单元格的批注里有说明。"


def _rule(problem: Problem) -> str:
    more = f"\n同时影响：{'、'.join(problem.affects)}" if problem.affects else ""
    return f"{problem.rule}\n{problem.name}{more}"


def _difference(problem: Problem) -> str:
    difference = problem.difference
    return "" if difference is None else f"{abs(difference):f} {problem.unit}"


def _height(values: Sequence[str]) -> int:
    """Points; programs that fit rows themselves do so, the others need not."""
    count = 1
    for text, (_, width) in zip(values, COLUMNS, strict=True):
        shown = text[:MAX_CELL].split("\n")
        count = max(count, sum(max(1, ceil(half_widths(line) * 1.1 / width)) for line in shown))
    return min(count * 15 + 8, 400)


# --- how it looks -------------------------------------------------------------------------------


def _looks(styles: Styles) -> dict[str, str]:
    """The number of each look in the workbook's styles."""

    def font(size: str, colour: str = "FF1F2937", **more: str) -> str:
        look = new("font")
        look.extend([new(name, val=value) for name, value in more.items()])
        look.extend([new("sz", val=size), new("color", rgb=colour), new("name", val="微软雅黑")])
        return str(styles.add("fonts", look))

    def border(*sides: str) -> str:
        look = new("border")
        for side in ("left", "right", "top", "bottom", "diagonal"):
            line = etree.SubElement(look, main(side))
            if side in sides:
                line.set("style", "thin")
                line.append(new("color", rgb="FFB8C2CF"))
        return str(styles.add("borders", look))

    def look(font_id: str, border_id: str, fill: str = "", **alignment: str) -> str:
        colour = {"fillId": str(styles.add("fills", solid(fill))), "applyFill": "1"} if fill else {}
        found = new(
            "xf",
            **{"numFmtId": "0", "fontId": font_id, "borderId": border_id, "xfId": "0"},
            **({"fillId": "0"} | colour),
            **{"quotePrefix": "1", "applyFont": "1", "applyBorder": "1", "applyAlignment": "1"},
        )
        found.append(new("alignment", **({"vertical": "center"} | alignment)))
        return str(styles.add("cellXfs", found))

    plain, bold, box, none = font("10"), font("10", b="1"), border(*_BOX), border()
    wrapped = {"wrapText": "1"}
    return {
        "title": look(font("16", "FF1F4E79", b="1"), none),
        "plain": look(font("10", "FF6B7280"), none),
        "header": look(bold, box, "FFD9E7F5", horizontal="center", **wrapped),
        "text": look(plain, box, **wrapped, **_INDENT),
        "number": look(plain, box, horizontal="center", **wrapped),
        "link": look(font("10", "FF0563C1", u="single"), box, **wrapped, **_INDENT),
        "who": look(bold, none, horizontal="right", vertical="bottom"),
        "line": look(plain, border("bottom"), vertical="bottom"),
        "day": look(plain, none, vertical="bottom"),
        **{name: look(bold, box, colour, horizontal="center") for name, colour in COLOURS.items()},
    }


_BOX: Final = ("left", "right", "top", "bottom")
_INDENT: Final = {"horizontal": "left", "indent": "1"}
