# Shouhu 守护. `make demo` shows it, `make test` proves it; both make their own environment first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
REQS   := infra/requirements

.PHONY: setup demo test check faults bench schemas clauses lock clean
setup: $(VENV)/.ready  ## environment in .venv

$(VENV)/.ready: $(REQS)/runtime.txt $(REQS)/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shouhu needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Give another one with: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned libraries into $(VENV) (about 200 MB the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(REQS)/runtime.txt -r $(REQS)/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 
	@touch $@

demo: setup  ## the whole system with sample data, phones in the browser. ARGS=--once for the non-interactive form
	@$(BIN)/shouhu demo $(ARGS)

test: setup  ## every test: real PostgreSQL, real Apache Kafka, real browser
	@infra/bin/test-prerequisites
	@$(BIN)/python -m pytest $(ARGS)

check: setup  ## lint, types, import rules, unit and contract tests: a minute
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/unit tests/contract

faults: setup  ## the long form of the fault test: kills, restarts, drops, sick providers
	@$(BIN)/python -m infra.bench.faults $(ARGS)
	@$(BIN)/python -m infra.bench.faults.sick_providers

bench: setup  ## the performance table of the README, measured on this machine
	@$(BIN)/python -m infra.bench $(ARGS)

schemas: setup  ## regenerate events/schemas and the AsyncAPI document from the models
	@$(BIN)/python -m events.generate

clauses: setup  ## regenerate the clause map's document from the policy texts and the map
	@$(BIN)/python -m services.cli.clause_document

lock: setup  ## pin every library again by version and hash
	@$(BIN)/python -m pip install --quiet pip-tools
	@cd $(REQS) && for f in runtime dev; do ../../$(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-header -o $$f.txt $$f.in; done

clean:
	rm -rf $(VENV) build *.egg-info
