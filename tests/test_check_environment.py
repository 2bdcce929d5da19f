"""`chasm check --python`: imports that an environment cannot serve."""

import json
import sys
from pathlib import Path

import pytest
from support.command import chasm_, error_line
from support.snippets import ipynb

IMPORTS = """
# %%
import json, yaml_of_nobody
import jsonschema.validators
import helper
import shared_of_the_project
from yaml_of_nobody.part import load
print(json, jsonschema, helper, shared_of_the_project, load)
"""


def missing(*arguments: str) -> list[str]:
    done = chasm_(
        "check", "work/a.ipynb", "--select", "CH104", "--output-format", "json", *arguments
    )
    return [f"{one['location']['row']} {one['message']}" for one in json.loads(done.stdout)]


@pytest.fixture(autouse=True)
def notebook(own_folder: None) -> None:
    Path("work").mkdir()
    Path("src", "shared_of_the_project").mkdir(parents=True)
    Path("pyproject.toml").write_text("", encoding="utf-8")
    Path("work", "helper.py").write_text("raise SystemExit('was run')", encoding="utf-8")
    Path("work", "a.ipynb").write_text(ipynb(IMPORTS), encoding="utf-8")


def test_only_what_is_neither_there_nor_beside_the_notebook_is_missing() -> None:
    assert missing("--python", sys.executable) == [
        "1 the environment has no yaml_of_nobody",
        "5 the environment has no yaml_of_nobody",
    ]


def test_a_folder_of_an_environment_will_do() -> None:
    assert missing("--python", sys.prefix) == missing("--python", sys.executable)


def test_without_an_environment_nothing_is_looked_for() -> None:
    assert missing() == []


def test_a_module_in_the_folder_of_the_call_is_in_no_environment() -> None:
    Path("yaml_of_nobody.py").write_text("", encoding="utf-8")
    Path("work", "pyproject.toml").write_text("", encoding="utf-8")
    assert len(missing("--python", sys.executable)) == 3


@pytest.mark.parametrize("path", ["nothing/there", "work", "pyproject.toml"])
def test_what_is_no_interpreter_is_one_line_and_exit_code_2(path: str) -> None:
    done = chasm_("check", "work/a.ipynb", "--python", path)
    assert done.exit_code == 2
    assert path.rpartition("/")[2] in error_line(done)


def test_a_project_cannot_choose_what_is_run() -> None:
    Path("pyproject.toml").write_text("[tool.chasm]\npython = './evil'\n", encoding="utf-8")
    done = chasm_("check", "work/a.ipynb")
    assert done.exit_code == 2
    assert "unknown key 'python'" in error_line(done)
