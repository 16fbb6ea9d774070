# Two commands are all the set-up there is: `make run` and `make test`.
SHELL := /bin/bash
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PORT ?= 8000
FOLDER ?= portal/seed/demo
EXAMPLES ?= 100
# What may come out otherwise on PostgreSQL: the queue, locks, triggers, constraints, storage, publishing, ingest, pieces of files.
ON_POSTGRESQL := tests/records $(addprefix --ignore=tests/records/,extraction reading assembly export) \
	$(addprefix tests/portal/test_,publishing.py arriving.py trials_ingest.py record_pages.py review_pages.py scale.py)
# Three, for some tests wait; a file's tests in one of them, and in the order of tests/conftest.py.
IN_THREE := -n 3 --dist loadgroup --no-loadscope-reorder
export OMP_THREAD_LIMIT := 1
# Some machines forbid Python to keep what it compiled: then each of the hundred processes of the tests compiles the project again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check ready lock second-engine words test-faults test-api bench bench-api bench-load bench-rows bench-workers screens clean

run: ## Install what is missing, prepare the database and demo people, serve on http://localhost:$(PORT)
	@.ci/provision run
	@$(MANAGE) serve --prepare --port $(PORT)

test: ## The checks and the whole suite: SQLite first, then what touches the database again on PostgreSQL
	@.ci/provision test
	@$(MAKE) --no-print-directory -j 2 check ready
	@$(PYTHON) -m tests.once_more pytest -q $(IN_THREE)
	@$(PYTHON) -m tests.once_more tests.on_postgresql -q $(IN_THREE) $(ON_POSTGRESQL)

ready: ## What three processes would else each do before their first test: compile all tests, and migrate. Who fails here fails there too
	@$(PYTHON) -m pytest -q -k nothing_left_to_migrate >/dev/null || true

check: ## Style, types, floors
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache
	@$(MANAGE) makemigrations --check --dry-run -v 0

test-faults: ## Break everything around the service while a thousand files come in, on SQLite and on PostgreSQL
	@.ci/provision test
	@$(MAKE) --no-print-directory -j 2 --output-sync=target faults-on-sqlite faults-on-postgresql

# Side by side: most of such a run is waiting for what was broken to come back.
faults-on-sqlite: CHOSEN := not postgresql
faults-on-postgresql: CHOSEN := postgresql
faults-on-%:
	@FAULTS_DATABASES=$* FAULTS_FILES=50 FAULTS_UPLOADS=520 FAULTS_ROUNDS=2 $(PYTHON) -m pytest -q tests/faults -k '$(CHOSEN)'

bench-load: ## Measure pages, polls and uploads at rising concurrency beside a bare view; writes the table of docs/scale.md
	@.ci/provision test
	@$(MANAGE) bench_load --write

bench-rows: ## What pages ask of a PostgreSQL with 100,000 patients and 5 million facts, by its plans; writes the table of docs/scale.md
	@.ci/provision test
	@$(PYTHON) -W ignore -m tests.many_rows --write

bench-workers: ## Pages a minute by one to four processes that read; writes the table of docs/scale.md
	@.ci/provision test
	@$(MANAGE) bench_workers --write

bench: ## Measure reading on the files of a folder: make bench FOLDER=some/files
	@.ci/provision test
	@$(MANAGE) bench_reading $(FOLDER)

test-api: ## Requests of all kinds over the whole schema, on a server with PostgreSQL, broker and worker, every check on: make test-api EXAMPLES=100
	@.ci/provision test
	@$(PYTHON) -m tests.api.live --examples $(EXAMPLES)

bench-api: ## p95 of the profile and of the trials with 12,000 trials, over that of an empty view
	@.ci/provision test
	@$(MANAGE) bench_api

second-engine: ## Install the extra that reads the values on faxes and photos a second time
	@.ci/provision run
	@$(PYTHON) -m pip install -q --no-deps --require-hashes -r requirements-second.txt

lock: ## Pin again, with hashes, what requirements*.in name
	@.venv/bin/uv pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements.in -o requirements.txt
	@.venv/bin/uv pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements-dev.in -o requirements-dev.txt
	@.venv/bin/uv pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements-second.in -o requirements-second.txt

words: ## Find the sentences of the pages for patients, and write the Spanish that portal/locale has for them
	@.ci/provision test
	@$(PYTHON) -m tests.catalogue

screens: ## Take the screenshots of docs/screens again
	@.ci/provision test
	@CARTGUIDE_SCREENS=docs/screens $(PYTHON) -m pytest -q tests/browser/test_screens.py

clean: ## Forget the local database, files and secrets of `make run`
	rm -rf .run
