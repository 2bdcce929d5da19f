"""The pieces in which two statements differ: ``n_estimators``, 100, 300."""

import ast

from chasm.review.model import Delta

#: What differs in more pieces is shown as a whole.
MAX_DELTAS = 8
SIGNS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}


def deltas_of(old: ast.stmt, new: ast.stmt) -> tuple[Delta, ...]:
    """What differs, piece by piece; empty when the statements have too little in common."""
    if type(old) is not type(new) or isinstance(old, (ast.FunctionDef, ast.ClassDef)):
        return ()
    found = _statement(old, new)
    whole = {ast.unparse(old), ast.unparse(new)}
    if len(found) > MAX_DELTAS or any({d.old, d.new} & whole for d in found):
        return ()
    return tuple(found)


def _statement(old: ast.stmt, new: ast.stmt) -> list[Delta]:
    match old, new:
        case ast.Assign(targets=[a], value=x), ast.Assign(targets=[b], value=y):
            return _between(x, y, ast.unparse(a)) if ast.dump(a) == ast.dump(b) else []
        case ast.Expr(value=x), ast.Expr(value=y):
            return _between(x, y, "")
        case ast.AugAssign(target=a, value=x), ast.AugAssign(target=b, value=y):
            same = type(old.op) is type(new.op) and ast.dump(a) == ast.dump(b)
            return _between(x, y, ast.unparse(a)) if same else []
    return []


def _between(old: ast.AST, new: ast.AST, name: str) -> list[Delta]:
    """The deltas of two expressions, of which ``name`` says what they are given for."""
    if ast.dump(old) == ast.dump(new):
        return []
    match old, new:
        case ast.Call(), ast.Call() if ast.dump(old.func) == ast.dump(new.func):
            return _arguments(old, new)
        case ast.Call(func=ast.Attribute() as f), ast.Call(func=ast.Attribute() as g) if (
            f.attr == g.attr
        ):
            return [*_between(f.value, g.value, name), *_arguments(old, new)]
        case ast.Attribute(), ast.Attribute() if old.attr == new.attr:
            return _between(old.value, new.value, name)
        case ast.Subscript(), ast.Subscript():
            base = _between(old.value, new.value, name)
            inside = _between(old.slice, new.slice, name)
            # Both in one breath are no two pieces: neither is understood without the other.
            if not (base and inside):
                return base + inside
        case ast.Compare(), ast.Compare() if _same_operators(old, new):
            return _compared(old, new)
        case ast.BinOp(), ast.BinOp() if type(old.op) is type(new.op):
            pairs = [(old.left, new.left), (old.right, new.right)]
            # Another shape of an operand is understood only with the other operand beside it.
            if all(type(a) is type(b) for a, b in pairs):
                return [delta for a, b in pairs for delta in _between(a, b, name)]
        case ast.UnaryOp(), ast.UnaryOp() if type(old.op) is type(new.op):
            if not isinstance(old.operand, ast.Constant):
                return _between(old.operand, new.operand, name)
        case ast.List() | ast.Tuple() | ast.Set(), ast.List() | ast.Tuple() | ast.Set() if type(
            old
        ) is type(new):
            return _elements(old.elts, new.elts, name, (old, new))
        case ast.Dict(), ast.Dict():
            return _items(old, new, name)
        case (ast.ListComp() | ast.SetComp() | ast.GeneratorExp()), (
            ast.ListComp() | ast.SetComp() | ast.GeneratorExp()
        ) if type(old) is type(new):
            return _comprehended(old, new, name)
    return [Delta(name, ast.unparse(old), ast.unparse(new))]


def _comprehended(
    old: ast.ListComp | ast.SetComp | ast.GeneratorExp,
    new: ast.ListComp | ast.SetComp | ast.GeneratorExp,
    name: str,
) -> list[Delta]:
    """What is made of each element, or of what they are taken, if one of the two is the same."""
    whole = [Delta(name, ast.unparse(old), ast.unparse(new))]
    if len(old.generators) != len(new.generators):
        return whole
    found = _between(old.elt, new.elt, name)
    for a, b in zip(old.generators, new.generators, strict=True):
        if ast.dump(a.target) != ast.dump(b.target) or len(a.ifs) != len(b.ifs):
            return whole
        pairs = zip((a.iter, *a.ifs), (b.iter, *b.ifs), strict=True)
        found += [delta for x, y in pairs for delta in _between(x, y, name)]
    return found if len(found) == 1 else whole


def _arguments(old: ast.Call, new: ast.Call) -> list[Delta]:
    found: list[Delta] = []
    for n in range(max(len(old.args), len(new.args))):
        a = old.args[n] if n < len(old.args) else None
        b = new.args[n] if n < len(new.args) else None
        found += _one("", a, b)
    before = {k.arg or "**": k.value for k in old.keywords}
    after = {k.arg or "**": k.value for k in new.keywords}
    for word in dict.fromkeys((*before, *after)):
        found += _one(word, before.get(word), after.get(word))
    return found


def _items(old: ast.Dict, new: ast.Dict, name: str) -> list[Delta]:
    before = {ast.unparse(k) if k else "**": v for k, v in zip(old.keys, old.values, strict=True)}
    after = {ast.unparse(k) if k else "**": v for k, v in zip(new.keys, new.values, strict=True)}
    if not before.keys() & after.keys():
        return [Delta(name, ast.unparse(old), ast.unparse(new))]
    found: list[Delta] = []
    for key in dict.fromkeys((*before, *after)):
        found += _one(key, before.get(key), after.get(key))
    return found


def _one(name: str, old: ast.AST | None, new: ast.AST | None) -> list[Delta]:
    if old is not None and new is not None:
        return _between(old, new, name)
    return [Delta(name, ast.unparse(old) if old else "", ast.unparse(new) if new else "")]


def _elements(
    old: list[ast.expr], new: list[ast.expr], name: str, whole: tuple[ast.expr, ast.expr]
) -> list[Delta]:
    """Of lists of texts, what came and went; of others, element by element or the whole."""
    before, after = [ast.unparse(e) for e in old], [ast.unparse(e) for e in new]
    if set(before) != set(after) and all(map(_is_text, (*old, *new))):
        gone = [Delta(name, e, "") for e in dict.fromkeys(before) if e not in after]
        return gone + [Delta(name, "", e) for e in dict.fromkeys(after) if e not in before]
    plain = all(isinstance(e, ast.Constant) for e in (*old, *new))
    if len(before) != len(after) or plain:
        return [Delta(name, ast.unparse(whole[0]), ast.unparse(whole[1]))]
    return [d for a, b in zip(old, new, strict=True) for d in _between(a, b, name)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _same_operators(old: ast.Compare, new: ast.Compare) -> bool:
    return ast.dump(old.left) == ast.dump(new.left) and [type(o) for o in old.ops] == [
        type(o) for o in new.ops
    ]


def _compared(old: ast.Compare, new: ast.Compare) -> list[Delta]:
    found: list[Delta] = []
    for op, a, b in zip(old.ops, old.comparators, new.comparators, strict=True):
        sign = SIGNS.get(type(op).__name__, "")
        found += _between(a, b, f"{ast.unparse(old.left)} {sign}".strip())
    return found
