# The few commands people type; `make` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

LAB ?= examples/seed-lab
lab_flags := $(if $(filter-out 0 no false,$(ONCE)),--once) $(if $(ROUTER),--router $(ROUTER))

MVN := bin/maven

# Folders count too: a deleted file changes its folder.
sources := pom.xml .mvn $(shell find crds/pom.xml bgp-speaker/pom.xml operator/pom.xml \
  crds/src/main bgp-speaker/src/main operator/src/main)
built := target/build.stamp

bench_sources := $(shell find bench/pom.xml bench/src/main)
bench_built := target/bench.stamp

.PHONY: help build check-scripts test proof interop bench fuzz lab cluster cluster-down image crds fmt clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

build: $(built) ## compile and package; bin/peerage then runs from the tree

$(built): $(sources)
	@echo "building Peerage$$([ -d operator/target ] || echo '; the first time Maven downloads its libraries, which takes minutes')"
	@rm -rf operator/target/lib # keeps libraries that are no longer used
	@$(MVN) -q -pl operator -am package -Dmaven.test.skip=true
	@mkdir -p $(@D) && touch $@

lab: $(built) ## run the lab in one process; ONCE=1 checks and exits, ROUTER=frr uses a real FRR, LAB=folder
	@exec bin/peerage lab $(lab_flags) $(LAB)

check-scripts: ## hold the scripts against shellcheck and ruff and run their tests; installs both (root, Debian)
	@bin/check-scripts

define test_setup
	@cluster/cluster build
	@$(MAKE) --no-print-directory image
	@interop/install
endef

test: ## set up everything the tests need, then run them all, on a real cluster too (root)
	@bin/check-scripts
	$(test_setup)
	@src/test/run -Dtest.excludedGroups=wide

proof: ## run the long proofs whole, which `make test` runs in a short form (root; takes hours)
	$(test_setup)
	@rm -f target/faults.md
	@src/test/run --all -Dgroups=proof -Dtest.excludedGroups= -Dpeerage.proof=true && result=0 || result=$$?; \
	  cat target/faults.md; exit $$result

interop: $(built) ## try Peerage with seven real routers and write docs/interop.md's table (root, Debian)
	@interop/install wide
	@rm -rf target/interop
	@$(MVN) -q -pl src/test -am test -Dgroups=interop -Dtest.excludedGroups= && result=0 || result=$$?; \
	  interop/table; exit $$result

bench: $(bench_built) $(if $(COMPARE),$(built)) ## measure and print a table; BENCH=regex selects; COMPARE=1 compares with other speakers (root)
ifdef COMPARE
	@exec bench/compare/compare $(filter-out 0 1 yes,$(COMPARE))
else
	@exec bench/jmh $(BENCH)
endif

$(bench_built): $(sources) $(bench_sources)
	@$(MVN) -q -pl bench -am package -Dmaven.test.skip=true
	@mkdir -p $(@D) && touch $@

MINUTES ?= 5
fuzz: ## look for inputs that break the decoders and the state machine; MINUTES=5
	@$(MVN) -q -pl bgp-speaker -am test-compile dependency:build-classpath -Dmdep.includeScope=test \
	  -Dmdep.outputFile=$(CURDIR)/bgp-speaker/target/fuzz.classpath
	@bgp-speaker/fuzz $(MINUTES)

cluster: ## bring up three real Kubernetes nodes around an FRR router (root, Linux)
	@cluster/cluster up

cluster-down: ## remove the cluster without a trace
	@cluster/cluster down

image: target/peerage-image.tar ## build localhost/peerage:dev and leave it in target/peerage-image.tar

target/image.stamp: $(built) $(addprefix image/,jvm modules peerage runtime train) $(wildcard examples/seed-lab/*)
	@image/runtime target/image && touch $@

target/peerage-image.tar: target/image.stamp Dockerfile .dockerignore image/build
	@image/build $@

crds: ## write the custom resource definitions into the chart
	@$(MVN) -q -pl crds -am process-classes -Dcrds.update

fmt: ## format the sources
	@$(MVN) -q spotless:apply

clean: ## remove what was built here
	@rm -rf target */target src/test/target
