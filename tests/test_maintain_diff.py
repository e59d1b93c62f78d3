"""``template diff``: what differs between two packs, in the words of the form, .docx included."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import cli
from generator import pack as packs
from generator.maintain import doctext
from generator.maintain.diff import Difference, as_text, differences
from generator.pack import Pack

OLD = "hebei/2025"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a pack, to be changed."""
    return Path(shutil.copytree(packs.packs_root() / OLD, tmp_path / "某省" / "2025"))


def put(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def put_in_template(folder: Path, part: str, change: Callable[[str], str]) -> None:
    file = folder / "disclosure.docx"
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = parts[part].decode("utf-8")
    parts[part] = change(before).encode("utf-8")
    assert parts[part].decode("utf-8") != before
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    file.write_bytes(buffer.getvalue())


def found(folder: Path) -> list[Difference]:
    return differences(packs.load(OLD), packs.load_folder(folder, "某省/2025"))


def test_a_pack_and_its_copy_are_the_same(folder: Path) -> None:
    assert found(folder) == []
    pack = packs.load(OLD)
    assert as_text(pack, pack, []) == "hebei/2025 与 hebei/2025 没有不同。"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("pack.yaml", "[2025, 2026]", "[2025]", ("格式包", "适用年度", "2025、2026", "2025")),
        (
            "pack.yaml",
            "  - 《财政预决算领域基层政务公开标准目录》\n",
            "  - 《财政预决算领域基层政务公开标准目录》\n  - 新的通知\n",
            ("格式包", "依据", None, "新的通知"),
        ),
        ("pack.yaml", "默认: 五行", "默认: 九行", ("开关", "“收入行”默认", "五行", "九行")),
        (
            "tables/t9.yaml",
            "三、公务接待费",
            "三、接待费",
            ("表 T9 三公经费表", "行", "三、公务接待费 · 行 reception", "三、接待费 · 行 reception"),
        ),
        (
            "tables/t9.yaml",
            "  - {标签: 合计, 行: \"\", 当: {三公合计行: 有}}\n",
            "",
            ("表 T9 三公经费表", "行", "合计 · 当 三公合计行为有", None),
        ),
        (
            "tables/t9.yaml",
            "行: reception}",
            "行: reception, 当: {类型: 单位}}",
            (
                *("表 T9 三公经费表", "行", "三、公务接待费 · 行 reception"),
                "三、公务接待费 · 行 reception，当 类型为单位",
            ),
        ),
        (
            "tables/t3.yaml",
            "经营支出, 上解",
            "事业经营支出, 上解",
            (
                *("表 T3 支出总表", "表头"),
                "序号｜功能分类科目｜<｜合计｜基本支出｜项目支出｜经营支出｜上解上级支出｜对附属单位补助支出",
                "序号｜功能分类科目｜<｜合计｜基本支出｜项目支出｜事业经营支出｜上解上级支出｜对附属单位补助支出",
            ),
        ),
        (
            "sections.yaml",
            "我{部门}无其他需要说明的事项。",
            "无其他说明。",
            ("文字", "章 其他 段 其他 文", "我{部门}无其他需要说明的事项。", "无其他说明。"),
        ),
        ("sections.yaml", '"-{页码}-"', '"— {页码} —"',
         ("文字", "目录 页码（目录页码为短横）", "-{页码}-", "— {页码} —")),
        ("glossary.yaml", "指下级单位上缴上级的支出。", "指上缴。",
         ("名词解释", "上缴上级支出", "指下级单位上缴上级的支出。", "指上缴。")),
        ("codes/functional.csv", ",人大事务,", ",人大工作,", ("功能分类", "20101", "人大事务", "人大工作")),
        ("codes/procurement.csv", "A01010000,房屋\n", "", ("采购目录", "A01010000", "房屋", None)),
        ("lists.yaml", "[行政, 事业,", "[行政, 公益, 事业,", ("选项", "“单位性质”", None, "公益")),
        ("words.yaml", "  公务招待费: 公务接待费\n", "", ("用语", "公务招待费", "公务接待费", None)),
    ],
)  # fmt: skip
def test_one_change_is_one_difference(
    folder: Path, name: str, old: str, new: str, expected: tuple[str | None, ...]
) -> None:
    put(folder, name, old, new)
    [difference] = found(folder)
    told = (difference.topic, difference.what, difference.old, difference.new)
    assert told == expected


def test_a_table_that_was_added(folder: Path) -> None:
    text = (folder / "tables" / "t9.yaml").read_text(encoding="utf-8")
    text = text.replace("表: T9", "表: T10").replace("名称: 三公经费表", "名称: 又一张")
    (folder / "tables" / "t10.yaml").write_text(text, encoding="utf-8")
    assert found(folder) == [Difference("表 T10 又一张", "整张表", None, "又一张")]


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        (
            "word/document.xml",
            ">项  目<",
            ">项目名<",
            (
                *("模板的文字", "表“收支总表”第 3 行"),
                *("｜项  目｜预算数｜项  目｜预算数", "｜项目名｜预算数｜项  目｜预算数"),
            ),
        ),
        (
            "word/styles.xml",
            '<w:sz w:val="44"/>',
            '<w:sz w:val="40"/>',
            ("模板的版面", "样式“公开表标题” 字号", "22 磅", "20 磅"),
        ),
    ],
)
def test_the_words_and_the_look_of_the_template(
    folder: Path, part: str, old: str, new: str, expected: tuple[str, ...]
) -> None:
    put_in_template(folder, part, lambda xml: xml.replace(old, new, 1))
    told = [(one.topic, one.what, one.old, one.new) for one in found(folder)]
    assert told == [expected]


INNER = "".join(
    f"<w:r>{run}</w:r>"
    for run in (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>NUMPAGES</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        "<w:t>9</w:t>",
    )
)
"""A field within what another printed last, and the rest of that."""


def test_the_width_of_a_column(folder: Path) -> None:
    def wider(xml: str) -> str:
        at = xml.index("<w:gridCol")
        end = xml.index("/>", at)
        return f'{xml[:at]}<w:gridCol w:w="5669"{xml[end:]}'

    put_in_template(folder, "word/document.xml", wider)
    [difference] = found(folder)
    assert (difference.topic, difference.what) == ("模板的版面", "表“收支总表” 第 1 列宽")
    assert difference.new == "10.0 厘米"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/header1.xml", "if 草稿 %}", "if </w:t></w:r><w:r><w:t>草稿 %}"),
        ("word/header1.xml", "</w:hdr>", "<w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p></w:hdr>"),
        ("word/styles.xml", '<w:outlineLvl w:val="1"/>', '<w:outlineLvl w:val="1" />'),
        ("word/document.xml", '<w:gridCol w:w="1', '<w:gridCol w:w="01'),
        ("word/footer1.xml", '"separate"/></w:r>', '"separate"/></w:r><w:r><w:t>19</w:t></w:r>'),
        ("word/footer1.xml", '"separate"/></w:r>', f'"separate"/></w:r>{INNER}'),
    ],
)
def test_what_an_office_program_writes_in_another_way_is_no_difference(
    folder: Path, part: str, old: str, new: str
) -> None:
    """A paragraph in pieces, a header twice, the page that a field printed last."""

    def edit(xml: str) -> str:
        assert old in xml
        return xml.replace(old, new, 1)

    put_in_template(folder, part, edit)
    assert found(folder) == []


def test_every_style_and_table_has_its_look() -> None:
    document = doctext.read(packs.load(OLD).template.read_bytes(), "x")
    looks = doctext.layout(document)
    assert looks["样式“公开表标题” 字号"] == "22 磅"
    tables = {name.partition("”")[0] for name in looks if name.startswith("表“")}
    assert len(tables) == 14
    assert "第 1 节 纸张" in looks


def test_in_text_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (folder / "codes" / "procurement.csv").read_text(encoding="utf-8").splitlines(True)
    (folder / "codes" / "procurement.csv").write_text("".join(rows[:-30]), encoding="utf-8")
    assert cli.run(["template", "diff", OLD, str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("hebei/2025 → 某省/2025：30 处不同（＋ 新增，－ 删去，△ 改动）\n")
    assert "采购目录（删去 30）\n" in out
    assert "  …… 另有 10 处，--format json 全部列出\n" in out
    assert cli.run(["template", "diff", OLD, str(folder), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in told["differences"]] == ["removed"] * 30
    assert cli.run(["template", "diff", OLD, OLD]) == 0
    assert capsys.readouterr().out == "hebei/2025 与 hebei/2025 没有不同。\n"
    assert cli.run(["template", "diff", OLD, "hebei/1999"]) == 2


def test_published_years_differ_as_their_form_does() -> None:
    def topics(old: Pack, new: Pack) -> list[str]:
        return list(dict.fromkeys(one.topic for one in differences(old, new)))

    assert topics(packs.load("hebei/2025"), packs.load("hebei/2027")) == ["格式包"]
    assert topics(packs.load("hebei/2025"), packs.load("tangshan/2025")) == [
        *("格式包", "开关", "表 T1 收支总表", "表 T4 财政拨款收支总表", "文字"),
    ]


def test_the_outline_level_of_a_heading_is_shown() -> None:
    looks = doctext.layout(doctext.read(packs.load(OLD).template.read_bytes(), "x"))
    assert looks["样式“标题 1” 大纲级别"] == "1 级"
    assert looks["样式“标题 2” 大纲级别"] == "2 级"


def test_paragraphs_are_numbered_as_the_check_numbers_them() -> None:
    from generator.maintain.check.document import parts_of
    from generator.render.container import unpack

    data = packs.load(OLD).template.read_bytes()
    body = {n: d.decode() for n, d in unpack(data, "x").items() if n == "word/document.xml"}
    checked = {
        " ".join(p.text.split()): p.place.partition("“")[0]
        for p in parts_of(body)[0].paragraphs
        if p.table < 0 and p.text.startswith("{{ 部门.章.")
    }
    shown = {
        " ".join(text.partition("] ")[2].split()): where
        for where, text in doctext.lines(doctext.read(data, "x"))
    }
    assert len(checked) > 5
    assert checked == {text: shown[text] for text in checked}
