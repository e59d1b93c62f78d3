"""Each rule: one record, one manual page, an input that breaks it and one that does not."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
import rulebook
from rulebook import reading
from rulebook.base import Example, Tree, department
from support import findings_of, verify_tree

from generator.checks import CHECKS, manual
from generator.checks.rule import Need


def _examples() -> dict[str, tuple[Example, ...]]:
    """Every module of the rulebook has ``EXAMPLES``: rule → example, or a tuple of them."""
    found: dict[str, tuple[Example, ...]] = {}
    for module in pkgutil.iter_modules(rulebook.__path__):
        examples: dict[str, Any] = getattr(
            importlib.import_module(f"rulebook.{module.name}"), "EXAMPLES", {}
        )
        for rule, example in examples.items():
            assert rule not in found, f"{rule} has its examples in one place"
            found[rule] = example if isinstance(example, tuple) else (example,)
    return found


EXAMPLES = _examples()
CASES = [(rule, i) for rule, examples in EXAMPLES.items() for i in range(len(examples))]
RULES = {rule.id: rule for rule in CHECKS}


def _tree(example: Example, edit: Any) -> Tree:
    tree = department()
    if edit is not None:
        edit(tree)
    return tree


def _found(rule: str, example: Example, tree: Tree, *, damaged: bool) -> list[Any]:
    if Need.WRITTEN in RULES[rule].needs:
        problems = verify_tree(tree, example.damage if damaged else None)
    else:
        last = None
        if example.last is not None or example.with_last:
            last = _tree(example, example.last)
        problems = findings_of(tree, last)
    return [p for p in problems if p.rule == rule or rule in p.affects]


def test_the_base_breaks_no_rule() -> None:
    assert [(p.rule, p.message) for p in findings_of(department())] == []
    assert verify_tree(department()) == []


@pytest.mark.parametrize(("rule", "number"), CASES, ids=[f"{r}-{i}" for r, i in CASES])
def test_a_broken_rule_is_told(rule: str, number: int) -> None:
    example = EXAMPLES[rule][number]
    found = _found(rule, example, _tree(example, example.bad), damaged=True)
    assert found, f"{rule} found nothing"
    own = [p for p in found if p.rule == rule] or found
    assert [p.message for p in own][:1] == [example.says]
    if example.at is not None:
        assert own[0].path == example.at


@pytest.mark.parametrize(("rule", "number"), CASES, ids=[f"{r}-{i}" for r, i in CASES])
def test_a_rule_that_holds_is_not_told(rule: str, number: int) -> None:
    example = EXAMPLES[rule][number]
    assert _found(rule, example, _tree(example, example.good), damaged=False) == []


def test_records_pages_and_examples_are_of_the_same_rules() -> None:
    ids = [rule.id for rule in CHECKS]
    assert len(ids) > 200
    assert len(ids) == len(set(ids)), "one record for each rule"
    pages = manual.pages()
    assert len(pages) > 200
    assert pages.keys() == set(ids)
    assert len(EXAMPLES) > 200
    of_pdf = {rule.id for rule in CHECKS if Need.PAGES in rule.needs}
    assert EXAMPLES.keys() | reading.FILE_EXAMPLES.keys() | of_pdf == set(ids)


@pytest.mark.parametrize("rule", reading.FILE_EXAMPLES)
def test_a_rule_that_only_a_file_breaks_has_its_test_elsewhere(rule: str) -> None:
    module, _, name = reading.FILE_EXAMPLES[rule].partition(".")
    text = (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    assert f"def {name}(" in text
    assert rule in text
