"""Values that say of each row whether it is taken."""

from __future__ import annotations

import ast

from chasm.model import Statement
from chasm.plan.split.reader import Reader

#: What is made of the labels of two tables.
SETS = ("difference", "intersection", "union", "symmetric_difference")


def says_which(node: ast.expr) -> bool:
    """Whether an expression says of each row whether something holds: ``a < b``, ``~m & n``."""
    match node:
        case ast.Compare() | ast.BoolOp():
            return True
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return says_which(operand)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            return says_which(left) and says_which(right)
    return False


def labels_rows(node: ast.expr) -> bool:
    """Whether an expression gives labels of rows: ``df.index.difference(kept.index)``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="index"), attr=attr)):
            return attr in SETS
    return False


def is_mask(s: Statement, run: Reader) -> bool:
    """Whether a statement says of as many rows as there are in training which are taken."""
    node = run.tree.node
    if not isinstance(node, ast.Assign) or not says_which(node.value):
        return False
    if any(_has_one_for_each_column(run, part) for part in ast.walk(node.value)):
        return False
    return any(value.kind in ("array", "series") for value in s.values.values())


def _has_one_for_each_column(run: Reader, node: ast.AST) -> bool:
    """Whether a series is of a table's columns, as its types and its means are."""
    called = node.func if isinstance(node, ast.Call) else node
    if not isinstance(called, ast.Attribute) or not isinstance(node, ast.expr):
        return False
    taken = run.book.rows("frame", called.attr) == "reduce"
    return taken and run.kind(called.value) == "frame" and run.kind(node) == "series"
