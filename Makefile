# Everything is set up on the way: `make demo` or `make test` is all that a newcomer types.
# What is made stays in .venv/ and .state/, which git ignores.

PYTHON3 ?= python3
VENV    := .venv
PYTHON  := $(VENV)/bin/python
MANAGE  := $(PYTHON) example_site/manage.py
INSTALL := sh example_site/setup/system-packages.sh
UV      := "uv>=0.13,<0.14"
ARGS    ?=
# The whole suite runs on up to four processors at once, each with a database of its own; a file stays on one.
PARALLEL := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Per cent of the branches of rating/ that tests take: it may only rise (tests/architecture/test_coverage_floor.py).
RATING_FLOOR := 100

.DEFAULT_GOAL := help
.PHONY: help setup pdf browser demo demo-down test soak mutants bench lint docs bootstrap clean

help: ## Say what can be typed
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  Options go into ARGS, for example: make test ARGS="tests/rating -q"'

setup: $(VENV)/synced ## Make the virtual environment with the locked dependencies

$(VENV)/synced: pyproject.toml uv.lock
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed (make PYTHON3=/path/to/python3.12 …)"; exit 1; }
	@test -x $(PYTHON) || $(PYTHON3) -c 'import ensurepip' 2>/dev/null || $(INSTALL) python
	@test -x $(PYTHON) || $(PYTHON3) -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check $(UV)
	$(VENV)/bin/uv sync --locked --inexact --quiet --python $(PYTHON)
	@touch $@

pdf:
	@$(INSTALL) pdf

browser:
	@$(INSTALL) browser

demo: setup pdf ## Fill a database with the demo's register, bill it, and serve the site
	@$(MANAGE) demo_up $(ARGS)

demo-down: setup ## Stop what make demo started; the data stay
	@$(MANAGE) demo_down

test: setup pdf browser ## Run all tests
	$(VENV)/bin/pytest $(or $(ARGS),$(PARALLEL))

coverage: setup pdf browser ## Run tests and say which branches they do not take; rating/ has none such
	@mkdir -p .state
	$(VENV)/bin/coverage run -m pytest $(or $(ARGS),$(PARALLEL))
	$(VENV)/bin/coverage combine --quiet
	$(VENV)/bin/coverage report
	$(VENV)/bin/coverage report --include='pos_billing/rating/*' --fail-under=$(RATING_FLOOR)

soak: setup ## Collect 500 statements with every fault on, workers killed at random: each is paid once
	SOAK_STATEMENTS=$${SOAK_STATEMENTS:-500} $(VENV)/bin/pytest tests/collection/test_soak.py $(ARGS)

mutants: setup ## Change the rules of billing a little at a time; a change that no test notices is printed (hours)
	$(VENV)/bin/uv sync --locked --inexact --quiet --group mutants --python $(PYTHON)
	$(PYTHON) -m tests.mutants $(ARGS)

bench: setup ## Measure runs of up to 100,000 Instances beside plain SQL and a loop, collecting, and every page
	$(PYTHON) -m example_site.bench $(ARGS)

lint: setup ## Check style, types, the direction of imports, dead code, and that no migration or lock is missing
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/vulture
	$(MANAGE) makemigrations --check --dry-run
	$(VENV)/bin/uv lock --check --quiet

docs: setup ## Draw the house from the code, and list refusals
	$(PYTHON) -m tests.architecture.draw_house
	$(MANAGE) pos_billing_refusals docs/refusals.md
	$(MANAGE) pos_billing_pages docs/roles.md

bootstrap: setup ## Make the head start for empty databases anew (after third-party packages changed)
	$(MANAGE) build_bootstrap
	$(VENV)/bin/pytest -m replays_history tests/host

clean: ## Remove the virtual environment and all data of demo and tests
	@test ! -x $(PYTHON) || $(MANAGE) demo_down || true
	@test ! -x $(PYTHON) || $(PYTHON) -c 'from example_site import embedded_postgres as e; e.stop(e.data_folder(throwaway=True))'
	rm -rf $(VENV) .state
