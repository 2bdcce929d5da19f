"""Pairs of learn and replay: what looks at other rows once, and then at one row alone."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from chasm.plan.split.model import Line, Role, Seen, Stop, Time
from chasm.plan.split.wording import encoder_name, learned_name
from chasm.rulebook import Pair

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

ROWS = Seen(Time.ROWS)
#: What needs brackets where something stands behind it.
OPERATORS = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp)
#: What the code of a pair takes of the module of the function that is called.
IN_MODULE = re.compile(r"\{module\.\}(\w+)")


def fits(run: Reader, node: ast.Call, pair: Pair) -> bool:
    """Whether the call is one of those that ``pair`` is for."""
    if any(k.arg is None or k.arg in pair.unless for k in node.keywords if pair.unless):
        return False
    if pair.of and (len(node.args) != 1 or run.kind(node.args[0]) not in (*pair.of, None)):
        return False
    if pair.given is not None:
        first = node.args[0] if node.args else None
        return isinstance(first, ast.Constant) and first.value == pair.given
    if pair.when is None:
        return True
    second = node.args[1] if len(node.args) > 1 else None
    second = second or next((k.value for k in node.keywords if k.arg == "bins"), None)
    return second is not None and run.kind(second) == pair.when


def pair_of_part(run: Reader, call: ast.Call, place: object) -> Pair | None:
    """The pair for a part of what ``call`` gives, as ``factorize(x)[0]``."""
    func = call.func
    if isinstance(func, ast.Attribute) and run.kind(func.value) != "symbol":
        return run.book.pair(run.kind(func.value) or "", f"{func.attr}[{place!r}]")
    name, _ = run.tree.entries.get(id(call), ("", None))
    return run.book.pair("call", f"{name}[{place!r}]")


def first_part(run: Reader, call: ast.Call, target: ast.expr) -> Seen | None:
    """``codes, values = factorize(x)`` where nobody asks for the values: the codes alone."""
    match target:
        case ast.Tuple(elts=[first, ast.Name(id=rest)]) if not run.read_later(rest):
            pair = pair_of_part(run, call, 0)
            if pair is not None and fits(run, call, pair):
                run.source.replace(target, run.text(first))
                return apply_pair(run, call, pair)
    return None


def apply_pair(run: Reader, node: ast.Call, pair: Pair, whole: ast.expr | None = None) -> Seen:
    """Learn what the call takes of all rows, and replay it with that.

    ``whole`` is what the replay takes the place of, where that is more than the call.
    """
    given = [*node.args, *(k.value for k in node.keywords)]
    if isinstance(node.func, ast.Attribute) and run.latest(node.func.value) is Time.ROWS:
        given.insert(0, node.func.value)
    run.meet(given)
    if pair.once:
        if pair in run.done:
            return ROWS
        run.done.add(pair)
    gaps = _gaps(run, node, pair)
    replay = _filled(pair.replay, gaps | {"call": gaps["replayed"], "state": "\0"})
    replay = replay.replace("{", "{{").replace("}", "}}").replace("\0", "{0}")
    if not pair.learn:
        run.source.replace(whole or node, replay.format(""))
        return ROWS
    code = _filled(pair.learn, gaps)
    run.learn(whole or node, code, learned_name(node, pair.state), replay)
    return ROWS


def _goes_on(pair: Pair) -> bool:
    """Whether something stands right behind what is put in: ``{0}.mean()``."""
    return any(f"{{0}}{after}" in pair.learn + pair.replay for after in ". ")


def _gaps(run: Reader, node: ast.Call, pair: Pair) -> dict[str, str]:
    text = run.text
    arguments = [text(a) for a in node.args]
    keywords = {k.arg or "**": text(k.value) for k in node.keywords}
    named = [f"{k}={v}" for k, v in keywords.items() if k not in pair.without]
    head = text(node.func)
    module = head.rpartition(".")[0]
    if not module:
        _import_alone(run, node, pair)
    first = [arguments[0]] if arguments else [next(iter(keywords.values()), "")]
    if node.args and isinstance(node.args[0], OPERATORS) and _goes_on(pair):
        first = [f"({arguments[0]})"]
    if node.args and run.kind(node.args[0]) == "frame":
        named += [f"{k}={v}" for k, v in pair.framed.items() if k not in keywords]
    second = arguments[1:2] or [v for k, v in keywords.items() if k in ("q", "bins")]
    kept = [f"{k}={v}" for k, v in keywords.items() if k in pair.keywords]
    others = [f"{k}={v}" for k, v in keywords.items() if k not in ("q", "bins", "x", "labels")]
    return {
        "call": text(node),
        "replayed": f"{head}({', '.join([*arguments, *named])})",
        "self": module,
        "module.": f"{module}." if module else "",
        "0": first[0],
        "1": (second or [""])[0],
        "keywords": "".join(f", {k}" for k in kept),
        "others": "".join(f", {k}" for k in others),
    }


def _import_alone(run: Reader, node: ast.Call, pair: Pair) -> None:
    """Import what a pair names of the module of a function that was imported alone."""
    name, _ = run.tree.entries.get(id(node), ("", None))
    module = name.rpartition(".")[0]
    wanted = dict.fromkeys(IN_MODULE.findall(pair.learn + pair.replay))
    if wanted and (not module or run.depth):
        raise Stop(node, "the function is called without its module's name")
    for one in wanted:
        run.lines.insert(0, Line(Role.APART, f"from {module} import {one}"))


def _filled(template: str, gaps: dict[str, str]) -> str:
    for name, text in gaps.items():
        template = template.replace(f"({{{name}}}", f"({text.removeprefix(', ')}")
        template = template.replace(f"{{{name}}}", text)
    return template


def select_columns(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """A choice of columns by what is in them: the columns are learned."""
    run.read(func.value)
    base = run.text(func.value)
    replay = f"{base}[\0]".replace("{", "{{").replace("}", "}}").replace("\0", "{0}")
    run.learn(node, f"list({run.text(node)}.columns)", learned_name(func.value, "columns"), replay)
    return ROWS


def fit_transform(
    run: Reader, node: ast.Call, func: ast.Attribute, then: str = "transform"
) -> Seen:
    """``encoder.fit_transform(x)``: fitted once, ``then`` only transformed, or predicted."""
    if not node.args:
        raise Stop(node, "it is not known what is fitted")
    run.meet(list(node.args))
    base, first = run.text(func.value), run.text(node.args[0])
    given = ", ".join(
        [*map(run.text, node.args), *(f"{k.arg}={run.text(k.value)}" for k in node.keywords)]
    )
    qualname = run.value(func.value).qualname or ""
    name = encoder_name(qualname.rpartition(".")[2], node.args[0])
    if run.loop is not None:
        _fit_in_loop(run, node, func, name, given, first, then)
    elif not isinstance(func.value, ast.Name):
        run.learn(node, f"{base}.fit({given})", name, f"{{0}}.{then}({_safe(first)})")
    elif run.strict:
        raise Stop(node, "a function of the notebook fits inside")
    else:
        # Each fit has an encoder of its own, so that none forgets what it has learned.
        kept = run.learn(
            node, f"{fresh(run, base)}.fit({given})", name, f"{{0}}.{then}({_safe(first)})"
        )
        named = [n for n in ast.walk(run.tree.node) if isinstance(n, ast.Name) and n.id == base]
        if run.read_later(base) or len(named) > 1:
            run.lines.append(Line(Role.ALIAS, f"{base} = {kept}", ((base, kept),)))
    return ROWS


def fresh(run: Reader, name: str) -> str:
    """Code for an estimator like ``name`` that nobody else has."""
    maker = run.maker(name)
    if maker is None:
        run.lines.insert(0, Line(Role.APART, "from copy import deepcopy"))
        return f"deepcopy({name})"
    return maker


def _fit_in_loop(
    run: Reader, node: ast.Call, func: ast.Attribute, name: str, given: str, first: str, then: str
) -> None:
    loop = run.loop
    assert loop is not None
    base = func.value
    held = loop.made.get(run.text(base))
    made = held if held is not None or isinstance(base, ast.Name) else base
    if made is None:
        maker = run.maker(run.text(base))
        if maker is None or run.read_later(run.text(base)):
            raise Stop(node, "the loop fits one encoder again and again, and keeps the last")
        run.learn(node, f"{maker}.fit({given})", name, f"{{0}}.{then}({_safe(first)})")
        return
    before = run.local
    if isinstance(base, ast.Name):
        run.local = {k: v for k, v in before.items() if k != base.id}
    try:
        ctor = run.text(made)
        name = run.learn(node, f"{ctor}.fit({given})", name, f"{{0}}.{then}({_safe(first)})")
    finally:
        run.local = before
    if held is not None:
        # What the loop goes on to do with its encoder, it does with the fitted one.
        run.source.replace(made, f"{name}[{loop.variable}]")
        run.source.replace(node, f"{run.text(base)}.{then}({first})")


def fits_in_round(run: Reader, call: ast.Call) -> bool:
    """``le.fit(df[c])`` in a loop: the name then stands for what each round has fitted."""
    loop = run.loop
    assert loop is not None
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=base) as model, attr="fit"), args=[_]):
            held = loop.made.get(base)
        case _:
            return False
    maker = run.text(held) if held is not None else run.maker(base)
    if maker is None or held is None and run.read_later(base):
        return False
    class_name = (run.value(model).qualname or "").rpartition(".")[2]
    name = encoder_name(class_name, call.args[0])
    run.local = {k: v for k, v in run.local.items() if k != base}
    code = f"{maker}.fit({run.text(call.args[0])})"
    learned = run.learn(call, code, name, f"{base} = {{0}}")
    run.local = {**run.local, base: Time.LEARNED}
    if held is not None:
        # It is made fitted, and needs no line of its own.
        run.source.replace(held, f"{learned}[{loop.variable}]")
        start, end = run.source.line_start(call.lineno) - 1, run.source.span(call)[1]
        run.source.put(start, end, "")
    return True


def encode_columns(
    run: Reader, node: ast.Call, func: ast.Attribute, function: ast.Attribute
) -> Seen:
    """``df.apply(LabelEncoder().fit_transform)``: an encoder for each column."""
    frame, encoder = run.text(func.value), run.text(function.value)
    class_name = (run.value(function.value).qualname or "").rpartition(".")[2]
    name = f"{encoder_name(class_name, func.value)}s"
    if not isinstance(function.value, ast.Call):
        maker = run.maker(encoder)
        if maker is None or run.read_later(encoder):
            raise Stop(node, "one encoder is fitted to all columns, and keeps the last")
        encoder = maker
    code = f"{{column: {encoder}.fit({frame}[column]) for column in {frame}.columns}}"
    replay = f"{_safe(frame)}.apply(lambda column: {{0}}[column.name].transform(column))"
    run.learn(node, code, name, replay)
    return ROWS


def encode_by_name(
    run: Reader, node: ast.Call, func: ast.Attribute, function: ast.Lambda
) -> Seen | None:
    """``df.apply(lambda x: d[x.name].fit_transform(x))``: encoders that a dictionary makes."""
    match function:
        case ast.Lambda(
            args=ast.arguments(args=[ast.arg(arg=column)]),
            body=ast.Call(
                func=ast.Attribute(
                    value=ast.Subscript(
                        value=ast.Name(id=held),
                        slice=ast.Attribute(value=ast.Name(id=first), attr="name"),
                    ),
                    attr="fit_transform",
                ),
                args=[ast.Name(id=second)],
                keywords=[],
            ),
        ) if (
            first == second == column
        ):
            maker = run.maker(held)
        case _:
            return None
    if maker is None:
        return None
    run.read(func.value)
    frame, class_name = run.text(func.value), maker.rpartition(".")[2].partition("(")[0]
    code = f"{{column: {maker}.fit({frame}[column]) for column in {frame}.columns}}"
    replay = f"{_safe(frame)}.apply(lambda {column}: {{0}}[{column}.name].transform({column}))"
    name = f"{encoder_name(class_name, func.value)}s"
    used = run.read_later(held)
    match run.told.lists(held) if used else None:
        case ast.Call(func=made, args=[ast.Name() | ast.Attribute() as factory]):
            # Whoever saves it, or asks it for another key, needs what the notebook had.
            code = f"{ast.unparse(made)}({ast.unparse(factory)}, {code})"
    kept = run.learn(node, code, name, replay)
    if used:
        run.lines.append(Line(Role.ALIAS, f"{held} = {kept}", ((held, kept),)))
    return ROWS


def _safe(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
