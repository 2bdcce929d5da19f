"""What `chasm check` costs beside linters that read notebooks, on the same hundred of them.

    python benchmarks/check.py FOLDER [FOLDER …] [--files 100] [--rounds N] [--tools DIR]

CPU of the whole process with all its children, the tools in turns, so that what the machine does
besides falls on all of them alike; medians. The notebooks are the first of the folders by the
digest of their path. Prints Markdown.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

#: Runs a command and says what it and its children used: seconds of CPU, seconds in all.
PROBE = """
import json, resource, subprocess, sys, time
start = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
tail = done.stderr.decode("utf-8", "replace")[-300:]
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, time.monotonic() - start, tail]))
"""
CHASM = "chasm check --no-cache"
NBQA = "nbqa ruff"
TOOLS = {
    CHASM: ["chasm", "check", "--no-cache", "--isolated", "{folder}"],
    "chasm-hook --no-cache": ["chasm-hook", "--no-cache", "--isolated", "{folder}"],
    "chasm check, cached": ["chasm", "check", "--isolated", "{folder}"],
    NBQA: ["nbqa", "ruff", "{folder}", "--nbqa-shell"],
    "ruff check": ["ruff", "check", "--no-cache", "--isolated", "{folder}"],
    "pynblint": ["pynblint", "{folder}", "--quiet"],
}
#: What may come back: clean, findings; the linters say 1 for both findings and bad notebooks.
FINE = (0, 1, 2)


def main() -> None:
    """Measure every tool that is there, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tools", type=Path, help="an environment with the other linters")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = _copied(given.folders, given.files, Path(folder))
        commands = {name: _command(words, folder, given.tools) for name, words in TOOLS.items()}
        there = {name: words for name, words in commands.items() if words is not None}
        used: dict[str, list[tuple[float, float]]] = {name: [] for name in there}
        for number in range(given.rounds + 1):
            for name, words in there.items():
                cpu, wall = _measured(name, words, folder)
                # The first round warms the caches of the disk.
                if number:
                    used[name].append((cpu, wall))
    middle = {
        name: [statistics.median(part) for part in zip(*runs, strict=True)]
        for name, runs in used.items()
    }
    print(f"{count} notebooks, medians of {given.rounds} rounds, {os.cpu_count()} processors.\n")
    print(f"| tool | CPU, s | of {NBQA} | wall, s |")
    print("| --- | ---: | ---: | ---: |")
    for name, (cpu, wall) in middle.items():
        ratio = f"{cpu / middle[NBQA][0]:.2f}" if NBQA in middle else "-"
        print(f"| `{name}` | {cpu:.2f} | {ratio} | {wall:.2f} |")


def _copied(folders: list[Path], wanted: int, target: Path) -> int:
    """Put the notebooks side by side; the same ones wherever the folders are."""
    found = [
        (hashlib.sha256(str(path.relative_to(folder)).encode()).hexdigest(), path)
        for folder in folders
        for path in folder.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts and _is_read_by_all(path)
    ]
    for number, (_, path) in enumerate(sorted(found)[:wanted]):
        shutil.copyfile(path, target / f"nb_{number:03}.ipynb")
    return min(len(found), wanted)


def _is_read_by_all(path: Path) -> bool:
    try:
        # Of the formats before 4 the others say that they cannot read them.
        return "cells" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _command(words: list[str], folder: str, tools: Path | None) -> list[str] | None:
    own = Path(sys.executable).parent
    folders = [own, *([tools / "bin"] if tools is not None else [])]
    program = next((d / words[0] for d in folders if (d / words[0]).exists()), None)
    if program is None:
        return None
    return [str(program), *(word.replace("{folder}", folder) for word in words[1:])]


def _measured(name: str, words: list[str], folder: str) -> tuple[float, float]:
    path = os.pathsep.join([str(Path(words[0]).parent), os.environ.get("PATH", "")])
    # As installed: pip compiles the modules of a package, so all tools have theirs compiled.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        capture_output=True,
        text=True,
        check=True,
        # In this repository the linters would take its settings, which choose many more rules.
        cwd=folder,
        env={**inherited, "PATH": path},
    )
    code, cpu, wall, tail = json.loads(done.stdout)
    if code not in FINE:
        raise SystemExit(f"{name}: exit code {code}: {tail}")
    return cpu, wall


if __name__ == "__main__":
    main()
