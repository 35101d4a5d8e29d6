# Two commands matter: `make run` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench format requirements clean
.DELETE_ON_ERROR:

run: $(VENV)/run.installed
	@exec $(BIN)/python -m engines

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache
	git ls-files '*.html' | xargs $(BIN)/djade --check --target-version 5.2
	$(BIN)/bandit -c pyproject.toml -q -ll -r .

format: $(VENV)/dev.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2
