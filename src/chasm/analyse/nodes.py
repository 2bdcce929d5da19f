"""Walks through syntax trees that cost a third of those of ``ast``.

The analysis and the checks look at each node several times, and half of the nodes of a tree are
contexts and operators, which have no place in the text and tell nothing that their owner does
not: they are not gone through here.
"""

import ast

#: Fields that hold texts, numbers, contexts or operators, in whatever node they stand.
LEAVES = {
    "ctx", "op", "ops", "id", "attr", "arg", "kind", "type_comment", "conversion", "level",
    "lineno", "asname", "is_async", "simple", "tag", "module", "kwd_attrs", "rest", "type_ignores",
}  # fmt: skip


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of each class of nodes that may hold other nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = () if kind is ast.Constant else kind._fields
        self[kind] = found = tuple(name for name in fields if name not in LEAVES)
        return found


FIELDS = _Fields()


def child_nodes(node: ast.AST) -> list[ast.AST]:
    """The direct children of ``node`` in the order of its fields, as ``ast`` has them."""
    found: list[ast.AST] = []
    for name in FIELDS[type(node)]:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
    return found


def nodes_below(*roots: ast.AST) -> list[ast.AST]:
    """``roots`` and all below them, level by level, as ``ast.walk`` has them."""
    found: list[ast.AST] = list(roots)
    fields = FIELDS
    node_type, list_type = ast.AST, list
    # The list grows while it is gone through.
    for node in found:
        for name in fields[type(node)]:
            value = getattr(node, name, None)
            if isinstance(value, node_type):
                found.append(value)
            elif isinstance(value, list_type):
                found += [one for one in value if isinstance(one, node_type)]
    return found


def has_long_text(node: ast.stmt) -> bool:
    """Whether a text of several lines stands in a statement: it would change with its indent."""
    return any(
        isinstance(n, (ast.Constant, ast.JoinedStr)) and n.lineno != n.end_lineno
        for n in nodes_below(node)
    )


def root_name(node: ast.AST | None) -> str | None:
    """The name that an attribute, subscript or call starts from: ``df`` of ``df["a"].str``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def bound_to(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment with its value, where both are written one by one."""
    targets, values = node.targets[0], node.value
    if isinstance(targets, ast.Tuple) and isinstance(values, ast.Tuple):
        return list(zip(targets.elts, values.elts, strict=False))
    return [(targets, values)]
