"""What docstrings say."""

from pathlib import Path

import pytest

from chasm import convert

CODE = """\
# %%
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
data = pd.read_csv("visits.csv")
# %%
# {comment}
train, test = train_test_split(data, test_size=0.2)
# %%
model = LogisticRegression().fit(train[["age"]], train["back"])
print(model.score(test[["age"]], test["back"]))
"""
CASES = {
    "the rows are divided by chance here": "The rows are divided by chance here.",
    "train_test_split divides the rows by chance": "train_test_split divides the rows by chance.",
}


@pytest.mark.parametrize(("comment", "said"), CASES.items())
def test_a_sentence_starts_with_a_capital_but_code_stays(
    comment: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "visits.py").write_text(CODE.format(comment=comment), encoding="utf-8")
    done = convert(tmp_path / "visits.py", tmp_path / "made", name="visits")
    made = "".join(path.read_text("utf-8") for path in sorted(done.folder.rglob("*.py")))
    assert f'"""{said}  [cell' in made
