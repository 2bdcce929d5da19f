"""Many notebooks in one call: the start-up is shared, the work divided over processes."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TextIO

from chasm.api import Conversion, convert
from chasm.errors import InputError

MIN_FOR_POOL = 4
Result = tuple[Conversion | None, str | None]


def convert_many(
    notebooks: Sequence[Path],
    output: Path | None,
    force: bool,
    check: bool,
    bar: TextIO | None = None,
) -> Iterator[Result]:
    """Results in the order of ``notebooks``; an error is text, and ends only its notebook."""
    folders = _folders(notebooks, output)
    jobs = [(path, folder, force, check) for path, folder in zip(notebooks, folders, strict=True)]
    workers = min(os.cpu_count() or 1, len(jobs))
    results: Iterator[Result]
    if len(jobs) < MIN_FOR_POOL or workers < 2:
        yield from _shown(map(_one, jobs), len(jobs), bar)
        return
    with ProcessPoolExecutor(workers) as pool:
        results = pool.map(_one, jobs, chunksize=max(1, len(jobs) // (workers * 8)))
        yield from _shown(results, len(jobs), bar)


def _folders(notebooks: Sequence[Path], output: Path | None) -> list[Path]:
    """One folder a notebook, told apart where two notebooks have one name."""
    from chasm.emit.names import package_name

    parent = output if output is not None else Path()
    seen: dict[str, int] = {}
    folders: list[Path] = []
    for path in notebooks:
        name = package_name(path.stem, frozenset()).replace("_", "-")
        seen[name] = seen.get(name, 0) + 1
        folders.append(parent / (name if seen[name] == 1 else f"{name}-{seen[name]}"))
    return folders


def _one(job: tuple[Path, Path, bool, bool]) -> Result:
    path, folder, force, check = job
    try:
        return convert(path, folder, force=force, dry_run=check), None
    except InputError as error:
        return None, str(error)
    except RecursionError:
        return None, f"{path.name}: the code is nested too deeply"
    except Exception as error:
        return None, f"{path.name}: a fault in chasm ({type(error).__name__}: {error})"


def _shown(results: Iterator[Result], total: int, bar: TextIO | None) -> Iterator[Result]:
    if bar is None:
        yield from results
        return
    from click.termui import progressbar

    with progressbar(length=total, label="converting", file=bar) as shown:
        done = []
        for result in results:
            done.append(result)
            shown.update(1)
    # The lines come after the bar, so that neither breaks the other.
    yield from done
