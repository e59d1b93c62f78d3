"""Lists in the text: projects with their amounts, the items of 机关运行经费; and what is left over.

An amount that no rule could tie to anything and that no figure of the data explains is listed as
unverified, once for a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Final

from generator.balance import MEASURES
from generator.checks.account import BUDGET_SLOTS, Account, Said, account
from generator.checks.classes import named
from generator.checks.prose import Kind, amounts
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.disclosure.rows import Project
from generator.money import CENT, ZERO, fixed, short
from generator.problem import Path, Side

__all__ = ["BUDGET_SLOTS", "List", "is_slip", "lists", "projects", "running_costs", "unverified"]

_WIDTHS: Final = str.maketrans(
    "（）［］【】〔〕，：；“”‘’＂．－—０１２３４５６７８９", '()[][][],:;""\'\'".--0123456789'
)
_ENDING: Final = re.compile(r"(?:专项)?(?:项目|经费|费用|费|资金)$")
_SIMILAR: Final = 0.55
_TOTAL_COST: Final = re.compile(r"总成本|总额|总金额|总费用|总经费|项目成本")
_UNIT_COST: Final = re.compile(r"每|人均|户均|单位|单价|标准")


def fold(name: str) -> str:
    """A name without differences of width, quotes, blanks and a trailing 项目."""
    return re.sub(r"[\s\"']", "", name.translate(_WIDTHS)).removesuffix("项目")


def bare(name: str) -> str:
    """The name without its ending, for names that differ by 经费, 费 or 项目 only."""
    folded = fold(name)
    return _ENDING.sub("", _ENDING.sub("", folded)) or folded


def is_slip(printed: Decimal, wanted: Decimal) -> bool:
    """One is the other with a digit wrong, doubled, dropped, two swapped, or the point moved."""
    if printed == wanted or printed < 0 or wanted < 0:
        return False
    if abs(printed - wanted) in (CENT, Decimal(1)):
        return True
    a, b = (fixed(value).replace(".", "").lstrip("0") for value in (printed, wanted))
    if not a or not b:
        return False
    if a.rstrip("0") == b.rstrip("0"):
        return True
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        if len(wrong) == 1:
            return True
        return len(wrong) == 2 and sorted(a[i] for i in wrong) == sorted(b[i] for i in wrong)
    long, short_ = (a, b) if len(a) > len(b) else (b, a)
    return len(long) - len(short_) == 1 and any(
        long[:i] + long[i + 1 :] == short_ for i in range(len(long))
    )


@dataclass(frozen=True)
class List:
    """The items that a paragraph lists below 项目支出 or 机关运行经费."""

    head: Said
    items: tuple[Said, ...]
    subject: Subject
    is_open: bool  # “等” follows: there may be more

    @property
    def total(self) -> Decimal:
        return sum((item.meant for item in self.items), ZERO)

    @property
    def whole(self) -> Decimal:
        """What the items must add up to: the figure of the tables where there is one."""
        return self.head.value if self.head.figure is None else self.head.figure

    @property
    def side(self) -> Side:
        if self.head.tie is None or self.head.figure is None:
            return self.head.side
        return Side(self.head.tie.label, self.whole, (self.head.tie.sheet,))

    @cached_property
    def matched(self) -> dict[int, int]:
        """Which item names which project, by their numbers; each project at most once."""
        found: dict[int, int] = {}
        left = dict(enumerate(self.subject.disclosure.projects))
        for key in (fold, bare):
            names: dict[str, list[int]] = {}
            for i, project in left.items():
                names.setdefault(key(project.name), []).append(i)
            for at, item in enumerate(self.items):
                same = names.get(key(item.statement.name), [])
                if at not in found and len(same) == 1 and same[0] in left:
                    found[at] = same[0]
                    del left[same[0]]
        return found

    @property
    def is_of_projects(self) -> bool:
        """It lists the projects of the input, by its names or by their number."""
        count = len(self.subject.disclosure.projects)
        return bool(count) and 2 * len(self.matched) >= len(self.items)

    @property
    def is_nested(self) -> bool:
        """Some items are parts of others: their sum says nothing."""
        for before, after in pairwise(self.items):
            name = after.statement.name
            between = after.passage.text[before.statement.end : after.statement.start]
            opened = name.startswith(("（", "(")) and not name.endswith(("）", ")"))
            if opened or re.search(r"其中|包括|包含|主要|[（(]", between):
                return True
        return False

    @property
    def is_complete(self) -> bool:
        """Every project is in it: the amounts must add up."""
        count = len(self.subject.disclosure.projects)
        return self.is_of_projects and not self.is_open and len(self.items) >= count


def lists(told: Account, head: str) -> Iterator[List]:
    """The lists below a subject, one for each paragraph."""
    for paragraph in told.paragraphs:
        items = tuple(
            said
            for said in paragraph
            if said.statement.head == head
            and not said.statement.subject
            and said.statement.kind is Kind.LEVEL
            and said.is_exact
            and said.statement.amount is not None
            and said.statement.amount.is_money
        )
        above = [
            said
            for said in paragraph
            if said.statement.subject == head
            and said.statement.kind is Kind.LEVEL
            and items
            and said.statement.start < items[0].statement.start
        ]
        if items and above:
            text = items[-1].passage.text
            after = text[items[-1].statement.end : items[-1].statement.end + 3]
            yield List(above[-1], items, told.subject, "等" in after or "等" in above[-1].quote)


# --- projects -----------------------------------------------------------------------------------


def projects(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR109: each listed project has its amount, and together they are 项目支出."""
    told = account(subject)
    for made in lists(told, "项目支出"):
        whole = made.whole
        slack = sum((item.slack for item in made.items), ZERO) if told.rounds else ZERO
        difference = made.total - whole
        for item, own, number in _wrong_items(made):
            difference -= item.meant - own
            yield _wrong_item(made, item, own, number)
        if abs(difference) <= slack or (difference < 0 and not made.is_complete):
            continue
        if made.is_nested:
            continue
        if difference != made.total - whole and all(_own(made, at) for at in made.matched):
            continue  # the projects' own amounts do not add up: PRF114
        repaired = _repaired(made, difference)
        large = [item for item in made.items if item.meant > whole and len(made.items) > 1]
        if len(large) == 1 and repaired is not None and repaired[0] is large[0]:
            yield _oversize(made, *repaired)
        else:
            yield _list_sum(made, large[0] if large else None, repaired)


def _own(made: List, at: int) -> Decimal | None:
    number = made.matched.get(at)
    return None if number is None else own_amount(made.subject.disclosure.projects[number])


def _wrong_items(made: List) -> Iterator[tuple[Said, Decimal, int]]:
    """The items that differ from their own project: item, the project's amount and number."""
    for at, number in made.matched.items():
        own, item = _own(made, at), made.items[at]
        if own is not None and abs(item.meant - own) > item.slack:
            yield item, own, number


def _repaired(made: List, difference: Decimal) -> tuple[Said, Decimal] | None:
    """The one item that a slip of the hand could have made too large or too small by this."""
    found = [
        (item, item.meant - difference)
        for item in made.items
        if item.meant >= difference and is_slip(item.meant, item.meant - difference)
    ]
    if len(found) > 1:
        found = [one for one in found if one[0].meant > made.whole]
    return found[0] if len(found) == 1 else None


def own_amount(project: Project) -> Decimal | None:
    """The amount of a project: its own, else that of a cost indicator that is clearly the total."""
    if project.amount is not None:
        return project.amount
    costs = [row for row in project.indicators if row.level2 == "成本指标"]
    if len(costs) != 1 or not _TOTAL_COST.search(costs[0].level3):
        return None
    if _UNIT_COST.search(f"{costs[0].level3}{costs[0].description}"):
        return None
    found = [a for a in amounts(costs[0].value) if a.unit == "万元"]
    exact = len(found) == 1 and re.fullmatch(r"\s*[=＝]?\s*", costs[0].value[: found[0].start])
    return found[0].value if exact else None


def _wrong_item(made: List, item: Said, own: Decimal, number: int) -> Finding:
    project = made.subject.disclosure.projects[number]
    path: Path = ("项目", number, "金额") if project.amount is not None else ("项目", number)
    label = f"项目“{project.name}”"
    return Finding(
        f"{item.passage.label}写“{item.quote}”，{label}的金额是 {fixed(own)} 万元，"
        f"相差 {fixed(abs(item.meant - own))} 万元",
        item.passage.path,
        expected=own,
        actual=item.meant,
        tolerance=item.slack,
        hint=f"请把正文改为 {short(own)}万元，或核对项目的金额。",
        sides=(item.side, Side(label, own, path)),
        evidence=tuple(_with(made, item, own)),
        involved=(item.spot, item.passage.path, path),
        quote=item.quote,
    )


def _with(made: List, item: Said, value: Decimal) -> Iterator[str]:
    """The list's sum with another value for an item, where that makes it right."""
    rest = made.total - item.meant
    if rest + value == made.whole:
        others = f"其余 {len(made.items) - 1} 项 {short(rest)}"
        yield f"{others} + {short(value)} = {short(made.whole)} ✓"
        yield f"{others} + {short(item.meant)} = {short(made.total)} ✗（≠ {short(made.whole)}）"


def _oversize(made: List, item: Said, repaired: Decimal) -> Finding:
    return Finding(
        f"{item.passage.label}写“{item.quote}”，比全部项目支出 {fixed(made.whole)} 万元还多，"
        f"应为 {fixed(repaired)} 万元，相差 {fixed(abs(item.meant - repaired))} 万元",
        item.passage.path,
        expected=repaired,
        actual=item.meant,
        tolerance=ZERO,
        hint=f"改为 {short(repaired)}万元，各项目合计就等于项目支出；请核对。",
        sides=(item.side, made.side),
        evidence=tuple(_with(made, item, repaired)),
        involved=(item.spot, item.passage.path, *(i.spot for i in made.items if i is not item)),
        quote=item.quote,
    )


def _list_sum(made: List, large: Said | None, repaired: tuple[Said, Decimal] | None) -> Finding:
    difference = made.total - made.whole
    hint = "请逐项核对列出的金额。"
    if repaired is not None:
        item, value = repaired
        hint = f"“{item.quote}”改为 {short(value)}万元，合计就等于项目支出；请核对。"
    elif large is not None:
        hint = f"“{large.quote}”比全部项目支出还多，请先核对它。"
    first = repaired[0] if repaired is not None else large
    return Finding(
        f"{made.head.passage.label}列出的 {len(made.items)} 个项目合计 {fixed(made.total)} 万元，"
        f"{made.side.label} {fixed(made.whole)} 万元，相差 {fixed(abs(difference))} 万元",
        made.head.passage.path,
        expected=made.whole,
        actual=made.total,
        tolerance=ZERO,
        hint=hint,
        sides=(Side("正文 各项目合计", made.total, made.head.passage.path), made.side),
        addends=tuple(Side(i.quote, i.meant, i.passage.path) for i in made.items),
        evidence=tuple(_with(made, *repaired)) if repaired is not None else (),
        involved=(
            *((first.spot,) if first is not None else ()),
            *(item.spot for item in made.items if item is not first),
            *(made.head.spot, made.head.passage.path),
        ),
        quote=(first or made.head).quote,
    )


def proof_of_unit(told: Account, said: Said) -> Iterator[str]:
    """That the list adds up only if the amount is in 万元."""
    for made in lists(told, "项目支出"):
        if any(item is said for item in made.items):
            yield from list(_with(made, said, said.meant))[:1]


# --- 机关运行经费 -------------------------------------------------------------------------------


def running_costs(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR111: each item of 机关运行经费 is its row of table 6, and together they are the total."""
    told = account(subject)
    rows = _public_rows(subject)
    for made in lists(told, "机关运行经费"):
        wrong = []
        for item in made.items:
            found = rows.get(fold(item.statement.name))
            if found is not None and abs(item.meant - found[1]) > item.slack:
                wrong.append(item)
                yield _running_item(item, *found)
        whole = made.head.value
        difference = made.total - whole
        slack = sum((i.slack for i in made.items), ZERO) if told.rounds else ZERO
        complete = not made.is_open and len(made.items) >= len(rows)
        if wrong or made.head.is_wrong or made.is_nested or abs(difference) <= slack:
            continue
        if difference > 0 or complete:
            yield _running_sum(made)


def _public_rows(subject: Subject) -> dict[str, tuple[str, Decimal, Path]]:
    """Folded name → name, 公用经费 and cell of each row of table 6 that has any."""
    names = subject.disclosure.economic_names
    found: dict[str, tuple[str, Decimal, Path]] = {}
    for i, row in enumerate(subject.disclosure.basic):
        if row.is_leaf and row.public:
            listed = subject.pack.economic.get(row.code)
            name = row.name or names.get(row.code) or (listed.name if listed else row.code)
            amount = subject.figures.get("economic.public", row.code)
            found[fold(name)] = (name, amount, ("基本支出", i, "公用经费"))
    return found


def _running_item(item: Said, name: str, amount: Decimal, path: Path) -> Finding:
    return Finding(
        f"{item.passage.label}写“{item.quote}”，表6 {name} 公用经费 {fixed(amount)} 万元，"
        f"相差 {fixed(abs(item.meant - amount))} 万元",
        item.passage.path,
        expected=amount,
        actual=item.meant,
        tolerance=item.slack,
        hint=f"请把正文改为 {short(amount)}万元，或核对基本支出。",
        sides=(item.side, Side(f"表6 {name}", amount, path)),
        involved=(item.spot, item.passage.path, path),
        quote=item.quote,
    )


def _running_sum(made: List) -> Finding:
    whole = made.head.value
    return Finding(
        f"{made.head.passage.label}列出的 {len(made.items)} 项合计 {fixed(made.total)} 万元，"
        f"机关运行经费 {fixed(whole)} 万元，相差 {fixed(abs(made.total - whole))} 万元",
        made.head.passage.path,
        expected=whole,
        actual=made.total,
        tolerance=ZERO,
        hint="请逐项核对列出的金额。",
        sides=(
            Side("正文 各项合计", made.total, made.head.passage.path),
            made.head.side,
        ),
        addends=tuple(Side(i.quote, i.meant, i.passage.path) for i in made.items),
        involved=(*(i.spot for i in made.items), made.head.spot, made.head.passage.path),
        quote=made.head.quote,
    )


# --- what is left over --------------------------------------------------------------------------


def unverified(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR901: the amounts of a paragraph that nothing in the data explains, in one finding."""
    told = account(subject)
    open_ = [p for p in ([s for s in said if _is_open(s)] for said in told.paragraphs) if p]
    if not open_:
        return
    known = _known(subject, told)
    compared = {id(said) for made in told.sums for said in made.members}
    compared |= {id(said) for said, _ in named(told)}
    compared |= {id(item) for made in lists(told, "项目支出") for item in made.items}
    compared |= {id(item) for made in lists(told, "机关运行经费") for item in made.items}
    for paragraph in open_:
        left = [s for s in paragraph if id(s) not in compared and abs(s.meant) not in known]
        if left:
            yield _left(left)


def _is_open(said: Said) -> bool:
    """An amount of money that no rule compares with anything."""
    statement = said.statement
    return (
        statement.amount is not None
        and statement.amount.is_money
        and statement.amount.unit != "万"  # of people, perhaps
        and bool(said.value)
        and said.tie is None
        and not (statement.kind is Kind.CHANGE and statement.subject and not statement.reason)
        and statement.subject != "拟购置固定资产"
        and statement.kind is not Kind.BLANK
    )


def _known(subject: Subject, told: Account) -> set[Decimal]:
    """Every figure of the data, the changes since last year, and sums of two listed items."""
    disclosure, figures = subject.disclosure, subject.figures
    known = {
        figures.get(measure, row) for measure in MEASURES for row in ("", *figures.rows([measure]))
    }
    known |= {p.amount for p in disclosure.projects if p.amount is not None}
    for row in disclosure.procurement:
        known |= {v for v in (row.amount, row.project_budget, row.total, row.unit_price) if v}
    known |= {asset.value for asset in disclosure.assets if asset.value is not None}
    last = [row.amount for row in disclosure.last_year if row.amount is not None]
    known |= set(last)
    if disclosure.basics.special_public is not None:
        known.add(disclosure.basics.special_public)
    known |= {made.head.value for made in lists(told, "项目支出")}
    for made in lists(told, "项目支出"):
        values = [item.meant for item in made.items[:60]]
        known |= set(values)
        known |= {a + b for i, a in enumerate(values) for b in values[i + 1 :]}
    return known


def _left(left: Sequence[Said]) -> Finding:
    quotes = "、".join(f"“{said.quote}”" for said in left[:10])
    more = f"等 {len(left)} 个金额" if len(left) > 10 else f"{len(left)} 个金额"
    return Finding(
        f"{left[0].passage.label}有 {more}在预算数据里找不到来源：{quotes}",
        left[0].passage.path,
        hint="程序核对不了这些数，请人工核对。",
        sides=tuple(said.side for said in left[:10]),
        involved=(*(said.spot for said in left), left[0].passage.path),
        quote=left[0].quote,
    )


def nearest(name: str, names: Sequence[str]) -> str:
    """The most similar of the names, or nothing."""
    folded = {fold(other): other for other in names}
    found = get_close_matches(fold(name), list(folded), n=1, cutoff=_SIMILAR)
    return folded[found[0]] if found else ""
