"""What ``rules/`` says of libraries holds for the libraries that are installed.

A library is a file: the tests read the names from it, and name none themselves.
"""

import ast
import builtins
import copy
import importlib
import inspect
import re
import sys
import tomllib
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chasm.rulebook import load_rulebook

RULES = Path(__file__).parent.parent / "rules"
CASES = ".cases.toml"
TABLES = {
    *("library", "call", "method", "kind", "estimators", "class_stages"),
    *("random", "stirs", "maybe_random", "ambient", "provided", "record"),
    *("rows", "learn", "serving", "gone"),
}
RECORD_WORDS = {
    *("figures", "open_figures", "transparent", "data", "learned", "parts_in_place_until"),
    "looks",
    "notebook_options",
}
PLAIN = {
    **{"distributions": str, "platforms": str, "verbs": str, "stages": str},
    **{"noise": list, "names": list, "mute": list, "naming": list},
    **{"checks": list, "headings": list, "phrases": list, "promises": list, "roles": list},
    **{"same": list, "texts": list},
    **{
        "figures": str,
        "spoken": str,
        "compared": str,
        "statistics": str,
        "drawn": list,
        "tabled": list,
    },
}
KIND_WORDS = {
    *("types", "copy", "like", "holds", "keeps", "rare", "steady", "apart"),
    *("item", "subset", "attribute", "arithmetic", "located", "named"),
}
CASE_WORDS = {"setup", "code", "returns", "mutates", "true", "raises"}
#: Calls of these would write, print, wait or change the world: they are looked up, not made.
WORLDLY = ("reads", "writes", "state", "prints", "opens", "shows", "closes", "seeds")

Entry = dict[str, Any]


def rule_files() -> list[Path]:
    return sorted(path for path in RULES.glob("*.toml") if not path.name.endswith(CASES))


def library_files() -> list[Path]:
    return [path for path in rule_files() if "library" in parsed(path)]


def case_files() -> list[Path]:
    return sorted(RULES.glob(f"*{CASES}"))


@cache
def parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def vocabulary() -> frozenset[str]:
    """The words in the first column of the table in the page for writers of rules."""
    page = (RULES / "README.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return frozenset(word for cell in cells for word in re.findall(r"`(\w+)`", cell))


def entries(table: dict[str, Entry]) -> Iterator[tuple[str, Entry]]:
    for names, entry in table.items():
        for name in names.split():
            yield name, entry


@cache
def all_calls() -> dict[str, Entry]:
    return {
        name: entry
        for path in rule_files()
        for name, entry in entries(parsed(path).get("call", {}))
    }


@cache
def all_methods() -> dict[str, dict[str, Entry]]:
    methods: dict[str, dict[str, Entry]] = {}
    for path in rule_files():
        for kind, table in parsed(path).get("method", {}).items():
            methods.setdefault(kind, {}).update(entries(table))
    return methods


@cache
def all_kinds() -> dict[str, dict[str, Any]]:
    kinds: dict[str, dict[str, Any]] = {}
    for path in rule_files():
        for kind, facts in parsed(path).get("kind", {}).items():
            kinds.setdefault(kind, {}).update(facts)
    return kinds


def require(path: Path) -> None:
    """Skip the test when the library of this file is not installed."""
    name = path.name.removesuffix(CASES).removesuffix(".toml")
    try:
        importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed")


def resolve(name: str) -> Any:
    """The object with this dotted name; AttributeError when there is none."""
    parts = name.split(".")
    found: Any = None
    for size in range(1, len(parts) + 1):
        try:
            found = importlib.import_module(".".join(parts[:size]))
        except ImportError:
            if size == 1:
                raise
            for part in parts[size - 1 :]:
                found = getattr(found, part)
            break
    return found


def none_of(faults: Iterable[str]) -> None:
    """Fail, and name every fault, when there is one."""
    if found := sorted(faults):
        pytest.fail("\n".join(found), pytrace=False)


def missing(names: list[str]) -> list[str]:
    lacking = []
    for name in names:
        try:
            resolve(name)
        except (AttributeError, ImportError):
            lacking.append(name)
        except LookupError:  # there, but its data are not on this machine
            continue
    return lacking


def evaluate(expression: str) -> Any:
    """The value of an expression, whose modules are imported as they are named."""
    space: dict[str, Any] = {}
    for node in ast.walk(ast.parse(expression, mode="eval")):
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            space[node.id] = importlib.import_module(node.id)
            for size in range(1, len(parts) + 1):
                try:
                    importlib.import_module(".".join([node.id, *parts[:size]]))
                except ImportError:
                    break
    return eval(expression, space)


def kinds_like(kind: str) -> list[str]:
    """This kind and those whose methods it has too, nearest first."""
    found: list[str] = []
    queue = [kind]
    while queue:
        current = queue.pop(0)
        if current not in found:
            found.append(current)
            queue += all_kinds().get(current, {}).get("like", [])
    return found


@cache
def types_of(kind: str) -> tuple[type, ...]:
    facts = all_kinds().get(kind, {})
    if "types" not in facts:
        return tuple(each for other in facts.get("like", []) for each in types_of(other))
    found = []
    for name in facts["types"]:
        try:
            found.append(resolve(name) if "." in name else getattr(builtins, name))
        except (ImportError, AttributeError):
            continue
    return tuple(found)


def kind_of(value: Any) -> str | None:
    """The kind with the nearest class, as one who knows the types would say."""
    order = type(value).__mro__
    found = [
        (order.index(each), kind)
        for kind, facts in all_kinds().items()
        if "types" in facts
        for each in types_of(kind)
        if each in order[:-1]
    ]
    return min(found)[1] if found else None


def agrees(value: Any, receiver: Any, returns: str) -> bool:
    """Whether a value is what ``returns`` promises, so far as that can be told from it."""
    if returns in ("self", "fitted"):
        return value is receiver
    if returns == "reduced":
        return any(agrees(value, receiver, kind) for kind in ("scalar", "array", "series", "bool"))
    if returns.startswith("tuple:"):
        kinds = returns.removeprefix("tuple:").split(",")
        return len(value) == len(kinds) and all(
            agrees(each, receiver, kind) for each, kind in zip(value, kinds, strict=True)
        )
    if returns == "rounds":
        return all(agrees(pair, receiver, "tuple:array,array") for pair in value)
    if ":" in returns or returns == "halves":
        return True
    if returns == "none":
        return value is None
    types = types_of(returns)
    return not types or isinstance(value, types)


def same(left: Any, right: Any, depth: int = 0) -> bool:
    """Whether two values are equal through and through, for values of any library."""
    if type(left) is not type(right):
        return False
    if left is right or depth > 6:
        return True
    if hasattr(left, "equals"):
        return bool(left.equals(right))
    if hasattr(left, "tolist"):
        return repr(left.tolist()) == repr(right.tolist())
    if isinstance(left, dict):
        return list(left) == list(right) and all(
            same(left[key], right[key], depth + 1) for key in left
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(
            same(one, other, depth + 1) for one, other in zip(left, right, strict=True)
        )
    if getattr(type(left), "__eq__", None) is object.__eq__:
        return same(getattr(left, "__dict__", {}), getattr(right, "__dict__", {}), depth + 1)
    return bool(left == right)


def snapshot(space: dict[str, Any], expected: set[str]) -> dict[str, Any]:
    """Copies, to compare with afterwards, of plain values and of those that are to change.

    Others keep results for later (a grouping), or are on show as soon as they are copied (a
    figure): they would seem to change when they do not.
    """
    return {
        name: copy.deepcopy(value)
        for name, value in space.items()
        if name in expected or (not name.startswith("__") and is_plain(value))
    }


def is_plain(value: Any) -> bool:
    return bool(all_kinds().get(kind_of(value) or "", {}).get("copy"))


def subject(code: str, space: dict[str, Any]) -> tuple[Entry | None, Any]:
    """The entry of the outermost call of some code, and the value that it is a method of."""
    tree = ast.parse(code)
    node: ast.AST = tree.body[-1]
    if isinstance(node, ast.Expr | ast.Assign):
        node = node.value
    if not isinstance(node, ast.Call):
        return None, None
    function = node.func
    if isinstance(function, ast.Name):
        value = space.get(function.id, getattr(builtins, function.id, None))
        module = getattr(value, "__module__", None) or ""
        return all_calls().get(f"{module}.{function.id}"), None
    if not isinstance(function, ast.Attribute):
        return None, None
    parts: list[str] = [function.attr]
    at = function.value
    while isinstance(at, ast.Attribute):
        parts.insert(0, at.attr)
        at = at.value
    if isinstance(at, ast.Name) and isinstance(space.get(at.id), ModuleType):
        return all_calls().get(".".join([space[at.id].__name__, *parts])), None
    if any(isinstance(each, ast.Call) for each in ast.walk(function.value)):
        return None, None
    receiver = eval(compile(ast.Expression(function.value), "case", "eval"), space)
    for kind in kinds_like(kind_of(receiver) or ""):
        if entry := all_methods().get(kind, {}).get(function.attr):
            return entry, receiver
    return None, receiver


def run(code: str, space: dict[str, Any]) -> Any:
    """Run code as a cell would be run; the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "case", "exec"), space)
    if last is None or not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "case", "eval"), space)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    for name in case_closers():
        resolve(name)("all")


def case_closers() -> list[str]:
    """The calls of libraries in use that end what a test has opened."""
    return [
        name
        for name, entry in all_calls().items()
        if entry.get("closes") and name.rpartition(".")[0] in sys.modules
    ]


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.stem)
def test_every_word_is_in_the_vocabulary(path: Path) -> None:
    data = parsed(path)
    unknown = set(data) - TABLES - set(PLAIN)
    for table, expected in PLAIN.items():
        for value in data.get(table, {}).values():
            assert isinstance(value, expected), f"[{table}] holds a {type(value).__name__}"
    unknown |= set(data.get("record", {})) - RECORD_WORDS
    for name, entry in entries(data.get("call", {})):
        unknown |= {f"{name}: {word}" for word in set(entry) - vocabulary()}
    for kind, table in data.get("method", {}).items():
        for name, entry in entries(table):
            unknown |= {f"{kind}.{name}: {word}" for word in set(entry) - vocabulary()}
    for kind, facts in data.get("kind", {}).items():
        unknown |= {f"kind {kind}: {word}" for word in set(facts) - KIND_WORDS}
    none_of(unknown)


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.stem)
def test_no_name_stands_twice(path: Path) -> None:
    data = parsed(path)
    tables = {"call": data.get("call", {}), **data.get("method", {})}
    for where, table in tables.items():
        names = [name for name, _ in entries(table)]
        assert sorted(set(names)) == sorted(names), where


def test_a_kind_has_its_methods_from_one_file() -> None:
    owners: dict[str, list[str]] = {}
    for path in rule_files():
        for kind in parsed(path).get("method", {}):
            owners.setdefault(kind, []).append(path.stem)
    assert not {kind: files for kind, files in owners.items() if len(files) > 1}


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_every_kind_is_described_where_it_is_needed(path: Path) -> None:
    everywhere = [RULES / "builtins.toml", RULES / "kinds.toml"]
    reached: list[Path] = []
    queue = [path, *(each for each in everywhere if each.exists())]
    while queue:
        at = queue.pop(0)
        if at not in reached:
            reached.append(at)
            uses = parsed(at).get("library", {}).get("uses", [])
            queue += [RULES / f"{name}.toml" for name in uses]
    known = {kind for at in reached for kind in [*parsed(at).get("kind", {})]}
    known |= {kind for at in reached for kind in [*parsed(at).get("method", {})]}
    data = parsed(path)
    used = {
        kind
        for table in (data.get("call", {}), *data.get("method", {}).values())
        for entry in table.values()
        for kind in [*given_kinds(entry.get("returns", "")), entry.get("accessor")]
        if kind
    }
    used |= {kind for kinds in data.get("estimators", {}).values() for kind in kinds}
    used |= {kind for facts in data.get("kind", {}).values() for kind in facts.get("like", [])}
    assert used <= known


def given_kinds(returns: str) -> list[str]:
    if returns in ("self", "fitted", "halves", "rounds", "reduced"):
        return []
    if returns.startswith("tuple:"):
        return returns.removeprefix("tuple:").split(",")
    return [] if ":" in returns else [returns]


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_every_call_is_in_the_library(path: Path) -> None:
    require(path)
    data = parsed(path)
    calls = [name for name, entry in entries(data.get("call", {})) if "gone" not in entry]
    listed = [
        f"{module}.{name}"
        for module, kinds in data.get("estimators", {}).items()
        for names in kinds.values()
        for name in names
    ]
    listed += [
        f"{module}.{name}"
        for table in ("random", "stirs", "maybe_random")
        for module, names in data.get(table, {}).items()
        for name in names
    ]
    listed += [name for names in data.get("class_stages", {}).values() for name in names]
    listed += data.get("ambient", {}).values()
    for module, others in data.get("same", {}).items():
        listed += [module, *others]
    enablers = [name for name in missing(calls + listed) if not experimental(name)]
    none_of(enablers)


def experimental(name: str) -> bool:
    """Whether a name comes into being when a module ``enable_*`` of its library is imported."""
    root = name.partition(".")[0]
    try:
        folder = Path(importlib.import_module(f"{root}.experimental").__file__ or "").parent
    except ImportError:
        return False
    for path in folder.glob("enable_*.py"):
        importlib.import_module(f"{root}.experimental.{path.stem}")
    return not missing([name])


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_what_is_gone_is_gone(path: Path) -> None:
    require(path)
    data = parsed(path)
    library = data["library"]
    try:
        installed = numbers(version(library.get("distribution", library["import"])))
    except PackageNotFoundError:
        pytest.skip("part of the standard library")
    gone = {
        name
        for name, entry in entries(data.get("call", {}))
        if "gone" in entry and numbers(entry["gone"]) <= installed
    }
    assert not {name for name in gone if not missing([name]) and not refuses(resolve(name))}


def refuses(function: Any) -> bool:
    """Whether only a stub is left, which says where its work is done now."""
    try:
        function()
    except NotImplementedError:
        return True
    except Exception:
        return False
    return False


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_every_parameter_is_one_of_the_call(path: Path) -> None:
    require(path)
    wrong = set()
    for name, entry in entries(parsed(path).get("call", {})):
        try:
            function = resolve(name)
        except (AttributeError, ImportError, LookupError):  # another test speaks of it
            continue
        if "gone" not in entry:
            wrong |= {f"{name}: {fault}" for fault in faults(entry, function)}
    none_of(wrong)


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_no_whole_number_means_another_thing_than_the_float(path: Path) -> None:
    require(path)
    data = parsed(path)
    floats = set(data["library"].get("floats", ()))
    wrong = set()
    for module, kinds in data.get("estimators", {}).items():
        for name in (f"{module}.{name}" for names in kinds.values() for name in names):
            if missing([name]):  # another test speaks of it
                continue
            told = getattr(resolve(name), "_parameter_constraints", {}) if floats else {}
            for parameter in floats & told.keys():
                kinds_of = {getattr(getattr(c, "type", c), "__name__", "") for c in told[parameter]}
                if kinds_of & {"Integral", "RealNotInt"}:
                    wrong.add(f"{name}: {parameter}")
    none_of(wrong)


def faults(entry: Entry, function: Any) -> Iterator[str]:
    """Where an entry speaks of parameters that the call does not have, or has elsewhere."""
    try:
        given = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError, LookupError):
        return
    named = {each.name for each in given}
    free = any(each.kind is each.VAR_KEYWORD for each in given)
    for word in ("reads", "writes", "axes", "unless"):
        if not free and entry.get(word, "self") not in named | {"self"}:
            yield f"{word} = {entry[word]}"
    several = {*entry.get("settings", []), *entry.get("mutates", [])} - {"self", "*"}
    if several and not free and not several & named:
        yield f"none of {sorted(several)}"
    places = [each.name for each in given if each.kind is not each.KEYWORD_ONLY]
    if any(each.kind is each.POSITIONAL_ONLY for each in given) or "args" in places:
        return
    positions = entry.get("positions", [])
    # What is now named alone stood in the same place in older versions.
    before = [each.name for each in given]
    if positions not in (places[: len(positions)], before[: len(positions)]):
        yield f"positions = {positions}, but has {places[: len(positions) + 1]}"


def has(value: Any, name: str) -> bool:
    try:
        return hasattr(value, name)
    except Exception:  # there, but not of use for this sample
        return False


def samples(path: Path) -> Iterator[tuple[str, list[Any]]]:
    for kind, given in parsed(path).get("samples", {}).items():
        values = []
        for expression in [given] if isinstance(given, str) else given:
            values.append(evaluate(expression))
        yield kind, values


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.name.split(".")[0])
def test_every_method_is_one_of_its_kind(path: Path) -> None:
    require(path)
    lacking = set()
    for kind, values in samples(path):
        for value in values:
            types = types_of(kind)
            assert not types or isinstance(value, types), f"{value!r} is no {kind}"
        for name, entry in all_methods().get(kind, {}).items():
            found = [value for value in values if has(value, name)]
            if "gone" not in entry and not found:
                lacking.add(f"{kind}.{name}")
            for value in found[:1]:
                method = getattr(value, name)
                if "gone" not in entry and inspect.isroutine(method):
                    lacking |= {f"{kind}.{name}: {fault}" for fault in faults(entry, method)}
    none_of(lacking)


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.name.split(".")[0])
def test_every_method_gives_what_it_promises(path: Path) -> None:
    """Each is called without arguments on a sample of its kind, where it allows that."""
    require(path)
    wrong = set()
    for kind, values in samples(path):
        plain = all_kinds().get(kind, {}).get("copy")
        for name, entry in all_methods().get(kind, {}).items():
            if "gone" in entry or any(word in entry for word in WORLDLY):
                continue
            for sample in values:
                if not callable_plainly(sample, name):
                    continue
                fresh = independent(sample) if plain or "mutates" in entry else sample
                seen, value = call_plainly(fresh, name)
                if not seen:
                    continue
                if "returns" in entry and not agrees(value, fresh, entry["returns"]):
                    wrong.add(f"{kind}.{name} gives {type(value).__name__}: {entry['returns']}")
                if plain and "mutates" not in entry and not same(sample, fresh):
                    wrong.add(f"{kind}.{name} changes its receiver")
    none_of(wrong)


def independent(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # then all of the methods are tried on this one
        return value


def callable_plainly(value: Any, name: str) -> bool:
    """Whether it is an attribute, or a method that can be called without arguments."""
    try:
        found = getattr(value, name)
        if callable(found):
            inspect.signature(found).bind()
    except Exception:  # it wants arguments, or does not suit this sample
        return False
    return True


def call_plainly(value: Any, name: str) -> tuple[bool, Any]:
    """Whether it could be done, and what came of it."""
    try:
        found = getattr(value, name)
        return True, found() if callable(found) and not isinstance(found, type) else found
    except Exception:  # the sample is too small for it
        return False, None


def cases() -> list[Any]:
    return [
        pytest.param(path, case, id=f"{path.name.split('.')[0]}-{number}")
        for path in case_files()
        for number, case in enumerate(parsed(path).get("case", []), 1)
    ]


@pytest.mark.parametrize(("path", "case"), cases())
def test_case(path: Path, case: dict[str, Any]) -> None:
    assert set(case) <= CASE_WORDS
    require(path)
    space: dict[str, Any] = {}
    run(case.get("setup", ""), space)
    entry, receiver = subject(case["code"], space)
    expected = set(case.get("mutates", []))
    before = snapshot(space, expected)
    value = run(case["code"], space)
    changed = {name for name, copied in before.items() if not same(copied, space[name])}
    assert changed == expected
    if "returns" in case:
        types = types_of(case["returns"])
        assert types, f"no kind {case['returns']}"
        assert isinstance(value, types), f"{type(value)} is no {case['returns']}"
    for condition in case.get("true", []):
        assert eval(condition, space), condition
    if entry is None:
        return
    if value is not None and "returns" in entry:
        assert agrees(value, receiver, entry["returns"]), f"the rule says {entry['returns']}"
    if changed and not entry.get("inplace"):
        told = parsed(path.with_name(path.name.replace(CASES, ".toml")))
        fills = told.get("library", {}).get("fills", [])
        assert entry.get("mutates") or fills, "the rule says that nothing is changed"


def test_what_a_module_hands_on_is_known_under_its_name() -> None:
    book = load_rulebook(["*", *(str(parsed(p)["library"]["import"]) for p in library_files())])
    for module, others in book.same.items():
        for name, entry in book.calls.items():
            owner, _, last = name.rpartition(".")
            if owner == others[0]:
                assert book.call(f"{module}.{last}") is entry
        assert book.stars[module]


def test_rows_and_pairs_are_of_described_calls() -> None:
    """Who treats rows in some way is a call that the rules know, of its kind or of one like it."""
    book = load_rulebook([str(parsed(path)["library"]["import"]) for path in library_files()])
    lost = set()
    for kind, names in book.row_words.items():
        for name in names:
            described = book.call(name) if kind == "call" else book.method(kind, name)
            if described is None and not name.startswith("builtins."):
                lost.add(f"rows.{kind}: {name}")
    for kind, pairs in book.pairs.items():
        for name in pairs:
            plain = name.partition("[")[0]
            described = book.call(plain) if kind == "call" else book.method(kind, plain)
            if described is None:
                lost.add(f"learn.{kind}: {name}")
    none_of(lost)
