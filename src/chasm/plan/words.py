"""Texts as identifiers."""

import builtins
import keyword
import re
import unicodedata

#: What no name and no phrase ends with.
LITTLE = frozenset({
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "s", "the",
    "to", "was", "with",
})  # fmt: skip

#: What no function or setting of a package is called.
RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | {
    "config", "output", "path", "run", "main", "app", "data", "features", "training", "report",
    "pipeline", "self", "train", "write",
}  # fmt: skip
ORDINALS = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth",
    "6th": "sixth", "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
}  # fmt: skip
#: Numbers that mean something at the start of a title: a year, or ``3d``.
MEANING = re.compile(r"(19|20)\d\d|\d[a-z]")


#: Marks of HTML around words, as plotly's titles have them.
TAG = re.compile(r"</?(?:b|i|u|em|strong|br|h[1-6]|p|span|font|center|sub|sup|small)\b[^<>]*>")


def identifier(text: str) -> str:
    """``text`` as lower-case words joined by underscores; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", TAG.sub(" ", text)).encode("ascii", "ignore").decode()
    words = _letters_first([word.lower() for word in re.findall(r"[A-Za-z0-9]+", plain)])
    return "_".join(words).lstrip("0123456789_")[:60].rstrip("_")


def _letters_first(words: list[str]) -> list[str]:
    """Words with the year that they start with behind: ``2017 sales`` is ``sales 2017``.

    Other numbers are mostly those of sections, and go.
    """
    words = [ORDINALS.get(word, word) for word in words[:1]] + words[1:]
    start = next((n for n, word in enumerate(words) if not word[0].isdigit()), 0)
    return words[start:] + [word for word in words[:start] if MEANING.fullmatch(word)]


def trimmed(words: list[str]) -> list[str]:
    """Words without those at their end that no name ends with, but for the first of all."""
    end = len(words)
    while end > 1 and words[end - 1] in LITTLE:
        end -= 1
    return words[:end]


def snake(camel: str) -> str:
    """``LogisticRegression`` to ``logistic_regression``, ``KNeighborsClassifier`` likewise."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", camel)
    return identifier(text)


def camel(name: str) -> str:
    """``split_train_test`` to ``SplitTrainTest``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def path_stem(path: str, verb: str = "") -> str:
    """The name of a file without folder and suffix, as an identifier, behind a verb if need be."""
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    # Behind a letter its digits stay.
    stem = identifier(f"a {last.partition('?')[0].partition('.')[0]}")[2:]
    # A file may be called after a year alone.
    return identifier(f"{verb} {stem[:40]}") or (identifier(f"file {stem[:40]}") if stem else "")
