"""A name becomes a better or an unambiguous one, wherever it means the same thing."""

import ast

import libcst as cst

from chasm.analyse.scopes import CONDITIONS, VARIABLE
from chasm.plan.items import Rename, Rewrite


class FreeNames(cst.CSTTransformer):
    """Changes the names that are expressions, not those after a dot or before an equals sign.

    Functions, lambdas and comprehensions that bind the name themselves are passed over.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def change(self, node: cst.Name) -> cst.BaseExpression:
        raise NotImplementedError

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self.change(updated_node) if updated_node.value == self.name else updated_node

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        return updated_node.with_changes(name=original_node.name)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        return updated_node.with_changes(name=original_node.name)

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        return updated_node.with_changes(name=original_node.name)

    def visit_ImportAlias(self, node: cst.ImportAlias) -> bool:
        return False

    def visit_Global(self, node: cst.Global) -> bool:
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return not _binds(node.params, self.name)

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return not _binds(node.params, self.name)

    def _visit_comprehension(self, node: cst.BaseComp) -> bool:
        part: cst.CompFor | None = node.for_in
        while part is not None:
            if self.name in _names(part.target):
                return False
            part = part.inner_for_in
        return True

    def visit_ListComp(self, node: cst.ListComp) -> bool:
        return self._visit_comprehension(node)

    def visit_SetComp(self, node: cst.SetComp) -> bool:
        return self._visit_comprehension(node)

    def visit_DictComp(self, node: cst.DictComp) -> bool:
        return self._visit_comprehension(node)

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> bool:
        return self._visit_comprehension(node)


def _binds(params: cst.Parameters, name: str) -> bool:
    plain = [*params.posonly_params, *params.params, *params.kwonly_params]
    extra = [p for p in (params.star_arg, params.star_kwarg) if isinstance(p, cst.Param)]
    return any(p.name.value == name for p in (*plain, *extra))


def _names(node: cst.CSTNode) -> set[str]:
    if isinstance(node, cst.Name):
        return {node.value}
    return set[str]().union(*(_names(child) for child in node.children))


def binds_itself(node: ast.AST, name: str) -> bool:
    """The same passing over, for the abstract tree."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return any(
            isinstance(n, ast.arg) and n.arg == name for n in ast.iter_child_nodes(node.args)
        )
    generators = getattr(node, "generators", [])
    return any(
        isinstance(n, ast.Name) and n.id == name for g in generators for n in ast.walk(g.target)
    )


class _To(FreeNames):
    def __init__(self, rename: Rename, kept: set[int]) -> None:
        super().__init__(rename.name)
        self._to, self._kept = rename.to, kept

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        if id(original_node) in self._kept:
            return updated_node
        return super().leave_Name(original_node, updated_node)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        func = updated_node.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in CONDITIONS:
            return updated_node
        texts = _InText(self.name, self._to)
        args = [arg.with_changes(value=arg.value.visit(texts)) for arg in updated_node.args]
        return updated_node.with_changes(args=args)

    def change(self, node: cst.Name) -> cst.BaseExpression:
        return node.with_changes(value=self._to)


class _InText(cst.CSTTransformer):
    """Changes a variable in the text of a condition, as in ``"age > @limit"``."""

    def __init__(self, name: str, to: str) -> None:
        super().__init__()
        self._name, self._to = name, to

    def _changed(self, text: str) -> str:
        return VARIABLE.sub(lambda m: f"@{self._to}" if m[1] == self._name else m[0], text)

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        return updated_node.with_changes(value=self._changed(updated_node.value))

    def leave_FormattedStringText(
        self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
    ) -> cst.BaseFormattedStringContent:
        return updated_node.with_changes(value=self._changed(updated_node.value))


#: Where names are bound, and the attribute that holds them.
_TARGETS = (
    (cst.AssignTarget, "target"), (cst.AnnAssign, "target"), (cst.AugAssign, "target"),
    (cst.NamedExpr, "target"), (cst.For, "target"), (cst.AsName, "name"),
)  # fmt: skip


def _bound(node: cst.CSTNode) -> set[int]:
    """The nodes of names that are bound, by id."""
    found: set[int] = set()
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        for kind, attribute in _TARGETS:
            if isinstance(current, kind):
                found |= _plain(getattr(current, attribute))
        stack.extend(current.children)
    return found


def _plain(target: cst.CSTNode) -> set[int]:
    if isinstance(target, cst.Name):
        return {id(target)}
    if isinstance(target, cst.Tuple | cst.List):
        return set[int]().union(*(_plain(element.value) for element in target.elements))
    return set()


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Rename)
    kept = set[int]() if rewrite.bound else _bound(node)
    changed = node.visit(_To(rewrite, kept))
    assert isinstance(changed, cst.CSTNode)
    return changed


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Rename)
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        if binds_itself(current, rewrite.name):
            continue
        match current:
            case ast.Name(id=name, ctx=place) if name == rewrite.name:
                if rewrite.bound or isinstance(place, ast.Load):
                    current.id = rewrite.to
        stack.extend(ast.iter_child_nodes(current))
    return node
