"""GPR: examples."""

from __future__ import annotations

from rulebook.base import Edit, Example, Tree, both, put

DESK = "“办公桌”（综合业务经费）"


def _row(**cells: str) -> Edit:
    """Change cells of the one purchase."""

    def edit(tree: Tree) -> None:
        tree["政府采购"][0].update(cells)

    return edit


def _more(count: int = 1, **cells: str) -> Edit:
    """More purchases like the first."""

    def edit(tree: Tree) -> None:
        for _ in range(count):
            tree["政府采购"].append({**tree["政府采购"][0], **cells})

    return edit


def _works(amount: str, reserved: str) -> Edit:
    """One building contract out of the larger project."""
    return _row(
        项目名称="档案库房改造",
        预算资金="300.00",
        采购物品名称="房屋修缮",
        政府采购目录序号="B08010000",
        计量单位="项",
        数量="1",
        单价=amount,
        一般公共预算拨款=amount,
        预留中小微企业份额=reserved,
    )


_TWO_UNITS = put(*("机构设置",), value=[{"单位名称": "河清县档案馆"}, {"单位名称": "河清县方志馆"}])


def _no_amount(project: int) -> Edit:
    def edit(tree: Tree) -> None:
        del tree["项目"][project]["金额"]

    return edit


EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "GPR101": Example(
        bad=_more(1, 单位="", 项目名称="合计", 采购物品名称="", 合计="1.51"),
        says="政府采购金额填的是 1.51，按明细应为 1.50，相差 0.01 万元",
        at=("政府采购", 1, "合计"),
        good=lambda tree: tree["政府采购"].append({"项目名称": "合  计", "合计": "1.50"}),
    ),
    "GPR102": Example(
        bad=_row(合计="1.60"),
        says="合计填的是 1.60，按各项应为 1.50，相差 0.10 万元",
        at=("政府采购", 0, "合计"),
        good=_row(合计="1.50"),
    ),
    "GPR103": (
        Example(
            bad=_row(单价="0.51"),
            says=f"{DESK}数量 10 × 单价 0.51 = 5.1，金额 1.50，相差 3.6 万元",
            at=("政府采购", 0, "一般公共预算拨款"),
            # The true price has more decimals than are printed: 450 × 0.0222 = 9.99.
            good=_row(数量="450", 单价="0.02", 一般公共预算拨款="9.99", 预留中小微企业份额="9.99"),
        ),
        Example(
            bad=_row(数量="1", 单价="1.49"),
            says=f"{DESK}数量 1 × 单价 1.49 = 1.49，金额 1.50，相差 0.01 万元",
            good=_row(数量="3", 单价="0.50"),
        ),
        Example(
            bad=_row(一般公共预算拨款="", 预留中小微企业份额=""),
            says=f"{DESK}数量 10 × 单价 0.15 = 1.5，金额 0.00，相差 1.5 万元",
            at=("政府采购", 0, "一般公共预算拨款"),
            good=_row(一般公共预算拨款="", 单位资金="0.00", 预留中小微企业份额="", 单价="0.00"),
        ),
    ),
    "GPR104": (
        Example(
            bad=_more(1, 预算资金="90.00"),
            says="“综合业务经费”的预算资金有的行填 100.00，有的行填 90.00，相差 10.00 万元",
            at=("政府采购", 1, "预算资金"),
            good=_more(),
        ),
        Example(
            bad=both(
                put("项目", 1, "金额", value="1.00"),
                _row(预算资金="1.00"),
            ),
            says="“综合业务经费”的采购合计 1.50 大于它的预算资金 1.00，多出 0.50 万元",
            at=("政府采购", 0, "预算资金"),
            good=_row(数量="1", 单价="100", 一般公共预算拨款="100.00", 预留中小微企业份额="100"),
        ),
    ),
    "GPR105": Example(
        bad=_row(预留中小微企业份额="1.60"),
        says="预留中小微企业份额 1.60 大于采购金额 1.50，相差 0.10 万元",
        at=("政府采购", 0, "预留中小微企业份额"),
        good=_row(预留中小微企业份额="1.50"),
    ),
    "GPR106": (
        Example(
            bad=_row(政府采购目录序号="A090101"),
            says=f"{DESK}的采购目录序号 A090101 在当年的采购目录中没有",
            at=("政府采购", 0, "政府采购目录序号"),
            # A wider class, and a name that is nobody's own, are let pass.
            good=both(_row(政府采购目录序号="A05010200"), _more(采购物品名称="两屉桌")),
        ),
        Example(
            bad=_row(采购物品名称="台式计算机"),
            says="“台式计算机”（综合业务经费）的采购目录序号填 A05010201（办公桌），"
            "“台式计算机”的序号是 A02010105",
            at=("政府采购", 0, "政府采购目录序号"),
            # The list of 2022 is an extract: a code that it does not have may well be right.
            good=both(
                put("基本信息", "格式", value="hebei/2022"),
                _row(采购物品名称="绿篱机", 政府采购目录序号="A0330"),
            ),
        ),
    ),
    "GPR107": (
        Example(
            bad=_row(项目名称="综合业务费"),
            says="“办公桌”（综合业务费）的项目名称“综合业务费”不在“项目”里",
            at=("政府采购", 0, "项目名称"),
            good=both(
                put("项目", 1, "项目名称", value="综合业务经费（2023年）"),
                _row(项目名称="综合业务经费(2023年)"),
            ),
        ),
        Example(
            bad=_row(项目名称="日常公用", 预算资金="99.00"),
            says="“办公桌”（日常公用）的预算资金 99.00 与基本支出表公用经费 100.00 不一致，"
            "相差 1.00 万元",
            at=("政府采购", 0, "预算资金"),
            good=_row(项目名称="运转类公用项目经费(2023年)", 预算资金="100.00"),
        ),
        Example(
            bad=_row(预算资金="101.00"),
            says=f"{DESK}的预算资金 101.00 与项目“综合业务经费”的金额 100.00 不一致，"
            "相差 1.00 万元",
            at=("政府采购", 0, "预算资金"),
            # Of several units each has its share of a project.
            good=both(
                _TWO_UNITS,
                _row(预算资金="60.00"),
            ),
        ),
        Example(
            bad=both(
                *(_no_amount(project) for project in (0, 1)),
                _row(预算资金="350.00"),
                _more(项目名称="档案库房改造", 预算资金="300.00"),
            ),
            says="采购所属项目的预算资金合计 650.00 大于支出总表项目支出 400.00，多出 250.00 万元",
            at=("政府采购", 0, "预算资金"),
            good=both(_no_amount(1), _row(预算资金="400.00"), _more(预算资金="400.00")),
        ),
        Example(
            bad=both(_TWO_UNITS, _row(项目名称="日常公用", 预算资金="100.01")),
            says="“办公桌”（日常公用）的预算资金 100.01 与基本支出表公用经费 100.00 不一致，"
            "相差 0.01 万元",
            good=both(_TWO_UNITS, _row(项目名称="日常公用", 预算资金="60.00")),
        ),
    ),
    "GPR108": (
        Example(
            bad=_row(预留中小微企业份额="1.00"),
            says=f"1 行采购预留给中小微企业的份额不足：{DESK} 1.50 万元只预留 1.00",
            at=("政府采购", 0, "预留中小微企业份额"),
            good=_works("290.00", "290.00"),
        ),
        Example(
            bad=_works("290.00", "0.00"),
            says="1 行采购预留给中小微企业的份额不足：“房屋修缮”（档案库房改造） 290.00 万元没有预留",
            good=_row(
                项目名称="档案库房改造",
                预算资金="300.00",
                数量="1",
                单价="250",
                一般公共预算拨款="250.00",
                预留中小微企业份额="75.00",
            ),
        ),
    ),
    "GPR109": Example(
        bad=_row(一般公共预算拨款="0.00", 基金预算拨款="1.50"),
        says="政府采购中“基金预算拨款”合计 1.50，大于这项资金的收入（含上年结转）0.00，"
        "多出 1.50 万元",
        at=("政府采购", 0, "基金预算拨款"),
        good=both(
            put("收入", 1, "一般公共预算", value="398.50"),
            put("收入", 1, "结转（一般公共预算）", value="1.50"),
            _row(一般公共预算拨款="0.00", 财政拨款结转="1.50"),
        ),
    ),
    "GPR110": (
        Example(
            bad=_row(计量单位="", 数量="0"),
            says=f"{DESK}的计量单位、数量没有填或是 0",
            at=("政府采购", 0, "计量单位"),
            good=_row(计量单位="批", 数量="1", 单价="1.50"),
        ),
        Example(
            bad=both(_row(单价=""), _more(5)),
            says=f"6 行采购没有填或是 0：{'、'.join([DESK + '的单价'] * 5)}等",
        ),
        Example(
            bad=_more(1, 预算资金=""),
            says=f"{DESK}的预算资金没有填或是 0",
            at=("政府采购", 1, "预算资金"),
            # Where no row has it and no project says how much it is, nothing is known of it.
            good=both(*(_no_amount(project) for project in (0, 1)), _row(预算资金=""), _more()),
        ),
        Example(
            bad=_row(预算资金=""),
            says=f"{DESK}的预算资金没有填或是 0",
            at=("政府采购", 0, "预算资金"),
            good=_row(项目名称="", 预算资金=""),
        ),
    ),
    "GPR111": (
        Example(
            bad=_row(单位="河清县方志馆"),
            says="政府采购的单位“河清县方志馆”不在机构设置里",
            at=("政府采购", 0, "单位"),
            good=_row(单位="河清县档案馆（本级）"),
        ),
        Example(
            bad=both(
                put("机构设置", 0, "单位名称", value="河清县档案馆本级"),
                _more(单位="甲馆"),
            ),
            says="政府采购的单位“甲馆”不在机构设置里",
            at=("政府采购", 1, "单位"),
            # A group may hold any unit.
            good=both(
                put("机构设置", 0, "单位名称", value="河清县档案馆（参公4户）"),
                _row(单位="河清县方志馆"),
            ),
        ),
    ),
    "GPR112": Example(
        bad=_more(单价="1.50", 数量="1"),
        says="“办公桌”（A05010201）的单价从 0.15 到 1.5 万元，相差 5 倍以上",
        at=("政府采购", 1, "单价"),
        good=both(
            _row(计量单位="批", 数量="1", 单价="1.5"),
            _more(单价="0.1", 数量="1", 一般公共预算拨款="0.10", 预留中小微企业份额="0.10"),
        ),
    ),
}
