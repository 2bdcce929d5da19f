"""Invariant 6: each carried statement means what it meant, but for the listed rewrites.

The rewrites are carried out a second time, on the abstract trees of the notebook, and the
result is compared with the abstract trees of the text that is about to be written.
"""

import ast
import warnings
from collections.abc import Mapping
from types import CodeType

from chasm.emit.calls import call_line
from chasm.emit.imports import import_lines
from chasm.emit.rewrites import rewrite_ast
from chasm.errors import InputError
from chasm.model import Facts
from chasm.plan.items import Carried, Copy, SaveFigures, Unbound
from chasm.plan.model import Function, Own, Plan
from chasm.plan.moves import Late


def check_meaning(plan: Plan, modules: dict[str, str]) -> None:
    """Raise when a statement in ``modules`` is not what the plan says it is."""
    originals = _originals(plan.facts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trees = {name: ast.parse(text) for name, text in modules.items()}
    defined = {
        (name, node.name): node
        for name, tree in trees.items()
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    for function in plan.functions:
        node = defined[function.module, function.name]
        assert isinstance(node, ast.AsyncFunctionDef if function.asynchronous else ast.FunctionDef)
        _check_function(function, node.body[1:], originals, plan.facts)
    if plan.transformer is not None:
        _check_fit(plan, defined["features", plan.transformer.name], originals)
    assigned = {
        (name, target.id): node
        for name, tree in trees.items()
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for constant in plan.constants:
        found, want = assigned[constant.module, constant.name], originals[constant.statement]
        assert isinstance(want, (ast.Assign, ast.AnnAssign))
        if found.value is None or want.value is None or dump(found.value) != dump(want.value):
            _refuse(constant.name, Carried(constant.statement), plan.facts)
    for own in plan.owns:
        _check_own(own, defined[own.module, own.name], originals, plan.facts)


def _originals(facts: Facts) -> dict[int, ast.stmt]:
    bodies: dict[int, list[ast.stmt]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = {s.cell for s in facts.statements}
        for cell in facts.notebook.cells:
            if cell.index in wanted:
                bodies[cell.index] = ast.parse(cell.source).body
    return {s.id: bodies[s.cell][s.nth] for s in facts.statements}


def _check_function(
    function: Function, body: list[ast.stmt], originals: dict[int, ast.stmt], facts: Facts
) -> None:
    expected: list[str | None] = []
    for item in function.body:
        match item:
            case Carried(statement, rewrites):
                expected.append(dump(rewrite_ast(originals[statement], rewrites)))
            case Copy(name):
                expected.append(dump(ast.parse(f"{name} = {name}.copy()").body[0]))
            case Late(imports):
                expected += [dump(one) for one in ast.parse(import_lines(imports, "")).body]
            case Unbound(name):
                expected.append(dump(ast.parse(f"{name} = None").body[0]))
            case SaveFigures():
                expected.append(dump(ast.parse(item.code).body[0]))
    if function.returns:
        names = ", ".join(name for name, _ in function.returns)
        expected.append(dump(ast.parse(f"return {names}").body[0]))
    for place, (want, node) in enumerate(zip(expected, body, strict=False)):
        if want != dump(node):
            _refuse(function.name, function.body[min(place, len(function.body) - 1)], facts)
    if len(expected) != len(body):
        _refuse(function.name, function.body[-1], facts)


def _check_fit(plan: Plan, node: ast.stmt, originals: dict[int, ast.stmt]) -> None:
    """The statements that learn stand in ``fit`` as the notebook has them, in their order."""
    assert plan.transformer is not None
    assert isinstance(node, ast.ClassDef)
    (fit,) = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "fit")
    items = plan.transformer.fit
    # What the notebook had the records in may be taken out of the table first.
    taken = bool(items) and (plan.transformer.kind != "frame" or plan.transformer.copies)
    if len(fit.body) != taken + len(items) + 1:
        _refuse("fit", None, plan.facts)
    for item, made in zip(items, fit.body[taken:], strict=False):
        if isinstance(item, Carried):
            want = dump(rewrite_ast(originals[item.statement], item.rewrites))
        else:
            want = dump(ast.parse(call_line(item)).body[0])
        if dump(made) != want:
            _refuse("fit", item, plan.facts)


def _check_own(own: Own, node: ast.stmt, originals: dict[int, ast.stmt], facts: Facts) -> None:
    want = rewrite_ast(originals[own.statement], own.rewrites)
    assert isinstance(want, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    want.name = own.name
    if own.extras and not isinstance(want, ast.ClassDef):
        want.args.kwonlyargs += [ast.arg(extra) for extra in own.extras]
        want.args.kw_defaults += [None] * len(own.extras)
    if dump(want) != dump(node):
        _refuse(own.name, Carried(own.statement), facts)


def _refuse(name: str, item: object, facts: Facts) -> None:
    where = ""
    if isinstance(item, Carried):
        statement = facts.statements[item.statement]
        where = f": cell {statement.cell}, line {statement.line}"
    raise InputError(
        f"{facts.notebook.file}{where}: the statement would not mean the same in {name}(); "
        "nothing was written (please report this)"
    )


def check_formatting(before: Mapping[str, str], after: Mapping[str, str], notebook: str) -> None:
    """Raise when formatters or comments changed more than the looks of a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, text in before.items():
            if not path.endswith(".py") or _same(_code(text), _code(after[path])):
                continue
            # Where lines end leaves traces in the code, so that only the trees can tell.
            if _shape(text) != _shape(after[path]):
                raise InputError(
                    f"{notebook}: formatting would change what {path} means; "
                    "nothing was written (please report this)"
                )


def _code(text: str) -> CodeType:
    """The compiled module: several times cheaper to make and to compare than its tree."""
    code = compile(text, "<module>", "exec", dont_inherit=True, optimize=0)
    assert isinstance(code, CodeType)
    return code


def _same(one: CodeType, other: CodeType) -> bool:
    """Whether two code objects do the same; of docstrings only the words are compared, since
    formatters indent them."""
    if one.co_code != other.co_code or len(one.co_consts) != len(other.co_consts):
        return False
    names = ("co_name", "co_names", "co_varnames", "co_cellvars", "co_freevars", "co_flags",
             "co_argcount", "co_kwonlyargcount", "co_posonlyargcount")  # fmt: skip
    if any(getattr(one, name) != getattr(other, name) for name in names):
        return False
    for place, (a, b) in enumerate(zip(one.co_consts, other.co_consts, strict=True)):
        if isinstance(a, CodeType) and isinstance(b, CodeType):
            if not _same(a, b):
                return False
        # A class has its name before its docstring.
        elif place in (0, 1) and isinstance(a, str) and isinstance(b, str):
            if a.split() != b.split():
                return False
        # Equal numbers of two types are two things, and so are the zeros.
        elif repr(a) != repr(b) and not (isinstance(a, frozenset) and a == b):
            return False
    return True


def _shape(text: str) -> str:
    """The tree of a module; of docstrings only the words, since formatters indent them."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list) or not body or not isinstance(body[0], ast.Expr):
            continue
        value = body[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            value.value = " ".join(value.value.split())
    return dump(tree)


def dump(node: ast.AST) -> str:
    """The tree as text, without positions; equal text means equal code."""
    return ast.dump(node)
