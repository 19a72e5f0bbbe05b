# Everything a newcomer needs; Python 3.11+ and make are enough. `make` alone lists the commands.
PYTHON ?= python3
PY := .venv/bin/python
# The stamp carries the lock's checksum: a changed lock installs again, an unchanged one costs nothing.
STAMP := .venv/.locked-$(shell cksum requirements-dev.lock | cut -d ' ' -f 1)
CODE := $(wildcard app sandbox tests scripts demo benchmarks siege)
# Without sample data: `SAMPLE=0 make run`.
SAMPLE ?= 1
JOBS ?= 2
# Seats, the interval between awards and the prize: under a minute.
MUTATED_IN_SHORT := app.measures.seats* app.measures.interval* app.measures.prize*

# What the code says and no script can see: codes, reasons and enumerations, generated pages and the contract, what comes
# next, the guard of the sample, sessions that only read.
CHECKED := $(addprefix tests/,contract/test_acts_found.py contract/test_acts_offered.py \
	contract/test_codes_and_reasons.py contract/test_contract.py \
	contract/test_error_codes.py contract/test_expected_values.py contract/test_pages.py contract/test_successors.py \
	measures/test_acts.py measures/test_order.py measures/test_reasons.py tooling/test_enumerations.py \
	tooling/test_reasons_given.py api/test_reading_sessions.py \
	integration/test_sample.py::test_it_is_loaded_into_no_other_database_unless_told_so \
	integration/test_sample.py::test_it_is_loaded_into_the_embedded_database_without_a_word \
	integration/test_sample.py::test_the_embedded_database_is_known_by_its_file)

# Every operation is called by each role in test_roles, and the rest looks at what it does.
FAST := tests/measures tests/api tests/pages tests/contract/test_roles.py

.DEFAULT_GOAL := help
.PHONY: help install run dev test test-fast test-clients test-browser demo check format openapi examples bench docs lock image mutate scale fuzz fuzz-roles siege chaos vulnerabilities

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{printf "%-14s %s\n", $$1, $$2}'

install: $(STAMP) ## Virtual environment with the locked dependencies

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "This Python has no venv module (Debian and Ubuntu: install python3-venv)" >&2; exit 1; }
	@echo "Installing the locked dependencies (the first time only) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@rm -f .venv/.locked-* && touch $@

run: $(STAMP) ## The service on 127.0.0.1:8000, with sample data (SAMPLE=0: without)
	scripts/install-fonts.sh
	$(if $(filter 0,$(SAMPLE)),,$(PY) -m demo.sample)
	$(if $(filter 0,$(SAMPLE)),,AWARD_SECOND_FACTOR_REQUIRED=$${AWARD_SECOND_FACTOR_REQUIRED:-false}) $(PY) -m app.cli start

dev: $(STAMP) ## The service on 127.0.0.1:8000, loaded anew whenever its code changes
	$(PY) -m app.cli migrate
	$(PY) -m uvicorn app.main:create_app --factory --reload --reload-dir app --host 127.0.0.1 --port 8000

test: $(STAMP) ## All tests, on SQLite and PostgreSQL
	scripts/install-postgres.sh
	scripts/install-nginx.sh
	scripts/install-fonts.sh
	$(PY) -m pytest -n $(JOBS) --dist worksteal

test-fast: $(STAMP) ## The law, and the service on SQLite: of each table of cases its ends; without what is slow, random requests, text and tools
	scripts/install-fonts.sh
	$(PY) -m pytest -q -n $(JOBS) --dist worksteal -p no:schemathesis --ends -m 'not slow' -k 'not postgresql' $(FAST)

test-clients: $(STAMP) ## Linters of contracts, and generated clients that play a round (SHORT=1: without the slow linter and the slow check of types)
	scripts/install-clients.sh
	$(PY) -m pytest -q -n 0 -p no:schemathesis -m 'clients$(if $(SHORT), and not slow)' tests/clients

test-browser: $(STAMP) ## In a browser: the public's journeys with and without script, a whole round at the desk; axe and Lighthouse
	scripts/install-browser.sh
	$(PY) -m pytest -q -n 0 -p no:schemathesis -m browser tests/browser

demo: $(STAMP) ## A whole round through the API, told stage by stage; every paper of it in build/papers
	scripts/install-fonts.sh
	$(PY) -m demo

check: $(STAMP) ## Format, lint, types, imports, house rules, API contract, words, and the tests of what is written down twice
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy $(CODE)
	.venv/bin/lint-imports
	$(PY) scripts/lint_house.py
	$(PY) scripts/lint_rooms.py
	$(PY) scripts/lint_duplicates.py
	$(PY) scripts/lint_contract.py
	$(PY) scripts/lint_words.py
	$(PY) scripts/sbom.py --check
	$(PY) -m pytest -q -n $(JOBS) -k 'not postgresql' $(CHECKED)

format: $(STAMP) ## Format the code and mend what can be mended
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

openapi: $(STAMP) ## Write openapi/openapi.json
	$(PY) -m app.cli openapi

examples: $(STAMP) ## Record the contract's examples anew, from the service's answers in its tests
	folder=$$(mktemp -d) && RECORD_EXAMPLES=$$folder $(PY) -m pytest -q -n $(JOBS) -k sqlite tests/api && \
		$(PY) -m tests.support.recorder $$folder && rm -r $$folder
	$(PY) -m app.cli openapi

bench: $(STAMP) ## Measure against the bare framework, the bare database and what others would take (PEERS=folder of benchmarks/peers/install.sh)
	scripts/install-postgres.sh
	$(PY) -m benchmarks
	$(PY) -m benchmarks served --rows 1000 200000 $(if $(PEERS),--peers $(PEERS))
	$(PY) -m benchmarks bulk

siege: $(STAMP) ## Attack the service on loopback for some minutes, and tell what held (ONLY="files reads": these alone; SHORT=1: a few attacks, kills and random requests)
ifdef SHORT
	scripts/install-postgres.sh
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m 'siege or fuzz' tests/integration tests/contract/test_fuzz.py
else
	$(PY) -m siege $(ONLY)
endif

chaos: $(STAMP) ## Kill the service 500 times in the middle of acts and migrations, and compare what it acknowledged (CHAOS=50; ONLY="money uploads")
	scripts/install-postgres.sh
	$(PY) -m siege.chaos --kills $(or $(CHAOS),500) $(ONLY)

sbom: $(STAMP) ## What the product is made of (CycloneDX, in build/), and its licences (docs/licences.md)
	$(PY) scripts/sbom.py

docs: $(STAMP) ## Write the generated pages of docs/
	$(PY) -m app.cli docs

vulnerabilities: ## Known weaknesses of what requirements.lock names, by the OSV database (needs uv and the network)
	uv tool run pip-audit==2.10.1 --vulnerability-service osv --requirement requirements.lock --disable-pip

lock: ## Resolve the dependencies of pyproject.toml anew (needs uv)
	scripts/lock.sh

image: $(STAMP) ## What the Dockerfile names, installed and served without an engine
	$(PY) scripts/check_image.py

mutate: $(STAMP) ## Mutation test of the law (ONLY="app.measures.seats*": of these modules; SHORT=1: of three, strictly), or of a sample of a service (ONLY="app.services.awards*"; MUTANTS=40 SEED=1)
	JOBS=$(JOBS) scripts/mutate.sh $(if $(SHORT),--strict) $(if $(MUTANTS),--sample $(MUTANTS)) $(if $(SEED),--seed $(SEED)) \
		$(foreach pattern,$(or $(ONLY),$(if $(SHORT),$(MUTATED_IN_SHORT))),--only '$(pattern)')

scale: $(STAMP) ## Ten thousand applications in one round, on both databases
	scripts/install-postgres.sh
	$(PY) -m pytest -m scale

fuzz: $(STAMP) ## The contract under random requests, many more than in the tests
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-300} $(PY) -m pytest -n $(JOBS) -m fuzz

fuzz-roles: $(STAMP) ## The contract under 50,000 random requests of twelve callers, from schemathesis' command line (CASES=5000; ONLY="office auditor")
	$(PY) -m siege.fuzz --cases $(or $(CASES),50000) $(ONLY)
