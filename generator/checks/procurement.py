"""GPR: procurement; what pays for it is looked at in :mod:`funding`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from generator.checks.funding import sources, within_budget, within_income
from generator.checks.purchases import (
    MANY,
    amount_paths,
    called,
    cell,
    largest_cell,
    purchases,
    tell_each,
)
from generator.checks.rule import E, Finding, I, Need, Rule, W, relation
from generator.checks.subject import Subject
from generator.checks.values import fold
from generator.disclosure import ProcurementRow
from generator.form import nearest
from generator.money import CENT, ZERO, decimals, fixed, plain
from generator.problem import Path, Side

# --- GPR103: a row ------------------------------------------------------------------------------


def quantity_times_price(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR103: the price is printed with two decimals, the true one may have more."""
    for i, row in purchases(subject):
        if not row.quantity or not row.unit_price:
            continue
        if not row.amount and row.total:
            continue  # the row's own total says so: GPR102
        product = row.quantity * row.unit_price
        tolerance = _tolerance(row.quantity, row.unit_price)
        if abs(product - row.amount) <= tolerance:
            continue
        quantity, price = plain(row.quantity), plain(row.unit_price)
        yield Finding(
            f"{called(row)}数量 {quantity} × 单价 {price} = {plain(product)}，"
            f"金额 {fixed(row.amount)}，相差 {plain(abs(row.amount - product))} 万元",
            largest_cell(i, row),
            expected=product,
            actual=row.amount,
            tolerance=tolerance,
            hint="请核对数量、单价和金额；单价按万元填写，可以多于两位小数。",
            sides=(
                Side("采购金额", row.amount, largest_cell(i, row)),
                Side(f"数量 {quantity} × 单价 {price}", product, cell(i, "单价")),
            ),
            involved=(*amount_paths(i, row), cell(i, "数量"), cell(i, "单价")),
        )


def _tolerance(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity × half a unit of the price's last digit + half a cent.

    Of one piece, price and amount are the same number rounded the same way. A price of more than
    two decimals was brought from 元: the amount beside it may be rounded up or down.
    """
    digits = max(2, decimals(price))
    if digits == 2 and quantity == 1:
        return ZERO
    half = Decimal(1).scaleb(-digits) / 2
    return quantity * half + (CENT / 2 if digits == 2 else CENT)


# --- GPR106: codes ------------------------------------------------------------------------------

CODE_LIST: Final = "采购目录"
"""The user's own list of procurement codes, beside the pack's."""
_DIGITS: Final = 8  # of a code in the edition of 2022, after its letter


def catalogue_codes(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR106: a list judges the letters whose root it has; a list of excerpts knows too little."""
    own = subject.code_lists.get(CODE_LIST)
    catalogue = {**subject.pack.procurement, **own} if own else subject.pack.procurement
    code_of: dict[str, list[str]] = {}
    unknown: list[tuple[Path, str]] = []
    for i, row in purchases(subject):
        code = row.catalogue_code
        if not code:
            continue
        listed = catalogue.get(code) or catalogue.get(code.ljust(_DIGITS + 1, "0"))
        if listed is None:
            if code[0] in catalogue:
                text = f"{called(row)}的采购目录序号 {code} "
                unknown.append((cell(i, "政府采购目录序号"), text))
            continue
        if fold(listed) == fold(row.goods):
            continue
        code_of = code_of or _by_name(catalogue)
        others = code_of.get(row.goods, [])
        if others and not _related(code, others):
            yield Finding(
                f"{called(row)}的采购目录序号填 {code}（{listed}），"
                f"“{row.goods}”的序号是 {others[0]}",
                cell(i, "政府采购目录序号"),
                hint="请按当年的政府采购品目分类目录核对序号和名称。",
                involved=(cell(i, "政府采购目录序号"), cell(i, "采购物品名称")),
            )
    yield from tell_each(
        unknown,
        "在当年的采购目录中没有",
        "请核对序号；2023 年起用 2022 年印发的品目分类目录（字母加 8 位数字）。"
        if any(len(code) == _DIGITS + 1 for code in catalogue)
        else "请核对序号。",
    )


def _by_name(catalogue: Mapping[str, str]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, name in catalogue.items():
        codes[name].append(code)
    return codes


def _related(code: str, others: Iterable[str]) -> bool:
    """One stands above the other: the goods may be called by the wider or the narrower name."""
    own = code.rstrip("0")
    return any(
        own.startswith(stem) or stem.startswith(own) for stem in (o.rstrip("0") for o in others)
    )


# --- GPR108: shares -----------------------------------------------------------------------------

_WORKS: Final = "B"
_SMALL_WORKS: Final = Decimal(400)  # 万元: 财库〔2020〕46号
_SHARE: Final = Decimal("0.3")
_SHARE_WORKS: Final = Decimal("0.4")


def reserved_shares(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR108: one finding for the document; reasons are given elsewhere."""
    small = rule.limit if rule.limit is not None else Decimal(200)
    less: list[tuple[Path, str]] = []
    for i, row in purchases(subject):
        if not row.catalogue_code or not row.amount:
            continue
        works = row.catalogue_code.startswith(_WORKS)
        share = _SHARE_WORKS if works else _SHARE
        whole = row.amount <= (_SMALL_WORKS if works else small)
        reserved = row.reserved or ZERO
        if reserved < (row.amount if whole else row.amount * share):
            text = f"{called(row)} {fixed(row.amount)} 万元"
            text += f"只预留 {fixed(reserved)}" if reserved else "没有预留"
            less.append((cell(i, "预留中小微企业份额"), text))
    if less:
        yield Finding(
            f"{len(less)} 行采购预留给中小微企业的份额不足："
            f"{'、'.join(text for _, text in less[:MANY])}{'等' if len(less) > MANY else ''}",
            less[0][0],
            hint=f"{plain(small)}万元以下的货物、服务和 {plain(_SMALL_WORKS)}万元以下的工程应全额"
            "预留，以上的预留 30%（工程 40%）；不适宜由中小企业提供的，请留存理由。",
        )


# --- GPR110 to GPR112: filled in ----------------------------------------------------------------


def complete(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR110; 预算资金 where other rows have it, or the project says how much it is."""
    spots: list[tuple[Path, str]] = []
    known = {fold(p.name) for p in subject.disclosure.projects if p.amount is not None}
    in_use = any(row.project_budget is not None for _, row in purchases(subject))
    for i, row in purchases(subject):
        budgeted = bool(row.project) and (in_use or fold(row.project) in known)
        lacking = [
            column
            for column, given in (
                ("预算资金", row.project_budget is not None or not budgeted),
                ("计量单位", row.measure_unit),
                ("数量", row.quantity),
                ("单价", row.unit_price is not None),
            )
            if not given
        ]
        if lacking:
            spots.append((cell(i, lacking[0]), f"{called(row)}的{'、'.join(lacking)}"))
    hint = "请补上计量单位、数量和单价；预算资金填这个项目（或日常公用）的预算总额。"
    yield from tell_each(spots, "没有填或是 0", hint)


def known_units(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR111; a group of units (参公4户) may hold any name, so nothing is said beside one."""
    basics = subject.disclosure.basics
    names = {_core(institution.name) for institution in subject.disclosure.institutions}
    names |= {_core(unit.disclosure.basics.name) for unit in subject.units}
    names |= {_core(basics.name), _core(basics.short_name)} - {""}
    groups = any(_is_group(i.name) for i in subject.disclosure.institutions)
    told: set[str] = set()
    for i, row in enumerate(subject.disclosure.procurement):
        unit = row.sum_row if row.sum_row is not None else row.unit
        name = _core(unit)
        if not name or name in names or name in told or (groups and not _is_group(unit)):
            continue
        told.add(name)
        column = "单位" if row.sum_row is None else "项目名称" if row.project else "单位"
        yield Finding(
            f"政府采购的单位“{unit}”不在机构设置里",
            cell(i, column),
            hint=nearest(unit, [x.name for x in subject.disclosure.institutions])
            + "请与“机构设置”的单位名称改成一致。",
            involved=(cell(i, column),),
        )


_GROUP_WORDS: Final = ("户", "家", "个", "所")


def _is_group(name: str) -> bool:
    """唐山市人民政府办公室（参公4户）."""
    inner = fold(name).rpartition("(")[2].rstrip(")")
    return "(" in fold(name) and inner.endswith(_GROUP_WORDS) and any(c.isdigit() for c in inner)


def _core(name: str) -> str:
    """A name without width, blanks, brackets and 本级, which is added or left out at will."""
    folded = fold(name).replace("(", "").replace(")", "")
    return folded.removesuffix("本级").removesuffix("机关")


def price_spread(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR112: the form's note allows for differences; so large a one is still worth a look.

    批, 项 and the like are lump sums, whose prices cannot be compared.
    """
    lump_sums = subject.pack.lists.get("总括的计量单位", ())
    limit = rule.limit if rule.limit is not None else Decimal(5)
    same: dict[tuple[str, str, str], list[tuple[int, ProcurementRow]]] = defaultdict(list)
    for i, row in purchases(subject):
        if row.catalogue_code and row.unit_price and row.measure_unit not in ("", *lump_sums):
            key = (row.catalogue_code, fold(row.goods), fold(row.measure_unit))
            same[key].append((i, row))
    for rows in same.values():
        prices = [(row.unit_price or ZERO, i) for i, row in rows]
        (low, _), (high, at) = min(prices), max(prices)
        if high > low * limit:
            row = rows[0][1]
            yield Finding(
                f"“{row.goods}”（{row.catalogue_code}）的单价从 {plain(low)} 到 {plain(high)} "
                f"万元，相差 {plain(limit)} 倍以上",
                cell(at, "单价"),
                hint="请核对单价的单位；确因规格不同的，留存配置标准。",
                involved=tuple(cell(i, "单价") for i, _ in rows),
            )


_NEEDS: Final = (Need.PROCUREMENT,)

RULES: tuple[Rule, ...] = (
    relation("GPR101", _NEEDS),
    relation("GPR102", _NEEDS),
    Rule("GPR103", "数量乘单价等于采购金额", W, quantity_times_price, "qty", _NEEDS),
    Rule("GPR104", "项目的采购不超过它的预算资金", E, within_budget, "0", _NEEDS),
    Rule("GPR105", "预留份额不超过采购金额", E, None, "0", _NEEDS),
    Rule("GPR106", "采购目录序号与名称相符", W, catalogue_codes, "", _NEEDS),
    Rule("GPR107", "采购的来源是项目或公用经费", W, sources, "0", _NEEDS),
    Rule("GPR108", "预留中小微企业份额达到比例", I, reserved_shares, "cfg", _NEEDS, Decimal(200)),
    Rule("GPR109", "采购不超过同一资金的收入", E, within_income, "0", _NEEDS),
    Rule("GPR110", "预算资金、计量单位、数量、单价齐全", W, complete, "", _NEEDS),
    Rule("GPR111", "采购的单位在机构设置里", E, known_units, "", _NEEDS),
    Rule("GPR112", "同一物品的单价相近", I, price_spread, "cfg", _NEEDS, Decimal(5)),
)
