"""The two functions that call all others: the pipeline, and the report after it."""

from dataclasses import dataclass, replace

from chasm.model import Facts, Statement, Value
from chasm.plan.apart import Apart
from chasm.plan.graph import Graph
from chasm.plan.interfaces import Made
from chasm.plan.model import Call, Transformer, Written
from chasm.plan.naming import Names
from chasm.plan.split.follow import Key, Route
from chasm.plan.transformer import TransformerPlanner, Unreachable

#: What ``train`` calls the fitted transformer: the first that the notebook uses for nothing.
FITTED = ("features", "fitted_features", "features_of_records")


#: Names that a package's own results have.
RESERVED_RESULTS = {
    "results", "Results", "predictor", "records", "target", "labels", "metrics", "words_of",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serves:
    """What is served: the way of a record, and the class that goes it."""

    route: Route
    planner: TransformerPlanner
    transformer: Transformer | None

    @property
    def given(self) -> list[tuple[str, Key | str]]:
        """The arguments of the class, and where ``train`` has them from."""
        return list(self.planner.given.items())

    @property
    def keys(self) -> list[Key]:
        """Versions that ``train`` has to keep."""
        given = [key for key in self.planner.given.values() if not isinstance(key, str)]
        truth = [self.route.truth] if self.route.truth is not None else []
        return [self.route.start, self.route.model, *self.route.scalers, *truth, *given]


class Orchestrator:
    """Threads versions of values through calls, under names that keep them apart."""

    def __init__(self, facts: Facts, graph: Graph, apart: Apart, frame: str = "") -> None:
        self.facts, self.graph, self.apart = facts, graph, apart
        self.frame = frame
        self.variables: dict[Key, str] = {}
        self.names = Names(set())
        self.served: dict[Key, str] = {}
        self.fitted: str | None = None
        self.copied = False

    def pipeline(
        self, product: list[Made], report: list[Made], functions: set[str], served: Serves | None
    ) -> tuple[tuple[Call | Written, ...], tuple[tuple[str, Value], ...]]:
        """Calls of the product's functions, and what the report takes from them."""
        outputs = _outputs(product)
        needed = {self._source(n, v, outputs) for m in report for n, v in m.inputs.items()}
        wanted = {key for key in needed if key is not None}
        # Last values that nobody reads are what the notebook left behind.
        wanted |= {
            (name, version) for name, version in outputs if self.graph.left_behind(name, version)
        }
        kept = {self._source(n, v, outputs) for n, v in served.keys} if served else set()
        self._name_outputs(product, wanted | {key for key in kept if key is not None}, functions)
        fitted = self._fitted_name(functions)
        extra: list[tuple[int, Written]] = []
        if served is not None:
            learned = served.planner.attributes
            self.variables |= {key: f"{fitted}.{name}_" for key, name in learned.items()}
            for alias, source in served.route.aliases.items():
                self.variables[alias] = self.value(*source)
                if self._fitted_again(alias):
                    # What the transformer has learned is not what is fitted again later.
                    name, line = self._copy(alias[0], alias)
                    extra.append((self._place(product, served), line))
                    self.variables[alias] = name
        calls: list[Call | Written] = [self._call(m) for m in product]
        results: list[tuple[str, Value]] = []
        if served is not None and self._changed_later(served.route.start):
            place = self._finished_at(served.route.start, product) + 1
            code = f"records = {self.value(*served.route.start)}.copy()"
            extra.append((place, Written(code)))
            self.copied = True
        if served is not None and served.transformer is not None:
            self.fitted = fitted
            extra.append((self._place(product, served), self._fit_call(served, fitted)))
            results.append((fitted, Value("own", served.transformer.name)))
        if served is not None:
            extra += self._kept(product, served)
        for place, line in sorted(extra, key=lambda item: item[0], reverse=True):
            calls.insert(place, line)
        for made in product:
            for name, version in made.outputs.items():
                if (name, version) in wanted:
                    results.append((self.variables[name, version], made.returns[name]))
        return tuple(calls), tuple(dict(results).items())

    def report(
        self, report: list[Made], results: set[str], functions: set[str]
    ) -> tuple[Call, ...]:
        """Calls of the report's functions; what the pipeline made comes as ``results.NAME``."""
        for key, variable in list(self.variables.items()):
            known = variable in results or variable.partition(".")[0] in results
            self.variables[key] = f"results.{variable}" if known else variable
        self._name_outputs(report, set(), functions)
        calls = [self._call(m) for m in report]
        # What no later call takes needs no name here.
        taken = [{value for _, value in call.arguments} for call in calls]
        return tuple(
            call if any(set(call.targets) & later for later in taken[place + 1 :])
            else replace(call, targets=())
            for place, call in enumerate(calls)
        )  # fmt: skip

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
        reserved = functions | RESERVED_RESULTS
        self.names = names = Names(set(defined) | reserved)
        for name, places in defined.items():
            for i, (position, key) in enumerate(places):
                overlaps = i + 1 < len(places) and last_use.get(key, -1) > places[i + 1][0]
                variable = name if name not in reserved else f"{name}_"
                if overlaps:
                    variable = names.unique(_earlier(name, made[position].function.name))
                self.variables[key] = variable

    def _source(self, name: str, version: int, made: set[Key]) -> Key | None:
        """The version that a function returned and that, changed in place, is this one."""
        for current in self.graph.back(name, version):
            if (name, current) in made or (name, current) in self.variables:
                return name, current
        return None

    def _call(self, made: Made) -> Call:
        arguments: list[tuple[str, str]] = []
        for parameter in made.arguments:
            arguments.append((parameter.name, self._argument(made, parameter.name, parameter.source,
                                                             parameter.setting)))  # fmt: skip
        targets = tuple(self.variables[key] for key in made.outputs.items())
        return Call(made.function.name, tuple(arguments), targets)

    def _argument(self, made: Made, name: str, source: str, setting: str) -> str:
        if source == "name":
            return repr(setting)
        if source == "output":
            return self.apart.handles.output
        if source in ("config", "path"):
            return f"{self.apart.handles.config}.{setting}"
        return self.value(name, made.inputs[name])

    def value(self, name: str, version: int) -> str:
        """The expression that gives a version of a name."""
        if version in self.apart.settings:
            if version not in self.apart.fields:
                raise Unreachable(name)
            return f"{self.apart.handles.config}.{self.apart.fields[version]}"
        for current in self.graph.back(name, version):
            if (name, current) in self.variables:
                return self.variables[name, current]
        raise Unreachable(name)

    def served_value(self, key: Key) -> str:
        """The expression for a part of what is served, once all functions were called."""
        return self.served.get(key) or self.value(*key)

    # The transformer.

    def _fitted_name(self, functions: set[str]) -> str:
        taken = {n for s in self.facts.statements for n in s.binds | s.named} | functions
        return next(name for name in FITTED if name not in taken)

    def _place(self, product: list[Made], served: Serves) -> int:
        """Where the transformer is fitted: as soon as all that it is made with is there."""
        given = [key for key in served.planner.given.values() if not isinstance(key, str)]
        place = 1 + max(self._finished_at(key, product) for key in (served.route.start, *given))
        learned = served.planner.attributes
        for earlier in product[:place]:
            if any((name, version) in learned for name, version in earlier.inputs.items()):
                raise Unreachable(earlier.function.name)
        return place

    def _finished_at(self, key: Key, product: list[Made]) -> int:
        """The call after which a value is this version of it, made or changed in place."""
        name, version = key
        for current in self.graph.back(name, version):
            for place, made in enumerate(product):
                if any(s.id == current for s in made.group.statements):
                    return place
        return -1

    def _changed_later(self, start: Key) -> bool:
        """Whether somebody changes the table of records itself, and not a copy of it."""
        name, version = start
        return any(
            name in s.mutates and not s.can_copy(name) for s in self.facts.statements[version + 1 :]
        )

    def _fit_call(self, served: Serves, fitted: str) -> Written:
        """The line that makes and fits the transformer."""
        assert served.transformer is not None
        arguments = [f"{name}={self._given(source, served)}" for name, source in served.given]
        records = self.value(*served.route.start)
        made = f"{served.transformer.name}({', '.join(arguments)})"
        kind = served.transformer.kind
        frame = {"series": f"{records}.to_frame()", "array": f"{self.frame}({records})"}
        code = f"{fitted} = {made}.fit({frame.get(kind, records)})"
        return Written(code, served.transformer.name)

    def _given(self, source: Key | str, served: Serves) -> str:
        if isinstance(source, str):
            return f"{self.apart.handles.config}.{source}"
        value = self.value(*source)
        changes = self._changed_after(*source)
        if served.planner.builder.copies(source):
            return f"{value}.copy()" if changes else value
        return f"deepcopy({value})" if any(s.effects.fits for s in changes) else value

    def _kept(self, product: list[Made], served: Serves) -> list[tuple[int, Written]]:
        """Lines that keep what is served as it was, where the notebook fits it again later."""
        found: list[tuple[int, Written]] = []
        for key in (*served.route.scalers, served.route.model):
            if self._fitted_again(key):
                name, line = self._copy(f"served_{key[0]}", key)
                found.append((self._finished_at(key, product) + 1, line))
                self.served[key] = name
        return found

    def _copy(self, name: str, key: Key) -> tuple[str, Written]:
        """A name for a copy of a value as it is now, and the line that makes it."""
        name = self.names.unique(name)
        return name, Written(f"{name} = deepcopy({self.value(*key)})")

    def _fitted_again(self, key: Key) -> bool:
        return any(s.effects.fits for s in self._changed_after(*key))

    def _changed_after(self, name: str, version: int) -> list[Statement]:
        """Who changes a version of a value in place, once it was handed to the transformer."""
        found: list[Statement] = []
        for s in self.facts.statements[version + 1 :]:
            if name in s.binds and name not in s.maybe:
                break
            if name in s.mutates:
                found.append(s)
        return found


def _outputs(made: list[Made]) -> set[Key]:
    return {key for m in made for key in m.outputs.items()}


def _earlier(name: str, function: str) -> str:
    """A name for a value as it was when ``function`` had made it."""
    if function.startswith("load_"):
        return f"raw_{name}"
    return f"{name}_after_{'_'.join(function.split('_')[:3])}"
