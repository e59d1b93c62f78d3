"""XTB: examples. A declared figure is one that was pasted, or filled in as a total."""

from __future__ import annotations

from rulebook.base import Edit, Example, both, put
from rulebook.within import added, pasted, row


def _retired(amount: str) -> Edit:
    """10.00 for retired people, this much of it their pensions."""
    rest = f"{350 - float(amount):.2f}"
    return both(
        *(put(sheet, 0, column, value="440.00") for sheet, column in _FIRST),
        added("收入", 科目编码="2080501", 一般公共预算="10.00"),
        added("支出", 科目编码="2080501", 资金性质="一般公共预算", 基本支出="10.00"),
        put("基本支出", 0, "人员经费", value=rest),
        added("基本支出", 科目编码="30302", 科目名称="退休费", 人员经费=amount),
    )


def _trained(amount: str) -> Edit:
    """5.00 for training, by subject."""
    return both(
        *(put(sheet, 0, column, value="445.00") for sheet, column in _FIRST),
        added("收入", 科目编码="2050803", 一般公共预算="5.00"),
        added("支出", 科目编码="2050803", 资金性质="一般公共预算", 基本支出="5.00"),
        put("基本支出", 4, "公用经费", value=f"{92 - float(amount):.2f}"),
        added("基本支出", 科目编码="30216", 科目名称="培训费", 公用经费=amount),
    )


_FIRST = (("收入", "一般公共预算"), ("支出", "基本支出"))

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "XTB101": Example(
        bad=pasted(
            ("T1", "", "income.total", "1001.00"),
            ("T1", "", "income.subtotal", "1001.00"),
            ("T2", "", "income.total", "1000.00"),
        ),
        says="表1 收入总计 1001.00 不等于 表2 收入总计 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "income.total", "1000.00"), ("T2", "", "income.total", "1000.00")),
    ),
    "XTB102": Example(
        bad=pasted(
            ("T1", "", "income.special_account", "1.00"),
            ("T2", "", "income.special_account", "0.00"),
        ),
        says="表1 财政专户管理资金收入 1.00 不等于 表2 财政专户管理资金收入 0.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(
            ("T1", "", "income.general", "1000.00"), ("T2", "", "income.fiscal", "1000.00")
        ),
    ),
    "XTB103": Example(
        bad=pasted(("T1", "", "carry_over.total", "1.00"), ("T2", "", "carry_over.total", "0.00")),
        says="表1 上年结转 1.00 不等于 表2 上年结转 0.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T1", "", "carry_over.total", "0.00"), ("T2", "", "carry_over.total", "0.00")),
    ),
    "XTB104": Example(
        bad=pasted(
            ("T1", "", "expenditure.total", "1001.00"),
            ("T1", "201", "expenditure.total", "851.00"),
            ("T3", "", "expenditure.total", "1000.00"),
        ),
        says="表1 支出合计 1001.00 不等于 表3 支出合计 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(
            ("T1", "", "expenditure.total", "1000.00"), ("T3", "", "expenditure.total", "1000.00")
        ),
    ),
    "XTB105": (
        Example(
            bad=pasted(
                ("T1", "201", "expenditure.total", "851.00"),
                ("T3", "201", "expenditure.total", "850.00"),
            ),
            says="表1 201 支出合计 851.00 不等于 表3 201 支出合计 850.00，相差 1.00 万元",
            at=("申报数", 0),
            good=pasted(
                ("T1", "201", "expenditure.total", "850.00"),
                ("T3", "201", "expenditure.total", "850.00"),
            ),
        ),
        Example(
            bad=pasted(("T1", "202", "expenditure.total", "1.00")),
            says="表1 202 支出合计 1.00 不等于 表3 202 支出合计 0.00，相差 1.00 万元",
            at=("申报数", 0),
            good=pasted(("T1", "202", "expenditure.total", "0.00")),
        ),
    ),
    "XTB106": Example(
        bad=both(
            put("收入", 0, "一般公共预算", value="451.00"),
            put("收入", 1, "一般公共预算", value="399.00"),
        ),
        says="表2 2010301 收入总计 451.00 不等于 表3 2010301 支出合计 450.00，相差 1.00 万元",
        at=("收入", 0, "一般公共预算"),
        good=both(
            put("收入", 0, "一般公共预算", value="451.00"),
            put("年终结转", value={"一般公共预算": "1.00"}),
        ),
    ),
    "XTB107": Example(
        bad=pasted(
            ("T1", "", "income.general", "1001.00"), ("T4", "", "income.general", "1000.00")
        ),
        says="表1 一般公共预算拨款收入 1001.00 不等于 表4 一般公共预算拨款收入 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(
            ("T1", "", "income.general", "1000.00"), ("T4", "", "income.general", "1000.00")
        ),
    ),
    "XTB108": Example(
        bad=pasted(
            ("T4", "", "income.fiscal", "1001.00"),
            ("T4", "", "income.general", "1001.00"),
            ("T2", "", "income.fiscal", "1000.00"),
        ),
        says="表4 财政拨款收入 1001.00 不等于 表2 财政拨款收入 1000.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "", "income.fiscal", "1000.00"), ("T2", "", "income.fiscal", "1000.00")),
    ),
    "XTB109": Example(
        bad=pasted(
            ("T4", "201", "general.total", "851.00"), ("T5", "201", "general.total", "850.00")
        ),
        says="表4 201 一般公共预算支出 851.00 不等于 表5 201 一般公共预算支出 850.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(
            ("T4", "201", "general.total", "850.00"), ("T5", "201", "general.total", "850.00")
        ),
    ),
    "XTB110": Example(
        bad=pasted(("T4", "212", "gov_fund.total", "1.00")),
        says="表4 212 政府性基金预算支出 1.00 不等于 表7 212 政府性基金预算支出 0.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "212", "gov_fund.total", "0.00")),
    ),
    "XTB111": Example(
        bad=put("基本支出", 4, "公用经费", value="93.00"),
        says="表5 一般公共预算基本支出 600.00 不等于 表6 一般公共预算基本支出 601.00，相差 1.00 万元",
        at=("基本支出", 4, "公用经费"),
        good=both(
            put("基本支出", 4, "公用经费", value="93.00"),
            put("基本支出", 0, "人员经费", value="349.00"),
        ),
    ),
    "XTB112": Example(
        bad=pasted(("T3", "2010302", "expenditure.project", "401.00")),
        says="表3 2010302 项目支出 401.00 不等于 表5 2010302 一般公共预算项目支出 400.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(
            added(
                "支出",
                科目编码="2010350",
                科目名称="事业运行",
                资金性质="其他资金",
                基本支出="10.00",
            ),
            added("收入", 科目编码="2010350", 科目名称="事业运行", 事业收入="10.00"),
            pasted(
                ("T3", "201", "expenditure.basic", "460.00"),
                ("T5", "201", "general.basic", "450.00"),
            ),
        ),
    ),
    "XTB113": Example(
        bad=put("三公经费", 1, "一般公共预算", value="2.00"),
        says="表9 公务接待费 “三公”经费 2.00 小于 表6 公务接待费（30217） 公用经费 3.00，相差 1.00 万元",
        at=("三公经费", 1, "一般公共预算"),
        good=put("三公经费", 1, "一般公共预算", value="24.00"),
    ),
    "XTB114": Example(
        bad=both(
            put("基本支出", 1, "人员经费", value="51.00"),
            put("基本支出", 0, "人员经费", value="349.00"),
        ),
        says="养老保险缴费：表6 30108 51.00，表5 2080505 基本支出 50.00，相差 1.00 万元",
        at=("基本支出", 1, "人员经费"),
        good=both(
            put("基本支出", 1, "人员经费", value="50.01"),
            put("基本支出", 0, "人员经费", value="349.99"),
        ),
    ),
    "XTB115": Example(
        bad=both(
            put("基本支出", 3, "人员经费", value="81.00"),
            put("基本支出", 0, "人员经费", value="349.00"),
        ),
        says="住房公积金：表6 30113 81.00，表5 2210201 基本支出 80.00，相差 1.00 万元",
        at=("基本支出", 3, "人员经费"),
        good=both(put("基本支出", 3, value=row("30199", "其他工资福利支出", 人员经费="80.00"))),
    ),
    "XTB116": Example(
        bad=both(
            put("基本支出", 2, "人员经费", value="21.00"),
            put("基本支出", 0, "人员经费", value="349.00"),
        ),
        says="医疗保险缴费：表6 30110＋30111 21.00，表5 21011 基本支出 20.00，相差 1.00 万元",
        at=("基本支出", 2, "人员经费"),
        good=both(
            put("基本支出", 2, "人员经费", value="15.00"),
            added("基本支出", 科目编码="30111", 科目名称="公务员医疗补助缴费", 人员经费="5.00"),
        ),
    ),
    "XTB117": Example(
        bad=_retired("12.00"),
        says="离退休费：表6 30301＋30302 12.00，表5 2080501＋2080502 基本支出 10.00，相差 2.00 万元",
        at=("基本支出", 7, "人员经费"),
        good=_retired("8.00"),
    ),
    "XTB118": Example(
        bad=_trained("6.00"),
        says="培训费：表6 30216 6.00，表5 20508 基本支出 5.00，相差 1.00 万元",
        at=("基本支出", 7, "公用经费"),
        good=_trained("5.00"),
    ),
    "XTB119": Example(
        bad=both(
            put("支出", 0, "基本支出", value="440.00"), put("支出", 0, "项目支出", value="10.00")
        ),
        says="2010301行政运行 列了项目支出 10.00 万元，通常不列",
        at=("支出", 0, "项目支出"),
        good=both(
            put("收入", 1, "科目编码", value="2010308"),
            put("收入", 1, "科目名称", value="信访事务"),
            put("支出", 1, "科目编码", value="2010308"),
            put("支出", 1, "科目名称", value="信访事务"),
        ),
    ),
    "XTB120": Example(
        bad=both(
            added("支出", 科目编码="2120803", 资金性质="政府性基金预算", 项目支出="10.00"),
            added("收入", 科目编码="2120803", 其他收入="10.00"),
        ),
        says="表4 政府性基金预算收入和年初结转 0.00 不等于 表4 政府性基金预算支出和年末结转 10.00，相差 10.00 万元",
        at=("支出", 5, "项目支出"),
        good=both(
            added("支出", 科目编码="2120803", 资金性质="政府性基金预算", 项目支出="10.00"),
            added("收入", 科目编码="2120803", **{"结转（政府性基金预算）": "10.00"}),
        ),
    ),
    "XTB121": Example(
        bad=both(
            added(
                "支出",
                科目编码="2010350",
                科目名称="事业运行",
                资金性质="其他资金",
                基本支出="10.00",
            ),
            added("收入", 科目编码="2010350", 科目名称="事业运行", 事业收入="10.00"),
            pasted(("T3", "2010301", "expenditure.basic", "449.00")),
        ),
        says="表3 2010301 基本支出 449.00 小于 表5 2010301 一般公共预算基本支出＋表7 2010301 政府性基金预算基本支出＋表8 2010301 国有资本经营预算基本支出 450.00，相差 1.00 万元",
        at=("申报数", 0),
        good=both(
            added(
                "支出",
                科目编码="2010350",
                科目名称="事业运行",
                资金性质="其他资金",
                基本支出="10.00",
            ),
            added("收入", 科目编码="2010350", 科目名称="事业运行", 事业收入="10.00"),
            pasted(("T3", "2010350", "expenditure.basic", "10.00")),
        ),
    ),
    "XTB122": Example(
        bad=put("项目", 0, "项目名称", value="档案库房改造（上年结转）"),
        says="项目“档案库房改造（上年结转）”用的是上年结转，收支总表的上年结转结余是 0.00",
        at=("项目", 0, "项目名称"),
        good=both(
            put("项目", 0, "项目名称", value="档案库房改造（上年结转）"),
            put("收入", 1, "一般公共预算", value="390.00"),
            put("收入", 1, "结转（一般公共预算）", value="10.00"),
        ),
    ),
    "XTB123": Example(
        bad=pasted(("T4", "201", "fiscal.total", "851.00")),
        says="财政拨款支出填的是 851.00，按明细应为 850.00，相差 1.00 万元",
        at=("申报数", 0),
        good=pasted(("T4", "201", "fiscal.total", "850.00")),
    ),
    "XTB124": (
        Example(
            bad=added("三公经费", 项目="公务用车购置费", 一般公共预算="401.00"),
            says="表9 公务用车购置费 401.00 大于表3 项目支出＋表6 31013 400.00，多出 1.00 万元",
            at=("三公经费", 2, "一般公共预算"),
            good=added("三公经费", 项目="公务用车购置费", 一般公共预算="18.00"),
        ),
        Example(
            bad=put("三公经费", 1, "一般公共预算", value="996.00"),
            says="表9 合计 1001.00 大于表4 支出总计 1000.00，多出 1.00 万元",
            at=("三公经费", 0, "一般公共预算"),
            good=put("三公经费", 1, "一般公共预算", value="4.00"),
        ),
    ),
}
