"""Summaries of the notebook's own functions and classes."""

import ast

from chasm.analyse.deferred import reads_when_called
from chasm.analyse.details import show_calls
from chasm.analyse.environment import Environment, Ref
from chasm.analyse.interpret import Interpreter
from chasm.analyse.literals import HERE, literals_of
from chasm.analyse.nodes import nodes_below
from chasm.analyse.record import Record
from chasm.analyse.scopes import free_names, global_names, parameters
from chasm.analyse.source_order import calls
from chasm.analyse.walk import Walk
from chasm.model import UNKNOWN, Definition, Effects, Literal
from chasm.rulebook import Rulebook


def definition_of(node: ast.stmt, env: Environment, book: Rulebook) -> Definition | None:
    """What the rest of the notebook has to know of a function or class definition."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return None
    found = free_names(node)
    direct = found - {node.name}
    stores = global_names(node)
    record = _run_once(node, env, book)
    shows = show_calls(node, calls(node), record)
    return Definition(
        name=node.name,
        is_class=isinstance(node, ast.ClassDef),
        free=frozenset(direct | reads_when_called(env, direct)) - {node.name},
        direct=frozenset(direct),
        stores=frozenset(stores),
        effects=Effects(
            draws="draws" in record.flags,
            shows="shows" in record.flags,
            prints="prints" in record.flags,
            fits="fits" in record.flags,
            reads=frozenset(record.reads),
            writes=frozenset(record.writes),
            needs=frozenset(record.needs),
            gone=frozenset(record.gone),
        ),
        inside=frozenset(
            n.id if isinstance(n, ast.Name) else n.arg
            for n in nodes_below(node)
            if isinstance(n, (ast.Name, ast.arg))
        ),
        show_calls=shows,
        simple=not getattr(node, "decorator_list", []),
        recursive=node.name in found,
        files=_files(node, record),
    )


def _files(node: ast.stmt, record: Record) -> tuple[Literal, ...]:
    named = literals_of(calls(node), record, {})
    return tuple(x for x in named if x.role == "read" and not x.is_folder and x.value != HERE)


def _run_once(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, env: Environment, book: Rulebook
) -> Record:
    """What the body does when nothing is known of its arguments."""
    record = Record()
    functions = (
        [node]
        if not isinstance(node, ast.ClassDef)
        else [
            part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
    )
    for function in functions:
        scope = env.child()
        for name in sorted(parameters(function)):
            scope.bind(name, Ref(UNKNOWN, scope.new_object()))
        Walk(Interpreter(book, scope, record, depth=1)).body(function.body)
    return record
