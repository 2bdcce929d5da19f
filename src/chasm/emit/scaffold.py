"""The files that hold none of the notebook's code, rendered from templates."""

from dataclasses import replace

from chasm.emit import text
from chasm.emit.annotations import Annotations
from chasm.emit.calls import call_line, copy_imports, needed, predictor_imports
from chasm.emit.configuration import config_toml, config_values, example_of
from chasm.emit.describing import description_of, report_doc, shows_styled
from chasm.emit.imports import import_lines
from chasm.emit.readme import readme_values
from chasm.emit.serving import serving_files, serving_requirements, serving_values
from chasm.emit.templating import render
from chasm.emit.testing import (
    is_output,
    reads_anywhere,
    report_files,
    resolved,
    secrets_of,
    unpacked,
)
from chasm.model import Import, Statement
from chasm.plan.model import Call, Fate, Plan, Written

#: What every package needs, with the lower bounds that it was tried with.
BASE = (("pydantic-settings", ">=2.6"), ("typer", ">=0.15"))


class Scaffold:
    """Renders everything around the notebook's own code."""

    def __init__(self, plan: Plan, notebook_folder: str) -> None:
        self._plan, self._folder = plan, notebook_folder
        self._project = plan.package.replace("_", "-")
        self._prefix = f"{plan.package.upper()}_"
        self._entry = "train" if plan.trains else "prepare"
        self._figures = plan.draws
        self._asynchronous = {f.name for f in plan.functions if f.asynchronous}
        self._pipeline_params = needed(plan, plan.pipeline)
        self._report_params = needed(plan, plan.report)
        self._uses_results = any(
            value.startswith("results.") for call in plan.report for _, value in call.arguments
        )
        self._uses_output = "output" in self._pipeline_params | self._report_params
        self._uses_config = "config" in self._pipeline_params | self._report_params
        self._serving = serving_values(plan)
        found = {f.module for f in plan.functions} | {p.module for p in plan.parts}
        self._modules = sorted(found | ({"features"} if plan.transformer is not None else set()))

    def code_modules(self) -> list[str]:
        """Modules that hold code of the notebook."""
        return self._modules

    def _render(self, template: str, **values: object) -> str:
        return render(template, **values)

    def report_write(self) -> str:
        """The function that calls all others of the report module."""
        if not self._plan.report:
            return ""
        lines = [self._call_line(c) for c in self._plan.report]
        return self._render(
            "report_write.py.j2",
            signature=self._report_signature(),
            doc=report_doc(self._plan),
            calls=lines,
        )

    def _report_signature(self) -> str:
        handles = self._plan.handles
        parts = ["results: Results"] if self._uses_results else []
        parts += [f"{handles.config}: Config"] if "config" in self._report_params else []
        parts += [f"{handles.output}: Output"] if "output" in self._report_params else []
        return ", ".join(parts)

    def report_imports(self) -> list[Import]:
        """What the signature of the report's function takes."""
        package = self._plan.package
        found = self._event_loop(self._plan.report)
        called = {call.function for call in self._plan.report}
        for function in self._plan.functions:
            if function.name in called and function.module != "report":
                module = f"{package}.{function.module}"
                found.append(Import(function.name, module, function.name))
        if self._plan.report:
            if self._uses_results:
                found.append(Import("Results", f"{package}.pipeline", "Results"))
            if "config" in self._report_params:
                found.append(Import("Config", f"{package}.config", "Config"))
            if "output" in self._report_params:
                found.append(Import("Output", f"{package}.output", "Output"))
        return found

    def python_files(self) -> dict[str, str]:
        """Python files by path, not yet formatted."""
        plan, base = self._plan, f"src/{self._plan.package}"
        found = {
            f"{base}/__init__.py": f'"""{text.docstring(description_of(self._plan))}"""\n',
            f"{base}/__main__.py": self._main(),
            f"{base}/config.py": self._render(
                "config.py.j2",
                prefix=self._prefix,
                example=example_of(plan),
                serving=self._serving,
                **config_values(plan),
            ),
            "tests/test_notebook.py": self._tests(),
        }
        if plan.pipeline:
            found[f"{base}/pipeline.py"] = self._pipeline()
        found[f"{base}/output.py"] = self._render(
            "output.py.j2", figures=self._figures, pages=plan.pages, styled=shows_styled(plan.facts)
        )
        return found | serving_files(plan, self._project, self._render, self._test_values())

    def other_files(self) -> dict[str, str]:
        plan = self._plan
        dependencies = dict(BASE) | serving_requirements(plan, self._render)
        dependencies |= dict(plan.dependencies)
        listed = [f"{name}{bound}" for name, bound in sorted(dependencies.items())]
        shared: dict[str, object] = {
            "project": self._project,
            "package": plan.package,
            "trains": plan.trains,
            "saves": self._run_values()["saves"],
            "serving": self._serving,
            "description": description_of(plan),
        }
        return {
            "pyproject.toml": self._render("pyproject.toml.j2", **shared, dependencies=listed),
            "README.md": self._render(
                "README.md.j2", **shared, prefix=self._prefix, **readme_values(plan)
            ),
            "config.toml": config_toml(plan, self._folder),
            "Dockerfile": self._render("Dockerfile.j2", **shared),
            ".github/workflows/ci.yml": self._render("ci.yml.j2"),
            ".gitignore": "__pycache__/\n.venv/\nreports/\n"
            + ("artifacts/\n" if plan.serving else ""),
        }  # fmt: skip

    def _pipeline(self) -> str:
        plan = self._plan
        annotations = Annotations(plan, ())
        if plan.results or plan.predictor is not None:
            annotations.imports.append(Import("dataclass", "dataclasses", "dataclass"))
        if plan.predictor is not None:
            annotations.imports += predictor_imports(plan, plan.predictor)
            annotations.imports.append(Import("Any", "typing", "Any"))
        results = []
        for name, value in plan.results:
            found = annotations.of_value(value)
            if found is None and value.kind != "own":
                annotations.imports.append(Import("Any", "typing", "Any"))
            if value.kind == "own" and plan.transformer is not None:
                found = plan.transformer.name
            results.append((name, found or "Any"))
        modules = {f.name: f.module for f in plan.functions}
        imports = list(annotations.imports)
        for call in plan.pipeline:
            if isinstance(call, Written) and not call.transformer:
                continue
            name = call.transformer if isinstance(call, Written) else call.function
            module = f"{plan.package}.{modules.get(name, 'features')}"
            imports.append(Import(name, module, name))
        imports += self._config_and_output(self._pipeline_params)
        imports += [*self._event_loop(plan.pipeline), *copy_imports(plan.pipeline)]
        doc = "Run every step of the notebook that a model, a metric or a file needs."
        return self._render(
            "pipeline.py.j2", imports=import_lines(imports, plan.package), results=results,
            entry=self._entry, signature=self._pipeline_signature(), doc=doc,
            returns="Results" if results or plan.predictor else "None",
            predictor=plan.predictor, calls=[self._call_line(c) for c in plan.pipeline],
        )  # fmt: skip

    def _call_line(self, call: Call | Written) -> str:
        """A call of the pipeline or the report; one that awaits is given an event loop."""
        if isinstance(call, Call) and call.function in self._asynchronous:
            code = call_line(replace(call, targets=()))
            return f"{', '.join(call.targets)}{' = ' if call.targets else ''}asyncio.run({code})"
        return call_line(call)

    def _event_loop(self, calls: "tuple[Call | Written, ...]") -> list[Import]:
        """What gives functions that await an event loop."""
        waiting = any(
            isinstance(call, Call) and call.function in self._asynchronous for call in calls
        )
        return [Import("asyncio", "asyncio", None)] if waiting else []

    def _config_and_output(self, wanted: set[str]) -> list[Import]:
        package = self._plan.package
        found = []
        if "config" in wanted:
            found.append(Import("Config", f"{package}.config", "Config"))
        if "output" in wanted:
            found.append(Import("Output", f"{package}.output", "Output"))
        return found

    def _pipeline_signature(self) -> str:
        handles = self._plan.handles
        types = {"config": f"{handles.config}: Config", "output": f"{handles.output}: Output"}
        return ", ".join(types[name] for name in sorted(self._pipeline_params))

    def _run_values(self) -> dict[str, object]:
        plan = self._plan
        report = ["results"] if self._uses_results else []
        report += sorted(self._report_params)
        saves = any(s.effects.writes for s in self._product() if not s.effects.draws)
        return {
            "package": plan.package, "entry": self._entry, "trains": plan.trains,
            "saves": plan.trains and saves, "uses_config": self._uses_config,
            "has_pipeline": bool(plan.pipeline), "has_report": bool(plan.report),
            "results": self._uses_results, "pipeline_output": "output" in self._pipeline_params,
            "pipeline_config": "config" in self._pipeline_params,
            "pipeline_args": ", ".join(sorted(self._pipeline_params)),
            "report_args": ", ".join(report), "serving": self._serving,
            "written": self._written(), "named_written": self._named_written(),
            "there": self._there(), "unpacked": unpacked(self._plan.settings),
            "written_last": [name for name in self._there() if not self._in_pipeline(name)],
        }  # fmt: skip

    def _product(self) -> list[Statement]:
        kept = (Fate.PRODUCT, Fate.REPORT)
        return [s for s in self._plan.facts.statements if self._plan.fates[s.id][0] in kept]

    def _written(self) -> list[str]:
        """Fields with the paths that the package writes to."""
        if not self._uses_config:
            return []
        return [s.name for s in self._plan.settings if is_output(s)]

    def _named_written(self) -> list[str]:
        """Settings that are the name of a file which some function writes and another reads."""
        return [s.name for s in self._plan.settings if s.written]

    def _there(self) -> list[str]:
        """Those that can be looked for: a library may end a name that has no suffix itself."""
        values = {s.name: str(s.value) for s in self._plan.settings if s.group == "output"}
        return [name for name in self._written() if "." in values[name].rpartition("/")[2]]

    def _in_pipeline(self, name: str) -> bool:
        """Whether the pipeline has the path of an output, and not the report alone."""
        place = f"{self._plan.handles.config}.output.{name}"
        calls = [call for call in self._plan.pipeline if isinstance(call, Call)]
        return any(value == place for call in calls for _, value in call.arguments)

    def _main(self) -> str:
        plan = self._plan
        parts = (["pipeline"] if plan.pipeline else []) + (["report"] if plan.report else [])
        parts += ["artifacts", "scoring"] if plan.serving else []
        imports = [Import(part, plan.package, part) for part in parts]
        wanted = self._pipeline_params | self._report_params | {"output"}
        if plan.serving:
            wanted |= {"config"}
            imports.append(Import("Predictor", f"{plan.package}.inference", "Predictor"))
        imports += self._config_and_output(wanted)
        return self._render(
            "main.py.j2", **self._run_values(),
            imports=import_lines(imports, plan.package),
            description=text.docstring(description_of(self._plan)),
        )  # fmt: skip

    def _test_values(self) -> dict[str, object]:
        """What a test needs to run the whole notebook, or to train, in a folder of its own."""
        read = [s for s in self._plan.settings if s.beside_notebook] if self._uses_config else []
        # Where every file that is read is a setting, the test can run in a folder of its own.
        told = {s.value for s in self._plan.settings if isinstance(s.value, str)}
        named = any(reads_anywhere(s, told) for s in self._product())
        alone = not named and not any(s.effects.unknown for s in self._product())
        return self._run_values() | {
            "results": bool(self._plan.results), "alone": alone, "named": named,
            "read": [resolved(s) for s in read], "secrets": secrets_of(self._plan, self._product()),
            "needs_path": not alone or any(not s.path for s in read) or bool(self._named_written()),
        }  # fmt: skip

    def _tests(self) -> str:
        plan = self._plan
        # With a served model the tests share one training, which ``conftest.py`` has.
        shared = plan.serving is not None
        parts = ["pipeline"] if plan.pipeline and not shared else []
        parts += ["report"] if plan.report else []
        imports = [Import(part, plan.package, part) for part in parts]
        wanted = self._report_params | (set() if shared else self._pipeline_params)
        if shared:
            wanted |= {"config"} if self._written() else set()
            imports.append(Import("Results", f"{plan.package}.pipeline", "Results"))
        imports += self._config_and_output(wanted)
        modules = [*self._modules, "config", *(["pipeline"] if plan.pipeline else [])]
        values = self._test_values()
        files = report_files(plan) if "output" in self._report_params else []
        asserts = bool(plan.results) and not files
        values |= {"results": asserts or bool(plan.report) and self._uses_results}
        return self._render(
            "test_notebook.py.j2", **values,
            imports=import_lines(imports, plan.package), modules=sorted(modules),
            uses_output=self._uses_output, asserts_results=asserts,
            report_config="config" in self._report_params,
            report_output="output" in self._report_params, report_files=files,
        )  # fmt: skip
