"""What an amount of budget prose can speak of, by the names that people write."""

from __future__ import annotations

import re
from typing import Final

_VEHICLE: Final = r"(?:公务用车|公车|公务车)"

# Canonical name → how it is written. A longer name stands before one that it ends with.
SUBJECTS: Final[dict[str, str]] = {
    "收支总额": r"收支总额|收支总预算|收支总计|收支预算总额|收支预算|预算收支|收支",
    "一般公共预算收入": r"一般公共预算(?:财政)?(?:拨款)?收入",
    "基金预算收入": r"(?:政府性)?基金(?:预算)?(?:财政)?(?:拨款)?收入",
    "国有资本经营预算收入": r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?收入",
    "财政专户收入": r"财政专户(?:核拨|管理)?(?:资金)?收入",
    "财政拨款收入": r"财政拨款收入",
    "单位资金收入": r"单位资金收入",
    "其他来源收入": r"其他来源收入",
    "事业单位经营收入": r"(?:事业单位)?经营收入",
    "事业收入": r"事业收入",
    "上级补助收入": r"上级补助收入",
    "附属单位上缴收入": r"附属单位上缴收入|附属单位缴款",
    "其他收入": r"其他收入",
    "上年结转": r"上年结转(?:和结余|结余)?(?:资金|收入)?",
    "年终结转": r"年[终末]结转(?:和结余|结余)?|结转下年",
    "预算收入": r"预算总?收入|收入预算|收入总计|总收入",
    "预算支出": r"预算总?支出|支出预算|支出总计|总支出",
    "基本支出": r"基本支出",
    "项目支出": r"项目支出|项目经费(?!项目)",
    "人员经费": r"人员经费",
    "专项公用经费": r"专项公用经费",
    "公用经费": r"(?:正常|日常|机关)?公用经费",
    "上解上级支出": r"上[解缴]上级支出",
    "对附属单位补助支出": r"对?附属单位补助支出",
    "经营支出": r"经营支出",
    "其他支出": r"其他支出",
    "机关运行经费": r"机关运行经?费",
    "三公经费": r"[“\"]?三公[”\"]?经费",
    "因公出国费": r"因公出国\s?(?:[（(]境[)）])?\s?费用?|因公出国(?:赴港澳)?经费",
    "公务用车费": rf"{_VEHICLE}购置[及和与、]?(?:费[及和与])?(?:运行|运维)(?:维护)?费?用?",
    "公务用车购置费": rf"(?:{_VEHICLE}|公务)购置费用?|车辆购置费用?",
    "公务用车运行维护费": rf"{_VEHICLE}(?:运行(?:和|与|及)?维护|运行|运维)费用?",
    "公务接待费": r"公务[接招]待费用?",
    "会议费": r"会议费",
    "培训费": r"培训费",
    "政府采购预算": r"政府采购(?:预算)?(?:总额|金额|资金|规模)?",
    "拟购置固定资产": r"(?:拟|计划)(?:新增|购置)固定资产(?:总额|金额)?",
    "固定资产": r"固定资产(?:账面)?(?:金额|总额|总值|价值|原值|总量)?",
}

SANGONG_ITEMS: Final = ("因公出国费", "公务用车购置费", "公务用车运行维护费", "公务接待费")
SANGONG: Final = frozenset(("三公经费", "公务用车费", *SANGONG_ITEMS))

LIST_ENDS: Final = frozenset(
    {
        *("收支总额", "预算收入", "预算支出", "基本支出", "人员经费", "专项公用经费", "公用经费"),
        *("上解上级支出", "对附属单位补助支出", "经营支出", "其他支出", "年终结转"),
        *("机关运行经费", "三公经费"),
    }
)
"""What follows the list of a subject and is no item of it."""

SOURCES: Final = frozenset(
    {
        *(
            "一般公共预算收入",
            "基金预算收入",
            "国有资本经营预算收入",
            "财政专户收入",
            "财政拨款收入",
        ),
        *("单位资金收入", "其他来源收入", "事业单位经营收入", "事业收入", "上级补助收入"),
        *("附属单位上缴收入", "其他收入", "上年结转", "年终结转", "政府采购预算"),
    }
)
"""What spending may be paid of: 基本支出 that follows may be the part that is."""

_NAMES: Final = list(SUBJECTS)
_ALTERNATIVES: Final = "|".join(f"(?P<s{i}>{SUBJECTS[name]})" for i, name in enumerate(_NAMES))
_TAIL: Final = (
    r"(?:预算|安排|共计|合计|总计|总额|金额|资金|支出|数额|计划|情况"
    r"|数|共|计|达|为|是|了|[：:]|\s)*"
)
_AT_END: Final = re.compile(rf"(?:{_ALTERNATIVES}){_TAIL}$")
_ANYWHERE: Final = re.compile(_ALTERNATIVES)

_YEAR: Final = r"20[0-9]{2}\s?年度?"
_NEUTRAL: Final = re.compile(
    rf"(?:{_YEAR}|截至|截止|[0-9]{{1,2}}[月日]|本年度?|今年|当年|全年|上年[末底]|年末|我|本|该|部门|单位|局|馆|委|办"
    r"|预算|其中|包括|包含|分别|主要|安排|共计|总计|共|总|的|用于|是|为|和|及|以及|与|、|：|:|\s|“|”|；"
    r"|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.．、]|[一二三四五六七八九十]{1,3}、|[①-⑳]"
    r"|[（(]含所属单位[)）]|[（(](?:部门|单位)[)）]|[（(])*"
)
_FUNDS: Final = re.compile(r"一般公共预算(?:财政拨款)?(?:安排的?)?|财政(?:拨款)?")
_GENERAL_MONEY: Final = SANGONG | {"人员经费", "公用经费", "机关运行经费"}
REACH: Final = 80
"""Characters before an amount in which its subject may stand."""


def subject_at_end(words: str) -> tuple[str, str]:
    """The subject that the words end with, and what stands before it; ``("", words)`` if none."""
    found = _AT_END.search(words[-REACH:])
    if found is None:
        return "", words
    name = _NAMES[int(str(found.lastgroup)[1:])]
    before = words[: max(0, len(words) - REACH)] + words[-REACH:][: found.start()]
    return name, before


def subject_within(words: str) -> str:
    """The last subject named in the words."""
    name = ""
    for found in _ANYWHERE.finditer(words[-REACH:]):
        name = _NAMES[int(str(found.lastgroup)[1:])]
    return name


def is_neutral(words: str, subject: str, own: tuple[str, ...]) -> bool:
    """Whether the words before a subject leave it what it is: year, department, numbering.

    “一般公共预算以外资金安排的” before 基本支出 does not: it is a part of it then.
    """
    for name in own:
        words = words.replace(name, "")
    if subject in _GENERAL_MONEY:
        words = _FUNDS.sub("", words)
    return _NEUTRAL.fullmatch(words) is not None
