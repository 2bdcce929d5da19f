"""How far the way of a raw record can be followed, over many notebooks; nothing of them runs.

    python benchmarks/split.py OUT --reasons 10

``OUT`` holds notebooks, as ``benchmarks/corpus/extract.py`` lays them out. Of those that fit a
model that could be served it says how many are served from their raw records, how many from a
later table, how many not at all, and why the others stop.
"""

import argparse
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chasm.errors import InputError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one notebook: ``way`` is ``raw``, ``later``, ``none`` or ``no model``."""

    path: str
    way: str
    reason: str = ""


def outcome_of(path: Path) -> Outcome:
    """How far the records of one notebook can be followed."""
    from chasm.analyse import analyse, imported_roots
    from chasm.analyse.statements import Tree
    from chasm.plan import make_plan
    from chasm.plan.graph import build_graph
    from chasm.plan.split.served import choose_served
    from chasm.plan.split.written import written_out
    from chasm.read import read_notebook
    from chasm.rulebook import load_rulebook

    warnings.simplefilter("ignore")
    try:
        notebook = read_notebook(path)
    except InputError as error:
        return Outcome(str(path), "refused", str(error))
    book = load_rulebook(imported_roots(notebook))
    trees: list[Tree] = []
    facts = analyse(notebook, book, trees)
    written, its_trees, _ = written_out(facts, trees, book)
    if choose_served(written, its_trees, build_graph(written), book) is None:
        return Outcome(str(path), "no model")
    plan = make_plan(facts, book, "package", trees)
    if plan.serving is None:
        return Outcome(str(path), "none")
    if plan.serving.stops:
        return Outcome(str(path), "later", plan.serving.stops[-1][3])
    return Outcome(str(path), "raw")


def notebooks_in(folder: Path) -> Iterator[Path]:
    """All notebooks below a folder but Jupyter's own copies."""
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            yield path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reasons", type=int, default=10)
    options = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(outcome_of, notebooks_in(options.folder), chunksize=4))
    ways = Counter(one.way for one in found)
    models = ways["raw"] + ways["later"] + ways["none"]
    print(f"| notebooks | {len(found)} |\n| --- | ---: |")
    print(f"| refused in one line | {ways['refused']} |")
    print(f"| without a model to serve | {ways['no model']} |")
    for way, words in (("raw", "raw records"), ("later", "a later table"), ("none", "nowhere")):
        share = ways[way] / models if models else 0.0
        print(f"| served from {words} | {ways[way]} ({share:.0%} of {models}) |")
    reasons = Counter(re.sub(r"(known what|needs) \S+", r"\1 …", one.reason) for one in found)
    reasons.pop("", None)
    for reason, count in reasons.most_common(options.reasons):
        print(f"| stops: {reason} | {count} |")


if __name__ == "__main__":
    main()
