"""Whose breakdown an amount stands in: “教育支出16.10万元，其中：基本支出16.10万元”.

The basic spending of a subject (科目), a unit, a project or a fund is not that of the department.
A reader keeps here what was named last, and is told for each subject what it may be a part of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from generator.checks.prose.amounts import Amount


@dataclass(frozen=True, slots=True)
class Scope:
    """Something with a name of its own, and perhaps an amount.

    ``subject``: what the name ends with (局机关基本支出). ``led``: 其中 or a bracket says that what
    follows is its breakdown, else it may be. ``alone``: nothing else is named before it, so that
    the breakdown is not that of several together. ``source``: where money comes from (上年结转).
    """

    name: str
    amount: Amount | None = None
    subject: str = ""
    led: bool = False
    opened: bool = False
    alone: bool = True
    unit: bool = False
    source: bool = False


_LEAD: Final = re.compile(
    r"[，、）)\s]{0,9}(?:其中|包括|包含|含|分为|分别|主要|用于|全部|均|具体|：|:|[（(])"
)
_WHOLE: Final = re.compile(
    r"(?:20[0-9]{2}|年度?|本|全|总|体|额|量|计|部门|单位|我|共|合|预算|支出|收入|收支|资金|经费|规模|安排|综合"
    r"|整|较|比|与|上年|相|初|当|的|数|项|两|各|为|约|、|，|：|:|\s)*"
)
_ABOUT: Final = re.compile(
    r"(?:^|其中[：:]?)(?P<name>[^，。；]{2,40}?)(?:方面|中|(?<=[局委办院校馆所站队关级])|(?<=中心))$"
)
_OPENING: Final = re.compile(r"[（(]")
_CLOSING: Final = re.compile(r"[）)]")
_BEFORE: Final = re.compile(r"^(?:从|按|在|就|对|由|其中)")


def is_whole(words: str) -> bool:
    """Whether a name is one of the department's whole budget: 本年支出合计, 预算总规模."""
    return _WHOLE.fullmatch(words) is not None


class Scopes:
    """What was named, and whether its breakdown has begun, on the way through a paragraph."""

    def __init__(self) -> None:
        self.named: Scope | None = None
        self.open: Scope | None = None
        self.bracket = False  # the breakdown stands in brackets
        self.led = False  # 其中 stood alone in the clause before

    def between(self, gap: str) -> None:
        """The text between two amounts: the bracket of a breakdown may close in it."""
        if self.bracket and len(_CLOSING.findall(gap)) > len(_OPENING.findall(gap)):
            self.named = self.open and replace(self.open, led=False)
            self.open, self.bracket = None, False

    def around(self, label: str) -> Scope | None:
        """What a subject with this label before its amount belongs to, or may belong to."""
        led, self.led = self.led or _LEAD.match(label) is not None, False
        if self.named is not None and led:
            self.open = replace(self.named, led=True, opened=True)
            self.bracket = label.lstrip().startswith(("（", "("))
            self.named = None
        return self.open or self.named

    def name(self, scope: Scope) -> None:
        """Something is named by itself."""
        if self.bracket:
            return
        alone = self.named is None or self.named.amount is None
        opened = scope.opened or self.open is not None
        self.named, self.open = replace(scope, alone=alone, opened=opened), None

    def clause(self, words: str) -> None:
        """A clause without an amount: 其中, or “教育支出方面”."""
        self.led = self.led or words.strip(" ：:") in ("其中", "包括", "具体")
        found = _ABOUT.search(words)
        name = _BEFORE.sub("", found["name"]) if found else ""
        if name and not is_whole(name):
            self.name(Scope(name, unit=True))

    def part(self, *, goes_on: bool) -> None:
        """A semicolon: the breakdown may go on, or not; ``goes_on``: 其中 is the next word."""
        if self.open is not None:
            self.named = replace(self.open, led=False)
        elif self.named is not None and not (goes_on or self.named.opened or self.named.subject):
            self.named = None
        self.open, self.bracket, self.led = None, False, False

    def stop(self, *, goes_on: bool) -> None:
        """A full stop; ``goes_on``: the next sentence begins with 其中, or with a number."""
        last = self.open or self.named
        if goes_on and last is not None:
            self.named = replace(last, alone=False, led=False, opened=True)
        else:
            self.named = None
        self.open, self.bracket, self.led = None, False, False
