"""One top-level statement at a time: from its syntax to a :class:`~chasm.model.Statement`."""

import ast
import re
from collections.abc import Iterator

from chasm.analyse.definitions import definition_of
from chasm.analyse.environment import Environment, Ref
from chasm.analyse.interpret import Interpreter, Record, reads_when_called, stores_when_called
from chasm.analyse.literals import literal_value, literals_of
from chasm.analyse.names import name_flow
from chasm.analyse.shown import shown_value
from chasm.analyse.source_order import calls, source_order
from chasm.analyse.syntax import ParsedCell, comment_above
from chasm.analyse.walk import Walk
from chasm.model import Effects, Import, Statement
from chasm.rulebook import Rulebook

#: Of several calls in one statement, the one that says most about its place in a pipeline.
STAGES = ("save", "fit", "split", "scale", "predict", "evaluate", "load", "features", "clean")


LABEL = re.compile(r"[A-Za-z][\w .-]{0,28}")
#: Stages of classes that are fitted and are no models.
PREPARING = ("scale", "features", "clean")


def statements_of(cells: list[ParsedCell], book: Rulebook) -> Iterator[Statement]:
    """The statements of all cells, in their order, each with what is known of it."""
    env = Environment()
    number = 0
    for cell in cells:
        lines = cell.cell.source.split("\n")
        for nth, node in enumerate(cell.body):
            last = nth == len(cell.body) - 1
            yield _statement(number, nth, node, cell, lines, env, book, last)
            number += 1


def _statement(
    number: int,
    nth: int,
    node: ast.stmt,
    cell: ParsedCell,
    lines: list[str],
    env: Environment,
    book: Rulebook,
    last: bool,
) -> Statement:
    flow = name_flow(node)
    record = Record()
    interpreter = Interpreter(book, env, record)
    nodes = calls(node)
    before = dict(env.slots)
    shown_ref: Ref | None = None
    if isinstance(node, ast.Expr):
        shown_ref = interpreter.eval(node.value)
    else:
        Walk(interpreter).statement(node)
    definition = definition_of(node, env, book)
    reads, mutated = set(flow.reads), set(record.mutated)
    if definition is None:
        own = {name for name in flow.reads if name in env.definitions}
        reads |= reads_when_called(env, own) - flow.definite
        stored = stores_when_called(env, own)
        flow.binds |= stored
        reads |= stored
    is_constant, constant = _constant(node)
    stage, call, owner = _main_call(record, book)
    silent = last and not cell.cell.source.rstrip().endswith(";")
    nodes_in_order = list(source_order(node))
    names = tuple(dict.fromkeys(n.id for n in nodes_in_order if isinstance(n, ast.Name)))
    return Statement(
        id=number,
        cell=cell.cell.index,
        nth=nth,
        line=min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]),
        end_line=node.end_lineno or node.lineno,
        syntax=type(node).__name__,
        reads=frozenset(reads),
        named=frozenset(names),
        ordered=names,
        calls=_call_names(nodes_in_order),
        labels=_labels(nodes_in_order, book),
        binds=frozenset(flow.binds),
        maybe=frozenset(flow.maybe),
        # What the statement itself bound first is a new value; the old one stays as it is.
        mutates=frozenset(mutated - (flow.binds - flow.reads)),
        deletes=frozenset(flow.deletes),
        effects=_effects(record, node),
        values={name: env.slots[name].value for name in flow.binds if name in env.slots},
        fresh=frozenset(name for name in flow.binds if _alone(env, name)),
        alone=frozenset(name for name in mutated if _was_alone(before, env, name)),
        comment=comment_above(lines, node.lineno),
        stage=stage,
        call=call,
        owner=owner,
        columns=tuple(dict.fromkeys(record.columns)),
        literals=literals_of(nodes, record),
        shown=shown_value(node, shown_ref, record, book) if silent and shown_ref else None,
        looks=isinstance(node, ast.Expr) and _looks(record),
        imports=_imports(node, book),
        definition=definition,
        constant=constant,
        is_constant=is_constant,
        inplace=_inplace(node, nodes, record),
        show_calls=_shows(node, nodes, record),
        closes=_closes(node, record),
        titles=_titles(nodes),
    )


def _looks(record: Record) -> bool:
    """Whether an expression that prints does so only by being a look, as ``info()`` is."""
    printing = [entry for _, entry in record.called if entry.prints]
    return bool(printing) and all(entry.look for entry in printing)


def _effects(record: Record, node: ast.stmt) -> Effects:
    flags = record.flags
    return Effects(
        reads=frozenset(record.reads),
        writes=frozenset(record.writes),
        random=frozenset(record.random),
        seeds=frozenset(record.seeds),
        state=frozenset(record.state),
        draws="draws" in flags,
        opens="opens" in flags,
        shows="shows" in flags,
        prints="prints" in flags,
        fits="fits" in flags,
        predicts="predicts" in flags,
        metric="metric" in flags,
        unknown="unknown" in flags,
    )


def _alone(env: Environment, name: str) -> bool:
    """Whether the value of ``name`` shares memory with that of no other name."""
    ref = env.slots.get(name)
    return ref is not None and env.sharing(ref.touched, through_views=True) <= {name}


def _was_alone(before: dict[str, Ref], env: Environment, name: str) -> bool:
    ref = before.get(name) or env.slots.get(name)
    if ref is None:
        return False
    others = {
        other
        for other, held in before.items()
        if other != name and ref.touched & (held.touched | held.contents)
    }
    return not others and not ref.contents


def _main_call(record: Record, book: Rulebook) -> tuple[str | None, str | None, str | None]:
    """The stage of a statement, the call that decides it, and the class that it makes."""
    owner = next((name for name, entry in record.called if entry.constructs), None)
    best: tuple[int, str, str] | None = None
    for name, entry in record.called:
        stage = entry.stage
        if entry.fits and stage not in PREPARING:
            stage = "fit"
        if stage in STAGES:
            rank = STAGES.index(stage)
            if best is None or rank < best[0]:
                best = (rank, stage, name)
    if best is None:
        name = record.called[0][0] if record.called else None
        stage = "plot" if "draws" in record.flags else None
        return stage, name, owner
    return best[1], best[2], owner


def _constant(node: ast.stmt) -> tuple[bool, object]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        target, value = node.target, node.value
    else:
        return False, None
    if not isinstance(target, ast.Name):
        return False, None
    return literal_value(value)


def _imports(node: ast.stmt, book: Rulebook) -> tuple[Import, ...]:
    if isinstance(node, ast.Import):
        return tuple(
            Import(a.asname or a.name.partition(".")[0], a.name, None) for a in node.names
        )
    if not isinstance(node, ast.ImportFrom):
        return ()
    found: list[Import] = []
    module = node.module or ""
    for alias in node.names:
        if alias.name == "*":
            # What is not listed may be bound all the same, by another version of the library.
            names = ["*", *sorted(book.stars.get(module, ()))]
            found += [Import(name, module, name, node.level) for name in names]
        else:
            found.append(Import(alias.asname or alias.name, module, alias.name, node.level))
    return tuple(found)


def _statement_calls(node: ast.stmt) -> set[int]:
    """Identities of the calls that stand alone as a statement, at any depth."""
    return {
        id(n.value)
        for n in ast.walk(node)
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)
    }


def _inplace(
    node: ast.stmt, nodes: list[ast.Call], record: Record
) -> tuple[tuple[int, str | None], ...]:
    """Calls with ``inplace=True`` that stand alone and whose receiver can be assigned to."""
    alone = _statement_calls(node)
    found: list[tuple[int, str | None]] = []
    for number, call in enumerate(nodes):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is None or not entry.inplace or id(call) not in alone:
            continue
        given = next((k.value for k in call.keywords if k.arg == "inplace"), None)
        true = isinstance(given, ast.Constant) and given.value is True
        if not true or not isinstance(call.func, ast.Attribute):
            continue
        receiver = call.func.value
        if isinstance(receiver, ast.Name):
            # In a loop the name may be one of several for the same value.
            if isinstance(node, ast.Expr):
                found.append((number, receiver.id))
        elif assignable(receiver):
            found.append((number, None))
    return tuple(found)


def assignable(node: ast.expr) -> bool:
    """Whether ``node`` is one column of a name, by a literal label or a plain name."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return isinstance(node.slice, ast.Name) or (
            isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, (str, int))
        )
    return False


def _shows(node: ast.stmt, nodes: list[ast.Call], record: Record) -> tuple[int, ...]:
    alone = _statement_calls(node)
    found = []
    for number, call in enumerate(nodes):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is not None and entry.shows and id(call) in alone:
            found.append(number)
    return tuple(found)


def _call_names(nodes: list[ast.AST]) -> tuple[str, ...]:
    """The last part of what is called or looked up, inner before outer."""
    found: list[str] = []
    for node in reversed(nodes):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.append(node.func.attr)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.append(node.attr)
    return tuple(dict.fromkeys(found))


def _labels(nodes: list[ast.AST], book: Rulebook) -> tuple[str, ...]:
    """Short literal strings that may be labels of columns, in their order."""
    other = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.keyword) and node.arg not in book.naming_keywords
    }
    found = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in other
    ]
    return tuple(dict.fromkeys(text for text in found if LABEL.fullmatch(text)))[:6]


def _closes(node: ast.stmt, record: Record) -> bool:
    """Whether the last thing that the statement does, in any round of a loop, is to show."""
    while isinstance(node, (ast.For, ast.While, ast.With)) and not getattr(node, "orelse", []):
        node = node.body[-1]
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    _, entry = record.entries.get(id(node.value), ("", None))
    return entry is not None and (entry.shows or entry.closes)


def _titles(nodes: list[ast.Call]) -> tuple[str, ...]:
    """Literal titles that the statement gives to figures."""
    found: list[str] = []
    for call in nodes:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        named = [k.value for k in call.keywords if k.arg == "title"]
        if name.endswith("title"):
            named += call.args[:1]
        for value in named:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.append(value.value)
    return tuple(found)
