# The things one does with last4j. `make` alone lists them; each target builds what it needs.

PYTHON ?= python3
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
MVN := mvn -q -B

VENV := .venv
BIN := $(VENV)/bin
LIB := toolkit/target/lib
LAB_EXTENSION := notebooks/kernel/lab/package.json notebooks/kernel/lab/static/remoteEntry.js
TOOLKIT_SOURCES := pom.xml toolkit/pom.xml $(shell find toolkit/src/main -type f)
BENCH_SOURCES := $(shell find tests/bench/src -type f)
SPARK_SOURCES := $(shell find tests/spark/src -type f)

# Stamps: a file whose age says when a step last succeeded.
NOTEBOOK_PYTHON := $(VENV)/.notebooks
TEST_PYTHON := $(VENV)/.tests
BENCH_PYTHON := $(VENV)/.bench
INTEROP_PYTHON := $(VENV)/.interop
NBGRADER_PYTHON := target/nbgrader/.installed
TORCH_PYTHON := $(VENV)/.torch
DATA_PYTHON := $(VENV)/.data
TOOLKIT := $(LIB)/.built
BENCH := tests/bench/target/.built
SPARK := tests/spark/target/.built
KERNEL := $(VENV)/share/jupyter/kernels/java/.installed

ENVIRONMENT := notebooks/kernel/environment
include $(ENVIRONMENT)
export $(shell sed -n 's/^\([A-Z_]*\)=.*/\1/p' $(ENVIRONMENT))

JAVA_OPTS := $(shell $(PYTHON) notebooks/kernel/install.py --print-jvm-options --java "$(JAVA)" 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run test test-slow lab labs grade data train scale sweep sweep-cluster study ledger bench removal sbom clean tools
.DELETE_ON_ERROR:

help:
	@echo "make run     execute every notebook on the data here; readable reports in target/reports"
	@echo "make test    all tests: the toolkit's, the notebooks', and the browser's where there is one"
	@echo "make test-slow  what test leaves out: models to and from flax and numpy, beside a forward pass in JAX, as TorchScript in PyTorch, make scale in small, a sweep on Spark, and the labs under nbgrader"
	@echo "make lab     open JupyterLab on the notebooks; ARGS=\"--no-browser --port 9000\" are its own"
	@echo "make labs    write the students' versions of the course's labs from notebooks/labs/source"
	@echo "make grade   grade what students hand in: FROM=folder, results in target/grades (OUT=folder)"
	@echo "make data    fetch all of MNIST and CIFAR-10 into data/public (151 MB), which no other target needs; ARGS=mnist fetches one"
	@echo "make train   train the checkpoints under data/models again; ARGS=\"smnist-s5 3\" trains one, with seed 3; with \"--schedule cubic --ratio 0.8\" behind it is pruned meanwhile"
	@echo "make scale   train smnist-s5-full in JAX, on all of MNIST and what accelerator there is; ARGS=\"--mnist FOLDER --out RUN\""
	@echo "make sweep   prune these models by every method, and write data/results; ARGS=psmnist-s5 does one kind"
	@echo "make sweep-cluster  the same on Spark: MASTER=local-cluster[2,1,4096], or a cluster's; ARGS as above"
	@echo "make study   train whole, pruned meanwhile and small models, and write data/results/when (an hour a core); ARGS=\"fashion-s5 --seeds 3 --epochs 6\""
	@echo "make ledger  try every claim of the paper again, and write data/ledger.csv (10 minutes)"
	@echo "make bench   one table of times: norms beside SLICOT, models beside JAX, removal beside masking, and JMH's; ARGS=--large has more sizes"
	@echo "make removal  time models with states removed beside the same states masked, and measure memory (15 minutes)"
	@echo "make sbom    list all dependencies with their versions, and write target/last4j.cdx.json for scanners"
	@echo "make help    this list"
	@echo "make clean   remove everything that was built"

run: tools $(KERNEL)
	@$(BIN)/python notebooks/kernel/report.py notebooks target/reports

test: tools $(KERNEL) $(TEST_PYTHON)
	@$(MVN) verify
	@$(BIN)/python -m pytest -q tests/notebooks
	@$(BIN)/python -m pytest -q tests/labs

# Beside, and not in, make test: flax and what it needs are 700 MB, PyTorch with CUDA's libraries 3 GB, Spark 200 MB.
test-slow: tools $(TOOLKIT) $(KERNEL) $(TEST_PYTHON) $(INTEROP_PYTHON) $(TORCH_PYTHON) $(NBGRADER_PYTHON) $(SPARK)
	@$(BIN)/python -m pytest -q tests/interop tests/scale tests/spark
	@NBGRADER=target/nbgrader $(BIN)/python -m pytest -q tests/nbgrader

lab: tools $(KERNEL)
	@cd notebooks && ../$(BIN)/jupyter lab 00-start-here.ipynb $(ARGS) || { status=$$?; \
	  test "$$(id -u)" != 0 || test -n "$(findstring --allow-root,$(ARGS))" || \
	  echo "As root: make lab ARGS=--allow-root" >&2; exit $$status; }

labs: tools $(NOTEBOOK_PYTHON)
	@$(BIN)/python notebooks/kernel/labs.py notebooks/labs/source notebooks/labs

grade: tools $(KERNEL)
	@test -n "$(FROM)" || { echo "What students handed in: make grade FROM=folder" >&2; exit 1; }
	@$(BIN)/python notebooks/kernel/grade.py notebooks/labs/source "$(FROM)" "$(or $(OUT),target/grades)" $(ARGS)

data: $(DATA_PYTHON)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python data/fetch.py $(ARGS)

train: tools $(TOOLKIT)
	@"$(JAVA)" $(JAVA_OPTS) -cp "toolkit/target/classes:$(LIB)/*" io.github.last4j.app.Train $(ARGS)

scale: tools $(INTEROP_PYTHON)
	@$(BIN)/python tests/scale/train_smnist.py $(ARGS)

sweep: tools $(TOOLKIT)
	@"$(JAVA)" $(JAVA_OPTS) -cp "toolkit/target/classes:$(LIB)/*" io.github.last4j.app.Sweep $(ARGS)

study: tools $(TOOLKIT)
	@"$(JAVA)" $(JAVA_OPTS) -cp "toolkit/target/classes:$(LIB)/*" io.github.last4j.app.Study $(ARGS)

# Two executors here by default. What Spark opens of Java's modules on the driver, as its own scripts do.
MASTER ?= local-cluster[2,1,4096]
SPARK_OPENS := $(foreach package,java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
  java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action \
  sun.util.calendar,--add-opens=java.base/$(package)=ALL-UNNAMED)

sweep-cluster: tools $(SPARK)
	@SPARK_HOME="$(CURDIR)/tests/spark/target/spark" SPARK_SCALA_VERSION=2.13 "$(JAVA)" $(JAVA_OPTS) $(SPARK_OPENS) \
	  -Dspark.master="$(MASTER)" $(SPARK_OPTS) -cp "tests/spark/target/spark/jars/*" \
	  io.github.last4j.spark.ClusterSweep $(ARGS)

ledger: tools $(TOOLKIT)
	@"$(JAVA)" $(JAVA_OPTS) -cp "toolkit/target/classes:$(LIB)/*" io.github.last4j.app.Ledger $(ARGS)

bench: tools $(TOOLKIT) $(BENCH) $(BENCH_PYTHON)
	@$(BIN)/python tests/bench/bench.py $(ARGS)

removal: tools $(TOOLKIT) $(BENCH) $(NOTEBOOK_PYTHON)
	@$(BIN)/python tests/bench/masked_and_removed.py $(ARGS)

# What the toolkit needs at run time, and all pins of Python's.
sbom: tools
	@$(MVN) -pl toolkit org.cyclonedx:cyclonedx-maven-plugin:makeBom
	@$(PYTHON) .ci/sbom.py toolkit/target/bom.json target/last4j.cdx.json \
	  notebooks/requirements.txt tests/requirements.txt $(sort $(wildcard tests/*/requirements.txt))

clean:
	rm -rf $(VENV) target toolkit/target tests/target tests/bench/target

# Says what is missing before anything fails in a way that is harder to read.
tools:
	@sh notebooks/kernel/check-tools.sh "$(JAVA)" mvn "$(PYTHON)"

$(NOTEBOOK_PYTHON): notebooks/requirements.txt
	@echo "Setting up Python in $(VENV) ..."
	@# One without pip was left by an interrupt.
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

$(TEST_PYTHON): tests/requirements.txt $(NOTEBOOK_PYTHON)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

$(INTEROP_PYTHON): tests/interop/requirements.txt $(TEST_PYTHON)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

# Of its own, so that no lab is opened with nbgrader's extensions. Python 3.10 has no such nbgrader.
$(NBGRADER_PYTHON): tests/nbgrader/requirements.txt
	@mkdir -p $(@D)
	@if $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  $(PYTHON) -m venv --clear $(@D) && \
	  $(@D)/bin/python -m pip install -q --disable-pip-version-check -r $<; \
	fi
	@touch $@

$(TORCH_PYTHON): tests/interop/requirements-torch.txt $(INTEROP_PYTHON)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

$(DATA_PYTHON): data/requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

$(BENCH_PYTHON): tests/bench/requirements.txt $(NOTEBOOK_PYTHON)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

$(TOOLKIT): $(TOOLKIT_SOURCES)
	@echo "Building the toolkit ..."
	@rm -rf $(LIB)
	@$(MVN) -pl toolkit -DskipTests package dependency:copy-dependencies \
	  -DincludeScope=runtime -DoutputDirectory='$${project.build.directory}/lib'
	@touch $@

$(BENCH): $(TOOLKIT) tests/bench/pom.xml $(BENCH_SOURCES)
	@$(MVN) -pl toolkit,tests/bench -DskipTests package
	@touch $@

$(SPARK): $(TOOLKIT) tests/spark/pom.xml $(SPARK_SOURCES)
	@$(MVN) -Pspark -pl toolkit,tests/spark -DskipTests package
	@touch $@

$(KERNEL): $(NOTEBOOK_PYTHON) $(TOOLKIT) notebooks/kernel/install.py $(ENVIRONMENT) $(LAB_EXTENSION)
	@$(BIN)/python notebooks/kernel/install.py --java "$(JAVA)" --toolkit toolkit/target
	@touch $@

# `tools` first, also under -j, without making the stamps older than a phony target.
$(NOTEBOOK_PYTHON) $(TOOLKIT): | tools
