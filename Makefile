# Casa Vazquez. `make run` to try it, `make test` for every check, `make help` for the rest.
.DEFAULT_GOAL := help
.PHONY: run test dev build lint website test-sqlite test-postgres e2e openapi bench help

run: ## Build everything and serve it at http://127.0.0.1:8080 (PORT=… for another port)
	@scripts/run

test: ## Run every check: format, lints, tests on SQLite and PostgreSQL, website, browser
	@scripts/test

build: website ## Build the release binary, website included: target/release/casavazquez
	cargo build --release --locked

dev: ## Show the guest pages with made-up cards, built again whenever a source changes
	@scripts/website dev

lint: ## Format and lint, Rust and website
	@scripts/test lint

website: ## Build the guest pages into website/dist
	@scripts/website build

test-sqlite: ## Run the Rust tests on SQLite
	@scripts/test sqlite

test-postgres: ## Run the Rust tests on a throwaway PostgreSQL server
	@scripts/test postgres

e2e: ## Run the browser tests against the release binary
	@scripts/test browser

openapi: ## Write the API's document, backend/openapi.json
	cargo run --locked --quiet -- openapi > backend/openapi.json

bench: ## Measure the release binary: its start, its weight, the door under a flood, prices in bulk
	@node bench/start.mjs
	@node bench/door.mjs
	@node bench/prices.mjs
	@scripts/with-postgres node bench/prices.mjs

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
