"""A new pack from an old one: its folder, its years, and what its maintainer has to look at."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator import pack as packs
from generator import yamltext
from generator.maintain import doctext
from generator.maintain.keys import scalar, with_key
from generator.pack import Pack, ids
from generator.pack.folder import PACK, TEMPLATE
from generator.problem import UserError
from generator.report.text import wrapped

NAME, YEARS, BASE, REMARKS = "名称", "适用年度", "基于", "说明"

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,2}(?:-|月)\d{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a pack that the maintainer should look at: ``pack.yaml:7`` and its words."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. ``changed``: the keys of pack.yaml that now differ. ``dated``: lines that name
    a year or a date. ``lists``: file → what it holds, of what usually changes each year.
    """

    id: str
    folder: Path
    source: str
    based: bool
    changed: tuple[Place, ...]
    dated: tuple[Place, ...]
    lists: Mapping[str, str]


def new(
    new_id: str,
    source: str,
    root: Path | None = None,
    *,
    name: str = "",
    years: Sequence[int] = (),
    based: bool = False,
    files: Sequence[str] = (),
) -> Made:
    """Make the folder of a pack ``new_id`` from the pack ``source`` (an id or a path).

    ``root``: the folder of packs to make it in, the user's by default. ``name``, ``years``: what
    the new pack says of itself; by default the source's with its year replaced by the new id's.
    ``based``: a variant, with ``files`` of the source to be changed in it; else a whole copy.
    Nothing that exists is overwritten. Raises :class:`UserError`.
    """
    pack = packs.load(source, Path())
    folder = _free(new_id, (root or packs.user_root()).absolute())
    if based and pack.based_on:
        raise UserError(
            f"{pack.id} 自己也基于别的格式包，只能有一层。", f"请改为 --from {pack.based_on}。"
        )
    if files and not based:
        raise UserError("--file 只能与 --based 一起用。", "不写 --based 时整个格式包都会复制。")
    wanted = _files(pack, files) if based else _own(pack)
    about = _about(pack, new_id, name, years, based)
    text = _rewritten(pack, about, from_scratch=based and PACK not in files)
    _write(folder, wanted, text)
    try:
        return _made(new_id, folder, pack, based, about)
    except UserError:  # its base cannot be found from there
        shutil.rmtree(folder)
        raise


def _free(new_id: str, root: Path) -> Path:
    """The folder of the new pack; raises when the id cannot be used, or is used."""
    if fault := ids.fault(new_id):
        raise UserError(f"{fault}。", ids.FORM)
    known = packs.found()
    if told := packs.looks_taken(new_id, known):
        raise UserError(told, "请换一个看得出不同的编号。")
    same = [found for found in known if found.id == new_id]
    if same:
        raise UserError(
            f"格式包 {new_id} 已经有了：{same[0].folder}（{same[0].origin}）。",
            "请换一个编号；发布过的格式包不要改。",
        )
    folder = root / new_id
    if folder.exists():
        raise UserError(f"“{folder}”已经存在，没有改动它。", "请换一个编号，或换一个文件夹。")
    return folder


def _own(pack: Pack) -> dict[str, Path]:
    return {n: path for n, path in pack.files.items() if path.is_relative_to(pack.folder)}


def _files(pack: Pack, names: Iterable[str]) -> dict[str, Path]:
    for name in names:
        if name not in pack.files:
            raise UserError(
                f"格式包 {pack.id} 里没有“{name}”。", f"可以是：{'、'.join(pack.files)}。"
            )
    return {name: pack.files[name] for name in names}


# --- pack.yaml ----------------------------------------------------------------------------------


def _about(pack: Pack, new_id: str, name: str, years: Sequence[int], based: bool) -> dict[str, str]:
    """The keys of the new pack.yaml that differ from the source's, as they are written."""
    year = _YEAR.match(new_id.partition("/")[2])
    own = list(years) or ([int(year[0])] if year else list(pack.years))
    old = str(pack.years[0]) if pack.years else ""
    if not name:
        said = f"{own[0]}" if own else ""
        name = pack.name.replace(old, said) if old and said else pack.name
        if name == pack.name:
            name = f"{new_id} 部门预算信息公开格式"
    remarks = (
        f"基于 {pack.id}，只写与它不同的地方。"
        if based
        else f"照 {pack.id} 复制，还没有按 {'、'.join(map(str, own))} 年度的通知逐项核对；"
        f"尚不知道的都与 {pack.id} 相同。"
    )
    about = {NAME: name, YEARS: f"[{', '.join(map(str, own))}]"}
    if based:
        about[BASE] = pack.id
    about[REMARKS] = remarks
    return about


_HEAD: Final = """\
# 格式包的变体：只写与“基于”的格式包不同的地方。
# 这里写了的键，整个代替它的同名键；没有写的用它的。
# 文件夹里有的文件（如 tables/t1.yaml、sections.yaml、disclosure.docx），整个代替它的同名文件。
"""


def _rewritten(pack: Pack, about: Mapping[str, str], *, from_scratch: bool) -> str:
    """The text of the new pack.yaml; comments and all other lines stay as they are."""
    head = _HEAD if BASE in about else ""
    if from_scratch:
        lines = (f"{key}: {scalar(value)}\n" for key, value in about.items())
        return head + "".join(lines)
    file = pack.files[PACK]
    before = file.read_text(encoding="utf-8-sig")
    text = head + before
    after = ""
    for key, value in about.items():
        text = with_key(text, key, scalar(value), after)
        after = key
    said = _mapping("".join(f"{key}: {scalar(value)}\n" for key, value in about.items()))
    if _mapping(text) != {**_mapping(before), **said}:
        raise UserError(
            f"{file} 的写法特别，改不了其中的 {'、'.join(about)}。", "请复制文件夹以后用手改。"
        )
    return text


def _mapping(text: str) -> dict[str, yamltext.Tree]:
    try:
        tree = yamltext.parse(text).tree
    except yamltext.YamlProblem as error:
        raise UserError("名称里有不能用的字符。", "请重新输入 --name。") from error
    assert isinstance(tree, dict)  # the pack was loaded from it
    return tree


def _write(folder: Path, files: Mapping[str, Path], text: str) -> None:
    """The folder whole or not at all: made beside its place, then moved into it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="~", dir=folder.parent) as place:
            made = Path(place) / folder.name
            made.mkdir()
            for name, path in files.items():
                target = made / name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, target)
            (made / PACK).write_text(text, encoding="utf-8", newline="\n")
            made.rename(folder)
    except OSError as error:
        raise UserError(f"文件夹“{folder}”写不进去。", "请用 -o 换一个位置。") from error


# --- what to look at ----------------------------------------------------------------------------


def _made(new_id: str, folder: Path, source: Pack, based: bool, about: Mapping[str, str]) -> Made:
    pack = packs.load_folder(folder, new_id)
    lines = (folder / PACK).read_text(encoding="utf-8").splitlines()
    changed = [
        Place(f"{PACK}:{number}", line)
        for number, line in enumerate(lines, 1)
        if line.partition(":")[0] in about
    ]
    done = {place.where for place in changed}
    dated = tuple(place for place in _dated(pack) if place.where not in done)
    return Made(new_id, folder, source.id, based, tuple(changed), dated, _lists(pack, based))


def _dated(pack: Pack) -> Iterator[Place]:
    """Every line of its own files that names a year or a day."""
    for name, path in _own(pack).items():
        if name.endswith(".yaml"):
            for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
                if _is_dated(line.split(" #")[0]) and not line.lstrip().startswith("#"):
                    yield Place(f"{name}:{number}", line.strip())
        elif name == TEMPLATE:
            document = doctext.read(path.read_bytes(), name)
            for where, text in doctext.lines(document):
                if _is_dated(text):
                    yield Place(f"{name} {where}", text.partition("] ")[2] or text)


def _is_dated(text: str) -> bool:
    return bool(_YEAR.search(text) or _DATE.search(text))


def _lists(pack: Pack, based: bool) -> dict[str, str]:
    """What usually changes from year to year, by file; of a variant, what its own files hold."""
    if based:
        return {name: _OF_VARIANT for name in _own(pack) if name != PACK}
    rows = sum(len(t.lines) + len(t.left) + len(t.right) for t in pack.tables.values())
    notes = sum(len(t.notes) + bool(t.empty_note) for t in pack.tables.values())
    return {
        "依据": f"{PACK}：{len(pack.basis)} 件，有没有新的通知",
        "开关": f"{PACK}：{len(pack.switches)} 个开关的默认值",
        "科目": f"codes/：功能分类 {len(pack.functional)} 个、经济分类 {len(pack.economic)} 个、"
        f"采购目录 {len(pack.procurement)} 个",
        "表": f"tables/：{len(pack.tables)} 张表的标题、表头，{rows} 个固定的行，{notes} 条注",
        "文字": f"sections.yaml：{len(pack.sections.chapters)} 章 {len(pack.sections.slots)} 段",
        "名词": f"glossary.yaml：{len(pack.glossary)} 条",
        "选项": "lists.yaml：下拉列表；words.yaml：错字",
        "模板": f"{TEMPLATE}：表头的字与 tables/ 里的要一样；版面、字体、列宽",
    }


_EACH_YEAR: Final = "每年常有变化的，请对照通知逐项看："
_OF_VARIANT: Final = "改成与所基于的不同的样子；不用改的文件请删去"


def told(made: Made) -> str:
    """The report: what was made, what was changed, and what to look at now."""
    lines = [
        f"已新建：{made.folder}（{'基于' if made.based else '照'} {made.source}）",
        "",
        f"{PACK} 里已经写好，请核对：",
        *(line for place in made.changed for line in _bullet(f"{place.where}  {place.text}", "")),
        "",
        *(["要改的文件：" if made.based else _EACH_YEAR] if made.lists else []),
        *(line for item in made.lists.items() for line in _bullet("  ".join(item))),
    ]
    if made.dated:
        lines += ["", "写着年份或日期的地方："]
        lines += [line for one in made.dated for line in _bullet(f"{one.where}  {one.text}")]
    folder = made.folder
    lines += [
        "",
        "改好以后：",
        f"  gen-disclosure template diff {made.source} {folder}   与原来的有什么不同",
        f"  gen-disclosure template check {folder}   有没有写错的",
        f"  gen-disclosure template preview {folder}   排出来看看",
    ]
    return "\n".join(lines)


def _bullet(text: str, mark: str = "[ ] ") -> Iterator[str]:
    yield from wrapped(text, f"  {mark}", "      ")
