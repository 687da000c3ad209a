# Everything a newcomer needs. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8018
ARGS   ?=
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts bench siege lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Circletake needs Python 3.11 or later; set PYTHON=/path/to/it."; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m virtualenv $(VENV) 2>/dev/null || { echo "This Python cannot make a virtual environment: install python3-venv (Debian) or virtualenv."; exit 1; }
	@echo "Installing what requirements-dev.txt lists (a minute, once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready ## try it in a browser: a small Slack with the app in it (PORT=, TOUR=1, ENGINES=all)
	@$(BIN)/python -m tests.workspace.demo --port $(PORT) $(if $(TOUR),--tour) $(if $(ENGINES),--engines $(ENGINES)) $(ARGS)

test: $(VENV)/.ready ## every test that this machine can run
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: lint types contracts test ## what CI asks: lint, types, contracts, tests

lint: $(VENV)/.ready ## ruff: format and rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/.ready ## basedpyright, strict
	@$(BIN)/basedpyright

contracts: $(VENV)/.ready ## who may import whom
	@$(BIN)/lint-imports

bench: $(VENV)/.ready ## the benchmark table, each figure as a ratio measured side by side
	@$(BIN)/python -m tests.bench $(ARGS)

siege: $(VENV)/.ready ## kill -9 under 500 orders: what is lost or doubled (ARGS="--orders 500 --database postgres")
	@$(BIN)/python -m tests.stories.siege $(ARGS)

lock: ## renew the two requirements files (needs uv)
	@uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -q -o requirements.txt
	@uv pip compile pyproject.toml --extra dev -c requirements.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -q -o requirements-dev.txt

clean: ## remove the environment and everything built
	@rm -rf $(VENV) var build dist *.egg-info
