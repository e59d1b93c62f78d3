"""The report for programs: one object, version 1; its schema is ``report.schema.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from generator import __version__
from generator.document import Document, Failure, Outcome
from generator.money import fixed
from generator.problem import Place, Problem, Severity, Side, UserError
from generator.report import facts

VERSION = 1


def report(outcomes: Sequence[Outcome]) -> str:
    """The one object that ``--format json`` prints, for every command alike.

    Pure ASCII: on a Chinese Windows a redirected output is not UTF-8, which JSON must be.
    """
    whole = {
        "program": {"name": "gen-disclosure", "version": __version__},
        "files": [_file(outcome) for outcome in outcomes],
    }
    return written(whole)


def written(whole: Mapping[str, Any]) -> str:
    """An object that a command prints, with the version. Pure ASCII: see :func:`report`."""
    return json.dumps({"version": VERSION, **whole}, indent=1)


def failure(error: UserError, **about: str) -> str:
    """What a command prints in place of its object when it cannot go on."""
    return written({**about, "error": error.message, "hint": error.hint})


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    text = files(__package__).joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _file(outcome: Outcome) -> dict[str, Any]:
    """One file of the report; the first keys are those of the first version."""
    document = facts.document_of(outcome)
    output = None if isinstance(outcome, Failure) else outcome.output
    counts, decided = facts.count(outcome), facts.decided(document)
    return {
        "file": str(outcome.file),
        "pack": document.pack.id if document.pack else None,
        "output": str(output) if output else None,
        "problems": [_problem(p, document) for p in facts.problems(outcome)],
        "not_checked": document.not_checked,
        "counts": {severity.value: getattr(counts, severity.value) for severity in Severity},
        "exceptions": counts.exceptions,
        "unmet": [
            {"needs": [need.value for need in group.needs], "rules": list(group.rules)}
            for group in facts.unmet(document)
        ],
        "rules": [id_ for id_ in document.rules if id_ in decided],
        "changed": [
            {"rule": change.rule, "name": change.name, "what": change.what, "origin": change.origin}
            for change in facts.changed(document)
        ],
    }


def _problem(problem: Problem, document: Document) -> dict[str, Any]:
    waived = problem.waived
    return {
        "rule": problem.rule,
        "name": problem.name,
        "severity": problem.severity.value,
        "message": problem.message,
        "place": _place(problem.place),
        "expected": _amount(problem.expected),
        "actual": _amount(problem.actual),
        "difference": _amount(problem.difference),
        "tolerance": _amount(problem.tolerance),
        "related": list(problem.related),
        "hint": problem.hint,
        "fingerprint": problem.fingerprint,
        "unit": problem.unit,
        "tolerance_from": facts.tolerance(problem, document.rules.get(problem.rule)) or None,
        "sides": [_side(side) for side in problem.sides],
        "addends": [_side(side) for side in problem.addends],
        "evidence": list(problem.evidence),
        "affects": list(problem.affects),
        "waived": None
        if waived is None
        else {
            "reason": waived.reason,
            "person": waived.person,
            "day": waived.day.isoformat() if waived.day else None,
        },
    }


def _side(side: Side) -> dict[str, Any]:
    return {"label": side.label, "amount": _amount(side.amount), "place": _place(side.place)}


def _place(place: Place | None) -> dict[str, Any]:
    keys = ("file", "sheet", "cell", "line", "path", "quote")
    return {key: getattr(place, key, None) for key in keys}


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else fixed(amount)
