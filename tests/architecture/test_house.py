"""The house stays as docs/architecture.md draws it."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.draw_house import PICTURE, drawn

CHECKOUT = Path(__file__).resolve().parents[2]
LISTING = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    cwd=CHECKOUT, check=True, capture_output=True, text=True,
)  # fmt: skip
FILES = [CHECKOUT / name for name in LISTING.stdout.split("\0") if name and (CHECKOUT / name).is_file()]
PYTHON = [path for path in FILES if path.suffix == ".py" and not path.is_symlink()]
PRODUCT = [path for path in PYTHON if path.is_relative_to(CHECKOUT / "pos_billing")]
TOP_LEVEL = {
    "pos_billing", "plugin.toml", "migrations", "templates", "tests", "example_site", "pyproject.toml", "docs",
    "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "uv.lock", ".ci", ".gitignore", "whitelist.py",
}  # fmt: skip
LINKS = {
    "pos_billing/migrations": "../migrations/pos_billing",
    "pos_billing/instances/migrations": "../../migrations/pos_billing_instances",
    "pos_billing/templates": "../templates",
    "pos_billing/plugin.toml": "../plugin.toml",
}


def text_files():
    for path in FILES:
        if path.suffix not in {".lock", ".gz", ".woff2", ".png", ".pdf", ".xlsx", ".ico", ".jpg"}:
            yield path, path.read_text(encoding="utf-8", errors="strict")


def named(paths):
    return [str(path.relative_to(CHECKOUT)) for path in paths]


def test_nothing_else_stands_at_the_top():
    assert {path.relative_to(CHECKOUT).parts[0] for path in FILES} <= TOP_LEVEL


@pytest.mark.parametrize(("link", "target"), LINKS.items())
def test_links_bring_the_top_level_folders_into_the_package(link, target):
    assert str((CHECKOUT / link).readlink()) == target


def test_files_of_the_product_stay_small():
    long = [path for path in PRODUCT if len(path.read_text().splitlines()) > 400]
    long += [path for path in PRODUCT if "rating" in path.parts and len(path.read_text().splitlines()) > 150]
    assert named(long) == []


def test_no_file_is_called_utils_or_helpers():
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
    assert named(path for path in PYTHON if path.stem in vague) == []


def test_every_module_of_the_product_says_what_it_is_for():
    silent = [path for path in PRODUCT if path.read_text().strip() and not path.read_text().lstrip().startswith('"""')]
    assert named(silent) == []


def test_the_picture_shows_the_house_as_it_is():
    assert PICTURE.read_text(encoding="utf-8") == drawn(), "Run make docs."


def test_no_error_is_swallowed():
    swallowing = re.compile(r"except[^\n]*:\s*\n\s+pass\b")
    assert named(path for path in PYTHON if swallowing.search(path.read_text())) == []


def test_one_clock():
    reading = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|timezone\.now|localdate|localtime)\(")
    reading_it = [path for path in PRODUCT if path.name != "clock.py" and reading.search(path.read_text())]
    assert named(reading_it) == [], "Ask pos_billing.facts.clock, at the edge."


def test_nothing_names_a_machine_or_a_package_registry():
    parts = [r"/wo" r"rk/\w", r"/ro" r"ot/", r"/ho" r"me/\w+/", r"py" r"pi\.org", r"np" r"mjs", r"python" r"hosted"]
    forbidden = re.compile("|".join(parts))  # in two pieces each, or this file would name them
    naming = [path for path, text in text_files() if forbidden.search(text)]
    assert named(naming) == []


def test_the_lock_names_no_registry_but_the_usual_one():
    lock = (CHECKOUT / "uv.lock").read_text()
    assert len(set(re.findall(r'registry = "([^"]+)"', lock))) == 1
    assert len({url.split("/")[2] for url in re.findall(r'url = "([^"]+)"', lock)}) == 1
    assert "file://" not in lock


def test_migrations_of_the_tenants_app_create_no_extension():
    """An extension made from a Partner's schema would land in it."""
    for path in (CHECKOUT / "migrations").rglob("*.py"):
        assert not re.search(r"create extension|CreateExtension|\w+Extension\(", path.read_text(), re.IGNORECASE), path


def test_lines_of_templates_can_be_read():
    templates = [path for path in FILES if path.is_relative_to(CHECKOUT / "templates") and path.suffix == ".html"]
    assert templates
    long = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


def test_pages_ask_their_audience_and_not_for_the_host():
    asking = re.compile(r"\b(is_platform\(\)|on_platform)")
    places = [path for path in PRODUCT if path.is_relative_to(CHECKOUT / "pos_billing" / "web")]
    places += [path for path in FILES if path.is_relative_to(CHECKOUT / "templates")]
    knowing = {"frame.py", "mounting.py"}
    assert named(p for p in places if p.name not in knowing and asking.search(p.read_text())) == []


def test_every_view_is_in_the_table_of_pages():
    """A view that no row names would never be mounted: dead code that looks alive."""
    from pos_billing.web.pages import PAGES

    mounted = {(page.view.__module__, page.view.__name__) for page in PAGES}
    views = set()
    for path in PRODUCT:
        if path.is_relative_to(CHECKOUT / "pos_billing" / "web"):
            module = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
            found = re.findall(r"^@require_\w+(?:\(.*\))?\n(?:@.*\n)*def (\w+)", path.read_text(), re.MULTILINE)
            views |= {(module, name) for name in found}
    assert views
    assert views <= mounted
