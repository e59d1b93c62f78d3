"""SARIF 2.1.0: findings for the tools that collect them from checkers of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.checks import manual
from generator.checks.rule import GROUPS
from generator.document import Failure, Outcome
from generator.problem import Place, Problem, Severity
from generator.report import facts

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(outcomes: Sequence[Outcome]) -> str:
    """The log of one run over all files. Pure ASCII, as the JSON report."""
    found = [(outcome, problem) for outcome in outcomes for problem in _problems(outcome)]
    rules = {problem.rule: problem for _, problem in found}
    index = {id_: i for i, id_ in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "gen-disclosure",
                "version": __version__,
                "semanticVersion": __version__,
                "language": "zh-CN",
                "rules": [_rule(problem) for problem in rules.values()],
            }
        },
        "invocations": [_invocation(outcomes)],
        "artifacts": [{"location": {"uri": _uri(o.file)}} for o in outcomes],
        "columnKind": "unicodeCodePoints",
        "results": [_result(o.file, problem, index[problem.rule]) for o, problem in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _problems(outcome: Outcome) -> list[Problem]:
    return [] if isinstance(outcome, Failure) else outcome.document.problems


def _rule(problem: Problem) -> dict[str, Any]:
    """The rule of a finding, with its manual page as help."""
    rule: dict[str, Any] = {
        "id": problem.rule,
        "name": problem.name,
        "shortDescription": {"text": problem.name},
        "properties": {"tags": [GROUPS.get(problem.rule[:3], problem.rule[:3])]},
    }
    page = manual.pages().get(problem.rule)
    if page is not None:
        rule["fullDescription"] = {"text": page.what or problem.name}
        rule["help"] = {
            "text": "\n".join(f"{title}：{text}" for title, text in page.parts() if text),
            "markdown": "\n\n".join(f"**{title}** {text}" for title, text in page.parts() if text),
        }
    return rule


def _invocation(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Files that could not be worked on are notifications, not results."""
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    return {
        "executionSuccessful": not failed,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": str(outcome.error)},
                "locations": [_location(outcome.file, outcome.error.place)],
            }
            for outcome in failed
        ],
    }


def _result(file: Path, problem: Problem, index: int) -> dict[str, Any]:
    text = problem.message + (f"。{problem.hint}" if problem.hint else "")
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": LEVELS[problem.severity],
        "message": {"text": text},
        "locations": [_location(file, problem.place)],
        "partialFingerprints": {"ruleAndPath/v1": problem.fingerprint},
    }
    related = [
        {"id": i, "message": {"text": side.label}, **_location(file, side.place)}
        for i, side in enumerate((*problem.sides, *problem.addends))
        if side.place is not None
    ]
    if related:
        result["relatedLocations"] = related
    if (waived := problem.waived) is not None:
        justification = facts.reason(waived)
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": justification}
        ]
    return result


def _location(file: Path, place: Place | None) -> dict[str, Any]:
    """The file; the cell of a workbook by name, the line of a YAML file as a region."""
    if place is not None and place.file not in (None, file.name):
        file = file.with_name(str(place.file))
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place is None:
        return location
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    if place.sheet is not None:
        whole = f"{place.sheet}!{place.cell}" if place.cell else place.sheet
        kind = "cell" if place.cell else "sheet"
        location["logicalLocations"] = [_named(place.cell or place.sheet, whole, kind)]
    elif place.path:
        location["logicalLocations"] = [_named(place.path, place.path, "member")]
    return location


def _named(name: str, whole: str, kind: str) -> dict[str, str]:
    return {"name": name, "fullyQualifiedName": whole, "kind": kind}


def _uri(file: Path) -> str:
    """Relative to the folder that the program runs in, where the file lies below it."""
    absolute = file.absolute()
    try:
        return quote(absolute.relative_to(Path.cwd()).as_posix(), errors="surrogateescape")
    except ValueError:
        return absolute.as_uri()
