"""Programs that run made packages and say of each what is wrong with it, and how to ask them."""

import importlib
import inspect
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib

from support.process import python

TESTS = Path(__file__).resolve().parents[1]


def problems_of(program: str, packages: Mapping[str, Path]) -> dict[str, str]:
    """What the module ``program`` of ``support`` says of each case, by its package's folder."""
    folders = {name: str(package.parent) for name, package in packages.items()}
    done = python(["-m", f"support.{program}", *folders.values()], TESTS, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {name: found[folder] for name, folder in folders.items()}


def answer_each(answers: Callable[[Path], str]) -> None:
    """Print what ``answers`` says of each folder that the program was called with."""
    warnings.simplefilter("ignore")
    found = {}
    for argument in sys.argv[1:]:
        folder = Path(argument)
        os.chdir(folder)
        try:
            found[argument] = answers(folder)
        except Exception:
            found[argument] = traceback.format_exc()[-1500:]
    print(json.dumps(found))


@contextmanager
def trained(folder: Path) -> Iterator[Any]:
    """The results of training the package ``made`` of a folder, from where its paths hold."""
    source = folder / "made" / "src"
    sys.path.insert(0, str(source))
    name = next(p.name for p in source.iterdir())
    os.chdir(folder / "made")
    try:
        pipeline = importlib.import_module(f"{name}.pipeline")
        config = importlib.import_module(f"{name}.config")
        given = {}
        if "output" in inspect.signature(pipeline.train).parameters:
            # Figures of tables that change later are drawn while it trains.
            matplotlib.use("Agg")
            given["output"] = importlib.import_module(f"{name}.output").Output(Path("reports"))
        yield pipeline.train(config.Config(), **given)
    finally:
        os.chdir(folder)
        sys.path.pop(0)
