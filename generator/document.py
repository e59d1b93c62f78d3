"""What a run is asked for, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator import checks, render, written
from generator.checks import Settings, Subject
from generator.checks.rule import Need, Rule
from generator.content import Content
from generator.disclosure import Disclosure
from generator.files import safe_name
from generator.pack import Pack
from generator.problem import Problem, Severity, UserError
from generator.render import context as template_context
from generator.render.context import Draft


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for, beside its input. ``last_year``: last year's input, if given."""

    pack_id: str | None = None
    settings: Settings = field(default_factory=Settings)
    last_year: Path | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One disclosure worked out: the parts of its document, and all that was found on the way.

    ``file``: the input. ``rules``: every rule as it was applied. ``unmet``: rule → what it lacked
    to be checked. ``settings``: those of the pack and of the user.
    """

    file: Path
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
        subject = replace(subject_of(self.contents), document=written.read(data))
        return checks.verify(subject, self.rules)


def subject_of(contents: Sequence[Content], settings: Settings | None = None) -> Subject:
    """What the checks look at: the department, with its units below it."""
    lists = (settings or Settings()).code_lists
    main, *below = (Subject(content, code_lists=lists) for content in contents)
    own = main.disclosure.subordinates  # a unit that has units itself is told
    direct = tuple(unit for unit in below if any(unit.disclosure is one for one in own))
    return replace(main, units=direct)


@dataclass(frozen=True, slots=True)
class Result:
    """What a build or a check came to.

    ``output``: the file written; ``data``: the .docx. None where errors stood in the way, or
    nobody asked for it.
    """

    document: Document
    output: Path | None = None
    data: bytes | None = field(default=None, repr=False)

    @property
    def file(self) -> Path:
        """The input."""
        return self.document.file


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be worked on at all."""

    file: Path
    error: UserError


Outcome = Result | Failure
"""What became of one file among several."""
