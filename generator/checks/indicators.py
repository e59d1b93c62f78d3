"""PRF104 to PRF111, PRF115, PRF118: a goal or an indicator by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from generator.checks.projects import (
    LIST_NUMBER,
    Spot,
    Wording,
    called,
    cut,
    has,
    judged,
    ordinals,
    rows_where,
    tell,
    word_list,
)
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.checks.values import Value, dates, fold
from generator.money import plain

# --- PRF104, PRF105: filled in ------------------------------------------------------------------

_TO_FILL_IN: Final = {
    "三级指标": "level3",
    "绩效指标描述": "description",
    "指标值": "value",
    "指标值确定依据": "basis",
}


def blanks(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF104."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for columns, row in judged(subject, _blank_columns):
        for column in columns:
            found[row.project, column].append(row.number)
    spots = [
        Spot(i, f"第{ordinals(rows)}条的{column}", ("项目", i, "绩效指标", row, column))
        for (i, column), rows in found.items()
        for row in rows
    ]
    yield from tell(subject, spots, "的绩效指标没有填完", "请补上空着的格。")


def _blank_columns(said: Wording) -> list[str]:
    return [c for c, field in _TO_FILL_IN.items() if not getattr(said.indicator, field)]


_SLOT = re.compile(
    r"_{2,}|(?<![A-Za-z0-9])(?:[Xx]{2,}|×{2,})(?![A-Za-z0-9])|\{\{|\}\}|\{%|[×Xx]月[×Xx]日"
)


def placeholders(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF105: words of the blank form that stand where a goal or an indicator should."""
    left_over = _finder(*(word_list(subject, n) for n in ("占位整格", "占位开头", "空着的词")))
    for i, project in enumerate(subject.disclosure.projects):
        for j, goal in enumerate(project.goals):
            found = left_over(goal)
            if found is not None:
                what = f"里留有格式文字“{found}”" if found else "是空的，只有编号"
                yield Finding(
                    f"{called(subject, i)}的绩效目标{what}：{cut(goal)}",
                    ("项目", i, "绩效目标", j),
                    hint="请写这个项目要达到的具体目标。",
                    quote=found or goal,
                )

    def left(said: Wording) -> list[tuple[str, str]]:
        cells = ((c, left_over(getattr(said.indicator, f))) for c, f in _TO_FILL_IN.items())
        return [(column, words) for column, words in cells if words]

    spots = [
        Spot(row.project, f"第{row.number + 1}条的{column}“{words}”", row.path(column))
        for cells, row in judged(subject, left)
        for column, words in cells
    ]
    yield from tell(subject, spots, "的绩效指标里留有格式文字", "请填写实际内容。", gather=False)


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
        said = LIST_NUMBER.sub("", folded)
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


# --- PRF106 to PRF111: a value that fits its indicator ------------------------------------------


def counts(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF106: what names a count or an amount has a percentage; a plain rate is let pass."""
    ends = word_list(subject, "数量词尾")
    rates = word_list(subject, "比率词尾")
    found = rows_where(
        subject,
        lambda said: (
            "数量" in said.kind
            and said.name.endswith(ends)
            and not said.description.endswith(rates)
            and said.value is not None
            and said.value.is_percent
        ),
    )
    yield from tell(
        subject,
        [row.spot() for row in found],
        "的数量指标说的是数量或金额，指标值却是百分比",
        "请填具体的数和单位（次、人、套、万元）；要考核比率的，把三级指标改成“……率”。",
    )


def directions(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF107: ≥ where less is better, ≤ where more is."""
    low, high = word_list(subject, "越低越好词尾"), word_list(subject, "越高越好词尾")
    not_low = word_list(subject, "越低越好除外词")
    is_limit = _limit_of_time(subject)
    costs = word_list(subject, "成本类指标")
    saved = word_list(subject, "成本可用比率")

    def fault(said: Wording) -> str:
        name, value = said.name, said.value
        if value is None or value.exact:
            return ""
        if value.only_from_below:
            if name.endswith(low) and not has(name, not_low):
                return "低"
            if is_limit(said, value):
                return "时"
            return "成本" if said.kind in costs and value.in_wan and not has(name, saved) else ""
        return "高" if value.only_from_above and value.is_percent and name.endswith(high) else ""

    faults = judged(subject, fault)
    for kind, what, hint in (
        ("低", "的指标越低越好，指标值却是下限", "请改为上限，如 ≤1%。"),
        ("时", "的完成时限是下限，等于越晚越好", "请改为上限，如 ≤1年，或写明完成的日期。"),
        ("成本", "的成本是下限，等于越贵越好", "请改为上限，如 ≤5万元。"),
        ("高", "的指标越高越好，指标值却是上限", "请改为下限，如 ≥95%。"),
    ):
        yield from tell(subject, [row.spot() for one, row in faults if one == kind], what, hint)


def _limit_of_time(subject: Subject) -> Callable[[Wording, Value], bool]:
    """Whether an indicator is about how long something may take at most."""
    ends, others = word_list(subject, "时限词尾"), word_list(subject, "时限除外词")
    units = word_list(subject, "时间单位")
    return lambda said, value: (
        "时效" in said.kind
        and value.unit in units
        and said.name.endswith(ends)
        and not has(said.name, others)
    )


def own_rows(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF108: an indicator stands in the row of its own kind."""
    satisfied = word_list(subject, "满意用语")
    found = rows_where(
        subject,
        lambda said: (
            ("满意" in said.kind or "满意" in said.indicator.level1)
            and said.name
            and not has(said.name + said.description, satisfied)
        ),
    )
    yield from tell(
        subject,
        [row.spot("三级指标") for row in found],
        "的满意度指标说的不是满意度",
        "请写服务对象的满意度，如“群众满意度”。",
    )
    yield from tell(
        subject,
        list(_misplaced(subject)),
        "的效益指标放错了行",
        "请按内容放到相应的二级指标，或改写三级指标。",
    )
    found = rows_where(
        subject,
        lambda said: (
            "时效" in said.kind
            and "实效" in (words := said.name + said.description)
            and "时效" not in words
        ),
    )
    spots = [row.spot("绩效指标描述") for row in found]
    yield from tell(subject, spots, "的时效指标把“时效”写成了“实效”", "请把“实效”改为“时效”。")


_BENEFITS: Final = ("经济效益", "社会效益", "生态效益", "可持续影响")


def _misplaced(subject: Subject) -> Iterator[Spot]:
    """Benefits that name another kind than their row's, and nothing of their own."""
    own_words = {kind: word_list(subject, f"{kind}的词") for kind in _BENEFITS}
    lasting = frozenset(word_list(subject, "可持续的名称"))

    def named_in(said: Wording) -> str | None:
        kinds = [kind for kind in _BENEFITS if kind in said.kind]
        if len(kinds) != 1 or has(said.name, own_words[kinds[0]]):
            return None
        if other := next((k for k in _BENEFITS if k != kinds[0] and k in said.name), None):
            return other
        return "可持续影响" if kinds[0] != "可持续影响" and said.name in lasting else None

    for named, row in judged(subject, named_in):
        text = f"{row.indicator.level2}“{cut(row.indicator.level3)}”（说的是{named}）"
        yield Spot(row.project, text, row.path("三级指标"))


def measures(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF109: the unit fits what is measured; a unit that no list knows is not judged."""
    known = frozenset(word_list(subject, "指标值单位"))
    rates, no_rates = word_list(subject, "比率词尾"), word_list(subject, "非百分比的率")
    units = {
        "天数": frozenset(word_list(subject, "天数的单位")),
        "金额": frozenset(word_list(subject, "金额的单位")),
    }

    def fault(said: Wording) -> str:
        name, value = said.name, said.value
        if value is None:
            return ""
        if value.unit == "百分比":
            return "worded"
        unit = value.unit.partition("/")[0]
        is_rate = name.endswith(rates) and not name.endswith(no_rates)
        if is_rate and not unit and value.number > 1:
            return "bare"
        fits = next((allowed for end, allowed in units.items() if name.endswith(end)), known)
        is_unfit = unit in known and not value.is_percent and (is_rate or unit not in fits)
        return "unfit" if is_unfit else ""

    faults = judged(subject, fault)
    for kind, what, hint in (
        ("unfit", "的指标值单位与指标不符", "请改用相符的单位，或改写三级指标。"),
        ("worded", "的指标值把 % 写成了“百分比”", "请写成 95% 这样。"),
        ("bare", "的比率没有写 %", "请在数后面加上 %。"),
    ):
        yield from tell(subject, [row.spot() for one, row in faults if one == kind], what, hint)


def hundred(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF110: only rates that cannot be more than all; what grows may be."""
    ends = word_list(subject, "不超过百分之百的词尾")
    growth = word_list(subject, "增长用语")
    found = rows_where(
        subject,
        lambda said: (
            said.value is not None
            and said.value.is_percent
            and said.value.number > 100
            and said.name.endswith(ends)
            and not has(said.name + said.description, growth)
        ),
    )
    yield from tell(
        subject,
        [row.spot() for row in found],
        "的百分比大于 100%",
        "请核对指标值，是不是多写了一位。",
        gather=False,
    )


def costs_in_money(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF111; rates of saving and the like may be percentages."""
    kinds = word_list(subject, "成本类指标")
    rates = word_list(subject, "成本可用比率")
    found = rows_where(
        subject,
        lambda said: (
            said.kind in kinds
            and said.value is not None
            and said.value.is_percent
            and not has(said.name, rates)
        ),
    )
    yield from tell(
        subject,
        [row.spot() for row in found],
        "的成本指标是百分比，不是金额",
        "请填金额的上限，如 ≤5万元、≤200元/本；预算执行率不是成本。",
    )


# --- PRF115, PRF118: dates, satisfaction --------------------------------------------------------


def in_the_year(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF115: the dates by which something is to be done."""

    def fault(said: Wording) -> str:
        named = list(dates(said.indicator.value)) if "时效" in said.kind else []
        if any(not day.exists for day in named):
            return "wrong"
        return "outside" if named and all(day.year != subject.year for day in named) else ""

    faults = judged(subject, fault)
    wrong = [row.spot() for one, row in faults if one == "wrong"]
    yield from tell(
        subject,
        [row.spot() for one, row in faults if one == "outside"],
        f"的完成日期不在 {subject.year} 年度",
        f"请改为 {subject.year} 年的日期；是上年留下的，请一并核对其他指标。",
    )
    yield from tell(subject, wrong, "有不存在的日期", "请核对月和日。")


def satisfaction(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """PRF118; more than 100 % is PRF110."""
    limit = rule.limit if rule.limit is not None else Decimal(80)
    found = rows_where(
        subject,
        lambda said: (
            "满意" in said.kind
            and "满意" in said.name
            and said.value is not None
            and said.value.is_percent
            and said.value.number < limit
        ),
    )
    yield from tell(
        subject,
        [row.spot() for row in found],
        f"的满意度目标低于 {plain(limit)}%",
        "请核对；满意度目标一般在 80% 到 100% 之间。",
    )
