# Anlan. `make run` and `make test` need Python 3.11+ and make; what else is missing they install, and say so.
# Every other target is one stage of these two. Stamps below var/ and .venv make a second run quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE ?= sqlite
WORKERS ?= 2
TESTS ?=
ANSWERS ?= 1000000
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Containers often set this; without byte code every process of every stage compiles product and tests anew.
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
pytest := $(python) -m pytest
stage  := @scripts/stage
unit   := $(pytest) -n $(WORKERS) --dist worksteal -m "not browser" $(TESTS)
with_database = $(if $(filter postgres,$(DATABASE)),scripts/with_postgres,)

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# -- set-up ------------------------------------------------------------------------------------------------

.venv/made: scripts/make_venv
	@scripts/make_venv
	@touch $@

.venv/base: .venv/made requirements/base.txt
	@scripts/install requirements/base.txt
	@touch $@

.venv/dev: .venv/made requirements/dev.txt
	@scripts/install requirements/dev.txt
	@touch $@ .venv/base

assets/node_modules/made: assets/package.json assets/package-lock.json | .venv/base
	@scripts/node scripts/fetch_assets
	@touch $@

vendor/made: assets/node_modules/made $(wildcard assets/*.js assets/*.txt)
	@mkdir -p vendor
	@scripts/node scripts/offline_manage vendor_assets --skip-checks
	@touch $@

var/env: scripts/first_settings
	@scripts/first_settings $@

printing:
	@scripts/system_packages pango fonts

setup: .venv/dev vendor/made var/env printing  ## everything that the tests need, installed

# -- run ---------------------------------------------------------------------------------------------------

run: .venv/base vendor/made var/env printing  ## the demo county on http://localhost:8000 (DATABASE=postgres: a throw-away one)
	@HOST=$(HOST) PORT=$(PORT) $(with_database) bash -c 'scripts/prepare_database && exec scripts/serve'

# -- test --------------------------------------------------------------------------------------------------

test: setup  ## everything that must hold, in stages; about what CI runs
	@scripts/system_packages chromium postgresql
	$(stage) lint $(MAKE) lint
	$(stage) types $(MAKE) types
	$(stage) contract $(MAKE) contract
	$(stage) unit $(MAKE) unit
	$(stage) postgres $(MAKE) postgres
	$(stage) browser $(MAKE) browser
	@scripts/stage --summary

lint: .venv/dev  ## style of code and templates
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m djlint anlan --lint --quiet

types: .venv/dev  ## static types
	$(python) -m mypy

contract: .venv/dev  ## floors, declared dependencies, migrations, system checks
	.venv/bin/lint-imports
	$(python) -m deptry .
	scripts/offline_manage makemigrations --check --dry-run
	scripts/offline_manage check --fail-level WARNING

unit: .venv/dev vendor/made  ## all tests but the browser's, on SQLite, in random order
	$(unit)

# Statistics gathered at some moment between two tests speak of tables that were empty then.
postgres: .venv/dev vendor/made  ## the same tests on a throw-away PostgreSQL, in reverse order
	@scripts/system_packages postgresql
	POSTGRES_OPTIONS="-c autovacuum=off" scripts/with_postgres $(unit) -p no:randomly --backwards

browser: .venv/dev vendor/made  ## journeys through the browser (DATABASE=postgres for the other database)
	@scripts/system_packages chromium fonts
	$(with_database) $(pytest) -n $(WORKERS) --dist worksteal -m browser -p no:randomly $(TESTS)

soak: .venv/dev vendor/made  ## the long tests, on a throw-away PostgreSQL
	@scripts/system_packages postgresql
	scripts/with_postgres $(pytest) --slow --timeout 1800 $(TESTS)

ledgers: .venv/dev  ## every ledger with its lines, fields, filters, expiry and conformance (TESTS="-k water")
	ANLAN_LEDGERS=1 $(with_database) $(pytest) tests/conformance -m "not slow" $(TESTS)

requirements: .venv/dev vendor/made  ## which entries of the catalogues have passing tests
	@scripts/system_packages chromium fonts
	$(pytest) --requirements -q -n $(WORKERS) --dist worksteal $(TESTS)

bench: .venv/dev vendor/made  ## benchmarks on a throw-away PostgreSQL; one JSON line each (ANSWERS=10000000 for all)
	@scripts/system_packages postgresql
	@scripts/with_postgres $(python) -m bench $(TESTS) --answers $(ANSWERS)

# -- care --------------------------------------------------------------------------------------------------

lock:  ## compile requirements/ anew (needs uv)
	scripts/lock

format: .venv/dev  ## rewrite the code in the agreed style
	$(python) -m ruff check --fix
	$(python) -m ruff format

clean:  ## remove what was built; the database, files and settings of var/ stay
	rm -rf .venv vendor assets/node_modules var/artifacts var/static .mypy_cache .ruff_cache .pytest_cache
	rm -rf var/stages var/requirements.json var/requirements.md var/schema

.PHONY: help printing setup run test lint types contract unit postgres browser soak ledgers requirements bench \
	lock format clean
