# PYTHON=... chooses the interpreter that .venv is made with; without it, the newest that works.
VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --disable-pip-version-check -qq
INSTALLED := $(VENV)/.installed
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3 python)
UV_VERSION := 0.13.9
# PyAirbyte has an environment of its own, and takes no Python 3.13 yet.
PYAIRBYTE := .venv-pyairbyte
PYAIRBYTE_INSTALLED := $(PYAIRBYTE)/.installed

# So have Airbyte's checks of documents and metadata.
CHECKS := .venv-airbyte-checks
CHECKS_INSTALLED := $(CHECKS)/.installed

# Prints the interpreter's X.Y.Z if the connector supports it and it can make an environment; fails otherwise.
# A name on the PATH proves nothing: a version manager's shim may stand there and refuse to run.
SUITABLE := import ensurepip, sys, venv; assert (3, 11) <= sys.version_info < (3, 14); print("%d.%d.%d" % sys.version_info[:3])

.DEFAULT_GOAL := help
.PHONY: help demo fake sync report bench test test-clocks reliability test-container test-process test-pyairbyte test-airbyte-checks lint format docs picture form lock clean FORCE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## sync a simulated Freshdesk account and show what comes out
	@$(PY) -m integration_tests.demo

# Whether `make test` finds a Docker engine; asked only then, and not if the tests that need one run anyway.
ENGINE_ANSWERS = $(shell docker info >/dev/null 2>&1 && echo yes)
TESTS_IN_CONTAINERS := $(if $(filter test,$(MAKECMDGOALS)),$(if $(filter test-container,$(MAKECMDGOALS))$(ENGINE_ANSWERS),test-container))

TESTS_WITH_PYAIRBYTE := $(if $(filter test,$(MAKECMDGOALS)),$(if $(filter test-pyairbyte,$(MAKECMDGOALS))$(wildcard $(PYAIRBYTE_INSTALLED)),test-pyairbyte))

test: test-process $(TESTS_IN_CONTAINERS) $(TESTS_WITH_PYAIRBYTE) ## run every test; those in containers where a Docker engine answers
	@$(if $(TESTS_WITH_PYAIRBYTE),,echo "Left out, because PyAirbyte is not installed: the tests of a warehouse. They run with: make test-pyairbyte")
	@$(if $(TESTS_IN_CONTAINERS),,echo "Left out, because no Docker engine answers: the tests of the image. They run with: make test-container")

test-process: $(INSTALLED)
	@$(PY) -m pytest --numprocesses 2 --dist worksteal --ignore integration_tests/pyairbyte

test-clocks: $(INSTALLED) ## run the tests about hours and days at a few other times
	@$(PY) -m integration_tests.clocks

HOSTILE := faults bad_pages sick_elements endless_lists odd_values odd_states given_files standard_output full_refresh

reliability: $(INSTALLED) ## fifteen minutes: live accounts, a hostile server, 200 kills, 24 hourly syncs, memory
	@$(PY) -m unit_tests.live_account
	@RELIABILITY=full $(PY) -m pytest --numprocesses 2 --dist worksteal integration_tests/reliability \
		$(HOSTILE:%=integration_tests/test_%.py)

test-container: $(INSTALLED) ## build the image and test it, on a Docker engine brought up for that if none answers
	@.ci/engine $(PY) -m pytest -m container integration_tests/container

test-pyairbyte: $(INSTALLED) $(PYAIRBYTE_INSTALLED) ## read accounts into DuckDB with PyAirbyte
	@$(PY) -m pytest integration_tests/pyairbyte

fake: $(INSTALLED) ## serve a simulated Freshdesk account at localhost:8321 to play with
	@$(PY) -m integration_tests.demo.serve

CONFIG ?= secrets/config.json

sync: $(INSTALLED) ## read STREAMS=tickets,contacts (or all) of the account in CONFIG=secrets/config.json into sync-output/
	@$(PY) -m examples.by_hand --config "$(CONFIG)" --streams "$(STREAMS)"

test-airbyte-checks: $(INSTALLED) $(CHECKS_INSTALLED) ## Airbyte's own checks of the documents and the metadata
	@$(PY) -m docs.airbyte_checks

report: $(INSTALLED) $(PYAIRBYTE_INSTALLED) ## make the report in examples/ again, from a simulated account
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PYAIRBYTE)/bin/python -m examples.demo

bench: $(INSTALLED) ## measure it against itself, a low-code connector and the plans' limits
	@$(PY) -m benchmarks

lint: $(INSTALLED) ## check style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(INSTALLED) ## put the code in the form that lint asks for
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

docs: $(INSTALLED) ## write what the documents say of streams and fields
	@$(PY) -m docs.generate

picture: $(INSTALLED) ## draw what the demo prints as docs/demo.svg
	@$(PY) -m integration_tests.demo | $(PY) -m docs.drawing

form: $(INSTALLED) ## draw the form that the spec becomes (needs Chromium)
	@$(PY) -m docs.form.render

# Pins stay as they are where pyproject.toml allows them; LOCK_FLAGS=--upgrade moves them all.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links $(LOCK_FLAGS)

lock: $(INSTALLED) ## resolve the dependencies again, for every supported Python
	@$(PIP_INSTALL) uv==$(UV_VERSION)
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) pyproject.toml --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) --no-strip-extras examples/requirements.in --output-file examples/requirements.lock
	@$(COMPILE) docs/airbyte_checks/requirements.in --output-file docs/airbyte_checks/requirements.lock

clean: ## remove what the other targets made
	@rm -rf $(VENV) $(PYAIRBYTE) $(CHECKS) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist demo-output sync-output *.egg-info
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

# In the lock is every package that is needed, so nothing is resolved. $1: the environment. $<: the lock.
define ENVIRONMENT
@set -eu; \
for python in $(PYTHON) python3.12 python3.11 python3 python; do \
	$$python -c '$(SUITABLE); assert sys.version_info < (3, 13)' >/dev/null 2>&1 && break || python=; \
done; \
if [ -z "$$python" ]; then \
	echo "$1 needs Python 3.11 or 3.12 with venv and pip. Name one with PYTHON=..." >&2; exit 1; \
fi; \
echo "Making $1 (once, a minute or two)"; \
$$python -m venv --clear $1; \
$1/bin/python -m pip install --disable-pip-version-check -qq --no-deps --no-compile --require-hashes -r $<; \
touch $@
endef

$(PYAIRBYTE_INSTALLED): examples/requirements.lock
	$(call ENVIRONMENT,$(PYAIRBYTE))

$(CHECKS_INSTALLED): docs/airbyte_checks/requirements.lock
	$(call ENVIRONMENT,$(CHECKS))
