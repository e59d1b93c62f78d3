"""What an input says twice, or against itself, beside the relations between figures.

Each check is a small function over rows; :class:`generator.disclosure.Disclosure` runs them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from generator import money
from generator.balance import ASSET_DETAIL_PREFIX
from generator.disclosure.rows import AssetRow, Basics, LastYearRow, ProcurementRow, SubjectRow
from generator.disclosure.values import Model
from generator.money import ZERO
from generator.problem import Path, Problem, Severity, input_problem

LARGEST_TOTAL: Final = Decimal(1_000_000)
"""万元: 100 亿元; a department's budget that is larger was hardly filled in in 万元."""
SMALLEST_TOTAL: Final = 10_000
"""元: a budget that is smaller was hardly filled in in 元. The workbook's own formula has it so."""
SLIP: Final = 1_000
"""A figure so many times larger than every other of its column stands in another unit."""


def unit_slips(
    total: Decimal, unit: str, columns: Mapping[tuple[str, str], Sequence[Decimal | None]]
) -> Iterator[Problem]:
    """FMT104: 元 typed for 万元, in the whole input or in one cell.

    ``total``: 收入总计 in ``unit``; ``columns``: (sheet, column) → its leaves, None where blank.
    """
    if unit == "元" and 0 < total < SMALLEST_TOTAL:
        yield input_problem(
            "FMT104",
            f"收入总计 {money.fixed(total)} 元，不到 1 万元",
            ("基本信息", "金额单位"),
            hint="如果金额是按万元填的，请把基本信息的“金额单位”改为“万元”。",
        )
    total = total / 10_000 if unit == "元" else total
    if total > LARGEST_TOTAL:
        yield input_problem(
            "FMT104",
            f"收入总计 {money.fixed(total)} 万元，超过 100 亿元",
            ("收入",),
            hint="如果金额是按元填的，请把基本信息的“金额单位”改为“元”。",
        )
    for (sheet, column), amounts in columns.items():
        sizes = sorted(amount for amount in amounts if amount)
        if len(sizes) > 3 and sizes[0] * SLIP < sizes[1]:
            at = amounts.index(sizes[0])
            yield input_problem(
                "FMT104",
                f"{money.fixed(sizes[0])} 不到这一列其他各数的千分之一",
                (sheet, at, column),
                hint="请核对是不是单位填错了，或少填了几位。",
            )
        if len(sizes) > 3 and sizes[-1] > SLIP * max(sizes[-2], money.CENT * 100):
            at = amounts.index(sizes[-1])
            yield input_problem(
                "FMT104",
                f"{money.fixed(sizes[-1])} 是这一列其他各数的一千倍以上",
                (sheet, at, column),
                hint="请核对是不是把元当成了万元。",
            )


def empty_sections(sections: Mapping[str, Sequence[Model]]) -> Iterator[Problem]:
    """A disclosure of nothing is a form that was not filled in."""
    for section, rows in sections.items():
        if not rows:
            yield input_problem(
                "INP104",
                f"“{section}”一条也没有填",
                (section,),
                hint="请至少填一条。",
            )


def special_public(
    basics: Basics, last_year: Sequence[LastYearRow], projects: Decimal
) -> Iterator[Problem]:
    """专项公用经费 is a part of 项目支出, this year and last: the text takes it off."""
    last = {row.item: (i, row.amount) for i, row in enumerate(last_year)}
    at, before = last.get("专项公用经费", (0, None))
    _, projects_before = last.get("项目支出", (0, None))
    for path, part, whole in (
        (
            ("基本信息", "专项公用经费"),
            basics.special_public,
            projects,
        ),
        (("上年数", at, "上年数"), before, projects_before),
    ):
        if part is not None and whole is not None and part > whole:
            yield _exceeds("专项公用经费", part, "项目支出", whole, path, basics.unit)


def last_year_parts(rows: Sequence[LastYearRow], unit: str) -> Iterator[Problem]:
    """YOY107: what last year's figures imply must not be negative."""
    last = {row.item: (i, row.amount) for i, row in enumerate(rows) if row.amount is not None}
    for whole, parts in (
        ("支出总计", ("基本支出", "项目支出")),
        ("基本支出", ("人员经费", "公用经费")),
    ):
        amounts = [last[item][1] for item in parts if item in last]
        total = sum((amount for amount in amounts if amount is not None), ZERO)
        if whole in last and (limit := last[whole][1]) is not None and total > limit:
            yield _exceeds(
                f"上年{'加'.join(parts)}",
                total,
                f"上年{whole}",
                limit,
                ("上年数", last[whole][0], "上年数"),
                unit,
            )


def procurement_rows(rows: Sequence[ProcurementRow], unit: str) -> Iterator[Problem]:
    """GPR102, GPR105: each purchase by its own figures."""
    for i, row in enumerate(rows):
        if row.sum_row is not None:
            continue
        path: Path = ("政府采购", i)
        if row.total is not None and row.total != row.amount:
            yield _differs(
                *("GPR102", "采购金额等于各项资金之和", (*path, "合计"), row.total, row.amount),
                unit,
            )
        if row.reserved is not None and row.reserved > row.amount:
            yield Problem(
                "GPR105",
                "预留份额不超过采购金额",
                Severity.ERROR,
                f"预留中小微企业份额 {money.fixed(row.reserved)} 大于采购金额 "
                f"{money.fixed(row.amount)}，"
                f"相差 {money.fixed(abs(row.reserved - row.amount))} {unit}",
                (*path, "预留中小微企业份额"),
                expected=row.amount,
                actual=row.reserved,
                tolerance=ZERO,
                hint="预留份额是采购金额的一部分，请核对这一行。",
            )


def asset_rows(rows: Sequence[AssetRow]) -> Iterator[Problem]:
    """AST102: a part (其中) is not more than the row that it is part of."""
    whole: AssetRow | None = None
    for i, row in enumerate(rows):
        if not row.item.startswith(ASSET_DETAIL_PREFIX):
            whole = row
        elif whole is None:
            yield input_problem(
                "INP112",
                f"“{row.item}”前面没有它所属的资产",
                ("国有资产", i, "项目"),
                hint="请把它上面所属的资产也填上，数量和价值包含这一部分。",
            )
        else:
            for column, part, limit in (
                ("数量", row.quantity, whole.quantity),
                ("价值", row.value, whole.value),
            ):
                if part is not None and part > (limit or ZERO):
                    yield Problem(
                        "AST102",
                        "其中项不大于所属资产",
                        Severity.ERROR,
                        f"“{row.item}”的{column} {money.plain(part)} 大于“{whole.item}”的 "
                        f"{money.plain(limit or ZERO)}，多出 "
                        f"{money.plain(part - (limit or ZERO))}",
                        ("国有资产", i, column),
                        expected=limit or ZERO,
                        actual=part,
                        tolerance=ZERO,
                        hint="“其中”是上一行的一部分，请核对两行。",
                    )


Keys = Sequence[tuple[str, ...]]


def repeated_keys(keyed: Iterable[tuple[str, str, Keys]]) -> Iterator[Problem]:
    """COD107: (sheet, column, the key of each row); two rows of a sheet have no key in common."""
    for sheet, column, keys in keyed:
        seen: set[tuple[str, ...]] = set()
        for i, key in enumerate(keys):
            if key in seen:
                shown = "（".join(key) + "）" * (len(key) - 1)
                yield input_problem(
                    "COD107",
                    f"“{shown}”在这张表里已经有一条了",
                    (sheet, i, column),
                    hint="请合并这两条，或改正编码。",
                )
            seen.add(key)


def contradicting_names(sheets: Mapping[str, Sequence[SubjectRow]]) -> Iterator[Problem]:
    """COD106: one code has one name in these sheets together."""
    names: dict[str, tuple[str, str]] = {}
    for sheet, rows in sheets.items():
        for i, row in enumerate(rows):
            if not row.code or not row.name:
                continue
            name, where = names.setdefault(row.code, (row.name, sheet))
            if name != row.name:
                yield input_problem(
                    "COD106",
                    f"科目 {row.code} 这里叫“{row.name}”，“{where}”里叫“{name}”",
                    (sheet, i, "科目名称"),
                    hint="同一编码在各表中名称应相同，请改成一致。",
                )


def _differs(
    rule: str, name: str, path: Path, actual: Decimal, derived: Decimal, unit: str
) -> Problem:
    return Problem(
        rule,
        name,
        Severity.ERROR,
        f"合计填的是 {money.fixed(actual)}，按各项应为 {money.fixed(derived)}，"
        f"相差 {money.fixed(abs(actual - derived))} {unit}",
        path,
        expected=derived,
        actual=actual,
        tolerance=ZERO,
        hint="请核对这一行的合计和各项。",
    )


def _exceeds(
    part_name: str, part: Decimal, name: str, whole: Decimal, path: Path, unit: str
) -> Problem:
    return Problem(
        "YOY107" if name.startswith("上年") or path[0] == "上年数" else "INP114",
        "部分不大于整体",
        Severity.ERROR,
        f"{part_name} {money.fixed(part)} 大于{name} {money.fixed(whole)}，"
        f"多出 {money.fixed(part - whole)} {unit}",
        path,
        expected=whole,
        actual=part,
        tolerance=ZERO,
        hint=f"前者包含在{name.removeprefix('上年')}里，请核对这几个数。",
    )
