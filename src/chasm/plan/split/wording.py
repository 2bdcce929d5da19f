"""Names for what is learned, from the columns and the calls that it is learned by."""

import ast
import builtins

from chasm.plan.words import identifier, snake
from chasm.rulebook import Rulebook

#: What of a table is the same whichever of its rows are looked at.
HEADER = ("columns", "dtypes", "dtype")
#: Calls that say nothing about a value which is called after them.
MUTE = {
    "groupby",
    "to_dict",
    "values",
    "iloc",
    "loc",
    "tolist",
    "item",
    "astype",
    "copy",
}
MAX_LENGTH = 40


def starts_with(node: ast.AST) -> str:
    """The name that an expression starts with."""
    while not isinstance(node, ast.Name):
        inner = getattr(node, "value", None) or getattr(node, "func", None)
        if not isinstance(inner, ast.AST):
            return "rows"
        node = inner
    return node.id


def learned_name(node: ast.expr, last: str = "") -> str:
    """``df["Age"].median()`` to ``age_median``; ``last`` stands for the call where it is given."""
    columns: list[str] = []
    calls: list[str] = []
    _words(node, columns, calls)
    words = [c for c in dict.fromkeys(columns) if c][:2]
    verbs = [last] if last else [c for c in calls if c and c not in MUTE][-1:]
    name = "_".join([*words, *verbs]) or "learned"
    if hasattr(builtins, name):
        # Nobody's parameter hides what Python itself calls so.
        name = "_".join([*calls[-2:-1], *verbs]) if calls[-2:-1] else f"{starts_with(node)}_{name}"
    return name[:MAX_LENGTH].strip("_") or "learned"


def encoder_name(class_name: str, argument: ast.expr | None) -> str:
    """``sex_encoder`` for what a ``LabelEncoder`` learns of ``df["sex"]``."""
    last = snake(class_name).split("_")[-1] if class_name else "transformer"
    columns: list[str] = []
    if argument is not None:
        _words(argument, columns, [])
    words = [c for c in dict.fromkeys(columns) if c][:2]
    return "_".join([*words, last])[:MAX_LENGTH].strip("_")


def _words(node: ast.AST, columns: list[str], calls: list[str]) -> None:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=keywords):
            _words(value, columns, calls)
            for part in (*args, *(k.value for k in keywords)):
                _words(part, columns, [])
            calls.append(identifier(attr))
        case ast.Call(func=func, args=args):
            for part in args:
                _words(part, columns, [])
            calls.append(identifier(func.id) if isinstance(func, ast.Name) else "")
        case ast.Subscript(value=value, slice=where):
            _words(value, columns, calls)
            _words(where, columns, calls)
        case ast.Attribute(value=value, attr=attr):
            _words(value, columns, calls)
            if isinstance(value, ast.Name):
                columns.append(snake(attr))
            else:
                calls.append(identifier(attr))
        case ast.Constant(value=str(text)):
            columns.append(snake(text))
        case _:
            for child in ast.iter_child_nodes(node):
                _words(child, columns, calls)


def tells_of_rows(code: str, book: Rulebook) -> bool:
    """Whether what ``code`` learns is of values, and not of how they are written or labelled."""
    tree = ast.parse(code)
    return not only_spells(tree, book) and not _only_labels(tree)


def only_spells(tree: ast.AST, book: Rulebook) -> bool:
    """Whether what the code learns is how values are written, and nothing of what they are."""
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
    called = {f.attr if isinstance(f, ast.Attribute) else ast.unparse(f) for f in calls}
    return any(name.rpartition(".")[2] in called for name in book.checks.get("spells", ()))


def _only_labels(tree: ast.AST) -> bool:
    """Whether the code reads of tables only what is the same whichever rows they have."""
    tables = headed(tree)
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in tables]
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)} | set(dir(builtins))
    return bool(tables) and all(n.id in bound for n in names)


def headed(tree: ast.AST) -> set[int]:
    """Identities of the tables of which the code takes what does not depend on their rows."""
    found = [table for part in ast.walk(tree) if (table := _header_of(part)) is not None]
    # The type of a column is as much of its table's as the types of all of them.
    found += [one.value for one in found if isinstance(one, ast.Subscript) and _labelled(one)]
    return {id(table) for table in found}


def _labelled(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)


def _header_of(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Attribute(value=table, attr=attr) if attr in HEADER:
            return table
        case ast.Subscript(
            value=ast.Attribute(value=table, attr="shape"), slice=ast.Constant(value=1 | -1)
        ):
            return table
    return None
