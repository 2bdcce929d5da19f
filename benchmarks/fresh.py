"""Does a made package pass its own tests where nothing is but what its own pyproject asks for?

    python benchmarks/fresh.py [NAME_OR_NOTEBOOK …] [--python PATH] [--verified]

Converts each fixture, or each notebook that is named, makes an environment of its own, installs
the package with its group `dev` as its README says, without a look at what is installed here, and
runs its tests there. `--verified` also lets `chasm verify --write-tests` run in that environment
before, so that the recorded tests are among them. It uses uv where it is on the path, else pip.
Prints Markdown; what failed is told below, with the last lines of what was said. It needs a package
index and takes a minute or two a package, so it is no part of the tests.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures" / "notebooks"
PATIENCE = 1800
TOLD = 12
#: What would let the environment see another one.
DROPPED = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
#: Distributions whose versions are told, since most of what breaks breaks with them.
VERSIONS = "import importlib.metadata as m, platform; print(platform.python_version(), *[f'{d} {m.version(d)}' for d in ('pandas', 'scikit-learn', 'numpy', 'matplotlib') if any(x.metadata['Name'] == d for x in m.distributions())], sep=', ')"  # noqa: E501


class StepError(Exception):
    """A command that did not end well, and what it said."""


@dataclass(frozen=True)
class Outcome:
    """What became of one package."""

    name: str
    passed: bool
    summary: str
    versions: str
    seconds: float
    told: str = ""


def run(command: list[str], folder: Path, what: str) -> str:
    """The standard output of a command that has to end well."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    try:
        done = subprocess.run(
            command, cwd=folder, env=kept | {"MPLBACKEND": "Agg"}, capture_output=True, text=True,
            check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise StepError(f"{what}: still running after {PATIENCE} s") from None
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise StepError("\n".join([f"{what}:", *lines[-TOLD:]]))
    return done.stdout


def staged(notebook: Path, place: Path) -> Path:
    """A copy of the notebook and of what lies beside it."""
    ignored = shutil.ignore_patterns("expected*", ".git", ".venv", "__pycache__")
    copy = shutil.copytree(notebook.parent, place / "notebook", ignore=ignored, symlinks=True)
    return Path(copy) / notebook.name


def environment(place: Path, python: str, package: Path) -> str:
    """The Python of a new environment, with the package and its tools."""
    folder = place / "environment"
    own = str(folder / "bin" / "python")
    wanted = ["-e", ".", "--group", "dev"]
    if uv := shutil.which("uv"):
        run([uv, "venv", "-q", "--no-project", "--python", python, str(folder)], place, "venv")
        run([uv, "pip", "install", "-q", "--python", own, *wanted], package, "install")
    else:
        run([python, "-m", "venv", str(folder)], place, "venv")
        # Dependency groups need pip 25.1.
        run([own, "-m", "pip", "install", "-q", "--upgrade", "pip>=25.1"], place, "pip")
        run([own, "-m", "pip", "install", "-q", *wanted], package, "install")
    return own


def verified(notebook: Path, package: Path, own: str, place: Path) -> None:
    """Let the recorded tests be written, from a run in the package's own environment."""
    tool = shutil.which("uv")
    kernel = (
        [tool, "pip", "install", "-q", "--python", own] if tool else [own, "-m", "pip", "install"]
    )
    run([*kernel, "ipykernel>=6.29"], place, "kernel")
    command = [sys.executable, "-m", "chasm.cli", "verify", str(notebook), str(package)]
    said = run([*command, "--python", own, "--write-tests"], place, "verify")
    if not (package / "tests" / "test_recorded.py").exists():
        raise StepError(f"verify: {said[-500:]}")


def tried(name: str, notebook: Path, python: str, recorded: bool) -> Outcome:
    """Convert, install, test."""
    began = time.monotonic()
    versions = ""
    with tempfile.TemporaryDirectory(prefix="chasm-fresh-") as folder:
        place = Path(folder)
        package = place / "package"
        try:
            copy = staged(notebook, place)
            chasm = [sys.executable, "-m", "chasm.cli", "convert", str(copy), "-o", str(package)]
            run([*chasm, "-q"], place, "convert")
            own = environment(place, python, package)
            versions = run([own, "-c", VERSIONS], place, "versions").strip()
            if recorded:
                verified(copy, package, own, place)
            said = run([own, "-m", "pytest", "-q", "-p", "no:cacheprovider"], package, "tests")
        except StepError as error:
            text = str(error)
            summary = text.splitlines()[-1] if text.startswith("tests") else text.splitlines()[0]
            return Outcome(name, False, summary, versions, time.monotonic() - began, text)
    (summary,) = re.findall(r"^(\d+ passed.*?)(?: in .*)?$", said, re.MULTILINE)[-1:] or [
        "no tests"
    ]
    return Outcome(name, "passed" in summary, summary, versions, time.monotonic() - began)


def named(given: list[str]) -> list[tuple[str, Path]]:
    """The notebooks to try, by names: those of fixtures, or paths."""
    found = []
    for text in given or sorted(path.name for path in FIXTURES.iterdir()):
        folder = FIXTURES / text
        if folder.is_dir():
            (path,) = folder.glob("notebook.*")
            found.append((text, path))
        else:
            path = Path(text).resolve()
            found.append((f"{path.parent.name}/{path.name}", path))
    return found


def main() -> None:
    """Try each and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="fixtures or notebooks; by default all fixtures")
    parser.add_argument("--python", default=sys.executable, help="which Python the package gets")
    parser.add_argument("--verified", action="store_true", help="write the recorded tests first")
    options = parser.parse_args()
    print("| package | its tests | seconds | with |\n| --- | --- | ---: | --- |", flush=True)
    outcomes = []
    for name, notebook in named(options.names):
        one = tried(name, notebook, options.python, options.verified)
        outcomes.append(one)
        summary = one.summary.replace("|", "/")
        print(f"| {one.name} | {summary} | {one.seconds:.0f} | {one.versions} |", flush=True)
    passed = sum(one.passed for one in outcomes)
    print(f"\n{passed} of {len(outcomes)} packages pass their own tests.")
    for one in outcomes:
        if one.told:
            print(f"\n{one.name}: {one.told}")
    sys.exit(passed < len(outcomes))


if __name__ == "__main__":
    main()
