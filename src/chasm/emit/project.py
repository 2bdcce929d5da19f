"""The entrance of emission: every file of the package as text."""

import re
from dataclasses import dataclass

from chasm.emit.meaning import check_meaning
from chasm.emit.modules import ModuleWriter, moved_modules
from chasm.emit.scaffold import Scaffold
from chasm.plan.model import Plan

#: Half of a character, which a text of Python may hold and no file can.
HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Project:
    """The files of a package by their path, with ``/`` between folders."""

    package: str
    files: dict[str, str]


def emit_project(plan: Plan, notebook_folder: str = "") -> Project:
    """The package of ``plan``, not yet formatted.

    ``notebook_folder`` leads from the project's root to the folder of the notebook, so that
    the data beside the notebook are found; empty when both are the same.
    """
    scaffold = Scaffold(plan, notebook_folder)
    source = f"src/{plan.package}"
    python: dict[str, str] = {}
    writer = ModuleWriter(plan, {"report": tuple(scaffold.report_imports())})
    for name, text in writer.modules().items():
        if name == "report":
            text += scaffold.report_write()
        python[f"{source}/{name}.py"] = HALF.sub("\ufffd", text)
    check_meaning(plan, {name: python[f"{source}/{name}.py"] for name in scaffold.code_modules()})
    python |= moved_modules(plan)
    files = python | scaffold.python_files() | scaffold.other_files()
    texts = {path: HALF.sub("\ufffd", text) for path, text in sorted(files.items())}
    return Project(plan.package, texts)
