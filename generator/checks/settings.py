"""Settings of the checks: severities and thresholds that a pack or a user changes.

A pack carries them in ``pack.yaml`` under ``核对``, a user in a file of his own (``--settings``)::

    核对:
      YOY108: {级别: 警告, 限值: 20}
      TXT109: {级别: 不查}
    代码表:
      功能分类: 功能分类科目.csv

What cannot be understood is a :class:`UserError`: a setting that silently has no effect is worse
than none.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from generator import yamltext
from generator.checks.rule import Rule, with_settings
from generator.pack.lists import read_codes
from generator.problem import INPUT_RULES, Place, Problem, Severity, UserError
from generator.problem import Path as InputPath

CHECKS_KEY: Final = "核对"
LISTS_KEY: Final = "代码表"
LISTS: Final = ("功能分类", "经济分类", "采购目录")
SEVERITY_KEY: Final = "级别"
LIMIT_KEY: Final = "限值"
OFF: Final = "不查"
SEVERITIES: Final = {severity.label: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed of one rule. ``origin``: who wants it so, as the reports say it."""

    severity: Severity | None = None
    limit: Decimal | None = None
    off: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """``changes``: by rule id. ``code_lists``: lists that add to the pack's, code → name.

    ``lists_from``: the file of each list. ``only``: the rules that were asked for; None: all.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    code_lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lists_from: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def above(self, changes: Mapping[str, Change]) -> Settings:
        """These settings on top of those of a pack."""
        return replace(self, changes={**changes, **self.changes})

    def rules(self, rules: Iterable[Rule]) -> dict[str, Rule]:
        """The rules as they apply, by id."""
        applied = {}
        for rule in rules:
            if (change := self.changes.get(rule.id)) is not None:
                rule = with_settings(rule, change.severity, change.limit, change.off)
            if self.only is not None and rule.id not in self.only:
                rule = replace(rule, off=True)
            applied[rule.id] = rule
        return applied

    def apply(self, problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[Problem]:
        """What is told under these settings, also of rules that are decided elsewhere.

        Whatever could not be read is always told: without it nothing else can be right.
        """
        for problem in problems:
            rule = rules.get(problem.rule)
            if rule is not None and rule.off and not _is_unreadable(problem):
                continue
            change = self.changes.get(problem.rule)
            if change is not None and change.severity is not None:
                problem = replace(problem, severity=change.severity)
            yield problem


def is_fixed(rule: Rule) -> bool:
    """Whether neither a setting nor an exception may pass over a rule.

    Those are sums that do not hold, and errors of reading and of putting into words: after them
    the document would lack what was filled in.
    """
    return rule.arithmetic or (rule.severity is Severity.ERROR and rule.id in INPUT_RULES)


def _is_unreadable(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR and (
        problem.rule.startswith("INP") or problem.rule == "FMT109"
    )


class _Mistake(Exception):
    """What is wrong at a path of the settings, and the next step."""

    def __init__(self, path: InputPath, message: str, hint: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.hint = hint


def selected(
    select: Iterable[str], ignore: Iterable[str], rules: Iterable[Rule]
) -> frozenset[str] | None:
    """The rules to check, by ids and groups as typed; None: all. Raises :class:`UserError`."""
    groups: dict[str, set[str]] = {}
    for rule in rules:
        groups.setdefault(rule.group, set()).add(rule.id)
    everything = frozenset[str]().union(*groups.values())
    wanted, unwanted = _ids(select, groups), _ids(ignore, groups)
    if not wanted and not unwanted:
        return None
    return (wanted or everything) - unwanted


def _ids(words: Iterable[str], groups: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    for word in re.split(r"[,，、\s]+", " ".join(words).strip().upper()):
        if word in groups:
            found |= groups[word]
        elif word in groups.get(word[:3], ()):
            found.add(word)
        elif word:
            raise unknown_rule(word, (*groups, *sorted(set[str]().union(*groups.values()))))
    return frozenset(found)


def unknown_rule(word: str, known: Iterable[str]) -> UserError:
    """That there is no such rule or group, with the nearest."""
    near = difflib.get_close_matches(word.upper(), list(known), n=1, cutoff=0.5)
    hint = f"是不是“{near[0]}”？" if near else "全部规则见：gen-disclosure rules"
    return UserError(f"没有“{word}”这条规则，也没有这一组。", hint)


def read(file: Path, rules: Iterable[Rule]) -> Settings:
    """A user's settings. Raises :class:`UserError` with the line of the first mistake."""
    try:
        document = yamltext.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UserError(
            f"设置文件“{file}”读不出来。", "请检查文件名，它应是 UTF-8 的 YAML 文件。"
        ) from error
    except yamltext.YamlProblem as error:
        raise _at_line(file, error.line, error.message, error.hint) from error
    try:
        tree = _mapping(document.tree, (), f"可以写：{CHECKS_KEY}、{LISTS_KEY}。")
        for key in tree:
            _must_be_known(key, (CHECKS_KEY, LISTS_KEY), (key,))
        changes = changes_of(
            tree.get(CHECKS_KEY) or {}, rules, f"设置文件 {file.name}", (CHECKS_KEY,)
        )
        lists = _lists(tree.get(LISTS_KEY) or {}, file.parent)
    except _Mistake as mistake:
        line = document.line(mistake.path)
        raise _at_line(file, line, mistake.message, mistake.hint) from mistake
    return Settings(
        changes,
        {name: read_codes(path) for name, path in lists.items()},
        {name: path.name for name, path in lists.items()},
    )


def of_pack(pack_id: str, tree: Any, rules: Iterable[Rule]) -> dict[str, Change]:
    """What a pack changes. Raises :class:`UserError`."""
    if not tree:
        return {}
    try:
        return changes_of(tree, rules, f"格式包 {pack_id}", (CHECKS_KEY,))
    except _Mistake as mistake:
        where = ".".join(map(str, mistake.path))
        raise UserError(
            f"格式包 {pack_id} 的“{where}”：{mistake.message}。", mistake.hint
        ) from mistake


def changes_of(tree: Any, rules: Iterable[Rule], origin: str, path: InputPath) -> dict[str, Change]:
    """``{规则: {级别: …, 限值: …}}`` as changes by rule id."""
    known = {rule.id: rule for rule in rules}
    changes = {}
    for id_, entry in _mapping(tree, path, "每条写成“PRF113: {级别: 提示}”。").items():
        _must_be_known(id_, known, (*path, id_))
        changes[id_] = _change(known[id_], entry, origin, (*path, id_))
    return changes


def _change(rule: Rule, entry: Any, origin: str, path: InputPath) -> Change:
    entry = _mapping(entry, path, f"请写成“{rule.id}: {{级别: 提示}}”。")
    for key in entry:
        _must_be_known(key, (SEVERITY_KEY, LIMIT_KEY), (*path, key))
    word = entry.get(SEVERITY_KEY)
    severity = None if word in (None, OFF) else SEVERITIES.get(str(word))
    if word is not None and word != OFF and severity is None:
        raise _Mistake(
            (*path, SEVERITY_KEY),
            f"{rule.id} 的级别不能是“{word}”",
            f"可以是：{'、'.join((*reversed(SEVERITIES), OFF))}。",
        )
    if word is not None and severity is not Severity.ERROR and is_fixed(rule):
        raise _Mistake(
            (*path, SEVERITY_KEY),
            f"{rule.id}（{rule.name}）是必须改正的错误，不能降低级别，也不能不查",
            "请删去这一条。",
        )
    limit = _limit(rule, entry[LIMIT_KEY], (*path, LIMIT_KEY)) if LIMIT_KEY in entry else None
    return Change(severity, limit, word == OFF, origin)


def _limit(rule: Rule, text: Any, path: InputPath) -> Decimal:
    if rule.limit is None:
        raise _Mistake(path, f"{rule.id}（{rule.name}）没有限值可改", "请删去“限值”。")
    try:
        limit = Decimal(str(text))
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite() or limit < 0:
        raise _Mistake(path, f"{rule.id} 的限值“{text}”不是数", f"如 {rule.limit}（现在的限值）。")
    return limit


def _lists(tree: Any, folder: Path) -> dict[str, Path]:
    lists = {}
    for name, file in _mapping(tree, (LISTS_KEY,), "如“功能分类: 功能分类科目.csv”。").items():
        path: InputPath = (LISTS_KEY, name)
        _must_be_known(name, LISTS, path)
        if not isinstance(file, str) or not file or not (folder / file).is_file():
            raise _Mistake(
                path, f"找不到代码表“{file}”", "路径从设置文件所在的文件夹算起，请检查文件名。"
            )
        lists[name] = folder / file
    return lists


def _mapping(value: Any, path: InputPath, hint: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Mistake(path, "这里应由“键: 值”组成", hint)
    return value


def _must_be_known(name: str, known: Iterable[str], path: InputPath) -> None:
    names = list(known)
    if name in names:
        return
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    what = f"没有“{name}”这条规则" if len(names) > len(LISTS) else f"不认识“{name}”"
    hint = f"是不是“{near[0]}”？" if near else f"可以写：{'、'.join(names)}。"
    raise _Mistake(path, what, "规则编号见：gen-disclosure rules" if len(hint) > 80 else hint)


def _at_line(file: Path, line: int, message: str, hint: str) -> UserError:
    return UserError(
        f"设置文件“{file.name}”第 {line} 行：{message}。",
        hint,
        Place(file=file.name, line=line),
    )
