"""Many real notebooks through `chasm convert` and `nbconvert --to script`, as a user runs them.

    python benchmarks/reading.py FOLDER [--tools DIR] [--sample N] [--seed N] [--limit SECONDS]

Nothing of the notebooks runs. Per notebook both tools run once, one after the other, so that what
the machine does besides falls on both alike: user CPU of the process and all its children. What
`chasm convert` did is counted: a package, one clear line with exit code 2, or a fault (a traceback,
another exit code, more than one line, a run out of its time). Prints Markdown; exits with 1 when
there was a fault.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from convert import CHASM, PROBE, found

OTHER = "jupyter nbconvert --to script"
MADE, REFUSED, FAULT = "a package", "refused in one line", "a fault"


@dataclass(frozen=True)
class Run:
    """One tool on one notebook: its exit code, seconds of user CPU, the end of its stderr."""

    code: int
    seconds: float
    tail: str


def run(command: list[str], notebook: Path, limit: float) -> Run:
    """The command on the notebook, writing into a folder of its own; code -1 when out of time."""
    with tempfile.TemporaryDirectory() as out:
        filled = [part.format(notebook=notebook, out=out) for part in command]
        probe = [sys.executable, "-c", PROBE, *filled]
        # As installed: pip compiles the modules of a package, so both tools have theirs compiled.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        try:
            done = subprocess.run(
                probe, capture_output=True, text=True, cwd=out, env=environment, timeout=limit
            )
        except subprocess.TimeoutExpired:
            return Run(-1, limit, "out of time")
    code, seconds, _, tail = json.loads(done.stdout)
    return Run(code, seconds, tail)


def outcome(done: Run) -> str:
    """What `chasm convert` came to."""
    if done.code == 0 and "Traceback" not in done.tail:
        return MADE
    lines = done.tail.strip().splitlines()
    return REFUSED if done.code == 2 and len(lines) == 1 else FAULT


def chosen(folder: Path, sample: int | None, seed: int) -> list[Path]:
    """The notebooks below the folder, or so many of them drawn by the digest of their path."""
    paths = [p for p in folder.rglob("*.ipynb") if p.is_file()]

    def digest(path: Path) -> str:
        return hashlib.sha256(f"{seed} {path.relative_to(folder)}".encode()).hexdigest()

    return sorted(paths, key=digest)[:sample]


def main() -> int:
    """Run both tools on all of them and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tools", type=Path, help="another environment that has nbconvert")
    parser.add_argument("--sample", type=int, help="so many notebooks (all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=120, help="seconds that one run may take")
    options = parser.parse_args()
    commands = found(options.tools)
    outcomes: Counter[str] = Counter()
    costs: list[tuple[float, float]] = []
    for path in chosen(options.folder.resolve(), options.sample, options.seed):
        made = run(commands[CHASM], path, options.limit)
        outcomes[outcome(made)] += 1
        if outcome(made) == FAULT:
            where = path.relative_to(options.folder.resolve())
            print(f"fault: {where}: exit code {made.code}: {made.tail!r}", flush=True)
        if OTHER in commands and outcome(made) == MADE:
            other = run(commands[OTHER], path, options.limit)
            if other.code == 0:
                costs.append((made.seconds, other.seconds))
    print(f"\n| {sum(outcomes.values())} notebooks | |\n| --- | ---: |")
    for name in (MADE, REFUSED, FAULT):
        print(f"| {name} | {outcomes[name]} |")
    if costs:
        show_costs(costs)
    return 1 if outcomes[FAULT] else 0


def show_costs(costs: list[tuple[float, float]]) -> None:
    """Medians of both tools over the notebooks that both convert, and of the slowest tenth."""
    slowest = sorted(costs, reverse=True)[: max(1, len(costs) // 10)]
    print(f"\n| {len(costs)} that both convert | all | chasm's slowest tenth |")
    print("| --- | ---: | ---: |")
    for place, name in enumerate((CHASM, OTHER)):
        middle = [statistics.median(pair[place] for pair in part) for part in (costs, slowest)]
        print(f"| median user CPU of `{name}` | {middle[0]:.2f} s | {middle[1]:.2f} s |")
    ratios = [statistics.median(a / b for a, b in part) for part in (costs, slowest)]
    print(f"| median of the ratio | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    sys.exit(main())
