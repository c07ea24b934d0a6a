# Everything a person or CI does with this repository; the steps themselves are in tools/.
.DEFAULT_GOAL := help
.PHONY: help setup up demo test bench torture lint format client translations wheel extension screenshots lock clean

bin := .venv/bin

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup:  ## everything into .venv, web assets built; quick when nothing changed
	@tools/setup

up: setup  ## Stint on http://127.0.0.1:8000, data under ./data
	@exec $(bin)/stint up

demo: setup  ## Stint with demo people and a Toggl sandbox
	@exec $(bin)/stint up --demo

test: setup  ## all tests: the kit's, and the server's on SQLite and on PostgreSQL
	@tools/install-test-needs
	@tools/test

torture: setup  ## Stint killed, starved and cut off in every way; some hours, writes docs/reliability.md
	@$(bin)/python -m torture

bench: setup  ## all benchmarks, each as a ratio against its floor
	@$(bin)/python -m benchmarks

lint: setup  ## every static check, the bill of materials, known faults of dependencies
	@tools/lint

format: setup  ## put Python and TypeScript into the house form
	@$(bin)/ruff check --quiet --fix-only . && $(bin)/ruff format .
	@tools/node biome check --write .

client: setup  ## the kit's types of the HTTP API, from the server's own document
	@tools/client

translations: setup  ## take new texts of the sources into the .po files
	@$(bin)/python tools/translations.py update

wheel: setup  ## dist/*.whl, web assets and translations inside; the same sources give the same bytes
	@$(bin)/uv build --quiet --wheel --no-build-isolation --out-dir dist

extension: setup  ## the browser extension: dist/stint-extension-chrome.zip and -firefox.zip
	@$(bin)/python tools/extension.py

screenshots: setup  ## the pictures of the documentation
	@tools/install-desktop
	@$(bin)/python tools/screenshots.py

lock:  ## resolve the dependencies of pyproject.toml and clients/package.json anew
	@tools/lock

clean:  ## remove what setup, test and wheel made; ./data stays
	@rm -rf .venv dist clients/node_modules src/stint/web/static/dist src/stint/locale/*/LC_MESSAGES/*.mo clients/desktop/stint_desktop/locale/*/LC_MESSAGES/*.mo .mypy_cache .pytest_cache .ruff_cache .hypothesis
