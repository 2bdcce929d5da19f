"""How well `chasm check` finds the leaks that people found by reading.

    python benchmarks/leakage.py NOTEBOOKS [NOTEBOOKS …] [--labels FILE] [--list]

``NOTEBOOKS`` are folders with ``OWNER__NAME/PATH`` (or ``OWNER__NAME/tree/PATH``) for the
notebooks of the labels (``leakage/labels.toml``), which hold no notebook themselves. Prints
Markdown: for each kind the notebooks that are right, wrong and missed, and the same for single
cells.
"""

import argparse
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chasm.checking import Options, check_files

LABELS = Path(__file__).with_name("leakage") / "labels.toml"
KINDS = {
    "preprocessing": {"CH301", "CH309"},
    "overlap": {"CH303", "CH304"},
    "tuned": {"CH307"},
    "target": {"CH305"},
}


@dataclass(frozen=True, slots=True)
class Compared:
    """The labelled and the found cells of one kind in one notebook."""

    name: str
    kind: str
    wanted: frozenset[int]
    found: frozenset[int]


def main() -> None:
    """Check every notebook that is there, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--list", action="store_true", help="every notebook that is not right")
    given = parser.parse_args()
    labels = tomllib.loads(given.labels.read_text(encoding="utf-8"))["notebook"]
    there = [(one, path) for one in labels if (path := _path(one, given.folders)) is not None]
    compared = [pair for one, path in there for pair in _compared(one, path)]
    print(f"{len(there)} of {len(labels)} labelled notebooks are there.\n")
    print("| kind | | labelled | right | wrong | missed | precision | recall |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in (*KINDS, "all"):
        pairs = [one for one in compared if kind in (one.kind, "all")]
        _row(kind, "notebooks", [({one.name} & _some(one, 0), _some(one, 1)) for one in pairs])
        _row(kind, "cells", [(set(one.wanted), set(one.found)) for one in pairs])
    if given.list:
        for one in compared:
            if one.wanted != one.found:
                print(f"\n{one.kind}: {one.name}: labelled {sorted(one.wanted)}", end="")
                print(f", found {sorted(one.found)}", end="")
        print()


def _some(one: Compared, found: int) -> set[Any]:
    return {one.name} if (one.wanted, one.found)[found] else set()


def _row(kind: str, what: str, pairs: list[tuple[set[Any], set[Any]]]) -> None:
    right = sum(len(wanted & found) for wanted, found in pairs)
    wrong = sum(len(found - wanted) for wanted, found in pairs)
    missed = sum(len(wanted - found) for wanted, found in pairs)
    precision = f"{right / (right + wrong):.0%}" if right + wrong else "-"
    recall = f"{right / (right + missed):.0%}" if right + missed else "-"
    numbers = f"{right + missed} | {right} | {wrong} | {missed}"
    print(f"| {kind} | {what} | {numbers} | {precision} | {recall} |")


def _path(one: dict[str, Any], folders: list[Path]) -> Path | None:
    name = one["repository"].replace("/", "__")
    for folder in folders:
        for path in (folder / name / one["path"], folder / name / "tree" / one["path"]):
            if path.is_file():
                return path
    return None


def _compared(one: dict[str, Any], path: Path) -> Iterator[Compared]:
    (checked,) = check_files([path], Options(select=("CH3",), cache=False, isolated=True)).files
    if checked.error is not None:
        raise SystemExit(checked.error)
    for kind, codes in KINDS.items():
        found = frozenset(
            located.finding.cell
            for located in checked.findings
            if located.finding.code in codes and located.finding.cell is not None
        )
        wanted = frozenset(one.get(kind, ()))
        yield Compared(f"{one['repository']} {one['path']}", kind, wanted, found)


if __name__ == "__main__":
    main()
