"""The .docx as a zip: parts that never change are deflated once, the others per document.

A template may come from a stranger, and all but its text goes into every document made from it:
so it may hold XML and pictures only, and nothing that runs, is embedded or is fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

from generator.problem import UserError

MAX_UNPACKED: Final = 50_000_000
_XML: Final = (".xml", ".rels")
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf")
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 1  # flag of a member
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # no clock: the same input gives the same bytes


def unpack(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of a template. Raises :class:`UserError` when it is no .docx, or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UserError(f"模板“{name}”展开后过大，没有读取。")
            if any(m.flag_bits & _ENCRYPTED or m.compress_type not in _PLAIN for m in members):
                raise UserError(f"模板“{name}”加了密，或不是通常的压缩方式。")
            parts = {member.filename: archive.read(member) for member in members}
    except UserError:
        raise
    except Exception as error:  # zipfile has a dozen kinds of errors for damaged archives
        raise UserError(f"模板“{name}”已损坏。", "请换回原来的模板文件。") from error
    if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
        raise UserError(f"模板“{name}”不是 Word 文档（.docx）。")
    return parts


def texts_of(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """The XML parts as text. Raises :class:`UserError` for a part that a template may not hold."""
    texts: dict[str, str] = {}
    for part, data in parts.items():
        suffix = part[part.rfind(".") :].lower()
        if suffix in _XML:
            texts[part] = _text(part, data, name)
            reason = _danger(part, texts[part])
        else:
            reason = "" if suffix in _PICTURES else "是宏、嵌入的对象或字体"
        if reason:
            raise UserError(
                f"模板“{name}”的部件 {part} {reason}，不能使用。",
                "模板里只能有文字、格式和图片；请在 Word 里去掉它，另存为 .docx。",
            )
    return texts


def _text(part: str, data: bytes, name: str) -> str:
    """A part's text. UTF-8 without a document type, as Word and WPS write it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"模板“{name}”的部件 {part} 不是 UTF-8 文字。") from error
    declared = _ENCODING.match(text)
    if "\0" in text or (declared and declared[1].lower() != "utf-8"):
        raise UserError(f"模板“{name}”的部件 {part} 不是 UTF-8 文字。")
    if "<!DOCTYPE" in text:
        raise UserError(f"模板“{name}”的部件 {part} 含有 DOCTYPE，不能使用。")
    return text


_ENCODING = re.compile(r"""\ufeff?<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)""")


def _danger(part: str, text: str) -> str:
    """What is wrong with a part that only tells what others are, or ``""``."""
    if part == "[Content_Types].xml" and "macroenabled" in text.lower():
        return "说明它是带宏的文档"
    if part.endswith(".rels"):
        for kind, target, external in _relations(text):
            if kind == "aFChunk" or (external and kind != "hyperlink"):
                return f"引用了外部的内容“{target}”"
    return ""


def _relations(text: str) -> Iterator[tuple[str, str, bool]]:
    """(last word of the type, target, whether it lies outside the file)."""
    try:
        root = ElementTree.fromstring(text.removeprefix("\ufeff"))
    except (ElementTree.ParseError, ValueError):
        yield "", "（XML 有误）", True
        return
    for element in root.iter():
        kind = element.get("Type", "").rpartition("/")[2]
        yield kind, element.get("Target", ""), element.get("TargetMode", "Internal") != "Internal"


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
