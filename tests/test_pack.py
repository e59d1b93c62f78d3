"""Format packs: the built-in ones are whole, and a mistake is told by file and key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import budgets
import pytest
from support import make

from generator import pack as packs
from generator import references
from generator.disclosure import Indicator, Institution, ProcurementRow
from generator.pack import holds
from generator.pack.model import CONTENTS, FACTS, REQUIRED_SWITCHES
from generator.problem import UserError
from generator.render.container import unpack

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
            words = [fold(word) for word in header if word not in ("<", "^", "")]
            words = ["{{政府采购.年度}}年预留中小微企业份额" if "{年度}" in w else w for w in words]
            printed = [
                [c.replace("{{部门.", "{{").replace(" ", "") for c in row if c] for row in rows
            ]
            assert words in printed, f"{table.id}: {words}"


def fold(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


@pytest.mark.parametrize("pack_id", PACKS)
def test_what_a_pack_is_checked_against_is_what_the_program_has(pack_id: str) -> None:
    """Packs stand below the disclosure, so the lists they are checked against are their own."""
    for source, model in (("采购", ProcurementRow), ("机构", Institution), ("绩效", Indicator)):
        columns = {str(field.alias) for field in model.model_fields.values()}
        assert set(CONTENTS[source]) <= columns
        assert source == "采购" or set(CONTENTS[source]) == columns
    [content] = make(budgets.department(), pack_id).contents
    assert set(content.form.words) == set(references.WORDS)
    switches = packs.load(pack_id).switches
    assert set(content.form.facts) == {*switches, *FACTS}
    assert all(content.form.facts[name] in values for name, values in FACTS.items())
    for name, values in REQUIRED_SWITCHES.items():
        assert not values or set(switches[name].values) == set(values)


@pytest.mark.parametrize(
    ("year", "pack_id"),
    [
        (2022, "2022"),
        (2024, "2023"),
        (2025, "2025"),
        (2026, "2025"),
        (2027, "2027"),
        (2099, packs.newest_for(None).partition("/")[2]),
    ],
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
            "t2.yaml 第 15 行：列“财政拨款”不能填“income.fiskal”，行来源是“功能科目”的表没有它。是不是“income.fiscal”？",
        ),
        ("tables/t1.yaml", "[income.business]", "[income.x]", "没有“income.x”这个度量"),
        ("tables/t1.yaml", "行来源: 左右对照", "行来源: 上下对照", "t1.yaml 的“行来源”：取值应为"),
        ("tables/t1.yaml", "{收入行: 五行}", "{收入行: 六行}", "开关“收入行”没有“六行”这个值"),
        ("tables/t1.yaml", "{收入行: 五行}", "{收人行: 五行}", "“收人行”不是开关，也不是事实"),
        (
            "tables/t3.yaml",
            "[^, 科目编码,",
            "[^, ^, 科目编码,",
            "各表头行都应有 9 格，与列数相同。",
        ),
        # 内容
        (
            "tables/institutions.yaml",
            "内容: 单位性质",
            "内容: 单位性别",
            "列“单位性质”不能填“单位性别”，行来源是“机构”的表没有它。",
        ),
        (
            "tables/performance.yaml",
            "内容: 指标值}",
            "内容: 指标}",
            "列“值”不能填“指标”，行来源是“绩效”的表没有它。",
        ),
        ("tables/performance.yaml", "内容: 指标值}", "内容: 二级指标}", "缺少内容为“指标值”的列。"),
        (
            "tables/procurement.yaml",
            "内容: 计量单位",
            "内容: 计数单位",
            "列“计量单位”不能填“计数单位”，行来源是“采购”的表没有它。",
        ),
        (
            "tables/procurement.yaml",
            "内容: procurement.general",
            "内容: 一般公共预算拨款",
            "列“一般”不能填“一般公共预算拨款”，",
        ),
        (
            "tables/procurement.yaml",
            "procurement.general",
            "income.general",
            "列“一般”不能填“income.general”，行来源是“采购”的表没有它。",
        ),
        (
            "tables/t5.yaml",
            "general.basic",
            "sangong.general",
            "列“基本”不能填“sangong.general”，行来源是“功能科目”的表没有它。",
        ),
        (
            "tables/t9.yaml",
            "内容: 名称",
            "内容: 编码",
            "列“项目”不能填“编码”，行来源是“固定行”的表没有它。",
        ),
        ("tables/t5.yaml", "名: 项目,", "名: 基本,", "有 2 列都叫“基本”。"),
        # 行 and 取
        (
            "tables/t4.yaml",
            "year_end.fiscal, year_end.general,",
            "year_end.fiscal,",
            "t4.yaml 第 59 行：行“年末财政拨款结转和结余”的 取 有 3 个度量，数列有 4 个。",
        ),
        (
            "tables/t1.yaml",
            '行: "", 取: [year_end.total]',
            "取: [year_end.total]",
            "行“年终结转结余”写了 取，没有写 行。",
        ),
        (
            "tables/t1.yaml",
            "取: [income.general]",
            "取: [income.general, income.gov_fund]",
            "左边的行“一、一般公共预算拨款收入”不写 行，取 只写一个度量。",
        ),
        (
            "tables/t1.yaml",
            '行: "201"',
            '行: "20101"',
            "行“一、一般公共服务支出”的 行“20101”不是“支出合计”的行。",
        ),
        (
            "tables/t1.yaml",
            '行: "202"',
            '行: "201"',
            "行“一、一般公共服务支出”和行“二、外交支出”是同一行“201”。",
        ),
        (
            "tables/t1.yaml",
            '行: "202"',
            '行: "299"',
            "的“表 T1.右”：没有类 202，另一张收支总表有。",
        ),
        (
            "tables/t4.yaml",
            '  - {标签: 三、国防支出, 行: "203"}\n',
            "",
            "的“表 T4.右”：没有类 203，另一张收支总表有。",
        ),
        (
            "tables/t9.yaml",
            "行: vehicle}",
            "行: vehicles}",
            "行“二、公务用车购置及运维费”的 行“vehicles”不是““三公”经费”的行。",
        ),
        (
            "tables/assets.yaml",
            "行: 车辆,",
            "行: 房屋,",
            "行“1、房屋（平方米）”和行“2、车辆（台、辆）”是同一行“房屋”。",
        ),
        # sums
        (
            "sections.yaml",
            ", carry_over.total]",
            "]",
            "的“sections.收入来源.四项”：各项之和不等于收入总计：少了上年结转（一般公共预算）、少了",
        ),
        (
            "sections.yaml",
            "取: [income.gov_fund]",
            "取: [income.fiscal]",
            "各项之和不等于收入总计：多了一般公共预算拨款收入、多了国有资本经营预算拨款收入。",
        ),
        (
            "tables/t1.yaml",
            "取: [income.other], 当: {收入行: 九行}",
            "取: [income.other], 当: {收入行: 五行}",
            "的“表 T1.左”：收入行为九行时，各行之和不等于“本年收入合计”：少了其他收入。",
        ),
        # 当
        ("sections.yaml", "{公用经费: 无}", "{公用经费: 没有}", "事实“公用经费”没有“没有”这个值。"),
        (
            "pack.yaml",
            "可选: [分, 不分]",
            "可选: [分, 不分, 合]",
            "格式选项“分部分”只能有 分、不分，没有“合”。",
        ),
        # references
        (
            "sections.yaml",
            '{当: {运行经费明细: 列出}, 文: "{年度}年，{简称}机关',
            '{当: {运行经费明细: 列出}, 文: "{年份}年，{简称}机关',
            "的“sections.章.机关运行经费.文”：“{年份}年，{简称}机关运行经费共计安排{机关运行经费}万元”引用了“{年份}”，这里没有这个名称。",
        ),
        (
            "sections.yaml",
            '公开表: "{部门}',
            '公开表: "{收入总计}',
            "的“sections.目录.公开表”：“{收入总计}预算公开表”引用了“{收入总计}”，这里没有这个名称。",
        ),
        (
            "sections.yaml",
            "增加{数}万元",
            "增加{金额}万元",
            "的“sections.变化.增”：“增加{金额}万元”引用了“{金额}”",
        ),
        (
            "sections.yaml",
            "增加{数}万元",
            "增加{数万元",
            "的“sections.变化.增”：“增加{数万元”里的花括号不成对，或括着别的东西。",
        ),
        (
            "tables/t1.yaml",
            '"{部门}预算',
            '"{部口}预算',
            "的“表 T1.标题”：“{部口}预算收支总表”引用了“{部口}”",
        ),
        (
            "tables/procurement.yaml",
            "{单位}小计",
            "{部门}小计",
            "的“表 采购.小计行”：“{部门}小计”引用了“{部门}”",
        ),
        ("glossary.yaml", "指{级别}级财政", "指{等级}级财政", "引用了“{等级}”，这里没有这个名称。"),
        (
            "sections.yaml",
            '文: "我{级别}"',
            '文: "我{我级}"',
            "的“sections.用语.我级”：绕回了自己：我级 → 我级。",
        ),
        (
            "sections.yaml",
            "  含所属单位: [",
            '  甲: "{乙}"\n  乙: "{我级}{丙}"\n  丙: "{甲}"\n  含所属单位: [',
            "的“sections.用语.乙”：绕回了自己：乙 → 丙 → 甲 → 乙。",
        ),
        (
            "sections.yaml",
            '封面题: "{部门}预算"',
            "封面题: {部门: 预算}",
            "的“封面题”：要写成一串。",
        ),
        (
            "sections.yaml",
            "  收入来源: {项",
            "  收入来源: {项: [a], 首",
            "的“列举.收入来源.项”：应是文字。",
        ),
        (
            "pack.yaml",
            "适用年度: [2023, 2024]",
            "适用年度: [今年]",
            "的“适用年度.0”：“今年”不是年度。",
        ),
        (
            "pack.yaml",
            "  封面:\n",
            "  封面: 无\n  封皮:\n",
            "的“格式选项.封面”：应由“键: 值”组成。",
        ),
        ("sections.yaml", "  我级:", "  年度:", "的“sections.用语.年度”：与一个引用同名。"),
        (
            "sections.yaml",
            "  公用经费项目: {项",
            "  公用经费项: {项",
            "的“sections.列举”：缺少“公用经费项目”。",
        ),
        # names
        (
            "sections.yaml",
            "键: 收入说明标题",
            "键: 收入说明",
            "的“sections.章.段”：有 2 个“收入说明”。",
        ),
        (
            "tables/t5.yaml",
            "名称: 一般公共预算支出表",
            "名称: 收入总表",
            "的“tables”：有 2 个“收入总表”。",
        ),
        ("tables/t5.yaml", "表: T5", "表: T2", "t5.yaml 的“表”：和 t2.yaml 都是表 T2。"),
        ("sections.yaml", "封面题:", "封面提:", "sections.yaml 的“封面题”：缺少这个键。"),
        ("sections.yaml", "引言: ", "引言: a: ", "第 23 行：YAML 格式有误"),
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
