# `make run` and `make test` are all that is needed; `make` alone lists the rest.

VENV_PYTHON := .venv/bin/python
KIRITIMATI := TZ=Pacific/Kiritimati
# uv writes the requirements; `make requirements UV=/path/to/uv` where it is not on PATH
UV ?= uv
COMPILE = $(UV) pip compile -q --universal --generate-hashes --python-version 3.11 --no-header

.PHONY: help run demo test check test-peers soak screens bench-web requirements migration

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## Townboard on http://127.0.0.1:8000, until Ctrl-C
	@bin/setup run
	@exec $(VENV_PYTHON) -m aggregator up

demo: ## the same in a folder of its own, with two invented partners
	@bin/setup run
	@exec $(VENV_PYTHON) -m aggregator demo

test: ## the whole suite
	@bin/setup dev
	@$(KIRITIMATI) $(VENV_PYTHON) -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder -m "not soak" --ignore tests/peers

check: ## style, types, and who may import whom
	@bin/setup dev
	@$(VENV_PYTHON) -m ruff check --no-cache .
	@$(VENV_PYTHON) -m ruff format --check --no-cache .
	@$(VENV_PYTHON) -m mypy
	@.venv/bin/lint-imports

test-peers: ## other programs read our calendar back (node, npm, gcc, libical)
	@bin/setup dev
	@sh tests/peers/run.sh

soak: ## what takes long: all kills, all seeds
	@bin/setup dev
	@$(KIRITIMATI) HYPOTHESIS_PROFILE=soak $(VENV_PYTHON) -m pytest -q -m soak

screens: ## take the pictures of docs/screens anew (needs Chromium)
	@bin/setup dev
	@$(KIRITIMATI) $(VENV_PYTHON) bin/screens.py

BENCH ?= $(HOME)/.cache/townboard-bench
bench-web: ## how long every page takes at 10,000 and 1,000,000 events (makes 8 GB in BENCH)
	@bin/setup dev
	@$(VENV_PYTHON) -m bench.web $(BENCH)

requirements: ## compile requirements*.txt from requirements*.in
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-postgres.in -o requirements-postgres.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) requirements-setup.in -o requirements-setup.txt

migration: ## draft the next migration: make migration message="Names of places"
	@bin/setup dev
	@$(VENV_PYTHON) bin/migration.py $(message)
