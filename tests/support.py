"""What several test files need: the shared cases, reading a .docx back, building inputs.

``Table.rows`` and ``Table.filled`` are grids: a merged cell's text stands once in ``rows``; in
``filled`` a vertically merged cell's text stands in each of its rows.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from generator import pack as packs
from generator import pipeline, render, yamltext
from generator.content import Content
from generator.document import Document, Options
from generator.pack import Pack
from generator.problem import Place, Problem
from generator.render import context as template_context
from generator.render.context import Draft
from generator.sources.raw import Page, RawInput

ROOT = Path(__file__).parent.parent
INPUTS = ROOT / "inputs"
CASES = ("tangshan-2023", "beidaihe-2022", "julu-2023")

Tree = dict[str, Any]
PASTED = "粘贴的表"

# --- the shared folder --------------------------------------------------------------------------


def shared(*parts: str) -> Path:
    """A path below ``../shared``; the test skips where the folder is not."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder.joinpath(*parts)


def case(name: str) -> dict[str, Any]:
    """A published disclosure as data."""
    loaded: dict[str, Any] = json.loads(shared("cases", f"{name}.json").read_text(encoding="utf-8"))
    return loaded


# --- reading a .docx ----------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body: its text as it stands, blanks included."""

    text: str
    style: str = field(default="", compare=False)


@dataclass(frozen=True)
class Table:
    """A table of the body."""

    rows: tuple[tuple[str, ...], ...]
    filled: tuple[tuple[str, ...], ...] = field(default=(), compare=False, repr=False)
    headers: int = field(default=0, compare=False, repr=False)
    """How many rows from the first on are marked as header rows."""


Item = Paragraph | Table


def read_docx(data: bytes) -> list[Item]:
    """The items of the body in order."""
    return list(_items(Docx(data).body))


@dataclass(frozen=True)
class Docx:
    """The parts of a .docx."""

    data: bytes

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def xml(self, part: str) -> etree._Element:
        return etree.fromstring(self.parts[part])

    @cached_property
    def body(self) -> etree._Element:
        body = self.xml("word/document.xml").find(f"{W}body")
        assert body is not None
        return body

    @cached_property
    def items(self) -> list[Item]:
        return list(_items(self.body))

    @cached_property
    def paragraphs(self) -> list[str]:
        """The texts of the paragraphs outside tables."""
        return [item.text for item in self.items if isinstance(item, Paragraph)]

    def table_after(self, title: str, start: int = 0) -> Table:
        """The first table after a paragraph that is exactly ``title`` and stands in the text."""
        for i in range(start, len(self.items) - 1):
            item, following = self.items[i], self.items[i + 1]
            if isinstance(item, Paragraph) and item.text == title and isinstance(following, Table):
                return following
        raise AssertionError(f"no table right after “{title}”")


def _items(body: etree._Element) -> Iterator[Item]:
    for element in body:
        if element.tag == f"{W}p":
            yield Paragraph(paragraph_text(element), _style(element))
        elif element.tag == f"{W}tbl":
            yield _table(element)
        else:
            assert element.tag == f"{W}sectPr", element.tag


_CHARACTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def paragraph_text(paragraph: etree._Element) -> str:
    """The visible text; instructions of fields are none."""
    return "".join(
        (node.text or "") if node.tag == f"{W}t" else _CHARACTERS.get(str(node.tag), "")
        for node in paragraph.iter(f"{W}t", *_CHARACTERS)
        if not any(above.tag == f"{W}tabs" for above in node.iterancestors())
    )


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


def _table(table: etree._Element) -> Table:
    rows: list[tuple[str, ...]] = []
    filled: list[tuple[str, ...]] = []
    headers = 0
    for number, row in enumerate(table.iterchildren(f"{W}tr")):
        once: list[str] = [""] * _number(row, "trPr/gridBefore", 0)
        full = list(once)
        for cell in row.iterchildren(f"{W}tc"):
            text = "\n".join(paragraph_text(p) for p in cell.iterchildren(f"{W}p"))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            assert not (continued and text), f"text in a cell that is merged away: {text}"
            rest = [""] * (_number(cell, "tcPr/gridSpan", 1) - 1)
            full += [filled[-1][len(full)] if continued else text, *rest]
            once += ["" if continued else text, *rest]
        rows.append(tuple(once))
        filled.append(tuple(full))
        if row.find(f"{W}trPr/{W}tblHeader") is not None:
            assert headers == number, "a header row below a row that is none has no effect"
            headers += 1
    return Table(tuple(rows), tuple(filled), headers)


def _number(element: etree._Element, path: str, default: int) -> int:
    found = element.find("/".join(W + step for step in path.split("/")))
    return default if found is None else int(str(found.get(f"{W}val")))


_BLANKS = re.compile(r"\s+")


def unspaced(text: str) -> str:
    """Without any white space: for labels, whose inner blanks only set them apart."""
    return _BLANKS.sub("", text)


# --- through the library ------------------------------------------------------------------------


@dataclass(frozen=True)
class Made(Docx):
    """A document made through the library, and what was found on the way."""

    contents: tuple[Content, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> list[str]:
        return [str(p.message) for p in self.problems if p.severity.value == "error"]


def make(
    tree: Tree,
    pack_id: str | None = None,
    draft: Draft | None = None,
    pages: Mapping[str, int] | None = None,
) -> Made:
    """A document of a tree, made in spite of problems, without a watermark unless asked for."""
    document = work_out(tree, pack_id)
    assert document.contents, [p.message for p in document.problems]
    main, *units = document.contents
    template = render.load(main.form.pack.template)
    data = template.render(template_context.build(main, units, draft), pages)
    return Made(data, tuple(document.contents), tuple(document.problems))


def work_out(tree: Tree, pack_id: str | None = None, last_year: Path | None = None) -> Document:
    """A tree through the pipeline; a place says its path.

    ``粘贴的表`` in a tree: pages pasted into the workbook, name → rows.
    """
    pages = tuple(Page(name, rows) for name, rows in tree.get(PASTED, {}).items())
    own = {key: value for key, value in tree.items() if key != PASTED}
    raw = RawInput("tree", own, lambda path: Place(path=str(path)), pages=pages)
    return pipeline.work_out(raw, Path(), Options(pack_id, last_year=last_year))


def findings_of(tree: Tree, last_year: Tree | None = None) -> list[Problem]:
    """What the checks say of a tree, with the paths of their places in ``path``."""
    if last_year is None:
        return work_out(tree).problems
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "last.yaml"
        file.write_text(yamltext.dump(last_year), encoding="utf-8")
        return work_out(tree, last_year=file).problems


def verify_tree(tree: Tree, damage: Callable[[bytes], bytes] | None = None) -> list[Problem]:
    """What the read-back says of the document of a tree, damaged on the way if asked for."""
    document = work_out(tree)
    data = document.render()
    return document.verify(data if damage is None else damage(data))


@lru_cache(maxsize=8)
def sample_docx(name: str) -> Docx:
    """The document of one of the project's sample inputs."""
    document = pipeline.check(next(INPUTS.glob(f"{name}.yaml")))
    return Docx(document.render())


@lru_cache(maxsize=8)
def load_pack(pack_id: str) -> Pack:
    return packs.load(pack_id)


# --- a case as an input -------------------------------------------------------------------------


@dataclass(frozen=True)
class Edition:
    """How a published document used the form: what its figures and prose do not say."""

    level: str
    options: Mapping[str, str]
    own_labels: tuple[str, ...] = ()
    """Fixed texts of the form that this document printed in its own way."""


EDITIONS: Mapping[str, Edition] = {
    "tangshan-2023": Edition(
        "市",
        {"预算法名称": "全称", "分部分": "不分"},
        ("第二部分标题", "第三部分标题"),
    ),
    "beidaihe-2022": Edition(
        "区",
        {"分部分": "不分"},
        ("第二部分标题", "第三部分标题"),
    ),
    "julu-2023": Edition("县", {"分部分": "不分", "小节编号": "顿号", "三公会议培训行": "有"}),
}


def case_tree(name: str) -> Tree:
    """An input tree of a case: its figures and all of its own prose, as published."""
    data, edition = case(name), EDITIONS[name]
    tree: Tree = {
        "基本信息": {
            "类型": "部门",
            "编码": data["department_code"],
            "名称": data["department_name"],
            "级别": edition.level,
            "年度": str(data["year"]),
        },
        "格式选项": dict(edition.options),
        "机构设置": _records(
            data["institutions"], "单位名称", "单位性质", "单位规格", "经费保障形式"
        ),
        **_figures(data),
        "项目": [_project(project) for project in data["projects"]],
        "政府采购": list(_purchases(data["procurement"]["rows"])),
        "国有资产": [
            _filled({"项目": item, "数量": row[1], "价值": row[2]})
            for item, row in zip(_ASSETS, data["assets"]["rows"], strict=True)
            if row[1] or row[2]
        ],
        "文字": _texts(data, edition),
        "名词解释": [{"名词": t["term"], "解释": t["text"]} for t in data["glossary"]],
    }
    return tree


_ASSETS = ("资产总额", "房屋", "其中：办公用房", "车辆", "单价20万元以上的设备", "其他固定资产")
_SANGONG = {
    "其中：教学科研人员因公出国（境）费": "教学科研人员因公出国（境）费",
    "其他因公出国（境）费": "其他因公出国（境）费",
    "其中：公务用车购置费": "公务用车购置费",
    "公务用车运行维护费": "公务用车运行维护费",
    "三、公务接待费": "公务接待费",
    "四、会议费": "会议费",
    "五、培训费": "培训费",
}


def _figures(data: Mapping[str, Any]) -> Tree:
    """The leaves of the tables; the cases have no fund but 一般公共预算, and no carry-over."""
    tables = [table["rows"] for table in data["tables"]]
    assert not any(any(row[6:]) for row in tables[1]), "income of another kind"
    assert not any(any(row[6:]) for row in tables[2]), "expenditure of another kind"
    assert tables[6] == tables[7] == [], "another fund"
    leaves = [row for row in tables[4] if len(row[1]) == 7]
    items = [(_SANGONG.get(unspaced(row[1])), row) for row in tables[8]]
    return {
        "收入": [
            _filled({"科目编码": row[1], "科目名称": row[2], "一般公共预算": row[3]})
            for row in tables[1]
            if row[1]  # the classes too: their names are the document's own
        ],
        "支出": [
            _filled(
                {
                    "科目编码": row[1],
                    "科目名称": row[2],
                    "资金性质": "一般公共预算",
                    "基本支出": row[4],
                    "项目支出": row[5],
                }
            )
            for row in leaves
        ],
        "基本支出": [
            _filled(
                {"科目编码": row[1], "科目名称": row[2], "人员经费": row[4], "公用经费": row[5]}
            )
            for row in tables[5]
            if row[1]
        ],
        "三公经费": [
            {"项目": item, "一般公共预算": row[3]} for item, row in items if item and row[3]
        ],
    }


def _filled(record: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in record.items() if value}


def _records(rows: list[list[str]], *columns: str) -> list[dict[str, str]]:
    return [_filled(dict(zip(columns, row, strict=True))) for row in rows]


def _project(project: Mapping[str, Any]) -> Tree:
    columns = {
        "level1": "一级指标",
        "level2": "二级指标",
        "level3": "三级指标",
        "description": "绩效指标描述",
        "value": "指标值",
        "basis": "指标值确定依据",
    }
    return {
        "项目名称": project["name"],
        "绩效目标": list(project["goals"]),
        "绩效指标": [
            _filled({columns[key]: text for key, text in row.items()})
            for row in project["indicators"]
        ],
    }


def _purchases(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    columns = (
        *("项目名称", "预算资金", "采购物品名称", "政府采购目录序号", "计量单位", "数量", "单价"),
        *("合计", "一般公共预算拨款", "基金预算拨款", "国有资本经营预算拨款", "财政专户核拨"),
        *("单位资金", "财政拨款结转", "非财政拨款结转结余", "预留中小微企业份额"),
    )
    unit = ""
    for record in _records(rows, *columns):
        if record["项目名称"].endswith("小计"):
            unit = record["项目名称"].removesuffix("小计")
        yield record if "采购物品名称" not in record else {"单位": unit, **record}


def _texts(data: Mapping[str, Any], edition: Edition) -> dict[str, list[str]]:
    """Every published paragraph under its key; the form's own ones only where they differ."""
    chapters = [chapter["paragraphs"] for chapter in data["narrative"]]
    goals = data["performance"]
    overall, items, measures = (len(goals[key]) for key in ("overall", "items", "measures"))
    texts: dict[str, list[str]] = {}

    def give(paragraphs: list[str], *keys: tuple[str, int]) -> None:
        """Hand the paragraphs out: so many to each key, all of them in the end."""
        rest = list(paragraphs)
        for key, count in keys:
            texts[key], rest = rest[:count], rest[count:]
        assert not rest, rest

    one, two = len(chapters[0]), len(chapters[1])
    give(chapters[0], ("职责标签", 1), ("职责", one - 3), ("机构标签", 1), ("机构表题", 1))
    give(
        chapters[1],
        *(("综合预算", two - 6), ("收入说明标题", 1), ("收入说明", 1)),
        *(("支出说明标题", 1), ("支出说明", 1), ("增减说明标题", 1), ("增减说明", 1)),
    )
    give(chapters[2], ("机关运行经费", len(chapters[2])))
    give(
        chapters[3],
        *(("三公总额", 1), ("三公增减", 1)),
        *((key, 1) for key in ("三公出国", "三公购置", "三公运维", "三公接待")),
    )
    give(
        chapters[4],
        *(("第一部分标题", 1), ("总体目标标题", 1), ("总体目标", overall)),
        *(("分项目标标题", 1), ("分项目标", items), ("保障措施标题", 1), ("保障措施", measures)),
        *(("第二部分标题", 1), ("专项资金", 1), ("第三部分标题", 1)),
    )
    texts["资产说明"] = [data["assets"]["sentence"]]
    # Section 六 is a sentence and notes of the form, and 八 the glossary.
    give(chapters[8], ("其他", len(chapters[8])))
    return {
        key: paragraphs
        for key, paragraphs in texts.items()
        if key not in _LABELS or key in edition.own_labels
    }


_LABELS = frozenset(
    {
        *("职责标签", "机构标签", "机构表题", "收入说明标题", "支出说明标题", "增减说明标题"),
        *("第一部分标题", "总体目标标题", "分项目标标题", "保障措施标题", "第二部分标题"),
        *("专项资金", "第三部分标题"),
    }
)
"""Texts that the form writes itself."""


# --- a small budget with round figures ----------------------------------------------------------


def sample(
    *,
    kind: str = "部门",
    name: str = "某市数据局",
    code: str = "345",
    size: int = 1,
    units: Sequence[Tree] = (),
    options: Mapping[str, str] | None = None,
    **sections: Any,
) -> Tree:
    """A balanced budget of every fund; all its amounts are ``size`` times those of the smallest.

    ``sections`` replace whole sections of the input.
    """

    def amount(of_one: str) -> str:
        return f"{Decimal(of_one) * size:.2f}"

    tree: Tree = {
        "基本信息": {
            "类型": kind,
            "编码": code,
            "名称": name,
            "级别": "市",
            "年度": "2025",
            "专项公用经费": amount("5.00"),
        },
        "格式选项": dict(options or {}),
        "机构设置": [{"单位名称": name, "单位性质": "行政", "单位规格": "正处级"}],
        "收入": [
            {
                "科目编码": "2010305",
                "科目名称": "专项业务及机关事务管理",
                "一般公共预算": amount("100.50"),
                "结转（一般公共预算）": amount("10.00"),
            },
            {
                "科目编码": "2010350",
                "科目名称": "事业运行",
                "财政专户管理资金": amount("5.00"),
                "其他收入": amount("4.50"),
            },
            {
                "科目编码": "2080505",
                "科目名称": "机关事业单位基本养老保险缴费支出",
                "一般公共预算": amount("20.00"),
            },
            {
                "科目编码": "2120803",
                "科目名称": "城市建设支出",
                "政府性基金预算": amount("30.00"),
            },
        ],
        "支出": [
            {
                "科目编码": "2010305",
                "资金性质": "一般公共预算",
                "基本支出": amount("80.00"),
                "项目支出": amount("30.50"),
            },
            {"科目编码": "2010350", "资金性质": "其他资金", "基本支出": amount("9.50")},
            {"科目编码": "2080505", "资金性质": "一般公共预算", "基本支出": amount("20.00")},
            {"科目编码": "2120803", "资金性质": "政府性基金预算", "项目支出": amount("30.00")},
        ],
        "基本支出": [
            {"科目编码": "30101", "科目名称": "基本工资", "人员经费": amount("90.00")},
            {"科目编码": "30201", "科目名称": "办公费", "公用经费": amount("6.40")},
            {
                "科目编码": "30231",
                "科目名称": "公务用车运行维护费",
                "公用经费": amount("3.60"),
            },
        ],
        "三公经费": [
            {"项目": "公务用车运行维护费", "一般公共预算": amount("3.60")},
            {"项目": "公务接待费", "一般公共预算": amount("1.00")},
        ],
        "上年数": [
            {"项目": item, "上年数": amount(last), "增减原因": "工作任务有变化"}
            for item, last in (
                *(("支出总计", "10.00"), ("基本支出", "5.00"), ("项目支出", "5.00")),
                *(("人员经费", "2.50"), ("公用经费", "2.50"), ("专项公用经费", "2.50")),
                *(("因公出国（境）费", "2.50"), ("公务用车购置费", "2.50")),
                *(("公务用车运行维护费", "2.50"), ("公务接待费", "2.50")),
            )
        ],
        "项目": [
            _sample_project("数据平台运行费", amount("40.50"), "预算项目"),
            _sample_project("数字基础设施专项资金", amount("20.00"), "专项资金"),
        ],
        "政府采购": [
            {
                "单位": name,
                "项目名称": "数据平台运行费",
                "预算资金": amount("40.50"),
                "采购物品名称": "台式计算机",
                "政府采购目录序号": "A02010105",
                "计量单位": "台",
                "数量": str(3 * size),
                "单价": "0.50",
                "一般公共预算拨款": amount("1.50"),
                "预留中小微企业份额": amount("1.50"),
            }
        ],
        "国有资产": [
            {"项目": "车辆", "数量": "2", "价值": amount("36.00")},
            {"项目": "其他固定资产", "数量": "100", "价值": amount("64.00")},
        ],
        "文字": {
            "职责": ["（一）建设数据平台。", "（二）推进数据共享。"],
            "总体目标": ["数据平台稳定运行。"],
            "分项目标": ["1、平台运行率不低于99%。"],
            "保障措施": ["1、按月核对进度。"],
        },
        **sections,
    }
    if units:
        tree["所属单位"] = list(units)
    return tree


def _sample_project(name: str, amount: str, category: str) -> Tree:
    def indicator(first: str, second: str, third: str, value: str) -> dict[str, str]:
        return {
            "一级指标": first,
            "二级指标": second,
            "三级指标": third,
            "绩效指标描述": f"全年的{third}",
            "指标值": value,
            "指标值确定依据": "年度工作计划",
        }

    return {
        "项目名称": name,
        "金额": amount,
        "类别": category,
        "绩效目标": ["1.按计划完成。", "2.群众满意。"],
        "绩效指标": [
            indicator("产出指标", "数量指标", "完成率", "≥95%"),
            indicator("产出指标", "质量指标", "完成率", "≥95%"),
            indicator("产出指标", "时效指标", "按时完成率", "≥95%"),
            indicator("产出指标", "成本指标", "项目支出总额", f"≤{amount}万元"),
            indicator("效益指标", "社会效益指标", "完成率", "≥95%"),
            indicator("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥95%"),
        ],
    }


UNIT_NAMES = ("某市数据中心", "某市网信服务中心")


def with_two_units(options: Mapping[str, str] | None = None) -> Tree:
    """A department and its units of one and two times the sample's figures: their sum is three."""
    first, second = (
        sample(kind="单位", name=name, code=f"34500{i}", size=i)
        for i, name in enumerate(UNIT_NAMES, 1)
    )
    return sample(size=3, units=(first, second), options=options)
