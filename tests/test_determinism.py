"""Invariant 2: the same notebook gives the same bytes on every machine and in every run."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.folders import copied, fixtures, source_in, tree
from support.process import python

FIXTURES = fixtures()
#: Each differs from the first in what must not matter.
WORLDS: dict[str, Mapping[str, str]] = {
    "plain": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "other seed": {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "other place": {
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Chatham",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "COLUMNS": "20",
        "USER": "somebody",
    },
    "optimised": {"PYTHONHASHSEED": "7", "PYTHONOPTIMIZE": "1"},
}
CONVERT_ALL = """
import sys
from pathlib import Path
from chasm.api import convert
from chasm.errors import InputError
root = Path(sys.argv[1])
for place in sorted(root.iterdir()):
    (source,) = place.glob("notebook.*")
    convert(source, place / "made", name="made")
"""


def converted(tmp_path: Path, world: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """Digests of all files of the packages of all fixtures, made in one fresh process."""
    root = tmp_path / "fixtures"
    for folder in FIXTURES:
        copied(folder, root)
    done = python(["-c", CONVERT_ALL, root], cwd, world, timeout=300)
    assert done.returncode == 0, done.stderr
    return {
        f"{folder.name}/{path}": hashlib.sha256(text.encode()).hexdigest()
        for folder in FIXTURES
        for path, text in tree(root / folder.name / "made").items()
    }


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the first world gives."""
    folder = tmp_path_factory.mktemp("plain")
    return converted(folder, WORLDS["plain"], folder)


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "plain"])
def test_the_world_makes_no_difference(plain: dict[str, str], tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    found = converted(tmp_path, WORLDS[name], elsewhere)
    assert len(found) > 10 * len(FIXTURES)
    assert {path for path in plain.keys() | found.keys() if plain.get(path) != found.get(path)} == (
        set()
    )


def test_the_working_directory_and_the_way_to_the_notebook_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chasm.api import convert

    place = copied(FIXTURES[0], tmp_path)
    convert(source_in(place), place / "made", name="made")
    first = tree(place / "made")
    monkeypatch.chdir(place)
    convert(source_in(place).name, "again", name="made")
    assert tree(place / "again") == first
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    relative = os.path.relpath(place)
    convert(f"{relative}/{source_in(place).name}", f"{relative}/third", name="made")
    assert tree(place / "third") == first


def test_a_second_conversion_in_one_process_gives_the_same(tmp_path: Path) -> None:
    from chasm.api import convert

    places = [copied(folder, tmp_path) for folder in FIXTURES[:4]]
    for output, order in (("one", places), ("two", places[::-1])):
        for place in order:
            convert(source_in(place), place / output, name="made")
    assert [tree(place / "one") for place in places] == [tree(place / "two") for place in places]
