"""The three published disclosures: what they printed, our documents must print.

Figures come from ``inputs/`` (the nine tables) or from the cases themselves (the explanatory
text); the cases lie in ``../shared`` and their prose stays there.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import (
    CASES,
    INPUTS,
    ROOT,
    UNIT_NAMES,
    Docx,
    Item,
    Paragraph,
    Table,
    W,
    case,
    case_tree,
    make,
    paragraph_text,
    sample_docx,
    shared,
    unspaced,
    with_two_units,
)

from generator import pipeline
from generator.problem import Severity
from generator.render.context import Draft

TABLE_TITLES = (
    *("部门预算收支总表", "部门预算收入总表", "部门预算支出总表", "部门预算财政拨款收支总表"),
    *("部门预算一般公共预算财政拨款支出表", "部门预算一般公共预算财政拨款基本支出表"),
    *("部门预算政府基金预算财政拨款支出表", "部门预算国有资本经营预算财政拨款支出表"),
    "部门预算财政拨款“三公”经费支出表",
)

SAMPLES = sorted(path.name for path in INPUTS.glob("*") if path.suffix in (".xlsx", ".yaml"))
assert {"tangshan-2023.xlsx", *(f"{name}.yaml" for name in CASES)} <= set(SAMPLES), SAMPLES


# --- the nine tables ----------------------------------------------------------------------------

# Julu left the totals of its last table blank; ours stand there: 合计, 小计, 二、公务用车.
JULU_BLANK_TOTALS = {
    f"{TABLE_TITLES[8]} row {row} column {column}: '{amount}', expected ''"
    for row, amount in ((1, "83.00"), (2, "24.00"), (6, "24.00"))
    for column in (3, 4)
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_nine_tables_are_the_published_ones(sample: str, tmp_path: Path) -> None:
    name = sample.rpartition(".")[0]
    compare = shared("tools", "compare_case.py")
    result = pipeline.build(INPUTS / sample, tmp_path)
    assert result.output is not None, [p.message for p in result.document.problems]
    ran = subprocess.run(
        [sys.executable, compare, result.output, shared("cases", f"{name}.json"), "--show", "999"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    *differences, summary = ran.stdout.splitlines()
    assert re.fullmatch(r"\d{3,} cells, \d+ differ", summary), ran.stdout + ran.stderr
    assert set(differences) == (JULU_BLANK_TOTALS if name == "julu-2023" else set())


# --- the explanatory text -----------------------------------------------------------------------


def published(name: str) -> Iterator[Item]:
    """The explanatory text as published, the form's tables and titles in their places."""
    data = case(name)
    yield Paragraph(f"{data['department_name']}{data['year']}年部门预算信息公开情况说明")
    yield Paragraph(data["explanation"]["intro"])
    for chapter in data["narrative"]:
        yield Paragraph(chapter["heading"])
        for text in chapter["paragraphs"]:
            yield Paragraph(text.strip())
            # Three tables stand under titles that the published text has among its paragraphs.
            if text == "部门机构设置情况":
                yield _institutions(data)
            elif text == "部门政府采购预算":
                yield _procurement(data)
            elif text == "部门固定资产占用情况表":
                yield _assets(data)
        if chapter["heading"].startswith("五、"):
            for project in data["projects"]:
                yield Paragraph(f"{project['no']}、{project['name']}绩效目标表")
                yield _performance(project)


def _institutions(data: dict[str, Any]) -> Table:
    header = ("单位名称", "单位性质", "单位规格", "经费保障形式")
    return Table((header, *map(tuple, data["institutions"])))


def _procurement(data: dict[str, Any]) -> Table:
    bought = data["procurement"]
    named = (data["header_label"], "单位：万元")
    # A form without purchases has one empty row.
    rows = bought["rows"] or [[""] * len(bought["header"][0])]
    # What is one cell over both header rows is drawn as two, with its word in the lower one.
    pairs = [
        (one, other) if other else ("", one) for one, other in zip(*bought["header"], strict=True)
    ]
    return Table((named, *zip(*pairs, strict=True), *map(tuple, rows)))


def _assets(data: dict[str, Any]) -> Table:
    assets = data["assets"]
    named = (data["header_label"], f"截止时间：{assets['as_of']}")
    return Table((named, tuple(assets["header"]), *map(tuple, assets["rows"])))


def _performance(project: dict[str, Any]) -> Table:
    header = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
    keys = ("level1", "level2", "level3", "description", "value", "basis")
    goals = ("绩效目标", "\n".join(goal.strip() for goal in project["goals"]))
    rows = [tuple(row[key] for key in keys) for row in project["indicators"]]
    return Table((goals, header, *rows))


def printed(document: Docx, title: str) -> Iterator[Item]:
    """The document from a title on; its tables in the shape in which the cases tell theirs."""
    items = document.items
    for item in items[items.index(Paragraph(title)) :]:
        if isinstance(item, Table) and item.rows[0][0] == "绩效目标":
            goals, *rest = item.filled
            yield Table(((goals[0], goals[1]), *rest))
        elif isinstance(item, Table) and item.rows[0][0].startswith(_code(document)):
            yield Table((tuple(cell for cell in item.rows[0] if cell), *item.rows[1:]))
        else:
            yield item


def _code(document: Docx) -> str:
    """What the first row of the nine tables begins with: code and name."""
    return document.table_after(TABLE_TITLES[0]).rows[0][0]


def in_lines(items: Iterator[Item], *, labels_unspaced: bool) -> list[str]:
    """A line per paragraph and per row of a table."""
    lines = []
    for item in items:
        if isinstance(item, Paragraph):
            lines.append(f"¶{item.text}")
            continue
        is_assets = item.rows[0][-1].startswith("截止时间：")
        for row in item.rows:
            label = unspaced(row[0]) if is_assets and labels_unspaced else row[0]
            lines.append("▦" + "｜".join((label, *row[1:])))
    return lines


KNOWN_ERRORS = frozenset({"NAR105", "NAR109", "NAR119", "NAR121", "PRF105"})
"""Errors that the published documents hold: see test_known_errors.py."""


@pytest.mark.parametrize("name", CASES)
def test_explanatory_text_is_the_published_one(name: str) -> None:
    """Every paragraph and table from the title to the end, in order, and nothing else."""
    made = make(case_tree(name))
    # What is wrong in it is told, and printed all the same.
    assert {p.rule for p in made.problems if p.severity.value == "error"} <= KNOWN_ERRORS
    # The text of 巨鹿 was read from a file that lost the blanks before and inside labels.
    unspaced_labels = name == "julu-2023"
    expected = in_lines(published(name), labels_unspaced=unspaced_labels)
    got = in_lines(printed(made, expected[0][1:]), labels_unspaced=unspaced_labels)
    assert len(expected) > 300
    assert list(difflib.unified_diff(expected, got, "published", "printed", n=0)) == []


# --- the same input, the same bytes -------------------------------------------------------------


def test_same_input_same_bytes(tmp_path: Path) -> None:
    """Twice in one process, and out of the workbook and the YAML file."""
    made = []
    for number, suffix in enumerate(("xlsx", "xlsx", "yaml")):
        output = tmp_path / f"{number}.docx"
        pipeline.build(INPUTS / f"tangshan-2023.{suffix}", output)
        made.append(output.read_bytes())
    assert made[0] == made[1], "two runs differ"
    assert made[0] == made[2], "workbook and YAML file differ"


def test_bytes_do_not_depend_on_the_environment(tmp_path: Path) -> None:
    """Hash seed, time zone and locale; fresh processes."""
    environments = (
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"},
        {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8"},
        {
            "PYTHONHASHSEED": "4294967295",
            "TZ": "America/New_York",
            "LC_ALL": "C",
            # Python left with ASCII, as on a bare server.
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
    )
    script = (
        "import sys; from pathlib import Path; from generator import pipeline;"
        "pipeline.build(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    made = set()
    for number, environment in enumerate(environments):
        output = tmp_path / f"{number}.docx"
        subprocess.run(
            [sys.executable, "-c", script, INPUTS / "tangshan-2023.yaml", output],
            check=True,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        )
        made.add(output.read_bytes())
    assert len(made) == 1


# --- inside the document ------------------------------------------------------------------------

DOCUMENTS = (*CASES, "two units", "draft")


def document(name: str) -> Docx:
    if name == "two units":
        return make(with_two_units())
    if name == "draft":
        return make(with_two_units({"封面": "编制审核", "目录页码": "短横"}), draft=Draft(3))
    return sample_docx(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_contents_lines_lead_to_their_headings(name: str) -> None:
    """A numbered line is a link, and its page field asks, for the heading of the same words."""
    docx = document(name)
    headings = {
        str(start.get(f"{W}name")): paragraph_text(paragraph)
        for paragraph in docx.body.iter(f"{W}p")
        for start in paragraph.iterchildren(f"{W}bookmarkStart")
    }
    lines = []
    for paragraph in docx.body.iterchildren(f"{W}p"):
        words = paragraph_text(paragraph)
        links = paragraph.findall(f"{W}hyperlink")
        fields = re.findall(
            r"PAGEREF (\S+)", "".join(node.text or "" for node in paragraph.iter(f"{W}instrText"))
        )
        if not links:
            assert not fields, words
            continue
        assert len(links) == len(fields) == 1, words
        anchor = links[0].get(f"{W}anchor")
        assert fields == [anchor], words
        line, _, page = words.partition("\t")
        assert headings[str(anchor)] == line
        # The number is another test's; this is its style.
        assert re.fullmatch(r"-\d*-" if name == "draft" else r"\d*", page), page
        lines.append(line)
    units = [f"{n}、{unit}收支预算" for n, unit in zip("一二", UNIT_NAMES, strict=True)]
    expected = [*TABLE_TITLES, *CHAPTERS, *(units if name in ("two units", "draft") else [])]
    assert lines == expected


CHAPTERS = (
    *("一、部门职责及机构设置情况", "二、部门预算安排的总体情况", "三、机关运行经费安排情况"),
    *("四、财政拨款“三公”经费预算情况及增减变化原因", "五、预算绩效信息", "六、政府采购预算情况"),
    *("七、国有资产信息", "八、名词解释", "九、其他需要说明的事项"),
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_bookmarks_and_fields_are_sound(name: str) -> None:
    body = document(name).body
    starts = list(body.iter(f"{W}bookmarkStart"))
    names = [start.get(f"{W}name") for start in starts]
    ids = [start.get(f"{W}id") for start in starts]
    assert len(set(names)) == len(names) >= 18
    assert len(set(ids)) == len(ids)
    assert [end.get(f"{W}id") for end in body.iter(f"{W}bookmarkEnd")] == ids
    kinds = [mark.get(f"{W}fldCharType") for mark in body.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)
    for instruction in body.iter(f"{W}instrText"):
        found = re.fullmatch(r" PAGEREF (\S+) \\h ", instruction.text or "")
        assert found, instruction.text
        assert found[1] in names


def test_properties_say_what_the_document_is() -> None:
    properties = sample_docx("tangshan-2023").xml("docProps/core.xml")
    values = {str(node.tag).rpartition("}")[2]: node.text for node in properties}
    assert values["title"] == "唐山市人民政府办公室2023年部门预算信息公开情况说明"
    assert values["subject"] == "2023年部门预算公开"
    assert values["language"] == "zh-CN"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_rows_fit_their_grid(name: str) -> None:
    """The spans of each row cover the table's columns, and widths are those of the grid."""
    tables = list(document(name).body.iter(f"{W}tbl"))
    assert len(tables) > 10
    for table in tables:
        grid = [int(str(c.get(f"{W}w"))) for c in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        for row in table.iterchildren(f"{W}tr"):
            at = 0
            for cell in row.iterchildren(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                columns = 1 if span is None else int(str(span.get(f"{W}val")))
                width = cell.find(f"{W}tcPr/{W}tcW")
                assert width is not None
                assert int(str(width.get(f"{W}w"))) == sum(grid[at : at + columns])
                at += columns
            assert at == len(grid)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_header_rows_repeat(name: str) -> None:
    docx = document(name)
    for title in TABLE_TITLES:
        table = docx.table_after(title)
        assert table.rows[table.headers - 1][0] == "栏次", title
        assert table.headers == 4, title
    for title, headers in (
        *(("部门机构设置情况", 1), ("部门政府采购预算", 3), ("部门固定资产占用情况表", 2)),
    ):
        assert docx.table_after(title).headers == headers, title
    goals = [t for t in docx.items if isinstance(t, Table) and t.rows[0][0] == "绩效目标"]
    assert goals
    for table in goals:
        assert table.headers == 2 and table.rows[1][0] == "一级指标"


def test_every_style_names_its_chinese_font() -> None:
    """Or a machine's own default decides how the document looks."""
    docx = document("draft")
    styles = {str(s.get(f"{W}styleId")): s for s in docx.xml("word/styles.xml").iter(f"{W}style")}

    def font(style: str) -> str | None:
        """The East Asian font of a style or of the style it is based on."""
        element = styles[style]
        fonts = element.find(f"{W}rPr/{W}rFonts")
        if fonts is not None and (named := fonts.get(f"{W}eastAsia")):
            return str(named)
        above = element.find(f"{W}basedOn")
        return None if above is None else font(str(above.get(f"{W}val")))

    used = {str(style.get(f"{W}val")) for style in docx.body.iter(f"{W}pStyle")}
    assert len(used) > 15
    known = {"方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"}
    assert {style: font(style) for style in used if font(style) not in known} == {}
    unstyled = [p for p in docx.body.iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle") is None]
    assert unstyled == []


# --- drafts -------------------------------------------------------------------------------------


def watermarks(docx: Docx) -> list[str]:
    """The texts of the shapes in the headers."""
    return [
        str(shape.get("string"))
        for part in docx.parts
        if part.startswith("word/header")
        for shape in docx.xml(part).iter("{urn:schemas-microsoft-com:vml}textpath")
        if shape.get("string")
    ]


@pytest.mark.parametrize("cover", ["简式", "无"])
def test_a_draft_says_so(cover: str, tmp_path: Path) -> None:
    """Watermark on each page, and on the cover how many errors are open; no cover makes one."""
    tree = yaml.load((INPUTS / "tangshan-2023.yaml").read_text("utf-8"), yaml.BaseLoader)
    tree["格式选项"]["封面"] = cover
    tree["支出"][0]["基本支出"] = "1.00"
    del tree["文字"]["职责"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")

    assert pipeline.build(wrong, tmp_path).output is None, "an error does not stand in the way"
    result = pipeline.build(wrong, tmp_path, draft=True)
    errors = result.document.count(Severity.ERROR)
    assert errors > 1
    assert result.output is not None
    docx = Docx(result.output.read_bytes())
    assert watermarks(docx) == ["草稿"]
    before_contents = docx.paragraphs[: docx.paragraphs.index("2023年部门预算信息公开目录")]
    assert f"草稿：尚有 {errors} 处错误没有改正，不得公开" in before_contents


@pytest.mark.parametrize("name", CASES)
def test_a_finished_document_does_not(name: str) -> None:
    docx = sample_docx(name)
    assert watermarks(docx) == []
    for part, data in docx.parts.items():
        assert "草稿" not in data.decode("utf-8") or part == "word/styles.xml", part


# --- other people's programs --------------------------------------------------------------------


@pytest.mark.ooxml
@pytest.mark.parametrize("name", DOCUMENTS)
def test_microsofts_validator_finds_nothing(name: str, tmp_path: Path) -> None:
    validator = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("neither OOXML_VALIDATOR nor ooxml-validator on the path")
    file = tmp_path / "document.docx"
    file.write_bytes(document(name).data)
    ran = subprocess.run([validator, file], capture_output=True, text=True, encoding="utf-8")
    assert '"ok": true' in ran.stdout, ran.stdout[:3000] + ran.stderr
    assert ran.returncode == 0


@pytest.mark.office
@pytest.mark.parametrize("name", [*CASES, "two units"])
def test_libreoffice_opens_it(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not here")
    docx = document(name)
    file = tmp_path / "document.docx"
    file.write_bytes(docx.data)
    profile = (tmp_path / "profile").as_uri()  # its own: two at a time would share a lock
    subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", "pdf", "--outdir", tmp_path, file),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    pdf = file.with_suffix(".pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("converted, but pdftotext is not here to read it")
    ran = subprocess.run([reader, pdf, "-"], check=True, capture_output=True)
    text = unspaced(ran.stdout.decode("utf-8"))
    for title in (*TABLE_TITLES, *CHAPTERS):
        assert text.count(unspaced(title)) >= 2, f"{title}: in the contents and in the body"
    projects = [
        item.text
        for item in docx.items
        if isinstance(item, Paragraph) and item.style == "ProjectTitle"
    ]
    assert len(projects) > 5
    assert [title for title in projects if unspaced(title) not in text] == []
