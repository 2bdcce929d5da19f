"""One notebook through the compiler, stage by stage, without the disk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chasm.analyse import analyse, imported_roots, with_known_names
from chasm.emit import emit_project, formatted
from chasm.model import Facts
from chasm.plan import make_plan
from chasm.plan.model import Plan
from chasm.read import read_notebook
from chasm.rulebook import load_rulebook


@dataclass(frozen=True)
class Made:
    """What each stage made of a notebook."""

    facts: Facts
    plan: Plan
    files: dict[str, str]

    def module_texts(self) -> dict[str, str]:
        """The modules of the package that hold code of the notebook, by name."""
        folder = f"src/{self.plan.package}/"
        modules = {f.module for f in self.plan.functions}
        modules |= {own.module for own in self.plan.owns}
        modules |= {constant.module for constant in self.plan.constants}
        return {name: self.files[f"{folder}{name}.py"] for name in sorted(modules)}


def make(text: str, folder: Path, package: str = "made") -> Made:
    """The package of a notebook in percent format."""
    path = folder / f"{package}.py"
    path.write_text(text, encoding="utf-8")
    return made_of(path, package)


def make_cells(cells: Sequence[str], folder: Path, package: str) -> Made:
    """The package of a notebook with these code cells."""
    path = folder / f"{package}.ipynb"
    listed = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    path.write_text(json.dumps({"nbformat": 4, "cells": listed}), encoding="utf-8")
    return made_of(path, package)


def made_of(path: Path, package: str) -> Made:
    """The package of the notebook in a file."""
    notebook = with_known_names(read_notebook(path))
    book = load_rulebook(imported_roots(notebook))
    facts = analyse(notebook, book)
    plan = make_plan(facts, book, package)
    return Made(facts, plan, formatted(emit_project(plan).files))
