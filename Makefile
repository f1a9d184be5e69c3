# `make help` lists the targets. Nothing needs to be installed by hand but Python 3.11 or later; the
# rest goes into .venv.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

BIN := .venv/bin
SOURCES := $(shell find src -name '*.py')
# One more than processors, because tests wait for servers and limits of time.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
TESTS ?=
# What is compiled is kept, wherever make runs: or each worker compiles all tests.
unexport PYTHONDONTWRITEBYTECODE
export ASSAY_PEERS ?= $(wildcard $(CURDIR)/.peers)

.PHONY: help setup demo test test-deep lint format bench hooks schema docs peers clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.dev .venv/.compiled  ## create .venv with everything that tests and tools need

demo: .venv/.run .venv/.compiled  ## show what assay does, using the example of the outage
	@.ci/demo

test: .venv/.dev .venv/.compiled  ## run the tests; TESTS=path chooses some
	@if [ -n "$(TESTS)" ]; then \
	  $(BIN)/python -m pytest $(TESTS); \
	else \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal \
	    --cov --cov-report=term-missing:skip-covered; \
	fi

test-deep:  ## run the tests with six times as many examples of each property
	@HYPOTHESIS_PROFILE=thorough $(MAKE) test

lint: .venv/.dev  ## check style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/.dev  ## fix style and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.dev .venv/.compiled  ## measure speed against the peers
	@$(BIN)/python -m bench

hooks: .venv/.dev  ## run the hooks before every commit from now on
	@$(BIN)/pre-commit install

docs schema: .venv/.run  ## regenerate the reference pages and schemas
	@$(BIN)/python docs/generate.py

peers: .venv/.dev  ## install the programs that tests compare with, into .peers
	@.ci/peers

clean:  ## remove .venv, .peers and every cache
	@rm -rf .venv .peers .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* dist build
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: pyproject.toml .ci/venv
	@echo "setting up .venv ..." >&2
	@.ci/venv
	@touch $@

.venv/.dev: pyproject.toml .ci/venv
	@echo "setting up .venv with the tools ..." >&2
	@.ci/venv dev
	@touch .venv/.run $@

# Start-up time counts, and some machines never write what they compiled.
.venv/.compiled: $(SOURCES)
	@$(BIN)/python -m compileall -q src
	@touch $@
