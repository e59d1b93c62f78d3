"""The hash of what a document says: it stands in the document and in the report of its checks.

It is taken of the disclosure as worked out, not of the input: a workbook and a YAML file of the
same data give the same document and the same hash, whatever totals they carry beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from generator import __version__
from generator.content import Content
from generator.disclosure import Indicator

_CELLS = attrgetter(*Indicator.model_fields)


def canonical_hash(contents: Sequence[Content]) -> str:
    """``sha256:…`` of the department and its units, the pack and the program's version."""
    data = {
        "程序": __version__,
        "格式": contents[0].form.pack.id,
        "内容": [_said(content) for content in contents],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _said(content: Content) -> dict[str, Any]:
    basics, explanation = content.disclosure.basics, content.explanation
    return {
        "基本信息": [
            *(basics.kind, basics.code, basics.name, basics.year),
            *(basics.prepared_by, basics.reviewed_by),
        ],
        "格式选项": {name: content.form.facts[name] for name in content.form.pack.switches},
        "表": {id_: [t.title, t.rows, t.notes] for id_, t in content.tables.items()},
        "情况说明": [
            *(explanation.title, explanation.introduction, explanation.chapter_titles),
            *(explanation.texts, explanation.glossary),
        ],
        "项目": [
            [p.name, p.category, p.goals, [_CELLS(row) for row in p.indicators]]
            for p in content.disclosure.projects
        ],
    }
