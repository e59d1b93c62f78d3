"""The program on one page: read → check → derive → word → render → write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from generator import checks, sources
from generator.checks import causes, waivers
from generator.checks import settings as check_settings
from generator.checks.rule import GROUPS, LOOKS_AT, Need, Rule
from generator.choice import choose_pack
from generator.content import derive
from generator.disclosure import Disclosure
from generator.document import Document, Options, Result, subject_of
from generator.files import as_output, target_of, write_whole
from generator.intake import Intake, take_in
from generator.problem import Severity, UserError
from generator.render.context import Draft
from generator.rounding import in_wan
from generator.sources import pasted, units
from generator.sources.given import Input
from generator.sources.given import read as read_input
from generator.sources.order import in_order
from generator.sources.raw import RawInput


def read(file: Path | str) -> Input:
    """Read a workbook or a YAML file, and the files of its units, each once.

    Raises :class:`UserError` when the file cannot be read at all; what can be told with a place
    in the file is among the problems of :func:`check`.
    """
    return read_input(Path(file))


def check(given: Input | Path | str, options: Options | None = None) -> Document:
    """Check an input, derive and put into words; nothing is written.

    ``given``: what :func:`read` gave, or a file. ``problems`` of the result is all that was found,
    in the order of the input.
    Raises :class:`UserError` when the file or the pack cannot be used.
    """
    given = given if isinstance(given, Input) else read(given)
    return work_out(given.raw, given.file.parent, options or Options(), given.unit)


def work_out(
    raw: RawInput,
    folder: Path,
    options: Options,
    read_unit: Callable[[Path], RawInput] = sources.read,
) -> Document:
    """Check, derive and put into words what was read; units' files lie below ``folder``."""
    file = folder / raw.file
    pack, unknown = choose_pack(raw.tree, options.pack_id, folder)
    changes = check_settings.of_pack(pack.id, pack.checks, checks.CHECKS)
    settings = options.settings.above(changes)

    def unit(of: Path) -> RawInput:
        return pasted.attach(read_unit(of), pack)

    raw = units.attach(pasted.attach(raw, pack), folder, unit)
    intake = take_in(raw)
    rules = settings.rules(checks.CHECKS)
    if intake.disclosure is None:
        problems = list(settings.apply(intake.problems, rules))
        return Document(
            *(file, None, pack, [], in_order(problems), intake.not_checked),
            rules=rules,
            settings=settings,
        )
    disclosure, adjusted = in_wan(intake.disclosure)
    contents, found = derive(disclosure, pack)
    if any(problem.rule == "INP113" for problem in intake.problems):
        # The units are named; that their files cannot be read has been told.
        found = [problem for problem in found if problem.rule != "WRD107"]
    subject = replace(
        subject_of(contents, options.settings),
        last_year=_last_year(options.last_year) if options.last_year else None,
        rounded=_was_rounded(intake.disclosure),
    )
    examination = checks.examine(subject, _decidable(rules, intake))
    found = [*unknown, *adjusted, *found, *examination.problems]
    told = list(settings.apply([*intake.problems, *intake.placed(found)], rules))
    undecided = None if intake.incomplete else examination.unmet
    problems = waivers.waive(
        causes.merge(told, intake.locate), disclosure, rules, intake.locate, undecided
    )
    return Document(
        *(file, disclosure, pack, contents, in_order(problems), intake.not_checked),
        rules=rules,
        unmet=examination.unmet,
        settings=settings,
    )


def _decidable(rules: Mapping[str, Rule], intake: Intake) -> dict[str, Rule]:
    """The rules that can be decided in spite of what could not be read; the others are told."""
    undecided = [group for group, sections in LOOKS_AT.items() if sections & intake.damaged]
    if undecided:
        names = "、".join(GROUPS[group] for group in undecided)
        intake.not_checked.append(f"{names}：有的内容读不出来，改正以后再核对。")
    # Without some of its figures no sum of this input can be right.
    return {
        id_: rule
        for id_, rule in rules.items()
        if rule.group not in undecided and not (intake.incomplete and rule.tolerance)
    }


def _was_rounded(disclosure: Disclosure) -> bool:
    """Whether some of it was filled in in 元, and so rounded to be published."""
    return any(d.basics.unit == "元" for d in (disclosure, *disclosure.subordinates))


def _last_year(file: Path) -> Disclosure:
    """Last year's input, in 万元, whatever is wrong with it."""
    raw = sources.read(file)
    pack, _ = choose_pack(raw.tree, None, file.parent)
    disclosure = take_in(pasted.attach(raw, pack)).disclosure
    if disclosure is None:
        raise UserError(f"上年的文件“{file.name}”读不出预算数。", "请先用 check 检查那个文件。")
    return in_wan(disclosure)[0]


def make(
    document: Document,
    *,
    draft: bool = False,
    strict: bool = False,
    verify: bool = True,
) -> Result:
    """The .docx as ``data``, unless errors stand in the way; nothing is written.

    ``document``: what :func:`check` gave. ``draft`` makes it in spite of errors, with a watermark;
    ``strict`` lets warnings stand in the way too; ``verify`` reads it back and compares it with
    the data: what differs is a problem, and there is no .docx.
    """
    blocked = document.count(Severity.ERROR) or (strict and document.count(Severity.WARNING))
    if not document.contents or (blocked and not draft):
        return Result(document)
    data = document.render(Draft(document.count(Severity.ERROR)) if draft else None)
    if not verify:
        return Result(document, None, data)
    if faults := document.verify(data):
        # Our own failure: what would be published is not what was filled in.
        return Result(replace(document, problems=[*document.problems, *faults]))
    unmet = {id_: needs for id_, needs in document.unmet.items() if Need.WRITTEN not in needs}
    return Result(replace(document, unmet=unmet), None, data)


def build(
    given: Input | Path | str,
    output: Path | str | None = None,
    options: Options | None = None,
    *,
    draft: bool = False,
    strict: bool = False,
) -> Result:
    """Make the document of one input and write it, unless errors stand in the way.

    ``given``: what :func:`read` gave, or a file. ``output``: a .docx file or a folder, which is
    made where it ends in a slash; beside the input by default. ``draft``, ``strict``: as in
    :func:`make`.
    Raises :class:`UserError` when it cannot go on; an existing file is then as it was.
    """
    result = make(check(given, options), draft=draft, strict=strict)
    if result.data is None:
        return result
    place = None if output is None else as_output(output)
    target = target_of(result.file, place, result.document.name(draft=draft))
    write_whole(target, result.data)
    return replace(result, output=target)
