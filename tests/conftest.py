"""Options of the test run, and what every test has around it."""

from pathlib import Path

import pytest
from support.placed import FILES

from chasm.place import write_project


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="Write what is made now as what is expected; the tests that do so fail and say so.",
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expectations are to be written anew."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder into which ``FILES`` were written."""
    folder = tmp_path / "project"
    write_project(FILES, folder)
    return folder


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
