"""The class that makes the model's inputs of raw records, as a scikit-learn transformer."""

from chasm.emit.annotations import Annotations
from chasm.emit.templating import render
from chasm.model import Import, Value
from chasm.plan.documents import cells_text
from chasm.plan.model import Plan, Transformer
from chasm.plan.settings import settings_class


def transformer_class(
    transformer: Transformer, learned: list[str], annotations: Annotations
) -> str:
    """The source of the class; ``learned`` are the lines of its ``fit``."""
    from chasm.emit.calls import call_line

    table = transformer.records if transformer.kind == "frame" else "records"
    given = [(name, _annotation(value, annotations)) for name, value in transformer.given]
    attributes = [
        {
            "name": f"{a.name}_",
            "type": annotations.of_value(a.value) or "",
            "cells": cells_text(a.cells),
        }
        for a in transformer.attributes
    ]
    return render(
        "transformer.py.j2",
        name=transformer.name,
        records=transformer.records,
        table=table,
        kind=transformer.kind,
        copies=transformer.copies,
        renumbers=transformer.renumbers,
        gives=annotations.of_value(transformer.gives) or "",
        given=given,
        attributes=attributes,
        fit=learned,
        transform=[call_line(call) for call in transformer.transform],
        result=transformer.result,
    )


def _annotation(value: Value | str, annotations: Annotations) -> str:
    if isinstance(value, str):
        return settings_class(value)
    return annotations.of_value(value) or "object"


def transformer_imports(plan: Plan, transformer: Transformer) -> tuple[Import, ...]:
    """What the class needs beside the imports of its statements."""
    found = [Import("Self", "typing", "Self")]
    found += [named(q, plan) for word in ("transformer", "records") for q in plan.made_of[word]]
    for _, value in transformer.given:
        if isinstance(value, str):
            name = settings_class(value)
            found.append(Import(name, f"{plan.package}.config", name))
    modules = {f.name: f.module for f in plan.functions}
    for call in (*transformer.fit, *transformer.transform):
        function = getattr(call, "function", "")
        if modules.get(function, "features") != "features":
            found.append(Import(function, f"{plan.package}.{modules[function]}", function))
    return tuple(dict.fromkeys(found))


def named(qualname: str, plan: Plan) -> Import:
    """The import of a class, or of a whole library under the alias that the field uses."""
    module, _, name = qualname.rpartition(".")
    if module:
        return Import(name, module, name)
    alias = next((a for q, a in plan.annotations.values() if q.startswith(f"{name}.") and a), name)
    return Import(alias, name, None)
