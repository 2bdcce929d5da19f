"""Checks of a served package: what was a row of the raw frame is one again as a record."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from served.records import record_model, to_frame, to_records
from served.schema import describe

MAPPED = pd.DataFrame(
    {
        "int": [3, 1, 2, 4],
        "small": np.array([1, 2, 3, 4], dtype="uint8"),
        "float": [0.1, np.nan, 1e-300, 7.0],
        "single": np.array([0.1, 2, 3, 4], dtype="float32"),
        "flag": [True, False, True, True],
        "text": ["a b", "é\n", "", "d"],
        "gaps": ["a", None, "b", None],
        "nan gaps": pd.Series(["a", np.nan, "b", "c"], dtype=object),
        "mixed": pd.Series([1, " ", 2.5, "x"], dtype=object),
        "flags": pd.Series([True, np.nan, False, True], dtype=object),
        "whole": pd.array([1, None, 3, 2**53 + 1], dtype="Int64"),
        "maybe": pd.array([True, None, False, True], dtype="boolean"),
        "string": pd.array(["a", None, "b", "c"], dtype="string"),
        "category": pd.Categorical(["x", "y", None, "x"], categories=["y", "x", "z"]),
        "ordered": pd.Categorical(["x", "y", "y", "x"], categories=["y", "x"], ordered=True),
        "codes": pd.Categorical([3, 1, 1, 3]),
        "when": [datetime(2020, 1, 1), None, datetime(2020, 2, 29, 12, 30), datetime(1999, 12, 31)],
        "zoned": pd.to_datetime(["2020-06-01T12:00+02:00"] * 4, utc=True).tz_convert("Asia/Tokyo"),
        "took": pd.to_timedelta(["1 days", "2 h", None, "3 s"]),
        "day": [date(2020, 1, 2), date(2021, 1, 2), None, date(2022, 1, 2)],
        "hour": pd.Series([time(10, 30), time(0, 0), time(1), time(2)], dtype=object),
        7: [1, 2, 3, 4],
        "class": [1, 2, 3, 4],
        "model_config": [1, 2, 3, 4],
    }
)  # fmt: skip


@pytest.mark.parametrize("name", list(MAPPED.columns), ids=str)
@pytest.mark.parametrize("rows", [[0], [1], [2], [3], [0, 1, 2, 3]], ids=str)
def test_a_record_becomes_the_row_that_it_was(name: Any, rows: list[int]) -> None:
    columns = describe(MAPPED[[name]], None, ())
    frame = MAPPED[[name]].iloc[rows].reset_index(drop=True)
    lines = [json.dumps(record) for record in to_records(frame, columns)]
    model = record_model(columns)
    made = to_frame([model.model_validate_json(line) for line in lines], columns)
    pd.testing.assert_frame_equal(made, frame, check_column_type=False)
    first = made.iloc[0, 0]
    assert type(first) is type(frame.iloc[0, 0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("int", "3"), ("int", 3.5), ("int", True), ("int", None), ("int", 2**63), ("int", 1e300),
        ("small", 256), ("small", -1), ("float", "0.1"), ("float", True), ("single", 1e300),
        ("flag", 1), ("flag", "true"), ("text", 3), ("text", None), ("mixed", [1]), ("mixed", {}),
        ("category", "w"), ("category", "z "), ("codes", 2), ("when", "yesterday"), ("when", 5),
        ("when", "2020-01-01T00:00:00Z"), ("zoned", "2020-01-01T00:00:00"), ("took", 5),
        ("day", "2020-01-01T10:00:00"), ("hour", "25:00"), ("whole", 1.5),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(name: str, value: Any) -> None:
    model = record_model(describe(MAPPED[[name]], None, ()))
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps({name: value}))
    assert refused.value.errors()[0]["loc"][0] == name


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [("int", 3.0, 3), ("float", 3, 3.0), ("when", "2020-01-01", datetime(2020, 1, 1)),
     ("when", "31/12/2020", datetime(2020, 12, 31)), ("when", "12/31/2020", datetime(2020, 12, 31)),
     ("when", "2/2/2020 12:30", datetime(2020, 2, 2, 12, 30)),
     ("zoned", "2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)), ("mixed", 7.0, 7.0)],
)  # fmt: skip
def test_a_value_in_other_words_is_taken(name: str, value: Any, kept: Any) -> None:
    columns = describe(MAPPED[[name]], None, ())
    made = record_model(columns).model_validate_json(json.dumps({name: value}))
    cell = to_frame([made], columns).iloc[0, 0]
    assert cell == kept
    assert made.__dict__["column_0"] == kept


def test_a_date_with_two_meanings_is_refused() -> None:
    model = record_model(describe(MAPPED[["when"]], None, ()))
    with pytest.raises(ValidationError, match="is needed"):
        model.model_validate_json('{"when": "03/02/2020"}')


def test_what_no_prediction_needs_may_be_left_out() -> None:
    columns = describe(MAPPED[["int", "small", "text"]], "text", ("small",))
    made = record_model(columns).model_validate_json('{"int": 1}')
    frame = to_frame([made], columns)
    assert list(frame.columns) == ["int", "small", "text"]
    assert frame["int"].dtype == MAPPED["int"].dtype
    # A value that the data have stands in, so that steps which look at all columns still run.
    for name in ("small", "text"):
        assert frame[name].iloc[0] == MAPPED[name].dropna().iloc[0]


def test_few_texts_are_categories_and_many_are_not() -> None:
    frame = pd.DataFrame({"few": ["a", "b"] * 3, "many": list("abcdef")})
    few, many = describe(frame, None, ())
    assert few.categories == ("a", "b")
    assert (many.kind, many.categories) == ("text", None)
    with pytest.raises(ValidationError):
        record_model([few]).model_validate_json('{"few": "c"}')
    assert record_model([few], "accept").model_validate_json('{"few": "c"}')


def test_columns_of_one_name_are_told_apart() -> None:
    frame = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    columns = describe(frame, None, ())
    model = record_model(columns)
    made = [model.model_validate(one) for one in to_records(frame, columns)]
    pd.testing.assert_frame_equal(to_frame(made, columns), frame)
