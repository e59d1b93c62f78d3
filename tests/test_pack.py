"""Format packs: the built-in ones are whole, and a mistake is told by file and key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator import pack as packs
from generator.pack import holds
from generator.problem import UserError
from generator.render.container import unpack
from generator.wording import reference_names

PACKS = packs.available()


def test_there_are_packs() -> None:
    assert {"hebei/2022", "hebei/2023", "hebei/2025"} <= set(PACKS)


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_template_prints_the_packs_own_header_words(pack_id: str) -> None:
    """The header words stand in the .docx and in the YAML; they are the same words."""
    pack = packs.load(pack_id)
    xml = unpack(pack.template.read_bytes(), "x")["word/document.xml"].decode("utf-8")
    rows = [
        [fold("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", cell))) for cell in cells]
        for cells in (
            re.findall(r"<w:tc>.*?</w:tc>", row, re.DOTALL)
            for row in re.findall(r"<w:tr[ >].*?</w:tr>", xml, re.DOTALL)
        )
    ]
    assert len(rows) > 40
    for table in pack.tables.values():
        for header in table.header:
            words = [fold(word) for word in header if word not in ("<", "^")]
            words = ["{{政府采购.年度}}年预留中小微企业份额" if "{年度}" in w else w for w in words]
            printed = [
                [c.replace("{{部门.", "{{").replace(" ", "") for c in row if c] for row in rows
            ]
            assert words in printed, f"{table.id}: {words}"


def fold(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_reference_of_a_pack_is_known(pack_id: str) -> None:
    sections = packs.load(pack_id).sections
    known = {*reference_names(), *sections.phrases}
    known |= {"页码", "序号", "单位名称", "项目名称", "名词", "解释"}
    used = set(packs.REFERENCE.findall(str(sections.model_dump())))
    assert len(used) > 30
    assert used - {"名", "数", "原因"} <= known


@pytest.mark.parametrize(
    ("year", "pack_id"),
    [(2022, "2022"), (2023, "2023"), (2024, "2023"), (2025, "2025"), (2031, "2025")],
)
def test_the_newest_pack_not_later_than_the_year(year: int, pack_id: str) -> None:
    assert packs.newest_for(year) == f"hebei/{pack_id}"


def test_no_pack_is_old_enough() -> None:
    with pytest.raises(UserError, match="没有适用于 2019 年的格式包。可以用 --pack 指定一个："):
        packs.newest_for(2019)


@pytest.mark.parametrize(
    "name", ["hebei/1999", "../hebei/2023", "hebei", "", "/etc", "hebei/2023/"]
)
def test_only_a_pack_that_was_found_is_opened(name: str) -> None:
    with pytest.raises(UserError, match=f"没有格式包“{re.escape(name)}”"):
        packs.load(name)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("pack.yaml", "名称: 河北", "名: 河北", "pack.yaml 的“名称”：缺少这个键。"),
        ("pack.yaml", "默认: 简式", "默认: 复式", "的“格式选项.封面”：默认值“复式”不在可选值"),
        ("pack.yaml", "  封面:", "  封皮:", "格式选项缺少“封面”"),
        ("pack.yaml", "格式选项:", "格式选项: {}\n其他:", "的“其他”：没有这个键。"),
        (
            "tables/t2.yaml",
            "income.fiscal",
            "income.fiskal",
            "t2.yaml 的“（整个文件）”：列“财政拨款”",
        ),
        ("tables/t1.yaml", "[income.business]", "[income.x]", "没有“income.x”这个度量"),
        ("tables/t1.yaml", "行来源: 左右对照", "行来源: 上下对照", "t1.yaml 的“行来源”：取值应为"),
        ("tables/t1.yaml", "{收入行: 五行}", "{收入行: 六行}", "开关“收入行”没有“六行”这个值"),
        ("tables/t1.yaml", "{收入行: 五行}", "{收人行: 五行}", "“收人行”不是开关，也不是事实"),
        ("tables/t3.yaml", "[^, 科目编码,", "[^, ^, 科目编码,", "各表头行的格数不同"),
        ("sections.yaml", "封面题:", "封面提:", "sections.yaml 的“封面题”：缺少这个键。"),
        ("sections.yaml", "引言: ", "引言: a: ", "第 18 行：YAML 格式有误"),
        (
            "glossary.yaml",
            "名词: 基本支出",
            "名字: 基本支出",
            "glossary.yaml 的“3.名词”：缺少这个键",
        ),
    ],
)
def test_a_mistake_is_told_by_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "2023"
    shutil.copytree(packs.packs_root() / "hebei" / "2023", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(message)):
        packs.load_folder(folder, "hebei/2023")


def test_a_pack_without_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "2023"
    shutil.copytree(packs.packs_root() / "hebei" / "2023", folder)
    (folder / "tables" / "t4.yaml").unlink()
    with pytest.raises(UserError, match="tables 文件夹里没有表 T4"):
        packs.load_folder(folder, "hebei/2023")


def test_conditions() -> None:
    facts = {"封面": "无", "类型": "部门"}
    assert holds({}, facts)
    assert holds({"封面": "无", "类型": "单位|部门"}, facts)
    assert not holds({"封面": "简式"}, facts)
