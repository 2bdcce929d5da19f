"""Are the tests any good? How many wrong packages the tests of a package find out.

    python benchmarks/mutate.py [--fixtures NAME …] [--mutants N] [--seed N]

Converts a fixture, verifies it, lets its tests be written, and then changes one place of the
package at a time: a constant, a name of a column, an operator, or a statement less. A mutant is
caught when the package's own tests fail. Prints Markdown, and the mutants that got through.

The tests run in children of one process that has imported the package's libraries already, the
recorded tests first, since nearly all of the time would otherwise go into importing.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "notebooks"
#: Modules that hold the notebook's own code and settings.
MODULES = ("config", "data", "features", "training", "pipeline", "report")
OPERATORS = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Gt: "<=", ast.Lt: ">=",
    ast.GtE: "<", ast.LtE: ">", ast.Eq: "!=", ast.NotEq: "==",
}  # fmt: skip
#: Seconds for one run of a package's tests, and for a verification with its three runs and more.
TIMEOUT, PATIENCE = 300, 1800
RECORDED = "test_recorded.py"
#: Reads the names of tests, a line a run, runs them in a child, and answers with its exit code.
SERVER = """
import importlib, os, signal, sys
import pytest
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except Exception:
        pass
for line in sys.stdin:
    child = os.fork()
    if not child:
        signal.alarm(int(sys.argv[1]))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 1
        try:
            code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", *line.split()])
        finally:
            os._exit(int(code))
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@dataclass(frozen=True)
class Mutant:
    """One place of one module, and what is put there."""

    path: Path
    line: int
    start: int
    end: int
    text: str
    kind: str

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def made(node: ast.expr | ast.stmt, text: str, kind: str) -> Mutant:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        return Mutant(path, node.lineno, start, end, text, kind)

    tree = ast.parse(source)
    idle = set(_idle(tree))
    for node in ast.walk(tree):
        if node in idle:
            continue
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                yield made(node, str(not node.value), "constant")
            elif isinstance(node.value, int):
                yield made(node, str(node.value + 1), "constant")
            elif isinstance(node.value, float):
                yield made(node, repr(node.value * 1.5 + 0.1), "constant")
            elif isinstance(node.value, str) and node.value.isidentifier():
                yield made(node, repr(node.value + "_"), "column")
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            text = f"({ast.unparse(node.left)}) {OPERATORS[type(node.op)]} "
            yield made(node, f"({text}({ast.unparse(node.right)}))", "operator")
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
            text = f"({ast.unparse(node.left)}) {OPERATORS[type(node.ops[0])]} "
            yield made(node, f"({text}({ast.unparse(node.comparators[0])}))", "operator")
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                if isinstance(statement, ast.Assign | ast.Expr) and statement not in idle:
                    yield made(statement, "pass", "statement")


def _idle(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes that say nothing when the package runs: documentation and annotations."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from (node, node.value)
        for name in ("annotation", "returns"):
            annotation = getattr(node, name, None)
            if annotation is not None:
                yield from ast.walk(annotation)
        if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
            yield from ast.walk(node)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip


def prepared(fixture: Path, place: Path) -> Path:
    """The package of a fixture, with the tests that a verification wrote."""
    ignore = shutil.ignore_patterns("expected*")
    copy = Path(shutil.copytree(fixture, place / "notebook", ignore=ignore))
    (notebook,) = copy.glob("notebook.*")
    package = place / "package"
    chasm = [sys.executable, "-m", "chasm.cli"]
    name = fixture.name
    for arguments in (
        ["convert", str(notebook), "-o", str(package), "--name", name, "-q"],
        ["verify", str(notebook), str(package), "--write-tests"],
    ):
        done = run([*chasm, *arguments], place)
        if done.returncode:
            sys.exit(f"{name}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    if not (package / "tests" / "test_recorded.py").exists():
        sys.exit(f"{name}: no tests were written: {done.stdout}")
    return package


class Tester:
    """Runs a package's tests, in a child of a process that has its libraries at hand."""

    def __init__(self, process: "subprocess.Popen[str]", package: Path) -> None:
        self._process = process
        tests = sorted(path.name for path in package.glob("tests/test_*.py"))
        self._others = [name for name in tests if name != RECORDED]

    def passes(self) -> bool:
        """Whether every test passes; the others are tried once the recorded ones do."""
        return self._ask([RECORDED]) and self._ask(self._others)

    def _ask(self, names: list[str]) -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(f"tests/{name}" for name in names) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip() == "0"

    def caught(self, mutant: Mutant) -> bool:
        """Whether the tests fail with the mutant in place."""
        source = mutant.path.read_bytes()
        mutant.path.write_bytes(mutant.apply(source))
        try:
            return not self.passes()
        finally:
            mutant.path.write_bytes(source)


@contextmanager
def tester(package: Path) -> Iterator[Tester]:
    """A tester for the time of the block."""
    environment = os.environ | {
        "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(TIMEOUT), *sorted(libraries_of(package))], cwd=package,
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Tester(process, package)
    finally:
        process.kill()
        process.wait()


def libraries_of(package: Path) -> set[str]:
    """The modules of others that a package imports."""
    found: set[str] = set()
    for path in package.glob("src/*/*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    own = {path.name for path in package.glob("src/*")}
    return {name for name in found if name.partition(".")[0] not in own}


def chosen(package: Path, count: int, seed: int) -> list[Mutant]:
    """A sample of the mutants, as many of each kind as can be."""
    found = [
        mutant
        for module in MODULES
        for path in package.glob(f"src/*/{module}.py")
        for mutant in mutants_of(path)
    ]
    dice = random.Random(seed)
    dice.shuffle(found)
    kinds = {kind: [m for m in found if m.kind == kind] for kind in sorted({m.kind for m in found})}
    picked: list[Mutant] = []
    while len(picked) < count and any(kinds.values()):
        for listed in kinds.values():
            if listed and len(picked) < count:
                picked.append(listed.pop())
    return picked


def told(name: str, mutant: Mutant) -> str:
    """A mutant in one line."""
    line = mutant.path.read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    where = f"{name}/{mutant.path.name}:{mutant.line}"
    return f"{where}: {mutant.kind} -> {mutant.text}: {line.strip()}"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fixtures", nargs="*", help="folders of fixtures; by default five")
    parser.add_argument("--mutants", type=int, default=20, help="of each fixture")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    names = options.fixtures or sorted(path.name for path in FIXTURES.iterdir())[:5]
    through: list[str] = []
    total = found = 0
    print("| fixture | mutants | caught |\n| --- | ---: | ---: |", flush=True)
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            package = prepared(FIXTURES / name, Path(place))
            mutants = chosen(package, options.mutants, options.seed)
            count = 0
            with tester(package) as tests:
                if not tests.passes():
                    sys.exit(f"{name}: the package's own tests fail as it is")
                for mutant in mutants:
                    if tests.caught(mutant):
                        count += 1
                    else:
                        through.append(told(name, mutant))
                        print(f"through: {through[-1]}", file=sys.stderr, flush=True)
            total, found = total + len(mutants), found + count
            print(f"| {name} | {len(mutants)} | {count} |", flush=True)
    print(f"\n{found} of {total} mutants caught, {found / max(total, 1):.0%}")
    if through:
        print("\nNot caught:\n\n" + "\n".join(f"- {line}" for line in through))


if __name__ == "__main__":
    main()
