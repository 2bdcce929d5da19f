"""Which module of a package imports which: what the pipeline runs knows nothing of the report."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.folders import EXPECTED, fixtures
from support.stages import make

#: Each module of the notebook's code, with those that it may import.
BELOW = {
    "data": set(),
    "features": {"data"},
    "training": {"data", "features"},
    "report": {"data", "features", "training", "pipeline"},
}
FIRST = 'import pandas as pd\ndf = pd.read_csv("a.csv")\n# %%\n'
LAST = '# %%\nopen("o.txt", "w").write(str(total))'
#: A name that means one thing in the report and another one in the pipeline.
AGAIN = {
    "class": "class Net:\n    size = 1\nm = Net()\nprint(m.size)\n# %%\n"
    'class Net:\n    size = 2\nm = Net()\n# %%\ntotal = df["a"].sum() * m.size\n',
    "function": "def big(x):\n    return x > 1\nprint(big(2))\n# %%\n"
    "def big(x, y):\n    return big(x - 1, y) if x else y\n# %%\n"
    "total = df['a'].sum() * big(2, 3)\n",
    "value": "def big(x):\n    return x > 1\nprint(big(2))\n# %%\nbig = df['a'].max()\n"
    "total = df['a'].sum() * big\n",
}


def imported(text: str, package: str) -> Iterator[str]:
    """The modules of the package that a module's text imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            yield str(node.module).split(".")[1]


def wrong(module: str, text: str, package: str) -> set[str]:
    """The imports of a module that lead upwards."""
    above = {*BELOW, "pipeline"} - BELOW[module]
    return above & set(imported(text, package))


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_no_module_imports_what_comes_after_it(folder: Path) -> None:
    found = {
        f"{path.parent.name}.{module}": names
        for module in BELOW
        for path in (folder / EXPECTED).glob(f"src/*/{module}.py")
        if (names := wrong(module, path.read_text(encoding="utf-8"), path.parent.name))
    }
    assert found == {}


@pytest.mark.parametrize("case", AGAIN)
def test_a_name_that_means_another_thing_in_the_report_is_not_imported(
    case: str, tmp_path: Path
) -> None:
    made = make(f"# %%\n{FIRST}{AGAIN[case]}{LAST}", tmp_path)
    texts = made.module_texts()
    assert {"data", "report"} <= texts.keys()
    assert {m: names for m, text in texts.items() if (names := wrong(m, text, "made"))} == {}
    assert "F401" not in "".join(texts.values())
