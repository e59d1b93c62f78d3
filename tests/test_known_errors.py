"""The mistakes of three real documents, fed as published: each is told at its place.

``known-errors.json`` is in the shared folder; entries are named by their number there. An entry is
reported when a finding of its rule stands at its path, or names it (a finding that gathers the
same fault of several projects names each).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support import CASES, case, case_tree, shared, work_out

from generator import pipeline
from generator.document import Options
from generator.problem import Place, Problem, Severity
from generator.sources.raw import Page, RawInput

MUST = frozenset(
    {"arithmetic", "cross-table", "text-table", "unit", "year", "placeholder", "missing"}
)
LEAVES = ("收入", "支出", "基本支出", "三公经费")


@cache
def known() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(
        shared("cases", "known-errors.json").read_text(encoding="utf-8")
    )
    return loaded


def as_published(name: str) -> RawInput:
    """A case with its nine tables pasted as printed and all its prose."""
    tree = {key: value for key, value in case_tree(name).items() if key not in LEAVES}
    data = case(name)
    pages = []
    for number, table in enumerate(data["tables"], 1):
        rows = [[table["title"]], [data["header_label"], "预算年度", "单位：万元"]]
        rows += [*table["header"], *table["rows"]]
        if table["note"]:
            rows.append([table["note"]])
        pages.append(Page(f"表{number}", [list(map(str, row)) for row in rows]))
    return RawInput("case", tree, lambda path: Place(path=str(path)), pages=tuple(pages))


@cache
def findings(name: str) -> tuple[Problem, ...]:
    document = pipeline.work_out(as_published(name), Path(), Options())
    return tuple(document.problems)


def said(problem: Problem) -> str:
    """Everything that a finding shows."""
    sides = (f"{s.label} {s.place or ''}" for s in (*problem.sides, *problem.addends))
    place = problem.place
    return " ".join(
        [
            *(problem.name, problem.message, str(place or ""), problem.quote or ""),
            *(*problem.related, *sides, problem.hint or ""),
        ]
    )


def stands_at(problem: Problem, *path: str | int) -> bool:
    """Whether a finding's place, or one of the cells it names, begins so."""
    depth = len(path)
    return any(p[:depth] == path for p in (problem.path, *problem.involved))


@dataclass(frozen=True)
class At:
    """A finding of a rule at a path, at a cell (``表9!C7``), or naming these words."""

    rule: str
    path: tuple[str | int, ...] = ()
    cell: str = ""
    words: str = ""

    def matches(self, problem: Problem) -> bool:
        return (
            self.rule in (problem.rule, *problem.affects)
            and (not self.path or stands_at(problem, *self.path))
            and (not self.cell or str(problem.place) == self.cell)
            and (not self.words or self.words in said(problem))
        )


def indicator(project: int, row: int, column: str) -> tuple[str | int, ...]:
    return ("项目", project - 1, "绩效指标", row, column)


COST = "指标值"
OTHER = ("文字", "其他", 0)
SPENDING = ("文字", "支出说明", 0)
SANGONG = ("文字", "三公总额", 0)
ITEMS = ("文字", "分项目标")
DUTIES = ("文字", "职责")
MEASURES = ("文字", "保障措施")
GENERAL = ("文字", "综合预算", 0)
FIRST_TERM, SEVENTH_TERM = ("名词解释", 0, "解释"), ("名词解释", 6, "解释")

# Entry of known-errors.json → where it is told.
REPORTED: dict[int, At] = {
    0: At("TXT102", GENERAL),
    1: At("TXT102", FIRST_TERM),
    2: At("TXT102", SEVENTH_TERM),
    3: At("TXT109", DUTIES, words="第 11 项接在第 10 项后面"),
    4: At("PRF105", ("项目", 8, "绩效目标")),
    5: At("PRF108", indicator(29, 3, "绩效指标描述")),
    6: At("PRF108", indicator(29, 4, "绩效指标描述")),
    7: At("PRF116", indicator(29, 5, "绩效指标描述")),
    8: At("PRF116", words="项目3、10、32"),
    9: At("PRF102", ("项目", 17)),
    10: At("TXT109", (*ITEMS, 1)),
    11: At("TXT109", OTHER),
    12: At("FMT107", words="绩效目标有 26 处半角标点"),
    13: At("NAR105", SPENDING, words="433.32"),
    14: At("NAR119", SPENDING, words="1.61元"),
    15: At("TXT104", SPENDING, words="总表支出表"),
    16: At("NAR118", SPENDING),
    17: At("TXT105", (*DUTIES, 0)),
    18: At("TXT104", (*DUTIES, 0), words="办公厅"),
    19: At("TXT104", (*DUTIES, 18), words="旅行"),
    20: At("TXT104", MEASURES, words="意见意见"),
    21: At("TXT104", ITEMS, words="包涵"),
    22: At("TXT104", ITEMS, words="镇村志"),
    23: At("STR008", ("文字", "第二部分标题")),
    24: At("PRF105", ("项目", 0, "绩效目标")),
    25: At("PRF105", ("项目", 1, "绩效目标")),
    26: At("PRF105", ("项目", 12, "绩效目标")),
    27: At("PRF107", indicator(7, 3, COST)),
    28: At("PRF107", indicator(8, 5, COST)),
    29: At("PRF109", indicator(9, 4, COST)),
    30: At("PRF106", words="项目1、5“公用经费支付金额”"),
    31: At("PRF106", words="项目2–4、6“工资保险支付金额”"),
    32: At("PRF106", words="项目11"),
    33: At("PRF106", words="项目13"),
    34: At("PRF106", words="项目14"),
    35: At("PRF111", words="项目1–6“人员管理成本”"),
    **{i: At("PRF111", words=f"项目{n}“") for i, n in enumerate(range(9, 17), 36)},
    44: At("PRF108", ("项目", 0), words="人员管理成本"),
    45: At("PRF104", ("项目", 15, "绩效指标")),
    46: At("NAR121", (*ITEMS, 2), words="暑期接待次数"),
    47: At("TXT106", ("机构设置", 0)),
    48: At("TXT106", SANGONG),
    49: At("TXT106", ITEMS, words="空格"),
    50: At("TXT109", OTHER),
    51: At("NAR109", SPENDING, words="2312.92"),
    52: At("TBL906", cell="表9!C11"),
    53: At("TBL906", cell="表9!C7"),
    54: At("TBL906", cell="表9!C6"),
    # The text is right; what it disagrees with is the blank total, told there.
    55: At("TBL906", cell="表9!C7"),
    56: At("TXT104", ("文字", "收入说明", 0)),
    57: At("TXT102", GENERAL),
    58: At("TXT102", FIRST_TERM),
    59: At("TXT102", SEVENTH_TERM),
    60: At("TXT104", ITEMS, words="运转事件"),
    61: At("TXT104", MEASURES),
    62: At("TXT104", ("项目", 19, "绩效目标")),
    63: At("TXT104", ("项目", 22)),
    64: At("TXT104", ("项目", 5)),
    65: At("NAR120", SPENDING, words="督察室"),
    66: At("NAR120", SPENDING, words="办公运转经费"),
    67: At("NAR120", SPENDING, words="信息化建设费"),
    68: At("NAR120", SPENDING, words="流调工作队"),
    69: At("NAR120", SPENDING, words="人民防空"),
    70: At("YOY106", SANGONG),
    71: At("TXT107", SANGONG, words="公务购置费"),
    72: At("TXT107", SANGONG, words="公务招待费"),
    73: At("PRF108", ("项目", 7)),
    74: At("PRF108", ("项目", 12)),
}
UNREPORTED = frozenset(range(75, 84))
"""The form's own words (表7 without 性, 上缴上级支出, 机关运行费): our packs print the prescribed
form, and a department cannot mend it."""


def test_the_list_is_the_one_that_was_read() -> None:
    entries = known()
    assert len(entries) == 84
    assert REPORTED.keys() | UNREPORTED == set(range(84))
    assert not REPORTED.keys() & UNREPORTED
    must = {i for i, entry in enumerate(entries) if entry["kind"] in MUST}
    assert len(must) > 25
    assert must <= REPORTED.keys()
    others = set(range(84)) - must
    assert 2 * len(others & REPORTED.keys()) >= len(others)


@pytest.mark.parametrize("number", REPORTED)
def test_a_known_error_is_told_at_its_place(number: int) -> None:
    entry, expected = known()[number], REPORTED[number]
    found = [p for p in findings(entry["case"]) if expected.matches(p)]
    assert found, f"{entry['where']}: {entry['printed']}"


# --- mended -------------------------------------------------------------------------------------

Edit = tuple[tuple[str | int, ...], str, str]

# Every mistake of the three documents that is an error, put right: path, wrong words, right words.
MENDED: dict[str, tuple[Edit, ...]] = {
    "tangshan-2023": ((("项目", 8, "绩效目标", 0), "购置各种等工作", "购置办公设备等工作"),),
    "beidaihe-2022": (
        (SPENDING, "433.32万元", "433.22万元"),
        (SPENDING, "1.61元", "1.61万元"),
        ((*ITEMS, 2), "暑期接待次数", "暑期接待完成率"),
        ((*ITEMS, 5), "时效1年内", "时效≥1年"),
        (("项目", 0, "绩效目标", 0), "目标内容1", "按月足额发放补助。"),
        (("项目", 1, "绩效目标", 0), "目标内容1", "按月足额发放补助。"),
        (("项目", 12, "绩效目标", 0), "目标内容1", ""),
    ),
    "julu-2023": ((SPENDING, "2312.92万元", "312.92万元"),),
}

# What is left, rule by rule, with our verdict. None is false; each is one that an auditor of this
# document would raise.
LEFT: dict[str, dict[str, str]] = {
    "tangshan-2023": {
        "TXT102": "true: 我省, 省级 in a city's document, in three places",
        "PRF102": "true: the largest project has no 效益指标",
        "PRF108": "true: 实效 for 时效 in two 时效 rows",
        "PRF111": "true: 预算执行率 is no cost, in 44 of 45 projects; one finding",
    },
    "beidaihe-2022": {
        "STR008": "true: 第2部分 between 第一部分 and 第三部分",
        "NAR118": "true: the district's name for the department's",
        "PRF104": "true: nine cells of 依据 are blank",
        "PRF106": "true: amounts and counts given as ≥95%, in nine projects; one finding",
        "PRF107": "true: an error rate and a time limit as lower bounds",
        "PRF108": "true: 人员管理成本 as satisfaction",
        "PRF109": "true: a rate measured in 微克",
        "PRF111": "true: costs as percentages, in 14 projects; one finding",
    },
    "julu-2023": {
        "XTB122": "true: a project called 上年结转 beside a carry-over of zero",
        "NAR120": "true: five projects are called otherwise in the text",
        "YOY106": "true: 有所增加 without amount and reason",
        "YOY109": "true: 三公 rises, in a document that promises restraint",
        "PRF104": "true: five cells of 依据 are blank (not in the list of known errors)",
        "PRF108": "true: two indicators in each other's rows",
        "TXT102": "true: 我省, 省级 in a county's document, in three places",
        "TXT107": "true: 公务购置费, 公务招待费 for the prescribed names",
    },
}


def mended(name: str) -> tuple[Problem, ...]:
    """The findings of a case whose errors are put right, its tables derived from the leaves."""
    tree = case_tree(name)
    for path, wrong, right in MENDED[name]:
        spot: Any = tree
        for step in path[:-1]:
            spot = spot[step]
        assert wrong in spot[path[-1]], (name, path)
        spot[path[-1]] = spot[path[-1]].replace(wrong, right)
    return tuple(work_out(tree).problems)


@pytest.mark.parametrize("name", CASES)
def test_a_mended_case_has_no_error_and_only_warnings_with_a_verdict(name: str) -> None:
    found = mended(name)
    assert [p.message for p in found if p.severity is Severity.ERROR] == []
    warned = {p.rule for p in found if p.severity is Severity.WARNING}
    assert warned == LEFT[name].keys()
