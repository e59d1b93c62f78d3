"""Fonts that a document names and this machine has not: what LibreOffice sets in their place.

Without a word from us LibreOffice looks for every single glyph of a missing font, which takes
three times as long, and takes what it happens to find. The substitutes (``fonts.yaml``) are given
to it by a fontconfig file of ours; systems without fontconfig (Windows, macOS) have the fonts
themselves.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from generator import yamltext

TABLE: Final = Path(__file__).parent / "fonts.yaml"
_NAMED = re.compile(rb"<w:rFonts [^>]*?/?>")
_NAME = re.compile(rb'w:(?:ascii|hAnsi|eastAsia)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Substitutes:
    """``same``: the font under its other names; ``others``: what may stand in for it."""

    same: tuple[str, ...]
    others: tuple[str, ...]


@cache
def table() -> Mapping[str, Substitutes]:
    """Named font → its substitutes."""
    tree: Any = yamltext.parse(TABLE.read_text(encoding="utf-8")).tree
    return {
        name: Substitutes(tuple(entry["同一字体"]), tuple(entry["代替"]))
        for name, entry in tree.items()
    }


@cache
def installed() -> frozenset[str] | None:
    """The families that fontconfig knows; None where there is no fontconfig."""
    try:
        listed = subprocess.run(
            ["fc-list", "--format", "%{family}\n"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(name for line in listed.stdout.splitlines() for name in line.split(","))


def named_in(parts: Mapping[str, bytes]) -> set[str]:
    """The fonts that the parts of a .docx name."""
    return {
        unescape(name.decode("utf-8", "replace"))
        for part, data in parts.items()
        if part.startswith("word/") and part.endswith(".xml") and part != "word/fontTable.xml"
        for fonts in _NAMED.findall(data)
        for name in _NAME.findall(fonts)
    }


def missing_fonts(named: Iterable[str], known: frozenset[str] | None = None) -> Mapping[str, str]:
    """Named fonts that are not installed → the substitute, ``""`` where there is none.

    ``known``: the installed families; asked of fontconfig when it is not given.
    """
    known = installed() if known is None else known
    if known is None:
        return {}
    nothing = Substitutes((), ())
    missing = {}
    for name in sorted(named):
        substitutes = table().get(name, nothing)
        if known.isdisjoint((name, *substitutes.same)):
            missing[name] = next((font for font in substitutes.others if font in known), "")
    return missing


def write_configuration(folder: Path) -> Path:
    """A fontconfig file that keeps the system's settings and adds our substitutes."""
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family><prefer>'
        + "".join(f"<family>{escape(font)}</family>" for font in (*fonts.same, *fonts.others))
        + "</prefer></alias>\n"
        for name, fonts in table().items()
    )
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f'{aliases}<cachedir prefix="xdg">fontconfig</cachedir>\n</fontconfig>\n',
        encoding="utf-8",
    )
    return file
