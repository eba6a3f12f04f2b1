"""Every reason for which a command refuses, read from the source: the table of docs/refusals.md.

A refusal is said in three ways: ``Refused(field, sentence, code=…)``, a ``Rule`` of staged rows, and the meaning of a
database constraint (``refused_by``), whose name is its code.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parents[1]
VALUE = re.compile(r"\{(subject|one|two|three)\}")
BEGIN, END = "<!-- refusals: begin -->", "<!-- refusals: end -->"


class Refusal(NamedTuple):
    """One place that refuses. ``code`` is empty where it has none; ``sentence`` has ``…`` where values come in.

    ``passed_on`` says that code and sentence come from another refusal.
    """

    code: str
    field: str
    sentence: str
    where: str
    passed_on: bool = False


def refusals(package: Path = PACKAGE) -> list[Refusal]:
    """All of them, in order of code."""
    found = [
        refusal
        for path in sorted(package.rglob("*.py"))
        for refusal in _in_module(ast.parse(path.read_text(encoding="utf-8")), path.relative_to(package))
    ]
    return sorted(found, key=lambda one: (one.code, one.where))


def refusals_table() -> str:
    """A row for each code: what it is about and how it is said."""
    rows: dict[str, Refusal] = {}
    for one in refusals():
        if not one.passed_on:
            rows.setdefault(one.code, one)
    lines = [f"| `{code}` | {f'`{one.field}`' if one.field else ''} | {one.sentence} |" for code, one in rows.items()]
    return "\n".join(["| code | field | sentence |", "|---|---|---|", *lines])


def filled(document: str) -> str:
    """The document with the table as it is now between its marks."""
    before, rest = document.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{refusals_table()}\n\n{END}{rest.split(END, 1)[1]}"


def _in_module(module: ast.Module, path: Path) -> Iterator[Refusal]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and any(_name(base) == "Refused" for base in node.bases):
            calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and _name(each.func) == "__init__"]
        elif isinstance(node, ast.Call) and _name(node.func) in {"Refused", "Rule", "refused_by"}:
            calls = [node]
        else:
            continue
        for call in calls:
            yield from _of_call(call, f"{path}:{call.lineno}")


def _of_call(call: ast.Call, where: str) -> Iterator[Refusal]:
    if _name(call.func) == "refused_by":
        if call.args and isinstance(call.args[0], ast.Dict):
            for key, value in zip(call.args[0].keys, call.args[0].values, strict=True):
                field, sentence = value.elts if isinstance(value, ast.Tuple) else (None, None)
                yield Refusal(_text(key), _text(field), _text(sentence), where)
        return
    code: ast.expr | None
    if _name(call.func) == "Rule":
        code, field, sentence = call.args[:3]
    else:
        code = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
        field, sentence = call.args[:2]
    passed_on = code is not None and not isinstance(code, ast.Constant)
    yield Refusal(_text(code), _text(field), _text(sentence), where, passed_on)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str:
    """A string as people read it, ``…`` for every value in it; a named sentence by looking it up."""
    if isinstance(node, ast.Constant):
        return VALUE.sub("…", str(node.value)).replace("|", "\\|")
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BoolOp):
        return _text(node.values[-1])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _text(node.func.value)
    if isinstance(node, ast.Name):
        return _sentences().get(node.id, "…")
    return "" if node is None else "…"


@cache
def _sentences() -> dict[str, str]:
    """Sentences with a name of their own, by that name: those that more than one place says."""
    return {
        target.id: _text(node.value)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper() and " " in node.value.value
    }
