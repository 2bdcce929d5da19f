"""What `chasm convert` costs beside other converters of notebooks, as whole processes.

    python benchmarks/convert.py [--tools DIR] [--rounds N] [--lines 1000 5000 20000]

User CPU and peak memory of the process and all its children, the tools in turns, so that what
the machine does besides falls on all of them alike. Medians. Prints Markdown.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

#: Runs a command and says what it and its children used: seconds of user CPU, kilobytes.
PROBE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
tail = done.stderr.decode("utf-8", "replace")[-400:]
print(json.dumps([done.returncode, used.ru_utime, used.ru_maxrss, tail]))
"""
CHASM = "chasm convert"
TOOLS = {
    CHASM: ["chasm", "convert", "--quiet", "{notebook}", "-o", "{out}/package"],
    "jupyter nbconvert --to script": [
        "jupyter-nbconvert", "--log-level=ERROR", "--to", "script", "--output-dir", "{out}",
        "{notebook}",
    ],
    "jupytext --to py:percent": [
        "jupytext", "--quiet", "--to", "py:percent", "-o", "{out}/a.py", "{notebook}",
    ],
    "marimo convert": ["marimo", "-q", "convert", "{notebook}", "-o", "{out}/a.py"],
}  # fmt: skip
SETUP = """\
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
"""
#: Cells in the manner of real ones, of 3.3 lines as in the median of 944 notebooks.
STEP = (
    """\
# part {n}
df{n} = pd.read_csv("data/part_{n}.csv")
df{n}.head()""",
    """\
df{n}["age"] = df{n}["age"].fillna(df{n}["age"].median())
df{n}.drop_duplicates(inplace=True)
print(df{n}.shape)""",
    """\
for column in ["age", "fee"]:
    df{n}[column] = df{n}[column].clip(lower=0)
df{n}["per_year"] = df{n}["fee"] * 12 / (df{n}["age"] + 1)""",
    """\
X_train, X_test, y_train, y_test = train_test_split(
    df{n}[["age", "fee", "per_year"]], df{n}["left"],
    test_size=0.2, random_state={n},
)""",
    """\
model{n} = LogisticRegression(C=0.5, max_iter=200)
model{n}.fit(X_train, y_train)
print("accuracy", model{n}.score(X_test, y_test))""",
    """\
plt.hist(df{n}["per_year"], bins=20)
plt.title("part {n}")
plt.xlabel("a year")
plt.show()""",
)


@dataclass(frozen=True)
class Cost:
    """The median of several runs."""

    seconds: float
    megabytes: float


def notebook_of(cells: int) -> dict[str, object]:
    """A notebook with this many code cells."""
    sources = [SETUP]
    size = len(STEP)
    sources += [STEP[i % size].replace("{n}", str(i // size)) for i in range(cells - 1)]
    listed = [
        {"cell_type": "code", "execution_count": i, "id": f"c{i}", "metadata": {}, "outputs": [],
         "source": source.splitlines(keepends=True)}
        for i, source in enumerate(sources, 1)
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def lines_of(notebook: dict[str, object]) -> int:
    cells = notebook["cells"]
    assert isinstance(cells, list)
    return sum(len(cell["source"]) for cell in cells)


def found(tools: Path | None) -> dict[str, list[str]]:
    """The commands whose program is installed, here or in the other environment."""
    here = Path(sys.executable).parent
    places = [here, *([tools, tools / "bin"] if tools else [])]
    path = os.pathsep.join([*map(str, places), os.environ.get("PATH", "")])
    commands = {}
    for name, command in TOOLS.items():
        program = shutil.which(command[0], path=path)
        if program is not None:
            commands[name] = [program, *command[1:]]
    return commands


def once(command: list[str], notebook: Path) -> tuple[float, float]:
    """User CPU in seconds and peak memory in megabytes of one run into a fresh folder."""
    with tempfile.TemporaryDirectory() as out:
        filled = [part.format(notebook=notebook, out=out) for part in command]
        probe = [sys.executable, "-c", PROBE, *filled]
        # As installed: pip compiles the modules of a package, so all tools have theirs compiled.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        done = subprocess.run(
            probe, capture_output=True, text=True, check=True, cwd=out, env=environment
        )
    code, seconds, kilobytes, tail = json.loads(done.stdout)
    if code:
        sys.exit(f"{command[0]} ended with {code}: {tail}")
    return seconds, kilobytes / 1024


def measured(commands: dict[str, list[str]], notebook: Path, rounds: int) -> dict[str, Cost]:
    """Medians over rounds in which each command runs once; the first round warms the caches."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            result = once(command, notebook)
            if number:
                runs[name].append(result)
    return {
        name: Cost(statistics.median(s for s, _ in found), statistics.median(m for _, m in found))
        for name, found in runs.items()
    }


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tools", type=Path, help="another environment that has other tools")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--lines", type=int, nargs="*", default=[1_000, 5_000, 10_000, 20_000])
    options = parser.parse_args()
    commands = found(options.tools)
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "bench.ipynb"
        content = notebook_of(options.cells)
        notebook.write_text(json.dumps(content), encoding="utf-8")
        costs = measured(commands, notebook, options.rounds)
        version = [*commands[CHASM][:1], "--version"]
        start = statistics.median(once(version, notebook)[0] for _ in range(options.rounds))
        print(f"{options.cells} cells, {lines_of(content)} lines, {options.rounds} rounds:\n")
        print("| | user CPU | times chasm | peak memory |\n| --- | ---: | ---: | ---: |")
        for name, cost in costs.items():
            ratio = cost.seconds / costs[CHASM].seconds
            print(f"| `{name}` | {cost.seconds:.2f} s | {ratio:.2f} | {cost.megabytes:.0f} MB |")
        print(f"| `chasm --version` | {start:.3f} s | | |")
        if options.lines:
            print("\n| lines | user CPU | a thousand lines | peak memory |")
            print("| ---: | ---: | ---: | ---: |", flush=True)
        per_cell = lines_of(content) / options.cells
        for lines in options.lines:
            content = notebook_of(round(lines / per_cell))
            notebook.write_text(json.dumps(content), encoding="utf-8")
            cost = measured({CHASM: commands[CHASM]}, notebook, max(1, options.rounds // 3))[CHASM]
            total = lines_of(content)
            each = cost.seconds / total * 1000
            print(
                f"| {total:,} | {cost.seconds:.2f} s | {each:.2f} s | {cost.megabytes:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
