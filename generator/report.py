"""Problems as people and programs read them: text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from generator.money import fixed
from generator.pipeline import Document, Result
from generator.problem import Problem, Severity, UserError

JSON_VERSION = 1


def text(result: Result) -> str:
    """The whole report of a build, findings first, then what came of it."""
    document = result.document
    lines = [findings(document.problems, result.file.name)] if document.problems else []
    if document.not_checked:
        lines.append("没有核对的：")
        lines += [f"  {item}" for item in document.not_checked]
    if lines:
        lines.append("")
    return "\n".join([*lines, *_summary(result)])


def findings(problems: Iterable[Problem], file: str) -> str:
    """Problems one below the other; a place in another file than ``file`` says so."""
    return "\n".join(line for problem in problems for line in _problem_lines(problem, file))


def _problem_lines(problem: Problem, file: str) -> list[str]:
    place = str(problem.place) if problem.place else ""
    if problem.place is not None and problem.place.file not in (None, file):
        place = f"（{problem.place.file}）{place}"
    head = f"{problem.severity.label} {problem.rule}  {place}  {problem.name}".replace("    ", "  ")
    lines = [head, f"    {problem.message}"]
    if problem.hint:
        lines.append(f"    下一步：{problem.hint}")
    return lines


def _summary(result: Result) -> list[str]:
    document = result.document
    errors, warnings = document.count(Severity.ERROR), document.count(Severity.WARNING)
    lines = []
    if document.pack is not None:
        lines.append(f"格式：{document.pack.id}（{document.pack.name}）")
    if result.output is None:
        if errors:
            lines.append(f"有 {errors} 处错误、{warnings} 处警告，没有生成文档。请改正后再运行。")
            if document.contents:
                lines.append("需要先看样子时，加 --draft 可生成带“草稿”水印的文档。")
        else:
            lines.append(f"有 {warnings} 处警告，按 --strict 的要求没有生成文档。")
        return lines
    main = document.contents[0]
    units = len(document.contents) - 1
    parts = [
        f"{len(main.tables) + len(main.disclosure.projects)} 张表",
        f"{len(main.disclosure.projects)} 个项目",
        *([f"{units} 个所属单位"] if units else []),
        f"{errors} 处错误" if errors else "没有错误",
        f"{warnings} 处警告" if warnings else "没有警告",
    ]
    lines.append(f"已生成：{result.output}")
    lines.append("，".join(parts) + "。")
    return lines


def failure(error: UserError) -> str:
    """One sentence, and the next step."""
    return f"无法继续：{error}"


def as_json(results: list[dict[str, Any]]) -> str:
    """The one object that ``--format json`` prints, for every command alike.

    Pure ASCII: on a Chinese Windows a redirected output is not UTF-8, which JSON must be.
    """
    return json.dumps({"version": JSON_VERSION, "files": results}, indent=1)


def file_json(result: Result) -> dict[str, Any]:
    """One file of the JSON report."""
    document = result.document
    return {
        "file": str(result.file),
        "pack": document.pack.id if document.pack else None,
        "output": str(result.output) if result.output else None,
        "problems": [_problem_json(problem) for problem in document.problems],
        "not_checked": document.not_checked,
        "counts": _counts(document),
    }


def failure_json(file: str, error: UserError) -> dict[str, Any]:
    """A file that could not be worked on at all."""
    problem = Problem(
        *("INP100", "无法继续", Severity.ERROR, error.message),
        place=error.place,
        hint=error.hint or None,
    )
    return {
        "file": file,
        "pack": None,
        "output": None,
        "problems": [_problem_json(problem)],
        "not_checked": [],
        "counts": {"error": 1, "warning": 0, "info": 0},
    }


def _counts(document: Document) -> dict[str, int]:
    return {severity.value: document.count(severity) for severity in Severity}


def _problem_json(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "rule": problem.rule,
        "name": problem.name,
        "severity": problem.severity.value,
        "message": problem.message,
        "place": {
            key: getattr(place, key, None)
            for key in ("file", "sheet", "cell", "line", "path", "quote")
        },
        "expected": _amount(problem.expected),
        "actual": _amount(problem.actual),
        "difference": _amount(problem.difference),
        "tolerance": _amount(problem.tolerance),
        "related": list(problem.related),
        "hint": problem.hint,
        "fingerprint": problem.fingerprint,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else fixed(amount)
