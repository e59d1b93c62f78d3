"""What every form of report says beside the findings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator import __version__
from generator.checks import CHECKS
from generator.checks.rule import TOLERANCES, Need, Rule
from generator.checks.settings import Change
from generator.document import Document, Failure, Outcome, Result
from generator.money import plain
from generator.problem import Place, Problem, Severity, Waived


def failure(outcome: Failure) -> Problem:
    """That a file could not be worked on, as a finding."""
    error = outcome.error
    return Problem(
        *("INP100", "无法继续", Severity.ERROR, error.message),
        place=error.place,
        hint=error.hint or None,
    )


def document_of(outcome: Outcome) -> Document:
    """What was worked out of a file: of one that could not be worked on, nothing."""
    if isinstance(outcome, Failure):
        return Document(outcome.file, None, None)
    return outcome.document


def problems(outcome: Outcome) -> list[Problem]:
    """Everything that is told of a file."""
    return [failure(outcome)] if isinstance(outcome, Failure) else outcome.document.problems


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings there are; ``exceptions``: those with a recorded reason, counted apart."""

    error: int = 0
    warning: int = 0
    info: int = 0
    exceptions: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.error + other.error,
            self.warning + other.warning,
            self.info + other.info,
            self.exceptions + other.exceptions,
        )

    def words(self) -> str:
        """``没有错误，2 处警告，1 处例外``."""
        parts = [
            f"{self.error} 处错误" if self.error else "没有错误",
            f"{self.warning} 处警告" if self.warning else "没有警告",
            *([f"{self.info} 处提示"] if self.info else []),
            *([f"{self.exceptions} 处例外"] if self.exceptions else []),
        ]
        return "，".join(parts)


def count(outcome: Outcome) -> Counts:
    """The counts of one file."""
    if isinstance(outcome, Failure):
        return Counts(error=1)
    document = outcome.document
    error, warning, info = (document.count(severity) for severity in Severity)
    return Counts(error, warning, info, document.exceptions)


def count_all(outcomes: Iterable[Outcome]) -> Counts:
    """The counts of several files together."""
    return sum(map(count, outcomes), Counts())


def totals(outcomes: Sequence[Outcome]) -> str:
    """``共 3 个文件：1 个没有错误，1 个有错误，1 个读不了。合计：2 处错误，没有警告。``"""
    failed = sum(isinstance(outcome, Failure) for outcome in outcomes)
    wrong = sum(bool(count(outcome).error) for outcome in outcomes) - failed
    parts = [
        f"{len(outcomes) - failed - wrong} 个没有错误",
        *([f"{wrong} 个有错误"] if wrong else []),
        *([f"{failed} 个读不了"] if failed else []),
    ]
    counts = count_all(outcome for outcome in outcomes if isinstance(outcome, Result))
    return f"共 {len(outcomes)} 个文件：{'，'.join(parts)}。合计：{counts.words()}。"


MOST_NAMES = 10


def named(outcomes: Sequence[Outcome]) -> list[str]:
    """Which files are not without errors: ``有错误：甲.xlsx、乙.xlsx。``"""
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    wrong = [outcome for outcome in outcomes if outcome not in failed and count(outcome).error]
    told = []
    for word, which in (("有错误", wrong), ("读不了", failed)):
        names = "、".join(outcome.file.name for outcome in which[:MOST_NAMES])
        more = f" 等 {len(which)} 个" if len(which) > MOST_NAMES else ""
        told += [f"{word}：{names}{more}。"] if which else []
    return told


def tolerance(problem: Problem, rule: Rule | None) -> str:
    """How much the figures may differ, and why: ``0：两个数都到分，必须完全相同``."""
    code = rule.tolerance if rule is not None else ""
    meaning = TOLERANCES.get(code, "")
    amount = "" if problem.tolerance is None else plain(problem.tolerance)
    if not amount or amount == code.rstrip("*≥"):
        return meaning or amount
    return f"{amount} {problem.unit}" + (f"：{_reason(meaning)}" if meaning else "")


def _reason(meaning: str) -> str:
    """The meaning less the code in front of it; of two, the one for an amount that is not 0."""
    code, colon, reason = meaning.partition("：")
    return reason.rpartition("；")[2] if colon else code


@dataclass(frozen=True, slots=True)
class Unmet:
    """Rules that could not be checked for want of the same things."""

    needs: tuple[Need, ...]
    rules: tuple[str, ...]

    @property
    def lacking(self) -> str:
        return "、".join(need.value for need in self.needs)


def decided(document: Document) -> frozenset[str]:
    """The rules that were checked: not switched off, and nothing lacking for them."""
    if document.disclosure is None:
        return frozenset()
    # Where some figure could not be read, no rule about figures was checked.
    incomplete = bool(document.not_checked)
    return frozenset(
        id_
        for id_, rule in document.rules.items()
        if not rule.off and id_ not in document.unmet and not (incomplete and rule.tolerance)
    )


def unmet(document: Document) -> list[Unmet]:
    """What was not checked, by what was lacking for it, in the order of the rules."""
    groups: dict[tuple[Need, ...], list[str]] = {}
    for id_, needs in document.unmet.items():
        groups.setdefault(needs, []).append(id_)
    return [Unmet(needs, tuple(rules)) for needs, rules in groups.items()]


MANY = 6


def not_checked(document: Document) -> list[str]:
    """What was not checked and why, a sentence each."""
    sentences = list(document.not_checked)
    for group in unmet(document):
        ids = f"{'、'.join(group.rules)} "
        if len(group.rules) > MANY:
            ids = f"{'、'.join(group.rules[:3])} 等 {len(group.rules)} 条规则"
        if group.needs == (Need.WRITTEN,):
            sentences.append(f"{ids.strip()}：生成文档时核对。")
        else:
            sentences.append(f"没有{group.lacking}：{ids}没有核对。")
    only = document.settings.only
    if only is not None:
        left_out = sum(rule.id not in only for rule in CHECKS)
        sentences.append(f"没有选来核对的（--select、--ignore）：{left_out} 条规则。")
    return sentences


def not_checked_in_short(document: Document) -> list[str]:
    """What could not be read, a sentence each; of what was lacking for rules only how many."""
    lacking = sum(Need.WRITTEN not in needs for needs in document.unmet.values())
    told = f"{lacking} 条规则缺少所需的内容，用 gen-disclosure check 可以看到。"
    return [*document.not_checked, *([told] if lacking else [])]


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that differs from the program's own; ``origin``: who wants it so."""

    rule: str
    name: str
    what: str
    origin: str

    def words(self) -> str:
        """``PRF113 数量乘单价等于项目金额：级别 警告 → 提示（设置文件 设置.yaml）``."""
        return f"{self.rule} {self.name}：{self.what}（{self.origin}）".strip()


def changed(document: Document) -> list[Changed]:
    """Every setting that was changed, in the order of the rules; then the lists of codes."""
    changes = document.settings.changes
    told = [
        Changed(rule.id, rule.name, _difference(rule, changes[rule.id]), changes[rule.id].origin)
        for rule in CHECKS
        if rule.id in changes
    ]
    told += [
        Changed(
            "代码表", name, f"加用 {file} 的 {len(document.settings.code_lists[name])} 条", "设置"
        )
        for name, file in document.settings.lists_from.items()
    ]
    return told


def remarks(document: Document) -> list[str]:
    """What a report says below its findings."""
    return [
        *(f"没有核对的：{sentence}" for sentence in not_checked(document)),
        *(f"改过的设置：{change.words()}" for change in changed(document)),
        f"核对所用的程序：gen-disclosure {__version__}",
    ]


def title(document: Document) -> str:
    """``某市数据局 2025 年部门预算 核对结果``."""
    if document.disclosure is None:
        return "核对结果"
    basics = document.disclosure.basics
    return f"{basics.name} {basics.year} 年{basics.kind}预算 核对结果"


def _difference(rule: Rule, change: Change) -> str:
    parts = []
    if change.off:
        parts.append(f"级别 {rule.severity.label} → 不查")
    elif change.severity is not None:
        parts.append(f"级别 {rule.severity.label} → {change.severity.label}")
    if change.limit is not None and rule.limit is not None:
        parts.append(f"限值 {plain(rule.limit)} → {plain(change.limit)}")
    return "，".join(parts) or "没有改变"


def label(problem: Problem) -> str:
    """How bad a finding is, or that it stays with a recorded reason."""
    return "例外" if problem.waived else problem.severity.label


def reason(waived: Waived) -> str:
    """Why a finding stays, and who answers for it: ``已核实（张三，2025-01-09）``."""
    day = f"，{waived.day:%Y-%m-%d}" if waived.day else ""
    return f"{waived.reason}（{waived.person}{day}）"


def place(problem: Problem, file: str) -> str:
    """Where a finding stands; a place in another file than ``file`` says so."""
    return at(problem.place, file)


def at(place: Place | None, file: str) -> str:
    """A place in words; in another file than ``file`` it says so."""
    if place is None:
        return ""
    return f"（{place.file}）{place}" if place.file not in (None, file) else str(place)


def by_sheet(problems: Sequence[Problem], file: str) -> list[tuple[str, list[Problem]]]:
    """Findings by the sheet they stand in, in their order; a YAML file's by its sections."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_sheet(problem, file), []).append(problem)
    return list(groups.items())


def _sheet(problem: Problem, file: str) -> str:
    where = problem.place
    if where is None:
        return "整份预算"
    section = (where.sheet or "").strip() or (where.path or "").partition(".")[0].partition("[")[0]
    name = section or "整份预算"
    return f"{name}（{where.file}）" if where.file not in (None, file) else name
