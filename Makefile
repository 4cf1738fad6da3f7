# corpus-tool: make build, make test. Everything is installed into .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
EXAMPLE := dist/example

.PHONY: build test test-all lint types format docs screenshots lock bench bench-more bench-scale yardstick clean

build: .venv/installed
	$(BIN)/corpus-tool convert corpus/articles --into corpus
	$(BIN)/corpus-tool validate corpus
	$(BIN)/corpus-tool build corpus --out $(EXAMPLE)
	@echo
	@echo "Built $(EXAMPLE). Load it:"
	@echo "  $(BIN)/python -c \"from datasets import load_dataset; print(load_dataset('$(EXAMPLE)', 'figures')['train'][0])\""

# One process a core; the tests of a file stay together. PROCESSES=0 runs them in this one.
PROCESSES ?= 2
test: .venv/installed
	$(BIN)/python -m pytest -m "not slow" --numprocesses $(PROCESSES) --dist loadfile

test-all: .venv/installed
	$(BIN)/python -m pytest --hypothesis-profile=search

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/mypy

format: .venv/installed
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# The pages of docs/checks, from the docstrings of the checks.
docs: .venv/installed
	$(BIN)/corpus-tool checks --docs docs/checks

# The pictures of docs/review.md (needs Chromium).
screenshots: .venv/installed
	CORPUS_TOOL_SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/review_browser/test_screenshots.py

# The interpreter, the pinned packages with their hashes, and this project on top of them.
.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "corpus-tool needs Python 3.11 or later: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Pins anew what pyproject.toml asks for (needs uv).
lock:
	uv pip compile pyproject.toml --extra agreement --extra annotate --extra dask --extra dev --extra formats --extra s3 --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o requirements.txt

# The annotators against annotated news from elsewhere; the folder is not part of this repository.
YARDSTICK ?= ../shared/yardstick
yardstick: .venv/installed
	$(BIN)/python bench/yardstick.py $(YARDSTICK)

# The table of ratios against other packages, in some ten minutes; a short one: make bench EFFORT=--quick.
EFFORT ?=
bench: .venv/bench
	$(BIN)/python bench/table.py $(EFFORT)

# What the table does not say: instructions, memory, many documents.
bench-more: .venv/bench
	$(BIN)/python bench/validate.py
	$(BIN)/python bench/duplicates.py
	$(BIN)/python bench/build.py

# Validate and build over ever more documents; hours with a million of them, and 10 GB below SCALE.
SCALE ?= build/scale
bench-scale: .venv/installed
	$(BIN)/python bench/scale.py --folder $(SCALE) --dask

.venv/bench: .venv/installed bench/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/requirements.txt
	touch $@

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
