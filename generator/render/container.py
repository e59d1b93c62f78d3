"""The .docx as a zip: parts that never change are deflated once, the others per document."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from generator.problem import UserError

MAX_UNPACKED: Final = 50_000_000
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # no clock: the same input gives the same bytes


def unpack(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of a template. Raises :class:`UserError` when it is no .docx, or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise UserError(f"模板“{name}”展开后过大，没有读取。")
            parts = {
                member.filename: archive.read(member)
                for member in archive.infolist()
                if not member.is_dir()
            }
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise UserError(f"模板“{name}”已损坏。", "请换回原来的模板文件。") from error
    if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
        raise UserError(f"模板“{name}”不是 Word 文档（.docx）。")
    return parts


class Container:
    """A zip with the constant parts in it, to which a document's own parts are added."""

    def __init__(self, constant: dict[str, bytes]) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            # Word wants the content types first.
            for name in sorted(constant, key=lambda n: (n != "[Content_Types].xml", n)):
                _add(archive, name, constant[name])
        self._base = buffer.getvalue()

    def pack(self, parts: dict[str, bytes]) -> bytes:
        """The whole .docx: the deflated constant parts are copied as they are."""
        buffer = io.BytesIO()
        buffer.write(self._base)
        with zipfile.ZipFile(buffer, "a") as archive:
            for name, data in parts.items():
                _add(archive, name, data)
        return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0  # the same on every system
    archive.writestr(member, data)
