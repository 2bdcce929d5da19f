"""The page as one file that needs nothing else, under a policy that allows nothing else.

Every text of the notebook goes through the template's escaping or through ``Markup.format``,
which escapes as well. Script and styles stand in the page, and the policy names their hashes.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from chasm.findings import Finding, Severity
from chasm.plan.flow import make_flow
from chasm.plan.model import Setting
from chasm.report.drawing.svg import picture, style
from chasm.report.page.content import Subject, cells_of, files_of
from chasm.report.text import ORDER, number, printable
from chasm.report.verdict_text import KINDS, summary_line
from chasm.verify.model import Result, Status, Verdict

#: Results that do not agree are told first; of more than so many only the number.
MAX_RESULTS = 200
#: A drawing of more nodes has a window of its own, so that what stands below it stays near.
MAX_NODES = 40


def render(subject: Subject) -> str:
    """The page."""
    css = Markup(_asset("page.css") + style())
    script = Markup(_asset("page.js"))
    plan = subject.plan
    flow = make_flow(plan, tuple(subject.findings))
    shown = files_of(subject)
    drawn = f"The flow of data in {plan.title}"
    return _environment().from_string(_asset("page.html.j2")).render(
        css=css, script=script, policy=_policy(css, script),
        title=printable(plan.title), summary=printable(plan.summary),
        notebook=printable(subject.notebook.file), package=plan.package,
        cells=cells_of(subject, shown), files=shown, counts=_counts(subject),
        flow=Markup(picture(flow, drawn, links=True)), tall=len(flow.nodes) > MAX_NODES,
        findings=_together(subject.findings), found=len(subject.findings), serving=plan.serving,
        settings=[_setting(one, plan.package) for one in plan.settings],
        verdict=_verdict(subject.verdict) if subject.verdict is not None else None,
    ) + "\n"  # fmt: skip


def _asset(name: str) -> str:
    return files("chasm.report.page").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"printable": printable}
    return environment


def _policy(css: str, script: str) -> str:
    """Nothing may be loaded, sent or run but what stands in the page."""
    rules = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(css),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _counts(subject: Subject) -> list[str]:
    code = sum(cell.kind.value == "code" for cell in subject.notebook.cells)
    lines = sum(text.count("\n") for path, text in subject.files.items() if path in subject.origins)
    return [
        number(code, "code cell"),
        number(len(subject.plan.functions), "function"),
        number(lines, "line"),
        number(len(subject.plan.settings), "setting"),
        number(len(subject.findings), "finding"),
    ]


def _rank(finding: Finding) -> tuple[int, int, int, str]:
    severity = ORDER.index(finding.severity)
    return (severity, finding.cell or 0, finding.line or 0, finding.code)


def _together(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """What is said again of other cells is told once, with all of its places."""
    found: dict[tuple[Severity, str, str], list[tuple[int, int | None]]] = {}
    for one in sorted(findings, key=_rank):
        places = found.setdefault((one.severity, one.code, one.message), [])
        if one.cell is not None:
            places.append((one.cell, one.line))
    return [
        {"severity": severity, "code": code, "message": message, "places": places}
        for (severity, code, message), places in found.items()
    ]


def _setting(one: Setting, package: str) -> dict[str, object]:
    name = f"{one.group}.{one.name}" if one.group else one.name
    variable = f"{package}_{name.replace('.', '__')}".upper()
    return {"name": name, "value": repr(one.value), "cell": one.cell, "variable": variable}


def _verdict(verdict: Verdict) -> dict[str, object]:
    # What the package did beyond the notebook is counted in the line, and proves nothing.
    results = [one for one in verdict.results if one.status is not Status.EXTRA]
    results.sort(key=lambda one: one.status is Status.EQUAL)
    return {
        "agrees": verdict.agrees,
        "line": printable(summary_line(verdict)),
        "results": [_result(one) for one in results[:MAX_RESULTS]],
        "more": max(len(results) - MAX_RESULTS, 0),
        "failures": verdict.failures,
        "notes": verdict.notes,
    }


def _result(one: Result) -> dict[str, object]:
    kind = KINDS[one.kind][0] if one.kind in KINDS else one.kind
    difference = ""
    if (told := one.difference) is not None:
        difference = f"{told.where}: {told.notebook} in the notebook, {told.package} in the package"
    return {
        "status": one.status.value,
        "cell": one.cell,
        "what": f"{kind} {one.name}".rstrip(),
        "difference": difference,
    }
