"""The flow of a plan as data: steps, files, what is learned, what is served, and edges.

README, drawing, page and review show the same flow, each in its own way.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from chasm.findings import Finding
from chasm.plan.items import Carried
from chasm.plan.model import Call, Function, Plan, Written

#: Words that mermaid reads as its own wherever they stand.
RESERVED = {
    "call", "class", "classdef", "click", "default", "direction", "end", "flowchart", "graph",
    "href", "linkstyle", "style", "subgraph",
}  # fmt: skip


class Part(Enum):
    """What a node of the flow is."""

    FILE = "file"
    STEP = "step"
    LEARNED = "learned"
    REPORT = "report"
    PREDICTOR = "predictor"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Node:
    """One node; ``id`` is an identifier, ``label`` may hold any text of the notebook.

    ``stage`` is the word of the rules for what most of its statements do, or the module;
    ``details`` are what a transformer learns or is handed, the parts of a predictor, the
    functions of the report; ``settings`` are the groups of settings that it takes;
    ``findings`` those of its cells.
    """

    id: str
    part: Part
    label: str
    stage: str = ""
    module: str = ""
    cells: tuple[int, ...] = ()
    details: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Values that go from one node to another; ``learned`` marks fitted state."""

    source: str
    target: str
    values: tuple[str, ...] = ()
    learned: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Nodes in the order of the pipeline, edges in the order of their targets."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def mermaid_id(node: str) -> str:
    """The ``id`` of a node as a flowchart of mermaid may have it."""
    return f"{node}_" if node.lower() in RESERVED else node


def make_flow(
    plan: Plan, findings: tuple[Finding, ...] | None = None, calls: int | None = None
) -> Flow:
    """The flow of ``plan``; ``findings`` are by default its own, ``calls`` limits the steps."""
    maker = _Maker(plan, plan.findings if findings is None else findings)
    for call in plan.pipeline[:calls]:
        if isinstance(call, Call):
            maker.step(call)
        elif call.transformer:
            maker.transformer(call)
    maker.ends()
    return maker.flow()


@dataclass(slots=True)
class _Maker:
    """Goes through the pipeline and remembers which node made which name."""

    plan: Plan
    findings: tuple[Finding, ...]
    made_by: dict[str, str] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, bool], dict[str, None]] = field(default_factory=dict)

    def flow(self) -> Flow:
        found = [Edge(s, t, tuple(names), learned) for (s, t, learned), names in self.edges.items()]
        return Flow(tuple(self.nodes.values()), tuple(found))

    def step(self, call: Call) -> None:
        config = f"{self.plan.handles.config}."
        settings, written = [], []
        function = next((f for f in self.plan.functions if f.name == call.function), None)
        writes = function is not None and self._writes(function)
        # What is called again is a step of its own: nothing flows back.
        count = self.calls[call.function] = self.calls.get(call.function, 0) + 1
        step = call.function if count == 1 else f"{call.function}__{count}"
        for _, value in call.arguments:
            head, _, name = value.rpartition(".")
            if head == f"{config}data":
                self._edge(self._file("data", name), step)
            elif value in self.made_by:
                self._edge(self.made_by[value], step, value)
            elif self.made_by.get(head) in self._learners():
                self._edge(self.made_by[head], step, name.rstrip("_"), learned=True)
            elif head == f"{config}output" and writes:
                written.append(name)
            elif head == f"{config}output":
                self._edge(self._file("output", name), step)
            elif value.startswith(config):
                settings.append(value.removeprefix(config))
        cells = function.cells if function is not None else ()
        module = function.module if function is not None else ""
        self._node(step, Part.STEP, call.function, module, cells, (), tuple(settings))
        for target in call.targets:
            self.made_by[target] = step
        for name in written:
            self._edge(step, self._file("output", name))

    def _writes(self, function: Function) -> bool:
        """Whether a function writes files, and so is given a path to write to."""
        carried = [item.statement for item in function.body if isinstance(item, Carried)]
        effects = [self.plan.facts.statements[number].effects for number in carried]
        return any(one.writes or one.opens or one.shows or one.draws for one in effects)

    def transformer(self, line: Written) -> None:
        """A transformer is fitted: the line says on what."""
        made = self.plan.transformer
        assert made is not None
        name, _, code = line.code.partition(" = ")
        source = self.made_by.get(code.rpartition(".fit(")[2].rstrip(")"), "")
        if source:
            self._edge(source, line.transformer)
        handed = [
            word.value.id
            for word in ast.walk(ast.parse(code))
            if isinstance(word, ast.keyword) and isinstance(word.value, ast.Name)
        ]
        handed = [value for value in handed if value in self.made_by]
        for value in handed:
            self._edge(self.made_by[value], line.transformer, value, learned=True)
        cells = tuple(dict.fromkeys(cell for a in made.attributes for cell in a.cells))
        details = (*(attribute.name for attribute in made.attributes), *handed)
        self._node(line.transformer, Part.LEARNED, line.transformer, "features", cells, details)
        self.made_by[name] = line.transformer

    def ends(self) -> None:
        """The report and what is served, which take their values of the whole pipeline."""
        plan = self.plan
        shown = {v.partition(".")[2] for call in plan.report for _, v in call.arguments}
        if plan.report:
            names = tuple(call.function for call in plan.report)
            of_report = [f.cells for f in plan.functions if f.name in set(names)]
            cells = sorted({cell for cells in of_report for cell in cells})
            self._node("report", Part.REPORT, "report", "report", tuple(cells), names)
            for name, _ in plan.results:
                if name in shown and name in self.made_by:
                    self._edge(self.made_by[name], "report", name)
        if plan.predictor is not None:
            parts = plan.predictor.steps
            names = tuple(name for name, _ in parts)
            self._node("predictor", Part.PREDICTOR, "predictor", "", (), names)
            for _, part in parts:
                if part in self.made_by:
                    self._edge(self.made_by[part], "predictor", part)
            self._node("serve", Part.SERVICE, "POST /predict", "serve")
            self._edge("predictor", "serve")

    def _learners(self) -> set[str]:
        return {node.id for node in self.nodes.values() if node.part is Part.LEARNED}

    def _edge(self, source: str, target: str, value: str = "", learned: bool = False) -> None:
        names = self.edges.setdefault((source, target, learned), {})
        if value:
            names[value] = None

    def _file(self, group: str, name: str) -> str:
        """The node of a file that is read or written, by the setting that names it."""
        label = name
        for setting in self.plan.settings:
            if setting.name == name and setting.group == group:
                path = str(setting.value).replace("\\", "/").rstrip("/")
                label = path.rpartition("/")[2] or name
        # Nothing flows back: a file that is written after it was read stands there twice.
        read = any(source == f"file_{name}" for source, _, _ in self.edges)
        node = f"file_{name}_written" if group == "output" and read else f"file_{name}"
        self._node(node, Part.FILE, label)
        return node

    def _node(
        self,
        name: str,
        part: Part,
        label: str,
        module: str = "",
        cells: tuple[int, ...] = (),
        details: tuple[str, ...] = (),
        settings: tuple[str, ...] = (),
    ) -> None:
        stage = module if part is not Part.STEP else self._stage(label) or module
        told = tuple(f for f in self.findings if f.cell is not None and f.cell in cells)
        node = Node(name, part, label, stage, module, cells, details, settings, told)
        self.nodes.setdefault(name, node)

    def _stage(self, function: str) -> str:
        """What most statements of the function do; of several as often the first."""
        statements = self.plan.facts.statements
        stages = Counter(
            stage for number in _carried(self.plan, function) if (stage := statements[number].stage)
        )
        return stages.most_common(1)[0][0] if stages else ""


def _carried(plan: Plan, function: str) -> Iterator[int]:
    for one in plan.functions:
        if one.name == function:
            yield from (item.statement for item in one.body if isinstance(item, Carried))
