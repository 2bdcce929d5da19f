"""The closed list of rewrites: what may differ between the notebook's code and the package's.

Each module holds one rewrite twice: ``on_cst`` changes the concrete syntax tree that is
written, ``on_ast`` says independently what that change means; ``emit.meaning`` compares.
"""

import ast

import libcst as cst

from chasm.emit.rewrites import (
    extend,
    figures,
    inplace,
    late,
    learned,
    names,
    nonlocals,
    relocate,
    setting,
    shown,
)
from chasm.emit.rewrites.numbering import Change, change_calls
from chasm.plan.items import Assign, Extend, Learned, Nonlocal, Rename, Report, Rewrite, Show
from chasm.plan.moves import Late, Relocate, Replace

#: In the order in which they are applied: calls are numbered as the notebook has them, so
#: whatever adds a call comes after whatever counts them.
MODULES = {
    Replace: setting,
    Show: figures,
    Assign: inplace,
    Nonlocal: nonlocals,
    Relocate: relocate,
    Rename: names,
    Extend: extend,
    Learned: learned,
    Report: shown,
    Late: late,
}


def in_order(rewrites: tuple[Rewrite, ...]) -> list[Rewrite]:
    kinds = list(MODULES)
    return sorted(rewrites, key=lambda rewrite: kinds.index(type(rewrite)))


def rewrite_cst(node: cst.CSTNode, rewrites: tuple[Rewrite, ...]) -> cst.CSTNode:
    """``node`` with all of ``rewrites`` carried out."""
    changes: dict[int, list[Change]] = {}
    for rewrite in rewrites:
        # What only changes a call by its number shares one walk: most rewrites are of this kind.
        if isinstance(rewrite, Replace):
            changes.setdefault(rewrite.call, []).append(setting.change(rewrite))
        elif isinstance(rewrite, Show):
            changes.setdefault(rewrite.call, []).append(figures.change(rewrite))
    if changes:
        node = change_calls(node, changes)
    for rewrite in in_order(rewrites):
        if not isinstance(rewrite, (Replace, Show)):
            node = MODULES[type(rewrite)].on_cst(node, rewrite)
    return node


def rewrite_ast(node: ast.stmt, rewrites: tuple[Rewrite, ...]) -> ast.stmt:
    """What the rewritten statement has to mean."""
    for rewrite in in_order(rewrites):
        node = MODULES[type(rewrite)].on_ast(node, rewrite)
    return node
