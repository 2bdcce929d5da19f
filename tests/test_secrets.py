"""Secrets never travel: neither into a package nor into what is said of it.

A case is a file in ``cases/secrets``: the cell, ``---``, the same without its secrets, ``---``,
and for each secret its line and the variable that is read instead. ``@20`` and ``@40`` stand for
texts that look random, which are made when the test runs, so that no file holds any.
"""

import json
import random
import string
from pathlib import Path

import pytest
from support.folders import ROOT

from chasm.api import convert
from chasm.read.masking import Variables, without_secrets

CASES = sorted((ROOT / "tests" / "cases" / "secrets").glob("*.txt"))
MARKS = {"@20": 20, "@40": 40}


def made_up(seed: int) -> dict[str, str]:
    """For each mark a text of letters and digits, both of them among its first."""
    rng = random.Random(seed)
    letters = string.ascii_letters + string.digits
    return {m: "a1" + "".join(rng.choices(letters, k=n - 2)) for m, n in MARKS.items()}


def filled(text: str, secrets: dict[str, str]) -> str:
    for mark, secret in secrets.items():
        text = text.replace(mark, secret)
    return text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_secrets_become_variables(path: Path) -> None:
    secrets = made_up(1)
    text = filled(path.read_text(encoding="utf-8"), secrets)
    cell, wanted, said = f"{text}\n".split("\n---\n")
    clean, found = without_secrets(cell, Variables())
    assert clean == wanted
    assert [f"{line} {name}".rstrip() for line, name in found] == said.split("\n")[:-2]


def test_no_secret_is_in_what_is_written_or_said(tmp_path: Path) -> None:
    secrets = made_up(2)
    token, password = "ghp_" + secrets["@40"], secrets["@20"]
    cells = [
        ("markdown", f"# Load\nLogin with `{token}`, password: {password}"),
        ("code", f"# token: {token}\npassword = '{password}'\nprint(len(password))"),
        ("code", f"%env API_KEY={password}\n!curl -H 'Authorization: Bearer {token}' https://x.io"),
        ("code", f"%%bash\nexport TOKEN={token}"),
        ("code", "import helper\nprint(helper.VALUE)"),
    ]
    listed = [
        {"cell_type": kind, "source": source, "metadata": {"p": token}, "outputs": [
            {"output_type": "stream", "name": "stdout", "text": token}]}
        for kind, source in cells
    ]  # fmt: skip
    notebook = tmp_path / "nb.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "cells": listed}), encoding="utf-8")
    helper = f"api_key = '{password}'\nVALUE = 1\n"
    (tmp_path / "helper.py").write_text(helper, encoding="utf-8")
    done = convert(notebook, tmp_path / "package")
    texts = [path.read_text("utf-8") for path in done.folder.rglob("*") if path.is_file()]
    texts += [finding.message for finding in done.findings]
    assert [text for text in texts if token in text or password in text] == []
    places = {(f.cell, f.line) for f in done.findings if f.code == "CH008"}
    assert {(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)} <= places
    assert 'os.environ["PASSWORD"]' in "".join(texts)
