"""The input's JSON Schema, from the models: editors complete and check YAML while it is typed."""

from __future__ import annotations

from typing import Any

from generator.disclosure import Disclosure


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a YAML input, in the input's own words."""
    schema = Disclosure.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "预算信息公开填报文件",
        **_in_own_words(schema),
    }


def _in_own_words(node: Any) -> Any:
    """Without what pydantic adds for programmers: titles, defaults, the models' docstrings."""
    if isinstance(node, list):
        return [_in_own_words(item) for item in node]
    if not isinstance(node, dict):
        return node
    is_model = node.get("type") == "object" and "properties" in node
    dropped = {"title", "default"} | ({"description"} if is_model else set())
    return {
        key: {name: _in_own_words(below) for name, below in value.items()}
        if key in ("properties", "$defs")
        else _in_own_words(value)
        for key, value in node.items()
        if key not in dropped
    }
