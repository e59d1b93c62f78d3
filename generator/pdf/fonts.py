"""Fonts that a document names and this machine has not: what LibreOffice sets in their place.

Without a word from us LibreOffice looks for every single glyph of a missing font, which takes
three times as long, and takes what it happens to find. The substitutes are given to it by a
fontconfig file of ours; systems without fontconfig (Windows, macOS) have the fonts themselves.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

SUBSTITUTES: Final[dict[str, tuple[str, ...]]] = {
    "宋体": ("SimSun", "NSimSun", "AR PL UMing CN", "Noto Serif CJK SC"),
    "仿宋": (
        *("FangSong", "仿宋_GB2312", "FangSong_GB2312", "STFangsong"),
        *("AR PL UMing CN", "Noto Serif CJK SC"),
    ),
    "楷体": ("KaiTi", "楷体_GB2312", "KaiTi_GB2312", "STKaiti", "AR PL UKai CN"),
    "黑体": ("SimHei", "STHeiti", "Noto Sans CJK SC", "WenQuanYi Zen Hei"),
    "方正小标宋简体": (
        *("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "Noto Serif CJK SC", "AR PL UMing CN"),
    ),
    "Times New Roman": ("Liberation Serif", "Tinos", "Nimbus Roman", "DejaVu Serif"),
}
"""Named font → what may stand in for it, the best first. The first two or three of each are the
same font under another name."""


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


def missing_fonts(
    named: Iterable[str] = SUBSTITUTES, known: frozenset[str] | None = None
) -> Mapping[str, str]:
    """Named fonts that are not installed → the substitute, ``""`` where there is none.

    ``known``: the installed families; asked of fontconfig when it is not given.
    """
    known = installed() if known is None else known
    if known is None:
        return {}
    return {
        name: next((font for font in SUBSTITUTES.get(name, ()) if font in known), "")
        for name in named
        if name not in known
    }


def write_configuration(folder: Path) -> Path:
    """A fontconfig file that keeps the system's settings and adds our substitutes."""
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family><prefer>'
        + "".join(f"<family>{escape(font)}</family>" for font in fonts)
        + "</prefer></alias>\n"
        for name, fonts in SUBSTITUTES.items()
    )
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f'{aliases}<cachedir prefix="xdg">fontconfig</cachedir>\n</fontconfig>\n',
        encoding="utf-8",
    )
    return file
