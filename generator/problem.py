"""Problems are values with a place; exceptions mean that the program cannot go on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

Path = tuple[str | int, ...]
"""Where a value stands in the input, in the input's own words: ``("收入", 3, "事业收入")``."""


class Severity(StrEnum):
    """How bad a finding is (rule catalogue: E, W, I)."""

    ERROR = "error"  # must not be published
    WARNING = "warning"  # probably wrong
    INFO = "info"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "警告", "info": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Place:
    """A spot that the user can go to: sheet and cell of a workbook, or line of a YAML file."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    path: str | None = None
    quote: str | None = None

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"{self.sheet}!{self.cell}" if self.cell else f"工作表“{self.sheet}”"
        if self.line is not None:
            return f"第{self.line}行 {self.path}" if self.path else f"第{self.line}行"
        return self.path or ""


@dataclass(frozen=True, slots=True)
class Side:
    """One figure of a comparison, or an addend of a sum: what it is, how much, where it stands."""

    label: str
    amount: Decimal | None  # None: left blank
    path: Path = ()
    place: Place | None = None

    def located(self, locate: Callable[[Path], Place]) -> Side:
        """The same figure with the place that its path stands for, where it has a path."""
        return replace(self, place=locate(self.path)) if self.path and self.place is None else self


@dataclass(frozen=True, slots=True)
class Waived:
    """Why a finding stays as it is, and who answers for that (核对例外)."""

    reason: str
    person: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Amounts in ``unit``; ``path`` is resolved to ``place`` by the pipeline.

    ``sides``: the figures that disagree. ``addends``: the parts of a sum that does not hold.
    ``evidence``: sums that tell which side is right (旁证). ``affects``: rules that the same cause
    breaks. ``involved``: every input cell that takes part, by which findings of one cause are
    brought together. ``quote``: the words of a text that the finding is about. ``waived``: an
    exception that covers it; it is still told, and no longer stands in the way. ``alone``: the
    message as it is of one place, where a finding speaks of several. ``about``: the table, or kind
    of paragraph, of a document that is not as its data.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    path: Path = ()
    place: Place | None = None
    expected: Decimal | None = None
    actual: Decimal | None = None
    tolerance: Decimal | None = None
    related: tuple[str, ...] = ()
    hint: str | None = None
    sides: tuple[Side, ...] = ()
    addends: tuple[Side, ...] = ()
    evidence: tuple[str, ...] = ()
    affects: tuple[str, ...] = ()
    involved: tuple[Path, ...] = ()
    quote: str | None = None
    alone: str = ""
    unit: str = "万元"
    waived: Waived | None = None
    about: str = ""

    @property
    def difference(self) -> Decimal | None:
        """What was found less what was expected (万元), when there are two figures."""
        if self.expected is None or self.actual is None:
            return None
        return self.actual - self.expected

    @property
    def fingerprint(self) -> str:
        """Stable over runs: the same rule at the same place of the input."""
        key = "\0".join((self.rule, *map(str, self.path), self.message if not self.path else ""))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def located(self, locate: Callable[[Path], Place]) -> Problem:
        """The same problem with the places that its paths stand for."""
        place = self.place if self.place is not None else locate(self.path)
        if self.quote is not None:
            place = replace(place, quote=self.quote)
        return replace(
            self,
            place=place,
            sides=tuple(side.located(locate) for side in self.sides),
            addends=tuple(side.located(locate) for side in self.addends),
        )

    def below(self, prefix: Path) -> Problem:
        """The same problem of a part of the input, its paths seen from the whole."""

        def moved(sides: tuple[Side, ...]) -> tuple[Side, ...]:
            return tuple(replace(s, path=(*prefix, *s.path)) if s.path else s for s in sides)

        return replace(
            self,
            path=(*prefix, *self.path),
            sides=moved(self.sides),
            addends=moved(self.addends),
            involved=tuple((*prefix, *path) for path in self.involved),
        )


class UserError(Exception):
    """The program cannot go on. One sentence, and the next step; exit code 2."""

    def __init__(self, message: str, hint: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


# Findings about the input itself. The catalogue's own ids (TBL…, COD…, FMT…) are used where it
# has one; INP and WRD are ours, permanent like the others.
INPUT_RULES: Final[dict[str, tuple[str, Severity]]] = {
    "INP101": ("缺少工作表", Severity.ERROR),
    "INP102": ("多余的工作表", Severity.ERROR),
    "INP103": ("未知的列或项目", Severity.ERROR),
    "INP104": ("缺少必填内容", Severity.ERROR),
    "INP105": ("取值不在可选范围内", Severity.ERROR),
    "INP106": ("小数超过两位", Severity.ERROR),
    "INP107": ("公式没有计算结果", Severity.ERROR),
    "INP108": ("含有不可见的非法字符", Severity.ERROR),
    "INP109": ("内容类型不对", Severity.ERROR),
    "INP110": ("重复的列或项目", Severity.ERROR),
    "INP111": ("内容过长或过多", Severity.ERROR),
    "INP112": ("内容没有去处", Severity.ERROR),
    "INP113": ("所属单位的文件有误", Severity.ERROR),
    "INP114": ("部分大于整体", Severity.ERROR),
    "INP115": ("填了但没有用到", Severity.INFO),
    "INP116": ("格式包没有写明适用于这个年度", Severity.WARNING),
    "INP117": ("核对例外没有用到", Severity.WARNING),
    "INP118": ("不能作为例外", Severity.ERROR),
    "INP119": ("合并的单元格", Severity.ERROR),
    "WRD101": ("缺少上年数", Severity.ERROR),
    "WRD102": ("缺少增减变化原因", Severity.ERROR),
    "WRD103": ("引用的名称不存在", Severity.ERROR),
    "WRD104": ("缺少必写的文字", Severity.ERROR),
    "WRD105": ("缺少项目金额", Severity.ERROR),
    "WRD106": ("项目缺少绩效目标或指标", Severity.ERROR),
    "WRD107": ("缺少所属单位的预算", Severity.ERROR),
    "COD101": ("功能分类科目在公开表中没有对应的行", Severity.ERROR),
    "COD102": ("科目缺少名称", Severity.ERROR),
    "COD104": ("功能分类科目编码不是“项”级", Severity.ERROR),
    "COD105": ("经济分类科目编码不是“款”级", Severity.ERROR),
    "COD106": ("同一编码名称不一致", Severity.ERROR),
    "COD107": ("编码重复", Severity.ERROR),
    "COD110": ("科目名称未经核实", Severity.INFO),
    "DEP101": ("部门包含所属单位", Severity.ERROR),
    "FMT104": ("金额像是差了一万倍", Severity.WARNING),
    "FMT102": ("换算成万元时调整了 0.01", Severity.INFO),
    "FMT103": ("金额为负数", Severity.ERROR),
    "FMT109": ("金额无法识别", Severity.ERROR),
}


def input_problem(
    rule: str, message: str, path: Path = (), *, place: Place | None = None, hint: str | None = None
) -> Problem:
    """A finding of :data:`INPUT_RULES` at a path of the input (or at a place, where no path is)."""
    name, severity = INPUT_RULES[rule]
    return Problem(rule, name, severity, message, path, place, hint=hint)
