# `make run` and `make test` each do all the set-up that they need, on a machine that has
# Python 3.11 or newer with pip, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where `make run` listens.
PORT ?= 8000
# The tests run in as many processes: one more than there are processors, since some of them wait.
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))

.PHONY: help install run test test-sqlite test-postgres check browser proxy assets screenshots fix bench soak \
	audit lock clean

help:             ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/'

install: $(VENV)/.dev  ## a virtual environment in .venv with all that running and testing need

run: $(VENV)/.run      ## the product on http://127.0.0.1:8000 (or PORT=…), with SQLite in ./data
	$(BIN)/miniback serve --port $(PORT)

test: install browser proxy  ## every test, on both databases and in a browser
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal

test-sqlite: install   ## the tests on SQLite alone
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -k "not postgres"

test-postgres: install ## the tests on PostgreSQL alone
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -k "not sqlite"

check: install         ## what CI checks beside the tests: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

assets:                ## build scripts, styles, icons and the client for JavaScript (needs Node)
	cd frontend && npm ci --no-progress && npm run --silent check && npm run --silent build

screenshots: install browser  ## pictures of every page, into screenshots/
	$(BIN)/python -m tests.browser.screenshots

# The tests in a browser need Debian's Chromium, best without windows, which takes a quarter of the
# time; where none can be installed they say so and the rest runs.
browser:
	@command -v chromium-headless-shell >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q && \
			DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
				chromium-headless-shell fonts-dejavu-core; \
	} || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		echo "No Chromium here: install it (Debian: apt-get install chromium-headless-shell) to run the tests in a browser."

# The nginx that the shipped examples are tried with; Caddy comes with the packages.
proxy:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q && \
			DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nginx-light; \
	} || echo "No nginx here: install it (Debian: apt-get install nginx-light) to try its examples."

fix: install           ## mend what can be mended by a machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install         ## the table of speed and memory, as ratios; needs wrk
	$(BIN)/python bench/run.py

soak: install          ## the long runs: kill cycles and races, many times over
	MINIBACK_SOAK=1 $(BIN)/pytest -q -o faulthandler_timeout=0 tests/faults tests/operations tests/fuzz tests/model \
		tests/plans/test_quota_race.py tests/inbox/test_crowd.py tests/browser/test_widget_seeded.py

audit: install         ## what is known against the locked versions (asks the advisories on the internet)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/run.txt
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/dev.txt

lock: install          ## write requirements/*.txt anew from pyproject.toml
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
		pyproject.toml --extra mcp -o requirements/run.txt
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
		pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
		--group build -c requirements/dev.txt -o requirements/build.txt

clean:                 ## everything that the commands above have made, but no data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

$(VENV)/.run: requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@
