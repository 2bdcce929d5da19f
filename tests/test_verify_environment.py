"""The environment of a verdict: written down, as lower bounds, and made again."""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.command import chasm_, error_line, write

from chasm.place.bounds import bounded
from chasm.verify.environment import recorded_versions

pytestmark = pytest.mark.usefixtures("own_folder")

CELLS = ("import numpy as np\nx = np.arange(3.0)", "print('sum', x.sum())")
#: Stands in for uv: notes how it was called, and makes an environment that has all that this has.
UV = """\
#!{python}
import pathlib, subprocess, sys
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
if sys.argv[1] == "venv":
    subprocess.run([{python!r}, "-m", "venv", "--without-pip", sys.argv[-1]], check=True)
    (site,) = pathlib.Path(sys.argv[-1]).glob("lib/*/site-packages")
    (site / "all.pth").write_text({site!r})
else:
    for way in (pathlib.Path(sys.argv[-3]), pathlib.Path(sys.argv[-1])):
        pathlib.Path({log!r} + "." + way.name).write_text(way.read_text())
"""


def package() -> None:
    write("a.ipynb", *CELLS)
    assert chasm_("convert", "a.ipynb", "-o", "p", "--name", "summing").exit_code == 0


def project() -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads(Path("p/pyproject.toml").read_text(encoding="utf-8"))
    return read


def test_a_verified_run_leaves_its_versions_and_they_are_lower_bounds() -> None:
    import numpy

    package()
    result = chasm_("verify", "a.ipynb", "p", "--write-tests")
    assert result.exit_code == 0, result.output
    assert "environment.toml, pyproject.toml with them" in result.stdout
    found = tomllib.loads(Path("p/environment.toml").read_text(encoding="utf-8"))
    assert found["imported"] == {"numpy": numpy.__version__}
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert f"numpy>={numpy.__version__}" in project()["project"]["dependencies"]
    assert recorded_versions(Path("p"))["numpy"] == numpy.__version__


def test_converting_again_keeps_the_bounds() -> None:
    package()
    assert chasm_("verify", "a.ipynb", "p", "--write-tests").exit_code == 0
    before = Path("p/pyproject.toml").read_text(encoding="utf-8")
    assert chasm_("convert", "a.ipynb", "-o", "p", "--name", "summing", "--check").exit_code == 0
    assert chasm_("convert", "a.ipynb", "-o", "p", "--name", "summing").exit_code == 0
    assert Path("p/pyproject.toml").read_text(encoding="utf-8") == before


def test_bounds_leave_alone_what_the_owner_wrote() -> None:
    text = (
        '[project]\ndependencies = [\n  "numpy>=1.26",\n  "pandas<3",\n  "Typer",\n]\n'
        '[dependency-groups]\ndev = [\n  "numpy",\n]\n'
    )
    changed = bounded(text, {"numpy": "2.1.0", "pandas": "2.2.3", "typer": "0.15"})
    assert changed == text.replace("numpy>=1.26", "numpy>=2.1.0").replace("Typer", "Typer>=0.15")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_install_makes_an_environment_once_and_runs_both_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "uv.log"
    tool = tmp_path / "bin" / "uv"
    tool.parent.mkdir()
    site = "\n".join(way for way in sys.path if "site-packages" in way)
    tool.write_text(UV.format(python=sys.executable, log=str(log), site=site), encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    package()
    Path("p/environment.toml").write_text('[imported]\nnumpy = "1.99"\n', encoding="utf-8")
    for _ in range(2):
        result = chasm_("verify", "a.ipynb", "p", "--install")
        assert result.exit_code == 0, result.output
    asked = [line.split()[0] for line in log.read_text().splitlines()]
    assert asked == ["venv", "pip"], "the second time it is there already"
    wanted = Path(f"{log}.requirements.txt").read_text().split()
    assert "ipykernel>=6.29" in wanted
    assert [line for line in wanted if line.startswith("numpy")]
    assert Path(f"{log}.constraints.txt").read_text() == "numpy==1.99\n"


def test_an_environment_that_cannot_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "")
    package()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    said = error_line(chasm_("verify", "a.ipynb", "p", "--install"))
    assert "--install: the environment cannot be made" in said
    assert list((tmp_path / "cache" / "chasm" / "environments").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("pyproject.toml", "[project\n", "no project can be read from it"),
        ("pyproject.toml", '[project]\ndependencies = ["--pre"]\n', "'--pre' is no dependency"),
        ("environment.toml", "[imported]\nnumpy = 3\n", "no version of a distribution"),
    ],
)
def test_what_cannot_be_installed_is_one_line(path: str, text: str, said: str) -> None:
    package()
    (Path("p") / path).write_text(text, encoding="utf-8")
    assert said in error_line(chasm_("verify", "a.ipynb", "p", "--install"))


def test_install_has_its_own_kernel() -> None:
    package()
    said = error_line(chasm_("verify", "a.ipynb", "p", "--install", "--kernel", "python3"))
    assert "does not go with --kernel" in said
