"""Inputs that stand in each other's way: copies, and two for one document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.batch import store
from generator.batch.identity import Identity
from generator.batch.outcome import FAULTY, Outcome
from generator.batch.roster import Expected, fold
from generator.problem import Severity


def refused_for(one: Identity, findings: tuple[str, ...]) -> Outcome:
    """An input that no document is made of, and why."""
    counts = {Severity.ERROR.value: len(findings)}
    return one.outcome(FAULTY, findings=findings, counts=counts)


def copies_of(
    identities: Sequence[Identity], is_made: Callable[[str], bool]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of files that are the same byte for byte, the one that counts and the others.

    Not of files that say nothing of whose they are: many may have sent the blank form.
    """
    same: dict[str, list[str]] = {}
    for one in identities:
        if one.code or one.name:
            same.setdefault(one.digest, []).append(one.file)
    for files in same.values():
        if len(files) > 1:
            first = next(filter(is_made, files), files[0])
            yield first, tuple(file for file in files if file != first)


def claimed_twice(
    identities: Sequence[Identity], rows: Mapping[str, Expected]
) -> Iterator[Outcome]:
    """Inputs of one code and year: none of them is made, since all but one would be lost."""
    claims: dict[tuple[str, int], list[Identity]] = {}
    for one in identities:
        row = rows.get(one.file)
        code = fold(row.code if row is not None and row.code else one.code)
        if code and one.year:
            claims.setdefault((code, one.year), []).append(one)
    for same in claims.values():
        if len(same) > 1:
            yield from _clashing(same, rows)


def _clashing(same: Sequence[Identity], rows: Mapping[str, Expected]) -> Iterator[Outcome]:
    named_alike = len({fold(one.name) for one in same}) == 1
    suspicion = "" if named_alike else _suspicion(same, rows)
    for one in same:
        others = "、".join(f"“{other.file}”" for other in same if other is not one)
        if named_alike:
            finding = (
                f"与{others}是同一部门同一年度（编码 {one.code}，{one.year} 年），"
                "都没有生成；请只留一份。"
            )
        else:
            finding = f"编码 {one.code} 与{others}的相同，名称却不同，都没有生成。{suspicion}"
        yield refused_for(one, (finding,))


def _suspicion(same: Sequence[Identity], rows: Mapping[str, Expected]) -> str:
    """Whose code is probably wrong: the roster knows, or else the names of the files do."""
    row = next((rows[one.file] for one in same if one.file in rows), None)
    wrong = [one for one in same if row is not None and fold(one.name) != fold(row.name)]
    if row is not None and 0 < len(wrong) < len(same):
        files = "、".join(f"“{one.file}”" for one in wrong)
        return f"名单里 {row.code} 是“{row.name}”，填错编码的多半是{files}。"
    wrong = [one for one in same if not _says_its_code(one)]
    if 0 < len(wrong) < len(same) and all(map(_has_code, wrong)):
        files = "、".join(f"“{one.file}”" for one in wrong)
        return f"从文件名看，填错编码的多半是{files}。"
    return "多半有一份填错了编码，请核对；如果是同一部门，请只留一份。"


def _numbers(one: Identity) -> list[str]:
    return re.findall(r"[0-9]{3,}", unicodedata.normalize("NFKC", store.name_of(one.file)))


def _says_its_code(one: Identity) -> bool:
    return fold(one.code) in _numbers(one)


def _has_code(one: Identity) -> bool:
    """Whether the name of the file has a number that could be a code: no year."""
    return any(number != str(one.year) for number in _numbers(one))
