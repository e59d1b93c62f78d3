"""PRF: performance targets. Words that a rule looks for are lists of the pack.

The same fault in several rows of a project is one finding; in more than :data:`MANY` projects it
is one finding for all of them, at the first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.subject import Subject
from generator.checks.values import Value, dates, fold, parse
from generator.disclosure import Project
from generator.disclosure.rows import Indicator
from generator.money import CENT, ZERO, fixed, plain
from generator.problem import Path, Side

MANY: Final = 5
_SHOWN: Final = 12  # different rows that one message lists
_SLACK: Final = Decimal("1.01")  # 1 %: values of indicators are rounded

# --- rows and where they stand -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """An indicator, its place, and its cells as the rules compare them.

    ``name``: what it measures, without the unit in brackets at the end: 出勤率（%） → 出勤率.
    """

    project: int
    number: int
    indicator: Indicator
    kind: str
    name: str
    description: str
    value: Value | None

    def path(self, column: str = "指标值") -> Path:
        return ("项目", self.project, "绩效指标", self.number, column)

    def spot(self, column: str = "指标值") -> _Spot:
        shown = self.indicator.level3 or self.indicator.description
        text = (
            f"“{_cut(shown)}”{self.indicator.value}" if column == "指标值" else f"“{_cut(shown)}”"
        )
        return _Spot(self.project, text, self.path(column))


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return re.sub(r"\([^()]*\)$", "", fold(text))


def _cut(text: str, length: int = 30) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _rows(subject: Subject) -> tuple[_Row, ...]:
    """Every indicator of a disclosure, read once: most rules look at all of them."""
    kept = vars(subject)
    if "indicators" not in kept:
        kept["indicators"] = tuple(_read(subject.disclosure.projects))
    rows: tuple[_Row, ...] = kept["indicators"]
    return rows


def _read(projects: Iterable[Project]) -> Iterator[_Row]:
    for i, project in enumerate(projects):
        for j, row in enumerate(project.indicators):
            name, about = _bare(row.level3 or row.description), _bare(row.description)
            yield _Row(i, j, row, fold(row.level2), name, about, parse(row.value))


def _words(subject: Subject, name: str) -> tuple[str, ...]:
    return subject.pack.lists.get(name, ())


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


# --- telling it ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place with a fault, and how the message calls it."""

    project: int
    text: str
    path: Path


def _tell(
    subject: Subject, spots: Iterable[_Spot], what: str, hint: str, *, gather: bool = True
) -> Iterator[Finding]:
    """One finding for each project, or one for all where there are many."""
    by_project: dict[int, list[_Spot]] = defaultdict(list)
    for spot in spots:
        by_project[spot.project].append(spot)
    if gather and len(by_project) > MANY:
        every = [spot for found in by_project.values() for spot in found]
        message = f"{len(by_project)} 个项目{what}：{_listed(every)}"
        yield _finding(message, every, hint)
        return
    for i, found in by_project.items():
        texts = list(dict.fromkeys(spot.text for spot in found))
        more = f"等 {len(texts)} 处" if len(texts) > _SHOWN else ""
        yield _finding(
            f"{_named(subject, i)}{what}：{'、'.join(texts[:_SHOWN])}{more}", found, hint
        )


def _finding(message: str, spots: list[_Spot], hint: str) -> Finding:
    involved = tuple(spot.path for spot in spots)
    return Finding(message, spots[0].path, hint=hint, involved=involved)


def _listed(spots: list[_Spot]) -> str:
    """The same words of several projects once: 项目1–6、9“人员管理成本”≥95%；项目7…."""
    projects: dict[str, list[int]] = defaultdict(list)
    for spot in spots:
        projects[spot.text].append(spot.project)
    parts = [f"项目{_numbers(where)}{text}" for text, where in projects.items()]
    more = f"等 {len(parts)} 种" if len(parts) > _SHOWN else ""
    return "；".join(parts[:_SHOWN]) + more


def _numbers(positions: Iterable[int]) -> str:
    """0, 1, 2, 5 → 1–3、6."""
    runs: list[list[int]] = []
    for position in sorted(set(positions)):
        if runs and position == runs[-1][1] + 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return "、".join(f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in runs)


def _named(subject: Subject, project: int) -> str:
    return f"项目{project + 1}“{_cut(subject.disclosure.projects[project].name)}”"


# --- PRF101 to PRF105: whole and filled in -------------------------------------------------------

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
                f"{_named(subject, i)}与项目{first + 1}只差括号、引号或空格，是同一个名称",
                path,
                hint="同一个项目只列一次；不同的项目请在名称上分清。",
                involved=(path, ("项目", first, "项目名称")),
            )
        if found := _OWN_NUMBER.match(project.name):
            yield Finding(
                f"{_named(subject, i)}的名称自带编号“{found[0]}”，公开时会编两次号",
                path,
                hint="请删去名称前面的编号，程序按顺序编号。",
                quote=found[0],
            )
        if folded.endswith(("绩效目标表", "绩效目标")):
            yield Finding(
                f"{_named(subject, i)}的名称带有“绩效目标”，标题里会写两遍",
                path,
                hint="项目名称只写项目本身，标题里的“绩效目标表”由程序加上。",
            )


def parts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF102."""
    spots = []
    for i, project in enumerate(subject.disclosure.projects):
        given = {fold(row.level1 + row.level2) for row in project.indicators}
        lacking = [
            f"{part}指标"
            for part in ("产出", "效益", "满意度")
            if given and not any(part in kind for kind in given)
        ]
        if lacking:
            spots.append(_Spot(i, "、".join(lacking), ("项目", i, "项目名称")))
    yield from _tell(
        subject,
        spots,
        "缺少必设的一级指标",
        "请补上缺少的指标；确实不适用的，补一行并写“无”和原因。",
    )


def outputs(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF103; a row whose 二级指标 is blank may be any of the four."""
    spots = []
    for i, project in enumerate(subject.disclosure.projects):
        kinds = [fold(row.level1 + row.level2) for row in project.indicators]
        if not any("产出" in kind for kind in kinds) or not all(
            row.level2 for row in project.indicators
        ):
            continue
        lacking = [
            f"{part}指标"
            for part in ("数量", "质量", "时效", "成本")
            if not any(part in kind for kind in kinds)
        ]
        if lacking:
            spots.append(_Spot(i, "、".join(lacking), ("项目", i, "项目名称")))
    yield from _tell(
        subject, spots, "的产出缺少二级指标", "数量、质量、时效、成本各设一条以上；请补上。"
    )


_TO_FILL_IN: Final = {
    "三级指标": "level3",
    "绩效指标描述": "description",
    "指标值": "value",
    "指标值确定依据": "basis",
}


def blanks(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF104."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in _rows(subject):
        cells = row.indicator
        if cells.level3 and cells.description and cells.value and cells.basis:
            continue
        for column, field in _TO_FILL_IN.items():
            if not getattr(cells, field):
                found[row.project, column].append(row.number)
    spots = [
        _Spot(i, f"第{_numbers(rows)}条的{column}", ("项目", i, "绩效指标", row, column))
        for (i, column), rows in found.items()
        for row in rows
    ]
    yield from _tell(subject, spots, "的绩效指标没有填完", "请补上空着的格。")


_LIST_NUMBER = re.compile(r"^\(?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:[)、:]+|\.(?![0-9]))+")
_SLOT = re.compile(
    r"_{2,}|(?<![A-Za-z0-9])(?:[Xx]{2,}|×{2,})(?![A-Za-z0-9])|\{\{|\}\}|\{%|[×Xx]月[×Xx]日"
)


def placeholders(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF105: words of the blank form that stand where a goal or an indicator should."""
    left_over = _finder(*(_words(subject, n) for n in ("占位整格", "占位开头", "空着的词")))
    for i, project in enumerate(subject.disclosure.projects):
        for j, goal in enumerate(project.goals):
            found = left_over(goal)
            if found is not None:
                what = f"里留有格式文字“{found}”" if found else "是空的，只有编号"
                yield Finding(
                    f"{_named(subject, i)}的绩效目标{what}：{_cut(goal)}",
                    ("项目", i, "绩效目标", j),
                    hint="请写这个项目要达到的具体目标。",
                    quote=found or goal,
                )
    spots = []
    for row in _rows(subject):
        for column, field in _TO_FILL_IN.items():
            if found := left_over(getattr(row.indicator, field)):
                text = f"第{row.number + 1}条的{column}“{found}”"
                spots.append(_Spot(row.project, text, row.path(column)))
    yield from _tell(subject, spots, "的绩效指标里留有格式文字", "请填写实际内容。", gather=False)


@lru_cache(maxsize=8)
def _finder(
    whole: tuple[str, ...], start: tuple[str, ...], slots: tuple[str, ...]
) -> Callable[[str], str | None]:
    """Text → the words left over from the form, "" where nothing but a number stands, or None."""
    only = re.compile(rf"(?:{_any_of(whole)})[0-9一二三四五六七八九十]*[:.。]?")
    begins = re.compile(rf"(?:{_any_of(start)})[0-9]+")

    @lru_cache(maxsize=8192)
    def left_over(text: str) -> str | None:
        folded = fold(text)
        said = _LIST_NUMBER.sub("", folded)
        if folded and not said:
            return ""
        if whole and only.fullmatch(said):
            return said
        if start and (found := begins.match(said)):
            return found[0]
        if found := _SLOT.search(folded):
            return found[0]
        return next((slot for slot in slots if slot in folded), None)

    return left_over


def _any_of(words: tuple[str, ...]) -> str:
    """A pattern of these words; of none, where a pack has no such list, one that never fits."""
    return "|".join(map(re.escape, words)) or "(?!)"


# --- PRF106 to PRF111: a value that fits its indicator -------------------------------------------


def counts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF106: what names a count or an amount has a percentage; a plain rate is let pass."""
    ends = _words(subject, "数量词尾")
    rates = _words(subject, "比率词尾")
    spots = [
        row.spot()
        for row in _rows(subject)
        if "数量" in row.kind
        and row.name.endswith(ends)
        and not row.description.endswith(rates)
        and (value := row.value) is not None
        and value.is_percent
    ]
    yield from _tell(
        subject,
        spots,
        "的数量指标说的是数量或金额，指标值却是百分比",
        "请填具体的数和单位（次、人、套、万元）；要考核比率的，把三级指标改成“……率”。",
    )


def directions(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF107: ≥ where less is better, ≤ where more is."""
    low, high = _words(subject, "越低越好词尾"), _words(subject, "越高越好词尾")
    not_low = _words(subject, "越低越好除外词")
    faults: dict[str, list[_Spot]] = {"低": [], "高": [], "时": [], "成本": []}
    is_limit = _limit_of_time(subject)
    costs = _words(subject, "成本类指标")
    saved = _words(subject, "成本可用比率")
    for row in _rows(subject):
        value = row.value
        if value is None or value.exact:
            continue
        name = row.name
        if value.only_from_below:
            if name.endswith(low) and not _has(name, not_low):
                faults["低"].append(row.spot())
            elif is_limit(row, value):
                faults["时"].append(row.spot())
            elif row.kind in costs and value.in_wan and not _has(name, saved):
                faults["成本"].append(row.spot())
        elif value.only_from_above and value.is_percent and name.endswith(high):
            faults["高"].append(row.spot())
    for kind, what, hint in (
        ("低", "的指标越低越好，指标值却是下限", "请改为上限，如 ≤1%。"),
        ("时", "的完成时限是下限，等于越晚越好", "请改为上限，如 ≤1年，或写明完成的日期。"),
        ("成本", "的成本是下限，等于越贵越好", "请改为上限，如 ≤5万元。"),
        ("高", "的指标越高越好，指标值却是上限", "请改为下限，如 ≥95%。"),
    ):
        yield from _tell(subject, faults[kind], what, hint)


def _limit_of_time(subject: Subject) -> Callable[[_Row, Value], bool]:
    """Whether a row is about how long something may take at most."""
    ends, others = _words(subject, "时限词尾"), _words(subject, "时限除外词")
    units = _words(subject, "时间单位")
    return lambda row, value: (
        "时效" in row.kind
        and value.unit in units
        and row.name.endswith(ends)
        and not _has(row.name, others)
    )


def own_rows(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF108: an indicator stands in the row of its own kind."""
    satisfied = _words(subject, "满意用语")
    spots = [
        row.spot("三级指标")
        for row in _rows(subject)
        if ("满意" in row.kind or "满意" in row.indicator.level1)
        and row.name
        and not _has(row.name + row.description, satisfied)
    ]
    yield from _tell(
        subject,
        spots,
        "的满意度指标说的不是满意度",
        "请写服务对象的满意度，如“群众满意度”。",
    )
    yield from _tell(
        subject,
        _misplaced(subject),
        "的效益指标放错了行",
        "请按内容放到相应的二级指标，或改写三级指标。",
    )
    spots = [
        row.spot("绩效指标描述")
        for row in _rows(subject)
        if "时效" in row.kind and _has(words := row.name + row.description, ("实效",))
        if "时效" not in words
    ]
    yield from _tell(subject, spots, "的时效指标把“时效”写成了“实效”", "请把“实效”改为“时效”。")


_BENEFITS: Final = ("经济效益", "社会效益", "生态效益", "可持续影响")


def _misplaced(subject: Subject) -> Iterator[_Spot]:
    """Benefits that name another kind than their row's, and nothing of their own."""
    own_words = {kind: _words(subject, f"{kind}的词") for kind in _BENEFITS}
    lasting = frozenset(_words(subject, "可持续的名称"))
    for row in _rows(subject):
        kinds = [kind for kind in _BENEFITS if kind in row.kind]
        if len(kinds) != 1:
            continue
        kind = kinds[0]
        named = next((k for k in _BENEFITS if k != kind and k in row.name), None)
        if named is None and kind != "可持续影响" and row.name in lasting:
            named = "可持续影响"
        if named is None or _has(row.name, own_words[kind]):
            continue
        text = f"{row.indicator.level2}“{_cut(row.indicator.level3)}”（说的是{named}）"
        yield _Spot(row.project, text, row.path("三级指标"))


def measures(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF109: the unit fits what is measured; a unit that no list knows is not judged."""
    known = frozenset(_words(subject, "指标值单位"))
    rates, no_rates = _words(subject, "比率词尾"), _words(subject, "非百分比的率")
    units = {
        "天数": frozenset(_words(subject, "天数的单位")),
        "金额": frozenset(_words(subject, "金额的单位")),
    }
    unfit, worded, bare = [], [], []
    for row in _rows(subject):
        value = row.value
        if value is None:
            continue
        name = row.name
        unit = value.unit.partition("/")[0]
        is_rate = name.endswith(rates) and not name.endswith(no_rates)
        fits = next((allowed for end, allowed in units.items() if name.endswith(end)), known)
        if value.unit == "百分比":
            worded.append(row.spot())
        elif is_rate and not unit and value.number > 1:
            bare.append(row.spot())
        elif unit in known and not value.is_percent and (is_rate or unit not in fits):
            unfit.append(row.spot())
    yield from _tell(subject, unfit, "的指标值单位与指标不符", "请改用相符的单位，或改写三级指标。")
    yield from _tell(subject, worded, "的指标值把 % 写成了“百分比”", "请写成 95% 这样。")
    yield from _tell(subject, bare, "的比率没有写 %", "请在数后面加上 %。")


def hundred(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF110: only rates that cannot be more than all; what grows may be."""
    ends = _words(subject, "不超过百分之百的词尾")
    growth = _words(subject, "增长用语")
    spots = [
        row.spot()
        for row in _rows(subject)
        if (value := row.value) is not None
        and value.is_percent
        and value.number > 100
        and row.name.endswith(ends)
        and not _has(row.name + row.description, growth)
    ]
    yield from _tell(
        subject, spots, "的百分比大于 100%", "请核对指标值，是不是多写了一位。", gather=False
    )


def costs_in_money(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF111; rates of saving and the like may be percentages."""
    kinds = _words(subject, "成本类指标")
    rates = _words(subject, "成本可用比率")
    spots = [
        row.spot()
        for row in _rows(subject)
        if row.kind in kinds
        and (value := row.value) is not None
        and value.is_percent
        and not _has(row.name, rates)
    ]
    yield from _tell(
        subject,
        spots,
        "的成本指标是百分比，不是金额",
        "请填金额的上限，如 ≤5万元、≤200元/本；预算执行率不是成本。",
    )


# --- PRF112 to PRF118 ----------------------------------------------------------------------------


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
        shown = "；".join(f"项目{_numbers(group)}（{len(group)} 个）" for group in groups)
        yield Finding(
            f"超过 {plain(limit)} 个项目的绩效指标完全相同：{shown}",
            ("项目", groups[0][0], "项目名称"),
            hint="请按各项目自己的内容设指标。",
        )


def quantity_times_cost(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF113: only one quantity and one price of the same thing leave no doubt."""
    known = frozenset(_words(subject, "指标值单位"))
    per_piece = _words(subject, "单位成本用语")
    for i, project in enumerate(subject.disclosure.projects):
        if not project.amount:
            continue
        quantity = _only(project, "数量")
        price = _only(project, "成本")
        if quantity is None or price is None:
            continue
        (at, _, count), (at_price, name, cost) = quantity, price
        in_wan = cost.in_wan
        if in_wan is None or count.unit not in known or not _same_thing(name, count, cost):
            continue
        if not cost.counted and not _has(name, per_piece):
            continue
        low = _product(count.low, cost.low, in_wan)
        high = _product(count.high, cost.high, in_wan)
        path: Path = ("项目", i, "金额")
        too_little = low is not None and project.amount * _SLACK < low
        too_much = high is not None and project.amount > high * _SLACK
        bound = low if too_little else high if too_much else None
        if bound is None:
            continue
        shown = f"{project.indicators[at].value} × {project.indicators[at_price].value}"
        word = "小于" if too_little else "大于"
        paths: tuple[Path, ...] = tuple(
            ("项目", i, "绩效指标", j, "指标值") for j in (at, at_price)
        )
        yield Finding(
            f"{_named(subject, i)}的金额 {fixed(project.amount)} {word}数量乘单位成本 {shown} = "
            f"{fixed(bound)}，相差 {fixed(project.amount - bound)} 万元",
            path,
            expected=bound.quantize(CENT),
            actual=project.amount,
            tolerance=(bound * (_SLACK - 1)).quantize(CENT),
            hint="请核对数量、单位成本和项目金额；成本不止这一项的，补上其他成本指标。",
            sides=(
                Side("项目金额", project.amount, path),
                Side(f"数量 × 单位成本（{shown}）", bound.quantize(CENT), paths[1]),
            ),
            involved=(path, *paths),
        )


def _only(project: Project, kind: str) -> tuple[int, str, Value] | None:
    """The one row of a kind with its value; None where there are several or it is not certain."""
    rows = [(j, r) for j, r in enumerate(project.indicators) if kind in fold(r.level2)]
    if len(rows) != 1:
        return None
    at, row = rows[0]
    value = parse(row.value)
    return None if value is None else (at, fold(row.level3 + row.description), value)


def _same_thing(name: str, count: Value, cost: Value) -> bool:
    """元/本 of 本, 每套 of 套; without either it is not certain that the price is of one piece."""
    if cost.counted:
        return cost.counted == count.unit
    return f"每{count.unit}" in name or f"单{count.unit}" in name


def _product(count: Decimal | None, cost: Decimal | None, in_wan: Decimal) -> Decimal | None:
    return None if count is None or cost is None else count * cost * in_wan


def amounts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF114."""
    for i, project in enumerate(subject.disclosure.projects):
        if project.amount:
            yield from _total_cost(subject, i, project, project.amount)
    yield from _sum_of_projects(subject)


def _costs(subject: Subject, project: Project) -> Iterator[tuple[int, Indicator, Value]]:
    """The cost indicators that are an amount for all of something, not for a piece."""
    kinds = _words(subject, "成本类指标")
    per_piece = _words(subject, "单位成本用语")
    for j, row in enumerate(project.indicators):
        value = parse(row.value) if fold(row.level2) in kinds else None
        if (
            value is not None
            and value.in_wan is not None
            and not value.counted
            and not _has(row.level3 + row.description, per_piece)
        ):
            yield j, row, value


def _total_cost(subject: Subject, i: int, project: Project, amount: Decimal) -> Iterator[Finding]:
    totals = _words(subject, "总成本用语")
    parts = list(_costs(subject, project))
    for j, row, value in parts:
        if not _has(row.level3, totals) or value.only_from_below:
            continue  # a lower bound is PRF107
        cost = value.number * (value.in_wan or ZERO)
        agrees = abs(cost - amount) <= CENT
        rounded_up = value.only_from_above and amount <= cost <= amount * _SLACK
        if not agrees and not rounded_up:
            yield _cost_differs(subject, i, amount, cost, [j], f"“{_cut(row.level3)}”{row.value}")
    exact = [(j, value.number * (value.in_wan or ZERO)) for j, _, value in parts if value.exact]
    total = sum((cost for _, cost in exact), ZERO)
    if (
        len(exact) == len(parts)
        and total > amount + CENT
        and not any(_has(row.level3, totals) for _, row, _ in parts)
    ):
        shown = "成本指标之和" if len(exact) > 1 else "成本指标"
        yield _cost_differs(subject, i, amount, total, [j for j, _ in exact], shown)


def _cost_differs(
    subject: Subject, i: int, amount: Decimal, cost: Decimal, rows: list[int], shown: str
) -> Finding:
    path: Path = ("项目", i, "金额")
    paths: list[Path] = [("项目", i, "绩效指标", j, "指标值") for j in rows]
    return Finding(
        f"{_named(subject, i)}的金额 {fixed(amount)} 与{shown} {fixed(cost)} 不一致，"
        f"相差 {fixed(amount - cost)} 万元",
        path,
        expected=cost.quantize(CENT),
        actual=amount,
        tolerance=CENT,
        hint="请核对项目金额和成本指标，改正填错的一方。",
        sides=(Side("项目金额", amount, path), Side(shown, cost.quantize(CENT), paths[0])),
        involved=(path, *paths),
    )


def _sum_of_projects(subject: Subject) -> Iterator[Finding]:
    """Σ projects = 项目支出 of T3, to the cent: published amounts of projects add up."""
    disclosure = subject.disclosure
    known = [project.amount for project in disclosure.projects if project.amount is not None]
    spent = subject.figures.get("expenditure.project")
    if not known or len(known) < len(disclosure.projects) or not spent:
        return
    total = sum(known, ZERO)
    # Where the text tells 专项公用经费 apart, the projects may or may not include it.
    if total in (spent, spent - (disclosure.basics.special_public or ZERO)):
        return
    addends = tuple(
        Side(_named(subject, i), project.amount, ("项目", i, "金额"))
        for i, project in enumerate(disclosure.projects)
    )
    rows = tuple(
        ("支出", i, "项目支出")
        for i, row in enumerate(disclosure.expenditure)
        if row.is_leaf and row.project
    )
    yield Finding(
        f"各项目金额合计 {fixed(total)}，支出总表项目支出 {fixed(spent)}，"
        f"相差 {fixed(total - spent)} 万元",
        ("项目",),
        expected=spent,
        actual=total,
        tolerance=ZERO,
        hint="请核对各项目的金额；有没有列出的项目，请补上。",
        sides=(Side("各项目金额合计", total), Side("表3 合计 项目支出", spent)),
        addends=addends,
        evidence=tuple(_candidates(subject, total, spent)),
        involved=(*(side.path for side in addends), *rows),
    )


def _candidates(subject: Subject, total: Decimal, spent: Decimal) -> Iterator[str]:
    """A project whose cost indicator says the amount that would make the sum right."""
    for i, project in enumerate(subject.disclosure.projects):
        right = (project.amount or ZERO) + spent - total
        for _, row, value in _costs(subject, project):
            if value.exact or value.only_from_above:
                cost = value.number * (value.in_wan or ZERO)
                if cost == right:
                    yield (
                        f"{_named(subject, i)}的“{_cut(row.level3)}”是 {fixed(cost)}："
                        f"金额换成它，合计 = {fixed(spent)} ✓"
                    )


def in_the_year(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF115: the dates by which something is to be done."""
    outside, wrong = [], []
    for row in _rows(subject):
        if "时效" not in row.kind:
            continue
        named = list(dates(row.indicator.value))
        if any(not day.exists for day in named):
            wrong.append(row.spot())
        elif named and all(day.year != subject.year for day in named):
            outside.append(row.spot())
    yield from _tell(
        subject,
        outside,
        f"的完成日期不在 {subject.year} 年度",
        f"请改为 {subject.year} 年的日期；是上年留下的，请一并核对其他指标。",
        gather=False,
    )
    yield from _tell(subject, wrong, "有不存在的日期", "请核对月和日。", gather=False)


def repeated_words(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF116: one finding of each kind for the document, they are hints."""
    projects = subject.disclosure.projects
    goals = [
        _Spot(i, f"“{_cut(goal)}”", ("项目", i, "绩效目标", j))
        for i, project in enumerate(projects)
        for j, goal in enumerate(project.goals)
        if _said(goal) == _said(project.name)
    ]
    if goals:
        yield _finding(
            f"{len(goals)} 个绩效目标只是重复项目名称：{_listed(goals)}",
            goals,
            "请写这个项目要达到的结果。",
        )
    same = [
        row
        for row in _rows(subject)
        if row.indicator.description and row.indicator.description == row.indicator.level3
    ]
    if same:
        where = _numbers(row.project for row in same)
        yield Finding(
            f"{len(same)} 条指标的绩效指标描述与三级指标一字不差（项目{where}）",
            same[0].path("绩效指标描述"),
            hint="描述请写指标怎样计算或衡量什么。",
        )
    yield from _contradicting(subject)
    yield from _of_a_training(subject)


def _said(text: str) -> str:
    return _LIST_NUMBER.sub("", fold(text)).rstrip("。;,.")


def _contradicting(subject: Subject) -> Iterator[Finding]:
    """福利发放标准 described as 工资发放标准: the same but for one word of two characters."""
    for row in _rows(subject):
        name, about = row.name, row.description
        if len(name) != len(about) or name == about or len(name) < 6:
            continue
        at = [i for i, (a, b) in enumerate(zip(name, about, strict=True)) if a != b]
        if at[-1] - at[0] == 1 == len(at) - 1 and at[-1] < len(name) - 3:
            one, other = name[at[0] : at[-1] + 1], about[at[0] : at[-1] + 1]
            yield Finding(
                f"{_named(subject, row.project)}的三级指标“{_cut(row.indicator.level3)}”说“{one}”，"
                f"绩效指标描述说“{other}”",
                row.path("绩效指标描述"),
                hint="两格应说同一件事，请核对。",
                quote=row.indicator.description,
            )


def _of_a_training(subject: Subject) -> Iterator[Finding]:
    """学员 in the indicator of a meeting: copied from a training project."""
    trained = _words(subject, "培训才有的词")
    spots = []
    for row in _rows(subject):
        if not row.name.startswith("会议"):
            continue
        text = row.name + row.description
        if "培训" not in text + subject.disclosure.projects[row.project].name and (
            word := next((word for word in trained if word in text), None)
        ):
            spot = _Spot(row.project, f"“{_cut(row.indicator.level3)}”", row.path("绩效指标描述"))
            spots.append((word, spot))
    if spots:
        found = [spot for _, spot in spots]
        yield _finding(
            f"会议的指标里写了“{spots[0][0]}”，像是从培训项目照抄来的：{_listed(found)}",
            found,
            "请改成参加会议的人员。",
        )


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


def satisfaction(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF118; more than 100 % is PRF110."""
    limit = rule.limit if rule.limit is not None else Decimal(80)
    spots = [
        row.spot()
        for row in _rows(subject)
        if "满意" in row.kind
        and "满意" in row.name
        and (value := row.value) is not None
        and value.is_percent
        and value.number < limit
    ]
    yield from _tell(
        subject,
        spots,
        f"的满意度目标低于 {plain(limit)}%",
        "请核对；满意度目标一般在 80% 到 100% 之间。",
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
