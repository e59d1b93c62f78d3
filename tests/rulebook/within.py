"""TBL: examples. A declared figure is one that was pasted, or filled in as a total."""

from __future__ import annotations

from rulebook.base import Edit, Example, Tree, both, put


def pasted(*cells: tuple[str, str, str, str]) -> Edit:
    """Amounts of pasted tables: (table, row, measure, amount); blank where there is none."""
    return put(
        "申报数",
        value=[
            {"表": table, "行": row, "度量": measure, "金额": amount}
            for table, row, measure, amount in cells
        ],
    )


def added(sheet: str, **record: str) -> Edit:
    """A row of sums (or another row) at the end of a sheet."""

    def edit(tree: Tree) -> None:
        tree[sheet].append(dict(record))

    return edit


def row(code: str, name: str, **amounts: str) -> Tree:
    """A row with a subject code."""
    return {"科目编码": code, "科目名称": name, **amounts}


def sangong(*serials: str) -> Edit:
    """A pasted T9 with these 序号."""
    rows = [
        ["序号", "项  目", "资 金 性 质", "", "", ""],
        ["", "", "合计", "一般公共预算财政拨款", "政府性基金预算拨款", "国有资本经营预算财政拨款"],
        ["", "“三公”经费小计", "8.00", "8.00", "", ""],
        ["", "二、公务用车购置及运维费", "5.00", "5.00", "", ""],
        ["", "公务用车运行维护费", "5.00", "5.00", "", ""],
        ["", "三、公务接待费", "3.00", "3.00", "", ""],
    ]
    body = [[serial, *cells[1:]] for serial, cells in zip(serials, rows[2:], strict=True)]
    return put("粘贴的表", value={"表9": [*rows[:2], *body]})


_GOV_FUND = both(
    put("收入", 1, value=row("2010302", "一般行政管理事务", 政府性基金预算="400.00")),
    put("支出", 1, "资金性质", value="政府性基金预算"),
)
_STATE_CAPITAL = both(
    put("收入", 1, value=row("2010302", "一般行政管理事务", 国有资本经营预算="400.00")),
    put("支出", 1, "资金性质", value="国有资本经营预算"),
)

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "TBL101": Example(
        bad=pasted(("T1", "", "income.subtotal", "1001.00")),
        says="本年收入小计填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "income.subtotal", "1000.00")),
    ),
    "TBL102": Example(
        bad=pasted(("T1", "", "expenditure.total", "1001.00")),
        says="支出合计填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "expenditure.total", "1000.00")),
    ),
    "TBL103": Example(
        bad=pasted(("T1", "", "income.total", "1001.00")),
        says="收入总计填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "income.total", "1000.00")),
    ),
    "TBL104": Example(
        bad=pasted(("T1", "", "expenditure.grand", "1001.00")),
        says="支出总计填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "expenditure.grand", "1000.00")),
    ),
    "TBL105": (
        Example(
            bad=put("收入", 0, "一般公共预算", value="451.00"),
            says="表1 收入总计 1001.00 不等于 表1 支出总计 1000.00，相差 1.00 万元",
            at=("收入", 0, "一般公共预算"),
            good=both(
                put("收入", 0, "一般公共预算", value="440.00"),
                put("收入", 0, "结转（一般公共预算）", value="10.00"),
            ),
        ),
        Example(
            bad=put("支出", 1, "项目支出", value="401.00"),
            says="表1 收入总计 1000.00 不等于 表1 支出总计 1001.00，相差 1.00 万元",
            at=("支出", 1, "项目支出"),
            good=both(
                put("收入", 1, "一般公共预算", value="401.00"),
                put("年终结转", value={"一般公共预算": "1.00"}),
            ),
        ),
    ),
    "TBL201": (
        Example(
            bad=pasted(("T2", "201", "income.fiscal", "851.00")),
            says="财政拨款收入填的是 851.00，按明细应为 850.00，相差 1.00 万元",
            at=("申报数", 0),
            good=pasted(("T2", "201", "income.fiscal", "850.00")),
        ),
        Example(
            bad=added("收入", 科目名称="合  计", 合计="1000.01"),
            says="收入总计填的是 1000.01，按明细应为 1000.00，相差 0.01 万元",
            at=("收入", 5, "合计"),
            good=added("收入", 科目名称="合  计", 合计="1000"),
        ),
    ),
    "TBL202": Example(
        bad=put("收入", 0, "小计", value="451.00"),
        says="本年收入小计填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("收入", 0, "小计"),
        good=put("收入", 0, "小计", value="450"),
    ),
    "TBL203": Example(
        bad=put("收入", 0, "合计", value="451.00"),
        says="收入总计填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("收入", 0, "合计"),
        good=put("收入", 0, "合计", value="450"),
    ),
    "TBL301": Example(
        bad=pasted(("T3", "201", "expenditure.basic", "451.00")),
        says="基本支出填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T3", "201", "expenditure.basic", "450.00")),
    ),
    "TBL302": Example(
        bad=pasted(("T3", "2010301", "expenditure.total", "451.00")),
        says="支出合计填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T3", "2010301", "expenditure.total", "450.00")),
    ),
    "TBL401": Example(
        bad=pasted(("T4", "", "income.fiscal", "1001.00")),
        says="财政拨款收入填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "income.fiscal", "1000.00")),
    ),
    "TBL402": Example(
        bad=pasted(("T4", "", "fiscal_in.fiscal", "1001.00")),
        says="财政拨款收入和年初结转填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "fiscal_in.fiscal", "1000.00")),
    ),
    "TBL403": Example(
        bad=pasted(("T4", "201", "fiscal.total", "851.00")),
        says="财政拨款支出填的是 851.00，按明细应为 850.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "201", "fiscal.total", "850.00")),
    ),
    "TBL404": Example(
        bad=pasted(("T4", "", "general.total", "1001.00")),
        says="一般公共预算支出填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "general.total", "1000.00")),
    ),
    "TBL405": Example(
        bad=pasted(
            ("T4", "", "fiscal_in.fiscal", "1001.00"), ("T4", "", "income.fiscal", "1001.00")
        ),
        says="表4 财政拨款收入和年初结转 1001.00 不等于 表4 财政拨款支出和年末结转 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(
            ("T4", "", "fiscal_in.fiscal", "1000.00"), ("T4", "", "fiscal_out.fiscal", "1000.00")
        ),
    ),
    "TBL406": Example(
        bad=put("收入", 0, value=row("2010301", "行政运行", 政府性基金预算="450.00")),
        says="表4 一般公共预算收入和年初结转 550.00 不等于 表4 一般公共预算支出和年末结转 1000.00，相差 450.00 万元",
        at=("支出",),
        good=_GOV_FUND,
    ),
    "TBL407": Example(
        bad=pasted(("T4", "", "fiscal_out.general", "1001.00")),
        says="一般公共预算支出和年末结转填的是 1001.00，按明细应为 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "fiscal_out.general", "1000.00")),
    ),
    "TBL408": Example(
        bad=pasted(("T4", "", "carry_over.fiscal", "1.00")),
        says="财政拨款上年结转填的是 1.00，按明细应为 0.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "carry_over.fiscal", "0.00")),
    ),
    "TBL501": Example(
        bad=pasted(("T5", "20103", "general.basic", "451.00")),
        says="一般公共预算基本支出填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T5", "20103", "general.basic", "450.00")),
    ),
    "TBL502": Example(
        bad=pasted(("T5", "2010301", "general.total", "451.00")),
        says="一般公共预算支出填的是 451.00，按明细应为 450.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T5", "2010301", "general.total", "450.00")),
    ),
    "TBL601": Example(
        bad=pasted(("T6", "301", "economic.personnel", "501.00")),
        says="人员经费填的是 501.00，按明细应为 500.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T6", "301", "economic.personnel", "500.00")),
    ),
    "TBL602": Example(
        bad=pasted(("T6", "30101", "economic.total", "351.00")),
        says="一般公共预算基本支出填的是 351.00，按明细应为 350.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T6", "30101", "economic.total", "350.00")),
    ),
    "TBL603": (
        Example(
            bad=put("基本支出", 0, value=row("30101", "基本工资", 公用经费="350.00")),
            says="30101基本工资 的 350.00 万元填在公用经费里，这一类科目应列人员经费",
            at=("基本支出", 0, "公用经费"),
            good=both(
                put("基本支出", 0, "人员经费", value="340.00"),
                added("基本支出", 科目编码="30302", 科目名称="退休费", 人员经费="10.00"),
            ),
        ),
        Example(
            bad=put("基本支出", 4, value=row("30201", "办公费", 人员经费="92.00")),
            says="30201办公费 的 92.00 万元填在人员经费里，这一类科目应列公用经费",
            at=("基本支出", 4, "人员经费"),
            good=both(
                put("基本支出", 4, "公用经费", value="90.00"),
                added("基本支出", 科目编码="31002", 科目名称="办公设备购置", 公用经费="2.00"),
            ),
        ),
    ),
    "TBL701": Example(
        bad=both(_GOV_FUND, pasted(("T7", "201", "gov_fund.project", "401.00"))),
        says="政府性基金预算项目支出填的是 401.00，按明细应为 400.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(_GOV_FUND, pasted(("T7", "201", "gov_fund.project", "400.00"))),
    ),
    "TBL702": Example(
        bad=both(_GOV_FUND, pasted(("T7", "2010302", "gov_fund.total", "401.00"))),
        says="政府性基金预算支出填的是 401.00，按明细应为 400.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(_GOV_FUND, pasted(("T7", "2010302", "gov_fund.total", "400.00"))),
    ),
    "TBL801": Example(
        bad=both(_STATE_CAPITAL, pasted(("T8", "201", "state_capital.project", "401.00"))),
        says="国有资本经营预算项目支出填的是 401.00，按明细应为 400.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(_STATE_CAPITAL, pasted(("T8", "201", "state_capital.project", "400.00"))),
    ),
    "TBL802": Example(
        bad=both(_STATE_CAPITAL, pasted(("T8", "2010302", "state_capital.total", "401.00"))),
        says="国有资本经营预算支出填的是 401.00，按明细应为 400.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(_STATE_CAPITAL, pasted(("T8", "2010302", "state_capital.total", "400.00"))),
    ),
    "TBL901": Example(
        bad=pasted(("T9", "sangong", "sangong.general", "9.00")),
        says="“三公”经费（一般公共预算）填的是 9.00，按明细应为 8.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T9", "sangong", "sangong.general", "8.00")),
    ),
    "TBL902": Example(
        bad=pasted(("T9", "vehicle", "sangong.general", "6.00")),
        says="“三公”经费（一般公共预算）填的是 6.00，按明细应为 5.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T9", "vehicle", "sangong.general", "5.00")),
    ),
    "TBL903": Example(
        bad=pasted(("T9", "abroad", "sangong.general", "1.00")),
        says="“三公”经费（一般公共预算）填的是 1.00，按明细应为 0.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T9", "abroad", "sangong.general", "0.00")),
    ),
    "TBL904": Example(
        bad=pasted(("T9", "", "sangong.general", "9.00")),
        says="“三公”经费（一般公共预算）填的是 9.00，按明细应为 8.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T9", "", "sangong.general", "8.00")),
    ),
    "TBL905": Example(
        bad=pasted(("T9", "reception", "sangong.total", "4.00")),
        says="“三公”经费填的是 4.00，按明细应为 3.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T9", "reception", "sangong.total", "3.00")),
    ),
    "TBL906": (
        Example(
            bad=pasted(("T9", "sangong", "sangong.total", "")),
            says="表9 “三公”经费小计 “三公”经费没有填，按明细应为 8.00 万元",
            at=("申报数", 0),
            good=pasted(
                ("T9", "sangong", "sangong.total", "8.00"), ("T9", "abroad", "sangong.total", "")
            ),
        ),
        Example(
            bad=pasted(("T1", "201", "expenditure.total", "")),
            says="表1 201 支出合计没有填，按明细应为 850.00 万元",
            at=("申报数", 0),
            good=pasted(
                ("T1", "201", "expenditure.total", "850.00"), ("T1", "202", "expenditure.total", "")
            ),
        ),
    ),
    "TBL010": Example(
        bad=sangong("1", "2", "4", "5"),
        says="序号 4 的上一行是 2",
        good=sangong("1", "2", "3", "4"),
    ),
}
