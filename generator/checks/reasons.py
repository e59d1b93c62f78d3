"""Why the figures differ from last year's: YOY106, YOY108, YOY109."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from generator.checks.account import Account, Said, account
from generator.checks.changes import (
    ITEMS,
    Change,
    change_by_items,
    change_of,
    changes,
    figure_of,
    quoted,
)
from generator.checks.prose import SANGONG, SANGONG_ITEMS, Kind
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.checks.ties import cells, ties
from generator.disclosure.rows import SANGONG_ROWS
from generator.money import ZERO, fixed
from generator.problem import Path

_MIN_REASON: Final = 6


def stated(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY106: a change of a “三公” item is told with its amount and a reason."""
    told: set[str] = set()
    accounted = account(subject)
    for said in changes(accounted):
        statement = said.statement
        if statement.subject not in SANGONG_ITEMS or statement.direction == 0:
            continue
        if statement.amount is not None and not said.value:
            continue
        lacks = [] if statement.amount is not None else ["金额"]
        if not _has_reason(accounted, said):
            lacks.append("原因")
        if lacks and statement.subject not in told:
            told.add(statement.subject)
            yield Finding(
                f"{said.passage.label}写“{quoted(said)}”，没有写增减的{'和'.join(lacks)}",
                said.passage.path,
                hint="请补上增减多少万元和具体原因（至少六个字）。",
                involved=(said.spot, said.passage.path),
                quote=quoted(said),
            )
    yield from _short_reasons(subject)


_BECAUSE: Final = re.compile(r"由于|因为?|为了?|按照|根据|落实|贯彻|厉行|压减|压缩|从严|控制")
_NO_REASON: Final = re.compile(
    r"(?:同比|比上年|较上年|与上年)?(?:增长|下降|降低|上升|增幅|降幅|减少|增加)[^，。；]{0,12}%|[（(][^）)]{0,30}[）)]"
)


def _has_reason(told: Account, said: Said) -> bool:
    """Words after the change, before the next statement, or what leads up to it, say why."""
    text, statement = said.passage.text, said.statement
    if len(_letters(statement.why)) >= _MIN_REASON:
        return True
    later = [
        other.statement.start
        for other in told.said
        if other.passage is said.passage
        and other.statement.start > statement.end
        and other.statement.kind is not Kind.PERCENT
    ]
    after = text[statement.end : min([*later, statement.end + 200])]
    first, _, second = after.partition("。")
    if second.lstrip().startswith(("主要", "原因", "减少", "增加")):
        first += second
    stop = max(text.rfind(mark, 0, statement.start) for mark in "。；\n")
    before = text[max(stop + 1, statement.start - 100) : statement.start]
    because = _BECAUSE.search(before)
    return len(_letters(_NO_REASON.sub("", first))) >= _MIN_REASON or (
        because is not None and len(_letters(before[because.end() :])) >= _MIN_REASON
    )


def _short_reasons(subject: Subject) -> Iterator[Finding]:
    for i, row in enumerate(subject.disclosure.last_year):
        if row.item not in SANGONG_ROWS or not row.reason or row.amount is None:
            continue
        now = figure_of(subject.disclosure, row.item)
        if now != row.amount and len(_letters(row.reason)) < _MIN_REASON:
            yield Finding(
                f"“{row.item}”的增减原因“{row.reason}”不到六个字，说明不了增减",
                ("上年数", i, "增减原因"),
                hint="请写明具体原因。",
                involved=(("上年数", i, "增减原因"),),
                quote=row.reason,
            )


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words)


_LARGE: Final = Decimal(500)
_PEOPLE: Final = re.compile(
    r"人员|在职|退休|离休|编制|调入|调出|招录|录用|转隶|人数|增人|减人|工资|津补贴|绩效奖|社保|公积金|机构改革"
)
_NAMED: Final = re.compile(
    r"[“《][^”》]{2,40}[”》]|[\u4e00-\u9fff]{4,30}?(?:工程|项目|经费|建设|改造|专项|平台|系统|任务|工作|贷款|资金)"
)
_GENERAL: Final = re.compile(
    r"(?:(?:本|今|上|20[0-9]{2})年度?|部分|预算|有关|相关|各|新增|增加|减少|压减|一些|专项|已经?|完成|支出|单位|部门|实施|的|了|项目"
    r"|经费|金额|资金|安排|主要|是|为|工作|任务|所致|较|多|少|厉行节约|节约|开支)+"
)


def large_changes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY108: a large change is put down to a project or to a change of staff."""
    limit = rule.limit or ZERO
    projects = [project.name for project in subject.disclosure.projects]
    for said in changes(account(subject)):
        name = said.statement.subject
        if name not in ("基本支出", "项目支出", "人员经费", "公用经费") or not said.is_exact:
            continue
        change = change_of(subject, said)
        before = None if change is None else change.before
        large = abs(said.value) > _LARGE or (
            before is not None and before > 0 and abs(said.value) / before * 100 > limit
        )
        why = said.statement.why
        if large and not _is_concrete(why, projects):
            yield Finding(
                f"{said.passage.label}写“{quoted(said)}”，变化较大，原因没有说到具体项目或人员变动",
                said.passage.path,
                actual=said.value,
                hint=f"增减超过 {limit}% 或 {_LARGE} 万元的，请写明是哪个项目或多少人员变动。",
                sides=(said.side,),
                involved=(said.spot, said.passage.path),
                quote=quoted(said),
            )


def _is_concrete(why: str, projects: Iterable[str]) -> bool:
    if _PEOPLE.search(why) or any(name in why for name in projects):
        return True
    return any(len(_GENERAL.sub("", found)) >= 3 for found in _NAMED.findall(why))


def sangong_rises(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY109: “三公”经费 may only fall: a rise wants a second look."""
    data = change_by_items(subject, ITEMS["三公经费"])
    said = [s for s in changes(account(subject)) if s.statement.subject in SANGONG]
    first: Mapping[str, Said] = {s.statement.subject: s for s in reversed(said)}
    if data is not None:
        if data.difference > 0:
            yield _rise(
                f"“三公”经费本年 {fixed(data.now)} 万元，比上年 {fixed(data.before)} 万元增加 "
                f"{fixed(data.difference)} 万元",
                first.get("三公经费"),
                data,
                cells(subject, ties(subject)["三公经费"]),
            )
        return
    total = first.get("三公经费")
    if total is not None:
        if total.statement.direction == 1 and (total.value or total.statement.amount is None):
            yield _rise(f"{total.passage.label}写“{quoted(total)}”，“三公”经费比上年增加", total)
        return
    up = [s for s in first.values() if s.statement.direction == 1]
    if any(s.statement.direction == -1 for s in first.values()):
        return
    for one in up:
        if one.value or one.statement.amount is None:
            yield _rise(
                f"{one.passage.label}写“{quoted(one)}”，其他各项没有减少，“三公”经费比上年增加",
                one,
            )
            return


def _rise(
    message: str, said: Said | None, data: Change | None = None, entered: tuple[Path, ...] = ()
) -> Finding:
    path: Path = said.passage.path if said is not None else ("三公经费",)
    involved = (said.spot, path) if said is not None else (path,)
    return Finding(
        message,
        path,
        expected=data.before if data is not None else None,
        actual=data.now if data is not None else None,
        hint="“三公”经费原则上只减不增；确需增加的，请核实并写明原因。",
        sides=(said.side,) if said is not None else (),
        involved=(*involved, *(data.paths if data is not None else ()), *entered),
        quote=quoted(said) if said is not None else None,
    )
