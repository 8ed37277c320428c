# Onhand. `make run` is all a fresh machine needs: Go, Node 20.19 or newer, make.

SHELL := /bin/sh
.DELETE_ON_ERROR:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export CGO_ENABLED := 0
# Packages are tested in their own folders, where a relative path would point elsewhere.
export ONHAND_REFERENCE := $(if $(ONHAND_REFERENCE),$(abspath $(ONHAND_REFERENCE)))

GO_FILES   := $(shell find . -path ./frontend/node_modules -prune -o \( -name '*.go' -o -name '*.sql' \) -print) $(wildcard server/docs/*) go.mod go.sum
PAGE_FILES := $(shell find frontend/src frontend/static frontend/messages frontend/scripts -type f -not -path '*/paraglide/*' 2>/dev/null) \
              $(wildcard frontend/*.ts frontend/*.js frontend/*.json frontend/project.inlang/settings.json)
MODULES := frontend/node_modules/.package-lock.json
PAGES   := frontend/dist/index.html

.PHONY: build run dev api test test-go test-api test-pages test-browser bench torture clean

build: bin/onhand

bin/onhand: $(GO_FILES) $(PAGES)
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ .

$(PAGES): $(MODULES) $(PAGE_FILES)
	cd frontend && npm run build
	@touch $@

$(MODULES): frontend/package.json frontend/package-lock.json
	cd frontend && npm ci
	@touch $@

run: bin/onhand
	bin/onhand serve

# The server starts anew when a Go file changes; vite reloads the pages at the address it prints.
dev: $(MODULES)
	@trap 'trap - EXIT INT TERM; kill 0' EXIT INT TERM; \
	(cd frontend && npm run dev) & \
	while :; do \
		mkdir -p bin; touch bin/.built; pid=; \
		if go build -o bin/onhand-dev .; then bin/onhand-dev serve & pid=$$!; fi; \
		until [ -n "$$(find . -path ./frontend -prune -o \( -name '*.go' -o -name '*.sql' \) -newer bin/.built -print -quit)" ]; do sleep 1; done; \
		[ -z "$$pid" ] || { kill $$pid; wait $$pid; }; \
	done

# The document the pages are typed by; its difference is the review of the API.
api: $(MODULES)
	go run . openapi > frontend/openapi.json
	cd frontend && npm run api

test: test-go test-api test-pages test-browser

# The race detector needs a C compiler; without one the tests run without it, and say so.
test-go: $(PAGES)
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'run gofmt on:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@if command -v cc >/dev/null 2>&1; then CGO_ENABLED=1 go test -race -timeout 600s ./...; \
	else echo 'no C compiler: install one (Debian: apt-get install gcc libc6-dev) to run the tests with the race detector'; go test -timeout 600s ./...; fi

# A change of the API that the pages do not know yet fails here.
test-api: $(MODULES)
	@mkdir -p bin
	go run . openapi > bin/openapi.json
	@cmp bin/openapi.json frontend/openapi.json || { echo 'The pages do not know this API yet: run make api.'; exit 1; }
	@cp frontend/src/lib/api/schema.d.ts bin/schema.d.ts
	cd frontend && npm run api
	@cmp bin/schema.d.ts frontend/src/lib/api/schema.d.ts || { echo 'The types of the API were out of date; they are made anew.'; exit 1; }

test-pages: $(PAGES)
	cd frontend && npm run check && npm test

# Two tablets and a real server.
test-browser: bin/onhand $(MODULES)
	@chromium=$$(.ci/chromium) && cd frontend && ONHAND_CHROMIUM=$$chromium npm run e2e

# The figures of docs/performance.md; on a machine that does nothing else.
bench: $(PAGES)
	go test -run '^$$' -bench . -benchtime 2s -timeout 60m ./...
	go test -run '^$$' -bench Orders -benchtime 20000x -timeout 60m ./server

# The experiments of make test, as long as one likes: they print their seed.
torture:
	ONHAND_KILLS=$${ONHAND_KILLS:-1000} go test -run Kill -v -timeout 24h .
	go test -run Model -timeout 24h ./db ./db/sales -rapid.checks=100000

clean:
	rm -rf bin frontend/node_modules frontend/.svelte-kit frontend/src/lib/paraglide
	find frontend/dist -mindepth 1 -not -name .gitkeep -delete
