"""The house: which module may import which, and one door for each library."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"

# The modules of the rules, a group each, and what such a module may see.
GROUPS = (
    *("structure", "empty", "within", "between", "narrative", "yearly", "performance"),
    *("procurement", "assets", "units", "codes", "numbers", "language", "rendered", "reading"),
)
CHECKING = {
    *("balance", "checks.rule", "checks.subject", "disclosure", "form", "money", "pack"),
    *("problem", "references", "tables", "wording", "written"),
}

# Each module and what it may import of ours. Down only; siblings not at all unless it says so.
ALLOWED = {
    "money": set[str](),
    "problem": set[str](),
    "yamltext": {"problem"},
    "balance": {"money", "problem"},
    "references": {"balance"},
    "pack.lists": {"problem", "yamltext"},
    "pack.model": {"balance", "pack.lists"},
    "pack.check": {"balance", "pack.model", "references"},
    "pack.load": {"pack.check", "pack.model", "problem", "yamltext"},
    "pack": {"pack.load", "pack.model"},
    "disclosure.values": {"money"},
    "disclosure.rows": {"balance", "disclosure.values", "money"},
    "disclosure.consistency": {
        *("balance", "disclosure.rows", "disclosure.values", "money", "problem"),
    },
    "disclosure.model": {
        *("balance", "disclosure.consistency", "disclosure.rows", "disclosure.values", "money"),
        "problem",
    },
    "disclosure": {"disclosure.model", "disclosure.rows", "disclosure.values"},
    "form": {"disclosure", "pack", "problem"},
    "tables": {"balance", "disclosure", "form", "money", "pack", "problem"},
    "wording": {"balance", "disclosure", "form", "money", "pack", "problem", "references"},
    "sources.raw": {"problem"},
    "sources.layout": {"disclosure"},
    "sources.xlsx": {"problem"},
    "sources.workbook": {"problem", "sources.layout", "sources.raw", "sources.xlsx"},
    "sources.yamlfile": {"problem", "sources.raw", "yamltext"},
    "sources.pasted": {
        *("balance", "disclosure", "money", "pack", "problem", "sources.layout", "sources.raw"),
    },
    "sources.units": {"problem", "sources.raw"},
    "schema": {"disclosure"},
    "rounding": {"balance", "disclosure", "money", "problem"},
    "sources.blank": {
        *("pack", "sources.blank.balance", "sources.blank.look", "sources.blank.pages"),
        *("sources.blank.plan", "sources.blank.tables", "sources.layout", "sources.raw"),
    },
    "sources.blank.start": {"disclosure", "pack", "sources.layout", "sources.raw"},
    "sources.blank.look": {"problem"},
    "sources.blank.formulas": {"balance", "disclosure", "sources.layout"},
    "sources.blank.columns": {
        *("balance", "disclosure", "sources.blank.formulas", "sources.layout"),
    },
    "sources.blank.plan": {
        *("disclosure", "pack", "references", "sources.blank.columns"),
        *("sources.blank.formulas", "sources.blank.look", "sources.layout", "sources.raw"),
    },
    "sources.blank.flags": {
        *("sources.blank.columns", "sources.blank.formulas", "sources.blank.look"),
        *("sources.blank.plan", "sources.layout"),
    },
    "sources.blank.tables": {
        *("balance", "disclosure", "money", "references", "sources.blank.columns"),
        *("sources.blank.flags", "sources.blank.formulas", "sources.blank.look"),
        *("sources.blank.plan", "sources.layout"),
    },
    "sources.blank.balance": {
        *("balance", "sources.blank.formulas", "sources.blank.look", "sources.blank.plan"),
        "sources.blank.tables",
    },
    "sources.blank.pages": {
        *("pack", "wording", "sources.blank.balance", "sources.blank.columns"),
        *("sources.blank.formulas", "sources.blank.look", "sources.blank.plan"),
        *("sources.blank.tables", "sources.layout"),
    },
    "convert": {
        *("disclosure", "intake", "pack", "problem"),
        *("sources.pasted", "sources.raw", "sources.units"),
    },
    "sources": {
        *("problem", "sources.raw", "sources.workbook", "sources.xlsx", "sources.yamlfile"),
    },
    "intake": {"disclosure", "form", "problem", "sources.layout", "sources.raw"},
    "content": {"disclosure", "form", "tables", "wording"},
    "written": set(),
    "files": {"problem"},
    "checks.rule": {"balance", "problem"},
    "checks.subject": {
        *("balance", "checks.rule", "content", "disclosure", "form", "pack", "problem"),
        *("wording", "written"),
    },
    "checks.settings": {"checks.rule", "pack", "problem", "yamltext"},
    "checks.causes": {"problem"},
    **{f"checks.{group}": CHECKING for group in GROUPS},
    "checks": {
        *("checks.settings", "checks.rule", "checks.subject", "problem"),
        *(f"checks.{group}" for group in GROUPS),
    },
    "render.compiler": {"problem"},
    "render.container": {"problem"},
    "render.template": {"problem", "render.compiler", "render.container"},
    "render.context": {"content", "disclosure", "form", "pack", "wording"},
    "render": {"render.template"},
    "pipeline": {
        *("checks", "checks.causes", "checks.rule", "content", "files", "written"),
        *("disclosure", "form", "intake", "money", "pack", "problem", "render", "render.context"),
        *("rounding", "sources", "sources.layout", "sources.pasted", "sources.raw"),
        *("sources.units", "tables", "wording"),
    },
    "report": {"money", "pipeline", "problem"},
    "cli": {
        *("convert", "files", "pack", "pipeline", "problem", "report", "schema", "sources"),
        *("sources.blank", "sources.blank.start", "yamltext"),
    },
    "__main__": {"cli"},
}

# A library that is imported in few places can be replaced in few places.
DOORS = {
    "typer": {"cli"},
    "openpyxl": {"sources.blank.look"},
    "python_calamine": {"sources.xlsx"},
    "docxtpl": {"render.template"},
    "jinja2": {"render.compiler"},
    "yaml": {"yamltext"},
    "pydantic": {
        "disclosure.model",
        "disclosure.rows",
        "disclosure.values",
        "intake",
        "pack.load",
        "pack.model",
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


def test_every_module_is_listed() -> None:
    found = modules()
    assert len(found) > 15, "the walk found no modules"
    assert set(found) == set(ALLOWED)


def test_imports_go_down_only() -> None:
    known = modules()
    wrong = []
    for name, file in known.items():
        used = {i.removeprefix("generator.") for i in imports(file) if i.startswith("generator.")}
        for other in used & set(known):
            package_of_other = other in ("sources", "render") and any(
                u.startswith(f"{other}.") and u in known for u in used
            )
            if other not in ALLOWED[name] and other != name and not package_of_other:
                wrong.append(f"{name} → {other}")
    assert not wrong


def test_no_cycles() -> None:
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"cycle: {' → '.join((*above, name))}"
        if name not in done:
            for below in ALLOWED[name]:
                visit(below, (*above, name))
            done.add(name)

    for name in ALLOWED:
        visit(name, ())


def test_one_library_one_door() -> None:
    seen: dict[str, set[str]] = {library: set() for library in DOORS}
    for name, file in modules().items():
        for imported in imports(file):
            library = imported.partition(".")[0]
            if library in seen:
                seen[library].add(name)
    assert seen == DOORS
