"""The author's own modules beside the notebook: where they stand in the package."""

import ast

from chasm.model import Import, Notebook
from chasm.plan.modules import FRAME, PRODUCT, SERVICE
from chasm.plan.moves import Relocate

#: Modules that chasm itself may write.
TAKEN = {*PRODUCT, *FRAME, *SERVICE}


def relocation(notebook: Notebook, package: str) -> Relocate:
    """The new name of each module that lay beside the notebook."""
    roots = sorted(own_modules(notebook))
    return Relocate(
        package,
        tuple((root, f"notebook_{root}" if root in TAKEN else root) for root in roots),
    )


def own_modules(notebook: Notebook) -> set[str]:
    """Top-level names of the modules beside the notebook."""
    return {path.split("/")[0].removesuffix(".py") for path, _ in notebook.beside}


def imported_beside(notebook: Notebook) -> set[str]:
    """Top-level names of what the modules beside the notebook import themselves."""
    found: set[str] = set()
    for _, text in notebook.beside:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add((node.module or "").partition(".")[0])
    return found


def into_package(
    imports: dict[str, tuple[Import, ...]], moved: Relocate
) -> dict[str, tuple[Import, ...]]:
    """``imports`` with those of moved modules as the package has them."""
    if not moved.modules:
        return imports
    return {
        module: tuple(dict.fromkeys(new for one in group for new in _moved(one, moved)))
        for module, group in imports.items()
    }


def _moved(one: Import, moved: Relocate) -> list[Import]:
    new = dict(moved.modules).get(one.root) if one.level == 0 else None
    if new is None:
        return [one]
    inside = ".".join([moved.package, new, *one.module.split(".")[1:]])
    if one.symbol is not None:
        return [Import(one.name, inside, one.symbol)]
    parent, _, last = inside.rpartition(".")
    if one.name != one.root or "." not in one.module:
        return [Import(one.name, parent, last)]
    # ``import a.b`` binds ``a``, and makes sure that ``b`` is there.
    return [Import(one.name, moved.package, new), Import(moved.package, inside, None)]
