# Needs Python 3.11 or newer, make, and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.fresh
DEMO := demo
NOTEBOOK := fixtures/notebooks/binary_churn/notebook.ipynb

.PHONY: demo test update bench clean

# A package made from a notebook, run, and what came out of it.
demo: $(STAMP)
	rm -rf $(DEMO)
	$(BIN)/chasm convert $(NOTEBOOK) --output $(DEMO) --name gym_churn
	cd $(DEMO) && MPLBACKEND=Agg PYTHONPATH=src ../$(BIN)/python -m gym_churn run > run.log
	@echo && echo "== the package" && find $(DEMO)/src -name '*.py' | sort | xargs wc -l
	@echo && echo "== its pipeline" && sed -n '/^def /,$$p' $(DEMO)/src/gym_churn/pipeline.py
	@echo && echo "== what it printed: the metrics of the notebook" && cat $(DEMO)/run.log
	@echo && echo "== its figures and tables" && ls -l $(DEMO)/reports
	@echo && echo "== its service, asked for one record" && $(BIN)/python scripts/ask.py $(DEMO) gym_churn

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/pytest -n 2

# Write what is made now as what is expected; then look at the difference.
update: $(STAMP)
	-$(BIN)/pytest -q tests/test_fixtures.py --update
	git diff --stat -- fixtures

bench: $(STAMP)
	$(BIN)/python benchmarks/convert.py

clean:
	rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Dependency groups need pip 25.1.
$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@
