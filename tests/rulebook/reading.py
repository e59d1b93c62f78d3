"""INP, WRD: an input that breaks each rule, and one that does not."""

from __future__ import annotations

import copy
from typing import Any

from rulebook.base import Edit, Example, Tree, both, put


def without(*path: str | int) -> Edit:
    """An edit that takes one value away."""

    def edit(tree: Tree) -> None:
        spot: Any = tree
        for step in path[:-1]:
            spot = spot[step]
        del spot[path[-1]]

    return edit


def more(*path: str | int, value: Any) -> Edit:
    """An edit that adds an item to a list."""

    def edit(tree: Tree) -> None:
        spot: Any = tree
        for step in path:
            spot = spot[step]
        spot.append(value)

    return edit


def _unit(tree: Tree) -> None:
    """One unit, which is the whole department once more."""
    unit = copy.deepcopy(tree)
    unit["基本信息"] |= {"类型": "单位", "编码": "201001", "名称": "河清县档案馆本级"}
    tree["所属单位"] = [unit]


def _exception(rule: str) -> Edit:
    waiver = {"规则": rule, "原因": "上级已同意", "责任人": "张某", "日期": "2023-01-10"}
    return put("核对例外", value=[waiver])


def _others(tree: Tree) -> None:
    """COD112: all project money under 其他…支出."""
    for sheet in ("收入", "支出"):
        tree[sheet][1] |= {
            "科目编码": "2010399",
            "科目名称": "其他政府办公厅（室）及相关机构事务支出",
        }


_PARTS = put("格式选项", "分部分", value="分")
_SECOND = {"单位名称": "河清县方志办", "单位性质": "事业"}

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "INP103": Example(
        bad=put("基本信息", "单位", value="河清县档案馆"),
        says="不认识“单位”",
        at=("基本信息", "单位"),
        good=put("基本信息", "简称", value="县档案馆"),
    ),
    "INP104": Example(
        bad=without("支出", 1, "资金性质"),
        says="没有填资金性质",
        at=("支出", 1, "资金性质"),
        good=put("支出", 1, "科目名称", value=""),  # looked up in the list
    ),
    "INP105": Example(
        bad=put("支出", 1, "资金性质", value="一般预算"),
        says="“资金性质”不能是“一般预算”",
        at=("支出", 1, "资金性质"),
        good=put("支出", 1, "资金性质", value="一般公共预算"),
    ),
    "INP106": Example(
        bad=put("支出", 1, "项目支出", value="400.005"),
        says="“项目支出”：400.005 的小数超过两位",
        at=("支出", 1, "项目支出"),
        good=put("支出", 1, "项目支出", value="400.000"),
    ),
    "INP108": Example(
        bad=put("文字", "保障措施", 0, value="1、健全\x07制度，按月核对进度。"),
        says="“保障措施”的第 1 条：第 5 个字是不可见的非法字符（U+0007）",
        at=("文字", "保障措施", 0),
        # A zero-width blank comes along with pasted text and is dropped.
        good=put("文字", "保障措施", 0, value="1、健全\u200b制度，按月核对进度。"),
    ),
    "INP109": Example(
        bad=put("文字", "职责", value={"一": "保管档案"}),
        says="“职责”的第 1 条：这里应填一段文字，不能是列表或下级项目",
        good=put("文字", "职责", value="1、保管全县档案。\n2、提供查阅服务。"),
    ),
    "INP111": Example(
        bad=put("文字", "职责", 0, value="档" * 200_001),
        says="“职责”的第 1 条：文字有 200001 个字，超过 200000 个字的上限",
        at=("文字", "职责", 0),
        good=put("文字", "职责", 0, value="1、保管全县档案。" + "档" * 1_000 + "。"),
    ),
    "INP112": Example(
        bad=more("国有资产", value={"项目": "图书", "数量": "10", "价值": "1.00"}),
        says="固定资产占用情况表没有“图书”这一行",
        at=("国有资产", 4, "项目"),
        good=more("国有资产", value={"项目": "资产总额", "价值": "168.00"}),
    ),
    "INP114": Example(
        bad=both(
            put("格式选项", "支出说明", value="四项"),
            put("基本信息", "专项公用经费", value="400.01"),
        ),
        says="专项公用经费 400.01 大于项目支出 400.00，多出 0.01 万元",
        at=("基本信息", "专项公用经费"),
        good=both(
            put("格式选项", "支出说明", value="四项"),
            put("基本信息", "专项公用经费", value="400.00"),
        ),
    ),
    "INP115": Example(
        bad=put("基本信息", "编制", value="河清县档案馆"),
        says="“编制”没有用到，按现在的格式选项“封面”不印它",
        at=("基本信息", "编制"),
        good=both(
            put("基本信息", "编制", value="河清县档案馆"),
            put("格式选项", "封面", value="编制审核"),
        ),
    ),
    "INP116": Example(
        bad=put("基本信息", "格式", value="hebei/2025"),
        says="格式包 hebei/2025 适用于 2025、2026 年度，没有写明适用于 2023 年度",
        at=("基本信息", "年度"),
        good=put("基本信息", "格式", value="hebei/2023"),
    ),
    "INP117": Example(
        bad=_exception("COD112"),
        says="COD112（“其他”科目占比过大）没有发现问题，这条例外没有用到",
        at=("核对例外", 0, "规则"),
        good=both(_exception("COD112"), _others),
    ),
    "INP118": Example(
        bad=_exception("COD107"),
        says="COD107（编码重复）是必须改正的错误，不能作为例外",
        at=("核对例外", 0, "规则"),
        good=both(_exception("COD112"), _others),
    ),
    "WRD101": Example(
        bad=both(without("文字", "增减说明"), without("上年数", 2, "上年数")),
        says="缺少“项目支出”的上年数，写不出与上年相比的增减",
        at=("上年数", 2, "上年数"),
        good=without("上年数", 2, "上年数"),  # the text is the user's own
    ),
    "WRD102": Example(
        bad=without("上年数", 9, "增减原因"),
        says="“公务接待费”比上年减少 1.00 万元，没有写原因",
        at=("上年数", 9, "增减原因"),
        good=both(without("上年数", 9, "增减原因"), put("上年数", 9, "上年数", value="3.00")),
    ),
    "WRD103": Example(
        bad=put("文字", "总体目标", 0, value="用好{支出总和}万元预算。"),
        says="“总体目标”的第 1 段引用了“{支出总和}”，没有这个名称",
        at=("文字", "总体目标", 0),
        good=put("文字", "总体目标", 0, value="用好{支出总计}万元预算。"),
    ),
    "WRD104": Example(
        bad=without("文字", "保障措施"),
        says="没有写“保障措施”",
        at=("文字", "保障措施"),
        good=put("文字", "保障措施", value="1、按月核对进度。"),
    ),
    "WRD105": Example(
        bad=both(
            without("文字", "支出说明"),
            put("格式选项", "项目明细", value="列出"),
            without("项目", 1, "金额"),
        ),
        says="项目“综合业务经费”没有填金额，支出说明里列不出来",
        at=("项目", 1, "金额"),
        good=both(
            without("文字", "支出说明"),
            put("格式选项", "项目明细", value="列出"),
        ),
    ),
    "WRD106": Example(
        bad=put("项目", 1, "绩效指标", value=[]),
        says="项目“综合业务经费”没有绩效指标",
        at=("项目", 1, "项目名称"),
        good=put("项目", 1, "绩效目标", value="1.完成全年档案整理和利用工作。"),
    ),
    "WRD107": Example(
        bad=both(_PARTS, more("机构设置", value=_SECOND)),
        says="机构设置有 2 个机构，却没有所属单位的预算，第二部分会写成没有所属单位",
        at=("机构设置",),
        good=both(_unit, _PARTS, more("机构设置", value=_SECOND)),
    ),
}
"""Rules that a tree can break."""

FILE_EXAMPLES: dict[str, str] = {
    "INP101": "test_bad_input.test_sheets_and_columns",
    "INP102": "test_bad_input.test_sheets_and_columns",
    "INP107": "test_bad_input.test_values_of_cells",
    "INP110": "test_bad_input.test_sheets_and_columns",
    "INP119": "test_input_advice.test_merged_cells_are_told_instead_of_what_they_swallow",
    "INP113": "test_convert.test_a_units_file_that_cannot_be_read",
}
"""Rules that only a file can break (sheets, columns, formulas): the tests that show them."""
