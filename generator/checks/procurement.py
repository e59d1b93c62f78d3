"""GPR: procurement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from generator.checks.rule import E, Finding, I, Need, Rule, W, relation
from generator.checks.subject import Subject
from generator.checks.values import fold
from generator.disclosure import ProcurementRow
from generator.form import nearest
from generator.money import CENT, ZERO, decimals, fixed, plain
from generator.problem import Path, Side

MANY: Final = 5
"""So many rows with the same fault are told one by one; more are one finding."""

# --- rows and where they stand -------------------------------------------------------------------


def purchases(subject: Subject) -> Iterator[tuple[int, ProcurementRow]]:
    for i, row in enumerate(subject.disclosure.procurement):
        if row.sum_row is None:
            yield i, row


def _at(i: int, column: str) -> Path:
    return ("政府采购", i, column)


def called(row: ProcurementRow) -> str:
    """How a message calls a purchase; its place says where it stands."""
    return f"“{row.goods}”（{row.project}）" if row.project else f"“{row.goods}”"


def _column(field: str) -> str:
    return ProcurementRow.model_fields[field].alias or field


def amount_paths(i: int, row: ProcurementRow) -> tuple[Path, ...]:
    """The cells that make up the amount of a purchase."""
    return tuple(_at(i, _column(f)) for f in ProcurementRow.FUNDS if getattr(row, f))


def _largest(i: int, row: ProcurementRow) -> Path:
    """The cell where most of the amount stands."""
    fund = max(ProcurementRow.FUNDS, key=lambda f: getattr(row, f) or ZERO)
    return _at(i, _column(fund))


def _each(
    spots: list[tuple[Path, str]], what: str, hint: str, about: str = "行采购"
) -> Iterator[Finding]:
    """One finding for each row, or one for all where there are many."""
    if len(spots) > MANY:
        shown = "、".join(text for _, text in spots[:MANY])
        yield Finding(
            f"{len(spots)} {about}{what}：{shown}等",
            spots[0][0],
            hint=hint,
            involved=tuple(path for path, _ in spots),
        )
        return
    for path, text in spots:
        yield Finding(f"{text}{what}", path, hint=hint, involved=(path,))


# --- GPR103, GPR104: a row, and a project's rows -------------------------------------------------


def quantity_times_price(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR103: the price is printed with two decimals, the true one may have more."""
    for i, row in purchases(subject):
        if not row.quantity or not row.unit_price or not row.amount:
            continue
        product = row.quantity * row.unit_price
        tolerance = _tolerance(row.quantity, row.unit_price)
        if abs(product - row.amount) <= tolerance:
            continue
        quantity, price = plain(row.quantity), plain(row.unit_price)
        yield Finding(
            f"{called(row)}数量 {quantity} × 单价 {price} = {plain(product)}，"
            f"金额 {fixed(row.amount)}，相差 {plain(row.amount - product)} 万元",
            _largest(i, row),
            expected=product,
            actual=row.amount,
            tolerance=tolerance,
            hint="请核对数量、单价和金额；单价按万元填写，可以多于两位小数。",
            sides=(
                Side("采购金额", row.amount, _largest(i, row)),
                Side(f"数量 {quantity} × 单价 {price}", product, _at(i, "单价")),
            ),
            involved=(*amount_paths(i, row), _at(i, "数量"), _at(i, "单价")),
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


def within_budget(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR104: the purchases of one project, unit by unit."""
    groups: dict[tuple[str, str], list[tuple[int, ProcurementRow]]] = defaultdict(list)
    for i, row in purchases(subject):
        if row.project:
            groups[fold(row.unit), fold(row.project)].append((i, row))
    for rows in groups.values():
        stated = [(i, row.project_budget) for i, row in rows if row.project_budget is not None]
        if not stated:
            continue
        first, budget = stated[0]
        project = rows[0][1].project
        differing = [(i, other) for i, other in stated if other != budget]
        if differing:
            at, other = differing[0]
            yield Finding(
                f"“{project}”的预算资金有的行填 {fixed(budget)}，有的行填 {fixed(other)}，"
                f"相差 {fixed(other - budget)} 万元",
                _at(at, "预算资金"),
                expected=budget,
                actual=other,
                tolerance=ZERO,
                hint="同一个项目的预算资金各行应相同，请改成一致。",
                sides=tuple(
                    Side("预算资金", amount, _at(i, "预算资金"))
                    for i, amount in ((first, budget), (at, other))
                ),
                involved=tuple(_at(i, "预算资金") for i, _ in stated),
            )
            continue
        total = sum((row.amount for _, row in rows), ZERO)
        if total > budget:
            yield _over_budget(project, rows, total, budget, first)


def _over_budget(
    project: str,
    rows: list[tuple[int, ProcurementRow]],
    total: Decimal,
    budget: Decimal,
    first: int,
) -> Finding:
    return Finding(
        f"“{project}”的采购合计 {fixed(total)} 大于它的预算资金 {fixed(budget)}，"
        f"多出 {fixed(total - budget)} 万元",
        _at(first, "预算资金"),
        expected=budget,
        actual=total,
        tolerance=ZERO,
        hint="采购是项目支出的一部分，请核对采购金额和预算资金。",
        sides=(
            Side("采购合计", total, _largest(*rows[0])),
            Side("预算资金", budget, _at(first, "预算资金")),
        ),
        addends=tuple(Side(called(row), row.amount, _largest(i, row)) for i, row in rows),
        involved=tuple(
            path for i, row in rows for path in (*amount_paths(i, row), _at(i, "预算资金"))
        ),
    )


# --- GPR106: codes -------------------------------------------------------------------------------

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
                unknown.append((_at(i, "政府采购目录序号"), text))
            continue
        if fold(listed) == fold(row.goods):
            continue
        code_of = code_of or _by_name(catalogue)
        others = code_of.get(row.goods, [])
        if others and not _related(code, others):
            yield Finding(
                f"{called(row)}的采购目录序号填 {code}（{listed}），"
                f"“{row.goods}”的序号是 {others[0]}",
                _at(i, "政府采购目录序号"),
                hint="请按当年的政府采购品目分类目录核对序号和名称。",
                involved=(_at(i, "政府采购目录序号"), _at(i, "采购物品名称")),
            )
    yield from _each(
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


# --- GPR107: sources -----------------------------------------------------------------------------


def sources(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR107: each purchase comes out of a project of the department or out of 公用经费."""
    projects = _projects(subject)
    public = subject.pack.lists.get("公用采购来源", ())
    unknown: list[tuple[Path, str]] = []
    told: set[str] = set()
    hint = ""
    for i, row in purchases(subject):
        name = fold(row.project)
        if not name or name in told:
            continue
        told.add(name)
        if name.startswith(public):
            yield from _public_money(subject, i, row)
        elif name in projects:
            yield from _project_money(subject, i, row, projects[name])
        elif projects:
            unknown.append((_at(i, "项目名称"), f"{called(row)}的项目名称“{row.project}”"))
            hint = hint or nearest(row.project, projects) + "请填“项目”里的名称，或日常公用。"
    yield from _each(unknown, "不在“项目”里", hint)
    yield from _more_than_all(subject, public)


def _more_than_all(subject: Subject, public: tuple[str, ...]) -> Iterator[Finding]:
    """预算资金 of all projects together ≤ 项目支出; a project of several units counts once."""
    budgets: dict[str, tuple[Decimal, int]] = {}
    for i, row in purchases(subject):
        name = fold(row.project)
        if name and not name.startswith(public) and row.project_budget is not None:
            budgets[name] = max(budgets.get(name, (ZERO, i)), (row.project_budget, i))
    total = sum((budget for budget, _ in budgets.values()), ZERO)
    spent = subject.figures.get("expenditure.project")
    if not spent or total <= spent:
        return
    addends = tuple(
        Side(subject.disclosure.procurement[i].project, budget, _at(i, "预算资金"))
        for budget, i in budgets.values()
    )
    largest = max(addends, key=lambda side: side.amount or ZERO)
    yield Finding(
        f"采购所属项目的预算资金合计 {fixed(total)} 大于支出总表项目支出 {fixed(spent)}，"
        f"多出 {fixed(total - spent)} 万元",
        largest.path,
        expected=spent,
        actual=total,
        tolerance=ZERO,
        hint="预算资金填这个项目的预算，请核对；不是项目的，项目名称填日常公用。",
        sides=(Side("预算资金合计", total, largest.path), Side("表3 合计 项目支出", spent)),
        addends=addends,
        involved=tuple(side.path for side in addends),
    )


def _projects(subject: Subject) -> Mapping[str, Decimal | None]:
    """The projects of the department and of its units, with the department's amounts."""
    units = (unit.disclosure.projects for unit in subject.units)
    below: dict[str, Decimal | None] = {fold(p.name): None for own in units for p in own}
    return below | {fold(project.name): project.amount for project in subject.disclosure.projects}


def _public_money(subject: Subject, i: int, row: ProcurementRow) -> Iterator[Finding]:
    """预算资金 of 日常公用 = 公用经费 of T6 where the unit's is known, else not more than all."""
    public, stated = _public_of(subject, row.unit), row.project_budget
    if stated is None or stated == public:
        return
    if public is None:  # a unit's share of the department's
        public = _all_public(subject)
        if public is None or stated <= public:
            return
    yield Finding(
        f"{called(row)}的预算资金 {fixed(stated)} 与基本支出表公用经费 {fixed(public)} 不一致，"
        f"相差 {fixed(stated - public)} 万元",
        _at(i, "预算资金"),
        expected=public,
        actual=stated,
        tolerance=ZERO,
        hint="日常公用的预算资金是这个单位的公用经费，请核对。",
        sides=(
            Side("预算资金", stated, _at(i, "预算资金")),
            Side("表6 合计 公用经费", public),
        ),
        involved=(_at(i, "预算资金"),),
    )


def _public_of(subject: Subject, unit: str) -> Decimal | None:
    """公用经费 of a unit; None where nothing says it, or other money pays for it as well."""
    for below in subject.units:
        if fold(below.disclosure.basics.name) == fold(unit):
            return _all_public(below)
    return _all_public(subject) if len(subject.disclosure.institutions) == 1 else None


def _all_public(subject: Subject) -> Decimal | None:
    general = subject.figures.get("general.basic") == subject.figures.get("expenditure.basic")
    return subject.figures.get("economic.public") if general else None


def _project_money(
    subject: Subject, i: int, row: ProcurementRow, amount: Decimal | None
) -> Iterator[Finding]:
    """预算资金 of a project = its amount; of several units each may have its share."""
    stated = row.project_budget
    if amount is None or stated is None or stated == amount:
        return
    if stated < amount and len(subject.disclosure.institutions) != 1:
        return
    yield Finding(
        f"{called(row)}的预算资金 {fixed(stated)} 与项目“{row.project}”的金额 {fixed(amount)} "
        f"不一致，相差 {fixed(stated - amount)} 万元",
        _at(i, "预算资金"),
        expected=amount,
        actual=stated,
        tolerance=ZERO,
        hint="请核对项目的金额和采购的预算资金。",
        sides=(
            Side("预算资金", stated, _at(i, "预算资金")),
            Side("项目金额", amount, _project_path(subject, row.project)),
        ),
        involved=(_at(i, "预算资金"), _project_path(subject, row.project)),
    )


def _project_path(subject: Subject, name: str) -> Path:
    at = next(i for i, p in enumerate(subject.disclosure.projects) if fold(p.name) == fold(name))
    return ("项目", at, "金额")


# --- GPR108, GPR109: shares and funds ------------------------------------------------------------

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
            less.append((_at(i, "预留中小微企业份额"), text))
    if less:
        yield Finding(
            f"{len(less)} 行采购预留给中小微企业的份额不足："
            f"{'、'.join(text for _, text in less[:MANY])}{'等' if len(less) > MANY else ''}",
            less[0][0],
            hint=f"{plain(small)}万元以下的货物、服务和 {plain(_SMALL_WORKS)}万元以下的工程应全额"
            "预留，以上的预留 30%（工程 40%）；不适宜由中小企业提供的，请留存理由。",
        )


_PAID_FROM: Final[dict[str, tuple[str, ...]]] = {
    "general": ("income.general", "carry_over.general"),
    "gov_fund": ("income.gov_fund", "carry_over.gov_fund"),
    "state_capital": ("income.state_capital", "carry_over.state_capital"),
    "special_account": ("income.special_account", "carry_over.other"),
    "unit_funds": ("income.unit_funds", "carry_over.other"),
    "fiscal_carry_over": ("carry_over.fiscal",),
    "other_carry_over": ("carry_over.other",),
}


def within_income(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR109: no fund buys for more than it has; 财政专户 and 单位资金 may have carry-over."""
    for fund, sources_ in _PAID_FROM.items():
        spent = subject.figures.get(f"procurement.{fund}")
        income = sum((subject.figures.get(source) for source in sources_), ZERO)
        if spent <= income:
            continue
        column = _column(fund)
        rows = [(i, row) for i, row in purchases(subject) if getattr(row, fund)]
        at = max(rows, key=lambda item: getattr(item[1], fund))[0]
        yield Finding(
            f"政府采购中“{column}”合计 {fixed(spent)}，大于这项资金的收入（含上年结转）"
            f"{fixed(income)}，多出 {fixed(spent - income)} 万元",
            _at(at, column),
            expected=income,
            actual=spent,
            tolerance=ZERO,
            hint="请核对资金来源是否填错了列，或收入是否漏填。",
            sides=(
                Side(f"政府采购 {column}", spent, _at(at, column)),
                Side("收入（含上年结转）", income),
            ),
            addends=tuple(Side(called(row), getattr(row, fund), _at(i, column)) for i, row in rows),
            involved=tuple(_at(i, column) for i, _ in rows),
        )


# --- GPR110 to GPR112: filled in -----------------------------------------------------------------


def complete(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """GPR110."""
    spots: list[tuple[Path, str]] = []
    for i, row in purchases(subject):
        lacking = [
            column
            for column, given in (
                ("计量单位", row.measure_unit),
                ("数量", row.quantity),
                ("单价", row.unit_price is not None),
            )
            if not given
        ]
        if lacking:
            spots.append((_at(i, lacking[0]), f"{called(row)}的{'、'.join(lacking)}"))
    yield from _each(spots, "没有填或是 0", "请补上计量单位、数量和单价。")


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
            _at(i, column),
            hint=nearest(unit, [x.name for x in subject.disclosure.institutions])
            + "请与“机构设置”的单位名称改成一致。",
            involved=(_at(i, column),),
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
                _at(at, "单价"),
                hint="请核对单价的单位；确因规格不同的，留存配置标准。",
                involved=tuple(_at(i, "单价") for i, _ in rows),
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
    Rule("GPR110", "计量单位、数量、单价齐全", W, complete, "", _NEEDS),
    Rule("GPR111", "采购的单位在机构设置里", E, known_units, "", _NEEDS),
    Rule("GPR112", "同一物品的单价相近", I, price_spread, "cfg", _NEEDS, Decimal(5)),
)
