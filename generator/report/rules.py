"""The rules as the manual shows them: a list by group, or the page of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from generator.checks import manual
from generator.checks.rule import GROUPS, TOLERANCES, Rule
from generator.checks.settings import is_fixed, unknown_rule
from generator.money import plain
from generator.report.text import padded, width, wrapped


def chosen(word: str | None, rules: Sequence[Rule]) -> list[Rule]:
    """All rules, those of a group, or the one of an id. Raises :class:`UserError`."""
    if word is None:
        return list(rules)
    wanted = word.strip().upper()
    found = [rule for rule in rules if wanted in (rule.id, rule.group)]
    if not found:
        groups = {rule.group: None for rule in rules}
        raise unknown_rule(word, (*groups, *(rule.id for rule in rules)))
    return found


def listing(rules: Sequence[Rule]) -> str:
    """Id, severity, name and needs, by group."""
    lines: list[str] = []
    for group in dict.fromkeys(rule.group for rule in rules):
        members = [rule for rule in rules if rule.group == group]
        lines += [f"{group} {GROUPS.get(group, '')}（{len(members)} 条）"]
        for rule in members:
            lines += wrapped(
                f"{rule.name}{_needs(rule)}", f"  {rule.id} {rule.severity.label}  ", " " * 15
            )
        lines.append("")
    lines.append(f"共 {len(rules)} 条规则。一条规则的说明：gen-disclosure rules {rules[0].id}")
    return "\n".join(lines)


def _needs(rule: Rule) -> str:
    return f"  〔需要{'、'.join(need.value for need in rule.needs)}〕" if rule.needs else ""


def page(rule: Rule) -> str:
    """The manual page of a rule."""
    lines = [f"{rule.id} {rule.severity.label}  {rule.name}", ""]
    parts = [part for part in parts_of(rule) if part[1]]
    column = max(width(title) for title, _ in parts) + 4
    for title, text in parts:
        for i, paragraph in enumerate(text.splitlines()):
            first = padded(f"  {title}" if i == 0 else "", column)
            lines += wrapped(paragraph, first, " " * column)
    return "\n".join(lines)


def parts_of(rule: Rule) -> list[tuple[str, str]]:
    """Heading and text of everything that the page says."""
    written = manual.pages().get(rule.id)
    return [
        *(written.parts() if written is not None else ()),
        ("容差", TOLERANCES.get(rule.tolerance, rule.tolerance)),
        ("限值", f"{plain(rule.limit)}（可以在设置文件里改）" if rule.limit is not None else ""),
        ("需要", "、".join(need.value for need in rule.needs)),
        ("例外", _exception(rule)),
    ]


def _exception(rule: Rule) -> str:
    if is_fixed(rule):
        return "不可以：必须改正"
    return "可以：在“核对例外”里写明规则、位置、原因和责任人"


def as_json(rules: Sequence[Rule]) -> str:
    """The rules with their pages, for programs. Pure ASCII, as the JSON report."""
    return json.dumps({"version": 1, "rules": [_rule(rule) for rule in rules]}, indent=1)


def _rule(rule: Rule) -> dict[str, Any]:
    written = manual.pages().get(rule.id)
    return {
        "id": rule.id,
        "group": rule.group,
        "name": rule.name,
        "severity": rule.severity.value,
        "tolerance": rule.tolerance or None,
        "tolerance_from": TOLERANCES.get(rule.tolerance),
        "limit": None if rule.limit is None else plain(rule.limit),
        "needs": [need.value for need in rule.needs],
        "exception": not is_fixed(rule),
        "page": dict(written.parts()) if written is not None else None,
    }
