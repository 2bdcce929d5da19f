"""The two functions that call all others: the pipeline, and the report after it."""

from chasm.model import Facts, Value
from chasm.plan.apart import Apart
from chasm.plan.graph import Graph
from chasm.plan.interfaces import Made
from chasm.plan.model import Call
from chasm.plan.naming import Names

Key = tuple[str, int]


class Orchestrator:
    """Threads versions of values through calls, under names that keep them apart."""

    def __init__(self, facts: Facts, graph: Graph, apart: Apart) -> None:
        self.facts, self.graph, self.apart = facts, graph, apart
        self.variables: dict[Key, str] = {}

    def pipeline(
        self, product: list[Made], report: list[Made], functions: set[str]
    ) -> tuple[tuple[Call, ...], tuple[tuple[str, Value], ...]]:
        """Calls of the product's functions, and what the report takes from them."""
        outputs = _outputs(product)
        needed = {self._source(n, v, outputs) for m in report for n, v in m.inputs.items()}
        wanted = {key for key in needed if key is not None}
        # Last values that nobody reads are what the notebook left behind.
        wanted |= {
            (name, version)
            for name, version in outputs
            if self.graph.last.get(name) == version and (name, version) not in self.graph.users
        }
        self._name_outputs(product, wanted, functions)
        calls = tuple(self._call(m) for m in product)
        results = []
        for made in product:
            for name, version in made.outputs.items():
                if (name, version) in wanted:
                    value = next(v for n, v in made.function.returns if n == name)
                    results.append((self.variables[name, version], value))
        return calls, tuple(dict(results).items())

    def report(
        self, report: list[Made], results: set[str], functions: set[str]
    ) -> tuple[Call, ...]:
        """Calls of the report's functions; what the pipeline made comes as ``results.NAME``."""
        for key, variable in list(self.variables.items()):
            self.variables[key] = f"results.{variable}" if variable in results else variable
        self._name_outputs(report, set(), functions)
        return tuple(self._call(m) for m in report)

    def _name_outputs(self, made: list[Made], wanted: set[Key], functions: set[str]) -> None:
        """A version that is still needed when the next one is made gets a name of its own."""
        outputs = _outputs(made)
        last_use: dict[Key, int] = {}
        for position, m in enumerate(made):
            for name, version in m.inputs.items():
                if (key := self._source(name, version, outputs)) is not None:
                    last_use[key] = position
        for key in wanted:
            last_use[key] = len(made)
        defined: dict[str, list[tuple[int, Key]]] = {}
        for position, m in enumerate(made):
            for name, version in m.outputs.items():
                defined.setdefault(name, []).append((position, (name, version)))
        reserved = functions | {"results", "Results"}
        names = Names(set(defined) | reserved)
        for name, places in defined.items():
            for i, (position, key) in enumerate(places):
                overlaps = i + 1 < len(places) and last_use.get(key, -1) > places[i + 1][0]
                variable = name if name not in reserved else f"{name}_"
                if overlaps:
                    variable = names.unique(_earlier(name, made[position].function.name))
                self.variables[key] = variable

    def _source(self, name: str, version: int, made: set[Key]) -> Key | None:
        """The version that a function returned and that, changed in place, is this one."""
        current: int | None = version
        while current is not None:
            if (name, current) in made or (name, current) in self.variables:
                return name, current
            current = self.graph.before[current].get(name)
        return None

    def _call(self, made: Made) -> Call:
        arguments: list[tuple[str, str]] = []
        for parameter in made.function.parameters:
            arguments.append((parameter.name, self._argument(made, parameter.name, parameter.source,
                                                             parameter.setting)))  # fmt: skip
        targets = tuple(self.variables[key] for key in made.outputs.items())
        return Call(made.function.name, tuple(arguments), targets)

    def _argument(self, made: Made, name: str, source: str, setting: str) -> str:
        if source == "output":
            return self.apart.handles.output
        if source in ("config", "path"):
            return f"{self.apart.handles.config}.{setting}"
        version = made.inputs[name]
        if version in self.apart.settings:
            return f"{self.apart.handles.config}.{self.apart.fields[version]}"
        current: int | None = version
        while current is not None and (name, current) not in self.variables:
            current = self.graph.before[current].get(name)
        if current is None:
            raise RuntimeError(
                f"no function hands out the {name!r} that {made.function.name} reads"
            )
        return self.variables[name, current]


def _outputs(made: list[Made]) -> set[Key]:
    return {key for m in made for key in m.outputs.items()}


def _earlier(name: str, function: str) -> str:
    """A name for a value as it was when ``function`` had made it."""
    if function.startswith("load_"):
        return f"raw_{name}"
    return f"{name}_after_{'_'.join(function.split('_')[:3])}"
