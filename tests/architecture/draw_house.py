"""`make docs`: draw the packages of the product and their arrows of import, from the code as it is.

Rows are the layers of pyproject.toml, boxes say what a package is for (the first sentence of its docstring). Of the
arrows only those are drawn that no longer way replaces; all of them point down.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import grimp

CHECKOUT = Path(__file__).resolve().parents[2]
PICTURE = CHECKOUT / "docs" / "house.svg"
ROOT = "pos_billing"
WIDTH, BOX, HEIGHT, GAP, ROW = 1180, 330, 86, 30, 128
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b2733}.name{font-weight:700;font-size:15px}"
    "rect{fill:#f4f7fa;stroke:#8aa0b4}path{fill:none;stroke:#5b7da0;stroke-width:1.4}marker path{fill:#5b7da0}"
)


class Box(NamedTuple):
    """A package in the picture: its place, and what is written into it."""

    name: str
    x: float
    y: float
    said: str


def layers() -> list[list[str]]:
    """The packages of each layer, from the top; those that are not built yet are left out."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = [[part.strip(" ()") for part in row.split("|")] for row in rows]
    return [[name for name in row if (CHECKOUT / ROOT / name).is_dir()] for row in named]


def arrows(packages: list[str]) -> set[tuple[str, str]]:
    """Which package imports which, without arrows that a longer way replaces."""
    graph = grimp.build_graph(ROOT)
    found = {
        (one, other)
        for one in packages
        for other in packages
        if one != other
        and graph.direct_import_exists(importer=f"{ROOT}.{one}", imported=f"{ROOT}.{other}", as_packages=True)
    }
    below = {one: {other for start, other in found if start == one} for one in packages}
    reached = {one: _reached(one, below) for one in packages}
    return {(one, other) for one, other in found if not any(other in reached[way] for way in below[one] - {other})}


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in below[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def boxes() -> dict[str, Box]:
    """Where each package stands, and what is said of it."""
    placed: dict[str, Box] = {}
    for number, row in enumerate(row for row in layers() if row):
        width = len(row) * BOX + (len(row) - 1) * GAP
        for place, name in enumerate(row):
            folder = CHECKOUT / ROOT / name
            said = (ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "").split("\n\n")[0]
            x = (WIDTH - width) / 2 + place * (BOX + GAP)
            placed[name] = Box(name, x, 16 + number * ROW, " ".join(said.split()))
    return placed


def drawn() -> str:
    """The picture as SVG."""
    placed = boxes()
    lines = []
    for one, other in sorted(arrows(list(placed))):
        start, end = placed[one], placed[other]
        bend = 26 * (1 + abs(end.y - start.y) / ROW) * (1 if end.x >= start.x else -1) if end.y - start.y > ROW else 0
        x, y, to_x, to_y = start.x + BOX / 2, start.y + HEIGHT, end.x + BOX / 2, end.y - 3
        lines.append(
            f'<path d="M{x:.0f} {y:.0f} C{x + bend * 3:.0f} {y + 40:.0f} {to_x + bend * 3:.0f} {to_y - 40:.0f} '
            f'{to_x:.0f} {to_y:.0f}" marker-end="url(#head)"><title>{one} imports {other}</title></path>'
        )
    for box in placed.values():
        lines.append(f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{BOX}" height="{HEIGHT}" rx="6"/>')
        lines.append(f'<text class="name" x="{box.x + 12:.0f}" y="{box.y + 22:.0f}">{box.name}/</text>')
        for number, text in enumerate(wrap(box.said, 42)[:3]):
            lines.append(f'<text x="{box.x + 12:.0f}" y="{box.y + 42 + 17 * number:.0f}">{escape(text)}</text>')
    height = max(box.y for box in placed.values()) + HEIGHT + 16
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        'aria-labelledby="t d"><title id="t">The packages of pos_billing</title>'
        '<desc id="d">Each row is a layer; arrows are imports, and all of them point down.</desc>'
        f"<style>{STYLE}</style>"
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z"/></marker></defs>\n' + "\n".join(lines) + "\n</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE.relative_to(CHECKOUT)} is drawn.\n")
