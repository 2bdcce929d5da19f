"""Reviews of two files, or of all notebooks that changed since a commit."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from chasm.emit.names import package_name
from chasm.errors import InputError, NotPython
from chasm.findings import Severity
from chasm.read.discover import common_folder
from chasm.read.files import printable, read_text
from chasm.read.git import Changed, History, history
from chasm.read.settings import Settings, load_settings
from chasm.review import Review, Version, compare
from chasm.review.flow import flow_of
from chasm.review.model import How, Package
from chasm.reviewing.stale import belonging, stale_packages
from chasm.reviewing.versions import version_of

#: What ``--fail-on`` may name.
REASONS = ("error", "warning", "note", "breaking", "stale", "none")
LEVELS = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Reviews in the order of their files, and what is to be said of them all."""

    reviews: tuple[Review, ...]
    base: str = ""
    note: str = ""

    @property
    def broken(self) -> bool:
        """Whether a notebook could not be reviewed."""
        return any(one.error for one in self.reviews)

    def fails(self, reasons: Sequence[str]) -> bool:
        """Whether one of the reasons holds; a level takes those above it along."""
        unknown = [one for one in reasons if one not in REASONS]
        if unknown:
            raise InputError(f"--fail-on {unknown[0]!r}: not one of {', '.join(REASONS)}")
        names = [level.value for level in LEVELS]
        deepest = max((names.index(one) for one in reasons if one in names), default=-1)
        for one in self.reviews:
            if any(LEVELS.index(f.finding.severity) <= deepest for f in one.found):
                return True
            if "breaking" in reasons and one.package.breaking:
                return True
            if "stale" in reasons and one.stale:
                return True
        return False


def review_files(old: Path, new: Path, packages: Sequence[Path] = ()) -> Reviewed:
    """What changed from one file to another; an :class:`InputError` when one is no notebook."""
    settings = load_settings(common_folder([new]))
    name = package_name(new.stem, frozenset())
    before = version_of(old, *read_text(old), _shown(old), settings, name)
    after = version_of(new, *read_text(new), _shown(new), settings, name)
    found = compare(before, after)
    return Reviewed((replace(found, stale=stale_packages(new, packages)),))


def review_base(base: str, paths: Sequence[Path], packages: Sequence[Path] = ()) -> Reviewed:
    """What changed in the notebooks below ``paths`` since the work left ``base``.

    What is wrong with one notebook is in its own review.
    """
    for path in paths:
        if str(path).startswith("-"):
            raise InputError(f"{printable(str(path))}: not the name of a file")
    where = history(base, Path())
    settings = load_settings(common_folder(list(paths)) if paths else where.root)
    changed = sorted(where.changed(paths), key=lambda one: one.new or one.old or "")
    alone = len(changed) == 1
    reviews = [_one(where, one, settings, packages, alone) for one in changed]
    told = tuple(one for one in reviews if one is not None)
    return Reviewed(told, where.base, where.note)


def _one(
    where: History,
    changed: Changed,
    settings: Settings,
    packages: Sequence[Path],
    alone: bool,
) -> Review | None:
    """The review of one file; None when it is no notebook in Python."""
    file, old_file = changed.new or changed.old or "", changed.old or changed.new or ""
    how = How.ADDED if changed.old is None else How.CHANGED
    how = How.REMOVED if changed.new is None else how
    empty = Review(printable(file, 500), printable(old_file, 500), how)
    try:
        before = _before(where, changed, settings) if changed.old is not None else None
        after = _after(where, changed, settings) if changed.new is not None else None
    except NotPython:
        return None
    except InputError as error:
        return replace(empty, error=str(error))
    except Exception as error:
        if os.environ.get("CHASM_TRACEBACK"):
            raise
        fault = f"{printable(file)}: a fault in chasm ({type(error).__name__}). Please report it"
        return replace(empty, error=fault)
    if after is None:
        return empty
    try:
        mine = belonging(where.root / file, packages, alone)
        stale = stale_packages(where.root / file, mine) if mine or not packages else ()
    except InputError as error:
        return replace(empty, error=str(error))
    if before is None:
        return replace(_added(empty, after), stale=stale)
    return replace(compare(before, after), stale=stale)


def _added(empty: Review, new: Version) -> Review:
    """A notebook that is new: its findings, and the flow of its package."""
    package = Package(new.plan.package) if new.plan is not None else Package(error=new.refused)
    return replace(empty, found=new.findings, package=package, flow=flow_of(new.plan, package))


def _before(where: History, changed: Changed, settings: Settings) -> Version:
    assert changed.old is not None
    text, odd = where.text(changed.old)
    try:
        path = where.root / changed.old
        return version_of(path, text, odd, printable(changed.old, 500), settings, _name(changed))
    except NotPython:
        raise
    except InputError as error:
        raise InputError(f"{error} (in {where.base[:10]})") from None


def _after(where: History, changed: Changed, settings: Settings) -> Version:
    assert changed.new is not None
    path = where.root / changed.new
    shown = printable(changed.new, 500)
    return version_of(path, *read_text(path), shown, settings, _name(changed))


def _name(changed: Changed) -> str:
    return package_name(PurePosixPath(changed.new or changed.old or "").stem, frozenset())


def _shown(path: Path) -> str:
    return printable(path.as_posix(), 500)
