"""The import lines at the head of a module: library, installed, own, as isort sorts them."""

import sys
from collections.abc import Iterable
from dataclasses import replace

from chasm.model import Import


def import_lines(imports: Iterable[Import], package: str) -> str:
    """Import statements in blocks, names of one module joined."""
    blocks: dict[int, list[tuple[tuple[int, str], str]]] = {}
    froms: dict[tuple[str, int], set[tuple[str, str]]] = {}
    found = {_as_from(one) for one in imports}
    whole = {(one.name, one.module) for one in found if one.symbol is None}
    for one in found:
        if not one.level and (one.name, f"{one.module}.{one.symbol}") in whole:
            # ``from a import b as c`` beside ``import a.b as c``.
            continue
        block = _block(one.module, package)
        if one.symbol == "*":
            line = f"from {_source(one)} import *"
            blocks.setdefault(block, []).append(((1, one.module.lower()), line))
        elif one.symbol is None:
            # ``import a.b`` binds ``a``; with another name it is ``import a.b as name``.
            bound = one.name in (one.module, one.root)
            line = f"import {one.module}" + ("" if bound else f" as {one.name}")
            blocks.setdefault(block, []).append(((0, one.module.lower()), line))
        else:
            froms.setdefault((one.module, one.level), set()).add((one.symbol, one.name))
    for (module, level), symbols in froms.items():
        names = ", ".join(
            symbol if symbol == name else f"{symbol} as {name}"
            for symbol, name in sorted(symbols, key=lambda pair: (*_rank(pair[0]), pair[1]))
        )
        line = f"from {'.' * level}{module} import {names}"
        blocks.setdefault(_block(module, package), []).append(((1, module.lower()), line))
    return "\n\n".join(
        "\n".join(line for _, line in sorted(lines)) for _, lines in sorted(blocks.items())
    )


def _as_from(one: Import) -> Import:
    """``import a.b as b`` as ``from a import b``: the same to Python, and one line for both."""
    parent, _, last = one.module.rpartition(".")
    if one.symbol is not None or one.level or not parent or one.name != last or last == one.root:
        return one
    return replace(one, module=parent, symbol=last)


def _source(one: Import) -> str:
    return "." * one.level + one.module


def _rank(name: str) -> tuple[int, str]:
    """Constants before classes before functions."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def _block(module: str, package: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    if root == package:
        return 3
    return 1 if root in sys.stdlib_module_names else 2
