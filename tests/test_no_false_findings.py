"""No false finding: departments in which nothing is wrong, each of another shape.

The suite runs a hundred, always the same; ``NO_FALSE_FINDINGS=500`` (or any other number) runs so
many at random, as ``python tests/test_no_false_findings.py`` does.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from typing import Any, Final

import pytest
from budgets import realistic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import work_out

from generator.problem import Severity

NUMBER: Final = int(os.environ.get("NO_FALSE_FINDINGS", "0"))

HINTS: Final = {"COD110": "the pack's list does not have the 国资 subject, which is noted once"}
"""The only infos that are right here."""


@settings(
    max_examples=NUMBER or 100,
    deadline=None,
    database=None,
    derandomize=not NUMBER,
    suppress_health_check=list(HealthCheck),
)
@given(realistic())
def test_a_department_in_which_nothing_is_wrong_has_no_finding(tree: dict[str, Any]) -> None:
    found = [
        (problem.rule, problem.message, problem.path)
        for problem in work_out(tree).problems
        if problem.severity is not Severity.INFO or problem.rule not in HINTS
    ]
    assert found == []


@settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(realistic(), st.sampled_from(["收入", "支出", "基本支出"]))
def test_one_figure_more_is_told(tree: dict[str, Any], sheet: str) -> None:
    """The silence above is not that of a program that looks at nothing."""
    row = tree[sheet][0]
    column = next(key for key in ("一般公共预算", "基本支出", "人员经费", "项目支出") if key in row)
    row[column] = f"{Decimal(row[column]) + Decimal('0.01')}"
    assert any(problem.severity is Severity.ERROR for problem in work_out(tree).problems)


if __name__ == "__main__":
    os.environ.setdefault("NO_FALSE_FINDINGS", "500")
    sys.exit(pytest.main([__file__, "-q", "-n", "0", "-p", "no:cacheprovider"]))
