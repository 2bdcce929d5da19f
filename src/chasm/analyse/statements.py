"""One top-level statement at a time: from its syntax to a :class:`~chasm.model.Statement`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chasm.analyse.deferred import reads_when_called, stores_when_called
from chasm.analyse.definitions import definition_of
from chasm.analyse.details import (
    awaits,
    call_names,
    closes_figures,
    imports_inside,
    inplace_calls,
    labels,
    receivers,
    reworked,
    show_calls,
    titles,
    tried,
)
from chasm.analyse.environment import Environment, Ref
from chasm.analyse.interpret import Interpreter
from chasm.analyse.literals import literal_value, literals_of
from chasm.analyse.names import bound_by_rounds
from chasm.analyse.record import Record
from chasm.analyse.scopes import late_names, names_in_text
from chasm.analyse.shown import shown_value
from chasm.analyse.source_order import by_type, source_order
from chasm.analyse.syntax import ParsedCell, comment_above
from chasm.analyse.walk import Walk
from chasm.model import Called, Effects, Import, Statement, Value
from chasm.rulebook import Entry, Rulebook

#: Of several calls in one statement, the one that says most about its place in a pipeline.
STAGES = ("save", "fit", "split", "scale", "predict", "evaluate", "load", "features", "clean")


#: Kinds of what learns a target, or groups.
TAUGHT = frozenset({"classifier", "regressor", "clusterer", "outlier"})
#: Stages of classes that are fitted and are no models.
PREPARING = ("scale", "features", "clean")


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax of a statement; what its expressions are, and the rules of its calls, by id."""

    node: ast.stmt
    values: dict[int, Value]
    entries: dict[int, tuple[str, Entry]]


def statements_of(
    cells: list[ParsedCell],
    book: Rulebook,
    trees: list[Tree] | None = None,
    called: dict[int, Called] | None = None,
    stateful: frozenset[str] = frozenset(),
) -> Iterator[Statement]:
    """The statements of all cells, in their order, each with what is known of it.

    ``trees`` takes the syntax of each, with what is known of every expression in it; ``called``
    takes what the calls call. ``stateful`` modules remember what they were called with.
    """
    env = Environment(called=called if called is not None else {}, stateful=stateful)
    number = 0
    for cell in cells:
        lines = cell.cell.source.split("\n")
        found: list[Statement] = []
        for nth, node in enumerate(cell.body):
            last = nth == len(cell.body) - 1
            record = Record()
            found.append(_statement(number, nth, node, cell, lines, env, book, last, record))
            if trees is not None:
                trees.append(Tree(node, record.values, record.entries))
            number += 1
        yield from _with_unknown_drawing(found, book, cell.cell.drew)


def _with_unknown_drawing(found: list[Statement], book: Rulebook, drew: bool) -> list[Statement]:
    """What is not known and is called a drawing is one.

    So is the unknown in a cell that left a picture, where nothing in it is known to draw.
    """
    found = [_as_drawing(s) if _is_called_drawing(s, book) else s for s in found]
    if not drew or any(s.effects.draws or s.effects.shows for s in found):
        return found
    return [
        replace(s, effects=replace(s.effects, draws=True)) if s.effects.unknown else s
        for s in found
    ]


def _is_called_drawing(s: Statement, book: Rulebook) -> bool:
    """Whether a statement only calls something unknown by a name as ``plot_regions``."""
    if s.syntax != "Expr" or not s.effects.unknown or s.binds or not s.calls:
        return False
    return any(book.verbs.get(word) == "plot" for word in s.calls[-1].lower().split("_"))


def _as_drawing(s: Statement) -> Statement:
    effects = replace(s.effects, draws=True, unknown=False)
    return replace(s, effects=effects, mutates=frozenset(), alone=frozenset())


def _statement(
    number: int,
    nth: int,
    node: ast.stmt,
    cell: ParsedCell,
    lines: list[str],
    env: Environment,
    book: Rulebook,
    last: bool,
    record: Record,
) -> Statement:
    flow = cell.flows[nth]
    interpreter = Interpreter(book, env, record)
    nodes_in_order = source_order(node)
    parts = by_type(nodes_in_order)
    nodes: list[ast.Call] = parts.get(ast.Call, [])
    shown_ref: Ref | None = None
    # What it calls is what its names stand for above it, as in `error = error(y, said)`.
    own = flow.reads & env.definitions.keys()
    late, stored = reads_when_called(env, own), stores_when_called(env, own)
    if isinstance(node, ast.Expr):
        shown_ref = interpreter.eval(node.value)
    else:
        Walk(interpreter).statement(node)
    definition = definition_of(node, env, book)
    reads, binds, mutated = set(flow.reads), set(flow.binds), set(record.mutated)
    if definition is None:
        # An assignment binds after it has called; what has a body may bind before.
        reads |= late - (set[str]() if isinstance(node, ast.Assign) else flow.definite)
        reads |= stored
        binds |= stored
    is_constant, constant = _constant(node)
    stage, call, owner = _main_call(record, book)
    silent = last and not cell.cell.source.rstrip().endswith(";")
    told = (name for call in nodes for name in sorted(names_in_text(call)))
    names = tuple(dict.fromkeys((*(n.id for n in parts.get(ast.Name, ())), *told)))
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
        calls=call_names(nodes_in_order),
        receivers=receivers(nodes, env.called),
        labels=labels(parts, record, book),
        binds=frozenset(binds),
        maybe=frozenset(binds - flow.definite - flow.deletes),
        rounds=frozenset(bound_by_rounds(node)),
        # What the statement itself bound first is a new value; the old one stays as it is.
        mutates=frozenset(mutated - (binds - flow.reads)),
        deletes=frozenset(flow.deletes),
        late=late_names(node),
        tried=tried(parts),
        effects=_effects(record, node),
        values={name: env.slots[name].value for name in binds if name in env.slots},
        fresh=frozenset(name for name in binds if _alone(env, name)),
        alone=frozenset(mutated - record.shared - {name for name, _, _ in record.viewed}),
        viewed=frozenset(one for one in record.viewed if one[0] not in record.shared),
        comment=comment_above(lines, node.lineno),
        stage=stage,
        call=call,
        owner=owner,
        columns=tuple(dict.fromkeys(record.columns)),
        reworked=reworked(node, parts, record.columns),
        literals=literals_of(nodes, record, env.definitions),
        shown=shown_value(node, shown_ref, record, book) if silent and shown_ref else None,
        looks=isinstance(node, ast.Expr) and _looks(record),
        imports=_imports(node, book),
        imports_inside=imports_inside(node, parts),
        definition=definition,
        constant=constant,
        is_constant=is_constant,
        inplace=inplace_calls(node, nodes, record),
        show_calls=show_calls(node, nodes, record),
        closes=closes_figures(node, record, env.definitions),
        awaits=awaits(node, parts),
        titles=titles(nodes),
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
        needs=frozenset(record.needs),
        gone=frozenset(record.gone),
    )


def _alone(env: Environment, name: str) -> bool:
    """Whether the value of ``name`` shares memory with that of no other name."""
    ref = env.slots.get(name)
    return ref is not None and env.sharing(ref.touched, through_views=True) <= {name}


def _main_call(record: Record, book: Rulebook) -> tuple[str | None, str | None, str | None]:
    """The stage of a statement, the call that decides it, and the class that it makes."""
    made = [(name, entry.returns in TAUGHT) for name, entry in record.called if entry.constructs]
    # A pipeline is told by its model, and not by what prepares for it.
    owner = next((name for name, is_model in made if is_model), made[0][0] if made else None)
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
        first = record.called[0][0] if record.called else None
        return "plot" if "draws" in record.flags else None, first, owner
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
        return tuple(Import(a.asname or a.name.partition(".")[0], a.name, None) for a in node.names)
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
