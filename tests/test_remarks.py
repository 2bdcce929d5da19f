"""What stands in a package as a remark of its own is true of this package."""

from pathlib import Path

import pytest

from chasm import convert

READ = "# %%\nimport pandas as pd\nimport papers\ndf = pd.read_csv('visits.csv')\n"
FIT = (
    "from sklearn.linear_model import LogisticRegression\n"
    "model = LogisticRegression().fit(df[['age']], df['back'])\n"
    "print(model.predict(df[['age']]))\n"
)


def made_of(code: str, tmp_path: Path) -> Path:
    """The folder of the package made of a notebook in percent format."""
    (tmp_path / "visits.py").write_text(READ + code, encoding="utf-8")
    return convert(tmp_path / "visits.py", tmp_path / "made", name="visits").folder


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print(df.sum())", ""),
        (
            "for name in ['a', 'b']:\n    print(pd.read_csv(name + '.csv').sum())",
            "Some files are named in the code itself: they are found here as well.",
        ),
        (
            "print(papers.found(df).sum())",
            "What some calls read is not known: the project's files are found here as well.",
        ),
    ],
)
def test_why_a_test_has_the_project_s_files(code: str, said: str, tmp_path: Path) -> None:
    text = (made_of(code, tmp_path) / "tests/test_notebook.py").read_text("utf-8")
    remarks = [line.strip() for line in text.splitlines() if line.startswith("    # ")]
    assert remarks == ([f"# {said}"] if said else [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", ", with paths that hold in any folder"),
        ("df.to_csv('out.csv')\n", ", with what is written in a temporary folder"),
    ],
)
def test_what_the_settings_of_a_test_are(code: str, said: str, tmp_path: Path) -> None:
    text = (made_of(code + FIT, tmp_path) / "tests/conftest.py").read_text("utf-8")
    assert f'    """The project\'s settings{said}."""' in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print(df.sum())\n# %%\ndf['age'].hist()", ", in its order"),
        (
            "for n in df.age:\n    print(n)\n    df['age'] = df.age + n\ndf.to_csv('out.csv')\n"
            "# %%\nprint(df.sum())",
            ", but for what the pipeline tells itself",
        ),
    ],
)
def test_what_the_report_says_that_it_tells(code: str, said: str, tmp_path: Path) -> None:
    text = (made_of(code, tmp_path) / "src/visits/report.py").read_text("utf-8")
    assert f'    """What the notebook printed, drew and showed{said}."""' in text


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("# How far off our predictions are, by the mean of all errors, in years", True),
        ("# Import LogisticRegression for the model", False),
        ("# Here are some helpful packages to load for the steps that come below", False),
    ],
)
def test_what_a_comment_above_an_import_says_of_the_cell_stays(
    comment: str, kept: bool, tmp_path: Path
) -> None:
    imports = "from sklearn.linear_model import LogisticRegression\n"
    folder = made_of(f"# %%\n{comment}\n{imports}\nprint(df.mean())\n", tmp_path)
    text = (folder / "src/visits/report.py").read_text("utf-8")
    assert (f"    {comment}\n    print(df.mean())" in text) is kept


def test_a_comment_above_a_setting_goes_with_it(tmp_path: Path) -> None:
    code = (
        "# %%\n# 2. Who comes back within\n# so many days\n\nlimit = 30\n# fmt: off\nleast = 3\n"
        "# %%\nprint(df[df.days < limit].sum(), df[df.days > least].sum())\n"
    )
    text = (made_of(code, tmp_path) / "src/visits/config.py").read_text("utf-8")
    assert "    # Who comes back within so many days\n    limit: int = 30\n    least: int" in text


PARTED = """\
# %%
# Transform town, season
df["town"] = df["town"].map({1: "Oslo", 2: "Voss"})

df["season"] = df["season"].map({1: "spring", 2: "fall"})
# %%
towns = pd.get_dummies(df["town"], drop_first=True)
df = pd.concat([df[["age", "season", "back"]], towns], axis=1)
# %%
df = pd.get_dummies(df, columns=["season"])
X = df.drop("back", axis=1)
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(X, df["back"])
print(model.predict(X))
"""


def test_a_comment_on_columns_of_several_functions_describes_none(tmp_path: Path) -> None:
    text = (made_of(PARTED, tmp_path) / "src/visits/features.py").read_text("utf-8")
    assert "    # Transform town, season\n" in text
    assert '"""Transform town' not in text
    assert "def transform_town_season" not in text
    assert "def clean_town(" in text
