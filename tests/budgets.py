"""Invented budgets: a small fixed department, and random balanced ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

_DEPARTMENT: dict[str, Any] = {
    "基本信息": {
        **{"类型": "部门", "编码": "201", "名称": "河清县档案馆", "级别": "县", "年度": "2023"},
    },
    "机构设置": [
        {
            **{"单位名称": "甲单位", "单位性质": "行政"},
            **{"单位规格": "正科级", "经费保障形式": "财政拨款"},
        }
    ],
    "收入": [
        {"科目编码": "2010301", "科目名称": "行政运行", "一般公共预算": "900.00"},
        {"科目编码": "2210201", "科目名称": "住房公积金", "一般公共预算": "100.00"},
    ],
    "支出": [
        {
            **{"科目编码": "2010301", "科目名称": "行政运行", "资金性质": "一般公共预算"},
            **{"基本支出": "500.00", "项目支出": "400.00"},
        },
        {
            **{"科目编码": "2210201", "科目名称": "住房公积金", "资金性质": "一般公共预算"},
            "基本支出": "100.00",
        },
    ],
    "基本支出": [
        {"科目编码": "30101", "科目名称": "基本工资", "人员经费": "500.00"},
        {"科目编码": "30201", "科目名称": "办公费", "公用经费": "97.00"},
        {"科目编码": "30217", "科目名称": "公务接待费", "公用经费": "3.00"},
    ],
    "三公经费": [{"项目": "公务接待费", "一般公共预算": "3.00"}],
    "上年数": [
        {"项目": "支出总计", "上年数": "950.00"},
        {"项目": "基本支出", "上年数": "600.00"},
        {"项目": "项目支出", "上年数": "350.00", "增减原因": "新增库房改造任务"},
        {"项目": "人员经费", "上年数": "500.00"},
        {"项目": "公用经费", "上年数": "100.00"},
        {"项目": "专项公用经费", "上年数": "0.00"},
        {"项目": "因公出国（境）费", "上年数": "0.00"},
        {"项目": "公务用车购置费", "上年数": "0.00"},
        {"项目": "公务用车运行维护费", "上年数": "0.00"},
        {"项目": "公务接待费", "上年数": "4.00", "增减原因": "压减公务接待"},
    ],
    "项目": [
        {
            **{"项目名称": "综合业务经费", "金额": "400.00", "绩效目标": "1.保证档案安全"},
            "绩效指标": [
                {
                    **{"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "整理卷数"},
                    **{"绩效指标描述": "全年整理的档案卷数", "指标值": "≥3000卷"},
                    "指标值确定依据": "年度工作计划",
                },
                {
                    **{"一级指标": "产出指标", "二级指标": "质量指标", "三级指标": "合格率"},
                    **{"绩效指标描述": "整理合格的比率", "指标值": "≥98%"},
                    "指标值确定依据": "年度工作计划",
                },
                {
                    **{"一级指标": "满意度指标", "二级指标": "服务对象满意度指标"},
                    **{"三级指标": "查档群众满意度", "绩效指标描述": "满意的比率"},
                    **{"指标值": "≥95%", "指标值确定依据": "问卷调查"},
                },
            ],
        }
    ],
    "政府采购": [
        {
            **{"单位": "甲单位", "项目名称": "综合业务经费", "预算资金": "400.00"},
            **{"采购物品名称": "密集架", "政府采购目录序号": "A05020000", "计量单位": "组"},
            **{"数量": "10", "单价": "0.5", "一般公共预算拨款": "5.00"},
            "预留中小微企业份额": "5.00",
        }
    ],
    "国有资产": [
        {"项目": "房屋", "数量": "1000", "价值": "120.00"},
        {"项目": "其中：办公用房", "数量": "800", "价值": "100.00"},
        {"项目": "其他固定资产", "数量": "60", "价值": "30.00"},
    ],
    "文字": {
        "职责": ["1、收集、整理和保管全县档案。", "2、提供档案查阅服务。"],
        "总体目标": ["保证档案完整安全，方便群众利用。"],
        "分项目标": ["1、档案安全。做好库房防火防潮。"],
        "保障措施": ["1、健全制度。", "2、加强培训。"],
    },
}


def department() -> dict[str, Any]:
    """A small department that balances: 1000.00 in and out, one project, one purchase."""
    return copy.deepcopy(_DEPARTMENT)


def unit(code: str, name: str) -> dict[str, Any]:
    """The same figures as a unit's own disclosure."""
    tree = department()
    tree["基本信息"].update({"类型": "单位", "编码": code, "名称": name})
    return tree


_CODES = ("2010301", "2010302", "2010399", "2050803", "2080505", "2101101", "2210201", "2299999")
_PERSONNEL = ("30101", "30102", "30103", "30108", "30302")
_PUBLIC = ("30201", "30202", "30207", "30211", "30299", "31002")
_FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金")
_CARRY = {fund: f"结转（{fund}）" for fund in _FUNDS}
_OWN_INCOME = ("财政专户管理资金", "事业收入", "事业单位经营收入", "上级补助收入", "其他收入")

_cents = st.integers(min_value=100, max_value=99_999).map(lambda n: Decimal(n) / 100)


@st.composite
def balanced(draw: st.DrawFn) -> dict[str, Any]:
    """A random budget that balances: several funds, carry-over, year-end, own income."""
    tree = department()
    codes = draw(st.lists(st.sampled_from(_CODES), min_size=1, max_size=6, unique=True))
    income: dict[str, dict[str, Any]] = {}
    tree["支出"] = []
    basic = Decimal(0)
    for code in codes:
        for fund in draw(st.lists(st.sampled_from(_FUNDS), min_size=1, max_size=3, unique=True)):
            row, total = _spend(draw, fund)
            tree["支出"].append({"科目编码": code, "资金性质": fund, **row})
            if fund == "一般公共预算":
                basic += Decimal(row.get("基本支出", "0"))
            earned = income.setdefault(code, {"科目编码": code})
            _earn(draw, earned, fund, total)
    tree["收入"] = list(income.values())
    tree["基本支出"] = _split(draw, basic)
    tree["三公经费"] = []
    if draw(st.booleans()):
        _leave_over(draw, tree)
    return tree


def _spend(draw: st.DrawFn, fund: str) -> tuple[dict[str, str], Decimal]:
    columns = ["基本支出", "项目支出"]
    if fund == "其他资金":
        columns += ["经营支出", "上解上级支出", "对附属单位补助支出"]
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True))
    amounts = {column: draw(_cents) for column in chosen}
    return {c: str(a) for c, a in amounts.items()}, sum(amounts.values(), Decimal(0))


def _earn(draw: st.DrawFn, row: dict[str, Any], fund: str, total: Decimal) -> None:
    """Income of the year for the most part, the rest carried over."""
    carried = min(total, draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("14.54")])))
    source = draw(st.sampled_from(_OWN_INCOME)) if fund == "其他资金" else fund
    if total > carried:
        row[source] = str(Decimal(row.get(source, "0")) + total - carried)
    if carried:
        row[_CARRY[fund]] = str(Decimal(row.get(_CARRY[fund], "0")) + carried)


def _split(draw: st.DrawFn, basic: Decimal) -> list[dict[str, str]]:
    rows = []
    codes = draw(st.lists(st.sampled_from(_PERSONNEL + _PUBLIC), max_size=6, unique=True))
    rest = basic
    for code in codes:
        part = min(rest, draw(_cents))
        if part:
            column = "人员经费" if code in _PERSONNEL else "公用经费"
            rows.append({"科目编码": code, column: str(part)})
            rest -= part
    if rest:
        rows.append({"科目编码": "30399", "人员经费": str(rest)})
    return rows


def _leave_over(draw: st.DrawFn, tree: dict[str, Any]) -> None:
    """Some income is not spent: 年终结转 of its fund."""
    amount = draw(_cents)
    row = tree["收入"][0]
    row["一般公共预算"] = str(Decimal(row.get("一般公共预算", "0")) + amount)
    tree["年终结转"] = {"一般公共预算": str(amount)}


# --- departments in which nothing is wrong ------------------------------------------------------

_THEMES = (
    *("档案库房", "数据平台", "政务网络", "应急物资", "公共卫生", "社区服务", "水利设施"),
    *("道路养护", "林业防火", "农田灌溉", "文化场馆", "校园安全", "食品抽检", "环境监测"),
    *("信访接待", "法律援助", "地名管理", "养老服务", "残疾人康复", "消防器材", "防汛抢险"),
    *("村镇规划", "垃圾清运", "河道清理", "路灯维护", "公园绿化", "供水管网", "危房改造"),
)
_KINDS = ("工程", "项目", "专项工作", "运行服务", "提升行动", "补助资金", "管理工作")
_NAMES = {
    **{"2010301": "行政运行", "2010302": "一般行政管理事务", "2010350": "事业运行"},
    **{"2080206": "社会组织管理", "2080505": "机关事业单位基本养老保险缴费支出"},
    **{"2101101": "行政单位医疗", "2120501": "城乡社区环境卫生", "2120803": "城市建设支出"},
    **{"2210201": "住房公积金", "2230105": "国有企业退休人员社会化管理补助支出"},
    **{"22301": "解决历史遗留问题及改革成本支出"},
}
_ECONOMIC = {
    **{"30101": "基本工资", "30102": "津贴补贴", "30108": "机关事业单位基本养老保险缴费"},
    **{"30110": "职工基本医疗保险缴费", "30113": "住房公积金", "30201": "办公费"},
    **{"30207": "邮电费", "30217": "公务接待费", "30231": "公务用车运行维护费"},
}
_PAID_AS = {"30108": "2080505", "30110": "2101101", "30113": "2210201"}
"""Insurance and housing fund: the same money as a functional subject."""
_GOODS = (("办公桌", "A05010201", "张", 15), ("台式计算机", "A02010105", "台", 50))
_SUBJECTS = {
    "一般公共预算": ("2010302", "2080206", "2120501"),
    "政府性基金预算": ("2120803",),
    "国有资本经营预算": ("2230105",),
}
_STANDING = {"单位性质": "行政", "单位规格": "正科级", "经费保障形式": "财政拨款"}


@dataclass
class _Project:
    """A project: what it costs (in 0.01 万元), out of which fund and under which subject."""

    name: str
    amount: int
    fund: str
    code: str
    carried: bool = False


@dataclass
class _Book:
    """The leaves of one unit, in 0.01 万元; several books added up are a department's."""

    basic: dict[str, int] = field(default_factory=dict)  # by economic subject
    own: int = 0  # 事业收入, spent as 基本支出
    saved: int = 0  # general income that is not spent
    projects: list[_Project] = field(default_factory=list)
    sangong: dict[str, int] = field(default_factory=dict)
    purchases: list[dict[str, str]] = field(default_factory=list)
    assets: dict[str, tuple[int, int]] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)  # last year's less this year's

    def part(self, *starts: str) -> int:
        return sum(cents for code, cents in self.basic.items() if code.startswith(starts))


def _yuan(cents: int) -> str:
    """Cents of 万元 as an amount of a sheet."""
    return f"{Decimal(cents) / 100:.2f}"


def _short(cents: int) -> str:
    """The same as in running text, without trailing zeros."""
    return _yuan(cents).rstrip("0").rstrip(".")


_amount = st.integers(min_value=100, max_value=50_000)
_few = st.integers(min_value=0, max_value=300)


@st.composite
def realistic(draw: st.DrawFn) -> dict[str, Any]:
    """A department of one to four units in which a careful auditor finds nothing.

    With carry-over, 政府性基金, 国资, income of its own and money left over, or without; with
    empty tables; with one project, a few, or sixty.
    """
    year = draw(st.sampled_from((2023, 2024, 2025, 2026)))
    many = draw(st.sampled_from((0, 0, 0, 0, 1, 2, 3)))
    names = iter([f"{theme}{kind}" for kind in _KINDS for theme in _THEMES])
    plain = draw(st.booleans())
    books = [_book(draw, names, sixty=not many, plain=plain) for _ in range(max(many, 1))]
    places = ("河清县档案局本级", "河清县档案信息中心", "河清县史志研究中心")[:many]
    heads = [
        {"类型": "单位", "编码": f"20100{i}", "名称": name, "级别": "县", "年度": str(year)}
        for i, name in enumerate(places, 1)
    ]
    head = {"类型": "部门", "编码": "201", "名称": "河清县档案局", "级别": "县", "年度": str(year)}
    options = _options(draw)
    wording = draw(st.sampled_from(("格式", "引用", "金额")))
    for book, place in zip(books, places or ("河清县档案局",), strict=True):
        for purchase in book.purchases:
            purchase["单位"] = place
    tree = _realistic_tree(head, books, list(places) or ["河清县档案局"], wording, options)
    if many > 1 and draw(st.sampled_from((False, False, True))):
        options["分部分"] = "不分"  # the units' budgets are not published here
    elif many:
        tree["所属单位"] = [
            _realistic_tree(below, [book], [below["名称"]], wording, options)
            for below, book in zip(heads, books, strict=True)
        ]
    return tree


def _options(draw: st.DrawFn) -> dict[str, str]:
    return {
        "文字末尾零": draw(st.sampled_from(("去掉", "保留"))),
        "小节编号": draw(st.sampled_from(("括号", "顿号"))),
        "项目明细": draw(st.sampled_from(("列出", "不列"))),
        "运行经费明细": draw(st.sampled_from(("列出", "不列"))),
        "三公会议培训行": draw(st.sampled_from(("有", "无"))),
    }


def _book(draw: st.DrawFn, names: Iterator[str], *, sixty: bool, plain: bool) -> _Book:
    """``plain``: no income of its own, nothing left over."""
    book = _Book()
    for code in ("30101", "30102", "30108", "30110", "30113", "30201", "30207"):
        book.basic[code] = draw(_amount)
    if not plain:
        book.own = draw(st.sampled_from((0, 1_250, 30_001)))
        book.saved = draw(st.sampled_from((0, 1, 5_010)))
    _add_projects(draw, book, names, sixty)
    _add_sangong(draw, book)
    _add_purchases(draw, book)
    for item in ("人员经费", "公用经费", "项目支出"):
        book.before[item] = draw(st.sampled_from((0, 1, 50, 999)))
    return book


def _add_projects(draw: st.DrawFn, book: _Book, names: Iterator[str], sixty: bool) -> None:
    sizes = (0, 1, 2, 4, 60) if sixty else (0, 1, 2, 4)
    for _ in range(draw(st.sampled_from(sizes))):
        fund = draw(st.sampled_from(("一般公共预算",) * 4 + tuple(_SUBJECTS)[1:]))
        code = draw(st.sampled_from(_SUBJECTS[fund]))
        book.projects.append(_Project(next(names), draw(_amount), fund, code))
    if draw(st.booleans()):
        name = f"{next(names)}（上年结转）"
        book.projects.append(_Project(name, draw(_amount), "一般公共预算", "2010302", True))


def _add_sangong(draw: st.DrawFn, book: _Book) -> None:
    """Vehicles are there if and only if there is money to run them; 三公 does not rise."""
    vehicles = draw(st.sampled_from((0, 0, 1, 3)))
    if vehicles:
        book.sangong["公务用车运行维护费"] = vehicles * 250
        book.basic["30231"] = vehicles * 250
    if received := draw(st.sampled_from((0, 30, 300))):
        book.sangong["公务接待费"] = received
        book.basic["30217"] = received
    for item in book.sangong:
        book.before[item] = draw(st.sampled_from((0, 0, 25)))
    if draw(st.booleans()) or vehicles:
        book.assets["房屋"] = (1_000, 12_000)
        book.assets["其中：办公用房"] = (800, 10_000)
        if vehicles:
            book.assets["车辆"] = (vehicles, vehicles * 1_800)
        book.assets["单价20万元以上的设备"] = (2, 5_000)
        book.assets["其他固定资产"] = (60 + draw(_few), draw(_amount))


def _add_purchases(draw: st.DrawFn, book: _Book) -> None:
    bought = [p for p in book.projects if p.fund == "一般公共预算" and not p.carried][:3]
    for project in bought:
        goods, code, measure_unit, price = draw(st.sampled_from(_GOODS))
        number = min(draw(st.integers(min_value=0, max_value=20)), project.amount // price)
        if number:
            cost = _yuan(number * price)
            book.purchases.append(
                {
                    **{"项目名称": project.name, "预算资金": _yuan(project.amount)},
                    **{"采购物品名称": goods, "政府采购目录序号": code},
                    **{"计量单位": measure_unit, "数量": str(number), "单价": _yuan(price)},
                    **{"一般公共预算拨款": cost, "预留中小微企业份额": cost},
                }
            )


def _realistic_tree(
    head: dict[str, str],
    books: list[_Book],
    places: list[str],
    wording: str,
    options: dict[str, str],
) -> dict[str, Any]:
    projects = [project for book in books for project in book.projects]
    tree: dict[str, Any] = {
        "基本信息": head,
        "机构设置": [{"单位名称": place, **_STANDING} for place in places],
        **_functional_sheets(books, projects),
        "基本支出": [
            {"科目编码": code, "科目名称": name, column: _yuan(cents)}
            for code, name in _ECONOMIC.items()
            for column in (("公用经费",) if code.startswith("302") else ("人员经费",))
            if (cents := sum(book.basic.get(code, 0) for book in books))
        ],
        "三公经费": [
            {"项目": item, "一般公共预算": _yuan(cents)}
            for item in ("公务用车运行维护费", "公务接待费")
            if (cents := sum(book.sangong.get(item, 0) for book in books))
        ],
        "上年数": list(_last_year(books, projects)),
        "项目": [_with_targets(project, head["年度"]) for project in projects],
        "政府采购": [purchase for book in books for purchase in book.purchases],
        "国有资产": [
            {"项目": item, "数量": str(number), "价值": _yuan(cents)}
            for item in ("房屋", "其中：办公用房", "车辆", "单价20万元以上的设备", "其他固定资产")
            for number, cents in [_asset(books, item)]
            if number
        ],
        "文字": {
            "职责": ["1、收集、整理和保管全县档案。", "2、提供档案查阅服务。"],
            "总体目标": ["保证档案完整安全，方便群众利用。"],
            "分项目标": ["1、档案安全。做好库房防火防潮，全年无安全事故。"],
            "保障措施": ["1、健全制度，按月核对进度。", "2、加强学习，提高业务能力。"],
        },
    }
    if saved := sum(book.saved for book in books):
        tree["年终结转"] = {"一般公共预算": _yuan(saved)}
    if wording != "格式":
        tree["文字"] |= _own_words(head, books, options, by_reference=wording == "引用")
    tree["格式选项"] = options
    return tree


def _asset(books: list[_Book], item: str) -> tuple[int, int]:
    owned = [book.assets[item] for book in books if item in book.assets]
    return sum(number for number, _ in owned), sum(cents for _, cents in owned)


def _functional_sheets(books: list[_Book], projects: list[_Project]) -> dict[str, Any]:
    """收入 and 支出: what is spent comes in, from its own fund, this year or carried over."""
    spent: dict[tuple[str, str], dict[str, int]] = {}
    earned: dict[str, dict[str, int]] = {}

    def add(code: str, fund: str, column: str, source: str, cents: int) -> None:
        for record, key in (
            (spent.setdefault((code, fund), {}), column),
            (earned.setdefault(code, {}), source),
        ):
            record[key] = record.get(key, 0) + cents

    general = "一般公共预算"
    for book in books:
        rest = sum(book.basic.values())
        for economic, code in _PAID_AS.items():
            add(code, general, "基本支出", general, book.basic[economic])
            rest -= book.basic[economic]
        add("2010301", general, "基本支出", general, rest)
        if book.own:
            add("2010350", "其他资金", "基本支出", "事业收入", book.own)
        earned["2010301"][general] += book.saved
    for project in projects:
        source = "结转（一般公共预算）" if project.carried else project.fund
        add(project.code, project.fund, "项目支出", source, project.amount)

    def record(code: str, amounts: dict[str, int]) -> dict[str, str]:
        amounts = {column: cents for column, cents in amounts.items() if cents}
        return {"科目编码": code, "科目名称": _NAMES[code]} | {
            column: _yuan(cents) for column, cents in amounts.items()
        }

    income = [record(code, amounts) for code, amounts in sorted(earned.items())]
    if "2230105" in earned:
        income.append({"科目编码": "22301", "科目名称": _NAMES["22301"]})
    return {
        "收入": income,
        "支出": [
            {**record(code, amounts), "资金性质": fund}
            for (code, fund), amounts in sorted(spent.items())
        ],
    }


def _last_year(books: list[_Book], projects: list[_Project]) -> Iterator[dict[str, str]]:
    """Last year was a little more of everything; each change has its reason."""
    more = {
        item: sum(book.before.get(item, 0) for book in books)
        for item in ("人员经费", "公用经费", "项目支出", "公务用车运行维护费", "公务接待费")
    }
    personnel = sum(book.part("301") for book in books) + more["人员经费"]
    public = sum(book.part("302") for book in books) + more["公用经费"]
    basic = personnel + public + sum(book.own for book in books)
    project = sum(p.amount for p in projects) + more["项目支出"]
    amounts = {
        **{"支出总计": basic + project, "基本支出": basic, "项目支出": project},
        **{"人员经费": personnel, "公用经费": public, "专项公用经费": 0},
        **{"因公出国（境）费": 0, "公务用车购置费": 0},
        **{
            item: sum(book.sangong.get(item, 0) for book in books) + more[item]
            for item in ("公务用车运行维护费", "公务接待费")
        },
    }
    more["基本支出"] = more["人员经费"] + more["公用经费"]
    reasons = {
        "基本支出": "退休人员增加，在职人员相应减少",
        "项目支出": "部分项目上年已经完成",
        "公务用车运行维护费": "车辆使用减少，维修费用下降",
        "公务接待费": "压减公务接待批次和人数",
    }
    for item, cents in amounts.items():
        row = {"项目": item, "上年数": _yuan(cents)}
        yield row | ({"增减原因": reasons[item]} if item in reasons and more[item] else {})


def _with_targets(project: _Project, year: str) -> dict[str, Any]:
    name = project.name.removesuffix("（上年结转）")
    return {
        **{"项目名称": project.name, "金额": _yuan(project.amount)},
        "绩效目标": [f"1.按计划完成全年的{name}任务，方便群众办事。"],
        "绩效指标": [
            {
                **{"一级指标": first, "二级指标": second, "三级指标": third},
                **{"绩效指标描述": about, "指标值": value, "指标值确定依据": "年度工作计划"},
            }
            for first, second, third, about, value in (
                ("产出指标", "数量指标", f"{name}完成数量", "全年完成任务的件数", "≥20件"),
                ("产出指标", "质量指标", "验收合格率", "验收合格的占全部任务的比例", "≥98%"),
                ("产出指标", "时效指标", "完成时限", "全部任务完成的时间", f"{year}年11月底前"),
                (
                    "产出指标",
                    "成本指标",
                    "项目总成本",
                    "全年支出的总额",
                    f"≤{_short(project.amount)}万元",
                ),
                ("效益指标", "社会效益指标", "服务群众人次", "全年服务群众的人次", "≥800人次"),
                ("满意度指标", "服务对象满意度指标", "群众满意度", "问卷调查中满意的比率", "≥90%"),
            )
        ],
    }


def _own_words(
    head: dict[str, str], books: list[_Book], options: dict[str, str], *, by_reference: bool
) -> dict[str, list[str]]:
    """收入说明 and 支出说明 as a user writes them, with references or with the amounts."""
    show = _short if options["文字末尾零"] == "去掉" else _yuan
    projects = [project for book in books for project in book.projects]
    own, saved = (sum(getattr(book, what) for book in books) for what in ("own", "saved"))
    personnel, public = (sum(book.part(kind) for book in books) for kind in ("301", "302"))
    by_fund = {
        fund: sum(p.amount for p in projects if p.fund == fund and not p.carried)
        for fund in _SUBJECTS
    }
    carried = sum(p.amount for p in projects if p.carried)
    project = sum(p.amount for p in projects)
    by_fund["一般公共预算"] += personnel + public + saved
    amounts = {
        **{"收入总计": sum(by_fund.values()) + own + carried, "上年结转": carried},
        "一般公共预算收入": by_fund["一般公共预算"],
        "政府性基金收入": by_fund["政府性基金预算"],
        "国有资本经营收入": by_fund["国有资本经营预算"],
        **{"财政专户收入": 0, "单位资金收入": own, "支出总计": personnel + public + project},
        **{"基本支出": personnel + public, "人员经费": personnel, "公用经费": public},
        "项目支出": project,
    }
    said = {name: f"{{{name}}}" if by_reference else show(cents) for name, cents in amounts.items()}
    start = f"{head['年度']}年{head['类型']}预算"
    texts = {
        "收入说明": [
            f"{start}收入{said['收入总计']}万元，其中：一般公共预算收入{said['一般公共预算收入']}"
            f"万元，基金预算收入{said['政府性基金收入']}万元，国有资本经营预算收入"
            f"{said['国有资本经营收入']}万元，财政专户核拨收入{said['财政专户收入']}万元，"
            f"单位资金收入{said['单位资金收入']}万元，上年结转结余{said['上年结转']}万元。"
        ]
    }
    if projects and not own and not saved:
        listed = "，".join(f"{p.name}{show(p.amount)}万元" for p in projects)
        texts["支出说明"] = [
            f"{start}支出{said['支出总计']}万元，其中：基本支出{said['基本支出']}万元，包括人员经费"
            f"{said['人员经费']}万元和日常公用经费{said['公用经费']}万元；"
            f"项目支出{said['项目支出']}万元，主要为{listed}。"
        ]
    return texts
