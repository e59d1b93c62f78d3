"""NAR122: what the text counts: institutions, projects, vehicles.

Only where the noun and its scope leave no choice: “新增项目2个” is not all projects, “机要通信
车辆1辆” not all vehicles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from generator.checks.assets import VEHICLES
from generator.checks.prose import chinese_value
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Passage, Subject
from generator.disclosure.rows import Institution
from generator.money import ZERO, plain
from generator.problem import Path

_COUNT: Final = r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_GROUP: Final = re.compile(
    rf"(?P<kind>参公|全额事业|差额事业|自收自支事业)(?:管理)?(?:事业)?(?:单位)?(?:共|有|共有)?{_COUNT}(?:户|个|家)"
)
_ALL: Final = re.compile(
    rf"(?:(?:下设|下属|所属)(?:独立核算|预算|事业|二级|预算事业)*单位(?:共计|共有|共|有|合计)?{_COUNT}(?:个|家|户)(?![\u4e00-\u9fff])"
    r"|(?:下设|下属|所属|下辖)(?P<count2>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家|户)"
    r"(?:独立核算|预算|事业|二级|直属|预算事业)*单位)"
)
_HOUSEHOLDS: Final = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})户")


def counts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR122: what the text counts is what the tables have, of institutions, projects, vehicles."""
    yield from _institutions(subject)
    yield from _projects(subject)
    yield from _vehicles(subject)


def _institutions(subject: Subject) -> Iterator[Finding]:
    """“参公4户” in the text is what 机构设置 has."""
    rows = subject.disclosure.institutions
    for passage in subject.passages:
        if passage.kind != "文字":
            continue
        for found in _GROUP.finditer(passage.text):
            group = [row for row in rows if found["kind"] in row.name.replace("管理", "")]
            if group and _number(found["count"]) != _units(group):
                yield _count(passage, found, f"{found['kind']} {_units(group)} 户")
        for found in _ALL.finditer(passage.text):
            number = _number(found["count"] or found["count2"])
            total = _units(rows)
            if number not in (total, total - 1) and total > 1:
                yield _count(passage, found, f"{total} 个机构（含本级）")


def _number(words: str) -> int:
    return int(words) if words.isdecimal() else int(chinese_value(words) or 0)


def _units(rows: Sequence[Institution]) -> int:
    """How many units the rows stand for: “（参公4户）” is four."""
    return sum(_number(found[1]) if (found := _HOUSEHOLDS.search(row.name)) else 1 for row in rows)


def _count(passage: Passage, found: re.Match[str], there: str) -> Finding:
    return _told(passage, found, f"机构设置里是{there}", "机构数", ("机构设置",))


def _told(passage: Passage, found: re.Match[str], there: str, what: str, sheet: Path) -> Finding:
    words = found[0].lstrip("，。；：、（(")
    return Finding(
        f"{passage.label}写“{words}”，{there}",
        passage.path,
        hint=f"请核对{what}，改正填错的一方。",
        involved=((*passage.path, f"@{found.end() - len(words)}"), passage.path, sheet),
        quote=words,
    )


# --- projects and vehicles ----------------------------------------------------------------------

_YEAR: Final = r"(?<![^，。；：])(?:20[0-9]{2}年度?，?)?(?:[我本](?:部门|单位|局|馆|委|办))?"
_PROJECTS: Final = re.compile(
    rf"{_YEAR}共(?:计|有|安排|设|设置|编列|申报)*"
    rf"(?:(?:预算)?项目(?:共|共计)?{_COUNT}个|(?P<count2>[0-9]{{1,3}}|[一二两三四五六七八九十]{{1,3}})个(?:预算)?项目)"
    r"(?=[，。；：）)（(]|$)"
)
_CARS: Final = re.compile(
    rf"(?:^|[，。；：、（(]|其中[：:]?)\s*(?:共有?|有)?车辆(?:共有|共计|共|有|为|[：:])?{_COUNT}(?:辆|台)(?=[，。；、）)（(]|$)"
)


def _projects(subject: Subject) -> Iterator[Finding]:
    """Where the projects of the input are all there are: they make up 项目支出."""
    projects = subject.disclosure.projects
    total = sum((p.amount or ZERO for p in projects), ZERO)
    if not projects or total != subject.figures.get("expenditure.project"):
        return
    for passage in subject.passages:
        if passage.kind == "文字" and passage.key == "支出说明":
            for found in _PROJECTS.finditer(passage.text):
                if _number(found["count"] or found["count2"]) != len(projects):
                    there = f"项目表里是 {len(projects)} 个"
                    yield _told(passage, found, there, "项目数", ("项目",))


def _vehicles(subject: Subject) -> Iterator[Finding]:
    """“其中车辆7辆”: all of them, where the table has its row of vehicles."""
    owned = [row for row in subject.disclosure.assets if row.item == VEHICLES]
    if len(owned) != 1 or owned[0].quantity is None:
        return
    at = subject.disclosure.assets.index(owned[0])
    for passage in subject.passages:
        if passage.kind == "文字" and passage.key == "资产说明":
            for found in _CARS.finditer(passage.text):
                if _number(found["count"]) != owned[0].quantity:
                    there = f"国有资产表里是 {plain(owned[0].quantity)} 辆"
                    yield _told(passage, found, there, "车辆数", ("国有资产", at, "数量"))
