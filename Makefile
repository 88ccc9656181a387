# The scripts do the work; make only names them.
.PHONY: all setup build test lint demo release clean help

all: build ## the default, same as build

setup build: ## build/lib/libceitorch.so and build/bin/cei
	scripts/setup

test: ## go vet and every test
	scripts/test

lint: ## golangci-lint with the import rules
	scripts/lint

demo: ## simulate, train both models, evaluate
	scripts/demo

release: ## the tarball in build/release
	scripts/release

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F '## ' '/^[a-z ]+:.*## / { sub(/:.*/, "", $$1); printf "%-13s %s\n", $$1, $$2 }' Makefile
