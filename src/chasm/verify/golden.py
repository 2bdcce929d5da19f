"""What a package did in a run that agrees with its notebook, as tests of its own."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chasm.errors import InputError
from chasm.model import Notebook
from chasm.verify.copies import Copies
from chasm.verify.model import Request, Verdict
from chasm.verify.traces import QUIET

TEMPLATES = Path(__file__).parent / "templates"
OBSERVING, RECORDED, TESTS = "observing.py", "recorded.json", "test_recorded.py"
#: The line that says of a file of tests what it was when it was written.
MARK = "As chasm wrote it, the rest of this file has the digest {}."
MARKED = re.compile(
    r"^As chasm wrote it, the rest of this file has the digest (\w+)\.\n", re.MULTILINE
)
#: What could end the text that it stands in, or change how it reads.
UNTOLD = re.compile(r"[^\w .,:+()/-]")
#: Each part of a recording, and what a test of it is called and says.
PARTS = {
    "settings": ("setting", "What `{0}` is unless somebody says otherwise."),
    "steps": ("returns", "What `{0}` returns: types, sums, a sample."),
    "figures": ("figure", "The figure `{0}`: labels, lines, bars, points."),
    "files": ("file", "The file `{0}` and what it says."),
}


def recorded_tests(notebook: Notebook, request: Request, verdict: Verdict) -> dict[str, str]:
    """The files of the tests by their names; what two runs did differently is left out."""
    observing = _template(OBSERVING).replace("@PACKAGE@", request.module)
    with tempfile.TemporaryDirectory(prefix="chasm-tests-", ignore_cleanup_errors=True) as place:
        runs = [_observed(notebook, request, observing, Path(place) / str(n)) for n in range(2)]
    found = _stable(*runs)
    versions = ", ".join(f"{name} {version}" for name, version in sorted(verdict.versions.items()))
    head = _template(TESTS).replace("@VERSIONS@", versions or "unknown versions")
    return {
        OBSERVING: observing,
        RECORDED: json.dumps(found, indent=1) + "\n",
        TESTS: head + "".join(_functions(found)),
    }


def write_tests(files: dict[str, str], folder: Path) -> None:
    """Write the tests below ``folder``; what somebody else wrote or edited is not touched."""
    tests = folder / "tests"
    for name in files:
        path = tests / name
        if path.is_symlink() or path.exists() and not _unedited(path):
            raise InputError(f"{path}: not written by chasm, or edited since; it is left as it is")
    try:
        tests.mkdir(exist_ok=True)
        for name, text in files.items():
            marked = _marked(text) if name.endswith(".py") else text
            (tests / name).write_text(marked, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{tests}: cannot be written ({error.strerror})") from None


def _marked(text: str) -> str:
    """``text`` with its own digest in the description that it begins with."""
    first, second, rest = text.split("\n", 2)
    return "\n".join((first, second, MARK.format(_digest(text)), rest))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _unedited(path: Path) -> bool:
    """Whether a file is as chasm wrote it; a recording may have been made anew by its owner."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            found = MARKED.search(text)
            return found is not None and _digest(MARKED.sub("", text, count=1)) == found[1]
        return bool({*PARTS, "printed"} == json.loads(text).keys())
    except (OSError, ValueError, AttributeError):
        return False


def _template(name: str) -> str:
    return (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")


def _observed(notebook: Notebook, request: Request, observing: str, root: Path) -> dict[str, Any]:
    copies = Copies(root, (request.notebook.parent, request.package))
    copies.make(cell.written for cell in notebook.cells)
    folder = copies.place(request.package)
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / OBSERVING).write_text(observing, encoding="utf-8")
    target = root / RECORDED
    command = [request.python or sys.executable, f"tests/{OBSERVING}", str(target)]
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | QUIET | {"MPLBACKEND": "Agg"},
            capture_output=True, timeout=request.timeout, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InputError(f"{request.module}: still running when the time was over") from None
    if done.returncode or not target.exists():
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(f"{request.module}: cannot be observed: {told[-1] if told else ''}")
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return found


def _stable(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What both runs did."""
    found: dict[str, Any] = {
        part: {key: value for key, value in one[part].items() if other[part].get(key) == value}
        for part in PARTS
    }
    again = list(other["printed"])
    found["printed"] = []
    for line in one["printed"]:
        if line in again:
            again.remove(line)
            found["printed"].append(line)
    return found


def _functions(found: dict[str, Any]) -> Iterator[str]:
    """A test a fact."""
    taken: set[str] = set()
    for part, (word, says) in PARTS.items():
        for key in found[part]:
            name = _name(f"{word}_{key}" if part != "steps" else f"{key.split('.')[-1]}_{word}")
            while name in taken:
                name += "_too"
            taken.add(name)
            yield (
                f"\n\ndef test_{name}(seen: dict[str, Any]) -> None:\n"
                f'    """{says.format(UNTOLD.sub("_", key))}"""\n'
                f"    recorded = RECORDED[{part!r}][{key!r}]\n"
                f"    assert difference(recorded, seen[{part!r}].get({key!r})) == ''\n"
            )
    if found["printed"]:
        yield (
            "\n\ndef test_printed_lines(seen: dict[str, Any]) -> None:\n"
            '    """Every line that was printed, metrics included, is printed again."""\n'
            "    left = list(seen['printed'])\n"
            "    for line in RECORDED['printed']:\n"
            "        assert line in left\n"
            "        left.remove(line)\n"
        )


def _name(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_").lower()
