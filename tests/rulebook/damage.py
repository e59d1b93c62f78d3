"""A .docx spoiled in one place, for the rules of the written file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from rulebook.base import Tree

Damage = Callable[[bytes], bytes]
BODY = "word/document.xml"


def text(words: str) -> str:
    """Words as the text of a run stands in the XML."""
    return f">{words}</w:t>"


def swap(old: str, new: str, *, part: str = BODY, at: int = 1) -> Damage:
    """The ``at``-th occurrence of ``old`` in a part becomes ``new``."""

    def damage(data: bytes) -> bytes:
        source = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(source, "w") as spoilt:
            for name in archive.namelist():
                content = archive.read(name)
                if name == part:
                    pieces = content.decode().split(old)
                    assert len(pieces) > at, f"{old} stands {len(pieces) - 1} times in {part}"
                    content = (old.join(pieces[:at]) + new + old.join(pieces[at:])).encode()
                spoilt.writestr(name, content)
        return source.getvalue()

    return damage


def paragraph(words: str, style: str = "BodyText") -> str:
    """A paragraph as the template writes one."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
    )


def as_it_is(tree: Tree) -> None:
    """The input is not to blame."""
