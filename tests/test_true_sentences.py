"""Shares, growth rates, subjects and counts: told right of any department, nothing is found."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from budgets import realistic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import work_out

from generator.disclosure import Disclosure
from generator.money import short

RULES = ("FMT106", "NAR", "YOY102", "YOY104", "YOY107")
TAKEN = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def percent(part: Decimal, whole: Decimal, places: int, off: str = "0") -> str:
    unit = Decimal(1).scaleb(-places)
    exact = (part / whole * 100).quantize(unit, ROUND_HALF_UP)
    return f"{exact + Decimal(off)}%"


def spending(budget: Disclosure, places: int, off: str) -> str:
    """支出说明: every share, some subjects by name, how many projects. ``off``: added to each %."""
    get = budget.figures.get
    all_, basic, project = (get(f"expenditure.{m}") for m in ("grand", "basic", "project"))
    personnel, public = get("economic.personnel"), get("economic.public")
    words = [
        f"{budget.basics.year}年{budget.basics.kind}预算支出{short(all_)}万元，其中：基本支出"
        f"{short(basic)}万元，占比{percent(basic, all_, places, off)}；",
        f"项目支出{short(project)}万元（占支出总计的{percent(project, all_, places, off)}）。",
    ]
    if personnel + public == basic:
        words.insert(
            1,
            f"包括人员经费{short(personnel)}万元，占基本支出的{percent(personnel, basic, places, off)}，"
            f"公用经费{short(public)}万元；公用经费占基本支出的比重为"
            f"{percent(public, basic, places, off)}；",
        )
    classes = [row for row in budget.figures.rows(["expenditure.total"]) if len(row) == 3]
    names = {"201": "一般公共服务支出", "208": "社会保障和就业支出", "221": "住房保障支出"}
    listed = [
        f"{names[row]}{short(get('expenditure.total', row))}万元" for row in classes if row in names
    ]
    words.append(f"按功能分类，{'、'.join(listed)}。" if listed else "")
    words.append(f"共安排预算项目{len(budget.projects)}个。" if budget.projects else "")
    return "".join(words)


def growth(budget: Disclosure, places: int, off: str) -> str:
    """增减说明: each change as a percentage alone."""
    now = {
        "收支总额": budget.figures.get("expenditure.grand"),
        "基本支出": budget.figures.get("expenditure.basic"),
        "项目支出": budget.figures.get("expenditure.project"),
    }
    before: dict[str, Decimal | None] = {str(row.item): row.amount for row in budget.last_year}
    clauses = []
    for name, figure in now.items():
        last = before["支出总计" if name == "收支总额" else name]
        if not last or last == figure:
            continue
        word = "增长" if figure > last else "下降"
        clauses.append(f"{name}{word}{percent(abs(figure - last), last, places, off)}")
    if not clauses:
        return ""
    return f"与{budget.basics.year - 1}年预算相比，{'，'.join(clauses)}，主要是人员变动。"


def told(tree: dict[str, Any], places: int, off: str) -> list[tuple[str, str]]:
    """What is found when the department speaks so of itself."""
    budget = work_out(tree).disclosure
    assert budget is not None
    if not budget.figures.get("expenditure.grand") or not budget.figures.get("expenditure.basic"):
        return []
    changed = growth(budget, places, off)
    tree["文字"] |= {"支出说明": [spending(budget, places, off)]}
    tree["文字"] |= {"增减说明": [changed]} if changed else {}
    return [(p.rule, p.message) for p in work_out(tree).problems if p.rule.startswith(RULES)]


@TAKEN
@given(realistic(), st.integers(0, 2))
def test_what_is_right_is_not_told(tree: dict[str, Any], places: int) -> None:
    assert told(tree, places, "0") == []


@TAKEN
@given(realistic())
def test_what_is_wrong_is(tree: dict[str, Any]) -> None:
    found = [rule for rule, _ in told(tree, 1, "3.3")]
    if tree["文字"].get("支出说明"):
        assert {"NAR905", "FMT106"} & set(found)
        assert "增减说明" not in tree["文字"] or "YOY102" in found
