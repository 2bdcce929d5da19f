"""The import lines at the head of a module: library, installed, own, each sorted."""

import sys
from collections.abc import Iterable

from chasm.model import Import


def import_lines(imports: Iterable[Import], package: str) -> str:
    """Import statements in three blocks, names of one module joined."""
    blocks: dict[int, list[str]] = {}
    froms: dict[tuple[str, int], set[tuple[str, str]]] = {}
    plain: set[tuple[str, str]] = set()
    for one in imports:
        if one.symbol is None:
            plain.add((one.module, one.name))
        else:
            froms.setdefault((one.module, one.level), set()).add((one.symbol, one.name))
    for module, name in sorted(plain):
        # ``import a.b`` binds ``a``; with another name it is ``import a.b as name``.
        text = f"import {module}"
        if name not in (module, module.partition(".")[0]):
            text += f" as {name}"
        blocks.setdefault(_block(module, package), []).append(text)
    for (module, level), symbols in sorted(froms.items()):
        names = ", ".join(s if s == n else f"{s} as {n}" for s, n in sorted(symbols))
        first = any(s.startswith("enable_") for s, _ in symbols)
        note = "  # noqa: F401" if first else ""
        text = f"from {'.' * level}{module} import {names}{note}"
        block = -1 if module == "__future__" else _block(module, package)
        blocks.setdefault(block, []).insert(0 if first else len(blocks.get(block, [])), text)
    return "\n\n".join("\n".join(lines) for _, lines in sorted(blocks.items()))


def _block(module: str, package: str) -> int:
    root = module.partition(".")[0]
    if root == package:
        return 2
    return 0 if root in sys.stdlib_module_names else 1
