# The two commands of the README: make run, make test.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X github.com/trucewatch/truce/app.version=$(VERSION)

export CGO_ENABLED := 0

.PHONY: build run test lint bench picture case release clean

build:
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/truce ./cmd/truce

run: build
	./bin/truce demo

test: build
	$(GO) vet ./...
	$(GO) test -p 2 -timeout 20m ./...

lint:
	./scripts/lint

# Every package with a benchmark, a moment each: "make bench BENCH=Inverse BENCHTIME=2s"
# asks for one of them, longer. docs/benchmarks.md has the command of each figure.
BENCH     ?= .
BENCHTIME ?= 100ms
BENCHED   := . ./app ./geo/... ./internal/... ./source/... ./sense/... ./assess/... ./keep/... ./respond/... ./sim/...

bench:
	$(GO) test -short -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem $(BENCHED)

picture: build
	./scripts/picture

case: build
	./scripts/easter-2026

release:
	./scripts/release $(VERSION)

clean:
	rm -rf bin dist
