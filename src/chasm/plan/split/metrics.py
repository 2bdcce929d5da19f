"""Metrics that stand inside a print or at the end of a cell get names, so that they are kept."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.split.context import taken_names
from chasm.plan.split.fields import calls_in
from chasm.plan.split.model import Edit, Names
from chasm.plan.split.rounds import Change, Rounds, changed, on_own_lines
from chasm.plan.split.source import Source, apply, encoded
from chasm.plan.words import snake

#: What a metric gives that one number can stand for.
NUMBERS = ("number", "scalar")
SCORE = "_score"
#: The rows that a model is scored on, by what is in the name of what it is given.
HALVES = ("train", "test", "val")
#: What is not evaluated where it stands, or not once.
APART = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def with_named_metrics(facts: Facts, trees: list[Tree], rounds: Rounds) -> Rounds | None:
    """The notebook with a name for each such metric; None where there is none."""
    names = Names(taken_names(facts.statements))
    secret = {cell for cell, _, _ in facts.notebook.secrets}
    sources = {c.index: Source(encoded(c.source)) for c in facts.notebook.cells}
    changes: dict[int, list[Change]] = {}
    alone = on_own_lines(facts)
    shown = (tree.node for tree in trees if isinstance(tree.node, ast.Expr))
    halves = {_scored(node) for one in shown for node in ast.walk(one)}
    several = Counter(model for model, half in halves if half)
    for s in facts.statements:
        if s.syntax != "Expr" or s.cell in secret or s.id not in alone:
            continue
        source = sources[s.cell]
        edits = list(_edits(trees[s.id], source, names, several))
        if not edits:
            continue
        start, end = source.span(facts.nodes[s.id])
        lines = [f"{name} = {text}" for _, name, text in edits]
        lines += apply(source.text, [edit for edit, _, _ in edits], start, end).split("\n")
        semicolon = source.text[end : end + 1] == b";"
        lines[-1] += ";" if semicolon else ""
        changes.setdefault(s.cell, []).append((s, [(line, s.line) for line in lines], None))
    return changed(facts, rounds, changes) if changes else None


def _edits(
    tree: Tree, source: Source, names: Names, several: Counter[str]
) -> Iterator[tuple[Edit, str, str]]:
    """For each metric what replaces it, its name, and its code."""
    for call, start, end in _metrics(tree, source):
        name = _named(call, names, several)
        yield Edit(start, end, name), name, source.text[start:end].decode("utf-8", "surrogatepass")


def _metrics(tree: Tree, source: Source) -> Iterator[tuple[ast.Call, int, int]]:
    """The calls of metrics in a statement, with the places where they stand."""
    stack: list[ast.AST] = [tree.node]
    while stack:
        node = stack.pop()
        if isinstance(node, APART):
            continue
        if isinstance(node, ast.JoinedStr):
            yield from (found for found in calls_in(node, source) if _is_metric(tree, found[0]))
            continue
        if isinstance(node, ast.Call) and _is_metric(tree, node):
            yield node, *source.span(node)
            continue
        stack += reversed(list(ast.iter_child_nodes(node)))


def _is_metric(tree: Tree, node: ast.Call) -> bool:
    """Whether a call gives a metric as a number: by itself, or as the mean of its folds."""
    _, entry = tree.entries.get(id(node), ("", None))
    if entry is not None and entry.metric:
        return entry.returns in NUMBERS
    folds = _averaged(node)
    if folds is None:
        return False
    _, inner = tree.entries.get(id(folds), ("", None))
    return inner is not None and bool(inner.metric) and inner.returns not in NUMBERS


def _averaged(node: ast.Call) -> ast.Call | None:
    """The call whose values ``node`` takes the mean of, as ``cross_val_score(…).mean()``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="mean"), args=[]):
            return inner
        case ast.Call(
            func=ast.Attribute(value=ast.Name(), attr="mean"), args=[ast.Call() as inner]
        ):
            return inner
    return None


def _scored(node: ast.AST) -> tuple[str, str]:
    """The model of ``model.score(X_train, …)``, and of what rows it is the score, if they tell."""
    match node:
        case ast.Call(ast.Attribute(ast.Name(model), "score"), [ast.Name(rows), *_]):
            words = {word.removeprefix("x") for word in snake(rows).split("_")}
            return model, next((half for half in HALVES if half in words), "")
    return "", ""


def _named(call: ast.Call, names: Names, several: Counter[str]) -> str:
    """``accuracy`` for ``accuracy_score(…)``, ``model_score`` for ``model.score(…)``.

    A model that has ``several`` scores has each by the name of its rows; so has one that was
    asked of those that it learned from.
    """
    if (folds := _averaged(call)) is not None:
        return names.unique(f"{_called(folds).removesuffix(SCORE)}_mean")
    func, last = call.func, _called(call)
    model, half = _scored(call)
    if half == "train" or half and several[model] > 1:
        return names.unique(f"{model}_{half}{SCORE}")
    if last == "score" and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return names.unique(f"{func.value.id}{SCORE}")
    base = last.removesuffix(SCORE) or "score"
    told = call.args[1] if len(call.args) > 1 else None
    if base in names.taken and isinstance(told, ast.Name):
        return names.unique(f"{base}_of_{told.id}")
    return names.unique(base)


def _called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else str(getattr(func, "id", "metric"))
