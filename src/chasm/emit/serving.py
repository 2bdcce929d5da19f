"""The files around a served model: its records, its artifacts, its service, and their tests."""

from collections.abc import Callable, Mapping

from chasm.emit.imports import import_lines
from chasm.emit.record import closed_columns, example_record, record_fields
from chasm.model import Import
from chasm.plan.model import Plan, Serving
from chasm.plan.modules import SERVICE
from chasm.plan.settings import settings_class

Render = Callable[..., str]
#: How dates may be written where nobody says how the file has them.
ANY_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y")


def serving_values(plan: Plan) -> dict[str, object] | None:
    """What templates of other files take, as ``serving``; None where no model is served."""
    serving = plan.serving
    if serving is None:
        return None
    service = _free(plan, "service")
    stops = [
        {"cell": cell, "line": line, "statement": statement, "reason": reason}
        for cell, line, statement, reason in serving.stops
    ]
    table = plan.seen.table if plan.seen is not None else None
    return {
        "declared": table is not None,
        "closed": closed_columns(table) if table else [],
        "service": service,
        "config_class": settings_class(service),
        "artifacts": _free(plan, "artifacts"),
        "model": serving.model,
        "why": serving.why,
        "target": serving.target,
        "unused": serving.unused,
        "partial": serving.partial,
        "transformer": serving.transformer,
        "stops": stops,
        "rescaled": [{"cell": cell, "statement": text} for cell, text in serving.rescaled],
        "undone": serving.undone
        and {"function": _in_template(serving.undone[0]), "cell": serving.undone[1]},
    }


def serving_files(
    plan: Plan, project: str, render: Render, shared: Mapping[str, object]
) -> dict[str, str]:
    """The modules around the model and their tests by path, not yet formatted.

    ``shared`` are the values of the tests of the whole notebook: both train in the same way.
    """
    values = serving_values(plan)
    if plan.serving is None or values is None:
        return {}
    table = plan.seen.table if plan.seen is not None else None
    about = {
        "package": plan.package,
        "project": project,
        "config_class": values["config_class"],
        "trusted": _trusted(plan, plan.serving),
        "unused": repr(tuple(plan.serving.unused)),
        "example": repr((example_record(table) if table else {}) | _example(plan.serving)),
        "extra": "ignore" if plan.serving.partial else "forbid",
        "fields": record_fields(table) if table else [],
        "rows": f"{table.rows:,} records" if table else "",
        "closed": repr(tuple(closed_columns(table))) if table else "()",
        "learner": plan.serving.learner,
        "undone": values["undone"],
        "dates": repr(plan.serving.dates or ANY_DATES),
        "dates_known": bool(plan.serving.dates),
    }
    files = {f"src/{plan.package}/{name}.py": render(f"{name}.py.j2", **about) for name in SERVICE}
    files["tests/test_serving.py"] = render("test_serving.py.j2", **about)
    return files | {"tests/conftest.py": _conftest(plan, render, shared)}


def _in_template(name: str) -> str:
    """A function of arrays by the name that the templates have for it."""
    return f"np.{name.rpartition('.')[2]}"


def serving_requirements(plan: Plan, render: Render) -> dict[str, str]:
    """What the modules around the model need: distributions with their lower bounds."""
    if plan.serving is None:
        return {}
    lines = render("requirements.txt.j2").split()
    return {name: f">={bound}" for name, _, bound in (line.partition(">=") for line in lines)}


def _conftest(plan: Plan, render: Render, shared: Mapping[str, object]) -> str:
    imports = [
        Import("pytest", "pytest", None),
        Import("Config", f"{plan.package}.config", "Config"),
        Import("pipeline", plan.package, "pipeline"),
    ]
    imports += [Import("os", "os", None)] if shared["secrets"] else []
    imports += [Import("Path", "pathlib", "Path")] if shared["needs_path"] else []
    if shared["pipeline_output"]:
        imports.append(Import("Output", f"{plan.package}.output", "Output"))
    module, _, learner = plan.serving.learner.rpartition(".") if plan.serving else ("", "", "")
    if learner:
        imports += [
            Import(learner, module, learner), Import("functools", "functools", None),
            Import("weakref", "weakref", None), Import("Any", "typing", "Any"),
            Import("Callable", "collections.abc", "Callable"),
        ]  # fmt: skip
    own = {"imports": import_lines(imports, plan.package), "learner": learner}
    return render("conftest.py.j2", **dict(shared) | own)


def _trusted(plan: Plan, serving: Serving) -> list[str]:
    """The package's own types that a saved predictor may hold, by their full names."""
    owns = [f"{plan.package}.{own.module}.{own.name}" for own in plan.owns]
    groups = {setting.group for setting in plan.settings if setting.group}
    owns += [f"{plan.package}.config.{settings_class(group)}" for group in groups]
    if serving.transformer is not None:
        owns.append(f"{plan.package}.features.{serving.transformer}")
    return sorted(owns)


def _example(serving: Serving) -> dict[str, object]:
    """The record that the notebook typed, as far as JSON has its values."""
    return {
        name: value
        for name, value in serving.example
        if value is None or isinstance(value, str | int | float | bool)
    }


def _free(plan: Plan, name: str) -> str:
    """``name``, or with an underscore where the notebook's settings have it already."""
    taken = {setting.group or setting.name for setting in plan.settings}
    return f"{name}_" if name in taken else name
