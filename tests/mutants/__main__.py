"""Mutation testing: ``python -m tests.mutants`` (``make mutants``) changes code, a little at a time, and runs tests.

A mutant that no test notices survives, and is printed with its change: it wants a test, or a reason why it changes
nothing (docs/development.md). The code is changed in a copy of the checkout below ``.state/mutants``, never here.
Arguments are names of groups (``rating``, ``run`` …) or modules (``pos_billing/rating/tiers.py``); without them, all.
What was tried is kept: a run that was cut off goes on where it was. ``--fresh`` begins anew.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = ROOT / ".state" / "mutants"
COPY = HERE / "checkout"
BIN = ROOT / ".venv" / "bin"
COPIED = ("pos_billing", "migrations", "templates", "plugin.toml", "tests", "example_site", "pyproject.toml", "docs")
TIMEOUT_SECONDS = 300.0

# The rules are pure: without Django each mutant takes a few seconds.
RATING_TESTS = (
    "--noconftest -p no:django -p no:xdist -o DJANGO_SETTINGS_MODULE= "
    "tests/rating/test_usage.py tests/rating/test_money_and_proration.py tests/rating/test_reach.py "
    "tests/rating/test_chargeable.py tests/rating/test_settlement.py tests/rating/test_spans.py "
    "tests/rating/test_statements_in_sequence.py tests/rating/test_peers.py"
)
STATEMENTS_TESTS = (
    "tests/statements/test_verdicts.py tests/statements/test_scope.py tests/statements/test_bill.py "
    "tests/statements/test_prove.py tests/statements/test_preview.py tests/statements/test_issued_rows.py"
)
GROUPS = {
    "rating": ("rating", RATING_TESTS),
    "verdicts": ("statements/verdicts.py", STATEMENTS_TESTS),
    "touches": ("statements/touches.py", STATEMENTS_TESTS),
    "drafts": ("statements/drafts.py", STATEMENTS_TESTS),
    "billed": ("statements/billed.py", STATEMENTS_TESTS),
    "run": ("statements/run.py", STATEMENTS_TESTS),
}
"""What is changed, and the quick tests that must notice."""


def main(arguments: list[str]) -> int:
    """Try every mutant of the chosen groups or modules; returns 1 when one survives."""
    fresh = "--fresh" in arguments
    chosen = [name for name in arguments if name != "--fresh"] or list(GROUPS)
    survivors = 0
    for name in chosen:
        path, tests = GROUPS.get(name) or (name.removeprefix("pos_billing/"), _tests_of(name))
        survivors += _try(path, tests, fresh)
    return 1 if survivors else 0


def _tests_of(module: str) -> str:
    return RATING_TESTS if "rating/" in module else STATEMENTS_TESTS


def _try(path: str, tests: str, fresh: bool) -> int:
    """All mutants of ``pos_billing/path``; returns how many survived, after printing each."""
    _make_copy()
    label = path.replace("/", "_").removesuffix(".py")
    config, session = HERE / f"{label}.toml", HERE / f"{label}.sqlite"
    if fresh:
        session.unlink(missing_ok=True)
    config.write_text(
        "[cosmic-ray]\n"
        f'module-path = "pos_billing/{path}"\ntimeout = {TIMEOUT_SECONDS}\nexcluded-modules = []\n'
        f'test-command = "{BIN}/pytest -x -q -p no:cacheprovider {tests}"\n'
        '[cosmic-ray.distributor]\nname = "local"\n'
    )
    tool = str(BIN / "cosmic-ray")
    if not session.exists():
        subprocess.run([tool, "init", str(config), str(session)], cwd=COPY, check=True)
    subprocess.run([tool, "exec", str(config), str(session)], cwd=COPY, check=True)
    report = subprocess.run(
        [str(BIN / "cr-report"), "--show-diff", "--surviving-only", str(session)], cwd=COPY, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    print(f"== pos_billing/{path}\n{report}", flush=True)
    return report.count("test outcome: TestOutcome.SURVIVED") or report.count("TestOutcome.SURVIVED")


def _make_copy() -> None:
    """A copy of the checkout as it is now; its code is what the mutants change."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, COPY / name)
    (COPY / ".venv").symlink_to(ROOT / ".venv")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
