"""Five times the input costs the checks about five times the work, however much of it is wrong.

The work is counted in calls of functions, so that a busy machine changes nothing.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from typing import Any

import pytest
from support import PASTED, sample, work_out

Tree = dict[str, Any]

TIMES = 5
_HEAD = ["序号", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]
_OTHER = ("经营支出", "上解上级支出", "对附属单位补助支出")


def _codes(number: int) -> list[str]:
    return [f"201{i // 20 + 1:02d}{i % 20 + 1:02d}" for i in range(number)]


def _page(title: str, number: int, *more: str) -> list[list[str]]:
    """A table of so many 项, each of 2.00; ``more``: columns in which nothing stands."""
    below: dict[str, int] = {}
    for code in _codes(number):
        for row in ("", code[:3], code[:5], code):
            below[row] = below.get(row, 0) + 1
    rows = [
        [str(i), code, f"科目{code}" if code else "合计", f"{2 * n}.00", f"{n}.00", f"{n}.00"]
        + [""] * len(more)
        for i, (code, n) in enumerate(sorted(below.items()), 1)
    ]
    return [[title], ["单位：万元"], [*_HEAD, *more], *rows]


def versions(number: int) -> Tree:
    """Table 3 of another version of the budget: no 项 has the amount of table 5."""
    tree = sample() | {"支出": []}
    tree["收入"] = [
        {"科目编码": code, "科目名称": f"科目{code}", "一般公共预算": "2.00"}
        for code in _codes(number)
    ]
    tree[PASTED] = {
        "表3": _page("部门支出总表", number, *_OTHER),
        "表5": _page("一般公共预算财政拨款支出表", number),
        "表7": _page("政府性基金预算财政拨款支出表", 0),
        "表8": _page("国有资本经营预算财政拨款支出表", 0),
    }
    for i, row in enumerate(tree[PASTED]["表3"]):
        if len(row) > 3 and len(row[1]) == 7:
            row[3:5] = [f"{2 + i}.00", f"{1 + i}.00"]
    return tree


def sentences(number: int) -> Tree:
    """Every paragraph states other figures than the tables, in sums that do not hold either."""
    tree = sample()
    tree["文字"] |= {
        "支出说明": [
            f"2025年预算支出{i}.11万元，其中人员经费{i}.12万元、日常公用经费{i}.13万元、"
            f"项目支出{i}.14万元，比2024年减少{i}万元，下降{i % 90}%。"
            for i in range(number)
        ],
        "三公总额": [
            f"财政拨款“三公”经费预算安排{i}.11万元，其中：因公出国（境）费{i}.12万元，"
            f"公务用车运行维护费{i}.13万元，公务接待费{i}.14万元。"
            for i in range(number)
        ],
    }
    return tree


def goals(number: int) -> Tree:
    """Projects whose goals and indicators all have faults of their own."""
    tree = sample()
    one = tree["项目"][0]
    tree["项目"] = [
        {
            **one,
            "项目名称": f"项目{i}",
            "绩效目标": [f"做好第（{i})批，，某某工作"],
            "绩效指标": [{**row, "指标值": f"≥{i}％XX"} for row in one["绩效指标"]],
        }
        for i in range(number)
    ]
    return tree


def calls(tree: Tree) -> int:
    with cProfile.Profile() as profile:
        work_out(tree)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("of", [versions, sentences, goals])
def test_the_work_grows_in_step_with_the_input(of: Callable[[int], Tree]) -> None:
    work_out(of(10))  # what is kept from one input to the next
    small, large = calls(of(80)), calls(of(80 * TIMES))
    assert large < small * TIMES * 1.2
