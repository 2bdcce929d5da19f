"""Does `chasm verify` say what another judge says of the same packages?

    python benchmarks/agreement.py --notebooks FILE --corpus DIR --judged FILE [FILE …]
        [--python PATH] [--ids ID …] [--limit N]

Real notebooks, a line of JSON each in FILE (`id`, `repo`, `path`, `files`, `dirs`, `fixups`), lie
in DIR. Each is copied, converted and verified; the other judge has a line of JSON for each in its
results: `L2`, whether the package ran to its end, and the share of the notebook's events that it
repeated. Both judge fits, predictions, metrics and files (`core`); figures and prints are told
apart. Prints Markdown: where the two agree, and the first reason where they do not.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORE = {"fit", "predict", "metric", "save", "file"}
BAD = {"differs", "missing"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """What the two judges say of one notebook; ``None`` where one cannot tell."""

    row: Row
    theirs: bool | None
    core: bool | None
    whole: bool | None
    counts: str
    reason: str

    @property
    def decided(self) -> bool:
        """Whether both say something: what no two runs repeat counts for nothing here."""
        return self.theirs is not None and self.core is not None


def staged(row: Row, corpus: Path, place: Path) -> Path:
    """A copy of the notebook with the files that it came with."""
    name = row["repo"].replace("/", "__")
    source, root = corpus / name, place / name
    wanted = [f"tree/{path}" for path in row["files"]]
    wanted += [to for _, to in row.get("fixups", [])]
    for way in wanted:
        target = (root / way).resolve()
        if (source / way).is_file() and target.is_relative_to(place.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / way, target)
    for folder in row.get("dirs", []):
        (root / "tree" / folder).mkdir(parents=True, exist_ok=True)
    return root / "tree" / str(row["path"])


def converted(notebook: Path) -> Path:
    """The package, beside the notebook's folder; what lies there under a drive lies in it too.

    Elsewhere than on its author's machine ``C:/data.csv`` is a path from where the process is.
    """
    package = notebook.parent.with_name(f"{notebook.parent.name}-package")
    command = [
        sys.executable,
        "-m",
        "chasm.cli",
        "convert",
        str(notebook),
        "--output",
        str(package),
    ]
    subprocess.run(command, capture_output=True, check=False, timeout=600)
    for entry in notebook.parent.iterdir():
        if ":" in entry.name and not (package / entry.name).exists():
            (package / entry.name).symlink_to(entry)
    return package


def theirs(result: Row) -> bool | None:
    """Whether the other judge found the package equal: it ran, and no event of weight is lost."""
    if not result.get("L2"):
        return False
    core = (result.get("L3") or {}).get("core") or {}
    return None if core.get("recall") is None else core["recall"] == 1.0


def verdict_of(notebook: Path, package: Path, python: str, timeout: int) -> tuple[Row | None, str]:
    """What ``chasm verify`` says, or the error that it ends with."""
    command = [sys.executable, "-m", "chasm.cli", "verify", str(notebook), str(package)]
    command += ["--python", python, "--timeout", str(timeout), "--output-format", "json"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=4 * timeout
        )
    except subprocess.TimeoutExpired:
        return None, "verify did not end"
    try:
        found: Row = json.loads(done.stdout)
    except ValueError:
        return None, (done.stderr.strip().splitlines() or ["no answer"])[-1]
    return found, ""


def compared(row: Row, result: Row, corpus: Path, python: str, timeout: int) -> Compared:
    """Let the notebook be verified, and put both answers beside one another."""
    with tempfile.TemporaryDirectory() as place:
        notebook = staged(row, corpus, Path(place))
        found, error = verdict_of(notebook, converted(notebook), python, timeout)
    if found is None:
        return Compared(row, theirs(result), None, None, "", error)
    bad = [one for one in found["results"] if one["status"] in BAD]
    heavy = [one for one in bad if one["kind"] in CORE]
    failures = [failure["message"] for failure in found["failures"]]
    counted = [one for one in found["results"] if one["kind"] in CORE and one["status"] == "equal"]
    core = None if not counted and not heavy and not failures else not heavy and not failures
    counts = ", ".join(f"{count} {status}" for status, count in found["counts"].items() if count)
    reasons = failures + [told(one) for one in (*heavy, *bad)]
    return Compared(
        row, theirs(result), core, bool(found["agrees"]), counts, next(iter(reasons), "")
    )


def told(result: Row) -> str:
    """A result that is not equal, in a line."""
    text = f"cell {result['cell']}: {result['status']}: {result['kind']} {result['name']}".rstrip()
    if found := result.get("difference"):
        text += f": {found['where']}: {found['notebook']} | {found['package']}"
    return text[:160].replace("|", "/").replace("\n", " ")


def lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    """Compare and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--notebooks", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--judged", type=Path, nargs="+", required=True, help="later ones win")
    parser.add_argument("--python", default=sys.executable, help="the notebooks' environment")
    parser.add_argument("--ids", nargs="*", help="these notebooks alone")
    parser.add_argument("--limit", type=int, default=10, help="the quickest so many")
    parser.add_argument("--timeout", type=int, default=600)
    options = parser.parse_args()
    judged = {row["id"]: row for path in options.judged for row in lines(path)}
    rows = {row["id"]: row for row in lines(options.notebooks) if row["id"] in judged}
    chosen = options.ids or sorted(rows, key=lambda i: judged[i].get("ref_wall") or 1e9)
    print("| notebook | judge | verify, core | verify, all | results | first reason |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    found: list[Compared] = []
    for number in chosen[: None if options.ids else options.limit]:
        row = rows[number]
        one = compared(row, judged[number], options.corpus, options.python, options.timeout)
        found.append(one)
        said = [
            {True: "equal", False: "not equal", None: "no word"}[answer]
            for answer in (one.theirs, one.core, one.whole)
        ]
        cells = [f"{row['repo']}: {Path(row['path']).name}", *said, one.counts, one.reason]
        print(f"| {' | '.join(cells)} |", flush=True)
    decided = [one for one in found if one.decided]
    agreed = sum(one.theirs == one.core for one in decided)
    print(
        f"\nThe two agree on {agreed} of the {len(decided)} on which both have a word, "
        f"of {len(found)}."
    )


if __name__ == "__main__":
    main()
