"""Notebooks on their way to a drawing."""

from pathlib import Path

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.plan import make_plan
from chasm.plan.flow import Flow, make_flow
from chasm.plan.model import Plan
from chasm.read import read_notebook
from chasm.rulebook import load_rulebook


def plan_of(notebook: Path) -> Plan:
    read = read_notebook(notebook)
    book = load_rulebook(imported_roots(read))
    trees: list[Tree] = []
    return make_plan(analyse(read, book, trees), book, "package", trees)


def flow_of(notebook: Path) -> Flow:
    return make_flow(plan_of(notebook))
