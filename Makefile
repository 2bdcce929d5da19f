# make demo: a fixture becomes a package, and the package runs. make test: everything that CI checks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FIXTURE := fixtures/notebooks/binary_churn

.PHONY: demo test lint update clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(STAMP)

demo: $(STAMP)
	rm -rf demo && mkdir demo && cp -r $(FIXTURE) demo/notebook
	$(BIN)/chasm convert demo/notebook/notebook.ipynb --output demo/package --name gym_churn
	@echo && echo "The package:" && cd demo/package && find . -name '*.py' | sort | xargs wc -l
	@echo && echo "python -m gym_churn run:" && cd demo/package && PYTHONPATH=src ../../$(BIN)/python -m gym_churn run
	@echo && echo "Figures and tables:" && ls demo/package/reports

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet src tests
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n 2

update: $(STAMP)
	$(BIN)/pytest tests/test_fixtures.py --update

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
