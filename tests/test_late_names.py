"""What is called later reads a name as it is when it is called, and where it is bound."""

from pathlib import Path

import pytest
from support.process import python

from chasm import convert

CHANGED = """\
# %%
rate = 2
cost = lambda hours, first=rate: hours * rate + first
print(cost(3))
# %%
rate = 5
print(cost(3), sorted([2, 1], key=cost))
"""
BOUND_LATER = """\
# %%
cost = lambda hours: hours * rate
# %%
rate = 4
# %%
print(cost(3))
"""
TABLE = """\
# %%
costs = {"plain": lambda hours: hours * rate, "double": lambda hours: 2 * hours * rate}
# %%
rate = 2
for name, cost in costs.items():
    print(name, cost(3))
rate = 7
print(costs["plain"](1))
"""
CLASS = """\
# %%
limits = [2]
limit = limits[0]
class Check:
    first = limit
    def over(self, value):
        return value > limit
# %%
limit = 9
print(Check().over(5), Check.first)
"""
PATTERN = """\
# %%
found = [1, 2]
match len(found):
    case 0: print("none")
    case count if count > 5: print("many", count)
print("done")
"""
AMBIGUOUS = """\
# %%
rows = [(letter, ord(letter)) for letter in "ab"]
# %%
def numbers(letter):
    return [row[1] for row in rows if row[0] == letter]
# %%
def chosen(letter, rows=None):
    return numbers(letter) if rows is None else rows
# %%
print(chosen("a"), chosen("b", [3]))
rows = rows[1:]
print(chosen("a"), chosen("b", [3]))
"""


@pytest.mark.parametrize("code", [CHANGED, BOUND_LATER, TABLE, CLASS, PATTERN, AMBIGUOUS])
def test_the_package_prints_what_the_notebook_prints(code: str, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(code, encoding="utf-8")
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    assert not done.findings
    notebook = python(["notebook.py"], tmp_path)
    package = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    assert package.returncode == 0, package.stderr
    assert package.stdout == notebook.stdout != ""


BOUND_ON_SOME_WAY = """\
# %%
for kind in ["x", "y"]:
    if kind == "x":
        column = "a"
    elif kind == "y":
        column = "b"
    print(column)
# %%
for number in range(2):
    total = number + total
    column = "c"
    print(column)
# %%
total = 2
"""


def test_a_name_that_a_line_above_may_bind_is_not_bound_later(tmp_path: Path) -> None:
    (tmp_path / "ways.py").write_text(BOUND_ON_SOME_WAY)
    found = convert(tmp_path / "ways.py", tmp_path / "made").findings
    assert [f.message for f in found if f.code == "CH005"] == [
        "reads 'total', which only a later cell binds"
    ]
