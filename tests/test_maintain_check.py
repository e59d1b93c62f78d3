"""``template check``: broken templates and packs, each told exactly; words of one's own pass."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import broken_templates as broken
import pytest
from support import Docx, W, paragraph_text, with_two_units, work_out

from generator import pack as packs
from generator.cli import run
from generator.maintain import check
from generator.pack import Pack
from generator.problem import Problem
from generator.render import DocumentTemplate
from generator.render import context as template_context

PACKS = packs.available()
PACK_ID = "hebei/2025"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load(PACK_ID)


def said_of(docx: bytes, pack: Pack, folder: Path) -> list[str]:
    file = folder / "edited.docx"
    file.write_bytes(docx)
    return [str(finding) for finding in check.template(pack, file)]


def numbered(said: str, docx: bytes) -> str:
    """With the number of the paragraph that begins with the words quoted behind ``第 # 段``."""

    def number(match: re.Match[str]) -> str:
        texts = [" ".join(paragraph_text(p).split()) for p in Docx(docx).body.iterchildren(f"{W}p")]
        found = [n for n, text in enumerate(texts, 1) if text.startswith(match[2].rstrip("…"))]
        return f"第 {found[int(match[1] or 1) - 1]} 段“{match[2]}”"

    return re.sub(r"第 #(\d*) 段“([^”]*)”", number, said)


@pytest.mark.parametrize("pack_id", PACKS)
def test_nothing_is_found_in_the_packs(pack_id: str) -> None:
    assert check.template(packs.load(pack_id)) == ()


def test_every_kind_has_its_broken_templates() -> None:
    assert len(broken.EDITS) > 50
    assert set(broken.EDITS) == set(broken.SAID)


@pytest.mark.parametrize("name", broken.EDITS)
def test_a_broken_template_is_told_exactly(name: str, pack: Pack, tmp_path: Path) -> None:
    parts = broken.parts_of(pack.template.read_bytes())
    broken.EDITS[name](parts)
    docx = broken.packed(parts)
    assert said_of(docx, pack, tmp_path) == [numbered(s, docx) for s in broken.SAID[name]]


def test_several_mistakes_come_out_in_one_pass(pack: Pack, tmp_path: Path) -> None:
    names = ("unknown column", "header word", "no title", "pitch", "comment", "large picture")
    parts = broken.parts_of(pack.template.read_bytes())
    for name in names:
        broken.EDITS[name](parts)
    docx = broken.packed(parts)
    found = said_of(docx, pack, tmp_path)
    for name in names:
        assert numbered(broken.SAID[name][0], docx) in found


# --- the other files of a pack ------------------------------------------------------------------


def copied(folder: Path) -> Path:
    target = folder / "某地" / "2025"
    shutil.copytree(packs.load(PACK_ID).folder, target)
    return target


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


YAML: dict[str, tuple[Callable[[Path], None], str]] = {
    "unknown key": (
        lambda f: replaced(f / "pack.yaml", "名称:", "名字: 甲\n名称:"),
        "格式包文件 {f}/pack.yaml 的“名字”：没有这个键",
    ),
    "unknown reference": (
        lambda f: replaced(f / "sections.yaml", "{支出总计}", "{支出总数}"),
        "引用了“{{支出总数}}”，这里没有这个名称",
    ),
    "unknown measure": (
        lambda f: replaced(f / "tables" / "t5.yaml", "general.basic", "general.basis"),
        "t5.yaml 的“",
    ),
    "header of another width": (
        lambda f: replaced(f / "tables" / "institutions.yaml", "单位规格, ", ""),
        "各表头行都应有 4 格，与列数相同",
    ),
    "broken yaml": (
        lambda f: replaced(f / "glossary.yaml", "- 名词", "-- 名词"),
        "格式包文件 {f}/glossary.yaml 第",
    ),
    "words that are no expression": (
        lambda f: replaced(f / "words.yaml", "式: ", "式: '(' #"),
        "words.yaml",
    ),
    "no template": (lambda f: (f / "disclosure.docx").unlink(), "disclosure.docx"),
}


@pytest.mark.parametrize("name", YAML)
def test_a_mistake_in_the_other_files_is_told(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit, message = YAML[name]
    edit(folder)
    [finding] = check.of(str(folder), None, tmp_path).findings
    assert finding.place == "格式包 某地/2025 的文件"
    assert message.format(f=folder) in str(finding)


# --- words around placeholders ------------------------------------------------------------------

CELL = ("{{ 行.收入数 }}", "约 {{ 行.收入数 }} 万元")
LINE = ("{{ 封面.年度 }}年{{ 封面.题 }}", "{{ 封面.年度 }} 年度 {{ 封面.题 }}")
OWN_WORDS: dict[str, Callable[[broken.Parts], None]] = {
    "cell": broken.typed(*CELL),
    "cover": broken.typed(*LINE),
    "name": broken.typed("{{ 封面.名称 }}", "部门：{{ 封面.名称 }}（公章）"),
    "paragraph": broken.sub(
        r"(in 部门\.引言 %}.*?)>{{ 段 }}<", r"\1>引言：{{ 段 }}（{{ 部门.名称 }}）<"
    ),
    "more": broken.before(
        "{{ 部门.情况说明标题 }}", broken.paragraph("{{ 部门.名称 }}编，{{ 部门.年度 }}年。")
    ),
    "fixed": broken.before("{{ 部门.情况说明标题 }}", broken.paragraph("本页由财务科负责。")),
    "above": broken.typed("预算年度：{{ 部门.年度 }}", "{{ 部门.年度 }}年预算"),
    "goals": broken.typed("绩效目标", "项目绩效目标"),
    "goal": broken.sub(r"(in 项目\.目标 %}.*?)>{{ 段 }}<", r"\1>目标：{{ 段 }}<"),
}


@pytest.mark.parametrize("name", OWN_WORDS)
def test_words_of_the_template_are_no_difference(name: str, pack: Pack, tmp_path: Path) -> None:
    parts = broken.parts_of(pack.template.read_bytes())
    OWN_WORDS[name](parts)
    assert said_of(broken.packed(parts), pack, tmp_path) == []


def verified(docx: bytes, folder: Path, damage: tuple[str, str] | None = None) -> list[Problem]:
    """What the read-back says of a document of this template, a text exchanged on the way."""
    target = copied(folder)
    (target / "disclosure.docx").write_bytes(docx)
    document = work_out(with_two_units(), str(target))
    main, *units = document.contents
    data = DocumentTemplate(docx).render(template_context.build(main, units))
    if damage is not None:
        parts = broken.parts_of(data)
        broken.typed(*damage)(parts)
        data = broken.packed(parts)
    return document.verify(data)


def test_a_wrong_figure_among_own_words_is_found(pack: Pack, tmp_path: Path) -> None:
    parts = broken.parts_of(pack.template.read_bytes())
    for edit in OWN_WORDS.values():
        edit(parts)
    docx = broken.packed(parts)
    assert verified(docx, tmp_path / "a") == []
    wrong = [
        (
            ("约 170.00 万元", "约 170.01 万元"),
            "第 34 行第 3 格应为“170.00”，文档里是“约 170.01 万元”",
        ),
        (("约 170.00 万元", "170.00 万元"), "第 34 行第 3 格应为“170.00”，文档里是“170.00 万元”"),
        (("2025年预算", "2024年预算"), "第一行应为“"),
        (("2025 年度 部门预算", "2024 年度 部门预算"), "封面的年度和标题应为“2025年部门预算”"),
    ]
    for number, (damage, message) in enumerate(wrong):
        found = verified(docx, tmp_path / str(number), damage)
        assert len(found) == 1 and message in found[0].message


# --- the command --------------------------------------------------------------------------------


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "check", PACK_ID]) == 0
    assert capsys.readouterr().out == "hebei/2025：没有发现问题。\n"
    folder = copied(tmp_path)
    parts = broken.parts_of((folder / "disclosure.docx").read_bytes())
    broken.EDITS["header word"](parts)
    (folder / "disclosure.docx").write_bytes(broken.packed(parts))
    assert run(["template", "check", str(folder)]) == 1
    place, _, rest = broken.SAID["header word"][0].partition("：")
    message, _, hint = rest.partition("。")
    assert capsys.readouterr().out == f"某地/2025：1 处要改\n  {place}：{message}\n      {hint}\n"
    assert run(["template", "check", str(folder / "disclosure.docx"), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["problems"] == [
        {"kind": "表头不符", "place": place, "message": message, "hint": hint}
    ]


def test_what_cannot_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "check", "没有/2025"]) == 2
    assert "没有格式包“没有/2025”。" in capsys.readouterr().err
    file = tmp_path / "a.docx"
    assert run(["template", "check", str(file)]) == 2
    assert f"无法继续：文件“{file}”无法读取。请检查文件名。" in capsys.readouterr().err
    file.write_bytes(b"PK")
    assert run(["template", "check", str(file), "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out) == {
        "template": str(file),
        "error": "模板“a.docx”已损坏。",
        "hint": "请换回原来的模板文件。",
    }
