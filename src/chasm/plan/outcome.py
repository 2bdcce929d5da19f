"""What became of every statement, and what the package as a whole needs and does."""

from chasm.model import Facts, Import
from chasm.plan.apart import Apart
from chasm.plan.items import Carried, SaveFigures, Show
from chasm.plan.model import Fate, Function, Own
from chasm.plan.slices import Slices
from chasm.plan.split.model import Role
from chasm.rulebook import Rulebook


def draws_figures(functions: tuple[Function, ...], owns: tuple[Own, ...], apart: Apart) -> bool:
    """Whether the package saves figures."""
    saves = any(isinstance(i, SaveFigures) for f in functions for i in f.body)
    rewrites = [r for f in functions for i in f.body if isinstance(i, Carried) for r in i.rewrites]
    shows = any(isinstance(rewrite, Show) for rewrite in rewrites)
    return saves or shows or any(apart.handles.output in own.extras for own in owns)


def shows_pages(imports: dict[str, tuple[Import, ...]], book: Rulebook) -> bool:
    """Whether the package may show interactive figures, each of which is a page."""
    libraries = (book.libraries.get(i.root) for group in imports.values() for i in group)
    return any(library is not None and library.pages for library in libraries)


def fates_of(
    facts: Facts,
    apart: Apart,
    slices: Slices,
    owns: dict[int, str],
    constants: dict[int, str],
    roles: dict[int, Role],
) -> dict[int, tuple[Fate, str]]:
    fates = dict(slices.fates)
    for number in apart.imports:
        fates[number] = (Fate.IMPORT, "")
    for number in apart.owns:
        used = number in owns
        fates[number] = (Fate.DEFINITION, "") if used else (Fate.LEFT_OUT, "defined again")
    for number in apart.constants:
        used = number in constants
        fates[number] = (Fate.CONSTANT, "") if used else (Fate.LEFT_OUT, "nothing reads it")
    for number in apart.settings:
        # What reads it may have been left out itself.
        used = number in apart.fields
        fates[number] = (Fate.SETTING, "") if used else (Fate.LEFT_OUT, "no result depends on it")
    for number, role in roles.items():
        if role is Role.ALIAS:
            fates[number] = (Fate.LEFT_OUT, "another name for what the transformer has learned")
    return dict(sorted(fates.items()))


def annotations_of(book: Rulebook) -> dict[str, tuple[str, str]]:
    """For each kind, the class that stands for it in a type annotation, and its library's alias."""
    found: dict[str, tuple[str, str]] = {}
    for kind, facts in book.kinds.items():
        types = facts.get("types")
        if types:
            qualname = str(types[0])
            library = book.libraries.get(qualname.partition(".")[0])
            found[kind] = (qualname, (library.alias if library else None) or "")
    return found
