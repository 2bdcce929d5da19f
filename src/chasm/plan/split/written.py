"""The notebook with what hides the way of a record written out: loops over tables, functions."""

from chasm.analyse import analyse
from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import build_graph
from chasm.plan.split.applied import with_applied
from chasm.plan.split.derive import functions_in_the_way
from chasm.plan.split.inline import without_calls
from chasm.plan.split.metrics import with_named_metrics
from chasm.plan.split.renewed import with_own_encoders
from chasm.plan.split.rounds import Rounds
from chasm.plan.split.served import choose_served
from chasm.plan.split.unroll import without_table_loops
from chasm.plan.split.whole import with_named_inputs
from chasm.rulebook import Rulebook

#: How deep functions that call functions are written out.
MOST = 3


def written_out(
    facts: Facts, trees: list[Tree], book: Rulebook, serve: str | None = None
) -> tuple[Facts, list[Tree], Rounds]:
    """The analysis of the written-out notebook, with its trees and where its lines are from.

    Functions are written out only where a record's way stops at their call, and where no model
    is found but inside of them; then only the last call, which is the one to be served.
    """
    rounds = Rounds(facts.notebook)
    if (loops := without_table_loops(facts)) is not None:
        rounds = loops
        facts, trees = _analysed(rounds, book)
    if (renewed := with_own_encoders(facts, rounds)) is not None:
        rounds = renewed
        facts, trees = _analysed(rounds, book)
    for _ in range(MOST if any(s.definition is not None for s in facts.statements) else 0):
        functions, served = functions_in_the_way(facts, trees, book, serve)
        changed = without_calls(facts, rounds, functions, only_last=not served)
        if changed is None and served:
            changed = with_applied(facts, rounds, functions)
        if changed is None:
            break
        rounds = changed
        facts, trees = _analysed(rounds, book)
    if (inputs := with_named_inputs(facts, trees, book, rounds, serve)) is not None:
        rounds = inputs
        facts, trees = _analysed(rounds, book)
    if _serves(facts, trees, book, serve):
        named = with_named_metrics(facts, trees, rounds)
        if named is not None:
            rounds = named
            facts, trees = _analysed(rounds, book)
    return facts, trees, rounds


def _serves(facts: Facts, trees: list[Tree], book: Rulebook, serve: str | None) -> bool:
    return choose_served(facts, trees, build_graph(facts), book, serve) is not None


def _analysed(rounds: Rounds, book: Rulebook) -> tuple[Facts, list[Tree]]:
    trees: list[Tree] = []
    return analyse(rounds.notebook, book, trees), trees
