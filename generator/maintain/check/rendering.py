"""The template filled in with samples, and the documents read back: does all of it come out?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from generator.maintain.check.finding import Finding
from generator.maintain.check.trust import KIND
from generator.maintain.sample import samples
from generator.pack import Pack
from generator.problem import UserError
from generator.render import DocumentTemplate

_HINT: Final = "请比较模板里这一处的占位符和循环，或用 template preview 看试填的文档。"
_NO_TRIAL: Final = ("不安全的内容", "缺少标题", "标题样式", "标题不符", "修订", "列数不对", KIND)
"""With these a document cannot be made; more need not be said."""
_CAUSES: Final = {
    "STR005": ("目录没有书签",),
    "REN003": ("表头不重复", "嵌入的字体"),
    "REN002": ("嵌入的字体", "批注"),
}
"""Rule of the read-back → kinds of findings of which its own is the consequence."""


def of(data: bytes, name: str, pack: Pack, found: Sequence[Finding]) -> Iterator[Finding]:
    """What goes wrong in the samples, each once. ``found``: what has been told already."""
    kinds = {finding.kind for finding in found}
    if kinds & set(_NO_TRIAL):
        return
    told = {finding.table for finding in found if finding.table}
    try:
        template = DocumentTemplate(data, name)
        for sample in samples(pack):
            for problem in sample.document.verify(template.render(sample.context)):
                about = problem.about or problem.rule
                known = about in told or kinds & set(_CAUSES.get(problem.rule, ()))
                told.add(about)
                if not known:
                    yield Finding(
                        "试填不符",
                        f"试填的{sample.name.partition(' ')[0]}",
                        f"{problem.message}（{problem.rule}）",
                        _HINT,
                    )
    except UserError as error:
        yield Finding("不能试填", "试填", error.message.rstrip("。"), error.hint)
