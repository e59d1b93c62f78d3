"""A workbook file edited in place: its parts as XML trees, what is not touched byte for byte.

openpyxl drops the stored values of formulas, pictures, macros and more when it saves. So a part is
read and written again only when something in it changes, and all the others are copied.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from lxml import etree

from generator.problem import UserError

Element = etree._Element

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

CONTENT_TYPES: Final = "[Content_Types].xml"
WORKBOOK: Final = "xl/workbook.xml"

_NEW_PART: Final = (1980, 1, 1, 0, 0, 0)
_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# What XML cannot carry, and what a spreadsheet program would take for an escaped character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

WORKBOOK_ORDER: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames", "calcPr"),
)
SHEET_ORDER: Final = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"),
    *("headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches"),
    *("ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
)
STYLES_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
)


def _unprefixed(namespace: str) -> Any:
    return {None: namespace}


def main(name: str) -> str:
    """``c`` as the tag of a cell."""
    return f"{{{MAIN}}}{name}"


def new(name: str, text: str | None = None, /, **attributes: str) -> Element:
    """An element of the spreadsheet's own namespace."""
    element = etree.Element(main(name), attributes, nsmap=_unprefixed(MAIN))
    element.text = text
    return element


def carried(text: str) -> str:
    """A text as an XML part of a workbook can hold it."""
    return _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", text))


def inline(text: str) -> Element:
    """The content of a cell that is text whatever it begins with."""
    content = new("is")
    words = etree.SubElement(content, main("t"))
    words.text = carried(text)
    words.set(XML_SPACE, "preserve")
    return content


def not_understood() -> UserError:
    return UserError(
        "这个工作簿的内部写法程序不能改写，没有改动它。",
        "请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”，再运行一次。",
    )


def parse(data: bytes) -> Element:
    """A part as a tree. Nothing outside of it is looked up, and it defines no entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise not_understood() from error
    if _DEFINITION.search(data):
        raise not_understood()
    return root


def child(parent: Element, name: str, order: Sequence[str]) -> Element:
    """The child of that name; made at its place in the order of the schema if there is none."""
    found = parent.find(main(name))
    if found is None:
        found = new(name)
        insert(parent, found, order)
    return found


def insert(parent: Element, element: Element, order: Sequence[str]) -> None:
    """Put a child behind all those that the schema puts before it."""
    earlier = order[: order.index(etree.QName(element).localname)]
    tags = {main(name) for name in earlier}
    places = [i for i, sibling in enumerate(parent) if sibling.tag in tags]
    parent.insert(places[-1] + 1 if places else 0, element)


class Package:
    """The parts of an .xlsx or .xlsm. Raises :class:`UserError` when it is not understood."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._infos = {info.filename: info for info in archive.infolist()}
                self._parts = {name: archive.read(name) for name in self._infos}
        except Exception as error:  # zipfile has a dozen kinds of errors for damaged archives
            raise not_understood() from error
        self._trees: dict[str, Element] = {}
        self._edited: set[str] = set()
        if not {CONTENT_TYPES, WORKBOOK} <= self._parts.keys():
            raise not_understood()
        # A strict workbook has other namespaces throughout.
        if self.tree(WORKBOOK).tag != main("workbook"):
            raise not_understood()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def data(self, part: str) -> bytes:
        """A part as it stands in the file."""
        return self._parts[part]

    def tree(self, part: str) -> Element:
        """A part, to be looked at."""
        if part not in self._trees:
            if part not in self._parts:
                raise not_understood()
            self._trees[part] = parse(self._parts[part])
        return self._trees[part]

    def edit(self, part: str) -> Element:
        """A part, to be changed."""
        self._edited.add(part)
        return self.tree(part)

    def add(self, part: str, root: Element, content_type: str = "") -> None:
        """A new part; without a content type, one that its extension tells."""
        self._parts[part] = b""
        self._trees[part] = root
        self._edited.add(part)
        if not content_type:
            return
        types = self.edit(CONTENT_TYPES)
        override = etree.SubElement(types, f"{{{PACKAGE}/content-types}}Override")
        override.set("PartName", f"/{part}")
        override.set("ContentType", content_type)

    def declare(self, extension: str, content_type: str) -> None:
        """The content type of all parts with an extension."""
        types = self.edit(CONTENT_TYPES)
        tag = f"{{{PACKAGE}/content-types}}Default"
        if all(node.get("Extension", "").lower() != extension for node in types.iterfind(tag)):
            default = etree.Element(tag, Extension=extension, ContentType=content_type)
            types.insert(0, default)

    def free_name(self, pattern: str) -> str:
        """The first name ``xl/comments{}.xml`` that no part has."""
        taken = {name.casefold() for name in self._parts}
        number = 1
        while (name := pattern.format(number)).casefold() in taken:
            number += 1
        return name

    # --- relations --------------------------------------------------------------------------

    def related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part names as its ``comments``, ``worksheet`` …, by their ids."""
        relations = _relations_of(part)
        if relations not in self._parts:
            return {}
        return {
            node.get("Id", ""): _resolved(part, node.get("Target", ""))
            for node in self.tree(relations).iterfind(f"{{{PACKAGE}/relationships}}Relationship")
            if node.get("Type", "").endswith(f"/{kind}") and node.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Name another part as the ``comments`` … of a part; its id."""
        relations = _relations_of(part)
        if relations not in self._parts:
            space = f"{PACKAGE}/relationships"
            tag = f"{{{space}}}Relationships"
            self.add(relations, etree.Element(tag, nsmap=_unprefixed(space)))
        root = self.edit(relations)
        taken = {node.get("Id") for node in root}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        relation = etree.SubElement(root, f"{{{PACKAGE}/relationships}}Relationship")
        relation.set("Id", f"rId{number}")
        relation.set("Type", f"{RELATION}/{kind}")
        relation.set("Target", f"/{target}")
        return f"rId{number}"

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The part of each worksheet by its name, in order."""
        parts = self.related(WORKBOOK, "worksheet")
        return {
            node.get("name", ""): parts[id_]
            for node in self.tree(WORKBOOK).iterfind(f"{main('sheets')}/{main('sheet')}")
            if (id_ := node.get(f"{{{RELATION}}}id", "")) in parts
        }

    # --- writing ----------------------------------------------------------------------------

    def save(self) -> bytes:
        """The file: parts in their order, new ones behind them."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                old = self._infos.get(name)
                info = zipfile.ZipInfo(name, old.date_time if old else _NEW_PART)
                info.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
                info.external_attr = old.external_attr if old else 0o600 << 16
                archive.writestr(info, self._written(name) if name in self._edited else data)
        return buffer.getvalue()

    def _written(self, part: str) -> bytes:
        tree = self._trees[part].getroottree()
        if part.endswith(".vml"):
            return bytes(etree.tostring(tree, encoding="UTF-8"))
        return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True))


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
