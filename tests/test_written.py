"""The file just written, read back: nothing false for any input, and every damage is told."""

from __future__ import annotations

import random
import re
from pathlib import Path

import budgets
import pytest
from hypothesis import given, settings
from rulebook.base import Tree, department
from rulebook.damage import BODY, swap
from support import CASES, INPUTS, Docx, case_tree, sample, with_two_units, work_out

from generator import pack as packs
from generator import pipeline, written
from generator.canonical import canonical_hash
from generator.document import Document
from generator.problem import Severity
from generator.render.context import Draft

PACKS = packs.available()


def faults(document: Document, draft: Draft | None = None) -> list[str]:
    return [f"{p.rule} {p.message}" for p in document.verify(document.render(draft))]


# --- no false finding ---------------------------------------------------------------------------


@pytest.mark.parametrize("draft", [None, Draft(0), Draft(12)])
@pytest.mark.parametrize("file", sorted(INPUTS.glob("*.*")), ids=lambda file: file.name)
def test_the_samples_are_what_they_should_be(file: Path, draft: Draft | None) -> None:
    assert faults(pipeline.check(file), draft) == []


@pytest.mark.parametrize("name", CASES)
def test_the_cases_are_what_they_should_be(name: str) -> None:
    assert faults(work_out(case_tree(name))) == []


SWITCHES = [
    (pack_id, switch, value)
    for pack_id in PACKS
    for switch, known in packs.load(pack_id).switches.items()
    for value in known.values
]


@pytest.mark.parametrize(("pack_id", "switch", "value"), SWITCHES)
def test_every_switch(pack_id: str, switch: str, value: str) -> None:
    assert faults(work_out(sample(options={switch: value}), pack_id)) == []
    assert faults(work_out(with_two_units({switch: value}), pack_id), Draft(1)) == []


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_form_that_is_hardly_filled_in(pack_id: str) -> None:
    """A draft has 【待补】, projects without goals or indicators, empty tables."""
    tree = sample(政府采购=[], 国有资产=[], 三公经费=[], 文字={}, 上年数=[])
    tree["项目"] = [{"项目名称": "空项目"}, {**tree["项目"][0], "绩效目标": []}]
    assert faults(work_out(tree, pack_id), Draft(99)) == []


def test_text_that_looks_like_a_template() -> None:
    tree = department()
    tree["基本信息"]["名称"] = "河清县{{档案}}馆<&>"
    tree["文字"]["其他"] = ["{{ 段 }}{%p if x %}\ue000 & <w:t>", "  前后 有空 格  "]
    tree["项目"][0]["项目名称"] = "{%tr for 行 in 项目 %}"
    assert faults(work_out(tree)) == []


@settings(max_examples=60, deadline=None)
@given(tree=budgets.balanced())
def test_balanced_budgets(tree: Tree) -> None:
    assert faults(work_out(tree)) == []


def test_sixty_projects_of_both_parts() -> None:
    tree = sample()
    special, budget = tree["项目"][1], tree["项目"][0]
    tree["项目"] = [
        {**(special if n % 3 else budget), "项目名称": f"第{n}号项目"} for n in range(60)
    ]
    assert faults(work_out(tree)) == []


# --- every damage -------------------------------------------------------------------------------


def test_every_cell_and_paragraph_is_looked_at() -> None:
    """Any one text of the body changed, and any one taken away, is told."""
    document = work_out(sample())
    data = document.render()
    body = Docx(data).parts[BODY].decode()
    texts = [m.span(1) for m in re.finditer(r"<w:t(?: [^>]*)?>([^<]+)</w:t>", body)]
    # Another number in a line of the contents is seen in a PDF alone.
    tables = body.index("<w:tbl>")
    texts = [(a, b) for a, b in texts if a > tables or not body[a:b].isdigit()]
    assert len(texts) > 400
    random.Random(1).shuffle(texts)
    missed = []
    for start, end in texts[:150]:
        words = body[start:end]
        number = body.count(words, 0, start) + 1
        for new in (f"{words[:-1]}8" if words[-1] != "8" else f"{words[:-1]}3", ""):
            spoilt = swap(words, new, at=number)(data)
            if not document.verify(spoilt):
                missed.append((words, new))
    assert missed == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"<w:tr>.*?</w:tr>",
        r"<w:tbl>.*?</w:tbl>",
        r'<w:p><w:pPr><w:pStyle w:val="BodyText"/>.*?</w:p>',
    ],
    ids=["row", "table", "paragraph"],
)
def test_what_is_lost_or_there_twice(pattern: str) -> None:
    document = work_out(sample())
    data = document.render()
    found = re.findall(pattern, Docx(data).parts[BODY].decode(), re.DOTALL)
    assert found
    for piece in found[:: max(1, len(found) // 15)]:
        assert document.verify(swap(piece, "")(data))
        assert document.verify(swap(piece, piece * 2)(data))


def test_a_file_that_is_none() -> None:
    data = work_out(sample()).render()
    for spoilt in (b"", b"PK", data[: len(data) // 2], swap("<w:body>", "<w:body>\0")(data)):
        assert written.read(spoilt).fault
    assert written.read(swap("<w:body>", "")(data)).fault == "正文的 XML 有误"
    assert not written.read(data).fault


def test_a_damaged_file_is_told_once() -> None:
    document = work_out(sample())
    problems = document.verify(b"nothing")
    assert [(p.rule, p.severity) for p in problems] == [("REN003", Severity.ERROR)]


# --- the hash -----------------------------------------------------------------------------------


def test_a_workbook_and_yaml_of_the_same_data_have_one_hash() -> None:
    both = [pipeline.check(INPUTS / f"tangshan-2023.{kind}") for kind in ("xlsx", "yaml")]
    assert len({canonical_hash(document.contents) for document in both}) == 1
    assert both[0].render() == both[1].render()


def test_what_the_hash_depends_on() -> None:
    def hashed(tree: Tree, pack_id: str | None = None) -> str:
        return canonical_hash(work_out(tree, pack_id).contents)

    first = hashed(sample())
    assert re.fullmatch("sha256:[0-9a-f]{64}", first)
    assert hashed(sample()) == first
    assert hashed(sample(), "hebei/2023") != first
    assert hashed(sample(options={"目录页码": "短横"})) != first
    tree = sample()
    tree["收入"][0]["合计"] = "110.50"  # only compared
    tree["收入"].append({"科目名称": "合计", "合计": "170.00"})
    tree["核对例外"] = [{"规则": "XTB115", "原因": "口径不同", "责任人": "会计"}]
    assert hashed(tree) == first
    tree["项目"][0]["绩效目标"] = ["1.换一个目标。"]
    assert hashed(tree) != first
    two = with_two_units()
    before = hashed(two)
    two["所属单位"][1]["项目"][0]["绩效指标"][0]["指标值"] = "≥96%"
    assert hashed(two) != before


def test_the_hash_stands_in_the_properties() -> None:
    document = work_out(sample())
    core = Docx(document.render()).parts["docProps/core.xml"].decode()
    assert f">{canonical_hash(document.contents)}</dc:identifier>" in core
