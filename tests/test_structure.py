"""The house: which module may import which, and one door for each library."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"

# Floor by floor, from the ground up. A module or package may use what lies below it, nothing beside
# or above it; inside a package its modules may use each other, in one direction.
FLOORS = (
    ("locking", "money", "problem", "tags", "written"),
    ("balance", "cache", "yamltext", "files"),
    ("ledger", "pdf", "references"),
    ("contradictions",),
    ("pack", "disclosure"),
    ("form", "rounding", "schema"),
    ("tables", "wording"),
    ("content", "sources"),
    ("canonical", "choice", "intake", "ooxml"),
    ("checks",),
    ("convert", "inplace", "render"),
    ("document",),
    ("folder", "pipeline"),
    ("fix", "publishing", "report"),
    ("batch", "checking", "maintain"),
    ("cli",),
    ("__main__",),
)

# A library that is imported in few places can be replaced in few places.
DOORS = {
    "typer": {
        *("cli.app", "cli.batch", "cli.build", "cli.check", "cli.inputs"),
        *("cli.packs", "cli.template"),
    },
    "openpyxl": {"sources.blank.look"},
    "python_calamine": {"sources.xlsx"},
    "platformdirs": {"cache", "pack.places"},
    "docxtpl": {"render.lowering"},
    "jinja2": {"batch.page", "render.compiler", "report.html"},
    "lxml": {
        *("maintain.doctext", "ooxml.package", "ooxml.styles", "report.notes", "report.results"),
        "written",
    },
    "yaml": {"inplace", "yamltext"},
    "pikepdf": {"pdf.pages", "pdf.compact"},
    "rich": {"batch.progress"},
    "fsspec": {"batch.store"},
    "distributed": {"batch.workers"},
    "pydantic": {
        *("disclosure.model", "disclosure.rows", "disclosure.values", "intake"),
        *("pack.load", "pack.model", "batch.outcome"),
    },
}


def modules() -> dict[str, Path]:
    """Dotted name below ``generator`` → file; packages by their ``__init__``."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = file
    return found


def imports(file: Path) -> set[str]:
    """Every dotted name that a file imports, wherever the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def used_by(name: str, file: Path, known: Iterable[str]) -> set[str]:
    """Our own modules that a module imports."""
    found = {i.removeprefix("generator.") for i in imports(file) if i.startswith("generator.")}
    return (found & set(known)) - {name}


def test_every_module_has_its_floor() -> None:
    found = modules()
    assert len(found) > 15, "the walk found no modules"
    floors = [name for floor in FLOORS for name in floor]
    assert len(floors) == len(set(floors))
    assert {name.partition(".")[0] for name in found} == set(floors)


def test_imports_go_down_only() -> None:
    floor_of = {name: i for i, floor in enumerate(FLOORS) for name in floor}
    known = modules()
    wrong = [
        f"{name} → {other}"
        for name, file in known.items()
        for other in used_by(name, file, known)
        if name.partition(".")[0] != other.partition(".")[0]
        and floor_of[name.partition(".")[0]] <= floor_of[other.partition(".")[0]]
    ]
    assert not wrong


def test_no_cycles() -> None:
    known = modules()
    # A module that names another of its package imports the package too, which is no use of it.
    below = {
        name: {o for o in used_by(name, file, known) if not name.startswith(f"{o}.")}
        for name, file in known.items()
    }
    assert any(below.values()), "no import was seen"
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"cycle: {' → '.join((*above, name))}"
        if name not in done:
            for other in below[name]:
                visit(other, (*above, name))
            done.add(name)

    for name in known:
        visit(name, ())


def test_one_library_one_door() -> None:
    seen: dict[str, set[str]] = {library: set() for library in DOORS}
    for name, file in modules().items():
        for imported in imports(file):
            library = imported.partition(".")[0]
            if library in seen:
                seen[library].add(name)
    assert seen == DOORS
