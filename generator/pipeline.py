"""The program on one page: read → check → derive → word → render → write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator import checks, render, sources, written
from generator import pack as packs
from generator.checks import Settings, Subject, causes, waivers
from generator.checks import settings as check_settings
from generator.checks.rule import GROUPS, LOOKS_AT, Need, Rule
from generator.content import Content
from generator.disclosure import Disclosure, read_year
from generator.files import as_output, safe_name, target_of, write_whole
from generator.form import settle
from generator.intake import Intake, take_in
from generator.money import fixed
from generator.pack import Pack
from generator.problem import Path as InputPath
from generator.problem import Problem, Severity, UserError, input_problem
from generator.render import context as template_context
from generator.render.context import Draft
from generator.rounding import to_wan
from generator.sources import pasted, units
from generator.sources.given import Input
from generator.sources.given import read as read_input
from generator.sources.layout import SHEETS
from generator.sources.raw import RawInput, Tree
from generator.tables import fill_tables
from generator.wording import explain


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for, beside its input. ``last_year``: last year's input, if given."""

    pack_id: str | None = None
    settings: Settings = field(default_factory=Settings)
    last_year: Path | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One disclosure worked out: the parts of its document, and all that was found on the way.

    ``rules``: every rule as it was applied. ``unmet``: rule → what it lacked to be checked.
    ``settings``: those of the pack and of the user.
    """

    disclosure: Disclosure | None
    pack: Pack | None
    contents: list[Content] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    unmet: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are, less those with an exception."""
        return sum(p.severity is severity and p.waived is None for p in self.problems)

    @property
    def exceptions(self) -> int:
        """How many findings stay with a recorded reason."""
        return sum(problem.waived is not None for problem in self.problems)

    def name(self, *, draft: bool = False) -> str:
        """The file name by default: ``<编码><名称><年度>年部门预算公开.docx``.

        A draft says so in its name and never takes the place of the finished document.
        """
        form = self.contents[0].form
        mark = "（草稿）" if draft else ""
        return f"{safe_name(form.say(form.pack.sections.document_name))}{mark}.docx"

    def render(self, draft: Draft | None = None, pages: Mapping[str, int] | None = None) -> bytes:
        """The .docx, whole. ``pages``: bookmark → page, where the numbers are known better."""
        main, *units = self.contents
        template = render.load(main.form.pack.template)
        return template.render(template_context.build(main, units, draft), pages)

    def verify(self, data: bytes) -> list[Problem]:
        """Compare the .docx that was made with what it was made of (REN001, REN002 …)."""
        subject = replace(_subject(self.contents), document=written.read(data))
        return checks.verify(subject, self.rules)


@dataclass(frozen=True, slots=True)
class Result:
    """What a build or a check came to.

    ``output``: the file written; ``data``: the .docx. None where errors stood in the way, or
    nobody asked for it.
    """

    file: Path
    document: Document
    output: Path | None = None
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be worked on at all."""

    file: Path
    error: UserError


def read(file: Path | str) -> Input:
    """Read a workbook or a YAML file, and the files of its units, each once.

    Raises :class:`UserError` when the file cannot be read at all; what can be told with a place
    in the file is among the problems of :func:`check`.
    """
    return read_input(Path(file))


def check(given: Input, options: Options | None = None) -> Document:
    """Check an input, derive and put into words; nothing is written.

    ``problems`` of the result is all that was found, in the order of the input.
    Raises :class:`UserError` when the pack cannot be used.
    """
    return work_out(given.raw, given.file.parent, options or Options(), given.unit)


def prepare(file: Path, options: Options | None = None) -> Document:
    """:func:`read` and :func:`check` in one."""
    return check(read(file), options)


def work_out(
    raw: RawInput,
    folder: Path,
    options: Options,
    read_unit: Callable[[Path], RawInput] = sources.read,
) -> Document:
    """Check, derive and put into words what was read; units' files lie below ``folder``."""
    pack, unknown = choose_pack(raw.tree, options.pack_id, folder)
    changes = check_settings.of_pack(pack.id, pack.checks, checks.CHECKS)
    settings = options.settings.above(changes)

    def unit(file: Path) -> RawInput:
        return pasted.attach(read_unit(file), pack)

    raw = units.attach(pasted.attach(raw, pack), folder, unit)
    intake = take_in(raw)
    rules = settings.rules(checks.CHECKS)
    if intake.disclosure is None:
        problems = list(settings.apply(intake.problems, rules))
        return Document(
            *(None, pack, [], _in_order(problems), intake.not_checked),
            rules=rules,
            settings=settings,
        )
    disclosure, adjusted = in_wan(intake.disclosure)
    contents, found = derive(disclosure, pack)
    if any(problem.rule == "INP113" for problem in intake.problems):
        # The units are named; that their files cannot be read has been told.
        found = [problem for problem in found if problem.rule != "WRD107"]
    subject = _subject(contents, options, rounded=_was_rounded(intake.disclosure))
    examination = checks.examine(subject, _decidable(rules, intake))
    found = [*unknown, *adjusted, *found, *examination.problems]
    told = list(settings.apply([*intake.problems, *intake.placed(found)], rules))
    undecided = None if intake.incomplete else examination.unmet
    problems = waivers.waive(
        causes.merge(told, intake.locate), disclosure, rules, intake.locate, undecided
    )
    return Document(
        *(disclosure, pack, contents, _in_order(problems), intake.not_checked),
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


def _subject(
    contents: list[Content], options: Options | None = None, *, rounded: bool = False
) -> Subject:
    """The department, with its units below it."""
    settings = options.settings if options is not None else Settings()
    last = _last_year(options.last_year) if options is not None and options.last_year else None
    main, *below = (Subject(content, code_lists=settings.code_lists) for content in contents)
    own = main.disclosure.subordinates  # a unit that has units itself is told
    direct = tuple(unit for unit in below if any(unit.disclosure is one for one in own))
    return replace(main, units=direct, last_year=last, rounded=rounded)


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


def in_wan(disclosure: Disclosure) -> tuple[Disclosure, list[Problem]]:
    """The disclosure in 万元, as published, and each cell that is not its own half-up rounding.

    A unit may be filled in in 元 where its department is in 万元, and the other way round.
    """
    if disclosure.basics.unit == "元":
        published, moved = to_wan(disclosure)
        return published, [
            input_problem(
                "FMT102",
                f"{fixed(cell.exact * 10_000)} 元四舍五入是 {fixed(cell.half_up)} 万元，"
                f"为使各表相等印作 {fixed(cell.published)}",
                cell.path,
            )
            for cell in moved
        ]
    if all(unit.basics.unit == "万元" for unit in disclosure.subordinates):
        return disclosure, []
    adjusted: list[Problem] = []
    subordinates: list[Disclosure] = []
    for i, unit in enumerate(disclosure.subordinates):
        converted, found = in_wan(unit)
        subordinates.append(converted)
        adjusted += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return disclosure.model_copy(update={"subordinates": tuple(subordinates)}), adjusted


def choose_pack(
    tree: Tree, pack_id: str | None, beside: Path | None = None
) -> tuple[Pack, list[Problem]]:
    """The pack asked for, else the input's own, else the newest that is not later than the year.

    ``pack_id``: an id, or a pack's folder. ``beside``: the input's folder, where packs may lie too.

    A pack that the input names and that does not exist is a problem; one that was asked for on
    the command line, and a year without any, is a :class:`UserError`. An input without a year is
    told elsewhere and cannot choose.
    """
    basics = tree.get("基本信息")
    named = basics if isinstance(basics, dict) else {}
    own = str(named.get("格式", "")).strip()
    year = read_year(named.get("年度"))
    available = packs.available(beside)
    if pack_id or own in available:
        pack = packs.load(pack_id or own, beside)
        return pack, list(_beyond(pack, year))
    newest = packs.newest_for(year)
    if not own:
        pack = packs.load(newest)
        return pack, list(_beyond(pack, year))
    unknown = input_problem(
        "INP105",
        f"没有格式包“{own}”",
        ("基本信息", "格式"),
        hint=f"可以是：{'、'.join(available)}；不填则按年度选用 {newest}。",
    )
    return packs.load(newest), [unknown]


def _beyond(pack: Pack, year: int | None) -> Iterator[Problem]:
    if year and year not in pack.years:
        yield input_problem(
            "INP116",
            f"格式包 {pack.id} 适用于 {'、'.join(map(str, pack.years))} 年度，"
            f"没有写明适用于 {year} 年度",
            ("基本信息", "年度"),
            hint="请核对当年的格式有没有变化。",
        )


def derive(
    disclosure: Disclosure, pack: Pack, switches: Mapping[str, str] | None = None
) -> tuple[list[Content], list[Problem]]:
    """Tables and sentences of a disclosure and of its units; paths are those of the input."""
    form, problems = settle(disclosure, pack, switches)
    tables, unplaced = fill_tables(disclosure, form)
    explanation, unsaid = explain(disclosure, form)
    contents = [Content(disclosure, form, tables, explanation)]
    problems += unplaced + unsaid
    inherited = {name: form.facts[name] for name in pack.switches}
    for i, unit in enumerate(disclosure.subordinates):
        below, found = derive(unit, pack, inherited)
        contents += below
        found += _disagreements(disclosure, unit)
        problems += [replace(p, path=("所属单位", i, *p.path)) for p in found]
    return contents, problems


def _disagreements(department: Disclosure, unit: Disclosure) -> Iterator[Problem]:
    """What a unit's disclosure must have in common with its department's."""
    path: InputPath
    for key, own, above in (
        ("年度", unit.basics.year, department.basics.year),
        ("级别", unit.basics.level, department.basics.level),
    ):
        if own != above:
            path = ("基本信息", key)
            yield input_problem(
                "INP105",
                f"所属单位“{unit.basics.name}”的{key}是 {own}，部门的是 {above}",
                path,
                hint="所属单位与部门必须相同。",
            )
    if unit.basics.kind != "单位":
        yield input_problem(
            "INP105",
            f"所属单位“{unit.basics.name}”的类型应为单位",
            ("基本信息", "类型"),
            hint="请把类型改为“单位”。",
        )
    if unit.subordinates:
        yield input_problem(
            "INP112",
            f"所属单位“{unit.basics.name}”下面不能再有所属单位",
            ("所属单位",),
            hint="请把它们列为部门的所属单位。",
        )


def make(
    given: Input,
    document: Document,
    *,
    draft: bool = False,
    strict: bool = False,
    verify: bool = True,
) -> Result:
    """The .docx of an input as ``data``, unless errors stand in the way; nothing is written.

    ``document``: what :func:`check` made of it. ``draft`` makes it in spite of errors, with a
    watermark; ``strict`` lets warnings stand in the way too; ``verify`` reads it back and compares
    it with the data: what differs is a problem, and there is no .docx.
    """
    blocked = document.count(Severity.ERROR) or (strict and document.count(Severity.WARNING))
    if not document.contents or (blocked and not draft):
        return Result(given.file, document)
    data = document.render(Draft(document.count(Severity.ERROR)) if draft else None)
    if not verify:
        return Result(given.file, document, None, data)
    if faults := document.verify(data):
        # Our own failure: what would be published is not what was filled in.
        return Result(given.file, replace(document, problems=[*document.problems, *faults]))
    unmet = {id_: needs for id_, needs in document.unmet.items() if Need.WRITTEN not in needs}
    return Result(given.file, replace(document, unmet=unmet), None, data)


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
    given = given if isinstance(given, Input) else read(given)
    result = make(given, check(given, options), draft=draft, strict=strict)
    if result.data is None:
        return result
    place = None if output is None else as_output(output)
    target = target_of(given.file, place, result.document.name(draft=draft))
    write_whole(target, result.data)
    return replace(result, output=target)


# --- order --------------------------------------------------------------------------------------

_SHEET_ORDER = {name: i for i, name in enumerate(SHEETS)}
_CELL = re.compile(r"([A-Z]+)(\d+)")


def _in_order(problems: list[Problem]) -> list[Problem]:
    """By place: sheet, row and column, or line."""

    def key(problem: Problem) -> tuple[int, int, int, str]:
        place = problem.place
        if place is None:
            return (0, 0, 0, "")
        cell = _CELL.fullmatch(place.cell or "")
        return (
            _SHEET_ORDER.get((place.sheet or "").strip(), -1),
            int(cell[2]) if cell else place.line or 0,
            len(cell[1]) if cell else 0,
            cell[1] if cell else "",
        )

    return sorted(problems, key=key)
