"""What black says of an outline it says of the module."""

import pytest
from support.folders import fixtures, source_in

from chasm.emit import emit_project
from chasm.emit.excuses import excuse
from chasm.emit.formatting import format_python, reformatted
from chasm.making import planned
from chasm.place import ruff_complaints, ruff_formatted
from chasm.plan.modules import SERVICE

MODULES = {
    "a comment that closes more than it opens": '''\
def draw(rows: list) -> list:
    """Draw."""
    first = rows[0]
    # not sure of this :)
    for row in rows:
        first[row] = (first[row] - 1) / (rows[row] - 2)
    rows = rows[
        [
            "one of several long names of columns",
            "another of several long names of columns",
        ]
    ]
    return rows
''',
    "a comment that opens more than it closes": """\
def draw(rows: list) -> list:
    # so far (
    rows = rows[0]
    return rows
""",
    "empty lines in a text": '''\
def draw(rows: list) -> list:
    """Draw.


    Returns:
        the rows (all of them
    """
    return rows
''',
    "brackets in strings": '''\
def draw(rows: list) -> list:
    print("(", '"[', f"{rows[0]}{{", """(""")
    """[
    ("""
    for row in rows:
        print(row)
    return rows
''',
    "a line that black divides": """\
def draw(rows: list) -> list:
    return rows.some_method_with_a_long_name("an argument").another_of_them("an argument").last()
""",
    "what black alone would change": """\
def draw(rows: list) -> list:
    for (row) in rows:
        del (row)
    return rows
""",
}


@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES)
def test_a_module_becomes_what_black_makes_of_it(text: str) -> None:
    assert reformatted(text, set()) == format_python(text)


@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES)
def test_what_was_seen_before_changes_nothing(text: str) -> None:
    settled: set[str] = set()
    first = reformatted(text, settled)
    assert reformatted(first, settled) == first
    more = first + "\n\ndef other() -> None:\n    x = {  'a':1 }\n"
    assert reformatted(more, settled) == format_python(more)


def test_an_excuse_stays_on_the_line_that_it_excuses() -> None:
    for width in range(0, 40):
        name = "select" + "_" * width
        text = f"def f(X, y):\n    first, second, third = {name}(X, y)\n    return first\n"
        text = format_python(f"def {name}(a, b):\n    return a\n\n\n{text}")
        for _ in range(4):
            found = [(one.line, one.code) for one in ruff_complaints({"a.py": text})]
            text = excuse(text, found, set()) if found else text
        assert not ruff_complaints({"a.py": text}), text
        assert format_python(text) == text


def test_a_comment_that_says_nothing_is_no_reason_for_an_excuse() -> None:
    text = "x = 1  #\n#\nif x:  #\n    #\n    y = []  # noqa: E711\n    # one\n    #\n    # two\n"
    for _ in range(2):
        found = [(one.line, one.code) for one in ruff_complaints({"a.py": text})]
        text = excuse(text, found, set())
    assert text == "x = 1\nif x:\n    y = []\n    # one\n    #\n    # two\n"
    assert not ruff_complaints({"a.py": text})


def test_what_serves_is_written_as_both_formatters_have_it() -> None:
    """A module of a template that only black changes costs a whole black in every conversion."""
    plans = [planned(source_in(folder))[1] for folder in fixtures()]
    served = [plan for plan in plans if plan.serving is not None]
    assert len(served) > 3
    changed = set()
    for plan in served:
        files = ruff_formatted(emit_project(plan).files)
        for name in SERVICE:
            text = files[f"src/{plan.package}/{name}.py"]
            if format_python(text) != text:
                changed.add(name)
    assert changed == set()
