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

from generator.problem import UserError
from generator.render.safety import dangers, no_picture

BODY: Final = "word/document.xml"
STYLES: Final = "word/styles.xml"
CORE: Final = "docProps/core.xml"
RENDERED: Final = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml"
)
"""The parts that a document may fill in."""

MAX_UNPACKED: Final = 50_000_000
MAX_PARTS: Final = 500
_XML: Final = (".xml", ".rels")
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 1  # flag of a member
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # no clock: the same input gives the same bytes


def unpack(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of a template. Raises :class:`UserError` when it is no .docx, or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if fault := _names_fault([member.filename for member in members]):
                raise UserError(f"模板“{name}”{fault}，没有读取。", "请在 Word 里另存为 .docx。")
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UserError(f"模板“{name}”展开后过大，没有读取。")
            if any(m.flag_bits & _ENCRYPTED or m.compress_type not in _PLAIN for m in members):
                raise UserError(f"模板“{name}”加了密，或不是通常的压缩方式。")
            parts = {member.filename: archive.read(member) for member in members}
    except UserError:
        raise
    except Exception as error:  # zipfile has a dozen kinds of errors for damaged archives
        raise UserError(f"模板“{name}”已损坏。", "请换回原来的模板文件。") from error
    if BODY not in parts or "[Content_Types].xml" not in parts:
        raise UserError(f"模板“{name}”不是 Word 文档（.docx）。")
    return parts


_SAFE_NAME = re.compile(r"""(?:[^\\/:*?"<>|\x00-\x1f]+/)*[^\\/:*?"<>|\x00-\x1f]+""")


def _names_fault(names: list[str]) -> str:
    """What is wrong with the names in the zip: they come again in every document made from it."""
    if len(names) > MAX_PARTS:
        return f"里的部件太多（{len(names)} 个）"
    for name in names:
        if not _SAFE_NAME.fullmatch(name) or {".", ".."} & set(name.split("/")):
            return f"里有不该有的文件名“{name[:40]}”"
    if len({name.lower() for name in names}) < len(names):
        return "里有同名的部件"
    return ""


def name_of(part: str) -> str:
    """What messages call a part."""
    return {BODY: "正文", CORE: "文档属性"}.get(part, part)


def texts_of(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """The XML parts as text. Raises :class:`UserError` for a part that a template may not hold."""
    texts: dict[str, str] = {}
    for part, data in parts.items():
        for reason in faults(part, data):
            raise UserError(
                f"模板“{name}”的部件 {part} {reason}。",
                "模板里只能有文字、格式和图片；请在 Word 里去掉它，另存为 .docx。",
            )
        if part.lower().endswith(_XML):
            texts[part] = data.decode("utf-8")
    return texts


def faults(part: str, data: bytes) -> Iterator[str]:
    """Why a part may not be in a template; each completes the sentence “the part …”."""
    if part.lower().endswith(_XML):
        text, fault = _text(data)
        found = iter((fault,)) if fault else dangers(part, text)
    else:
        fault = no_picture(part, data)
        found = iter((fault,) if fault else ())
    return (f"{reason}，不能使用" for reason in found)


def _text(data: bytes) -> tuple[str, str]:
    """A part's text, and what is wrong with it: Word writes UTF-8 without a document type."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "", _NO_TEXT
    declared = _ENCODING.match(text)
    if "\0" in text or (declared and declared[1].lower() != "utf-8"):
        return "", _NO_TEXT
    return text, "含有 DOCTYPE" if "<!DOCTYPE" in text else ""


_NO_TEXT: Final = "不是 UTF-8 文字"
_ENCODING = re.compile(r"""\ufeff?<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)""")


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
