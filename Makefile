# PYTHON=... chooses the interpreter that .venv is made with; without it, the newest that works.
VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --disable-pip-version-check -qq
INSTALLED := $(VENV)/.installed
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3 python)
UV_VERSION := 0.13.9

# Prints the interpreter's X.Y.Z if the connector supports it and it can make an environment; fails otherwise.
# A name on the PATH proves nothing: a version manager's shim may stand there and refuse to run.
SUITABLE := import ensurepip, sys, venv; assert (3, 11) <= sys.version_info < (3, 14); print("%d.%d.%d" % sys.version_info[:3])

.DEFAULT_GOAL := help
.PHONY: help demo test lint format lock clean FORCE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## sync a pretended Freshdesk account and show what comes out
	@$(PY) -m integration_tests.demo

test: $(INSTALLED) ## run every test, unit and integration
	@$(PY) -m pytest --numprocesses 2 --dist worksteal

lint: $(INSTALLED) ## check style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(INSTALLED) ## put the code in the form that lint asks for
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

# Pins stay as they are where pyproject.toml allows them; LOCK_FLAGS=--upgrade moves them all.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links $(LOCK_FLAGS) pyproject.toml

lock: $(INSTALLED) ## resolve the dependencies again, for every supported Python
	@$(PIP_INSTALL) uv==$(UV_VERSION)
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove what the other targets made
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist demo-output *.egg-info
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +

# The environment: the locked packages, checked by hash, and the connector itself. Made anew when either changes,
# and when PYTHON asks for another interpreter than the one inside.
ifdef PYTHON
ifneq ($(shell $(PYTHON) -c '$(SUITABLE)' 2>/dev/null),$(shell cat $(VENV)/.python-version 2>/dev/null))
$(INSTALLED): FORCE
endif
endif

$(INSTALLED): pyproject.toml requirements-dev.lock
	@set -eu; \
	for python in $(PYTHONS); do version=$$($$python -c '$(SUITABLE)' 2>/dev/null) && break; done; \
	if [ -z "$$version" ]; then \
		echo "No Python 3.11, 3.12 or 3.13 with venv and pip among: $(PYTHONS). Name one with PYTHON=..." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with Python $$version (once, a minute or two)"; \
	$$python -m venv --clear $(VENV); \
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock; \
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .; \
	echo "$$version" > $(VENV)/.python-version; \
	touch $@
