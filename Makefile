# One target for each thing to do with this project. Nothing asks a question; what is installed is named first.

SHELL := /bin/bash
ARGS ?=

.PHONY: help deps build lint check test test-all lab demo pack bench bench-session bench-templates clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

node_modules/.package-lock.json: package.json package-lock.json
	@echo 'installing by npm, from package-lock.json: the packages this project is built and tested with'
	@# Not `npm ci`: it refuses the lock file where a registry lacks the formatter's builds for other systems.
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

deps: node_modules/.package-lock.json ## Install what the project needs

build: deps ## Build dist/, which bin/troupe runs
	@node scripts/build.mjs

lint: deps ## Check format and style
	@npx biome check .

check: deps ## Check types, format and style
	@npx tsc --noEmit
	@npx biome check .

test: deps ## Build, check, unit tests, and tests on real hosts (as root on Linux)
	@node scripts/test.mjs

test-all: deps ## All that `test` does, and the slow ones: the whole site on real hosts, the reference engine beside
	@node scripts/test.mjs --all

lab: build ## Real hosts by hand: make lab ARGS="up --hosts db,mq", make lab ARGS=--help
	@node dist/test/lab/main.js $(ARGS)

demo: build ## A whole site on four real hosts: dry run, real run, second run
	@node dist/test/demo.js $(ARGS)

pack: build ## A tarball for npm, and a bundle that installs without a network
	@node scripts/pack.mjs

bench: build ## Plays, side by side with Ansible: make bench ARGS="--quick command"
	@node dist/bench/plays.js $(ARGS)

bench-session: build ## What one script costs over a connection: make bench-session ARGS="local"
	@node dist/bench/session.js $(ARGS)

bench-templates: build ## Templates, side by side with Jinja2: make bench-templates ARGS="--quick chains"
	@node dist/bench/templates.js $(ARGS)

clean: ## Remove what was built
	rm -rf dist dist.next dist.old coverage node_modules/.cache *.tgz
