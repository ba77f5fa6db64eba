# make          lists what there is
# make run      ends in a working school day at one URL

.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# The office's quick tests want nothing but the processor, most others mostly wait: two at a time. What measures time or
# processor against a bound runs alone. What meets in a real browser or live class has two tries (tests/second_try.py).
TWO := $(PYTEST) -n 2 --dist loadfile --durations=10
QUICK := $(TWO) -m "not slow" tests/office
SLOW := $(PYTEST) -m slow tests/office
SHARED := -m "not alone" --ignore tests/office
ALONE := -m alone --ignore tests/office

.PHONY: help setup run test check bench prove clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: ## make .venv and the device app (run and test call this)
	@scripts/setup

run: setup ## start a school day: office, door, edge, live class; ctrl-C stops it all
	@.venv/bin/schoolday run

test: setup ## all tests, with real parts; the office's on SQLite and on PostgreSQL
	@scripts/setup-tests
	@cd app && npm run --silent test
	@$(PY) -m tests.postgres sh -c '$(QUICK) && $(SLOW)'
	@$(QUICK)
	@$(SLOW)
	@$(TWO) --no-loadscope-reorder $(SHARED) --failed build/failed || $(PYTEST) $(SHARED) --again build/failed
	@$(PYTEST) $(ALONE) --failed build/failed || $(PYTEST) $(ALONE) --again build/failed

check: setup ## types, style, floor plan: what CI runs before the tests
	@scripts/check

bench: setup ## durable joins a second at one door, next to its plain-HTTP ceiling
	@scripts/setup-tests
	@.venv/bin/schoolday bench

prove: setup ## the claims of one area with real parts: make prove NAME=main-job [SHORT=1] [CLAIM=id]
	@scripts/setup-tests
	@.venv/bin/schoolday prove $(NAME) $(if $(SHORT),--short) $(if $(CLAIM),--claim $(CLAIM))

clean: ## remove what setup made; never your data in .schoolday
	rm -rf .venv app/node_modules app/dist build
