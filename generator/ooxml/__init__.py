"""A workbook file edited in place."""

from generator.ooxml.cells import Cells, Texts
from generator.ooxml.package import (
    RELATION,
    SHEET_ORDER,
    WORKBOOK,
    WORKBOOK_ORDER,
    XML_SPACE,
    Element,
    Package,
    carried,
    child,
    inline,
    insert,
    main,
    new,
)
from generator.ooxml.styles import Styles, solid

__all__ = [
    "RELATION",
    "SHEET_ORDER",
    "WORKBOOK",
    "WORKBOOK_ORDER",
    "XML_SPACE",
    "Cells",
    "Element",
    "Package",
    "Styles",
    "Texts",
    "carried",
    "child",
    "inline",
    "insert",
    "main",
    "new",
    "solid",
]
