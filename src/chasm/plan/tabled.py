"""What an expression is of, in words: a column, the counts of one, the mean of one by another."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chasm.plan.aggregated import (
    MAX_WORD,
    Groups,
    Subject,
    crossed,
    labels_in,
    made_of,
    pivoted,
    texts_in,
)
from chasm.plan.words import identifier, snake
from chasm.rulebook import Rulebook

#: Operators between two columns, as they are read.
BETWEEN = {ast.Div: "per", ast.Sub: "minus"}


@dataclass(frozen=True, slots=True)
class _Step:
    """One link of a chain: a call, an attribute, what is in brackets, or ``each`` of a loop's.

    ``chooses`` marks brackets that hold a condition on the rows.
    """

    name: str = ""
    label: str = ""
    each: str = ""
    call: ast.Call | None = None
    chooses: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """Puts tables and columns into words.

    ``tools`` are the names of modules and functions, ``targets`` those that a loop binds, and
    ``made`` says what those stand for that were given a value right here.
    """

    tools: frozenset[str]
    targets: frozenset[str]
    book: Rulebook
    made: Mapping[str, ast.expr] = field(default_factory=dict)

    def column(self, node: ast.expr | None) -> Subject | None:
        """What an argument that may name a column is of."""
        match node:
            case ast.Constant(str(label)) if 0 < len(label) <= MAX_WORD:
                return Subject(label, " ".join(label.split()), is_label=True)
        return self.of(node)

    def of(self, node: ast.expr | None) -> Subject | None:
        """What an expression is of; None where its text does not tell."""
        match node:
            case None:
                return None
            case ast.BinOp(left, op, right) if type(op) in BETWEEN:
                return self._between(left, BETWEEN[type(op)], right)
        root, steps = self._chain(node)
        if isinstance(root, ast.Call):
            # A function of a module or of the notebook, on its first arguments.
            found = self._called(root)
        elif isinstance(root, ast.Name) and root.id not in self.tools:
            found = self._named(root.id)
        else:
            return None
        return self._walked(found, steps) if found is not None else None

    def aggregates(self, node: ast.expr) -> bool:
        """Whether a chain of calls makes something of a table."""
        _, steps = self._chain(node)
        return any(self.book.tabled.get(s.name, "plain") != "plain" for s in steps if s.call)

    def _between(self, left: ast.expr, word: str, right: ast.expr) -> Subject | None:
        """One column over another, or without it."""
        first, second = self.of(left), self.of(right)
        if first is None or second is None or not (first.name and second.name):
            return None
        name = f"{first.name} {word} {second.name}"
        return Subject(name, f"{first.said} {word} {second.said}", made=True)

    def _named(self, name: str) -> Subject:
        if name in self.targets:
            return Subject("", f"each {name}")
        if name in self.made:
            others = {other: value for other, value in self.made.items() if other != name}
            found = replace(self, made=others).of(self.made[name])
            if found is not None and identifier(found.name):
                return found
        words = snake(name)
        return Subject("" if words in self.book.noise else words, name)

    def _called(self, call: ast.Call) -> Subject | None:
        """What a function of a library makes of its arguments."""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = name or getattr(call.func, "id", "")
        match self.book.tabled.get(name, ""):
            case "crossed":
                sides = [self.of(arg) for arg in call.args[:2]]
                return crossed(call, [side for side in sides if side is not None])
            case "pivoted":
                return pivoted(call)
            case "wraps" if call.args:
                return self.of(call.args[0])
            case "confused":
                return Subject("confusion matrix", "the confusion matrix", made=True)
        return None

    def _walked(self, start: Subject, steps: list[_Step]) -> Subject | None:
        """Follow a chain from its root; None at the first link that nothing is known of."""
        subject: Subject | None = start
        groups, chosen = Groups(), False
        for step in steps:
            if subject is None:
                return None
            word = self.book.tabled.get(step.name, "")
            chosen = chosen or step.chooses
            if step.each or step.label or (step.name and step.call is None and word != "plain"):
                taken = step.each or step.label or step.name
                if step.name.endswith("_"):
                    # What a fitted model has learned.
                    taken = step.name.strip("_").replace("_", " ")
                name = "" if step.each else taken
                said = f"each {taken}" if step.each else taken
                groups = replace(groups, value=taken)
                # A part of what was computed is told by neither.
                subject = None if subject.made else Subject(name, said, is_part=True)
            elif word == "groups" and step.call is not None:
                by = labels_in(step.call)
                others = [value for value in groups.value.split(" and ") if value not in by]
                groups = Groups(_few(by), " and ".join(others))
                subject = subject if by and not subject.made else None
            elif step.call is not None and word != "plain":
                other = self.of(step.call.args[0]) if step.call.args else None
                subject = made_of(subject, groups, step.call, step.name, other, self.book)
                groups = Groups()
        if subject is None or groups.by:
            return None
        return replace(subject, said=f"{subject.said} of chosen rows") if chosen else subject

    def _chain(self, node: ast.expr) -> tuple[ast.expr, list[_Step]]:
        """The root of a chain of dots, brackets and calls, and its links from there."""
        steps: list[_Step] = []
        while True:
            match node:
                case ast.Call(ast.Attribute(ast.Name(root), _)) if root in self.tools:
                    return node, steps[::-1]
                case ast.Call(ast.Attribute(value, name)):
                    steps.append(_Step(name, call=node))
                case ast.Subscript(value, ast.Name(name)) if name in self.targets:
                    steps.append(_Step(each=name))
                case ast.Subscript(value, place):
                    label = _few(texts_in(place))
                    conditions = (ast.Compare, ast.BinOp, ast.BoolOp, ast.UnaryOp)
                    chooses = isinstance(place, conditions)
                    steps.append(_Step(label=label[:MAX_WORD], chooses=chooses))
                case ast.Attribute(value, name) if self.book.tabled.get(name) == "dressed":
                    steps.clear()
                case ast.Attribute(value, name):
                    steps.append(_Step(name))
                case _:
                    return node, steps[::-1]
            node = value


def _few(labels: list[str]) -> str:
    """Some labels, as many as are read at once."""
    return " and ".join(labels if len(labels) < 4 else [*labels[:1], "others"])
