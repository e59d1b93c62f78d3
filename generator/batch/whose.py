"""Who is who: the inputs against the roster, the year asked for, and each other.

What is wrong here is told before anything is made: a document under a wrong code or of a wrong year
looks as right as any other.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.batch import store
from generator.batch.identity import Identity
from generator.batch.outcome import MISSING, STATES, Outcome
from generator.batch.rivals import claimed_twice, copies_of, refused_for
from generator.batch.roster import Expected, Index


@dataclass(frozen=True, slots=True)
class Sorted:
    """``fit``: the inputs that documents can be made of. ``settled``: what came of the others.
    ``parts``: files that are units of another input; ``copies``: byte for byte another input.
    ``rows``: file → the roster's row that it answers. ``remarks``: file → what is told of it beside
    its findings. ``renamed``: whose name is not the roster's. ``units``: rows that a
    department's input answers for its units.
    """

    fit: tuple[Identity, ...]
    settled: tuple[Outcome, ...]
    parts: frozenset[str]
    copies: frozenset[str]
    rows: Mapping[str, Expected]
    remarks: Mapping[str, tuple[str, ...]]
    renamed: tuple[str, ...]
    units: tuple[tuple[str, Expected], ...]

    @property
    def unexpected(self) -> tuple[str, ...]:
        """The inputs that are in no row of the roster."""
        files = (*(one.file for one in self.fit), *(one.file for one in self.settled))
        return tuple(file for file in files if file not in self.rows)

    def remarked(self, outcome: Outcome) -> Outcome:
        """An outcome with what is told of its file."""
        remarks = self.remarks.get(outcome.file, ())
        return replace(outcome, findings=(*outcome.findings, *remarks))


def sort(
    identities: Sequence[Identity],
    unread: Sequence[Outcome],
    index: Index,
    year: int,
    is_made: Callable[[str], bool],
) -> Sorted:
    """Tell the inputs apart. ``unread``: those that cannot be read; ``year``: 0 for any.

    ``is_made``: whether an earlier run has made a document of a file; of several copies it stays.
    """
    parts = _parts(identities)
    copies = dict(copies_of([i for i in identities if i.file not in parts], is_made))
    left_out = parts.union(*copies.values())
    own = [i for i in identities if i.file not in left_out]
    answered = {row for i in own for row in index.coded(i.code) if row in index.called(i.name)}
    rows = {i.file: row for i in own if (row := _row(i, index, answered)) is not None}
    rows |= {o.file: row for o in unread if (row := _named(o.file, index)) is not None}
    settled = [_recognised(outcome, rows.get(outcome.file)) for outcome in unread]
    for one in own:
        row = rows.get(one.file)
        if faults := (*_mistaken(one, row, index), *_dated(one, row, index, year)):
            settled.append(_recognised(refused_for(one, faults), row))
    refused = {outcome.file for outcome in settled}
    settled += claimed_twice([i for i in own if i.file not in refused], rows)
    refused = {outcome.file for outcome in settled}
    fit = tuple(one for one in own if one.file not in refused)
    renamed = {one.file: rows[one.file] for one in fit if _is_renamed(one, rows.get(one.file))}
    remarks = {one.file: tuple(_remarks(one, renamed, copies)) for one in own}
    units = (
        (one.file, row)
        for one in own
        for unit in identities
        if unit.file in parts
        and unit.file in one.units
        and (row := _row(unit, index, set())) is not None
    )
    return Sorted(
        fit=fit,
        settled=tuple(settled),
        parts=frozenset(parts),
        copies=frozenset(left_out - parts),
        rows=rows,
        remarks=remarks,
        renamed=tuple(one.label for one in fit if one.file in renamed),
        units=tuple(units),
    )


def _parts(identities: Sequence[Identity]) -> set[str]:
    """The files of units that a department publishes with its own.

    What a file says of another is not enough: a department's input stays its own, whoever names it
    as a unit, and an input that names itself is made and told of.
    """
    units = {one.file for one in identities if one.kind == "单位"}
    return units & {unit for one in identities if one.kind == "部门" for unit in one.units}


# --- against the roster ---------------------------------------------------------------------------


def _row(one: Identity, index: Index, answered: Collection[Expected]) -> Expected | None:
    """The row that an input answers. ``answered``: those of which some input has code and name.

    Where code and name are those of different rows the name counts, which is seldom mistyped; not
    where that row is answered, and the code's is not.
    """
    coded, called = index.coded(one.code), index.called(one.name)
    rows = [row for row in coded if row in called] or called or coded
    if rows is called and coded and set(called) <= set(answered) and not {*coded} & {*answered}:
        rows = coded
    if not rows:
        return None if one.code or one.name else _named(one.file, index)
    return next((row for row in rows if row.year == one.year), rows[0])


def _named(file: str, index: Index) -> Expected | None:
    """The row that the name of a file says."""
    return index.in_name(store.name_of(file))


def _recognised(outcome: Outcome, row: Expected | None) -> Outcome:
    """An outcome under the code and the name of its row."""
    return replace(outcome, code=row.code, name=row.name) if row is not None else outcome


def _mistaken(one: Identity, row: Expected | None, index: Index) -> Iterator[str]:
    """That code and name are not those of one row: one of the two is wrong."""
    coded, called = index.coded(one.code), index.called(one.name)
    if row is None or not one.code or not called or (row in coded and row in called):
        return
    if row in coded:
        yield (
            f"错误 {one.name_at}：名单里 {row.code} 是“{row.name}”，"
            f"这份的名称填的是“{one.name}”（它的编码是 {called[0].code}）。请改正名称。"
        )
    elif row.code or coded:
        other = f"（那是“{coded[0].name}”的）" if coded else ""
        known = f"的编码是 {row.code}" if row.code else "没有编码"
        yield (
            f"错误 {one.code_at}：名单里“{row.name}”{known}，"
            f"这份填的是 {one.code}{other}。请改正编码。"
        )


def _dated(one: Identity, row: Expected | None, index: Index, year: int) -> Iterator[str]:
    """That the year is not the one that was asked for, of the whole batch or of its row."""
    same = [] if row is None else (index.coded(row.code) or index.called(row.name))
    years = {each.year or year for each in same} or {year}
    if one.year and 0 not in years and one.year not in years:
        wanted = " 或 ".join(map(str, sorted(years)))
        yield (
            f"错误 {one.year_at}：年度填的是 {one.year}，应为 {wanted}。"
            "请改正年度，或请部门交对的那一年。"
        )


def _remarks(
    one: Identity, renamed: Mapping[str, Expected], copies: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    if row := renamed.get(one.file):
        yield f"提示：名称与名单不同：名单是“{row.name}”。"
    if others := copies.get(one.file):
        listed = "、".join(f"“{file}”" for file in others)
        yield f"提示：{listed}与这份完全相同，只按一份处理。"


def _is_renamed(one: Identity, row: Expected | None) -> bool:
    said = row.name if row is not None else ""
    return bool(one.name and said) and _plain(one.name) != _plain(said)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


# --- the roll -------------------------------------------------------------------------------------


def missing(index: Index, inputs: Sorted, ignored: Iterable[str]) -> Iterator[Outcome]:
    """The rows that nobody answers. ``ignored``: files that are no inputs; one may be a row's."""
    answered = {*inputs.rows.values(), *(row for _, row in inputs.units)}
    sent = {row: file for file in ignored if (row := _named(file, index)) is not None}
    for row in index.rows:
        if row not in answered:
            told = _sent(sent.get(row))
            yield Outcome("", MISSING, "", row.code, row.name, row.year, findings=told)


def states(
    inputs: Sorted, outcomes: Iterable[Outcome], unanswered: Iterable[Outcome]
) -> dict[str, int]:
    """How many rows of the roster are in each state; of several inputs the worst counts."""
    answers: dict[Expected, list[str]] = {}
    for file, row in (*inputs.rows.items(), *inputs.units):
        answers.setdefault(row, []).append(file)
    came = {outcome.file: STATES.index(outcome.state) for outcome in outcomes}
    worst = [STATES[min(came[file] for file in files)] for files in answers.values()]
    return dict(Counter((*worst, *(outcome.state for outcome in unanswered))))


def _sent(file: str | None) -> tuple[str, ...]:
    if file is None:
        return ()
    return (f"收到的是“{store.name_of(file)}”，请让部门交 .xlsx 工作簿。",)


def by_year(outcomes: Iterable[Outcome]) -> dict[int, tuple[str, ...]]:
    """Whose the inputs of each year are, where there are several years: the fewest first."""
    years: dict[int, list[str]] = {}
    for outcome in outcomes:
        if outcome.year:
            years.setdefault(outcome.year, []).append(outcome.label)
    ordered = sorted(years.items(), key=lambda item: (len(item[1]), item[0]))
    return {year: tuple(labels) for year, labels in ordered} if len(years) > 1 else {}
