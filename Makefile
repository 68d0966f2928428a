# `make demo` and `make test` are all a newcomer needs; `make check` is the whole truth.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SCANS ?= scans
OUTPUT ?= output
PYTEST_ARGS ?= -m "not slow"
# Processes that run tests side by side, each a file at a time; some tests take 1.5 GB.
TEST_WORKERS ?= 2
SIZE ?= 1000
SEED ?= 7
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INTEROP := $(VENV)-interop
KRAKEN ?=

.DEFAULT_GOAL := help
.PHONY: help install install-small demo test attack interop interop-install interop-viewers check format lint types imports fix clean

help:
	@echo "make demo     install into $(VENV), read the sample pages, say where to look"
	@echo "make test     the tests, two sample pages through the real networks included; the slow ones too: PYTEST_ARGS="
	@echo "make attack   hostile files, kills, full disks: SIZE=1000 SEED=7, ONLY=scans for one kind"
	@echo "make interop  programs of others read our exports: OCR-D, dinglehopper and more, and kraken (6 GB) with KRAKEN=1"
	@echo "make interop-viewers   viewers of IIIF for the tests that open exports in them (npm, 500 MB, into .interop)"
	@echo "make check    formatting, lint, types, import contract and the tests"
	@echo "make fix      put formatting and imports in order"
	@echo "make clean    remove $(VENV), what stands beside it, and the caches"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newspage needs Python 3.11 or newer; say which: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "No virtual environment could be made; on Debian run scripts/install-debian.sh first." >&2; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing newspage into $(VENV) (a few minutes the first time) ..."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing newspage and its development tools into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed

# Half the size, without PaddleOCR: docs/install.md.
install-small: | $(BIN)/python
	@echo "Installing newspage without PaddleOCR into $(VENV) ..."
	@$(PIP) install --no-deps --requirement requirements-small.txt
	@$(PIP) install --no-deps --editable .

# Readers of IIIF for tests, beside the environment: iiif-prezi3 asks for an older Pillow than newspage has.
interop-viewers: $(VENV)/.installed-dev
	@mkdir -p .interop/viewers
	@cp tests/viewers/package.json tests/viewers/overlay.js .interop/viewers/
	cd .interop/viewers && npm install --no-package-lock --legacy-peer-deps --ignore-scripts --no-audit --no-fund
	cd .interop/viewers && npm run --silent bundle
	$(PIP) install --upgrade --no-deps --target .interop/python iiif-prezi3==3.1.1

demo: $(VENV)/.installed
	$(BIN)/newspage run $(SCANS)/ -o $(OUTPUT)/
	@echo
	@echo "Look into $(OUTPUT)/, which has the folders of $(SCANS)/: a .txt and a .md for each page, and a .json with the"
	@echo "place of every character. Articles that go on over several pages are whole in $(OUTPUT)/issues/."
	@echo "What was found on a page, drawn: $(BIN)/newspage inspect PAGE"

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile $(PYTEST_ARGS)

attack: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.attack --size $(SIZE) --seed $(SEED) $(addprefix --only ,$(ONLY)) $(addprefix --keep ,$(KEEP))

# What the classes of impresso that read METS and ALTO import: the whole of it asks for clients of servers.
IMPRESSO_NEEDS := dask jsonlines python_jsonschema_objects smart_open

# The readers of other programs get an environment of their own: newspage and they want other versions
# of the same packages, and so does kraken.
$(INTEROP)/.installed: interop-constraints.txt | $(BIN)/python
	@echo "Installing the readers of other programs into $(INTEROP) (a minute or two) ..."
	@$(PYTHON) -m venv $(INTEROP)
	@$(INTEROP)/bin/python -m pip --disable-pip-version-check --quiet --retries 5 install \
	  --constraint interop-constraints.txt \
	  ocrd ocrd-page-to-alto dinglehopper alto-tools pagexml-tools hocr-tools $(IMPRESSO_NEEDS) && \
	$(INTEROP)/bin/python -m pip --disable-pip-version-check --quiet --retries 5 install --no-deps \
	  --constraint interop-constraints.txt impresso-text-preparation impresso-essentials || \
	  { rm -rf $(INTEROP); echo "The readers of other programs could not be installed: the package index is out of reach, or has one of" >&2; \
	    echo "the versions in interop-constraints.txt no more. That says nothing about newspage. Try again." >&2; exit 1; }
	@touch $@

$(INTEROP)-kraken/.installed: | $(BIN)/python
	@echo "Installing kraken into $(INTEROP)-kraken (6 GB) ..."
	@$(PYTHON) -m venv $(INTEROP)-kraken
	@$(INTEROP)-kraken/bin/python -m pip --disable-pip-version-check --quiet --retries 5 install kraken==7.1.1 || \
	  { rm -rf $(INTEROP)-kraken; echo "kraken could not be installed. That says nothing about newspage. Try again." >&2; exit 1; }
	@touch $@

interop-install: $(INTEROP)/.installed $(if $(KRAKEN),$(INTEROP)-kraken/.installed)

interop: $(VENV)/.installed-dev interop-install
	NEWSPAGE_INTEROP=$(INTEROP) NEWSPAGE_TEST_INTEROP_REQUIRED=1 NEWSPAGE_TEST_KRAKEN_REQUIRED=$(KRAKEN) \
	  $(BIN)/python -m pytest -m interop tests/test_interop.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports --no-cache

check: format lint types imports test

fix: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(INTEROP) $(INTEROP)-kraken .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
