# Everything a student, an instructor or a contributor types. `make` alone lists it.
#
# Works with GNU make 3.81, which macOS still ships: no .ONESHELL, no .SHELLFLAGS.

PYTHON ?= python3
SUBMISSION ?=
SUBMISSIONS ?=
OUT ?=
ARGS ?=

export SUBMISSION SUBMISSIONS OUT
VENV = .venv/bin/python
READY = .venv/ready

# A .venv whose Python is gone (a system upgrade can remove it) is made anew.
ignored := $(shell [ -x $(VENV) ] || rm -f $(READY))

.DEFAULT_GOAL = help
.PHONY: help grade class notebooks test lint bench gallery mistakes notebooks-test notebooks-run hooks clean

help:
	@echo 'make grade                     grade your own work in labs/'
	@echo 'make grade SUBMISSION=PATH     grade a folder or a zip (SUBMISSION=solutions: full marks)'
	@echo 'make grade ARGS="-k udp"       the same, with more options for pytest'
	@echo 'make class SUBMISSIONS=PATH OUT=DIR   grade a whole class, and write its reports into DIR'
	@echo 'make notebooks                 read and run the notebooks, in JupyterLab'
	@echo 'make test                      ruff, mypy and the tests of the project (ARGS as above)'
	@echo 'make lint                      ruff and mypy alone'
	@echo 'make bench                     measure how long grading takes (ARGS=classes: a part of it)'
	@echo 'make gallery                   grade the gallery of fair and broken programs'
	@echo 'make mistakes                  write labs/MISTAKES.md anew, from the table of causes'
	@echo 'make notebooks-test            run every notebook, and compare its outputs with those it has'
	@echo 'make notebooks-run             run every notebook, and keep the new outputs'
	@echo 'make hooks                     have git clean notebooks before each commit'
	@echo 'make clean                     remove .venv and everything else that was made'
	@echo
	@echo 'All of it runs in .venv, made on first use with python3, or with PYTHON=python3.12.'

# A low grade (exit status 1 of pytest) is a grade. Anything else but 0 is an error of the run.
grade: $(READY)
	@echo "==> Grading $${SUBMISSION:-labs}"
	@set -- grading; \
	if [ -n "$$SUBMISSION" ]; then set -- "$$@" --submission "$$SUBMISSION"; fi; \
	$(VENV) -m pytest "$$@" $(ARGS) || [ $$? -eq 1 ]

class: $(READY)
	@[ -n "$$SUBMISSIONS" ] && [ -n "$$OUT" ] || { \
	  echo 'make class needs both: make class SUBMISSIONS=submissions/ OUT=grades/' >&2; exit 2; }
	@$(VENV) -m grading class "$$SUBMISSIONS" --out "$$OUT" $(ARGS)

# The root is here, and not in notebooks/, for links from there to labs/.
notebooks: $(READY)
	@echo '==> Opening the notebooks in JupyterLab (to end it: Control-C, twice)'
	@$(VENV) -m jupyterlab --ServerApp.root_dir=. notebooks/01_sockets.ipynb $(ARGS)

test: lint
	@echo '==> Running the tests'
	@$(VENV) -m pytest $(ARGS)

lint: $(READY)
	@echo '==> Checking style and types (ruff, mypy)'
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy

bench: $(READY)
	@echo '==> Measuring how long grading takes'
	@$(VENV) -m tests.bench $(ARGS)

gallery: $(READY)
	@echo '==> Grading the gallery'
	@$(VENV) -m tests.gallery

mistakes: $(READY)
	@echo '==> Writing labs/MISTAKES.md'
	@$(VENV) -m grading.diagnosis.mistakes

notebooks-test: $(READY)
	@echo '==> Running the notebooks, comparing outputs'
	@$(VENV) -m pytest --nbval notebooks $(ARGS)

notebooks-run: $(READY)
	@echo '==> Running the notebooks, keeping new outputs'
	@$(VENV) -m tests.rerun $(ARGS)

hooks: $(READY)
	@echo '==> Telling git of .ci/hooks'
	@git config core.hooksPath .ci/hooks

clean:
	@echo '==> Removing .venv and everything else that was made'
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info results.json junit.xml
	@find grading labs solutions tests notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -prune -exec rm -rf {} +

# Installed again when the requirements change, and skipped otherwise.
$(READY): requirements.txt pyproject.toml | $(VENV)
	@echo '==> Installing what requirements.txt asks for, into .venv'
	@$(VENV) -m pip install -qq --disable-pip-version-check -r requirements.txt || { \
	  echo 'pip could not install the packages named in requirements.txt; its reason stands above (is this machine online?).' >&2; \
	  exit 1; }
	@$(VENV) -m compileall -q grading  # so that the first grading is as quick as the second
	@touch $(READY)

$(VENV):
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo '$(PYTHON) was not found: install Python 3.10 or newer (Debian and Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python3).' >&2; \
	  exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "$(PYTHON) is $$("$(PYTHON)" -V 2>&1), and Python 3.10 or newer is needed: install one, and name it as in make grade PYTHON=python3.12." >&2; \
	  exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian and Ubuntu: sudo apt install python3-venv)." >&2; \
	  exit 1; }
	@echo "==> Making .venv with $$("$(PYTHON)" -V)"
	@"$(PYTHON)" -m venv --clear .venv || { \
	  rm -rf .venv; \
	  echo "$(PYTHON) could not make .venv; its reason stands above (Debian and Ubuntu: sudo apt install python3-venv)." >&2; \
	  exit 1; }
