"""YOY: the text, 上年数 and last year's file against this year's figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from generator.checks import growth, reasons
from generator.checks.account import (
    BUDGET_SLOTS,
    SANGONG_SLOTS,
    Account,
    Said,
    TextSum,
    account,
)
from generator.checks.changes import Change, change_of, changes, figure_of, in_words, quoted
from generator.checks.growth import alone, with_percent
from generator.checks.narrative import sum_finding
from generator.checks.prose import SANGONG_ITEMS, Kind
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.subject import Subject
from generator.money import ZERO, fixed, short
from generator.problem import Path, Side

# --- the text's own sums ------------------------------------------------------------------------

_OTHER: Final = ("经营支出", "上解上级支出", "对附属单位补助支出", "年终结转", "其他支出")


def sum_of_changes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY101: the change of the total is that of its parts, as the text prints them."""
    told = account(subject)
    for paragraph in told.paragraphs:
        first = _first_changes(paragraph)
        total = next((first[n] for n in ("收支总额", "预算支出") if n in first), None)
        for parts in (("基本支出", "项目支出"), ("人员经费", "公用经费", "项目支出")):
            if total is not None and all(name in first for name in parts):
                others = [n for n in ("专项公用经费", *_OTHER) if n in first]
                without = [n for n in others if n != "专项公用经费"]
                sums = [
                    TextSum(rule.id, total, tuple(first[n] for n in (*parts, *more)))
                    for more in (others, without)
                ]
                # 项目支出 is told with or without 专项公用经费.
                if sums[-1].difference:
                    yield from _told(subject, told, sums[len(parts) == 2])
                break


def sum_of_sangong(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY103: the change of “三公”经费 is that of its items, all of which the text states."""
    told = account(subject)
    said = [s for s in changes(told) if s.passage.key in SANGONG_SLOTS and s.statement.subject]
    first = _first_changes(said)
    vague = {s.statement.subject for s in said} - set(first)
    items: list[str] = [n for n in SANGONG_ITEMS if n in first]
    if "公务用车费" in first and not any(n.startswith("公务用车") for n in items):
        items.append("公务用车费")
    vehicles = sum(n.startswith("公务用车") for n in items)
    complete = len(items) - vehicles == 2 and (vehicles == 2 or "公务用车费" in items) and not vague
    if "三公经费" in first and complete:
        made = TextSum(rule.id, first["三公经费"], tuple(first[n] for n in items))
        yield from _told(subject, told, made)


def _first_changes(said: Iterable[Said]) -> dict[str, Said]:
    """Subject → its first change that is stated by an amount or as none."""
    first: dict[str, Said] = {}
    for one in said:
        statement = one.statement
        if statement.kind is Kind.CHANGE and not statement.reason and one.is_exact:
            first.setdefault(statement.subject, one)
    return first


def _told(subject: Subject, told: Account, made: TextSum) -> Iterator[Finding]:
    """The sum, unless one of its changes contradicts last year's figure anyway."""
    wrong = [s for s in made.members if _contradiction(subject, s) is not None]
    difference = made.difference
    if len(wrong) > 1 or (wrong and abs(_off(subject, wrong[0])) != abs(difference)):
        return
    finding = sum_finding(made, told.rounds)
    if finding is not None:
        yield _as_change(made, finding)


def _as_change(made: TextSum, finding: Finding) -> Finding:
    """The sum finding in the words of changes, with the direction that would repair it."""
    total, parts = made.total, made.parts
    named = "、".join(f"{part.statement.subject}{in_words(part.value)}" for part in parts)
    turned = [
        (at, member)
        for at, member in enumerate(made.members)
        if made.difference == (2 if at == 0 else -2) * member.value
    ]
    evidence = list(finding.evidence)
    hint = "请核对正文的这几个增减数，改正写错的一个。"
    if len(turned) == 1:
        at, member = turned[0]
        evidence.insert(0, made.written({at: -member.value}))
        hint = f"“{member.quote}”的增减方向写反了，改过来就相等。"
    parts_sum = sum((part.value for part in parts), ZERO)
    return Finding(
        f"{total.passage.label}写{total.statement.subject}{in_words(total.value)}，"
        f"各部分（{named}）合计{in_words(parts_sum)}，相差 {fixed(abs(made.difference))} 万元",
        finding.path,
        expected=finding.expected,
        actual=finding.actual,
        tolerance=finding.tolerance,
        hint=hint,
        sides=finding.sides,
        addends=finding.addends,
        evidence=tuple(evidence),
        involved=finding.involved,
        quote=finding.quote,
    )


# --- directions ---------------------------------------------------------------------------------


def directions(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY104: 增加, 减少 and 持平 are the sign of the change."""
    told = account(subject)
    for said in changes(told):
        change = change_of(subject, said)
        if change is not None and _wrong_direction(said, change):
            yield _turned(said, change)
    for rise, percent, _ in with_percent(subject):
        if rise.value * percent.value < 0:
            yield Finding(
                f"{percent.passage.label}写“{quoted(rise)}”又写“{percent.quote}”，方向相反",
                percent.passage.path,
                hint="请改正其中一个的增减方向。",
                sides=(rise.side,),
                involved=(rise.spot, percent.spot, percent.passage.path),
                quote=percent.quote,
            )
    for percent, change in alone(subject):
        if percent.value * change.difference < 0:
            yield _turned(percent, change)
    yield from _same_and_not(told)


def _turned(said: Said, change: Change) -> Finding:
    difference = Side("本年数减上年数", change.difference, change.path)
    amount = said.statement.amount
    return Finding(
        f"{said.passage.label}写“{quoted(said)}”，{said.statement.subject}{change.note}上年 "
        f"{fixed(change.before)} 万元、本年 {fixed(change.now)} 万元，应为"
        f"{in_words(change.difference)}",
        said.passage.path,
        hint="请改正增减方向，或核对上年数。",
        sides=(said.side, difference) if amount is None or amount.is_money else (difference,),
        involved=(said.spot, said.passage.path, *change.paths),
        quote=quoted(said),
    )


def _same_and_not(told: Account) -> Iterator[Finding]:
    """“增加5万元，与上年持平”: the same subject twice, in one paragraph."""
    for paragraph in told.paragraphs:
        moved: dict[str, Said] = {}
        for said in paragraph:
            statement = said.statement
            if statement.kind is not Kind.CHANGE or statement.reason or not statement.subject:
                continue
            if statement.direction != 0 and (said.value or statement.amount is None):
                moved[statement.subject] = said
            elif statement.direction == 0 and statement.subject in moved:
                other = moved.pop(statement.subject)
                yield Finding(
                    f"{said.passage.label}写“{quoted(other)}”又写“{quoted(said)}”，互相矛盾",
                    said.passage.path,
                    hint="请核对有没有增减，改正其中一处。",
                    sides=(other.side,),
                    involved=(other.spot, said.spot, said.passage.path),
                    quote=quoted(said),
                )


def _wrong_direction(said: Said, change: Change) -> bool:
    direction, difference = said.statement.direction, change.difference
    if direction == 0:
        return difference != 0
    if said.statement.amount is None:
        return difference == 0 or (difference > 0) != (direction == 1)
    return bool(difference) and abs(said.value + difference) <= said.slack


def _off(subject: Subject, said: Said) -> Decimal:
    change = change_of(subject, said)
    return ZERO if change is None else said.value - change.difference


def _contradiction(subject: Subject, said: Said) -> Change | None:
    """The change by the data, where the stated one is another."""
    change = change_of(subject, said)
    if change is None or not said.is_exact:
        return None
    return change if abs(said.value - change.difference) > said.slack else None


def stated_changes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY901: a change of the text is this year's figure less that of 上年数."""
    for said in changes(account(subject)):
        change = _contradiction(subject, said)
        if change is None or not change.paths or _wrong_direction(said, change):
            continue
        yield _wrong_change(said, change, "上年数")
    yield from _stated_last_year(subject)


def _stated_last_year(subject: Subject) -> Iterator[Finding]:
    """“由上年的350万元增加到400万元”: the text's own figure of last year."""
    for paragraph in account(subject).paragraphs:
        for said in paragraph:
            kind, year = said.statement.kind, said.statement.year
            if kind is not Kind.LAST and (kind is not Kind.LEVEL or year != subject.year - 1):
                continue
            if said.passage.key not in BUDGET_SLOTS or said.statement.reason:
                continue
            change = change_of(subject, said)
            if change is None or not change.paths:
                continue
            if abs(said.value - change.before) > said.slack:
                yield Finding(
                    f"{said.passage.label}写“{said.quote}”，上年数是 {fixed(change.before)} 万元，"
                    f"相差 {fixed(abs(said.value - change.before))} 万元",
                    said.passage.path,
                    expected=change.before,
                    actual=said.value,
                    tolerance=said.slack,
                    hint="请核对正文和上年数，改正填错的一方。",
                    sides=(said.side, Side("上年数", change.before, change.path)),
                    involved=(said.spot, said.passage.path, *change.paths),
                    quote=said.quote,
                )


def _wrong_change(said: Said, change: Change, source: str) -> Finding:
    difference = change.difference
    return Finding(
        f"{said.passage.label}写“{quoted(said)}”，{said.statement.subject}{change.note}本年 "
        f"{fixed(change.now)} 万元减{source} {fixed(change.before)} 万元"
        f"应为{in_words(difference)}，相差 {fixed(abs(said.value - difference))} 万元",
        said.passage.path,
        expected=difference,
        actual=said.value,
        tolerance=said.slack,
        hint=f"请把正文改为“{in_words(difference).replace(' ', '')}”，或核对{source}。",
        sides=(
            said.side,
            Side("本年数", change.now),
            Side(source, change.before, change.path),
        ),
        evidence=(f"{short(change.now)} - {short(change.before)} = {short(difference)} ✓",),
        involved=(said.spot, said.passage.path, *change.paths),
        quote=quoted(said),
    )


def against_last_file(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY105: 上年数, and where it is not given the text, against last year's own figures."""
    last = subject.last_year
    assert last is not None
    for i, row in enumerate(subject.disclosure.last_year):
        then = figure_of(last, row.item)
        if row.amount is not None and then is not None and row.amount != then:
            path: Path = ("上年数", i, "上年数")
            yield Finding(
                f"上年数“{row.item}”填的是 {fixed(row.amount)} 万元，"
                f"上年的文件里是 {fixed(then)} 万元，相差 {fixed(abs(row.amount - then))} 万元",
                path,
                expected=then,
                actual=row.amount,
                tolerance=ZERO,
                hint="请改正上年数；上年预算调整过的，写明口径并用调整后的文件核对。",
                sides=(Side("上年数", row.amount, path), Side("上年的文件", then)),
                involved=(path,),
            )
    for said in changes(account(subject)):
        change = _contradiction(subject, said)
        if change is not None and not change.paths and not _wrong_direction(said, change):
            yield _wrong_change(said, change, "上年文件的")


def implied_last_year(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY107: what the text implies of last year is not negative; nothing is a share of zero."""
    for paragraph in account(subject).paragraphs:
        level = {
            said.statement.subject: said
            for said in reversed(paragraph)
            if said.statement.kind is Kind.LEVEL and said.is_exact and said.statement.subject
        }
        for said in paragraph:
            now = level.get(said.statement.subject)
            if said.statement.kind is not Kind.CHANGE or said.statement.reason or now is None:
                continue
            if now.is_wrong or not said.is_exact or now.statement.year not in (None, subject.year):
                continue
            before = now.meant - said.meant
            if before < -(now.slack + said.slack):
                yield Finding(
                    f"{said.passage.label}写“{now.quote}”又写“{quoted(said)}”，"
                    f"上年就成了 {fixed(before)} 万元",
                    said.passage.path,
                    expected=now.meant,
                    actual=said.meant,
                    hint="增加额不会大于本年数，请核对这两个数。",
                    sides=(now.side, said.side),
                    involved=(said.spot, now.spot, said.passage.path),
                    quote=quoted(said),
                )
    for stated, percent, last in with_percent(subject):
        if last == 0:
            yield _of_nothing(percent, percent.quote, (stated.side,), (stated.spot,))
    for percent, change in alone(subject):
        if change.before == 0 and percent.value:
            yield _of_nothing(percent, quoted(percent), (), change.paths)


def _of_nothing(
    percent: Said, quote: str, sides: tuple[Side, ...], involved: tuple[Path, ...]
) -> Finding:
    return Finding(
        f"{percent.passage.label}写“{quote}”，{percent.statement.subject}上年是 0，没有百分比可言",
        percent.passage.path,
        hint="上年没有这项预算的，只写增加的金额。",
        sides=(*sides, Side("上年数", ZERO)),
        involved=(percent.spot, *involved, percent.passage.path),
        quote=quote,
    )


def codes_gone(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """YOY110: the subjects of last year's expenditure that this year has no more."""
    assert subject.last_year is not None
    now = {row.code for row in subject.disclosure.expenditure if row.is_leaf}
    gone = {row.code: row.name for row in subject.last_year.expenditure if row.is_leaf and row.code}
    names = subject.last_year.subject_names
    listed = [f"{code} {gone[code] or names.get(code, '')}".strip() for code in sorted(gone)]
    missing = [line for line in listed if line.split(" ")[0] not in now]
    if missing:
        yield Finding(
            f"上年有、今年没有的支出科目 {len(missing)} 个：{'、'.join(missing[:20])}",
            ("支出",),
            hint="请确认这些支出确实不再安排，不是漏填。",
            involved=(("支出",),),
        )


_TEXT: Final = (Need.TEXT,)
RULES: tuple[Rule, ...] = (
    Rule("YOY101", "总的增减等于各部分增减之和", E, sum_of_changes, "0*", _TEXT),
    Rule("YOY102", "增减百分比等于增减额除以上年数", E, growth.percentages, "½", _TEXT),
    Rule("YOY103", "“三公”经费增减等于各项增减之和", E, sum_of_sangong, "0*", _TEXT),
    Rule("YOY104", "增减方向与数字一致", E, directions, "0", _TEXT),
    Rule("YOY105", "上年数与上年的预算一致", E, against_last_file, "0", (Need.LAST_FILE,)),
    Rule("YOY106", "“三公”经费增减写明金额和原因", W, reasons.stated),
    Rule("YOY107", "由增减推出的上年数成立", E, implied_last_year, "0"),
    Rule(
        "YOY108", "较大的增减说明到项目或人员", I, reasons.large_changes, "cfg", _TEXT, Decimal(30)
    ),
    Rule("YOY109", "“三公”经费比上年增加", W, reasons.sangong_rises, "0"),
    Rule("YOY110", "上年有而今年没有的科目", I, codes_gone, "", (Need.LAST_FILE,)),
    Rule("YOY901", "正文的增减与上年数一致", E, stated_changes, "0*", (*_TEXT, Need.LAST_YEAR)),
)
