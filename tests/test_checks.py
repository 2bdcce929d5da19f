"""Every check fires on its bad snippets and not on its good ones, and its texts are all there.

A case is a snippet in ``rules/checks/CODE.toml``.
"""

import tomllib

import pytest
from support.folders import ROOT
from support.snippets import findings_of

from chasm.checks import CHECKS, Check
from chasm.checks.explain import page, reference
from chasm.rulebook.texts import text_of, texts_folder

EACH = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)


def snippets(kind: str) -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "rules" / "checks").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [(data["code"], text) for text in data[kind]]
    return found


@pytest.mark.parametrize(("code", "text"), snippets("bad"))
def test_a_check_fires_on_its_bad_snippets(code: str, text: str) -> None:
    assert code in {one.code for one in findings_of(text)}


@pytest.mark.parametrize(("code", "text"), snippets("good"))
def test_a_check_does_not_fire_on_its_good_snippets(code: str, text: str) -> None:
    assert [one for one in findings_of(text) if one.code == code] == []


def test_a_function_may_write_several_columns_of_what_it_is_given() -> None:
    """All of them are written by one call, which is no older than itself."""
    text = (
        "# %%\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n"
        "df = pd.read_csv('a.csv')\n"
        "def doubled(t):\n    t = t.copy()\n    t['n'] = t['b'] * 3\n    t['b'] = t['b'] * 2\n"
        "    return t\nX = doubled(df)\nRidge().fit(X, df['y'])\n"
    )
    assert "CH305" in {one.code for one in findings_of(text)}


def test_each_check_has_a_file_of_words_and_each_file_a_check() -> None:
    assert sorted(path.stem for path in texts_folder().glob("*.toml")) == sorted(
        check.code for check in CHECKS
    )


@EACH
def test_the_words_are_complete(check: Check) -> None:
    text = text_of(check.code)
    assert (text.code, text.name) == (check.code, check.name)
    assert text.bad
    assert text.good
    assert all(len(words.split()) >= 4 for words in (text.message, text.why))
    assert text.mend.strip()
    assert page(check).startswith(f"# {check.code} {check.name}")


def test_codes_and_names_are_given_once() -> None:
    words = [word for check in CHECKS for word in (check.code, check.name)]
    assert len(words) == len(set(words))
    assert [check.code for check in CHECKS] == sorted(check.code for check in CHECKS)


def test_the_reference_page_is_up_to_date(update: bool) -> None:
    path = ROOT / "docs" / "checks.md"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if update and before != reference():
        path.parent.mkdir(exist_ok=True)
        path.write_text(reference(), encoding="utf-8", newline="\n")
        pytest.fail("docs/checks.md: written anew, look at the difference")
    assert before == reference()


def test_a_name_read_in_a_function_of_another_cell_is_told_where_that_is_used() -> None:
    text = "# %%\ndef loss(a):\n    return scale * a\n# %%\n\nprint(loss(1))"
    (one,) = findings_of(text, "CH004")
    assert (one.cell, one.line, one.column) == (2, 2, 6)
    assert one.message == "loss reads 'scale', which no cell binds"
    assert [(s.cell, s.line, s.text) for s in one.evidence] == [(1, 2, "scale is read here")]


def test_a_download_behind_a_question_is_not_said_to_happen_every_time() -> None:
    text = "# %%\nimport os\nimport wget\nif not os.path.exists('a'):\n    wget.download('https://x.y/a')"
    assert [one.message for one in findings_of(text, "CH107")] == ["reads x.y"]
