"""What tells two functions apart whose names would be the same, in words of the notebook."""

from collections import Counter

from chasm.analyse.syntax import titles_a_part
from chasm.model import Facts
from chasm.plan.documents import doc_of, without_number
from chasm.plan.group import Group
from chasm.plan.naming import Names, function_name, words_of
from chasm.plan.prose import remarks_on, says
from chasm.plan.told import Told, tell, tools_of
from chasm.plan.words import identifier
from chasm.rulebook import Rulebook

#: A name is as long as that at most, and what is put behind it half as long.
MAX_NAME, MAX_PART = 66, 30


class Namer:
    """Names and docstrings for the functions of one plan, in their order."""

    def __init__(self, facts: Facts, names: Names, book: Rulebook) -> None:
        self._facts, self._names, self._book = facts, names, book
        self._tools = tools_of(facts)
        # A name that is read all over tells less than one that is read here alone.
        self._uses = Counter(name for s in facts.statements for name in s.reads)
        # The notebook's title says what the whole is for, not what its first step does.
        self._headings = {facts.title}
        written = {s.cell for s in facts.statements}
        self._cells = Counter((facts.headings.get(cell) or ("",))[-1] for cell in written)
        # What the functions so far take and name, by the name that each would have had.
        self._met: dict[str, set[str]] = {}

    def name_and_doc(self, group: Group) -> tuple[str, str]:
        """The name and the docstring of the function of ``group``."""
        heading = "" if self._looks_back(group.heading) else group.heading
        opened = heading if heading not in self._headings else ""
        if group.learns and not group.remark:
            # The heading is about the work that comes after it.
            opened = ""
        else:
            self._headings.add(heading)
        told = tell(group.statements, self._facts, self._tools, self._book)
        alone = self._cells[group.heading] == 1
        wanted = group.wanted = function_name(group, self._book, opened, told, alone)
        name = self._names.unique(wanted, others=self._others(wanted, group, heading, told))
        if group.module == "report" or group.tells:
            own = alone and wanted == words_of(opened, self._book, True)
            opened = opened if own else ""
        doc = doc_of(group, name, opened, told, self._book)
        return name, doc

    def _looks_back(self, heading: str) -> bool:
        """Whether a heading is about what stands above it: an observation, a conclusion."""
        said = identifier(heading).split("_")
        words = [w for w in said if w not in self._book.noise]
        closes = bool(words) and all(word in self._book.closing for word in words)
        observes = says(heading, self._book.observing)
        return closes or observes or remarks_on(said, self._book)

    def _others(self, wanted: str, group: Group, heading: str, told: Told) -> list[str]:
        """Names for the function of ``group`` where ``wanted`` is taken, the best first."""
        columns = [x for s in group.statements for x in s.columns]
        labels = [x for s in group.statements for x in (*s.labels, *s.titles)]
        # What is named for another of the values is made of it.
        takes = [n for n in told.takes if not any(n.endswith(f"_{o}") for o in told.takes)]
        takes.sort(key=lambda name: self._uses[name])
        made, headed = list(told.makes), _told_by(heading, self._book)
        before = self._met.setdefault(wanted, set())

        def of(names: list[str], word: str) -> list[str]:
            new = [x for x in dict.fromkeys(names) if x not in before and identifier(x)]
            return [f"{wanted}_{word}_{identifier(x)}" for x in new]

        picture = told.picture
        kinds = [] if picture is None or any(s.titles for s in group.statements) else [picture.noun]
        found = [*(f"{wanted}_{identifier(kind)}" for kind in kinds), *of(columns, "of")]
        by_heading = ["_".join(headed[:n]) for n in (4, 3, 2, 1)] if headed else []
        if by_heading and by_heading[0] in before:
            by_heading = []
        if group.module == "report":
            found += [*of(labels, "of"), *of(takes, "of"), *of(by_heading, "for")]
        else:
            found += [*of(by_heading, "for"), *of(labels, "of"), *of(takes, "of")]
        found += of(made, "for")
        before |= {*columns, *labels, *takes, *made, *by_heading[:1]}
        return [name for name in found if _fits(name, wanted)]


def _fits(name: str, wanted: str) -> bool:
    part = name.removeprefix(wanted).strip("_").partition("_")[2]
    said = set(wanted.split("_"))
    # A name does not say the same twice, nor end with a single letter among others.
    return said.isdisjoint(part.split("_")) and 1 < len(part) <= MAX_PART and len(name) <= MAX_NAME


def _told_by(heading: str, book: Rulebook) -> list[str]:
    """The words of a heading that say something, without the verb that they start with."""
    words = [w for w in identifier(heading).split("_") if w and w not in book.noise]
    while len(words) > 1 and words[0] in book.verbs:
        words = words[1:]
    return words


def name_of(facts: Facts) -> str:
    """The name of the notebook as words."""
    return facts.notebook.name.replace("_", " ")


def title_of(facts: Facts, book: Rulebook) -> tuple[str, str]:
    """The notebook's title, and the sentence below it.

    Its name, and nothing, where the first heading is that of a step, of a part or of a person.
    """
    words = identifier(without_number(facts.title)).split("_")
    step = all(word in book.noise | book.opening or word in book.verbs for word in words)
    if not facts.title or titles_a_part(facts.notebook, facts.title):
        return name_of(facts), ""
    if step or words[0] in book.persons:
        return name_of(facts), facts.summary
    return facts.title, facts.summary
