"""Whatever fails while a project is written, everything is as it was before."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.folders import tree
from support.placed import FILES, NEXT, assert_no_leftovers, contents

from chasm.errors import InputError
from chasm.place import write_project


def failing(nth: int, real: Callable[..., None], error: BaseException) -> Callable[..., None]:
    """``real``, but for its ``nth`` call, which raises."""
    calls = 0

    def replace(*arguments: Any, **options: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise error
        real(*arguments, **options)

    return replace


@pytest.mark.parametrize("nth", range(1, 7))
def test_a_failure_on_the_way_leaves_everything_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    before = tree(project)
    error = OSError(28, "No space left on device")
    monkeypatch.setattr(os, "replace", failing(nth, os.replace, error))
    with pytest.raises(InputError, match="No space left on device"):
        write_project(NEXT, project)
    monkeypatch.undo()
    assert tree(project) == before
    assert_no_leftovers(project)
    write_project(NEXT, project)
    assert contents(project) == NEXT


def test_an_interruption_leaves_everything_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(project)
    monkeypatch.setattr(os, "replace", failing(3, os.replace, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_project(NEXT, project)
    assert tree(project) == before
    assert_no_leftovers(project)


def test_a_failure_while_a_new_folder_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_text
    monkeypatch.setattr(Path, "write_text", failing(2, real, OSError(28, "full")))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="full"):
        write_project(FILES, tmp_path / "project")
    assert list(tmp_path.iterdir()) == []
