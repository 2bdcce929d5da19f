"""What two functions have in common that may be one: their bodies, but for names."""

from __future__ import annotations

import ast
import re

from chasm.model import Facts, Statement
from chasm.plan.interfaces import Made
from chasm.plan.items import (
    Carried,
    Copy,
    Extend,
    Rename,
    Report,
    Rewrite,
    SaveFigures,
    Show,
    Unbound,
)
from chasm.plan.model import Function
from chasm.plan.moves import Replace
from chasm.plan.settings import Settings

#: What tells apart the values of copies: ``y_pred1``, ``y_pred2``.
NUMBER = re.compile(r"\d+$")
#: Rewrites that mean the same wherever they stand.
PLAIN = (Replace, Rename, Extend)
#: What the parameters of functions that may be one are.
JOINED = ("value", "config", "path", "output")


def key_of(facts: Facts, made: Made, settings: Settings) -> object | None:
    """What two functions have in common that may be one; None for those that stay alone."""
    f = made.function
    if f.asynchronous or any(p.source not in JOINED for p in f.parameters):
        return None
    numbers = numbers_of(facts, made)
    if any(p.name not in numbers for p in f.parameters if p.source == "value"):
        return None
    group = next((p.setting for p in f.parameters if p.source == "config"), "")
    body: list[object] = []
    for item in f.body:
        match item:
            case Carried(statement, rewrites):
                if any(not isinstance(r, (*PLAIN, Show, Report)) for r in rewrites):
                    return None
                node = facts.nodes[statement]
                body.append(_dump(node, numbers))
                body += [_rewrite(r, group, settings) for r in rewrites]
            case Copy(name) | Unbound(name):
                body.append((type(item).__name__, numbers.get(name)))
            case SaveFigures():
                body.append("SaveFigures")
            case _:
                return None
    if len(named_of(f)) > 1:
        return None
    returns = tuple((numbers[name], value.kind) for name, value in f.returns)
    given = tuple(sorted((numbers.get(p.name, -1), p.source) for p in f.parameters))
    return NUMBER.sub("", made.group.wanted), f.module, tuple(body), returns, given


def numbers_of(facts: Facts, made: Made) -> dict[str, int]:
    """The values of a function, numbered in the order in which its text names them."""
    statements = statements_of(facts, made)
    own = {p.name for p in made.function.parameters if p.source == "value"}
    own |= {name for s in statements for name in s.binds}
    found: dict[str, int] = {}
    for s in statements:
        for name in (*s.ordered, *sorted(s.binds)):
            if name in own:
                found.setdefault(name, len(found))
    return found


def statements_of(facts: Facts, made: Made) -> list[Statement]:
    items = made.function.body
    return [facts.statements[item.statement] for item in items if isinstance(item, Carried)]


def _dump(node: ast.AST, numbers: dict[str, int]) -> str:
    """The tree of a statement as text, its own names by their numbers."""
    names = {
        id(n): f"{numbers[n.id]}"
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and n.id in numbers
    }

    def text(n: object) -> str:
        if isinstance(n, ast.AST):
            if id(n) in names:
                return f"Name({names[id(n)]})"
            fields = ", ".join(f"{name}={text(value)}" for name, value in ast.iter_fields(n))
            return f"{type(n).__name__}({fields})"
        if isinstance(n, list):
            return f"[{', '.join(map(text, n))}]"
        return repr(n)

    return text(node)


def _rewrite(rewrite: Rewrite, group: str, settings: Settings) -> object:
    """A rewrite with the value of its setting in the place of the setting's name."""
    if isinstance(rewrite, Replace):
        setting = settings.fields.get((group, rewrite.code.rpartition(".")[2]))
        value = repr(setting.value) if setting is not None else rewrite.code
        return "Replace", rewrite.call, rewrite.argument, value
    if isinstance(rewrite, Show):
        return "Show", rewrite.call
    return "Report" if isinstance(rewrite, Report) else rewrite


def named_of(function: Function) -> list[str]:
    """The names of the figures and tables that a function keeps."""
    found: list[str] = []
    for item in function.body:
        if isinstance(item, SaveFigures):
            found.append(item.name)
        elif isinstance(item, Carried):
            found += [r.figure for r in item.rewrites if isinstance(r, Show)]
            found += [r.name for r in item.rewrites if isinstance(r, Report)]
    return found
