"""FMT: an input that breaks each rule, and one that does not."""

from __future__ import annotations

from decimal import Decimal

from rulebook.base import Edit, Example, Tree, both, put


def _yuan(tree: Tree) -> None:
    """Income and expenditure in 元 whose halves cannot all be rounded up."""
    tree["基本信息"]["金额单位"] = "元"
    for row in (*tree["收入"], *tree["支出"], *tree["基本支出"], *tree["三公经费"]):
        for key in ("一般公共预算", "基本支出", "项目支出", "人员经费", "公用经费"):
            if key in row:
                row[key] = f"{Decimal(row[key]) * 10000:.2f}"
    for row in (*tree["上年数"], *tree["项目"]):
        for key in ("上年数", "金额"):
            if key in row:
                row[key] = f"{Decimal(row[key]) * 10000:.2f}"
    for purchase in tree["政府采购"]:
        for key in ("预算资金", "一般公共预算拨款", "预留中小微企业份额"):
            purchase[key] = f"{Decimal(purchase[key]) * 10000:.2f}"
        purchase["单价"] = "1500"
    for asset in tree["国有资产"]:
        asset["价值"] = f"{Decimal(asset['价值']) * 10000:.2f}"


def _halves(tree: Tree) -> None:
    """Two functional subjects end in 50.00 元, the economic one in 100.00: 0.01, not 0.02."""
    for sheet, column, i, amount in (
        *(("收入", "一般公共预算", i, 50) for i in (0, 3)),
        *(("支出", "基本支出", i, 50) for i in (0, 3)),
        ("基本支出", "人员经费", 0, 100),
    ):
        row = tree[sheet][i]
        row[column] = f"{Decimal(row[column]) + amount:.2f}"


def text(key: str, old: str, new: str) -> Edit:
    """Words of a paragraph replaced."""

    def edit(tree: Tree) -> None:
        paragraph = tree["文字"][key][0]
        assert old in paragraph
        tree["文字"][key][0] = paragraph.replace(old, new, 1)

    return edit


def more(key: str, sentence: str) -> Edit:
    """One more sentence at the end of a text's first paragraph."""

    def edit(tree: Tree) -> None:
        tree["文字"][key][0] += sentence

    return edit


def _total(amount: str) -> Edit:
    def edit(tree: Tree) -> None:
        tree["基本支出"].append({"科目名称": "合计", "合计": amount})

    return edit


EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "FMT101": Example(
        bad=more("机关运行经费", "另有邮寄费1.2345万元。"),
        says="“机关运行经费”第1段里的“1.2345万元”有 4 位小数，表里的金额是两位",
        at=("文字", "机关运行经费", 0),
        # A price per piece and a share are no amounts of the tables.
        good=more("机关运行经费", "会议费按每人次0.0125万元/人次测算，占0.125%。"),
    ),
    "FMT102": Example(
        bad=both(_yuan, _halves),
        says="4500050.00 元四舍五入是 450.01 万元，为使各表相等印作 450.00",
        good=_yuan,
    ),
    "FMT103": Example(
        bad=put("三公经费", 1, "一般公共预算", value="-3.00"),
        says="“一般公共预算”：-3 是负数，预算里的数不能为负",
        at=("三公经费", 1, "一般公共预算"),
        good=put("三公经费", 1, "一般公共预算", value="3"),
    ),
    "FMT104": (
        Example(
            bad=both(
                put("基本支出", 2, "人员经费", value="0.01"),
                put("基本支出", 0, "人员经费", value="369.99"),
            ),
            says="0.01 不到这一列其他各数的千分之一",
            at=("基本支出", 2, "人员经费"),
            good=both(
                put("基本支出", 2, "人员经费", value="0.10"),
                put("基本支出", 0, "人员经费", value="369.90"),
            ),
        ),
        Example(
            bad=put("基本信息", "金额单位", value="元"),
            says="收入总计 1000.00 元，不到 1 万元",
            at=("基本信息", "金额单位"),
            good=_yuan,
        ),
    ),
    "FMT105": Example(
        bad=_total("600.01"),
        says="合计 600.01 与明细之和相差 0.01 万元，没有超过 2 个数各自四舍五入所能差的 0.015 万元",
        at=("基本支出", 7, "合计"),
        # A difference that rounding cannot explain is not called rounding.
        good=_total("600.10"),
    ),
    "FMT106": (
        Example(
            bad=more("支出说明", "人员经费占基本支出的比重为183.33%。"),
            says="“支出说明”第1段里的“比重为183.33%”超过 100%",
            at=("文字", "支出说明", 0),
            good=more("支出说明", "人员经费占基本支出的比重为83.33%，预算完成比例比上年提高120%。"),
        ),
        Example(
            bad=more("支出说明", "人员经费占基本支出的比重为83.33。"),
            says="“支出说明”第1段里的“比重为83.33”没有百分号",
            at=("文字", "支出说明", 0),
            good=more("支出说明", "查档室与库房的面积比例为1:3，占比0.25。"),
        ),
    ),
    "FMT107": (
        Example(
            bad=put("文字", "保障措施", 0, value="1、健全制度,按月核对进度。"),
            says="情况说明有 1 处半角标点夹在汉字之间，第一处是“保障措施”第1段的“健全制度,按月核对”",
            at=("文字", "保障措施", 0),
            good=put("文字", "保障措施", 0, value="1、健全制度（A-B），8:30前核对1,000.5项。"),
        ),
        Example(
            bad=put("文字", "保障措施", 0, value="1、健全制度，每年核对１２次。"),
            says="情况说明有 1 处用了全角数字，第一处是“保障措施”第1段的“每年核对１２次。”",
            at=("文字", "保障措施", 0),
            good=put("文字", "保障措施", 0, value="1、健全制度，每年核对12次。"),
        ),
    ),
    "FMT108": Example(
        bad=text("收入说明", "上年结转结余0万元", "上年结转结余0.00万元，利息0.1万元"),
        says="文字里的金额有的补零（“0.00万元”），有的不补零（“0.1万元”）",
        at=("文字", "收入说明", 0),
        # Two decimals are two decimals in either style.
        good=text("收入说明", "上年结转结余0万元", "上年结转结余0.00万元，利息0.12万元"),
    ),
    "FMT109": Example(
        bad=put("三公经费", 1, "一般公共预算", value="约3万"),
        says="“一般公共预算”：“约3万”不是数",
        at=("三公经费", 1, "一般公共预算"),
        good=put("收入", 0, "一般公共预算", value="４５０．００"),
    ),
    "FMT110": (
        Example(
            bad=both(
                put("政府采购", 0, "数量", value="7.5"), put("政府采购", 0, "单价", value="0.20")
            ),
            says="“办公桌”的数量是 7.5 张，不是整数",
            at=("政府采购", 0, "数量"),
            good=both(
                put("政府采购", 0, "数量", value="7.5"),
                put("政府采购", 0, "单价", value="0.20"),
                put("政府采购", 0, "计量单位", value="平方米"),
            ),
        ),
        Example(
            bad=put("国有资产", 2, "数量", value="1.5"),
            says="“车辆”的数量是 1.5，不是整数",
            at=("国有资产", 2, "数量"),
            good=put("国有资产", 0, "数量", value="1000.50"),
        ),
    ),
}
