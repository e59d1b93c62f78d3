"""The references ``{支出总计}`` that texts may use: their names, and the figures behind them.

Data only: a pack is checked against the names on load, and ``wording.py`` puts the figures into
words.
"""

from __future__ import annotations

from typing import Final

from generator.balance import TOTAL

WORDS: Final = ("编码", "名称", "简称", "年度", "上年", "部门", "级别")
"""The plain references: the only ones that titles and the like may use."""

# Reference → measure and row. The name is what a user or a pack writes between braces.
AMOUNTS: Final[dict[str, tuple[str, str]]] = {
    "收入总计": ("income.total", TOTAL),
    "本年收入合计": ("income.subtotal", TOTAL),
    "上年结转": ("carry_over.total", TOTAL),
    "一般公共预算收入": ("income.general", TOTAL),
    "政府性基金收入": ("income.gov_fund", TOTAL),
    "国有资本经营收入": ("income.state_capital", TOTAL),
    "财政拨款收入": ("income.fiscal", TOTAL),
    "财政专户收入": ("income.special_account", TOTAL),
    "事业收入": ("income.business", TOTAL),
    "事业单位经营收入": ("income.operating", TOTAL),
    "上级补助收入": ("income.superior", TOTAL),
    "附属单位上缴收入": ("income.subordinate", TOTAL),
    "其他收入": ("income.other", TOTAL),
    "单位资金收入": ("income.unit_funds", TOTAL),
    "支出总计": ("expenditure.grand", TOTAL),
    "支出合计": ("expenditure.total", TOTAL),
    "本年支出合计": ("expenditure.total", TOTAL),
    "年终结转": ("year_end.total", TOTAL),
    "基本支出": ("expenditure.basic", TOTAL),
    "项目支出": ("expenditure.project", TOTAL),
    "经营支出": ("expenditure.operating", TOTAL),
    "上解上级支出": ("expenditure.to_superior", TOTAL),
    "对附属单位补助支出": ("expenditure.to_subordinate", TOTAL),
    "人员经费": ("economic.personnel", TOTAL),
    "公用经费": ("economic.public", TOTAL),
    "机关运行经费": ("economic.public", TOTAL),
    "三公经费": ("sangong.total", "sangong"),
    "因公出国费": ("sangong.total", "abroad"),
    "公务用车费": ("sangong.total", "vehicle"),
    "公务用车购置费": ("sangong.total", "vehicle_purchase"),
    "公务用车运行维护费": ("sangong.total", "vehicle_operation"),
    "公务接待费": ("sangong.total", "reception"),
    "会议费": ("sangong.total", "meeting"),
    "培训费": ("sangong.total", "training"),
}

# References that are differences of two figures.
DIFFERENCES: Final = ("专项公用经费", "专项公用以外项目支出", "一般公共预算以外基本支出")

# References that always have two decimals, as the form prints them (六, 七).
FIXED_AMOUNTS: Final = ("采购合计", "固定资产总额", "拟购置固定资产")

# Reference → the items of the sheet 上年数 that it needs, and the item that holds the reason.
CHANGES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "支出总计": (("支出总计",), "支出总计"),
    "基本支出": (("基本支出",), "基本支出"),
    "项目支出": (("项目支出",), "项目支出"),
    "人员经费": (("人员经费",), "人员经费"),
    "公用经费": (("公用经费",), "公用经费"),
    "专项公用经费": (("专项公用经费",), "专项公用经费"),
    "专项公用以外项目支出": (("项目支出", "专项公用经费"), "项目支出"),
    "因公出国费": (("因公出国（境）费",), "因公出国（境）费"),
    "公务用车购置费": (("公务用车购置费",), "公务用车购置费"),
    "公务用车运行维护费": (("公务用车运行维护费",), "公务用车运行维护费"),
    "公务接待费": (("公务接待费",), "公务接待费"),
    "三公经费": (
        ("因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费"),
        "",
    ),
}

LISTINGS: Final = (
    "收入来源",
    "其他支出",
    "其他支出增减",
    "四项以外增减",
    "项目明细",
    "公用经费明细",
    "公用经费项目",
)


def names() -> list[str]:
    """Every reference that a text may use, beside the phrases of its pack."""
    return [
        *WORDS,
        *AMOUNTS,
        *FIXED_AMOUNTS,
        *DIFFERENCES,
        *(f"{name}变化" for name in CHANGES),
        *(f"{name}原因" for name in CHANGES),
        *LISTINGS,
    ]
