.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
STATICCHECK_VERSION := v0.8.2
SEEDS ?= 20
MOMENTS ?= 20
EVENTS ?= 2000000
PYTHON ?= python3

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

doctor: ## Check what this machine has, and say how to get what is missing
	@bash tools/doctor.sh

$(VENV)/.uv:
	@bash tools/doctor.sh python
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.lock pyproject.toml
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet --require-hashes -r requirements/run.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet --require-hashes -r requirements/dev.lock
	touch $@

setup: $(VENV)/.run ## Install what a run needs into .venv
setup-dev: $(VENV)/.dev ## Install what development and tests need into .venv

run: setup ## Run a full paper-trading day on this machine, with no accounts
	$(VENV)/bin/tapeline run configs/sessions/paper-smoke.yaml --out build/runs/paper-smoke

up: setup ## Start Kafka and PostgreSQL here (KAFKA_PORT, POSTGRES_PORT), Grafana with Docker
	@$(PY) -m tapeline.local up

down: setup ## Stop them in order; make down WIPE=1 removes their data
	@$(PY) -m tapeline.local down $(if $(WIPE),--wipe)

ps: setup ## Show what of them runs, and where
	@$(PY) -m tapeline.local ps

logs: setup ## Show the end of their logs
	@$(PY) -m tapeline.local logs

test: setup-dev verify-generated go-build go-test ## All tests but the fault soak and the benchmarks
	$(PY) -m pytest -n 2 --cov --cov-report= -q tests
	$(PY) tools/check_coverage.py

# One stage alone, on the services of `make up`; the other stages of the session may run beside it.
SESSION ?= configs/sessions/paper-short.yaml
PARTITIONS ?= 1
DRY := configs/sessions/dry-smoke.yaml
ALONE = --services --partitions $(PARTITIONS)

agg-multi: setup ## Run bar_aggregator_multi alone (SESSION, PARTITIONS)
	$(VENV)/bin/tapeline stage bar_aggregator_multi $(SESSION) $(ALONE)

strat-1m: setup ## Run strategy_runner alone
	$(VENV)/bin/tapeline stage strategy_runner $(SESSION) $(ALONE)

risk-v2: setup ## Run risk_manager alone
	$(VENV)/bin/tapeline stage risk_manager $(SESSION) $(ALONE)

budget-guard: setup ## Run budget_guard alone
	$(VENV)/bin/tapeline stage budget_guard $(SESSION) $(ALONE)

gateway-dry: setup ## Run gateway_dry of the dry session alone
	$(VENV)/bin/tapeline stage gateway_dry $(DRY) $(ALONE)

poller-dry: setup ## Follow the reports of the dry session: gateway_dry answers, there is no broker to poll
	$(VENV)/bin/tapeline tail broker.reports $(DRY) $(ALONE)

ingest-go: setup go-build ## Run ingestion in Go alone
	$(VENV)/bin/tapeline stage ingestion $(SESSION) --implementation go $(ALONE)

bars1s-go: setup go-build ## Run bar_builder_1s in Go alone
	$(VENV)/bin/tapeline stage bar_builder_1s $(SESSION) --implementation go $(ALONE)

baragg-go: setup go-build ## Run bar_aggregator_multi in Go alone
	$(VENV)/bin/tapeline stage bar_aggregator_multi $(SESSION) --implementation go $(ALONE)

go-build: ## Build the stages that Go has into go/bin
	@bash tools/doctor.sh go
	cd go && CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/...

go-test: ## Tests of the Go packages, with the race detector
	@bash tools/doctor.sh tests
	cd go && go test -race ./...

go-lint: ## Format, vet, staticcheck and modules of the Go packages
	@bash tools/doctor.sh go
	cd go && test -z "$$(gofmt -l . | tee /dev/stderr)"
	cd go && go vet ./...
	cd go && go run honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION) ./...
	cd go && go mod tidy -diff

lint: setup-dev go-lint ## Format, lint, types, import contracts, shell, Go
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=services $(VENV)/bin/lint-imports --no-cache
	shellcheck .ci/run tools/*.sh

format: setup-dev ## Format the code
	gofmt -w go
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

generate: setup-dev ## Write the types, SQL and diagrams that come from schemas/
	$(PY) tools/generate.py
	$(PY) tools/generate_docs.py

verify-generated: setup-dev ## Fail when generated files differ from schemas/
	$(PY) tools/generate.py --check
	$(PY) tools/generate_docs.py --check

fault: setup-dev ## Seeded fault simulation: make fault SEEDS=1000
	$(PY) -m tests.fault.simulate --seeds $(SEEDS)

fault-kafka: setup-dev go-build ## Kills stages, broker and database under sessions on Kafka (SEED, SHORT=1)
	@bash tools/doctor.sh tests
	$(PY) -m tests.fault_kafka.run $(if $(SEED),--seed $(SEED)) $(if $(SHORT),--short)

handover-soak: setup-dev go-build ## Handovers at random moments under load: make handover-soak MOMENTS=20
	@bash tools/doctor.sh tests
	$(PY) -m tests.fault_kafka.handover --moments $(MOMENTS)

parity: setup-dev ## Compare the bar stages in Python and Go byte by byte: make parity EVENTS=2000000
	@bash tools/doctor.sh go
	$(PY) -m tests.parity.run --events $(EVENTS)

bench: setup-dev go-build ## Measure; writes docs/benchmarks.md and build/benchmarks.json
	cd go && CGO_ENABLED=0 go build -trimpath -o ../build/bench/ ./internal/bench/...
	$(PY) -m tests.bench.run

lock: setup-dev ## Write requirements/*.lock anew from pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.lock
	$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra dev -c requirements/run.lock pyproject.toml -o requirements/dev.lock

clean: ## Remove what was built, but not .venv
	@test ! -e build/services/kind || $(PY) -m tapeline.local down
	rm -rf build go/bin .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage*

.PHONY: help doctor setup setup-dev run up down ps logs test lint go-build go-test go-lint format generate verify-generated fault fault-kafka handover-soak parity bench lock clean
.PHONY: agg-multi strat-1m risk-v2 budget-guard gateway-dry poller-dry ingest-go bars1s-go baragg-go
