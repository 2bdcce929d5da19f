"""What of a change reaches the package: functions, settings, dependencies, old clients."""

import ast
import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chasm.plan.model import Call, Plan
from chasm.plan.modules import FRAME, PRODUCT, SERVICE
from chasm.review.lines import respelled
from chasm.review.model import Client, Delta, FunctionChange, How, Package, Version
from chasm.review.scale import other_scale
from chasm.review.spelling import imported, spelled

#: Modules that chasm writes around the notebook's code; they follow from the rest.
AROUND = {*FRAME, *SERVICE}
FOLLOWING = {("report", "write")}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A function or class of a module: its own code, and what its callers see."""

    body: str
    signature: str
    is_class: bool

    def respelled(self, names: Mapping[str, str]) -> "_Unit":
        """The same with the names of now."""
        return _Unit(respelled(self.body, names), respelled(self.signature, names), self.is_class)


def compared_packages(old: Version, new: Version, renamed: Mapping[str, str]) -> Package:
    """How the package of ``new`` differs from that of ``old``."""
    if new.plan is None:
        return Package(error=new.refused)
    if old.plan is None:
        return Package(new.plan.package)
    return Package(
        new.plan.package,
        _functions(old.files, new.files, renamed),
        _config(old.plan, new.plan),
        _dependencies(old.plan, new.plan),
        (*_clients(old.plan, new.plan, _another_file(old, new)), *_scale(old, new, renamed)),
    )


def _functions(
    old: dict[str, str], new: dict[str, str], renamed: Mapping[str, str]
) -> tuple[FunctionChange, ...]:
    """What became of functions, then of classes: these call functions that may be renamed."""
    before, after = _units(old), _units(new)
    names = dict(renamed)
    found: list[FunctionChange] = []
    for classes in (False, True):
        mine = {k: u for k, u in before.items() if u.is_class == classes}
        others = {k: u for k, u in after.items() if u.is_class == classes}
        changes = _compared(mine, others, names)
        for one in changes:
            if one.before:
                names[one.before.rpartition(".")[2]] = one.name
        found += changes
    return tuple(sorted(found, key=_rank))


def _compared(
    before: dict[Key, _Unit], after: dict[Key, _Unit], names: Mapping[str, str]
) -> list[FunctionChange]:
    mine = {key: unit.respelled(names) for key, unit in before.items()}
    gone = {key: mine[key] for key in mine.keys() - after.keys()}
    found: list[FunctionChange] = []
    for (module, name), unit in after.items():
        earlier = mine.get((module, name))
        if earlier is None:
            was = next((k for k, u in sorted(gone.items()) if u == unit), None)
            how = How.ORDER if was is not None else How.ADDED
            if was is not None:
                del gone[was]
            found.append(FunctionChange(module, name, how, before=".".join(was or ())))
        elif earlier != unit:
            changed = earlier.signature != unit.signature
            found.append(FunctionChange(module, name, How.CHANGED, changed))
    return found + [FunctionChange(module, name, How.REMOVED) for module, name in gone]


def _rank(one: FunctionChange) -> tuple[int, str, str]:
    known = PRODUCT.index(one.module) if one.module in PRODUCT else len(PRODUCT)
    return (known, one.module, one.name)


def _units(files: dict[str, str]) -> dict[Key, _Unit]:
    """Functions and classes of the modules that hold the notebook's code."""
    found: dict[Key, _Unit] = {}
    for path, text in sorted(files.items()):
        module = path.rpartition("/")[2].removesuffix(".py")
        if module in AROUND:
            continue
        tree = ast.parse(text)
        imports = imported([tree], apart=path.removeprefix("src/").partition("/")[0])
        for node in tree.body:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            if (module, node.name) not in FOLLOWING:
                found[module, node.name] = _unit(node, imports)
    return found


def _unit(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, imports: Mapping[str, str]
) -> _Unit:
    """Without docstrings, which name cells, and types: neither is what a function does."""
    for one in ast.walk(node):
        match one:
            case ast.arg():
                one.annotation = None
            case ast.FunctionDef(body=[ast.Expr(value=ast.Constant()), _, *_]) | ast.ClassDef(
                body=[ast.Expr(value=ast.Constant()), _, *_]
            ):
                del one.body[0]
    body = "\n".join(spelled(one, imports) for one in node.body)
    if isinstance(node, ast.ClassDef):
        return _Unit(body, "", True)
    return _Unit(body, ast.unparse(node.args), False)


def _config(old: Plan, new: Plan) -> tuple[Delta, ...]:
    """Fields with another value, and those with another name; of these, both names alone."""
    before, after = _fields(old), _fields(new)
    gone = [name for name in before if name not in after]
    called: dict[str, str] = {}
    for name in after.keys() - before.keys():
        alike = [n for n in gone if before[n] == after[name] and _leaf(n) == _leaf(name)]
        if len(alike) == 1:
            called[name] = alike[0]
    # A name that two have taken over is that of neither.
    taken = Counter(called.values())
    called = {name: was for name, was in called.items() if taken[was] == 1}
    found = [
        (
            Delta("", called[name], name)
            if name in called
            else Delta(name, before.get(name, ""), after.get(name, ""))
        )
        for name in dict.fromkeys((*after, *before))
        if before.get(name) != after.get(name) and name not in called.values()
    ]
    return tuple(found)


def _leaf(name: str) -> str:
    return name.rpartition(".")[2]


def _fields(plan: Plan) -> dict[str, str]:
    return {
        f"{one.group}.{one.name}" if one.group else one.name: repr(one.value)
        for one in plan.settings
    }


def _dependencies(old: Plan, new: Plan) -> tuple[Delta, ...]:
    before = {name: name + bound for name, bound in old.dependencies}
    after = {name: name + bound for name, bound in new.dependencies}
    return tuple(
        Delta(name, before.get(name, ""), after.get(name, ""))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _clients(old: Plan, new: Plan, another_file: bool) -> list[Client]:
    """What a client notices who sends the records that were right before."""
    if old.serving is None or new.serving is None:
        if old.serving is not None:
            return [Client("there is no service any more", breaks=True)]
        return [Client("there is a service now")] if new.serving is not None else []
    found: list[Client] = []
    before, after = old.serving, new.serving
    if before.target != after.target and before.target:
        text = "was predicted, and is a field that each record needs now"
        found.append(Client(text, before.target, breaks=True))
        found.append(Client("is predicted now, no longer read", after.target or "the target"))
    found += [
        Client("was ignored, and each record needs it now", name, breaks=True)
        for name in before.unused
        if name not in after.unused
    ]
    found += [
        Client("is no longer needed; it may still be sent", name)
        for name in after.unused
        if name not in before.unused
    ]
    found += _columns_read(old, new)
    if (before.transformer is None) != (after.transformer is None) or _start(old) != _start(new):
        text = "records start at another table: their fields are others"
        found.append(Client(text, breaks=True))
    elif another_file:
        text = "the records' fields are those of another file: compare its columns"
        found.append(Client(text, breaks=False))
    if _classifies(old) != _classifies(new):
        words = "classes" if _classifies(new) else "numbers"
        found.append(Client(f"predictions are {words} now", breaks=True))
    if before.proba != after.proba:
        words = "come along now" if after.proba else "no longer come along"
        found.append(Client(f"probabilities {words}", breaks=before.proba))
    return found


def _scale(old: Version, new: Version, renamed: Mapping[str, str]) -> list[Client]:
    """What a client notices of numbers that stand for something else now."""
    plans = [one.plan for one in (old, new) if one.plan is not None and one.plan.serving]
    targets = {plan.serving.target for plan in plans if plan.serving is not None}
    if len(plans) < 2 or len(targets) > 1 or any(_classifies(plan) for plan in plans):
        return []
    text = "is computed otherwise before it is learned: predictions mean something else now"
    (target,) = targets
    return [Client(text, target or "", True)] if other_scale(old, new, renamed) else []


def _classifies(plan: Plan) -> bool:
    return plan.predictor is not None and plan.predictor.classifies


def _start(plan: Plan) -> bool:
    """Whether a record is a raw one; where a step stops the way, it is what came after it."""
    return bool(plan.serving is not None and plan.serving.stops)


def _another_file(old: Version, new: Version) -> bool:
    """Whether records are learned of another file; a notebook that moved names it otherwise."""
    before, after = _file(old.plan), _file(new.plan)
    places = [
        posixpath.normpath(posixpath.join(posixpath.dirname(version.file), file))
        for version, file in ((old, before), (new, after))
    ]
    return bool(before and after) and before != after and places[0] != places[1]


def _file(plan: Plan | None) -> str:
    """The file from which the served records were learned."""
    if plan is None or plan.predictor is None:
        return ""
    for call in plan.pipeline:
        if isinstance(call, Call) and plan.predictor.records in call.targets:
            wanted = {value.removeprefix(f"{plan.handles.config}.") for _, value in call.arguments}
            named = (s for s in plan.settings if f"{s.group}.{s.name}" in wanted)
            return next((str(s.value) for s in named), "")
    return ""


def _columns_read(old: Plan, new: Plan) -> list[Client]:
    """Columns that the notebook takes of its file, where it says which."""
    before, after = _usecols(old), _usecols(new)
    if before is None or after is None or before == after:
        return []
    added = [Client("is read now, and each record needs it", n, True) for n in after - before]
    gone = [Client("is no longer read; it may still be sent", n) for n in before - after]
    return sorted((*added, *gone), key=lambda client: client.name)


def _usecols(plan: Plan) -> set[str] | None:
    for s in plan.facts.statements:
        for one in s.literals:
            if one.name == "usecols" and isinstance(one.value, list):
                return {str(name) for name in one.value}
    return None
