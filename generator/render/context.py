"""The template's fields: what ``{{ 部门.名称 }}`` and the loops of ``disclosure.docx`` see.

Every leaf is text (or a truth value for ``{% if %}``); nothing here computes a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from generator.canonical import canonical_hash
from generator.content import Content
from generator.disclosure import Project
from generator.form import Form
from generator.pack import TABLE_IDS
from generator.wording import chinese_number

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's marks: the watermark, and how many errors are open."""

    errors: int


def build(main: Content, units: Sequence[Content], draft: Draft | None = None) -> Context:
    """The context of the whole document: the department first, then its units (part two)."""
    form, sections = main.form, main.form.pack.sections
    # A unit has no units of its own, so its disclosure has no second part to set off.
    split = form.facts["分部分"] == "分" and main.disclosure.basics.kind == "部门"
    first = [form.say(sections.parts.first)] if split else []
    second = [form.say(sections.parts.second)] if split or units else []
    bodies = [_body(main, part=first, heading=[])]
    for number, unit in enumerate(units, 1):
        heading = form.say(
            sections.parts.unit,
            序号=chinese_number(number),
            单位名称=unit.disclosure.basics.name,
        )
        bodies.append(_body(unit, part=second if number == 1 else [], heading=[heading]))
    alone = second if not units else []
    return {
        "草稿": draft is not None,
        "文档": _properties(main, units),
        "封面": _cover(main, draft),
        "目录": _contents(main, bodies, alone),
        "各部门": bodies,
        "尾": {
            "部分标题": alone,
            "说明": [form.say(sections.parts.none)] if alone else [],
        },
    }


def _properties(main: Content, units: Sequence[Content]) -> Context:
    form = main.form
    return {
        "标题": form.say(form.pack.sections.explanation_title),
        "主题": f"{form.words['年度']}年{form.say(form.pack.sections.cover_title)}公开",
        "摘要": canonical_hash([main, *units]),
    }


def _cover(main: Content, draft: Draft | None) -> Context:
    form, basics = main.form, main.disclosure.basics
    signed = form.facts["封面"] == "编制审核"
    lines = [
        f"{label}：{name}"
        for label, name in (
            ("编制", basics.prepared_by or basics.name),
            ("审核", basics.reviewed_by),
        )
        if signed and name
    ]
    return {
        "显示": form.facts["封面"] != "无" or draft is not None,
        "名称": basics.name,
        "年度": str(basics.year),
        "题": form.say(form.pack.sections.cover_title),
        "落款": lines,
        "草稿说明": [_draft_note(draft)] if draft is not None else [],
    }


def _draft_note(draft: Draft) -> str:
    if draft.errors:
        return f"草稿：尚有 {draft.errors} 处错误没有改正，不得公开"
    return "草稿，不得公开"


def _contents(main: Content, bodies: list[Context], alone: list[str]) -> Context:
    form, contents = main.form, main.form.pack.sections.contents
    style = form.say(contents.page_number, 页码="{}")
    lines: list[Context] = []

    def add(kind: str, text: str) -> None:
        lines.append({"类": kind, "文字": text, "页码": style if kind == "项" else ""})

    body = bodies[0]
    for text in body["部分标题"]:
        add("部分", text)
    add("组", form.say(contents.tables))
    for id_ in TABLE_IDS:
        add("项", main.tables[id_].title)
    add("组", form.say(contents.explanation))
    for title in body["章"].values():
        add("项", title)
    for unit in bodies[1:]:
        for text in unit["部分标题"]:
            add("部分", text)
        for text in unit["单位标题"]:
            add("项", text)
    for text in alone:
        add("部分", text)
    return {"标题": form.say(contents.title), "行": lines}


def _body(content: Content, *, part: list[str], heading: list[str]) -> Context:
    disclosure, form, explanation = content.disclosure, content.form, content.explanation
    basics = disclosure.basics
    named = f"{basics.code}{basics.name}"
    body: Context = {
        "部分标题": part,
        "单位标题": heading,
        "名称": basics.name,
        "编码名称": named,
        "年度": str(basics.year),
        "情况说明标题": explanation.title,
        "引言": explanation.introduction,
        "章": explanation.chapter_titles,
        "文字": explanation.texts,
        "名词解释": explanation.glossary,
    }
    for table in content.tables.values():
        body[table.name] = {
            "标题": table.title,
            "行": table.rows,
            "注": table.notes,
            "编码名称": named,
            "年度": str(basics.year),
            "截止时间": f"{basics.year - 1}-12-31",
        }
    combined = form.facts["绩效分部"] == "合并"
    special = [p for p in disclosure.projects if combined or p.category == "专项资金"]
    budget = [p for p in disclosure.projects if not combined and p.category == "预算项目"]
    body["专项资金项目"] = _projects(special, form)
    body["预算项目"] = _projects(budget, form)
    return body


def _projects(projects: list[Project], form: Form) -> list[Context]:
    title = form.pack.sections.project_title
    return [
        {
            "标题": form.say(title, 序号=str(number), 项目名称=project.name),
            "目标": list(project.goals),
            "指标": _indicators(project, form),
        }
        for number, project in enumerate(projects, 1)
    ]


def _indicators(project: Project, form: Form) -> list[Context]:
    """The rows in blocks of one 一级指标."""
    table = form.pack.tables["绩效"]
    columns = {column.content: column.name for column in table.filled}
    blank = {column.name: "" for column in table.columns if column.blank}
    return [
        {
            columns["一级指标"]: level1,
            "行": [
                {
                    columns["二级指标"]: row.level2,
                    columns["三级指标"]: row.level3,
                    columns["绩效指标描述"]: row.description,
                    columns["指标值"]: row.value,
                    columns["指标值确定依据"]: row.basis,
                    **blank,
                }
                for row in rows
            ],
        }
        for level1, rows in groupby(project.indicators, key=lambda row: row.level1)
    ]
