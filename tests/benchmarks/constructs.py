"""One template for each thing that a template may use, and the data to fill it with.

All are of the size of a real document: some thousands of values in cells or paragraphs whose XML
is as long as that of the form.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ROWS = 560

_RUN = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
_CELL = (
    '<w:tc><w:tcPr><w:tcW w:w="1540" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    '<w:p><w:pPr><w:pStyle w:val="TableTextS"/><w:jc w:val="center"/></w:pPr>{}</w:p></w:tc>'
)
_ROW = '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="340"/></w:trPr>{}</w:tr>'
_TABLE = (
    '<w:tbl><w:tblPr><w:tblW w:w="10780" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    "<w:tblGrid>" + '<w:gridCol w:w="1540"/>' * 7 + "</w:tblGrid>{}</w:tbl>"
)


def paragraph(text: str, style: str = "BodyText") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_RUN.format(text)}</w:p>'


def _cells(*texts: str) -> str:
    return "".join(_CELL.format(_RUN.format(text)) for text in texts)


def row(*texts: str) -> str:
    return _ROW.format(_cells(*texts))


def table(*rows: str) -> str:
    return _TABLE.format("".join(rows))


def _tag(text: str) -> str:
    """A row that docxtpl takes away: it holds a tag alone."""
    return row(f"{{%tr {text} %}}")


@dataclass(frozen=True)
class Construct:
    """``body``: the template's body without its last section; ``context``: its data."""

    name: str
    body: str
    context: dict[str, Any]


_COLUMNS = tuple(["编码", "名称", "小计", "基本支出", "项目支出", "备注", "说明"])
_VALUES = tuple(f"{{{{ 行.{column} }}}}" for column in _COLUMNS)
_RECORDS = [
    {
        **dict(zip(_COLUMNS, (f"{2010000 + i}", f"科目{i % 90}", f"{i}.25"), strict=False)),
        **{
            "基本支出": f"{i}.00" if i % 3 else "",
            "项目支出": "0.25",
            "备注": "",
            "说明": "按定额",
        },
        **{"类": ("项", "款", "类")[i % 3], "空": i % 2 == 0},
    }
    for i in range(ROWS)
]


def all_constructs(words: list[str]) -> Iterator[Construct]:
    """``words``: clauses to make paragraphs of."""
    every = "{%tr for 行 in 表.行 %}", "{%tr endfor %}"
    data = {"表": {"行": _RECORDS}}
    yield Construct("loop over rows", table(row(every[0]), row(*_VALUES), row(every[1])), data)
    yield Construct("plain fields", table(*_plain_rows()), {"数": _plain()})
    inner = (_tag("for 行 in 组.行"), row(*_VALUES), _tag("endfor"))
    groups = [{"行": _RECORDS[i : i + 4]} for i in range(0, ROWS, 4)]
    yield Construct(
        "loop within a loop",
        table(_tag("for 组 in 各组"), *inner, _tag("endfor")),
        {"各组": groups},
    )
    yield Construct(
        "if, elif, else around rows",
        table(
            *(_tag("for 行 in 表.行"), _tag("if 行.类 == '项'"), row(*_VALUES)),
            *(_tag("elif 行.类 != '款'"), row(*_VALUES), _tag("else"), row(*reversed(_VALUES))),
            *(_tag("endif"), _tag("endfor")),
        ),
        data,
    )
    test = "{%% if %s %%}是{%% else %%}否{%% endif %%}"
    tests = (
        *("行.类 in '项款'", "行.类 not in '项款'", "not 行.空", "行.空 and 行.类 == '类'"),
        *("行.空 or 行.类 == '类'", "(行.空 or not 行.备注) and 行.类 != '款'", "行.说明"),
    )
    yield Construct(
        "conditions within cells",
        table(row(every[0]), row(*(test % t for t in tests)), row(every[1])),
        data,
    )
    first, last = "{% if loop.first %}首{% endif %}", "{% if loop.last %}末{% endif %}"
    counted = ("{{ loop.index }}", "{{ loop.length }}", first, last, *_VALUES[:3])
    yield Construct(
        "the number of a round", table(row(every[0]), row(*counted), row(every[1])), data
    )
    merged = table(
        _tag("for 行 in 组.行"), row("{% vm %}{{ 组.行 }}", *_VALUES[1:]), _tag("endfor")
    )
    merged = merged.replace("{{ 组.行 }}", "{{ 组.名 }}")
    named = [{"名": f"组{i}", **group} for i, group in enumerate(groups)]
    yield Construct(
        "merged cells",
        paragraph("{%p for 组 in 各组 %}") + merged + paragraph("{%p endfor %}"),
        {"各组": named},
    )
    yield Construct(
        "paragraphs of text",
        paragraph("{%p for 段 in 文字 %}") + paragraph("{{ 段 }}") + paragraph("{%p endfor %}"),
        {"文字": list(_paragraphs(words))},
    )
    yield Construct(
        "headings and contents",
        paragraph("{%p for 行 in 目录 %}")
        + paragraph("{{ 行.文字 }}</w:t></w:r><w:r><w:t>{{ 行.页码 }}", "Contents2")
        + paragraph("{%p endfor %}")
        + paragraph("{%p for 行 in 目录 %}")
        + paragraph("{{ 行.文字 }}", "ChapterTitle")
        + 20 * paragraph("从严从紧安排各项支出。")
        + paragraph("{%p endfor %}"),
        {"目录": [{"文字": f"标题{i}", "页码": ""} for i in range(120)]},
    )
    split = tuple(v.replace(".", "</w:t></w:r><w:r><w:t>.") for v in _VALUES)
    yield Construct("tags cut into runs", table(row(every[0]), row(*split), row(every[1])), data)


def _paragraphs(words: list[str]) -> Iterator[str]:
    chosen = random.Random(0)
    for i in range(1500):
        yield f"{i}．{'，'.join(chosen.choices(words, k=3 + i % 9))}{' & <b>' * (i % 9 == 0)}。"


def _plain() -> dict[str, str]:
    """Of six values one is new, as in the form of 唐山."""
    return {f"第{i}个": f"{i * 7 % 653}.25" for i in range(7 * ROWS)}


def _plain_rows() -> Iterator[str]:
    names = list(_plain())
    for i in range(0, len(names), 7):
        yield row(*(f"{{{{ 数.{name} }}}}" for name in names[i : i + 7]))
