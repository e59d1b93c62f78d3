"""What only the whole pack shows: slips that would print wrong figures, or drop a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import chain, product
from math import prod
from typing import Final, NamedTuple

from generator import references
from generator.balance import DERIVED_MEASURES, MEASURES
from generator.pack.fault import guess
from generator.pack.model import (
    FACTS,
    REFERENCE,
    Alternative,
    Condition,
    Line,
    Pack,
    PackModel,
    Wording,
    holds,
)


class Slip(NamedTuple):
    """Where in the pack, what is wrong there; what to do, and a word that its line holds."""

    where: str
    message: str
    hint: str = ""
    word: str = ""


Mistakes = Iterator[Slip]


def mistakes(pack: Pack) -> Mistakes:
    """Everything that only the whole pack shows to be wrong."""
    yield from _in_conditions(pack)
    yield from _in_classes(pack)
    yield from _in_sums(pack)
    yield from _in_keys(pack)
    yield from _in_references(pack)


def _in_conditions(pack: Pack) -> Mistakes:
    """A ``当`` that can never hold would silently drop its text or row."""
    switches = {name: switch.values for name, switch in pack.switches.items()}
    for where, condition in _conditions(pack):
        for name, value in condition.items():
            if name not in switches and name not in FACTS:
                hint = guess(name, [*switches, *FACTS])
                yield Slip(where, f"当 里的“{name}”不是开关，也不是事实", hint, name)
                continue
            kind = "开关" if name in switches else "事实"
            for one in value.split("|"):
                values = switches.get(name) or FACTS[name]
                if one not in values:
                    hint = guess(one, values) or f"可以是：{'、'.join(values)}。"
                    yield Slip(where, f"{kind}“{name}”没有“{one}”这个值", hint, one)


def _conditions(pack: Pack) -> Iterable[tuple[str, Condition]]:
    def walk(where: str, value: object) -> Iterable[tuple[str, Condition]]:
        if isinstance(value, Alternative | Line):
            yield where, value.when
        if isinstance(value, PackModel):
            for name, field in type(value).model_fields.items():
                yield from walk(f"{where}.{field.alias or name}", getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                yield from walk(where, item)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from walk(f"{where}.{key}", item)

    yield from walk("sections", pack.sections)
    for id_, table in pack.tables.items():
        yield from walk(f"表 {id_}", table)


def _in_classes(pack: Pack) -> Mistakes:
    """T1 and T4 print the same classes, and those that the code list has."""
    t1, t4 = ({line.row for line in pack.tables[id_].right if line.row} for id_ in ("T1", "T4"))
    for id_, own, other in (("T1", t1, t4), ("T4", t4, t1)):
        if lacking := sorted(other - own):
            yield Slip(f"表 {id_}.右", f"没有类 {lacking[0]}，另一张收支总表有")
        if unknown := sorted(own - set(pack.functional)):
            yield Slip(f"表 {id_}.右", f"功能科目表里没有类 {unknown[0]}")


MAX_CASES: Final = 1000  # combinations of switches that one table's rows may ask for


def _in_sums(pack: Pack) -> Mistakes:
    """Lists of income must add up to their total, whatever the switches say."""
    for choice, sources in pack.sections.income_sources.items():
        taken = [measure for source in sources for measure in source.take]
        if difference := _difference(taken, ["income.total"]):
            yield Slip(f"sections.收入来源.{choice}", f"各项之和不等于收入总计：{difference}")
    values: dict[str, tuple[str, ...]] = dict(FACTS)
    values |= {name: switch.values for name, switch in pack.switches.items()}
    for id_, table in pack.tables.items():
        if not table.left or not table.closing:
            continue
        names = sorted({name for line in table.left for name in line.when})
        if not set(names) <= set(values):
            continue  # unknown conditions, which have been told
        if prod(len(values[name]) for name in names) > MAX_CASES:
            yield Slip(f"表 {id_}.左", "分的情况太多")
            continue
        for case in product(*(values[name] for name in names)):
            facts = dict(zip(names, case, strict=True))
            lines = [line for line in table.left if holds(line.when, facts)]
            taken = [measure for line in lines for measure in line.take]
            if difference := _difference(taken, table.closing[0].left.take):
                shown = "，".join(f"{name}为{value}" for name, value in facts.items())
                yield Slip(
                    f"表 {id_}.左",
                    f"{shown}{'时，' if shown else ''}各行之和不等于"
                    f"“{table.closing[0].left.label}”：{difference}",
                )


def _difference(taken: Iterable[str], total: Iterable[str]) -> str:
    """What is counted too often or too seldom, in words; ``""`` if the sums are the same."""
    have, want = Counter(_leaves(taken)), Counter(_leaves(total))
    more = [f"多了{MEASURES[measure]}" for measure in have - want]
    less = [f"少了{MEASURES[measure]}" for measure in want - have]
    return "、".join(more + less)


def _leaves(measures: Iterable[str]) -> Iterator[str]:
    for measure in measures:
        if measure in DERIVED_MEASURES:
            yield from _leaves(DERIVED_MEASURES[measure][1])
        else:
            yield measure


def _in_keys(pack: Pack) -> Mistakes:
    """Names that would hide each other, and names that the program needs."""
    sections = pack.sections
    slots = [slot.key for chapter in sections.chapters for slot in chapter.slots]
    for where, names in (
        ("sections.章", [chapter.key for chapter in sections.chapters]),
        ("sections.章.段", slots),
        ("glossary", [term.term for term in pack.glossary]),
        ("tables", [table.name for table in pack.tables.values()]),
    ):
        for name, number in Counter(names).items():
            if number > 1:
                yield Slip(where, f"有 {number} 个“{name}”")
    for name in references.LISTINGS:
        if name not in sections.listings:
            yield Slip("sections.列举", f"缺少“{name}”")


def _in_references(pack: Pack) -> Mistakes:
    phrases = pack.sections.phrases
    for name in phrases:
        if name in references.names():
            yield Slip(f"sections.用语.{name}", "与一个引用同名")
    graph = {
        name: [n for a in wording for n in REFERENCE.findall(a.text) if n in phrases]
        for name, wording in phrases.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        yield Slip(f"sections.用语.{circle[0]}", f"绕回了自己：{' → '.join(circle)}")
    for where, text, known in _texts(pack):
        for name in REFERENCE.findall(text):
            if name not in known:
                said = f"“{text[:30]}”引用了“{{{name}}}”，这里没有这个名称"
                yield Slip(where, said, guess(name, known), f"{{{name}}}")
        if set("{}") & set(REFERENCE.sub("", text)):
            said = f"“{text[:30]}”里的花括号不成对，或括着别的东西"
            yield Slip(where, said, "请写成 {名称}，都用半角。", text[:10])


def _texts(pack: Pack) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Every text of a pack, and the references that it may use."""
    sections, contents, parts = pack.sections, pack.sections.contents, pack.sections.parts
    sentences = (*references.names(), *sections.phrases)
    titles: list[tuple[str, Wording, tuple[str, ...]]] = [
        ("目录.标题", contents.title, ()),
        ("目录.公开表", contents.tables, ()),
        ("目录.情况说明", contents.explanation, ()),
        ("目录.页码", contents.page_number, ("页码",)),
        ("部分.第一", parts.first, ()),
        ("部分.第二", parts.second, ()),
        ("部分.单位", parts.unit, ("序号", "单位名称")),
        ("部分.无所属单位", parts.none, ()),
        ("文件名", sections.document_name, ()),
        ("封面题", sections.cover_title, ()),
        ("情况说明标题", sections.explanation_title, ()),
        ("项目绩效表标题", sections.project_title, ("序号", "项目名称")),
        ("名词行", sections.glossary_line, ("序号", "名词", "解释")),
        *((f"章.{chapter.key}.标题", chapter.title, ()) for chapter in sections.chapters),
    ]
    for where, wording, more in titles:
        for alternative in wording:
            yield f"sections.{where}", alternative.text, (*references.WORDS, *more)
    for where, wording in (
        ("引言", sections.introduction),
        *((f"用语.{name}", phrase) for name, phrase in sections.phrases.items()),
        *((f"章.{slot.key}.文", slot.text) for slot in sections.slots.values()),
    ):
        for alternative in wording:
            yield f"sections.{where}", alternative.text, sentences
    for name, listing in sections.listings.items():
        yield f"sections.列举.{name}.首", listing.head, ()
        yield f"sections.列举.{name}.项", listing.item, ("名", "数")
        yield f"sections.列举.{name}.连", listing.joint, ()
    change = sections.change
    for where, text, more in (
        ("增", change.rise, ("数",)),
        ("减", change.fall, ("数",)),
        ("平", change.same, ()),
        ("原因", change.reason, ("原因",)),
    ):
        yield f"sections.变化.{where}", text, more
    for term in pack.glossary:
        yield f"glossary.{term.term}", term.definition, references.WORDS
    for id_, table in pack.tables.items():
        more = ("项目名称",) if table.source == "绩效" else ()
        for alternative in table.title:
            yield f"表 {id_}.标题", alternative.text, (*references.WORDS, *more)
        yield f"表 {id_}.小计行", table.subtotal_label, ("单位",)
        labels = (line.label for line in chain(table.lines, table.left, table.right))
        for text in (table.total_label, table.empty_note, *table.notes, *labels):
            yield f"表 {id_}", text, ()
