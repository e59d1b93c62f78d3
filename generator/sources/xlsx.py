"""The workbook as a file (.xlsx): its parts read within limits, its sheets as grids of values.

python-calamine reads the values, several times faster than openpyxl. It shows a blank where a
formula failed or was never calculated, and it fills the whole rectangle up to the last cell. So
we read the parts ourselves, look at the sheets' XML, and hand it only what has passed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from xml.etree import ElementTree

import python_calamine as calamine

from generator.problem import Place, UserError

MAX_UNPACKED: Final = 150_000_000  # bytes of all parts together
MAX_PARTS: Final = 5_000
MAX_CELLS: Final = 5_000_000
MAX_COLUMNS: Final = 1_000

UNCALCULATED: Final = "\ue000"
"""What a grid holds for a formula that no program has calculated; nobody types it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# Every program writes cells as the first alternative has it. One written otherwise is refused: how
# far out it lies, and whether it has a value at all, could not be told.
_CELL = re.compile(rb'<c(?: r="([A-Z]{1,3}+[0-9]{1,7}+)"|[\s/>])')
# A cell right of column Z, below row 99,999, or written otherwise: without one all is in reach.
_UNUSUAL_CELL = re.compile(rb'<c(?! r="[A-Z][0-9]{1,5}")[\s/>]')
# A prepared cell that only has a format: the greater part of a form's cells.
_BLANK_CELL = re.compile(rb'<c r="[^<>]++(?:(?<=/)>|></c>)')
_ERROR_TYPE = re.compile(rb'(<c r="[A-Z0-9]+"[^<>]*? t=)"e"')
# Up to the end of the formula; the last group is there when the cell ends without a value.
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}+[0-9]{1,7}+)"([^<>]*+)><f(?=[\s/>])'
    rb"(?:(?:[^<>]*/>|[^<>]*>[^<]*</f>)((?:<v\s*/>|<v>\s*</v>)?\s*</c>)?)?"
)
_MARKED = b'<c r="%%b" t="str"><v>&#%d;</v></c>' % ord(UNCALCULATED)
# An element that matters under a prefixed name; and prefixes as the library sees them: whatever
# stands before a colon in an element's name.
_PREFIXED = re.compile(rb":(?:c|f|v|is|t|row|sheetData)[\s/>]")
_PREFIX = re.compile(rb"(</?)(?![!?])(?:[^\s<>:]*+:)++")
_MERGED = re.compile(
    rb'<(?:[^\s<>:]+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"'
)
_END: Final = b"</sheetData>"
_DIGITS: Final = b"0123456789"
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LITERAL = re.compile(r'"[^"]*"|\\.')
_PERCENT = re.compile(r"0(?:\.(0+))?%")
# Without it there is no percentage in the styles: few workbooks have one.
_MAYBE_PERCENT = re.compile(rb"""%|&#|numFmtId\s*=\s*["'](?:9|10)["']""")


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells made into one, of which only the first has a value. Columns from 0, rows from 1."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: ``rows`` from A1 on, ``""`` for a blank, error values as text (``#REF!``).

    ``percent``: the cells (``C7``) that show a number as a percentage, and with how many decimals.
    ``formulas``: the cells whose content is a formula.
    """

    rows: list[list[Any]]
    percent: Mapping[str, int]
    formulas: frozenset[str]
    merges: tuple[Merge, ...] = ()


class Book:
    """An opened workbook. Raises :class:`UserError` when it cannot be read."""

    def __init__(
        self, name: str, data: bytes, unread: Callable[[str], bool] = lambda _: False
    ) -> None:
        """``unread``: whether a sheet need not be looked at; it is then not unpacked either."""
        self._name = name
        parts, sheets = _unpack(name, data, unread)
        styles = _percent_styles(parts.get("xl/styles.xml", b""))
        self._percent: dict[str, dict[str, int]] = {}
        self._formulas: dict[str, frozenset[str]] = {}
        self._merges: dict[str, tuple[Merge, ...]] = {}
        for sheet, part in sheets.items():
            self._merges[sheet] = _merges(parts[part])
            parts[part], self._formulas[sheet] = _inspected(name, sheet, parts[part])
            self._percent[sheet] = _percent_cells(parts[part], styles)
        self._book = self._guarded(lambda: calamine.CalamineWorkbook.from_filelike(_packed(parts)))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets in order."""
        return tuple(self._formulas)

    def grid(self, sheet: str) -> Grid:
        """The content of a sheet."""
        rows: list[list[Any]] = self._guarded(
            lambda: self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        )
        return Grid(rows, self._percent[sheet], self._formulas[sheet], self._merges[sheet])

    def _guarded(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            raise _damaged(self._name) from error
        except BaseException as error:
            # A panic inside the Rust library; it is no Exception, and has no public class.
            if type(error).__name__ != "PanicException":
                raise
            raise _damaged(self._name) from error


# --- the parts ------------------------------------------------------------------------------


def old_format(name: str) -> UserError:
    """What to say of .xls and .et files."""
    return UserError(
        f"“{name}”是旧的 .xls（或 .et）格式。",
        "请在 Excel 或 WPS 中打开，另存为 .xlsx 工作簿后再试。",
        Place(file=name),
    )


def _damaged(name: str) -> UserError:
    return UserError(
        f"“{name}”已损坏，或没有下载完整。",
        "请在 Excel 或 WPS 中打开检查，重新保存后再试。",
        Place(file=name),
    )


def _no_workbook(name: str) -> UserError:
    return UserError(
        f"“{name}”不是 Excel 工作簿。",
        "请在 Excel 或 WPS 中另存为 .xlsx 后再试。",
        Place(file=name),
    )


def _unpack(
    name: str, data: bytes, unread: Callable[[str], bool]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The XML parts of the workbook, read within limits, and the part of each sheet by its name."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UserError(
                f"“{name}”有打开密码。",
                "请在 Excel 或 WPS 中取消密码，保存后再试。",
                Place(file=name),
            )
        raise old_format(name)
    if not data.startswith(b"PK"):
        raise _no_workbook(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(name, archive.infolist())
            members = {m.filename: m for m in archive.infolist() if _READ.fullmatch(m.filename)}
            parts = {
                part: _part(archive, member)
                for part, member in members.items()
                if not part.startswith(_SHEETS)
            }
            if "xl/workbook.xml" not in parts:
                raise _no_workbook(name)
            _check_parts(name, parts.values())
            found = _worksheets(parts)
            if not found or not members.keys() >= set(found.values()):
                raise _damaged(name)
            sheets = {sheet: part for sheet, part in found.items() if not unread(sheet)}
            pages = {part: _part(archive, members[part]) for part in set(sheets.values())}
            _check_parts(name, pages.values())
    except UserError:
        raise
    except Exception as error:  # zipfile has a dozen kinds of errors for damaged archives
        raise _damaged(name) from error
    return parts | pages, sheets


_SHEETS: Final = "xl/worksheets/"
# Pictures, comments and the like are never unpacked.
_READ: Final = re.compile(
    r"xl/(?:workbook|styles|sharedStrings)\.xml|xl/_rels/[^/]*|xl/worksheets/[^/]*\.xml"
    r"|_rels/\.rels|\[Content_Types\]\.xml"
)


def _check_parts(name: str, parts: Iterable[bytes]) -> None:
    for xml in parts:
        if _DEFINITION.search(xml):
            raise UserError(
                f"“{name}”含有不允许的 XML 实体定义，没有读取。",
                "请检查文件的来源，或在 Excel、WPS 中重新保存。",
                Place(file=name),
            )
        if b"\0" in xml:  # UTF-16, in which all that we look for would be hidden
            raise _damaged(name)


def _check_members(name: str, members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise _damaged(name)  # a password on the archive; no spreadsheet program writes one
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED or len(members) > MAX_PARTS:
        raise UserError(
            f"“{name}”展开后有 {size // 1_000_000} MB、{len(members)} 个部件，过大，没有读取。",
            "一份预算不会这么大，请检查文件的来源。",
            Place(file=name),
        )


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member, never longer than it claims: the checksum of a longer one is then wrong."""
    with archive.open(member) as stream:
        return stream.read(member.file_size + 1)


def _packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    """The parts that we have read, as a workbook again: nothing else reaches the library."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    buffer.seek(0)
    return buffer


# --- the sheets -----------------------------------------------------------------------------


def _worksheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each worksheet by its name; sheets that are charts have no cells."""
    relations = {
        node.get("Id", ""): node.get("Target", "")
        for node in ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b""))
        if node.get("Type", "").endswith("/worksheet")
    }
    sheets = {
        node.get("name", ""): relations[id_]
        for node in ElementTree.fromstring(parts["xl/workbook.xml"]).iterfind(".//{*}sheet")
        for key, id_ in node.items()
        if key.endswith("}id") and id_ in relations
    }
    return {
        sheet: target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        for sheet, target in sheets.items()
    }


def _inspected(name: str, sheet: str, xml: bytes) -> tuple[bytes, frozenset[str]]:
    """The sheet's XML, made plain for calamine, and which of its cells hold formulas.

    Error values become texts, and formulas without a value :data:`UNCALCULATED`.
    """
    xml = _BLANK_CELL.sub(b"", _down_to_the_cells(xml))
    formulas: list[bytes] = []
    if b"<f" in xml:
        end = xml.find(b"</row>", xml.rfind(b"<f"))  # most sheets have them in the first row
        xml = _FORMULA.sub(partial(_marked, formulas), xml[:end]) + xml[end:]
    if b't="e"' in xml:
        xml = _ERROR_TYPE.sub(rb'\1"str"', xml)
    if _UNUSUAL_CELL.search(xml):
        _check_reach(name, sheet, _CELL.findall(xml))
    return xml, frozenset(map(bytes.decode, formulas))


def _merges(xml: bytes) -> tuple[Merge, ...]:
    """The merged cells of a sheet's XML; they are told behind its cells."""
    start = xml.find(b"mergeCells", max(xml.rfind(_END), 0))
    found = _MERGED.findall(xml, start) if start >= 0 else ()
    return tuple(
        Merge(_column(left) - 1, int(top), _column(right) - 1, int(bottom))
        for left, top, right, bottom in found
    )


def _down_to_the_cells(xml: bytes) -> bytes:
    """The XML without name prefixes, which few programs write, and without what follows the cells:

    rules and drop-downs, in which there is much to search and nothing to find.
    """
    end = xml.rfind(_END)
    if end < 0 or _PREFIXED.search(xml, 0, end):
        xml = _PREFIX.sub(rb"\1", xml)
        end = xml.rfind(_END)
    return xml if end < 0 else xml[:end] + _END + b"</worksheet>"


def _marked(formulas: list[bytes], found: re.Match[bytes]) -> bytes:
    """Note a cell with a formula; as it stands, or marked if the formula has no value."""
    cell, attributes, end = found.groups()
    formulas.append(cell)
    # A formula that came to a text may be empty.
    if end is None or b' t="str"' in attributes:
        return found[0]
    return _MARKED % cell


def _check_reach(name: str, sheet: str, cells: list[bytes]) -> None:
    """The library fills the whole rectangle, so a cell far out is told before it is asked."""
    if b"" in cells:
        raise _damaged(name)
    all_cells = b" ".join(cells)
    letters = set(all_cells.translate(None, _DIGITS).split())
    digits = set(all_cells.translate(None, _LETTERS).split())
    columns = max(map(_column, letters), default=0)
    rows = max(map(int, digits), default=0)
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise UserError(
            f"“{name}”的工作表“{sheet}”延伸到第 {rows} 行、第 {columns} 列，过大。",
            "请删去有用内容以外的行和列再保存。",
            Place(file=name, sheet=sheet),
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _percent_styles(styles: bytes) -> dict[int, int]:
    """Cell styles that show a number as a percentage, and with how many decimals."""
    if not _MAYBE_PERCENT.search(styles):
        return {}
    try:
        root = ElementTree.fromstring(styles)
    except ElementTree.ParseError:
        return {}
    codes = {"9": "0%", "10": "0.00%"}
    for node in root.iterfind("./{*}numFmts/{*}numFmt"):
        codes[node.get("numFmtId", "")] = _LITERAL.sub("", node.get("formatCode", ""))
    return {
        index: len(percent[1] or "")
        for index, node in enumerate(root.iterfind("./{*}cellXfs/{*}xf"))
        if (percent := _PERCENT.search(codes.get(node.get("numFmtId", ""), "")))
    }


def _percent_cells(xml: bytes, styles: Mapping[int, int]) -> dict[str, int]:
    """The cells that have one of the styles, with its decimals."""
    if not styles:
        return {}
    wanted = b"|".join(b"%d" % style for style in styles)
    found = re.findall(rb'<c r="([A-Z]+[0-9]+)"[^<>]*? s="(%b)"' % wanted, xml)
    return {cell.decode(): styles[int(style)] for cell, style in found}
