# Every target is one or two plain commands. Without make: copy them from here (`make -n TARGET` prints them).
# `make` alone, or `make help`, lists the targets.

# Where `make demo` serves, and which profile it serves: junior, middle or advanced.
PORT  ?= 8000
STAGE ?= advanced

# The first interpreter on PATH that is new enough; only asked for when .venv has to be made.
PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,$(shell \
	$(python) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $(python))))

# What the service tests talk to; scripts/services.sh starts both where nothing answers.
SERVICES_DATABASE_URL = $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/mini_crm)
SERVICES_REDIS_URL    = $(or $(REDIS_URL),redis://127.0.0.1:6379/15)

# As many test processes as there are cores, but no more than four: more only wait for each other.
PARALLEL = -n auto --maxprocesses 4
COVERAGE = --cov --cov-context=test --cov-report=

BIN    = .venv/bin
MANAGE = $(BIN)/python manage.py
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
VENV   = .venv/installed
TOOLS  = .venv/tools-installed

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-junior test-middle test-advanced test-services test-browser test-stack test-faults \
	format lint types migrations prove prove-grader audit sbom scan bench bench-curves screenshots readme lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# The stamps are newer than the locks they were made from, so a changed lock installs again and nothing else does.
.venv/bin/python:
	$(or $(PYTHON),$(error Python 3.11 or newer is needed; name it with PYTHON=/path/to/python3)) -m venv .venv

$(VENV): requirements.txt | .venv/bin/python
	$(INSTALL) -r requirements.txt
	@touch $@

$(TOOLS): requirements-tools.txt $(VENV)
	$(INSTALL) -r requirements-tools.txt
	@touch $@

venv: $(VENV) ## make .venv and install the pinned requirements

demo: $(VENV) ## serve the CRM with demo data (PORT=8000 STAGE=advanced)
	sh scripts/demo.sh $(STAGE) $(PORT)

test: $(VENV) ## run every suite that needs no server; 95 % of clients/ and stages/ must be covered
	$(BIN)/pytest $(PARALLEL) $(COVERAGE)
	$(BIN)/python -m scripts.coverage_by_stage --fail-under 95

test-junior: ## run the checks of stage 1 under its own settings profile
test-middle: ## the same for stage 2
test-advanced: ## the same for stage 3
test-junior test-middle test-advanced: test-%: $(VENV)
	$(BIN)/pytest tests/$* $(PARALLEL) $(COVERAGE)
	$(BIN)/python -m scripts.coverage_by_stage $*

test-services: $(VENV) ## run all checks on real PostgreSQL and Redis (DATABASE_URL, REDIS_URL; ONLY=servers or checks)
	sh scripts/services.sh
	DATABASE_URL=$(SERVICES_DATABASE_URL) REDIS_URL=$(SERVICES_REDIS_URL) sh scripts/test_services.sh $(ONLY)

test-browser: $(TOOLS) ## run the checks that need a browser (headless Chromium)
	sh scripts/debian_package.sh chromium chromium
	sh scripts/debian_package.sh /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
	$(BIN)/pytest tests/browser

test-faults: $(VENV) ## break what the CRM stands on, under load, and count what is lost (LONG=1: real waits, and docs/reliability.md)
	sh scripts/services.sh
	sh scripts/debian_package.sh nginx nginx
	sh scripts/debian_package.sh "/usr/lib/*/faketime/libfaketimeMT.so.1" libfaketime
	LONG=$(LONG) $(BIN)/pytest tests/faults -p no:randomly
	if [ -n "$(LONG)" ]; then $(BIN)/python -m scripts.reliability; fi

prove-grader: $(VENV) ## spoil our own CRM on purpose, let the grader see it, and write the tables of docs/grading.md
	$(BIN)/python -m scripts.grading_proof

scan: $(VENV) ## let the web scanner of Debian, wapiti, loose on the CRM as it is deployed
	sh scripts/services.sh
	sh scripts/debian_package.sh nginx nginx
	sh scripts/debian_package.sh wapiti wapiti
	DJANGO_SETTINGS_MODULE=mini_crm.settings.advanced $(BIN)/python -m tests.faults.scan

test-stack: $(VENV) ## bring the whole stack up with docker compose, check it, take it down
	sh deploy/test-stack.sh

format: $(TOOLS) ## bring code and templates into their one format
	$(BIN)/ruff check --fix --exit-zero . && $(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(find clients/templates stages/templates -name '*.html')
	$(BIN)/oxfmt clients/static stages/static stages/templates

lint: $(TOOLS) ## check style, imports, templates, workflows, containers and scripts; then that each check can fail
	PATH="$(CURDIR)/.venv/bin:$$PATH" sh scripts/lint.sh
	$(BIN)/pytest tests/lint

types: $(TOOLS) ## check the types of mini_crm/, clients/ and stages/, and of the plain solutions
	$(BIN)/mypy
	$(BIN)/python -m scripts.typed_solutions

migrations: $(VENV) ## fail when a model has changed without its migration
	$(MANAGE) makemigrations --check --dry-run

prove: $(VENV) ## show that the checks can be trusted, and that each milestone can be written again (FULL=1: asks all others)
	$(MANAGE) stages prove --results results.json
	$(MANAGE) stages prove --practice $(if $(FULL),--full)

audit: $(TOOLS) ## ask for known vulnerabilities of everything that is pinned
	$(BIN)/python -m scripts.audit

sbom: $(TOOLS) ## write what the images contain as CycloneDX: sbom.json
	$(BIN)/cyclonedx-py requirements requirements-prod.txt --output-reproducible --output-file sbom.json

bench: $(TOOLS) ## measure the promises about speed, as ratios
	$(BIN)/python -m bench

bench-curves: $(TOOLS) ## draw each question from 1,000 to 1,000,000 clients: docs/performance/
	$(BIN)/python -m bench.curves

screenshots: $(TOOLS) ## take the screenshots and the tour anew
	sh scripts/debian_package.sh chromium chromium
	sh scripts/debian_package.sh /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf fonts-noto-core
	sh scripts/debian_package.sh /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
	$(BIN)/python -m tests.browser.screenshots

readme: $(VENV) ## write the stage map into README.md
	$(BIN)/python -m scripts.stage_map --write

lock: $(TOOLS) ## pin the three requirements files anew (UPGRADE=1 takes the newest versions)
	sh scripts/lock.sh

clean: ## remove what can be made again; the database and the uploads stay
	rm -rf .venv .tox .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
