"""Names in the text: the department, its projects and indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.checks.account import BUDGET_SLOTS, account, own_names
from generator.checks.listing import List, lists, nearest
from generator.checks.projects import Wording, judged
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Passage, Subject
from generator.problem import Path, Side

# --- the department -----------------------------------------------------------------------------

_WHOSE: Final = re.compile(
    r"(?:^|[，。；：])\s*+(?:20[0-9]{2}年度?)?(?:反映)?\s*+(?P<name>[\u4e00-\u9fff（）()]{2,40}?)"
    r"(?:20[0-9]{2})?(?:机关运行经费共?计?安排|财政拨款[“\"]?三公|[（(]含所属单位[)）]上年末|上年末固定资产"
    r"|安排政府采购|年度部门预算中支出预算|机关及所属|机关?的收支包含)"
)
_PLAIN: Final = re.compile(
    r"(?:[我本](?:部门|单位|局|委|办|厅|院|馆|会|中心|市|县|区|省)|该部门|该单位|部门|单位|目前|全部收入|其中|机关)+"
    r"(?:机关|本级)?"
)
_NAMES_A_BODY: Final = re.compile(
    r"(?:局|委|委员会|办|办公室|厅|院|馆|室|会|中心|政府|部|处|站|所|校|学院|大学|队|社|联|市|县|区)$"
)
_NOT_ONE: Final = ("全", "各", "本", "我", "该", "当", "按", "所属", "下属", "其他")
_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{1,7}[省市县区旗州]")


def department(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR118: the text speaks of this department, by its name or a shortening of it."""
    names = own_names(subject)
    seen: set[str] = set()
    for passage in subject.passages:
        if passage.kind != "文字" or passage.key not in BUDGET_SLOTS:
            continue
        for found in _WHOSE.finditer(passage.text):
            name = re.sub(r"机关$|本级$|[（(]部门[)）]$", "", found["name"])
            if name in seen or _PLAIN.fullmatch(name) or not _NAMES_A_BODY.search(name):
                continue
            if name.startswith(_NOT_ONE) or _is_own(name, names):
                continue
            seen.add(name)
            yield Finding(
                f"{passage.label}写的是“{name}”，部门名称是“{subject.disclosure.basics.name}”",
                passage.path,
                hint="请改成本部门的名称；是本部门的另一种称呼的，请统一。",
                involved=((*passage.path, f"@{found.start('name')}"), passage.path),
                quote=name,
            )


def _is_own(name: str, names: Sequence[str]) -> bool:
    """It is one of the names, or one shortened: its characters stand there in this order.

    The place alone (“某某区”) is no department.
    """
    if _PLACE.fullmatch(name):
        return name in names
    return any(_shortens(name, own) or own in name for own in names)


def _shortens(name: str, whole: str) -> bool:
    rest = iter(whole)
    return all(c in rest for c in name)


# --- projects -----------------------------------------------------------------------------------


def projects(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR120: a listed project has the name that it has in its performance table."""
    for made in lists(account(subject), "项目支出"):
        if made.is_of_projects:
            yield from _unmatched(subject, made)


def _unmatched(subject: Subject, made: List) -> Iterator[Finding]:
    taken = set(made.matched.values())
    left = [p.name for i, p in enumerate(subject.disclosure.projects) if i not in taken]
    missing = [
        item
        for at, item in enumerate(made.items)
        if at not in made.matched and not item.statement.name.startswith(("其他", "其它", "等"))
    ]
    for item in missing[:50]:
        name = item.statement.name
        near = nearest(name, left)
        if near:
            left.remove(near)
        elif len(left) == len(missing) == 1:
            near = left[0]
        yield Finding(
            f"{item.passage.label}的项目“{name}”，项目里没有这个名称"
            + (f"，最接近的是“{near}”" if near else ""),
            item.passage.path,
            hint="请把正文和项目的名称改成一致。" if near else "请核对名称，或补上这个项目。",
            involved=(item.spot, item.passage.path, *_project_path(subject, near)),
            quote=item.quote,
        )


def _project_path(subject: Subject, name: str) -> Iterator[Path]:
    for i, project in enumerate(subject.disclosure.projects):
        if name and project.name == name:
            yield ("项目", i, "项目名称")


# --- indicators ---------------------------------------------------------------------------------

_MIN_NAME: Final = 4
_VALUE: Final = re.compile(
    r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,4})?)\s*(?P<unit>[^0-9、，。；\s]{1,8}?)"
)
_LEAD: Final = re.compile(
    r"(?P<each>分别)?(?:均|都|应|要|为|达到|达|控制在|保持在|在)*"
    r"(?P<sign>大于等于|小于等于|不低于|不少于|不超过|不高于|不大于|≥|≤|＞|＜|>|<|大于|小于)?$"
)
_TRAIL: Final = re.compile(r"(?P<after>及?以上|及?以下|以内|之内|内)?$")
_AT_LEAST: Final = frozenset(
    {"大于等于", "不低于", "不少于", "≥", "＞", ">", "大于", "及以上", "以上"}
)
_AT_MOST: Final = frozenset(
    {"小于等于", "不超过", "不高于", "不大于", "≤", "＜", "<", "小于", "及以下", "以下", "以内"}
    | {"之内", "内"}
)
_COUNTED: Final = re.compile(r"(?:次数|数量|个数|人数|场次|天数|册数|字数|件数)$")


@dataclass(frozen=True, slots=True)
class Target:
    """A target value: at least (1), at most (-1) or just (0) a number of a unit."""

    direction: int
    number: Decimal
    unit: str
    path: Path = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of 五 that gives one or several indicators a value."""

    passage: Passage
    words: str
    start: int
    names: str
    values: tuple[Target, ...]

    @property
    def spot(self) -> Path:
        return (*self.passage.path, f"@{self.start}")


def indicators(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR121: an indicator named in 五 has the value that its project's table gives it."""
    clauses = [
        clause
        for passage in subject.passages
        if passage.kind == "文字" and passage.key == "分项目标"
        for clause in _clauses(passage)
    ]
    wanted = {name for clause in clauses for name in (clause.names, *clause.names.split("、"))}
    known = _targets(subject, {name for name in wanted if len(name) >= _MIN_NAME})
    for clause in clauses if known else ():
        targets = known.get(clause.names)
        if targets is None and len(clause.values) == 1:
            yield from _shared(clause, known)
        elif targets and len(clause.values) in (1, len({t.number for t in targets})):
            yield from _single(clause, targets)


def _targets(subject: Subject, names: set[str]) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}

    def target(said: Wording) -> tuple[int, Decimal, str] | None:
        return _target(said.indicator.value) if said.indicator.level3 in names else None

    for value, row in judged(subject, target):
        told = Target(*value, row.path(), row.indicator.value)
        found.setdefault(row.indicator.level3, []).append(told)
    return found


_WHOLE_VALUE: Final = re.compile(
    r"\s*+(?P<sign>[≥≤＞＜><=＝]|大于等于|小于等于|不低于|不少于|不超过|不高于)?\s*+"
    r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,4})?)\s*+(?P<unit>[^0-9\s以内]{1,8})"
    r"(?P<after>及?以上|及?以下|以内|之内|内)?\s*"
)


def _target(words: str) -> tuple[int, Decimal, str] | None:
    found = _WHOLE_VALUE.fullmatch(words)
    if found is None:
        return None
    direction = _direction(found["sign"], found["after"])
    return direction, Decimal(found["number"]), _unit(found["unit"])


def _direction(*words: str | None) -> int:
    for word in words:
        if word in _AT_LEAST:
            return 1
        if word in _AT_MOST:
            return -1
    return 0


def _unit(unit: str) -> str:
    return unit.replace("％", "%").replace("百分比", "%").strip()


_DIGIT: Final = re.compile(r"[0-9]")


def _clauses(passage: Passage) -> Iterator[Clause]:
    position = 0
    for words in re.split(r"([，。；：\n])", passage.text):
        found = _DIGIT.search(words) if len(words) < 500 else None
        if found is not None and (clause := _clause(passage, words, found.start(), position)):
            yield clause
        position += len(words)


def _clause(passage: Passage, words: str, at: int, position: int) -> Clause | None:
    """``at``: where the first digit stands; before it the names, from there the values."""
    lead = _LEAD.search(words[:at])
    after = _TRAIL.search(words.rstrip())
    assert lead is not None and after is not None
    values = words.rstrip()[at : after.start()].split("、")
    found = [m for value in values if (m := _VALUE.fullmatch(value.strip()))]
    if len(found) != len(values):
        return None
    direction = _direction(lead["sign"], after["after"])
    targets = tuple(Target(direction, Decimal(m["number"]), _unit(m["unit"])) for m in found)
    return Clause(passage, words.strip(), position, words[: lead.start()].lstrip("、 "), targets)


def _single(clause: Clause, targets: Sequence[Target]) -> Iterator[Finding]:
    """The value of one indicator: the same number, and not the opposite direction."""
    general = len({(t.number, t.unit) for t in targets}) > 1 and len(clause.values) == 1
    if general or "满意" in clause.names:
        return
    for value in clause.values:
        same = [t for t in targets if (t.number, t.unit) == (value.number, value.unit)]
        if same and any(t.direction * value.direction != -1 for t in same):
            continue
        shown = same or targets
        yield Finding(
            f"{clause.passage.label}写“{clause.words}”，"
            f"项目绩效指标“{clause.names}”的指标值是“{shown[0].words}”",
            clause.passage.path,
            expected=None if same else shown[0].number,
            actual=None if same else value.number,
            hint="同一指标前后要一致，请改正写错的一处。",
            sides=(
                Side(f"正文 {clause.passage.label}", value.number, clause.passage.path),
                *(Side(f"指标值 {t.words}", t.number, t.path) for t in shown[:5]),
            ),
            involved=(clause.spot, clause.passage.path, *(t.path for t in shown)),
            quote=clause.words,
        )
        return


def _shared(clause: Clause, known: Mapping[str, list[Target]]) -> Iterator[Finding]:
    """A rate that several indicators share cannot be the target of one that is counted."""
    said = clause.values[0]
    listed = {name: known[name] for name in clause.names.split("、") if name in known}
    agreeing = [n for n, targets in listed.items() if any(t.unit == said.unit for t in targets)]
    if said.unit != "%" or len(agreeing) < 2:
        return
    for name, targets in listed.items():
        if _COUNTED.search(name) and all(t.unit != "%" for t in targets):
            yield Finding(
                f"{clause.passage.label}把“{name}”和别的指标一起写成 {said.number}%，"
                f"项目绩效指标的指标值是“{targets[0].words}”",
                clause.passage.path,
                hint=f"请单独写明“{name}”的指标值。",
                sides=(
                    Side(f"正文 {clause.passage.label}：{name}", said.number, clause.passage.path),
                    *(Side(f"指标值 {t.words}", t.number, t.path) for t in targets[:5]),
                ),
                involved=(clause.spot, clause.passage.path, *(t.path for t in targets)),
                quote=name,
            )
