"""The rules of the rendered file (REN): the document just written is read back and compared.

They run after rendering, before anything is written to its place (``verify``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Final

from generator.canonical import canonical_hash
from generator.checks.readback import differences, fault, quoted
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.subject import Subject
from generator.checks.surroundings import TAG
from generator.written import Written, WrittenTable, malformed, relations

_CORE: Final = "docProps/core.xml"
_IDENTIFIER = re.compile(r"<dc:identifier[^>]*>([^<]*)</dc:identifier>")
_TITLES = re.compile(r"<dc:(title|subject)>.*?</dc:\1>", re.DOTALL)
_REFERENCE = re.compile(rb' r:(?:id|embed|link|pict)="([^"]*)"')


def same(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """REN001, and each other rule that has its part in the comparison with the data."""
    return (finding for of, finding in differences(subject) if of == rule.id)


def remains(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """REN002: tags, marks and empty paragraphs in the body; tags and lost parts elsewhere."""
    yield from same(subject, rule)
    parts = _file(subject).parts
    for name, data in parts.items():
        if name == "word/document.xml" or not name.endswith((".xml", ".rels")):
            continue
        text = data.decode("utf-8", "replace")
        # What the data put into the properties is data, whatever it looks like.
        text = _TITLES.sub("", text) if name == _CORE else text
        if found := TAG.search(text):
            shown = re.sub(r"<[^>]+>", "", text[found.start() : found.start() + 40])
            yield fault(f"文档的部件 {name} 里留有没有填写的标记{quoted(shown)}")
    for name, target in _lost(parts):
        yield fault(f"文档的部件 {name} 引用了“{target}”，文件里没有它")


def _lost(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """(part, what it refers to and is not there): targets of relations, and their ids."""
    for name, data in parts.items():
        if name.endswith(".rels"):
            folder = dirname(dirname(name))
            for target in relations(data).values():
                if target and normpath(join(folder, target)).lstrip("/") not in parts:
                    yield name, target
        elif name.startswith("word/") and name.endswith(".xml"):
            own = f"{dirname(name)}/_rels/{name.rpartition('/')[2]}.rels"
            used = {match.decode() for match in _REFERENCE.findall(data)}
            for id_ in sorted(used - set(relations(parts.get(own, b"")))):
                yield name, id_


def opens(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """REN003: the file is a .docx, all its XML is well-formed, headers repeat on each page."""
    file = _file(subject)
    if file.fault:
        yield fault(f"写好的文档打不开：{file.fault}")
        return
    small = {name: data for name, data in file.parts.items() if name != "word/document.xml"}
    for name in malformed(small):
        yield fault(f"文档的部件 {name} 的 XML 有误")
    for number, item in enumerate((i for i in file.items if isinstance(i, WrittenTable)), 1):
        if item.headers < _headers_of(item):
            yield fault(
                f"第 {number} 张表只有 {item.headers} 行表头会在换页后重复，应有 "
                f"{_headers_of(item)} 行"
            )


def _headers_of(table: WrittenTable) -> int:
    """How many rows a table must repeat: down to 栏次, else down to what names its columns."""
    for number, row in enumerate(table.rows[:6], 1):
        if row and row[0] == "栏次":
            return number
    return 1


def hashed(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """REN005: the hash in the properties is that of the data."""
    core = _file(subject).parts.get(_CORE)
    if core is None:
        return  # a template without properties has no place for it
    found = _IDENTIFIER.search(core.decode("utf-8", "replace"))
    wanted = canonical_hash([subject.content, *(unit.content for unit in subject.units)])
    if found is None or found[1] != wanted:
        yield Finding(
            "文档属性里的数据摘要不是这份数据的",
            hint="文档和数据对不上号，请重新生成。",
            evidence=(f"文档 {found[1] if found else '没有摘要'}", f"数据 {wanted}"),
        )


def _file(subject: Subject) -> Written:
    assert subject.document is not None
    return subject.document


WRITTEN = (Need.WRITTEN,)

RULES: tuple[Rule, ...] = (
    Rule("REN001", "文档里的每个数和每段文字与数据相同", E, same, "0", WRITTEN),
    Rule("REN002", "文档里没有残留的标记和缺失的部件", E, remains, "", WRITTEN),
    Rule("REN003", "文档能打开，表头在每页重复", E, opens, "", WRITTEN),
    Rule("REN004", "目录页码与 PDF 一致", W, None, "0", (Need.PAGES,)),
    Rule("REN005", "文档与报告带有同一数据摘要", I, hashed, "", WRITTEN),
)
