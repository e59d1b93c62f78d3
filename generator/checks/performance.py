"""PRF: performance targets. Words that a rule looks for are lists of the pack.

Here projects are looked at as a whole; :mod:`indicators` looks at each of their rows, :mod:`costs`
at their amounts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from generator.checks.costs import amounts, quantity_times_cost
from generator.checks.indicators import (
    blanks,
    costs_in_money,
    counts,
    directions,
    hundred,
    in_the_year,
    measures,
    own_rows,
    placeholders,
    satisfaction,
)
from generator.checks.projects import (
    LIST_NUMBER,
    Spot,
    Wording,
    called,
    cut,
    finding,
    judged,
    listed,
    ordinals,
    rows_where,
    tell,
    word_list,
    wordings,
)
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.subject import Subject
from generator.checks.values import fold
from generator.money import fixed, plain
from generator.problem import Path

# --- PRF101 to PRF103: names, kinds of indicators -----------------------------------------------

_OWN_NUMBER = re.compile(
    r"[(（]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:[、．)）]|\.(?![0-9]))"
)
_QUOTES = str.maketrans("", "", "\"'“”‘’《》")


def names(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF101; names that are the same to the letter are COD107."""
    seen: dict[str, int] = {}
    projects = subject.disclosure.projects
    for i, project in enumerate(projects):
        path: Path = ("项目", i, "项目名称")
        folded = fold(project.name).translate(_QUOTES)
        first = seen.setdefault(folded, i)
        if first != i and projects[first].name != project.name:
            yield Finding(
                f"{called(subject, i)}与项目{first + 1}只差括号、引号或空格，是同一个名称",
                path,
                hint="同一个项目只列一次；不同的项目请在名称上分清。",
                involved=(path, ("项目", first, "项目名称")),
            )
        if found := _OWN_NUMBER.match(project.name):
            yield Finding(
                f"{called(subject, i)}的名称自带编号“{found[0]}”，公开时会编两次号",
                path,
                hint="请删去名称前面的编号，程序按顺序编号。",
                quote=found[0],
            )
        if folded.endswith(("绩效目标表", "绩效目标")):
            yield Finding(
                f"{called(subject, i)}的名称带有“绩效目标”，标题里会写两遍",
                path,
                hint="项目名称只写项目本身，标题里的“绩效目标表”由程序加上。",
            )


def parts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF102."""
    spots = []
    for i, given in enumerate(subject.once(_kinds)):
        lacking = [
            f"{part}指标"
            for part in ("产出", "效益", "满意度")
            if given and not any(part in kind for kind, _ in given)
        ]
        if lacking:
            spots.append(Spot(i, "、".join(lacking), ("项目", i, "项目名称")))
    yield from tell(
        subject,
        spots,
        "缺少必设的一级指标",
        "请补上缺少的指标；确实不适用的，补一行并写“无”和原因。",
    )


def _kinds(subject: Subject) -> list[set[tuple[str, bool]]]:
    """Of each project the kinds of its indicators, and whether 二级指标 is filled in."""
    kinds: list[set[tuple[str, bool]]] = [set() for _ in subject.disclosure.projects]
    for said, rows in subject.once(wordings):
        cells = said.indicator
        kind = (fold(cells.level1 + cells.level2), bool(cells.level2))
        for row in rows:
            kinds[row.project].add(kind)
    return kinds


def outputs(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF103; a row whose 二级指标 is blank may be any of the four."""
    spots = []
    for i, kinds in enumerate(subject.once(_kinds)):
        if not any("产出" in kind for kind, _ in kinds) or not all(told for _, told in kinds):
            continue
        lacking = [
            f"{part}指标"
            for part in ("数量", "质量", "时效", "成本")
            if not any(part in kind for kind, _ in kinds)
        ]
        if lacking:
            spots.append(Spot(i, "、".join(lacking), ("项目", i, "项目名称")))
    yield from tell(
        subject, spots, "的产出缺少二级指标", "数量、质量、时效、成本各设一条以上；请补上。"
    )


# --- PRF112, PRF116: copies ---------------------------------------------------------------------


def copies(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF112: one finding for the document."""
    same: dict[tuple[tuple[str, str, str], ...], list[int]] = defaultdict(list)
    for i, project in enumerate(subject.disclosure.projects):
        if project.indicators:
            key = tuple((r.level3, r.description, r.value) for r in project.indicators)
            same[key].append(i)
    limit = rule.limit if rule.limit is not None else Decimal(3)
    groups = [projects for projects in same.values() if len(projects) > limit]
    if groups:
        shown = "；".join(f"项目{ordinals(group)}（{len(group)} 个）" for group in groups)
        yield Finding(
            f"超过 {plain(limit)} 个项目的绩效指标完全相同：{shown}",
            ("项目", groups[0][0], "项目名称"),
            hint="请按各项目自己的内容设指标。",
        )


def repeated_words(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF116: one finding of each kind for the document, they are hints."""
    projects = subject.disclosure.projects
    goals = [
        Spot(i, f"“{cut(goal)}”", ("项目", i, "绩效目标", j))
        for i, project in enumerate(projects)
        for j, goal in enumerate(project.goals)
        if _said(goal) == _said(project.name)
    ]
    if goals:
        yield finding(
            f"{len(goals)} 个绩效目标只是重复项目名称：{listed(goals)}",
            goals,
            "请写这个项目要达到的结果。",
        )
    same = rows_where(
        subject,
        lambda said: (
            said.indicator.description and said.indicator.description == said.indicator.level3
        ),
    )
    if same:
        where = ordinals(row.project for row in same)
        yield Finding(
            f"{len(same)} 条指标的绩效指标描述与三级指标一字不差（项目{where}）",
            same[0].path("绩效指标描述"),
            hint="描述请写指标怎样计算或衡量什么。",
        )
    yield from _contradicting(subject)
    yield from _of_a_training(subject)


def _said(text: str) -> str:
    return LIST_NUMBER.sub("", fold(text)).rstrip("。;,.")


def _contradicting(subject: Subject) -> Iterator[Finding]:
    """福利发放标准 described as 工资发放标准: the same but for one word of two characters."""
    for (one, other), row in judged(subject, _two_words):
        yield Finding(
            f"{called(subject, row.project)}的三级指标“{cut(row.indicator.level3)}”说“{one}”，"
            f"绩效指标描述说“{other}”",
            row.path("绩效指标描述"),
            hint="两格应说同一件事，请核对。",
            quote=row.indicator.description,
        )


def _two_words(said: Wording) -> tuple[str, ...]:
    """The word of the name, and the one that the description has in its place."""
    name, about = said.name, said.description
    if len(name) != len(about) or name == about or len(name) < 6:
        return ()
    at = [i for i, (a, b) in enumerate(zip(name, about, strict=True)) if a != b]
    if at[-1] - at[0] == 1 == len(at) - 1 and at[-1] < len(name) - 3:
        return name[at[0] : at[-1] + 1], about[at[0] : at[-1] + 1]
    return ()


def _of_a_training(subject: Subject) -> Iterator[Finding]:
    """学员 in the indicator of a meeting: copied from a training project."""
    trained = word_list(subject, "培训才有的词")

    def of_a_training(said: Wording) -> str | None:
        text = said.name + said.description
        if not said.name.startswith("会议") or "培训" in text:
            return None
        return next((word for word in trained if word in text), None)

    spots = [
        (word, Spot(row.project, f"“{cut(row.indicator.level3)}”", row.path("绩效指标描述")))
        for word, row in judged(subject, of_a_training)
        if "培训" not in subject.disclosure.projects[row.project].name
    ]
    if spots:
        found = [spot for _, spot in spots]
        yield finding(
            f"会议的指标里写了“{spots[0][0]}”，像是从培训项目照抄来的：{listed(found)}",
            found,
            "请改成参加会议的人员。",
        )


# --- PRF117: projects and the tables ------------------------------------------------------------


def tables(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF117: 项目支出 and projects go together; names in the text are NAR120."""
    spent = subject.figures.get("expenditure.project")
    projects = subject.disclosure.projects
    if spent and not projects and not any(unit.disclosure.projects for unit in subject.units):
        yield Finding(
            f"支出总表有项目支出 {fixed(spent)} 万元，没有填一个项目的绩效目标",
            ("项目",),
            hint="请在“项目”里逐个填写项目和绩效目标、指标。",
        )
    if projects and not spent:
        yield Finding(
            f"填了 {len(projects)} 个项目，支出总表没有项目支出",
            ("项目",),
            hint="请核对“支出”里的项目支出，或删去没有预算的项目。",
            involved=tuple(("项目", i, "项目名称") for i in range(len(projects))),
        )


_NEEDS: Final = (Need.PROJECTS,)

RULES: tuple[Rule, ...] = (
    Rule("PRF101", "绩效目标表的项目名称不重复", E, names, "0", _NEEDS),
    Rule("PRF102", "产出、效益、满意度指标齐全", W, parts, "", _NEEDS),
    Rule("PRF103", "产出有数量、质量、时效、成本指标", W, outputs, "", _NEEDS),
    Rule("PRF104", "绩效指标各栏没有空白", W, blanks, "", _NEEDS),
    Rule("PRF105", "绩效目标不是格式文字", E, placeholders, "", _NEEDS),
    Rule("PRF106", "数量指标的指标值是数量", W, counts, "", _NEEDS),
    Rule("PRF107", "指标值的方向与指标相符", W, directions, "", _NEEDS),
    Rule("PRF108", "指标与它的二级指标相符", W, own_rows, "", _NEEDS),
    Rule("PRF109", "指标值的单位与指标相符", W, measures, "", _NEEDS),
    Rule("PRF110", "百分比不大于 100%", E, hundred, "0", _NEEDS),
    Rule("PRF111", "成本指标是金额", W, costs_in_money, "", _NEEDS),
    Rule("PRF112", "各项目的绩效指标不雷同", I, copies, "cfg", _NEEDS, Decimal(3)),
    Rule("PRF113", "数量乘单位成本与项目金额相符", W, quantity_times_cost, "1%", _NEEDS),
    Rule("PRF114", "成本指标、项目金额与项目支出一致", W, amounts, "0.01", _NEEDS),
    Rule("PRF115", "完成日期在预算年度内", E, in_the_year, "0", _NEEDS),
    Rule("PRF116", "绩效目标和描述不照抄名称", I, repeated_words, "", _NEEDS),
    Rule("PRF117", "项目支出与绩效目标表相符", W, tables),
    Rule("PRF118", "满意度目标在 80% 到 100% 之间", I, satisfaction, "cfg", _NEEDS, Decimal(80)),
)
