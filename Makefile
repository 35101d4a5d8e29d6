# Two commands matter: `make run` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOO_OLD := Unblock Desk needs Python 3.11 or newer; name one that you have: make PYTHON=python3.12 run
COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links pyproject.toml

# What `check --deploy` looks at: settings as in production. The addresses are never called.
PRODUCTION = DEMO= SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	DATABASE_URL=postgresql://desk@localhost/desk REDIS_URL=redis://localhost/0 \
	BASE_URL=https://desk.example EMAIL_URL='smtp://localhost:587?tls=1' \
	MAIL_FROM=desk@desk.example

.PHONY: run test check bench format requirements clean
.DELETE_ON_ERROR:

run: $(VENV)/run.installed
	@exec $(BIN)/python -m engines --stop-with-parent

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache
	git ls-files -z '*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/bandit -c pyproject.toml -q -ll -r .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py lintmigrations --settings tests.lint_settings
	$(BIN)/python manage.py check --fail-level WARNING
	@echo "manage.py check --deploy, with the settings of production"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(VENV)/dev.installed
	$(BIN)/python -m benchmarks

format: $(VENV)/dev.installed
	$(BIN)/python manage.py describe_checks
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z '*.html' | xargs -0 $(BIN)/djade --target-version 5.2

# Newest releases within the ranges of pyproject.toml, pinned with their hashes.
requirements: $(VENV)/dev.installed
	$(COMPILE) --upgrade --output-file requirements.txt
	$(COMPILE) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt

# The data under var/ stays: remove that yourself if you mean it.
clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(TOO_OLD)")'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)

# uv installs in seconds. It does not read pip's settings: where it cannot reach its index, pip does it.
$(VENV)/%.installed: | $(BIN)/python
	@echo "Installing $(REQUIREMENTS)"
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python \
		--require-hashes -r $(REQUIREMENTS) \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r $(REQUIREMENTS)
	@touch $@

$(VENV)/run.installed: REQUIREMENTS = requirements.txt
$(VENV)/run.installed: requirements.txt
$(VENV)/dev.installed: REQUIREMENTS = requirements-dev.txt
$(VENV)/dev.installed: requirements-dev.txt
