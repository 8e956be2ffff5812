# Everything a person types; each target does all of its own set-up from a bare checkout.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1

.PHONY: help run test bench lock clean python

help:
	@echo "make run [PORT=8000]   set up and serve the demo at http://127.0.0.1:8000"
	@echo "make test              set up and run all checks and tests"
	@echo "make bench             measure how fast desks are served, on both engines; writes bench.json"
	@echo "make lock              write requirements*.txt and package-lock.json from pyproject.toml and package.json"
	@echo "make clean             remove what set-up made; the data in var/ stays"

run: python
	@exec $(PYTHON) tools/run.py --host $(HOST) --port $(PORT)

test: python
	@exec $(PYTHON) tools/check.py

bench: python
	@exec $(PYTHON) tools/bench.py

lock: python
	@exec $(PYTHON) tools/lock.py

clean:
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	find seminar tests tools migrations -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) is too old. Another one can be named: make PYTHON=python3.11 …" >&2; exit 1; }
