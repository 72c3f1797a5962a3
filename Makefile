# Factory ID. `make help` lists what there is; every target sets up what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := $(CURDIR)

.PHONY: help
help: ## What can be done here
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) (once; a minute or two) …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is needed (Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/factory-id: $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: setup
setup: $(BIN)/factory-id ## The virtual environment with the command factory-id, and the languages
	@$(BIN)/python -m infra.locales

.PHONY: demo
demo: setup ## The whole service on this machine with a demo world; PORT, HOST and BASE_URL can be set
	@$(BIN)/python -m infra.demo

tests/%/node_modules/.ready: tests/%/package-lock.json
	@{ command -v npm >/dev/null && npm ci --silent --prefix tests/$* && touch $@; } || \
	echo "npm is not here, or could not fetch: what needs its packages (axe, vnu, bwip-js, Lighthouse) is skipped."

.PHONY: test
test: setup tests/js/node_modules/.ready ## All tests; what needs Chromium, npm or Java is skipped where they are not
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

.PHONY: check
check: setup ## Lint, format, types, architecture, growth, CloudFormation, security, secrets in the files, OpenAPI
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_arrows.py tests/test_public_surface.py tests/test_guard.py tests/safety/test_statements.py
	$(BIN)/cfn-lint infra/tables.yaml infra/keys.yaml infra/photos.yaml infra/mail.yaml
	$(BIN)/bandit -q -ll -c pyproject.toml -r app.py chalicelib factory_id factory_labels infra photos
	$(BIN)/python -m infra.supply.leaks
	$(BIN)/python -m infra.openapi --check

.venv-safety/.ready: requirements-safety.lock
	@echo "Setting up .venv-safety (once; a minute) …"
	@$(PYTHON) -m venv .venv-safety
	@.venv-safety/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-safety.lock
	@touch $@

.PHONY: audit
audit: setup .venv-safety/.ready ## Review templates and policies: cfn-lint, checkov, parliament, cloudsplaining
	@$(BIN)/python -m infra.audit

.PHONY: supply
supply: setup package ## Bills of materials, licences, and secrets in the files (HISTORY=1: in all commits, too)
	@$(BIN)/python -m infra.supply.licences --check
	@$(BIN)/python -m infra.supply.sbom
	@$(BIN)/python -m infra.supply.leaks
	@if [ -n "$(HISTORY)" ]; then $(BIN)/python -m infra.supply.leaks --history; fi

$(VENV)/.mutants: $(VENV)/.ready requirements-mutants.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.lock
	@touch $@

.PHONY: mutants
mutants: setup $(VENV)/.mutants ## Change the rules and see whether a test notices; ARGS names modules; docs/mutants.md
	@$(BIN)/python -m infra.mutants $(ARGS)

.PHONY: safety
safety: setup tests/js/node_modules/.ready ## What must hold, tried at length: a table, and docs/safety.md (under 30 minutes)
	@$(BIN)/python -m tests.safety $(ARGS)

.PHONY: pictures
pictures: setup ## Screenshots of the main pages, into docs/pictures
	@$(BIN)/python -m infra.pictures

.PHONY: lighthouse
lighthouse: setup tests/lighthouse/node_modules/.ready ## Lighthouse on the main pages, on a quiet machine; minutes
	@$(BIN)/python -m infra.lighthouse

.PHONY: package
package: setup ## The functions' zips and CloudFormation templates, in build/
	@$(BIN)/python -m infra.package

.PHONY: deploy
deploy: setup ## Deploy to AWS; what is not said stays as it is (ARGS="--set Name=Value …"); docs/runbook.md
	@$(BIN)/python -m infra.deploy $(ARGS)

.PHONY: rehearse
rehearse: setup ## What docs/runbook.md tells of, done on a local engine; a minute. NAMES="restoring leaking …" for some
	@$(BIN)/python -m infra.rehearse $(NAMES)

.venv-bench/.ready: requirements-bench.lock
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

.PHONY: bench
bench: setup .venv-bench/.ready ## How fast, against whom: one table, and bench/RESULTS.md (under 15 minutes)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: guard
guard: setup ## Accept what the public surface loads, reads, sends and calls: write bench/guard.json anew
	@$(BIN)/python -m bench.guard --write

.PHONY: openapi
openapi: setup ## Write openapi.json anew
	@$(BIN)/python -m infra.openapi

.PHONY: lock
lock: setup ## Resolve the dependencies of pyproject.toml anew into the lock files
	@$(BIN)/pip-compile $(LOCK) --extra dev -o requirements-dev.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) -c requirements-dev.lock -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --extra bench -c requirements-dev.lock -o requirements-bench.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --extra safety -o requirements-safety.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --extra mutants -c requirements-dev.lock -o requirements-mutants.lock pyproject.toml
LOCK := -q --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --generate-hashes --strip-extras --allow-unsafe

.PHONY: clean
clean: ## Forget the demo world and all that was built
	rm -rf .local build chalicelib/web/locale
