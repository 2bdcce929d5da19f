"""What the text of a function tells of itself: what it prints, and what it takes and makes."""

import ast
import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chasm.analyse.nodes import nodes_below
from chasm.model import Facts, Statement
from chasm.plan.aggregated import Subject
from chasm.plan.pictured import Picture, assigned, joined, makes_page, pictures_of
from chasm.plan.tabled import Tables
from chasm.plan.words import trimmed
from chasm.rulebook import Rulebook

#: A literal that is printed is as long as that at most where it stands for what is printed.
MAX_PHRASE = 44
#: Calls that change how a value looks, and not what it is.
PLAIN = frozenset({"str", "round", "list", "int", "float", "repr", "sorted"})
#: What frames a printed text and says nothing.
FRAME = " \t\n:=-–—>.,;!?#*_|/\\\"'`~+<%$"
#: What is compared with a column is as plain as that, and no number is larger.
SHORT, MAX_NUMBER = re.compile(r"[\w -]{1,24}", re.ASCII), 10**9
#: Statistics of what is true or not.
COUNTED = {"sum": "count", "mean": "share"}
#: Comparisons in words.
SIGNS: dict[type[ast.cmpop], str] = {
    ast.Gt: "above", ast.GtE: "at least", ast.Lt: "below", ast.LtE: "at most",
    ast.Eq: "equal to", ast.NotEq: "other than",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What is ``printed``, the author's own ``texts`` among it; what is ``shown``; the names that
    are taken and made; the ``picture`` that is drawn and the ``table`` that is shown, in words."""

    printed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    picture: Picture | None = None
    table: Subject | None = None


def tell(
    statements: Sequence[Statement], facts: Facts, tools: frozenset[str], book: Rulebook
) -> Told:
    """What ``statements`` tell; ``tools`` are the names of modules and functions."""
    speaker = _Speaker(tools, book)
    takes: list[str] = []
    made: dict[str, None] = {}
    printed: dict[str, None] = {}
    texts: dict[str, None] = {}
    shown: dict[str, None] = {}
    tables: list[Subject | None] = []
    values = assigned([facts.nodes[s.id] for s in statements if s.binds])
    words = Tables(tools, frozenset(), book, values)
    for s in statements:
        takes += [n for n in s.ordered if n in s.reads and n not in made and n not in tools]
        if s.definition is None:
            made |= dict.fromkeys(n for n in s.ordered if n in s.binds - s.maybe and n != "_")
        node = facts.nodes[s.id]
        if s.effects.prints:
            for text, literal in speaker.printed(node):
                printed[text] = None
                if literal:
                    texts[text] = None
        elif s.shown is not None and isinstance(node, ast.Expr):
            shown[speaker.phrase(node.value)] = None
            tables.append(words.of(node.value))
    shown.pop("", None)
    nodes = [(s.effects.draws, facts.nodes[s.id]) for s in statements]
    drawing = [n for draws, n in nodes if draws or makes_page(n, facts.called, book)]
    table = tables[0] if len(tables) == 1 else None
    return Told(
        tuple(printed),
        tuple(texts),
        tuple(shown),
        tuple(dict.fromkeys(takes)),
        tuple(made),
        joined(pictures_of(drawing, facts.called, words)),
        table if table is not None and table.made else None,
    )


def tools_of(facts: Facts) -> frozenset[str]:
    """Names of modules, functions and classes: what is done with, and not what is done to."""
    own = {n for s in facts.statements if s.imports or s.definition is not None for n in s.binds}
    return frozenset(own) | frozenset(dir(builtins))


class _Speaker:
    """Puts what is printed and shown into words."""

    def __init__(self, tools: frozenset[str], book: Rulebook) -> None:
        self._tools, self._spoken, self._compared = tools, book.spoken, book.compared
        self._prints = {"print", *book.ambient}

    def printed(self, node: ast.stmt) -> list[tuple[str, bool]]:
        """What each print of a statement prints, and whether the author's own text says it."""
        calls = [
            n
            for n in nodes_below(node)
            if isinstance(n, ast.Call)
            and isinstance(n.func, ast.Name)
            and n.func.id in self._prints
        ]
        calls.sort(key=lambda call: (call.lineno, call.col_offset))
        found: list[tuple[str, bool]] = []
        for call in calls:
            said = [(text, True) for arg in call.args if (text := _text(arg))]
            found += said or [(p, False) for arg in call.args if (p := self.phrase(arg))]
        return found

    def phrase(self, node: ast.expr) -> str:
        """An expression in words: ``X.shape`` is the shape of X."""
        match node:
            case ast.Name(name):
                return "" if name in self._tools else name
            case ast.Subscript(_, ast.Constant(str(label))):
                return " ".join(label.split())
            case ast.Subscript(_, ast.List(labels)) if 0 < len(labels) <= 3:
                return " and ".join(filter(None, map(_text, labels)))
            case ast.Tuple(parts) if len(parts) <= 3:
                return " and ".join(dict.fromkeys(filter(None, map(self.phrase, parts))))
            case ast.Subscript(value, _) | ast.Starred(value) | ast.FormattedValue(value):
                return self.phrase(value)
            case ast.Call(ast.Name(name), [first, *_]) if name in PLAIN:
                return self.phrase(first)
            case ast.Call(func, arguments):
                of = func.value if isinstance(func, ast.Attribute) else None
                subject = self.phrase(of) if of is not None else ""
                name = _last(func)
                if not subject and (len(arguments) == 1 or name in self._compared):
                    subject = self.phrase(ast.Tuple(arguments[:3]))
                name = COUNTED.get(name, name) if isinstance(of, ast.Compare) else name
                return self._of(name, subject)
            case ast.Compare(left, [sign], [ast.Constant(value)]):
                subject, compared, with_what = (
                    self.phrase(left),
                    SIGNS.get(type(sign)),
                    _short(value),
                )
                plain = compared and with_what and _is_plain(subject)
                return f"{subject} {compared} {with_what}" if plain else ""
            case ast.Attribute(value, name):
                return self._of(name, self.phrase(value))
        return ""

    def _of(self, name: str, subject: str) -> str:
        """``the shape of X``, but no chain of more."""
        spoken = self._spoken.get(name.rstrip("_"), name.replace("_", " ").strip())
        if not spoken or " of " in subject:
            return subject
        return f"the {spoken} of {subject}" if subject else f"the {spoken}"


def _short(value: object) -> str:
    """What a column is compared with, where it is short and plain."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value) if abs(value) < MAX_NUMBER else ""
    return value if isinstance(value, str) and SHORT.fullmatch(value) else ""


def _is_plain(subject: str) -> bool:
    """Whether it is a name or a column, and nothing that is computed."""
    return bool(subject) and not subject.startswith("the ")


def _text(node: ast.expr) -> str:
    """The words of a literal text: those before its first value."""
    match node:
        case ast.Constant(str(value)):
            return _words(value)
        case ast.JoinedStr(parts):
            return next((text for part in parts if (text := _text(part))), "")
        case ast.BinOp(left, ast.Add() | ast.Mod(), _):
            return _text(left)
        case ast.Call(ast.Attribute(ast.Constant(str(value)), "format")):
            return _words(value.partition("{")[0])
    return ""


def _words(text: str) -> str:
    """The first line that holds words, without what frames them."""
    for line in text.split("\n"):
        visible = "".join(c if c.isprintable() and c != "|" else " " for c in line)
        plain = " ".join(re.sub(r"%[.\d]*[sdfgr]", " ", visible).split()).strip(FRAME)
        if len(plain) > 1 and any(map(str.isalpha, plain)):
            plain = plain.partition(": ")[0].rstrip(f"{FRAME}([{{").lstrip(")]}")
            words = [w.lower() if re.fullmatch("[A-Z][a-z]+", w) else w for w in plain.split()]
            # A value follows, which is no word.
            if len(shortened := " ".join(trimmed(words))) <= MAX_PHRASE:
                return shortened
            return f"{shortened[: MAX_PHRASE - 1].rsplit(' ', 1)[0].rstrip(FRAME)}…"
    return ""


def _last(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""
