"""Imports that are made where they are used, not at the head of the module.

Those of what nobody knows how to install: so a module that only exists on the author's machine
stops the step that needs it, where the notebook stops as well, and not the whole package. Those
of a name that no cell binds, of which one can only guess that ``import *`` brought it. And those
whose name the function gives to something else, as in ``recall = recall(y, said)``.
"""

from collections.abc import Sequence
from dataclasses import replace

from chasm.findings import Finding, Severity
from chasm.model import Facts, Import, Statement
from chasm.plan.dependencies import module_imports
from chasm.plan.graph import Graph
from chasm.plan.items import Carried
from chasm.plan.model import Constant, Function, Own
from chasm.plan.moves import Late
from chasm.rulebook import Rulebook

Parts = tuple[tuple[Function, ...], tuple[Own, ...], dict[str, tuple[Import, ...]]]


def put_off(
    facts: Facts,
    graph: Graph,
    book: Rulebook,
    unknown: Sequence[str],
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
    learning: list[Statement],
    imports: dict[str, tuple[Import, ...]],
) -> Parts:
    """Functions and imports, those of ``unknown`` libraries and guesses inside their users."""
    late = {i for group in imports.values() for i in group if i.root in unknown and not i.level}
    stated = {i for s in facts.statements for i in s.imports}
    guessed = {i for group in imports.values() for i in group if i.module in book.stars} - stated
    late = {i for i in late | guessed if i.name != "*"}
    if not late:
        return functions, owns, imports

    def used_by(function: tuple[Function, ...], own: tuple[Own, ...]) -> tuple[Import, ...]:
        return tuple(i for i in _used(facts, graph, book, function, own) if i in late)

    # A class takes its bases where it stands, a function its defaults and decorators.
    fixed = [o for o in owns if not _can_wait(facts, o)]
    # So do the methods of the transformer, which are no functions of the plan.
    fitted = module_imports(facts, graph, (), (), (), book, learning)
    at_head = {(module, i) for module, group in fitted.items() for i in group if i in late}
    at_head |= {(o.module, i) for o in fixed for i in used_by((), (o,))}
    new_functions = tuple(_function(f, used_by((f,), ()), at_head) for f in functions)
    new_owns = tuple(o if o in fixed else _own(o, used_by((), (o,)), at_head) for o in owns)
    left = {
        module: tuple(i for i in group if i not in late or (module, i) in at_head)
        for module, group in imports.items()
    }
    return new_functions, new_owns, left


def _used(
    facts: Facts,
    graph: Graph,
    book: Rulebook,
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
) -> tuple[Import, ...]:
    """The imports that some functions and definitions use, whichever module they stand in."""
    found = module_imports(facts, graph, functions, owns, (), book, [])
    return tuple(i for group in found.values() for i in group)


def own_rebound(
    facts: Facts,
    graph: Graph,
    book: Rulebook,
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
    constants: tuple[Constant, ...],
    learning: list[Statement],
    imports: dict[str, tuple[Import, ...]],
) -> tuple[tuple[Function, ...], dict[str, tuple[Import, ...]]]:
    """Functions that import by themselves what they name anew, and what is left at the heads."""

    imported = {i.name for group in imports.values() for i in group}
    own: dict[str, tuple[Import, ...]] = {}
    for f in functions:
        carried = [facts.statements[i.statement] for i in f.body if isinstance(i, Carried)]
        named = imported & {name for s in carried for name in s.binds if not s.imports}
        if not named:
            continue
        if anew := tuple(i for i in _used(facts, graph, book, (f,), ()) if i.name in named):
            own[f.name] = anew
    if not own:
        return functions, imports
    changed = tuple(
        replace(f, body=(Late(own[f.name]), *f.body)) if f.name in own else f for f in functions
    )
    others = tuple(f for f in functions if f.name not in own)
    needed = module_imports(facts, graph, others, owns, constants, book, learning)
    moved = {(f.module, i) for f in functions for i in own.get(f.name, ())}
    left = {
        module: tuple(i for i in group if (module, i) not in moved or i in needed.get(module, ()))
        for module, group in imports.items()
    }
    return changed, left


def _can_wait(facts: Facts, own: Own) -> bool:
    s = facts.statements[own.statement]
    return (
        s.definition is not None
        and not s.definition.is_class
        and not s.reads - (s.definition.direct | s.definition.free)
    )


def _function(
    function: Function, used: tuple[Import, ...], at_head: set[tuple[str, Import]]
) -> Function:
    wanted = tuple(i for i in used if (function.module, i) not in at_head)
    return replace(function, body=(Late(wanted), *function.body)) if wanted else function


def _own(own: Own, used: tuple[Import, ...], at_head: set[tuple[str, Import]]) -> Own:
    wanted = tuple(i for i in used if (own.module, i) not in at_head)
    return replace(own, rewrites=(*own.rewrites, Late(wanted))) if wanted else own


def unknown_import(root: str, facts: Facts, book: Rulebook) -> Finding:
    """What a reader is told of an import that the package cannot install."""
    modules = {f"{i.module}.{i.symbol}" for s in facts.statements for i in s.imports
               if i.root == root}  # fmt: skip
    platforms = {book.platform(module) for module in modules}
    only = platforms.pop() if len(platforms) == 1 else None
    text = f"imports {root!r}, of which chasm does not know what to install"
    if only is not None:
        text = f"imports {root!r}, which exists only in {only}: what needs it is left out"
    return Finding("CH006", Severity.WARNING, text)
