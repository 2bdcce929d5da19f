"""What lies between a statement that learns and the split, so that the split cannot go above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chasm.plan.leakage.way import Way
from chasm.plan.split.model import Role
from chasm.plan.split.target import column_of, touches_only

#: Words of the rules for what gives other rows than it was given, or the same in another order.
CHOOSING = ("filter", "split")


def obstacles(way: Way, split: int) -> Iterator[tuple[int, str]]:
    """Statements before the split that it cannot be moved above, and why."""
    draws = bool(way.facts.statements[split].effects.random)
    for s in way.facts.statements[way.start + 1 : split]:
        role = way.role(s.id)
        if role is Role.TRAINING and _chooses(way, s.id):
            yield s.id, f"the rows are chosen or ordered anew after it ({way.where(s.id)})"
        elif role is Role.STEP and _matches(way, s.id):
            yield s.id, f"tables are joined after it ({way.where(s.id)}), which may drop rows"
        elif draws and (s.effects.random or s.effects.seeds):
            where = way.where(s.id)
            yield s.id, f"the split would draw other rows above {where}, which draws or seeds too"
    yield from _told(way, split)


def _chooses(way: Way, number: int) -> bool:
    """Whether a statement that only trains gives other rows than there were, or moves them."""
    node = way.facts.nodes[number]
    target = way.split.served.target
    if target is not None and touches_only(node, target) or column_of(node) is not None:
        return False
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return True
    return not _same_rows(way, number, node.value)


def _same_rows(way: Way, number: int, node: ast.expr) -> bool:
    """Whether an expression has the rows of the table that it names, as ``df["y"].astype(int)``."""
    tree = way.trees[number]
    match node:
        case ast.Name():
            return True
        case ast.Subscript(value=inner, slice=where):
            columns = (ast.Constant, ast.List)
            chosen = where.elts[-1] if isinstance(where, ast.Tuple) and where.elts else where
            all_rows = not isinstance(where, ast.Tuple) or _everything(where.elts[0])
            plain = isinstance(chosen, columns) or _everything(chosen)
            return plain and all_rows and _same_rows(way, number, inner)
        case ast.Call(func=ast.Attribute(value=inner, attr=name)):
            value = tree.values.get(id(inner))
            kind = value.kind if value is not None else None
            return way.book.rows(kind, name) == "each" and _same_rows(way, number, inner)
        case ast.Attribute(value=inner):
            return _same_rows(way, number, inner)
    return False


def _everything(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and node.lower is node.upper is node.step is None


def _matches(way: Way, number: int) -> bool:
    """Whether a statement looks for the rows of another table that go with each record."""
    words = way.book.checks.get("matches", frozenset())
    values = way.trees[number].values
    for part in ast.walk(way.facts.nodes[number]):
        if isinstance(part, ast.Attribute) and part.attr in words:
            value = values.get(id(part.value))
            if value is None or value.kind in (None, "frame", "symbol"):
                return True
    return False


def _told(way: Way, split: int) -> Iterator[tuple[int, str]]:
    """Where values that the call of the split is told are made, but for the target's."""
    node = way.facts.nodes[split]
    assert isinstance(node, ast.Assign)
    assert isinstance(node.value, ast.Call)
    for keyword in node.value.keywords:
        if keyword.arg == "stratify":
            continue
        for part in ast.walk(keyword.value):
            version = way.graph.reads[split].get(part.id) if isinstance(part, ast.Name) else None
            if isinstance(part, ast.Name) and version is not None and not _moves(way, part.id):
                yield version, f"the split is told `{part.id}`, which is made after it"


def _moves(way: Way, name: str) -> bool:
    """Whether a name is bound once, by an import or to a literal, and so can be bound earlier."""
    binding = [s for s in way.facts.statements if name in s.binds | s.mutates]
    return len(binding) == 1 and bool(binding[0].imports or binding[0].is_constant)


def stratified_by(way: Way, split: int) -> tuple[ast.expr | None, list[tuple[int, str]]]:
    """The column that the split keeps the shares of, as a subscript or attribute of a table.

    With it the statements that it cannot be looked up above, and why; without a column of a
    table there is one, the statement that makes the value.
    """
    node = way.facts.nodes[split]
    assert isinstance(node, ast.Assign)
    assert isinstance(node.value, ast.Call)
    given = next((k.value for k in node.value.keywords if k.arg == "stratify"), None)
    if given is None or isinstance(given, ast.Constant):
        return given, []
    at, found = split, list[tuple[int, str]]()
    for _ in range(len(way.facts.statements)):
        match given:
            case ast.Name(id=name):
                version = way.graph.reads[at].get(name)
                made = way.facts.nodes[version] if version is not None else None
                if version is None or not isinstance(made, ast.Assign):
                    break
                given, at = made.value, version
            case ast.Subscript(value=ast.Name(id=frame), slice=ast.Constant(value=str(label))):
                return given, found + _changes(way, frame, label, at)
            case ast.Attribute(value=ast.Name(id=frame), attr=label) if label != "values":
                return given, found + _changes(way, frame, label, at)
            case ast.Attribute(value=inner, attr="values"):
                given = inner
            case _:
                break
    return given, [(at, _SHARES.format(way.where(at)))]


_SHARES = "the split keeps the shares of what is made after it ({0})"


def _changes(way: Way, frame: str, label: str, at: int) -> list[tuple[int, str]]:
    """Statements before ``at`` that the column may have had other values, or another table, above.

    The table goes by the name ``frame`` from the first of them on.
    """
    version = way.graph.reads[at].get(frame)
    for current in way.graph.back(frame, version):
        if current <= way.start:
            break
        s, node = way.facts.statements[current], way.facts.nodes[current]
        if frame not in s.reads | s.mutates or not _leaves(node, frame, label):
            return [(current, _SHARES.format(way.where(current)))]
    return []


def _leaves(node: ast.stmt, frame: str, label: str) -> bool:
    """Whether a statement leaves the values of one column of a table as they are."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=where)]):
            plain = isinstance(where, (ast.Constant, ast.List))
            return name != frame or plain and label not in _constants(where)
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr=column)]):
            return name != frame or column != label
        case ast.Assign(targets=[ast.Name()], value=value) | ast.Expr(value=value):
            return _passes(value, frame, label)
    return False


def _passes(node: ast.expr, frame: str, label: str) -> bool:
    """Whether what an expression gives has the column as the table has it."""
    match node:
        case ast.Name(id=name):
            return name == frame
        case ast.Call(func=ast.Attribute(value=inner, attr="drop" | "pop" | "reindex" | "copy")):
            return label not in _constants(*_given(node)) and _passes(inner, frame, label)
        case ast.Call(args=[first, *_], keywords=keywords):
            # Only the columns that it names are taken apart.
            named = [k.value for k in keywords if k.arg == "columns"]
            plain = bool(named) and isinstance(named[0], ast.List)
            return plain and label not in _constants(*named) and _passes(first, frame, label)
    return False


def _given(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(k.value for k in node.keywords)]


def _constants(*nodes: ast.expr) -> set[object]:
    return {p.value for n in nodes for p in ast.walk(n) if isinstance(p, ast.Constant)}
