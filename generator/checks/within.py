"""TBL: relations within one table.

The sums themselves are in the shared table of relations; most can be broken only where a total is
entered that also follows from the leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.checks.rule import E, Finding, I, Need, Rule, W, relation
from generator.checks.subject import Subject
from generator.money import ZERO, fixed
from generator.problem import Side

_KINDS: Final = (
    ("人员经费", "personnel", "公用经费", ("302", "31")),
    ("公用经费", "public", "人员经费", ("301", "303")),
)
"""A column of T6, its field, the other column and the classes that belong there."""


def kinds(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """TBL603: 人员经费 is spent on 301 and 303, 公用经费 on 302 and 31."""
    for i, row in enumerate(subject.disclosure.basic):
        for column, field, other, classes in _KINDS:
            amount = getattr(row, field) or ZERO
            if amount and row.is_leaf and row.code.startswith(classes):
                path = ("基本支出", i, column)
                listed = subject.pack.economic.get(row.code)
                name = row.name or (listed.name if listed else "")
                yield Finding(
                    f"{row.code}{name} 的 {fixed(amount)} 万元填在{column}里，"
                    f"这一类科目应列{other}",
                    path,
                    hint=f"请移到“{other}”一列，或改正科目编码。",
                    sides=(Side(f"表6 {row.code} {column}", amount, path),),
                    involved=(path,),
                )


_DECLARED: Final = (Need.DECLARED,)

RULES: tuple[Rule, ...] = (
    *(relation(f"TBL{n}", _DECLARED) for n in range(101, 105)),
    relation("TBL105"),
    *(relation(f"TBL{n}", _DECLARED) for n in (201, 202, 203, 301, 302)),
    *(relation(f"TBL{n}", _DECLARED) for n in range(401, 406)),
    relation("TBL406", name="各项资金收支平衡"),
    *(relation(f"TBL{n}", _DECLARED) for n in (407, 408, 501, 502, 601, 602)),
    Rule("TBL603", "人员经费和公用经费各列各的科目", W, kinds),
    *(relation(f"TBL{n}", _DECLARED) for n in (701, 702, 801, 802)),
    *(relation(f"TBL{n}", _DECLARED) for n in range(901, 906)),
    Rule("TBL906", "合计不能空着", E, None, "0", _DECLARED),
    Rule("TBL010", "序号连续", I, None, "", _DECLARED),
)
