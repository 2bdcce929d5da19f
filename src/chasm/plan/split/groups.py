"""Groups and functions over columns: what ``groupby().transform`` and ``apply`` learn."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from chasm.plan.split import pairs
from chasm.plan.split.axes import along_columns
from chasm.plan.split.bodies import REMEMBERS, body_time, remembers
from chasm.plan.split.model import AMONG, Line, Role, Seen, Stop, Time
from chasm.plan.split.parts import symbol
from chasm.plan.split.wording import learned_name
from chasm.rulebook import Pair

#: Why the way stops where each column learns something, and it is not known what.
UNLEARNED = "what is learned of each column is not known"

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader


def grouped(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """``groupby`` itself, or ``transform`` of its groups."""
    if func.attr == "groupby":
        return Seen(Time.ROWS)
    parts = _parts(run, func.value)
    if parts is None or not node.args:
        raise Stop(node, "groups of rows are not known to go row by row")
    values, place = parts
    statistic, filled = _statistic(node.args[0])
    if statistic is None:
        if (made := _of_statistics(run, node, func, values, place)) is not None:
            return made
        raise Stop(node, "what is made of each group is not known to go row by row")
    if "reduce" not in (run.book.rows(kind, statistic) for kind in ("groupby", "series")):
        raise Stop(node, "what is made of each group is not known to go row by row")
    value = f"{place}.map({{0}})"
    replay = f"{values}.fillna({value})" if filled else value
    code = f"{run.text(func.value)}.agg({statistic!r}).to_dict()"
    name = learned_name(func.value, statistic)
    run.learn(
        node, code, name, replay.replace("{", "{{").replace("}", "}}").replace("{{0}}", "{0}")
    )
    return Seen(Time.ROWS)


def _of_statistics(
    run: Reader, node: ast.Call, func: ast.Attribute, values: str, place: str
) -> Seen | None:
    """Arithmetic of a value and statistics of its group, as ``lambda s: (s - s.mean()) / s.std()``.

    Each statistic is learned of each group; None where a function does anything else.
    """
    function = node.args[0]
    if run.strict or run.loop is not None or run.condition or len(node.args) != 1 or node.keywords:
        return None
    if not isinstance(function, ast.Lambda) or len(function.args.args) != 1:
        return None
    name = function.args.args[0].arg
    stand_in = _StandIn(run, func, name, values, place)
    made = stand_in.visit(ast.parse(ast.unparse(function.body), mode="eval").body)
    if not (stand_in.plain and stand_in.asked):
        return None
    run.lines += [Line(Role.LEARN, f"{name} = {code}") for code, name in stand_in.found.items()]
    run.known |= stand_in.found
    run.source.replace(node, f"({ast.unparse(made)})")
    return Seen(Time.ROWS)


class _StandIn(ast.NodeTransformer):
    """Puts what was learned of the groups, and the values of a record, into a function's body."""

    def __init__(
        self, run: Reader, func: ast.Attribute, name: str, values: str, place: str
    ) -> None:
        self.run, self.func, self.name = run, func, name
        self.values, self.place = values, place
        self.found: dict[str, str] = {}
        self.plain, self.asked = True, False

    def visit(self, node: ast.AST) -> ast.AST:
        statistic = _plain_statistic(node, self.name) if isinstance(node, ast.expr) else None
        if statistic and self.run.book.rows("series", statistic) == "reduce":
            return self._learned(statistic)
        match node:
            case ast.Name(id=self.name):
                return ast.parse(self.values, mode="eval").body
            case ast.BinOp() | ast.UnaryOp() | ast.Constant() | ast.operator() | ast.unaryop():
                return self.generic_visit(node)
        self.plain = False
        return node

    def _learned(self, statistic: str) -> ast.expr:
        code = f"{self.run.text(self.func.value)}.agg({statistic!r}).to_dict()"
        learned = (self.run.known | self.found).get(code)
        if learned is None:
            learned = self.run.names.unique(learned_name(self.func.value, statistic))
            self.found[code] = learned
        self.asked = True
        return ast.parse(f"{self.place}.map({learned})", mode="eval").body


def _parts(run: Reader, node: ast.expr) -> tuple[str, str] | None:
    """The code of the values that are grouped, and of what each of them is looked up by."""
    match node:
        case ast.Subscript(
            value=ast.Call(func=ast.Attribute(value=ast.Name() as frame, attr="groupby")) as call,
            slice=ast.Constant(value=str(column)),
        ) | ast.Attribute(
            value=ast.Call(func=ast.Attribute(value=ast.Name() as frame, attr="groupby")) as call,
            attr=column,
        ):
            keys = _keys(call)
            if not _labels(keys):
                return None
            base = run.text(frame)
            # Several keys are looked up together, as the dictionary of their groups has them.
            several = isinstance(keys, ast.List)
            place = f"{base}[{run.text(keys)}]" if keys is not None else ""
            return f"{base}[{column!r}]", f"{place}.apply(tuple, axis=1)" if several else place
        case ast.Call(func=ast.Attribute(value=values, attr="groupby")):
            # Values that are grouped by others of the same rows: df["a"].groupby(df["b"]).
            keys = _keys(node)
            if keys is None or {run.kind(keys), run.kind(values)} != {"series"}:
                return None
            if not run.read(keys) == run.read(values) == Seen(Time.ROWS):
                return None
            return run.text(values), run.text(keys)
    return None


def _keys(call: ast.Call) -> ast.expr | None:
    by = [k.value for k in call.keywords if k.arg == "by"]
    keys = call.args[0] if call.args else by[0] if by else None
    if isinstance(keys, ast.List) and len(keys.elts) == 1:
        return keys.elts[0]
    return keys


def _labels(node: ast.expr | None) -> bool:
    if isinstance(node, ast.List):
        return bool(node.elts) and all(_labels(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _statistic(node: ast.expr) -> tuple[str | None, bool]:
    """The statistic of each group, and whether it only fills what is missing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, False
    if not isinstance(node, ast.Lambda) or len(node.args.args) != 1:
        return None, False
    name = node.args.args[0].arg
    body = node.body
    if found := _plain_statistic(body, name):
        return found, False
    if (
        isinstance(body, ast.Call)
        and isinstance(body.func, ast.Attribute)
        and body.func.attr == "fillna"
        and isinstance(body.func.value, ast.Name)
        and body.func.value.id == name
        and len(body.args) == 1
    ):
        return _plain_statistic(body.args[0], name), True
    return None, False


def _plain_statistic(node: ast.expr, name: str) -> str | None:
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        func = node.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            return func.attr if func.value.id == name else None
    return None


def applied(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """``apply``, ``map`` and their like: a function of each value, row or column."""
    base = run.read(func.value)
    function = node.args[0] if node.args else next((k.value for k in node.keywords), None)
    others = [*node.args[1:], *(k.value for k in node.keywords if k.value is not function)]
    for other in others:
        if run.read(other).gathers:
            run.keep(other)
    frame = run.kind(func.value) == "frame"
    by_column = frame and not along_columns(node) or func.attr in ("pipe", "transform")
    columns = by_column and frame and func.attr != "pipe"
    parameter = Time.ROWS if by_column else Time.RECORD
    if function is None:
        return base
    named = function.value if isinstance(function, ast.Constant) else None
    if isinstance(named, str) and run.book.rows("series", named) not in ("each", "apply"):
        raise Stop(node, UNLEARNED)
    unknown = run.kind(func.value) not in ("frame", "series") and not along_columns(node)
    if unknown and func.attr == "apply" and learning(run, function):
        # It may be a table, of which each column is given as a whole.
        raise Stop(node, UNLEARNED)
    if by_column and isinstance(function, ast.Attribute) and function.attr == "fit_transform":
        return pairs.encode_columns(run, node, func, function)
    each = function if by_column and frame and isinstance(function, ast.Lambda) else None
    if each and (seen := pairs.encode_by_name(run, node, func, each)) is not None:
        return seen
    if isinstance(function, ast.Lambda):
        if by_column:
            of_all(run, function, lambda: run.text(func.value), columns)
        else:
            checked(run, function, run.function(function, parameter))
    elif isinstance(function, ast.Name) and run.kind(function) == "own":
        definition = run.definitions.get(function.id)
        if definition is None:
            raise Stop(node, f"it is not known what {function.id} does")
        if remembers(definition):
            raise Stop(node, REMEMBERS)
        first = [a.arg for a in definition.args.args][:1]
        run.whole = first[0] if first and columns else ""
        body_time(run, definition, dict.fromkeys(first, parameter))
        run.whole = ""
    elif columns and not others and (pair := _of_columns(run, function)) is not None:
        asked = ast.copy_location(ast.Call(func=function, args=[func.value], keywords=[]), node)
        return pairs.apply_pair(run, asked, pair)
    elif by_column and learning(run, function):
        raise Stop(node, UNLEARNED)
    elif by_column and run.kind(function) not in ("symbol", "string"):
        raise Stop(node, "a function of whole columns is not known to go row by row")
    else:
        seen = run.read(function)
        if seen == Seen(Time.ROWS) and run.kind(function) not in ("symbol", "function"):
            raise Stop(node, AMONG)
        if seen.gathers:
            plain = run.kind(function) == "series"
            run.keep(function, ".to_dict()" if plain else "")
    return Seen(base.time)


def _of_columns(run: Reader, function: ast.expr) -> Pair | None:
    """How a function of a column is learned of all columns at once: what stays a table does so."""
    pair = run.book.pair("call", symbol(run, function))
    if pair is None or {"series", "frame"} - {*pair.of} or "{call}" in pair.learn + pair.replay:
        return None
    return pair


def learning(run: Reader, node: ast.expr) -> set[str]:
    """What is called in an expression and learns of all rows, wherever it is known to."""
    names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    names |= {run.value(n).qualname or "" for n in ast.walk(node) if isinstance(n, ast.Name)}
    return {name.rpartition(".")[2] for name in names} & run.book.learning


def of_all(
    run: Reader, function: ast.Lambda, given: Callable[[], str], columns: bool = False
) -> None:
    """A function of all that ``given`` is the code of, or of each of its ``columns``.

    What it takes together is learned, where it can be told what that is.
    """
    names = [a.arg for a in function.args.args]
    run.whole = names[0] if names and columns else ""
    if len(names) == 1 and not run.strict and run.loop is None:
        run.column = (names[0], given())
    learned = len(run.lines)
    checked(run, function, run.function(function, Time.ROWS))
    run.column, run.whole = None, ""
    if len(run.lines) == learned and learning(run, function.body):
        raise Stop(function, UNLEARNED)


def checked(run: Reader, node: ast.Lambda, seen: Seen) -> None:
    if seen.gathers:
        raise Stop(node, "a function takes rows together inside")
