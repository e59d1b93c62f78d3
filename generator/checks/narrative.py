"""NAR: the text against the tables.

What a sentence says is read by :mod:`generator.checks.prose`; the figure that it must equal is in
:mod:`generator.checks.account`. Lists of projects are in :mod:`generator.checks.listing`, names in
:mod:`generator.checks.naming`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from generator.checks import classes, counted, listing, naming
from generator.checks.account import Account, Said, TextSum, account
from generator.checks.prose import Kind, comparisons
from generator.checks.rule import E, Finding, I, Need, Rule, W
from generator.checks.shares import shares
from generator.checks.subject import Subject
from generator.checks.ties import cells, figure_side
from generator.money import ZERO, fixed, short
from generator.problem import Path, Side


def levels(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR101 to NAR116: an amount of the text is the figure of its table."""
    told = account(subject)
    for said in told.of(rule.id):
        if said.is_wrong and not said.in_yuan and not _is_part(told, said):
            yield _differs(told, said)


def _differs(told: Account, said: Said) -> Finding:
    assert said.tie is not None and said.figure is not None
    value, figure = said.value, said.figure
    return Finding(
        f"{said.passage.label}写“{said.quote}”，{said.tie.label} {fixed(figure)} 万元，"
        f"相差 {fixed(abs(value - figure))} 万元",
        said.passage.path,
        expected=figure,
        actual=value,
        tolerance=said.slack,
        hint=f"请把正文改为 {short(figure)}万元，或核对“{said.tie.sheet}”。",
        sides=(said.side, figure_side(told.subject, said.tie, figure)),
        evidence=tuple(_proofs(told, said)),
        involved=(said.spot, said.passage.path, *cells(told.subject, said.tie)),
        quote=said.quote,
    )


def _proofs(told: Account, said: Said) -> Iterator[str]:
    """The sums of the text that hold with the table's figure or with the printed one."""
    for made, at in told.sums_with(said):
        if made.difference:
            proofs = (made.written({at: said.figure or ZERO}), made.written())
            if any("✓" in proof for proof in proofs):  # two that fail prove nothing
                yield from proofs


def _is_part(told: Account, said: Said) -> bool:
    """机关运行经费 is that of the 行政 and 参公 units: beside others it may be less than 公用经费.

    It is told all the same where it looks like a slip of the whole figure. And where 公用经费 is
    written as it is, 日常公用经费 in the same paragraph is a part of it.
    """
    if said.tie_rule == "NAR106":
        return any(
            other.tie_rule == "NAR106"
            and not other.is_wrong
            and other.statement.name != said.statement.name
            and other.meant > said.meant
            for other in told.at(said.passage)
        )
    if said.tie_rule != "NAR110" or said.figure is None:
        return False
    others = any(
        "事业" in row.nature and "参公" not in f"{row.name}{row.nature}{row.funding}"
        for row in told.subject.disclosure.institutions
    )
    return others and said.value < said.figure and not listing.is_slip(said.value, said.figure)


def project_spending(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR107, also where the text splits 专项公用经费 off: the two together are 项目支出."""
    yield from levels(subject, rule)
    told = account(subject)
    special = subject.disclosure.basics.special_public
    whole = subject.figures.get("expenditure.project")
    for paragraph in told.paragraphs:
        first = {
            said.statement.subject: said
            for said in reversed(paragraph)
            if said.statement.kind is Kind.LEVEL and said.is_exact
        }
        split, projects = first.get("专项公用经费"), first.get("项目支出")
        if split is None:
            continue
        if special is not None:
            if abs(split.value - special) > split.slack:
                yield _special(split, special)
        elif projects is not None and projects.tie is not None and projects.split is not False:
            total = split.value + projects.value
            if abs(total - whole) > split.slack + projects.slack:
                yield _together(subject, split, projects, whole)


def _special(split: Said, special: Decimal) -> Finding:
    at: Path = ("基本信息", "专项公用经费")
    return Finding(
        f"{split.passage.label}写“{split.quote}”，"
        f"基本信息填的专项公用经费是 {fixed(special)} 万元，"
        f"相差 {fixed(abs(split.value - special))} 万元",
        split.passage.path,
        expected=special,
        actual=split.value,
        tolerance=split.slack,
        hint="请核对这两处，改正填错的一方。",
        sides=(split.side, Side("基本信息 专项公用经费", special, at)),
        involved=(split.spot, split.passage.path, at),
        quote=split.quote,
    )


def _together(subject: Subject, split: Said, projects: Said, whole: Decimal) -> Finding:
    assert projects.tie is not None
    total = split.value + projects.value
    return Finding(
        f"{split.passage.label}的专项公用经费加项目支出为 {fixed(total)} 万元，"
        f"{projects.tie.label} {fixed(whole)} 万元，相差 {fixed(abs(total - whole))} 万元",
        split.passage.path,
        expected=whole,
        actual=total,
        tolerance=split.slack + projects.slack,
        hint="专项公用经费在表3里属于项目支出；请核对正文的这两个数。",
        sides=(
            Side("正文 两项合计", total, split.passage.path),
            figure_side(subject, projects.tie, whole),
        ),
        addends=(split.side, projects.side),
        involved=(
            *(split.spot, projects.spot, split.passage.path),
            *cells(subject, projects.tie),
        ),
        quote=split.quote,
    )


def text_sums(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR102, NAR108, NAR114: a total of the text is the sum of its parts."""
    if rule.id == "NAR102":
        yield from levels(subject, rule)
    told = account(subject)
    for made in told.sums:
        if made.rule != rule.id or any(s.is_wrong and s.tie_rule == rule.id for s in made.parts):
            continue
        if (finding := sum_finding(made, told.rounds)) is not None:
            yield finding


def sum_finding(made: TextSum, rounds: bool) -> Finding | None:
    """The sum does not hold, unless an amount that is wrong by itself is not why.

    What is wrong against its table as well, by the same difference, is one cause with it.
    """
    difference = made.difference
    if abs(difference) <= made.slack(rounds):
        return None
    wrong = [said for said in made.members if said.is_wrong]
    if wrong and not (
        len(wrong) == 1
        and wrong[0].figure is not None
        and abs(wrong[0].meant - wrong[0].figure) == abs(difference)
    ):
        return None
    total = made.total
    parts = sum((part.meant for part in made.parts), ZERO)
    named = "、".join(part.statement.subject for part in made.parts)
    return Finding(
        f"{total.passage.label}的{total.statement.subject} {fixed(total.meant)} 万元，"
        f"各部分（{named}）合计 {fixed(parts)} 万元，相差 {fixed(abs(difference))} 万元",
        (wrong[0] if wrong else total).passage.path,
        expected=parts,
        actual=total.meant,
        tolerance=made.slack(rounds),
        hint="请核对正文的这几个数，改正写错的一个。",
        sides=(total.side,),
        addends=tuple(part.side for part in made.parts),
        evidence=(made.written(),),
        involved=(
            *(said.spot for said in wrong),
            *(said.spot for said in made.members if said not in wrong),
            *dict.fromkeys(said.passage.path for said in made.members),
        ),
        quote=(wrong[0] if wrong else total).quote,
    )


def compared_years(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR117: a comparison is with the year before; a figure of this year bears this year."""
    told = account(subject)
    for passage in subject.passages:
        if passage.kind != "文字" or passage.key not in listing.BUDGET_SLOTS:
            continue
        years = list(comparisons(passage.text))
        if any(found.year == subject.year - 1 for found in years):
            continue  # a second comparison, with another year, is the writer's choice
        for found in years:
            quote = passage.text[found.start : found.end]
            yield Finding(
                f"{passage.label}写“{quote}”，{subject.year} 年预算应与 {subject.year - 1} 年相比",
                passage.path,
                hint=f"请把 {found.year} 改为 {subject.year - 1}，并核对增减数是不是与上年比的。",
                involved=((*passage.path, f"@{found.start}"), passage.path),
                quote=quote,
            )
    for paragraph in told.paragraphs:
        yield from _stale_years(subject, paragraph)


def _stale_years(subject: Subject, paragraph: tuple[Said, ...]) -> Iterator[Finding]:
    """“2022年预算收入1000万元” where 1000 is the figure of 2023: last year's words."""
    levels_ = [s for s in paragraph if s.statement.kind is Kind.LEVEL and not s.statement.reason]
    if any(said.tie is not None and said.figure for said in levels_):
        return
    figures = {
        "预算收入": "income.total",
        "预算支出": "expenditure.grand",
        "收支总额": "expenditure.grand",
    }
    for said in levels_[:1]:
        measure = figures.get(said.statement.subject)
        if (
            measure is not None
            and said.passage.key in listing.BUDGET_SLOTS
            and said.statement.year is not None
            and said.value
            and said.value == subject.figures.get(measure)
        ):
            yield Finding(
                f"{said.passage.label}写“{said.quote}”，这是 {subject.year} 年的数",
                said.passage.path,
                hint=f"请把年度改为 {subject.year}，或核对这一段是不是上年的文字。",
                sides=(said.side,),
                involved=(said.spot, said.passage.path),
                quote=said.quote,
            )


def unit_slips(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR119: an amount of budget prose is in 万元; “1.61元” beside 万元 amounts is a slip."""
    told = account(subject)
    for paragraph in told.paragraphs:
        slips = [said for said in paragraph if said.in_yuan]
        others = [s for s in paragraph if s.statement.amount and s.statement.amount.unit == "万元"]
        if not others:
            continue
        for said in slips:
            yield Finding(
                f"{said.passage.label}写“{said.quote}”，同一段其他金额的单位是万元，"
                f"应为 {short(said.meant)}万元",
                said.passage.path,
                expected=said.meant,
                actual=said.value,
                hint=f"请把“元”改为“万元”；确实是 {short(said.meant)} 元的，请换算成万元。",
                sides=(said.side,),
                evidence=tuple(listing.proof_of_unit(told, said)),
                involved=(said.spot, said.passage.path),
                quote=said.quote,
            )


def left_blank(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR902: “人员经费万元”: the number was not written."""
    for said in account(subject).said:
        if said.statement.kind is Kind.BLANK:
            name = said.statement.name or said.statement.subject
            yield Finding(
                f"{said.passage.label}的“{name}”后面没有写金额",
                said.passage.path,
                expected=said.figure,
                hint="请补上这个数，没有就写 0。",
                involved=(said.spot, said.passage.path),
                quote=said.quote,
            )


_OLD_BUDGET: Final = re.compile(
    r"(?:^|[，。；：])\s*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.]\s*)?"
    r"(?P<words>(?P<year>20[0-9]{2})\s?年度?(?:我?(?:部门|单位|局|馆|委|办))?预算(?:安排|总?支出|总?收入|绩效目标))"
    r"(?!的|执行|决算|绩效评价|审计|公开|标准|清理|结转|结余|完成|调整)"
)


def stale_goals(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """NAR904: a sentence of 总体目标 that begins with the budget of a year long past.

    That is last year's text, or an older one; “2020年以来” and what is done with old budgets
    (their audit, their evaluation) are not.
    """
    for passage in subject.passages:
        if passage.key != "总体目标":
            continue
        for found in _OLD_BUDGET.finditer(passage.text):
            if int(found["year"]) < subject.year - 1:
                yield Finding(
                    f"{passage.label}写“{found['words']}”，这份文件是 {subject.year} 年的",
                    passage.path,
                    hint="请核对是不是沿用了往年的文字。",
                    involved=((*passage.path, f"@{found.start('words')}"), passage.path),
                    quote=found["words"],
                )


_TEXT: Final = (Need.TEXT,)


def _figure_rule(id_: str, name: str) -> Rule:
    return Rule(id_, name, E, levels, "0*", _TEXT)


RULES: tuple[Rule, ...] = (
    _figure_rule("NAR101", "正文预算收入与收支总表一致"),
    Rule("NAR102", "正文各项收入与收支总表一致，合起来等于预算收入", E, text_sums, "0*", _TEXT),
    _figure_rule("NAR103", "正文预算支出与收支总表一致"),
    _figure_rule("NAR104", "正文基本支出与支出总表一致"),
    _figure_rule("NAR105", "正文人员经费与基本支出表一致"),
    _figure_rule("NAR106", "正文公用经费与基本支出表一致"),
    Rule("NAR107", "正文项目支出与支出总表一致", E, project_spending, "0*", _TEXT),
    Rule("NAR108", "正文各项支出之和等于支出", E, text_sums, "0*", _TEXT),
    Rule("NAR109", "正文列出的项目合计等于项目支出", E, listing.projects, "0*", _TEXT),
    _figure_rule("NAR110", "机关运行经费与基本支出表的公用经费一致"),
    Rule("NAR111", "机关运行经费各项与基本支出表一致", W, listing.running_costs, "0*", _TEXT),
    _figure_rule("NAR112", "正文“三公”经费与“三公”经费表一致"),
    _figure_rule("NAR113", "正文“三公”各项与“三公”经费表一致"),
    Rule("NAR114", "正文“三公”各项之和等于“三公”经费", E, text_sums, "0*", _TEXT),
    _figure_rule("NAR115", "正文政府采购预算与采购表一致"),
    _figure_rule("NAR116", "正文固定资产金额与资产表一致"),
    Rule("NAR117", "正文与上年相比的年度正确", E, compared_years, "0", _TEXT),
    Rule("NAR118", "正文的部门名称与全称一致", W, naming.department, "", _TEXT),
    Rule("NAR119", "正文金额的单位是万元", E, unit_slips, "", _TEXT),
    Rule("NAR120", "正文的项目名称与项目一致", W, naming.projects, "", (*_TEXT, Need.PROJECTS)),
    Rule("NAR121", "同一指标前后一致", E, naming.indicators, "0*", (*_TEXT, Need.PROJECTS)),
    Rule("NAR122", "正文的机构数、项目数、车辆数与表一致", W, counted.counts, "0", _TEXT),
    Rule("NAR901", "文字里没有核对到的金额", I, listing.unverified, "", _TEXT),
    Rule("NAR902", "正文的金额没有写数", E, left_blank, "", _TEXT),
    Rule("NAR903", "正文的科目金额与表一致", W, classes.amounts, "0*", _TEXT),
    Rule("NAR904", "总体目标写的是本年预算", I, stale_goals, "", _TEXT),
    Rule("NAR905", "正文的比重等于部分除以整体", E, shares, "½", _TEXT),
)
