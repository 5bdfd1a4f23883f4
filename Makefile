# Every target runs in .venv. It is made from setup.cfg and constraints.txt, and brought up to date when they change.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench chaos schemas constraints clean

VENV := .venv
PYTHON := $(VENV)/bin/python
ALL := postgres,kafka,librdkafka,gunicorn,pictures,test,check,bench
LISTED := setup.cfg pyproject.toml constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: $(VENV)/base ## import 120 published cases and 69 checks, and serve them
	$(VENV)/bin/steelyard demo

test: $(VENV)/all ## run the tests, on SQLite and on a real PostgreSQL
	$(PYTHON) -m pytest -n auto --dist worksteal

check: $(VENV)/all ## lint, format, types, import arrows, guard tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -q tests/guards

bench: $(VENV)/all ## measure, print ratios as a table and as JSON; about 20 minutes
	$(PYTHON) -m tests.bench

chaos: $(VENV)/all ## kill, pause and cut everything while officers write, then count (200 kills, 30 minutes at most)
	$(PYTHON) -m tests.chaos

schemas: $(VENV)/all ## add the golden files of new event schemas, and compare with all released ones
	@$(PYTHON) -m tests.contract

constraints: ## write the newest allowed versions into constraints.txt
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && $(MAKE) --no-print-directory VENV="$$scratch" "$$scratch/made" \
	&& "$$scratch/bin/python" -m pip install -q -e '.[$(ALL)]' \
	&& "$$scratch/bin/python" -m pip freeze -q --exclude-editable > "$$scratch/frozen" \
	&& { echo '# Exact versions for .venv; make constraints writes them anew.'; cat "$$scratch/frozen"; } > constraints.txt

clean: ## remove what the other targets made, but not var/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/all: $(VENV)/base $(LISTED)
	@echo 'installing what tests and checks need into $(VENV) …'
	@$(PYTHON) -m pip install -q -c constraints.txt -e '.[$(ALL)]'
	@touch $@

$(VENV)/base: $(VENV)/made $(LISTED)
	@echo 'installing the program into $(VENV) …'
	@$(PYTHON) -m pip install -q -c constraints.txt -e .
	@touch $@

$(VENV)/made:
	@bare=; for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>&- || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>&- || { bare=$$python; continue; }; \
	    "$$python" -m venv --clear $(VENV) && touch $@ && exit; \
	    exit 1; \
	done; \
	if [ -n "$$bare" ]; then \
	    echo "$$bare cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
	else \
	    echo 'Python 3.11 or newer is needed, and none is on the PATH (Debian, Ubuntu: apt-get install python3 python3-venv).' >&2; \
	fi; exit 1
