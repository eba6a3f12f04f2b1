"""The files of the double import each other in one direction."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "example_site" / "stripe_double"
PACKAGE = "example_site.stripe_double."


def imported(path: Path) -> set[str]:
    """The files of the double that a file names in its imports, those for type checkers too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(PACKAGE):
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_no_file_reaches_itself_by_its_imports():
    files = {
        PACKAGE + ".".join(path.relative_to(HERE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in HERE.rglob("*.py")
    }
    graph = {name: imported(path) & files.keys() - {name} for name, path in files.items()}
    assert len(graph) > 40
    done: set[str] = set()
    while free := {name for name in graph.keys() - done if graph[name] <= done}:
        done |= free
    assert sorted(graph.keys() - done) == []
