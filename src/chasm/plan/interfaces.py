"""Groups to functions: parameters and returns from what flows in and out, copies, figures."""

from dataclasses import dataclass

from chasm.model import FIXED, UNKNOWN, Facts, Statement, Value
from chasm.plan.apart import Apart
from chasm.plan.details import (
    FigureNames,
    displays,
    is_shown,
    kind_of,
    needs_output,
    place_in,
    rebound,
)
from chasm.plan.graph import Graph
from chasm.plan.group import Group
from chasm.plan.items import (
    Assign,
    Carried,
    Copy,
    Extend,
    Item,
    Nonlocal,
    Rename,
    Report,
    Rewrite,
    SaveFigures,
    Show,
    Unbound,
)
from chasm.plan.model import Function, Parameter
from chasm.plan.moves import Relocate
from chasm.plan.naming import Names
from chasm.plan.reported import shown_name
from chasm.plan.settings import Settings, beside_notebook
from chasm.plan.turned import Turned, settings_of
from chasm.rulebook import Rulebook


@dataclass(slots=True)
class Made:
    """A function with the versions of the names that go in and come out.

    ``arguments`` are its parameters under the names of the notebook, ``returns`` its results.
    """

    function: Function
    group: Group
    inputs: dict[str, int]
    outputs: dict[str, int]
    arguments: tuple[Parameter, ...]
    returns: dict[str, Value]


class Builder:
    """Makes the functions of one plan."""

    def __init__(
        self, facts: Facts, graph: Graph, apart: Apart, book: Rulebook, settings: Settings,
        names: Names, moved: Relocate, left_open: set[int],
    ) -> None:  # fmt: skip
        self.facts, self.graph, self.apart = facts, graph, apart
        self.book, self.settings, self.names = book, settings, names
        self.moved = moved
        self.left_open = left_open
        self.values: dict[tuple[str, int], Value] = {}
        for s in facts.statements:
            for name in s.binds | s.mutates:
                known = s.values.get(name)
                before = graph.before[s.id].get(name)
                if known is None and before is not None:
                    known = self.values.get((name, before))
                self.values[name, s.id] = known or UNKNOWN

    def build(self, group: Group, name: str, doc: str, used_later: set[tuple[str, int]]) -> Made:
        """The function of ``group``; ``used_later`` are the versions that others read."""
        handles = self.apart.handles
        inside = {s.id for s in group.statements}
        inputs = self._inputs(group, inside)
        changed = self._outputs(group)
        flows = self._flows(group, inside, inputs)
        parameters = self._value_parameters(inputs)
        copied = [p.name for p in parameters if self._copies(p.name, group, inputs)]
        outputs = {
            n: v
            for n, v in changed.items()
            if (n, v) in used_later and (n not in inputs or n in copied or flows[n])
        }
        turned = Turned(self.facts, self.graph, self.settings, handles.config, group, name)
        body = self._body(group, name, set(copied), turned)
        body = [*(Unbound(n) for n in sorted(self._unbound(group, outputs, inputs))), *body]
        parameters += turned.paths
        if turned.fields:
            settings = settings_of(group, name)
            parameters.append(Parameter(handles.config, UNKNOWN, "config", settings))
        parameters += self._files_handed_on(body)
        if needs_output(body, self.apart):
            parameters.append(Parameter(handles.output, UNKNOWN, "output"))
        returns = tuple((n, self.values.get((n, v), UNKNOWN)) for n, v in outputs.items())
        function = Function(
            name, group.module, doc, tuple(group.cells), tuple(parameters), returns, tuple(body),
            any(s.awaits for s in group.statements),
        )  # fmt: skip
        return Made(function, group, inputs, outputs, function.parameters, dict(returns))

    def _files_handed_on(self, body: list[Item]) -> list[Parameter]:
        """Paths of files that own functions read which are called here."""
        named = {n: v for files in self.apart.files.values() for n, v in files.items()}
        found: dict[str, Parameter] = {}
        for item in body:
            rewrites = item.rewrites if isinstance(item, Carried) else ()
            for name in (n for r in rewrites if isinstance(r, Extend) for n in r.extras):
                if name in named and isinstance(item, Carried):
                    cell = self.facts.statements[item.statement].cell
                    setting = beside_notebook(self.settings, named[name], cell)
                    found[name] = Parameter(name, Value("path"), "path", setting)
        return list(found.values())

    def copies(self, key: tuple[str, int]) -> bool:
        """Whether a version of a value has a ``copy`` method that gives its like."""
        kind = self.values.get(key, UNKNOWN).kind
        return kind not in FIXED and self.book.copyable(kind)

    def _is_value(self, version: int) -> bool:
        return version not in self.apart.all

    def _inputs(self, group: Group, inside: set[int]) -> dict[str, int]:
        found: dict[str, int] = {}
        nested = [s for s in group.statements if s.definition is not None]
        late = frozenset[str]().union(*(self._read_by_calls(s) for s in nested))
        for s in group.statements:
            named = s.named | s.binds | self._read_by_calls(s) | late
            for name, read in self.graph.reads[s.id].items():
                if name in found or name not in named:
                    continue
                version = self._from_outside(name, read, inside)
                if version is None:
                    continue
                if self._is_value(version) or version in self.apart.settings:
                    found[name] = version
        order = [n for s in group.statements for n in s.ordered]
        return dict(sorted(found.items(), key=lambda item: order.index(item[0])
                           if item[0] in order else len(order)))  # fmt: skip

    def _from_outside(self, name: str, version: int, inside: set[int]) -> int | None:
        """The version that comes into the group: the one read, before changes in place.

        What would have changed it between two statements of the group is in no function.
        """
        found: int | None = None
        for current in self.graph.back(name, version):
            if current in inside:
                found = None
            elif found is None:
                found = current
            if name in self.facts.statements[current].binds:
                break
        return found

    def _read_by_calls(self, s: Statement) -> frozenset[str]:
        """Names that only the own functions that ``s`` calls read."""
        extras: set[str] = set()
        for name in s.named:
            version = self._meant(s, name)
            if version in self.apart.extras:
                extras |= set(self.apart.extras[version])
        return frozenset(extras)

    def _meant(self, s: Statement, name: str) -> int | None:
        """The version of ``name`` that ``s`` reads, a nested function once it is called."""
        version = self.graph.reads[s.id].get(name)
        if version is None and s.definition is not None and name in s.definition.direct:
            return self.graph.inside(s.definition.name, s.id, name)
        return version

    def _outputs(self, group: Group) -> dict[str, int]:
        found: dict[str, int] = {}
        for s in group.statements:
            changed = s.binds | (s.mutates & s.named)
            for name in sorted(changed, key=place_in(s)):
                found.pop(name, None)
                found[name] = s.id
            for name in s.deletes:
                found.pop(name, None)
        return found

    def _flows(self, group: Group, inside: set[int], inputs: dict[str, int]) -> dict[str, bool]:
        """Whether a name is bound anew in the group, and so has to be returned."""
        bound = {n for s in group.statements for n in s.binds | rebound(s)}
        return {n: n in bound for s in group.statements for n in s.binds | s.mutates}

    def _value_parameters(self, inputs: dict[str, int]) -> list[Parameter]:
        found: list[Parameter] = []
        for name, version in inputs.items():
            if version in self.apart.settings:
                value = kind_of(self.facts.statements[version].constant)
                found.append(Parameter(name, value, "value"))
            else:
                found.append(Parameter(name, self.values.get((name, version), UNKNOWN), "value"))
        return found

    def _copies(self, name: str, group: Group, inputs: dict[str, int]) -> bool:
        """Whether the function changes the value that it was given, and may work on a copy."""
        for s in group.statements:
            if name in rebound(s):
                return False
            if name in s.mutates:
                kind = self.values.get((name, inputs[name]), UNKNOWN).kind
                # What never changes needs no copy, and has no method for it.
                return s.can_copy(name) and kind not in FIXED and self.book.copyable(kind)
            if name in s.binds and name not in s.maybe:
                return False
        return False

    def _unbound(self, group: Group, outputs: dict[str, int], inputs: dict[str, int]) -> set[str]:
        sure: set[str] = set()
        for s in group.statements:
            sure |= (s.binds - s.maybe) | s.rounds
        # What a nested function declares as another's has to be bound around it.
        stored = {n for s in group.statements if s.definition for n in s.definition.stores}
        return {n for n in outputs.keys() | stored if n not in sure and n not in inputs}

    def _body(self, group: Group, name: str, copied: set[str], turned: Turned) -> list[Item]:
        items: list[Item] = []
        figures = FigureNames(name)
        open_figure = False
        for index, s in enumerate(group.statements):
            for changed in sorted(copied & s.mutates):
                items.append(Copy(changed))
                copied = copied - {changed}
            rewrites = self.rewrites(s, figures)
            rewrites += turned.rewrites(s)
            if is_shown(s):
                rewrites.append(Report(shown_name(name), self.apart.handles.output))
            if s.definition is not None and s.definition.stores:
                rewrites.append(Nonlocal())
            items.append(Carried(s.id, tuple(rewrites)))
            open_figure = (open_figure or s.effects.draws) and not s.closes
            following = group.statements[index + 1 :]
            if s.id in self.left_open and not following:
                # Another function draws on what this one leaves open.
                continue
            if open_figure and (not following or following[0].cell != s.cell):
                items.append(SaveFigures(figures.next(), self.apart.handles.output))
                open_figure = False
        return items

    def rewrites(self, s: Statement, figures: "FigureNames") -> list[Rewrite]:
        """What changes in a statement wherever it goes."""
        found: list[Rewrite] = []
        for name in sorted(s.named):
            version = self._meant(s, name)
            if version in self.apart.constants and (upper := self.apart.upper[name]) != name:
                found.append(Rename(name, upper))
            elif version is not None and version in self.apart.owns:
                own = self.apart.names[version]
                if own != name:
                    found.append(Rename(name, own, bound=False))
                if extras := self.apart.extras[version]:
                    found.append(Extend(own, extras))
            elif self.displays(name, version) and name not in s.binds:
                found.append(Rename(name, "print"))
        if s.imports_inside & {root for root, _ in self.moved.modules}:
            found.append(self.moved)
        found += [Assign(call) for call, name in s.inplace if name is None or name in s.alone]
        found += [Show(call, figures.next(), self.apart.handles.output) for call in s.show_calls]
        return found

    def displays(self, name: str, version: int | None) -> bool:
        """Whether ``name`` is what a notebook shows rich values with: outside it is a print."""
        imports = self.facts.statements[version].imports if version is not None else ()
        return displays(self.book, name, imports if version is not None else None)
