"""What is different between two packs, in the words of the form: rows, labels, sentences, look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from generator.balance import MEASURES
from generator.maintain import doctext
from generator.pack import Line, Pack, Table
from generator.pack.model import Alternative, PackModel, Switch
from generator.report.json import written
from generator.report.text import wrapped

Key = Callable[[str], str]

MAX_OF_LIST: Final = 20
"""How many codes of a list are printed one by one; JSON has all of them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``topic``: the part of the pack. ``old`` is None for what was added,
    ``new`` for what was taken away.
    """

    topic: str
    what: str
    old: str | None
    new: str | None


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Everything that differs, in the order of the form."""
    return [
        *_by_key("格式包", _about(old), _about(new)),
        *_by_order("格式包", "依据", old.basis, new.basis),
        *_by_key("开关", _switches(old), _switches(new)),
        *_by_key("核对", _flat(old.checks), _flat(new.checks)),
        *_of_tables(old.tables, new.tables),
        *_by_key("文字", _flat(old.sections), _flat(new.sections)),
        *_by_key("名词解释", _glossary(old), _glossary(new)),
        *_by_key("功能分类", _names(old.functional), _names(new.functional)),
        *_by_key("经济分类", _names(old.economic), _names(new.economic)),
        *_by_key("采购目录", old.procurement, new.procurement),
        *_of_lists(old, new),
        *_by_key("用语", old.words.terms, new.words.terms),
        *_by_order("错字", "错字", _slips(old), _slips(new)),
        *_of_templates(old, new),
    ]


def _by_key(topic: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield Difference(topic, key, old.get(key), new.get(key))


def _by_order(
    topic: str, what: str, old: Sequence[str], new: Sequence[str], key: Key = str
) -> Iterator[Difference]:
    """Of two lists. Items of the same key are the same one; what stands in the same place of both
    instead is changed, and the rest added or taken away.
    """
    matcher = SequenceMatcher(None, list(map(key, old)), list(map(key, new)), autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for one, other in zip_longest(old[a:b], new[c:d]):
            if one != other:
                yield Difference(topic, what, one, other)


# --- what is compared ---------------------------------------------------------------------------


def _about(pack: Pack) -> dict[str, str]:
    return {
        "名称": pack.name,
        "适用年度": "、".join(map(str, pack.years)),
        **({"说明": pack.remarks} if pack.remarks else {}),
        **({"基于": pack.based_on} if pack.based_on else {}),
    }


def _switches(pack: Pack) -> dict[str, str]:
    def told(switch: Switch) -> Iterator[tuple[str, str]]:
        yield "默认", switch.default
        yield "可选", "、".join(switch.values)
        yield "说明", switch.description

    return {
        f"“{name}”{key}": text
        for name, switch in pack.switches.items()
        for key, text in told(switch)
        if text
    }


def _flat(value: object, at: str = "") -> dict[str, str]:
    """Every text of a tree of models by its place, in the words of the file: ``章 采购 标题``."""
    if isinstance(value, str):
        return {at: value}
    if isinstance(value, PackModel):
        fields = type(value).model_fields.items()
        parts = [(field.alias or name, getattr(value, name)) for name, field in fields]
    elif isinstance(value, Mapping):
        parts = [(str(key), one) for key, one in value.items()]
    elif isinstance(value, Iterable):
        return _flat_list(list(value), at)
    else:
        return {}
    found: dict[str, str] = {}
    for key, one in parts:
        if one:
            found |= _flat(one, f"{at} {key}".strip())
    return found


def _flat_list(items: Sequence[object], at: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, item in enumerate(items, 1):
        if isinstance(item, Alternative):
            case = _condition(item.when)
            found[f"{at}（{case}）" if case else at] = item.text
        elif key := getattr(item, "key", "") or getattr(item, "name", ""):
            found |= {k: v for k, v in _flat(item, f"{at} {key}").items() if v != key}
        else:
            found |= _flat(item, f"{at} {number}")
    return found


def _condition(when: Mapping[str, str]) -> str:
    return "，".join(f"{name}为{value.replace('|', '或')}" for name, value in when.items())


def _glossary(pack: Pack) -> dict[str, str]:
    return {term.term: term.definition for term in pack.glossary}


def _names(subjects: Mapping[str, object]) -> dict[str, str]:
    return {code: str(getattr(subject, "name", "")) for code, subject in subjects.items()}


def _slips(pack: Pack) -> list[str]:
    return [f"{slip.word}（{slip.pattern.pattern}）→ {slip.right}" for slip in pack.words.slips]


def _of_lists(old: Pack, new: Pack) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.lists, *new.lists]):
        yield from _by_order("选项", f"“{name}”", old.lists.get(name, ()), new.lists.get(name, ()))


# --- tables -------------------------------------------------------------------------------------


def _of_tables(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[Difference]:
    for id_ in dict.fromkeys([*old, *new]):
        one, other = old.get(id_), new.get(id_)
        topic = f"表 {id_} {next(table.name for table in (one, other) if table is not None)}"
        if one is None or other is None:
            names = (None if table is None else table.name for table in (one, other))
            yield Difference(topic, "整张表", *names)
            continue
        yield from _by_key(topic, _words(one), _words(other))
        for what, parts in (
            ("表头", (_header(one), _header(other))),
            ("列", (_columns(one), _columns(other))),
            ("末尾的行", (_closing(one), _closing(other))),
            ("注", (one.notes, other.notes)),
        ):
            yield from _by_order(topic, what, *parts)
        for what, rows in (
            ("行", (one.lines, other.lines)),
            ("左边的行", (one.left, other.left)),
            ("右边的行", (one.right, other.right)),
        ):
            yield from _by_order(topic, what, _lines(rows[0]), _lines(rows[1]), _label)


def _words(table: Table) -> dict[str, str]:
    return {
        "名称": table.name,
        **_flat_list(table.title, "标题"),
        "行来源": table.source,
        "合计行": table.total_label,
        "小计行": table.subtotal_label,
        "空表注": table.empty_note,
        **_flat_list(table.zero, "零"),
    }


def _header(table: Table) -> list[str]:
    return ["｜".join(row) for row in table.header]


def _columns(table: Table) -> list[str]:
    return [f"{c.name}：{MEASURES.get(c.content, c.content)}" for c in table.columns]


def _lines(lines: Iterable[Line]) -> list[str]:
    return [_line(line) for line in lines]


def _label(line: str) -> str:
    """The words of :func:`_line` before its brackets."""
    return line.partition(_TELLS)[0]


def _closing(table: Table) -> list[str]:
    return [f"{_line(pair.left)} ｜ {_line(pair.right)}" for pair in table.closing]


def _line(line: Line) -> str:
    """A row as a person says it: its label, what stands in it, and when it is there."""
    told = [
        f"行 {line.row}" if line.row else "",
        f"取 {'、'.join(MEASURES[measure] for measure in line.take)}" if line.take else "",
        f"当 {_condition(line.when)}" if line.when else "",
    ]
    more = "，".join(filter(None, told))
    return f"{line.label}{_TELLS}{more}" if more else line.label


_TELLS: Final = " · "


# --- the Word template --------------------------------------------------------------------------


def _of_templates(old: Pack, new: Pack) -> Iterator[Difference]:
    before, after = (doctext.read(p.template.read_bytes(), p.template.name) for p in (old, new))
    one, other = list(doctext.lines(before)), list(doctext.lines(after))
    matcher = SequenceMatcher(None, [t for _, t in one], [t for _, t in other], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            for first, second in zip_longest(one[a:b], other[c:d]):
                where = (second or first or ("", ""))[0]
                yield Difference("模板的文字", where, first and first[1], second and second[1])
    yield from _by_key("模板的版面", doctext.layout(before), doctext.layout(after))


# --- telling it ---------------------------------------------------------------------------------


def as_text(old: Pack, new: Pack, found: Sequence[Difference]) -> str:
    """The differences by topic; long lists of codes are cut short."""
    if not found:
        return f"{old.id} 与 {new.id} 没有不同。"
    lines = [f"{old.id} → {new.id}：{len(found)} 处不同（＋ 新增，－ 删去，△ 改动）", ""]
    for topic in dict.fromkeys(one.topic for one in found):
        these = [one for one in found if one.topic == topic]
        lines.append(f"{topic}（{_count(these)}）")
        for one in these[:MAX_OF_LIST]:
            lines += _told(one)
        if len(these) > MAX_OF_LIST:
            lines.append(f"  …… 另有 {len(these) - MAX_OF_LIST} 处，--format json 全部列出")
        lines.append("")
    return "\n".join(lines).rstrip()


def _count(found: Sequence[Difference]) -> str:
    added = sum(one.old is None for one in found)
    gone = sum(one.new is None for one in found)
    parts = (("新增", added), ("删去", gone), ("改动", len(found) - added - gone))
    return "，".join(f"{word} {number}" for word, number in parts if number)


def _told(one: Difference) -> Iterator[str]:
    if one.old is None or one.new is None:
        mark = "＋" if one.old is None else "－"
        text = one.new if one.old is None else one.old
        yield from wrapped(f"{one.what}：{text}", f"  {mark} ", "     ")
        return
    yield f"  △ {one.what}"
    yield from wrapped(one.old or "（空）", "     原：", "         ")
    yield from wrapped(one.new or "（空）", "     今：", "         ")


def as_json(old: Pack, new: Pack, found: Sequence[Difference]) -> str:
    """The differences for programs."""
    kinds = {True: "added", False: "changed"}
    records = [
        {"kind": "removed" if one.new is None else kinds[one.old is None], **asdict(one)}
        for one in found
    ]
    whole = {"old": old.id, "new": new.id, "differences": records}
    return written(whole)
