# `make` lists the targets. Each makes its own .venv where there is none: nothing but Python 3.11+ is needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STUDY  ?= configs/studies/quickstart.toml
OUT    ?= results/quickstart
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup run test test-nojit search lint types imports bench docs check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.made: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python must be 3.11 or newer, received $$($(PYTHON) --version). Try make PYTHON=python3.12."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev,report,app,search]'
	@touch $@

setup: $(VENV)/.made ## Make .venv with everything in it

run: $(VENV)/.made ## Run the quickstart study (or make run STUDY=... OUT=...)
	$(BIN)/csmsim run $(STUDY) --out $(OUT)
	@echo "Results are in $(OUT)."

test: $(VENV)/.made ## Run the tests
	$(BIN)/python -m pytest

test-nojit: $(VENV)/.made ## Run the tests with the kernels as plain Python
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m "not jit" tests/world tests/measure tests/plan tests/test_ledger.py tests/test_founding_tables.py tests/test_pump.py tests/test_exact_twin.py

search: $(VENV)/.made ## Search new examples, ten times as many (or make search TESTS=tests/world)
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m hypothesis $(TESTS)

lint: $(VENV)/.made ## Check style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.made ## Check types
	$(BIN)/mypy

imports: $(VENV)/.made ## Check who imports whom
	$(BIN)/lint-imports

bench: $(VENV)/.made ## Measure the speed against the rivals in benchmarks/
	$(BIN)/python -m benchmarks

docs: $(VENV)/.made ## Build the documentation into site/, its notebooks executed
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[docs]'
	$(BIN)/python -m mkdocs build --strict --quiet
	@echo "Open site/index.html."

check: lint types test test-nojit ## All checks, in this checkout

clean: ## Remove .venv, caches and results
	rm -rf $(VENV) results site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
