"""What an expression is of, in words: a column, the counts of one, the mean of one by another."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chasm.plan.words import identifier, snake
from chasm.rulebook import Rulebook

#: A word in a name or a sentence is as long as that at most.
MAX_WORD = 32


@dataclass(frozen=True, slots=True)
class Subject:
    """``name`` are words for a name, ``said`` those for a sentence.

    ``is_label`` marks a literal name of a column, ``is_part`` a column that was taken of a table,
    ``made`` what was computed of one.
    """

    name: str
    said: str
    is_label: bool = False
    is_part: bool = False
    made: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """One link of a chain: a call, an attribute, what is in brackets, or ``each`` of a loop's."""

    name: str = ""
    label: str = ""
    each: str = ""
    call: ast.Call | None = None


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
            case ast.Name(name) if name in self.targets:
                return Subject("", f"each {name}")
        return self.of(node)

    def of(self, node: ast.expr | None) -> Subject | None:
        """What an expression is of; None where its text does not tell."""
        if node is None:
            return None
        root, steps = self._chain(node)
        if isinstance(root, ast.Call):
            # A function of a module or of the notebook, on its first arguments.
            word = self.book.tabled.get(_last(root.func), "")
            found = self._called(word, root)
        elif isinstance(root, ast.Name) and root.id not in self.tools:
            found = self._named(root.id)
        else:
            return None
        return self._walked(found, steps) if found is not None else None

    def aggregates(self, node: ast.expr) -> bool:
        """Whether a chain of calls makes something of a table."""
        _, steps = self._chain(node)
        return any(self.book.tabled.get(s.name, "plain") != "plain" for s in steps if s.call)

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

    def _called(self, word: str, call: ast.Call) -> Subject | None:
        """What a function of a library makes of its arguments."""
        parts = [self.of(arg) for arg in call.args[:2]]
        given = [part for part in parts if part is not None]
        if word == "crossed" and len(given) == 2:
            text = f"counts by {given[0].said} and {given[1].said}"
            return Subject(text, f"the {text}", made=True)
        if word == "pivoted":
            return _pivoted(call)
        if word == "confused":
            return Subject("confusion matrix", "the confusion matrix", made=True)
        return None

    def _walked(self, start: Subject, steps: list[_Step]) -> Subject | None:
        """Follow a chain from its root; None at the first link that nothing is known of."""
        subject, by, value = start, "", ""
        for step in steps:
            word = self.book.tabled.get(step.name, "")
            if step.each:
                subject, value = Subject("", f"each {step.each}", is_part=True), step.each
            elif step.label:
                subject = Subject(step.label, step.label, is_part=True)
                value = step.label
            elif step.call is None and word != "plain" and step.name:
                subject = Subject(step.name, step.name, is_part=True)
                value = step.name
            elif word == "groups" and step.call is not None:
                labels = labels_in(step.call)[:2]
                if not labels:
                    return None
                by = " and ".join(labels)
                value = " and ".join(x for x in value.split(" and ") if x not in labels)
            elif word == "plain" or not step.name:
                continue
            elif step.call is not None and (made := self._made(word, step, subject, by, value)):
                subject, by = made, ""
            else:
                return None
        return None if by else subject

    def _made(self, word: str, step: _Step, of: Subject, by: str, value: str) -> Subject | None:
        """What a method makes of a table, of its groups or of a column."""
        behind = f" by {by}" if by else ""
        if word == "counts":
            return Subject(
                f"{of.name} counts{behind}", f"the counts of {of.said}{behind}", made=True
            )
        if word == "pivoted" and step.call is not None:
            return _pivoted(step.call)
        if word == "sizes" and by:
            return Subject(f"counts{behind}", f"the counts{behind}", made=True)
        if word == "correlated":
            return Subject("correlations", f"the correlations of {of.said}", made=True)
        if word == "missing":
            return Subject(f"missing {of.name}" if of.name else "missing values",
                           f"the missing values of {of.said}", made=True)  # fmt: skip
        if word in ("highest", "lowest") and step.call is not None:
            column = " ".join(text for arg in step.call.args[1:2] for text in _texts(arg)[:1])
            rows = f"the rows with the {word} {column}" if column else f"the {word} of {of.said}"
            return of if of.made else Subject(f"{word} {column or of.name}", rows, made=True)
        statistic = self.book.statistics.get(step.name, "")
        if word == "several" and step.call is not None:
            columns, statistics = _asked(step.call)
            value = " and ".join(columns[:2]) or value
            statistic = self.book.statistics.get(statistics[0], "") if len(statistics) == 1 else ""
            if by and value and not statistic:
                return Subject(f"{value}{behind}", f"{value}{behind}", made=True)
        if not statistic:
            return None
        if of.made and not by:
            # The sum of what is missing is how much is missing.
            return of
        plain = statistic.removesuffix(" of")
        if by:
            text = f"{statistic} {value}" if value else plain
            return Subject(f"{text}{behind}", f"the {text}{behind}", made=True)
        name = f"{statistic} {of.name}" if of.name else plain
        said = f"{statistic} {of.said}" if of.is_part else f"{plain} of {of.said}"
        return Subject(name, f"the {said}", made=True)

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
                    label = " and ".join(_texts(place)[:2])
                    steps.append(_Step(label=label if len(label) <= MAX_WORD else ""))
                case ast.Attribute(value, name):
                    steps.append(_Step(name))
                case _:
                    return node, steps[::-1]
            node = value


def _texts(node: ast.expr) -> list[str]:
    """The literal texts of a text or a list."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    values = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [" ".join(value.split()) for value in values if isinstance(value, str) and value]


def _asked(call: ast.Call) -> tuple[list[str], list[str]]:
    """The columns that an aggregation names, and the statistics that it asks of them."""
    columns: list[str] = []
    statistics: list[str] = []
    for node in (*call.args[:1], *(k.value for k in call.keywords if k.arg != "axis")):
        match node:
            case ast.Dict(keys, values):
                columns += [text for key in keys if key is not None for text in _texts(key)]
                statistics += [text for value in values for text in _texts(value)]
            case ast.Tuple([column, statistic]):
                columns += _texts(column)
                statistics += _texts(statistic)
            case _:
                statistics += _texts(node)
    return list(dict.fromkeys(columns)), list(dict.fromkeys(statistics))


def _pivoted(call: ast.Call) -> Subject | None:
    """What a pivot table has in its cells, by what stands at its sides."""
    given = {k.arg: _texts(k.value) for k in call.keywords if k.arg}
    values = " and ".join(given.get("values", [])[:2])
    sides = " and ".join([*given.get("index", []), *given.get("columns", [])][:3])
    return (
        Subject(f"{values} by {sides}", f"{values} by {sides}", made=True)
        if values and sides
        else None
    )


def labels_in(call: ast.Call) -> list[str]:
    """The columns that the arguments of a call name."""
    found: list[str] = []
    for node in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "by")]:
        parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
        for part in parts:
            match part:
                case ast.Constant(str(label)) | ast.Subscript(_, ast.Constant(str(label))):
                    found.append(label)
                case ast.Attribute(ast.Name(), label):
                    found.append(label)
    return [label for label in found if len(label) <= MAX_WORD]


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
