"""What a rule is: one record, and the findings of its check.

A check is a small generator with one signature, ``check(subject, rule)``; it yields a
:class:`Finding` for each place where the rule does not hold and knows nothing of ids, severities
or reports. Rules that are decided elsewhere (while reading, while balancing, while putting into
words) have a record too, so that the list of rules is one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from generator.balance import RELATIONS, Cross
from generator.problem import INPUT_RULES, Path, Problem, Severity, Side

GROUPS: Final[dict[str, str]] = {
    "STR": "结构和必备内容",
    "EMP": "空表和注",
    "TBL": "表内关系",
    "XTB": "表间关系",
    "NAR": "文字与表",
    "YOY": "与上年相比",
    "PRF": "绩效目标",
    "GPR": "政府采购",
    "AST": "国有资产",
    "DEP": "部门与所属单位",
    "COD": "科目和编码",
    "FMT": "数字和单位",
    "TXT": "文字质量",
    "REN": "生成的文件",
    "INP": "填写",
    "WRD": "情况说明的写法",
}
"""The groups of rules by the first letters of their ids, in the order of the catalogue."""

_FIGURES: Final = frozenset({"收入", "支出", "年终结转", "基本支出", "三公经费"})
_PROJECTS: Final = frozenset({"项目", "绩效指标"})
LOOKS_AT: Final[dict[str, frozenset[str]]] = {
    "EMP": _FIGURES | {"政府采购", "国有资产"},
    "NAR": _FIGURES | _PROJECTS | {"政府采购", "国有资产", "上年数", "机构设置"},
    "YOY": _FIGURES | {"上年数"},
    "PRF": _FIGURES | _PROJECTS,
    "GPR": _FIGURES | _PROJECTS | {"政府采购", "机构设置"},
    "AST": _FIGURES | {"政府采购", "国有资产"},
    "DEP": _FIGURES | {"政府采购", "国有资产", "机构设置", "所属单位"},
}
"""The sections that a group's checks compare: where something of these could not be read, what
they find may only follow from that. The other groups look at one cell or one text at a time."""

TOLERANCES: Final[dict[str, str]] = {
    "0": "0：两个数都到分，必须完全相同",
    "0≥": "0：两个数都到分，一分也不能小",
    "0*": "0：补齐小数位以后必须完全相同；少写了小数位的，可以差它末位的一半",
    "0.01": "0.01：两处分别四舍五入，可以差一分",
    "env": "（n+1）×0.005：n 个数分别四舍五入后相加所能差的",
    "qty": "数量×单价末位的一半＋金额末位的一半：单价只印两位小数",
    "½": "百分比末位的一半",
    "1%": "1%：指标值常取整",
    "cfg": "限值可以在核对设置里改",
}
"""What a tolerance of the catalogue means, as the reports say it."""


class Need(StrEnum):
    """What a rule cannot be checked without, beside the leaves; the value is what is missing."""

    DECLARED = "粘贴的公开表或填写的合计"
    TEXT = "自己写的文字"
    LAST_YEAR = "上年数"
    LAST_FILE = "上年的工作簿（--last-year）"
    PROJECTS = "项目"
    PROCUREMENT = "政府采购"
    ASSETS = "国有资产"
    UNITS = "所属单位的预算"
    DATES = "批复日期和公开日期"
    WRITTEN = "生成的文档"
    PAGES = "转换成的 PDF"


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule does not hold: a :class:`Problem` without its rule.

    ``many``: in how many places it is so, and what they are counted in; ``message`` is of one.
    ``about``: as of a :class:`Problem`.
    """

    message: str
    path: Path = ()
    expected: Decimal | None = None
    actual: Decimal | None = None
    tolerance: Decimal | None = None
    hint: str | None = None
    sides: tuple[Side, ...] = ()
    addends: tuple[Side, ...] = ()
    evidence: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    involved: tuple[Path, ...] = ()
    quote: str | None = None
    many: tuple[int, str] = (1, "处")
    about: str = ""


# The first is a Subject, which stands above this module.
Check = Callable[[Any, "Rule"], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``limit``: a threshold that the settings may change. ``check`` None: decided elsewhere."""

    id: str
    name: str
    severity: Severity
    check: Check | None = None
    tolerance: str = ""
    needs: tuple[Need, ...] = ()
    limit: Decimal | None = None
    off: bool = False

    @property
    def group(self) -> str:
        return self.id[:3]

    @property
    def arithmetic(self) -> bool:
        """A sum that does not hold: no exception and no setting may silence it."""
        return self.severity is Severity.ERROR and self.tolerance in ("0", "0≥", "0*")

    def problem(self, finding: Finding) -> Problem:
        """A finding of this rule."""
        count, unit = finding.many
        more = f"，这样的共有 {count} {unit}" if count > 1 else ""
        return Problem(
            self.id,
            self.name,
            self.severity,
            finding.message + more,
            finding.path,
            expected=finding.expected,
            actual=finding.actual,
            tolerance=finding.tolerance,
            related=finding.related,
            hint=finding.hint,
            sides=finding.sides,
            addends=finding.addends,
            evidence=finding.evidence,
            involved=finding.involved,
            quote=finding.quote,
            alone=finding.message,
            about=finding.about,
        )


E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741
"""The catalogue's letters, for the tables of rules."""


def told_elsewhere(
    *rules: str, tolerance: str = "", needs: tuple[Need, ...] = ()
) -> Iterator[Rule]:
    """The records of rules that are decided while reading or while putting into words."""
    for id_ in rules:
        name, severity = INPUT_RULES[id_]
        yield Rule(id_, name, severity, None, tolerance, needs)


def relation(id_: str, needs: tuple[Need, ...] = (), name: str = "") -> Rule:
    """The record of a rule that is a relation of the shared table."""
    found = [r for r in RELATIONS if r.rule == id_]
    at_least = any(isinstance(r, Cross) and r.operator == "≥" for r in found)
    code = "0≥" if at_least else "0"
    return Rule(id_, name or found[0].name, Severity.ERROR, None, code, needs)


def with_settings(rule: Rule, severity: Severity | None, limit: Decimal | None, off: bool) -> Rule:
    """The rule as the settings want it."""
    return replace(
        rule,
        severity=severity or rule.severity,
        limit=limit if limit is not None else rule.limit,
        off=off,
    )
