"""Run a notebook from top to bottom as Jupyter would, and record what it did.

    python -m support.run_notebook NOTEBOOK RECORD [--executed]

Nothing of chasm's is used but its division of ``.py`` sources into cells: the record is what
the package is judged by. With ``--executed`` the cells are run in the order of their counts.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell

#: Plumbing that asks for a front end, which there is not.
WITHOUT_FRONT_END = ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "pip")
#: Cell magics whose body is Python of the notebook.
PYTHON = ("%%time", "%%capture", "%%prun")


class Recorder:
    """What the notebook printed, which figures it showed, which cells failed."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.figures = 0
        self.errors: list[str] = []

    def print(self, *values: object, **options: Any) -> None:
        """What the notebook's own code calls to print; what libraries print is not kept."""
        # Within ``%%capture`` the stream is another one, and nobody sees what goes into it.
        if options.get("file") in (None, sys.stdout) and sys.stdout is sys.__stdout__:
            text = (options.get("sep") or " ").join(str(value) for value in values)
            end = options.get("end")
            self.printed.append(text + ("\n" if end is None else end))
        print(*values, **options)

    def flush(self) -> None:
        """Count the open figures and close them, as the inline backend does."""
        for number in plt.get_fignums():
            figure = plt.figure(number)
            self.figures += bool(figure.axes)
            plt.close(figure)

    def lines(self) -> list[str]:
        return "".join(self.printed).splitlines()


class Shell(InteractiveShell):
    """IPython without a front end, which installs nothing."""

    def system(self, cmd: str) -> None:
        if "install" not in cmd:
            self.system_piped(cmd)  # type: ignore[no-untyped-call]


class AsTheAuthorRanIt(ast.NodeTransformer):
    """A change in place of one column: done before pandas 3, undone since.

    The fixtures are of authors with older versions, and the package does what it did for them.
    """

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        call = node.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return node
        column = call.func.value
        inplace = [k for k in call.keywords if k.arg == "inplace"]
        if not inplace or not isinstance(column, ast.Subscript | ast.Attribute):
            return node
        call.keywords = [k for k in call.keywords if k not in inplace]
        text = f"{ast.unparse(column)} = {ast.unparse(call)}"
        return ast.copy_location(ast.parse(text).body[0], node)


def cells_of(path: Path, executed: bool) -> Iterator[str]:
    """The code cells that hold Python, in the order in which they are to run."""
    if path.suffix == ".py":
        from chasm.model import CellKind
        from chasm.read.script import cells_of as parts

        for part in parts(path.read_text(encoding="utf-8"), path.name):
            if part.kind is CellKind.CODE and part.left_out is None:
                yield part.source
        return
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    if executed:
        code = sorted(
            (cell for cell in code if cell["execution_count"]), key=lambda c: c["execution_count"]
        )
    for cell in code:
        yield "".join(cell["source"])


def is_python(cell: str) -> bool:
    words = cell.split(maxsplit=1)
    return bool(words) and (not words[0].startswith("%%") or words[0] in PYTHON)


def main(notebook: Path, target: Path, executed: bool) -> None:
    """Run ``notebook`` and write what it did to ``target``."""
    recorder = Recorder()
    shell = Shell.instance()
    shell.history_manager.enabled = False  # type: ignore[union-attr]
    for name in WITHOUT_FRONT_END:
        shell.magics_manager.magics["line"][name] = lambda line: None
    shell.user_ns["print"] = recorder.print
    shell.ast_transformers.append(AsTheAuthorRanIt())
    plt.show = lambda *_, **__: recorder.flush()
    for number, cell in enumerate(cells_of(notebook, executed), start=1):
        if is_python(cell):
            result = shell.run_cell(cell)  # type: ignore[no-untyped-call]
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                recorder.errors.append(f"code cell {number}: {type(error).__name__}: {error}")
            recorder.flush()
    record = {
        "printed": recorder.lines(),
        "figures": recorder.figures,
        "errors": recorder.errors,
    }
    target.write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--executed" in sys.argv[3:])
