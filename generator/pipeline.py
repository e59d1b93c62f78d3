"""The program on one page: read → check → derive → word → render → write."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator import pack as packs
from generator import render, sources
from generator.disclosure import Disclosure, read_year
from generator.form import settle
from generator.intake import take_in
from generator.money import fixed
from generator.pack import Pack
from generator.problem import Path as InputPath
from generator.problem import Problem, Severity, UserError, input_problem
from generator.render import context as template_context
from generator.render.context import Content, Draft
from generator.rounding import to_wan
from generator.sources import pasted, units
from generator.sources.layout import SHEETS
from generator.sources.raw import RawInput, Tree
from generator.tables import fill_tables
from generator.wording import explain

MAX_NAME_BYTES = 200  # file systems allow 255; the suffix and a temporary name need room


@dataclass(frozen=True, slots=True)
class Document:
    """One disclosure worked out: the parts of its document, and all that was found on the way."""

    disclosure: Disclosure | None
    pack: Pack | None
    contents: list[Content] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def count(self, severity: Severity) -> int:
        return sum(problem.severity is severity for problem in self.problems)

    def name(self, *, draft: bool = False) -> str:
        """The file name by default: ``<编码><名称><年度>年部门预算公开.docx``.

        A draft says so in its name and never takes the place of the finished document.
        """
        form = self.contents[0].form
        mark = "（草稿）" if draft else ""
        return f"{_safe_name(form.say(form.pack.sections.document_name))}{mark}.docx"

    def render(self, draft: Draft | None = None) -> bytes:
        """The .docx, whole."""
        main, *units = self.contents
        template = render.load(main.form.pack.template)
        return template.render(template_context.build(main, units, draft))


@dataclass(frozen=True, slots=True)
class Result:
    """What a build came to. ``output`` is None when nothing was written."""

    file: Path
    document: Document
    output: Path | None


def prepare(file: Path, pack_id: str | None = None) -> Document:
    """Read, check, derive and put into words; nothing is written.

    Raises :class:`UserError` when the file or the pack cannot be used at all.
    """
    raw = sources.read(file)
    pack, unknown = choose_pack(raw.tree, pack_id)

    def read_unit(unit_file: Path) -> RawInput:
        return pasted.attach(sources.read(unit_file), pack)

    raw = units.attach(pasted.attach(raw, pack), file.parent, read_unit)
    intake = take_in(raw)
    problems = intake.problems
    if intake.disclosure is None:
        return Document(None, None, [], _in_order(problems), intake.not_checked)
    disclosure, adjusted = in_wan(intake.disclosure)
    contents, found = derive(disclosure, pack)
    if any(problem.rule == "INP113" for problem in problems):
        # The units are named; that their files cannot be read has been told.
        found = [problem for problem in found if problem.rule != "WRD107"]
    problems = problems + intake.placed([*unknown, *adjusted, *found])
    return Document(disclosure, pack, contents, _in_order(problems), intake.not_checked)


def in_wan(disclosure: Disclosure) -> tuple[Disclosure, list[Problem]]:
    """The disclosure in 万元, as published, and each cell that is not its own half-up rounding.

    A unit may be filled in in 元 where its department is in 万元, and the other way round.
    """
    if disclosure.basics.unit == "元":
        published, moved = to_wan(disclosure)
        return published, [
            input_problem(
                "FMT102",
                f"{fixed(cell.exact * 10_000)} 元四舍五入是 {fixed(cell.half_up)} 万元，"
                f"为使各表相等印作 {fixed(cell.published)}",
                cell.path,
            )
            for cell in moved
        ]
    if all(unit.basics.unit == "万元" for unit in disclosure.subordinates):
        return disclosure, []
    adjusted: list[Problem] = []
    subordinates: list[Disclosure] = []
    for i, unit in enumerate(disclosure.subordinates):
        converted, found = in_wan(unit)
        subordinates.append(converted)
        adjusted += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return disclosure.model_copy(update={"subordinates": tuple(subordinates)}), adjusted


def choose_pack(tree: Tree, pack_id: str | None) -> tuple[Pack, list[Problem]]:
    """The pack asked for, else the input's own, else the newest that is not later than the year.

    A pack that the input names and that does not exist is a problem; one that was asked for on
    the command line, and a year without any, is a :class:`UserError`. An input without a year is
    told elsewhere and cannot choose.
    """
    basics = tree.get("基本信息")
    named = basics if isinstance(basics, dict) else {}
    own = str(named.get("格式", "")).strip()
    year = read_year(named.get("年度"))
    if pack_id or own in packs.available():
        pack = packs.load(pack_id or own)
        return pack, list(_beyond(pack, year))
    newest = packs.newest_for(year) if year else packs.available()[-1]
    if not own:
        pack = packs.load(newest)
        return pack, list(_beyond(pack, year))
    unknown = input_problem(
        "INP105",
        f"没有格式包“{own}”",
        ("基本信息", "格式"),
        hint=f"可以是：{'、'.join(packs.available())}；不填则按年度选用 {newest}。",
    )
    return packs.load(newest), [unknown]


def _beyond(pack: Pack, year: int | None) -> Iterator[Problem]:
    if year and year not in pack.years:
        yield input_problem(
            "INP116",
            f"格式包 {pack.id} 适用于 {'、'.join(map(str, pack.years))} 年度，"
            f"没有写明适用于 {year} 年度",
            ("基本信息", "年度"),
            hint="请核对当年的格式有没有变化。",
        )


def derive(
    disclosure: Disclosure, pack: Pack, switches: Mapping[str, str] | None = None
) -> tuple[list[Content], list[Problem]]:
    """Tables and sentences of a disclosure and of its units; paths are those of the input."""
    form, problems = settle(disclosure, pack, switches)
    tables, unplaced = fill_tables(disclosure, form)
    explanation, unsaid = explain(disclosure, form)
    contents = [Content(disclosure, form, tables, explanation)]
    problems += unplaced + unsaid
    inherited = {name: form.facts[name] for name in pack.switches}
    for i, unit in enumerate(disclosure.subordinates):
        below, found = derive(unit, pack, inherited)
        contents += below
        found += _disagreements(disclosure, unit)
        problems += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return contents, problems


def _disagreements(department: Disclosure, unit: Disclosure) -> Iterator[Problem]:
    """What a unit's disclosure must have in common with its department's."""
    path: InputPath
    for key, own, above in (
        ("年度", unit.basics.year, department.basics.year),
        ("级别", unit.basics.level, department.basics.level),
    ):
        if own != above:
            path = ("基本信息", key)
            yield input_problem(
                "INP105",
                f"所属单位“{unit.basics.name}”的{key}是 {own}，部门的是 {above}",
                path,
                hint="所属单位与部门必须相同。",
            )
    own_total, total = (d.figures.get("income.total") for d in (unit, department))
    if own_total > total:
        yield input_problem(
            "DEP101",
            f"所属单位“{unit.basics.name}”的收入总计 {fixed(own_total)} 大于部门的 {fixed(total)}，"
            f"多出 {fixed(own_total - total)} 万元",
            ("收入",),
            hint="部门的数包含所属单位的数；请核对两份文件和它们的金额单位。",
        )
    if unit.basics.kind != "单位":
        yield input_problem(
            "INP105",
            f"所属单位“{unit.basics.name}”的类型应为单位",
            ("基本信息", "类型"),
            hint="请把类型改为“单位”。",
        )
    if unit.subordinates:
        yield input_problem(
            "INP112",
            f"所属单位“{unit.basics.name}”下面不能再有所属单位",
            ("所属单位",),
            hint="请把它们列为部门的所属单位。",
        )


def build(
    file: Path,
    output: Path | None = None,
    *,
    pack_id: str | None = None,
    draft: bool = False,
    strict: bool = False,
) -> Result:
    """Make the document of one input and write it, unless errors stand in the way.

    ``output``: a .docx file or a folder; beside the input by default. ``draft`` writes in spite
    of errors, with a watermark; ``strict`` lets warnings stand in the way too.
    Raises :class:`UserError` when it cannot go on; an existing file is then as it was.
    """
    document = prepare(file, pack_id)
    blocked = document.count(Severity.ERROR) or (strict and document.count(Severity.WARNING))
    if not document.contents or (blocked and not draft):
        return Result(file, document, None)
    target = _target(file, output, document.name(draft=draft))
    mark = Draft(document.count(Severity.ERROR)) if draft else None
    write_whole(target, document.render(mark))
    return Result(file, document, target)


# --- order --------------------------------------------------------------------------------------

_SHEET_ORDER = {name: i for i, name in enumerate(SHEETS)}
_CELL = re.compile(r"([A-Z]+)(\d+)")


def _in_order(problems: list[Problem]) -> list[Problem]:
    """By place: sheet, row and column, or line."""

    def key(problem: Problem) -> tuple[int, int, int, str]:
        place = problem.place
        if place is None:
            return (0, 0, 0, "")
        cell = _CELL.fullmatch(place.cell or "")
        return (
            _SHEET_ORDER.get((place.sheet or "").strip(), -1),
            int(cell[2]) if cell else place.line or 0,
            len(cell[1]) if cell else 0,
            cell[1] if cell else "",
        )

    return sorted(problems, key=key)


# --- writing ------------------------------------------------------------------------------------

# What Windows forbids in a name, control characters, and marks that turn the reading direction.
_UNSAFE = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)


def _safe_name(name: str) -> str:
    """A name that Windows and Linux take; too long a one is shortened."""
    safe = _UNSAFE.sub("_", name).encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore")
    return safe.strip(" .")


def _target(file: Path, output: Path | None, name: str) -> Path:
    if output is None:
        target = file.parent / name
    elif _is_folder(output):
        target = output / name
    elif _is_same(output, file):
        raise UserError(f"输出“{output}”就是输入文件，没有改动它。", "请换一个 .docx 文件名。")
    elif output.suffix.lower() != ".docx":
        raise UserError(
            f"输出“{output}”既不是已有的文件夹，也不是 .docx 文件名。",
            "请给出一个已有的文件夹，或以 .docx 结尾的文件名。",
        )
    else:
        target = output
    if not _is_folder(target.parent):
        raise UserError(f"没有文件夹“{target.parent}”。", "请先建好文件夹，或换一个位置。")
    if _is_folder(target):
        raise UserError(f"“{target}”是一个文件夹，不能写成文件。", "请换一个文件名。")
    return target


def _is_folder(path: Path) -> bool:
    with contextlib.suppress(OSError):  # too long a name
        return path.is_dir()
    return False


def _is_same(output: Path, file: Path) -> bool:
    with contextlib.suppress(OSError):
        return output.samefile(file)
    return False


def write_whole(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then moved into its place.

    Raises :class:`UserError` when it cannot be written; an existing file is then as it was.
    """
    temporary = ""
    try:
        if target.exists() and not target.stat().st_mode & stat.S_IWRITE:
            raise UserError(
                f"“{target.name}”是只读文件，没有改动它。", "请去掉只读属性，或换一个文件名。"
            )
        handle, temporary = tempfile.mkstemp(suffix=".tmp", prefix="~", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes a private file; the document is as readable as any other new file.
        with contextlib.suppress(OSError):
            Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
    except PermissionError as error:
        _remove(temporary)
        raise UserError(
            f"“{target.name}”写不进去：它正在 WPS 或 Word 中打开，或这个文件夹不能写入。",
            "请关闭它，或用 -o 换一个位置，再运行一次。",
        ) from error
    except OSError as error:
        _remove(temporary)
        raise UserError(
            f"“{target.name}”写不进去：{_REASONS.get(error.errno or 0, '磁盘或网络出错')}。",
            "原有的文件没有改动；请检查后再运行一次，或用 -o 换一个位置。",
        ) from error
    except BaseException:
        _remove(temporary)
        raise


_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "这个磁盘是只读的",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENOENT: "文件夹不存在",
}


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _remove(temporary: str) -> None:
    if temporary:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
