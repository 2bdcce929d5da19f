"""Which statement of the old version is which of the new one, and which names are new names."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from chasm.model import Value
from chasm.review.lines import MAX_CODE, Line, names_in, own_name

#: Two statements that are less alike are one removed and one added.
ALIKE = 0.75
MAX_PAIRS = 20_000
#: Of more statements than this, common ones are no anchors: else it takes too long.
MANY = 3_000
FITTED = ("classifier", "regressor", "clusterer", "search", "pipeline", "detector", "model")


@dataclass(slots=True)
class Alignment:
    """Pairs of places in the two lists of statements.

    ``kept`` are the same and in the same order, ``moved`` the same elsewhere, ``changed`` alike;
    what is in none of them was removed or added. ``renamed`` are names that became others.
    """

    old: list[Line]
    new: list[Line]
    kept: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> dict[int, int]:
        """All pairs, whatever became of them."""
        return self.kept | self.moved | self.changed

    @property
    def removed(self) -> list[int]:
        return [n for n in range(len(self.old)) if n not in self.pairs]

    @property
    def added(self) -> list[int]:
        taken = set(self.pairs.values())
        return [n for n in range(len(self.new)) if n not in taken]


def align(old: list[Line], new: list[Line], cells: dict[int, int]) -> Alignment:
    """Pair the statements; a name that became another everywhere is no change."""
    found = _paired(old, new, cells)
    renamed = _renamed(found)
    if renamed:
        keys = [_respelled(line, renamed) for line in old]
        found = _paired(keys, new, cells)
        found.renamed = renamed
        # What is shown is what stood there.
        found.old = old
    return found


def _paired(old: list[Line], new: list[Line], cells: dict[int, int]) -> Alignment:
    found = Alignment(old, new)
    matcher = SequenceMatcher(
        None, [a.key for a in old], [b.key for b in new], autojunk=max(len(old), len(new)) > MANY
    )
    for a, b, size in matcher.get_matching_blocks():
        found.kept |= {a + n: b + n for n in range(size)}
    _match_moved(found, cells)
    _match_alike(found, cells)
    return found


def _match_moved(found: Alignment, cells: dict[int, int]) -> None:
    """The same statement elsewhere; of several, the one in the cell that belongs to it."""
    left: dict[str, list[int]] = {}
    for n in found.added:
        left.setdefault(found.new[n].key, []).append(n)
    for n in found.removed:
        line = found.old[n]
        others = left.get(line.key)
        if others:
            home = cells.get(line.statement.cell)
            mine = next((o for o in others if found.new[o].statement.cell == home), others[0])
            others.remove(mine)
            found.moved[n] = mine


def _match_alike(found: Alignment, cells: dict[int, int]) -> None:
    old = [n for n in found.removed if not found.old[n].statement.imports]
    new = [n for n in found.added if not found.new[n].statement.imports]
    near = len(old) * len(new) > MAX_PAIRS
    scored = []
    for a in old:
        home = cells.get(found.old[a].statement.cell)
        for b in new:
            same_cell = home == found.new[b].statement.cell
            if near and not same_cell:
                continue
            score = _likeness(found.old[a], found.new[b]) + 0.1 * same_cell
            if score >= ALIKE:
                scored.append((-score, abs(a - b), a, b))
    taken: set[int] = set()
    for _, _, a, b in sorted(scored):
        if a not in found.changed and b not in taken:
            found.changed[a] = b
            taken.add(b)


def _likeness(a: Line, b: Line) -> float:
    """How much speaks for one statement being the other, changed: 1 is plenty."""
    s, t = a.statement, b.statement
    if (s.definition is None) != (t.definition is None):
        return 0.0
    if s.definition is not None and t.definition is not None:
        same = s.definition.name == t.definition.name
        return 1.0 if same else _ratio(a.key, b.key)
    columns = set(s.columns), set(t.columns)
    if columns[0] and columns[1] and not columns[0] & columns[1]:
        # Another column is another feature, however alike the code is.
        return 0.0
    score = _ratio(a.key, b.key)
    if columns[0] and columns[0] == columns[1]:
        score += 0.4
    if s.binds and s.binds == t.binds and (s.call == t.call or s.is_constant and t.is_constant):
        score += 0.4
    if s.stage == t.stage and s.stage in ("fit", "split", "load", "evaluate"):
        # Another figure under another name is no change of the first.
        apart = s.stage == "evaluate" and s.call != t.call and not s.binds & t.binds
        score += 0.0 if apart else 0.2
    if makes_model(s.values) and makes_model(t.values):
        score += 0.3
    return score


def makes_model(values: dict[str, Value]) -> bool:
    """Whether one of the values is a model, fitted or not."""
    return any(value.kind in FITTED for value in values.values())


def _ratio(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a[:MAX_CODE], b[:MAX_CODE], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.4 else 0.0


def _renamed(found: Alignment) -> dict[str, str]:
    """Names of the old version that are others in the new one, and nothing else changed."""
    gone = _given(found.old) - _all_names(found.new)
    come = _given(found.new) - _all_names(found.old)
    if not gone or not come:
        return {}
    votes: Counter[tuple[str, str]] = Counter()
    for a, b in found.changed.items():
        votes.update(_exchanged(found.old[a].tree.node, found.new[b].tree.node))
    renamed: dict[str, str] = {}
    for (before, after), _ in votes.most_common():
        fits = before in gone and after in come
        if fits and before not in renamed and after not in renamed.values():
            renamed[before] = after
    return renamed


def _given(lines: Sequence[Line]) -> frozenset[str]:
    """Names that the notebook itself gives: those of libraries mean what they mean."""
    found = {n for line in lines for n in line.statement.binds if not line.statement.imports}
    for line in lines:
        if line.statement.definition is not None:
            found |= line.names & line.statement.definition.inside
    imported = {n for line in lines if line.statement.imports for n in line.statement.binds}
    return frozenset(found - imported)


def _all_names(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset[str]().union(*(line.names for line in lines))


def _exchanged(a: ast.AST, b: ast.AST) -> set[tuple[str, str]]:
    """Names at the same places of two trees that are otherwise alike."""
    if type(a) is not type(b):
        return set()
    mine, other = own_name(a), own_name(b)
    found = {(mine, other)} if mine and mine != other else set()
    below, beside = list(ast.iter_child_nodes(a)), list(ast.iter_child_nodes(b))
    if len(below) != len(beside):
        return found
    for one, two in zip(below, beside, strict=True):
        found |= _exchanged(one, two)
    return found


def _respelled(line: Line, renamed: dict[str, str]) -> Line:
    """The statement with the new names; what is known of it stays."""
    if not line.names & renamed.keys():
        return line
    node = renamed_node(ast.parse(line.key).body[0], renamed)
    tree = replace(line.tree, node=node)
    return replace(line, key=ast.unparse(node), tree=tree, names=names_in(node))


def renamed_node(node: ast.stmt, renamed: Mapping[str, str]) -> ast.stmt:
    """A copy of the statement in which what got another name has it."""
    if not renamed:
        return node
    node = deepcopy(node)
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name) if name in renamed:
                one.id = renamed[name]
            case ast.arg(arg=name) if name in renamed:
                one.arg = renamed[name]
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if name in renamed:
                one.name = renamed[name]
    return node
