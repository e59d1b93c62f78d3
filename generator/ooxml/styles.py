"""The styles of a workbook: what is there stays, what is added stands behind it."""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from lxml import etree

from generator.ooxml.package import (
    MAIN,
    STYLES_ORDER,
    WORKBOOK,
    Element,
    Package,
    child,
    main,
    new,
    parse,
)

_STYLES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NO_STYLES: Final = f"""<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/></font>
</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill
 patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs
 count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf xfId="0"/></cellXfs><cellStyles
 count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Styles:
    """The workbook's styles, with ours behind them."""

    def __init__(self, package: Package) -> None:
        parts = list(package.related(WORKBOOK, "styles").values())
        if not parts:
            parts = ["xl/styles.xml"]
            package.add(parts[0], parse(_NO_STYLES.encode()), _STYLES)
            package.relate(WORKBOOK, "styles", parts[0])
        self._root = package.edit(parts[0])
        self._added: dict[tuple[str, bytes], int] = {}

    def add(self, group: str, element: Element) -> int:
        """The number of a font, fill, border, format or rule format; equal ones are one."""
        key = (group, bytes(etree.tostring(element)))
        if key not in self._added:
            parent = child(self._root, group, STYLES_ORDER)
            self._added[key] = len(parent.findall(element.tag))
            parent.append(element)
            parent.set("count", str(self._added[key] + 1))
        return self._added[key]

    def filled(self, style: str, colour: str) -> str:
        """A cell's style with another fill, everything else as it is."""
        formats = child(self._root, "cellXfs", STYLES_ORDER).findall(main("xf"))
        number = int(style)
        own = deepcopy(formats[number]) if number < len(formats) else new("xf", xfId="0")
        own.set("fillId", str(self.add("fills", solid(colour))))
        own.set("applyFill", "1")
        return str(self.add("cellXfs", own))

    def rule_colour(self, colour: str) -> int:
        """The format of a rule that colours."""
        pattern = new("patternFill", patternType="solid")
        pattern.extend([new("fgColor", rgb=colour), new("bgColor", rgb=colour)])
        fill = new("fill")
        fill.append(pattern)
        look = new("dxf")
        look.append(fill)
        return self.add("dxfs", look)


def solid(colour: str) -> Element:
    """A fill of one colour."""
    pattern = new("patternFill", patternType="solid")
    pattern.extend([new("fgColor", rgb=colour), new("bgColor", indexed="64")])
    fill = new("fill")
    fill.append(pattern)
    return fill
