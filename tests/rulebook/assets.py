"""AST: examples."""

from __future__ import annotations

from rulebook.base import Edit, Example, Tree, both, put

_SENTENCE = "河清县档案馆上年末固定资产金额为168万元（详见下表）。"


def _says(text: str) -> Edit:
    return put("文字", "资产说明", value=[text])


def _asset(**cells: str) -> Edit:
    """One more row of the asset table."""

    def edit(tree: Tree) -> None:
        tree["国有资产"].append(dict(cells))

    return edit


def _planned(amount: str) -> Edit:
    return _says(f"{_SENTENCE}本年度拟购置固定资产总额为{amount}万元，已列入政府采购预算。")


def _without(*items: str) -> Edit:
    def edit(tree: Tree) -> None:
        tree["国有资产"] = [row for row in tree["国有资产"] if row["项目"] not in items]

    return edit


def _running_cost(amount: str) -> Edit:
    """公务用车运行维护费, in T9 and T6; the rest of 公用经费 is 办公费."""
    rest = {"5.00": "92.00", "0.00": "97.00"}[amount]
    return both(
        put("三公经费", 0, "一般公共预算", value=amount),
        put("基本支出", 6, "公用经费", value=amount),
        put("基本支出", 4, "公用经费", value=rest),
    )


EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "AST101": Example(
        bad=_asset(项目="资产总额", 价值="168.01"),
        says="固定资产价值填的是 168.01，按明细应为 168.00，相差 0.01 万元",
        at=("国有资产", 4, "价值"),
        good=_asset(项目="资产总额", 价值="168.00"),
    ),
    "AST102": (
        Example(
            bad=put("国有资产", 1, "价值", value="121.00"),
            says="“其中：办公用房”的价值 121 大于“房屋”的 120，多出 1",
            at=("国有资产", 1, "价值"),
            good=put("国有资产", 1, "价值", value="120.00"),
        ),
        Example(
            bad=put("国有资产", 1, "数量", value="1001"),
            says="“其中：办公用房”的数量 1001 大于“房屋”的 1000，多出 1",
            at=("国有资产", 1, "数量"),
            good=put("国有资产", 1, "数量", value="1000"),
        ),
    ),
    "AST103": (
        Example(
            bad=_says("截至2021年12月31日，河清县档案馆固定资产金额为168万元。"),
            says="固定资产的截止时间写的是2021年12月31日，应为2022年12月31日",
            at=("文字", "资产说明", 0),
            good=_says("截止2022年12月31日，河清县档案馆固定资产金额为168万元。"),
        ),
        Example(
            bad=_says("河清县档案馆2023年末固定资产金额为168万元。"),
            says="固定资产的截止时间写的是2023年末，应为2022年12月31日",
            good=_says("2022年末固定资产金额为168万元；2023年12月31日前完成清查。"),
        ),
        Example(
            bad=_says("截至2022年11月30日，固定资产金额为168万元。"),
            says="固定资产的截止时间写的是2022年11月30日，应为2022年12月31日",
            good=_says("截至2022年底，固定资产金额为168万元。"),
        ),
    ),
    "AST104": (
        Example(
            bad=both(_without("车辆"), _asset(项目="单价20万元以上的设备", 数量="1", 价值="30")),
            says="公务用车运行维护费 5.00 万元，资产表里没有车辆",
            at=("三公经费", 0, "项目"),
            good=both(_without("车辆"), _says(f"{_SENTENCE}公务用车1辆，由机关事务中心调剂使用。")),
        ),
        Example(
            bad=_running_cost("0.00"),
            says="资产表里车辆1 辆，公务用车运行维护费是 0",
            at=("国有资产", 2, "数量"),
            # A form whose table has no row for vehicles does not tell.
            good=both(
                put("格式选项", "资产表行", value="一行"),
                put("国有资产", value=[{"项目": "固定资产", "价值": "168.00"}]),
            ),
        ),
    ),
    "AST105": Example(
        bad=_planned("2.00"),
        says="文字说拟购置固定资产 2.00 万元，政府采购中固定资产类合计 1.50 万元，相差 0.50 万元",
        at=("文字", "资产说明", 0),
        good=_planned("1.5"),
    ),
    "AST106": (
        Example(
            bad=put("国有资产", 3, "数量", value=""),
            says="“其他固定资产”填了价值 30.00，没有填数量",
            at=("国有资产", 3, "数量"),
            good=put("国有资产", 2, "价值", value="0.00"),
        ),
        Example(
            bad=put("国有资产", 2, "数量", value="0"),
            says="“车辆”填了价值 18.00，数量是 0",
            at=("国有资产", 2, "数量"),
            good=both(
                put("国有资产", 3, "数量", value="0"), put("国有资产", 3, "价值", value="0.00")
            ),
        ),
        Example(
            bad=put("国有资产", 2, "价值", value=""),
            says="“车辆”填了数量 1，没有填价值",
            at=("国有资产", 2, "价值"),
            good=both(
                put("格式选项", "资产表行", value="一行"),
                put("国有资产", value=[{"项目": "固定资产", "价值": "168.00"}]),
            ),
        ),
    ),
    "AST107": Example(
        bad=_asset(项目="单价20万元以上的设备", 数量="3", 价值="45.00"),
        says="“单价20万元以上的设备”价值 45.00 ÷ 数量 3 = 平均 15.00 万元，不到 20 万元",
        at=("国有资产", 4, "价值"),
        good=_asset(项目="单价20万元以上的设备", 数量="3", 价值="60.00"),
    ),
    "AST108": Example(
        bad=lambda tree: tree["三公经费"].append(
            {"项目": "公务用车购置费", "一般公共预算": "18.00"}
        ),
        says="公务用车购置费 18.00 万元，政府采购里没有车辆",
        at=("三公经费", 2, "项目"),
        good=both(
            lambda tree: tree["三公经费"].append(
                {"项目": "公务用车购置费", "一般公共预算": "18.00"}
            ),
            put("政府采购", 0, "采购物品名称", value="轿车"),
            put("政府采购", 0, "政府采购目录序号", value="A02030501"),
        ),
    ),
    "AST109": Example(
        bad=_without("其中：办公用房"),
        says="填了“房屋”，没有填表里的“其中：办公用房”一行",
        at=("国有资产", 0, "项目"),
        good=_without("房屋", "其中：办公用房"),
    ),
}
