# Every target sets up what it needs. `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Processes that share the tests; each has a database of its own.
PROCESSES ?= 2
# What `make test` runs; `make test-long` runs all the rest.
COURTS := not e2e and not lent
export HOST PORT

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-long test-pg lint format bench bench-scale charge audit shell resetdb screenshots lock assets

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.prod: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing: apt install python3 python3-venv"; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.prod
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

assets: $(VENV)/.prod
	@$(BIN)/python manage.py preparer_assets

demo: $(VENV)/.prod ## Serve the demonstration on http://127.0.0.1:8000 (PORT=, HOST=)
	@DJANGO_SETTINGS_MODULE=pole_ess.settings.demo exec $(BIN)/python manage.py demo --host $(HOST) --port $(PORT)

test: $(VENV)/.dev assets ## Run the tests, all but those of test-long: less than ten minutes on two cores
	@sh deploy/liblouis.sh
	POLE_ESS_PG_SANS_FSYNC=1 $(BIN)/python -m pytest -n $(PROCESSES) -m "$(COURTS)" $(ARGS)

test-long: $(VENV)/.dev assets ## Run the browser's tests, the crawl, the kills, the floods and the hostile input
	@sh deploy/chromium.sh
	@sh deploy/vnu.sh var/vnu
	POLE_ESS_PG_SANS_FSYNC=1 $(BIN)/python -m pytest -n $(PROCESSES) -m "not ($(COURTS))" $(ARGS)

test-fast: $(VENV)/.dev assets ## All tests that need no database, one by module of the others, less than a minute
	POLE_ESS_PG_SANS_FSYNC=1 $(BIN)/python -m pytest -n $(PROCESSES) --survol --reuse-db -m "$(COURTS)" $(ARGS)

test-pg: $(VENV)/.dev assets ## Run the tests on a throw-away cluster of Debian's PostgreSQL 15
	@sh deploy/postgresql15.sh $(BIN)/python -m pytest -n $(PROCESSES) -m "not e2e" $(ARGS)

lint: $(VENV)/.dev ## Check style, imports, migrations and deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") ALLOWED_HOSTS=portail.example.org \
	  OPPOSITION_SEL=lint DJANGO_SETTINGS_MODULE=pole_ess.settings.prod $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev assets ## Measure speed on 200,000 structures (a database of its own)
	$(BIN)/python -m bench $(ARGS)
	$(BIN)/python -m bench.rapprochement
	$(BIN)/python -m bench.atelier
	$(BIN)/python -m bench.bilans
	$(BIN)/python -m bench.lettre
	$(BIN)/python -m bench.heures
	$(BIN)/python -m bench.mises_en_commun
	$(BIN)/python -m bench.observatoire
	$(BIN)/python -m bench.livret

audit: $(VENV)/.dev assets ## Lighthouse on the ten main pages: 95 at least, median of five (needs Node)
	@sh deploy/chromium.sh
	$(BIN)/python -m bench.audit $(ARGS)

bench-scale: $(VENV)/.dev assets ## Measure one and two web processes, without and with a replica
	$(BIN)/python -m bench.passage

charge: $(VENV)/.dev assets ## Ten minutes of mixed traffic on the demonstration, 30 requests a second
	$(BIN)/python -m bench.charge $(ARGS)

shell: $(VENV)/.prod ## Open a Python shell on the demonstration's data
	$(BIN)/python manage.py shell

resetdb: $(VENV)/.prod ## Drop the demonstration's data
	DJANGO_SETTINGS_MODULE=pole_ess.settings.demo $(BIN)/python manage.py demo --effacer

screenshots: $(VENV)/.dev assets ## Take the pictures of the README and of the staff guide
	$(BIN)/python -m docs.screenshots

lock: ## Write the hashed requirements from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
