# Two commands do all on a fresh machine: `make run` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help run run-split test app check fast browser bench fuzz lock clean
SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH):$(CURDIR)/.venv/node/bin
PYTEST := .venv/bin/python -m pytest

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## set everything up and start Coffer on SQLite and a local folder; prints the address
	@sh bootstrap.sh run
	@.venv/bin/python static/build/app.py
	@.venv/bin/python manage.py run

run-split: ## the same with the key vault as a program of its own, as on another host
	@sh bootstrap.sh run
	@.venv/bin/python manage.py run_split

test: ## set everything up, run every check and every test, real browser included
	@sh bootstrap.sh test
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory fast
	@$(MAKE) --no-print-directory browser

check: ## lint, types, import contracts, JavaScript types (after bootstrap.sh test)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	node_modules/.bin/tsc -p .

fast: ## unit, flow and corpus tests (after bootstrap.sh test)
	$(PYTEST) -m "not browser" -n 2 --dist loadfile

browser: ## the tests that drive a real Chromium against a real server (after bootstrap.sh test)
	$(PYTEST) -m browser -n 2 --dist loadfile

app: ## build the browser app into static/dist, if anything in it changed
	@sh bootstrap.sh run
	@.venv/bin/python static/build/app.py

bench: ## measure: a table of figures, ratios side by side in one run
	@sh bootstrap.sh test
	@.venv/bin/python -m tests.bench

fuzz: ## feed every reader mutated files, FUZZ_SECONDS (60) each, guided by what they reach
	@sh bootstrap.sh test
	@.venv/bin/python -m tests.fuzz --seconds $${FUZZ_SECONDS:-60}

lock: ## make the locks anew from pyproject.toml and package.json
	uv pip compile -q --upgrade --generate-hashes --universal --no-annotate --no-header --python-version 3.12 pyproject.toml --group build -o requirements.txt
	uv pip compile -q --generate-hashes --universal --no-annotate --no-header --python-version 3.12 -c requirements.txt pyproject.toml --group build --group test -o requirements-test.txt
	uv pip compile -q --upgrade --generate-hashes --universal --no-annotate --no-header --python-version 3.12 --group node -o requirements-node.txt
	uv pip compile -q --upgrade --generate-hashes --universal --no-annotate --no-header --python-version 3.12 --group bench -o requirements-bench.txt
	npm install --package-lock-only --ignore-scripts

clean: ## remove what was built (your data in .coffer stays)
	rm -rf .build static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
