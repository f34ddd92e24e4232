# Everything a new user needs: `make demo` and `make test`. Each does its own set-up once.
# Needs Python >= 3.11 with venv, git and make; nothing else.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= factcheck-demo
ONLY ?=
SECONDS ?= 120
SEED ?= 1

# One Label Studio environment for the demo and the tests; it is large (about 800 MB).
export FACTCHECK_STUDIO_ENVIRONMENT ?= $(CURDIR)/.venv-studio
export UV_PYTHON_DOWNLOADS := never

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

$(READY): requirements/build.txt requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer (with venv) is needed; none was found on PATH" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY) ## make .venv with the locked dependencies

demo: $(READY) ## the whole loop on bundled articles and a real, local Label Studio
	@$(BIN)/factcheck demo --folder $(DEMO)

test: $(READY) ## every test; starts its own Label Studio and browser
	@$(BIN)/python -m pytest $(ARGS)

test-fast: $(READY) ## tests that need no server and no browser; ten to fifteen minutes on two cores
	@$(BIN)/python -m pytest -n 2 -m "not live and not browser and not slow and not chaos" $(ARGS)

lint: $(READY) ## ruff, mypy, and the generated files and documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/docs

bench: $(READY) ## speed, beside an anchor in the same run (JSON=1, ONLY=dataset)
	@$(BIN)/python -m tests.bench $(ONLY)

eval: $(READY) ## quality on ../shared/data, with floors (JSON=1, ONLY=claims)
	@$(BIN)/python -m tests.eval $(ONLY)

cases: $(READY) ## written cases of articles and claims (FILE=other.json)
	@$(BIN)/python -m tests.cases "$(FILE)"

chaos: $(READY) ## the long fault runs
	@FACTCHECK_EXHAUSTIVE=1 $(BIN)/python -m pytest --timeout 7200 -m "chaos or (slow and not live and not browser)" $(ARGS)

coverage: $(READY) ## branches that the fast tests run, by room, with a floor
	@rm -rf .coverage && mkdir .coverage
	@$(BIN)/coverage run -m pytest -q -p no:xdist -m "not live and not browser and not slow and not chaos" $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/python -m tests.coverage_of_rooms

mutants: $(READY) ## changes that the tests should notice (ONLY=claims, SAMPLE=300, SEED=1, ALL=1)
	@ONLY=$(ONLY) SEED=$(SEED) $(BIN)/python -m tests.mutants

fuzz: $(READY) ## random input to the whole command line (SECONDS=1200, SEED=7)
	@FUZZ_SECONDS=$(SECONDS) FUZZ_CASES=1000000 FUZZ_SEED=$(SEED) $(BIN)/python -m pytest -s tests/fuzz

generate: $(READY) ## write schemas/, docs/cli.md and the golden samples again
	@$(BIN)/factcheck schemas --folder schemas --force
	@$(BIN)/python -m tests.docs.generate
	@$(BIN)/python -m tests.golden.write_samples

docs: $(READY) ## the documentation as a searchable site in build/docs/site, with strict links
	@test -x .venv-docs/bin/zensical || { $(PYTHON) -m venv .venv-docs && $(BIN)/uv pip install --quiet --python .venv-docs/bin/python --require-hashes -r requirements/docs.txt; }
	@$(BIN)/python -m tests.docs.staging build/docs
	@.venv-docs/bin/zensical build --strict --config-file build/docs/zensical.toml

lock: $(READY) ## resolve the dependencies again, with hashes and for every platform
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements/build.in -o requirements/build.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra all pyproject.toml -o requirements/runtime.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 -c requirements/runtime.txt requirements/core.in -o requirements/core.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group dev --extra all pyproject.toml -o requirements/dev.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/dataset-readers.in -o requirements/dataset-readers.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/docs.in -o requirements/docs.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/label-studio.in -o factcheck/studio/local/server-requirements.txt $(ARGS)

clean: ## take away what the targets above made
	rm -rf $(VENV) .venv-studio .venv-datasets .venv-docs build dist $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help setup demo test test-fast lint bench eval cases chaos coverage mutants fuzz generate docs lock clean
