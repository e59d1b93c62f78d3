"""YOY102: percentages of changes, beside an amount or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from generator.checks.account import BUDGET_SLOTS, Said, account
from generator.checks.changes import Change, change_of, quoted
from generator.checks.prose import Kind
from generator.checks.rule import Finding, Rule
from generator.checks.subject import Subject
from generator.money import fixed, short
from generator.problem import Side


def percentages(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY102: the printed percentage is the change over last year's figure."""
    for stated, percent, before in with_percent(subject):
        amount = percent.statement.amount
        if before is None or before <= 0 or amount is None:
            continue
        exact = stated.value / before * 100
        slack = amount.slack + stated.slack / before * 100 + Decimal("1e-9")
        if abs(exact - percent.value) > slack:
            if stated.value * percent.value < 0:
                continue  # the direction is wrong: YOY104
            shown = round(abs(exact), max(amount.decimals, 1))
            yield Finding(
                f"{percent.passage.label}写“{percent.quote}”，{short(stated.value)} ÷ 上年 "
                f"{short(before)} = {round(exact, max(amount.decimals, 1))}%",
                percent.passage.path,
                expected=shown,
                actual=abs(percent.value),
                tolerance=amount.slack,
                hint=f"请把百分比改为 {shown}%，或核对增减额。",
                sides=(stated.side, Side("上年数", before)),
                involved=(percent.spot, stated.spot, percent.passage.path),
                quote=percent.quote,
            )

    for percent, change in alone(subject):
        wanted, printed = change.difference, percent.statement.amount
        if printed is None or change.before <= 0 or wanted * percent.value < 0:
            continue
        exact = wanted / change.before * 100
        # Both figures are rounded to 0.01.
        if abs(exact - percent.value) > printed.slack + 1 / change.before:
            yield _wrong_growth(percent, change, round(exact, max(printed.decimals, 1)))


def _wrong_growth(percent: Said, change: Change, exact: Decimal) -> Finding:
    return Finding(
        f"{percent.passage.label}写“{quoted(percent)}”，"
        f"{percent.statement.subject}{change.note}本年 "
        f"{fixed(change.now)} 万元、上年 {fixed(change.before)} 万元，"
        f"{short(change.difference)} ÷ 上年 {short(change.before)} = {exact}%",
        percent.passage.path,
        expected=abs(exact),
        actual=abs(percent.value),
        tolerance=percent.slack,
        hint=f"请把百分比改为 {abs(exact)}%，或核对上年数。",
        sides=(Side("本年数", change.now), Side("上年数", change.before, change.path)),
        involved=(percent.spot, percent.passage.path, *change.paths),
        quote=quoted(percent),
    )


_LAST_BUDGET: Final = re.compile(r"上一?年|去年|同比|[与比较]\s?20[0-9]{2}\s?年")
_REACH: Final = 200
_YEAR: Final = re.compile(r"(20[0-9]{2})\s?年")
_OTHER_BASE: Final = re.compile(r"决算|执行|实际|调整|完成|支付|以外|测算")


def alone(subject: Subject) -> Iterator[tuple[Said, Change]]:
    """A percentage without an amount, of a subject whose last year's figure the data have.

    The sentence says that it is compared with last year, and not with its accounts.
    """
    told = account(subject)
    beside = {id(percent) for _, percent, _ in with_percent(subject)}
    for paragraph in told.paragraphs:
        for said in paragraph:
            statement = said.statement
            if (
                statement.kind is Kind.PERCENT
                and statement.subject
                and not statement.reason
                and said.is_exact
                and id(said) not in beside
                and said.passage.key in BUDGET_SLOTS
                and _is_of_last_budget(said, subject.year)
                and (change := change_of(subject, said)) is not None
            ):
                yield said, change


def _is_of_last_budget(said: Said, year: int) -> bool:
    text = said.passage.text[max(0, said.statement.end - _REACH) : said.statement.end]
    sentence = re.split("[。\n]", text)[-1]
    if any(int(other) not in (year, year - 1) for other in _YEAR.findall(sentence)):
        return False
    return bool(_LAST_BUDGET.search(sentence)) and not _OTHER_BASE.search(sentence)


def with_percent(subject: Subject) -> Iterator[tuple[Said, Said, Decimal | None]]:
    """A change, the percentage that follows it, and last year's figure by data or by the text."""
    told = account(subject)
    for paragraph in told.paragraphs:
        level: dict[str, Decimal] = {}
        last: Said | None = None
        for said in paragraph:
            statement = said.statement
            if statement.kind is Kind.LEVEL and said.is_exact and statement.subject:
                level[statement.subject] = said.value if said.figure is None else said.figure
            elif statement.kind is Kind.CHANGE:
                last = said if said.is_exact and not statement.reason else None
            elif statement.kind is Kind.PERCENT and last is not None and said.is_exact:
                name = last.statement.subject
                if statement.subject == name and name:
                    yield last, said, _before(subject, last, level.get(name))
                last = None


def _before(subject: Subject, said: Said, now: Decimal | None) -> Decimal | None:
    change = change_of(subject, said)
    if change is not None:
        return change.before
    return None if now is None else now - said.value
