"""What a statement is in the words of a pipeline: which part of it, and how it is called."""

import ast

from chasm.model import Statement
from chasm.plan.model import Fate
from chasm.review.align import FITTED, makes_model
from chasm.review.lines import Line
from chasm.review.model import Part, Version

#: Methods that only put rows in another order, or number them anew.
ORDERING = ("sort", "reset")
TABLES = ("frame", "series", "array", None)
PREPARING = ("features", "clean", "scale")


def words_of(line: Line, version: Version) -> tuple[Part, str]:
    """The part of the pipeline that a statement belongs to, and what it is about."""
    s = line.statement
    e = s.effects
    if s.definition is not None:
        return Part.FUNCTION, s.definition.name
    if s.stage == "load" or e.reads or any(one.role == "read" for one in s.literals):
        return Part.INPUT, _files(s, "read") or _call(s)
    if (e.shows or e.draws or s.stage == "plot") and not (e.metric or e.writes or e.fits):
        return Part.REPORT, _call(s)
    if e.writes or s.stage == "save":
        return Part.OUTPUT, _files(s, "write") or _call(s)
    if s.stage == "split":
        return Part.SPLIT, _call(s)
    if _is_model(line):
        return Part.MODEL, _model(s)
    if e.metric or s.stage == "evaluate":
        return Part.EVALUATION, _call(s)
    if _is_aside(s, version):
        return Part.REPORT, _call(s)
    if e.seeds:
        return Part.SETTING, "seed"
    if s.is_constant:
        return Part.SETTING, ", ".join(sorted(s.binds))
    return _in_preparation(line, version)


def _is_aside(s: Statement, version: Version) -> bool:
    """Whether only a look needs it; where no model is trained, what is made is the result."""
    if version.fates.get(s.id) not in (Fate.REPORT, Fate.LEFT_OUT):
        return False
    trains = version.plan is not None and version.plan.trains
    return trains or not (s.binds | s.mutates)


def _in_preparation(line: Line, version: Version) -> tuple[Part, str]:
    """Of what stands between the raw rows and the model."""
    s, node = line.statement, line.tree.node
    if chooses_rows(line, version):
        return Part.FILTER, _call(s) or _bound(s)
    if s.columns:
        part = Part.STEP if _reads_itself(node, s.columns) else Part.FEATURE
        return part, ", ".join(s.columns)
    dropped = _deleted(node) or _dropped(node)
    if dropped:
        return Part.DROP, ", ".join(dropped)
    if s.stage == "features":
        return Part.FEATURE, ", ".join(s.labels[:4]) or _call(s)
    if _takes_target(node, version):
        return Part.TARGET, _bound(s)
    chosen = _chosen(node)
    if chosen and s.binds:
        return Part.CHOICE, _bound(s)
    made = isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call)
    return Part.STEP, (_bound(s) if made else "") or _call(s) or _bound(s)


def _is_model(line: Line) -> bool:
    s = line.statement
    preparing = s.stage in PREPARING and not makes_model(s.values)
    if s.stage == "fit" or (makes_model(s.values) and not preparing):
        return True
    return s.effects.fits and not preparing and any(v.kind in FITTED for v in s.values.values())


def _model(s: Statement) -> str:
    """The class of the model where the statement makes it, else its name."""
    if s.owner:
        return s.owner.rpartition(".")[2]
    return s.ordered[0] if s.ordered else _call(s)


def _files(s: Statement, role: str) -> str:
    named = [str(one.value) for one in s.literals if one.role == role]
    return ", ".join(dict.fromkeys(named))


def _call(s: Statement) -> str:
    return s.call.rpartition(".")[2] if s.call else _bound(s)


def _bound(s: Statement) -> str:
    return ", ".join(sorted(s.binds | s.mutates))


def chooses_rows(line: Line, version: Version) -> bool:
    """Whether what the statement gives has fewer rows than what went in."""
    node: ast.AST | None = getattr(line.tree.node, "value", None)
    book, values = version.book, line.tree.values
    while node is not None:
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr=name)):
                known = values.get(id(base))
                word = book.rows(known.kind if known else None, name)
                if word == "filter" and not name.startswith(ORDERING):
                    return not _by_column(node)
                if word == "reduce" and name not in ("head", "tail"):
                    return False
                node = base
            case ast.Subscript(value=base, slice=where):
                if _chooses(where, line) and _kind(line, base) in TABLES:
                    return True
                node = base
            case ast.Attribute(value=base):
                node = base
            case _:
                return False
    return False


def _kind(line: Line, node: ast.expr) -> str | None:
    known = line.tree.values.get(id(node))
    return known.kind if known is not None and known.kind in TABLES else None


def _chooses(where: ast.expr, line: Line) -> bool:
    match where:
        case ast.Tuple(elts=[first, *_]):
            return _chooses(first, line)
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Slice(lower=lower, upper=upper, step=step):
            return any(one is not None for one in (lower, upper, step))
        case ast.Call() | ast.Name():
            known = line.tree.values.get(id(where))
            return known is not None and known.kind == "series"
    return False


def _by_column(node: ast.Call) -> bool:
    """Whether a call that may take rows or columns takes columns."""
    for keyword in node.keywords:
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value in (1, "columns")
    return False


def _dropped(node: ast.stmt) -> tuple[str, ...]:
    """Columns that a statement leaves out."""
    for one in ast.walk(node):
        match one:
            case ast.Call(func=ast.Attribute(attr="drop" | "pop" as name)):
                words = {k.arg: k.value for k in one.keywords}
                axis = words.get("axis", one.args[1] if len(one.args) > 1 else None)
                by_column = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
                if name == "drop" and not by_column and "columns" not in words:
                    continue
                return _texts(words.get("columns", one.args[0] if one.args else None))
    return ()


def _deleted(node: ast.stmt) -> tuple[str, ...]:
    if not isinstance(node, ast.Delete):
        return ()
    slices = [one.slice for one in node.targets if isinstance(one, ast.Subscript)]
    return tuple(text for one in slices for text in _texts(one))


def _chosen(node: ast.stmt) -> tuple[str, ...]:
    """Columns that an assignment takes out of a table by their names."""
    match node:
        case ast.Assign(value=ast.Subscript(slice=ast.List() as where)):
            return _texts(where)
    return ()


def _takes_target(node: ast.stmt, version: Version) -> bool:
    """Whether an assignment takes the column out of a table that the model is to predict."""
    serving = version.plan.serving if version.plan is not None else None
    match node:
        case ast.Assign(value=ast.Subscript(slice=ast.Constant(value=str(name)))):
            return serving is not None and name == serving.target
        case ast.Assign(value=ast.Attribute(attr=name)):
            return serving is not None and name == serving.target
    return False


def _texts(node: ast.expr | None) -> tuple[str, ...]:
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return tuple(
        one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def _reads_itself(node: ast.stmt, columns: tuple[str, ...]) -> bool:
    """Whether the columns are made of themselves: they are mended, not new."""
    value = getattr(node, "value", None)
    if value is None or isinstance(node, ast.AugAssign):
        return value is not None
    for one in ast.walk(value):
        match one:
            case ast.Constant(value=str(name)) | ast.Attribute(attr=name) if name in columns:
                return True
    return False
