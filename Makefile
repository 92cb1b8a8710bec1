# Two commands for a fresh machine (Python 3.11, Debian-like):
#   make app    set up and serve the app on http://127.0.0.1:7860
#   make test   set up and pass all tests, the same way every time
#
# More tests: `make test-slow` (random examples, slow pages), `make test-matrix` (other Pythons,
# oldest dependencies), `make fuzz` (a million odd inputs), `make faults` (do the tests notice
# mistakes?), `make coverage`, `make count` (lines of code and files), `make image-check` (the
# container image).
#
# torch: `make app TORCH_INDEX=https://.../cpu` takes torch from another package index.
# Without it, torch comes from the index that pip is set up with. It is installed first and
# alone; what it needs is in the lock files with everything else.

PYTHON ?= python3
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TORCH_FLAGS := $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX),)
PYTEST := $(BIN)/python -m pytest
# Compiled modules are kept whatever the environment says: the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=
# A worker a core: more of them only wait for each other. Who is done takes over tests of another.
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist worksteal
PACKAGES := seizure_core zoo training ui
# Counting covered lines is nearly free from Python 3.12 on; on 3.11 it takes as long again as the
# tests themselves, so that there only `make coverage` and `make test-slow` print it.
COUNTED := COVERAGE_CORE=$$($(BIN)/python -c "import sys; \
  print('sysmon' if sys.version_info >= (3, 12) else 'ctrace')")
COUNT := $(PACKAGES:%=--cov=%) --cov-report=
IS_CHEAP = $(shell $(BIN)/python -c "import sys; print(sys.version_info >= (3, 12) or '')")
PRINT_COVERAGE = @for package in $(PACKAGES); do \
  printf '%s: ' "$$package"; $(BIN)/coverage report --include="$$package/*" --format=total; \
  done; printf 'Lines covered, in %%, of all packages: '; $(BIN)/coverage report --format=total

.PHONY: app test test-slow test-slow-pages test-matrix coverage fuzz faults count check check-types
.PHONY: check-style style lock sbom
.PHONY: screenshots bench image-check zoo scoreboard clean

app: $(VENV)/.run-ready
	$(BIN)/python app.py

test: $(VENV)/.dev-ready chromium nginx
	@$(MAKE) --no-print-directory -j 2 -O check
	$(COUNTED) PYTHONHASHSEED=0 $(PYTEST) $(PARALLEL) -m "not slow" $(if $(IS_CHEAP),$(COUNT))
	$(if $(IS_CHEAP),$(PRINT_COVERAGE))

coverage: $(VENV)/.dev-ready chromium nginx
	$(COUNTED) PYTHONHASHSEED=0 $(PYTEST) $(PARALLEL) -m "not slow" $(COUNT)
	$(PRINT_COVERAGE)

test-slow: $(VENV)/.dev-ready chromium nginx
	$(COUNTED) SEIZURE_ZOO_TEST_EXAMPLES=random $(PYTEST) $(PARALLEL) $(COUNT)
	$(PRINT_COVERAGE)
	$(MAKE) test-slow-pages
	$(BIN)/python -m scripts.howto

# Three times in a row with every answer 700 ms late on a machine six times as slow.
test-slow-pages: $(VENV)/.dev-ready chromium nginx
	for run in 1 2 3; do \
	  SEIZURE_ZOO_TEST_LATER_MS=700 SEIZURE_ZOO_TEST_SLOWER=6 \
	    $(PYTEST) $(PARALLEL) -m "browser and not slow" || exit 1; \
	done

# Each Python that is found, and the oldest dependencies that pyproject.toml allows.
test-matrix: $(VENV)/.dev-ready nginx
	$(BIN)/python -m scripts.test_matrix $(if $(TORCH_INDEX),--torch-index $(TORCH_INDEX))

# A million inputs over every parser, endpoint and viewer function; stopped, it goes on later.
FUZZ ?= 1000000
fuzz: $(VENV)/.dev-ready
	$(BIN)/python -m tests.fuzz $(FUZZ) --processes $(WORKERS)

# Puts one mistake after another into a copy of the product; each must make a test fail.
faults: $(VENV)/.dev-ready
	$(BIN)/python -m tests.faults

# Lines of code and files, folder by folder.
count: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.count_code --depth 2

check: check-types check-style

check-types: $(VENV)/.dev-ready
	$(BIN)/mypy --num-workers $(WORKERS)

check-style: $(VENV)/.dev-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m scripts.check_js

style: $(VENV)/.dev-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pins every dependency within the ranges of pyproject.toml; UPGRADE=--upgrade takes newest.
lock: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.lock $(UPGRADE)

# The bill of materials and the licences of what is locked.
sbom: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.sbom

screenshots: $(VENV)/.dev-ready chromium
	$(BIN)/python -m scripts.screenshots

# About five minutes; measures beside the peers of requirements-bench.txt and puts the
# figures into README.
bench: $(VENV)/.bench-ready chromium
	$(BIN)/python -m benchmarks --json benchmarks/results.json
	$(BIN)/python -m scripts.readme

# Builds the Dockerfile and uses the image, also where no container engine is; see
# docs/container.md. Here, torch comes from the index that pip is set up with, too.
BASE ?=
image-check: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.image_check --torch-index "$(TORCH_INDEX)" $(if $(BASE),--base $(BASE))

# The real EEG that models are trained and measured with, see training/recipes/real_pieces.py.
DATA ?= ../shared/data

zoo: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.make_zoo --data $(DATA)

scoreboard: $(VENV)/.dev-ready
	$(BIN)/python -m scripts.scoreboard --data $(DATA)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis .fuzz .coverage

# --- set-up: each stamp is older than what it was made from, or it is made again ---

$(VENV)/.venv-ready:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed.')"
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.torch-ready: $(VENV)/.venv-ready requirements-torch.txt
	$(PIP) install --quiet --no-deps $(TORCH_FLAGS) -r requirements-torch.txt
	touch $@

$(VENV)/.run-ready: $(VENV)/.torch-ready requirements.txt
	$(PIP) install --quiet --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements-dev.txt
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)/.bench-ready: $(VENV)/.dev-ready requirements-bench.txt
	$(PIP) install --quiet --require-hashes -r requirements-bench.txt
	touch $@

# The browser journeys drive the system's Chromium. Debian has it without windows, too, which needs
# a fifth less processor time; Ubuntu has not.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
.PHONY: chromium
chromium:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	sh scripts/install_packages.sh chromium-headless-shell fonts-dejavu-core || \
	sh scripts/install_packages.sh chromium fonts-dejavu-core

# The tests behind a reverse proxy run a real one.
.PHONY: nginx
nginx: $(VENV)/.venv-ready
	@PATH="$$PATH:/usr/sbin:$(VENV)/nginx/usr/sbin" command -v nginx >/dev/null || \
	  sh scripts/fetch_nginx.sh $(VENV)/nginx
