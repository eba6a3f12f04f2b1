"""The rules of billing know no Django, no clock, no settings and no float; and they stay small."""

import ast
from pathlib import Path

import pytest

import pos_billing.rating

FOLDER = Path(pos_billing.rating.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
ALLOWED = {"collections.abc", "datetime", "enum", "fractions", "functools", "typing"}
CLOCKS = {"today", "now", "utcnow", "fromtimestamp", "time", "localtime"}

modules = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@modules
def test_imports_nothing_but_pure_parts_of_the_standard_library(file):
    for node in ast.walk(tree(file)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module]
        for name in names:
            assert name in ALLOWED or name.startswith("pos_billing.rating."), f"{file.name} imports {name}"


@modules
def test_reads_no_clock(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in CLOCKS, f"{file.name} reads the clock: pass the day in"


@modules
def test_knows_no_float(file):
    for node in ast.walk(tree(file)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        assert not (isinstance(node, ast.Name) and node.id in {"float", "round"})
        assert not isinstance(getattr(node, "op", None), ast.Div), f"{file.name} divides with /: use rating.money"


@modules
def test_is_short_and_says_what_it_is_for(file):
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    assert ast.get_docstring(ast.parse(text))
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{file.name}: {node.name} has no docstring"


def test_rounding_is_in_one_place():
    """``//`` cuts a remainder off: only the one rounding function may."""
    divides = {
        file.stem
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(getattr(node, "op", None), ast.FloorDiv)
    }
    assert divides == {"money"}
