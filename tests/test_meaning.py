"""Invariant 6: what is carried over means what it meant, but for the listed rewrites.

A case is a file in ``cases/rewrites``: a notebook in percent format and, after ``# expected:``,
lines that have to be among those of the package (``*`` for anything), ``not:`` before what must
be nowhere in the notebook's own code.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.folders import ROOT, fixtures, source_in
from support.stages import Made, made_of, make

from chasm.emit.meaning import check_meaning
from chasm.errors import InputError
from chasm.plan.items import Carried
from chasm.plan.model import Fate

CASES = sorted((ROOT / "tests" / "cases" / "rewrites").glob("*.txt"))
SEVERAL = """\
# %%
import pandas as pd
df = pd.read_csv("a.csv")
limit = sorted([3, 1])[0]
# %%
def big(values):
    return [v for v in values if v > limit]
# %%
df["c"] = df["a"] + df["b"]
total = df["c"].sum() - 1
print(total, big([1, 2]))
"""


def divided(path: Path) -> tuple[str, list[str], list[str]]:
    """The notebook of a case, the lines that it wants, and the words that it forbids."""
    text, tail = path.read_text(encoding="utf-8").split("# expected:\n")
    lines = [line.removeprefix("# ") for line in tail.splitlines()]
    forbidden = [line.removeprefix("not: ") for line in lines if line.startswith("not: ")]
    return text, [line for line in lines if not line.startswith("not: ")], forbidden


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rewrites(path: Path, tmp_path: Path) -> None:
    text, wanted, forbidden = divided(path)
    made = make(text, tmp_path)
    python = "\n".join(t for p, t in made.files.items() if p.endswith(".py"))
    lines = [line.strip() for line in python.splitlines()]
    for fragment in wanted:
        pattern = re.escape(fragment.strip()).replace(r"\*,", ".*,").replace(r"(\*", "(.*")
        assert any(re.search(pattern, line) for line in lines), f"{fragment!r} in\n{python}"
    own = "\n".join(made.module_texts().values())
    assert [word for word in forbidden if word in own] == [], own


def test_every_rewrite_has_a_case() -> None:
    modules = (ROOT / "src" / "chasm" / "emit" / "rewrites").glob("*.py")
    rewrites = {path.stem for path in modules} - {"__init__", "numbering"}
    assert len(CASES) > len(rewrites)


class Tamper(ast.NodeTransformer):
    """Changes the ``nth`` node that can be changed, to something of another meaning."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def _now(self) -> bool:
        self.left -= 1
        return self.left == -1

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if self._now():
            node.op = ast.Mult() if not isinstance(node.op, ast.Mult) else ast.Add()
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if self._now():
            node.ops[0] = ast.NotEq() if not isinstance(node.ops[0], ast.NotEq) else ast.Eq()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, int | str) and not isinstance(node.value, bool) and self._now():
            return ast.Constant(f"{node.value}x")
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and self._now():
            node.attr += "x"
        return node


def bodies(text: str, names: set[str]) -> tuple[ast.Module, list[ast.FunctionDef]]:
    """A module, and those of its functions that are made of the notebook's statements."""
    tree = ast.parse(text)
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name in names]
    return tree, found


def names_in(made: Made) -> set[str]:
    return {function.name for function in made.plan.functions} | {o.name for o in made.plan.owns}


def tampered(text: str, names: set[str]) -> Iterator[str]:
    """``text`` with one change each, in the body of one of these functions."""
    nth = 0
    while True:
        tamper = Tamper(nth)
        tree, functions = bodies(text, names)
        for node in functions:
            first = ast.get_docstring(node) is not None
            node.body[first:] = [tamper.visit(inner) for inner in node.body[first:]]
        if tamper.left >= 0:
            return
        yield ast.unparse(tree)
        nth += 1


def test_every_change_of_a_statement_is_refused(tmp_path: Path) -> None:
    made = make(SEVERAL, tmp_path)
    modules = made.module_texts()
    check_meaning(made.plan, modules)
    changes = 0
    for name, text in modules.items():
        for changed in tampered(text, names_in(made)):
            changes += 1
            with pytest.raises(InputError, match="would not mean the same"):
                check_meaning(made.plan, modules | {name: changed})
    assert changes > 15


def without_one_statement(text: str, names: set[str]) -> Iterator[str]:
    for place, node in enumerate(bodies(text, names)[1]):
        first = ast.get_docstring(node) is not None
        for inner in range(first, len(node.body)):
            tree, functions = bodies(text, names)
            functions[place].body[inner : inner + 1] = [ast.Pass()] * (len(node.body) == 1)
            yield ast.unparse(tree)


def test_a_lost_statement_is_refused(tmp_path: Path) -> None:
    made = make(SEVERAL, tmp_path)
    modules = made.module_texts()
    names = names_in(made)
    shorter = [(n, c) for n, text in modules.items() for c in without_one_statement(text, names)]
    assert len(shorter) > 5
    for name, text in shorter:
        with pytest.raises(InputError, match="would not mean the same"):
            check_meaning(made.plan, modules | {name: text})


#: A setting that only what is left out reads, one that is read, a constant, and a look.
LEFT = """\
# %%
import pandas as pd
df = pd.read_csv("a.csv")
names = ["a", "b"]
# %%
wanted = 0.8
closest = [v for v in df.columns if len(v) > wanted]
closest
# %%
factor = 2
df["c"] = df["a"] * factor
# %%
def total(row):
    return sum(row[n] for n in names)
print(total(df.iloc[0]))
# %%
df.head()
"""


def misplaced(made: Made) -> list[tuple[int, Fate | None]]:
    """Statements that are not where the plan says that they went, or that went nowhere."""
    plan = made.plan
    bodies = [*(f.body for f in plan.functions), plan.transformer.fit if plan.transformer else ()]
    carried = {i.statement for body in bodies for i in body if isinstance(i, Carried)}
    carried |= {number for f in plan.functions for number in f.twins}
    parts = {part.statement for part in plan.parts}
    settings = [(s.cell, s.value) for s in plan.settings]
    found: list[tuple[int, Fate | None]] = []
    for s in made.facts.statements:
        fate, reason = plan.fates.get(s.id, (None, ""))
        right = {
            None: False,
            Fate.PRODUCT: s.id in carried,
            Fate.REPORT: s.id in carried,
            Fate.IMPORT: bool(s.imports),
            Fate.DEFINITION: s.id in parts,
            Fate.CONSTANT: s.id in parts,
            Fate.SETTING: (s.cell, s.constant) in settings,
            Fate.LEFT_OUT: bool(reason) and s.id not in carried | parts,
        }[fate]
        if not right:
            found.append((s.id, fate))
    return found


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_every_statement_is_where_its_fate_says(folder: Path) -> None:
    assert misplaced(made_of(source_in(folder), "made")) == []


@pytest.mark.parametrize("text", [SEVERAL, LEFT], ids=["several", "left"])
def test_every_statement_of_a_program_is_where_its_fate_says(text: str, tmp_path: Path) -> None:
    assert misplaced(make(text, tmp_path)) == []
