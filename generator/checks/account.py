"""What the texts say, with the figures that they speak of: read once per disclosure.

:mod:`generator.checks.prose` knows what a sentence says; here each statement gets the figure of the
tables that it must equal (its tie), and the sums that the text itself makes are put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final
from weakref import ReferenceType, ref

from generator.checks import prose, special
from generator.checks.parts import Part, part_of
from generator.checks.prose import Kind, Scope, Statement
from generator.checks.subject import Passage, Subject
from generator.checks.ties import SOURCES, Tie, amount_of, ties
from generator.money import ZERO, short
from generator.problem import Path, Side

SANGONG_SLOTS: Final = ("三公总额", "三公增减", "三公出国", "三公购置", "三公运维", "三公接待")
SPENDING_SLOTS: Final = ("收入说明", "支出说明", "增减说明", "综合预算")
BUDGET_SLOTS: Final = frozenset(
    (*SPENDING_SLOTS, "机关运行经费", *SANGONG_SLOTS, "采购说明", "资产说明")
)
"""The paragraphs that speak of this budget and nothing else."""

_ANYWHERE: Final = frozenset(
    {"预算收入", "预算支出", "收支总额", "三公经费", "机关运行经费", "政府采购预算"}
)
"""Names that mean the whole department's figure in any paragraph."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in its paragraph. ``figure``: what it must equal, None when that is unknown.

    ``split``: its 项目支出 is without 专项公用经费; None where it may be.
    """

    passage: Passage
    statement: Statement
    tie: Tie | None = None
    figure: Decimal | None = None
    split: bool | None = False

    @property
    def tie_rule(self) -> str:
        return "" if self.tie is None else self.tie.rule

    @property
    def spot(self) -> Path:
        """The place of this very amount: merged findings meet here."""
        return (*self.passage.path, f"@{self.statement.start}")

    @property
    def quote(self) -> str:
        return self.passage.text[self.statement.start : self.statement.end].strip()

    @property
    def side(self) -> Side:
        return Side(f"正文 {self.passage.label}：{self.quote}", self.value, self.passage.path)

    @property
    def value(self) -> Decimal:
        """万元; of a change with its sign."""
        amount = self.statement.amount
        size = amount.value if amount is not None else ZERO
        return -size if self.statement.direction == -1 else size

    @property
    def slack(self) -> Decimal:
        return self.statement.amount.slack if self.statement.amount is not None else ZERO

    @property
    def is_exact(self) -> bool:
        """There is a figure, or the word that there is no change."""
        return self.statement.amount is not None or self.statement.direction == 0

    @property
    def in_yuan(self) -> bool:
        """“1.61元” where its neighbours are in 万元 (NAR119)."""
        amount = self.statement.amount
        return (
            amount is not None
            and amount.unit == "元"
            and ZERO < abs(amount.value) < 1
            and bool(self.statement.subject or self.statement.head)
        )

    @property
    def meant(self) -> Decimal:
        """The value, read in 万元 where 元 is a slip."""
        return self.value * 10_000 if self.in_yuan else self.value

    @property
    def is_wrong(self) -> bool:
        """It differs from its figure by more than a cut number may."""
        return (
            self.figure is not None and self.is_exact and abs(self.meant - self.figure) > self.slack
        )


@dataclass(frozen=True, slots=True)
class TextSum:
    """A total of the text and the parts that it must be the sum of."""

    rule: str
    total: Said
    parts: tuple[Said, ...]

    @property
    def difference(self) -> Decimal:
        return self.total.meant - sum((part.meant for part in self.parts), ZERO)

    @property
    def members(self) -> tuple[Said, ...]:
        return (self.total, *self.parts)

    def slack(self, rounds: bool) -> Decimal:
        """How much the sum may be off: nothing, unless this document cuts its numbers."""
        return sum((said.slack for said in self.members), ZERO) if rounds else ZERO

    def written(self, instead: Mapping[int, Decimal] | None = None) -> str:
        """The sum as an equation; ``instead``: other values for some members, by their place."""
        values = [said.meant for said in self.members]
        for at, value in (instead or {}).items():
            values[at] = value
        total, *parts = values
        terms = short(parts[0]) + "".join(
            f" {'-' if part < 0 else '+'} {short(abs(part))}" for part in parts[1:]
        )
        made = sum(parts, ZERO)
        return f"{terms} = {short(made)} " + ("✓" if made == total else f"✗（≠ {short(total)}）")


@dataclass(frozen=True)
class Account:
    """Everything that the texts of one disclosure say in figures."""

    _subject: ReferenceType[Subject]  # which keeps this: a circle would live on as garbage
    said: tuple[Said, ...] = field(default=())

    @property
    def subject(self) -> Subject:
        subject = self._subject()
        assert subject is not None, "whoever reads the account of a subject holds the subject"
        return subject

    def of(self, rule: str) -> Iterator[Said]:
        """The statements that a rule compares with its figure."""
        return (said for said in self.said if said.tie_rule == rule)

    @cached_property
    def paragraphs(self) -> tuple[tuple[Said, ...], ...]:
        """The statements, paragraph by paragraph."""
        found: dict[Path, list[Said]] = {}
        for said in self.said:
            found.setdefault(said.passage.path, []).append(said)
        return tuple(map(tuple, found.values()))

    @cached_property
    def _by_place(self) -> dict[Path, tuple[Said, ...]]:
        return {paragraph[0].passage.path: paragraph for paragraph in self.paragraphs}

    def at(self, passage: Passage) -> tuple[Said, ...]:
        """The statements of one paragraph."""
        return self._by_place.get(passage.path, ())

    @cached_property
    def rounds(self) -> bool:
        """Some number of the text is a cut one: then sums of the text may be off by that much."""
        return any(
            said.figure is not None and not said.is_wrong and said.meant != said.figure
            for said in self.said
            if said.is_exact
        )

    @cached_property
    def sums(self) -> tuple[TextSum, ...]:
        """The sums of levels that hold in the tables, so that they must hold in the text."""
        found: list[TextSum] = []
        for paragraph in self.paragraphs:
            found += _sums_of(paragraph, self.subject)
        return tuple(found)

    @cached_property
    def _sums_by_member(self) -> dict[int, list[tuple[TextSum, int]]]:
        """By identity: two statements may say the same."""
        found: dict[int, list[tuple[TextSum, int]]] = {}
        for made in self.sums:
            for at, member in enumerate(made.members):
                found.setdefault(id(member), []).append((made, at))
        return found

    def sums_with(self, said: Said) -> Sequence[tuple[TextSum, int]]:
        """The sums in which a statement is a member, and its place among their members."""
        return self._sums_by_member.get(id(said), ())


def account(subject: Subject) -> Account:
    """The account of a disclosure, worked out once: all rules of NAR and YOY read it."""
    return subject.once(_account)


def _account(subject: Subject) -> Account:
    return Account(ref(subject), tuple(_said(subject)))


def own_names(subject: Subject) -> tuple[str, ...]:
    """The names of the department, and of its only institution, longest first."""
    disclosure = subject.disclosure
    names = {disclosure.basics.name, disclosure.short_name}
    if len(disclosure.institutions) == 1:  # of several, each is a part
        names.add(disclosure.institutions[0].name)
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _said(subject: Subject) -> Iterator[Said]:
    own, known = own_names(subject), ties(subject)
    projects = [project.name for project in subject.disclosure.projects]
    names = tuple(name for name in projects if "元" in name or "%" in name or "％" in name)
    for passage in subject.passages:
        if passage.kind not in ("文字", "原因"):
            continue
        if "元" not in passage.text and passage.key not in BUDGET_SLOTS:
            continue  # nothing is said of money
        statements = prose.read(passage.text, own, names)
        yield from _of_passage(subject, passage, statements, known)


def _of_passage(
    subject: Subject,
    passage: Passage,
    statements: Sequence[Statement],
    known: Mapping[str, Tie],
) -> Iterator[Said]:
    """Each statement with its figure: that of the department, or of the part it speaks of."""
    parts: dict[tuple[str, Scope | None], Part | None] = {}
    readings = special.splits(passage.text, statements)
    for statement, split in zip(statements, readings, strict=True):
        tie = _tie_of(subject, passage, statement, known)
        figure = None if tie is None else amount_of(subject, tie)
        key = (statement.subject, statement.scope)
        if statement.kind is Kind.LEVEL or key not in parts:
            parts[key] = part_of(subject, statement, figure)
        if (part := parts[key]) is not None:
            yield _as_part(passage, statement, tie, part)
        elif figure is not None and tie is not None and tie.rule == "NAR107":
            yield _of_projects(subject, Said(passage, statement, tie, figure, split))
        else:
            yield Said(passage, statement, tie, figure, split)


def _as_part(passage: Passage, statement: Statement, tie: Tie | None, part: Part) -> Said:
    """It bears no name of the department's own figures any more."""
    label = f"表3 {part.name} {statement.subject}"
    bare = replace(statement, subject="", head="")
    if tie is None or part.figure is None:
        return Said(passage, bare)
    tie = replace(tie, label=label, measures=part.measures, row=part.row)
    return Said(passage, bare, tie, part.figure)


def _of_projects(subject: Subject, said: Said) -> Said:
    """项目支出 as table 3 has it, or without 专项公用经费, where the sentence puts that beside."""
    tie, whole, apart = said.tie, said.figure, subject.disclosure.basics.special_public
    assert tie is not None and whole is not None
    if not special.level(whole, apart, said.meant, said.split):
        return replace(said, split=False)
    if apart is None:  # the two are compared together with the whole
        return replace(said, figure=None, split=True)
    less = whole - apart
    label = f"{tie.label}{special.WITHOUT}"
    return replace(said, tie=replace(tie, label=label), figure=less, split=True)


def _tie_of(
    subject: Subject, passage: Passage, statement: Statement, known: Mapping[str, Tie]
) -> Tie | None:
    name = statement.subject
    if statement.kind is not Kind.LEVEL or statement.reason or name not in known:
        return None
    if statement.year not in (None, subject.year):
        return None
    if passage.kind != "文字" or passage.key not in BUDGET_SLOTS:
        return known[name] if passage.kind == "文字" and name in _ANYWHERE else None
    if passage.key == "机关运行经费" and name in prose.SANGONG:
        return None
    return known[name]


# --- sums of the text ---------------------------------------------------------------------------

_OTHER_SPENDING: Final = ("经营支出", "上解上级支出", "对附属单位补助支出", "年终结转")


def _sums_of(paragraph: Iterable[Said], subject: Subject) -> Iterator[TextSum]:
    first: dict[str, Said] = {}
    for said in paragraph:
        statement = said.statement
        if (
            statement.kind is Kind.LEVEL
            and said.is_exact
            and statement.year in (None, subject.year)
        ):
            first.setdefault(statement.subject, said)
    other = [name for name in _OTHER_SPENDING if name in first]
    beside = "项目支出" in first and first["项目支出"].split is not False
    projects = [n for n in ("专项公用经费",) if n in first and beside] + ["项目支出"]
    yield from _sum("NAR108", "基本支出", ("人员经费", "公用经费"), first, subject)
    for total in ("预算支出", "收支总额"):
        for basic in (("基本支出",), ("人员经费", "公用经费")):
            if all(name in first for name in basic) and "项目支出" in first:
                yield from _sum("NAR108", total, (*basic, *projects, *other), first, subject)
                break
    sources = [name for name in (*SOURCES, "其他来源收入") if name in first]
    yield from _sum("NAR102", "预算收入", _outermost(sources), first, subject)
    items: list[str] = [name for name in prose.SANGONG_ITEMS if name in first]
    if "公务用车费" in first:
        items = [n for n in (items) if not n.startswith("公务用车")] + ["公务用车费"]
        cars = ("公务用车购置费", "公务用车运行维护费")
        yield from _sum("NAR114", "公务用车费", cars, first, subject)
    yield from _sum("NAR114", "三公经费", items, first, subject)


_WITHIN: Final = {
    "财政拨款收入": ("一般公共预算收入", "基金预算收入", "国有资本经营预算收入"),
    "单位资金收入": (
        *("事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入"),
    ),
}


def _outermost(sources: list[str]) -> list[str]:
    """Without the sources that another one of the list contains."""
    inner = {part for whole in sources for part in _WITHIN.get(whole, ())}
    return [name for name in sources if name not in inner]


def _sum(
    rule: str, total: str, parts: Iterable[str], first: Mapping[str, Said], subject: Subject
) -> Iterator[TextSum]:
    """The sum, where the text has all of it and it holds in the tables."""
    parts = tuple(parts)
    if total not in first or not parts or any(name not in first for name in parts):
        return
    whole = first[total].figure
    below = _figures_of([first[name] for name in parts], subject)
    if whole is not None and below is not None and whole == below:
        yield TextSum(rule, first[total], tuple(first[name] for name in parts))


def _figures_of(parts: list[Said], subject: Subject) -> Decimal | None:
    """What the parts come to in the tables; 专项公用经费 and 项目支出 are one figure there."""
    total = ZERO
    for said in parts:
        if said.figure is not None:
            total += said.figure
        elif said.statement.subject == "项目支出":
            total += subject.figures.get("expenditure.project")
        elif said.statement.subject != "专项公用经费":
            return None
        elif subject.disclosure.basics.special_public is not None:
            total += subject.disclosure.basics.special_public
    return total
