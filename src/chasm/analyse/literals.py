"""Literals worth turning: the settings that a notebook has written into its calls."""

import ast
import re
from collections.abc import Iterator, Mapping

from chasm.analyse.effects import is_here
from chasm.analyse.record import Record
from chasm.analyse.scopes import positional
from chasm.model import Literal
from chasm.rulebook import Entry

#: Arguments that change nothing but the work or the noise on the way to a result.
NEVER_TURNED = {
    "verbose", "n_jobs", "copy", "inplace", "axis", "warm_start", "silent", "verbosity",
    "parse_dates", "index_col", "header", "columns", "by", "on", "subset", "how", "errors", "name",
    "index", "value",
}  # fmt: skip
#: Plain words only, so that the text of the source is the text that it stands for.
FOLDER = re.compile(r"[\w.][\w. -]*/(?:[\w. -]+/)*")
MAX_ITEMS = 60
#: The kind of a model that is told its data when it is made, and gives its results when fitted.
STATED = "model"
Definitions = Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
MAX_TEXT = 300
#: The working directory, as a path.
HERE = "."
#: What literals are made of that are more than one constant.
COMPOUND = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp)


def literal_value(node: ast.expr) -> tuple[bool, object]:
    """Whether ``node`` is a literal, and its value; containers of literals included."""
    if isinstance(node, ast.Constant):
        return True, node.value
    # Of a call only ``set()`` is one. The evaluation leaves cyclic garbage whatever it is given.
    if not isinstance(node, COMPOUND) and not (isinstance(node, ast.Call) and not node.args):
        return False, None
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None


def is_setting(value: object) -> bool:
    """Whether a configuration file can hold ``value`` without changing what it is."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) < 2**63
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and value.isprintable()
    if isinstance(value, list):
        plain = all(isinstance(v, (str, int, float)) and is_setting(v) for v in value)
        return plain and 0 < len(value) <= MAX_ITEMS and len({type(v) for v in value}) == 1
    return False


def literals_of(nodes: list[ast.Call], record: Record, own: Definitions) -> tuple[Literal, ...]:
    """The literal arguments of ``nodes`` that a user of the package may want to change.

    ``own`` are the notebook's own functions and classes.
    """
    found: list[Literal] = []
    for number, call in enumerate(nodes):
        name, entry = record.entries.get(id(call), ("", None))
        if entry is None:
            found += _files_of_own(number, call, record, own)
            continue
        for place, value in _arguments(call):
            parameter = _parameter(place, entry.positions)
            role = _role(place, parameter, entry)
            known, constant = literal_value(value)
            if not known and role in ("read", "write") and (folder := leading_folder(value)):
                name_of = parameter or "path"
                role = "read" if parameter == entry.unpacks else role
                found.append(Literal(number, place, name_of, folder, role, name, is_folder=True))
            if not known or not (is_setting(constant) or _are_sizes(constant, entry)):
                continue
            if role:
                if isinstance(constant, str) and constant:
                    if parameter == entry.unpacks and is_here(constant):
                        role = "read"
                    named = parameter or "path"
                    found.append(
                        Literal(number, place, named, constant, role, name, as_text=entry.text)
                    )
            elif parameter and _worth_turning(parameter, constant, entry):
                real = type(constant) is int and parameter in entry.floats
                found.append(
                    Literal(number, place, parameter, constant, "setting", name, is_float=real)
                )
        if entry.unpacks and not _is_told(call, entry.unpacks, entry.positions):
            # What is unpacked beside the notebook is read there.
            found.append(Literal(number, entry.unpacks, entry.unpacks, HERE, "read", name))
    return tuple(found)


def _are_sizes(value: object, entry: Entry) -> bool:
    """Whether a model is given several numbers at once: the sizes of its layers, its order."""
    if not isinstance(value, tuple) or not (entry.constructs or entry.returns == STATED):
        return False
    return all(type(x) is int for x in value) and is_setting([*value])


def _is_told(call: ast.Call, parameter: str, positions: tuple[str, ...]) -> bool:
    """Whether a call is given something for ``parameter``, or may be."""
    if any(isinstance(a, ast.Starred) for a in call.args) or None in [k.arg for k in call.keywords]:
        return True
    given = {_parameter(place, positions) for place, _ in _arguments(call)}
    return parameter in given


def _arguments(call: ast.Call) -> list[tuple[int | str, ast.expr]]:
    """The arguments of a call by their places and names."""
    return [*enumerate(call.args), *((k.arg, k.value) for k in call.keywords if k.arg)]


def _files_of_own(
    number: int, call: ast.Call, record: Record, own: Definitions
) -> Iterator[Literal]:
    """Files whose names one of the notebook's own functions is given, and only reads."""
    node = own.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if not isinstance(node, ast.FunctionDef):
        return
    names = tuple(positional(node))
    for place, value in _arguments(call):
        parameter = _parameter(place, names)
        _, constant = literal_value(value)
        named = isinstance(constant, str) and constant and is_setting(constant)
        if not parameter or not named:
            continue
        reads, as_text = _reads(node, parameter, record)
        if reads:
            yield Literal(number, place, "path", constant, "read", node.name, as_text=as_text)


def _reads(node: ast.FunctionDef, parameter: str, record: Record) -> tuple[bool, bool]:
    """Whether a function only reads the file that a parameter names, and asks for its name.

    Whoever says the name would say another one, where the file is somewhere else. What is said
    where something failed is not said of a file that is there.
    """
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == parameter]
    uses = {id(n) for n in names}
    read: set[int] = set()
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is None or not entry.reads:
            continue
        read |= {
            id(value)
            for place, value in _arguments(call)
            if _role(place, _parameter(place, entry.positions), entry) == "read"
        }
    tests = [n.test for n in ast.walk(node) if isinstance(n, (ast.If, ast.IfExp, ast.While))]
    failed = [n for n in ast.walk(node) if isinstance(n, ast.ExceptHandler)]
    asked = {id(n) for part in (*tests, *failed) for n in ast.walk(part)}
    bound = any(not isinstance(n.ctx, ast.Load) for n in names)
    others = uses - read
    return bool(uses & read) and not bound and others <= asked, bool(others)


def leading_folder(node: ast.expr) -> str:
    """The folder that a path starts with which is put together of a text and other things."""
    if not isinstance(node, (ast.BinOp, ast.JoinedStr)):
        return ""
    while isinstance(node, ast.BinOp):
        if not isinstance(node.op, ast.Add):
            return ""
        node = node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ""
    match = FOLDER.match(node.value)
    return match.group() if match else ""


def _worth_turning(parameter: str, value: object, entry: Entry) -> bool:
    """Whether a user may want another value here: no labels of columns, no words of a call."""
    if parameter in NEVER_TURNED or not ("*" in entry.settings or parameter in entry.settings):
        return False
    if entry.constructs or entry.stage in ("split", "fit") or isinstance(value, tuple):
        return True
    if "." not in entry.name or entry.stage == "plot" or entry.draws:
        # A method of a value, or a figure: only how much, never what.
        return (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and (entry.stage != "clean" and not entry.draws)
        )
    return not isinstance(value, (str, bool))


def _parameter(place: int | str, positions: tuple[str, ...]) -> str | None:
    if isinstance(place, str):
        return place
    return positions[place] if place < len(positions) else None


def _role(place: int | str, parameter: str | None, entry: Entry) -> str | None:
    if entry.unpacks and parameter == entry.unpacks:
        return "write"
    for role, name in (("read", entry.reads), ("write", entry.writes), ("place", entry.place)):
        if name and (parameter == name or place == entry.position):
            return role
    return None
