"""Where the author's comments stand in the package."""

import re
from typing import cast

import libcst as cst

from chasm.emit.cells import Line

LINE_LENGTH = 88
INDENT = 4
BEHIND_CODE = re.compile(r"[^\s#].*#")
#: What is said to a tool holds for the line that it stands behind.
TO_TOOLS = re.compile(r"#\s*(?:noqa|type:|pylint|pyright|mypy|ruff|fmt:|isort|pragma|nosec)", re.I)

BLOCKS = (
    cst.FunctionDef, cst.ClassDef, cst.If, cst.For, cst.While, cst.With, cst.ExceptHandler,
)  # fmt: skip


def code_of(body: list[Line]) -> str:
    """The code of a module, with comments above what they make too long for one line.

    The formatters would break such a statement within its brackets, and leave the comment behind
    the last of them, or within the first.
    """
    module = cst.Module(body)
    code = module.code
    return module.visit(_Lifted()).code if BEHIND_CODE.search(code) else code


def without_repeated(node: Line, doc: str) -> Line:
    """The comment that became the docstring does not stand below it once more."""
    comments = [line for line in node.leading_lines if line.comment is not None]
    if len(comments) == 1 and comments[0].comment is not None:
        said = " ".join(comments[0].comment.value.lstrip("#").split()).strip(" .:-#=*!")
        if said and doc.lower().startswith(f"{said.lower()}."):
            return node.with_changes(leading_lines=[])
    return node


class _Lifted(cst.CSTTransformer):
    """Moves comments; it never looks within a simple statement."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._depth += isinstance(node, cst.IndentedBlock)
        return not isinstance(node, cst.SimpleStatementLine)

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode:
        self._depth -= isinstance(original_node, cst.IndentedBlock)
        if isinstance(updated_node, cst.SimpleStatementLine):
            return self._line(updated_node)
        if isinstance(updated_node, BLOCKS) and isinstance(updated_node.body, cst.IndentedBlock):
            return self._block(cast(cst.FunctionDef, updated_node), updated_node.body)
        return updated_node

    def _line(self, node: cst.SimpleStatementLine) -> cst.CSTNode:
        comment = node.trailing_whitespace.comment
        if comment is None:
            return node
        bare = node.with_changes(trailing_whitespace=cst.TrailingWhitespace())
        if self._fits(cst.Module([bare.with_changes(leading_lines=[])]).code, comment):
            return node
        return _below(comment, bare)

    def _block(self, node: cst.FunctionDef, block: cst.IndentedBlock) -> cst.CSTNode:
        comment = block.header.comment
        if comment is None:
            return node
        bare = node.with_changes(body=block.with_changes(header=cst.TrailingWhitespace()))
        head = cst.Module([bare.with_changes(leading_lines=[])]).code
        body = cst.Module([]).code_for_node(bare.body)
        if self._fits(head.partition(body)[0], comment):
            return node
        return _below(comment, bare)

    def _fits(self, code: str, comment: cst.Comment) -> bool:
        """Whether the last line of a statement has room for what stands behind it."""
        last = code.rstrip("\n").rpartition("\n")[2]
        room = LINE_LENGTH - INDENT * self._depth - len(last) - len("  ")
        return len(comment.value) <= room or bool(TO_TOOLS.match(comment.value))


def _below(comment: cst.Comment, node: cst.CSTNode) -> cst.CSTNode:
    above = [*getattr(node, "leading_lines", ()), cst.EmptyLine(comment=comment)]
    return node.with_changes(leading_lines=above)
