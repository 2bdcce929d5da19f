"""What newer versions of a library have no more: names, arguments, values of arguments."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from chasm.analyse.environment import Ref
from chasm.analyse.returned import argument
from chasm.model import Import
from chasm.rulebook import Entry, Rulebook


def gone_since(book: Rulebook, root: str, what: str, version: str, instead: str) -> str:
    """The sentence on ``what``, which the library of ``root`` has no more since ``version``."""
    advice = f": {instead}" if instead else ""
    return f"{what} is gone since {book.distribution(root)} {version}{advice}"


def gone_in_call(
    book: Rulebook,
    entry: Entry,
    name: str,
    base: Ref | None,
    args: list[Ref],
    named: dict[str, Ref],
) -> set[str]:
    """Sentences on the method that is called and on the arguments that it is given."""
    found: set[str] = set()
    root = name
    if base is not None:
        types = book.fact(base.value.kind, "types") or ()
        root = base.value.qualname or (types[0] if types else "")
        name = f"{root.rpartition('.')[2]}.{name}"
        if entry.gone and root:
            found.add(gone_since(book, root, name, entry.gone, entry.instead))
    for words in entry.lost if root else ():
        what, version, instead = words.split(" ", 2)
        if what.startswith("*"):
            if len(args) > int(what[1:]):
                told = f"{name.rpartition('.')[2]} with {len(args)} positional arguments"
                found.add(gone_since(book, root, told, version, instead))
            continue
        parameter, _, value = what.partition("=")
        given = argument(entry, parameter, args, named)
        if given is None or value and not fnmatchcase(str(given.label), value):
            continue
        shown = f"{parameter}={given.label!r}" if value else f"{parameter}=…"
        told = f"{name.rpartition('.')[2]}({shown})"
        found.add(gone_since(book, root, told, version, instead))
    return found


def gone_imports(book: Rulebook, imports: tuple[Import, ...]) -> Iterator[str]:
    """Sentences on what is imported that is there no more."""
    for one in imports:
        names = [one.module, f"{one.module}.{one.symbol}"] if one.symbol else [one.module]
        for name in names:
            entry = book.call(name)
            if name in book.gone_modules:
                version, instead = book.gone_modules[name].split(" ", 1)
                yield gone_since(book, name, name, version, instead)
            elif entry is not None and entry.gone:
                yield gone_since(book, name, name, entry.gone, entry.instead)
