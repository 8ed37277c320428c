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

.PHONY: tools build run dev api test test-go test-fuzz test-api test-pages test-browser bench torture clean

# The race detector needs a C compiler. It watches our code and the driver, not SQLite itself and the C library under it, which are
# translated from C and lock by themselves: watching each of their steps takes four fifths of the time of the tests. Nor does it watch
# the hashing of passwords, which reads megabytes for each and takes half of the server's tests then.
UNWATCHED := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b
RACE      := $(if $(shell command -v cc 2>/dev/null),-race $(foreach p,$(UNWATCHED),-gcflags=$p=-race=false))

build: bin/onhand

# Says in a sentence what a machine lacks.
tools:
	@command -v go >/dev/null 2>&1 || { echo 'Go is missing: install it from https://go.dev/dl and try again.'; exit 1; }
	@command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { echo 'Node with npm is missing: install 20.19 or newer from https://nodejs.org and try again.'; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || a === 20 && b >= 19 ? 0 : 1)' || \
	{ echo "Node $$(node --version) is too old: install 20.19 or newer from https://nodejs.org and try again."; exit 1; }

bin/onhand: $(GO_FILES) $(PAGES) | tools
	go build -buildvcs=false -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ .

$(PAGES): $(MODULES) $(PAGE_FILES)
	cd frontend && npm run build
	@touch $@

$(MODULES): frontend/package.json frontend/package-lock.json | tools
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
		if go build -buildvcs=false -o bin/onhand-dev .; then bin/onhand-dev serve & pid=$$!; fi; \
		until [ -n "$$(find . -path ./frontend -prune -o \( -name '*.go' -o -name '*.sql' \) -newer bin/.built -print -quit)" ]; do sleep 1; done; \
		[ -z "$$pid" ] || { kill $$pid; wait $$pid; }; \
	done

# The document the pages are typed by; its difference is the review of the API.
api: $(MODULES)
	go run -buildvcs=false . openapi > frontend/openapi.json
	cd frontend && npm run api

test: test-go test-fuzz test-api test-pages test-browser
	@echo 'Passed: gofmt, vet, staticcheck, the Go tests $(if $(RACE),with,WITHOUT) the race detector, $(FUZZ_TIME) of fuzzing for each kind of input, the API against its document, the types and tests of the pages, the stories in a browser.'

# Without a C compiler the tests run without the race detector, and say so. The demo's year of orders is made by one goroutine
# through rooms that are tested with it, and would take five minutes. The model of an order's life goes through its 20,000 steps
# without it too: under it they are 1,000. So does the model of the stores.
test-go: $(PAGES)
	@wrong=$$(gofmt -l $(filter %.go,$(GO_FILES))) || exit 1; test -z "$$wrong" || { echo 'run gofmt on:'; echo "$$wrong"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@test -n '$(RACE)' || echo 'no C compiler: install one (Debian: apt-get install gcc libc6-dev) to run the tests with the race detector'
	CGO_ENABLED=$(if $(RACE),1,0) go test -vet=off -buildvcs=false $(RACE) -timeout 600s $$(go list ./... | grep -v '/db/demo$$')
	go test -buildvcs=false -timeout 600s ./db/demo
	$(if $(RACE),go test -buildvcs=false -run TheModelDoes -timeout 600s ./db/sales ./db/doctor)

# What strangers hand in: files, pictures, codes. What goes wrong is written to testdata/fuzz of its package and stays there: with
# the seeds it is a case of the ordinary tests, and where the next search begins.
FUZZ_TIME ?= 20s
FUZZ := ./db/table:FuzzAnyFileIsReadOrRefused ./db/table:FuzzRowsAreThoseOfTheStandardReader ./db/picture:FuzzImage ./db/barcode:FuzzBarcode

test-fuzz:
	@for f in $(FUZZ); do echo "$${f#*:}"; .ci/fuzz "$${f%%:*}" "$${f#*:}" $(FUZZ_TIME) || exit 1; done

# A change of the API that the pages do not know yet fails here.
test-api: $(MODULES)
	@mkdir -p bin
	go run -buildvcs=false . openapi > bin/openapi.json
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
	go test -buildvcs=false -run '^$$' -bench . -benchtime 2s -timeout 60m ./...
	go test -buildvcs=false -run '^$$' -bench Orders -benchtime 20000x -timeout 60m ./server

# The experiments of make test, as long as one likes: they print their seed.
torture:
	ONHAND_KILLS=$${ONHAND_KILLS:-1000} go test -buildvcs=false -run Kill -v -timeout 24h .
	go test -buildvcs=false -run Model -timeout 24h ./db -rapid.checks=100000
	ONHAND_STEPS=$${ONHAND_STEPS:-1000000} go test -buildvcs=false -run TheModelDoes -v -timeout 24h ./db/sales ./db/doctor
	go test -buildvcs=false -run '^$$' -fuzz '^FuzzAnyFileIsUnderstoodOrRefused$$' -fuzztime $${ONHAND_FUZZ:-30m} ./db/imports
	ONHAND_TORTURE=1 go test -buildvcs=false -run 'SummedUp|NoMailIsLost' -v -timeout 24h ./jobs

clean:
	rm -rf bin frontend/node_modules frontend/.svelte-kit frontend/src/lib/paraglide
	find frontend/dist -mindepth 1 -not -name .gitkeep -delete
