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
from generator.pack.folder import MAX_TEXT
from generator.problem import Problem, UserError
from generator.render import DocumentTemplate
from generator.render import context as template_context
from generator.report.text import width

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
        paragraphs = [
            (" ".join(paragraph_text(p).split()), p.find(f"{W}pPr/{W}sectPr") is not None)
            for p in Docx(docx).body.iterchildren(f"{W}p")
        ]
        texts = [text for text, ends_section in paragraphs if text or not ends_section]
        found = [n for n, text in enumerate(texts, 1) if text.startswith(match[2])]
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
        lambda f: replaced(f / "tables" / "t9.yaml", "空表注:", "空表住:"),
        "tables/t9.yaml 第 29 行：“空表住”：没有这个键。是不是“空表注”？",
    ),
    "unknown reference": (
        lambda f: replaced(f / "sections.yaml", "{支出总计}", "{支出总数}"),
        "引用了“{支出总数}”，这里没有这个名称。是不是“支出总计”？",
    ),
    "unknown measure": (
        lambda f: replaced(f / "tables" / "t9.yaml", "sangong.general", "sangong.genral"),
        "tables/t9.yaml 第 13 行：列“一般”不能填“sangong.genral”，行来源是“固定行”的表没有它。是不是“sangong.general”？",
    ),
    "no list": (
        lambda f: replaced(f / "pack.yaml", "适用年度: [2025, 2026]", "适用年度: 2028"),
        "pack.yaml 第 5 行：“适用年度”：要写成一串。请加上方括号，如 [2028]，或每条前面写“- ”。",
    ),
    "header of another width": (
        lambda f: replaced(f / "tables" / "institutions.yaml", "单位规格, ", ""),
        "tables/institutions.yaml 第 4 行：各表头行都应有 4 格，与列数相同。",
    ),
    "broken yaml": (
        lambda f: replaced(f / "glossary.yaml", "- 名词: ", "- 名词："),
        "后面的冒号是全角的。请改为半角的冒号，后面空一格，如“名词: …”。",
    ),
    "another encoding": (
        lambda f: (f / "lists.yaml").write_bytes("甲: [乙]\n".encode("gbk")),
        "lists.yaml：不是 UTF-8 编码的文字。请在记事本里“另存为”，编码选 UTF-8。",
    ),
    "words that are no expression": (
        lambda f: replaced(f / "words.yaml", "式: ", "式: '(' #"),
        "words.yaml 第 11 行：YAML 格式有误：括号没有成对，或缺少逗号。",
    ),
    "no template": (lambda f: (f / "disclosure.docx").unlink(), "disclosure.docx：没有这个文件。"),
}


@pytest.mark.parametrize("name", YAML)
def test_a_mistake_in_the_other_files_is_told(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit, message = YAML[name]
    edit(folder)
    [finding] = check.of(str(folder), None, tmp_path).findings
    assert message in str(finding)
    assert str(folder) not in str(finding)


def test_all_mistakes_of_all_files_come_out_in_one_pass(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    parts = broken.parts_of((folder / "disclosure.docx").read_bytes())
    broken.EDITS["one brace"](parts)
    (folder / "disclosure.docx").write_bytes(broken.packed(parts))
    for name in ("unknown key", "no list", "broken yaml", "words that are no expression"):
        YAML[name][0](folder)
    replaced(folder / "tables" / "t1.yaml", "\n名称: ", "\n名称：")
    replaced(folder / "tables" / "t4.yaml", "\n行来源: ", "\n行来原: ")
    said = [str(one) for one in check.of(str(folder), None, tmp_path).findings]
    for name in ("unknown key", "no list", "broken yaml", "words that are no expression"):
        assert [one for one in said if YAML[name][1] in one], (name, said)
    assert [
        one
        for one in said
        if one.startswith("tables/t1.yaml 第") and "“名称”后面的冒号是全角的" in one
    ]
    assert [one for one in said if "t4.yaml" in one and "“行来原”：没有这个键" in one]
    assert [one for one in said if "“{{ 封面.名称 }”不是完整的标记" in one]
    assert not [one for one in said if "缺少这个键" in one and "行来源" not in one]
    assert not [one for one in said if "没有表" in one]


def test_names_sizes_and_links_do_not_hide_the_rest(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "sections.yaml").rename(folder / "sektions.yaml")
    (folder / "说明.txt").write_text("甲", encoding="utf-8")
    with (folder / "codes" / "economic.csv").open("r+b") as stream:
        stream.truncate(MAX_TEXT + 1)
    (folder / "tables" / "t5.yaml").unlink()
    (folder / "tables" / "t5.yaml").symlink_to(tmp_path / "别处.yaml")
    (tmp_path / "别处.yaml").write_text("密: 码", encoding="utf-8")
    (folder / "lists.yaml").unlink()
    YAML["unknown key"][0](folder)
    parts = broken.parts_of((folder / "disclosure.docx").read_bytes())
    broken.EDITS["one brace"](parts)
    (folder / "disclosure.docx").write_bytes(broken.packed(parts))
    said = [str(one) for one in check.of(str(folder), None, tmp_path).findings]
    expected = [
        "codes/economic.csv：过大。",
        "tables/t5.yaml：是通到文件夹外面的链接。请换成文件本身。",
        "sektions.yaml：格式包里没有这样的文件。是不是“sections.yaml”？请改正文件名，或移到别处。",
        "说明.txt：格式包里没有这样的文件。请改正文件名，或移到别处。",
        "sections.yaml：没有这个文件。请从别的年度的格式包里抄一份。",
        "lists.yaml：没有这个文件。请从别的年度的格式包里抄一份。",
        YAML["unknown key"][1],
    ]
    assert said[: len(expected)] == expected
    assert [one for one in said if "“{{ 封面.名称 }”不是完整的标记" in one]
    assert len(said) == len(expected) + 1, said


def test_all_that_only_the_whole_pack_shows_comes_out_in_one_pass(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    replaced(folder / "sections.yaml", "{支出总计}", "{支出总数}")
    replaced(folder / "glossary.yaml", "解释: ", "解释: “{没有的}”")
    replaced(folder / "tables" / "t9.yaml", "{三公合计行: 有}", "{三公合计: 有}")
    parts = broken.parts_of((folder / "disclosure.docx").read_bytes())
    broken.EDITS["header word"](parts)
    (folder / "disclosure.docx").write_bytes(broken.packed(parts))
    said = [str(one) for one in check.of(str(folder), None, tmp_path).findings]
    assert len(said) == 4, said
    for words in ("支出总数", "没有的", "“三公合计”不是开关", "对下级单位补助支出"):
        assert [one for one in said if words in one], words


def test_a_broken_pack_yaml_does_not_hide_the_other_files(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    replaced(folder / "pack.yaml", "名称: ", '名称: "')
    YAML["broken yaml"][0](folder)
    said = [str(one) for one in check.of(str(folder), None, tmp_path).findings]
    assert said[0].startswith("pack.yaml 第 3 行：YAML 格式有误：引号没有成对")
    assert said[1].startswith("glossary.yaml 第") and len(said) == 2


def test_a_document_says_where_all_mistakes_are_listed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    YAML["unknown key"][0](folder)
    YAML["no list"][0](folder)
    with pytest.raises(UserError, match="还有 1 处，用 gen-disclosure template check 全部列出。"):
        packs.load(str(folder))


@pytest.mark.parametrize("depth", [200, 80_000])
def test_elements_in_each_other_without_end_are_a_finding(
    depth: int, pack: Pack, tmp_path: Path
) -> None:
    parts = broken.parts_of(pack.template.read_bytes())
    deep = b"<w:sdt><w:sdtContent>" * depth + b"</w:sdtContent></w:sdt>" * depth
    parts[broken.DOCUMENT] = parts[broken.DOCUMENT].replace(b"<w:body>", b"<w:body>" + deep, 1)
    found = said_of(broken.packed(parts), pack, tmp_path)
    assert found[0].startswith("正文：部件 word/document.xml 的元素套了")


# --- words around placeholders ------------------------------------------------------------------

LINE = ("{{ 封面.年度 }}年{{ 封面.题 }}", "{{ 封面.年度 }} 年度 {{ 封面.题 }}")
OWN_WORDS: dict[str, Callable[[broken.Parts], None]] = {
    "cover": broken.typed(*LINE),
    "name": broken.typed("{{ 封面.名称 }}", "部门：{{ 封面.名称 }}（公章）"),
    "more": broken.before(
        "{{ 部门.情况说明标题 }}", broken.paragraph("{{ 部门.名称 }}编，{{ 部门.年度 }}年。")
    ),
    "fixed": broken.before("{{ 部门.情况说明标题 }}", broken.paragraph("本页由财务科负责。")),
    "above": broken.typed("预算年度：{{ 部门.年度 }}", "{{ 部门.年度 }}年预算"),
    "goals": broken.typed("绩效目标", "项目绩效目标"),
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
        (("170.00", "170.01"), "第 32 行第 5 格应为“170.00”，文档里是“170.01”"),
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
    assert "".join(
        capsys.readouterr().out.split()
    ) == f"某地/2025：1处要改{place}：{message}{hint}".replace(" ", "")
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
        "version": 1,
        "template": str(file),
        "error": "模板“a.docx”已损坏。",
        "hint": "请换回原来的模板文件。",
    }


def test_what_leads_to_a_pack_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path / "我的")
    for higher in (folder.parent, folder.parent.parent):
        assert run(["template", "check", str(higher)]) == 2
        assert f"是不是 {folder}？" in capsys.readouterr().err
    packed = tmp_path / "包.zip"
    packed.write_bytes(b"PK")
    assert run(["template", "check", str(packed)]) == 2
    assert "请先解压" in capsys.readouterr().err


def test_lines_fit_a_console(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path)
    YAML["unknown measure"][0](folder)
    assert run(["template", "check", str(folder)]) == 1
    assert max(map(width, capsys.readouterr().out.splitlines())) <= 80
