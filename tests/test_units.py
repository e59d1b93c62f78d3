"""Units: their own disclosure, and part two of their department's; and every switch of the form.

All figures are made up (``support.sample``): those of the first unit, twice those for the second
and three times for their department.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from support import (
    UNIT_NAMES,
    Docx,
    Item,
    Made,
    Paragraph,
    Table,
    load_pack,
    make,
    sample,
    unspaced,
    with_two_units,
)

from generator import pack as packs
from generator import pipeline, written
from generator.pack.folder import TEMPLATE

TITLES = (
    *("预算收支总表", "预算收入总表", "预算支出总表", "预算财政拨款收支总表"),
    *("预算一般公共预算财政拨款支出表", "预算一般公共预算财政拨款基本支出表"),
    *("预算政府基金预算财政拨款支出表", "预算国有资本经营预算财政拨款支出表"),
    "预算财政拨款“三公”经费支出表",
)
CHAPTERS = (
    *("职责及机构设置情况", "预算安排的总体情况", "机关运行经费安排情况"),
    *("财政拨款“三公”经费预算情况及增减变化原因", "预算绩效信息", "政府采购预算情况"),
    *("国有资产信息", "名词解释", "其他需要说明的事项"),
)
# The names of a classification and of a column; a unit's tables have them too.
FIXED_WORDS = ("支出部门经济分类科目", "政府采购金额（当年部门预算安排资金）")


def texts(items: list[Item]) -> list[str]:
    """Every text: paragraphs and cells, the glossary's fixed definitions left out."""
    found: list[str] = []
    glossary = False
    for item in items:
        if isinstance(item, Paragraph):
            if item.style == "ChapterTitle":
                glossary = item.text == "八、名词解释"
            if not glossary:
                found.append(item.text)
        else:
            found += [cell for row in item.rows for cell in row if cell]
    return found


def speaks_of_department(items: list[Item]) -> list[str]:
    return [text for text in texts(items) if "部门" in text and text not in FIXED_WORDS]


def body_titles(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Paragraph) and _is_title(item)]


def _is_title(paragraph: Paragraph) -> bool:
    return paragraph.style in ("TableTitle", "ChapterTitle")


def unit_titles() -> list[str]:
    chapters = [
        f"{number}、{'单位' if number in '一二' else ''}{title}"
        for number, title in zip("一二三四五六七八九", CHAPTERS, strict=True)
    ]
    return [*(f"单位{title}" for title in TITLES), *chapters]


def contents(docx: Docx) -> list[tuple[str, str]]:
    """The lines of the contents: level (1 to 3) and words."""
    return [
        (item.style.removeprefix("TOC"), item.text.partition("\t")[0])
        for item in docx.items
        if isinstance(item, Paragraph) and re.fullmatch(r"TOC\d", item.style)
    ]


# --- a unit's own disclosure --------------------------------------------------------------------


def test_a_unit_speaks_of_itself_throughout() -> None:
    made = make(sample(kind="单位", name="某市数据中心"))
    assert made.errors == []
    assert body_titles(made.items) == unit_titles()
    assert speaks_of_department(made.items) == []
    assert "2025年单位预算信息公开目录" in made.paragraphs
    assert "我单位无其他需要说明的事项。" in made.paragraphs
    assert "某市数据中心2025年单位预算信息公开情况说明" in made.paragraphs
    assert "第一部分 单位整体绩效目标" in made.paragraphs
    for title in ("单位机构设置情况", "单位政府采购预算", "单位固定资产占用情况表"):
        made.table_after(title)
    properties = made.parts["docProps/core.xml"].decode("utf-8")
    assert "2025年单位预算公开" in properties and "部门" not in properties


def test_a_unit_alone_has_its_own_figures_and_file_name(tmp_path: Path) -> None:
    file = tmp_path / "unit.yaml"
    tree = sample(kind="单位", name="某市数据中心", code="345001", size=2)
    file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    result = pipeline.build(file)
    assert result.output == tmp_path / "345001某市数据中心2025年单位预算公开.docx"
    assert_figures(Docx(result.output.read_bytes()), "单位", 2)


def assert_figures(docx: Docx, kind: str, size: int, start: int = 0) -> None:
    """The totals of a sample of this size in its tables and in its text, from an item on."""

    def amount(of_one: str) -> str:
        return f"{Decimal(of_one) * size:.2f}"

    def table(number: int) -> Table:
        return docx.table_after(f"{kind}{TITLES[number - 1]}", start)

    def cells(number: int, row: int) -> tuple[str, ...]:
        return table(number).rows[row]

    assert cells(1, -1) == (
        *(str(len(table(1).rows) - 4), "收入总计", amount("170")),
        *("支出总计", amount("170")),
    )
    assert cells(2, 4)[3:6] == (amount("170"), amount("160"), amount("150.50"))
    assert cells(3, 4)[3:6] == (amount("170"), amount("109.50"), amount("60.50"))
    assert cells(4, -1)[4:] == (amount("160.50"), amount("130.50"), amount("30"), "")
    assert cells(5, 4)[3:] == (amount("130.50"), amount("100"), amount("30.50"))
    assert cells(6, 4)[3:] == (amount("100"), amount("90"), amount("10"))
    assert cells(7, 4)[3:] == (amount("30"), "", amount("30"))
    assert not any(cells(8, 4))
    assert cells(9, 4)[1:3] == ("合计", amount("4.60"))
    bought = docx.table_after(f"{kind}政府采购预算", start)
    assert bought.rows[3][7] == amount("1.50")
    assert docx.table_after(f"{kind}固定资产占用情况表", start).rows[2][2] == amount("100")


def test_a_unit_counts_no_subordinates_among_its_assets() -> None:
    unit = make(sample(kind="单位")).paragraphs
    two = [{"单位名称": "局本级"}, {"单位名称": "数据中心"}]
    department = make(sample(机构设置=two)).paragraphs
    assert [text for text in unit if "（含所属单位）" in text] == []
    assert len([text for text in department if "（含所属单位）" in text]) == 1


# --- part two -----------------------------------------------------------------------------------


def heading_at(items: list[Item], text: str) -> int:
    """Where a heading stands in the body, behind the contents."""
    return max(i for i, item in enumerate(items) if item == Paragraph(text))


def test_part_two_has_each_units_tables_and_text() -> None:
    made = make(with_two_units())
    assert made.errors == []
    parts = [
        heading_at(made.items, f"第{n}部分 部门{w}预算")
        for n, w in (("一", ""), ("二", "所属单位"))
    ]
    starts = [
        heading_at(made.items, f"{number}、{name}收支预算")
        for number, name in zip("一二", UNIT_NAMES, strict=True)
    ]
    assert parts[0] < parts[1] < starts[0] < starts[1]
    ends = [starts[1], len(made.items)]
    assert_figures(made, "部门", 3)
    for size, (start, end, name) in enumerate(zip(starts, ends, UNIT_NAMES, strict=True), 1):
        items = made.items[start:end]
        assert body_titles(items) == unit_titles()
        assert speaks_of_department(items) == []
        assert Paragraph("我单位无其他需要说明的事项。") in items
        assert Paragraph(f"{name}2025年单位预算信息公开情况说明") in items
        assert_figures(made, "单位", size, start)
        named = {item.rows[0][0] for item in items if isinstance(item, Table)}
        assert f"34500{size}{name}" in named, "the unit's code and name above its tables"
        assert not any(other in text for other in {*UNIT_NAMES} - {name} for text in texts(items))
    department = made.items[: parts[1]]
    assert not any("单位预算" in title for title in body_titles(department))


def test_contents_name_the_parts_and_the_units() -> None:
    lines = contents(make(with_two_units()))
    assert lines[:3] == [
        ("1", "第一部分 部门预算"),
        ("2", "部门预算公开表"),
        ("3", "部门预算收支总表"),
    ]
    assert ("2", "部门预算信息公开情况说明") in lines
    assert lines[-4:] == [
        ("3", "九、其他需要说明的事项"),
        ("1", "第二部分 部门所属单位预算"),
        *(("3", f"{n}、{name}收支预算") for n, name in zip("一二", UNIT_NAMES, strict=True)),
    ]
    assert len(lines) == 1 + 2 + 9 + 9 + 1 + 2


def test_units_stand_in_part_two_even_without_parts() -> None:
    made = make(with_two_units({"分部分": "不分"}))
    assert "第一部分 部门预算" not in made.paragraphs
    assert made.paragraphs.count("第二部分 部门所属单位预算") == 2


def test_units_follow_their_departments_switches_unless_they_say_otherwise() -> None:
    tree = with_two_units({"小节编号": "顿号"})
    tree["所属单位"][1]["格式选项"] = {"小节编号": "括号"}
    made = make(tree)
    numbers = [text for text in made.paragraphs if text.endswith("收入说明")]
    assert numbers == ["1、收入说明", "1、收入说明", "（一）收入说明"]


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [("年度", "2024", "INP105"), ("级别", "县", "INP105"), ("类型", "部门", "INP105")],
)
def test_a_unit_must_fit_its_department(key: str, value: str, rule: str) -> None:
    tree = with_two_units()
    tree["所属单位"][1]["基本信息"][key] = value
    found = [p for p in make(tree).problems if p.severity.value == "error"]
    assert [(p.rule, p.path) for p in found] == [(rule, ("所属单位", 1, "基本信息", key))]


def test_units_have_no_units() -> None:
    tree = with_two_units()
    tree["所属单位"][0]["所属单位"] = [sample(kind="单位", name="某市数据分中心")]
    found = [p for p in make(tree).problems if p.severity.value == "error"]
    assert [(p.rule, p.path) for p in found] == [("INP112", ("所属单位", 0, "所属单位"))]


STATEMENT = "我部门无所属单位，所属单位预算无公开内容。"


@pytest.mark.parametrize("parts", ["分", "不分"])
def test_a_department_without_units_says_so(parts: str) -> None:
    made = make(sample(options={"分部分": parts}))
    lines = [words for _, words in contents(made)]
    if parts == "分":
        assert made.paragraphs[-2:] == ["第二部分 部门所属单位预算", STATEMENT]
        assert lines[-1] == "第二部分 部门所属单位预算"
    else:
        assert made.paragraphs[-1] == "我部门无其他需要说明的事项。"
        assert not [text for text in made.paragraphs if "所属单位预算" in text]


# --- switches -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """A document made with one switch set, and what the switch was set to."""

    made: Made
    value: str

    def table(self, number: int) -> Table:
        return self.made.table_after(f"部门{TITLES[number - 1]}")

    def column(self, number: int, column: int) -> list[str]:
        """A column of the body rows of one of the nine tables."""
        return [row[column] for row in self.table(number).rows[4:]]

    def paragraph(self, part: str) -> str:
        """The one paragraph that has these words in it."""
        (found,) = [text for text in self.made.paragraphs if part in text]
        return found

    def after(self, heading: str) -> str:
        paragraphs = self.made.paragraphs
        return paragraphs[paragraphs.index(heading) + 1]


Check = Callable[[Setting], None]
CHECKS: dict[str, Check] = {}
INPUTS_FOR: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("三公会议培训行", "有"): {
        "三公经费": [
            {"项目": "公务用车运行维护费", "一般公共预算": "3.60"},
            {"项目": "公务接待费", "一般公共预算": "1.00"},
            {"项目": "会议费", "一般公共预算": "0.30"},
            {"项目": "培训费", "一般公共预算": "0.20"},
        ]
    },
    ("资产表行", "房屋设备家具"): {
        "国有资产": [{"项目": "设备", "数量": "100", "价值": "100.00"}],
    },
    ("资产表行", "一行"): {"国有资产": [{"项目": "固定资产", "价值": "100.00"}]},
}
"""Sections that fit the form only with a switch at a value."""


def check(switch: str) -> Callable[[Check], Check]:
    """Register what a switch must bring about."""

    def register(function: Check) -> Check:
        CHECKS[switch] = function
        return function

    return register


@check("支出第三十一行")
def _last_line(s: Setting) -> None:
    lines = {"无": [], "人行科目": ["三十一、人行科目"], "人行专用科目": ["三十一、人行专用科目"]}
    for number, closing in ((1, 3), (4, 6)):
        labels = s.column(number, 3)
        assert labels[29 : len(labels) - closing] == [
            "三十、抗疫特别国债安排的支出",
            *lines[s.value],
        ]
        assert len(labels) == 30 + len(lines[s.value]) + closing
        assert s.column(number, 0) == [str(i) for i in range(1, len(labels) + 1)]


@check("收入行")
def _income_lines(s: Setting) -> None:
    lines = dict(zip(s.column(1, 1)[:-3], s.column(1, 2)[:-3], strict=True))
    lines.pop("", None)
    assert len(lines) == {"九行": 9, "五行": 5}[s.value]
    if s.value == "五行":
        assert lines["五、单位资金"] == "4.50"
    else:
        assert lines["九、其他收入"] == "4.50" and lines["五、事业收入"] == ""


@check("三公合计行")
def _sangong_total(s: Setting) -> None:
    labels = s.column(9, 1)
    assert (
        labels[: labels.index("一、因公出国（境）费")]
        == {
            "有": ["合计", "“三公”经费小计"],
            "无": ["“三公”经费小计"],
        }[s.value]
    )
    assert s.column(9, 0) == [str(i) for i in range(1, {"有": 10, "无": 9}[s.value])]


@check("三公会议培训行")
def _meetings(s: Setting) -> None:
    rows = [(unspaced(row[1]), row[2]) for row in s.table(9).rows[4:]]
    assert rows[1] == ("“三公”经费小计", "4.60")
    if s.value == "有":
        assert rows[0] == ("合计", "5.10")
        assert rows[-2:] == [("四、会议费", "0.30"), ("五、培训费", "0.20")]
    else:
        assert rows[0] == ("合计", "4.60")
        assert rows[-1] == ("三、公务接待费", "1.00")


@check("资产表行")
def _asset_rows(s: Setting) -> None:
    rows = s.made.table_after("部门固定资产占用情况表").rows[2:]
    assert (
        rows
        == {
            "房屋车辆设备": (
                ("资产总额", "", "100.00"),
                ("1、房屋（平方米）", "", ""),
                ("　　其中：办公用房（平方米）", "", ""),
                ("2、车辆（台、辆）", "2", "36.00"),
                ("3、单价在20万元以上的设备", "", ""),
                ("4、其他固定资产", "100", "64.00"),
            ),
            "房屋设备家具": (
                ("资产总额", "", "100.00"),
                ("1、房屋和建筑物", "0", "0"),
                ("2、设备（个、台、辆等）", "100", "100.00"),
                ("3、家具和用具（个、套等）", "0", "0"),
            ),
            "一行": (("固定资产", "", "100.00"),),
        }[s.value]
    )


@check("封面")
def _cover(s: Setting) -> None:
    paragraphs = s.made.paragraphs
    cover = [text for text in paragraphs[: paragraphs.index("2025年部门预算信息公开目录")] if text]
    plain = ["某市数据局", "2025年部门预算"]
    assert (
        cover
        == {
            "无": [],
            "简式": plain,
            "编制审核": [*plain, "编制：某市数据局", "审核：某市财政局"],
        }[s.value]
    )


@check("分部分")
def _parts(s: Setting) -> None:
    headings = ["第一部分 部门预算", "第二部分 部门所属单位预算"]
    times = {"分": 2, "不分": 0}[s.value]  # in the contents and in the body
    assert [s.made.paragraphs.count(text) for text in headings] == [times, times]
    assert s.made.paragraphs.count(STATEMENT) == times / 2


@check("目录页码")
def _page_numbers(s: Setting) -> None:
    pages = {f"_Toc{n:08d}": n for n in range(1, 50)}
    form = s.made.contents[0].form
    lines = [
        item.text
        for item in make(sample(options={"目录页码": s.value}), form.pack.id, pages=pages).items
        if isinstance(item, Paragraph) and item.style == "TOC3"
    ]
    style = {"数字": "{}", "短横": "-{}-"}[s.value]
    assert [line.partition("\t")[2] for line in lines] == [
        style.format(n) for n in range(1, len(lines) + 1)
    ]


@check("小节编号")
def _numbering(s: Setting) -> None:
    marks = {"括号": ("（一）", "（二）", "（三）"), "顿号": ("1、", "2、", "3、")}[s.value]
    for mark, heading in zip(marks, ("收入说明", "支出说明", "比上年增减情况"), strict=True):
        assert mark + heading in s.made.paragraphs


@check("预算法名称")
def _law(s: Setting) -> None:
    law = {"简称": "《预算法》", "全称": "《中华人民共和国预算法》"}[s.value]
    assert s.paragraph("现将").startswith(f"按照{law}、《地方预决算公开操作规程》")


@check("综合预算称谓")
def _whose(s: Setting) -> None:
    whose = {"级别": "目前我市部门预算的编制", "部门": "目前我部门预算的编制"}[s.value]
    assert whose in s.paragraph("实行综合预算管理")


@check("文字末尾零")
def _trailing_zeros(s: Setting) -> None:
    income = s.paragraph("一般公共预算收入")
    assert {"去掉": "一般公共预算收入120.5万元", "保留": "一般公共预算收入120.50万元"}[
        s.value
    ] in income
    assert {"去掉": "预算收入170万元", "保留": "预算收入170.00万元"}[s.value] in income
    assert "0.00万元，" not in s.paragraph("因公出国（境）费0万元，公务用车")
    assert "政府采购预算1.50万元" in s.paragraph("安排政府采购预算"), "always two decimals"


@check("绩效分部")
def _performance_parts(s: Setting) -> None:
    apart = [
        *("第二部分 专项资金绩效目标", "1、数字基础设施专项资金绩效目标表"),
        *("第三部分 预算项目绩效目标", "1、数据平台运行费绩效目标表"),
    ]
    together = [
        "第二部分 专项资金、预算项目绩效目标",
        *("1、数据平台运行费绩效目标表", "2、数字基础设施专项资金绩效目标表"),
    ]
    paragraphs = s.made.paragraphs
    start = next(i for i, text in enumerate(paragraphs) if text.startswith("第二部分 专项资金"))
    end = paragraphs.index("六、政府采购预算情况", start)
    assert paragraphs[start:end] == {"分列": apart, "合并": together}[s.value]


@check("收入来源")
def _income_sources(s: Setting) -> None:
    head = "2025年部门预算收入170万元，其中：一般公共预算收入120.5万元，基金预算收入30万元，"
    assert (
        s.paragraph("一般公共预算收入120")
        == head
        + {
            "四项": "财政专户核拨收入5万元，其他来源收入14.5万元。",
            "六项": "国有资本经营预算收入0万元，财政专户核拨收入5万元，单位资金收入4.5万元，"
            "上年结转结余10万元。",
        }[s.value]
    )


@check("支出说明")
def _expenditure(s: Setting) -> None:
    said = s.paragraph("2025年部门预算支出170万元")
    assert {
        "基本和项目": "其中：基本支出109.5万元（一般公共预算安排人员经费90万元、"
        "日常公用经费10万元）；项目支出60.5万元。",
        "四项": "包括人员经费90万元、正常公用经费10万元、一般公共预算以外资金安排的基本支出9.5万元、专项公用经费5万元、项目支出55.5万元。",
    }[s.value] in said
    change = s.paragraph("收支总额170万元，与2024年预算相比增加160万元")
    assert ("专项公用经费增加2.5万元" in change) is (s.value == "四项")
    assert ("基本支出增加104.5万元" in change) is (s.value == "基本和项目")


@check("项目明细")
def _project_list(s: Setting) -> None:
    said = s.paragraph("2025年部门预算支出170万元")
    listed = "项目支出60.5万元，主要为数据平台运行费40.5万元，数字基础设施专项资金20万元。"
    assert said.endswith({"列出": listed, "不列": "项目支出60.5万元。"}[s.value])


@check("运行经费明细")
def _running_costs(s: Setting) -> None:
    said = s.paragraph("机关运行经费共计安排10万元")
    assert {
        "列出": "其中：办公费6.4万元、公务用车运行维护费3.6万元。",
        "不列": "主要用于办公费、公务用车运行维护费等保障机关正常运转的支出。",
    }[s.value] in said


PACKS = ("hebei/2022", "hebei/2023", "hebei/2025", "hebei/2027", "tangshan/2025")
"""The packs whose words stand above. A further one has words and switches of its own: its template
is seen in its golden text, and each of its switches in ``test_maintain_preview``."""


def settings() -> list[tuple[str, str, str]]:
    return [
        (pack_id, name, value)
        for pack_id in PACKS
        for name, switch in packs.load(pack_id).switches.items()
        for value in switch.values
    ]


@pytest.mark.parametrize(("pack_id", "switch", "value"), settings())
def test_each_switch_does_what_it_says(pack_id: str, switch: str, value: str) -> None:
    """Every value of every switch of these packs, the others at the values that show it best."""
    plain = {
        **{name: one.default for name, one in load_pack(pack_id).switches.items()},
        **{"小节编号": "括号", "收入来源": "六项", "文字末尾零": "去掉"},
        "支出说明": "基本和项目",
    }
    tree = sample(options={**plain, switch: value}, **INPUTS_FOR.get((switch, value), {}))
    tree["基本信息"]["审核"] = "某市财政局"
    made = make(tree, pack_id)
    assert made.errors == []
    CHECKS[switch](Setting(made, value))


@pytest.mark.parametrize("pack_id", packs.available())
def test_a_default_is_what_no_option_gives(pack_id: str) -> None:
    """The packs differ in their defaults, and in nothing but them is the sample's document."""
    defaults = load_pack(pack_id).switch_defaults
    said, unsaid = make(sample(options=defaults), pack_id), make(sample(), pack_id)
    assert said.data == unsaid.data


# --- the template's own text --------------------------------------------------------------------

GOLDEN = Path(__file__).parent / "golden"


def header(rows: tuple[tuple[str, ...], ...], words: Mapping[str, str]) -> list[tuple[str, ...]]:
    """A pack's header as the document shows it: merged cells are blank, references filled in."""
    return [
        tuple("" if cell in ("<", "^") else cell.format_map(words) for cell in row) for row in rows
    ]


@pytest.mark.parametrize("pack_id", packs.available())
def test_headers_of_the_template_are_those_of_the_pack(pack_id: str) -> None:
    """They stand in both, and nothing else would notice that one of them was changed."""
    made = make(sample(), pack_id)
    pack = load_pack(pack_id)
    for table in pack.tables.values():
        if table.source == "绩效":
            printed = next(
                item
                for item in made.items
                if isinstance(item, Table) and item.headers == 2 and item.rows[0][0] == "绩效目标"
            ).rows[1:2]
        else:
            found = made.table_after(made.contents[0].tables[table.id].title)
            printed = found.rows[found.headers - len(table.header) : found.headers]
        assert list(printed) == header(table.header, {"年度": "2025"}), table.id


OTHER_PARTS = re.compile(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml")


def text_of_template(data: bytes) -> str:
    """The words of a template, a line per paragraph and row, for a review to read."""
    document = written.read(data)
    whole: list[str] = []
    for item in document.items:
        if isinstance(item, written.WrittenParagraph):
            whole.append(f"[{item.style}] {item.text}".rstrip())
        else:
            whole.append(f"table, {item.headers} header rows")
            cells = ("｜".join(cell.replace("\n", "↵") for cell in row) for row in item.rows)
            whole += [f"  {row}" for row in cells]
    for part in sorted(filter(OTHER_PARTS.fullmatch, document.parts)):
        words = map(str, etree.fromstring(document.parts[part]).itertext())
        whole += [f"{part}:", *(f"  {text}" for text in words if text.strip())]
    return "\n".join(whole) + "\n"


@pytest.mark.parametrize("pack_id", [p.id for p in packs.found() if (p.folder / TEMPLATE).exists()])
def test_template_is_the_golden_one(pack_id: str, update_golden: bool) -> None:
    """A change of a template is seen in the diff of its text: pytest --update-golden."""
    golden = GOLDEN / f"{pack_id.replace('/', '-')}.txt"
    text = text_of_template(load_pack(pack_id).template.read_bytes())
    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text("utf-8"), "if this is meant: pytest --update-golden"
