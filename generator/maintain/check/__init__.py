"""A pack's template checked before anyone is hurt: everything that is wrong, in one pass.

Each finding says where (part, table with row and column, or paragraph) and how to mend it in Word.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import pack as packs
from generator.maintain import fields
from generator.maintain.check import contents, layout, loops, package, rendering, tables, trust
from generator.maintain.check.document import BODY, parts_of
from generator.maintain.check.finding import Finding
from generator.pack import Pack, lists
from generator.pack.folder import (
    LISTS,
    PACK,
    PROCUREMENT,
    TEMPLATE,
    WORDS,
    PackFile,
    files_of,
    judge,
)
from generator.problem import UserError
from generator.render.container import unpack
from generator.render.safety import parses

__all__ = ["Checked", "Finding", "of", "template"]


@dataclass(frozen=True, slots=True)
class Checked:
    """``name``: what was looked at, for the user."""

    name: str
    findings: tuple[Finding, ...]


def of(what: str, pack_id: str | None, beside: Path) -> Checked:
    """Check a pack (an id or its folder), or a .docx as the template of the pack ``pack_id``.

    Every mistake in the pack's other files is a finding, and the template is looked at with what
    could be read of them. Raises :class:`UserError` when there is no such pack, or the template is
    no .docx at all.
    """
    file = Path(what) if what.lower().endswith(".docx") else None
    if file is not None and pack_id is None and (file.parent / PACK).is_file():
        pack_id = str(file.parent)
    named = what if file is None else pack_id or packs.newest_for(None)
    found = packs.find(named, beside)
    pack: Pack | None = None
    mistakes: tuple[packs.Mistake, ...] = ()
    try:
        pack = packs.load_folder(found.folder, found.id)
    except packs.PackFault as fault:
        pack, mistakes = fault.pack, fault.mistakes
    except UserError as error:  # its base cannot be found
        said = error.message.replace(f"{found.folder}{os.sep}", "").rstrip("。")
        return Checked(found.id, (Finding("格式包的文件", "文件夹", said, error.hint),))
    own, _ = judge(found.folder, files_of(found.folder))
    findings = [_of_mistake(m, found.folder) for m in (*mistakes, *_in_lists(own))]
    files = dict(pack.files) if pack else {name: one.path for name, one in own.items()}
    docx = file or files.get(TEMPLATE)
    if docx is not None:
        sound = pack is not None and not mistakes
        findings += _in_template(docx, pack and _with_template(pack, docx), sound)
    return Checked(found.id if file is None else what, tuple(dict.fromkeys(findings)))


def template(pack: Pack, file: Path | None = None) -> tuple[Finding, ...]:
    """Check a pack's template, or another .docx as if it were that.

    Raises :class:`UserError` for a file that cannot be read as a .docx.
    """
    docx = pack.template if file is None else file
    return tuple(dict.fromkeys(_in_template(docx, _with_template(pack, docx), True)))


def _in_template(file: Path, pack: Pack | None, sound: bool) -> list[Finding]:
    return _findings(_read(file), file.name, pack, sound)


def _of_mistake(mistake: packs.Mistake, folder: Path) -> Finding:
    file, line = mistake.file, f" 第 {mistake.line} 行" if mistake.line else ""
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
    name = "文件夹" if file == folder else name
    said = f"“{mistake.key}”：{mistake.message}" if mistake.key else mistake.message
    return Finding("格式包的文件", f"{name}{line}", said, mistake.hint)


def _in_lists(own: Mapping[str, PackFile]) -> Iterator[packs.Mistake]:
    """What is wrong with the lists, which are else read only when they are asked for."""
    for name, read in ((LISTS, lists.suggestions), (WORDS, lists.words)):
        if name in own:
            try:
                read(own[name].path, own[name].changed)
            except packs.PackFault as fault:
                yield from fault.mistakes
    if PROCUREMENT in own:
        try:
            lists.read_codes(file := own[PROCUREMENT].path)
        except UserError as error:
            yield packs.Mistake(file, "无法读取", error.hint)


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


def _findings(data: bytes, name: str, pack: Pack | None, sound: bool) -> list[Finding]:
    """``pack``: None where it cannot be read. ``sound``: whether documents can be made with it."""
    files = unpack(data, name)
    found = list(package.in_files(files))
    texts = {
        part: content.decode("utf-8")
        for part, content in files.items()
        if part.endswith((".xml", ".rels")) and parses(content)
    }
    if BODY not in texts:
        return found  # what is wrong with it has been told
    parts = parts_of(texts)
    body = parts[0]
    root = None if pack is None else fields.tree(pack)
    in_loops = [finding for part in parts for finding in loops.in_part(part, root)]
    found += [*package.in_texts(texts, parts), *in_loops]
    if pack is not None:
        found += [*tables.in_body(body, pack), *contents.in_body(body, texts, pack)]
    found += [*layout.in_body(texts, body), *package.lost(texts)]
    found += trust.in_template(texts, body, found, broken_tags=bool(in_loops))
    if pack is not None and sound and not in_loops:  # with a broken tag nothing can be filled in
        found += rendering.of(data, name, pack, found)
    return found
