"""Random numbers that are others in every run."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Call, Check, Hit, Subject
from chasm.checks.events import SEEDS
from chasm.checks.files import argument
from chasm.findings import Severity

#: A stream that no seed of a library holds.
ENTROPY = "entropy"


def run(subject: Subject) -> Iterator[Hit]:
    """Draws from a stream that nothing has seeded before."""
    seeded = _seeded(subject)
    for call in subject.calls:
        stream = _drawn(subject, call)
        if stream is None or call.statement.shown is not None and call.statement.shown.look:
            continue
        if stream == ENTROPY and _made_with_seed(subject, call):
            continue
        first = seeded.get(stream, seeded.get(None))
        inside = call.statement.definition is not None
        if first is not None and (inside or first <= call.statement.id):
            continue
        yield subject.at(call.statement, call.node, _message(subject, call, stream))


def _message(subject: Subject, call: Call, stream: str) -> str:
    name = call.name.removeprefix("builtins.").rpartition(".")[2]
    parameter = call.entry.unless if call.entry is not None else None
    if parameter:
        # Some estimators draw only where the data leaves a choice.
        gives = "may give" if call.entry is not None and call.entry.constructs else "gives"
        return f"{name} {gives} other values in every run: pass {parameter}"
    if stream == ENTROPY:
        return f"{name} gives other values in every run, and no library's seed holds it"
    return f"{name} gives other values in every run: nothing seeds the stream of {stream}"


def _drawn(subject: Subject, call: Call) -> str | None:
    """The stream from which ``call`` draws, whatever its arguments were known to be."""
    entry = call.entry
    shuffle = call.keyword("shuffle")
    shuffles = shuffle.value if isinstance(shuffle, ast.Constant) else None
    is_told = shuffles is True and call.name in subject.words("shuffled")
    if is_told or call.name in subject.words("shuffling"):
        given = call.keyword("random_state")
        streams = sorted(subject.words("shuffled_by"))
        return streams[0] if given is None and streams else None
    # What a figure draws at random, as the band around a line, is not a result.
    if entry is None or entry.random is None or entry.draws or _is_given(call):
        return None
    if shuffles is False or entry.constructs and call.name not in subject.words("draws"):
        return None
    return entry.random


def _is_given(call: Call) -> bool:
    """Whether a seed of its own is passed, or may be."""
    if any(keyword.arg is None for keyword in call.node.keywords):
        return True
    entry = call.entry
    if entry is None or not entry.unless:
        return False
    place = entry.positions.index(entry.unless) if entry.unless in entry.positions else 10_000
    node = argument(call, entry.unless, place)
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _made_with_seed(subject: Subject, call: Call) -> bool:
    """Whether the object whose method draws was given a seed when it was made, here or above."""
    receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    makers = [receiver]
    if isinstance(receiver, ast.Name):
        makers = [
            tree.value
            for _, tree in subject.each(ast.Assign)
            if any(isinstance(t, ast.Name) and t.id == receiver.id for t in tree.targets)
        ]
    return any(
        keyword.arg in SEEDS
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
        for maker in makers
        if isinstance(maker, ast.Call)
        for keyword in maker.keywords
    )


def _seeded(subject: Subject) -> dict[str | None, int]:
    """For each stream, the first statement that seeds it; None stands for any stream."""
    found: dict[str | None, int] = {}
    for statement in subject.facts.statements:
        for stream in statement.effects.seeds:
            found.setdefault(stream, statement.id)
    for call in subject.calls:
        # Many projects have a function of their own that seeds all they use.
        if "seed" in call.name.rpartition(".")[2].lower() and (call.entry is None):
            found.setdefault(None, call.statement.id)
    return found


CHECK = Check("CH201", "unseeded-random", Severity.WARNING, run)
