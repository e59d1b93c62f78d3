"""The summary of a batch as one page that opens in any browser: nothing is fetched."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from generator import __version__
from generator.batch.outcome import (
    DONE,
    FAULTY,
    MISSING,
    NOT_GIVEN,
    PENDING,
    STATES,
    UNREADABLE,
    UNWRITTEN,
    WARNED,
)
from generator.batch.summary import Summary
from generator.folder import FORMER

TEMPLATE: Final = "page.html"
COLOURS: Final = {
    DONE: "done",
    WARNED: "warned",
    FAULTY: "faulty",
    UNREADABLE: "unreadable",
    UNWRITTEN: "unwritten",
    MISSING: "missing",
    PENDING: "pending",
    NOT_GIVEN: "not-given",
}
MOST_BARS: Final = 12  # rules in the chart; the rest are folded up below it


def html(summary: Summary) -> str:
    """The summary as one self-contained page: nothing is fetched, everything is escaped."""
    return str(
        _template().render(
            summary=summary,
            version=__version__,
            colours=COLOURS,
            states=[(state, n) for state, n in summary.states.items() if n],
            severity=STATES.index,
            widest=max((rule.departments for rule in summary.failing), default=1),
            shown=summary.failing[:MOST_BARS],
            folded=summary.failing[MOST_BARS:],
            largest=_largest(summary),
            places=_places(summary),
            money=_money,
            change=signed,
            link=quote,
            former=FORMER,
        )
    )


def _largest(summary: Summary) -> list[tuple[str, Decimal]]:
    """The ten departments that spend most on 三公, of those whose figures are without errors."""
    counted = [line for line in summary.lines if line.counts and line.sangong]
    spending = sorted(counted, key=lambda line: -line.sangong)[:10]
    several = len(summary.years) > 1
    return [
        (
            f"{line.outcome.name}（{line.outcome.year}）" if several else line.outcome.name,
            line.sangong,
        )
        for line in spending
    ]


def _places(summary: Summary) -> dict[str, str]:
    """Where each input lies, from the folder on that they all have in common."""
    paths = {o.file: PurePath(o.file) for line in summary.lines if (o := line.outcome).file}
    levels = zip(*(path.parent.parts for path in paths.values()), strict=False)
    common = len(list(takewhile(lambda level: len(set(level)) == 1, levels)))
    return {file: str(PurePath(*path.parts[common:])) for file, path in paths.items()}


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def signed(amount: Decimal | None) -> str:
    """A change as shown: ``+24.00``, ``-0.04``, ``0.00``, and nothing where it is not known."""
    return "" if amount is None else f"{amount:+,.2f}" if amount else "0.00"


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = (Path(__file__).parent / TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(source)
