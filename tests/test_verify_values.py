"""Values are compared as a scientist would: by type, within a tolerance, in their order."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import Ridge
from support.recording import difference

from chasm.verify.model import Difference
from chasm.verify.printed import Lines

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0.1, np.nan, 0.3], "c": ["x", None, "z"]})
STAMPS = pd.Series(pd.to_datetime(["2024-01-01", None, "2024-01-03"]))

SAME: dict[str, tuple[Any, Any]] = {
    "a frame and its copy": (FRAME, FRAME.copy()),
    "a frame with another index": (FRAME, FRAME.set_index(pd.Index([7, 8, 9]))),
    "the last digits of a float": (np.array([1.0, 1e9]), np.array([1.0 + 1e-12, 1e9 + 1e-3])),
    "missing values": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "whatever kind of missing": (
        pd.Series([None, "a"], dtype=object),
        pd.Series([np.nan, "a"], dtype=object),
    ),
    "dates": (STAMPS, STAMPS.copy()),
    "categories": (FRAME["c"].astype("category"), FRAME["c"].astype("category")),
    "a sparse matrix in another order": (
        sparse.csr_matrix(([1.0, 2.0], [0, 2], [0, 2]), shape=(1, 3)),
        sparse.csr_matrix(([2.0, 1.0], [2, 0], [0, 2]), shape=(1, 3)),
    ),
    "a set in another order": ({"b", "a"}, {"a", "b"}),
    "a dictionary in another order": ({"a": 1, "b": [2.0]}, {"b": [2.0], "a": 1}),
    "a scalar of an array": (np.float64(0.25), 0.25),
    "a class": (np.float64, np.float64),
    "the same model": (Ridge(alpha=2), Ridge(alpha=2)),
}
OTHER: dict[str, tuple[Any, Any, Difference]] = {
    "a cell": (
        FRAME,
        FRAME.assign(b=[0.1, np.nan, 0.4]),
        Difference("column 'b', at 2", "0.3", "0.4"),
    ),
    "a missing value": (
        FRAME,
        FRAME.assign(c=["x", "y", "z"]),
        Difference("column 'c', at 1", "None", "'y'"),
    ),
    "a type": (
        FRAME,
        FRAME.astype({"a": float}),
        Difference("column 'a', type", "int64", "float64"),
    ),
    "the order of rows": (FRAME, FRAME[::-1], Difference("column 'a', at 0", "1", "3")),
    "the order of columns": (
        FRAME,
        FRAME[["b", "a", "c"]],
        Difference("name of column 1", "a", "b"),
    ),
    "a column less": (FRAME, FRAME[["a", "b"]], Difference("name of column 3", "c", "(nothing)")),
    "a row less": (FRAME, FRAME[:2], Difference("rows", "3", "2")),
    "a shape": (np.zeros((2, 3)), np.zeros((3, 2)), Difference("shape", "[2, 3]", "[3, 2]")),
    "a cell of a matrix": (
        np.zeros((2, 3)),
        np.array([[0.0, 0, 0], [0, 0, 0.5]]),
        Difference("at (1, 2)", "0", "0.5"),
    ),
    "what looks the same in six digits": (
        np.array([0.12345678]),
        np.array([0.12345699]),
        Difference("at 0", "0.12345678", "0.12345699"),
    ),
    "a number": (0.5, 0.6, Difference("value", "0.5", "0.6")),
    "true and one": (True, 1, Difference("value", "True", "1")),
    "a setting of a model": (Ridge(alpha=1), Ridge(alpha=2), Difference("alpha", "1", "2")),
    "a class": (np.float64, np.float32, Difference("value", "float64", "float32")),
    "a key": ({"a": 1}, {"b": 1}, Difference("a", "1", "(nothing)")),
    "a date": (
        STAMPS,
        STAMPS + pd.Timedelta(days=1),
        Difference("at 0", "2024-01-01 00:00:00", "2024-01-02 00:00:00"),
    ),
    "a whole number of many digits": (
        np.array([1234567890123]),
        np.array([1234567890124]),
        Difference("at 0", "1234567890123", "1234567890124"),
    ),
    "a date by a second or two": (
        STAMPS,
        STAMPS + pd.Timedelta(milliseconds=1500),
        Difference("at 0", "2024-01-01 00:00:00", "2024-01-01 00:00:01.5"),
    ),
    "a whole number that no float holds": (
        [10**400],
        [10**400 + 1],
        Difference("at 0", "", ""),
    ),
    "a whole number and a float": (
        [10**400, 0.5],
        [1e300, 0.5],
        Difference("at 0", "", ""),
    ),
    "the order of categories": (
        pd.Series(pd.Categorical(["x"], ["x", "y"])),
        pd.Series(pd.Categorical(["x"], ["y", "x"])),
        Difference("categories, at 0", "'x'", "'y'"),
    ),
    "whether categories have an order": (
        pd.Series(pd.Categorical(["x"])),
        pd.Series(pd.Categorical(["x"], ordered=True)),
        Difference("ordered", "False", "True"),
    ),
    "the kind of a column's name": (
        pd.DataFrame({0: [1]}),
        pd.DataFrame({"0": [1]}),
        Difference("name of column 1", "0", "'0'"),
    ),
    "a kind of value": (
        FRAME["a"],
        FRAME["a"].to_numpy(),
        Difference("value", "series of 3", "array of shape (3,)"),
    ),
}


class Own:
    """An object of the user's, which says nothing of what it holds."""

    def __init__(self, rate: float) -> None:
        self.rate = rate


OTHER |= {
    "an item far down a list": (
        ["x"] * 20_000 + ["y"],
        ["x"] * 20_000 + ["z"],
        Difference("after 20000 items, at 0", "'y'", "'z'"),
    ),
    "a key more among many": (
        {f"{number:06}": "x" for number in range(20_001)},
        {f"{number:06}": "x" for number in range(20_002)},
        Difference("length", "20001", "20002"),
    ),
    "figures near nothing": (
        np.array([2.5e-11]),
        np.array([7.5e-11]),
        Difference("at 0", "2.5e-11", "7.5e-11"),
    ),
    "a name in an array with gaps": (
        np.ma.array(["one", "x"], mask=[False, True], dtype=object),
        np.ma.array(["two", "x"], mask=[False, True], dtype=object),
        Difference("at 0", "'one'", "'two'"),
    ),
    "an infinite number": (np.inf, 1e300, Difference("value", "inf", "1e+300")),
    "what a model learned": (
        Ridge().fit([[0.0], [1.0]], [0.0, 1.0]),
        Ridge().fit([[0.0], [1.0]], [0.0, 2.0]),
        Difference("coef_, at 0", "0.333333", "0.666667"),
    ),
    "what an object holds": (Own(0.5), Own(0.7), Difference("rate", "0.5", "0.7")),
}


def test_the_names_of_rows_count_for_a_reader(tmp_path: Path) -> None:
    renamed = FRAME.set_index(pd.Index([0, 1, 5], name="number"))
    found = difference(FRAME, renamed, tmp_path, indexed=True)
    assert found == Difference("name of the index", "[None]", "['number']")
    again = tmp_path / "again"
    again.mkdir()
    found = difference(FRAME, FRAME.set_index(pd.Index([0, 1, 5])), again, indexed=True)
    assert found == Difference("index, at 2", "2", "5")


def test_rounding_of_a_zero_is_that_of_its_column(tmp_path: Path) -> None:
    one, other = np.array([1e6, 1e-10]), np.array([1e6, -1e-10])
    assert difference(one, other, tmp_path) is None
    alone = tmp_path / "alone"
    alone.mkdir()
    assert difference(one[1:], other[1:], alone) is not None


@pytest.mark.parametrize("case", SAME)
def test_the_same(case: str, tmp_path: Path) -> None:
    assert difference(*SAME[case], tmp_path) is None


@pytest.mark.parametrize("case", OTHER)
def test_another(case: str, tmp_path: Path) -> None:
    one, other, expected = OTHER[case]
    found = difference(one, other, tmp_path)
    assert found is not None
    assert found.where == expected.where
    if expected.package:
        assert found == expected


def test_each_printed_line_answers_once() -> None:
    lines = Lines(["f1 0.8125", "rows 3", "rows 3"], ["logged 1.50"])
    assert lines.take("f1 0.8125000000001")
    assert [lines.take("rows 3") for _ in range(3)] == [True, True, False]
    assert not Lines(["rows 3.0"]).take("rows 3")
    assert not Lines(["id 1234567890123"]).take("id 1234567890124")
    assert lines.take("logged 1.5"), "a line that goes to standard error is printed as well"
    assert lines.left() == []


def test_a_line_with_other_figures_is_found_for_what_it_says() -> None:
    lines = Lines(["f1 0.81", "accuracy 0.90"])
    assert not lines.take("accuracy 0.91")
    assert lines.take_alike("accuracy 0.91") == "accuracy 0.90"
    assert lines.take_alike("nothing like it") is None


def test_lines_that_only_their_order_tells_apart_are_told_in_the_order_of_the_package() -> None:
    lines = Lines(["0.9", "accuracy 0.8", "0.7"])
    assert lines.as_printed(["0.7", "0.9"]) == ["0.9", "0.7"]
    assert lines.as_printed(["0.9", "0.7"]) == ["0.9", "0.7"]
    assert lines.as_printed(["0.7", "0.6"]) == ["0.7", "0.6"], "one of them was never printed"
    again = Lines(["0.9", "0.7", "0.7", "0.9"])
    assert again.as_printed(["0.7", "0.9"]) == ["0.7", "0.9"], "another cell may have come first"


def test_many_lines_with_other_figures_take_no_time() -> None:
    lines = Lines(f"epoch {number} loss {number / 7:.3f}" for number in range(50_000))
    started = time.process_time()
    wanted = [f"epoch {number} loss {number / 6:.3f}" for number in range(50_000)]
    assert [line for line in wanted if lines.take(line)] == wanted[:1]
    assert all(lines.take_alike(line) for line in wanted[1:])
    assert lines.take_alike("a line of its own") is None
    assert time.process_time() - started < 20


def test_a_shown_value_may_follow_its_name() -> None:
    lines = Lines(["means: a    1.5", "b    2.5"])
    assert lines.take_text("a    1.5\nb    2.5\n")
    assert not lines.take_text("a    1.5")


def test_of_long_texts_the_part_is_shown_that_differs(tmp_path: Path) -> None:
    found = difference("a" * 300 + "one" + "b" * 300, "a" * 300 + "two" + "b" * 300, tmp_path)
    assert found is not None
    assert "one" in found.notebook
    assert "two" in found.package
    assert max(len(found.notebook), len(found.package)) <= 80


def test_of_texts_of_several_lines_the_line_is_told(tmp_path: Path) -> None:
    report = "           precision\n      yes       0.81\n"
    found = difference(report, report.replace("0.81", "0.82"), tmp_path)
    assert found == Difference("line 2", "      yes       0.81", "      yes       0.82")


def test_a_shown_text_is_found_behind_its_name_but_for_the_last_digits() -> None:
    lines = Lines(["score: 0.84293999999999999", " 2.5]", "other: 0.5"])
    assert lines.take_text("0.84294\n 2.50000000001]")
    assert not lines.take_text("0.6")
