"""Who is there and who is not, in sentences for the terminal and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from generator.batch.outcome import DONE, MISSING, NOT_GIVEN, PENDING, STATES, WARNED
from generator.batch.run import Batch
from generator.folder import listed, passed_over


def headline(batch: Batch) -> str:
    """How many there are, and in which state: the rows of the roster, where there is one."""
    if not batch.rows:
        states = "，".join(f"{state} {n}" for state in STATES if (n := batch.count(state)))
        return f"{len(batch.outcomes)} 个部门和单位：{states}。"
    done = {"已生成": sum(batch.rows.get(state, 0) for state in (DONE, WARNED))}
    rest = {s: batch.rows.get(s, 0) for s in reversed(STATES) if s not in (DONE, WARNED)}
    told = "，".join(f"{state} {number}" for state, number in {**done, **rest}.items() if number)
    strangers = f"；名单外 {len(batch.unexpected)} 个文件" if batch.unexpected else ""
    return f"名单 {sum(batch.rows.values())} 个：{told}{strangers}。"


def worked(batch: Batch) -> str:
    """How many inputs this run had to do with; ``""`` where it did all of them."""
    others = {state: batch.count(state) for state in (MISSING, NOT_GIVEN, PENDING)}
    now = len(batch.outcomes) - sum(others.values()) - batch.kept
    told = [f"没有变化 {batch.kept} 份", *(f"{s} {n} 个" for s, n in others.items() if n)]
    return f"这次处理 {now} 份，{'，'.join(told)}。" if batch.kept else ""


def sentences(batch: Batch) -> Iterator[str]:
    """What is remarkable of who has sent what."""
    if batch.years:
        yield _years(batch)
    if several := _in_several_years(batch):
        yield f"同一部门交了几个年度的：{listed(several)}。"
    if batch.renamed:
        yield f"{len(batch.renamed)} 份填的名称与名单不同：{listed(batch.renamed)}。"
    if batch.ignored:
        yield passed_over(batch.ignored)


def _years(batch: Batch) -> str:
    *few, (most, _) = batch.years.items()
    parts = [f"{len(labels)} 份是 {year} 年的" for year, labels in few]
    parts.append(f"其余 {len(batch.years[most])} 份是 {most} 年的")
    several = len(few) > 1
    named = [f"{one}（{year}）" if several else one for year, labels in few for one in labels]
    return f"{'，'.join(parts)}：{listed(named)}。如果年度应该都一样，请加 --year {most}。"


def _in_several_years(batch: Batch) -> list[str]:
    when: dict[str, set[int]] = {}
    for year, labels in batch.years.items():
        for label in labels:
            when.setdefault(label, set()).add(year)
    return [
        f"{label}（{'、'.join(map(str, sorted(years)))}）"
        for label, years in when.items()
        if len(years) > 1
    ]
