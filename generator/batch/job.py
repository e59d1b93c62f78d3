"""One input of a batch: who it is, and making its document. Runs in any process, anywhere."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from generator import pipeline, sources
from generator.balance import TOTAL
from generator.batch import store
from generator.batch.outcome import DONE, FAULTY, UNREADABLE, WARNED, Outcome
from generator.disclosure import Disclosure, read_year
from generator.problem import Problem, Severity, UserError
from generator.report import json as json_report
from generator.sources.units import UNITS, file_of

BASICS: Final = "基本信息"
FINDINGS_KEPT: Final = 20

# What the summary adds up over departments: measure and rows.
_TOTALS: Final = (
    *("income.total", "expenditure.grand", "expenditure.basic", "expenditure.project"),
    *("income.general", "income.gov_fund", "income.state_capital", "income.special_account"),
    *("income.business", "income.operating", "income.superior", "income.subordinate"),
    *("income.other", "income.unit_funds", "income.subtotal"),
    *("carry_over.total", "year_end.total"),
    *("expenditure.total", "procurement.total", "asset.value"),
)
_SANGONG: Final = (
    *("sangong", "abroad", "abroad_teaching", "abroad_other", "vehicle", "vehicle_purchase"),
    *("vehicle_operation", "reception", "meeting", "training", TOTAL),
)
_FUNDS: Final = ("total", "general", "gov_fund", "state_capital")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose input a file is. ``digest``: of the file and of its units' files."""

    file: str
    code: str
    name: str
    year: int
    kind: str
    units: tuple[str, ...]
    digest: str

    @property
    def key(self) -> tuple[str, int]:
        """Two inputs with the same key claim the same document."""
        return self.code, self.year


@dataclass(frozen=True, slots=True)
class Task:
    """``folder``: where the document goes; ``basis``: a digest of all it depends on."""

    identity: Identity
    folder: str
    options: pipeline.Options
    basis: str
    verify: bool = False
    data: bool = False  # the JSON report beside the document


def identify(file: str) -> Identity | Outcome:
    """Whose input this is; an :class:`Outcome` when that cannot be told."""
    try:
        data = _content(file)
        tree = sources.parse(store.name_of(file), data, frozenset({BASICS, UNITS})).tree
    except UserError as error:
        return Outcome(file, UNREADABLE, findings=(str(error),))
    basics = tree.get(BASICS)
    said: Mapping[str, Any] = basics if isinstance(basics, dict) else {}
    folder = store.folder_of(file)
    entries = tree.get(UNITS)
    named = [name for e in entries if (name := file_of(e))] if isinstance(entries, list) else []
    units = tuple(store.join(folder, name.replace("\\", "/")) for name in named)
    digest = hashlib.sha256(data)
    for unit in units:
        try:
            digest.update(store.read(unit))
        except UserError:
            digest.update(b"missing")
    return Identity(
        *(file, str(said.get("编码", "")).strip(), str(said.get("名称", "")).strip()),
        *(read_year(said.get("年度")) or 0, str(said.get("类型", "")).strip()),
        *(units, digest.hexdigest()),
    )


def _content(file: str) -> bytes:
    return store.read(file) if store.is_remote(file) else sources.read_bytes(Path(file))


def work(task: Task) -> Outcome:
    """Make the document of one input; nothing that the input holds can raise from here."""
    start = time.perf_counter()
    identity = task.identity
    outcome = Outcome(
        *(identity.file, UNREADABLE, task.basis, identity.code, identity.name, identity.year),
        identity.kind,
    )
    try:
        outcome = _made(task, outcome)
    except UserError as error:
        outcome = replace(outcome, findings=(str(error),))
    except Exception as error:  # a fault of ours: this file's alone
        fault = f"程序出错（{type(error).__name__}），请把这个文件发给维护者。"
        outcome = replace(outcome, findings=(fault,))
    return replace(outcome, seconds=round(time.perf_counter() - start, 4))


def _made(task: Task, outcome: Outcome) -> Outcome:
    identity = task.identity
    with tempfile.TemporaryDirectory(prefix="gen-disclosure-") as place:
        file = _local(identity, Path(place)) if store.is_remote(identity.file) else None
        document = pipeline.prepare(file or Path(identity.file), task.options)
    outcome = _described(outcome, document)
    if outcome.state == FAULTY:
        return outcome
    data = document.render()
    if task.verify and (faults := document.verify(data)):
        return replace(outcome, state=FAULTY, findings=_first(faults))
    name = document.name()
    store.write(store.join(task.folder, name), data)
    if task.data:
        result = pipeline.Result(Path(identity.file), document, Path(name))
        text = json_report.report([result])
        store.write(store.join(task.folder, f"{Path(name).stem}.json"), text.encode("utf-8"))
    return replace(outcome, output=name, digest=hashlib.sha256(data).hexdigest())


def _local(identity: Identity, place: Path) -> Path:
    """A remote input and its units' files on this machine."""
    folder = store.folder_of(identity.file)
    for address in (identity.file, *identity.units):
        target = place / address.removeprefix(f"{folder}/")
        if not target.resolve().is_relative_to(place.resolve()):
            continue  # told by the reader: a unit's file lies below its department's
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(store.read(address))
    return place / store.name_of(identity.file)


def _described(outcome: Outcome, document: pipeline.Document) -> Outcome:
    errors, warnings = document.count(Severity.ERROR), document.count(Severity.WARNING)
    counts = {severity.value: document.count(severity) for severity in Severity}
    outcome = replace(
        outcome,
        state=FAULTY if errors or not document.contents else WARNED if warnings else DONE,
        counts=counts,
        rules=dict(Counter(problem.rule for problem in document.problems)),
        findings=_first(document.problems),
    )
    if document.disclosure is None:
        return outcome
    basics = document.disclosure.basics
    if (basics.code, basics.year) != (outcome.code, outcome.year):
        raise UserError("文件在读取的时候被改动了。", "请保存并关闭它，再运行一次。")
    return replace(
        outcome,
        name=basics.name,
        figures=_figures(document.disclosure),
        projects=len(document.disclosure.projects),
    )


def _first(problems: list[Problem]) -> tuple[str, ...]:
    shown = [p for p in problems if p.severity is not Severity.INFO][:FINDINGS_KEPT]
    return tuple(f"{p.severity.label} {p.rule} {p.place or ''}：{p.message}" for p in shown)


def _figures(disclosure: Disclosure) -> dict[str, str]:
    """The figures of the summary, 万元; zeros are left out."""
    figures = disclosure.figures
    amounts: dict[str, Decimal] = {f"{m}|": figures.get(m) for m in _TOTALS}
    for row in figures.rows(["expenditure.total"]):
        if len(row) == 3:
            amounts[f"expenditure.total|{row}"] = figures.get("expenditure.total", row)
    for row in _SANGONG:
        for fund in _FUNDS:
            amounts[f"sangong.{fund}|{row}"] = figures.get(f"sangong.{fund}", row)
    for last in disclosure.last_year:
        if last.amount is not None:
            amounts[f"last|{last.item}"] = last.amount
    return {key: str(amount) for key, amount in amounts.items() if amount}
