"""A pack's template checked before anyone is hurt: everything that is wrong, in one pass.

Each finding says where (part, table with row and column, or paragraph) and how to mend it in Word.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator import pack as packs
from generator.maintain import fields
from generator.maintain.check import contents, layout, loops, package, rendering, tables
from generator.maintain.check.document import BODY, parts_of
from generator.maintain.check.finding import Finding
from generator.pack import Pack
from generator.pack.folder import PACK, TEMPLATE, PackFile
from generator.problem import UserError
from generator.render.container import STYLES, faults, unpack

__all__ = ["Checked", "Finding", "of", "template"]


@dataclass(frozen=True, slots=True)
class Checked:
    """``name``: what was looked at, for the user."""

    name: str
    findings: tuple[Finding, ...]


def of(what: str, pack_id: str | None, beside: Path) -> Checked:
    """Check a pack (an id or its folder), or a .docx as the template of the pack ``pack_id``.

    A mistake in the pack's other files is a finding; the template is then not looked at. Raises
    :class:`UserError` when there is no such pack, or the template is no .docx at all.
    """
    file = Path(what) if what.lower().endswith(".docx") else None
    if file is not None and pack_id is None and (file.parent / PACK).is_file():
        pack_id = str(file.parent)
    named = what if file is None else pack_id or packs.newest_for(None)
    found = packs.find(named, beside)
    try:
        pack = packs.load_folder(found.folder, found.id)
        _ = pack.lists, pack.words, pack.procurement  # read when they are asked for
    except UserError as error:
        place = f"格式包 {found.id} 的文件"
        return Checked(
            found.id, (Finding("格式包的文件", place, error.message.rstrip("。"), error.hint),)
        )
    return Checked(found.id if file is None else what, template(pack, file))


def template(pack: Pack, file: Path | None = None) -> tuple[Finding, ...]:
    """Check a pack's template, or another .docx as if it were that.

    Raises :class:`UserError` for a file that cannot be read as a .docx.
    """
    if file is not None:
        pack = _with_template(pack, file)
    file = pack.template
    return tuple(dict.fromkeys(_findings(_read(file), file.name, pack)))


def _with_template(pack: Pack, file: Path) -> Pack:
    """The pack with another template in the place of its own."""
    other = pack.model_copy()
    files = {name: _pack_file(path) for name, path in {**pack.files, TEMPLATE: file}.items()}
    other.found_in(pack.folder, pack.id, files)
    return other


def _pack_file(path: Path) -> PackFile:
    try:
        told = path.stat()
    except OSError as error:
        raise UserError(f"文件“{path}”无法读取。", "请检查文件名。") from error
    return PackFile(path, told.st_size, told.st_mtime_ns)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"模板“{file}”无法读取。", "格式包里应有 disclosure.docx。") from error


def _findings(data: bytes, name: str, pack: Pack) -> list[Finding]:
    files = unpack(data, name)
    found = list(package.in_files(files))
    texts = {
        part: content.decode("utf-8")
        for part, content in files.items()
        if part.endswith((".xml", ".rels")) and not _unreadable(part, content)
    }
    if BODY not in texts:
        return found  # what is wrong with it has been told
    parts = parts_of(texts)
    body = parts[0]
    root = fields.tree(pack)
    in_loops = [finding for part in parts for finding in loops.in_part(part, root)]
    found = [
        *found,
        *package.in_texts(texts, parts),
        *in_loops,
        *tables.in_body(body, pack),
        *contents.in_body(body, texts.get(STYLES, ""), pack),
        *layout.in_body(texts, body),
        *package.lost(texts),
    ]
    if not in_loops:  # with a broken tag nothing can be filled in
        found += rendering.of(data, name, pack, found)
    return found


def _unreadable(part: str, content: bytes) -> bool:
    return any("XML" in reason or "UTF-8" in reason for reason in faults(part, content))
