"""Which lines of the finished files come from which cells.

Nothing is guessed from the text: the plan says which statements stand in a function, in which
order, and the formatters leave that order as it is. So the trees of the finished files are read
side by side with the plan.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chasm.emit.imports import import_lines
from chasm.plan.items import Carried, Item
from chasm.plan.model import Call, Fate, Function, Plan
from chasm.plan.moves import Late
from chasm.plan.origin import Origin
from chasm.plan.settings import settings_class

#: Modules whose imports are chasm's own.
MADE = ("config", "pipeline")


def origins_of(plan: Plan, files: Mapping[str, str]) -> dict[str, tuple[Origin, ...]]:
    """The origins of the lines of each file that has any, in their order, none overlapping."""
    base = f"src/{plan.package}/"
    names = {"config", "pipeline", *(part.module for part in (*plan.functions, *plan.parts))}
    names |= {"features"} if plan.transformer is not None else set()
    found: dict[str, tuple[Origin, ...]] = {}
    for name in sorted(names):
        path = f"{base}{name}.py"
        if path not in files:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(files[path])
        reader = _Reader(plan, name, files[path].split("\n"))
        spans = sorted(reader.module(tree), key=lambda one: one.start)
        found[path] = tuple(_apart(spans))
    return found


def _apart(spans: Sequence[Origin]) -> Iterator[Origin]:
    """``spans`` cut where the next one starts."""
    last = 0
    for one in spans:
        start = max(one.start, last + 1)
        if start <= one.end:
            yield Origin(start, one.end, one.cells, one.carried)
            last = one.end


@dataclass(slots=True)
class _Reader:
    """Reads the tree of one module beside the plan."""

    plan: Plan
    name: str
    lines: list[str]

    def module(self, tree: ast.Module) -> Iterator[Origin]:
        plan = self.plan
        functions = {f.name: f for f in plan.functions if f.module == self.name}
        parts = {p.name: p.statement for p in plan.parts if p.module == self.name}
        settings = {
            (settings_class(s.group) if s.group else "Config", s.name): s.cell
            for s in plan.settings
        }
        learner = plan.transformer.name if plan.transformer and self.name == "features" else ""
        last = 0
        for node in tree.body:
            name = getattr(node, "name", "") or _assigned(node)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and self.name not in MADE:
                yield from self._imports(node)
            elif name in functions and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from self._function(functions[name], node)
            elif name in parts:
                yield self._carried(parts[name], node, last)
            elif isinstance(node, ast.ClassDef) and name == learner:
                yield from self._transformer(node)
            elif isinstance(node, ast.ClassDef) and self.name == "config":
                yield from self._settings(node, settings)
            elif isinstance(node, ast.FunctionDef) and self.name in ("pipeline", "report"):
                yield from self._calls(node.body)
            last = node.end_lineno or 0

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[Origin]:
        bound = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        cells = {
            s.cell
            for s in self.plan.facts.statements
            if self.plan.fates[s.id][0] is Fate.IMPORT
            and any(i.name in bound and i.module == module for i in s.imports)
        }
        if cells:
            yield _span(node, tuple(sorted(cells)), carried=True)

    def _function(
        self, function: Function, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[Origin]:
        document, *body = node.body
        yield Origin(node.lineno, document.end_lineno or 0, function.cells, False)
        last = document.end_lineno or 0
        carried = [item for item in function.body if isinstance(item, Carried)]
        for item, statement in zip(_items(function.body), body, strict=False):
            if isinstance(item, Carried):
                # Twins are told one function after the other, each statement for statement.
                twins = function.twins[carried.index(item) :: len(carried)]
                yield self._carried(item.statement, statement, last, twins)
            else:
                yield _span(statement, function.cells)
            last = statement.end_lineno or 0
        if function.returns:
            yield _span(body[-1], function.cells)

    def _carried(
        self, number: int, node: ast.stmt, last: int, twins: tuple[int, ...] = ()
    ) -> Origin:
        """A statement of the notebook with its comments, which stand below line ``last``.

        It stands there for its ``twins`` as well.
        """
        cells = {self.plan.facts.statements[one].cell for one in (number, *twins)}
        span = _span(node, tuple(sorted(cells)), carried=True)
        start = span.start
        while start - 1 > last and self.lines[start - 2].lstrip().startswith("#"):
            start -= 1
        return Origin(start, span.end, span.cells, True)

    def _transformer(self, node: ast.ClassDef) -> Iterator[Origin]:
        made = self.plan.transformer
        assert made is not None
        methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        fit = methods["fit"].body
        last = methods["fit"].lineno
        # The table may be turned into what the notebook had first; ``return`` comes last.
        learning = fit[len(fit) - 1 - len(made.fit) : -1]
        for item, statement in zip(made.fit, learning, strict=True):
            if isinstance(item, Carried):
                yield self._carried(item.statement, statement, last)
            last = statement.end_lineno or 0
        yield from self._calls([*fit, *methods["transform"].body])

    def _settings(
        self, node: ast.ClassDef, settings: dict[tuple[str, str], int]
    ) -> Iterator[Origin]:
        for one in node.body:
            if cell := settings.get((node.name, _assigned(one)), 0):
                yield _span(one, (cell,), carried=True)

    def _calls(self, body: Sequence[ast.stmt]) -> Iterator[Origin]:
        """Statements that call what was made of cells."""
        cells = {f.name: f.cells for f in self.plan.functions}
        made = self.plan.transformer
        if made is not None:
            cells[made.name] = tuple(sorted({c for a in made.attributes for c in a.cells}))
        for statement in body:
            names = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name)]
            called = next((cells[name] for name in names if cells.get(name)), ())
            if called and isinstance(statement, (ast.Assign, ast.Expr)):
                yield _span(statement, called)


def _items(body: Sequence[Item]) -> Iterator[Item | Call]:
    """One item for each statement; late imports are several."""
    for item in body:
        count = len(ast.parse(import_lines(item.imports, "")).body) if isinstance(item, Late) else 1
        yield from [item] * count


def _assigned(node: ast.stmt) -> str:
    """The name that a plain assignment gives a value."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def _span(node: ast.stmt, cells: tuple[int, ...], carried: bool = False) -> Origin:
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(one.lineno for one in decorators)])
    return Origin(start, node.end_lineno or start, cells, carried)
