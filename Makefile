# What a developer types. `make` alone lists it. A machine needs Python 3.11 or newer and make.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Modules that write committed files: each takes --check and then only compares.
GENERATORS := schemas.generate desk.cli.generate

# Each is run by `make check`, whatever became of the ones before it.
CHECKS := \
	"ruff check ." \
	"ruff format --check ." \
	"mypy" \
	"lint-imports --no-logo" \
	$(foreach module,$(GENERATORS),"python -m $(module) --check")

# For example: make test PYTEST_ARGS="tests/unit/safety -k fold"
PYTEST_ARGS ?=
PYTEST_WORKERS ?= 2
BENCH_ARGS ?=
# Other stream processors, in an environment of their own.
PEERS := var/peers/bin/python

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) ## Install the pinned packages into .venv (once per change of the pins)
	@echo "setup: ready, the command is $(BIN)/safety"

# Hashes guard what is fetched; the project itself is built by the pinned backend, offline.
$(INSTALLED): requirements/all.txt pyproject.toml
	@.ci/find-python > /dev/null
	@if ! test -x $(BIN)/python; then \
		python=$$(.ci/find-python); \
		echo "setup: creating $(VENV) with $$($$python --version)"; \
		$$python -m venv $(VENV); \
	fi
	@echo "setup: installing requirements/all.txt"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/all.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: $(INSTALLED) ## Run the whole flow on examples and a simulated study, into var/demo
	@$(BIN)/safety demo --out var/demo

.PHONY: test
test: $(INSTALLED) ## Run all tests; choose with PYTEST_ARGS
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) $(PYTEST_ARGS)

# Java and Maven are needed, unless KAFKA_HOME names an Apache Kafka that is there.
KAFKA_JARS := var/kafka/libs

$(KAFKA_JARS)/.fetched: tests/kafka/pom.xml
	@echo "test-kafka: fetching Apache Kafka into $(KAFKA_JARS)"
	@mvn --quiet --batch-mode --file $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(KAFKA_JARS)
	@touch $@

.PHONY: test-kafka
test-kafka: $(INSTALLED) $(if $(KAFKA_HOME),,$(KAFKA_JARS)/.fetched) ## Test on a real Apache Kafka: nodes that die, TLS and SASL
	@$(BIN)/python -m pytest tests/delivery/test_apache_kafka.py tests/delivery/test_secured_kafka.py $(PYTEST_ARGS)

VERAPDF_JARS := var/verapdf/libs

$(VERAPDF_JARS)/.fetched: tests/verapdf/pom.xml
	@echo "test-pdf: fetching veraPDF into $(VERAPDF_JARS)"
	@mvn --quiet --batch-mode --file $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(VERAPDF_JARS)
	@touch $@

.PHONY: test-pdf
test-pdf: $(INSTALLED) $(VERAPDF_JARS)/.fetched ## Check every kind of PDF with veraPDF (PDF/A-2b, PDF/UA-1)
	@$(BIN)/python -m pytest tests/unit/reports/paper/test_archivable.py $(PYTEST_ARGS)

# Seconds for each of the two targets. What was found interesting stays in var/fuzz and is gone on with;
# an input that breaks a law is left there as crash-*, and belongs into a test.
FUZZ_SECONDS ?= 120

.PHONY: fuzz
fuzz: $(INSTALLED) ## Seek inputs that break reader or writer of E2B, FUZZ_SECONDS each (atheris)
	@$(BIN)/python -c 'import atheris' 2> /dev/null || \
		$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/fuzz.txt
	@$(BIN)/python -m tests.fuzz.corpus var/fuzz
	@for target in reader writer; do \
		echo "fuzz: $$target, $(FUZZ_SECONDS) seconds"; \
		$(BIN)/python -m tests.fuzz.$$target var/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) \
			-len_control=0 -timeout=60 -verbosity=0 -print_final_stats=1 -artifact_prefix=var/fuzz/$$target-; \
	done

.PHONY: check
check: $(INSTALLED) ## Lint, format, types, imports, generated files: all of them, then count failures
	@failed=(); \
	export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	for command in $(CHECKS); do \
		echo "check: $$command"; \
		$$command || failed+=("$$command"); \
	done; \
	if (( $${#failed[@]} )); then \
		echo "check: $${#failed[@]} failed"; \
		printf '  %s\n' "$${failed[@]}"; \
		exit 1; \
	fi; \
	echo "check: all passed"

# What is fetched is pinned by hash; this asks whether a fault of a pinned version has become known,
# and whether a secret has got into a file.
.PHONY: security
security: $(INSTALLED) ## Look for secrets in the files, and for known faults of the pinned packages
	@git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	@echo "security: no secret that is not in .secrets.baseline"
	@mkdir -p var
	@$(BIN)/pip-audit --progress-spinner off --disable-pip --require-hashes \
		--requirement requirements/production.txt > var/audit.txt 2>&1 || { cat var/audit.txt; exit 1; }
	@echo "security: no known fault in $$(grep -c '^[a-z0-9_.-]*==' requirements/production.txt) packages," \
		"of which $$(grep -c 'could not be audited' var/audit.txt) could not be looked up"

.PHONY: sbom
sbom: $(INSTALLED) ## Write the list of all parts of an installation, CycloneDX JSON, to dist/sbom.json
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements requirements/production.txt --pyproject pyproject.toml \
		--output-reproducible --output-file dist/sbom.json
	@echo "sbom: dist/sbom.json"

.PHONY: format
format: $(INSTALLED) ## Rewrite the code in the project's format and apply the safe lint fixes
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

.PHONY: generate
generate: $(INSTALLED) ## Write the generated files anew
	@for module in $(GENERATORS); do \
		echo "generate: $$module"; \
		$(BIN)/python -m $$module; \
	done

.PHONY: then-and-now
then-and-now: $(INSTALLED) ## Decide the simulated study by the law of its time and of today: a page of docs
	@$(BIN)/python -m desk.cli.then_and_now

# Hours of one core; narrow it: MUTANTS="safety.case*", MUTANTS_EVERY=10, MUTANTS_BUDGET=4 (seconds of
# tests a mutant), MUTANTS_AGAIN=FILE (those that survived by an earlier result).
MUTANTS ?= *
MUTANTS_EVERY ?= 1
MUTANTS_BUDGET ?= 60
MUTANTS_AGAIN ?=

.PHONY: mutants
mutants: $(INSTALLED) ## Change the fold and the clocks a little, everywhere: does a test notice?
	@rm -rf mutants
	@mkdir -p var
	@nice -n 19 $(BIN)/python -m tests.support.write_mutants
	@cd mutants && nice -n 19 ../$(BIN)/python -m pytest -q -p no:randomly -p tests.support.mutants \
		--hypothesis-profile=mutants --mutants '$(MUTANTS)' --every $(MUTANTS_EVERY) \
		--budget $(MUTANTS_BUDGET) \
		$(if $(MUTANTS_AGAIN),--again $(abspath $(MUTANTS_AGAIN))) --result ../var/mutants.json \
		-k "not TestGraver" \
		tests/unit/safety/deadlines tests/unit/safety/test_case.py \
		tests/unit/safety/test_fold_merges.py tests/unit/safety/test_transmissions.py \
		tests/unit/safety/test_pipeline.py tests/unit/safety/test_submissions.py \
		tests/spec/test_deadlines.py

.PHONY: bench
bench: $(INSTALLED) $(PEERS) ## Measure the pipeline beside others; options in BENCH_ARGS
	@$(BIN)/python -m benchmarks.pipeline --peers $(PEERS) $(BENCH_ARGS)

$(PEERS): requirements/peers.txt $(INSTALLED)
	@$(BIN)/uv venv --quiet --clear var/peers
	@$(BIN)/uv pip install --quiet --python $@ --require-hashes --requirement $<
	@touch $@

MINUTES ?= 15
RATE ?= 100

.PHONY: day
day: $(INSTALLED) $(if $(KAFKA_HOME),,$(KAFKA_JARS)/.fetched) ## Run everything together for MINUTES, break things, and see that nothing is lost
	@$(BIN)/python -m benchmarks.day --minutes $(MINUTES) --rate $(RATE) --out var/bench/day.json

.PHONY: lock
lock: $(INSTALLED) ## Resolve the pins anew: versions and hashes, no addresses
	@for file in production all bench; do \
		case $$file in \
			production) options=(--extra desk);; \
			all) options=(--extra embedded --extra desk --extra test --extra dev --constraint requirements/production.txt);; \
			bench) options=(--extra bench --constraint requirements/all.txt);; \
		esac; \
		$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --custom-compile-command "make lock" \
			"$${options[@]}" --output-file requirements/$$file.txt; \
		echo "lock: requirements/$$file.txt"; \
	done
	@for file in peers fuzz; do \
		$(BIN)/uv pip compile requirements/$$file.in --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --custom-compile-command "make lock" --output-file requirements/$$file.txt; \
		echo "lock: requirements/$$file.txt"; \
	done

.PHONY: clean
clean: ## Remove the environment, the caches and the demo
	@rm -rf $(VENV) var/demo dist mutants .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
