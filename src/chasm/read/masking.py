"""Secrets out of a cell's code: each literal becomes a look-up of an environment variable.

A line stays a line, as with magics, so that positions hold.
"""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from chasm.read.secrets import (
    Spot,
    is_secret_by_name,
    is_telling,
    masked,
    spots_in,
    variable_of,
    worth_a_look,
)

#: What turns text into what it stands for, and leaves a secret a secret.
DECODERS = {"b64decode", "urlsafe_b64decode", "fromhex", "unhexlify", "encode", "decode", "strip"}
IMPORT = "import os; "
Literal = ast.Constant | ast.JoinedStr


@dataclass(slots=True)
class Variables:
    """The environment variables of a notebook, one for each of its secrets."""

    names: dict[str, str] = field(default_factory=dict)

    def of(self, secret: str, wanted: str) -> str:
        """The variable for ``secret``; the same one wherever the notebook repeats it."""
        if secret not in self.names:
            taken, name, number = set(self.names.values()), wanted, 2
            while name in taken:
                name, number = f"{wanted}_{number}", number + 1
            self.names[secret] = name
        return self.names[secret]


@dataclass(frozen=True, slots=True)
class _Edit:
    """From one position of ``ast`` to another, with the text that comes there instead."""

    line: int
    start: int
    end_line: int
    end: int
    text: str


def without_secrets(source: str, variables: Variables) -> tuple[str, list[tuple[int, str]]]:
    """``source`` without its secrets; for each the line, and the variable that replaces it.

    The variable is empty where the secret stood in a comment or in what is no Python.
    """
    if not worth_a_look(source):
        return source, []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # It cannot be carried along, but its text may be shown.
        clean = masked(source)
        lines = zip(source.split("\n"), clean.split("\n"), strict=False)
        return clean, [(n, "") for n, (old, new) in enumerate(lines, 1) if old != new]
    edits, found = _Masker(variables).edits(tree)
    changed, comments = _comments_masked(_edited(source, edits))
    return changed, sorted({*found, *comments})


class _Masker:
    """Finds the literals of a cell that are secrets, and what to put in their place."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables

    def edits(self, tree: ast.Module) -> tuple[list[_Edit], list[tuple[int, str]]]:
        edits: set[_Edit] = set()
        found: list[tuple[int, str]] = []
        # An import within a function would hide the module's own from what stands above it.
        nodes = list(ast.walk(tree))
        known = any(isinstance(node, ast.Name) and node.id == "os" for node in nodes)
        for statement, node, name in _literals(tree, nodes):
            # The head of a compound statement has no place for an import before it.
            simple = not hasattr(statement, "body") and not isinstance(statement, ast.Match)
            environ = "os.environ" if simple else '__import__("os").environ'
            used, text = self._replacement(node, name, environ)
            if not used:
                continue
            found += [(node.lineno, variable) for variable in used]
            if isinstance(statement, ast.Expr) and statement.value is node:
                value = node.value if isinstance(node, ast.Constant) else ""
                edits.add(_edit(node, repr(masked(str(value)))))
            elif _sets_environment(statement, used):
                # It only hands on what the package finds in its environment anyway.
                edits.add(_edit(statement, "pass"))
            else:
                edits.add(_edit(node, text))
                if simple and (statement in tree.body or not known):
                    line, column = statement.lineno, statement.col_offset
                    edits.add(_Edit(line, column, line, column, IMPORT))
        return sorted(edits, key=lambda e: (e.line, e.start, e.end)), found

    def _replacement(self, node: Literal, name: str, environ: str) -> tuple[list[str], str]:
        """The variables that replace a literal, and the expression in its place."""
        if isinstance(node, ast.JoinedStr):
            return self._formatted(node, environ)
        binary = isinstance(node.value, bytes)
        value = node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
        if name and is_secret_by_name(name, value):
            variable = self._variables.of(value, variable_of(name))
            return [variable], f'{environ}["{variable}"]' + (".encode()" if binary else "")
        spots = spots_in(value)
        used = [self._variables.of(value[s.start : s.end], _wanted(s, name)) for s in spots]
        parts, last = [], 0
        for spot, variable in zip(spots, used, strict=True):
            parts += [repr(value[last : spot.start])] if spot.start > last else []
            parts.append(f'{environ}["{variable}"]')
            last = spot.end
        parts += [repr(value[last:])] if last < len(value) else []
        joined = f"({' + '.join(parts)})" if len(parts) > 1 else "".join(parts)
        return used, joined + (".encode()" if binary else "")

    def _formatted(self, node: ast.JoinedStr, environ: str) -> tuple[list[str], str]:
        """An f-string with secrets in its literal parts, as a sum of what it is made of."""
        used: list[str] = []
        parts: list[str] = []
        for value in node.values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                more, text = self._replacement(value, "", environ)
                used += more
                parts.append(text if more else repr(value.value))
            else:
                parts.append(ast.unparse(ast.JoinedStr([value])))
        return used, f"({' + '.join(parts)})"


def _literals(tree: ast.Module, nodes: list[ast.AST]) -> Iterator[tuple[ast.stmt, Literal, str]]:
    """Texts of a cell, the innermost statement around each, and the name that it is given."""
    names = _given_names(nodes)
    parts = {id(part) for n in nodes if isinstance(n, ast.JoinedStr) for part in n.values}
    stack: list[tuple[ast.stmt, ast.AST]] = [(s, s) for s in reversed(tree.body)]
    while stack:
        statement, node = stack.pop()
        text = isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
        if id(node) not in parts and isinstance(node, ast.Constant if text else ast.JoinedStr):
            yield statement, node, names.get(id(node), "")
        for child in ast.iter_child_nodes(node):
            stack.append((child if isinstance(child, ast.stmt) else statement, child))


def _given_names(nodes: list[ast.AST]) -> dict[int, str]:
    """For each literal the name that it is given; a telling one where it has several."""
    names: dict[int, str] = {}
    pairs = [pair for node in nodes for pair in _namings(node)]
    bound = {name: value for name, value in pairs if isinstance(value, ast.Constant)}
    for name, value in pairs:
        for literal in _values(value):
            # What is put together of parts that have names of their own is one text all the same.
            known = bound.get(literal.id) if isinstance(literal, ast.Name) else literal
            if known is not None and (id(known) not in names or is_telling(name)):
                names[id(known)] = name
    return names


def _namings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((_name_of(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield _name_of(target), value
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.arguments():
            positional = [*node.posonlyargs, *node.args]
            first = len(positional) - len(node.defaults)
            pairs = zip(positional[first:], node.defaults, strict=True)
            yield from ((argument.arg, default) for argument, default in pairs)
            for argument, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                if given is not None:
                    yield argument.arg, given
        case ast.Call(args=[ast.Constant(value=str(name)), value, *_]):
            yield name, value
        case ast.Compare(left=left, comparators=[right]):
            yield _name_of(left), right


def _name_of(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _values(node: ast.expr) -> Iterator[ast.expr]:
    """The literals that a value is made of, where it is made of nothing else."""
    match node:
        case ast.Call(func=ast.Attribute(attr=called, value=receiver), args=arguments):
            if called in DECODERS:
                for part in [*arguments[:1], receiver]:
                    yield from _values(part)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            yield from _values(left)
            yield from _values(right)
        case ast.Constant() | ast.JoinedStr() | ast.Name():
            yield node
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            for part in elements:
                yield from _values(part)


def _wanted(spot: Spot, name: str) -> str:
    """The variable's name: what the notebook calls the secret, where that is telling."""
    return variable_of(name) if is_telling(name) else spot.variable


def _sets_environment(statement: ast.stmt, used: list[str]) -> bool:
    """Whether a statement puts a secret into the variable that it is now read from."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=ast.Attribute(attr="environ")) as target]):
            return used == [variable_of(_name_of(target))]
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="setdefault", value=receiver))):
            return isinstance(receiver, ast.Attribute) and receiver.attr == "environ"
    return False


def _edit(node: ast.expr | ast.stmt, text: str) -> _Edit:
    end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    lines = "\n" * (end_line - node.lineno)
    return _Edit(node.lineno, node.col_offset, end_line, end, f"({text}{lines})" if lines else text)


def _edited(source: str, edits: list[_Edit]) -> str:
    lines = source.split("\n")
    for edit in reversed(edits):
        # Columns count bytes.
        first, last = lines[edit.line - 1].encode(), lines[edit.end_line - 1].encode()
        whole = first[: edit.start].decode() + edit.text + last[edit.end :].decode()
        lines[edit.line - 1 : edit.end_line] = whole.split("\n")
    return "\n".join(lines)


def _comments_masked(source: str) -> tuple[str, list[tuple[int, str]]]:
    lines, found = source.split("\n"), []
    if not any("#" in line and worth_a_look(line) for line in lines):
        return source, []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and (clean := masked(token.string)) != token.string:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column] + clean
            found.append((row, ""))
    return "\n".join(lines), found
