# Passmuster: `make help` lists what there is. Targets are named by what they
# cost: test is minutes, e2e and bench are more, soak is an hour.

# The version that the binary reports; a tarball without git says "dev".
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# How long each fuzz target runs in fuzz-smoke.
FUZZTIME ?= 5s

# What the results of bench are called: bench/results/DATE-NAME.md.
NAME ?= local

# The race detector makes SQLite (translated C) about ten times slower, so the
# race run takes the packages where goroutines meet and -short, in which tests
# that repeat themselves do so less often.
RACE_TIMEOUT ?= 6m
# Where one goroutine does everything, and very much of it: no race can be there.
ALONE := ^Test(ABackup|ARestore|Restore|Tampering|PacksFollow)

TOOLS := $(CURDIR)/bin/tools

# The linter's own cache answers with the findings of another checkout of the
# same files, whose //nolint comments it then cannot read: so one for each.
LINT_CACHE := $(CURDIR)/bin/lint-cache

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## serve the demo company on 127.0.0.1:8080
	go run ./cmd/passmuster serve --demo

.PHONY: build
build: ## build bin/passmuster with its version stamped in
	CGO_ENABLED=0 go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/passmuster ./cmd/passmuster

.PHONY: test
test: ## all tests on SQLite and PostgreSQL, under 5 minutes on 2 cores
	go test ./...

.PHONY: race
race: ## the quick packages under the race detector
	CGO_ENABLED=1 go test -race -short -skip '$(ALONE)' -timeout $(RACE_TIMEOUT) $$(go list ./... | grep -Ev '/(e2e|bench|house)(/|$$)')

.PHONY: lint
lint: $(TOOLS)/.built ## golangci-lint, formatters included
	GOLANGCI_LINT_CACHE=$(LINT_CACHE) $(TOOLS)/golangci-lint run ./...

.PHONY: fmt
fmt: $(TOOLS)/.built ## gofumpt and import order, in place
	$(TOOLS)/golangci-lint fmt ./...

.PHONY: verify
verify: ## what is generated or pinned is what is checked in
	go mod verify
	go mod tidy -diff
	go test -count=1 ./internal/house ./internal/config

.PHONY: bench
bench: ## requests beside a bare net/http server, 10k and 100k people: NAME=… names the results
	go run ./bench/floor -name $(NAME)

.PHONY: bench-attack
bench-attack: ## what the costliest requests do to a read beside them: NAME=… names the results
	go run ./bench/attack -name $(NAME)

.PHONY: bench-pocketbase
bench-pocketbase: ## a slice of the comparison with PocketBase, whose server is built from its own module
	go test -tags pocketbase -count=1 -run TestPocketBase ./bench/floor

.PHONY: microbench
microbench: ## microbenchmarks of all packages
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: fuzz-smoke
fuzz-smoke: ## every fuzz target for FUZZTIME
	.ci/fuzz $(FUZZTIME)

.PHONY: e2e
e2e: ## scripts and clients against the built binary
	go test -count=1 -v ./e2e/...

.PHONY: soak
soak: ## in full, on each database: 50 kills, 100,000 requests by the fuzzer, 10,000 writes looked for on another server, lists against plain SQL, checks against an assessment from scratch, a year of 1,000 people
	PASSMUSTER_SOAK=1 go test -count=1 -timeout 60m -v -run 'Kill|TestFuzz|TestConversations|TestNoServerIsStale' ./e2e
	PASSMUSTER_SOAK=1 go test -count=1 -timeout 60m -v -run 'TestRosterIsWhatPlainSQLSays|TestDocumentsAreNeverOlder' ./internal/directory
	PASSMUSTER_SOAK=1 go test -count=1 -timeout 60m -v -run 'TestTheRecordIsWhat|TestEveryFlip' ./internal/compliance

.PHONY: openapi-lint
openapi-lint: ## a public linter on docs/openapi.json and docs/openapi.yaml
	.ci/openapi-lint

.PHONY: generated
generated: ## clients by public generators, in Go and TypeScript, against a running demo
	.ci/generated

.PHONY: vuln
vuln: $(TOOLS)/.built ## known vulnerabilities that the code can reach
	.ci/vuln $(TOOLS)/govulncheck

.PHONY: readme
readme: ## run the tagged commands of the README and of the operations manual, in copies of the checkout
	.ci/readme README.md
	.ci/readme docs/operations.md

.PHONY: restore-drill
restore-drill: ## restore backups between both databases and compare the API byte by byte
	.ci/restore-drill

# The tools are a module of their own, so that their hundreds of dependencies
# stay out of the product's. Built once, until a version changes.
$(TOOLS)/.built: tools/go.mod tools/go.sum
	@mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) go -C tools install tool
	@touch $@
