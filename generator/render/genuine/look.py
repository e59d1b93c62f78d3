"""How the runs of a paragraph look, with all that their styles say: can a reader read them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from generator.render.genuine.flaw import Flaw, flaw
from generator.render.paginate.geometry import Element, Styles, W, measure

_FONTS, _HINT = f"{W}rFonts", f"{W}hint"
OFF: Final = ("0", "false", "off", "none")
_HIDDEN: Final = {
    "vanish": "隐藏",
    "webHidden": "网页隐藏",
    "specVanish": "隐藏",
    "strike": "删除线",
    "dstrike": "双删除线",
    "outline": "空心",
    "shadow": "阴影",
    "emboss": "阳文",
    "imprint": "阴文",
    "fitText": "压缩在固定的宽度里",
    "eastAsianLayout": "双行合一",
    "vertAlign": "上标或下标",
    "oMath": "公式",
}
_PLAIN_VALUES: Final = {"vertAlign": "baseline"}
_DARK_THEME: Final = ("text1", "dark1")
_SYMBOLS = re.compile(r"wingdings|webdings|symbol|marlett|dingbats|条码|barcode", re.IGNORECASE)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_HIGHLIGHTS: Final = {
    **{"black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00"},
    **{"magenta": "FF00FF", "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF"},
    **{"darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000"},
    **{"darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000"},
    **{"darkGray": "808080", "lightGray": "C0C0C0"},
}
_LEAST_SIZE, _DEFAULT_SIZE = 10, 20  # half points
_SCALE: Final = (50, 200)
_POSITION: Final = 6  # half points
_SPACING: Final = (-40, 200)  # twips
_CONTRAST: Final = 2.0
"""The least ratio of luminances; grey letters for tags have 3.9, silver ones 1.8."""
_EFFECTS: Final = ("textFill", "textOutline", "glow", "props3d", "scene3d")
WHITE: Final = "FFFFFF"

Layers = tuple[Element, ...]
"""Run properties that come together, the strongest last."""


class Looks:
    """The looks of runs; what was seen once is not looked at again."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        defaults = styles.root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults: Layers = () if defaults is None else (defaults,)
        self._of_styles: dict[tuple[str, str, tuple[str, ...]], tuple[tuple[str, str], ...]] = {}

    def flaws(
        self,
        style: str,
        table: str,
        runs: Iterable[Element],
        plain: bool,
        behind: tuple[str, ...],
        place: str,
    ) -> Iterator[Flaw]:
        """What hides the runs of a paragraph.

        ``runs``: their w:rPr; ``plain``: some have none; ``table``: the style of their table;
        ``behind``: the colours behind them.
        """
        for run in runs:
            if all(child.tag == _FONTS and list(child.attrib) == [_HINT] for child in run):
                plain = True
                continue
            for rule, shown in _seen((*self._layers(style, table, run), run), behind):
                yield flaw(rule, place, shown)
        if plain:
            key = (style, table, behind)
            if key not in self._of_styles:
                self._of_styles[key] = tuple(_seen(self._layers(style, table, None), behind))
            for rule, shown in self._of_styles[key]:
                yield flaw(rule, place, shown)

    def _layers(self, style: str, table: str, run: Element | None) -> Layers:
        """What the defaults, the styles of table and paragraph, and that of a run say."""
        named = None if run is None else run.find(f"{W}rStyle")
        own = "" if named is None else named.get(f"{W}val", "")
        ids = (table, style, own)
        found = list(self._defaults)
        for id_ in ids:
            for element in reversed(self._styles.chain(id_)):
                found += element.findall(f"{W}tblStylePr/{W}rPr")
                found += element.findall(f"{W}rPr")
        return tuple(found)


def _seen(layers: Layers, behind: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(rule, what its sentence quotes) of everything that hides a run of these layers."""
    last: dict[str, Element] = {}
    for layer in layers:
        for child in layer:
            name = child.tag.rpartition("}")[2]
            last[name] = child
            value = child.get(f"{W}val", "1")
            if name in _HIDDEN and value not in (*OFF, _PLAIN_VALUES.get(name)):
                yield "hidden", _HIDDEN[name]
            elif name == "rtl" and value not in OFF:
                yield "direction", ""
            elif name in _EFFECTS and not child.tag.startswith(W) and not _is_black(child):
                yield "hidden", "艺术字效果"
            elif name == "rFonts":
                yield from _fonts(child)
    yield from _measures(last)
    yield from _colours(last, behind)


def _is_black(effect: Element) -> bool:
    """What Word and WPS write beside the automatic black of a theme."""
    names = [node.tag.rpartition("}")[2] for node in effect.iter()][1:]
    values = [value for node in effect.iter() for value in node.attrib.values()]
    return names == ["solidFill", "schemeClr"] and values == ["tx1"]


def _fonts(fonts: Element) -> Iterator[tuple[str, str]]:
    for name in fonts.attrib.values():
        if _SYMBOLS.search(name):
            yield "symbols", name


def _measures(last: dict[str, Element]) -> Iterator[tuple[str, str]]:
    def value(name: str, default: int) -> int:
        return measure(last[name].get(f"{W}val"), 0) if name in last else default

    if min(value("sz", _DEFAULT_SIZE), value("szCs", _DEFAULT_SIZE)) < _LEAST_SIZE:
        yield "size", ""
    if not _SCALE[0] <= value("w", 100) <= _SCALE[1]:
        yield "scale", ""
    if abs(value("position", 0)) > _POSITION:
        yield "raised", ""
    if not _SPACING[0] <= value("spacing", 0) <= _SPACING[1]:
        yield "spaced", ""


def _colours(last: dict[str, Element], behind: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if "highlight" in last and (marked := _HIGHLIGHTS.get(last["highlight"].get(f"{W}val", ""))):
        behind = (marked,)
    elif "shd" in last:
        behind = shades(last["shd"]) or behind
    if "color" not in last:
        return
    theme = last["color"].get(f"{W}themeColor", "")
    colour = last["color"].get(f"{W}val", "auto")
    if theme and theme not in _DARK_THEME:
        yield "theme", theme
    elif _COLOUR.fullmatch(colour) and any(_contrast(colour, b) < _CONTRAST for b in behind):
        yield "pale", ""


def shades(shade: Element) -> tuple[str, ...]:
    """The colours of a w:shd; none where nothing is shaded."""
    kind = shade.get(f"{W}val", "clear")
    names = {"clear": ("fill",), "nil": (), "solid": ("color",)}.get(kind, ("fill", "color"))
    found = (shade.get(W + name, "auto") for name in names)
    return tuple(colour for colour in found if _COLOUR.fullmatch(colour))


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
