"""Type annotations where the kind of a value is known."""

from functools import cache

import libcst as cst

from chasm.model import Import, Value
from chasm.plan.dependencies import enabling
from chasm.plan.model import Parameter, Plan
from chasm.plan.settings import settings_class

PLAIN = {
    "number": "float", "float": "float", "int": "int", "bool": "bool", "string": "str",
    "list": "list", "dict": "dict", "set": "set", "tuple": "tuple",
}  # fmt: skip

#: Kinds whose dotted name is not that of their class.
NO_CLASS = ("object", "instance", "symbol", "module", "function")


class Annotations:
    """Annotations of one module, and the imports that they take."""

    def __init__(self, plan: Plan, imports: tuple[Import, ...]) -> None:
        self._plan = plan
        everything = {i for group in plan.imports.values() for i in group}
        self._roots = {i.root for i in everything}
        # What is experimental can be imported only where this was before, as in the notebook.
        self._enabling = enabling(everything)
        # A class that is only named by an annotation must not hide what the package defines.
        own = {f.name for f in plan.functions} | {p.name for p in plan.parts}
        own |= {"Results", "Config", "Output"}
        self._bound = {name: Import(name, plan.package, name) for name in own}
        self._bound |= {i.name: i for i in imports}
        self.imports: list[Import] = []

    def of_value(self, value: Value) -> str | None:
        """The annotation for a value; None when nothing is known of it."""
        if value.kind in PLAIN:
            return PLAIN[value.kind]
        if value.kind == "path":
            return self._symbol("pathlib", "Path")
        if value.qualname and value.kind not in NO_CLASS:
            module, _, name = value.qualname.rpartition(".")
            if module.partition(".")[0] in self._roots:
                return self._symbol(module, name)
        qualname, alias = self._plan.annotations.get(value.kind or "", ("", ""))
        root = qualname.partition(".")[0]
        if not qualname or root not in self._roots:
            return None
        module, _, name = qualname.rpartition(".")
        if alias and module == root:
            if not self._import(Import(alias, root, None)):
                return None
            return f"{alias}.{name}"
        return self._symbol(module, name)

    def _symbol(self, module: str, name: str) -> str | None:
        if any(part.startswith("_") for part in module.split(".")):
            return None
        return name if self._import(Import(name, module, name)) else None

    def _import(self, wanted: Import) -> bool:
        known = self._bound.get(wanted.name)
        if known is not None:
            return (known.module, known.symbol) == (wanted.module, wanted.symbol)
        self._bound[wanted.name] = wanted
        self.imports.append(wanted)
        self.imports += [i for i in self._enabling if i.root == wanted.root]
        return True

    def of_parameter(self, parameter: Parameter) -> cst.Annotation | None:
        if parameter.source == "config":
            return _annotation(settings_class(parameter.setting))
        if parameter.source == "output":
            return _annotation("Output")
        if parameter.source == "path":
            return _annotation("Path" if parameter.value.kind == "path" else "str")
        text = self.of_value(parameter.value)
        return _annotation(text) if text else None

    def of_returns(self, returns: tuple[tuple[str, Value], ...]) -> cst.Annotation | None:
        if not returns:
            return _annotation("None")
        found = [self.of_value(value) for _, value in returns]
        if len(found) == 1:
            return _annotation(found[0]) if found[0] else None
        if not any(found):
            return _annotation("tuple")
        if not all(found):
            self._import(Import("Any", "typing", "Any"))
        return _annotation(f"tuple[{', '.join(text or 'Any' for text in found)}]")


def _annotation(text: str) -> cst.Annotation:
    return cst.Annotation(_expression(text))


@cache
def _expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)
