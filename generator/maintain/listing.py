"""Which packs there are, and what one says: for ``gen-disclosure packs``, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator import pack as packs
from generator.balance import MEASURES
from generator.pack import Found, Pack
from generator.pack.model import BLANK
from generator.problem import UserError
from generator.report.json import written
from generator.report.text import WIDTH, padded, width, wrapped

_SHORT: Final = 2  # how many of the notices that a pack is based on the list names


SANGONG_ROWS: Final = {
    "sangong": "“三公”经费",
    "abroad": "因公出国（境）费",
    "abroad_teaching": "其中：教学科研人员因公出国（境）费",
    "abroad_other": "其中：其他因公出国（境）费",
    "vehicle": "公务用车购置及运维费",
    "vehicle_purchase": "其中：公务用车购置费",
    "vehicle_operation": "其中：公务用车运行维护费",
    "reception": "公务接待费",
    "meeting": "会议费",
    "training": "培训费",
    "": "合计",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A pack of the list; ``fault``: why it cannot be used."""

    found: Found
    pack: Pack | None
    fault: str = ""


def entries(beside: Path) -> list[Entry]:
    """Every pack that can be named here, ascending; ``beside``: the folder of the inputs."""
    return [_entry(found, beside) for found in packs.found(beside)]


def entry(name: str, beside: Path) -> Entry:
    """The pack of an id or in a folder. Raises :class:`UserError` when it cannot be used."""
    found = packs.find(name, beside)
    return Entry(found, packs.load_folder(found.folder, found.id))


def _entry(found: Found, beside: Path) -> Entry:
    try:
        packs.find(found.id, beside)
        return Entry(found, packs.load_folder(found.folder, found.id))
    except UserError as error:
        return Entry(found, None, str(error))


# --- text ---------------------------------------------------------------------------------------


def listing(listed: Sequence[Entry], beside: Path) -> str:
    """The packs one below the other, and where further ones may be put."""
    lines = [line for entry in listed for line in (*_told(entry), "")]
    for told in packs.overlooked(beside):
        lines += [*wrapped(told, "", "  "), ""]
    lines += _places(beside)
    example = listed[-1].found.id if listed else "hebei/2025"
    lines.append(f"一个格式包的说明：gen-disclosure packs {example}")
    return "\n".join(lines)


def _told(entry: Entry) -> Iterator[str]:
    found, pack = entry.found, entry.pack
    yield f"{padded(found.id, 16)}{found.origin}"
    if pack is None:
        yield from wrapped(entry.fault, "    不能用：", " " * 12)
        return
    for title, text in (
        ("名称", pack.name),
        ("年度", "、".join(map(str, pack.years))),
        ("基于", pack.based_on),
        ("依据", _short(pack.basis)),
        ("说明", pack.remarks),
    ):
        if text:
            yield from wrapped(text, f"    {title}  ", " " * 10)


def _short(basis: Sequence[str]) -> str:
    more = f" 等 {len(basis)} 件" if len(basis) > _SHORT else ""
    return "，".join(basis[:_SHORT]) + more


def _places(beside: Path) -> Iterator[str]:
    yield "自己的格式包可以放在（里面是“地方/年度”两层文件夹）："
    yield f"  用户文件夹    {packs.user_root()}"
    yield f"  旁边的文件夹  {beside.absolute() / packs.BESIDE}"
    yield "  别的地方      用 --pack 给出文件夹"
    yield from wrapped(
        "不写 --pack、工作簿里也没有写格式时，按年度选 hebei 的格式包；"
        "变体、别的地方的、旁边的文件夹里的，要写明了才用。",
        "  ",
        "  ",
    )


def page(entry: Entry) -> str:
    """Everything that one pack says of itself: its switches, and where its files are."""
    found, pack = entry.found, entry.pack
    if pack is None:
        return "\n".join(_told(entry))
    lines = [f"{found.id}  {pack.name}", ""]
    lines += [f"  来源      {found.origin}", *wrapped(str(found.folder), "  文件夹    ", " " * 12)]
    lines.append(f"  适用年度  {'、'.join(map(str, pack.years))}")
    if pack.based_on:
        lines.append(f"  基于      {pack.based_on}（没有的文件和键用它的）")
    if pack.remarks:
        lines += wrapped(pack.remarks, "  说明      ", " " * 12)
    for i, basis in enumerate(pack.basis):
        lines += wrapped(basis, "  依据      " if i == 0 else " " * 12, " " * 12)
    lines += ["", "开关（在工作簿的“格式选项”里改；* 是默认）："]
    lines += [line for name in pack.switches for line in _switch(pack, name)]
    lines += ["", "文件："]
    lines += [line for line in _files(pack)]
    return "\n".join(lines)


def _switch(pack: Pack, name: str) -> Iterator[str]:
    switch = pack.switches[name]
    values = "  ".join(
        f"{value}{'*' if value == switch.default else ''}" for value in switch.values
    )
    yield from wrapped(values, f"  {padded(name, 18)}", " " * 20)
    if switch.description:
        yield from wrapped(switch.description, " " * 20, " " * 20)


def _files(pack: Pack) -> Iterator[str]:
    """The names on as few lines as they need; in a variant, which are its own."""
    own = [n for n, path in pack.files.items() if path.is_relative_to(pack.folder)]
    below = [name for name in pack.files if name not in own]
    for title, names in (
        ("自己的" if below else "", own),
        (f"{pack.based_on} 的", below),
    ):
        line = first = f"  {title}{'  ' if title else ''}"
        for name in names:
            if width(line) + width(name) > WIDTH and line.strip():
                yield line.rstrip()
                line = " " * width(first)
            line += f"{name}  "
        if names:
            yield line.rstrip()


def measures() -> str:
    """What the columns of tables may hold, and the lines take: measure and its name."""
    column = max(map(width, MEASURES)) + 2
    lines = ["度量：表的“列”的 内容、“行”的 取 可以填的"]
    lines += [f"  {padded(measure, column)}{name}" for measure, name in MEASURES.items()]
    lines += [f"  {padded(BLANK, column)}只印表头、不填的列，如“备注”"]
    lines += ["", "“三公”经费表（T9）的“行”的 行 可以填的"]
    lines += [f"  {padded(row, column)}{name}" for row, name in SANGONG_ROWS.items()]
    return "\n".join(lines)


# --- JSON ---------------------------------------------------------------------------------------


def as_json(listed: Sequence[Entry]) -> str:
    """The packs for programs."""
    return written({"packs": [_record(entry) for entry in listed]})


def _record(entry: Entry) -> dict[str, Any]:
    found, pack = entry.found, entry.pack
    record: dict[str, Any] = {
        "id": found.id,
        "origin": found.origin,
        "folder": str(found.folder),
        "fault": entry.fault or None,
    }
    if pack is None:
        return record
    return record | {
        "name": pack.name,
        "years": list(pack.years),
        "basis": list(pack.basis),
        "remarks": pack.remarks or None,
        "based_on": pack.based_on or None,
        "switches": {
            name: {
                "default": switch.default,
                "values": list(switch.values),
                "description": switch.description,
            }
            for name, switch in pack.switches.items()
        },
        "files": {name: str(path) for name, path in pack.files.items()},
    }
