"""One self-contained page to read and to print: no script, nothing from the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from generator import __version__
from generator.checks.rule import GROUPS, Rule
from generator.document import Document, Failure, Outcome, Result
from generator.money import fixed, plain
from generator.problem import Problem, Severity, Side
from generator.report import facts

WAIVED = "waived"
MANY_ADDENDS = 12
"""More addends than this are folded up."""


def report(outcomes: Sequence[Outcome]) -> str:
    """The page of one file, or of several with a summary on top."""
    pages = [_page(outcome, f"f{i}") for i, outcome in enumerate(outcomes, 1)]
    return _template().render(
        pages=pages,
        counts=facts.count_all(o for o in outcomes if isinstance(o, Result)),
        title=pages[0].title if len(pages) == 1 else f"{len(pages)} 份预算",
        summary=facts.totals(outcomes),
        version=__version__,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return environment.from_string(text)


# --- what the template shows --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    amount: str
    place: str


@dataclass(frozen=True, slots=True)
class _Card:
    """A finding."""

    kind: str
    word: str
    reason: str
    problem: Problem
    place: str
    quote: str
    figures: tuple[_Figure, ...]
    difference: str
    tolerance: str
    addends: tuple[_Figure, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of rules: which hold, which do not, which could not be checked and why."""

    id: str
    name: str
    rules: tuple[tuple[Rule, str, str], ...]  # rule, state, reason

    def among(self, state: str) -> list[str]:
        return [rule.id for rule, its, _ in self.rules if its == state]


@dataclass(frozen=True, slots=True)
class _Page:
    """A file."""

    anchor: str
    file: str
    title: str
    subtitle: str
    verdict: str
    mood: str
    counts: facts.Counts
    sheets: tuple[tuple[str, tuple[_Card, ...]], ...]
    waived: tuple[_Card, ...]
    groups: tuple[_Group, ...]
    not_checked: tuple[str, ...]
    changed: tuple[facts.Changed, ...]


def _page(outcome: Outcome, anchor: str) -> _Page:
    problems, file = facts.problems(outcome), outcome.file.name
    document = facts.document_of(outcome)
    cards = {id(problem): _card(problem, file, document) for problem in problems}
    counts = facts.count(outcome)
    mood, verdict = _verdict(outcome, counts)
    return _Page(
        anchor=anchor,
        file=file,
        title=_title(document, file),
        subtitle=_subtitle(document),
        verdict=verdict,
        mood=mood,
        counts=counts,
        sheets=tuple(
            (sheet, tuple(cards[id(problem)] for problem in found))
            for sheet, found in facts.by_sheet(problems, file)
        ),
        waived=tuple(card for card in cards.values() if card.kind == WAIVED),
        groups=tuple(_groups(document)),
        not_checked=tuple(facts.not_checked(document)),
        changed=tuple(facts.changed(document)),
    )


def _title(document: Document, file: str) -> str:
    return document.disclosure.basics.name if document.disclosure is not None else file


def _subtitle(document: Document) -> str:
    parts = []
    if document.disclosure is not None:
        basics = document.disclosure.basics
        parts += [f"{basics.year} 年{basics.kind}预算", f"编码 {basics.code}"]
    if document.pack is not None:
        parts.append(f"格式 {document.pack.id}（{document.pack.name}）")
    return " · ".join(parts)


def _verdict(outcome: Outcome, counts: facts.Counts) -> tuple[str, str]:
    if isinstance(outcome, Failure):
        return "error", "这份文件无法核对"
    if counts.error:
        return "error", f"有 {counts.error} 处错误，改正以前不能公开"
    if counts.warning:
        return "warning", f"没有错误；有 {counts.warning} 处警告，请逐条看过"
    return "good", "没有错误，没有警告"


def _card(problem: Problem, file: str, document: Document) -> _Card:
    rule = document.rules.get(problem.rule)
    here = facts.place(problem, file)
    figures = tuple(_figures(problem.sides or tuple(_expected(problem)), file, here))
    difference = problem.difference
    return _Card(
        kind=WAIVED if problem.waived else problem.severity.value,
        word=facts.label(problem),
        reason=facts.reason(problem.waived) if problem.waived else "",
        problem=problem,
        place=here,
        quote=_quote(problem),
        figures=figures,
        difference="" if difference is None else fixed(abs(difference)),
        tolerance=facts.tolerance(problem, rule).partition("；")[0] if figures else "",
        addends=tuple(_figures(problem.addends, file, here)),
        folded=len(problem.addends) > MANY_ADDENDS,
    )


def _expected(problem: Problem) -> Iterator[Side]:
    """The two figures of a finding that does not name its sides."""
    if problem.expected is not None and problem.actual is not None:
        names = problem.related if len(problem.related) == 2 else ("填写的数", "核对的数")
        yield Side(names[0], problem.actual)
        yield Side(names[1], problem.expected)


def _quote(problem: Problem) -> str:
    """The words in question, where they are not said anyway."""
    said = (problem.message, *(side.label for side in problem.sides))
    return "" if any((problem.quote or "") in words for words in said) else problem.quote or ""


def _figures(sides: Sequence[Side], file: str, here: str) -> Iterator[_Figure]:
    """``here``: where the finding stands, which is not said again."""
    for side in sides:
        amount = "空白" if side.amount is None else fixed(side.amount)
        place = facts.at(side.place, file)
        yield _Figure(side.label, amount, "" if place == here else place)


PASSED, FAILED, HINTED, EXCEPTED, UNCHECKED = "通过", "没有通过", "有提示", "例外", "没有核对"


def _groups(document: Document) -> Iterator[_Group]:
    """Every rule with its state, by group, in the order of the catalogue."""
    told: dict[str, set[str]] = {}
    for problem in document.problems:
        for id_ in (problem.rule, *problem.affects):
            told.setdefault(id_, set()).add(_told(problem))
    decided = facts.decided(document)
    for group in dict.fromkeys(rule.group for rule in document.rules.values()):
        members = [rule for rule in document.rules.values() if rule.group == group]
        states = tuple(
            (rule, *_state(rule, told.get(rule.id, set()), document, rule.id in decided))
            for rule in members
        )
        yield _Group(group, GROUPS.get(group, ""), states)


def _told(problem: Problem) -> str:
    if problem.waived:
        return EXCEPTED
    return HINTED if problem.severity is Severity.INFO else FAILED


def _state(rule: Rule, told: set[str], document: Document, decided: bool) -> tuple[str, str]:
    """What became of a rule, and why it was not checked."""
    for state in (FAILED, EXCEPTED, HINTED):
        if state in told:
            return state, ""
    if decided:
        return PASSED, f"限值 {plain(rule.limit)}" if rule.limit is not None else ""
    if rule.off:
        only = document.settings.only
        left_out = only is not None and rule.id not in only
        return UNCHECKED, "没有选来核对" if left_out else "按设置不查"
    if needs := document.unmet.get(rule.id):
        return UNCHECKED, f"没有{'、'.join(need.value for need in needs)}"
    return UNCHECKED, "有些数读不出来"
