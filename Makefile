# `make demo` shows Comity, `make test` checks it. Everything else is below; `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test tools coverage lint format soak bench docs audit lock clean

BIN   := .venv/bin
STAMP := .venv/.stamp
LOCK  := requirements.lock
ACTS  ?= 100000
# Where the tests keep what they saw in the browser.
export COMITY_SCREENSHOTS ?= $(CURDIR)/build/screenshots
# A Python to build the environment with; the first suitable one is taken when this is empty.
PYTHON ?=

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(STAMP) ## build .venv from the lock file (only when that changed)

# Exactly the lock file, by hash; then the project itself, without asking the network again.
# -qq: warnings about this machine's pip settings stay out of the way, errors are shown.
$(STAMP): $(LOCK) pyproject.toml
	@find_python() { \
	  for p in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$p"; return; fi; \
	  done; \
	}; \
	make_venv() { local python; python=$$(find_python); [ -n "$$python" ] && "$$python" -m venv --clear .venv; }; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1 && ! make_venv; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv, which this machine lacks."; \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv; \
	  fi; \
	  if ! make_venv; then \
	    echo "Comity needs Python 3.11 or later with its venv module. Install it, or say where it is:" >&2; \
	    echo "  make setup PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	  fi; \
	fi
	@echo "Installing what $(LOCK) lists into .venv (once; some minutes on a slow line)."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## watch two states work through a memorandum
	$(BIN)/comity demo

lint: setup ## style, types, import directions, declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/deptry src

# What only the tests need: a second reader of signed papers (Poppler's, with NSS), a browser, a hardware token in software.
tools:
	@lacking=""; \
	command -v pdfsig >/dev/null || lacking="$$lacking poppler-utils"; \
	command -v chromium >/dev/null || lacking="$$lacking chromium"; \
	command -v softhsm2-util >/dev/null || lacking="$$lacking softhsm2"; \
	if [ -n "$$lacking" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing$$lacking, which the tests need."; \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$lacking >/dev/null; \
	  else \
	    echo "The tests need$$lacking: install what is missing." >&2; \
	    exit 1; \
	  fi; \
	fi

# In two runs: what drives a browser keeps an event loop and greenlets in its process, which other tests have no use for.
# pytest runs last, so that its closing line is the last one printed.
test: lint tools ## everything that must hold before a change goes in
	$(BIN)/pytest -n 2 -m "not soak and not browser"
	$(BIN)/pytest -n 2 -m "browser and not soak"

# Apart from `test`: on Python 3.11 to count lines and branches doubles the time of every test.
coverage: setup tools ## which lines and branches the tests reach
	$(BIN)/pytest -n 2 -m "not soak and not browser" --cov --cov-report=term

soak: setup ## long runs over many nodes and faults, and every property on examples that were not drawn before
	$(BIN)/pytest -n 2 -m "hypothesis and not soak and not browser" --hypothesis-profile=other
	$(BIN)/pytest -n 2 -m soak --hypothesis-profile=other

bench: setup ## measure on this machine (ACTS=100000)
	$(BIN)/comity bench record --acts $(ACTS)

docs: setup ## build the documentation into docs/_build; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

format: setup ## let ruff lay out the code and mend what it safely can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

audit: setup ## ask whether a locked package has a known vulnerability; one that cannot be looked up is an error
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r $(LOCK)

# One file for Linux on x86_64 and aarch64 and for Python 3.11 and later: differences are markers in it.
# Not a dependant of setup: it must work when the lock file and pyproject.toml disagree.
lock: ## remake requirements.lock from pyproject.toml (UPGRADE=1: newest versions)
	@[ -x $(BIN)/uv ] || $(MAKE) setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --output-file $(LOCK) pyproject.toml

clean: ## remove what these targets made
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist docs/_build
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
