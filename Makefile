# `make serve` and `make test` start from a bare checkout; everything else is for those who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help serve test dev fast fuzz lint format bench bench-relevance bench-slow bench-talk bench-check bench-follow bench-impact bench-suggestions bench-definitions bench-duplicates bench-history bench-anchors bench-meaning torture torture-mail screenshots lock wheel clean

help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(VENV)/run ## Build the wiki and serve it on http://127.0.0.1:8000/.
	@$(BIN)/kb serve --build

dev: $(VENV)/run ## Edit and see: the same address, with live reload.
	@$(BIN)/kb dev

test: $(VENV)/dev ## Run every test, the browser journeys too.
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python tests/postgres.py
	@$(ON_ALL_CORES) --durations 40

fast: $(VENV)/dev ## Run the inner loop: what is quick, and a thin path through the rest.
	@$(ON_ALL_CORES) --ignore tests/journeys -m "not slow and not journey"

# Who takes what the other has not begun yet keeps neighbours together, which share what is dear to make. Hundreds of the
# tests start the program: Python is to compile it once, whatever the surroundings say.
ON_ALL_CORES = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --maxprocesses 5 --dist worksteal

fuzz: $(VENV)/dev ## Hold server and API document together with many more requests than the tests do.
	@EXAMPLES=2000 $(BIN)/python -m pytest -k promise tests/web/test_api_document.py

lint: $(VENV)/dev ## Check style, types and import contracts.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev ## Format the code.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/dev ## Measure speed and size, and name the commands of the other figures (FOLDER=…).
	@$(BIN)/python benchmarks/run.py $(FOLDER)

bench-relevance: $(VENV)/dev ## Measure how well search finds what is known to be there (FOLDER="one another").
	@$(BIN)/python benchmarks/relevance.py $(FOLDER)

bench-slow: $(VENV)/dev ## Read beside 1,500 slow clients after a cold start, and publish meanwhile (ARGS="--help").
	@$(BIN)/python benchmarks/slow_clients.py $(ARGS)

bench-check: $(VENV)/dev ## Measure how long kb check takes on 900 pages, or on a folder of Markdown (FOLDER=…).
	@$(BIN)/python benchmarks/check.py $(FOLDER)

bench-follow: $(VENV)/dev ## Measure how soon a merge is live under kb follow, besides its build (PAGES=…).
	@$(BIN)/python benchmarks/follow.py $(PAGES)

bench-impact: $(VENV)/dev ## Publish commits of a public wiki: does what kb impact foretells come about, and nothing else (REPO=… ARGS="--commits 50").
	@$(BIN)/python benchmarks/impact.py $(REPO) $(ARGS)

bench-history: $(VENV)/dev ## Replay a public wiki's git history: does every old link still lead right (REPO=… DOCS=… ARGS="--judge 50").
	@$(BIN)/python benchmarks/history.py $(REPO) --docs "$(DOCS)" $(ARGS)

bench-anchors: $(VENV)/dev ## Carry passages through public wikis' git histories: are they found again, and never wrongly (REPOS="…" ARGS="--judge 50").
	@$(BIN)/python benchmarks/anchors.py $(REPOS) $(ARGS)

bench-meaning: $(VENV)/dev ## How often changes of public wikis change no meaning, and whether "wording only" is safe (REPO="…" ARGS="--judge 20").
	@$(BIN)/python benchmarks/meaning.py --commits 600 $(REPO) $(ARGS)
	@$(BIN)/python benchmarks/wording.py $(REPO)

bench-talk: $(VENV)/dev ## Measure conversations beside those of Isso, which is fetched for it (ARGS="--help").
	@$(BIN)/python benchmarks/conversations.py $(ARGS)

bench-suggestions: $(VENV)/dev ## Measure lists, board and the like with 10,000 suggestions, on both databases (ARGS="--help").
	@$(BIN)/python benchmarks/suggestions.py $(ARGS)

bench-definitions: $(VENV)/dev ## Measure 2,000 definitions in 10,000 pages: build, pages, lists, clock, publishing (ARGS="--help").
	@$(BIN)/python benchmarks/definitions.py $(ARGS)

bench-duplicates: $(VENV)/dev ## Measure how often what was asked before is shown while it is asked again (DATA=…).
	@$(BIN)/python benchmarks/duplicates.py $(DATA)

torture: $(VENV)/dev ## Kill what publishes, indexes and writes, 50 times on each engine and database (ARGS="--help").
	@$(BIN)/python benchmarks/torture.py $(ARGS)

torture-mail: $(VENV)/dev ## Kill the server while people write and mail goes out, 200 times on each database (KILLS=…).
	@KILLS=$${KILLS:-200} $(BIN)/python -m pytest -q tests/notifications/test_killed.py -k often

screenshots: $(VENV)/dev ## Take the pictures of the documentation anew.
	@$(BIN)/python benchmarks/screenshots.py

wheel: $(VENV)/dev ## Build the wheel into dist/.
	@$(BIN)/python -m hatchling build -t wheel

lock: ## Renew the lock files (needs uv).
	uv pip compile pyproject.toml $(LOCK) --extra setup --output-file requirements.lock
	uv pip compile pyproject.toml $(LOCK) --extra setup --extra dev --extra postgresql --constraints requirements.lock --output-file requirements-dev.lock
LOCK := --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra diagrams

clean: ## Remove the virtual environment, builds and data.
	rm -rf $(VENV) .kb site dist

$(VENV)/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Common Ground needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) (once; about half a minute) …" >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: requirements.lock pyproject.toml | $(VENV)/python
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
