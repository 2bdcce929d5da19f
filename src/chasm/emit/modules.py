"""Modules that hold the notebook's code: functions, own functions, constants, imports."""

import textwrap
from functools import cache

import libcst as cst

from chasm.emit import text
from chasm.emit.annotations import Annotations
from chasm.emit.calls import call_line
from chasm.emit.cells import Line, statement_nodes, without_semicolon
from chasm.emit.comments import code_of, without_repeated
from chasm.emit.imports import import_lines
from chasm.emit.rewrites import rewrite_cst
from chasm.emit.rewrites.late import import_statements
from chasm.emit.transformer import transformer_class, transformer_imports
from chasm.model import Import
from chasm.plan.group import written_in
from chasm.plan.items import Carried, Copy, Extend, Item, Rename, SaveFigures, Unbound
from chasm.plan.model import Constant, Function, Own, Plan, Transformer
from chasm.plan.moves import Late
from chasm.plan.settings import settings_class

TITLES = {
    "data": "Where the data come from, and how they are cleaned.",
    "features": "From clean data to the inputs of the model.",
    "training": "Splitting, fitting and evaluating.",
    "report": "What a person looked at in the notebook, and what no result depends on.",
}
#: What stands at the head of the data where nothing is done to them.
READS = "Where the data come from."


class ModuleWriter:
    """Writes the modules of one plan; nodes of the notebook are parsed once."""

    def __init__(self, plan: Plan, more_imports: dict[str, tuple[Import, ...]]) -> None:
        self._plan, self._more = plan, more_imports
        nodes = statement_nodes(plan.facts)
        self._nodes, self._tails = nodes.lines, self._below(nodes.tails)
        self._handed: dict[int, list[cst.EmptyLine]] = {}
        for imported, statement in plan.comments:
            lines = self._nodes[imported].leading_lines
            self._handed.setdefault(statement, []).extend(lines)
        self._prose = _prose_by_function(plan)
        self._done: dict[int, cst.CSTNode] = {}

    def _below(self, tails: dict[int, list[cst.EmptyLine]]) -> dict[int, list[cst.EmptyLine]]:
        """The comments at the end of a cell by the last statement of it that a function has."""
        found: dict[int, int] = {}
        for function in self._plan.functions:
            for item in function.body:
                if isinstance(item, Carried):
                    cell = self._plan.facts.statements[item.statement].cell
                    found[cell] = max(item.statement, found.get(cell, -1))
        return {found[cell]: lines for cell, lines in tails.items() if cell in found}

    def modules(self) -> dict[str, str]:
        """Module name to source, not yet formatted."""
        names = {f.module for f in self._plan.functions}
        names |= {part.module for part in self._plan.parts}
        if self._plan.transformer is not None:
            names.add("features")
        return {name: self._module(name) for name in sorted(names)}

    def _module(self, name: str) -> str:
        plan = self._plan
        functions = [f for f in plan.functions if f.module == name]
        owns = [o for o in plan.owns if o.module == name]
        constants = [c for c in plan.constants if c.module == name]
        annotations = Annotations(plan, plan.imports.get(name, ()))
        body: list[Line] = [self._constant(c) for c in constants]
        body += [self._own(o) for o in owns]
        body += [self._function(f, annotations) for f in functions]
        code = code_of(body)
        transformer = plan.transformer if name == "features" else None
        if transformer is not None:
            code += transformer_class(transformer, self._learned(transformer), annotations)
            self._more = self._more | {name: transformer_imports(plan, transformer)}
        head = f'"""{TITLES[name] if name != "data" or self._cleans(functions) else READS}"""\n\n'
        imports = [*plan.imports.get(name, ()), *annotations.imports]
        imports += self._project_imports(name, functions, owns)
        imports += self._more.get(name, ())
        return head + import_lines(imports, plan.package) + "\n\n" + code

    def _cleans(self, functions: list[Function]) -> bool:
        """Whether functions do more to the data than to read them."""
        items = [i for f in functions for i in f.body if isinstance(i, Carried)]
        carried = [self._plan.facts.statements[item.statement] for item in items]
        return any(s.mutates or s.columns or s.stage not in ("load", None) for s in carried)

    def _project_imports(
        self, name: str, functions: list[Function], owns: list[Own]
    ) -> list[Import]:
        plan = self._plan
        found: list[Import] = []
        for function in functions:
            for parameter in function.parameters:
                if parameter.source == "config":
                    found.append(_own_import(plan, "config", settings_class(parameter.setting)))
                elif parameter.source == "output":
                    found.append(_own_import(plan, "output", "Output"))
                elif parameter.source == "path" and parameter.value.kind == "path":
                    found.append(Import("Path", "pathlib", "Path"))
        transformer = plan.transformer if name == "features" else None
        learning = [i for i in transformer.fit if isinstance(i, Carried)] if transformer else []
        used = self._names_used(functions, owns, learning)
        for part in plan.parts:
            needed = part.statement in plan.needed.get(name, ())
            if needed and part.module != name and part.name in used:
                found.append(_own_import(plan, part.module, part.name))
        if "partial" in used and not any(i.name == "partial" for i in plan.imports.get(name, ())):
            found.append(Import("partial", "functools", "partial"))
        return found

    def _names_used(
        self, functions: list[Function], owns: list[Own], learning: list[Carried]
    ) -> set[str]:
        used: set[str] = set()
        items: list[Carried | Own] = [*owns]
        items += [i for f in functions for i in f.body if isinstance(i, Carried)]
        items += learning
        for item in items:
            used |= self._plan.facts.statements[item.statement].named
            used |= {rewrite.to for rewrite in item.rewrites if isinstance(rewrite, Rename)}
            if any(isinstance(rewrite, Extend) for rewrite in item.rewrites):
                # Only the rewritten code tells whether a function is called or handed on.
                used |= _names_in(self._rewritten(item))
        return used

    def _learned(self, transformer: Transformer) -> list[str]:
        """The lines of ``fit``: calls of steps, and the statements that learn."""
        lines: list[str] = []
        for item in transformer.fit:
            if isinstance(item, Carried):
                node = self._rewritten(item)
                assert isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
                lines += cst.Module([node]).code.rstrip("\n").split("\n")
            else:
                lines.append(call_line(item))
        return lines

    def _rewritten(self, item: Carried | Own) -> cst.CSTNode:
        """The statement as it will stand in the package; made once."""
        if item.statement not in self._done:
            node = without_semicolon(self._nodes[item.statement])
            self._done[item.statement] = rewrite_cst(node, item.rewrites)
        return self._done[item.statement]

    def _constant(self, constant: Constant) -> Line:
        node = self._nodes[constant.statement]
        assert isinstance(node, cst.SimpleStatementLine)
        (small,) = node.body
        name = cst.Name(constant.name)
        if isinstance(small, cst.Assign):
            small = small.with_changes(targets=[small.targets[0].with_changes(target=name)])
        else:
            small = small.with_changes(target=name)
        return without_semicolon(node.with_changes(body=[small]))

    def _own(self, own: Own) -> Line:
        node = self._rewritten(own)
        assert isinstance(node, (cst.FunctionDef, cst.ClassDef))
        if isinstance(node, cst.FunctionDef) and own.extras:
            node = node.with_changes(params=_with_extras(node.params, own.extras))
        return node.with_changes(name=cst.Name(own.name))

    def _function(self, function: Function, annotations: Annotations) -> cst.FunctionDef:
        body: list[cst.BaseStatement] = [
            _docstring(function.doc, self._prose.get(function.name, ""))
        ]
        # Where to put what stood below the last statement of a cell: above what follows.
        below: list[cst.EmptyLine] = []
        for item in function.body:
            if isinstance(item, Late):
                body += import_statements(item)
                continue
            body.append(_above(self._item(item, function.doc), below))
            below = self._tails.get(item.statement, []) if isinstance(item, Carried) else []
        if function.returns:
            names = ", ".join(name for name, _ in function.returns)
            body.append(_above(_statement(f"return {names}"), below))
            below = []
        params = [
            cst.Param(cst.Name(p.name), annotation=annotations.of_parameter(p))
            for p in function.parameters
        ]
        return cst.FunctionDef(
            cst.Name(function.name),
            cst.Parameters(params),
            cst.IndentedBlock(body, footer=below),
            returns=annotations.of_returns(function.returns),
            leading_lines=[cst.EmptyLine(indent=False)],
            asynchronous=cst.Asynchronous() if function.asynchronous else None,
        )

    def _item(self, item: Item, doc: str) -> cst.BaseStatement:
        match item:
            case Copy(name):
                return _statement(f"{name} = {name}.copy()")
            case Unbound(name):
                return _statement(f"{name} = None")
            case Late():
                raise AssertionError("imports are several statements")
            case SaveFigures():
                return _statement(item.code)
            case Carried():
                changed = self._rewritten(item)
                assert isinstance(changed, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
                handed = self._handed.get(item.statement, [])
                return _above(without_repeated(changed, doc), handed)


def moved_modules(plan: Plan) -> dict[str, str]:
    """The author's own modules by their place in the package; only their imports change."""
    new = dict(plan.moved.modules)
    found: dict[str, str] = {}
    for path, source in plan.facts.notebook.beside:
        root, dot, rest = path.partition("/")
        root = new[root.removesuffix(".py")] + (".py" if not dot else "")
        changed = rewrite_cst(cst.parse_module(source), (plan.moved,))
        assert isinstance(changed, cst.Module)
        found[f"src/{plan.package}/{root}{dot}{rest}"] = changed.code
    return found


@cache
def _statement(code: str) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
    return cst.parse_statement(code)


def _own_import(plan: Plan, module: str, name: str) -> Import:
    return Import(name, f"{plan.package}.{module}", name)


def _names_in(node: cst.CSTNode) -> set[str]:
    found: set[str] = set()
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Name):
            found.add(current.value)
        stack.extend(current.children)
    return found


def _with_extras(params: cst.Parameters, extras: tuple[str, ...]) -> cst.Parameters:
    """Keyword-only parameters, so that positional calls stay what they were."""
    more = [cst.Param(cst.Name(extra)) for extra in extras]
    star = params.star_arg
    if isinstance(star, cst.MaybeSentinel):
        star = cst.ParamStar()
    return params.with_changes(star_arg=star, kwonly_params=[*params.kwonly_params, *more])


def _above(node: cst.BaseStatement, comments: list[cst.EmptyLine]) -> cst.BaseStatement:
    """A statement with more comments above it."""
    assert isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
    return node.with_changes(leading_lines=[*comments, *node.leading_lines])


def _prose_by_function(plan: Plan) -> dict[str, str]:
    """What Markdown says above a cell, by the function that has the cell's first statement.

    A function that only reads a file has it where there is no other; one that stands for several
    places has none, for it is of one of them.
    """
    first: dict[int, tuple[bool, int, str]] = {}
    for function in plan.functions:
        for item in function.body:
            if isinstance(item, Carried):
                cell = written_in(plan.facts.statements[item.statement])
                place = (function.name.startswith("load_"), item.statement, function.name)
                first[cell] = min(first.get(cell, place), place)
    found: dict[str, str] = {}
    shared = {function.name for function in plan.functions if function.twins}
    for cell, told in plan.prose.above:
        if cell in first and first[cell][2] not in shared:
            found.setdefault(first[cell][2], told)
    return found


def _docstring(line: str, prose: str) -> cst.SimpleStatementLine:
    """A docstring of one line, with the author's own words below it."""
    said = line.partition("  [")[0].strip(" .…").lower()
    lines = [part.replace("\\", "/").replace('"', "'") for part in [line]]
    # What the line says nearly in full is not said twice.
    if prose and (said not in prose.lower() or 2 * len(said) < len(prose)):
        lines += ["", *textwrap.wrap(text.docstring(prose), 88), ""]
    safe = "\n".join(f"    {part}" if part and place else part for place, part in enumerate(lines))
    end = "    " if len(lines) > 1 else ""
    return cst.SimpleStatementLine([cst.Expr(cst.SimpleString(f'"""{safe}{end}"""'))])
