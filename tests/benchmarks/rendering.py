"""Rendering and writing: ours, plain docxtpl, docxtemplater, and the limit.

The limit deflates and writes the ready parts, with the same compression. Ours is measured without
the paginator, which the others do not have; it has a line of its own.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from docx import Document as open_docx
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from benchmarks.constructs import Construct, all_constructs
from benchmarks.measure import Report, ratios, side_by_side, span
from generator.render.container import BODY, Container, unpack
from generator.render.template import DocumentTemplate

HERE = Path(__file__).parent
FROZEN = HERE / "frozen.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FASTER, OVER_LIMIT = 24, 1.5
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)

Render = Callable[[], bytes]


class NoPages:
    """In the paginator's place: what is rendered stays as it is."""

    def settle(self, pieces: list[str], headings: object) -> dict[int, int]:
        return {}


@cache
def frozen() -> tuple[bytes, dict[str, Any]]:
    """The benchmark's own template and data, which stay as they are."""
    data = gzip.decompress((HERE / "frozen.json.gz").read_bytes())
    return FROZEN.read_bytes(), json.loads(data)


def plain(template: bytes, context: dict[str, Any]) -> Render:
    """docxtpl as its manual has it."""

    def render() -> bytes:
        document = DocxTemplate(io.BytesIO(template))
        document.render(context, _ENVIRONMENT, autoescape=True)
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return render


def ours(template: bytes, context: dict[str, Any], *, pages: bool = False) -> Render:
    compiled = DocumentTemplate(template)
    if not pages:
        compiled._paginator = NoPages()  # type: ignore[assignment]
    return lambda: compiled.render(context)


def limit(docx: bytes, template: bytes) -> Render:
    """Deflate and write the parts of a finished document."""
    rendered = DocumentTemplate(template).compiled
    ready = unpack(docx, "ready")
    constant = Container({n: d for n, d in ready.items() if n not in rendered})
    parts = {n: d for n, d in ready.items() if n in rendered}
    return lambda: constant.pack(parts)


def texts(docx: bytes) -> list[str]:
    """Every paragraph of the body in order."""
    body = open_docx(io.BytesIO(docx)).element.body
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


def template_of(construct: Construct) -> bytes:
    """The frozen template with another body."""
    parts = unpack(frozen()[0], "frozen")
    document = parts[BODY].decode("utf-8")
    start = document.index("<w:body>") + len("<w:body>")
    end = document.rindex("<w:sectPr")
    parts[BODY] = (document[:start] + construct.body + document[end:]).encode("utf-8")
    properties = parts["docProps/core.xml"].decode("utf-8")
    parts["docProps/core.xml"] = re.sub(r"\{\{.*?\}\}", "", properties).encode("utf-8")
    empty = re.compile(rb"(<w:hdr\b[^>]*>).*(</w:hdr>)", re.DOTALL)
    headers = {n: empty.sub(rb"\1<w:p/>\2", d) for n, d in parts.items() if "word/header" in n}
    return Container(parts | headers).pack({})


def run(report: Report, rounds: int = 15) -> None:
    template, context = frozen()
    report.title("Rendering and writing: the form of 唐山 2023 (frozen)")
    ways = {
        "docxtpl": plain(template, context),
        "ours": ours(template, context),
        "ours with the paginator": ours(template, context, pages=True),
    }
    ways["limit"] = limit(ways["ours"](), template)
    times = side_by_side(ways, rounds)
    report.times(times)
    report.at_least("docxtpl / ours", ratios(times, "docxtpl", "ours"), FASTER)
    report.at_most("ours / limit", ratios(times, "ours", "limit"), OVER_LIMIT)
    paged = "ours with the paginator"
    report.line("docxtpl / ours with the paginator", f"{min(ratios(times, 'docxtpl', paged)):.1f}")

    report.title("Rendering and writing: each construct by itself")
    report.line("", "docxtpl / limit says what no way of rendering could exceed")
    for construct in constructs():
        _construct(report, construct, rounds)


def constructs() -> Iterator[Construct]:
    """One for each thing that a template may use, with the words of the frozen data."""
    texts = chain.from_iterable(frozen()[1]["各部门"][0]["文字"].values())
    return all_constructs(
        sorted({clause for text in texts for clause in re.split("[，。；]", text)})
    )


def _construct(report: Report, construct: Construct, rounds: int) -> None:
    """Ours and the limit take turns by themselves: what runs right after docxtpl pays for memory
    that docxtpl has given back to the system, up to a third of its time."""
    template, context = template_of(construct), {**construct.context, "文档": {"摘要": ""}}
    if construct.name == "loop over rows":
        _docxtemplater(report, construct)
    ways = {"docxtpl": plain(template, context), "ours": ours(template, context)}
    made = {name: way() for name, way in ways.items()}
    if texts(made["docxtpl"]) != texts(made["ours"]):
        report.missed.append(f"{construct.name}: the texts differ")
    theirs = ways.pop("docxtpl")
    ways["limit"] = limit(made["ours"], template)
    times = side_by_side(ways, rounds)
    report.at_most(f"{construct.name}: ours / limit", ratios(times, "ours", "limit"), OVER_LIMIT)
    times = side_by_side({"docxtpl": theirs, **ways}, max(rounds // 3, 3))
    most = span(ratios(times, "docxtpl", "limit"))
    report.line(
        "  docxtpl / ours, docxtpl / limit", f"{span(ratios(times, 'docxtpl', 'ours'))}, {most}"
    )


# --- docxtemplater --------------------------------------------------------------------------


def _docxtemplater(report: Report, construct: Construct) -> None:
    """The same rows in docxtemplater's language, by node; left out where it is not installed."""
    name = "loop over rows: docxtemplater"
    node = shutil.which("node")
    if node is None:
        report.line(name, "left out: no node on this machine")
        return
    parts = unpack(template_of(construct), "frozen")
    body = parts[BODY].decode("utf-8")
    for ours_, theirs in (
        (r"<w:tr>(?:(?!</w:tr>).)*\{%tr for 行 in 表\.行 %\}.*?</w:tr>", "{{#行}}"),
        (r"<w:tr>(?:(?!</w:tr>).)*\{%tr endfor %\}.*?</w:tr>", "{{/行}}"),
    ):
        body, found = re.subn(ours_, "", body, flags=re.DOTALL)
        assert found == 1, theirs
    body = body.replace("{{ 行.编码 }}", "{#行}{编码}").replace("{{ 行.说明 }}", "{说明}{/行}")
    body = re.sub(r"\{\{ 行\.(\w+) \}\}", r"{\1}", body)
    template = Container(parts | {BODY: body.encode("utf-8")}).pack({})
    rows = json.dumps({"行": construct.context["表"]["行"]})
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as both:
        both.writestr("template.docx", template)
        both.writestr("data.json", rows)
    found_times = subprocess.run(
        [node, str(HERE / "docxtemplater.cjs")],
        input=buffer.getvalue(),
        capture_output=True,
        timeout=120,
    )
    if found_times.returncode:
        report.line(name, "left out: npm install docxtemplater pizzip, and NODE_PATH to it")
        return
    times = [float(t) / 1000 for t in found_times.stdout.split()]
    report.times({name: times})
