"""``template fields``: what it lists is exactly what a template can use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import budgets
import pytest
from broken_templates import packed, paragraph, parts_of
from support import CASES, Docx, Tree, W, case_tree, sample, with_two_units, work_out

from generator import pack as packs
from generator.cli import run
from generator.maintain import fieldlist, fields
from generator.maintain.fields import FLAG, GROUP, ROWS, TEXT, Node
from generator.maintain.sample import samples
from generator.pack import Pack
from generator.render import DocumentTemplate
from generator.render import context as template_context
from generator.render.context import Draft
from generator.report.text import width

PACKS = packs.available()


def found_in(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path, kind) of every field of a filled in context; of the items of empty rows none."""
    if isinstance(value, bool):
        yield path, FLAG
    elif isinstance(value, str):
        yield path, TEXT
    elif isinstance(value, list):
        yield path, ROWS
        for item in value:
            yield from ((p, k) for p, k in found_in(item, path) if p != path)
    else:
        assert isinstance(value, dict), (path, value)
        for name, item in value.items():
            yield from found_in(item, (*path, name))


def known(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The same of the tree of fields."""
    if node.kind != GROUP:
        yield path, node.kind
    if node.item is not None and node.item.kind == GROUP:
        yield from known(node.item, path)
    for name, child in node.children.items():
        yield from known(child, (*path, name))


def contexts(pack: Pack) -> Iterator[Mapping[str, Any]]:
    """Filled in contexts: the samples (every switch in every value), and others' inputs."""
    yield from (one.context for one in samples(pack))
    trees: list[Tree] = [budgets.department(), with_two_units(), sample(kind="单位")]
    for tree in trees:
        main, *units = work_out(tree, str(pack.id)).contents
        yield template_context.build(main, units)
        yield template_context.build(main, units, Draft(3))


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_fields_are_those_of_the_contexts(pack_id: str) -> None:
    pack = packs.load(pack_id)
    seen = {field for context in contexts(pack) for field in found_in(context)}
    assert seen == set(known(fields.tree(pack)))
    assert len(seen) > 200


@pytest.mark.parametrize("name", CASES)
def test_the_published_cases_have_no_other_fields(name: str) -> None:
    content, *units = work_out(case_tree(name)).contents
    seen = set(found_in(template_context.build(content, units)))
    assert seen <= set(known(fields.tree(content.form.pack)))


def listed(pack: Pack) -> set[tuple[str, ...]]:
    return {field.path for section in fieldlist.sections(pack) for field in section.fields}


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_field_is_listed(pack_id: str) -> None:
    pack = packs.load(pack_id)
    assert listed(pack) == {path for path, _ in known(fields.tree(pack))}


def test_every_field_says_what_it_is_and_where_it_comes_from() -> None:
    for pack_id in PACKS:
        pack = packs.load(pack_id)
        filled = tuple(one.context for one in samples(pack))
        for section in fieldlist.sections(pack, filled):
            for field in section.fields:
                assert field.meaning and field.lines, field
                assert field.kind == ROWS or field.source, field
                assert field.kind != TEXT or field.example, field


# --- a template that uses every field ------------------------------------------------------------


def using(node: Node, prefix: str, taken: Iterator[int]) -> Iterator[str]:
    """Paragraphs that print every field of a group; each loop has a variable of its own."""
    for name, child in node.children.items():
        written = f"{prefix}{name}"
        if child.kind == TEXT:
            yield paragraph(f"{written}：{{{{ {written} }}}}")
        elif child.kind == FLAG:
            yield from map(
                paragraph,
                (f"{{%p if {written} %}}", f"{written}：是", "{%p else %}", f"{written}：否"),
            )
            yield paragraph("{%p endif %}")
        elif child.kind == GROUP:
            yield from using(child, f"{written}.", taken)
        else:
            variable = f"项{next(taken)}"
            yield paragraph(f"{{%p for {variable} in {written} %}}")
            assert child.item is not None
            if child.item.kind == GROUP:
                yield from using(child.item, f"{variable}.", taken)
            else:
                yield paragraph(f"{written}：")
                yield paragraph(f"{{{{ {variable} }}}}")
            yield paragraph("{%p endfor %}")


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_template_that_uses_every_field_renders(pack_id: str) -> None:
    pack = packs.load(pack_id)
    parts = parts_of(pack.template.read_bytes())
    xml = parts["word/document.xml"].decode()
    start, end = xml.index("<w:body>") + len("<w:body>"), xml.rindex("<w:sectPr")
    body = "".join(using(fields.tree(pack), "", iter(range(1000))))
    parts["word/document.xml"] = (xml[:start] + body + xml[end:]).encode()
    template = DocumentTemplate(packed(parts))
    printed: set[str] = set()
    for one in samples(pack):
        made = Docx(template.render(one.context))
        for node in made.body.iter(f"{W}p"):
            text = "".join(t.text or "" for t in node.iter(f"{W}t"))
            printed.add(text.partition("：")[0])
    used = re.findall(r"<w:t>([^<：{]*)：", body)
    assert len(used) > 200
    # A table that has no notes in the pack has none in any document.
    assert {name for name in set(used) - printed if not name.endswith(".注")} == set()


# --- the command --------------------------------------------------------------------------------


def test_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "fields", "hebei/2025"]) == 0
    out = capsys.readouterr().out
    assert (
        "表“收支总表”的一行（在 {%p for 部门 in 各部门 %} 里面）\n"
        "  {%tr for 行 in 部门.收支总表.行 %}\n"
        "    {{ 行.序号 }}                   行的序号　例：1　来自 自动填\n"
    ) in out
    assert "    {{ 行.基本 }}" in out and "支出：基本支出（资金性质为一般公共预算的行）" in out


def test_no_line_is_wider_than_a_console(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "fields", "hebei/2025"]) == 0
    lines = capsys.readouterr().out.splitlines()
    wide = [line for line in lines if width(line) > 80 and not line.lstrip().startswith("{")]
    assert len(lines) > 400 and wide == []


def test_an_error_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["template", "fields", "没有/2025"], ["packs", "没有/2025"]):
        assert run([*command, "--format", "json"]) == 2
        told = json.loads(capsys.readouterr().out)
        assert (told["version"], told["error"]) == (1, "没有格式包“没有/2025”。")
    assert run(["template", "diff", "没有/2025", "hebei/2025", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "没有格式包“没有/2025”。"


def test_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "fields", "hebei/2025", "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert "| `{{ 封面.年度 }}` | 预算年度 | 文字 | 2025 | 基本信息：年度 |" in out
    assert "```\n{%p for 部门 in 各部门 %}\n{%tr for 行 in 部门.收支总表.行 %}\n…" in out


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "fields", "hebei/2025", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    paths = {field["path"] for section in told["groups"] for field in section["fields"]}
    assert paths == {".".join(path) for path, _ in known(fields.tree(packs.load("hebei/2025")))}


def test_an_unknown_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "fields", "没有/2025"]) == 2
    assert "无法继续：没有格式包“没有/2025”。" in capsys.readouterr().err
