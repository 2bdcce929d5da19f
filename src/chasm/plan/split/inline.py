"""Calls of the notebook's own functions, written out: what they learn inside can then be kept."""

from __future__ import annotations

import ast

from chasm.analyse.scopes import names_in_text
from chasm.model import Facts, Statement, WrittenOut
from chasm.plan.split.callee import (
    Callee,
    callee_of,
    hides,
    names_in,
    opening,
    returns_last,
    rows_of,
    starts_with,
)
from chasm.plan.split.calling import Call, calls_of, with_value
from chasm.plan.split.context import taken_names
from chasm.plan.split.flags import with_flags
from chasm.plan.split.model import Edit, Names
from chasm.plan.split.rounds import Change, Rounds, with_written
from chasm.plan.split.source import Source, apply, encoded

#: What a default may be that no call can change.
SIMPLE = (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.BinOp)
#: A function that is called more often than this stays one.
MOST = 12


def without_calls(
    facts: Facts, rounds: Rounds, wanted: set[str], only_last: bool = False
) -> Rounds | None:
    """The notebook with the calls of the functions ``wanted`` written out; None if none can be.

    ``rounds`` is what ``facts`` is the analysis of; ``only_last`` leaves all but the last call.
    """
    sources = {c.index: Source(encoded(c.source)) for c in facts.notebook.cells}
    gone = {n for n in wanted if not only_last or len(calls_of(facts, n) or ()) == 1}
    kept = [s for s in facts.statements if not s.definition or s.definition.name not in gone]
    names = Names(taken_names(kept))
    changes: dict[int, list[Change]] = {}
    written: list[WrittenOut] = []
    busy: set[int] = set()
    for name in sorted(wanted):
        callee = callee_of(facts, sources, name)
        calls = calls_of(facts, name) if callee is not None else None
        if callee is None or not calls or len(calls) > MOST:
            continue
        asked = calls[-1:] if only_last else calls
        loops = {call.statement.id for call in asked if call.in_loop}
        if only_last and any(call.in_loop and call.told for call in asked):
            # A model that each round only tells of is not served: its function stays one.
            continue
        if loops & busy or loops and only_last and len(calls) > 1:
            # One function after another: where a second one stands is known when this is done.
            continue
        busy |= loops
        alone, calls = len(calls) == 1, asked
        bodies = [_body(facts, callee, call, names, sources) for call in calls]
        if not all(bodies):
            continue
        # What reads and goes on falls into parts, none of which is what its author named.
        reads = (
            callee.statement.definition is not None and callee.statement.definition.effects.reads
        )
        called = None if reads else name
        rounds_of: dict[int, dict[ast.stmt, list[tuple[str, int]]]] = {}
        for call, body in zip(calls, bodies, strict=True):
            s = call.statement
            if call.in_loop:
                rounds_of.setdefault(s.id, {})[call.at] = body or []
            else:
                changes.setdefault(s.cell, []).append((s, body or [], called))
        for number, inside in rounds_of.items():
            s = facts.statements[number]
            whole = len(getattr(facts.nodes[number], "body", ())) == len(inside)
            rows = _loop(sources[s.cell], s, inside)
            changes.setdefault(s.cell, []).append((s, rows, called if whole else None))
        if alone or not only_last:
            changes.setdefault(callee.statement.cell, []).append((callee.statement, [], ""))
            cells = tuple(dict.fromkeys(call.statement.cell for call in calls))
            written.append(WrittenOut(callee.statement.cell, name, cells))
    return with_written(facts, rounds, changes, written)


def _loop(
    source: Source, s: Statement, inside: dict[ast.stmt, list[tuple[str, int]]]
) -> list[tuple[str, int]]:
    """The lines of a loop, with others in place of some statements of its body."""
    rows = source.text.decode("utf-8", "surrogatepass").split("\n")
    found: list[tuple[str, int]] = []
    at = s.line
    for node, body in sorted(inside.items(), key=lambda item: item[0].lineno):
        found += [(rows[line - 1], line) for line in range(at, node.lineno)]
        left = " " * node.col_offset
        found += [(f"{left}{row}" if row else row, line) for row, line in body]
        at = (node.end_lineno or node.lineno) + 1
    return found + [(rows[line - 1], line) for line in range(at, s.end_line + 1)]


def _body(
    facts: Facts, callee: Callee, call: Call, names: Names, sources: dict[int, Source]
) -> list[tuple[str, int]] | None:
    """The lines that stand for a call, each with the line of the cell that it comes from."""
    given = _given(callee.node, call.node)
    if given is not None:
        callee = with_flags(callee, given)
        given = _given(callee.node, call.node)
    if given is None or not returns_last(callee.node) or _shares_default(callee.node, given):
        return None
    here, line = sources[call.statement.cell], call.at.lineno
    stored, named = _stored(callee.node), set(names_in(callee.node))
    last = callee.node.body[-1]
    result = last.value if isinstance(last, ast.Return) else None
    renamed = _results(callee, call, result, stored)
    early: dict[str, str] = {}
    lines: list[tuple[str, int]] = []
    for parameter, value in given.items():
        taken_over = _taken_over(parameter, value, call.target, result)
        if isinstance(value, ast.Name) and (parameter not in stored or taken_over):
            renamed[parameter] = value.id
            continue
        if isinstance(value, ast.Constant) and parameter not in named:
            # A flag that has been decided.
            continue
        if parameter not in renamed:
            renamed[parameter] = names.unique(parameter)
        if isinstance(value, ast.Name) and starts_with(callee.node, parameter):
            early[parameter] = value.id
            continue
        owner = callee.source if value in callee.node.args.defaults else here
        lines.append((f"{renamed[parameter]} = {owner.of(value)}", line))
    for name in sorted(stored - given.keys() - renamed.keys()):
        renamed[name] = names.unique(name)
    changed = {name for name, to in renamed.items() if name != to} | early.keys()
    given_names = {*renamed.values(), *early.values()}
    if hides(callee.node.body, changed) or changed & _told(callee.node):
        return None
    if given_names & _gone_through(callee.node) - renamed.keys():
        return None
    edits: list[Edit] = []
    first_one = opening(callee.node)
    for child in callee.node.body:
        for n in ast.walk(child):
            if isinstance(n, ast.Name):
                first = child is first_one and isinstance(n.ctx, ast.Load)
                to = early.get(n.id, renamed.get(n.id, n.id)) if first else renamed.get(n.id, n.id)
                if to != n.id:
                    edits.append(Edit(*callee.source.span(n), to))
    lines += [(row, line) for row in rows_of(callee, edits)]
    if call.target is not None or call.inside:
        text = "None" if result is None else apply(
            callee.source.text, _within(edits, callee.source, result), *callee.source.span(result)
        )  # fmt: skip
        if call.inside:
            lines += with_value(call, here, text)
        elif call.target is not None and not _says(text, call.target):
            lines.append((f"{here.of(call.target)} = {text}", line))
    return lines or [("pass", line)]


def _shares_default(function: ast.FunctionDef, given: dict[str, ast.expr]) -> bool:
    """Whether calls share a list or a dictionary that is a default, and may be changed."""
    kept = {
        name
        for name, value in given.items()
        if value in function.args.defaults and not isinstance(value, SIMPLE)
    }
    uses = [n for n in ast.walk(function) if isinstance(n, (ast.Attribute, ast.Subscript))]
    changed = {n.value.id for n in uses if isinstance(n.value, ast.Name)}
    return not kept.isdisjoint(changed)


def _says(text: str, target: ast.expr) -> bool:
    """Whether a code gives nothing but the names that it would be bound to."""
    value = ast.parse(f"({text})", mode="eval").body
    return ast.unparse(value) == ast.unparse(target)


def _told(function: ast.FunctionDef) -> set[str]:
    """Variables that stand in texts, where no edit reaches them."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return {name for call in calls for name in names_in_text(call)}


def _results(
    callee: Callee, call: Call, result: ast.expr | None, stored: set[str]
) -> dict[str, str]:
    """What is given back has the caller's names from the start, where it has none of its own."""
    match call.target, result:
        case ast.Name() as target, ast.Name() as value:
            pairs = [(target, value)]
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            pairs = [
                (t, v)
                for t, v in zip(targets, values, strict=True)
                if isinstance(t, ast.Name) and isinstance(v, ast.Name)
            ]
        case _:
            return {}
    inside, outside = set(names_in(callee.node)), set(names_in(call.node))
    found: dict[str, str] = {}
    for target, value in pairs:
        taken = target.id in inside and target.id != value.id
        free = not taken and target.id not in outside and target.id not in found.values()
        if value.id in stored and value.id not in found and free:
            found[value.id] = target.id
    return found


def _stored(function: ast.FunctionDef) -> set[str]:
    """The names that a function gives values; what only a comprehension goes through is its own."""
    inner = set(map(id, _targets(function)))
    names = (n for n in ast.walk(function) if isinstance(n, ast.Name) and id(n) not in inner)
    return {n.id for n in names if isinstance(n.ctx, (ast.Store, ast.Del))}


def _gone_through(function: ast.FunctionDef) -> set[str]:
    """The variables of a function's comprehensions."""
    return {name for target in _targets(function) for name in names_in(target)}


def _targets(function: ast.FunctionDef) -> list[ast.AST]:
    found = (n.target for n in ast.walk(function) if isinstance(n, ast.comprehension))
    return [part for target in found for part in ast.walk(target)]


def _taken_over(
    parameter: str, value: ast.expr, target: ast.expr | None, result: ast.expr | None
) -> bool:
    """Whether ``df = f(df)`` gives back what it was given: then one name is enough."""
    match value, target, result:
        case ast.Name(id=name), ast.Name(id=bound), ast.Name(id=returned):
            return name == bound and returned == parameter
    return False


def _given(node: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """The argument of each parameter, the defaults included."""
    parameters = [a.arg for a in node.args.args]
    if any(isinstance(a, ast.Starred) for a in call.args) or len(call.args) > len(parameters):
        return None
    defaults = dict(zip(reversed(parameters), reversed(node.args.defaults), strict=False))
    given: dict[str, ast.expr] = dict(zip(parameters, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in parameters or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    found = {p: given.get(p) or defaults.get(p) for p in parameters}
    return {p: v for p, v in found.items() if v is not None} if all(found.values()) else None


def _within(edits: list[Edit], source: Source, node: ast.AST) -> list[Edit]:
    start, end = source.span(node)
    return [e for e in edits if start <= e.start and e.end <= end]
