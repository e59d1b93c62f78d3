"""Rendering and writing, ours against plain docxtpl: the same template, data and text.

    python tests/benchmark.py [INPUT] [--rounds N]

Prints, per document in a warm process, the minimum, median and maximum of both and of the limit
(deflating and writing the ready parts), and the ratios of the medians. Rounds alternate, so a
machine that slows down slows all of them. Ends with exit code 1 if the texts differ.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document as open_docx
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pages_measure import stored_pages

from generator import pipeline, render
from generator.render import context as template_context
from generator.render.container import Container

ROOT = Path(__file__).parent.parent


def texts(docx: bytes) -> list[str]:
    """Every text of the body in order."""
    body = open_docx(io.BytesIO(docx)).element.body
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def with_page_numbers(context: dict[str, Any], docx: bytes) -> dict[str, Any]:
    """Plain docxtpl prints the page-number style as it stands; ours works the number out."""
    numbers = (number for _, _, number in stored_pages(docx))
    lines = [
        {**line, "页码": line["页码"].format(next(numbers)) if line["页码"] else ""}
        for line in context["目录"]["行"]
    ]
    return {**context, "目录": {**context["目录"], "行": lines}}


def timed(action: Callable[[], bytes]) -> tuple[float, bytes]:
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1000, result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", nargs="?", default=ROOT / "inputs" / "tangshan-2023.xlsx")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()

    document = pipeline.prepare(Path(arguments.input))
    assert document.pack is not None
    template_file = document.pack.template
    context = template_context.build(document.contents[0], document.contents[1:])
    template = render.load(template_file)
    plain_context = with_page_numbers(context, template.render(context))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)

    def ours() -> bytes:
        return template.render(context)

    def docxtpl() -> bytes:
        plain = DocxTemplate(template_file)
        plain.render(plain_context, environment, autoescape=True)
        buffer = io.BytesIO()
        plain.save(buffer)
        return buffer.getvalue()

    with zipfile.ZipFile(io.BytesIO(ours())) as archive:
        ready = {name: archive.read(name) for name in archive.namelist()}
    rendered = {n: d for n, d in ready.items() if n in template.rendered_parts}
    constant = Container({n: d for n, d in ready.items() if n not in rendered})

    def limit() -> bytes:
        return constant.pack(rendered)

    ways: dict[str, Callable[[], bytes]] = {"ours": ours, "docxtpl": docxtpl, "limit": limit}
    times: dict[str, list[float]] = {name: [] for name in ways}
    results: dict[str, bytes] = {}
    for turn in range(arguments.rounds + 1):
        for name, way in ways.items():
            elapsed, results[name] = timed(way)
            if turn:  # the first round warms up
                times[name].append(elapsed)
    for name, values in times.items():
        print(
            f"{name:8} min {min(values):7.2f}  median {statistics.median(values):7.2f}"
            f"  max {max(values):7.2f} ms"
        )
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"docxtpl / ours: {median['docxtpl'] / median['ours']:.1f}")
    print(f"ours / limit:   {median['ours'] / median['limit']:.2f}")
    same = texts(results["ours"]) == texts(results["docxtpl"])
    print("texts equal" if same else "TEXTS DIFFER")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
