"""Findings as people and programs read them: text, JSON, SARIF, HTML; rules as the manual shows them."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import sample, work_out

from generator import __version__
from generator.checks import manual
from generator.checks.rule import E, I, Need, Rule, W
from generator.checks.settings import Change, Settings
from generator.document import Document, Failure, Result
from generator.problem import Place, Problem, Side, UserError, Waived
from generator.report import facts, html, rules, sarif, text
from generator.report import json as json_report

RULES = (
    Rule("NAR105", "正文人员经费与基本支出表一致", E, None, "0*", (Need.TEXT,)),
    Rule("NAR109", "列举的项目相加等于项目支出", E, None, "0*", (Need.TEXT,)),
    Rule("PRF113", "数量乘单价等于项目金额", W, None, "1%", limit=Decimal("0.01")),
    Rule("YOY105", "与上年的工作簿一致", E, None, "0", (Need.LAST_FILE,)),
    Rule("YOY110", "上年有今年没有的科目", I, None, "", (Need.LAST_FILE,)),
    Rule("TXT109", "段落以句号结尾", I),
)
FILE = "预算.xlsx"


@pytest.fixture(autouse=True)
def only_these_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "CHECKS", RULES)


def at(sheet: str, cell: str, file: str = FILE) -> Place:
    return Place(file, sheet, cell)


PERSONNEL = Problem(
    *("NAR105", "正文人员经费与基本支出表一致", E),
    "正文的人员经费 433.32 不等于表6的 433.22，相差 0.10 万元",
    path=("文字", "支出说明", 0),
    place=replace(at("文字", "B3"), quote="人员经费433.32万元"),
    expected=Decimal("433.22"),
    actual=Decimal("433.32"),
    tolerance=Decimal(0),
    hint="把正文改为 433.22，或检查基本支出表。",
    sides=(
        Side("正文“人员经费433.32万元”", Decimal("433.32"), place=at("文字", "B3")),
        Side("表6 合计 人员经费", Decimal("433.22"), place=at("基本支出", "E5")),
    ),
    evidence=("433.22 + 48.65 = 481.87 ✓",),
    affects=("NAR108", "NAR121"),
    quote="人员经费433.32万元",
)
SIMPLE = Problem(
    *("TXT109", "段落以句号结尾", I, "“职责”第1段没有以句号结尾"),
    path=("文字", "职责", 0),
    place=at("文字", "B2"),
    hint="请补上“。”。",
)
WAIVED = Problem(
    *("PRF113", "数量乘单价等于项目金额", W, "450 × 0.02 = 9.00，项目金额 9.99"),
    path=("项目", 1),
    place=at("项目", "C3"),
    expected=Decimal("9.99"),
    actual=Decimal("9.00"),
    waived=Waived("单价只印两位小数", "张三", datetime.date(2025, 1, 9)),
)
SETTINGS = Settings({"PRF113": Change(E, Decimal("0.05"), origin="设置文件 设置.yaml")})
FAILED = Failure(
    Path("坏.yaml"),
    UserError("“坏.yaml”第 3 行：缺少冒号。", "请检查这一行。", Place("坏.yaml", line=3)),
)


def document(*problems: Problem) -> Document:
    """The sample's document, with these findings instead of its own."""
    made = work_out(sample())
    lacking = (Need.LAST_FILE,)
    return replace(
        made,
        file=Path(FILE),
        problems=list(problems),
        not_checked=[],
        rules={rule.id: rule for rule in RULES},
        unmet={"YOY105": lacking, "YOY110": lacking},
        settings=Settings(),
    )


def result(*problems: Problem, **changes: Any) -> Result:
    return Result(replace(document(*problems), **changes))


EVERYTHING = (SIMPLE, WAIVED, PERSONNEL)


# --- text ---------------------------------------------------------------------------------------


def finding(problem: Problem) -> str:
    return text.findings([problem], FILE, {rule.id: rule for rule in RULES})


def test_a_finding_shows_its_arithmetic() -> None:
    assert finding(PERSONNEL) == (
        "错误 NAR105  文字!B3  正文人员经费与基本支出表一致\n"
        "    正文“人员经费433.32万元”  433.32\n"
        "    表6 合计 人员经费           433.22  基本支出!E5\n"
        "    相差 0.10 万元（容差 0：补齐小数位以后必须完全相同）\n"
        "    旁证：433.22 + 48.65 = 481.87 ✓\n"
        "    另外影响：NAR108、NAR121\n"
        "    下一步：把正文改为 433.22，或检查基本支出表。"
    )


def test_a_finding_without_figures_is_short() -> None:
    assert finding(SIMPLE) == (
        "提示 TXT109  文字!B2  段落以句号结尾\n"
        "    “职责”第1段没有以句号结尾\n"
        "    下一步：请补上“。”。"
    )


def test_a_finding_with_an_exception_says_who_answers_for_it() -> None:
    assert finding(WAIVED) == (
        "例外 PRF113  项目!C3  数量乘单价等于项目金额\n"
        "    450 × 0.02 = 9.00，项目金额 9.99\n"
        "    照样公开：单价只印两位小数（张三，2025-01-09）"
    )


def test_the_words_are_quoted_where_no_figure_does() -> None:
    sides = (replace(PERSONNEL.sides[0], label="正文"), PERSONNEL.sides[1])
    assert "    原文：“人员经费433.32万元”\n" in finding(replace(PERSONNEL, sides=sides))


def test_many_addends_are_cut_short() -> None:
    addends = tuple(Side(f"项目{i}", Decimal(i), place=at("项目", f"B{i}")) for i in range(1, 13))
    lines = finding(replace(PERSONNEL, addends=addends)).splitlines()
    assert "      项目8  8.00  项目!B8" in lines
    assert "      …… 另有 4 项，--format html 全部列出" in lines
    assert not any("项目9" in line for line in lines)


def test_a_blank_figure_and_a_place_in_another_file() -> None:
    sides = (Side("表9 合计", None, place=at("三公经费", "C2", "单位.xlsx")), PERSONNEL.sides[1])
    assert "    表9 合计             空白  （单位.xlsx）三公经费!C2\n" in finding(
        replace(PERSONNEL, sides=sides, quote=None)
    )


def test_long_labels_and_long_lines_fit_a_console() -> None:
    long = Side("正文“" + "非常长的一句话" * 12 + "”", Decimal("1.00"))
    told = finding(
        replace(
            PERSONNEL,
            sides=(long, PERSONNEL.sides[1]),
            evidence=("12345.67 + " * 20 + "= 0.00 ✗",),
            affects=tuple(f"NAR{n}" for n in range(101, 123)),
        )
    )
    for line in told.splitlines():
        assert text.width(line) <= text.WIDTH, line
    assert "NAR10\n" not in told


def test_a_verdict_stays_on_the_line_of_its_sum() -> None:
    for length in range(50, 70):
        told = finding(replace(PERSONNEL, evidence=("1" * length + " + 一二三四五 = 0.00 ✗",)))
        assert not any(line.strip() == "✗" for line in told.splitlines()), told
        assert "\u00a0" not in told


def test_a_difference_is_an_amount_without_a_sign() -> None:
    other = replace(PERSONNEL, expected=PERSONNEL.actual, actual=PERSONNEL.expected)
    assert PERSONNEL.difference == -other.difference != 0
    gaps = [[w for w in finding(one).splitlines() if "相差" in w] for one in (PERSONNEL, other)]
    assert gaps[0] == gaps[1] != []


def test_a_figure_stands_beside_its_label_where_there_is_room() -> None:
    side = Side("正文“收入说明”第1段：一般公共预算收入九百九十万元", Decimal("990.00"))
    told = finding(replace(PERSONNEL, sides=(side, PERSONNEL.sides[1]), quote=None))
    (line,) = [line for line in told.splitlines() if side.label in line]
    assert line.rstrip().endswith("990.00")


def test_what_was_not_checked_and_what_was_changed_is_said() -> None:
    told = text.checked([result(SIMPLE, not_checked=["平衡关系：读不出来。"], settings=SETTINGS)])
    assert told.partition("没有核对的：\n")[2] == (
        "  平衡关系：读不出来。\n"
        "  没有上年的工作簿（--last-year）：YOY105、YOY110 没有核对。\n"
        "改过的设置：\n"
        "  PRF113 数量乘单价等于项目金额：级别 警告 → 错误，限值 0.01 → 0.05（设置文件\n"
        "    设置.yaml）\n"
        "\n"
        "格式：hebei/2025（河北省部门预算信息公开格式（2025 年度））\n"
        "核对完毕：没有错误，没有警告，1 处提示。\n"
        "可以生成文档。"
    )


def test_many_unmet_rules_are_not_all_named() -> None:
    many = {f"DEP{n}": (Need.UNITS,) for n in range(101, 109)}
    assert facts.not_checked(replace(document(), unmet=many)) == [
        "没有所属单位的预算：DEP101、DEP102、DEP103 等 8 条规则没有核对。"
    ]


def test_rules_that_were_not_asked_for_are_said() -> None:
    only = Settings(only=frozenset({"NAR105", "NAR109"}))
    assert facts.not_checked(replace(document(), unmet={}, settings=only)) == [
        "没有选来核对的（--select、--ignore）：4 条规则。"
    ]


@pytest.mark.parametrize(
    ("problems", "strict", "last"),
    [
        ((PERSONNEL,), False, "有错误，不能公开。请改正后再核对。"),
        ((replace(WAIVED, waived=None),), True, "有警告，按 --strict 的要求不算通过。"),
        (
            (replace(WAIVED, waived=None),),
            False,
            "可以生成文档。警告请逐条看过：该改的改，照样公开的记在“核对例外”里。",
        ),
        ((WAIVED,), True, "可以生成文档。"),
    ],
)
def test_what_came_of_a_check(problems: tuple[Problem, ...], strict: bool, last: str) -> None:
    assert text.checked([result(*problems)], strict=strict).splitlines()[-1] == last


def test_several_files() -> None:
    told = text.checked([result(*EVERYTHING), FAILED, result()])
    assert "━━ 坏.yaml ━━\n读不了：“坏.yaml”第 3 行：缺少冒号。请检查这一行。\n" in told
    assert told.endswith(
        "共 3 个文件：1 个没有错误，1 个有错误，1 个读不了。合计：1 处错误，没有警告，1\n"
        "  处提示，1 处例外。\n有错误：预算.xlsx。\n读不了：坏.yaml。"
    )


def test_a_failure_of_our_own_is_called_that() -> None:
    ours = replace(PERSONNEL, rule="REN001", name="文档里的数与数据一致")
    assert "这是程序的错误，请把输入文件交给开发者。" in text.built(result(ours))


def test_exceptions_do_not_count() -> None:
    counts = facts.count(result(WAIVED, PERSONNEL))
    assert counts == facts.Counts(error=1, exceptions=1)
    assert counts.words() == "1 处错误，没有警告，1 处例外"


# --- JSON ---------------------------------------------------------------------------------------

OUTCOMES = ([result(*EVERYTHING, settings=SETTINGS), FAILED], [result()], [FAILED])


@pytest.mark.parametrize("outcomes", OUTCOMES)
def test_the_json_report_is_as_its_schema_says(outcomes: list[facts.Outcome]) -> None:
    schema = json_report.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json_report.report(outcomes)
    assert report.isascii()
    jsonschema.validate(json.loads(report), schema)


def test_the_schema_takes_the_first_version_and_nothing_unknown() -> None:
    report = json.loads(json_report.report(OUTCOMES[0]))
    added = {"unit", "tolerance_from", "sides", "addends", "evidence", "affects", "waived"}
    for problem in report["files"][0]["problems"]:
        for key in added:
            del problem[key]
    jsonschema.validate(report, json_report.schema())
    report["files"][0]["problems"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate(report, json_report.schema())


def test_json_says_all_of_a_finding() -> None:
    report = json.loads(json_report.report(OUTCOMES[0]))
    assert report["program"] == {"name": "gen-disclosure", "version": __version__}
    file, failed = report["files"]
    _, waived, personnel = file["problems"]
    assert personnel["difference"] == "0.10"
    assert personnel["tolerance_from"].startswith("0：补齐小数位以后")
    assert [side["amount"] for side in personnel["sides"]] == ["433.32", "433.22"]
    assert personnel["sides"][1]["place"]["cell"] == "E5"
    assert personnel["affects"] == ["NAR108", "NAR121"]
    assert personnel["waived"] is None
    assert waived["waived"] == {"reason": "单价只印两位小数", "person": "张三", "day": "2025-01-09"}
    assert file["counts"] == {"error": 1, "warning": 0, "info": 1}
    assert file["exceptions"] == 1
    assert file["unmet"] == [{"needs": [Need.LAST_FILE.value], "rules": ["YOY105", "YOY110"]}]
    assert file["rules"] == ["NAR105", "NAR109", "PRF113", "TXT109"]
    assert [change["rule"] for change in file["changed"]] == ["PRF113"]
    assert failed["problems"][0]["rule"] == "INP100"


# --- SARIF --------------------------------------------------------------------------------------


def sarif_schema() -> Any:
    """The official schema, which is no part of the project: $SARIF_SCHEMA names the file."""
    file = os.environ.get("SARIF_SCHEMA")
    if not file:
        pytest.skip("SARIF_SCHEMA does not name the schema (npm: @microsoft/jest-sarif)")
    return json.loads(Path(file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("outcomes", OUTCOMES)
def test_sarif_is_valid(outcomes: list[facts.Outcome]) -> None:
    schema = sarif_schema()
    jsonschema.validators.validator_for(schema)(schema).validate(json.loads(sarif.report(outcomes)))


def test_sarif_says_where_and_what(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = manual.Page("说明文", "为什么文", "依据文", "错例文", "对例文", "改法文")
    monkeypatch.setattr(manual, "pages", lambda: {"NAR105": page})
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "各部门" / FILE
    (run,) = json.loads(sarif.report([result(*EVERYTHING, file=file), FAILED]))["runs"]
    simple, waived, personnel = run["results"]
    assert [r["level"] for r in run["results"]] == ["note", "warning", "error"]
    (location,) = personnel["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%E5%90%84%E9%83%A8%E9%97%A8/%E9%A2%84%E7%AE%97.xlsx"
    assert location["logicalLocations"] == [
        {"name": "B3", "fullyQualifiedName": "文字!B3", "kind": "cell"}
    ]
    assert len(personnel["relatedLocations"]) == 2
    assert personnel["partialFingerprints"] == {"ruleAndPath/v1": PERSONNEL.fingerprint}
    assert waived["suppressions"][0]["justification"] == "单价只印两位小数（张三，2025-01-09）"
    assert "suppressions" not in simple
    rule = run["tool"]["driver"]["rules"][personnel["ruleIndex"]]
    assert rule["id"] == "NAR105"
    assert "改法：改法文" in rule["help"]["text"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


def test_sarif_of_yaml_has_lines() -> None:
    place = Place("预算.yaml", line=7, path="收入[1].事业收入")
    problem = replace(SIMPLE, place=place)
    outcome = Result(replace(document(problem), file=Path("预算.yaml")))
    (run,) = json.loads(sarif.report([outcome]))["runs"]
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 7}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "收入[1].事业收入"


# --- HTML ---------------------------------------------------------------------------------------


class Read(HTMLParser):
    """What a page holds: tags with their attributes, and all its words."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "tags are nested"

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"] and data.strip():
            self.words.append(data.strip())


def test_the_page_holds_everything() -> None:
    page = Read(html.report([result(*EVERYTHING, settings=SETTINGS)]))
    words = " ".join(page.words)
    for expected in (
        *("某市数据局", "2025 年部门预算", FILE, "hebei/2025", f"gen-disclosure {__version__}"),
        *("有 1 处错误，改正以前不能公开", "正文“人员经费433.32万元”", "433.22", "0.10"),
        *("容差 0：补齐小数位以后必须完全相同", "433.22 + 48.65 = 481.87 ✓", "NAR108、NAR121"),
        *("把正文改为 433.22，或检查基本支出表。", "单价只印两位小数", "张三", "2025-01-09"),
        *("级别 警告 → 错误，限值 0.01 → 0.05", "设置文件 设置.yaml", "没有上年的工作簿"),
    ):
        assert expected in words
    headings = [w for w in page.words if w in ("文字", "项目", "例外", "改过的设置", "没有核对的")]
    assert headings.index("没有核对的") > headings.index("改过的设置") > headings.index("文字")


def test_the_page_needs_nothing_else() -> None:
    page = html.report([result(*EVERYTHING), FAILED])
    tags = Read(page).tags
    assert {"script", "link", "img", "iframe"}.isdisjoint(tag for tag, _ in tags)
    links = [a["href"] for tag, a in tags if tag == "a"]
    assert links == ["#f1", "#f2"]
    assert "http:" not in page and "https:" not in page and "url(" not in page


def test_the_table_of_checks() -> None:
    groups = {g.id: g for g in html._groups(document(*EVERYTHING))}
    assert groups["NAR"].among("没有通过") == ["NAR105"]
    assert groups["NAR"].among("通过") == ["NAR109"]
    assert groups["PRF"].among("例外") == ["PRF113"]
    assert groups["TXT"].among("有提示") == ["TXT109"]
    assert groups["YOY"].among("没有核对") == ["YOY105", "YOY110"]
    assert groups["YOY"].rules[0][2] == "没有上年的工作簿（--last-year）"


HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}<img src=x onerror=alert(1)>"


def hostile() -> Iterator[Problem]:
    """Every text that comes from an input, hostile."""
    place = Place(HOSTILE, HOSTILE, HOSTILE, quote=HOSTILE)
    side = Side(HOSTILE, Decimal(1), place=place)
    yield Problem(
        *("NAR105", HOSTILE, E, HOSTILE),
        place=place,
        expected=Decimal(1),
        actual=Decimal(2),
        hint=HOSTILE,
        sides=(side, side),
        addends=(side,),
        evidence=(HOSTILE,),
        affects=(HOSTILE,),
        quote=HOSTILE,
    )
    yield replace(WAIVED, waived=Waived(HOSTILE, HOSTILE))


def test_hostile_words_stay_words() -> None:
    made = document(*hostile())
    tree = sample(name=HOSTILE)
    made = replace(made, disclosure=work_out(tree).disclosure, not_checked=[HOSTILE])
    settings = Settings({"PRF113": Change(W, origin=HOSTILE)})
    outcomes = [
        Result(replace(made, file=Path(HOSTILE.replace("/", "")), settings=settings)),
        Failure(Path("坏.xlsx"), UserError(HOSTILE, HOSTILE)),
    ]
    for given in (outcomes[:1], outcomes):
        page = html.report(given)
        tags = {tag for tag, _ in Read(page).tags}
        assert tags.isdisjoint({"script", "img"})
        assert "onerror" not in {key for _, a in Read(page).tags for key in a}
        assert "49" not in page.partition("</style>")[2]
        assert page.count("&lt;script&gt;") > 10
    jsonschema.validate(
        json.loads(json_report.report([result(replace(next(hostile()), affects=()))])),
        json_report.schema(),
    )


# --- rules --------------------------------------------------------------------------------------


def test_the_list_of_rules() -> None:
    assert rules.listing(RULES).splitlines()[:5] == [
        "NAR 文字与表（2 条）",
        "  NAR105 错误  正文人员经费与基本支出表一致  〔需要自己写的文字〕",
        "  NAR109 错误  列举的项目相加等于项目支出  〔需要自己写的文字〕",
        "",
        "PRF 绩效目标（1 条）",
    ]


def test_the_page_of_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    page = manual.Page("说明文" * 20, "为什么文", "依据文", "错例文", "对例文", "改法文")
    monkeypatch.setattr(manual, "pages", lambda: {"PRF113": page, "NAR105": page})
    told = rules.page(RULES[2])
    assert told.startswith("PRF113 警告  数量乘单价等于项目金额\n\n  说明    说明文")
    assert "\n  限值    0.01（可以在设置文件里改）\n" in told
    assert told.endswith("\n  例外    可以：在“核对例外”里写明规则、位置、原因和责任人")
    assert all(text.width(line) <= text.WIDTH for line in told.splitlines())
    assert rules.page(RULES[0]).endswith("\n  需要    自己写的文字\n  例外    不可以：必须改正")
    (as_data,) = json.loads(rules.as_json([RULES[2]]))["rules"]
    assert as_data["page"]["依据"] == "依据文"
    assert as_data["limit"] == "0.01" and as_data["exception"]


def test_pages_are_whole() -> None:
    for id_, page in manual.pages().items():
        assert all(text for _, text in page.parts()), f"{id_}: a part of its page is missing"
