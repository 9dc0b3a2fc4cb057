# `make demo` shows a community; `make test` proves the house. Both set up what they need.

PYTHON ?= python3
BENCH ?=
QUICK ?=
ROOMS ?= src/reciproca/ledger src/reciproca/settings src/reciproca/shared/tests/test_jobs.py
export PATH := $(CURDIR)/.venv/bin:$(PATH)

ASSETS := src/reciproca/web/assets/manifest.json
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard src/reciproca/locale/*/LC_MESSAGES/*.po))

.PHONY: setup demo test test-server check bench soak lock messages format clean

setup: .venv/.synced $(if $(wildcard frontend/package.json),$(ASSETS)) $(CATALOGUES) .venv/.chromium

demo: setup
	reciproca demo

# Two hands share the suite; one file is one hand's (conftest.py).
HANDS ?= 2

test: setup
	pytest --numprocesses $(HANDS) --dist loadgroup

# A few rooms on a server that DATABASE_URL names; everything: make test-server ROOMS=
test-server: setup
	python scripts/on_a_server.py pytest --quiet $(ROOMS)

check: setup
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --settings reciproca.settings.testing
	RECIPROCA_BASE_URL=https://reciproca.example RECIPROCA_SECRET_KEY=$$(python -c \
		'import secrets; print(secrets.token_urlsafe(64))') python -m django check --deploy \
		--fail-level WARNING --settings reciproca.settings.django
	python scripts/messages.py check

# QUICK=1 shows that they run, and keeps no figures.
bench: setup .venv/.peers
	QUICK=$(QUICK) python -m benchmarks $(BENCH)

# Kills the house two hundred times while it sells, and counts what is left.
soak: setup
	python -m tests.crashes $(or $(ROUNDS),200)

format: .venv/.synced
	ruff format .
	ruff check --fix .

# Translators' aid: new Italian sentences go into the English catalogue, old translations stay.
messages: .venv/.synced
	python scripts/messages.py update

LOCK := uv pip compile --system-certs --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# `make lock UPGRADE=--upgrade` takes newer releases.
lock: .venv/.synced
	$(LOCK) $(UPGRADE) requirements/uv.in -o requirements/uv.lock
	$(LOCK) $(UPGRADE) requirements/main.in -o requirements/main.lock
	$(LOCK) $(UPGRADE) requirements/dev.in -o requirements/dev.lock
	$(LOCK) $(UPGRADE) requirements/peers.in -o requirements/peers.lock

clean:
	rm -rf .venv frontend/node_modules src/reciproca/web/assets
	find src -name '*.mo' -delete

# --- what setup is made of; each stamp is younger than what it was made from ---

.venv/bin/uv: requirements/uv.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Reciproca needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.lock
	touch $@

.venv/.synced: .venv/bin/uv requirements/dev.lock pyproject.toml requirements/main.in
	uv pip sync --python .venv/bin/python --system-certs --require-hashes --quiet requirements/dev.lock
	uv pip install --python .venv/bin/python --system-certs --quiet --no-deps --no-build-isolation --editable .
	touch $@

# What benchmarks stand beside; without it they say so and go on.
.venv/.peers: requirements/peers.lock .venv/.synced
	-uv pip install --python .venv/bin/python --system-certs --require-hashes --quiet \
		-r requirements/peers.lock && touch $@

.venv/.npm: frontend/package.json frontend/package-lock.json | .venv/.synced
	cd frontend && NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(ASSETS): .venv/.npm $(FRONTEND)
	cd frontend && npm run --silent build
	touch $@

%.mo: %.po | .venv/.synced
	pybabel --quiet compile -f -i $< -o $@

.venv/.chromium: scripts/install_chromium | .venv/.synced
	scripts/install_chromium
	touch $@
