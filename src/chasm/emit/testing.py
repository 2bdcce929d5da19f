"""What the tests of a package have to know of its files and of its environment."""

import ast
import posixpath
from collections.abc import Iterable, Set

from chasm.model import Statement
from chasm.plan.items import Carried, Report, SaveFigures, Show
from chasm.plan.model import Function, Plan, Setting

#: Kinds of shown values that are kept as tables.
TABLES = {"frame", "series"}
#: Methods that give one number for a column, and a column for a frame.
STATISTICS = ("mean", "median", "sum", "max", "min", "std", "var", "count", "nunique", "quantile")


def secrets_of(plan: Plan, carried: Iterable[Statement]) -> list[str]:
    """The environment variables without which some step of the package cannot run."""
    places = [(s.cell, range(s.line, s.end_line + 1)) for s in carried]
    return sorted(
        {
            name
            for cell, line, name in plan.facts.notebook.secrets
            if name and any(cell == at and line in lines for at, lines in places)
        }
    )


def reads_anywhere(s: Statement, told: Set[str]) -> bool:
    """Whether a statement reads a file that is none of ``told``, which settings tell of."""
    return bool(s.effects.reads - told) and not any(one.role == "read" for one in s.literals)


def resolved(setting: Setting) -> str:
    """The line of a test that keeps a path valid when the working folder changes."""
    place = f"config.{setting.group}.{setting.name}" if setting.group else f"config.{setting.name}"
    if setting.path:
        return f"{place} = {place}.resolve()"
    if isinstance(setting.value, list):
        return f"{place} = [str(Path(path).resolve()) for path in {place}]"
    tail = ' + "/"' if str(setting.value).endswith("/") else ""
    return f"{place} = str(Path({place}).resolve()){tail}"


def is_output(setting: Setting) -> bool:
    """Whether a setting is the path of what the package writes by that name."""
    return setting.group == "output" and setting.path and not setting.unpacked


def unpacked(settings: Iterable[Setting]) -> list[str]:
    """The lines of a test that find what an archive holds in the folder it is unpacked into."""
    outputs = {posixpath.normpath(str(s.value)): s.name for s in settings if is_output(s)}
    found = []
    for s in settings:
        path = posixpath.normpath(str(s.value))
        above = [folder for folder in outputs if path.startswith(f"{folder}/")]
        if s.unpacked and s.path and above:
            folder = max(above, key=len)
            rest = repr(path.removeprefix(f"{folder}/"))
            found.append(f"config.output.{s.name} = config.output.{outputs[folder]} / {rest}")
    return found


def report_files(plan: Plan) -> list[str]:
    """Files that the report is sure to write: the notebook has their pictures and tables itself."""
    functions = {function.name: function for function in plan.functions}
    found: list[str] = []
    first: dict[int, str] = {}
    for call in plan.report:
        function = functions[call.function]
        sources = {
            p.source: value
            for p, (_, value) in zip(function.parameters, call.arguments, strict=True)
        }
        told = ast.literal_eval(sources["name"]) if "name" in sources else ""
        found += _files_of(function, told, plan, first)
    return sorted(set(found))


def _is_table(s: Statement) -> bool:
    """Whether a shown value is a table for certain: a statistic of what may be a column is none."""
    last = s.calls[-1] if s.calls else ""
    number = last in STATISTICS and dict(s.receivers).get(last) == "table"
    return s.shown is not None and s.shown.value.kind in TABLES and not number


def _files_of(function: Function, told: str, plan: Plan, first: dict[int, str]) -> list[str]:
    """The files of one call; ``first`` gets the function that draws first in each cell."""
    drew = {cell.index for cell in plan.facts.notebook.cells if cell.drew}
    if told and not drew.issuperset(function.cells):
        drew = set()
    found: dict[int | Report, str] = {}
    cell, shown = 0, False
    for item in function.body:
        # What drew and showed by itself may have left no figure open.
        if isinstance(item, SaveFigures) and not shown:
            # Of several figures of a cell nobody knows which of them it had a picture of.
            found.setdefault(cell, f"{told if item.variable else item.name}.png")
        if not isinstance(item, Carried):
            continue
        s = plan.facts.statements[item.statement]
        shown = (shown and s.cell == cell) or bool(s.effects.draws and s.effects.shows)
        cell = s.cell
        for rewrite in item.rewrites:
            if isinstance(rewrite, Show) and s.syntax == "Expr":
                found.setdefault(cell, f"{told if rewrite.variable else rewrite.figure}.png")
            elif isinstance(rewrite, Report) and _is_table(s):
                found[rewrite] = f"{told if rewrite.variable else rewrite.name}.csv"
    # Of several functions of a cell nobody knows either which of them had its picture.
    cells = [at for at in found if isinstance(at, int)]
    mine = {at for at in cells if first.setdefault(at, function.name) == function.name}
    return [file for at, file in found.items() if isinstance(at, Report) or at in drew & mine]
