"""AST: state assets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from generator.balance import ASSET_DETAIL_PREFIX
from generator.checks.purchases import amount_paths, called, purchases
from generator.checks.rule import E, Finding, I, Need, Rule, W, relation
from generator.checks.subject import Passage, Subject
from generator.checks.values import dates, fold
from generator.disclosure import AssetRow
from generator.disclosure.rows import ASSET_TOTAL
from generator.money import ZERO, NotAnAmount, fixed, parse, plain
from generator.pack import holds
from generator.problem import Path, Side

VEHICLES: Final = "车辆"
_TEXT: Final = "资产说明"
_WHOLE: Final = "固定资产"  # the one row of the short table

# --- the sentence above the table ----------------------------------------------------------------


def _sentences(subject: Subject) -> Iterator[Passage]:
    return (passage for passage in subject.passages if passage.key == _TEXT)


_AS_OF = re.compile(r"截[至止]到?(?P<date>[0-9]{4}年(?:[底末]|[0-9]{1,2}月(?:[0-9]{1,2}日|底|末)))")
_AT_END = re.compile(r"(?P<date>[0-9]{4}年(?:年?[底末]|12月31日))[^0-9，。；]{0,8}固定资产")


def day_of_count(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST103: the form prints the day itself; a sentence of the user's own may say another."""
    last = subject.year - 1
    for passage in _sentences(subject):
        text = fold(passage.text)
        matches = (*_AS_OF.finditer(text), *_AT_END.finditer(text))
        for found in {match.start("date"): match for match in matches}.values():
            for day in dates(found["date"].replace("年年", "年")):
                if day.year == last and day.month in (0, 12) and day.day in (0, 31):
                    continue
                yield Finding(
                    f"固定资产的截止时间写的是{day.words}，应为{last}年12月31日",
                    passage.path,
                    hint="公开的是上年末的固定资产，请改正日期，并核对资产数是不是上年末的数。",
                    involved=(passage.path,),
                    quote=found["date"],
                )


_PLANNED = re.compile(
    r"拟购置固定资产(?:总额|金额)?(?:为|共计|共|合计)?(?P<amount>[0-9,]+(?:\.[0-9]+)?)万元"
)


def planned_purchases(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST105: the sentence against the purchases of asset classes, where all of them are coded."""
    if any(not row.catalogue_code for _, row in purchases(subject)):
        return
    classes = subject.pack.sections.asset_catalogue
    bought = [(i, row) for i, row in purchases(subject) if row.catalogue_code.startswith(classes)]
    total = sum((row.amount for _, row in bought), ZERO)
    for passage in _sentences(subject):
        for found in _PLANNED.finditer(fold(passage.text)):
            try:
                said = parse(found["amount"])
            except NotAnAmount:
                continue
            if said == total:
                continue
            cells = [path for i, row in bought for path in amount_paths(i, row)]
            yield Finding(
                f"文字说拟购置固定资产 {fixed(said)} 万元，政府采购中固定资产类合计 "
                f"{fixed(total)} 万元，相差 {fixed(abs(said - total))} 万元",
                passage.path,
                expected=total,
                actual=said,
                tolerance=ZERO,
                hint=f"采购目录序号以 {'、'.join(classes)} 开头的是固定资产；请核对文字和采购表。",
                sides=(
                    Side(f"正文 {passage.label}", said, passage.path),
                    Side("政府采购 固定资产类合计", total),
                ),
                addends=tuple(
                    Side(called(row), row.amount, amount_paths(i, row)[0])
                    for i, row in bought
                    if row.amount
                ),
                involved=(passage.path, *cells),
                quote=found[0],
            )


# --- vehicles ------------------------------------------------------------------------------------


def _has_row(subject: Subject, row: str) -> bool:
    """Whether the asset table of this form has a row."""
    lines = subject.pack.tables["资产"].lines
    return any(line.row == row and holds(line.when, subject.form.facts) for line in lines)


def _vehicles(subject: Subject) -> tuple[Path, AssetRow] | None:
    for i, row in enumerate(subject.disclosure.assets):
        if row.item == VEHICLES and (row.quantity or row.value):
            return ("国有资产", i, "数量"), row
    return None


def vehicles_run(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST104: vehicles cost money to run, and only vehicles do; the text may explain it."""
    if not _has_row(subject, VEHICLES):
        return
    cost = subject.figures.get("sangong.total", "vehicle_operation")
    owned = _vehicles(subject)
    if bool(cost) == bool(owned) or _explained(subject):
        return
    if owned is None:
        at: Path = next(
            (
                ("三公经费", i, "项目")
                for i, line in enumerate(subject.disclosure.sangong)
                if line.item == "公务用车运行维护费"
            ),
            ("三公经费",),
        )
        message = f"公务用车运行维护费 {fixed(cost)} 万元，资产表里没有车辆"
        hint = "请核对资产表的车辆；车辆是租用或借用的，在情况说明里写明。"
    else:
        at, row = owned
        shown = f"{plain(row.quantity)} 辆" if row.quantity else "有价值"
        message = f"资产表里车辆{shown}，公务用车运行维护费是 0"
        hint = "请核对“三公”经费；车辆已封存或不由财政拨款开支的，在情况说明里写明。"
    yield Finding(message, at, hint=hint, involved=(at,))


def _explained(subject: Subject) -> bool:
    words = subject.pack.lists.get("车辆说明用语", ())
    return any(
        "车" in passage.text and any(word in passage.text for word in words)
        for passage in subject.passages
        if passage.kind in ("文字", "原因")
    )


def vehicle_purchases(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST108: a vehicle to be bought stands in the procurement table."""
    cost = subject.figures.get("sangong.total", "vehicle_purchase")
    codes = subject.pack.lists.get("车辆采购目录", ())
    bought = any(
        row.catalogue_code.startswith(codes) or "车" in row.goods for _, row in purchases(subject)
    )
    if not cost or bought:
        return
    at: Path = next(
        (
            ("三公经费", i, "项目")
            for i, line in enumerate(subject.disclosure.sangong)
            if line.item == "公务用车购置费"
        ),
        ("三公经费",),
    )
    yield Finding(
        f"公务用车购置费 {fixed(cost)} 万元，政府采购里没有车辆",
        at,
        hint="购置公务用车要列入政府采购预算，请补上或核对购置费。",
    )


# --- rows of the table ---------------------------------------------------------------------------


def both_columns(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST106; a value of 0.00 that was filled in is one; the one-row table has no number."""
    for i, row in enumerate(subject.disclosure.assets):
        if row.item in (ASSET_TOTAL, _WHOLE):
            continue
        if row.quantity and row.value is None:
            given, lacking, blank = f"数量 {plain(row.quantity)}", "价值", "没有填价值"
            hint = "请补上价值；确实是 0 的填 0。"
        elif row.value and not row.quantity:
            given, lacking = f"价值 {fixed(row.value)}", "数量"
            blank = "没有填数量" if row.quantity is None else "数量是 0"
            hint = "请补上数量；已经没有这项资产的，价值也填 0。"
        else:
            continue
        yield Finding(
            f"“{row.item}”填了{given}，{blank}",
            ("国有资产", i, lacking),
            hint=hint,
            involved=(("国有资产", i, "数量"), ("国有资产", i, "价值")),
        )


_UNIT_PRICE = re.compile(r"单价在?(?P<limit>[0-9]+)万元(?:\(含\))?(?:及)?以上")


def dear_equipment(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST107: the row's own name says what each piece costs at least."""
    for i, row in enumerate(subject.disclosure.assets):
        found = _UNIT_PRICE.search(fold(row.item))
        if found is None or not row.quantity or row.value is None:
            continue
        least = Decimal(found["limit"])
        if row.value >= least * row.quantity:
            continue
        average = row.value / row.quantity
        at: Path = ("国有资产", i, "价值")
        yield Finding(
            f"“{row.item}”价值 {fixed(row.value)} ÷ 数量 {plain(row.quantity)} = 平均 "
            f"{fixed(average)} 万元，不到 {plain(least)} 万元",
            at,
            expected=least * row.quantity,
            actual=row.value,
            tolerance=ZERO,
            hint="请核对数量和价值，以及金额单位。",
            sides=(
                Side("价值", row.value, at),
                Side(f"数量 × {plain(least)}", least * row.quantity, ("国有资产", i, "数量")),
            ),
            involved=(at, ("国有资产", i, "数量")),
        )


def rows_of_the_form(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """AST109: a row that the form does not have is INP112; a part may have been forgotten."""
    lines = [
        line.row
        for line in subject.pack.tables["资产"].lines
        if line.row and holds(line.when, subject.form.facts)
    ]
    given = {row.item: i for i, row in enumerate(subject.disclosure.assets)}
    for whole, part in pairwise(lines):
        if part.startswith(ASSET_DETAIL_PREFIX) and whole in given and part not in given:
            yield Finding(
                f"填了“{whole}”，没有填表里的“{part}”一行",
                ("国有资产", given[whole], "项目"),
                hint="有的请补上；没有的不用填，表里这一行空着。",
            )


_NEEDS: Final = (Need.ASSETS,)

RULES: tuple[Rule, ...] = (
    relation("AST101", _NEEDS),
    Rule("AST102", "其中项不大于所属资产", E, None, "0", _NEEDS),
    Rule("AST103", "资产的截止时间是上年末", E, day_of_count, "0", (Need.TEXT,)),
    Rule("AST104", "车辆与公务用车运行维护费相符", W, vehicles_run, "", _NEEDS),
    Rule("AST105", "拟购置固定资产与政府采购一致", W, planned_purchases, "0", (Need.TEXT,)),
    Rule("AST106", "资产的数量和价值都填写", W, both_columns, "", _NEEDS),
    Rule("AST107", "大型设备的平均价值不低于单价", W, dear_equipment, "0", _NEEDS),
    Rule("AST108", "购置公务用车列入政府采购", I, vehicle_purchases),
    Rule("AST109", "资产表的行填写完整", I, rows_of_the_form, "", _NEEDS),
)
